# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# What Debian 12 and 13 must have installed, in one place.  Sourced by
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

# Debian 12 (OpenSSL 3.0) reaches a token through the engine alone.
# shellcheck source=/dev/null
crlferry_release=$(. /etc/os-release && echo "${VERSION_ID-}")
if [ "$crlferry_release" != 12 ]; then
	crlferry_test_packages="$crlferry_test_packages pkcs11-provider"
fi

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

# crlferry_apt LOG COMMAND...: apt's talk goes into the log; where it fails, its
# end is shown.
crlferry_apt()
{
	log=$1
	shift
	# A dot now and then: it is at work.
	"$@" >>"$log" 2>&1 </dev/null &
	apt=$!
	while kill -0 "$apt" 2>/dev/null; do
		sleep 2
		printf . >&2
	done
	if wait "$apt"; then
		echo >&2
		return 0
	fi
	printf '\n%s\n' "apt failed; the end of $log:" >&2
	tail -n 15 "$log" >&2
	return 1
}

# crlferry_ask_root PACKAGE...: what to type, for one who is not root and has
# no sudo.
crlferry_ask_root()
{
	cat >&2 <<-END
		These packages are missing, and only root can install them.  There
		is no sudo here: type this as root (su -), then start again:

	END
	echo "apt-get update && apt-get install --no-install-recommends $*" |
	    fold -s -w 70 | sed 's/^/  /; $!s/ *$/ \\/' >&2
}

# crlferry_install build|test|package|kit: install what is missing; if nothing
# is, it needs no network.  The tests start servers of their own: systemd is not
# asked to start those of the packages.
crlferry_install()
{
	missing=$crlferry_build_packages
	case $1 in
	test) missing="$missing $crlferry_test_packages
	    $crlferry_package_packages" ;;
	package) missing="$missing $crlferry_package_packages" ;;
	kit) missing="$missing $crlferry_package_packages minisign" ;;
	esac
	# shellcheck disable=SC2086	# a list of words
	missing=$(crlferry_missing $missing)
	[ -n "$missing" ] || return 0
	as_root=
	if [ "$(id -u)" -ne 0 ]; then
		as_root=sudo
		if ! command -v sudo >/dev/null; then
			# shellcheck disable=SC2086	# a list of words
			crlferry_ask_root $missing
			return 1
		fi
		# It asks here, where its question is seen.
		sudo -v || return 1
	fi
	apt_log=$(mktemp "${TMPDIR:-/tmp}/crlferry-apt.XXXXXX") || return 1
	# shellcheck disable=SC2086	# a list of words
	echo "installing" $missing | fold -s -w 78 | sed '2,$s/^/  /' >&2
	echo "apt says how it goes in $apt_log" >&2
	# shellcheck disable=SC2086	# a list of words
	crlferry_apt "$apt_log" $as_root apt-get update -q &&
	    crlferry_apt "$apt_log" $as_root env \
	    DEBIAN_FRONTEND=noninteractive SYSTEMD_OFFLINE=1 \
	    apt-get install -q -y --no-install-recommends $missing
}
