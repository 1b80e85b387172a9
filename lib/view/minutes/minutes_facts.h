/* SPDX-License-Identifier: ISC */
/*
 * The facts of the minutes, whether as text or as a page.  Inside view/minutes
 * only.
 */
#pragma once

#include "view/draft.h"
#include "view/minutes/minutes.h"

/* Text of unknown origin, printable; "none" for none. */
void minutes_put_clean(struct draft *draft, const char *text);

void minutes_put_instant(struct draft *draft, int64_t at_s);
void minutes_put_number(struct draft *draft,
    const struct number *number);

/* The CRL's SHA-256, as it is read aloud; divider between its lines. */
void minutes_put_crl_digest(struct draft *draft,
    const struct minutes *minutes, const char *divider);

/*
 * One fact, a member of the minutes or of their CRL.  Its value is printable,
 * LF divides its lines, none is empty.
 */
struct minutes_fact {
	const char *label;
	void (*write)(const struct minutes *minutes, const void *member,
	    struct draft *value);
	bool is_of_crl;
	bool is_in_head;	/* the page has it above all, in large type */
	size_t offset;		/* of the member */
};

struct minutes_section {
	const char *title;
	const struct minutes_fact *facts;
	size_t count;
};

extern const struct minutes_section minutes_people;
extern const struct minutes_section minutes_room;	/* when, where */
extern const struct minutes_section minutes_crl;
extern const struct minutes_section minutes_digests;	/* to read aloud */
extern const struct minutes_section minutes_bundle;

void minutes_put_fact(struct draft *value,
    const struct minutes *minutes, const struct minutes_fact *fact);

/* When a step was done: "10:00:12Z", with its date if that is another. */
void minutes_step_time(const struct minutes *minutes,
    const struct minutes_step *step, char out[UTC_TEXT_SIZE]);

/* Its number, as on the screen. */
unsigned minutes_step_number(const struct minutes *minutes, size_t i);

/* Does it stand beneath the step before? */
bool minutes_is_repetition(const struct minutes *minutes, size_t i);

/* "+" or "-" of an entry. */
const char *minutes_sign(const struct preview_entry *entry);

/* The rest that there is to say of an entry: invalidity, why; or nothing. */
void minutes_put_remark(struct draft *draft,
    const struct preview_entry *entry);

/* "and 12 more"; nothing if all are listed. */
void minutes_put_left_out(struct draft *draft,
    const struct minutes *minutes);

/* Stands above a rehearsal, after the word itself. */
extern const char minutes_rehearsal[];

/* "Minutes of the ceremony of 2026-11-22, corp #000013": on every page. */
void minutes_put_identity(struct draft *draft,
    const struct minutes *minutes);

/* Above the entries that come and go. */
#define MINUTES_AGREED "What was agreed to"
void minutes_put_agreed(struct draft *draft, const struct minutes *minutes);

/* Above the steps. */
void minutes_put_steps_lead(struct draft *draft,
    const struct minutes *minutes);

/* Beneath the step of consent: who agreed, and to what. */
void minutes_put_consent(struct draft *draft, const struct minutes *minutes);

/* Above the signatures; the CRL's digest stands between both. */
void minutes_put_attestation(struct draft *draft,
    const struct minutes *minutes);
extern const char minutes_attestation_end[];

/* A list of sentences, a member of the minutes. */
struct minutes_heading {
	const char *title;
	size_t offset;
};

extern const struct minutes_heading minutes_lists[];
extern const size_t minutes_list_count;
const struct minutes_list *minutes_list_of(const struct minutes *minutes,
    const struct minutes_heading *heading);

/* Is it shown?  Empty ones are left out, but for the deviations. */
bool minutes_has_list(const struct minutes *minutes,
    const struct minutes_heading *heading);
