/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "site/bundle.h"

void
bundle_root_folder(const char *root, char out[MANIFEST_NAME_SIZE])
{
	snprintf(out, MANIFEST_NAME_SIZE, BUNDLE_FOLDER "/%s", root);
}

void
bundle_folder(const char *root, const struct number *number,
    char out[BUNDLE_PATH_SIZE])
{
	char digits[NUMBER_TEXT_SIZE];

	number_format(number, NUMBER_NAME_DIGITS, digits);
	snprintf(out, BUNDLE_PATH_SIZE, BUNDLE_FOLDER "/%s/%s", root,
	    digits);
}

void
bundle_part_name(enum bundle_part part, const char *root,
    char out[MANIFEST_NAME_SIZE])
{
	/* Those that begin with a dot stand behind the root's name. */
	static const char *const names[BUNDLE_PART_COUNT] = {
	    [BUNDLE_CRL] = ".crl", [BUNDLE_CRL_PEM] = ".crl.pem",
	    [BUNDLE_CERT] = ".crt", [BUNDLE_README] = "README.txt",
	    [BUNDLE_MANIFEST] = "bundle.json", [BUNDLE_SUMS] = "SHA256SUMS"};

	snprintf(out, MANIFEST_NAME_SIZE, "%s%s",
	    names[part][0] == '.' ? root : "", names[part]);
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
