/* SPDX-License-Identifier: ISC */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/window.h"
#include "ca/crlnumber.h"
#include "ca/signer_throwaway.h"
#include "ferry/minisign.h"
#include "root/ceremony/rehearsal.h"
#include "site/certfile.h"
#include "site/medium_file.h"
#include "site/state.h"

#define PIECE_SIZE (64 * 1024)
#define OPEN_FOLDERS 8		/* that nftw may hold at a time */

/* So that nobody takes its bundles for real ones. */
#define LABEL "THIS IS A REHEARSAL.txt"
#define LABEL_TEXT \
	"What is in this folder was signed in a rehearsal, with keys that " \
	"are destroyed.\r\n" \
	"It is of no use to anybody: do not install it. It may be " \
	"deleted.\r\n"

static bool
has_signing_root(const struct config *config)
{
	for (size_t i = 0; i < config->root_count; i++) {
		if (config->roots[i].signing != NULL)
			return true;
	}
	return false;
}

static enum err
copy_pieces(int from, struct file_writer *writer, struct error *err)
{
	RELEASE_WINDOW struct window window = WINDOW_NONE;
	struct span piece;
	uint64_t offset = 0;

	TRY(window_init_file(&window, from, err));
	while (offset < window.size) {
		uint64_t rest = window.size - offset;

		TRY(window_view(&window, offset, rest < PIECE_SIZE ?
		    (size_t)rest : PIECE_SIZE, &piece, err));
		TRY(file_writer_write(writer, piece, err));
		offset += piece.size;
	}
	return ERR_OK;
}

/* Piece by piece: an index may be long. */
static enum err
copy_file(const char *from, const char *to, enum file_privacy privacy,
    struct error *err)
{
	ABORT_WRITER struct file_writer writer = FILE_WRITER_NONE;
	CLOSE_FD int fd = -1;

	TRY(file_open(from, privacy, &fd, err));
	TRY(file_writer_open(&writer, to, 0600, err));
	TRY(err_about(err, copy_pieces(fd, &writer, err), from));
	return file_writer_commit(&writer, err);
}

static enum err
copy_schedule(const struct config *real, const struct config_root *root,
    const char *folder, struct error *err)
{
	char schedules[4096], from[4096], to[4096];

	TRY(file_join(schedules, sizeof(schedules), folder, "schedules", err));
	TRY(file_make_folder(schedules, 0700, err));
	TRY(config_find_schedule(real, root, from, sizeof(from), err));
	TRY(rehearsal_path(to, sizeof(to), schedules, root->schedule_name,
	    ".cfg", err));
	return copy_file(from, to, FILE_OURS, err);
}

static enum err
copy_index(const struct config_root *root, const char *folder,
    struct error *err)
{
	const struct config_signing *signing = root->signing;
	struct number next;
	char path[4096];
	bool found;

	TRY(rehearsal_path(path, sizeof(path), folder, root->name,
	    REHEARSAL_INDEX, err));
	TRY(copy_file(signing->index, path, FILE_TRUSTED, err));
	/* A crlnumber that is missing is made again by issue. */
	TRY(crlnumber_load(signing->crlnumber, &found, &next, NULL, err));
	if (!found)
		return ERR_OK;
	TRY(rehearsal_path(path, sizeof(path), folder, root->name,
	    REHEARSAL_CRLNUMBER, err));
	return copy_file(signing->crlnumber, path, FILE_TRUSTED, err);
}

static enum err
make_ca(const struct config_root *root, const struct secret *passphrase,
    const char *folder, struct error *err)
{
	FREE_CERT struct cert *cert = NULL;
	char key[4096], certificate[4096];

	TRY(certfile_load(root->certificate, &cert, err));
	TRY(rehearsal_path(key, sizeof(key), folder, root->name, REHEARSAL_KEY,
	    err));
	TRY(rehearsal_path(certificate, sizeof(certificate), folder, root->name,
	    REHEARSAL_CERTIFICATE, err));
	return throwaway_make(cert, root->signing->digest, passphrase, key,
	    certificate, err);
}

static enum err
make_seal(const char *folder, struct error *err)
{
	WIPE_BUFFER struct buffer secret = {0};
	struct minisign_public public;
	char path[4096];

	TRY(file_join(path, sizeof(path), folder, REHEARSAL_SEAL, err));
	TRY(minisign_generate(NULL, &secret, &public, err));
	return file_replace(path, span_of_buffer(&secret), 0600, err);
}

/* All that the configuration names, then the configuration itself. */
static enum err
make_files(const struct config *real, const struct secret *passphrase,
    const char *folder, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	char path[4096];

	TRY(make_seal(folder, err));
	for (size_t i = 0; i < real->root_count; i++) {
		const struct config_root *root = &real->roots[i];

		if (root->signing == NULL)
			continue;
		TRY(make_ca(root, passphrase, folder, err));
		TRY(copy_index(root, folder, err));
		TRY(copy_schedule(real, root, folder, err));
	}
	TRY(rehearsal_configuration(real, &text, err));
	TRY(file_join(path, sizeof(path), folder, "crlferry.cfg", err));
	return file_replace(path, span_of_buffer(&text), 0600, err);
}

static int
remove_one(const char *path, const struct stat *status, int type,
    struct FTW *where)
{
	(void)remove(path);
	return 0;
}

/* A folder and all that is in it, as far as that goes. */
static void
remove_tree(const char *path)
{
	(void)nftw(path, remove_one, OPEN_FOLDERS,
	    FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* A folder of its own on the stick, or one beside the keys. */
static enum err
make_medium(const char *medium, struct rehearsal *rehearsal,
    struct error *err)
{
	const struct medium_content label = {LABEL, span_of_text(LABEL_TEXT)};
	RELEASE_MEDIUM struct medium_folder folder = MEDIUM_FOLDER_NONE;
	char left[sizeof(rehearsal->medium)];
	bool is_left;

	TRY(file_join(rehearsal->medium, sizeof(rehearsal->medium),
	    medium == NULL ? rehearsal->folder : medium,
	    medium == NULL ? "medium" : REHEARSAL_MEDIUM, err));
	if (medium == NULL)
		return file_make_folder(rehearsal->medium, 0700, err);
	TRY(medium_folder_make(medium, REHEARSAL_MEDIUM, &folder, err));
	TRY(file_join(left, sizeof(left), rehearsal->medium, "crlferry",
	    err));
	remove_tree(left);
	TRY(file_find(left, &is_left, err));
	if (is_left)
		return err_remedy(err, err_fail(err, ERR_IO, "%s: what an "
		    "earlier rehearsal has left cannot be removed", left),
		    "remove it by hand");
	return medium_put_all(&folder, &label, 1, err);
}

static enum err
make_folder(const struct rehearsal_options *options,
    struct rehearsal *rehearsal, struct error *err)
{
	char template[sizeof(rehearsal->folder)];

	TRY(file_join(template, sizeof(template), options->parent,
	    "crlferry-rehearsal-XXXXXX", err));
	if (mkdtemp(template) == NULL)
		return file_fail(err, options->parent, "make a folder in");
	/* Only what is there is removed again. */
	memcpy(rehearsal->folder, template, sizeof(template));
	return make_medium(options->medium, rehearsal, err);
}

static enum err
load(const struct config *real, const struct secret *passphrase,
    struct rehearsal *rehearsal, struct error *err)
{
	RELEASE_HISTORY struct history before = {0}, history = {0};
	char path[4096];

	TRY(history_read(real, &before, err));
	TRY(file_join(path, sizeof(path), rehearsal->folder, "crlferry.cfg",
	    err));
	TRY(config_load(path, &rehearsal->config, err));
	TRY(state_prepare(rehearsal->config, err));
	TRY(history_read(rehearsal->config, &history, err));
	for (size_t i = 0; i < real->root_count; i++) {
		if (real->roots[i].signing != NULL)
			TRY(rehearsal_sign_last(&before, &real->roots[i],
			    &history, rehearsal->folder, passphrase, err));
	}
	return ERR_OK;
}

enum err
rehearsal_prepare(const struct config *config,
    const struct rehearsal_options *options, struct rehearsal *out,
    struct error *err)
{
	RELEASE_REHEARSAL struct rehearsal rehearsal = REHEARSAL_NONE;

	if (!has_signing_root(config))
		return err_fail(err, ERR_CONFIG, "%s: no root has a group "
		    "\"signing\": there is nothing to rehearse",
		    config->path);
	TRY(make_folder(options, &rehearsal, err));
	TRY(make_files(config, options->passphrase, rehearsal.folder, err));
	TRY(load(config, options->passphrase, &rehearsal, err));
	*out = rehearsal;
	rehearsal = (struct rehearsal)REHEARSAL_NONE;
	return ERR_OK;
}

/* If nothing else was written to the stick, its label goes, too. */
static void
remove_unused(const struct rehearsal *rehearsal)
{
	char path[sizeof(rehearsal->medium)];
	bool is_used = true;

	if (rehearsal->medium[0] == '\0' ||
	    file_join(path, sizeof(path), rehearsal->medium, "crlferry",
	    NULL) != ERR_OK || file_find(path, &is_used, NULL) != ERR_OK ||
	    is_used || file_join(path, sizeof(path), rehearsal->medium, LABEL,
	    NULL) != ERR_OK)
		return;
	unlink(path);
	(void)rmdir(rehearsal->medium);
}

void
rehearsal_release(struct rehearsal *rehearsal)
{
	config_free(rehearsal->config);
	if (rehearsal->folder[0] != '\0')
		remove_tree(rehearsal->folder);
	remove_unused(rehearsal);
	*rehearsal = (struct rehearsal)REHEARSAL_NONE;
}
