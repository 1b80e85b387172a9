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

# write_nginx DIRECTIVE...: web/nginx.conf, with one server that has these
write_nginx() {
	mkdir -p web
	cat >web/nginx.conf <<-CONF
		pid $T/web/pid;
		error_log $T/web/log;
		daemon off;
		master_process off;
		events { }
		http {
			access_log off;
			client_body_temp_path $T/web/body;
			proxy_temp_path $T/web/proxy;
			fastcgi_temp_path $T/web/fastcgi;
			uwsgi_temp_path $T/web/uwsgi;
			scgi_temp_path $T/web/scgi;
			server {
				$*
			}
		}
	CONF
}
