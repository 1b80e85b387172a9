# SPDX-License-Identifier: ISC
# Roots whose certificates are to be reissued.
# shellcheck shell=bash
# output and status are what `run` of bats leaves
# shellcheck disable=SC2154

# weak_root FOLDER KEYTYPE DIGEST DAYS: a root made 100 days ago, signed with
# DIGEST, whose certificate lasts DAYS; and its subordinates `one` and `gone`,
# of which the latter is revoked
weak_root() {
	old_root "$1" "$2" &&
		faketime '-100 days' openssl req -config "$1/ca.cnf" -new \
			-x509 "-$3" -key "$1/root.key" -subj '/CN=Test Root' \
			-days "$4" -extensions v3_root -out "$1/root.pem" &&
		make_sub "$1" one && make_sub "$1" gone &&
		revoke_sub "$1" gone
}

# reissue FOLDER ARGUMENT...
reissue() {
	local folder=$1
	shift
	root "$folder" reissue corp "$@"
}

# is_silent FOLDER CERTIFICATE: lint has not a word on it, in either profile
is_silent() {
	local profile
	for profile in rfc5280 br; do
		run "$ROOT_PROGRAM" lint --profile "$profile" "$2"
		if [ "$status" -ne 0 ] || [ -n "$output" ]; then
			echo "want no word from lint, have: $output"
			return 1
		fi
	done
}

# set_certificate CONFIG OLD NEW: what the configuration names for the root
set_certificate() {
	grep -q "certificate = \"[^\"]*$2\"" "$1" &&
		sed -i "s,certificate = \"[^\"]*$2\",certificate = \"$3\"," "$1"
}
