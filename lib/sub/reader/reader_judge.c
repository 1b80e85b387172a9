/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "ferry/kind.h"
#include "ferry/manifest.h"
#include "ferry/seals.h"
#include "pki/algorithm.h"
#include "sub/reader/reader_judge.h"

/* One bundle while it is judged. */
struct judging {
	const struct reader_request *request;
	const struct reader_input *input;
	struct verdict *verdict;
	struct manifest manifest;
	char comments[SEALS_MAX][MINISIGN_COMMENT_SIZE];
};

/* Count the different trusted keys that sealed bundle.json. */
static enum err
check_seals(struct judging *judging, struct error *err)
{
	const struct reader_request *request = judging->request;
	const struct seals_given given = {"bundle.json",
	    judging->input->parts[BUNDLE_MANIFEST], judging->input->seals,
	    request->bundle->seal_count};
	const struct seals_trust trust = {request->trusted->keys,
	    request->trusted->count, request->seals_required};
	struct verdict *verdict = judging->verdict;
	struct seals seals;

	TRY(seals_count(&given, &trust, &seals, judging->comments, err));
	verdict->seal_count = seals.count;
	memcpy(verdict->seals, seals.key_ids, sizeof(verdict->seals));
	memcpy(verdict->which, seals.which, sizeof(verdict->which));
	return ERR_OK;
}

static enum err
check_manifest(struct judging *judging, struct error *err)
{
	const struct reader_request *request = judging->request;
	struct manifest *manifest = &judging->manifest;
	uint32_t i;

	TRY(manifest_parse(judging->input->parts[BUNDLE_MANIFEST], manifest,
	    err));
	for (i = 0; i < judging->verdict->seal_count; i++)
		TRY(manifest_check_comment(manifest, judging->comments[i],
		    err));
	if (strcmp(manifest->root, request->root->name) != 0)
		return err_fail(err, ERR_ISSUER,
		    "bundle.json is about root %s, not %s", manifest->root,
		    request->root->name);
	return ERR_OK;
}

static void
fill_verdict(struct judging *judging, const struct crl_facts *facts)
{
	const struct manifest *manifest = &judging->manifest;
	struct verdict *verdict = judging->verdict;

	verdict->has_number = facts->has_number;
	verdict->number = facts->number;
	verdict->is_respelt = facts->is_respelt;
	verdict->this_update_s = facts->this_update_s;
	verdict->next_update_s = facts->next_update_s;
	verdict->next_publish_s = facts->next_publish_s;
	verdict->size_bytes = facts->size_bytes;
	verdict->revoked_count = facts->revoked_count;
	memcpy(verdict->sha256, facts->sha256, SHA256_SIZE);
	if (judging->request->bundle->is_bare)
		return;
	verdict->has_manifest = 1;
	verdict->created_s = manifest->created_s;
	verdict->has_next_ceremony = manifest->has_next_ceremony;
	verdict->next_ceremony_s = manifest->next_ceremony_s;
	verdict->is_emergency = manifest->is_emergency;
	verdict->dropped_count = manifest->dropped_count;
	snprintf(verdict->why, sizeof(verdict->why), "%s", manifest->why);
	snprintf(verdict->published_as, sizeof(verdict->published_as), "%s",
	    manifest->published_as);
}

/* Whoever has a seal key must not put off what the calendar here asks for. */
static enum err
check_next_ceremony(const struct judging *judging, struct error *err)
{
	const struct schedule *schedule = &judging->request->root->schedule;
	const struct manifest *manifest = &judging->manifest;
	char have[UTC_TEXT_SIZE], want[UTC_TEXT_SIZE];

	if (judging->request->bundle->is_bare ||
	    !manifest->has_next_ceremony ||
	    schedule_may_be_next(schedule, manifest->this_update_s,
	    manifest->next_update_s, manifest->next_ceremony_s))
		return ERR_OK;
	utc_format_date(schedule_latest_next(schedule,
	    manifest->next_update_s), want);
	utc_format_date(manifest->next_ceremony_s, have);
	return err_remedy(err, err_fail(err, ERR_FORMAT, "manifest: "
	    "next_ceremony: want a date up to %s, when the cushion of "
	    "schedule %s begins, have %s", want, schedule->name, have),
	    "export it again; both sides should have the same schedule");
}

/* Is each subordinate on the list?  The first was asked with the walk. */
static enum err
judge_pairs(struct judging *judging, struct crl *crl,
    const struct crl_survey *first, struct error *err)
{
	const struct reader_request *request = judging->request;
	struct verdict *verdict = judging->verdict;

	for (size_t i = 0; i < request->subordinate_count; i++) {
		const struct cert *cert = request->subordinates[i];
		struct crl_survey survey = *first;
		struct verdict_pair *pair = &verdict->pairs[i];

		pair->reason = -1;
		verdict->pair_count++;
		if (cert == NULL)
			continue;
		if (i > 0)
			TRY(crl_survey(crl, &cert->serial, &survey, err));
		pair->is_revoked = survey.has_wanted;
		if (!survey.has_wanted)
			continue;
		pair->reason = survey.wanted_reason;
		pair->revoked_at_s = survey.wanted_at_s;
	}
	return ERR_OK;
}

/* Against the CRL that was accepted last: was anything taken off? */
static enum err
check_kept(const struct judging *judging, struct crl *crl,
    const struct crl_facts *facts, struct error *err)
{
	const struct reader_request *request = judging->request;
	const struct crl_facts *accepted = request->rules.accepted;
	RELEASE_CRL struct crl before = {0};
	struct window window;

	/* The entries of what is accepted were compared before. */
	if (request->previous.size == 0 || request->is_removal_accepted ||
	    (accepted != NULL && memcmp(accepted->sha256, facts->sha256,
	    SHA256_SIZE) == 0))
		return ERR_OK;
	window_init_memory(&window, request->previous);
	TRY(crl_open(&window, &before, err));
	/* Numbers from before an order do not say what came after what. */
	if (request->rules.waiting != NULL && memcmp(facts->sha256,
	    request->rules.waiting->sha256, SHA256_SIZE) == 0)
		before.has_number = false;
	return admit_kept(&before, crl, request->bundle->is_bare ? NULL :
	    &judging->manifest, err);
}

static enum err
judge_crl(struct judging *judging, struct span der, struct error *err)
{
	const struct reader_request *request = judging->request;
	const struct cert *known[VERDICT_PAIRS_MAX];
	struct admit_rules rules = request->rules;
	const struct cert *first = request->subordinate_count == 0 ? NULL :
	    request->subordinates[0];
	RELEASE_CRL struct crl crl = {0};
	struct crl_survey survey = {0};
	struct crl_facts facts = {0};
	struct algorithm algorithm;
	struct window window;

	rules.subordinates = known;
	for (size_t i = 0; i < request->subordinate_count; i++) {
		if (request->subordinates[i] != NULL)
			known[rules.subordinate_count++] =
			    request->subordinates[i];
	}
	window_init_memory(&window, der);
	TRY(crl_open(&window, &crl, err));
	TRY(admit_crl(&crl, &rules, first == NULL ? NULL : &first->serial,
	    &facts, &survey, err));
	if (!request->bundle->is_bare)
		TRY(admit_manifest(&judging->manifest, &facts, rules.root,
		    err));
	TRY(check_next_ceremony(judging, err));
	TRY(check_kept(judging, &crl, &facts, err));
	/* Last: an older one is to be refused for what is wrong with it. */
	if (!request->bundle->is_bare)
		TRY(bundle_check_number(request->bundle, &judging->manifest,
		    err));
	TRY(crl_algorithm(&crl, &algorithm, err));
	snprintf(judging->verdict->algorithm,
	    sizeof(judging->verdict->algorithm), "%s", algorithm.name);
	fill_verdict(judging, &facts);
	return judge_pairs(judging, &crl, &survey, err);
}

/*
 * The CRL's DER: the file itself, or for PEM what it decodes to, in the memory
 * that is shared with the parent.
 */
static enum err
take_der(const struct judging *judging, struct span *out, struct error *err)
{
	const struct reader_input *input = judging->input;
	const struct span file = input->parts[BUNDLE_CRL];
	RELEASE_BUFFER struct buffer der = {0};

	*out = file;
	if (!judging->request->bundle->is_bare)
		return ERR_OK;
	TRY(kind_take(judging->request->bundle->path, file, KIND_CRL, &der,
	    err));
	if (span_equals(file, span_of_buffer(&der)))
		return ERR_OK;
	if (der.size > input->der_capacity)
		return err_fail(err, ERR_FORMAT, "CRL: want at most %zu "
		    "octets, have %zu", input->der_capacity, der.size);
	memcpy(input->der, der.data, der.size);
	*out = (struct span){input->der, der.size};
	judging->verdict->is_decoded = 1;
	return ERR_OK;
}

/*
 * Was the root's certificate renewed, and is the pinned one the older?  One
 * that is not the pinned CA's, or is damaged, is none; nothing is judged by it.
 */
static void
look_for_newer_root(struct judging *judging)
{
	const struct span der = judging->input->parts[BUNDLE_CERT];
	const struct cert *pinned = judging->request->rules.root;
	struct verdict *verdict = judging->verdict;
	char weak[CERT_WEAK_SIZE], pinned_weak[CERT_WEAK_SIZE];
	FREE_CERT struct cert *cert = NULL;

	if (span_equals(der, span_of_buffer(&pinned->der)) ||
	    cert_parse(der, &cert, NULL) != ERR_OK ||
	    !cert_is_same_ca(cert, pinned) ||
	    cert_check_issued_by(cert, pinned, NULL) != ERR_OK)
		return;
	cert_weak_algorithm(cert, weak);
	cert_weak_algorithm(pinned, pinned_weak);
	verdict->has_newer_root = cert->not_after_s > pinned->not_after_s ||
	    (cert->not_after_s == pinned->not_after_s && weak[0] == '\0' &&
	    pinned_weak[0] != '\0');
	if (verdict->has_newer_root == 1)
		verdict->newer_root_end_s = cert->not_after_s;
}

static enum err
judge_bundle(struct judging *judging, struct error *err)
{
	struct span der;

	if (!judging->request->bundle->is_bare) {
		TRY(check_seals(judging, err));
		TRY(check_manifest(judging, err));
		TRY(bundle_check_members(&judging->manifest,
		    judging->input->parts, err));
	}
	TRY(take_der(judging, &der, err));
	TRY(judge_crl(judging, der, err));
	if (!judging->request->bundle->is_bare)
		look_for_newer_root(judging);
	return ERR_OK;
}

void
reader_judge(const struct reader_request *request,
    const struct reader_input *input, struct verdict *verdict)
{
	struct judging judging = {
	    .request = request, .input = input, .verdict = verdict};
	struct error *error = &verdict->answer.error;

	error->code = judge_bundle(&judging, error);
	manifest_release(&judging.manifest);
}
