#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Keys as CAs have kept them for twenty years: encrypted with what OpenSSL has
# put aside since, in forms other than PEM, of kinds that nothing here signs
# with.  OpenSSL stands beside.

load ../e2e/field_setup

setup() {
	make_folder
	mkdir ca
	: >ca/index.txt
}

teardown() {
	remove_folder
}

# legacy COMMAND...: openssl, with the provider that has the old ciphers
legacy() {
	openssl "$@" -provider legacy -provider default
}

# certify KEY [OPTION]...: ca/root.pem is its certificate, and it is ca/root.key
certify() {
	local key=$1
	shift
	on_day openssl req -x509 -key "$key" -subj /CN=old -days 3650 \
		-out ca/root.pem "$@" 2>/dev/null &&
		install -m 600 "$key" ca/root.key
}

# inits [OPTION]...: init of that root, and nobody is there to be asked
# shellcheck disable=SC2120
inits() {
	on_day "$ROOT_PROGRAM" init --name corp --certificate ca/root.pem \
		--key ca/root.key --index ca/index.txt \
		--output ca/crlferry.cfg "$@" </dev/null
}

# adopted: init goes through
adopted() {
	# shellcheck disable=SC2119
	inits >/dev/null && sed -i 's/^air_gap = .*/air_gap = "off";/' \
		ca/crlferry.cfg
}

# signs [LINE]...: the next CRL, with the first of the lines as passphrase
signs() {
	field_ca issue --quiet --passphrase-fd 0 "${first[@]}" \
		< <(printf '%s\n' "$@") || return
	first=()
	on_day openssl crl -inform DER -in "$(last_crl ca corp)" -noout \
		-CAfile ca/root.pem 2>&1 | grep -qx 'verify OK'
}

first=(--first)

# refused_key TOKEN TEXT: by init, which says TEXT and writes nothing
refused_key() {
	local status=65
	[ "$1" != missing ] || status=66
	[ "$1" != permissions ] || status=77
	rm -f ca/crlferry.cfg
	refused ca "$status" "$1" inits || return
	says "$2" && [ ! -e ca/crlferry.cfg ]
}

@test "row: a key under PBE-MD5-DES opens with its passphrase" {
	local key=$FIELD/40-pkcs8-pbe-md5-des.key
	certify "$key" -passin pass:geheim -provider legacy -provider default
	run openssl pkey -in "$key" -passin pass:geheim -noout
	[ "$status" -ne 0 ]
	legacy pkey -in "$key" -passin pass:geheim -noout
	adopted
	refuses 65 key field_ca issue --first --passphrase-fd 0 \
		< <(printf '%s\n' geheimer geheim)
	says "wrong passphrase for $T/ca/root.key; nothing was signed"
	[ ! -e ca/state/corp/archive ]
	signs geheim
}

# locked_by OPTION...: the key of ca/plain.key under "horse", as ca/root.key
locked_by() {
	legacy "${@:1:1}" -in ca/plain.key "${@:2}" -passout pass:horse \
		-out ca/new.key 2>/dev/null && chmod 600 ca/new.key &&
		mv ca/new.key ca/root.key
}

@test "RC2, RC4, DES, CAST5, Blowfish and SEED, in PKCS#8, PEM and DER" {
	local kind
	make_key ca/plain.key rsa2048
	certify ca/plain.key
	for kind in 'pkcs8 -topk8 -v1 PBE-SHA1-RC2-40' \
		'pkcs8 -topk8 -v1 PBE-SHA1-RC4-128' \
		'pkcs8 -topk8 -v1 PBE-MD5-RC2-64 -outform DER' \
		'pkcs8 -topk8 -v2 des' 'rsa -traditional -des' \
		'rsa -traditional -cast5-cbc' 'rsa -traditional -bf' \
		'rsa -traditional -seed' 'rsa -traditional -rc2-cbc'; do
		# shellcheck disable=SC2086
		locked_by $kind
		run openssl pkey -in ca/root.key -passin pass:horse -noout
		[ "$status" -ne 0 ]
		rm -f ca/crlferry.cfg
		adopted
		signs horse
		refused ca 65 key field_ca issue --passphrase-fd 0 <<<donkey
		says 'wrong passphrase for'
	done
}

@test "without the provider: the command that converts, and nobody is asked" {
	local kind command
	make_key ca/plain.key p256
	certify ca/plain.key
	mkdir none
	for kind in 'pkcs8 -topk8 -v1 PBE-MD5-DES' 'ec -des' \
		'pkcs8 -topk8 -v2 rc2-cbc'; do
		# shellcheck disable=SC2086
		locked_by $kind
		export OPENSSL_MODULES=$T/none
		refused_key key 'which this OpenSSL cannot decrypt'
		says 'openssl pkcs8 -topk8 -in ca/root.key -provider legacy'
		# It is the same when the provider goes later.
		unset OPENSSL_MODULES
		adopted
		export OPENSSL_MODULES=$T/none
		refuses 65 key field_ca issue "${first[@]}" \
			--passphrase-fd 0 </dev/null
		says 'which this OpenSSL cannot decrypt'
		unset OPENSSL_MODULES
		command=$(grep -o 'openssl pkcs8 .*' <<<"$output")
		cp ca/root.key before
		(cd ca && $command -passin pass:horse -passout pass:cart)
		# It is not written over, wherever the command runs.
		cmp before ca/root.key
		mv ca/new.key ca/root.key
		OPENSSL_MODULES=$T/none signs cart
	done
}

@test "PKCS#12 without the provider: init names the command too" {
	make_key ca/plain.key p256
	certify ca/plain.key
	legacy pkcs12 -export -inkey ca/plain.key -nocerts -passout pass:horse \
		-keypbe PBE-SHA1-RC2-40 -out new
	cat new >ca/root.key
	OPENSSL_MODULES=$T refused_key key 'is encrypted with pbeWithSHA1And40'
	says 'openssl pkcs12 -legacy -nocerts -in ca/root.key -out new.key'
	adopted
	signs horse
}

@test "PKCS#12 in PEM, as GnuTLS writes it" {
	local cipher command
	make_key ca/plain.key p256
	certify ca/plain.key
	for cipher in aes-256 3des-pkcs12 rc2-40; do
		certtool --to-p12 --load-privkey ca/plain.key \
			--load-certificate ca/root.pem --p12-name x \
			--password horse --pkcs-cipher $cipher 2>/dev/null >new
		grep -q 'BEGIN PKCS12' new
		# behind text and other blocks, too
		{ echo text; cat ca/root.pem new; } >ca/root.key
		rm -f ca/crlferry.cfg
		adopted
		signs horse
		refused ca 65 key field_ca issue --passphrase-fd 0 <<<donkey
		says 'wrong passphrase for'
	done
	OPENSSL_MODULES=$T refused_key key 'is encrypted with pbeWithSHA1And40'
	command=$(grep -o '(umask 77; certtool.*)' <<<"$output")
	bash -c "${command/--to-p8/--to-p8 --password horse}" 2>/dev/null
	cat new.key >ca/root.key
	OPENSSL_MODULES=$T adopted
	OPENSSL_MODULES=$T signs horse
	# what is no PKCS#12 at all
	{ echo '-----BEGIN PKCS12-----'; echo MAA=
		echo '-----END PKCS12-----'; } >ca/root.key
	refused_key key 'its block "PKCS12" is damaged, or no private key'
}

@test "GOST, which no provider here has: GnuTLS converts it, not OpenSSL" {
	local form command pass
	make_key ca/plain.key p256
	certify ca/plain.key
	for form in '--to-p8' '--to-p8 --outder' '--to-p12 --p12-name x' \
		'--to-p12 --p12-name x --outder'; do
		# shellcheck disable=SC2086
		certtool $form --load-privkey ca/plain.key --password horse \
			--pkcs-cipher gost28147-tc26z 2>/dev/null >new
		cat new >ca/root.key
		rm -f ca/crlferry.cfg new.key
		refused_key key 'it is encrypted with GOST 28147-89 (PBES2), which'
		says_not legacy
		command=$(grep -o '(umask 77; certtool.*)' <<<"$output")
		pass=${command/--to-p8/--to-p8 --password horse}
		bash -c "$pass" 2>/dev/null
		[ "$(stat -c %a new.key)" = 600 ]
		cat new.key >ca/root.key
		adopted
		signs horse
	done
	# one that nobody here knows at all: no provider is named
	openssl pkcs8 -topk8 -in ca/plain.key -passout pass:horse \
		-outform DER -out new
	perl -0777 -pe 's/\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2a/\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x7f/' \
		new >ca/root.key
	rm -f ca/crlferry.cfg
	refused_key key 'it is encrypted with 2.16.840.1.101.3.4.1.127 (PBES2), which'
	says 'remedy: convert it with the program that made it, to PKCS#8'
}

@test "MD2 and IDEA, which no OpenSSL here has, are called by their names" {
	make_key ca/plain.key p256
	certify ca/plain.key
	locked_by pkcs8 -topk8 -v1 PBE-MD5-DES -outform DER
	perl -0777 -pi -e 's/\x01\x05\x03/\x01\x05\x01/' ca/root.key
	run legacy pkey -in ca/root.key -passin pass:horse -noout
	[ "$status" -ne 0 ]
	refused_key key 'it is encrypted with pbeWithMD2AndDES-CBC, which'
	locked_by ec -des
	sed -i 's/DEK-Info: DES-CBC/DEK-Info: IDEA-CBC/' ca/root.key
	refused_key key 'it is encrypted with IDEA-CBC (PEM), which this'
}

@test "old encryption that would take hours is refused, in every form" {
	make_key ca/plain.key p256
	certify ca/plain.key
	locked_by pkcs8 -topk8 -v1 PBE-MD5-DES -iter 5000001
	refused_key key 'want at most 5000000 iterations to try a passphrase'
	locked_by pkcs8 -topk8 -v1 PBE-SHA1-RC2-40 -iter 5000001 -outform DER
	refused_key key 'want at most 5000000 iterations to try a passphrase'
	# Behind a damaged block, too.
	locked_by pkcs8 -topk8 -iter 5000001
	{ head -n 2 ca/root.pem; cat ca/root.key; } >new
	cat new >ca/root.key
	refused_key key 'want at most 5000000 iterations to try a passphrase'
}

# reads COMMAND...: ca/root.key is what the command says, OpenSSL reads it, and
# it signs
reads() {
	"$@" >new 2>/dev/null && cat new >ca/root.key || return
	openssl pkey -in ca/root.key -passin pass:horse -noout || return
	rm -f ca/crlferry.cfg
	adopted && signs horse
}

@test "DER, certificates beside the key, text around it: as OpenSSL reads it" {
	make_key ca/plain.key rsa2048
	certify ca/plain.key
	make_key other.key p256
	reads openssl pkcs8 -topk8 -nocrypt -in ca/plain.key -outform DER
	reads openssl pkcs8 -topk8 -in ca/plain.key -passout pass:horse \
		-outform DER
	reads openssl rsa -traditional -in ca/plain.key -outform DER
	reads cat ca/root.pem ca/plain.key
	reads cat ca/plain.key ca/root.pem
	reads sed 's/$/\r/' ca/plain.key
	reads sed '1s/^/\xef\xbb\xbf/' ca/plain.key
	reads sed '1s/^/Bag Attributes\n    localKeyID: 01\n/' ca/plain.key
	{ head -n 3 ca/root.pem; cat ca/plain.key; } >half
	reads cat half
	# OpenSSL would take the first of them, and then complain.
	reads cat other.key ca/plain.key
}

@test "an EC key with its parameters in front, or with explicit ones" {
	make_key ca/plain.key p256
	certify ca/plain.key
	openssl ecparam -name prime256v1 >params
	openssl ec -in ca/plain.key -out ec 2>/dev/null
	reads cat params ec
	reads openssl ec -in ca/plain.key -param_enc explicit
}

# other TEXT COMMAND...: ca/root.key is what the command says, OpenSSL does not
# read it, and init says TEXT
other() {
	local text=$1
	shift
	"$@" >new 2>/dev/null || return
	cat new >ca/root.key
	run openssl pkey -in ca/root.key -passin pass:horse -noout
	[ "$status" -ne 0 ] && refused_key key "$text"
}

@test "what is no private key is called by its name" {
	make_key ca/plain.key p256
	certify ca/plain.key
	other 'ca/root.key is a public key, not' \
		openssl pkey -in ca/plain.key -pubout
	other 'ca/root.key is a public key, not' \
		openssl pkey -in ca/plain.key -pubout -outform DER
	other 'ca/root.key is a certificate, not' cat ca/root.pem
	other 'ca/root.key is a certificate, not' \
		openssl x509 -in ca/root.pem -outform DER
	other 'ca/root.key is a certificate request, not' \
		openssl req -new -key ca/plain.key -subj /CN=x
	other 'parameters without a key' openssl ecparam -name prime256v1
	other 'ca/root.key: it is empty' true
	other 'text in UTF-16' iconv -t UTF-16 ca/plain.key
	other 'something stands in front' sed 's/^/  /' ca/plain.key
	other 'its block "PRIVATE KEY" is damaged' head -n 3 ca/plain.key
	other 'is a key of OpenSSH' \
		sed 's/ PRIVATE/ OPENSSH PRIVATE/' ca/plain.key
	says 'ssh-keygen -p -m PKCS8 -f new.key'
	other 'is a Java key store (JKS)' printf '\xfe\xed\xfe\xed\0\0\0\2'
	says 'keytool -importkeystore'
	"$ROOT_PROGRAM" keygen seal.key seal.pub --no-passphrase
	other 'is a key of minisign' cat seal.key
}

@test "Microsoft's PVK: the command makes a key of it" {
	local command
	make_key ca/plain.key rsa2048
	certify ca/plain.key
	openssl rsa -in ca/plain.key -outform PVK -pvk-none -out new 2>/dev/null
	cat new >ca/root.key
	refused_key key "a key in Microsoft's form PVK"
	command=$(grep -o 'openssl pkey .*' <<<"$output")
	$command -passout pass:horse
	mv new.key ca/root.key
	adopted
	signs horse
}

@test "a certificate that everybody reads is not told to hide" {
	make_key ca/plain.key p256
	certify ca/plain.key
	cat ca/root.pem >ca/root.key
	chmod 644 ca/root.key
	refused_key key 'ca/root.key is a certificate, not'
	cat ca/plain.key >ca/root.key
	refused_key permissions 'chmod go= '
	cat ca/root.pem ca/plain.key >ca/root.key
	refused_key permissions 'chmod go= '
}

@test "key and certificate exchanged: it says so, and shows no secret" {
	make_key ca/plain.key p256
	certify ca/plain.key
	refused_alone ca 65 format on_day "$ROOT_PROGRAM" init --name corp \
		--certificate ca/root.key --key ca/root.pem \
		--index ca/index.txt --output ca/crlferry.cfg
	says 'exchange --certificate and --key: ca/root.pem is a certificate'
	says_not "$(sed -n 2p ca/root.key)"
}

@test "kinds of keys that nothing here signs with are refused by init" {
	local kind
	for kind in brainpoolP256r1 brainpoolP512r1 secp256k1 secp224r1; do
		openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$kind" \
			-out plain.key 2>/dev/null
		certify plain.key
		refused_key algorithm "the curve $kind is none of P-256"
		says 'crlferry-root adopt'
	done
	openssl genpkey -algorithm ED448 -out plain.key
	certify plain.key
	refused_key algorithm 'ED448 is none of RSA, RSA-PSS, ECDSA, Ed25519, ML-DSA and SLH-DSA'
	# One that is locked is known by its certificate.
	openssl pkcs8 -topk8 -in plain.key -passout pass:horse -out locked.key
	install -m 600 locked.key ca/root.key
	refused_key algorithm 'ED448 is none of RSA'
	openssl dsaparam -out dsa.pem 2048 2>/dev/null
	openssl gendsa -out plain.key dsa.pem 2>/dev/null
	certify plain.key
	refused_key algorithm 'DSA is none of RSA'
}

@test "such a root is adopted, if another program signs with it" {
	openssl genpkey -algorithm EC -out plain.key \
		-pkeyopt ec_paramgen_curve:brainpoolP384r1
	certify plain.key
	rm ca/root.key
	on_day "$ROOT_PROGRAM" init --name corp --certificate ca/root.pem \
		--output ca/crlferry.cfg
	cat >ca.cnf <<-CNF
		[ca]
		default_ca = this
		[this]
		database = ca/index.txt
		crlnumber = number
		default_md = sha384
		default_crl_days = 210
		crl_extensions = crl
		[crl]
		authorityKeyIdentifier = keyid:always
	CNF
	echo 07 >number
	on_day openssl ca -config ca.cnf -gencrl -keyfile plain.key \
		-cert ca/root.pem -out new.crl
	field_ca adopt corp new.crl
	[ "$(crl_number "$(last_crl ca corp)")" = 07 ]
	# What nobody can verify is of no use, whoever signs.
	openssl genpkey -algorithm ED448 -out plain.key
	certify plain.key
	rm -r ca/crlferry.cfg ca/state
	refused_alone ca 65 algorithm on_day "$ROOT_PROGRAM" init --name corp \
		--certificate ca/root.pem --output ca/crlferry.cfg
}

@test "another CA's key is refused by init, as far as it can be seen" {
	make_key plain.key p256
	certify plain.key
	make_key ca/root.key p256
	refused_key key 'is not the key of CN=old'
	make_key ca/root.key rsa2048
	refused_key key 'is not the key of CN=old'
	openssl pkcs12 -export -inkey ca/root.key -nocerts -passout pass: \
		-out new
	cat new >ca/root.key
	refused_key key 'is not the key of CN=old'
	openssl pkcs12 -export -inkey plain.key -nocerts -passout pass: -out new
	cat new >ca/root.key
	adopted
	signs
}

@test "a pkcs11: URI whose module is not there is refused by init" {
	make_key plain.key p256
	certify plain.key
	refuses 66 missing inits --key \
		"pkcs11:token=x;object=root?module-path=$T/none.so"
	says "$T/none.so"
	[ ! -e ca/crlferry.cfg ]
}
