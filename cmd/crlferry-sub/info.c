/* SPDX-License-Identifier: ISC */
#include "imported_text.h"
#include "sub_verbs.h"

enum err
cmd_info(struct invocation *invocation, struct error *err)
{
	const char *path = invocation->arguments.words[0];
	const struct config *config = invocation->config;
	const struct import_options options = {
	    .now_s = invocation->now_s, .is_inspection = true};
	RELEASE_SOURCE struct source source = {.fd = -1};
	RELEASE_ROWS struct rows rows = {0};
	size_t found = 0;
	enum err code;
	size_t i;

	code = source_open(path, &source, err);
	for (i = 0; code == ERR_OK && i < config->root_count; i++) {
		struct imported imported = {.outcome = IMPORT_NOTHING};

		code = import_root(config, &config->roots[i], &source,
		    &options, &imported, &invocation->notices, err);
		if (code != ERR_OK || imported.outcome == IMPORT_NOTHING)
			continue;
		found++;
		code = imported_report(invocation, &config->roots[i],
		    &imported, &rows, err);
	}
	if (code == ERR_OK && found == 0)
		return err_fail(err, ERR_MISSING, "%s: want a bundle of a "
		    "configured root, have none", path);
	if (code == ERR_OK && invocation->is_json)
		code = rows_print(&rows, "crlferry-info", "bundles",
		    &invocation->output, err);
	return code;
}
