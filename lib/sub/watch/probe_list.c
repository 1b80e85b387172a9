/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "sub/watch/probe_judge.h"
#include "sub/watch/probe_x509.h"

/* Of a leaf, which is renewed often. */
#define LEAF_WARNING_S (30 * DAY_S)
#define LEAF_CRITICAL_S (7 * DAY_S)

const char *
probe_role(const struct probe_certificate *certificate)
{
	if (strcmp(certificate->role, "leaf") == 0)
		return "the leaf";
	return strstr(certificate->role, "root") != NULL ? "the root" :
	    "the intermediate";
}

/*
 * From when on a CA's certificate is to be renewed, as its root's schedule has
 * it; of a PKI that nobody configured that is not known.
 */
static void
set_renewal(const struct probe_chain *chain, struct probe_certificate *out)
{
	const struct schedule *schedule;

	if (chain->anchor == NULL)
		return;
	schedule = &chain->anchor->root->schedule;
	out->warning_s = out->not_after_s -
	    utc_subtract(out->not_after_s, &schedule->renew);
	out->critical_s = out->not_after_s -
	    utc_subtract(out->not_after_s, &schedule->renew_critical);
}

static struct probe_certificate *
add(const struct cert *cert, const char *role, unsigned int position,
    struct probe_report *report)
{
	struct probe_certificate *out;

	if (report->certificate_count == PROBE_CERTIFICATES_MAX)
		return NULL;
	out = &report->certificates[report->certificate_count++];
	out->key = report->key;
	out->role = role;
	out->position = position;
	name_text(cert->subject, out->subject);
	name_text(cert->issuer, out->issuer);
	serial_format(cert->serial, out->serial);
	(void)probe_algorithm(cert, out->algorithm);
	out->not_before_s = cert->not_before_s;
	out->not_after_s = cert->not_after_s;
	out->revocation = "none";
	/* For show; without memory it shows zeros. */
	(void)!sha256(span_of_buffer(&cert->der), out->sha256, NULL);
	return out;
}

static void
add_links(const struct probe_chain *chain, struct probe_report *report)
{
	for (size_t i = 0; i < chain->link_count; i++) {
		const struct cert *cert = chain->links[i].cert;
		struct probe_certificate *out = add(cert, i == 0 ? "leaf" :
		    cert->is_self_issued && chain->anchor == NULL ?
		    "other-root" : "intermediate", chain->links[i].position,
		    report);

		if (i > 0) {
			set_renewal(chain, out);
			continue;
		}
		out->warning_s = LEAF_WARNING_S;
		out->critical_s = LEAF_CRITICAL_S;
	}
}

void
probe_list(const struct probe_chain *chain, struct probe_report *report)
{
	struct probe_certificate *root;
	unsigned int root_position = 0;

	report->key = chain->link_count == 0 ? "other" :
	    probe_key(chain->links[0].cert);
	add_links(chain, report);
	for (size_t i = 0; i < chain->sent_count; i++) {
		if (chain->sent[i].part == SENT_ROOT && root_position == 0)
			root_position = (unsigned int)i + 1;
	}
	if (chain->anchor != NULL) {
		snprintf(report->root, sizeof(report->root), "%s",
		    chain->anchor->root->name);
		root = add(chain->anchor->cert, "root", root_position,
		    report);
		set_renewal(chain, root);
	}
	for (size_t i = 0; i < chain->sent_count; i++) {
		const struct probe_sent *sent = &chain->sent[i];

		if (sent->cert != NULL && sent->part != SENT_LINK &&
		    i + 1 != root_position)
			(void)add(sent->cert, "other",
			    (unsigned int)i + 1, report);
	}
}
