/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "ferry/seals.h"
#include "root/export/sealing.h"
#include "site/medium_file.h"

_Static_assert(SEALABLE_SEALS_MAX <= BUNDLE_SEALS_MAX, "an importer takes it");

enum err
sealable_check_seals(const struct sealable *sealable,
    bool has_sealed[SEALKEYS_MAX], struct error *err)
{
	const struct sealkeys_trusted *trusted = sealable->trusted;
	char comment[MINISIGN_COMMENT_SIZE];
	struct error why = {0};
	bool is_sealed = false;
	size_t k;

	for (size_t i = 0; i < sealable->seal_count; i++) {
		k = seals_key(sealable->content, sealable->seals[i],
		    trusted->keys, trusted->count, comment, &why);
		if (k < trusted->count)
			has_sealed[k] = is_sealed = true;
	}
	return is_sealed ? ERR_OK : err_fail(err, ERR_SEAL, "%s: no key of "
	    "seal.trusted has sealed it%s%s", sealable->name,
	    why.what[0] == '\0' ? "" : ": ", why.what);
}

enum err
sealable_check_comments(const struct sealable *sealable, struct error *err)
{
	const struct sealkeys_trusted *trusted = sealable->trusted;
	char comment[MINISIGN_COMMENT_SIZE];

	for (size_t i = 0; i < sealable->seal_count; i++) {
		if (seals_key(sealable->content, sealable->seals[i],
		    trusted->keys, trusted->count, comment, NULL) <
		    trusted->count)
			TRY(seals_check_comment(sealable->comment, comment,
			    err));
	}
	return ERR_OK;
}

/* Is this a seal of the key over the content, with its comment? */
static bool
is_seal_of(const struct sealable *sealable,
    const struct minisign_public *key, struct span seal)
{
	char comment[MINISIGN_COMMENT_SIZE];

	return seals_key(sealable->content, seal, key, 1, comment, NULL) ==
	    0 && strcmp(comment, sealable->comment) == 0;
}

/* A key id is a hint that anyone can choose: no good seal goes for it. */
static enum err
check_replaced(const struct sealable *sealable, size_t seal,
    struct error *err)
{
	for (size_t k = 0; k < sealable->trusted->count; k++) {
		if (is_seal_of(sealable, &sealable->trusted->keys[k],
		    sealable->seals[seal]))
			return err_remedy(err, err_fail(err, ERR_KEY,
			    "%s: %s is the seal of a trusted key that has "
			    "the same id as this machine's", sealable->path,
			    sealable->members[seal].name), "make another seal "
			    "key: crlferry-root keygen SECRET PUBLIC");
	}
	return ERR_OK;
}

/* Has the key yet to seal, and does that make one more file? */
static enum err
choose_key(const struct sealable *sealable,
    const struct minisign_public *key, bool *is_wanted, size_t *file_count,
    struct error *err)
{
	size_t replaced = sealable->seal_count;
	char name[MANIFEST_NAME_SIZE];

	medium_seal_name(sealable->name, key, name);
	*is_wanted = false;
	for (size_t i = 0; i < sealable->seal_count; i++) {
		if (is_seal_of(sealable, key, sealable->seals[i]))
			return ERR_OK;
		if (strcmp(sealable->members[i].name, name) == 0)
			replaced = i;
	}
	*is_wanted = true;
	if (replaced < sealable->seal_count)
		return check_replaced(sealable, replaced, err);
	(*file_count)++;
	return ERR_OK;
}

enum err
sealable_choose(const struct sealable *sealable,
    const struct sealkeys_secret *secrets, bool wanted[SEALKEYS_MAX],
    struct error *err)
{
	size_t file_count = sealable->seal_count;

	for (size_t k = 0; k < secrets->count; k++)
		TRY(choose_key(sealable, &secrets->keys[k].public, &wanted[k],
		    &file_count, err));
	if (file_count > SEALABLE_SEALS_MAX &&
	    file_count > sealable->seal_count)
		return err_fail(err, ERR_SEAL, "%s: want at most %d seals, "
		    "have %zu with this one", sealable->path,
		    SEALABLE_SEALS_MAX, file_count);
	return ERR_OK;
}

enum err
sealable_check_written(const struct sealable *sealable,
    const struct sealkeys_secret *secrets, struct error *err)
{
	for (size_t k = 0; k < secrets->count; k++) {
		bool fits = false;

		for (size_t i = 0; !fits && i < sealable->seal_count; i++)
			fits = is_seal_of(sealable, &secrets->keys[k].public,
			    sealable->seals[i]);
		if (!fits)
			return err_fail(err, ERR_IO, "%s: the medium gives "
			    "back another seal than was written",
			    sealable->path);
	}
	return ERR_OK;
}
