#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What is written to a stick, any folder here, is on its way to the device and
# read back from there before a seal makes it count, and once more before
# anything is said or recorded of it.  (media.bats shows it on filesystems that
# sticks have.)

load ../e2e/pki_setup
load inject

setup() {
	need_strace
	restore_work
	mkdir stick
	SEAL=bundle.json.$(key_id ca/seal.pub).minisig
}

# The members of a bundle in the order in which they are written.
PARTS=(test-root.crl test-root.crl.pem test-root.crt README.txt bundle.json
	SHA256SUMS)

# Faults that strace is to inject.
REFUSED=()

# steps COMMAND...: what it does to the stick, step by step:
#
# put NAME     a file that was synced gets its name
# folder       the folder that these are in is synced
# syncfs       all of the stick
# read NAME    to its end, and not from the memory of the system: by O_DIRECT,
#              or after that was asked to forget the file
# record       a line of the ledger
# say          a word on stdout
steps() {
	strace -f -qq -y -o trace -e "trace=$CHANGING,openat,openat2,pread64,fadvise64" \
		"${REFUSED[@]}" "$@" >said || return
	awk -v "stick=$T/stick/" '
		# the call, the path behind its descriptor, its result
		{
			match($0, /[a-z0-9_]+\(/)
			call = substr($0, RSTART, RLENGTH - 1)
			path = $0
			sub(/^[^<]*</, "", path)
			sub(/[>(].*/, "", path)
			name = path
			sub(/.*\//, "", name)
			result = $0
			sub(/.*= /, "", result)
			is_on = index(path "/", stick) == 1
		}
		call == "write" && /write\(1</ { print "say" }
		call == "write" && name == "ledger.jsonl" { print "record" }
		is_on && call == "pread64" && /EINVAL/ { direct[path] = 0 }
		# looked at by O_PATH first, then opened again by /proc
		call ~ /^openat2?$/ && result !~ /^-/ && !/O_PATH/ {
			sub(/^[^<]*</, "", result)
			sub(/>.*/, "", result)
			direct[result] = /O_DIRECT[|,)]/
		}
		!is_on || result ~ /^-/ { next }
		call == "fsync" { synced[path] = 1 }
		call == "fsync" && name !~ /[.]crlferry-new$/ { print "folder" }
		call == "syncfs" { print "syncfs" }
		call ~ /^rename/ {
			split($0, words, "\"")
			print synced[path "/" words[2]] ? "put" : "unsynced",
				words[4]
		}
		call == "fadvise64" && /DONTNEED/ { direct[path] = 1 }
		call == "pread64" && !direct[path] { print "cached", name }
		call == "pread64" && result + 0 == 0 { print "read", name }
		' trace >done_so
}

# are STEP...: those, from the first that puts a file
are() {
	diff <(printf '%s\n' "$@") <(sed -n '/^put/,$p' done_so)
}

# exports: an export to the stick takes the steps that it should; the page for
# whoever finds the stick comes last, unless it is there
exports() {
	local page='READ ME FIRST.txt' last=()
	[ -e "stick/$page" ] ||
		last=("put $page" folder syncfs "read $page")
	steps "$ROOT_PROGRAM" export stick --allow-fixed-disk \
		--config ca/crlferry.cfg
	are "${PARTS[@]/#/put }" folder syncfs "${PARTS[@]/#/read }" \
		"put $SEAL" folder syncfs "read $SEAL" record "${last[@]}" say
	grep -q 'the stick may be removed' said
}

@test "export: all is synced and read back, then sealed, then recorded" {
	exports
}

@test "export: over a bundle of the same number, whose seal goes first" {
	cp -a stick2/. stick
	exports
	[ "$(sed -n '/^put/q; p' done_so | tail -n 1)" = folder ]
	unsealed=$(grep -n "unlinkat(.*, \"$SEAL\", 0) = 0" trace | cut -d: -f1)
	[ "$unsealed" -lt "$(grep -n -m 1 rename trace | cut -d: -f1)" ]
}

@test "export: the same on a filesystem in memory" {
	mount -t tmpfs -o size=1m none stick 2>/dev/null ||
		skip "no tmpfs to be had here"
	exports
}

@test "export: where O_DIRECT is allowed, and every read by it refused" {
	local first
	exports
	# of three tries of each part, the first fails, two read it to its end
	first=$(grep 'pread64(' trace | grep -n -m 1 "$T/stick" | cut -d: -f1)
	rm -r stick/crlferry
	REFUSED=(-e "inject=pread64:error=EINVAL:when=$first..$((first + 17))+3")
	exports
	[ "$(grep -c "pread64(.*<$T/stick.*INJECTED" trace)" -eq 6 ]
}

@test "seal: the other officer's is read back before it is recorded" {
	local name
	cp -a stick2/. stick
	"$ROOT_PROGRAM" keygen officer.key officer.pub --no-passphrase --quiet
	sed -i 's,secret = "seal.key",secret = "../officer.key",' ca/crlferry.cfg
	name=bundle.json.$(key_id officer.pub).minisig
	steps "$ROOT_PROGRAM" seal stick --config ca/crlferry.cfg
	are "put $name" folder syncfs "read $name" record say
}

@test "request: the note lasts before its seal is there, and both are read back" {
	local note=request-live.json
	"$SUB_PROGRAM" keygen sub/note.key sub/note.pub --no-passphrase --quiet
	configure 's/^\( *\)\({ name = "live";\)/\1\2 note_secret = "note.key";/'
	steps "$SUB_PROGRAM" request stick --allow-fixed-disk \
		--config sub/crlferry.cfg
	are "put $note" folder "put $note.minisig" folder syncfs \
		"read $note" "read $note.minisig" say
}
