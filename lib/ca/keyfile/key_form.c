/* SPDX-License-Identifier: ISC */
#include <string.h>

#include <openssl/asn1t.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include "base/array.h"
#include "base/shell_word.h"
#include "ca/keyfile/key_form.h"

/*
 * Known by the label of their PEM, or by how they begin.  In the command that
 * makes a key of it, < is the file and > the new one; NULL: there is none.
 */
struct form {
	const char *mark;
	size_t size;
	const char *is;
	const char *convert;
};

#define MARK(text) (text), sizeof(text) - 1

static const struct form labels[] = {
	{MARK("CERTIFICATE"), "a certificate", NULL},
	{MARK("X509 CERTIFICATE"), "a certificate", NULL},
	{MARK("TRUSTED CERTIFICATE"), "a certificate", NULL},
	{MARK("CERTIFICATE REQUEST"), "a certificate request", NULL},
	{MARK("NEW CERTIFICATE REQUEST"), "a certificate request", NULL},
	{MARK("X509 CRL"), "a CRL", NULL},
	{MARK("PUBLIC KEY"), "a public key", NULL},
	{MARK("RSA PUBLIC KEY"), "a public key", NULL},
	{MARK("PGP PUBLIC KEY BLOCK"), "a public key of OpenPGP", NULL},
	{MARK("PGP PRIVATE KEY BLOCK"), "a key of OpenPGP", NULL},
	{MARK("EC PARAMETERS"), "parameters without a key", NULL},
	{MARK("DSA PARAMETERS"), "parameters without a key", NULL},
	{MARK("DH PARAMETERS"), "parameters without a key", NULL},
	{MARK("PKCS7"), "PKCS#7", NULL},
	{MARK("CMS"), "CMS", NULL},
	{MARK("OPENSSH PRIVATE KEY"), "a key of OpenSSH",
	    "cp < > && ssh-keygen -p -m PKCS8 -f >  # RSA and ECDSA"},
};

static const struct form beginnings[] = {
	{MARK("PuTTY-User-Key-File-"), "a key of PuTTY",
	    "puttygen < -O private-openssh -o >"},
	{MARK("\xfe\xed\xfe\xed"), "a Java key store (JKS)",
	    "keytool -importkeystore -srckeystore < -destkeystore > "
	    "-deststoretype PKCS12"},
	{MARK("\xce\xce\xce\xce"), "a Java key store (JCEKS)",
	    "keytool -importkeystore -srcstoretype JCEKS -srckeystore < "
	    "-destkeystore > -deststoretype PKCS12"},
	{MARK("\x1e\xf1\xb5\xb0"), "a key in Microsoft's form PVK",
	    "openssl pkey -provider legacy -provider default -aes256 -in < "
	    "-out >"},
	{MARK("\x07\x02\x00\x00"), "a key in Microsoft's form MSBLOB",
	    "openssl pkey -aes256 -in < -out >"},
	{MARK("\xff\xfe"), "text in UTF-16", "iconv -f UTF-16 -t UTF-8 < "
	    "-o >"},
	{MARK("\xfe\xff"), "text in UTF-16", "iconv -f UTF-16 -t UTF-8 < "
	    "-o >"},
	{MARK("untrusted comment:"), "a key of minisign, for seals",
	    NULL},
	{MARK("ssh-"), "a public key of SSH", NULL},
	{MARK("ecdsa-sha2-"), "a public key of SSH", NULL},
};

/* What may stand in DER. */
static const struct {
	ASN1_ITEM_EXP *item;
	const char *is;
} structures[] = {
	{ASN1_ITEM_ref(X509), "a certificate"},
	{ASN1_ITEM_ref(X509_REQ), "a certificate request"},
	{ASN1_ITEM_ref(X509_CRL), "a CRL"},
	{ASN1_ITEM_ref(X509_PUBKEY), "a public key"},
	{ASN1_ITEM_ref(PKCS7), "PKCS#7"},
};

static enum err
fail_other(const struct key_file *file, const char *is, struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_KEY,
	    "%s is %s, not a CA's private key", file->path, is),
	    KEY_FILE_REMEDY);
}

static enum err
fail_form(const struct key_file *file, const struct form *form,
    struct error *err)
{
	const struct shell_word in = shell_word(file->path,
	    strlen(file->path));
	RELEASE_BUFFER struct buffer command = {0};

	if (form->convert == NULL)
		return fail_other(file, form->is, err);
	for (const char *at = form->convert; *at != '\0'; at++)
		TRY(*at == '<' ? buffer_append_text(&command, in.text, err) :
		    *at == '>' ? buffer_append_text(&command,
		    key_file_output(file), err) :
		    buffer_append(&command, at, 1, err));
	return err_remedy(err, err_fail(err, ERR_KEY,
	    "%s is %s, none of PEM, DER and PKCS#12", file->path, form->is),
	    "convert it: %.*s", (int)command.size,
	    (const char *)command.data);
}

/* Of DER; NULL if it is none of these. */
static const char *
find_structure(struct span content)
{
	for (size_t i = 0; i < COUNT_OF(structures); i++) {
		const ASN1_ITEM *item = ASN1_ITEM_ptr(structures[i].item);
		const unsigned char *at = content.data;
		ASN1_VALUE *value = ASN1_item_d2i(NULL, &at,
		    (long)content.size, item);

		ASN1_item_free(value, item);
		if (value != NULL)
			return structures[i].is;
	}
	return NULL;
}

/* The label of the first PEM block; its data is NULL if there is none. */
static struct span
find_label(struct span content)
{
	const char *at = content.size == 0 ? NULL : memmem(content.data,
	    content.size, KEY_FILE_BEGIN, strlen(KEY_FILE_BEGIN));

	if (at == NULL)
		return (struct span){NULL, 0};
	at += strlen(KEY_FILE_BEGIN);
	return (struct span){(const uint8_t *)at, strcspn(at, "-\r\n")};
}

static const struct form *
find_form(struct span label)
{
	for (size_t i = 0; i < COUNT_OF(labels); i++)
		if (label.size == labels[i].size &&
		    memcmp(label.data, labels[i].mark, label.size) == 0)
			return &labels[i];
	return NULL;
}

bool
key_form_is_public(struct span content)
{
	const struct span label = find_label(content);
	bool is_public;

	if (span_contains(content, "PRIVATE KEY"))
		return false;
	is_public = label.data != NULL ? find_form(label) != NULL :
	    find_structure(content) != NULL;
	ERR_clear_error();
	return is_public;
}

/* A PEM block in which libcrypto found no key. */
static enum err
fail_block(const struct key_file *file, struct span label, struct error *err)
{
	const struct form *form = find_form(label);
	const uint8_t *begin = label.data - strlen(KEY_FILE_BEGIN);

	if (form != NULL)
		return fail_form(file, form, err);
	if (begin != file->content.data && begin[-1] != '\n')
		return key_file_fail(file, "something stands in front of its "
		    "-----BEGIN, on the same line", err);
	return err_remedy(err, err_fail(err, ERR_KEY, "%s: its block \"%.*s\" "
	    "is damaged, or no private key that OpenSSL reads", file->path,
	    label.size < 64 ? (int)label.size : 64,
	    (const char *)label.data), KEY_FILE_REMEDY);
}

enum err
key_form_fail(const struct key_file *file, struct error *err)
{
	const struct span content = file->content;
	const struct span label = find_label(content);
	const char *is;

	if (content.size == 0)
		return key_file_fail(file, "it is empty", err);
	for (size_t i = 0; i < COUNT_OF(beginnings); i++)
		if (content.size >= beginnings[i].size &&
		    memcmp(content.data, beginnings[i].mark,
		    beginnings[i].size) == 0)
			return fail_form(file, &beginnings[i], err);
	if (label.data != NULL)
		return fail_block(file, label, err);
	is = find_structure(content);
	return is != NULL ? fail_other(file, is, err) : key_file_fail(file,
	    "no private key in PEM, DER or PKCS#12 is in it", err);
}
