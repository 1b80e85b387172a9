/* SPDX-License-Identifier: ISC */
/* What the stores of each type have in the configuration. */
#include "config_fixture.h"
#include "test.h"

#define BEGIN "state = \"s\";\n" \
	"roots = ( { name = \"r\"; certificate = \"c\"; subordinates = (\n" \
	"{ name = \"s\"; stores = (\n"
#define END " ); } ); } );\n"
#define LDAP "type = \"ldap\"; entry = \"CN=A B,DC=x\"; "

static char folder[FIXTURE_PATH_SIZE];

static int
enter(void **state)
{
	fixture_make_folder(folder);
	copy_schedule(folder, "semiannual", "semiannual");
	return 0;
}

AROUND_EACH(enter, NULL)

static const struct {
	const char *name;
	const char *store;
	const char *path;	/* NULL: in the configuration's folder, "p" */
} place_rows[] = {
	{ "a file", "{ type = \"der\"; path = \"p\"; }", NULL },
	{ "an NSS folder", "{ type = \"nss\"; path = \"sql:/etc/nss\"; }",
	    "sql:/etc/nss" },
	{ "an old one", "{ type = \"nss\"; path = \"/etc/nss\"; }",
	    "/etc/nss" },
	{ "an entry", "{ " LDAP "url = \"ldap://dc1.x\"; }",
	    "ldap://dc1.x/CN=A%20B,DC=x" },
	{ "a slash at the end", "{ " LDAP "url = \"ldap://dc1.x/\"; }",
	    "ldap://dc1.x/CN=A%20B,DC=x" },
	{ "a socket", "{ " LDAP "url = \"ldapi:///\"; }",
	    "ldapi:///CN=A%20B,DC=x" },
	{ "octets beyond ASCII", "{ type = \"ldap\"; url = \"ldaps://x\"; "
	    "entry = \"CN=\\xc3\\xa4?#%\"; }",
	    "ldaps://x/CN=%C3%A4%3F%23%25" },
	{ "a command", "{ type = \"command\"; install = [ \"put\", \"{der}\", "
	    "\"it's\" ]; read = [ \"get\" ]; }", "put '{der}' 'it'\\''s'" },
	{ "a URL", "{ type = \"url\"; url = \"http://pki.x/r.crl\"; }",
	    "http://pki.x/r.crl" },
};

TEST(a_store_has_a_place)
{
	for (size_t i = 0; i < COUNT_OF(place_rows); i++) {
		FREE_CONFIG struct config *config = NULL;
		char text[1024], want[PATH_SIZE + 8];
		struct error err = {0};

		snprintf(text, sizeof(text), BEGIN "%s" END,
		    place_rows[i].store);
		if (load_text(folder, text, &config, &err) != ERR_OK)
			fail_msg("%s: %s", place_rows[i].name, err.what);
		snprintf(want, sizeof(want), "%s%s",
		    place_rows[i].path == NULL ? folder : "",
		    place_rows[i].path == NULL ? "/p" : place_rows[i].path);
		assert_string_equal(
		    config->roots[0].subordinates[0].stores[0].path, want);
	}
}

/* Each server that is read back is a store of its own, behind the first. */
TEST(servers_to_read_back_are_stores)
{
	FREE_CONFIG struct config *config = NULL;
	const struct config_store *stores;
	struct error err;

	FINE(load_text(folder, BEGIN "{ " LDAP "url = \"ldap://a\"; "
	    "create = true; starttls = true; ca = \"ca.pem\"; "
	    "read_back = ( \"ldap://b\", \"ldap://c\" ); "
	    "reload = [ \"true\" ]; timeout = \"5 s\"; },\n"
	    "{ type = \"pem\"; path = \"p\"; }" END, &config, &err));
	assert_int_equal(config->roots[0].subordinates[0].store_count, 4);
	stores = config->roots[0].subordinates[0].stores;
	assert_string_equal(stores[0].url, "ldap://a");
	assert_false(stores[0].is_replica);
	assert_true(stores[0].is_created);
	assert_int_equal(stores[0].timeout.seconds, 5);
	for (size_t i = 1; i < 3; i++) {
		assert_string_equal(stores[i].url, i == 1 ? "ldap://b" :
		    "ldap://c");
		assert_string_equal(stores[i].path, i == 1 ?
		    "ldap://b/CN=A%20B,DC=x" : "ldap://c/CN=A%20B,DC=x");
		assert_true(stores[i].is_replica && stores[i].has_starttls);
		assert_false(stores[i].is_created);
		assert_int_equal(stores[i].reload.count, 0);
		assert_string_equal(stores[i].ca, stores[0].ca);
	}
	assert_string_equal(stores[3].type, "pem");
}

static const struct {
	const char *name;
	const char *store;
	const char *says;
} refused_rows[] = {
	{ "no path", "type = \"nss\";", "store: the key \"path\" is missing, "
	    "which the type \"nss\" needs" },
	{ "no entry", "type = \"ldap\"; url = \"ldap://x\";",
	    "the key \"entry\" is missing" },
	{ "no read", "type = \"command\"; install = [ \"a\", \"{der}\" ];",
	    "the key \"read\" is missing" },
	{ "a key of another type", "type = \"pem\"; path = \"p\"; "
	    "starttls = true;",
	    "the key \"starttls\" is not for the type \"pem\"" },
	{ "that, though it is false", "type = \"pem\"; path = \"p\"; "
	    "create = false;",
	    "the key \"create\" is not for the type \"pem\"" },
	{ "an empty list of a store that is only read", "type = \"url\"; "
	    "url = \"http://x/\"; verify = [];",
	    "the key \"verify\" is not for the type \"url\"" },
	{ "an empty command", "type = \"command\"; install = []; "
	    "read = [ \"b\" ];", "the key \"install\" is missing" },
	{ "a reload of a store that is only read", "type = \"url\"; "
	    "url = \"http://x/\"; reload = [ \"true\" ];",
	    "the key \"reload\" is not for the type \"url\"" },
	{ "a path beside a URL", "type = \"url\"; url = \"http://x/\"; "
	    "path = \"p\";", "the key \"path\" is not for the type \"url\"" },
	{ "no file handed over", "type = \"command\"; install = [ \"a\" ]; "
	    "read = [ \"b\" ];", "one of its words is \"{der}\"" },
	{ "another protocol", "type = \"url\"; url = \"file:///etc/passwd\";",
	    "url begins with http://" },
	{ "no server", "type = \"url\"; url = \"http:///r.crl\";",
	    "url names no server" },
	{ "a domain's own server", "type = \"url\"; "
	    "url = \"ldap:///CN=r,DC=x?certificateRevocationList\";",
	    "url names no server: Windows asks its own domain" },
	{ "a blank", "type = \"url\"; url = \"http://x/a b\";",
	    "a character that a URL cannot have" },
	{ "a line end", "type = \"url\"; url = \"http://x/a\\n-o b\";",
	    "a character that a URL cannot have" },
	{ "a password in a URL", "type = \"url\"; "
	    "url = \"http://me:secret@x/\";", "url has a user in it" },
	{ "another directory", LDAP "url = \"http://x\";",
	    "begins with ldap://" },
	{ "an entry in the URL", LDAP "url = \"ldap://x/DC=y\";",
	    "the entry has a key of its own" },
	{ "a filter in the URL", LDAP "url = \"ldap://x?cn\";",
	    "the entry has a key of its own" },
	{ "two servers", LDAP "url = \"ldap://a ldap://b\";",
	    "url is that of one server" },
	{ "no name of a server", LDAP "url = \"ldaps://\";",
	    "the URL of a server lacks its name" },
	{ "TLS in TLS", LDAP "url = \"ldaps://x\"; starttls = true;",
	    "starttls is for ldap:// only" },
	{ "a name without a password", LDAP "url = \"ldaps://x\"; "
	    "bind = \"cn=a\";", "bind and password_file go together" },
	{ "two ways to say who we are", LDAP "url = \"ldaps://x\"; "
	    "bind = \"cn=a\"; password_file = \"w\"; sasl = \"gssapi\";",
	    "with sasl there is no bind" },
	{ "an unknown mechanism", LDAP "url = \"ldaps://x\"; "
	    "sasl = \"plain\";", "sasl must be external or gssapi" },
	{ "a password in the clear", LDAP "url = \"ldap://dc1.x\"; "
	    "bind = \"cn=a\"; password_file = \"w\";",
	    "the password would cross the network in the clear" },
	{ "that to a name like localhost", LDAP "bind = \"cn=a\"; "
	    "url = \"ldap://localhost.evil.example\"; "
	    "password_file = \"w\";",
	    "the password would cross the network in the clear" },
	{ "that to a name like an address of ours", LDAP "bind = \"cn=a\"; "
	    "url = \"ldap://127.evil.example\"; password_file = \"w\";",
	    "the password would cross the network in the clear" },
	{ "that to a server which is read back", LDAP "url = \"ldaps://x\"; "
	    "bind = \"cn=a\"; password_file = \"w\"; "
	    "read_back = [ \"ldap://y\" ];",
	    "the password would cross the network in the clear" },
	{ "a certificate without its key", LDAP "url = \"ldaps://x\"; "
	    "tls_certificate = \"c\";", "tls_certificate and tls_key go" },
	{ "too patient", "type = \"pem\"; path = \"p\"; timeout = \"2 h\";",
	    "timeout is at most 1 hour" },
};

TEST(keys_fit_the_type)
{
	for (size_t i = 0; i < COUNT_OF(refused_rows); i++) {
		struct config *config = NULL;
		struct error err = {0};
		char text[1024], place[PATH_SIZE + 32];
		enum err code;

		snprintf(text, sizeof(text), BEGIN "{ %s }" END,
		    refused_rows[i].store);
		code = load_text(folder, text, &config, &err);
		assert_refusal(refused_rows[i].name, ERR_CONFIG,
		    refused_rows[i].says, code, &err);
		assert_null(config);
		snprintf(place, sizeof(place), "%s/" CONFIG_FILE ":4: store: ",
		    folder);
		if (strncmp(err.what, place, strlen(place)) != 0 &&
		    strstr(err.what, ":4: sasl") == NULL)
			fail_msg("%s: %s", refused_rows[i].name, err.what);
	}
}

/* To this machine itself the network is none. */
TEST(a_password_may_go_to_this_machine)
{
	static const char *const urls[] = { "ldapi:///", "ldap://127.0.0.1:1",
	    "ldap://localhost", "ldap://[::1]/" };

	for (size_t i = 0; i < COUNT_OF(urls); i++) {
		FREE_CONFIG struct config *config = NULL;
		char text[1024];
		struct error err;

		snprintf(text, sizeof(text), BEGIN "{ " LDAP "url = \"%s\"; "
		    "bind = \"cn=a\"; password_file = \"w\"; }" END, urls[i]);
		FINE(load_text(folder, text, &config, &err));
	}
}
