#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What a stick, a certificate or a hook says must not steer the terminal that it
# is shown on, nor drown what matters (FAULTS 66, 67, 70).

load ../e2e/pki_setup
load ../e2e/root_helpers
load inject

# Names that clear the screen or begin a line: CSI and NEL of eight bits, the
# same in UTF-8, ESC, CR, a line that runs to the left, what is no UTF-8.
EVIL=($'evil\x9b2J' $'evil\x85' $'evil\xc2\x9b2J' $'evil\xc2\x85'
	$'evil\e[2J' $'evil\rgood' $'evil\xe2\x80\xae' $'evil\xc0\x9b'
	$'evil\xff')

# harmless FILE: UTF-8, in which nothing steers a terminal
harmless() {
	perl -e 'use Encode; local $/; open(my $in, "<:raw", $ARGV[0]) or die;
		my $text = eval { decode("UTF-8", <$in>, Encode::FB_CROAK) };
		die "no UTF-8\n" if !defined $text;
		die sprintf("U+%04X\n", ord($1)) if $text =~ /([\x00-\x08\x0b-\x1f\x7f-\x9f\x{61c}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}])/;
	' "$1" || {
		echo "harmful: $(od -c "$1")"
		return 1
	}
}

# shown COMMAND...: whatever becomes of it, both streams are harmless, and tell
# of something evil
shown() {
	"$@" >out 2>err </dev/null || :
	harmless out && harmless err || {
		echo "of: $*"
		return 1
	}
	grep -q evil out err || {
		echo "want it told of by: $*, have: $(cat out err)"
		return 1
	}
}

@test "row 66: names on the stick: info, import" {
	local name
	for name in "${EVIL[@]}"; do
		echo hello >"$BUNDLE2/$name"
		shown sub info stick2
		shown sub info stick2 --json
		shown import stick2
		shown import "$BUNDLE2"
		shown import stick2 --json
		rm "$BUNDLE2/$name"
	done
}

@test "row 66: names on the stick: export, which leaves such a folder" {
	local name
	issue_to stick2
	for name in "${EVIL[@]}"; do
		cp -r stick2 stick
		echo hello >"stick/crlferry/test-root/000002/$name"
		issue_to other
		shown root ca export stick --allow-fixed-disk
		rm -rf stick
	done
}

@test "row 66: a source, a CRL file and a configuration of such names" {
	local name
	configure 's/ *schedule = /bare = true;\n&/'
	for name in "${EVIL[@]}"; do
		shown import "$name"
		head -c 200 "$(crl_of stick2)" >"$name"
		shown import "$name"
		shown "$SUB_PROGRAM" lint "$name"
		shown "$ROOT_PROGRAM" collect "$name" --config ca/crlferry.cfg
		shown "$ROOT_PROGRAM" seal "$name" --config ca/crlferry.cfg
		shown sub recover "$name"
		shown "$SUB_PROGRAM" status --config "$name"
		shown root ca revoke test-root "$name" --reason superseded
		shown root ca issue "$name"
		shown "$SUB_PROGRAM" "$name"
		rm "$name"
	done
}

@test "row 66: a subject with controls: lint, adopt, init" {
	local name=$'evil\xc2\x9b2J\xc2\x85\xe2\x80\xae'
	make_root wicked p256 "$name"
	[[ $(openssl x509 -in wicked/root.pem -noout -subject -nameopt \
		utf8,-esc_msb) == *evil* ]]
	"$ROOT_PROGRAM" init --name wicked --certificate wicked/root.pem \
		--key wicked/root.key --index wicked/index.txt \
		--output wicked/crlferry.cfg >out 2>err
	harmless out
	harmless err
	harmless wicked/crlferry.cfg
	shown "$SUB_PROGRAM" lint "$(crl_of stick2)" --root wicked/root.pem
	shown root wicked lint "$(crl_of stick2)" --root wicked/root.pem --json
	shown root wicked adopt wicked "$(crl_of stick2)"
}

@test "row 66: what a hook says" {
	cat >hook <<-'HOOK'
		#!/bin/sh
		printf 'evil\2332J\205\302\233\033[2J\342\200\256\n' >&2
		exit 1
	HOOK
	chmod +x hook
	configure "0,/path = .*hash\";/s//& reload = [ \"${T//\//\\/}\/hook\" ];/"
	shown import stick2
}

@test "row 67: four thousand unsealed folders are ten lines and a count" {
	local verb
	mkdir -p many/crlferry/test-root
	seq -f "many/crlferry/test-root/%06g" 97 4096 | xargs mkdir
	cp -r "$BUNDLE1" "$BUNDLE2" many/crlferry/test-root/
	for verb in info import; do
		sub "$verb" many >out 2>err
		[ "$(wc -c <err)" -lt 4096 ]
		[ "$(grep -c 'passed over$' err)" -eq 10 ]
		grep -qx 'crlferry-sub: note: ... and 3990 more of this kind' \
			err
	done
	all_hold stick2
}

@test "row 70: --quiet does not hide what concerns safety" {
	configure 's/ *schedule = /bare = true;\n&/'
	run --separate-stderr import "$(crl_of stick2)" --quiet
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[[ $stderr == *"the root's signature alone vouches for it"* ]]
}

@test "row 70: --quiet does not hide a network on the root's machine" {
	unshare -n true 2>/dev/null || skip "no network of its own here"
	sed -i 's/^air_gap = .*/air_gap = "warn";/' ca/crlferry.cfg
	run --separate-stderr unshare -n sh -c 'ip link add up0 type bridge &&
		ip link set up0 up && exec "$@"' - "$ROOT_PROGRAM" issue \
		--config ca/crlferry.cfg --quiet
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[[ $stderr == *"note: network interface up0 is up: "* ]]
}
