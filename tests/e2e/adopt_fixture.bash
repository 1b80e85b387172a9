# SPDX-License-Identifier: ISC
# What the tests of adopt share: another CA program with the root's key.
# shellcheck shell=bash

load "$BATS_TEST_DIRNAME/../e2e/root_helpers"

# make_other: the folder `other` is another program's copy of the root in `ca`,
# with an index of its own.  Its CRLs have an AKI and a number.
make_other() {
	cp -a ca other
	rm -rf other/crlferry.cfg other/state
	sed -i "s,^dir = .*,dir = $PWD/other," other/ca.cnf
	# without an AKI, without a number, with another extension only
	sed 's/^authorityKeyIdentifier = keyid/issuerAltName = DNS:root/' \
		other/ca.cnf >other/plain.cnf
	sed '/^crlnumber = /d' other/ca.cnf >other/unnumbered.cnf
	sed '/^crlnumber = /d' other/plain.cnf >other/bare.cnf
}

# days_ago COUNT: as openssl wants it
days_ago() {
	date -u -d "$1 days ago" +%Y%m%d%H%M%SZ
}

# other_crl OUT DAYS-AGO [OPTION]...: the next CRL of the other program, PEM,
# of that thisUpdate, for 200 days
other_crl() {
	local out=$1 days=$2
	shift 2
	openssl ca -gencrl -config "${CNF:-other/ca.cnf}" \
		-crl_lastupdate "$(days_ago "$days")" \
		-crl_nextupdate "$(days_ago $((days - 200)))" \
		-out "$out" "$@" 2>openssl.log
}

# other_revokes NAME [OPENSSL-OPTION]...
other_revokes() {
	local name=$1
	shift
	openssl ca -config other/ca.cnf -revoke "other/$name.pem" "$@" \
		2>openssl.log
}

# without_signing FOLDER: another program signs for this root
without_signing() {
	perl -0777 -pi -e 's/      signing = \{.*?\n      \};\n//s or die' \
		"$1/crlferry.cfg"
}

# forget: as if nothing had ever been adopted
forget() {
	rm -r ca/state/corp ca/state/ledger.jsonl
	cp "$SAVED/ca/index.txt" ca/index.txt
}

# der_of PEM: its octets
der_of() {
	openssl crl -in "$1" -outform DER
}

# takes FOLDER ARGUMENT...: adopts it, and it is the current CRL, octet for
# octet
takes() {
	local folder=$1 file=$2
	shift
	run root "$folder" adopt corp "$@"
	[ "$status" -eq 0 ] || {
		echo "want it adopted, have $status: $output"
		return 1
	}
	no_leftovers || return
	if grep -q 'BEGIN X509 CRL' "$file"; then
		der_of "$file" | cmp - "$(last_crl "$folder" corp)"
	else
		cmp "$file" "$(last_crl "$folder" corp)"
	fi || return
	root "$folder" ledger verify --quiet || return
	tail -n 1 "$folder/state/ledger.jsonl" | jq -e --arg sha \
		"$(sha256sum <"$(last_crl "$folder" corp)" | cut -d' ' -f1)" \
		'.event == "adopt" and .sha256 == $sha' >/dev/null
}

# is_revoked SERIAL [REASON]: in the index of `ca`, as openssl reads it
is_revoked() {
	openssl ca -config ca/ca.cnf -status "$1" 2>&1 |
		grep -q "^$1=Revoked" || return
	[ -z "${2-}" ] || awk -F'\t' -v serial="$1" -v reason="$2" \
		'$4 == serial { split($3, part, ","); found = part[2] == reason }
		END { exit !found }' ca/index.txt
}

# crl_stamp PEM: its thisUpdate, as the archive names it
crl_stamp() {
	date -u -d "$(openssl crl -in "$1" -noout -lastupdate |
		sed 's/.*=//')" +%Y%m%dT%H%M%SZ
}

# resign CRL KEY: the octets of its tbsCertList, signed anew; RSA, so that the
# signature keeps its size
resign() {
	tbs_of "$1" >resign.tbs &&
		openssl dgst -sha256 -sign "$2" -out resign.sig resign.tbs &&
		perl -0777 -e 'local $/; my @part;
			for (@ARGV) { open(my $in, "<:raw", $_) or die;
				push @part, scalar <$in> }
			substr($part[0], -length($part[1])) = $part[1];
			print $part[0]' "$1" resign.sig
}
