# SPDX-License-Identifier: ISC
# Servers that a test starts on loopback and stops by their process ids, which
# stand in $T/NAME.pid; what NAME prints is in $T/NAME.log.
# shellcheck shell=bash

# free_port: one that nobody listens on, below those that connections are given
# by chance, so that nobody takes it before the server does
free_port() {
	python3 -c 'import random, socket
while True:
    port = random.randrange(10000, 32000)
    try:
        socket.create_server(("", port)).close()
    except OSError:
        continue
    print(port)
    break'
}

# start NAME COMMAND...: in the background, until end_servers
start() {
	rm -f "$T/$1.log"
	"${@:2}" >"$T/$1.log" 2>&1 3>&- 4>&- </dev/null &
	echo $! >"$T/$1.pid"
}

# wait_for NAME COMMAND...: until it succeeds, as long as the server NAME runs
wait_for() {
	local name=$1 end=$((SECONDS + HANG_S))
	shift
	until "$@"; do
		if [ "$SECONDS" -ge "$end" ] ||
			! kill -0 "$(cat "$T/$name.pid")"; then
			echo "$name did not come up:"
			tail -n 40 "$T/$name.log"
			return 1
		fi
		sleep 0.1
	done
}

# wait_for_port NAME PORT: until NAME, and nobody else, listens there
wait_for_port() {
	wait_for "$1" listens "$(cat "$T/$1.pid")" "$2"
}

# listens PID PORT
listens() {
	ss -Htlnp "sport = :$2" | grep -q "pid=$1,"
}

# end_servers: all that were started, and wait until they are gone
end_servers() {
	local file pid
	for file in "$T"/*.pid; do
		[ -e "$file" ] || continue
		pid=$(cat "$file")
		kill "$pid" 2>/dev/null || :
		timeout 60 tail -s 0.05 -f /dev/null --pid="$pid" ||
			kill -KILL "$pid"
		rm "$file"
	done
}

# nginx_conf FOLDER CONTENT [DIRECTIVE]...: on stdout, with its files in the
# folder, the content in its http block, and the directives above it
nginx_conf() {
	cat <<-CONF
		pid $1/pid;
		error_log $1/log info;
		daemon off;
		${*:3}
		events { }
		http {
			access_log off;
			client_body_temp_path $1/body;
			proxy_temp_path $1/proxy;
			fastcgi_temp_path $1/fastcgi;
			uwsgi_temp_path $1/uwsgi;
			scgi_temp_path $1/scgi;
			$2
		}
	CONF
}

# write_nginx DIRECTIVE...: web/nginx.conf, with one server that has these
write_nginx() {
	mkdir -p web
	nginx_conf "$T/web" "server { $* }" 'master_process off;' \
		>web/nginx.conf
}

# run_postfix PORT DIRECTIVE...: Postfix in the folder $S, with a queue of its own
run_postfix() {
	mkdir -p "$S/etc" "$S/data" "$S/queue/pid" "$S/queue/private" \
		"$S/queue/public"
	chown postfix "$S/data" "$S/queue/private" "$S/queue/public"
	chgrp postdrop "$S/queue/public"
	chmod 710 "$S/queue/public"
	{
		cat <<-CF
			compatibility_level = 3.6
			queue_directory = $S/queue
			data_directory = $S/data
			maillog_file = $S/log
			maillog_file_prefixes = $S
			inet_interfaces = 127.0.0.1
			inet_protocols = ipv4
			myhostname = mail.example.org
			mydestination =
			local_recipient_maps =
		CF
		printf '%s\n' "${@:2}"
	} >"$S/etc/main.cf"
	cat >"$S/etc/master.cf" <<-CF
		127.0.0.1:$1 inet n - n - - smtpd
		tlsmgr unix - - n 1000? 1 tlsmgr
		anvil unix - - n - 1 anvil
		rewrite unix - - n - - trivial-rewrite
		postlog unix-dgram n - n - 1 postlogd
	CF
	# it ends its process group, which must be its own
	start postfix setsid /usr/lib/postfix/sbin/master -c "$S/etc" -d
}
