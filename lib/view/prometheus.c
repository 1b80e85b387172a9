/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/printable.h"
#include "view/prometheus.h"

/* The value for a pair, or for one of its places; false if it has none. */
typedef bool metric_value(const struct standing *standing,
    const struct standing_place *place, char text[NUMBER_TEXT_SIZE]);

struct metric {
	const char *name;
	const char *help;	/* nothing in it needs an escape */
	/* All samples that a pair has of the metric. */
	enum err (*emit)(const struct metric *metric,
	    const struct standing *standing, struct buffer *out,
	    struct error *err);
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

static enum err
emit_pair(const struct metric *metric, const struct standing *standing,
    struct buffer *out, struct error *err)
{
	return emit_value(metric, standing, NULL, out, err);
}

/* Is the same store configured before?  A series may be there only once. */
static bool
is_repeated(const struct standing_facts *facts, size_t index)
{
	const struct standing_place *place = &facts->places[index];

	for (size_t i = 0; i < index; i++) {
		if (strcmp(facts->places[i].kind, place->kind) == 0 &&
		    strcmp(facts->places[i].path, place->path) == 0)
			return true;
	}
	return false;
}

/* A CRL that is missing, or is none, has no sample: 0 would be 1970. */
static enum err
emit_places(const struct metric *metric, const struct standing *standing,
    struct buffer *out, struct error *err)
{
	const struct standing_facts *facts = standing->facts;

	for (size_t i = 0; i < facts->place_count; i++) {
		const struct standing_place *place = &facts->places[i];

		if (place->is_present && place->is_valid &&
		    !is_repeated(facts, i))
			TRY(emit_value(metric, standing, place, out, err));
	}
	return ERR_OK;
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

static enum err
emit_ends(const struct metric *metric, const struct standing *standing,
    struct buffer *out, struct error *err)
{
	const struct standing_facts *facts = standing->facts;
	const struct {
		const char *certificate;
		bool is_known;
		int64_t not_after_s;
	} ends[] = {
	    {"root", facts->has_root_not_after, facts->root_not_after_s},
	    {"subordinate", facts->has_subordinate_not_after,
		facts->subordinate_not_after_s},
	};

	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		if (!ends[i].is_known)
			continue;
		TRY(append_series(out, metric, facts, err));
		TRY(buffer_appendf(out, err, ",certificate=\"%s\"} %lld\n",
		    ends[i].certificate, (long long)ends[i].not_after_s));
	}
	return ERR_OK;
}

static enum err
emit_concerns(const struct metric *metric, const struct standing *standing,
    struct buffer *out, struct error *err)
{
	static const struct {
		const char *certificate, *concern;
	} labels[CONCERN_COUNT] = {
	    [CONCERN_ROOT_END] = {"root", "not-after"},
	    [CONCERN_SUBORDINATE_END] = {"subordinate", "not-after"},
	    [CONCERN_ROOT_WEAK] = {"root", "weak-digest"},
	    [CONCERN_SUBORDINATE_WEAK] = {"subordinate", "weak-digest"},
	};

	for (size_t i = 0; i < standing->concern_count; i++) {
		const struct standing_concern *concern =
		    &standing->concerns[i];

		TRY(append_series(out, metric, standing->facts, err));
		TRY(buffer_appendf(out, err,
		    ",certificate=\"%s\",concern=\"%s\"} %d\n",
		    labels[concern->kind].certificate,
		    labels[concern->kind].concern, (int)concern->severity));
	}
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
	return value_of_instant(standing->has_next_ceremony,
	    standing->next_ceremony_s, text);
}

static const struct metric metrics[] = {
    {"crlferry_crl_next_update_timestamp_seconds",
	"nextUpdate of the CRL in a store: when it expires.", emit_places,
	value_next_update},
    {"crlferry_crl_this_update_timestamp_seconds",
	"thisUpdate of the CRL in a store: when it was signed.", emit_places,
	value_this_update},
    {"crlferry_crl_number",
	"CRLNumber of the CRL in a store.", emit_places, value_number},
    {"crlferry_next_ceremony_timestamp_seconds",
	"Date of the ceremony that is wanted next, at 00:00 UTC.", emit_pair,
	value_next_ceremony},
    {"crlferry_pair_state",
	"State of a pair of root and subordinate: 1 for the one that holds.",
	emit_states, NULL},
    {"crlferry_certificate_not_after_timestamp_seconds",
	"notAfter of the certificate of the root, or of the subordinate.",
	emit_ends, NULL},
    {"crlferry_certificate_concern",
	"A certificate that ends soon or has a weak digest, as check judges: "
	"0 mentioned, 1 WARNING, 2 CRITICAL.", emit_concerns, NULL},
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
		const struct metric *metric = &metrics[i];

		TRY(append_heading(out, metric->name, metric->help, err));
		for (size_t j = 0; j < count; j++) {
			if (!standings[j].facts->is_retired)
				TRY(metric->emit(metric, &standings[j], out,
				    err));
		}
	}
	TRY(append_heading(out, check, "When crlferry last checked.", err));
	return buffer_appendf(out, err, "%s %lld\n", check, (long long)now_s);
}
