/* SPDX-License-Identifier: ISC */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/digest.h"
#include "base/printable.h"
#include "view/minutes/minutes_facts.h"

#define FACTS(array) (array), COUNT_OF(array)

void
minutes_put_clean(struct draft *draft, const char *text)
{
	if (draft->code == ERR_OK)
		draft->code = printable_append(draft->out,
		    text[0] == '\0' ? "none" : text, PRINTABLE_LINE, "",
		    draft->err);
}

void
minutes_put_instant(struct draft *draft, int64_t at_s)
{
	char text[UTC_TEXT_SIZE];

	utc_format(at_s, text);
	draft_put(draft, text);
}

void
minutes_put_number(struct draft *draft, const struct number *number)
{
	char text[NUMBER_TEXT_SIZE];

	number_format(number, 0, text);
	draft_put(draft, text);
}

static void
write_text(const struct minutes *minutes, const void *text,
    struct draft *value)
{
	minutes_put_clean(value, text);
}

static void
write_instant(const struct minutes *minutes, const void *at_s,
    struct draft *value)
{
	minutes_put_instant(value, *(const int64_t *)at_s);
}

/* UTC, and below it the clock on the wall. */
static void
write_moment(const struct minutes *minutes, const void *at_s,
    struct draft *value)
{
	const int64_t offset_s = minutes->utc_offset_s;
	const int64_t ahead_s = offset_s < 0 ? -offset_s : offset_s;
	struct civil local = utc_to_civil(*(const int64_t *)at_s + offset_s);

	write_instant(minutes, at_s, value);
	draft_putf(value, "\n%04d-%02d-%02d %02d:%02d:%02d", local.year,
	    local.month, local.day, local.hour, local.minute, local.second);
	draft_putf(value, " UTC%c%02d:%02d", offset_s < 0 ? '-' : '+',
	    (int)(ahead_s / 3600), (int)(ahead_s / 60 % 60));
}

static void
write_date(const struct minutes *minutes, const void *at_s,
    struct draft *value)
{
	char text[UTC_TEXT_SIZE];

	snprintf(text, sizeof(text), "none, the root ends");
	if (*(const int64_t *)at_s != 0)
		utc_format_date(*(const int64_t *)at_s, text);
	draft_put(value, text);
}

static void
write_number(const struct minutes *minutes, const void *number,
    struct draft *value)
{
	minutes_put_number(value, number);
}

static void
put_digest(struct draft *draft, const char *hex, const char *divider)
{
	if (*hex == '\0')
		draft_put(draft, "none");
	else if (draft->code == ERR_OK)
		draft->code = digest_groups(hex, divider, draft->out,
		    draft->err);
}

void
minutes_put_crl_digest(struct draft *draft, const struct minutes *minutes,
    const char *divider)
{
	put_digest(draft, minutes->crl_sha256, divider);
}

static void
write_digest(const struct minutes *minutes, const void *hex,
    struct draft *value)
{
	put_digest(value, hex, "\n");
}

static void
write_witnesses(const struct minutes *minutes, const void *at,
    struct draft *value)
{
	for (size_t i = 0; i < minutes->witness_count; i++) {
		draft_putf(value, "%sW%zu  ", i > 0 ? "\n" : "", i + 1);
		minutes_put_clean(value, minutes->witnesses[i]);
	}
	if (minutes->witness_count == 0)
		draft_put(value, "none");
}

static void
write_emergency(const struct minutes *minutes, const void *why,
    struct draft *value)
{
	draft_put(value, minutes->preview->is_emergency ? "yes: " : "no");
	if (minutes->preview->is_emergency)
		minutes_put_clean(value, why);
}

static void
write_revoked(const struct minutes *minutes, const void *at,
    struct draft *value)
{
	const struct preview *preview = minutes->preview;

	draft_putf(value, "%llu in all, %llu added, %llu removed",
	    (unsigned long long)preview->revoked_count,
	    (unsigned long long)preview->added_count,
	    (unsigned long long)preview->removed_count);
}

static void
write_last(const struct minutes *minutes, const void *at,
    struct draft *value)
{
	const struct preview *preview = minutes->preview;

	if (!preview->has_last) {
		draft_put(value, "none: this is the first");
		return;
	}
	draft_put(value, preview->last_has_number ? "number " :
	    "without a number");
	if (preview->last_has_number)
		minutes_put_number(value, &preview->last_number);
	draft_put(value, "\n");
	minutes_put_instant(value, preview->last_this_update_s);
	draft_put(value, " to\n");
	minutes_put_instant(value, preview->last_next_update_s);
}

#define OWN(member) false, false, offsetof(struct minutes, member)
#define OF_CRL(member) true, false, offsetof(struct preview, member)
#define IN_HEAD(member) true, true, offsetof(struct preview, member)

static const struct minutes_fact people_facts[] = {
	{"Operator", write_text, OWN(operator_name)},
	{"Witnesses", write_witnesses, OWN(witnesses)},
};

static const struct minutes_fact room_facts[] = {
	{"Machine", write_text, OWN(host)},
	{"Program", write_text, OWN(program)},
	{"Started", write_moment, OWN(started_s)},
	{"Ended", write_moment, OWN(ended_s)},
};

static const struct minutes_fact crl_facts[] = {
	{"Issuer", write_text, OF_CRL(issuer)},
	{"Signature", write_text, OF_CRL(algorithm)},
	{"CRL number", write_number, IN_HEAD(number)},
	{"This update", write_instant, OF_CRL(this_update_s)},
	{"Next update", write_instant, OF_CRL(next_update_s)},
	{"Next ceremony", write_date, IN_HEAD(next_ceremony_s)},
	{"Emergency", write_emergency, IN_HEAD(why)},
	{"Revocations", write_revoked, OF_CRL(revoked_count)},
	{"Previous CRL", write_last, OF_CRL(has_last)},
};

static const struct minutes_fact digest_facts[] = {
	{"SHA-256 of the CRL, DER", write_digest, OWN(crl_sha256)},
	{"SHA-256 of the root certificate, DER", write_digest,
	    OWN(root_certificate_sha256)},
	{"BLAKE2b-256 of the ledger's last line", write_digest,
	    OWN(ledger_head)},
};

static const struct minutes_fact bundle_facts[] = {
	{"Written to", write_text, OWN(bundle)},
	{"Sealed by keys", write_text, OWN(key_ids)},
};

const struct minutes_section minutes_people = {"Those present",
    FACTS(people_facts)};
const struct minutes_section minutes_room = {"The ceremony",
    FACTS(room_facts)};
const struct minutes_section minutes_crl = {"The CRL", FACTS(crl_facts)};
const struct minutes_section minutes_digests = {"Digests",
    FACTS(digest_facts)};
const struct minutes_section minutes_bundle = {"The bundle",
    FACTS(bundle_facts)};

void
minutes_put_fact(struct draft *value, const struct minutes *minutes,
    const struct minutes_fact *fact)
{
	const void *from = fact->is_of_crl ? (const void *)minutes->preview :
	    minutes;

	fact->write(minutes, (const char *)from + fact->offset, value);
}

void
minutes_step_time(const struct minutes *minutes,
    const struct minutes_step *step, char out[UTC_TEXT_SIZE])
{
	const size_t date_size = strlen("2026-11-22T");

	utc_format(step->at_s, out);
	if (utc_day_start(step->at_s) == utc_day_start(minutes->started_s))
		memmove(out, out + date_size, strlen(out) - date_size + 1);
}

const char *
minutes_sign(const struct preview_entry *entry)
{
	static const char *const signs[] = {
		[PREVIEW_KEPT] = "=",
		[PREVIEW_ADDED] = "+",
		[PREVIEW_REMOVED] = "-",
	};

	return signs[entry->change];
}

void
minutes_put_remark(struct draft *draft,
    const struct preview_entry *entry)
{
	if (entry->has_invalidity) {
		draft_put(draft, "invalid since ");
		minutes_put_instant(draft, entry->invalidity_s);
	}
	if (entry->has_invalidity && entry->why[0] != '\0')
		draft_put(draft, "; ");
	if (entry->why[0] != '\0')
		minutes_put_clean(draft, entry->why);
}

void
minutes_put_left_out(struct draft *draft,
    const struct minutes *minutes)
{
	if (minutes->entries_left_out > 0)
		draft_putf(draft, "and %llu more, which the CRL lists, or the "
		    "ledger if removed",
		    (unsigned long long)minutes->entries_left_out);
}
