/* SPDX-License-Identifier: ISC */
#include "ferry/kind.h"
#include "site/certfile.h"

/* Room for a CRL, which is to be told as one. */
#define FILE_MAX (64 * 1024 * 1024)

enum err
certfile_read(const char *path, enum file_privacy privacy, struct cert **out,
    struct error *err)
{
	RELEASE_BUFFER struct buffer file = {0}, der = {0};

	TRY(file_read(path, privacy, FILE_MAX, &file, err));
	TRY(kind_take(path, span_of_buffer(&file), KIND_CERTIFICATE, &der,
	    err));
	return err_about(err, cert_parse(span_of_buffer(&der), out, err),
	    path);
}

enum err
certfile_load(const char *path, struct cert **out, struct error *err)
{
	return certfile_read(path, FILE_OURS, out, err);
}

void
certfile_note_weak(const char *path, const struct cert *cert,
    struct notices *notices)
{
	char weak[CERT_WEAK_SIZE];

	cert_note_key(cert, path, notices);
	cert_weak_algorithm(cert, weak);
	if (weak[0] != '\0')
		notice_safety(notices, "%s is signed with %s: renew it with "
		    "SHA-256 or better", path, weak);
}
