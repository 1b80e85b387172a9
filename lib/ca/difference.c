/* SPDX-License-Identifier: ISC */
#include "ca/difference.h"

enum err
difference_mark(const struct index *index, struct crl *crl, bool *is_listed,
    struct error *err)
{
	struct index_search search = {0};
	struct crl_entries entries;
	struct crl_entry entry;
	bool has_entry;
	enum err code;
	size_t at;

	crl_entries_start(&entries, crl);
	for (;;) {
		code = crl_entries_next(&entries, &entry, &has_entry, err);
		if (code != ERR_OK || !has_entry)
			return code;
		if (index_find(index, &search, entry.serial, &at))
			is_listed[at] = true;
	}
}

enum err
difference_lost(const struct index *index, struct crl *crl,
    enum err (*lost)(void *context, const struct crl_entry *entry,
    struct error *err), void *context, struct error *err)
{
	struct index_search search = {0};
	struct crl_entries entries;
	struct crl_entry entry;
	bool has_entry;
	enum err code;
	size_t at;

	crl_entries_start(&entries, crl);
	for (;;) {
		code = crl_entries_next(&entries, &entry, &has_entry, err);
		if (code != ERR_OK || !has_entry)
			return code;
		if (index_find(index, &search, entry.serial, &at))
			continue;
		code = lost(context, &entry, err);
		if (code != ERR_OK)
			return code;
	}
}
