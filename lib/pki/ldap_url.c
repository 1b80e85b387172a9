/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "pki/ldap_url.h"

static bool
begins_with(const char *text, const char *word)
{
	return strncmp(text, word, strlen(word)) == 0;
}

bool
ldap_url_is_local(const char *url)
{
	const char *host = url + strlen("ldap://");

	return begins_with(url, "ldapi://") || begins_with(host, "127.") ||
	    begins_with(host, "localhost") || begins_with(host, "[::1]");
}

const char *
ldap_url_fault(const char *url)
{
	const char *rest = strstr(url, "://");

	if (!begins_with(url, "ldap://") && !begins_with(url, "ldaps://") &&
	    !begins_with(url, "ldapi://"))
		return "the URL of a server begins with ldap://, ldaps:// or "
		    "ldapi://";
	rest += strlen("://");
	rest += strcspn(rest, "/? \t");
	if (rest[0] != '\0' && strcmp(rest, "/") != 0)
		return "the URL of a server ends with its name and port: the "
		    "entry has a key of its own";
	return NULL;
}
