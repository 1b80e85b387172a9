/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <strings.h>

#include "sub/ldap/ldif.h"

#define BINARY ";binary"

void
ldif_line_release(struct ldif_line *line)
{
	buffer_release(&line->value);
}

void
ldif_entry_release(struct ldif_entry *entry)
{
	buffer_release(&entry->value);
}

/* Take the octets up to the end of a line, which has to be there. */
static enum err
take_line(struct span *rest, struct span *line, struct error *err)
{
	if (!span_take_line(rest, line))
		return err_fail(err, ERR_FORMAT, "LDIF: it ends in the middle "
		    "of a line");
	if (line->size > 0 && line->data[line->size - 1] == '\r')
		line->size--;
	return ERR_OK;
}

/* A line, and those behind it that begin with a blank (RFC 2849). */
static enum err
unfold(struct span *rest, struct buffer *out, struct error *err)
{
	struct span line;

	TRY(take_line(rest, &line, err));
	TRY(buffer_append(out, line.data, line.size, err));
	while (line.size > 0 && rest->size > 0 && rest->data[0] == ' ') {
		TRY(take_line(rest, &line, err));
		TRY(buffer_append(out, line.data + 1, line.size - 1, err));
	}
	return ERR_OK;
}

/* RFC 4512 2.5: an attribute description. */
static bool
is_name(struct span name)
{
	if (name.size == 0 || name.size >= LDIF_NAME_SIZE)
		return false;
	for (size_t i = 0; i < name.size; i++) {
		const uint8_t octet = name.data[i];

		if (octet == '\0' || strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		    "abcdefghijklmnopqrstuvwxyz0123456789-.;=", octet) == NULL)
			return false;
	}
	return true;
}

static enum err
parse(struct span line, struct ldif_line *out, struct error *err)
{
	const uint8_t *colon = memchr(line.data, ':', line.size);
	struct span name = line, value;
	bool is_base64;

	if (colon != NULL)
		name.size = (size_t)(colon - line.data);
	if (colon == NULL || !is_name(name))
		return err_fail(err, ERR_FORMAT, "LDIF: a line is no "
		    "attribute with a value: %.*s", (int)(line.size < 60 ?
		    line.size : 60), (const char *)line.data);
	value = (struct span){colon + 1, line.size - name.size - 1};
	if (span_starts_with(value, "<"))
		return err_fail(err, ERR_FORMAT, "LDIF: the value of %.*s is "
		    "a URL, not the octets", (int)name.size,
		    (const char *)name.data);
	is_base64 = span_starts_with(value, ":");
	if (is_base64)
		value = (struct span){value.data + 1, value.size - 1};
	while (value.size > 0 && value.data[0] == ' ')
		value = (struct span){value.data + 1, value.size - 1};
	out->value.size = 0;
	if (is_base64)
		TRY(base64_decode(value, false, &out->value, err));
	else
		TRY(buffer_append(&out->value, value.data, value.size, err));
	memcpy(out->name, name.data, name.size);
	out->name[name.size] = '\0';
	return ERR_OK;
}

enum err
ldif_next(struct span *rest, struct ldif_line *out, bool *is_end,
    struct error *err)
{
	RELEASE_BUFFER struct buffer line = {0};

	for (;;) {
		*is_end = rest->size == 0;
		if (*is_end)
			return ERR_OK;
		line.size = 0;
		TRY(unfold(rest, &line, err));
		if (line.size == 0) {
			out->name[0] = '\0';
			out->value.size = 0;
			return ERR_OK;
		}
		if (line.data[0] != '#')
			return parse(span_of_buffer(&line), out, err);
	}
}

bool
ldif_is(const struct ldif_line *line, const char *attribute)
{
	const size_t size = strlen(attribute);

	return strncasecmp(line->name, attribute, size) == 0 &&
	    (line->name[size] == '\0' ||
	    strcasecmp(line->name + size, BINARY) == 0);
}

enum err
ldif_read_entry(struct span text, const char *attribute,
    struct ldif_entry *out, struct error *err)
{
	RELEASE_LDIF_LINE struct ldif_line line = {0};
	bool is_end, is_within = false;

	for (;;) {
		TRY(ldif_next(&text, &line, &is_end, err));
		if (is_end)
			return ERR_OK;
		if (line.name[0] == '\0') {
			is_within = false;
			continue;
		}
		if (!is_within && out->is_found)
			return err_fail(err, ERR_FORMAT, "LDIF: there are two "
			    "entries");
		if (!is_within && !ldif_is(&line, "dn"))
			return err_fail(err, ERR_FORMAT, "LDIF: an entry "
			    "begins with its dn, not with %s", line.name);
		out->is_found = is_within = true;
		if (!ldif_is(&line, attribute))
			continue;
		if (out->value.size > 0)
			return err_fail(err, ERR_FORMAT, "the entry has "
			    "several values of %s", attribute);
		buffer_release(&out->value);
		out->value = line.value;
		line.value = (struct buffer){0};
	}
}

enum err
ldif_put(struct buffer *out, const char *name, struct span value,
    struct error *err)
{
	TRY(buffer_appendf(out, err, "%s:: ", name));
	TRY(base64_encode(value, out, err));
	return buffer_append_text(out, "\n", err);
}

enum err
ldif_begin(struct buffer *out, const char *entry, const char *type,
    struct error *err)
{
	TRY(ldif_put(out, "dn", span_of_text(entry), err));
	return buffer_appendf(out, err, "changetype: %s\n", type);
}

enum err
ldif_replace(struct buffer *out, const char *entry, const char *attribute,
    struct span value, struct error *err)
{
	TRY(ldif_begin(out, entry, "modify", err));
	TRY(buffer_appendf(out, err, "replace: %s\n", attribute));
	if (value.size > 0)
		TRY(ldif_put(out, attribute, value, err));
	return buffer_append_text(out, "-\n", err);
}

const char *
ldif_parent(const char *entry)
{
	bool is_quoted = false;

	for (; *entry != '\0'; entry++) {
		if (*entry == '\\' && entry[1] != '\0')
			entry++;
		else if (*entry == '"')
			is_quoted = !is_quoted;
		else if (*entry == ',' && !is_quoted)
			return entry + 1 + strspn(entry + 1, " ");
	}
	return NULL;
}
