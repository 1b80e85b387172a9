/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ferry/json_text.h"
#include "root/ceremony/journal_json.h"

#define JOURNAL_TYPE "crlferry-ceremony"

/* The four lists of a journal; NULL without memory. */
static json_t *
encode_lists(const struct journal *journal)
{
	const struct journal_step *steps = (const void *)journal->steps.data;
	const struct journal_deviation *deviations =
	    (const void *)journal->deviations.data;
	json_t *json = json_pack("{s:[], s:[], s:[], s:[]}", "witnesses",
	    "steps", "deviations", "roots");
	json_t *list = json_object_get(json, "witnesses");
	int failures = 0;
	size_t i;

	for (i = 0; i < journal->witness_count; i++)
		failures += json_array_append_new(list,
		    json_printable(journal->witnesses[i])) != 0;
	list = json_object_get(json, "steps");
	for (i = 0; i < journal->steps.size / sizeof(*steps); i++)
		failures += json_array_append_new(list, json_pack(
		    "{s:s, s:I, s:s, s:o}", "name", steps[i].name, "at",
		    (json_int_t)steps[i].step.at_s, "title",
		    steps[i].step.title, "text",
		    json_printable(steps[i].step.text))) != 0;
	list = json_object_get(json, "deviations");
	for (i = 0; i < journal->deviations.size / sizeof(*deviations); i++)
		failures += json_array_append_new(list,
		    json_printable(deviations[i].text)) != 0;
	list = json_object_get(json, "roots");
	for (i = 0; i < journal->root_count; i++)
		failures += json_array_append_new(list,
		    journal_encode_root(&journal->roots[i])) != 0;
	if (json != NULL && failures == 0)
		return json;
	json_decref(json);
	return NULL;
}

enum err
journal_encode(const struct journal *journal, struct buffer *out,
    struct error *err)
{
	json_auto_t *json = encode_lists(journal);
	json_auto_t *head = json_pack("{s:s, s:i, s:I, s:I, s:o, s:O, s:o,"
	    " s:I}", "type", JOURNAL_TYPE, "version", JOURNAL_VERSION,
	    "started", (json_int_t)journal->started_s, "saved",
	    (json_int_t)journal->saved_s, "medium",
	    json_printable(journal->medium),
	    "options", journal->options, "operator",
	    json_printable(journal->operator_name),
	    "confirmed", (json_int_t)journal->confirmed_s);

	if (head == NULL || json == NULL || json_object_update(json, head) != 0)
		return err_fail(err, ERR_IO, "memory: want room for the "
		    "ceremony's journal, have none");
	return json_text(json, out, err);
}

static bool
parse_step(const json_t *json, struct journal_step *out)
{
	return journal_text(json, "name", out->name, sizeof(out->name)) &&
	    journal_integer(json, "at", &out->step.at_s) &&
	    journal_text(json, "title", out->step.title,
		sizeof(out->step.title)) &&
	    journal_text(json, "text", out->step.text, sizeof(out->step.text));
}

static bool
parse_lists(const json_t *json, struct journal *out)
{
	const json_t *witnesses = json_object_get(json, "witnesses");
	const json_t *steps = json_object_get(json, "steps");
	const json_t *deviations = json_object_get(json, "deviations");
	bool is_good = json_is_array(witnesses) && json_is_array(steps) &&
	    json_is_array(deviations) &&
	    json_array_size(witnesses) <= MINUTES_WITNESSES_MAX;
	size_t i;

	for (i = 0; is_good && i < json_array_size(witnesses); i++) {
		const char *name = json_string_value(
		    json_array_get(witnesses, i));

		is_good = name != NULL &&
		    strlen(name) < sizeof(out->witnesses[0]);
		if (is_good)
			strcpy(out->witnesses[out->witness_count++], name);
	}
	for (i = 0; is_good && i < json_array_size(steps); i++) {
		struct journal_step step = {.name = ""};

		is_good = parse_step(json_array_get(steps, i), &step) &&
		    journal_add_step(out, &step, NULL) == ERR_OK;
	}
	for (i = 0; is_good && i < json_array_size(deviations); i++) {
		const char *text = json_string_value(
		    json_array_get(deviations, i));

		is_good = text != NULL &&
		    journal_add_deviation(out, text, NULL) == ERR_OK;
	}
	return is_good;
}

static bool
parse_roots(const json_t *roots, struct journal *out)
{
	size_t i;

	out->roots = calloc(json_array_size(roots) + 1, sizeof(*out->roots));
	if (!json_is_array(roots) || out->roots == NULL)
		return false;
	for (i = 0; i < json_array_size(roots); i++) {
		if (!journal_parse_root(json_array_get(roots, i),
		    &out->roots[i]))
			return false;
		out->root_count++;
	}
	return true;
}

static bool
is_list_of_texts(const json_t *list)
{
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		if (!json_is_string(json_array_get(list, i)))
			return false;
	}
	return json_is_array(list);
}

static bool
parse_options(json_t *options, struct journal *out)
{
	json_t *discarded, *acknowledged;
	int is_first, is_emergency;
	const char *why;

	if (json_unpack_ex(options, NULL, JSON_STRICT, "{s:b, s:b, s:s, s:o,"
	    " s:o}", "first", &is_first, "emergency", &is_emergency, "why",
	    &why, "discarded", &discarded, "acknowledged",
	    &acknowledged) != 0 || !is_list_of_texts(discarded) ||
	    !is_list_of_texts(acknowledged))
		return false;
	out->options = json_incref(options);
	return true;
}

enum err
journal_parse(struct span text, struct journal *out, struct error *err)
{
	json_auto_t *json = json_loadb((const char *)text.data, text.size,
	    JSON_REJECT_DUPLICATES, NULL);
	RELEASE_JOURNAL struct journal journal = {.path = ""};
	char type[sizeof(JOURNAL_TYPE)];
	int64_t version = 0;

	if (!journal_text(json, "type", type, sizeof(type)) ||
	    strcmp(type, JOURNAL_TYPE) != 0 ||
	    !journal_integer(json, "version", &version) ||
	    version != JOURNAL_VERSION)
		return err_fail(err, ERR_FORMAT, "want a %s of version %d, "
		    "have something else", JOURNAL_TYPE, JOURNAL_VERSION);
	if (!journal_integer(json, "started", &journal.started_s) ||
	    !journal_integer(json, "saved", &journal.saved_s) ||
	    !journal_text(json, "medium", journal.medium,
	    sizeof(journal.medium)) ||
	    !journal_text(json, "operator", journal.operator_name,
	    sizeof(journal.operator_name)) ||
	    !journal_integer(json, "confirmed", &journal.confirmed_s) ||
	    !parse_options(json_object_get(json, "options"), &journal) ||
	    !parse_lists(json, &journal) ||
	    !parse_roots(json_object_get(json, "roots"), &journal))
		return err_fail(err, ERR_FORMAT, "want every key of a %s, "
		    "have one that is missing or mistyped", JOURNAL_TYPE);
	*out = journal;
	journal = (struct journal){.path = ""};
	return ERR_OK;
}
