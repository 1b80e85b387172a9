/* SPDX-License-Identifier: ISC */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/window.h"
#include "ca/signer_throwaway.h"
#include "ferry/minisign.h"
#include "root/ceremony/rehearsal.h"
#include "root/ceremony/rehearsal_parts.h"
#include "site/certfile.h"
#include "site/state.h"

#define PIECE_SIZE (64 * 1024)
#define OPEN_FOLDERS 8		/* that nftw may hold at a time */

static bool
has_signing_root(const struct config *config)
{
	size_t i;

	for (i = 0; i < config->root_count; i++) {
		if (config->roots[i].signing != NULL)
			return true;
	}
	return false;
}

static enum err
copy_pieces(int from, const char *path, struct file_writer *writer,
    struct error *err)
{
	RELEASE_WINDOW struct window window = WINDOW_NONE;
	struct span piece;
	uint64_t offset = 0;
	enum err code;

	code = window_init_file(&window, from, err);
	while (code == ERR_OK && offset < window.size) {
		uint64_t rest = window.size - offset;

		code = window_view(&window, offset, rest < PIECE_SIZE ?
		    (size_t)rest : PIECE_SIZE, &piece, err);
		if (code == ERR_OK)
			code = file_writer_write(writer, piece, err);
		offset += piece.size;
	}
	return err_about(err, code, path);
}

/* Piece by piece: an index may be long. */
static enum err
copy_file(const char *from, const char *to, enum file_privacy privacy,
    struct error *err)
{
	ABORT_WRITER struct file_writer writer = FILE_WRITER_NONE;
	CLOSE_FD int fd = -1;
	enum err code;

	code = file_open(from, privacy, &fd, err);
	if (code == ERR_OK)
		code = file_writer_open(&writer, to, 0600, err);
	if (code == ERR_OK)
		code = copy_pieces(fd, from, &writer, err);
	return code == ERR_OK ? file_writer_commit(&writer, err) : code;
}

static enum err
copy_schedule(const struct config *real, const struct config_root *root,
    const char *folder, struct error *err)
{
	char schedules[4096], from[4096], to[4096];
	enum err code;

	code = file_join(schedules, sizeof(schedules), folder, "schedules",
	    err);
	if (code == ERR_OK)
		code = file_make_folder(schedules, 0700, err);
	if (code == ERR_OK)
		code = config_find_schedule(real, root, from, sizeof(from),
		    err);
	if (code == ERR_OK)
		code = rehearsal_path(to, sizeof(to), schedules,
		    root->schedule_name, ".cfg", err);
	return code == ERR_OK ? copy_file(from, to, FILE_OURS, err) : code;
}

static enum err
copy_index(const struct config_root *root, const char *folder,
    struct error *err)
{
	const struct config_signing *signing = root->signing;
	char path[4096];
	bool found;

	TRY(rehearsal_path(path, sizeof(path), folder, root->name,
	    REHEARSAL_INDEX, err));
	TRY(copy_file(signing->index, path, FILE_TRUSTED, err));
	/* A crlnumber that is missing is made again by issue. */
	TRY(file_find(signing->crlnumber, &found, err));
	if (!found)
		return ERR_OK;
	TRY(rehearsal_path(path, sizeof(path), folder, root->name,
	    REHEARSAL_CRLNUMBER, err));
	return copy_file(signing->crlnumber, path, FILE_TRUSTED, err);
}

static enum err
make_ca(const struct config_root *root, const char *folder,
    struct error *err)
{
	FREE_CERT struct cert *cert = NULL;
	char key[4096], certificate[4096];
	enum err code;

	code = certfile_load(root->certificate, &cert, err);
	if (code == ERR_OK)
		code = rehearsal_path(key, sizeof(key), folder, root->name,
		    REHEARSAL_KEY, err);
	if (code == ERR_OK)
		code = rehearsal_path(certificate, sizeof(certificate), folder,
		    root->name, REHEARSAL_CERTIFICATE, err);
	return code == ERR_OK ? throwaway_make(cert, root->signing->digest,
	    key, certificate, err) : code;
}

static enum err
make_seal(const char *folder, struct error *err)
{
	RELEASE_BUFFER struct buffer secret = {0};
	struct minisign_public public;
	char path[4096];
	enum err code;

	code = file_join(path, sizeof(path), folder, REHEARSAL_SEAL, err);
	if (code == ERR_OK)
		code = minisign_generate(NULL, &secret, &public, err);
	if (code == ERR_OK)
		code = file_replace(path, span_of_buffer(&secret), 0600, err);
	if (secret.data != NULL)
		secret_wipe(secret.data, secret.capacity);
	return code;
}

/* All that the configuration names, then the configuration itself. */
static enum err
make_files(const struct config *real, const char *folder, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	char path[4096];
	enum err code;
	size_t i;

	code = make_seal(folder, err);
	for (i = 0; code == ERR_OK && i < real->root_count; i++) {
		const struct config_root *root = &real->roots[i];

		if (root->signing == NULL)
			continue;
		code = make_ca(root, folder, err);
		if (code == ERR_OK)
			code = copy_index(root, folder, err);
		if (code == ERR_OK)
			code = copy_schedule(real, root, folder, err);
	}
	if (code == ERR_OK)
		code = rehearsal_configuration(real, &text, err);
	if (code == ERR_OK)
		code = file_join(path, sizeof(path), folder, "crlferry.cfg",
		    err);
	return code == ERR_OK ? file_replace(path, span_of_buffer(&text),
	    0600, err) : code;
}

static enum err
make_folder(const char *parent, struct rehearsal *rehearsal,
    struct error *err)
{
	char template[sizeof(rehearsal->folder)];
	enum err code;

	code = file_join(template, sizeof(template), parent,
	    "crlferry-rehearsal-XXXXXX", err);
	if (code != ERR_OK)
		return code;
	if (mkdtemp(template) == NULL)
		return file_fail(err, parent, "make a folder in");
	/* Only what is there is removed again. */
	memcpy(rehearsal->folder, template, sizeof(template));
	code = file_join(rehearsal->medium, sizeof(rehearsal->medium),
	    rehearsal->folder, "medium", err);
	return code == ERR_OK ? file_make_folder(rehearsal->medium, 0700, err) :
	    code;
}

static enum err
load(const struct config *real, struct rehearsal *rehearsal,
    struct error *err)
{
	char path[4096];
	enum err code;
	size_t i;

	code = file_join(path, sizeof(path), rehearsal->folder,
	    "crlferry.cfg", err);
	if (code == ERR_OK)
		code = config_load(path, &rehearsal->config, err);
	if (code == ERR_OK)
		code = state_prepare(rehearsal->config, err);
	for (i = 0; code == ERR_OK && i < real->root_count; i++) {
		if (real->roots[i].signing != NULL)
			code = rehearsal_sign_last(real, &real->roots[i],
			    rehearsal->config, rehearsal->folder, err);
	}
	return code;
}

enum err
rehearsal_prepare(const struct config *config, const char *parent,
    struct rehearsal *out, struct error *err)
{
	RELEASE_REHEARSAL struct rehearsal rehearsal = REHEARSAL_NONE;
	enum err code;

	if (!has_signing_root(config))
		return err_fail(err, ERR_CONFIG, "%s: want a root with a group "
		    "\"signing\" to rehearse with, have none", config->path);
	code = make_folder(parent, &rehearsal, err);
	if (code == ERR_OK)
		code = make_files(config, rehearsal.folder, err);
	if (code == ERR_OK)
		code = load(config, &rehearsal, err);
	if (code != ERR_OK)
		return code;
	*out = rehearsal;
	rehearsal = (struct rehearsal)REHEARSAL_NONE;
	return ERR_OK;
}

static int
remove_one(const char *path, const struct stat *status, int type,
    struct FTW *where)
{
	(void)remove(path);
	return 0;
}

void
rehearsal_release(struct rehearsal *rehearsal)
{
	config_free(rehearsal->config);
	if (rehearsal->folder[0] != '\0')
		(void)nftw(rehearsal->folder, remove_one, OPEN_FOLDERS,
		    FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	*rehearsal = (struct rehearsal)REHEARSAL_NONE;
}
