/* SPDX-License-Identifier: ISC */
/*
 * In which file a CRL of this root stood, as the state remembers it, and so
 * which file without one may be replaced.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/shell_word.h"
#include "pki/cert.h"
#include "pki/der.h"
#include "pki/name.h"
#include "pki/pem.h"
#include "sub/store/store_file.h"
#include "sub/store/store_judge.h"
#include "sub/store/store_openssl.h"

/* Beside the folder of copies, in which any name may be a store's. */
static enum err
record_path(const struct store *store, char out[PATH_MAX],
    struct error *err)
{
	int size = snprintf(out, PATH_MAX, "%s.path", store->previous);

	return size >= 0 && size < PATH_MAX ? ERR_OK : err_fail(err,
	    ERR_FORMAT, "the path %s is too long", store->previous);
}

enum err
store_place(const struct store_target *target, struct store_change *change,
    struct error *err)
{
	return folder_join(&target->folder, target->folder.name,
	    change->place, err);
}

enum err
store_record(const struct store *store, const struct store_change *change,
    struct error *err)
{
	RELEASE_BUFFER struct buffer line = {0};
	char folder[PATH_MAX];
	char path[PATH_MAX];

	if (store->previous == NULL || change->place[0] == '\0')
		return ERR_OK;
	TRY(record_path(store, path, err));
	TRY(file_folder(folder, sizeof(folder), path, err));
	TRY(file_make_folder(folder, 0700, err));
	TRY(buffer_appendf(&line, err, "%s\n", change->place));
	return file_update(path, span_of_buffer(&line), 0644, err);
}

enum err
store_had_ours(const struct store *store, const struct store_target *target,
    bool *out, struct error *err)
{
	RELEASE_BUFFER struct buffer line = {0};
	char record[PATH_MAX];
	char path[PATH_MAX];
	bool found = false;

	*out = false;
	if (store->previous == NULL)
		return ERR_OK;
	TRY(record_path(store, record, err));
	TRY(file_find(record, &found, err));
	if (!found)
		return ERR_OK;
	TRY(file_read(record, FILE_OURS, PATH_MAX + 1, &line, err));
	TRY(folder_join(&target->folder, target->folder.name, path, err));
	*out = line.size == strlen(path) + 1 &&
	    memcmp(line.data, path, line.size - 1) == 0;
	return ERR_OK;
}

bool
store_is_blank(struct span text)
{
	for (size_t i = 0; i < text.size; i++) {
		if (memchr(" \t\r\n", text.data[i], 4) == NULL)
			return false;
	}
	return true;
}

bool
store_is_remark(struct span text)
{
	while (text.size > 0) {
		const uint8_t *end = memchr(text.data, '\n', text.size);
		const size_t size = end == NULL ? text.size :
		    (size_t)(end - text.data) + 1;

		if (text.data[0] != '#' &&
		    !store_is_blank((struct span){text.data, size}))
			return false;
		text.data += size;
		text.size -= size;
	}
	return true;
}

/* One block of PEM, and nothing that could be anybody else's. */
static bool
is_one_block(struct span content)
{
	struct pem_block block;
	size_t at = 0;

	return pem_next(content, &at, &block) &&
	    store_is_blank((struct span){content.data, block.begin}) &&
	    store_is_blank((struct span){content.data + block.end,
	    content.size - block.end});
}

static bool
has_key(struct span content)
{
	return span_contains(content, "PRIVATE KEY-----") ||
	    openssl_is_key(content);
}

/* A key is at home where it is: nobody should think of moving it away. */
static enum err
refuse_key(const char *path, struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_STORE, "%s: not replaced: it "
	    "holds a private key, so it is no place for CRLs", path),
	    "correct the path in the configuration");
}

enum err
store_advise_move(struct error *err, enum err code, const char *path)
{
	static const char correct[] = "correct the path in the configuration, "
	    "or move the file away";
	RELEASE_BUFFER struct buffer from = {0}, to = {0};
	char old[PATH_MAX + 4];

	snprintf(old, sizeof(old), "%s.old", path);
	/* Half a command is worse than none. */
	if (shell_word_append(&from, path, NULL) != ERR_OK ||
	    shell_word_append(&to, old, NULL) != ERR_OK ||
	    sizeof(correct) + from.size + to.size + 6 > sizeof(err->remedy))
		return err_remedy(err, code, "%s", correct);
	return err_remedy(err, code, "%s: mv %.*s %.*s", correct,
	    (int)from.size, (const char *)from.data, (int)to.size,
	    (const char *)to.data);
}

/* The SEQUENCE, or the CRL in BER, that the file begins with; or nothing. */
static struct span
first_value(struct span content)
{
	struct span rest = content;
	struct der_value value;

	if (!pem_is_der(content))
		return (struct span){content.data, 0};
	return der_next(&rest, "", &value, NULL) == ERR_OK ? value.whole :
	    (struct span){content.data, openssl_crl_size(content)};
}

bool
store_has_more(struct span content)
{
	const struct span first = first_value(content);
	size_t at = first.size;

	while (at > 0 && at < content.size) {
		if (content.size - at >= first.size && memcmp(content.data +
		    at, first.data, first.size) == 0)
			at += first.size;
		else if (memchr(" \t\r\n", content.data[at], 5) != NULL)
			at++;
		else
			return true;
	}
	return false;
}

/* Does it begin as a CRL of this root in DER, whose end is missing? */
static bool
is_cut_crl(const struct cert *root, struct span content)
{
	struct der_value value;
	uint64_t size = 0;
	size_t header;
	uint8_t tag;

	if (!pem_is_der(content) || span_contains(content, "-----BEGIN "))
		return false;
	for (int i = 0; i < 2; i++) {
		if (der_measure(content, "", &tag, &header, &size, NULL) !=
		    ERR_OK || tag != DER_SEQUENCE || header > content.size)
			return false;
		content.data += header;
		content.size -= header;
		if (i == 0 && size <= content.size)
			return false;
	}
	if (der_is_next(content, DER_INTEGER) &&
	    der_next(&content, "", &value, NULL) != ERR_OK)
		return false;
	/* The algorithm, the issuer, and no certificate's validity. */
	return der_expect(&content, DER_SEQUENCE, "", &value, NULL) ==
	    ERR_OK && der_expect(&content, DER_SEQUENCE, "", &value, NULL) ==
	    ERR_OK && name_equals(value.whole, root->subject) &&
	    (der_is_next(content, DER_UTCTIME) ||
	    der_is_next(content, DER_GENERALIZEDTIME));
}

/* Its kind, in a word or two. */
static const char *
name_content(struct span content)
{
	if (cert_is_one(content))
		return "a certificate";
	if (span_contains(content, "-----BEGIN " PEM_CRL "-----"))
		return is_one_block(content) ?
		    "a damaged CRL, or another CA's, in PEM" :
		    "a CRL in PEM, and other things beside it";
	if (span_contains(content, "-----BEGIN "))
		return "something else in PEM";
	if (first_value(content).size == 0)
		return "something else";
	return store_has_more(content) ?
	    "something in DER, and other things behind it" :
	    "something in DER";
}

/*
 * Is it a CRL of this root after all, and nothing more, PEM for DER or DER for
 * PEM, or the first part of one in DER?
 */
static enum err
is_in_other_form(const struct store *store, struct store_target *target,
    bool *out, struct error *err)
{
	const struct span content = store_target_content(target);
	RELEASE_READING struct store_reading reading = {0};
	RELEASE_BUFFER struct buffer der = {0};
	enum store_owner owner = STORE_GARBAGE;

	store_reading_start(store, &reading);
	if ((!span_contains(content, "-----BEGIN ") ||
	    is_one_block(content)) &&
	    pem_or_der(content, PEM_CRL, &der, NULL) == ERR_OK)
		TRY(store_judge(store, span_of_buffer(&der), &reading, &owner,
		    err));
	*out = store_is_ours(owner);
	if (owner == STORE_INVALID)
		store_note_invalid(&reading, target->lost);
	if (*out || has_key(content) || !is_cut_crl(store->root, content))
		return ERR_OK;
	*out = true;
	snprintf(target->lost, sizeof(target->lost), "a CRL of this root that "
	    "is cut short");
	return ERR_OK;
}

/* A PEM block that is no damaged CRL: the root's own is none either. */
static enum err
has_block_of_others(const struct store *store, struct span content, bool *out,
    struct error *err)
{
	RELEASE_READING struct store_reading reading = {0};
	struct pem_block block;
	size_t at = 0;

	*out = false;
	store_reading_start(store, &reading);
	while (!*out && pem_next(content, &at, &block)) {
		enum store_owner owner;

		TRY(store_judge_block(store, &block, &reading, &owner, err));
		*out = owner != STORE_GARBAGE ||
		    strcmp(block.label, PEM_CRL) != 0;
	}
	return ERR_OK;
}

/*
 * Does it hold anybody's PEM block that no reader finds, as in UTF-16, behind a
 * blank, or with CR alone at the ends of its lines?  One CRL may be ours.
 */
static enum err
hides_others(struct span content, bool *out, struct error *err)
{
	static const char begin[] = "-----BEGIN ", ours[] = PEM_CRL "-----";
	RELEASE_BUFFER struct buffer text = {0};
	const char *at;
	size_t count = 0;

	*out = false;
	for (size_t i = 0; i < content.size; i++) {
		if (content.data[i] != '\0')
			TRY(buffer_append(&text, content.data + i, 1, err));
	}
	TRY(buffer_append(&text, "", 1, err));
	at = (const char *)text.data;
	while ((at = strstr(at, begin)) != NULL) {
		at += sizeof(begin) - 1;
		*out = *out || ++count > 1 ||
		    strncmp(at, ours, sizeof(ours) - 1) != 0;
	}
	return ERR_OK;
}

/*
 * May what stands where a CRL of this root stood be replaced, or added to?  A
 * damaged CRL in DER still names this root.
 */
static enum err
may_replace(const struct store *store, struct store_target *target,
    bool *keeps, bool *out, struct error *err)
{
	const struct span content = store_target_content(target);
	const struct span name = store->root->subject;
	const struct span first = first_value(content);
	bool has_others, is_hidden;

	TRY(has_block_of_others(store, content, &has_others, err));
	TRY(hides_others(content, &is_hidden, err));
	if (keeps != NULL)
		*keeps = has_others;
	*out = !has_key(content) &&
	    (has_others ? keeps != NULL : !is_hidden) &&
	    (first.size == 0 || (!store_has_more(content) &&
	    memmem(first.data, first.size, name.data, name.size) != NULL &&
	    !cert_is_one(first)));
	if (*out && !has_others)
		snprintf(target->lost, sizeof(target->lost), "%s, and no CRL "
		    "of this root", name_content(content));
	return ERR_OK;
}

enum err
store_check_garbage(const struct store *store, struct store_target *target,
    bool *keeps, struct error *err)
{
	const struct span content = store_target_content(target);
	char path[PATH_MAX];
	bool is_ours = store_is_blank(content);
	bool had_ours = false;

	if (keeps != NULL)
		*keeps = false;
	if (!is_ours)
		TRY(is_in_other_form(store, target, &is_ours, err));
	if (!is_ours)
		TRY(store_had_ours(store, target, &had_ours, err));
	if (had_ours)
		TRY(may_replace(store, target, keeps, &is_ours, err));
	if (is_ours)
		return ERR_OK;
	TRY(folder_join(&target->folder, target->folder.name, path, err));
	if (has_key(content))
		return refuse_key(path, err);
	return store_advise_move(err, err_fail(err, ERR_STORE, "%s: not "
	    "replaced: it holds %s%s%s%s", path, name_content(content),
	    had_ours ? "" : ", and no CRL of ", had_ours ? "" :
	    store->root->subject_text, had_ours ? "" : " has stood there"),
	    path);
}

void
store_advise_garbage(const struct store *store, struct store_target *target,
    bool *keeps, struct store_reading *reading)
{
	if (store_check_garbage(store, target, keeps, NULL) == ERR_STORE)
		reading->place.remedy = STORE_MOVE_FILE;
}

enum err
store_check_key(const struct store *store, const struct store_target *target,
    struct error *err)
{
	char path[PATH_MAX];
	bool is_ours;

	if (!has_key(store_target_content(target)))
		return ERR_OK;
	TRY(store_had_ours(store, target, &is_ours, err));
	if (is_ours)
		return ERR_OK;
	TRY(folder_join(&target->folder, target->folder.name, path, err));
	return refuse_key(path, err);
}
