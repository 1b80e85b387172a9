/* SPDX-License-Identifier: ISC */
/* What is written is what openssl(1) writes, octet for octet. */
#include "crlwrite_fixture.h"
#include "test.h"

AROUND_ALL(set_up, NULL)

#define MANY 5000

static void
compare(const char *name, size_t key, const char *number,
    const char *next_update, const char *next_update_text)
{
	RELEASE_OPENED struct opened ours = {0}, theirs = {0};
	RELEASE_SIGNING struct signing signing = {0};
	struct span one, other;

	open_signing(keys[key].type, &signing);
	write_theirs(keys[key].type, keys[key].options, number, THIS_UPDATE,
	    next_update);
	write_ours(&signing, number, THIS_UPDATE_S, next_update_text, "");
	open_crl("ours.crl", &ours);
	open_crl("theirs.crl", &theirs);
	one = tbs_of(&ours);
	other = tbs_of(&theirs);
	if (keys[key].is_deterministic) {
		one = span_of_buffer(&ours.der);
		other = span_of_buffer(&theirs.der);
	}
	for (size_t i = 0; i < one.size && i < other.size; i++)
		if (one.data[i] != other.data[i])
			fail_msg("%s, %s: octet %zu: want %02x, have %02x",
			    name, keys[key].type, i, other.data[i],
			    one.data[i]);
	if (one.size != other.size)
		fail_msg("%s, %s: want %zu octets, have %zu", name,
		    keys[key].type, other.size, one.size);
	check_ours(name, &signing, &ours);
}

/* Every reason that an index and a complete CRL can hold. */
static const char reasons[] =
    R("260101000000Z", "01")
    R("260101000001Z,keyCompromise", "02")
    R("251231235959Z,CACompromise", "03")
    R("250101000000Z,affiliationChanged", "04")
    R("250101000000Z,superseded", "05")
    R("250101000000Z,cessationOfOperation", "06")
    R("250101000000Z,certificateHold", "07")
    R("250101000000Z,holdInstruction,holdInstructionNone", "08")
    R("250101000000Z,holdInstruction,holdInstructionCallIssuer", "09")
    R("250101000000Z,holdInstruction,holdInstructionReject", "0A")
    R("250101000000Z,holdInstruction,1.2.3.4.5.6.7.8.9", "0B")
    R("250101000000Z,keyTime,20241231235959Z", "0C")
    R("250101000000Z,CAkeyTime,20241231235959Z", "0D");

static const struct {
	const char *name;
	const char *index;
} indexes[] = {
	{ "none", "" },
	{ "none revoked", VALID("01") },
	{ "one", REVOKED("01") },
	{ "three out of order", REVOKED("30") REVOKED("10") VALID("40")
	    REVOKED("20") },
	{ "every reason", reasons },
	{ "serials by value", REVOKED("FF") REVOKED("0100") REVOKED("80")
	    REVOKED("7F")
	    REVOKED("7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")
	    REVOKED("80000000000000000000000000000000000000") },
	{ "dates of both centuries", R("500101000000Z", "01")
	    R("991231235959Z", "02") R("000101000000Z", "03") },
};

TEST(small_indexes_are_written_alike)
{
	for (size_t i = 0; i < COUNT_OF(indexes); i++) {
		fixture_write_text(folder, "index.txt", indexes[i].index);
		for (size_t key = 0; key < COUNT_OF(keys); key++)
			compare(indexes[i].name, key, "1000", NEXT_UPDATE,
			    NEXT_UPDATE_S);
	}
}

/* RFC 5280 wants positive ones, and says to bear with others (4.1.2.2). */
static const char *const odd_serials[] = {
	REVOKED("00"), REVOKED("0000") REVOKED("000001"),
	REVOKED("-80") REVOKED("-8000") REVOKED("-FF") REVOKED("-7F")
	    REVOKED("-81") REVOKED("-0100") REVOKED("-17fefe")
	    VALID("-02") REVOKED("-01") REVOKED("01") REVOKED("80")
	    REVOKED("-800000") REVOKED("0081") REVOKED("FF")
	    REVOKED("00000000FE") REVOKED("8000"),
	REVOKED("-8000000000000000000000000000000000000000")
	    REVOKED("8000000000000000000000000000000000000000")
	    REVOKED("7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")
	    REVOKED("-FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")
	    REVOKED("-010000000000000000000000000000000000000000"),
};

TEST(odd_serials_are_written_alike)
{
	for (size_t i = 0; i < COUNT_OF(odd_serials); i++) {
		RELEASE_OPENED struct opened ours = {0}, theirs = {0};
		RELEASE_SIGNING struct signing signing = {0};
		struct crl_survey survey;
		struct error err = {0};

		fixture_write_text(folder, "index.txt", odd_serials[i]);
		open_signing("p256", &signing);
		write_theirs("p256", "-md sha256", "05", THIS_UPDATE,
		    NEXT_UPDATE);
		write_ours(&signing, "05", THIS_UPDATE_S, NEXT_UPDATE_S,
		    "entry ");
		open_crl("ours.crl", &ours);
		open_crl("theirs.crl", &theirs);
		assert_true(span_equals(tbs_of(&ours), tbs_of(&theirs)));
		/* Out of order by value, it is read nevertheless. */
		FINE(crl_survey(&ours.crl, NULL, &survey, &err));
	}
}

TEST(numbers_are_written_alike)
{
	static const char *const numbers[] = {
		"01", "7F", "80", "FF", "0100", "FFFFFFFFFFFFFFFF",
		"7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
	};

	fixture_write_text(folder, "index.txt", REVOKED("01"));
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		compare(numbers[i], 0, numbers[i], NEXT_UPDATE,
		    NEXT_UPDATE_S);
}

TEST(dates_change_their_encoding_in_2050)
{
	fixture_write_text(folder, "index.txt", REVOKED("01"));
	compare("2049", 3, "1000", "20491231235959Z", "2049-12-31T23:59:59Z");
	compare("2050", 3, "1000", "20500101000000Z", "2050-01-01T00:00:00Z");
}

/* More than one piece, and more than one window when it is read back. */
TEST(a_large_index_is_written_alike)
{
	write_many(MANY, true);
	for (size_t key = 0; key < COUNT_OF(keys); key += 2)
		compare("many", key, "1000", NEXT_UPDATE, NEXT_UPDATE_S);
}

#define OCTETS_29 "7F0000000000000000000000000000" \
	"0000000000000000000000000000"
#define OCTETS_30 OCTETS_29 "00"
#define OID_26 "1.2.3.3.3.3.3.3.3.3.3.3.3.3.3.3.3.3.3.3.3.3.3.3.3.3.3"

/* Where the length of an entry takes another octet: at 128. */
TEST(entries_around_128_octets_are_written_alike)
{
	RELEASE_OPENED struct opened ours = {0}, theirs = {0};
	RELEASE_SIGNING struct signing signing = {0};

	fixture_write_text(folder, "index.txt",
	    R("250101000000Z,holdInstruction," OID_26, OCTETS_29 OCTETS_30)
	    R("250101000000Z,holdInstruction," OID_26, OCTETS_30 OCTETS_30)
	    R("250101000000Z,holdInstruction," OID_26, OCTETS_30 OCTETS_30
	    "00"));
	open_signing("p256", &signing);
	write_theirs("p256", "-md sha256", "05", THIS_UPDATE, NEXT_UPDATE);
	write_ours(&signing, "05", THIS_UPDATE_S, NEXT_UPDATE_S, "entry 0");
	open_crl("ours.crl", &ours);
	open_crl("theirs.crl", &theirs);
	/* Two octets of header for the first, three for the others. */
	assert_int_equal(ours.crl.revoked_size, 2 + 127 + 3 + 128 + 3 + 129);
	assert_true(span_equals(tbs_of(&ours), tbs_of(&theirs)));
}
