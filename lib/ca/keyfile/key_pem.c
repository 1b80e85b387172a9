/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "base/array.h"
#include "base/text.h"
#include "ca/keyfile/key_cost.h"
#include "ca/keyfile/key_pem.h"
#include "ca/keyfile/key_pkcs12.h"

/* The labels that OpenSSL takes for a private key. */
static const char *const labels[] = {
	PEM_STRING_PKCS8INF, PEM_STRING_PKCS8, PEM_STRING_RSA,
	PEM_STRING_ECPRIVATEKEY, PEM_STRING_DSA,
};

static const struct key_convert convert = {"openssl pkcs8 -topk8",
    " -provider legacy -provider default -v2 aes256"};

/* One key, as it stands in the file. */
struct item {
	char *label;
	char *header;		/* of PEM: how it is encrypted */
	unsigned char *data;
	long size;
	X509_SIG *sealed;	/* PKCS#8, encrypted; or NULL */
	EVP_CIPHER_INFO cipher;	/* of PEM's own encryption */
	struct key_lock lock;	/* of either; its name is empty if plain */
};

/* What is known of the keys of a file. */
struct reading {
	struct key_file *file;
	size_t count;
	uint64_t cost;		/* of one try of each */
	bool is_locked_out;	/* a passphrase did not fit */
	bool is_skipped;	/* nobody was to be asked for one */
	bool is_done;
	struct secret pkcs12;	/* of the first block that is called so */
};

typedef enum err item_visit(struct reading *reading, struct item *item,
    struct error *err);

/* "DEK-Info: IDEA-CBC,0123...", of a cipher that this libcrypto has or not. */
static enum err
parse_header(const struct key_file *file, struct item *item,
    struct error *err)
{
	static const char key[] = "DEK-Info:";
	const char *at = strstr(item->header, key);
	int reason;

	if (PEM_get_EVP_CIPHER_INFO(item->header, &item->cipher) != 1) {
		reason = ERR_GET_REASON(ERR_peek_last_error());
		ERR_clear_error();
		if (at == NULL || reason != PEM_R_UNSUPPORTED_ENCRYPTION)
			return key_file_fail(file, "the lines Proc-Type and "
			    "DEK-Info of its key are damaged", err);
	} else if (item->cipher.cipher == NULL) {
		return ERR_OK;
	} else {
		snprintf(item->lock.cipher, sizeof(item->lock.cipher), "%s",
		    EVP_CIPHER_get0_name(item->cipher.cipher));
	}
	at += strlen(key);
	at += strspn(at, " \t");
	snprintf(item->lock.name, sizeof(item->lock.name), "%.*s (PEM)",
	    (int)strcspn(at, ", \t\r\n"), at);
	return ERR_OK;
}

static enum err
parse_item(const struct key_file *file, struct item *item, struct error *err)
{
	const unsigned char *at = item->data;
	const X509_ALGOR *algorithm;

	item->lock = (struct key_lock){.digest = NID_undef};
	if (item->header != NULL && item->header[0] != '\0')
		return parse_header(file, item, err);
	item->sealed = d2i_X509_SIG(NULL, &at, item->size);
	ERR_clear_error();
	if (item->sealed != NULL) {
		X509_SIG_get0(item->sealed, &algorithm, NULL);
		item->lock = key_lock_of(algorithm);
	}
	return ERR_OK;
}

static bool
is_locked(const struct item *item)
{
	return item->lock.name[0] != '\0';
}

/* All that may be wrong without a passphrase comes before it is asked for. */
static enum err
check_item(struct reading *reading, struct item *item, struct error *err)
{
	const X509_ALGOR *algorithm = NULL;
	OSSL_LIB_CTX *context;
	uint64_t cost = 1;	/* PEM's own encryption hashes once */

	reading->count++;
	if (!is_locked(item))
		return ERR_OK;
	if (item->sealed != NULL) {
		X509_SIG_get0(item->sealed, &algorithm, NULL);
		cost = key_cost(algorithm);
	}
	if (__builtin_add_overflow(reading->cost, cost, &reading->cost))
		reading->cost = UINT64_MAX;
	TRY(key_cost_check(reading->file->path, reading->cost, err));
	if (!item->lock.is_damaged)
		TRY(key_file_context(reading->file, &item->lock, &convert,
		    &context, err));
	return cost > 0 ? ERR_OK : key_file_fail(reading->file,
	    "the parameters of its key's encryption are damaged", err);
}

static int
answer(char *buffer, int size, int is_writing, void *context)
{
	const struct secret *passphrase = context;

	(void)is_writing;
	if (passphrase->size > (size_t)size)
		return -1;
	memcpy(buffer, passphrase->data, passphrase->size);
	return (int)passphrase->size;
}

/* In place.  libcrypto takes no context here but the thread's own. */
static bool
decrypt_block(struct item *item, struct secret *passphrase,
    OSSL_LIB_CTX *context)
{
	OSSL_LIB_CTX *usual = OSSL_LIB_CTX_set0_default(context);
	const bool is_open = PEM_do_header(&item->cipher, item->data,
	    &item->size, answer, passphrase) == 1;

	OSSL_LIB_CTX_set0_default(usual);
	return is_open;
}

/* The key is made in the usual context, which outlives the other. */
static EVP_PKEY *
key_of_item(struct item *item, struct secret *passphrase,
    OSSL_LIB_CTX *context, bool *is_open)
{
	const unsigned char *at = item->data;
	PKCS8_PRIV_KEY_INFO *plain;
	EVP_PKEY *key;

	if (item->sealed == NULL) {
		*is_open = !is_locked(item) ||
		    decrypt_block(item, passphrase, context);
		key = *is_open ? d2i_AutoPrivateKey(NULL, &at, item->size) :
		    NULL;
		/* A wrong passphrase may end as the right padding does. */
		*is_open = *is_open && (key != NULL || !is_locked(item));
		return key;
	}
	plain = PKCS8_decrypt_ex(item->sealed, (const char *)passphrase->data,
	    (int)passphrase->size, context, NULL);
	/* Its parameters are judged by others than what is decrypted. */
	*is_open = plain != NULL ||
	    ERR_GET_LIB(ERR_peek_last_error()) != ERR_LIB_PKCS12;
	key = plain == NULL ? NULL : EVP_PKCS82PKEY(plain);
	PKCS8_PRIV_KEY_INFO_free(plain);	/* wipes it */
	return key;
}

static enum err
open_item(struct reading *reading, struct item *item, struct error *err)
{
	struct key_file *file = reading->file;
	OSSL_LIB_CTX *context = NULL;
	bool is_open = true;

	if (is_locked(item)) {
		TRY(key_file_context(file, &item->lock, &convert, &context,
		    err));
		TRY(key_file_ask(file, &is_open, err));
		reading->is_skipped = reading->is_skipped || !is_open;
		if (!is_open)
			return ERR_OK;
	}
	reading->is_done = key_file_take(file, key_of_item(item,
	    &file->passphrase, context, &is_open));
	reading->is_locked_out = reading->is_locked_out || !is_open;
	ERR_clear_error();
	return ERR_OK;
}

static bool
is_key(const char *label)
{
	for (size_t i = 0; i < COUNT_OF(labels); i++)
		if (strcmp(label, labels[i]) == 0)
			return true;
	return false;
}

static enum err
visit_item(struct reading *reading, struct item *item, item_visit *visit,
    struct error *err)
{
	enum err code = parse_item(reading->file, item, err);

	if (code == ERR_OK)
		code = visit(reading, item, err);
	X509_SIG_free(item->sealed);
	return code;
}

static enum err
keep_pkcs12(struct reading *reading, const struct item *item,
    struct error *err)
{
	if (reading->pkcs12.data != NULL)
		return ERR_OK;
	TRY(secret_new((size_t)item->size, &reading->pkcs12, err));
	memcpy(reading->pkcs12.data, item->data, (size_t)item->size);
	return ERR_OK;
}

/*
 * The block that begins with this line, if it is a key.  *used is what was read
 * of rest, or 0 if that is no whole block.
 */
static enum err
visit_block(struct reading *reading, struct span rest, item_visit *visit,
    size_t *used, struct error *err)
{
	BIO *bio = BIO_new_mem_buf(rest.data, (int)rest.size);
	struct item item = {0};
	enum err code = ERR_OK;

	*used = 0;
	/* A plain key stands in the locked heap, and is wiped. */
	if (bio != NULL && PEM_read_bio_ex(bio, &item.label, &item.header,
	    &item.data, &item.size, PEM_FLAG_SECURE |
	    PEM_FLAG_EAY_COMPATIBLE) == 1) {
		*used = rest.size - (size_t)BIO_pending(bio);
		if (is_key(item.label))
			code = visit_item(reading, &item, visit, err);
		else if (strcmp(item.label, "PKCS12") == 0)
			code = keep_pkcs12(reading, &item, err);
		OPENSSL_secure_clear_free(item.label, strlen(item.label));
		OPENSSL_secure_clear_free(item.header, strlen(item.header));
		OPENSSL_secure_clear_free(item.data, (size_t)item.size);
	}
	BIO_free(bio);
	ERR_clear_error();
	return code;
}

/* Blocks that are no keys are passed over, damaged or not, as OpenSSL does. */
static enum err
visit_all(struct reading *reading, item_visit *visit, struct error *err)
{
	struct span rest = reading->file->content;
	size_t used = 0;

	(void)text_skip_mark(&rest);
	while (used < rest.size && !reading->is_done) {
		const uint8_t *line_end;

		rest.data += used;
		rest.size -= used;
		used = 0;
		if (span_starts_with(rest, KEY_FILE_BEGIN))
			TRY(visit_block(reading, rest, visit, &used, err));
		line_end = memchr(rest.data, '\n', rest.size);
		if (used == 0)
			used = line_end == NULL ? rest.size :
			    (size_t)(line_end - rest.data) + 1;
	}
	return ERR_OK;
}

/* Of a file that has keys. */
static enum err
judge(struct reading *reading, struct error *err)
{
	struct key_file *file = reading->file;

	/* It may be the one that is wanted. */
	if (!reading->is_done && reading->is_skipped) {
		EVP_PKEY_free(file->found);
		file->found = NULL;
		return ERR_OK;
	}
	if (file->found != NULL)
		return ERR_OK;
	if (reading->is_locked_out)
		return key_file_fail_passphrase(file, err);
	return key_file_fail(file, "the private key in it is damaged, or of a "
	    "kind that this OpenSSL does not know", err);
}

/* GnuTLS wraps PKCS#12 in PEM, which libcrypto does not read. */
static enum err
read_pkcs12(struct key_file *file, const struct secret *pkcs12, bool *is_one,
    struct error *err)
{
	const struct span whole = file->content;
	enum err code;

	*is_one = false;
	if (pkcs12->size == 0)
		return ERR_OK;
	file->content = (struct span){pkcs12->data, pkcs12->size};
	file->is_unwrapped = true;
	code = key_pkcs12_read(file, is_one, err);
	file->is_unwrapped = false;
	file->content = whole;
	return code;
}

static enum err
read_all(struct reading *reading, bool *is_one, struct error *err)
{
	TRY(visit_all(reading, check_item, err));
	*is_one = reading->count > 0;
	if (reading->count == 0)
		return read_pkcs12(reading->file, &reading->pkcs12, is_one,
		    err);
	TRY(visit_all(reading, open_item, err));
	return judge(reading, err);
}

enum err
key_pem_read(struct key_file *file, bool *is_one, struct error *err)
{
	struct reading reading = {.file = file};
	const enum err code = read_all(&reading, is_one, err);

	secret_release(&reading.pkcs12);
	return code;
}

enum err
key_der_read(struct key_file *file, bool *is_one, struct error *err)
{
	struct reading reading = {.file = file};
	/* Only what PEM encrypts by itself would be decrypted in place. */
	struct item item = {.data = (unsigned char *)file->content.data,
	    .size = (long)file->content.size};

	TRY(visit_item(&reading, &item, check_item, err));
	TRY(visit_item(&reading, &item, open_item, err));
	*is_one = is_locked(&item) || file->found != NULL;
	return *is_one ? judge(&reading, err) : ERR_OK;
}
