/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/text.h"
#include "pki/pem.h"
#include "sub/store/store_consumer.h"
#include "sub/store/store_free.h"
#include "sub/store/store_openssl.h"
#include "sub/store/store_plain.h"

static const char mend_block[] = "mend or remove that block";

/* A block as OpenSSL finds it; release. */
struct found {
	char *label;	/* NULL: a CRL that is written plainly */
	char *header;	/* what stands before a blank line */
	unsigned char *data;
	struct buffer plain;
	struct span der;	/* into data or plain */
	size_t begin;	/* octets, of the text before it */
	size_t end;
};

/* A file that is being read. */
struct reading_file {
	const struct store *store;
	struct span file;
	enum consumer_kind kind;
	struct store_reading *reading;
	struct consumer_view *view;
	size_t at;
	size_t blocks;
};

static void
found_release(struct found *found)
{
	OPENSSL_free(found->label);
	OPENSSL_free(found->header);
	OPENSSL_free(found->data);
	buffer_release(&found->plain);
}

static bool
is_crl(const struct found *found)
{
	return found->label == NULL || strcmp(found->label, PEM_CRL) == 0;
}

/* A block that every reader takes alike need not go through OpenSSL. */
static bool
find_plain(struct reading_file *reading, struct found *out)
{
	struct pem_block block;

	if (!plain_next(reading->file, reading->at, &block) ||
	    pem_decode(&block, &out->plain, NULL) != ERR_OK)
		return false;
	out->der = span_of_buffer(&out->plain);
	out->end = block.end;
	return true;
}

/* *is_damaged: it cannot go on. */
static bool
find_by_openssl(struct reading_file *reading, struct found *out,
    bool *is_damaged)
{
	FREE_BY(free_bio) BIO *bio = openssl_open(
	    (struct span){reading->file.data + reading->at,
	    reading->file.size - reading->at});
	long size = 0;
	int found;

	if (bio == NULL)
		return false;
	ERR_set_mark();
	found = PEM_read_bio(bio, &out->label, &out->header, &out->data,
	    &size);
	*is_damaged = found != 1 && ERR_GET_REASON(ERR_peek_last_error()) !=
	    PEM_R_NO_START_LINE;
	ERR_pop_to_mark();
	out->der = (struct span){out->data, (size_t)size};
	out->end = reading->at + (size_t)BIO_tell(bio);
	return found == 1;
}

/* False at the end, and if it cannot go on: then *is_damaged. */
static bool
find_block(struct reading_file *reading, struct found *out, bool *is_damaged)
{
	bool is_found;

	out->begin = out->end = reading->at;
	is_found = find_plain(reading, out) ||
	    find_by_openssl(reading, out, is_damaged);
	reading->at = out->end;
	reading->blocks += is_found || *is_damaged;
	return is_found;
}

/* The line that a place in the text is on, from 1. */
static size_t
line_of(struct span text, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += text.data[i] == '\n';
	return line;
}

/* Where "-----BEGIN" first stands at the start of a line; or begin. */
static size_t
find_begin(struct span text, size_t begin, char label[32])
{
	static const char word[] = "-----BEGIN ";
	const size_t size = sizeof(word) - 1;
	size_t k;

	snprintf(label, 32, "no label");
	for (size_t i = begin; i + size < text.size; i++) {
		if ((i > 0 && text.data[i - 1] != '\n') ||
		    memcmp(text.data + i, word, size) != 0)
			continue;
		for (k = 0; k < 31 && i + size + k < text.size &&
		    text.data[i + size + k] >= ' ' &&
		    text.data[i + size + k] != '-' &&
		    text.data[i + size + k] < 0x7f; k++)
			label[k] = (char)text.data[i + size + k];
		label[k] = '\0';
		return i;
	}
	return begin;
}

/*
 * Judge by our own reading what stands from begin to end.  *is_ours if some of
 * it is this root's, so that an import replaces it.
 */
static enum err
judge_range(const struct reading_file *reading, size_t begin, size_t end,
    bool *is_ours, struct error *err)
{
	struct span text = {reading->file.data, end};
	enum store_owner owner;

	TRY(store_judge_text(reading->store, text, begin, reading->reading,
	    &owner, err));
	*is_ours = store_is_ours(owner);
	return ERR_OK;
}

/* Say which block it is, and what it does. */
static void
blame(const struct reading_file *reading, const struct found *found,
    const char *what)
{
	char label[32];
	size_t begin = find_begin(reading->file, found->begin, label);

	snprintf(reading->view->what, sizeof(reading->view->what),
	    "block %zu (%s, line %zu) %s", reading->blocks, label,
	    line_of(reading->file, begin), what);
}

/* The consumer stops here; what else is of this root counts as seen. */
static enum err
stop_at(struct reading_file *reading, const struct found *found,
    struct error *err)
{
	bool is_ours;

	reading->view->is_damaged = true;
	reading->view->is_plain = false;
	blame(reading, found, reading->kind == CONSUMER_SLOT ?
	    "is damaged: OpenSSL stops there" :
	    "is damaged: OpenSSL and nginx load nothing of this file");
	/* In a slot, what stands before it is used: not the newest, then. */
	reading->view->is_hidden = reading->kind == CONSUMER_SLOT &&
	    reading->reading->has_crl &&
	    span_equals(reading->reading->der, found->der);
	if (reading->kind == CONSUMER_SLOT && !reading->view->is_hidden) {
		/* Alone, it is what became of ours, or garbage. */
		if (reading->blocks > 1)
			reading->view->remedy = mend_block;
		return ERR_OK;
	}
	TRY(judge_range(reading, found->begin, found->end, &is_ours, err));
	if (!is_ours)
		reading->view->remedy = mend_block;
	return reading->kind == CONSUMER_SLOT ? ERR_OK :
	    judge_range(reading, found->end, reading->file.size, &is_ours,
	    err);
}

/*
 * A block whose END is missing ends with that of the next one, which OpenSSL
 * then does not find.
 */
static enum err
look_within(struct reading_file *reading, const struct found *found,
    struct error *err)
{
	const struct span text = {reading->file.data, found->end};
	struct pem_block block;
	size_t at = found->begin;
	char label[32];

	if (pem_next(text, &at, &block) && block.begin ==
	    find_begin(reading->file, found->begin, label))
		return ERR_OK;
	TRY(judge_range(reading, found->begin, found->end,
	    &reading->view->is_hidden, err));
	if (!reading->view->is_hidden)
		return ERR_OK;
	reading->view->remedy = mend_block;
	blame(reading, found, "has no end: OpenSSL and nginx do not find the "
	    "one behind it");
	return ERR_OK;
}

/* After the last block, is there one that only we find? */
static enum err
look_behind(struct reading_file *reading, const struct found *found,
    struct error *err)
{
	TRY(judge_range(reading, found->begin, reading->file.size,
	    &reading->view->is_hidden, err));
	if (!reading->view->is_hidden)
		return ERR_OK;
	reading->view->remedy = "remove the line with NUL, or of over 254 "
	    "octets, in front of the CRL";
	snprintf(reading->view->what, sizeof(reading->view->what), "from line "
	    "%zu on OpenSSL and nginx find no CRL in it",
	    line_of(reading->file, found->begin));
	return ERR_OK;
}

/* *is_good: the consumer loads it, or passes over it. */
static enum err
judge_block(struct reading_file *reading, const struct found *found,
    bool *is_good, struct error *err)
{
	const struct span text = {reading->file.data + found->begin,
	    found->end - found->begin};
	const bool is_slot = reading->kind == CONSUMER_SLOT;
	enum store_owner owner = STORE_GARBAGE;

	*is_good = true;
	if (!is_crl(found))
		reading->view->is_plain = false;
	if (is_crl(found)) {
		TRY(store_judge(reading->store, found->der, reading->reading,
		    &owner, err));
		reading->view->crl_count++;
		if (owner == STORE_VALID && found->label == NULL)
			return ERR_OK;
		reading->view->is_plain = false;
		/* One that is verified is not taken apart a second time. */
		if (owner == STORE_VALID && found->header[0] == '\0')
			return ERR_OK;
		*is_good = openssl_loads(text, is_slot);
	} else if (!is_slot) {
		*is_good = openssl_loads(text, false);
	}
	return *is_good ? look_within(reading, found, err) : ERR_OK;
}

/* The file of others' making in which OpenSSL finds no block at all. */
static void
blame_file(const struct reading_file *reading)
{
	const struct span file = reading->file;
	const char *why = "no PEM block is in it";

	if (file.size > 1 && (text_is_utf16(file) ||
	    file.data[0] == '\0' || file.data[1] == '\0'))
		why = "it is in UTF-16";
	else if (file.size > 1 && file.data[0] == 0x30 && file.data[1] >= 0x80)
		why = "it is in DER, not in PEM";
	else if (span_contains(file, "-----\r") &&
	    memchr(file.data, '\n', file.size) == NULL)
		why = "its lines end in CR alone";
	reading->view->is_damaged = true;
	snprintf(reading->view->what, sizeof(reading->view->what),
	    "OpenSSL and nginx load nothing of this file: %s", why);
}

enum err
consumer_read(const struct store *store, struct span file,
    enum consumer_kind kind, struct store_reading *out,
    struct consumer_view *view, struct error *err)
{
	struct reading_file reading = {store, file, kind, out, view, 0, 0};
	bool is_found = true;

	*view = (struct consumer_view){.is_plain = true};
	if (file.size > INT_MAX)
		return err_fail(err, ERR_STORE, "%s is too large to be read",
		    store->config->path);
	while (is_found) {
		__attribute__((cleanup(found_release)))
		struct found found = {0};
		bool is_damaged = false, is_good = true;

		is_found = find_block(&reading, &found, &is_damaged);
		if (is_found)
			TRY(judge_block(&reading, &found, &is_good, err));
		if (is_damaged || !is_good)
			return stop_at(&reading, &found, err);
		if (!is_found)
			TRY(look_behind(&reading, &found, err));
		if (view->is_hidden)
			return ERR_OK;
	}
	if (kind == CONSUMER_FILE && reading.blocks == 0)
		blame_file(&reading);
	return ERR_OK;
}
