/* SPDX-License-Identifier: ISC */
/* The listing of an NSS database, as sqlite3 prints it. */
#include <string.h>

#include "sub/nss/nss_listing.h"
#include "test.h"

#define BEGIN "300c310a30080603550403"
#define PRINTABLE BEGIN "130141"	/* CN=A */
#define LOWER BEGIN "130161"		/* CN=a */
#define UTF8 BEGIN "0c0141"		/* CN=A */
#define OTHER BEGIN "130142"		/* CN=B */

static struct span
name_of(const char *hex, uint8_t out[32])
{
	size_t size;

	assert_true(hex_decode(span_of_text(hex), out, 32, &size));
	return (struct span){ out, size };
}

static const struct {
	const char *name;
	const char *listing;
	enum err code;
	const char *found;	/* '0' or '1', id, nickname of each */
} rows[] = {
	{ "nothing", "", ERR_OK, "" },
	{ "a certificate", "0|12|" PRINTABLE "|436F7270\n", ERR_OK,
	    "0 12 Corp;" },
	{ "a CRL has no nickname", "1|12|" PRINTABLE "|436F7270\n", ERR_OK,
	    "1 12 -;" },
	{ "both, without the last line's end", "0|1|" PRINTABLE "|41\n"
	    "1|2|" PRINTABLE "|A5005A", ERR_OK, "0 1 A;1 2 -;" },
	{ "equal by RFC 5280 7.1", "0|1|" UTF8 "|41\n1|2|" LOWER "|\n",
	    ERR_OK, "0 1 A;1 2 -;" },
	{ "others' are left out", "0|1|" OTHER "|41\n1|2|" OTHER "|\n"
	    "0|3|" PRINTABLE "|42\n", ERR_OK, "0 3 B;" },
	{ "an empty nickname", "0|1|" PRINTABLE "|\n", ERR_OK, "0 1 -;" },
	{ "softoken's nothing", "0|1|" PRINTABLE "|A5005A\n", ERR_OK,
	    "0 1 -;" },
	{ "a name that is none", "0|1|41|41\n", ERR_OK, "" },
	{ "no name", "0|1||41\n", ERR_OK, "" },
	{ "an empty line", "\n", ERR_FORMAT, "" },
	{ "three fields", "0|1|" PRINTABLE "\n", ERR_FORMAT, "" },
	{ "five fields", "0|1|" PRINTABLE "|41|\n", ERR_FORMAT, "" },
	{ "an odd digit", "0|1|" PRINTABLE "|414\n", ERR_FORMAT, "" },
	{ "no digit", "0|1|" PRINTABLE "|4G\n", ERR_FORMAT, "" },
	{ "an id that is no number", "0|1 OR 1|" PRINTABLE "|41\n",
	    ERR_FORMAT, "" },
	{ "an id without digits", "0||" PRINTABLE "|41\n", ERR_FORMAT, "" },
	{ "an id of 24 digits", "0|123456789012345678901234|" PRINTABLE
	    "|41\n", ERR_FORMAT, "" },
};

/* What was found, in words. */
static void
describe(const struct nss_database *database, char out[256])
{
	out[0] = '\0';
	for (size_t i = 0; i < database->count; i++) {
		const struct nss_object *object = &database->objects[i];
		const size_t used = strlen(out);

		snprintf(out + used, 256 - used, "%d %s %s;", object->is_crl,
		    object->id, object->nickname == NULL ? "-" :
		    object->nickname);
	}
}

TEST(a_listing_is_read_or_refused)
{
	uint8_t octets[32];
	const struct span name = name_of(PRINTABLE, octets);

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_NSS struct nss_database database = {.count = 0};
		struct error err = {0};
		char found[256];
		enum err code;

		code = nss_parse(span_of_text(rows[i].listing), name,
		    &database, &err);
		if (code != rows[i].code)
			fail_msg("%s: want %d, have %d %s", rows[i].name,
			    rows[i].code, code, err.what);
		describe(&database, found);
		if (code == ERR_OK && strcmp(found, rows[i].found) != 0)
			fail_msg("%s: want %s, have %s", rows[i].name,
			    rows[i].found, found);
	}
}

TEST(nss_compares_octet_by_octet)
{
	RELEASE_NSS struct nss_database database = {.count = 0};
	uint8_t a[32], b[32], c[32];
	const struct span printable = name_of(PRINTABLE, a);
	const struct span utf8 = name_of(UTF8, b);
	const struct span lower = name_of(LOWER, c);

	assert_int_equal(nss_parse(span_of_text("0|1|" PRINTABLE "|A5005A\n"
	    "0|2|" PRINTABLE "|41\n1|3|" UTF8 "|\n"), printable, &database,
	    NULL), ERR_OK);
	/* NSS's tools name a CA by its nickname. */
	assert_string_equal(nss_find(&database, false, printable)->id, "2");
	assert_string_equal(nss_find(&database, true, utf8)->id, "3");
	assert_null(nss_find(&database, true, printable));
	assert_null(nss_find(&database, false, utf8));
	assert_null(nss_find(&database, true, lower));
}

TEST(more_than_anybody_has_is_refused)
{
	RELEASE_NSS struct nss_database database = {.count = 0};
	RELEASE_BUFFER struct buffer listing = {0};
	struct error err = {0};
	uint8_t octets[32];
	const struct span name = name_of(PRINTABLE, octets);

	for (int i = 0; i <= NSS_OBJECTS_MAX; i++)
		assert_int_equal(buffer_append_text(&listing, "0|1|" PRINTABLE
		    "|41\n", NULL), ERR_OK);
	assert_int_equal(nss_parse(span_of_buffer(&listing), name, &database,
	    &err), ERR_FORMAT);
	assert_string_equal(err.what, "more than 32 certificates and CRLs "
	    "with the root's name");
	assert_string_equal(err.remedy, "delete those that nobody needs: "
	    "certutil -D, crlutil -D");
}

#define GOOD "0|1|" PRINTABLE "|41\n"

static const struct {
	const char *listing;
	const char *what;
} fault_rows[] = {
	{ "0|1\n", "line 1 of what sqlite3 lists has 2 fields, not 4" },
	{ GOOD GOOD "0|1|" PRINTABLE "|41|\n", "line 3 of what sqlite3 lists "
	    "has 5 fields, not 4" },
	{ GOOD "\n", "line 2 of what sqlite3 lists has 1 field, not 4" },
	{ GOOD "0|x|" PRINTABLE "|41\n", "line 2 of what sqlite3 lists: the "
	    "id is not a number" },
	{ "0|1|4|41\n", "line 1 of what sqlite3 lists: the name is not in "
	    "hexadecimal" },
	{ "0|1|" PRINTABLE "|4G\n", "line 1 of what sqlite3 lists: the "
	    "nickname is not in hexadecimal" },
};

TEST(a_fault_is_told_with_its_line)
{
	uint8_t octets[32];
	const struct span name = name_of(PRINTABLE, octets);

	for (size_t i = 0; i < COUNT_OF(fault_rows); i++) {
		RELEASE_NSS struct nss_database database = {.count = 0};
		struct error err = {0};

		assert_int_equal(nss_parse(span_of_text(
		    fault_rows[i].listing), name, &database, &err),
		    ERR_FORMAT);
		assert_string_equal(err.what, fault_rows[i].what);
		assert_string_equal(err.remedy, "see that sqlite3 is the real "
		    "one, and what `certutil -L -d` says of the database");
	}
}

static const struct {
	const char *output;
	const char *meaning;	/* its beginning; NULL: none */
} reason_rows[] = {
	{ "Incorrect password/PIN entered.", "wrong password" },
	{ "password file contains no data", "the database has a password" },
	{ "crlutil: function failed: SEC_ERROR_READ_ONLY: security library: "
	    "read-only database.", "the database is read-only" },
	{ "crlutil: unable to import CRL: SEC_ERROR_OLD_CRL: New CRL is not "
	    "later than the current one.", NULL },
	{ "", NULL },
};

TEST(what_crlutil_prints_is_explained)
{
	for (size_t i = 0; i < COUNT_OF(reason_rows); i++) {
		const struct nss_reason *reason = nss_find_reason(
		    reason_rows[i].output);

		if (reason_rows[i].meaning == NULL) {
			assert_null(reason);
			continue;
		}
		assert_non_null(reason);
		assert_string_equal(reason->meaning, reason_rows[i].meaning);
		assert_true(reason->remedy[0] != '\0');
	}
}

static const struct {
	const char *output;
	bool has_remedy;
} sqlite_rows[] = {
	{ "Error: in prepare, database is locked (5)", true },
	{ "Error: unable to open database \"cert9.db\": unable to open "
	    "database file", true },
	{ "sqlite3: Error: unknown option: -safe Use -help for a list of "
	    "options.", true },
	{ "Error: in prepare, file is not a database (26)", false },
	{ "Error: in prepare, no such table: nssPublic", false },
	{ "line 0: cannot use the edit() function in safe mode", false },
	{ "", false },
};

TEST(a_damaged_database_is_told_from_one_out_of_reach)
{
	for (size_t i = 0; i < COUNT_OF(sqlite_rows); i++) {
		const char *output = sqlite_rows[i].output;

		print_message("%s\n", output);
		assert_int_equal(nss_sqlite_remedy(output) != NULL,
		    sqlite_rows[i].has_remedy);
	}
}
