/* SPDX-License-Identifier: ISC */
/* Pinned certificates, and a reader's way to a CRL. */
#pragma once

#include "base/utc.h"
#include "ferry/admit.h"
#include "openssl_fixture.h"
#include "test.h"

#define NOW INT64_C(1795341600)		/* 2026-11-22T10:00:00Z */
#define THIS_UPDATE (NOW - 600)
#define NEXT_UPDATE (NOW + 200 * DAY_S)

static char folder[FIXTURE_PATH_SIZE];

/* The certificates that are pinned; setup makes them. */
enum pinned { ROOT, TWIN, NO_SIGN, NO_SKI, NO_USAGE, RSA_ROOT, CERT_COUNT };

static const char *const pinned_names[CERT_COUNT] = {
	"root", "twin", "nosign", "noski", "nousage", "rsa",
};
static struct cert *certs[CERT_COUNT];
static struct cert *subordinate;

static inline struct cert *
read_cert(const char *name)
{
	RELEASE_BUFFER struct buffer file = {0};
	char path[64];
	struct cert *cert = NULL;
	struct error err = {0};

	snprintf(path, sizeof(path), "%s.pem", name);
	fixture_read(folder, path, &file);
	if (cert_parse(span_of_buffer(&file), &cert, &err) != ERR_OK)
		fail_msg("%s: %s", name, err.what);
	return cert;
}

/* The same subject as root's, with one extension section each. */
static const char variants[] =
    "[req]\ndistinguished_name = dn\nprompt = no\n"
    "[dn]\nO = Fixture\nCN = root\n"
    "[nosign]\nbasicConstraints = critical,CA:TRUE\n"
    "keyUsage = critical,keyCertSign\nsubjectKeyIdentifier = hash\n"
    "[noski]\nbasicConstraints = critical,CA:TRUE\n"
    "keyUsage = critical,keyCertSign,cRLSign\n"
    "subjectKeyIdentifier = none\n"
    "[nousage]\nbasicConstraints = critical,CA:TRUE\n"
    "subjectKeyIdentifier = hash\n";

static inline int
setup(void **state)
{
	size_t i;

	fixture_make_folder(folder);
	fixture_make_ca(folder, "root", "p256");
	fixture_make_ca(folder, "rsa", "rsa");
	fixture_make_key(folder, "twin", "p256");
	fixture_openssl(folder, "req -x509 -new -config root.cnf -extensions "
	    "root_ext -key twin.key -days 3650 -out twin.pem");
	fixture_write_text(folder, "variants.cnf", variants);
	for (i = NO_SIGN; i <= NO_USAGE; i++)
		fixture_openssl(folder, "req -x509 -new -config variants.cnf "
		    "-extensions %s -key root.key -days 3650 -out %s.pem",
		    pinned_names[i], pinned_names[i]);
	fixture_make_key(folder, "sub", "p256");
	fixture_openssl(folder, "req -new -config root.cnf -key sub.key "
	    "-subj /CN=sub -out sub.csr");
	fixture_openssl(folder, "x509 -req -in sub.csr -CA root.pem -CAkey "
	    "root.key -days 1825 -extfile root.cnf -extensions sub_ext "
	    "-set_serial 5 -out sub.pem");
	for (i = 0; i < CERT_COUNT; i++)
		certs[i] = read_cert(pinned_names[i]);
	subordinate = read_cert("sub");
	return 0;
}

static inline int
teardown(void **state)
{
	size_t i;

	for (i = 0; i < CERT_COUNT; i++)
		cert_free(certs[i]);
	cert_free(subordinate);
	return 0;
}

/* Open and admit octets, as a reader would. */
static inline enum err
admit(struct span der, const struct admit_rules *rules,
    const struct span *wanted, struct crl_facts *facts,
    struct crl_survey *survey, struct error *err)
{
	RELEASE_CRL struct crl crl = {0};
	struct window window;
	enum err result;

	window_init_memory(&window, der);
	result = crl_open(&window, &crl, err);
	if (result == ERR_OK)
		result = admit_crl(&crl, rules, wanted, facts, survey, err);
	window_release(&window);
	return result;
}

static inline void
check_result(const char *name, enum err have, enum err want,
    const struct error *err, const char *says)
{
	if (have != want || (want != ERR_OK && (err->code != want ||
	    strstr(err->what, says) == NULL)))
		fail_msg("%s: want %s \"%s\", have %s \"%s\"", name,
		    error_token(want), says, error_token(have), err->what);
}

static inline struct admit_rules
first_import(const struct cert *root)
{
	static const struct cert *subordinates[1];

	subordinates[0] = subordinate;
	return (struct admit_rules){
		.root = root,
		.subordinates = subordinates,
		.subordinate_count = 1,
		.now_s = NOW,
	};
}

/* A number of -1 is none; later_s is after THIS_UPDATE. */
static inline struct crl_facts
make_facts(int64_t number, int64_t later_s)
{
	struct crl_facts facts = {
		.has_number = number >= 0,
		.this_update_s = THIS_UPDATE + later_s,
		.has_next_update = true,
		.next_update_s = NEXT_UPDATE,
	};

	if (number >= 0)
		facts.number = number_from_u64((uint64_t)number);
	return facts;
}
