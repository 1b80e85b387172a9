/* SPDX-License-Identifier: ISC */
#include "order_fixture.h"
#include "secret_fixture.h"
#include "test.h"

TEST(test_round_trip)
{
	RELEASE_BUFFER struct buffer out = {0};
	char comment[MINISIGN_COMMENT_SIZE];
	struct order order, again;
	struct error err = {0};

	FINE(order_parse(span_of_text(sample), &order, &err));
	assert_string_equal(order.root, "corp-root-g1");
	assert_string_equal(order.subordinate, "issuing-1");
	assert_string_equal(order.nonce, HEX64);
	assert_string_equal(order.why, "crlnumber was mistyped");
	assert_int_equal(order.sequence, 17);
	assert_int_equal(order.accepted_sha256[0], 0xff);
	assert_int_equal(order.sha256[0], 0);
	FINE(order_encode(&order, &out, &err));
	assert_int_equal(out.size, strlen(sample));
	assert_memory_equal(out.data, sample, out.size);
	order_comment(&order, comment, sizeof(comment));
	assert_string_equal(comment, SAMPLE_COMMENT);
	FINE(order_parse(span_of_buffer(&out), &again, &err));
	assert_true(order_equals(&order, &again));
}

/* The CRL that takes the place may have no number. */
TEST(test_without_number)
{
	RELEASE_BUFFER struct buffer text = {0}, out = {0};
	char comment[MINISIGN_COMMENT_SIZE];
	struct order order;
	struct error err = {0};

	edit("  \"number\": \"12\",\n", "", &text);
	FINE(order_parse(span_of_buffer(&text), &order, &err));
	assert_false(order.has_number);
	FINE(order_encode(&order, &out, &err));
	assert_true(span_equals(span_of_buffer(&out),
	    span_of_buffer(&text)));
	order_comment(&order, comment, sizeof(comment));
	assert_null(strstr(comment, "number"));
}

TEST(test_equals)
{
	struct error err = {0};
	static const struct {
		const char *from;
		const char *to;
	} rows[] = {
		{ "ff11", "fe11" }, { "\"nonce\": \"00", "\"nonce\": \"01" },
		{ "\"12\"", "\"13\"" }, { "  \"number\": \"12\",\n", "" },
		{ "root-g1", "root-g2" }, { "17", "18" },
		{ "\"sha256\": \"00", "\"sha256\": \"01" },
		{ "\"spki_sha256\": \"00", "\"spki_sha256\": \"01" },
		{ "issuing-1", "issuing-2" }, { "10:00", "10:01" },
		{ "mistyped", "mis-typed" },
	};
	struct order order, other;

	FINE(order_parse(span_of_text(sample), &order, &err));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_BUFFER struct buffer text = {0};

		edit(rows[i].from, rows[i].to, &text);
		FINE(order_parse(span_of_buffer(&text), &other, &err));
		if (order_equals(&order, &other) ||
		    order_equals(&other, &order))
			fail_msg("%s: want others than %s", rows[i].to,
			    rows[i].from);
	}
}

/* Letters for CRLs: what each order gives up, and what it takes. */
TEST(test_gave_up)
{
	static const struct {
		const char *name;
		const char *orders;	/* pairs */
		char crl;
		bool want;
	} rows[] = {
		{ "no orders", "", 'h', false },
		{ "given up", "hn", 'h', true },
		{ "taken in its place", "hn", 'n', false },
		{ "a stranger", "hn", 'x', false },
		{ "given up by the first of two", "hnkm", 'h', true },
		{ "given up by the second", "hnkm", 'k', true },
		{ "taken again by a later one", "hnkh", 'h', false },
		{ "and given up again", "hnkhhm", 'h', true },
		{ "taken first, then given up", "hnnm", 'n', true },
	};
	uint8_t digest[SHA256_SIZE];

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct order orders[3] = {{.sequence = 0}};
		size_t count = strlen(rows[i].orders) / 2;

		for (size_t k = 0; k < count; k++) {
			memset(orders[k].accepted_sha256,
			    rows[i].orders[2 * k], SHA256_SIZE);
			memset(orders[k].sha256, rows[i].orders[2 * k + 1],
			    SHA256_SIZE);
		}
		memset(digest, rows[i].crl, sizeof(digest));
		if (orders_gave_up(orders, count, digest) != rows[i].want)
			fail_msg("%s: want %d", rows[i].name, rows[i].want);
	}
}

#define KEYS 3

static void
seal_by(const struct minisign_secret *key, const char *comment,
    struct buffer *out)
{
	out->size = 0;
	assert_int_equal(minisign_sign(key, span_of_text(sample), comment,
	    out, NULL), ERR_OK);
}

/* Who has sealed, and who counts. */
TEST(test_open)
{
	static const struct {
		const char *name;
		const char *sealed;	/* keys, in the order of the seals */
		size_t trusted;		/* how many keys, from the first */
		size_t required;
		enum err want;
		uint32_t count;
	} rows[] = {
		{ "one of one", "0", 1, 1, ERR_OK, 1 },
		{ "a key that is not trusted", "1", 1, 1, ERR_SEAL, 0 },
		{ "none", "", 1, 1, ERR_SEAL, 0 },
		{ "none, where none is required", "", 1, 0, ERR_SEAL, 0 },
		{ "no trusted key", "0", 0, 1, ERR_SEAL, 0 },
		{ "one of two", "0", 2, 2, ERR_SEAL, 0 },
		{ "twice the same", "00", 2, 2, ERR_SEAL, 0 },
		{ "two of two", "10", 2, 2, ERR_OK, 2 },
		{ "two of two and a stranger", "120", 2, 2, ERR_OK, 2 },
		{ "three where one is enough", "012", 3, 1, ERR_OK, 3 },
	};
	struct minisign_secret secrets[KEYS] = {{.memory = {0}}};
	struct minisign_public keys[KEYS];
	struct buffer seals[KEYS] = {{0}};

	for (size_t k = 0; k < KEYS; k++) {
		make_secret(&secrets[k]);
		keys[k] = secrets[k].public;
	}
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct seals_trust trust = {keys, rows[i].trusted,
		    rows[i].required};
		size_t count = strlen(rows[i].sealed);
		struct seals sealed = {.count = 0};
		struct span spans[KEYS];
		struct error err = {0};
		struct order order;
		enum err have;

		for (size_t k = 0; k < count; k++) {
			seal_by(&secrets[rows[i].sealed[k] - '0'],
			    SAMPLE_COMMENT, &seals[k]);
			spans[k] = span_of_buffer(&seals[k]);
		}
		have = order_open(span_of_text(sample), spans, count, &trust,
		    &order, &sealed, &err);
		if (have != rows[i].want || sealed.count != rows[i].count)
			fail_msg("%s: want %s by %u, have %s by %u: %s",
			    rows[i].name, error_token(rows[i].want),
			    rows[i].count, error_token(have), sealed.count,
			    err.what);
		for (size_t k = 0; k < sealed.count; k++)
			assert_true(sealed.which[k] < count);
	}
	for (size_t k = 0; k < KEYS; k++) {
		buffer_release(&seals[k]);
		minisign_secret_release(&secrets[k]);
	}
}

#define REQUEST_COMMENT "type:crlferry-request root:corp-root-g1 " \
	"subordinate:issuing-1 sequence:17 time:2026-11-22T10:00:00Z number:12"

/* A comment that is another's, even where enough others are right. */
TEST(test_open_comment)
{
	static const char *const comments[] = { "", "type:crlferry-reset",
	    SAMPLE_COMMENT "0", SAMPLE_COMMENT " ", REQUEST_COMMENT };
	RELEASE_MINISIGN_SECRET struct minisign_secret one = {0}, two = {0};
	RELEASE_BUFFER struct buffer right = {0}, wrong = {0};
	struct minisign_public keys[2];
	const struct seals_trust trust = {keys, 2, 1};
	struct seals sealed;
	struct order order;

	make_secret(&one);
	make_secret(&two);
	keys[0] = one.public;
	keys[1] = two.public;
	seal_by(&one, SAMPLE_COMMENT, &right);
	for (size_t i = 0; i < COUNT_OF(comments); i++) {
		struct span spans[2];
		struct error err = {0};

		seal_by(&two, comments[i], &wrong);
		/* Whichever comes first, and the wrong one alone. */
		for (size_t k = 0; k < 3; k++) {
			spans[0] = span_of_buffer(k == 0 ? &right : &wrong);
			spans[1] = span_of_buffer(k == 0 ? &wrong : &right);
			err = (struct error){0};
			REFUSED(order_open(span_of_text(sample), spans, k < 2 ?
			    2 : 1, &trust, &order, &sealed, &err), ERR_SEAL);
			assert_non_null(strstr(err.what, "trusted comment"));
		}
	}
}

int
main(void)
{
	if (secret_start(NULL) != ERR_OK)
		return 1;
	return tests_run();
}
