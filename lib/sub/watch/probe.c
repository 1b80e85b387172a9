/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "pki/pem.h"
#include "sub/watch/probe_judge.h"
#include "sub/watch/probe_starttls.h"
#include "sub/watch/probe_x509.h"

/* The configured CAs, and the stores of each root. */
struct known {
	struct pair_stores *roots;
	size_t root_count;
	struct probe_ca *cas;
	size_t ca_count;
};

static void
known_release(struct known *known)
{
	for (size_t i = 0; i < known->root_count; i++)
		pair_stores_release(&known->roots[i]);
	free(known->roots);
	free(known->cas);
}

/* Then it cannot be appended to a file of PEM as it is. */
static bool
is_der(const char *path)
{
	RELEASE_BUFFER struct buffer file = {0};

	return file_read(path, FILE_PUBLIC, CERT_MAX_BYTES, &file, NULL) ==
	    ERR_OK && pem_is_der(span_of_buffer(&file));
}

static void
add_cas(struct known *known, const struct pair_stores *pairs)
{
	const struct config_root *root = pairs->root;

	known->cas[known->ca_count++] = (struct probe_ca){.cert = pairs->cert,
	    .path = root->certificate, .root = root, .is_root = true};
	for (size_t i = 0; i < root->subordinate_count; i++) {
		if (pairs->subordinates[i] != NULL)
			known->cas[known->ca_count++] = (struct probe_ca){
			    .cert = pairs->subordinates[i],
			    .path = root->subordinates[i].certificate,
			    .is_der = is_der(root->subordinates[i].certificate),
			    .root = root};
	}
}

static enum err
load(const struct config *config, int64_t now_s, struct known *out,
    struct notices *notices, struct error *err)
{
	size_t count = 0;

	for (size_t i = 0; i < config->root_count; i++)
		count += 1 + config->roots[i].subordinate_count;
	out->roots = calloc(config->root_count + 1, sizeof(*out->roots));
	out->cas = calloc(count + 1, sizeof(*out->cas));
	if (out->roots == NULL || out->cas == NULL)
		return err_no_memory(err);
	for (size_t i = 0; i < config->root_count; i++) {
		struct pair_stores *pairs = &out->roots[out->root_count++];

		pairs->root = &config->roots[i];
		/* They are read for each certificate, by its issuer. */
		pairs->is_unread = true;
		TRY(pair_stores_open(config, pairs->root, now_s, pairs,
		    notices, err));
		add_cas(out, pairs);
	}
	return ERR_OK;
}

static void
find_failure(struct probe_report *report, enum severity severity,
    const char *id, const struct error *why)
{
	probe_advise(probe_find(report, severity, id, "%s", why->what), "%s",
	    why->remedy);
}

/* Why no certificate came, if none did, is in the report. */
static enum err
receive(const struct probe_target *target, enum probe_keys keys,
    struct probe_handshake *handshake, struct probe_report *report)
{
	CLOSE_FD int fd = -1;
	struct error why = {0};
	enum err code = probe_connect(target, &fd, report->address, &why);

	if (code != ERR_OK) {
		find_failure(report, SEVERITY_UNKNOWN, "unreachable", &why);
		return ERR_IO;
	}
	if (target->starttls != NULL && starttls_begin(target->starttls, fd,
	    &why) != ERR_OK) {
		find_failure(report, SEVERITY_UNKNOWN, "no-starttls", &why);
		return ERR_IO;
	}
	code = probe_handshake(fd, target, keys, report, handshake, &why);
	if (code != ERR_OK)
		find_failure(report, handshake->asks_client &&
		    handshake->sent_count > 0 ? SEVERITY_OK :
		    SEVERITY_UNKNOWN, "no-handshake", &why);
	else if (handshake->sent_count == 0)
		(void)probe_find(report, SEVERITY_UNKNOWN, "no-certificate",
		    "it sends no certificate");
	if (handshake->left_out > 0)
		(void)probe_find(report, SEVERITY_UNKNOWN, "too-many", "it "
		    "sends more than %d certificates, and %zu were not looked "
		    "at", PROBE_SENT_MAX, handshake->left_out);
	return code;
}

static void
judge_handshake(const struct probe_handshake *handshake,
    struct probe_report *report)
{
	if (handshake->is_signature_weak)
		probe_advise(probe_find(report, SEVERITY_CRITICAL,
		    "weak-handshake", "its %s handshake is signed by %s, "
		    "which clients refuse", report->protocol,
		    report->signature), "let the service speak TLS 1.2 or "
		    "newer, with SHA-256 or better");
}

static enum err
parse(const struct probe_handshake *handshake, struct probe_chain *chain,
    struct error *err)
{
	for (size_t i = 0; i < handshake->sent_count; i++) {
		struct probe_sent *sent = &chain->sent[chain->sent_count++];

		if (cert_parse(span_of_buffer(&handshake->sent[i]),
		    &sent->cert, &sent->why) == ERR_IO)
			return err_copy(err, &sent->why);
	}
	return ERR_OK;
}

static void
describe_target(const struct probe_target *target,
    struct probe_report *report)
{
	const bool is_six = strchr(target->host, ':') != NULL;

	snprintf(report->target, sizeof(report->target), "%s%s%s:%s",
	    is_six ? "[" : "", target->host, is_six ? "]" : "",
	    target->port);
	snprintf(report->servername, sizeof(report->servername), "%s",
	    target->servername);
	if (target->starttls != NULL)
		report->starttls = starttls_name(target->starttls);
}

/* What was received, in whatever handshake. */
static enum err
judge(const struct known *known, const struct config *config,
    const struct probe_target *target, int64_t now_s,
    const struct probe_handshake *handshake, struct probe_chain *chain,
    struct probe_report *report, struct error *err)
{
	TRY(parse(handshake, chain, err));
	probe_chain_build(chain, known->cas, known->ca_count, now_s);
	probe_list(chain, report);
	probe_judge_revoked(chain, config, known->roots, now_s, report);
	TRY(probe_judge(chain, target, now_s, report, err));
	judge_handshake(handshake, report);
	return ERR_OK;
}

static void
free_report(struct probe_report **report)
{
	free(*report);
}

/*
 * A service may have a second chain, for clients that want the other kind of
 * key.  Look for it, and add what is wrong there.
 */
static enum err
judge_second(const struct known *known, const struct config *config,
    const struct probe_target *target, int64_t now_s,
    const struct probe_handshake *first, enum probe_keys keys,
    struct probe_report *report, struct error *err)
{
	__attribute__((cleanup(free_report))) struct probe_report *second =
	    calloc(1, sizeof(*second));
	RELEASE_HANDSHAKE struct probe_handshake handshake = {.sent_count = 0};
	RELEASE_CHAIN struct probe_chain chain = {.sent_count = 0};
	const char *name = keys == KEYS_RSA ? "RSA" : "ECDSA";
	enum err code;

	if (second == NULL)
		return err_no_memory(err);
	code = receive(target, keys, &handshake, second);
	if (handshake.sent_count == 0 && code == ERR_IO)
		(void)probe_find(report, SEVERITY_OK, "other-chain",
		    "whether it has a certificate with an %s key too is not "
		    "known: %.400s", name, second->findings[0].text);
	if (handshake.sent_count == 0 || span_equals(
	    span_of_buffer(&handshake.sent[0]),
	    span_of_buffer(&first->sent[0]))) {
		if (handshake.sent_count == 0 && code == ERR_FORMAT)
			snprintf(report->second, sizeof(report->second),
			    "%s: it has none (%.150s)", name,
			    second->findings[0].text);
		else
			snprintf(report->second, sizeof(report->second),
			    "%s: %s", name, handshake.sent_count == 0 &&
			    code == ERR_IO ? "not known" : "it has none");
		return ERR_OK;
	}
	TRY(judge(known, config, target, now_s, &handshake, &chain, second,
	    err));
	probe_add_second(report, second);
	return ERR_OK;
}

enum err
probe(const struct config *config, const struct probe_target *target,
    int64_t now_s, struct probe_report *out, struct notices *notices,
    struct error *err)
{
	__attribute__((cleanup(known_release))) struct known known = {0};
	RELEASE_HANDSHAKE struct probe_handshake handshake = {.sent_count = 0};
	RELEASE_CHAIN struct probe_chain chain = {.sent_count = 0};
	const char *key;
	enum err code;

	TRY(load(config, now_s, &known, notices, err));
	describe_target(target, out);
	code = receive(target, KEYS_ANY, &handshake, out);
	TRY(judge(&known, config, target, now_s, &handshake, &chain, out,
	    err));
	if (chain.link_count == 0 || (code != ERR_OK && !handshake.asks_client))
		return ERR_OK;
	key = probe_key(chain.links[0].cert);
	if (strcmp(key, "DSA") == 0 || strcmp(key, "other") == 0)
		return ERR_OK;
	return judge_second(&known, config, target, now_s, &handshake,
	    strcmp(key, "RSA") == 0 ? KEYS_ELLIPTIC : KEYS_RSA, out, err);
}
