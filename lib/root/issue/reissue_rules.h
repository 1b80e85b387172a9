/* SPDX-License-Identifier: ISC */
/* What a root must meet to be reissued.  Inside root/issue only. */
#pragma once

#include "ca/certwrite.h"
#include "root/issue/reissue.h"

/* A root on its way to a new certificate. */
struct reissuing {
	struct history *history;
	const struct config_root *root;
	const struct reissue_options *options;
	struct notices *notices;
	struct cert *old;		/* the configured one */
	const char *digest;		/* or NULL */
	struct algorithm algorithm;	/* of the new signature */
	struct buffer identifier;	/* the same in DER */
	struct certwrite write;
	struct reissue_made made;
};

void reissuing_release(struct reissuing *reissuing);

/*
 * Load the configured certificate, and choose where the new one goes, which is
 * judged.
 */
MUST_CHECK enum err reissuing_load_old(struct reissuing *reissuing,
    struct error *err);
MUST_CHECK enum err reissuing_choose_output(struct reissuing *reissuing,
    struct error *err);

/* Both, and all that can be said of the new one before it is signed. */
MUST_CHECK enum err reissuing_plan(struct reissuing *reissuing,
    struct error *err);

/* The same; clock and network, too. */
MUST_CHECK enum err reissuing_judge(struct reissuing *reissuing,
    struct error *err);

/* No finding of lint on a certificate that is an error.  ERR_FORMAT. */
MUST_CHECK enum err reissuing_lint(const struct reissuing *reissuing,
    struct span der, bool is_noted, struct error *err);
