/* SPDX-License-Identifier: ISC */
/* CRLs of one index by openssl(1) and by us. */
#pragma once

#include <sys/stat.h>

#include "index_fixture.h"
#include "instant.h"
#include "ca/crlwrite.h"
#include "pki/lint/lint.h"
#include "test.h"

#define THIS_UPDATE "20260101120000Z"
#define THIS_UPDATE_S "2026-01-01T12:00:00Z"
#define NEXT_UPDATE "20260801120000Z"
#define NEXT_UPDATE_S "2026-08-01T12:00:00Z"

/* A line of the index, revoked. */
#define R(date, serial) "R\t" END "\t" date "\t" serial "\tunknown\t/CN=x\n"

/* Also the CAs' names. */
static const struct {
	const char *type;
	const char *options;	/* of openssl, for the key's own digest */
	bool is_deterministic;
} keys[] = {
	{ "p256", "-md sha256", false },
	{ "p384", "-md sha384", false },
	{ "p521", "-md sha512", false },
	{ "rsa", "-md sha256", true },
	{ "ed25519", "", true },
};

static inline int
set_up(void **state)
{
	enter(state);
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		char key[64], key_path[PATH_SIZE];

		fixture_make_ca(folder, keys[i].type, keys[i].type);
		snprintf(key, sizeof(key), "%s.key", keys[i].type);
		path_in(key_path, folder, key);
		assert_int_equal(chmod(key_path, 0600), 0);
	}
	return secret_start(NULL) == ERR_OK ? 0 : -1;
}

/* A CRL in a file, open. */
struct opened {
	struct buffer der;
	struct window window;
	struct crl crl;
};

static inline void
opened_release(struct opened *opened)
{
	crl_release(&opened->crl);
	buffer_release(&opened->der);
}

#define RELEASE_OPENED __attribute__((cleanup(opened_release)))

static inline void
open_crl(const char *name, struct opened *out)
{
	struct error err = {0};

	fixture_read(folder, name, &out->der);
	window_init_memory(&out->window, span_of_buffer(&out->der));
	assert_fine(name, crl_open(&out->window, &out->crl, &err), &err);
}

static inline struct span
tbs_of(const struct opened *opened)
{
	return (struct span){ opened->der.data + opened->crl.tbs_offset,
	    (size_t)opened->crl.tbs_size };
}

/* What openssl makes of index.txt, in theirs.crl. */
static inline void
write_theirs(const char *ca, const char *options, const char *number,
    const char *this_update, const char *next_update)
{
	RELEASE_BUFFER struct buffer index = {0};
	char name[64];

	fixture_read(folder, "index.txt", &index);
	snprintf(name, sizeof(name), "%s.index", ca);
	fixture_write(folder, name, span_of_buffer(&index));
	snprintf(name, sizeof(name), "%s.crlnumber", ca);
	fixture_write_text(folder, name, number);
	fixture_openssl(folder, "ca -gencrl -config %s.cnf %s -crl_lastupdate "
	    "%s -crl_nextupdate %s -out theirs.pem", ca, options,
	    this_update, next_update);
	fixture_openssl(folder, "crl -in theirs.pem -outform DER -out "
	    "theirs.crl");
}

struct signing {
	struct cert *root;
	struct signer *signer;
};

static inline void
signing_release(struct signing *signing)
{
	signer_free(signing->signer);
	cert_free(signing->root);
}

#define RELEASE_SIGNING __attribute__((cleanup(signing_release)))

static inline void
open_signing(const char *ca, struct signing *out)
{
	const struct passphrase_source none = { .fd = -1 };
	char key[64], key_path[PATH_SIZE];
	struct error err = {0};

	out->root = load_cert(folder, ca);
	snprintf(key, sizeof(key), "%s.key", ca);
	path_in(key_path, folder, key);
	assert_fine(ca, signer_open(key_path, out->root, NULL, &none,
	    &out->signer, &err), &err);
}

struct findings {
	size_t count;
	char first[256];
};

static inline void
take_finding(void *context, const struct lint_finding *finding)
{
	struct findings *findings = context;

	if (findings->count++ == 0)
		snprintf(findings->first, sizeof(findings->first), "%s",
		    finding->text);
}

/*
 * The same by us, in ours.crl; the unsigned list is linted on the way.
 *
 * said       what the lint finds first, "" for nothing
 * microsoft  which extensions of AD CS there are
 */
static inline void
write_ours_microsoft(const struct signing *signing, const char *number,
    const char *this_update, const char *next_update, const char *said,
    const struct crlwrite_microsoft *microsoft)
{
	ABORT_WRITER struct file_writer writer = FILE_WRITER_NONE;
	RELEASE_INDEX struct index index = {0};
	RELEASE_CRLWRITE struct crlwrite crl = { .root = signing->root,
		.index = &index,
		.algorithm = signer_identifier(signing->signer),
		.this_update_s = instant(this_update),
		.next_update_s = instant(next_update),
		.microsoft = *microsoft };
	struct findings findings = {0};
	struct lint lint = { .found = take_finding, .context = &findings };
	struct error err = {0};
	char out[PATH_SIZE];

	assert_true(number_from_hex(span_of_text(number), &crl.number));
	FINE(index_load(path, &index, &err));
	FINE(crlwrite_prepare(&crl, &err));
	FINE(crlwrite_lint(&crl, &lint, &err));
	if (strncmp(findings.first, said, strlen(said)) != 0 ||
	    (said[0] == '\0') != (findings.count == 0))
		fail_msg("want \"%s\", have \"%s\"", said, findings.first);
	path_in(out, folder, "ours.crl");
	FINE(file_writer_open(&writer, out, 0644, &err));
	FINE(crlwrite_sign(&crl, signing->signer, &writer, &err));
	FINE(file_writer_commit(&writer, &err));
	assert_no_temporaries("ours.crl", folder);
}

/* Without any of them. */
static inline void
write_ours(const struct signing *signing, const char *number,
    const char *this_update, const char *next_update, const char *said)
{
	write_ours_microsoft(signing, number, this_update, next_update, said,
	    &(const struct crlwrite_microsoft){0});
}

/* Ours is sound by itself: it verifies, and no lint has a word on it. */
static inline void
check_ours(const char *name, const struct signing *signing,
    struct opened *ours)
{
	struct findings findings = {0};
	struct lint lint = { .found = take_finding, .context = &findings };
	struct error err = {0};

	assert_fine(name, crl_verify(&ours->crl, signing->root, &err), &err);
	assert_fine(name, lint_crl(&lint, &ours->window, signing->root, &err),
	    &err);
	if (findings.count > 0)
		fail_msg("%s: want nothing found, have %zu, first: %s", name,
		    findings.count, findings.first);
}
