/* SPDX-License-Identifier: ISC */
#include <jansson.h>

#include "test.h"
#include "view/json.h"
#include "views_fixture.h"

static const char *
member(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (value == NULL)
		fail_msg("no member %s", key);
	return json_is_null(value) ? "null" : json_string_value(value);
}

/* Parse the document and see the frame that all of them have. */
static json_t *
parse_document(struct buffer *out, const char *type)
{
	const char *text = text_of(out);
	json_error_t error;
	json_t *top = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	json_t *again;
	char *same;

	if (top == NULL)
		fail_msg("%s in %s", error.text, text);
	assert_string_equal(member(top, "type"), type);
	assert_int_equal(json_integer_value(json_object_get(top, "version")),
	    1);
	again = json_deep_copy(top);
	same = json_dumps(again, JSON_INDENT(2) | JSON_SORT_KEYS |
	    JSON_ENSURE_ASCII);
	assert_memory_equal(text, same, strlen(same));
	assert_string_equal(text + strlen(same), "\n");
	free(same);
	json_decref(again);
	return top;
}

static const struct {
	size_t pair;
	const char *key, *want;
} status_rows[] = {
    {0, "root", "corp-root-g1"}, {0, "subordinate", "issuing-1"},
    {0, "state", "fresh"}, {0, "severity", "OK"},
    {0, "number", "12"}, {0, "this_update", "2026-11-22T00:00:00Z"},
    {0, "next_update", "2027-06-22T00:00:00Z"},
    {0, "next_ceremony", "2027-05-04"},
    {0, "deadline", "2027-05-07T00:00:00Z"},
    {0, "detail", "CRL #12 ends 2027-06-22 (in 211 days), next "
	"ceremony 2027-05-04"},
    {0, "root_not_after", "2036-01-01T00:00:00Z"},
    {1, "state", "expiring"}, {1, "severity", "WARNING"},
    {1, "next_update", "2026-12-05T00:00:00Z"},
    {0, "state_severity", "OK"},
    {0, "upcoming_from", "2027-04-20T00:00:00Z"},
    {0, "subordinate_not_after", "null"},
    {1, "root_not_after", "null"},
    {2, "state", "missing"}, {2, "severity", "CRITICAL"},
    {2, "subordinate", ""}, {2, "number", "null"},
    {2, "this_update", "null"}, {2, "next_update", "null"},
    {2, "next_ceremony", "null"}, {2, "deadline", "null"},
    {2, "upcoming_from", "null"},
    {0, "installed_at", "null"}, {0, "installed_number", "null"},
    {0, "installed_known", "null"}, {0, "stores_failed", "null"},
    {0, "requested_at", "null"}, {0, "requested_number", "null"},
};

TEST(status_is_json)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	struct scene scene;
	json_t *top, *pairs, *stores;
	size_t i;

	set_scene(&scene);
	scene.facts[2].has_root_not_after = true;
	scene.facts[2].root_not_after_s = instant("2027-05-04");
	standing_decide(&scene.facts[2], scene.now_s, &scene.standings[2]);
	FINE(json_standings(scene.standings, 3, scene.now_s, &out, &err));
	top = parse_document(&out, "crlferry-status");
	assert_string_equal(member(top, "now"), NOW);
	assert_string_equal(member(top, "severity"), "CRITICAL");
	pairs = json_object_get(top, "pairs");
	assert_int_equal(json_array_size(pairs), 3);
	for (i = 0; i < COUNT_OF(status_rows); i++)
		assert_string_equal(member(json_array_get(pairs,
		    status_rows[i].pair), status_rows[i].key),
		    status_rows[i].want);
	stores = json_object_get(json_array_get(pairs, 1), "stores");
	assert_int_equal(json_array_size(stores), 2);
	assert_string_equal(member(json_array_get(stores, 0), "path"),
	    "/a \"b\"\\c|d\n?");
	assert_string_equal(member(json_array_get(stores, 0), "number"),
	    "12");
	assert_string_equal(member(json_array_get(stores, 1), "number"),
	    "null");
	assert_string_equal(member(json_array_get(stores, 1), "type"), "der");
	assert_true(json_is_true(json_object_get(json_array_get(stores, 1),
	    "valid")));
	stores = json_object_get(json_array_get(pairs, 2), "stores");
	assert_true(json_is_false(json_object_get(json_array_get(stores, 0),
	    "present")));
	assert_string_equal(member(json_array_get(stores, 0), "next_update"),
	    "null");
	json_decref(top);
}

/* Of the first pair alone, and of its store. */
TEST(next_crl_publish_is_told)
{
	static const char at[] = "2027-06-01T08:06:03Z";
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	struct scene scene;
	json_t *top, *pairs;
	size_t i;

	set_scene(&scene);
	scene.places[0].next_publish_s = instant(at);
	standing_decide(&scene.facts[0], scene.now_s, &scene.standings[0]);
	FINE(json_standings(scene.standings, 3, scene.now_s, &out, &err));
	top = parse_document(&out, "crlferry-status");
	pairs = json_object_get(top, "pairs");
	for (i = 0; i < 3; i++) {
		const json_t *pair = json_array_get(pairs, i);
		const char *want = i == 0 ? at : "null";

		assert_string_equal(member(pair, "next_publish"), want);
		assert_string_equal(member(json_array_get(json_object_get(pair,
		    "stores"), 0), "next_publish"), want);
	}
	json_decref(top);
}

TEST(news_are_told)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	struct scene scene;
	json_t *top, *pair;

	set_scene(&scene);
	scene.facts[0].news = (struct standing_news){ .has_receipt = true,
	    .installed_s = instant("2026-11-22T11:00:00Z"),
	    .installed_has_number = true,
	    .installed_number = number_from_u64(12),
	    .is_installed_known = true, .stores = 3, .stores_failed = 1,
	    .has_request = true,
	    .requested_s = instant("2026-11-20T08:00:00Z"),
	    .requested_number = number_from_u64(11) };
	FINE(json_standings(scene.standings, 1, scene.now_s, &out, &err));
	top = parse_document(&out, "crlferry-status");
	pair = json_array_get(json_object_get(top, "pairs"), 0);
	assert_string_equal(member(pair, "installed_at"),
	    "2026-11-22T11:00:00Z");
	assert_string_equal(member(pair, "installed_number"), "12");
	assert_true(json_is_true(json_object_get(pair, "installed_known")));
	assert_int_equal(json_integer_value(json_object_get(pair,
	    "stores_failed")), 1);
	assert_string_equal(member(pair, "requested_at"),
	    "2026-11-20T08:00:00Z");
	/* It was only claimed. */
	assert_string_equal(member(pair, "requested_number"), "null");
	json_decref(top);
}

TEST(no_pairs_are_json_too)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	json_t *top;

	FINE(json_standings(NULL, 0, 0, &out, &err));
	top = parse_document(&out, "crlferry-status");
	assert_string_equal(member(top, "severity"), "UNKNOWN");
	assert_int_equal(json_array_size(json_object_get(top, "pairs")), 0);
	json_decref(top);
}

TEST(findings_are_json)
{
	const struct lint_finding findings[] = {
	    {"crl-version", LINT_ERROR, "RFC 5280 5.1.2.1", "want v2"},
	    {"other", LINT_NOTICE, "here", "\xc3\xa4"},
	};
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	json_t *top, *first, *second;

	FINE(json_findings("r.crl", "crl", findings, 2, 7, &out, &err));
	top = parse_document(&out, "crlferry-lint");
	assert_string_equal(member(top, "file"), "r.crl");
	assert_string_equal(member(top, "kind"), "crl");
	assert_int_equal(json_integer_value(json_object_get(top, "left_out")),
	    7);
	first = json_array_get(json_object_get(top, "findings"), 0);
	second = json_array_get(json_object_get(top, "findings"), 1);
	assert_string_equal(member(first, "id"), "crl-version");
	assert_string_equal(member(first, "severity"), "error");
	assert_string_equal(member(first, "source"), "RFC 5280 5.1.2.1");
	assert_string_equal(member(first, "text"), "want v2");
	assert_string_equal(member(second, "severity"), "notice");
	assert_string_equal(member(second, "text"), "\xc3\xa4");
	json_decref(top);
}

TEST(errors_are_json)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error error = {0}, err = {0};
	json_t *top;

	err_fail(&error, ERR_ROLLBACK, "r.crl: want #13, have \"#12\"");
	FINE(json_error("crlferry-sub", &error, &out, &err));
	top = parse_document(&out, "crlferry-error");
	assert_string_equal(member(top, "program"), "crlferry-sub");
	assert_string_equal(member(top, "token"), "rollback");
	assert_int_equal(json_integer_value(json_object_get(top, "status")),
	    77);
	assert_string_equal(member(top, "message"),
	    "r.crl: want #13, have \"#12\"");
	assert_string_equal(member(top, "remedy"),
	    error_remedy(ERR_ROLLBACK));
	json_decref(top);
}

TEST(rows_are_json)
{
	const struct json_field fields[] = {
	    {"name", FIELD_TEXT, "a", 0}, {"size", FIELD_INTEGER, NULL, -7},
	    {"ok", FIELD_BOOLEAN, NULL, 1},
	    {"name", FIELD_TEXT, NULL, 0},
	    {"size", FIELD_INTEGER, NULL, INT64_MAX},
	    {"ok", FIELD_BOOLEAN, NULL, 0},
	};
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};

	FINE(json_rows("crlferry-test", "rows", fields, 3, 2, &out, &err));
	assert_string_equal(text_of(&out),
	    "{\n"
	    "  \"rows\": [\n"
	    "    {\n"
	    "      \"name\": \"a\",\n"
	    "      \"ok\": true,\n"
	    "      \"size\": -7\n"
	    "    },\n"
	    "    {\n"
	    "      \"name\": null,\n"
	    "      \"ok\": false,\n"
	    "      \"size\": 9223372036854775807\n"
	    "    }\n"
	    "  ],\n"
	    "  \"type\": \"crlferry-test\",\n"
	    "  \"version\": 1\n"
	    "}\n");
}
