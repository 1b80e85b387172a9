/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "site/bundle.h"

static const struct {
	const char *suffix;
	const char *fixed;
	bool is_listed;
} parts[BUNDLE_PART_COUNT] = {
#define X(name, suffix, fixed, listed) {suffix, fixed, listed},
    BUNDLE_PARTS(X)
#undef X
};

void
bundle_root_folder(const char *root, char out[MANIFEST_NAME_SIZE])
{
	snprintf(out, MANIFEST_NAME_SIZE, BUNDLE_FOLDER "/%s", root);
}

void
bundle_part_name(enum bundle_part part, const char *root,
    char out[MANIFEST_NAME_SIZE])
{
	if (parts[part].fixed != NULL)
		snprintf(out, MANIFEST_NAME_SIZE, "%s", parts[part].fixed);
	else
		snprintf(out, MANIFEST_NAME_SIZE, "%s%s", root,
		    parts[part].suffix);
}

bool
bundle_part_is_listed(enum bundle_part part)
{
	return parts[part].is_listed;
}

bool
bundle_is_seal_name(const char *name)
{
	return strncmp(name, "bundle.json.", 12) == 0 &&
	    strspn(name + 12, "0123456789abcdef") == 16 &&
	    strcmp(name + 28, ".minisig") == 0;
}

bool
bundle_is_temporary_name(const char *name)
{
	static const char suffix[] = ".crlferry-new";
	size_t size = strlen(name);

	return name[0] == '.' && size > sizeof(suffix) &&
	    strcmp(name + size + 1 - sizeof(suffix), suffix) == 0;
}

bool
bundle_is_part_name(const char *root, const char *name)
{
	char expected[MANIFEST_NAME_SIZE];

	for (int part = 0; part < BUNDLE_PART_COUNT; part++) {
		bundle_part_name((enum bundle_part)part, root, expected);
		if (strcmp(expected, name) == 0)
			return true;
	}
	return false;
}

enum err
bundle_sums(const struct manifest *manifest,
    const uint8_t manifest_sha256[SHA256_SIZE], struct buffer *out,
    struct error *err)
{
	char hex[SHA256_HEX_SIZE];

	for (size_t i = 0; i < manifest->file_count; i++) {
		sha256_hex(manifest->files[i].sha256, hex);
		TRY(buffer_appendf(out, err, "%s  %s\n", hex,
		    manifest->files[i].name));
	}
	sha256_hex(manifest_sha256, hex);
	return buffer_appendf(out, err, "%s  bundle.json\n", hex);
}
