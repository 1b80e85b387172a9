/* SPDX-License-Identifier: ISC */
/* issue --dry-run: what would be signed, as text or JSON. */
#pragma once

#include "../cli.h"
#include "root/issue/issue.h"

/* Start from {0}. */
struct previews {
	struct buffer list;	/* JSON, one after the other */
};

#define RELEASE_PREVIEWS __attribute__((cleanup(previews_release)))

/* Judge one root's next CRL, and show it. */
MUST_CHECK enum err previews_add(struct previews *previews,
    struct invocation *invocation, struct history *history,
    const struct config_root *root, const struct issue_options *options,
    struct error *err);

/* With --json, the whole as one document. */
MUST_CHECK enum err previews_print(const struct previews *previews,
    struct invocation *invocation, struct error *err);
void previews_release(struct previews *previews);
