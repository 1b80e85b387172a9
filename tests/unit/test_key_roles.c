/* SPDX-License-Identifier: ISC */
/* One key, one role. */
#include <sys/stat.h>

#include "rooms_fixture.h"
#include "site/sealkeys.h"
#include "test.h"

/* Keys a, b and c without a passphrase, and d with one; c.pub is c's file. */
static char folder[FIXTURE_PATH_SIZE];
static struct minisign_secret secrets[4];
static char lines[4][MINISIGN_PUBLIC_LINE_SIZE];
static char paths[5][PATH_SIZE];
static char bad[PATH_SIZE];	/* a file that is no key */

static void
make_key(size_t i, const struct secret *passphrase)
{
	RELEASE_BUFFER struct buffer file = {0};
	struct minisign_public public;
	char name[16];
	struct error err = {0};

	FINE(minisign_generate(passphrase, &file, &public, &err));
	FINE(minisign_secret_open(span_of_buffer(&file), passphrase,
	    &secrets[i], &err));
	minisign_public_line(&public, lines[i]);
	snprintf(name, sizeof(name), "%c.key", (char)('a' + i));
	fixture_write(folder, name, span_of_buffer(&file));
	path_in(paths[i], folder, name);
	assert_int_equal(chmod(paths[i], 0600), 0);
}

static int
set_up(void **state)
{
	RELEASE_SECRET struct secret passphrase = {0};

	if (secret_start(NULL) != ERR_OK)
		return -1;
	fixture_make_folder(folder);
	make_key(0, NULL);
	make_key(1, NULL);
	make_key(2, NULL);
	assert_int_equal(secret_new(1, &passphrase, NULL), ERR_OK);
	passphrase.data[0] = 'x';
	make_key(3, &passphrase);
	fixture_write_text(folder, "c.pub", lines[2]);
	path_in(paths[4], folder, "c.pub");
	assert_int_equal(chmod(paths[4], 0644), 0);
	fixture_write_text(folder, "bad", "x\n");
	path_in(bad, folder, "bad");
	assert_int_equal(chmod(bad, 0600), 0);
	return 0;
}

static int
tear_down(void **state)
{
	for (size_t i = 0; i < COUNT_OF(secrets); i++)
		minisign_secret_release(&secrets[i]);
	return 0;
}

AROUND_ALL(set_up, tear_down)

/* Two roots; the note keys of x and y under the first, x under the second. */
static const struct {
	const char *name;
	const char *x, *y, *x_again;
	const char *secret, *trusted;
	const char *says;	/* NULL: fine */
} rows[] = {
	{ "no keys", NULL, NULL, NULL, NULL, NULL, NULL },
	{ "each its own", lines[0], lines[1], lines[2], NULL, NULL, NULL },
	{ "one subordinate, two roots", lines[0], lines[1], lines[0], NULL,
	    NULL, NULL },
	{ "two subordinates", lines[0], lines[0], NULL, NULL, NULL,
	    "x.cfg:8: y: note_key is not a key of its own" },
	{ "two of different roots", NULL, lines[0], lines[0], NULL, NULL,
	    "x.cfg:9: x: " },
	{ "a file and its line", lines[2], paths[4], NULL, NULL, NULL,
	    "that of x" },
	{ "a trusted key", lines[0], NULL, NULL, NULL, lines[0],
	    "seals bundles" },
	{ "a trusted file", NULL, lines[2], NULL, NULL, paths[4],
	    "seals bundles" },
	{ "the key that seals", lines[0], NULL, NULL, paths[0], NULL,
	    "seals bundles" },
	{ "another seals", lines[0], NULL, NULL, paths[1], lines[2], NULL },
	/* Nobody can say without its passphrase: export will. */
	{ "a locked key", lines[3], NULL, NULL, paths[3], NULL, NULL },
	/* Whoever needs it will say so. */
	{ "no such files", "/none", lines[1], NULL, "/none", "/none", NULL },
	{ "no keys in it", lines[0], NULL, NULL, bad, bad, NULL },
};

static void
check_row(size_t i, const struct sealkeys_secret *seals, const char *says)
{
	const char *secret[] = { rows[i].secret };
	const char *trusted[] = { rows[i].trusted };
	struct config_subordinate first[] = {
		{ .name = "x", .line = 7, .note_key = rows[i].x },
		{ .name = "y", .line = 8, .note_key = rows[i].y } };
	struct config_subordinate second[] = {
		{ .name = "x", .line = 9, .note_key = rows[i].x_again } };
	struct config_root roots[] = {
		{ .name = "r", .subordinates = first,
		    .subordinate_count = 2 },
		{ .name = "s", .subordinates = second,
		    .subordinate_count = 1 } };
	const struct config config = { .path = "x.cfg", .roots = roots,
		.root_count = 2, .seal = {
		.secret = { secret, rows[i].secret != NULL },
		.trusted = { trusted, rows[i].trusted != NULL } } };
	struct error err = {0};
	enum err code = seals == NULL ? note_roles_check(&config, &err) :
	    note_roles_check_seals(&config, seals, &err);

	if (says == NULL)
		assert_fine(rows[i].name, code, &err);
	else
		assert_refusal(rows[i].name, ERR_CONFIG, says, code, &err);
}

TEST(roles)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		check_row(i, NULL, rows[i].says);
}

/* What is open now seals: the locked one is told as well. */
TEST(open_seals)
{
	struct sealkeys_secret seals = { .count = 2 };

	seals.keys[0] = secrets[1];
	seals.keys[1] = secrets[3];
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (strcmp(rows[i].name, "a locked key") == 0)
			check_row(i, &seals, "x.cfg:7: x: ");
		if (strcmp(rows[i].name, "each its own") == 0)
			check_row(i, &seals, "x.cfg:8: y: ");
		if (strcmp(rows[i].name, "no keys") == 0)
			check_row(i, &seals, NULL);
	}
}
