/* SPDX-License-Identifier: ISC */
/* Which URLs of distribution points can be fetched. */
#include "pki/url/cdp_url.h"
#include "pki/der.h"
#include "test.h"

static const struct {
	const char *url;
	const char *fault;	/* part of it; NULL: there is none */
} fault_rows[] = {
	{ "http://pki.x/r.crl", NULL },
	{ "https://pki.x:8443/a%20b/r.crl?x=1", NULL },
	{ "http://[2001:db8::1]/r.crl", NULL },
	{ "ldap://dc1.x/CN=r,DC=x?certificateRevocationList;binary?base?(cn=r)",
	    NULL },
	{ "ldaps://dc1.x/CN=r", NULL },
	{ "http://x/mail@x", NULL },
	{ "file:///etc/passwd", "begins with http://" },
	{ "HTTP://x/", "begins with http://" },
	{ "-K/etc/passwd", "begins with http://" },
	{ "", "begins with http://" },
	{ "http://", "names no server" },
	{ "http:///r.crl", "names no server" },
	{ "ldap:///CN=r,DC=x", "Windows asks its own domain" },
	{ "http://me@x/", "has a user in it" },
	{ "http://me:secret@x/", "has a user in it" },
	{ "http://x/a b", "a character that a URL cannot have" },
	{ "http://x/a\nb", "a character that a URL cannot have" },
	{ "http://x/\"", "a character that a URL cannot have" },
	{ "http://x/{a,b}", "a character that a URL cannot have" },
	{ "http://x/\xc3\xa4", "a character that a URL cannot have" },
};

TEST(a_url_can_be_fetched_or_says_why_not)
{
	for (size_t i = 0; i < COUNT_OF(fault_rows); i++) {
		const char *remedy;
		const char *fault = cdp_url_fault(fault_rows[i].url, &remedy);
		const char *want = fault_rows[i].fault;

		if ((fault == NULL) != (want == NULL) ||
		    (want != NULL && strstr(fault, want) == NULL))
			fail_msg("%s: %s", fault_rows[i].url,
			    fault == NULL ? "well" : fault);
	}
}

static const struct {
	const char *name;
	uint8_t tag;
	const char *content;
	const char *uri;	/* NULL: none */
} uri_rows[] = {
	{ "a URI", DER_CONTEXT(6), "http://X/R.crl", "http://X/R.crl" },
	{ "in capitals", DER_CONTEXT(6), "LDAP://X/CN=R", "ldap://X/CN=R" },
	{ "another name", DER_CONTEXT(2), "http.x", NULL },
	{ "a blank", DER_CONTEXT(6), "http://x/a b", NULL },
	{ "a control character", DER_CONTEXT(6), "http://x/\x1b", NULL },
	{ "nothing", DER_CONTEXT(6), "", "" },
};

TEST(the_uri_of_a_name_is_taken)
{
	for (size_t i = 0; i < COUNT_OF(uri_rows); i++) {
		RELEASE_BUFFER struct buffer der = {0};
		char uri[CDP_URL_SIZE];
		struct error err;
		bool is_uri;

		FINE(der_put(&der, uri_rows[i].tag,
		    span_of_text(uri_rows[i].content), &err));
		is_uri = cdp_url_take(span_of_buffer(&der), uri);
		if (is_uri != (uri_rows[i].uri != NULL) ||
		    (is_uri && strcmp(uri, uri_rows[i].uri) != 0))
			fail_msg("%s: %s", uri_rows[i].name, is_uri ? uri :
			    "none");
	}
}

TEST(a_uri_that_is_too_long_is_none)
{
	RELEASE_BUFFER struct buffer der = {0};
	char text[CDP_URL_SIZE + 1], uri[CDP_URL_SIZE];
	struct error err;

	memset(text, 'a', sizeof(text));
	text[CDP_URL_SIZE - 1] = '\0';
	FINE(der_put(&der, DER_CONTEXT(6), span_of_text(text), &err));
	assert_true(cdp_url_take(span_of_buffer(&der), uri));
	buffer_release(&der);
	text[CDP_URL_SIZE - 1] = 'a';
	text[CDP_URL_SIZE] = '\0';
	FINE(der_put(&der, DER_CONTEXT(6), span_of_text(text), &err));
	assert_false(cdp_url_take(span_of_buffer(&der), uri));
}
