/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/window.h"
#include "pki/pem.h"
#include "site/bundle.h"
#include "site/bundle_readme.h"

#define PEM_LINE 48			/* octets that make 64 characters */
#define CHUNK (PEM_LINE * 4096)		/* ends where a PEM line ends */

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

enum err
bundle_sums(const struct manifest *manifest,
    const uint8_t manifest_sha256[SHA256_SIZE], struct buffer *out,
    struct error *err)
{
	char hex[SHA256_HEX_SIZE];
	enum err code = ERR_OK;
	size_t i;

	for (i = 0; code == ERR_OK && i < manifest->file_count; i++) {
		hex_encode((struct span){manifest->files[i].sha256,
		    SHA256_SIZE}, hex, sizeof(hex));
		code = buffer_appendf(out, err, "%s  %s\n", hex,
		    manifest->files[i].name);
	}
	if (code != ERR_OK)
		return code;
	hex_encode((struct span){manifest_sha256, SHA256_SIZE}, hex,
	    sizeof(hex));
	return buffer_appendf(out, err, "%s  bundle.json\n", hex);
}

/* A file that is written and measured in one pass. */
struct output {
	struct file_writer writer;
	struct sha256 *hash;
	struct manifest_file file;
};

#define ABORT_OUTPUT __attribute__((cleanup(output_abort)))

static void
output_abort(struct output *output)
{
	file_writer_abort(&output->writer);
	sha256_free(output->hash);
	output->hash = NULL;
}

static enum err
output_open(struct output *output, const char *folder, const char *name,
    struct error *err)
{
	char path[4096];
	enum err code;

	snprintf(output->file.name, sizeof(output->file.name), "%s", name);
	code = file_join(path, sizeof(path), folder, name, err);
	if (code == ERR_OK)
		code = sha256_new(&output->hash, err);
	if (code == ERR_OK)
		code = file_writer_open(&output->writer, path, 0644, err);
	return code;
}

static enum err
output_write(struct output *output, struct span in, struct error *err)
{
	enum err code;

	code = sha256_update(output->hash, in, err);
	if (code == ERR_OK)
		code = file_writer_write(&output->writer, in, err);
	output->file.size_bytes += in.size;
	return code;
}

/* Commit, and list the file in the manifest. */
static enum err
output_finish(struct output *output, struct manifest *manifest,
    struct error *err)
{
	enum err code;

	code = sha256_final(output->hash, output->file.sha256, err);
	if (code == ERR_OK)
		code = file_writer_commit(&output->writer, err);
	if (code != ERR_OK)
		return code;
	manifest->files[manifest->file_count++] = output->file;
	return ERR_OK;
}

/* One chunk as lines of PEM. */
static enum err
encode_lines(struct span chunk, struct buffer *out, struct error *err)
{
	enum err code = ERR_OK;
	size_t at;

	out->size = 0;
	for (at = 0; code == ERR_OK && at < chunk.size; at += PEM_LINE) {
		size_t size = chunk.size - at < PEM_LINE ?
		    chunk.size - at : PEM_LINE;

		code = base64_encode((struct span){chunk.data + at, size},
		    out, err);
		if (code == ERR_OK)
			code = buffer_append_text(out, "\n", err);
	}
	return code;
}

/* Copy the CRL, as it is or as PEM. */
static enum err
copy_crl(struct output *output, int crl_fd, bool as_pem, struct error *err)
{
	__attribute__((cleanup(window_release))) struct window window = {
	    .fd = -1};
	RELEASE_BUFFER struct buffer lines = {0};
	uint64_t at;
	enum err code;

	code = window_init_file(&window, crl_fd, err);
	for (at = 0; code == ERR_OK && at < window.size; at += CHUNK) {
		size_t size = window.size - at < CHUNK ?
		    (size_t)(window.size - at) : CHUNK;
		struct span chunk;

		code = window_view(&window, at, size, &chunk, err);
		if (code != ERR_OK)
			break;
		chunk.size = size;
		if (as_pem) {
			code = encode_lines(chunk, &lines, err);
			chunk = span_of_buffer(&lines);
		}
		if (code == ERR_OK)
			code = output_write(output, chunk, err);
	}
	return code;
}

static enum err
write_crl(const char *folder, struct manifest *manifest, int crl_fd,
    bool as_pem, struct error *err)
{
	ABORT_OUTPUT struct output output = {.writer = FILE_WRITER_NONE};
	char name[MANIFEST_NAME_SIZE];
	enum err code;

	bundle_part_name(as_pem ? BUNDLE_CRL_PEM : BUNDLE_CRL,
	    manifest->root, name);
	code = output_open(&output, folder, name, err);
	if (code == ERR_OK && as_pem)
		code = output_write(&output, span_of_text("-----BEGIN "
		    PEM_CRL "-----\n"), err);
	if (code == ERR_OK)
		code = copy_crl(&output, crl_fd, as_pem, err);
	if (code == ERR_OK && as_pem)
		code = output_write(&output, span_of_text("-----END "
		    PEM_CRL "-----\n"), err);
	if (code == ERR_OK)
		code = output_finish(&output, manifest, err);
	return code;
}

static enum err
write_part(const char *folder, struct manifest *manifest,
    enum bundle_part part, struct span content, struct error *err)
{
	ABORT_OUTPUT struct output output = {.writer = FILE_WRITER_NONE};
	char name[MANIFEST_NAME_SIZE];
	enum err code;

	bundle_part_name(part, manifest->root, name);
	code = output_open(&output, folder, name, err);
	if (code == ERR_OK)
		code = output_write(&output, content, err);
	if (code == ERR_OK)
		code = output_finish(&output, manifest, err);
	return code;
}

static enum err
write_plain(const char *folder, const char *name, struct span content,
    struct error *err)
{
	char path[4096];
	enum err code;

	code = file_join(path, sizeof(path), folder, name, err);
	return code == ERR_OK ? file_replace(path, content, 0644, err) : code;
}

static bool
is_seal(const char *name)
{
	static const char suffix[] = ".minisig";
	size_t size = strlen(name);

	return size >= strlen(suffix) &&
	    strcmp(name + size - strlen(suffix), suffix) == 0;
}

/* Without its seals a bundle is none, so they go before anything changes. */
static enum err
remove_seals(const char *folder, struct error *err)
{
	DIR *dir = opendir(folder);
	char path[4096];
	const char *name;
	enum err code;

	if (dir == NULL)
		return file_fail(err, folder, "open");
	do {
		code = file_next_name(dir, folder, &name, err);
		if (code != ERR_OK || name == NULL || !is_seal(name))
			continue;
		code = file_join(path, sizeof(path), folder, name, err);
		if (code == ERR_OK)
			code = file_remove(path, err);
	} while (code == ERR_OK && name != NULL);
	closedir(dir);
	return code;
}

static enum err
write_seal(const char *folder, const struct manifest *manifest,
    struct span json, const struct minisign_secret *secret, struct error *err)
{
	RELEASE_BUFFER struct buffer seal = {0};
	char key_id[MINISIGN_KEY_ID_HEX_SIZE];
	char comment[MINISIGN_COMMENT_SIZE];
	char name[MANIFEST_NAME_SIZE];
	enum err code;
	char *c;

	minisign_key_id_text(secret->public.key_id, key_id);
	for (c = key_id; *c != '\0'; c++) {
		if (*c >= 'A' && *c <= 'F')
			*c = (char)(*c - 'A' + 'a');
	}
	snprintf(name, sizeof(name), "bundle.json.%s.minisig", key_id);
	manifest_comment(manifest, comment, sizeof(comment));
	code = minisign_sign(secret, json, comment, &seal, err);
	if (code == ERR_OK)
		code = write_plain(folder, name, span_of_buffer(&seal), err);
	return code;
}

/* bundle.json, SHA256SUMS, and then the seals. */
static enum err
write_manifest(const char *folder, const struct manifest *manifest,
    const struct minisign_secret *secrets, size_t seal_count,
    struct error *err)
{
	RELEASE_BUFFER struct buffer json = {0};
	RELEASE_BUFFER struct buffer sums = {0};
	uint8_t digest[SHA256_SIZE];
	enum err code;
	size_t i;

	code = manifest_encode(manifest, &json, err);
	if (code == ERR_OK)
		code = sha256(span_of_buffer(&json), digest, err);
	if (code == ERR_OK)
		code = bundle_sums(manifest, digest, &sums, err);
	if (code == ERR_OK)
		code = write_plain(folder, "bundle.json",
		    span_of_buffer(&json), err);
	if (code == ERR_OK)
		code = write_plain(folder, "SHA256SUMS",
		    span_of_buffer(&sums), err);
	for (i = 0; code == ERR_OK && i < seal_count; i++)
		code = write_seal(folder, manifest, span_of_buffer(&json),
		    &secrets[i], err);
	return code;
}

enum err
bundle_write(const char *medium, struct manifest *manifest, int crl_fd,
    struct span cert, const struct minisign_secret *secrets,
    size_t seal_count, char *path, size_t path_size, struct error *err)
{
	RELEASE_BUFFER struct buffer readme = {0};
	char number[NUMBER_TEXT_SIZE];
	char name[128];
	enum err code;

	number_format(&manifest->number, 6, number);
	snprintf(name, sizeof(name), BUNDLE_FOLDER "/%s/%s", manifest->root,
	    number);
	manifest->file_count = 0;
	code = file_join(path, path_size, medium, name, err);
	if (code == ERR_OK)
		code = file_make_folder(path, 0755, err);
	if (code == ERR_OK)
		code = remove_seals(path, err);
	if (code == ERR_OK)
		code = write_crl(path, manifest, crl_fd, false, err);
	if (code == ERR_OK)
		code = write_crl(path, manifest, crl_fd, true, err);
	if (code == ERR_OK)
		code = write_part(path, manifest, BUNDLE_CERT, cert, err);
	if (code == ERR_OK)
		code = bundle_readme(manifest, &readme, err);
	if (code == ERR_OK)
		code = write_part(path, manifest, BUNDLE_README,
		    span_of_buffer(&readme), err);
	if (code == ERR_OK)
		code = write_manifest(path, manifest, secrets, seal_count,
		    err);
	return code;
}
