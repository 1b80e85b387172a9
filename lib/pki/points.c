/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <strings.h>

#include "pki/der.h"
#include "pki/name.h"
#include "pki/points.h"

/* What is read, and how messages call it. */
struct reading {
	const char *what;
	struct span issuer;
	struct points *points;
};

/* Every GeneralName of one fullName. */
static enum err
take_names(const struct reading *reading, struct span in, struct error *err)
{
	struct points *points = reading->points;
	struct der_value name;

	while (in.size > 0) {
		TRY(der_next(&in, reading->what, &name, err));
		if (points->count == POINTS_MAX)
			return err_fail(err, ERR_FORMAT,
			    "%s: more than %d names", reading->what,
			    POINTS_MAX);
		points->names[points->count++] = name.whole;
	}
	return ERR_OK;
}

/* Is none of these GeneralNames the directoryName of the issuer? */
static enum err
names_another(const struct reading *reading, struct span names, bool *out,
    struct error *err)
{
	struct der_value name;

	*out = true;
	while (names.size > 0) {
		TRY(der_next(&names, reading->what, &name, err));
		if (name.tag == DER_CONTEXT_CONSTRUCTED(4) &&
		    name_equals(name.content, reading->issuer))
			*out = false;
	}
	return ERR_OK;
}

/*
 * DistributionPoint: of its fields the fullName matters here, and whether
 * cRLIssuer makes it one of another's, indirect CRLs (RFC 5280 6.3.3 (b)(1)).
 */
static enum err
take_point(const struct reading *reading, struct span point,
    struct error *err)
{
	struct points *points = reading->points;
	const size_t first = points->count;
	struct der_value field, name;
	bool is_indirect = false;

	while (point.size > 0) {
		TRY(der_next(&point, reading->what, &field, err));
		if (field.tag == DER_CONTEXT_CONSTRUCTED(2))
			TRY(names_another(reading, field.content, &is_indirect,
			    err));
		if (field.tag != DER_CONTEXT_CONSTRUCTED(0))
			continue;
		TRY(der_next(&field.content, reading->what, &name, err));
		TRY(der_end(field.content, reading->what, err));
		if (name.tag == DER_CONTEXT_CONSTRUCTED(0))
			TRY(take_names(reading, name.content, err));
	}
	for (size_t i = first; i < points->count; i++)
		points->is_indirect[i] = is_indirect;
	return ERR_OK;
}

enum err
points_parse(struct span value, const char *what, struct span issuer,
    struct points *out, struct error *err)
{
	struct points found = {.count = 0};
	const struct reading reading = {what, issuer, &found};
	struct der_value points, point;

	TRY(der_expect(&value, DER_SEQUENCE, what, &points, err));
	TRY(der_end(value, what, err));
	while (points.content.size > 0) {
		TRY(der_expect(&points.content, DER_SEQUENCE, what, &point,
		    err));
		TRY(take_point(&reading, point.content, err));
	}
	*out = found;
	return ERR_OK;
}

bool
point_url(struct span name, const char *scheme, struct span *out)
{
	const size_t size = strlen(scheme);
	struct der_value url;

	if (der_expect(&name, DER_CONTEXT(6), "URL", &url, NULL) != ERR_OK ||
	    url.content.size < size || strncasecmp(
	    (const char *)url.content.data, scheme, size) != 0)
		return false;
	for (size_t i = 0; i < url.content.size; i++) {
		if (url.content.data[i] <= ' ' || url.content.data[i] > '~')
			return false;
	}
	*out = url.content;
	return true;
}
