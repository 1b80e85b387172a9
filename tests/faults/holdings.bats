#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What a store holds, and whether the programs that read it would use it
# (FAULTS 55 to 59, 67, 68).  Their own reading is asked: nginx, Python's ssl,
# openssl verify.

load ../e2e/pki_setup
load consumers

# is_invalid TEXT: check says so, with the reason
is_invalid() {
	run sub check
	echo "$output"
	[ "$status" -eq 2 ] && [[ $output == *" invalid: "*"$1"* ]]
}

# is_replaced TEXT: what all stores hold is invalid for that reason, and no
# hindrance to the good CRL
is_replaced() {
	is_invalid "$1" && import stick2 --quiet && all_hold stick2 &&
		sub check
}

# Row 56: what admission would not take.

@test "row 56: a delta, a partial, an indirect CRL is invalid, and not seen" {
	local kind
	local idp='issuingDistributionPoint = critical\,@idp'
	local aki='authorityKeyIdentifier = keyid'
	odd_crl odd.pem "$aki" '2.5.29.27 = critical\,DER:02:01:01'
	put_everywhere odd.pem
	is_replaced 'delta CRL'
	for kind in onlyuser:onlyContainsUserCerts \
		onlyAA:onlyContainsAttributeCerts indirectCRL:indirect; do
		restore_work
		IDP="${kind%:*} = TRUE" odd_crl odd.pem "$aki" "$idp"
		put_everywhere odd.pem
		is_replaced "${kind#*:}"
	done
	restore_work
	IDP='onlysomereasons = keyCompromise' odd_crl odd.pem "$aki" "$idp"
	put_everywhere odd.pem
	is_replaced onlySomeReasons
	restore_work
	IDP='fullname = URI:http://elsewhere.example/r.crl' odd_crl odd.pem \
		"$aki" "$idp"
	put_everywhere odd.pem
	is_replaced issuingDistributionPoint
}

@test "row 56: an unknown critical extension, a key id that is another's" {
	odd_crl odd.pem 'authorityKeyIdentifier = keyid' \
		'1.2.3.4 = critical\,DER:05:00'
	put_everywhere odd.pem
	is_replaced '1.2.3.4'
	restore_work
	odd_crl odd.pem '2.5.29.35 = DER:30:04:80:02:AB:CD'
	put_everywhere odd.pem
	is_replaced 'authorityKeyIdentifier'
	restore_work
	# by issuer and serial, of a certificate that is none of ours
	odd_crl odd.pem "2.5.29.35 = DER:$(other_serial)"
	put_everywhere odd.pem
	run ! file_works stores/all.pem
	is_replaced 'authorityCertSerialNumber'
}

# other_serial: AKI with the root's name as issuer, and serial 7
other_serial() {
	NAME=$(openssl asn1parse -in ca/root.pem -strparse "$(
		openssl asn1parse -in ca/root.pem | awk -F: '
			/d=2 .*SEQUENCE/ && ++n == 2 { print $1 + 0; exit }
		')" -noout -out /dev/stdout | od -An -v -tx1 | tr -d ' \n') perl -e '
		my $name = pack("H*", $ENV{NAME});
		my $gn = chr(0xa4) . chr(length $name) . $name;
		my $aki = chr(0xa1) . chr(length $gn) . $gn . "\x82\x01\x07";
		my $all = "\x30" . chr(length $aki) . $aki;
		print join ":", map { sprintf "%02x", ord } split //, $all;'
}

@test "row 56: SHA-1, and what no strict reading takes" {
	ODD='-md sha1' odd_crl odd.pem 'authorityKeyIdentifier = keyid'
	put_everywhere odd.pem
	is_replaced SHA1
	# without a key id only the key tells whose it is
	restore_work
	ODD='-md sha1' odd_crl odd.pem '1.2.3.4 = DER:05:00'
	put_everywhere odd.pem
	is_replaced SHA1
	# a negative number: openssl reads it, and would use the CRL
	restore_work
	odd_crl odd.pem 'authorityKeyIdentifier = keyid' \
		'2.5.29.20 = DER:02:01:FF'
	sed -i '/^crlnumber/d' odd.cnf
	openssl ca -config odd.cnf -gencrl -out odd.pem 2>/dev/null
	cp odd.pem "$(hash_slot 0)"
	cp odd.pem stores/all.pem
	is_invalid 'negative'
	import stick2 --quiet
	all_hold stick2
}

@test "row 56: beside ours it counts if openssl takes it, and not if not" {
	local idp='issuingDistributionPoint = critical\,@idp'
	IDP='onlyuser = TRUE' odd_crl user.pem 'authorityKeyIdentifier = keyid' \
		"$idp"
	odd_crl odd.pem 'authorityKeyIdentifier = keyid' '1.2.3.4 = DER:05:00'
	flip_signature odd.pem bad.pem
	for other in user bad; do
		cat $other.pem "$BUNDLE1/test-root.crl.pem" >stores/all.pem
		cp $other.pem "$(hash_slot 1)"
		rm -f stores/hash/*.0
		check_agrees "$(yes_if file_works stores/all.pem)"
		[ "$(yes_if file_works stores/all.pem)" = \
			"$(yes_if folder_works)" ]
		import stick2 --quiet
		all_hold stick2
		[ "$(grep -c BEGIN stores/all.pem)" -eq 1 ]
		sub check
		restore_stores
	done
}

restore_stores() {
	rm -rf stores sub
	cp -a "$BATS_FILE_TMPDIR"/saved/{stores,sub} .
}

# flip_signature FILE OUT: its last octet is another
flip_signature() {
	openssl crl -in "$1" -outform DER -out flipped.crl &&
		flip flipped.crl $(($(stat -c %s flipped.crl) - 1)) &&
		openssl crl -inform DER -in flipped.crl -out "$2"
}

# Row 59: the root's certificate renewed.

# renew_root EXTENSION...: ca/root.pem for the same key and name
renew_root() {
	{
		cat ca/ca.cnf
		printf '[v3_new]\nbasicConstraints = critical,CA:TRUE\n'
		printf 'keyUsage = critical,keyCertSign,cRLSign\n'
		printf '%s\n' "$@"
	} >renew.cnf
	openssl req -config renew.cnf -new -x509 -key ca/root.key -subj \
		'/CN=Test Root' -days 7000 -extensions v3_new -out renewed.pem
}

@test "row 59: a renewed root with another key id: its CRLs are replaced" {
	renew_root 'subjectKeyIdentifier = 01020304'
	cp renewed.pem ca/root.pem
	cp renewed.pem sub/test-root.pem
	is_invalid 'authorityKeyIdentifier'
	odd_crl next.pem 'authorityKeyIdentifier = keyid'
	configure 's/schedule = "semiannual"/& ; bare = true/'
	import next.pem --quiet
	for file in stores/all.pem "$(hash_slot 0)" stores/one.crl; do
		[ "$(grep -c BEGIN "$file")" -le 1 ]
	done
	cmp <(openssl crl -in next.pem -outform DER) stores/one.crl
	# the subordinate's certificate names the old one: no CRL helps it
	run ! file_works stores/all.pem
	run ! folder_works
	rm stores/hash/*.0
	is_invalid 'unable to get local issuer certificate'
	[[ $output == *": configure the root's certificate that its"* ]]
	# issued anew, it does
	make_sub ca again
	cp ca/again.pem sub/
	configure 's,live.pem,again.pem,'
	sub check
	[ "$(find stores/hash -name '*.r*' | wc -l)" -eq 1 ]
}

@test "a CRL that names the certificate before its renewal: issuer" {
	odd_crl old.pem 'authorityKeyIdentifier = keyid\,issuer:always'
	configure 's/schedule = "semiannual"/& ; bare = true/'
	cp -a sub stores "$BATS_TEST_TMPDIR"
	import old.pem --quiet
	sub check
	rm -r sub stores && cp -a "$BATS_TEST_TMPDIR"/{sub,stores} .
	renew_root 'subjectKeyIdentifier = hash'
	cp renewed.pem ca/root.pem
	cp renewed.pem sub/test-root.pem
	keeps 65 issuer import old.pem
	[[ $output == *authorityCertSerialNumber* ]]
	put_everywhere old.pem
	run ! file_works stores/all.pem
	run ! folder_works
	rm -f stores/hash/*.0
	is_replaced authorityCertSerialNumber
}

# Row 58: another key's CRL with this root's name.

# predecessor FILE DAYS: a CRL of a root with the same name, and no AKI, as
# many days old
predecessor() {
	[ -d before ] || make_older_root before p256
	sed -i '/^crl_extensions/d' before/ca.cnf
	openssl ca -config before/ca.cnf -gencrl -out "$1" -crl_lastupdate \
		"$(date -u -d "-$2 days" +%Y%m%d%H%M%SZ)" 2>/dev/null
}

@test "row 58: a predecessor's older CRL stays, and does no harm" {
	predecessor old.pem 30
	cp old.pem "$(hash_slot 1)"
	cat old.pem "$BUNDLE1/test-root.crl.pem" old.pem >stores/all.pem
	cp stores/all.pem before.pem
	file_works stores/all.pem
	folder_works
	rm stores/hash/*.0
	sub check
	import stick2 --quiet
	cmp old.pem "$(hash_slot 1)"
	holds "$(hash_slot 0)" stick2
	cat old.pem "$BUNDLE2/test-root.crl.pem" old.pem | cmp - stores/all.pem
	sub check
	folder_works
	file_works stores/all.pem
}

@test "row 58: one that is later is what openssl takes: invalid, and kept" {
	predecessor new.pem 0
	cp new.pem "$(hash_slot 1)"
	run ! folder_works
	rm stores/hash/*.0
	is_invalid "another key's CRL with this root's name, in "
	[[ $output == *"$(hash_of ca/root.pem).r1"* ]]
	[[ $output == *"remove that CRL"* ]]
	refuses 69 store import stick2
	cmp new.pem "$(hash_slot 1)"
	holds "$(hash_slot 0)" stick1
	holds stores/all.pem stick2
	mv "$(hash_slot 1)" away
	cat "$BUNDLE2/test-root.crl.pem" new.pem >stores/all.pem
	run ! file_works stores/all.pem
	import --quiet stick2 || :
	is_invalid "another key's CRL with this root's name: #"
	cat "$BUNDLE2/test-root.crl.pem" new.pem | cmp - stores/all.pem
	# without it, all is well
	cp "$BUNDLE2/test-root.crl.pem" stores/all.pem
	import --quiet stick2
	sub check
}

@test "row 58: which one openssl takes depends on the day: check --at" {
	predecessor new.pem 0
	cp new.pem "$(hash_slot 1)"
	local end
	end=$(date -u -d "$(openssl crl -in new.pem -noout -nextupdate |
		cut -d= -f2) + 1 hour" +%Y-%m-%dT%H:%M:%SZ)
	# the predecessor's ends first, and from then on ours is the valid one
	openssl ca -config before/ca.cnf -gencrl -crldays 5 -out "$(hash_slot 1)" \
		2>/dev/null
	is_invalid "another key's CRL"
	end=$(date -u -d '+6 days' +%Y-%m-%dT%H:%M:%SZ)
	run sub check --at "$end"
	echo "$output"
	[ "$status" -eq 0 ]
	faketime -f +6d bash -c "cp ca/root.pem \
		stores/hash/$(hash_of ca/root.pem).0; openssl verify \
		-CApath stores/hash -crl_check ca/live.pem"
}

# Row 57: a file that OpenSSL cannot load.

# damaged KIND: another CA's block, damaged in that way
damaged() {
	[ -d other ] || {
		make_older_root other p256 "Other Root"
		openssl ca -config other/ca.cnf -gencrl -out other.pem
	} 2>/dev/null
	case $1 in
	base64) sed '2s/^....../!!!!!!/' other.pem ;;
	blank) sed '2s/$/\n/' other.pem ;;
	short) sed '3d' other.pem ;;
	label) sed 's/END X509 CRL/END X509 CRX/' other.pem ;;
	unended) sed '$d' other.pem ;;
	joined)
		sed '$d' other.pem
		printf -- '-----END X509 CRL-----'
		;;
	header) sed '1s/$/\nComment: ours\n/' other.pem ;;
	certificate) sed '3d' other/root.pem ;;
	relabelled) sed 's/X509 CRL/CERTIFICATE/' other.pem ;;
	key) sed '2s/./A/' other/root.key | sed 's/PRIVATE/EC PRIVATE/' ;;
	utf16) iconv -t UTF-16 other.pem ;;
	nul) printf '# text\n\0\0\n' ;;
	long) printf 'x%.0s' $(seq 254) && cat other.pem ;;
	bom) printf '\xef\xbb\xbf' && cat other.pem ;;
	text) echo 'not a block, -----BEGIN here' ;;
	crlf) sed 's/$/\r/' other.pem ;;
	whole) cat other.pem ;;
	esac
}

@test "row 57: each kind of damage, before ours and behind: as its readers" {
	local kind place works refused=0 loaded=0
	for kind in base64 blank short label unended joined header certificate \
		relabelled key utf16 nul long bom text crlf whole; do
		for place in before behind; do
			if [ $place = before ]; then
				damaged $kind >stores/all.pem
				cat "$BUNDLE1/test-root.crl.pem" \
					>>stores/all.pem
			else
				cp "$BUNDLE1/test-root.crl.pem" stores/all.pem
				damaged $kind >>stores/all.pem
			fi
			echo "$kind $place"
			works=$(yes_if file_works stores/all.pem)
			if [ "$works" = yes ]; then
				loaded=$((loaded + 1))
				nginx_loads stores/all.pem
				python_loads stores/all.pem
				check_agrees yes
			else
				refused=$((refused + 1))
				[[ $kind != whole && $kind != crlf ]]
				fails_and_says "$kind"
			fi
		done
	done
	echo "refused $refused, loaded $loaded"
	[ "$refused" -ge 12 ]
	[ "$loaded" -ge 4 ]
}

# fails_and_says KIND: check does not say OK; where nginx refuses the file, it
# is invalid and the block is named
fails_and_says() {
	run sub check
	echo "$output"
	[ "$status" -eq 2 ] || return 1
	if [ "$(yes_if nginx_loads stores/all.pem)" = no ]; then
		run ! python_loads stores/all.pem
		[[ $(sub check) == *" invalid: "*"block "[12]" ("*", line "* ]] ||
			[[ $1 =~ ^(utf16|nul|joined)$ ]]
	fi
}

@test "row 57: an import into such a file: store, the block, put back" {
	local kind
	for kind in base64 certificate; do
		restore_work
		{
			echo "# a line of text"
			damaged $kind
			cat "$BUNDLE1/test-root.crl.pem"
		} >stores/all.pem
		cp stores/all.pem before.pem
		run ! nginx_loads stores/all.pem
		refuses 69 store import stick2
		[[ $output == *"block 1 ("*", line 2) is damaged"* ]]
		[[ $output == *"mend or remove that block"* ]]
		cmp before.pem stores/all.pem
		holds stores/one.crl stick2
		holds "$(hash_slot 0)" stick2
		jq -e '.number == "2"' sub/state/test-root/accepted.json
		# what the damage hides counts as seen all the same
		cat "$BUNDLE2/test-root.crl.pem" >>stores/all.pem
		rm -r sub/state
		refuses 77 rollback import stick1
		# mended, it converges
		cat "$BUNDLE1/test-root.crl.pem" >stores/all.pem
		import stick2 --quiet
		all_hold stick2
		nginx_loads stores/all.pem
		sub check
	done
}

@test "row 57: our own block, damaged so that a reader stops: replaced" {
	sed '2s/$/\n/' "$BUNDLE1/test-root.crl.pem" >stores/all.pem
	run ! nginx_loads stores/all.pem
	is_invalid 'block 1 (X509 CRL, line 1) is damaged'
	[[ $output == *"import the newest bundle"* ]]
	import stick2 --quiet
	holds stores/all.pem stick2
	nginx_loads stores/all.pem
}

@test "row 57: hashdir: a slot with several blocks, as openssl takes it" {
	local kind
	for kind in base64 blank label unended certificate key text whole; do
		{
			damaged $kind
			cat "$BUNDLE1/test-root.crl.pem"
		} >"$(hash_slot 0)"
		echo "$kind first"
		check_agrees "$(yes_if folder_works)"
		rm -f stores/hash/*.0
		cp "$BUNDLE1/test-root.crl.pem" "$(hash_slot 0)"
		damaged $kind >>"$(hash_slot 0)"
		echo "$kind second"
		check_agrees "$(yes_if folder_works)"
		rm -f stores/hash/*.0
		damaged $kind >"$(hash_slot 0)"
		cp "$BUNDLE1/test-root.crl.pem" "$(hash_slot 1)"
		echo "$kind in a slot before"
		check_agrees "$(yes_if folder_works)"
		rm -f stores/hash/*.[0r]*
	done
}

@test "row 57: hashdir: ours in a form that only we can read is invalid" {
	local header
	for header in "Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF" "Comment: ours"; do
		header=${header//$'\n'/\\n}
		sed "1s/\$/\n$header\n/" "$BUNDLE1/test-root.crl.pem" >headed
		damaged whole >"$(hash_slot 0)"
		cat headed >>"$(hash_slot 0)"
		check_agrees "$(yes_if folder_works)"
		[ "$status" -eq 2 ]
		[[ $output == *"block 2 (X509 CRL, line "*") is damaged: \
OpenSSL stops there: mend or remove that block |"* ]]
		refuses 69 store import stick2
		[[ $output == *"mend or remove that block"* ]]
		# done so, an import does the rest
		damaged whole >"$(hash_slot 0)"
		import stick2
		check_agrees "$(yes_if folder_works)"
		[ "$status" -eq 0 ]
		rm -f stores/hash/*.[0r]*
	done
}

@test "an older copy beside ours: the later is used, whatever the order" {
	local one two
	import stick2 --quiet
	for one in 1 2; do
		two=$((3 - one))
		cat stick$one/crlferry/test-root/*/test-root.crl.pem \
			stick$two/crlferry/test-root/*/test-root.crl.pem \
			>stores/all.pem
		cp stick$one/crlferry/test-root/*/test-root.crl.pem \
			"$(hash_slot 0)"
		cp stick$two/crlferry/test-root/*/test-root.crl.pem \
			"$(hash_slot 1)"
		sub check
		rejects_revoked ca/bad.pem
		rm stores/hash/*.0
	done
}

# Row 55: two CRLs under one number.

# second_under NUMBER FILE [OPTION]...: of the root, without a revocation
second_under() {
	local number=$1 file=$2
	shift 2
	cp ca/index.txt kept.txt
	: >ca/index.txt
	echo "$number" >ca/crlnumber.other
	sed 's,^crlnumber = .*,crlnumber = $dir/crlnumber.other,' ca/ca.cnf \
		>other.cnf
	openssl ca -config other.cnf -gencrl -out "$file" "$@" 2>/dev/null
	cp kept.txt ca/index.txt
}

@test "row 55: another CRL of the accepted number: behind, and put right" {
	local store days
	import stick2 --quiet
	for days in 0 40; do
		second_under 02 second.pem -crl_lastupdate \
			"$(date -u -d "-$days days" +%Y%m%d%H%M%SZ)"
		put_everywhere second.pem
		run sub check
		echo "$output"
		[ "$status" -eq 2 ]
		[[ $output == *" behind: "*"holds another CRL #2 than the one that was accepted"* ]]
		run import stick2
		echo "$output"
		[ "$status" -eq 0 ]
		all_hold stick2
		sub check
	done
	for store in "$(hash_slot 0)" stores/all.pem; do
		cp second.pem "$store"
		run sub check
		[ "$status" -eq 2 ]
		import stick2 --quiet
		all_hold stick2
	done
	openssl crl -in second.pem -outform DER -out stores/one.crl
	rm sub/state/test-root/accepted.crl
	run sub check
	[ "$status" -eq 2 ]
	import stick2 --quiet
	all_hold stick2
	cmp sub/state/test-root/accepted.crl "$(crl_of stick2)"
}

@test "row 55: another one is no more than before what the accepted one is" {
	import stick2 --quiet
	second_under 02 second.pem
	put_everywhere second.pem
	configure 's/schedule = "semiannual"/& ; bare = true/'
	# not what was accepted: refused, though the stores hold it
	keeps 77 rollback import second.pem
	[[ $output == *"WITH OTHER CONTENT"* ]]
	keeps 77 rollback import stick1
	# a newer one by hand is not lowered either
	second_under 03 third.pem
	put_everywhere third.pem
	keeps 77 rollback import stick2
}

# Row 68: a newer CRL, put there by hand.

@test "row 68: a newer CRL by hand fulfils the ceremony, and is told" {
	local ceremony at when
	ceremony=$(sub check --format json | jq -r '.pairs[0].next_ceremony')
	at=$(date -u -d "$ceremony 12:00" '+%F %T')
	when=$(date -u -d "$ceremony + 4 days" +%Y-%m-%dT%H:%M:%SZ)
	mkdir stick3
	TZ=UTC faketime "$at" "$ROOT_PROGRAM" issue --config ca/crlferry.cfg \
		--quiet
	TZ=UTC faketime "$at" "$ROOT_PROGRAM" export stick3 --quiet \
		--config ca/crlferry.cfg --allow-fixed-disk
	run sub check --at "$when"
	[[ $output == *" overdue: "* ]]
	cp stick3/crlferry/test-root/000003/test-root.crl.pem "$(hash_slot 0)"
	cp "$(hash_slot 0)" stores/all.pem
	# one store that lacks it keeps the ceremony due
	run sub check --at "$when"
	[ "$status" -eq 1 ]
	[[ $output == *" overdue: "* ]]
	cp stick3/crlferry/test-root/000003/test-root.crl stores/one.crl
	run --separate-stderr sub check --at "$when"
	echo "$output $stderr"
	[ "$status" -eq 0 ]
	[[ $output == *"newer than what was accepted: import its bundle"* ]]
	[[ $stderr == *"newer than what was accepted: import its bundle"* ]]
	[[ $(sub check --at "$when" --format json 2>/dev/null |
		jq -r '.pairs[0].next_ceremony') > "$ceremony" ]]
	# and nothing older is taken, for a reason that names the store
	refuses 77 rollback import_at "$at" stick2
	[[ $output == *"der $T/stores/one.crl holds a newer CRL than was \
accepted, #3: import its bundle; if there is none, remove it there"* ]]
	import_at "$at" stick3 --quiet
	run --separate-stderr sub check --at "$when"
	[ "$status" -eq 0 ]
	[[ $output$stderr != *"newer than"* ]]
}

# Row 67: the cost of a store.

@test "row 67: a file of 20,000 copies is read, and made one" {
	perl -e 'undef $/; open(my $f, "<", $ARGV[0]) or die; print <$f> x 20000' \
		"$BUNDLE1/test-root.crl.pem" >stores/all.pem
	# of the processor: the machine may be busy
	prlimit --cpu=20 "$SUB_PROGRAM" check --config sub/crlferry.cfg
	import stick2 --quiet
	cmp stores/all.pem "$BUNDLE2/test-root.crl.pem"
}

@test "row 67: 256 different CRLs of the name are judged, and no more" {
	predecessor old.pem 30
	many_of old.pem 255 >stores/all.pem
	cat "$BUNDLE1/test-root.crl.pem" >>stores/all.pem
	sub check
	many_of old.pem 256 >>stores/all.pem
	is_invalid 'more than 256 different CRLs with the name of CN=Test Root'
	cp stores/all.pem before.pem
	refuses 69 store import stick2
	[[ $output == *"remove those that nobody needs"* ]]
	cmp before.pem stores/all.pem
	holds stores/one.crl stick2
}

# many_of FILE COUNT: CRLs that differ in the signature's last octets
many_of() {
	openssl crl -in "$1" -outform DER | COUNT=$2 perl -MMIME::Base64 -0777 -ne '
		for my $i (1 .. $ENV{COUNT}) {
			substr($_, -2) = pack("n", $i);
			print "-----BEGIN X509 CRL-----\n", encode_base64($_),
			    "-----END X509 CRL-----\n";
		}'
}

# A store that this user may not read.

@test "a store that nobody may read: UNKNOWN, and whose rights are wanted" {
	local store
	[ "$(id -u)" -eq 0 ] || skip "needs root to become another user"
	T2=$(mktemp -d)
	cp -a sub stores ca "$SUB_PROGRAM" "$T2"
	cp -a "$BATS_TEST_DIRNAME/../../schedules" "$T2/sub/"
	sed -i "s,$T,$T2,g" "$T2/sub/crlferry.cfg"
	chmod -R a+rX "$T2"
	as_nobody
	echo "$output"
	[ "$status" -eq 0 ]
	for store in hash all.pem one.crl; do
		chmod 700 "$T2/stores/$store"
		as_nobody
		echo "$output"
		[ "$status" -eq 3 ]
		[[ $output == "CRLFERRY UNKNOWN - test-root/live unreadable: "* ]]
		[[ $output == *"cannot read "*"$store as nobody: Permission "* ]]
		[[ $output == *"denied; give it read access"* ]]
		chmod 755 "$T2/stores/$store"
	done
	# what is known to be bad outranks it
	chmod 700 "$T2/stores/hash"
	rm "$T2/stores/one.crl"
	as_nobody
	[ "$status" -eq 2 ]
	rm -r "$T2"
}

as_nobody() {
	run setpriv --reuid nobody --regid nogroup --clear-groups \
		"$T2/crlferry-sub" check --config "$T2/sub/crlferry.cfg"
}
