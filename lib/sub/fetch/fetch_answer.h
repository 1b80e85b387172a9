/* SPDX-License-Identifier: ISC */
/* What curl's end says of a server.  Inside sub/fetch only; pure. */
#pragma once

#include "sub/fetch/fetch.h"

/* What curl prints behind its work, on standard error. */
#define ANSWER_FORMAT "%{stderr}%{http_code} %{size_download} " \
    "%{redirect_url} error=%{errormsg} type=%{content_type}"

/* How curl ended. */
struct answer {
	int status;		/* its exit status */
	bool is_cut;		/* it was stopped, for there was more */
	bool is_alone;		/* nothing but this machine can be reached */
	const char *said;	/* ANSWER_FORMAT, one printable line */
};

/*
 * The server's fault into out->fault and out->remedy, and the media type.
 *
 * ERR_STORE for what is not the server's: a protocol or an option that this
 * curl does not know, a CA file that it cannot read, no network.
 */
MUST_CHECK enum err answer_judge(const struct fetch *fetch,
    const struct answer *answer, struct fetched *out, struct error *err);

/*
 * The value of the attribute, as curl prints an entry:
 *
 *	DN: cn=Root,o=corp
 *		certificateRevocationList;binary:: MIIB...
 *
 * name  the attribute's, with or without options; empty:
 *       certificateRevocationList
 *
 * Without one, or with several, out->fault says so.  ERR_STORE for base64 that
 * is none.
 */
MUST_CHECK enum err answer_take_entry(const struct fetch *fetch,
    struct span text, struct fetched *out, struct error *err);
