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
	[ -z "${CRLFERRY_LONG:-}" ] || grep -q \
		'VERIFY WARNING: .*unable to get certificate CRL' server.log
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
	set_up_stores FreeRADIUS 2 "s,/etc/freeradius/3.0/,$S/,
		s,\"systemctl\"\, \"restart\"\, \"freeradius\",\"$S/restart\","
	# as Debian has it
	mkdir "$S/certs"
	chown freerad "$S/certs"
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
						sed "s,/etc/freeradius/3.0/,$S/,")
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

# start_charon NAME: strongSwan's daemon in a network and with a /run of its own;
# $S/NAME has its configuration
start_charon() {
	cat >"$S/$1/strongswan.conf" <<-CONF
		charon {
			load = random nonce aes sha1 sha2 hmac kdf gmp openssl pem pkcs1 pkcs8 x509 revocation constraints pubkey kernel-netlink socket-default vici
			plugins {
				vici {
					socket = unix://$S/$1/vici
				}
			}
			filelog {
				log {
					path = $S/$1/log
					cfg = 2
				}
			}
		}
	CONF
	STRONGSWAN_CONF=$S/$1/strongswan.conf start "$1" unshare -nm sh -c '
		mount -t tmpfs none /run && ip link set lo up &&
			exec /usr/lib/ipsec/charon'
	wait_for "$1" test -S "$S/$1/vici"
}

# on NAME SWANCTL-ARGUMENT...
on() {
	STRONGSWAN_CONF=$S/$1/strongswan.conf SWANCTL_DIR=$S/$1/swanctl \
		timeout 60 swanctl "${@:2}" --uri "unix://$S/$1/vici"
}

# connect NAME DEVICE ADDRESS
connect() {
	local net
	net=/proc/$(cat "$1.pid")/ns/net
	ip link set "$2" netns "$(cat "$1.pid")"
	nsenter --net="$net" ip address add "$3/24" dev "$2"
	nsenter --net="$net" ip link set "$2" up
}

# ask_strongswan WHO: it sets up an IKE_SA with the server
ask_strongswan() {
	local result=0
	on client --initiate --ike "$1" --timeout 50 || result=1
	on client --terminate --ike "$1" >/dev/null 2>&1 || :
	return $result
}

# make_swanctl NAME: the folders
make_swanctl() {
	mkdir -p "$S/$1/swanctl"/{x509,x509ca,x509crl,private}
	cp ca/root.pem "$S/$1/swanctl/x509ca"
}

# set_up_strongswan: 10.9.0.1 is the server, 10.9.0.2 both clients
set_up_strongswan() {
	local who
	make_swanctl server
	make_swanctl client
	make_leaf vpn ca/root
	cp vpn.pem "$S/server/swanctl/x509"
	cp vpn.key "$S/server/swanctl/private"
	csplit -s -z -f "$S/server/swanctl/x509crl/own-" own.pem '/BEGIN/' '{*}'
	cat >"$S/server/swanctl/swanctl.conf" <<-CONF
		connections {
			vpn {
				local {
					auth = pubkey
					certs = vpn.pem
					id = "CN=vpn"
				}
				$(excerpt strongSwan 1)
			}
		}
	CONF
	cp ca/issuing-?.pem "$S/client/swanctl/x509ca"
	echo 'connections {' >"$S/client/swanctl/swanctl.conf"
	for who in client-1 client-2; do
		cp $who.pem "$S/client/swanctl/x509"
		cp $who.key "$S/client/swanctl/private"
		cat <<-CONF
			$who {
				remote_addrs = 10.9.0.1
				local {
					auth = pubkey
					certs = $who.pem
					id = "CN=$who"
				}
				remote {
					auth = pubkey
					id = "CN=vpn"
				}
			}
		CONF
	done >>"$S/client/swanctl/swanctl.conf"
	echo '}' >>"$S/client/swanctl/swanctl.conf"
}

@test "strongSwan: import alone, and the client below the revoked one is refused" {
	unshare -nm mount -t tmpfs none /run || skip "no namespaces here"
	ASK=ask_strongswan SERVER=server
	set_up_strongswan
	set_up_stores strongSwan 3 "s,/etc/swanctl,$S/server/swanctl,
		s,/usr/local/sbin,$S,"
	excerpt strongSwan 2 | sed "s,^swanctl,$S/swanctl," \
		>"$S/strongswan-crl"
	# of another folder than /etc/swanctl
	cat >"$S/swanctl" <<-SCRIPT
		#!/bin/sh
		export STRONGSWAN_CONF=$S/server/strongswan.conf
		export SWANCTL_DIR=$S/server/swanctl
		exec swanctl "\$@" --uri unix://$S/server/vici
	SCRIPT
	chmod 755 "$S/swanctl" "$S/strongswan-crl"
	start_charon server
	start_charon client
	ip link add "cs$$" type veth peer name "cc$$" ||
		skip "no devices can be made here"
	connect server "cs$$" 10.9.0.1
	connect client "cc$$" 10.9.0.2
	put old.pem
	on server --load-all >load.log 2>&1
	on client --load-all >load.log 2>&1
	in_effect
	on server --list-certs --type x509_crl >crls
	grep -A 5 'CN=Test Root' crls >root-crl
	grep -q ' 1 revoked certificate' root-crl || { cat crls; false; }
	# it takes none that is older than what it has, unless it is cleared
	tell() {
		put "$@" && "$S/swanctl" --load-creds --clear >tell.log 2>&1 &&
			run_hook reload
	}
	matrix
}

@test "the table in doc/stores.md has what was observed" {
	table_says_so
}
