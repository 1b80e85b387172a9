/* SPDX-License-Identifier: ISC */
/* The stores of one file, PEM and DER, and what all stores have in common. */
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "exists_fixture.h"
#include "store_fixture.h"
#include "test.h"

AROUND_EACH(enter_place, NULL)

/* Another copy of its only entry, signed again: no CA program makes this. */
static void
make_doubled(void)
{
	RELEASE_BUFFER struct buffer der = {0}, key_pem = {0};
	X509_REVOKED *entry;
	unsigned char *out = NULL;
	const uint8_t *at;
	X509_CRL *crl;
	EVP_PKEY *key;
	BIO *bio;
	int size;

	make_crl("root", "03\n", 2, "doubled");
	fixture_read(folder, "doubled.crl", &der);
	fixture_read(folder, "root.key", &key_pem);
	bio = BIO_new_mem_buf(key_pem.data, (int)key_pem.size);
	key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	BIO_free(bio);
	at = der.data;
	crl = d2i_X509_CRL(NULL, &at, (long)der.size);
	assert_true(crl != NULL && key != NULL);
	entry = X509_REVOKED_dup(sk_X509_REVOKED_value(
	    X509_CRL_get_REVOKED(crl), 0));
	assert_int_equal(X509_CRL_add0_revoked(crl, entry), 1);
	assert_true(X509_CRL_sign(crl, key, EVP_sha256()) > 0);
	size = i2d_X509_CRL(crl, &out);
	assert_true(size > 0);
	write_crl("doubled", (struct span){ out, (size_t)size });
	OPENSSL_free(out);
	X509_CRL_free(crl);
	EVP_PKEY_free(key);
}

static int
set_up(void **state)
{
	if (set_up_pieces(state) != 0)
		return -1;
	make_doubled();
	return 0;
}

AROUND_ALL(set_up, tear_down_pieces)

static const struct {
	const char *name;
	const char *type;
	const char *before;	/* letters; NULL: there is no file */
	const char *read;
	const char *after;	/* NULL: it is refused */
	bool is_hidden;		/* the consumer does not use it even then */
} rows[] = {
	{ "no file", "pem", NULL, "", "n" },
	{ "empty", "pem", "", "", "n" },
	{ "the new one", "pem", "n", "2", "n" },
	{ "the old one", "pem", "o", "1", "n" },
	{ "another's stays in place", "pem", "x", "", "xn" },
	{ "another's in front", "pem", "xo", "1", "xn" },
	{ "another's behind", "pem", "ox", "1", "nx" },
	{ "others' all around", "pem", "#xotc#", "1", "#xntc#" },
	{ "the old twice", "pem", "oxo", "1", "nx" },
	{ "both", "pem", "on", "2", "n" },
	{ "both, the new first", "pem", "no", "2", "n" },
	{ "a key that was before", "pem", "t", "", "tn" },
	{ "another key without its id", "pem", "k", "", "kn", true },
	{ "that, then the new", "pem", "kn", "!", "kn", true },
	{ "another key, before", "pem", "e", "", "en" },
	{ "the old, and another key before", "pem", "oe", "1", "ne" },
	{ "damaged", "pem", "b", "!", "n" },
	{ "damaged, then the old", "pem", "bo", "!", "n" },
	{ "the old, then damaged", "pem", "ob", "!", "n" },
	{ "a serial twice", "pem", "d", "!", "n" },
	{ "the old, then a serial twice", "pem", "od", "!", "n" },
	{ "a serial twice, then the old", "pem", "do", "!", "n" },
	{ "for users only", "pem", "s", "!", "n" },
	{ "for users only, then the new", "pem", "sn", "2", "n" },
	{ "two under one number", "pem", "nr", "!", "n" },
	{ "garbage is not ours", "pem", "g", "!", "gn", true },
	{ "garbage and the old", "pem", "gog", "!", "gng", true },
	{ "a certificate", "pem", "c", "", "cn" },
	{ "text behind the old", "pem", "o#", "1", "n#" },
	{ "text", "pem", "#", "!", NULL },

	{ "no file", "der", NULL, "", "n" },
	{ "empty", "der", "", "!", "n" },
	{ "the new one", "der", "n", "2", "n" },
	{ "the old one", "der", "o", "1", "n" },
	{ "damaged", "der", "b", "!", "n" },
	{ "a serial twice", "der", "d", "!", "n" },
	{ "garbage", "der", "g", "!", NULL },
	{ "two in a row", "der", "oo", "!", "n" },
	{ "for users only", "der", "s", "!", "n" },
	{ "another key without its id", "der", "k", "!", NULL },
	{ "another key, before", "der", "e", "!", NULL },
	{ "another's", "der", "x", "!", NULL },
	{ "a key that was before", "der", "t", "!", NULL },
};

static bool
is_pem(size_t row)
{
	return strcmp(rows[row].type, "pem") == 0;
}

/* The store with the file of a row in it. */
static void
make_row(size_t row, struct fixture_store *fixture, struct buffer *before)
{
	make_store(rows[row].type, "file", fixture);
	if (rows[row].before == NULL)
		return;
	append_pieces(rows[row].before, is_pem(row), before);
	fixture_write(place, "file", span_of_buffer(before));
}

static void
assert_unchanged(size_t row, struct fixture_store *fixture,
    const struct buffer *before)
{
	if (rows[row].before == NULL)
		assert_false(file_exists(fixture->path));
	else
		assert_file_equals(place, "file", span_of_buffer(before));
	assert_no_temporaries(rows[row].name, place);
}

TEST(every_file_is_read)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_STORE struct fixture_store fixture = {0};
		RELEASE_BUFFER struct buffer before = {0};

		make_row(i, &fixture, &before);
		assert_reading(rows[i].name, &fixture.store, rows[i].read);
		assert_unchanged(i, &fixture, &before);
		unlink(fixture.path);
	}
}

TEST(every_file_is_brought_up_to_date)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_STORE struct fixture_store fixture = {0};
		RELEASE_CHANGE struct store_change change = {0}, none = {0};
		RELEASE_BUFFER struct buffer before = {0}, after = {0};
		const struct store *store = &fixture.store;
		struct error err = {0};

		if (rows[i].after == NULL)
			continue;
		make_row(i, &fixture, &before);
		append_pieces(rows[i].after, is_pem(i), &after);
		assert_fine(rows[i].name, store->type->install(store,
		    &fixture.crl, &change, &err), &err);
		assert_file_equals(place, "file", span_of_buffer(&after));
		assert_int_equal(change.count, rows[i].before == NULL ||
		    strcmp(rows[i].before, rows[i].after) != 0);
		if (rows[i].is_hidden)
			assert_refusal(rows[i].name, ERR_STORE, "would not",
			    store->type->confirm(store, &fixture.crl, &err),
			    &err);
		else
			assert_fine(rows[i].name, store->type->confirm(store,
			    &fixture.crl, &err), &err);
		assert_reading(rows[i].name, store,
		    rows[i].is_hidden ? "!" : "2");
		assert_fine(rows[i].name, store->type->install(store,
		    &fixture.crl, &none, &err), &err);
		assert_int_equal(none.count, 0);
		assert_no_temporaries(rows[i].name, place);
		/* And back. */
		assert_fine(rows[i].name, store_undo(&change, &err), &err);
		assert_unchanged(i, &fixture, &before);
		unlink(fixture.path);
	}
}

TEST(others_are_not_overwritten)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_STORE struct fixture_store fixture = {0};
		RELEASE_CHANGE struct store_change change = {0};
		RELEASE_BUFFER struct buffer before = {0};
		struct error err = {0};

		if (rows[i].after != NULL)
			continue;
		make_row(i, &fixture, &before);
		assert_refusal(rows[i].name, ERR_STORE, fixture.path,
		    fixture.store.type->install(&fixture.store, &fixture.crl,
		    &change, &err), &err);
		assert_int_equal(change.count, 0);
		assert_unchanged(i, &fixture, &before);
		unlink(fixture.path);
	}
}

TEST(an_unended_line_is_ended)
{
	RELEASE_STORE struct fixture_store fixture = {0};
	RELEASE_CHANGE struct store_change change = {0};
	RELEASE_BUFFER struct buffer want = {0};
	struct error err = {0};

	make_store("pem", "file", &fixture);
	append_pieces("cu", true, &want);
	fixture_write(place, "file", span_of_buffer(&want));
	FINE(buffer_append_text(&want, "\n", &err));
	append_pieces("n", true, &want);
	assert_fine("unended", store_pem.install(&fixture.store, &fixture.crl,
	    &change, &err), &err);
	assert_file_equals(place, "file", span_of_buffer(&want));
}

/* Where a CRL of the root stood, at this very path. */
TEST(garbage_is_replaced_where_it_stood)
{
	static const char *const types[] = { "pem", "der" };

	for (size_t i = 0; i < COUNT_OF(types); i++) {
		RELEASE_STORE struct fixture_store fixture = {0};
		RELEASE_CHANGE struct store_change before = {0}, change = {0};
		struct error err = {0};
		const struct store *store = &fixture.store;

		make_store(types[i], "file", &fixture);
		assert_fine(types[i], store->type->install(store,
		    &fixture.crl, &before, &err), &err);
		assert_string_equal(before.place, fixture.path);
		fixture_write_text(place, "file", "no CRL at all\n");
		assert_refusal("not yet", ERR_STORE, fixture.path,
		    store->type->install(store, &fixture.crl, &change, &err),
		    &err);
		FINE(store_record(store, &before, &err));
		assert_fine(types[i], store->type->install(store,
		    &fixture.crl, &change, &err), &err);
		assert_reading(types[i], store, "2");
		FINE(store_undo(&change, &err));
		assert_file_equals(place, "file",
		    span_of_text("no CRL at all\n"));
		fixture_remove_folder(place);
		fixture_make_folder(place);
	}
}

/* Confirming reads the file as it is now. */
TEST(what_was_exchanged_is_not_confirmed)
{
	static const char *const types[] = { "pem", "der", "pem", "der" };
	static const char *const letters[] = { "o", "o", "x", "b" };
	static const char *const says[] = { "something else",
		"something else", "does not find it there",
		"something else" };
	static const char *const gone[] = { "does not find it there",
		"it holds something else" };

	for (size_t i = 0; i < COUNT_OF(types); i++) {
		RELEASE_STORE struct fixture_store fixture = {0};
		RELEASE_BUFFER struct buffer file = {0};
		struct error err = {0};

		make_store(types[i], "file", &fixture);
		append_pieces(letters[i], types[i][0] == 'p', &file);
		fixture_write(place, "file", span_of_buffer(&file));
		assert_refusal(letters[i], ERR_STORE, says[i],
		    fixture.store.type->confirm(&fixture.store, &fixture.crl,
		    &err), &err);
		assert_int_equal(unlink(fixture.path), 0);
		err = (struct error){0};
		assert_refusal("gone", ERR_STORE, gone[i % 2],
		    fixture.store.type->confirm(&fixture.store, &fixture.crl,
		    &err), &err);
	}
}

/* A CRL of which somebody said before that its signature is good. */
static void
vouch(struct verified *verified, struct span der, uint8_t digest[SHA256_SIZE])
{
	assert_int_equal(sha256(der, digest, NULL), ERR_OK);
	verified_add(verified, VERIFIED_CRL, digest, root);
}

/*
 * The check that a CA service makes when it starts, with the CRL from that
 * store: OpenSSL has verified it itself, in whatever store it is.
 */
TEST(confirming_is_openssl_verifying_with_that_crl)
{
	static const char *const types[] = { "pem", "der", "hashdir" };

	for (size_t i = 0; i < COUNT_OF(types); i++) {
		RELEASE_STORE struct fixture_store fixture = {0};
		RELEASE_CHANGE struct store_change change = {0};
		RELEASE_VERIFIED struct verified verified = {0};
		const struct store *store = &fixture.store;
		uint8_t digest[SHA256_SIZE];
		struct error err = {0};

		make_store(types[i], i == 2 ? "" : "file", &fixture);
		fixture.store.verified = &verified;
		assert_fine(types[i], store->type->install(store,
		    &fixture.crl, &change, &err), &err);
		assert_reading(types[i], store, "2");
		assert_int_equal(sha256(fixture.crl.der, digest, NULL),
		    ERR_OK);
		assert_false(verified_has(&verified, VERIFIED_OPENSSL, digest,
		    root));
		assert_fine(types[i], store->type->confirm(store,
		    &fixture.crl, &err), &err);
		assert_true(verified_has(&verified, VERIFIED_OPENSSL, digest,
		    root));
		fixture_remove_folder(place);
		fixture_make_folder(place);
	}
}

TEST(what_openssl_does_not_verify_is_not_confirmed)
{
	RELEASE_STORE struct fixture_store fixture = {0};
	RELEASE_VERIFIED struct verified verified = {0};
	RELEASE_BUFFER struct buffer broken = {0};
	const struct store *store = &fixture.store;
	uint8_t digest[SHA256_SIZE];
	struct store_crl crl = {0};
	struct error err = {0};

	make_store("der", "file", &fixture);
	append_piece('b', false, &broken);
	fixture_write(place, "file", span_of_buffer(&broken));
	fixture.store.verified = &verified;
	vouch(&verified, span_of_buffer(&broken), digest);
	assert_reading("vouched", store, "2");
	crl.der = span_of_buffer(&broken);
	assert_refusal("broken", ERR_STORE, "OpenSSL would not use the CRL "
	    "for the subordinate's certificate: CRL signature failure",
	    store->type->confirm(store, &crl, &err), &err);
}

TEST(a_wanted_serial_is_looked_for)
{
	static const struct {
		const char *letters;
		const char *serial;
		bool want;
		int32_t reason;
	} wanted[] = {
		{ "n", "\x05", true, 1 },
		{ "n", "\x06", false, REASON_NONE },
		{ "o", "\x05", false, REASON_NONE },
		{ "no", "\x05", true, 1 },
		{ "on", "\x05", true, 1 },
		/* Hidden from the consumer, it is known all the same. */
		{ "gn", "\x05", true, 1 },
		{ "nk", "\x05", true, 1 },
	};

	for (size_t i = 0; i < COUNT_OF(wanted); i++) {
		RELEASE_STORE struct fixture_store fixture = {0};
		RELEASE_READING struct store_reading reading = {0};
		RELEASE_BUFFER struct buffer file = {0};
		const struct span serial = span_of_text(wanted[i].serial);
		struct error err = {0};

		make_store("pem", "file", &fixture);
		fixture.store.wanted = &serial;
		append_pieces(wanted[i].letters, true, &file);
		fixture_write(place, "file", span_of_buffer(&file));
		assert_fine("read", store_pem.read(&fixture.store, &reading,
		    &err), &err);
		assert_int_equal(reading.has_wanted, wanted[i].want);
		assert_int_equal(reading.wanted_reason, wanted[i].reason);
	}
}

TEST(types_are_found_by_name)
{
	RELEASE_STORE struct fixture_store fixture = {0};
	char want[PATH_SIZE + 8], have[PATH_SIZE + 8];

	assert_ptr_equal(store_type_find("hashdir"), &store_hashdir);
	assert_ptr_equal(store_type_find("pem"), &store_pem);
	assert_ptr_equal(store_type_find("der"), &store_der);
	/* Whatever a configuration may name is there. */
	for (size_t i = 0; config_store_types[i] != NULL; i++)
		assert_string_equal(store_type_find(config_store_types[i])
		    ->name, config_store_types[i]);
	assert_null(store_type_find("nssdb"));
	assert_null(store_type_find(""));
	make_store("pem", "file", &fixture);
	snprintf(want, sizeof(want), "pem %s", fixture.path);
	store_pem.describe(&fixture.store, have, sizeof(have));
	assert_string_equal(have, want);
}
