/* SPDX-License-Identifier: ISC */
#include <langinfo.h>
#include <locale.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/prompt/prompt.h"
#include "base/text.h"
#include "terminal.h"

/* One '?' for each character beyond ASCII. */
static void
make_ascii(struct buffer *text)
{
	size_t used = 0;

	for (size_t i = 0; i < text->size; i++) {
		const uint8_t octet = text->data[i];

		/* Of a character only the first octet stays. */
		if ((octet & 0xc0) != 0x80)
			text->data[used++] = octet < 0x80 ? octet : '?';
	}
	text->size = used;
}

/* What the terminal can show of a text. */
static enum err
render(const struct terminal *terminal, const char *text, struct buffer *out,
    struct error *err)
{
	TRY(buffer_append_text(out, text, err));
	buffer_make_printable(out);
	if (!terminal->is_utf8)
		make_ascii(out);
	return ERR_OK;
}

static enum err
say(void *context, const char *text, struct error *err)
{
	RELEASE_BUFFER struct buffer shown = {0};

	TRY(render(context, text, &shown, err));
	return file_write_all(STDOUT_FILENO, "terminal",
	    span_of_buffer(&shown), err);
}

/*
 * A NUL would end the text before its time, so another control character
 * stands for it.
 */
static enum err
ask(void *context, const char *text, char *out, size_t capacity,
    struct error *err)
{
	RELEASE_BUFFER struct buffer shown = {0};
	struct prompt prompt = {.in_fd = STDIN_FILENO,
	    .out_fd = STDOUT_FILENO};
	size_t size_bytes;

	TRY(render(context, text, &shown, err));
	TRY(buffer_append(&shown, "", 1, err));
	prompt.text = (const char *)shown.data;
	TRY(prompt_ask(&prompt, out, capacity, &size_bytes, err));
	for (size_t i = 0; i < size_bytes; i++) {
		if (out[i] == '\0')
			out[i] = '\1';
	}
	return ERR_OK;
}

static int64_t
now(void *context)
{
	(void)context;
	return (int64_t)time(NULL);
}

/* What the locale says of it; LANG=C and a serial console go together. */
static bool
has_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool result = false;

	if (locale != (locale_t)0) {
		result = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
		freelocale(locale);
	}
	return result;
}

enum err
terminal_open(struct terminal *terminal, struct ceremony_io *io,
    struct error *err)
{
	struct winsize size = {0};
	sigset_t signals;

	if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0)
		return err_remedy(err, err_fail(err, ERR_USAGE, "a ceremony "
		    "needs a terminal to ask on"),
		    "a script runs collect, issue and export");
	prompt_signals(&signals);
	if (sigprocmask(SIG_BLOCK, &signals, &terminal->before) != 0)
		return file_fail(err, "signals", "hold back");
	terminal->is_open = true;
	terminal->is_utf8 = has_utf8();
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		size.ws_row = 0;
	*io = (struct ceremony_io){terminal, say, ask, now, size.ws_row,
	    terminal->is_utf8};
	return ERR_OK;
}

void
terminal_close(struct terminal *terminal)
{
	const struct timespec at_once = {0, 0};
	sigset_t signals;

	if (!terminal->is_open)
		return;
	terminal->is_open = false;
	/* What nobody has asked for is not for the shell. */
	(void)tcflush(STDIN_FILENO, TCIFLUSH);
	/* They were answered: what ends now ends with a status of ours. */
	prompt_signals(&signals);
	while (sigtimedwait(&signals, NULL, &at_once) > 0)
		continue;
	sigprocmask(SIG_SETMASK, &terminal->before, NULL);
}
