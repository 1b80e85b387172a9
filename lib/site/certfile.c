/* SPDX-License-Identifier: ISC */
#include "base/file.h"
#include "pki/algorithm.h"
#include "site/certfile.h"

enum err
certfile_load(const char *path, struct cert **out, struct error *err)
{
	RELEASE_BUFFER struct buffer file = {0};

	TRY(file_read(path, FILE_OURS, CERT_MAX_BYTES, &file, err));
	return err_about(err, cert_parse(span_of_buffer(&file), out, err),
	    path);
}

void
certfile_note_weak(const char *path, const struct cert *cert,
    struct notices *notices)
{
	struct algorithm algorithm;

	if (algorithm_parse(cert->signature_algorithm, &algorithm, NULL) ==
	    ERR_OK && algorithm.is_weak)
		notice_safety(notices, "%s is signed with %s%s: renew it with "
		    "SHA-256 or better", path, algorithm.name,
		    algorithm.is_mask_weak ? " and MGF1 over SHA1" : "");
}
