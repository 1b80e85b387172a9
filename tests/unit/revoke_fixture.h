/* SPDX-License-Identifier: ISC */
/*
 * A root whose index has a line of each kind, a subordinate of its own, and
 * another CA.
 */
#pragma once

#include "config_fixture.h"
#include "instant.h"
#include "site/state.h"
#include "test.h"

#define INDEX "root.index"
#define LEDGER "state/ledger.jsonl"
#define END "361231235959Z"
#define PAST "200101000000Z"
#define DATE "260102030405Z"

static const char configuration[] =
    "state = \"state\"; roots = ({ name = \"r\"; %s"
    " certificate = \"root.pem\"; schedule = \"semiannual\";"
    " subordinates = ({ name = \"s\"; certificate = \"sub.pem\"; },"
    " { name = \"t\"; }); %s });";

#define SIGNING "signing = { key = \"root.key\"; index = \"" INDEX "\";" \
	" crlnumber = \"root.crlnumber\"; };"

/* The last line is of sub.pem, whose end it has. */
static const char lines[] =
    "V\t" END "\t\t1001\tunknown\t/CN=valid\n"
    "R\t" END "\t" DATE ",keyCompromise\t1002\tunknown\t/CN=gone\n"
    "R\t" END "\t" DATE ",certificateHold\t1003\tunknown\t/CN=held\n"
    "E\t" END "\t\t1004\tunknown\t/CN=expired\n"
    "V\t" PAST "\t\t1006\tunknown\t/CN=ended\n"
    "R\t" END "\t" DATE "\t1007\tunknown\t/CN=why\n"
    "R\t" END "\t" DATE ",keyTime,20260101000000Z\t1008\tunknown\t/CN=since\n";

static char folder[FIXTURE_PATH_SIZE];
static struct config *config;
static int64_t made_s;		/* the root's notBefore */
static int64_t now_s;
static char sub_line[128];

static inline void
configure(const char *more, const char *signing)
{
	char text[1024];
	struct error err = {0};

	config_free(config);
	config = NULL;
	assert_in_range(snprintf(text, sizeof(text), configuration, more,
	    signing), 1, sizeof(text) - 1);
	FINE(load_text(folder, text, &config, &err));
}

/* The index as a time of an entry has it: YYMMDDHHMMSSZ. */
static inline void
index_time(int64_t at_s, char out[16])
{
	uint8_t text[16] = {0};

	utc_to_generalizedtime(at_s, text);
	snprintf(out, 16, "%s", (const char *)text + 2);
}

static inline void
write_index(const char *first, const char *more)
{
	RELEASE_BUFFER struct buffer text = {0};

	assert_int_equal(buffer_appendf(&text, NULL, "%s%s", first, more),
	    ERR_OK);
	fixture_write(folder, INDEX, span_of_buffer(&text));
}

static inline int
set_up(void **state)
{
	struct cert *cert;
	char end[16];

	fixture_make_folder(folder);
	fixture_make_ca(folder, "root", "p256");
	fixture_make_ca(folder, "other", "p256");
	fixture_make_key(folder, "sub", "p256");
	fixture_openssl(folder, "req -new -config root.cnf -key sub.key "
	    "-subj /CN=sub -out sub.csr");
	fixture_openssl(folder, "x509 -req -in sub.csr -CA root.pem -CAkey "
	    "root.key -days 1825 -extfile root.cnf -extensions sub_ext "
	    "-set_serial 0x1005 -out sub.pem");
	copy_schedule(folder, "semiannual", "semiannual");
	cert = load_cert(folder, "root");
	made_s = cert->not_before_s;
	now_s = made_s + 30 * DAY_S;
	cert_free(cert);
	cert = load_cert(folder, "sub");
	index_time(cert->not_after_s, end);
	cert_free(cert);
	snprintf(sub_line, sizeof(sub_line), "V\t%s\t\t1005\tunknown\t"
	    "/CN=sub\n", end);
	return 0;
}

static inline int
tear_down(void **state)
{
	config_free(config);
	return 0;
}

/* Each test has the index as above, and no ledger yet. */
static inline int
enter(void **state)
{
	static const char *const kept[] = { LEDGER, "state/version" };
	char path[PATH_SIZE];
	struct error err = {0};

	for (size_t i = 0; i < COUNT_OF(kept); i++) {
		path_in(path, folder, kept[i]);
		unlink(path);
	}
	configure("", SIGNING);
	write_index(lines, sub_line);
	FINE(state_prepare(config, &err));
	return 0;
}
