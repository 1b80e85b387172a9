/* SPDX-License-Identifier: ISC */
/* An order, and edits of it. */
#pragma once

#include "ferry/order.h"
#include "refusal_fixture.h"
#include "test.h"

#define ACCEPTED64 "ff112233445566778899aabbccddeeff" \
	"00112233445566778899aabbccddeeff"

/* A whole order, in the very octets that the encoder writes. */
static const char sample[] =
    "{\n"
    "  \"accepted_sha256\": \"" ACCEPTED64 "\",\n"
    "  \"nonce\": \"" HEX64 "\",\n"
    "  \"number\": \"12\",\n"
    "  \"root\": \"corp-root-g1\",\n"
    "  \"sequence\": 17,\n"
    "  \"sha256\": \"" HEX64 "\",\n"
    "  \"spki_sha256\": \"" HEX64 "\",\n"
    "  \"subordinate\": \"issuing-1\",\n"
    "  \"time\": \"2026-11-22T10:00:00Z\",\n"
    "  \"type\": \"crlferry-reset\",\n"
    "  \"version\": 1,\n"
    "  \"why\": \"crlnumber was mistyped\"\n"
    "}\n";

#define SAMPLE_COMMENT "type:crlferry-reset root:corp-root-g1 " \
	"subordinate:issuing-1 sequence:17 time:2026-11-22T10:00:00Z number:12"

static inline void
edit(const char *from, const char *to, struct buffer *out)
{
	edit_text(sample, from, to, out);
}
