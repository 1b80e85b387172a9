/* SPDX-License-Identifier: ISC */
/*
 * Every refusal must say why; what one walk takes no other may refuse: seen
 * whole or in a file's window, surveyed, compared with itself, or linted.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "must.h"
#include "pki/crl.h"
#include "pki/lint/lint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err
none_lost(void *context, const struct crl_entry *entry, struct error *err)
{
	abort();
}

static void
must_say(void *context, const struct lint_finding *finding)
{
	if (finding->text[0] == '\0')
		abort();
}

/* Open and survey; is the whole of it taken? */
static bool
is_taken(struct window *window, struct crl *crl, struct crl_survey *survey)
{
	struct error err = { 0 };

	if (is_refused(crl_open(window, crl, &err), &err))
		return false;
	return !is_refused(crl_survey(crl, NULL, survey, &err), &err);
}

static void
lint_both(struct window *window, bool is_good)
{
	for (int profile = LINT_RFC5280; profile <= LINT_BR; profile++) {
		struct lint lint = {
			.profile = (enum lint_profile)profile,
			.found = must_say,
		};
		struct error err = { 0 };

		if (is_refused(lint_crl(&lint, window, NULL, &err), &err) ||
		    (!is_good && lint.errors == 0))
			abort();
	}
}

static int
copy_to_file(const uint8_t *data, size_t size)
{
	int fd = memfd_create("crl", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	return fd;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	RELEASE_CRL struct crl whole = { 0 };
	RELEASE_CRL struct crl part = { 0 };
	struct crl_survey survey = { 0 }, again = { 0 };
	struct window memory, file;
	struct error err = { 0 };
	bool is_good;
	int fd = copy_to_file(data, size);

	window_init_memory(&memory, (struct span){ data, size });
	if (window_init_file(&file, fd, &err) != ERR_OK)
		abort();
	is_good = is_taken(&memory, &whole, &survey);
	if (is_taken(&file, &part, &again) != is_good ||
	    again.count != survey.count)
		abort();
	if (is_good && crl_compare(&whole, &part, none_lost, NULL, &err) !=
	    ERR_OK)
		abort();
	lint_both(&memory, is_good);
	crl_release(&part);
	window_release(&file);
	close(fd);
	return 0;
}
