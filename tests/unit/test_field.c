/* SPDX-License-Identifier: ISC */
/* Tables of JSON fields; manifest, note and order have tests of their own. */
#include "base/number.h"
#include "base/text.h"
#include "base/utc.h"
#include "ferry/field.h"
#include "test.h"

#define FIELD_DOCUMENT "thing"

struct thing {
	char name[5];
	struct buffer text;
	int64_t at_s;
	int64_t day_s;
	bool has_day;
	struct number number;
	bool has_number;
	bool is_good;
	size_t count;
	int64_t sum;
};

static enum err
take(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct thing *thing = to;

	if (!json_is_integer(value))
		return field_want(field, "a list of integers", value, err);
	thing->count++;
	thing->sum = 10 * thing->sum + json_integer_value(value);
	return ERR_OK;
}

static const struct field fields[] = {
	FIELD_TYPE("crlferry-thing"),
	FIELD_VERSION(3),
	FIELD(thing, name, "name", field_text),
	FIELD_MAYBE(thing, text, "text", field_buffer),
	FIELD(thing, at_s, "at", field_seconds),
	FIELD_IF(thing, day_s, has_day, "day", field_date),
	FIELD_OR_NULL(thing, number, has_number, "number", field_number),
	FIELD(thing, is_good, "good", field_boolean),
	FIELD_LIST("list", 3, take, NULL),
};

#define HEAD "\"type\": \"crlferry-thing\", \"version\": 3, "
#define REST "\"at\": 0, \"number\": null, \"good\": true, \"list\": []"

static enum err
read_thing(const char *text, struct thing *out, bool is_strict,
    struct error *err)
{
	RELEASE_BUFFER struct buffer whole = {0};
	json_auto_t *json = NULL;

	TRY(buffer_appendf(&whole, err, "{%s}", text));
	TRY(field_load(FIELD_DOCUMENT, span_of_buffer(&whole), 32, &json,
	    err));
	return (is_strict ? field_object : field_members)(json, "JSON",
	    FIELD_TABLE(fields), out, err);
}

TEST(test_all)
{
	struct thing thing = {.sum = 0};
	struct error err = {0};

	FINE(read_thing(HEAD "\"name\": \"abcd\", \"text\": \"x\\ny\", "
	    "\"at\": -62167219200, \"day\": \"1970-01-03\", \"number\": "
	    "\"12\", \"good\": true, \"list\": [1, 2, 3]", &thing, true,
	    &err));
	assert_string_equal(thing.name, "abcd");
	assert_int_equal(thing.text.size, 3);
	assert_int_equal(thing.at_s, UTC_MIN_S);
	assert_true(thing.has_day);
	assert_int_equal(thing.day_s, 2 * DAY_S);
	assert_true(thing.has_number);
	assert_int_equal(thing.number.octets[NUMBER_OCTETS - 1], 12);
	assert_true(thing.is_good);
	assert_int_equal(thing.count, 3);
	assert_int_equal(thing.sum, 123);
	buffer_release(&thing.text);
}

/* What need not be there is left as it was. */
TEST(test_least)
{
	struct thing thing = {.day_s = 7, .sum = 7};
	struct error err = {0};

	FINE(read_thing(HEAD "\"name\": \"\", " REST, &thing, true, &err));
	assert_int_equal(thing.text.size, 0);
	assert_false(thing.has_day);
	assert_int_equal(thing.day_s, 7);
	assert_false(thing.has_number);
	assert_int_equal(thing.sum, 7);
}

TEST(test_other_keys)
{
	static const char text[] = HEAD "\"name\": \"a\", \"x\": [], " REST;
	struct thing thing = {.sum = 0};
	struct error err = {0};

	FINE(read_thing(text, &thing, false, &err));
	REFUSED(read_thing(text, &thing, true, &err), ERR_FORMAT);
	assert_string_equal(err.what, "thing: JSON: unknown key \"x\"");
}

static const struct {
	const char *name;
	const char *text;
	const char *says;
} refused[] = {
	{ "type before version", "\"type\": \"x\", \"version\": 4",
	    "thing: type: want crlferry-thing, have x" },
	{ "a type that is none", "\"type\": 1", "type is not a string" },
	{ "no type", "\"version\": 3", "the key type is missing" },
	{ "another version", "\"type\": \"crlferry-thing\", \"version\": 4",
	    "version: want 3, have 4" },
	{ "a version as text", "\"type\": \"crlferry-thing\", \"version\": "
	    "\"3\"", "\"3\" is not an integer" },
	{ "a text that is too long", HEAD "\"name\": \"abcde\", " REST,
	    "name: want at most 4 octets, have 5" },
	{ "a text as null", HEAD "\"name\": null, " REST,
	    "name is not a string" },
	{ "an empty buffer", HEAD "\"name\": \"\", \"text\": \"\", " REST,
	    "text: \"\" is not a string that is not empty" },
	{ "seconds of year -1", HEAD "\"name\": \"\", \"at\": "
	    "-62167219201", "at is not seconds" },
	{ "seconds of year 10000", HEAD "\"name\": \"\", \"at\": "
	    "253402300800", "at is not seconds" },
	{ "seconds as a real", HEAD "\"name\": \"\", \"at\": 1.0",
	    "at is not seconds" },
	{ "a day with a time", HEAD "\"name\": \"\", \"at\": 0, \"day\": "
	    "\"1970-01-03T00:00:00Z\"", "is not a date" },
	{ "an optional key as null", HEAD "\"name\": \"\", \"at\": 0, "
	    "\"day\": null", "day is not a date" },
	{ "a key that may be null, and is missing", HEAD "\"name\": \"\", "
	    "\"at\": 0, \"good\": true, \"list\": []",
	    "the key number is missing" },
	{ "a number below 0", HEAD "\"name\": \"\", \"at\": 0, \"number\": "
	    "\"-1\"", "is not a decimal string" },
	{ "a list as an object", HEAD "\"name\": \"\", \"at\": 0, "
	    "\"number\": null, \"good\": true, \"list\": {}",
	    "list is not an array" },
	{ "a list of four", HEAD "\"name\": \"\", \"at\": 0, \"number\": "
	    "null, \"good\": true, \"list\": [1, 2, 3, 4]",
	    "list: want at most 3, have 4" },
	{ "a list of texts", HEAD "\"name\": \"\", \"at\": 0, \"number\": "
	    "null, \"good\": true, \"list\": [1, \"x\"]",
	    "list: \"x\" is not a list of integers" },
};

TEST(test_refused)
{
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		struct thing thing = {.sum = 0};
		struct error err = {0};

		REFUSED(read_thing(refused[i].text, &thing, i % 2 == 0, &err),
		    ERR_FORMAT);
		if (strstr(err.what, refused[i].says) == NULL)
			fail_msg("%s: %s", refused[i].name, err.what);
		/* A place with words of its own gives no err. */
		assert_int_equal(read_thing(refused[i].text, &thing, true,
		    NULL), ERR_FORMAT);
	}
}

TEST(test_no_object)
{
	json_auto_t *json = json_array();
	struct thing thing = {.sum = 0};
	struct error err = {0};

	REFUSED(field_members(json, "JSON", FIELD_TABLE(fields), &thing,
	    &err), ERR_FORMAT);
	assert_string_equal(err.what, "thing: JSON is not an object");
	REFUSED(field_members(NULL, "JSON", FIELD_TABLE(fields), &thing,
	    &err), ERR_FORMAT);
}
