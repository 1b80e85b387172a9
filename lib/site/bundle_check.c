/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "site/bundle.h"

static enum err
check_listed(const struct manifest *manifest, enum bundle_part part,
    struct span content, struct error *err)
{
	const struct manifest_file *file;
	uint8_t digest[SHA256_SIZE];
	char name[MANIFEST_NAME_SIZE];
	enum err code;

	bundle_part_name(part, manifest->root, name);
	file = manifest_find(manifest, name);
	if (file == NULL)
		return err_fail(err, ERR_FORMAT, "bundle.json: want %s "
		    "listed, have it missing", name);
	if (file->size_bytes != content.size)
		return err_fail(err, ERR_DIGEST,
		    "%s: want %llu octets, have %zu", name,
		    (unsigned long long)file->size_bytes, content.size);
	code = sha256(content, digest, err);
	if (code == ERR_OK && memcmp(digest, file->sha256, SHA256_SIZE) != 0)
		return err_fail(err, ERR_DIGEST, "%s: want the SHA-256 of "
		    "bundle.json, have another", name);
	return code;
}

enum err
bundle_check_members(const struct manifest *manifest,
    const struct span parts[BUNDLE_PART_COUNT], struct error *err)
{
	RELEASE_BUFFER struct buffer sums = {0};
	uint8_t digest[SHA256_SIZE];
	size_t listed = 0;
	enum err code = ERR_OK;
	int part;

	for (part = 0; code == ERR_OK && part < BUNDLE_PART_COUNT; part++) {
		if (!bundle_part_is_listed((enum bundle_part)part))
			continue;
		listed++;
		code = check_listed(manifest, (enum bundle_part)part,
		    parts[part], err);
	}
	if (code == ERR_OK && manifest->file_count != listed)
		return err_fail(err, ERR_FORMAT, "bundle.json: want %zu "
		    "files listed, have %zu", listed, manifest->file_count);
	if (code == ERR_OK)
		code = sha256(parts[BUNDLE_MANIFEST], digest, err);
	if (code == ERR_OK)
		code = bundle_sums(manifest, digest, &sums, err);
	if (code == ERR_OK && !span_equals(span_of_buffer(&sums),
	    parts[BUNDLE_SUMS]))
		return err_fail(err, ERR_DIGEST, "SHA256SUMS: want the "
		    "digests of bundle.json, have others");
	return code;
}

enum err
bundle_check_number(const struct bundle *bundle,
    const struct manifest *manifest, struct error *err)
{
	char want[NUMBER_TEXT_SIZE], have[NUMBER_TEXT_SIZE];

	if (!bundle->is_chosen ||
	    number_compare(&bundle->number, &manifest->number) == 0)
		return ERR_OK;
	number_format(&bundle->number, 1, want);
	number_format(&manifest->number, 1, have);
	return err_fail(err, ERR_FORMAT, "bundle.json: want number %s, as its "
	    "folder says, have %s", want, have);
}
