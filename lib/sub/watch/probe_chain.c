/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "sub/watch/probe_chain.h"

void
probe_chain_release(struct probe_chain *chain)
{
	for (size_t i = 0; i < chain->sent_count; i++)
		cert_free(chain->sent[i].cert);
}

static bool
is_issuer(const struct cert *issuer, const struct cert *subject)
{
	return cert_check_issued_by(subject, issuer, NULL) == ERR_OK;
}

static bool
is_in_force(const struct cert *cert, int64_t now_s)
{
	return cert->not_before_s <= now_s && now_s <= cert->not_after_s;
}

/* The configured CA with this name and key, or NULL. */
static const struct probe_ca *
find_same(const struct probe_ca *cas, size_t count, const struct cert *cert)
{
	for (size_t i = 0; i < count; i++) {
		if (cert_is_same_ca(cas[i].cert, cert))
			return &cas[i];
	}
	return NULL;
}

/* The configured root, or else subordinate, that issued it; or NULL. */
static const struct probe_ca *
find_ca(const struct probe_ca *cas, size_t count, const struct cert *cert,
    bool is_root)
{
	for (size_t i = 0; i < count; i++) {
		if (cas[i].is_root == is_root &&
		    is_issuer(cas[i].cert, cert))
			return &cas[i];
	}
	return NULL;
}

/*
 * Which of those that were sent, and have no part yet, issued it; or NULL.  In
 * force goes before expired, and below a configured CA before below another.
 */
static struct probe_sent *
find_sent(struct probe_chain *chain, const struct cert *cert,
    const struct probe_ca *cas, size_t count, int64_t now_s)
{
	struct probe_sent *found = NULL;
	int best = -1;

	for (size_t i = 0; i < chain->sent_count; i++) {
		struct probe_sent *sent = &chain->sent[i];
		int rank;

		if (sent->cert == NULL || sent->part != SENT_STRANGER ||
		    !is_issuer(sent->cert, cert))
			continue;
		rank = 2 * is_in_force(sent->cert, now_s) +
		    (find_ca(cas, count, sent->cert, true) != NULL ||
		    find_ca(cas, count, sent->cert, false) != NULL);
		if (rank > best) {
			best = rank;
			found = sent;
		}
	}
	return found;
}

static void
add_sent(struct probe_chain *chain, struct probe_sent *sent,
    const struct probe_ca *ca)
{
	sent->part = SENT_LINK;
	chain->links[chain->link_count++] = (struct probe_link){
	    .cert = sent->cert,
	    .position = (unsigned int)(sent - chain->sent) + 1, .ca = ca};
}

/* The link of the same name and key, or NULL. */
static const struct probe_link *
find_link(const struct probe_chain *chain, const struct cert *cert)
{
	for (size_t i = 0; i < chain->link_count; i++) {
		if (cert_is_same_ca(chain->links[i].cert, cert))
			return &chain->links[i];
	}
	return NULL;
}

/* One step up; false at the end of the way. */
static bool
climb(struct probe_chain *chain, const struct probe_ca *cas, size_t count,
    int64_t now_s)
{
	const struct cert *cert = chain->links[chain->link_count - 1].cert;
	const struct probe_ca *ca = find_ca(cas, count, cert, true);
	struct probe_sent *sent;

	if (ca != NULL)
		chain->anchor = ca;
	if (ca != NULL || chain->link_count == PROBE_LINKS_MAX)
		return false;
	sent = find_sent(chain, cert, cas, count, now_s);
	if (sent != NULL) {
		add_sent(chain, sent, find_same(cas, count, sent->cert));
		return true;
	}
	ca = find_ca(cas, count, cert, false);
	if (ca == NULL || find_link(chain, ca->cert) != NULL)
		return false;
	chain->links[chain->link_count++] = (struct probe_link){
	    .cert = ca->cert, .ca = ca};
	return true;
}

/* A configured CA of the name that the last link has for its issuer. */
static const struct probe_ca *
find_namesake(const struct probe_chain *chain, const struct probe_ca *cas,
    size_t count)
{
	const struct cert *last = chain->links[chain->link_count - 1].cert;

	for (size_t i = 0; i < count; i++) {
		if (name_equals(last->issuer, cas[i].cert->subject) &&
		    !last->is_self_issued)
			return &cas[i];
	}
	return NULL;
}

/*
 * What another certificate of a link's CA is.  If it is sent before the link,
 * and the one above that has not issued it, a client that follows it goes
 * astray.
 */
static enum probe_part
compare(const struct probe_chain *chain, const struct probe_sent *sent,
    const struct probe_link *link, int64_t now_s)
{
	const size_t next = (size_t)(link - chain->links) + 1;
	const struct cert *above = next < chain->link_count ?
	    chain->links[next].cert : chain->anchor == NULL ? NULL :
	    chain->anchor->cert;

	if (span_equals(span_of_buffer(&sent->cert->der),
	    span_of_buffer(&link->cert->der)))
		return SENT_AGAIN;
	return next > 1 && chain->anchor != NULL &&
	    (size_t)(sent - chain->sent) + 1 < link->position &&
	    is_in_force(sent->cert, now_s) && !is_issuer(above, sent->cert) ?
	    SENT_ASTRAY : SENT_OTHER;
}

/* A cross certificate may bring those above it along. */
static void
sort_above(struct probe_chain *chain)
{
	for (size_t i = 0; i < chain->sent_count; i++) {
		struct probe_sent *sent = &chain->sent[i];
		struct probe_sent *above;

		if (sent->part != SENT_BEYOND && sent->part != SENT_OTHER &&
		    sent->part != SENT_ASTRAY)
			continue;
		while ((above = find_sent(chain, sent->cert, NULL, 0, 0)) !=
		    NULL) {
			above->part = sent->part == SENT_BEYOND ?
			    SENT_BEYOND : SENT_OTHER;
			if (above < sent)
				i = 0;
		}
	}
}

/* Those that are no link: the root's, copies, and what leads elsewhere. */
static void
sort_others(struct probe_chain *chain, int64_t now_s)
{
	const struct cert *root = chain->anchor == NULL ? NULL :
	    chain->anchor->cert;

	for (size_t i = 0; i < chain->sent_count; i++) {
		struct probe_sent *sent = &chain->sent[i];
		const struct probe_link *link;

		if (sent->cert == NULL || sent->part != SENT_STRANGER)
			continue;
		if (root != NULL && cert_is_same_ca(sent->cert, root))
			sent->part = sent->cert->is_self_issued ? SENT_ROOT :
			    SENT_BEYOND;
		else if ((link = find_link(chain, sent->cert)) != NULL)
			sent->part = compare(chain, sent, link, now_s);
	}
	sort_above(chain);
}

void
probe_chain_build(struct probe_chain *chain, const struct probe_ca *cas,
    size_t ca_count, int64_t now_s)
{
	const struct probe_ca *same;

	if (chain->sent_count == 0 || chain->sent[0].cert == NULL)
		return;
	same = find_same(cas, ca_count, chain->sent[0].cert);
	add_sent(chain, &chain->sent[0], same);
	/* A root that serves by itself needs nobody above it. */
	if (same != NULL && same->is_root)
		chain->anchor = same;
	while (chain->anchor == NULL && climb(chain, cas, ca_count, now_s))
		continue;
	if (chain->anchor == NULL)
		chain->namesake = find_namesake(chain, cas, ca_count);
	sort_others(chain, now_s);
}
