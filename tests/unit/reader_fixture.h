/* SPDX-License-Identifier: ISC */
/* Sealed bundles of CRLs by recipe, and a reader for them. */
#pragma once

#include <sys/wait.h>

#include "bundle_fixture.h"
#include "recipe_fixture.h"
#include "sub/reader/reader.h"
#include "test.h"

#define CRL_MAX (1024 * 1024)

static char medium[FIXTURE_PATH_SIZE];
static struct minisign_secret secrets[3];
static struct sealkeys_trusted trusted;	/* the first two */

/* The root r as a subordinate is configured for it. */
static const struct config_root reader_root = { .name = "r" };

static inline int
set_up_reader(void **state)
{
	if (secret_start(NULL) != ERR_OK || setup(state) != 0)
		return -1;
	for (size_t i = 0; i < COUNT_OF(secrets); i++)
		make_secret(&secrets[i]);
	for (trusted.count = 0; trusted.count < 2; trusted.count++)
		trusted.keys[trusted.count] =
		    secrets[trusted.count].public;
	return 0;
}

static inline int
tear_down_reader(void **state)
{
	for (size_t i = 0; i < COUNT_OF(secrets); i++)
		minisign_secret_release(&secrets[i]);
	return teardown(state);
}

static inline int
enter_medium(void **state)
{
	fixture_make_folder(medium);
	return 0;
}

/* What a truthful manifest says of a CRL. */
static inline void
describe_crl(const struct buffer *der, struct manifest *out)
{
	RELEASE_CRL struct crl crl = {0};
	struct crl_survey survey = {0};
	struct window window;
	struct error err = {0};

	*out = make_manifest(0);
	memcpy(out->spki_sha256, certs[ROOT]->spki_sha256, SHA256_SIZE);
	window_init_memory(&window, span_of_buffer(der));
	/* What is no CRL is described as well as can be. */
	if (crl_open(&window, &crl, &err) != ERR_OK ||
	    crl_survey(&crl, NULL, &survey, &err) != ERR_OK)
		return;
	out->number = crl.number;
	out->this_update_s = crl.this_update.at_s;
	out->next_update_s = crl.has_next_update ? crl.next_update.at_s :
	    crl.this_update.at_s + DAY_S;
	out->revoked_count = survey.count;
}

/* Its folder; sealed by the first `seals` keys. */
static inline void
write_bundle(struct manifest *manifest, const struct buffer *der,
    size_t seals, char path[PATH_SIZE])
{
	struct error err = {0};
	CLOSE_FD int fd = -1;

	fixture_write(medium, "crl", span_of_buffer(der));
	fd = open_in(medium, "crl");
	FINE(bundle_write(medium, manifest, fd, span_of_text("certificate"),
	    span_of_text(""), secrets, seals, NULL, path, PATH_SIZE, &err));
}

/* The CRL of a recipe in a bundle, truthfully. */
static inline void
write_recipe(const struct recipe *recipe, struct buffer *der,
    char path[PATH_SIZE])
{
	RELEASE_MANIFEST struct manifest manifest = {0};

	make_crl(recipe, der);
	describe_crl(der, &manifest);
	write_bundle(&manifest, der, 1, path);
}

/* Seal octets with a key, as the n-th seal file of a bundle. */
static inline void
put_seal(const char *path, unsigned int n, const struct minisign_secret *key,
    struct span json, const char *comment)
{
	RELEASE_BUFFER struct buffer seal = {0};
	struct error err = {0};
	char name[64];

	snprintf(name, sizeof(name), "bundle.json.%016x.minisig", n);
	FINE(minisign_sign(key, json, comment, &seal, &err));
	fixture_write(path, name, span_of_buffer(&seal));
}

static inline struct reader_request
make_request(const struct bundle *bundle)
{
	static const struct cert *subordinates[1];

	subordinates[0] = subordinate;
	return (struct reader_request){
		.root = &reader_root,
		.rules = { .root = certs[ROOT], .now_s = NOW },
		.subordinates = subordinates, .subordinate_count = 1,
		.trusted = &trusted, .seals_required = 1, .bundle = bundle,
		.sandbox = SANDBOX_TRY,
	};
}

static inline void
load_source(const char *path, struct bundle *out)
{
	RELEASE_SOURCE struct source source = { .fd = -1 };
	RELEASE_NOTICES struct notices notices = {0};
	struct error err = {0};
	bool found = false;

	assert_fine(path, source_open(path, &source, &err), &err);
	assert_fine(path, bundle_load(&source, "r", CRL_MAX, out, &found,
	    &notices, &err), &err);
	assert_true(found);
}

/* The reader is gone when its verdict is there. */
static inline void
assert_no_children(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* Refused, and nothing handed out. */
static inline void
assert_read_refused(const char *name, const struct reader_request *request,
    enum err want, const char *says)
{
	RELEASE_NOTICES struct notices notices = {0};
	RELEASE_BUFFER struct buffer der = {0};
	struct verdict verdict, before;
	struct error err = {0};

	memset(&verdict, 0x5a, sizeof(verdict));
	before = verdict;
	assert_refusal(name, want, says, reader_run(request, &verdict, &der,
	    &notices, &err), &err);
	assert_int_equal(der.size, 0);
	assert_memory_equal(&verdict, &before, sizeof(verdict));
	assert_no_children();
}
