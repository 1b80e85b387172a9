# SPDX-License-Identifier: ISC
# What the tests of ldap stores share: certificates of the servers, and the
# configuration of a store.
# shellcheck shell=bash
# status and output are what `run` of bats leaves
# shellcheck disable=SC2154

# make_tls NAME...: tls/ca.pem is a CA, tls/NAME.pem and .key are of a server
# that it certified, tls/wrong.pem is another CA
make_tls() {
	local name
	mkdir tls
	for name in ca wrong; do
		make_key "tls/$name.key" p256
		openssl req -x509 -new -key "tls/$name.key" -days 30 \
			-subj "/CN=$name" -out "tls/$name.pem"
	done
	for name in "$@"; do
		make_key "tls/$name.key" p256
		case $name in
		[0-9]*) echo "subjectAltName = IP:$name" ;;
		*) echo "subjectAltName = DNS:$name" ;;
		esac >tls/extensions
		openssl req -new -key "tls/$name.key" -subj "/CN=$name" |
			openssl x509 -req -CA tls/ca.pem -CAkey tls/ca.key \
				-days 30 -extfile tls/extensions \
				-out "tls/$name.pem" 2>/dev/null
	done
}

# ldap_store KEY...: the first store of the subordinate, which was a hash
# directory, is an ldap store with these keys; the two others stay files
ldap_store() {
	[ -e plain.cfg ] || cp sub/crlferry.cfg plain.cfg
	KEYS=$(printf ' %s;' "$@") perl -0777 -pe \
		's/\{ type = "hashdir";.*?\}/{ type = "ldap";$ENV{KEYS} }/s' \
		plain.cfg >sub/crlferry.cfg
	grep -q 'type = "ldap"' sub/crlferry.cfg
}

# merged_store KEY=VALUE...: the same; a key that comes again has its last
# value, and one with an empty value is left out
merged_store() {
	local -A keys=()
	local key lines=()
	for key in "$@"; do
		keys[${key%%=*}]=${key#*=}
	done
	for key in "${!keys[@]}"; do
		[ -z "${keys[$key]}" ] || lines+=("$key = ${keys[$key]}")
	done
	ldap_store "${lines[@]}"
}

# put_password FILE PASSWORD
put_password() {
	echo "$2" >"$1"
	chmod 600 "$1"
}

# value_of LDIF: the octets of the CRL in it
value_of() {
	perl -0777 -ne 's/\n //g; print $1 if /^certificateRevocationList(?:;binary)?:: (.*)$/m' |
		base64 -d
}

# says TEXT...: each stands in what was printed
says() {
	local text
	for text in "$@"; do
		[[ $output == *"$text"* ]] || {
			echo "want \"$text\": $output"
			return 1
		}
	done
}

# files_hold STICK: the two stores beside that of ldap do
files_hold() {
	holds stores/all.pem "$1" && holds stores/one.crl "$1"
}
