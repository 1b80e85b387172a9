/* SPDX-License-Identifier: ISC */
/*
 * The journal of a ceremony.  Every refusal must say why; what is taken must
 * come back from its own text as the same text, and describe the same ceremony.
 */
#include <stdlib.h>
#include <string.h>

#include "root/ceremony/journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_options(const struct journal *journal)
{
	struct config_words discarded = {0}, acknowledged = {0};
	struct issue_options options = {0};
	struct error err = {0};
	size_t i;

	if (journal_options(journal, &options, &discarded, &acknowledged,
	    &err) != ERR_OK || options.why == NULL)
		abort();
	for (i = 0; i < discarded.count; i++) {
		if (discarded.words[i] == NULL)
			abort();
	}
	for (i = 0; i < acknowledged.count; i++) {
		if (acknowledged.words[i] == NULL)
			abort();
	}
	free(discarded.words);
	free(acknowledged.words);
}

/* One after the other is forgotten: then it does not count, and stays. */
static void
check_steps(struct journal *journal)
{
	size_t count, left;
	const struct journal_step *steps = journal_steps(journal, &count);

	for (size_t i = count; i > 0; i--) {
		journal_forget_step(journal, steps[i - 1].name);
		if (journal_has_step(journal, steps[i - 1].name))
			abort();
	}
	(void)journal_steps(journal, &left);
	if (left != count)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	RELEASE_JOURNAL struct journal first = {.path = ""};
	RELEASE_JOURNAL struct journal second = {.path = ""};
	RELEASE_BUFFER struct buffer text = {0}, again = {0};
	struct error err = {0};

	if (journal_parse((struct span){ data, size }, &first, &err) !=
	    ERR_OK) {
		if (err.code == ERR_OK || err.what[0] == '\0')
			abort();
		return 0;
	}
	if (first.witness_count > MINUTES_WITNESSES_MAX)
		abort();
	check_options(&first);
	if (journal_encode(&first, &text, &err) != ERR_OK ||
	    journal_parse(span_of_buffer(&text), &second, &err) != ERR_OK ||
	    journal_encode(&second, &again, &err) != ERR_OK)
		abort();
	if (!span_equals(span_of_buffer(&text), span_of_buffer(&again)) ||
	    first.root_count != second.root_count)
		abort();
	check_steps(&second);
	return 0;
}
