#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# However a hook ends: it is bounded and reported, its store has the previous
# content back, the others are done, and a rerun converges.

load ../e2e/pki_setup

setup() {
	restore_work
	cp -a stores before
}

# hook WHICH BODY: of the store of type pem, at most for two seconds
hook() {
	printf '#!/bin/sh\necho %s >>"%s/ran"\n%s\n' "$1" "$T" "$2" >"hook-$1"
	chmod +x "hook-$1"
	configure "s,path = .*/all.pem\";,& $1 = [ \"$T/hook-$1\" ];,"
	: >ran
}

# lasting: two seconds at most, instead of two minutes
lasting() {
	configure 's,path = .*/all.pem";,& timeout = "2 seconds";,'
}

# mend: with hooks that work, the same command converges and says what it did
mend() {
	local hook
	for hook in hook-*; do
		printf '#!/bin/sh\n' >"$hook"
	done
	run import stick2
	[ "$status" -eq 0 ] && [[ $output == *"accepted before; the stores \
that lacked it have it now"*"1 of 3 changed"* ]] && all_hold stick2
}

# put_back: the store has its content to the octet, the others the new CRL
put_back() {
	cmp stores/all.pem before/all.pem && holds stores/one.crl stick2 &&
		holds "$(hash_slot 0)" stick2 && leaves_nothing
}

# ends WHICH BODY MESSAGE...: import says `hook` with each of them, in less
# than 2,000 octets that steer no terminal
ends() {
	local which=$1 body=$2 text
	shift 2
	rm -rf sub stores
	cp -a ../saved/sub ../saved/stores .
	hook "$which" "$body"
	lasting
	run --separate-stderr guarded "$SUB_PROGRAM" import \
		--config sub/crlferry.cfg stick2
	[ "$status" -eq 69 ] && put_back || return
	for text in "crlferry-sub: hook: pem $T/stores/all.pem: not installed: \
$which $T/hook-$which" "$@"; do
		[[ $stderr == *"$text"* ]] || {
			echo "want $text: $stderr"
			return 1
		}
	done
	[ "${#stderr}" -lt 2000 ] && [[ $output == *"all.pem: still #1"* ]] &&
		! grep -qP '[\x00-\x08\x0b-\x1f\x7f]' <<<"$stderr" && mend
}

# is_gone FILE: the process of that id is no more, or only waits to be reaped
is_gone() {
	local id
	id=$(cat "$1")
	[ ! -e "/proc/$id" ] || grep -q '^State:.*Z' "/proc/$id/status"
}

@test "it fails" {
	local which
	for which in reload verify; do
		ends $which 'exit 3' ': ended with status 3'
		ends $which 'echo bad syntax >&2; exit 1' \
			': ended with status 1: bad syntax' \
			'remedy: run the command by hand to see why it fails'
		ends $which 'kill -SEGV $$' \
			': was killed by signal 11 (Segmentation fault)'
		ends $which 'cat; exit 9' ': ended with status 9'
	done
}

@test "it fails: verify is not asked of the previous content, reload is told" {
	hook reload ''
	cp ran before-ran
	hook verify 'exit 1'
	refuses 69 hook import stick2
	[ "$(cat ran)" = "$(printf 'reload\nverify\nreload')" ]
	put_back
	mend
}

@test "it hangs" {
	ends reload 'echo begun; sleep 60' \
		"still running after 2 s, so it was killed; it had printed: \
begun" 'remedy: see why it takes so long, or set `timeout` of the store to'
	ends verify 'trap "" TERM INT HUP; exec >&- 2>&-; sleep 60' \
		': still running after 2 s, so it was killed'
}

@test "it prints a megabyte: its first and last words" {
	ends reload 'echo begun; seq 200000; echo no such directive; exit 1' \
		': ended with status 1: begun 1 2 3 ' ' [...] ' \
		'199999 200000 no such directive'
	ends verify 'head -c 1000000 /dev/urandom; exit 1' \
		': ended with status 1: '
}

@test "it prints what steers a terminal" {
	ends reload 'printf "\033[2J\033]0;x\007\2332Jevil\r\b\000end"; exit 1' \
		'[2J ]0;x  2Jevil   end'
}

@test "it forks: its group is killed when the time runs out" {
	ends reload "sleep 300 & echo \$! >'$T/child'; wait" \
		': still running after 2 s, so it was killed'
	is_gone child
}

@test "it forks a daemon that keeps its output open: nobody waits for that" {
	ends verify "setsid sleep 300 & echo \$! >'$T/daemon'; echo up; exit 4" \
		': ended with status 4: up'
	kill "$(cat daemon)"
	rm -rf sub stores
	cp -a ../saved/sub ../saved/stores .
	hook reload "setsid sleep 300 & echo \$! >'$T/daemon'"
	import stick2
	kill "$(cat daemon)"
	all_hold stick2
}

@test "it gets nothing of ours: no input, no descriptor, no variable" {
	hook reload "env | sort >'$T/variables'; ls /proc/\$\$/fd >'$T/open'; \
cat >'$T/input'"
	SECRET=x LD_PRELOAD='' IFS=/ guarded "$SUB_PROGRAM" import \
		--config sub/crlferry.cfg stick2 <<<secret 7</dev/null
	[ "$(grep -cE '^(SECRET|LD_PRELOAD|BATS|BUILD)' variables)" -eq 0 ]
	grep -qx 'LC_ALL=C.UTF-8' variables
	[ -e input ] && [ ! -s input ]
	[ "$(grep -c '^[3-7]$' open)" -eq 0 ]
}

# share_with_old RELOAD: a second subordinate reads the same PEM file
share_with_old() {
	configure "/^[ \t]*subordinates = /,\$ {
		s,^[ \t]*subordinates = (,& { name = \"old\"; retired = true; \
certificate = \"$T/ca/old.pem\"; stores = ( { type = \"pem\"; path = \
\"$T/stores/all.pem\"; reload = [ $1 ]; } ); }\,,
	}"
}

@test "subordinates that share a store: written and reloaded once" {
	hook reload ''
	share_with_old "\"$T/hook-reload\""
	import stick2
	[ "$(cat ran)" = reload ]
	all_hold stick2
	import stick2
	[ "$(cat ran)" = reload ]
}

@test "subordinates that share a store: each different hook is run" {
	hook reload ''
	share_with_old "\"$T/hook-reload\"\, \"other\""
	import stick2
	[ "$(cat ran)" = "$(printf 'reload\nreload')" ]
	all_hold stick2
	# whosever fails, the store has its content back, and both are told
	rm -rf sub/state stores
	cp -a ../saved/sub/state sub/
	cp -a before stores
	printf '#!/bin/sh\necho "reload $1" >>"%s/ran"\n[ -n "$1" ]\n' "$T" \
		>hook-reload
	: >ran
	refuses 69 hook import stick2
	put_back
	[ "$(grep -c 'not installed' <<<"$output")" -eq 1 ]
	# all of them are told of either content
	[ "$(sort ran | uniq -c | tr -s ' \n' ' ')" = " 2 reload 2 reload other " ]
	# the other's failure is said as well, once more after it is put back
	printf '#!/bin/sh\necho "no $1"\nexit 4\n' >hook-reload
	refuses 69 hook import stick2
	[ "$(grep -c "crlferry-sub: hook: pem $T/stores/all.pem: not \
installed: reload $T/hook-reload: ended with status 4: no\( other\)\?$" \
		<<<"$output")" -eq 1 ]
	[ "$(grep -c "pem $T/stores/all.pem: reload $T/hook-reload: ended \
with status 4: no" <<<"$output")" -eq 2 ]
	mend
}

# Each root's import is a whole of its own: what fails of one takes nothing
# from the other, so each reloads what it has written.
@test "roots that share a PEM file: written, and reloaded, for each" {
	make_older_root b p256 "B Root"
	make_sub b b-live
	adopt_root b b-root
	root b issue --first --quiet
	root b export stick2 --allow-fixed-disk --quiet
	hook reload 'grep -c BEGIN "$PWD/stores/all.pem" >>"$PWD/ran"'
	sed -i '$d' sub/crlferry.cfg
	cat >>sub/crlferry.cfg <<-CFG
		, { name = "b-root"; certificate = "$T/b/root.pem";
		    subordinates = ( { name = "b-live";
			certificate = "$T/b/b-live.pem"; stores = (
			{ type = "pem"; path = "$T/stores/all.pem";
			  reload = [ "$T/hook-reload" ]; } ); } ); } );
	CFG
	configure "s,trusted = (,& \"$T/b/seal.pub\"\, ,"
	import stick2
	[ "$(cat ran)" = "$(printf 'reload\n1\nreload\n2')" ]
	# the second one's reload fails: only what it added is gone again
	rm -rf sub/state stores
	cp -a ../saved/sub/state sub/
	cp -a before stores
	sed -i '3s/.*/[ "$(grep -c BEGIN stores\/all.pem)" -lt 2 ]/' hook-reload
	refuses 69 hook import stick2
	holds stores/all.pem stick2
	[ "$(grep -c BEGIN stores/all.pem)" -eq 1 ]
	[[ $output == *"test-root: CRL #2 is installed"* ]]
}
