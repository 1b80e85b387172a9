/* SPDX-License-Identifier: ISC */
/* A rehearsal's last CRL. */
#include "base/file.h"
#include "ca/crlwrite.h"
#include "ca/index.h"
#include "root/ceremony/rehearsal.h"
#include "root/history/archive.h"
#include "site/certfile.h"

#define REASON_INDEX_MAX 6	/* the last for which the index has a word */

/* Entries of a CRL as revocations; serials lie in octets until all are in. */
struct entries {
	struct buffer revocations;	/* struct revocation each */
	struct buffer octets;
};

static void
entries_release(struct entries *entries)
{
	buffer_release(&entries->revocations);
	buffer_release(&entries->octets);
}

/* Only what an index can hold: the reasons of the past change no difference. */
static enum err
read_entries(struct crl *crl, struct entries *out, struct error *err)
{
	struct crl_entries walk;
	struct crl_entry entry;
	bool has_entry;

	crl_entries_start(&walk, crl);
	for (;;) {
		struct revocation revocation = {.reason = -1};

		TRY(crl_entries_next(&walk, &entry, &has_entry, err));
		if (!has_entry)
			return ERR_OK;
		revocation.serial.size = entry.serial.size;
		revocation.revoked_at_s = entry.revoked_at.at_s;
		if (entry.reason <= REASON_INDEX_MAX)
			revocation.reason = entry.reason;
		if (entry.has_invalidity && (entry.reason == 1 ||
		    entry.reason == 2)) {
			revocation.has_invalidity = true;
			revocation.invalidity_s = entry.invalidity_s;
		}
		TRY(buffer_append(&out->revocations, &revocation,
		    sizeof(revocation), err));
		TRY(buffer_append(&out->octets, entry.serial.data,
		    entry.serial.size, err));
	}
}

/* The octets move no more: point to them. */
static size_t
settle_serials(struct entries *entries)
{
	struct revocation *list = (void *)entries->revocations.data;
	size_t count = entries->revocations.size / sizeof(*list);
	size_t offset = 0;

	for (size_t i = 0; i < count; i++) {
		list[i].serial.data = entries->octets.data + offset;
		offset += list[i].serial.size;
	}
	return count;
}

/* The entries by way of a file, which is how an index is made. */
static enum err
load_entries(struct crl *crl, const char *folder, struct index *out,
    struct error *err)
{
	__attribute__((cleanup(entries_release))) struct entries entries = {
	    .octets = {0}};
	struct index_written written;
	char path[4096];
	size_t count;

	TRY(read_entries(crl, &entries, err));
	TRY(file_join(path, sizeof(path), folder, "last_index.txt", err));
	TRY(file_replace(path, (struct span){NULL, 0}, 0600, err));
	count = settle_serials(&entries);
	if (count > 0)
		TRY(index_revoke(path, (const struct revocation *)(void *)
		    entries.revocations.data, count, NULL, &written, err));
	TRY(index_load(path, out, err));
	return file_remove(path, err);
}

static enum err
write_crl(struct crlwrite *crl, const struct config_root *root,
    const struct config *config, struct error *err)
{
	ABORT_WRITER struct file_writer writer = FILE_WRITER_NONE;
	const struct secret_source nobody = {.fd = -1};
	FREE_SIGNER struct signer *signer = NULL;
	char path[4096];

	/* The key has no passphrase: nobody is asked. */
	TRY(signer_open(root->signing->key, crl->root, root->signing->digest,
	    &nobody, &signer, err));
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
    const struct config *config, const char *folder, struct error *err)
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
	TRY(load_entries(&last->crl, folder, &index, err));
	TRY(certfile_load(root->certificate, &cert, err));
	crl.root = cert;
	return write_crl(&crl, root, config, err);
}

static enum err
record(const struct archived *last, const struct history *real,
    const struct config_root *root, struct history *history,
    struct error *err)
{
	RELEASE_NOTICES struct notices unsaid = {0};
	struct ledger_event event = {
	    .event = "adopt", .root = root->name, .number = &last->number,
	    .at_s = last->crl.this_update.at_s, .who = "rehearsal",
	    .details = {{"file", last->path}}};

	if (real->end.summary.count > 0)
		event.at_s = real->end.summary.latest_s;
	return history_append(history, &event, &unsaid, err);
}

enum err
rehearsal_sign_last(const struct history *real,
    const struct config_root *root, struct history *history,
    const char *folder, struct error *err)
{
	RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
	RELEASE_NOTICES struct notices unsaid = {0};
	FREE_CERT struct cert *cert = NULL;
	const struct config *config = history->config;
	const struct config_root *own = config_find_root(config, root->name);
	bool found;

	TRY(root_open(real->config, root, &cert, &last, &found, &unsaid, err));
	if (!found)
		return ERR_OK;
	TRY(sign_anew(&last, own, config, folder, err));
	return record(&last, real, own, history, err);
}
