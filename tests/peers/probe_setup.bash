# SPDX-License-Identifier: ISC
# A PKI with services of every kind below it, whose root CRL is in the stores of
# sub/.
# shellcheck shell=bash
# status and output are what `run` of bats leaves
# shellcheck disable=SC2154

load "$BATS_TEST_DIRNAME/../e2e/pki_setup"
load "$BATS_TEST_DIRNAME/../peers/servers"

# ca/live.pem is the configured subordinate, with the key that signs leaves;
# ca/upper.pem and below it lower.pem are two that nobody configured
make_probe_pki() {
	make_older_root ca p256
	make_sub ca live
	make_sub ca bad
	printf '[v3_mid]\nbasicConstraints = critical,CA:TRUE\n%s\n%s\n' \
		'keyUsage = critical,keyCertSign,cRLSign' \
		'subjectKeyIdentifier = hash' >>ca/ca.cnf
	make_mid ca upper
	adopt_root ca test-root
	revoke_sub ca bad
	issue_to stick1 --first
	make_sub_config ca test-root live
	sub import stick1 --quiet
	make_below lower ca/upper CA
	make_leaf web ca/live
	cat web.pem ca/live.pem >full.pem
}

# make_mid FOLDER NAME: as make_sub, with certificates of CAs below it
make_mid() {
	make_key "$1/$2.key" p256
	openssl req -config "$1/ca.cnf" -new -key "$1/$2.key" \
		-subj "/CN=$2" -out "$1/$2.csr" 2>/dev/null
	openssl ca -config "$1/ca.cnf" -batch -notext -extensions v3_mid \
		-in "$1/$2.csr" -out "$1/$2.pem" 2>/dev/null
}

# make_below NAME ISSUER CA|LEAF [X509-OPTION]...: NAME.pem by ISSUER.key; NAMES
# are its subjectAltName, KEYTYPE its key
make_below() {
	local name=$1 issuer=$2 kind=$3 days=100
	shift 3
	[ "$kind" != CA ] || days=3000
	[ -e "$name.key" ] || make_key "$name.key" "${KEYTYPE:-p256}"
	openssl req -new -key "$name.key" -subj "${SUBJECT:-/CN=$name}" \
		-config ca/ca.cnf -out "$name.csr" 2>/dev/null
	if [ "$kind" = CA ]; then
		echo 'basicConstraints = critical,CA:TRUE'
		echo 'keyUsage = keyCertSign,cRLSign'
	else
		echo 'basicConstraints = CA:FALSE'
		[ -z "${NAMES-IP:127.0.0.1}" ] || echo \
			"subjectAltName = ${NAMES-DNS:localhost,IP:127.0.0.1}"
	fi >extensions
	printf '%s\n' 'subjectKeyIdentifier = hash' \
		'authorityKeyIdentifier = keyid' >>extensions
	openssl x509 -req -in "$name.csr" -CA "$issuer.pem" -CAkey \
		"$issuer.key" -CAcreateserial -days "${DAYS:-$days}" \
		-extfile extensions -out "$name.pem" "$@" 2>/dev/null
}

# make_leaf NAME ISSUER [X509-OPTION]...
make_leaf() {
	local name=$1 issuer=$2
	shift 2
	make_below "$name" "$issuer" LEAF "$@"
}

# serve CHAINFILE KEY [S_SERVER-OPTION]...: on HOST, PORT is where
serve() {
	local chain=$1 key=$2
	shift 2
	awk 'behind; /^-----END/ { behind = 1 }' "$chain" >rest.pem
	[ ! -s rest.pem ] || set -- -cert_chain rest.pem "$@"
	start s_server openssl s_server -accept "${HOST:-127.0.0.1}:0" \
		-key "$key" -cert "$chain" -www "$@"
	wait_for s_server grep -qs '^ACCEPT .*:[0-9]' s_server.log || return 1
	PORT=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' s_server.log)
}

# probe [ARGUMENT]...: of PORT on 127.0.0.1, unless HOST is another
probe() {
	run guarded "$SUB_PROGRAM" probe --config sub/crlferry.cfg \
		"${HOST:-127.0.0.1}:$PORT" "$@"
	echo "$status: $output"
}

# finds STATUS SEVERITY ID PATTERN [ARGUMENT]...: the first line, the status and
# the JSON agree on it, and nothing is written
finds() {
	local want=$1 severity=$2 id=$3 pattern=$4 before
	shift 4
	before=$(snapshot sub stores)
	probe "$@"
	[ "$status" -eq "$want" ] || return 1
	[[ ${lines[0]} == "CRLFERRY $severity - ${HOST:-127.0.0.1}:$PORT: "* ]] ||
		return 1
	# shellcheck disable=SC2053	# a pattern
	[[ ${lines[0]} == $pattern ]] || return 1
	probe --json "$@"
	[ "$status" -eq "$want" ] || return 1
	jq -e --arg severity "$severity" --arg id "$id" '.version == 1 and
		.type == "crlferry-probe" and .severity == $severity and
		($id == "" or (.findings[0].id == $id and
		.findings[0].severity == $severity))' <<<"$output" || return 1
	[ "$before" = "$(snapshot sub stores)" ] || return 1
	mkdir -p "$BATS_FILE_TMPDIR/documents"
	echo "$output" >"$BATS_FILE_TMPDIR/documents/$RANDOM$RANDOM"
}

# documents_fit: each that was kept is what the schema says, and no member of it
# may be missing
documents_fit() {
	python3 - "$BATS_TEST_DIRNAME/../../doc/crlferry-probe.schema.json" \
		"$BATS_FILE_TMPDIR"/documents/* <<'PYTHON'
import copy, json, sys
from jsonschema import Draft202012Validator

with open(sys.argv[1]) as file:
    judge = Draft202012Validator(json.load(file))
for path in sys.argv[2:]:
    with open(path) as file:
        document = json.load(file)
    for fault in judge.iter_errors(document):
        sys.exit("%s: %s" % (list(fault.absolute_path), fault.message))
    for part in [document] + document["findings"][:1] + \
            document["certificates"][:1]:
        for key in list(part):
            value = part.pop(key)
            assert not judge.is_valid(document), key
            part[key] = value
PYTHON
}
