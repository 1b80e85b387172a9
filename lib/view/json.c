/* SPDX-License-Identifier: ISC */
#include "view/json.h"
#include "view/json_document.h"
#include "view/nagios.h"

static void
put_place(struct json_draft *draft, json_t *object,
    const struct standing_place *place)
{
	bool is_known = place->is_present && place->is_valid;

	json_put_text(draft, object, "type", place->kind);
	json_put_text(draft, object, "path", place->path);
	json_put_boolean(draft, object, "present", place->is_present);
	json_put_boolean(draft, object, "valid", is_known);
	json_put_number(draft, object, "number", is_known && place->has_number,
	    &place->number);
	json_put_instant(draft, object, "this_update", is_known,
	    place->this_update_s);
	json_put_instant(draft, object, "next_update",
	    is_known && place->has_next_update, place->next_update_s);
	json_put_text(draft, object, "detail", place->detail);
}

/* null if the pair has sent no note of that kind */
static void
put_news(struct json_draft *draft, json_t *object,
    const struct standing_news *news)
{
	json_put_instant(draft, object, "installed_at", news->has_receipt,
	    news->installed_s);
	json_put_number(draft, object, "installed_number",
	    news->has_receipt && news->installed_has_number,
	    &news->installed_number);
	json_put(draft, object, "installed_known", !news->has_receipt ?
	    json_null() : json_boolean(news->is_installed_known));
	json_put(draft, object, "stores_failed", !news->has_receipt ?
	    json_null() : json_integer(news->stores_failed));
	json_put_instant(draft, object, "requested_at", news->has_request,
	    news->requested_s);
	json_put_number(draft, object, "requested_number",
	    news->has_request && news->requested_has_number,
	    &news->requested_number);
}

static void
put_standing(struct json_draft *draft, json_t *object,
    const struct standing *standing)
{
	const struct standing_facts *facts = standing->facts;
	json_t *stores;
	size_t i;

	json_put_text(draft, object, "root", facts->root);
	json_put_text(draft, object, "subordinate", facts->subordinate);
	json_put_text(draft, object, "state",
	    pair_state_word(standing->state));
	json_put_text(draft, object, "severity",
	    severity_word(standing->severity));
	json_put_number(draft, object, "number", standing->has_number,
	    &standing->number);
	json_put_instant(draft, object, "this_update",
	    standing->has_next_update, standing->this_update_s);
	json_put_instant(draft, object, "next_update",
	    standing->has_next_update, standing->next_update_s);
	json_put_date(draft, object, "next_ceremony", true,
	    standing->next_ceremony_s);
	json_put_instant(draft, object, "deadline", true,
	    standing->deadline_s);
	json_put_instant(draft, object, "root_not_after",
	    facts->has_root_not_after, facts->root_not_after_s);
	json_put_text(draft, object, "detail", standing->detail);
	put_news(draft, object, &facts->news);
	stores = json_put_array(draft, object, "stores");
	for (i = 0; i < facts->place_count; i++)
		put_place(draft, json_add_object(draft, stores),
		    &facts->places[i]);
}

enum err
json_standings(const struct standing *standings, size_t count, int64_t now_s,
    struct buffer *out, struct error *err)
{
	RELEASE_DRAFT struct json_draft draft =
	    json_draft_begin("crlferry-status");
	json_t *pairs = json_put_array(&draft, draft.top, "pairs");
	size_t i;

	json_put_instant(&draft, draft.top, "now", true, now_s);
	json_put_text(&draft, draft.top, "severity",
	    severity_word(standings_worst(standings, count)));
	for (i = 0; i < count; i++)
		put_standing(&draft, json_add_object(&draft, pairs),
		    &standings[i]);
	return json_print(&draft, out, err);
}

enum err
json_findings(const char *file, const char *kind,
    const struct lint_finding *findings, size_t count, uint64_t left_out,
    struct buffer *out, struct error *err)
{
	static const char *const severities[] = {
	    [LINT_NOTICE] = "notice", [LINT_WARNING] = "warning",
	    [LINT_ERROR] = "error"};
	RELEASE_DRAFT struct json_draft draft =
	    json_draft_begin("crlferry-lint");
	json_t *array = json_put_array(&draft, draft.top, "findings");
	size_t i;

	json_put_text(&draft, draft.top, "file", file);
	json_put_text(&draft, draft.top, "kind", kind);
	json_put_integer(&draft, draft.top, "left_out", (int64_t)left_out);
	for (i = 0; i < count; i++) {
		json_t *object = json_add_object(&draft, array);

		json_put_text(&draft, object, "id", findings[i].id);
		json_put_text(&draft, object, "severity",
		    severities[findings[i].severity]);
		json_put_text(&draft, object, "source", findings[i].source);
		json_put_text(&draft, object, "text", findings[i].text);
	}
	return json_print(&draft, out, err);
}

enum err
json_error(const char *program, const struct error *error, struct buffer *out,
    struct error *err)
{
	RELEASE_DRAFT struct json_draft draft =
	    json_draft_begin("crlferry-error");

	json_put_text(&draft, draft.top, "program", program);
	json_put_text(&draft, draft.top, "token", error_token(error->code));
	json_put_integer(&draft, draft.top, "status",
	    error_status(error->code));
	json_put_text(&draft, draft.top, "message", error->what);
	json_put_text(&draft, draft.top, "remedy", error_advice(error));
	return json_print(&draft, out, err);
}

static void
put_field(struct json_draft *draft, json_t *object,
    const struct json_field *field)
{
	if (field->kind == FIELD_INTEGER)
		json_put_integer(draft, object, field->key, field->integer);
	else if (field->kind == FIELD_BOOLEAN)
		json_put_boolean(draft, object, field->key,
		    field->integer != 0);
	else
		json_put_text(draft, object, field->key, field->text);
}

static void
put_list(struct json_draft *draft, const struct json_list *list)
{
	json_t *rows = json_put_array(draft, draft->top, list->key);
	const struct json_field *field = list->fields;
	size_t row, i;

	for (row = 0; row < list->row_count; row++) {
		json_t *object = json_add_object(draft, rows);

		for (i = 0; i < list->field_count; i++)
			put_field(draft, object, field++);
	}
}

enum err
json_lists(const char *type, const struct json_list *lists, size_t count,
    struct buffer *out, struct error *err)
{
	RELEASE_DRAFT struct json_draft draft = json_draft_begin(type);
	size_t i;

	for (i = 0; i < count; i++)
		put_list(&draft, &lists[i]);
	return json_print(&draft, out, err);
}

enum err
json_rows(const char *type, const char *list, const struct json_field *fields,
    size_t field_count, size_t row_count, struct buffer *out,
    struct error *err)
{
	const struct json_list rows = {list, fields, field_count, row_count};

	return json_lists(type, &rows, 1, out, err);
}
