#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A device or a FIFO is looked at, and never opened: to open a tape rewinds it, to
# open a watchdog starts it (FAULTS 65).

load ../e2e/pki_setup
load inject

setup() {
	need_strace
	restore_work
	mknod probe c 1 5 2>/dev/null || skip "may not make devices here"
}

# never_opened FILE COMMAND...: FILE is made a device, then a FIFO: the command
# fails, finds it and opens it for nothing but a look at it
never_opened() {
	local file=$1 kind opened named
	shift
	# as an argument, or as what a descriptor is of
	named="[\"/<]$(basename "$file" | sed 's/\./[.]/g')[\">]"
	for kind in 'c 1 5' p; do
		rm -f "$file"
		# shellcheck disable=SC2086	# words
		mknod "$file" $kind
		chmod 644 "$file"
		run guarded strace -f -y -qq -o trace \
			-e trace=open,openat,openat2,creat "$@"
		[ "$status" -ne 124 ]
		grep "$named" trace | grep -q O_PATH || {
			echo "want a look at $file by $*: $output"
			return 1
		}
		opened=$(grep "$named" trace |
			grep -v -e O_PATH -e '= -1 ' || :)
		[ -z "$opened" ] || {
			echo "$* opens $file: $opened"
			return 1
		}
	done
}

@test "row 65: a device in place of each file of a bundle: info, import, seal" {
	local member verb
	cp -r stick2 whole
	for member in bundle.json test-root.crl test-root.crl.pem \
		test-root.crt SHA256SUMS README.txt \
		"$(basename "$BUNDLE2"/bundle.json.*.minisig)"; do
		for verb in info import; do
			never_opened "$BUNDLE2/$member" "$SUB_PROGRAM" $verb \
				stick2 --config sub/crlferry.cfg
			[ "$status" -eq 65 ]
		done
		never_opened "$BUNDLE2/$member" "$ROOT_PROGRAM" seal stick2 \
			--config ca/crlferry.cfg
		[ "$status" -ne 0 ]
		rm -rf stick2
		cp -r whole stick2
	done
}

@test "row 65: a device as the source, or as a medium" {
	never_opened source "$SUB_PROGRAM" info source --config sub/crlferry.cfg
	[ "$status" -eq 65 ]
	never_opened source "$SUB_PROGRAM" import source \
		--config sub/crlferry.cfg
	[ "$status" -eq 65 ]
	never_opened source "$SUB_PROGRAM" lint source
	[ "$status" -eq 65 ]
	never_opened config "$SUB_PROGRAM" status --config config
	[ "$status" -ne 0 ]
	never_opened ca/last.crl "$ROOT_PROGRAM" adopt test-root ca/last.crl \
		--config ca/crlferry.cfg
	[ "$status" -ne 0 ]
}

# make_noted: a note key of the subordinate, which the root knows by noted.cfg
make_noted() {
	"$SUB_PROGRAM" keygen sub/note.key sub/note.pub --no-passphrase --quiet
	sed -i "s|name = \"live\";|& note_secret = \"note.key\";|" \
		sub/crlferry.cfg
	"$ROOT_PROGRAM" init --name test-root --certificate ca/root.pem \
		--key ca/root.key --index ca/index.txt \
		--subordinate live=ca/live.pem --output ca/noted.cfg >/dev/null
	sed -i -e "s|name = \"live\";|& note_key = \"$T/sub/note.pub\";|" \
		-e 's/^air_gap = .*/air_gap = "off";/' ca/noted.cfg
}

@test "row 65: a device in place of a note or its seal: collect" {
	local file
	make_noted
	sub request stick2 --allow-fixed-disk --quiet
	cp -r stick2 whole
	for file in request-live.json request-live.json.minisig; do
		never_opened "stick2/crlferry/test-root/$file" \
			"$ROOT_PROGRAM" collect stick2 --config ca/noted.cfg
		[ "$status" -ne 0 ]
		rm -rf stick2
		cp -r whole stick2
	done
	"$ROOT_PROGRAM" collect stick2 --config ca/noted.cfg >collected
	grep -q live collected
}

@test "row 65: a device in place of an order or its seal: recover, seal" {
	local file
	load ../e2e/root_helpers
	load ../e2e/note_helpers
	load ../e2e/reset_helpers
	mkdir reset && cd reset
	make_reset_pki
	ordered
	cp -r stick whole
	for file in stick/crlferry/corp/reset-one.json*; do
		never_opened "$file" "$SUB_PROGRAM" recover stick \
			--config sub/crlferry.cfg
		[ "$status" -ne 0 ]
		never_opened "$file" "$ROOT_PROGRAM" seal stick \
			--config ca/crlferry.cfg
		rm -rf stick
		cp -r whole stick
	done
}

@test "row 65: without /proc nothing is opened, and that is said" {
	unshare -m true 2>/dev/null || skip "no mounts of its own here"
	run unshare -m sh -c 'umount -l /proc && exec "$@"' - \
		"$SUB_PROGRAM" lint "$(crl_of stick2)"
	[ "$status" -eq 74 ]
	[[ $output == *"io: "*": mount -t proc proc /proc"* ]]
}

@test "row 65: a device in an old bundle that export would remove" {
	issue_to other
	mknod "stick2/crlferry/test-root/000002/evil" p
	run strace -f -y -qq -o trace -e trace=open,openat,openat2,creat \
		"$ROOT_PROGRAM" export stick2 --allow-fixed-disk \
		--config ca/crlferry.cfg
	[ "$status" -eq 0 ]
	issue_to other
	run guarded strace -f -y -qq -o trace \
		-e trace=open,openat,openat2,creat "$ROOT_PROGRAM" export \
		stick2 --allow-fixed-disk --config ca/crlferry.cfg
	[ "$status" -eq 0 ]
	[ -p stick2/crlferry/test-root/000002/evil ]
	run ! grep -F evil trace
}

@test "row 65: a device in place of what was written: export reads it back" {
	issue_to other
	mkdir -p stick3/crlferry/test-root/000003
	mknod stick3/crlferry/test-root/000003/test-root.crl c 1 5
	run guarded strace -f -y -qq -o trace \
		-e trace=open,openat,openat2,creat "$ROOT_PROGRAM" export \
		stick3 --allow-fixed-disk --config ca/crlferry.cfg
	[ "$status" -eq 0 ]
	[ -f stick3/crlferry/test-root/000003/test-root.crl ]
	run ! grep -F '<char 1:5' trace
	run ! grep -E '= [0-9]+<.*zero' trace
}
