/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/shell_word.h"
#include "sub/ldap/ldap_failure.h"
#include "sub/ldap/ldap_tool.h"

#define STARTTLS_FAILED "ldap_start_tls: "
#define TLS_FAILED "TLS: "
#define OPERATIONS_ERROR 1
#define NO_PROTECTION 8
#define NO_CREDENTIALS 49
#define NO_RIGHTS 50
#define AD_MAX_BYTES 10485760	/* rangeUpper of certificateRevocationList */

/* What ends a remedy. */
enum advice {
	ADVICE_ALONE,
	ADVICE_PASSWORD,	/* the password's file */
	ADVICE_WHO,		/* the name that we bind with */
	ADVICE_ENTRY,
	ADVICE_URL,
	ADVICE_LOOK,		/* a command that shows the certificate */
};

/* Why it failed. */
struct failure {
	int number;
	const char *what;
	const char *remedy;
	enum advice advice;
};

#define SIGN_IN "set `bind` and `password_file` of the store, or `sasl`"
#define ENCRYPT "set starttls = true, or use ldaps:// and `ca`"

static const struct failure failures[] = {
    {LDAP_UNREACHABLE, "the server cannot be reached", "see that it runs, and "
	"that `url` is right: ", ADVICE_URL},
    {-2, "signing in failed on this machine", "get a Kerberos ticket (kinit, "
	"or a keytab in KRB5_CLIENT_KTNAME) as the user that runs this, and "
	"see that `url` has the name that Kerberos knows: ", ADVICE_URL},
    {-5, "the server does not answer", "see that it runs: ", ADVICE_URL},
    {-6, "this machine lacks that way of signing in", "for sasl = "
	"\"external\" set tls_certificate and tls_key, or use ldapi://; for "
	"\"gssapi\": apt-get install libsasl2-modules-gssapi-mit",
	ADVICE_ALONE},
    {OPERATIONS_ERROR, "the server wants us to sign in", SIGN_IN,
	ADVICE_ALONE},
    {3, "the server took too long", "see why, or set `timeout` of the store",
	ADVICE_ALONE},
    {7, "the server does not offer that way of signing in", "set `bind` and "
	"`password_file` of the store in place of `sasl`", ADVICE_ALONE},
    {NO_PROTECTION, "the server wants TLS, or wants us to sign in", ENCRYPT
	", and " SIGN_IN, ADVICE_ALONE},
    {10, "this server has only a copy, and refers to another one",
	"use in `url` the one that it names", ADVICE_ALONE},
    {13, "the server wants TLS", ENCRYPT, ADVICE_ALONE},
    {17, "the server knows no certificateRevocationList", "load the schema "
	"that has it (OpenLDAP: core)", ADVICE_ALONE},
    {21, "the server does not take it as a CRL", "see its log: ",
	ADVICE_URL},
    {LDAP_NO_ENTRY, "there is no entry above it", "correct `entry`, or make "
	"what is above ", ADVICE_ENTRY},
    {34, "`entry` is no distinguished name", "correct `entry` of the store: ",
	ADVICE_ENTRY},
    {48, "the server refuses that way of signing in", SIGN_IN, ADVICE_ALONE},
    {NO_CREDENTIALS, "the server does not take this name with this password",
	"correct `bind`, or the password in ", ADVICE_PASSWORD},
    {NO_RIGHTS, "this user may not do that", "on the server, let it read and "
	"write certificateRevocationList of the entry, and, with `create`, "
	"make entries above it: ", ADVICE_WHO},
    {51, "the server is busy", "run the same command again", ADVICE_ALONE},
    {52, "the server is not available", "run the same command again when it "
	"is: ", ADVICE_URL},
    {53, "the server will not do it", "see what it says, and its log: ",
	ADVICE_URL},
    {64, "an entry that is made has to be named by its cn", "correct `entry` "
	"of the store: ", ADVICE_ENTRY},
    {65, "an entry of this object class cannot hold a CRL", "on the server, "
	"add the object class pkiCA to it: ", ADVICE_ENTRY},
    {LDAP_ENTRY_EXISTS, "somebody else has just made the entry", "run the "
	"same command again", ADVICE_ALONE},
};

static const struct failure no_starttls = {0, "the server offers no StartTLS, "
	"or somebody on the way hides it; nothing was sent to it",
	"see that the server has a certificate, or use ldaps://: ",
	ADVICE_URL};
static const struct failure no_tls = {0, "TLS failed: the server's "
	"certificate is not of a CA in `ca`, is not for the name in `url`, or "
	"has expired", "see it by: ", ADVICE_LOOK};
static const struct failure doubled = {0, "the server does not take Kerberos "
	"within TLS", "leave starttls out of the store, with an ldap:// URL: "
	"Kerberos itself protects what is said", ADVICE_ALONE};
static const struct failure no_trust = {0, "the server does not take what "
	"`sasl` says about us", "see its log: ", ADVICE_URL};
static const struct failure unknown = {0, "it failed", "see what the server "
	"says, and its log: ", ADVICE_URL};

int
ldap_result_number(const struct process_result *result)
{
	const char *starttls = strstr(result->output, STARTTLS_FAILED);
	const char *digits = starttls == NULL ? NULL : strchr(starttls, '(');

	/* The tools end with 1 then, whatever it was. */
	if (result->status == 1 && digits != NULL)
		return atoi(digits + 1);
	return result->status > 127 ? result->status - 256 : result->status;
}

static const struct failure *
find(const struct config_store *store, const struct process_result *result)
{
	const bool is_anonymous = store->bind == NULL && store->sasl == NULL;
	int number = ldap_result_number(result);

	if (number < 0 && strstr(result->output, TLS_FAILED) != NULL)
		return &no_tls;
	if (strstr(result->output, STARTTLS_FAILED) != NULL && number > 0)
		return &no_starttls;
	/* That is also how the tools end if they do not understand us. */
	if (number == OPERATIONS_ERROR && (!is_anonymous ||
	    strstr(result->output, "(1)") == NULL))
		return &unknown;
	if (number == NO_PROTECTION && store->sasl != NULL &&
	    strcmp(store->sasl, "gssapi") == 0)
		return &doubled;
	if (number == NO_CREDENTIALS && store->bind == NULL)
		return &no_trust;
	if (number == NO_RIGHTS && is_anonymous)
		number = OPERATIONS_ERROR;
	for (size_t i = 0; i < COUNT_OF(failures); i++) {
		if (failures[i].number == number)
			return &failures[i];
	}
	return &unknown;
}

/* What openssl is asked, to see a server's certificate. */
static void
word_look(const struct config_store *store, struct buffer *out)
{
	const bool is_ldaps = strncmp(store->url, "ldaps:", 6) == 0;
	const char *host = strstr(store->url, "://") + 3;
	const size_t size = strcspn(host, "/");
	const size_t name = host[0] == '[' ? strcspn(host, "]") : 0;

	if (buffer_appendf(out, NULL, "openssl s_client -connect %.*s%s%s "
	    "-CAfile ", (int)size, host, memchr(host + name, ':', size - name)
	    != NULL ? "" : is_ldaps ? ":636" : ":389", is_ldaps ? "" :
	    " -starttls ldap") == ERR_OK && shell_word_append(out,
	    store->ca != NULL ? store->ca : LDAP_SYSTEM_CA, NULL) == ERR_OK)
		return;
	out->size = 0;
}

static void
word_advice(const struct config_store *store, enum advice advice,
    struct buffer *out)
{
	const char *word = "";

	switch (advice) {
	case ADVICE_PASSWORD:
		word = store->password_file;
		break;
	case ADVICE_WHO:
		word = store->bind != NULL ? store->bind :
		    "whom `sasl` makes us";
		break;
	case ADVICE_ENTRY:
		word = store->entry;
		break;
	case ADVICE_URL:
		word = store->url;
		break;
	case ADVICE_LOOK:
		word_look(store, out);
		break;
	case ADVICE_ALONE:
		break;
	}
	if (word == NULL || buffer_append_text(out, word, NULL) != ERR_OK ||
	    buffer_append(out, "", 1, NULL) != ERR_OK)
		buffer_release(out);
}

enum err
ldap_fail(const struct config_store *store,
    const struct process_result *result, struct error *err)
{
	const struct failure *failure = find(store, result);
	RELEASE_BUFFER struct buffer advice = {0};
	char words[PROCESS_WORDS_SIZE];

	process_words(result, words);
	if (words[0] == '\0')
		snprintf(words, sizeof(words), "the tool ends with status %d, "
		    "and says no more", result->status);
	word_advice(store, failure->advice, &advice);
	return err_remedy(err, err_fail(err, ERR_STORE, "%s: %s",
	    failure->what, words), "%s%s", failure->remedy,
	    advice.data == NULL ? "" : (const char *)advice.data);
}

enum err
ldap_check_ad_size(size_t size, struct error *err)
{
	if (size <= AD_MAX_BYTES)
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_STORE, "the CRL has %zu "
	    "octets, and Active Directory takes one of at most %d", size,
	    AD_MAX_BYTES), "take this store out of the configuration, and "
	    "publish the CRL by HTTP alone; a new key for the root begins "
	    "with an empty one");
}
