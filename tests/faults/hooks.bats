#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A hook runs with root's rights: one that others can change is not run, and
# its store is left as it is.

load ../e2e/pki_setup
load strangers

make_work() {
	make_pki
	open_way
}

setup() {
	need_root
	restore_work
	mkdir -p tools/bin
	printf '#!/bin/sh\necho "$0" >>"%s/ran"\n' "$T" >tools/bin/tell
	chmod 755 tools/bin/tell
	cp stores/all.pem before.pem
}

# hook WHICH PROGRAM: of the store of type pem
hook() {
	configure "s,path = .*/all.pem\";,& $1 = [ \"$2\" ];,"
}

# is_not_run TEXT: `permissions` with that in it; the others are done
is_not_run() {
	refuses 77 permissions import stick2 || return
	[[ $output == *"stores/all.pem: not installed: $which "*"not run: $1"* \
		]] || {
		echo "want $1: $output"
		return 1
	}
	[ ! -e ran ] && cmp before.pem stores/all.pem &&
		holds stores/one.crl stick2 && holds "$(hash_slot 0)" stick2
}

@test "a program that others can write, or own, or whose folder they can" {
	local which
	for which in reload verify; do
		hook "$which" "$T/tools/bin/tell"
		chmod 775 tools/bin/tell
		is_not_run "others can write $T/tools/bin/tell (mode 0775): \
chmod go-w $T/tools/bin/tell"
		chmod 755 tools/bin/tell
		chown www-data tools/bin/tell
		is_not_run "$T/tools/bin/tell belongs to www-data, who can \
change it at will: chown root $T/tools/bin/tell"
		chown root tools/bin/tell
		chown www-data tools
		is_not_run "$T/tools is the folder of www-data, who could put \
something else there: chown root $T/tools"
		chown root tools
		chmod 777 tools/bin
		is_not_run "others can write the folder $T/tools/bin (mode \
0777) and put something else there: chmod go-w $T/tools/bin"
		chmod 1777 tools/bin
		is_not_run "others can write the folder $T/tools/bin"
		setfacl -m u:www-data:rwx tools/bin && chmod 775 tools/bin
		is_not_run "others can write the folder $T/tools/bin"
		setfacl -b tools/bin && chmod 755 tools/bin
		import stick2
		[ "$(cat ran)" = "$T/tools/bin/tell" ]
		rm -rf ran sub stores
		cp -a ../saved/sub ../saved/stores .
	done
}

@test "a script that an interpreter is given" {
	local which=reload words
	for words in '/bin/sh"\, "' 'sh"\, "-eu"\, "' \
		'python3"\, "-I"\, "' '/usr/bin/perl"\, "-w"\, "'; do
		hook reload "$words$T/tools/bin/tell"
		chown www-data tools/bin/tell
		refuses 77 permissions import stick2
		[[ $output == *"reload $T/tools/bin/tell: not run: \
$T/tools/bin/tell belongs to www-data"* ]]
		[ ! -e ran ]
		chown root tools/bin/tell
		chmod 777 tools/bin
		refuses 77 permissions import stick2
		[ ! -e ran ]
		chmod 755 tools/bin
		rm -rf sub stores
		cp -a ../saved/sub ../saved/stores .
	done
	hook reload "/bin/sh\"\\, \"$T/tools/bin/tell"
	import stick2
	[ -e ran ]
	all_hold stick2
}

@test "a link on the way to it" {
	local which=reload
	ln -s tools/bin bin
	hook reload "$T/bin/tell"
	chown -h www-data bin
	is_not_run "$T/bin: not followed: it is a link of www-data"
	chown -h root bin
	mkdir theirs
	cp tools/bin/tell theirs/
	chown -R www-data theirs
	ln -sfn ../../theirs/tell tools/bin/tell
	is_not_run "$T/theirs is the folder of www-data"
	rm tools/bin/tell
	chown -R root theirs
	mv theirs/tell tools/bin/other
	ln -s other tools/bin/tell
	import stick2
	# by the name that was configured
	[ "$(cat ran)" = "$T/bin/tell" ]
}

@test "a name that is looked for in PATH" {
	local which=reload
	hook reload tell
	mkdir first
	chown www-data first
	PATH=$T/first:$T/tools/bin:$PATH
	import stick2
	[ "$(cat ran)" = "$T/tools/bin/tell" ]
	rm -rf ran sub/state stores
	cp -a ../saved/sub/state sub/
	cp -a ../saved/stores .
	as_www cp tools/bin/tell first/
	is_not_run "$T/first is the folder of www-data"
}

@test "who is not root runs his own, and root's" {
	local which=reload
	chown -R www-data sub stores tools
	hook reload "$T/tools/bin/tell"
	hook verify true
	touch ran
	chown www-data ran sub/crlferry.cfg
	as_www "$SUB_PROGRAM" import --config sub/crlferry.cfg stick2
	[ "$(cat ran)" = "$T/tools/bin/tell" ]
	all_hold stick2
}

@test "what a program could not load, it is not told of" {
	local which=reload
	hook reload "$T/tools/bin/tell"
	{
		cat "$BUNDLE1/test-root.crl.pem"
		sed 's/X509 CRL/CERTIFICATE/' "$BUNDLE1/test-root.crl.pem"
	} >damaged.pem
	cp damaged.pem stores/all.pem
	refuses 69 store import stick2
	[[ $output == *"block "*"(CERTIFICATE, line "*") is damaged"* ]]
	[ ! -e ran ]
	cmp damaged.pem stores/all.pem
}
