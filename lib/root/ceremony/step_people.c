/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "root/ceremony/steps.h"
#include "site/medium.h"

/* Which ceremony is due, and what it follows. */
static enum err
say_root(struct ceremony *c, const struct config_root *root,
    struct error *err)
{
	char due[CEREMONY_DUE_SIZE], next_update[UTC_TEXT_SIZE];
	struct ceremony_crl crl;

	TRY(ceremony_read_crl(c, root, &crl, err));
	if (!crl.exists)
		return ceremony_say(c, err, "  %s: no CRL yet%s\n",
		    root->name, root->signing == NULL ?
		    "; another program signs it" : "");
	ceremony_due_text(c, root, &crl, due);
	utc_format(crl.next_update_s, next_update);
	return ceremony_say(c, err, "  %s: the last CRL is #%s, its "
	    "nextUpdate %s; %s%s\n", root->name,
	    crl.digits, next_update, due, root->signing == NULL ?
	    "; it is exported only" : "");
}

enum err
ceremony_checklist(struct ceremony *c, struct error *err)
{
	char answer[JOURNAL_LINE_SIZE];

	TRY(medium_check_writable(c->options->medium,
	    c->options->is_fixed_disk_allowed, err));
	TRY(ceremony_say(c, err, "Roots of this ceremony:\n"));
	for (size_t i = 0; i < c->config->root_count; i++)
		TRY(say_root(c, &c->config->roots[i], err));
	TRY(ceremony_say(c, err, "\nHave at hand:\n"
	    "  - the medium, %s%s\n"
	    "  - the passphrases or PINs of the roots' keys, and of the "
	    "seal's\n"
	    "  - the witnesses, and a list of what is to be revoked, recorded "
	    "with `revoke`\n"
	    "  - a calendar that is not this machine's\n"
	    "  - pen and paper for the digest; later a printer for the "
	    "minutes\n", c->options->real == NULL ? "mounted on " :
	    "for which a folder stands: ", c->options->medium));
	TRY(ceremony_ask(c, "Enter when all is there: ", answer,
	    sizeof(answer), err));
	ceremony_outcome(c, "The checklist was gone through.");
	return ERR_OK;
}

static bool
is_printable(const char *name)
{
	RELEASE_BUFFER struct buffer printable = {0};

	return printable_append(&printable, name, PRINTABLE_LINE, "", NULL) ==
	    ERR_OK && span_equals(span_of_buffer(&printable),
	    span_of_text(name));
}

/* Is somebody of this name here already? */
static bool
is_here(const struct journal *journal, const char *name)
{
	if (strcmp(journal->operator_name, name) == 0)
		return true;
	for (size_t i = 0; i < journal->witness_count; i++) {
		if (strcmp(journal->witnesses[i], name) == 0)
			return true;
	}
	return false;
}

/* A name, or nothing if that will do. */
static enum err
ask_name(struct ceremony *c, const char *prompt, bool is_needed, char *out,
    size_t capacity, struct error *err)
{
	char answer[JOURNAL_LINE_SIZE];

	while (true) {
		const char *wrong = NULL;

		TRY(ceremony_ask(c, prompt, answer, sizeof(answer), err));
		if (answer[0] == '\0' && !is_needed)
			wrong = NULL;
		else if (answer[0] == '\0')
			wrong = "A name is needed.";
		else if (strlen(answer) >= capacity)
			wrong = "That name is too long.";
		else if (!is_printable(answer))
			wrong = "That name has characters that cannot be "
			    "shown.";
		else if (is_here(&c->journal, answer))
			wrong = "That person is on the list already.";
		if (wrong == NULL) {
			memcpy(out, answer, strlen(answer) + 1);
			return ERR_OK;
		}
		TRY(ceremony_say(c, err, "%s\n", wrong));
	}
}

enum err
ceremony_people(struct ceremony *c, struct error *err)
{
	struct journal *journal = &c->journal;
	char prompt[32];

	TRY(ask_name(c, "Operator: ", true, journal->operator_name,
	    sizeof(journal->operator_name), err));
	TRY(ceremony_say(c, err, "Witnesses, one a line; an empty line ends "
	    "the list.\n"));
	while (journal->witness_count < MINUTES_WITNESSES_MAX) {
		char *next = journal->witnesses[journal->witness_count];

		snprintf(prompt, sizeof(prompt), "Witness %zu: ",
		    journal->witness_count + 1);
		TRY(ask_name(c, prompt, false, next,
		    sizeof(journal->witnesses[0]), err));
		if (next[0] == '\0')
			break;
		journal->witness_count++;
	}
	ceremony_outcome(c, "Operator: %s.", journal->operator_name);
	for (size_t i = 0; i < journal->witness_count; i++)
		ceremony_outcome(c, "Witness: %s.", journal->witnesses[i]);
	return journal->witness_count > 0 ? ERR_OK :
	    ceremony_deviate(c, err, "No witness is present.");
}
