/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "site/bundle_folder.h"
#include "site/bundle_output.h"
#include "site/bundle_retire.h"

/* The bundle's folder, opened beneath the medium; -1 where there is none. */
static enum err
open_folder(const char *medium, const char *root,
    const struct number *number, struct medium_folder *out,
    struct error *err)
{
	char digits[NUMBER_TEXT_SIZE];
	char beneath[sizeof(BUNDLE_FOLDER "//") + SITE_NAME_SIZE +
	    NUMBER_TEXT_SIZE];
	struct error why;
	enum err code;

	number_format(number, NUMBER_NAME_DIGITS, digits);
	snprintf(beneath, sizeof(beneath), BUNDLE_FOLDER "/%s/%s", root,
	    digits);
	code = medium_folder_find(medium, beneath, out, &why);
	/* A link or a file there is no bundle; a lost medium has none. */
	if (code == ERR_OK || code == ERR_FORMAT || code == ERR_MISSING)
		return ERR_OK;
	return err_fail(err, code, "%s", why.what);
}

static enum err
holds_crl(int folder, const char *path, const char *root,
    const uint8_t crl_sha256[SHA256_SIZE], uint64_t max_crl_bytes,
    bool *out, struct error *err)
{
	struct bundle_member member = {.fd = -1};
	RELEASE_BUFFER struct buffer der = {0};
	char name[MANIFEST_NAME_SIZE];
	uint8_t digest[SHA256_SIZE];
	struct error why;
	enum err code;

	bundle_part_name(BUNDLE_CRL, root, name);
	code = bundle_load_named(folder, path, name, max_crl_bytes, &member,
	    &why);
	/* What cannot be read now may be that CRL, and be read later. */
	if (code == ERR_IO || code == ERR_NO_SPACE)
		return err_fail(err, code, "%s", why.what);
	/* A link, a folder, or too large: no importer takes it. */
	if (code != ERR_OK)
		return ERR_OK;
	code = bundle_member_read(&member, &der, err);
	file_close(&member.fd);
	if (code == ERR_OK)
		code = sha256(span_of_buffer(&der), digest, err);
	*out = code == ERR_OK && memcmp(digest, crl_sha256, SHA256_SIZE) == 0;
	return code;
}

enum err
bundle_retire(const char *medium, const char *root,
    const struct number *number, const uint8_t crl_sha256[SHA256_SIZE],
    uint64_t max_crl_bytes, bool *retired, struct error *err)
{
	RELEASE_MEDIUM_FOLDER struct medium_folder folder =
	    MEDIUM_FOLDER_NONE;
	bool is_it = false;
	enum err code;

	*retired = false;
	TRY(open_folder(medium, root, number, &folder, err));
	if (folder.fd < 0)
		return ERR_OK;
	code = holds_crl(folder.fd, folder.path, root, crl_sha256,
	    max_crl_bytes, &is_it, err);
	if (code == ERR_OK && is_it)
		code = bundle_has_seal(folder.fd, folder.path, retired,
		    err);
	return code == ERR_OK && *retired ?
	    bundle_remove_seals(&folder, err) : code;
}

enum err
bundle_is_there(const char *medium, const char *root,
    const struct number *number, bool *out, struct error *err)
{
	RELEASE_MEDIUM_FOLDER struct medium_folder folder =
	    MEDIUM_FOLDER_NONE;

	*out = false;
	TRY(open_folder(medium, root, number, &folder, err));
	return folder.fd < 0 ? ERR_OK :
	    bundle_has_seal(folder.fd, folder.path, out, err);
}
