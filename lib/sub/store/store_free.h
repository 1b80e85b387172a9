/* SPDX-License-Identifier: ISC */
/* OpenSSL's objects, released by attribute.  Inside sub/store and sub/watch. */
#pragma once

#include <stdbool.h>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#define FREE_BY(release) __attribute__((cleanup(release)))

/* OpenSSL's own take the object, and attributes its place. */
#define RELEASES(name, type, release) \
	static inline void \
	name(type **object) \
	{ \
		release(*object); \
	}

RELEASES(free_crl, X509_CRL, X509_CRL_free)
RELEASES(free_store, X509_STORE, X509_STORE_free)
RELEASES(free_context, X509_STORE_CTX, X509_STORE_CTX_free)
RELEASES(free_bio, BIO, BIO_free)
RELEASES(free_method, X509_CRL_METHOD, X509_CRL_METHOD_free)

static inline void
free_crls(STACK_OF(X509_CRL) **crls)
{
	sk_X509_CRL_pop_free(*crls, X509_CRL_free);
}

/* The error queue holds nothing that an operator could use. */
static inline void
leave(const bool *unused)
{
	(void)unused;
	ERR_pop_to_mark();
}

/* Errors that OpenSSL leaves behind from here on are taken off again. */
#define KEEP_ERRORS \
	FREE_BY(leave) const bool kept __attribute__((unused)) = \
	    ERR_set_mark() == 1
