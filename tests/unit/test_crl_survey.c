/* SPDX-License-Identifier: ISC */
/* Order of serials, walks over whole lists, and what one lacks of another. */
#include "crl_fixture.h"
#include "test.h"

#define SERIALS_MAX 8
#define LONG_NEGATIVE "ff5555555555555555555555555555555555555555555556"
#define LONG_SERIAL "010203040506070809000102030405060708090001020304"

#define ZEROS_31 "00000000000000000000000000000000000000000000000000000000" \
	"000000"

/* Content octets in hex, ascending as OpenSSL lists them. */
static const char *const ascending[] = {
	"00", "01", "ff", "02", "fe", "7f", "81", "0080", "80", "0081", "ff7f",
	"00ff", "ff01", "0100", "ff00", "7fff", "8001", "008000", "8000",
	"0102030405060708", "fefdfcfbfaf9f8f8", "0102030405060709",
	"fefdfcfbfaf9f8f7", "7f02030405060708", "008002030405060708",
	"01020304050607080900", "01020304050607080901",
	"0102030405060708090001020304050607080900",
	"7fffffffffffffffffffffffffffffffffffffff",
	"00ffffffffffffffffffffffffffffffffffffffff",
	"ff0000000000000000000000000000000000000000000000",
	LONG_SERIAL,
	/* beyond what the index holds */
	"0080" ZEROS_31 ZEROS_31 "0000", "80" ZEROS_31 ZEROS_31 "0000",
	"ff" ZEROS_31 ZEROS_31 "0000ff", "01" ZEROS_31 ZEROS_31 "000000",
	"ff" ZEROS_31 ZEROS_31 "000000", "ff0100" ZEROS_31 ZEROS_31 "0000",
};

TEST(test_serial_order)
{
	for (size_t i = 0; i < COUNT_OF(ascending); i++)
		for (size_t j = 0; j < COUNT_OF(ascending); j++) {
			RELEASE_BUFFER struct buffer a = { 0 };
			RELEASE_BUFFER struct buffer b = { 0 };
			int order;

			put_hex(&a, ascending[i]);
			put_hex(&b, ascending[j]);
			order = serial_order(span_of_buffer(&a),
			    span_of_buffer(&b));
			if ((order > 0) - (order < 0) !=
			    (i > j) - (i < j))
				fail_msg("%s and %s: have %d", ascending[i],
				    ascending[j], order);
		}
}

/* Append an entry; a trailing letter of the serial adds an extension. */
static void
put_entry(struct buffer *list, const char *serial)
{
	RELEASE_BUFFER struct buffer entry = { 0 };
	char hex[64];
	size_t size = strcspn(serial, "+!#");

	assert_in_range(size, 2, sizeof(hex) - 1);
	memcpy(hex, serial, size);
	hex[size] = '\0';
	put_wrapped(&entry, DER_INTEGER, hex);
	put_hex(&entry, "170d3236303130313030303030305a");
	if (serial[size] == '+')	/* keyCompromise */
		put_hex(&entry, "300c300a0603551d1504030a0101");
	if (serial[size] == '!')	/* unknown critical */
		put_hex(&entry, "300c300a06022a030101ff040130");
	if (serial[size] == '#')	/* certificateIssuer */
		put_hex(&entry, "300e300c0603551d1d0101ff04023000");
	put_value(list, DER_SEQUENCE, span_of_buffer(&entry));
}

/* A CRL that lists these serials, in memory or in a file. */
struct listed {
	struct buffer der;
	struct window window;
	struct crl crl;
	FILE *file;
};

static void
list_open(struct listed *listed, const char *const *serials, size_t count,
    bool is_file)
{
	RELEASE_BUFFER struct buffer list = { 0 };
	const struct crafted parts = { 0 };
	struct error err = { 0 };

	*listed = (struct listed){ 0 };
	for (size_t i = 0; i < count && serials[i] != NULL; i++)
		put_entry(&list, serials[i]);
	craft_list(&parts, &list, &listed->der);
	if (!is_file) {
		FINE(open_memory(&listed->der, &listed->window, &listed->crl,
		    &err));
		return;
	}
	listed->file = tmpfile();
	assert_non_null(listed->file);
	assert_int_equal(fwrite(listed->der.data, 1, listed->der.size,
	    listed->file), listed->der.size);
	assert_int_equal(fflush(listed->file), 0);
	FINE(window_init_file(&listed->window, fileno(listed->file), &err));
	FINE(crl_open(&listed->window, &listed->crl, &err));
}

static void
list_close(struct listed *listed)
{
	crl_release(&listed->crl);
	window_release(&listed->window);
	buffer_release(&listed->der);
	if (listed->file != NULL)
		fclose(listed->file);
}

enum { SORTED = 1, ISSUER = 2, UNKNOWN = 4 };

static const struct {
	const char *name;
	const char *serials[SERIALS_MAX];
	enum err want;
	int found;
} surveys[] = {
	{ "none", { NULL }, ERR_OK, SORTED },
	{ "one", { "05" }, ERR_OK, SORTED },
	{ "ascending", { "05", "06+", "0100" }, ERR_OK, SORTED },
	{ "by value, not by octets", { "7f", "0080", "0100" }, ERR_OK,
	    SORTED },
	{ "by value", { "80", "ff", "00", "01" }, ERR_OK, 0 },
	{ "as OpenSSL has negative ones", { "00", "01", "ff", "7f", "80" },
	    ERR_OK, SORTED },
	{ "negative before its positive", { "00", "ff", "01" }, ERR_OK, 0 },
	{ "negative ones of eight octets",
	    { "fefdfcfbfaf9f8f8", "fefdfcfbfaf9f8f7" }, ERR_OK, SORTED },
	{ "the other way round",
	    { "fefdfcfbfaf9f8f7", "fefdfcfbfaf9f8f8" }, ERR_OK, 0 },
	{ "negative, long and in order", { "05", LONG_NEGATIVE }, ERR_OK,
	    SORTED },
	{ "negative, long and out of order", { LONG_NEGATIVE, "05" },
	    ERR_FORMAT, 0 },
	{ "descending", { "0100", "06", "05" }, ERR_OK, 0 },
	{ "last out of order", { "05", "07", "06" }, ERR_OK, 0 },
	{ "twice in a row", { "05", "05", "06" }, ERR_FORMAT, 0 },
	{ "twice with another between", { "05", "06", "05" }, ERR_FORMAT,
	    0 },
	{ "first and last", { "06", "07", "01", "06+" }, ERR_FORMAT, 0 },
	{ "differ in the ninth octet",
	    { "010203040506070809", "010203040506070808" }, ERR_OK, 0 },
	{ "same in the first eight", { "010203040506070808",
	    "010203040506070809" }, ERR_OK, SORTED },
	{ "long and in order", { "05", LONG_SERIAL }, ERR_OK, SORTED },
	{ "long and out of order", { LONG_SERIAL, "05" }, ERR_FORMAT, 0 },
	{ "23 octets out of order", {
	    "0102030405060708090001020304050607080900010203", "05" }, ERR_OK,
	    0 },
	{ "certificateIssuer", { "05", "06#" }, ERR_OK, SORTED | ISSUER },
	{ "twice under certificateIssuers", { "05", "05#", "05#" }, ERR_OK,
	    ISSUER },
	{ "unknown critical", { "05", "06!", "07" }, ERR_OK,
	    SORTED | UNKNOWN },
};

static int
found_by(const struct crl_survey *survey)
{
	return (survey->is_sorted ? SORTED : 0) |
	    (survey->has_certificate_issuer ? ISSUER : 0) |
	    (survey->has_unknown_critical ? UNKNOWN : 0);
}

TEST(test_survey)
{
	for (size_t i = 0; i < COUNT_OF(surveys) * 2; i++) {
		size_t row = i / 2;
		struct crl_survey survey = { .count = 99 };
		struct error err = { 0 };
		struct listed listed;
		uint64_t count = 0;
		enum err code;

		while (surveys[row].serials[count] != NULL)
			count++;
		list_open(&listed, surveys[row].serials, SERIALS_MAX, i % 2);
		code = crl_survey(&listed.crl, NULL, &survey, &err);
		if (surveys[row].want != ERR_OK) {
			assert_refused(surveys[row].name, surveys[row].want,
			    code, &err);
			count = 99;	/* untouched */
		} else if (code != ERR_OK ||
		    found_by(&survey) != surveys[row].found) {
			fail_msg("%s: want %d, have %d %s", surveys[row].name,
			    surveys[row].found, found_by(&survey), err.what);
		}
		assert_int_equal(survey.count, count);
		if (survey.has_unknown_critical)
			assert_string_equal(survey.unknown_critical, "1.2.3");
		list_close(&listed);
	}
}

/* What another program signs may hold a serial twice; no more is forgiven. */
TEST(test_survey_lax)
{
	static const struct {
		const char *name;
		const char *serials[SERIALS_MAX];
		enum err want;
		const char *twice;
		uint64_t repeated;
	} rows[] = {
		{ "none twice", { "05", "06", "05ff" }, ERR_OK, "", 0 },
		{ "twice in a row", { "05", "05", "06" }, ERR_OK, "05", 1 },
		{ "apart, with a reason", { "06", "07+", "01", "07" }, ERR_OK,
		    "07", 1 },
		{ "negative", { "ff", "05", "ff" }, ERR_OK, "-01", 1 },
		{ "negative, and its positive", { "ff", "05", "01" }, ERR_OK,
		    "", 0 },
		{ "three times, and another", { "08", "05", "08", "05", "05" },
		    ERR_OK, "05", 3 },
		{ "long and out of order", { LONG_SERIAL, "05" }, ERR_FORMAT,
		    "", 0 },
	};

	for (size_t i = 0; i < COUNT_OF(rows) * 2; i++) {
		size_t row = i / 2;
		struct crl_survey survey = { .twice = "" };
		struct error err = { 0 };
		struct listed listed;

		list_open(&listed, rows[row].serials, SERIALS_MAX, i % 2);
		assert_int_equal(crl_survey_lax(&listed.crl, NULL, &survey,
		    &err), rows[row].want);
		assert_string_equal(survey.twice, rows[row].twice);
		assert_int_equal(survey.repeated_count, rows[row].repeated);
		list_close(&listed);
	}
}

TEST(test_wanted)
{
	static const char *const serials[] = { "05", "0105+", "0206" };
	static const struct {
		const char *serial;
		bool want;
		int32_t reason;
	} rows[] = {
		{ "05", true, REASON_NONE }, { "0105", true, 1 },
		{ "0206", true, REASON_NONE }, { "06", false, REASON_NONE },
		{ "0005", false, REASON_NONE }, { "0205", false, REASON_NONE },
	};
	struct listed listed;

	list_open(&listed, serials, COUNT_OF(serials), false);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_BUFFER struct buffer serial = { 0 };
		struct crl_survey survey;
		struct error err = { 0 };
		struct span wanted;

		put_hex(&serial, rows[i].serial);
		wanted = span_of_buffer(&serial);
		FINE(crl_survey(&listed.crl, &wanted, &survey, &err));
		assert_int_equal(survey.has_wanted, rows[i].want);
		assert_int_equal(survey.wanted_reason, rows[i].reason);
		assert_int_equal(survey.wanted_at_s,
		    rows[i].want ? 1767225600 : 0);
	}
	list_close(&listed);
}

/* The lost serials as text; a '+' behind one with a reason. */
static enum err
note_lost(void *context, const struct crl_entry *entry, struct error *err)
{
	char *text = context, hex[64];

	hex_encode(entry->serial, hex, sizeof(hex));
	if (strcmp(hex, "66") == 0)
		return err_fail(err, ERR_SHRUNK, "lost: want no 66, have it");
	strcat(text, hex);
	strcat(text, entry->reason == 1 ? "+ " : " ");
	return ERR_OK;
}

static const struct {
	const char *name;
	const char *before[SERIALS_MAX];
	const char *after[SERIALS_MAX];
	const char *want;
	enum err code;
} comparisons[] = {
	{ "both empty", { NULL }, { NULL }, "", ERR_OK },
	{ "the same", { "05", "06" }, { "05", "06" }, "", ERR_OK },
	{ "grown", { "05" }, { "04", "05", "06" }, "", ERR_OK },
	{ "all lost", { "05", "06+" }, { NULL }, "05 06+ ", ERR_OK },
	{ "first, middle and last", { "01+", "02", "03", "04", "05+" },
	    { "02", "04", "06" }, "01+ 03 05+ ", ERR_OK },
	{ "by value", { "7f", "0080", "0100" }, { "0080" }, "7f 0100 ",
	    ERR_OK },
	{ "before out of order", { "05+", "02", "03" }, { "02" },
	    "03 05+ ", ERR_OK },
	{ "after out of order", { "01", "02+", "03" }, { "03", "01" },
	    "02+ ", ERR_OK },
	{ "both out of order", { "09", "05", "07+", "01" },
	    { "07", "06", "01" }, "05 09 ", ERR_OK },
	{ "out of order, negative", { "8000", "05", "ff" }, { "05" },
	    "ff 8000 ", ERR_OK },
	{ "negative, in order and not", { "01", "ff", "05", "80" },
	    { "80", "05", "01" }, "ff ", ERR_OK },
	{ "an error ends it", { "01", "66", "67" }, { NULL }, "01 ",
	    ERR_SHRUNK },
	{ "twice under two issuers", { "05", "05#" }, { "05" }, "", ERR_OK },
};

TEST(test_compare)
{
	for (size_t i = 0; i < COUNT_OF(comparisons) * 2; i++) {
		size_t row = i / 2;
		struct listed before, after;
		struct error err = { 0 };
		char text[256] = "";
		enum err code;

		list_open(&before, comparisons[row].before, SERIALS_MAX,
		    i % 2);
		list_open(&after, comparisons[row].after, SERIALS_MAX,
		    i % 2);
		code = crl_compare(&before.crl, &after.crl, note_lost, text,
		    &err);
		if (code != comparisons[row].code ||
		    strcmp(text, comparisons[row].want) != 0)
			fail_msg("%s: want \"%s\", have \"%s\" %s",
			    comparisons[row].name, comparisons[row].want,
			    text, err.what);
		list_close(&before);
		list_close(&after);
	}
}

/* Thousands of entries in a file, every tenth of them lost. */
static enum err
count_lost(void *context, const struct crl_entry *entry, struct error *err)
{
	uint32_t *count = context;

	assert_int_equal(entry->serial.size, 4);
	assert_int_equal(entry->serial.data[3], *count * 10 % 256);
	(*count)++;
	return ERR_OK;
}

TEST(test_compare_many)
{
	enum { MANY = 40000 };	/* three windows full */
	static char text[MANY][16];
	static const char *serials[2][MANY];
	uint32_t count = 0, kept = 0;
	struct listed before, after;
	struct crl_survey survey;
	struct error err = { 0 };

	for (unsigned int i = 0; i < MANY; i++) {
		snprintf(text[i], sizeof(text[i]), "%08x",
		    i + 0x40000000);
		serials[0][i] = text[i];
		if (i % 10 != 0)
			serials[1][kept++] = text[i];
	}
	list_open(&before, serials[0], MANY, true);
	list_open(&after, serials[1], kept, true);
	assert_true(before.der.size > 3 * WINDOW_SIZE);
	FINE(crl_survey(&before.crl, NULL, &survey, &err));
	assert_true(survey.is_sorted);
	FINE(crl_compare(&before.crl, &after.crl, count_lost, &count, &err));
	assert_int_equal(count, MANY / 10);
	list_close(&before);
	list_close(&after);
}
