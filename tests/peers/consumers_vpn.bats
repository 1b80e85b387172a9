#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The recipes of doc/stores.md for OpenVPN, strongSwan and FreeRADIUS, each in a
# network of its own.

load consumers

# make_net: NET... runs what follows in a network that has loopback only
make_net() {
	unshare -n ip link set lo up || skip "no network of its own here"
	start net unshare -n sh -c 'ip link set lo up && exec sleep infinity'
	NET=(nsenter --net="/proc/$(cat net.pid)/ns/net")
	wait_for net is_up
}

is_up() {
	"${NET[@]}" ip -o address | grep -q 127.0.0.1 &&
		[ "$(readlink /proc/self/ns/net)" != \
			"$(readlink "/proc/$(cat net.pid)/ns/net")" ]
}

# ask_openvpn WHO: a client comes up
ask_openvpn() {
	local pid end=$((SECONDS + 60)) result=1
	"${NET[@]}" openvpn --client --dev null --proto tcp-client \
		--remote 127.0.0.1 "$PORT" --nobind --ca ca/root.pem \
		--cert "$1-full.pem" --key "$1.key" --ifconfig-noexec \
		--route-noexec --connect-retry 1 --connect-retry-max 1 \
		--tls-exit --verb 3 >openvpn.log 2>&1 3>&- &
	pid=$!
	while kill -0 $pid 2>/dev/null && [ "$SECONDS" -lt "$end" ]; do
		if grep -q 'Initialization Sequence Completed' openvpn.log; then
			result=0
			break
		fi
		sleep 0.05
	done
	kill $pid 2>/dev/null || :
	wait $pid || :
	cat openvpn.log
	return $result
}

@test "OpenVPN: import alone, and the client below the revoked one is refused" {
	make_net
	"${NET[@]}" ip tuntap add dev tun9 mode tun ||
		skip "no tunnel can be made here"
	"${NET[@]}" ip tuntap del dev tun9 mode tun
	ASK=ask_openvpn
	set_up_stores OpenVPN 2 "s,/etc/openvpn/server,$S,"
	begin server nobody
	cat >"$S/server.conf" <<-CONF
		local 127.0.0.1
		port $PORT
		proto tcp-server
		dev tun
		server 10.8.0.0 255.255.255.0
		cert $S/server-full.pem
		key $S/server.key
		dh none
		user nobody
		group nogroup
		persist-key
		persist-tun
		verb 3
		$(excerpt OpenVPN 1 | sed "s,/etc/openvpn/server,$S,")
	CONF
	start server "${NET[@]}" openvpn --config "$S/server.conf"
	in_effect
	grep -q 'CRL: loaded 3 CRLs from file' server.log
	grep -q 'VERIFY ERROR: .*certificate revoked' server.log
	matrix
}

# ask_radius WHO: EAP-TLS, as an access point asks for a client
ask_radius() {
	cat >eapol.conf <<-CONF
		network={
			key_mgmt=IEEE8021X
			eap=TLS
			identity="$1"
			ca_cert="$T/ca/root.pem"
			client_cert="$T/$1-full.pem"
			private_key="$T/$1.key"
		}
	CONF
	"${NET[@]}" timeout 60 eapol_test -c eapol.conf -a 127.0.0.1 \
		-p "$PORT" -s testing123 -t 20
}

@test "FreeRADIUS: import alone, and the client below the revoked one is refused" {
	make_net
	ASK=ask_radius
	set_up_stores FreeRADIUS 2 "s,/etc/ssl/radius,$S,
		s,\"systemctl\"\, \"restart\"\, \"freeradius\",\"$S/restart\","
	KEPT=(ca/root.pem)
	begin server freerad
	cat >"$S/radiusd.conf" <<-CONF
		prefix = /usr
		libdir = /usr/lib/freeradius
		logdir = $S/run
		run_dir = $S/run
		raddbdir = $S
		pidfile = $S/run/pid
		log {
			destination = files
			file = $S/run/log
		}
		security {
			allow_vulnerable_openssl = yes
		}
		client localhost {
			ipaddr = 127.0.0.1
			secret = testing123
		}
		thread pool {
			start_servers = 1
			max_servers = 2
			min_spare_servers = 1
			max_spare_servers = 2
		}
		modules {
			eap {
				default_eap_type = tls
				tls-config tls-common {
					private_key_file = $S/server.key
					certificate_file = $S/server-full.pem
					$(excerpt FreeRADIUS 1 |
						sed "s,/etc/ssl/radius,$S,")
				}
				tls {
					tls = tls-common
				}
			}
		}
		server default {
			listen {
				type = auth
				ipaddr = 127.0.0.1
				port = $PORT
			}
			authorize {
				eap
			}
			authenticate {
				eap
			}
		}
	CONF
	# what systemd does
	cat >"$S/restart" <<-SCRIPT
		#!/bin/sh
		set -e
		cd $S
		if [ -e run/pid ]; then
			pid=\$(cat run/pid)
			kill \$pid
			timeout 60 tail -s 0.05 -f /dev/null --pid=\$pid
		fi
		${NET[@]} setpriv --reuid freerad --regid freerad --init-groups \\
			freeradius -d $S -n radiusd
		cp run/pid $T/server.pid
	SCRIPT
	chmod 755 "$S/restart"
	: >server.log
	"$S/restart"
	in_effect
	matrix
}

@test "the table in doc/stores.md has what was observed" {
	table_says_so
}
