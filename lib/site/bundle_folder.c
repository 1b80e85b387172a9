/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/listing.h"
#include "site/bundle_folder.h"

/* Never out of the folder, through a link or onto another filesystem. */
static int
open_beneath(int folder, const char *name, int flags)
{
	struct open_how how = {
	    .flags = (unsigned int)(flags | O_CLOEXEC | O_NOFOLLOW),
	    .resolve = (uint64_t)RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
		RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
	};

	return (int)syscall(SYS_openat2, folder, name, &how, sizeof(how));
}

int
bundle_open_beneath(int folder, const char *name, int flags)
{
	CLOSE_FD int path_fd = -1;

	if ((flags & O_DIRECTORY) != 0)
		return open_beneath(folder, name, flags);
	path_fd = open_beneath(folder, name, O_PATH);
	return path_fd < 0 ? -1 : file_reopen(path_fd, flags);
}

enum err
bundle_fail_beneath(const char *path, struct error *err)
{
	static const int strange[] = {ENOENT, ENOTDIR, ELOOP, EXDEV};
	size_t i;

	for (i = 0; i < COUNT_OF(strange); i++) {
		if (errno == strange[i])
			return err_fail(err, ERR_FORMAT, "%s: want a folder, "
			    "have: %s", path, strerror(errno));
	}
	return file_fail(err, path, "open");
}

static enum err
check_file(int fd, const char *subject, uint64_t max_bytes,
    struct stat *st, struct error *err)
{
	if (fstat(fd, st) != 0)
		return file_fail(err, subject, "look at");
	if (!S_ISREG(st->st_mode))
		return err_fail(err, ERR_FORMAT,
		    "%s: want a regular file, have something else", subject);
	if (st->st_nlink != 1)
		return err_fail(err, ERR_FORMAT,
		    "%s: want one link, have %lu", subject,
		    (unsigned long)st->st_nlink);
	if ((uint64_t)st->st_size > max_bytes)
		return err_fail(err, ERR_FORMAT,
		    "%s: want at most %llu octets, have %llu", subject,
		    (unsigned long long)max_bytes,
		    (unsigned long long)st->st_size);
	return ERR_OK;
}

/*
 * Copy the first size octets, wherever the descriptor stands, and refuse a
 * file that ends before.
 */
static enum err
copy_octets(int from, int to, const char *subject, uint64_t size,
    struct error *err)
{
	RELEASE_BUFFER struct buffer chunk = {0};
	uint64_t done = 0;
	enum err code;

	code = buffer_reserve(&chunk, 1024 * 1024, err);
	while (code == ERR_OK && done < size) {
		size_t want = size - done < chunk.capacity ?
		    (size_t)(size - done) : chunk.capacity;
		ssize_t got = pread(from, chunk.data, want, (off_t)done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return file_fail(err, subject, "read");
		if (got == 0)
			return err_fail(err, ERR_FORMAT,
			    "%s: want %llu octets, have %llu", subject,
			    (unsigned long long)size,
			    (unsigned long long)done);
		code = file_write_all(to, subject,
		    (struct span){chunk.data, (size_t)got}, err);
		done += (uint64_t)got;
	}
	return code;
}

enum err
bundle_load_file(int fd, const char *folder, const char *name,
    uint64_t max_bytes, struct bundle_member *out, struct error *err)
{
	CLOSE_FD int memory = -1;
	char subject[4096];
	struct stat st;
	enum err code;

	code = file_join(subject, sizeof(subject), folder, name, err);
	if (code == ERR_OK)
		code = check_file(fd, subject, max_bytes, &st, err);
	if (code != ERR_OK)
		return code;
	memory = memfd_create("crlferry", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (memory < 0)
		return file_fail(err, subject, "hold");
	/* What was just written is to come from the device; a mere wish. */
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	code = copy_octets(fd, memory, subject, (uint64_t)st.st_size, err);
	if (code != ERR_OK)
		return code;
	if (fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW |
	    F_SEAL_WRITE | F_SEAL_SEAL) != 0)
		return file_fail(err, subject, "seal in memory");
	snprintf(out->name, sizeof(out->name), "%s", name);
	out->size_bytes = (uint64_t)st.st_size;
	out->fd = memory;
	memory = -1;
	return ERR_OK;
}

enum err
bundle_load_named(int folder, const char *path, const char *name,
    uint64_t max_bytes, struct bundle_member *out, struct error *err)
{
	CLOSE_FD int fd = bundle_open_beneath(folder, name, O_RDONLY);
	const int number = errno;
	char subject[4096];
	const char *what;

	if (fd < 0) {
		TRY(file_join(subject, sizeof(subject), path, name, err));
		if (file_is_irregular(number, &what))
			return err_fail(err, ERR_FORMAT, "%s: want a regular "
			    "file, have %s", subject, what);
		if (number == EXDEV)
			return err_fail(err, ERR_FORMAT, "%s: is on another "
			    "filesystem than the rest of the medium", subject);
		errno = number;
		return file_fail(err, subject, "open");
	}
	return bundle_load_file(fd, path, name, max_bytes, out, err);
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
	int part;

	for (part = 0; part < BUNDLE_PART_COUNT; part++) {
		bundle_part_name((enum bundle_part)part, root, expected);
		if (strcmp(expected, name) == 0)
			return true;
	}
	return false;
}

/* What a writer that was killed left: never opened. */
static bool
is_temporary(const char *root, const char *name)
{
	char inner[MANIFEST_NAME_SIZE];

	if (!bundle_is_temporary_name(name))
		return false;
	snprintf(inner, sizeof(inner), "%.*s",
	    (int)(strlen(name) - strlen(".") - strlen(".crlferry-new")),
	    name + 1);
	return bundle_is_part_name(root, inner) || bundle_is_seal_name(inner);
}

/* What a folder holds: seals are loaded, a stranger's file is refused. */
static enum err
load_seals(int folder, const char *root, struct bundle *bundle,
    struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	const char *name;
	enum err code;

	code = listing_open_at(folder, bundle->path, &listing, err);
	while (listing_next(&listing, &name, &code, err)) {
		if (bundle_is_part_name(root, name) ||
		    is_temporary(root, name))
			continue;
		if (!bundle_is_seal_name(name) ||
		    bundle->seal_count == BUNDLE_SEALS_MAX)
			return err_fail(err, ERR_FORMAT, "%s/%s: want only "
			    "the files of a bundle, have one more: remove it",
			    bundle->path, name);
		code = bundle_load_named(folder, bundle->path, name,
		    MINISIGN_FILE_MAX, &bundle->seals[bundle->seal_count],
		    err);
		if (code == ERR_OK)
			bundle->seal_count++;
	}
	return code;
}

enum err
bundle_load_folder(int folder, const char *root, uint64_t max_crl_bytes,
    struct bundle *bundle, struct error *err)
{
	const uint64_t caps[BUNDLE_PART_COUNT] = {
	    [BUNDLE_CRL] = max_crl_bytes,
	    [BUNDLE_CRL_PEM] = max_crl_bytes + max_crl_bytes / 2,
	    [BUNDLE_CERT] = BUNDLE_SMALL_MAX,
	    [BUNDLE_README] = BUNDLE_SMALL_MAX,
	    [BUNDLE_MANIFEST] = MANIFEST_MAX_BYTES,
	    [BUNDLE_SUMS] = BUNDLE_SMALL_MAX,
	};
	char name[MANIFEST_NAME_SIZE];
	enum err code;
	int part;

	code = load_seals(folder, root, bundle, err);
	for (part = 0; code == ERR_OK && part < BUNDLE_PART_COUNT; part++) {
		bundle_part_name((enum bundle_part)part, root, name);
		code = bundle_load_named(folder, bundle->path, name,
		    caps[part], &bundle->parts[part], err);
	}
	return code;
}
