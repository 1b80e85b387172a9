# SPDX-License-Identifier: ISC
# Lines of the ledger made by hand, with b2sum(1): what a forger can make too.
# shellcheck shell=bash

# digest: BLAKE2b-256 of standard input, in hex
digest() {
	b2sum -l 256 | cut -d' ' -f1
}

# seal_line: the line on standard input, its own digest made anew
seal_line() {
	local front
	front=$(jq -cS 'del(.digest)')
	front=${front%\}}
	printf '%s,"digest":"%s"}\n' "$front" "$(printf %s "$front" | digest)"
}

# rechain [JQ-FILTER]: the lines on standard input, each changed by the filter,
# sealed, and fitting the one before
rechain() {
	local line previous
	previous=$(printf '%064d' 0)
	while read -r line; do
		line=$(jq -c --arg previous "$previous" \
			".previous = \$previous | ${1:-.}" <<<"$line" |
			seal_line)
		printf '%s\n' "$line"
		previous=$(printf %s "$line" | digest)
	done
}

# first_release: those lines as version 1 had them, without digests
first_release() {
	local line previous
	previous=$(printf '%064d' 0)
	while read -r line; do
		line=$(jq -cS --arg previous "$previous" '.version = 1 |
			.previous = $previous | del(.digest)' <<<"$line")
		printf '%s\n' "$line"
		previous=$(printf %s "$line" | digest)
	done
}
