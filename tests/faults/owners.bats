#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What trust rests on belongs to root or to the caller, and nobody else may write
# it (FAULTS 42, 64).

load ../e2e/pki_setup

make_work() {
	make_pki
	"$SUB_PROGRAM" keygen sub/note.key sub/note.pub --no-passphrase --quiet
	sed -i "s|name = \"live\";|& note_secret = \"note.key\";|" \
		sub/crlferry.cfg
	cp "$BUILD/schedules/semiannual.cfg" semiannual.cfg 2>/dev/null ||
		cp "$BATS_TEST_DIRNAME/../../schedules/semiannual.cfg" .
	mkdir ca/schedules sub/schedules
	cp semiannual.cfg ca/schedules/
	mv semiannual.cfg sub/schedules/
	chmod 644 ca/schedules/* sub/schedules/*
	"$ROOT_PROGRAM" init --name test-root --certificate ca/root.pem \
		--key ca/root.key --index ca/index.txt \
		--subordinate live=ca/live.pem --output ca/noted.cfg >/dev/null
	sed -i -e "s|name = \"live\";|& note_key = \"$T/sub/note.pub\";|" \
		-e 's/^air_gap = .*/air_gap = "off";/' ca/noted.cfg
	mv ca/noted.cfg ca/crlferry.cfg
	"$SUB_PROGRAM" init --root test-root=ca/root.pem \
		--subordinate live=ca/live.pem --store pem:stores/all.pem \
		--trust ca/seal.pub --output sub/pub.cfg >/dev/null
	sed -i 's|"RW.*"|"../ca/seal.pub"|' sub/pub.cfg
	mkdir stick
}

setup() {
	[ "$(id -u)" -eq 0 ] || skip "only root can give files away"
	restore_work
	OTHER=$(id -u www-data 2>/dev/null || echo 33)
	NAME=$(id -un "$OTHER" 2>/dev/null || echo "user $OTHER")
	ROOT=("$ROOT_PROGRAM" --config ca/crlferry.cfg)
}

# refused_of FILE PROGRAM VERB ARGUMENT...: with FILE of another user, and with
# one that its group may write, it refuses, names the command that mends it, and
# changes nothing
refused_of() {
	local file=$1 mode before want=77
	shift
	[[ $2 != check ]] || want=3
	mode=$(stat -c %a "$file")
	before=$(snapshot ca sub stores stick stick2)
	chown "$OTHER" "$file"
	run guarded "$@"
	[ "$status" -eq "$want" ] && [[ $output == *"permissions: "* ]] &&
		[[ $output == *": belongs to $NAME, "*": chown root "*"${file##*/}"* ]] || {
		echo "$file of $OTHER: $*: status $status: $output"
		return 1
	}
	chown 0 "$file"
	chmod 664 "$file"
	run guarded "$@"
	[ "$status" -eq "$want" ] && [[ $output == *"permissions: "* ]] &&
		[[ $output == *"chmod go"*" "*"${file##*/}"* ]] || {
		echo "$file, 0664: $*: status $status: $output"
		return 1
	}
	chmod "$mode" "$file"
	[ "$before" = "$(snapshot ca sub stores stick stick2)" ] || {
		echo "$file: $*: want nothing changed"
		diff <(echo "$before") <(snapshot ca sub stores stick stick2)
		return 1
	}
}

on_root() {
	local file=$1 verb=$2
	shift 2
	refused_of "$file" "$ROOT_PROGRAM" "$verb" "$@" --config ca/crlferry.cfg
}

on_sub() {
	local file=$1 verb=$2
	shift 2
	refused_of "$file" "$SUB_PROGRAM" "$verb" "$@" \
		--config "${CONFIG:-sub/crlferry.cfg}"
}

@test "row 64: the root's certificate, on the root" {
	local of=ca/root.pem
	on_root $of issue
	on_root $of issue --dry-run
	on_root $of revoke test-root 1000 --reason superseded
	on_root $of adopt test-root "$(crl_of stick1)"
	on_root $of export stick --allow-fixed-disk
	on_root $of seal stick2
	on_root $of collect stick2
	on_root $of reset-order stick test-root live --why x --allow-fixed-disk
	on_root $of status
	on_root $of plan
	on_root $of lint "$(crl_of stick2)" --root $of
	on_root $of init --name x --certificate $of --key ca/root.key \
		--index ca/index.txt --output ca/new.cfg
}

@test "row 64: the CA's key" {
	on_root ca/root.key issue
	on_root ca/root.key init --name x --certificate ca/root.pem \
		--key ca/root.key --index ca/index.txt --output ca/new.cfg
}

@test "row 64: a seal key, on the root" {
	on_root ca/seal.key export stick --allow-fixed-disk
}

@test "row 64: a subordinate's certificate, on the root" {
	local of=ca/live.pem
	on_root $of status
	on_root $of plan
	on_root $of adopt test-root "$(crl_of stick1)"
	on_root $of init --name x --certificate ca/root.pem --key ca/root.key \
		--index ca/index.txt --subordinate live=$of --output ca/new.cfg
	# issue is always possible: it says what it could not look for
	chown "$OTHER" $of
	run --separate-stderr root ca issue --quiet
	[ "$status" -eq 0 ]
	[[ $stderr == *"cannot tell whether this CRL revokes the certificate of live: "*": belongs to $NAME, "* ]]
}

@test "row 64: a note key, on the root; configuration and schedule" {
	sub request stick2 --allow-fixed-disk --quiet
	on_root sub/note.pub collect stick2
	for of in ca/crlferry.cfg ca/schedules/semiannual.cfg; do
		on_root $of issue
		on_root $of status
		on_root $of plan
		on_root $of collect stick2
	done
}

@test "row 64: the root's certificate, and the subordinate's" {
	local of
	for of in sub/test-root.pem sub/live.pem; do
		on_sub $of import stick2
		on_sub $of import stick2 --dry-run
		on_sub $of info stick2
		on_sub $of check
		on_sub $of status
		on_sub $of plan
	done
	for of in ca/root.pem ca/live.pem; do
		on_sub $of init --root test-root=ca/root.pem \
			--subordinate live=ca/live.pem --output sub/new.cfg
	done
	on_sub sub/test-root.pem request stick --allow-fixed-disk
	on_sub ca/root.pem lint "$(crl_of stick2)" --root ca/root.pem
}

@test "row 64: what the state remembers of a root" {
	local of=sub/state/test-root
	on_sub $of import stick2
	on_sub $of import stick2 --dry-run
	on_sub $of check
	on_sub $of status
	on_sub $of request stick --allow-fixed-disk
	chmod 775 $of
	refuses 77 permissions import stick2
	[[ $output == *"$of: others can write it (mode 0775): chmod go-w "* ]]
	for of in ca/state/test-root{,/archive}; do
		chown www-data $of
		for verb in "issue" "export stick1 --allow-fixed-disk"; do
			# shellcheck disable=SC2086	# words
			refuses 77 permissions root ca $verb
			[[ $output == *"test-root"*" belongs to www-data"* ]]
		done
		chown root $of
		chmod 777 $of
		refuses 77 permissions root ca issue
		chmod 755 $of
	done
	root ca issue --quiet
}

@test "row 64: seal and note keys, configuration and schedule" {
	local of
	CONFIG=sub/pub.cfg on_sub ca/seal.pub import stick2
	CONFIG=sub/pub.cfg on_sub ca/seal.pub info stick2
	on_sub ca/seal.pub init --root test-root=ca/root.pem \
		--subordinate live=ca/live.pem --trust ca/seal.pub \
		--output sub/new.cfg
	on_sub sub/note.key request stick --allow-fixed-disk
	for of in sub/crlferry.cfg sub/schedules/semiannual.cfg; do
		on_sub $of import stick2
		on_sub $of check
		on_sub $of status
		on_sub $of request stick --allow-fixed-disk
	done
}

@test "row 64: the caller's own files are his to use" {
	rm -rf stores sub/state
	chown -R "$OTHER" ca sub
	setpriv --reuid "$OTHER" --clear-groups "$SUB_PROGRAM" lint \
		"$(crl_of stick2)" --root ca/root.pem
	chown 0 ca/root.pem
	setpriv --reuid "$OTHER" --clear-groups "$SUB_PROGRAM" lint \
		"$(crl_of stick2)" --root ca/root.pem
	chown 12345 ca/root.pem
	run setpriv --reuid "$OTHER" --clear-groups "$SUB_PROGRAM" lint \
		"$(crl_of stick2)" --root ca/root.pem
	[ "$status" -ne 0 ]
	[[ $output == *"permissions: "*"chown root ca/root.pem"* ]]
}
