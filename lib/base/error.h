/* SPDX-License-Identifier: ISC */
/* Every failure once: exit status, stable token, one-line remedy. */
#pragma once

#include <stdbool.h>

#define MUST_CHECK __attribute__((warn_unused_result))

/*
 * X(name, exit status, token, remedy).  Tokens and statuses are a contract
 * with scripts; the man pages are checked against this table.
 */
#define ERRORS(X) \
	X(OK, 0, "ok", "") \
	X(USAGE, 64, "usage", "run it with --help to see what it takes") \
	X(FORMAT, 65, "format", "the file is damaged, or of another " \
	    "version: get it again from its source, or upgrade") \
	X(SIGNATURE, 65, "signature", "not signed by the configured root: do " \
	    "not install it, ask where it came from") \
	X(SEAL, 65, "seal", "find out who wrote it; check seal.trusted or " \
	    "note_key; `seal` adds a seal, bare does without") \
	X(ISSUER, 65, "issuer", "it is another CA's: check the root's " \
	    "certificate in the configuration") \
	X(ALGORITHM, 65, "algorithm", "use RSA, RSA-PSS or ECDSA with " \
	    "SHA-256, SHA-384 or SHA-512, Ed25519, ML-DSA or SLH-DSA") \
	X(DIGEST, 65, "digest", "a file of the bundle is damaged or was " \
	    "exchanged: export the bundle again") \
	X(KEY, 65, "key", "check the configured key and its passphrase or " \
	    "PIN; without a terminal: --passphrase-fd") \
	X(MISSING, 66, "missing", "check the path and the name") \
	X(STORE, 69, "store", "mend the store, then run the same command " \
	    "again") \
	X(HOOK, 69, "hook", "run the command by hand to see why it fails, " \
	    "then run this again") \
	X(IO, 74, "io", "check the device and the system log, then try again") \
	X(NO_SPACE, 74, "no-space", "make room, then run the same command " \
	    "again") \
	X(LOCKED, 75, "locked", "another crlferry is at work: wait for it, " \
	    "then try again") \
	X(ROLLBACK, 77, "rollback", "older than what was accepted: fetch the " \
	    "newest, or see RECOVERING in the manual") \
	X(JUMP, 77, "jump", "the number leaps further than max_number_jump: " \
	    "ask the root's operator") \
	X(EXPIRED, 77, "expired", "a newer CRL is needed: issue one on the " \
	    "root's machine") \
	X(NOT_YET_VALID, 77, "not-yet-valid", "set this machine's clock, or " \
	    "wait until thisUpdate") \
	X(CLOCK, 77, "clock", "set the clock; if it is right: --confirm-date " \
	    "if it seems late, --discard-evidence if early") \
	X(SHRUNK, 77, "shrunk", "restore the index, or allow each serial: " \
	    "--acknowledge-removed (subordinate: --accept-removed)") \
	X(SCOPE, 77, "scope", "issue a complete CRL for all certificates and " \
	    "all reasons") \
	X(NETWORK, 77, "network", "take the interfaces down, or set air_gap " \
	    "or air_gap_allow") \
	X(MEDIUM, 77, "medium", "mount the stick, writable and with room; " \
	    "--allow-fixed-disk takes any folder") \
	X(REGRESSED, 77, "regressed", "this root was restored from an old " \
	    "backup, or its state was changed: see RECOVERING") \
	X(WEAK, 77, "weak", "MD5 and SHA-1 are not accepted: sign with " \
	    "SHA-256 or better") \
	X(PERMISSIONS, 77, "permissions", "when that is mended, run the same " \
	    "command again") \
	X(DECLINED, 77, "declined", "run the same command again") \
	X(CONFIG, 78, "config", "correct that line of the configuration")

enum err {
#define X(name, status, token, remedy) ERR_##name,
	ERRORS(X)
#undef X
	ERR_COUNT
};

/*
 * Why something failed.  Written only on failure, never allocated.
 *
 * what     one printable line: what is wrong, with its name and value
 * remedy   what to do about it, one printable line; empty: the token's remedy
 * number   errno of the call that failed; 0 for all that was judged here
 */
struct error {
	enum err code;
	int number;
	char what[512];
	char remedy[256];
};

/*
 * Pass a failure on: TRY(call(..., err)); returns its code early, from a
 * function that returns enum err and holds nothing that is not released by
 * attribute.
 */
#define TRY(call) \
	do { \
		enum err try_code = (call); \
		if (try_code != ERR_OK) \
			return try_code; \
	} while (0)

/* The process exit status of a code, 0..78 (sysexits.h if one fits). */
int error_status(enum err code);

/* The stable token of a code: "rollback". */
const char *error_token(enum err code);

/* One line that says what to do about it; empty for ERR_OK. */
const char *error_remedy(enum err code);

/* The failure's own remedy; its token's, if the place knew no better one. */
const char *error_advice(const struct error *error);

#define ERROR_LINE_SIZE 800

/*
 * What is wrong, and what to do if the place knew it, in one line: for a
 * notice, which has no remedy of its own.  Returns out.
 */
const char *error_line(const struct error *error, char out[ERROR_LINE_SIZE]);

/* True for a value that the table holds. */
bool error_is_known(unsigned int code);

/*
 * Record a failure and return its code, so that a caller can write
 * `return err_fail(err, ERR_FORMAT, "%s is %s, not a CRL", ...)`.
 * Control characters in the text become '?'.  err may be NULL.
 */
enum err err_fail(struct error *err, enum err code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Say what to do about the failure that was just recorded, if the place knows
 * it better than the token; returns code, nothing on ERR_OK.  err may be NULL.
 *
 *	return err_remedy(err, err_fail(err, ERR_CLOCK, ...), "...", ...);
 */
enum err err_remedy(struct error *err, enum err code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Pass on a failure that was kept in another struct; returns its code. */
enum err err_copy(struct error *err, const struct error *why);

/* Nothing could be allocated: ERR_IO. */
enum err err_no_memory(struct error *err);

/*
 * Put "subject: " before the text of a failure, for a caller that knows which
 * file or root it was about, and return its code; nothing on ERR_OK.  err may
 * be NULL.
 */
enum err err_about(struct error *err, enum err code, const char *subject);
