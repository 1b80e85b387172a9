/* SPDX-License-Identifier: ISC */
/* The CRL or the certificate in a file that somebody hands over. */
#pragma once

#include "base/bytes.h"

enum kind {
	KIND_CRL,
	KIND_CERTIFICATE,
	KIND_EITHER,
};

/* By the label of its first such block, or by its DER; else KIND_EITHER. */
enum kind kind_of(struct span file);

/* What it is, such as "a certificate" or "HTML"; NULL if nobody knows. */
const char *kind_name(struct span file);

/*
 * The DER of it, as pem_or_der, appended to out; whether it is sound is not
 * looked at.  ERR_FORMAT says what the file is in its place, such as "FILE is
 * HTML, not a CRL", and the command that makes the right thing of it if there
 * is one.  Of what is in it only names, numbers and labels are shown.  Pure.
 *
 * name  of the file, for messages
 */
MUST_CHECK enum err kind_take(const char *name, struct span file,
    enum kind want, struct buffer *out, struct error *err);
