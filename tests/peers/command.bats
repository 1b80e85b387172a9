#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A store that is reached by commands of one's own: one is handed the CRL, one
# prints what the consumer holds.

load ../e2e/pki_setup
load ../e2e/root_helpers

make_work() {
	make_pki
	mkdir bin consumer tmp
	script push 'cp "$1" consumer/crl.tmp' \
		'mv consumer/crl.tmp consumer/crl'
	script pull 'cat consumer/crl 2>/dev/null || :'
	configure "s|{ type = \"hashdir\";|{ type = \"command\"; \
install = [ \"$T/bin/push\", \"{der}\" ]; read = [ \"$T/bin/pull\" ]; },\n\
            &|"
	import stick1 --quiet
}

setup() {
	restore_work
	export TMPDIR=$T/tmp
}

# script NAME LINE...: in $T/bin, run in $T
script() {
	local name=$1
	shift
	printf '%s\n' '#!/bin/sh' "cd $T || exit 1" "$@" >"bin/$name"
	chmod 755 "bin/$name"
}

# consumer_has STICK: the very octets, and nothing is left of how they came
consumer_has() {
	cmp consumer/crl "$(crl_of "$1")" && [ -z "$(ls tmp)" ]
}

# fails TEXT [STATUS TOKEN]: import of stick2 says so, the other stores are
# done, and the consumer has CRL #1 still; the next run converges
fails() {
	refuses "${2:-69}" "${3:-store}" import stick2
	says "$1"
	all_hold stick2
	consumer_has stick1
}

# converges: with a push and a pull that work
converges() {
	cp consumer/push bin/push
	cp consumer/pull bin/pull
	import stick2 --quiet
	consumer_has stick2
}

keep_scripts() {
	cp bin/push bin/pull consumer/
}

@test "the CRL is handed over as a file, and read back" {
	run import stick2
	[ "$status" -eq 0 ]
	says "stores         4 of 4 changed"
	consumer_has stick2
	cmp sub/state/test-root/previous/command-*/before.crl \
		"$(crl_of stick1)"
	run sub check
	[ "$status" -eq 0 ]
	run import stick2
	[ "$status" -eq 0 ]
	says "stores         0 of 4 changed"
	rm consumer/crl
	run sub check
	[ "$status" -eq 2 ]
	says "test-root/live missing: "
	says "command $T/bin/push '{der}'"
	import stick2 --quiet
	consumer_has stick2
}

@test "DER and PEM, their names, and who may read them" {
	script push 'printf "%s\n" "$0" "$@" >consumer/words' \
		'stat -c "%a %n" tmp/* "$2" "$3" >consumer/modes' \
		'openssl crl -in "$3" -outform DER | cmp - "$2" || exit 1' \
		'cp "$3" consumer/crl'
	configure 's|"{der}"|"--", "{der}", "{pem}", "of={der}"|'
	import stick2 --quiet
	folder=$(sed -n 's|^of=\(.*\)/test-root.crl$|\1|p' consumer/words)
	[ "$folder" != "" ]
	[ "$(cat consumer/words)" = "$T/bin/push
--
$folder/test-root.crl
$folder/test-root.crl.pem
of=$folder/test-root.crl" ]
	[ "$(cat consumer/modes)" = "711 tmp/$(basename "$folder")
644 $folder/test-root.crl
644 $folder/test-root.crl.pem" ]
	[ -z "$(ls tmp)" ]
	# what is read may be PEM
	holds consumer/crl stick2
	run import stick2
	says "stores         0 of 4 changed"
}

@test "a push that fails: its word, and the rest is done" {
	keep_scripts
	script push 'echo "no route to the balancer" >&2' 'exit 3'
	fails "push ended with status 3: no route to the balancer"
	says_not "while putting the previous content back"
	converges
}

@test "a push that fails when it is done: the CRL before is pushed again" {
	keep_scripts
	script push 'cp "$1" consumer/crl' \
		'cmp -s "$1" '"$(crl_of stick1)"' || exit 3'
	fails "push ended with status 3"
	says_not "while putting the previous content back"
	rm consumer/crl
	refuses 69 store import stick2
	says "while putting the previous content back: nothing was there before"
	cmp consumer/crl "$(crl_of stick2)"
	converges
}

@test "a push that does nothing is found out" {
	keep_scripts
	script push 'exit 0'
	fails "holds something else than the CRL that was installed"
	rm consumer/crl
	refuses 69 store import stick2
	says "is not there"
	cp "$(crl_of stick1)" consumer/crl
	converges
}

@test "a push that hangs, with a child that goes on" {
	keep_scripts
	script push 'sleep 86400 &' 'echo $! >consumer/child' 'wait'
	configure "s|read = \[ \"$T/bin/pull\" \];|& timeout = \"1 second\";|"
	fails "still running after 1 s"
	wait_gone "$(cat consumer/child)"
	converges
}

# wait_gone PID: it has ended
wait_gone() {
	timeout "$HANG_S" tail -s 0.05 -f /dev/null --pid="$1"
}

@test "a push that is killed" {
	keep_scripts
	script push 'kill -SEGV $$'
	fails "push was killed by signal 11 (Segmentation fault)"
	converges
}

@test "a push that prints a megabyte: its first and last words" {
	keep_scripts
	script push 'head -c 1000000 /dev/zero | tr "\0" x' \
		'echo no such balancer' 'exit 1'
	fails "push ended with status 1: xxxx"
	says "xxxno such balancer"
	[ "${#output}" -lt 4000 ]
	converges
}

@test "programs that others can change are not run" {
	keep_scripts
	chmod 777 bin/push
	fails "others can write $T/bin/push (mode 0777): chmod go-w" 77 \
		permissions
	says_not "while putting the previous content back"
	# a script that a shell is given is a program too
	configure "s|install = \[ \"|&sh\", \"|"
	fails "install: $T/bin/push: not run: others can write $T/bin/push" \
		77 permissions
	says_not "while putting the previous content back"
	chmod 755 bin/push
	chmod 775 bin/pull
	refuses 77 permissions import stick2
	says "$T/bin/pull"
	configure "s|read = \[ \"|&sh\", \"|"
	refuses 77 permissions import stick2
	says "$T/bin/pull"
	chmod 755 bin/pull
	converges
}

@test "a pull that fails: nobody knows what is there, and nothing is pushed" {
	keep_scripts
	script pull 'echo "connection refused" >&2' 'exit 7'
	run sub check
	[ "$status" -eq 3 ]
	says "connection refused"
	fails "read: $T/bin/pull ended with status 7: connection refused"
	script pull 'head -c 200000000 /dev/zero'
	configure 's|^#* *max_crl_bytes.*||; $a max_crl_bytes = "64 KiB";'
	fails "printed more than max_crl_bytes"
	converges
}

@test "a pull that fails once the CRL is pushed: the one before comes back" {
	keep_scripts
	script push 'cp "$1" consumer/crl' 'touch consumer/pushed'
	script pull '[ ! -e consumer/pushed ] || exit 7' 'cat consumer/crl'
	fails "push '{der}': not installed: read: $T/bin/pull ended with \
status 7"
	rm consumer/pushed
	converges
}

@test "what is no CRL of this root is not replaced" {
	keep_scripts
	script pull 'echo "no CRL at all"'
	fails "not replaced: it holds something that is no CRL"
	make_root other p256 'Other Root'
	openssl ca -config other/ca.cnf -gencrl -out other/crl.pem 2>/dev/null
	script pull 'cat other/crl.pem'
	fails "not replaced: it holds another CA's CRL"
	run sub check
	[ "$status" -eq 2 ]
	says "holds another CA's CRL"
	converges
}
