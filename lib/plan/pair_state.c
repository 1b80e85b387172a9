/* SPDX-License-Identifier: ISC */
/* The words and severities of states. */
#include "plan/standing.h"

static const struct {
	const char *word;
	enum severity severity;
} states[PAIR_STATE_COUNT] = {
#define X(name, word, severity) [PAIR_##name] = {word, SEVERITY_##severity},
    PAIR_STATES(X)
#undef X
};

/* How bad a severity is: UNKNOWN between WARNING and CRITICAL. */
static const struct {
	const char *word;
	int rank;
} severities[] = {
    [SEVERITY_OK] = {"OK", 0},
    [SEVERITY_WARNING] = {"WARNING", 1},
    [SEVERITY_CRITICAL] = {"CRITICAL", 3},
    [SEVERITY_UNKNOWN] = {"UNKNOWN", 2},
};

const char *
pair_state_word(enum pair_state state)
{
	return states[state].word;
}

enum severity
pair_state_severity(enum pair_state state)
{
	return states[state].severity;
}

bool
pair_state_is_dated(enum pair_state state)
{
	return state == PAIR_FRESH || state == PAIR_UPCOMING ||
	    state == PAIR_OVERDUE || state == PAIR_EXPIRING ||
	    state == PAIR_CRITICAL || state == PAIR_EXPIRED;
}

const char *
severity_word(enum severity severity)
{
	return severities[severity].word;
}

int
severity_compare(enum severity a, enum severity b)
{
	return severities[b].rank - severities[a].rank;
}

enum severity
severity_worse(enum severity a, enum severity b)
{
	return severity_compare(a, b) <= 0 ? a : b;
}
