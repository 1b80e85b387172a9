/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <string.h>

#include "base/file.h"
#include "root/issue/revoke_target.h"

static const char hex_digits[] = "0123456789abcdefABCDEF";

static bool
is_pure_hex(const char *text)
{
	return text[0] != '\0' && text[strspn(text, hex_digits)] == '\0';
}

static const char *
skip_prefix(const char *text)
{
	return text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ?
	    text + 2 : text;
}

/* Hex digits with single colons between them, as other tools print them. */
static bool
is_spelled_serial(const char *text)
{
	const char *at = skip_prefix(text);

	do {
		size_t size = strspn(at, hex_digits);

		if (size == 0)
			return false;
		at += size;
	} while (*at++ == ':');
	return at[-1] == '\0';
}

static enum err
take_serial(const char *text, struct revoke_target *out, struct error *err)
{
	char digits[INDEX_SERIAL_TEXT_SIZE + 1] = "0";
	const char *at = skip_prefix(text);
	size_t size = 1;	/* a zero in front, for an odd number */

	while (*at == '0' || *at == ':')
		at++;
	for (; *at != '\0' && size < sizeof(digits) - 1; at++) {
		if (*at != ':')
			digits[size++] = *at;
	}
	digits[size] = '\0';
	if (size == 1)
		digits[size++] = '0';
	size %= 2;
	if (*at != '\0' || !index_serial_parse(span_of_text(digits + size),
	    out->octets, &out->serial.size))
		return err_fail(err, ERR_USAGE, "serial %.40s... has more "
		    "than %d octets", text, INDEX_SERIAL_MAX - 1);
	out->serial.data = out->octets;
	return ERR_OK;
}

/* It is this root's, by name and signature: who owns the file is no matter. */
static enum err
take_certificate(const char *path, const struct cert *root,
    struct revoke_target *out, struct error *err)
{
	RELEASE_BUFFER struct buffer file = {0};
	FREE_CERT struct cert *cert = NULL;

	TRY(file_read(path, FILE_PUBLIC, CERT_MAX_BYTES, &file, err));
	TRY(err_about(err, cert_parse(span_of_buffer(&file), &cert, err),
	    path));
	TRY(err_about(err, cert_check_issued_by(cert, root, err), path));
	if (cert->serial.size > INDEX_SERIAL_MAX - 1 ||
	    cert->serial.size == 0 || cert->serial.data[0] >= 0x80)
		return err_fail(err, ERR_FORMAT, "%s: its serial is not "
		    "positive, or has more than %d octets", path,
		    INDEX_SERIAL_MAX - 1);
	memcpy(out->octets, cert->serial.data, cert->serial.size);
	out->serial = (struct span){out->octets, cert->serial.size};
	out->cert = cert;
	cert = NULL;
	return ERR_OK;
}

/* No CRL can take back the key that signs it. */
static enum err
check_not_root(const struct revoke_target *target, const struct cert *root,
    struct error *err)
{
	if ((target->cert == NULL || !cert_is_same_ca(target->cert, root)) &&
	    !(root->is_self_issued && span_equals(target->serial,
	    root->serial)))
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_USAGE, "%s is the root "
	    "itself, which its own CRL cannot revoke", root->subject_text),
	    "take the root out of the stores that trust it");
}

enum err
revoke_target_find(const char *what, const struct cert *root,
    struct revoke_target *out, struct notices *notices, struct error *err)
{
	bool is_file = false;

	/* No file has a name as long as that, whatever the serial. */
	if (strlen(what) <= NAME_MAX || strchr(what, '/') != NULL)
		TRY(file_find(what, &is_file, err));
	if (is_pure_hex(what)) {
		if (is_file)
			notice(notices, "%s: taken as a serial; ./%s is the "
			    "file", what, what);
		TRY(take_serial(what, out, err));
	} else if (is_file) {
		TRY(take_certificate(what, root, out, err));
	} else if (is_spelled_serial(what)) {
		TRY(take_serial(what, out, err));
	} else {
		return err_fail(err, ERR_MISSING, "%s is neither a serial in "
		    "hex nor the file of a certificate", what);
	}
	return check_not_root(out, root, err);
}

void
revoke_target_release(struct revoke_target *target)
{
	cert_free(target->cert);
	target->cert = NULL;
}
