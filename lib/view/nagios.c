/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "base/array.h"
#include "base/printable.h"
#include "view/nagios.h"
#include "view/nagios_parts.h"

#define ALSO_NAMED_MAX 5	/* pairs on the first line, beside the worst */
#define ROOM_BYTES 8000		/* Nagios cuts at 8 KB */

enum severity
standings_worst(const struct standing *standings, size_t count)
{
	enum severity worst = SEVERITY_OK;

	if (count == 0)
		return SEVERITY_UNKNOWN;
	for (size_t i = 0; i < count; i++)
		worst = severity_worse(worst, standings[i].severity);
	return worst;
}

/* Worse first; of the same severity the one that stops first, or has. */
static int
compare_standings(const void *a, const void *b)
{
	const struct standing *left = *(const struct standing *const *)a;
	const struct standing *right = *(const struct standing *const *)b;
	int64_t left_s = left->has_next_update ? left->next_update_s :
	    INT64_MIN;
	int64_t right_s = right->has_next_update ? right->next_update_s :
	    INT64_MIN;

	const int order = severity_compare(left->severity, right->severity);

	if (order != 0)
		return order;
	if (left_s != right_s)
		return left_s < right_s ? -1 : 1;
	return (left > right) - (left < right);
}

static void
watch_release(struct watch *watch)
{
	free(watch->order);
}

static enum err
watch_begin(const struct standing *standings, size_t count, int64_t now_s,
    struct watch *watch, struct error *err)
{
	*watch = (struct watch){.standings = standings, .all = count,
	    .now_s = now_s};
	watch->order = calloc(count + 1, sizeof(*watch->order));
	if (watch->order == NULL)
		return err_no_memory(err);
	for (size_t i = 0; i < count; i++) {
		if (standings[i].facts->is_retired)
			continue;
		watch->order[watch->count++] = &standings[i];
		watch->severities[standings[i].severity]++;
	}
	qsort(watch->order, watch->count, sizeof(*watch->order),
	    compare_standings);
	return ERR_OK;
}

/* "the next ceremony is that of corp on 2027-05-04 (in 12 days)" */
static enum err
append_next(const struct watch *watch, struct buffer *out, struct error *err)
{
	const struct standing *next = NULL;
	char date[WHEN_TEXT_SIZE], deadline[UTC_TEXT_SIZE];
	bool is_past;

	for (size_t i = 0; i < watch->count; i++) {
		const struct standing *standing = watch->order[i];

		if (standing->has_next_ceremony && (next == NULL ||
		    standing->next_ceremony_s < next->next_ceremony_s))
			next = standing;
	}
	if (next == NULL)
		return buffer_append_text(out, "no ceremony follows before "
		    "their roots end", err);
	is_past = utc_day_start(watch->now_s) > next->next_ceremony_s;
	when_date_text(next->next_ceremony_s, watch->now_s, date);
	utc_format_date(next->deadline_s, deadline);
	TRY(buffer_append_text(out, is_past ? "the ceremony of " :
	    "the next ceremony is that of ", err));
	TRY(printable_append(out, next->facts->root, PRINTABLE_LINE, "|",
	    err));
	if (is_past)
		return buffer_appendf(out, err, ", planned for %s, is overdue "
		    "from %s on", date, deadline);
	return buffer_appendf(out, err, " on %s", date);
}

/* "3 pairs fresh: ..." */
static enum err
append_all_well(const struct watch *watch, struct buffer *out,
    struct error *err)
{
	const struct standing *first = watch->order[0];
	char end[WHEN_TEXT_SIZE];

	when_left_text(first->next_update_s, watch->now_s, end);
	TRY(buffer_appendf(out, err, "%zu pairs fresh: ", watch->count));
	TRY(append_next(watch, out, err));
	TRY(buffer_append_text(out, ", and ", err));
	TRY(printable_append_pair(out, first->facts, "|", err));
	return buffer_appendf(out, err, " would stop first, on %s", end);
}

/* "2 of 200 pairs critical, 1 warning: " */
static enum err
append_counts(const struct watch *watch, struct buffer *out,
    struct error *err)
{
	static const struct {
		enum severity severity;
		const char *word;
	} words[] = {{SEVERITY_CRITICAL, "critical"},
	    {SEVERITY_UNKNOWN, "unknown"}, {SEVERITY_WARNING, "warning"}};
	bool is_first = true;

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		const size_t count = watch->severities[words[i].severity];

		if (count == 0)
			continue;
		if (is_first)
			TRY(buffer_appendf(out, err, "%zu of %zu pairs %s",
			    count, watch->count, words[i].word));
		else
			TRY(buffer_appendf(out, err, ", %zu %s", count,
			    words[i].word));
		is_first = false;
	}
	return buffer_append_text(out, ": ", err);
}

/* "corp/b critical"; what is worse than the state in place of "fresh" */
static enum err
append_short(const struct watch *watch, const struct standing *standing,
    struct buffer *out, struct error *err)
{
	const struct standing_concern *loud = standing_loudest(standing);
	const bool is_fresh = standing->state == PAIR_FRESH;

	TRY(printable_append_pair(out, standing->facts, "|", err));
	if (loud == NULL || !is_fresh)
		TRY(buffer_appendf(out, err, " %s",
		    pair_state_word(standing->state)));
	if (loud == NULL)
		return ERR_OK;
	TRY(buffer_append_text(out, is_fresh ? ": " : " and ", err));
	switch (loud->kind) {
	case CONCERN_ROOT_END:
	case CONCERN_SUBORDINATE_END:
		return buffer_appendf(out, err, "%s %s", loud->kind ==
		    CONCERN_ROOT_END ? "root" : "certificate",
		    watch->now_s > loud->at_s ? "ended" : "ends soon");
	case CONCERN_ROOT_WEAK:
	case CONCERN_SUBORDINATE_WEAK:
	case CONCERN_COUNT:
		break;
	}
	return buffer_append_text(out, "certificate with a weak signature",
	    err);
}

/* "; also corp/b critical, corp/c: certificate ended, and 9 more" */
static enum err
append_also(const struct watch *watch, size_t bad, struct buffer *out,
    struct error *err)
{
	size_t i;

	for (i = 1; i < bad && i <= ALSO_NAMED_MAX; i++) {
		TRY(buffer_append_text(out, i == 1 ? "; also " : ", ", err));
		TRY(append_short(watch, watch->order[i], out, err));
	}
	if (i < bad)
		TRY(buffer_appendf(out, err, ", and %zu more", bad - i));
	return ERR_OK;
}

/* All pairs are retired: that is well, and is said. */
static enum err
append_retired(const struct watch *watch, struct buffer *out,
    struct error *err)
{
	if (watch->all > 1)
		return buffer_appendf(out, err, "all %zu pairs are retired: "
		    "none is watched", watch->all);
	TRY(printable_append_pair(out, watch->standings[0].facts, "|", err));
	return buffer_append_text(out, " is retired: it is not watched", err);
}

static size_t
count_bad(const struct watch *watch)
{
	return watch->count - watch->severities[SEVERITY_OK];
}

static enum err
append_first_line(const struct watch *watch, struct buffer *out,
    struct error *err)
{
	enum severity worst = standings_worst(watch->standings, watch->all);
	const size_t bad = count_bad(watch);

	TRY(buffer_appendf(out, err, "CRLFERRY %s - ", severity_word(worst)));
	if (watch->count == 0) {
		TRY(append_retired(watch, out, err));
		return buffer_append_text(out, "\n", err);
	}
	if (watch->count > 1 && bad == 0) {
		TRY(append_all_well(watch, out, err));
	} else {
		if (watch->count > 1)
			TRY(append_counts(watch, out, err));
		TRY(nagios_append_text(out, watch->order[0], err));
		TRY(append_also(watch, bad, out, err));
	}
	TRY(nagios_append_perfdata(watch, out, err));
	return buffer_append_text(out, "\n", err);
}

/* A line for each pair that needs attention. */
static enum err
append_bad(const struct watch *watch, struct buffer *out, struct error *err)
{
	const size_t bad = count_bad(watch);
	size_t i;

	for (i = 0; i < bad && i < NAGIOS_LINES_MAX; i++) {
		const size_t size = out->size;

		TRY(buffer_appendf(out, err, "%s - ",
		    severity_word(watch->order[i]->severity)));
		TRY(nagios_append_text(out, watch->order[i], err));
		TRY(buffer_append_text(out, "\n", err));
		if (out->size > ROOM_BYTES) {
			out->size = size;
			break;
		}
	}
	if (i < bad)
		TRY(buffer_appendf(out, err, "and %zu more: --verbose lists "
		    "all\n", bad - i));
	return ERR_OK;
}

static enum err
append(const struct standing *standings, size_t count, int64_t now_s,
    bool is_verbose, struct buffer *out, struct error *err)
{
	__attribute__((cleanup(watch_release))) struct watch watch = {0};

	if (count == 0)
		return buffer_append_text(out, "CRLFERRY UNKNOWN - no pair is "
		    "configured: name a subordinate in the configuration, as "
		    "crlferry-sub init writes it\n", err);
	TRY(watch_begin(standings, count, now_s, &watch, err));
	TRY(append_first_line(&watch, out, err));
	if (is_verbose)
		return nagios_append_all(&watch, out, err);
	return watch.count > 1 ? append_bad(&watch, out, err) : ERR_OK;
}

enum err
nagios_standings(const struct standing *standings, size_t count,
    int64_t now_s, struct buffer *out, struct error *err)
{
	return append(standings, count, now_s, false, out, err);
}

enum err
nagios_verbose(const struct standing *standings, size_t count, int64_t now_s,
    struct buffer *out, struct error *err)
{
	return append(standings, count, now_s, true, out, err);
}
