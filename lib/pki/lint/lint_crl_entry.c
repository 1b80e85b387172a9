/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/utc.h"
#include "pki/crl_parts.h"
#include "pki/lint/lint_report.h"

#define REASON_HOLD 6
#define REASON_UNUSED 7
#define SERIAL_MAX 20		/* octets, RFC 5280 4.1.2.2 */
#define SERIAL_SHOWN 42		/* digits: one octet more, to see that */
#define BACKDATE_MAX_S DAY_S

/* "entry 3 (serial 0a1b)", for messages; long serials are cut. */
struct label {
	char text[96];
};

static struct label
label_of(const struct crl_entry *entry, uint64_t index)
{
	char hex[SERIAL_TEXT_SIZE];
	struct label label;

	serial_format(entry->serial, hex);
	snprintf(label.text, sizeof(label.text), "entry %llu (serial %.*s%s)",
	    (unsigned long long)index, SERIAL_SHOWN, hex,
	    strlen(hex) > SERIAL_SHOWN ? "..." : "");
	return label;
}

static void
judge_serial(struct lint *lint, const struct crl_entry *entry, uint64_t index)
{
	struct span serial = entry->serial;

	if (serial.size == 0 || serial.data[0] >= 0x80 ||
	    (serial.size == 1 && serial.data[0] == 0))
		lint_report(lint, FOUND_SERIAL_NOT_POSITIVE,
		    "%s: the serial is not positive",
		    label_of(entry, index).text);
	if (serial.size > SERIAL_MAX)
		lint_report(lint, FOUND_SERIAL_LONG, "%s: want at most %d "
		    "octets of serial, have %zu", label_of(entry, index).text,
		    SERIAL_MAX, serial.size);
}

/*
 * CAs backdate thisUpdate for clocks that run behind, so what was revoked just
 * before the list was signed lies after it.
 */
static void
judge_date(struct lint *lint, const struct crl_entry *entry, uint64_t index)
{
	char revoked[UTC_TEXT_SIZE], listed[UTC_TEXT_SIZE];

	if (lint_time_is_wrong(&entry->revoked_at))
		lint_report(lint, FOUND_ENTRY_DATE_ENCODING, "%s: want UTCTime "
		    "through 2049, have GeneralizedTime",
		    label_of(entry, index).text);
	if (!lint->has_frame || entry->revoked_at.at_s - BACKDATE_MAX_S <=
	    lint->this_update_s)
		return;
	utc_format(entry->revoked_at.at_s, revoked);
	utc_format(lint->this_update_s, listed);
	lint_report(lint, FOUND_ENTRY_DATE_LATE, "%s: want a revocationDate "
	    "up to a day after thisUpdate %s, have %s",
	    label_of(entry, index).text, listed, revoked);
}

/* A CRL of a root lists CA certificates, though nothing in it says so. */
static void
judge_missing_reason(struct lint *lint, const struct crl_entry *entry,
    uint64_t index)
{
	if (lint->profile != LINT_BR || lint->is_reason_missed)
		return;
	lint->is_reason_missed = true;
	lint_report(lint, FOUND_BR_REASON_MISSING,
	    "%s: no reasonCode, which a CA's certificate needs (said for the "
	    "first only)",
	    label_of(entry, index).text);
}

static void
judge_reason(struct lint *lint, const struct crl_entry *entry, uint64_t index)
{
	bool is_br = lint->profile == LINT_BR;
	struct label label;

	if (entry->reason == REASON_NONE) {
		judge_missing_reason(lint, entry, index);
		return;
	}
	if (entry->reason > 0 && entry->reason < REASON_HOLD &&
	    !entry->is_reason_critical)
		return;
	label = label_of(entry, index);
	if (entry->is_reason_critical)
		lint_report(lint, FOUND_REASON_CRITICAL,
		    "%s: reasonCode is critical, and must not be", label.text);
	if (entry->reason == 0)
		lint_report(lint,
		    is_br ? FOUND_BR_REASON_UNSPECIFIED
			  : FOUND_REASON_UNSPECIFIED,
		    "%s: the reasonCode unspecified (0) has to be left out",
		    label.text);
	if (entry->reason == REASON_HOLD && is_br)
		lint_report(lint, FOUND_BR_REASON_HOLD,
		    "%s: certificateHold (6) is not a final reason",
		    label.text);
	if (entry->reason == REASON_REMOVE && !lint->is_delta)
		lint_report(lint, FOUND_REASON_REMOVE,
		    "%s: removeFromCRL (8) belongs in delta CRLs only",
		    label.text);
	if (entry->reason < 0 || entry->reason > CRL_REASON_MAX ||
	    entry->reason == REASON_UNUSED)
		lint_report(lint, FOUND_REASON_RANGE, "%s: want a reason of "
		    "0..6 or 8..10, have %d", label.text, (int)entry->reason);
}

void
lint_crl_entry(struct lint *lint, const struct crl_entry *entry,
    uint64_t index)
{
	judge_serial(lint, entry, index);
	judge_date(lint, entry, index);
	judge_reason(lint, entry, index);
	if (entry->is_invalidity_critical)
		lint_report(lint, FOUND_INVALIDITY_CRITICAL,
		    "%s: invalidityDate is critical, and must not be",
		    label_of(entry, index).text);
	if (entry->has_unknown_critical)
		lint_report(lint, FOUND_ENTRY_UNKNOWN_CRITICAL,
		    "%s: %s is critical and not known",
		    label_of(entry, index).text, entry->unknown_critical);
}
