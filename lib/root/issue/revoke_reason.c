/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/utc.h"
#include "pki/crl.h"
#include "root/issue/revoke_reason.h"

enum {	/* RFC 5280 5.3.1 */
	UNSPECIFIED = 0,
	KEY_COMPROMISE = 1,
	CA_COMPROMISE = 2,
	CERTIFICATE_HOLD = 6,
};

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
