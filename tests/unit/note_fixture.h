/* SPDX-License-Identifier: ISC */
/* A note, and edits of it. */
#pragma once

#include "ferry/note.h"
#include "refusal_fixture.h"
#include "test.h"

/* A whole note, in the very octets that the encoder writes. */
static const char sample[] =
    "{\n"
    "  \"crl\": \"MAMCAQU=\",\n"
    "  \"manifest\": \"{\\n  \\\"root\\\": \\\"corp-root-g1\\\"\\n}\\n\",\n"
    "  \"nonce\": \"" HEX64 "\",\n"
    "  \"number\": \"12\",\n"
    "  \"root\": \"corp-root-g1\",\n"
    "  \"seals\": [\n"
    "    \"untrusted comment: one\\n\",\n"
    "    \"untrusted comment: two\\n\"\n"
    "  ],\n"
    "  \"sequence\": 17,\n"
    "  \"spki_sha256\": \"" HEX64 "\",\n"
    "  \"subordinate\": \"issuing-1\",\n"
    "  \"time\": \"2026-11-22T10:00:00Z\",\n"
    "  \"type\": \"crlferry-request\",\n"
    "  \"version\": 1\n"
    "}\n";

#define SAMPLE_COMMENT "type:crlferry-request root:corp-root-g1 " \
	"subordinate:issuing-1 sequence:17 time:2026-11-22T10:00:00Z number:12"

/* The same of a receipt. */
static const char receipt_sample[] =
    "{\n"
    "  \"next_update\": \"2027-06-22T10:00:00Z\",\n"
    "  \"nonce\": \"" HEX64 "\",\n"
    "  \"number\": \"12\",\n"
    "  \"root\": \"corp-root-g1\",\n"
    "  \"sequence\": 17,\n"
    "  \"sha256\": \"" HEX64 "\",\n"
    "  \"spki_sha256\": \"" HEX64 "\",\n"
    "  \"stores\": [\n"
    "    {\n"
    "      \"outcome\": \"installed\",\n"
    "      \"path\": \"/etc/ssl/crls\",\n"
    "      \"type\": \"hashdir\"\n"
    "    },\n"
    "    {\n"
    "      \"outcome\": \"failed\",\n"
    "      \"path\": \"/etc/nginx/ca.crl.pem\",\n"
    "      \"type\": \"pem\"\n"
    "    }\n"
    "  ],\n"
    "  \"subordinate\": \"issuing-1\",\n"
    "  \"this_update\": \"2026-11-22T09:50:00Z\",\n"
    "  \"time\": \"2026-11-22T10:00:00Z\",\n"
    "  \"type\": \"crlferry-receipt\",\n"
    "  \"version\": 1\n"
    "}\n";

static inline void
edit(const char *from, const char *to, struct buffer *out)
{
	edit_text(sample, from, to, out);
}
