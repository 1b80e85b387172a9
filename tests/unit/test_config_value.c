/* SPDX-License-Identifier: ISC */
#include "rooms_fixture.h"
#include "site/config_keys.h"
#include "test.h"

#define MIB UINT64_C(1048576)

TEST(sizes_have_units)
{
	static const struct {
		const char *text;
		uint64_t want;		/* 0: refused */
	} rows[] = {
		{ "1", 1 },
		{ "1 B", 1 },
		{ "007", 7 },
		{ "2 KiB", 2048 },
		{ "2KiB", 2048 },
		{ "64 MiB", 64 * MIB },
		{ "64   MiB", 64 * MIB },
		{ "1 GiB", 1024 * MIB },
		{ "4294967295", UINT32_MAX },
		{ "4294967295 GiB", UINT64_C(4294967295) * 1024 * MIB },
		{ "4294967296", 0 },
		{ "99999999999999999999999999", 0 },
		{ "", 0 },
		{ "0", 0 },
		{ "0 MiB", 0 },
		{ " 1", 0 },
		{ "1 ", 1 },
		{ "-1", 0 },
		{ "+1", 0 },
		{ "1.5 MiB", 0 },
		{ "0x10", 0 },
		{ "MiB", 0 },
		{ "64 MB", 0 },
		{ "64 mib", 0 },
		{ "64 MiB ", 0 },
		{ "64 MiB 1", 0 },
		{ "64\tMiB", 0 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint64_t have = 77;

		if (config_parse_size(rows[i].text, &have) !=
		    (rows[i].want > 0) ||
		    (rows[i].want > 0 && have != rows[i].want))
			fail_msg("\"%s\": want %llu, have %llu", rows[i].text,
			    (unsigned long long)rows[i].want,
			    (unsigned long long)have);
	}
}

TEST(names_are_safe_anywhere)
{
	static const struct {
		const char *name;
		bool want;
	} rows[] = {
		{ "a", true },
		{ "corp-root-g1", true },
		{ "0123456789abcdefghijklmnopqrstuv", true },
		{ "0123456789abcdefghijklmnopqrstuvw", false },
		{ "", false },
		{ "Root", false },
		{ "a.b", false },
		{ "a_b", false },
		{ "a/b", false },
		{ "..", false },
		{ "a b", false },
		{ "a\n", false },
		{ "\xc3\xa4", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (config_is_name(rows[i].name) != rows[i].want)
			fail_msg("\"%s\": want %d", rows[i].name,
			    rows[i].want);
}

/* What libconfig would misread without a word, and what only looks so. */
static const struct {
	const char *name;
	const char *text;
	unsigned int line;	/* 0: it passes */
	const char *says;
} scanned[] = {
	{ "nothing", "", 0, NULL },
	{ "nine digits", "a = 999999999;", 0, NULL },
	{ "ten digits", "a = 1;\nb = 1000000000;", 2, "9 digits" },
	{ "ten digits, most of them zeros", "a = 0000000001;", 1,
	    "9 digits" },
	{ "wraps to 1", "a = 4294967297;", 1, "9 digits" },
	{ "wraps to 1 from below", "a = -4294967295;", 1, "9 digits" },
	{ "with a sign", "a = +4294967297;", 1, "9 digits" },
	{ "wraps to 1 in hex", "a = 0x100000001;", 1, "9 digits" },
	{ "wraps to -1 in hex", "a = 0XFFFFFFFF;", 1, "9 digits" },
	{ "short hex", "a = 0x7fffffF;", 0, NULL },
	{ "at the beginning", "4294967297", 1, "9 digits" },
	{ "in a list", "a = (1,\n 2,\n 4294967297);", 3, "9 digits" },
	{ "long, in a string", "a = \"4294967297\";", 0, NULL },
	{ "long, in a string with a quote", "a = \"\\\" 4294967297\";", 0,
	    NULL },
	{ "long, behind a string that ends in a backslash",
	    "a = \"\\\\\"; b = 4294967297;", 1, "9 digits" },
	{ "long, in # comment", "# 4294967297\na = 1;", 0, NULL },
	{ "long, behind # comment", "# x\n4294967297;", 2, "9 digits" },
	{ "long, in // comment", "// 4294967297\n", 0, NULL },
	{ "long, in block comment", "/* 4294967297\n4294967297 */", 0, NULL },
	{ "long, behind block comment", "/* \n\n */4294967297", 3,
	    "9 digits" },
	{ "a block comment that ends in stars", "/***/ 4294967297", 1,
	    "9 digits" },
	{ "a star and a slash that share", "/*/ 4294967297 */", 0, NULL },
	{ "digits at the end of a word", "a1234567890 = 1;", 0, NULL },
	{ "@include", "@include \"other.cfg\"\n", 1, "@include" },
	{ "@include on a later line", "a = 1;\n\n  @include \"x\"", 3,
	    "@include" },
	{ "@include in a string", "a = \"@include\";", 0, NULL },
	{ "@include in # comment", "# @include \"x\"", 0, NULL },
	{ "@include in // comment", "// @include \"x\"", 0, NULL },
	{ "@include in block comment", "/* @include \"x\" */", 0, NULL },
	{ "@include behind a string of two lines",
	    "a = \"x\ny\";\n@include \"x\"", 3, "@include" },
	{ "a string that never ends", "a = \"@include 4294967297", 0, NULL },
	{ "a string that ends in a backslash", "a = \"\\", 0, NULL },
	{ "a comment that never ends", "a = 1;\n/* @include\n\n", 2,
	    "comment that begins here has no end" },
	{ "a line comment at the end", "# x", 0, NULL },
};

TEST(the_scan_sees_code_only)
{
	for (size_t i = 0; i < COUNT_OF(scanned); i++) {
		struct error err = {0};
		char place[32];
		enum err code = config_scan("x.cfg", scanned[i].text, &err);

		if (scanned[i].line == 0) {
			assert_fine(scanned[i].name, code, &err);
			continue;
		}
		assert_refusal(scanned[i].name, ERR_CONFIG, scanned[i].says,
		    code, &err);
		snprintf(place, sizeof(place), "x.cfg:%u: ",
		    scanned[i].line);
		if (strncmp(err.what, place, strlen(place)) != 0)
			fail_msg("%s: want %s, have %s", scanned[i].name,
			    place, err.what);
	}
}
