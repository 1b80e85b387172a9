/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "../config_text.h"
#include "base/text.h"
#include "init_url.h"
#include "pki/url/cdp_url.h"

#define DOMAIN_SIZE 256

static enum err
refuse(const char *url, struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_USAGE, "--store: \"%s\" is no "
	    "URL of an entry (RFC 4516)", url), "write the server and the "
	    "entry: --store ldap:ldap://dc1.corp.example/CN=...");
}

/* Percent signs undone; false for what is none, or for a NUL. */
static bool
decode(struct span text, struct buffer *out, bool *is_broken,
    struct error *err)
{
	for (size_t i = 0; i < text.size; i++) {
		uint8_t octet = text.data[i];
		size_t size;

		if (octet == '%') {
			*is_broken = i + 3 > text.size || !hex_decode(
			    (struct span){text.data + i + 1, 2}, &octet, 1,
			    &size) || octet == '\0';
			if (*is_broken)
				return false;
			i += 2;
		}
		if (buffer_append(out, &octet, 1, err) != ERR_OK)
			return false;
	}
	return buffer_append(out, "", 1, err) == ERR_OK;
}

enum err
init_url_split(const char *url, struct buffer *server, struct buffer *entry,
    struct error *err)
{
	const char *host = strstr(url, "://");
	const char *slash = host == NULL ? NULL : strchr(host + 3, '/');
	bool is_broken = false;
	struct span name;

	if (slash == NULL || (strncmp(url, "ldap://", 7) != 0 &&
	    strncmp(url, "ldaps://", 8) != 0 &&
	    strncmp(url, "ldapi://", 8) != 0) ||
	    (slash == host + 3 && strncmp(url, "ldapi", 5) != 0))
		return refuse(url, err);
	name = (struct span){(const uint8_t *)slash + 1,
	    strcspn(slash + 1, "?")};
	if (name.size == 0)
		return refuse(url, err);
	TRY(buffer_append(server, url, (size_t)(slash - url), err));
	TRY(buffer_append(server, "", 1, err));
	if (decode(name, entry, &is_broken, err))
		return ERR_OK;
	return is_broken ? refuse(url, err) : ERR_IO;
}

/* RFC 2247: the domain that the end of a name spells; empty for none. */
static void
domain_of(const char *uri, char out[DOMAIN_SIZE])
{
	const char *end = uri + strcspn(uri, "?");
	size_t used = 0;

	out[0] = '\0';
	for (const char *at = uri; (at = strcasestr(at, "DC=")) != NULL &&
	    at < end; at += 3) {
		const size_t size = strcspn(at + 3, ",?");

		if (used + size + 2 > DOMAIN_SIZE)
			return;
		used += (size_t)snprintf(out + used, DOMAIN_SIZE - used,
		    "%s%.*s", used == 0 ? "" : ".", (int)size, at + 3);
	}
}

static enum err
add_group(const char *uri, bool is_first, size_t *count,
    struct buffer *text, struct error *err)
{
	TRY(buffer_appendf(text, err, "%s%s            { type = \"url\";\n",
	    *count == 0 ? "" : ",\n", !is_first ? "" :
	    "            # The certificate names this distribution point: "
	    "there Windows and\n"
	    "            # others fetch the CRL.  `check` looks at what it "
	    "delivers; `import`\n"
	    "            # puts nothing there.\n"));
	(*count)++;
	TRY(config_text_value(text, "              ", "url", uri, err));
	return buffer_append_text(text, "            }", err);
}

/* Without a server Windows asks its own domain. */
static enum err
add_comment(const char *uri, size_t count, struct buffer *text,
    struct error *err)
{
	char domain[DOMAIN_SIZE];

	domain_of(uri, domain);
	return buffer_appendf(text, err,
	    "            # The certificate names this entry, and no server: "
	    "Windows asks its\n"
	    "            # own domain.  To have it checked, name a domain "
	    "controller that\n"
	    "            # lets everybody read the entry; else use the type "
	    "ldap:\n"
	    "            # %s{ type = \"url\";\n"
	    "            #   url = \"ldap://%s%s\"; }\n",
	    count == 0 ? "" : ", ",
	    domain[0] == '\0' ? "dc1.corp.example" : domain,
	    uri + strlen("ldap://"));
}

static bool
is_given(const struct config_words *given, const char *uri)
{
	for (size_t i = 0; i < given->count; i++) {
		if (text_begins_with(given->words[i], "url:") &&
		    strcmp(given->words[i] + 4, uri) == 0)
			return true;
	}
	return false;
}

/* The URIs of the certificate that were not given, each once. */
static size_t
find_uris(const struct cert *cert, const struct config_words *given,
    char uris[CERT_CDP_MAX][CDP_URL_SIZE])
{
	size_t count = 0;

	for (size_t i = 0; i < cert->cdp_count; i++) {
		bool is_new = !cert->is_cdp_indirect[i] &&
		    cdp_url_take(cert->cdp[i], uris[count]) &&
		    !is_given(given, uris[count]);

		for (size_t k = 0; is_new && k < count; k++)
			is_new = strcmp(uris[k], uris[count]) != 0;
		count += is_new;
	}
	return count;
}

enum err
init_url_propose(const struct cert *cert, const struct config_words *given,
    size_t *count, struct buffer *text, struct notices *notices,
    struct error *err)
{
	char uris[CERT_CDP_MAX][CDP_URL_SIZE];
	const size_t found = find_uris(cert, given, uris);
	const size_t first = *count;
	const char *remedy;

	for (size_t i = 0; i < found; i++) {
		if (cdp_url_fault(uris[i], &remedy) == NULL)
			TRY(add_group(uris[i], *count == first, count, text,
			    err));
	}
	if (*count > 0)
		TRY(buffer_append_text(text, "\n", err));
	for (size_t i = 0; i < found; i++) {
		if (text_begins_with(uris[i], "ldap:///"))
			TRY(add_comment(uris[i], *count, text, err));
	}
	if (*count > first)
		notice(notices, "the certificate of %s names %s, which `check` "
		    "will fetch: such stores are only read; the systemd units "
		    "of examples/systemd have no network, unless network.conf "
		    "there gives it to them",
		    cert->subject_text, *count - first == 1 ?
		    "a distribution point" : "distribution points");
	return ERR_OK;
}
