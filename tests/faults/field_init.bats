#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# init admits what the other verbs admit, and keeps what it was given; what the
# configuration cannot work with is an error of every verb.

load ../e2e/field_setup

# Verbs with arguments, of which none is looked at before the configuration.
ROOT_VERBS=(status plan 'ledger verify' 'ledger show' 'collect medium'
	'revoke corp 1000 --reason superseded' 'issue --first'
	'issue --first --dry-run' 'adopt corp file' 'export medium'
	'seal medium' 'ceremony medium' 'reset-order medium corp s1 --why x')
SUB_VERBS=(status plan 'request medium' 'info medium' 'import medium'
	'recover medium')

# refused_by_all TOKEN TEXT: by every verb of both programs, with this text; the
# reminder is UNKNOWN
refused_by_all() {
	local verb
	for verb in "${ROOT_VERBS[@]}"; do
		# shellcheck disable=SC2086 # the verb and its arguments
		refused ca 78 "$1" field_ca $verb || return
		says "$2" || return
	done
	for verb in "${SUB_VERBS[@]}"; do
		# shellcheck disable=SC2086
		refused sub 78 "$1" field_issuing $verb || return
		says "$2" || return
	done
	refused sub 3 "$1" field_issuing check || return
	says "CRLFERRY UNKNOWN - $1: sub/crlferry.cfg:"
	says "$2"
}

# seal_group TEXT: what both configurations have in theirs
seal_group() {
	local file
	for file in ca/crlferry.cfg sub/crlferry.cfg; do
		WITH="seal = { $1 };" perl -0777 -pi -e \
			's/^seal = \{.*?\};/$ENV{WITH}/ms' $file
		grep -qF "seal = { $1 };" $file || return
	done
}

@test "required above the keys in trusted: an error of every verb" {
	field_root
	field_sub
	mkdir medium
	"$ROOT_PROGRAM" keygen a.key a.pub --no-passphrase --quiet
	"$ROOT_PROGRAM" keygen b.key b.pub --no-passphrase --quiet
	cp a.pub ca/
	cp a.pub sub/
	local a b
	a=$(tail -n 1 a.pub)
	b=$(tail -n 1 b.pub)
	seal_group 'required = 2;'
	refused_by_all config 'seal: want at least 2 different keys in "trusted", have 0'
	says 'lower "required"'
	for keys in "\"$a\"" "\"$a\", \"$a\"" "\"$a\", \"a.pub\"" \
		'"a.pub", "./a.pub"' '"none.pub", "none.pub"'; do
		seal_group "trusted = ( $keys ); required = 2;"
		refused_by_all config 'keys in "trusted", have 1'
	done
	seal_group "trusted = ( \"$a\", \"$b\" ); required = 3;"
	refused_by_all config 'want at least 3 different keys in "trusted", have 2'
	# As many as are wanted; one more of which nothing is known.
	for keys in "\"$a\", \"$b\"" "\"a.pub\", \"$b\"" \
		"\"none.pub\", \"$a\""; do
		seal_group "trusted = ( $keys ); required = 2;"
		field_ca status
		field_issuing status
	done
	refuses 66 missing field_issuing import medium
	for keys in '' 'trusted = ( ); '; do
		seal_group "${keys}required = 1;"
		refused_by_all config 'seal: want at least 1 different keys in "trusted", have 0'
		# Nothing is sealed for a machine that only watches.
		seal_group "${keys% }"
		field_ca status
		field_issuing status
	done
	# The line is that of the number.
	seal_group "trusted = ( );"$'\n\n'" required = 1;"
	refused sub 78 config field_issuing status
	says "sub/crlferry.cfg:$(grep -n 'required = 1' sub/crlferry.cfg |
		cut -d : -f 1): seal: want"
}

@test "a short RSA key is said by init, as by lint; the others are not" {
	local bits
	mkdir ca
	: >ca/index.txt
	for bits in 512 1024 2047 2048; do
		openssl req -x509 -newkey rsa:$bits -nodes -sha256 \
			-keyout ca/root.key -out ca/root.pem -days 3000 \
			-subj /CN=short 2>/dev/null
		chmod 600 ca/root.key
		rm -rf ca/x.cfg ca/corp.pem sub
		run "$ROOT_PROGRAM" init --name corp --certificate ca/root.pem \
			--key ca/root.key --index ca/index.txt \
			--output ca/x.cfg
		[ "$status" -eq 0 ]
		[ $bits -lt 2048 ] || break
		says "note: ca/root.pem has an RSA key of $bits bits: renew it"
		run "$ROOT_PROGRAM" lint ca/root.pem
		says rsa-short
	done
	[ $bits -eq 2048 ]
	says_not 'RSA key of'
}

@test "a line in trusted that is no key: an error of every verb" {
	local verb
	field_root
	field_sub
	seal_group 'trusted = ( "RWnonsense" );'
	for verb in status plan 'issue --first'; do
		# shellcheck disable=SC2086
		refused ca 65 key field_ca $verb
		says 'ca/crlferry.cfg:'
	done
	refused sub 3 key field_issuing check
	refused sub 65 key field_issuing status
	says 'seal: RWnonsense'
}

# made: every file below the test's folder
made() {
	find . | LC_ALL=C sort
}

# wont STATUS TOKEN COMMAND...: refused, and nothing at all is made or changed
wont() {
	local before
	before=$(made)
	refused . "$@" || return
	[ "$before" = "$(made)" ] || {
		echo "want no new file, have: $(made)"
		return 1
	}
}

# root_init OUTPUT [OPTION]...: of the root in ca
root_init() {
	local output=$1
	shift
	"$ROOT_PROGRAM" init --name corp --certificate ca/root.pem \
		--key ca/root.key --index ca/index.txt --output "$output" "$@"
}

# sub_init OUTPUT [OPTION]...: of one.pem, certified by the root in ca
sub_init() {
	local output=$1
	shift
	"$SUB_PROGRAM" init --root corp=ca/root.pem \
		--subordinate one=ca/one.pem --output "$output" "$@"
}

# root_goes_on CONFIG [ISSUE-OPTION]...: no verb refuses what init has written
root_goes_on() {
	local config=$1 verb
	shift
	sed -i 's/^air_gap = .*/air_gap = "off";/' "$config"
	for verb in status plan "issue --first --dry-run $*"; do
		# shellcheck disable=SC2086 # the verb and its options
		"$ROOT_PROGRAM" $verb --config "$config" >said 2>&1 || {
			echo "$verb: $(cat said)"
			return 1
		}
	done
}

# sub_goes_on CONFIG: nor here; the pairs wait for their first CRL
sub_goes_on() {
	local verb
	mkdir -p medium
	for verb in status plan; do
		"$SUB_PROGRAM" $verb --config "$1" >said 2>&1 || {
			echo "$verb: $(cat said)"
			return 1
		}
	done
	run "$SUB_PROGRAM" check --config "$1"
	[ "$status" -eq 2 ]
	says 'CRLFERRY CRITICAL - corp/one'
	says missing
	# As the comments in it say.
	"$SUB_PROGRAM" keygen "${1%/*}/note.key" "${1%/*}/note.pub" \
		--no-passphrase --quiet
	sed -i 's/# note_secret/note_secret/' "$1"
	"$SUB_PROGRAM" request medium --allow-fixed-disk --config "$1" --quiet
}

@test "what is on a stick is copied, and the stick may go" {
	old_root ca p256
	make_sub ca one
	mkdir stick medium
	# One block in PEM, whatever else was in the file.
	cat ca/one.pem ca/one.key >stick/both.pem
	openssl x509 -in ca/root.pem -outform DER -out stick/root.der
	openssl x509 -in ca/one.pem -text -out stick/one.txt
	"$ROOT_PROGRAM" keygen seal.key seal.pub --no-passphrase --quiet
	run "$ROOT_PROGRAM" init --name corp --certificate stick/root.der \
		--key ca/root.key --index ca/index.txt \
		--subordinate one=stick/both.pem --output ca/conf/crlferry.cfg
	[ "$status" -eq 0 ]
	says 'copied stick/root.der to ca/conf/corp.pem'
	says 'copied stick/both.pem to ca/conf/one.pem'
	run "$SUB_PROGRAM" init --root corp=stick/root.der \
		--subordinate one=stick/one.txt --store der:one.crl \
		--trust seal.pub --output sub/crlferry.cfg
	[ "$status" -eq 0 ]
	rm -r stick ca/root.pem ca/one.pem
	local folder
	for folder in ca/conf sub; do
		[ "$(stat -c %a:%u $folder/corp.pem)" = "644:$(id -u)" ]
		[ "$(stat -c %a:%u $folder/one.pem)" = "644:$(id -u)" ]
		grep -qF 'certificate = "corp.pem";' $folder/crlferry.cfg
		grep -qF 'certificate = "one.pem";' $folder/crlferry.cfg
		[ "$(grep -c BEGIN $folder/one.pem)" -eq 1 ]
		cmp $folder/corp.pem <(openssl x509 -in $folder/corp.pem)
		cmp $folder/one.pem <(openssl x509 -in $folder/one.pem)
		openssl verify -CAfile $folder/corp.pem $folder/one.pem
	done
	root_goes_on ca/conf/crlferry.cfg
	sed -i 's,"seal.key","../../seal.key",' ca/conf/crlferry.cfg
	root ca/conf issue --first --quiet
	root ca/conf export medium --allow-fixed-disk --quiet
	sub import medium
	sub check
	# From any folder.
	mv sub elsewhere
	cd /
	"$SUB_PROGRAM" status --config "$T/elsewhere/crlferry.cfg"
}

@test "what is in the configuration's folder already is used there" {
	old_root ca p256
	make_sub ca one
	ln -s root.pem ca/link.pem
	root_init ca/crlferry.cfg --certificate ca/link.pem \
		--subordinate one=ca/one.pem --quiet
	grep -qF 'certificate = "root.pem";' ca/crlferry.cfg
	grep -qF 'certificate = "one.pem";' ca/crlferry.cfg
	[ ! -e ca/corp.pem ]
	root_goes_on ca/crlferry.cfg
	# A link that leads out of it depends on what is there.
	mkdir stick conf
	cp ca/one.pem stick/
	ln -s ../stick/one.pem conf/one.pem
	root_init conf/crlferry.cfg --subordinate one=conf/one.pem --quiet
	grep -qF 'certificate = "one-2.pem";' conf/crlferry.cfg
	[ -L conf/one.pem ]
	rm -r stick
	root_goes_on conf/crlferry.cfg
	# As is one of the same octets, in whatever form.
	mkdir other
	openssl x509 -in ca/one.pem -outform DER -out other/one.pem
	cp other/one.pem kept
	sub_init other/crlferry.cfg --quiet
	grep -qF 'certificate = "one.pem";' other/crlferry.cfg
	cmp kept other/one.pem
	sub_goes_on other/crlferry.cfg
}

@test "no copy goes over another file, nor to where one will be" {
	old_root ca p256
	make_sub ca one
	make_sub ca two
	mkdir conf
	echo precious >conf/corp.pem
	cp ca/two.pem conf/one.pem
	sub_init conf/crlferry.cfg --store pem:conf/corp-2.pem --quiet
	[ "$(cat conf/corp.pem)" = precious ]
	cmp ca/two.pem conf/one.pem
	grep -qF 'certificate = "corp-3.pem";' conf/crlferry.cfg
	grep -qF 'certificate = "one-2.pem";' conf/crlferry.cfg
	[ ! -e conf/corp-2.pem ]
	sub_goes_on conf/crlferry.cfg
	# Root and subordinate of one name; a configuration of that name, too.
	root_init new/corp.pem --subordinate corp=ca/one.pem --quiet
	grep -qF 'certificate = "corp-2.pem";' new/corp.pem
	grep -qF 'certificate = "corp-3.pem";' new/corp.pem
	root_goes_on new/corp.pem
	local i
	mkdir full
	echo precious >full/corp.pem
	for ((i = 2; i < 99; i++)); do
		echo precious >full/corp-$i.pem
	done
	wont 64 usage root_init full/crlferry.cfg
	# A store is no certificate, an index no counter.
	wont 64 usage sub_init ca/crlferry.cfg --store pem:ca/root.pem
	wont 64 usage sub_init a/x.cfg --store pem:one.crl --store der:./one.crl
	wont 64 usage sub_init a/x.cfg --store hashdir:ca --store hashdir:./ca/
	wont 64 usage root_init new/
	wont 64 usage sub_init ""
	wont 64 usage root_init a/x.cfg --crlnumber ca/index.txt
}

@test "if init is refused, no copy and no folder is left" {
	old_root ca p256
	old_root other p256
	make_sub ca one
	: >garbage
	openssl ca -gencrl -config other/ca.cnf -out other.crl
	mkdir -p gap/schedules conf
	sed 's/^validity = .*/validity = "6 months";/' \
		"$BUILD/schedules/semiannual.cfg" >gap/schedules/gap.cfg
	echo 'every = ' >gap/schedules/broken.cfg
	wont 65 format root_init a/b/x.cfg --last-crl garbage
	wont 65 issuer root_init a/b/x.cfg --last-crl other.crl
	wont 78 config root_init gap/x.cfg --schedule gap
	says 'gap/schedules/gap.cfg'
	wont 78 config root_init gap/x.cfg --schedule broken
	wont 78 config sub_init gap/x.cfg --schedule gap
	wont 78 config sub_init a/b/x.cfg --schedule yearly
	says 'no schedule "yearly"'
	wont 78 config root_init a/b/x.cfg --name lock
	wont 78 config sub_init a/b/x.cfg --root verdicts=ca/root.pem
	says '--root: a root cannot be called verdicts'
	wont 64 usage root_init a/b/x.cfg --name Corp
	wont 66 missing root_init garbage/x.cfg
	wont 78 config root_init a/b/x.cfg --subordinate one=ca/one.pem \
		--subordinate one=ca/one.pem
	# With a folder that is not to be written, everything stays, too.
	if [ "$(id -u)" -eq 0 ]; then
		chattr +i conf 2>/dev/null ||
			skip 'no folder can be closed to root here'
	else
		chmod 555 conf
	fi
	run root_init conf/x.cfg
	chattr -i conf 2>/dev/null || chmod 755 conf
	[ "$status" -eq 77 ]
	[ -z "$(ls conf)" ]
}

# ended FOLDER NAME: a subordinate of that root, until yesterday
ended() {
	make_key "$1/$2.key" p256
	openssl req -config "$1/ca.cnf" -new -key "$1/$2.key" -subj "/CN=$2" \
		-out "$1/$2.csr"
	openssl ca -config "$1/ca.cnf" -batch -notext -extensions v3_sub \
		-startdate 20250101000000Z -enddate "${3:-20260101000000Z}" \
		-in "$1/$2.csr" -out "$1/$2.pem" 2>/dev/null
}

@test "certificates that have ended or not begun, are weak, no CA's: said" {
	local program
	old_root ca p256
	make_sub ca one
	ended ca gone
	openssl ca -config ca/ca.cnf -batch -notext -extensions v3_sub \
		-startdate 20990101000000Z -enddate 21000101000000Z \
		-subj /CN=next -in ca/one.csr -out ca/next.pem
	openssl ca -config ca/ca.cnf -batch -notext -extensions v3_sub \
		-md sha1 -subj /CN=weak -in ca/one.csr -out ca/weak.pem
	sed 's/critical,CA:TRUE,pathlen:0/CA:FALSE/' ca/ca.cnf >leaf.cnf
	openssl ca -config leaf.cnf -batch -notext -extensions v3_sub \
		-subj /CN=leaf -in ca/one.csr -out ca/leaf.pem
	# as one whose root was renewed under another key identifier since
	sed 's/^authorityKeyIdentifier = .*/2.5.29.35 = DER:30:04:80:02:AB:CD/' \
		ca/ca.cnf >older.cnf
	openssl ca -config older.cnf -batch -notext -extensions v3_sub \
		-subj /CN=older -in ca/one.csr -out ca/older.pem
	for program in root_init sub_init; do
		run $program $program/x.cfg --subordinate gone=ca/gone.pem \
			--subordinate next=ca/next.pem --quiet \
			--subordinate weak=ca/weak.pem \
			--subordinate older=ca/older.pem
		[ "$status" -eq 0 ]
		says 'note: ca/gone.pem (CN=gone) expired on 2026-01-01T00:00:00Z'
		says 'note: ca/next.pem (CN=next) is not valid before 2099-01-01'
		says '/weak.pem is signed with '
		says 'older.pem: CN=older: its authorityKeyIdentifier names'
		says 'with key identifier abcd, so that OpenSSL builds no chain'
		run $program $program/y.cfg --subordinate leaf=ca/leaf.pem
		[ "$status" -eq 0 ]
		says 'ca/leaf.pem (CN=leaf) is not the certificate of a CA'
		# One that is as it should be gives no cause.
		run $program $program/z.cfg --quiet
		[ "$status" -eq 0 ]
		[ -z "$output" ]
	done
	root_goes_on root_init/x.cfg
	# and by the root's status
	run "$ROOT_PROGRAM" status --config root_init/x.cfg
	says 'older.pem: CN=older: its authorityKeyIdentifier names another certificate of CN='
	says 'with key identifier abcd, so that OpenSSL builds no chain'
	[ "$(grep -c 'names another certificate' <<<"$output")" -eq 1 ]
	root_goes_on root_init/y.cfg
	run "$ROOT_PROGRAM" status --config root_init/y.cfg
	says_not 'names another certificate'
}

@test "RSA keys below 2048 bits: said by init, import, check and status" {
	local name
	old_root ca rsa1024
	make_key one.key rsa2047
	make_key rsa2048.key rsa2048
	make_key p256.key p256
	for name in one rsa2048 p256; do
		openssl req -new -key $name.key -subj /CN=$name -out $name.csr
		openssl ca -config ca/ca.cnf -batch -notext -extensions v3_sub \
			-in $name.csr -out ca/$name.pem 2>/dev/null
	done
	openssl ca -config ca/ca.cnf -gencrl -out first.crl
	run sub_init sub/x.cfg --store pem:store.pem \
		--subordinate rsa2048=ca/rsa2048.pem \
		--subordinate p256=ca/p256.pem
	[ "$status" -eq 0 ]
	sed -i 's/# bare = true/bare = true/' sub/x.cfg
	for verb in '' 'import first.crl' check; do
		# shellcheck disable=SC2086
		[ -z "$verb" ] ||
			run "$SUB_PROGRAM" $verb --config sub/x.cfg
		says 'corp.pem has an RSA key of 1024 bits: renew it'
		says 'one.pem has an RSA key of 2047 bits: renew it'
		says_not '2048 bits:'
		says_not 'p256.pem has'
	done
	run root_init root/x.cfg --subordinate one=ca/one.pem \
		--subordinate rsa2048=ca/rsa2048.pem
	[ "$status" -eq 0 ]
	says 'one.pem has an RSA key of 2047 bits: renew it'
	says_not 'rsa2048.pem has'
	says_not '2048 bits:'
}

@test "a root that has ended, or not begun: said on both sides" {
	export -f make_root make_key
	faketime 2024-01-01 bash -c 'make_root ca p256'
	make_sub ca one
	faketime 2024-01-01 openssl req -config ca/ca.cnf -new -x509 \
		-key ca/root.key -subj '/CN=Test Root' -days 31 \
		-extensions v3_root -out ca/root.pem
	run root_init root/x.cfg --quiet
	[ "$status" -eq 0 ]
	says 'ca/root.pem (CN=Test Root) expired on 2024-02-01T00:00:00Z'
	says 'give it a new one for the same key by crlferry-root reissue'
	sed -i 's/^air_gap = .*/air_gap = "off";/' root/x.cfg
	refuses 77 expired "$ROOT_PROGRAM" issue --first --dry-run \
		--confirm-date "$(date -u +%F)" --config root/x.cfg
	run sub_init sub/x.cfg --quiet
	[ "$status" -eq 0 ]
	says 'ca/root.pem (CN=Test Root) expired on 2024-02-01T00:00:00Z'
	sub_goes_on sub/x.cfg
	faketime '+100 days' openssl req -config ca/ca.cnf -new -x509 \
		-key ca/root.key -subj '/CN=Test Root' -days 9 \
		-extensions v3_root -out ca/root.pem
	run root_init root/y.cfg
	[ "$status" -eq 0 ]
	says 'ca/root.pem (CN=Test Root) is not valid before'
	says_not --confirm-date
	run sub_init sub/y.cfg --quiet
	[ "$status" -eq 0 ]
	says 'ca/root.pem (CN=Test Root) is not valid before'
}

@test "a root that is another CA's subordinate, and the wrong way round" {
	old_root ca p256
	make_sub ca one
	make_sub ca two
	wont 65 issuer root_init a/x.cfg --certificate ca/one.pem \
		--key ca/one.key --subordinate root=ca/root.pem
	wont 65 issuer sub_init a/x.cfg --root corp=ca/one.pem
	wont 65 issuer root_init a/x.cfg --subordinate self=ca/root.pem
	says "ca/root.pem is the root's own certificate"
	wont 65 issuer sub_init a/x.cfg --subordinate self=ca/root.pem
	wont 64 usage root_init a/x.cfg --subordinate one=ca/one.pem \
		--subordinate two=ca/one.pem
	says 'ca/one.pem is the certificate of one, which ca/one.pem gives'
	wont 64 usage sub_init a/x.cfg --subordinate two=ca/one.pem
	wont 65 format sub_init a/x.cfg --subordinate two=ca/two.key
	says 'ca/two.key is a private key, not a certificate'
	run "$ROOT_PROGRAM" init --name corp --certificate ca/one.pem \
		--output a/x.cfg
	[ "$status" -eq 0 ]
	says 'ca/one.pem (CN=one) is not self-signed: another CA has issued it'
}

@test "a subordinate that is revoked already: said" {
	old_root ca p256
	make_sub ca one
	make_sub ca two
	revoke_sub ca two
	openssl ca -gencrl -config ca/ca.cnf -out last.crl
	revoke_sub ca one
	run root_init a/x.cfg --last-crl last.crl --quiet \
		--subordinate one=ca/one.pem --subordinate two=ca/two.pem
	[ "$status" -eq 0 ]
	says 'one=ca/one.pem: ITS CERTIFICATE IS REVOKED in ca/index.txt'
	says 'two=ca/two.pem: ITS CERTIFICATE IS REVOKED in ca/index.txt'
	says_not 'corp/one: ITS CERTIFICATE IS REVOKED on the last CRL'
	says 'corp/two: ITS CERTIFICATE IS REVOKED on the last CRL (keyCompromise)'
	sed -i 's/^air_gap = .*/air_gap = "off";/' a/x.cfg
	"$ROOT_PROGRAM" issue --dry-run --config a/x.cfg
	# An index that has lost it: `issue` would refuse, and init says so.
	grep -v 'CN=two' ca/index.txt >short
	run "$ROOT_PROGRAM" init --name corp --certificate ca/root.pem \
		--key ca/root.key --index short --crlnumber ca/crlnumber \
		--last-crl last.crl --output b/x.cfg --quiet
	[ "$status" -eq 0 ]
	says 'as it stands, `issue` refuses to sign: shrunk: '
	# On the subordinate, by what is in its store.
	openssl crl -in last.crl -outform DER -out store.crl
	run "$SUB_PROGRAM" init --root corp=ca/root.pem --quiet \
		--subordinate two=ca/two.pem --store der:store.crl \
		--output c/x.cfg
	[ "$status" -eq 0 ]
	says 'corp/two: ITS CERTIFICATE IS REVOKED by a CRL in its stores'
}

@test "the index and the number are read by init, not first in the ceremony" {
	old_root ca p256
	cp ca/index.txt good
	printf 'X\t301231000000Z\t\t01\tunknown\t/CN=x\n' >ca/index.txt
	wont 65 format root_init a/x.cfg
	says ca/index.txt:1
	printf 'V\t301231000000Z\t01\tunknown\t/CN=x\n' >ca/index.txt
	wont 65 format root_init a/x.cfg
	rm ca/index.txt
	wont 66 missing root_init a/x.cfg
	cp good ca/index.txt
	printf '%040d\n' 8 | tr 0 F >ca/crlnumber
	wont 65 format root_init a/x.cfg
	rm ca/crlnumber
	mkdir ca/crlnumber
	wont 65 format root_init a/x.cfg
	rmdir ca/crlnumber
	mkfifo ca/crlnumber
	wont 65 format root_init a/x.cfg
	rm ca/crlnumber
	echo 01 >ca/crlnumber
	chmod 666 ca/crlnumber
	wont 77 permissions root_init a/x.cfg
	chmod 644 ca/crlnumber
	chmod 664 ca/root.pem
	wont 77 permissions root_init a/x.cfg
	says 'others can write it (mode 0664): chmod go-w ca/root.pem'
	says 'or copy the file to a folder of your own'
	chmod 644 ca/root.pem
	wont 66 missing root_init a/x.cfg --crlnumber nowhere/crlnumber
	rm ca/crlnumber
	root_init a/x.cfg --quiet
	root_goes_on a/x.cfg
}

@test "a folder for the configuration that others can write: said" {
	old_root ca p256
	make_sub ca one
	mkdir -m 777 open
	mkdir -m 1777 sticky
	run root_init open/x.cfg --quiet
	[ "$status" -eq 0 ]
	says "folder is not safe from others: open: others can write it (mode 0777): chmod go-w open"
	run sub_init sticky/x.cfg --quiet
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	# Folders are removed as they were made, whatever their names.
	: >garbage
	wont 65 format root_init a/../b/./c/x.cfg --last-crl garbage
}

@test "a state folder of another root, version or owner: refused" {
	old_root ca p256
	old_root other p256
	make_sub ca one
	make_sub other one
	adopt_root other corp
	root other issue --first --quiet
	mkdir -p a medium
	cp -r other/state a/state
	wont 65 signature root_init a/x.cfg
	says 'a/state/corp/archive/000001.crl'
	# Of another name it is no matter.
	mv a/state/corp a/state/lab
	echo crlferry-state 9 >a/state/version
	wont 65 format root_init a/x.cfg
	wont 65 format sub_init a/x.cfg
	rm -r a/state
	: >a/state
	run root_init a/x.cfg
	[ "$status" -ne 0 ]
	[ ! -e a/x.cfg ]
	rm a/state
	mkdir -m 777 a/state
	wont 77 permissions root_init a/x.cfg
	wont 77 permissions sub_init a/x.cfg
	says 'chmod go-w'
	# What it accepted was another root's.
	root other export medium --allow-fixed-disk --quiet
	"$SUB_PROGRAM" init --root corp=other/root.pem --quiet \
		--subordinate one=other/one.pem --store der:a/one.crl \
		--trust other/seal.pub --output b/x.cfg
	"$SUB_PROGRAM" import medium --config b/x.cfg --quiet
	rm b/x.cfg b/corp.pem b/one.pem
	run sub_init b/x.cfg --store der:b/one.crl --trust other/seal.pub
	[ "$status" -eq 0 ]
	says 'b/state/corp/accepted.json is damaged'
}

@test "keys given twice, none, too many; stores that import would refuse" {
	local i words=()
	old_root ca p256
	make_sub ca one
	"$SUB_PROGRAM" keygen a.key a.pub --no-passphrase --quiet
	run sub_init a/x.cfg --trust a.pub --trust "$(tail -n 1 a.pub)"
	[ "$status" -eq 0 ]
	says 'this key is given twice, and counts once'
	[ "$(grep -c '"RW' a/x.cfg)" -eq 1 ]
	run sub_init a/y.cfg
	[ "$status" -eq 0 ]
	says 'no --trust: until `trusted` names a key, `import` takes no bundle'
	says 'no --store: `import` installs nothing until there is one'
	for ((i = 0; i < 17; i++)); do
		"$SUB_PROGRAM" keygen $i.key $i.pub --no-passphrase --quiet
		words+=(--trust $i.pub)
	done
	wont 64 usage sub_init a/z.cfg "${words[@]}"
	sub_init a/z.cfg "${words[@]:2}" --quiet
	sub_goes_on a/z.cfg
	mkdir -m 777 open
	mkdir hash
	echo garbage >garbage
	run sub_init a/s.cfg --store der:open/one.crl --store der:garbage \
		--store hashdir:none --store hashdir:hash --store pem:new.pem
	[ "$status" -eq 0 ]
	says "der $T/garbage: "
	says "$T/none: make this folder before the first import"
	says_not "$T/hash"
	says_not "$T/new.pem"
}

@test "--trust with another file: its kind is named" {
	local file what
	old_root ca p256
	make_sub ca one
	"$SUB_PROGRAM" keygen seal.key seal.pub --no-passphrase --quiet
	"$SUB_PROGRAM" keygen locked.key locked.pub --quiet \
		--passphrase-fd 3 3<<<secret
	printf 'untrusted comment: x\nRUQ=\ntrusted comment: y\nx\n' >seal
	cp ca/root.pem cert.pem
	(openssl x509 -in cert.pem -noout -text; cat cert.pem cert.pem \
		cert.pem cert.pem cert.pem cert.pem cert.pem) >long.pem
	openssl x509 -in cert.pem -outform DER -out cert.der
	openssl pkey -in ca/root.key -pubout -out public.pem
	echo '<html>' >page
	while read -r file what; do
		wont 65 key sub_init a/x.cfg --trust "$file"
		says "key: $file: it is $what, not a public key of minisign"
		says 'name the .pub file'
	done <<-'ROWS'
		seal.key a secret key
		locked.key a secret key
		seal a seal
		cert.pem a certificate
		cert.der a certificate
		long.pem a certificate
		ca/root.key a private key
		public.pem a public key
		page HTML
	ROWS
	echo text >text
	wont 65 key sub_init a/x.cfg --trust text
	says 'text: public key: want 56 characters of base64, have 4'
}

@test "a store below a folder that is not there, or is a file" {
	old_root ca p256
	make_sub ca one
	wont 66 missing sub_init a/x.cfg --store 'pem:a b/new.pem'
	says 'missing: a b: cannot find it'
	says_not 'new.pem'
	eval "$(grep -o 'mkdir -p .*' <<<"$output")"
	sub_init a/x.cfg --store 'pem:a b/new.pem' --quiet
	echo text >file
	for store in hashdir:file hashdir:file/x pem:file/x; do
		rm -rf a
		run sub_init a/x.cfg --store "$store"
		[ "$status" -eq 0 ]
		says "$T/file: cannot open it: Not a directory: correct the path"
		says_not 'make this folder'
	done
}

@test "an import without any store: said, and remembered" {
	old_root ca p256
	make_sub ca one
	adopt_root ca corp
	mkdir medium
	root ca issue --first --quiet
	root ca export medium --allow-fixed-disk --quiet
	sub_init sub/crlferry.cfg --trust ca/seal.pub --quiet
	run sub import medium
	[ "$status" -eq 0 ]
	says 'note: corp: no store is configured (sub/crlferry.cfg:'
	says 'corp: CRL #1 is accepted, but there is no store to install it in'
	says_not 'is installed'
	[ -f sub/state/corp/accepted.json ]
	run sub import medium --quiet
	[ "$status" -eq 0 ]
	says 'no store is configured'
}

@test "a root with the name of a device of Windows: said on both sides" {
	local name
	old_root ca p256
	make_sub ca one
	for name in con nul aux prn com1 lpt9 com0 com10 cone corp; do
		run "$ROOT_PROGRAM" init --name $name --certificate \
			ca/root.pem --output root/$name.cfg
		[ "$status" -eq 0 ]
		case $name in
		com0 | com10 | cone | corp) says_not Windows ;;
		*) says "note: $name is the name of a device to Windows" ;;
		esac
		run "$SUB_PROGRAM" init --root $name=ca/root.pem \
			--subordinate one=ca/one.pem --output sub/$name.cfg
		[ "$status" -eq 0 ]
		case $name in
		com0 | com10 | cone | corp) says_not Windows ;;
		*) says "note: $name is the name of a device to Windows" ;;
		esac
	done
}
