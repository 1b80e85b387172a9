/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/utc.h"
#include "ferry/admit.h"

/* Each must rise, unless both CRLs have none. */
static enum err
check_number(const struct crl_facts *seen, const struct crl_facts *candidate,
    struct error *err)
{
	char want[NUMBER_TEXT_SIZE], have[NUMBER_TEXT_SIZE];
	int order;

	if (!seen->has_number)
		return ERR_OK;
	number_format(&seen->number, 0, want);
	if (!candidate->has_number)
		return err_fail(err, ERR_ROLLBACK, "CRL number is missing; "
		    "the CRL seen before has %s (RFC 5280 5.2.3)", want);
	number_format(&candidate->number, 0, have);
	order = number_compare(&candidate->number, &seen->number);
	if (order == 0)
		return err_remedy(err, err_fail(err, ERR_ROLLBACK, "CRL "
		    "number: want one above %s, have %s again WITH OTHER "
		    "CONTENT: two CRLs were signed under one number (RFC 5280 "
		    "5.2.3)", want, have), "the root was restored from an old "
		    "backup, or somebody else signs: tell its operator, and "
		    "send a request before the next ceremony");
	if (order < 0)
		return err_fail(err, ERR_ROLLBACK, "CRL number: want one "
		    "above %s, have %s (RFC 5280 5.2.3)", want, have);
	return ERR_OK;
}

static enum err
check_order(const struct crl_facts *seen, const struct crl_facts *candidate,
    struct error *err)
{
	char want[UTC_TEXT_SIZE], have[UTC_TEXT_SIZE];

	if (candidate->this_update_s > seen->this_update_s)
		return ERR_OK;
	utc_format(seen->this_update_s, want);
	utc_format(candidate->this_update_s, have);
	return err_fail(err, ERR_ROLLBACK, "thisUpdate: want one after %s, "
	    "that of the CRL seen before, have %s", want, have);
}

static enum err
check_jump(const struct crl_facts *seen, const struct crl_facts *candidate,
    const struct number *max_number_jump, struct error *err)
{
	char low[NUMBER_TEXT_SIZE], high[NUMBER_TEXT_SIZE];
	char limit[NUMBER_TEXT_SIZE];
	struct number jump;

	if (!seen->has_number || !candidate->has_number ||
	    number_is_zero(max_number_jump))
		return ERR_OK;
	jump = number_difference(&candidate->number, &seen->number);
	if (number_compare(&jump, max_number_jump) <= 0)
		return ERR_OK;
	number_format(&seen->number, 0, low);
	number_format(&candidate->number, 0, high);
	number_format(max_number_jump, 0, limit);
	return err_fail(err, ERR_JUMP, "CRL number: want at most %s above "
	    "%s, have %s", limit, low, high);
}

enum err
admit_history(const struct crl_facts *seen, const struct crl_facts *candidate,
    const struct number *max_number_jump, struct error *err)
{
	if (seen == NULL || memcmp(seen->sha256, candidate->sha256,
	    SHA256_SIZE) == 0)
		return ERR_OK;
	TRY(check_number(seen, candidate, err));
	TRY(check_order(seen, candidate, err));
	return check_jump(seen, candidate, max_number_jump, err);
}

/* The latest thisUpdate that whoever sealed the order can have known. */
static int64_t
order_reach(const struct crl_facts *candidate,
    const struct admit_rules *rules)
{
	const struct order *order = rules->waiting;
	int64_t reach_s = order->at_s;

	for (size_t i = 0; i < rules->seen_count; i++) {
		const struct crl_facts *seen = &rules->seen[i];

		if (seen->this_update_s < reach_s && memcmp(seen->sha256,
		    order->accepted_sha256, SHA256_SIZE) == 0)
			reach_s = seen->this_update_s;
	}
	return reach_s > candidate->this_update_s ? reach_s :
	    candidate->this_update_s;
}

/*
 * If a store holds a CRL that was signed later, the order was carried out
 * before, and the state that knew of it is gone.
 */
static enum err
check_overtaken(const struct crl_facts *candidate,
    const struct admit_rules *rules, struct error *err)
{
	const int64_t reach_s = order_reach(candidate, rules);
	char want[UTC_TEXT_SIZE], have[UTC_TEXT_SIZE];

	for (size_t i = 0; i < rules->seen_count; i++) {
		const struct crl_facts *seen = &rules->seen[i];

		if (seen->this_update_s <= reach_s ||
		    memcmp(seen->sha256, candidate->sha256, SHA256_SIZE) ==
		    0 || orders_gave_up(rules->orders, rules->order_count,
		    seen->sha256))
			continue;
		utc_format(reach_s, want);
		utc_format(seen->this_update_s, have);
		return err_fail(err, ERR_ROLLBACK, "order: it can know of "
		    "CRLs up to %s, and a store has one of %s: was this "
		    "state restored from a backup?  Send the root a new "
		    "request, and let it order again", want, have);
	}
	return ERR_OK;
}

/* An order was sealed, and shown, with a number as well. */
static enum err
check_ordered(const struct crl_facts *candidate, const struct order *order,
    struct error *err)
{
	char want[NUMBER_TEXT_SIZE] = "none", have[NUMBER_TEXT_SIZE] = "none";

	if (order->has_number == candidate->has_number &&
	    (!order->has_number || number_compare(&order->number,
	    &candidate->number) == 0))
		return ERR_OK;
	if (order->has_number)
		number_format(&order->number, 1, want);
	if (candidate->has_number)
		number_format(&candidate->number, 1, have);
	return err_fail(err, ERR_ROLLBACK, "CRL number: want %s, the number "
	    "in the pending order, have %s", want, have);
}

int
crl_facts_compare(const struct crl_facts *a, const struct crl_facts *b)
{
	if (a->has_number && b->has_number)
		return number_compare(&a->number, &b->number);
	return (a->this_update_s > b->this_update_s) -
	    (a->this_update_s < b->this_update_s);
}

/* Is this CRL the one that was accepted last, and did nothing follow it? */
static bool
is_put_back(const struct crl_facts *candidate, const struct crl_facts *seen,
    const struct crl_facts *accepted)
{
	return accepted != NULL && memcmp(accepted->sha256,
	    candidate->sha256, SHA256_SIZE) == 0 &&
	    crl_facts_compare(seen, candidate) <= 0;
}

enum err
admit_seen(const struct crl_facts *candidate,
    const struct admit_rules *rules, struct error *err)
{
	char digest[SHA256_HEX_SIZE];

	if (orders_gave_up(rules->orders, rules->order_count,
	    candidate->sha256)) {
		sha256_hex(candidate->sha256, digest);
		return err_fail(err, ERR_ROLLBACK, "an order gave up this "
		    "CRL, of SHA-256 %s: remove its bundle from the medium",
		    digest);
	}
	if (rules->waiting != NULL && memcmp(rules->waiting->sha256,
	    candidate->sha256, SHA256_SIZE) == 0) {
		TRY(check_ordered(candidate, rules->waiting, err));
		return check_overtaken(candidate, rules, err);
	}
	for (size_t i = 0; i < rules->seen_count; i++) {
		if (!is_put_back(candidate, &rules->seen[i], rules->accepted))
			TRY(admit_history(&rules->seen[i], candidate,
			    &rules->max_number_jump, err));
	}
	return ERR_OK;
}
