#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Command lines as people type them: they work, or the message has the word
# that was meant.

load ../e2e/helpers

setup() {
	make_folder
}

teardown() {
	remove_folder
}

# wrong STATUS TEXT REMEDY WORD...: refused on stderr alone, in these words
wrong() {
	local want=$1 text=$2 remedy=$3
	shift 3
	run --separate-stderr "$ROOT_PROGRAM" "$@"
	echo "$output" "$stderr"
	[ "$status" -eq "$want" ] && [ -z "$output" ] || return
	[ "${stderr_lines[0]}" = "crlferry-root: $text" ] || return
	[ "${stderr_lines[1]}" = "crlferry-root: remedy: $remedy" ]
}

# usage TEXT WORD...: of a verb, the first WORD
usage() {
	local text=$1
	shift
	wrong 64 "usage: $text" "see crlferry-root $1 --help" "$@"
}

# shows TEXT WORD...: on stdout alone, with status 0
shows() {
	local want=$1
	shift
	run --separate-stderr "$ROOT_PROGRAM" "$@"
	echo "$output" "$stderr"
	[ "$status" -eq 0 ] && [ -z "$stderr" ] && [ "$output" = "$want" ]
}

@test "a verb that does not exist: the one that was meant" {
	local remedy='crlferry-root --help lists the verbs'
	wrong 64 'usage: unknown verb "isue"; did you mean "issue"?' \
		"$remedy" isue
	wrong 64 'usage: unknown verb "reset_order"; did you mean "reset-order"?' \
		"$remedy" reset_order
	wrong 64 'usage: unknown verb "import"; did you mean "export"?' \
		"$remedy" import
	wrong 64 'usage: unknown verb "sign"' "$remedy" sign
	wrong 64 'usage: unknown verb "xy"' "$remedy" xy
	wrong 64 'usage: unknown verb ""' "$remedy" ''
	wrong 64 'usage: unknown verb "?[31m"' "$remedy" $'\e[31m'
	wrong 64 "usage: unknown verb \"$(printf '%0400d' 0)\"" "$remedy" \
		"$(printf '%0400d' 0)"
	wrong 64 'usage: unknown option "--first" before the verb' "$remedy" \
		--first issue
	wrong 64 'usage: unknown verb "isue"; did you mean "issue"?' \
		"$remedy" help isue
}

@test "no verb at all: the list of verbs, as a usage error" {
	local help
	help=$("$ROOT_PROGRAM" --help)
	[[ $help == *"  issue       "* ]]
	for words in "" "--quiet" "--config none.cfg"; do
		# shellcheck disable=SC2086
		run --separate-stderr "$ROOT_PROGRAM" $words
		[ "$status" -eq 64 ]
		[ -z "$output" ]
		[ "$stderr" = "crlferry-root: usage: no verb is given
crlferry-root: remedy: name one of these
$help" ]
	done
}

@test "an option that does not exist: the one that was meant" {
	usage 'issue has no option "--frist"; did you mean "--first"?' \
		issue --frist
	usage 'issue has no option "--confirm-dat=2026-11-30"; did you mean "--confirm-date"?' \
		issue --confirm-dat=2026-11-30
	usage 'issue has no option "--conf"; did you mean "--config"?' \
		issue --conf x.cfg
	usage 'issue has no option "--rehearse"' issue --rehearse
	usage 'issue has no option "-x"' issue -x
	usage '--config needs a value' issue --config
	usage '--config needs a value' issue --first --config
}

@test "arguments too many or too few" {
	usage 'init takes no arguments' init one
	usage 'revoke takes the arguments ROOT SERIAL|CERTFILE; 1 given' \
		revoke corp
	usage 'seal takes the arguments MEDIUM [ROOT...]; 0 given' seal
}

@test "help and version, in each of their forms" {
	local help verb version
	help=$("$ROOT_PROGRAM" --help)
	verb=$("$ROOT_PROGRAM" issue --help)
	version=$("$ROOT_PROGRAM" --version)
	[[ $verb == "usage: crlferry-root issue "* ]]
	[[ $version == "crlferry-root "[0-9]* ]]
	shows "$help" -h
	shows "$help" help
	shows "$help" --config none.cfg --help
	shows "$help" --config none.cfg help
	shows "$verb" --help issue
	shows "$verb" -h issue
	shows "$verb" help issue
	shows "$verb" issue -h
	shows "$verb" issue corp --first --help
	shows "$verb" --config none.cfg issue --help
	shows "$version" version
	shows "$version" --version issue
	shows "$version" issue --version
}

@test "options of every verb may stand before it" {
	local missing='none.cfg: '
	run "$ROOT_PROGRAM" --config none.cfg status
	[ "$status" -eq 66 ]
	[[ $output == "crlferry-root: missing: $missing"* ]]
	run "$ROOT_PROGRAM" --config=none.cfg --json status
	[ "$status" -eq 66 ]
	[[ $output == *"crlferry-root: missing: $missing"* ]]
	[[ $output == *'"token"'* ]]
	run "$ROOT_PROGRAM" --quiet --config status issue --config none.cfg
	[ "$status" -eq 66 ]
	[[ $output == "crlferry-root: missing: $missing"* ]]
}
