/* SPDX-License-Identifier: ISC */
/*
 * A file of a medium: written beside its name and renamed, then read back from
 * the device and compared; and the seals beside it.
 */
#pragma once

#include "base/digest.h"
#include "ferry/manifest.h"
#include "ferry/minisign.h"
#include "site/medium_folder.h"

/* Told now and then how far a long piece of work is.  Start from {0}. */
struct medium_progress {
	/* doing  "written" or "read back"; done and total in octets */
	void (*tell)(void *context, const char *doing, uint64_t done_bytes,
	    uint64_t total_bytes);
	void *context;
};

/* One piece of work that is told of; NULL if nobody listens. */
struct medium_work {
	const struct medium_progress *progress;	/* or NULL */
	const char *doing;
	uint64_t done_bytes;
	uint64_t total_bytes;
};

/* A file that is written and measured in one pass. */
struct medium_file {
	const struct medium_folder *folder;	/* borrowed */
	struct medium_work *work;		/* NULL, or told of it */
	struct manifest_file meant;
	struct sha256 *hash;
	char path[4096];			/* for messages */
	char temporary[MANIFEST_NAME_SIZE + 16];
	uint64_t unsynced_bytes;
	int fd;
};

#define MEDIUM_FILE_NONE {.fd = -1}
#define ABORT_MEDIUM_FILE __attribute__((cleanup(medium_file_abort)))

/*
 * The temporary, ".<name>.crlferry-new"; one that a killed run left goes
 * first.  ERR_NO_SPACE, ERR_IO.
 */
MUST_CHECK enum err medium_file_open(struct medium_file *file,
    const struct medium_folder *folder, const char *name, struct error *err);
MUST_CHECK enum err medium_file_write(struct medium_file *file,
    struct span in, struct error *err);

/*
 * fsync, then the final name.  That lasts once the folder is synced, which is
 * the caller's to do, for several files at once.  *out is what was meant.
 */
MUST_CHECK enum err medium_file_commit(struct medium_file *file,
    struct manifest_file *out, struct error *err);
void medium_file_abort(struct medium_file *file);

/* All of that at once. */
MUST_CHECK enum err medium_file_put(const struct medium_folder *folder,
    const char *name, struct span in, struct manifest_file *out,
    struct error *err);

#define MEDIUM_SEALS_MAX 16			/* of one file */
#define MEDIUM_PUT_MAX (1 + MEDIUM_SEALS_MAX)	/* files at once */

/* A file of a folder, as it is to be. */
struct medium_content {
	const char *name;
	struct span content;
};

/*
 * Write count files, at most MEDIUM_PUT_MAX, each of which lasts before the
 * next begins; then all of it is synced to the device and read back.
 */
MUST_CHECK enum err medium_put_all(const struct medium_folder *folder,
    const struct medium_content *files, size_t count, struct error *err);

/*
 * Read a file from the device, not from what the kernel remembers of it
 * (O_DIRECT; if the filesystem has none, after POSIX_FADV_DONTNEED), and
 * compare.  ERR_IO if it is not what was meant.
 *
 * work  may be NULL
 */
MUST_CHECK enum err medium_file_read_back(const struct medium_folder *folder,
    const struct manifest_file *meant, struct medium_work *work,
    struct error *err);

#define MEDIUM_SEAL_SUFFIX ".minisig"

/*
 * "<file>.<key id>.minisig", the key id in lower case; for key NULL
 * "<file>.minisig", where minisign(1) looks for a seal.
 *
 * file  a name that leaves room for that
 */
void medium_seal_name(const char *file, const struct minisign_public *key,
    char out[MANIFEST_NAME_SIZE]);

/* A file that is to be sealed; all borrowed. */
struct medium_sealed {
	const char *name;
	struct span content;
	const char *comment;	/* the trusted comment of every seal */
	bool has_plain_name;	/* the first seal is "<file>.minisig" */
};

/* Init {0} / release. */
struct medium_seals {
	struct buffer files[MEDIUM_SEALS_MAX];
	char names[MEDIUM_SEALS_MAX][MANIFEST_NAME_SIZE];
	size_t count;
};

#define RELEASE_MEDIUM_SEALS __attribute__((cleanup(medium_seals_release)))

/*
 * Seal with count open keys, 1 to MEDIUM_SEALS_MAX.  Errors: minisign_sign.
 *
 * files  receives the count files for medium_put_all, borrowed from *out
 */
MUST_CHECK enum err medium_seals_make(const struct medium_sealed *sealed,
    const struct minisign_secret *secrets, size_t count,
    struct medium_seals *out, struct medium_content *files,
    struct error *err);
void medium_seals_release(struct medium_seals *seals);

/*
 * Seal with count open keys and put the seals beside the file: each appears
 * whole or not at all, and is on the device once this returns.  Errors:
 * medium_seals_make, medium_put_all.
 */
MUST_CHECK enum err medium_seals_put(const struct medium_folder *folder,
    const struct medium_sealed *sealed, const struct minisign_secret *secrets,
    size_t count, struct error *err);
