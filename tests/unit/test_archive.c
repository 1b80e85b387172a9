/* SPDX-License-Identifier: ISC */
/* CRLs that were issued, as they lie in the state folder. */
#include <sys/stat.h>

#include "base/file.h"
#include "exists_fixture.h"
#include "rooms_fixture.h"
#include "root/history/archive.h"
#include "site/state.h"
#include "test.h"

static char folder[FIXTURE_PATH_SIZE];	/* of the CAs */
static char place[FIXTURE_PATH_SIZE];	/* of the state, per test */
static char archive[PATH_SIZE];
static struct config config = { .path = "x.cfg", .state = place };
static struct cert *root;

/* <name>.crl in DER, with this number in hex. */
static void
make_crl(const char *ca, const char *number, const char *options,
    const char *name)
{
	char file[64];

	snprintf(file, sizeof(file), "%s.crlnumber", ca);
	fixture_write_text(folder, file, number);
	fixture_openssl(folder, "ca -gencrl -config %s.cnf %s -out crl.pem",
	    ca, options);
	fixture_openssl(folder, "crl -in crl.pem -outform DER -out %s.crl",
	    name);
}

static int
set_up(void **state)
{
	fixture_make_folder(folder);
	fixture_make_ca(folder, "root", "rsa");
	fixture_make_ca(folder, "other", "p256");
	make_crl("root", "0C", "", "12");
	make_crl("root", "0D", "", "13");
	make_crl("root", "0186A0", "", "100000");
	make_crl("root", "0E", "-md sha1", "weak");
	make_crl("other", "0C", "", "other");
	make_crl("root", "00", "-crl_lastupdate 20260101000000Z "
	    "-crl_nextupdate 20270101000000Z", "early");
	make_crl("root", "00", "-crl_lastupdate 20260201000000Z "
	    "-crl_nextupdate 20270101000000Z", "late");
	root = load_cert(folder, "root");
	return 0;
}

static int
tear_down(void **state)
{
	cert_free(root);
	return 0;
}

AROUND_ALL(set_up, tear_down)

static int
enter(void **state)
{
	fixture_make_folder(place);
	path_in(archive, place, "r/archive");
	return file_make_folder(archive, 0755, NULL) == ERR_OK ? 0 : -1;
}

AROUND_EACH(enter, NULL)

/* Put a CRL into the archive under any name. */
static void
put(const char *crl, const char *name)
{
	RELEASE_BUFFER struct buffer der = {0};
	char file[64];

	snprintf(file, sizeof(file), "%s.crl", crl);
	fixture_read(folder, file, &der);
	fixture_write(archive, name, span_of_buffer(&der));
}

struct stored {
	const char *crl;
	const char *name;
};

static const struct {
	const char *name;
	struct stored stored[4];
	const char *want;	/* number of the last; NULL: none */
} lasts[] = {
	{ "empty", { { NULL } }, NULL },
	{ "one", { { "12", "000012.crl" } }, "12" },
	{ "the higher of two", { { "12", "000012.crl" },
	    { "13", "000013.crl" } }, "13" },
	{ "by value, not by letters", { { "100000", "100000.crl" },
	    { "13", "000013.crl" }, { "12", "000012.crl" } }, "100000" },
	{ "strangers are passed over", { { "12", "000012.crl" },
	    { "13", "000013.crl.bak" }, { "13", ".000013.crl.crlferry-new" },
	    { "13", "000013.pem" } }, "12" },
	{ "strangers alone", { { "12", "notes.txt" }, { "12", ".crl" },
	    { "12", "-12.crl" }, { "12", "0x0c.crl" } }, NULL },
};

TEST(the_highest_number_is_the_last)
{
	for (size_t i = 0; i < COUNT_OF(lasts); i++) {
		RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
		RELEASE_NOTICES struct notices notices = {0};
		char number[NUMBER_TEXT_SIZE];
		struct error err = {0};
		bool found = lasts[i].want == NULL;

		fixture_remove_folder(archive);
		assert_int_equal(mkdir(archive, 0755), 0);
		for (size_t k = 0; k < COUNT_OF(lasts[i].stored) &&
		    lasts[i].stored[k].crl != NULL; k++)
			put(lasts[i].stored[k].crl, lasts[i].stored[k].name);
		assert_fine(lasts[i].name, archive_open_last(&config, "r",
		    root, &last, &found, &notices, &err), &err);
		assert_int_equal(notices.lines.size, 0);
		assert_int_equal(found, lasts[i].want != NULL);
		if (!found)
			continue;
		number_format(&last.number, 0, number);
		assert_string_equal(number, lasts[i].want);
		assert_int_equal(number_compare(&last.number,
		    &last.crl.number), 0);
		assert_non_null(strstr(last.path, "/archive/"));
	}
}

TEST(a_root_without_a_folder_has_none)
{
	RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
	struct notices notices = {0};
	struct error err = {0};
	bool found = true;

	FINE(archive_open_last(&config, "unknown", root, &last, &found,
	    &notices, &err));
	assert_false(found);
	assert_int_equal(count_entries(place, ""), 1);
}

/* The last one counts, even if it cannot be used: nothing older stands in. */
TEST(a_bad_last_one_is_refused)
{
	static const struct {
		const char *name;
		struct stored last;
		mode_t mode;
		enum err want;
		const char *says;
	} rows[] = {
		{ "another CA's", { "other", "000013.crl" }, 0644,
		    ERR_ISSUER, "000013.crl" },
		{ "that others may write", { "13", "000013.crl" }, 0666,
		    ERR_PERMISSIONS, "000013.crl" },
		{ "under another's number", { "12", "000013.crl" }, 0644,
		    ERR_FORMAT, "000013.crl" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
		struct notices notices = {0};
		struct error err = {0};
		char path[PATH_SIZE];
		bool found = false;

		put("12", "000012.crl");
		put(rows[i].last.crl, rows[i].last.name);
		path_in(path, archive, rows[i].last.name);
		assert_int_equal(chmod(path, rows[i].mode), 0);
		assert_refusal(rows[i].name, rows[i].want, rows[i].says,
		    archive_open_last(&config, "r", root, &last, &found,
		    &notices, &err), &err);
	}
}

TEST(damage_is_refused)
{
	RELEASE_BUFFER struct buffer der = {0};

	put("12", "000012.crl");
	fixture_read(folder, "13.crl", &der);
	for (size_t i = 0; i < 3; i++) {
		RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
		struct notices notices = {0};
		struct error err = {0};
		bool found = false;
		enum err code;

		/* Cut, emptied, and with one octet of its signature off. */
		der.data[der.size - 1] ^= 1;
		fixture_write(archive, "000013.crl", (struct span){ der.data,
		    i == 0 ? der.size - 1 : i == 1 ? 0 : der.size });
		der.data[der.size - 1] ^= 1;
		code = archive_open_last(&config, "r", root, &last, &found,
		    &notices, &err);
		assert_refusal("damage", i < 2 ? ERR_FORMAT : ERR_SIGNATURE,
		    "000013.crl", code, &err);
	}
}

TEST(a_weak_one_is_a_notice)
{
	RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
	RELEASE_ARCHIVED struct archived open = ARCHIVED_NONE;
	RELEASE_NOTICES struct notices notices = {0};
	struct crl_survey survey;
	struct error err = {0};
	char path[PATH_SIZE];
	bool found = false;

	put("weak", "000014.crl");
	FINE(archive_open_last(&config, "r", root, &last, &found, &notices,
	    &err));
	assert_true(found);
	assert_true(span_contains(span_of_buffer(&notices.lines), "SHA-1"));
	FINE(crl_survey(&last.crl, NULL, &survey, &err));
	path_in(path, archive, "000014.crl");
	assert_refusal("open", ERR_WEAK, "000014.crl",
	    archived_open(path, root, &open, &err), &err);
	assert_int_equal(open.crl.version, 2);
}

TEST(one_file_is_opened)
{
	RELEASE_ARCHIVED struct archived open = ARCHIVED_NONE;
	RELEASE_ARCHIVED struct archived none = ARCHIVED_NONE;
	struct error err = {0};
	char path[PATH_SIZE];

	put("12", "000012.crl");
	path_in(path, archive, "000012.crl");
	FINE(archived_open(path, root, &open, &err));
	assert_int_equal(open.crl.number.octets[NUMBER_OCTETS - 1], 12);
	path_in(path, archive, "000099.crl");
	assert_refusal("missing", ERR_MISSING, "000099.crl",
	    archived_open(path, root, &none, &err), &err);
}

TEST(what_waits_is_admitted)
{
	RELEASE_BUFFER struct buffer der = {0};
	const struct number number = number_from_u64(13);
	char waiting[4096], path[4096], want[PATH_SIZE];
	struct error err = {0};

	fixture_remove_folder(archive);
	FINE(archive_waiting_path(&config, "r", waiting, sizeof(waiting),
	    &err));
	path_in(want, place, "r/unverified.crl");
	assert_string_equal(waiting, want);
	/* Its folder is made, and nothing is in it. */
	assert_int_equal(count_entries(archive, ""), 0);
	assert_refusal("nothing waits", ERR_MISSING, "000013.crl",
	    archive_admit(&config, "r", &number, path, sizeof(path), &err),
	    &err);
	fixture_read(folder, "13.crl", &der);
	FINE(file_replace(waiting, span_of_buffer(&der), 0644, &err));
	FINE(archive_admit(&config, "r", &number, path, sizeof(path), &err));
	path_in(want, archive, "000013.crl");
	assert_string_equal(path, want);
	assert_false(file_exists(waiting));
	assert_file_equals(archive, "000013.crl", span_of_buffer(&der));
}

static void
admit(const char *crl)
{
	RELEASE_BUFFER struct buffer der = {0};
	const struct number zero = number_from_u64(0);
	char waiting[4096], path[4096];
	struct error err = {0};
	char file[64];

	snprintf(file, sizeof(file), "%s.crl", crl);
	fixture_read(folder, file, &der);
	FINE(archive_waiting_path(&config, "r", waiting, sizeof(waiting),
	    &err));
	FINE(file_replace(waiting, span_of_buffer(&der), 0644, &err));
	FINE(archive_admit(&config, "r", &zero, path, sizeof(path), &err));
}

static bool
holds(const char *this_update, uint8_t sha256[SHA256_SIZE])
{
	const struct number zero = number_from_u64(0);
	struct error err = {0};
	int64_t at_s;
	bool is_held, found;

	assert_true(utc_parse(this_update, &at_s));
	FINE(archive_holds(&config, "r", &zero, at_s, &is_held, &err));
	FINE(archive_digest(&config, "r", &zero, at_s, &found, sha256, &err));
	assert_int_equal(is_held, found);
	return found;
}

/* Number 0 does not tell them apart: thisUpdate does. */
TEST(what_number_0_replaces_is_kept)
{
	static const char *const places[] = { "000000.crl",
		"000000-20260101T000000Z.crl" };
	static const char *const files[] = { "late.crl", "early.crl" };
	uint8_t early[SHA256_SIZE], again[SHA256_SIZE], late[SHA256_SIZE];

	assert_false(holds("2026-01-01", early));
	admit("early");
	assert_true(holds("2026-01-01", early));
	assert_false(holds("2026-02-01", late));
	/* As a run leaves it that was cut short before its rename. */
	put("early", "000000-20260101T000000Z.crl");
	admit("late");
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		RELEASE_BUFFER struct buffer der = {0};

		fixture_read(folder, files[i], &der);
		assert_file_equals(archive, places[i], span_of_buffer(&der));
	}
	assert_int_equal(count_entries(archive, ""), 2);
	assert_true(holds("2026-01-01", again));
	assert_memory_equal(early, again, SHA256_SIZE);
	assert_true(holds("2026-02-01", late));
	assert_memory_not_equal(early, late, SHA256_SIZE);
	assert_false(holds("2026-03-01", late));
}

TEST(paths_that_do_not_fit_are_refused)
{
	const struct number number = number_from_u64(13);
	struct error err = {0};
	char small[8];

	assert_refusal("waiting", ERR_FORMAT, "longer than",
	    archive_waiting_path(&config, "r", small, sizeof(small), &err),
	    &err);
	err = (struct error){0};
	fixture_write_text(place, "r/unverified.crl", "x");
	assert_refusal("admit", ERR_FORMAT, "longer than",
	    archive_admit(&config, "r", &number, small, sizeof(small), &err),
	    &err);
	assert_file_equals(place, "r/unverified.crl", span_of_text("x"));
}

TEST(those_below_a_number_are_found_too)
{
	static const struct {
		const char *name;
		uint64_t below;
		uint64_t want;	/* 0: none */
	} rows[] = {
		{ "all", 14, 13 }, { "its own number", 13, 12 },
		{ "a number between", 100, 13 }, { "none", 12, 0 },
	};

	put("12", "000012.crl");
	put("13", "000013.crl");
	put("12", "000012-20260101T000000Z.crl");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
		const struct number below = number_from_u64(rows[i].below);
		const struct number want = number_from_u64(rows[i].want);
		struct notices notices = {0};
		struct error err = {0};
		bool found;

		assert_fine(rows[i].name, archive_open_below(&config, "r",
		    root, &below, &last, &found, &notices, &err), &err);
		assert_int_equal(found, rows[i].want != 0);
		if (found)
			assert_int_equal(number_compare(&last.number, &want),
			    0);
	}
}

/* Out of the order, but not out of the archive. */
TEST(the_highest_is_set_aside)
{
	const struct number twelve = number_from_u64(12);
	const struct number thirteen = number_from_u64(13);
	RELEASE_BUFFER struct buffer der = {0};
	uint8_t want[SHA256_SIZE], have[SHA256_SIZE];
	struct error err = {0};
	struct number number;
	char path[4096];
	bool found;

	put("12", "000012.crl");
	put("13", "000013.crl");
	fixture_read(folder, "13.crl", &der);
	FINE(sha256(span_of_buffer(&der), want, &err));
	FINE(archive_set_aside(&config, "r", &thirteen, &found, &number, path,
	    sizeof(path), have, &err));
	assert_false(found);
	assert_int_equal(count_entries(archive, ""), 2);
	FINE(archive_set_aside(&config, "r", &twelve, &found, &number, path,
	    sizeof(path), have, &err));
	assert_true(found);
	assert_int_equal(number_compare(&number, &thirteen), 0);
	assert_memory_equal(want, have, SHA256_SIZE);
	assert_non_null(strstr(path, "/archive/000013-20"));
	assert_file_equals(archive, strrchr(path, '/') + 1,
	    span_of_buffer(&der));
	assert_int_equal(count_entries(archive, ""), 2);
	FINE(archive_set_aside(&config, "r", &twelve, &found, &number, path,
	    sizeof(path), have, &err));
	assert_false(found);
}
