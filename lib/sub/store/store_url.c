/* SPDX-License-Identifier: ISC */
/* What a distribution point delivers; only read. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "pki/der.h"
#include "sub/fetch/fetch.h"
#include "sub/store/store_consumer.h"
#include "sub/store/store_file.h"
#include "sub/store/store_judge.h"
#include "sub/store/store_remote.h"

#define MEDIA_TYPE "application/pkix-crl"	/* RFC 2585 4.2 */

/* Whatever is wrong there, an import does not mend it. */
static const char publish[] = "publish the root's CRL there, in DER";

/* Octets that a DER header says there are, with itself; 0 if it is none. */
static uint64_t
size_of_der(struct span der)
{
	uint64_t content;
	size_t header;
	uint8_t tag;

	if (der_measure(der, "CRL", &tag, &header, &content, NULL) != ERR_OK ||
	    tag != DER_SEQUENCE)
		return 0;
	return header + content;
}

static bool
is_page(struct span octets)
{
	(void)text_skip_mark(&octets);
	while (octets.size > 0 && strchr(" \t\r\n", octets.data[0]) != NULL &&
	    octets.data[0] != '\0') {
		octets.data++;
		octets.size--;
	}
	return span_starts_with(octets, "<");
}

/* OpenSSL, and so its users, read it all the same: it counts as seen. */
static enum err
judge_pem(const struct store *store, struct span octets,
    struct store_reading *out, struct error *err)
{
	enum store_owner owner;

	TRY(store_judge_text(store, octets, 0, out, &owner, err));
	store_reading_spoil(out, "delivers PEM, not DER: OpenSSL reads that, "
	    "but Windows does not (RFC 5280 4.2.1.13)");
	out->place.remedy = "convert it on the server: openssl crl -in FILE "
	    "-outform DER -out FILE.new && mv FILE.new FILE";
	return ERR_OK;
}

/* It is no CRL in DER: what is it then? */
static void
name_garbage(struct span octets, struct store_reading *out)
{
	const uint64_t size = size_of_der(octets);

	out->place.remedy = publish;
	if (octets.size == 0)
		store_reading_spoil(out, "delivers an empty file");
	else if (is_page(octets))
		store_reading_spoil(out, "delivers a web page (HTML or XML), "
		    "not a CRL");
	else if (span_starts_with(octets, "\x1f\x8b"))
		store_reading_spoil(out, "delivers a compressed file (gzip), "
		    "not a CRL");
	else if (size > octets.size)
		store_reading_spoil(out, "delivers a file that is cut off: %zu "
		    "of %llu octets", octets.size, (unsigned long long)size);
	else
		store_reading_spoil(out, "delivers no CRL in DER");
}

/* The issuer of what else it delivers. */
static void
name_other(struct span octets, struct store_reading *out)
{
	RELEASE_CRL struct crl crl = {0};
	char issuer[NAME_TEXT_SIZE] = "";
	struct window window;

	window_init_memory(&window, octets);
	if (crl_open(&window, &crl, NULL) == ERR_OK)
		name_text(crl.issuer, issuer);
	if (out->held.size > 0)
		store_reading_spoil(out, "delivers %s", store_name_other(out));
	else
		store_reading_spoil(out, "delivers %s (%.90s)",
		    store_name_other(out), issuer);
	out->place.remedy = publish;
}

static enum err
judge(const struct store *store, struct span octets,
    struct store_reading *out, struct error *err)
{
	struct lookup none = {.is_off = true};
	enum store_owner owner;

	TRY(store_judge(store, octets, out, &owner, err));
	if (owner == STORE_GARBAGE && span_contains(octets, "-----BEGIN "))
		return judge_pem(store, octets, out, err);
	/* Of all that it holds, none is an import's to replace. */
	out->place.remedy = publish;
	if (owner == STORE_GARBAGE)
		name_garbage(octets, out);
	else if (owner == STORE_OTHER)
		name_other(octets, out);
	else
		return consumer_choose(store, &none, NULL, out, err);
	return ERR_OK;
}

/* A browser would not mind, and neither does Windows. */
static void
note_media_type(const struct fetched *fetched, struct store_reading *out)
{
	const char *type = fetched->media_type;
	const size_t size = strlen(MEDIA_TYPE);

	if (!fetched->is_http || !out->has_crl ||
	    (strncasecmp(type, MEDIA_TYPE, size) == 0 &&
	    (type[size] == '\0' || strchr("; ", type[size]) != NULL)))
		return;
	snprintf(out->note, sizeof(out->note), "%.170s is delivered %s%.63s, "
	    "not as " MEDIA_TYPE " (RFC 5280 4.2.1.13): set its media type in "
	    "the web server", out->place.path, type[0] == '\0' ?
	    "without a media type" : "as ", type);
}

/* Once in a run, whoever shares the place. */
static enum err
fetch(const struct store *store, struct fetched *out, struct error *err)
{
	const struct fetch fetch = {
	    .url = store->config->url,
	    .ca = store->config->ca,
	    .timeout_s = store_timeout_s(store, REMOTE_TIMEOUT_S),
	    .max_bytes = store->max_crl_bytes};

	return out->is_done ? ERR_OK : fetch_url(&fetch, out, err);
}

static enum err
url_read(const struct store *store, struct store_reading *out,
    struct error *err)
{
	RELEASE_FETCHED struct fetched own = {.is_done = false};
	struct fetched *fetched = store->shared == NULL ? &own :
	    store->shared;

	store_reading_start(store, out);
	TRY(fetch(store, fetched, err));
	if (fetched->fault[0] != '\0') {
		store_reading_spoil(out, "%s", fetched->fault);
		out->place.remedy = fetched->remedy;
		return ERR_OK;
	}
	TRY(judge(store, span_of_buffer(&fetched->octets), out, err));
	note_media_type(fetched, out);
	return ERR_OK;
}

const struct store_type store_url = {
    .name = "url", .is_remote = true, .is_networked = true,
    .read = url_read, .confirm = consumer_confirm, .describe = store_describe,
};
