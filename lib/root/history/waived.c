/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "root/history/waived.h"

#define LEDGER_PREFIX "ledger-"

bool
waived_has_evidence(const struct history *history, const char *root,
    const struct config_words *discarded, const char *id)
{
	const bool is_all_roots = strncmp(id, LEDGER_PREFIX,
	    strlen(LEDGER_PREFIX)) == 0;
	const struct history_line *line;

	if (config_words_has(discarded, id))
		return true;
	for (line = history->waivers; line != NULL; line = line->alike) {
		if (history_line_is(line, DISCARD_EVENT) &&
		    history_line_says(line, "id", id) &&
		    (is_all_roots || strcmp(line->root, root) == 0))
			return true;
	}
	return false;
}

static bool
is_reset_of(const struct history_line *line, const char *root)
{
	return history_line_is(line, "reset-order") &&
	    strcmp(line->root, root) == 0;
}

/* A CRL that a reset order gave up. */
struct given_up {
	uint8_t sha256[SHA256_SIZE];
	bool has_number;
	struct number number;
};

static bool
parse(const struct history_line *line, struct given_up *out)
{
	const char *digest = history_line_detail(line, "accepted_sha256");
	const char *number = history_line_detail(line, "accepted_number");
	size_t size;

	out->has_number = number != NULL;
	return digest != NULL && hex_decode(span_of_text(digest),
	    out->sha256, SHA256_SIZE, &size) && size == SHA256_SIZE &&
	    (number == NULL || number_from_decimal(number, &out->number));
}

bool
waived_has_crl(const struct history *history, const char *root,
    const uint8_t sha256[SHA256_SIZE])
{
	const struct history_line *line;
	struct given_up crl;

	for (line = history->waivers; line != NULL; line = line->alike) {
		if (is_reset_of(line, root) && parse(line, &crl) &&
		    memcmp(crl.sha256, sha256, SHA256_SIZE) == 0)
			return true;
	}
	return false;
}

bool
waived_has_number(const struct history *history, const char *root,
    const struct number *number)
{
	const struct history_line *line;
	struct given_up crl;

	for (line = history->waivers; line != NULL; line = line->alike) {
		if (is_reset_of(line, root) && parse(line, &crl) &&
		    crl.has_number && number_compare(&crl.number,
		    number) == 0)
			return true;
	}
	return false;
}

enum err
waived_check(const struct history *history, const char *root,
    struct error *err)
{
	const struct history_line *line;
	struct given_up crl;

	for (line = history->waivers; line != NULL; line = line->alike) {
		if (is_reset_of(line, root) && !parse(line, &crl))
			return history_about(history, line, err_fail(err,
			    ERR_FORMAT, "the reset order does not say which "
			    "CRL it gave up"), err);
	}
	return ERR_OK;
}
