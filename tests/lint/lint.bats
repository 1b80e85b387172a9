#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The house rules hold, and each of their checks can fail.

setup()
{
	lint=$BATS_TEST_DIRNAME
	tree=$lint/../..
	wrong=$BATS_TEST_TMPDIR/wrong
}

# put FILE LINE...: a file of a small tree, right but for the lines.
put()
{
	mkdir -p "$(dirname "$wrong/$1")"
	{
		echo '/* SPDX-License-Identifier: ISC */'
		shift
		printf '%s\n' "$@"
	} >"$wrong/$file"
}

# wrong_include FILE INCLUDE: floors names the file, its third line, and $rule.
wrong_include()
{
	rm -rf "$wrong"
	file=lib/base/bytes.h
	put "$file" '#include <stddef.h>'
	"$lint/floors" "$wrong"
	file=$1
	put "$file" '' "#include $2"
	run "$lint/floors" "$wrong"
	echo "$1 with $2: $status: $output"
	[ "$status" -eq 1 ]
	[[ $output =~ ^"$1:3: "($rule) ]]
	[ "${#lines[@]}" -eq 1 ]
}

# right_include FILE INCLUDE
right_include()
{
	rm -rf "$wrong"
	file=$1
	put "$file" "#include $2"
	run "$lint/floors" "$wrong"
	echo "$1 with $2: $status: $output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

need_programs()
{
	[ -f "$tree/cmd/meson.build" ] || skip "there are no programs yet"
	[ -n "$BUILD" ]
}

# fake NAME: a program of a build folder that lists its verbs.
fake()
{
	mkdir -p "$wrong/cmd/$1"
	mkdir -p "$wrong/tree/cmd/$1"
	cat >"$wrong/cmd/$1/$1" <<-'END'
		#!/bin/sh
		case $1 in
		--help) printf '  %s  what it does\n' init keygen status lint ;;
		*) echo "usage: ${0##*/} $1 [--config FILE] [--help]" ;;
		esac
	END
	chmod +x "$wrong/cmd/$1/$1"
	for verb in init keygen status lint; do
		: >"$wrong/tree/cmd/$1/$verb.c"
	done
}

# page NAME: the man page of such a program, with every failure.
page()
{
	mkdir -p "$wrong/doc"
	{
		printf '.Dd November 22, 2026\n.Dt %s 1\n.Os\n' "$1"
		printf '.Sh NAME\n.Nm %s\n.Nd a page\n.Sh SYNOPSIS\n' "$1"
		printf '.Nm\n.Cm %s\n.Op Fl -config Ar file\n' \
		    init keygen status lint
		printf '.Sh DESCRIPTION\n.Bl -tag -width Ds\n'
		printf '.It Cm %s\nVerb.\n' init keygen status lint
		printf '.It Fl -%s\nOption.\n' config help
		printf '.El\n.Sh EXIT STATUS\n.Bl -tag -width Ds\n'
		sed -n 's/^{"\([a-z-]*\)", \([0-9]*\)}$/.It Cm \1 Pq \2/p' \
		    "$wrong/errors"
		printf '.El\n'
	} >"$wrong/doc/$1.1"
}

fake_pages()
{
	fake crlferry-root
	fake crlferry-sub
	tr -d '\\\n\t' <"$tree/lib/base/error.h" |
	    grep -o 'X([A-Z_]*, [1-9][0-9]*, *"[a-z-]*"' |
	    sed 's/.*, \([0-9]*\), *\(".*"\)/{\2, \1}/' >"$wrong/errors"
	page crlferry-root
	page crlferry-sub
	sed -i '/^\.It Cm/s/$/\nFailure./' "$wrong"/doc/*.1
	sed -i '/^Failure\.$/{N;s/^Failure\.\nVerb\./Verb./}' "$wrong"/doc/*.1
}

@test "floors: the tree keeps them" {
	run "$lint/floors"
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "floors: an include of a room above is seen" {
	rule='(lower floors|one machine) only: '
	wrong_include lib/base/file.c '"pki/der.h"'
	wrong_include lib/pki/crl.h '"ferry/admit.h"'
	wrong_include lib/pki/crl.c '"pki/lint/lint.h"'
	wrong_include lib/ca/keyfile/key_load.c '"ca/signer.h"'
	wrong_include lib/plan/standing.c '"view/table.h"'
	wrong_include lib/view/table.c '"site/config.h"'
	wrong_include lib/site/bundle.c '"root/history/archive.h"'
	wrong_include lib/site/bundle.c '"sub/store/store.h"'
	wrong_include lib/sub/import/import.c '"cmd/cli.h"'
	wrong_include lib/root/history/ledger.c '"root/evidence/notes.h"'
	wrong_include lib/sub/store/store_types.c '"sub/import/import.h"'
	wrong_include lib/base/file.c '<pki/der.h>'
}

@test "floors: an include of a sibling is seen" {
	rule='no sibling: |one machine only: '
	wrong_include lib/pki/crl.c '"plan/standing.h"'
	wrong_include lib/plan/standing.c '"pki/crl.h"'
	wrong_include lib/ferry/admit.c '"view/json.h"'
	wrong_include lib/view/json.c '"ferry/manifest.h"'
	wrong_include lib/root/issue/issue.c '"sub/store/store.h"'
	wrong_include lib/root/issue/issue.c '"root/export/export.h"'
	wrong_include lib/ca/index.c '"ferry/manifest.h"'
	wrong_include lib/ca/keyfile/key_load.c '"pki/lint/lint.h"'
	wrong_include lib/sub/import/import.c '"root/history/ledger.h"'
	wrong_include cmd/crlferry-sub/check.c '"crlferry-root/verbs.h"'
}

@test "floors: a program of one machine with the other's room is seen" {
	rule='one machine only: '
	wrong_include cmd/crlferry-sub/import.c '"root/history/ledger.h"'
	wrong_include cmd/crlferry-root/issue.c '"sub/store/store.h"'
	wrong_include cmd/cli.c '"root/history/ledger.h"'
	wrong_include cmd/cli.c '"sub/store/store.h"'
}

@test "floors: a library's header in another place is seen" {
	rule='<[a-z0-9_/.]*> only in '
	wrong_include lib/site/bundle.c '<libconfig.h>'
	wrong_include cmd/crlferry-sub/init.c '<libconfig.h>'
	wrong_include lib/site/config.h '<libconfig.h>'
	wrong_include lib/base/bytes.c '<sodium.h>'
	wrong_include lib/ferry/manifest.c '<sodium.h>'
	wrong_include lib/ca/signer.c '<openssl/engine.h>'
	wrong_include lib/site/bundle.c '<libmount/libmount.h>'
	wrong_include lib/site/bundle.c '<libudev.h>'
	wrong_include lib/view/json.c '<libsmartcols/libsmartcols.h>'
	wrong_include lib/sub/import/import.c '<seccomp.h>'
	wrong_include lib/root/issue/issue.c '<openssl/x509.h>'
	wrong_include lib/ferry/admit.c '<openssl/x509v3.h>'
	wrong_include lib/site/bundle.c '<openssl/pem.h>'
	wrong_include lib/sub/import/import.c '"openssl/x509_vfy.h"'
	wrong_include lib/sub/watch/survey.c '<openssl/ssl.h>'
}

@test "floors: however the include is written" {
	rule='paths begin at lib: |no plain include: |lower floors only: '
	wrong_include lib/base/file.c '"../pki/der.h"'
	wrong_include lib/base/file.c '"base/../pki/der.h"'
	wrong_include cmd/crlferry-sub/check.c '"../crlferry-root/verbs.h"'
	wrong_include cmd/crlferry-sub/check.c '"../../lib/root/history/ledger.h"'
	wrong_include lib/sub/import/import.c '"../cli.h"'
	wrong_include lib/base/file.c 'SOME_HEADER'
	wrong_include lib/base/file.c '	"pki/der.h" /* why */'
	rm -rf "$wrong"
	file=lib/base/file.c
	put "$file" ' #  include"pki/der.h"'
	run "$lint/floors" "$wrong"
	[ "$status" -eq 1 ]
	[[ $output == "lib/base/file.c:2: "* ]]
}

@test "floors: a room that the house does not have is seen" {
	file=lib/common/util.c
	put "$file"
	run "$lint/floors" "$wrong"
	[ "$status" -eq 1 ]
	[[ $output == *lib/common/util.c:* ]]
	run "$lint/floors" "$BATS_TEST_TMPDIR"
	[ "$status" -eq 2 ]
}

# circle FROM TO: two files that call each other.
circle()
{
	rm -rf "$wrong"
	file=$1
	put "$file" 'int' 'one(void)' '{' '	return two();' '}'
	file=$2
	put "$file" 'int' 'two(void)' '{' '	return 2; /* one() */' '}'
	"$lint/floors" "$wrong"
	put "$file" 'int' 'two(void)' '{' '	struct one one = {0};' \
	    '	return one.one;' '}' 'static int' 'one(void)' '{' '}'
	"$lint/floors" "$wrong"
	put "$file" 'int' 'two(void)' '{' '	return one();' '}'
	run "$lint/floors" "$wrong"
	echo "$status: $output"
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
}

@test "floors: files that call one another in a circle are seen" {
	circle lib/pki/crl.c lib/pki/der.c
	[ "$output" = "lib/pki/crl.c: a circle of files: lib/pki/crl.c lib/pki/der.c" ]
	circle lib/root/history/ledger.c lib/root/evidence/notes.c
	[[ $output == "lib/root/evidence/notes.c: a circle between rooms: "* ]]
	circle lib/base/bytes.c lib/pki/der.c
	[[ $output == "lib/base/bytes.c: a circle between rooms: "* ]]
}

@test "floors: what is allowed is allowed" {
	right_include lib/ferry/admit.c '"pki/crl.h"'
	right_include lib/ferry/admit.c '"plan/standing.h"'
	right_include lib/sub/import/import.c '"site/bundle.h"'
	right_include lib/sub/import/import.c '"sub/store/store.h"'
	right_include lib/root/issue/issue.c '"ca/index.h"'
	right_include lib/pki/crl.c '"pki/der.h"'
	right_include cmd/crlferry-sub/import.c '"sub/import/import.h"'
	right_include cmd/crlferry-root/issue.c '"root/issue/issue.h"'
	right_include cmd/crlferry-root/issue.c '"cmd/cli.h"'
	right_include cmd/crlferry-root/issue.c '"../cli.h"'
	right_include lib/site/config_keys.c '<libconfig.h>'
	right_include lib/base/secret.c '<sodium.h>'
	right_include lib/ferry/minisign_key.c '<sodium.h>'
	right_include lib/sub/reader/sandbox.c '<seccomp.h>'
	right_include lib/ca/signer_pkcs11.c '<openssl/engine.h>'
	right_include lib/sub/watch/probe.c '<openssl/x509v3.h>'
	right_include lib/sub/watch/probe_handshake.c '<openssl/ssl.h>'
	right_include lib/ca/index.c '<openssl/evp.h>'
}

@test "architecture: every file and room that the page names is there" {
	local path count=0
	cd "$lint/../.."
	while read -r path; do
		case $path in
		lib/*\<*) continue ;;
		lib/* | cmd* | tests/*) ;;
		*) continue ;;
		esac
		count=$((count + 1))
		[ -e "$path" ] || { echo "$path is not there"; return 1; }
	done < <(grep -o '`[^` ]*`' doc/architecture.md | tr -d '`')
	[ "$count" -gt 60 ]
}

@test "architecture: every room of the house is on the page" {
	local room
	cd "$lint/../.."
	while read -r room; do
		grep -q "^| [0-9½¼]* | .*\`$room\`" doc/architecture.md ||
			{ echo "$room is not on the page"; return 1; }
	done < <(find cmd lib -name '*.c' -printf '%h\n' | sort -u)
}

@test "absence: no error is taken for it" {
	run "$lint/absence"
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "absence: what cannot tell it from an error is seen" {
	local call
	for call in 'access(path, F_OK)' 'faccessat(fd, name, F_OK, 0)' \
		'euidaccess(path, R_OK)' '!lstat(path, &st)' \
		'0 == stat(path, &st)' 'fstatat(fd, name, &st, 0)' \
		'statx(fd, path, 0, 0, &at)' 'readlink(path, to, 9)' \
		'realpath(path, NULL)' 'opendir(path)' 'file_exists(path)'; do
		rm -rf "$wrong"
		file=lib/sub/import/import_mark.c
		put "$file" '/* stat(2) */' "	if (fstat(fd, &st) || file_stat())"
		"$lint/absence" "$wrong"
		put "$file" "	if ($call)"
		run "$lint/absence" "$wrong"
		echo "$call: $status: $output"
		[ "$status" -eq 1 ]
		[[ $output == "lib/sub/import/import_mark.c:2: want file_find, have "*'()'* ]]
	done
	# a place has its reason for one call, not for every
	rm -rf "$wrong"
	file=lib/base/listing.c
	put "$file" '	dir = opendir(path);'
	"$lint/absence" "$wrong"
	put "$file" '	if (stat(path, &st) == 0)'
	run "$lint/absence" "$wrong"
	[ "$status" -eq 1 ]
	run "$lint/absence" "$BATS_TEST_TMPDIR"
	[ "$status" -eq 2 ]
}

# pass_on HEAD LINE...: a function of that head with the lines, for try.
pass_on()
{
	local head=$1
	shift
	rm -rf "$wrong"
	file=lib/sub/mark.c
	put "$file" "static ${head% *}" "${head##* }(void)" '{' "$@" '}'
}

# wrong_try LINE WHAT LINE...: try names that line of a function of enum err.
wrong_try()
{
	local line=$1 what=$2
	shift 2
	pass_on 'enum err look' "$@"
	run "$lint/try" "$wrong"
	printf '%s\n' "$@" "$status: $output"
	[ "$status" -eq 1 ]
	[[ $output == "lib/sub/mark.c:$((line + 4)): $what"* ]]
	[ "${#lines[@]}" -eq 1 ]
}

right_try()
{
	pass_on 'enum err look' "$@"
	run "$lint/try" "$wrong"
	printf '%s\n' "$@" "$status: $output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "try: what fails is passed on, and nothing leaks" {
	run "$lint/try"
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	run "$lint/try" "$BATS_TEST_TMPDIR"
	[ "$status" -eq 2 ]
}

@test "try: TRY in a function that returns something else is seen" {
	local head
	for head in 'bool look' 'void look' 'int look' 'enum error look'; do
		pass_on "$head" '	TRY(go(err));'
		run "$lint/try" "$wrong"
		echo "$head: $status: $output"
		[ "$status" -eq 1 ]
		[[ $output == "lib/sub/mark.c:5: TRY in look, "* ]]
	done
	# not what is in a comment, a text or a macro
	pass_on 'bool look' '	/* TRY(go(err)) */' '	say("TRY(");' \
		'	/* first' '	 * TRY(go(err));' '	 */' \
		'	RETRY(go(err));' '#define GO \' '	TRY(go(err))'
	"$lint/try" "$wrong"
}

@test "try: a resource that is held where TRY returns is seen" {
	local make
	for make in 'int fd = open(path, O_RDONLY);' \
		'const int fd = openat(folder, path, O_RDONLY);' \
		'int fd = socket(AF_UNIX, SOCK_STREAM, 0);' \
		'int fd = dup(other);' 'FILE *fd = fopen(path, "r");' \
		'DIR *fd = n < 0 ? NULL : fdopendir(n);' \
		'char *fd = malloc(9);' 'struct x *fd = calloc(1, 9);' \
		'char *fd = strdup(text);' 'char *fd = (char *)realloc(p, 9);' \
		'struct sha256 *fd = sha256_new();' \
		'json_t *fd = json_array();' 'BIO *fd = BIO_new_fp(f, 0);'; do
		wrong_try 3 "TRY may return with the fd " \
			"	$make" '' '	TRY(go(fd, err));'
		[[ $output == *" of line 5: release it by attribute" ]]
		# and as it was before in this tree
		right_try "	CLOSE_FD $make" '' '	TRY(go(fd, err));'
		right_try "	__attribute__((cleanup(x))) $make" \
			'	TRY(go(fd, err));'
	done
	# assigned later, over two lines
	wrong_try 6 "TRY may return with the name " \
		'	char *name, *other;' '' \
		'	if (other == NULL)' '		name =' \
		'		    strdup(x);' '	TRY(go(err));'
	wrong_try 4 "TRY may return with the hash " \
		'	struct sha256 *hash;' '' \
		'	TRY(sha256_new(&hash, err));' '	TRY(go(hash, err));'
	# released only where it returns
	wrong_try 7 "TRY may return with the fd " \
		'	int fd = open(path, 0);' '' \
		'	if (fd < 0) {' '		close(fd);' \
		'		return ERR_IO;' '	}' '	TRY(go(err));'
	wrong_try 6 "TRY may return with the fd " \
		'	int fd = open(path, 0);' '' \
		'	for (;;) {' '		if (done(fd))' \
		'			break;' '		TRY(go(err));' \
		'	}' '	close(fd);'
}

@test "try: a resource that was released or handed over is none" {
	local end
	for end in 'close(fd);' 'file_close(&fd);' 'free(fd);' \
		'out->fd = fd;' '*out = fd;' 'fd = -1;' 'pclose((FILE *)fd);' \
		'*out = (struct listing){.dir = fd, .path = path};' \
		'json_object_set_new(object, "list", fd);' \
		'TRY(config_own(config, fd, err));'; do
		right_try '	int fd = open(path, O_RDONLY);' '' \
			"	$end" '	TRY(go(err));'
	done
	right_try '	char *text = out->text;' '	int fd = file.fd;' '' \
		'	out->data = malloc(9);' '	TRY(go(err));'
}

@test "try: what TRY is for is not written by hand" {
	wrong_try 4 "a failure is passed on by hand" '	enum err code;' '' \
		'	code = go(err);' '	if (code != ERR_OK)' \
		'		return code;' '	return ERR_OK;'
	wrong_try 3 "a failure is passed on by hand" \
		'	enum err result = go(err,' \
		'	    "x");' '	if (result != ERR_OK)' \
		'		return result;'
	wrong_try 3 "a failure is passed on by hand" '	enum err code;' '' \
		'	if ((code = go(err)) != ERR_OK ||' \
		'	    (code = stay(err)) != ERR_OK)' \
		'		return code;'
	# it is looked at, or it is not enum err
	right_try '	code = go(err);' '	if (code != ERR_OK)' \
		'		return err_about(err, code, path);'
	right_try '	code = go(err);' '	close(fd);' \
		'	if (code != ERR_OK)' '		return code;'
	pass_on 'int look' '	code = go(err);' '	if (code != ERR_OK)' \
		'		return code;'
	"$lint/try" "$wrong"
}

@test "spdx: every source says its licence" {
	run "$lint/spdx"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "spdx: a source without it is seen" {
	for file in a.c b.h c.sh d.bats e/meson.build f.cfg g.bash; do
		rm -rf "$wrong"
		put "$file"
		"$lint/spdx" "$wrong"
		echo '/* 1 */' >"$wrong/$file"
		echo '/* SPDX-License-Identifier: ISC */' >"$wrong/good.c"
		run "$lint/spdx" "$wrong"
		echo "$output"
		[ "$status" -eq 1 ]
		[[ $output == "$file:1: want an SPDX line"* ]]
	done
	rm "$wrong/$file"
	printf '#!/bin/sh\n' >"$wrong/script"
	run "$lint/spdx" "$wrong"
	[ "$status" -eq 1 ]
	[[ $output == "script:1: "* ]]
}

@test "size: files and functions fit" {
	run "$lint/size"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "size: a file of 421 lines is seen, one of 420 is not" {
	file=lib/base/long.c
	mapfile -t body < <(yes '/* x */' | head -n 419)
	put "$file" "${body[@]}"
	"$lint/size" "$wrong"
	put "$file" "${body[@]}" ''
	run "$lint/size" "$wrong"
	[ "$status" -eq 1 ]
	[[ $output == "lib/base/long.c:421: want at most 420 lines"* ]]
}

@test "size: the lines of each room are told, and one of 5001 is seen" {
	local i
	mapfile -t body < <(yes '/* x */' | head -n 416)
	for i in a b c d e f g h i j k l; do
		file=lib/root/issue/$i.c
		put "$file" "${body[@]:4}"
	done
	file=cmd/cli.c
	put "$file" 'int x;'
	run "$lint/size" "$wrong"
	[ "$status" -eq 0 ]
	[ "$output" = "cmd: 2 lines
lib/root/issue: 4956 lines
lib and cmd: 4958 lines" ]
	file=lib/root/issue/m.c
	put "$file" "${body[@]:373}"
	"$lint/size" "$wrong"
	put "$file" "${body[@]:372}"
	run "$lint/size" "$wrong"
	[ "$status" -eq 1 ]
	[[ $output == *"lib/root/issue: want at most 5000 lines, have 5001"* ]]
}

@test "size: a line of 81 columns is seen, one of 80 is not" {
	local text
	text=$(printf '%064d' 0)
	file=lib/base/wide.c
	put "$file" "		$text"
	"$lint/size" "$wrong"
	put "$file" "		${text}0"
	run "$lint/size" "$wrong"
	[ "$status" -eq 1 ]
	[ "${lines[0]}" = "lib/base/wide.c:2: want at most 80 columns, have 81" ]
	put "$file" ''
	file=lib/base/meson.build
	put "$file" "                ${text}0"
	run "$lint/size" "$wrong"
	[ "$status" -eq 1 ]
	[[ $output == "lib/base/meson.build:2: "* ]]
}

@test "size: a function of 61 lines is seen, one of 60 is not" {
	file=lib/base/long.c
	mapfile -t body < <(yes '	x++;' | head -n 60)
	put "$file" 'static int' 'grow(int x)' '{' "${body[@]}" '}'
	"$lint/size" "$wrong"
	put "$file" 'static int' 'grow(int x)' '{' '' "${body[@]}" '}'
	run "$lint/size" "$wrong"
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == "lib/base/long.c:4: want at most 60 lines of grow"* ]]
}

@test "symbols: the subordinate's program has nothing of lib/root or lib/ca" {
	need_programs
	run "$lint/symbols" "$BUILD"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "symbols: the root's program has, and it is seen" {
	need_programs
	run "$lint/symbols" "$BUILD" crlferry-root
	[ "$status" -eq 1 ]
	[[ $output == *"crlferry-root: want nothing of the root, have "* ]]
}

@test "symbols: the root's program has no network, the subordinate's has" {
	local program
	for program in crlferry-root crlferry-sub; do
		nm -D --undefined-only "$BUILD/cmd/$program" |
			sed 's/^ *U //; s/@.*//' |
			grep -xE 'SSL_.*|getaddrinfo.*|connect|send|recv' \
			>"$BATS_TEST_TMPDIR/$program" || :
	done
	cat "$BATS_TEST_TMPDIR/crlferry-root"
	[ ! -s "$BATS_TEST_TMPDIR/crlferry-root" ]
	grep -qx SSL_do_handshake "$BATS_TEST_TMPDIR/crlferry-sub"
	grep -qx connect "$BATS_TEST_TMPDIR/crlferry-sub"
}

@test "symbols: a program that was stripped proves nothing" {
	need_programs
	mkdir -p "$wrong/cmd" "$wrong/lib"
	ln -s "$(cd "$BUILD" && pwd)/lib/root" "$wrong/lib/root"
	ln -s "$(cd "$BUILD" && pwd)/lib/ca" "$wrong/lib/ca"
	# shellcheck source=tests/lint/programs.sh
	. "$lint/programs.sh"
	strip -o "$wrong/cmd/crlferry-sub" "$(program "$BUILD" crlferry-sub)"
	run "$lint/symbols" "$wrong"
	[ "$status" -eq 2 ]
	[[ $output == *stripped* ]]
}

@test "hardening: both programs have all of it" {
	need_programs
	run "$lint/hardening" "$BUILD"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *exempt* ]] || [ "${#lines[@]}" -gt 20 ]
}

# compile FLAG...: a program of a build folder, hardened but for the flags
compile()
{
	mkdir -p "$wrong/cmd"
	{
		echo '#include <string.h>'
		echo 'volatile unsigned n; char from[9000];'
		echo '#ifdef BOTH'
		echo '__asm__(".section .both, \"awx\"\n.long 0\n.text");'
		echo '#endif'
		for i in $(seq 60); do
			echo "int f$i(void) { char a[5000 + $i];" \
				"memcpy(a, from, n); return a[$i]; }"
		done
		echo 'int main(void) { return f1(); }'
	} >"$wrong/program.c"
	cc -O2 -fPIE -pie -fstack-protector-strong -fstack-clash-protection \
		-fcf-protection=full -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 \
		-Wl,-z,relro,-z,now,-z,noexecstack \
		-Wl,-z,shstk "$@" -o "$wrong/cmd/crlferry-sub" "$wrong/program.c"
}

@test "hardening: each thing that is missing is seen" {
	[ "$(uname -m)" = x86_64 ] || skip "the rows are those of x86-64"
	compile
	run "$lint/hardening" "$wrong" crlferry-sub
	echo "$output"
	[ "$status" -eq 0 ]
	while IFS='|' read -r flags want; do
		# shellcheck disable=SC2086	# words
		compile $flags
		run "$lint/hardening" "$wrong" crlferry-sub
		echo "$flags: $status: $output"
		[ "$status" -eq 1 ]
		[[ $output =~ "crlferry-sub   $want"\ +no\  ]]
	done <<-'EOF'
		-fno-PIE -no-pie|PIE
		-Wl,-z,norelro|RELRO
		-Wl,-z,lazy|full RELRO
		-Wl,-z,execstack|no exec. stack
		-DBOTH|no exec. data
		-Wl,-rpath,/tmp|no RPATH
		-fno-stack-protector|stack protector
		-U_FORTIFY_SOURCE|fortify
		-fcf-protection=none|CET: endbr64
		-fno-stack-clash-protection|stack clash
	EOF
	compile
	objcopy -R .note.gnu.property "$wrong/cmd/crlferry-sub"
	run "$lint/hardening" "$wrong" crlferry-sub
	[ "$status" -eq 1 ]
	[[ $output =~ "crlferry-sub   CET: SHSTK"\ +no\  ]]
}

@test "hardening: a lower level of fortify is seen, and sanitizers exempt" {
	compile
	echo '{ "command": "cc -D_FORTIFY_SOURCE=1 -c cmd/cli.c" }' \
		>"$wrong/compile_commands.json"
	run "$lint/hardening" "$wrong" crlferry-sub
	[ "$status" -eq 1 ]
	[[ $output == *"fortify level    no   want "[23]", have 1"* ]]
	compile -fsanitize=address -Wl,-z,lazy
	run "$lint/hardening" "$wrong" crlferry-sub
	[ "$status" -eq 0 ]
	[[ $output == "crlferry-sub: built with sanitizers: exempt" ]]
}

@test "help-width: --help of every verb fits 80 columns on stdout" {
	need_programs
	run "$lint/help-width" "$BUILD"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "help-width: what is wrong with a program is seen" {
	fake crlferry-root
	fake crlferry-sub
	run "$lint/help-width" "$wrong" "$wrong/tree"
	echo "$output"
	[ "$status" -eq 0 ]
	program=$wrong/cmd/crlferry-sub/crlferry-sub
	cp "$program" "$wrong/right"
	while IFS='|' read -r edit want; do
		sed "$edit" "$wrong/right" >"$program"
		run "$lint/help-width" "$wrong" "$wrong/tree"
		echo "$edit: $status: $output"
		[ "$status" -eq 1 ]
		[[ $output == "crlferry-sub"*"$want"* ]]
	done <<-'END'
		s/^case/echo hello >\&2; case/|nothing on stderr
		s/^case/exec >\&2; case/|help on stdout
		$s/$/; exit 64/|exit status 0
		s/--help\] *"/&; printf '%81s' x/|80 columns
		s/ lint ;;/ ;;/|the verb lint
		s/usage: [^ ]* \$1/usage:/|its synopsis
	END
	cp "$wrong/right" "$program"
	rm "$wrong/tree/cmd/crlferry-sub/init.c"
	run "$lint/help-width" "$wrong" "$wrong/tree"
	[ "$status" -eq 1 ]
	[[ $output == "crlferry-sub init: want a source file"* ]]
	touch "$wrong/tree/cmd/crlferry-sub/init.c"
	mkdir -p "$wrong/tree/tests/e2e"
	touch "$wrong/tree/tests/e2e/crlferry-sub-fly.bats"
	run "$lint/help-width" "$wrong" "$wrong/tree"
	[ "$status" -eq 1 ]
	[[ $output == "crlferry-sub --help: want the verb fly"* ]]
}

@test "manpages: the pages say what the tables say" {
	need_programs
	compgen -G "$tree/doc/*.1" || skip "there are no man pages yet"
	run "$lint/manpages" "$BUILD"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "manpages: a page that lacks something is seen" {
	fake_pages
	run "$lint/manpages" "$wrong" "$wrong/doc"
	echo "$output"
	[ "$status" -eq 0 ]
	cp "$wrong/doc/crlferry-sub.1" "$wrong/right"
	while IFS='|' read -r edit want; do
		sed "$edit" "$wrong/right" >"$wrong/doc/crlferry-sub.1"
		run "$lint/manpages" "$wrong" "$wrong/doc"
		echo "$edit: $status: $output"
		[ "$status" -eq 1 ]
		[[ $output == *"$want"* ]]
	done <<-'END'
		/rollback/,+1d|a line with rollback and 77
		s/Cm jump Pq 77/Cm jump Pq 65/|a line with jump and 77
		s/Cm io /Cm io-error /|a line with io and 74
		s/Cm status/Cm state/|the verb status
		s/Fl -config/Fl -configuration/|the option --config
		/^\.Cm lint/s/lint/other/|a line of lint in the synopsis
		/^\.Cm status/{n;d}|--config of status in the synopsis
		s/^.El$/.Ell/|.Ell
	END
	rm "$wrong/doc/crlferry-sub.1"
	run "$lint/manpages" "$wrong" "$wrong/doc"
	[ "$status" -eq 1 ]
	[[ $output == *"the page crlferry-sub.1"* ]]
}

@test "keys: the pages have the keys that the tables have" {
	run "$lint/keys"
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	mandoc -Tlint -Wwarning "$tree"/doc/crlferry*.[57]
}

@test "keys: a key that is on one side only is seen" {
	while IFS='|' read -r file edit want; do
		rm -rf "$wrong"
		mkdir "$wrong"
		(cd "$tree" && cp --parents lib/site/config_keys.c \
			lib/site/config_store.c lib/sub/store/store_types.c \
			lib/ferry/{manifest,note_json,order}.c \
			doc/crlferry*.[57] "$wrong")
		sed -i "$edit" "$wrong/$file"
		run "$lint/keys" "$wrong"
		echo "$file $edit: $status: $output"
		[ "$status" -eq 1 ]
		[[ $output == *"$want"* ]]
	done <<-'END'
		doc/crlferry.cfg.5|s/^.It Va sandbox/&es/|sandboxes is not in file_keys
		doc/crlferry.cfg.5|s/^.It Va air_gap_allow/.It Va state/|state is there twice
		lib/site/config_keys.c|s/"microsoft"/"ms"/|want ".It Va ms" in roots
		lib/site/config_keys.c|/"state"/s/, true/, false/|state is not required
		lib/site/config_keys.c|s/"br", NULL/"br", "etsi", NULL/|profile may be etsi
		lib/site/config_keys.c|s/ seal_keys\[/ mark_keys[/|no page has mark_keys
		lib/site/config_store.c|s/"url", "type timeout ca"/"url", "type timeout"/|ca is for other types
		lib/sub/store/store_types.c|s/&store_nss, //|nss is not in store_types.c
		doc/crlferry-schedule.5|s/^.It Va grace/.It Va remind/|want ".It Va grace" in KEYS
		lib/ferry/manifest.c|s/"ledger_head"/"head"/|ledger_head is not in manifest.c
		lib/ferry/order.c|/"accepted_sha256"/d|accepted_sha256 is not in order.c
		doc/crlferry-bundle.5|s/^.Ql outcome/.Ql result/|want ".Ql outcome"
	END
}

@test "threats: each attack names a test that is there" {
	run "$lint/threats"
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "threats: a test that is gone, and an attack without one, are seen" {
	mkdir -p "$wrong/doc" "$wrong/tests/faults"
	printf '@test "%s" {\n}\n' first second >"$wrong/tests/faults/one.bats"
	{
		printf '| %s | %s | %s |\n' attack "what stops it" "shown by"
		echo '|---|---|---|'
		echo '| theft | a lock | `faults/one.bats` "first", "second" |'
	} >"$wrong/right"
	cp "$wrong/right" "$wrong/doc/threat-model.md"
	"$lint/threats" "$wrong"
	while IFS='@' read -r edit want; do
		sed "$edit" "$wrong/right" >"$wrong/doc/threat-model.md"
		run "$lint/threats" "$wrong"
		echo "$edit: $status: $output"
		[ "$status" -eq 1 ]
		[[ $output == *"$want"* ]]
	done <<-'END'
		s/second/third/@:3: no test "third" in tests/faults/one.bats
		s/"first"/"firs"/@:3: no test "firs" in tests/faults/one.bats
		s,one.bats,two.bats,@:3: no test "first" in tests/faults/two.bats
		s/`faults.*"/a test/@:3: "theft" names no test
		s/shown by/seen/@no table with a column "shown by"
	END
}

@test "pages: each is run and installed, and its links lead somewhere" {
	run "$lint/pages"
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "pages: one that nobody runs or installs, and a dead link, are seen" {
	while IFS='@' read -r file edit want; do
		rm -rf "$wrong"
		mkdir -p "$wrong/doc" "$wrong/tests/pages"
		printf '%s\n' '[one](doc/one.md#the-first-part)' >"$wrong/README.md"
		printf '%s\n' '# One' '## The first part' '```console' \
			"\$ true" '```' '[up](../README.md)' >"$wrong/doc/one.md"
		echo "install_data('one.md')" >"$wrong/doc/meson.build"
		echo '	runs doc/one.md' >"$wrong/tests/pages/one.bats"
		"$lint/pages" "$wrong"
		sed -i "$edit" "$wrong/$file"
		run "$lint/pages" "$wrong"
		echo "$file $edit: $status: $output"
		[ "$status" -eq 1 ]
		[[ $output == *"$want"* ]]
	done <<-'END'
		README.md@s/one.md/two.md/@README.md: doc/two.md#the-first-part leads nowhere
		README.md@s/first-part/second/@README.md: doc/one.md#the-second: no such heading
		README.md@s/$/\n\n\n\n/;s/\n/&&&&&&&&&&/g;s/\n/&&&&/g@want at most 150 lines, have 161
		doc/one.md@s/README/READ/@doc/one.md: ../READ.md leads nowhere
		doc/one.md@s/first part/part/@no such heading
		doc/meson.build@s/one/two/@doc/one.md: want it in doc/meson.build
		tests/pages/one.bats@s/one/two/@doc/one.md: want "runs doc/one.md" in tests/pages
	END
	# commands that are only indented
	printf '%s\n' '# One' '' '    sh one.sh' >"$wrong/doc/one.md"
	echo '[one](doc/one.md)' >"$wrong/README.md"
	run "$lint/pages" "$wrong"
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$output" = "doc/one.md: want a test that runs its indented commands" ]
}
