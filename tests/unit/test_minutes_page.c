/* SPDX-License-Identifier: ISC */
/*
 * The minutes as a page.  Where PAGES names a folder, the pages are left there
 * for who wants to print them.
 */
#include "minutes_fixture.h"
#include "test.h"
#include "view/html.h"

static const struct {
	const char *text, *want;
} escape_rows[] = {
    {"", ""},
    {"plain", "plain"},
    {"<b>&amp;</b>", "&lt;b&gt;&amp;amp;&lt;/b&gt;"},
    {"\" onload='x'", "&quot; onload=&#39;x&#39;"},
    {"a\nb", "a<br>b"},
    {"a\tb", "a\tb"},
    {"a\r\x1b\x01\x7f""b", "a????b"},
    {"\xc2\x9b\xe2\x80\xae", "??"},
    {"\xff\xc3", "??"},
    {"Gr\xc3\xbc\xc3\x9f""e", "Gr\xc3\xbc\xc3\x9f""e"},
};

TEST(text_is_escaped)
{
	for (size_t i = 0; i < COUNT_OF(escape_rows); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct error err = {0};

		FINE(html_append(&out, escape_rows[i].text, &err));
		FINE(buffer_append(&out, "", 1, &err));
		assert_string_equal((const char *)out.data,
		    escape_rows[i].want);
	}
}

static void
write_page(const struct held *held, struct buffer *out)
{
	struct error err = {0};

	FINE(minutes_html(&held->minutes, out, &err));
	FINE(buffer_append(out, "", 1, &err));
}

/*
 * Every tag that is opened is closed again, in order.  Texts that broke out of
 * their place would show here.
 */
static void
assert_tags_match(const struct buffer *out)
{
	static const char *const alone[] = {"meta", "br", "!DOCTYPE"};
	char open[32][16] = {""};
	size_t depth = 0;
	const char *at = (const char *)out->data;

	for (; (at = strchr(at, '<')) != NULL; at++) {
		bool is_end = at[1] == '/';
		char name[16] = "";
		size_t i;

		assert_int_equal(sscanf(at + 1 + is_end, "%15[!A-Za-z0-9]",
		    name), 1);
		for (i = 0; i < COUNT_OF(alone) && strcmp(alone[i], name) != 0;)
			i++;
		if (i < COUNT_OF(alone))
			continue;
		if (!is_end) {
			assert_true(depth < COUNT_OF(open));
			strcpy(open[depth++], name);
			continue;
		}
		assert_true(depth > 0);
		assert_string_equal(open[--depth], name);
	}
	assert_int_equal(depth, 0);
}

TEST(the_page_stands_alone)
{
	static const char *const unwanted[] = {"<script", "http:", "https:",
	    "//", "url(", "@import", "src=", "href=", "<link", "<img"};
	void (*const days[])(struct held *) = {hold, hold_full, hold_awkward};
	static struct held held;

	for (size_t i = 0; i < 2 * COUNT_OF(days); i++) {
		RELEASE_BUFFER struct buffer out = {0};

		days[i / 2](&held);
		held.minutes.is_rehearsal = i % 2 == 1;
		write_page(&held, &out);
		assert_tags_match(&out);
		for (size_t j = 0; j < COUNT_OF(unwanted); j++)
			assert_int_equal(count_of(&out, unwanted[j]), 0);
		assert_int_equal(count_of(&out, "<html lang=\"en\">"), 1);
		assert_int_equal(count_of(&out, "\"Content-Security-Policy\" "
		    "content=\"default-src 'none'; style-src "
		    "'unsafe-inline'; "), 1);
		assert_true(count_of(&out, "REHEARSAL") == (i % 2 == 1 ? 2 :
		    0));
	}
}

TEST(all_is_on_the_page)
{
	static const char *const wanted[] = {
	    "<title>Minutes of the ceremony of 2026-11-22, corp-root-g1 "
	    "#000013</title>",
	    "<div class=\"running\"><p>Minutes of the ceremony of 2026-11-22, "
	    "corp-root-g1 #000013</p><p>SHA-256 of the CRL <code>4a7f 4a7f ",
	    "<li><b>W2</b>Ch\xc3\xa2relle Zeuge</li>",
	    "<dd><code>4a7f 4a7f 4a7f 4a7f 4a7f 4a7f 4a7f 4a7f<br>4a7f ",
	    "<code>c01d c01d ", "<code>83be 83be ",
	    "<td class=\"sign\">+</td><td><code>1005</code></td>"
	    "<td>2026-11-20T08:15:00Z</td><td>keyCompromise</td>"
	    "<td>invalid since 2026-11-18T00:00:00Z</td></tr>\n"
	    "<tr><td></td><td colspan=\"4\">CN=Mail Gateway</td></tr>\n",
	    "<td class=\"sign\">&minus;</td><td><code>0c4e</code></td>",
	    "<time>10:28:22Z</time><b>The end</b>",
	    "None were recorded by the program. ",
	    "<tr class=\"consent\"><td></td><td colspan=\"4\"><p>"
	    "Alice Operator (operator), Bob Witness (W1) and Ch\xc3\xa2relle "
	    "Zeuge (W2) agreed that CRL 13 of "
	    "corp-root-g1 be signed: 2 added, 1 removed, ",
	    "<b>Bob Witness</b>, witness 1",
	    "in which CRL 13 of corp-root-g1 was signed. Its SHA-256 "
	    "is</p>\n<p class=\"attested\"><code>4a7f 4a7f ",
	};
	RELEASE_BUFFER struct buffer out = {0};
	static struct held held;

	hold(&held);
	write_page(&held, &out);
	for (size_t i = 0; i < COUNT_OF(wanted); i++) {
		if (strstr((const char *)out.data, wanted[i]) == NULL)
			fail_msg("want %s", wanted[i]);
	}
	/* Initials of three people at each step, and their signatures. */
	assert_int_equal(count_of(&out, "<td class=\"box\"></td>"),
	    3 * STEPS_MAX);
	assert_int_equal(count_of(&out, "<span>Signature</span>"), 3);
	assert_int_equal(count_of(&out, "<div class=\"ruled\">"), 3);
	assert_int_equal(count_of(&out, "EMERGENCY"), 0);
}

TEST(repetitions_and_lists_are_on_the_page)
{
	RELEASE_BUFFER struct buffer out = {0};
	static struct held held;

	hold(&held);
	ask_again(&held);
	say_all(&held);
	write_page(&held, &out);
	assert_tags_match(&out);
	assert_says(&out, "<ul class=\"again\">\n<li><time>10:06:49Z</time>"
	    "The date 2026-11-31 was not accepted: there is no such day. "
	    "Asked again.</li>\n<li>");
	assert_says(&out, "<td class=\"no\">5</td><td><time>10:08:52Z</time>"
	    "<b>The air gap</b>");
	assert_says(&out, "<h2>Agreed outside the plan</h2>\n<ol>\n<li>");
	assert_says(&out, "<h2>Notices of the program</h2>\n<ol>\n<li>");
	assert_says(&out, "<h2>Remarks for the record</h2>\n<ol>\n<li>");
	assert_int_equal(count_of(&out, "<td class=\"box\"></td>"),
	    3 * STEPS_MAX);
}

TEST(awkward_texts_are_shown)
{
	RELEASE_BUFFER struct buffer out = {0};
	static struct held held;

	hold_awkward(&held);
	strcpy(held.preview.root, "a';}</style>\\");
	write_page(&held, &out);
	assert_tags_match(&out);
	/* Operator three times, issuer, why, a deviation. */
	assert_int_equal(count_of(&out, "&lt;script&gt;alert(1)&lt;/script&gt; "
	    "&amp; &quot;a&quot; &#39;b&#39; ?[2J?31m ????end"), 6);
	assert_int_equal(count_of(&out, "&lt;b&gt;why&lt;/b&gt;"), 1);
	assert_int_equal(count_of(&out, "CN=&lt;/td&gt;?[2J"), 1);
	assert_int_equal(count_of(&out, "a@b&lt;/dd&gt;"), 1);
	assert_int_equal(count_of(&out, "</style>"), 1);
}

TEST(nothing_is_none)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct preview preview = {0};
	struct held held = {.minutes = {.preview = &preview}};

	write_page(&held, &out);
	assert_tags_match(&out);
	assert_int_equal(count_of(&out, "<li><b>O</b>none</li>"), 1);
	assert_int_equal(count_of(&out, "<b>W</b>none"), 1);
	assert_int_equal(count_of(&out, "none is added, none is removed"), 1);
	assert_int_equal(count_of(&out, "class=\"box\""), 1);
}

static void
save(const struct held *held, const char *name)
{
	RELEASE_BUFFER struct buffer out = {0};
	const char *folder = getenv("PAGES");
	struct error err = {0};
	char path[512];
	FILE *file;

	FINE(minutes_html(&held->minutes, &out, &err));
	assert_true(out.size > 0);
	if (folder == NULL)
		return;
	snprintf(path, sizeof(path), "%s/%s.html", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(out.data, 1, out.size, file), out.size);
	assert_int_equal(fclose(file), 0);
}

TEST(pages_can_be_saved)
{
	static struct held held;

	hold(&held);
	save(&held, "quiet");
	hold_full(&held);
	save(&held, "full");
	held.minutes.is_rehearsal = true;
	save(&held, "rehearsal");
	hold_awkward(&held);
	save(&held, "awkward");
}
