/* SPDX-License-Identifier: ISC */
/* The notes that a root keeps. */
#include <sys/stat.h>

#include "base/file.h"
#include "rooms_fixture.h"
#include "root/evidence/notes.h"
#include "root/evidence/proven_crl.h"
#include "secret_fixture.h"
#include "test.h"

#define NOTES "r/notes"

static char folder[FIXTURE_PATH_SIZE];
static struct minisign_secret ours, replaced;
static char our_line[MINISIGN_PUBLIC_LINE_SIZE];
static char replaced_line[MINISIGN_PUBLIC_LINE_SIZE];
static struct config_subordinate subordinates[2];
static struct config_root root = { .name = "r", .subordinates = subordinates };
static struct config config = { .path = "x.cfg", .state = folder,
	.max_crl_bytes = 1000, .roots = &root, .root_count = 1 };

static int
set_up(void **state)
{
	if (secret_start(NULL) != ERR_OK)
		return -1;
	make_secret(&ours);
	minisign_public_line(&ours.public, our_line);
	make_secret(&replaced);
	minisign_public_line(&replaced.public, replaced_line);
	return 0;
}

static int
tear_down(void **state)
{
	minisign_secret_release(&ours);
	minisign_secret_release(&replaced);
	return 0;
}

AROUND_ALL(set_up, tear_down)

/* "a-1" begins as a note of "a" does. */
static int
enter(void **state)
{
	fixture_make_folder(folder);
	subordinates[0] = (struct config_subordinate){ .name = "a",
	    .line = 7, .note_key = our_line };
	subordinates[1] = (struct config_subordinate){ .name = "a-1",
	    .line = 9, .note_key = our_line };
	root.subordinate_count = 2;
	root.name = "r";
	return 0;
}

AROUND_EACH(enter, NULL)

/* A request of this time, sealed; only the time tells texts apart. */
static enum err
keep(const struct minisign_secret *secret, const char *subordinate,
    uint64_t sequence, int64_t at_s, bool *is_known, struct error *err)
{
	RELEASE_BUFFER struct buffer json = {0}, seal = {0};
	RELEASE_NOTE struct note note = { .kind = NOTE_REQUEST, .root = "r",
		.sequence = sequence, .at_s = at_s };
	char comment[MINISIGN_COMMENT_SIZE];

	snprintf(note.subordinate, sizeof(note.subordinate), "%s",
	    subordinate);
	memset(note.nonce, '7', sizeof(note.nonce) - 1);
	note_comment(&note, comment, sizeof(comment));
	assert_int_equal(note_encode(&note, &json, NULL), ERR_OK);
	assert_int_equal(minisign_sign(secret, span_of_buffer(&json), comment,
	    &seal, NULL), ERR_OK);
	return notes_keep(&config, &root, &note, span_of_buffer(&json),
	    span_of_buffer(&seal), is_known, err);
}

static void
keeps(const char *subordinate, uint64_t sequence, int64_t at_s, bool known)
{
	struct error err = {0};
	bool is_known = !known;
	char path[PATH_SIZE];

	assert_fine(subordinate, keep(&ours, subordinate, sequence, at_s,
	    &is_known, &err), &err);
	assert_int_equal(is_known, known);
	path_in(path, folder, NOTES);
	assert_no_temporaries(subordinate, path);
}

static void
refuses(uint64_t sequence, int64_t at_s)
{
	struct error err = {0};
	bool is_known;

	assert_refusal("replay", ERR_ROLLBACK, "sequence",
	    keep(&ours, "a", sequence, at_s, &is_known, &err), &err);
}

static size_t
count_notes(void)
{
	char path[PATH_SIZE];

	path_in(path, folder, NOTES);
	return count_entries(path, "");
}

/* What a visit shows, as one line. */
static enum err
list(void *context, const struct kept_note *kept, struct error *err)
{
	return buffer_appendf(context, err, "%s@%lld ", kept->id,
	    (long long)kept->note.at_s);
}

static void
shows(const char *want, const char *says)
{
	RELEASE_BUFFER struct buffer have = {0};
	RELEASE_NOTICES struct notices notices = {0};
	struct error err = {0};

	assert_fine(want, notes_visit(&config, &root, list, &have, &notices,
	    &err), &err);
	if (!span_equals(span_of_buffer(&have), span_of_text(want)))
		fail_msg("want \"%s\", have \"%.*s\"", want, (int)have.size,
		    (const char *)have.data);
	if (says[0] == '\0' ? notices.lines.size > 0 :
	    !span_contains(span_of_buffer(&notices.lines), says))
		fail_msg("%s: want \"%s\" said, have \"%.*s\"", want, says,
		    (int)notices.lines.size,
		    (const char *)notices.lines.data);
}

TEST(the_newest_is_kept)
{
	shows("", "");
	keeps("a", 3, 100, false);
	shows("request-a-3@100 ", "");
	assert_int_equal(count_notes(), 2);
	keeps("a", 17, 90, false);
	shows("request-a-17@90 ", "");
	assert_int_equal(count_notes(), 2);
	keeps("a", 17, 90, true);
	refuses(17, 91);
	refuses(16, 200);
	refuses(3, 100);
	shows("request-a-17@90 ", "");
	assert_int_equal(count_notes(), 2);
}

TEST(subordinates_do_not_meet)
{
	keeps("a-1", 2, 100, false);
	keeps("a", 1, 101, false);
	keeps("a", 2, 102, false);
	shows("request-a-2@102 request-a-1-2@100 ", "");
	refuses(1, 103);
	keeps("a-1", 3, 104, false);
	shows("request-a-2@102 request-a-1-3@104 ", "");
}

TEST(numbers_are_compared_as_numbers)
{
	keeps("a", 9, 100, false);
	keeps("a", 10, 101, false);
	refuses(9, 100);
	keeps("a", INT64_MAX, 102, false);
	refuses(11, 103);
	shows("request-a-9223372036854775807@102 ", "");
}

/* Cut off between its two files, it is none; the next run completes it. */
TEST(without_its_seal_it_is_none)
{
	keeps("a", 1, 100, false);
	keeps("a", 2, 101, false);
	fixture_run(folder, (const char *const[]){ "rm",
	    NOTES "/request-a-2.json.minisig", NULL });
	shows("", "");
	keeps("a", 2, 101, false);
	shows("request-a-2@101 ", "");
}

/* Cut off before the old one was dropped: the newest counts. */
TEST(of_two_the_newest_counts)
{
	keeps("a", 1, 100, false);
	fixture_run(folder, (const char *const[]){ "cp", "-r", NOTES, "kept",
	    NULL });
	keeps("a", 2, 101, false);
	fixture_run(folder, (const char *const[]){ "sh", "-c",
	    "cp kept/* " NOTES, NULL });
	assert_int_equal(count_notes(), 4);
	shows("request-a-2@101 ", "");
	refuses(1, 100);
	keeps("a", 2, 101, true);
	assert_int_equal(count_notes(), 2);
}

TEST(what_was_changed_is_passed_over)
{
	keeps("a", 5, 100, false);
	fixture_run(folder, (const char *const[]){ "sed", "-i",
	    "s/1970/1971/", NOTES "/request-a-5.json", NULL });
	shows("", "request-a-5.json: passed over: seal: ");
	/* Under another's name it is not that one's. */
	keeps("a", 6, 101, false);
	fixture_run(folder, (const char *const[]){ "sh", "-c", "cd " NOTES
	    " && mv request-a-6.json request-a-7.json &&"
	    " mv request-a-6.json.minisig request-a-7.json.minisig", NULL });
	shows("", "the note in it is request-a-6");
}

/* One key may be that of several: a note says itself whose it is. */
TEST(under_anothers_name_it_is_none)
{
	static const struct {
		const char *move;	/* by sh(1), in the folder */
		const char *root;	/* that is asked then */
		const char *says;
	} rows[] = {
		{ "cd r/notes && mv request-a-5.json request-a-1-5.json && "
		    "mv request-a-5.json.minisig request-a-1-5.json.minisig",
		    "r", "request-a-1-5.json: passed over" },
		{ "cd r/notes && mv request-a-5.json receipt-a-5.json && "
		    "mv request-a-5.json.minisig receipt-a-5.json.minisig",
		    "r", "receipt-a-5.json: passed over" },
		{ "mv r s", "s", "request-a-5 of root r" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		root.name = "r";
		keeps("a", 5, 100, false);
		fixture_run(folder, (const char *const[]){ "sh", "-c",
		    rows[i].move, NULL });
		root.name = rows[i].root;
		shows("", rows[i].says);
		fixture_run(folder, (const char *const[]){ "rm", "-r",
		    rows[i].root, NULL });
	}
}

/* It might be the newest: no older one may pass for it. */
TEST(what_may_not_be_read_ends_the_visit)
{
	static const char *const names[] = { NOTES "/request-a-5.json",
		NOTES "/request-a-5.json.minisig" };

	keeps("a", 5, 100, false);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		RELEASE_BUFFER struct buffer have = {0};
		struct error err = {0};
		bool is_known;

		fixture_run(folder, (const char *const[]){ "chmod", "g+w",
		    names[i], NULL });
		assert_refusal(names[i], ERR_PERMISSIONS, names[i],
		    notes_visit(&config, &root, list, &have, NULL, &err),
		    &err);
		assert_refusal(names[i], ERR_PERMISSIONS, names[i],
		    keep(&ours, "a", 6, 101, &is_known, &err), &err);
		fixture_run(folder, (const char *const[]){ "chmod", "g-w",
		    names[i], NULL });
	}
}

TEST(a_new_key_begins_anew)
{
	struct error err = {0};
	bool is_known;

	subordinates[0].note_key = replaced_line;
	FINE(keep(&replaced, "a", 500, 100, &is_known, &err));
	shows("request-a-500@100 ", "");
	subordinates[0].note_key = our_line;
	shows("", "request-a-500.json: passed over");
	keeps("a", 1, 101, false);
	shows("request-a-1@101 ", "");
	assert_int_equal(count_notes(), 2);
}

static enum err
stop(void *context, const struct kept_note *kept, struct error *err)
{
	++*(int *)context;
	return err_fail(err, ERR_REGRESSED, "%s", kept->id);
}

TEST(an_error_ends_the_visit)
{
	struct error err = {0};
	int calls = 0;

	keeps("a", 1, 100, false);
	keeps("a-1", 1, 100, false);
	assert_refusal("stop", ERR_REGRESSED, "request-a-1", notes_visit(
	    &config, &root, stop, &calls, NULL, &err), &err);
	assert_int_equal(calls, 1);
}

TEST(keys)
{
	struct minisign_public key;
	struct error err = {0};

	FINE(notes_key(&config, &subordinates[0], &key, &err));
	assert_memory_equal(key.key, ours.public.key, sizeof(key.key));
	subordinates[0].note_key = NULL;
	assert_refusal("none", ERR_CONFIG, "x.cfg:7: a: ", notes_key(&config,
	    &subordinates[0], &key, &err), &err);
	subordinates[0].note_key = "RWnonsense";
	assert_refusal("bad", ERR_KEY, "RWnonsense", notes_key(&config,
	    &subordinates[0], &key, &err), &err);
}

TEST(crl_paths)
{
	const struct number number = number_from_u64(13);
	char path[4096], want[PATH_SIZE];

	path_in(want, folder, NOTES "/000013.crl");
	assert_int_equal(notes_crl_path(&config, "r", &number, path,
	    sizeof(path), NULL), ERR_OK);
	assert_string_equal(path, want);
}

TEST(crls_are_dropped_up_to_a_number)
{
	static const char *const files[] = { "000000.crl", "000012.crl",
	    "000013.crl", "000014.crl", "13.crl", "x.crl" };
	const struct number last = number_from_u64(13);
	char path[PATH_SIZE];
	size_t i;
	struct error err = {0};

	/* Where there is no folder, there is nothing to do. */
	FINE(notes_drop_crls(&config, "r", &last, &err));
	keeps("a", 1, 100, false);
	path_in(path, folder, NOTES);
	for (i = 0; i < COUNT_OF(files); i++)
		fixture_write_text(path, files[i], "x");
	FINE(notes_drop_crls(&config, "r", &last, &err));
	assert_file_equals(path, "000014.crl", span_of_text("x"));
	assert_file_equals(path, "13.crl", span_of_text("x"));
	assert_file_equals(path, "x.crl", span_of_text("x"));
	assert_int_equal(count_notes(), 2 + 3);
	shows("request-a-1@100 ", "");
}

TEST(unknown_subordinates)
{
	struct error err = {0};
	char path[PATH_SIZE];
	bool is_known;

	assert_refusal("stranger", ERR_MISSING, "b is no subordinate",
	    keep(&ours, "b", 1, 1, &is_known, &err), &err);
	path_in(path, folder, NOTES);
	assert_int_equal(access(path, F_OK), -1);
}
