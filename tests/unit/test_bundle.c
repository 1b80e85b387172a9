/* SPDX-License-Identifier: ISC */
/* What is written to a medium is what is loaded from it. */
#include <sys/stat.h>

#include "bundle_fixture.h"
#include "own_folder_fixture.h"
#include "pki/pem.h"
#include "test.h"

AROUND_EACH(make_own_folder, NULL)

#define CHUNK (48 * 4096)	/* octets of a piece, ends with a PEM line */
#define CRL_MAX (1024 * 1024)
#define CERT "the certificate"

static struct minisign_secret secrets[3];
static uint8_t octets[3 * CHUNK];

static int
set_up(void **state)
{
	if (secret_start(NULL) != ERR_OK)
		return -1;
	for (size_t i = 0; i < COUNT_OF(secrets); i++)
		make_secret(&secrets[i]);
	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)(i * 31 + i / 251);
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

/* The bundle of this number, its CRL being the first octets there are. */
static void
write_bundle(uint64_t number, size_t crl_size, size_t seals,
    char path[PATH_SIZE])
{
	RELEASE_MANIFEST struct manifest manifest = make_manifest(number);
	struct error err = {0};
	CLOSE_FD int fd = -1;

	fixture_write(folder, "crl", (struct span){ octets, crl_size });
	fd = open_in(folder, "crl");
	FINE(bundle_write(folder, &manifest, fd, span_of_text(CERT),
	    span_of_text(""), secrets, seals, NULL, path, PATH_SIZE, &err));
	assert_int_equal(manifest.file_count, 4);
	assert_no_temporaries("bundle", path);
}

/* The highest bundle of root r at a path; false where there is none. */
static bool
load(const char *path, struct bundle *out, struct notices *notices)
{
	RELEASE_SOURCE struct source source = { .fd = -1 };
	struct error err = {0};
	bool found = false;

	assert_fine(path, source_open(path, &source, &err), &err);
	assert_fine(path, bundle_load(&source, "r", CRL_MAX, out, &found,
	    notices, &err), &err);
	return found;
}

static void
assert_member(const char *name, const struct bundle_member *member,
    struct span want)
{
	/* Read twice: where it stands does not matter. */
	for (int i = 0; i < 2; i++) {
		RELEASE_BUFFER struct buffer have = {0};
		struct error err = {0};

		assert_fine(name, bundle_member_read(member, &have, &err),
		    &err);
		if (!span_equals(span_of_buffer(&have), want))
			fail_msg("%s: want %zu octets, have %zu others",
			    name, want.size, have.size);
	}
}

/* Sizes around the ends of PEM lines and of pieces. */
static const size_t sizes[] = {
	1, 47, 48, 49, 1000, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 48,
};

TEST(both_forms_are_the_same_crl)
{
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		const struct span der = { octets, sizes[i] };
		RELEASE_BUFFER struct buffer pem = {0};
		struct error err = {0};
		char path[PATH_SIZE];

		write_bundle(12, sizes[i], 1, path);
		FINE(pem_encode(PEM_CRL, der, &pem, &err));
		assert_file_equals(path, "r.crl", der);
		assert_file_equals(path, "r.crl.pem", span_of_buffer(&pem));
		assert_file_equals(path, "r.crt", span_of_text(CERT));
	}
}

TEST(everything_is_loaded_back)
{
	RELEASE_NOTICES struct notices notices = {0};
	RELEASE_BUNDLE struct bundle bundle;
	char path[PATH_SIZE], want[PATH_SIZE];

	write_bundle(12, 1000, 3, path);
	path_in(want, folder, "crlferry/r/000012");
	assert_string_equal(path, want);
	assert_int_equal(count_entries(path, ""), BUNDLE_PART_COUNT + 3);
	assert_true(load(folder, &bundle, &notices));
	assert_string_equal(bundle.path, want);
	assert_false(bundle.is_bare);
	assert_int_equal(notices.lines.size, 0);
	for (int part = 0; part < BUNDLE_PART_COUNT; part++) {
		const struct bundle_member *member = &bundle.parts[part];
		RELEASE_BUFFER struct buffer file = {0};
		char name[MANIFEST_NAME_SIZE];

		bundle_part_name((enum bundle_part)part, "r", name);
		assert_string_equal(member->name, name);
		fixture_read(path, name, &file);
		assert_int_equal(member->size_bytes, file.size);
		assert_member(name, member, span_of_buffer(&file));
	}
	assert_int_equal(bundle.seal_count, 3);
	for (size_t i = 0; i < bundle.seal_count; i++) {
		RELEASE_BUFFER struct buffer file = {0};

		fixture_read(path, bundle.seals[i].name, &file);
		assert_member("seal", &bundle.seals[i],
		    span_of_buffer(&file));
	}
}

/* What was read can change no more, on the medium or in memory. */
TEST(what_was_loaded_stays)
{
	RELEASE_NOTICES struct notices notices = {0};
	RELEASE_BUNDLE struct bundle bundle;
	const int want = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE |
	    F_SEAL_SEAL;
	char path[PATH_SIZE];

	write_bundle(12, 1000, 1, path);
	assert_true(load(folder, &bundle, &notices));
	fixture_write_text(path, "r.crl", "exchanged");
	assert_member("crl", &bundle.parts[BUNDLE_CRL],
	    (struct span){ octets, 1000 });
	for (int part = 0; part < BUNDLE_PART_COUNT; part++) {
		int fd = bundle.parts[part].fd;

		assert_int_equal(fcntl(fd, F_GET_SEALS) & want, want);
		assert_int_equal(write(fd, "x", 1), -1);
		assert_int_equal(ftruncate(fd, 0), -1);
	}
}

/* The manifest and SHA256SUMS against sha256sum, the seals by minisign. */
TEST(other_programs_agree)
{
	RELEASE_BUFFER struct buffer json = {0};
	RELEASE_MANIFEST struct manifest manifest = {0};
	struct error err = {0};
	char path[PATH_SIZE], key[MINISIGN_PUBLIC_LINE_SIZE];

	write_bundle(12, 1000, 2, path);
	fixture_run(path, (const char *const[]){ "sha256sum", "--strict",
	    "-c", "SHA256SUMS", NULL });
	fixture_read(path, "bundle.json", &json);
	FINE(manifest_parse(span_of_buffer(&json), &manifest, &err));
	assert_int_equal(manifest.file_count, 4);
	for (size_t i = 0; i < manifest.file_count; i++) {
		const struct manifest_file *file = &manifest.files[i];
		RELEASE_BUFFER struct buffer octets_of = {0};
		uint8_t digest[SHA256_SIZE];

		fixture_read(path, file->name, &octets_of);
		assert_int_equal(file->size_bytes, octets_of.size);
		FINE(sha256(span_of_buffer(&octets_of), digest, &err));
		assert_memory_equal(file->sha256, digest, sizeof(digest));
	}
	for (size_t i = 0; i < 2; i++) {
		char id[MINISIGN_KEY_ID_HEX_SIZE], seal[PATH_SIZE];

		minisign_key_id_text(secrets[i].public.key_id, id);
		for (char *c = id; *c != '\0'; c++)
			*c = (char)(*c >= 'A' ? *c - 'A' + 'a' : *c);
		snprintf(seal, sizeof(seal), "bundle.json.%s.minisig", id);
		minisign_public_line(&secrets[i].public, key);
		fixture_run(path, (const char *const[]){ "minisign", "-V",
		    "-P", key, "-m", "bundle.json", "-x", seal, NULL });
	}
}

struct made {
	uint64_t number;
	size_t seals;
};

static const struct {
	const char *name;
	struct made made[3];		/* number 0 ends them */
	const char *folders[4];		/* others, below crlferry/r */
	const char *want;		/* NULL: there is none */
	const char *notice;
} highest[] = {
	{ "nothing", { { 0 } }, { NULL }, NULL, NULL },
	{ "one", { { 7, 1 } }, { NULL }, "000007", NULL },
	{ "the higher of two", { { 9, 1 }, { 10, 1 } }, { NULL }, "000010",
	    NULL },
	{ "by value, not by letters", { { 999999, 1 }, { 1000000, 1 },
	    { 2, 1 } }, { NULL }, "1000000", NULL },
	{ "without a seal it is none", { { 7, 1 }, { 8, 0 } }, { NULL },
	    "000007", "000008: has no seal" },
	{ "two without", { { 7, 1 }, { 8, 0 }, { 9, 0 } }, { NULL },
	    "000007", "000009: has no seal" },
	{ "none has one", { { 7, 0 } }, { NULL }, NULL,
	    "000007: has no seal" },
	{ "an empty folder", { { 7, 1 } }, { "000008" }, "000007",
	    "000008: has no seal" },
	{ "names that are no number", { { 7, 1 } }, { "latest", "000008x",
	    "-00008", "+00008" }, "000007", NULL },
	{ "numbers spelt otherwise", { { 7, 1 } }, { "8", "0000008", "00009",
	    "01000000" }, "000007", NULL },
	{ "numbers that are too long", { { 7, 1 } }, { "99999999999999999999"
	    "999999999999999999999999999999" }, "000007", NULL },
};

TEST(the_highest_complete_one_is_loaded)
{
	for (size_t i = 0; i < COUNT_OF(highest); i++) {
		RELEASE_NOTICES struct notices notices = {0};
		RELEASE_BUNDLE struct bundle bundle;
		char path[PATH_SIZE];
		bool found;

		fixture_remove_folder(folder);
		path_in(path, folder, "crlferry/r");
		assert_int_equal(file_make_folder(path, 0755, NULL), ERR_OK);
		for (size_t k = 0; k < COUNT_OF(highest[i].made) &&
		    highest[i].made[k].number > 0; k++)
			write_bundle(highest[i].made[k].number, 100,
			    highest[i].made[k].seals, path);
		path_in(path, folder, "crlferry/r");
		for (size_t k = 0; k < COUNT_OF(highest[i].folders) &&
		    highest[i].folders[k] != NULL; k++) {
			char more[2 * PATH_SIZE];

			snprintf(more, sizeof(more), "%s/%s", path,
			    highest[i].folders[k]);
			assert_int_equal(mkdir(more, 0755), 0);
		}
		found = load(folder, &bundle, &notices);
		if (found != (highest[i].want != NULL))
			fail_msg("%s: found is %d", highest[i].name, found);
		if (found)
			assert_string_equal(strrchr(bundle.path, '/') + 1,
			    highest[i].want);
		if (highest[i].notice == NULL)
			assert_int_equal(notices.lines.size, 0);
		else
			assert_true(span_contains(span_of_buffer(
			    &notices.lines), highest[i].notice));
	}
}

/* Its seals go first: until the new ones are there it is no bundle. */
TEST(a_second_export_replaces_the_first)
{
	RELEASE_NOTICES struct notices notices = {0};
	RELEASE_MANIFEST struct manifest manifest = make_manifest(12);
	struct bundle bundle;
	struct error err = {0};
	char path[PATH_SIZE];
	CLOSE_FD int fd = -1;

	write_bundle(12, 1000, 3, path);
	write_bundle(12, 900, 1, path);
	assert_int_equal(count_entries(path, ".minisig"), 1);
	assert_true(load(folder, &bundle, &notices));
	assert_member("crl", &bundle.parts[BUNDLE_CRL],
	    (struct span){ octets, 900 });
	bundle_release(&bundle);
	/* Interrupted, here by a CRL that cannot be read. */
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_not_equal(bundle_write(folder, &manifest, fd,
	    span_of_text(CERT), span_of_text(""), secrets, 1, NULL, path,
	    PATH_SIZE, &err),
	    ERR_OK);
	assert_true(err.what[0] != '\0');
	assert_int_equal(count_entries(path, ".minisig"), 0);
	assert_no_temporaries("interrupted", path);
	assert_false(load(folder, &bundle, &notices));
	assert_true(notices.lines.size > 0);
	bundle_release(&bundle);
}

TEST(every_kind_of_source_is_known)
{
	RELEASE_NOTICES struct notices notices = {0};
	struct bundle bundle;
	char path[PATH_SIZE], file[PATH_SIZE];

	write_bundle(12, 1000, 1, path);
	assert_true(load(path, &bundle, &notices));
	assert_string_equal(bundle.path, path);
	assert_int_equal(bundle.seal_count, 1);
	bundle_release(&bundle);
	path_in(file, path, "r.crl");
	assert_true(load(file, &bundle, &notices));
	assert_true(bundle.is_bare);
	assert_string_equal(bundle.path, file);
	assert_int_equal(bundle.seal_count, 0);
	assert_int_equal(bundle.parts[BUNDLE_MANIFEST].fd, -1);
	assert_member("bare", &bundle.parts[BUNDLE_CRL],
	    (struct span){ octets, 1000 });
	bundle_release(&bundle);
	/* A medium that is not of ours. */
	path_in(path, folder, "empty");
	assert_int_equal(mkdir(path, 0755), 0);
	assert_false(load(path, &bundle, &notices));
	bundle_release(&bundle);
}

TEST(the_longest_names_fit_into_a_path)
{
	static const char name[] = "a23456789012345678901234567890-2";
	static const char digits[] =
	    "730750818665451459101842416358141509827966271487";
	char path[BUNDLE_PATH_SIZE], want[sizeof(path)];
	struct number number;

	assert_true(number_from_decimal(digits, &number));
	snprintf(want, sizeof(want), "crlferry/%s/%s", name, digits);
	bundle_folder(name, &number, path);
	assert_string_equal(path, want);
	assert_non_null(strstr(path, digits));
}

TEST(another_roots_bundle_is_not_ours)
{
	RELEASE_NOTICES struct notices notices = {0};
	RELEASE_SOURCE struct source source = { .fd = -1 };
	struct bundle bundle;
	struct error err = {0};
	char path[PATH_SIZE];
	bool found = true;

	write_bundle(12, 1000, 1, path);
	for (int i = 0; i < 2; i++) {
		FINE(source_open(i == 0 ? folder : path, &source, &err));
		FINE(bundle_load(&source, "s", CRL_MAX, &bundle, &found,
		    &notices, &err));
		assert_false(found);
		bundle_release(&bundle);
		source_release(&source);
	}
}
