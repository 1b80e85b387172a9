/* SPDX-License-Identifier: ISC */
/* A manifest, and edits of it.  For tests only; include after cmocka.h. */
#pragma once

#include <string.h>

#include "base/array.h"
#include "ferry/manifest.h"

#define HEX64 "00112233445566778899aabbccddeeff" \
	"00112233445566778899aabbccddeeff"
#define ABC_SHA256 "ba7816bf8f01cfea414140de5dae2223" \
	"b00361a396177a9cb410ff61f20015ad"

/* A whole manifest, in the very octets that the encoder writes. */
static const char sample[] =
    "{\n"
    "  \"answers\": [\n"
    "    \"" HEX64 "\"\n"
    "  ],\n"
    "  \"created\": \"2026-11-22T10:00:00Z\",\n"
    "  \"dropped\": [\n"
    "    {\n"
    "      \"number\": \"7\",\n"
    "      \"serial\": \"00ff01\",\n"
    "      \"why\": \"certificate expired\"\n"
    "    }\n"
    "  ],\n"
    "  \"emergency\": true,\n"
    "  \"files\": [\n"
    "    {\n"
    "      \"name\": \"corp-root-g1.crl\",\n"
    "      \"sha256\": \"" ABC_SHA256 "\",\n"
    "      \"size\": 3\n"
    "    }\n"
    "  ],\n"
    "  \"ledger_head\": \"" HEX64 "\",\n"
    "  \"next_ceremony\": \"2027-05-04\",\n"
    "  \"next_update\": \"2027-06-22T09:50:00Z\",\n"
    "  \"number\": \"12\",\n"
    "  \"published_as\": \"Corp Root.crl\",\n"
    "  \"revoked_count\": 4,\n"
    "  \"root\": \"corp-root-g1\",\n"
    "  \"spki_sha256\": \"" HEX64 "\",\n"
    "  \"this_update\": \"2026-11-22T09:50:00Z\",\n"
    "  \"type\": \"crlferry-bundle\",\n"
    "  \"version\": 1,\n"
    "  \"why\": \"Schl\xc3\xbcssel verloren\"\n"
    "}\n";

/* sample with the first `from` replaced; from must be there. */
static inline void
edit(const char *from, const char *to, struct buffer *out)
{
	const char *at = strstr(sample, from);

	assert_non_null(at);
	assert_int_equal(buffer_append(out, sample, (size_t)(at - sample),
	    NULL), ERR_OK);
	assert_int_equal(buffer_append_text(out, to, NULL), ERR_OK);
	assert_int_equal(buffer_append_text(out, at + strlen(from), NULL),
	    ERR_OK);
}
