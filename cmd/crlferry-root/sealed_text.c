/* SPDX-License-Identifier: ISC */

#include "../crl_words.h"
#include "base/array.h"
#include "base/digest.h"
#include "base/utc.h"
#include "ferry/seals.h"
#include "sealed_text.h"

/* As the minutes have it. */
static enum err
add_digest(const char *digest, struct buffer *out, struct error *err)
{
	TRY(buffer_append_text(out, "  SHA-256     ", err));
	TRY(digest_groups(digest, "\n              ", out, err));
	return buffer_append_text(out, "\n", err);
}

/*
 * Facts that only the manifest tells, and the subordinates believe: nobody but
 * who seals it looks at them.
 */
static enum err
add_manifest(const struct manifest *manifest, struct buffer *out,
    struct error *err)
{
	char ceremony[UTC_TEXT_SIZE] = "none named";
	size_t added = 0, i;

	if (manifest->has_next_ceremony)
		utc_format_date(manifest->next_ceremony_s, ceremony);
	for (i = 0; i < manifest->dropped_count; i++)
		added += number_compare(&manifest->dropped[i].number,
		    &manifest->number) == 0;
	TRY(buffer_appendf(out, err,
	    "  next        %s\n"
	    "  dropped     %zu by this CRL, %zu in all\n", ceremony, added,
	    manifest->dropped_count));
	return manifest->is_emergency ? buffer_appendf(out, err,
	    "  emergency   %s\n", manifest->why) : ERR_OK;
}

static enum err
show_bundle(const struct sealing *sealing, const char *seals,
    struct buffer *out, struct error *err)
{
	const struct manifest *manifest = &sealing->bundle.manifest;
	struct crl_words words;

	crl_words(&manifest->number, manifest->this_update_s,
	    manifest->next_update_s, sealing->bundle.sha256, &words);
	TRY(buffer_appendf(out, err,
	    "%s: #%s in %s is signed by the root\n"
	    "  thisUpdate  %s\n"
	    "  nextUpdate  %s\n"
	    "  revoked     %llu\n", sealing->root->name, words.number,
	    sealing->file.path, words.this_update, words.next_update,
	    (unsigned long long)manifest->revoked_count));
	TRY(add_manifest(manifest, out, err));
	TRY(add_digest(words.sha256, out, err));
	return buffer_appendf(out, err, "  sealed by   %s\n", seals);
}

static void
find_order_words(const struct sealed_order *sealed, struct order_words *out)
{
	order_words(&sealed->order, sealed->has_accepted_number ?
	    &sealed->accepted_number : NULL, out);
}

static enum err
show_order(const struct sealing *sealing, const char *seals,
    struct buffer *out, struct error *err)
{
	const struct order *order = &sealing->order.order;
	struct order_words words;
	char time[UTC_TEXT_SIZE];

	find_order_words(&sealing->order, &words);
	utc_format(order->at_s, time);
	return buffer_appendf(out, err,
	    "%s: order for %s in %s\n"
	    "  gives up  #%s\n"
	    "            SHA-256 %s\n"
	    "  takes     #%s\n"
	    "            SHA-256 %s\n"
	    "  answers   its request %llu\n"
	    "  time      %s\n"
	    "  why       %s\n"
	    "  sealed by %s\n", order->root, order->subordinate,
	    sealing->file.path, words.accepted_number, words.accepted_sha256,
	    words.number, words.sha256, (unsigned long long)order->sequence,
	    time, order->why, seals);
}

enum err
sealed_show(const struct sealing *sealing, struct buffer *out,
    struct error *err)
{
	char seals[SEALS_IDS_SIZE] = "";

	for (size_t k = 0; k < sealing->trusted.count; k++) {
		if (sealing->has_sealed[k])
			seals_list_key(seals, sizeof(seals),
			    &sealing->trusted.keys[k]);
	}
	return (sealing->subordinate == NULL ? show_bundle : show_order)(
	    sealing, seals[0] == '\0' ? "cannot tell" : seals, out, err);
}

static void
list_own(const struct sealkeys_secret *secrets, char out[SEALS_IDS_SIZE])
{
	out[0] = '\0';
	for (size_t k = 0; k < secrets->count; k++)
		seals_list_key(out, SEALS_IDS_SIZE, &secrets->keys[k].public);
}

enum err
sealed_tell(const struct candidate *candidate,
    const struct sealkeys_secret *secrets, struct buffer *out,
    struct error *err)
{
	const struct sealing *sealing = candidate->sealing;
	char seals[SEALS_IDS_SIZE];

	list_own(secrets, seals);
	TRY(buffer_appendf(out, err, "%s: ", sealing->root->name));
	if (sealing->subordinate != NULL)
		TRY(buffer_appendf(out, err, "order for %s ",
		    sealing->subordinate->name));
	return buffer_appendf(out, err, candidate->added > 0 ?
	    "sealed by %s\n" : "was sealed by %s before: nothing changed\n",
	    seals);
}

/* The row of one that was not sealed has the keys, too. */
static void
add_row(const struct candidate *candidate, const struct rows_fact *facts,
    size_t count, struct rows *rows)
{
	const struct error *why = &candidate->why;
	const bool is_good = why->code == ERR_OK;

	rows_text(rows, "root", candidate->sealing->root->name);
	if (candidate->sealing->subordinate != NULL)
		rows_text(rows, "subordinate",
		    candidate->sealing->subordinate->name);
	rows_text(rows, "outcome", !is_good ? "failed" :
	    candidate->added > 0 ? "sealed" : "same");
	for (size_t i = 0; i < count; i++)
		rows_text(rows, facts[i].key, is_good ? facts[i].text : NULL);
	rows_failure(rows, why);
}

static void
add_bundle(const struct candidate *candidate, const char *seals,
    struct rows *rows)
{
	const struct sealing *sealing = candidate->sealing;
	const struct manifest *manifest = &sealing->bundle.manifest;
	struct crl_words words;
	const struct rows_fact facts[] = {
	    {"number", words.number}, {"this_update", words.this_update},
	    {"next_update", words.next_update}, {"sha256", words.sha256},
	    {"sealed_by", seals}, {"path", sealing->file.path},
	};

	crl_words(&manifest->number, manifest->this_update_s,
	    manifest->next_update_s, sealing->bundle.sha256, &words);
	rows_begin(rows);
	add_row(candidate, facts, COUNT_OF(facts), rows);
}

static void
add_order(const struct candidate *candidate, const char *seals,
    struct rows *rows)
{
	const struct sealed_order *sealed = &candidate->sealing->order;
	const struct order *order = &sealed->order;
	struct order_words words;
	char time[UTC_TEXT_SIZE];
	const struct rows_fact facts[] = {
	    {"time", time}, {"nonce", order->nonce},
	    {"number", order->has_number ? words.number : NULL},
	    {"sha256", words.sha256},
	    {"accepted_number", sealed->has_accepted_number ?
		words.accepted_number : NULL},
	    {"accepted_sha256", words.accepted_sha256}, {"why", order->why},
	    {"sealed_by", seals}, {"path", candidate->sealing->file.path},
	};

	find_order_words(sealed, &words);
	utc_format(order->at_s, time);
	rows_begin(rows);
	rows_known(rows, "sequence", candidate->why.code == ERR_OK,
	    (int64_t)order->sequence);
	add_row(candidate, facts, COUNT_OF(facts), rows);
}

void
sealed_row(const struct candidate *candidate,
    const struct sealkeys_secret *secrets, struct rows *bundles,
    struct rows *orders)
{
	char seals[SEALS_IDS_SIZE];

	list_own(secrets, seals);
	if (candidate->sealing->subordinate == NULL)
		add_bundle(candidate, seals, bundles);
	else
		add_order(candidate, seals, orders);
}
