/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <strings.h>

#include <openssl/objects.h>

#include "base/utc.h"
#include "root/index_line.h"

#define FIELDS 6
#define SHOWN_MAX 127

enum field {
	FIELD_STATUS,
	FIELD_EXPIRY,
	FIELD_REVOKED,
	FIELD_SERIAL,
	FIELD_FILE,
	FIELD_SUBJECT,
};

enum argument {
	ARGUMENT_NONE,
	ARGUMENT_TIME,
	ARGUMENT_OID,
};

/*
 * The words of OpenSSL's index and the CRLReason each stands for (RFC 5280
 * 5.3.1).  unspecified is said by leaving the reason out.
 */
static const struct {
	const char *word;
	int32_t reason;
	enum argument argument;
} reasons[] = {
    {"unspecified", -1, ARGUMENT_NONE},
    {"keyCompromise", 1, ARGUMENT_NONE},
    {"CACompromise", 2, ARGUMENT_NONE},
    {"affiliationChanged", 3, ARGUMENT_NONE},
    {"superseded", 4, ARGUMENT_NONE},
    {"cessationOfOperation", 5, ARGUMENT_NONE},
    {"certificateHold", 6, ARGUMENT_NONE},
    {"holdInstruction", 6, ARGUMENT_OID},
    {"keyTime", 1, ARGUMENT_TIME},
    {"CAkeyTime", 2, ARGUMENT_TIME},
};

/* As much of a text as a message shows, for "%.*s". */
static int
shown(struct span text)
{
	return text.size < SHOWN_MAX ? (int)text.size : SHOWN_MAX;
}

/* A tab that follows a backslash belongs to the field. */
static bool
split_fields(struct span line, struct span fields[FIELDS])
{
	const uint8_t *at = line.data;
	const uint8_t *end = line.data + line.size;
	const uint8_t *begin = at;
	size_t count = 0;

	for (; at < end; at++) {
		if (*at != '\t' || (at > begin && at[-1] == '\\'))
			continue;
		if (count == FIELDS - 1)
			return false;
		fields[count++] = (struct span){begin, (size_t)(at - begin)};
		begin = at + 1;
	}
	fields[count++] = (struct span){begin, (size_t)(end - begin)};
	return count == FIELDS;
}

static bool
parse_time(struct span text, int64_t *out_s)
{
	return utc_from_utctime(text, out_s) ||
	    utc_from_generalizedtime(text, out_s);
}

/* Hex to the content octets of a positive INTEGER. */
static bool
parse_serial(struct span text, struct index_line *out)
{
	uint8_t octets[INDEX_SERIAL_MAX];
	size_t size, first = 0;

	if (text.size < 2 ||
	    !hex_decode(text, octets + 1, sizeof(octets) - 1, &size))
		return false;
	octets[0] = 0;
	while (first < size && octets[first] == 0 &&
	    (octets[first + 1] & 0x80) == 0)
		first++;
	out->serial_size = size + 1 - first;
	memcpy(out->serial, octets + first, out->serial_size);
	return true;
}

/* The part of *text before a comma, which is taken off with it. */
static struct span
take_word(struct span *text)
{
	const uint8_t *comma = text->size == 0 ? NULL :
	    memchr(text->data, ',', text->size);
	struct span word = *text;

	if (comma == NULL) {
		*text = (struct span){0};
		return word;
	}
	word.size = (size_t)(comma - text->data);
	text->data = comma + 1;
	text->size -= word.size + 1;
	return word;
}

static bool
parse_hold(struct span argument, struct index_line *out)
{
	ASN1_OBJECT *object;
	char text[128];
	size_t size;

	if (argument.size == 0 || argument.size >= sizeof(text))
		return false;
	memcpy(text, argument.data, argument.size);
	text[argument.size] = '\0';
	object = OBJ_txt2obj(text, 0);
	if (object == NULL)
		return false;
	size = OBJ_length(object);
	if (size > 0 && size <= sizeof(out->hold)) {
		memcpy(out->hold, OBJ_get0_data(object), size);
		out->revocation.hold = (struct span){out->hold, size};
	}
	ASN1_OBJECT_free(object);
	return out->revocation.hold.size > 0;
}

static bool
parse_argument(enum argument kind, struct span argument,
    struct index_line *out)
{
	switch (kind) {
	case ARGUMENT_NONE:
		return argument.size == 0;
	case ARGUMENT_TIME:
		out->revocation.has_invalidity = true;
		return utc_from_generalizedtime(argument,
		    &out->revocation.invalidity_s);
	case ARGUMENT_OID:
		return parse_hold(argument, out);
	}
	return false;
}

static enum err
parse_reason(struct span rest, struct index_line *out, struct error *err)
{
	struct span word = take_word(&rest);
	size_t i;

	out->revocation.reason = -1;
	if (word.size == 0)
		return ERR_OK;
	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (strlen(reasons[i].word) != word.size || strncasecmp(
		    reasons[i].word, (const char *)word.data, word.size) != 0)
			continue;
		out->revocation.reason = reasons[i].reason;
		if (!parse_argument(reasons[i].argument, rest, out))
			return err_fail(err, ERR_FORMAT, "reason %s: want %s, "
			    "have \"%.*s\"", reasons[i].word,
			    reasons[i].argument == ARGUMENT_NONE ?
			    "no argument" : reasons[i].argument ==
			    ARGUMENT_TIME ? "YYYYMMDDHHMMSSZ" : "an OID",
			    shown(rest), (const char *)rest.data);
		return ERR_OK;
	}
	return err_fail(err, ERR_FORMAT, "reason: want one that a complete "
	    "CRL can hold, have \"%.*s\"", shown(word),
	    (const char *)word.data);
}

static enum err
parse_revoked(struct span field, struct index_line *out, struct error *err)
{
	struct span date = take_word(&field);

	if (!parse_time(date, &out->revocation.revoked_at_s))
		return err_fail(err, ERR_FORMAT, "revocation date: want "
		    "YYMMDDHHMMSSZ, have \"%.*s\"", shown(date),
		    (const char *)date.data);
	return parse_reason(field, out, err);
}

enum err
index_line_parse(struct span text, struct index_line *out, struct error *err)
{
	struct span fields[FIELDS];

	out->revocation = (struct revocation){.reason = -1};
	if (text.size > 0 && text.data[text.size - 1] == '\r')
		text.size--;
	if (!split_fields(text, fields))
		return err_fail(err, ERR_FORMAT,
		    "want %d fields divided by tabs, have another number",
		    FIELDS);
	if (fields[FIELD_STATUS].size != 1 ||
	    memchr("VRE", fields[FIELD_STATUS].data[0], 3) == NULL)
		return err_fail(err, ERR_FORMAT,
		    "status: want V, R or E, have \"%.*s\"",
		    shown(fields[FIELD_STATUS]),
		    (const char *)fields[FIELD_STATUS].data);
	out->status = (char)fields[FIELD_STATUS].data[0];
	if (!parse_time(fields[FIELD_EXPIRY], &out->not_after_s))
		return err_fail(err, ERR_FORMAT,
		    "expiry: want YYMMDDHHMMSSZ, have \"%.*s\"",
		    shown(fields[FIELD_EXPIRY]),
		    (const char *)fields[FIELD_EXPIRY].data);
	if (!parse_serial(fields[FIELD_SERIAL], out))
		return err_fail(err, ERR_FORMAT, "serial: want an even number "
		    "of hex digits, have \"%.*s\"",
		    shown(fields[FIELD_SERIAL]),
		    (const char *)fields[FIELD_SERIAL].data);
	if (out->status == 'R')
		return parse_revoked(fields[FIELD_REVOKED], out, err);
	if (fields[FIELD_REVOKED].size > 0)
		return err_fail(err, ERR_FORMAT, "status %c: want no "
		    "revocation date, have one", out->status);
	return ERR_OK;
}

/* The raw line at the offset, its LF not included. */
static enum err
take_line(struct index_lines *lines, struct span *out, struct error *err)
{
	uint64_t left = lines->window->size - lines->offset;
	size_t need = left < WINDOW_SIZE ? (size_t)left : WINDOW_SIZE;
	const uint8_t *end;
	struct span view;
	enum err code;

	code = window_view(lines->window, lines->offset, 1, &view, err);
	if (code != ERR_OK)
		return code;
	end = memchr(view.data, '\n', view.size);
	if (end == NULL && view.size < need) {
		code = window_view(lines->window, lines->offset, need, &view,
		    err);
		if (code != ERR_OK)
			return code;
		end = memchr(view.data, '\n', view.size);
	}
	if (end == NULL)
		return err_fail(err, ERR_FORMAT,
		    "want a line with its end, have %s",
		    left > WINDOW_SIZE ? "a very long one" :
		    "one that was cut off");
	*out = (struct span){view.data, (size_t)(end - view.data)};
	lines->offset += out->size + 1;
	return ERR_OK;
}

enum err
index_lines_next(struct index_lines *lines, struct index_line *out,
    bool *has_line, struct error *err)
{
	struct error inner = {0};
	struct span text;
	enum err code;

	do {
		if (lines->offset == lines->window->size) {
			*has_line = false;
			return ERR_OK;
		}
		lines->number++;
		code = take_line(lines, &text, &inner);
	} while (code == ERR_OK && text.size > 0 && text.data[0] == '#');
	if (code == ERR_OK && memchr(text.data, '\0', text.size) != NULL)
		code = err_fail(&inner, ERR_FORMAT,
		    "want text, have a NUL octet");
	if (code == ERR_OK)
		code = index_line_parse(text, out, &inner);
	if (code != ERR_OK)
		return err_fail(err, code, "%s:%lu: %s", lines->path,
		    lines->number, inner.what);
	*has_line = true;
	return ERR_OK;
}
