#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# An error when a file is synced, or a new one closed (FAULTS 4): that is the
# last that is heard of octets which are lost.  It is said, and nobody tries the
# same sync again as if it had helped.

load ../e2e/pki_setup
load inject

make_work() {
	make_pki
	"$SUB_PROGRAM" keygen sub/note.key sub/note.pub --no-passphrase --quiet
	configure 's/^\( *\)\({ name = "live";\)/\1\2 note_secret = "note.key";/'
	mkdir stick
	mkdir before
	cp -a ca sub stores stick before/
}

setup() {
	need_strace
	restore_work
}

begin() {
	rm -rf ca sub stores stick
	cp -a before/ca before/sub before/stores before/stick .
}

# written CALL COMMAND...: the numbers of its calls that are about a file that
# it has written to; of those that close one, what was synced where it stands
# lasts whatever comes of that
written() {
	local call=$1
	shift
	begin
	strace -qq -y -o trace -e "trace=write,close,$call" "$@" \
		>/dev/null || return
	awk -F '[(<>]' -v call="$call" -v "folder=$T/" '
		index($3, folder) != 1 { $3 = "" }
		$1 == "write" && $3 != "" { written[$2] = 1 }
		$1 == call { n++ }
		$1 == call && written[$2] && (call != "close" ||
			$3 ~ /[.]crlferry-new$/) { print n }
		$1 == "close" { delete written[$2] }' trace
}

# each_written CALL COMMAND...: an error at each of those is told; what was not
# a receipt fails it; a rerun ends it
each_written() {
	local call=$1 n tries=0 numbers
	shift
	numbers=$(written "$call" "$@") || return
	for n in $numbers; do
		begin
		run strace -qq -y -o trace -e "trace=$call" \
			-e "inject=$call:error=EIO:when=$n" "$@"
		tries=$((tries + 1))
		was_struck && is_said && leaves_nothing && is_not_retried || {
			echo "$call $n: status $status: $output"
			grep -A 3 INJECTED trace
			return 1
		}
		run "$@"
		[ "$status" -eq 0 ] || return
	done
	[ "$tries" -ge 2 ] || return
	tried "error=EIO at $tries calls of $call"
}

# is_said: as an error of the disk or of a store
is_said() {
	case $status in
	74) [[ $output == *": io: "* ]] ;;
	69) [[ $output == *": store: "* ]] ;;
	0) [[ $output == *"receipt of live"* ]] ;;
	*) return 1 ;;
	esac
}

# is_not_retried: no later call has the file of the one that failed
is_not_retried() {
	awk -F '[<>]' '
		failed != "" && $2 == failed { exit 1 }
		/INJECTED/ { failed = $2 }' trace
}

@test "row 4: issue" {
	issue=("$ROOT_PROGRAM" issue --quiet --config ca/crlferry.cfg)
	untraced each_written fsync "${issue[@]}"
	untraced each_written close "${issue[@]}"
}

@test "row 4: export" {
	export_=("$ROOT_PROGRAM" export stick --allow-fixed-disk --quiet
		--config ca/crlferry.cfg)
	untraced each_written fsync "${export_[@]}"
	untraced each_written close "${export_[@]}"
}

@test "row 4: import" {
	import_=("$SUB_PROGRAM" import stick2 --config sub/crlferry.cfg)
	untraced each_written fsync "${import_[@]}"
	untraced each_written close "${import_[@]}"
}

@test "row 4: request" {
	request=("$SUB_PROGRAM" request stick --allow-fixed-disk --quiet
		--config sub/crlferry.cfg)
	untraced each_written fsync "${request[@]}"
	untraced each_written close "${request[@]}"
}

# folder_is_synced CALL TEXT: in the trace, behind the last CALL that has TEXT,
# comes a sync of the folder that its path is in
folder_is_synced() {
	awk -v call="$1" -v text="$2" '
		index($0, call "(") == 1 && index($0, text) {
			is_there = 1; path = $0
			sub(/^[^"<]*["<]([0-9]*<)?/, "", path)
			sub(/[">].*/, "", path)
			sub(/^.*AT_FDCWD.*, "/, "", path)
			sub(/\/[^\/]*$/, "", path)
			waits = path
		}
		/^fsync\(/ && waits != "" {
			folder = $0
			sub(/^[^<]*</, "", folder)
			sub(/>.*/, "", folder)
			size = length(folder) - length(waits)
			if (folder == waits || (size > 0 &&
			    substr(folder, size) == "/" waits))
				waits = ""
		}
		END { exit !(is_there && waits == "") }' trace || {
		echo "want the folder synced behind $1 of $2"
		cat trace
		return 1
	}
}

@test "row 4: what is removed, and the first line of a log, last" {
	# the mark of an import goes when all is done
	strace -qq -y -o trace -e trace=unlink,fsync "$SUB_PROGRAM" import \
		stick2 --config sub/crlferry.cfg --quiet
	folder_is_synced unlink test-root/importing
	# a name that comes with the first line
	rm ca/state/ledger.jsonl
	strace -qq -y -o trace -e trace=write,fsync "$ROOT_PROGRAM" issue \
		--config ca/crlferry.cfg --quiet
	grep -m 1 -A 2 'write.*ledger.jsonl' trace >first
	mv first trace
	folder_is_synced write ca/state/ledger.jsonl
}
