/* SPDX-License-Identifier: ISC */
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/prompt/busy.h"
#include "ferry/minisign.h"
#include "verbs.h"
#include "view/json.h"

const struct cli_option keygen_options[] = {
    {"no-passphrase", NULL, "leave the secret key unencrypted"},
    {NULL},
};

/* From a terminal it is asked twice: a typing error would lock the key. */
static enum err
obtain_passphrase(const struct invocation *invocation, struct secret *out,
    struct error *err)
{
	RELEASE_SECRET struct secret again = {0};

	TRY(passphrase_obtain(&invocation->passphrases,
	    "passphrase of the new key", out, err));
	if (out->size == 0)
		return err_remedy(err, err_fail(err, ERR_KEY, "the passphrase "
		    "is empty; no key was made"), "run the command again, or "
		    "give --no-passphrase");
	if (invocation->passphrases.fd >= 0)
		return ERR_OK;
	TRY(passphrase_ask("once more", &again, err));
	if (!span_equals((struct span){out->data, out->size},
	    (struct span){again.data, again.size}))
		return err_remedy(err, err_fail(err, ERR_KEY, "the two "
		    "passphrases differ; no key was made"),
		    "run the command again");
	return ERR_OK;
}

static enum err
check_new(const char *path, struct error *err)
{
	bool found;

	TRY(file_find(path, &found, err));
	if (!found)
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_USAGE,
	    "%s is there already; no key was made", path),
	    "move it away, or name another file");
}

static enum err
write_pair(const char *secret_path, const char *public_path,
    struct span secret, const struct minisign_public *public,
    struct error *err)
{
	RELEASE_BUFFER struct buffer file = {0};
	enum err code;

	TRY(minisign_public_format(public, &file, err));
	TRY(file_replace(secret_path, secret, 0600, err));
	/* Once more: both paths may name the same file. */
	code = check_new(public_path, err);
	if (code == ERR_OK)
		code = file_replace(public_path, span_of_buffer(&file), 0644,
		    err);
	if (code != ERR_OK)
		unlink(secret_path);
	return code;
}

static enum err
print_key(struct invocation *invocation, const char *secret_path,
    const char *public_path, const struct minisign_public *public,
    struct error *err)
{
	char line[MINISIGN_PUBLIC_LINE_SIZE];
	char key_id[MINISIGN_KEY_ID_HEX_SIZE];

	minisign_public_line(public, line);
	minisign_key_id_text(public->key_id, key_id);
	if (invocation->is_json) {
		const struct json_field fields[] = {
		    {"secret", FIELD_TEXT, secret_path, 0},
		    {"public", FIELD_TEXT, public_path, 0},
		    {"key", FIELD_TEXT, line, 0},
		    {"key_id", FIELD_TEXT, key_id, 0}};

		return json_rows("crlferry-keygen", "keys", fields,
		    COUNT_OF(fields), 1,
		    &invocation->output, err);
	}
	return cli_say(invocation, err,
	    "secret key  %s  (mode 0600: keep it on this machine)\n"
	    "public key  %s\n"
	    "key id      %s\n"
	    "For the other side, seal.trusted on a subordinate or note_key on "
	    "the root:\n  \"%s\"\n", secret_path,
	    public_path, key_id, line);
}

enum err
cmd_keygen(struct invocation *invocation, struct error *err)
{
	const char *secret_path = invocation->arguments.words[0];
	const char *public_path = invocation->arguments.words[1];
	const bool is_open = cli_flag(invocation, "no-passphrase");
	RELEASE_SECRET struct secret passphrase = {0};
	WIPE_BUFFER struct buffer file = {0};
	struct minisign_public public;
	struct busy busy;
	enum err code;

	TRY(check_new(secret_path, err));
	TRY(check_new(public_path, err));
	if (!is_open)
		TRY(obtain_passphrase(invocation, &passphrase, err));
	busy_start(&busy, is_open || invocation->passphrases.fd >= 0 ? NULL :
	    "locking the new key");
	code = minisign_generate(is_open ? NULL : &passphrase, &file, &public,
	    err);
	TRY(busy_end(&busy, err));
	TRY(code);
	TRY(write_pair(secret_path, public_path, span_of_buffer(&file),
	    &public, err));
	return print_key(invocation, secret_path, public_path, &public, err);
}
