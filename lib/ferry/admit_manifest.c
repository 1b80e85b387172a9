/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/utc.h"
#include "ferry/admit.h"

static enum err
check_number(const struct manifest *manifest, const struct crl_facts *facts,
    struct error *err)
{
	struct number number = number_from_u64(0);
	char want[NUMBER_TEXT_SIZE], have[NUMBER_TEXT_SIZE];

	if (facts->has_number)
		number = facts->number;
	if (number_compare(&manifest->number, &number) == 0)
		return ERR_OK;
	number_format(&number, 0, want);
	number_format(&manifest->number, 0, have);
	return err_fail(err, ERR_FORMAT,
	    "manifest: number: want the CRL's %s, have %s", want, have);
}

static enum err
check_time(const char *key, int64_t want_s, int64_t have_s,
    struct error *err)
{
	char want[UTC_TEXT_SIZE], have[UTC_TEXT_SIZE];

	if (want_s == have_s)
		return ERR_OK;
	utc_format(want_s, want);
	utc_format(have_s, have);
	return err_fail(err, ERR_FORMAT,
	    "manifest: %s: want the CRL's %s, have %s", key, want, have);
}

enum err
admit_manifest(const struct manifest *manifest, const struct crl_facts *facts,
    const struct cert *root, struct error *err)
{
	if (memcmp(manifest->spki_sha256, root->spki_sha256, SHA256_SIZE) != 0)
		return err_fail(err, ERR_ISSUER, "manifest: spki_sha256 is "
		    "not that of %s", root->subject_text);
	TRY(check_number(manifest, facts, err));
	TRY(check_time("this_update", facts->this_update_s,
	    manifest->this_update_s, err));
	TRY(check_time("next_update", facts->next_update_s,
	    manifest->next_update_s, err));
	if (manifest->revoked_count != facts->revoked_count)
		return err_fail(err, ERR_FORMAT, "manifest: revoked_count: "
		    "want the CRL's %llu, have %llu",
		    (unsigned long long)facts->revoked_count,
		    (unsigned long long)manifest->revoked_count);
	return ERR_OK;
}
