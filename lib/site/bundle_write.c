/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/file.h"
#include "site/bundle_output.h"

#define ENTRY_MAX 512		/* octets of a file's entry in the manifest */

/* What is written, and where to. */
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
	struct manifest_file others[2];	/* bundle.json and SHA256SUMS */
	const struct medium_progress *progress;
};

static void
writing_release(struct writing *writing)
{
	medium_folder_release(&writing->folder);
	buffer_release(&writing->readme);
	buffer_release(&writing->json);
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
	sizes[count++] = bundle_pem_size(writing->crl_bytes);
	sizes[count++] = writing->cert.size;
	sizes[count++] = writing->readme.size;
	sizes[count++] = json.size + BUNDLE_PART_COUNT * ENTRY_MAX;
	sizes[count++] = BUNDLE_PART_COUNT * ENTRY_MAX;
	for (i = 0; i < writing->seal_count && i < BUNDLE_SEALS_MAX; i++)
		sizes[count++] = MINISIGN_FILE_MAX;
	return medium_check_room(medium, sizes, count, err);
}

/* Everything that the manifest lists. */
static enum err
write_listed(struct writing *writing, struct error *err)
{
	struct medium_work work = {
	    .progress = writing->progress, .doing = "written",
	    .total_bytes = writing->crl_bytes +
		bundle_pem_size(writing->crl_bytes)};

	TRY(bundle_output_crl(&writing->folder, writing->manifest,
	    writing->crl_fd, false, &work, err));
	TRY(bundle_output_crl(&writing->folder, writing->manifest,
	    writing->crl_fd, true, &work, err));
	TRY(bundle_output_part(&writing->folder, writing->manifest, BUNDLE_CERT,
	    writing->cert, err));
	return bundle_output_part(&writing->folder, writing->manifest,
	    BUNDLE_README, span_of_buffer(&writing->readme), err);
}

/* bundle.json and SHA256SUMS. */
static enum err
write_manifest(struct writing *writing, struct error *err)
{
	RELEASE_BUFFER struct buffer sums = {0};
	uint8_t digest[SHA256_SIZE];

	TRY(manifest_encode(writing->manifest, &writing->json, err));
	TRY(sha256(span_of_buffer(&writing->json), digest, err));
	TRY(bundle_sums(writing->manifest, digest, &sums, err));
	TRY(medium_file_put(&writing->folder, "bundle.json",
	    span_of_buffer(&writing->json), &writing->others[0], err));
	return medium_file_put(&writing->folder, "SHA256SUMS",
	    span_of_buffer(&sums), &writing->others[1], err);
}

/* What is not on the device as it was meant is never sealed. */
static enum err
read_back(const struct writing *writing, struct error *err)
{
	struct medium_work work = {
	    .progress = writing->progress, .doing = "read back"};
	const struct manifest *manifest = writing->manifest;
	size_t i;

	for (i = 0; i < manifest->file_count; i++)
		work.total_bytes += manifest->files[i].size_bytes;
	for (i = 0; i < COUNT_OF(writing->others); i++)
		work.total_bytes += writing->others[i].size_bytes;
	for (i = 0; i < manifest->file_count; i++)
		TRY(medium_file_read_back(&writing->folder, &manifest->files[i],
		    &work, err));
	for (i = 0; i < COUNT_OF(writing->others); i++)
		TRY(medium_file_read_back(&writing->folder, &writing->others[i],
		    &work, err));
	return ERR_OK;
}

/* The commit.  Where it cannot be completed there is to be no bundle. */
static enum err
write_seals(const struct writing *writing, struct error *err)
{
	enum err code;

	code = bundle_output_seals(&writing->folder, writing->manifest,
	    span_of_buffer(&writing->json), writing->secrets,
	    writing->seal_count, err);
	if (code != ERR_OK && bundle_remove_seals(&writing->folder,
	    NULL) != ERR_OK)
		return err_about(err, code,
		    "the seals cannot be removed again");
	return code;
}

/* The members are durable, and right, before a seal appears. */
static enum err
write_bundle(struct writing *writing, struct error *err)
{
	TRY(bundle_remove_seals(&writing->folder, err));
	TRY(write_listed(writing, err));
	TRY(write_manifest(writing, err));
	TRY(medium_folder_sync(&writing->folder, err));
	TRY(medium_sync(&writing->folder, err));
	TRY(read_back(writing, err));
	return write_seals(writing, err);
}

enum err
bundle_write(const char *medium, struct manifest *manifest, int crl_fd,
    struct span cert, const struct minisign_secret *secrets,
    size_t seal_count, const struct medium_progress *progress, char *path,
    size_t path_size, struct error *err)
{
	__attribute__((cleanup(writing_release))) struct writing writing = {
	    .folder = MEDIUM_FOLDER_NONE, .manifest = manifest,
	    .crl_fd = crl_fd, .cert = cert, .secrets = secrets,
	    .seal_count = seal_count, .progress = progress};
	char number[NUMBER_TEXT_SIZE];
	char name[128];
	struct stat st;

	number_format(&manifest->number, NUMBER_NAME_DIGITS, number);
	snprintf(name, sizeof(name), BUNDLE_FOLDER "/%s/%s", manifest->root,
	    number);
	manifest->file_count = 0;
	if (seal_count > BUNDLE_SEALS_MAX)
		return err_fail(err, ERR_SEAL, "%s: want at most %d seals, "
		    "have %zu", name, BUNDLE_SEALS_MAX, seal_count);
	if (fstat(crl_fd, &st) != 0)
		return file_fail(err, "the CRL", "measure");
	writing.crl_bytes = (uint64_t)st.st_size;
	TRY(file_join(path, path_size, medium, name, err));
	TRY(bundle_readme(manifest, &writing.readme, err));
	TRY(check_room(&writing, medium, err));
	TRY(medium_folder_make(medium, name, &writing.folder, err));
	return write_bundle(&writing, err);
}
