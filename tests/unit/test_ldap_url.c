/* SPDX-License-Identifier: ISC */
/* Which URLs are those of one LDAP server, and which server is this machine. */
#include "pki/url/ldap_url.h"
#include "test.h"

static const struct {
	const char *url;
	const char *fault;	/* part of it; NULL: there is none */
} fault_rows[] = {
	{ "ldap://dc1.x", NULL },
	{ "ldaps://dc1_2.x-y:636/", NULL },
	{ "ldap://127.0.0.1:389", NULL },
	{ "ldap://[2001:db8::1]:389", NULL },
	{ "ldap://[fe80::1%eth0]/", NULL },
	{ "ldapi://", NULL },
	{ "ldapi:///", NULL },
	{ "ldapi://%2Frun%2Fslapd%2Fldapi/", NULL },
	{ "", "begins with ldap://" },
	{ "http://x", "begins with ldap://" },
	{ "LDAP://x", "begins with ldap://" },
	{ "ldap:x", "begins with ldap://" },
	{ "ldap://", "lacks its name" },
	{ "ldap:///", "lacks its name" },
	{ "ldaps://", "lacks its name" },
	{ "ldaps://:636", "lacks its name" },
	{ "ldap://me@x", "has no user in it" },
	{ "ldap://localhost@evil.example", "has no user in it" },
	{ "ldap://localhost:x@evil.example", "has no user in it" },
	{ "ldap://a,b", "is that of one server" },
	{ "ldap://a,ldap://b", "is that of one server" },
	{ "ldap://a ldap://b", "is that of one server" },
	{ "ldap://a\tldap://b", "is that of one server" },
	{ "ldap://x/DC=y", "ends with its name and port" },
	{ "ldap://x//", "ends with its name and port" },
	{ "ldap://x?cn", "ends with its name and port" },
	{ "ldap://x#cn", "ends with its name and port" },
	{ "ldap://?cn", "ends with its name and port" },
	{ "ldap://x:", "ends with its name and port" },
	{ "ldap://x:/", "ends with its name and port" },
	{ "ldap://x:port", "ends with its name and port" },
	{ "ldap://x:1:2", "ends with its name and port" },
	{ "ldap://[::1", "ends with its name and port" },
	{ "ldap://[::1].evil.example", "ends with its name and port" },
	{ "ldap://x%2Fy", "ends with its name and port" },
	{ "ldap://x\nldap://y", "ends with its name and port" },
	{ "ldap://x\\y", "ends with its name and port" },
	{ "ldapi:///?x", "ends with its name and port" },
};

TEST(a_url_is_of_one_server)
{
	for (size_t i = 0; i < COUNT_OF(fault_rows); i++) {
		const char *fault = ldap_url_fault(fault_rows[i].url);
		const char *want = fault_rows[i].fault;

		if ((fault == NULL) != (want == NULL) || (fault != NULL &&
		    strstr(fault, want) == NULL))
			fail_msg("%s: %s", fault_rows[i].url,
			    fault == NULL ? "no fault" : fault);
	}
}

static const struct {
	const char *url;
	bool is_local;
} local_rows[] = {
	{ "ldapi:///", true },
	{ "ldap://localhost", true },
	{ "ldap://localhost:389/", true },
	{ "ldaps://localhost", true },
	{ "ldap://127.0.0.1", true },
	{ "ldap://127.9.8.7:1/", true },
	{ "ldap://[::1]", true },
	{ "ldap://[::1]:389/", true },
	{ "ldap://localhost.evil.example", false },
	{ "ldap://localhosts", false },
	{ "ldap://localhost.", false },
	{ "ldap://local", false },
	{ "ldap://127.evil.example", false },
	{ "ldap://127.0.0.1.evil.example", false },
	{ "ldap://127.0.0.1.2", false },
	{ "ldap://127.0.0.256", false },
	{ "ldap://128.0.0.1", false },
	{ "ldap://[::2]", false },
	{ "ldap://[::11]", false },
	{ "ldap://dc1.x:127", false },
};

TEST(this_machine_is_known_by_its_whole_name)
{
	for (size_t i = 0; i < COUNT_OF(local_rows); i++) {
		assert_null(ldap_url_fault(local_rows[i].url));
		if (url_is_local(local_rows[i].url) !=
		    local_rows[i].is_local)
			fail_msg("%s", local_rows[i].url);
	}
}
