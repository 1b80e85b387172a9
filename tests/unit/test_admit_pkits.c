/* SPDX-License-Identifier: ISC */
#include "admit_fixture.h"
#include "test.h"

/* What the words of verdicts.tsv are called here. */
static enum err
verdict_error(const char *verdict, const char *why)
{
	static const struct {
		const char *word;
		enum err code;
	} words[] = {
		{ "issuer", ERR_ISSUER }, { "signature", ERR_SIGNATURE },
		{ "expired", ERR_EXPIRED }, { "unknown critical", ERR_SCOPE },
		{ "delta", ERR_SCOPE }, { "IDP", ERR_SCOPE },
	};
	size_t i;

	if (strcmp(verdict, "ACCEPT") == 0)
		return ERR_OK;
	assert_string_equal(verdict, "REJECT");
	for (i = 0; i < COUNT_OF(words); i++)
		if (strncmp(why, words[i].word, strlen(words[i].word)) == 0)
			return words[i].code;
	fail_msg("verdicts.tsv: want a known reason, have %s", why);
	return ERR_COUNT;
}

static void
check_verdict(const char *pkits, char *line)
{
	const char *name = strsep(&line, "\t");
	const char *pinned = strsep(&line, "\t");
	const char *verdict = strsep(&line, "\t");
	const char *why = strsep(&line, "\t");
	RELEASE_BUFFER struct buffer cert_der = {0}, crl_der = {0};
	struct admit_rules rules = { .now_s = NOW };
	FREE_CERT struct cert *cert = NULL;
	char path[128];
	struct crl_survey survey;
	struct crl_facts facts;
	struct error err = {0};
	enum err have, want;

	assert_non_null(why);
	snprintf(path, sizeof(path), "certs/%s.crt", pinned);
	fixture_read(pkits, path, &cert_der);
	snprintf(path, sizeof(path), "crls/%s.crl", name);
	fixture_read(pkits, path, &crl_der);
	FINE(cert_parse(span_of_buffer(&cert_der), &cert, &err));
	rules.root = cert;
	have = admit(span_of_buffer(&crl_der), &rules, NULL, &facts, &survey,
	    &err);
	want = verdict_error(verdict, why);
	/* NIST changed the BIT STRING's unused bits: no whole octets. */
	if (want == ERR_SIGNATURE && have == ERR_FORMAT)
		want = ERR_FORMAT;
	check_result(name, have, want, &err, "");
}

TEST(test_pkits)
{
	const char *pkits = getenv("CRLFERRY_PKITS");
	RELEASE_BUFFER struct buffer table = {0};
	char *rest, *line;
	size_t rows = 0;

	if (pkits == NULL) {
		print_message("CRLFERRY_PKITS is unset: want the folder of "
		    "the PKITS CRLs, have none\n");
		skip();
	}
	fixture_read(pkits, "verdicts.tsv", &table);
	assert_int_equal(buffer_append(&table, "", 1, NULL), ERR_OK);
	rest = (char *)table.data;
	strsep(&rest, "\n");
	while ((line = strsep(&rest, "\n")) != NULL && line[0] != '\0') {
		check_verdict(pkits, line);
		rows++;
	}
	assert_int_equal(rows, 43);
}
