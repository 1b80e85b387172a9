#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The whole trip over the filesystems that sticks have: FAT, which mtools reads
# as well, and ext4 (FAULTS 8-10).

load ../e2e/pki_setup

make_work() {
	make_pki
	"$SUB_PROGRAM" keygen sub/note.key sub/note.pub --no-passphrase \
		>/dev/null
	configure 's/^\( *\)\({ name = "live";\)/\1\2 note_secret = "note.key";/'
}

setup() {
	restore_work
	STICK=$T/stick
	mkdir "$STICK"
	ROOT_FOLDER=$STICK/crlferry/test-root
}

teardown() {
	if mountpoint -q "$STICK"; then
		unmount_stick
	fi
	leave_work
}

# fusefat leaves the mark of an open volume in FAT16, which mtools takes for
# damage.
export MTOOLS_SKIP_CHECK=1

# fat_stick SIZE [MKFS-OPTION]...: plug in an empty one, with clusters of 2 KiB
# at least: fusefat loses names of a folder that outgrows one
fat_stick() {
	local size=$1
	shift
	[ -w /dev/fuse ] || skip "no /dev/fuse here"
	truncate -s "$size" image
	mkfs.vfat "$@" image >/dev/null
	plug_fat
}

plug_fat() {
	fusefat -o rw+ image "$STICK" >fusefat.log 2>&1 &&
		mountpoint -q "$STICK" || skip "fusefat cannot mount here"
}

ext4_stick() {
	truncate -s "$1" image
	mkfs.ext4 -q image
	plug_ext4
}

plug_ext4() {
	mount -o loop image "$STICK" 2>/dev/null ||
		skip "no loop device to be had here"
}

# unmount_stick: and wait until the image is whole
unmount_stick() {
	local i
	umount "$STICK"
	for ((i = 0; i < 100; i++)); do
		! grep -q "$T/image" /proc/[0-9]*/cmdline 2>/dev/null || {
			sleep 0.1
			continue
		}
		return 0
	done
	echo "fusefat does not end"
	return 1
}

export_here() {
	root ca export stick --allow-fixed-disk "$@"
}

# trip: from the subordinate to the root, and back
trip() {
	sub request stick --allow-fixed-disk --quiet
	minisign -V -q -p sub/note.pub -m "$ROOT_FOLDER/request-live.json"
	root ca issue --quiet
	run export_here
	[ "$status" -eq 0 ]
	[[ $output == *"the stick may be removed"* ]]
	unmount_stick
	[ "$1" = fat ] || return 0
	mtools_agrees
}

# mtools_agrees: another program reads the same from the image
mtools_agrees() {
	local folder=::crlferry/test-root/000003 file
	mkdir -p by-mtools
	mcopy -n -i image "$folder/*" by-mtools/
	(cd by-mtools && sha256sum --strict --quiet -c SHA256SUMS)
	for file in by-mtools/*.minisig; do
		minisign -V -q -p ca/seal.pub -m by-mtools/bundle.json \
			-x "$file"
	done
	cmp by-mtools/test-root.crl ca/state/test-root/archive/000003.crl
	cmp <(openssl crl -inform DER -in by-mtools/test-root.crl) \
		by-mtools/test-root.crl.pem
}

# arrives: what was carried is installed
arrives() {
	mkdir carried
	cp -r stick/crlferry carried/
	import stick --quiet
	all_hold carried
	rejects_revoked ca/bad.pem
}

# same_as_meant: what lies in the bundle is what the tools of others verify
same_as_meant() {
	(cd "$ROOT_FOLDER/000003" && sha256sum --strict --quiet -c SHA256SUMS)
	[ -z "$(find "$STICK" -name '*.crlferry-new')" ]
}

@test "the whole trip over FAT16" {
	fat_stick 16M -F 16 -s 4
	trip fat
	plug_fat
	same_as_meant
	arrives
}

@test "the whole trip over FAT12 and FAT32" {
	fat_stick 8M -F 12 -s 8
	trip fat
	plug_fat
	arrives
	unmount_stick
	rm -rf carried by-mtools image
	restore_notes
	fat_stick 160M -F 32 -s 4
	root ca issue --quiet
	export_here --quiet
	unmount_stick
	plug_fat
	import stick --quiet
	cmp stores/one.crl ca/state/test-root/archive/000004.crl
}

# the second trip asks nothing
restore_notes() {
	configure 's/note_secret = "note.key";//'
}

@test "the whole trip over ext4" {
	ext4_stick 16M
	trip ext4
	plug_ext4
	same_as_meant
	arrives
	# what mtools is for FAT: the owner of the format finds nothing wrong
	unmount_stick
	e2fsck -fn image >/dev/null
}

@test "read back from the device, and the seal last" {
	strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
	ext4_stick 16M
	strace -qq -o trace -e trace=openat,renameat,syncfs \
		"$ROOT_PROGRAM" export stick --config ca/crlferry.cfg \
		--allow-fixed-disk --quiet
	awk '
	/^renameat/ && /[.]minisig"/ { if (direct < 6 || syncs < 1) exit 1
		sealed = 1; direct = 0; next }
	/^renameat/ { if (sealed) exit 1 }
	/^syncfs/ { syncs++ }
	/^openat/ && /O_DIRECT([|,)]|$)/ { direct++ }
	END { exit !(sealed && direct == 1 && syncs >= 2) }' trace || {
		cat trace
		return 1
	}
}

@test "a stick mounted read-only: import reads it, nobody writes to it" {
	local loop
	ext4_stick 16M
	root ca issue --quiet
	export_here --quiet
	unmount_stick
	mount -o loop,ro image "$STICK"
	import stick --quiet
	cmp stores/one.crl ca/state/test-root/archive/000003.crl
	refuses 77 medium root ca export stick --allow-fixed-disk
	[[ $output == *"stick: cannot be written to: "* ]]
	[[ $output == *"(ext4) on $STICK"* ]]
	refuses 77 medium sub request stick --allow-fixed-disk
	umount "$STICK"
	# and one whose switch says so
	loop=$(losetup -r -f --show image)
	mount -o ro "$loop" "$STICK"
	run root ca export stick --allow-fixed-disk
	umount "$STICK"
	losetup -d "$loop"
	[ "$status" -eq 77 ]
	[[ $output == *"the device is write-protected"* ]]
}

@test "a file as a disk, and a program as a filesystem, are no sticks" {
	ext4_stick 16M
	refuses 77 medium root ca export stick
	[[ $output == *"is on the file $T/image as a disk, "*": /dev/loop"*"(ext4) on $STICK"* ]]
	[ "$(ls "$STICK")" = lost+found ]
	unmount_stick
	fat_stick 8M -F 12 -s 8
	refuses 77 medium root ca export stick
	[[ $output == *"is on no disk"*"(fuse.fusefat) on $STICK"* ]]
	[ -z "$(ls "$STICK")" ]
}

@test "a full FAT: too little room is refused, and the bundle before stays" {
	fat_stick 2M -F 12 -s 4
	export_here --quiet
	cp -r stick/crlferry before
	head -c 4M /dev/zero >stick/filler 2>/dev/null || :
	root ca issue --quiet
	refuses 77 medium root ca export stick --allow-fixed-disk
	diff -r stick/crlferry before
	rm stick/filler
	export_here --quiet
	unmount_stick
	mkdir by-mtools
	mcopy -n -i image "::crlferry/test-root/000003/*" by-mtools/
	(cd by-mtools && sha256sum --strict --quiet -c SHA256SUMS)
}

@test "row 8: names on FAT are found whatever their case" {
	fat_stick 8M -F 12 -s 8
	mkdir -p stick/CRLFERRY/Test-Root
	export_here --quiet
	[ "$(ls -d stick/[cC]*)" = stick/CRLFERRY ]
	import stick --quiet
	cmp stores/one.crl "$(crl_of stick2)"
	# a copy made where names were made short and great
	unmount_stick
	mkdir by-mtools
	mcopy -n -i image "::crlferry/test-root/000002/*" by-mtools/
	fat_stick 8M -F 12 -s 8
	mkdir -p stick/CRLFERRY/TEST-ROOT/000002
	for file in by-mtools/*; do
		cp "$file" "stick/CRLFERRY/TEST-ROOT/000002/$(basename \
			"$file" | tr a-z A-Z)"
	done
	forget
	keeps 66 missing import stick
	[[ $output == *"000002: has no seal"* ]]
}

@test "row 8: short names that collide are told apart" {
	local name
	fat_stick 8M -F 12 -s 8
	# 8.3 forms of all of these begin alike
	mkdir -p stick/crlferry/test-root-old stick/crlferry/test-root-new \
		stick/crlferry/test-r~1
	for name in test-root.crl.old test-root.crl.bak; do
		echo x >"stick/crlferry/$name"
	done
	export_here --quiet
	unmount_stick
	plug_fat
	import stick --quiet
	cmp stores/one.crl "$(crl_of stick2)"
	[ "$(cat stick/crlferry/test-root.crl.old)" = x ]
	unmount_stick
	mkdir by-mtools
	mcopy -n -i image "::crlferry/test-root/000002/*" by-mtools/
	(cd by-mtools && sha256sum --strict --quiet -c SHA256SUMS)
}

# differ_by_case FIRST SECOND: an empty stick onto which the one and then the
# other puts its files; an x that begins a name was meant for another letter, and
# now the two differ by case alone, as no filesystem would write them
differ_by_case() {
	fat_stick 8M -F 12 -s 8
	"$1"
	"$2"
	unmount_stick
	perl -0777 -pi -e 's/x(\0e\0q\0u\0e\0)/R$1/g;
		s/x(\0e\0s\0t\0-\0)/T$1/g' image
	plug_fat
	[ "$(find stick -iname "$3" | wc -l)" -ge 2 ]
}

damaged_folder() {
	mkdir -p stick/crlferry/xest-root/000002
	cp "$BUNDLE2"/* stick/crlferry/xest-root/000002/
	flip stick/crlferry/xest-root/000002/test-root.crl 100
}

@test "row 8: folders whose names differ by case: the true one or nothing" {
	differ_by_case damaged_folder export_here test-root
	keeps 65 digest import stick
	unmount_stick
	differ_by_case export_here damaged_folder test-root
	import stick --quiet
	all_hold stick2
}

damaged_note() {
	local note=stick/crlferry/test-root/xequest-live.json
	mkdir -p stick/crlferry/test-root
	cp request-live.json $note
	cp request-live.json.minisig $note.minisig
	flip $note 100
}

true_note() {
	mkdir -p stick/crlferry/test-root
	cp request-live.json* stick/crlferry/test-root/
}

@test "row 8: notes whose names differ by case: the true one or nothing" {
	sed -i "s|subordinates = (|& { name = \"live\"; note_key = \"$T/sub/note.pub\"; }|" \
		ca/crlferry.cfg
	sub request stick --allow-fixed-disk --quiet
	mv "$ROOT_FOLDER"/request-live.json* .
	rm -r stick/crlferry
	differ_by_case damaged_note true_note request-live.json
	refuses 65 seal root ca collect stick
	[ ! -e ca/state/test-root/notes ]
	unmount_stick
	differ_by_case true_note damaged_note request-live.json
	root ca collect stick --quiet
	cmp request-live.json ca/state/test-root/notes/request-live-1.json
}

@test "a filesystem that loses files: said, and no bundle is left" {
	# the folder of the bundle outgrows a cluster of 512 octets
	fat_stick 2M -F 12 -s 1
	run export_here
	if [ "$status" -eq 0 ]; then
		unmount_stick
		mkdir by-mtools
		mcopy -n -i image "::crlferry/test-root/000002/*" by-mtools/
		(cd by-mtools && sha256sum --strict --quiet -c SHA256SUMS)
		skip "this fusefat loses nothing"
	fi
	[ "$status" -eq 74 ]
	[[ $output == *"crlferry-root: io: "*"is gone after it was written: "* ]]
	[[ $output != *"may be removed"* ]]
	keeps 66 missing import stick
	[ "$(root ca ledger show | grep -c 'stick/crlferry')" -eq 0 ]
}

@test "row 9: exported again and again, old bundles go" {
	local n
	fat_stick 8M -F 12 -s 8
	export_here --quiet
	export_here --quiet
	for n in 3 4; do
		root ca issue --quiet
		export_here --quiet
	done
	[ "$(ls "$ROOT_FOLDER")" = "$(printf '00000%s\n' 3 4)" ]
	unmount_stick
	[ "$(mdir -b -i image ::crlferry/test-root | grep -c .)" -eq 2 ]
	plug_fat
	import stick --quiet
	cmp stores/one.crl ca/state/test-root/archive/000004.crl
}
