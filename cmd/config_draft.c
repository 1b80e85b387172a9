/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "config_check.h"
#include "config_draft.h"
#include "config_text.h"
#include "pki/pem.h"

#define COPIES_MAX 99	/* that may have one name, with their numbers */

/* A certificate that was given. */
struct draft_certificate {
	char name[64];		/* of the root or the subordinate */
	const char *given;
	char file[NAME_MAX + 1];	/* in the configuration's folder */
	struct buffer der;
	bool is_copy;		/* file is to be made */
	bool is_made;
};

/* The certificates of the draft, as an array. */
static struct draft_certificate *
list_of(const struct config_draft *draft, size_t *count)
{
	*count = draft->certificates.size / sizeof(struct draft_certificate);
	return (void *)draft->certificates.data;
}

enum err
config_draft_begin(struct config_draft *draft,
    const struct invocation *invocation, struct error *err)
{
	const char *path = config_text_output(invocation);
	char *resolved;
	bool found;

	if (path[0] == '\0' || path[strlen(path) - 1] == '/')
		return err_fail(err, ERR_USAGE, "the configuration must be a "
		    "file, not \"%s\"", path);
	TRY(file_find(path, &found, err));
	if (found)
		return err_remedy(err, err_fail(err, ERR_USAGE, "%s is there "
		    "already", path), "move it away, or give --output");
	*draft = (struct config_draft){.path = path};
	TRY(file_folder(draft->folder, sizeof(draft->folder), path, err));
	resolved = realpath(draft->folder, NULL);
	if (resolved != NULL)
		snprintf(draft->resolved, sizeof(draft->resolved), "%.4095s",
		    resolved);
	free(resolved);
	return ERR_OK;
}

/* Remove the folder, and those above it that were made for it. */
static void
remove_folders(const struct config_draft *draft)
{
	char path[sizeof(draft->folder)];
	char parent[sizeof(path)];

	if (draft->made[0] == '\0')
		return;
	memcpy(path, draft->folder, sizeof(path));
	/* One of them may be "x/..": only empty ones go. */
	while (rmdir(path), strcmp(path, draft->made) != 0) {
		if (file_folder(parent, sizeof(parent), path, NULL) != ERR_OK)
			return;
		memcpy(path, parent, sizeof(path));
	}
}

static enum err
path_of(const struct config_draft *draft, const char *file, char out[4096],
    struct error *err)
{
	return file_join(out, 4096, strcmp(draft->folder, ".") == 0 ? "" :
	    draft->folder, file, err);
}

void
config_draft_release(struct config_draft *draft)
{
	char path[4096];
	size_t count;
	struct draft_certificate *list = list_of(draft, &count);

	if (draft->is_written && !draft->is_kept)
		unlink(draft->path);
	for (size_t i = 0; i < count; i++) {
		if (list[i].is_made && !draft->is_kept &&
		    path_of(draft, list[i].file, path, NULL) == ERR_OK)
			unlink(path);
		buffer_release(&list[i].der);
	}
	if (!draft->is_kept)
		remove_folders(draft);
	buffer_release(&draft->certificates);
	buffer_release(&draft->reserved);
}

static bool
is_reserved(const struct config_draft *draft, const char *path)
{
	const char *list = (const char *)draft->reserved.data;

	for (size_t i = 0; i < draft->reserved.size;
	    i += strlen(list + i) + 1) {
		if (strcmp(list + i, path) == 0)
			return true;
	}
	return false;
}

/* Is the path of this name in the configuration's folder? */
static bool
is_reserved_name(const struct config_draft *draft, const char *file)
{
	char path[4096 + NAME_MAX + 2];

	snprintf(path, sizeof(path), "%s/%s", draft->resolved, file);
	return is_reserved(draft, path);
}

enum err
config_draft_reserve(struct config_draft *draft, const char *option,
    const char *path, struct error *err)
{
	char absolute[4096];
	size_t size;

	TRY(config_text_absolute(path, absolute, sizeof(absolute), err));
	for (size = strlen(absolute); size > 1 && absolute[size - 1] == '/';)
		absolute[--size] = '\0';
	if (is_reserved(draft, absolute))
		return err_fail(err, ERR_USAGE, "--%s: %s is given already",
		    option, path);
	return buffer_append(&draft->reserved, absolute, size + 1, err);
}

/*
 * Does the file stand in the configuration's folder, links resolved?  Then its
 * name there.
 */
static bool
find_in_place(const struct config_draft *draft, const char *path,
    char file[NAME_MAX + 1])
{
	char *resolved = realpath(path, NULL);
	const size_t size = strlen(draft->resolved);
	const bool is_here = size > 0 && resolved != NULL &&
	    strncmp(resolved, draft->resolved, size) == 0 &&
	    resolved[size] == '/' && strchr(resolved + size + 1, '/') == NULL;

	if (is_here)
		snprintf(file, NAME_MAX + 1, "%.255s", resolved + size + 1);
	free(resolved);
	/* Such a name would be read as a URI. */
	return is_here && strncmp(file, "pkcs11:", 7) != 0;
}

/*
 * May a copy have this name?  A file that holds the same certificate, and is no
 * link to somewhere else, is as good as a copy: then *is_copy is false.
 */
static enum err
judge_name(const struct config_draft *draft, const char *file,
    const struct cert *cert, bool *is_free, bool *is_copy, struct error *err)
{
	const char *slash = strrchr(draft->path, '/');
	FREE_CERT struct cert *other = NULL;
	char path[4096], real[NAME_MAX + 1];
	size_t count;
	const struct draft_certificate *list = list_of(draft, &count);
	bool found;

	*is_free = strcmp(slash == NULL ? draft->path : slash + 1, file) != 0;
	for (size_t i = 0; i < count; i++)
		*is_free = *is_free && strcmp(list[i].file, file) != 0;
	*is_free = *is_free && !is_reserved_name(draft, file);
	if (!*is_free)
		return ERR_OK;
	TRY(path_of(draft, file, path, err));
	TRY(file_find(path, &found, err));
	*is_copy = !found;
	if (found)
		*is_free = find_in_place(draft, path, real) &&
		    strcmp(real, file) == 0 &&
		    certfile_load(path, &other, NULL) == ERR_OK &&
		    span_equals(span_of_buffer(&other->der),
			span_of_buffer(&cert->der));
	return ERR_OK;
}

static enum err
choose_name(const struct config_draft *draft, const struct cert *cert,
    struct draft_certificate *out, struct error *err)
{
	bool is_free = false;

	snprintf(out->file, sizeof(out->file), "%s.pem", out->name);
	for (unsigned int i = 2; i <= COPIES_MAX; i++) {
		TRY(judge_name(draft, out->file, cert, &is_free,
		    &out->is_copy, err));
		if (is_free)
			return ERR_OK;
		snprintf(out->file, sizeof(out->file), "%s-%u.pem", out->name,
		    i);
	}
	return err_remedy(err, err_fail(err, ERR_USAGE, "%s: there is no name "
	    "for a copy of %s: %s.pem to %s-%u.pem are other files",
	    draft->folder, out->given, out->name, out->name, COPIES_MAX - 1),
	    "move them away, or give --output");
}

enum err
config_draft_certificate(struct config_draft *draft, const char *indent,
    const char *name, const char *path, const struct cert *cert,
    struct buffer *text, struct error *err)
{
	struct draft_certificate certificate = {.given = path};
	size_t count;
	struct draft_certificate *list = list_of(draft, &count);

	for (size_t i = 0; i < count; i++) {
		if (span_equals(span_of_buffer(&list[i].der),
		    span_of_buffer(&cert->der)))
			return err_fail(err, ERR_USAGE, "%s is the certificate "
			    "of %s, which %s gives already", path,
			    list[i].name, list[i].given);
	}
	snprintf(certificate.name, sizeof(certificate.name), "%s", name);
	if (!find_in_place(draft, path, certificate.file))
		TRY(choose_name(draft, cert, &certificate, err));
	else if (is_reserved_name(draft, certificate.file))
		return err_fail(err, ERR_USAGE, "%s is given as a certificate "
		    "and as another file", path);
	TRY(buffer_append(&draft->certificates, &certificate,
	    sizeof(certificate), err));
	list = list_of(draft, &count);
	TRY(buffer_append(&list[count - 1].der, cert->der.data, cert->der.size,
	    err));
	return config_text_value(text, indent, "certificate",
	    certificate.file, err);
}

/* Other verbs admit all of it; who watches this CA should know of it. */
static void
note_odd(const char *path, const struct cert *cert, const struct cert *root,
    int64_t now_s, struct notices *notices)
{
	char line[ERROR_LINE_SIZE];
	struct error why;

	config_text_note_dates(path, cert, "renew it, or set \"retired\" for "
	    "it", now_s, notices);
	if (!cert->is_ca)
		notice(notices, "%s (%s) is not the certificate of a CA "
		    "(basicConstraints)", path, cert->subject_text);
	if (cert_check_aki(cert, root, &why) != ERR_OK)
		notice_safety(notices, "%s: %s", path, error_line(&why, line));
}

enum err
config_draft_subordinate(struct config_draft *draft, const char *word,
    const struct cert *root, int64_t now_s, struct buffer *text,
    struct cert **out, struct notices *notices, struct error *err)
{
	FREE_CERT struct cert *cert = NULL;
	size_t count;
	const struct draft_certificate *list = list_of(draft, &count);
	const char *path;
	char name[64];

	TRY(config_text_named("subordinate", word, name, sizeof(name), &path,
	    &cert, err));
	/* The first one is the root's. */
	for (size_t i = 1; i < count; i++) {
		if (strcmp(list[i].name, name) == 0)
			return err_remedy(err, err_fail(err, ERR_CONFIG,
			    "--subordinate: two are called %s", name),
			    "give one of them another name");
	}
	if (cert_is_same_ca(cert, root))
		return err_remedy(err, err_fail(err, ERR_ISSUER, "%s is the "
		    "root's own certificate, not that of a subordinate", path),
		    "give the certificate of a CA that the root has certified");
	TRY(err_about(err, cert_check_issued_by(cert, root, err), path));
	TRY(buffer_appendf(text, err, "%s        { name = \"%s\";\n",
	    count == 1 ? "" : ",\n", name));
	TRY(config_draft_certificate(draft, "          ", name, path, cert,
	    text, err));
	note_odd(path, cert, root, now_s, notices);
	*out = cert;
	cert = NULL;
	return ERR_OK;
}

static enum err
make_folder(struct config_draft *draft, struct error *err)
{
	char path[sizeof(draft->folder)];
	bool found;

	memcpy(path, draft->folder, sizeof(path));
	for (;;) {
		TRY(file_find(path, &found, err));
		if (found)
			return file_make_folder(draft->folder, 0755, err);
		memcpy(draft->made, path, sizeof(path));
		TRY(file_folder(path, sizeof(path), draft->made, err));
	}
}

static enum err
write_copies(struct config_draft *draft, struct error *err)
{
	size_t count;
	struct draft_certificate *list = list_of(draft, &count);

	for (size_t i = 0; i < count; i++) {
		RELEASE_BUFFER struct buffer pem = {0};
		char path[4096];

		if (!list[i].is_copy)
			continue;
		TRY(pem_encode(PEM_CERTIFICATE, span_of_buffer(&list[i].der),
		    &pem, err));
		TRY(path_of(draft, list[i].file, path, err));
		list[i].is_made = true;
		TRY(file_replace(path, span_of_buffer(&pem), 0644, err));
	}
	return ERR_OK;
}

enum err
config_draft_write(struct config_draft *draft, struct span text,
    int64_t now_s, struct config **out, struct error *err)
{
	FREE_CONFIG struct config *config = NULL;

	TRY(make_folder(draft, err));
	TRY(write_copies(draft, err));
	draft->is_written = true;
	TRY(file_replace(draft->path, text, 0644, err));
	TRY(config_load(draft->path, &config, err));
	TRY(config_check(config, now_s, err));
	*out = config;
	config = NULL;
	return ERR_OK;
}

enum err
config_draft_keep(struct config_draft *draft, struct invocation *invocation,
    struct error *err)
{
	char path[4096];
	size_t count;
	const struct draft_certificate *list = list_of(draft, &count);

	draft->is_kept = true;
	config_note_folder(draft->folder, &invocation->notices);
	for (size_t i = 0; i < count; i++) {
		TRY(path_of(draft, list[i].file, path, err));
		if (list[i].is_made)
			TRY(cli_say(invocation, err, "copied %s to %s\n",
			    list[i].given, path));
	}
	return ERR_OK;
}
