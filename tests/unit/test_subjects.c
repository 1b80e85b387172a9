/* SPDX-License-Identifier: ISC */
/* Whose certificate has a serial: the index says, else the configuration. */
#include "index_fixture.h"
#include "root/history/subjects.h"
#include "test.h"

static const uint8_t octets[] = {0x10, 0x00};
static const struct span serial = {octets, sizeof(octets)};
static struct config_signing signing = {.index = path};
static char root_file[PATH_SIZE], sub_file[PATH_SIZE];
static struct config_subordinate subordinates[] = {
	{ .name = "without-certificate" },
	{ .name = "issuing-1", .certificate = sub_file },
};
static const struct config_root root = {.name = "corp",
    .certificate = root_file, .subordinates = subordinates,
    .subordinate_count = COUNT_OF(subordinates), .signing = &signing};

static int
enter_with_certificates(void **state)
{
	enter(state);
	path_in(root_file, folder, "root.pem");
	path_in(sub_file, folder, "sub.pem");
	fixture_make_key(folder, "root", "p256");
	fixture_openssl(folder, "req -x509 -new -key root.key -subj /CN=Root "
	    "-days 30 -out root.pem");
	fixture_openssl(folder, "req -x509 -new -key root.key -CA root.pem "
	    "-CAkey root.key -set_serial 0x1000 -subj /CN=Issuing -days 30 "
	    "-out sub.pem");
	fixture_openssl(folder, "req -x509 -new -key root.key -set_serial "
	    "0x1000 -subj /CN=Other -days 30 -out other.pem");
	return 0;
}

AROUND_EACH(enter_with_certificates, NULL)

static void
assert_subject(const char *index, const char *want)
{
	char have[SUBJECT_SIZE] = "left", beside[SUBJECT_SIZE] = "left";
	char want_beside[SUBJECT_SIZE + 4] = "";

	fixture_write_text(folder, "index.txt", index);
	subject_find(&root, serial, have);
	assert_string_equal(have, want);
	subject_beside(&root, serial, beside);
	if (want[0] != '\0')
		snprintf(want_beside, sizeof(want_beside), " (%s)", want);
	assert_string_equal(beside, want_beside);
}

#define LINE(serial, subject) \
	"V\t" END "\t\t" serial "\tunknown\t" subject "\n"

TEST(the_index_comes_first)
{
	assert_subject(LINE("1000", "/CN=Mail Gateway"), "CN=Mail Gateway");
}

TEST(the_configuration_knows_its_subordinates)
{
	assert_subject("", "issuing-1 (CN=Issuing)");
	assert_subject(LINE("1001", "/CN=x"), "issuing-1 (CN=Issuing)");
	assert_subject(LINE("1000", "/CN=unknown"),
	    "issuing-1 (CN=Issuing)");
	/* An index that is damaged is no error here. */
	assert_subject("damaged", "issuing-1 (CN=Issuing)");
	assert_int_equal(unlink(path), 0);
}

TEST(what_cannot_be_read_is_not_known)
{
	fixture_write_text(folder, "sub.pem", "damaged");
	assert_subject("", "");
	assert_int_equal(unlink(sub_file), 0);
	assert_subject("", "");
}

/* The same serial, of another CA. */
TEST(another_issuers_certificate_names_nobody)
{
	RELEASE_BUFFER struct buffer other = {0};

	fixture_read(folder, "other.pem", &other);
	fixture_write(folder, "sub.pem", span_of_buffer(&other));
	assert_subject("", "");
}
