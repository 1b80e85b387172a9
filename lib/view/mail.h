/* SPDX-License-Identifier: ISC */
/*
 * A reminder by mail, for a person who does not know crlferry (RFC 5322, 2045):
 * one text, and the calendar beside it.  Lines end with LF, as sendmail takes
 * them.
 */
#pragma once

#include "base/bytes.h"
#include "plan/standing.h"

/* One that is not fresh. */
struct mail_pair {
	const struct standing *standing;
	bool is_new;		/* or worse than the last mail said */
};

/* All is borrowed. */
struct mail {
	const char *const *to;	/* addresses that are plain: no blanks */
	size_t to_count;
	const char *who;	/* "root@ca1": who sends it, and where */
	const char *config;	/* path of the configuration */
	const char *option;	/* " --config FILE", or empty */
	int64_t now_s;
	const struct mail_pair *pairs;	/* at least one, the worst first */
	size_t pair_count;
	const struct standing *standings;	/* of the table: all pairs */
	size_t standing_count;
	struct span calendar;	/* empty: no_calendar says why there is none */
	const char *no_calendar;
};

/* Put the worst first; of two the one that ends sooner. */
void mail_sort(struct mail_pair *pairs, size_t count);

/* The subject: what is worst, and how many more there are; appended. */
MUST_CHECK enum err mail_subject(const struct mail *mail, struct buffer *out,
    struct error *err);

/* The text that a person reads; appended. */
MUST_CHECK enum err mail_text(const struct mail *mail, struct buffer *out,
    struct error *err);

/* All of it, with its headers but for From, which sendmail adds; appended. */
MUST_CHECK enum err mail_compose(const struct mail *mail, struct buffer *out,
    struct error *err);
