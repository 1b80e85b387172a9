/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "sub/watch/probe_judge.h"

/* What the stores say of one certificate. */
struct looked {
	bool is_found;		/* a CRL of its issuer */
	bool is_revoked;
	int32_t reason;
	int64_t next_update_s;	/* of the CRL that ends last */
	char where[128];	/* its store, or the one that lists it */
	char why[256];		/* why one has none that counts; or empty */
};

static void
look_into(const struct pair_store *pair, const struct cert *cert,
    const struct cert *issuer, bool is_root, int64_t now_s,
    struct looked *out)
{
	RELEASE_READING struct store_reading reading = {0};
	struct store store = pair->store;
	char where[128];
	struct error why;

	/* The same store, read for that CA and for this certificate. */
	store.root = issuer;
	store.wanted = &cert->serial;
	store.subordinate = NULL;
	store.subordinates = &cert;
	store.subordinate_count = 1;
	store.asks_consumer = false;
	store.now_s = now_s;
	store.type->describe(&store, where, sizeof(where));
	if (store.type->read(&store, &reading, &why) != ERR_OK) {
		snprintf(out->why, sizeof(out->why), "%.250s", why.what);
		return;
	}
	if (!reading.has_crl) {
		/* A file for the root's alone says nothing of another CA's. */
		if (reading.place.detail[0] != '\0' &&
		    (is_root || reading.held.size > 0))
			snprintf(out->why, sizeof(out->why), "%.120s: %.120s",
			    where, reading.place.detail);
		return;
	}
	if (out->is_revoked || (out->is_found && !reading.has_wanted &&
	    reading.facts.next_update_s <= out->next_update_s))
		return;
	out->is_found = true;
	out->is_revoked = reading.has_wanted;
	out->reason = reading.wanted_reason;
	out->next_update_s = reading.facts.next_update_s;
	snprintf(out->where, sizeof(out->where), "%s", where);
}

static void
find_revoked(const struct looked *looked, const char *issuer, bool is_leaf,
    struct probe_certificate *certificate, struct probe_report *report)
{
	const char *reason = looked->reason == REASON_NONE ?
	    "no reason given" : crl_reason_name(looked->reason);

	certificate->revocation = "revoked";
	snprintf(certificate->revocation_detail,
	    sizeof(certificate->revocation_detail), "REVOKED (%s) by the CRL "
	    "in %.180s", reason, looked->where);
	probe_advise(probe_find(report, SEVERITY_CRITICAL, "revoked", "%s "
	    "%.200s is revoked (%s) by the CRL of %.150s in %.120s",
	    probe_role(certificate), certificate->subject, reason, issuer,
	    looked->where), is_leaf ? "have a new certificate issued "
	    "for the service" : "have the service's certificate issued by "
	    "another CA");
}

/* Without a CRL of the root, which the stores are for, this is no answer. */
static void
find_unchecked(const struct looked *looked, const char *issuer, bool is_root,
    const char *option, struct probe_certificate *certificate,
    struct probe_report *report)
{
	struct probe_finding *finding;
	char end[UTC_TEXT_SIZE];

	utc_format(looked->next_update_s, end);
	if (looked->is_found)
		snprintf(certificate->revocation_detail,
		    sizeof(certificate->revocation_detail), "not checked for "
		    "revocation since %s, when the CRL in %.120s expired",
		    end, looked->where);
	else
		snprintf(certificate->revocation_detail,
		    sizeof(certificate->revocation_detail), "not checked for "
		    "revocation: %s%.180s", looked->why[0] != '\0' ? "" :
		    "no CRL of its issuer is in the stores", looked->why);
	certificate->revocation = "unchecked";
	finding = probe_find(report, is_root ? SEVERITY_UNKNOWN :
	    looked->is_found ? SEVERITY_WARNING : SEVERITY_OK, "unchecked",
	    "%s %.150s is %.200s (issuer %.150s)", probe_role(certificate),
	    certificate->subject, certificate->revocation_detail, issuer);
	if (is_root)
		probe_advise(finding, "crlferry-sub check%s says what the "
		    "stores lack", option);
}

static void
judge_link(const struct looked *looked, const struct cert *issuer,
    bool is_root, int64_t now_s, const char *option,
    struct probe_certificate *certificate, struct probe_report *report)
{
	char end[UTC_TEXT_SIZE];

	if (looked->is_revoked) {
		find_revoked(looked, issuer->subject_text,
		    strcmp(certificate->role, "leaf") == 0, certificate,
		    report);
	} else if (!looked->is_found || looked->next_update_s <= now_s) {
		find_unchecked(looked, issuer->subject_text, is_root, option,
		    certificate, report);
	} else {
		utc_format_date(looked->next_update_s, end);
		certificate->revocation = "good";
		snprintf(certificate->revocation_detail,
		    sizeof(certificate->revocation_detail), "not revoked, by "
		    "the CRL in %.180s until %s", looked->where, end);
	}
}

void
probe_judge_revoked(const struct probe_chain *chain,
    const struct config *config, const struct pair_stores *roots,
    int64_t now_s, struct probe_report *report)
{
	for (size_t i = 0; i < chain->link_count; i++) {
		struct probe_certificate *certificate =
		    &report->certificates[i];
		const bool is_last = i + 1 == chain->link_count;
		const struct cert *issuer = !is_last ?
		    chain->links[i + 1].cert : chain->anchor == NULL ? NULL :
		    chain->anchor->cert;
		struct looked looked = {.reason = REASON_NONE};

		/* Its CRL would be judged by a key that nobody vouches for. */
		if (chain->anchor == NULL) {
			certificate->revocation = "unchecked";
			strcpy(certificate->revocation_detail, "not checked "
			    "for revocation: no configured root is above it");
			continue;
		}
		for (size_t r = 0; r < config->root_count; r++) {
			for (size_t k = 0; k < roots[r].count; k++)
				look_into(&roots[r].stores[k],
				    chain->links[i].cert, issuer, is_last,
				    now_s, &looked);
		}
		judge_link(&looked, issuer, is_last, now_s,
		    config_option(config), certificate, report);
	}
}
