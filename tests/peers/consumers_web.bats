#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The recipes of doc/stores.md for nginx, Apache and HAProxy, which ask their
# clients for a certificate.

load consumers

ASK=get

# get WHO
get() {
	curl -sSf --max-time 60 --cacert ca/root.pem --cert "$1-full.pem" \
		--key "$1.key" "https://localhost:$PORT/"
}

@test "nginx: import alone, and the client below the revoked one is refused" {
	set_up_stores nginx 2 \
		"s,/etc/nginx,$S,; s,\"nginx\",&\, \"-c\"\, \"$S/nginx.conf\","
	begin nginx www-data
	nginx_conf "$S/run" "server {
		default_type text/plain;
		listen 127.0.0.1:$PORT ssl;
		ssl_certificate $S/server-full.pem;
		ssl_certificate_key $S/server.key;
		location / { return 200 \"it works\\n\"; }
		$(excerpt nginx 1 | sed "s,/etc/nginx,$S,")
	}" >"$S/nginx.conf"
	start nginx as www-data nginx -e "$S/run/log" -c "$S/nginx.conf"
	in_effect
	get client-1 | grep -qx 'it works'
	grep -q 'verify error: (23:certificate revoked)' "$S/run/log"
	matrix
}

@test "Apache: import alone, and the client below the revoked one is refused" {
	set_up_stores Apache 2 "s,/etc/apache2,$S,
		s,\"apachectl\"\, \"graceful\",\"apache2\"\, \"-f\"\, \"$S/apache2.conf\"\, \"-k\"\, \"graceful\",
		s,\"apachectl\"\, \"configtest\",\"apache2\"\, \"-f\"\, \"$S/apache2.conf\"\, \"-t\","
	begin apache www-data
	cat >"$S/apache2.conf" <<-CONF
		ServerRoot $S
		ServerName localhost
		PidFile $S/run/pid
		DefaultRuntimeDir $S/run
		Mutex file:$S/run
		ErrorLog $S/run/log
		LogLevel info
		Listen 127.0.0.1:$PORT
		LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
		LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
		LoadModule dir_module /usr/lib/apache2/modules/mod_dir.so
		LoadModule socache_shmcb_module /usr/lib/apache2/modules/mod_socache_shmcb.so
		LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
		StartServers 1
		DocumentRoot $S/www
		SSLEngine on
		SSLCertificateFile $S/server-full.pem
		SSLCertificateKeyFile $S/server.key
		$(excerpt Apache 1 | sed "s,/etc/apache2,$S,")
	CONF
	mkdir "$S/www"
	echo it works >"$S/www/index.html"
	start apache as www-data apache2 -f "$S/apache2.conf" -DFOREGROUND
	in_effect
	get client-1 | grep -qx 'it works'
	grep -q 'Error (23): certificate revoked' "$S/run/log"
	matrix
}

# haproxy_says COMMAND
haproxy_says() {
	echo "$1" | socat - "$S/run/admin.sock"
}

@test "HAProxy: the CRL is handed over its socket by import alone" {
	set_up_haproxy HAProxy "s,:443,127.0.0.1:$PORT,"
	in_effect
	haproxy_says "show ssl crl-file $S/ca.crl.pem" >shown
	[ "$(grep -c 'Last Update: ' shown)" -eq 3 ]
	matrix
	# what HAProxy refuses is said, and is not left in place
	cp "$S/ca.crl.pem" before
	# shellcheck disable=SC2016	# of the recipe
	sed -i 's/set ssl crl-file %s/&x/' "$S/haproxy-crl"
	issue_to stick
	refuses 69 hook import stick
	[[ $output == *haproxy-crl* ]]
	cmp "$S/ca.crl.pem" before
}

@test "the table in doc/stores.md has what was observed" {
	table_says_so
}
