/* SPDX-License-Identifier: ISC */
/* The handshake, and what it shows.  Inside sub/watch/probe* only. */
#pragma once

#include "sub/watch/probe_socket.h"

#define PROBE_SENT_MAX 32

/* The keys of which the service may have its certificate. */
enum probe_keys {
	KEYS_ANY,
	KEYS_RSA,
	KEYS_ELLIPTIC,	/* ECDSA and EdDSA */
};

struct probe_handshake {
	struct buffer sent[PROBE_SENT_MAX];	/* certificates, DER */
	size_t sent_count;
	size_t left_out;	/* those beyond */
	bool is_signature_weak;	/* it rests on MD5 or SHA-1 */
	bool asks_client;	/* it wants a certificate of the client's */
};

#define RELEASE_HANDSHAKE __attribute__((cleanup(probe_handshake_release)))
void probe_handshake_release(struct probe_handshake *handshake);

/*
 * Shake hands over a connection, whatever the certificates are, down to TLS 1.0
 * and what is as old.  What came before a failure is kept in *out all the same.
 *
 * report  receives protocol, cipher and signature
 *
 * ERR_FORMAT, ERR_IO.
 */
MUST_CHECK enum err probe_handshake(int fd,
    const struct probe_target *target, enum probe_keys keys,
    struct probe_report *report,
    struct probe_handshake *out, struct error *err);
