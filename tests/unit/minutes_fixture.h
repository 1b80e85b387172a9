/* SPDX-License-Identifier: ISC */
/* Ceremonies to make minutes of. */
#pragma once

#include "instant.h"
#include "test.h"
#include "view/minutes/minutes.h"

#define STEPS_MAX 14
#define AGAIN_MAX 2
#define DATE 3
#define CONSENT 8
#define DIGEST(c) c c c c c c c c c c c c c c c c
#define CRL_DIGEST DIGEST("4a7f")
#define ROOT_DIGEST DIGEST("c01d")
#define LEDGER_HEAD DIGEST("83be")

struct held {
	struct preview preview;
	struct preview_entry entries[MINUTES_LISTED_MAX];
	struct minutes_step steps[STEPS_MAX + AGAIN_MAX];
	const char *deviations[8];
	const char *changes[4];
	const char *notices[4];
	const char *remarks[4];
	struct minutes minutes;
};

static const struct {
	const char *title, *text;
} steps_held[STEPS_MAX] = {
	{"The room", "The checklist was read: no phones, no network cable, "
	    "the safe was opened by two of those present, its seals were "
	    "whole."},
	{"The stick", "The stick /media/ferry is mounted, removable, and "
	    "holds 3 notes."},
	{"The people", "Operator and witnesses gave their names."},
	{"The date", "The operator typed 2026-11-22; the clock shows "
	    "2026-11-22T10:01:07Z; the newest evidence is "
	    "request-issuing-1-17 of 2026-11-21T16:40:00Z."},
	{"The air gap", "No network interface but lo is up."},
	{"The notes", "request-issuing-1-17: taken in. receipt-issuing-1-16: "
	    "CRL 12 was installed in 3 stores. request-issuing-2-4: taken in."},
	{"The ledger", "41 lines, verified; the manifest that issuing-1 "
	    "brought back names line 39, which fits."},
	{"The revocations", "2 were added and 1 was removed since CRL 12; "
	    "all were read aloud."},
	{"The question", "The operator answered Yes."},
	{"The signature", "CRL 13 was signed with the key of corp-root-g1, "
	    "read back, verified and linted."},
	{"The digest", "The SHA-256 of the CRL was read aloud from the "
	    "screen."},
	{"The bundle", "Written to the stick, sealed, and read back."},
	{"The comparison", "The digest of the file on the stick is the one "
	    "that was read aloud."},
	{"The end", "The stick was removed, the machine was shut down, the "
	    "key went back into the safe under new seals."},
};

static inline void
set_preview(struct preview *preview)
{
	strcpy(preview->root, "corp-root-g1");
	strcpy(preview->issuer,
	    "CN=Example Corporation Root CA G1,O=Example Corporation,C=DE");
	strcpy(preview->algorithm, "ecdsa-with-SHA384");
	preview->number = number_from_u64(13);
	preview->this_update_s = instant("2026-11-22T09:52:00Z");
	preview->next_update_s = instant("2027-06-22T09:52:00Z");
	preview->next_ceremony_s = instant("2027-05-04");
	preview->has_last = preview->last_has_number = true;
	preview->last_number = number_from_u64(12);
	preview->last_this_update_s = instant("2026-05-05T09:47:13Z");
	preview->last_next_update_s = instant("2026-12-05T09:47:13Z");
	preview->revoked_count = 41;
	preview->added_count = 2;
	preview->removed_count = 1;
}

static inline void
set_entries(struct held *held)
{
	struct preview_entry *entries = held->entries;

	entries[0] = (struct preview_entry){.change = PREVIEW_ADDED,
	    .serial = "1005", .subject = "CN=Mail Gateway",
	    .reason = 1, .reason_name = "keyCompromise",
	    .revoked_at_s = instant("2026-11-20T08:15:00Z"),
	    .has_invalidity = true,
	    .invalidity_s = instant("2026-11-18T00:00:00Z")};
	entries[1] = (struct preview_entry){.change = PREVIEW_ADDED,
	    .serial = "3d2f9a0c77e1b45508f6d21c9be4a7305f8812ce",
	    .reason = -1, .revoked_at_s = instant("2026-11-22T09:30:00Z")};
	entries[2] = (struct preview_entry){.change = PREVIEW_REMOVED,
	    .serial = "0c4e", .reason = 4, .reason_name = "superseded",
	    .revoked_at_s = instant("2021-02-03T10:00:00Z"),
	    .why = "certificate expired", .subject = "CN=Old Gateway"};
}

/* A quiet day: two witnesses, three changes. */
static inline void
hold(struct held *held)
{
	struct minutes *minutes = &held->minutes;

	*held = (struct held){0};
	set_preview(&held->preview);
	set_entries(held);
	minutes->preview = &held->preview;
	minutes->entries = held->entries;
	minutes->entry_count = 3;
	strcpy(minutes->program, "crlferry-root 0.1.0");
	strcpy(minutes->host, "ca@vault-01");
	strcpy(minutes->operator_name, "Alice Operator");
	strcpy(minutes->witnesses[0], "Bob Witness");
	strcpy(minutes->witnesses[1], "Ch\xc3\xa2relle Zeuge");
	minutes->witness_count = 2;
	minutes->started_s = instant("2026-11-22T10:00:12Z");
	minutes->ended_s = instant("2026-11-22T10:31:40Z");
	minutes->utc_offset_s = 3600;
	strcpy(minutes->root_certificate_sha256, ROOT_DIGEST);
	strcpy(minutes->crl_sha256, CRL_DIGEST);
	strcpy(minutes->ledger_head, LEDGER_HEAD);
	strcpy(minutes->bundle, "/media/ferry/crlferry/corp-root-g1/000013");
	strcpy(minutes->key_ids, "60A1B2C3D4E5F607 71A1B2C3D4E5F608");
	for (size_t i = 0; i < STEPS_MAX; i++) {
		held->steps[i].at_s = minutes->started_s + 130 * (int64_t)i;
		strcpy(held->steps[i].title, steps_held[i].title);
		strcpy(held->steps[i].text, steps_held[i].text);
	}
	held->steps[CONSENT].is_consent = true;
	minutes->steps = held->steps;
	minutes->step_count = STEPS_MAX;
	minutes->deviations.texts = held->deviations;
	minutes->changes.texts = held->changes;
	minutes->notices.texts = held->notices;
	minutes->remarks.texts = held->remarks;
}

/* The date was asked for three times; numbers are those of the screen. */
static inline void
ask_again(struct held *held)
{
	static const char *const texts[] = {
	    "The date 2026-11-31 was not accepted: there is no such day. "
	    "Asked again.",
	    "The date 2026-11-23 was not accepted: it is not today's. Asked "
	    "again."};
	struct minutes_step *steps = held->steps;

	for (size_t i = 0; i < COUNT_OF(steps_held); i++)
		steps[i].number = (unsigned)i + 1;
	memmove(&steps[DATE + 3], &steps[DATE + 1],
	    (COUNT_OF(steps_held) - DATE - 1) * sizeof(*steps));
	for (size_t i = 1; i <= COUNT_OF(texts); i++) {
		steps[DATE + i] = (struct minutes_step){
		    .at_s = steps[DATE].at_s + 7 * (int64_t)i,
		    .number = DATE + 1, .is_repetition = true};
		strcpy(steps[DATE + i].text, texts[i - 1]);
	}
	held->minutes.step_count += COUNT_OF(texts);
	held->minutes.step_total = COUNT_OF(steps_held);
}

/* What was said, each kind in its own list. */
static inline void
say_all(struct held *held)
{
	held->changes[0] = "Emergency, outside the calendar.";
	held->changes[1] = "The revocation of serial 0c4e (CN=Old Gateway) "
	    "may leave the list.";
	held->minutes.changes.count = 2;
	held->notices[0] = "issuing-2 has brought no request.";
	held->minutes.notices.count = 1;
	held->remarks[0] = "Bob Witness: the seal of the safe had number 4711.";
	held->minutes.remarks.count = 1;
}

/* As much as there may be: eight witnesses, all entries that are listed. */
static inline void
hold_full(struct held *held)
{
	struct minutes *minutes = &held->minutes;

	hold(held);
	ask_again(held);
	say_all(held);
	for (size_t i = 0; i < MINUTES_WITNESSES_MAX; i++)
		snprintf(minutes->witnesses[i], sizeof(minutes->witnesses[i]),
		    "Witness Number %zu, Department of Internal Audit", i + 1);
	minutes->witness_count = MINUTES_WITNESSES_MAX;
	for (size_t i = 3; i < MINUTES_LISTED_MAX; i++) {
		held->entries[i] = held->entries[i % 3];
		snprintf(held->entries[i].subject,
		    sizeof(held->entries[i].subject), "C=DE/"
		    "ST=Nordrhein-Westfalen/L=M\xc3\xb6nchengladbach/O=Example "
		    "Corporation International GmbH & Co. KG/CN=Issuing CA "
		    "%02zu of Exam...", i);
		snprintf(held->entries[i].serial,
		    sizeof(held->entries[i].serial),
		    "%02zxb10c5d7e1b45508f6d21c9be4a7305f8812ce", i);
	}
	minutes->entry_count = MINUTES_LISTED_MAX;
	minutes->entries_left_out = 15;
	held->preview.is_emergency = true;
	strcpy(held->preview.why, "The key of issuing-2 was found on a laptop "
	    "that was stolen; its CA certificate is revoked.");
	held->deviations[0] = "The date was typed twice: the first was "
	    "2026-11-23, which is not today's.";
	held->deviations[1] = "The network interface eth0 was up, and was "
	    "taken down.";
	minutes->deviations.count = 2;
}

/* Texts that want to be something else, and values as long as they get. */
static inline void
hold_awkward(struct held *held)
{
	struct minutes *minutes = &held->minutes;
	static const char evil[] = "<script>alert(1)</script> & \"a\" 'b' "
	    "\x1b[2J\x9b" "31m \xe2\x80\xae\r\n\tend";

	hold(held);
	strcpy(minutes->operator_name, evil);
	strcpy(minutes->witnesses[0], "\xc3\x28 not UTF-8");
	strcpy(minutes->host, "a@b</dd>");
	held->preview.is_emergency = true;
	strcpy(held->preview.why, evil);
	strcpy(held->preview.issuer, evil);
	strcpy(held->entries[2].why, "<b>why</b>");
	strcpy(held->entries[2].subject, "CN=</td>\x1b[2J");
	memset(held->entries[0].serial, 'f', 130);
	memset(minutes->bundle, 'x', sizeof(minutes->bundle) - 1);
	minutes->bundle[0] = '/';
	memset(held->steps[0].text, 'y', sizeof(held->steps[0].text) - 1);
	memset(held->steps[0].title, 'W', sizeof(held->steps[0].title) - 1);
	held->deviations[0] = evil;
	minutes->deviations.count = 1;
	memset(held->preview.number.octets, 0xff, NUMBER_OCTETS);
	held->preview.number.octets[0] = 0x7f;
	minutes->utc_offset_s = -12600;
}

/* What was written of them ends in NUL. */
static inline void
assert_says(const struct buffer *out, const char *want)
{
	if (strstr((const char *)out->data, want) == NULL)
		fail_msg("want \"%s\" in:\n%s", want,
		    (const char *)out->data);
}

static inline size_t
count_of(const struct buffer *out, const char *what)
{
	const char *at = (const char *)out->data;
	size_t count = 0;

	for (; (at = strstr(at, what)) != NULL; at += strlen(what))
		count++;
	return count;
}
