/* SPDX-License-Identifier: ISC */
/* An output that keeps its first failure, so that it is checked once. */
#pragma once

#include "base/bytes.h"

struct draft {
	struct buffer *out;
	struct error *err;
	enum err code;
};

void draft_put(struct draft *draft, const char *text);

/* At most 511 octets of it. */
void draft_putf(struct draft *draft, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
