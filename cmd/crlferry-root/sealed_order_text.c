/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "../order_words.h"
#include "base/array.h"
#include "base/utc.h"
#include "key_ids.h"
#include "sealed_order_text.h"

static void
find_words(const struct order_sealing *sealing, struct order_words *out)
{
	order_words(&sealing->order, sealing->has_accepted_number ?
	    &sealing->accepted_number : NULL, out);
}

enum err
sealed_order_show(const struct order_sealing *sealing, struct buffer *out,
    struct error *err)
{
	const struct order *order = &sealing->order;
	char seals[KEY_IDS_SIZE], time[UTC_TEXT_SIZE];
	struct order_words words;

	find_words(sealing, &words);
	utc_format(order->at_s, time);
	key_ids_trusted(&sealing->trusted, sealing->has_sealed, seals);
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
	    sealing->box.path, words.accepted_number, words.accepted_sha256,
	    words.number, words.sha256, (unsigned long long)order->sequence,
	    time, order->why, seals[0] == '\0' ? "nobody who is known" : seals);
}

enum err
sealed_order_tell(const struct order_sealing *sealing,
    const struct sealkeys_secret *secrets, size_t added, struct buffer *out,
    struct error *err)
{
	char seals[KEY_IDS_SIZE];

	key_ids_secret(secrets, seals);
	return buffer_appendf(out, err, added > 0 ?
	    "%s: order for %s sealed by %s\n" :
	    "%s: order for %s was sealed by %s before: nothing changed\n",
	    sealing->root->name, sealing->subordinate->name, seals);
}

/* One row: every text NULL where it is not known. */
struct texts {
	const char *root;
	const char *subordinate;
	const char *outcome;
	const char *time;
	const char *nonce;
	const char *number;
	const char *sha256;
	const char *accepted_number;
	const char *accepted_sha256;
	const char *why;
	const char *sealed_by;
	const char *path;
	const char *token;
	const char *message;
};

static void
add_texts(const struct texts *texts, struct rows *rows)
{
	const struct {
		const char *key;
		const char *text;
	} fields[] = {
	    {"root", texts->root}, {"subordinate", texts->subordinate},
	    {"outcome", texts->outcome}, {"time", texts->time},
	    {"nonce", texts->nonce}, {"number", texts->number},
	    {"sha256", texts->sha256},
	    {"accepted_number", texts->accepted_number},
	    {"accepted_sha256", texts->accepted_sha256},
	    {"why", texts->why}, {"sealed_by", texts->sealed_by},
	    {"path", texts->path}, {"token", texts->token},
	    {"message", texts->message},
	};
	size_t i;

	for (i = 0; i < COUNT_OF(fields); i++)
		rows_text(rows, fields[i].key, fields[i].text);
}

void
sealed_order_row(const struct order_sealing *sealing,
    const struct sealkeys_secret *secrets, size_t added, struct rows *rows)
{
	const struct order *order = &sealing->order;
	char seals[KEY_IDS_SIZE], time[UTC_TEXT_SIZE];
	struct order_words words;
	const struct texts texts = {
	    .root = order->root, .subordinate = order->subordinate,
	    .outcome = added > 0 ? "sealed" : "same", .time = time,
	    .nonce = order->nonce,
	    .number = order->has_number ? words.number : NULL,
	    .sha256 = words.sha256,
	    .accepted_number = sealing->has_accepted_number ?
	    words.accepted_number : NULL,
	    .accepted_sha256 = words.accepted_sha256,
	    .why = order->why, .sealed_by = seals,
	    .path = sealing->box.path};

	find_words(sealing, &words);
	utc_format(order->at_s, time);
	key_ids_secret(secrets, seals);
	rows_begin(rows);
	rows_integer(rows, "sequence", (int64_t)order->sequence);
	add_texts(&texts, rows);
}

void
sealed_order_row_failed(const struct config_root *root,
    const struct config_subordinate *subordinate, const struct error *why,
    struct rows *rows)
{
	const struct texts texts = {.root = root->name,
	    .subordinate = subordinate->name, .outcome = "failed",
	    .token = error_token(why->code), .message = why->what};

	rows_begin(rows);
	rows_text(rows, "sequence", NULL);
	add_texts(&texts, rows);
}
