/* SPDX-License-Identifier: ISC */
#include "view/json.h"
#include "view/json_document.h"
#include "view/nagios.h"

/* Not being able to look is not absence: null. */
static json_t *
fact_json(const struct standing_place *place, bool fact)
{
	return place->is_unreadable ? json_null() : json_boolean(fact);
}

static json_t *
place_json(const struct standing_place *place)
{
	bool is_known = place->is_present && place->is_valid;

	return json_pack("{s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
	    "type", json_shown(place->kind), "path", json_shown(place->path),
	    "readable", !place->is_unreadable,
	    "present", fact_json(place, place->is_present),
	    "valid", fact_json(place, is_known), "number",
	    json_decimal(is_known && place->has_number, &place->number),
	    "this_update", json_instant(is_known, place->this_update_s),
	    "next_update", json_instant(is_known && place->has_next_update,
	    place->next_update_s), "next_publish", json_instant(is_known &&
	    place->next_publish_s != 0, place->next_publish_s), "detail",
	    json_shown(place->detail));
}

static json_t *
places_json(const struct standing_facts *facts)
{
	json_t *places = json_array();

	for (size_t i = 0; i < facts->place_count; i++)
		json_add(&places, place_json(&facts->places[i]));
	return places;
}

/* null if the pair has sent no note of that kind */
static void
set_news(json_t **object, const struct standing_news *news)
{
	json_set(object, "installed_at", json_instant(news->has_receipt,
	    news->installed_s));
	json_set(object, "installed_number", json_decimal(news->has_receipt &&
	    news->installed_has_number, &news->installed_number));
	json_set(object, "installed_known", !news->has_receipt ?
	    json_null() : json_boolean(news->is_installed_known));
	json_set(object, "stores_failed", !news->has_receipt ?
	    json_null() : json_integer(news->stores_failed));
	json_set(object, "requested_at", json_instant(news->has_request,
	    news->requested_s));
	json_set(object, "requested_number", json_decimal(news->has_request &&
	    news->requested_has_number, &news->requested_number));
}

static json_t *
concerns_json(const struct standing *standing)
{
	static const char *const kinds[CONCERN_COUNT] = {
	    [CONCERN_ROOT_END] = "root-end",
	    [CONCERN_SUBORDINATE_END] = "subordinate-end",
	    [CONCERN_ROOT_WEAK] = "root-weak",
	    [CONCERN_SUBORDINATE_WEAK] = "subordinate-weak"};
	json_t *concerns = json_array();

	for (size_t i = 0; i < standing->concern_count; i++) {
		const struct standing_concern *concern =
		    &standing->concerns[i];

		json_add(&concerns, json_pack("{s:s, s:s, s:o, s:o}", "kind",
		    kinds[concern->kind], "severity",
		    severity_word(concern->severity), "at",
		    json_instant(concern->at_s != 0, concern->at_s), "detail",
		    json_shown(concern->text)));
	}
	return concerns;
}

static json_t *
standing_json(const struct standing *standing)
{
	const struct standing_facts *facts = standing->facts;
	const bool has_dates = standing->has_next_update;
	json_t *object = json_pack("{s:o, s:o, s:b, s:s, s:s, s:s, s:o, s:o, "
	    "s:o, s:o}", "root", json_shown(facts->root), "subordinate",
	    json_shown(facts->subordinate), "retired", facts->is_retired,
	    "state", pair_state_word(standing->state), "state_severity",
	    severity_word(standing->state_severity), "severity",
	    severity_word(standing->severity), "number",
	    json_decimal(standing->has_number, &standing->number), "detail",
	    json_shown(standing->detail), "concerns", concerns_json(standing),
	    "stores", places_json(facts));

	json_set(&object, "this_update", json_instant(has_dates,
	    standing->this_update_s));
	json_set(&object, "next_update", json_instant(has_dates,
	    standing->next_update_s));
	json_set(&object, "next_publish", json_instant(
	    standing->next_publish_s != 0, standing->next_publish_s));
	json_set(&object, "upcoming_from", json_instant(
	    standing->has_next_ceremony && schedule_reminds(facts->schedule),
	    standing->upcoming_s));
	json_set(&object, "next_ceremony", json_date(
	    standing->has_next_ceremony, standing->next_ceremony_s));
	json_set(&object, "deadline", json_instant(
	    standing->has_next_ceremony, standing->deadline_s));
	json_set(&object, "root_not_after", json_instant(
	    facts->has_root_not_after, facts->root_not_after_s));
	json_set(&object, "subordinate_not_after", json_instant(
	    facts->has_subordinate_not_after, facts->subordinate_not_after_s));
	set_news(&object, &facts->news);
	return object;
}

enum err
json_standings(const struct standing *standings, size_t count, int64_t now_s,
    struct buffer *out, struct error *err)
{
	json_t *pairs = json_array();

	for (size_t i = 0; i < count; i++)
		json_add(&pairs, standing_json(&standings[i]));
	return json_document("crlferry-status", json_pack("{s:o, s:s, s:o}",
	    "now", json_instant(true, now_s), "severity",
	    severity_word(standings_worst(standings, count)), "pairs", pairs),
	    out, err);
}

enum err
json_findings(const char *file, const char *kind,
    const struct lint_finding *findings, size_t count, uint64_t left_out,
    struct buffer *out, struct error *err)
{
	static const char *const severities[] = {
	    [LINT_NOTICE] = "notice", [LINT_WARNING] = "warning",
	    [LINT_ERROR] = "error"};
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_add(&array, json_pack("{s:o, s:s, s:o, s:o}", "id",
		    json_shown(findings[i].id), "severity",
		    severities[findings[i].severity], "source",
		    json_shown(findings[i].source), "text",
		    json_shown(findings[i].text)));
	return json_document("crlferry-lint", json_pack("{s:o, s:o, s:I, s:o}",
	    "file", json_shown(file), "kind", json_shown(kind), "left_out",
	    (json_int_t)left_out, "findings", array), out, err);
}

enum err
json_error(const char *program, const struct error *error, struct buffer *out,
    struct error *err)
{
	return json_document("crlferry-error",
	    json_pack("{s:o, s:s, s:i, s:o, s:o}", "program",
	    json_shown(program), "token", error_token(error->code), "status",
	    error_status(error->code), "message", json_shown(error->what),
	    "remedy", json_shown(error_advice(error))), out, err);
}

static json_t *
field_json(const struct json_field *field)
{
	if (field->kind == FIELD_INTEGER)
		return json_integer(field->integer);
	return field->kind == FIELD_BOOLEAN ?
	    json_boolean(field->integer != 0) : json_shown(field->text);
}

static json_t *
list_json(const struct json_list *list)
{
	const struct json_field *field = list->fields;
	json_t *rows = json_array();

	for (size_t row = 0; row < list->row_count; row++) {
		json_t *object = json_object();

		for (size_t i = 0; i < list->field_count; i++, field++)
			json_set(&object, field->key, field_json(field));
		json_add(&rows, object);
	}
	return rows;
}

enum err
json_lists(const char *type, const struct json_list *lists, size_t count,
    struct buffer *out, struct error *err)
{
	json_t *body = json_object();

	for (size_t i = 0; i < count; i++)
		json_set(&body, lists[i].key, list_json(&lists[i]));
	return json_document(type, body, out, err);
}

enum err
json_rows(const char *type, const char *list, const struct json_field *fields,
    size_t field_count, size_t row_count, struct buffer *out,
    struct error *err)
{
	const struct json_list rows = {list, fields, field_count, row_count};

	return json_lists(type, &rows, 1, out, err);
}
