/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/shell_word.h"
#include "ca/index.h"
#include "root/evidence/shrunk.h"

#define NAMED_MAX 8	/* serials that a message may have room for */
#define ROOM_FOR_PLACE 32	/* that a message still gets in front */

void
lost_spell(const char *hex, char out[LEDGER_SERIAL_SIZE])
{
	uint8_t octets[SERIAL_OCTETS_MAX];
	struct span serial = {octets, 0};

	_Static_assert(LEDGER_SERIAL_SIZE >= SERIAL_TEXT_SIZE,
	    "every serial of the index fits");
	if (hex_decode(span_of_text(hex), octets, sizeof(octets),
	    &serial.size))
		serial_format(serial, out);
	else
		snprintf(out, LEDGER_SERIAL_SIZE, "%s", hex);
}

/* Leading zeros are spelling only. */
static bool
is_same(const char *a, const char *b)
{
	const size_t sign = a[0] == '-';

	if (sign != (b[0] == '-'))
		return false;
	a += sign;
	b += sign;
	return strcasecmp(a + strspn(a, "0"), b + strspn(b, "0")) == 0;
}

bool
lost_is_acknowledged(const struct config_words *words, const char *hex)
{
	char serial[LEDGER_SERIAL_SIZE];

	lost_spell(hex, serial);
	for (size_t i = 0; words != NULL && i < words->count; i++) {
		if (is_same(words->words[i], serial))
			return true;
	}
	return false;
}

/* Why an entry may be left out; NULL if it may not. */
static const char *
find_excuse(const struct lost *lost, const struct index_expiry *entry,
    const char *hex)
{
	if (lost_is_acknowledged(lost->acknowledged, hex))
		return "acknowledged";
	if (entry->is_found && entry->not_after_s < lost->last_s)
		return "certificate expired";
	return NULL;
}

void
lost_name(const struct config_root *root, const char *hex,
    char out[SUBJECT_SIZE])
{
	uint8_t octets[SERIAL_OCTETS_MAX];
	struct span serial = {octets, 0};

	out[0] = '\0';
	if (hex_decode(span_of_text(hex), octets, sizeof(octets),
	    &serial.size))
		subject_beside(root, serial, out);
}

/* The first ones are named in the message, with their subjects. */
static void
count_lost(struct lost *lost, const struct index_expiry *entry,
    const char *serial, struct subjects *subjects)
{
	const size_t used = strlen(lost->more);
	char hex[LEDGER_SERIAL_SIZE], subject[SUBJECT_SIZE] = "";
	char next[sizeof(hex) + sizeof(subject) + 2];
	const uint64_t place = lost->count++;

	if (place > NAMED_MAX)
		return;
	lost_spell(serial, hex);
	if (subjects->root != NULL)
		subjects_beside(subjects, entry->is_found ? entry->offset :
		    INDEX_NO_LINE, entry->serial, subject);
	snprintf(next, sizeof(next), ", %s%s", hex, subject);
	if (place == 0) {
		memcpy(lost->first, hex, sizeof(hex));
		memcpy(lost->first_subject, subject, sizeof(subject));
	} else if (used + strlen(next) < sizeof(lost->more)) {
		memcpy(lost->more + used, next, strlen(next) + 1);
	}
}

static enum err
judge(struct lost *lost, const struct index_expiry *entry, bool is_again,
    struct subjects *subjects, struct error *err)
{
	struct ledger_drop drop = {.why = ""};
	const char *why;

	hex_encode(entry->serial, drop.serial, sizeof(drop.serial));
	why = find_excuse(lost, entry, drop.serial);
	if (why == NULL) {
		if (!is_again)
			count_lost(lost, entry, drop.serial, subjects);
		return ERR_OK;
	}
	snprintf(drop.why, sizeof(drop.why), "%s", why);
	return buffer_append(&lost->drops, &drop, sizeof(drop), err);
}

enum err
lost_add(void *context, const struct crl_entry *entry, struct error *err)
{
	struct lost *lost = context;
	const struct index_expiry lacking = {
	    .serial = {NULL, entry->serial.size}};

	if (serial_fits(entry->serial) && entry->reason != REASON_REMOVE)
		lost->is_enterable = true;
	TRY(buffer_append(&lost->serials, entry->serial.data,
	    entry->serial.size, err));
	return buffer_append(&lost->lacking, &lacking, sizeof(lacking), err);
}

/* The octets move while they grow, so that no entry points to them before. */
static void
point_to_serials(struct lost *lost, struct index_expiry *list, size_t count)
{
	size_t i, at = 0;

	for (i = 0; i < count; i++) {
		list[i].serial.data = lost->serials.data + at;
		at += list[i].serial.size;
	}
}

/* Of one serial, in the order in which they were added. */
static int
compare_lacking(const void *a, const void *b)
{
	const struct index_expiry *const *one = a;
	const struct index_expiry *const *two = b;
	const int order = serial_order((*one)->serial, (*two)->serial);

	return order != 0 ? order : *one < *two ? -1 : 1;
}

/* A CRL of another program may list a serial twice: it counts once. */
static enum err
mark_again(const struct index_expiry *list, size_t count, struct buffer *out,
    struct error *err)
{
	RELEASE_BUFFER struct buffer buffer = {0};
	const struct index_expiry **sorted;

	TRY(buffer_reserve(&buffer, count * sizeof(*sorted), err));
	TRY(buffer_reserve(out, count, err));
	out->size = count;
	sorted = (void *)buffer.data;
	for (size_t i = 0; i < count; i++)
		sorted[i] = &list[i];
	qsort(sorted, count, sizeof(*sorted), compare_lacking);
	for (size_t i = 0; i < count; i++)
		out->data[sorted[i] - list] = i > 0 && span_equals(
		    sorted[i - 1]->serial, sorted[i]->serial);
	return ERR_OK;
}

enum err
lost_judge(struct lost *lost, struct error *err)
{
	struct index_expiry *list = (void *)lost->lacking.data;
	const size_t count = lost->lacking.size / sizeof(*list);
	RELEASE_BUFFER struct buffer again = {0};
	RELEASE_SUBJECTS struct subjects subjects = {.root = lost->root,
	    SUBJECTS_NONE};

	if (count == 0)
		return ERR_OK;
	point_to_serials(lost, list, count);
	if (lost->index != NULL)
		TRY(index_expiries(lost->index, list, count, err));
	TRY(mark_again(list, count, &again, err));
	for (size_t i = 0; i < count; i++)
		TRY(judge(lost, &list[i], again.data[i], &subjects, err));
	return ERR_OK;
}

enum err
lost_offer_adopt(struct lost *lost, const struct config *config,
    const char *root, const char *path, struct error *err)
{
	RELEASE_BUFFER struct buffer word = {0};

	if (lost->lacking.size > 0 && !lost->is_enterable)
		return buffer_append_text(&lost->way_out, "the index cannot "
		    "hold such serials: leave it to the program that signed "
		    "them", err);
	TRY(shell_word_append(&word, path, err));
	return buffer_appendf(&lost->way_out, err, "enter them: "
	    "crlferry-root adopt%s %s %.*s, restore the index from a backup",
	    config_option(config), root, (int)word.size,
	    (const char *)word.data);
}

enum err
lost_check(struct lost *lost, struct error *err)
{
	static const char backup[] = "restore it from a backup";
	static const char last[] = ", or allow each serial: "
	    "--acknowledge-removed ";
	const struct span way_out = span_of_buffer(&lost->way_out);
	bool has_way_out;

	TRY(lost_judge(lost, err));
	if (lost->count == 0)
		return ERR_OK;
	/* A command that is cut is worse than none. */
	has_way_out = way_out.size > 0 && way_out.size + sizeof(last) +
	    strlen(lost->first) <= sizeof(err->remedy);
	return err_remedy(err, err_fail(err, ERR_SHRUNK, "%s lacks "
	    "revocations of the last CRL: %s%s%s (%llu in all)", lost->subject,
	    lost->first, lost->first_subject, lost->more,
	    (unsigned long long)lost->count),
	    "%.*s%s%s", has_way_out ? (int)way_out.size : (int)strlen(backup),
	    has_way_out ? (const char *)way_out.data : backup, last,
	    lost->first);
}

void
lost_release(struct lost *lost)
{
	buffer_release(&lost->way_out);
	buffer_release(&lost->lacking);
	buffer_release(&lost->serials);
	buffer_release(&lost->drops);
}

/* A revocation that no CRL lists yet. */
struct pending {
	uint8_t octets[SERIAL_OCTETS_MAX];
	size_t size;
};

/* All that the ledger records since the last `issue`. */
static enum err
list_pending(const struct history *history, const char *root,
    struct buffer *out, struct error *err)
{
	const struct history_line *line = history_lines(history, root);

	for (; line != NULL; line = line->next) {
		const char *serial = history_line_detail(line, "serial");
		struct pending next;

		if (history_line_is(line, "issue"))
			out->size = 0;
		/* Revoke writes no serial that an index cannot hold. */
		if (history_line_is(line, "revoke") && serial != NULL &&
		    serial_parse(span_of_text(serial), next.octets,
		    &next.size))
			TRY(buffer_append(out, &next, sizeof(next), err));
	}
	return ERR_OK;
}

static struct span
serial_of(const struct pending *pending)
{
	return (struct span){pending->octets, pending->size};
}

static int
compare(const void *a, const void *b)
{
	return serial_order(serial_of(a), serial_of(b));
}

enum err
lost_append_revoke(const struct config *config, const char *root,
    const char *serial, bool is_unknown, struct buffer *out,
    struct error *err)
{
	const char *options = is_unknown ? " --unknown --reason REASON" :
	    " --reason REASON";
	/* Behind "--", which a minus needs, there are no options. */
	const bool is_negative = serial[0] == '-';

	return buffer_appendf(out, err, "crlferry-root revoke%s%s %s %s%s%s",
	    config_option(config), is_negative ? options : "", root,
	    is_negative ? "-- " : "", serial, is_negative ? "" : options);
}

bool
lost_has_no_room(const struct error *err)
{
	return err != NULL && strlen(err->what) + ROOM_FOR_PLACE >=
	    sizeof(err->what);
}

static enum err
fail_pending(const struct history *history, const struct config_root *root,
    const char *path, struct span serial, const char *subject,
    struct error *err)
{
	RELEASE_BUFFER struct buffer revoke = {0};
	char hex[SERIAL_TEXT_SIZE];

	serial_format(serial, hex);
	TRY(lost_append_revoke(history->config, root->name, hex, false,
	    &revoke, err));
	return err_fail(err, ERR_SHRUNK, "%s has lost %s%s, which the ledger "
	    "has revoked since the last CRL: was the index restored?  %.*s "
	    "(--unknown if it has no line); if it is not to be revoked: "
	    "crlferry-root issue%s %s --acknowledge-removed %s",
	    path, hex, subject, (int)revoke.size,
	    (const char *)revoke.data, config_option(history->config),
	    root->name, hex);
}

enum err
pending_check(const struct history *history,
    const struct config_root *root, const char *path,
    const struct index *index, const struct config_words *acknowledged,
    struct error *err)
{
	RELEASE_BUFFER struct buffer pending = {0};
	struct index_search search = {0};
	char octets[SERIAL_TEXT_SIZE], subject[SUBJECT_SIZE];
	const struct pending *list;
	size_t at, count;
	enum err code;

	TRY(list_pending(history, root->name, &pending, err));
	list = (const void *)pending.data;
	count = pending.size / sizeof(*list);
	/* In serial order they cost one walk over the index. */
	if (count > 1)
		qsort(pending.data, count, sizeof(*list), compare);
	for (size_t i = 0; i < count; i++) {
		const struct span serial = serial_of(&list[i]);

		if (i > 0 && compare(&list[i - 1], &list[i]) == 0)
			continue;
		hex_encode(serial, octets, sizeof(octets));
		if (index_find(index, &search, serial, &at) ||
		    lost_is_acknowledged(acknowledged, octets))
			continue;
		subject_beside(root, serial, subject);
		code = fail_pending(history, root, path, serial, subject,
		    err);
		return !lost_has_no_room(err) ? code :
		    fail_pending(history, root, path, serial, "", err);
	}
	return ERR_OK;
}
