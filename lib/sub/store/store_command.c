/* SPDX-License-Identifier: ISC */
/*
 * Any other consumer: one command that is handed the CRL as a file, and one
 * that prints what the consumer holds.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/process/program.h"
#include "sub/store/store_consumer.h"
#include "sub/store/store_file.h"
#include "sub/store/store_judge.h"
#include "sub/store/store_remote.h"

#define DER_MARK "{der}"
#define PEM_MARK "{pem}"
/* PEM has 65 characters for 48 octets, and a little around them. */
#define PEM_MAX(size) ((size) + (size) / 2 + 4096)

/* The CRL in a folder of its own; empty paths: there is none. */
struct handed {
	char folder[256];
	char der[640];
	char pem[640];
};

static void
handed_release(struct handed *handed)
{
	if (handed->der[0] != '\0')
		unlink(handed->der);
	if (handed->pem[0] != '\0')
		unlink(handed->pem);
	if (handed->folder[0] != '\0')
		rmdir(handed->folder);
}

static bool
is_asked(const struct config_words *words, const char *mark)
{
	for (size_t i = 0; i < words->count; i++) {
		if (strstr(words->words[i], mark) != NULL)
			return true;
	}
	return false;
}

/*
 * Nobody else can list or write the folder; what is in it is public, and may be
 * read by a program that gives up its rights.
 */
static enum err
make_folder(struct handed *out, struct error *err)
{
	const char *parent = getenv("TMPDIR");
	char folder[sizeof(out->folder)];
	int size = snprintf(folder, sizeof(folder), "%s/crlferry-XXXXXX",
	    parent == NULL || parent[0] != '/' ? "/tmp" : parent);

	if (size < 0 || (size_t)size >= sizeof(folder))
		return err_fail(err, ERR_IO, "TMPDIR is too long a path");
	if (mkdtemp(folder) == NULL)
		return file_fail(err, folder, "make");
	memcpy(out->folder, folder, sizeof(folder));
	return chmod(folder, 0711) == 0 ? ERR_OK :
	    file_fail(err, folder, "open to others");
}

/* In each form that the command asks for. */
static enum err
hand_over(const struct store *store, const struct store_crl *crl,
    struct handed *out, struct error *err)
{
	const struct config_words *install = &store->config->install;
	const char *name = store->published_as == NULL ? "crl.der" :
	    store->published_as;

	TRY(make_folder(out, err));
	if (is_asked(install, DER_MARK)) {
		snprintf(out->der, sizeof(out->der), "%s/%.255s", out->folder,
		    name);
		TRY(file_replace(out->der, crl->der, 0644, err));
	}
	if (is_asked(install, PEM_MARK)) {
		snprintf(out->pem, sizeof(out->pem), "%s/%.255s.pem",
		    out->folder, store->published_as == NULL ? "crl" : name);
		TRY(file_replace(out->pem, crl->pem, 0644, err));
	}
	return ERR_OK;
}

/* A word, with the paths in it, and the NUL behind it. */
static enum err
fill_word(const char *word, const struct handed *handed, struct buffer *out,
    struct error *err)
{
	while (*word != '\0') {
		const char *path = NULL;

		if (strncmp(word, DER_MARK, strlen(DER_MARK)) == 0)
			path = handed->der;
		else if (strncmp(word, PEM_MARK, strlen(PEM_MARK)) == 0)
			path = handed->pem;
		if (path != NULL)
			TRY(buffer_append_text(out, path, err));
		else
			TRY(buffer_append(out, word, 1, err));
		word += path == NULL ? 1 : strlen(DER_MARK);
	}
	return buffer_append(out, "", 1, err);
}

/* Its status must be 0. */
static enum err
check_status(const char *which, const char *program,
    const struct process_result *result, struct error *err)
{
	char end[PROCESS_END_SIZE];

	if (result->status == 0)
		return ERR_OK;
	process_end(result, end);
	return err_remedy(err, err_fail(err, ERR_STORE, "%s: %s %s", which,
	    program, end), "run it by hand to see why it fails, then run "
	    "this again");
}

static enum err
run_install(const struct store *store, const struct store_crl *crl,
    struct error *err)
{
	__attribute__((cleanup(handed_release))) struct handed handed = {0};
	const struct config_words *install = &store->config->install;
	RELEASE_BUFFER struct buffer text = {0}, argv = {0};
	struct process process = {.input = -1};
	struct process_result result;
	const char *word;

	TRY(hand_over(store, crl, &handed, err));
	for (size_t i = 0; i < install->count; i++)
		TRY(fill_word(install->words[i], &handed, &text, err));
	word = (const char *)text.data;
	for (size_t i = 0; i < install->count; i++) {
		TRY(buffer_append(&argv, &word, sizeof(word), err));
		word += strlen(word) + 1;
	}
	word = NULL;
	TRY(buffer_append(&argv, &word, sizeof(word), err));
	process.argv = (const void *)argv.data;
	TRY(remote_run(store, &process, NULL, &result, err));
	return check_status("install", process.argv[0], &result, err);
}

static enum err
refuse_length(const struct store *store, struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_STORE, "read: %s printed "
	    "more than max_crl_bytes (%" PRIu64 ")",
	    store->config->read.words[0], store->max_crl_bytes),
	    "it must print this root's CRL and nothing else");
}

/* What it prints, in DER; as it is if it is no CRL; or nothing. */
static enum err
run_read(const struct store *store, struct buffer *out, struct error *err)
{
	struct process process = {.argv = store->config->read.words,
	    .input = -1, .output_max = PEM_MAX(store->max_crl_bytes)};
	RELEASE_BUFFER struct buffer printed = {0};
	struct process_result result;
	struct span text;

	process.output = &printed;
	TRY(remote_run(store, &process, NULL, &result, err));
	/* It may end because of that. */
	if (result.is_cut)
		return refuse_length(store, err);
	TRY(check_status("read", process.argv[0], &result, err));
	text = span_of_buffer(&printed);
	if (store_is_blank(text))
		return ERR_OK;
	if (pem_or_der(text, PEM_CRL, out, NULL) != ERR_OK)
		TRY(buffer_append(out, text.data, text.size, err));
	return out->size <= store->max_crl_bytes ? ERR_OK :
	    refuse_length(store, err);
}

static enum err
command_read(const struct store *store, struct store_reading *out,
    struct error *err)
{
	RELEASE_BUFFER struct buffer der = {0};

	store_reading_start(store, out);
	TRY(run_read(store, &der, err));
	return remote_judge(store, span_of_buffer(&der), out, err);
}

/* It may have failed before it changed anything. */
static enum err
command_put_back(const struct store *store, struct span before,
    struct span installed, struct error *err)
{
	RELEASE_BUFFER struct buffer now = {0}, pem = {0};

	if (run_read(store, &now, NULL) == ERR_OK &&
	    span_equals(span_of_buffer(&now), before))
		return ERR_OK;
	if (before.size == 0)
		return err_fail(err, ERR_STORE, "nothing was there before, "
		    "and `install` takes no CRL away: the new one may be "
		    "there");
	TRY(pem_encode(PEM_CRL, before, &pem, err));
	return run_install(store, &(struct store_crl){before,
	    span_of_buffer(&pem)}, err);
}

static enum err
command_install(const struct store *store, const struct store_crl *crl,
    struct store_change *change, struct error *err)
{
	const char *const *words = store->config->install.words;
	RELEASE_BUFFER struct buffer before = {0};
	char program[PATH_MAX];
	struct error why = {0};
	bool is_same;

	TRY(run_read(store, &before, err));
	TRY(remote_begin(store, span_of_buffer(&before), crl, change,
	    &is_same, err));
	if (is_same)
		return ERR_OK;
	/* One that cannot be run has changed nothing. */
	if (program_find(words[0], program, &why) != ERR_OK ||
	    program_check_script(words, &why) != ERR_OK)
		return err_remedy(err, err_fail(err, why.code == ERR_HOOK ?
		    ERR_STORE : why.code, "install: %s",
		    why.what), "%s", why.remedy);
	change->put_back = command_put_back;
	return run_install(store, crl, err);
}

const struct store_type store_command = {
    .name = "command", .is_remote = true, .is_networked = true,
    .read = command_read, .install = command_install,
    .confirm = consumer_confirm,
    .describe = store_describe,
};
