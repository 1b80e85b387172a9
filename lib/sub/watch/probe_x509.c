/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include <openssl/x509v3.h>

#include "base/array.h"
#include "base/text.h"
#include "sub/store/store_free.h"
#include "sub/watch/probe_x509.h"

RELEASES(free_names, GENERAL_NAMES, GENERAL_NAMES_free)
RELEASES(free_access, AUTHORITY_INFO_ACCESS, AUTHORITY_INFO_ACCESS_free)
RELEASES(free_stack, STACK_OF(X509), sk_X509_free)

bool
probe_algorithm(const struct cert *cert, char name[64])
{
	KEEP_ERRORS;
	static const int weak[] = {NID_md2, NID_md4, NID_md5, NID_sha1,
	    NID_mdc2, NID_md5_sha1, NID_ripemd160};
	const int nid = X509_get_signature_nid(cert->x509);
	struct algorithm algorithm;
	int digest = NID_undef;

	if (algorithm_parse(cert->signature_algorithm, &algorithm, NULL) ==
	    ERR_OK) {
		/* A later OpenSSL's may have no NID here. */
		snprintf(name, 64, "%.40s%s%.16s", nid == NID_rsassaPss ?
		    "RSASSA-PSS" : nid == NID_undef ? algorithm.name :
		    OBJ_nid2ln(nid), nid == NID_rsassaPss ? " with " : "",
		    nid == NID_rsassaPss ? algorithm.digest : "");
		return algorithm.is_weak;
	}
	snprintf(name, 64, "%.63s", nid == NID_undef ?
	    "an unknown algorithm" : OBJ_nid2ln(nid));
	if (X509_get_signature_info(cert->x509, &digest, NULL, NULL, NULL) !=
	    1 && OBJ_find_sigid_algs(nid, &digest, NULL) != 1)
		return false;
	for (size_t i = 0; i < COUNT_OF(weak); i++) {
		if (digest == weak[i])
			return true;
	}
	return false;
}

const char *
probe_key(const struct cert *cert)
{
	switch (EVP_PKEY_get_base_id(cert->key)) {
	case EVP_PKEY_RSA:
	case EVP_PKEY_RSA_PSS:
		return "RSA";
	case EVP_PKEY_EC:
		return "ECDSA";
	case EVP_PKEY_ED25519:
	case EVP_PKEY_ED448:
		return "EdDSA";
	case EVP_PKEY_DSA:
		return "DSA";
	default:
		return "other";
	}
}

enum probe_name
probe_name(const struct cert *leaf, const struct probe_target *target)
{
	KEEP_ERRORS;
	const char *name = target->servername;

	if (target->is_address)
		return X509_check_ip_asc(leaf->x509, name, 0) == 1 ?
		    NAME_CARRIED : NAME_LACKING;
	if (X509_check_host(leaf->x509, name, 0,
	    X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, NULL) == 1)
		return NAME_CARRIED;
	return X509_check_host(leaf->x509, name, 0, 0, NULL) == 1 ?
	    NAME_IN_SUBJECT : NAME_LACKING;
}

/* As text; empty if it is of another kind. */
static void
print_name(const GENERAL_NAME *name, char out[PROBE_NAMES_SIZE])
{
	const ASN1_STRING *value = name->d.ia5;
	int size;

	out[0] = '\0';
	if (name->type != GEN_DNS && name->type != GEN_IPADD &&
	    name->type != GEN_URI)
		return;
	size = ASN1_STRING_length(value);
	if (name->type != GEN_IPADD)
		snprintf(out, PROBE_NAMES_SIZE, "%.*s", size < 200 ? size :
		    200, (const char *)ASN1_STRING_get0_data(value));
	else if (size == 4 || size == 16)
		(void)inet_ntop(size == 4 ? AF_INET : AF_INET6,
		    ASN1_STRING_get0_data(value), out, PROBE_NAMES_SIZE);
	text_make_printable(out, '?');
}

void
probe_names(const struct cert *leaf, char out[PROBE_NAMES_SIZE])
{
	KEEP_ERRORS;
	FREE_BY(free_names) GENERAL_NAMES *names =
	    X509_get_ext_d2i(leaf->x509, NID_subject_alt_name, NULL, NULL);
	size_t used = 0;

	out[0] = '\0';
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		char one[PROBE_NAMES_SIZE];

		print_name(sk_GENERAL_NAME_value(names, i), one);
		if (one[0] == '\0')
			continue;
		/* The first one always fits. */
		if (used + strlen(one) + sizeof(", , ...") >
		    PROBE_NAMES_SIZE) {
			strcpy(out + used, ", ...");
			return;
		}
		used += (size_t)snprintf(out + used, PROBE_NAMES_SIZE - used,
		    "%s%s", used == 0 ? "" : ", ", one);
	}
}

void
probe_issuer_url(const struct cert *cert, char out[PROBE_NAMES_SIZE])
{
	KEEP_ERRORS;
	FREE_BY(free_access) AUTHORITY_INFO_ACCESS *access =
	    X509_get_ext_d2i(cert->x509, NID_info_access, NULL, NULL);

	out[0] = '\0';
	for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access); i++) {
		const ACCESS_DESCRIPTION *one =
		    sk_ACCESS_DESCRIPTION_value(access, i);

		if (OBJ_obj2nid(one->method) == NID_ad_ca_issuers &&
		    one->location->type == GEN_URI && out[0] == '\0')
			print_name(one->location, out);
	}
}

enum err
probe_verify(const struct probe_chain *chain, int64_t now_s,
    char why[PROBE_NAMES_SIZE], struct error *err)
{
	KEEP_ERRORS;
	FREE_BY(free_store) X509_STORE *store = X509_STORE_new();
	FREE_BY(free_context) X509_STORE_CTX *context = X509_STORE_CTX_new();
	FREE_BY(free_stack) STACK_OF(X509) *sent = sk_X509_new_null();
	X509_VERIFY_PARAM *param;
	char at[NAME_TEXT_SIZE] = "";

	why[0] = '\0';
	if (store == NULL || context == NULL || sent == NULL ||
	    X509_STORE_add_cert(store, chain->anchor->cert->x509) != 1)
		return err_no_memory(err);
	for (size_t i = 1; i < chain->sent_count; i++) {
		if (chain->sent[i].cert != NULL &&
		    sk_X509_push(sent, chain->sent[i].cert->x509) == 0)
			return err_no_memory(err);
	}
	if (X509_STORE_CTX_init(context, store, chain->sent[0].cert->x509,
	    sent) != 1)
		return err_no_memory(err);
	param = X509_STORE_CTX_get0_param(context);
	X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN |
	    X509_V_FLAG_TRUSTED_FIRST);
	X509_VERIFY_PARAM_set_time(param, now_s);
	X509_VERIFY_PARAM_set_auth_level(param, 0);
	X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER);
	if (X509_verify_cert(context) == 1)
		return ERR_OK;
	if (X509_STORE_CTX_get_current_cert(context) != NULL)
		(void)name_print(X509_get_subject_name(
		    X509_STORE_CTX_get_current_cert(context)), at);
	snprintf(why, PROBE_NAMES_SIZE, "%.100s%s%.120s",
	    X509_verify_cert_error_string(X509_STORE_CTX_get_error(context)),
	    at[0] == '\0' ? "" : ", at ", at);
	return ERR_OK;
}
