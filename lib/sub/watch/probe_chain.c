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

/* Which of those that were sent, and are no link yet, issued it; or NULL. */
static struct probe_sent *
find_sent(struct probe_chain *chain, const struct cert *cert, int64_t now_s)
{
	struct probe_sent *found = NULL;

	for (size_t i = 0; i < chain->sent_count; i++) {
		struct probe_sent *sent = &chain->sent[i];

		if (sent->cert == NULL || sent->part != SENT_STRANGER ||
		    !is_issuer(sent->cert, cert))
			continue;
		if (is_in_force(sent->cert, now_s))
			return sent;
		if (found == NULL)
			found = sent;
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

static bool
is_linked(const struct probe_chain *chain, const struct cert *cert)
{
	for (size_t i = 0; i < chain->link_count; i++) {
		if (cert_is_same_ca(chain->links[i].cert, cert))
			return true;
	}
	return false;
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
	sent = find_sent(chain, cert, now_s);
	if (sent != NULL) {
		add_sent(chain, sent, find_same(cas, count, sent->cert));
		return true;
	}
	ca = find_ca(cas, count, cert, false);
	if (ca == NULL || is_linked(chain, ca->cert))
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

/* Those that are no link: the root's, copies, and what is above the root. */
static void
sort_others(struct probe_chain *chain)
{
	const struct cert *root = chain->anchor == NULL ? NULL :
	    chain->anchor->cert;

	for (size_t i = 0; i < chain->sent_count; i++) {
		struct probe_sent *sent = &chain->sent[i];

		if (sent->cert == NULL || sent->part != SENT_STRANGER)
			continue;
		if (root != NULL && cert_is_same_ca(sent->cert, root))
			sent->part = sent->cert->is_self_issued ? SENT_ROOT :
			    SENT_BEYOND;
		else if (is_linked(chain, sent->cert))
			sent->part = SENT_AGAIN;
	}
	/* A cross certificate may bring those above it along. */
	for (size_t i = 0; i < chain->sent_count; i++) {
		struct probe_sent *above;

		if (chain->sent[i].part != SENT_BEYOND)
			continue;
		while ((above = find_sent(chain, chain->sent[i].cert, 0)) !=
		    NULL) {
			above->part = SENT_BEYOND;
			if (above < &chain->sent[i])
				i = 0;
		}
	}
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
	sort_others(chain);
}
