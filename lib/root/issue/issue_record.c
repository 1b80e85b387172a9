/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "ca/crlnumber.h"
#include "root/issue/issue_rules.h"

static enum err
append_event(const struct issuing *issuing, struct ledger_event *event,
    struct error *err)
{
	event->root = issuing->root->name;
	if (event->number == NULL)
		event->number = &issuing->number;
	event->at_s = issuing->options->now_s;
	event->who = issuing->options->who;
	return ledger_append(issuing->config, event, issuing->notices, err);
}

enum err
issuing_reserve(const struct issuing *issuing, struct error *err)
{
	struct ledger_event intent = {
	    .event = "issue-intent",
	    .dropped = (const void *)issuing->lost.drops.data,
	    .dropped_count = issuing->lost.drops.size /
		sizeof(struct ledger_drop)};
	enum err code;

	ledger_mark_emergency(&intent, issuing->is_emergency, issuing->why);
	code = recorded_make_up(&issuing->recorded, issuing->config,
	    issuing->options->now_s, issuing->options->who, issuing->notices,
	    err);
	if (code == ERR_OK)
		code = append_event(issuing, &intent, err);
	if (code == ERR_OK)
		code = crlnumber_save(issuing->root->signing->crlnumber,
		    &issuing->after, err);
	return code;
}

enum err
issuing_record(const struct issuing *issuing, const struct issued *issued,
    struct error *err)
{
	char digest[SHA256_HEX_SIZE];
	char this_update[UTC_TEXT_SIZE];
	char next_update[UTC_TEXT_SIZE];
	char revoked[24];
	struct ledger_event event = {
	    .event = "issue",
	    .details = {{"sha256", digest}, {"this_update", this_update},
		{"next_update", next_update}, {"revoked", revoked}}};

	sha256_hex(issued->sha256, digest);
	utc_format(issued->this_update_s, this_update);
	utc_format(issued->next_update_s, next_update);
	snprintf(revoked, sizeof(revoked), "%llu",
	    (unsigned long long)issued->revoked_count);
	ledger_mark_emergency(&event, issued->is_emergency, issued->why);
	return append_event(issuing, &event, err);
}
