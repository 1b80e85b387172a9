/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "../config_text.h"
#include "../rows.h"
#include "base/array.h"
#include "issue_arguments.h"
#include "root/issue/reissue.h"
#include "root_verbs.h"

const struct cli_option reissue_options[] = {
    {"output", "FILE", "where to write it: a new file; required"},
    {"until", "TIME", "its end; by default as long as before, from today"},
    {"digest", "DIGEST", "sha256, sha384 or sha512; by default as for CRLs"},
    {"confirm-date", "YYYY-MM-DD", "today's date, if the clock is in doubt"},
    {"discard-evidence", "ID",
	"leave out evidence that a refusal names; needs --why"},
    {"why", "TEXT", "the reason, for the ledger"},
    {NULL},
};

/* The instants and the digest, as they are shown. */
struct words {
	char not_before[UTC_TEXT_SIZE];
	char not_after[UTC_TEXT_SIZE];
	char old_not_after[UTC_TEXT_SIZE];
	char sha256[SHA256_HEX_SIZE];
};

static void
words_of(const struct reissue_made *made, struct words *out)
{
	utc_format(made->not_before_s, out->not_before);
	utc_format(made->not_after_s, out->not_after);
	utc_format(made->old_not_after_s, out->old_not_after);
	sha256_hex(made->sha256, out->sha256);
}

static enum err
print_json(struct invocation *invocation, const struct config_root *root,
    const struct reissue_made *made, const struct words *words,
    struct error *err)
{
	const struct rows_fact facts[] = {
	    {"root", root->name}, {"subject", made->subject},
	    {"serial", made->serial}, {"algorithm", made->algorithm},
	    {"not_before", words->not_before},
	    {"not_after", words->not_after}, {"sha256", words->sha256},
	    {"old_algorithm", made->old_algorithm},
	    {"old_not_after", words->old_not_after},
	    {"path", made->output}, {"kept", made->kept},
	};
	RELEASE_ROWS struct rows rows = {0};

	rows_begin(&rows);
	rows_facts(&rows, facts, COUNT_OF(facts));
	rows_boolean(&rows, "replaced", made->is_replaced);
	return rows_print(&rows, invocation, "crlferry-reissue", "reissued",
	    err);
}

/* The path as the configuration may have it: from its own folder on. */
static enum err
say_setting(struct invocation *invocation, const struct config_root *root,
    const struct reissue_made *made, struct error *err)
{
	const struct config *config = invocation->config;
	char absolute[4096], beside[4096];
	const char *path = absolute;
	size_t size;

	TRY(config_text_absolute(made->output, absolute, sizeof(absolute),
	    err));
	TRY(config_text_absolute(config->path, beside, sizeof(beside), err));
	size = (size_t)(strrchr(beside, '/') + 1 - beside);
	if (strncmp(absolute, beside, size) == 0)
		path += size;
	TRY(buffer_appendf(&invocation->output, err, "Now set this for root "
	    "%s in %s, line %u and on:\n", root->name, config->path,
	    root->line));
	return config_text_value(&invocation->output, "  ", "certificate",
	    path, err);
}

static enum err
print_text(struct invocation *invocation, const struct config_root *root,
    const struct reissue_made *made, const struct words *words,
    struct error *err)
{
	RELEASE_BUFFER struct buffer digest = {0};

	TRY(digest_groups(words->sha256, "\n               ", &digest, err));
	TRY(buffer_appendf(&invocation->output, err,
	    "%s: a new certificate for the same key is in %s\n"
	    "  subject      %s\n"
	    "  serial       %s\n"
	    "  signed with  %s (before: %s)\n"
	    "  notBefore    %s, as before\n"
	    "  notAfter     %s (before: %s)\n"
	    "  SHA-256      %.*s\n"
	    "  kept in      %s\n", root->name, made->output, made->subject,
	    made->serial, made->algorithm, made->old_algorithm,
	    words->not_before, words->not_after, words->old_not_after,
	    (int)digest.size, (const char *)digest.data, made->kept));
	if (!made->is_replaced)
		TRY(say_setting(invocation, root, made, err));
	return buffer_append_text(&invocation->output, "The next export "
	    "carries it, and README.txt of the bundle says where it is to be\n"
	    "put. CRLs and certificates that were signed before stay good: the "
	    "key is the same.\n", err);
}

enum err
cmd_reissue(struct invocation *invocation, struct error *err)
{
	const struct config_root *root;
	const char *ids[CLI_VALUES_MAX];
	struct config_words discarded;
	struct reissue_options options = {
	    .digest = cli_value(invocation, "digest"),
	    .now_s = invocation->now_s,
	    .utc_offset_s = invocation->utc_offset_s,
	    .discarded = &discarded,
	    .passphrases = &invocation->passphrases, .who = invocation->who};
	RELEASE_HISTORY struct history history = {0};
	struct reissue_made made;
	struct words words;

	TRY(config_text_require(invocation, "output", &options.output, err));
	TRY(cli_time(invocation, "until", -1, &options.until_s, err));
	TRY(cli_time(invocation, "confirm-date", -1, &options.confirmed_s,
	    err));
	TRY(discarded_take(invocation, ids, &discarded, &options.why, err));
	TRY(cli_root(invocation, invocation->arguments.words[0], &root, err));
	TRY(history_read(invocation->config, &history, err));
	TRY(reissue_root(&history, root, &options, &made,
	    &invocation->notices, err));
	words_of(&made, &words);
	if (invocation->is_json)
		return print_json(invocation, root, &made, &words, err);
	return invocation->is_quiet ? ERR_OK :
	    print_text(invocation, root, &made, &words, err);
}
