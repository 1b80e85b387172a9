#!/bin/sh
# SPDX-License-Identifier: ISC
# The whole round trip on this machine, with a root made by openssl:
#
#   sh examples/quickstart.sh [FOLDER]
#
# Installs what is missing, builds, and leaves everything in FOLDER (default:
# a new folder in /tmp) to look at.
set -eu
umask 022

tree=$(cd "$(dirname "$0")/.." && pwd)
. "$tree/examples/packages.sh"
crlferry_install build

# compile: on a terminal ninja counts its steps in one line; elsewhere a line
# for each tenth of the way.  What goes wrong is shown whole.
compile()
{
	if [ -t 1 ]; then
		ninja -C "$build" cmd/crlferry-root cmd/crlferry-sub
		return
	fi
	ninja -C "$build" cmd/crlferry-root cmd/crlferry-sub >"$build/log" ||
	    { cat "$build/log"; return 1; } &
	ninja=$!
	told=0
	while kill -0 "$ninja" 2>/dev/null; do
		sleep 1
		# "[12/150] Compiling ..."
		now=$(sed -n '$s,^\[\([0-9]*\)/\([0-9]*\)\].*,\1 * 10 / \2,p' \
		    "$build/log" 2>/dev/null)
		now=$((${now:-0}))
		[ "$now" -le "$told" ] || echo "built: ${now}0 %"
		[ "$now" -le "$told" ] || told=$now
	done
	wait "$ninja"
}

build=${CRLFERRY_BUILD:-$tree/build}
echo "building in $build"
if [ ! -f "$build/build.ninja" ]; then
	meson setup "$build" "$tree" >/dev/null
fi
compile
PATH=$build/cmd:$PATH

here=${1:-$(mktemp -d "${TMPDIR:-/tmp}/crlferry-quickstart.XXXXXX")}
mkdir -p "$here"
here=$(cd "$here" && pwd)
cd "$here"
if [ -e root ] || [ -e sub ]; then
	echo "$here has the files of an earlier run: name an empty folder" >&2
	exit 1
fi

step=0
# explain TEXT: what comes next, and why
explain()
{
	step=$((step + 1))
	printf '\n== %d. %s\n' "$step" "$1"
	shift
	[ $# -eq 0 ] || printf '   %s\n' "$@"
}

# show COMMAND...: print it, then run it
show()
{
	printf '\n$ %s\n' "$*"
	"$@"
}

# expect STATUS COMMAND...: the same for one that must end with that status
expect()
{
	want=$1
	shift
	status=0
	show "$@" || status=$?
	if [ "$status" -ne "$want" ]; then
		echo "want exit status $want, have $status" >&2
		exit 1
	fi
	echo "(exit status $status)"
}

explain "A root CA as people have it: openssl, P-384, three subordinates." \
    "issuing-3 has lost its key, and is revoked in the root's index."
mkdir -p root/certs stick stores/hash sub
: >root/index.txt
echo 1000 >root/serial
cat >root/ca.cnf <<CNF
[ca]
default_ca = root
[root]
dir = $here/root
database = \$dir/index.txt
serial = \$dir/serial
certificate = \$dir/root.pem
private_key = \$dir/root.key
new_certs_dir = \$dir/certs
default_md = sha384
default_days = 3650
policy = policy
[policy]
commonName = supplied
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
(
	umask 077
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 \
	    -out root/root.key 2>openssl.log
)
openssl req -config root/ca.cnf -new -x509 -key root/root.key -sha384 \
    -subj "/CN=Example Root G1" -days 7300 -extensions v3_root \
    -out root/root.pem 2>>openssl.log
for name in issuing-1 issuing-2 issuing-3; do
	openssl req -config root/ca.cnf -new -newkey ec \
	    -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "root/$name.key" \
	    -subj "/CN=$name" -out "root/$name.csr" 2>>openssl.log
	openssl ca -config root/ca.cnf -batch -notext -extensions v3_sub \
	    -in "root/$name.csr" -out "root/$name.pem" 2>>openssl.log
done
show openssl ca -config root/ca.cnf -revoke root/issuing-3.pem \
    -crl_reason keyCompromise 2>>openssl.log

explain "Adopt it. No file is moved: crlferry uses openssl's own index." \
    "The seal key signs what travels, apart from the CA's key."
show crlferry-root init --name example-root-g1 \
    --certificate root/root.pem --key root/root.key \
    --index root/index.txt --subordinate issuing-1=root/issuing-1.pem \
    --subordinate issuing-2=root/issuing-2.pem \
    --subordinate issuing-3=root/issuing-3.pem --output root/crlferry.cfg
show crlferry-root keygen root/seal.key root/seal.pub --no-passphrase

explain "The ceremony: sign the CRL. --first says that there was none before;" \
    "from now on no revocation can get lost unnoticed." \
    "The next ceremony's date is the schedule's, whenever you begin: by" \
    "\`semiannual' the first Tuesday of January and July, or the first day" \
    "after 20 December to 5 January if it is among those." \
    "Another rhythm: crlferry-root plan --help."
show crlferry-root issue --config root/crlferry.cfg --first

explain "Write the sealed bundle to the stick, for which a folder stands here."
show crlferry-root export stick --allow-fixed-disk --config root/crlferry.cfg

explain "On the subordinate: pin the root, trust the seal key, name the stores."
show crlferry-sub init --root example-root-g1=root/root.pem \
    --subordinate issuing-1=root/issuing-1.pem \
    --store hashdir:stores/hash --store pem:stores/crls.pem \
    --store der:stores/example-root-g1.crl \
    --trust root/seal.pub --output sub/crlferry.cfg

explain "The stick has arrived: verify everything, then install." \
    "A confined process reads the stick; it could not open a file if it tried."
show crlferry-sub import stick --config sub/crlferry.cfg

explain "The stores work: openssl takes the live subordinate ..."
expect 0 openssl verify -CAfile root/root.pem -CApath stores/hash \
    -crl_check root/issuing-1.pem
explain "... and refuses the revoked one: \"certificate revoked\"."
expect 2 openssl verify -CAfile root/root.pem -CApath stores/hash \
    -crl_check root/issuing-3.pem 2>&1

explain "The reminder, for your monitoring: all is well today ..."
expect 0 crlferry-sub check --config sub/crlferry.cfg
explain "... and eight months from now, if nobody holds a ceremony, it is not." \
    "It warns long before: two weeks before a ceremony, when the date of one" \
    "has passed with no new CRL, and from three weeks before nextUpdate on."
expect 2 crlferry-sub check --config sub/crlferry.cfg \
    --at "$(date -u -d '+8 months' +%Y-%m-%d)"

cat <<END

== Done.
   A root's revocation became a CRL that three stores on a subordinate use.
   $here/root    the CA, its configuration crlferry.cfg, its state: archive
   $(printf '%*s' "${#here}" '')         of CRLs and the ledger
   $here/stick   what travelled: crlferry/example-root-g1/000001
   $here/stores  hash directory, PEM file and DER file
   $here/sub     the subordinate's configuration and state
   The programs are in $build/cmd; each verb has --help.
   To see a whole key ceremony, with a throw-away key, on a terminal:
     cd $here && $build/cmd/crlferry-root ceremony stick --rehearse \\
         --allow-fixed-disk --config root/crlferry.cfg
END
