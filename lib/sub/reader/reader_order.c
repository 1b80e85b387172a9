/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/text.h"
#include "sub/reader/reader_order.h"
#include "sub/reader/sandbox.h"

/* Everything that the confined process may know. */
struct order_input {
	struct span json;
	const struct span *seals;
	size_t seal_count;
	struct seals_trust trust;
};

/* In the child. */
static void
judge_confined(const void *context, void *answer)
{
	const struct order_input *input = context;
	struct order_verdict *verdict = answer;
	struct error *error = &verdict->answer.error;

	error->code = order_open(input->json, input->seals, input->seal_count,
	    &input->trust, &verdict->order, &verdict->seals, error);
}

static bool
are_seals(const struct seals *seals, size_t seal_count)
{
	uint32_t i;

	if (seals->count > ORDER_SEALS_MAX)
		return false;
	for (i = 0; i < seals->count; i++) {
		if (seals->which[i] >= seal_count ||
		    !text_is_printable(seals->key_ids[i],
		    sizeof(seals->key_ids[i])))
			return false;
	}
	return true;
}

/* Not every octet is a truth value. */
static bool
is_flag(const bool *flag)
{
	uint8_t octet;

	memcpy(&octet, flag, sizeof(octet));
	return octet <= 1;
}

enum err
order_verdict_check(const struct order_verdict *verdict, size_t seal_count,
    struct error *err)
{
	TRY(confined_check(&verdict->answer, err));
	if (!are_seals(&verdict->seals, seal_count) ||
	    !is_flag(&verdict->order.has_number))
		return err_fail(err, ERR_FORMAT, "reader: the verdict is "
		    "out of its bounds");
	return verdict->answer.error.code == ERR_OK ?
	    order_check(&verdict->order, err) : ERR_OK;
}

/* Does the verdict tell of these very octets, and of seals that count? */
static enum err
check_claims(const struct order_verdict *verdict, struct span json,
    const struct sealkeys_trusted *trusted, unsigned int required,
    struct error *err)
{
	const struct seals *seals = &verdict->seals;

	if (seals->count < required || seals->count == 0 ||
	    !sealkeys_have_ids(trusted, seals->key_ids, seals->count))
		return err_fail(err, ERR_FORMAT, "reader: the verdict names "
		    "other seals than those of %u trusted keys", required);
	return order_check_canonical(&verdict->order, json, err);
}

enum err
order_read(const struct config *config, const char *path, struct span json,
    const struct span *seals, size_t seal_count,
    const struct sealkeys_trusted *trusted, struct order *out,
    struct seals *sealed, struct notices *notices, struct error *err)
{
	const struct order_input input = {
	    .json = json, .seals = seals, .seal_count = seal_count,
	    .trust = {trusted->keys, trusted->count, config->seal.required}};
	const struct confined confined = {
	    .subject = path, .work = judge_confined, .context = &input,
	    .sandbox = config->sandbox};
	struct order_verdict verdict;

	TRY(confined_run(&confined, &verdict, sizeof(verdict), err));
	TRY(order_verdict_check(&verdict, seal_count, err));
	TRY(confined_conclude(&confined, &verdict.answer, notices, err));
	/* They are kept, and read again later without a sandbox. */
	TRY(err_about(err, check_claims(&verdict, json, trusted,
	    config->seal.required, err), path));
	*out = verdict.order;
	*sealed = verdict.seals;
	return ERR_OK;
}
