/* SPDX-License-Identifier: ISC */
/* A manifest, and edits of it. */
#pragma once

#include "ferry/manifest.h"
#include "refusal_fixture.h"
#include "test.h"

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

static inline void
edit(const char *from, const char *to, struct buffer *out)
{
	edit_text(sample, from, to, out);
}
