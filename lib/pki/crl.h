/* SPDX-License-Identifier: ISC */
/*
 * A CRL, read without an object for each entry: its head and tail are held,
 * the revoked list stays where it is and is walked by an iterator
 * (RFC 5280 5).
 */
#pragma once

#include "base/bytes.h"
#include "base/digest.h"
#include "base/number.h"
#include "base/window.h"
#include "pki/der.h"
#include "pki/serial.h"

struct algorithm;
struct cert;

#define CRL_PART_MAX (64 * 1024)	/* octets of head, tail or one entry */

struct crl_time {
	int64_t at_s;
	bool is_utctime;	/* else GeneralizedTime */
};

/* issuingDistributionPoint (RFC 5280 5.2.5) */
struct crl_idp {
	bool has_name;
	struct span name;	/* content of the [0] distributionPoint */
	bool only_users;
	bool only_cas;
	bool only_attributes;
	bool only_some_reasons;
	bool is_indirect;
};

/* Spans point into head and tail. */
struct crl {
	struct window *window;	/* borrowed */
	struct buffer head;	/* up to the revoked list */
	struct buffer tail;	/* what follows it */
	uint64_t size;		/* of the whole CRL in octets */
	uint64_t tbs_offset;	/* tbsCertList, header included */
	uint64_t tbs_size;
	uint64_t revoked_offset;	/* content of revokedCertificates */
	uint64_t revoked_size;
	bool has_revoked;	/* the field is there, be it empty */
	int version;		/* 1 or 2 */
	struct span inner_algorithm;	/* AlgorithmIdentifiers, DER */
	struct span outer_algorithm;
	struct span issuer;	/* Name, DER */
	struct crl_time this_update;
	bool has_next_update;
	struct crl_time next_update;
	struct span signature;	/* octets of the BIT STRING, maybe none */
	int signature_unused_bits;	/* 0..7, 0 in every real one */
	bool is_verified;		/* by this key, of crl_verify */
	uint8_t verified_spki_sha256[SHA256_SIZE];
	bool is_unrepeated;		/* no serial is listed twice */
	bool is_digested;		/* by crl_sha256 */
	uint8_t sha256[SHA256_SIZE];

	bool has_extensions;
	bool has_aki;
	bool is_aki_critical;
	struct span aki_key_id;	/* size 0 if it has none */
	bool has_aki_certificate;	/* it names one by issuer and serial */
	struct span aki_issuer;	/* content of the GeneralNames */
	struct span aki_serial;	/* INTEGER content octets */
	bool has_number;
	bool is_number_critical;
	struct number number;
	bool is_delta;
	bool has_idp;
	bool is_idp_critical;
	struct crl_idp idp;
	bool has_next_publish;	/* of AD CS */
	struct span next_publish;	/* whatever stands for a Time */
	bool has_ca_version;	/* of AD CS */
	int32_t ca_version;	/* key's index << 16 | certificate's; -1 if
				 * it is no such number */
	bool has_locations;	/* Published CRL Locations, of AD CS */
	struct span locations;	/* whatever stands for points_parse */
	bool has_unknown_critical;
	char unknown_critical[DER_OID_TEXT_SIZE];
};

#define REASON_NONE (-1)
#define REASON_REMOVE 8	/* removeFromCRL */

struct crl_entry {
	struct span serial;	/* INTEGER content octets, any sign */
	struct crl_time revoked_at;
	int32_t reason;		/* 0..10, or REASON_NONE */
	bool is_reason_critical;
	bool has_invalidity;
	bool is_invalidity_critical;
	int64_t invalidity_s;
	bool has_hold;		/* holdInstructionCode, of RFC 3280 */
	struct span hold;	/* OID content; size 0 if it is none */
	bool has_certificate_issuer;	/* only in indirect CRLs */
	bool has_unknown_critical;
	char unknown_critical[DER_OID_TEXT_SIZE];
};

struct crl_entries {
	struct crl *crl;
	uint64_t offset;	/* of view in the window */
	struct span view;	/* what is at hand of the list */
	uint64_t end;
};

#define RELEASE_CRL __attribute__((cleanup(crl_release)))

/*
 * Read the head and the tail of the one DER CRL that fills the window, which
 * is borrowed and must outlive the crl.  Start from {0}.
 *
 * ERR_FORMAT: not strict DER, trailing bytes, version other than v1 or v2, v1
 * with extensions, a time that is not as RFC 5280 5.1.2.4 has it, a duplicate
 * extension, a CRLNumber that is negative or longer than 20 octets.
 * Inner and outer algorithm are not compared here: crl_algorithm does.
 */
MUST_CHECK enum err crl_open(struct window *window, struct crl *out,
    struct error *err);
void crl_release(struct crl *crl);

/*
 * When the CA means to publish again: Next CRL Publish, which AD CS adds
 * (1.3.6.1.4.1.311.21.4).  0 if there is none, or none that lies after
 * thisUpdate and up to nextUpdate.
 */
int64_t crl_next_publish(const struct crl *crl);

/*
 * Pass on a failure of form: one without a remedy of its own gets the one for
 * a CRL that is damaged, or was made so.  Returns code.
 */
enum err crl_fail_form(enum err code, struct error *err);

/*
 * Its algorithm, once inner and outer identifier are byte-identical and on
 * the allow-list.  ERR_ALGORITHM.  A weak one is returned as such.
 */
MUST_CHECK enum err crl_algorithm(const struct crl *crl,
    struct algorithm *out, struct error *err);

/* Is its issuer the signer's subject (name_equals)?  ERR_ISSUER. */
MUST_CHECK enum err crl_check_issuer(const struct crl *crl,
    const struct cert *signer, struct error *err);

/*
 * Does the authorityKeyIdentifier, as far as it goes, lead to this very
 * certificate, as OpenSSL follows it: the key identifier if both have one,
 * and authorityCertIssuer and authorityCertSerialNumber?  ERR_ISSUER,
 * ERR_FORMAT.
 */
MUST_CHECK enum err crl_check_aki(const struct crl *crl,
    const struct cert *root, struct error *err);

/*
 * Verify the signature with the signer's key, reading tbsCertList once: whoever
 * asks again with the same key has the answer.
 * ERR_SIGNATURE, ERR_ALGORITHM, ERR_WEAK; ERR_ISSUER if the signer's name
 * is another (name_equals) or it may not sign CRLs.
 */
MUST_CHECK enum err crl_verify(struct crl *crl, const struct cert *signer,
    struct error *err);

/* The SHA-256 of the whole CRL, which is read for it once. */
MUST_CHECK enum err crl_sha256(struct crl *crl, uint8_t out[SHA256_SIZE],
    struct error *err);

/* Begin at the first entry. */
void crl_entries_start(struct crl_entries *entries, struct crl *crl);

/*
 * The next entry, valid until the window is used again; *has_entry is false
 * after the last.  ERR_FORMAT as crl_open, and for a duplicate entry extension.
 */
MUST_CHECK enum err crl_entries_next(struct crl_entries *entries,
    struct crl_entry *out, bool *has_entry, struct error *err);

/* The name of a CRLReason, "keyCompromise"; "unknown" outside 0..10. */
const char *crl_reason_name(int32_t reason);

/* Octets of a serial in a list out of order; RFC 5280 4.1.2.2 allows 20. */
#define SERIAL_KEY_MAX 23

/* The findings of one walk over all entries. */
struct crl_survey {
	uint64_t count;
	bool is_sorted;		/* ascending serials, by serial_order */
	bool has_certificate_issuer;
	/* one is critical that is unknown, or must not be critical */
	bool has_unknown_critical;
	char unknown_critical[DER_OID_TEXT_SIZE];
	bool has_wanted;	/* the wanted serial is listed */
	int32_t wanted_reason;	/* REASON_NONE or 0..10 */
	int64_t wanted_at_s;
	char twice[SERIAL_TEXT_SIZE];	/* a serial that is listed
					 * twice, or "" */
	uint64_t repeated_count;	/* entries behind the first of theirs */
	char removed[SERIAL_TEXT_SIZE];	/* the first with removeFromCRL,
					 * or "" */
};

/*
 * Walk every entry once.  Memory is constant for a list in serial order, 32
 * octets an entry otherwise, twice that while they are sorted, which is done
 * once.
 *
 * wanted   a serial to look for, or NULL
 *
 * ERR_FORMAT for a damaged entry; for a duplicate serial, unless entries name
 * certificate issuers; for a serial beyond 23 octets in a list out of order.
 */
MUST_CHECK enum err crl_survey(struct crl *crl, const struct span *wanted,
    struct crl_survey *out, struct error *err);

/*
 * The same of a CRL that may hold a serial twice, which then is no failure:
 * another program signed it, and what it revokes is revoked.
 */
MUST_CHECK enum err crl_survey_lax(struct crl *crl, const struct span *wanted,
    struct crl_survey *out, struct error *err);

/*
 * Call lost() for every entry of before that after does not list, in serial
 * order.  Both must have passed a survey, and have a window each.  An error
 * from lost() ends the walk and is returned.
 */
MUST_CHECK enum err crl_compare(struct crl *before, struct crl *after,
    enum err (*lost)(void *context, const struct crl_entry *entry,
    struct error *err), void *context, struct error *err);
