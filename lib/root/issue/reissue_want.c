/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "root/issue/reissue.h"

#define YEAR_DIGITS 4

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
	out->is_urgent = now_s >= utc_subtract(cert->not_after_s,
	    &schedule->renew_critical);
	out->is_wanted = out->is_weak || out->is_ending;
	explain(out, weak, now_s);
}

enum err
reissue_is_wanted(const struct history *history,
    const struct config_root *root, const struct cert *cert, int64_t now_s,
    struct reissue_want *out, struct error *err)
{
	RELEASE_REISSUED struct reissued newest = {.cert = NULL};
	RELEASE_NOTICES struct notices unsaid = {0};

	*out = (struct reissue_want){.not_after_s = cert->not_after_s};
	if (root->signing == NULL || !cert->is_self_issued)
		return ERR_OK;
	/* Export says it if the newest one cannot be read. */
	TRY(reissued_find(history, root, cert, &newest, &unsaid, err));
	judge(&root->schedule, newest.cert == NULL ? cert : newest.cert, now_s,
	    out);
	return ERR_OK;
}

int64_t
reissue_default_end(const struct cert *old, int64_t now_s)
{
	const struct duration span = {
	    .seconds = old->not_after_s - old->not_before_s};
	const int64_t end_s = utc_add(now_s, &span);

	return end_s > old->not_after_s ? end_s : old->not_after_s;
}

/* Octets of a name's stem, without a year that a reissue has put behind it. */
static size_t
stem_size(const char *name, const char *extension)
{
	const size_t size = (size_t)(extension - name);
	const char *year = extension - YEAR_DIGITS;

	if (size <= YEAR_DIGITS + 1 || year[-1] != '-' ||
	    strspn(year, "0123456789") != YEAR_DIGITS)
		return size;
	return size - YEAR_DIGITS - 1;
}

enum err
reissue_propose_path(const struct config_root *root, int64_t not_after_s,
    char *out, size_t capacity, struct error *err)
{
	const char *path = root->certificate;
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	const char *dot = strrchr(name, '.');
	const char *extension = dot == NULL || dot == name ?
	    name + strlen(name) : dot;
	const int stem = (int)((size_t)(name - path) +
	    stem_size(name, extension));
	const int year = utc_to_civil(not_after_s).year;
	bool found = true;

	for (unsigned int i = 1; found; i++) {
		char counted[16] = "";
		int size;

		if (i > 1)
			snprintf(counted, sizeof(counted), "-%u", i);
		size = snprintf(out, capacity, "%.*s-%04d%s%s", stem, path,
		    year, counted, extension);
		if (size < 0 || (size_t)size >= capacity)
			return err_fail(err, ERR_FORMAT, "%s: its path is too "
			    "long for another beside it", path);
		TRY(file_find(out, &found, err));
	}
	return ERR_OK;
}
