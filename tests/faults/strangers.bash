# SPDX-License-Identifier: ISC
# Stores in folders that belong to www-data, who means no good.
# shellcheck shell=bash
# output is what `run` of bats leaves
# shellcheck disable=SC2154

# need_root: who is not root can neither be anybody else nor give files away
need_root() {
	[ "$(id -u)" -eq 0 ] || skip "needs root to be others"
}

# open_way: www-data may come as far as the work folder
open_way() {
	chmod 711 "$BATS_RUN_TMPDIR" "${BATS_FILE_TMPDIR%/*}" \
		"$BATS_FILE_TMPDIR"
}

# give_away: the stores belong to www-data, folders and files; `outside` has
# what is not his
give_away() {
	chown -R www-data:www-data stores
	mkdir outside
	echo "root:x:0:0:root:/root:/bin/bash" >outside/passwd
	cp "$BUNDLE1/test-root.crl.pem" outside/list.pem
	cp "$BUNDLE1/test-root.crl" outside/list.crl
	make_key outside/private.key p256
	outside=$(snapshot outside)
}

# nothing_outside: it is as it was, no new name, no temporary
nothing_outside() {
	[ "$outside" = "$(snapshot outside)" ] || {
		diff <(echo "$outside") <(snapshot outside)
		return 1
	}
	leaves_nothing
}

# as_www COMMAND...: www-data does it
as_www() {
	setpriv --reuid=www-data --regid=www-data --init-groups "$@"
}

# each_type: the file of each type
each_type() {
	printf '%s\n' "$(hash_slot 0)" stores/all.pem stores/one.crl
}

# denies NAME ARGUMENT...: import says `permissions` and that name, and
# nothing outside has changed
denies() {
	local name=$1
	shift
	refuses 77 permissions import "$@" || return
	[[ $output == *"permissions: "*"$name"* ]] || {
		echo "want it to name $name: $output"
		return 1
	}
	nothing_outside
}
