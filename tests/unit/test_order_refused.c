/* SPDX-License-Identifier: ISC */
#include "order_fixture.h"
#include "test.h"

#define LINE(key) "  \"" key "\": \"" HEX64 "\",\n"

static const struct refusal bad_rows[] = {
	{ "cut", "\n}\n", "", "line" },
	{ "trailing text", "\n}\n", "\n}x", "line" },
	{ "an array", "{\n  \"acc", "[{\n  \"acc", "line" },
	{ "a duplicate key", "\"version\": 1",
	    "\"version\": 1, \"version\": 1", "duplicate" },
	{ "an unknown key", "\"version\": 1", "\"version\": 1, \"x\": 1",
	    "\"x\"" },
	{ "too many values", "\"version\": 1", "\"version\": 1, \"x\": [1, 2,"
	    "3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0]",
	    "values" },
	{ "not UTF-8", "mistyped", "\xfc", "line" },

	{ "no type", "  \"type\": \"crlferry-reset\",\n", "", "type" },
	{ "a request", "crlferry-reset", "crlferry-request",
	    "crlferry-request" },
	{ "a bundle", "crlferry-reset", "crlferry-bundle",
	    "crlferry-bundle" },
	{ "type as a number", "\"crlferry-reset\"", "1", "type" },
	{ "no version", "  \"version\": 1,\n", "", "version" },
	{ "another version", "\"version\": 1", "\"version\": 2, \"new\": 1",
	    "have 2" },
	{ "version as text", "\"version\": 1", "\"version\": \"1\"",
	    "integer" },

	{ "no root", "  \"root\": \"corp-root-g1\",\n", "", "root" },
	{ "an empty root", "corp-root-g1", "", "root" },
	{ "a root with a slash", "corp-root", "../", "root" },
	{ "a root of 33", "corp-root-g1",
	    "abcdefghijklmnopqrstuvwxyz-012345", "root" },
	{ "no subordinate", "  \"subordinate\": \"issuing-1\",\n", "",
	    "subordinate" },
	{ "a subordinate with a dot", "issuing-1", "issuing.1",
	    "subordinate" },

	{ "no sequence", "  \"sequence\": 17,\n", "", "sequence" },
	{ "sequence 0", "17", "0", "sequence" },
	{ "sequence as text", "17", "\"17\"", "sequence" },
	{ "no time", "  \"time\": \"2026-11-22T10:00:00Z\",\n", "", "time" },
	{ "a date", "2026-11-22T10:00:00Z", "2026-11-22", "time" },

	{ "no nonce", LINE("nonce"), "", "nonce" },
	{ "a short nonce", "\"nonce\": \"00", "\"nonce\": \"", "nonce" },
	{ "a long nonce", "\"nonce\": \"00", "\"nonce\": \"0000", "nonce" },
	{ "a nonce in upper case", "\"nonce\": \"00", "\"nonce\": \"AA",
	    "nonce" },

	{ "no SPKI digest", LINE("spki_sha256"), "", "spki_sha256" },
	{ "no digest", LINE("sha256"), "", "sha256" },
	{ "a digest that is cut", "\"sha256\": \"00", "\"sha256\": \"",
	    "sha256" },
	{ "no accepted digest", "  \"accepted_sha256\": \"" ACCEPTED64
	    "\",\n", "", "accepted_sha256" },
	{ "an accepted digest in upper case", "ff11", "FF11",
	    "accepted_sha256" },
	{ "a CRL in its own place", "ff11", "0011", "the same" },

	{ "number as a number", "\"12\"", "12", "number" },
	{ "number with a zero in front", "\"12\"", "\"012\"", "zeros" },
	{ "number 2^159", "\"12\"",
	    "\"730750818665451459101842416358141509827966271488\"",
	    "2^159-1" },

	{ "no reason", ",\n  \"why\": \"crlnumber was mistyped\"", "",
	    "why" },
	{ "an empty reason", "crlnumber was mistyped", "", "why" },
	{ "a reason that steers the terminal", "mistyped", "\\u001b[2J",
	    "why" },
	{ "a reason of two lines", "mistyped", "\\n", "why" },
	{ "a reason as a list", "\"crlnumber was mistyped\"", "[]", "why" },
};

static enum err
refuse(struct span json, struct error *err)
{
	struct order order, before;
	enum err code;

	memset(&order, 0x5a, sizeof(order));
	before = order;
	code = order_parse(json, &order, err);
	assert_memory_equal(&order, &before, sizeof(order));
	return code;
}

TEST(test_refused)
{
	assert_all_refused(sample, bad_rows, COUNT_OF(bad_rows), refuse);
}

TEST(test_cut)
{
	assert_cut_refused(sample, refuse);
}

/* A reason of one octet more than there is room for. */
TEST(test_long_reason)
{
	char text[ORDER_WHY_SIZE + 1] = "";
	RELEASE_BUFFER struct buffer most = {0}, more = {0};
	struct order order;

	memset(text, 'x', ORDER_WHY_SIZE - 1);
	edit("crlnumber was mistyped", text, &most);
	assert_int_equal(order_parse(span_of_buffer(&most), &order, NULL),
	    ERR_OK);
	text[ORDER_WHY_SIZE - 1] = 'x';
	edit("crlnumber was mistyped", text, &more);
	assert_refused("a long reason", span_of_buffer(&more), "why", refuse);
}

/* What never came from a parser: texts without an end, values out of range. */
TEST(test_check)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct order right, order;
	struct error err = {0};

	FINE(order_parse(span_of_text(sample), &right, &err));
#define REFUSES(change) do { \
	order = right; \
	change; \
	REFUSED(order_check(&order, &err), ERR_FORMAT); \
	REFUSED(order_encode(&order, &out, &err), ERR_FORMAT); \
} while (0)
	REFUSES(memset(order.root, 'a', sizeof(order.root)));
	REFUSES(memset(order.subordinate, 'a', sizeof(order.subordinate)));
	REFUSES(memset(order.nonce, 'a', sizeof(order.nonce)));
	REFUSES(memset(order.why, 'a', sizeof(order.why)));
	REFUSES(order.sequence = 0);
	REFUSES(order.sequence = UINT64_MAX);
	REFUSES(order.at_s = UTC_MAX_S + 1);
	REFUSES(order.at_s = UTC_MIN_S - 1);
	REFUSES(memset(order.number.octets, 0xff, NUMBER_OCTETS));
	REFUSES(memcpy(order.sha256, order.accepted_sha256, SHA256_SIZE));
	assert_int_equal(out.size, 0);
	order = right;
	order.why[0] = (char)0xff;
	REFUSED(order_encode(&order, &out, &err), ERR_FORMAT);
}
