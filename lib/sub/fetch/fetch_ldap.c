/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sub/fetch/fetch_answer.h"

static const char crl_attribute[] = "certificateRevocationList";

/* The attribute that the URL names, without its options (RFC 4516 2). */
static struct span
attribute_of(const char *url)
{
	const char *name = strchr(url, '?');
	struct span out = span_of_text(crl_attribute);

	if (name == NULL || strcspn(name + 1, "?,;") == 0)
		return out;
	return (struct span){(const uint8_t *)name + 1,
	    strcspn(name + 1, "?,;")};
}

/* Take the next line off, without the tab before it. */
static bool
next_line(struct span *rest, struct span *line)
{
	if (rest->size == 0)
		return false;
	(void)span_take_line(rest, line);
	if (span_starts_with(*line, "\t")) {
		line->data++;
		line->size--;
	}
	return true;
}

/* Is it a value of this attribute, whatever its options?  *value: behind it. */
static bool
has_attribute(struct span line, struct span name, struct span *value)
{
	const uint8_t *colon;

	if (line.size <= name.size || strncasecmp((const char *)line.data,
	    (const char *)name.data, name.size) != 0 ||
	    (line.data[name.size] != ';' && line.data[name.size] != ':'))
		return false;
	colon = memchr(line.data, ':', line.size);
	if (colon == NULL)
		return false;
	*value = (struct span){colon, line.size - (size_t)(colon - line.data)};
	return true;
}

/* ":: base64", or ": text". */
static enum err
take_value(struct span value, struct buffer *out, struct error *err)
{
	const bool is_base64 = span_starts_with(value, ":: ");
	const size_t skip = is_base64 ? 3 : value.size < 2 ? value.size : 2;
	const struct span rest = {value.data + skip, value.size - skip};

	if (is_base64 && base64_decode(rest, false, out, NULL) != ERR_OK)
		return err_fail(err, ERR_STORE, "curl prints an attribute in "
		    "base64 that is none");
	return is_base64 ? ERR_OK :
	    buffer_append(out, rest.data, rest.size, err);
}

enum err
answer_take_entry(const struct fetch *fetch, struct span text,
    struct fetched *out, struct error *err)
{
	const struct span name = attribute_of(fetch->url);
	struct span line, value;
	size_t count = 0;

	while (next_line(&text, &line)) {
		if (has_attribute(line, name, &value) && ++count == 1)
			TRY(take_value(value, &out->octets, err));
	}
	if (count == 1 && out->octets.size <= fetch->max_bytes)
		return ERR_OK;
	buffer_release(&out->octets);
	if (count == 0) {
		out->remedy = "put the CRL into that attribute of the entry";
		snprintf(out->fault, sizeof(out->fault), "the entry has no "
		    "%.*s", (int)(name.size < 64 ? name.size : 64),
		    (const char *)name.data);
	} else if (count > 1) {
		out->remedy = "leave one of them, or name one entry: a client "
		    "may take any";
		snprintf(out->fault, sizeof(out->fault), "it delivers %zu "
		    "CRLs, of one entry or of several", count);
	} else {
		out->remedy = "see what is published there, or raise "
		    "max_crl_bytes";
		snprintf(out->fault, sizeof(out->fault), "more than "
		    "max_crl_bytes (%llu octets) is delivered",
		    (unsigned long long)fetch->max_bytes);
	}
	return ERR_OK;
}
