#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# doc/crossing.md and the lines of crontab in doc/reminder.md: their commands are
# run as they stand there, in their order, and minisign's keys are used where the
# page says so.  README.md itself: tests/pages/readme.bats.

load ../e2e/root_setup
load ../e2e/note_helpers
load ../e2e/reset_helpers

CROSSING=$BATS_TEST_DIRNAME/../../doc/crossing.md
REMINDER=$BATS_TEST_DIRNAME/../../doc/reminder.md

# commands TITLE: of one part of the crossing, one a line
commands() {
	sed -n "/^### $1\$/,/^##/s/^    \(crlferry-.*\)/\1/p" "$CROSSING"
}

# run_line LINE: with the configuration, the folder and the names of this test
run_line() {
	local line
	line=$(sed -e "s,^crlferry-root [a-z-]*,& --config ca/crlferry.cfg," \
		-e "s,^crlferry-sub [a-z-]*,& --config sub/crlferry.cfg," \
		-e "s,^crlferry-root,'$ROOT_PROGRAM'," \
		-e "s,^crlferry-sub,'$SUB_PROGRAM'," \
		-e 's,MEDIUM,stick,; s,corp-root-g1,corp,; s,issuing-1,one,' \
		-e '/ request \| reset-order /s,$, --allow-fixed-disk,' \
		-e '/ keygen /s,$, --no-passphrase,' <<<"$1")
	echo "\$ $line"
	eval "$line"
}

# run_part TITLE COUNT: all of its commands, of which there are so many
run_part() {
	local line
	[ "$(commands "$1" | wc -l)" -eq "$2" ]
	while read -r line; do
		run_line "$line"
	done < <(commands "$1")
}

# cron_line VERB: the command of the line of crontab that has it, whose fields
# are those of five times
cron_line() {
	sed -nE "s/^    ([0-9*]+ ){5}(.*crlferry-sub $1.*)/\2/p" "$REMINDER"
}

# by_cron COMMAND: as cron runs it, with the programs of this build
by_cron() {
	env -i PATH="$T/bin:/usr/bin:/bin" HOME="$T" sh -c "$1"
}

@test "cron: check says something only if a pair is not fresh" {
	make_notes_pki
	mkdir bin
	cat >bin/crlferry-sub <<-PROGRAM
		#!/bin/sh
		verb=\$1
		shift
		exec "$SUB_PROGRAM" "\$verb" --config "$T/sub/crlferry.cfg" "\$@"
	PROGRAM
	chmod +x bin/crlferry-sub
	[ -n "$(cron_line check)" ]
	run by_cron "$(cron_line check)"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	rm stores/one.crl
	run by_cron "$(cron_line check)"
	[ "$status" -eq 0 ]
	[[ $output == "CRLFERRY CRITICAL"* ]]
}

@test "notes: from the request to what status tells" {
	make_notes_pki
	[ "$(commands Notes | wc -l)" -eq 3 ]
	run_line "$(commands Notes | sed -n 2p)"
	run_line "$(commands Notes | sed -n 3p)"
	root ca issue --quiet
	root ca export stick --allow-fixed-disk --quiet
	sub import stick --quiet
	run_line "$(commands Notes | sed -n 3p)"
	run root ca status
	today=$(date -u +%F)
	says "corp/one: asked on $today with #1, installed #2 on $today"
	# the keys that it makes do for the configuration that it names
	mkdir new
	(cd new && run_line "$(commands Notes | sed -n 1p)")
	[ "$(wc -l <new/note.pub)" -eq 2 ]
	grep -q '`note_secret = "note.key";`' "$CROSSING"
}

@test "seals of several officers: the configurations that are shown" {
	make_notes_pki
	# as the officers call them, the second with a key of minisign
	mkdir officer
	cp ca/seal.pub officer/officer-1.pub
	cp ca/seal.pub sub/officer-1.pub
	minisign -G -W -s officer/officer-2.key -p officer/officer-2.pub \
		>/dev/null
	cp officer/officer-2.pub sub/
	{
		echo 'state = "state";'
		sed -n 's/^    \(seal = { secret.*\)/\1/p' "$CROSSING"
		echo "roots = ( { name = \"corp\"; certificate = \"$T/ca/root.pem\"; } );"
	} >officer/crlferry.cfg
	sed -i '/^seal = {/,/^};/d' sub/crlferry.cfg
	sed -n 's/^    \(seal = { trusted.*\)/\1/p' "$CROSSING" >>sub/crlferry.cfg
	grep -q 'required = 2' sub/crlferry.cfg
	root ca issue --quiet
	root ca export stick --allow-fixed-disk --quiet
	refuses 65 seal sub import stick
	[ "$(commands 'Seals of several officers')" = \
		'crlferry-root seal MEDIUM' ]
	"$ROOT_PROGRAM" seal stick --config officer/crlferry.cfg --quiet
	sub import stick --quiet
	cmp stores/one.crl "$(last_crl ca corp)"
}

@test "the way back: five commands" {
	make_reset_pki
	refuses 77 rollback sub import stick2
	says 'see RECOVERING in the manual'
	root ca export stick --allow-fixed-disk --quiet
	run_part 'The way back' 5
	accepts 2
	cmp stores/one.crl low.crl
}
