/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/utc.h"
#include "ca/crlwrite.h"
#include "ca/index_crl.h"
#include "pki/der.h"

#define PIECE_SIZE (64 * 1024)
#define ENTRY_MAX 512	/* serial, time and three short extensions */

static const uint8_t reason_code_head[] = {
    DER_SEQUENCE, 10, DER_OID, 3, 0x55, 0x1d, 0x15, DER_OCTET_STRING, 3,
    DER_ENUMERATED, 1};
static const uint8_t invalidity_head[] = {
    DER_SEQUENCE, 24, DER_OID, 3, 0x55, 0x1d, 0x18, DER_OCTET_STRING, 17,
    DER_GENERALIZEDTIME, 15};
static const uint8_t hold_oid[] = {DER_OID, 3, 0x55, 0x1d, 0x17};

/* Octets put together on the stack; ENTRY_MAX is room for any entry. */
struct scratch {
	uint8_t octets[ENTRY_MAX];
	size_t size;
};

static void
put(struct scratch *scratch, const void *octets, size_t size)
{
	memcpy(scratch->octets + scratch->size, octets, size);
	scratch->size += size;
}

/* A header for less than 256 octets. */
static void
put_header(struct scratch *scratch, uint8_t tag, size_t size)
{
	scratch->octets[scratch->size++] = tag;
	if (size > 127)
		scratch->octets[scratch->size++] = 0x81;
	scratch->octets[scratch->size++] = (uint8_t)size;
}

static void
put_hold(struct scratch *extensions, struct span hold)
{
	const size_t value = 2 + hold.size;

	put_header(extensions, DER_SEQUENCE, sizeof(hold_oid) + 2 + value);
	put(extensions, hold_oid, sizeof(hold_oid));
	put_header(extensions, DER_OCTET_STRING, value);
	put_header(extensions, DER_OID, hold.size);
	put(extensions, hold.data, hold.size);
}

/* crlEntryExtensions in the order that OpenSSL writes them (RFC 5280 5.3). */
static void
put_extensions(struct scratch *entry, const struct revocation *revocation)
{
	struct scratch extensions = {.size = 0};
	uint8_t reason = (uint8_t)revocation->reason;
	uint8_t time[15];

	if (revocation->reason >= 0) {
		put(&extensions, reason_code_head, sizeof(reason_code_head));
		put(&extensions, &reason, 1);
	}
	if (revocation->has_invalidity) {
		utc_to_generalizedtime(revocation->invalidity_s, time);
		put(&extensions, invalidity_head, sizeof(invalidity_head));
		put(&extensions, time, sizeof(time));
	}
	if (revocation->hold.size > 0)
		put_hold(&extensions, revocation->hold);
	if (extensions.size == 0)
		return;
	put_header(entry, DER_SEQUENCE, extensions.size);
	put(entry, extensions.octets, extensions.size);
}

/* One entry, whole; returns where it begins in *entry. */
static struct span
encode_entry(const struct revocation *revocation, struct scratch *entry)
{
	uint8_t time[17];
	size_t size;

	/* Room for the header, whose length is known last. */
	entry->size = 3;
	put_header(entry, DER_INTEGER, revocation->serial.size);
	put(entry, revocation->serial.data, revocation->serial.size);
	put(entry, time, utc_to_der(revocation->revoked_at_s, time));
	put_extensions(entry, revocation);
	size = entry->size - 3;
	if (size > 127) {
		entry->octets[0] = DER_SEQUENCE;
		entry->octets[1] = 0x81;
		entry->octets[2] = (uint8_t)size;
		return (struct span){entry->octets, entry->size};
	}
	entry->octets[1] = DER_SEQUENCE;
	entry->octets[2] = (uint8_t)size;
	return (struct span){entry->octets + 1, entry->size - 1};
}

/* Octets of all entries, which their headers' lengths need beforehand. */
static uint64_t
measure_entries(const struct index *index)
{
	struct revocation revocation;
	struct scratch entry;
	uint64_t size = 0;
	size_t offset = 0;

	while (index_next(index, &offset, &revocation))
		size += encode_entry(&revocation, &entry).size;
	return size;
}

static enum err
put_time(struct buffer *out, int64_t at_s, struct error *err)
{
	uint8_t time[17];

	return buffer_append(out, time, utc_to_der(at_s, time), err);
}

/* Version, algorithm, issuer and times, then the header of the list. */
static enum err
build_fields(const struct crlwrite *crl, uint64_t entries_size,
    struct buffer *out, struct error *err)
{
	static const uint8_t v2[] = {DER_INTEGER, 1, 1};

	TRY(buffer_append(out, v2, sizeof(v2), err));
	TRY(buffer_append(out, crl->algorithm.data, crl->algorithm.size, err));
	TRY(buffer_append(out, crl->root->subject.data, crl->root->subject.size,
	    err));
	TRY(put_time(out, crl->this_update_s, err));
	TRY(put_time(out, crl->next_update_s, err));
	/* An empty list is left out altogether (RFC 5280 5.1.2.6). */
	if (entries_size > 0)
		TRY(der_put_header(out, DER_SEQUENCE, entries_size, err));
	return ERR_OK;
}

static enum err
build_head(struct crlwrite *crl, struct error *err)
{
	RELEASE_BUFFER struct buffer fields = {0};

	TRY(build_fields(crl, crl->entries_size, &fields, err));
	crl->head.size = 0;
	TRY(der_put_header(&crl->head, DER_SEQUENCE,
	    fields.size + crl->entries_size + crl->tail.size, err));
	return buffer_append(&crl->head, fields.data, fields.size, err);
}

enum err
crlwrite_prepare(struct crlwrite *crl, struct error *err)
{
	crl->tail.size = 0;
	TRY(crlwrite_extensions(crl, &crl->tail, err));
	crl->entries_size = measure_entries(crl->index);
	return build_head(crl, err);
}

void
crlwrite_release(struct crlwrite *crl)
{
	buffer_release(&crl->head);
	buffer_release(&crl->tail);
}

/* tbsCertList, piece by piece; the same octets each time. */
static enum err
emit_tbs(void *context, enum err (*put_piece)(void *target,
    struct span piece, struct error *err), void *target, struct error *err)
{
	const struct crlwrite *crl = context;
	RELEASE_BUFFER struct buffer piece = {0};
	struct revocation revocation;
	struct scratch entry;
	size_t offset = 0;

	TRY(buffer_reserve(&piece, PIECE_SIZE, err));
	TRY(put_piece(target, span_of_buffer(&crl->head), err));
	while (index_next(crl->index, &offset, &revocation)) {
		struct span encoded = encode_entry(&revocation, &entry);

		if (piece.size + encoded.size > PIECE_SIZE) {
			TRY(put_piece(target, span_of_buffer(&piece), err));
			piece.size = 0;
		}
		memcpy(piece.data + piece.size, encoded.data, encoded.size);
		piece.size += encoded.size;
	}
	if (piece.size > 0)
		TRY(put_piece(target, span_of_buffer(&piece), err));
	return put_piece(target, span_of_buffer(&crl->tail), err);
}

static enum err
put_file(void *target, struct span piece, struct error *err)
{
	return file_writer_write(target, piece, err);
}

enum err
crlwrite_sign(const struct crlwrite *crl, struct signer *signer,
    struct file_writer *writer, struct error *err)
{
	const struct octet_source tbs = {emit_tbs, (void *)(uintptr_t)crl};
	RELEASE_BUFFER struct buffer signature = {0};
	RELEASE_BUFFER struct buffer outer = {0};
	RELEASE_BUFFER struct buffer end = {0};

	/* BIT STRING: no unused bits. */
	TRY(buffer_append(&signature, "", 1, err));
	TRY(signer_sign(signer, &tbs, &signature, err));
	TRY(buffer_append(&end, crl->algorithm.data, crl->algorithm.size, err));
	TRY(der_put(&end, DER_BIT_STRING, span_of_buffer(&signature), err));
	TRY(der_put_header(&outer, DER_SEQUENCE, crl->head.size +
	    crl->entries_size + crl->tail.size + end.size, err));
	TRY(file_writer_write(writer, span_of_buffer(&outer), err));
	TRY(emit_tbs((void *)(uintptr_t)crl, put_file, writer, err));
	return file_writer_write(writer, span_of_buffer(&end), err);
}

/*
 * A CRL of the same head and tail with no entries and no signature, which the
 * linter can read before there is one to sign.
 */
static enum err
build_frame(const struct crlwrite *crl, struct buffer *out,
    struct error *err)
{
	static const uint8_t unsigned_bits[] = {DER_BIT_STRING, 1, 0};
	RELEASE_BUFFER struct buffer fields = {0};
	RELEASE_BUFFER struct buffer body = {0};

	TRY(build_fields(crl, 0, &fields, err));
	TRY(buffer_append(&fields, crl->tail.data, crl->tail.size, err));
	TRY(der_put(&body, DER_SEQUENCE, span_of_buffer(&fields), err));
	TRY(buffer_append(&body, crl->algorithm.data, crl->algorithm.size,
	    err));
	TRY(buffer_append(&body, unsigned_bits, sizeof(unsigned_bits), err));
	return der_put(out, DER_SEQUENCE, span_of_buffer(&body), err);
}

enum err
crlwrite_lint(const struct crlwrite *crl, struct lint *lint,
    struct error *err)
{
	RELEASE_BUFFER struct buffer octets = {0};
	RELEASE_CRL struct crl frame = {0};
	struct revocation revocation;
	struct window window;
	size_t offset = 0;

	TRY(build_frame(crl, &octets, err));
	window_init_memory(&window, span_of_buffer(&octets));
	TRY(crl_open(&window, &frame, err));
	lint_crl_frame(lint, &frame);
	for (size_t i = 0; index_next(crl->index, &offset, &revocation); i++) {
		const struct crl_entry entry = index_crl_entry(&revocation);

		lint_crl_entry(lint, &entry, i);
	}
	return ERR_OK;
}
