#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Every file that any verb writes is synced before its name is there, and its
# folder after, as a trace shows; see `durable`.
# status and output are what `run` of bats leaves
# shellcheck disable=SC2154

load ../e2e/reset_setup
load ../e2e/ceremony_fixture
load inject

setup() {
	need_strace
	restore_work
}

# A filesystem each, for all that a program may know.
FOLDERS=(ca sub stores stick stick2)

contents() {
	find "${FOLDERS[@]}" -type f ! -name lock ! -path '*/verdicts/*' \
		-exec sha256sum {} + | sort
}

# judged TRACE: what was written goes to `put`
judged() {
	"$BATS_TEST_DIRNAME/durable" "$1" before "${FOLDERS[@]/#/$T/}" >put
}

# traced COMMAND...: what it changes is in the trace
traced() {
	find "${FOLDERS[@]/#/$T/}" >before
	contents >old
	TRACER=(strace -f -qq -y -o trace -e
		"trace=$CHANGING,openat,openat2,truncate,pwritev,pwritev2")
	"$@"
}

# lasts COMMAND...: it changes nothing that a power cut could take back, nor
# anything that the trace does not show
lasts() {
	traced "$@" >said || return
	judged trace || {
		cat put
		return 1
	}
	contents | comm -13 old - | sed "s,^[0-9a-f]*  ,$T/," >changed
	[ "$(sort put changed | uniq)" = "$(sort put)" ] || {
		echo "want these in the trace:"
		sort put changed put | uniq -u
		return 1
	}
}

# wrote FILE...: those, and no other
wrote() {
	diff <(printf '%s\n' "$@" | sort) <(sed "s,^$T/,," put | sort)
}

# wrote_nothing
wrote_nothing() {
	[ ! -s put ] || {
		cat put
		return 1
	}
}

# by PROGRAM VERB [ARGUMENT...]: with the configuration of its folder
by() {
	local program=$1 verb=$2 folder=ca
	shift 2
	[ "$program" = "$ROOT_PROGRAM" ] || folder=sub
	"${TRACER[@]}" "$program" "$verb" --config "$folder/crlferry.cfg" "$@"
}

root_lasts() {
	lasts by "$ROOT_PROGRAM" "$@"
}

sub_lasts() {
	lasts by "$SUB_PROGRAM" "$@"
}

# bare PROGRAM ARGUMENT...
bare() {
	"${TRACER[@]}" "$@"
}

LEDGER=ca/state/ledger.jsonl
MINE=sub/state/corp

# bundle STICK NUMBER: its files
bundle() {
	local folder=$1/crlferry/corp/$2
	echo "$folder"/{README.txt,SHA256SUMS,bundle.json} \
		"$folder"/corp.{crl,crl.pem,crt} \
		"$folder/bundle.json.$(key_id ca/seal.pub).minisig"
}

@test "root: init and keygen" {
	rm -rf ca/state
	lasts bare "$ROOT_PROGRAM" init --name corp --certificate ca/root.pem \
		--key ca/root.key --index ca/index.txt \
		--output ca/new/folder/crlferry.cfg
	wrote ca/new/folder/crlferry.cfg ca/new/folder/corp.pem
	lasts bare "$ROOT_PROGRAM" init --name corp --certificate ca/root.pem \
		--key ca/root.key --index ca/index.txt --last-crl low.crl \
		--output ca/newer/crlferry.cfg
	wrote ca/newer/crlferry.cfg ca/newer/corp.pem ca/newer/state/version \
		ca/newer/state/corp/archive/000002.crl \
		ca/newer/state/ledger.jsonl
	lasts bare "$ROOT_PROGRAM" keygen ca/new.key ca/new.pub \
		--no-passphrase
	wrote ca/new.key ca/new.pub
}

@test "root: revoke, issue, export and another seal" {
	root_lasts revoke corp 1001 --reason superseded
	wrote ca/index.txt $LEDGER
	root_lasts issue
	wrote ca/crlnumber ca/state/corp/archive/000003.crl $LEDGER
	root_lasts export stick2 --allow-fixed-disk
	# shellcheck disable=SC2046	# a list of files
	wrote $LEDGER $(bundle stick2 000003)
	"$ROOT_PROGRAM" keygen officer.key officer.pub --no-passphrase --quiet
	sed -i 's,secret = "seal.key",secret = "../officer.key",' ca/crlferry.cfg
	root_lasts seal stick2
	wrote $LEDGER stick2/crlferry/corp/000003/bundle.json."$(key_id \
		officer.pub)".minisig
	root_lasts ledger verify
	wrote_nothing
	root_lasts status
	wrote_nothing
}

@test "root: the first issue of all, and old bundles that go" {
	local n
	rm -r ca/state
	root_lasts issue --first
	wrote ca/crlnumber ca/state/version ca/state/corp/archive/000003.crl \
		$LEDGER
	for n in 4 5; do
		root ca issue --quiet
		root_lasts export stick2 --allow-fixed-disk
	done
	# shellcheck disable=SC2046
	wrote $LEDGER $(bundle stick2 000005)
	[ ! -e stick2/crlferry/corp/000002 ]
	grep -q 'AT_REMOVEDIR) = 0' trace
}

@test "root: adopt, which enters in the index what another has revoked" {
	cp ca/index.txt index.before
	revoke_sub ca two
	openssl ca -gencrl -config ca/ca.cnf -out other.pem 2>/dev/null
	cp index.before ca/index.txt
	root_lasts adopt corp other.pem
	wrote ca/index.txt ca/state/corp/archive/000003.crl $LEDGER
}

# held: a ceremony in which the program is traced
held() {
	# shellcheck disable=SC2034	# for hold
	WITHIN=("${TRACER[@]}")
	hold
}

@test "root: a ceremony" {
	mv stick medium
	rm -r medium/crlferry
	FOLDERS=(ca sub stores medium stick2)
	lasts held
	# shellcheck disable=SC2046
	wrote ca/crlnumber ca/state/corp/archive/000003.crl $LEDGER \
		$(bundle medium 000003) ca/state/corp/minutes/000003.{html,txt} \
		medium/crlferry/corp/minutes-000003.{html,txt}
}

@test "both: a request, its order, and the CRL that the order lets in" {
	local note=stick/crlferry/corp/request-one.json
	local order=stick/crlferry/corp/reset-one.json kept=ca/state/corp/notes
	rm stick/crlferry/corp/receipt-one.json*
	sub_lasts request stick --allow-fixed-disk
	wrote $note $note.minisig $MINE/outbox/sequence-one.json
	root_lasts collect stick
	wrote "$kept/$LAST_NUMBER.crl" $kept/request-one-1.json{,.minisig} \
		$LEDGER
	root_lasts reset-order stick corp one --why 'mistyped' \
		--allow-fixed-disk
	wrote $order $order.minisig $LEDGER
	sub_lasts recover stick
	wrote $MINE/orders.json
	sub_lasts import stick2
	wrote stores/all.pem stores/one.crl stores/hash/*.r0 \
		$MINE/accepted.{crl,json,sealed.json} \
		$MINE/outbox/sequence-one.receipt.json \
		stick2/crlferry/corp/receipt-one.json{,.minisig} \
		$MINE/previous/{der-*/one.crl,pem-*/all.pem,hashdir-*/*.r0}
	sub_lasts import stick2
	wrote_nothing
}

@test "subordinate: init, keygen and check" {
	lasts bare "$SUB_PROGRAM" init --root corp=ca/root.pem \
		--subordinate one=ca/one.pem --store pem:stores/all.pem \
		--trust ca/seal.pub --output sub/new/folder/crlferry.cfg
	wrote sub/new/folder/{crlferry.cfg,corp.pem,one.pem}
	lasts bare "$SUB_PROGRAM" keygen sub/new.key sub/new.pub \
		--no-passphrase
	wrote sub/new.key sub/new.pub
	sub_lasts check --format prometheus --output sub/metrics.prom
	wrote sub/metrics.prom
	sub_lasts check
	wrote_nothing
}

@test "subordinate: the first import of all, and one that waits for a stick" {
	rm -r sub/state stores
	mkdir -p stores/hash
	sub_lasts import stick2
	wrote stores/all.pem stores/one.crl stores/hash/*.r0 \
		sub/state/version $MINE/accepted.{crl,json,sealed.json} \
		$MINE/previous/{der,hashdir,pem}-*.path \
		$MINE/outbox/sequence-one.receipt.json \
		stick2/crlferry/corp/receipt-one.json{,.minisig}
	rm -r sub/state stores
	mkdir -p stores/hash
	sub_lasts import stick2/crlferry/corp/000002
	wrote stores/all.pem stores/one.crl stores/hash/*.r0 \
		sub/state/version $MINE/accepted.{crl,json,sealed.json} \
		$MINE/previous/{der,hashdir,pem}-*.path \
		$MINE/outbox/{sequence-one.receipt.json,receipt-one.json{,.minisig}}
}

# doubted TEXT: of the trace as it is in `doctored`, with those words
doubted() {
	run judged doctored
	[ "$status" -eq 1 ] && grep -q -e "$1" put || {
		echo "want \"$1\", have status $status: $output"
		diff trace doctored
		cat put
		return 1
	}
}

# each_missed COUNT [FOLDER]...: with any of the calls of fsync left out, of
# which there are so many, the trace is doubted; but once for each FOLDER, whose
# name was to be another anyway
each_missed() {
	local count=$1 n all needless=()
	shift
	mapfile -t all < <(grep -n "fsync([0-9]*<$T/" trace | cut -d: -f1)
	for n in "${all[@]}"; do
		sed "${n}d" trace >doctored
		doubted 'not synced' >doubts ||
			needless+=("$(sed -n "${n}s,.*<$T/\(.*\)>.*,\1,p" trace)")
	done
	[ "${#all[@]} ${needless[*]}" = "$count $*" ] || {
		echo "want $count calls, have ${#all[@]}; and needless are" \
			"${needless[*]}"
		return 1
	}
}

# each_early COUNT: with any of the calls that give a file its name put before
# the sync that comes before it, the trace is doubted; there are so many
each_early() {
	local n sync all
	mapfile -t all < <(grep -n 'rename.*[.]crlferry-new"' trace |
		cut -d: -f1)
	[ "${#all[@]}" -eq "$1" ] || {
		echo "want $1 renames, have ${#all[@]}"
		return 1
	}
	for n in "${all[@]}"; do
		sync=$(head -n "$n" trace | grep -n 'fsync(' | tail -n 1)
		sync=${sync%%:*}
		awk -v from="$n" -v to="$sync" '
			NR == FNR { if (FNR == from) line = $0; next }
			FNR == to { print line }
			FNR != from' trace trace >doctored
		doubted 'not synced, and .* is renamed' || return
	done
}

@test "what can be lost is seen: every sync and every rename of an issue" {
	root_lasts issue
	each_missed 7 ca/state/corp
	each_early 2
	rm -r ca/state
	root_lasts issue --first
	each_missed 13 ca/state/corp
}

@test "what can be lost is seen: every sync and every rename of an import" {
	rm -r sub/state stores
	mkdir -p stores/hash
	sub_lasts import stick2/crlferry/corp/000002
	each_missed 34
	each_early 15
}

# by_descriptor: the trace, as of a program that holds its folders open
by_descriptor() {
	T=$T perl -pe '
		sub at {
			my ($path) = @_;
			$path = "$ENV{T}/$path" if $path !~ m{^/};
			return "9<$1>, \"$2\"" if $path =~ m{(.*)/(.*)};
		}
		s{\brename\("(.*?)", "(.*?)"\)}
		 {"renameat(" . at($1) . ", " . at($2) . ")"}e;
		s{\bopenat\(AT_FDCWD<[^>]*>, "(.*?)"(.*O_CREAT)}
		 {"openat(" . at($1) . $2}e;
		s{\bunlink\("(.*?)"\)}{"unlinkat(" . at($1) . ", 0)"}e;
		s{\bmkdir\("(.*?)"}{"mkdirat(" . at($1)}e;' trace
}

@test "what can be lost is seen: by paths as by descriptors" {
	rm -r sub/state stores
	mkdir -p stores/hash
	sub_lasts import stick2/crlferry/corp/000002
	cp put by-paths
	by_descriptor >held_open
	[ "$(grep -cE '(rename|openat|unlink|mkdir)\(.*new' trace)" -gt 20 ]
	[ "$(grep -cE ' (renameat|openat|unlinkat|mkdirat)\(9<' held_open)" -gt 30 ]
	mv held_open trace
	judged trace
	cmp put by-paths
	each_missed 34
	each_early 15
}

@test "what can be lost is seen: a syncfs of one disk does nothing for another" {
	root_lasts export stick2 --allow-fixed-disk
	awk '/ fsync\(/ && /stick2/ { next } { print }' trace >doctored
	doubted 'bundle.json.*.minisig.* is renamed'
	sed "s,syncfs([0-9]*<$T/stick2,syncfs(5<$T/ca," doctored >elsewhere
	mv elsewhere doctored
	doubted 'README.txt: its folder is not synced'
}
