/* SPDX-License-Identifier: ISC */
/* Prometheus and the status table. */
#include "test.h"
#include "view/prometheus.h"
#include "view/standing_table.h"
#include "views_fixture.h"

/* One pass over name="value" pairs; returns what follows the "}". */
static const char *
skip_labels(const char *at)
{
	do {
		size_t size = strspn(++at,
		    "abcdefghijklmnopqrstuvwxyz_");

		assert_true(size > 0);
		at += size;
		assert_memory_equal(at, "=\"", 2);
		for (at += 2; *at != '"'; at++) {
			assert_true((unsigned char)*at >= 0x20);
			if (*at == '\\')
				assert_non_null(strchr("\\\"n", *++at));
		}
		at++;
	} while (*at == ',');
	assert_int_equal(*at, '}');
	return at + 1;
}

/*
 * Read the exposition format 0.0.4: HELP, then TYPE, then the samples of that
 * metric and no other.  Counts the samples.
 */
static size_t
count_samples(const char *text)
{
	char metric[128] = "";
	size_t samples = 0;
	int read_bytes;

	while (*text != '\0') {
		char name[128];

		if (sscanf(text, "# HELP %127s ", name) == 1) {
			assert_string_not_equal(name, metric);
			strcpy(metric, name);
			text = strchr(text, '\n') + 1;
			assert_int_equal(sscanf(text, "# TYPE %127s gauge%n",
			    name, &read_bytes), 1);
			assert_string_equal(name, metric);
			text += read_bytes;
		} else {
			char *end;

			assert_memory_equal(text, metric, strlen(metric));
			text += strlen(metric);
			if (*text == '{')
				text = skip_labels(text);
			assert_int_equal(*text, ' ');
			strtod(text + 1, &end);
			assert_true(end > text + 1);
			text = end;
			samples++;
		}
		assert_int_equal(*text, '\n');
		text++;
	}
	return samples;
}

TEST(prometheus_can_read_it)
{
	static const char *const wanted[] = {
	    "\ncrlferry_crl_next_update_timestamp_seconds{root=\"corp-root-g1\""
	    ",subordinate=\"issuing-1\",store=\"hashdir:/etc/ssl/crls\"} "
	    "1813622400\n",
	    "\ncrlferry_crl_this_update_timestamp_seconds{"
	    "root=\"corp-root-g1\",subordinate=\"issuing-2\","
	    "store=\"pem:/a \\\"b\\\"\\\\c|d??\"} 1795305600\n",
	    "\ncrlferry_crl_number{root=\"corp-root-g1\",subordinate="
	    "\"issuing-1\",store=\"hashdir:/etc/ssl/crls\"} 12\n",
	    "\ncrlferry_next_ceremony_timestamp_seconds{root=\"corp-root-g1\""
	    ",subordinate=\"\"} 1809388800\n",
	    "\ncrlferry_pair_state{root=\"corp-root-g1\",subordinate="
	    "\"issuing-1\",state=\"fresh\"} 1\n",
	    "\ncrlferry_pair_state{root=\"corp-root-g1\",subordinate="
	    "\"issuing-1\",state=\"expiring\"} 0\n",
	    "\ncrlferry_pair_state{root=\"corp-root-g1\",subordinate="
	    "\"issuing-2\",state=\"expiring\"} 1\n",
	    "\ncrlferry_pair_state{root=\"corp-root-g1\",subordinate="
	    "\"\",state=\"missing\"} 1\n",
	    "\ncrlferry_certificate_not_after_timestamp_seconds{"
	    "root=\"corp-root-g1\",subordinate=\"issuing-1\","
	    "certificate=\"root\"} 2082758400\n",
	    "\ncrlferry_check_timestamp_seconds 1795392000\n",
	};
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	struct scene scene;
	size_t i;

	set_scene(&scene);
	FINE(prometheus_standings(scene.standings, 3, scene.now_s, &out, &err));
	/* Dates of 3 places twice, 2 numbers, 3 ceremonies, the states. */
	assert_int_equal(count_samples(text_of(&out)),
	    3 + 3 + 2 + 3 + 3 * PAIR_STATE_COUNT + 1 + 1);
	for (i = 0; i < COUNT_OF(wanted); i++) {
		if (strstr((const char *)out.data, wanted[i]) == NULL)
			fail_msg("want %s", wanted[i]);
	}
}

TEST(no_pairs_leave_the_time_of_the_check)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};

	FINE(prometheus_standings(NULL, 0, 5, &out, &err));
	assert_int_equal(count_samples(text_of(&out)), 1);
}

#define LEGEND "\nNEXT-UPDATE: the CRL in place expires.  " \
    "NEXT-CEREMONY: the root signs the next.\n"

static const struct standing_look plain = {0};

TEST(the_status_table_shows_days)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	struct scene scene;

	set_scene(&scene);
	scene.now_s += 1;
	FINE(standing_table(scene.standings, 3, scene.now_s, &plain, &out,
	    &err));
	assert_string_equal(text_of(&out),
	    "ROOT          SUBORDINATE  STATE     NUMBER  NEXT-UPDATE         "
	    "NEXT-CEREMONY\n"
	    "corp-root-g1  issuing-1    fresh         12  2027-06-22 (211 d)  "
	    "2027-05-04 (162 d)\n"
	    "corp-root-g1  issuing-2    expiring      12  2026-12-05 (12 d)   "
	    "2027-05-04 (162 d)\n"
	    "corp-root-g1  -            missing        -  -                   "
	    "2027-05-04 (162 d)\n"
	    "\n"
	    "corp-root-g1/issuing-2: CRL #12 in pem /a \"b\"\\c|d?? ends on "
	    "2026-12-05 (in 12 days), and another store holds a later one: "
	    "import the newest bundle: crlferry-sub import MEDIUM\n"
	    "corp-root-g1: der /missing holds no CRL of corp-root-g1, and "
	    "whoever depends on corp-root-g1 needs one: import the newest "
	    "bundle: crlferry-sub import MEDIUM\n"
	    "\n"
	    "ROOT          STORE    HOLDS    WHERE\n"
	    "corp-root-g1  hashdir  #12      /etc/ssl/crls\n"
	    "corp-root-g1  pem      #12      /a \"b\"\\c|d??\n"
	    "corp-root-g1  der      a CRL    /var/r.crl\n"
	    "corp-root-g1  der      nothing  /missing\n"
	    LEGEND);
}

/* Days go first, then names break and paths lose their beginning. */
TEST(the_status_table_fits_its_width)
{
	static const struct standing_look narrow = {.width = 72};
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	struct scene scene;

	set_scene(&scene);
	strcpy(scene.places[0].path, "/srv/a-very-long-name/of/a-folder/for/"
	    "crls/of/openssl");
	scene.facts[0].is_retired = true;
	strcpy(scene.facts[1].subordinate, "issuing-2-with-a-long-name");
	standing_decide(&scene.facts[0], instant("2027-06-30"),
	    &scene.standings[0]);
	FINE(standing_table(scene.standings, 2, scene.now_s, &narrow, &out,
	    &err));
	assert_string_equal(text_of(&out),
	    "ROOT          SUBORDINATE   STATE     NUMBER  NEXT-UPDATE  "
	    "NEXT-CEREMONY\n"
	    "corp-root-g1  issuing-1     retired       12  2027-06-22   "
	    "-\n"
	    "corp-root-g1  issuing-2-wi  expiring      12  2026-12-05   "
	    "2027-05-04\n"
	    "              th-a-long-na\n"
	    "              me\n"
	    "\n"
	    "corp-root-g1/issuing-2-with-a-long-name: CRL #12 in pem "
	    "/a \"b\"\\c|d??\n"
	    "    ends on 2026-12-05 (in 12 days), and another store holds a "
	    "later\n"
	    "    one: import the newest bundle: crlferry-sub import MEDIUM\n"
	    "\n"
	    "ROOT          STORE    HOLDS  WHERE\n"
	    "corp-root-g1  hashdir  #12    .../of/a-folder/for/crls/of/"
	    "openssl\n"
	    "corp-root-g1  pem      #12    /a \"b\"\\c|d??\n"
	    "corp-root-g1  der      a CRL  /var/r.crl\n"
	    "\n"
	    "NEXT-UPDATE: the CRL in place expires.  NEXT-CEREMONY: the root "
	    "signs\n"
	    "    the next.\n");
}

/* Of the worst of state and concerns; a retired pair has none. */
TEST(the_status_table_has_colours)
{
	static const struct standing_look coloured = {.has_colours = true};
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	struct scene scene;
	const char *text;

	set_scene(&scene);
	FINE(standing_table(scene.standings, 3, scene.now_s, &coloured, &out,
	    &err));
	text = text_of(&out);
	assert_non_null(strstr(text, "\033[32mfresh   \033[0m "));
	assert_non_null(strstr(text, "\033[33mexpiring\033[0m "));
	assert_non_null(strstr(text, "\033[31mmissing \033[0m "));
	out.size = 0;
	scene.facts[2].is_retired = true;
	standing_decide(&scene.facts[2], scene.now_s, &scene.standings[2]);
	FINE(standing_table(&scene.standings[2], 1, scene.now_s, &coloured,
	    &out, &err));
	text = text_of(&out);
	assert_non_null(strstr(text, "corp-root-g1  -            retired "));
	assert_null(strchr(text, '\033'));
	assert_null(strstr(text, "no CRL of root"));
}

/* Below the table: of a pair that is fresh alone, of another with the rest. */
TEST(the_status_table_tells_the_news)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	struct scene scene;
	size_t i;

	set_scene(&scene);
	for (i = 0; i < 2; i++) {
		scene.facts[i].news = (struct standing_news){
		    .has_request = true,
		    .requested_s = instant("2026-11-20T08:00:00Z")};
		/* issuing-2 goes by its other place. */
		scene.places[2 * i].next_publish_s = instant("2027-06-01");
		standing_decide(&scene.facts[i], scene.now_s,
		    &scene.standings[i]);
	}
	FINE(standing_table(scene.standings, 2, scene.now_s, &plain, &out,
	    &err));
	assert_non_null(strstr(text_of(&out), "(162 d)\n\n"
	    "corp-root-g1/issuing-1: Next CRL Publish: the CA means to "
	    "publish again on 2027-06-01 (190 d)\n"
	    "corp-root-g1/issuing-1: asked on 2026-11-20, not heard of "
	    "since\n"
	    "corp-root-g1/issuing-2: CRL #12 in pem /a \"b\"\\c|d?? ends on "
	    "2026-12-05 (in 12 days), and another store holds a later one: "
	    "import the newest bundle: crlferry-sub import MEDIUM\n"
	    "corp-root-g1/issuing-2: asked on 2026-11-20, not heard of "
	    "since\n"));
	out.size = 0;
	FINE(standing_table(scene.standings, 1, instant("2027-06-01"), &plain,
	    &out, &err));
	assert_non_null(strstr(text_of(&out), ": Next CRL Publish: the CA "
	    "meant to publish again on 2027-06-01 (0 d)\n"));
}

TEST(the_status_table_of_nothing_is_empty)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};

	FINE(standing_table(NULL, 0, 0, &plain, &out, &err));
	assert_int_equal(out.size, 0);
}
