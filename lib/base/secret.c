/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <sodium.h>

#include "base/file.h"
#include "base/secret.h"

enum err
secret_start(struct error *err)
{
	if (sodium_init() < 0)
		return err_fail(err, ERR_IO, "libsodium does not start");
	return ERR_OK;
}

enum err
secret_harden_process(struct error *err)
{
	const struct rlimit none = {0, 0};

	if (setrlimit(RLIMIT_CORE, &none) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return file_fail(err, "process", "forbid core dumps");
	return ERR_OK;
}

static void *
allocate(size_t size, const char *file, int line)
{
	return size == 0 ? NULL : malloc(size);
}

static void
wipe_and_free(void *data, const char *file, int line)
{
	if (data != NULL)
		sodium_memzero(data, malloc_usable_size(data));
	free(data);
}

/* Never in place, since realloc(3) wipes nothing that it leaves behind. */
static void *
reallocate(void *data, size_t size, const char *file, int line)
{
	size_t kept = data == NULL ? 0 : malloc_usable_size(data);
	void *grown = allocate(size, file, line);

	if (grown == NULL && size > 0)
		return NULL;
	if (grown != NULL && kept > 0)
		memcpy(grown, data, kept < size ? kept : size);
	wipe_and_free(data, file, line);
	return grown;
}

enum err
secret_wipe_freed(struct error *err)
{
	if (CRYPTO_set_mem_functions(allocate, reallocate,
	    wipe_and_free) != 1)
		return err_fail(err, ERR_IO,
		    "libcrypto was started before this program could configure "
		    "it");
	return ERR_OK;
}

enum err
secret_new(size_t size, struct secret *out, struct error *err)
{
	uint8_t *data = sodium_malloc(size + 1);

	/* libsodium goes on if its lock is refused; sanitizers make
	 * nothing of mlock(2). */
	if (data != NULL && mlock2(data, size + 1, 0) != 0) {
		sodium_free(data);
		data = NULL;
	}
	if (data == NULL)
		return err_fail(err, ERR_IO,
		    "out of memory that can be locked: %zu octets are needed "
		    "(see ulimit -l)",
		    size);
	memset(data, 0, size + 1);
	*out = (struct secret){data, size};
	return ERR_OK;
}

void
secret_release(struct secret *secret)
{
	sodium_free(secret->data);
	*secret = (struct secret){0};
}

void
secret_wipe(void *data, size_t size)
{
	sodium_memzero(data, size);
}

void
secret_wipe_buffer(struct buffer *buffer)
{
	if (buffer->data != NULL)
		secret_wipe(buffer->data, buffer->capacity);
	buffer_release(buffer);
}

enum err
secret_read_line(int fd, const char *what, struct secret *out,
    struct error *err)
{
	struct secret line;
	size_t used = 0;

	TRY(secret_new(SECRET_LINE_MAX, &line, err));
	for (;;) {
		uint8_t *next = line.data + used;
		ssize_t got = read(fd, next, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got == 1 && *next != '\n' && used < SECRET_LINE_MAX) {
			used++;
			continue;
		}
		if ((got == 1 && *next == '\n') || (got == 0 && used > 0))
			break;
		secret_release(&line);
		return err_fail(err, ERR_KEY,
		    "%s: one line of at most %d octets is expected, and there "
		    "is %s",
		    what, SECRET_LINE_MAX, got == 1 ? "a longer one" : "none");
	}
	line.data[used] = '\0';
	line.size = used;
	*out = line;
	return ERR_OK;
}

/*
 * Wait for a line, or for a signal that would end the process while the
 * terminal is quiet.  False for the signal, which stays pending.
 */
static bool
wait_for_line(int tty, const sigset_t *signals)
{
	CLOSE_FD int pending = signalfd(-1, signals, SFD_CLOEXEC);
	struct pollfd fds[] = {
	    {.fd = tty, .events = POLLIN}, {.fd = pending, .events = POLLIN}};

	while (poll(fds, 2, -1) < 0 && errno == EINTR)
		continue;
	return (fds[1].revents & POLLIN) == 0;
}

static enum err
show_prompt(int tty, const char *prompt, struct error *err)
{
	TRY(file_write_all(tty, "terminal", span_of_text(prompt), err));
	return file_write_all(tty, "terminal", span_of_text(": "), err);
}

/*
 * With echo off and signals held back.  Turning the echo off drops what was
 * typed before, so that the prompt comes after it: an answer to it is heard.
 */
static enum err
ask_quietly(int tty, const char *prompt, struct secret *out,
    struct error *err)
{
	struct termios loud, quiet;
	sigset_t signals, before;
	enum err code;

	if (tcgetattr(tty, &loud) != 0)
		return file_fail(err, "terminal", "look at");
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGQUIT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGTSTP);
	quiet = loud;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	sigprocmask(SIG_BLOCK, &signals, &before);
	if (tcsetattr(tty, TCSAFLUSH, &quiet) != 0)
		code = file_fail(err, "terminal", "turn echo off");
	else
		code = show_prompt(tty, prompt, err);
	if (code == ERR_OK && !wait_for_line(tty, &signals))
		code = err_fail(err, ERR_DECLINED,
		    "%s: interrupted, and nothing was taken", prompt);
	else if (code == ERR_OK)
		code = secret_read_line(tty, prompt, out, err);
	if (tcsetattr(tty, TCSAFLUSH, &loud) != 0 && code == ERR_OK) {
		secret_release(out);
		code = file_fail(err, "terminal", "turn echo on");
	}
	/* Here the signal has its way. */
	sigprocmask(SIG_SETMASK, &before, NULL);
	return code;
}

enum err
secret_ask(const char *prompt, struct secret *out, struct error *err)
{
	CLOSE_FD int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	RELEASE_SECRET struct secret secret = {0};

	if (tty < 0)
		return err_fail(err, ERR_KEY,
		    "%s: there is no terminal to ask on, and no "
		    "--passphrase-fd",
		    prompt);
	TRY(ask_quietly(tty, prompt, &secret, err));
	TRY(file_write_all(tty, "terminal", span_of_text("\n"), err));
	*out = secret;
	secret = (struct secret){0};
	return ERR_OK;
}

enum err
secret_obtain(const struct secret_source *source, const char *prompt,
    struct secret *out, struct error *err)
{
	if (source->fd >= 0)
		return secret_read_line(source->fd, prompt, out, err);
	return secret_ask(prompt, out, err);
}

void
secret_random(void *out, size_t size)
{
	randombytes_buf(out, size);
}
