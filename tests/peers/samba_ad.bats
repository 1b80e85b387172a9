#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A store in Active Directory: two domain controllers of Samba's, in a network
# of their own.  The second is a copy that nothing is replicated to.
# shellcheck disable=SC2154	# status and output are what `run` leaves

load ../e2e/pki_setup
load servers
load ldap_helpers

AD=$BATS_FILE_TMPDIR/ad
PASSWORD=Passw0rd.x
CDP="CN=CDP,CN=Public Key Services,CN=Services,CN=Configuration"
CDP=$CDP,DC=example,DC=test

make_work() {
	make_pki
	put_password sub/ldap.pw "$PASSWORD"
	put_password sub/wrong.pw "$PASSWORD.y"
}

# It is root who can start one, in a network of its own.
can_start() {
	[ "$(id -u)" -eq 0 ] && unshare -mnu true
}

setup() {
	can_start || skip "no domain controller can be started here"
	restore_work
}

setup_file() {
	can_start || return 0
	mkdir "$AD" && cd "$AD" || return 1
	make_tls dc1.example.test dc2.example.test
	provision >provision.log 2>&1
	start_controllers
	T=$BATS_FILE_TMPDIR/work
	mkdir "$T" && cd "$T" || return 1
	make_work
	cd "$BATS_FILE_TMPDIR" && cp -a work "$SAVED"
	T=$AD
	wait_for dc1 answers dc1
	wait_for dc2 answers dc2
}

teardown_file() {
	T=$AD
	end_servers
}

# provision: dc1 and its copy dc2.  crlferry may make and change entries below
# CN=CDP, eve is anybody.
provision() {
	samba-tool domain provision --realm=EXAMPLE.TEST --domain=EXAMPLE \
		--server-role=dc --dns-backend=NONE --host-name=dc1 \
		--host-ip=127.0.0.1 --adminpass="$PASSWORD" \
		--targetdir="$AD/dc1" --option="vfs objects=dfs_samba4"
	# the one that Debian installs it for
	/usr/bin/python3 - "$AD/dc1" "$PASSWORD" "$CDP" <<-'PYTHON'
		import sys
		from samba.auth import system_session
		from samba.dcerpc import security
		from samba.ndr import ndr_unpack
		from samba.param import LoadParm
		from samba.samdb import SamDB
		from samba.sd_utils import SDUtils
		folder, password, cdp = sys.argv[1:]
		lp = LoadParm()
		lp.load(folder + "/etc/smb.conf")
		db = SamDB(url=folder + "/private/sam.ldb",
		           session_info=system_session(), lp=lp)
		for user in "crlferry", "eve":
		    db.newuser(user, password)
		found = db.search(expression="sAMAccountName=crlferry",
		                  attrs=["objectSid"])
		sid = ndr_unpack(security.dom_sid, found[0]["objectSid"][0])
		SDUtils(db).dacl_add_ace(
		    cdp, "(A;CI;CCDCLCRPWPLORCSD;;;%s)" % sid)
		db.modify_ldif("""dn: CN=DC1,OU=Domain Controllers,DC=example,DC=test
		changetype: modify
		add: servicePrincipalName
		servicePrincipalName: ldap/dc1.example.test
		""")
	PYTHON
	cp -a dc1 dc2
	sed -i "s,$AD/dc1,$AD/dc2," dc2/etc/smb.conf
}

# start_controllers: both, within the namespaces of the first
start_controllers() {
	local T=$AD
	cat >up <<-'UP'
		ip link set lo up
		printf '%s\n' '127.0.0.1 dc1.example.test' \
			'127.0.0.2 dc2.example.test' >hosts
		mount --bind hosts /etc/hosts
		exec "$@"
	UP
	controller dc1 127.0.0.1
	start dc1 unshare -mnu --propagation private sh -e up \
		"${controller[@]}" --option="server services=ldap,kdc"
	wait_for dc1 inside getent hosts dc2.example.test
	controller dc2 127.0.0.2
	start dc2 nsenter -t "$(cat dc1.pid)" -m -n -u "--wd=$AD" \
		"${controller[@]}" --option="server services=ldap"
	cat >krb5.conf <<-CONF
		[libdefaults]
		default_realm = EXAMPLE.TEST
		dns_lookup_kdc = false
		dns_canonicalize_hostname = false
		rdns = false
		[realms]
		EXAMPLE.TEST = {
		  kdc = 127.0.0.1
		}
		[domain_realm]
		.example.test = EXAMPLE.TEST
	CONF
}

# controller NAME ADDRESS: the command of one, in the array of that name
controller() {
	mkdir "run-$1"
	controller=(samba -i -M single --debug-stdout
		"--configfile=$1/etc/smb.conf"
		"--option=interfaces=$2/8"
		"--option=bind interfaces only=yes"
		"--option=pid directory=$AD/run-$1"
		"--option=ncalrpc dir=$AD/run-$1/ncalrpc"
		"--option=ldap server require strong auth=allow_sasl_over_tls"
		"--option=tls keyfile=$AD/tls/$1.example.test.key"
		"--option=tls certfile=$AD/tls/$1.example.test.pem"
		"--option=tls cafile=$AD/tls/ca.pem")
}

# inside COMMAND...: in the network of the controllers
inside() {
	nsenter -t "$(cat "$AD/dc1.pid")" -m -n -u "--wd=$PWD" -- "$@"
}

# search DC ARGUMENT...: over TLS, as the administrator
search() {
	inside env LDAPNOINIT=1 ldapsearch -LLL -o ldif_wrap=no -ZZ \
		-o "TLS_CACERT=$AD/tls/ca.pem" -x -w "$PASSWORD" \
		-D administrator@example.test \
		-H "ldap://$1.example.test" "${@:2}"
}

answers() {
	search "$1" -s base -b "" supportedCapabilities | grep -q 1.4.800
}

# ad_store HOST KEY=VALUE...: StartTLS, as crlferry, with an entry that is made
# below a container named after the host, unless they say otherwise
ad_store() {
	ENTRY="CN=Test Root,CN=$1,$CDP"
	merged_store url='"ldap://dc1.example.test"' starttls=true \
		ca="\"$AD/tls/ca.pem\"" bind='"crlferry@example.test"' \
		password_file='"ldap.pw"' create=true entry="\"$ENTRY\"" \
		"${@:2}"
}

# ad VERB ARGUMENT...: with the subordinate's configuration
ad() {
	inside timeout "$HANG_S" "$SUB_PROGRAM" --config sub/crlferry.cfg "$@"
}

# entry_holds STICK [DC]: octet for octet, over TLS
entry_holds() {
	search "${2:-dc1}" -s base -b "$ENTRY" certificateRevocationList |
		value_of | cmp - "$(crl_of "$1")"
}

# has_none NAME: there is no such entry
has_none() {
	run search dc1 -s base -b "$1" cn
	[ "$status" -eq 32 ]
}

# fails TEXT...: the import does, with status 69 and these texts, and the other
# stores are done
fails() {
	refuses 69 store ad import stick2
	says "$@"
	files_hold stick2
	leaves_nothing
}

@test "the container and the entry are made, replaced, and read back" {
	ad_store one
	ad import stick1
	entry_holds stick1
	run search dc1 -s base -b "$ENTRY" objectClass
	says "objectClass: cRLDistributionPoint"
	run search dc1 -s base -b "${ENTRY#*,}" objectClass
	says "objectClass: container"
	ad import stick2
	entry_holds stick2
	run ad import stick2
	[ "$status" -eq 0 ]
	says "nothing changed"
	run -0 ad check
}

@test "a controller that lacks what the other has is behind" {
	ad_store two 'url="ldap://dc2.example.test"'
	ad import stick1
	ad_store two 'read_back=[ "ldap://dc2.example.test" ]'
	ad import stick2
	entry_holds stick2
	entry_holds stick1 dc2
	run -2 ad check
	says behind
	run -2 ad check --verbose
	says "ldap://dc2.example.test/CN=Test%20Root,CN=two,"
	ad_store three 'read_back=[ "ldap://dc2.example.test" ]'
	ad import stick2
	entry_holds stick2
	run -2 ad check --verbose
	says "ldap://dc2.example.test/CN=Test%20Root,CN=three,"
	says "it has not replicated yet"
	run ad status --json
	[ "$(jq -r '.pairs[0].state' <<<"$output")" = behind ]
}

@test "who may not publish, or is not who he says, changes nothing" {
	ad_store four 'bind="eve@example.test"'
	fails "this user may not do that" "(50)" "eve@example.test"
	has_none "$ENTRY"
	has_none "${ENTRY#*,}"
	ad_store four 'password_file="wrong.pw"'
	fails "does not take this name with this password" "(49)" "wrong.pw"
	ad_store four bind= password_file=
	fails "the server wants us to sign in"
	has_none "${ENTRY#*,}"
	ad_store four
	ad import stick2
	ad_store four 'bind="eve@example.test"'
	revoke_sub ca live
	issue_to stick3
	refuses 69 store ad import stick3
	says "this user may not do that" "(50)" "eve@example.test"
	entry_holds stick2
}

@test "another CA's certificate, or another name, ends it" {
	ad_store five "ca=\"$AD/tls/wrong.pem\""
	fails "TLS failed" "-connect dc1.example.test:389 -starttls ldap"
	ad_store five "ca=\"$AD/tls/wrong.pem\"" starttls= \
		'url="ldaps://dc1.example.test"'
	fails "TLS failed" "-connect dc1.example.test:636 -CAfile"
	ad_store five 'url="ldap://127.0.0.1"'
	fails "TLS failed" "does not match"
	has_none "${ENTRY#*,}"
}

@test "more than 10 MiB is refused beforehand" {
	ad_store six
	ad import stick1
	perl -e 'printf("R\t361231235959Z\t260101000000Z\t7F%030X\tunknown\t" .
		"/CN=$_\n", $_) for 1 .. 300000' >>ca/index.txt
	issue_to stick3
	[ "$(stat -c %s "$(crl_of stick3)")" -gt 10485760 ]
	refuses 69 store ad import stick3
	says "Active Directory takes one of at most 10485760"
	entry_holds stick1
	files_hold stick3
}

@test "a hook that fails takes the entry and the container away" {
	ad_store seven 'verify=[ "false" ]'
	refuses 69 hook ad import stick1
	has_none "$ENTRY"
	has_none "${ENTRY#*,}"
	ad_store seven
	ad import stick1
	ad_store seven 'verify=[ "false" ]'
	refuses 69 hook ad import stick2
	entry_holds stick1
}

@test "Kerberos, within TLS and without" {
	export KRB5_CONFIG=$AD/krb5.conf KRB5CCNAME=FILE:$T/tickets
	ad_store eight sasl='"gssapi"' bind= password_file=
	fails "signing in failed on this machine" "kinit"
	inside kinit crlferry@EXAMPLE.TEST <sub/ldap.pw
	ad import stick2
	entry_holds stick2
	ad_store nine sasl='"gssapi"' bind= password_file= starttls= ca=
	ad import stick2
	entry_holds stick2
}
