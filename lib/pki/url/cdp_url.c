/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/array.h"
#include "pki/url/cdp_url.h"
#include "pki/der.h"

static const char *const schemes[] = {"http://", "https://", "ldap://",
    "ldaps://"};

/* RFC 3986 2. */
static bool
is_url_character(char c)
{
	return c > ' ' && c <= '~' && strchr("\"<>\\^`{|}", c) == NULL;
}

bool
cdp_url_take(struct span name, char out[CDP_URL_SIZE])
{
	struct der_value value;
	size_t size;

	if (der_expect(&name, DER_CONTEXT(6), "URI", &value, NULL) !=
	    ERR_OK || value.content.size >= CDP_URL_SIZE)
		return false;
	size = value.content.size;
	for (size_t i = 0; i < size; i++) {
		out[i] = (char)value.content.data[i];
		if (!is_url_character(out[i]))
			return false;
	}
	out[size] = '\0';
	for (char *at = out; *at != '\0' && *at != ':'; at++) {
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	}
	return true;
}

bool
cdp_url_is_ldap(const char *url)
{
	return strncmp(url, "ldap", 4) == 0;
}

const char *
cdp_url_fault(const char *url, const char **remedy)
{
	const char *host = NULL;
	size_t size;

	*remedy = NULL;
	for (size_t i = 0; i < COUNT_OF(schemes); i++) {
		if (strncmp(url, schemes[i], strlen(schemes[i])) == 0)
			host = url + strlen(schemes[i]);
	}
	if (host == NULL)
		return "url begins with http://, https://, ldap:// or "
		    "ldaps://";
	*remedy = "write it as % and two hexadecimal digits";
	for (const char *at = url; *at != '\0'; at++) {
		if (!is_url_character(*at))
			return "url has a character that a URL cannot have "
			    "(RFC 3986)";
	}
	*remedy = NULL;
	size = strcspn(host, "/?#");
	if (memchr(host, '@', size) != NULL)
		return "url has a user in it: a CRL is fetched without a name "
		    "or a password";
	if (size > 0)
		return NULL;
	if (!cdp_url_is_ldap(url))
		return "url names no server";
	*remedy = "put a domain controller into it: "
	    "ldap://dc1.corp.example/CN=...";
	return "url names no server: Windows asks its own domain then";
}
