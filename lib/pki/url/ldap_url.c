/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "pki/url/ldap_url.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* Octets of a name or an address, with its brackets; 0 if it is neither. */
static size_t
host_size(const char *host)
{
	size_t size;

	if (host[0] != '[')
		return strspn(host, DIGITS LETTERS "-._");
	size = 1 + strspn(host + 1, DIGITS LETTERS ":.%");
	return host[size] == ']' ? size + 1 : 0;
}

/* A name such as 127.evil.example is none of this machine's. */
bool
url_is_local(const char *url)
{
	const char *name = strstr(url, "://") + strlen("://");
	const struct span host = {(const uint8_t *)name, host_size(name)};
	char text[INET_ADDRSTRLEN];
	struct in_addr address;

	if (text_begins_with(url, "ldapi://") ||
	    span_equals(host, span_of_text("localhost")) ||
	    span_equals(host, span_of_text("[::1]")))
		return true;
	if (host.size >= sizeof(text))
		return false;
	memcpy(text, host.data, host.size);
	text[host.size] = '\0';
	return inet_pton(AF_INET, text, &address) == 1 &&
	    ntohl(address.s_addr) >> 24 == IN_LOOPBACKNET;
}

/* Digits behind a colon, or nothing, and perhaps a slash. */
static bool
is_end(const char *rest)
{
	if (rest[0] == ':')
		rest += 1 + strspn(rest + 1, DIGITS);
	return rest[-1] != ':' && (rest[0] == '\0' || strcmp(rest, "/") == 0);
}

const char *
ldap_url_fault(const char *url)
{
	const bool is_socket = text_begins_with(url, "ldapi://");
	const char *host = strstr(url, "://");
	size_t size;

	if (!text_begins_with(url, "ldap://") &&
	    !text_begins_with(url, "ldaps://") && !is_socket)
		return "the URL of a server begins with ldap://, ldaps:// or "
		    "ldapi://";
	host += strlen("://");
	if (memchr(host, '@', strcspn(host, "/")) != NULL)
		return "the URL of a server has no user in it: `bind` names "
		    "one";
	/* libldap takes several: which of them would be written? */
	if (strpbrk(host, ", \t") != NULL)
		return "url is that of one server: others, which have copies, "
		    "are for read_back";
	if (strcspn(host, ":/") == 0 && !is_socket)
		return "the URL of a server lacks its name";
	size = is_socket ? strspn(host, DIGITS LETTERS "-._~%") :
	    host_size(host);
	if (!is_end(host + size))
		return "the URL of a server ends with its name and port: the "
		    "entry has a key of its own";
	return NULL;
}
