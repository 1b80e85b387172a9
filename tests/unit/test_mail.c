/* SPDX-License-Identifier: ISC */
#include "view/mail.h"
#include "views_fixture.h"

static const char *const to[] = {"root", "admin@example.com"};

/* One pair, judged on a day. */
struct mail_scene {
	struct scene scene;
	struct standing standing;
	struct mail_pair pairs[2];
	struct mail mail;
};

static void
set_mail(struct mail_scene *mail, const char *now)
{
	*mail = (struct mail_scene){0};
	set_scene(&mail->scene);
	standing_decide(&mail->scene.facts[0], instant(now), &mail->standing);
	mail->pairs[0] = (struct mail_pair){&mail->standing, true};
	mail->mail = (struct mail){.to = to, .to_count = 2,
	    .who = "root@ca1.example", .config = "/etc/crlferry/crlferry.cfg",
	    .option = "", .now_s = instant(now), .pairs = mail->pairs,
	    .pair_count = 1, .standings = &mail->standing,
	    .standing_count = 1, .calendar = span_of_text("BEGIN:VCALENDAR")};
}

static const struct {
	const char *now, *want;
} subjects[] = {
    {"2027-04-22", "crlferry: a ceremony of corp-root-g1 is to be held on "
	"2027-05-04 (upcoming)"},
    {"2027-05-08", "crlferry: issuing-1 stops on 2027-06-22 unless a "
	"ceremony is held (overdue)"},
    {"2027-06-02", "crlferry: issuing-1 stops on 2027-06-22 unless a "
	"ceremony is held (expiring)"},
    {"2027-06-20", "crlferry: issuing-1 stops on 2027-06-22 unless a "
	"ceremony is held (critical)"},
    {"2027-06-22", "crlferry: issuing-1 stopped on 2027-06-22, and stays so "
	"until a ceremony is held (expired)"},
    {"2027-05-04", "crlferry: a ceremony of corp-root-g1 is to be held on "
	"2027-05-04 (upcoming)"},
    {"2027-05-05", "crlferry: the ceremony of corp-root-g1 on 2027-05-04 has "
	"brought no CRL yet (upcoming)"},
};

TEST(a_subject_says_who_stops_when)
{
	for (size_t i = 0; i < COUNT_OF(subjects); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct mail_scene mail;
		struct error err = {0};

		set_mail(&mail, subjects[i].now);
		FINE(mail_subject(&mail.mail, &out, &err));
		assert_string_equal(text_of(&out), subjects[i].want);
	}
}

static void
nothing(struct scene *scene)
{
}

static void
root_ends(struct scene *scene)
{
	scene->facts[0].root_not_after_s = instant("2027-05-01");
}

/* The other store has a CRL that lasts longer. */
static void
lags(struct scene *scene)
{
	scene->places[1].next_update_s = instant("2027-09-01");
	scene->facts[0].place_count = 2;
}

/* And nobody here can bring it there. */
static void
copy_lags(struct scene *scene)
{
	lags(scene);
	scene->places[0].copy = COPY_PUBLISHED;
}

static void
copy_is_behind(struct scene *scene)
{
	copy_lags(scene);
	scene->facts[0].has_accepted = true;
	scene->facts[0].accepted_this_update_s = instant("2027-01-22");
	scene->places[1].this_update_s = instant("2027-01-22");
}

static void
is_invalid(struct scene *scene)
{
	scene->places[0].is_valid = false;
}

static void
no_stores(struct scene *scene)
{
	scene->facts[0].place_count = 0;
}

static void
accept(struct scene *scene)
{
	struct standing_facts *facts = &scene->facts[0];

	scene->places[0].is_present = false;
	facts->has_accepted = facts->accepted_has_next_update = true;
	facts->accepted_this_update_s = instant("2026-11-22");
	facts->accepted_next_update_s = instant("2027-06-22");
	facts->has_next_ceremony = true;
	facts->next_ceremony_s = instant("2027-05-04");
}

/* What people are told to do helps. */
TEST(what_is_to_be_done_is_true)
{
	static const struct {
		const char *now;
		void (*arrange)(struct scene *scene);
		const char *subject, *todo;
	} rows[] = {
	    {"2027-04-22", nothing, "is to be held on 2027-05-04 (upcoming)",
		"Prepare the ceremony of corp-root-g1 on 2027-05-04 (in 12"},
	    {"2027-05-04", nothing, "is to be held on 2027-05-04 (upcoming)",
		"Hold the ceremony of corp-root-g1 that is planned for\n"
		"              2027-05-04 (today). If it was held already"},
	    {"2027-05-05", nothing, "has brought no CRL yet (upcoming)",
		"2027-05-04 (yesterday). If it was held already"},
	    {"2027-06-02", root_ends, "issuing-1 stops on 2027-06-22 unless "
		"its root is replaced (expiring)", "Replace root corp-root-g1: "
		"its certificate ended on"},
	    {"2027-06-02", lags, "issuing-1 stops on 2027-06-22 unless the "
		"newest bundle is imported (expiring)",
		"Import the newest bundle of corp-root-g1: crlferry-sub"},
	    {"2027-06-22", lags, "issuing-1 stopped on 2027-06-22, and stays "
		"so until the newest bundle is imported (expired)",
		"Import the newest bundle of corp-root-g1: crlferry-sub"},
	    {"2027-06-02", copy_lags, "issuing-1 stops on 2027-06-22 unless "
		"the newest CRL gets there (expiring)",
		"Mend what is named below, as it says there."},
	    {"2027-01-23", copy_is_behind, "issuing-1 has another CRL than "
		"was accepted (behind)",
		"Mend what is named below, as it says there."},
	    {"2026-11-23", is_invalid, "issuing-1 has no valid CRL (invalid)",
		"Mend what is named below, as it says there."},
	    {"2027-04-22", accept, "issuing-1 lacks its CRL (missing)",
		"Import the newest bundle of corp-root-g1: crlferry-sub"},
	    {"2027-06-02", accept, "issuing-1 lacks its CRL (missing), and "
		"the ceremony of 2027-05-04 is overdue: hold a ceremony",
		"Hold a ceremony of corp-root-g1 now. If it was held"},
	    {"2027-06-23", accept, "issuing-1 lacks its CRL (missing), and "
		"its last CRL ended on 2027-06-22: hold a ceremony",
		"Hold a ceremony of corp-root-g1 now. If it was held"},
	    {"2026-11-23", no_stores, "issuing-1 lacks its CRL (missing)",
		"Mend what is named below, as it says there."},
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_BUFFER struct buffer subject = {0}, text = {0};
		struct mail_scene mail;
		struct error err = {0};

		set_mail(&mail, rows[i].now);
		rows[i].arrange(&mail.scene);
		standing_decide(&mail.scene.facts[0], instant(rows[i].now),
		    &mail.standing);
		/* It is about the state, not about a certificate. */
		mail.standing.concern_count = 0;
		FINE(mail_subject(&mail.mail, &subject, &err));
		FINE(mail_text(&mail.mail, &text, &err));
		if (strstr(text_of(&subject), rows[i].subject) == NULL)
			fail_msg("want %s: %s", rows[i].subject, subject.data);
		if (strstr(text_of(&text), rows[i].todo) == NULL)
			fail_msg("want %s: %s", rows[i].todo, text.data);
	}
}

TEST(a_subject_counts_the_others)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct mail_scene mail;
	struct error err = {0};

	set_mail(&mail, "2027-06-20");
	mail.pairs[1] = (struct mail_pair){&mail.scene.standings[2], false};
	strcpy(mail.scene.facts[2].subordinate, "issuing-3");
	mail.mail.pair_count = 2;
	mail_sort(mail.pairs, 2);
	FINE(mail_subject(&mail.mail, &out, &err));
	assert_string_equal(text_of(&out), "crlferry: issuing-3 lacks its CRL "
	    "(missing) [1 more pair]");
}

/* Whatever stands in it: one line of text, or encoded words. */
TEST(nothing_in_a_subject_makes_a_header)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
	    {"ends\nBcc: you@example.com", "\nSubject: crlferry: ends?Bcc: "
		"you@example.com\n"},
	    {"a\r\n\r\nbody", "\nSubject: crlferry: a????body\n"},
	    {"=?UTF-8?B?YQ==?=", "\nSubject: =?UTF-8?B?Y3JsZmVycnk6ID0/VVRGL"
		"Tg/Qj9ZUT09Pz0=?=\n"},
	    {"\xc3\xa4", "\nSubject: =?UTF-8?B?Y3JsZmVycnk6IMOk?=\n"},
	    {"\xf0\x9f\x94\x91\xf0\x9f\x94\x91\xf0\x9f\x94\x91\xf0\x9f\x94\x91"
		"\xf0\x9f\x94\x91\xf0\x9f\x94\x91\xf0\x9f\x94\x91"
		"\xf0\x9f\x94\x91\xf0\x9f\x94\x91", "\nSubject: =?UTF-8?B?Y3J"
		"sZmVycnk6IPCflJHwn5SR8J+UkfCflJHwn5SR8J+UkfCflJHwn5SR?=\n"
		" =?UTF-8?B?8J+UkQ==?=\n"},
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct mail_scene mail;
		struct error err = {0};

		set_mail(&mail, "2027-06-20");
		mail.standing.state_severity = SEVERITY_OK;
		mail.standing.concern_count = 1;
		mail.standing.concerns[0].severity = SEVERITY_CRITICAL;
		strcpy(mail.standing.concerns[0].text, rows[i].text);
		FINE(mail_compose(&mail.mail, &out, &err));
		if (strstr(text_of(&out), rows[i].want) == NULL)
			fail_msg("want %s: %s", rows[i].want, out.data);
	}
}

TEST(a_person_reads_what_to_do_by_when)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct mail_scene mail;
	struct error err = {0};

	set_mail(&mail, "2027-05-08");
	strcpy(mail.standing.detail, "the reason");
	FINE(mail_text(&mail.mail, &out, &err));
	assert_string_equal(text_of(&out),
	    "root@ca1.example watches over 1 certificate authority; 1 of them "
	    "needs\nsomebody to act:\n\n"
	    "* issuing-1, certified by root corp-root-g1: overdue (new, or "
	    "worse than\nbefore)\n"
	    "   To do:     Hold a ceremony of corp-root-g1 now. If it was "
	    "held already,\n              fetch the stick and run: "
	    "crlferry-sub import MEDIUM\n"
	    "   By:        before 2027-06-22 (in 45 days)\n"
	    "   Otherwise: issuing-1 stops on 2027-06-22 (in 45 days): its "
	    "CRL ends, and\n              programs refuse the certificates "
	    "that issuing-1 has issued.\n"
	    "   Found:     the reason\n\n"
	    "All of them:\n\n"
	    "SUBORDINATE  ROOT          STATE    CRL ENDS    CEREMONY\n"
	    "issuing-1    corp-root-g1  overdue  2027-06-22  2027-05-04\n\n"
	    "Background: these certificate authorities work only as long as "
	    "a fresh\nrevocation list (CRL) of their root is in place. The "
	    "root is kept switched\noff. At a ceremony it is powered up and "
	    "signs the next CRL, which is carried\nhere on a stick and "
	    "imported.\n\n"
	    "The calendar crlferry.ics is attached: open it to have the "
	    "ceremonies and\ndeadlines in yours. It replaces the ones of "
	    "earlier mails.\n\n"
	    "This mail was sent by \"crlferry-sub remind\", run by "
	    "root@ca1.example. Each\nrun sends one if something is worse than "
	    "in the last mail, or if that is a\nweek old, until all is well "
	    "again. For a subordinate that is not used any\nmore, write "
	    "retired = true in /etc/crlferry/crlferry.cfg; if nobody is to "
	    "be\nreminded, remove the job that runs \"crlferry-sub "
	    "remind\".\n");
}

/* Every state, whatever is in its sentences: lines that mail may carry. */
TEST(no_line_is_longer_than_76)
{
	for (unsigned int row = 1; row < PAIR_STATE_COUNT; row++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct mail_scene mail;
		struct error err = {0};
		size_t column = 0;

		set_mail(&mail, "2027-06-20");
		mail.standing.state = (enum pair_state)row;
		mail.standing.state_severity = mail.standing.severity =
		    SEVERITY_CRITICAL;
		memset(mail.standing.detail, 'x',
		    sizeof(mail.standing.detail) - 1);
		strcpy(mail.standing.detail + 100, "\n.\nFrom \x1b[1m\xff");
		FINE(mail_compose(&mail.mail, &out, &err));
		for (size_t i = 0; i < out.size; i++, column++) {
			assert_true(out.data[i] == '\n' ||
			    (out.data[i] >= ' ' && out.data[i] <= '~'));
			if (out.data[i] != '\n')
				continue;
			assert_true(column <= 78);
			column = SIZE_MAX;
		}
	}
}

TEST(without_a_calendar_the_mail_says_why)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct mail_scene mail;
	struct error err = {0};

	set_mail(&mail, "2027-06-20");
	mail.mail.calendar.size = 0;
	mail.mail.no_calendar = "the schedule has a gap";
	FINE(mail_compose(&mail.mail, &out, &err));
	assert_non_null(strstr(text_of(&out),
	    "No calendar is attached: the schedule has a gap\n"));
	assert_null(strstr((const char *)out.data, "text/calendar"));
}
