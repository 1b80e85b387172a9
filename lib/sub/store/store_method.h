/* SPDX-License-Identifier: ISC */
/*
 * OpenSSL's own verification of a CRL, done once: it is asked for each store
 * that holds the CRL, and in each run.  Inside sub/store_* only.
 */
#pragma once

#include "sub/store/store.h"

struct stack_st_X509_CRL;	/* STACK_OF(X509_CRL) */
struct x509_crl_method_st;	/* X509_CRL_METHOD */

/*
 * From here on new CRLs are verified by a method of ours, *out, to be freed
 * after them; by OpenSSL's own, and *out is left NULL, if the store remembers
 * nothing.  From method_end on that is so again for those that are made later.
 */
void method_begin(const struct store *store, struct x509_crl_method_st **out);
void method_end(void);

/* Tell the CRLs that were made by it for which store, borrowed, they are. */
void method_bind(const struct store *store, struct stack_st_X509_CRL *crls);
