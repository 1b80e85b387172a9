#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Stores as the field has them: files that hold more than this root's CRL, and
# files that their consumers cannot load, beside those consumers.

load ../e2e/root_helpers
load ../e2e/pki_setup
load consumers
load inject

FIELD=$(realpath "$BATS_TEST_DIRNAME/../vectors/field")

make_work() {
	make_pki
	make_older_root other p256 "Other Root"
	openssl ca -config other/ca.cnf -gencrl -out other.pem 2>/dev/null
	# another key of the same name, whose CRL is older than all of ours
	make_older_root twin p256
	make_sub twin next
	openssl ca -config twin/ca.cnf -gencrl -out twin.pem -crl_lastupdate \
		"$(date -u -d '-30 days' +%Y%m%d%H%M%SZ)" 2>/dev/null
}

# ours N: the PEM file of CRL #N
ours() {
	echo "stick$1/crlferry/test-root/00000$1/test-root.crl.pem"
}

# link_names LINK TARGET...: LINK H0 H0.. in stores/hash, to one file
links_to() {
	local target=$1 name
	shift
	for name; do
		ln -sf "$target" "stores/hash/$name"
	done
}

# verified_in FOLDER CERTIFICATE: openssl verify -crl_check, with what the
# folder has alone
verified_in() {
	openssl verify -no-CAfile -no-CAstore -CApath "$1" -crl_check "$2"
}

# A file that holds more than this root's CRL.

@test "a bundle that several links lead to: only this root's block changes" {
	local root other way kind
	root=$(hash_of ca/root.pem)
	other=$(hash_of other/root.pem)
	make_sub other sub
	openssl ca -config other/ca.cnf -gencrl -out other.pem 2>/dev/null
	for kind in relative absolute chain rehash; do
		restore_links
		cat ca/root.pem "$(ours 1)" other.pem other/root.pem \
			>stores/hash/bundle.pem
		case $kind in
		relative) way=bundle.pem ;;
		absolute) way=$T/stores/hash/bundle.pem ;;
		chain)
			way=second.pem
			links_to bundle.pem third.pem
			links_to "$T/stores/hash/third.pem" second.pem
			;;
		esac
		if [ $kind = rehash ]; then
			c_rehash stores/hash >/dev/null
			way=bundle.pem
		fi
		links_to "$way" "$root.0" "$root.r0" "$root.r1" "$root.r2" \
			"$other.0" "$other.r0"
		# OpenSSL reads only the first certificate of a file that a
		# link for a CRL leads to, so the other's is a file
		rm "stores/hash/$other.0"
		cp other/root.pem "stores/hash/$other.0"
		verified_in stores/hash ca/live.pem
		verified_in stores/hash other/sub.pem
		run import stick2
		echo "$kind: $output"
		[ "$status" -eq 0 ]
		says_not replaced
		cat ca/root.pem "$(ours 2)" other.pem other/root.pem |
			cmp - stores/hash/bundle.pem
		[ -L "stores/hash/$root.r0" ]
		[ -L "stores/hash/$root.r2" ]
		verified_in stores/hash ca/live.pem
		verified_in stores/hash other/sub.pem
		run verified_in stores/hash ca/bad.pem
		says "certificate revoked"
		run import stick2
		says "nothing changed"
		sub check
	done
}

# restore_links: as after the set-up, with an empty hash directory
restore_links() {
	rm -rf sub stores
	cp -a "$SAVED"/{sub,stores} .
	rm -f stores/hash/*
}

@test "hard links, and a bundle outside the folder" {
	local root other kind
	root=$(hash_of ca/root.pem)
	other=$(hash_of other/root.pem)
	for kind in hard outside; do
		restore_links
		rm -rf certs
		mkdir certs
		cat other.pem "$(ours 1)" ca/root.pem >certs/bundle.pem
		if [ $kind = hard ]; then
			ln certs/bundle.pem "stores/hash/$other.r0"
			ln certs/bundle.pem "stores/hash/$root.r0"
			ln certs/bundle.pem "stores/hash/$root.r1"
		else
			links_to ../../certs/bundle.pem "$other.r0" "$root.r0"
			links_to "$T/certs/bundle.pem" "$root.r1"
		fi
		import stick2 --quiet
		cat other.pem "$(ours 2)" ca/root.pem |
			cmp - "stores/hash/$root.r0"
		# the other links of a file that is replaced keep what they had
		grep -q "$(sed -n 2p other.pem)" "stores/hash/$other.r0"
		grep -q "$(sed -n 2p ca/root.pem)" certs/bundle.pem
		[ $kind = hard ] || [ -L "stores/hash/$root.r0" ]
		verifies ca/live.pem
		rejects_revoked ca/bad.pem
		sub check
	done
}

@test "two files that both hold this root's old CRLs: others' stay in each" {
	local root
	root=$(hash_of ca/root.pem)
	restore_links
	cat ca/root.pem "$(ours 1)" twin.pem >stores/hash/a.pem
	cat other.pem "$(ours 1)" "$(ours 1)" other/root.pem >stores/hash/b.pem
	cp twin.pem stores/hash/c.pem
	links_to a.pem "$root.r0"
	links_to b.pem "$root.r1"
	links_to c.pem "$root.r2"
	import stick2 --quiet
	cat ca/root.pem "$(ours 2)" twin.pem | cmp - stores/hash/a.pem
	cat other.pem other/root.pem | cmp - stores/hash/b.pem
	cmp twin.pem stores/hash/c.pem
	[ "$(cd stores/hash && echo "$root".r*)" = \
		"$root.r0 $root.r1 $root.r2" ]
	verifies ca/live.pem
	rejects_revoked ca/bad.pem
	cp twin/root.pem "stores/hash/$root.1"
	verifies twin/next.pem
	rm stores/hash/*.[01]
	sub check
}

@test "text, CRLF and keys beside this root's block stay as they are" {
	local file
	for file in stores/all.pem "$(hash_slot 0)"; do
		restore_links
		{
			printf 'Revocations\r\n\r\n'
			sed 's/$/\r/' other.pem
			openssl crl -in "$(ours 1)" -text
			printf '\xef\xbb\xbf# the web server\xc3\xa9\n'
			cat ca/root.pem
			printf '\n# no newline at the end'
		} >"$file"
		cp "$file" before
		import stick2 --quiet
		cmp <(without_ours "$(ours 1)" before) \
			<(without_ours "$(ours 2)" "$file")
		sub check
	done
	# of a folder, a slot may hold a key: it is not served to anybody
	restore_links
	cat other/root.key "$(ours 1)" >"$(hash_slot 0)"
	import stick2 --quiet
	cat other/root.key "$(ours 2)" | cmp - "$(hash_slot 0)"
}

# without_ours PEM FILE: the file without those octets
without_ours() {
	perl -0777 -e 'sub slurp { open(my $f, "<", $_[0]) or die; <$f> }
		my ($block, $file) = map { slurp($_) } @ARGV;
		my $at = index($file, $block);
		die "no such block" if $at < 0;
		substr($file, $at, length $block) = "";
		print $file' "$1" "$2"
}

@test "a slot with a certificate where ours stood: it stays, ours is added" {
	cat ca/root.pem other/root.pem >"$(hash_slot 0)"
	import stick2 --quiet
	cat ca/root.pem other/root.pem "$(ours 2)" | cmp - "$(hash_slot 0)"
	rejects_revoked ca/bad.pem
	# a damaged CRL, whoever's, is not cut out of it
	{
		cat ca/root.pem
		sed 3d "$(ours 1)"
	} >"$(hash_slot 0)"
	cp "$(hash_slot 0)" before
	refuses 69 store import stick2
	says "mend or remove that block"
	cmp before "$(hash_slot 0)"
	rm stores/hash/*.0
	[ "$(yes_if folder_works)" = no ]
	rm stores/hash/*.0
	run ! sub check
}

# put_slot KIND FILE: no file, but what may stand there
put_slot() {
	rm -rf "$2"
	case $1 in
	dangling) ln -s nowhere "$2" ;;
	far) ln -s one.crl/nowhere "$2" ;;
	circular) ln -s "${2##*/}" "$2" ;;
	folder) mkdir "$2" ;;
	fifo) mkfifo "$2" ;;
	esac
}

@test "a slot that OpenSSL cannot open ends the list" {
	local kind slot
	slot=$(hash_slot 1)
	for kind in dangling far circular folder; do
		restore_links
		cp "$(ours 1)" "$(hash_slot 0)"
		put_slot $kind "$slot"
		verifies ca/live.pem
		rm stores/hash/*.0
		run --separate-stderr sub check
		[ "$status" -eq 0 ]
		[[ $stderr == *"test-root/live: ${slot##*/} in $T/stores/hash \
cannot be opened: OpenSSL reads none of this hash behind it"* ]]
		import stick2 --quiet
		holds "$(hash_slot 0)" stick2
		[ -L "$slot" ] || [ -d "$slot" ]
		rejects_revoked ca/bad.pem
		rm stores/hash/*.0
	done
	# if it is the first one, that is all there is
	slot=$(hash_slot 0)
	for kind in dangling far circular folder; do
		restore_links
		put_slot $kind "$slot"
		run ! verifies ca/live.pem
		rm stores/hash/*.0
		mends_slot $kind "$slot"
	done
	# openssl waits for somebody who writes
	restore_links
	cp "$(ours 1)" "$(hash_slot 0)"
	put_slot fifo "$(hash_slot 1)"
	mends_slot fifo "$(hash_slot 1)"
}

# mends_slot KIND FILE: both verbs say how, and that helps
mends_slot() {
	local how="rm $T/$2"
	[ "$1" != folder ] || how="mv $T/$2 $T/$2.old"
	run sub check
	[ "$status" -eq 2 ]
	says " invalid: "
	says ": $how"
	says_not "newest bundle"
	refuses 69 store import stick2
	says "remedy: $how"
	eval "$how"
	import stick2 --quiet
	holds "$(hash_slot 0)" stick2
	sub check
}

# beside KIND: something that is not this root's, as it may stand in a slot
beside() {
	case $1 in
	key) cat other/root.key ;;
	pkcs8) openssl pkcs8 -topk8 -in other/root.key -passout pass:x ;;
	ec) openssl ec -in other/root.key ;;
	public) openssl pkey -in other/root.key -pubout ;;
	parameters) openssl ecparam -name prime256v1 ;;
	request) cat ca/live.csr ;;
	pkcs7) openssl crl2pkcs7 -in other.pem ;;
	label) sed 's/X509 CRL/CRL/' other.pem ;;
	crl-der) openssl crl -in other.pem -outform DER ;;
	cert-der) openssl x509 -in other/root.pem -outform DER ;;
	cert) cat other/root.pem ;;
	indented) sed 's/^/  /' other/root.pem ;;
	text) seq -f 'option%g = on' 20 ;;
	esac 2>/dev/null
}

@test "a second slot with this root's CRL, and something else beside it" {
	local kind root
	root=$(hash_of ca/root.pem)
	for kind in key pkcs8 ec public parameters request pkcs7 label crl-der \
		cert-der cert indented text; do
		restore_links
		cp "$(ours 1)" "$(hash_slot 0)"
		beside $kind >beside
		[ -s beside ]
		cat "$(ours 1)" beside >"$(hash_slot 1)"
		cp twin.pem "$(hash_slot 2)"
		run import stick2
		echo "$kind: $output"
		[ "$status" -eq 0 ]
		says_not "replaced in"
		# OpenSSL would not get to the third past one without a CRL
		cat "$(ours 2)" beside | cmp - "$(hash_slot 1)"
		holds "$(hash_slot 0)" stick2
		cmp twin.pem "$(hash_slot 2)"
		verifies ca/live.pem
		rejects_revoked ca/bad.pem
		cp twin/root.pem "stores/hash/$root.1"
		verifies twin/next.pem
		rm stores/hash/*.[01]
		run import stick2
		says "nothing changed"
		sub check
	done
}

@test "the copy of what is replaced, and is not there any more, stays" {
	local n file kept
	for file in stores/one.crl "$(hash_slot 0)"; do
		restore_work_but_inputs
		for n in 1 2 1; do
			echo "precious $n" >"$file"
			import stick2 --quiet
			cp "$(ours 1)" "$file"
			import stick2 --quiet
		done
		kept=$(echo sub/state/test-root/previous/*-*/"${file##*/}")
		[ "$(cat "$kept.lost-1")" = "precious 1" ]
		[ "$(cat "$kept.lost-2")" = "precious 2" ]
		[ ! -e "$kept.lost-3" ]
		holds "$kept" stick1
	done
}

# What is replaced, and was not this root's own.

# tells FILE WHAT CONTENT: it was replaced, that is said, and the copy has it
tells() {
	says "replaced in ${1##*/}: $2; a copy of the file is "
	[[ $output =~ a\ copy\ of\ the\ file\ is\ ([^[:space:]]+) ]]
	cmp "${BASH_REMATCH[1]}" "$3"
}

@test "garbage that is replaced is said, with its copy" {
	local file what lost
	head -c 999 /dev/urandom >random
	echo '<html><body>404</body></html>' >html
	iconv -t UTF-16 "$(ours 1)" >utf16
	sed 3d "$(ours 1)" >damaged
	head -c 150 "$(crl_of stick1)" >short
	for file in stores/all.pem stores/one.crl "$(hash_slot 0)"; do
		for what in random html utf16 short; do
			restore_work_but_inputs
			cp $what "$file"
			run import stick2
			echo "$file $what: $output"
			[ "$status" -eq 0 ]
			lost="something else, and no CRL of this root"
			[ $what != short ] ||
				lost="a CRL of this root that is cut short"
			tells "$file" "$lost" $what
			all_hold stick2
		done
	done
	for file in stores/one.crl "$(hash_slot 0)"; do
		restore_work_but_inputs
		cp damaged "$file"
		run import stick2
		[ "$status" -eq 0 ]
		tells "$file" "a damaged CRL, or another CA's, in PEM, and no CRL \
of this root" damaged
	done
	# an empty file, and ours in another form, are no loss
	restore_work_but_inputs
	: >stores/all.pem
	cp "$(ours 1)" stores/one.crl
	cp "$(crl_of stick1)" "$(hash_slot 0)"
	run import stick2
	says_not "replaced in"
	all_hold stick2
}

restore_work_but_inputs() {
	rm -rf sub stores
	cp -a "$SAVED"/{sub,stores} .
}

@test "a CRL of this root that is not valid: replaced, and said" {
	local file
	IDP='onlyuser = TRUE' odd_crl user.pem 'authorityKeyIdentifier = keyid' \
		'issuingDistributionPoint = critical\,@idp'
	cat user.pem "$(ours 1)" other.pem >stores/all.pem
	openssl crl -in user.pem -outform DER -out stores/one.crl
	cp user.pem "$(hash_slot 1)"
	cp stores/all.pem before.pem
	cp stores/one.crl before.crl
	run import stick2
	[ "$status" -eq 0 ]
	for file in before.pem:stores/all.pem before.crl:stores/one.crl \
		"user.pem:$(hash_slot 1)"; do
		says "replaced in ${file##*/}: a CRL of this root that is not \
valid (issuingDistributionPoint"
		cmp "${file%%:*}" \
			sub/state/test-root/previous/*-*/"${file##*/}.lost-1"
	done
	cat "$(ours 2)" other.pem | cmp - stores/all.pem
	# and text of a slot that goes
	restore_work_but_inputs
	{
		echo "# of the year before"
		cat "$(ours 1)"
	} >"$(hash_slot 1)"
	run import stick2
	says "replaced in $(basename "$(hash_slot 1)"): text around a CRL of \
this root"
}

@test "what is somebody's is not replaced, though ours stood there" {
	local what file
	openssl x509 -in other/root.pem -outform DER -out cert
	openssl pkey -in other/root.key -outform DER -out key
	openssl ec -in other/root.key -outform DER -out eckey 2>/dev/null
	openssl pkcs8 -topk8 -in other/root.key -passout pass:x -outform DER \
		-out pkcs8
	openssl pkcs12 -export -in other/root.pem -inkey other/root.key \
		-passout pass:x -out pkcs12
	openssl crl2pkcs7 -nocrl -certfile other/root.pem -outform DER \
		-out pkcs7
	openssl x509 -in ca/live.pem -outform DER -out ours-issued
	cat other/root.key >pemkey
	for what in cert key eckey pkcs8 pkcs12 pkcs7 ours-issued pemkey; do
		for file in stores/all.pem stores/one.crl "$(hash_slot 0)"; do
			restore_work_but_inputs
			cp $what "$file"
			refuses 69 store import stick2
			says "$file: not replaced: it holds "
			says_not "has stood there"
			cmp $what "$file"
		done
	done
	# what no reader finds is somebody's all the same
	cat "$(ours 1)" other.pem | iconv -t UTF-16 >utf16
	cat other.pem ca/root.pem | tr '\n' '\r' >cr
	sed 's/^/  /' ca/root.pem >indented
	for what in utf16 cr indented; do
		for file in stores/all.pem stores/one.crl "$(hash_slot 0)"; do
			restore_work_but_inputs
			cp $what "$file"
			refuses 69 store import stick2
			says "$file: not replaced: it holds "
			cmp $what "$file"
		done
	done
	# a bundle at a path that is to hold one CRL in DER
	for what in "$(ours 1) other.pem" "other.pem" "other/root.pem" \
		"$(ours 1) ca/root.pem"; do
		restore_work_but_inputs
		# shellcheck disable=SC2086	# two files
		cat $what >stores/one.crl
		cp stores/one.crl before
		refuses 69 store import stick2
		says "stores/one.crl: not replaced: it holds "
		cmp before stores/one.crl
	done
}

@test "der: what stands behind a CRL of this root is not replaced" {
	local what first
	openssl crl -in other.pem -outform DER -out other.crl
	openssl x509 -in other/root.pem -outform DER -out cert
	for what in other.crl cert other.pem other/root.key; do
		restore_work_but_inputs
		cat "$(crl_of stick1)" $what >stores/one.crl
		cp stores/one.crl before
		refuses 69 store import stick2
		says "stores/one.crl: not replaced: it holds a CRL of this \
root in DER, and other things behind it"
		cmp before stores/one.crl
		# nor another's in front, with anything behind
		for first in "$(crl_of stick1)" /dev/null; do
			cat other.crl "$first" $what >stores/one.crl
			cp stores/one.crl before
			refuses 69 store import stick2
			says "stores/one.crl: not replaced: it holds "
			cmp before stores/one.crl
		done
	done
	printf '\0\0\0\0' >zeros
	echo >newline
	for what in zeros newline "$(crl_of stick1)"; do
		restore_work_but_inputs
		cat "$(crl_of stick1)" "$what" >stores/one.crl
		import stick2 --quiet
		all_hold stick2
	done
}

@test "der: the first part of this root's CRL is replaced anywhere" {
	local file what
	for file in stores/one.crl stores/all.pem "$(hash_slot 0)"; do
		forget
		head -c 200 "$(crl_of stick1)" >"$file"
		cp "$file" before
		run ! sub check
		run import stick2
		echo "$file: $output"
		[ "$status" -eq 0 ]
		tells "$file" "a CRL of this root that is cut short" before
		all_hold stick2
		# of another's, or of a certificate, it is not
		for what in other.pem ca/live.pem other/root.pem; do
			forget
			grep -v -- ----- $what | base64 -d | head -c 200 >"$file"
			cp "$file" before
			refuses 69 store import stick2
			cmp before "$file"
		done
	done
}

@test "chattr +i: 69 if another store was changed, and how to undo it" {
	local file
	for file in stores/all.pem "$(hash_slot 0)" stores; do
		restore_work_but_inputs
		chattr +i "$file" 2>/dev/null ||
			skip "no attribute i on this file system"
		run import stick2
		chattr -i "$file"
		echo "$file: $status $output"
		[ "$status" -eq 69 ]
		says ": store: "
		says "chattr -ia $T/$file"
		import stick2 --quiet
		all_hold stick2
	done
	# none of them was changed
	restore_work_but_inputs
	chattr +i stores/all.pem stores/one.crl "$(hash_slot 0)"
	run import stick2
	chattr -i stores/all.pem stores/one.crl "$(hash_slot 0)"
	echo "$status $output"
	[ "$status" -eq 77 ]
	says ": permissions: "
	says "remedy: chattr -ia $T/stores/hash/"
	all_hold stick1
}

@test "check names no bundle where an import is refused" {
	local what file
	openssl x509 -in other/root.pem -outform DER -out cert
	cat "$(ours 1)" <(echo text) >text
	echo '<html>' >html
	head -c 99 /dev/zero >zeros
	base64 "$(crl_of stick1)" >base64
	openssl crl2pkcs7 -in "$(ours 1)" -outform DER -out pkcs7
	for file in stores/one.crl stores/all.pem "$(hash_slot 0)"; do
		for what in cert text html zeros base64 pkcs7 folder fifo \
			dangling circular; do
			[ $what != text ] || [[ $file = *.crl ]] || continue
			forget
			if [ -e $what ]; then
				cp $what "$file"
			else
				put_slot $what "$file"
			fi
			run sub check
			echo "$file $what: $output"
			[ "$status" -eq 2 ]
			says_not "newest bundle"
			[[ $output =~ move\ that\ file\ away|move\ away\ what|(mv|rm)\ / ]]
			refuses 69 store import stick2
			rm -r "$file"
			import stick2 --quiet
			all_hold stick2
		done
	done
	# no folder, and a file in its place
	forget
	rmdir stores/hash
	run sub check
	says ": mkdir -p $T/stores/hash"
	refuses 69 store import stick2
	mkdir -p stores/hash
	import stick2 --quiet
	forget
	rmdir stores/hash
	: >stores/hash
	run sub check
	says "move away what is there"
	# nothing is lost of a blank line
	forget
	echo >stores/one.crl
	echo >stores/all.pem
	import stick2 --quiet
	all_hold stick2
}

# A file that its consumers cannot load.

# make_file KIND: a PEM file with CRL #1, and something else
make_file() {
	local own
	own=$(ours 1)
	case $1 in
	base64) sed '2s/^....../!!!!!!/' other.pem && cat "$own" ;;
	field) cat "$own" "$FIELD/52-pem-store-damaged-foreign.pem" ;;
	label) sed 's/X509 CRL/CRL/' other.pem && cat "$own" ;;
	unended) sed '$d' other.pem && cat "$own" ;;
	own-unended) cat other.pem && sed '$d' "$own" ;;
	own-cut) cat other.pem && head -c 300 "$own" ;;
	end-begin)
		sed '$d' other.pem
		printf -- '-----END X509 CRL-----'
		cat "$own"
		;;
	begin-begin) echo '-----BEGIN X509 CRL-----' && cat "$own" ;;
	utf16) cat "$own" other.pem | iconv -t UTF-16 ;;
	utf16-behind) cat "$own" && iconv -t UTF-16LE other.pem ;;
	bom) printf '\xef\xbb\xbf' && cat "$own" other.pem ;;
	bom-behind) cat "$own" && printf '\xef\xbb\xbf' && cat other.pem ;;
	blank) sed '2s/$/\n/' other.pem && cat "$own" ;;
	cr) cat other.pem "$own" | tr '\n' '\r' ;;
	crlf) cat other.pem "$own" | sed 's/$/\r/' ;;
	nul) printf 'x\n\0\0\n' && cat "$own" ;;
	nul-behind) cat "$own" && printf 'x\n\0\0\n' && cat other.pem ;;
	long-253 | long-254 | long-255 | long-600)
		printf 'x%.0s' $(seq "${1#long-}") && cat "$own" ;;
	one-line | wide)
		echo '-----BEGIN X509 CRL-----'
		openssl crl -in "$own" -outform DER | base64 -w \
			"$([ "$1" = wide ] && echo 76 || echo 0)"
		echo '-----END X509 CRL-----'
		;;
	header) sed '1s/$/\nComment: x\n/' other.pem && cat "$own" ;;
	encrypted)
		sed '1s/$/\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0011/
			' other.pem
		cat "$own"
		;;
	unknown)
		printf -- '-----BEGIN FOO-----\nAAAA\n-----END FOO-----\n'
		cat "$own"
		;;
	dh) openssl dhparam -dsaparam 512 2>/dev/null && cat "$own" ;;
	ec) openssl ecparam -name prime256v1 && cat "$own" ;;
	ec-key) openssl ec -in other/root.key 2>/dev/null && cat "$own" ;;
	rsa-key)
		openssl genrsa -traditional -aes128 -passout pass:x 2048
		cat "$own"
		;;
	pkcs8)
		openssl pkcs8 -topk8 -in other/root.key -passout pass:x
		cat "$own"
		;;
	trusted)
		openssl x509 -in other/root.pem -trustout -addtrust clientAuth
		cat "$own"
		;;
	trusted-bad)
		openssl x509 -in other/root.pem -trustout | sed 3d
		cat "$own"
		;;
	cert-bad) sed 3d other/root.pem && cat "$own" ;;
	old-label) sed 's/ CERT/ X509 CERT/' other/root.pem && cat "$own" ;;
	pkcs7) openssl crl2pkcs7 -in other.pem && cat "$own" ;;
	spaces) sed 's/-----$/-----  /' other.pem && cat "$own" ;;
	indented) sed 's/^/  /' other.pem && cat "$own" ;;
	own-indented) sed 's/^/  /' "$own" && cat other.pem ;;
	dashes) sed '1s/-----$/----/' other.pem && cat "$own" ;;
	no-newline) cat other.pem "$own" | head -c -1 ;;
	empty-block)
		printf -- '-----BEGIN X509 CRL-----\n-----END X509 CRL-----\n'
		cat "$own"
		;;
	cert-as-crl) sed 's/CERTIFICATE/X509 CRL/' other/root.pem && cat "$own" ;;
	crl-as-cert) cat "$own" && sed 's/X509 CRL/CERTIFICATE/' other.pem ;;
	field-crl-as-cert)
		cat "$own" "$FIELD/42-crl-as-certificate-label.pem" ;;
	dsa-bad)
		printf -- '-----BEGIN DSA PRIVATE KEY-----\nAAAA\n'
		printf -- '-----END DSA PRIVATE KEY-----\n'
		cat "$own"
		;;
	der) openssl crl -in "$own" -outform DER ;;
	text) echo 'no block' ;;
	empty) ;;
	twin) cat twin.pem "$own" ;;
	whole) cat other.pem ca/root.pem "$own" ;;
	esac 2>/dev/null
}

KINDS="base64 field label unended own-unended own-cut end-begin begin-begin
utf16 utf16-behind bom bom-behind blank cr crlf nul nul-behind long-253 long-254
long-255 long-600 one-line wide header encrypted unknown dh ec ec-key rsa-key
pkcs8 trusted trusted-bad cert-bad old-label pkcs7 spaces indented own-indented
dashes no-newline empty-block cert-as-crl crl-as-cert field-crl-as-cert dsa-bad
der text empty twin whole"

# says_block: which block it is, and on which line; or that there is none
says_block() {
	[[ $output =~ "block "[12]" ("[A-Z0-9\ ]+", line "[0-9]+")" ||
		$output == *"load nothing of this file: it"* ||
		$output == *"load nothing of this file: no PEM block"* ||
		$output == *"from line "* || $output == *" missing: "* ]]
}

@test "pem: 50 files, beside openssl, nginx and Python's ssl: both ways" {
	local kind works good=0 bad=0
	for kind in $KINDS; do
		make_file "$kind" >stores/all.pem
		works=$(yes_if file_works stores/all.pem)
		echo "$kind: openssl $works"
		check_agrees "$works"
		if [ "$works" = yes ]; then
			good=$((good + 1))
			nginx_loads stores/all.pem
			python_loads stores/all.pem
		else
			bad=$((bad + 1))
			says_block
		fi
		# what nginx cannot load is invalid, but for nothing at all
		if [ "$(yes_if nginx_loads stores/all.pem)" = no ]; then
			run ! python_loads stores/all.pem
			[ "$kind" = empty ] ||
				[[ $(sub check) == *" invalid: "* ]]
		fi
	done
	echo "$good good, $bad bad"
	[ "$good" -ge 23 ]
	[ "$bad" -ge 23 ]
}

@test "hashdir: the same as the only slot, beside openssl: both ways" {
	local kind works good=0 bad=0
	for kind in $KINDS; do
		rm -f stores/hash/*
		make_file "$kind" >"$(hash_slot 0)"
		works=$(yes_if folder_works)
		rm -f stores/hash/*.0
		echo "$kind: openssl $works"
		check_agrees "$works"
		if [ "$works" = yes ]; then
			good=$((good + 1))
		else
			bad=$((bad + 1))
		fi
	done
	echo "$good good, $bad bad"
	[ "$good" -ge 25 ]
	[ "$bad" -ge 20 ]
}

@test "import into a file that its consumers cannot load: store, put back" {
	local kind works
	for kind in $KINDS; do
		restore_work_but_inputs
		make_file "$kind" >stores/all.pem
		cp stores/all.pem before
		run import stick2
		echo "$kind: $status: $output"
		if [ "$status" -eq 0 ]; then
			file_works stores/all.pem
			nginx_loads stores/all.pem
			run --separate-stderr sub check
			[ "$status" -eq 0 ]
		else
			[ "$status" -eq 69 ]
			says ": store: "
			cmp before stores/all.pem
			[ "$(yes_if file_works before)" = no ]
		fi
		case $kind in
		field | base64 | cert-bad | blank | header)
			says "mend or remove that block"
			grep -q "$(sed -n 3p other.pem)" stores/all.pem ||
				[ $kind = field ] || [ $kind = cert-bad ]
			;;
		esac
	done
}

@test "52-pem-store-damaged-foreign: invalid, the block; import: put back" {
	local file=$FIELD/52-pem-store-damaged-foreign.pem
	openssl crl -in "$file" -noout 2>/dev/null && false
	cat "$(ours 1)" "$file" >stores/all.pem
	cp stores/all.pem before
	run ! nginx_loads stores/all.pem
	run sub check
	[ "$status" -eq 2 ]
	says "invalid: pem $T/stores/all.pem is of no use to live, which may \
have stopped: block 2 (X509 CRL, line "
	says "is damaged: OpenSSL and nginx load nothing of this file: mend or \
remove that block"
	refuses 69 store import stick2
	says "block 2 (X509 CRL"
	says "remedy: mend or remove that block"
	cmp before stores/all.pem
	holds stores/one.crl stick2
}

@test "a store that has the very CRL of the bundle already is not ahead" {
	cp "$(ours 2)" stores/all.pem
	refuses 77 rollback import stick1
	says "pem $T/stores/all.pem holds a newer CRL than was accepted, #2"
	run import stick2
	[ "$status" -eq 0 ]
	says_not "newer CRL"
	all_hold stick2
}

# A CRL that OpenSSL would not use for the subordinate's certificate.

# issue_live LINE...: ca/live.pem anew, with these extensions; DATES holds
# options of openssl
issue_live() {
	printf '%s\n' "[v3_live]" 'basicConstraints = critical,CA:TRUE' \
		'keyUsage = critical,keyCertSign,cRLSign' "$@" >>ca/ca.cnf
	openssl ca -config ca/ca.cnf -batch -notext -extensions v3_live \
		${DATES:-} -in ca/live.csr -out ca/live.pem 2>/dev/null
	cp ca/live.pem sub/live.pem
}

@test "a subordinate's certificate that names another issuer: invalid" {
	local crl
	import stick2 --quiet
	# AKI of another key, and of another certificate of this key
	issue_live '2.5.29.35 = DER:30:06:80:04:01:02:03:04'
	run ! file_works stores/all.pem
	run sub check
	[ "$status" -eq 2 ]
	says "invalid: hashdir $T/stores/hash is of no use to live, which \
may have stopped: OpenSSL uses no CRL of this root"
	says "unable to get local issuer certificate"
	# as by a CRL that names no key
	cp -a stores kept
	odd_crl odd.pem '2.5.29.20 = DER:02:01:07'
	put_everywhere odd.pem
	run sub check
	[ "$status" -eq 2 ]
	says "unable to get local issuer certificate"
	rm -r stores
	mv kept stores
	# the store is not to blame: the CRL goes in, and stays
	cp "$(ours 1)" stores/all.pem
	import stick2 --quiet
	holds stores/all.pem stick2
}

@test "a CRL for a distribution point that this certificate lacks: invalid" {
	local other='crlDistributionPoints = URI:http://pki.example/b.crl'
	configure 's/schedule = "semiannual"/& ; bare = true/'
	# two subordinates: only the second has that distribution point
	make_sub ca second
	issue_live "$other"
	cp ca/live.pem ca/second.pem
	cp "$SAVED/ca/live.pem" ca/live.pem
	cp ca/live.pem sub/live.pem
	sed -i "s|subordinates = (|& { name = \"second\"; certificate = \
\"$T/ca/second.pem\"; stores = ( { type = \"pem\"; path = \
\"$T/stores/second.pem\"; } ); },|" sub/crlferry.cfg
	IDP='fullname = URI:http://pki.example/b.crl' odd_crl point.pem \
		'authorityKeyIdentifier = keyid' \
		'issuingDistributionPoint = critical\,@idp'
	put_everywhere point.pem
	cp point.pem stores/second.pem
	mkdir anchors
	cp ca/root.pem "anchors/$(hash_of ca/root.pem).0"
	openssl verify -CApath anchors -CAfile stores/second.pem -crl_check \
		ca/second.pem
	run openssl verify -CApath anchors -CAfile stores/all.pem -crl_check \
		ca/live.pem
	[ "$status" -ne 0 ]
	says "different CRL scope"
	run sub check test-root/live
	echo "$output"
	[ "$status" -eq 2 ]
	says "invalid: hashdir"
	says "different CRL scope"
}

@test "an expired subordinate: its CRL is used, its end is CRITICAL, and a note" {
	import stick2 --quiet
	DATES="-startdate 20240101000000Z -enddate 20250101000000Z" \
		issue_live 'authorityKeyIdentifier = keyid'
	run file_works stores/all.pem
	says "certificate has expired"
	run --separate-stderr sub check
	echo "$output $stderr"
	[ "$status" -eq 2 ]
	[[ $output == "CRLFERRY CRITICAL - test-root/live fresh, but the \
certificate of live ended on 2025-01-01 ("* ]]
	[[ $stderr == *"OpenSSL does not verify sub/live.pem: certificate has \
expired"* ]]
}

@test "an expired subordinate: import says so, too" {
	local note="test-root/live: OpenSSL does not verify sub/live.pem, \
whatever the CRL: certificate has expired; programs refuse it until that is \
mended"
	run --separate-stderr import stick2
	[[ $stderr != *"OpenSSL does not verify"* ]]
	forget
	DATES="-startdate 20240101000000Z -enddate 20250101000000Z" \
		issue_live 'authorityKeyIdentifier = keyid'
	run --separate-stderr import stick2
	echo "$output $stderr"
	[ "$status" -eq 0 ]
	[[ $stderr == *"$note"* ]]
	all_hold stick2
	# as often as it is imported, but not where it is only judged
	run --separate-stderr import stick2
	[[ $stderr == *"$note"* ]]
	run --separate-stderr import stick2 --dry-run
	[[ $stderr != *"$note"* ]]
	configure 's/name = "live";/& retired = true;/'
	run --separate-stderr import stick2
	[[ $stderr != *"$note"* ]]
}

@test "a subordinate that is not valid yet: its CRL is used, and a note" {
	import stick2 --quiet
	DATES="-startdate 20350101000000Z -enddate 20351231000000Z" \
		issue_live 'authorityKeyIdentifier = keyid'
	run file_works stores/all.pem
	says "certificate is not yet valid"
	run --separate-stderr sub check
	echo "$output $stderr"
	[ "$status" -eq 0 ]
	[[ $stderr == *"OpenSSL does not verify sub/live.pem: certificate is \
not yet valid"* ]]
}

# In a store as anywhere: CRLs of the corpus.

# field_stores ROOT: a subordinate s1 of that root, with stores of each type
field_stores() {
	rm -rf sub stores
	mkdir -p sub stores/hash
	cp "$1" sub/root.pem
	cp "$FIELD/root/s1.pem" sub/
	on_field_day "$SUB_PROGRAM" init --root corp=sub/root.pem \
		--subordinate s1=sub/s1.pem --store hashdir:stores/hash \
		--store pem:stores/all.pem --store der:stores/one.crl \
		--output sub/crlferry.cfg >/dev/null
}

# field_everywhere FILE: a CRL in DER into all of them
field_everywhere() {
	cp "$1" stores/one.crl
	openssl crl -inform DER -in "$1" -out stores/all.pem
	cp stores/all.pem "stores/hash/$(hash_of sub/root.pem).r0"
}

# field_openssl: s1 by the PEM store; field_check
field_openssl() {
	run on_field_day openssl verify -CAfile sub/root.pem -CRLfile \
		stores/all.pem -crl_check sub/s1.pem
}

field_check() {
	run on_field_day "$SUB_PROGRAM" check --config sub/crlferry.cfg
	echo "$output"
}

@test "11e-aki-old-root-serial in a store: invalid, as OpenSSL never uses it" {
	field_stores "$FIELD/renewed/root.pem"
	field_everywhere "$FIELD/11e-aki-old-root-serial.crl"
	field_openssl
	says "unable to get certificate CRL"
	field_check
	[ "$status" -eq 2 ]
	says " invalid: hashdir "
	says authorityCertSerialNumber
}

@test "10-issuer-printable in a store: taken, as OpenSSL takes it" {
	field_stores "$FIELD/root/root.pem"
	field_everywhere "$FIELD/10-issuer-printable.crl"
	field_openssl
	[ "$status" -eq 0 ]
	field_check
	[ "$status" -lt 2 ]
	says_not invalid
}

on_field_day() {
	TZ=UTC guarded faketime '2026-12-05 12:00:00' "$@"
}

# big_crl FILE: #7 of the root with 9,000 entries, over 256 KiB of PEM
big_crl() {
	perl -e 'printf "R\t360101000000Z\t260101000000Z\t%08X\tunknown\t" .
		"/CN=%d\n", 0x40000000 + $_, $_ for 1 .. 9000' >>ca/index.txt
	odd_crl "$1" 'authorityKeyIdentifier = keyid'
	[ "$(stat -c %s "$1")" -gt $((256 * 1024)) ]
}

@test "a large CRL, which is not loaded: the same verdicts" {
	configure 's/schedule = "semiannual"/& ; bare = true/'
	big_crl big.pem
	import big.pem --quiet
	check_agrees "$(yes_if file_works stores/all.pem)"
	[ "$status" -eq 0 ]
	# beside an odd one, and with a damaged one
	cat other.pem >>stores/all.pem
	check_agrees "$(yes_if file_works stores/all.pem)"
	[ "$status" -eq 0 ]
	sed 3d other.pem >>stores/all.pem
	check_agrees "$(yes_if file_works stores/all.pem)"
	says "block 3 (X509 CRL, line "
	cp big.pem stores/all.pem
	issue_live '2.5.29.35 = DER:30:06:80:04:01:02:03:04'
	check_agrees "$(yes_if file_works stores/all.pem)"
	says "unable to get local issuer certificate"
}

@test "the store is a file in DER alone: the certificate counts as well" {
	sed -i '/type = "\(hashdir\|pem\)"/,/}/d' sub/crlferry.cfg
	grep -c 'type = ' sub/crlferry.cfg | grep -qx 1
	sub check
	issue_live '2.5.29.35 = DER:30:06:80:04:01:02:03:04'
	run sub check
	[ "$status" -eq 2 ]
	says "invalid: der "
	says "unable to get local issuer certificate"
}

# Where OpenSSL's own lookup cannot be asked.

# lookup_lacks CALL: check, with an error at each call of that kind
lookup_lacks() {
	run strace -qq -o trace -e "trace=$1" -e "inject=$1:error=EROFS" \
		"$SUB_PROGRAM" check --config sub/crlferry.cfg
	echo "$1: $output"
	grep -q INJECTED trace
}

@test "where OpenSSL's own lookup cannot be asked: judged all the same" {
	local what
	need_strace
	import stick2 --quiet
	cp "$(hash_slot 0)" kept
	# no key id says that it is another's
	sed -i '/^crl_extensions/d' twin/ca.cnf
	for what in mkdir memfd_create; do
		cp kept stores/all.pem
		cp twin.pem "$(hash_slot 1)"
		lookup_lacks $what
		[ "$status" -eq 0 ]
		# the one that openssl would use is another's
		openssl ca -config twin/ca.cnf -gencrl -out "$(hash_slot 1)" \
			2>/dev/null
		lookup_lacks $what
		[ "$status" -eq 2 ]
		says "another key's CRL with this root's name, in "
		rm "$(hash_slot 1)"
		sed 3d other.pem >>stores/all.pem
		lookup_lacks $what
		[ "$status" -eq 2 ]
		says "block 2 (X509 CRL, line "
	done
	# any other error is told, and the folder goes all the same
	lookup_lacks symlinkat
	[ "$status" -eq 2 ]
	says "Read-only file system"
	[[ $output =~ (/tmp/crlferry-[A-Za-z0-9]{6}) ]]
	[ ! -e "${BASH_REMATCH[1]}" ]
}

@test "a lookup leaves nothing behind, and its folder is closed" {
	local before
	before=$(find /tmp -maxdepth 1 -name 'crlferry-??????' -newer ca | wc -l)
	sub check
	[ "$(find /tmp -maxdepth 1 -name 'crlferry-??????' -newer ca |
		wc -l)" -eq "$before" ]
}
