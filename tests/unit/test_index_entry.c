/* SPDX-License-Identifier: ISC */
/* One serial looked up in an index. */
#include "index_write_fixture.h"
#include "test.h"

AROUND_EACH(enter, NULL)

TEST(entries_are_found)
{
	static const char text[] = "# one\n" V("FF", "f\t/CN=a\\\tb\r\n")
	    R(",holdInstruction,holdInstructionReject", "02", REST)
	    VALID("05") VALID("05");
	static const uint8_t ff[] = {0, 0xff}, two = 2, three = 3, five = 5;
	static const uint8_t reject[] = {0x2a, 0x86, 0x48, 0xce, 0x38, 2, 3};
	struct index_entry entry = {0};
	struct error err = {0};
	bool found;

	fixture_write_text(folder, "index.txt", text);
	FINE(index_entry_find(path, (struct span){ff, 2}, &found, &entry,
	    &err));
	assert_true(found);
	assert_int_equal(entry.line, 2);
	assert_int_equal(entry.status, 'V');
	assert_int_equal(entry.not_after_s, instant("2036-12-31T23:59:59Z"));
	assert_true(span_equals(span_of_buffer(&entry.subject),
	    span_of_text("/CN=a\\\tb")));
	index_entry_release(&entry);
	FINE(index_entry_find(path, (struct span){&two, 1}, &found, &entry,
	    &err));
	assert_true(found);
	assert_int_equal(entry.status, 'R');
	assert_int_equal(entry.revocation.reason, 6);
	assert_int_equal(entry.revocation.revoked_at_s, instant(NOW_TIME));
	assert_true(span_equals(entry.revocation.hold,
	    (struct span){reject, sizeof(reject)}));
	assert_ptr_equal(entry.revocation.hold.data, entry.hold);
	index_entry_release(&entry);
	FINE(index_entry_find(path, (struct span){&three, 1}, &found, &entry,
	    &err));
	assert_false(found);
	assert_refusal("5", ERR_FORMAT, "index.txt:5: the serial is that of "
	    "line 4 again", index_entry_find(path,
	    (struct span){&five, 1}, &found, &entry, &err), &err);
	index_entry_release(&entry);
}
