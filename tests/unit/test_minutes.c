/* SPDX-License-Identifier: ISC */
/* The minutes as text. */
#include "minutes_fixture.h"
#include "test.h"

#define COLUMNS 78

/* The text of the minutes, checked: no line too long, nothing to steer. */
static void
write_text(const struct held *held, struct buffer *out)
{
	struct error err = {0};
	size_t column = 0;

	FINE(minutes_text(&held->minutes, out, &err));
	for (size_t i = 0; i < out->size; i++) {
		uint8_t octet = out->data[i];

		assert_true(octet == '\n' || (octet >= 0x20 && octet != 0x7f));
		if (octet == '\n') {
			assert_false(i > 0 && out->data[i - 1] == ' ');
			column = 0;
		} else if ((octet & 0xc0) != 0x80) {
			column++;
		}
		if (column > COLUMNS)
			fail_msg("a line is too long: %.*s", COLUMNS + 1,
			    (const char *)&out->data[i - COLUMNS]);
	}
	assert_int_equal(out->data[out->size - 1], '\n');
	FINE(buffer_append(out, "", 1, &err));
}

static const char *const quiet_day[] = {
	    "MINUTES OF A KEY CEREMONY\nHeld on: 2026-11-22\n"
	    "Root: corp-root-g1\nCRL number: 13\nSHA-256 of the CRL:\n"
	    "    4a7f 4a7f 4a7f 4a7f 4a7f 4a7f 4a7f 4a7f\n"
	    "    4a7f 4a7f 4a7f 4a7f 4a7f 4a7f 4a7f 4a7f\n",
	    "  Operator        Alice Operator\n"
	    "  Witnesses       W1  Bob Witness\n"
	    "                  W2  Ch\xc3\xa2relle Zeuge\n\n"
	    "The ceremony\n------------\n"
	    "  Machine         ca@vault-01\n"
	    "  Program         crlferry-root 0.1.0\n"
	    "  Started         2026-11-22T10:00:12Z\n"
	    "                  2026-11-22 11:00:12 UTC+01:00\n"
	    "  Ended           2026-11-22T10:31:40Z\n",
	    "  Signature       ecdsa-with-SHA384\n"
	    "  CRL number      13\n"
	    "  This update     2026-11-22T09:52:00Z\n"
	    "  Next update     2027-06-22T09:52:00Z\n"
	    "  Next ceremony   2027-05-04\n"
	    "  Emergency       no\n"
	    "  Revocations     41 in all, 2 added, 1 removed\n"
	    "  Previous CRL    number 12\n"
	    "                  2026-05-05T09:47:13Z to\n"
	    "                  2026-12-05T09:47:13Z\n",
	    "  SHA-256 of the CRL, DER\n"
	    "    4a7f 4a7f 4a7f 4a7f 4a7f 4a7f 4a7f 4a7f\n"
	    "    4a7f 4a7f 4a7f 4a7f 4a7f 4a7f 4a7f 4a7f\n"
	    "  SHA-256 of the root certificate, DER\n"
	    "    c01d c01d ",
	    "ledger's last line\n    83be 83be ",
	    "  Written to      /media/ferry/crlferry/corp-root-g1/000013\n"
	    "  Sealed by keys  60A1B2C3D4E5F607 71A1B2C3D4E5F608\n",
	    "What was agreed to\n------------------\n"
	    "  CRL 13 of corp-root-g1, with 41 revocations: 2 added (+), 1 "
	    "removed (-)\n  since CRL 12. Agreed to at step 9.\n",
	    "  + 1005  2026-11-20T08:15:00Z  keyCompromise  invalid since\n"
	    "      2026-11-18T00:00:00Z  CN=Mail Gateway\n"
	    "  + 3d2f9a0c77e1b45508f6d21c9be4a7305f8812ce  "
	    "2026-11-22T09:30:00Z\n"
	    "  - 0c4e  2021-02-03T10:00:00Z  superseded  certificate "
	    "expired  CN=Old\n      Gateway\n",
	    "  [    ]   1  10:00:12Z  The room\n",
	    "  [    ]  14  10:28:22Z  The end\n",
	    "  [    ]   9  10:17:32Z  The question\n"
	    "              The operator answered Yes.\n"
	    "              Alice Operator (operator), Bob Witness (W1) and "
	    "Ch\xc3\xa2relle Zeuge\n"
	    "              (W2) agreed that CRL 13 of corp-root-g1 be signed: "
	    "2 added, 1\n"
	    "              removed, as listed under \"What was agreed to\".\n",
	    "Deviations\n----------\n  none\n\nSignatures\n----------\n"
	    "  Minutes of the ceremony of 2026-11-22, corp-root-g1 #000013\n"
	    "\n"
	    "  The undersigned were present at the ceremony of 2026-11-22, in "
	    "which CRL 13\n  of corp-root-g1 was signed. Its SHA-256 is\n"
	    "    4a7f 4a7f 4a7f 4a7f 4a7f 4a7f 4a7f 4a7f\n"
	    "    4a7f 4a7f 4a7f 4a7f 4a7f 4a7f 4a7f 4a7f\n"
	    "  They compared it with the one that ",
	    "  Operator: Alice Operator\n",
	    "  W2, witness: Ch\xc3\xa2relle Zeuge\n",
};

TEST(a_quiet_day_is_told)
{
	RELEASE_BUFFER struct buffer out = {0};
	static struct held held;

	hold(&held);
	write_text(&held, &out);
	for (size_t i = 0; i < COUNT_OF(quiet_day); i++)
		assert_says(&out, quiet_day[i]);
	assert_int_equal(count_of(&out, "[    ]"), STEPS_MAX);
	assert_int_equal(count_of(&out, "REHEARSAL"), 0);
	assert_int_equal(count_of(&out, "EMERGENCY"), 0);
	assert_int_equal(count_of(&out, " more\n"), 0);
	/* Nothing was said that would have a section. */
	assert_int_equal(count_of(&out, "Agreed outside the plan"), 0);
	assert_int_equal(count_of(&out, "Notices of the program"), 0);
	assert_int_equal(count_of(&out, "Remarks for the record"), 0);
}

TEST(a_rehearsal_is_called_one_everywhere)
{
	RELEASE_BUFFER struct buffer out = {0};
	static struct held held;

	hold(&held);
	held.minutes.is_rehearsal = true;
	write_text(&held, &out);
	assert_memory_equal(strchr((const char *)out.data, '\n'),
	    "\nREHEARSAL, ", 12);
	/* At the top, and before each of nine sections. */
	assert_int_equal(count_of(&out, "REHEARSAL"), 10);
}

TEST(repetitions_stand_below_their_step)
{
	RELEASE_BUFFER struct buffer out = {0};
	static struct held held;

	hold(&held);
	ask_again(&held);
	write_text(&held, &out);
	assert_says(&out, "  Numbered as on the screen, 1 to 14; times of "
	    "2026-11-22, UTC.\n");
	assert_says(&out, "2026-11-21T16:40:00Z.\n"
	    "                10:06:49Z  The date 2026-11-31 was not accepted: "
	    "there is no\n"
	    "                           such day. Asked again.\n"
	    "                10:06:56Z  The date 2026-11-23 was not accepted: "
	    "it is not\n"
	    "                           today's. Asked again.\n"
	    "  [    ]   5  10:08:52Z  The air gap\n");
	assert_int_equal(count_of(&out, "[    ]"), STEPS_MAX);
	/* Without numbers the steps are counted. */
	for (size_t i = 0; i < held.minutes.step_count; i++)
		held.steps[i].number = 0;
	out.size = 0;
	write_text(&held, &out);
	assert_says(&out, "  [    ]   4  10:06:42Z  The date\n");
	assert_says(&out, "  [    ]   5  10:08:52Z  The air gap\n");
}

TEST(each_kind_of_sentence_has_its_list)
{
	RELEASE_BUFFER struct buffer out = {0};
	static struct held held;

	hold(&held);
	say_all(&held);
	write_text(&held, &out);
	assert_says(&out, "Agreed outside the plan\n"
	    "-----------------------\n"
	    "   1  Emergency, outside the calendar.\n"
	    "   2  The revocation of serial 0c4e (CN=Old Gateway) may leave "
	    "the list.\n\n"
	    "Deviations\n----------\n  none\n\n"
	    "Notices of the program\n----------------------\n"
	    "   1  issuing-2 has brought no request.\n\n"
	    "Remarks for the record\n----------------------\n"
	    "   1  Bob Witness: the seal of the safe had number 4711.\n\n"
	    "Signatures\n");
}

TEST(a_full_one_is_told)
{
	RELEASE_BUFFER struct buffer out = {0};
	static struct held held;

	hold_full(&held);
	write_text(&held, &out);
	assert_says(&out, "\nEMERGENCY\n");
	assert_says(&out, "  Emergency       yes: The key of issuing-2 was "
	    "found on a laptop that was\n                  stolen;");
	assert_says(&out, "  and 15 more, which the CRL lists");
	assert_says(&out, "   1  The date was typed twice");
	assert_says(&out, "   2  The network interface");
	assert_says(&out, "  W8, witness: Witness Number 8");
	assert_int_equal(count_of(&out, "____  ____"), 9);
	assert_int_equal(count_of(&out, "  Place: ____"), 1);
}

TEST(awkward_texts_do_no_harm)
{
	RELEASE_BUFFER struct buffer out = {0};
	static struct held held;

	hold_awkward(&held);
	write_text(&held, &out);
	assert_says(&out, "  Operator        <script>alert(1)</script> & \"a\" "
	    "'b' ?[2J?31m ????end\n");
	assert_says(&out, "W1  ?( not UTF-8\n");
	assert_says(&out, "2026-11-22 06:30:12 UTC-03:30\n");
	assert_says(&out, "CRL number: "
	    "730750818665451459101842416358141509827966271487\n");
}

TEST(nothing_is_none)
{
	RELEASE_BUFFER struct buffer out = {0};
	static struct held held;
	struct preview preview = {0};

	hold(&held);
	held.minutes = (struct minutes){.preview = &preview};
	write_text(&held, &out);
	assert_says(&out, "Root: none\n");
	assert_says(&out, "  Operator        none\n"
	    "  Witnesses       none\n");
	assert_says(&out, "Previous CRL    none: this is the first\n");
	assert_says(&out, "  SHA-256 of the CRL, DER\n    none\n");
	assert_says(&out, "------------------\n  CRL 0 of none, with 0 "
	    "revocations: none is added, none is removed. Agreed to\n"
	    "  by none (operator).\n");
	assert_says(&out, "those present.\n\n  none\n");
	assert_says(&out, "Deviations\n----------\n  none\n");
	assert_says(&out, "0 in all, 0 added, 0 removed\n");
}

TEST(what_is_not_whole_is_told)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	static struct held held;

	hold(&held);
	held.preview.last_has_number = false;
	held.steps[13].at_s += DAY_S;
	held.minutes.entry_count = 0;
	held.minutes.entries_left_out = 7;
	write_text(&held, &out);
	assert_says(&out, "Previous CRL    without a number\n");
	assert_says(&out, "14  2026-11-23T10:28:22Z  The end\n");
	assert_says(&out, "at step 9.\n  and 7 more, which the CRL lists");
	strcpy(held.minutes.crl_sha256, "no digest");
	REFUSED(minutes_text(&held.minutes, &out, &err), ERR_FORMAT);
	REFUSED(minutes_html(&held.minutes, &out, &err), ERR_FORMAT);
}
