/* SPDX-License-Identifier: ISC */
/* What a configuration says is what the struct holds. */

#include "config_fixture.h"
#include "site/config_keys.h"
#include "test.h"

#define KEY_LINE "RWQaUv0Bxj7jIzgbuZzVz4DIcwf3e85I+QYiYavewjlgtgE1HgkhFvUR"

static char folder[FIXTURE_PATH_SIZE];

static const char full[] =
    "version = 1;\n"
    "state = \"state\";\n"
    "air_gap = \"warn\";\n"
    "air_gap_allow = ( \"eth1\", \"eth2\" );\n"
    "sandbox = \"require\";\n"
    "max_crl_bytes = \"3 MiB\";\n"
    "seal = { secret = [ \"a.key\", \"/keys/b.key\" ];\n"
    "         trusted = ( \"" KEY_LINE "\", \"b.pub\" );\n"
    "         required = 2; };\n"
    "roots = (\n"
    "  { name = \"corp-root-g1\";\n"
    "    certificate = \"root.pem\";\n"
    "    schedule = \"mine\";\n"
    "    profile = \"br\";\n"
    "    published_as = \"Corp Root.crl\";\n"
    "    microsoft = true; bare = true;\n"
    "    max_number_jump = \"730750818665451459101842416358141509827966"
    "271487\";\n"
    "    signing = { key = \"private/root.key\"; index = \"index.txt\";\n"
    "                crlnumber = \"/ca/crlnumber\"; digest = \"sha384\";\n"
    "                backdate = \"1 day - 1 second\"; };\n"
    "    subordinates = (\n"
    "      { name = \"issuing-1\"; retired = true;\n"
    "        certificate = \"issuing-1.pem\";\n"
    "        note_key = \"" KEY_LINE "\"; note_secret = \"note.key\";\n"
    "        stores = ( { type = \"hashdir\"; path = \"crls\"; },\n"
    "                   { type = \"pem\"; path = \"/etc/ca.crl.pem\";\n"
    "                     reload = [ \"nginx\", \"-s\", \"reload\" ];\n"
    "                     verify = ( \"nginx-test\" ); },\n"
    "                   { type = \"der\"; path = \"./x/../root.crl\"; } );\n"
    "      },\n"
    "      { name = \"issuing-2\"; stores = (\n"
    "        { type = \"nss\"; path = \"sql:db\";\n"
    "          password_file = \"nss.pin\"; timeout = \"90 s\"; },\n"
    "        { type = \"ldap\"; url = \"ldap://dc1\"; entry = \"CN=r\";\n"
    "          starttls = true; ca = \"ad.pem\"; bind = \"a@x\";\n"
    "          password_file = \"pw\"; create = true;\n"
    "          read_back = [ \"ldap://dc2\" ]; },\n"
    "        { type = \"ldap\"; url = \"ldaps://x\"; entry = \"CN=r\";\n"
    "          sasl = \"external\"; tls_certificate = \"c.pem\";\n"
    "          tls_key = \"c.key\"; },\n"
    "        { type = \"command\"; install = [ \"put\", \"{der}\" ];\n"
    "          read = [ \"bin/get\", \"it/is\" ]; } ); } ); },\n"
    "  { name = \"second\"; certificate = \"second.pem\"; } );\n";

static int
enter(void **state)
{
	fixture_make_folder(folder);
	copy_schedule(folder, "semiannual", "semiannual");
	copy_schedule(folder, "monthly", "mine");
	return 0;
}

AROUND_EACH(enter, NULL)

static void
assert_in_folder(const char *path, const char *name)
{
	char want[PATH_SIZE];

	path_in(want, folder, name);
	assert_string_equal(path, want);
}

static struct config *
load_full(void)
{
	struct config *config = NULL;
	struct error err = {0};

	FINE(load_text(folder, full, &config, &err));
	return config;
}

TEST(the_file_itself_is_read_back)
{
	FREE_CONFIG struct config *config = load_full();

	assert_in_folder(config->path, CONFIG_FILE);
	assert_string_equal(config->folder, folder);
	assert_in_folder(config->state, "state");
	assert_int_equal(config->air_gap, AIR_GAP_WARN);
	assert_int_equal(config->air_gap_allow.count, 2);
	assert_string_equal(config->air_gap_allow.words[0], "eth1");
	assert_string_equal(config->air_gap_allow.words[1], "eth2");
	assert_int_equal(config->sandbox, SANDBOX_REQUIRE);
	assert_int_equal(config->max_crl_bytes, 3 * 1024 * 1024);
	assert_int_equal(config->seal.secret.count, 2);
	assert_in_folder(config->seal.secret.words[0], "a.key");
	assert_string_equal(config->seal.secret.words[1], "/keys/b.key");
	assert_int_equal(config->seal.trusted.count, 2);
	assert_string_equal(config->seal.trusted.words[0], KEY_LINE);
	assert_in_folder(config->seal.trusted.words[1], "b.pub");
	assert_int_equal(config->seal.required, 2);
	assert_int_equal(config->root_count, 2);
}

TEST(a_root_is_read_back)
{
	FREE_CONFIG struct config *config = load_full();
	const struct config_root *root = &config->roots[0];
	struct number largest;

	assert_string_equal(root->name, "corp-root-g1");
	assert_in_folder(root->certificate, "root.pem");
	assert_string_equal(root->schedule_name, "mine");
	assert_string_equal(root->schedule.name, "mine");
	assert_int_equal(root->schedule.every_months, 1);
	assert_string_equal(root->profile, "br");
	assert_string_equal(root->published_as, "Corp Root.crl");
	assert_true(root->is_microsoft);
	assert_true(root->is_bare_allowed);
	memset(largest.octets, 0xff, sizeof(largest.octets));
	largest.octets[0] = 0x7f;
	assert_int_equal(number_compare(&root->max_number_jump, &largest), 0);
	assert_non_null(root->signing);
	assert_in_folder(root->signing->key, "private/root.key");
	assert_in_folder(root->signing->index, "index.txt");
	assert_string_equal(root->signing->crlnumber, "/ca/crlnumber");
	assert_string_equal(root->signing->digest, "sha384");
	assert_int_equal(root->signing->backdate.seconds, DAY_S - 1);
	assert_int_equal(root->signing->backdate.months, 0);
	assert_int_equal(root->subordinate_count, 2);
}

TEST(a_subordinate_is_read_back)
{
	FREE_CONFIG struct config *config = load_full();
	const struct config_subordinate *sub = config->roots[0].subordinates;
	const struct config_store *stores = sub->stores;

	assert_string_equal(sub->name, "issuing-1");
	assert_true(sub->is_retired);
	assert_in_folder(sub->certificate, "issuing-1.pem");
	assert_string_equal(sub->note_key, KEY_LINE);
	assert_in_folder(sub->note_secret, "note.key");
	assert_int_equal(sub->store_count, 3);
	assert_true(stores[1].line == stores[0].line + 1);
	assert_string_equal(stores[0].type, "hashdir");
	assert_in_folder(stores[0].path, "crls");
	assert_int_equal(stores[0].reload.count, 0);
	assert_int_equal(stores[0].verify.count, 0);
	assert_string_equal(stores[1].type, "pem");
	assert_string_equal(stores[1].path, "/etc/ca.crl.pem");
	/* An argv ends with NULL, and its words are no paths. */
	assert_int_equal(stores[1].reload.count, 3);
	assert_string_equal(stores[1].reload.words[0], "nginx");
	assert_string_equal(stores[1].reload.words[2], "reload");
	assert_null(stores[1].reload.words[3]);
	assert_int_equal(stores[1].verify.count, 1);
	assert_string_equal(stores[1].verify.words[0], "nginx-test");
	assert_null(stores[1].verify.words[1]);
	assert_string_equal(stores[2].type, "der");
	assert_in_folder(stores[2].path, "./x/../root.crl");
	assert_string_equal(sub[1].name, "issuing-2");
}

TEST(stores_of_all_types_are_read_back)
{
	FREE_CONFIG struct config *config = load_full();
	const struct config_subordinate *sub =
	    &config->roots[0].subordinates[1];
	const struct config_store *nss = &sub->stores[0];
	const struct config_store *ad = &sub->stores[1];
	const struct config_store *external = &sub->stores[3];
	const struct config_store *command = &sub->stores[4];

	assert_int_equal(sub->store_count, 5);
	assert_memory_equal(nss->path, "sql:", 4);
	assert_in_folder(nss->path + 4, "db");
	assert_in_folder(nss->password_file, "nss.pin");
	assert_int_equal(nss->timeout.seconds, 90);
	assert_string_equal(ad->url, "ldap://dc1");
	assert_string_equal(ad->entry, "CN=r");
	assert_true(ad->has_starttls && ad->is_created && !ad->is_replica);
	assert_in_folder(ad->ca, "ad.pem");
	assert_string_equal(ad->bind, "a@x");
	assert_in_folder(ad->password_file, "pw");
	assert_int_equal(ad->read_back.count, 1);
	assert_null(ad->sasl);
	assert_true(sub->stores[2].is_replica);
	assert_string_equal(external->sasl, "external");
	assert_in_folder(external->tls_certificate, "c.pem");
	assert_in_folder(external->tls_key, "c.key");
	assert_string_equal(command->install.words[1], "{der}");
	/* A program's path is one like others, its words are none. */
	assert_string_equal(command->install.words[0], "put");
	assert_in_folder(command->read.words[0], "bin/get");
	assert_string_equal(command->read.words[1], "it/is");
	assert_null(command->read.words[2]);
}

/* So that no key of the schema goes untested above. */
TEST(the_full_text_has_every_key)
{
	const struct key_table *todo[16] = { &config_keys };
	size_t count = 1, keys = 0;

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < todo[i]->key_count; k++, keys++) {
			const struct key *key = &todo[i]->keys[k];
			char text[64];

			snprintf(text, sizeof(text), "%s = ", key->name);
			if (strstr(full, text) == NULL)
				fail_msg("%s: want %s tested",
				    todo[i]->what, key->name);
			if (key->table == NULL)
				continue;
			assert_true(count < COUNT_OF(todo));
			todo[count++] = key->table;
		}
	}
	assert_int_equal(count, 6);	/* groups */
	assert_true(keys > 30);
}

TEST(what_is_absent_has_its_default)
{
	FREE_CONFIG struct config *config = NULL;
	const struct config_root *root;
	struct error err = {0};

	FINE(load_text(folder, "state = \"s\";\n"
	    "roots = ( { name = \"r\"; certificate = \"r.pem\";\n"
	    "  signing = { key = \"pkcs11:token=ca;object=root\";\n"
	    "    index = \"i\"; crlnumber = \"n\"; };\n"
	    "  subordinates = ( { name = \"s\"; } ); } );\n", &config, &err));
	assert_int_equal(config->air_gap, AIR_GAP_REQUIRE);
	assert_int_equal(config->air_gap_allow.count, 0);
	assert_int_equal(config->sandbox, SANDBOX_TRY);
	assert_int_equal(config->max_crl_bytes, 64 * 1024 * 1024);
	assert_int_equal(config->seal.secret.count, 0);
	assert_int_equal(config->seal.trusted.count, 0);
	assert_int_equal(config->seal.required, 1);
	assert_int_equal(config->root_count, 1);
	root = &config->roots[0];
	assert_string_equal(root->schedule_name, "semiannual");
	assert_int_equal(root->schedule.every_months, 6);
	assert_string_equal(root->profile, "rfc5280");
	assert_string_equal(root->published_as, "r.crl");
	assert_false(root->is_microsoft);
	assert_false(root->is_bare_allowed);
	assert_true(number_is_zero(&root->max_number_jump));
	assert_string_equal(root->signing->key,
	    "pkcs11:token=ca;object=root");
	assert_null(root->signing->digest);
	assert_int_equal(root->signing->backdate.seconds, 600);
	assert_int_equal(root->signing->backdate.months, 0);
	assert_false(root->subordinates[0].is_retired);
	assert_null(root->subordinates[0].certificate);
	assert_null(root->subordinates[0].note_key);
	assert_null(root->subordinates[0].note_secret);
	assert_int_equal(root->subordinates[0].store_count, 0);
}

TEST(no_backdate_is_not_the_default)
{
	FREE_CONFIG struct config *config = NULL;
	struct error err = {0};

	FINE(load_text(folder, "state = \"s\"; roots = (\n"
	    "{ name = \"r\"; certificate = \"r.pem\"; signing = { key = "
	    "\"k\";\n index = \"i\"; crlnumber = \"n\"; backdate = \"0 min\"; "
	    "}; },\n{ name = \"without\"; certificate = \"w.pem\"; } );",
	    &config, &err));
	assert_int_equal(config->roots[0].signing->backdate.seconds, 0);
	assert_null(config->roots[1].signing);
}

TEST(roots_are_found_by_name)
{
	FREE_CONFIG struct config *config = load_full();

	assert_ptr_equal(config_find_root(config, "corp-root-g1"),
	    &config->roots[0]);
	assert_ptr_equal(config_find_root(config, "second"),
	    &config->roots[1]);
	assert_null(config_find_root(config, "third"));
	assert_null(config_find_root(config, ""));
	assert_null(config_find_root(config, "secon"));
}

/* A path without a folder resolves against the working directory. */
TEST(a_bare_file_name_will_do)
{
	FREE_CONFIG struct config *config = NULL;
	struct error err = {0};
	char before[PATH_SIZE];

	fixture_write_text(folder, CONFIG_FILE, full);
	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir(folder), 0);
	FINE(config_load(CONFIG_FILE, &config, &err));
	assert_int_equal(chdir(before), 0);
	assert_string_equal(config->folder, ".");
	assert_string_equal(config->state, "./state");
	assert_string_equal(config->seal.secret.words[1], "/keys/b.key");
}

/*
 * Schedules beside the program: this test is copied to where a program would
 * be, and called with a configuration to load.
 */
TEST(schedules_are_found_from_the_program)
{
	struct error err = {0};
	static const struct {
		const char *from;	/* folder of the schedules */
		const char *program;
	} rows[] = {
		{ "share/crlferry", "bin/program" },
		{ ".", "cmd/program" },
	};
	char program[PATH_SIZE], from[PATH_SIZE], config[PATH_SIZE];
	char self[PATH_SIZE] = "";

	assert_in_range(readlink("/proc/self/exe", self, sizeof(self) - 1), 1,
	    sizeof(self) - 2);
	fixture_make_folder(from);
	path_in(config, from, CONFIG_FILE);
	fixture_write_text(from, CONFIG_FILE, "state = \"s\"; roots = (\n"
	    "{ name = \"r\"; certificate = \"c\"; schedule = \"mine\"; } );");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char place[PATH_SIZE], own[PATH_SIZE];

		path_in(place, folder, rows[i].from);
		copy_schedule(place, "monthly", "mine");
		path_in(program, folder, rows[i].program);
		FINE(file_folder(own, sizeof(own), program, &err));
		FINE(file_make_folder(own, 0755, &err));
		fixture_run(folder, (const char *const[]){ "cp",
		    self, program, NULL });
		fixture_run(folder, (const char *const[]){ program, config,
		    NULL });
		path_in(own, place, "schedules/mine.cfg");
		assert_int_equal(unlink(own), 0);
	}
	fixture_remove_folder(from);
}

static int
load_only(const char *path)
{
	FREE_CONFIG struct config *config = NULL;
	struct error err = {0};

	if (config_load(path, &config, &err) == ERR_OK &&
	    config->roots[0].schedule.every_months == 1)
		return 0;
	fprintf(stderr, "%s\n", err.what);
	return 1;
}

int
main(int argc, char **argv)
{
	if (argc == 2)
		return load_only(argv[1]);
	return tests_run();
}
