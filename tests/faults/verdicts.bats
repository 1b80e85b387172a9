#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What check, status and plan remember of signatures they verified: used only
# for the very octets and certificate, and only if root or the caller wrote it.
# A CRL whose signature is damaged, with a verdict that is made by hand, shows
# whether the word of the state is taken.

load ../e2e/pki_setup
load inject

VERDICTS=sub/state/verdicts/test-root

make_work() {
	make_pki
	"$SUB_PROGRAM" init --root "test-root=ca/root.pem" --subordinate \
		"live=ca/live.pem" --store "der:stores/one.crl" \
		--trust ca/seal.pub --output sub/der.cfg >/dev/null
	VERSION=$("$SUB_PROGRAM" --version | cut -d' ' -f2)
	OPENSSL=$(openssl version | sed 's/.*(Library: \(.*\))/\1/')
	printf '%s=%q\n' VERSION "$VERSION" OPENSSL "$OPENSSL" >versions
}

setup() {
	restore_work
	# shellcheck disable=SC1091	# of make_work
	. ./versions
	[ -n "$VERSION" ] && [ -n "$OPENSSL" ]
}

# verdict FACT FILE: its line, for a file in DER and the root's certificate
verdict() {
	printf 'crlferry-verdicts 1\n%s\n%s\n%s\n%s\n%s\n' "$VERSION" \
		"$OPENSSL" "$1" "$(sha256sum <"$2" | cut -c -64)" \
		"$(openssl x509 -in ca/root.pem -outform DER | sha256sum |
			cut -c -64)" | sha256sum | cut -c -64
}

# verdicts LINE...: a file of them, as an earlier run leaves it
verdicts() {
	rm -rf "$VERDICTS"
	{
		echo crlferry-verdicts 1
		printf '%s\n' "$@"
	} >"$VERDICTS"
	chmod 644 "$VERDICTS"
}

# forge: one.crl is #1 with a damaged signature, and nothing was accepted
forge() {
	local crl
	crl=$(crl_of stick1)
	forget
	cp "$crl" stores/one.crl
	flip stores/one.crl $(($(stat -c %s "$crl") - 1))
}

# forged_verdict: and this is the verdict that makes it pass
forged_verdict() {
	verdicts "$(verdict crl stores/one.crl)"
}

# der VERB ...: with the one store of sub/der.cfg
der() {
	local verb=$1
	shift
	"$SUB_PROGRAM" "$verb" --config sub/der.cfg "$@"
}

passes() {
	run "${@:-der}" check
	echo "$output"
	[ "$status" -eq 0 ] &&
		[[ $output == "CRLFERRY OK - test-root/live"*fresh* ]]
}

is_refused() {
	run der check
	echo "$output"
	[ "$status" -eq 2 ] && [[ $output == *"does not verify the signature"* ]]
}

@test "what was verified is remembered, and nothing else" {
	local before
	rm -rf sub/state/verdicts
	sub check >first
	openssl x509 -in ca/live.pem -outform DER -out live.der
	cmp "$VERDICTS" <(
		echo crlferry-verdicts 1
		{
			verdict issued live.der
			verdict crl stores/one.crl
			verdict openssl stores/one.crl
		} | sort
	)
	[ "$(stat -c %a sub/state/verdicts "$VERDICTS" | xargs)" = "755 644" ]
	# once it is there, nothing is written any more
	before=$(find sub/state -printf '%p %i %T@\n' | sort)
	sub check >second
	sub status >/dev/null
	sub plan >/dev/null
	sub check test-root/live --at 2027-06-29 >/dev/null || :
	[ "$before" = "$(find sub/state -printf '%p %i %T@\n' | sort)" ]
	cmp <(sed 's/=[0-9]*s;/=s;/' first) <(sed 's/=[0-9]*s;/=s;/' second)
}

@test "what is not in a store any more is forgotten" {
	sub check >/dev/null
	import stick2 --quiet
	sub check >/dev/null
	grep -qx "$(verdict crl "$(crl_of stick2)")" "$VERDICTS"
	run ! grep -x "$(verdict crl "$(crl_of stick1)")" "$VERDICTS"
	[ "$(wc -l <"$VERDICTS")" -eq 4 ]
}

@test "a signature that does not verify is not remembered" {
	forge
	is_refused
	[ "$(wc -l <"$VERDICTS")" -eq 2 ]
	is_refused
}

@test "the word of root's state is taken" {
	forge
	forged_verdict
	passes
	passes
	der status --json | jq -e '.pairs[0].state == "fresh"'
	der plan --json >/dev/null
	# OpenSSL's own verification has its own
	openssl crl -inform DER -in stores/one.crl -out stores/all.pem
	"$SUB_PROGRAM" init --root "test-root=ca/root.pem" --subordinate \
		"live=ca/live.pem" --store "pem:stores/all.pem" \
		--trust ca/seal.pub --output sub/pem.cfg >/dev/null
	pem() {
		"$SUB_PROGRAM" "$@" --config sub/pem.cfg
	}
	forged_verdict
	run pem check
	[ "$status" -eq 2 ]
	[[ $output == *"OpenSSL would not use the CRL"* ]]
	verdicts "$(verdict crl stores/one.crl)" \
		"$(verdict openssl stores/one.crl)"
	passes pem
}

@test "never across a change of the CRL" {
	forge
	forged_verdict
	flip stores/one.crl $(($(stat -c %s stores/one.crl) - 2))
	is_refused
}

@test "never across a change of the root's certificate, for the same key" {
	forge
	forged_verdict
	passes
	openssl req -config ca/ca.cnf -new -x509 -key ca/root.key \
		-subj "/CN=Test Root" -days 7000 -extensions v3_root \
		-out sub/test-root.pem
	is_refused
	# and a good one is verified anew
	cp "$(crl_of stick1)" stores/one.crl
	passes
}

@test "never across a release of crlferry or of OpenSSL" {
	forge
	VERSION=0.0.1 forged_verdict
	is_refused
	OPENSSL="OpenSSL 1.1.1 1 Jan 2020" forged_verdict
	is_refused
}

@test "a file that is not understood is passed over, and replaced" {
	local command
	forge
	for command in 'sed -i 1s/1/2/' 'sed -i 1d' 'truncate -s -1' \
		'truncate -s 50' 'truncate -s 0' 'sed -i 2s/^../zz/' \
		'sed -i s/$/\r/' 'dd bs=1 seek=40 count=8 conv=notrunc
			status=none if=/dev/zero of=' 'gzip -c -k'; do
		forged_verdict
		case $command in
		dd*) eval "${command//$'\n'/ }$VERDICTS" ;;
		gzip*) gzip -c "$VERDICTS" >zipped && cp zipped "$VERDICTS" ;;
		*) $command "$VERDICTS" ;;
		esac
		is_refused
		[ "$(head -n 1 "$VERDICTS")" = "crlferry-verdicts 1" ]
		[ "$(wc -l <"$VERDICTS")" -eq 2 ]
	done
}

@test "nobody else's word is taken: whoever may write it, its folder, the state" {
	local command
	[ "$(id -u)" -eq 0 ] || skip "only root may be another user"
	forge
	for command in "chown 65534 $VERDICTS" "chmod 666 $VERDICTS" \
		"chmod 664 $VERDICTS" "chown 65534 sub/state/verdicts" \
		"chmod 777 sub/state/verdicts" \
		"chmod 1777 sub/state/verdicts" \
		"chmod 775 sub/state/verdicts"; do
		rm -rf sub/state/verdicts
		mkdir sub/state/verdicts
		forged_verdict
		passes
		$command
		is_refused
	done
	# the state itself: nothing in it is believed
	rm -rf sub/state/verdicts
	mkdir sub/state/verdicts
	forged_verdict
	chmod 777 sub/state
	run der check
	[ "$status" -eq 3 ]
	[[ $output == *" permissions: "* ]]
}

@test "no link is followed, and what stands in the way is left" {
	forge
	forged_verdict
	mv "$VERDICTS" elsewhere
	ln -s "$T/elsewhere" "$VERDICTS"
	is_refused
	[ ! -L "$VERDICTS" ]
	grep -qx "$(verdict crl stores/one.crl)" elsewhere
	rm "$VERDICTS"
	mkdir "$VERDICTS"
	is_refused
	[ -d "$VERDICTS" ]
	leaves_nothing
	rmdir "$VERDICTS"
	forged_verdict
	mv sub/state/verdicts folder
	ln -s "$T/folder" sub/state/verdicts
	is_refused
	rm sub/state/verdicts
	: >sub/state/verdicts
	is_refused
	[ ! -s sub/state/verdicts ]
}

@test "import believes none" {
	configure 's/schedule = "semiannual"/&; bare = true/'
	forge
	verdicts "$(verdict crl stores/one.crl)" \
		"$(verdict openssl stores/one.crl)"
	cp stores/one.crl forged.crl
	rm -f stores/one.crl
	keeps 65 signature import forged.crl
	cp forged.crl stores/one.crl
	# and what it finds in a store: not what it could have accepted
	import stick1 --quiet
	all_hold stick1
	[ "$(wc -l <"$VERDICTS")" -eq 3 ]
}

# as_nobody: AS is what to run a command with, as a user who may only read, and
# NOBODY is the program where he can reach it
as_nobody() {
	[ "$(id -u)" -eq 0 ] || skip "only root may be another user"
	chmod 755 . "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR" 2>/dev/null || :
	AS=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	mkdir -p bin sub/schedules
	cp "$SUB_PROGRAM" bin/crlferry-sub
	cp "$BATS_TEST_DIRNAME/../../schedules/semiannual.cfg" sub/schedules/
	"${AS[@]}" test -x bin/crlferry-sub || skip "the folder is closed"
	nobody() {
		"${AS[@]}" bin/crlferry-sub "$@" --config sub/der.cfg
	}
}

@test "a monitoring user who may only read: as ever, without a word" {
	local before
	as_nobody
	before=$(find sub/state -printf '%p %i %T@\n' | sort)
	run --separate-stderr nobody check
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$before" = "$(find sub/state -printf '%p %i %T@\n' | sort)" ]
}

@test "a monitoring user takes root's word, and root not his" {
	as_nobody
	forge
	forged_verdict
	passes nobody
	grep -qx "$(verdict crl stores/one.crl)" "$VERDICTS"
	rm -r sub/state/verdicts
	"${AS[@]}" true
	install -d -o 65534 -g 65534 sub/state/verdicts
	forged_verdict
	chown 65534 "$VERDICTS"
	passes nobody
	is_refused
	passes nobody
}

@test "no room, or a disk that cannot be written: as ever, without a word" {
	[ "$(id -u)" -eq 0 ] || skip "only root may mount"
	mount -t tmpfs -o size=4k,mode=755 none sub/state/verdicts ||
		skip "nothing can be mounted here"
	cat /dev/zero >sub/state/verdicts/filler 2>/dev/null || :
	run --separate-stderr sub check
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(ls -A sub/state/verdicts)" = filler ]
	rm sub/state/verdicts/filler
	mount -o remount,ro sub/state/verdicts
	run --separate-stderr sub check
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ -z "$(ls -A sub/state/verdicts)" ]
	mount -o remount,rw sub/state/verdicts
	sub check >/dev/null
	[ "$(wc -l <"$VERDICTS")" -eq 4 ]
}

@test "killed or failing at any call: what is left misleads nobody" {
	local call fault n hits=0
	need_strace
	forge
	for call in mkdirat flock fchmod write renameat; do
		for fault in signal=KILL error=ENOSPC; do
			for n in 1 2 3; do
				rm -rf sub/state/verdicts
				strike "$call" "$n" "$fault"
				run "${STRIKE[@]}" "$SUB_PROGRAM" check \
					--config sub/der.cfg
				was_struck || break
				hits=$((hits + 1))
				# what is written last is the output
				[[ $fault == signal=* ]] ||
					[ "$call" = write ] ||
					[ "$status" -eq 2 ]
				is_refused
				[ "$(wc -l <"$VERDICTS")" -eq 2 ]
				leaves_nothing
			done
		done
	done
	[ "$hits" -ge 10 ]
}

@test "many at once: each says the same, and one whole file is left" {
	local i pids=()
	sub check >want
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		[ $((i % 3)) -ne 0 ] || rm -f "$VERDICTS"
		sub check >"have$i" 2>&1 &
		pids+=("$!")
	done
	for i in "${pids[@]}"; do
		wait "$i"
	done
	for i in have*; do
		diff <(sed 's/=[0-9]*s;/=s;/' want) \
			<(sed 's/=[0-9]*s;/=s;/' "$i")
	done
	sub check >/dev/null
	[ "$(wc -l <"$VERDICTS")" -eq 4 ]
	leaves_nothing
}

@test "a root that is configured no more: its file goes, and only that" {
	local folder=sub/state/verdicts
	sub check >/dev/null
	cp "$VERDICTS" "$folder/gone"
	cp "$VERDICTS" "$folder/.kept"
	echo "somebody's" >"$folder/notes.txt"
	mkdir "$folder/more"
	sub check test-root >/dev/null
	[ -e "$folder/gone" ]
	sub check >/dev/null
	[ "$(find "$folder" -mindepth 1 -printf '%f\n' | LC_ALL=C sort |
		xargs)" = ".kept more notes.txt test-root" ]
}
