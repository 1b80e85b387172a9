/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/printable.h"
#include "view/minutes_facts.h"

#define FACTS(array) (array), COUNT_OF(array)
#define GROUP 4			/* hex digits */
#define GROUPS_LINE 8		/* groups in a line of a fact */

const char minutes_rehearsal[] = "signed with a throw-away key. This is no "
    "record of a real ceremony, and nothing in it may be published.";

const char minutes_attestation[] = "The undersigned were present. They "
    "compared the digests above with those that were shown, and attest that "
    "the steps were carried out as recorded here, but for the deviations "
    "listed.";

void
minutes_put(struct minutes_draft *draft, const char *text)
{
	if (draft->code == ERR_OK)
		draft->code = buffer_append_text(draft->out, text, draft->err);
}

void
minutes_putf(struct minutes_draft *draft, const char *fmt, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, fmt);
	vsnprintf(text, sizeof(text), fmt, arguments);
	va_end(arguments);
	minutes_put(draft, text);
}

void
minutes_put_clean(struct minutes_draft *draft, const char *text)
{
	if (draft->code == ERR_OK)
		draft->code = printable_append(draft->out,
		    text[0] == '\0' ? "none" : text, PRINTABLE_LINE, "",
		    draft->err);
}

enum err
minutes_hex_groups(const char *hex, struct buffer *out, struct error *err)
{
	size_t i;

	for (i = 0; hex[i] != '\0'; i++) {
		if (!isxdigit((unsigned char)hex[i]))
			return err_fail(err, ERR_FORMAT, "digest: want hex "
			    "digits, have \"%s\"", hex);
	}
	for (i = 0; hex[i] != '\0'; i++) {
		if (i > 0 && i % GROUP == 0)
			TRY(buffer_append_text(out, " ", err));
		TRY(buffer_append(out, &hex[i], 1, err));
	}
	return ERR_OK;
}

/* A digest in groups, eight of them in a line. */
static void
put_digest(struct minutes_draft *value, const char *hex)
{
	const size_t line = (GROUP + 1) * GROUPS_LINE;
	size_t start = value->out->size;
	size_t i;

	if (hex[0] == '\0')
		minutes_put(value, "none");
	else if (value->code == ERR_OK)
		value->code = minutes_hex_groups(hex, value->out, value->err);
	if (value->code != ERR_OK)
		return;
	for (i = start + line - 1; i < value->out->size; i += line)
		value->out->data[i] = '\n';
}

static void
put_instant(struct minutes_draft *value, int64_t at_s)
{
	char text[UTC_TEXT_SIZE];

	utc_format(at_s, text);
	minutes_put(value, text);
}

static void
put_number(struct minutes_draft *value, const struct number *number)
{
	char text[NUMBER_TEXT_SIZE];

	number_format(number, 0, text);
	minutes_put(value, text);
}

/* UTC, and below it the clock on the wall. */
static void
put_moment(struct minutes_draft *value, int64_t at_s, int64_t offset_s)
{
	const int64_t ahead_s = offset_s < 0 ? -offset_s : offset_s;
	struct civil local = utc_to_civil(at_s + offset_s);

	put_instant(value, at_s);
	minutes_putf(value, "\n%04d-%02d-%02d %02d:%02d:%02d", local.year,
	    local.month, local.day, local.hour, local.minute, local.second);
	minutes_putf(value, " UTC%c%02d:%02d", offset_s < 0 ? '-' : '+',
	    (int)(ahead_s / 3600), (int)(ahead_s / 60 % 60));
}

static void
write_operator(const struct minutes *minutes, struct minutes_draft *value)
{
	minutes_put_clean(value, minutes->operator_name);
}

static void
write_witnesses(const struct minutes *minutes, struct minutes_draft *value)
{
	size_t i;

	for (i = 0; i < minutes->witness_count; i++) {
		minutes_putf(value, "%sW%zu  ", i > 0 ? "\n" : "", i + 1);
		minutes_put_clean(value, minutes->witnesses[i]);
	}
	if (minutes->witness_count == 0)
		minutes_put(value, "none");
}

static void
write_host(const struct minutes *minutes, struct minutes_draft *value)
{
	minutes_put_clean(value, minutes->host);
}

static void
write_program(const struct minutes *minutes, struct minutes_draft *value)
{
	minutes_put_clean(value, minutes->program);
}

static void
write_started(const struct minutes *minutes, struct minutes_draft *value)
{
	put_moment(value, minutes->started_s, minutes->utc_offset_s);
}

static void
write_ended(const struct minutes *minutes, struct minutes_draft *value)
{
	put_moment(value, minutes->ended_s, minutes->utc_offset_s);
}

static void
write_issuer(const struct minutes *minutes, struct minutes_draft *value)
{
	minutes_put_clean(value, minutes->preview->issuer);
}

static void
write_algorithm(const struct minutes *minutes, struct minutes_draft *value)
{
	minutes_put_clean(value, minutes->preview->algorithm);
}

static void
write_number(const struct minutes *minutes, struct minutes_draft *value)
{
	put_number(value, &minutes->preview->number);
}

static void
write_this_update(const struct minutes *minutes, struct minutes_draft *value)
{
	put_instant(value, minutes->preview->this_update_s);
}

static void
write_next_update(const struct minutes *minutes, struct minutes_draft *value)
{
	put_instant(value, minutes->preview->next_update_s);
}

static void
write_next_ceremony(const struct minutes *minutes,
    struct minutes_draft *value)
{
	char text[UTC_TEXT_SIZE];

	utc_format_date(minutes->preview->next_ceremony_s, text);
	minutes_put(value, text);
}

static void
write_emergency(const struct minutes *minutes, struct minutes_draft *value)
{
	if (!minutes->preview->is_emergency) {
		minutes_put(value, "no");
		return;
	}
	minutes_put(value, "yes: ");
	minutes_put_clean(value, minutes->preview->why);
}

static void
write_revoked(const struct minutes *minutes, struct minutes_draft *value)
{
	const struct preview *preview = minutes->preview;

	minutes_putf(value, "%llu in all, %llu added, %llu removed",
	    (unsigned long long)preview->revoked_count,
	    (unsigned long long)preview->added_count,
	    (unsigned long long)preview->removed_count);
}

static void
write_last(const struct minutes *minutes, struct minutes_draft *value)
{
	const struct preview *preview = minutes->preview;

	if (!preview->has_last) {
		minutes_put(value, "none: this is the first");
		return;
	}
	if (preview->last_has_number) {
		minutes_put(value, "number ");
		put_number(value, &preview->last_number);
	} else {
		minutes_put(value, "without a number");
	}
	minutes_put(value, "\n");
	put_instant(value, preview->last_this_update_s);
	minutes_put(value, " to\n");
	put_instant(value, preview->last_next_update_s);
}

static void
write_crl_digest(const struct minutes *minutes, struct minutes_draft *value)
{
	put_digest(value, minutes->crl_sha256);
}

static void
write_root_digest(const struct minutes *minutes, struct minutes_draft *value)
{
	put_digest(value, minutes->root_certificate_sha256);
}

static void
write_ledger(const struct minutes *minutes, struct minutes_draft *value)
{
	put_digest(value, minutes->ledger_head);
}

static void
write_bundle(const struct minutes *minutes, struct minutes_draft *value)
{
	minutes_put_clean(value, minutes->bundle);
}

static void
write_seals(const struct minutes *minutes, struct minutes_draft *value)
{
	minutes_put_clean(value, minutes->key_ids);
}

static const struct minutes_fact room_facts[] = {
	{"Operator", write_operator},
	{"Witnesses", write_witnesses},
	{"Machine", write_host},
	{"Program", write_program},
	{"Started", write_started},
	{"Ended", write_ended},
};

static const struct minutes_fact crl_facts[] = {
	{"Issuer", write_issuer},
	{"Signature", write_algorithm},
	{"CRL number", write_number},
	{"This update", write_this_update},
	{"Next update", write_next_update},
	{"Next ceremony", write_next_ceremony},
	{"Emergency", write_emergency},
	{"Revocations", write_revoked},
	{"Previous CRL", write_last},
};

static const struct minutes_fact digest_facts[] = {
	{"SHA-256 of the CRL, DER", write_crl_digest},
	{"SHA-256 of the root certificate, DER", write_root_digest},
	{"BLAKE2b-256 of the ledger's last line", write_ledger},
};

static const struct minutes_fact bundle_facts[] = {
	{"Written to", write_bundle},
	{"Sealed by keys", write_seals},
};

const struct minutes_section minutes_room = {"The ceremony",
    FACTS(room_facts)};
const struct minutes_section minutes_crl = {"The CRL", FACTS(crl_facts)};
const struct minutes_section minutes_digests = {"Digests",
    FACTS(digest_facts)};
const struct minutes_section minutes_bundle = {"The bundle",
    FACTS(bundle_facts)};

enum err
minutes_value(const struct minutes *minutes, const struct minutes_fact *fact,
    struct buffer *out, struct error *err)
{
	struct minutes_draft value = {out, err, ERR_OK};

	fact->write(minutes, &value);
	if (value.code == ERR_OK)
		value.code = buffer_append(out, "", 1, err);
	return value.code;
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
minutes_put_remark(struct minutes_draft *draft,
    const struct preview_entry *entry)
{
	if (entry->has_invalidity) {
		minutes_put(draft, "invalid since ");
		put_instant(draft, entry->invalidity_s);
	}
	if (entry->has_invalidity && entry->why[0] != '\0')
		minutes_put(draft, "; ");
	if (entry->why[0] != '\0')
		minutes_put_clean(draft, entry->why);
}

void
minutes_put_left_out(struct minutes_draft *draft,
    const struct minutes *minutes)
{
	if (minutes->entries_left_out > 0)
		minutes_putf(draft, "and %llu more",
		    (unsigned long long)minutes->entries_left_out);
}
