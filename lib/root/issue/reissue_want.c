/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "root/issue/reissue.h"

/* In one clause: what is wrong with it, and since when that counts. */
static void
explain(struct reissue_want *want, const char *weak, int64_t now_s)
{
	char end[UTC_TEXT_SIZE];
	char *text = want->why;

	utc_format_date(want->not_after_s, end);
	if (want->is_weak)
		text += snprintf(text, sizeof(want->why),
		    "it is signed with %s%s", weak,
		    want->is_ending ? ", and " : "");
	if (want->is_ending)
		snprintf(text, sizeof(want->why) - (size_t)(text - want->why),
		    "it %s on %s", now_s > want->not_after_s ? "ended" :
		    "ends", end);
}

static void
judge(const struct schedule *schedule, const struct cert *cert, int64_t now_s,
    struct reissue_want *out)
{
	char weak[CERT_WEAK_SIZE];

	cert_weak_algorithm(cert, weak);
	out->not_after_s = cert->not_after_s;
	out->is_weak = weak[0] != '\0';
	out->is_ending = now_s >= utc_subtract(cert->not_after_s,
	    &schedule->renew);
	out->is_wanted = out->is_weak || out->is_ending;
	explain(out, weak, now_s);
}

enum err
reissue_is_wanted(const struct history *history,
    const struct config_root *root, const struct cert *cert, int64_t now_s,
    struct reissue_want *out, struct error *err)
{
	RELEASE_REISSUED struct reissued newest = {.cert = NULL};

	*out = (struct reissue_want){.not_after_s = cert->not_after_s};
	if (root->signing == NULL || !cert->is_self_issued)
		return ERR_OK;
	/* Export says it if the newest one cannot be read. */
	TRY(reissued_find(history, root, cert, &newest, NULL, err));
	judge(&root->schedule, newest.cert == NULL ? cert : newest.cert, now_s,
	    out);
	return ERR_OK;
}

int64_t
reissue_default_end(const struct cert *old, const struct schedule *schedule,
    int64_t now_s)
{
	const struct duration span = {
	    .seconds = old->not_after_s - old->not_before_s};
	const int64_t least_s = utc_add(utc_add(now_s, &schedule->renew),
	    &schedule->renew);
	const int64_t end_s = utc_add(now_s, &span);
	const int64_t later_s = end_s > least_s ? end_s : least_s;

	return later_s > old->not_after_s ? later_s : old->not_after_s;
}
