#!/bin/sh
# SPDX-License-Identifier: ISC
# Build and test everything:  sh tests/run.sh [--long]
#
# --long           tests that take long as well (CRLFERRY_LONG=1)
# CRLFERRY_BUILD   folder of the build, default build/; the builds with
#                  sanitizers and with clang, and the logs, stand beside it
#
# Installs what is missing.  The last line is "N passed, N failed, N skipped";
# the exit status is 0 where something passed and nothing failed.
set -u

usage="usage: sh tests/run.sh [--long]"
for argument in "$@"; do
	case $argument in
	--long) export CRLFERRY_LONG=1 ;;
	--help) echo "$usage"; exit 0 ;;
	*) echo "$usage" >&2; exit 64 ;;
	esac
done

cd "$(dirname "$0")/.." || exit 1
tree=$PWD
. examples/packages.sh
build=${CRLFERRY_BUILD:-build}
mkdir -p "$build" || exit 1
build=$(cd "$build" && pwd) || exit 1
logs=$build-logs
rm -rf "$logs"
mkdir -p "$logs/bats" || exit 1
results=$logs/results	# passed|failed|skipped, a tab, which
: >"$results"
export LC_ALL=C.UTF-8

# result passed|failed|skipped NAME
result()
{
	printf '%s\t%s\n' "$1" "$2" >>"$results"
}

count()
{
	grep -c "^$1	" "$results"
}

# Say what did not pass, then the line that others read.
finish()
{
	if [ "$(count skipped)" -gt 0 ]; then
		printf '\nskipped:\n'
		sed -n 's/^skipped	/  /p' "$results"
	fi
	if [ "$(count passed)" -eq 0 ]; then
		result failed "no test has passed"
	fi
	if [ "$(count failed)" -gt 0 ]; then
		printf '\nfailed (logs in %s):\n' "$logs"
		sed -n 's/^failed	/  /p' "$results"
	fi
	printf '\n%d passed, %d failed, %d skipped\n' "$(count passed)" \
	    "$(count failed)" "$(count skipped)"
	[ "$(count failed)" -eq 0 ]
	exit
}

# configure FOLDER [MESON OPTION...]: anew where it was for another tree.
configure()
{
	where=$1
	shift
	if [ ! -f "$where/build.ninja" ]; then
		meson setup -Dtests=true "$@" "$where" "$tree"
	else
		meson setup --reconfigure -Dtests=true "$@" "$where" "$tree" ||
		    meson setup --wipe -Dtests=true "$@" "$where" "$tree"
	fi
}

# compile FOLDER NAME [MESON OPTION...]
compile()
{
	folder=$1
	name=$2
	shift 2
	echo "== building: $name"
	if configure "$folder" "$@" >"$logs/$name.setup" 2>&1 &&
	    ninja -C "$folder" >"$logs/$name.build" 2>&1; then
		return 0
	fi
	tail -n 40 "$logs/$name.setup" "$logs/$name.build" 2>/dev/null
	result failed "building: $name"
	return 1
}

# count_unit FOLDER NAME: one result for each case of each executable, and one
# for an executable that ended before it had reported all.
count_unit()
{
	jq -r '.name as $test | "test \($test) \(.result)",
	    (((.stdout // "") + "\n" + (.stderr // "")) | split("\n")[])' \
	    "$1/meson-logs/testlog.json" | awk -v suite="$2" '
	function add(kind, text) {
		if (!((test, text) in seen))
			printf "%s\t%s: %s: %s\n", kind, suite, test, text
		if (!((test, text) in seen))
			reported++
		if (kind == "failed")
			failures++
		seen[test, text] = 1
	}
	function close_test() {
		if (test == "")
			return
		if (announced == 0 || reported < announced)
			add("failed", "ended after " reported " of " \
			    announced " cases")
		else if (verdict != "OK" && failures == 0)
			add("failed", "ended with " verdict)
	}
	/^test [^ ]+ [A-Z]+$/ {
		close_test()
		test = $2
		verdict = $3
		announced = reported = failures = 0
		next
	}
	# cmocka 1.1.8 has a name between the two.
	/^\[=+\] ([A-Za-z0-9_]+: )?Running [0-9]+ test/ {
		sub(/^.*Running /, "")
		announced += $1
	}
	/^\[ .* \] [A-Za-z0-9_]+$/ {
		if ($0 ~ /^\[ +OK \]/)
			add("passed", $NF)
		else if ($0 ~ /^\[ +FAILED +\]/)
			add("failed", $NF)
		else if ($0 ~ /^\[ +SKIPPED +\]/)
			add("skipped", $NF)
	}
	END { close_test() }
	' >>"$results"
}

# unit FOLDER NAME [MESON TEST OPTION...]
unit()
{
	folder=$1
	name=$2
	shift 2
	echo "== running: $name"
	before=$(wc -l <"$results")
	rm -f "$folder/meson-logs/testlog.json"
	ok=0
	meson test -C "$folder" --no-rebuild --suite unit --print-errorlogs \
	    "$@" >"$logs/$name.log" 2>&1 || ok=1
	if [ -f "$folder/meson-logs/testlog.json" ]; then
		count_unit "$folder" "$name"
	fi
	new=$(tail -n "+$((before + 1))" "$results")
	if [ -z "$new" ]; then
		result failed "$name: no case was run"
	elif [ "$ok" -ne 0 ] && ! echo "$new" | grep -q '^failed'; then
		result failed "$name: meson test failed"
	fi
	[ "$ok" -eq 0 ] || cat "$logs/$name.log"
}

# Where a log of TAP says less than its plan, the rest has failed.
count_bats()
{
	awk -v file="$1" -v status="$2" '
	function add(kind, text) {
		printf "%s\t%s: %s\n", kind, file, text
		failures += kind == "failed"
	}
	/^1[.][.][0-9]+/ {
		planned = substr($1, 4) + 0
		has_plan = 1
	}
	/^(not )?ok [0-9]+/ {
		reported++
		text = $0
		sub(/^(not )?ok [0-9]+ */, "", text)
		if ($1 == "not")
			add("failed", text)
		else if (text ~ /# skip/)
			add("skipped", text)
		else
			add("passed", text)
	}
	END {
		if (!has_plan || planned == 0)
			add("failed", "ended without a plan of cases")
		else if (reported != planned)
			add("failed", "reported " reported + 0 " of " \
			    planned " cases")
		else if (status != 0 && failures == 0)
			add("failed", "ended with status " status)
	}
	'
}

# run_bats FILE...: as many at a time as there are processors.  A file that says
# "# run alone" in a line of its own is run alone, at the end.
run_bats()
{
	export BUILD="$build" BATS_LOGS="$logs/bats"
	# The inner shell expands these.
	# shellcheck disable=SC2016
	one='log=$BATS_LOGS/$(echo "$1" | tr / -).tap
	sh tests/forget_faketime.sh
	timeout -k 10 3600 bats --tap "$1" >"$log" 2>&1 </dev/null
	status=$?
	echo "$status" >"$log.status"
	echo "== $1: $(grep -c "^ok" "$log") ok, $(grep -c "^not ok" "$log")" \
	    "not ok"
	exit 0'
	alone=$(grep -lx '# run alone' "$@")
	for file in "$@"; do
		echo "$alone" | grep -qx "$file" || echo "$file"
	done | xargs -r -P "$(nproc)" -n 1 sh -c "$one" bats
	echo "$alone" | xargs -r -n 1 sh -c "$one" bats
	for file in "$@"; do
		log=$BATS_LOGS/$(echo "$file" | tr / -).tap
		status=$(cat "$log.status" 2>/dev/null) || status=unknown
		[ -f "$log" ] || : >"$log"
		count_bats "$file" "$status" <"$log" >>"$results"
		if [ "$status" != 0 ]; then
			printf '\n== %s\n' "$file"
			cat "$log"
		fi
	done
}

if ! crlferry_install test; then
	result failed "installing what is missing"
	finish
fi
if compile "$build" build; then
	unit "$build" unit
	set --
	# The longest first, so that no processor waits for the other's last.
	for file in tests/packages/*.bats tests/faults/*.bats \
	    tests/peers/*.bats tests/pages/*.bats tests/e2e/*.bats \
	    tests/lint/*.bats; do
		[ -f "$file" ] && set -- "$@" "$file"
	done
	bats_files=$#
else
	bats_files=0
fi
if compile "$build-sanitize" build-sanitize \
    -Db_sanitize=address,undefined -Db_lundef=false; then
	export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
	unit "$build-sanitize" unit-sanitize --timeout-multiplier 4
fi
CC=clang compile "$build-clang" build-clang
if [ "$bats_files" -gt 0 ]; then
	echo "== running: bats"
	run_bats "$@"
	sh tests/forget_faketime.sh
fi
finish
