# SPDX-License-Identifier: ISC
# What is there before a page begins, for its "run" directives
# (tests/pages/run_page), on machines of tests/pages/machines.
# shellcheck shell=bash

# A folder stands for the stick; a reader has a real one.
crlferry-root() {
	case $1 in
	export | ceremony | reset-order)
		command crlferry-root "$@" --allow-fixed-disk ;;
	*) command crlferry-root "$@" ;;
	esac
}
crlferry-sub() {
	case $1 in
	request) command crlferry-sub "$@" --allow-fixed-disk ;;
	*) command crlferry-sub "$@" ;;
	esac
}

# make_key FILE: P-256
make_key() {
	(umask 077 && openssl genpkey -algorithm EC -pkeyopt \
		ec_paramgen_curve:P-256 -out "$1" 2>/dev/null)
}

# make_openssl_ca FOLDER [CN]: a root in the layout of `openssl ca`, with
# cacert.pem, private/cakey.pem, index.txt, crlnumber and openssl.cnf
make_openssl_ca() {
	mkdir -p "$1/private" "$1/newcerts"
	chmod 700 "$1/private"
	: >"$1/index.txt"
	echo 1000 >"$1/serial"
	echo 1000 >"$1/crlnumber"
	cat >"$1/openssl.cnf" <<-CNF
		[ca]
		default_ca = root
		[root]
		dir = $(cd "$1" && pwd)
		database = \$dir/index.txt
		serial = \$dir/serial
		crlnumber = \$dir/crlnumber
		certificate = \$dir/cacert.pem
		private_key = \$dir/private/cakey.pem
		new_certs_dir = \$dir/newcerts
		default_md = sha256
		default_days = 3650
		default_crl_days = 210
		policy = policy
		unique_subject = no
		crl_extensions = crl
		[policy]
		commonName = supplied
		[crl]
		authorityKeyIdentifier = keyid
		[v3_root]
		basicConstraints = critical,CA:TRUE
		keyUsage = critical,keyCertSign,cRLSign
		subjectKeyIdentifier = hash
		[v3_sub]
		basicConstraints = critical,CA:TRUE,pathlen:0
		keyUsage = critical,keyCertSign,cRLSign
		subjectKeyIdentifier = hash
		authorityKeyIdentifier = keyid
		[req]
		distinguished_name = dn
		[dn]
	CNF
	make_key "$1/private/cakey.pem"
	openssl req -config "$1/openssl.cnf" -new -x509 -sha256 -days 7300 \
		-key "$1/private/cakey.pem" -extensions v3_root \
		-subj "/CN=${2:-Corp Root G1}" -out "$1/cacert.pem"
}

# certify FOLDER NAME...: subordinates of that root, NAME.pem and NAME.key
certify() {
	local folder=$1 name
	shift
	for name; do
		make_key "$folder/$name.key"
		openssl req -config "$folder/openssl.cnf" -new -key \
			"$folder/$name.key" -subj "/CN=$name" \
			-out "$folder/$name.csr"
		openssl ca -config "$folder/openssl.cnf" -batch -notext \
			-extensions v3_sub -in "$folder/$name.csr" \
			-out "$folder/$name.pem" 2>/dev/null
	done
}

# lock_key FILE PASSPHRASE
lock_key() {
	(umask 077 && openssl pkcs8 -topk8 -v2 aes256 -in "$1" -out "$1.new" \
		-passout "pass:$2") && mv "$1.new" "$1"
}

# make_easyrsa FOLDER: an easy-rsa PKI with the root Easy Root, a subordinate
# issuing-1, a revoked one issuing-0, and the CRL that easy-rsa made of it
make_easyrsa() {
	local easyrsa="/usr/share/easy-rsa/easyrsa --batch --use-algo=ec" name
	mkdir -p "$1" && ln -s /usr/share/easy-rsa/easyrsa "$1/easyrsa" &&
		(
			cd "$1" || exit
			$easyrsa init-pki
			$easyrsa --req-cn='Easy Root' build-ca nopass
			for name in issuing-0 issuing-1; do
				$easyrsa --req-cn=$name gen-req $name nopass
				$easyrsa --subca-len=0 sign-req ca $name
			done
			$easyrsa revoke issuing-0 cessationOfOperation
			$easyrsa gen-crl
		) >/dev/null 2>&1
}

# make_issuing FOLDER ROOT: of FOLDER/issuing-1.pem and .key, its CRL crl.pem,
# and server.pem, .key and client.pem, .key below it; ca.pem has the chain
make_issuing() (
	cd "$1" || exit
	for name in server client; do
		make_key $name.key
		openssl req -new -key $name.key -subj /CN=$name |
			openssl x509 -req -CA issuing-1.pem \
				-CAkey issuing-1.key -days 365 -extfile \
				<(echo subjectAltName=DNS:localhost) \
				-set_serial 0x$((${#name} + 10)) -out $name.crt
		cat $name.crt issuing-1.pem >$name.pem
	done 2>/dev/null
	: >index.txt
	openssl ca -gencrl -crldays 30 -md sha256 -out crl.pem -config <(
		printf '%s\n' '[ca]' default_ca=a '[a]' database=index.txt
	) -cert issuing-1.pem -keyfile issuing-1.key 2>/dev/null
	cat "$2" issuing-1.pem >ca.pem
)

# ready_nginx FOLDER: what Debian's package has made, with the files of
# make_issuing, and no site
ready_nginx() {
	mkdir -p /var/log/nginx /var/lib/nginx
	rm -f /etc/nginx/sites-enabled/*
	cp "$1"/{ca.pem,server.pem,server.key} /etc/nginx
}

# ready_root: on root-ca, the root corp-root-g1 of /root/ca with issuing-1 and
# a seal key, none of whose keys has a passphrase
ready_root() {
	make_openssl_ca /root/ca && certify /root/ca issuing-1 || return
	install -d -m 750 /etc/crlferry
	cd /etc/crlferry || return
	crlferry-root keygen --no-passphrase --quiet seal.key seal.pub &&
		crlferry-root init --quiet --name corp-root-g1 \
			--certificate /root/ca/cacert.pem \
			--key /root/ca/private/cakey.pem \
			--index /root/ca/index.txt \
			--subordinate issuing-1=/root/ca/issuing-1.pem
}

# ready_sub: on issuing-1, with the files of that root in /root
ready_sub() {
	install -d -m 750 /etc/crlferry
	mkdir -p /etc/ssl/crls /var/www
	cd /root || return
	crlferry-sub init --quiet --root corp-root-g1=corp-root-g1.pem \
		--subordinate issuing-1=issuing-1.pem --trust seal.pub \
		--store hashdir:/etc/ssl/crls --store der:/var/www/corp-root-g1.crl
}

# ready_tokens: SoftHSM as Debian's package leaves it, with the token corp,
# whose PIN is 1234, and in it a new key "root"
ready_tokens() {
	mkdir -p /var/lib/softhsm/tokens
	softhsm2-util --init-token --free --label corp --so-pin 98765432 \
		--pin 1234 >/dev/null
	put_key_in_token corp /root/ca/private/cakey.pem root 01
}

# put_key_in_token TOKEN KEYFILE LABEL ID
put_key_in_token() {
	openssl pkcs8 -topk8 -nocrypt -in "$2" -out /tmp/import.key &&
		softhsm2-util --import /tmp/import.key --token "$1" --pin 1234 \
			--label "$3" --id "$4" >/dev/null
	rm -f /tmp/import.key
}

# forge_bundle: on the stick, a bundle of the root's name, number 9999 and a
# CRL by a forger's own key, sealed with a key of his own
forge_bundle() {
	mkdir /tmp/forger && (
		cd /tmp/forger || exit
		make_openssl_ca ca
		echo 270F >ca/crlnumber
		crlferry-root keygen --no-passphrase --quiet seal.key seal.pub
		crlferry-root init --quiet --name corp-root-g1 \
			--certificate ca/cacert.pem --key ca/private/cakey.pem \
			--index ca/index.txt --output crlferry.cfg
		crlferry-root issue --first --quiet --config crlferry.cfg
		crlferry-root export --quiet --config crlferry.cfg /media/stick
	)
}
