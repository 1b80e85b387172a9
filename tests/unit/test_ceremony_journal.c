/* SPDX-License-Identifier: ISC */
/* Where a ceremony stands, written and read again. */
#include <jansson.h>

#include "rooms_fixture.h"
#include "root/ceremony/journal.h"
#include "test.h"

#define NOW_S INT64_C(1800000000)

static const char *const words[] = {"crl-7", "request-a-3"};
static const struct config_words discarded = {(const char **)words, 2};
static const struct config_words none = {NULL, 0};
static struct config_signing signing;
static struct config_root roots[] = {
    {.name = "a", .signing = &signing}, {.name = "b"},
    {.name = "c", .signing = &signing}};
static const struct config config = {.roots = roots, .root_count = 3};

static void
fill_root(struct journal_root *root)
{
	root->is_agreed = true;
	root->has_before = true;
	root->before = number_from_u64(11);
	root->has_preview = true;
	snprintf(root->preview.root, sizeof(root->preview.root), "a");
	snprintf(root->preview.issuer, sizeof(root->preview.issuer),
	    "CN=A\xc3\xa9");
	root->preview.number = number_from_u64(12);
	root->preview.revoked_count = 1000000;
	root->preview.added_count = 2;
	root->entry_count = 2;
	root->entries[0].change = PREVIEW_ADDED;
	root->entries[0].reason = 1;
	snprintf(root->entries[0].serial, sizeof(root->entries[0].serial),
	    "01ab");
	root->entries[1].change = PREVIEW_REMOVED;
	root->entries[1].reason = -1;
	root->entries[1].revoked_at_s = NOW_S;
	snprintf(root->entries[1].why, sizeof(root->entries[1].why),
	    "acknowledged");
	snprintf(root->entries[1].subject, sizeof(root->entries[1].subject),
	    "CN=\xc3\xa4");
	root->left_out = 3;
	snprintf(root->agreed, sizeof(root->agreed), "%064d", 7);
	snprintf(root->bundle, sizeof(root->bundle), "/m/\xff/000012");
}

static void
fill(struct journal *journal)
{
	const struct issue_options options = {.is_first = true,
	    .why = "lost \"all\"", .discarded = &discarded};
	const struct journal_step step = {.name = "people",
	    .step = {NOW_S, "Who", "Ada"}};
	const struct journal_step next = {.name = "date",
	    .step = {NOW_S + 1, "When", "x"}};
	const struct journal_step again = {.name = "date",
	    .step = {NOW_S + 2, .text = "once more", .is_repetition = true}};
	struct error err = {0};

	FINE(journal_init(journal, &config, "/media/stick", &options, NOW_S, "",
	    &err));
	snprintf(journal->operator_name, sizeof(journal->operator_name),
	    "Ada");
	snprintf(journal->witnesses[0], sizeof(journal->witnesses[0]),
	    "Zo\xc3\xab");
	journal->witness_count = 1;
	journal->confirmed_s = NOW_S - NOW_S % DAY_S;
	FINE(journal_add_step(journal, &step, &err));
	FINE(journal_add_step(journal, &next, &err));
	FINE(journal_add_step(journal, &again, &err));
	for (int kind = 0; kind < JOURNAL_KINDS; kind++) {
		FINE(journal_add_text(&journal->records[kind], "late", &err));
		FINE(journal_add_text(&journal->records[kind], "late", &err));
	}
	fill_root(&journal->roots[0]);
}

TEST(what_is_written_is_read)
{
	RELEASE_JOURNAL struct journal before = {.path = ""};
	RELEASE_JOURNAL struct journal after = {.path = ""};
	RELEASE_BUFFER struct buffer text = {0}, again = {0};
	struct journal_root *root;
	struct error err = {0};

	fill(&before);
	FINE(journal_encode(&before, &text, &err));
	FINE(journal_parse(span_of_buffer(&text), &after, &err));
	FINE(journal_encode(&after, &again, &err));
	assert_true(span_equals(span_of_buffer(&text),
	    span_of_buffer(&again)));
	assert_true(journal_is_alike(&before, &after));
	assert_int_equal(after.root_count, 2);
	assert_non_null(journal_find_root(&after, "c"));
	assert_null(journal_find_root(&after, "b"));
	root = journal_find_root(&after, "a");
	assert_non_null(root);
	assert_memory_equal(&root->before, &before.roots[0].before,
	    sizeof(root->before));
	assert_string_equal(root->entries[0].reason_name, "keyCompromise");
	assert_null(root->entries[1].reason_name);
	assert_string_equal(root->entries[0].subject, "");
	assert_string_equal(root->entries[1].subject, "CN=\xc3\xa4");
	assert_string_equal(root->bundle, "/m/?/000012");
	for (int kind = 0; kind < JOURNAL_KINDS; kind++)
		assert_int_equal(after.records[kind].size,
		    sizeof(struct journal_text));
}

/* It knew no subjects. */
TEST(an_older_journal_is_read)
{
	RELEASE_JOURNAL struct journal before = {.path = ""};
	RELEASE_JOURNAL struct journal after = {.path = ""};
	RELEASE_BUFFER struct buffer text = {0};
	struct error err = {0};
	json_t *json, *entry;
	size_t i;
	char *old;

	fill(&before);
	FINE(journal_encode(&before, &text, &err));
	json = json_loadb((const char *)text.data, text.size, 0, NULL);
	json_array_foreach(json_object_get(json_array_get(json_object_get(
	    json, "roots"), 0), "entries"), i, entry)
		assert_int_equal(json_object_del(entry, "subject"), 0);
	assert_int_equal(i, 2);
	old = json_dumps(json, 0);
	FINE(journal_parse(span_of_text(old), &after, &err));
	assert_string_equal(after.roots[0].entries[1].subject, "");
	assert_string_equal(after.roots[0].entries[1].why, "acknowledged");
	free(old);
	json_decref(json);
}

TEST(options_come_back)
{
	RELEASE_JOURNAL struct journal journal = {.path = ""};
	struct config_words ids = {0}, serials = {0};
	struct issue_options options = {.now_s = 1};
	struct error err = {0};

	fill(&journal);
	FINE(journal_options(&journal, &options, &ids, &serials, &err));
	assert_true(options.is_first);
	assert_false(options.is_emergency);
	assert_string_equal(options.why, "lost \"all\"");
	assert_int_equal(options.discarded->count, 2);
	assert_string_equal(options.discarded->words[1], "request-a-3");
	assert_int_equal(options.acknowledged->count, 0);
	free(ids.words);
	free(serials.words);
}

TEST(steps_are_forgotten_from_one_on)
{
	RELEASE_JOURNAL struct journal journal = {.path = ""};
	size_t count;

	fill(&journal);
	assert_true(journal_has_step(&journal, "date"));
	journal_forget_step(&journal, "review");
	assert_true(journal_has_step(&journal, "date"));
	journal_forget_step(&journal, "people");
	assert_false(journal_has_step(&journal, "people"));
	assert_false(journal_has_step(&journal, "date"));
	/* For the minutes they are there. */
	(void)journal_steps(&journal, &count);
	assert_int_equal(count, 3);
}

TEST(others_are_told_apart)
{
	struct error err = {0};
	static const struct {
		const char *name;
		const char *medium;
		struct issue_options options;
		size_t root_count;
		bool want;
	} rows[] = {
	    {"the same", "/m", {.is_first = true, .discarded = &none}, 3,
		true},
	    {"another medium", "/n", {.is_first = true}, 3, false},
	    {"other roots", "/m", {.is_first = true}, 2, false},
	    {"one option less", "/m", {.is_first = false}, 3, false},
	    {"one more", "/m", {.is_first = true, .is_emergency = true}, 3,
		false},
	    {"another reason", "/m", {.is_first = true, .why = "x"}, 3,
		false},
	    {"other evidence", "/m", {.is_first = true,
		.discarded = &discarded}, 3, false},
	    {"other serials", "/m", {.is_first = true,
		.acknowledged = &discarded}, 3, false},
	};
	const struct issue_options options = {.is_first = true};
	RELEASE_JOURNAL struct journal journal = {.path = ""};
	size_t i;

	FINE(journal_init(&journal, &config, "/m", &options, NOW_S, "", &err));
	for (i = 0; i < COUNT_OF(rows); i++) {
		const struct config other = {.roots = roots,
		    .root_count = rows[i].root_count};
		RELEASE_JOURNAL struct journal next = {.path = ""};

		FINE(journal_init(&next, &other, rows[i].medium,
		    &rows[i].options, NOW_S + 1, "", &err));
		if (journal_is_alike(&journal, &next) != rows[i].want)
			fail_msg("%s: want %d, have %d", rows[i].name,
			    rows[i].want, !rows[i].want);
	}
}

static bool
is_new(const char *key)
{
	static const char *const keys[] = {"changes", "notices", "remarks"};

	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		if (strcmp(key, keys[i]) == 0)
			return true;
	}
	return false;
}

/*
 * Each key in turn is left out, and made something else.  An interrupted
 * ceremony of 0.1.0 goes on: the keys that came later may be missing.
 */
TEST(every_key_is_wanted)
{
	RELEASE_JOURNAL struct journal journal = {.path = ""};
	RELEASE_BUFFER struct buffer text = {0};
	json_auto_t *whole = NULL;
	const char *key;
	json_t *value;
	size_t count = 0;

	fill(&journal);
	assert_int_equal(journal_encode(&journal, &text, NULL), ERR_OK);
	whole = json_loadb((const char *)text.data, text.size, 0, NULL);
	json_object_foreach(whole, key, value) {
		json_t *const others[] = {NULL, json_real(1.5),
		    json_integer(INT64_MIN), json_integer(INT64_MAX)};
		size_t i;

		for (i = 0; i < COUNT_OF(others); i++) {
			RELEASE_JOURNAL struct journal out = {.path = ""};
			json_auto_t *broken = json_copy(whole);
			struct error err = {0};
			enum err code;
			char *broken_text;

			assert_int_equal(json_object_del(broken, key), 0);
			if (others[i] != NULL)
				assert_int_equal(json_object_set_new(broken,
				    key, others[i]), 0);
			broken_text = json_dumps(broken, 0);
			code = journal_parse(span_of_text(broken_text), &out,
			    &err);
			if (others[i] == NULL && is_new(key))
				assert_int_equal(code, ERR_OK);
			else if (code != ERR_FORMAT || err.what[0] == '\0')
				fail_msg("%s: want format, have %s", key,
				    error_token(code));
			free(broken_text);
		}
		count++;
	}
	assert_int_equal(count, 15);
}

TEST(damage_is_refused)
{
	static const char *const rows[] = {"", "[]", "{}", "null", "{",
	    "{\"type\":\"crlferry-ceremony\"}",
	    "{\"type\":\"crlferry-ceremony\",\"version\":2}",
	    "{\"type\":\"other\",\"version\":1}"};
	size_t i;

	for (i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_JOURNAL struct journal out = {.path = ""};
		struct error err = {0};

		if (journal_parse(span_of_text(rows[i]), &out, &err) !=
		    ERR_FORMAT)
			fail_msg("%s: want format, have another", rows[i]);
	}
}
