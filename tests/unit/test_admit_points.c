/* SPDX-License-Identifier: ISC */
/*
 * Does a CRL cover this subordinate's certificate?  Whose CRLs its distribution
 * points name, and whether it is a CA (RFC 5280 6.3.3).
 */
#include "recipe_fixture.h"
#include "test.h"

AROUND_ALL(setup, teardown)

#define POINT(name) "issuingDistributionPoint=critical,fullname:URI:" name
#define ONLY_CA "issuingDistributionPoint=critical,onlyCA:TRUE"
#define ROOT_URL "http://pki.example/root.crl"

/* A certificate's extensions, in sections of an openssl.cnf. */
#define CA "basicConstraints = critical,CA:TRUE\n"
#define LEAF "basicConstraints = critical,CA:FALSE\n"
#define OF(point) "crlDistributionPoints = " point "\n"
#define OURS "[ours]\nO = Fixture\nCN = root\n"
#define OTHER "[other]\nO = Fixture\nCN = another\n"
#define NAMED "[p]\nfullname = URI:" ROOT_URL "\nCRLissuer = dirName:"

static const struct {
	const char *name;
	const char *extensions;
	const char *idp;
	enum err want;
	const char *says;
} rows[] = {
	{ "a CA, a list of CAs", CA, ONLY_CA, ERR_OK, "" },
	{ "no CA, a complete list", LEAF, NULL, ERR_OK, "" },
	{ "no CA, a list of CAs", LEAF, ONLY_CA, ERR_SCOPE,
	    "onlyContainsCACerts" },
	{ "no basicConstraints, a list of CAs",
	    "keyUsage = critical,digitalSignature\n", ONLY_CA, ERR_SCOPE,
	    "CN=sub" },
	{ "the point of the IDP", CA OF("URI:" ROOT_URL), POINT(ROOT_URL),
	    ERR_OK, "" },
	{ "another's cRLIssuer", CA OF("p") NAMED "other\n" OTHER,
	    POINT(ROOT_URL), ERR_SCOPE, "6.3.3" },
	{ "the issuer itself as cRLIssuer", CA OF("p") NAMED "ours\n" OURS,
	    POINT(ROOT_URL), ERR_OK, "" },
	{ "another's cRLIssuer beside a point of ours",
	    CA OF("p,URI:" ROOT_URL) NAMED "other\n" OTHER, POINT(ROOT_URL),
	    ERR_OK, "" },
	{ "another's cRLIssuer, and a list for all",
	    CA OF("p") NAMED "other\n" OTHER, NULL, ERR_OK, "" },
};

static struct cert *
make_subordinate(const char *extensions)
{
	fixture_write_text(folder, "point.cnf", extensions);
	fixture_openssl(folder, "x509 -req -in sub.csr -CA root.pem -CAkey "
	    "root.key -days 1825 -extfile point.cnf -set_serial 6 "
	    "-out point.pem");
	return read_cert("point");
}

TEST(a_crl_covers_the_certificate)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		FREE_CERT struct cert *cert =
		    make_subordinate(rows[i].extensions);
		const struct cert *const subordinates[] = { cert };
		struct admit_rules rules = first_import(certs[ROOT]);
		RELEASE_BUFFER struct buffer der = {0};
		struct crl_survey survey = {0};
		struct crl_facts facts = {0};
		struct error err = {0};

		rules.subordinates = subordinates;
		make_crl(&(struct recipe){ .extension = { rows[i].idp } },
		    &der);
		check_result(rows[i].name, admit(span_of_buffer(&der), &rules,
		    NULL, &facts, &survey, &err), rows[i].want, &err,
		    rows[i].says);
	}
}

/* Of several subordinates all must be covered. */
TEST(one_of_two_is_no_ca)
{
	FREE_CERT struct cert *leaf = make_subordinate(LEAF);
	const struct cert *const subordinates[] = { subordinate, leaf };
	struct admit_rules rules = first_import(certs[ROOT]);
	RELEASE_BUFFER struct buffer der = {0};
	struct crl_survey survey = {0};
	struct crl_facts facts = {0};
	struct error err = {0};

	rules.subordinates = subordinates;
	rules.subordinate_count = 2;
	make_crl(&(struct recipe){ .extension = { ONLY_CA } }, &der);
	check_result("one of two", admit(span_of_buffer(&der), &rules, NULL,
	    &facts, &survey, &err), ERR_SCOPE, &err, "onlyContainsCACerts");
}

/* A partition of AD CS: the certificates are spread over several of them. */
TEST(a_point_of_one_of_two)
{
	static const struct {
		const char *name;
		const char *idp;
		size_t needed;		/* from the first: one, then two */
		enum err want;
		const char *says;
	} points[] = {
		{ "any will do", POINT("http://a/1.crl"), 0, ERR_OK, "" },
		{ "the other one", POINT("http://a/2.crl"), 0, ERR_OK, "" },
		{ "the first is needed", POINT("http://a/1.crl"), 1, ERR_OK,
		    "" },
		{ "the first is needed, not the second",
		    POINT("http://a/2.crl"), 1, ERR_SCOPE, "a part, not the "
		    "whole: http://a/2.crl stands in no distribution point "
		    "of CN=sub" },
		{ "both are needed", POINT("http://a/1.crl"), 2, ERR_SCOPE,
		    "not the whole: http://a/1.crl stands in no" },
		{ "both names", "issuingDistributionPoint=critical,"
		    "DER:3024a022a020860e687474703a2f2f612f312e63726c"
		    "860e687474703a2f2f612f322e63726c", 2, ERR_OK, "" },
		{ "neither", POINT("http://a/3.crl"), 0, ERR_SCOPE, "may be "
		    "a part, not the whole: http://a/3.crl stands in no "
		    "subordinate's certificate" },
		{ "no point", NULL, 2, ERR_OK, "" },
	};
	FREE_CERT struct cert *one = make_subordinate(CA OF(
	    "URI:http://a/1.crl"));
	FREE_CERT struct cert *two = make_subordinate(CA OF(
	    "URI:http://a/2.crl"));
	const struct cert *const subordinates[] = { one, two };

	for (size_t i = 0; i < COUNT_OF(points); i++) {
		struct admit_rules rules = first_import(certs[ROOT]);
		RELEASE_BUFFER struct buffer der = {0};
		struct crl_survey survey = {0};
		struct crl_facts facts = {0};
		struct error err = {0};

		rules.subordinates = subordinates;
		rules.subordinate_count = 2;
		rules.needed_count = points[i].needed;
		make_crl(&(struct recipe){ .extension = { points[i].idp } },
		    &der);
		check_result(points[i].name, admit(span_of_buffer(&der),
		    &rules, NULL, &facts, &survey, &err), points[i].want,
		    &err, points[i].says);
	}
}

/* Identity and scope are not asked of what has not the form of a CRL. */
TEST(the_form_is_judged_first)
{
	static const struct recipe recipes[] = {
		{ .is_v1 = true },
		{ .has_empty_list = true },
		{ .extension = {
		    "issuingDistributionPoint=critical,DER:3000" } },
	};
	struct admit_rules rules = first_import(certs[ROOT]);

	for (size_t i = 0; i < COUNT_OF(recipes); i++) {
		RELEASE_BUFFER struct buffer der = {0};
		RELEASE_CRL struct crl crl = {0};
		struct crl_survey survey = {0};
		struct crl_facts facts;
		struct window window;
		struct error err = {0};

		make_crl(&recipes[i], &der);
		window_init_memory(&window, span_of_buffer(&der));
		FINE(crl_open(&window, &crl, &err));
		FINE(crl_survey(&crl, NULL, &survey, &err));
		check_result("the form", admit_content(&crl, &rules, NULL,
		    &facts, &survey, &err), ERR_FORMAT, &err, "RFC 5280 5.");
	}
}
