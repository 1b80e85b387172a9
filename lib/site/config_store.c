/* SPDX-License-Identifier: ISC */
/* Which keys a store of each type has, and what they make of it. */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "pki/url/cdp_url.h"
#include "pki/url/ldap_url.h"
#include "site/config_keys.h"

#define TIMEOUT_MAX_S 3600

/* Keys with blanks between them. */
struct store_rule {
	const char *type;
	const char *needs;
	const char *takes;
};

#define EVERYWHERE "type reload verify timeout"

static const struct store_rule rules[] = {
    {"hashdir", "path", EVERYWHERE},
    {"pem", "path", EVERYWHERE},
    {"der", "path", EVERYWHERE},
    {"nss", "path", EVERYWHERE " password_file"},
    {"ldap", "url entry", EVERYWHERE " starttls ca bind password_file sasl "
	"tls_certificate tls_key create read_back"},
    {"command", "install read", EVERYWHERE},
    {"url", "url", "type timeout ca"},
};

/* One store that is being completed. */
struct completing {
	struct config *config;
	struct config_store *store;
};

static enum err
refuse(const struct completing *completing, struct error *err,
    const char *what)
{
	return err_fail(err, ERR_CONFIG, "%s:%u: store: %s",
	    completing->config->path, completing->store->line, what);
}

static bool
has_word(const char *words, const char *word)
{
	const size_t size = strlen(word);

	for (const char *at = words; (at = strstr(at, word)) != NULL; at++) {
		if ((at == words || at[-1] == ' ') &&
		    (at[size] == ' ' || at[size] == '\0'))
			return true;
	}
	return false;
}

/* A list without words says as little as none. */
static bool
is_filled(const struct config_store *store, const struct key *key)
{
	const void *value = (const char *)store + key->offset;

	return key->kind == KEY_ARGV ?
	    ((const struct config_words *)value)->count > 0 :
	    *(const char *const *)value != NULL;
}

static enum err
check_keys(const struct completing *completing, struct error *err)
{
	const struct config_store *store = completing->store;
	const struct store_rule *rule = rules;

	while (strcmp(rule->type, store->type) != 0)
		rule++;
	for (size_t i = 0; i < store_table.key_count; i++) {
		const struct key *key = &store_table.keys[i];
		const bool is_needed = has_word(rule->needs, key->name);
		char what[128];

		if (is_needed ? is_filled(store, key) :
		    (store->given >> i & 1) == 0 ||
		    has_word(rule->takes, key->name))
			continue;
		snprintf(what, sizeof(what), is_needed ? "the key \"%s\" is "
		    "missing, which the type \"%s\" needs" : "the key \"%s\" "
		    "is not for the type \"%s\"", key->name, store->type);
		TRY(err_remedy(err, refuse(completing, err, what), "its keys "
		    "are: %s %s", rule->needs, rule->takes));
	}
	return ERR_OK;
}

/* A server alone: what is looked for there is the entry. */
static enum err
check_server(const struct completing *completing, const char *url,
    struct error *err)
{
	const struct config_store *store = completing->store;
	const char *fault = ldap_url_fault(url);

	if (fault != NULL)
		return refuse(completing, err, fault);
	if (store->has_starttls && !text_begins_with(url, "ldap://"))
		return refuse(completing, err, "starttls is for ldap:// only");
	if (store->password_file != NULL && text_begins_with(url, "ldap://") &&
	    !store->has_starttls && !url_is_local(url))
		return err_remedy(err, refuse(completing, err, "the password "
		    "would cross the network in the clear"), "set starttls = "
		    "true, or use ldaps://");
	return ERR_OK;
}

static enum err
check_ldap(const struct completing *completing, struct error *err)
{
	const struct config_store *store = completing->store;

	if ((store->bind == NULL) != (store->password_file == NULL))
		return refuse(completing, err, "bind and password_file go "
		    "together");
	if (store->sasl != NULL && store->bind != NULL)
		return refuse(completing, err, "with sasl there is no bind: "
		    "the mechanism says who we are");
	if ((store->tls_certificate == NULL) != (store->tls_key == NULL))
		return refuse(completing, err, "tls_certificate and tls_key "
		    "go together");
	TRY(check_server(completing, store->url, err));
	for (size_t i = 0; i < store->read_back.count; i++)
		TRY(check_server(completing, store->read_back.words[i], err));
	return ERR_OK;
}

static enum err
check_url(const struct completing *completing, struct error *err)
{
	const char *remedy;
	const char *fault = cdp_url_fault(completing->store->url, &remedy);
	enum err code;

	if (fault == NULL)
		return ERR_OK;
	code = refuse(completing, err, fault);
	return remedy == NULL ? code : err_remedy(err, code, "%s", remedy);
}

static enum err
check_values(const struct completing *completing, struct error *err)
{
	const struct config_store *store = completing->store;
	const int64_t timeout_s = utc_add(0, &store->timeout);
	bool is_handed = false;

	if (timeout_s > TIMEOUT_MAX_S)
		return refuse(completing, err, "timeout is at most 1 hour");
	for (size_t i = 0; i < store->install.count; i++)
		is_handed = is_handed ||
		    strstr(store->install.words[i], "{der}") != NULL ||
		    strstr(store->install.words[i], "{pem}") != NULL;
	if (store->install.count > 0 && !is_handed)
		return refuse(completing, err, "install hands the CRL over as "
		    "a file: one of its words is \"{der}\" or \"{pem}\"");
	if (strcmp(store->type, "ldap") == 0)
		return check_ldap(completing, err);
	return strcmp(store->type, "url") == 0 ? check_url(completing, err) :
	    ERR_OK;
}

/* RFC 4516: the URL of the entry. */
static enum err
append_entry(const struct config_store *store, struct buffer *out,
    struct error *err)
{
	size_t size = strlen(store->url);

	while (size > 0 && store->url[size - 1] == '/' &&
	    !text_begins_with(store->url + size - 1, "//"))
		size--;
	TRY(buffer_append(out, store->url, size, err));
	TRY(buffer_append_text(out, "/", err));
	for (const char *at = store->entry; *at != '\0'; at++) {
		const unsigned char octet = (unsigned char)*at;

		if (octet > ' ' && octet < 0x7f &&
		    strchr("\"%<>?\\^`{|}#", octet) == NULL)
			TRY(buffer_append(out, at, 1, err));
		else
			TRY(buffer_appendf(out, err, "%%%02X", octet));
	}
	return ERR_OK;
}

/* What tells it from others, for people too. */
static enum err
name_place(const struct completing *completing, struct error *err)
{
	struct config_store *store = completing->store;
	RELEASE_BUFFER struct buffer place = {0};

	if (store->path != NULL)
		return ERR_OK;
	if (store->entry != NULL)
		TRY(append_entry(store, &place, err));
	else if (store->url != NULL)
		TRY(buffer_append_text(&place, store->url, err));
	for (size_t i = 0; i < store->install.count; i++) {
		if (i > 0)
			TRY(buffer_append_text(&place, " ", err));
		TRY(shell_word_append(&place, store->install.words[i], err));
	}
	TRY(buffer_append(&place, "", 1, err));
	return config_own_text(completing->config, (const char *)place.data,
	    &store->path, err);
}

/* A server that has a copy: the same entry, which is only read. */
static enum err
add_replica(const struct completing *completing, const char *url,
    struct config_store *out, struct error *err)
{
	const struct completing replica = {completing->config, out};

	*out = *completing->store;
	out->url = url;
	out->path = NULL;
	out->is_replica = true;
	out->is_created = false;
	out->read_back = out->reload = out->verify = (struct config_words){0};
	return name_place(&replica, err);
}

enum err
config_complete_stores(struct config *config,
    struct config_subordinate *subordinate, struct error *err)
{
	size_t count = subordinate->store_count;
	size_t done = 0;
	void *stores;

	for (size_t i = 0; i < subordinate->store_count; i++)
		count += subordinate->stores[i].read_back.count;
	TRY(config_own(config, (count + 1) * sizeof(struct config_store),
	    &stores, err));
	for (size_t i = 0; i < subordinate->store_count; i++) {
		struct config_store *store =
		    (struct config_store *)stores + done++;
		const struct completing completing = {config, store};

		*store = subordinate->stores[i];
		TRY(check_keys(&completing, err));
		TRY(check_values(&completing, err));
		TRY(name_place(&completing, err));
		for (size_t k = 0; k < store->read_back.count; k++)
			TRY(add_replica(&completing, store->read_back.words[k],
			    (struct config_store *)stores + done++, err));
	}
	subordinate->stores = stores;
	subordinate->store_count = count;
	return ERR_OK;
}
