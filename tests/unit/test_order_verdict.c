/* SPDX-License-Identifier: ISC */
/* What a reader that was taken over might answer. */
#include "order_fixture.h"
#include "sub/reader/reader_order.h"
#include "test.h"

static void
fill(struct order_verdict *out)
{
	memset(out, 0, sizeof(*out));
	out->answer.is_confined = 1;
	out->seals.count = 1;
	strcpy(out->seals.key_ids[0], "0011223344556677");
	assert_int_equal(order_parse(span_of_text(sample), &out->order,
	    NULL), ERR_OK);
}

TEST(test_right)
{
	struct order_verdict verdict;
	struct error err = {0};

	fill(&verdict);
	FINE(order_verdict_check(&verdict, 1, &err));
	memset(&verdict.order, 0, sizeof(verdict.order));
	verdict.answer.error.code = ERR_SEAL;
	strcpy(verdict.answer.error.what, "want seals");
	FINE(order_verdict_check(&verdict, 1, &err));
}

TEST(test_out_of_bounds)
{
	struct order_verdict verdict;
	struct error err = {0};

#define REFUSES(change) do { \
	fill(&verdict); \
	change; \
	assert_int_equal(order_verdict_check(&verdict, 1, &err), \
	    ERR_FORMAT); \
} while (0)
	REFUSES(verdict.answer.error.code = ERR_COUNT);
	REFUSES(verdict.answer.error.code = ERR_SEAL);	/* without a reason */
	REFUSES(memset(verdict.answer.error.what, 'x',
	    sizeof(verdict.answer.error.what)));
	REFUSES(memset(verdict.answer.error.remedy, 'x',
	    sizeof(verdict.answer.error.remedy)));
	REFUSES(strcpy(verdict.answer.error.what, "\033[2J"));
	REFUSES(verdict.answer.is_confined = 2);
	REFUSES(verdict.seals.count = ORDER_SEALS_MAX + 1);
	REFUSES(verdict.seals.which[0] = 1);
	REFUSES(memset(verdict.seals.key_ids[0], 'x',
	    sizeof(verdict.seals.key_ids[0])));
	REFUSES(memset(&verdict.order.has_number, 2, 1));
	REFUSES(memset(verdict.order.why, 'x', sizeof(verdict.order.why)));
	REFUSES(strcpy(verdict.order.root, "../x"));
	REFUSES(verdict.order.at_s = INT64_MAX);
}
