/* SPDX-License-Identifier: ISC */
/* The orders that were carried out, as the state keeps them. */
#include <sys/stat.h>

#include "order_fixture.h"
#include "rooms_fixture.h"
#include "sub/import/orders.h"
#include "test.h"

#define ROOT "corp-root-g1"
#define KEPT ROOT "/orders.json"

static char folder[FIXTURE_PATH_SIZE];
static struct config config = { .path = "x.cfg", .state = folder };
static struct cert cert;	/* of the sample's key */

static int
enter(void **state)
{
	char path[PATH_SIZE];
	size_t size;

	fixture_make_folder(folder);
	path_in(path, folder, ROOT);
	if (mkdir(path, 0755) != 0)
		return -1;
	return hex_decode(span_of_text(HEX64), cert.spki_sha256,
	    SHA256_SIZE, &size) ? 0 : -1;
}

AROUND_EACH(enter, NULL)

static void
append(const char *from, const char *to)
{
	const struct span seals[] = { span_of_text("one\n"),
	    span_of_text("two\n") };
	RELEASE_BUFFER struct buffer text = {0};
	struct error err = {0};

	edit(from, to, &text);
	FINE(orders_append(&config, ROOT, span_of_buffer(&text), seals,
	    COUNT_OF(seals), &err));
}

static void
load(struct orders *out, size_t want)
{
	struct error err = {0};

	FINE(orders_load(&config, ROOT, &cert, out, &err));
	assert_int_equal(out->count, want);
}

TEST(they_come_back_in_order)
{
	RELEASE_ORDERS struct orders orders = {0};
	RELEASE_ORDERS struct orders none = {0};
	RELEASE_BUFFER struct buffer text = {0};

	load(&none, 0);
	append("17", "17");
	append("17", "18");
	load(&orders, 2);
	assert_int_equal(orders.list[0].sequence, 17);
	assert_int_equal(orders.list[1].sequence, 18);
	fixture_read(folder, KEPT, &text);
	assert_true(span_contains(span_of_buffer(&text), "\"two\\n\""));
}

TEST(those_of_another_key_are_passed_over)
{
	RELEASE_ORDERS struct orders orders = {0};

	append("\"spki_sha256\": \"00", "\"spki_sha256\": \"01");
	append("corp-root-g1", "corp-root-g2");
	append("17", "18");
	load(&orders, 1);
	assert_int_equal(orders.list[0].sequence, 18);
}

TEST(the_last_one_may_wait)
{
	RELEASE_ORDERS struct orders orders = {0};
	uint8_t accepted[SHA256_SIZE], other[SHA256_SIZE] = {0};
	const struct order *list;
	size_t size;

	assert_true(hex_decode(span_of_text(ACCEPTED64), accepted,
	    sizeof(accepted), &size));
	assert_null(orders_waiting(&orders, accepted));
	append("17", "17");
	append("17", "18");
	load(&orders, 2);
	list = orders.list;
	assert_ptr_equal(orders_waiting(&orders, accepted), &list[1]);
	assert_null(orders_waiting(&orders, other));
	/* One that was followed by another does not wait any more. */
	orders_release(&orders);
	append("ff11", "ee11");
	load(&orders, 3);
	assert_null(orders_waiting(&orders, accepted));
}

TEST(damage_is_refused)
{
	static const char *const texts[] = { "", "{", "[]", "{}",
	    "{\"type\": \"crlferry-orders\", \"version\": 1}",
	    "{\"type\": \"crlferry-orders\", \"version\": 2, \"orders\": []}",
	    "{\"type\": \"crlferry-order\", \"version\": 1, \"orders\": []}",
	    "{\"type\": \"crlferry-orders\", \"version\": 1, \"orders\": "
		"[{}]}",
	    "{\"type\": \"crlferry-orders\", \"version\": 1, \"orders\": "
		"[{\"order\": \"{}\", \"seals\": []}]}" };
	RELEASE_ORDERS struct orders orders = {0};

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct error err = {0};

		fixture_write_text(folder, KEPT, texts[i]);
		REFUSED(orders_load(&config, ROOT, &cert, &orders, &err),
		    ERR_FORMAT);
		assert_non_null(strstr(err.what, "orders.json"));
		assert_int_equal(orders.count, 0);
	}
}
