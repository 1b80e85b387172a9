# SPDX-License-Identifier: ISC
# Verbs that could not look at something.  FOLDERS are what they may change.
# shellcheck shell=bash
# status, output and stderr are what `run` of bats leaves
# shellcheck disable=SC2154

# told FAULT: it failed, and said of what kind the error is, which is neither
# damage nor absence.  A store's is the store's.
told() {
	case $status in
	3 | 69 | 74 | 77) ;;
	*) return 1 ;;
	esac
	case $1 in
	error=EIO) [[ $output$stderr =~ \
		crlferry-(root|sub):\ (io|store): ]] ;;
	error=EACCES) [[ $output$stderr =~ \
		crlferry-(root|sub):\ (permissions|store): ]] ;;
	esac
}

# keep_before: what `begin` begins with
keep_before() {
	rm -rf before
	mkdir before
	cp -a "${FOLDERS[@]}" before/
}

begin() {
	rm -rf "${FOLDERS[@]}"
	cp -a before/. .
}

# each COUNT COMMAND...: it meets either error at COUNT of its lookups
each() {
	local count=$1
	shift
	keep_before
	untraced sweep "$count" error=EIO "$@" &&
		untraced sweep "$count" error=EACCES "$@"
}

# each_as_ever COUNT COMMAND...: the same, once it was seen what it says
each_as_ever() {
	local count=$1
	shift
	keep_before
	run --separate-stderr "$@"
	AS_EVER=$status
	undisturbed=$(timeless)
	SEPARATE=1 each "$count" "$@"
}

# timeless: the output, but for times and what is left until them
timeless() {
	sed -E 's/[0-9-]{10}T[0-9:]{8}Z|=[0-9]+s/TIME/g' <<<"$output"
}

# as_ever FAULT: it said what it says, or why it cannot
as_ever() {
	[ "$status" -eq "$AS_EVER" ] && [ "$(timeless)" = "$undisturbed" ] ||
		told "$1"
}

# contents FOLDER...: names and octets; not the lock, which has none, nor the
# verdicts, which check and its like may remember
contents() {
	find "$@" -type f -not -name lock -not -path '*/state/verdicts/*' \
		-exec sha256sum {} + | sort -k 2
}

# untouched FOLDER...: no octet has changed since `begin`
untouched() {
	local have
	have=$(contents "$@")
	[ "$have" = "$(cd before && contents "$@")" ] || {
		diff <(cd before && contents "$@") <(echo "$have")
		return 1
	}
}
