/* SPDX-License-Identifier: ISC */
/*
 * A configuration that init is about to write, and the certificates that it
 * copies beside it, so that nothing depends on where they came from: all of
 * them appear, or none.
 */
#pragma once

#include "cli.h"
#include "pki/cert.h"

/* Begin with config_draft_begin; release. */
struct config_draft {
	const char *path;		/* of the configuration */
	char folder[4096];		/* it will stand in it */
	char resolved[4096];		/* the same; empty: it is to be made */
	char made[4096];		/* first folder that was; empty: none */
	struct buffer reserved;		/* of other files: paths with NUL */
	struct buffer certificates;	/* of config_draft.c */
	bool is_written;
	bool is_kept;
};

#define RELEASE_DRAFT __attribute__((cleanup(config_draft_release)))

/*
 * Begin with the file of --output, or else of --config.  ERR_USAGE if there is
 * anything at that path.
 */
MUST_CHECK enum err config_draft_begin(struct config_draft *draft,
    const struct invocation *invocation, struct error *err);

/* Unless it was kept, everything that was made for it goes. */
void config_draft_release(struct config_draft *draft);

/*
 * No certificate is to stand at this path: another file is, or will be.  To be
 * said before any certificate.  ERR_USAGE if the path is reserved already.
 */
MUST_CHECK enum err config_draft_reserve(struct config_draft *draft,
    const char *option, const char *path, struct error *err);

/*
 * Append "<indent>certificate = "FILE";\n" for a certificate that was given.
 * FILE is its own name if it stands in the configuration's folder (and no link
 * leads out of it), else that of a copy in PEM: <name>.pem, or <name>-2.pem and
 * so on if another file has that name.  Nothing is written yet.
 *
 * name  of the root or the subordinate
 * path  as it was given; it must last as long as the draft
 *
 * ERR_USAGE if another name has the same certificate, or if its path is
 * reserved.
 */
MUST_CHECK enum err config_draft_certificate(struct config_draft *draft,
    const char *indent, const char *name, const char *path,
    const struct cert *cert, struct buffer *text, struct error *err);

/*
 * Append the group of --subordinate NAME=CERT up to its certificate, which the
 * root must have issued; what is odd about it is said.
 */
MUST_CHECK enum err config_draft_subordinate(struct config_draft *draft,
    const char *word, const struct cert *root, int64_t now_s,
    struct buffer *text, struct cert **cert, struct notices *notices,
    struct error *err);

/*
 * Write the copies and the configuration, and load it as a check: its state
 * folder is one that may be used, its schedules have no gap.
 */
MUST_CHECK enum err config_draft_write(struct config_draft *draft,
    struct span text, int64_t now_s, struct config **out, struct error *err);

/* It stays; say what was copied, unless --quiet. */
MUST_CHECK enum err config_draft_keep(struct config_draft *draft,
    struct invocation *invocation, struct error *err);
