/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "base/array.h"
#include "base/printable.h"
#include "view/prometheus.h"

/* The value for a pair, or for one of its places; false if it has none. */
typedef bool metric_value(const struct standing *standing,
    const struct standing_place *place, char text[NUMBER_TEXT_SIZE]);

struct metric {
	const char *name;
	const char *help;
	enum { OF_PAIR, OF_PLACES, OF_STATES } series;
	metric_value *value;
};

/* A label's value: control characters are gone, the rest is escaped. */
static enum err
append_escaped(struct buffer *out, const char *text, struct error *err)
{
	RELEASE_BUFFER struct buffer clean = {0};

	TRY(printable_append(&clean, text, PRINTABLE_LINE, "", err));
	for (size_t i = 0; i < clean.size; i++) {
		if (clean.data[i] == '"' || clean.data[i] == '\\')
			TRY(buffer_append_text(out, "\\", err));
		TRY(buffer_append(out, &clean.data[i], 1, err));
	}
	return ERR_OK;
}

/* before, then the label's value, then after. */
static enum err
append_label(struct buffer *out, const char *before, const char *value,
    const char *after, struct error *err)
{
	TRY(buffer_append_text(out, before, err));
	TRY(append_escaped(out, value, err));
	return buffer_append_text(out, after, err);
}

/* name{root="r",subordinate="s" */
static enum err
append_series(struct buffer *out, const struct metric *metric,
    const struct standing_facts *facts, struct error *err)
{
	TRY(buffer_append_text(out, metric->name, err));
	TRY(append_label(out, "{root=\"", facts->root, "\"", err));
	return append_label(out, ",subordinate=\"", facts->subordinate, "\"",
	    err);
}

/* place  NULL: the value is the pair's */
static enum err
emit_value(const struct metric *metric, const struct standing *standing,
    const struct standing_place *place, struct buffer *out, struct error *err)
{
	char text[NUMBER_TEXT_SIZE];

	if (!metric->value(standing, place, text))
		return ERR_OK;
	TRY(append_series(out, metric, standing->facts, err));
	if (place != NULL) {
		TRY(append_label(out, ",store=\"", place->kind, ":", err));
		TRY(append_label(out, "", place->path, "\"", err));
	}
	return buffer_appendf(out, err, "} %s\n", text);
}

/* A state set: one series for each state, 1 for the one that holds. */
static enum err
emit_states(const struct metric *metric, const struct standing *standing,
    struct buffer *out, struct error *err)
{
	for (unsigned int state = 0; state < PAIR_STATE_COUNT; state++) {
		TRY(append_series(out, metric, standing->facts, err));
		TRY(buffer_appendf(out, err, ",state=\"%s\"} %d\n",
		    pair_state_word((enum pair_state)state),
		    state == standing->state));
	}
	return ERR_OK;
}

/* All series that a pair has of a metric. */
static enum err
emit(const struct metric *metric, const struct standing *standing,
    struct buffer *out, struct error *err)
{
	const struct standing_facts *facts = standing->facts;

	if (metric->series == OF_STATES)
		return emit_states(metric, standing, out, err);
	if (metric->series == OF_PAIR)
		return emit_value(metric, standing, NULL, out, err);
	for (size_t i = 0; i < facts->place_count; i++)
		if (facts->places[i].is_present && facts->places[i].is_valid)
			TRY(emit_value(metric, standing, &facts->places[i],
			    out, err));
	return ERR_OK;
}

static bool
value_of_instant(bool is_known, int64_t at_s, char text[NUMBER_TEXT_SIZE])
{
	snprintf(text, NUMBER_TEXT_SIZE, "%lld", (long long)at_s);
	return is_known;
}

static bool
value_next_update(const struct standing *standing,
    const struct standing_place *place, char text[NUMBER_TEXT_SIZE])
{
	return value_of_instant(place->has_next_update, place->next_update_s,
	    text);
}

static bool
value_this_update(const struct standing *standing,
    const struct standing_place *place, char text[NUMBER_TEXT_SIZE])
{
	return value_of_instant(true, place->this_update_s, text);
}

static bool
value_number(const struct standing *standing,
    const struct standing_place *place, char text[NUMBER_TEXT_SIZE])
{
	number_format(&place->number, 0, text);
	return place->has_number;
}

static bool
value_next_ceremony(const struct standing *standing,
    const struct standing_place *place, char text[NUMBER_TEXT_SIZE])
{
	return value_of_instant(true, standing->next_ceremony_s, text);
}

static bool
value_not_after(const struct standing *standing,
    const struct standing_place *place, char text[NUMBER_TEXT_SIZE])
{
	return value_of_instant(standing->facts->has_root_not_after,
	    standing->facts->root_not_after_s, text);
}

static const struct metric metrics[] = {
    {"crlferry_crl_next_update_timestamp_seconds",
	"nextUpdate of the CRL in a store.", OF_PLACES, value_next_update},
    {"crlferry_crl_this_update_timestamp_seconds",
	"thisUpdate of the CRL in a store.", OF_PLACES, value_this_update},
    {"crlferry_crl_number",
	"CRLNumber of the CRL in a store.", OF_PLACES, value_number},
    {"crlferry_next_ceremony_timestamp_seconds",
	"Date of the ceremony that is wanted next.", OF_PAIR,
	value_next_ceremony},
    {"crlferry_pair_state",
	"State of a pair of root and subordinate: 1 for the one that holds.",
	OF_STATES, NULL},
    {"crlferry_certificate_not_after_timestamp_seconds",
	"notAfter of the root's certificate.", OF_PAIR, value_not_after},
};

static enum err
append_heading(struct buffer *out, const char *name, const char *help,
    struct error *err)
{
	return buffer_appendf(out, err, "# HELP %s %s\n# TYPE %s gauge\n",
	    name, help, name);
}

enum err
prometheus_standings(const struct standing *standings, size_t count,
    int64_t now_s, struct buffer *out, struct error *err)
{
	static const char check[] = "crlferry_check_timestamp_seconds";

	for (size_t i = 0; i < COUNT_OF(metrics); i++) {
		TRY(append_heading(out, metrics[i].name, metrics[i].help, err));
		for (size_t j = 0; j < count; j++)
			TRY(emit(&metrics[i], &standings[j], out, err));
	}
	TRY(append_heading(out, check, "When crlferry last checked.", err));
	return buffer_appendf(out, err, "%s %lld\n", check, (long long)now_s);
}
