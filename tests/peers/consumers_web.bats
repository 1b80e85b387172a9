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

as_www() {
	cd "$S" || return 1
	exec setpriv --reuid www-data --regid www-data --init-groups "$@"
}

# begin NAME FOLDER: the old CRLs are in the store, and www-data can write here
begin() {
	SERVER=$1
	put own.pem old.pem
	mkdir "$S/run"
	chown www-data "$S/server.key" "$S/run"
	cp "$S/root.pem" "$S/ca.pem"
	echo it works >"$S/index.html"
}

@test "nginx: import alone, and the client below the revoked one is refused" {
	set_up_stores nginx 2 \
		"s,/etc/nginx,$S,; s,\"nginx\",&\, \"-c\"\, \"$S/nginx.conf\","
	begin nginx
	cat >"$S/nginx.conf" <<-CONF
		pid $S/run/pid;
		error_log $S/run/log info;
		daemon off;
		events { }
		http {
			access_log off;
			client_body_temp_path $S/run/body;
			proxy_temp_path $S/run/proxy;
			fastcgi_temp_path $S/run/fastcgi;
			uwsgi_temp_path $S/run/uwsgi;
			scgi_temp_path $S/run/scgi;
			server {
				listen 127.0.0.1:$PORT ssl;
				ssl_certificate $S/server-full.pem;
				ssl_certificate_key $S/server.key;
				root $S;
				$(excerpt nginx 1 | sed "s,/etc/nginx,$S,")
			}
		}
	CONF
	start nginx as_www nginx -e "$S/run/log" -c "$S/nginx.conf"
	in_effect
	get client-1 | grep -qx 'it works'
	grep -q 'verify error: (23:certificate revoked)' "$S/run/log"
	matrix
}

@test "Apache: import alone, and the client below the revoked one is refused" {
	set_up_stores Apache 2 "s,/etc/apache2,$S,
		s,\"apachectl\"\, \"graceful\",\"apache2\"\, \"-f\"\, \"$S/apache2.conf\"\, \"-k\"\, \"graceful\",
		s,\"apachectl\"\, \"configtest\",\"apache2\"\, \"-f\"\, \"$S/apache2.conf\"\, \"-t\","
	begin apache
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
		DocumentRoot $S
		SSLEngine on
		SSLCertificateFile $S/server-full.pem
		SSLCertificateKeyFile $S/server.key
		$(excerpt Apache 1 | sed "s,/etc/apache2,$S,")
	CONF
	start apache as_www apache2 -f "$S/apache2.conf" -DFOREGROUND
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
	set_up_stores HAProxy 4 "s,/usr/local/sbin\|/etc/haproxy,$S,g"
	begin haproxy
	cat server-full.pem server.key >"$S/server.pem"
	chown www-data "$S/server.pem"
	excerpt HAProxy 3 | sed "s,/run/haproxy,$S/run," >"$S/haproxy-crl"
	chmod 755 "$S/haproxy-crl"
	cat >"$S/haproxy.cfg" <<-CFG
		global
			$(excerpt HAProxy 2 | sed "s,/run/haproxy,$S/run,")
		defaults
			mode http
			timeout connect 1m
			timeout client 1m
			timeout server 1m
		frontend web
			$(excerpt HAProxy 1 | sed "s,/etc/haproxy,$S,g
				s,:443,127.0.0.1:$PORT,")
			http-request return status 200 content-type text/plain string "it works"
	CFG
	start haproxy as_www haproxy -W -db -f "$S/haproxy.cfg"
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
