# SPDX-License-Identifier: ISC
# The programs that read a store, and CRLs and files that try them.
# shellcheck shell=bash
# status and output are what `run` of bats leaves; openssl expands $dir
# shellcheck disable=SC2154,SC2016

load "$BATS_TEST_DIRNAME/../peers/servers"

# odd_crl FILE EXTENSION...: CRL #7 of the root with these lines in place of
# its extensions; ODD holds further options of openssl
odd_crl() {
	local file=$1
	shift
	sed '/^\[crl\]/,/^\[/{/^\[crl\]/!{/^\[/!d}}' ca/ca.cnf >odd.cnf
	sed -i "s,^\[crl\],&\n$(printf '%s\\n' "$@")," odd.cnf
	printf '[idp]\n%s\n' "${IDP:-}" >>odd.cnf
	sed -i 's,^crlnumber = .*,crlnumber = $dir/odd.number,' odd.cnf
	echo 07 >ca/odd.number
	# shellcheck disable=SC2086
	openssl ca -config odd.cnf -gencrl ${ODD:-} -out "$file" 2>/dev/null
}

# put_everywhere FILE: a PEM CRL into all three stores, alone
put_everywhere() {
	cp "$1" "$(hash_slot 0)"
	cp "$1" stores/all.pem
	openssl crl -in "$1" -outform DER -out stores/one.crl
}

# file_works FILE: openssl verify, with the whole file as X509_LOOKUP_file
# loads it, says that ca/live.pem is good
file_works() {
	mkdir -p anchors
	cp ca/root.pem "anchors/$(hash_of ca/root.pem).0"
	openssl verify -CApath anchors -CAfile "$1" -crl_check ca/live.pem
}

# folder_works: the same of the hash directory
folder_works() {
	verifies ca/live.pem
}

# nginx_loads FILE: as ssl_crl
nginx_loads() {
	mkdir -p web
	[ -e web/tls.pem ] || openssl req -x509 -newkey ec -pkeyopt \
		ec_paramgen_curve:P-256 -nodes -subj /CN=web -keyout \
		web/tls.key -out web/tls.pem 2>/dev/null
	write_nginx "listen unix:$T/web/socket ssl;" \
		"ssl_certificate $T/web/tls.pem;" \
		"ssl_certificate_key $T/web/tls.key;" \
		"ssl_client_certificate $T/ca/root.pem;" \
		"ssl_verify_client on; ssl_crl $PWD/$1;"
	nginx -t -e "$T/web/log" -c "$T/web/nginx.conf" 2>&1
}

# python_loads FILE
python_loads() {
	python3 -c 'import ssl, sys
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
context.load_verify_locations(sys.argv[1])' "$1" 2>&1
}

# check_agrees WORKS: check says OK where the consumer works, else invalid, or
# missing if there is nothing of ours to be found
check_agrees() {
	run sub check
	echo "works: $1, check: $output"
	if [ "$1" = yes ]; then
		[ "$status" -eq 0 ]
	else
		[ "$status" -eq 2 ] &&
			[[ $output == *" invalid: "* || $output == *" missing: "* ]]
	fi
}

# yes_if COMMAND...: "yes" or "no"
yes_if() {
	if "$@" >/dev/null 2>&1; then echo yes; else echo no; fi
}
