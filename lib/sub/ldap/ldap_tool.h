/* SPDX-License-Identifier: ISC */
/*
 * ldapsearch and ldapmodify, made ready for one server: which it is, how it is
 * trusted, and who we are.  Nothing of ldap.conf, .ldaprc and LDAP... in the
 * environment is heeded, and no secret stands in an argument.
 */
#pragma once

#include "base/process/process.h"
#include "site/config.h"

#define LDAP_PACKAGE "ldap-utils"
#define LDAP_WORDS_MAX 40
#define LDAP_TEXTS_MAX 8
#define LDAP_PASSED_MAX 4
#define LDAP_SYSTEM_CA "/etc/ssl/certs/ca-certificates.crt"

/* What is run; start from LDAP_TOOL_NONE.  It may not be moved. */
struct ldap_tool {
	const char *words[LDAP_WORDS_MAX];	/* NULL-terminated */
	size_t count;
	char texts[LDAP_TEXTS_MAX][32];	/* of the words that were made */
	size_t text_count;
	int passed[LDAP_PASSED_MAX];	/* the password, and files for TLS */
	size_t passed_count;
	int input;		/* -1: none */
	struct buffer printed;	/* that it goes on, which nobody reads */
	struct process process;	/* of all that, for process_run */
};

#define LDAP_TOOL_NONE {.input = -1}
#define RELEASE_LDAP_TOOL __attribute__((cleanup(ldap_tool_release)))

/*
 * Search for the entry of this name alone, whatever its class, and ask for its
 * attribute; "" is the entry that tells about the server.
 *
 * max_bytes  of what may be printed
 * output     receives it
 *
 * ERR_STORE, ERR_PERMISSIONS: a file that the store names is missing, or others
 * may read or write it; the password file is empty.
 */
MUST_CHECK enum err ldap_tool_search(const struct config_store *store,
    unsigned int timeout_s, const char *entry, const char *attribute,
    uint64_t max_bytes, struct buffer *output, struct ldap_tool *out,
    struct error *err);

/* Carry out changes in LDIF.  The same failures. */
MUST_CHECK enum err ldap_tool_change(const struct config_store *store,
    unsigned int timeout_s, struct span ldif, struct ldap_tool *out,
    struct error *err);

void ldap_tool_release(struct ldap_tool *tool);
