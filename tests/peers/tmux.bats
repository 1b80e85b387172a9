#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A ceremony in a real shell, on a terminal that is looked at: tmux.

load ../e2e/root_setup
load ../e2e/ceremony_fixture

SECRET='open sesame'

setup() {
	make_folder
	make_room
	openssl pkcs8 -topk8 -in ca/root.key -passout "pass:$SECRET" \
		-out ca/locked.key
	chmod 600 ca/locked.key
	mv ca/locked.key ca/root.key
}

teardown() {
	tmux -S "$T/tmux" kill-server 2>/dev/null || true
}

# terminal [NAME=VALUE]...: a shell on 80 columns and 24 lines; all that is
# written to it goes into the file raw
terminal() {
	cat >rc <<-RC
		PS1='shell> '
		HISTFILE=$T/history
		bind 'set enable-bracketed-paste off'
	RC
	env "$@" tmux -S "$T/tmux" -f /dev/null new-session -d -x 80 -y 24 \
		"exec bash --noprofile --rcfile $T/rc -i"
	tmux -S "$T/tmux" set-option -g history-limit 10000
	tmux -S "$T/tmux" pipe-pane "cat >>$T/raw"
	await 'shell> '
}

# screen: what is seen now; everything: what was ever seen
screen() {
	tmux -S "$T/tmux" capture-pane -p -J
}

everything() {
	tmux -S "$T/tmux" capture-pane -p -J -S -
}

# times TEXT: how often it was seen
times() {
	everything | grep -cF -- "$1"
}

# await TEXT [TIMES]: until it was seen that often
await() {
	local i
	for ((i = 0; i < 600; i++)); do
		[ "$(times "$1")" -lt "${2:-1}" ] || return 0
		sleep 0.1
	done
	echo "want \"$1\" ${2:-1} times, have:"
	everything | sed '/^ *$/d'
	return 1
}

# await_end TEXT: until the last line begins with it
await_end() {
	local i
	for ((i = 0; i < 600; i++)); do
		[[ $(screen | sed '/^ *$/d' | tail -n 1) != "$1"* ]] ||
			return 0
		sleep 0.1
	done
	echo "want \"$1\" last, have:"
	screen | sed '/^ *$/d'
	return 1
}

type_keys() {
	tmux -S "$T/tmux" send-keys "$@"
}

# enter TEXT: the text and Enter
enter() {
	type_keys -l "$1"
	type_keys Enter
}

# ceremony [OPTION]...: begin one
ceremony() {
	enter "$ROOT_PROGRAM ceremony medium --config ca/crlferry.cfg --allow-fixed-disk $*"
}

# quiet: until the terminal echoes nothing
quiet() {
	local tty i
	tty=$(tmux -S "$T/tmux" display-message -p '#{pane_tty}')
	for ((i = 0; i < 100; i++)); do
		[[ $(stty -a -F "$tty") != *" -echo "* ]] || return 0
		sleep 0.1
	done
	echo "want no echo on $tty"
	return 1
}

# stopped TEXT: at this question, Ctrl-Z goes to the shell, and fg comes back
stops=0
stopped() {
	await_end "$1"
	[ "$1" != 'passphrase of ' ] || quiet
	type_keys -l 'half'
	type_keys C-z
	stops=$((stops + 1))
	await 'Stopped' $((2 * stops - 1)) || return
	await_end 'shell> '
	# what stopped has left the terminal as a shell wants it
	enter "jobs; stty -a | grep -o -- '-*echo ' | tr -d ' ' >$T/echo"
	await 'Stopped' $((2 * stops))
	await_end 'shell> '
	[ "$(cat "$T/echo")" = echo ] || return
	enter fg
	await_end "$1"
}

# checking: until the mark of life stands there
checking() {
	local i
	for ((i = 0; i < 200; i++)); do
		! grep -qF 'checking the passphrase...' raw || return 0
		sleep 0.05
	done
	echo "want a mark of life, have:"
	screen
	return 1
}

# until_consent: what comes before the consent, by one person
until_consent() {
	await_end 'Enter when all is there: '
	enter ''
	await_end 'Operator: '
	enter 'Ada Lovelace'
	await_end 'Witness 1: '
	enter ''
	await_end 'These are the people'
	enter ''
	await_end "Today's date"
	enter "$(date -u +%F)"
}

# lock_seal: the seal key wants a passphrase from now on
lock_seal() {
	rm ca/seal.key ca/seal.pub
	root ca keygen ca/seal.key ca/seal.pub --passphrase-fd 0 --quiet \
		<<<"$SECRET"
}

@test "Ctrl-Z and fg at each question: it is asked again, and no passphrase is shown" {
	terminal
	lock_seal
	ceremony
	stopped 'Enter when all is there: '
	enter ''
	stopped 'Operator: '
	enter 'Ada Lovelace'
	stopped 'Witness 1: '
	enter 'Bob'
	stopped 'Witness 2: '
	enter ''
	stopped 'These are the people; is that right?'
	enter ''
	stopped "Today's date, YYYY-MM-DD: "
	enter "$(date -u +%F)"
	stopped 'Type Yes to sign; anything else stops: '
	enter 'Yes'
	stopped 'passphrase of '
	quiet
	enter "$SECRET"
	stopped 'Enter when it is noted'
	enter ''
	stopped 'passphrase of '
	quiet
	enter "$SECRET"
	# scrypt takes its time, and says so; who types once more is not heard
	checking
	enter "$SECRET"
	await 'the stick may be removed'
	await_end 'shell> '
	one_crl_more
	minutes_of 000002
	enter 'exit'
	for ((i = 0; i < 50; i++)); do
		[ ! -s history ] || break
		sleep 0.1
	done
	[ "$(cat raw history | grep -cF "$SECRET")" -eq 0 ]
	grep -q '^fg$' history
}

@test "Ctrl-C and Ctrl-D at a passphrase leave the terminal as it was" {
	local key
	terminal
	ceremony
	until_consent
	await_end 'Type Yes'
	enter 'Yes'
	for key in C-c C-d; do
		await_end 'passphrase of '
		quiet
		type_keys -l 'half'
		type_keys $key
		[ $key != C-d ] || {
			# the first one hands over what was typed
			type_keys $key
		}
		await_end 'shell> '
		screen | grep -q 'The same command goes on at step 9'
		enter "stty -a | grep -o -- '-*echo ' | tr -d ' ' >$T/echo"
		await_end 'shell> '
		[ "$(cat echo)" = echo ]
		ceremony
		await_end "Today's date"
		enter "$(date -u +%F)"
	done
	await_end 'passphrase of '
	quiet
	enter "$SECRET"
	await_end 'Enter when it is noted'
	enter ''
	await 'the stick may be removed'
	one_crl_more
}

@test "Ctrl-C while a passphrase is checked ends it, and says what stands" {
	terminal
	lock_seal
	ceremony
	until_consent
	await_end 'Type Yes'
	enter 'Yes'
	await_end 'passphrase of '
	quiet
	enter "$SECRET"
	await_end 'Enter when it is noted'
	enter ''
	await_end 'passphrase of '
	quiet
	enter "$SECRET"
	checking
	type_keys C-c
	await 'The same command goes on at step 11'
	await_end 'shell> '
	[ ! -e medium/crlferry/corp/000002/bundle.json ]
	ceremony
	await_end "Today's date"
	enter "$(date -u +%F)"
	await_end 'passphrase of '
	quiet
	enter "$SECRET"
	await 'the stick may be removed'
	minutes_of 000002
}

@test "a serial console of 80x24, without UTF-8 and without colour" {
	sed -i "s,^      subordinates = (,&\n{ name = \"two\"; certificate = \"$T/ca/two.pem\"; }," \
		ca/crlferry.cfg
	terminal TERM=vt100 LANG=C LC_ALL=C
	enter 'export TERM=vt100; stty rows 24 cols 80; clear'
	ceremony
	await_end 'Enter when all is there: '
	screen | grep -q 'Step 1 of '
	enter ''
	await_end 'Operator: '
	enter 'Zoe Strasse'
	await_end 'Witness 1: '
	enter 'Bob'
	await_end 'Witness 2: '
	enter ''
	await_end 'These are the people'
	screen | grep -q 'Step 2 of '
	enter ''
	await_end "Today's date"
	enter "$(date -u +%F)"
	# what is agreed to, and the question, are seen together
	await_end 'Type Yes'
	screen >consent
	grep -q 'the difference to the last CRL' consent
	grep -q '+ 1001' consent
	grep -q 'thisUpdate' consent
	enter 'Yes'
	await_end 'passphrase of '
	quiet
	enter "$SECRET"
	await_end 'Enter when it is noted'
	screen | grep -q 'SHA-256 of CRL #2'
	enter ''
	await 'the stick may be removed'
	await_end 'shell> '
	sed -n '/Step 1 of/,/may be removed/p' raw | tr -d '\r' >said
	[ "$(wc -l <said)" -gt 60 ]
	[ "$(wc -L <said)" -le 80 ]
	[ "$(LC_ALL=C grep -cP '[^\x09\x0a\x20-\x7e]' said)" -eq 0 ]
}

@test "more changes than the screen holds are shown one screen after the other" {
	local serial
	for serial in {2001..2030}; do
		root ca revoke corp $serial --unknown --reason superseded --quiet
	done
	terminal
	ceremony
	until_consent
	await_end 'Enter shows more: '
	screen | grep -q '+ 1001'
	screen | grep -q 'Step 7 of '
	screen >first
	enter ''
	await_end 'Enter shows more: '
	screen >second
	[ "$(cat first)" != "$(cat second)" ]
	while ! screen | grep -q '^Type Yes'; do
		enter ''
		sleep 0.5
	done
	screen | grep -q 'thisUpdate'
	type_keys C-c
	await 'Nothing was signed.'
}
