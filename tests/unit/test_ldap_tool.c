/* SPDX-License-Identifier: ISC */
/* Which words ldapsearch and ldapmodify are run with, and what they mean. */
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "folder_fixture.h"
#include "sub/ldap/ldap_failure.h"
#include "sub/ldap/ldap_tool.h"
#include "test.h"

static int
start(void **state)
{
	return secret_start(NULL) == ERR_OK ? 0 : -1;
}

AROUND_ALL(start, NULL)
AROUND_EACH(enter_folder, leave_folder)

/* A file in the folder that we stand in. */
static void
put(const char *name, const char *text, mode_t mode)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(name, mode), 0);
}

#define DEMAND "-o TLS_REQCERT=demand "
#define SYSTEM "-o TLS_CACERT=" LDAP_SYSTEM_CA " "
#define OURS "-o TLS_CACERT=/dev/fd/3 "

static const struct {
	const char *name;
	struct config_store store;
	const char *words;	/* between the server and what is searched */
} word_rows[] = {
	{ "nobody", { .url = "ldap://x" }, DEMAND SYSTEM "-x" },
	{ "a password, with StartTLS", { .url = "ldap://x",
	    .has_starttls = true, .ca = "ca", .bind = "cn=a b",
	    .password_file = "pw" },
	    DEMAND OURS "-ZZ -x -D cn=a b -y /dev/fd/4" },
	{ "a password, with ldaps", { .url = "ldaps://x", .ca = "ca",
	    .bind = "a@x", .password_file = "pw" },
	    DEMAND OURS "-x -D a@x -y /dev/fd/4" },
	{ "the socket", { .url = "ldapi:///", .sasl = "external" },
	    DEMAND SYSTEM "-Q -Y EXTERNAL" },
	{ "a certificate of our own", { .url = "ldaps://x", .ca = "ca",
	    .sasl = "external", .tls_certificate = "cert", .tls_key = "key" },
	    DEMAND OURS "-o TLS_CERT=/dev/fd/4 -o TLS_KEY=/dev/fd/5 -Q "
	    "-Y EXTERNAL" },
	{ "Kerberos", { .url = "ldap://x", .sasl = "gssapi" },
	    DEMAND SYSTEM "-Q -Y GSSAPI -N -O minssf=1" },
	{ "Kerberos in TLS", { .url = "ldap://x", .has_starttls = true,
	    .sasl = "gssapi" },
	    DEMAND SYSTEM "-ZZ -Q -Y GSSAPI -N -O maxssf=0" },
	{ "Kerberos with ldaps", { .url = "ldaps://x", .sasl = "gssapi" },
	    DEMAND SYSTEM "-Q -Y GSSAPI -N -O maxssf=0" },
};

static void
join(const struct ldap_tool *tool, char out[1024])
{
	out[0] = '\0';
	for (size_t i = 0; i < tool->count; i++) {
		assert_true(strlen(out) + strlen(tool->words[i]) < 1000);
		strcat(out, i == 0 ? "" : " ");
		strcat(out, tool->words[i]);
	}
	assert_null(tool->words[tool->count]);
}

static void
put_files(void)
{
	put("ca", "", 0644);
	put("cert", "", 0644);
	put("key", "", 0600);
	put("pw", "geheim\n", 0600);
}

TEST(words_say_which_server_and_who_we_are)
{
	put_files();
	for (size_t i = 0; i < COUNT_OF(word_rows); i++) {
		RELEASE_LDAP_TOOL struct ldap_tool tool = LDAP_TOOL_NONE;
		const struct config_store *store = &word_rows[i].store;
		char want[1024], have[1024];
		struct error err = {0};
		struct buffer out = {0};

		FINE(ldap_tool_search(store, 20, "cn=r", "a", 99, &out, &tool,
		    &err));
		join(&tool, have);
		snprintf(want, sizeof(want), "ldapsearch -d 32768 -H %s -o "
		    "nettimeout=10 %s -LLL -o ldif_wrap=no -s base -b cn=r "
		    "(objectClass=*) a", store->url, word_rows[i].words);
		if (strcmp(have, want) != 0)
			fail_msg("%s: want %s\nhave %s", word_rows[i].name,
			    want, have);
		assert_string_equal(tool.process.setting, "LDAPNOINIT=1");
		assert_false(tool.process.has_environment);
		assert_int_equal(tool.process.passed_count,
		    (store->ca != NULL) + (store->password_file != NULL) +
		    (store->tls_key != NULL ? 2 : 0));
		assert_int_equal(tool.process.output_max, 99);
	}
}

TEST(changes_go_by_the_input)
{
	RELEASE_LDAP_TOOL struct ldap_tool tool = LDAP_TOOL_NONE;
	const struct config_store store = { .url = "ldap://x", .path = "p" };
	char have[1024], text[8] = "";
	struct error err = {0};

	FINE(ldap_tool_change(&store, 1, span_of_text("dn: x\n"), &tool,
	    &err));
	join(&tool, have);
	assert_string_equal(have, "ldapmodify -d 32768 -H ldap://x -o "
	    "nettimeout=1 " DEMAND SYSTEM "-x");
	assert_int_equal(read(tool.process.input, text, 7), 6);
	assert_string_equal(text, "dn: x\n");
}

static const struct {
	const char *name;
	const char *file;
	const char *want;	/* NULL: it is refused */
} password_rows[] = {
	{ "a line", "geheim\n", "geheim" },
	{ "no end of it", "geheim", "geheim" },
	{ "of Windows", "geheim\r\n", "geheim" },
	{ "blanks", " ge heim \n", " ge heim " },
	{ "a second line", "geheim\nno\n", "geheim" },
	{ "nothing", "", NULL },
	{ "an empty line", "\ngeheim\n", NULL },
	{ "one of Windows", "\r\n", NULL },
};

TEST(a_password_goes_by_a_descriptor_without_its_line_end)
{
	const struct config_store store = { .url = "ldaps://x", .bind = "a",
	    .password_file = "pw" };

	for (size_t i = 0; i < COUNT_OF(password_rows); i++) {
		RELEASE_LDAP_TOOL struct ldap_tool tool = LDAP_TOOL_NONE;
		const char *want = password_rows[i].want;
		char have[64] = "";
		struct error err = {0};
		enum err code;

		put("pw", password_rows[i].file, 0600);
		code = ldap_tool_change(&store, 1, span_of_text("x"), &tool,
		    &err);
		if (code != (want == NULL ? ERR_STORE : ERR_OK))
			fail_msg("%s: %s", password_rows[i].name, err.what);
		if (want == NULL)
			continue;
		assert_true(read(tool.process.passed[0], have,
		    sizeof(have) - 1) > 0);
		assert_string_equal(have, want);
	}
}

static const struct {
	const char *name;
	const char *file;
	mode_t mode;		/* 0: it is gone */
	enum err code;
} file_rows[] = {
	{ "a password that others read", "pw", 0644, ERR_PERMISSIONS },
	{ "a password that is gone", "pw", 0, ERR_STORE },
	{ "a CA that others write", "ca", 0666, ERR_PERMISSIONS },
	{ "a CA that is gone", "ca", 0, ERR_STORE },
	{ "a key that others read", "key", 0640, ERR_PERMISSIONS },
	{ "a key that is gone", "key", 0, ERR_STORE },
	{ "a certificate that is gone", "cert", 0, ERR_STORE },
};

TEST(files_are_looked_at_before_anything_is_run)
{
	const struct config_store store = { .url = "ldaps://x", .ca = "ca",
	    .bind = "a", .password_file = "pw", .tls_certificate = "cert",
	    .tls_key = "key" };

	for (size_t i = 0; i < COUNT_OF(file_rows); i++) {
		RELEASE_LDAP_TOOL struct ldap_tool tool = LDAP_TOOL_NONE;
		struct error err = {0};
		enum err code;

		put_files();
		if (file_rows[i].mode == 0)
			unlink(file_rows[i].file);
		else
			chmod(file_rows[i].file, file_rows[i].mode);
		code = ldap_tool_change(&store, 1, span_of_text("x"), &tool,
		    &err);
		if (code != file_rows[i].code ||
		    strstr(err.what, file_rows[i].file) == NULL)
			fail_msg("%s: have %s: %s", file_rows[i].name,
			    error_token(code), err.what);
	}
}

static const struct config_store said = { .url = "ldap://dc1", .ca = "ad.pem",
	.entry = "CN=r", .bind = "me@x", .password_file = "ldap.pw",
	.has_starttls = true };
static const struct config_store secret = { .url = "ldaps://[::1]",
	.ca = "it's.pem" };
static const struct config_store kerberos = { .url = "ldaps://dc1:99/",
	.sasl = "gssapi" };

static const struct {
	const struct config_store *store;
	int status;
	const char *output;
	int number;
	const char *what;
	const char *remedy;
} failure_rows[] = {
	{ &said, 49, "ldap_bind: Invalid credentials (49)", 49,
	    "does not take this name with this password: ldap_bind: Invalid",
	    "the password in ldap.pw" },
	{ &kerberos, 49, "ldap_sasl_interactive_bind: Invalid credentials "
	    "(49)", 49, "what `sasl` says about us", "ldaps://dc1:99/" },
	{ &said, 50, "ldap_modify: Insufficient access (50)", 50,
	    "this user may not do that", ": me@x" },
	{ &secret, 50, "Insufficient access (50)", 50, "sign in",
	    "set `bind`" },
	{ &said, 1, "Operations error (1)", 1, "it failed", "ldap://dc1" },
	{ &secret, 1, "Operations error (1)", 1, "sign in", "`bind`" },
	{ &said, 255, "ldap_sasl_bind(SIMPLE): Can't contact LDAP server (-1)",
	    -1, "cannot be reached", "ldap://dc1" },
	{ &said, 1, "ldap_start_tls: Can't contact LDAP server (-1)", -1,
	    "cannot be reached", "ldap://dc1" },
	{ &said, 1, "ldap_start_tls: Protocol error (2)", 2,
	    "offers no StartTLS", "ldaps://" },
	{ &said, 1, "TLS: can't connect: (unknown error code). "
	    "ldap_start_tls: Connect error (-11)", -11, "TLS failed",
	    "openssl s_client -connect dc1:389 -starttls ldap -CAfile ad.pem" },
	{ &secret, 255, "TLS: can't connect: (unknown error code). "
	    "ldap_sasl_bind(SIMPLE): Can't contact LDAP server (-1)", -1,
	    "TLS failed", "-connect [::1]:636 -CAfile 'it'\\''s.pem'" },
	{ &kerberos, 255, "TLS: can't connect: x", -1, "TLS failed",
	    "-connect dc1:99 -CAfile " LDAP_SYSTEM_CA },
	{ &kerberos, 254, "ldap_sasl_interactive_bind: Local error (-2)", -2,
	    "signing in failed", "kinit" },
	{ &kerberos, 8, "Strong(er) authentication required (8)", 8,
	    "Kerberos within TLS", "leave starttls out" },
	{ &said, 8, "Strong(er) authentication required (8)", 8, "wants TLS",
	    "starttls = true" },
	{ &said, 32, "ldap_add: No such object (32)", 32, "no entry above it",
	    "CN=r" },
	{ &said, 65, "ldap_modify: Object class violation (65)", 65,
	    "cannot hold a CRL", "pkiCA" },
	{ &said, 80, "ldap_modify: Other (80)", 80, "it failed: ldap_modify",
	    "its log: ldap://dc1" },
	{ &secret, 1, "Could not parse the LDAP URI(s)=ldap://x", 1,
	    "it failed: Could not parse", "ldaps://[::1]" },
	{ &said, 80, "", 80, "it failed: the tool ends with status 80, and "
	    "says no more", "ldap://dc1" },
};

/* What went wrong stands at its end. */
TEST(a_long_failure_keeps_its_end)
{
	struct process_result result = { .status = 80 };
	struct error err = {0};

	memset(result.output, 'x', 2000);
	strcpy(result.output + 2000, ": the reason (80)");
	assert_int_equal(ldap_fail(&said, &result, &err), ERR_STORE);
	assert_non_null(strstr(err.what, ": the reason (80)"));
}

TEST(failures_are_said)
{
	for (size_t i = 0; i < COUNT_OF(failure_rows); i++) {
		struct process_result result = {
		    .status = failure_rows[i].status };
		struct error err = {0};

		snprintf(result.output, sizeof(result.output), "%s",
		    failure_rows[i].output);
		assert_int_equal(ldap_result_number(&result),
		    failure_rows[i].number);
		assert_int_equal(ldap_fail(failure_rows[i].store, &result,
		    &err), ERR_STORE);
		if (strstr(err.what, failure_rows[i].what) == NULL ||
		    strstr(err.remedy, failure_rows[i].remedy) == NULL)
			fail_msg("want \"%s\", \"%s\"; have %s: %s",
			    failure_rows[i].what, failure_rows[i].remedy,
			    err.what, err.remedy);
	}
}

static const struct {
	size_t size;
	enum err code;
} size_rows[] = {
	{ 0, ERR_OK },
	{ 10485759, ERR_OK },
	{ 10485760, ERR_OK },
	{ 10485761, ERR_STORE },
};

TEST(active_directory_takes_10_mib)
{
	for (size_t i = 0; i < COUNT_OF(size_rows); i++) {
		struct error err = {0};

		assert_int_equal(ldap_check_ad_size(size_rows[i].size, &err),
		    size_rows[i].code);
		if (size_rows[i].code != ERR_OK)
			assert_non_null(strstr(err.what, "10485761 octets"));
	}
}
