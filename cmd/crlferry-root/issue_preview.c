/* SPDX-License-Identifier: ISC */
#include "issue_preview.h"
#include "root/issue/issue_preview.h"

/* The entries of one root, while its head is not known. */
struct entries {
	bool is_json;
	struct buffer text;	/* all of them */
	struct buffer added;	/* JSON */
	struct buffer removed;
};

static void
entries_release(struct entries *entries)
{
	buffer_release(&entries->text);
	buffer_release(&entries->added);
	buffer_release(&entries->removed);
}

static enum err
take_entry(void *context, const struct preview_entry *entry,
    struct error *err)
{
	struct entries *entries = context;

	if (!entries->is_json)
		return preview_entry_text(entry, &entries->text, err);
	if (entry->change == PREVIEW_KEPT)
		return ERR_OK;
	return preview_entry_json(entry, entry->change == PREVIEW_ADDED ?
	    &entries->added : &entries->removed, err);
}

enum err
previews_add(struct previews *previews, struct invocation *invocation,
    struct history *history, const struct config_root *root,
    const struct issue_options *options, struct error *err)
{
	__attribute__((cleanup(entries_release))) struct entries entries = {
	    .is_json = invocation->is_json};
	struct preview preview;

	TRY(issue_preview(history, root, options, take_entry, &entries,
	    &preview, &invocation->notices, err));
	if (invocation->is_json)
		return preview_json(&preview, span_of_buffer(&entries.added),
		    span_of_buffer(&entries.removed), &previews->list, err);
	TRY(preview_text(&preview, &invocation->output, err));
	return entries.text.size > 0 ? buffer_append(&invocation->output,
	    entries.text.data, entries.text.size, err) : ERR_OK;
}

enum err
previews_print(const struct previews *previews,
    struct invocation *invocation, struct error *err)
{
	return invocation->is_json ?
	    preview_document(span_of_buffer(&previews->list),
	    &invocation->output, err) : ERR_OK;
}

void
previews_release(struct previews *previews)
{
	buffer_release(&previews->list);
}
