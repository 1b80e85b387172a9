/* SPDX-License-Identifier: ISC */
/*
 * An NSS database (cert9.db), changed by crlutil.  crlutil replaces a CRL by a
 * newer one in one step, and refuses one whose thisUpdate is not later: then
 * the old one is deleted first, and for a moment there is none.
 */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "base/secret.h"
#include "base/shell_word.h"
#include "pki/crl.h"
#include "sub/store/store_cert9.h"
#include "sub/store/store_consumer.h"
#include "sub/store/store_file.h"
#include "sub/store/store_judge.h"
#include "sub/store/store_remote.h"

#define PACKAGE "libnss3-tools"
#define NAMES_MAX (1024 * 1024)
#define PASSWORD "/dev/fd/3"	/* as it is passed */
#define CRL "/dev/fd/4"

static const char other_encoding[] = "NSS does not find this CRL: the CA's "
    "certificate in the database writes the name in another encoding";

static enum err
explain(const char *doing, const struct process_result *result,
    struct error *err)
{
	const struct nss_reason *reason = nss_find_reason(result->output);
	const char *output = result->output;
	/* By that code people find more about it. */
	const bool has_code = strstr(output, "SEC_ERROR") != NULL;
	char words[PROCESS_WORDS_SIZE];

	process_words(result, words);
	if (reason != NULL)
		return err_remedy(err, err_fail(err, ERR_STORE, "%s%s%s",
		    reason->meaning, has_code ? ": " : "",
		    has_code ? words : ""), "%s", reason->remedy);
	return err_remedy(err, err_fail(err, ERR_STORE, "%s: %s", doing,
	    words[0] == '\0' ? "crlutil failed without a word" : words),
	    "see what `certutil -L -d` and `crlutil -L -d` say of the "
	    "database");
}

/* Nobody is asked at the terminal: without a file, the password is empty. */
static enum err
hold_password(const struct store *store, int *out, struct error *err)
{
	const char *path = store->config->password_file;
	RELEASE_SECRET struct secret line = {0};
	CLOSE_FD int fd = -1;

	if (path == NULL)
		return process_hold("password", (struct span){NULL, 0}, out,
		    err);
	TRY(store_trouble(err, file_open(path, FILE_SECRET, &fd, err), path));
	TRY(store_trouble(err, secret_read_line(fd, path, &line, err), path));
	if (line.size > 0 && line.data[line.size - 1] == '\r')
		line.size--;
	return process_hold(path, (struct span){line.data, line.size}, out,
	    err);
}

/* To whoever changes it, all is the store's trouble; the message names it. */
static enum err
list_objects(const struct store *store, struct nss_database *out,
    struct error *err)
{
	return store_trouble(err, cert9_list(store, out, err), "");
}

static enum err
read_crl(const struct store *store, const struct nss_object *object,
    struct buffer *out, struct error *err)
{
	return store_trouble(err, cert9_read_crl(store, object, out, err), "");
}

/* Import a CRL; its status and output are the caller's to judge. */
static enum err
import(const struct store *store, struct span der, bool is_checked,
    struct process_result *out, struct error *err)
{
	char place[CERT9_PLACE_SIZE];
	const char *const argv[] = {"crlutil", "-I", "-d", place, "-f",
	    PASSWORD, "-i", CRL, is_checked ? NULL : "-B", NULL};
	CLOSE_FD int password = -1, crl = -1;
	int passed[2];
	struct process process = {.argv = argv, .input = -1,
	    .passed = passed, .passed_count = COUNT_OF(passed)};

	cert9_place(store, place);
	TRY(hold_password(store, &password, err));
	TRY(process_hold("CRL", der, &crl, err));
	passed[0] = password;
	passed[1] = crl;
	return remote_run(store, &process, PACKAGE, out, err);
}

/* Its status is 0 whatever happens: what is left, the next import says. */
static enum err
delete(const struct store *store, const char *nickname, struct error *err)
{
	char place[CERT9_PLACE_SIZE];
	const char *const argv[] = {"crlutil", "-D", "-d", place, "-n",
	    nickname, NULL};
	struct process process = {.argv = argv, .input = -1};
	struct process_result result;

	cert9_place(store, place);
	TRY(remote_run(store, &process, PACKAGE, &result, err));
	return result.status == 0 && result.output[0] == '\0' ? ERR_OK :
	    explain("the old CRL cannot be deleted", &result, err);
}

/* The issuer, into window's memory. */
static enum err
find_issuer(struct span der, struct crl *crl, struct window *window,
    struct error *err)
{
	window_init_memory(window, der);
	return crl_open(window, crl, err);
}

/* The certificate by whose name NSS finds the newest CRL, if any is there. */
static enum err
judge_names(const struct nss_database *database,
    struct store_reading *reading, struct error *err)
{
	RELEASE_CRL struct crl crl = {0};
	struct window window;
	bool has_certificate = false;

	if (!reading->has_crl)
		return ERR_OK;
	TRY(find_issuer(reading->der, &crl, &window, err));
	for (size_t i = 0; i < database->count; i++) {
		const struct nss_object *object = &database->objects[i];

		if (object->is_crl)
			continue;
		if (span_equals(object->name, crl.issuer))
			return ERR_OK;
		has_certificate = true;
	}
	if (has_certificate)
		store_reading_spoil(reading, "%s", other_encoding);
	return ERR_OK;
}

/* *has_other: a CRL of the root's name that is not the root's is there. */
static enum err
look(const struct store *store, struct nss_database *database,
    struct store_reading *out, bool *has_other, struct error *err)
{
	enum store_owner owner = STORE_GARBAGE;

	*has_other = false;
	TRY(cert9_list(store, database, err));
	for (size_t i = 0; i < database->count; i++) {
		RELEASE_BUFFER struct buffer der = {0};

		if (!database->objects[i].is_crl)
			continue;
		TRY(cert9_read_crl(store, &database->objects[i], &der, err));
		TRY(store_judge(store, span_of_buffer(&der), out, &owner,
		    err));
		*has_other = *has_other || owner == STORE_OTHER;
	}
	return ERR_OK;
}

static enum err
nss_read(const struct store *store, struct store_reading *out,
    struct error *err)
{
	RELEASE_NSS struct nss_database database = {.count = 0};
	struct lookup none = {.is_off = true};
	struct error why = {0};
	bool has_other;
	enum err code;

	store_reading_start(store, out);
	code = look(store, &database, out, &has_other, &why);
	/* Whoever reads it finds no CRL either. */
	if (code == ERR_MISSING || code == ERR_FORMAT) {
		store_reading_spoil(out, "%s", "");
		/* With its remedy, which has paths in it. */
		snprintf(out->place.detail, sizeof(out->place.detail),
		    "%.160s%s%.320s", why.what, why.remedy[0] == '\0' ? "" :
		    ": ", why.remedy);
		out->place.remedy = "";
		return ERR_OK;
	}
	if (code != ERR_OK)
		return err_copy(err, &why);
	if (has_other && !out->place.is_present) {
		store_reading_spoil(out, "holds the CRL of another key with "
		    "this root's name");
		out->place.remedy = "see `crlutil -L`, and delete that CRL "
		    "with `crlutil -D` if its key is no longer used";
	}
	TRY(consumer_choose(store, &none, NULL, out, err));
	return judge_names(&database, out, err);
}

/* The command by which the CA's certificate gets there; returns code. */
static enum err
advise_certutil(const struct store *store, enum err code, struct error *err)
{
	RELEASE_BUFFER struct buffer command = {0};
	const char *pin = store->config->password_file;
	char place[CERT9_PLACE_SIZE];

	cert9_place(store, place);
	TRY(buffer_append_text(&command, "certutil -A -d ", err));
	TRY(shell_word_append(&command, place, err));
	TRY(buffer_append_text(&command, " -n ", err));
	TRY(shell_word_append(&command, store->root_name == NULL ? "root" :
	    store->root_name, err));
	TRY(buffer_append_text(&command, " -t CT,C,C -i ", err));
	TRY(shell_word_append(&command, store->root_path == NULL ? "root.pem" :
	    store->root_path, err));
	if (pin != NULL) {
		TRY(buffer_append_text(&command, " -f ", err));
		TRY(shell_word_append(&command, pin, err));
	}
	/* Half a command is worse than none. */
	if (command.size >= sizeof(err->remedy))
		return err_remedy(err, code, "add it with certutil -A");
	return err_remedy(err, code, "%.*s", (int)command.size,
	    (const char *)command.data);
}

/* NSS takes a CRL only of a CA whose certificate it has. */
static enum err
refuse_without_ca(const struct store *store,
    const struct nss_database *database, struct error *err)
{
	for (size_t i = 0; i < database->count; i++) {
		const struct nss_object *object = &database->objects[i];

		if (!object->is_crl && object->nickname != NULL)
			return err_remedy(err, err_fail(err, ERR_STORE, "NSS "
			    "would not find this CRL: the certificate \"%s\" "
			    "in the database writes the CA's name in another "
			    "encoding", object->nickname), "put a certificate "
			    "of the root there whose name is written as in "
			    "the CRL: certutil -A");
	}
	return advise_certutil(store, err_fail(err, ERR_STORE, "NSS takes no "
	    "CRL of %s: its certificate is not in the database",
	    store->root->subject_text), err);
}

/*
 * NSS has one CRL of a name, octet by octet: what is there under that of the
 * installed one goes first, unless it is what was there before.
 */
static enum err
nss_put_back(const struct store *store, struct span before,
    struct span installed, struct error *err)
{
	RELEASE_NSS struct nss_database database = {.count = 0};
	RELEASE_BUFFER struct buffer der = {0};
	RELEASE_CRL struct crl parsed = {0};
	const struct nss_object *ca, *now;
	struct process_result result;
	struct window window;

	TRY(find_issuer(installed, &parsed, &window, err));
	TRY(list_objects(store, &database, err));
	ca = nss_find(&database, false, parsed.issuer);
	now = nss_find(&database, true, parsed.issuer);
	if (now != NULL)
		TRY(read_crl(store, now, &der, err));
	if (span_equals(span_of_buffer(&der), before))
		return ERR_OK;
	if (now != NULL && ca != NULL)
		TRY(delete(store, ca->nickname, err));
	if (before.size == 0)
		return ERR_OK;
	/* Whatever it was: NSS had it. */
	TRY(import(store, before, false, &result, err));
	return result.status == 0 ? ERR_OK :
	    explain("the previous CRL is not taken", &result, err);
}

/* NSS refuses it because of the one that is there: by its dates alone. */
static bool
is_not_later(const struct process_result *result)
{
	return result->status != 0 &&
	    strstr(result->output, "SEC_ERROR_OLD_CRL") != NULL;
}

static enum err
replace(const struct store *store, const struct store_crl *crl,
    const char *nickname, struct store_change *change, struct error *err)
{
	struct process_result result;

	change->put_back = nss_put_back;
	TRY(import(store, crl->der, true, &result, err));
	/* The signature and the password were checked before the dates. */
	if (is_not_later(&result)) {
		TRY(delete(store, nickname, err));
		TRY(import(store, crl->der, true, &result, err));
	} else if (result.status != 0) {
		change->put_back = NULL;
	}
	return result.status == 0 ? ERR_OK :
	    explain("NSS does not take the CRL", &result, err);
}

static enum err
nss_install(const struct store *store, const struct store_crl *crl,
    struct store_change *change, struct error *err)
{
	RELEASE_NSS struct nss_database database = {.count = 0};
	RELEASE_BUFFER struct buffer before = {0};
	RELEASE_CRL struct crl parsed = {0};
	const struct nss_object *ca, *old;
	struct window window;
	bool is_same;

	TRY(find_issuer(crl->der, &parsed, &window, err));
	TRY(list_objects(store, &database, err));
	ca = nss_find(&database, false, parsed.issuer);
	old = nss_find(&database, true, parsed.issuer);
	if (old != NULL)
		TRY(read_crl(store, old, &before, err));
	if (ca == NULL)
		return refuse_without_ca(store, &database, err);
	TRY(remote_begin(store, span_of_buffer(&before), crl, change,
	    &is_same, err));
	return is_same ? ERR_OK :
	    replace(store, crl, ca->nickname, change, err);
}

/* Is it in the list that crlutil prints, a name and a type on each line? */
static bool
is_listed(struct span list, const char *nickname)
{
	RELEASE_BUFFER struct buffer line = {0};

	return buffer_append_text(&line, "\n", NULL) == ERR_OK &&
	    buffer_append_text(&line, nickname, NULL) == ERR_OK &&
	    buffer_append(&line, " ", 2, NULL) == ERR_OK &&
	    span_contains(list, (const char *)line.data);
}

/* By crlutil, which goes through NSS. */
static enum err
nss_confirm(const struct store *store, const struct store_crl *crl,
    struct error *err)
{
	RELEASE_NSS struct nss_database database = {.count = 0};
	RELEASE_BUFFER struct buffer list = {0};
	char place[CERT9_PLACE_SIZE];
	const char *const argv[] = {"crlutil", "-L", "-d", place, NULL};
	struct process process = {.argv = argv, .input = -1,
	    .output = &list, .output_max = NAMES_MAX};
	RELEASE_CRL struct crl parsed = {0};
	struct process_result result;
	const struct nss_object *ca;
	struct window window;

	TRY(consumer_confirm(store, crl, err));
	TRY(find_issuer(crl->der, &parsed, &window, err));
	TRY(list_objects(store, &database, err));
	ca = nss_find(&database, false, parsed.issuer);
	if (ca == NULL)
		return refuse_without_ca(store, &database, err);
	cert9_place(store, place);
	TRY(remote_run(store, &process, PACKAGE, &result, err));
	if (result.status != 0)
		return explain("crlutil -L", &result, err);
	return is_listed(span_of_buffer(&list), ca->nickname) ? ERR_OK :
	    err_fail(err, ERR_STORE, "the CRL is in the database, but "
	    "crlutil -L lists none for \"%s\"", ca->nickname);
}

const struct store_type store_nss = {
    .name = "nss", .is_remote = true, .read = nss_read,
    .install = nss_install, .confirm = nss_confirm,
    .describe = store_describe,
};
