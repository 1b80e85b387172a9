/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "sub/watch/probe_starttls.h"

#define EXAMPLE "write HOST:PORT, such as www.example.org:443 or [::1]:443"

static enum err
fail(const char *text, const char *why, struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_USAGE, "\"%s\" %s", text,
	    why), EXAMPLE);
}

static bool
is_address(const char *text)
{
	struct in_addr four;

	return strchr(text, ':') != NULL ||
	    inet_pton(AF_INET, text, &four) == 1;
}

/* Letters, digits, and what else a name or an address is written with. */
static bool
is_host(const char *text)
{
	return text[0] != '\0' && text[0] != '-' && strlen(text) <
	    PROBE_HOST_SIZE && text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:%")] == '\0';
}

static bool
is_port(const char *text)
{
	const size_t size = strspn(text, "0123456789");
	unsigned int port = 0;

	return size > 0 && size <= 5 && text[size] == '\0' &&
	    sscanf(text, "%u", &port) == 1 && port >= 1 && port <= 65535;
}

/* Into host and port, without the brackets of an address. */
static enum err
split(const char *text, struct probe_target *out, struct error *err)
{
	const bool has_brackets = text[0] == '[';
	const char *begin = has_brackets ? text + 1 : text;
	const char *end = has_brackets ? strchr(text, ']') :
	    strrchr(text, ':');
	const char *port = has_brackets && end != NULL ? end + 1 : end;
	size_t size;

	if (strstr(text, "//") != NULL)
		return fail(text, "is a URL", err);
	if (port == NULL || port[0] != ':')
		return fail(text, has_brackets && end == NULL ?
		    "lacks its closing bracket" : "has no port", err);
	size = (size_t)(end - begin);
	if (!has_brackets && memchr(begin, ':', size) != NULL)
		return fail(text, "has more than one colon: an IPv6 address "
		    "needs brackets", err);
	if (size == 0)
		return fail(text, "has no host", err);
	if (!is_port(port + 1))
		return fail(text, "has no port from 1 to 65535", err);
	snprintf(out->host, sizeof(out->host), "%.*s", (int)size, begin);
	snprintf(out->port, sizeof(out->port), "%.7s", port + 1);
	if (size >= sizeof(out->host) || !is_host(out->host))
		return fail(text, "has no name of a host (one with other "
		    "letters is written as xn--...)", err);
	return ERR_OK;
}

enum err
probe_target_parse(const char *text, const char *servername,
    const char *starttls, struct probe_target *out, struct error *err)
{
	size_t size;

	*out = (struct probe_target){.starttls = NULL};
	TRY(split(text, out, err));
	if (servername == NULL)
		servername = out->host;
	else if (!is_host(servername))
		return err_fail(err, ERR_USAGE, "--servername takes the name "
		    "of a host, not \"%s\"", servername);
	snprintf(out->servername, sizeof(out->servername), "%s", servername);
	out->is_address = is_address(out->servername);
	/* A name is the same with a dot at its end, but not in TLS. */
	size = strlen(out->servername);
	if (out->is_address)
		out->servername[strcspn(out->servername, "%")] = '\0';
	else if (size > 1 && out->servername[size - 1] == '.')
		out->servername[size - 1] = '\0';
	return starttls == NULL ? ERR_OK :
	    starttls_find(starttls, &out->starttls, err);
}
