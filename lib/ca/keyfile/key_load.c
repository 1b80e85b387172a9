/* SPDX-License-Identifier: ISC */
#include <string.h>

#include <openssl/err.h>

#include "base/file.h"
#include "ca/keyfile/key_load.h"
#include "ca/keyfile/key_form.h"
#include "ca/keyfile/key_pem.h"
#include "ca/keyfile/key_pkcs12.h"

#define KEY_FILE_MAX (64 * 1024)
#define LOCKED_HEAP_SIZE (128 * 1024)	/* holds the largest RSA keys */
#define LOCKED_HEAP_PIECE 32

/* A file in guarded memory; what it was read through is wiped. */
static enum err
read_guarded(const char *path, enum file_privacy privacy, struct secret *out,
    struct error *err)
{
	WIPE_BUFFER struct buffer file = {0};

	TRY(file_read(path, privacy, KEY_FILE_MAX, &file, err));
	TRY(secret_new(file.size, out, err));
	if (file.size > 0)
		memcpy(out->data, file.data, file.size);
	return ERR_OK;
}

/* That others can read a certificate is not what is wrong with it. */
static enum err
read_secret_file(const char *path, struct secret *out, struct error *err)
{
	enum err code = read_guarded(path, FILE_SECRET, out, err);

	/* A folder, a FIFO, or far too large for a key. */
	if (code == ERR_FORMAT)
		return err_remedy(err, code, KEY_FILE_REMEDY);
	if (code == ERR_PERMISSIONS &&
	    read_guarded(path, FILE_PUBLIC, out, NULL) == ERR_OK &&
	    key_form_is_public((struct span){out->data, out->size}))
		return ERR_OK;
	return code;
}

static enum err
read_keys(struct key_file *file, struct error *err)
{
	bool is_one = false;

	/* DER begins with a SEQUENCE, PEM with text. */
	if (file->content.size > 0 && file->content.data[0] == 0x30) {
		TRY(key_pkcs12_read(file, &is_one, err));
		if (!is_one)
			TRY(key_der_read(file, &is_one, err));
	} else {
		TRY(key_pem_read(file, &is_one, err));
	}
	return is_one ? ERR_OK : key_form_fail(file, err);
}

/* A passphrase that does not fit is asked for again, if there is a terminal. */
static enum err
try_keys(struct key_file *file, struct error *err)
{
	char what[PASSPHRASE_WHAT_SIZE];
	enum err code;

	passphrase_of(file->path, what);
	for (unsigned int tried = 1;; tried++) {
		key_file_forget(file);
		code = read_keys(file, err);
		ERR_clear_error();
		TRY(busy_end(&file->busy, err));
		if (code == ERR_OK && file->passphrase.data != NULL)
			passphrase_keep(file->passphrases, what,
			    &file->passphrase);
		if (!file->is_refused || !passphrase_has_another_try(
		    file->passphrases, what, tried))
			return code;
	}
}

enum err
key_load(const char *path, EVP_PKEY *wanted,
    const struct passphrase_source *passphrases, EVP_PKEY **out,
    struct error *err)
{
	RELEASE_SECRET struct secret content = {0};
	RELEASE_KEY_FILE struct key_file file = {.path = path,
	    .wanted = wanted, .passphrases = passphrases};

	/* If memory cannot be locked, libcrypto uses its plain heap. */
	if (CRYPTO_secure_malloc_initialized() == 0 &&
	    CRYPTO_secure_malloc_init(LOCKED_HEAP_SIZE, LOCKED_HEAP_PIECE) == 0)
		ERR_clear_error();
	TRY(read_secret_file(path, &content, err));
	file.content = (struct span){content.data, content.size};
	TRY(try_keys(&file, err));
	*out = file.found;
	file.found = NULL;
	return ERR_OK;
}
