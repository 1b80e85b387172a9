/* SPDX-License-Identifier: ISC */
/* What curl's end, and the entry that it prints, say of a server. */
#include "sub/fetch/fetch_answer.h"
#include "test.h"

#define HTTP "http://pki.x:80/r.crl"
#define LDAP "ldap://dc1.x/CN=r?certificateRevocationList;binary?base"

static const struct {
	const char *name;
	const char *url;
	int status;
	bool is_cut;
	const char *said;
	const char *fault;	/* how it begins; empty: there is none */
} answer_rows[] = {
	{ "well", HTTP, 0, false, "200 281  error= type=application/pkix-crl",
	    "" },
	{ "well, of LDAP", LDAP, 0, false, "000 400  error= type=", "" },
	{ "a redirect", HTTP, 0, false,
	    "302 0 file:///etc/passwd error= type=text/html",
	    "it redirects (302) to file:///etc/passwd, which is not" },
	{ "a redirect that names itself error", HTTP, 0, false,
	    "301 0 http://x/?error=1 error= type=",
	    "it redirects (301) to http://x/?error=1, which is not" },
	{ "not modified, though nobody asked", HTTP, 0, false,
	    "304 0  error= type=", "the server answers 304, not 200" },
	{ "no content", HTTP, 0, false, "204 0  error= type=",
	    "the server answers 204, not 200" },
	{ "not found", HTTP, 22, false,
	    "404 0  error=The requested URL returned error: 404 type=",
	    "the server answers 404: not found" },
	{ "a status of its own", HTTP, 22, false, "599 0  error=x type=",
	    "the server answers 599, not 200" },
	{ "no host", HTTP, 6, false, "000 0  error=Could not type=",
	    "no host of that name is found: pki.x:80" },
	{ "refused", HTTP, 7, false, "000 0  error=Failed to type=",
	    "nobody answers at pki.x:80: the server is offline" },
	{ "slow", HTTP, 28, false, "000 0  error=timed out type=",
	    "no answer within 20 s" },
	{ "too slow", HTTP, 28, false, "200 17  error=timed out type=",
	    "after 20 s only 17 octets had come" },
	{ "broken off", HTTP, 18, false, "200 6  error=transfer closed type=",
	    "the connection breaks off after 6 octets" },
	{ "too large", HTTP, 63, false, "200 0  error=Maximum type=",
	    "more than max_crl_bytes (1000 octets) is delivered" },
	{ "killed by the limit", HTTP, 153, true, "",
	    "more than max_crl_bytes (1000 octets) is delivered" },
	{ "another protocol", HTTP, 1, false,
	    "000 0  error=Received HTTP/0.9 when not allowed type=",
	    "nothing that can be read is delivered: Received HTTP/0.9" },
	{ "no entry", LDAP, 39, false,
	    "032 0  error=LDAP remote: search failed No such object  type=",
	    "the directory has no such entry" },
	{ "no anonymous bind", LDAP, 38, false,
	    "000 0  error=LDAP local: bind failed type=",
	    "the directory does not let everybody read it: LDAP local" },
	{ "an empty answer", HTTP, 52, false, "",
	    "the connection breaks off after 0 octets" },
};

TEST(each_end_says_whose_fault_it_is)
{
	for (size_t i = 0; i < COUNT_OF(answer_rows); i++) {
		const struct fetch fetch = {.url = answer_rows[i].url,
		    .timeout_s = 20, .max_bytes = 1000};
		const struct answer answer = {answer_rows[i].status,
		    answer_rows[i].is_cut, false, answer_rows[i].said};
		const char *want = answer_rows[i].fault;
		RELEASE_FETCHED struct fetched out = {.is_done = false};
		struct error err;

		FINE(answer_judge(&fetch, &answer, &out, &err));
		if (strncmp(out.fault, want, strlen(want)) != 0 ||
		    (want[0] == '\0') != (out.fault[0] == '\0'))
			fail_msg("%s: %s", answer_rows[i].name, out.fault);
		assert_int_equal(out.fault[0] == '\0', out.remedy == NULL);
	}
}

static const struct {
	const char *name;
	const char *url;
	int status;
	bool is_alone;
	const char *error;
	const char *says;	/* NULL: it is the server's fault */
} our_rows[] = {
	{ "a curl without LDAP", LDAP, 1, false,
	    "Protocol \"ldap\" not supported or disabled in libcurl",
	    "curl ends with status 1: Protocol \"ldap\" not supported" },
	{ "an option", HTTP, 2, false, "x", "curl ends with status 2: x" },
	{ "a URL", HTTP, 3, false, "x", "curl ends with status 3: x" },
	{ "what was not built in", HTTP, 4, false, "x", "status 4" },
	{ "no room to write", HTTP, 23, false, "x", "status 23" },
	{ "no memory", HTTP, 27, false, "x", "status 27" },
	{ "no function", HTTP, 41, false, "x", "status 41" },
	{ "an argument", HTTP, 43, false, "x", "status 43" },
	{ "an option of its library", HTTP, 48, false, "x", "status 48" },
	{ "no CA file", HTTP, 77, false, "x", "curl cannot use ca.pem: x" },
	{ "a signal", HTTP, 137, false, "", "curl ends with status 137" },
	{ "no name without a network", HTTP, 6, true, "x",
	    "there is no network here" },
	{ "nobody without a network", LDAP, 7, true, "x",
	    "there is no network here" },
	{ "nobody on this machine", "http://127.0.0.1:1/r.crl", 7, true, "x",
	    NULL },
	{ "nobody on this machine by name", "http://localhost/r.crl", 7, true,
	    "x", NULL },
	{ "a status without a network", HTTP, 22, true, "x", NULL },
	{ "HTTP/0.9", HTTP, 1, false, "Received HTTP/0.9 when not allowed",
	    NULL },
};

/* What is wrong with this machine is not said of the server. */
TEST(our_own_faults_are_failures)
{
	for (size_t i = 0; i < COUNT_OF(our_rows); i++) {
		const struct fetch fetch = {.url = our_rows[i].url,
		    .ca = "ca.pem", .timeout_s = 20, .max_bytes = 1000};
		struct fetched out = {.is_done = false};
		struct error err = {0};
		char said[256];
		enum err code;

		snprintf(said, sizeof(said), "000 0  error=%s type=",
		    our_rows[i].error);
		code = answer_judge(&fetch, &(struct answer){
		    our_rows[i].status, false, our_rows[i].is_alone, said},
		    &out, &err);
		if (our_rows[i].says == NULL) {
			assert_int_equal(code, ERR_OK);
			assert_true(out.fault[0] != '\0');
			continue;
		}
		if (code != ERR_STORE ||
		    strstr(err.what, our_rows[i].says) == NULL)
			fail_msg("%s: %s", our_rows[i].name, err.what);
		assert_true(err.remedy[0] != '\0');
		assert_string_equal(out.fault, "");
	}
}

TEST(the_media_type_is_kept)
{
	struct fetched out = {.is_done = false};
	struct error err;

	FINE(answer_judge(&(struct fetch){.url = HTTP, .timeout_s = 1},
	    &(struct answer){0, false, false, "200 1  error= type=text/html; "
	    "charset=utf-8"}, &out, &err));
	assert_string_equal(out.media_type, "text/html; charset=utf-8");
}

#define CRL "certificateRevocationList"

static const struct {
	const char *name;
	const char *url;
	const char *text;
	const char *octets;	/* NULL: there is a fault */
} entry_rows[] = {
	{ "binary", LDAP, "DN: CN=r\n\t" CRL ";binary:: YWJj\n\n\n", "abc" },
	{ "plain name", LDAP, "DN: CN=r\n\t" CRL ":: YWJj\n", "abc" },
	{ "other case", "ldap://x/CN=r?CERTIFICATErevocationlist",
	    "DN: CN=r\n\t" CRL ":: YWJj\n", "abc" },
	{ "not base64", LDAP, "\t" CRL ": abc\n", "abc" },
	{ "no value", LDAP, "\t" CRL ":\n", "" },
	{ "no line end", LDAP, "\t" CRL ":: YWJj", "abc" },
	{ "no attribute named", "ldap://x/CN=r", "DN: CN=r\n\tcn: r\n\n\t" CRL
	    ":: YWJj\n", "abc" },
	{ "none named, and a filter", "ldap://x/CN=r??base?cn=r",
	    "\t" CRL ":: YWJj\n", "abc" },
	{ "another attribute", "ldap://x/CN=r?authorityRevocationList",
	    "\t" CRL ":: YWJj\n", NULL },
	{ "a longer name", LDAP, "\t" CRL "2:: YWJj\n", NULL },
	{ "an entry alone", LDAP, "DN: CN=r\n\n", NULL },
	{ "nothing", LDAP, "", NULL },
	{ "two values", LDAP, "\t" CRL ":: YWJj\n\t" CRL ":: YWJk\n", NULL },
	{ "too large", LDAP, "\t" CRL ":: YWJjZGVmZ2hp\n", NULL },
};

TEST(the_attribute_of_an_entry_is_taken)
{
	for (size_t i = 0; i < COUNT_OF(entry_rows); i++) {
		const struct fetch fetch = {.url = entry_rows[i].url,
		    .max_bytes = 8};
		const char *want = entry_rows[i].octets;
		RELEASE_FETCHED struct fetched out = {.is_done = false};
		struct error err;

		FINE(answer_take_entry(&fetch,
		    span_of_text(entry_rows[i].text), &out,
		    &err));
		if ((want == NULL) != (out.fault[0] != '\0') ||
		    !span_equals(span_of_buffer(&out.octets),
		    span_of_text(want == NULL ? "" : want)))
			fail_msg("%s: %s", entry_rows[i].name, out.fault);
	}
}

TEST(base64_that_is_none_is_refused)
{
	RELEASE_FETCHED struct fetched out = {.is_done = false};
	struct error err = {0};

	assert_int_equal(answer_take_entry(&(struct fetch){.url = LDAP,
	    .max_bytes = 8}, span_of_text("\t" CRL ":: Y=\n"), &out, &err),
	    ERR_STORE);
}
