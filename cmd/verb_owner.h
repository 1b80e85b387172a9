/* SPDX-License-Identifier: ISC */
/* The verbs that only one of the two programs has.  Inside cmd only. */
#pragma once

struct verb_owner {
	const char *verb;
	const char *program;
	const char *machine;	/* "the root's machine" */
};

/* verb NULL ends; tests compare it with the tables of both programs. */
extern const struct verb_owner verb_owners[];
