#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The root's key in a token: real PKCS#11 through SoftHSM2, and through libp11's
# engine; where that is not there, through pkcs11-provider.

load ../e2e/root_setup
load token_helpers

setup() {
	make_folder
	start_tokens
}

# signature_of CRL: its algorithm
signature_of() {
	crl_text "$1" | sed -n 's/^ *Signature Algorithm: //p' | sort -u
}

# pinpad: the module that is a pinpad, in $T
pinpad() {
	local flags
	flags=$(pkg-config --cflags p11-kit-1)
	# shellcheck disable=SC2086	# a list of words
	cc -shared -fPIC $flags -o "$T/pinpad.so" \
		"$BATS_TEST_DIRNAME/pinpad.c"
}

@test "RSA-3072, P-256, P-384 and P-521 sign, OpenSSL and GnuTLS verify" {
	local type crl
	for type in rsa3072 p256 p384 p521; do
		token_root "$type" "$type" "$type" 1234
		printf 'R\t350101000000Z\t260101000000Z\t1001\tunknown\t/CN=x\n' \
			>"$type/index.txt"
		root "$type" issue --first --quiet --passphrase-fd 0 <<<1234
		root "$type" issue --quiet --passphrase-fd 7 7<<<1234
		crl=$(last_crl "$type" corp)
		[ "$(crl_number "$crl")" = 02 ]
		verifies "$type" "$crl"
		lists "$crl" 1001
		root "$type" ledger verify --quiet
	done
	[ "$(signature_of "$(last_crl rsa3072 corp)")" = \
		sha256WithRSAEncryption ]
	[ "$(signature_of "$(last_crl p384 corp)")" = ecdsa-with-SHA384 ]
	no_leftovers
}

@test "a key that was made in the token and never left it" {
	make_token corp 1234
	mkdir ca
	pkcs11-tool --module "$SOFTHSM" --token-label corp --login --pin 1234 \
		--keypairgen --key-type EC:secp384r1 --label 'a/b; c' --id 07 \
		>/dev/null
	old_root ca p256
	{
		if has_engine; then engine_section; else provider_section; fi
		cat <<-CNF
			[req]
			distinguished_name = dn
			[dn]
			[v3_root]
			basicConstraints = critical,CA:TRUE
			keyUsage = critical,keyCertSign,cRLSign
			subjectKeyIdentifier = hash
		CNF
	} >token.cnf
	# An openssl that has the provider takes a date, too.
	if has_engine; then
		set -- faketime '-2 days' openssl req -engine pkcs11 \
			-keyform engine
	else
		set -- openssl req -not_before \
			"$(date -u -d '-2 days' +%Y%m%d%H%M%SZ)"
	fi
	OPENSSL_CONF=$PWD/token.cnf "$@" -new -x509 \
		-key 'pkcs11:token=corp;id=%07' \
		-subj /CN=engine -days 7300 -extensions v3_root -out ca/root.pem
	KEY="pkcs11:token=corp;object=a%2Fb%3B%20c?module-path=$SOFTHSM" \
		adopt_root ca corp
	root ca issue --first --quiet --passphrase-fd 0 <<<1234
	verifies ca "$(last_crl ca corp)"
	use_key ca "pkcs11:token=corp;id=%07;type=private?module-path=$SOFTHSM"
	root ca issue --quiet --passphrase-fd 0 <<<1234
	slot=$(pkcs11-tool --module "$SOFTHSM" --list-token-slots |
		sed -n 's/^Slot .*(0x\([0-9a-f]*\)).*/\1/p' | head -n 1)
	use_key ca "pkcs11:slot-id=$((16#$slot));id=%07?module-path=$SOFTHSM"
	root ca issue --quiet --passphrase-fd 0 <<<1234
	use_key ca "pkcs11:slot-id=1;id=%07?module-path=$SOFTHSM"
	refused ca 66 missing root ca issue --passphrase-fd 0 </dev/null
	# Only one key is there, and only one token.
	use_key ca "pkcs11:?module-path=$SOFTHSM"
	root ca issue --quiet --passphrase-fd 0 <<<1234
	verifies ca "$(last_crl ca corp)"
	[ "$(crl_number "$(last_crl ca corp)")" = 04 ]
}

@test "a module that others may write is not loaded" {
	token_root ca p384 corp 1234
	cp "$SOFTHSM" module.so
	use_key ca "pkcs11:token=corp;object=root?module-path=$T/module.so"
	chmod 646 module.so
	refuses 77 permissions root ca issue --first --passphrase-fd 0 <<<1234
	says "module.so: others can write it (mode 0646): chmod go-w"
	[ ! -e ca/state/ledger.jsonl ]
	chmod 644 module.so
	root ca issue --first --quiet --passphrase-fd 0 <<<1234
}

@test "a wrong PIN is tried once and never again, and nothing is issued" {
	token_root ca p384 corp 1234
	root ca issue --first --quiet --passphrase-fd 0 <<<1234
	use_key ca "pkcs11:token=corp;object=root?module-path=$SPY"
	has_no_flag 'count low'
	# More lines than one are there to be tried.
	refused ca 65 key root ca issue --passphrase-fd 7 \
		7< <(printf '%s\n' 4321 1234 1234)
	says 'token "corp": wrong PIN; it was tried once, and nothing was signed'
	says_not 4321
	[ "$(logins)" -eq 1 ]
	has_flag 'count low'
	rm spy.log
	refused ca 65 key root ca issue --passphrase-fd 7 7< <(echo)
	says 'token "corp": no PIN was entered, and none tried'
	[ "$(logins)" -eq 0 ]
	# The number that was not used is used now.
	rm spy.log
	root ca issue --quiet --passphrase-fd 0 <<<1234
	[ "$(crl_number "$(last_crl ca corp)")" = 02 ]
	[ "$(logins)" -eq 1 ]
	has_no_flag 'count low'
}

@test "after signing nobody is logged in, and no session is left" {
	token_root ca rsa3072 corp 1234
	use_key ca "pkcs11:token=corp;object=root?module-path=$SPY"
	root ca issue --first --quiet --passphrase-fd 0 <<<1234
	# The provider hands the text over piece by piece.
	grep -o '^[0-9]*: C_[A-Za-z]*' spy.log |
		sed 's/.*: //; s/^C_SignFinal$/C_Sign/' >calls
	# In this order, and nothing after it but what ends the module.
	[ "$(sed -n '/^C_Sign$/,$p' calls |
		grep -v -e CloseAllSessions -e GetSessionInfo |
		uniq | paste -sd ' ')" = \
		'C_Sign C_Logout C_CloseSession C_Finalize' ]
	[ "$(grep -c '^C_Sign$' calls)" -eq 1 ]
	[ "$(logins)" -eq 1 ]
	if has_engine; then
		grep -q CloseAllSessions calls
	else
		[ "$(grep -c '^C_OpenSession$' calls)" -eq \
			"$(grep -c '^C_CloseSession$' calls)" ]
	fi
}

@test "another key of the token is not the root's" {
	token_root ca p384 corp 1234
	make_key other.key p384
	put_key corp 1234 other 02 other.key
	root ca issue --first --quiet --passphrase-fd 0 <<<1234
	use_key ca "pkcs11:token=corp;object=other?module-path=$SOFTHSM"
	refused ca 65 key root ca issue --passphrase-fd 0 <<<1234
	says 'is not the key of'
	make_key rsa.key rsa2048
	put_key corp 1234 rsa 03 rsa.key
	use_key ca "pkcs11:token=corp;object=rsa?module-path=$SOFTHSM"
	refused ca 65 key root ca issue --passphrase-fd 0 <<<1234
	says 'is not the key of'
}

@test "module, token, key: what is not there is missing, what is twice is said" {
	token_root ca p384 corp 1234
	root ca issue --first --quiet --passphrase-fd 0 <<<1234
	use_key ca "pkcs11:token=corp;object=root?module-path=$T/none.so"
	refused ca 66 missing root ca issue --passphrase-fd 0 <<<1234
	says "$T/none.so: cannot open it"
	use_key ca "pkcs11:token=corp;object=root?module-path=/usr/lib/x86_64-linux-gnu/libcrypto.so.3"
	refused ca 65 key root ca issue --passphrase-fd 0 <<<1234
	says 'libcrypto.so.3 is no PKCS#11 module'
	# Nobody is asked for a PIN in vain: no line is there to be read.
	use_key ca "pkcs11:token=lost;object=root?module-path=$SOFTHSM"
	refused ca 66 missing root ca issue --passphrase-fd 0 </dev/null
	says 'token "lost" not found; present: "corp"'
	mkdir none
	echo "directories.tokendir = $T/none" >none.conf
	SOFTHSM2_CONF=$T/none.conf refused ca 66 missing root ca issue \
		--passphrase-fd 0 </dev/null
	says 'token "lost" not found; '
	says 'has no token at all'
	says "SOFTHSM2_CONF says (now: $T/none.conf)"
	use_key ca "pkcs11:token=corp;object=lost?module-path=$SOFTHSM"
	refused ca 66 missing root ca issue --passphrase-fd 0 <<<1234
	says 'token "corp" has no private key that fits the URI'
	use_key ca "pkcs11:token=corp;object=root;id=%01?module-path=$SOFTHSM"
	refused ca 66 missing root ca issue --passphrase-fd 0 <<<1234
	make_key other.key p384
	put_key corp 1234 root 02 other.key
	use_key ca "pkcs11:token=corp;object=root?module-path=$SOFTHSM"
	refused ca 65 key root ca issue --passphrase-fd 0 <<<1234
	says 'several keys fit the URI'
	says 'add object= or id='
	use_key ca "pkcs11:token=corp;object=root;id=%01%A0?module-path=$SOFTHSM"
	root ca issue --quiet --passphrase-fd 0 <<<1234
	make_token second 1234
	use_key ca "pkcs11:object=root;id=%01%A0?module-path=$SOFTHSM"
	refused ca 65 key root ca issue --passphrase-fd 0 </dev/null
	says '2 tokens fit the URI'
	says 'add token= or serial='
}

@test "without its public half an RSA key signs, and an EC key is explained" {
	local type
	for type in rsa3072 p384; do
		token_root "$type" "$type" "$type" 1234
		root "$type" issue --first --quiet --passphrase-fd 0 <<<1234
		pkcs11-tool --module "$SOFTHSM" --token-label "$type" --login \
			--pin 1234 --delete-object --type pubkey --id 01a0
	done
	root rsa3072 issue --quiet --passphrase-fd 0 <<<1234
	verifies rsa3072 "$(last_crl rsa3072 corp)"
	refused p384 65 key root p384 issue --passphrase-fd 0 <<<1234
	says 'token "p384" lacks the key'"'"'s public half'
	openssl pkey -in <(openssl x509 -in p384/root.pem -noout -pubkey) \
		-pubin -outform DER -out public.der
	pkcs11-tool --module "$SOFTHSM" --token-label p384 --login --pin 1234 \
		--write-object public.der --type pubkey --id 01a0 >/dev/null
	root p384 issue --quiet --passphrase-fd 0 <<<1234
	verifies p384 "$(last_crl p384 corp)"
}

@test "an Ed25519 key in a token is a kind that cannot be used" {
	make_token corp 1234
	old_root ca ed25519
	adopt_root ca corp
	root ca issue --first --quiet
	pkcs11-tool --module "$SOFTHSM" --token-label corp --login --pin 1234 \
		--keypairgen --key-type EC:edwards25519 --label root --id 01 \
		>/dev/null
	use_key ca "pkcs11:token=corp;object=root?module-path=$SOFTHSM"
	refused ca 65 key root ca issue --passphrase-fd 0 <<<1234
	says 'the key is neither RSA nor EC'
}

@test "with neither engine nor provider: missing, with their packages" {
	token_root ca p384 corp 1234
	root ca issue --first --quiet --passphrase-fd 0 <<<1234
	unshare -m true 2>/dev/null ||
		skip "a mount namespace of its own cannot be made here"
	# No line of a PIN: it must not come to that.
	refused ca 66 missing unshare -m sh -c "
		mount -t tmpfs none '$(engines_folder)' || exit 99
		mount -t tmpfs none '$(modules_folder)' || exit 99
		exec '$ROOT_PROGRAM' issue --config ca/crlferry.cfg \
			--passphrase-fd 0 </dev/null"
	says libengine-pkcs11-openssl
	says pkcs11-provider
	[ ! -e ca/state/corp/archive/000002.crl ]
}

@test "a PIN in the configuration is refused, and not repeated" {
	local attribute
	token_root ca p384 corp 1234
	root ca issue --first --quiet --passphrase-fd 0 <<<1234
	for attribute in pin-value=1234 pin-source=/etc/pin 'pin-source=|cat'; do
		use_key ca "pkcs11:token=corp;object=root?module-path=$SOFTHSM&$attribute"
		refused ca 65 key root ca issue --passphrase-fd 0 <<<1234
		says "${attribute%%=*}"
		says_not 1234
		refused ca 65 key "$ROOT_PROGRAM" init --name other \
			--certificate ca/root.pem --index ca/index.txt \
			--key "pkcs11:token=corp?$attribute" --output other.cfg
		says_not 1234
		[ ! -e other.cfg ]
	done
}

@test "init takes a URI as it is" {
	token_root ca p384 corp 1234
	rm -r ca/crlferry.cfg ca/seal.*
	"$ROOT_PROGRAM" init --name corp --certificate ca/root.pem \
		--index ca/index.txt --output ca/crlferry.cfg --quiet \
		--key "pkcs11:token=corp;object=root?module-path=$SOFTHSM"
	sed -i 's/^air_gap = .*/air_gap = "off";/' ca/crlferry.cfg
	root ca issue --first --quiet --passphrase-fd 0 <<<1234
	verifies ca "$(last_crl ca corp)"
}

@test "the PIN typed on a terminal, which does not show it" {
	token_root ca p384 corp 1234
	run type_at 'PIN of token corp: ' 87654321 "$ROOT_PROGRAM" issue \
		--config ca/crlferry.cfg --first
	[ "$status" -eq 65 ]
	says 'token "corp": wrong PIN; it was tried once'
	says_not 87654321
	[ ! -e ca/state/corp/archive/000001.crl ]
	run type_at 'PIN of token corp (a wrong one was entered before): ' 1234 \
		"$ROOT_PROGRAM" issue --config ca/crlferry.cfg --first
	echo "$output"
	[ "$status" -eq 0 ]
	says_not 1234
	verifies ca "$(last_crl ca corp)"
	# Neither a terminal nor a descriptor.
	refused ca 65 key setsid -w "$ROOT_PROGRAM" issue \
		--config ca/crlferry.cfg </dev/null
	says '--passphrase-fd'
}

@test "a token with its own pinpad: nobody is asked for a PIN" {
	pinpad
	token_root ca p384 corp 1234
	use_key ca "pkcs11:token=corp;object=root?module-path=$T/pinpad.so"
	# CKF_PROTECTED_AUTHENTICATION_PATH; neither terminal nor descriptor.
	TOKEN_FLAGS=0x100 TOKEN_PIN=1234 setsid -w "$ROOT_PROGRAM" issue --quiet \
		--config ca/crlferry.cfg --first </dev/null
	verifies ca "$(last_crl ca corp)"
	# A descriptor is not read: the line stays for who wants it.
	{
		TOKEN_FLAGS=0x100 TOKEN_PIN=1234 root ca issue --quiet \
			--passphrase-fd 7
		read -r line <&7
		[ "$line" = horse ]
	} 7< <(echo horse)
	# Mistyped there.
	export TOKEN_FLAGS=0x100 TOKEN_PIN=9999
	refused ca 65 key root ca issue --passphrase-fd 0 <<<1234
	says 'token "corp": wrong PIN'
	unset TOKEN_FLAGS TOKEN_PIN
	[ "$(crl_number "$(last_crl ca corp)")" = 02 ]
	# Without the flag it is a token as others are.
	root ca issue --quiet --passphrase-fd 0 <<<1234
}

@test "a locked PIN is not asked for, and the last try is announced" {
	pinpad
	token_root ca p384 corp 1234
	root ca issue --first --quiet --passphrase-fd 0 <<<1234
	use_key ca "pkcs11:token=corp;object=root?module-path=$T/pinpad.so"
	export TOKEN_FLAGS=0x40000
	refused ca 65 key root ca issue --passphrase-fd 0 </dev/null
	says 'token "corp": its PIN is locked'
	export TOKEN_FLAGS=0x20000
	refused ca 65 key root ca issue --passphrase-fd 0 </dev/null
	says 'PIN of token corp (the last try)'
}

@test "a key that wants its PIN before every signature is given it again" {
	make_token corp 1234
	old_root ca p384
	pkcs11-tool --module "$SOFTHSM" --token-label corp --login --pin 1234 \
		--keypairgen --key-type rsa:2048 --label root --id 01 \
		--always-auth >/dev/null
	pkcs11-tool --module "$SOFTHSM" --token-label corp --read-object \
		--type pubkey --id 01 -o public.der
	openssl pkey -pubin -inform DER -in public.der -out public.pem
	# Another CA certifies it: what counts is the key.
	faketime '-2 days' openssl x509 -new -force_pubkey public.pem \
		-CA ca/root.pem -CAkey ca/root.key -subj '/CN=Test Root' \
		-days 3650 -extfile ca/ca.cnf -extensions v3_root -out root.pem \
		-set_serial 1
	mv root.pem ca/root.pem
	KEY="pkcs11:token=corp;object=root?module-path=$SPY" \
		adopt_root ca corp
	root ca issue --first --quiet --passphrase-fd 7 7< <(echo 1234)
	openssl crl -inform DER -in "$(last_crl ca corp)" -CAfile ca/root.pem \
		-noout 2>&1 | grep -qx 'verify OK'
	[ "$(logins)" -eq 2 ]
	rm spy.log
	refused ca 65 key root ca issue --passphrase-fd 7 \
		7< <(printf '%s\n' 4321 1234)
	[ "$(logins)" -eq 1 ]
}

@test "no module-path: the modules of p11-kit" {
	token_root ca p384 corp 1234
	use_key ca "pkcs11:token=corp;object=root"
	mkdir -p home/.config/pkcs11/modules
	echo "module: $SOFTHSM" >home/.config/pkcs11/modules/softhsm2.module
	HOME=$T/home root ca issue --first --quiet --passphrase-fd 0 <<<1234
	verifies ca "$(last_crl ca corp)"
	HOME=$T/home refused ca 65 key root ca issue --passphrase-fd 0 <<<4321
	says 'token "corp": wrong PIN'
	has_flag 'count low'
}

@test "several roots in tokens and files, one line each" {
	local name
	token_root a p384 first 1111
	token_root b rsa3072 second 2222
	old_root c p256 third
	openssl pkcs8 -topk8 -in c/root.key -passout pass:horse -out c/new.key
	mv c/new.key c/root.key
	adopt_root c corp
	{
		sed '/^roots/,$d' a/crlferry.cfg
		echo 'roots = ('
		for name in a b c; do
			config_of $name |
				sed "1,/^roots/d; /^);/,\$d; s/\"corp\"/\"$name\"/"
			[ "$name" = c ] || echo ,
		done
		echo ');'
	} >all.cfg
	cp -r a/seal.* .
	run "$ROOT_PROGRAM" issue --config all.cfg --first --passphrase-fd 7 \
		7< <(printf '%s\n' 1111 2222 horse)
	echo "$output"
	[ "$status" -eq 0 ]
	for name in a b c; do
		verifies "$name" "state/$name/archive/000001.crl"
	done
	# The second fails, the first has been issued.
	refuses 65 key "$ROOT_PROGRAM" issue --config all.cfg \
		--passphrase-fd 7 7< <(printf '%s\n' 1111 9999 horse)
	says second
	[ -e state/a/archive/000002.crl ]
	[ ! -e state/b/archive/000002.crl ]
}

@test "an openssl.cnf that would load an engine is not read" {
	token_root ca p384 corp 1234
	printf '%s\n' 'openssl_conf = start' '[start]' 'engines = engines' \
		'[engines]' 'x = x' '[x]' 'engine_id = nonsense' \
		'dynamic_path = /nonexistent.so' 'init = 1' >bad.cnf
	OPENSSL_CONF=$T/bad.cnf root ca issue --first --quiet \
		--passphrase-fd 0 <<<1234
	verifies ca "$(last_crl ca corp)"
}
