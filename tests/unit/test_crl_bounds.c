/* SPDX-License-Identifier: ISC */
/* How large the parts of a CRL may be. */
#include "crl_fixture.h"
#include "test.h"

/* 32 extensions and no more. */
TEST(test_many_extensions)
{
	for (unsigned int count = 32; count <= 33; count++) {
		RELEASE_BUFFER struct buffer der = { 0 };
		struct crl crl = { 0 };
		struct error err = { 0 };
		struct window window;
		char hex[33 * 18 + 1] = "";
		enum err code;

		for (unsigned int i = 0; i < count; i++) {
			char one[32];

			snprintf(one, sizeof(one), "300706022a%02x040130", i);
			strcat(hex, one);
		}
		craft(&(struct crafted){ .extensions = hex }, &der);
		code = open_memory(&der, &window, &crl, &err);
		if (count > 32)
			assert_refused("33", ERR_FORMAT, code, &err);
		else
			assert_int_equal(code, ERR_OK);
		crl_release(&crl);
	}
}

/* A CRL whose issuer and signature have contents of that many octets. */
static enum err
open_swollen(size_t issuer_size, size_t tail_size, struct error *err)
{
	RELEASE_BUFFER struct buffer der = { 0 };
	RELEASE_BUFFER struct buffer tbs = { 0 };
	RELEASE_BUFFER struct buffer body = { 0 };
	RELEASE_CRL struct crl crl = { 0 };
	uint8_t *zeros = calloc(1, issuer_size + tail_size + 1);
	struct window window;
	enum err code;

	assert_non_null(zeros);
	put_hex(&tbs, "020101" ECDSA_SHA256);
	put_value(&tbs, DER_SEQUENCE, (struct span){ zeros, issuer_size });
	put_hex(&tbs, TIME_2026);
	put_value(&body, DER_SEQUENCE, span_of_buffer(&tbs));
	put_hex(&body, ECDSA_SHA256);
	put_value(&body, DER_BIT_STRING, (struct span){ zeros, tail_size });
	put_value(&der, DER_SEQUENCE, span_of_buffer(&body));
	code = open_memory(&der, &window, &crl, err);
	free(zeros);
	return code;
}

TEST(test_parts_are_bounded)
{
	/* Algorithm, and header of a BIT STRING of 64 KiB. */
	const size_t frame = 12 + 4;
	struct error err = { 0 };

	FINE(open_swollen(0, CRL_PART_MAX - frame, &err));
	assert_refused("tail of 65537 octets", ERR_FORMAT,
	    open_swollen(0, CRL_PART_MAX - frame + 1, &err), &err);
	assert_non_null(strstr(err.what, "65536"));
	assert_refused("head beyond 65536 octets", ERR_FORMAT,
	    open_swollen(CRL_PART_MAX, 2, &err), &err);
	assert_non_null(strstr(err.what, "65536"));
}

/* An entry of 64 KiB is read, one octet more is not. */
TEST(test_entry_is_bounded)
{
	static const struct {
		size_t size;
		enum err want;
	} rows[] = { { CRL_PART_MAX, ERR_OK }, { CRL_PART_MAX + 1,
	    ERR_FORMAT } };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_BUFFER struct buffer entry = { 0 };
		RELEASE_BUFFER struct buffer list = { 0 };
		RELEASE_BUFFER struct buffer der = { 0 };
		RELEASE_CRL struct crl crl = { 0 };
		const struct crafted parts = { 0 };
		struct crl_survey survey = { 0 };
		struct error err = { 0 };
		struct window window;
		/* Less the headers of entry and serial, and the date. */
		size_t size = rows[i].size - (i == 0 ? 4 + 4 : 5 + 4) - 15;
		uint8_t *serial = calloc(1, size + 1);

		assert_non_null(serial);
		serial[0] = 1;
		put_value(&entry, DER_INTEGER, (struct span){ serial,
		    i == 0 ? size : size + 1 });
		free(serial);
		put_hex(&entry, TIME_2026);
		put_value(&list, DER_SEQUENCE, span_of_buffer(&entry));
		craft_list(&parts, &list, &der);
		FINE(open_memory(&der, &window, &crl, &err));
		assert_int_equal(crl_survey(&crl, NULL, &survey, &err),
		    rows[i].want);
		assert_int_equal(survey.count, rows[i].want == ERR_OK);
	}
}

/*
 * An entry whose length octets 82 02 71 look like a length of 130 and an
 * INTEGER of 113 octets, which the date inside the serial would fit.
 */
TEST(test_long_form)
{
	RELEASE_BUFFER struct buffer entry = { 0 };
	RELEASE_BUFFER struct buffer list = { 0 };
	RELEASE_BUFFER struct buffer der = { 0 };
	RELEASE_CRL struct crl crl = { 0 };
	const struct crafted parts = { 0 };
	uint8_t serial[606] = { 1 };
	struct crl_entries entries;
	struct crl_entry found;
	struct error err = { 0 };
	struct window window;
	bool has_entry;

	/* Eight octets of headers before it, 117 before the date. */
	memcpy(serial + 109, "\x17\x0d" "260101000000Z", 15);
	put_value(&entry, DER_INTEGER,
	    (struct span){ serial, sizeof(serial) });
	put_hex(&entry, TIME_2026);
	put_hex(&list, "3012020105" TIME_2026);
	put_value(&list, DER_SEQUENCE, span_of_buffer(&entry));
	assert_memory_equal(list.data + 20, "\x30\x82\x02\x71", 4);
	craft_list(&parts, &list, &der);
	FINE(open_memory(&der, &window, &crl, &err));
	crl_entries_start(&entries, &crl);
	for (int i = 0; i < 2; i++) {
		FINE(crl_entries_next(&entries, &found, &has_entry, &err));
		assert_true(has_entry);
	}
	assert_int_equal(found.serial.size, sizeof(serial));
	FINE(crl_entries_next(&entries, &found, &has_entry, &err));
	assert_false(has_entry);
}
