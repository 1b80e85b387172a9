/* SPDX-License-Identifier: ISC */
/* Manifest and seals of the accepted CRL, kept as they came. */
#include <sys/stat.h>

#include "bundle_fixture.h"
#include "sub/import/accepted_sealed.h"
#include "test.h"

#define KEPT "r/accepted.sealed.json"
#define CRL "the CRL"

static char folder[FIXTURE_PATH_SIZE];
static char bundle_path[PATH_SIZE];
static struct minisign_secret secrets[2];
static struct bundle bundle;
static struct config config = { .path = "x.cfg", .state = folder };

static int
set_up(void **state)
{
	if (secret_start(NULL) != ERR_OK)
		return -1;
	make_secret(&secrets[0]);
	make_secret(&secrets[1]);
	return 0;
}

static int
tear_down(void **state)
{
	minisign_secret_release(&secrets[0]);
	minisign_secret_release(&secrets[1]);
	return 0;
}

AROUND_ALL(set_up, tear_down)

/* A bundle by both keys, open, and the folder that import makes. */
static int
enter(void **state)
{
	RELEASE_SOURCE struct source source = { .fd = -1 };
	RELEASE_NOTICES struct notices notices = {0};
	RELEASE_MANIFEST struct manifest manifest = make_manifest(12);
	char state_folder[PATH_SIZE];
	struct error err = {0};
	bool found;

	fixture_make_folder(folder);
	path_in(state_folder, folder, "r");
	assert_int_equal(mkdir(state_folder, 0755), 0);
	fixture_write_text(folder, "crl", CRL);
	CLOSE_FD int fd = open_in(folder, "crl");

	FINE(bundle_write(folder, &manifest, fd, span_of_text("cert"),
	    span_of_text(""), secrets, 2, NULL, bundle_path,
	    sizeof(bundle_path), &err));
	FINE(source_open(folder, &source, &err));
	FINE(bundle_load(&source, "r", 1000, &bundle, &found, &notices, &err));
	return found ? 0 : -1;
}

static int
leave(void **state)
{
	bundle_release(&bundle);
	return 0;
}

AROUND_EACH(enter, leave)

static void
save(void)
{
	static const uint32_t both[] = {0, 1};
	struct error err = {0};

	FINE(accepted_sealed_save(&config, "r", &bundle, both, COUNT_OF(both),
	    &err));
}

static void
load(const char *crl, struct note *note)
{
	uint8_t digest[SHA256_SIZE];
	struct error err = {0};

	FINE(sha256(span_of_text(crl), digest, &err));
	FINE(accepted_sealed_load(&config, "r", digest, note, &err));
}

static void
holds_nothing(const char *name, const char *crl)
{
	RELEASE_NOTE struct note note = {0};

	load(crl, &note);
	if (note.manifest.size > 0 || note.seal_count > 0)
		fail_msg("%s: want nothing, have a manifest", name);
}

TEST(it_comes_back)
{
	RELEASE_NOTE struct note note = {0};
	RELEASE_BUFFER struct buffer manifest = {0};

	holds_nothing("nothing was kept", CRL);
	save();
	load(CRL, &note);
	fixture_read(bundle_path, "bundle.json", &manifest);
	assert_true(span_equals(span_of_buffer(&note.manifest),
	    span_of_buffer(&manifest)));
	assert_int_equal(note.seal_count, 2);
	for (size_t i = 0; i < 2; i++) {
		char comment[MINISIGN_COMMENT_SIZE];
		bool is_by_one = minisign_verify(&secrets[0].public,
		    span_of_buffer(&note.manifest),
		    span_of_buffer(&note.seals[i]), comment, NULL) == ERR_OK;

		assert_true(is_by_one || minisign_verify(&secrets[1].public,
		    span_of_buffer(&note.manifest),
		    span_of_buffer(&note.seals[i]), comment, NULL) == ERR_OK);
	}
	holds_nothing("of another CRL", "another CRL");
}

/* The same again touches no byte; a bare CRL takes nothing away. */
TEST(equal_ones_are_left)
{
	struct stat before, after;
	char path[PATH_SIZE];

	save();
	path_in(path, folder, KEPT);
	assert_int_equal(stat(path, &before), 0);
	save();
	bundle.is_bare = true;
	save();
	bundle.is_bare = false;
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
	assert_int_equal(after.st_mode & 07777, 0644);
}

static const struct {
	const char *name;
	const char *edit;	/* of sed */
} damage[] = {
	{ "another type", "s/crlferry-accepted-bundle/x/" },
	{ "another version", "s/\"version\": 1$/\"version\": 2/" },
	{ "no seals", "s/\"seals\"/\"sails\"/" },
	{ "no manifest", "s/^  \"manifest\"/  \"manifold\"/" },
	{ "another root's file", "s/r[.]crl/s.crl/g" },
	{ "no JSON", "1d" },
};

TEST(damage_is_nothing)
{
	for (size_t i = 0; i < COUNT_OF(damage); i++) {
		save();
		fixture_run(folder, (const char *const[]){ "sed", "-i",
		    damage[i].edit, KEPT, NULL });
		holds_nothing(damage[i].name, CRL);
	}
	/* The next import mends it. */
	save();
	RELEASE_NOTE struct note note = {0};
	load(CRL, &note);
	assert_int_equal(note.seal_count, 2);
}
