/* SPDX-License-Identifier: ISC */
#include "imported_text.h"
#include "sub_verbs.h"

/*
 * A bare CRL does not say whose it is.  If it is not this root's, or this root
 * takes none, another root may know it.
 */
static bool
is_of_another(const struct source *source, enum err code)
{
	return source->kind == SOURCE_BARE &&
	    (code == ERR_ISSUER || code == ERR_SEAL);
}

enum err
cmd_info(struct invocation *invocation, struct error *err)
{
	const char *path = invocation->arguments.words[0];
	const struct config *config = invocation->config;
	const struct import_options options = {
	    .now_s = invocation->now_s, .is_inspection = true};
	RELEASE_SOURCE struct source source = {.fd = -1};
	RELEASE_ROWS struct rows rows = {0};
	struct error why = {0};
	size_t found = 0;
	enum err code;

	TRY(source_open(path, &source, err));
	for (size_t i = 0; i < config->root_count; i++) {
		RELEASE_IMPORTED struct imported imported = {
		    .outcome = IMPORT_NOTHING};

		code = import_root(config, &config->roots[i], &source,
		    &options, &imported, &invocation->notices, &why);
		if (code != ERR_OK && !is_of_another(&source, code))
			return err_copy(err, &why);
		if (imported.outcome == IMPORT_NOTHING)
			continue;
		found++;
		TRY(imported_report(invocation, &config->roots[i], &imported,
		    NULL, &rows, err));
	}
	if (found == 0 && why.code != ERR_OK)
		return err_copy(err, &why);
	if (found == 0)
		return err_fail(err, ERR_MISSING, "%s: no bundle of a "
		    "configured root", path);
	return rows_print(&rows, invocation, "crlferry-info", "bundles", err);
}
