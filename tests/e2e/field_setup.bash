# SPDX-License-Identifier: ISC
# What the tests of inputs from the field share: tests/vectors/field, on a day
# on which they are valid.
# shellcheck shell=bash

load "$BATS_TEST_DIRNAME/../e2e/root_setup"

FIELD=$(realpath "$BATS_TEST_DIRNAME/../vectors/field")
# Sentences in a line of their own, so that tests can look for them.
export COLUMNS=500
FIELD_DAY='2026-12-05 12:00:00'

# on_day COMMAND...: on the day of the inputs
on_day() {
	TZ=UTC guarded faketime "$FIELD_DAY" "$@"
}

# field_root [INIT-OPTION]...: the folder ca is the machine of the field's
# root, with an empty index; corp is its name
field_root() {
	mkdir -p ca
	cp "$FIELD/root/root.pem" ca/
	install -m 600 "$FIELD/root/root.key" ca/root.key
	: >ca/index.txt
	on_day "$ROOT_PROGRAM" init --name corp --certificate ca/root.pem \
		--key ca/root.key --index ca/index.txt \
		--output ca/crlferry.cfg "$@" &&
		sed -i 's/^air_gap = "require"/air_gap = "off"/' \
			ca/crlferry.cfg
}

# field_sub [TYPE:PATH]...: the folder sub is the machine of a subordinate of
# that root, s1, which takes bare CRLs
field_sub() {
	local store stores=()
	for store in "$@"; do
		stores+=(--store "$store")
	done
	mkdir -p sub
	cp "$FIELD/root/root.pem" "$FIELD/root/s1.pem" sub/
	on_day "$SUB_PROGRAM" init --root corp=sub/root.pem \
		--subordinate s1=sub/s1.pem "${stores[@]}" \
		--output sub/crlferry.cfg &&
		sed -i 's/# bare = true/bare = true/' sub/crlferry.cfg
}

# field_ca VERB ARGUMENT..., field_issuing VERB ARGUMENT...: with their
# configuration, on that day
field_ca() {
	on_day "$ROOT_PROGRAM" "$@" --config ca/crlferry.cfg
}

field_issuing() {
	on_day "$SUB_PROGRAM" "$@" --config sub/crlferry.cfg
}
