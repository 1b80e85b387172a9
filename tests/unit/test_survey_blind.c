/* SPDX-License-Identifier: ISC */
/* A store that cannot be read: what check says of it. */
#include <errno.h>
#include <stdio.h>

#include "sub/watch/survey_blind.h"
#include "test.h"

static void
describe(const struct store *store, char *out, size_t capacity)
{
	snprintf(out, capacity, "%s %s", store->type->name,
	    store->config->path);
}

/* By a program, over the network or here, or in a file. */
static const struct store_type remote = {.name = "ldap", .is_remote = true,
    .is_networked = true, .describe = describe};
static const struct store_type tool = {.name = "nss", .is_remote = true,
    .describe = describe};
static const struct store_type local = {.name = "pem", .describe = describe};

#define TEN "ten octets"

static const struct {
	const char *name;
	const struct store_type *type;
	enum err code;
	const char *what, *remedy;
	bool is_unreadable;
	const char *detail;
} rows[] = {
    {"a server that does not answer", &remote, ERR_STORE,
	"ldap://a/CN=r: ldapsearch: still running after 20 s", "",
	true, "ldap ldap://a/CN=r: ldapsearch: still running after 20 s: see "
	"that it is up and can be reached from here"},
    {"a package that is missing", &remote, ERR_STORE,
	"ldap://a/CN=r: ldapsearch cannot be run", "apt-get install "
	"ldap-utils", true, "ldap ldap://a/CN=r: ldapsearch cannot be run: "
	"apt-get install ldap-utils"},
    {"a password that others can read", &remote, ERR_PERMISSIONS,
	"ldap.pw: others can read it", "chmod 600 ldap.pw", true, "ldap "
	"ldap://a/CN=r: ldap.pw: others can read it: chmod 600 ldap.pw"},
    {"more than there is room for: the remedy is whole", &remote, ERR_STORE,
	TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
	TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
	TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN,
	"openssl s_client -connect dc1.corp.example:389 -starttls ldap", true,
	"ldap ldap://a/CN=r: "
	TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
	TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
	"ten ...: openssl s_client -connect dc1.corp.example:389 "
	"-starttls ldap"},
    {"a tool that fails here", &tool, ERR_STORE, "nssdb: sqlite3: killed",
	"", true, "nss nssdb: sqlite3: killed"},
    {"a file that is damaged", &local, ERR_STORE, "a.pem is too large",
	"move it away", false, "a.pem is too large: move it away"},
};

TEST(what_cannot_be_reached_is_unreadable)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct config_store config = {.path = rows[i].type ==
		    &remote ? "ldap://a/CN=r" : rows[i].type == &tool ?
		    "nssdb" : "a.pem"};
		struct pair_store pair = {.store = {.type = rows[i].type,
		    .config = &config}};
		struct standing_place place = {.is_valid = true};

		(void)err_remedy(&pair.why, err_fail(&pair.why, rows[i].code,
		    "%s", rows[i].what), "%s", rows[i].remedy);
		survey_unreadable(&pair, &place);
		print_message("%s\n", rows[i].name);
		assert_string_equal(place.detail, rows[i].detail);
		assert_int_equal(place.is_unreadable, rows[i].is_unreadable);
		assert_int_equal(place.is_present, !rows[i].is_unreadable);
		assert_false(place.is_valid);
		assert_string_equal(place.remedy, "");
	}
}
