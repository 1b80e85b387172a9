/* SPDX-License-Identifier: ISC */
#include "base/utc.h"
#include "crl_fixture.h"
#include "test.h"

#define SERIAL "020105"
#define TIME "170d3236303130313030303030305a"	/* 15 octets */
#define AT_S 1767225600
#define REASON(n) "300a0603551d1504030a01" n

/*
 * A CRL of one entry, or with another before it.  The first entry of a list
 * is read strictly, those after it quickly where they have the usual shape,
 * so every row is tried in both places.
 */
struct listed {
	struct buffer der;
	struct window window;
	struct crl crl;
	struct crl_entries entries;
};

#define RELEASE_LISTED __attribute__((cleanup(listed_release)))

static void
listed_release(struct listed *listed)
{
	crl_release(&listed->crl);
	buffer_release(&listed->der);
}

/* Walk up to the entry, which is the second where is_second. */
static void
listed_start(struct listed *listed, bool is_second)
{
	struct crl_entry entry;
	struct error err = { 0 };
	bool has_entry;

	crl_entries_start(&listed->entries, &listed->crl);
	if (!is_second)
		return;
	FINE(crl_entries_next(&listed->entries, &entry, &has_entry, &err));
	assert_true(has_entry);
}

static void
listed_open(struct listed *listed, struct crafted parts, bool is_second)
{
	struct error err = { 0 };
	char revoked[512];

	assert_in_range(snprintf(revoked, sizeof(revoked), "%s%s",
	    is_second ? "3012020103" TIME : "", parts.revoked), 1,
	    sizeof(revoked) - 1);
	parts.revoked = revoked;
	craft(&parts, &listed->der);
	FINE(open_memory(&listed->der, &listed->window, &listed->crl, &err));
	listed_start(listed, is_second);
}

static const struct {
	const char *name;
	const char *entry;	/* whole */
	const char *says;
} refused[] = {
	{ "not a SEQUENCE", "3112" SERIAL TIME, "entry" },
	{ "an INTEGER alone", SERIAL, "entry" },
	{ "empty", "3000", "serial" },
	{ "no serial", "300f" TIME, "serial" },
	{ "serial empty", "30110200" TIME, "serial" },
	{ "serial not minimal", "301302020005" TIME, "serial" },
	{ "negative serial not minimal", "30130202ffff" TIME, "serial" },
	{ "serial as NULL", "30110500" TIME, "serial" },
	{ "no date", "3003" SERIAL, "revocationDate" },
	{ "date without Z", "3012" SERIAL "170d32363031303130303030303030",
	    "revocationDate" },
	{ "13th month", "3012" SERIAL "170d3236313330313030303030305a",
	    "revocationDate" },
	{ "month 0", "3012" SERIAL "170d3236303030313030303030305a",
	    "revocationDate" },
	{ "day 0", "3012" SERIAL "170d3236303130303030303030305a",
	    "revocationDate" },
	{ "29 February 2026", "3012" SERIAL
	    "170d3236303232393030303030305a", "revocationDate" },
	{ "24 o'clock", "3012" SERIAL "170d3236303130313234303030305a",
	    "revocationDate" },
	{ "leap second", "3012" SERIAL "170d3236303130313030303036305a",
	    "revocationDate" },
	{ "length with a long form", "308112" SERIAL TIME, "entry" },
	{ "indefinite length", "3080" SERIAL TIME "0000", "entry" },
	{ "longer than the list", "3013" SERIAL TIME, "entry" },
	{ "cut", "30", "entry" },
	{ "something behind the date", "3014" SERIAL TIME "0500",
	    "crlEntryExtensions" },
	{ "extensions twice", "302e" SERIAL TIME "300c" REASON("01")
	    "300c" REASON("01"), "crlEntryExtensions" },
	{ "no extension", "3014" SERIAL TIME "3000",
	    "an empty list of extensions" },
	{ "reason twice", "302c" SERIAL TIME "3018" REASON("01")
	    REASON("01"), "twice" },
	{ "reason 11", "3020" SERIAL TIME "300c" REASON("0b"),
	    "reasonCode" },
	{ "reason 128", "3021" SERIAL TIME "300d"
	    "300b0603551d1504040a020080", "reasonCode" },
	{ "reason -1", "3020" SERIAL TIME "300c" REASON("ff"),
	    "reasonCode" },
	{ "reason as INTEGER", "3020" SERIAL TIME "300c"
	    "300a0603551d150403020101", "reasonCode" },
	{ "reason with more behind", "3022" SERIAL TIME "300e"
	    "300c0603551d1504050a01010500", "reasonCode" },
	{ "critical FALSE", "3023" SERIAL TIME "300f"
	    "300d0603551d1501010004030a0101", "FALSE" },
	{ "invalidityDate as UTCTime", "302c" SERIAL TIME "3018"
	    "30160603551d18040f" TIME, "invalidityDate" },
	{ "certificateIssuer as NULL", "3022" SERIAL TIME "300e"
	    "300c0603551d1d0101ff04020500", "certificateIssuer" },
};

TEST(test_refused)
{
	for (size_t i = 0; i < 2 * COUNT_OF(refused); i++) {
		const size_t row = i / 2;
		RELEASE_LISTED struct listed listed = { 0 };
		struct crl_entry entry = { .reason = 99 };
		struct error err = { 0 };
		bool has_entry = false;
		enum err code;

		listed_open(&listed, (struct crafted){
		    .revoked = refused[row].entry }, i % 2 != 0);
		code = crl_entries_next(&listed.entries, &entry, &has_entry,
		    &err);
		assert_refused(refused[row].name, ERR_FORMAT, code, &err);
		if (strstr(err.what, refused[row].says) == NULL)
			fail_msg("%s: want \"%s\", have \"%s\"",
			    refused[row].name, refused[row].says, err.what);
		assert_int_equal(entry.reason, 99);
		assert_int_equal(entry.revoked_at.at_s, 0);
		assert_false(has_entry);
	}
}

enum { CRITICAL = 1, INVALIDITY = 2, ISSUER = 4, UNKNOWN = 8, LONG = 16 };

static const struct {
	const char *name;
	const char *entry;
	int64_t at_s;
	int32_t reason;
	int flags;
} accepted[] = {
	{ "bare", "3012" SERIAL TIME, AT_S, REASON_NONE, 0 },
	{ "reason 0", "3020" SERIAL TIME "300c" REASON("00"), AT_S, 0, 0 },
	{ "reason 1", "3020" SERIAL TIME "300c" REASON("01"), AT_S, 1, 0 },
	{ "reason 7", "3020" SERIAL TIME "300c" REASON("07"), AT_S, 7, 0 },
	{ "reason 10", "3020" SERIAL TIME "300c" REASON("0a"), AT_S, 10,
	    0 },
	{ "reason critical", "3023" SERIAL TIME "300f"
	    "300d0603551d150101ff04030a0103", AT_S, 3, CRITICAL },
	{ "GeneralizedTime", "3014" SERIAL
	    "180f32303530303130313030303030305a", 2524608000, REASON_NONE,
	    LONG },
	{ "invalidityDate", "302e" SERIAL TIME "301a"
	    "30180603551d180411180f32303236303130313030303030305a", AT_S,
	    REASON_NONE, INVALIDITY },
	{ "reason and invalidityDate", "303a" SERIAL TIME "3026"
	    REASON("04")
	    "30180603551d180411180f32303236303130313030303030305a", AT_S, 4,
	    INVALIDITY },
	{ "certificateIssuer", "3022" SERIAL TIME "300e"
	    "300c0603551d1d0101ff04023000", AT_S, REASON_NONE, ISSUER },
	{ "holdInstructionCode", "3021" SERIAL TIME "300d"
	    "300b0603551d17040406022a03", AT_S, REASON_NONE, 0 },
	{ "holdInstructionCode critical", "3024" SERIAL TIME "3010"
	    "300e0603551d170101ff040406022a03", AT_S, REASON_NONE,
	    UNKNOWN },
	{ "unknown", "301d" SERIAL TIME "3009" "300706022a03040130", AT_S,
	    REASON_NONE, 0 },
	{ "unknown critical", "3020" SERIAL TIME "300c"
	    "300a06022a030101ff040130", AT_S, REASON_NONE, UNKNOWN },
	{ "serial 0", "3012" "020100" TIME, AT_S, REASON_NONE, 0 },
	{ "serial -1", "3012" "0201ff" TIME, AT_S, REASON_NONE, 0 },
	{ "serial of 24 octets", "30290218"
	    "010203040506070809101112131415161718192021222324" TIME, AT_S,
	    REASON_NONE, 0 },
};

TEST(test_accepted)
{
	for (size_t i = 0; i < 2 * COUNT_OF(accepted); i++) {
		const size_t row = i / 2;
		RELEASE_LISTED struct listed listed = { 0 };
		struct crl_entry entry;
		struct error err = { 0 };
		bool has_entry;
		int flags;

		listed_open(&listed, (struct crafted){
		    .revoked = accepted[row].entry }, i % 2 != 0);
		if (crl_entries_next(&listed.entries, &entry, &has_entry,
		    &err) != ERR_OK)
			fail_msg("%s: %s", accepted[row].name, err.what);
		assert_true(has_entry);
		flags = (entry.is_reason_critical ? CRITICAL : 0) |
		    (entry.has_invalidity ? INVALIDITY : 0) |
		    (entry.has_certificate_issuer ? ISSUER : 0) |
		    (entry.has_unknown_critical ? UNKNOWN : 0) |
		    (entry.revoked_at.is_utctime ? 0 : LONG);
		if (entry.revoked_at.at_s != accepted[row].at_s ||
		    entry.reason != accepted[row].reason ||
		    flags != accepted[row].flags)
			fail_msg("%s: have %lld, reason %d, flags %d",
			    accepted[row].name,
			    (long long)entry.revoked_at.at_s,
			    (int)entry.reason, flags);
		if ((flags & INVALIDITY) != 0)
			assert_int_equal(entry.invalidity_s, AT_S);
		FINE(crl_entries_next(&listed.entries, &entry, &has_entry,
		    &err));
		assert_false(has_entry);
	}
}

/* v1 has no extensions, in whichever shape they come. */
TEST(test_v1)
{
	static const char *const rows[] = {
		"3020" SERIAL TIME "300c" REASON("01"),
		"301d" SERIAL TIME "3009" "300706022a03040130",
	};

	for (size_t i = 0; i < 2 * COUNT_OF(rows); i++) {
		RELEASE_LISTED struct listed listed = { 0 };
		struct crl_survey survey;
		struct error err = { 0 };

		listed_open(&listed, (struct crafted){ .version = "",
		    .tail = "", .revoked = rows[i / 2] }, i % 2 != 0);
		assert_refused("v1", ERR_FORMAT,
		    crl_survey(&listed.crl, NULL, &survey, &err), &err);
	}
}

/* The second entry is judged as utc_from_utctime judges its time. */
static void
compare_dated(struct listed *listed, const uint8_t time[13])
{
	/* Entries of 20 octets; SEQUENCE, serial and header are 7. */
	uint8_t *at = listed->der.data + listed->crl.revoked_offset + 20 + 7;
	struct crl_entry entry = { 0 };
	struct error err = { 0 };
	bool has_entry, is_good;
	int64_t want_s = 0;
	enum err code;

	memcpy(at, time, 13);
	listed_start(listed, true);
	code = crl_entries_next(&listed->entries, &entry, &has_entry, &err);
	is_good = utc_from_utctime((struct span){ time, 13 }, &want_s);
	if ((code == ERR_OK) != is_good || entry.revoked_at.at_s != want_s)
		fail_msg("%.13s: want %d and %lld, have %s and %lld",
		    (const char *)time, is_good, (long long)want_s,
		    error_token(code), (long long)entry.revoked_at.at_s);
}

TEST(test_every_day)
{
	RELEASE_LISTED struct listed listed = { 0 };
	int64_t begin_s, end_s;

	assert_true(utc_parse("1950-01-01", &begin_s));
	assert_true(utc_parse("2050-01-01", &end_s));
	listed_open(&listed, (struct crafted){
	    .revoked = "3012" SERIAL TIME }, true);
	for (int64_t at_s = begin_s; at_s < end_s; at_s += DAY_S - 1) {
		uint8_t der[17];

		assert_int_equal(utc_to_der(at_s, der), 15);
		compare_dated(&listed, der + 2);
	}
}

/* All 256 values of each octet, in dates at the borders of months. */
TEST(test_every_octet)
{
	static const char *const texts[] = {
		"260101000000Z", "240229235959Z", "000229000000Z",
		"500131095909Z", "491231235959Z", "990930195950Z",
		"260630000000Z", "510228000000Z",
	};
	RELEASE_LISTED struct listed listed = { 0 };

	listed_open(&listed, (struct crafted){
	    .revoked = "3012" SERIAL TIME }, true);
	for (size_t i = 0; i < COUNT_OF(texts) * 13; i++)
		for (int octet = 0; octet < 256; octet++) {
			uint8_t time[13];

			memcpy(time, texts[i / 13], sizeof(time));
			time[i % 13] = (uint8_t)octet;
			compare_dated(&listed, time);
		}
}

/* 00 to 99 in each pair of digits, beyond what a clock shows. */
TEST(test_every_pair)
{
	RELEASE_LISTED struct listed listed = { 0 };

	listed_open(&listed, (struct crafted){
	    .revoked = "3012" SERIAL TIME }, true);
	for (size_t i = 0; i < 6 * 100; i++) {
		uint8_t time[13];

		memcpy(time, "280110101010Z", sizeof(time));
		time[i / 100 * 2] = (uint8_t)('0' + i % 100 / 10);
		time[i / 100 * 2 + 1] = (uint8_t)('0' + i % 10);
		compare_dated(&listed, time);
	}
}

TEST(test_reason_names)
{
	assert_string_equal(crl_reason_name(1), "keyCompromise");
	assert_string_equal(crl_reason_name(10), "aACompromise");
	assert_string_equal(crl_reason_name(11), "unknown");
	assert_string_equal(crl_reason_name(REASON_NONE), "unknown");
}
