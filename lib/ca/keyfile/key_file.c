/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/file.h"
#include "base/shell_word.h"
#include "ca/keyfile/key_file.h"

void
key_file_release(struct key_file *file)
{
	EVP_PKEY_free(file->found);
	secret_release(&file->passphrase);
	for (size_t i = 0; i < 2; i++)
		if (file->providers[i] != NULL)
			OSSL_PROVIDER_unload(file->providers[i]);
	OSSL_LIB_CTX_free(file->old);
	file->old = NULL;
}

void
key_file_forget(struct key_file *file)
{
	EVP_PKEY_free(file->found);
	file->found = NULL;
	secret_release(&file->passphrase);
	file->is_refused = false;
	file->busy = BUSY_NONE;
}

bool
key_file_take(struct key_file *file, EVP_PKEY *key)
{
	const bool is_wanted = key != NULL && (file->wanted == NULL ||
	    EVP_PKEY_eq(key, file->wanted) == 1);

	if (is_wanted || file->found == NULL) {
		EVP_PKEY_free(file->found);
		file->found = key;
	} else {
		EVP_PKEY_free(key);
	}
	return is_wanted;
}

enum err
key_file_ask(struct key_file *file, bool *is_there, struct error *err)
{
	char what[PASSPHRASE_WHAT_SIZE];

	*is_there = file->passphrases != NULL;
	if (file->passphrases == NULL || file->passphrase.data != NULL)
		return ERR_OK;
	passphrase_of(file->path, what);
	TRY(passphrase_obtain(file->passphrases, what, &file->passphrase,
	    err));
	busy_start(&file->busy, file->passphrases->fd < 0 ?
	    "checking the passphrase" : NULL);
	return ERR_OK;
}

OSSL_LIB_CTX *
key_file_old(struct key_file *file)
{
	static const char *const names[] = {"legacy", "default"};

	if (file->old != NULL)
		return file->providers[1] == NULL ? NULL : file->old;
	file->old = OSSL_LIB_CTX_new();
	for (size_t i = 0; i < 2 && file->old != NULL; i++) {
		file->providers[i] = OSSL_PROVIDER_load(file->old, names[i]);
		if (file->providers[i] == NULL)
			return NULL;
	}
	return file->old;
}

static void
lock_of_scheme(const X509_ALGOR *algorithm, struct key_lock *out)
{
	PBE2PARAM *parameters = ASN1_TYPE_unpack_sequence(
	    ASN1_ITEM_rptr(PBE2PARAM), algorithm->parameter);
	PBKDF2PARAM *rounds = NULL;
	char name[64];
	int nid;

	out->is_damaged = parameters == NULL;
	if (parameters == NULL)
		return;
	OBJ_obj2txt(out->cipher, sizeof(out->cipher),
	    parameters->encryption->algorithm, 0);
	snprintf(out->name, sizeof(out->name), "%.60s (PBES2)", out->cipher);
	nid = OBJ_obj2nid(parameters->keyfunc->algorithm);
	if (EVP_PBE_find(EVP_PBE_TYPE_KDF, nid, NULL, NULL, NULL) != 1) {
		OBJ_obj2txt(name, sizeof(name),
		    parameters->keyfunc->algorithm, 0);
		snprintf(out->name, sizeof(out->name), "%s (PBES2)", name);
		out->cipher[0] = '\0';
	}
	if (nid == NID_id_pbkdf2)
		rounds = ASN1_TYPE_unpack_sequence(
		    ASN1_ITEM_rptr(PBKDF2PARAM),
		    parameters->keyfunc->parameter);
	if (rounds != NULL && rounds->prf != NULL &&
	    EVP_PBE_find(EVP_PBE_TYPE_PRF, OBJ_obj2nid(rounds->prf->algorithm),
	    NULL, &out->digest, NULL) != 1)
		out->cipher[0] = '\0';
	PBKDF2PARAM_free(rounds);
	PBE2PARAM_free(parameters);
}

struct key_lock
key_lock_of(const X509_ALGOR *algorithm)
{
	struct key_lock lock = {.digest = NID_undef};
	const int nid = OBJ_obj2nid(algorithm->algorithm);
	int cipher = NID_undef;

	OBJ_obj2txt(lock.name, sizeof(lock.name), algorithm->algorithm, 0);
	if (nid == NID_pbes2)
		lock_of_scheme(algorithm, &lock);
	else if (EVP_PBE_find(EVP_PBE_TYPE_OUTER, nid, &cipher, &lock.digest,
	    NULL) == 1 && cipher > 0)
		snprintf(lock.cipher, sizeof(lock.cipher), "%s",
		    OBJ_nid2sn(cipher));
	return lock;
}

/* Neither PBES2 nor PEM takes a cipher that authenticates. */
static bool
is_known_in(const struct key_lock *lock, OSSL_LIB_CTX *context)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(context, lock->cipher, NULL);
	EVP_MD *digest = lock->digest <= 0 ? NULL :
	    EVP_MD_fetch(context, OBJ_nid2sn(lock->digest), NULL);
	const bool is_known = cipher != NULL &&
	    (EVP_CIPHER_get_flags(cipher) & EVP_CIPH_FLAG_AEAD_CIPHER) == 0 &&
	    (lock->digest <= 0 || digest != NULL);

	EVP_MD_free(digest);
	EVP_CIPHER_free(cipher);
	return is_known;
}

enum err
key_file_fail(const struct key_file *file, const char *what,
    struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_KEY, "%s: %s", file->path,
	    what), KEY_FILE_REMEDY);
}

enum err
key_file_fail_passphrase(struct key_file *file, struct error *err)
{
	file->is_refused = true;
	return err_remedy(err, err_fail(err, ERR_KEY, "wrong passphrase for "
	    "%s; nothing was signed", file->path), "run the same command "
	    "again, with the passphrase of that file");
}

/* openssl empties its output before it reads, and asks nobody. */
const char *
key_file_output(const struct key_file *file)
{
	static const char *const names[] = {"root.key", "new.key"};
	char folder[4096], path[4096];

	for (size_t i = 0; i < 2; i++) {
		bool is_here = true, is_there = true;

		if (file_folder(folder, sizeof(folder), file->path, NULL) ==
		    ERR_OK && file_join(path, sizeof(path), folder, names[i],
		    NULL) == ERR_OK && file_find(names[i], &is_here, NULL) ==
		    ERR_OK && file_find(path, &is_there, NULL) == ERR_OK &&
		    !is_here && !is_there)
			return names[i];
	}
	return "converted.key";
}

/* GnuTLS reads what it writes, GOST and PKCS#12 in PEM. */
static enum err
remedy_gnutls(const struct key_file *file, enum err code, struct error *err)
{
	const bool is_der = file->content.size > 0 &&
	    file->content.data[0] == 0x30 && !file->is_unwrapped;

	return err_remedy(err, code, "convert it with GnuTLS: (umask 77; "
	    "certtool --to-p8 --pkcs-cipher aes-256%s --load-privkey %s "
	    "--outfile %s)", is_der ? " --inder" : "", shell_word(file->path,
	    strlen(file->path)).text, key_file_output(file));
}

/* The passphrase may be right: the way out is to convert the file. */
enum err
key_file_fail_old(const struct key_file *file, const char *what,
    const struct key_convert *convert, struct error *err)
{
	const enum err code = err_fail(err, ERR_KEY, "%s: %s", file->path,
	    what);

	if (file->is_unwrapped)
		return remedy_gnutls(file, code, err);
	return err_remedy(err, code, "on a machine whose OpenSSL has the "
	    "legacy provider: %s -in %s%s -out %s", convert->verb,
	    shell_word(file->path, strlen(file->path)).text, convert->options,
	    key_file_output(file));
}

/* Is any of the words in the name of its cipher, or in that of its digest? */
static bool
names_any(const struct key_lock *lock, const char *const *words)
{
	const char *digest = lock->digest <= 0 ? "" : OBJ_nid2sn(lock->digest);

	for (; *words != NULL; words++)
		if (strcasestr(lock->name, *words) != NULL ||
		    strcasestr(digest, *words) != NULL)
			return true;
	return false;
}

enum err
key_file_context(struct key_file *file, const struct key_lock *lock,
    const struct key_convert *convert, OSSL_LIB_CTX **out, struct error *err)
{
	static const char *const gost[] = {"gost", "magma", "kuznyechik",
	    NULL};
	static const char *const old[] = {"des", "rc2", "rc4", "rc5", "bf",
	    "blowfish", "cast", "idea", "seed", "md2", "md4", "mdc2", NULL};
	char what[200];

	*out = NULL;
	if (is_known_in(lock, NULL))
		return ERR_OK;
	*out = key_file_old(file);
	if (*out != NULL && is_known_in(lock, *out))
		return ERR_OK;
	snprintf(what, sizeof(what), "it is encrypted with %s, which this "
	    "OpenSSL cannot decrypt", lock->name);
	if (names_any(lock, gost))
		return remedy_gnutls(file, err_fail(err, ERR_KEY, "%s: %s",
		    file->path, what), err);
	if (names_any(lock, old))
		return key_file_fail_old(file, what, convert, err);
	return err_remedy(err, err_fail(err, ERR_KEY, "%s: %s", file->path,
	    what), KEY_FILE_RENEW);
}
