/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "base/file.h"
#include "sub/store/store_free.h"
#include "sub/store/store_lookup.h"

#define LARGE_BYTES ((size_t)256 * 1024)
#define HUGE_BYTES ((size_t)8 * 1024 * 1024)
#define PATH_OF_FD_SIZE 32

static int *
copies_of(const struct lookup *lookup, size_t *count)
{
	*count = lookup->copies.size / sizeof(int);
	return (void *)lookup->copies.data;
}

void
lookup_release(struct lookup *lookup)
{
	size_t count;
	int *copies = copies_of(lookup, &count);

	for (size_t i = 0; i < count; i++)
		file_close(&copies[i]);
	buffer_release(&lookup->copies);
}

enum err
lookup_keep(struct lookup *lookup, struct span file, bool is_plain,
    struct error *err)
{
	CLOSE_FD int fd = -1;

	lookup->is_off = lookup->is_off || file.size > HUGE_BYTES ||
	    (is_plain && file.size > LARGE_BYTES);
	if (lookup->is_off)
		return ERR_OK;
	fd = memfd_create("crlferry-store", MFD_CLOEXEC);
	lookup->is_off = fd < 0;
	if (lookup->is_off)
		return ERR_OK;
	TRY(file_write_all(fd, "a copy in memory", file, err));
	TRY(buffer_append(&lookup->copies, &fd, sizeof(fd), err));
	fd = -1;
	return ERR_OK;
}

/* By which OpenSSL can open a descriptor, if /proc is there. */
static bool
path_of(int fd, char out[PATH_OF_FD_SIZE])
{
	CLOSE_FD int again = -1;

	snprintf(out, PATH_OF_FD_SIZE, "/proc/self/fd/%d", fd);
	again = open(out, O_RDONLY | O_CLOEXEC);
	return again >= 0;
}

/* Links to the copies, named as slots, in a folder of our own. */
struct slots {
	char path[32];
	int fd;
	char path_of_fd[PATH_OF_FD_SIZE];
	const struct store *store;
	size_t count;
};

static void
name_slot(const struct slots *slots, size_t i, char out[32])
{
	snprintf(out, 32, "%08x.r%zu", slots->store->root->subject_hash, i);
}

static enum err
remove_slots(struct slots *slots, struct error *err)
{
	enum err code = ERR_OK;
	char name[32];

	while (slots->count > 0) {
		name_slot(slots, --slots->count, name);
		if (unlinkat(slots->fd, name, 0) != 0)
			code = file_fail(err, slots->path, "empty");
	}
	file_close(&slots->fd);
	if (slots->path[0] != '\0' && rmdir(slots->path) != 0)
		code = file_fail(err, slots->path, "remove");
	slots->path[0] = '\0';
	return code;
}

static void
release_slots(struct slots *slots)
{
	(void)remove_slots(slots, NULL);
}

/* *is_made: false if there is no place for them. */
static enum err
make_slots(const struct lookup *lookup, struct slots *slots, bool *is_made,
    struct error *err)
{
	size_t count;
	const int *copies = copies_of(lookup, &count);
	char path[PATH_OF_FD_SIZE], name[32];
	char template[] = "/tmp/crlferry-XXXXXX";

	*is_made = mkdtemp(template) != NULL;
	if (!*is_made)
		return ERR_OK;
	snprintf(slots->path, sizeof(slots->path), "%s", template);
	slots->fd = open(template, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);
	*is_made = slots->fd >= 0 && path_of(slots->fd, slots->path_of_fd);
	while (*is_made && slots->count < count) {
		*is_made = path_of(copies[slots->count], path);
		if (!*is_made)
			return ERR_OK;
		name_slot(slots, slots->count, name);
		if (symlinkat(path, slots->fd, name) != 0)
			return file_fail(err, slots->path, "fill");
		slots->count++;
	}
	return ERR_OK;
}

/* In OpenSSL's words. */
static enum err
tell_why(char why[128], struct error *err)
{
	const unsigned long error = ERR_peek_last_error();
	const char *reason = ERR_reason_error_string(error);

	if (ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE)
		return err_no_memory(err);
	snprintf(why, 128, "%.127s", reason == NULL ? "no reason given" :
	    reason);
	return ERR_OK;
}

/* What the lookups of the store have, of the root's name. */
static enum err
take_crls(X509_STORE *found, const struct cert *root,
    STACK_OF(X509_CRL) **out, struct error *err)
{
	FREE_BY(free_context) X509_STORE_CTX *context = X509_STORE_CTX_new();

	if (context == NULL ||
	    X509_STORE_CTX_init(context, found, NULL, NULL) != 1)
		return err_no_memory(err);
	*out = X509_STORE_CTX_get1_crls(context,
	    X509_get_subject_name(root->x509));
	if (*out == NULL)
		*out = sk_X509_CRL_new_null();
	return *out == NULL ? err_no_memory(err) : ERR_OK;
}

static enum err
look_in_file(const struct store *store, struct lookup *lookup,
    X509_STORE *found, STACK_OF(X509_CRL) **out, char why[128],
    struct error *err)
{
	size_t count;
	const int *copies = copies_of(lookup, &count);
	X509_LOOKUP *by = X509_STORE_add_lookup(found, X509_LOOKUP_file());
	char path[PATH_OF_FD_SIZE];

	if (by == NULL)
		return err_no_memory(err);
	lookup->is_off = count != 1 || !path_of(copies[0], path);
	if (lookup->is_off)
		return ERR_OK;
	if (X509_LOOKUP_load_file(by, path, X509_FILETYPE_PEM) > 0)
		return take_crls(found, store->root, out, err);
	/* It could not even be opened. */
	lookup->is_off = ERR_SYSTEM_ERROR(ERR_peek_error());
	if (lookup->is_off)
		return ERR_OK;
	TRY(tell_why(why, err));
	return take_crls(found, store->root, out, err);
}

static enum err
look_in_folder(const struct store *store, struct lookup *lookup,
    X509_STORE *found, STACK_OF(X509_CRL) **out, struct error *err)
{
	FREE_BY(release_slots) struct slots slots = {.fd = -1, .store = store};
	X509_LOOKUP *by = X509_STORE_add_lookup(found, X509_LOOKUP_hash_dir());
	bool is_made;

	if (by == NULL)
		return err_no_memory(err);
	TRY(make_slots(lookup, &slots, &is_made, err));
	lookup->is_off = !is_made;
	if (lookup->is_off)
		return remove_slots(&slots, err);
	if (X509_LOOKUP_add_dir(by, slots.path_of_fd, X509_FILETYPE_PEM) != 1)
		return err_no_memory(err);
	TRY(take_crls(found, store->root, out, err));
	/* A copy could not even be opened. */
	lookup->is_off = ERR_SYSTEM_ERROR(ERR_peek_error());
	if (lookup->is_off) {
		free_crls(out);
		*out = NULL;
	}
	return remove_slots(&slots, err);
}

enum err
lookup_crls(const struct store *store, struct lookup *lookup,
    STACK_OF(X509_CRL) **crls, char why[128], struct error *err)
{
	FREE_BY(free_store) X509_STORE *found = NULL;
	enum err code;

	*crls = NULL;
	why[0] = '\0';
	if (lookup->is_off)
		return ERR_OK;
	/* Errors that it leaves behind are of no use afterwards. */
	ERR_clear_error();
	found = X509_STORE_new();
	if (found == NULL)
		return err_no_memory(err);
	code = store->type->is_folder ?
	    look_in_folder(store, lookup, found, crls, err) :
	    look_in_file(store, lookup, found, crls, why, err);
	ERR_clear_error();
	return code;
}
