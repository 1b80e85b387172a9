/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/printable.h"
#include "base/text.h"
#include "plan/when.h"
#include "view/mail.h"

#define LINE_MAX_OCTETS 76
#define WORD_MAX_OCTETS 45	/* of an encoded word, before base64 */
#define TOKEN_SIZE 33
#define HOST_SIZE 65

/* "Mon, 30 Nov 2026 20:00:00 +0000" */
static enum err
append_date(int64_t now_s, struct buffer *out, struct error *err)
{
	const struct civil now = utc_to_civil(now_s);

	return buffer_appendf(out, err, "Date: %.3s, %02d %.3s %04d "
	    "%02d:%02d:%02d +0000\n", when_weekdays[utc_weekday(now_s)],
	    now.day, when_months[now.month - 1], now.year, now.hour,
	    now.minute, now.second);
}

/* "Subject: " and the like are ASCII, or are said in encoded words. */
static bool
is_plain(struct span text)
{
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] < ' ' || text.data[i] > '~')
			return false;
	}
	return !span_contains(text, "=?");
}

/* RFC 2047 2: a word has at most 75 octets, and whole characters. */
static enum err
append_encoded(struct span text, struct buffer *out, struct error *err)
{
	const char *before = "";

	while (text.size > 0) {
		struct span word = {text.data, 0};

		while (text.size > 0) {
			struct span rest = text, character;
			uint32_t point;

			utf8_next(&rest, &character, &point);
			if (word.size + character.size > WORD_MAX_OCTETS)
				break;
			word.size += character.size;
			text = rest;
		}
		TRY(buffer_appendf(out, err, "%s=?UTF-8?B?", before));
		TRY(base64_encode(word, out, err));
		TRY(buffer_append_text(out, "?=", err));
		before = "\n ";
	}
	return ERR_OK;
}

/* Fold at blanks.  A word that is too long stays whole. */
static enum err
append_folded(struct span text, size_t column, struct buffer *out,
    struct error *err)
{
	while (text.size > 0) {
		const uint8_t *blank = memchr(text.data + 1, ' ',
		    text.size - 1);
		size_t size = blank == NULL ? text.size :
		    (size_t)(blank - text.data);

		if (text.data[0] == ' ' && column + size > LINE_MAX_OCTETS) {
			TRY(buffer_append_text(out, "\n", err));
			column = 0;
		}
		TRY(buffer_append(out, text.data, size, err));
		column += size;
		text = (struct span){text.data + size, text.size - size};
	}
	return ERR_OK;
}

static enum err
append_subject(const struct mail *mail, struct buffer *out,
    struct error *err)
{
	static const char name[] = "Subject: ";
	RELEASE_BUFFER struct buffer subject = {0};

	TRY(mail_subject(mail, &subject, err));
	TRY(buffer_append_text(out, name, err));
	if (is_plain(span_of_buffer(&subject)))
		TRY(append_folded(span_of_buffer(&subject), strlen(name), out,
		    err));
	else
		TRY(append_encoded(span_of_buffer(&subject), out, err));
	return buffer_append_text(out, "\n", err);
}

/* The part of "user@host" that is fit for a Message-ID. */
static void
host_of(const char *who, char out[HOST_SIZE])
{
	const char *host = strrchr(who, '@');
	size_t size = 0;

	host = host == NULL ? who : host + 1;
	for (; *host != '\0' && size + 1 < HOST_SIZE; host++) {
		const unsigned char octet = (unsigned char)*host;

		out[size++] = octet < 128 && (isalnum(octet) ||
		    octet == '-' || octet == '.') ? *host : '-';
	}
	out[size] = '\0';
	if (size == 0 || out[0] == '.' || out[size - 1] == '.')
		strcpy(out, "localhost");
}

/* One that no other mail has, and that stands in no line of this one. */
static enum err
make_token(const struct mail *mail, struct span text, char out[TOKEN_SIZE],
    struct error *err)
{
	FREE_SHA256 struct sha256 *hash = NULL;
	uint8_t digest[SHA256_SIZE];

	TRY(sha256_new(&hash, err));
	TRY(sha256_update(hash, text, err));
	TRY(sha256_update(hash, mail->calendar, err));
	TRY(sha256_update(hash, span_of_text(mail->who), err));
	for (size_t i = 0; i < mail->to_count; i++)
		TRY(sha256_update(hash, span_of_text(mail->to[i]), err));
	TRY(sha256_update(hash, (struct span){(const uint8_t *)&mail->now_s,
	    sizeof(mail->now_s)}, err));
	TRY(sha256_final(hash, digest, err));
	hex_encode((struct span){digest, TOKEN_SIZE / 2}, out, TOKEN_SIZE);
	return ERR_OK;
}

static enum err
append_headers(const struct mail *mail, const char *token,
    struct buffer *out, struct error *err)
{
	char host[HOST_SIZE];

	host_of(mail->who, host);
	for (size_t i = 0; i < mail->to_count; i++)
		TRY(buffer_appendf(out, err, "%s%s", i == 0 ? "To: " : ",\n ",
		    mail->to[i]));
	TRY(buffer_append_text(out, "\n", err));
	TRY(append_subject(mail, out, err));
	TRY(append_date(mail->now_s, out, err));
	return buffer_appendf(out, err, "Message-ID: <%s@%s>\n"
	    "Auto-Submitted: auto-generated\n"
	    "MIME-Version: 1.0\n"
	    "Content-Type: multipart/mixed; boundary=\"=_%s\"\n"
	    "\n", token, host, token);
}

static enum err
append_base64(struct span in, struct buffer *out, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};

	TRY(base64_encode(in, &text, err));
	for (size_t at = 0; at < text.size; at += LINE_MAX_OCTETS) {
		size_t size = text.size - at;

		TRY(buffer_append(out, text.data + at,
		    size < LINE_MAX_OCTETS ? size : LINE_MAX_OCTETS, err));
		TRY(buffer_append_text(out, "\n", err));
	}
	return ERR_OK;
}

static enum err
append_calendar(const struct mail *mail, const char *token,
    struct buffer *out, struct error *err)
{
	if (mail->calendar.size == 0)
		return ERR_OK;
	TRY(buffer_appendf(out, err, "\n--=_%s\n"
	    "Content-Type: text/calendar; charset=utf-8; method=PUBLISH;\n"
	    " name=\"crlferry.ics\"\n"
	    "Content-Disposition: attachment; filename=\"crlferry.ics\"\n"
	    "Content-Transfer-Encoding: base64\n\n", token));
	return append_base64(mail->calendar, out, err);
}

enum err
mail_compose(const struct mail *mail, struct buffer *out, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	char token[TOKEN_SIZE];
	bool is_ascii = true;

	TRY(mail_text(mail, &text, err));
	for (size_t i = 0; i < text.size; i++)
		is_ascii = is_ascii && text.data[i] < 128;
	TRY(make_token(mail, span_of_buffer(&text), token, err));
	TRY(append_headers(mail, token, out, err));
	TRY(buffer_appendf(out, err, "--=_%s\n"
	    "Content-Type: text/plain; charset=utf-8\n"
	    "Content-Transfer-Encoding: %s\n\n", token,
	    is_ascii ? "7bit" : "8bit"));
	TRY(buffer_append(out, text.data, text.size, err));
	TRY(append_calendar(mail, token, out, err));
	return buffer_appendf(out, err, "\n--=_%s--\n", token);
}
