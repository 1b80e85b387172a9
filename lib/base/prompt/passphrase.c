/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/prompt/passphrase.h"
#include "base/prompt/prompt.h"

#define RING_SIZE 32	/* roots, and keys that seal */

struct passphrase_ring {
	struct {
		char *what;
		struct secret passphrase;
	} kept[RING_SIZE];
	size_t count;
};

struct passphrase_ring *
passphrase_ring_new(void)
{
	return calloc(1, sizeof(struct passphrase_ring));
}

void
passphrase_ring_empty(struct passphrase_ring *ring)
{
	for (size_t i = 0; ring != NULL && i < ring->count; i++) {
		secret_release(&ring->kept[i].passphrase);
		free(ring->kept[i].what);
	}
	if (ring != NULL)
		ring->count = 0;
}

void
passphrase_ring_free(struct passphrase_ring **ring)
{
	passphrase_ring_empty(*ring);
	free(*ring);
	*ring = NULL;
}

void
passphrase_of(const char *path, char out[PASSPHRASE_WHAT_SIZE])
{
	snprintf(out, PASSPHRASE_WHAT_SIZE, "passphrase of %s", path);
}

static const struct secret *
find_kept(const struct passphrase_source *source, const char *what)
{
	const struct passphrase_ring *ring = source->ring;

	for (size_t i = 0; ring != NULL && i < ring->count; i++) {
		if (strcmp(ring->kept[i].what, what) == 0)
			return &ring->kept[i].passphrase;
	}
	return NULL;
}

static enum err
copy_secret(const struct secret *from, struct secret *out, struct error *err)
{
	TRY(secret_new(from->size, out, err));
	if (from->size > 0)
		memcpy(out->data, from->data, from->size);
	return ERR_OK;
}

void
passphrase_keep(const struct passphrase_source *source, const char *what,
    const struct secret *passphrase)
{
	struct passphrase_ring *ring = source->ring;

	if (ring == NULL || ring->count == RING_SIZE ||
	    passphrase == NULL || passphrase->data == NULL ||
	    find_kept(source, what) != NULL ||
	    /* It may have been cut, and be another's. */
	    strlen(what) >= PASSPHRASE_WHAT_SIZE - 1)
		return;
	ring->kept[ring->count].what = strdup(what);
	if (ring->kept[ring->count].what == NULL)
		return;
	if (copy_secret(passphrase, &ring->kept[ring->count].passphrase,
	    NULL) != ERR_OK)
		free(ring->kept[ring->count].what);
	else
		ring->count++;
}

enum err
passphrase_ask(const char *what, struct secret *out, struct error *err)
{
	CLOSE_FD int tty = prompt_open_terminal();
	RELEASE_SECRET struct secret secret = {0};
	char text[600];
	const struct prompt prompt = {.text = text, .in_fd = tty,
	    .out_fd = tty, .is_quiet = true};

	if (tty < 0)
		return err_fail(err, ERR_KEY, "%s: there is no terminal to "
		    "ask on, and no --passphrase-fd", what);
	snprintf(text, sizeof(text), "%s: ", what);
	TRY(secret_new(SECRET_LINE_MAX, &secret, err));
	TRY(err_about(err, prompt_ask(&prompt, (char *)secret.data,
	    SECRET_LINE_MAX + 1, &secret.size, err), what));
	*out = secret;
	secret = (struct secret){0};
	return ERR_OK;
}

enum err
passphrase_obtain(const struct passphrase_source *source, const char *what,
    struct secret *out, struct error *err)
{
	const struct secret *kept = find_kept(source, what);

	if (kept != NULL)
		return copy_secret(kept, out, err);
	if (source->fd >= 0)
		return secret_read_line(source->fd, what, out, err);
	return passphrase_ask(what, out, err);
}

bool
passphrase_has_another_try(const struct passphrase_source *source,
    const char *what, unsigned int tried)
{
	const unsigned int left = tried < PASSPHRASE_TRIES ?
	    PASSPHRASE_TRIES - tried : 0;
	CLOSE_FD int tty = -1;
	char text[PASSPHRASE_WHAT_SIZE + 40];

	if (source->fd >= 0)
		return false;
	if (source->listener != NULL)
		source->listener->refused(source->listener->context, what);
	if (left == 0)
		return false;
	snprintf(text, sizeof(text), "Wrong %s; %u %s left.\n", what, left,
	    left == 1 ? "try is" : "tries are");
	tty = prompt_open_terminal();
	return tty >= 0 && file_write_all(tty, "terminal",
	    span_of_text(text), NULL) == ERR_OK;
}
