#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# While import runs as root, the owner of a store's folder exchanges the file,
# or the folder, for links and back, thousands of times: nothing outside of his
# folder changes, nothing of it is copied (FAULTS 51).

load ../e2e/pki_setup
load strangers
load inject

make_work() {
	make_pki
	open_way
	cc -D_GNU_SOURCE -O2 -Wall -Wextra -Werror \
		-o "$BATS_FILE_TMPDIR/racer" "$BATS_TEST_DIRNAME/racer.c"
	chmod 755 "$BATS_FILE_TMPDIR/racer"
}

setup() {
	need_root
	restore_work
	give_away
	mkdir -p outside/hash
	SLOT=$(hash_slot 0 | cut -d/ -f2-)
	{
		echo "# a secret of root"
		cat "$BUNDLE1/test-root.crl.pem"
	} | tee outside/all.pem >"outside/$SLOT"
	cp "$BUNDLE1/test-root.crl" outside/one.crl
	chmod 600 outside/all.pem "outside/$SLOT" outside/one.crl
	outside=$(snapshot outside)
}

teardown() {
	[ -z "${RACER:-}" ] || kill "$RACER" 2>/dev/null || :
	leave_work
}

# race FOLDER NAME OTHER...: www-data begins to exchange them
race() {
	mkfifo held
	(cd "$1" && exec setpriv --reuid=www-data --regid=www-data \
		--init-groups "$BATS_FILE_TMPDIR/racer" 10000 "${@:2}") \
		<held >swaps 3>&- &
	RACER=$!
	exec 4>held
}

# end_race: nobody wants it any more
end_race() {
	exec 4>&-
	wait "$RACER"
	RACER=
	tried "$(cat swaps) swaps during $(cat tries)"
	[ "$(cat swaps)" -ge 10000 ]
}

# old_again FILE...: www-data puts the older CRL where he can, and it is all
# that was ever accepted
old_again() {
	rm -rf sub/state
	cp -a ../saved/sub/state sub/
	as_www sh -c 'for file; do
		case $file in
		*.crl) cat "$T/$BUNDLE1/test-root.crl" ;;
		*) cat "$T/$BUNDLE1/test-root.crl.pem" ;;
		esac >"$file"
	done' - "$@" 2>/dev/null || :
}

# rounds FILE...: imports while the race goes on, until some have written a
# store and some have been refused
rounds() {
	written=0
	rounds=0
	refused=0
	export T BUNDLE1
	while [ "$rounds" -lt 6 ] || [ "$written" -lt 2 ] ||
	    [ "$refused" -lt 2 ]; do
		[ "$rounds" -lt 100 ] || return
		old_again "$@"
		run import stick2
		rounds=$((rounds + 1))
		case $status in
		0) ;;
		69 | 77) refused=$((refused + 1)) ;;
		*)
			echo "status $status: $output"
			return 1
			;;
		esac
		[[ $status -ne 0 || $output == *" 0 of 3 changed"* ||
			$output == *"nothing changed"* ]] ||
			written=$((written + 1))
	done
	echo "$rounds imports, $written wrote, $refused were refused" >tries
}

# race_file FILE: against a link to the one outside, and to passwd
race_file() {
	local folder=${1%/*} name=${1##*/}
	as_www ln -s "$PWD/outside/${1#stores/}" "$PWD/$folder/link"
	as_www ln -s "$PWD/outside/passwd" "$PWD/$folder/passwd"
	race "$folder" "$name" link passwd
	untraced rounds "$1" "$folder/link" "$folder/passwd"
	end_race
	is_unharmed
}

# is_unharmed: nothing outside has changed, nor came into stores or state
is_unharmed() {
	nothing_outside
	run grep -r "secret of root\|/bin/bash" stores sub/state
	[ "$status" -eq 1 ]
}

@test "row 51: a race for the file: hashdir" {
	race_file "$(hash_slot 0)"
}

@test "row 51: a race for the file: pem" {
	race_file stores/all.pem
}

@test "row 51: a race for the file: der" {
	race_file stores/one.crl
}

# race_folder STORE: below a folder that is exchanged for a link to `outside`
race_folder() {
	local file=$1
	as_www mkdir "$PWD/stores/web"
	mv "stores/$1" stores/web/
	as_www ln -s "$PWD/outside" "$PWD/stores/aside"
	configure "s,$T/stores/$1\",$T/stores/web/$1\","
	[ "$1" != hash ] || file=$SLOT
	race stores web aside
	untraced rounds "stores/web/$file" "stores/aside/$file"
	end_race
	is_unharmed
}

@test "row 51: a race for the folder: hashdir" {
	race_folder hash
}

@test "row 51: a race for the folder: pem" {
	race_folder all.pem
}

@test "row 51: a race for the folder: der" {
	race_folder one.crl
}
