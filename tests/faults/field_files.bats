#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Files as people have them: a crlnumber that was edited, a CRL or certificate
# as an editor or a browser left it, and the wrong file altogether.

load ../e2e/field_setup
load ../e2e/ceremony_fixture

# peer_ca: openssl's view of the CA in the folder ca
peer_ca() {
	cat >peer.cnf <<-CNF
		[ca]
		default_ca = root
		[root]
		database = ca/index.txt
		crlnumber = ca/crlnumber
		certificate = ca/root.pem
		private_key = ca/root.key
		default_md = sha256
		default_crl_days = 30
	CNF
}

# openssl_takes: `openssl ca` signs with the number in the file, which ends up
# in $peer, and its next one in $peer_next; the file is put back
openssl_takes() {
	local status=0
	cp ca/crlnumber crlnumber.before
	openssl ca -gencrl -config peer.cnf -out peer.pem 2>peer.log ||
		status=1
	peer_next=$(cat ca/crlnumber)
	cat crlnumber.before >ca/crlnumber
	rm -f ca/crlnumber.old ca/crlnumber.new ca/crlnumber.attr
	[ "$status" -eq 0 ] || return 1
	peer=$(openssl crl -in peer.pem -noout -crlnumber)
	peer=${peer#crlNumber=0x}
}

@test "crlnumber: a second line, and whatever else openssl passes over" {
	local text
	field_root
	peer_ca
	cp "$FIELD/51-crlnumber-two-lines" ca/crlnumber
	openssl_takes || {
		cat peer.log
		return 1
	}
	run field_ca issue --first
	[ "$status" -eq 0 ]
	says "note: $T/ca/crlnumber has more than a number in it, which is left out"
	[ "$peer" = 1001 ]
	[ "$(crl_number "$(last_crl ca corp)")" = 1001 ]
	[ "$(cat ca/crlnumber)" = 1002 ] && [ "$peer_next" = 1002 ]
	for text in '1100 # at the next ceremony\n' '1200\r\n' '1300  \t\n' \
		'14ab' '1500\n1600\n' '1601\r1700' '18:00\n' '1901\00002\n' \
		'200\\\n0100\n' '00210\\\r\n00\n' '22 00' 'aaffzz\n'; do
		printf '%b' "$text" >ca/crlnumber
		openssl_takes
		run field_ca issue
		[ "$status" -eq 0 ]
		# one that lies behind the archive is moved forward
		[[ $output == *'lies behind the archive'* ]] ||
			[ "$(crl_number "$(last_crl ca corp)")" = "$peer" ] || {
			echo "$text: want $peer, have $output"
			return 1
		}
		[[ $output == *'lies behind the archive'* ]] ||
			[ "$(cat ca/crlnumber)" = "$peer_next" ]
	done
	# and openssl goes on from ours
	next=$(cat ca/crlnumber)
	openssl_takes
	[ "$peer" = "$next" ]
}

@test "crlnumber: what openssl does not read either is refused, and stays" {
	local text remedy
	field_root
	peer_ca
	field_ca issue --first --quiet
	while IFS='|' read -r text remedy; do
		printf '%b' "$text" >ca/crlnumber
		! openssl_takes || {
			echo "openssl reads $text as $peer"
			return 1
		}
		refused ca 65 format field_ca issue
		says "$T/ca/crlnumber "
		says "$remedy" || {
			echo "of $text"
			return 1
		}
		refused ca 65 format field_ca issue --dry-run
		says "$remedy"
	done <<-'ROWS'
		\n1001\n|echo 1001 >
		\r\n1001\r\n|echo 1001 >
		 1001\n|echo 1001 >
		\t1001\n|echo 1001 >
		1001a\n|echo 01001a >
		7\n|echo 07 >
		0x1001\n|echo 1001 >
		+1001\n|does not begin with two hexadecimal digits
		-1001\n|does not begin with two hexadecimal digits
		# next: 1001\n|does not begin with two hexadecimal digits
		\0357\0273\02771001\n|sed -i '1s/^\xEF\xBB\xBF//'
		\0357\0273\0277\n1001\n|byte order mark
		\0377\0376\061\0\060\0\n\0|UTF-16
		\0376\0377\0\061\0\060\0\n|UTF-16
		\n|an empty line in place of the number
		|is empty
		\00001001\n|an empty line in place of the number
		1001\\\n02\n|odd number of digits
		100\\\n|an empty line in place of the number
	ROWS
	[ "$(find ca/state/corp/archive -name '*.crl' | wc -l)" -eq 1 ]
	# more than a CRL number may have, though openssl would go on
	echo 010000000000000000000000000000000000000000 >ca/crlnumber
	openssl_takes
	refused ca 65 format field_ca issue
	says '2^159-1'
}

@test "crlnumber: no command writes over what may be another file" {
	local text
	field_root
	field_ca issue --first --quiet
	while read -r text; do
		printf '%b' "$text" >ca/crlnumber
		refused ca 65 format field_ca issue
		says 'remedy: if that is another file, correct "crlnumber" in the configuration'
		says_not 'echo '
		says_not 'sed '
	done <<-'ROWS'
		-----BEGIN PRIVATE KEY-----\nMC4CAQAw\n-----END PRIVATE KEY-----\n
		V\t300101000000Z\t\t1000\tunknown\t/CN=x\n
		\n1001\n1002\n
		\0357\0273\0277-----BEGIN CERTIFICATE-----\n
		\0377\0376V\0\t\00\0\n\0
		# next: 1001\n
		1A2\\\nB\n
	ROWS
	says "goes on in a line that does not begin with two hexadecimal digits"
	printf ' %0200d\n' 1 >ca/crlnumber
	refused ca 65 format field_ca issue
	says_not 'echo '
	# neither a folder nor a FIFO is a damaged file
	rm ca/crlnumber
	mkdir ca/crlnumber
	refused ca 65 format field_ca issue
	says 'remedy: correct "crlnumber" in the configuration (init: --crlnumber)'
	rmdir ca/crlnumber
	mkfifo ca/crlnumber
	refuses 65 format field_ca issue
	says 'remedy: correct "crlnumber" in the configuration (init: --crlnumber)'
}

@test "crlnumber that is another file of the CA is refused by every verb" {
	local file name verb
	field_root --subordinate "s1=$FIELD/root/s1.pem"
	cp ca/crlferry.cfg whole.cfg
	ln ca/index.txt ca/hard
	ln -s root.key ca/link
	while read -r file name; do
		sed "s|crlnumber = .*|crlnumber = \"$file\";|" whole.cfg \
			>ca/crlferry.cfg
		for verb in status plan 'issue --first' 'issue --dry-run' \
			'revoke corp 1000 --reason superseded' \
			'adopt corp none.crl' 'ledger verify' \
			'export medium' 'ceremony medium --rehearse'; do
			# shellcheck disable=SC2086 # the verb and its arguments
			refused ca 78 config field_ca $verb
			says "ca/crlferry.cfg:$(grep -n 'crlnumber = ' ca/crlferry.cfg |
				cut -d : -f 1): corp: crlnumber and $name are one file, "
			says_not 'echo '
		done
	done <<-'ROWS'
		root.key key
		./root.key key
		link key
		index.txt index
		hard index
		../ca/root.pem certificate
		s1.pem a subordinate's certificate
		crlferry.cfg this configuration
	ROWS
	sed 's|crlnumber = .*|crlnumber = "number";|' whole.cfg >ca/crlferry.cfg
	field_ca issue --first --quiet
	# and so does init
	for name in key:ca/root.key key:ca/link index:ca/index.txt \
		index:ca/hard certificate:ca/root.pem; do
		refused ca 64 usage on_day "$ROOT_PROGRAM" init --name corp \
			--certificate ca/root.pem --key ca/root.key \
			--index ca/index.txt --crlnumber "${name#*:}" \
			--output ca/new.cfg
		says "--crlnumber and --${name%%:*} are one file, ca/"
	done
}

@test "crlnumber: the remedies mend it; rehearsal and init look at it too" {
	field_root
	field_ca issue --first --quiet
	printf '\xef\xbb\xbf1001\n' >ca/crlnumber
	refused ca 65 format field_ca issue
	remedy=$(grep -o "sed -i .*" <<<"$output")
	bash -c "$remedy"
	field_ca issue --quiet
	[ "$(crl_number "$(last_crl ca corp)")" = 1001 ]
	mkdir medium
	echo ' 20A' >ca/crlnumber
	export TZ=UTC
	# shellcheck disable=SC2034
	WITHIN=(faketime "$FIELD_DAY")
	ends 65 format : --rehearse
	says "$T/ca/crlnumber does not begin with two hexadecimal digits"
	refused ca 65 format field_ca issue
	remedy=$(grep -o "echo .*" <<<"$output")
	bash -c "$remedy"
	[ "$(cat ca/crlnumber)" = 020A ]
	mkdir again
	cp ca/root.* ca/index.txt again
	printf 'next 1001\n' >again/crlnumber
	refused again 65 format on_day "$ROOT_PROGRAM" init --name corp \
		--certificate again/root.pem --key again/root.key \
		--index again/index.txt --output again/crlferry.cfg
	says 'does not begin with two hexadecimal digits'
	[ ! -e again/crlferry.cfg ]
}

# make_wrong: the folder wrong, with a file of each kind that is not one CRL
make_wrong() {
	local key=$FIELD/root/root.key cert=$FIELD/root/root.pem
	mkdir -p wrong
	cp "$FIELD/02c-label-CRL.pem" wrong/label.pem
	cp "$FIELD/42-crl-as-certificate-label.pem" wrong/as-certificate.pem
	cp "$FIELD/42c-two-crls.pem" wrong/two.pem
	cp "$cert" wrong/certificate.pem
	openssl x509 -in "$cert" -outform DER -out wrong/certificate.der
	cp "$key" wrong/key.pem
	openssl pkey -in "$key" -outform DER -out wrong/key.der
	openssl req -new -key "$key" -subj /CN=x -out wrong/csr.pem
	openssl crl2pkcs7 -in good.pem -certfile "$cert" -out wrong/p7.pem
	openssl pkcs12 -export -in "$cert" -inkey "$key" -passout pass:x \
		-out wrong/p12
	openssl ocsp -issuer "$cert" -serial 5 -no_nonce -reqout wrong/ocsp
	openssl ocsp -issuer "$cert" -serial 5 -reqout wrong/ocsp-nonce
	openssl ocsp -issuer "$cert" -serial 5 -signer "$cert" -signkey \
		"$key" -reqout wrong/ocsp-signed
	: >wrong/index.txt
	openssl ocsp -index wrong/index.txt -CA "$cert" -rsigner "$cert" \
		-rkey "$key" -reqin wrong/ocsp -respout wrong/ocsp-response
	printf '0\3\12\1\6' >wrong/ocsp-error
	openssl ts -query -data "$cert" -out wrong/timestamp
	printf '\n  <!DOCTYPE html>\n<title>\033[31m404' >wrong/html
	printf '\xef\xbb\xbf<HTML><body>' >wrong/html-bom
	printf '<?xml version="1.0"?>\n<Error/>' >wrong/xml
	printf 'HTTP/1.1 404 Not Found\r\n\r\n' >wrong/http
	echo '{ "type": "crlferry-bundle" }' >wrong/json
	printf '[\n  { "serial": 1 } ]' >wrong/json-list
	printf '[ ca ]\ndefault_ca = root\n' >wrong/openssl.cnf
	printf '[InternetShortcut]\r\nURL=http://x/\r\n' >wrong/url
	printf '{\\rtf1 x}' >wrong/rtf
	gzip -c good.pem >wrong/gzip
	printf 'PK\3\4\12\0\0\0\0' >wrong/zip
	echo '%PDF-1.7' >wrong/pdf
	: >wrong/empty
	printf '\r\n \r\n' >wrong/blank
	echo 'the CRL is on the other stick' >wrong/text
	printf 'R\t270101000000Z\t' >wrong/index
	openssl crl -in good.pem -noout -text >wrong/text-of-crl
	printf 'untrusted comment: x\nRWQ\n' >wrong/minisig
	iconv -t UTF-16 good.pem >wrong/utf16
	iconv -t UTF-16LE good.pem >wrong/utf16le
	sed '1d; $d' good.pem >wrong/base64
	openssl base64 -d -in wrong/base64 -out good.der
	od -An -v -tx1 good.der >wrong/hex
	head -c 200 good.der >wrong/cut.der
	(cat good.der && echo) >wrong/long.der
	head -c -20 good.pem >wrong/cut.pem
	sed 1d good.pem >wrong/headless.pem
	tr '\n' '\r' <good.pem >wrong/cr.pem
	sed 's/^/  /' good.pem >wrong/indented.pem
	sed 's/END X509 CRL/END CRL/' good.pem >wrong/other-end.pem
	(head -n 4 good.pem && cat good.pem) >wrong/torn.pem
	sed '3s/^./!/' good.pem >wrong/no-base64.pem
	(sed -n 1p good.pem && printf 'Proc-Type: 4,CRL\n\n' &&
		sed 1d good.pem) >wrong/headers.pem
	head -c 300 /dev/zero >wrong/zeros
}

# Each of those, and a part of what is to be said of it.
WRONG='label.pem is a CRL under the PEM label CRL, not X509 CRL
as-certificate.pem is a CRL under the PEM label CERTIFICATE, not X509 CRL
two.pem holds 2 CRLs, not one: #5 of CN=Field Root RSA,O=Example Authority,C=DE; #1 of CN=Field Root CA,
certificate.pem is a certificate, not a CRL
certificate.der is a certificate, not a CRL
key.pem is a private key, not a CRL
key.der is a private key, not a CRL
csr.pem is a certificate request, not a CRL
p7.pem is a PKCS#7 file, not a CRL
p12 is a PKCS#12 file, not a CRL
ocsp is an OCSP request, not a CRL
ocsp-nonce is an OCSP request, not a CRL
ocsp-signed is an OCSP request, not a CRL
ocsp-response is an OCSP response, not a CRL
ocsp-error is an OCSP response, not a CRL
timestamp is a timestamp request, not a CRL
html is HTML, not a CRL
html-bom is HTML, not a CRL
xml is HTML or XML, not a CRL
http is an HTTP response with its headers, not a CRL
json is JSON, not a CRL
json-list is JSON, not a CRL
openssl.cnf is text without a PEM block, not a CRL
url is text without a PEM block, not a CRL
rtf is a rich text document, not a CRL
gzip is compressed by gzip, not a CRL
zip is a zip archive, not a CRL
pdf is a PDF, not a CRL
empty is empty, not a CRL
blank is empty, not a CRL
text is text without a PEM block, not a CRL
index is an index of openssl ca, not a CRL
text-of-crl is the text that openssl prints of a CRL, not a CRL
minisig is a key or seal of minisign, not a CRL
utf16 is UTF-16 text, not a CRL
utf16le is UTF-16 text, not a CRL
base64 is base64 without BEGIN and END lines, not a CRL
hex is text of hexadecimal digits, not a CRL
cut.der is cut off: 200 of its 290 octets are there
long.der is a CRL with 1 octet behind it
cut.pem is PEM without an END line, cut off, not a CRL
headless.pem is PEM without a BEGIN line, not a CRL
cr.pem is PEM without line feeds, not a CRL
indented.pem is PEM with a BEGIN or END that does not begin its line, not a CRL
other-end.pem is PEM without a BEGIN and an END line that match, not a CRL
torn.pem is PEM in which a block has no END line, not a CRL
no-base64.pem: X509 CRL: base64: a stray character
headers.pem is PEM with headers in its block, not a CRL
zeros is binary data of no known kind, not a CRL'

# all_wrong COMMAND...: refuses each, says what it is, and changes nothing
all_wrong() {
	local line
	while IFS= read -r line; do
		refused . 65 format "$@" "wrong/${line%%[ :]*}" || return
		says "wrong/$line" || return
		says_not $'\033' || return
	done <<<"$WRONG"
}

# make_own_twice: of the two CRLs in one file, both are now this root's; of those
# that are others' but for one, that one would be taken (lost_folder.bats)
make_own_twice() {
	local own
	own=$(awk '/^-----BEGIN /{n++} n==2' wrong/two.pem)
	printf '%s\n%s\n' "$own" "$own" >wrong/two.pem
	WRONG=$(sed '/^two.pem/s/#5 of [^;]*; \(.*\)/\1O=Example Authority,C=DE; \1/' <<<"$WRONG")
	[[ $WRONG == *"#1 of CN=Field Root CA,"*"C=DE; #1 of CN=Field Root CA,"* ]]
}

@test "where a CRL should be: each kind is named by adopt" {
	openssl crl -in "$FIELD/05-serial0.crl" -out good.pem
	make_wrong
	make_own_twice
	field_root
	field_ca issue --first --quiet
	all_wrong field_ca adopt corp
	# a folder
	refused . 65 format field_ca adopt corp wrong
	says 'is a folder'
}

@test "where a CRL should be: each kind is named by import, through its sandbox" {
	openssl crl -in "$FIELD/05-serial0.crl" -out good.pem
	make_wrong
	field_sub pem:sub/store.pem
	field_issuing import "$FIELD/05-serial0.crl" --quiet
	all_wrong field_issuing import
	# openssl could only make certificates of it
	refused . 65 format field_issuing import wrong/p12
	says_not 'openssl pkcs12'
	says 'name the file of a CRL'
}

@test "where a CRL should be: each kind is named by init --last-crl" {
	openssl crl -in "$FIELD/05-serial0.crl" -out good.pem
	make_wrong
	make_own_twice
	mkdir ca
	cp "$FIELD/root/root.pem" ca
	all_wrong on_day "$ROOT_PROGRAM" init --name corp --certificate \
		ca/root.pem --output ca/crlferry.cfg --last-crl
	[ ! -e ca/crlferry.cfg ]
}

@test "lint names what is neither, judges the rest, and says it in JSON" {
	local line what
	openssl crl -in "$FIELD/05-serial0.crl" -out good.pem
	make_wrong
	for what in certificate.pem certificate.der; do
		"$ROOT_PROGRAM" lint "wrong/$what"
	done
	while IFS= read -r line; do
		[[ $line != certificate* ]] || continue
		what=wrong/${line%%[ :]*}
		refused . 65 format "$SUB_PROGRAM" lint "$what"
		says "$what: error: format: wrong/${line%%, not a CRL}"
		says_not $'\033'
	done <<<"$WRONG"
	run --separate-stderr "$ROOT_PROGRAM" lint --json wrong/html good.pem
	[ "$status" -eq 65 ]
	jq -es '(map(.type) == ["crlferry-lint", "crlferry-lint",
		"crlferry-error"]) and .[0].findings[0].id == "format" and
		(.[0].findings[0].text | startswith("wrong/html is HTML")) and
		.[1].findings[0].id == "serial-not-positive" and
		.[2].token == "format"' <<<"$output"
}

@test "a FIFO, a device, a folder, a link in a circle: said, with a remedy" {
	local file
	field_sub pem:sub/store.pem
	field_issuing import "$FIELD/05-serial0.crl" --quiet
	mkfifo pipe
	mkdir folder
	ln -s loop loop
	for file in pipe /dev/null folder loop; do
		refused . 65 format "$SUB_PROGRAM" lint "$file"
		says 'name '
		says_not 'damaged'
		refused . 65 format "$SUB_PROGRAM" init --output x.cfg \
			--root "corp=$file" --subordinate "s1=$file"
		says 'name '
		says_not 'damaged'
		[ "$file" != folder ] || continue
		refused . 65 format field_issuing import "$file"
		says 'name '
		says_not 'damaged'
		says_not 'device and the system log'
	done
}

# forms FILE END: in forms, the PEM file as editors, mailers and browsers leave
# it; END is its last line
forms() {
	local pem=$1 body
	rm -rf forms
	mkdir forms
	body=$(sed '1d; $d' "$pem" | tr -d '\n')
	(printf '\xef\xbb\xbf' && sed 's/$/\r/' "$pem") >forms/crlf-bom
	(printf '\xef\xbb\xbf' && cat "$pem") >forms/bom
	(printf '\xef\xbb\xbf\n' && cat "$pem") >forms/bom-line
	(printf '\xef\xbb\xbf\xef\xbb\xbf' && cat "$pem") >forms/bom-twice
	(echo text && printf '\xef\xbb\xbf' && cat "$pem") >forms/bom-within
	sed 's/$/\r\r/' "$pem" >forms/crcrlf
	sed 's/$/  \t/' "$pem" >forms/blanks-behind
	sed '1s/$/\f/; $s/$/\v/' "$pem" >forms/controls-behind
	printf '%s' "$(cat "$pem")" >forms/no-end
	(echo 'text' && echo && cat "$pem" && echo more) >forms/text-around
	(sed -n 1p "$pem" && echo "$body" && tail -n 1 "$pem") >forms/one-line
	(sed -n 1p "$pem" && fold -w 76 <<<"$body" && tail -n 1 "$pem") \
		>forms/76
	(sed -n 1p "$pem" && fold -w 1 <<<"$body" && tail -n 1 "$pem") \
		>forms/1
	sed '2,3s/^/  /' "$pem" >forms/body-indented
	sed '1s/$/\n/' "$pem" >forms/blank-line-first
	(cat "$pem" && head -c 4000 /dev/zero) >forms/zeros-behind
	sed 's/^/ /' "$pem" >forms/indented
	sed 's/^/> /' "$pem" >forms/quoted
	tr '\n' '\r' <"$pem" >forms/cr
	sed '1s/-----$/----/' "$pem" >forms/four-dashes
	sed '1s/BEGIN/Begin/' "$pem" >forms/lower-case
	(sed -n 1p "$pem" && printf 'Comment: x\n\n' && sed 1d "$pem") \
		>forms/header
	(sed -n 1p "$pem" && echo "$body$(tail -n 1 "$pem")") >forms/glued
	iconv -t UTF-16 "$pem" >forms/utf16
	head -c -9 "$pem" >forms/cut
	# ours alone: OpenSSL takes what precedes a blank line for a header
	sed '3s/$/\n/' "$pem" >forms/ours-blank-line
	sed 's/$/\n/' "$pem" >forms/ours-double-spaced
}

# agree VERB ARGUMENT...: lint takes a form if, and only if, that does
agree() {
	local form name ours peer
	for form in forms/*; do
		ours=0 peer=0
		"$SUB_PROGRAM" lint "$form" >lint.log 2>&1 || ours=1
		"$@" -in "$form" -noout 2>/dev/null || peer=1
		name=${form#forms/}
		[ "${name#ours-}" = "$name" ] || peer=0
		[ "$ours" -eq "$peer" ] || {
			echo "$form: openssl $peer, ours $ours"
			cat lint.log
			return 1
		}
	done
}

@test "a CRL or certificate in PEM: read if openssl reads it" {
	openssl crl -inform DER -in "$FIELD/18-adcs.crl" -out good.pem
	forms good.pem
	agree openssl crl
	forms "$FIELD/root/root.pem"
	agree openssl x509
	# with its settings of trust, which are left out, and under the old label
	openssl x509 -in "$FIELD/root/root.pem" -trustout -addtrust \
		serverAuth -addreject emailProtection -out forms/trusted
	grep -q 'BEGIN TRUSTED CERTIFICATE' forms/trusted
	sed 's/CERTIFICATE/X509 CERTIFICATE/' "$FIELD/root/root.pem" \
		>forms/old-label
	agree openssl x509
}

@test "CRLF and a byte order mark: every verb that reads a file" {
	local crl=$FIELD/02b-crlf-bom.pem file
	mkdir ca sub
	for file in root s1; do
		for to in ca sub; do
			(printf '\xef\xbb\xbf' && sed 's/$/\r/' \
				"$FIELD/root/$file.pem") >$to/$file.pem
		done
	done
	install -m 600 "$FIELD/root/root.key" ca
	: >ca/index.txt
	on_day "$ROOT_PROGRAM" init --name corp --certificate ca/root.pem \
		--key ca/root.key --index ca/index.txt --last-crl "$crl" \
		--subordinate s1=ca/s1.pem --output ca/crlferry.cfg
	sed -i 's/^air_gap = "require"/air_gap = "off"/' ca/crlferry.cfg
	[ "$(crl_number ca/state/corp/archive/000001.crl)" = 01 ]
	field_ca adopt corp "$crl"
	field_ca revoke corp ca/s1.pem --reason superseded --unknown
	field_ca status
	on_day "$SUB_PROGRAM" lint --root ca/root.pem "$crl" ca/root.pem
	on_day "$SUB_PROGRAM" init --root corp=sub/root.pem --subordinate \
		s1=sub/s1.pem --store pem:sub/store.pem \
		--output sub/crlferry.cfg
	sed -i 's/# bare = true/bare = true/' sub/crlferry.cfg
	run field_issuing info "$crl"
	[ "$status" -eq 0 ]
	says '#1'
	field_issuing import "$crl"
	openssl crl -in "$crl" -outform DER -out want.der
	openssl crl -in sub/store.pem -outform DER | cmp - want.der
}

@test "the configuration and schedules: byte order mark, UTF-16, CR" {
	local file remedy
	field_root
	field_ca plan >plan.before
	mkdir ca/schedules
	cp "$BUILD/schedules/semiannual.cfg" ca/schedules/
	for file in ca/crlferry.cfg ca/schedules/semiannual.cfg; do
		cp "$file" kept
		sed -i 's/$/\r/' "$file"
		field_ca plan | cmp - plan.before
		(printf '\xef\xbb\xbf' && cat kept) >"$file"
		refused ca 78 config field_ca plan
		says "$file:1: begins with a byte order mark"
		remedy=$(grep -o 'sed -i .*' <<<"$output")
		bash -c "$remedy"
		cmp "$file" kept
		sed 's/$/\r/' kept | tr -d '\n' >"$file"
		refused ca 78 config field_ca plan
		says "$file:1: its lines end with CR alone"
		remedy=$(grep -o 'sed -i .*' <<<"$output")
		bash -c "$remedy"
		cmp "$file" kept
		for form in UTF-16 UTF-16LE UTF-16BE; do
			iconv -t $form kept >"$file"
			refused ca 78 config field_ca plan
			says "$file:1: is UTF-16 text"
			remedy=$(grep -o 'iconv -f .*' <<<"$output")
			bash -c "$remedy"
			cmp new.cfg kept
		done
		printf 'version\0' >"$file"
		refused ca 78 config field_ca plan
		says "$file:1: is not text: it holds a NUL octet"
		cat kept >"$file"
	done
	field_ca plan | cmp - plan.before
}

@test "where a certificate should be: each kind is named" {
	local cert=$FIELD/root/root.pem
	mkdir ca
	cp "$FIELD/root/root.pem" ca
	on_day "$ROOT_PROGRAM" init --name corp --certificate ca/root.pem \
		--output ca/crlferry.cfg --quiet
	mkdir -p wrong
	cp "$FIELD/05-serial0.crl" wrong/crl.der
	openssl crl -in wrong/crl.der -out wrong/crl.pem
	cp "$FIELD/42-crl-as-certificate-label.pem" wrong/crl-label.pem
	sed 's/CERTIFICATE/CERT/' "$cert" >wrong/label.pem
	cat "$FIELD/root/s1.pem" "$cert" >wrong/chain.pem
	cp "$FIELD/root/root.key" wrong/key.pem
	openssl req -new -key wrong/key.pem -subj /CN=x -out wrong/csr.pem
	openssl crl2pkcs7 -nocrl -certfile "$cert" -outform DER -out wrong/p7
	openssl pkcs12 -export -in "$cert" -nokeys -passout pass:x \
		-out wrong/p12
	openssl x509 -in "$cert" -noout -text >wrong/text
	openssl x509 -in "$cert" -outform DER | head -c 300 >wrong/cut
	printf ' <html>' >wrong/html
	: >wrong/empty
	head -c 200000 /dev/urandom >wrong/random
	# larger than any certificate: a CRL all the same
	(cat "$FIELD/05-serial0.crl" && head -c 70000 /dev/zero) >wrong/large
	WRONG='crl.der is a CRL, not a certificate
crl.pem is a CRL, not a certificate
crl-label.pem is a CRL under the PEM label CERTIFICATE, not a certificate
label.pem is a certificate under the PEM label CERT, not CERTIFICATE
chain.pem holds 2 certificates, not one: CN=Issuing s1; CN=Field Root CA,O=Example Authority,C=DE
key.pem is a private key, not a certificate
csr.pem is a certificate request, not a certificate
p7 is a PKCS#7 file, not a certificate
p12 is a PKCS#12 file, not a certificate
text is the text that openssl prints of a certificate, not a certificate
cut is cut off: 300 of its
html is HTML, not a certificate
empty is empty, not a certificate
random is binary data of no known kind, not a certificate
large is a CRL, not a certificate'
	all_wrong on_day "$ROOT_PROGRAM" init --name corp --output new.cfg \
		--certificate
	all_wrong on_day "$ROOT_PROGRAM" lint "$cert" --root
	: >ca/index.txt
	cp "$FIELD/root/root.key" ca
	chmod 600 ca/root.key
	on_day "$ROOT_PROGRAM" init --name corp --certificate ca/root.pem \
		--key ca/root.key --index ca/index.txt --quiet \
		--output ca/signing.cfg
	run on_day "$ROOT_PROGRAM" issue --config ca/signing.cfg --first
	all_wrong on_day "$ROOT_PROGRAM" revoke --config ca/signing.cfg \
		--reason superseded corp
}

@test "the configured certificates: a CRL and a chain are named" {
	field_root --subordinate s1="$FIELD/root/s1.pem"
	field_ca issue --first --quiet
	field_sub pem:sub/store.pem
	field_issuing import ca/state/corp/archive/000001.crl
	cat sub/s1.pem sub/root.pem >chain.pem
	cat chain.pem >sub/s1.pem
	refused . 65 format field_issuing import \
		ca/state/corp/archive/000001.crl
	says 's1.pem holds 2 certificates, not one: CN=Issuing s1; CN=Field Root'
	run field_issuing check
	[ "$status" -eq 3 ]
	says 's1.pem holds 2 certificates'
	# openssl takes the first, as the remedy may
	openssl x509 -in chain.pem -out sub/s1.pem
	field_issuing check
	cat ca/state/corp/archive/000001.crl >ca/root.pem
	refused . 65 format field_ca issue
	says 'root.pem is a CRL, not a certificate'
	cat sub/root.pem >ca/root.pem
	field_ca issue --quiet
}
