# SPDX-License-Identifier: ISC
# What the end-to-end tests share.  BUILD is the build folder.
# shellcheck shell=bash

: "${BUILD:?want the build folder in BUILD}"
ROOT_PROGRAM=$BUILD/cmd/crlferry-root
SUB_PROGRAM=$BUILD/cmd/crlferry-sub
# Not so with tests/bench/run, which only makes its folders by what follows.
[ -z "${BATS_VERSION:-}" ] || bats_require_minimum_version 1.5.0

# Far longer than anything takes, on a busy machine as well.
HANG_S=300

# guarded COMMAND...: what hangs ends with status 124
guarded() {
	timeout "$HANG_S" "$@"
}

# A folder of its own for each test, removed after it.
make_folder() {
	T=$(mktemp -d)
	cd "$T" || return 1
}

remove_folder() {
	[ -n "${T:-}" ] || return 0
	cd / && unmount_all && rm -rf "$T"
}

# unmount_all: what a test mounted in its folder, the last first
unmount_all() {
	local within
	# never of /, whatever became of the folder
	within=$(readlink -e "$T") && [ "${#within}" -gt 1 ] || return 0
	awk -v within="$within/" 'index($2, within) == 1 { print $2 }' \
		/proc/self/mounts | tac | xargs -r umount
}

# make_key FILE rsa4096|rsa2048|p256|p384|p521|ed25519|ml-dsa-...|slh-dsa-...
make_key() {
	case $2 in
	rsa*) openssl genpkey -algorithm RSA -pkeyopt \
		"rsa_keygen_bits:${2#rsa}" -out "$1" ;;
	p*) openssl genpkey -algorithm EC -pkeyopt \
		"ec_paramgen_curve:P-${2#p}" -out "$1" ;;
	ed25519) openssl genpkey -algorithm ED25519 -out "$1" ;;
	*-dsa-*) openssl genpkey -algorithm "$2" -out "$1" ;;
	esac 2>/dev/null
	chmod 600 "$1"
}

# make_root FOLDER KEYTYPE [NAME]: a root in the layout of `openssl ca`
make_root() {
	local digest=default
	mkdir -p "$1/certs"
	: >"$1/index.txt"
	echo 1000 >"$1/serial"
	echo 01 >"$1/crlnumber"
	make_key "$1/root.key" "$2"
	cat >"$1/ca.cnf" <<-CNF
		[ca]
		default_ca = root
		[root]
		dir = $PWD/$1
		database = \$dir/index.txt
		serial = \$dir/serial
		crlnumber = \$dir/crlnumber
		certificate = \$dir/root.pem
		private_key = \$dir/root.key
		new_certs_dir = \$dir/certs
		default_md = $digest
		default_days = 3650
		default_crl_days = 210
		policy = policy
		unique_subject = no
		crl_extensions = crl
		[policy]
		commonName = supplied
		[crl]
		authorityKeyIdentifier = keyid
		[v3_root]
		basicConstraints = critical,CA:TRUE
		keyUsage = critical,keyCertSign,cRLSign
		subjectKeyIdentifier = hash
		[v3_sub]
		basicConstraints = critical,CA:TRUE,pathlen:0
		keyUsage = critical,keyCertSign,cRLSign
		subjectKeyIdentifier = hash
		authorityKeyIdentifier = keyid
		[req]
		distinguished_name = dn
		[dn]
	CNF
	openssl req -config "$1/ca.cnf" -new -x509 -key "$1/root.key" \
		-subj "/CN=${3:-Test Root}" -days 7300 -extensions v3_root \
		-out "$1/root.pem" 2>/dev/null
}

# make_sub FOLDER NAME: FOLDER/NAME.pem, certified by the root in FOLDER
make_sub() {
	make_key "$1/$2.key" p256
	openssl req -config "$1/ca.cnf" -new -key "$1/$2.key" \
		-subj "/CN=$2" -out "$1/$2.csr" 2>/dev/null
	openssl ca -config "$1/ca.cnf" -batch -notext -extensions v3_sub \
		-in "$1/$2.csr" -out "$1/$2.pem" 2>/dev/null
}

# revoke_sub FOLDER NAME [REASON]: an hour ago, so that thisUpdate of the next
# CRL can be backdated as usual
revoke_sub() {
	openssl ca -config "$1/ca.cnf" -revoke "$1/$2.pem" \
		-crl_reason "${3:-keyCompromise}" 2>/dev/null || return
	CN=$2 perl -MPOSIX=strftime -MTime::Local=timegm -i -pe '
		if (m{/CN=\Q$ENV{CN}\E$}) {
			s{^(R\t\w+\t)(..)(..)(..)(..)(..)(..)Z}{$1 . strftime(
			    "%y%m%d%H%M%SZ", gmtime(timegm($7, $6, $5, $4,
			    $3 - 1, $2 + 100) - 3600))}e;
		}' "$1/index.txt"
}

# adopt_root FOLDER NAME [INIT-OPTION]...: FOLDER/crlferry.cfg and its seal
# keys.  KEY is where its key is, if not there.  The network of the test machine
# is no concern here.
adopt_root() {
	local folder=$1 name=$2
	shift 2
	"$ROOT_PROGRAM" init --name "$name" --certificate "$folder/root.pem" \
		--key "${KEY:-$folder/root.key}" --index "$folder/index.txt" \
		--output "$folder/crlferry.cfg" "$@" >/dev/null &&
		sed -i 's/^air_gap = .*/air_gap = "off";/' \
			"$folder/crlferry.cfg" &&
		"$ROOT_PROGRAM" keygen "$folder/seal.key" "$folder/seal.pub" \
			--no-passphrase >/dev/null
}

# make_officer FOLDER [TRUSTED [MORE]]: another machine, which has the root's
# certificate, a seal key, and nothing else; MORE is what its root has beside
# name and certificate
make_officer() {
	mkdir "$1"
	cp ca/root.pem "$1/root.pem"
	"$ROOT_PROGRAM" keygen "$1/seal.key" "$1/seal.pub" --no-passphrase \
		--quiet
	cat >"$1/crlferry.cfg" <<-CFG
		state = "state";
		seal = { secret = "seal.key";
		  trusted = ( ${2:+"\"$PWD/$2\""} ); };
		roots = ( { name = "corp"; certificate = "root.pem";${3:+ $3} } );
	CFG
}

# config_of FOLDER: its configuration, as it may stand in any other
config_of() {
	sed "s,certificate = \"\([^/]\),certificate = \"$PWD/$1/\1," \
		"$1/crlferry.cfg"
}

# root FOLDER VERB ...: crlferry-root with that folder's configuration
root() {
	local folder=$1 verb=$2
	shift 2
	"$ROOT_PROGRAM" "$verb" --config "$folder/crlferry.cfg" "$@"
}

# sub VERB ...: crlferry-sub with the configuration that make_sub_config wrote
sub() {
	local verb=$1
	shift
	"$SUB_PROGRAM" "$verb" --config sub/crlferry.cfg "$@"
}

# make_sub_config FOLDER ROOTNAME SUBNAME: three stores in $T/stores
make_sub_config() {
	mkdir -p stores/hash sub
	"$SUB_PROGRAM" init --root "$2=$1/root.pem" \
		--subordinate "$3=$1/$3.pem" --store "hashdir:stores/hash" \
		--store "pem:stores/all.pem" --store "der:stores/one.crl" \
		--trust "$1/seal.pub" --output sub/crlferry.cfg >/dev/null
}

# digest_of PATH...: one line for everything below, to compare before and after
digest_of() {
	find "$@" -type f -print0 2>/dev/null | sort -z |
		xargs -0 -r sha256sum | sha256sum
}

# flip FILE OFFSET [BITS]: change one octet
flip() {
	perl -e 'open(my $file, "+<", $ARGV[0]) or die;
		seek($file, $ARGV[1], 0); read($file, my $octet, 1) or die;
		seek($file, $ARGV[1], 0);
		print $file chr(ord($octet) ^ $ARGV[2]);' "$1" "$2" "${3:-1}"
}

# key_id PUBLICKEY: as it is in names, 16 lower-case digits
key_id() {
	sed -n 2p "$1" | base64 -d | perl -0777 -ne \
		'print scalar reverse(unpack("h*", substr($_, 2, 8)))'
}

# refuses STATUS TOKEN COMMAND...: it fails with that status, says the token
# as contracted, and tells a remedy
refuses() {
	local want=$1 token=$2
	shift 2
	run "$@"
	[ "$status" -eq "$want" ] || {
		echo "want status $want, have $status: $output"
		return 1
	}
	[[ $output == *"crlferry-"*": $token: "* ]] || {
		echo "want token $token: $output"
		return 1
	}
	[[ $output == *": remedy: "* ]] || {
		echo "want a remedy: $output"
		return 1
	}
}

# bounded: from here on, no process of the test has more than 256 MiB of memory
bounded() {
	prlimit --pid "$BASHPID" --as=$((256 << 20))
}
