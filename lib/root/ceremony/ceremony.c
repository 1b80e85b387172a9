/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "root/ceremony/agreed.h"
#include "root/ceremony/steps.h"

#define STALE_S (12 * INT64_C(3600))	/* answers from before the consent */

struct ceremony_step {
	const char *name;	/* in the journal */
	const char *title;
	ceremony_hold_step *hold;
	bool is_repeated;	/* when an interrupted ceremony goes on */
	const char *practice;	/* what a rehearsal should try, or NULL */
};

static const struct ceremony_step steps[] = {
    {"checklist", "What must be at hand", ceremony_checklist},
    {"people", "Who is here", ceremony_people,
	.practice = "misspell a name, and correct it by its number"},
    {"date", "The date", ceremony_date, true,
	.practice = "type the date of another day first"},
    {"network", "The network", ceremony_network, true},
    {"notes", "Notes from the subordinates", ceremony_notes},
    {"certificate", "The roots' certificates", ceremony_certificate},
    {"review", "What will be signed", ceremony_review},
    {"consent", "Consent", ceremony_consent,
	.practice = "type yes, in small letters, first"},
    {"issue", "Signing", ceremony_issue,
	.practice = "type a wrong passphrase first; at its prompt press "
	    "Ctrl-Z, then say fg"},
    {"reading", "Reading aloud", ceremony_reading},
    {"export", "The bundle", ceremony_export},
    {"minutes", "The minutes", ceremony_minutes},
    {"done", "The end", ceremony_done},
};

#define STEP_COUNT COUNT_OF(steps)
_Static_assert(STEP_COUNT <= CEREMONY_STEPS_MAX, "all have a number");

/* The first step that was not carried out; STEP_COUNT if all were. */
static size_t
first_open(const struct journal *journal)
{
	size_t i = 0;

	while (i < STEP_COUNT && journal_has_step(journal, steps[i].name))
		i++;
	return i;
}

/* Has anything been agreed to, or signed, that must not be forgotten? */
static enum err
is_binding(struct ceremony *c, bool *result, struct error *err)
{
	struct ceremony_root at = {0};

	/* One that counts no more was given all the same, till they refuse. */
	*result = journal_had_step(&c->journal, "consent") && !c->is_refused;
	while (!*result && ceremony_next_root(c, &at)) {
		TRY(ceremony_is_issued(c, at.root, result, err));
		*result = *result || at.kept->reissued[0] != '\0';
	}
	return ERR_OK;
}

/* Why the answers of an interrupted ceremony do not count; NULL: they do. */
static const char *
why_stale(const struct journal *old, const struct journal *new)
{
	int64_t age_s = new->started_s - old->saved_s;

	if (!journal_is_alike(old, new))
		return "it was for another medium, other roots or other "
		    "options";
	return age_s > STALE_S || age_s < -STALE_S ?
	    "it is more than 12 hours old" : NULL;
}

/* What 0.1.0 did not ask for is not asked once all have agreed. */
static enum err
add_new_steps(struct ceremony *c, struct error *err)
{
	const struct journal_step step = {.name = "certificate",
	    .step = {.at_s = c->journal.saved_s,
		.title = "The roots' certificates",
		.text = "Not looked at: this ceremony began with an older "
		    "version of the program."}};

	if (!journal_has_step(&c->journal, "consent") ||
	    journal_has_step(&c->journal, "certificate"))
		return ERR_OK;
	return journal_add_step(&c->journal, &step, err);
}

/* Go on with the journal that was found, or put it aside. */
static enum err
take_up(struct ceremony *c, struct journal *found, struct error *err)
{
	struct journal fresh = c->journal;
	char at[UTC_TEXT_SIZE];
	const char *stale;
	bool is_bound;
	size_t open;

	utc_format(found->saved_s, at);
	c->journal = *found;
	*found = fresh;
	TRY(is_binding(c, &is_bound, err));
	stale = is_bound ? NULL : why_stale(&c->journal, found);
	if (stale != NULL) {
		fresh = c->journal;
		c->journal = *found;
		*found = fresh;
		return ceremony_say(c, err, "A ceremony was interrupted at "
		    "%s, before anything was signed. It is put aside: %s.\n",
		    at, stale);
	}
	TRY(add_new_steps(c, err));
	open = first_open(&c->journal);
	if (open == STEP_COUNT)
		open--;
	c->is_resumed = true;
	TRY(agreed_check_signed(c, err));
	/* The stick may be mounted elsewhere today. */
	memcpy(c->journal.medium, found->medium, sizeof(found->medium));
	TRY(ceremony_say(c, err, "A ceremony was interrupted. It goes on at "
	    "step %zu, with the answers and options of then; the date and the "
	    "network are looked at first.\n", open + 1));
	return ceremony_record(c, JOURNAL_DEVIATION, err, "Interrupted after "
	    "%s, at step %zu (%s), and taken up again.", at, open + 1,
	    steps[open].title);
}

static enum err
find_journal(struct ceremony *c, struct error *err)
{
	RELEASE_JOURNAL struct journal found = {.path = ""};
	char path[STATE_PATH_SIZE];
	bool exists;

	TRY(state_path(c->config, NULL, "ceremony.json", path, err));
	TRY(journal_init(&c->journal, c->config, c->options->medium,
	    &c->options->issue, c->io->now(c->io->context),
	    c->options->is_dry_run ? "" : path, err));
	TRY(journal_load(path, &found, &exists, err));
	if (!exists)
		return ERR_OK;
	if (c->options->is_dry_run)
		return ceremony_say(c, err, "A ceremony was interrupted and "
		    "waits to go on. This dry run leaves it alone.\n");
	return take_up(c, &found, err);
}

static enum err
begin(struct ceremony *c, struct error *err)
{
	TRY(history_read(c->config, &c->history, err));
	c->views = calloc(c->config->root_count + 1, sizeof(*c->views));
	if (c->views == NULL)
		return err_no_memory(err);
	TRY(find_journal(c, err));
	if (c->journal.root_count == 0)
		return err_remedy(err, err_fail(err, ERR_CONFIG, "%s: no root "
		    "has a group \"signing\"", c->config->path), "another "
		    "program signs here: crlferry-root adopt%s ROOT FILE, "
		    "then export", config_option(c->config));
	return journal_options(&c->journal, &c->issue, &c->discarded,
	    &c->acknowledged, err);
}

/* What was asked for again, in its step. */
static enum err
keep_repetitions(struct ceremony *c, const char *name, struct error *err)
{
	struct journal_step *repeated = (void *)c->repetitions.data;

	for (size_t i = 0; i < c->repetitions.size / sizeof(*repeated); i++) {
		snprintf(repeated[i].name, sizeof(repeated[i].name), "%s",
		    name);
		TRY(journal_add_step(&c->journal, &repeated[i], err));
	}
	c->repetitions.size = 0;
	return ERR_OK;
}

/*
 * Keep what was done, and below it what was asked for again.  What is done
 * once more is a repetition itself.
 */
static enum err
keep_step(struct ceremony *c, const struct ceremony_step *step,
    struct error *err)
{
	const int64_t now_s = c->io->now(c->io->context);
	struct journal_step done = {.step = {.at_s = now_s,
	    .is_repetition = journal_has_step(&c->journal, step->name)}};

	snprintf(done.name, sizeof(done.name), "%s", step->name);
	snprintf(done.step.title, sizeof(done.step.title), "%s", step->title);
	snprintf(done.step.text, sizeof(done.step.text), "%s", c->outcome);
	TRY(journal_add_step(&c->journal, &done, err));
	TRY(keep_repetitions(c, step->name, err));
	return journal_save(&c->journal, now_s, err);
}

static enum err
hold_step(struct ceremony *c, size_t at, struct error *err)
{
	const struct ceremony_step *step = &steps[at];
	enum err code;

	c->lines = 0;
	c->outcome[0] = '\0';
	c->repetitions.size = 0;
	TRY(ceremony_say(c, err, "%s\nStep %zu of %zu: %s\n\n",
	    c->options->real == NULL ? "" :
	    "\n*** REHEARSAL - nothing here is real ***", at + 1, STEP_COUNT,
	    step->title));
	if (c->options->real != NULL && step->practice != NULL)
		TRY(ceremony_say(c, err, "Practise: %s.\n", step->practice));
	code = step->hold(c, err);
	if (code == ERR_DECLINED)
		return err_about(err, code, step->title);
	TRY(code);
	return keep_step(c, step, err);
}

/* Tell those who are left in the room what stands, if it ends early. */
static enum err
say_what_stands(struct ceremony *c, bool is_bound, struct error *err)
{
	struct ceremony_root at = {0};
	bool is_any = false;

	while (is_bound && ceremony_next_root(c, &at)) {
		struct ceremony_crl crl;
		bool is_issued = false;

		if (at.kept->reissued[0] != '\0') {
			TRY(ceremony_say(c, err, "\nA new certificate of %s, "
			    "serial %s, is made.\n", at.root->name,
			    at.kept->reissued));
			is_any = true;
		}
		TRY(ceremony_is_issued(c, at.root, &is_issued, err));
		if (!is_issued)
			continue;
		TRY(ceremony_read_crl(c, at.root, &crl, err));
		TRY(ceremony_say(c, err, "\nCRL #%s of %s is issued.\n",
		    crl.digits, at.root->name));
		is_any = true;
	}
	if (!is_any)
		TRY(ceremony_say(c, err, "\nNothing was signed.\n"));
	if (!is_bound)
		return ERR_OK;
	return ceremony_say(c, err, c->options->real != NULL ?
	    "The rehearsal ends here.\n" : "The same command goes on at step "
	    "%zu.\n", first_open(&c->journal) + 1);
}

/* A wrong passphrase or date after the consent belongs in the minutes. */
static enum err
keep_failure(struct ceremony *c, const struct ceremony_step *step,
    const struct error *why, struct error *err)
{
	char text[JOURNAL_LINE_SIZE];

	snprintf(text, sizeof(text), "%s failed: %s: %.400s", step->title,
	    error_token(why->code), why->what);
	TRY(journal_add_text(&c->journal.records[JOURNAL_DEVIATION], text,
	    err));
	TRY(keep_repetitions(c, step->name, err));
	return journal_save(&c->journal, c->io->now(c->io->context), err);
}

/*
 * Forget what is not binding; say what stands.  Later failures are not shown:
 * the first one ends it.
 */
static void
end_early(struct ceremony *c, const struct ceremony_step *step,
    const struct error *why)
{
	struct error later;
	bool is_bound;
	enum err code;

	code = is_binding(c, &is_bound, &later);
	if (code == ERR_OK && !is_bound)
		code = journal_remove(&c->journal, &later);
	/* One that cannot be written must not hide what stands. */
	else if (code == ERR_OK && why != NULL &&
	    why->code != ERR_DECLINED &&
	    keep_failure(c, step, why, &later) != ERR_OK)
		code = ERR_OK;
	if (code != ERR_OK || say_what_stands(c, is_bound, &later) != ERR_OK)
		return;
}

/* "passphrase of root.key" was wrong; that belongs below its step. */
static void
hear_refusal(void *context, const char *what)
{
	ceremony_repeat(context, "A wrong %s was typed; nothing was done with "
	    "it.", what);
}

/* Nobody is asked for the same passphrase twice. */
static void
listen_for_passphrases(struct ceremony *c)
{
	c->listener = (struct passphrase_listener){hear_refusal, c};
	c->passphrases = *c->options->issue.passphrases;
	c->passphrases.ring = passphrase_ring_new();
	c->passphrases.listener = &c->listener;
	c->issue.passphrases = &c->passphrases;
}

static void
release(struct ceremony *c)
{
	ceremony_forget(c, NULL);
	free(c->views);
	history_release(&c->history);
	journal_release(&c->journal);
	buffer_release(&c->repetitions);
	passphrase_ring_free(&c->passphrases.ring);
	free(c->discarded.words);
	free(c->acknowledged.words);
}

enum err
ceremony_hold(const struct config *config,
    const struct ceremony_options *options, const struct ceremony_io *io,
    struct error *err)
{
	__attribute__((cleanup(release))) struct ceremony c = {
	    .config = config, .options = options, .io = io,
	    .issue = options->issue};
	enum err code = ERR_OK;
	size_t i;

	listen_for_passphrases(&c);
	for (i = 0; i < STEP_COUNT; i++)
		c.step_names[i] = steps[i].name;
	TRY(begin(&c, err));
	for (i = 0; code == ERR_OK && i < STEP_COUNT; i++) {
		if (c.is_resumed && !steps[i].is_repeated &&
		    journal_has_step(&c.journal, steps[i].name))
			continue;
		code = hold_step(&c, i, err);
		if (code == ERR_OK && options->is_dry_run &&
		    steps[i].hold == ceremony_review)
			return ceremony_say(&c, err, "\nThis was a dry run: "
			    "it ends here. Nothing was signed, and nothing "
			    "was written.\n");
	}
	if (code == ERR_OK)
		return journal_remove(&c.journal, err);
	end_early(&c, &steps[i - 1], err);
	return code;
}
