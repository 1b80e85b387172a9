/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/window.h"
#include "ferry/readme_windows.h"
#include "pki/pem.h"
#include "site/bundle_folder.h"
#include "site/medium_file.h"

_Static_assert(BUNDLE_SEALS_MAX <= MEDIUM_SEALS_MAX, "they fit");

#define ENTRY_MAX 512		/* octets of a file's entry in the manifest */
#define PEM_LINE 48			/* octets that make 64 characters */
#define CHUNK (PEM_LINE * 4096)		/* ends where a PEM line ends */
#define PEM_BEGIN "-----BEGIN " PEM_CRL "-----\n"
#define PEM_END "-----END " PEM_CRL "-----\n"

/* The files to write, and where to. */
struct writing {
	struct medium_folder folder;
	struct manifest *manifest;
	int crl_fd;
	uint64_t crl_bytes;
	struct span cert;
	const struct minisign_secret *secrets;
	size_t seal_count;
	struct buffer readme;
	struct buffer json;
	struct manifest_file files[BUNDLE_PART_COUNT];	/* as meant */
	const struct medium_progress *progress;
};

static void
writing_release(struct writing *writing)
{
	medium_folder_release(&writing->folder);
	buffer_release(&writing->readme);
	buffer_release(&writing->json);
}

/* Octets of the PEM form of a CRL. */
static uint64_t
pem_size(uint64_t der_size_bytes)
{
	return (der_size_bytes + 2) / 3 * 4 +
	    (der_size_bytes + PEM_LINE - 1) / PEM_LINE +
	    sizeof(PEM_BEGIN PEM_END) - 1;
}

/*
 * README.txt: importing by hand, on Linux and on Windows.  CRLF line ends, so
 * that any editor shows it; appended.
 */
static enum err
make_readme(const struct manifest *manifest, struct buffer *out,
    struct error *err)
{
	const char *root = manifest->root;
	char number[NUMBER_TEXT_SIZE];
	char this_update[UTC_TEXT_SIZE];
	char next_update[UTC_TEXT_SIZE];

	number_format(&manifest->number, 0, number);
	utc_format(manifest->this_update_s, this_update);
	utc_format(manifest->next_update_s, next_update);
	TRY(buffer_appendf(out, err,
	    "Certificate revocation list of %s\r\n\r\n"
	    "  number      %s\r\n"
	    "  thisUpdate  %s\r\n"
	    "  nextUpdate  %s  (install it before then)\r\n"
	    "  revoked     %llu\r\n\r\n", root, number, this_update,
	    next_update, (unsigned long long)manifest->revoked_count));
	TRY(buffer_appendf(out, err,
	    "On a subordinate with crlferry\r\n"
	    "  crlferry-sub import MEDIUM        (the folder of this stick)\r\n"
	    "\r\n"
	    "By hand, on Linux, in this folder\r\n"
	    "  sha256sum -c SHA256SUMS\r\n"
	    "  minisign -V -p KEY.pub -m bundle.json -x "
	    "bundle.json.<keyid>.minisig\r\n"
	    "  openssl crl -inform DER -in %s.crl -CAfile ROOT.pem -noout\r\n"
	    "    with ROOT.pem from a place you trust, not from this stick;\r\n"
	    "    look for \"verify OK\"; the exit status alone does not show "
	    "it\r\n"
	    "  cp %s.crl.pem \"/etc/ssl/crls/$(openssl crl -in %s.crl.pem "
	    "-hash -noout).r0\"\r\n\r\n", root, root, root));
	return readme_windows(manifest, out, err);
}

/* Measured before anything is touched: what does not fit spoils nothing. */
static enum err
check_room(const struct writing *writing, const char *medium,
    struct error *err)
{
	RELEASE_BUFFER struct buffer json = {0};
	uint64_t sizes[BUNDLE_PART_COUNT + BUNDLE_SEALS_MAX];
	size_t count = 0, i;

	TRY(manifest_encode(writing->manifest, &json, err));
	sizes[count++] = writing->crl_bytes;
	sizes[count++] = pem_size(writing->crl_bytes);
	sizes[count++] = writing->cert.size;
	sizes[count++] = writing->readme.size;
	sizes[count++] = json.size + BUNDLE_PART_COUNT * ENTRY_MAX;
	sizes[count++] = BUNDLE_PART_COUNT * ENTRY_MAX;
	for (i = 0; i < writing->seal_count && i < BUNDLE_SEALS_MAX; i++)
		sizes[count++] = MINISIGN_FILE_MAX;
	return medium_check_room(medium, sizes, count, err);
}

/* One chunk as lines of PEM. */
static enum err
encode_lines(struct span chunk, struct buffer *out, struct error *err)
{
	out->size = 0;
	for (size_t at = 0; at < chunk.size; at += PEM_LINE) {
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

/* The CRL, as it is or as PEM. */
static enum err
put_crl(struct writing *writing, enum bundle_part part,
    struct medium_work *work, struct error *err)
{
	ABORT_MEDIUM_FILE struct medium_file file = MEDIUM_FILE_NONE;
	const bool as_pem = part == BUNDLE_CRL_PEM;
	char name[MANIFEST_NAME_SIZE];

	bundle_part_name(part, writing->manifest->root, name);
	TRY(medium_file_open(&file, &writing->folder, name, err));
	file.work = work;
	if (as_pem)
		TRY(medium_file_write(&file, span_of_text(PEM_BEGIN), err));
	TRY(copy_crl(&file, writing->crl_fd, as_pem, err));
	if (as_pem)
		TRY(medium_file_write(&file, span_of_text(PEM_END), err));
	return medium_file_commit(&file, &writing->files[part], err);
}

/* Another part. */
static enum err
put_part(struct writing *writing, enum bundle_part part, struct span content,
    struct error *err)
{
	char name[MANIFEST_NAME_SIZE];

	bundle_part_name(part, writing->manifest->root, name);
	return medium_file_put(&writing->folder, name, content,
	    &writing->files[part], err);
}

/* All that the manifest lists, then bundle.json and SHA256SUMS. */
static enum err
write_parts(struct writing *writing, struct error *err)
{
	RELEASE_BUFFER struct buffer sums = {0};
	struct manifest *manifest = writing->manifest;
	struct medium_work work = {
	    .progress = writing->progress, .doing = "written",
	    .total_bytes = writing->crl_bytes + pem_size(writing->crl_bytes)};
	uint8_t digest[SHA256_SIZE];

	TRY(put_crl(writing, BUNDLE_CRL, &work, err));
	TRY(put_crl(writing, BUNDLE_CRL_PEM, &work, err));
	TRY(put_part(writing, BUNDLE_CERT, writing->cert, err));
	TRY(put_part(writing, BUNDLE_README,
	    span_of_buffer(&writing->readme), err));
	manifest->file_count = BUNDLE_LISTED_COUNT;
	memcpy(manifest->files, writing->files,
	    BUNDLE_LISTED_COUNT * sizeof(manifest->files[0]));
	TRY(manifest_encode(manifest, &writing->json, err));
	TRY(sha256(span_of_buffer(&writing->json), digest, err));
	TRY(bundle_sums(manifest, digest, &sums, err));
	TRY(put_part(writing, BUNDLE_MANIFEST,
	    span_of_buffer(&writing->json), err));
	return put_part(writing, BUNDLE_SUMS, span_of_buffer(&sums), err);
}

/* A file that is not on the device as it was meant is never sealed. */
static enum err
read_back(const struct writing *writing, struct error *err)
{
	struct medium_work work = {
	    .progress = writing->progress, .doing = "read back"};

	for (size_t i = 0; i < BUNDLE_PART_COUNT; i++)
		work.total_bytes += writing->files[i].size_bytes;
	for (size_t i = 0; i < BUNDLE_PART_COUNT; i++)
		TRY(medium_file_read_back(&writing->folder,
		    &writing->files[i], &work, err));
	return ERR_OK;
}

/* Write seals, durably, and read them back. */
static enum err
put_seals(const struct medium_folder *folder, const struct manifest *manifest,
    struct span json, const struct minisign_secret *secrets, size_t count,
    struct error *err)
{
	char comment[MINISIGN_COMMENT_SIZE];
	const struct medium_sealed sealed = {
	    .name = "bundle.json", .content = json, .comment = comment};

	manifest_comment(manifest, comment, sizeof(comment));
	return medium_seals_put(folder, &sealed, secrets, count, err);
}

enum err
bundle_seal_write(const char *folder, const struct manifest *manifest,
    struct span json, const struct minisign_secret *secret,
    struct error *err)
{
	RELEASE_MEDIUM struct medium_folder medium = MEDIUM_FOLDER_NONE;

	TRY(medium_folder_open(folder, &medium, err));
	return put_seals(&medium, manifest, json, secret, 1, err);
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

/* The commit.  Where it cannot be completed there is to be no bundle. */
static enum err
write_seals(const struct writing *writing, struct error *err)
{
	const enum err code = put_seals(&writing->folder, writing->manifest,
	    span_of_buffer(&writing->json), writing->secrets,
	    writing->seal_count, err);

	if (code != ERR_OK && bundle_remove_seals(&writing->folder,
	    NULL) != ERR_OK)
		return err_about(err, code,
		    "the seals cannot be removed again");
	return code;
}

enum err
bundle_write(const char *medium, struct manifest *manifest, int crl_fd,
    struct span cert, struct span advice,
    const struct minisign_secret *secrets, size_t seal_count,
    const struct medium_progress *progress, char *path,
    size_t path_size, struct error *err)
{
	__attribute__((cleanup(writing_release))) struct writing writing = {
	    .folder = MEDIUM_FOLDER_NONE, .manifest = manifest,
	    .crl_fd = crl_fd, .cert = cert, .secrets = secrets,
	    .seal_count = seal_count, .progress = progress};
	char name[BUNDLE_PATH_SIZE];
	struct stat st;

	bundle_folder(manifest->root, &manifest->number, name);
	manifest->file_count = 0;
	if (seal_count > BUNDLE_SEALS_MAX)
		return err_fail(err, ERR_SEAL, "%s: want at most %d seals, "
		    "have %zu", name, BUNDLE_SEALS_MAX, seal_count);
	if (fstat(crl_fd, &st) != 0)
		return file_fail(err, "the CRL", "measure");
	writing.crl_bytes = (uint64_t)st.st_size;
	TRY(file_join(path, path_size, medium, name, err));
	TRY(make_readme(manifest, &writing.readme, err));
	TRY(buffer_append(&writing.readme, advice.data, advice.size, err));
	TRY(check_room(&writing, medium, err));
	TRY(medium_folder_make(medium, name, &writing.folder, err));
	TRY(bundle_remove_seals(&writing.folder, err));
	/* The members are durable, and right, before a seal appears. */
	TRY(write_parts(&writing, err));
	TRY(medium_folder_sync(&writing.folder, err));
	TRY(medium_sync(&writing.folder, err));
	TRY(read_back(&writing, err));
	return write_seals(&writing, err);
}
