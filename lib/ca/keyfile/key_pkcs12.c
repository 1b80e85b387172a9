/* SPDX-License-Identifier: ISC */
#include <openssl/err.h>
#include <openssl/pkcs12.h>

#include "ca/keyfile/key_cost.h"
#include "ca/keyfile/key_pkcs12.h"

#define FREE_PKCS12 __attribute__((cleanup(free_pkcs12)))

static const struct key_convert convert = {"openssl pkcs12 -legacy -nocerts",
    ""};

static void
free_pkcs12(PKCS12 **file)
{
	PKCS12_free(*file);
}

/* A PKCS#12 file and what opens it. */
struct opening {
	struct key_file *file;
	PKCS12 *decoded;
	const char *passphrase;		/* NULL and "" are different ones */
	int size;
	uint64_t cost;			/* of one try, as far as it is known */
};

/* False if it would be too much in all, from then on. */
static bool
spend(struct opening *opening, const X509_ALGOR *algorithm)
{
	if (__builtin_add_overflow(opening->cost, key_cost(algorithm),
	    &opening->cost))
		opening->cost = UINT64_MAX;
	return opening->cost <= KEY_COST_MAX;
}

/* NULL if it is none.  context: of libcrypto; NULL is the default one. */
static PKCS12 *
decode_pkcs12(const struct key_file *file, OSSL_LIB_CTX *context)
{
	const unsigned char *at = file->content.data;
	PKCS12 *decoded = PKCS12_init_ex(NID_pkcs7_data, context, NULL);

	if (decoded == NULL)
		return NULL;
	/* Frees and clears it on failure. */
	return d2i_PKCS12(&decoded, &at, (long)file->content.size);
}

/* NULL if there is none in it, or it stays locked. */
static EVP_PKEY *
key_of_bag(const PKCS12_SAFEBAG *bag, struct opening *opening,
    OSSL_LIB_CTX *context)
{
	const X509_ALGOR *algorithm;
	PKCS8_PRIV_KEY_INFO *plain;
	EVP_PKEY *key;

	if (PKCS12_SAFEBAG_get_nid(bag) == NID_keyBag)
		return EVP_PKCS82PKEY(PKCS12_SAFEBAG_get0_p8inf(bag));
	if (PKCS12_SAFEBAG_get_nid(bag) != NID_pkcs8ShroudedKeyBag)
		return NULL;
	X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag), &algorithm, NULL);
	if (!spend(opening, algorithm))
		return NULL;
	plain = PKCS12_decrypt_skey_ex(bag, opening->passphrase,
	    opening->size, context, NULL);
	/* In the default context, where it outlives this one. */
	key = plain == NULL ? NULL : EVP_PKCS82PKEY(plain);
	PKCS8_PRIV_KEY_INFO_free(plain);	/* wipes it */
	return key;
}

/* True if the key that is wanted is among its keys. */
static bool
take_from_safe(PKCS7 *safe, struct opening *opening, OSSL_LIB_CTX *context)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	bool is_done = false;

	if (PKCS7_type_is_data(safe))
		bags = PKCS12_unpack_p7data(safe);
	else if (PKCS7_type_is_encrypted(safe) && safe->d.encrypted != NULL &&
	    spend(opening, safe->d.encrypted->enc_data->algorithm))
		bags = PKCS12_unpack_p7encdata(safe, opening->passphrase,
		    opening->size);
	for (int i = 0; !is_done && i < sk_PKCS12_SAFEBAG_num(bags); i++)
		is_done = key_file_take(opening->file, key_of_bag(
		    sk_PKCS12_SAFEBAG_value(bags, i), opening, context));
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	return is_done;
}

/*
 * By hand: PKCS12_parse() reads every certificate as well, and those are
 * what old files encrypt with RC2, not the key.
 */
static bool
take_keys(struct opening *opening, OSSL_LIB_CTX *context)
{
	PKCS12 *decoded = context == NULL ? opening->decoded :
	    decode_pkcs12(opening->file, context);
	STACK_OF(PKCS7) *safes = decoded == NULL ? NULL :
	    PKCS12_unpack_authsafes(decoded);
	bool is_done = false;

	opening->cost = key_cost_mac(opening->decoded);
	for (int i = 0; !is_done && i < sk_PKCS7_num(safes); i++)
		is_done = take_from_safe(sk_PKCS7_value(safes, i), opening,
		    context);
	sk_PKCS7_pop_free(safes, PKCS7_free);
	if (context != NULL)
		PKCS12_free(decoded);
	return is_done;
}

static bool
is_unsupported(void)
{
	unsigned long code;
	bool is_found = false;

	while ((code = ERR_get_error()) != 0)
		is_found = is_found || ERR_GET_REASON(code) ==
		    ERR_R_UNSUPPORTED;
	return is_found;
}

/* With a passphrase that has proved right, if there is a MAC. */
static enum err
take_any_keys(struct opening *opening, struct error *err)
{
	bool has_failed, is_old, is_done, is_strange = false;

	ERR_clear_error();
	is_done = take_keys(opening, NULL);
	has_failed = ERR_peek_error() != 0;
	is_old = !is_done && is_unsupported();
	if (is_old && key_file_old(opening->file) != NULL) {
		is_done = take_keys(opening, key_file_old(opening->file));
		is_strange = !is_done && is_unsupported();
	}
	ERR_clear_error();
	if (is_done)
		return ERR_OK;
	TRY(key_cost_check(opening->file->path, opening->cost, err));
	if (opening->file->found != NULL)
		return ERR_OK;
	if (is_old && key_file_old(opening->file) == NULL)
		return key_file_fail_old(opening->file, "an old kind of "
		    "PKCS#12, which this OpenSSL cannot decrypt", &convert,
		    err);
	if (is_strange)
		return err_remedy(err, err_fail(err, ERR_KEY, "%s: its keys "
		    "are encrypted in a way that this OpenSSL cannot decrypt",
		    opening->file->path), KEY_FILE_RENEW);
	if (!has_failed)
		return key_file_fail(opening->file,
		    "there is no key in this PKCS#12 file", err);
	opening->file->is_refused = !PKCS12_mac_present(opening->decoded);
	return key_file_fail(opening->file,
	    PKCS12_mac_present(opening->decoded) ?
	    "this PKCS#12 file is damaged" : "wrong passphrase, or this "
	    "PKCS#12 file is damaged; nothing was signed", err);
}

/* As with plain PEM: if nothing is locked, nobody is asked. */
static bool
opens_without(struct opening *opening)
{
	static const char *const none[] = {NULL, ""};
	bool is_open = false;

	for (size_t i = 0; !is_open && i < 2; i++) {
		opening->passphrase = none[i];
		if (PKCS12_mac_present(opening->decoded)) {
			is_open = PKCS12_verify_mac(opening->decoded, none[i],
			    0) == 1;
		} else {
			(void)take_keys(opening, NULL);
			is_open = opening->file->found != NULL;
		}
	}
	return is_open;
}

/* Keys most often stand in the open, each locked by itself. */
static enum err
check_locks(struct opening *opening, struct error *err)
{
	STACK_OF(PKCS7) *safes = PKCS12_unpack_authsafes(opening->decoded);
	STACK_OF(PKCS12_SAFEBAG) *bags;
	const X509_ALGOR *algorithm;
	OSSL_LIB_CTX *context;
	struct key_lock lock;
	enum err code = ERR_OK;

	for (int i = 0; code == ERR_OK && i < sk_PKCS7_num(safes); i++) {
		PKCS7 *safe = sk_PKCS7_value(safes, i);

		bags = PKCS7_type_is_data(safe) ? PKCS12_unpack_p7data(safe) :
		    NULL;
		for (int j = 0; code == ERR_OK &&
		    j < sk_PKCS12_SAFEBAG_num(bags); j++) {
			PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value(bags, j);

			if (PKCS12_SAFEBAG_get_nid(bag) !=
			    NID_pkcs8ShroudedKeyBag)
				continue;
			X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag),
			    &algorithm, NULL);
			lock = key_lock_of(algorithm);
			if (!lock.is_damaged)
				code = key_file_context(opening->file, &lock,
				    &convert, &context, err);
		}
		sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	}
	sk_PKCS7_pop_free(safes, PKCS7_free);
	return code;
}

/* Once. */
static enum err
try_passphrase(struct opening *opening, struct error *err)
{
	opening->passphrase = (const char *)opening->file->passphrase.data;
	opening->size = (int)opening->file->passphrase.size;
	ERR_clear_error();
	if (!PKCS12_mac_present(opening->decoded) ||
	    PKCS12_verify_mac(opening->decoded, opening->passphrase,
	    opening->size) == 1)
		return ERR_OK;
	return ERR_peek_error() == 0 ?
	    key_file_fail_passphrase(opening->file, err) :
	    key_file_fail(opening->file,
		"this OpenSSL cannot check the MAC of this PKCS#12 file", err);
}

enum err
key_pkcs12_read(struct key_file *file, bool *is_one, struct error *err)
{
	FREE_PKCS12 PKCS12 *decoded = decode_pkcs12(file, NULL);
	struct opening opening = {.file = file, .decoded = decoded};
	bool is_there = true;

	*is_one = decoded != NULL;
	if (decoded == NULL)
		return ERR_OK;
	TRY(key_cost_check(file->path, key_cost_mac(decoded), err));
	if (!opens_without(&opening)) {
		TRY(key_cost_check(file->path, opening.cost, err));
		TRY(check_locks(&opening, err));
		TRY(key_file_ask(file, &is_there, err));
		if (!is_there)
			return ERR_OK;
		TRY(try_passphrase(&opening, err));
	}
	return take_any_keys(&opening, err);
}
