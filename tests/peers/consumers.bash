# SPDX-License-Identifier: ISC
# What the tests of the recipes in doc/stores.md share.  One root, offline in
# its folder, has certified two subordinates, each of which has certified a
# client.  The second subordinate is revoked while a server runs that reads the
# stores of the first one's machine.
# shellcheck shell=bash
# output and status are what `run` of bats leaves
# shellcheck disable=SC2154

load "$BATS_TEST_DIRNAME/probe_setup"
load "$BATS_TEST_DIRNAME/stores_table"

# What was observed, a folder for each consumer: see write-stores-table.
ROWS=${CRLFERRY_ROWS:-$BATS_FILE_TMPDIR/rows}
PAGE=$BATS_TEST_DIRNAME/../../doc/stores.md

make_work() {
	make_consumer_pki "${KEY_TYPE:-p256}"
}

setup() {
	[ "$(id -u)" -eq 0 ] || skip "only root can start them as their users"
	restore_work
	# the server's folder: others than root read it
	S=$(mktemp -d)
	chmod 755 "$S"
	PORT=$(free_port)
	KEPT=()
	cp ca/root.pem server-full.pem "$S"
	install -m 600 server.key "$S"
}

teardown() {
	end_servers
	rm -rf "$S"
	leave_work
}

# make_consumer_pki KEYTYPE: ca/issuing-1.pem stays, ca/issuing-2.pem will be
# revoked; client-1 and client-2 are below them; own.pem has the CRLs that they
# sign themselves, old.pem the root's before, expired.pem one that has ended
make_consumer_pki() {
	local n
	make_older_root ca "$1"
	for n in 1 2; do
		make_sub ca "issuing-$n"
		NAMES='' KEYTYPE=$1 make_leaf "client-$n" "ca/issuing-$n"
		cat "client-$n.pem" "ca/issuing-$n.pem" >"client-$n-full.pem"
		make_own_crl "ca/issuing-$n"
	done
	KEYTYPE=$1 make_leaf server ca/issuing-1
	cat server.pem ca/issuing-1.pem >server-full.pem
	cat ca/issuing-?.crl >own.pem
	adopt_root ca corp-root-g1
	openssl ca -gencrl -config ca/ca.cnf \
		-crl_lastupdate "$(date -u -d '-60 days' +%Y%m%d%H%M%SZ)" \
		-crl_nextupdate "$(date -u -d '-30 days' +%Y%m%d%H%M%SZ)" \
		-out expired.pem 2>/dev/null
	mkdir sub
	issue_to stick --first
	openssl crl -inform DER -in "$(newest_crl)" -out old.pem
	: >missing.pem
	cp ca/root.pem sub/corp-root-g1.pem
	cp ca/issuing-1.pem ca/seal.pub sub/
}

# make_own_crl CA: CA.crl, the empty list of a subordinate
make_own_crl() {
	: >"$1.index"
	echo 01 >"$1.number"
	cat >"$1.cnf" <<-CNF
		[ca]
		default_ca = own
		[own]
		database = $1.index
		crlnumber = $1.number
		default_md = sha256
		crl_extensions = crl
		[crl]
		authorityKeyIdentifier = keyid
	CNF
	openssl ca -gencrl -config "$1.cnf" -keyfile "$1.key" -cert "$1.pem" \
		-crldays 90 -out "$1.crl" 2>/dev/null
}

# newest_crl: the root's, DER
newest_crl() {
	printf '%s\n' stick/crlferry/corp-root-g1/*/corp-root-g1.crl | tail -n 1
}

# excerpt TITLE N: the Nth indented block of a section of doc/stores.md
excerpt() {
	awk -v title="### $1" -v want="$2" '
		/^#/ { inside = $0 == title }
		inside && /^    / { if (!block) n++; block = 1 }
		/^[^ ]/ { block = 0 }
		inside && block && n == want { sub(/^    /, ""); print }
	' "$PAGE" | grep . || {
		echo "doc/stores.md has no block $2 of $1" >&2
		return 1
	}
}

# set_up_stores TITLE N [SED-SCRIPT]: the Nth block of that section is the store
# of the pair; the script puts the folders of the test in its place
set_up_stores() {
	TITLE=$1
	excerpt "$1" "$2" >recipe
	sed "${3-}" recipe >store
	{
		echo 'state = "state"; seal = { trusted = ( "seal.pub" ); };'
		echo 'roots = ( { name = "corp-root-g1";'
		echo '  certificate = "corp-root-g1.pem";'
		echo '  schedule = "semiannual";'
		echo '  subordinates = ( { name = "issuing-1";'
		echo '    certificate = "issuing-1.pem"; stores = ('
		cat store
		echo '    ); } ); } );'
	} >sub/crlferry.cfg
}

# begin NAME USER: the server runs as the user, reads its files in $S and writes
# in $S/run; the old CRLs are in the store
begin() {
	SERVER=$1
	put own.pem old.pem
	mkdir "$S/run"
	chown "$2" "$S/server.key" "$S/run"
	cp "$S/root.pem" "$S/ca.pem"
}

# as USER COMMAND...: in $S; only for a process of its own
as() {
	cd "$S" || return 1
	exec setpriv --reuid "$1" --regid "$1" --init-groups "${@:2}"
}

# set_up_haproxy TITLE SED-SCRIPT: HAProxy with the frontend that the first block
# of the section shows
set_up_haproxy() {
	set_up_stores HAProxy 4 "s,/usr/local/sbin\|/etc/haproxy,$S,g"
	begin haproxy www-data
	cat server-full.pem server.key >"$S/server.pem"
	chown www-data "$S/server.pem"
	excerpt HAProxy 3 | sed "s,/run/haproxy,$S/run," >"$S/haproxy-crl"
	chmod 755 "$S/haproxy-crl"
	{
		echo global
		excerpt HAProxy 2 | sed "s,/run/haproxy,$S/run,"
		printf '%s\n' defaults "timeout connect 1m" \
			"timeout client 1m" "timeout server 1m"
		excerpt "$1" 1 | sed "s,/etc/haproxy,$S,g; $2"
	} >"$S/haproxy.cfg"
	start haproxy as www-data haproxy -W -db -f "$S/haproxy.cfg"
}

# value FILE KEY: of the recipe, without quotes
value() {
	sed -n "s/.*\b$2 = \"\([^\"]*\)\".*/\1/p" "$1"
}

# words FILE KEY: of a command, one a line
words() {
	tr '\n' ' ' <"$1" | sed -n "s/.*\b$2 = \[ *\([^]]*\)\].*/\1/p" |
		grep -o '"[^"]*"' | tr -d '"'
}

# run_hook KEY: as import runs it
run_hook() {
	local argv
	mapfile -t argv < <(words store "$1")
	[ ${#argv[@]} -eq 0 ] || "${argv[@]}" >hook.log 2>&1 </dev/null || {
		cat hook.log
		return 1
	}
}

# put CRLFILE...: into the store, behind what KEPT is there, without the program;
# a store that holds one CRL gets the last one
put() {
	local path
	path=$(value store path)
	if [ "$(value store type)" = pem ]; then
		cat "${KEPT[@]}" "$@" >"$path.new"
	elif [ -s "${*: -1}" ]; then
		openssl crl -in "${*: -1}" -outform DER -out "$path.new"
	else
		rm -f "$path"
		return
	fi
	mv "$path.new" "$path"
}

# has_own_crls: those of the subordinates are in the store, octet for octet
has_own_crls() {
	perl -0777 -e 'local $/; my ($file, $own) = map {
			open(my $in, "<:raw", $_) or die; scalar <$in> } @ARGV;
		exit(index($file, $own) < 0)' "$(value store path)" own.pem || {
		echo "want the subordinates' own CRLs in it:"
		cat "$(value store path)"
		return 1
	}
}

# revoke_second: the root revokes issuing-2, and its CRL is on the stick
revoke_second() {
	root ca revoke corp-root-g1 ca/issuing-2.pem --reason keyCompromise \
		--quiet
	issue_to stick
}

# refused WHO, accepted WHO: by the server, asked by the function $ASK
accepted() {
	"$ASK" "$1" >ask.log 2>&1 || {
		echo "want $1 accepted:"
		cat ask.log
		return 1
	}
}

refused() {
	! "$ASK" "$1" >ask.log 2>&1 || {
		echo "want $1 refused:"
		cat ask.log
		return 1
	}
}

# soon COMMAND...: what a server does when it is told takes a moment, in which
# both what was and what will be may answer; $SERVER is its name
soon() {
	wait_for "$SERVER" steadily "$@" >soon.log || {
		tail -n 20 soon.log
		return 1
	}
}

# critical AT WORD...: so says check, then or now
critical() {
	run guarded "$SUB_PROGRAM" check --config sub/crlferry.cfg \
		${1:+--at "$1"}
	[ "$status" -eq 2 ] && [[ $output == "CRLFERRY CRITICAL - "*"$2"* ]] || {
		echo "want CRITICAL and \"$2\", have $status: $output"
		return 1
	}
}

# at_the_end SHIFT: so far from the end of the root's newest CRL, for --at
at_the_end() {
	date -u -d "$(openssl crl -inform DER -in "$(newest_crl)" -noout \
		-nextupdate | sed 's/.*=//') $1" +%FT%TZ
}

steadily() {
	"$@" && sleep 0.3 && "$@"
}

# in_effect: both clients are accepted with the old CRL; then import alone, and
# the second one is refused
in_effect() {
	soon accepted client-1 && accepted client-2 || return 1
	revoke_second
	run import stick
	[ "$status" -eq 0 ] || {
		echo "$output"
		return 1
	}
	soon refused client-2 && accepted client-1 || return 1
	[ "$(value recipe type)" != pem ] || has_own_crls || return 1
	run guarded "$SUB_PROGRAM" check --config sub/crlferry.cfg
	[ "$status" -eq 0 ] || {
		echo "$output"
		return 1
	}
	critical "$(at_the_end "-3 days")" "issuing-1 stops" || return 1
	critical "$(at_the_end "+1 day")" expired || return 1
	observe type "\`$(value recipe type)\`"
	observe reload "$(words recipe reload | in_short)"
}

# in_short: a command as the table has it: without runuser, and a long one without
# its words
in_short() {
	tr '\n' ' ' | sed -E 's/.* -- //; s/ $//; s/^(.{30}).*/\1/; /.{30}/s/ .*/ .../
		s,^/.*/,,; s/..*/`&`/' | grep . || echo none
}

# matrix: whether the reload is needed; what the server does if the root's CRL
# has expired or is not there, in the words of the table
matrix() {
	local kind
	[ -n "${CRLFERRY_LONG:-}" ] || return 0
	openssl crl -inform DER -in "$(newest_crl)" -out fresh.pem
	needs_reload || return 1
	for kind in expired missing; do
		tell own.pem $kind.pem
		critical "" "issuing-1 " || return 1
		observe $kind "$(what_it_does)"
		tell own.pem fresh.pem
		soon refused client-2 && soon accepted client-1 || return 1
	done
}

# tell CRLFILE...: put them into the store and reload
tell() {
	put "$@" && run_hook reload
}

# needs_reload: a new CRL in the store is in effect without it, if the recipe
# has none, and not if it has one
needs_reload() {
	tell own.pem old.pem
	soon accepted client-2 || return 1
	put own.pem fresh.pem
	if [ -n "$(words recipe reload)" ]; then
		accepted client-2 && run_hook reload || return 1
	fi
	soon refused client-2 && soon accepted client-1
}

# what_it_does: once it has been told, which client 2, revoked, sees as well as
# client 1; if nothing changes within a while, it goes by what it had
what_it_does() {
	local i
	for ((i = 0; i < 50; i++)); do
		if "$ASK" client-2 >ask.log 2>&1; then
			echo "accepts all"
			return
		fi
		# not one that came while it was reloading
		if refused client-1 >/dev/null && sleep 0.5 &&
			refused client-1 >/dev/null; then
			echo "refuses all"
			return
		fi
		sleep 0.1
	done
	echo "keeps the old CRL"
}

# observe COLUMN TEXT: of the row of this consumer
observe() {
	mkdir -p "$ROWS/$TITLE"
	echo "$2" >"$ROWS/$TITLE/$1"
}

# table_says_so: the table in doc/stores.md has what was observed, and each of its
# programs has a recipe
table_says_so() {
	local row pattern count=0
	[ -z "${CRLFERRY_ROWS:-}" ] || return 0
	sed -n '/^<!-- table -->$/,/^<!-- end -->$/p' "$PAGE" >table
	while read -r row; do
		pattern=$(sed 's/[][\\.]/\\&/g; s/| \*/| [^|]*/g' <<<"$row")
		grep -qx -- "$pattern" table || {
			echo "doc/stores.md: want $row"
			return 1
		}
		count=$((count + 1))
	done < <(stores_rows "$ROWS")
	[ "$count" -gt 0 ] || return 1
	sed -n 's/^| \([^|]*\) |.*/\1/p' table | sed 1d |
		while read -r name; do
			grep -qx "### $name" "$PAGE" || {
				echo "doc/stores.md: want a recipe for $name"
				exit 1
			}
		done
}
