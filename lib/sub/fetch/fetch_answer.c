/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "pki/url/cdp_url.h"
#include "pki/url/ldap_url.h"
#include "sub/fetch/fetch_answer.h"

#define OK 200

/* Exit statuses of curl(1). */
enum {
	CURL_PROTOCOL = 1,
	CURL_OPTION = 2,
	CURL_URL = 3,
	CURL_NOT_BUILT_IN = 4,
	CURL_NO_HOST = 6,
	CURL_NO_CONNECTION = 7,
	CURL_PARTIAL = 18,
	CURL_STATUS = 22,
	CURL_WRITE = 23,
	CURL_MEMORY = 27,
	CURL_TIMEOUT = 28,
	CURL_TLS = 35,
	CURL_LDAP_BIND = 38,
	CURL_LDAP_SEARCH = 39,
	CURL_FUNCTION = 41,
	CURL_ARGUMENT = 43,
	CURL_LIBRARY_OPTION = 48,
	CURL_EMPTY = 52,
	CURL_RECEIVE = 56,
	CURL_CERTIFICATE = 60,
	CURL_TOO_LARGE = 63,
	CURL_CA_FILE = 77,
	KILLED = 128,		/* and the signal */
};

/* The fields of ANSWER_FORMAT. */
struct said {
	long http_code;
	unsigned long long received;
	char redirect[128];
	char error[128];
	char type[64];
};

static void
take_field(const char *text, size_t size, char *out, size_t capacity)
{
	snprintf(out, capacity, "%.*s", (int)(size < capacity ? size :
	    capacity - 1), text);
}

static void
read_said(const char *text, struct said *out)
{
	const char *error = strstr(text, " error=");
	const char *type = error == NULL ? NULL : strstr(error, " type=");
	char *end;

	*out = (struct said){.http_code = strtol(text, &end, 10)};
	out->received = strtoull(end, &end, 10);
	end += *end == ' ';
	if (type == NULL)
		return;
	if (end < error)
		take_field(end, (size_t)(error - end), out->redirect,
		    sizeof(out->redirect));
	error += strlen(" error=");
	take_field(error, (size_t)(type - error), out->error,
	    sizeof(out->error));
	type += strlen(" type=");
	take_field(type, strlen(type), out->type, sizeof(out->type));
}

static void blame(struct fetched *out, const char *remedy, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

static void
blame(struct fetched *out, const char *remedy, const char *fmt, ...)
{
	va_list arguments;

	out->remedy = remedy;
	va_start(arguments, fmt);
	(void)vsnprintf(out->fault, sizeof(out->fault), fmt, arguments);
	va_end(arguments);
}

/* "pki.corp.example:8080" of the URL. */
static void
server_of(const char *url, char out[96])
{
	const char *server = strstr(url, "://");

	server = server == NULL ? url : server + 3;
	take_field(server, strcspn(server, "/?#"), out, 96);
}

/* What a server's status means, for those that are met. */
static const struct {
	long status;
	const char *meaning;
	const char *remedy;
} statuses[] = {
    {401, "it asks for a password", "let everybody read the CRL: clients "
	"have no password"},
    {403, "it is forbidden", "let everybody read the CRL there"},
    {404, "not found", "put the CRL there, under that very name"},
    {410, "gone", "put the CRL there, under that very name"},
    {500, "the server has failed", "see the web server's log"},
    {502, "its gateway has failed", "see the web server's log"},
    {503, "it is out of service", "see the web server's log"},
};

static void
judge_status(const struct said *said, struct fetched *out)
{
	if (said->http_code >= 300 && said->http_code < 400 &&
	    said->redirect[0] != '\0') {
		blame(out, "let the server deliver the CRL at that URL itself",
		    "it redirects (%ld) to %.90s, which is not followed",
		    said->http_code, said->redirect);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(statuses); i++) {
		if (statuses[i].status != said->http_code)
			continue;
		blame(out, statuses[i].remedy, "the server answers %ld: %s",
		    said->http_code, statuses[i].meaning);
		return;
	}
	blame(out, "let the server deliver the CRL at that URL with status "
	    "200", "the server answers %ld, not 200", said->http_code);
}

static void
judge_time(const struct fetch *fetch, const struct said *said,
    struct fetched *out)
{
	const char *remedy = "see why the server is slow, or set a longer "
	    "`timeout`";

	if (said->received == 0)
		blame(out, remedy, "no answer within %u s", fetch->timeout_s);
	else
		blame(out, remedy, "after %u s only %llu octets had come",
		    fetch->timeout_s, said->received);
}

static void
judge_connection(int status, const char *server, const struct said *said,
    struct fetched *out)
{
	if (status == CURL_NO_HOST)
		blame(out, "correct the name in the DNS, or the URL",
		    "no host of that name is found: %.90s", server);
	else if (status == CURL_NO_CONNECTION)
		blame(out, "start the server, or open the firewall to it",
		    "nobody answers at %.90s: the server is offline", server);
	else if (status == CURL_PARTIAL || status == CURL_EMPTY ||
	    status == CURL_RECEIVE)
		blame(out, "see the server's log", "the connection breaks off "
		    "after %llu octets", said->received);
	else if (status == CURL_TLS || status == CURL_CERTIFICATE)
		blame(out, "give the server a sound certificate, or name its "
		    "CA as `ca`", "no sound TLS with %.40s: %.90s", server,
		    said->error);
	else
		blame(out, "see what the server delivers there", "nothing that "
		    "can be read is delivered: %.90s", said->error);
}

static void
judge_directory(int status, const struct said *said, struct fetched *out)
{
	if (strstr(said->error, "No such object") != NULL)
		blame(out, "correct the entry in the URL, make it, or let "
		    "everybody read it",
		    "the directory has no such entry");
	else if (status == CURL_LDAP_BIND || status == CURL_LDAP_SEARCH)
		blame(out, "let everybody read the entry, or configure a store "
		    "of the type ldap, which has `bind` and `sasl`",
		    "the directory does not let everybody read it: %.70s",
		    said->error);
}

/* Statuses that say nothing of the server, whatever it does. */
static bool
is_our_fault(int status, const struct said *said)
{
	static const int ours[] = {CURL_OPTION, CURL_URL, CURL_NOT_BUILT_IN,
	    CURL_WRITE, CURL_MEMORY, CURL_FUNCTION, CURL_ARGUMENT,
	    CURL_LIBRARY_OPTION};

	/* An answer in HTTP/0.9 ends it so as well. */
	if (status == CURL_PROTOCOL)
		return strstr(said->error, "not supported") != NULL;
	for (size_t i = 0; i < COUNT_OF(ours); i++) {
		if (status == ours[i])
			return true;
	}
	return status > KILLED;
}

/* It is not the server: ERR_STORE, or ERR_OK if it may be. */
static enum err
judge_ourselves(const struct fetch *fetch, const struct answer *answer,
    const struct said *said, struct error *err)
{
	const int status = answer->status;

	if (status == CURL_CA_FILE)
		return err_remedy(err, err_fail(err, ERR_STORE, "%s: curl "
		    "cannot use %s: %s", fetch->url, fetch->ca == NULL ?
		    "the system's CAs" : fetch->ca, said->error),
		    "correct `ca` of the store: it is a PEM file");
	if ((status == CURL_NO_HOST || status == CURL_NO_CONNECTION) &&
	    answer->is_alone && !url_is_local(fetch->url))
		return err_remedy(err, err_fail(err, ERR_STORE, "%s: there is "
		    "no network here: no interface but loopback is up",
		    fetch->url), "give this program a network (a systemd "
		    "unit: by network.conf of examples/systemd), or take this "
		    "store out of the configuration");
	if (!is_our_fault(status, said))
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_STORE, "%s: curl ends with "
	    "status %d%s%s", fetch->url, status, said->error[0] == '\0' ? "" :
	    ": ", said->error), "see that curl works here, and knows the "
	    "protocol of that URL: curl --version");
}

enum err
answer_judge(const struct fetch *fetch, const struct answer *answer,
    struct fetched *out, struct error *err)
{
	struct said said;
	char server[96];

	read_said(answer->said, &said);
	server_of(fetch->url, server);
	if (answer->is_cut || answer->status == CURL_TOO_LARGE) {
		blame(out, "see what is published there, or raise "
		    "max_crl_bytes", "more than max_crl_bytes (%llu octets) is "
		    "delivered", (unsigned long long)fetch->max_bytes);
		return ERR_OK;
	}
	TRY(judge_ourselves(fetch, answer, &said, err));
	if (answer->status == CURL_TIMEOUT)
		judge_time(fetch, &said, out);
	else if (answer->status == CURL_STATUS)
		judge_status(&said, out);
	else if (answer->status != 0 && cdp_url_is_ldap(fetch->url))
		judge_directory(answer->status, &said, out);
	if (answer->status != 0 && out->fault[0] == '\0')
		judge_connection(answer->status, server, &said, out);
	if (answer->status == 0 && !cdp_url_is_ldap(fetch->url) &&
	    said.http_code != OK)
		judge_status(&said, out);
	snprintf(out->media_type, sizeof(out->media_type), "%.63s", said.type);
	return ERR_OK;
}
