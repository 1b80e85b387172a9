/* SPDX-License-Identifier: ISC */
#include "recipe_fixture.h"
#include "test.h"

AROUND_ALL(setup, teardown)

static const struct {
	const char *name;
	long before_number;	/* as in a recipe; -1: none */
	long before[SERIALS_MAX], after[SERIALS_MAX];
	bool is_bare;
	struct {
		const char *serial;
		uint64_t number;
	} dropped[3];
	enum err want;
	const char *says;
} kept_rows[] = {
	{ "all kept", 12, { 3, 5 }, { 3, 5 }, true, {{0}}, ERR_OK, "" },
	{ "one more", 12, { 3, 5 }, { 3, 4, 5 }, true, {{0}}, ERR_OK, "" },
	{ "from nothing", 12, {0}, { 3 }, true, {{0}}, ERR_OK, "" },
	{ "one lost", 12, { 3, 5 }, { 3 }, true, {{0}}, ERR_SHRUNK, "05" },
	{ "all lost", 12, { 3, 5 }, {0}, true, {{0}}, ERR_SHRUNK, "03" },
	{ "lost, manifest silent", 12, { 3, 5 }, { 3 }, false, {{0}},
	    ERR_SHRUNK, "05" },
	{ "dropped", 12, { 3, 5 }, { 3 }, false, {{ "05", 13 }}, ERR_OK, "" },
	{ "dropped by before itself", 12, { 3, 5 }, { 3 }, false,
	    {{ "05", 12 }}, ERR_SHRUNK, "than by CRL #12" },
	{ "dropped, listed again, lost", 12, { 3, 5 }, { 3 }, false,
	    {{ "05", 7 }}, ERR_SHRUNK, "than by CRL #12" },
	{ "dropped twice", 12, { 3, 5 }, { 3 }, false,
	    {{ "05", 13 }, { "05", 7 }}, ERR_OK, "" },
	{ "another dropped", 12, { 3, 5 }, { 3 }, false, {{ "04", 13 }},
	    ERR_SHRUNK, "05" },
	{ "one of two dropped", 12, { 3, 5, 7 }, { 3 }, false,
	    {{ "07", 13 }}, ERR_SHRUNK, "05" },
	{ "two dropped, any order", 12, { 3, 5, 7 }, { 3 }, false,
	    {{ "07", 14 }, { "05", 13 }}, ERR_OK, "" },
	{ "before had no number", -1, { 3, 5 }, { 3 }, false, {{ "05", 1 }},
	    ERR_OK, "" },
	{ "a serial with its sign octet", 12, { 0x80 }, {0}, false,
	    {{ "0080", 13 }}, ERR_OK, "" },
	{ "a serial without it", 12, { 0x80 }, {0}, false, {{ "80", 13 }},
	    ERR_SHRUNK, "serial 80 is missing" },
};

static void
open_made(const struct recipe *recipe, struct buffer *der,
    struct window *window, struct crl *crl)
{
	struct error err = {0};

	make_crl(recipe, der);
	window_init_memory(window, span_of_buffer(der));
	FINE(crl_open(window, crl, &err));
}

TEST(test_kept)
{
	size_t i, j;

	for (i = 0; i < COUNT_OF(kept_rows); i++) {
		struct recipe recipe[2] = {
			{ .number = kept_rows[i].before_number },
			{ .number = 15, .this_later_s = 1 } };
		RELEASE_BUFFER struct buffer old_der = {0}, new_der = {0};
		RELEASE_MANIFEST struct manifest manifest = {0};
		RELEASE_CRL struct crl before = {0}, after = {0};
		struct window old_window, new_window;
		struct error err = {0};

		memcpy(recipe[0].serials, kept_rows[i].before,
		    sizeof(recipe[0].serials));
		memcpy(recipe[1].serials, kept_rows[i].after,
		    sizeof(recipe[1].serials));
		open_made(&recipe[0], &old_der, &old_window, &before);
		open_made(&recipe[1], &new_der, &new_window, &after);
		for (j = 0; kept_rows[i].dropped[j].serial != NULL; j++) {
			struct manifest_dropped dropped = { .why = "x",
			    .number = number_from_u64(
			    kept_rows[i].dropped[j].number) };

			strcpy(dropped.serial, kept_rows[i].dropped[j].serial);
			FINE(manifest_add_dropped(&manifest, &dropped, &err));
		}
		check_result(kept_rows[i].name, admit_kept(&before, &after,
		    kept_rows[i].is_bare ? NULL : &manifest, &err),
		    kept_rows[i].want, &err, kept_rows[i].says);
		window_release(&old_window);
		window_release(&new_window);
	}
}

/* A manifest names 65 octets at most: none longer goes by its first ones. */
TEST(test_long_serials)
{
	static const struct {
		const char *name;
		int octets;
		enum err want;
	} rows[] = {
		{ "one shorter than is named", 64, ERR_SHRUNK },
		{ "the longest that is named", 65, ERR_OK },
		{ "one longer", 66, ERR_SHRUNK },
		{ "much longer", 120, ERR_SHRUNK },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct recipe recipe[2] = {
			{ .number = 12, .serials = { 0x11 },
			    .serial_octets = rows[i].octets },
			{ .number = 15, .this_later_s = 1 } };
		struct manifest_dropped dropped = { .why = "x",
		    .number = number_from_u64(13) };
		RELEASE_BUFFER struct buffer old_der = {0}, new_der = {0};
		RELEASE_MANIFEST struct manifest manifest = {0};
		RELEASE_CRL struct crl before = {0}, after = {0};
		struct window old_window, new_window;
		struct error err = {0};

		open_made(&recipe[0], &old_der, &old_window, &before);
		open_made(&recipe[1], &new_der, &new_window, &after);
		memset(dropped.serial, '1', sizeof(dropped.serial) - 2);
		assert_int_equal(strlen(dropped.serial), 2 * 65);
		FINE(manifest_add_dropped(&manifest, &dropped, &err));
		check_result(rows[i].name, admit_kept(&before, &after,
		    &manifest, &err), rows[i].want, &err,
		    rows[i].want == ERR_OK ? "" : "not list it as dropped");
		window_release(&old_window);
		window_release(&new_window);
	}
}

TEST(test_manifest_matches)
{
	const struct cert *root = certs[ROOT];
	struct crl_facts facts = make_facts(12, 0);
	struct manifest good = {
		.number = number_from_u64(12), .this_update_s = THIS_UPDATE,
		.next_update_s = NEXT_UPDATE, .revoked_count = 0,
	}, bad;
	struct error err = {0};

	memcpy(good.spki_sha256, root->spki_sha256, SHA256_SIZE);
	FINE(admit_manifest(&good, &facts, root, &err));
	check_result("key", admit_manifest(&good, &facts, certs[TWIN], &err),
	    ERR_ISSUER, &err, "spki_sha256");
	for (size_t i = 0; i < SHA256_SIZE; i++) {
		bad = good;
		bad.spki_sha256[i] ^= 1;
		check_result("an octet of the key", admit_manifest(&bad,
		    &facts, root, &err), ERR_ISSUER, &err, "spki_sha256");
	}
	bad = good;
	bad.number = number_from_u64(13);
	check_result("number", admit_manifest(&bad, &facts, root, &err),
	    ERR_FORMAT, &err, "want the CRL's 12, have 13");
	bad = good;
	bad.this_update_s++;
	check_result("thisUpdate", admit_manifest(&bad, &facts, root, &err),
	    ERR_FORMAT, &err, "this_update");
	bad = good;
	bad.next_update_s--;
	check_result("nextUpdate", admit_manifest(&bad, &facts, root, &err),
	    ERR_FORMAT, &err, "next_update");
	bad = good;
	bad.revoked_count = 1;
	check_result("count", admit_manifest(&bad, &facts, root, &err),
	    ERR_FORMAT, &err, "revoked_count");
	facts.has_number = false;
	check_result("no number", admit_manifest(&good, &facts, root, &err),
	    ERR_FORMAT, &err, "number");
	good.number = number_from_u64(0);
	FINE(admit_manifest(&good, &facts, root, &err));
}
