/* SPDX-License-Identifier: ISC */
#include "base/file.h"
#include "base/window.h"
#include "pki/pem.h"
#include "site/bundle_folder.h"
#include "site/bundle_output.h"
#include "site/medium_seals.h"

_Static_assert(BUNDLE_SEALS_MAX <= MEDIUM_SEALS_MAX, "they fit");

#define BUNDLE_JSON "bundle.json"
#define PEM_LINE 48			/* octets that make 64 characters */
#define CHUNK (PEM_LINE * 4096)		/* ends where a PEM line ends */
#define PEM_BEGIN "-----BEGIN " PEM_CRL "-----\n"
#define PEM_END "-----END " PEM_CRL "-----\n"

uint64_t
bundle_pem_size(uint64_t der_size_bytes)
{
	return (der_size_bytes + 2) / 3 * 4 +
	    (der_size_bytes + PEM_LINE - 1) / PEM_LINE +
	    sizeof(PEM_BEGIN PEM_END) - 1;
}

/* One chunk as lines of PEM. */
static enum err
encode_lines(struct span chunk, struct buffer *out, struct error *err)
{
	size_t at;

	out->size = 0;
	for (at = 0; at < chunk.size; at += PEM_LINE) {
		size_t size = chunk.size - at < PEM_LINE ?
		    chunk.size - at : PEM_LINE;

		TRY(base64_encode((struct span){chunk.data + at, size}, out,
		    err));
		TRY(buffer_append_text(out, "\n", err));
	}
	return ERR_OK;
}

/* Copy the CRL, as it is or as PEM. */
static enum err
copy_crl(struct medium_file *file, int crl_fd, bool as_pem, struct error *err)
{
	RELEASE_WINDOW struct window window = WINDOW_NONE;
	RELEASE_BUFFER struct buffer lines = {0};
	uint64_t at;

	TRY(window_init_file(&window, crl_fd, err));
	for (at = 0; at < window.size; at += CHUNK) {
		size_t size = window.size - at < CHUNK ?
		    (size_t)(window.size - at) : CHUNK;
		struct span chunk;

		TRY(window_view(&window, at, size, &chunk, err));
		chunk.size = size;
		if (as_pem) {
			TRY(encode_lines(chunk, &lines, err));
			chunk = span_of_buffer(&lines);
		}
		TRY(medium_file_write(file, chunk, err));
	}
	return ERR_OK;
}

enum err
bundle_output_crl(const struct medium_folder *folder,
    struct manifest *manifest, int crl_fd, bool as_pem,
    struct medium_work *work, struct error *err)
{
	ABORT_MEDIUM_FILE struct medium_file file = MEDIUM_FILE_NONE;
	char name[MANIFEST_NAME_SIZE];

	bundle_part_name(as_pem ? BUNDLE_CRL_PEM : BUNDLE_CRL,
	    manifest->root, name);
	TRY(medium_file_open(&file, folder, name, err));
	file.work = work;
	if (as_pem)
		TRY(medium_file_write(&file, span_of_text(PEM_BEGIN), err));
	TRY(copy_crl(&file, crl_fd, as_pem, err));
	if (as_pem)
		TRY(medium_file_write(&file, span_of_text(PEM_END), err));
	TRY(medium_file_commit(&file, &manifest->files[manifest->file_count],
	    err));
	manifest->file_count++;
	return ERR_OK;
}

enum err
bundle_output_part(const struct medium_folder *folder,
    struct manifest *manifest, enum bundle_part part, struct span content,
    struct error *err)
{
	char name[MANIFEST_NAME_SIZE];

	bundle_part_name(part, manifest->root, name);
	TRY(medium_file_put(folder, name, content,
	    &manifest->files[manifest->file_count], err));
	manifest->file_count++;
	return ERR_OK;
}

enum err
bundle_output_seals(const struct medium_folder *folder,
    const struct manifest *manifest, struct span json,
    const struct minisign_secret *secrets, size_t count, struct error *err)
{
	char comment[MINISIGN_COMMENT_SIZE];
	const struct medium_sealed sealed = {
	    .name = BUNDLE_JSON, .content = json, .comment = comment};

	manifest_comment(manifest, comment, sizeof(comment));
	return medium_seals_put(folder, &sealed, secrets, count, err);
}

enum err
bundle_seal_write(const char *folder, const struct manifest *manifest,
    struct span json, const struct minisign_secret *secret,
    struct error *err)
{
	RELEASE_MEDIUM_FOLDER struct medium_folder medium =
	    MEDIUM_FOLDER_NONE;

	TRY(medium_folder_open(folder, &medium, err));
	return bundle_output_seals(&medium, manifest, json, secret, 1, err);
}

static bool
is_to_go(int folder, const void *context, const char *name)
{
	return bundle_is_seal_name(name) || bundle_is_temporary_name(name);
}

enum err
bundle_remove_seals(const struct medium_folder *folder, struct error *err)
{
	return medium_folder_remove_all(folder, is_to_go, NULL, err);
}
