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
	wrong 64 'usage: unknown verb "STATUS"; did you mean "status"?' \
		"$remedy" STATUS
	wrong 64 'usage: unknown verb "cerem"; did you mean "ceremony"?' \
		"$remedy" cerem
	wrong 64 'usage: unknown verb "imprt"; did you mean "import" of crlferry-sub?' \
		"$remedy" imprt stick
	wrong 64 'usage: unknown verb "sign"' "$remedy" sign
	wrong 64 'usage: unknown verb "xy"' "$remedy" xy
	wrong 64 'usage: unknown verb ""' "$remedy" ''
	wrong 64 'usage: unknown verb "?[31m"' "$remedy" $'\e[31m'
	wrong 64 "usage: unknown verb \"$(printf '%0400d' 0)\"" "$remedy" \
		"$(printf '%0400d' 0)"
	wrong 64 'usage: unknown verb "isue"; did you mean "issue"?' \
		"$remedy" help isue
	wrong 64 'usage: unknown verb "isue"; did you mean "issue"?' \
		"$remedy" --quiet isue --first
	wrong 64 'usage: unknown verb "nonsense"' "$remedy" help nonsense
}

@test "a verb of the other program: its command line, to be copied" {
	wrong 64 'usage: "import" is a verb of crlferry-sub, not of this program' \
		'on the subordinate: crlferry-sub import /mnt/stick' \
		import /mnt/stick
	wrong 64 'usage: "check" is a verb of crlferry-sub, not of this program' \
		'on the subordinate: crlferry-sub check' check
	wrong 64 'usage: "recover" is a verb of crlferry-sub, not of this program' \
		"on the subordinate: crlferry-sub recover --quiet 'my stick'" \
		--quiet recover 'my stick'
	wrong 64 'usage: "import" is a verb of crlferry-sub, not of this program' \
		'on the subordinate: crlferry-sub import --help' help import
	# A line that would be cut off is not shown.
	wrong 64 'usage: "import" is a verb of crlferry-sub, not of this program' \
		'on the subordinate: crlferry-sub import' \
		import "$(printf '%0200d' 0)"
	run --separate-stderr "$SUB_PROGRAM" issue --first
	[ "$status" -eq 64 ]
	[ -z "$output" ]
	[ "$stderr" = 'crlferry-sub: usage: "issue" is a verb of crlferry-root, not of this program
crlferry-sub: remedy: on the root'\''s machine: crlferry-root issue --first' ]
}

# verbs_of PROGRAM
verbs_of() {
	"$1" --help | awk '/^verbs:/ { on = 1; next } /^$/ { on = 0 }
		on { print $1 }'
}

# owned BY: the verbs of this program alone, from the table in the source
owned() {
	sed -n "s/^    {\"\([a-z-]*\)\", $1},$/\1/p" \
		"$BATS_TEST_DIRNAME/../../cmd/verb_owner.c" | sort
}

@test "what each program knows of the other is what the other has" {
	verbs_of "$ROOT_PROGRAM" | sort >root
	verbs_of "$SUB_PROGRAM" | sort >sub
	[ "$(wc -l <root)" -gt 10 ]
	diff <(comm -23 root sub) <(owned ROOT)
	diff <(comm -13 root sub) <(owned SUB)
}

# options_of PROGRAM: "NAME" or "NAME ARGUMENT" of every verb's options
options_of() {
	local verb
	for verb in $(verbs_of "$1"); do
		"$1" "$verb" --help | sed -nE \
			's/^  (-., )?--([a-z-]+)( [^ ]+)?( .*)?$/\2\3/p'
	done | sed 's/ .*/ VALUE/' | sort -u
}

@test "an option takes a value with every verb that has it, or with none" {
	local program
	for program in "$ROOT_PROGRAM" "$SUB_PROGRAM"; do
		options_of "$program" >options
		grep -qx 'config VALUE' options
		grep -qx quiet options
		[ -z "$(cut -d' ' -f1 options | uniq -d)" ]
	done
}

@test "no verb at all: the list of verbs, as a usage error" {
	local help
	help=$("$ROOT_PROGRAM" --help)
	[[ $help == *"  issue       "* ]]
	for words in "" "--quiet" "--config none.cfg" "--" "--quiet --"; do
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
	usage '--config needs a value' issue --config=
	usage '--quiet takes no value, "--quiet=yes" has one' issue --quiet=yes
	usage 'issue has no option "-config"; did you mean "--config"?' \
		issue -config x.cfg
	run --separate-stderr "$ROOT_PROGRAM" status --json --format text
	[ "$status" -eq 64 ]
	[ "${stderr_lines[0]}" = \
		'crlferry-root: usage: --json and --format text exclude each other' ]
	usage '--format takes text or json, not "xml"' status --format xml
	usage '--format takes text, json or ics, not "xml"' plan --format xml
}

@test "an option before the verb that no verb has: the one that was meant" {
	local remedy='see crlferry-root --help'
	wrong 64 'usage: unknown option "--cofnig"; did you mean "--config"?' \
		"$remedy" --cofnig x issue
	wrong 64 'usage: unknown option "--cofnig=x"; did you mean "--config"?' \
		"$remedy" --cofnig=x issue
	wrong 64 'usage: unknown option "--frist"; did you mean "--first"?' \
		"$remedy" --frist issue
	wrong 64 'usage: unknown option "-config"; did you mean "--config"?' \
		"$remedy" -config x issue
	wrong 64 'usage: unknown option "-x"' "$remedy" -x issue
	wrong 64 'usage: unknown option "-"' "$remedy" - issue
	wrong 64 'usage: --config needs a value' "$remedy" --config
	# One of another verb is for the verb to judge.
	wrong 64 'usage: status has no option "--first"' \
		'see crlferry-root status --help' --first status
}

# unknown TEXT WORD...: for a plugin, whose line is on stdout, and status 3
unknown() {
	local want=$1
	shift
	run --separate-stderr "$SUB_PROGRAM" "$@"
	echo "$output" "$stderr"
	[ "$status" -eq 3 ] &&
		[[ $output == "CRLFERRY UNKNOWN - usage: $want: see crlferry-sub "* ]]
}

@test "a plugin answers a wrong command line with UNKNOWN" {
	unknown 'check has no option "--nonsense"' check --nonsense
	unknown '--config needs a value' check --config
	unknown 'unknown option "--cofnig"; did you mean "--config"?' \
		--cofnig x check
	unknown 'unknown option "-x"' -x check corp
	unknown 'probe takes the arguments HOST:PORT; 0 given' probe
	unknown 'unknown option "--severname"; did you mean "--servername"?' \
		--severname x probe localhost:443
	# As JSON, for those who read that.
	for words in "--json check" "check --json" "check --format json"; do
		# shellcheck disable=SC2086
		run --separate-stderr "$SUB_PROGRAM" $words --config none.cfg
		[ "$status" -eq 3 ]
		jq -e '.type == "crlferry-error" and .token == "missing"' \
			<<<"$output"
	done
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
	shows "$help" help help
	shows "$help" --help help
	shows "$help" help --quiet
	shows "$help" -h -V
	shows "$help" --config none.cfg --help
	shows "$help" --config none.cfg help
	shows "$verb" --help issue
	shows "$verb" -h issue
	shows "$verb" help issue
	shows "$verb" issue -h
	shows "$verb" issue corp --first --help
	shows "$verb" --config none.cfg issue --help
	shows "$verb" --config none.cfg help issue
	shows "$verb" -- issue --help
	shows "$verb" issue -h --first
	# Who asks for help gets it, whatever else is wrong.
	shows "$verb" issue --nonsense --help
	shows "$verb" issue --help --nonsense
	shows "$verb" --cofnig x issue -h
	shows "$help" --nonsense --help
	shows "$version" version
	shows "$version" -V
	shows "$version" -V issue
	shows "$version" issue -V
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
	run "$ROOT_PROGRAM" --at 2027-01-01 --config none.cfg status
	[ "$status" -eq 66 ]
	run "$ROOT_PROGRAM" --first --config none.cfg issue
	[ "$status" -eq 66 ]
	run "$ROOT_PROGRAM" -- status --config none.cfg
	[ "$status" -eq 66 ]
	run "$ROOT_PROGRAM" --quiet --config status issue --config none.cfg
	[ "$status" -eq 66 ]
	[[ $output == "crlferry-root: missing: $missing"* ]]
}
