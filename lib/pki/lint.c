/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/utc.h"
#include "pki/lint_report.h"

#define UTCTIME_BEGIN_S INT64_C(-631152000)	/* 1950-01-01T00:00:00Z */
#define UTCTIME_END_S INT64_C(2524608000)	/* 2050-01-01T00:00:00Z */

static const struct {
	const char *id;
	enum lint_severity severity;
	const char *source;
} rows[] = {
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

/* RSA-PSS as BR 7.1.3.2.1 has it: one digest, its size as salt. */
static const struct {
	const char *digest;
	int salt_size;
} br_pss[] = {
	{"SHA256", 32}, {"SHA384", 48}, {"SHA512", 64},
};

const char *
lint_id_text(enum lint_id id)
{
	return rows[id].id;
}

enum lint_severity
lint_id_severity(enum lint_id id)
{
	return rows[id].severity;
}

const char *
lint_id_source(enum lint_id id)
{
	return rows[id].source;
}

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
	struct lint_finding finding = {
		.id = rows[id].id, .severity = rows[id].severity,
		.source = rows[id].source,
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

bool
lint_br_has_algorithm(const struct algorithm *algorithm)
{
	if (algorithm->is_weak || algorithm->family == ALGORITHM_ED25519)
		return false;
	if (algorithm->family != ALGORITHM_RSA_PSS)
		return true;
	for (size_t i = 0; i < COUNT_OF(br_pss); i++)
		if (strcmp(algorithm->digest, br_pss[i].digest) == 0)
			return algorithm->salt_size == br_pss[i].salt_size &&
			    strcmp(algorithm->mgf_digest,
			    algorithm->digest) == 0;
	return false;
}
