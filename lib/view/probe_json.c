/* SPDX-License-Identifier: ISC */
#include "base/utc.h"
#include "view/json_document.h"
#include "view/probe.h"

static json_t *
finding_json(const struct probe_finding *finding)
{
	return json_pack("{s:s, s:s, s:o, s:o}", "severity",
	    severity_word(finding->severity), "id", finding->id, "text",
	    json_shown(finding->text), "remedy",
	    json_shown(finding->remedy[0] == '\0' ? NULL : finding->remedy));
}

static json_t *
certificate_json(const struct probe_certificate *certificate, int64_t now_s)
{
	char digest[SHA256_HEX_SIZE];

	sha256_hex(certificate->sha256, digest);
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, "
	    "s:s, s:o, s:s}", "role", certificate->role, "chain",
	    certificate->key, "position",
	    certificate->position == 0 ? json_null() :
	    json_integer(certificate->position), "subject",
	    json_shown(certificate->subject), "issuer",
	    json_shown(certificate->issuer), "serial",
	    json_shown(certificate->serial), "not_before",
	    json_instant(true, certificate->not_before_s), "not_after",
	    json_instant(true, certificate->not_after_s), "days_left",
	    (json_int_t)probe_days_left(certificate, now_s),
	    "algorithm", json_shown(certificate->algorithm), "revocation",
	    certificate->revocation, "revocation_detail",
	    json_shown(certificate->revocation_detail[0] == '\0' ? NULL :
	    certificate->revocation_detail), "sha256", digest);
}

static json_t *
text_or_null(const char *text)
{
	return json_shown(text[0] == '\0' ? NULL : text);
}

enum err
probe_json(const struct probe_report *report, int64_t now_s,
    struct buffer *out, struct error *err)
{
	json_t *certificates = json_array();
	json_t *findings = json_array();

	for (size_t i = 0; i < report->finding_count; i++)
		json_add(&findings, finding_json(&report->findings[i]));
	for (size_t i = 0; i < report->certificate_count; i++)
		json_add(&certificates,
		    certificate_json(&report->certificates[i], now_s));
	return json_document("crlferry-probe", json_pack("{s:o, s:s, s:o, s:o, "
	    "s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o}", "now",
	    json_instant(true, now_s), "severity",
	    severity_word(probe_severity(report)), "target",
	    json_shown(report->target), "servername",
	    text_or_null(report->servername), "starttls",
	    json_shown(report->starttls), "address",
	    text_or_null(report->address), "protocol",
	    text_or_null(report->protocol), "cipher",
	    text_or_null(report->cipher), "handshake_signature",
	    text_or_null(report->signature), "root",
	    text_or_null(report->root), "second",
	    text_or_null(report->second), "left_out",
	    (json_int_t)report->left_out, "findings", findings,
	    "certificates", certificates), out, err);
}
