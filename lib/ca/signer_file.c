/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>

#include "base/file.h"
#include "base/shell_word.h"
#include "ca/signer_cost.h"
#include "ca/signer_file.h"

#define KEY_FILE_MAX (64 * 1024)
#define LOCKED_HEAP_SIZE (128 * 1024)	/* holds the largest RSA keys */
#define LOCKED_HEAP_PIECE 32

struct key_file {
	const char *path;
	const struct secret_source *passphrases;
	struct span content;	/* in guarded memory */
};

#define FREE_PKCS12 __attribute__((cleanup(free_pkcs12)))

static const char no_key[] = "no private key in PEM or PKCS#12 is in it";

static void
free_pkcs12(PKCS12 **file)
{
	PKCS12_free(*file);
}

/* A file in guarded memory; what it was read through is wiped. */
static enum err
read_secret_file(const char *path, struct secret *out, struct error *err)
{
	WIPE_BUFFER struct buffer file = {0};

	TRY(file_read(path, FILE_SECRET, KEY_FILE_MAX, &file, err));
	TRY(secret_new(file.size, out, err));
	if (file.size > 0)
		memcpy(out->data, file.data, file.size);
	return ERR_OK;
}

static enum err
obtain(const struct key_file *file, struct secret *out, struct error *err)
{
	char prompt[512];

	snprintf(prompt, sizeof(prompt), "passphrase of %s", file->path);
	return secret_obtain(file->passphrases, prompt, out, err);
}

static enum err
fail_passphrase(const struct key_file *file, struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_KEY, "wrong passphrase for "
	    "%s; nothing was signed", file->path), "run the same command "
	    "again, with the passphrase of that file");
}

static enum err
fail_file(const struct key_file *file, const char *what, struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_KEY, "%s: %s", file->path,
	    what), "name the file of the root's private key, in PEM or "
	    "PKCS#12, or restore it from backup");
}

/* Its passphrase may be right: the way out is to convert it. */
static enum err
fail_old(const struct key_file *file, struct error *err)
{
	RELEASE_BUFFER struct buffer word = {0};

	TRY(shell_word_append(&word, file->path, err));
	return err_remedy(err, err_fail(err, ERR_KEY, "%s: an old kind of "
	    "PKCS#12, which this OpenSSL cannot decrypt", file->path),
	    "on a machine whose OpenSSL has the legacy provider: openssl "
	    "pkcs12 -legacy -nocerts -in %.*s -out root.key",
	    (int)word.size, (const char *)word.data);
}

/* How OpenSSL asks, and what came of it. */
struct asking {
	const struct key_file *file;
	struct error error;
};

static int
answer(char *buffer, int size, int is_writing, void *context)
{
	struct asking *asking = context;
	RELEASE_SECRET struct secret passphrase = {0};

	(void)is_writing;
	/* OpenSSL's decoder tries again; who said no is not asked again. */
	if (asking->error.code != ERR_OK)
		return -1;
	if (obtain(asking->file, &passphrase, &asking->error) != ERR_OK)
		return -1;
	if (passphrase.size > (size_t)size)
		return -1;
	memcpy(buffer, passphrase.data, passphrase.size);
	return (int)passphrase.size;
}

static enum err
load_pem(const struct key_file *file, EVP_PKEY **out, struct error *err)
{
	struct asking asking = {file, {0}};
	BIO *bio;

	TRY(signer_cost_check_pem(file->path, file->content, err));
	bio = BIO_new_mem_buf(file->content.data, (int)file->content.size);
	*out = bio == NULL ? NULL :
	    PEM_read_bio_PrivateKey(bio, NULL, answer, &asking);
	BIO_free(bio);
	ERR_clear_error();
	if (*out != NULL)
		return ERR_OK;
	if (asking.error.code != ERR_OK)
		return err_copy(err, &asking.error);
	return span_contains(file->content, "ENCRYPTED") ?
	    fail_passphrase(file, err) : fail_file(file, no_key, err);
}

/* A PKCS#12 file and what opens it. */
struct opening {
	const struct key_file *file;
	PKCS12 *decoded;
	const char *passphrase;		/* NULL and "" are different ones */
	int size;
	uint64_t cost;			/* of one try, as far as it is known */
};

/* False if it would be too much in all, from then on. */
static bool
spend(struct opening *opening, const X509_ALGOR *algorithm)
{
	if (__builtin_add_overflow(opening->cost, signer_cost(algorithm),
	    &opening->cost))
		opening->cost = UINT64_MAX;
	return opening->cost <= SIGNER_COST_MAX;
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

static EVP_PKEY *
key_of_safe(PKCS7 *safe, struct opening *opening,
    OSSL_LIB_CTX *context)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	EVP_PKEY *key = NULL;

	if (PKCS7_type_is_data(safe))
		bags = PKCS12_unpack_p7data(safe);
	else if (PKCS7_type_is_encrypted(safe) && safe->d.encrypted != NULL &&
	    spend(opening, safe->d.encrypted->enc_data->algorithm))
		bags = PKCS12_unpack_p7encdata(safe, opening->passphrase,
		    opening->size);
	for (int i = 0; key == NULL && i < sk_PKCS12_SAFEBAG_num(bags); i++)
		key = key_of_bag(sk_PKCS12_SAFEBAG_value(bags, i), opening,
		    context);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	return key;
}

/*
 * By hand: PKCS12_parse() reads every certificate as well, and those are
 * what old files encrypt with RC2, not the key.
 */
static EVP_PKEY *
take_key(struct opening *opening, OSSL_LIB_CTX *context)
{
	PKCS12 *decoded = context == NULL ? opening->decoded :
	    decode_pkcs12(opening->file, context);
	STACK_OF(PKCS7) *safes = decoded == NULL ? NULL :
	    PKCS12_unpack_authsafes(decoded);
	EVP_PKEY *key = NULL;

	opening->cost = signer_cost_mac(opening->decoded);
	for (int i = 0; key == NULL && i < sk_PKCS7_num(safes); i++)
		key = key_of_safe(sk_PKCS7_value(safes, i), opening, context);
	sk_PKCS7_pop_free(safes, PKCS7_free);
	if (context != NULL)
		PKCS12_free(decoded);
	return key;
}

/*
 * RC2 is in a provider that nothing else here gets to see.  *is_there: this
 * machine has it.
 */
static EVP_PKEY *
take_old_key(struct opening *opening, bool *is_there)
{
	OSSL_LIB_CTX *context = OSSL_LIB_CTX_new();
	OSSL_PROVIDER *legacy = context == NULL ? NULL :
	    OSSL_PROVIDER_load(context, "legacy");
	OSSL_PROVIDER *common = legacy == NULL ? NULL :
	    OSSL_PROVIDER_load(context, "default");
	EVP_PKEY *key = common == NULL ? NULL : take_key(opening, context);

	*is_there = legacy != NULL;
	if (common != NULL)
		OSSL_PROVIDER_unload(common);
	if (legacy != NULL)
		OSSL_PROVIDER_unload(legacy);
	OSSL_LIB_CTX_free(context);
	return key;
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
take_any_key(struct opening *opening, EVP_PKEY **out,
    struct error *err)
{
	bool is_there = true;
	bool has_failed;

	ERR_clear_error();
	*out = take_key(opening, NULL);
	has_failed = ERR_peek_error() != 0;
	if (*out == NULL && is_unsupported())
		*out = take_old_key(opening, &is_there);
	ERR_clear_error();
	if (*out != NULL)
		return ERR_OK;
	TRY(signer_cost_check(opening->file->path, opening->cost, err));
	if (!is_there)
		return fail_old(opening->file, err);
	if (!has_failed)
		return fail_file(opening->file,
		    "there is no key in this PKCS#12 file", err);
	return fail_file(opening->file, PKCS12_mac_present(opening->decoded) ?
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
			EVP_PKEY *key = take_key(opening, NULL);

			is_open = key != NULL;
			EVP_PKEY_free(key);
		}
	}
	return is_open;
}

/* Once. */
static enum err
try_passphrase(struct opening *opening, const struct secret *passphrase,
    struct error *err)
{
	opening->passphrase = (const char *)passphrase->data;
	opening->size = (int)passphrase->size;
	ERR_clear_error();
	if (!PKCS12_mac_present(opening->decoded) ||
	    PKCS12_verify_mac(opening->decoded, opening->passphrase,
	    opening->size) == 1)
		return ERR_OK;
	return ERR_peek_error() == 0 ? fail_passphrase(opening->file, err) :
	    fail_file(opening->file,
		"this OpenSSL cannot check the MAC of this PKCS#12 file", err);
}

static enum err
load_pkcs12(const struct key_file *file, EVP_PKEY **out, struct error *err)
{
	FREE_PKCS12 PKCS12 *decoded = decode_pkcs12(file, NULL);
	RELEASE_SECRET struct secret passphrase = {0};
	struct opening opening = {.file = file, .decoded = decoded};

	if (decoded == NULL)
		return fail_file(file, no_key, err);
	TRY(signer_cost_check(file->path, signer_cost_mac(decoded), err));
	if (!opens_without(&opening)) {
		TRY(signer_cost_check(file->path, opening.cost, err));
		TRY(obtain(file, &passphrase, err));
		TRY(try_passphrase(&opening, &passphrase, err));
	}
	return take_any_key(&opening, out, err);
}

enum err
signer_file_load(const char *path, const struct secret_source *passphrases,
    EVP_PKEY **out, struct error *err)
{
	RELEASE_SECRET struct secret content = {0};
	struct key_file file = {path, passphrases, {0}};
	enum err code;

	/* If memory cannot be locked, libcrypto uses its plain heap. */
	if (CRYPTO_secure_malloc_initialized() == 0 &&
	    CRYPTO_secure_malloc_init(LOCKED_HEAP_SIZE, LOCKED_HEAP_PIECE) == 0)
		ERR_clear_error();
	TRY(read_secret_file(path, &content, err));
	file.content = (struct span){content.data, content.size};
	/* DER begins with a SEQUENCE, PEM with text. */
	code = content.size > 0 && content.data[0] == 0x30 ?
	    load_pkcs12(&file, out, err) : load_pem(&file, out, err);
	ERR_clear_error();
	return code;
}
