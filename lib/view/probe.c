/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "plan/ranking.h"
#include "plan/when.h"
#include "view/probe.h"

struct probe_finding *
probe_find(struct probe_report *report, enum severity severity,
    const char *id, const char *fmt, ...)
{
	struct probe_finding *finding;
	size_t at = report->finding_count;
	va_list arguments;

	while (at > 0 && severity_compare(severity,
	    report->findings[at - 1].severity) < 0)
		at--;
	if (!ranking_make_room(report->findings, sizeof(*finding),
	    PROBE_FINDINGS_MAX, at, &report->finding_count,
	    &report->left_out))
		return NULL;
	finding = &report->findings[at];
	*finding = (struct probe_finding){.severity = severity, .id = id};
	va_start(arguments, fmt);
	(void)vsnprintf(finding->text, sizeof(finding->text), fmt, arguments);
	va_end(arguments);
	return finding;
}

void
probe_advise(struct probe_finding *finding, const char *fmt, ...)
{
	va_list arguments;

	if (finding == NULL)
		return;
	va_start(arguments, fmt);
	(void)vsnprintf(finding->remedy, sizeof(finding->remedy), fmt,
	    arguments);
	va_end(arguments);
}

static bool
has_finding(const struct probe_report *report,
    const struct probe_finding *finding)
{
	for (size_t i = 0; i < report->finding_count; i++) {
		if (strcmp(report->findings[i].text, finding->text) == 0)
			return true;
	}
	return false;
}

static void
label(struct probe_finding *finding, const char *key, const char *text)
{
	if (finding != NULL)
		snprintf(finding->text, sizeof(finding->text), "with its %s "
		    "certificate: %.600s", key, text);
}

void
probe_add_second(struct probe_report *report,
    const struct probe_report *second)
{
	char text[PROBE_TEXT_SIZE];
	bool is_same[PROBE_FINDINGS_MAX];

	for (size_t i = 0; i < second->finding_count; i++)
		is_same[i] = has_finding(report, &second->findings[i]);
	for (size_t i = 0; i < report->finding_count; i++) {
		memcpy(text, report->findings[i].text, sizeof(text));
		if (!has_finding(second, &report->findings[i]))
			label(&report->findings[i], report->key, text);
	}
	for (size_t i = 0; i < second->finding_count; i++) {
		const struct probe_finding *one = &second->findings[i];
		struct probe_finding *finding;

		if (is_same[i])
			continue;
		finding = probe_find(report, one->severity, one->id, "%s", "");
		label(finding, second->key, one->text);
		probe_advise(finding, "%s", one->remedy);
	}
	report->left_out += second->left_out;
	for (size_t i = 0; i < second->certificate_count &&
	    report->certificate_count < PROBE_CERTIFICATES_MAX; i++)
		report->certificates[report->certificate_count++] =
		    second->certificates[i];
	report->second_key = second->key;
	snprintf(report->second_root, sizeof(report->second_root), "%s",
	    second->root);
	snprintf(report->second, sizeof(report->second), "%s: %s, %s, "
	    "handshake %s%s", second->key, second->protocol, second->cipher,
	    second->signature[0] == '\0' ? "without a signature" :
	    "signed by ", second->signature);
}

enum severity
probe_severity(const struct probe_report *report)
{
	return report->finding_count == 0 ? SEVERITY_OK :
	    report->findings[0].severity;
}

/* A plugin's text, in which a | would begin the performance data. */
static enum err
append(struct buffer *out, const char *text, struct error *err)
{
	return printable_append(out, text, PRINTABLE_LINE, "|", err);
}

/* Is it on the way to the root, so that its end matters? */
static bool
is_needed(const struct probe_certificate *certificate)
{
	return strcmp(certificate->role, "other") != 0;
}

int64_t
probe_days_left(const struct probe_certificate *certificate, int64_t now_s)
{
	return utc_day_start(certificate->not_after_s - now_s) / DAY_S;
}

/* Is it of the chain for the other kind of key? */
static bool
is_second(const struct probe_report *report,
    const struct probe_certificate *certificate)
{
	return report->second_key != NULL &&
	    strcmp(certificate->key, report->second_key) == 0;
}

/* " leaf=211;30:;7:", and " leaf-RSA=..." of the second chain */
static enum err
append_perfdata(const struct probe_report *report, int64_t now_s,
    struct buffer *out, struct error *err)
{
	unsigned int intermediates[2] = {0, 0};

	for (size_t i = 0; i < report->certificate_count; i++) {
		const struct probe_certificate *certificate =
		    &report->certificates[i];
		const bool is_other = is_second(report, certificate);
		char name[32];

		if (!is_needed(certificate))
			continue;
		snprintf(name, sizeof(name), "%s", certificate->role);
		if (strcmp(certificate->role, "intermediate") == 0)
			snprintf(name, sizeof(name), "intermediate%u",
			    ++intermediates[is_other]);
		TRY(buffer_appendf(out, err, " %s%s%s=%lld;%lld:;%lld:", name,
		    is_other ? "-" : "", is_other ? certificate->key : "",
		    (long long)probe_days_left(certificate, now_s),
		    (long long)(certificate->warning_s / DAY_S),
		    (long long)(certificate->critical_s / DAY_S)));
	}
	return ERR_OK;
}

/* The one that ends first; NULL for none. */
static const struct probe_certificate *
first_to_end(const struct probe_report *report)
{
	const struct probe_certificate *first = NULL;

	for (size_t i = 0; i < report->certificate_count; i++) {
		const struct probe_certificate *one =
		    &report->certificates[i];

		if (is_needed(one) && (first == NULL ||
		    one->not_after_s < first->not_after_s))
			first = one;
	}
	return first;
}

/* Nothing is wrong: what was seen, and what could not be. */
static enum err
append_good(const struct probe_report *report, int64_t now_s,
    struct buffer *out, struct error *err)
{
	const struct probe_certificate *first = first_to_end(report);
	const char *before = "; not checked for revocation: ";
	char end[WHEN_TEXT_SIZE];
	unsigned int sent[2] = {0, 0};

	for (size_t i = 0; i < report->certificate_count; i++)
		sent[is_second(report, &report->certificates[i])] +=
		    report->certificates[i].position != 0;
	TRY(buffer_appendf(out, err, "%u %s sent, complete up to root %s",
	    sent[0], sent[0] == 1 ? "certificate" : "certificates",
	    report->root));
	if (report->second_key != NULL)
		TRY(buffer_appendf(out, err, " (%s), and %u up to root %s "
		    "(%s)", report->key, sent[1], report->second_root,
		    report->second_key));
	if (first != NULL) {
		const bool is_named = report->second_key != NULL &&
		    strcmp(first->role, "leaf") == 0;

		when_left_text(first->not_after_s, now_s, end);
		TRY(buffer_appendf(out, err, "; the %s%s%s ends first, on %s",
		    is_named ? first->key : "", is_named ? " " : "",
		    first->role, end));
	}
	for (size_t i = 0; i < report->certificate_count; i++) {
		if (strcmp(report->certificates[i].revocation,
		    "unchecked") != 0)
			continue;
		TRY(append(out, before, err));
		TRY(append(out, report->certificates[i].subject, err));
		before = ", ";
	}
	return ERR_OK;
}

static enum err
append_finding(const struct probe_finding *finding, struct buffer *out,
    struct error *err)
{
	TRY(append(out, finding->text, err));
	if (finding->remedy[0] == '\0')
		return ERR_OK;
	TRY(append(out, ": ", err));
	return append(out, finding->remedy, err);
}

static enum err
append_first_line(const struct probe_report *report, int64_t now_s,
    struct buffer *out, struct error *err)
{
	const enum severity worst = probe_severity(report);
	size_t more = report->left_out;

	TRY(buffer_appendf(out, err, "CRLFERRY %s - ", severity_word(worst)));
	TRY(append(out, report->target, err));
	TRY(append(out, ": ", err));
	if (worst == SEVERITY_OK)
		TRY(append_good(report, now_s, out, err));
	else
		TRY(append_finding(&report->findings[0], out, err));
	for (size_t i = 1; i < report->finding_count; i++)
		more += report->findings[i].severity != SEVERITY_OK;
	if (more > 0)
		TRY(buffer_appendf(out, err, " (and %zu more, below)", more));
	if (first_to_end(report) != NULL)
		TRY(buffer_append_text(out, " |", err));
	TRY(append_perfdata(report, now_s, out, err));
	return buffer_append_text(out, "\n", err);
}

/* "connection: 127.0.0.1, TLSv1.3, ..., handshake signed by ..., name ..." */
static enum err
append_connection(const struct probe_report *report, struct buffer *out,
    struct error *err)
{
	if (report->protocol[0] == '\0')
		return ERR_OK;
	TRY(buffer_appendf(out, err, "connection: %s, %s, %s%s%s, "
	    "handshake %s%s, name %s\n", report->address, report->protocol,
	    report->cipher, report->starttls == NULL ? "" : ", STARTTLS of ",
	    report->starttls == NULL ? "" : report->starttls,
	    report->signature[0] == '\0' ? "without a signature" :
	    "signed by ", report->signature, report->servername));
	if (report->second[0] == '\0')
		return ERR_OK;
	return buffer_appendf(out, err, "for the other kind of key, %s\n",
	    report->second);
}

static enum err
append_certificate(const struct probe_certificate *certificate,
    bool is_named, int64_t now_s, struct buffer *out, struct error *err)
{
	const char *before = is_named ? certificate->key : "";
	const char *space = is_named ? " " : "";
	char begin[UTC_TEXT_SIZE], end[WHEN_TEXT_SIZE];
	char digest[SHA256_HEX_SIZE];

	utc_format_date(certificate->not_before_s, begin);
	when_left_text(certificate->not_after_s, now_s, end);
	sha256_hex(certificate->sha256, digest);
	if (certificate->position == 0)
		TRY(buffer_appendf(out, err, "not sent, %s%s%s: ", before,
		    space, certificate->role));
	else
		TRY(buffer_appendf(out, err, "sent as no. %u, %s%s%s: ",
		    certificate->position, before, space, certificate->role));
	TRY(append(out, certificate->subject, err));
	TRY(append(out, "; issuer ", err));
	TRY(append(out, certificate->issuer, err));
	TRY(buffer_appendf(out, err, "; serial %s; from %s, %s %s; %s",
	    certificate->serial, begin, certificate->not_after_s < now_s ?
	    "ended" : "ends", end, certificate->algorithm));
	if (certificate->revocation_detail[0] != '\0') {
		TRY(append(out, "; ", err));
		TRY(append(out, certificate->revocation_detail, err));
	}
	return buffer_appendf(out, err, "; SHA-256 %s\n", digest);
}

enum err
probe_text(const struct probe_report *report, int64_t now_s,
    struct buffer *out, struct error *err)
{
	TRY(append_first_line(report, now_s, out, err));
	for (size_t i = 0; i < report->finding_count; i++) {
		const struct probe_finding *finding = &report->findings[i];

		if (i == 0 && finding->severity != SEVERITY_OK)
			continue;
		TRY(buffer_appendf(out, err, "%s - ", finding->severity ==
		    SEVERITY_OK ? "note" : severity_word(finding->severity)));
		TRY(append_finding(finding, out, err));
		TRY(buffer_append_text(out, "\n", err));
	}
	TRY(append_connection(report, out, err));
	for (size_t i = 0; i < report->certificate_count; i++)
		TRY(append_certificate(&report->certificates[i],
		    report->second_key != NULL, now_s, out, err));
	return ERR_OK;
}
