/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/socket.h>

#include "base/file.h"
#include "base/process/process.h"
#include "base/process/program.h"
#include "pki/url/cdp_url.h"
#include "sub/fetch/fetch_answer.h"

#define ARGUMENTS_MAX 32
#define CA_PATH "/dev/fd/3"	/* the first that is passed */
#define PATIENCE_S 5		/* for curl to end by itself */
#define TIMEOUT_MAX_S 3600

/* One call of curl. */
struct calling {
	const char *argv[ARGUMENTS_MAX];
	size_t count;
	char timeout[16];
	char max_bytes[24];
};

static void
add(struct calling *calling, const char *option, const char *value)
{
	calling->argv[calling->count++] = option;
	if (value != NULL)
		calling->argv[calling->count++] = value;
}

/* -q comes first: nobody's ~/.curlrc has a say. */
static void
prepare(const struct fetch *fetch, struct calling *out)
{
	const bool is_ldap = cdp_url_is_ldap(fetch->url);

	snprintf(out->timeout, sizeof(out->timeout), "%u", fetch->timeout_s);
	snprintf(out->max_bytes, sizeof(out->max_bytes), "%llu",
	    (unsigned long long)fetch->max_bytes);
	add(out, "curl", "-q");
	add(out, "--silent", NULL);
	add(out, "--fail", NULL);
	add(out, "--globoff", NULL);
	add(out, "--proto", is_ldap ? "=ldap,ldaps" : "=http,https");
	add(out, "--noproxy", "*");
	add(out, "--user-agent", "crlferry-sub");
	add(out, "--connect-timeout", out->timeout);
	add(out, "--max-time", out->timeout);
	add(out, "--max-filesize", out->max_bytes);
	if (fetch->ca != NULL) {
		add(out, "--cacert", CA_PATH);
		/* Else the system's CAs count as well. */
		add(out, "--capath", "/nonexistent");
	}
	add(out, "--write-out", ANSWER_FORMAT);
	add(out, "--url", fetch->url);
	out->argv[out->count] = NULL;
}

/* What is checked is what curl reads. */
static enum err
open_ca(const struct fetch *fetch, int *out, struct error *err)
{
	struct error why = {0};

	if (fetch->ca == NULL ||
	    file_open(fetch->ca, FILE_OURS, out, &why) == ERR_OK)
		return ERR_OK;
	/* It is that file, not the store, which this user may not read. */
	why.number = 0;
	if (why.code == ERR_PERMISSIONS)
		return err_copy(err, &why);
	return err_remedy(err, err_fail(err, ERR_STORE, "%s", why.what),
	    "put the file there, or correct `ca` of the store");
}

static enum err
run(const struct fetch *fetch, struct process *process,
    struct process_result *out, struct error *err)
{
	char found[4096];
	struct error why = {0};
	enum err code = process_run(process, out, &why);

	if (code == ERR_OK)
		return ERR_OK;
	if (code != ERR_HOOK)
		return err_copy(err, &why);
	code = err_fail(err, ERR_STORE, "%s: %s", fetch->url, why.what);
	if (out->is_late)
		return err_remedy(err, code, "see why curl hangs: it was to "
		    "end by itself after %u s", fetch->timeout_s);
	return program_find("curl", found, NULL) == ERR_OK ?
	    err_remedy(err, code, "%s", why.remedy) :
	    err_remedy(err, code, "apt-get install curl");
}

/* As within a unit of systemd that has no network. */
static bool
is_alone(void)
{
	CLOSE_FD int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifaddrs *list;
	bool is_found = false;

	/* Of RestrictAddressFamilies=. */
	if (fd < 0)
		return errno == EAFNOSUPPORT;
	if (getifaddrs(&list) != 0)
		return false;
	for (const struct ifaddrs *at = list; at != NULL; at = at->ifa_next)
		is_found = is_found || ((at->ifa_flags & IFF_UP) != 0 &&
		    (at->ifa_flags & IFF_LOOPBACK) == 0);
	freeifaddrs(list);
	return !is_found;
}

enum err
fetch_url(const struct fetch *fetch, struct fetched *out, struct error *err)
{
	const bool is_ldap = cdp_url_is_ldap(fetch->url);
	RELEASE_BUFFER struct buffer body = {0};
	struct calling calling = {.count = 0};
	struct process_result result;
	CLOSE_FD int ca = -1;
	struct process process = {.argv = calling.argv, .input = -1,
	    .passed = &ca, .passed_count = fetch->ca == NULL ? 0 : 1,
	    .output = &body, .output_max = fetch->max_bytes,
	    .timeout_s = fetch->timeout_s + PATIENCE_S};

	/* LDAP's is printed in base64, with the entry's name. */
	if (is_ldap)
		process.output_max = 2 * fetch->max_bytes + 65536;
	if (process.timeout_s > TIMEOUT_MAX_S)
		process.timeout_s = TIMEOUT_MAX_S;
	TRY(open_ca(fetch, &ca, err));
	prepare(fetch, &calling);
	TRY(run(fetch, &process, &result, err));
	out->is_http = !is_ldap;
	TRY(answer_judge(fetch, &(struct answer){result.status, result.is_cut,
	    result.status != 0 && is_alone(), result.output}, out, err));
	if (is_ldap && out->fault[0] == '\0')
		TRY(answer_take_entry(fetch, span_of_buffer(&body), out, err));
	if (!is_ldap && out->fault[0] == '\0') {
		out->octets = body;
		body = (struct buffer){0};
	}
	out->is_done = true;
	return ERR_OK;
}

void
fetched_release(struct fetched *fetched)
{
	buffer_release(&fetched->octets);
}
