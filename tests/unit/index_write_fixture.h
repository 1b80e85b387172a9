/* SPDX-License-Identifier: ISC */
/* Lists of revocations for tests, as text. */
#pragma once

#include "index_fixture.h"
#include "instant.h"
#include "ca/index.h"
#include "test.h"

#define NOW "260301120000Z"
#define NOW_TIME "2026-03-01T12:00:00Z"
#define V(serial, rest) "V\t" END "\t\t" serial "\t" rest
#define R(reason, serial, rest) "R\t" END "\t" NOW reason "\t" serial "\t" rest
#define REST "unknown\t/CN=x\n"
#define LOST(reason, serial) "R\t99991231235959Z\t" NOW reason "\t" serial \
	"\tunknown\t/CN=unknown\n"

#define LIST_MAX 4

/* One revocation, its parts as text. */
struct part {
	const char *serial;	/* hex of the content octets */
	const char *reason;	/* as the index has it; NULL ends a list */
	const char *at;		/* NULL: NOW */
};

/* Room for what the revocations of a list point to. */
struct list {
	struct revocation items[LIST_MAX];
	uint8_t serials[LIST_MAX][SERIAL_OCTETS_MAX];
	uint8_t holds[LIST_MAX][INDEX_HOLD_MAX];
	size_t count;
};

static inline void
build_list(const struct part parts[LIST_MAX], struct list *out)
{
	*out = (struct list){0};
	for (size_t i = 0; i < LIST_MAX && parts[i].reason != NULL; i++) {
		struct revocation *item = &out->items[out->count++];
		struct error err = {0};

		assert_true(hex_decode(span_of_text(parts[i].serial),
		    out->serials[i], SERIAL_OCTETS_MAX, &item->serial.size));
		item->serial.data = out->serials[i];
		assert_fine(parts[i].reason, index_reason_parse(span_of_text(
		    parts[i].reason), item, out->holds[i], &err), &err);
		item->revoked_at_s = instant(parts[i].at == NULL ? NOW_TIME :
		    parts[i].at);
	}
}
