/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "root/history/given_up.h"

struct reading {
	const char *root;
	struct given_up *out;
};

static enum err
take_line(void *context, const struct ledger_line *line, struct error *err)
{
	const struct reading *reading = context;
	const char *digest = ledger_line_detail(line, "accepted_sha256");
	const char *number = ledger_line_detail(line, "accepted_number");
	struct given_up_crl crl = {.has_number = number != NULL};
	size_t size;

	if (strcmp(line->event, "reset-order") != 0 ||
	    strcmp(line->root, reading->root) != 0)
		return ERR_OK;
	if (digest == NULL || !hex_decode(span_of_text(digest), crl.sha256,
	    SHA256_SIZE, &size) || size != SHA256_SIZE ||
	    (number != NULL && !number_from_decimal(number, &crl.number)))
		return err_fail(err, ERR_FORMAT, "want the CRL that a reset "
		    "order gives up, have something else");
	return buffer_append(&reading->out->list, &crl, sizeof(crl), err);
}

enum err
given_up_read(const struct config *config, const char *root,
    struct given_up *out, struct error *err)
{
	struct reading reading = {root, out};
	struct ledger_summary summary;

	return ledger_read(config, take_line, &reading, &summary, err);
}

bool
given_up_has_crl(const struct given_up *given_up,
    const uint8_t sha256[SHA256_SIZE])
{
	const struct given_up_crl *list = (const void *)given_up->list.data;
	size_t i;

	for (i = 0; i < given_up->list.size / sizeof(*list); i++) {
		if (memcmp(list[i].sha256, sha256, SHA256_SIZE) == 0)
			return true;
	}
	return false;
}

bool
given_up_has_number(const struct given_up *given_up,
    const struct number *number)
{
	const struct given_up_crl *list = (const void *)given_up->list.data;
	size_t i;

	for (i = 0; i < given_up->list.size / sizeof(*list); i++) {
		if (list[i].has_number &&
		    number_compare(&list[i].number, number) == 0)
			return true;
	}
	return false;
}

void
given_up_release(struct given_up *given_up)
{
	buffer_release(&given_up->list);
}
