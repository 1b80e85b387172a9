#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A seal key was stolen (FAULTS 61): what a thief can do with every field of an
# order, as doc/threat-model.md has it.

load ../e2e/reset_setup

make_work() {
	make_reset_pki
	ordered
}

# What becomes of an order with such a claim: recover refuses it; or carries it
# out (`taken`) and the import of the CRL that the root meant works (`import`)
# or is refused (`rollback`).
order_claims() {
	cat <<-'ROWS'
		.type = "crlferry-bundle"                         | format   |
		.version = 2                                      | format   |
		.root = "other"                                   | issuer   |
		.spki_sha256 |= (.[1:] + .[:1])                   | issuer   |
		.subordinate = "two"                              | issuer   |
		.sequence += 1                                    | rollback |
		.sequence = 0                                     | format   |
		.nonce |= (.[1:] + .[:1])                         | rollback |
		.time = "9999-12-31T23:59:59Z"                    | taken    | import
		.time = "1970-01-01T00:00:00Z"                    | taken    | import
		.accepted_sha256 |= (.[1:] + .[:1])               | rollback |
		.accepted_sha256 = .sha256                        | format   |
		.sha256 |= (.[1:] + .[:1])                        | taken    | rollback
		.number = "1"                                     | taken    | rollback
		del(.number)                                      | taken    | rollback
		.why = ""                                         | format   |
		.why = "\u001b[2J"                                | format   |
		.why = "\u009b2J"                                 | format   |
		.more = "x"                                       | format   |
	ROWS
}

@test "row 61: every field of an order" {
	local row filter want then
	while IFS= read -r row; do
		IFS='|' read -r then want filter < <(awk -F ' *[|]( +|$)' '{
			n = NF; filter = $1
			for (i = 2; i < n - 1; i++)
				filter = filter " | " $i
			print $n "|" $(n - 1) "|" filter }' <<<"$row")
		restore_work
		jq --indent 2 -S "$filter" $ORDER >edited.json
		mv edited.json $ORDER
		seal_order
		if [ "$want" = taken ]; then
			recover --quiet
			run sub import stick2 --quiet
			echo "$row: $status: $output"
			if [ "$then" = import ]; then
				[ "$status" -eq 0 ]
				accepts 2
			else
				[ "$status" -eq 77 ]
				accepts "$LAST_NUMBER"
			fi
			continue
		fi
		case $want in
		rollback) keeps 77 "$want" '' recover ;;
		*) keeps 65 "$want" '' recover ;;
		esac || {
			echo "$row: $output"
			return 1
		}
	done < <(order_claims)
}

@test "row 61: the worst of an order: an older CRL, unless it has ended" {
	# The root's old CRL #1, ordered in place of #2: the worst there is.
	local old=ca/state.before/corp/archive/000001.crl
	jq --indent 2 -S ".sha256 = \"$(sha256sum <$old | cut -d' ' -f1)\" |
		.number = \"1\"" $ORDER >edited.json
	mv edited.json $ORDER
	seal_order
	recover --quiet
	sed -i 's/^ *schedule = /      bare = true;\n&/' sub/crlferry.cfg
	refuses 77 expired faketime -f +400d "$SUB_PROGRAM" import $old \
		--config sub/crlferry.cfg
	accepts "$LAST_NUMBER"
	# Not ended, and with every entry, it is taken, as the log will say.
	sub import $old --quiet
	accepts 1
}
