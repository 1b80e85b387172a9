/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "root/export/read_me_first.h"
#include "site/certfile.h"
#include "site/medium_file.h"

#define FIRST_LINE \
	"READ ME FIRST: this stick carries certificate revocation lists " \
	"(crlferry)\r\n"
#define ROOTS_SHOWN 20
#define PAGE_MAX (64 * 1024)	/* octets; ours is far smaller */

/* Whose certificates they are; each once. */
static enum err
add_owner(struct buffer *owners, const char *owner, struct error *err)
{
	RELEASE_BUFFER struct buffer line = {0};

	TRY(buffer_appendf(&line, err, "    %s\r\n", owner));
	TRY(buffer_append(&line, "", 1, err));
	if (span_contains(span_of_buffer(owners), (const char *)line.data))
		return ERR_OK;
	return buffer_append(owners, line.data, line.size - 1, err);
}

/* The line of one root, and its owner. */
static enum err
add_root(const struct config_root *root, struct buffer *roots,
    struct buffer *owners, struct error *err)
{
	FREE_CERT struct cert *cert = NULL;
	char owner[NAME_TEXT_SIZE];

	if (certfile_load(root->certificate, &cert, NULL) != ERR_OK)
		return buffer_appendf(roots, err, "    %s\r\n", root->name);
	name_owner(cert->subject, owner);
	TRY(add_owner(owners, owner, err));
	return buffer_appendf(roots, err, "    %s: %s\r\n", root->name,
	    cert->subject_text);
}

enum err
read_me_first_text(const struct config *config, struct buffer *out,
    struct error *err)
{
	RELEASE_BUFFER struct buffer roots = {0};
	RELEASE_BUFFER struct buffer owners = {0};
	size_t i;

	for (i = 0; i < config->root_count && i < ROOTS_SHOWN; i++)
		TRY(add_root(&config->roots[i], &roots, &owners, err));
	if (i < config->root_count)
		TRY(buffer_appendf(&roots, err, "    and %zu more\r\n",
		    config->root_count - i));
	if (owners.size == 0)
		TRY(buffer_append_text(&owners, "    the certification "
		    "authorities that are named below\r\n", err));
	TRY(buffer_append_text(out, FIRST_LINE "\r\n"
	    "Have you found it? Please bring it to the people who run the PKI "
	    "of\r\n\r\n", err));
	TRY(buffer_append(out, owners.data, owners.size, err));
	TRY(buffer_append_text(out, "\r\n"
	    "Please take it out of this computer now, and plug it into no "
	    "other one.\r\n"
	    "Nothing on it is meant to be opened or run, and nothing on it is "
	    "secret: it\r\n"
	    "carries signed lists of certificates that are no longer valid, "
	    "from\r\n"
	    "certification authorities without a network to the machines that "
	    "wait for\r\n"
	    "these lists.\r\n\r\n"
	    "The certification authorities are\r\n\r\n", err));
	TRY(buffer_append(out, roots.data, roots.size, err));
	return buffer_append_text(out, "\r\n"
	    "For those who run them: each list has a README.txt in its folder "
	    "below\r\n"
	    "the folder \"crlferry\", which says how it is installed.\r\n",
	    err);
}

/* What stands there: *is_ours also if there is nothing, or nothing in it. */
static enum err
read_page(const struct medium_folder *top, const char *path,
    struct buffer *out, bool *is_ours, struct error *err)
{
	CLOSE_FD int fd = medium_open_beneath(top->fd, READ_ME_FIRST,
	    O_RDONLY);
	enum err code;

	*is_ours = fd < 0 && errno == ENOENT;
	if (fd < 0 && errno == EIO)
		return file_fail(err, path, "read");
	if (fd < 0)
		return ERR_OK;
	code = file_read_fd(fd, path, PAGE_MAX, out, err);
	*is_ours = code == ERR_OK && (out->size == 0 ||
	    span_starts_with(span_of_buffer(out), FIRST_LINE));
	return code == ERR_FORMAT ? ERR_OK : code;
}

static enum err
put_page(const struct config *config, const char *medium,
    struct notices *notices, struct error *err)
{
	RELEASE_MEDIUM struct medium_folder top = MEDIUM_FOLDER_NONE;
	RELEASE_BUFFER struct buffer want = {0}, have = {0};
	struct medium_content page = {.name = READ_ME_FIRST};
	uint64_t size_bytes;
	char path[4096];
	bool is_ours;

	TRY(file_join(path, sizeof(path), medium, READ_ME_FIRST, err));
	TRY(read_me_first_text(config, &want, err));
	TRY(medium_folder_open(medium, &top, err));
	TRY(read_page(&top, path, &have, &is_ours, err));
	page.content = span_of_buffer(&want);
	if (span_equals(page.content, span_of_buffer(&have)))
		return ERR_OK;
	if (!is_ours) {
		notice(notices, "%s is not crlferry's, and is left alone: "
		    "whoever finds the stick is not told whose it is", path);
		return ERR_OK;
	}
	size_bytes = want.size;
	TRY(medium_check_room(medium, &size_bytes, 1, err));
	return medium_put_all(&top, &page, 1, err);
}

enum err
read_me_first_put(const struct config *config, const char *medium,
    struct notices *notices, struct error *err)
{
	struct error why = {0};
	const enum err code = put_page(config, medium, notices, &why);

	if (code == ERR_IO)
		return err_copy(err, &why);
	if (code != ERR_OK)
		notice(notices, "the bundle is whole, but the page for whoever "
		    "finds the stick is not: %s", why.what);
	return ERR_OK;
}
