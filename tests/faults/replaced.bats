#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What is replaced in a store, what is kept of it, and what is not replaced
# (FAULTS 52, 53, 63).

load ../e2e/pki_setup
load inject

# each_type: the file of each type
each_type() {
	printf '%s\n' "$(hash_slot 0)" stores/all.pem stores/one.crl
}

# says_store ARGUMENT...: import says `store`, 69, and leaves no temporary
says_store() {
	refuses 69 store import "$@" && leaves_nothing
}

# Copies in the state folder.

@test "row 52: copies are no more open than the file, in a folder of mode 700" {
	local mode file copy
	for mode in 600 640 444; do
		for file in $(each_type); do
			chmod "$mode" "$file"
		done
		rm -rf sub/state/test-root/previous
		(umask 022 && import stick2)
		for file in $(each_type); do
			copy=$(echo sub/state/test-root/previous/*-*/"${file##*/}")
			[ "$(stat -c %a "$copy")" = "$mode" ]
			[ "$(stat -c %a "${copy%/*}")" = 700 ]
			holds "$copy" stick1
		done
		rm -rf sub stores
		cp -a ../saved/sub ../saved/stores .
	done
}

@test "row 52: an older copy and its folder are closed" {
	local folder
	import stick2
	for folder in sub/state/test-root/previous/*-*/; do
		chmod 755 "$folder"
		chmod 644 "$folder"/*
	done
	cp "$BUNDLE1/test-root.crl.pem" "$(hash_slot 0)"
	cp "$BUNDLE1/test-root.crl.pem" stores/all.pem
	cp "$BUNDLE1/test-root.crl" stores/one.crl
	chmod 600 "$(hash_slot 0)" stores/all.pem stores/one.crl
	import stick2
	[ "$(find sub/state/test-root/previous/*-*/ -type f -perm 600 |
		wc -l)" -eq 3 ]
	[ -z "$(find sub/state/test-root/previous/*-*/ -perm /077)" ]
}

# What else a file may be.

# misplaced: files of others, one each, in `misplaced`
misplaced() {
	mkdir misplaced
	make_key misplaced/key p256
	openssl pkey -in misplaced/key -outform DER -out misplaced/key-der
	head -c 999 /dev/urandom >misplaced/random
	printf 'root:x:0:0:root:/root:/bin/bash\n' >misplaced/passwd
	chmod 640 misplaced/*
}

# is_left FILE KIND: import refuses to replace it, and says why
is_left() {
	cp -a "$1" "$file"
	says_store stick2 || return
	[[ $output == *"$file: not replaced: it holds $2"* ]] &&
		[[ $output == *": mv $T/$file $T/$file.old"* ]] || {
		echo "want $2: $output"
		return 1
	}
	cmp "$1" "$file" && [ "$(stat -c %a "$file")" = 640 ] || return
	# as long as nobody mends it, and then at once
	says_store stick2 || return
	mv "$file" "$file.old"
	import stick2 && all_hold stick2 && rm "$file.old"
}

# key_is_left FILE: that too, and nobody is told to move a key away
key_is_left() {
	cp -a "$1" "$file"
	says_store stick2 || return
	[[ $output == *"$file: not replaced: it holds a private key"* ]] &&
		[[ $output != *"mv "* ]] && cmp "$1" "$file" && rm "$file"
}

@test "row 53: what is no CRL of this root is not replaced, whatever the type" {
	local file
	misplaced
	for file in $(each_type); do
		forget
		key_is_left misplaced/key
		forget
		key_is_left misplaced/key-der
		for name in random passwd; do
			forget
			is_left "misplaced/$name" "something else"
		done
	done
}

@test "row 53: certificates and other CAs' CRLs: pem adds, der refuses" {
	make_older_root other p256 "Other Root"
	openssl ca -config other/ca.cnf -gencrl -out other.pem 2>/dev/null
	openssl crl -in other.pem -outform DER -out other.der
	openssl x509 -in ca/root.pem -outform DER -out cert.der
	chmod 640 ca/root.pem other.pem other.der cert.der
	file=stores/one.crl
	for found in "ca/root.pem a certificate" "cert.der a certificate" \
		"other.pem a damaged CRL, or another CA's, in PEM" \
		"other.der another CA's CRL"; do
		forget
		is_left "${found%% *}" "${found#* }"
	done
	forget
	file=$(hash_slot 0)
	is_left ca/root.pem "a certificate"
	forget
	cat ca/root.pem other.pem >stores/all.pem
	import stick2
	cmp -n "$(cat ca/root.pem other.pem | wc -c)" stores/all.pem \
		<(cat ca/root.pem other.pem)
}

@test "row 53: pem: a server's certificate with its key gets no CRL" {
	misplaced
	forget
	cat ca/root.pem misplaced/key >combined
	chmod 640 combined
	file=stores/all.pem
	key_is_left combined
	[ -z "$(find sub/state -name all.pem)" ]
}

@test "row 53: der: a PEM file with ours and more is not replaced" {
	file=stores/one.crl
	make_older_root other p256 "Other Root"
	openssl ca -config other/ca.cnf -gencrl -out other.pem 2>/dev/null
	cat "$BUNDLE1/test-root.crl.pem" other.pem >ours-first
	cat other.pem "$BUNDLE1/test-root.crl.pem" >other-first
	{
		echo "ssl_protocols TLSv1.3;"
		cat "$BUNDLE1/test-root.crl.pem"
	} >text-first
	for found in ours-first other-first text-first; do
		forget
		chmod 640 "$found"
		is_left "$found" "a CRL in PEM, and other things beside it"
	done
	# alone, it is only the wrong form
	forget
	cp "$BUNDLE1/test-root.crl.pem" "$file"
	import stick2
	all_hold stick2
}

@test "row 53: garbage is replaced where a CRL of this root stood, and kept" {
	local file
	head -c 999 /dev/urandom >random
	for file in $(each_type); do
		cp random "$file"
		chmod 600 "$file"
	done
	import stick2
	all_hold stick2
	for file in $(each_type); do
		[ "$(stat -c %a "$file")" = 600 ]
		cmp random \
			sub/state/test-root/previous/*-*/"${file##*/}.lost-1"
	done
	# known by the path that was configured then, and by no other
	grep -qx "$T/stores/one.crl" sub/state/test-root/previous/der-*.path
	cp random stores/two.crl
	mv sub/state/test-root/previous/der-*.path record
	configure "s,$T/stores/one.crl\",$T/stores/two.crl\","
	says_store stick2
	cmp random stores/two.crl
}

@test "row 53: garbage behind this root's slot is not ours to remove" {
	echo precious >"$(hash_slot 1)"
	import stick2
	holds "$(hash_slot 0)" stick2
	[ "$(cat "$(hash_slot 1)")" = precious ]
	verifies ca/live.pem
	rejects_revoked ca/bad.pem
}

@test "row 53: an empty file is filled, a CRL in the wrong form is replaced" {
	local file
	forget
	: >stores/one.crl
	: >stores/all.pem
	: >"$(hash_slot 0)"
	import stick1
	all_hold stick1
	rm -rf sub/state/test-root
	cp "$BUNDLE1/test-root.crl.pem" stores/one.crl
	cp "$BUNDLE1/test-root.crl" stores/all.pem
	cp "$BUNDLE1/test-root.crl" "$(hash_slot 0)"
	import stick2
	all_hold stick2
}

@test "a slot with more than this root's CRL keeps everything else" {
	make_older_root rekeyed p256
	openssl ca -config rekeyed/ca.cnf -gencrl -out rekeyed.pem 2>/dev/null
	rm "$(hash_slot 0)"
	cat "$BUNDLE1/test-root.crl.pem" ca/root.pem >stores/hash/both.pem
	ln -s both.pem "$(hash_slot 0)"
	cat "$BUNDLE1/test-root.crl.pem" rekeyed.pem >"$(hash_slot 1)"
	import stick2
	holds stores/hash/both.pem stick2
	[ -L "$(hash_slot 0)" ]
	[ "$(grep -c BEGIN stores/hash/both.pem)" -eq 2 ]
	cmp "$(hash_slot 1)" rekeyed.pem
}

# What is kept of a file.

# with_rights FILE: an ACL and attributes
with_rights() {
	chmod 640 "$1"
	setfacl -m u:www-data:r,u:daemon:rw "$1" &&
		setfattr -n user.origin -v "hand made" "$1" &&
		setfattr -n security.label -v "blue" "$1"
}

rights_of() {
	stat -c '%a %U:%G' "$1"
	getfacl --absolute-names -n "$1"
	getfattr --absolute-names -d -m - "$1"
}

need_acl() {
	: >probe
	with_rights probe 2>/dev/null || skip "no ACL here"
	[ "$(id -u)" -eq 0 ] || skip "needs root for security.*"
}

@test "row 63: ACL and attributes are kept, and come back" {
	local file before
	need_acl
	for file in $(each_type); do
		with_rights "$file"
		[ "$(id -u)" -ne 0 ] || chown daemon:staff "$file"
	done
	before=$(for file in $(each_type); do rights_of "$file"; done)
	import stick2
	all_hold stick2
	[ "$before" = "$(for file in $(each_type); do rights_of "$file"; done)" ]
	# a hook fails: the old content, with all of it
	printf '#!/bin/sh\nexit 1\n' >fails && chmod 755 fails
	configure "s,path = .*;,& reload = [ \"$T/fails\" ];,"
	cp "$BUNDLE1/test-root.crl.pem" one.pem
	cat one.pem >"$(hash_slot 0)"
	cat one.pem >stores/all.pem
	cat "$BUNDLE1/test-root.crl" >stores/one.crl
	refuses 69 hook import stick2
	all_hold stick1
	[ "$before" = "$(for file in $(each_type); do rights_of "$file"; done)" ]
}

@test "row 63: what gives rights or speaks of content does not come over" {
	local file
	need_acl
	for file in $(each_type); do
		setcap cap_net_raw+ep "$file" 2>/dev/null ||
			skip "no file capabilities here"
		chmod 6755 "$file"
	done
	import stick2
	for file in $(each_type); do
		[ "$(stat -c %a "$file")" = 755 ]
		[ -z "$(getfattr -d -m - "$file")" ]
	done
}

@test "row 63: a folder's default ACL goes to new files, not to replaced ones" {
	need_acl
	setfacl -d -m u:daemon:rwx,u:www-data:r stores
	rm stores/one.crl
	import stick2
	getfacl stores/one.crl | grep -q 'user:daemon:rwx.*#effective:r--'
	[ "$(stat -c %a stores/one.crl)" = 644 ]
	[ -z "$(getfacl -s stores/all.pem)" ]
}

@test "row 63: an ACL that cannot be kept: refused, the old file stays" {
	local file
	need_acl
	need_strace
	for file in $(each_type); do
		with_rights "$file"
	done
	cp -a stores before
	run strace -qq -o trace -e trace=fsetxattr \
		-e inject=fsetxattr:error=EPERM \
		"$SUB_PROGRAM" import --config sub/crlferry.cfg stick2
	[ "$status" -eq 77 ]
	[[ $output == *"cannot keep an attribute of it: Operation not permitted"* ]]
	leaves_nothing
	for file in $(each_type); do
		cmp "$file" "before/${file#stores/}"
		diff <(rights_of "$file") <(rights_of "before/${file#stores/}" |
			sed "s,before/,stores/,")
	done
	import stick2
	all_hold stick2
}

@test "row 63: the CA's own files keep their ACL" {
	local file before after
	need_acl
	make_sub ca more
	for file in ca/index.txt ca/crlnumber; do
		with_rights "$file"
		setfacl -x u:daemon "$file"
	done
	before=$(rights_of ca/index.txt; rights_of ca/crlnumber)
	root ca revoke test-root ca/more.pem --reason superseded --quiet
	root ca issue --quiet
	after=$(rights_of ca/index.txt; rights_of ca/crlnumber)
	diff <(echo "$before") <(echo "$after")
}

@test "a file that came into being meanwhile is neither replaced nor removed" {
	local temporary=stores/.one.crl.crlferry-new
	need_strace
	rm stores/one.crl
	(
		until [ -e "$temporary" ]; do :; done
		echo theirs >stores/one.crl
	) 3>&- &
	run strace -qq -o trace -P "$T/$temporary" -e trace=fsync \
		-e inject=fsync:delay_enter=1s \
		"$SUB_PROGRAM" import --config sub/crlferry.cfg stick2
	wait
	[ "$status" -eq 69 ]
	[[ $output == *"stores/one.crl: came into being just now"* ]]
	[ "$(cat stores/one.crl)" = theirs ]
	leaves_nothing
}

@test "row 60: an error at any lookup of a store is not taken for absence" {
	need_strace
	untraced look_up 2 check
	untraced look_up 7 import stick2
}

# look_up STEP VERB ARGUMENT...: an error at calls that look for a store's file,
# at each of them where tests may take long
look_up() {
	local call n error tries=0 paths=() step=$1
	shift
	[ -z "${CRLFERRY_LONG:-}" ] || step=1
	for n in stores stores/hash $(each_type); do
		paths+=(-P "$n" -P "$T/$n" -P "${n##*/}")
	done
	for call in openat fstat newfstatat; do
		for error in EIO EACCES; do
			n=$((1 - step))
			while :; do
				n=$((n + step))
				rm -rf sub stores
				cp -a ../saved/sub ../saved/stores .
				strike "$call" "$n" "error=$error"
				run "${STRIKE[@]}" "${paths[@]}" \
					"$SUB_PROGRAM" "$@" \
					--config sub/crlferry.cfg
				was_struck || break
				tries=$((tries + 1))
				is_no_absence "$1" || {
					echo "$call $n $error: $status $output"
					return 1
				}
			done
		done
	done
	[ "$tries" -ge 16 ] || return
	tried "errors at $tries lookups of $1"
}

# is_no_absence VERB: it says what it is, or had no need to ask
is_no_absence() {
	[[ $output != *" missing"* ]] || return
	[ "$1" = import ] || [ "$status" -ge 2 ] || return
	[[ $output == *"Input/output error"* ||
		$output == *"Permission denied"* ]] || return
	leaves_nothing && jq -e '.number | tonumber >= 1' \
		sub/state/test-root/accepted.json >/dev/null
}
