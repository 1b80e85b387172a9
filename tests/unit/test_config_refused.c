/* SPDX-License-Identifier: ISC */
/* Every way in which a configuration is refused, with file and line. */
#include <libconfig.h>

#include "config_fixture.h"
#include "test.h"

/* The shortest that passes, to be said in front or behind. */
#define STATE "state = \"s\";\n"
#define ROOT_BEGIN "roots = ( { name = \"r\"; certificate = \"c\";\n"
#define ROOT_END "} );\n"
#define ROOTS ROOT_BEGIN ROOT_END
#define SIGNING(more) "signing = { key = \"k\"; index = \"i\";\n" \
	"crlnumber = \"n\"; " more " };\n"
#define STORE(more) "subordinates = ( { name = \"s\"; stores = (\n" \
	"{ type = \"pem\"; path = \"p\"; " more " } ); } );\n"

static char folder[FIXTURE_PATH_SIZE];

static int
enter(void **state)
{
	fixture_make_folder(folder);
	copy_schedule(folder, "semiannual", "semiannual");
	return 0;
}

AROUND_EACH(enter, NULL)

struct row {
	const char *name;
	const char *text;
	unsigned int line;
	const char *says;
};

/* Each with "crlferry.cfg:<line>: " in front of what it says. */
static void
refuse_all(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct config *config = NULL;
		struct error err = {0};
		char place[PATH_SIZE + 32];
		enum err code;
		int size;

		code = load_text(folder, rows[i].text, &config, &err);
		assert_refusal(rows[i].name, ERR_CONFIG, rows[i].says, code,
		    &err);
		assert_null(config);
		size = snprintf(place, sizeof(place), "%s/" CONFIG_FILE
		    ":%u: ", folder, rows[i].line);
		if (strncmp(err.what, place, (size_t)size) != 0)
			fail_msg("%s: want %s, have %s", rows[i].name, place,
			    err.what);
	}
}

static const struct row syntax[] = {
	{ "no end of a value", STATE "a = 1\nb = 2;\n=", 4, "syntax" },
#if LIBCONFIG_VER_MAJOR == 1 && LIBCONFIG_VER_MINOR < 7	/* then it may */
	{ "a trailing comma", STATE "air_gap_allow = (\n\"a\",);\n" ROOTS,
	    3, "syntax" },
#endif
	{ "a string without its end", "state = \"s;\n", 2, "syntax" },
	{ "an unclosed list", STATE "roots = (\n", 3, "syntax" },
	{ "an array of two types", STATE ROOTS
	    "air_gap_allow = [ \"a\", 1 ];\n", 4, "syntax" },
	{ "a key twice", STATE "\nstate = \"t\";\n" ROOTS, 3,
	    "duplicate" },
	{ "a key of a root twice", STATE ROOT_BEGIN "name = \"r\";\n"
	    ROOT_END, 3, "duplicate" },
	{ "a key of a store twice", STATE ROOT_BEGIN
	    STORE("\npath = \"p\";") ROOT_END, 5, "duplicate" },
	{ "@include", STATE ROOTS "@include \"more.cfg\"\n", 4,
	    "@include" },
	{ "an integer that wraps", STATE "\nseal = { required =\n"
	    "4294967297; };\n" ROOTS, 4, "9 digits" },
};

TEST(syntax_is_refused)
{
	refuse_all(syntax, COUNT_OF(syntax));
}

/* A key that no group has, in each group. */
static const struct row unknown[] = {
	{ "of the file", STATE "\ncolour = 1;\n" ROOTS, 3, "\"colour\"" },
	{ "of seal", STATE "seal = {\nkey = \"k\"; };\n" ROOTS, 3,
	    "seal: unknown key \"key\"" },
	{ "of a root", STATE ROOT_BEGIN "state = \"s\";\n" ROOT_END, 3,
	    "root: unknown key" },
	{ "of signing", STATE ROOT_BEGIN SIGNING("\npin = \"1\";") ROOT_END,
	    5, "signing: unknown key" },
	{ "of a subordinate", STATE ROOT_BEGIN "subordinates = (\n"
	    "{ name = \"s\"; },\n{ name = \"t\";\nschedule = \"x\"; } );\n"
	    ROOT_END, 6, "subordinate: unknown key" },
	{ "of a store", STATE ROOT_BEGIN STORE("\nmode = \"0644\";")
	    ROOT_END, 5, "store: unknown key" },
	{ "in capitals", "State = \"s\";\n" ROOTS, 1, "\"State\"" },
};

TEST(unknown_keys_are_refused)
{
	refuse_all(unknown, COUNT_OF(unknown));
}

static const struct row missing[] = {
	{ "state", "\n" ROOTS, 1, "\"state\"" },
	{ "roots", STATE, 1, "\"roots\"" },
	{ "name of a root", STATE "roots = (\n{ certificate = \"c\"; } );\n",
	    3, "root: the key \"name\" is missing" },
	{ "certificate of a root", STATE "roots = ( { name = \"r\"; } );\n",
	    2, "\"certificate\"" },
	{ "key of signing", STATE ROOT_BEGIN "signing =\n{ index = \"i\"; "
	    "crlnumber = \"n\"; };" ROOT_END, 3, "\"key\"" },
	{ "index of signing", STATE ROOT_BEGIN "signing = { key = \"k\"; "
	    "crlnumber = \"n\"; };" ROOT_END, 3, "\"index\"" },
	{ "crlnumber of signing", STATE ROOT_BEGIN "signing = { key = "
	    "\"k\"; index = \"i\"; };" ROOT_END, 3, "\"crlnumber\"" },
	{ "name of a subordinate", STATE ROOT_BEGIN
	    "subordinates = ( { retired = true; } );\n" ROOT_END, 3,
	    "subordinate: the key \"name\" is missing" },
	{ "type of a store", STATE ROOT_BEGIN "subordinates = ( { name = "
	    "\"s\";\nstores = ( { path = \"p\"; } ); } );" ROOT_END, 4,
	    "store: the key \"type\" is missing" },
	{ "path of a store", STATE ROOT_BEGIN "subordinates = ( { name = "
	    "\"s\";\nstores = ( { type = \"pem\"; } ); } );" ROOT_END, 4,
	    "\"path\"" },
};

TEST(missing_keys_are_refused)
{
	refuse_all(missing, COUNT_OF(missing));
}

#define NAME_SAYS "must be 1 to 32 of a-z, 0-9 and -"

/* Each kind of key with a value that is not of it. */
static const struct row mistyped[] = {
	{ "a number for a path", "state = 7;\n" ROOTS, 1, "a string" },
	{ "an empty path", "state = \"\";\n" ROOTS, 1, "some text" },
	{ "a text for a version", STATE "version = \"1\";\n" ROOTS, 2,
	    "an integer" },
	{ "version 2", STATE "version = 2;\n" ROOTS, 2,
	    "version: want 1, have 2" },
	{ "version 0", STATE "version = 0;\n" ROOTS, 2, "want 1, have 0" },
	{ "an unknown choice", STATE "air_gap = \"maybe\";\n" ROOTS, 2,
	    "must be require, warn or off, not \"maybe\"" },
	{ "a flag for a choice", STATE "sandbox = false;\n" ROOTS, 2,
	    "must be try, require or off" },
	{ "a number for a list", STATE "air_gap_allow = 1;\n" ROOTS, 2,
	    "a list of strings" },
	{ "a list of numbers", STATE "air_gap_allow = (\n1 );\n" ROOTS, 3,
	    "a string" },
	{ "a group for a list of words", STATE
	    "air_gap_allow = { a = \"b\"; };\n" ROOTS, 2,
	    "a list of strings" },
	{ "an empty word", STATE "air_gap_allow = ( \"\" );\n" ROOTS, 2,
	    "some text" },
	{ "a size without its unit", STATE
	    "max_crl_bytes = \"64 apples\";\n" ROOTS, 2, "64 MiB" },
	{ "no size at all", STATE "max_crl_bytes = \"0\";\n" ROOTS, 2,
	    "64 MiB" },
	{ "an integer for a size", STATE "max_crl_bytes = 64;\n" ROOTS, 2,
	    "a string" },
	{ "a list for a group", STATE "seal = ( );\n" ROOTS, 2, "a group" },
	{ "0 required", STATE "seal = { required = 0; };\n" ROOTS, 2,
	    "1 to 16, have 0" },
	{ "17 required", STATE "seal = { required = 17; };\n" ROOTS, 2,
	    "1 to 16, have 17" },
	{ "1 required, none trusted", STATE "seal = {\nrequired = 1; };\n"
	    ROOTS, 3, "seal: want at least 1 different keys in \"trusted\", "
	    "have 0" },
	{ "1 required, an empty list", STATE "seal = { trusted = ( ); "
	    "required = 1; };\n" ROOTS, 2, "have 0" },
	{ "2 required, none trusted", STATE "\nseal = { required = 2; };\n"
	    ROOTS, 3, "seal: want at least 2 different keys in \"trusted\", "
	    "have 0" },
	{ "2 required, one trusted", STATE "seal = { required = 2; trusted = "
	    "\"a.pub\"; };\n" ROOTS, 2, "have 1" },
	{ "3 required, a file twice", STATE "seal = { required = 3; trusted = "
	    "( \"a.pub\", \"b.pub\", \"a.pub\" ); };\n" ROOTS, 2, "have 2" },
	{ "-1 required", STATE "seal = { required = -1; };\n" ROOTS, 2,
	    "1 to 16, have -1" },
	{ "a float required", STATE "seal = { required = 1.5; };\n" ROOTS,
	    2, "an integer" },
	{ "an integer of 64 bits required", STATE
	    "seal = { required = 1L; };\n" ROOTS, 2, "an integer" },
	{ "a group for roots", STATE "roots = { };\n", 2, "a list of groups" },
	{ "strings for roots", STATE "roots = ( \"r\" );\n", 2, "a group" },
	{ "a root's name in capitals", STATE "roots = ( { name = \"Root\"; "
	    "certificate = \"c\"; } );\n", 2, NAME_SAYS },
	{ "a root's name that leads away", STATE "roots = ( { name = "
	    "\"../x\"; certificate = \"c\"; } );\n", 2, NAME_SAYS },
	{ "a schedule's name that leads away", STATE ROOT_BEGIN
	    "schedule = \"../x\";\n" ROOT_END, 3, NAME_SAYS },
	{ "an unknown profile", STATE ROOT_BEGIN "profile = \"etsi\";\n"
	    ROOT_END, 3, "must be rfc5280 or br" },
	{ "a text for a flag", STATE ROOT_BEGIN "bare = \"true\";\n"
	    ROOT_END, 3, "true or false" },
	{ "an integer for a flag", STATE ROOT_BEGIN "bare = 1;\n" ROOT_END,
	    3, "true or false" },
	{ "an integer for a number", STATE ROOT_BEGIN
	    "max_number_jump = 5;\n" ROOT_END, 3, "a string" },
	{ "hex for a number", STATE ROOT_BEGIN
	    "max_number_jump = \"0x10\";\n" ROOT_END, 3, "a decimal" },
	{ "a string for signing", STATE ROOT_BEGIN "signing = \"k\";\n"
	    ROOT_END, 3, "a group" },
	{ "a weak digest", STATE ROOT_BEGIN SIGNING("\ndigest = \"sha1\";")
	    ROOT_END, 5, "must be sha256, sha384 or sha512" },
	{ "a backdate without its unit", STATE ROOT_BEGIN
	    SIGNING("backdate = \"10\";") ROOT_END, 4, "a duration" },
	{ "a backdate that leads ahead", STATE ROOT_BEGIN
	    SIGNING("backdate = \"1 min - 61 s\";") ROOT_END, 4,
	    "a duration" },
	{ "an unknown store", STATE ROOT_BEGIN "subordinates = ( { name = "
	    "\"s\"; stores = (\n{ type = \"nssdb\"; path = \"p\"; } ); } );"
	    ROOT_END, 4, "must be hashdir, pem, der, nss, ldap, command or "
	    "url, not \"nssdb\"" },
	{ "a hook that is one text", STATE ROOT_BEGIN
	    STORE("reload = \"nginx -s reload\";") ROOT_END, 4, "a list" },
	{ "a hook that is a number", STATE ROOT_BEGIN STORE("reload = 1;")
	    ROOT_END, 4, "a list of strings" },
};

TEST(mistyped_values_are_refused)
{
	refuse_all(mistyped, COUNT_OF(mistyped));
}

/* What keys must agree on: the line is the root's. */
static const struct row disagreeing[] = {
	{ "a root's name twice", STATE "roots = ( { name = \"r\"; "
	    "certificate = \"a\"; },\n{ name = \"r\"; certificate = \"b\"; "
	    "} );\n", 3, "two of them are called r" },
	{ "a subordinate's name twice", STATE ROOT_BEGIN "subordinates = "
	    "( { name = \"s\"; }, { name = \"t\"; }, { name = \"s\"; } );\n"
	    ROOT_END, 2, "two subordinates are called s" },
	{ "published as a path", STATE ROOT_BEGIN
	    "published_as = \"a/b.crl\";\n" ROOT_END, 2, "a file name" },
	{ "published as a hidden file", STATE ROOT_BEGIN
	    "published_as = \".crl\";\n" ROOT_END, 2, "a file name" },
	{ "published as two lines", STATE ROOT_BEGIN
	    "published_as = \"a\\nb\";\n" ROOT_END, 2, "a file name" },
	{ "a schedule that is not there", STATE ROOT_BEGIN
	    "schedule = \"none\";\n" ROOT_END, 3,
	    "no schedule \"none\"; installed: " },
};

TEST(disagreements_are_refused)
{
	refuse_all(disagreeing, COUNT_OF(disagreeing));
}

TEST(a_nul_is_no_end)
{
	static const char text[] = STATE ROOTS "\0state = 1;\n";
	struct config *config = NULL;
	struct error err = {0};
	char path[PATH_SIZE];

	fixture_write(folder, CONFIG_FILE, (struct span){
	    (const uint8_t *)text, sizeof(text) - 1 });
	path_in(path, folder, CONFIG_FILE);
	assert_refusal("NUL", ERR_CONFIG, "NUL",
	    config_load(path, &config, &err), &err);
	assert_null(config);
}

#define SCHEDULE "every = \"6 months\"; from = \"2026-01\";\n" \
	"validity = \"7 months\"; cushion = \"3 weeks\";\n"

TEST(schedules_are_refused_by_their_own_line)
{
	static const struct {
		const char *name;
		const char *text;
		const char *place;
		const char *says;
	} rows[] = {
		{ "unknown key", SCHEDULE "colour = \"red\";\n", ":3: ",
		    "schedule: unknown key" },
		{ "missing key", "every = \"6 months\"; from = \"2026-01\";\n",
		    ":1: ", "\"validity\"" },
		{ "mistyped", SCHEDULE "\nat = 10;\n", ":4: ", "a string" },
		{ "unknown version", SCHEDULE "version = 7;\n", ":3: ",
		    "want 1, have 7" },
		{ "no time", SCHEDULE "at = \"25:00\";\n", ": ", "25:00" },
		{ "nine times avoid", SCHEDULE "avoid = [ \"01-01..01-02\", "
		    "\"01-03..01-03\", \"01-04..01-04\", \"01-05..01-05\", "
		    "\"01-06..01-06\", \"01-07..01-07\", \"01-08..01-08\", "
		    "\"01-09..01-09\", \"01-10..01-10\" ];\n", ":1: ",
		    "at most 8, have 9" },
		{ "@include", SCHEDULE "@include \"x\"\n", ":3: ",
		    "@include" },
		{ "no syntax", "every\n", ":2: ", "syntax" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct config *config = NULL;
		struct error err = {0};
		char place[PATH_SIZE];
		enum err code;
		int size;

		fixture_write_text(folder, "schedules/x.cfg", rows[i].text);
		code = load_text(folder, STATE ROOT_BEGIN
		    "schedule = \"x\";\n" ROOT_END, &config, &err);
		assert_refusal(rows[i].name, ERR_CONFIG, rows[i].says, code,
		    &err);
		assert_null(config);
		size = snprintf(place, sizeof(place),
		    "%s/schedules/x.cfg%s", folder, rows[i].place);
		if (strncmp(err.what, place, (size_t)size) != 0)
			fail_msg("%s: want %s, have %s", rows[i].name, place,
			    err.what);
	}
}
