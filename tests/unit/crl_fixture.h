/* SPDX-License-Identifier: ISC */
/* CRLs built from hex, part by part, for whatever no CA program would make. */
#pragma once

#include "base/bytes.h"
#include "base/window.h"
#include "pki/crl.h"
#include "pki/der.h"
#include "test.h"

#define ECDSA_SHA256 "300a06082a8648ce3d040302"
#define ISSUER_CN "300d310b300906035504030c024341"	/* CN=CA */
#define TIME_2026 "170d3236303130313030303030305a"
#define TIME_2026_07 "170d3236303730313030303030305a"
#define AKI "300d0603551d23040630048002abcd"
#define NUMBER_5 "300a0603551d140403020105"

/* Hex of each part; NULL for the default, "" for nothing. */
struct crafted {
	const char *version;
	const char *inner;
	const char *issuer;
	const char *times;
	const char *revoked;	/* content of the list; default absent */
	const char *extensions;	/* content of their SEQUENCE */
	const char *tail;	/* in place of [0] and extensions */
	const char *outer;
	const char *signature;	/* whole BIT STRING */
	const char *trailing;	/* behind it all */
};

static inline void
put_hex(struct buffer *out, const char *hex)
{
	struct error err = { 0 };
	uint8_t octets[4096];
	size_t size;

	assert_true(hex_decode(span_of_text(hex), octets, sizeof(octets),
	    &size));
	FINE(buffer_append(out, octets, size, &err));
}

static inline void
put_part(struct buffer *out, const char *hex, const char *fallback)
{
	put_hex(out, hex != NULL ? hex : fallback);
}

static inline void
put_value(struct buffer *out, uint8_t tag, struct span content)
{
	struct error err = { 0 };

	FINE(der_put(out, tag, content, &err));
}

static inline void
put_wrapped(struct buffer *out, uint8_t tag, const char *hex)
{
	RELEASE_BUFFER struct buffer content = { 0 };

	put_hex(&content, hex);
	put_value(out, tag, span_of_buffer(&content));
}

static inline void
put_extensions(struct buffer *out, const struct crafted *parts)
{
	RELEASE_BUFFER struct buffer list = { 0 };

	if (parts->tail != NULL) {
		put_hex(out, parts->tail);
		return;
	}
	put_wrapped(&list, DER_SEQUENCE, parts->extensions != NULL ?
	    parts->extensions : AKI NUMBER_5);
	put_value(out, DER_CONTEXT_CONSTRUCTED(0), span_of_buffer(&list));
}

/* As craft, with the list from a buffer where it is not NULL. */
static inline void
craft_list(const struct crafted *parts, const struct buffer *revoked,
    struct buffer *out)
{
	RELEASE_BUFFER struct buffer tbs = { 0 };
	RELEASE_BUFFER struct buffer body = { 0 };

	put_part(&tbs, parts->version, "020101");
	put_part(&tbs, parts->inner, ECDSA_SHA256);
	put_part(&tbs, parts->issuer, ISSUER_CN);
	put_part(&tbs, parts->times, TIME_2026 TIME_2026_07);
	if (revoked != NULL)
		put_value(&tbs, DER_SEQUENCE, span_of_buffer(revoked));
	put_extensions(&tbs, parts);
	put_value(&body, DER_SEQUENCE, span_of_buffer(&tbs));
	put_part(&body, parts->outer, ECDSA_SHA256);
	put_part(&body, parts->signature, "03020055");
	put_value(out, DER_SEQUENCE, span_of_buffer(&body));
	put_part(out, parts->trailing, "");
}

/* Append the whole CRL to out. */
static inline void
craft(const struct crafted *parts, struct buffer *out)
{
	RELEASE_BUFFER struct buffer list = { 0 };

	if (parts->revoked != NULL)
		put_hex(&list, parts->revoked);
	craft_list(parts, parts->revoked != NULL ? &list : NULL, out);
}

/* Open a CRL in memory, which must outlive both. */
static inline enum err
open_memory(const struct buffer *der, struct window *window, struct crl *crl,
    struct error *err)
{
	window_init_memory(window, span_of_buffer(der));
	return crl_open(window, crl, err);
}

/* Fail unless the code is this one and the error says why. */
static inline void
assert_refused(const char *name, enum err want, enum err have,
    const struct error *err)
{
	if (have != want || err->code != want || err->what[0] == '\0')
		fail_msg("%s: want %s, have %s: \"%s\"", name,
		    error_token(want), error_token(have), err->what);
}
