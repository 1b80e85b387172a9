/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
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
	    "of which only this folder is written to: ",
	    c->options->medium));
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

/* The operator, then the witnesses; NULL beyond them. */
static char *
person(struct journal *journal, size_t i)
{
	if (i == 0)
		return journal->operator_name;
	return i <= journal->witness_count ? journal->witnesses[i - 1] : NULL;
}

/* Is somebody of this name on the list, at another place? */
static bool
is_here(struct journal *journal, const char *name, size_t place)
{
	for (size_t i = 0; person(journal, i) != NULL; i++) {
		if (i != place && strcmp(person(journal, i), name) == 0)
			return true;
	}
	return false;
}

/* What is wrong with a name; NULL: nothing. */
static const char *
what_is_wrong(struct journal *journal, const char *name, size_t place)
{
	if (*name == '\0' && place == 0)
		return "A name is needed.";
	if (strlen(name) >= sizeof(journal->operator_name))
		return "That name is too long: 127 letters at most.";
	if (!is_printable(name))
		return "That name has characters that cannot be shown here: "
		    "type it with plain letters.";
	return *name != '\0' && is_here(journal, name, place) ?
	    "That person is on the list already." : NULL;
}

/* A name, or nothing for a witness. */
static enum err
ask_name(struct ceremony *c, size_t place, char *out, size_t capacity,
    struct error *err)
{
	const char *wrong;
	char prompt[32] = "Operator: ";

	if (place > 0)
		snprintf(prompt, sizeof(prompt), "Witness %zu: ", place);
	for (;;) {
		TRY(ceremony_ask(c, prompt, out, capacity, err));
		wrong = what_is_wrong(&c->journal, out, place);
		if (wrong == NULL)
			return ERR_OK;
		TRY(ceremony_say(c, err, "%s\n", wrong));
	}
}

/* One more witness, or none. */
static enum err
add_witness(struct ceremony *c, bool *is_added, struct error *err)
{
	struct journal *journal = &c->journal;
	char name[JOURNAL_LINE_SIZE];

	TRY(ask_name(c, journal->witness_count + 1, name, sizeof(name), err));
	*is_added = name[0] != '\0';
	if (*is_added)
		memcpy(journal->witnesses[journal->witness_count++], name,
		    strlen(name) + 1);
	return ERR_OK;
}

static enum err
ask_all(struct ceremony *c, struct error *err)
{
	struct journal *journal = &c->journal;
	char name[JOURNAL_LINE_SIZE];
	bool is_added = true;

	journal->operator_name[0] = '\0';
	journal->witness_count = 0;
	TRY(ceremony_say(c, err, "Type the full names of those who are here: "
	    "the minutes have them.\n"));
	TRY(ask_name(c, 0, name, sizeof(name), err));
	memcpy(journal->operator_name, name, strlen(name) + 1);
	TRY(ceremony_say(c, err, "Witnesses, one a line; Enter alone ends the "
	    "list.\n"));
	while (is_added && journal->witness_count < MINUTES_WITNESSES_MAX)
		TRY(add_witness(c, &is_added, err));
	return ERR_OK;
}

/* Nothing in place of a witness takes that one from the list. */
static enum err
correct(struct ceremony *c, size_t place, struct error *err)
{
	struct journal *journal = &c->journal;
	char *old = person(journal, place);
	char name[JOURNAL_LINE_SIZE];

	TRY(ceremony_say(c, err, place == 0 ? "The right name:\n" :
	    "The right name; Enter alone takes it from the list:\n"));
	TRY(ask_name(c, place, name, sizeof(name), err));
	if (strcmp(name, old) == 0)
		return ERR_OK;
	ceremony_repeat(c, name[0] == '\0' ? "The name \"%.128s\" was taken "
	    "from the list." : "The name \"%.128s\" was corrected to "
	    "\"%.128s\".", old, name);
	memcpy(old, name, strlen(name) + 1);
	if (name[0] == '\0') {
		memmove(old, old + sizeof(journal->witnesses[0]),
		    (journal->witness_count - place) *
		    sizeof(journal->witnesses[0]));
		journal->witness_count--;
	}
	return ERR_OK;
}

static enum err
show_people(struct ceremony *c, struct error *err)
{
	bool is_ascii = true;
	size_t i;

	TRY(ceremony_say(c, err, "\n"));
	for (i = 0; person(&c->journal, i) != NULL; i++) {
		const char *name = person(&c->journal, i);

		for (const char *at = name; *at != '\0'; at++)
			is_ascii = is_ascii && (unsigned char)*at < 0x80;
		TRY(ceremony_say(c, err, "  %zu  %s, %s\n", i + 1, name,
		    i == 0 ? "operator" : "witness"));
	}
	if (i <= MINUTES_WITNESSES_MAX)
		TRY(ceremony_say(c, err, "  %zu  (one more witness)\n",
		    i + 1));
	return is_ascii || c->io->shows_utf8 ? ERR_OK : ceremony_say(c, err,
	    "A ? stands for a letter that this terminal cannot show; the "
	    "minutes have it.\n");
}

static enum err
change_people(struct ceremony *c, const char *answer, struct error *err)
{
	const size_t count = c->journal.witness_count + 1;
	unsigned long number;
	bool is_added;
	char *end;

	if (ceremony_is_no(answer)) {
		ceremony_repeat(c, "The names were typed anew.");
		return ask_all(c, err);
	}
	number = strtoul(answer, &end, 10);
	if (*end == '\0' && number >= 1 && number <= count)
		return correct(c, number - 1, err);
	if (*end == '\0' && number == count + 1 &&
	    count <= MINUTES_WITNESSES_MAX)
		return add_witness(c, &is_added, err);
	return ceremony_say(c, err, "Type y, n for all names anew, or a "
	    "number of the list.\n");
}

enum err
ceremony_people(struct ceremony *c, struct error *err)
{
	struct journal *journal = &c->journal;
	char answer[JOURNAL_LINE_SIZE];

	TRY(ask_all(c, err));
	for (;;) {
		TRY(show_people(c, err));
		TRY(ceremony_ask(c, "These are the people; is that right? "
		    "[Y/n, or the number to correct]: ", answer,
		    sizeof(answer), err));
		if (answer[0] == '\0' || ceremony_is_yes(answer))
			break;
		TRY(change_people(c, answer, err));
	}
	ceremony_outcome(c, "Operator: %s.", journal->operator_name);
	for (size_t i = 0; i < journal->witness_count; i++)
		ceremony_outcome(c, "Witness: %s.", journal->witnesses[i]);
	return journal->witness_count > 0 ? ERR_OK :
	    ceremony_record(c, JOURNAL_DEVIATION, err,
	    "No witness is present.");
}
