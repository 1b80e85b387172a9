/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <sys/mman.h>

#include "base/file.h"
#include "sub/reader/reader_judge.h"
#include "sub/reader/sandbox.h"

static void
input_release(struct reader_input *input)
{
	for (size_t i = 0; i < BUNDLE_PART_COUNT; i++)
		bundle_member_unmap(&input->parts[i]);
	for (size_t i = 0; i < BUNDLE_SEALS_MAX; i++)
		bundle_member_unmap(&input->seals[i]);
	bundle_member_unmap(&(struct span){input->der, input->der_capacity});
}

static enum err
map_input(const struct bundle *bundle, struct reader_input *out,
    struct error *err)
{
	for (size_t i = 0; i < BUNDLE_PART_COUNT; i++)
		TRY(bundle_member_map(&bundle->parts[i], &out->parts[i], err));
	for (size_t i = 0; i < bundle->seal_count; i++)
		TRY(bundle_member_map(&bundle->seals[i], &out->seals[i], err));
	if (!bundle->is_bare)
		return ERR_OK;
	/* Only a bare CRL may be PEM: the reader hands its DER back here. */
	out->der_capacity = out->parts[BUNDLE_CRL].size + 1;
	out->der = mmap(NULL, out->der_capacity, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (out->der == MAP_FAILED) {
		out->der_capacity = 0;
		return file_fail(err, "CRL", "hold");
	}
	return ERR_OK;
}

/* A bundle, and what it is judged by. */
struct reading {
	const struct reader_request *request;
	const struct reader_input *input;
};

/* In the child. */
static void
judge_confined(const void *context, void *answer)
{
	const struct reading *reading = context;

	reader_judge(reading->request, reading->input, answer);
}

/* As many seals as are asked for, by keys that are known; none if bare. */
static enum err
check_seals(const struct reader_request *request,
    const struct verdict *verdict, struct error *err)
{
	const bool is_bare = request->bundle->is_bare;
	const size_t least = is_bare ? 0 : request->seals_required;
	bool is_there = true;
	uint32_t i;

	for (i = 0; i < verdict->seal_count; i++)
		is_there = is_there &&
		    verdict->which[i] < request->bundle->seal_count;
	if (!is_there || verdict->has_manifest != (is_bare ? 0 : 1) ||
	    verdict->seal_count < least || (is_bare &&
	    verdict->seal_count > 0) || !sealkeys_have_ids(request->trusted,
	    verdict->seals, verdict->seal_count))
		return err_fail(err, ERR_FORMAT, "reader: the verdict names "
		    "other seals than those of %zu trusted keys", least);
	return ERR_OK;
}

/*
 * A verdict that breaks the rules by its own words is refused here as well,
 * whatever the reader makes of it.
 */
static enum err
check_claims(const struct reader_request *request,
    const struct verdict *verdict, struct error *err)
{
	const struct crl_facts facts = verdict_facts(verdict);

	TRY(check_seals(request, verdict, err));
	TRY(admit_dates(&facts, request->rules.now_s, false, err));
	return admit_seen(&facts, &request->rules, err);
}

/* The octets that were verified: the sealed file, or what was handed back. */
static enum err
copy_der(const struct reader_input *input, const struct verdict *verdict,
    struct buffer *der, struct error *err)
{
	const struct span file = input->parts[BUNDLE_CRL];
	uint8_t digest[SHA256_SIZE];

	if (verdict->is_decoded == 0) {
		if (verdict->size_bytes != file.size)
			return err_fail(err, ERR_FORMAT, "reader: the verdict "
			    "is about another CRL than the bundle's");
		return buffer_append(der, file.data, file.size, err);
	}
	if (verdict->size_bytes > input->der_capacity)
		return err_fail(err, ERR_FORMAT, "reader: want a CRL of at "
		    "most %zu octets, have %llu", input->der_capacity,
		    (unsigned long long)verdict->size_bytes);
	TRY(buffer_append(der, input->der, (size_t)verdict->size_bytes, err));
	TRY(sha256(span_of_buffer(der), digest, err));
	if (memcmp(digest, verdict->sha256, SHA256_SIZE) != 0)
		return err_fail(err, ERR_FORMAT, "reader: the verdict is "
		    "about another CRL than it hands back");
	return ERR_OK;
}

enum err
reader_run(const struct reader_request *request, struct verdict *out,
    struct buffer *der, struct notices *notices, struct error *err)
{
	__attribute__((cleanup(input_release))) struct reader_input input = {
	    .der = NULL};
	const struct reading reading = {request, &input};
	const struct confined confined = {
	    .subject = request->bundle->path, .work = judge_confined,
	    .context = &reading, .sandbox = request->sandbox};
	struct verdict verdict;

	if (request->subordinate_count > VERDICT_PAIRS_MAX)
		return err_fail(err, ERR_CONFIG, "%s: want at most %d "
		    "subordinates on one machine, have %zu",
		    request->root->name, VERDICT_PAIRS_MAX,
		    request->subordinate_count);
	TRY(map_input(request->bundle, &input, err));
	TRY(confined_run(&confined, &verdict, sizeof(verdict), err));
	TRY(verdict_check(&verdict, request->subordinate_count, err));
	TRY(confined_conclude(&confined, &verdict.answer, notices, err));
	if (verdict.is_decoded != 0 && !request->bundle->is_bare)
		return err_fail(err, ERR_FORMAT, "reader: the verdict is about "
		    "another CRL than the bundle's");
	TRY(err_about(err, check_claims(request, &verdict, err),
	    request->bundle->path));
	if (der != NULL)
		TRY(copy_der(&input, &verdict, der, err));
	*out = verdict;
	return ERR_OK;
}
