/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "ferry/admit.h"

/* The manifest's dropped serials in order of serial, then of number. */
struct kept {
	const struct crl *before;
	const struct manifest_dropped **dropped;
	size_t count;
};

#define RELEASE_KEPT __attribute__((cleanup(kept_release)))

static void
kept_release(struct kept *kept)
{
	free(kept->dropped);
}

static int
compare_dropped(const void *a, const void *b)
{
	const struct manifest_dropped *x =
	    *(const struct manifest_dropped *const *)a;
	const struct manifest_dropped *y =
	    *(const struct manifest_dropped *const *)b;
	int order = strcmp(x->serial, y->serial);

	return order != 0 ? order : number_compare(&x->number, &y->number);
}

static enum err
index_dropped(struct kept *kept, const struct manifest *manifest,
    struct error *err)
{
	if (manifest == NULL || manifest->dropped_count == 0)
		return ERR_OK;
	kept->dropped = reallocarray(NULL, manifest->dropped_count,
	    sizeof(*kept->dropped));
	if (kept->dropped == NULL)
		return err_no_memory(err);
	for (size_t i = 0; i < manifest->dropped_count; i++)
		kept->dropped[i] = &manifest->dropped[i];
	kept->count = manifest->dropped_count;
	qsort(kept->dropped, kept->count, sizeof(*kept->dropped),
	    compare_dropped);
	return ERR_OK;
}

/* The last row of this serial, which has its highest number; or NULL. */
static const struct manifest_dropped *
find_dropped(const struct kept *kept, const char *serial)
{
	size_t low = 0, high = kept->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(kept->dropped[middle]->serial, serial) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || strcmp(kept->dropped[low - 1]->serial, serial) != 0)
		return NULL;
	return kept->dropped[low - 1];
}

static enum err
entry_lost(void *context, const struct crl_entry *entry, struct error *err)
{
	const struct kept *kept = context;
	const struct manifest_dropped *dropped = NULL;
	char serial[sizeof(dropped->serial)];
	char shown[SERIAL_TEXT_SIZE], number[NUMBER_TEXT_SIZE];

	hex_encode(entry->serial, serial, sizeof(serial));
	serial_format(entry->serial, shown);
	/* A serial that was cut to fit is not one that a manifest names. */
	if (2 * entry->serial.size < sizeof(serial))
		dropped = find_dropped(kept, serial);
	if (dropped == NULL)
		return err_fail(err, ERR_SHRUNK, "revoked serial %s is "
		    "missing, and the manifest does not list it as dropped",
		    shown);
	if (!kept->before->has_number ||
	    number_compare(&dropped->number, &kept->before->number) > 0)
		return ERR_OK;
	number_format(&kept->before->number, 0, number);
	return err_fail(err, ERR_SHRUNK, "revoked serial %s is missing, and "
	    "the manifest lists it as dropped no later than by CRL #%s, which "
	    "has it", shown, number);
}

enum err
admit_kept(struct crl *before, struct crl *after,
    const struct manifest *manifest, struct error *err)
{
	RELEASE_KEPT struct kept kept = {.before = before};

	TRY(index_dropped(&kept, manifest, err));
	return crl_compare(before, after, entry_lost, &kept, err);
}
