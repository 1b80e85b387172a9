/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <openssl/asn1.h>
#include <openssl/objects.h>

#include "base/array.h"
#include "base/utc.h"
#include "ca/index_line.h"
#include "pki/crl.h"
#include "pki/der.h"

#define SHOWN_MAX 127

enum argument {
	ARGUMENT_NONE,
	ARGUMENT_TIME,
	ARGUMENT_OID,
};

/*
 * The words of OpenSSL's index and the CRLReason each stands for (RFC 5280
 * 5.3.1).
 */
static const struct {
	const char *word;
	int32_t reason;
	enum argument argument;
} reasons[] = {
    {"unspecified", 0, ARGUMENT_NONE},
    {"keyCompromise", 1, ARGUMENT_NONE},
    {"CACompromise", 2, ARGUMENT_NONE},
    {"affiliationChanged", 3, ARGUMENT_NONE},
    {"superseded", 4, ARGUMENT_NONE},
    {"cessationOfOperation", 5, ARGUMENT_NONE},
    {"certificateHold", 6, ARGUMENT_NONE},
    {"holdInstruction", 6, ARGUMENT_OID},
    {"keyTime", 1, ARGUMENT_TIME},
    {"CAkeyTime", 2, ARGUMENT_TIME},
};

#define REASON_ROWS COUNT_OF(reasons)

/* The reasons of RFC 5280 besides, and who cannot hold them. */
static const struct {
	const char *word;
	const char *who;
} refused[] = {
    {"removeFromCRL", "a complete CRL"},
    {"privilegeWithdrawn", "OpenSSL's index"},
    {"aACompromise", "OpenSSL's index"},
};

int
index_word_shown(struct span text)
{
	return text.size < SHOWN_MAX ? (int)text.size : SHOWN_MAX;
}

struct span
index_word_take(struct span *text)
{
	const uint8_t *comma = text->size == 0 ? NULL :
	    memchr(text->data, ',', text->size);
	struct span word = *text;

	if (comma == NULL) {
		*text = (struct span){0};
		return word;
	}
	word.size = (size_t)(comma - text->data);
	text->data = comma + 1;
	text->size -= word.size + 1;
	return word;
}

static bool
is_word(struct span text, const char *word)
{
	return strlen(word) == text.size &&
	    strncasecmp(word, (const char *)text.data, text.size) == 0;
}

static bool
parse_hold(struct span argument, struct revocation *out,
    uint8_t hold[INDEX_HOLD_MAX])
{
	ASN1_OBJECT *object;
	char text[128];
	size_t size;

	if (argument.size == 0 || argument.size >= sizeof(text))
		return false;
	memcpy(text, argument.data, argument.size);
	text[argument.size] = '\0';
	object = OBJ_txt2obj(text, 0);
	if (object == NULL)
		return false;
	size = OBJ_length(object);
	if (size > 0 && size <= INDEX_HOLD_MAX) {
		memcpy(hold, OBJ_get0_data(object), size);
		out->hold = (struct span){hold, size};
	}
	ASN1_OBJECT_free(object);
	return out->hold.size > 0;
}

static bool
parse_argument(enum argument kind, struct span argument,
    struct revocation *out, uint8_t hold[INDEX_HOLD_MAX])
{
	switch (kind) {
	case ARGUMENT_NONE:
		return argument.size == 0;
	case ARGUMENT_TIME:
		out->has_invalidity = true;
		return utc_from_generalizedtime(argument,
		    &out->invalidity_s);
	case ARGUMENT_OID:
		return parse_hold(argument, out, hold);
	}
	return false;
}

static enum err
refuse_word(struct span word, struct error *err)
{
	char known[INDEX_REASON_SIZE];	/* 139 of it */
	size_t used = 0;

	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		if (is_word(word, refused[i].word))
			return err_fail(err, ERR_FORMAT, "reason: %s cannot "
			    "hold %.*s", refused[i].who, SHOWN(word));
	}
	for (size_t i = 0; i < REASON_ROWS; i++)
		used += (size_t)snprintf(known + used, sizeof(known) - used,
		    "%s%s", i == 0 ? "" : " ", reasons[i].word);
	return err_fail(err, ERR_FORMAT, "reason \"%.*s\" is unknown; known: "
	    "%s", SHOWN(word), known);
}

enum err
index_reason_parse(struct span text, struct revocation *out,
    uint8_t hold[INDEX_HOLD_MAX], struct error *err)
{
	static const char *const names[] = {[ARGUMENT_NONE] = "no argument",
	    [ARGUMENT_TIME] = "YYYYMMDDHHMMSSZ", [ARGUMENT_OID] = "an OID"};
	const struct span word = index_word_take(&text);

	out->reason = REASON_NONE;
	out->has_invalidity = false;
	out->hold = (struct span){0};
	if (word.size == 0)
		return ERR_OK;
	for (size_t i = 0; i < REASON_ROWS; i++) {
		if (!is_word(word, reasons[i].word))
			continue;
		out->reason = reasons[i].reason;
		if (!parse_argument(reasons[i].argument, text, out, hold))
			return err_fail(err, ERR_FORMAT, "reason %s takes %s, "
			    "but has \"%.*s\"", reasons[i].word,
			    names[reasons[i].argument], SHOWN(text));
		return ERR_OK;
	}
	return refuse_word(word, err);
}

/* OpenSSL's short name of an OID, or its dotted number. */
static bool
format_hold(struct span hold, char *out, size_t capacity)
{
	uint8_t der[2 + INDEX_HOLD_MAX] = {DER_OID, (uint8_t)hold.size};
	const uint8_t *at = der;
	ASN1_OBJECT *object;
	int nid, size;

	if (hold.size == 0 || hold.size > INDEX_HOLD_MAX)
		return false;
	memcpy(der + 2, hold.data, hold.size);
	object = d2i_ASN1_OBJECT(NULL, &at, (long)(2 + hold.size));
	if (object == NULL)
		return false;
	nid = OBJ_obj2nid(object);
	size = nid == NID_undef ?
	    OBJ_obj2txt(out, (int)capacity, object, 1) :
	    snprintf(out, capacity, "%s", OBJ_nid2sn(nid));
	ASN1_OBJECT_free(object);
	return size > 0 && (size_t)size < capacity;
}

static enum err
format_row(size_t row, const struct revocation *revocation,
    char out[INDEX_REASON_SIZE], struct error *err)
{
	char argument[INDEX_REASON_SIZE / 2] = "";

	if (reasons[row].argument == ARGUMENT_TIME)
		utc_to_generalizedtime(revocation->invalidity_s,
		    (uint8_t *)argument);
	if (reasons[row].argument == ARGUMENT_OID &&
	    !format_hold(revocation->hold, argument, sizeof(argument)))
		return err_fail(err, ERR_FORMAT, "reason %s: its OID cannot "
		    "be written", reasons[row].word);
	snprintf(out, INDEX_REASON_SIZE, "%s%s%s", reasons[row].word,
	    argument[0] == '\0' ? "" : ",", argument);
	return ERR_OK;
}

enum err
index_reason_format(const struct revocation *revocation,
    char out[INDEX_REASON_SIZE], struct error *err)
{
	const bool has_hold = revocation->hold.size > 0;
	const enum argument want = revocation->has_invalidity ?
	    ARGUMENT_TIME : has_hold ? ARGUMENT_OID : ARGUMENT_NONE;

	if (revocation->reason == REASON_NONE && want == ARGUMENT_NONE) {
		out[0] = '\0';
		return ERR_OK;
	}
	for (size_t i = 0; i < REASON_ROWS; i++) {
		if (reasons[i].reason == revocation->reason &&
		    reasons[i].argument == want &&
		    !(revocation->has_invalidity && has_hold))
			return format_row(i, revocation, out, err);
	}
	return err_fail(err, ERR_FORMAT, "reason: OpenSSL's index cannot hold "
	    "%s%s%s", revocation->reason == REASON_NONE ? "unspecified" :
	    crl_reason_name(revocation->reason),
	    revocation->has_invalidity ? " with an invalidity date" : "",
	    has_hold ? " with a hold instruction" : "");
}
