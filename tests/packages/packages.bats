#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# packaging/build-deb.sh: what is in the packages, and that they are the same
# octets wherever they are built.  tests/packages/in_chroot installs them.

load ../e2e/root_helpers

setup_file() {
	sh "$BATS_TEST_DIRNAME/../../packaging/build-deb.sh" \
		"$BATS_FILE_TMPDIR/debs"
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# files PACKAGE: mode, owner and name of each that is no folder
files() {
	dpkg-deb -c "debs/$1"_*.deb | awk '$1 !~ /^d/ { print $1, $2, $6 }'
}

# field PACKAGE NAME: of its control file
field() {
	dpkg-deb -f "debs/$1"_*.deb "$2"
}

@test "lintian has nothing to say" {
	run lintian --allow-root --fail-on warning,error debs/*.deb
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "four packages, and each program with its manual page in its own" {
	[ "$(ls debs | sed 's/_.*//' | tr '\n' ' ')" = \
		"crlferry-common crlferry-doc crlferry-root crlferry-sub " ]
	local name
	for name in root sub; do
		[ "$(files "crlferry-$name" |
			grep -c "/bin/\|/man1/crlferry-$name.1")" -eq 2 ]
		[[ $(field "crlferry-$name" Depends) == *"crlferry-common (>= "* ]]
	done
	[ "$(files crlferry-common | grep -c 'schedules/.*[.]cfg')" -eq \
		"$(ls "$BATS_TEST_DIRNAME"/../../schedules/*.cfg | wc -l)" ]
	[ "$(files crlferry-common | grep -c '/man[57]/')" -ge 4 ]
	# a subordinate's machine has nothing that reaches an HSM
	[[ $(field crlferry-root Depends) == *libp11-kit0* ]]
	[[ $(field crlferry-sub Depends) != *p11-kit* ]]
}

@test "the installed program finds its schedules" {
	local name
	rm -rf there
	for name in common root sub; do
		dpkg-deb -x "debs/crlferry-$name"_*.deb there
	done
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout root.key -subj "/CN=Root" -days 3650 -out root.pem \
		-addext "basicConstraints=critical,CA:TRUE" \
		-addext "keyUsage=critical,keyCertSign,cRLSign" 2>/dev/null
	chmod 600 root.key
	: >index.txt
	rm -rf made
	mkdir made
	there/usr/bin/crlferry-root init --name corp --certificate root.pem \
		--key root.key --index index.txt --output made/crlferry.cfg
	run there/usr/bin/crlferry-root plan --config made/crlferry.cfg
	[ "$status" -eq 0 ]
	says "corp"
}

@test "no unit is enabled by the installation" {
	[ "$(files crlferry-sub | grep -c 'systemd/system/.*[.]timer')" -eq 3 ]
	[ "$(files crlferry-sub | grep -c '[.]wants/')" -eq 0 ]
	rm -rf there
	dpkg-deb -x debs/crlferry-sub_*.deb there
	grep -rqx 'User=crlferry' there --include=crlferry-check.service
}

@test "hardened as the build of the tree is" {
	rm -rf there
	mkdir -p there/cmd
	local name
	for name in root sub; do
		dpkg-deb -x "debs/crlferry-$name"_*.deb there
		ln -sf "../usr/bin/crlferry-$name" "there/cmd/crlferry-$name"
	done
	sh "$BATS_TEST_DIRNAME/../lint/hardening" there
}

@test "built elsewhere, later, with another umask and zone: the same octets" {
	[ -n "${CRLFERRY_LONG:-}" ] || skip "long: CRLFERRY_LONG=1"
	mkdir -p elsewhere
	(umask 077 && TZ=Pacific/Auckland TMPDIR=$PWD/elsewhere \
		sh "$BATS_TEST_DIRNAME/../../packaging/build-deb.sh" again)
	local deb
	for deb in debs/*.deb; do
		cmp "$deb" "again/${deb#debs/}"
	done
}
