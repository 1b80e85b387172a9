/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/file.h"
#include "pki/pem.h"
#include "root/issue/adopting.h"
#include "site/certfile.h"

static enum err
read_der(struct adopting *adopting, struct error *err)
{
	RELEASE_BUFFER struct buffer file = {0};
	const uint64_t max_bytes = adopting->config->max_crl_bytes;
	enum err code;

	code = file_read(adopting->file, FILE_PUBLIC, 2 * max_bytes, &file,
	    err);
	if (code != ERR_OK)
		return code;
	code = pem_or_der(span_of_buffer(&file), PEM_CRL, &adopting->der,
	    err);
	if (code == ERR_OK && adopting->der.size > max_bytes)
		code = err_fail(err, ERR_FORMAT, "CRL: want at most %llu "
		    "octets, have %zu", (unsigned long long)max_bytes,
		    adopting->der.size);
	return err_about(err, code, adopting->file);
}

enum err
adopting_open(struct adopting *adopting, struct error *err)
{
	enum err code = ERR_OK;

	if (adopting->cert == NULL)
		code = certfile_load(adopting->root->certificate,
		    &adopting->loaded, err);
	if (code == ERR_OK)
		code = read_der(adopting, err);
	if (code != ERR_OK)
		return code;
	if (adopting->cert == NULL)
		adopting->cert = adopting->loaded;
	window_init_memory(&adopting->window, span_of_buffer(&adopting->der));
	code = crl_open(&adopting->window, &adopting->crl, err);
	return err_about(err, code, adopting->file);
}

void
adopting_release(struct adopting *adopting)
{
	crl_release(&adopting->crl);
	window_release(&adopting->window);
	buffer_release(&adopting->der);
	buffer_release(&adopting->ledger_lost);
	archived_release(&adopting->last);
	lost_release(&adopting->lost);
	cert_free(adopting->loaded);
}

static enum err
see_line(void *context, const struct ledger_line *line, struct error *err)
{
	(void)err;
	recorded_see(context, line);
	return ERR_OK;
}

enum err
adopting_load_last(struct adopting *adopting, struct error *err)
{
	struct ledger_summary ledger;
	struct crl_survey survey;
	enum err code;

	code = archive_open_last(adopting->config, adopting->root->name,
	    adopting->cert, &adopting->last, &adopting->has_last,
	    adopting->notices, err);
	if (code == ERR_OK && adopting->has_last) {
		code = crl_survey(&adopting->last.crl, NULL, &survey, err);
		if (code == ERR_OK)
			code = admit_facts(&adopting->last.crl, &survey,
			    &adopting->last_facts, err);
	}
	if (code != ERR_OK)
		return code;
	adopting->recorded = (struct recorded){
	    .root = adopting->root->name,
	    .last = adopting->has_last ? &adopting->last : NULL};
	code = ledger_read(adopting->config, see_line, &adopting->recorded,
	    &ledger, err);
	if (code == ERR_OK)
		recorded_warn(&adopting->recorded, adopting->notices);
	return code;
}
