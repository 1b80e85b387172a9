/* SPDX-License-Identifier: ISC */
/* Many revocations at once, and too little room for them. */
#include <signal.h>
#include <sys/resource.h>

#include "index_write_fixture.h"
#include "test.h"

AROUND_EACH(enter, NULL)

/* Lines of 10,000, in any order; every third is revoked, every fifth lost. */
TEST(many_are_found)
{
	const uint64_t count = 10000;
	RELEASE_BUFFER struct buffer before = {0}, after = {0};
	struct revocation *list = calloc(count, sizeof(*list));
	uint8_t (*octets)[9] = calloc(count, sizeof(*octets));
	size_t listed = 0, changed = 0, added = 0;
	struct index_written written;
	struct error err = {0};

	assert_non_null(list);
	assert_non_null(octets);
	for (uint64_t i = 0; i < count; i++) {
		const uint64_t k = shuffle(i, count);
		const bool is_listed = k % 3 == 0;

		if (k % 5 == 0)
			continue;
		FINE(buffer_appendf(&before, &err, V("%08llX",
		    "unknown\t/CN=%llu\n"), (unsigned long long)k,
		    (unsigned long long)k));
		FINE(buffer_appendf(&after, &err, is_listed ? R(",superseded",
		    "%08llX", "unknown\t/CN=%llu\n") : V("%08llX",
		    "unknown\t/CN=%llu\n"), (unsigned long long)k,
		    (unsigned long long)k));
		changed += is_listed;
	}
	for (uint64_t k = 0; k < count; k += 3) {
		const uint64_t any = count - 1 - k;

		list[listed++] = (struct revocation){
		    .serial = serial_of(any, octets[any]), .reason = 4,
		    .revoked_at_s = instant(NOW_TIME)};
		/* 9999 is a multiple of 3: so are all of them */
		assert_int_equal(any % 3, 0);
	}
	for (uint64_t k = 0; k < count; k += 15, added++) {
		char hex[17];

		snprintf(hex, sizeof(hex), k < 0x100 ? "%02llX" : "%04llX",
		    (unsigned long long)k);
		FINE(buffer_appendf(&after, &err, LOST(",superseded", "%s"),
		    hex));
	}
	fixture_write(folder, "index.txt", span_of_buffer(&before));
	FINE(index_revoke(path, list, listed, NULL, &written, &err));
	assert_int_equal(written.changed, changed);
	assert_int_equal(written.added, added);
	assert_file_equals(folder, "index.txt", span_of_buffer(&after));
	free(octets);
	free(list);
}

/* A disk that is full at any octet: the index is as it was. */
TEST(no_space_changes_nothing)
{
	static const struct part part[LIST_MAX] = {
		{ "01", "superseded", NULL }, { "03", "", NULL } };
	static const char before[] = V("01", REST) VALID("02");
	static const char after[] = R(",superseded", "01", REST) VALID("02")
	    LOST("", "03");
	struct rlimit limit;
	struct list list;

	build_list(part, &list);
	signal(SIGXFSZ, SIG_IGN);
	fixture_write_text(folder, "index.txt", before);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	for (rlim_t size = 0; size < sizeof(after) - 1; size++) {
		const struct rlimit small = {size, limit.rlim_max};
		struct index_written written;
		struct error err = {0};
		enum err code;

		assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
		code = index_revoke(path, list.items, list.count, NULL,
		    &written, &err);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
		assert_refusal("full", ERR_NO_SPACE, "index.txt", code, &err);
		assert_file_equals(folder, "index.txt", span_of_text(before));
		assert_no_temporaries("full", folder);
	}
	signal(SIGXFSZ, SIG_DFL);
}
