/* SPDX-License-Identifier: ISC */
/* Findings gathered as one line of ids. */
#pragma once

#include "pki/lint/lint.h"
#include "test.h"

struct findings {
	char ids[1024];		/* "crl-version aki-missing " */
	uint64_t errors;
	uint64_t warnings;
};

static inline void
note_finding(void *context, const struct lint_finding *finding)
{
	struct findings *findings = context;
	size_t used = strlen(findings->ids);

	assert_true(finding->text[0] != '\0');
	assert_true(finding->source[0] != '\0');
	findings->errors += finding->severity == LINT_ERROR;
	findings->warnings += finding->severity == LINT_WARNING;
	assert_in_range(snprintf(findings->ids + used,
	    sizeof(findings->ids) - used, "%s ", finding->id), 1,
	    sizeof(findings->ids) - used - 1);
}

static inline struct lint
lint_into(struct findings *findings, enum lint_profile profile)
{
	*findings = (struct findings){ .ids = "" };
	return (struct lint){ .profile = profile, .found = note_finding,
	    .context = findings };
}

/* want: ids with a space between, in the order in which they come. */
static inline void
assert_found(const char *name, const char *want, const struct lint *lint,
    const struct findings *have)
{
	char line[1024];

	snprintf(line, sizeof(line), "%s%s", want,
	    want[0] != '\0' ? " " : "");
	if (strcmp(line, have->ids) != 0)
		fail_msg("%s: want \"%s\", have \"%s\"", name, line,
		    have->ids);
	assert_int_equal(lint->errors, have->errors);
	assert_int_equal(lint->warnings, have->warnings);
}
