/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/array.h"
#include "pki/lint/lint_report.h"

#define UTCTIME_BEGIN_S INT64_C(-631152000)	/* 1950-01-01T00:00:00Z */
#define UTCTIME_END_S INT64_C(2524608000)	/* 2050-01-01T00:00:00Z */

const struct lint_row lint_rows[LINT_ID_COUNT] = {
#define X(name, id, severity, source) {id, LINT_##severity, source},
	LINTS(X)
#undef X
};

static const struct {
	const char *name;
	enum lint_profile profile;
} profiles[] = {
	{"rfc5280", LINT_RFC5280},
	{"br", LINT_BR},
};

bool
lint_profile_parse(const char *name, enum lint_profile *out)
{
	for (size_t i = 0; i < COUNT_OF(profiles); i++) {
		if (strcmp(profiles[i].name, name) != 0)
			continue;
		*out = profiles[i].profile;
		return true;
	}
	return false;
}

void
lint_report(struct lint *lint, enum lint_id id, const char *fmt, ...)
{
	const struct lint_row *row = &lint_rows[id];
	struct lint_finding finding = {
		.id = row->id, .severity = row->severity, .source = row->source,
	};
	va_list arguments;

	va_start(arguments, fmt);
	vsnprintf(finding.text, sizeof(finding.text), fmt, arguments);
	va_end(arguments);
	lint->errors += finding.severity == LINT_ERROR;
	lint->warnings += finding.severity == LINT_WARNING;
	if (lint->found != NULL)
		lint->found(lint->context, &finding);
}

bool
lint_time_is_wrong(const struct crl_time *time)
{
	return !time->is_utctime && time->at_s >= UTCTIME_BEGIN_S &&
	    time->at_s < UTCTIME_END_S;
}

/* RSA-PSS as BR 7.1.3.2.1 has it: one digest, its size as salt. */
static bool
br_has_algorithm(const struct algorithm *algorithm)
{
	if (algorithm->family != ALGORITHM_RSA_PSS)
		return !algorithm_is_whole(algorithm);
	return strcmp(algorithm->mgf_digest, algorithm->digest) == 0 &&
	    algorithm->salt_size ==
	    EVP_MD_get_size(EVP_get_digestbyname(algorithm->digest));
}

void
lint_algorithm(struct lint *lint, struct span identifier,
    enum lint_id unknown, enum lint_id weak)
{
	struct algorithm algorithm;
	struct error why = {0};

	if (algorithm_parse(identifier, &algorithm, &why) != ERR_OK)
		lint_report(lint, unknown, "%s", why.what);
	else if (algorithm_check(&algorithm, &why) != ERR_OK)
		lint_report(lint, why.code == ERR_WEAK ? weak :
		    FOUND_ALGORITHM_UNAVAILABLE, "%s", why.what);
	else if (lint->profile == LINT_BR && !br_has_algorithm(&algorithm))
		lint_report(lint, FOUND_BR_ALGORITHM, "signatureAlgorithm: "
		    "want RSA or ECDSA with SHA-2, PSS with a salt as long as "
		    "the digest, have %s", algorithm.name);
}
