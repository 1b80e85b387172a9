/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/utc.h"
#include "pki/crl.h"
#include "root/issue/revoke_target.h"
#include "site/certfile.h"

enum {	/* RFC 5280 5.3.1 */
	UNSPECIFIED = 0,
	KEY_COMPROMISE = 1,
	CA_COMPROMISE = 2,
	CERTIFICATE_HOLD = 6,
};

static const char hex_digits[] = "0123456789abcdefABCDEF";

static bool
is_pure_hex(const char *text)
{
	return text[0] != '\0' && text[strspn(text, hex_digits)] == '\0';
}

/* The sign and "0x" that may stand in front, in this order. */
static const char *
skip_prefix(const char *text)
{
	if (text[0] == '-')
		text++;
	return text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ?
	    text + 2 : text;
}

/*
 * Hex digits with single colons between them, as other tools print them, and
 * a "-" in front if it is negative.
 */
static bool
is_spelled_serial(const char *text)
{
	const char *at = skip_prefix(text);

	do {
		size_t size = strspn(at, hex_digits);

		if (size == 0)
			return false;
		at += size;
	} while (*at++ == ':');
	return at[-1] == '\0';
}

static enum err
take_serial(const char *text, struct revoke_target *out, struct error *err)
{
	/* Room for a sign, and for a zero before an odd number of digits. */
	char digits[SERIAL_TEXT_SIZE + 2] = "-0";
	const char *at = skip_prefix(text);
	size_t size = 2, first;

	while (*at == '0' || *at == ':')
		at++;
	for (; *at != '\0' && size < sizeof(digits) - 1; at++) {
		if (*at != ':')
			digits[size++] = *at;
	}
	digits[size] = '\0';
	if (size == 2)
		digits[size++] = '0';
	first = size % 2 == 0 ? 2 : 1;
	if (text[0] == '-')
		digits[--first] = '-';
	if (*at != '\0' || !serial_parse(span_of_text(digits + first),
	    out->octets, &out->serial.size))
		return err_fail(err, ERR_USAGE, "serial %.40s... has more "
		    "than %d octets", text, SERIAL_OCTETS_MAX - 1);
	out->serial.data = out->octets;
	return ERR_OK;
}

/* It is this root's, by name and signature: who owns the file is no matter. */
static enum err
take_certificate(const char *path, const struct cert *root,
    struct revoke_target *out, struct error *err)
{
	FREE_CERT struct cert *cert = NULL;

	TRY(certfile_read(path, FILE_PUBLIC, &cert, err));
	TRY(err_about(err, cert_check_issued_by(cert, root, err), path));
	if (!serial_fits(cert->serial))
		return err_fail(err, ERR_FORMAT, "%s: its serial has %zu "
		    "octets, and the index holds %d at most", path,
		    cert->serial.size, SERIAL_OCTETS_MAX - 1);
	memcpy(out->octets, cert->serial.data, cert->serial.size);
	out->serial = (struct span){out->octets, cert->serial.size};
	out->cert = cert;
	cert = NULL;
	return ERR_OK;
}

/* No CRL can take back the key that signs it. */
static enum err
check_not_root(const struct revoke_target *target, const struct cert *root,
    struct error *err)
{
	if ((target->cert == NULL || !cert_is_same_ca(target->cert, root)) &&
	    !(root->is_self_issued && span_equals(target->serial,
	    root->serial)))
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_USAGE, "%s is the root "
	    "itself, which its own CRL cannot revoke", root->subject_text),
	    "take the root out of the stores that trust it");
}

enum err
revoke_target_find(const char *what, const struct cert *root,
    struct revoke_target *out, struct notices *notices, struct error *err)
{
	bool is_file = false;

	/* No file has a name as long as that, whatever the serial. */
	if (strlen(what) <= NAME_MAX || strchr(what, '/') != NULL)
		TRY(file_find(what, &is_file, err));
	if (is_pure_hex(what)) {
		if (is_file)
			notice(notices, "%s: taken as a serial; ./%s is the "
			    "file", what, what);
		TRY(take_serial(what, out, err));
	} else if (is_file) {
		TRY(take_certificate(what, root, out, err));
	} else if (is_spelled_serial(what)) {
		TRY(take_serial(what, out, err));
	} else {
		return err_fail(err, ERR_MISSING, "%s is neither a serial in "
		    "hex nor the file of a certificate", what);
	}
	return check_not_root(out, root, err);
}

/* "keyTime" alone takes its time from --at. */
static bool
parse_with_time(const char *reason, int64_t at_s, struct revocation *out,
    uint8_t hold[INDEX_HOLD_MAX])
{
	char text[INDEX_REASON_SIZE];
	char time[16] = "";
	int size;

	if (strchr(reason, ',') != NULL)
		return false;
	utc_to_generalizedtime(at_s, (uint8_t *)time);
	size = snprintf(text, sizeof(text), "%s,%s", reason, time);
	return size > 0 && (size_t)size < sizeof(text) &&
	    index_reason_parse(span_of_text(text), out, hold, NULL) ==
	    ERR_OK && out->has_invalidity;
}

static enum err
parse_word(const struct revoke_options *options, struct revocation *out,
    uint8_t hold[INDEX_HOLD_MAX], struct error *err)
{
	const char *reason = options->reason;
	struct error inner = {0};
	enum err code;

	if (reason == NULL)
		return err_fail(err, ERR_USAGE, "--reason is required");
	code = index_reason_parse(span_of_text(reason), out, hold, &inner);
	if (code == ERR_OK && out->reason != REASON_NONE) {
		if (out->has_invalidity && options->has_at)
			return err_fail(err, ERR_USAGE, "--reason %s and --at "
			    "both give a time: give it once", reason);
		return ERR_OK;
	}
	if (parse_with_time(reason, options->at_s, out, hold))
		return options->has_at ? ERR_OK : err_fail(err, ERR_USAGE,
		    "--reason %s needs --at TIME, since when others may have "
		    "the key", reason);
	/* It begins with "reason". */
	return err_fail(err, ERR_USAGE, "--%s", code != ERR_OK ? inner.what :
	    "reason is empty");
}

/* lint has the same two as errors (br-reason-unspecified, br-reason-hold). */
static enum err
check_profile(const struct revocation *revocation, enum lint_profile profile,
    struct error *err)
{
	if (profile != LINT_BR || (revocation->reason != UNSPECIFIED &&
	    revocation->reason != CERTIFICATE_HOLD))
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_USAGE, "--reason %s: profile "
	    "br does not allow it, as the revocation of a CA must say why and "
	    "be final (BR 7.2.2)", crl_reason_name(revocation->reason)),
	    "give another reason, such as cessationOfOperation or "
	    "keyCompromise");
}

static enum err
check_past(const char *option, int64_t at_s, int64_t now_s, struct error *err)
{
	char have[UTC_TEXT_SIZE], want[UTC_TEXT_SIZE];

	if (at_s <= now_s)
		return ERR_OK;
	utc_format(at_s, have);
	utc_format(now_s, want);
	return err_fail(err, ERR_USAGE, "--%s: want a time up to now, %s, "
	    "have %s", option, want, have);
}

/* --at means different things for different reasons. */
static enum err
take_time(const struct revoke_options *options, int64_t not_before_s,
    struct revocation *out, struct error *err)
{
	char have[UTC_TEXT_SIZE], want[UTC_TEXT_SIZE];

	out->revoked_at_s = options->now_s;
	if (out->has_invalidity)
		return check_past(options->has_at ? "at" : "reason",
		    out->invalidity_s, options->now_s, err);
	if (!options->has_at)
		return ERR_OK;
	if (out->reason == KEY_COMPROMISE || out->reason == CA_COMPROMISE) {
		out->has_invalidity = true;
		out->invalidity_s = options->at_s;
	} else if (options->at_s < not_before_s) {
		utc_format(options->at_s, have);
		utc_format(not_before_s, want);
		return err_fail(err, ERR_USAGE, "--at: want a time from "
		    "notBefore on, %s, have %s", want, have);
	} else {
		out->revoked_at_s = options->at_s;
	}
	return check_past("at", options->at_s, options->now_s, err);
}

enum err
revoke_reason_parse(const struct revoke_options *options,
    enum lint_profile profile, int64_t not_before_s, struct revocation *out,
    uint8_t hold[INDEX_HOLD_MAX], struct error *err)
{
	TRY(parse_word(options, out, hold, err));
	TRY(check_profile(out, profile, err));
	return take_time(options, not_before_s, out, err);
}
