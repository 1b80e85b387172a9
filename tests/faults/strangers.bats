#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The folder of a store belongs to another user, and import runs as root: what
# he does with names there changes nothing that is not his (FAULTS 51).

load ../e2e/pki_setup
load strangers
load inject

make_work() {
	make_pki
	open_way
}

setup() {
	need_root
	restore_work
	give_away
}

@test "row 51: hashdir: closing a gap writes nothing through a link" {
	local slot
	make_older_root other p256 "Other Root"
	openssl ca -config other/ca.cnf -gencrl -out other.pem 2>/dev/null
	slot=$PWD/$(hash_slot 1)
	as_www ln -s "$PWD/outside/passwd" "$slot"
	{
		echo "evil::0:0::/:/bin/sh"
		cat other.pem
	} | as_www tee "$PWD/$(hash_slot 2)" >/dev/null
	denies "$(hash_slot 1)" stick2
	[ -L "$slot" ]
	# the others are done; without the link, this one is too
	holds stores/all.pem stick2
	holds stores/one.crl stick2
	rm "$slot"
	import stick2
	all_hold stick2
	nothing_outside
}

@test "row 51: the file is a link of his: not read, not written" {
	local file
	for file in $(each_type); do
		for target in passwd list.pem list.crl private.key nothing; do
			mv "$file" kept
			as_www ln -s "$PWD/outside/$target" "$PWD/$file"
			denies "$file" stick2
			[[ $output == *"www-data"* ]]
			[ "$(readlink "$file")" = "$PWD/outside/$target" ]
			rm "$file"
			mv kept "$file"
		done
	done
	run ! grep -r "PRIVATE\|/bin/bash" sub/state
	import stick2
	all_hold stick2
}

@test "row 51: a link of his own in a folder of root" {
	local file
	chown root:root stores stores/hash
	for file in $(each_type); do
		mv "$file" kept
		ln -s "$PWD/outside/list.pem" "$file"
		chown -h www-data "$file"
		denies "$file" stick2
		[[ $output == *"chown -h root "* ]]
		rm "$file"
		mv kept "$file"
	done
}

@test "row 51: a hard link to what he may not read: not read, not copied" {
	local file
	cp "$BUNDLE1/test-root.crl.pem" outside/hidden.pem
	cp "$BUNDLE1/test-root.crl" outside/hidden.crl
	chmod 600 outside/hidden.*
	for file in $(each_type); do
		mv "$file" kept
		# as he could without fs.protected_hardlinks
		ln "outside/hidden.${file##*.}" "$file" 2>/dev/null ||
			ln outside/hidden.pem "$file"
		outside=$(snapshot outside)
		denies "$file" stick2
		[[ $output == *"www-data can change its folder, but may not "* ]]
		rm "$file"
		mv kept "$file"
	done
	[ ! -e sub/state/test-root/previous ] ||
		[ -z "$(find sub/state/test-root/previous -name 'hidden*')" ]
}

@test "row 51: a hard link to what he may read is replaced, not written to" {
	local file
	for file in $(each_type); do
		rm "$file"
		case $file in
		*.crl) ln outside/list.crl "$file" ;;
		*) cp outside/list.pem "outside/${file##*/}" &&
			ln "outside/${file##*/}" "$file" ;;
		esac
	done
	before=$(cat outside/* | sha256sum)
	import stick2
	all_hold stick2
	[ "$before" = "$(cat outside/* | sha256sum)" ]
	leaves_nothing
}

@test "row 51: a folder on the way is a link of his" {
	local store
	as_www mkdir "$PWD/stores/web"
	for store in one.crl all.pem hash; do
		configure "s,$T/stores/$store\",$T/stores/web/$store\","
	done
	as_www rmdir "$PWD/stores/web"
	as_www ln -s "$PWD/outside" "$PWD/stores/web"
	mkdir outside/hash
	outside=$(snapshot outside)
	denies stores/web stick2
	[ "$(grep -c "not installed: .*stores/web: not followed" \
		<<<"$output")" -eq 3 ]
}

@test "row 51: a folder of root that he moved into the way" {
	local store
	mkdir stores/web stores/web/hash
	for store in one.crl all.pem hash; do
		configure "s,$T/stores/$store\",$T/stores/web/$store\","
	done
	before=$(snapshot stores/web)
	denies stores/web stick2
	[[ $output == *"www-data can put another folder in its place"* ]]
	[ "$before" = "$(snapshot stores/web)" ]
	# it is his as well
	chown www-data stores/web stores/web/hash
	import stick2
	holds stores/web/all.pem stick2
}

@test "row 51: two users on one way" {
	mkdir stores/web
	chown daemon stores/web
	configure "s,$T/stores/one.crl\",$T/stores/web/one.crl\","
	denies stores/web stick2
	[[ $output == *"daemon can change it, and www-data the way to it"* ]]
	[ -z "$(ls -A stores/web)" ]
}

@test "row 51: a FIFO, a device, a folder: store, no hang" {
	local file made
	for file in $(each_type); do
		mv "$file" kept
		for made in "mkfifo $file" "mkdir $file" \
			"mknod $file c 1 5" "mknod $file b 7 0"; do
			$made
			chown www-data "$file"
			refuses 69 store import stick2
			nothing_outside
			[ ! -f "$file" ]
			rm -r "$file"
		done
		mv kept "$file"
	done
	import stick2
	all_hold stick2
}

@test "row 51: a file that cannot be his on another filesystem below" {
	local file
	for file in $(each_type); do
		mount --bind outside/list.pem "$file" 2>/dev/null ||
			skip "may not mount here"
		run import stick2
		umount "$file"
		[ "$status" -eq 77 ]
		[[ $output == *"another filesystem is mounted there"* ]]
		nothing_outside
	done
}

@test "row 51: what he put where the temporary file comes" {
	local file temporary
	for file in $(each_type); do
		temporary=$PWD/${file%/*}/.${file##*/}.crlferry-new
		as_www ln -s "$PWD/outside/passwd" "$temporary"
	done
	import stick2
	all_hold stick2
	nothing_outside
	[ -z "$(find stores -type l)" ]
}

@test "what is his stays his: owner, mode, no setuid bit; new files are root's" {
	local file
	for file in $(each_type); do
		chmod 4755 "$file"
	done
	rm stores/one.crl
	import stick2
	all_hold stick2
	for file in "$(hash_slot 0)" stores/all.pem; do
		[ "$(stat -c '%U:%G %a' "$file")" = "www-data:www-data 755" ]
	done
	[ "$(stat -c '%U:%G %a' stores/one.crl)" = "root:root 644" ]
	as_www cat "$PWD/stores/one.crl" | cmp - "$(crl_of stick2)"
}

@test "a group or everybody may write the folder: links there are not followed" {
	local mode
	chown -R root:staff stores
	for mode in 775 777 1777; do
		chmod "$mode" stores stores/hash
		mv stores/all.pem kept
		ln -s "$PWD/outside/list.pem" stores/all.pem
		denies stores/all.pem stick2
		case $mode in
		775) [[ $output == *"the group staff can change"* ]] ;;
		*) [[ $output == *"everybody can change"* ]] ;;
		esac
		rm stores/all.pem
		mv kept stores/all.pem
		import stick2
		all_hold stick2
		outside=$(snapshot outside)
	done
}

@test "a sticky folder above does no harm, nor does a link of root to his" {
	local store
	mkdir -m 1777 spool
	mv stores spool/
	ln -s spool/stores stores
	outside=$(snapshot outside)
	import stick2
	all_hold stick2
	nothing_outside
	[ -L stores ]
}

@test "who is not root imports with his own rights" {
	chown -R www-data sub
	as_www "$SUB_PROGRAM" import --config sub/crlferry.cfg stick2
	all_hold stick2
	# and follows his own links, where nobody else can change them
	mv stores/all.pem outside/
	chown www-data outside/all.pem outside
	as_www ln -s ../outside/all.pem stores/all.pem
	rm stores/one.crl
	as_www "$SUB_PROGRAM" import --config sub/crlferry.cfg stick2
	[ -L stores/all.pem ]
	all_hold stick2
}

@test "root with few capabilities: those of the unit suffice, fewer are said" {
	local unit=$BATS_TEST_DIRNAME/../../examples/systemd
	local few=-all
	few+=$(sed -n 's/^CapabilityBoundingSet=//p' \
		"$unit/crlferry-import.service" | tr '[:upper:]' '[:lower:]' |
		sed 's/cap_/,+/g; s/ //g')
	[[ $few == *+setuid* ]]
	refuses 77 permissions setpriv --inh-caps=-all \
		--bounding-set="${few/,+setuid/}" \
		"$SUB_PROGRAM" import --config sub/crlferry.cfg stick2
	[[ $output == *"with the rights of www-data, which takes root, or "* ]]
	nothing_outside
	setpriv --inh-caps=-all --bounding-set="$few" \
		"$SUB_PROGRAM" import --config sub/crlferry.cfg stick2
	all_hold stick2
	[ "$(stat -c %U stores/all.pem)" = www-data ]
}

@test "a monitoring user without rights sees what the consumers see" {
	import stick2
	mv stores/all.pem outside/
	as_www ln -s ../outside/all.pem stores/all.pem
	chmod -R go+rX sub ca
	run setpriv --reuid=nobody --regid=nogroup --clear-groups \
		"$SUB_PROGRAM" check --config sub/crlferry.cfg
	[ "$status" -eq 0 ]
	# root has too much to lose
	run sub check
	[ "$status" -eq 3 ]
	[[ $output == *"not followed"* ]]
}
