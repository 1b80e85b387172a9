/* SPDX-License-Identifier: ISC */
/*
 * An entry of an LDAP server that holds the CRL: of OpenLDAP and the like
 * (RFC 4523), or of Active Directory.  ldapsearch and ldapmodify reach it.
 */
#include <string.h>

#include "sub/ldap/ldap_failure.h"
#include "sub/ldap/ldap_tool.h"
#include "sub/ldap/ldif.h"
#include "sub/store/store_consumer.h"
#include "sub/store/store_file.h"
#include "sub/store/store_judge.h"
#include "sub/store/store_remote.h"

#define ATTRIBUTE "certificateRevocationList"
#define ENTRY_CLASS "cRLDistributionPoint"
#define SERVER_ENTRY ""
#define SERVER_MAX_BYTES (64 * 1024)
#define CAPABILITIES "supportedCapabilities"
#define ACTIVE_DIRECTORY "1.2.840.113556.1.4.800"
#define LARGE_BYTES (1024 * 1024)	/* any server takes as many at once */

/* An entry that is being changed. */
struct changing {
	const struct store *store;
	bool is_ad;		/* the server is Active Directory's */
	const char *attribute;	/* as it wants it */
	bool is_refused;	/* the last change: nothing has become of it */
};

/* What an entry holds: LDIF.  *number is LDAP_DONE or LDAP_NO_ENTRY. */
static enum err
search(const struct store *store, const char *entry, const char *attribute,
    uint64_t max_bytes, struct buffer *ldif, int *number, struct error *err)
{
	RELEASE_LDAP_TOOL struct ldap_tool tool = LDAP_TOOL_NONE;
	struct process_result result;

	TRY(ldap_tool_search(store->config, store_timeout_s(store,
	    REMOTE_TIMEOUT_S), entry, attribute, max_bytes, ldif, &tool, err));
	TRY(remote_run(store, &tool.process, LDAP_PACKAGE, &result, err));
	if (result.is_cut)
		return err_remedy(err, err_fail(err, ERR_STORE, "the entry "
		    "holds more than a CRL may have"), "see what it is, or "
		    "raise max_crl_bytes");
	*number = ldap_result_number(&result);
	return *number == LDAP_DONE || *number == LDAP_NO_ENTRY ? ERR_OK :
	    ldap_fail(store->config, &result, err);
}

static enum err
read_entry(const struct store *store, struct ldif_entry *out,
    struct error *err)
{
	RELEASE_BUFFER struct buffer ldif = {0};
	struct error why = {0};
	int number = LDAP_DONE;

	/* Base64 of it, and the names around it. */
	TRY(search(store, store->config->entry, ATTRIBUTE,
	    store->max_crl_bytes / 2 * 3 + SERVER_MAX_BYTES, &ldif, &number,
	    err));
	if (number == LDAP_NO_ENTRY)
		return ERR_OK;
	if (ldif_read_entry(span_of_buffer(&ldif), ATTRIBUTE, out, &why) ==
	    ERR_OK)
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_STORE, "%s", why.what),
	    "an entry is for one CRL: give each CA one of its own, and name "
	    "it in `entry`");
}

static enum err
ldap_read(const struct store *store, struct store_reading *out,
    struct error *err)
{
	RELEASE_LDIF_ENTRY struct ldif_entry entry = {0};

	store_reading_start(store, out);
	TRY(read_entry(store, &entry, err));
	return remote_judge(store, span_of_buffer(&entry.value), out, err);
}

/* It says itself what it is, to anybody who asks. */
static enum err
look_at_server(struct changing *changing, struct error *err)
{
	RELEASE_LDIF_LINE struct ldif_line line = {0};
	RELEASE_BUFFER struct buffer ldif = {0};
	struct span rest;
	int number = LDAP_DONE;
	bool is_end;

	TRY(search(changing->store, SERVER_ENTRY, CAPABILITIES,
	    SERVER_MAX_BYTES, &ldif, &number, err));
	changing->is_ad = false;
	rest = span_of_buffer(&ldif);
	for (;;) {
		TRY(ldif_next(&rest, &line, &is_end, err));
		if (is_end)
			break;
		if (ldif_is(&line, CAPABILITIES) && span_equals(
		    span_of_buffer(&line.value),
		    span_of_text(ACTIVE_DIRECTORY)))
			changing->is_ad = true;
	}
	/* RFC 4523 2.1: elsewhere it is asked for, and given, in DER. */
	changing->attribute = changing->is_ad ? ATTRIBUTE :
	    ATTRIBUTE ";binary";
	return ERR_OK;
}

/*
 * Carry out one change, all of it or nothing.
 *
 * *number  the result, which the caller judges; NULL: anything but success is
 *          a failure
 */
static enum err
carry_out(struct changing *changing, const struct buffer *ldif, int *number,
    struct error *err)
{
	const struct store *store = changing->store;
	RELEASE_LDAP_TOOL struct ldap_tool tool = LDAP_TOOL_NONE;
	char words[PROCESS_WORDS_SIZE];
	struct process_result result;
	int found;

	changing->is_refused = false;
	TRY(ldap_tool_change(store->config, store_timeout_s(store,
	    REMOTE_TIMEOUT_S), span_of_buffer(ldif), &tool, err));
	TRY(remote_run(store, &tool.process, LDAP_PACKAGE, &result, err));
	found = ldap_result_number(&result);
	process_words(&result, words);
	/* It let us read before. */
	if (found == LDAP_UNREACHABLE && ldif->size > LARGE_BYTES)
		return err_remedy(err, err_fail(err, ERR_STORE, "the server "
		    "hung up when it was sent %zu octets: %s", ldif->size,
		    words), "let it take more at once (OpenLDAP: "
		    "olcSockbufMaxIncomingAuth)");
	changing->is_refused = found > LDAP_DONE;
	if (number != NULL)
		*number = found;
	return found == LDAP_DONE || (number != NULL &&
	    (found == LDAP_NO_ENTRY || found == LDAP_HAS_ENTRIES_BELOW)) ?
	    ERR_OK : ldap_fail(store->config, &result, err);
}

static enum err
replace(struct changing *changing, struct span der, struct error *err)
{
	RELEASE_BUFFER struct buffer ldif = {0};

	TRY(ldif_replace(&ldif, changing->store->config->entry,
	    changing->attribute, der, err));
	return carry_out(changing, &ldif, NULL, err);
}

/* Back to what it held, or to no CRL in it. */
static enum err
put_back(const struct store *store, struct span before, struct span installed,
    struct error *err)
{
	struct changing changing = {.store = store};

	TRY(look_at_server(&changing, err));
	return replace(&changing, before, err);
}

/* An entry that we made, if it is there, and nobody needs it. */
static enum err
take_away(const struct store *store, const char *entry, struct error *err)
{
	struct changing changing = {.store = store};
	RELEASE_BUFFER struct buffer ldif = {0};
	int number;

	TRY(ldif_begin(&ldif, entry, "delete", err));
	return carry_out(&changing, &ldif, &number, err);
}

static enum err
put_back_nothing(const struct store *store, struct span before,
    struct span installed, struct error *err)
{
	return take_away(store, store->config->entry, err);
}

static enum err
put_back_container(const struct store *store, struct span before,
    struct span installed, struct error *err)
{
	return take_away(store, ldif_parent(store->config->entry), err);
}

static enum err
put_back_nothing_within(const struct store *store, struct span before,
    struct span installed, struct error *err)
{
	TRY(put_back_nothing(store, before, installed, err));
	return put_back_container(store, before, installed, err);
}

static enum err
add_entry(struct changing *changing, struct span der, int *number,
    struct error *err)
{
	RELEASE_BUFFER struct buffer ldif = {0};

	TRY(ldif_begin(&ldif, changing->store->config->entry, "add", err));
	TRY(ldif_put(&ldif, "objectClass", span_of_text(ENTRY_CLASS), err));
	TRY(ldif_put(&ldif, changing->attribute, der, err));
	return carry_out(changing, &ldif, number, err);
}

/* Named after the machine of the CA, as AD CS does it. */
static enum err
add_container(struct changing *changing, struct error *err)
{
	RELEASE_BUFFER struct buffer ldif = {0};

	TRY(ldif_begin(&ldif, ldif_parent(changing->store->config->entry),
	    "add", err));
	TRY(ldif_put(&ldif, "objectClass", span_of_text("container"), err));
	return carry_out(changing, &ldif, NULL, err);
}

/* What the server refused needs no undoing, but what was done before it. */
static enum err
settle(const struct changing *changing, enum err code, store_put_back *before,
    struct store_change *change)
{
	if (code != ERR_OK && changing->is_refused)
		change->put_back = before;
	return code;
}

/* With a container around it, if Active Directory lacks that too. */
static enum err
create(struct changing *changing, struct span der,
    struct store_change *change, struct error *err)
{
	const bool may_make_both = changing->is_ad &&
	    ldif_parent(changing->store->config->entry) != NULL;
	int number = LDAP_DONE;

	change->put_back = put_back_nothing;
	TRY(settle(changing, add_entry(changing, der, may_make_both ? &number :
	    NULL, err), NULL, change));
	if (number == LDAP_DONE)
		return ERR_OK;
	change->put_back = put_back_container;
	TRY(settle(changing, add_container(changing, err), NULL, change));
	change->put_back = put_back_nothing_within;
	return settle(changing, add_entry(changing, der, NULL, err),
	    put_back_container, change);
}

static enum err
check_found(const struct store *store, bool is_found, struct error *err)
{
	if (is_found || store->config->is_created)
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_STORE, "the server has no "
	    "such entry, or does not show it to us"), "correct "
	    "`entry`, or set create = true for the store, so that it is made");
}

static enum err
ldap_install(const struct store *store, const struct store_crl *crl,
    struct store_change *change, struct error *err)
{
	RELEASE_LDIF_ENTRY struct ldif_entry entry = {0};
	struct changing changing = {.store = store};
	bool is_same;

	TRY(read_entry(store, &entry, err));
	TRY(remote_begin(store, span_of_buffer(&entry.value), crl, change,
	    &is_same, err));
	if (is_same)
		return ERR_OK;
	TRY(check_found(store, entry.is_found, err));
	TRY(look_at_server(&changing, err));
	if (changing.is_ad)
		TRY(ldap_check_ad_size(crl->der.size, err));
	if (!entry.is_found)
		return create(&changing, crl->der, change, err);
	change->put_back = put_back;
	return settle(&changing, replace(&changing, crl->der, err), NULL,
	    change);
}

const struct store_type store_ldap = {
    .name = "ldap", .is_remote = true, .is_networked = true,
    .read = ldap_read, .install = ldap_install, .confirm = consumer_confirm,
    .describe = store_describe,
};
