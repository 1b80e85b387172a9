#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The root's key in a file: PKCS#12 of all ages, PEM of all kinds.

load ../e2e/root_setup

# pack FOLDER [OPTION]...: the root's key moves into PKCS#12, under "horse"
# unless an option says otherwise
pack() {
	local folder=$1
	shift
	openssl pkcs12 -export -inkey "$folder/root.key" \
		-in "$folder/root.pem" -passout pass:horse "$@" \
		-out "$folder/root.p12" &&
		chmod 600 "$folder/root.p12" && rm "$folder/root.key" &&
		sed -i 's/root\.key/root.p12/' "$folder/crlferry.cfg"
}

# packed_root FOLDER KEYTYPE [OPTION]...: a root that has issued #1
packed_root() {
	old_root "$1" "$2"
	adopt_root "$1" corp
	root "$1" issue --first --quiet
	pack "$1" "${@:3}"
}

# issues FOLDER LINE [NUMBER]: with that line, number 2 unless said otherwise
issues() {
	root "$1" issue --quiet --passphrase-fd 7 7< <(printf '%s' "$2") &&
		[ "$(crl_number "$(last_crl "$1" corp)")" = "${3:-02}" ] &&
		openssl crl -inform DER -in "$(last_crl "$1" corp)" \
			-CAfile "$1/root.pem" -noout 2>&1 |
		grep -qx 'verify OK'
}

@test "PKCS#12: issues, and a wrong passphrase does not" {
	packed_root ca p384
	refused ca 65 key root ca issue --passphrase-fd 7 \
		7< <(printf '%s\n' donkey horse horse)
	says "wrong passphrase for $T/ca/root.p12; nothing"
	says_not donkey
	refused ca 65 key root ca issue --passphrase-fd 0 </dev/null
	says 'passphrase of'
	issues ca $'horse\n'
	# One line is taken, and the next one left.
	{
		root ca issue --quiet --passphrase-fd 7
		read -r line <&7
		[ "$line" = rest ]
	} 7< <(printf '%s\n' horse rest)
	chmod 640 ca/root.p12
	refused ca 77 permissions root ca issue --passphrase-fd 0 <<<horse
}

@test "PKCS#12 as Windows and NSS once wrote it, without any legacy provider" {
	packed_root ca p256 -legacy
	openssl asn1parse -inform DER -in ca/root.p12 >/dev/null
	openssl pkcs12 -in ca/root.p12 -passin pass:horse -legacy -info \
		-nokeys -nocerts >info 2>&1
	grep -q RC2 info
	issues ca $'horse\n'
	OPENSSL_MODULES=$T issues ca $'horse\n' 03
	refused ca 65 key env OPENSSL_MODULES="$T" "$ROOT_PROGRAM" issue \
		--config ca/crlferry.cfg --passphrase-fd 0 <<<donkey
	says "wrong passphrase for $T/ca/root.p12; nothing"
}

@test "PKCS#12 with RC2 on the key: the provider, or the command that converts" {
	local command
	packed_root ca p256 -legacy -keypbe PBE-SHA1-RC2-40
	issues ca $'horse\n'
	refused ca 65 key env OPENSSL_MODULES="$T" "$ROOT_PROGRAM" issue \
		--config ca/crlferry.cfg --passphrase-fd 0 <<<horse
	says 'legacy provider: openssl pkcs12 -legacy -nocerts -in '
	command=$(grep -o 'openssl pkcs12 .*' <<<"$output")
	# What it says, with the passphrases that it would ask for.
	cd ca
	$command -passin pass:horse -passout pass:cart 2>/dev/null
	cd ..
	grep -q 'BEGIN ENCRYPTED PRIVATE KEY' ca/root.key
	sed -i 's/root\.p12/root.key/' ca/crlferry.cfg
	OPENSSL_MODULES=$T issues ca $'cart\n' 03
}

@test "PKCS#12 with a chain, with nothing but the key, and without a key" {
	make_root other rsa2048 Other
	packed_root ca p384 -certfile other/root.pem
	issues ca $'horse\n'
	openssl pkcs12 -in ca/root.p12 -passin pass:horse -nodes -nocerts \
		-out ca/plain.key
	openssl pkcs12 -export -inkey ca/plain.key -nocerts \
		-passout pass:horse -out ca/root.p12
	issues ca $'horse\n' 03
	openssl pkcs12 -export -nokeys -in ca/root.pem -passout pass:horse \
		-out ca/root.p12
	refused ca 65 key root ca issue --passphrase-fd 0 <<<horse
	says 'there is no key in this PKCS#12 file'
	openssl pkcs12 -export -inkey other/root.key -in other/root.pem \
		-passout pass:horse -out ca/root.p12
	refused ca 65 key root ca issue --passphrase-fd 0 <<<horse
	says 'is not the key of'
}

@test "PKCS#12 without a passphrase is as open as plain PEM: nobody is asked" {
	packed_root ca p256 -passout pass:
	issues ca ''
	packed_root plain p256 -passout pass: -keypbe NONE -certpbe NONE -nomac
	issues plain ''
	packed_root bare p256 -nomac
	refused bare 65 key root bare issue --passphrase-fd 0 <<<donkey
	issues bare $'horse\n'
}

@test "every kind of key, in PEM and in PKCS#12" {
	local type
	for type in rsa2048 p256 p384 ed25519; do
		packed_root "$type" "$type"
		issues "$type" $'horse\n'
	done
	old_root pss p256
	openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 \
		-pkeyopt rsa_pss_keygen_md:sha384 \
		-pkeyopt rsa_pss_keygen_mgf1_md:sha384 \
		-pkeyopt rsa_pss_keygen_saltlen:48 -out pss/root.key 2>/dev/null
	chmod 600 pss/root.key
	faketime '-2 days' openssl req -config pss/ca.cnf -new -x509 \
		-key pss/root.key -subj /CN=pss -days 7300 \
		-extensions v3_root -sha384 -sigopt rsa_padding_mode:pss \
		-sigopt rsa_pss_saltlen:48 -out pss/root.pem
	adopt_root pss corp
	root pss issue --first --quiet
	pack pss
	issues pss $'horse\n'
	crl_text "$(last_crl pss corp)" | grep -q 'Hash Algorithm: sha384'
}

# slow ROOT HAVE: refused for its cost, without asking for the passphrase
slow() {
	refused "$1" 65 key guarded "$ROOT_PROGRAM" issue \
		--config "$1/crlferry.cfg" --passphrase-fd 0 </dev/null
	says "want at most 5000000 iterations to try a passphrase, have $2"
}

# Nobody can wait for the real thing: 65536 iterations become 8388607.
@test "PKCS#12 that would take too long to open is refused" {
	local n
	packed_root ca p256 -iter 65536
	issues ca $'horse\n'
	cp ca/root.p12 whole
	# certificates, key, MAC
	for ((n = 1; n <= 3; n++)); do
		perl -0777 -pe 'BEGIN { $n = shift }
			s/\x02\x03\x01\x00\x00/--$n ? $& :
			    "\x02\x03\x7f\xff\xff"/ge' $n whole >ca/root.p12
		[ "$(cmp -l whole ca/root.p12 | wc -l)" -eq 3 ]
		# Which the MAC has is judged first; the others it vouches for.
		if [ $n -lt 3 ]; then
			refused ca 65 key root ca issue --passphrase-fd 0 \
				<<<horse
			says "wrong passphrase for $T/ca/root.p12; nothing"
		else
			slow ca 8388607
		fi
	done
	# A count that is negative.
	perl -0777 -pe 's/.*\K\x02\x03\x01\x00\x00/\x02\x03\x80\x00\x01/s' \
		whole >ca/root.p12
	slow ca more
	# One whose MAC is quick and right, and whose key is not.
	openssl pkcs12 -in whole -passin pass:horse -nodes -nocerts \
		-out ca/plain.key
	openssl pkcs12 -export -inkey ca/plain.key -nocerts -nomaciter \
		-iter 5000001 -passout pass:horse -out ca/root.p12
	refused ca 65 key root ca issue --passphrase-fd 0 <<<horse
	says 'want at most 5000000 iterations to try a passphrase, have 500000'
}

@test "without a MAC, what its parts cost in all is what counts" {
	packed_root ca p256 -iter 65536 -nomac -keypbe AES-256-CBC \
		-certpbe AES-256-CBC
	issues ca $'horse\n'
	cp ca/root.p12 whole
	# The certificates' have 8388607, the key's, and 2500001 each.
	perl -0777 -pe 's/\x02\x03\x01\x00\x00/\x02\x03\x7f\xff\xff/' whole \
		>ca/root.p12
	slow ca 8454143
	perl -0777 -pe 's/.*\K\x02\x03\x01\x00\x00/\x02\x03\x7f\xff\xff/s' \
		whole >ca/root.p12
	slow ca 8454143
	perl -0777 -pe 's/\x02\x03\x01\x00\x00/\x02\x03\x26\x25\xa1/g' whole \
		>ca/root.p12
	slow ca 5000002
}

# encrypt FOLDER [OPTION]...: its key in PKCS#8, under "horse"
encrypt() {
	openssl pkcs8 -topk8 -in "$1/plain.key" -passout pass:horse "${@:2}" \
		-out "$1/root.key" && chmod 600 "$1/root.key"
}

@test "an encrypted PEM key that would take too long is refused" {
	make_corp
	root ca issue --first --quiet
	cp -p ca/root.key ca/plain.key
	encrypt ca -iter 5000000
	issues ca $'horse\n'
	encrypt ca -iter 5000001
	slow ca 5000001
	# Behind other blocks too.
	openssl ecparam -name prime256v1 >params
	cat params ca/root.pem ca/root.key >all && cp all ca/root.key
	slow ca 5000001
	encrypt ca -scrypt -scrypt_N 16384 -scrypt_r 8 -scrypt_p 38
	issues ca $'horse\n' 03
	encrypt ca -scrypt -scrypt_N 16384 -scrypt_r 8 -scrypt_p 39
	slow ca 5111808
	encrypt ca -v1 PBE-SHA1-3DES -iter 5000001
	slow ca 5000001
}

@test "PKCS#12 that is damaged or cut anywhere is refused" {
	local at size
	packed_root ca p256
	cp ca/root.p12 whole
	size=$(stat -c %s whole)
	for ((at = 0; at < size; at += 61)); do
		cp whole ca/root.p12
		perl -e 'open my $f, "+<", $ARGV[0] or die; seek $f, $ARGV[1], 0;
			read $f, my $c, 1; seek $f, $ARGV[1], 0;
			print $f chr(ord($c) ^ 0x41)' ca/root.p12 "$at"
		refused ca 65 key root ca issue --passphrase-fd 0 <<<horse
		head -c "$at" whole >ca/root.p12
		refused ca 65 key root ca issue --passphrase-fd 0 <<<horse
	done
	cp whole ca/root.p12
	issues ca $'horse\n'
}
