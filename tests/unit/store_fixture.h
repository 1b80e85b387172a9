/* SPDX-License-Identifier: ISC */
/*
 * CRLs of one root and of its neighbours, and files made of them, each said by
 * one letter.
 */
#pragma once

#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "pki/pem.h"
#include "rooms_fixture.h"
#include "sub/store/store.h"
#include "test.h"

#define CRL_MAX (64 * 1024)

/* X(letter, file): what a letter stands for. */
#define PIECES(X) \
	X('o', "old")		/* the root's, number 1 */ \
	X('n', "new")		/* the root's, number 2 */ \
	X('b', "broken")	/* the root's, its signature damaged */ \
	X('d', "doubled")	/* the root's, number 3, a serial twice */ \
	X('k', "keyless")	/* the root's name, another key, no AKI, */ \
				/* newer than all of the root's */ \
	X('e', "earlier")	/* the same, older than all of them */ \
	X('s', "users")		/* the root's, number 4, for users only */ \
	X('r', "reused")	/* the root's, another number 2, newer */ \
	X('t', "twin")		/* the root's name, another key */ \
	X('x', "other")		/* another CA's */ \
	X('c', "cert")		/* a certificate */ \
	X('g', "garbage")	/* a PEM block of a CRL that is none */ \
	X('#', "comment")	/* a line of text */ \
	X('u', "unended")	/* text without the end of its line */

static const struct {
	char letter;
	const char *file;
} pieces[] = {
#define X(letter, file) { letter, file },
	PIECES(X)
#undef X
};

static char folder[FIXTURE_PATH_SIZE];	/* of the CAs and the pieces */
static char place[FIXTURE_PATH_SIZE];	/* of the stores, per test */
static struct cert *root;

/* <name>.crl in DER and <name>.pem.crl, of so many days ago. */
static inline void
make_crl(const char *ca, const char *number, int days, const char *name)
{
	const time_t at = time(NULL) - days * 86400;
	char file[64], from[32], until[32];
	struct tm tm;

	strftime(from, sizeof(from), "%Y%m%d%H%M%SZ", gmtime_r(&at, &tm));
	tm.tm_year++;
	tm.tm_mday = 1;
	strftime(until, sizeof(until), "%Y%m%d%H%M%SZ", &tm);
	snprintf(file, sizeof(file), "%s.crlnumber", ca);
	fixture_write_text(folder, file, number);
	fixture_openssl(folder, "ca -gencrl -config %s.cnf -crl_lastupdate %s "
	    "-crl_nextupdate %s -out %s.pem.crl", ca, from, until, name);
	fixture_openssl(folder, "crl -in %s.pem.crl -outform DER -out %s.crl",
	    name, name);
}

/* A CRL in DER that was made by hand, in both forms. */
static inline void
write_crl(const char *name, struct span der)
{
	RELEASE_BUFFER struct buffer pem = {0};
	char file[64];

	assert_int_equal(pem_encode(PEM_CRL, der, &pem, NULL), ERR_OK);
	snprintf(file, sizeof(file), "%s.crl", name);
	fixture_write(folder, file, der);
	snprintf(file, sizeof(file), "%s.pem.crl", name);
	fixture_write(folder, file, span_of_buffer(&pem));
}

/* The twin has the root's name and another key. */
static inline void
make_twin(void)
{
	fixture_make_key(folder, "twin", "p256");
	fixture_openssl(folder, "req -x509 -new -config root.cnf -extensions "
	    "root_ext -key twin.key -days 3650 -out twin.pem");
	fixture_run(folder, (const char *const[]){ "sh", "-c",
	    "sed 's/= root[.]/= twin./' root.cnf > twin.cnf && "
	    "sed '/^crl_ext/d' twin.cnf > keyless.cnf && "
	    "{ sed 's/^\\[crl_ext\\].*/&\\nissuingDistributionPoint = "
	    "critical,@idp/' root.cnf; printf '[idp]\\n"
	    "onlyuser = TRUE\\n'; } > users.cnf && "
	    ": > twin.index", NULL });
}

static inline void
make_pieces(void)
{
	RELEASE_BUFFER struct buffer der = {0};

	make_crl("root", "01\n", 5, "old");
	fixture_write_text(folder, "root.index",
	    "R\t361231235959Z\t260101000000Z,keyCompromise\t05\tunknown\t"
	    "/CN=s\n");
	make_crl("root", "02\n", 4, "new");
	make_crl("root", "02\n", 3, "reused");
	make_crl("users", "04\n", 3, "users");
	make_crl("other", "09\n", 1, "other");
	make_crl("twin", "09\n", 1, "twin");
	make_crl("keyless", "09\n", 1, "keyless");
	make_crl("keyless", "08\n", 9, "earlier");
	fixture_read(folder, "new.crl", &der);
	der.data[der.size - 1] ^= 1;
	write_crl("broken", span_of_buffer(&der));
	fixture_run(folder, (const char *const[]){ "cp", "root.pem",
	    "cert.pem.crl", NULL });
	fixture_write_text(folder, "garbage.pem.crl", "-----BEGIN X509 CRL---"
	    "--\n!!!!\n-----END X509 CRL-----\n");
	fixture_write_text(folder, "garbage.crl", "no CRL at all\n");
	fixture_write_text(folder, "comment.pem.crl", "# a comment\n");
	fixture_write_text(folder, "unended.pem.crl", "# no end");
}

static inline int
set_up_pieces(void **state)
{
	fixture_make_folder(folder);
	fixture_make_ca(folder, "root", "p256");
	fixture_make_ca(folder, "other", "p256");
	make_twin();
	make_pieces();
	root = load_cert(folder, "root");
	return 0;
}

static inline int
tear_down_pieces(void **state)
{
	cert_free(root);
	return 0;
}

static inline int
enter_place(void **state)
{
	fixture_make_folder(place);
	return 0;
}

/* Append what a letter stands for, in DER or in PEM. */
static inline void
append_piece(char letter, bool is_pem, struct buffer *out)
{
	char file[64];

	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		if (pieces[i].letter != letter)
			continue;
		snprintf(file, sizeof(file), "%s%s.crl", pieces[i].file,
		    is_pem ? ".pem" : "");
		fixture_read(folder, file, out);
		return;
	}
	fail_msg("no piece is called %c", letter);
}

static inline void
append_pieces(const char *letters, bool is_pem, struct buffer *out)
{
	for (; *letters != '\0'; letters++)
		append_piece(*letters, is_pem, out);
}

/* A store of this type at place/<name>, for the root. */
struct fixture_store {
	char path[PATH_SIZE];
	char previous[PATH_SIZE];
	struct config_store config;
	struct store store;
	struct buffer der;	/* the new CRL */
	struct buffer pem;
	struct store_crl crl;
};

static inline void
fixture_store_release(struct fixture_store *fixture)
{
	buffer_release(&fixture->der);
	buffer_release(&fixture->pem);
}

#define RELEASE_STORE __attribute__((cleanup(fixture_store_release)))

static inline void
make_store(const char *type, const char *name, struct fixture_store *out)
{
	path_in(out->path, place, name);
	path_in(out->previous, place, "state/previous");
	out->config = (struct config_store){ .type = type,
		.path = out->path };
	out->store = (struct store){ .type = store_type_find(type),
		.config = &out->config, .root = root,
		.max_crl_bytes = CRL_MAX, .previous = out->previous,
		.now_s = time(NULL) };
	assert_non_null(out->store.type);
	append_piece('n', false, &out->der);
	append_piece('n', true, &out->pem);
	out->crl = (struct store_crl){ span_of_buffer(&out->der),
		span_of_buffer(&out->pem) };
}

/* What reading finds: "" nothing, "!" something invalid, or a number. */
static inline void
assert_reading(const char *name, const struct store *store, const char *want)
{
	RELEASE_READING struct store_reading reading = {0};
	const struct standing_place *found = &reading.place;
	char number[NUMBER_TEXT_SIZE] = "";
	struct error err = {0};

	assert_fine(name, store->type->read(store, &reading, &err), &err);
	if (found->is_valid)
		number_format(&found->number, 0, number);
	else if (found->is_present)
		number[0] = '!';
	if (strcmp(number, want) != 0)
		fail_msg("%s: want to read \"%s\", have \"%s\" %s", name,
		    want, number, found->detail);
	assert_true((found->detail[0] != '\0') == (number[0] == '!'));
	assert_string_equal(found->kind, store->type->name);
	assert_string_equal(found->path, store->config->path);
	if (!found->is_valid)
		return;
	assert_true(found->is_present && reading.has_crl);
	assert_int_equal(number_compare(&reading.facts.number,
	    &found->number), 0);
	assert_int_equal(reading.facts.size_bytes, reading.der.size);
}
