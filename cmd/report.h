/* SPDX-License-Identifier: ISC */
/* `report` of both programs: one HTML page. */
#pragma once

#include "cli.h"
#include "pki/cert.h"
#include "view/report/report.h"

/* What each program looks at for it. */
struct reporting {
	bool is_on_root;
	int64_t now_s;
	const struct standing *standings;	/* of all pairs */
	size_t count;
	/*
	 * Add the CRLs that are known of a root, each verified, and say what
	 * is not known.
	 */
	enum err (*look)(const struct reporting *reporting,
	    struct invocation *invocation, const struct config_root *root,
	    const struct cert *cert, struct report_root *out,
	    struct error *err);
	const void *context;
};

/* Write the page for the roots that the arguments name, or for all. */
MUST_CHECK enum err report_write(struct invocation *invocation,
    struct reporting *reporting, struct error *err);
