/* SPDX-License-Identifier: ISC */
/* Reset orders: which are carried out, once, and what that lets in. */
#include "import_fixture.h"
#include "sub/import/recover.h"
#include "sub/import/sequence.h"
#include "test.h"

AROUND_ALL(set_up_reader, tear_down_reader)

#define NONCE "00112233445566778899aabbccddeeff" \
	"00112233445566778899aabbccddeeff"
#define OTHER_NONCE "10112233445566778899aabbccddeeff" \
	"00112233445566778899aabbccddeeff"
#define KEPT "state/r/orders.json"

/* #13 is accepted; #12 is on the medium, for an order to let it in. */
static struct buffer accepted, wanted;
static struct order order;	/* a good one, for s */

static void
request(const char *name, uint64_t times)
{
	struct error err = {0};
	uint64_t sequence = 0;

	while (sequence < times)
		FINE(sequence_take(config, "r", name, NOTE_REQUEST, NONCE,
		    &sequence, &err));
}

static int
enter(void **state)
{
	struct error err = {0};

	enter_place(state);
	begin(&accepted);
	carry(&(struct recipe){ .serials = { 7, 8 } }, &wanted);
	request("s", 3);
	order = (struct order){ .root = "r", .subordinate = "s",
		.sequence = 3, .nonce = NONCE, .at_s = NOW,
		.has_number = true, .why = "number mistyped" };
	order.number = number_from_u64(12);
	memcpy(order.spki_sha256, certs[ROOT]->spki_sha256, SHA256_SIZE);
	FINE(sha256(span_of_buffer(&accepted), order.accepted_sha256, &err));
	FINE(sha256(span_of_buffer(&wanted), order.sha256, &err));
	return 0;
}

static int
leave(void **state)
{
	buffer_release(&accepted);
	buffer_release(&wanted);
	return leave_place(state);
}

AROUND_EACH(enter, leave)

/* Octets in the place of an order for a subordinate, sealed with a key. */
static void
put_sealed(const char *name, struct span json, const char *comment,
    const struct minisign_secret *key)
{
	RELEASE_BUFFER struct buffer seal = {0};
	struct error err = {0};
	char file[128];

	snprintf(file, sizeof(file), "crlferry/r/reset-%s.json", name);
	fixture_write(medium, file, json);
	FINE(minisign_sign(key, json, comment, &seal, &err));
	snprintf(file, sizeof(file), "crlferry/r/reset-%s.json.minisig",
	    name);
	fixture_write(medium, file, span_of_buffer(&seal));
}

static void
put(const char *name, const struct order *what,
    const struct minisign_secret *key)
{
	RELEASE_BUFFER struct buffer json = {0};
	char comment[MINISIGN_COMMENT_SIZE];
	struct error err = {0};

	FINE(order_encode(what, &json, &err));
	order_comment(what, comment, sizeof(comment));
	put_sealed(name, span_of_buffer(&json), comment, key);
}

/* What becomes of the orders on the medium: so many, and the i-th. */
static void
recover(struct recoveries *out, size_t want)
{
	RELEASE_NOTICES struct notices notices = {0};
	struct error err = {0};

	recoveries_release(out);
	FINE(recover_medium(config, medium, out, &notices, &err));
	assert_int_equal(out->count, want);
	assert_no_children();
}

/* The only one is refused, and nothing changes; remedy may be NULL. */
static void
assert_order_refused(const char *name, enum err want, const char *says,
    const char *remedy)
{
	RELEASE_RECOVERIES struct recoveries recoveries = {0};
	RELEASE_BUFFER struct buffer before = {0};
	const struct recovered *one;

	take_snapshot(place, &before);
	recover(&recoveries, 1);
	one = &recoveries.list[0];
	if (one->fate != RECOVERED_REFUSED)
		fail_msg("%s: want it refused, have fate %d", name,
		    one->fate);
	assert_refusal(name, want, says, one->why.code, &one->why);
	if (remedy != NULL)
		assert_non_null(strstr(one->why.remedy, remedy));
	assert_string_equal(one->subordinate, "s");
	assert_unchanged(name, place, &before);
}

static void
carry_out(enum recovered_fate want)
{
	RELEASE_RECOVERIES struct recoveries recoveries = {0};
	const struct recovered *one;

	recover(&recoveries, 1);
	one = &recoveries.list[0];
	if (one->fate != want)
		fail_msg("want fate %d, have %d: %s", want, one->fate,
		    one->why.what);
	assert_string_equal(one->root, "r");
	assert_string_equal(one->subordinate, "s");
	assert_string_equal(one->order.why, order.why);
	assert_int_equal(one->seals.count, 1);
	assert_memory_equal(one->accepted.sha256, order.accepted_sha256,
	    SHA256_SIZE);
}

TEST(one_is_carried_out_once_and_lets_that_crl_in)
{
	RELEASE_BUFFER struct buffer json = {0};
	RELEASE_BUFFER struct buffer before = {0};
	RELEASE_ATTEMPT struct attempt early;

	import(&(struct import_options){0}, &early);
	assert_refusal("without", ERR_ROLLBACK, "", early.code, &early.err);
	put("s", &order, &secrets[0]);
	fixture_read(place, "state/r/accepted.json", &json);
	carry_out(RECOVERED_DONE);
	/* It installs nothing. */
	assert_all_hold("order", &accepted);
	assert_file_equals(place, "state/r/accepted.json",
	    span_of_buffer(&json));
	take_snapshot(place, &before);
	carry_out(RECOVERED_KNOWN);
	assert_unchanged("again", place, &before);
	import_well("let in", &(struct import_options){0}, IMPORT_INSTALLED,
	    STORES);
	assert_all_hold("let in", &wanted);
	assert_order_refused("used", ERR_ROLLBACK, "it works once", NULL);
}

TEST(a_medium_without_orders_is_no_failure)
{
	RELEASE_RECOVERIES struct recoveries recoveries = {0};
	RELEASE_BUFFER struct buffer before = {0};

	take_snapshot(place, &before);
	recover(&recoveries, 0);
	/* Without a seal there is no order. */
	put("s", &order, &secrets[0]);
	fixture_run(medium, (const char *const[]){ "rm",
	    "crlferry/r/reset-s.json.minisig", NULL });
	recover(&recoveries, 0);
	assert_unchanged("none", place, &before);
}

/* A good order but for this. */
static void other_root(struct order *o) { o->root[0] = 'q'; }
static void other_key(struct order *o) { o->spki_sha256[0] ^= 1; }
static void other_sub(struct order *o) { o->subordinate[0] = 't'; }
static void earlier(struct order *o) { o->sequence--; }
static void later(struct order *o) { o->sequence++; }
static void other_nonce(struct order *o) { strcpy(o->nonce, OTHER_NONCE); }
static void other_crl(struct order *o) { o->accepted_sha256[31] ^= 1; }

static const struct {
	const char *name;
	void (*edit)(struct order *order);
	enum err want;
	const char *says;
} refusals[] = {
	{ "another root's", other_root, ERR_ISSUER, "root" },
	{ "another key's", other_key, ERR_ISSUER, "root.pem" },
	{ "another subordinate's", other_sub, ERR_ISSUER, "subordinate" },
	{ "of an earlier request", earlier, ERR_ROLLBACK, "one of 2" },
	{ "of a later request", later, ERR_ROLLBACK, "one of 4" },
	{ "of another request", other_nonce, ERR_ROLLBACK, "nonce" },
	{ "of another CRL", other_crl, ERR_ROLLBACK, "accepted_sha256" },
};

TEST(a_refusal_changes_nothing)
{
	for (size_t i = 0; i < COUNT_OF(refusals); i++) {
		struct order edited = order;

		refusals[i].edit(&edited);
		put("s", &edited, &secrets[0]);
		assert_order_refused(refusals[i].name, refusals[i].want,
		    refusals[i].says, NULL);
		assert_false(is_there(KEPT));
	}
	put("s", &order, &secrets[2]);
	assert_order_refused("not trusted", ERR_SEAL, "", NULL);
	put_sealed("s", span_of_text("{}\n"), "x", &secrets[0]);
	assert_order_refused("no order", ERR_FORMAT, "", NULL);
	/* The good one is still good. */
	put("s", &order, &secrets[0]);
	carry_out(RECOVERED_DONE);
}

TEST(what_is_not_known_here_is_refused)
{
	RELEASE_BUFFER struct buffer json = {0};

	put("s", &order, &secrets[0]);
	fixture_read(place, "state/r/accepted.json", &json);
	remove_there("state/r/outbox/sequence-s.json");
	assert_order_refused("no request", ERR_MISSING,
	    "has sent no request", "crlferry-sub request --config ");
	request("s", 3);
	remove_there("state/r/accepted.json");
	assert_order_refused("nothing accepted", ERR_MISSING,
	    "accepted.json is missing", NULL);
	fixture_write_text(place, "state/r/accepted.json", "{}");
	assert_order_refused("damaged", ERR_MISSING,
	    "accepted.json is damaged", NULL);
	fixture_write(place, "state/r/accepted.json", span_of_buffer(&json));
	fixture_write_text(place, KEPT, "{}");
	assert_order_refused("orders", ERR_FORMAT, "orders.json", NULL);
	remove_there(KEPT);
	carry_out(RECOVERED_DONE);
}

TEST(each_subordinate_has_its_own)
{
	RELEASE_RECOVERIES struct recoveries recoveries = {0};
	struct order for_t = order, wrong = order;

	configure("", "}, { name = \"t\";");
	request("t", 2);
	strcpy(for_t.subordinate, "t");
	for_t.sequence = 2;
	put("t", &for_t, &secrets[0]);
	other_crl(&wrong);
	put("s", &wrong, &secrets[0]);
	recover(&recoveries, 2);
	assert_int_equal(recoveries.list[0].fate, RECOVERED_REFUSED);
	assert_int_equal(recoveries.list[1].fate, RECOVERED_DONE);
	assert_string_equal(recoveries.list[1].subordinate, "t");
	/* That of the neighbour waits for the same CRL, and is not kept. */
	put("s", &order, &secrets[0]);
	recover(&recoveries, 2);
	assert_int_equal(recoveries.list[0].fate, RECOVERED_KNOWN);
	assert_int_equal(recoveries.list[1].fate, RECOVERED_KNOWN);
	import_well("let in", &(struct import_options){0}, IMPORT_INSTALLED,
	    STORES);
	recover(&recoveries, 2);
	assert_int_equal(recoveries.list[0].fate, RECOVERED_REFUSED);
	assert_int_equal(recoveries.list[0].why.code, ERR_ROLLBACK);
	assert_int_equal(recoveries.list[1].fate, RECOVERED_REFUSED);
}

TEST(no_medium_is_a_failure)
{
	RELEASE_RECOVERIES struct recoveries recoveries = {0};
	RELEASE_NOTICES struct notices notices = {0};
	struct error err = {0};
	char path[PATH_SIZE];

	path_in(path, medium, "none");
	assert_refusal("none", ERR_MISSING, "none", recover_medium(config,
	    path, &recoveries, &notices, &err), &err);
	assert_null(recoveries.list);
}
