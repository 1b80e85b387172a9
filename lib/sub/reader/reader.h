/* SPDX-License-Identifier: ISC */
/*
 * The reader: the one place where octets from a medium are parsed.  It runs in
 * a forked process that holds the sealed octets and nothing else, no file, no
 * socket, no way to get one, and answers with a verdict.
 */
#pragma once

#include "base/notice.h"
#include "pki/cert.h"
#include "site/bundle.h"
#include "site/config.h"
#include "site/sealkeys.h"
#include "sub/reader/verdict.h"

/* Everything the reader may know; all borrowed. */
struct reader_request {
	const struct config_root *root;
	struct admit_rules rules;	/* but for the subordinates */
	const struct cert *const *subordinates;	/* NULL if unknown */
	size_t subordinate_count;
	const struct sealkeys_trusted *trusted;
	unsigned int seals_required;
	const struct bundle *bundle;
	struct span previous;		/* the accepted CRL, empty for none */
	bool is_removal_accepted;	/* --accept-removed */
	enum sandbox sandbox;
};

/*
 * Run the reader.
 *
 * out  a verdict that passed verdict_check and whose code is ERR_OK
 * der  the CRL in DER, the octets that were verified, appended; or NULL
 *
 * The verdict's own error otherwise.  ERR_FORMAT if the reader died or gave
 * no verdict, ERR_PERMISSIONS if sandbox = "require" and it cannot be
 * confined.
 */
MUST_CHECK enum err reader_run(const struct reader_request *request,
    struct verdict *out, struct buffer *der, struct notices *notices,
    struct error *err);
