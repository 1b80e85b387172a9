/* SPDX-License-Identifier: ISC */
/* Which of AD CS's extensions a new CRL has. */
#include "pki/microsoft.h"
#include "pki/points.h"
#include "root/issue/issue_rules.h"

#define LOCATIONS_BYTES_MAX 8192	/* far above what anybody has */

/* Is there room for this name, and is it not one of them? */
static bool
is_wanted(struct span names, struct span name)
{
	struct der_value other;
	size_t count = 0;

	if (names.size + name.size > LOCATIONS_BYTES_MAX)
		return false;
	while (names.size > 0) {
		if (der_next(&names, "location", &other, NULL) != ERR_OK ||
		    span_equals(other.whole, name))
			return false;
		count++;
	}
	return count < POINTS_MAX;
}

enum err
issuing_add_locations(struct issuing *issuing,
    const struct config_subordinate *subordinate, const struct cert *cert,
    struct error *err)
{
	struct buffer *locations = &issuing->locations;
	struct span url;

	if (!issuing->root->is_microsoft || subordinate->is_retired)
		return ERR_OK;
	for (size_t i = 0; i < cert->cdp_count; i++) {
		const struct span name = cert->cdp[i];

		if (cert->is_cdp_indirect[i] ||
		    !point_url(name, "ldap:///", &url) ||
		    !is_wanted(span_of_buffer(locations), name))
			continue;
		TRY(buffer_append(locations, name.data, name.size, err));
	}
	return ERR_OK;
}

/* When the CA means to publish again; 0 if that is no date of this CRL's. */
static int64_t
next_publish(const struct issuing *issuing)
{
	const int64_t next_s = issuing_next_ceremony(issuing);

	return next_s > issuing->this_update_s &&
	    next_s <= issuing->next_update_s ? next_s : 0;
}

struct crlwrite_microsoft
issuing_microsoft(const struct issuing *issuing)
{
	if (!issuing->root->is_microsoft)
		return (struct crlwrite_microsoft){.has_ca_version = false};
	return (struct crlwrite_microsoft){
	    .has_ca_version = issuing->cert->has_ca_version,
	    .ca_version = issuing->cert->ca_version,
	    .next_publish_s = next_publish(issuing),
	    .locations = span_of_buffer(&issuing->locations)};
}

static void
note_next_publish(const struct issuing *issuing)
{
	const int64_t next_s = issuing_next_ceremony(issuing);
	char next[UTC_TEXT_SIZE];

	if (next_s == 0) {
		notice(issuing->notices, "%s: Next CRL Publish is left out: "
		    "the root ends before another ceremony",
		    issuing->root->name);
		return;
	}
	utc_format_date(next_s, next);
	notice(issuing->notices, "%s: Next CRL Publish is left out: the next "
	    "ceremony, %s, lies %s this CRL", issuing->root->name, next,
	    next_s <= issuing->this_update_s ? "before" : "after the end of");
}

void
issuing_note_microsoft(const struct issuing *issuing)
{
	if (!issuing->root->is_microsoft)
		return;
	if (next_publish(issuing) == 0)
		note_next_publish(issuing);
	if (issuing->locations.size == 0)
		notice(issuing->notices, "%s: Published CRL Locations is left "
		    "out: no configured subordinate's certificate names an "
		    "ldap:/// URL for the CRL; to put it into Active Directory "
		    "by hand: certutil -dspublish -f %s.crl CAHOST",
		    issuing->root->name, issuing->root->name);
}

void
issuing_note_size(const struct issuing *issuing, const struct crlwrite *crl)
{
	const uint64_t size = crl->head.size + crl->entries_size +
	    crl->tail.size;

	if (issuing->root->is_microsoft && size > MICROSOFT_CRL_BYTES_MAX)
		notice(issuing->notices, "%s: the CRL has more than %llu "
		    "octets (10 MiB): Active Directory cannot hold it, and "
		    "Microsoft's root programme wants no larger one; publish "
		    "it over HTTP", issuing->root->name,
		    (unsigned long long)MICROSOFT_CRL_BYTES_MAX);
}
