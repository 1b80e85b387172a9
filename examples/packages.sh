# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# What Debian 12 must have installed, in one place.  Sourced by
# examples/quickstart.sh (build) and tests/run.sh (build and test).

crlferry_build_packages="build-essential meson ninja-build pkg-config
libssl-dev libconfig-dev libsodium-dev libjansson-dev libsmartcols-dev
libudev-dev libmount-dev libseccomp-dev libp11-kit-dev openssl"

crlferry_test_packages="libcmocka-dev bats minisign easy-rsa gnutls-bin
faketime strace clang mandoc jq binutils perl bsdextrautils nginx-light curl
iproute2 softhsm2 opensc libengine-pkcs11-openssl p11-kit expect chromium
fonts-dejavu-core poppler-utils dosfstools fusefat mtools e2fsprogs mount
systemd udev acl attr libcap2-bin prometheus prometheus-node-exporter
icinga2-bin postfix slapd ldap-utils dovecot-imapd dovecot-pop3d
postgresql python3-icalendar python3-jsonschema python3-pexpect tmux
apache2-bin haproxy openvpn strongswan-swanctl strongswan-charon libstrongswan-standard-plugins
freeradius eapoltest dirmngr socat libnss3-tools sqlite3 samba-ad-dc
samba-ad-provision samba-dsdb-modules winbind ldb-tools python3-samba krb5-user
libsasl2-modules-gssapi-mit"

# Those of packaging/build-deb.sh, beyond those of the build.
crlferry_package_packages="debhelper dpkg-dev lintian"

# crlferry_missing PACKAGE...: those that are not installed.
crlferry_missing()
{
	for package in "$@"; do
		dpkg-query -W -f '${db:Status-Status}\n' "$package" \
		    2>/dev/null | grep -qx installed || echo "$package"
	done
}

# crlferry_install build|test|package: install what is missing; if nothing is, it needs
# no network.  The tests start servers of their own: systemd is not asked to
# start those of the packages.
crlferry_install()
{
	missing=$crlferry_build_packages
	case $1 in
	test) missing="$missing $crlferry_test_packages
	    $crlferry_package_packages" ;;
	package) missing="$missing $crlferry_package_packages" ;;
	esac
	# shellcheck disable=SC2086	# a list of words
	missing=$(crlferry_missing $missing)
	[ -n "$missing" ] || return 0
	as_root=
	if [ "$(id -u)" -ne 0 ]; then
		as_root=sudo
	fi
	echo "installing:" >&2
	echo "$missing" >&2
	# shellcheck disable=SC2086	# a list of words
	$as_root apt-get update -q >&2 &&
	    $as_root env DEBIAN_FRONTEND=noninteractive SYSTEMD_OFFLINE=1 \
	    apt-get install -q -y --no-install-recommends $missing >&2
}
