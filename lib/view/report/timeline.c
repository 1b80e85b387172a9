/* SPDX-License-Identifier: ISC */
/*
 * The timeline of a pair.  Its places along the time are percentages, so that
 * it fits any width, and no text is scaled with it.
 */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "plan/when.h"
#include "view/report/parts.h"

#define CEREMONIES_Y 32
#define LANES_Y 46
#define LANE_HEIGHT 24
#define BAR_HEIGHT 18
#define LETTER_WIDTH 7
#define NARROW_WIDTH 300	/* of the timeline, on a telephone */
#define WIDE_WIDTH 560		/* and on paper */

/* "12.34%": a format, and its arguments. */
#define SHARE "%d.%02d%%"
#define SHARE_OF(position) (position) / 100, (position) % 100

static bool
is_within(const struct report_axis *axis, int64_t at_s)
{
	return at_s >= axis->from_s && at_s <= axis->to_s;
}

static void
put_line(struct draft *draft, const struct report_axis *axis, int64_t at_s,
    const char *class, int top, int bottom)
{
	const int x = report_position(axis, at_s);

	if (is_within(axis, at_s))
		draft_putf(draft, "<line class=\"%s\" y1=\"%d\" y2=\"%d\" "
		    "x1=\"" SHARE "\" x2=\"" SHARE "\"/>", class, top,
		    bottom, SHARE_OF(x), SHARE_OF(x));
}

static void
put_rect(struct draft *draft, const struct report_axis *axis, int64_t from_s,
    int64_t to_s, const char *class, int y)
{
	const int left = report_position(axis, from_s);
	const int width = report_position(axis, to_s) - left;

	if (width > 0)
		draft_putf(draft, "<rect class=\"%s\" y=\"%d\" height=\"%d\" "
		    "x=\"" SHARE "\" width=\"" SHARE "\"/>", class, y,
		    BAR_HEIGHT, SHARE_OF(left), SHARE_OF(width));
}

/*
 * A level line.  Stripes are dashes of a thick one: fills with a pattern make
 * a browser print for minutes.
 */
static void
put_stretch(struct draft *draft, const struct report_axis *axis,
    int64_t from_s, int64_t to_s, const char *class, int y)
{
	const int left = report_position(axis, from_s);
	const int right = report_position(axis, to_s);

	if (left < right)
		draft_putf(draft, "<line class=\"%s\" y1=\"%d\" y2=\"%d\" "
		    "x1=\"" SHARE "\" x2=\"" SHARE "\"/>", class, y, y,
		    SHARE_OF(left), SHARE_OF(right));
}

static void
put_mark(struct draft *draft, const struct report_axis *axis, int64_t at_s,
    const char *mark)
{
	const int x = report_position(axis, at_s);

	if (is_within(axis, at_s))
		draft_putf(draft, "<use href=\"#m-%s\" y=\"%d\" x=\"" SHARE
		    "\"/>", mark, CEREMONIES_Y, SHARE_OF(x));
}

/* Text at an instant, on the side where there is more room. */
static void
put_label(struct draft *draft, const struct report_axis *axis, int64_t at_s,
    int y, const char *class, const char *label)
{
	const int x = report_position(axis, at_s);
	const bool is_left = x > REPORT_AXIS_END * 6 / 10;

	draft_putf(draft, "<text class=\"%s\" y=\"%d\" dx=\"%d\"%s x=\"" SHARE
	    "\">%s</text>", class, y, is_left ? -4 : 4,
	    is_left ? " text-anchor=\"end\"" : "", SHARE_OF(x), label);
}

/* A timeline while it is drawn. */
struct drawing {
	struct draft *draft;
	struct report_axis axis;
	const struct report_pair *pair;
	int64_t now_s;
	int64_t ends_s[REPORT_LANES];
	size_t lanes;		/* so many are used */
};

struct bar {
	const char *class;
	int64_t from_s;
	int64_t to_s;
	bool has_warnings;	/* its last days are hatched */
	char label[NUMBER_TEXT_SIZE + 8];
};

/* Its label, if there is room for it on paper, or on every screen. */
static void
put_bar_label(const struct drawing *drawing, const char *label, int64_t from_s,
    int64_t to_s, int y)
{
	const int x = report_position(&drawing->axis, from_s);
	const int share = report_position(&drawing->axis, to_s) - x;
	const int width = (int)(strlen(label) + 1) * LETTER_WIDTH;

	if (label[0] != '\0' && width <= share * WIDE_WIDTH / REPORT_AXIS_END)
		draft_putf(drawing->draft, "<text class=\"t%s\" y=\"%d\" "
		    "dx=\"4\" x=\"" SHARE "\">%s</text>", width > share *
		    NARROW_WIDTH / REPORT_AXIS_END ? " w" : "", y + 13,
		    SHARE_OF(x), label);
}

static void
put_bar(struct drawing *drawing, const struct bar *bar)
{
	const struct schedule *schedule =
	    drawing->pair->standing->facts->schedule;
	const struct report_axis *axis = &drawing->axis;
	int64_t cushion_s = bar->to_s, critical_s = bar->to_s;
	size_t lane;
	int y;

	if (bar->to_s <= axis->from_s || bar->from_s >= axis->to_s ||
	    bar->to_s <= bar->from_s)
		return;
	if (bar->has_warnings) {
		cushion_s = utc_subtract(bar->to_s, &schedule->cushion);
		critical_s = utc_subtract(bar->to_s, &schedule->critical);
	}
	if (cushion_s < bar->from_s)
		cushion_s = bar->from_s;
	lane = report_lane(drawing->ends_s, bar->from_s, bar->to_s);
	if (lane >= drawing->lanes)
		drawing->lanes = lane + 1;
	y = LANES_Y + (int)lane * LANE_HEIGHT;
	put_rect(drawing->draft, axis, bar->from_s, bar->to_s, bar->class, y);
	put_stretch(drawing->draft, axis, cushion_s, critical_s, "warns",
	    y + BAR_HEIGHT / 2);
	put_stretch(drawing->draft, axis, critical_s, bar->to_s, "alarms",
	    y + BAR_HEIGHT / 2);
	put_bar_label(drawing, bar->label, bar->from_s, cushion_s, y);
}

static bool
is_in_use(const struct standing *standing, int64_t this_update_s)
{
	return standing->has_next_update &&
	    standing->this_update_s == this_update_s;
}

static void
label_crl(struct bar *bar, bool has_number, const struct number *number)
{
	char digits[NUMBER_TEXT_SIZE];

	if (!has_number)
		return;
	number_format(number, 0, digits);
	snprintf(bar->label, sizeof(bar->label), "CRL %s", digits);
}

static void
put_past(struct drawing *drawing)
{
	const struct standing *standing = drawing->pair->standing;
	const struct report_root *root = drawing->pair->root;
	bool is_shown = !standing->has_next_update;

	for (size_t i = 0; i < root->crl_count; i++) {
		const struct report_crl *crl = &root->crls[i];
		const bool is_current = is_in_use(standing,
		    crl->this_update_s);
		struct bar bar = {.class = is_current ? "now" : "past",
		    .from_s = crl->this_update_s,
		    .to_s = crl->next_update_s,
		    .has_warnings = is_current};

		label_crl(&bar, crl->has_number, &crl->number);
		is_shown = is_shown || is_current;
		if (crl->has_next_update)
			put_bar(drawing, &bar);
		put_mark(drawing->draft, &drawing->axis, crl->this_update_s,
		    "held");
	}
	if (!is_shown) {
		struct bar bar = {.class = "now", .has_warnings = true,
		    .from_s = standing->this_update_s,
		    .to_s = standing->next_update_s};

		label_crl(&bar, standing->has_number, &standing->number);
		put_bar(drawing, &bar);
	}
}

/* A ceremony to come, with the days on which people are reminded. */
static void
put_ceremony(struct drawing *drawing, int64_t ceremony_s)
{
	const struct schedule *schedule =
	    drawing->pair->standing->facts->schedule;

	put_stretch(drawing->draft, &drawing->axis,
	    utc_subtract(ceremony_s, &schedule->remind), ceremony_s, "lead",
	    CEREMONIES_Y);
	put_mark(drawing->draft, &drawing->axis, ceremony_s,
	    ceremony_s < utc_day_start(drawing->now_s) ? "missed" : "coming");
}

static void
put_coming(struct drawing *drawing)
{
	const struct standing *standing = drawing->pair->standing;
	const struct plan *plan = drawing->pair->root->plan;
	bool is_shown = false;

	for (size_t i = 0; i < plan->day_count; i++) {
		const struct schedule_day *day = &plan->days[i];
		const struct bar bar = {.class = "plan",
		    .from_s = day->ceremony_s, .to_s = day->next_update_s,
		    .has_warnings = true};

		/* What the pair holds fulfils it already. */
		if (day->ceremony_s < standing->next_ceremony_s)
			continue;
		is_shown = is_shown ||
		    day->ceremony_s == standing->next_ceremony_s;
		put_bar(drawing, &bar);
		put_ceremony(drawing, day->ceremony_s);
	}
	if (!is_shown && standing->next_ceremony_s < plan->root_end_s)
		put_ceremony(drawing, standing->next_ceremony_s);
	for (size_t i = 0; i < AGENDA_MISSED_MAX; i++) {
		if (report_is_missed_too(drawing->pair, i))
			put_ceremony(drawing, plan->agenda.missed[i]);
	}
}

static void
put_ticks(struct drawing *drawing, int bottom)
{
	const int step = report_step_months(&drawing->axis);
	int month = report_months(drawing->axis.from_s) / step * step + step;

	for (; month <= report_months(drawing->axis.to_s); month += step) {
		const bool is_year = month % 12 == 0;
		char label[16];
		int64_t at_s;

		if (!utc_from_civil(&(struct civil){.year = month / 12,
		    .month = month % 12 + 1, .day = 1}, &at_s))
			return;
		put_line(drawing->draft, &drawing->axis, at_s,
		    is_year ? "year" : "tick", 4, bottom);
		if (is_year)
			snprintf(label, sizeof(label), "%d", month / 12);
		else
			snprintf(label, sizeof(label), "%.3s",
			    when_months[month % 12]);
		if (report_position(&drawing->axis, at_s) <
		    REPORT_AXIS_END * 93 / 100)
			put_label(drawing->draft, &drawing->axis, at_s, 12,
			    is_year ? "t y" : "t s w", label);
	}
}

/* Today, the end, and the certificates that end, through all lanes. */
static int
put_lines(struct drawing *drawing)
{
	const struct standing *standing = drawing->pair->standing;
	const struct report_axis *axis = &drawing->axis;
	const int bottom = LANES_Y + (int)drawing->lanes * LANE_HEIGHT;
	char date[UTC_TEXT_SIZE], label[64];
	int height = bottom + 16;

	utc_format_date(drawing->now_s, date);
	snprintf(label, sizeof(label), "today %s", date);
	put_line(drawing->draft, axis, drawing->now_s, "today", 16,
	    bottom + 14);
	put_label(drawing->draft, axis, drawing->now_s, bottom + 13, "t b",
	    label);
	if (standing->has_next_update &&
	    standing->next_update_s > axis->from_s &&
	    standing->next_update_s < axis->to_s) {
		utc_format_date(standing->next_update_s, date);
		snprintf(label, sizeof(label), "expires %s", date);
		/* Not through the label of today. */
		put_line(drawing->draft, axis, standing->next_update_s, "end",
		    LANES_Y - 4, bottom + 2);
		put_line(drawing->draft, axis, standing->next_update_s, "end",
		    bottom + 18, bottom + 30);
		put_label(drawing->draft, axis, standing->next_update_s,
		    bottom + 29, "t b", label);
		height = bottom + 32;
	}
	put_line(drawing->draft, axis, drawing->pair->root->plan->root_end_s,
	    "cert", 16, bottom);
	if (standing->facts->has_subordinate_not_after)
		put_line(drawing->draft, axis,
		    standing->facts->subordinate_not_after_s, "cert", 16,
		    bottom);
	return height;
}

void
report_put_timeline(struct draft *draft, const struct report *report,
    const struct report_pair *pair)
{
	RELEASE_BUFFER struct buffer body = {0};
	struct draft inner = {&body, draft->err, draft->code};
	struct drawing drawing = {.draft = &inner, .pair = pair,
	    .axis = report_make_axis(&report->span),
	    .now_s = report->span.now_s};
	int height;

	put_past(&drawing);
	if (!pair->standing->facts->is_retired)
		put_coming(&drawing);
	if (drawing.lanes == 0)
		drawing.lanes = 1;
	height = put_lines(&drawing);
	draft->code = inner.code;
	draft_putf(draft, "<svg class=\"line\" role=\"img\" aria-labelledby="
	    "\"t%zu\" aria-describedby=\"d%zu\" height=\"%d\">"
	    "<title id=\"t%zu\">Timeline of ",
	    pair->id, pair->id, height, pair->id);
	report_put_pair(draft, pair->standing->facts);
	draft_putf(draft, "</title><desc id=\"d%zu\">", pair->id);
	report_put_words(draft, &drawing.axis, pair, drawing.now_s);
	draft_put(draft, "</desc>");
	drawing.draft = draft;
	put_ticks(&drawing, height - 16);
	if (draft->code == ERR_OK)
		draft->code = buffer_append(draft->out, body.data, body.size,
		    draft->err);
	draft_put(draft, "</svg>\n");
}
