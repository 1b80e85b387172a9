/* SPDX-License-Identifier: ISC */
/* Where we do as RFC 5280 says, whatever others write. */
#include "crlwrite_fixture.h"
#include "test.h"

AROUND_ALL(set_up, NULL)

TEST(an_empty_list_is_left_out)
{
	RELEASE_SIGNING struct signing signing = {0};
	RELEASE_OPENED struct opened ours = {0};
	struct crl_survey survey;
	struct error err = {0};

	fixture_write_text(folder, "index.txt", VALID("01"));
	open_signing("p256", &signing);
	write_ours(&signing, "05", THIS_UPDATE_S, NEXT_UPDATE_S, "");
	open_crl("ours.crl", &ours);
	assert_false(ours.crl.has_revoked);
	assert_int_equal(ours.crl.version, 2);
	FINE(crl_survey(&ours.crl, NULL, &survey, &err));
	assert_int_equal(survey.count, 0);
	check_ours("empty", &signing, &ours);
}

/* RFC 5280 5.3.1: unspecified is said by no reason, which openssl does not. */
TEST(unspecified_is_left_out)
{
	RELEASE_SIGNING struct signing signing = {0};
	RELEASE_OPENED struct opened ours = {0};
	struct crl_entries entries;
	struct crl_entry entry;
	struct error err = {0};
	bool has_entry = false;

	fixture_write_text(folder, "index.txt",
	    R("250101000000Z,unspecified", "01"));
	open_signing("p256", &signing);
	write_ours(&signing, "05", THIS_UPDATE_S, NEXT_UPDATE_S, "");
	open_crl("ours.crl", &ours);
	crl_entries_start(&entries, &ours.crl);
	FINE(crl_entries_next(&entries, &entry, &has_entry, &err));
	assert_true(has_entry);
	assert_int_equal(entry.reason, REASON_NONE);
	check_ours("unspecified", &signing, &ours);
}

/* The lint sees the list before there is a signature. */
TEST(the_lint_comes_first)
{
	RELEASE_SIGNING struct signing signing = {0};
	RELEASE_INDEX struct index index = {0};
	RELEASE_CRLWRITE struct crlwrite crl = { .index = &index };
	struct findings findings = {0};
	struct lint lint = { .profile = LINT_BR, .found = take_finding,
		.context = &findings };
	struct error err = {0};

	load("hold", R("250101000000Z,certificateHold", "01"), &index);
	open_signing("p256", &signing);
	crl.root = signing.root;
	crl.algorithm = signer_identifier(signing.signer);
	crl.number = number_from_u64(1);
	crl.this_update_s = instant(THIS_UPDATE_S);
	/* Later than BR 4.9.7 allows, and a reason that BR 7.2.2 does not. */
	crl.next_update_s = instant("2027-06-01");
	FINE(crlwrite_prepare(&crl, &err));
	FINE(crlwrite_lint(&crl, &lint, &err));
	assert_int_equal(lint.errors, 2);
	assert_int_equal(findings.count, 2);
}
