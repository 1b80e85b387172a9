/* SPDX-License-Identifier: ISC */
/* Lines of index.txt, as `openssl ca` writes and reads them. */
#include <fcntl.h>

#include "instant.h"
#include "ca/index_line.h"
#include "rooms_fixture.h"
#include "test.h"

#define END "361231235959Z"
#define END_S "2036-12-31T23:59:59Z"
#define DATE "260102030405Z"
#define DATE_S "2026-01-02T03:04:05Z"
#define REST "\tunknown\t/CN=x"
#define R_WITH(revoked) "R\t" END "\t" revoked "\t0A" REST

static const struct {
	const char *name;
	const char *text;
	char status;
	const char *serial;		/* hex of the content octets */
	const char *not_after;		/* NULL: END_S */
	const char *revoked_at;		/* NULL: none */
	int32_t reason;
	const char *invalidity;		/* NULL: none */
	const char *hold;		/* hex, NULL: none */
} good[] = {
	{ "valid", "V\t" END "\t\t01" REST, 'V', "01", NULL, NULL, -1, NULL,
	    NULL },
	{ "expired", "E\t200101000000Z\t\t01" REST, 'E', "01",
	    "2020-01-01T00:00:00Z", NULL, -1, NULL, NULL },
	{ "revoked", R_WITH(DATE), 'R', "0a", NULL, DATE_S, -1, NULL, NULL },
	{ "a CR", R_WITH(DATE) "\r", 'R', "0a", NULL, DATE_S, -1, NULL,
	    NULL },
	{ "an empty file and subject", "V\t" END "\t\t01\t\t", 'V', "01",
	    NULL, NULL, -1, NULL, NULL },
	{ "a tab escaped in the subject", "V\t" END "\t\t01\tunknown\t"
	    "/CN=a\\\tb", 'V', "01", NULL, NULL, -1, NULL, NULL },
	{ "a backslash escaped in front of a tab, as OpenSSL sees it",
	    "V\t" END "\t\t01\tunk\\\\\tnown\t/CN=x", 'V', "01", NULL, NULL,
	    -1, NULL, NULL },
	{ "the last UTCTime", "V\t491231235959Z\t\t01" REST, 'V', "01",
	    "2049-12-31T23:59:59Z", NULL, -1, NULL, NULL },
	{ "the first UTCTime", "V\t500101000000Z\t\t01" REST, 'V', "01",
	    "1950-01-01T00:00:00Z", NULL, -1, NULL, NULL },
	{ "GeneralizedTime", "R\t20500101000000Z\t20500101000001Z\t01" REST,
	    'R', "01", "2050-01-01T00:00:00Z", "2050-01-01T00:00:01Z", -1,
	    NULL, NULL },
	{ "the last day", "V\t99991231235959Z\t\t01" REST, 'V', "01",
	    "9999-12-31T23:59:59Z", NULL, -1, NULL, NULL },

	{ "serial with its top bit set", "V\t" END "\t\tFF" REST, 'V',
	    "00ff", NULL, NULL, -1, NULL, NULL },
	{ "serial in lower case", "V\t" END "\t\tdeadbeef" REST, 'V',
	    "00deadbeef", NULL, NULL, -1, NULL, NULL },
	{ "serial of both cases", "V\t" END "\t\t7aBc" REST, 'V', "7abc",
	    NULL, NULL, -1, NULL, NULL },
	{ "serial with zeros in front", "V\t" END "\t\t00000001" REST, 'V',
	    "01", NULL, NULL, -1, NULL, NULL },
	{ "serial with one zero that counts", "V\t" END "\t\t000080" REST,
	    'V', "0080", NULL, NULL, -1, NULL, NULL },
	{ "serial of two zeros, and a sign", "V\t" END "\t\t-0000" REST, 'V',
	    "00", NULL, NULL, -1, NULL, NULL },
	{ "serial -1", "V\t" END "\t\t-01" REST, 'V', "ff", NULL, NULL, -1,
	    NULL, NULL },
	{ "serial -128", "V\t" END "\t\t-80" REST, 'V', "80", NULL, NULL,
	    -1, NULL, NULL },
	{ "serial -129", "V\t" END "\t\t-0081" REST, 'V', "ff7f", NULL,
	    NULL, -1, NULL, NULL },
	{ "serial -255", "V\t" END "\t\t-FF" REST, 'V', "ff01", NULL, NULL,
	    -1, NULL, NULL },
	{ "serial -256", "E\t" END "\t\t-0100" REST, 'E', "ff00", NULL,
	    NULL, -1, NULL, NULL },
	{ "serial -32768", "R\t" END "\t" DATE "\t-8000" REST, 'R', "8000",
	    NULL, DATE_S, -1, NULL, NULL },
	{ "serial in openssl's line", "R\t" END "\t" DATE ",superseded\t"
	    "-17FEFE" REST, 'R', "e80102", NULL, DATE_S, 4, NULL, NULL },
	{ "serial 0", "V\t" END "\t\t00" REST, 'V', "00", NULL, NULL, -1,
	    NULL, NULL },
	{ "serial of 20 octets", "V\t" END
	    "\t\t7F000000000000000000000000000000000000FF" REST, 'V',
	    "7f000000000000000000000000000000000000ff", NULL, NULL, -1, NULL,
	    NULL },

	{ "an empty reason", R_WITH(DATE ","), 'R', "0a", NULL, DATE_S, -1,
	    NULL, NULL },
	{ "unspecified", R_WITH(DATE ",unspecified"), 'R', "0a", NULL,
	    DATE_S, -1, NULL, NULL },
	{ "keyCompromise", R_WITH(DATE ",keyCompromise"), 'R', "0a", NULL,
	    DATE_S, 1, NULL, NULL },
	{ "CACompromise", R_WITH(DATE ",CACompromise"), 'R', "0a", NULL,
	    DATE_S, 2, NULL, NULL },
	{ "affiliationChanged", R_WITH(DATE ",affiliationChanged"), 'R',
	    "0a", NULL, DATE_S, 3, NULL, NULL },
	{ "superseded", R_WITH(DATE ",superseded"), 'R', "0a", NULL, DATE_S,
	    4, NULL, NULL },
	{ "cessationOfOperation", R_WITH(DATE ",cessationOfOperation"), 'R',
	    "0a", NULL, DATE_S, 5, NULL, NULL },
	{ "certificateHold", R_WITH(DATE ",certificateHold"), 'R', "0a",
	    NULL, DATE_S, 6, NULL, NULL },
	{ "in other letters", R_WITH(DATE ",KEYcompromise"), 'R', "0a", NULL,
	    DATE_S, 1, NULL, NULL },
	{ "holdInstruction by name", R_WITH(DATE
	    ",holdInstruction,holdInstructionReject"), 'R', "0a", NULL,
	    DATE_S, 6, NULL, "2a8648ce380203" },
	{ "holdInstruction by number", R_WITH(DATE
	    ",holdInstruction,1.2.840.10040.2.2"), 'R', "0a", NULL, DATE_S,
	    6, NULL, "2a8648ce380202" },
	{ "keyTime", R_WITH(DATE ",keyTime,20251231235959Z"), 'R', "0a",
	    NULL, DATE_S, 1, "2025-12-31T23:59:59Z", NULL },
	{ "CAkeyTime", R_WITH(DATE ",CAkeyTime,20251231235959Z"), 'R', "0a",
	    NULL, DATE_S, 2, "2025-12-31T23:59:59Z", NULL },
};

static void
assert_same(const char *name, const char *what, struct span have,
    const char *want)
{
	char hex[2 * SERIAL_OCTETS_MAX + 1];

	hex_encode(have, hex, sizeof(hex));
	if (strcmp(hex, want == NULL ? "" : want) != 0)
		fail_msg("%s: %s: want %s, have %s", name, what, want, hex);
}

TEST(good_lines_are_read)
{
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		const char *name = good[i].name;
		struct index_line line = {0};
		struct error err = {0};

		assert_fine(name, index_line_parse(span_of_text(good[i].text),
		    &line, &err), &err);
		assert_int_equal(line.status, good[i].status);
		assert_int_equal(line.not_after_s, instant(
		    good[i].not_after == NULL ? END_S : good[i].not_after));
		assert_same(name, "serial", (struct span){ line.serial,
		    line.serial_size }, good[i].serial);
		if (line.revocation.reason != good[i].reason)
			fail_msg("%s: want reason %d, have %d", name,
			    good[i].reason, line.revocation.reason);
		if (good[i].revoked_at != NULL)
			assert_int_equal(line.revocation.revoked_at_s,
			    instant(good[i].revoked_at));
		assert_int_equal(line.revocation.has_invalidity,
		    good[i].invalidity != NULL);
		if (good[i].invalidity != NULL)
			assert_int_equal(line.revocation.invalidity_s,
			    instant(good[i].invalidity));
		assert_same(name, "hold", line.revocation.hold,
		    good[i].hold);
	}
}

#define OCTETS_63 "7F" "00000000000000000000000000000000" \
	"00000000000000000000000000000000" "00000000000000000000000000000000" \
	"0000000000000000000000000000"

static const struct {
	const char *name;
	const char *text;
	const char *says;
} bad[] = {
	{ "nothing", "", "6 fields" },
	{ "a CR alone", "\r", "6 fields" },
	{ "blanks for tabs", "V " END "  01 unknown /CN=x", "6 fields" },
	{ "five fields", "V\t" END "\t\t01\tunknown", "6 fields" },
	{ "seven fields", "V\t" END "\t\t01\tunknown\t/CN=x\t", "6 fields" },
	{ "an escaped tab too many", "V\t" END "\t\t01\tunknown\\\t/CN=x",
	    "6 fields" },
	{ "an unknown status", "X\t" END "\t\t01" REST, "status" },
	{ "status in lower case", "r\t" END "\t" DATE "\t01" REST,
	    "status" },
	{ "status of two letters", "VV\t" END "\t\t01" REST, "status" },
	{ "no status", "\t" END "\t\t01" REST, "status" },
	{ "no expiry", "V\t\t\t01" REST, "expiry" },
	{ "an expiry that is none", "V\t361331235959Z\t\t01" REST,
	    "expiry" },
	{ "an expiry without seconds", "V\t3612312359Z\t\t01" REST,
	    "expiry" },
	{ "an expiry with an offset", "V\t361231235959+0000\t\t01" REST,
	    "expiry" },
	{ "29 February of no leap year", "V\t270229000000Z\t\t01" REST,
	    "expiry" },
	{ "no serial", "V\t" END "\t\t" REST, "serial" },
	{ "a serial of one digit", "V\t" END "\t\t1" REST, "serial" },
	{ "an odd serial", "V\t" END "\t\t123" REST, "serial" },
	{ "a sign alone", "V\t" END "\t\t-" REST, "serial" },
	{ "a sign and one digit", "V\t" END "\t\t-1" REST, "even number" },
	{ "two signs", "V\t" END "\t\t--01" REST, "even number" },
	{ "another sign", "V\t" END "\t\t+01" REST, "even number" },
	{ "a serial that is no hex", "V\t" END "\t\t0G" REST, "serial" },
	{ "a serial with a blank", "V\t" END "\t\t01 " REST, "serial" },
	{ "a serial of 64 octets", "V\t" END "\t\t" OCTETS_63 "00" REST,
	    "has 64 octets, and 63 at most are read" },
	{ "a negative serial of 64 octets", "V\t" END "\t\t-" OCTETS_63
	    "00" REST, "has 64 octets, and 63 at most are read" },
	{ "valid, with a revocation date", "V\t" END "\t" DATE "\t01" REST,
	    "status V" },
	{ "expired, with a revocation date", "E\t" END "\t" DATE "\t01"
	    REST, "status E" },
	{ "revoked, without a date", R_WITH(""), "revocation date" },
	{ "revoked, with a reason alone", R_WITH(",keyCompromise"),
	    "revocation date" },
	{ "revoked at no time", R_WITH("260102030460Z"),
	    "revocation date" },
	{ "an unknown reason", R_WITH(DATE ",boredom"), "boredom" },
	{ "half a reason", R_WITH(DATE ",keyComp"), "keyComp" },
	{ "a reason and a blank", R_WITH(DATE ",superseded "), "reason" },
	{ "a reason as number", R_WITH(DATE ",1"), "reason" },
	{ "removeFromCRL", R_WITH(DATE ",removeFromCRL"),
	    "removeFromCRL" },
	{ "privilegeWithdrawn", R_WITH(DATE ",privilegeWithdrawn"),
	    "privilegeWithdrawn" },
	{ "AACompromise", R_WITH(DATE ",AACompromise"), "AACompromise" },
	{ "an argument too many", R_WITH(DATE ",keyCompromise,x"),
	    "no argument" },
	{ "keyTime without its time", R_WITH(DATE ",keyTime"),
	    "YYYYMMDDHHMMSSZ" },
	{ "keyTime with a UTCTime", R_WITH(DATE ",keyTime," DATE),
	    "YYYYMMDDHHMMSSZ" },
	{ "CAkeyTime with half a time", R_WITH(DATE ",CAkeyTime,20251231"),
	    "YYYYMMDDHHMMSSZ" },
	{ "holdInstruction without its name", R_WITH(DATE
	    ",holdInstruction"), "an OID" },
	{ "holdInstruction by an unknown name", R_WITH(DATE
	    ",holdInstruction,none such"), "an OID" },
	{ "holdInstruction by half a number", R_WITH(DATE
	    ",holdInstruction,1"), "an OID" },
};

TEST(bad_lines_are_refused)
{
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct index_line line = {0};
		struct error err = {0};

		assert_refusal(bad[i].name, ERR_FORMAT, bad[i].says,
		    index_line_parse(span_of_text(bad[i].text), &line, &err),
		    &err);
	}
}

TEST(the_longest_serial_fits)
{
	static const char *const texts[] = {
		"V\t" END "\t\t" OCTETS_63 REST,
		"V\t" END "\t\tFF" OCTETS_63 REST,
	};
	struct index_line line = {0};
	struct error err = {0};

	FINE(index_line_parse(span_of_text(texts[0]), &line, &err));
	assert_int_equal(line.serial_size, 63);
	assert_refusal("64 octets", ERR_FORMAT, "serial",
	    index_line_parse(span_of_text(texts[1]), &line, &err), &err);
}

/* Lines of memory; each refusal names its place. */
TEST(lines_are_counted)
{
	static const char text[] = "# a comment\n#\n"
	    "V\t" END "\t\t01" REST "\r\n"
	    "# another\tone\n"
	    "V\t" END "\t\t02" REST "\n"
	    "V\t" END "\t\t3" REST "\n";
	struct index_lines lines = { .path = "i.txt" };
	struct index_line line;
	struct error err = {0};
	bool has_line = false;

	window_init_memory(&lines.window, span_of_text(text));
	FINE(index_lines_next(&lines, &line, &has_line, &err));
	assert_true(has_line);
	assert_int_equal(line.serial[0], 1);
	FINE(index_lines_next(&lines, &line, &has_line, &err));
	assert_true(has_line);
	assert_int_equal(line.serial[0], 2);
	assert_refusal("3", ERR_FORMAT, "i.txt:6: serial",
	    index_lines_next(&lines, &line, &has_line, &err), &err);
}

#define HASHES_10 "##########"
#define HASHES_100 HASHES_10 HASHES_10 HASHES_10 HASHES_10 HASHES_10 \
    HASHES_10 HASHES_10 HASHES_10 HASHES_10 HASHES_10
#define HASHES_510 HASHES_100 HASHES_100 HASHES_100 HASHES_100 HASHES_100 \
    HASHES_10
#define OCTETS(text) text, sizeof(text) - 1

static const struct {
	const char *name;
	const char *text;
	size_t size;
	const char *says;	/* NULL: no line, and no error */
} ends[] = {
	{ "nothing", OCTETS(""), NULL },
	{ "a comment", OCTETS("# x\n"), NULL },
	{ "the longest comment", OCTETS(HASHES_510 "\n"), NULL },
	{ "a longer one", OCTETS("#\n" HASHES_510 "#\n"),
	    "i.txt:2: the comment has 511 octets" },
	{ "a longer one with CR", OCTETS(HASHES_510 "\r\n"),
	    "i.txt:1: the comment has 511 octets" },
	{ "a comment of a line", OCTETS(HASHES_510 "#V\t" END "\t\t01" REST
	    "\n"), "i.txt:1: the comment has " },
	{ "a NUL in a comment", OCTETS("# \0\n"), NULL },
	{ "a comment without its end", OCTETS("# x"),
	    "i.txt:1: the last line has no end" },
	{ "an empty line", OCTETS("\n"),
	    "i.txt:1: the line does not have 6 fields" },
	{ "a mark of UTF-8", OCTETS("\xef\xbb\xbfV\t" END "\t\t01" REST
	    "\n"), "i.txt:1: the file begins with a UTF-8 byte order mark" },
	{ "a mark of UTF-8 and a comment", OCTETS("\xef\xbb\xbf# x\n"),
	    "i.txt:1: the file begins with a UTF-8 byte order mark" },
	{ "a mark of UTF-8 alone", OCTETS("\xef\xbb\xbf"),
	    "i.txt:1: the file begins with a UTF-8 byte order mark" },
	{ "UTF-16", OCTETS("\xff\xfeV\0\t\0"), "i.txt:1: the file is "
	    "UTF-16" },
	{ "UTF-16, the other way", OCTETS("\xfe\xff\0V\0\t"),
	    "i.txt:1: the file is UTF-16" },
	{ "UTF-16LE without a mark", OCTETS("V\0\t\0"),
	    "i.txt:1: the file is UTF-16" },
	{ "UTF-16BE without a mark", OCTETS("\0V\0\t"),
	    "i.txt:1: the file is UTF-16" },
	{ "CR alone", OCTETS("# x\r# y\r"),
	    "i.txt:1: the lines end with CR alone" },
	{ "Ctrl-Z", OCTETS("# x\n\x1a"), "i.txt:2: the line is a Ctrl-Z" },
	{ "a blank in front of a comment", OCTETS(" # x\n"),
	    "i.txt:1: the line does not have 6 fields" },
	{ "a line without its end", OCTETS("V\t" END "\t\t01" REST),
	    "i.txt:1: the last line has no end: it was cut off" },
	{ "a NUL in front", OCTETS("\0V\t" END "\t\t01" REST "\n"),
	    "i.txt:1: the line has a NUL octet" },
	{ "a NUL within", OCTETS("V\t" END "\t\t01\tun\0nown\t/CN=x\n"),
	    "i.txt:1: the line has a NUL octet" },
};

TEST(files_end_well_or_are_refused)
{
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		struct index_lines lines = { .path = "i.txt" };
		struct index_line line;
		struct error err = {0};
		bool has_line = true;
		enum err code;

		window_init_memory(&lines.window, (struct span){
		    (const uint8_t *)ends[i].text, ends[i].size });
		code = index_lines_next(&lines, &line, &has_line, &err);
		if (ends[i].says != NULL) {
			assert_refusal(ends[i].name, ERR_FORMAT, ends[i].says,
			    code, &err);
			continue;
		}
		assert_fine(ends[i].name, code, &err);
		assert_false(has_line);
	}
}

/* A line as long as the window is the longest, wherever it begins. */
TEST(long_lines_have_a_limit)
{
	static const char head[] = "V\t" END "\t\t02\tunknown\t/CN=";
	static const char first[] = "V\t" END "\t\t01" REST "\n";

	for (size_t more = 0; more < 3; more++) {
		RELEASE_BUFFER struct buffer text = {0};
		const size_t size = WINDOW_SIZE - 1 + more;
		char folder[FIXTURE_PATH_SIZE], path[PATH_SIZE];
		struct index_lines lines = { .path = "i.txt" };
		struct index_line line;
		struct error err = {0};
		bool has_line = false;
		enum err code;
		int fd;

		FINE(buffer_append_text(&text, first, &err));
		FINE(buffer_reserve(&text, size, &err));
		memset(text.data + text.size, 'x', size);
		memcpy(text.data + text.size, head, strlen(head));
		text.size += size;
		text.data[text.size - 1] = '\n';
		FINE(buffer_append_text(&text, first, &err));
		fixture_make_folder(folder);
		fixture_write(folder, "i", span_of_buffer(&text));
		path_in(path, folder, "i");
		fd = open(path, O_RDONLY | O_CLOEXEC);
		assert_true(fd >= 0);
		FINE(window_init_file(&lines.window, fd, &err));
		FINE(index_lines_next(&lines, &line, &has_line, &err));
		code = index_lines_next(&lines, &line, &has_line, &err);
		if (more < 2) {
			assert_fine("long", code, &err);
			assert_int_equal(line.serial[0], 2);
			FINE(index_lines_next(&lines, &line, &has_line, &err));
			assert_true(has_line);
			assert_int_equal(line.serial[0], 1);
		} else {
			assert_refusal("too long", ERR_FORMAT,
			    "i.txt:2: the line is longer than 256 KiB", code,
			    &err);
		}
		window_release(&lines.window);
		close(fd);
		fixture_remove_folder(folder);
	}
}
