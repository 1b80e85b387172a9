/* SPDX-License-Identifier: ISC */
/* What ldapsearch prints is read strictly, and what ldapmodify is told. */
#include "sub/ldap/ldif.h"
#include "test.h"

#define DN "dn: cn=r,dc=x\n"
#define CRL "certificateRevocationList"

static const struct {
	const char *name;
	const char *text;
	bool is_found;
	const char *value;
} read_rows[] = {
	{ "nothing at all", "", false, "" },
	{ "an entry without it", DN "\n", true, "" },
	{ "base64", DN CRL ":: MAA=\n\n", true, "0" },
	{ "its binary form", DN CRL ";binary:: aGFsbG8=\n\n", true, "hallo" },
	{ "another case", DN "CertificateREVOCATIONlist;BINARY:: aGFsbG8=\n",
	    true, "hallo" },
	{ "plain text", DN CRL ": hallo\n", true, "hallo" },
	{ "blanks before it", DN CRL ":    hallo\n", true, "hallo" },
	{ "none", DN CRL ":hallo\n", true, "hallo" },
	{ "folded", DN CRL ":: aGF\n sbG\n 8=\n\n", true, "hallo" },
	{ "a folded name", "d\n n: cn=r\n" CRL ";bin\n ary:: aGFsbG8=\n", true,
	    "hallo" },
	{ "lines that end in CR LF", "dn: x\r\n" CRL ":: aGF\r\n sbG8=\r\n"
	    "\r\n", true, "hallo" },
	{ "comments", "# one\n" DN "# two,\n which goes on\n" CRL
	    ": hallo\n# three\n", true, "hallo" },
	{ "other attributes", DN "objectClass: top\nobjectClass: pkiCA\ncn:: "
	    "Y24=\n" CRL ": hallo\n", true, "hallo" },
	{ "one whose name is longer", DN CRL "s: no\n" CRL ";lang-de: no\n" CRL
	    ";binaryx: no\n", true, "" },
	{ "a name in base64", "dn:: Y249w6Q=\n" CRL ": hallo\n", true,
	    "hallo" },
	{ "empty lines before it", "\n\n" DN CRL ": hallo\n", true, "hallo" },
};

TEST(an_entry_is_read)
{
	for (size_t i = 0; i < COUNT_OF(read_rows); i++) {
		RELEASE_LDIF_ENTRY struct ldif_entry entry = {0};
		struct span want = span_of_text(read_rows[i].value);
		struct error err = {0};

		if (ldif_read_entry(span_of_text(read_rows[i].text), CRL,
		    &entry, &err) != ERR_OK)
			fail_msg("%s: %s", read_rows[i].name, err.what);
		/* Of two octets, the second is 0. */
		if (entry.value.size == 2)
			entry.value.size = 1;
		if (entry.is_found != read_rows[i].is_found ||
		    !span_equals(span_of_buffer(&entry.value), want))
			fail_msg("%s: want \"%s\", have \"%.*s\"",
			    read_rows[i].name, read_rows[i].value,
			    (int)entry.value.size,
			    (const char *)entry.value.data);
	}
}

static const struct {
	const char *name;
	const char *text;
	const char *why;
} refused_rows[] = {
	{ "two values", DN CRL ":: MAA=\n" CRL ":: MAA=\n", "several values" },
	{ "in both forms", DN CRL ":: MAA=\n" CRL ";binary:: MAA=\n",
	    "several values" },
	{ "two entries", DN "\n" DN, "two entries" },
	{ "a URL", DN CRL ":< file:///etc/shadow\n", "is a URL" },
	{ "no base64", DN CRL ":: M$A=\n", "base64" },
	{ "base64 that is cut", DN CRL ":: MA\n", "base64" },
	{ "blanks behind it", DN CRL ":: MAA= \n", "base64" },
	{ "no end of the line", DN CRL ":: MAA=", "in the middle" },
	{ "no colon", DN "hallo\n", "no attribute" },
	{ "no name", DN ": hallo\n", "no attribute" },
	{ "a name with a blank", DN "a b: hallo\n", "no attribute" },
	{ "no dn", CRL ":: MAA=\n", "begins with its dn" },
	{ "an error in its place", "ldap_bind: Invalid credentials (49)\n",
	    "no attribute" },
};

TEST(what_is_none_is_refused)
{
	for (size_t i = 0; i < COUNT_OF(refused_rows); i++) {
		RELEASE_LDIF_ENTRY struct ldif_entry entry = {0};
		struct error err = {0};
		enum err code = ldif_read_entry(
		    span_of_text(refused_rows[i].text), CRL, &entry, &err);

		if (code != ERR_FORMAT ||
		    strstr(err.what, refused_rows[i].why) == NULL)
			fail_msg("%s: want \"%s\", have %s: %s",
			    refused_rows[i].name, refused_rows[i].why,
			    error_token(code), err.what);
	}
}

/* A NUL ends no line, and stands in no name. */
TEST(an_octet_0_is_no_name)
{
	static const char text[] = "dn: x\na\0b: c\n";
	RELEASE_LDIF_ENTRY struct ldif_entry entry = {0};
	struct error err = {0};

	REFUSED(ldif_read_entry((struct span){(const uint8_t *)text,
	    sizeof(text) - 1}, CRL, &entry, &err), ERR_FORMAT);
}

/* Whatever is in them, names and values cannot begin a line of their own. */
TEST(changes_are_in_base64)
{
	static const char entry[] = "cn=a\nchangetype: delete";
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};

	FINE(ldif_replace(&out, entry, CRL, span_of_text("x\n-"), &err));
	FINE(buffer_append(&out, "", 1, &err));
	assert_string_equal((const char *)out.data,
	    "dn:: Y249YQpjaGFuZ2V0eXBlOiBkZWxldGU=\n"
	    "changetype: modify\n"
	    "replace: " CRL "\n"
	    CRL ":: eAot\n"
	    "-\n");
}

TEST(nothing_takes_the_place_of_a_value)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};

	FINE(ldif_replace(&out, "cn=a", CRL, (struct span){NULL, 0}, &err));
	FINE(buffer_append(&out, "", 1, &err));
	assert_string_equal((const char *)out.data, "dn:: Y249YQ==\n"
	    "changetype: modify\nreplace: " CRL "\n-\n");
}

/* What is written is read back, whatever its length. */
TEST(what_is_put_is_read_back)
{
	uint8_t octets[100];

	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)(i * 37);
	for (size_t size = 1; size <= sizeof(octets); size++) {
		RELEASE_LDIF_ENTRY struct ldif_entry entry = {0};
		RELEASE_BUFFER struct buffer out = {0};
		const struct span value = {octets, size};
		struct error err = {0};

		FINE(ldif_put(&out, "dn", span_of_text("cn=a"), &err));
		FINE(ldif_put(&out, CRL ";binary", value, &err));
		FINE(ldif_read_entry(span_of_buffer(&out), CRL, &entry, &err));
		assert_true(span_equals(span_of_buffer(&entry.value), value));
	}
}

static const struct {
	const char *entry;
	const char *parent;	/* NULL: it has none */
} parent_rows[] = {
	{ "cn=a,dc=x", "dc=x" },
	{ "cn=a, dc=x", "dc=x" },
	{ "cn=a\\,b,dc=x", "dc=x" },
	{ "cn=a\\2Cb,dc=x", "dc=x" },
	{ "cn=a\\\\,dc=x", "dc=x" },
	{ "cn=\"a,b\",dc=x", "dc=x" },
	{ "cn=\"a\\\",b\",dc=x", "dc=x" },
	{ "dc=x", NULL },
	{ "", NULL },
	{ "cn=a\\", NULL },
};

TEST(the_entry_above_is_found)
{
	for (size_t i = 0; i < COUNT_OF(parent_rows); i++) {
		const char *parent = ldif_parent(parent_rows[i].entry);

		if (parent_rows[i].parent == NULL)
			assert_null(parent);
		else
			assert_string_equal(parent, parent_rows[i].parent);
	}
}
