#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Where secrets are not: in core dumps, in swap, in what others can read of a
# process, and in its memory once they have served.

load ../e2e/root_setup
load ../peers/token_helpers

setup() {
	make_folder
	waiting=
}

teardown() {
	[ -z "$waiting" ] || kill -KILL "$waiting" 2>/dev/null || true
	remove_folder
}

PASSPHRASE=correct-horse-battery-staple

# encrypted_root FOLDER: its key is under $PASSPHRASE
encrypted_root() {
	old_root "$1" p256 && adopt_root "$1" corp &&
		openssl pkcs8 -topk8 -in "$1/root.key" \
			-passout "pass:$PASSPHRASE" -out "$1/new.key" &&
		mv "$1/new.key" "$1/root.key" && chmod 600 "$1/root.key"
}

# give_away FOLDER: root may read whatever it likes, so that the program, where
# others find it, runs as somebody else, whose FOLDER is; "${nobody[@]}" before
# a command says so
give_away() {
	nobody=(env)
	cp "$ROOT_PROGRAM" "$T/program" &&
		cp -r "$BATS_TEST_DIRNAME/../../schedules" "$1/schedules" &&
		chmod 755 "$T" || return
	if [ "$(id -u)" -eq 0 ]; then
		nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
		chown -R 65534:65534 "$1"
	fi
}

# start_waiting LINE COMMAND...: in the background as $waiting, descriptor 7
# giving LINE, where it is not empty, and then nothing, so that it waits; once
# it has read that, it is asleep
start_waiting() {
	local line=$1 i before
	shift
	mkfifo "$T/lines"
	exec 8<>"$T/lines"
	[ -z "$line" ] || echo "$line" >&8
	"$@" 7<"$T/lines" 8>&- >"$T/said" 2>&1 &
	waiting=$!
	for ((i = 0; i < 60; i++)); do
		before=$(switches)
		sleep 0.5
		[ -z "$before" ] || [ "$before" != "$(switches)" ] || return 0
	done
	echo "want a program that waits, have: $(cat "$T/said")"
	return 1
}

# switches: how often $waiting has gone to sleep, where it is asleep
switches() {
	grep -q '^State:.S' "/proc/$waiting/status" 2>/dev/null &&
		grep '^voluntary_ctxt_switches' "/proc/$waiting/status" || true
}

# in_memory TEXT: how often it stands in what $waiting can write to, in this
# or the other order of its octets
in_memory() {
	perl -e '
		my ($pid, $text) = @ARGV;
		$text = pack("H*", substr($text, 4)) if $text =~ /^hex:/;
		my $count = 0;
		open my $maps, "<", "/proc/$pid/maps" or die "maps: $!";
		open my $mem, "<:raw", "/proc/$pid/mem" or die "mem: $!";
		while (<$maps>) {
			next unless /^([0-9a-f]+)-([0-9a-f]+) rw/;
			my ($from, $to) = (hex $1, hex $2);
			sysseek $mem, $from, 0 or next;
			my $all = "";
			while (length $all < $to - $from) {
				my $got = sysread $mem, $all,
				    $to - $from - length $all, length $all;
				last unless $got;
			}
			for my $each ($text, scalar reverse $text) {
				$count++ while $all =~ /\Q$each\E/g;
			}
		}
		print "$count\n"' "$waiting" "$1"
}

@test "a process that waits for a passphrase: locked memory, no core, not readable" {
	encrypted_root ca
	give_away ca
	start_waiting '' "${nobody[@]}" "$T/program" issue --first \
		--config ca/crlferry.cfg --passphrase-fd 7
	[ "$(sed -n 's/^VmLck:[ \t]*\([0-9]*\) kB/\1/p' \
		"/proc/$waiting/status")" -gt 0 ]
	grep -Eq '^Max core file size +0 +0 ' "/proc/$waiting/limits"
	# What is not dumpable belongs to root, whoever runs it.
	[ "$(stat -c %u "/proc/$waiting/environ")" -eq 0 ]
	[ "$(sed -n 's/^Uid:\t\([0-9]*\).*/\1/p' "/proc/$waiting/status")" \
		-ne 0 ]
	run "${nobody[@]}" cat "/proc/$waiting/environ"
	[ "$status" -ne 0 ]
	run "${nobody[@]}" cat "/proc/$waiting/maps"
	[ "$status" -ne 0 ]
	# A program that does nothing about it is readable by its owner.
	"${nobody[@]}" sleep 60 3>&- &
	sleeper=$!
	sleep 0.5
	readable=$(stat -c %u "/proc/$sleeper/environ")
	kill "$sleeper"
	[ "$readable" -ne 0 ]
}

@test "at the prompt on a terminal the key file is locked too" {
	encrypted_root ca
	cat >prompt.exp <<-'EXP'
		log_user 0
		set timeout 300
		spawn $env(ROOT_PROGRAM) issue --first --config ca/crlferry.cfg
		expect {
			-re {passphrase of .*: $} {}
			default { exit 99 }
		}
		puts [exec grep VmLck: /proc/[exp_pid]/status]
		puts [exec grep {Max core} /proc/[exp_pid]/limits]
		exec kill -INT [exp_pid]
		expect eof
		exit 0
	EXP
	export ROOT_PROGRAM
	run expect prompt.exp
	echo "$output"
	[ "$status" -eq 0 ]
	[[ ${lines[0]} =~ VmLck:.*[1-9] ]]
	[[ ${lines[1]} =~ size\ +0\ +0 ]]
}

# dies COMMAND...: by SIGABRT while it waits for descriptor 7; "core" or "none"
dies() {
	mkdir -p "$T/cwd"
	rm -f "$T/fifo"
	mkfifo "$T/fifo"
	perl -e '
		my $folder = shift;
		open my $fifo, "+<", "$folder/fifo" or die;
		my $pid = fork;
		if ($pid == 0) {
			open STDIN, "<&", $fifo or die;
			open STDOUT, ">/dev/null";
			open STDERR, ">/dev/null";
			chdir "$folder/cwd";
			exec @ARGV or die;
		}
		# Until it sleeps, and goes on sleeping.
		my $before = "";
		for (1 .. 60) {
			select undef, undef, undef, 0.5;
			open my $status, "<", "/proc/$pid/status" or last;
			my $now = join "", grep {
			    /^State:\s+S|^voluntary/ } <$status>;
			last if $now =~ /^State/ && $now eq $before;
			$before = $now;
		}
		kill "ABRT", $pid;
		waitpid $pid, 0;
		die "want SIGABRT, have $?" if ($? & 127) != 6;
		print $? & 128 ? "core\n" : "none\n"' "$T" "$@"
}

@test "SIGABRT at the passphrase leaves no core, where others leave one" {
	encrypted_root ca
	ulimit -c unlimited 2>/dev/null ||
		skip "core dumps are forbidden here to everybody"
	[ "$(dies cat)" = core ] || skip "nothing dumps a core here"
	rm -rf "$T/cwd"
	[ "$(dies "$ROOT_PROGRAM" issue --first --config "$T/ca/crlferry.cfg" \
		--passphrase-fd 0)" = none ]
	[ -z "$(ls -A "$T/cwd")" ]
}

@test "a passphrase is in no argument and no environment, and wiped after use" {
	local private name number
	[ "$(id -u)" -eq 0 ] || skip "only root may read the memory"
	old_root one p256
	private=$(openssl pkey -in one/root.key -noout -text |
		sed -n '/^priv:/,/^pub:/p' | sed '1d;$d' | tr -d ' :\n' |
		sed 's/^00//')
	[ "${#private}" -eq 64 ]
	openssl pkcs8 -topk8 -in one/root.key -passout "pass:$PASSPHRASE" \
		-out one/new.key
	openssl pkcs12 -export -inkey one/root.key -nocerts \
		-passout "pass:$PASSPHRASE" -out one/root.p12
	openssl pkcs8 -topk8 -in one/root.key -passout "pass:$PASSPHRASE" \
		-provider legacy -provider default -v1 PBE-MD5-DES \
		-outform DER -out one/root.der
	openssl ec -in one/root.key -passout "pass:$PASSPHRASE" -des \
		-provider legacy -provider default -out one/root.des
	mv one/new.key one/root.key
	chmod 600 one/root.*
	encrypted_root two
	adopt_root one one
	number=0
	for name in root.key root.p12 root.der root.des; do
		number=$((number + 1))
		config_of one |
			sed "s/root\.key/$name/; /^roots/,\$ { /^);/d }" \
				>both.cfg
		echo ',' >>both.cfg
		config_of two | sed '1,/^roots/d' >>both.cfg
		rm -rf state lines
		start_waiting "$PASSPHRASE" "$ROOT_PROGRAM" issue --first \
			--config both.cfg --passphrase-fd 7
		# The first root is done, the second one's key is asked for.
		[ "$(ls state/one/archive)" = "00000$number.crl" ]
		! grep -q battery "/proc/$waiting/cmdline" || return 1
		! grep -q battery "/proc/$waiting/environ" || return 1
		# It can be seen at all: the name of a root in memory.
		[ "$(in_memory both.cfg)" -gt 0 ]
		echo "$name: passphrase $(in_memory "$PASSPHRASE"), key" \
			"$(in_memory "hex:$private")"
		[ "$(in_memory "$PASSPHRASE")" -eq 0 ]
		[ "$(in_memory "hex:$private")" -eq 0 ]
		kill -KILL "$waiting"
		wait "$waiting" || true
		waiting=
		exec 8>&-
	done
}

@test "a PIN is wiped after use" {
	[ "$(id -u)" -eq 0 ] || skip "only root may read the memory"
	start_tokens
	token_root one p384 first 739164528
	encrypted_root two
	config_of one |
		sed '/^roots/,$ { /^);/d }; s/"corp"/"one"/' >both.cfg
	echo ',' >>both.cfg
	config_of two | sed '1,/^roots/d' >>both.cfg
	start_waiting 739164528 "$ROOT_PROGRAM" issue --first \
		--config both.cfg --passphrase-fd 7
	[ -e state/one/archive/000001.crl ]
	[ "$(in_memory both.cfg)" -gt 0 ]
	echo "PIN $(in_memory 739164528)"
	[ "$(in_memory 739164528)" -eq 0 ]
}

@test "there is no way for a secret into arguments or environment" {
	local option
	encrypted_root ca
	for option in --passphrase --pin --password --passphrase-file; do
		refuses 64 usage root ca issue --first "$option" "$PASSPHRASE"
		says_not "$PASSPHRASE"
	done
	PASSPHRASE=$PASSPHRASE PIN=1234 refuses 65 key setsid -w \
		"$ROOT_PROGRAM" issue --first --config ca/crlferry.cfg </dev/null
	[ ! -e ca/state/corp/archive/000001.crl ]
}

@test "where memory cannot be locked, no secret is read" {
	encrypted_root ca
	give_away ca
	refused ca/root.key 74 io "${nobody[@]}" sh -c "ulimit -l 0
		exec '$T/program' issue --first --config ca/crlferry.cfg \
			--passphrase-fd 0" <<<"$PASSPHRASE"
	says 'memory that can be locked'
	[ ! -e ca/state/corp/archive/000001.crl ]
}
