/* SPDX-License-Identifier: ISC */
/* A rehearsal's last CRL. */
#include "base/file.h"
#include "ca/crlwrite.h"
#include "ca/index_crl.h"
#include "root/ceremony/rehearsal.h"
#include "root/history/admission.h"
#include "site/certfile.h"

/* The entries by way of a file, which is how an index is made. */
static enum err
load_entries(const struct archived *last, const char *folder,
    struct index *out, struct error *err)
{
	RELEASE_MERGE struct merge merge = {.count = 0};
	RELEASE_BUFFER struct buffer der = {0};
	RELEASE_CRL struct crl crl = {0};
	struct window window;
	char path[4096];

	TRY(file_read(last->path, FILE_OURS, last->crl.size, &der, err));
	window_init_memory(&window, span_of_buffer(&der));
	TRY(crl_open(&window, &crl, err));
	TRY(file_join(path, sizeof(path), folder, "last_index.txt", err));
	TRY(file_replace(path, (struct span){NULL, 0}, 0600, err));
	TRY(merge_find(&crl, path, &merge, err));
	TRY(merge_enter(&merge, path, err));
	TRY(index_load(path, out, err));
	return file_remove(path, err);
}

/* Its passphrase is known: nobody is asked. */
static enum err
open_signer(const struct config_root *root, const struct cert *cert,
    const struct secret *passphrase, struct signer **out, struct error *err)
{
	__attribute__((cleanup(passphrase_ring_free)))
	struct passphrase_ring *ring = passphrase_ring_new();
	const struct passphrase_source known = {.fd = -1, .ring = ring};
	const struct config_signing *signing = root->signing;
	char what[PASSPHRASE_WHAT_SIZE];

	passphrase_of(signing->key, what);
	passphrase_keep(&known, what, passphrase);
	return signer_open(signing->key, cert, signing->digest, &known, out,
	    err);
}

static enum err
write_crl(struct crlwrite *crl, const struct config_root *root,
    const struct config *config, const struct secret *passphrase,
    struct error *err)
{
	ABORT_WRITER struct file_writer writer = FILE_WRITER_NONE;
	FREE_SIGNER struct signer *signer = NULL;
	char path[4096];

	TRY(open_signer(root, crl->root, passphrase, &signer, err));
	crl->algorithm = signer_identifier(signer);
	TRY(crlwrite_prepare(crl, err));
	TRY(archive_waiting_path(config, root->name, path, sizeof(path), err));
	TRY(file_writer_open(&writer, path, 0644, err));
	TRY(crlwrite_sign(crl, signer, &writer, err));
	TRY(file_writer_commit(&writer, err));
	return archive_admit(config, root->name, &crl->number, path,
	    sizeof(path), err);
}

static enum err
sign_anew(struct archived *last, const struct config_root *root,
    const struct config *config, const char *folder,
    const struct secret *passphrase, struct error *err)
{
	RELEASE_INDEX struct index index = {0};
	FREE_CERT struct cert *cert = NULL;
	RELEASE_CRLWRITE struct crlwrite crl = {
	    .index = &index, .number = last->number,
	    .this_update_s = last->crl.this_update.at_s,
	    .next_update_s = last->crl.next_update.at_s};

	if (!last->crl.has_next_update)
		crl.next_update_s = utc_add(crl.this_update_s,
		    &root->schedule.validity);
	TRY(load_entries(last, folder, &index, err));
	TRY(certfile_load(root->certificate, &cert, err));
	crl.root = cert;
	return write_crl(&crl, root, config, passphrase, err);
}

static enum err
record(const struct archived *last, const struct history *real,
    const struct config_root *root, struct history *history,
    struct error *err)
{
	struct ledger_event event = {
	    .event = "adopt", .root = root->name, .number = &last->number,
	    .at_s = last->crl.this_update.at_s, .who = "rehearsal",
	    .details = {{"file", last->path}}};

	if (real->end.summary.count > 0)
		event.at_s = real->end.summary.latest_s;
	return history_append(history, &event, NULL, err);
}

enum err
rehearsal_sign_last(const struct history *real,
    const struct config_root *root, struct history *history,
    const char *folder, const struct secret *passphrase, struct error *err)
{
	RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
	FREE_CERT struct cert *cert = NULL;
	const struct config *config = history->config;
	const struct config_root *own = config_find_root(config, root->name);
	struct error why;
	enum err code;
	bool found;

	TRY(root_open(real->config, root, &cert, &last, &found, NULL, err));
	if (!found)
		return ERR_OK;
	code = admission_check_scope(root, cert, &last.crl, NULL, &why);
	/* A part is none: the rehearsal asks for --first, as the ceremony. */
	if (code == ERR_SCOPE)
		return ERR_OK;
	if (code != ERR_OK)
		return err_copy(err, &why);
	TRY(sign_anew(&last, own, config, folder, passphrase, err));
	return record(&last, real, own, history, err);
}
