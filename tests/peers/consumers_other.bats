#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The recipes of doc/stores.md for a distribution point that nginx serves, and
# for dirmngr, which asks for the CRL on behalf of gpgsm.

load consumers

make_work() {
	make_consumer_pki rsa2048
}

# ask_cdp WHO: fetches the CRL as the subordinate's certificate tells it
ask_cdp() {
	curl -sSf --max-time 60 -D headers -o fetched.crl \
		"http://127.0.0.1:$PORT/corp-root-g1.crl" &&
		openssl verify -CAfile ca/root.pem -crl_check \
			-CRLfile fetched.crl "ca/issuing-${1#client-}.pem"
}

@test "a distribution point: import alone, with its media type and cache headers" {
	ASK=ask_cdp
	set_up_stores 'Distribution point' 2 "s,/var/www,$S,"
	mkdir "$S/pki"
	begin nginx www-data
	nginx_conf "$S/run" "include /etc/nginx/mime.types;
		$(excerpt 'Distribution point' 1 |
		sed "s,/var/www,$S,; s, 80;, 127.0.0.1:$PORT;,")" \
		'master_process off;' >"$S/nginx.conf"
	start nginx as www-data nginx -e "$S/run/log" -c "$S/nginx.conf"
	in_effect
	cmp fetched.crl "$(newest_crl)"
	tr -d '\r' <headers >lines
	grep -qx 'Content-Type: application/pkix-crl' lines
	grep -qx 'Cache-Control: max-age=3600' lines
	grep -q '^ETag: ' lines
	[ "$(curl -s -o body -w '%{http_code}' -H "If-Modified-Since: $(sed -n \
		's/^Last-Modified: //p' lines)" \
		"http://127.0.0.1:$PORT/corp-root-g1.crl")" = 304 ]
	matrix
}

# set_up_dirmngr: of nobody, for whom ETC... runs what follows with an /etc
# that trusts the root
set_up_dirmngr() {
	unshare -m mount --bind /etc /etc || skip "no mounts of its own here"
	mkdir "$S/run"
	chown nobody "$S/run"
	chmod 700 "$S/run"
	cp -a /etc "$S/etc"
	rm -rf "$S/etc/ssl/certs"
	mkdir -p "$S/etc/gnupg/trusted-certs"
	openssl x509 -in ca/root.pem -outform DER \
		-out "$S/etc/gnupg/trusted-certs/corp-root-g1.crt"
	cp ca/issuing-?.pem "$S"
	# shellcheck disable=SC2016	# of the inner shell
	ETC=(unshare -m sh -c 'mount --bind "$0" /etc && exec "$@"' "$S/etc")
	set_up_stores dirmngr 2 "s,/usr/local/sbin,$S,; s,/etc/gnupg,$S/etc/gnupg,
		s,\"mailgw\",\"nobody\",; s,/var/lib/mailgw/.gnupg,$S/run,"
	excerpt dirmngr 1 >"$S/dirmngr-crl"
	chmod 755 "$S/dirmngr-crl"
	NOBODY=(setpriv --reuid nobody --regid nogroup --clear-groups
		env "GNUPGHOME=$S/run")
}

import() {
	guarded "${ETC[@]}" "$SUB_PROGRAM" import --config sub/crlferry.cfg \
		"$@"
}

# ask_dirmngr WHO: about the certificate of the CA of that client
ask_dirmngr() {
	"${ETC[@]}" "${NOBODY[@]}" timeout 60 dirmngr-client --pem \
		"$S/issuing-${1#client-}.pem"
}

@test "dirmngr: with an RSA root import alone, and it knows who is revoked" {
	ASK=ask_dirmngr SERVER=dirmngr
	set_up_dirmngr
	# it takes what is older, and if there is nothing, forgets what it had
	run_hook() {
		[ -e "$(value store path)" ] || rm -r "$S/run/crls.d"
		local argv
		mapfile -t argv < <(words store reload)
		"${ETC[@]}" "${argv[@]}" >hook.log 2>&1 || :
		"${ETC[@]}" "${NOBODY[@]}" gpgconf --reload dirmngr
	}
	put old.pem
	run_hook reload
	"${ETC[@]}" "${NOBODY[@]}" dirmngr --daemon >dirmngr.log 2>&1 3>&- 4>&-
	sed -n 's/^DIRMNGR_INFO=[^:]*:\([0-9]*\):.*/\1/p' dirmngr.log \
		>dirmngr.pid
	in_effect
	run ask_dirmngr client-2
	[[ $output == *'certificate has been revoked'* ]]
	"${ETC[@]}" "${NOBODY[@]}" dirmngr --list-crls >listed 2>/dev/null
	grep -q 'CRL Number.*03$' listed || { cat listed; false; }
	matrix
}

@test "dirmngr: with an ECDSA root the message says why and what to do" {
	mkdir ecdsa
	cd ecdsa
	make_consumer_pki p256
	set_up_dirmngr
	refuses 69 hook import stick
	grep -qF "dirmngr cannot verify a CRL that is signed with ECDSA; \
2.2 knows RSA only. Give gpgsm a root with an RSA key, or take this store out of \
crlferry.cfg" <<<"$output"
	run ! grep -q 'while putting the previous content back' <<<"$output"
	[ ! -e "$(value store path)" ]
}

# ask_nss WHO: NSS, about the certificate of the CA of that client
ask_nss() {
	certutil -V -d "sql:$S/nssdb" -n "issuing-${1#client-}" -u L
}

@test "NSS: import alone, and it knows who is revoked" {
	local n
	ASK=ask_nss SERVER=nss
	set_up_stores NSS 2 "s,/etc/pki,$S,"
	mkdir "$S/nssdb"
	certutil -N -d "sql:$S/nssdb" --empty-password
	cp ca/root.pem corp-root-g1.pem
	excerpt NSS 1 | sed "s,/etc/pki,$S," >add
	sh -e add
	for n in 1 2; do
		certutil -A -d "sql:$S/nssdb" -n "issuing-$n" -t ,, \
			-i "ca/issuing-$n.pem"
	done
	# without the program, and even what NSS would not take
	put() {
		crlutil -D -d "sql:$S/nssdb" -n corp-root-g1
		[ ! -s "${*: -1}" ] || {
			openssl crl -in "${*: -1}" -outform DER -out put.crl
			crlutil -I -B -d "sql:$S/nssdb" -i put.crl
		}
	}
	put old.pem
	# nobody is there to be told
	start nss sleep 3600
	in_effect
	crlutil -L -d "sql:$S/nssdb" -n corp-root-g1 | grep -A 1 'CRL Number'
	run ask_nss client-2
	[[ $output == *'has been revoked'* ]]
	matrix
}

# What no test runs as it stands is a configuration at least.
@test "every store of doc/stores.md can be configured" {
	local block title count=0
	while IFS=$'\t' read -r title block; do
		set_up_stores "$title" "$block" 's,};$,},'
		run "$SUB_PROGRAM" plan --config sub/crlferry.cfg --quiet
		[ "$status" -ne 78 ] || {
			echo "$title: $output"
			return 1
		}
		count=$((count + 1))
	done < <(awk '/^### / { title = substr($0, 5); n = 0 }
		/^    / { if (!block && ++n && /^    [{] type = /)
			printf "%s\t%d\n", title, n; block = 1 }
		/^[^ ]/ { block = 0 }' "$PAGE")
	[ "$count" -ge 15 ]
}

@test "the table in doc/stores.md has what was observed" {
	table_says_so
}
