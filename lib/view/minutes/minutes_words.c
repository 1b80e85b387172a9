/* SPDX-License-Identifier: ISC */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "view/minutes/minutes_facts.h"

const char minutes_rehearsal[] = "signed with a throw-away key. This is no "
    "record of a real ceremony, and nothing in it may be published.";

const char minutes_attestation_end[] = "They compared it with the one that "
    "was shown and read aloud, and attest that what is recorded here is what "
    "was agreed to and carried out, but for the deviations listed.";

#define OF(member) offsetof(struct minutes, member)

const struct minutes_heading minutes_lists[] = {
	{"Agreed outside the plan", OF(changes)},
	{"Deviations", OF(deviations)},
	{"Notices of the program", OF(notices)},
	{"Remarks for the record", OF(remarks)},
};

const size_t minutes_list_count = COUNT_OF(minutes_lists);

const struct minutes_list *
minutes_list_of(const struct minutes *minutes,
    const struct minutes_heading *heading)
{
	return (const void *)((const char *)minutes + heading->offset);
}

bool
minutes_has_list(const struct minutes *minutes,
    const struct minutes_heading *heading)
{
	return heading->offset == OF(deviations) ||
	    minutes_list_of(minutes, heading)->count > 0;
}

void
minutes_put_identity(struct draft *draft, const struct minutes *minutes)
{
	const struct preview *preview = minutes->preview;
	char number[NUMBER_TEXT_SIZE], day[UTC_TEXT_SIZE];

	utc_format_date(minutes->started_s, day);
	number_format(&preview->number, NUMBER_NAME_DIGITS, number);
	draft_putf(draft, "Minutes of the ceremony of %s, ", day);
	minutes_put_clean(draft, preview->root);
	draft_putf(draft, " #%s", number);
}

/* "CRL 13 of corp-root-g1" */
static void
put_crl(struct draft *draft, const struct minutes *minutes)
{
	draft_put(draft, "CRL ");
	minutes_put_number(draft, &minutes->preview->number);
	draft_put(draft, " of ");
	minutes_put_clean(draft, minutes->preview->root);
}

/* "Alice (operator), Bob (W1) and Carol (W2)" */
static void
put_people(struct draft *draft, const struct minutes *minutes)
{
	minutes_put_clean(draft, minutes->operator_name);
	draft_put(draft, " (operator)");
	for (size_t i = 0; i < minutes->witness_count; i++) {
		draft_put(draft, i + 1 == minutes->witness_count ? " and " :
		    ", ");
		minutes_put_clean(draft, minutes->witnesses[i]);
		draft_putf(draft, " (W%zu)", i + 1);
	}
}

void
minutes_put_consent(struct draft *draft, const struct minutes *minutes)
{
	const struct preview *preview = minutes->preview;

	put_people(draft, minutes);
	draft_put(draft, " agreed that ");
	put_crl(draft, minutes);
	draft_putf(draft, " be signed: %llu added, %llu removed, as listed "
	    "under \"%s\".", (unsigned long long)preview->added_count,
	    (unsigned long long)preview->removed_count, MINUTES_AGREED);
}

/* "at step 7", which names them; else "by ..." */
static void
put_occasion(struct draft *draft, const struct minutes *minutes)
{
	for (size_t i = minutes->step_count; i > 0; i--) {
		if (!minutes->steps[i - 1].is_consent)
			continue;
		draft_putf(draft, "at step %u",
		    minutes_step_number(minutes, i - 1));
		return;
	}
	draft_put(draft, "by ");
	put_people(draft, minutes);
}

void
minutes_put_agreed(struct draft *draft, const struct minutes *minutes)
{
	const struct preview *preview = minutes->preview;

	put_crl(draft, minutes);
	draft_putf(draft, ", with %llu revocation%s: ",
	    (unsigned long long)preview->revoked_count,
	    preview->revoked_count == 1 ? "" : "s");
	if (preview->added_count == 0 && preview->removed_count == 0)
		draft_put(draft, "none is added, none is removed");
	else
		draft_putf(draft, "%llu added (+), %llu removed (-)",
		    (unsigned long long)preview->added_count,
		    (unsigned long long)preview->removed_count);
	if (preview->has_last && preview->last_has_number) {
		draft_put(draft, " since CRL ");
		minutes_put_number(draft, &preview->last_number);
	}
	draft_put(draft, ". Agreed to ");
	put_occasion(draft, minutes);
	draft_put(draft, ".");
}

void
minutes_put_attestation(struct draft *draft, const struct minutes *minutes)
{
	char day[UTC_TEXT_SIZE];

	utc_format_date(minutes->started_s, day);
	draft_putf(draft, "The undersigned were present at the ceremony of "
	    "%s, in which ", day);
	put_crl(draft, minutes);
	draft_put(draft, " was signed. Its SHA-256 is");
}

unsigned
minutes_step_number(const struct minutes *minutes, size_t i)
{
	unsigned number = 0;

	if (minutes->steps[i].number != 0)
		return minutes->steps[i].number;
	for (size_t j = 0; j <= i; j++)
		number += !minutes_is_repetition(minutes, j);
	return number;
}

bool
minutes_is_repetition(const struct minutes *minutes, size_t i)
{
	return i > 0 && i < minutes->step_count &&
	    minutes->steps[i].is_repetition;
}

void
minutes_put_steps_lead(struct draft *draft, const struct minutes *minutes)
{
	char day[UTC_TEXT_SIZE];

	utc_format_date(minutes->started_s, day);
	draft_put(draft, "Numbered as on the screen");
	if (minutes->step_total > 0)
		draft_putf(draft, ", 1 to %u", minutes->step_total);
	draft_putf(draft, "; times of %s, UTC.", day);
}
