/* SPDX-License-Identifier: ISC */
/* What the reader does once it is confined.  Inside sub/reader only. */
#pragma once

#include "sub/reader/reader.h"

/* The octets of a bundle's files, mapped before the process was confined. */
struct reader_input {
	struct span parts[BUNDLE_PART_COUNT];
	struct span seals[BUNDLE_SEALS_MAX];
	uint8_t *der;		/* shared with the parent: receives the DER */
	size_t der_capacity;
};

/*
 * Judge a bundle by every rule of admission, in their order.  Everything goes
 * into the verdict, the error too.
 */
void reader_judge(const struct reader_request *request,
    const struct reader_input *input, struct verdict *verdict);
