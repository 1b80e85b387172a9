/* SPDX-License-Identifier: ISC */
/*
 * The configuration: one libconfig file, one schema for both programs.
 * crlferry.cfg(5) describes every key.
 */
#pragma once

#include "base/bytes.h"
#include "base/number.h"
#include "base/utc.h"
#include "plan/schedule.h"

#define CONFIG_DEFAULT_PATH "/etc/crlferry/crlferry.cfg"
#define CONFIG_VERSION 1
#define CONFIG_MAX_BYTES (1024 * 1024)

enum air_gap {
	AIR_GAP_REQUIRE,
	AIR_GAP_WARN,
	AIR_GAP_OFF,
};

enum sandbox {
	SANDBOX_TRY,
	SANDBOX_REQUIRE,
	SANDBOX_OFF,
};

/* A list of words; an argv has a NULL behind the last. */
struct config_words {
	const char **words;
	size_t count;
};

/* Paths in all of these are resolved against the file's folder. */
struct config_store {
	unsigned int line;		/* where its group stands */
	uint32_t given;			/* its keys that stand there, a bit
					 * each, in the order of their table */
	const char *type;		/* one of config_store_types */
	/*
	 * Where it is: a file or folder; "sql:" and a folder; a URL, of LDAP
	 * with the entry in it (RFC 4516); the words of `install`.
	 */
	const char *path;
	struct config_words reload;	/* argv, empty for none */
	struct config_words verify;
	struct duration timeout;	/* of one program; {0}: its default */

	const char *password_file;	/* nss, ldap: path, NULL for none */
	const char *url;		/* ldap: of the server; url */
	const char *ca;			/* ldap, url: PEM file, NULL for none */
	const char *entry;		/* ldap: distinguished name */
	const char *bind;		/* ldap: name, NULL for none */
	const char *sasl;		/* ldap: "external", "gssapi" or NULL */
	const char *tls_certificate;	/* ldap: our own, path or NULL */
	const char *tls_key;
	bool has_starttls;		/* ldap */
	bool is_created;	/* ldap: its entry, if it is not there */
	struct config_words read_back;	/* ldap: URLs of further servers */
	bool is_replica;		/* ldap: one of these, only read */
	struct config_words install;	/* command: argv */
	struct config_words read;
};

struct config_subordinate {
	unsigned int line;		/* where its group stands */
	const char *name;
	bool is_retired;
	const char *certificate;	/* path, NULL for none */
	const char *note_key;		/* "RWQ..." or a path, NULL for none */
	const char *note_secret;	/* path, NULL for none */
	struct config_store *stores;
	size_t store_count;
};

struct config_signing {
	const char *key;		/* path */
	const char *index;
	const char *crlnumber;
	unsigned int crlnumber_line;
	const char *digest;		/* NULL: the key's own */
	struct duration backdate;
};

struct config_root {
	unsigned int line;		/* where its group stands */
	const char *name;		/* [a-z0-9-]{1,32} */
	const char *certificate;	/* path */
	const char *schedule_name;
	unsigned int schedule_line;	/* 0: it is the default */
	const char *schedule_path;	/* the file that it was found in */
	struct schedule schedule;
	const char *profile;		/* "rfc5280" or "br" */
	const char *published_as;
	bool is_microsoft;		/* CRLs get AD CS's extensions */
	bool is_bare_allowed;
	struct number max_number_jump;	/* 0: no limit */
	struct config_signing *signing;	/* NULL: another program signs */
	struct config_subordinate *subordinates;
	size_t subordinate_count;
};

struct config_seal {
	unsigned int line;		/* 1: there is no such group */
	struct config_words secret;	/* paths */
	struct config_words trusted;	/* "RWQ..." or paths */
	unsigned int required;		/* 1..16 different public keys */
	unsigned int required_line;	/* 0: it is the default */
};

/* Everything is owned by the config; new/free. */
struct config {
	const char *path;
	const char *option;		/* see config_option */
	const char *folder;
	const char *state;		/* folder */
	enum air_gap air_gap;
	struct config_words air_gap_allow;
	enum sandbox sandbox;
	uint64_t max_crl_bytes;
	struct config_seal seal;
	struct config_root *roots;
	size_t root_count;
	void **owned;			/* every allocation above */
	size_t owned_count;
};

/* The types of stores, which sub/store has a table of; NULL ends them. */
extern const char *const config_store_types[];

#define FREE_CONFIG __attribute__((cleanup(config_free_at)))

/*
 * Load a file that only its owner may write.
 *
 * ERR_CONFIG names file:line: syntax, an unknown, repeated, missing or
 * mistyped key, a value out of range, an unknown version, an integer too long
 * for libconfig, @include (which libconfig would resolve against the working
 * directory).  ERR_MISSING, ERR_PERMISSIONS for the file itself.
 */
MUST_CHECK enum err config_load(const char *path, struct config **out,
    struct error *err);
void config_free(struct config *config);
void config_free_at(struct config **config);

/*
 * The option by which a command finds this configuration again, for messages
 * that name one ("crlferry-root issue%s corp"): " --config FILE", quoted for
 * the shell; empty for the default file.
 */
const char *config_option(const struct config *config);

/* The root of this name, NULL if there is none. */
const struct config_root *config_find_root(const struct config *config,
    const char *name);

/*
 * The file that a root's schedule is read from: beside the configuration, else
 * an installed one.  ERR_CONFIG if there is none.
 */
MUST_CHECK enum err config_find_schedule(const struct config *config,
    const struct config_root *root, char *out, size_t capacity,
    struct error *err);

/* Is the word in the list?  NULL: there is no list. */
bool config_words_has(const struct config_words *words, const char *word);

/* Is it [a-z0-9-]{1,32}? */
bool config_is_name(const char *name);

/* Would a root of this name be in the way of a file in the state folder? */
bool config_is_reserved(const char *name);
