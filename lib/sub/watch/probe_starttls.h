/* SPDX-License-Identifier: ISC */
/* How a plain connection becomes one of TLS.  Inside sub/watch/probe* only. */
#pragma once

#include "sub/watch/probe_socket.h"

/* The protocol of that name.  ERR_USAGE lists them. */
MUST_CHECK enum err starttls_find(const char *name,
    const struct starttls **out, struct error *err);

/*
 * Lead the protocol's dialogue up to the point at which TLS begins.
 *
 * ERR_MISSING if the service refuses, ERR_FORMAT if it speaks another protocol
 * or answers without an end, ERR_IO.
 */
MUST_CHECK enum err starttls_begin(const struct starttls *starttls, int fd,
    struct error *err);
