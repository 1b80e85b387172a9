/* SPDX-License-Identifier: ISC */
/* The CRLs of NIST PKITS, where CRLFERRY_PKITS names their folder. */
#include "crl_fixture.h"
#include "openssl_fixture.h"
#include "pki/cert.h"
#include "test.h"

#define PKITS_CRLS 43

/* The column `why` of verdicts.tsv, as far as it shows at this level. */
static const struct {
	const char *why;
	enum err verify;
	bool is_delta;
	bool is_partial;
	bool is_indirect;
	bool has_unknown;
	bool has_unknown_entry;
} reasons[] = {
	{ "issuer name", .verify = ERR_ISSUER },
	{ "issuer is Trust Anchor", .verify = ERR_ISSUER },
	{ "signature", .verify = ERR_SIGNATURE },
	{ "delta CRL indicator", .is_delta = true },
	{ "IDP indirectCRL", .is_indirect = true },
	{ "IDP scope excludes", .is_partial = true },
	{ "IDP onlySomeReasons", .is_partial = true },
	{ "IDP names", .is_partial = true },
	{ "IDP scope is CA", .verify = ERR_OK },
	{ "unknown critical CRL", .has_unknown = true },
	{ "unknown critical entry", .has_unknown_entry = true },
	{ "expired", .verify = ERR_OK },
	{ "the pinned signer", .verify = ERR_OK },
	{ "under the separate", .verify = ERR_OK },
	{ "-", .verify = ERR_OK },
};

static size_t
find_reason(const char *why)
{
	size_t i = 0;

	while (i < COUNT_OF(reasons) &&
	    strncmp(reasons[i].why, why, strlen(reasons[i].why)) != 0)
		i++;
	if (i == COUNT_OF(reasons))
		fail_msg("verdicts.tsv: want a known reason, have \"%s\"",
		    why);
	return i;
}

static void
check_row(const char *folder, const char *crl_name, const char *cert_name,
    size_t reason)
{
	RELEASE_BUFFER struct buffer der = { 0 };
	RELEASE_BUFFER struct buffer pinned = { 0 };
	RELEASE_CRL struct crl crl = { 0 };
	FREE_CERT struct cert *cert = NULL;
	struct crl_survey survey = { 0 };
	struct error err = { 0 };
	struct window window;
	char name[160];
	enum err code;

	snprintf(name, sizeof(name), "crls/%s.crl", crl_name);
	fixture_read(folder, name, &der);
	snprintf(name, sizeof(name), "certs/%s.crt", cert_name);
	fixture_read(folder, name, &pinned);
	FINE(cert_parse(span_of_buffer(&pinned), &cert, &err));
	if (open_memory(&der, &window, &crl, &err) != ERR_OK)
		fail_msg("%s: %s", crl_name, err.what);
	code = crl_verify(&crl, cert, &err);
	if (code != reasons[reason].verify)
		fail_msg("%s: want %s, have %s: %s", crl_name,
		    error_token(reasons[reason].verify), error_token(code),
		    err.what);
	if (crl_survey(&crl, NULL, &survey, &err) != ERR_OK)
		fail_msg("%s: %s", crl_name, err.what);
	assert_int_equal(crl.is_delta, reasons[reason].is_delta);
	assert_int_equal(crl.idp.is_indirect, reasons[reason].is_indirect);
	assert_int_equal(crl.has_unknown_critical,
	    reasons[reason].has_unknown);
	assert_int_equal(survey.has_unknown_critical,
	    reasons[reason].has_unknown_entry);
	if (reasons[reason].is_partial)
		assert_true(crl.idp.only_users || crl.idp.only_attributes ||
		    crl.idp.only_some_reasons || crl.idp.has_name);
}

TEST(test_pkits)
{
	const char *folder = getenv("CRLFERRY_PKITS");
	RELEASE_BUFFER struct buffer verdicts = { 0 };
	char *line, *rest, *column[5];
	struct error err = { 0 };
	int count = -1;		/* the first line names the columns */

	if (folder == NULL) {
		print_message("skipped: CRLFERRY_PKITS is not set\n");
		skip();
	}
	fixture_read(folder, "verdicts.tsv", &verdicts);
	FINE(buffer_append(&verdicts, "", 1, &err));
	rest = (char *)verdicts.data;
	while ((line = strsep(&rest, "\n")) != NULL && *line != '\0') {
		for (size_t i = 0; i < 5; i++)
			column[i] = strsep(&line, "\t");
		assert_non_null(column[4]);
		if (count++ >= 0)
			check_row(folder, column[0], column[1],
			    find_reason(column[3]));
	}
	assert_int_equal(count, PKITS_CRLS);
}
