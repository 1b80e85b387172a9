/* SPDX-License-Identifier: ISC */
/* What a medium may hold in place of a bundle. */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "medium_fixture.h"
#include "test.h"

AROUND_ALL(set_up, tear_down)
AROUND_EACH(enter, leave)

TEST(the_fixture_is_good)
{
	const char *const sources[] = { folder, path };

	for (size_t i = 0; i < COUNT_OF(sources); i++) {
		struct error err = {0};
		bool found = false;

		FINE(load(sources[i], &found, &err));
		assert_true(found);
	}
}

/* Names that are none of a bundle's. */
static const char *const strangers[] = {
	"autorun.inf", ".hidden", "r.crl~", "R.CRL.bak", "s.crl",
	".s.crl.crlferry-new", "r.crl.crlferry-new", "..crlferry-new",
	".crlferry-new", ".x.crlferry-new", "bundle.json.minisig",
	"bundle.json.0123456789abcde.minisig",
	"bundle.json.0123456789abcdef0.minisig",
	"bundle.json.0123456789ABCDEF.minisig",
	"bundle.json.0123456789abcdef.minisig.bak", "README.TXT",
	".DS_Store ", ".DS_Stor", "FOUND.99", "FOUND.9999", "FOUND.99x",
	".trash1", "~x", "_r.crl",
};

TEST(strangers_are_refused)
{
	for (size_t i = 0; i < COUNT_OF(strangers); i++) {
		char file[2 * PATH_SIZE];

		fixture_write_text(path, strangers[i], "x");
		refuse_both(strangers[i], ERR_FORMAT, strangers[i]);
		snprintf(file, sizeof(file), "%s/%s", path, strangers[i]);
		assert_int_equal(unlink(file), 0);
	}
}

/*
 * A writer that was killed leaves one of these beside a whole bundle, and a
 * system that looked at it one of those, in letters of any case.
 */
static const char *const passed_over[] = {
	".r.crl.crlferry-new", ".bundle.json.crlferry-new",
	".bundle.json.0123456789abcdef.minisig.crlferry-new",
	"._r.crl", "._", "._\xff\xfe", ".DS_Store", ".ds_store", "DESKTOP.INI",
	"System Volume Information", "$Recycle.Bin", "FOUND.999", "~$x",
	".Trash-1000", ".~LOCK.x",
};

TEST(what_others_left_is_passed_over)
{
	for (size_t i = 0; i < COUNT_OF(passed_over); i++) {
		char file[2 * PATH_SIZE];
		struct error err = {0};
		bool found = false;

		/* Opened, it would hang. */
		snprintf(file, sizeof(file), "%s/%s", path, passed_over[i]);
		assert_int_equal(mkfifo(file, 0600), 0);
		assert_fine(passed_over[i], load(folder, &found, &err), &err);
		assert_true(found);
	}
}

TEST(parts_must_be_there)
{
	for (int part = 0; part < BUNDLE_PART_COUNT; part++) {
		char name[MANIFEST_NAME_SIZE], file[PATH_SIZE];
		char away[PATH_SIZE];
		struct error err = {0};
		bool found = false;

		bundle_part_name((enum bundle_part)part, "r", name);
		path_in(file, path, name);
		path_in(away, folder, "away");
		assert_int_equal(rename(file, away), 0);
		if (part == BUNDLE_MANIFEST || part == BUNDLE_CRL)
			/* From the medium alone: the folder is no bundle. */
			assert_true(load(folder, &found, &err) ==
			    (part == BUNDLE_CRL ? ERR_MISSING : ERR_OK));
		else
			refuse_both(name, ERR_MISSING, name);
		assert_int_equal(rename(away, file), 0);
	}
}

/* What can be in place of a file, by what makes it. */
static void
make_link(const char *target, const char *at)
{
	assert_int_equal(symlink(target, at), 0);
}

static void
make_hard_link(const char *target, const char *at)
{
	assert_int_equal(link(target, at), 0);
}

static void
make_fifo(const char *target, const char *at)
{
	assert_int_equal(mkfifo(at, 0600), 0);
}

static void
make_folder(const char *target, const char *at)
{
	assert_int_equal(mkdir(at, 0700), 0);
}

static void
make_socket(const char *target, const char *at)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	CLOSE_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int size = snprintf(address.sun_path, sizeof(address.sun_path),
	    "%s", at);

	assert_true(fd >= 0);
	assert_in_range(size, 1, sizeof(address.sun_path) - 1);
	assert_int_equal(bind(fd, (const struct sockaddr *)&address,
	    sizeof(address)), 0);
}

static const struct {
	const char *name;
	void (*make)(const char *target, const char *at);
	const char *says;
} replacements[] = {
	{ "a link", make_link, "a link" },
	{ "a hard link", make_hard_link, "want one link" },
	{ "a FIFO", make_fifo, "regular file" },
	{ "a folder", make_folder, "regular file" },
	{ "a socket", make_socket, "regular file" },
};

/* In place of each file, seals included; the target is a good copy. */
TEST(only_regular_files_of_one_name_are_read)
{
	char names[BUNDLE_PART_COUNT + 1][MANIFEST_NAME_SIZE];
	char target[PATH_SIZE], at[2 * PATH_SIZE];
	char id[MINISIGN_KEY_ID_HEX_SIZE];

	minisign_key_id_text(secret.public.key_id, id);
	for (char *c = id; *c != '\0'; c++)
		*c = (char)(*c >= 'A' ? *c - 'A' + 'a' : *c);
	snprintf(names[BUNDLE_PART_COUNT], MANIFEST_NAME_SIZE,
	    "bundle.json.%s.minisig", id);
	for (int part = 0; part < BUNDLE_PART_COUNT; part++)
		bundle_part_name((enum bundle_part)part, "r", names[part]);
	path_in(target, folder, "target");
	for (size_t i = 0; i < COUNT_OF(names) * COUNT_OF(replacements);
	    i++) {
		const char *name = names[i / COUNT_OF(replacements)];
		const size_t k = i % COUNT_OF(replacements);

		snprintf(at, sizeof(at), "%s/%s", path, name);
		assert_int_equal(rename(at, target), 0);
		replacements[k].make(target, at);
		refuse_both(replacements[k].name, ERR_FORMAT,
		    replacements[k].says);
		assert_int_equal(remove(at), 0);
		assert_int_equal(rename(target, at), 0);
	}
}

/* A link in place of a folder leads nowhere, be it on the medium itself. */
static const struct {
	const char *at;
	const char *target;	/* NULL: a plain file is there */
} ways[] = {
	{ "crlferry", "elsewhere" },
	{ "crlferry", "./elsewhere" },
	{ "crlferry", NULL },
	{ "crlferry/r", "../elsewhere" },
	{ "crlferry/r", NULL },
	{ "crlferry/r/000012", "../../elsewhere" },
	{ "crlferry/r/000012", "000011" },
	{ "crlferry/r/000012", NULL },
};

TEST(folders_are_not_links)
{
	char at[PATH_SIZE], away[PATH_SIZE];

	path_in(away, folder, "elsewhere");
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		struct error err = {0};
		bool found = false;

		path_in(at, folder, ways[i].at);
		assert_int_equal(rename(at, away), 0);
		if (ways[i].target == NULL)
			fixture_write_text(folder, ways[i].at, "a file");
		else
			make_link(ways[i].target, at);
		assert_refusal(ways[i].at, ERR_FORMAT, "folder",
		    load(folder, &found, &err), &err);
		assert_false(found);
		assert_int_equal(unlink(at), 0);
		/* An absolute link is none either. */
		make_link(away, at);
		err = (struct error){0};
		assert_refusal(ways[i].at, ERR_FORMAT, "folder",
		    load(folder, &found, &err), &err);
		assert_int_equal(unlink(at), 0);
		assert_int_equal(rename(away, at), 0);
	}
}

TEST(sources_are_refused)
{
	struct error err = {0};
	char at[PATH_SIZE];
	bool found = false;

	path_in(at, folder, "none");
	assert_refusal("none", ERR_MISSING, "none", load(at, &found, &err),
	    &err);
	err = (struct error){0};
	assert_int_equal(mkfifo(at, 0600), 0);
	assert_refusal("FIFO", ERR_FORMAT, "none", load(at, &found, &err),
	    &err);
	path_in(at, folder, "socket");
	err = (struct error){0};
	make_socket(NULL, at);
	assert_refusal("socket", ERR_FORMAT, "socket", load(at, &found, &err),
	    &err);
	err = (struct error){0};
	assert_refusal("device", ERR_FORMAT, "/dev/null",
	    load("/dev/null", &found, &err), &err);
}
