/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "ferry/minisign_text.h"

/* The first line of base64 in a seal: "ED", key id, signature. */
#define SEAL_RECORD_SIZE (2 + MINISIGN_KEY_ID_SIZE + MINISIGN_SIGNATURE_SIZE)

bool
minisign_next_line(struct span *rest, struct span *line)
{
	const uint8_t *lf;
	size_t size, taken;

	if (rest->size == 0)
		return false;
	lf = memchr(rest->data, '\n', rest->size);
	size = lf != NULL ? (size_t)(lf - rest->data) : rest->size;
	taken = lf != NULL ? size + 1 : size;
	*line = (struct span){ rest->data, size };
	if (lf != NULL && size > 0 && line->data[size - 1] == '\r')
		line->size--;
	rest->data += taken;
	rest->size -= taken;
	return true;
}

enum err
minisign_decode(struct span line, void *out, size_t size,
    enum err failure, const char *what, struct error *err)
{
	WIPE_BUFFER struct buffer raw = {0};
	size_t digits = (size + 2) / 3 * 4;

	if (line.size != digits)
		return err_fail(err, failure,
		    "%s: want %zu characters of base64, have %zu", what,
		    digits, line.size);
	/* Room for all of it at once, so that no copy is left behind. */
	TRY(buffer_reserve(&raw, digits, err));
	if (base64_decode(line, false, &raw, NULL) != ERR_OK)
		return err_fail(err, failure, "%s: not base64", what);
	if (raw.size != size)
		return err_fail(err, failure, "%s: want %zu octets, have %zu",
		    what, size, raw.size);
	memcpy(out, raw.data, size);
	return ERR_OK;
}

void
minisign_key_id_text(const uint8_t key_id[MINISIGN_KEY_ID_SIZE],
    char out[MINISIGN_KEY_ID_HEX_SIZE])
{
	for (size_t i = 0; i < MINISIGN_KEY_ID_SIZE; i++)
		snprintf(out + 2 * i, 3, "%02X",
		    key_id[MINISIGN_KEY_ID_SIZE - 1 - i]);
}

bool
minisign_comment_is_fine(struct span comment)
{
	if (comment.size >= MINISIGN_COMMENT_SIZE)
		return false;
	for (size_t i = 0; i < comment.size; i++)
		if ((comment.data[i] < 0x20 && comment.data[i] != '\t') ||
		    comment.data[i] > 0x7e)
			return false;
	return true;
}

static enum err
parse_signature(struct span line, struct minisign_seal *out,
    struct error *err)
{
	uint8_t record[SEAL_RECORD_SIZE];

	TRY(minisign_decode(line, record, sizeof(record), ERR_SEAL,
	    "seal: signature", err));
	if (memcmp(record, "Ed", 2) == 0)
		return err_fail(err, ERR_SEAL, "seal: a legacy signature "
		    "(Ed), not a prehashed one (ED): sign with minisign -SH");
	if (memcmp(record, "ED", 2) != 0)
		return err_fail(err, ERR_SEAL, "seal: the algorithm is not "
		    "ED, but octets %02x %02x", record[0], record[1]);
	memcpy(out->key_id, record + 2, sizeof(out->key_id));
	memcpy(out->signature, record + 2 + sizeof(out->key_id),
	    sizeof(out->signature));
	return ERR_OK;
}

static enum err
parse_comment(struct span line, struct minisign_seal *out, struct error *err)
{
	size_t prefix = strlen(MINISIGN_TRUSTED);
	struct span comment;

	if (!span_starts_with(line, MINISIGN_TRUSTED))
		return err_fail(err, ERR_SEAL, "seal: line 3 does not begin "
		    "with \"%s\"", MINISIGN_TRUSTED);
	comment = (struct span){line.data + prefix, line.size - prefix};
	if (!minisign_comment_is_fine(comment))
		return err_fail(err, ERR_SEAL, "seal: trusted comment: %zu "
		    "octets that are not fewer than %d of printable ASCII",
		    comment.size, MINISIGN_COMMENT_SIZE);
	memcpy(out->trusted_comment, comment.data, comment.size);
	out->trusted_comment[comment.size] = '\0';
	return ERR_OK;
}

enum err
minisign_seal_parse(struct span file, struct minisign_seal *out,
    struct error *err)
{
	struct minisign_seal seal = {0};
	struct span rest = file, line[4];

	if (file.size > MINISIGN_FILE_MAX)
		return err_fail(err, ERR_SEAL, "seal: want at most %d "
		    "octets, have %zu", MINISIGN_FILE_MAX, file.size);
	for (size_t i = 0; i < 4; i++)
		if (!minisign_next_line(&rest, &line[i]))
			return err_fail(err, ERR_SEAL,
			    "seal: want 4 lines, have %zu", i);
	if (rest.size != 0)
		return err_fail(err, ERR_SEAL, "seal: %zu octet%s line 4",
		    rest.size, rest.size == 1 ? " follows" : "s follow");
	if (!span_starts_with(line[0], MINISIGN_UNTRUSTED))
		return err_fail(err, ERR_SEAL, "seal: line 1 does not begin "
		    "with \"%s\"", MINISIGN_UNTRUSTED);
	TRY(parse_signature(line[1], &seal, err));
	TRY(parse_comment(line[2], &seal, err));
	TRY(minisign_decode(line[3], seal.global, sizeof(seal.global), ERR_SEAL,
	    "seal: signature of the trusted comment", err));
	*out = seal;
	return ERR_OK;
}

enum err
minisign_seal_format(const struct minisign_seal *seal, struct buffer *out,
    struct error *err)
{
	uint8_t record[SEAL_RECORD_SIZE] = "ED";
	char id[MINISIGN_KEY_ID_HEX_SIZE];

	memcpy(record + 2, seal->key_id, sizeof(seal->key_id));
	memcpy(record + 2 + sizeof(seal->key_id), seal->signature,
	    sizeof(seal->signature));
	minisign_key_id_text(seal->key_id, id);
	/* At once, so that a failure leaves what was there. */
	TRY(buffer_reserve(out, 512 + MINISIGN_COMMENT_SIZE, err));
	TRY(buffer_appendf(out, err,
	    MINISIGN_UNTRUSTED "crlferry seal by key %s\n", id));
	TRY(base64_encode((struct span){record, sizeof(record)}, out, err));
	TRY(buffer_appendf(out, err, "\n" MINISIGN_TRUSTED "%s\n",
	    seal->trusted_comment));
	TRY(base64_encode((struct span){seal->global, sizeof(seal->global)},
	    out, err));
	return buffer_append_text(out, "\n", err);
}

enum err
minisign_seal_keep(struct span file, struct buffer *out, struct error *err)
{
	struct span rest = file, line = {NULL, 0};
	bool is_fine = minisign_next_line(&rest, &line);

	for (size_t i = 0; i < line.size; i++)
		is_fine = is_fine && line.data[i] >= 0x20 &&
		    line.data[i] <= 0x7e;
	if (is_fine)
		return buffer_append(out, file.data, file.size, err);
	TRY(buffer_append_text(out, MINISIGN_UNTRUSTED
	    "one that was not ASCII\n", err));
	return buffer_append(out, rest.data, rest.size, err);
}
