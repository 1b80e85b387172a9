/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "../crl_words.h"
#include "base/array.h"
#include "base/utc.h"
#include "key_ids.h"
#include "sealed_text.h"
#include "view/minutes.h"

#define DIGEST_HALF 32		/* digits on a line */

/* In groups of four, on two lines, as the minutes have it. */
static enum err
add_digest(const char *digest, struct buffer *out, struct error *err)
{
	char half[DIGEST_HALF + 1];

	snprintf(half, sizeof(half), "%.*s", DIGEST_HALF, digest);
	TRY(buffer_append_text(out, "  SHA-256     ", err));
	TRY(minutes_hex_groups(half, out, err));
	TRY(buffer_append_text(out, "\n              ", err));
	TRY(minutes_hex_groups(digest + DIGEST_HALF, out, err));
	return buffer_append_text(out, "\n", err);
}

static void
format_words(const struct sealing *sealing, struct crl_words *out)
{
	const struct manifest *manifest = &sealing->manifest;

	crl_words(&manifest->number, manifest->this_update_s,
	    manifest->next_update_s, sealing->sha256, out);
}

/*
 * What only the manifest says, and the subordinates believe: nobody but who
 * seals it looks at that.
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

enum err
sealed_show(const struct sealing *sealing, struct buffer *out,
    struct error *err)
{
	const struct manifest *manifest = &sealing->manifest;
	char seals[KEY_IDS_SIZE];
	struct crl_words words;

	format_words(sealing, &words);
	key_ids_trusted(&sealing->trusted, sealing->has_sealed, seals);
	TRY(buffer_appendf(out, err,
	    "%s: #%s in %s is signed by the root\n"
	    "  thisUpdate  %s\n"
	    "  nextUpdate  %s\n"
	    "  revoked     %llu\n", sealing->root->name, words.number,
	    sealing->bundle.path, words.this_update, words.next_update,
	    (unsigned long long)manifest->revoked_count));
	TRY(add_manifest(manifest, out, err));
	TRY(add_digest(words.sha256, out, err));
	return buffer_appendf(out, err, "  sealed by   %s\n",
	    seals[0] == '\0' ? "nobody who is known" : seals);
}

enum err
sealed_tell(const struct sealing *sealing,
    const struct sealkeys_secret *secrets, size_t added, struct buffer *out,
    struct error *err)
{
	char seals[KEY_IDS_SIZE];

	key_ids_secret(secrets, seals);
	return buffer_appendf(out, err, added > 0 ? "%s: sealed by %s\n" :
	    "%s: was sealed by %s before: nothing changed\n",
	    sealing->root->name, seals);
}

/* One row: every text NULL where it is not known. */
struct sealed_texts {
	const char *root;
	const char *outcome;
	const char *number;
	const char *this_update;
	const char *next_update;
	const char *sha256;
	const char *sealed_by;
	const char *path;
	const char *token;
	const char *message;
};

static void
add_row(const struct sealed_texts *texts, struct rows *rows)
{
	const struct {
		const char *key;
		const char *text;
	} fields[] = {
	    {"root", texts->root}, {"outcome", texts->outcome},
	    {"number", texts->number}, {"this_update", texts->this_update},
	    {"next_update", texts->next_update}, {"sha256", texts->sha256},
	    {"sealed_by", texts->sealed_by}, {"path", texts->path},
	    {"token", texts->token}, {"message", texts->message},
	};
	size_t i;

	rows_begin(rows);
	for (i = 0; i < COUNT_OF(fields); i++)
		rows_text(rows, fields[i].key, fields[i].text);
}

void
sealed_row(const struct sealing *sealing,
    const struct sealkeys_secret *secrets, size_t added, struct rows *rows)
{
	char seals[KEY_IDS_SIZE];
	struct crl_words words;
	const struct sealed_texts texts = {
	    .root = sealing->root->name,
	    .outcome = added > 0 ? "sealed" : "same",
	    .number = words.number, .this_update = words.this_update,
	    .next_update = words.next_update, .sha256 = words.sha256,
	    .sealed_by = seals, .path = sealing->bundle.path};

	format_words(sealing, &words);
	key_ids_secret(secrets, seals);
	add_row(&texts, rows);
}

void
sealed_row_failed(const struct config_root *root, const struct error *why,
    struct rows *rows)
{
	const struct sealed_texts texts = {.root = root->name,
	    .outcome = "failed", .token = error_token(why->code),
	    .message = why->what};

	add_row(&texts, rows);
}
