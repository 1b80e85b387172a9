/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "pki/pem.h"
#include "root/issue/reissue_rules.h"
#include "site/certfile.h"

#define RELEASE_REISSUING __attribute__((cleanup(reissuing_release)))

/* Is it what was meant: the same CA, the new fields, its own signature? */
static enum err
check_fields(const struct reissuing *reissuing, const struct cert *cert,
    struct error *err)
{
	const struct certwrite *write = &reissuing->write;
	const struct cert *old = reissuing->old;

	if (!span_equals(cert->subject, old->subject) ||
	    !span_equals(cert->issuer, old->issuer) ||
	    !span_equals(cert->spki, old->spki) ||
	    !span_equals(cert->serial, (struct span){write->serial,
	    sizeof(write->serial)}) ||
	    cert->not_before_s != old->not_before_s ||
	    cert->not_after_s != write->not_after_s)
		return err_fail(err, ERR_IO, "not the certificate that was "
		    "signed is read back: the disk is bad");
	TRY(cert_check_issued_by(cert, old, err));
	TRY(cert_check_aki(cert, cert, err));
	TRY(cert_check_root(cert, err));
	return reissuing_lint(reissuing, span_of_buffer(&cert->der), false,
	    err);
}

/* Read it back from disk, by code that did not write it. */
static enum err
read_back(const struct reissuing *reissuing, const char *path,
    struct cert **out, struct error *err)
{
	FREE_CERT struct cert *cert = NULL;

	TRY(certfile_load(path, &cert, err));
	TRY(err_about(err, check_fields(reissuing, cert, err), path));
	*out = cert;
	cert = NULL;
	return ERR_OK;
}

/* Sign it into the file where it waits, and take it from there. */
static enum err
make(const struct reissuing *reissuing, struct signer *signer,
    const char *waiting, struct cert **out, struct error *err)
{
	RELEASE_BUFFER struct buffer der = {0};

	TRY(certwrite_sign(&reissuing->write, signer, &der, err));
	TRY(file_replace(waiting, span_of_buffer(&der), 0644, err));
	return read_back(reissuing, waiting, out, err);
}

/* How the ledger tells of it, before it is signed and after. */
static enum err
append_event(const struct reissuing *reissuing, const char *event,
    const struct reissue_made *made, struct error *err)
{
	const struct reissue_options *options = reissuing->options;
	char digest[SHA256_HEX_SIZE], replaced[SHA256_HEX_SIZE];
	char not_after[UTC_TEXT_SIZE];
	struct ledger_event line = {
	    .event = event, .root = reissuing->root->name,
	    .at_s = options->now_s, .who = options->who,
	    .details = {{"serial", made->serial}, {"not_after", not_after},
		{"algorithm", made->algorithm}, {"replaces", replaced},
		{"file", made->output}}};

	utc_format(made->not_after_s, not_after);
	TRY(sha256_text(span_of_buffer(&reissuing->old->der), replaced, err));
	sha256_hex(made->sha256, digest);
	if (strcmp(event, REISSUE_EVENT) == 0)
		line.details[5] = (struct ledger_detail){"sha256", digest};
	return history_append(reissuing->history, &line, reissuing->notices,
	    err);
}

/* All that can be said before it is signed. */
static void
describe(struct reissuing *reissuing)
{
	struct reissue_made *made = &reissuing->made;
	const struct cert *old = reissuing->old;
	struct algorithm before;

	snprintf(made->subject, sizeof(made->subject), "%s",
	    old->subject_text);
	hex_encode((struct span){reissuing->write.serial,
	    CERTWRITE_SERIAL_SIZE}, made->serial, sizeof(made->serial));
	made->not_before_s = old->not_before_s;
	made->not_after_s = reissuing->write.not_after_s;
	made->old_not_after_s = old->not_after_s;
	snprintf(made->algorithm, sizeof(made->algorithm), "%s",
	    reissuing->algorithm.name);
	snprintf(made->old_algorithm, sizeof(made->old_algorithm), "%s",
	    algorithm_parse(old->signature_algorithm, &before, NULL) ==
	    ERR_OK ? before.name : "unknown");
}

/* A subordinate may name the old certificate, not only its key. */
static void
note_subordinates(const struct reissuing *reissuing, const struct cert *cert)
{
	const struct config_root *root = reissuing->root;

	for (size_t i = 0; i < root->subordinate_count; i++) {
		const struct config_subordinate *subordinate =
		    &root->subordinates[i];
		FREE_CERT struct cert *its = NULL;

		if (subordinate->certificate == NULL ||
		    subordinate->is_retired ||
		    certfile_load(subordinate->certificate, &its, NULL) !=
		    ERR_OK || cert_check_aki(its, reissuing->old, NULL) !=
		    ERR_OK || cert_check_aki(its, cert, NULL) == ERR_OK)
			continue;
		notice_safety(reissuing->notices, "%s/%s: its certificate "
		    "names the old certificate of the root by issuer and "
		    "serial, so that OpenSSL builds no chain to the new one: "
		    "leave the old one in place there until %s has a new "
		    "certificate", root->name, subordinate->name,
		    subordinate->name);
	}
}

/* PEM; but what is replaced keeps its form: others read it, too. */
static enum err
put_in_form(const struct reissue_made *made, const struct cert *cert,
    struct buffer *out, struct error *err)
{
	RELEASE_BUFFER struct buffer old = {0};

	if (made->is_replaced)
		TRY(file_read(made->output, FILE_OURS, CERT_MAX_BYTES, &old,
		    err));
	return pem_is_der(span_of_buffer(&old)) ? buffer_append(out,
	    cert->der.data, cert->der.size, err) : pem_encode(PEM_CERTIFICATE,
	    span_of_buffer(&cert->der), out, err);
}

/* Put it where it was wanted, and see that it is there. */
static enum err
put_in_place(const struct reissuing *reissuing, struct file_writer *writer,
    const struct cert *cert, struct error *err)
{
	RELEASE_BUFFER struct buffer file = {0};
	FREE_CERT struct cert *there = NULL;

	TRY(put_in_form(&reissuing->made, cert, &file, err));
	TRY(file_writer_write(writer, span_of_buffer(&file), err));
	TRY(file_writer_commit(writer, err));
	TRY(certfile_read(reissuing->made.output, FILE_PUBLIC, &there, err));
	return span_equals(span_of_buffer(&there->der),
	    span_of_buffer(&cert->der)) ? ERR_OK : err_fail(err, ERR_IO,
	    "%s: not what was written is read back: the disk is bad",
	    reissuing->made.output);
}

/*
 * Keep both certificates, enter the new one, then put it in its place: if that
 * fails it is made, and must not be lost.
 */
static enum err
take(struct reissuing *reissuing, struct file_writer *writer,
    const struct cert *cert, struct error *err)
{
	const struct config *config = reissuing->history->config;
	const char *root = reissuing->root->name;
	struct reissue_made *made = &reissuing->made;
	char old[STATE_PATH_SIZE];
	enum err code;

	TRY(sha256(span_of_buffer(&cert->der), made->sha256, err));
	TRY(reissued_keep(config, root, reissuing->old, old, err));
	TRY(reissued_admit(config, root, cert, made->kept, err));
	TRY(err_remedy(err, append_event(reissuing, REISSUE_EVENT, made, err),
	    "the certificate is signed and lies in %s; nothing else has "
	    "changed: mend that, and run the command again", made->kept));
	code = put_in_place(reissuing, writer, cert, err);
	return err_remedy(err, code, "the certificate is made and entered in "
	    "the ledger: when that is mended, take it from %s", made->kept);
}

/* From signing to its place; what waits is removed if that fails. */
static enum err
make_and_take(struct reissuing *reissuing, struct signer *signer,
    struct file_writer *writer, struct error *err)
{
	FREE_CERT struct cert *cert = NULL;
	char waiting[STATE_PATH_SIZE];
	enum err code;

	TRY(reissued_waiting_path(reissuing->history->config,
	    reissuing->root->name, waiting, err));
	TRY(append_event(reissuing, "reissue-intent", &reissuing->made, err));
	code = make(reissuing, signer, waiting, &cert, err);
	if (code == ERR_OK)
		code = take(reissuing, writer, cert, err);
	if (code != ERR_OK) {
		unlink(waiting);
		return code;
	}
	note_subordinates(reissuing, cert);
	return ERR_OK;
}

enum err
reissue_root(struct history *history, const struct config_root *root,
    const struct reissue_options *options, struct reissue_made *out,
    struct notices *notices, struct error *err)
{
	RELEASE_REISSUING struct reissuing reissuing = {
	    .history = history, .root = root, .options = options,
	    .notices = notices};
	ABORT_WRITER struct file_writer writer = FILE_WRITER_NONE;
	FREE_SIGNER struct signer *signer = NULL;

	TRY(reissuing_judge(&reissuing, err));
	describe(&reissuing);
	/* A folder that cannot be written is known before it is signed. */
	TRY(file_writer_open(&writer, reissuing.made.output, 0644, err));
	TRY(signer_open(root->signing->key, reissuing.old, reissuing.digest,
	    options->passphrases, &signer, err));
	TRY(make_and_take(&reissuing, signer, &writer, err));
	*out = reissuing.made;
	return ERR_OK;
}

enum err
reissue_check(struct history *history, const struct config_root *root,
    const struct reissue_options *options, struct notices *notices,
    struct error *err)
{
	RELEASE_REISSUING struct reissuing reissuing = {
	    .history = history, .root = root, .options = options,
	    .notices = notices};
	ABORT_WRITER struct file_writer writer = FILE_WRITER_NONE;

	TRY(reissuing_plan(&reissuing, err));
	return file_writer_open(&writer, reissuing.made.output, 0644, err);
}

enum err
reissue_finish(struct history *history, const struct config_root *root,
    struct notices *notices, struct error *err)
{
	const struct reissue_options options = {.output = root->certificate};
	RELEASE_REISSUING struct reissuing reissuing = {
	    .history = history, .root = root, .options = &options,
	    .notices = notices};
	ABORT_WRITER struct file_writer writer = FILE_WRITER_NONE;
	RELEASE_REISSUED struct reissued newest = {.cert = NULL};

	TRY(reissuing_load_old(&reissuing, err));
	TRY(reissued_find(history, root, reissuing.old, &newest, notices,
	    err));
	if (newest.cert == NULL)
		return ERR_OK;
	TRY(reissuing_choose_output(&reissuing, err));
	TRY(file_writer_open(&writer, reissuing.made.output, 0644, err));
	return put_in_place(&reissuing, &writer, newest.cert, err);
}
