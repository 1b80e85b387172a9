/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "base/shell_word.h"
#include "sub/nss/nss_trust.h"
#include "sub/store/store_cert9.h"
#include "sub/store/store_remote.h"

#define LISTING_MAX (16 * 1024 * 1024)

/*
 * PKCS#11 attributes are the columns: a0 is CKA_CLASS, a3 CKA_LABEL, a11
 * CKA_VALUE, a101 CKA_SUBJECT, of the classes CKO_CERTIFICATE and CKO_NSS_CRL.
 */
#define CRL_CLASS "x'ce534351'"
#define LIST "SELECT a0 = " CRL_CLASS ", id, hex(a101), hex(a3) FROM " \
    "nssPublic WHERE a0 IN (x'00000001', " CRL_CLASS ")"

void
cert9_place(const struct store *store, char out[CERT9_PLACE_SIZE])
{
	const char *path = store->config->path;

	snprintf(out, CERT9_PLACE_SIZE, "%s%s", strncmp(path, "sql:", 4) == 0 ?
	    "" : "sql:", path);
}

/* Both files must be there: crlutil would make a new database. */
static enum err
find_files(const struct store *store, char path[PATH_MAX], struct error *err)
{
	static const char *const names[] = {"key4.db", "cert9.db"};
	char place[CERT9_PLACE_SIZE];
	const char *folder = place + strlen("sql:");

	cert9_place(store, place);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const struct shell_word word = shell_word(folder,
		    strlen(folder));
		const bool fits = strlen(word.text) < 100;
		bool found;

		TRY(file_join(path, PATH_MAX, folder, names[i], err));
		TRY(file_find(path, &found, err));
		if (!found)
			return err_remedy(err, err_fail(err, ERR_MISSING,
			    "there is no NSS database: %s is missing", path),
			    "correct the path, or make one: mkdir -p %s && "
			    "certutil -N -d sql:%s", fits ? word.text :
			    "FOLDER", fits ? word.text : "FOLDER");
	}
	return nss_check_trust(folder, err);
}

static enum err
judge_answer(const struct store *store, const char *path,
    const struct process_result *result, struct error *err)
{
	const char *remedy = nss_sqlite_remedy(result->output);
	char place[CERT9_PLACE_SIZE], words[PROCESS_WORDS_SIZE];
	struct shell_word word;

	process_words(result, words);
	if (remedy != NULL)
		return err_remedy(err, err_fail(err, ERR_STORE, "%s cannot be "
		    "read: %s", path, words), "%s", remedy);
	if (result->signal != 0)
		return err_fail(err, ERR_STORE, "%s cannot be read: sqlite3 "
		    "was killed by signal %d", path, result->signal);
	cert9_place(store, place);
	word = shell_word(place, strlen(place));
	return err_remedy(err, err_fail(err, ERR_FORMAT, "%s cannot be read: "
	    "%s", path, words), "see what `certutil -L -d "
	    "%.190s` says of the database", word.text);
}

/*
 * Ask SQLite, which never writes here, nor runs a program that the database
 * names; its answer is appended to out.  *is_cut: it has more than max octets.
 */
static enum err
ask(const struct store *store, const char *question, uint64_t max,
    struct buffer *out, bool *is_cut, struct error *err)
{
	char path[PATH_MAX];
	const char *const argv[] = {"sqlite3", "-safe", "-readonly", "-batch",
	    "-init", "/dev/null", "-cmd", ".timeout 5000", "-noheader", "-list",
	    path, question, NULL};
	struct process process = {.argv = argv, .input = -1, .output = out,
	    .output_max = max};
	struct process_result result;
	CLOSE_FD int fd = -1;

	TRY(find_files(store, path, err));
	TRY(file_open(path, FILE_PUBLIC, &fd, err));
	TRY(remote_run(store, &process, "sqlite3", &result, err));
	*is_cut = result.is_cut;
	return result.is_cut || result.status == 0 ? ERR_OK :
	    judge_answer(store, path, &result, err);
}

enum err
cert9_list(const struct store *store, struct nss_database *out,
    struct error *err)
{
	RELEASE_BUFFER struct buffer listing = {0};
	struct error why = {0};
	bool is_cut;

	TRY(ask(store, LIST, LISTING_MAX, &listing, &is_cut, err));
	if (is_cut)
		return err_remedy(err, err_fail(err, ERR_FORMAT, "cert9.db "
		    "holds more certificates and CRLs than anybody can have"),
		    "delete those that nobody needs: certutil -D, crlutil "
		    "-D");
	if (nss_parse(span_of_buffer(&listing), store->root->subject, out,
	    &why) != ERR_OK)
		return err_remedy(err, err_fail(err, why.code, "cert9.db: %s",
		    why.what), "%s", why.remedy);
	return ERR_OK;
}

enum err
cert9_read_crl(const struct store *store, const struct nss_object *object,
    struct buffer *out, struct error *err)
{
	RELEASE_BUFFER struct buffer hex = {0};
	char question[128];
	bool is_cut;
	size_t size;

	snprintf(question, sizeof(question), "SELECT hex(a11) FROM nssPublic "
	    "WHERE id = %s AND a0 = " CRL_CLASS, object->id);
	TRY(ask(store, question, 2 * store->max_crl_bytes + 1, &hex, &is_cut,
	    err));
	if (is_cut)
		return err_remedy(err, err_fail(err, ERR_FORMAT, "cert9.db "
		    "holds a CRL of more than %" PRIu64 " octets",
		    store->max_crl_bytes), "delete it with `crlutil -D`, or "
		    "raise max_crl_bytes in the configuration");
	if (hex.size > 0 && hex.data[hex.size - 1] == '\n')
		hex.size--;
	TRY(buffer_reserve(out, hex.size / 2 + 1, err));
	if (!hex_decode(span_of_buffer(&hex), out->data + out->size,
	    out->capacity - out->size, &size))
		return err_fail(err, ERR_FORMAT, "cert9.db: a CRL that sqlite3 "
		    "prints is not in hexadecimal");
	out->size += size;
	return ERR_OK;
}
