/* SPDX-License-Identifier: ISC */
/*
 * Every dialogue is fixed octets out, and short answers in, of which little is
 * looked at.  No answer, nor all of them together, is longer than a bound.
 */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "sub/watch/probe_starttls.h"

#define LINE_MAX_BYTES 2048
#define TOTAL_MAX_BYTES (64 * 1024)

/* What was received, and not yet looked at. */
struct dialogue {
	const struct starttls *starttls;
	int fd;
	int64_t deadline_ms;
	uint8_t octets[LINE_MAX_BYTES];
	size_t size;
	size_t total;
	char line[LINE_MAX_BYTES];	/* the last one, printable */
};

struct starttls {
	const char *name;
	enum err (*begin)(struct dialogue *dialogue, struct error *err);
};

const char *
starttls_name(const struct starttls *starttls)
{
	return starttls->name;
}

static enum err
say(struct dialogue *dialogue, const void *text, size_t size,
    struct error *err)
{
	return probe_send(dialogue->fd, (struct span){text, size},
	    dialogue->deadline_ms, err);
}

static enum err
say_text(struct dialogue *dialogue, const char *text, struct error *err)
{
	return say(dialogue, text, strlen(text), err);
}

/* More octets behind those that are there. */
static enum err
hear(struct dialogue *dialogue, struct error *err)
{
	const char *name = dialogue->starttls->name;
	size_t room = sizeof(dialogue->octets) - dialogue->size;
	size_t size;
	enum err code;

	if (room == 0 || dialogue->total >= TOTAL_MAX_BYTES)
		return err_fail(err, ERR_FORMAT, "its answer is too long to "
		    "be %s", name);
	code = probe_receive(dialogue->fd, dialogue->octets + dialogue->size,
	    room, dialogue->deadline_ms, &size, err);
	if (code == ERR_OK && size == 0)
		code = err_fail(err, ERR_IO, "it closed the connection before "
		    "TLS began");
	TRY(err_remedy(err, code, "check that %s is spoken on this port; "
	    "where TLS is spoken from the start, leave out --starttls",
	    name));
	dialogue->size += size;
	dialogue->total += size;
	return ERR_OK;
}

static void
forget(struct dialogue *dialogue, size_t size)
{
	dialogue->size -= size;
	memmove(dialogue->octets, dialogue->octets + size, dialogue->size);
}

/* The next line, without its end. */
static enum err
hear_line(struct dialogue *dialogue, struct error *err)
{
	const uint8_t *end;
	size_t size;

	while ((end = memchr(dialogue->octets, '\n', dialogue->size)) == NULL)
		TRY(hear(dialogue, err));
	size = (size_t)(end - dialogue->octets);
	memcpy(dialogue->line, dialogue->octets, size);
	dialogue->line[size] = '\0';
	if (size > 0 && dialogue->line[size - 1] == '\r')
		dialogue->line[size - 1] = '\0';
	text_make_printable(dialogue->line, '?');
	forget(dialogue, size + 1);
	return ERR_OK;
}

static enum err
refuse(const struct dialogue *dialogue, const char *what, struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_MISSING, "%s: \"%.120s\"",
	    what, dialogue->line), "check that %s with STARTTLS is served on "
	    "this port", dialogue->starttls->name);
}

static bool
begins(const struct dialogue *dialogue, const char *text)
{
	return strncasecmp(dialogue->line, text, strlen(text)) == 0;
}

/* A reply of SMTP (RFC 5321 4.2.1) with this code; does a line offer it? */
static enum err
hear_reply(struct dialogue *dialogue, const char *code, const char *offer,
    bool *is_offered, struct error *err)
{
	do {
		TRY(hear_line(dialogue, err));
		if (!begins(dialogue, code))
			return refuse(dialogue, "it does not begin TLS", err);
		if (offer != NULL && strlen(dialogue->line) > 4 &&
		    strcasecmp(dialogue->line + 4, offer) == 0)
			*is_offered = true;
	} while (dialogue->line[strlen(code)] == '-');
	return ERR_OK;
}

/* RFC 3207 */
static enum err
begin_smtp(struct dialogue *dialogue, struct error *err)
{
	bool is_offered = false;

	TRY(hear_reply(dialogue, "220", NULL, NULL, err));
	TRY(say_text(dialogue, "EHLO localhost\r\n", err));
	TRY(hear_reply(dialogue, "250", "STARTTLS", &is_offered, err));
	if (!is_offered)
		return refuse(dialogue, "it does not offer STARTTLS; the end "
		    "of its offer", err);
	TRY(say_text(dialogue, "STARTTLS\r\n", err));
	return hear_reply(dialogue, "220", NULL, NULL, err);
}

/* RFC 3501 6.2.1 */
static enum err
begin_imap(struct dialogue *dialogue, struct error *err)
{
	TRY(hear_line(dialogue, err));
	if (!begins(dialogue, "* OK"))
		return refuse(dialogue, "it does not greet as IMAP", err);
	TRY(say_text(dialogue, "a STARTTLS\r\n", err));
	do
		TRY(hear_line(dialogue, err));
	while (begins(dialogue, "* "));
	return begins(dialogue, "a OK") ? ERR_OK :
	    refuse(dialogue, "it does not begin TLS", err);
}

/* RFC 2595 4 */
static enum err
begin_pop3(struct dialogue *dialogue, struct error *err)
{
	TRY(hear_line(dialogue, err));
	if (!begins(dialogue, "+OK"))
		return refuse(dialogue, "it does not greet as POP3", err);
	TRY(say_text(dialogue, "STLS\r\n", err));
	TRY(hear_line(dialogue, err));
	return begins(dialogue, "+OK") ? ERR_OK :
	    refuse(dialogue, "it does not begin TLS", err);
}

/*
 * Take a header of BER off the answer; length fields may be longer than need
 * be, as Active Directory's are.  False until it is all there.
 */
static bool
take_header(struct span *in, uint8_t *tag, size_t *content)
{
	size_t octets = 0;

	if (in->size < 2)
		return false;
	*tag = in->data[0];
	*content = in->data[1];
	if (in->data[1] > 0x80)
		octets = in->data[1] & 0x7f;
	/* One that is longer than this comes to nothing below. */
	if (octets > 4 || in->size < 2 + octets)
		return false;
	for (size_t i = 0; i < octets; i++)
		*content = (i == 0 ? 0 : *content << 8) | in->data[2 + i];
	in->data += 2 + octets;
	in->size -= 2 + octets;
	return true;
}

/*
 * An LDAPMessage with message id 1 and an ExtendedResponse (RFC 4511 4.12):
 * its resultCode, and how long it is.  False until all of it is there.
 */
static bool
take_response(struct span in, int *code, size_t *size)
{
	const size_t all = in.size;
	size_t content;
	uint8_t tag;

	*code = -1;
	if (!take_header(&in, &tag, &content) || in.size < content)
		return false;
	*size = all - in.size + content;
	in.size = content;
	if (tag != 0x30 || !take_header(&in, &tag, &content) ||
	    tag != 0x02 || content != 1 || in.size < 1 || in.data[0] != 1)
		return true;
	in.data++;
	in.size--;
	if (take_header(&in, &tag, &content) && tag == 0x78 &&
	    take_header(&in, &tag, &content) && tag == 0x0a &&
	    content == 1 && in.size >= 1)
		*code = in.data[0];
	return true;
}

/* RFC 4511 4.14 */
static enum err
begin_ldap(struct dialogue *dialogue, struct error *err)
{
	static const char request[] = "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
	    "1.3.6.1.4.1.1466.20037";
	size_t size = 0;
	int code;

	TRY(say(dialogue, request, sizeof(request) - 1, err));
	do
		TRY(hear(dialogue, err));
	while (dialogue->octets[0] == 0x30 &&
	    !take_response((struct span){dialogue->octets, dialogue->size},
	    &code, &size));
	if (dialogue->octets[0] != 0x30 || code < 0)
		return err_remedy(err, err_fail(err, ERR_FORMAT, "its answer "
		    "is not LDAP"), "check that ldap is spoken on this port");
	forget(dialogue, size);
	snprintf(dialogue->line, sizeof(dialogue->line), "resultCode %d",
	    code);
	return code == 0 ? ERR_OK :
	    refuse(dialogue, "it does not begin TLS", err);
}

/* SSLRequest, and one letter back (PostgreSQL, Message Flow). */
static enum err
begin_postgres(struct dialogue *dialogue, struct error *err)
{
	TRY(say(dialogue, "\0\0\0\x08\x04\xd2\x16\x2f", 8, err));
	TRY(hear(dialogue, err));
	snprintf(dialogue->line, sizeof(dialogue->line), "%c",
	    dialogue->octets[0]);
	text_make_printable(dialogue->line, '?');
	if (dialogue->line[0] != 'S')
		return refuse(dialogue, dialogue->line[0] == 'N' ? "it has "
		    "TLS switched off (ssl = off)" : "its answer is not "
		    "PostgreSQL's", err);
	forget(dialogue, 1);
	return ERR_OK;
}

static const struct starttls protocols[] = {
    {"smtp", begin_smtp},
    {"imap", begin_imap},
    {"pop3", begin_pop3},
    {"ldap", begin_ldap},
    {"postgres", begin_postgres},
};

enum err
starttls_find(const char *name, const struct starttls **out,
    struct error *err)
{
	char known[128] = "";

	for (size_t i = 0; i < COUNT_OF(protocols); i++) {
		if (strcmp(protocols[i].name, name) == 0) {
			*out = &protocols[i];
			return ERR_OK;
		}
		snprintf(known + strlen(known), sizeof(known) - strlen(known),
		    "%s%s", i == 0 ? "" : ", ", protocols[i].name);
	}
	return err_fail(err, ERR_USAGE, "--starttls takes %s, not \"%s\"",
	    known, name);
}

enum err
starttls_begin(const struct starttls *starttls, int fd, struct error *err)
{
	struct dialogue dialogue = {.starttls = starttls, .fd = fd,
	    .deadline_ms = probe_deadline()};

	TRY(starttls->begin(&dialogue, err));
	/* Whoever sends before we do may be someone in between. */
	if (dialogue.size > 0)
		return err_fail(err, ERR_FORMAT, "it goes on in plain text "
		    "where TLS must begin");
	return ERR_OK;
}
