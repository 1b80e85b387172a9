/* SPDX-License-Identifier: ISC */
#include "base/printable.h"
#include "view/nagios.h"

#define PERFDATA_UNWANTED "|'="

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

enum err
printable_append_pair(struct buffer *out, const struct standing_facts *facts,
    const char *unwanted, struct error *err)
{
	TRY(printable_append(out, facts->root, PRINTABLE_LINE, unwanted, err));
	if (facts->subordinate[0] == '\0')
		return ERR_OK;
	TRY(buffer_append_text(out, "/", err));
	return printable_append(out, facts->subordinate, PRINTABLE_LINE,
	    unwanted, err);
}

/* The first of the pairs that stand worst. */
static const struct standing *
first_of(const struct standing *standings, size_t count,
    enum severity severity)
{
	size_t i;

	for (i = 0; i + 1 < count; i++) {
		if (standings[i].severity == severity)
			break;
	}
	return &standings[i];
}

/* "#12 until 2027-06-22T00:00:00Z (211 days), next ceremony 2027-05-04" */
static enum err
append_dates(struct buffer *out, const struct standing *standing,
    int64_t now_s, struct error *err)
{
	char number[NUMBER_TEXT_SIZE] = "";
	char end[UTC_TEXT_SIZE], ceremony[UTC_TEXT_SIZE];
	long long days = (long long)((standing->next_update_s - now_s) /
	    DAY_S);

	if (standing->has_number)
		number_format(&standing->number, 0, number);
	utc_format(standing->next_update_s, end);
	utc_format_date(standing->next_ceremony_s, ceremony);
	TRY(buffer_appendf(out, err, "%s%s%suntil %s (%lld %s), next ceremony "
	    "%s", standing->has_number ? "#" : "", number,
	    standing->has_number ? " " : "", end, days,
	    days == 1 ? "day" : "days", ceremony));
	if (standing->ahead != NULL)
		TRY(buffer_append_text(out, "; newer than what was accepted: "
		    "import its bundle", err));
	return ERR_OK;
}

/*
 * The root's own end, once a CRL of full length would outlast it: from then
 * on nextUpdate is clamped, and the root needs a successor.
 */
static enum err
append_root_end(struct buffer *out, const struct standing_facts *facts,
    int64_t now_s, struct error *err)
{
	char date[UTC_TEXT_SIZE];

	if (!facts->has_root_not_after ||
	    utc_add(now_s, &facts->schedule->validity) <=
	    facts->root_not_after_s)
		return ERR_OK;
	utc_format_date(facts->root_not_after_s, date);
	return buffer_appendf(out, err, "; the root's certificate %s %s",
	    now_s > facts->root_not_after_s ? "ended" : "ends", date);
}

/* "corp-root-g1/issuing-1 fresh: ..." */
static enum err
append_text(struct buffer *out, const struct standing *standing,
    int64_t now_s, struct error *err)
{
	TRY(printable_append_pair(out, standing->facts, "|", err));
	TRY(buffer_appendf(out, err, " %s: ",
	    pair_state_word(standing->state)));
	if (standing->state == PAIR_FRESH)
		TRY(append_dates(out, standing, now_s, err));
	else
		TRY(printable_append(out, standing->detail, PRINTABLE_LINE, "|",
		    err));
	return append_root_end(out, standing->facts, now_s, err);
}

/* Seconds of a duration that ends with the CRL. */
static long long
seconds_before_end(const struct standing *standing,
    const struct duration *duration)
{
	return (long long)(standing->next_update_s -
	    utc_subtract(standing->next_update_s, duration));
}

/* " 'corp-root-g1/issuing-1'=18230400s;1814400:;604800:" */
static enum err
append_perfdata(struct buffer *out, const struct standing *standing,
    int64_t now_s, struct error *err)
{
	const struct schedule *schedule = standing->facts->schedule;

	TRY(buffer_append_text(out, " '", err));
	TRY(printable_append_pair(out, standing->facts, PERFDATA_UNWANTED,
	    err));
	if (!standing->has_next_update)
		return buffer_append_text(out, "'=U", err);
	return buffer_appendf(out, err, "'=%llds;%lld:;%lld:",
	    (long long)(standing->next_update_s - now_s),
	    seconds_before_end(standing, &schedule->cushion),
	    seconds_before_end(standing, &schedule->critical));
}

/* The line that is read first: the worst pair, then all perfdata. */
static enum err
append_first_line(struct buffer *out, const struct standing *standings,
    size_t count, int64_t now_s, struct error *err)
{
	enum severity worst = standings_worst(standings, count);

	TRY(buffer_appendf(out, err, "CRLFERRY %s - ", severity_word(worst)));
	TRY(append_text(out, first_of(standings, count, worst), now_s, err));
	if (count > 1)
		TRY(buffer_appendf(out, err, " (%zu pairs)", count));
	TRY(buffer_append_text(out, " |", err));
	for (size_t i = 0; i < count; i++)
		TRY(append_perfdata(out, &standings[i], now_s, err));
	return buffer_append_text(out, "\n", err);
}

enum err
nagios_standings(const struct standing *standings, size_t count,
    int64_t now_s, struct buffer *out, struct error *err)
{
	if (count == 0)
		return buffer_append_text(out, "CRLFERRY UNKNOWN - no pair is "
		    "configured\n", err);
	TRY(append_first_line(out, standings, count, now_s, err));
	for (size_t i = 0; count > 1 && i < count; i++) {
		TRY(buffer_appendf(out, err, "%s - ",
		    severity_word(standings[i].severity)));
		TRY(append_text(out, &standings[i], now_s, err));
		TRY(buffer_append_text(out, "\n", err));
	}
	return ERR_OK;
}
