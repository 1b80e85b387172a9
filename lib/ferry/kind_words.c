/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "ferry/kind_words.h"
#include "pki/der.h"

#define TAGS_MAX 5
#define BLANKS " \t\r\n"
#define HEX "0123456789abcdefABCDEF"
#define BASE64 HEX "ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ+/="

/*
 * DER by the tags in its SEQUENCE, and in the SEQUENCE that this begins with,
 * as far as they go.
 */
static const struct {
	const char *outer;
	const char *inner;
	const char *noun;
} structures[] = {
    {"\x30", "\x02\x30\x30\x17", "a CRL"},
    {"\x30", "\x02\x30\x30\x18", "a CRL"},
    {"\x30", "\x30\x30\x17", "a CRL"},
    {"\x30", "\x30\x30\x18", "a CRL"},
    {"\x30", "\xa0\x02\x30\x30", "a certificate"},
    {"\x30", "\x02\x30\x30\x30", "a certificate"},
    {"\x30", "\x02\x30\x30\xa0", "a certificate request"},
    {"\x30\x03", "\x06", "a public key"},
    {"\x30\x04", "\x06", "a private key"},
    {"\x02\x30\x04", "", "a private key"},
    {"\x02\x02\x02", "", "a private key"},
    {"\x02\x04\xa0", "", "a private key"},
    {"\x06\xa0", "", "a PKCS#7 file"},
    {"\x02\x30\x01", "", "a timestamp request"},
    {"\x02\x30\x02", "", "a timestamp request"},
    {"\x02\x30", "", "a PKCS#12 file"},
    {"\x0a", "", "an OCSP response"},
    {"\x30", "\x30\xa2", "an OCSP request"},
    {"\x30", "\xa1\x30", "an OCSP request"},
};

/*
 * Other files by what they begin with, in either case, past a byte order mark
 * and blanks.  The command that makes something of it has the file's name
 * between its two parts.
 */
static const struct {
	const char *begin;
	struct kind_words words;
} beginnings[] = {
    {"\xff\xfe", {"UTF-16 text", "iconv -f UTF-16 -t UTF-8 ", " >new.pem"}},
    {"\xfe\xff", {"UTF-16 text", "iconv -f UTF-16 -t UTF-8 ", " >new.pem"}},
    {"\x1f\x8b", {"compressed by gzip", "gzip -dc ", " >new.file"}},
    {"BZh", {"compressed by bzip2", "bzip2 -dc ", " >new.file"}},
    {"\xfd" "7zXZ", {"compressed by xz", "xz -dc ", " >new.file"}},
    {"PK\3\4", {"a zip archive", "unzip ", ""}},
    {"%PDF-", {"a PDF", NULL, NULL}},
    {"<!doctype html", {"HTML", NULL, NULL}},
    {"<html", {"HTML", NULL, NULL}},
    {"<", {"HTML or XML", NULL, NULL}},
    {"HTTP/", {"an HTTP response with its headers", NULL, NULL}},
    {"{\\rtf", {"a rich text document", NULL, NULL}},
    {"untrusted comment:", {"a key or seal of minisign", NULL, NULL}},
    {"V\t", {"an index of openssl ca", NULL, NULL}},
    {"R\t", {"an index of openssl ca", NULL, NULL}},
    {"00000000: 30", {"a hex dump", "xxd -r ", " >new.der"}},
    {"00000000  30", {"a hex dump", NULL, NULL}},
    {"Certificate Revocation List",
	{"the text that openssl prints of a CRL", NULL, NULL}},
    {"Certificate:",
	{"the text that openssl prints of a certificate", NULL, NULL}},
};

/* The tags that content begins with, of what is there of it. */
static void
list_tags(struct span content, char out[TAGS_MAX])
{
	uint64_t size;
	size_t header;
	uint8_t tag;

	memset(out, 0, TAGS_MAX);
	for (size_t i = 0; i + 1 < TAGS_MAX && der_measure(content, "", &tag,
	    &header, &size, NULL) == ERR_OK; i++) {
		out[i] = (char)tag;
		if (size > content.size - header)
			break;
		content.data += header + (size_t)size;
		content.size -= header + (size_t)size;
	}
}

bool
kind_enter(struct span *der, uint64_t *size)
{
	size_t header;
	uint8_t tag;

	if (der_measure(*der, "", &tag, &header, size, NULL) != ERR_OK ||
	    tag != DER_SEQUENCE)
		return false;
	der->data += header;
	der->size -= header;
	return true;
}

const char *
kind_of_der(struct span der)
{
	char outer[TAGS_MAX], inner[TAGS_MAX] = "";
	uint64_t size;

	if (!kind_enter(&der, &size))
		return NULL;
	list_tags(der, outer);
	if (kind_enter(&der, &size))
		list_tags(der, inner);
	for (size_t i = 0; i < COUNT_OF(structures); i++) {
		if (strncmp(outer, structures[i].outer,
		    strlen(structures[i].outer)) == 0 &&
		    strncmp(inner, structures[i].inner,
		    strlen(structures[i].inner)) == 0)
			return structures[i].noun;
	}
	/* One list of requests, and nothing behind it. */
	return strcmp(outer, "\x30") == 0 && strcmp(inner, "\x30") == 0 ?
	    "an OCSP request" : NULL;
}

static bool
consists_of(struct span text, const char *set)
{
	for (size_t i = 0; i < text.size; i++) {
		if (memchr(set, text.data[i], strlen(set)) == NULL)
			return false;
	}
	return true;
}

/* As PEM in UTF-16 without its mark: every second octet is 0. */
static bool
is_wide(struct span text, size_t first)
{
	for (size_t i = first; text.size >= 64 && i < 64; i += 2) {
		if (text.data[i] != 0 || text.data[i ^ 1] == 0)
			return false;
	}
	return text.size >= 64;
}

static bool
is_text(struct span text)
{
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] < ' ' && memchr(BLANKS "\f\033",
		    text.data[i], sizeof(BLANKS) + 1) == NULL)
			return false;
	}
	return true;
}

/* And not, as openssl.cnf does, with a section in brackets. */
static bool
begins_json(struct span text)
{
	const char *next = text.data[0] == '{' ? "\"}" :
	    text.data[0] == '[' ? "\"{[]" : "";
	size_t i = 1;

	while (i < text.size && memchr(BLANKS, text.data[i],
	    strlen(BLANKS)) != NULL)
		i++;
	return i < text.size && memchr(next, text.data[i], strlen(next)) !=
	    NULL;
}

static struct kind_words
name_text(struct span text)
{
	if (text.size == 0)
		return (struct kind_words){"empty", NULL, NULL};
	if (begins_json(text))
		return (struct kind_words){"JSON", NULL, NULL};
	if (consists_of(text, HEX ":" BLANKS) && text.data[0] == '3')
		return (struct kind_words){"text of hexadecimal digits",
		    "xxd -r -p ", " >new.der"};
	if (consists_of(text, BASE64 BLANKS) && text.data[0] == 'M')
		return (struct kind_words){"base64 without BEGIN and END lines",
		    "base64 -di ", " >new.der"};
	if (is_wide(text, 1))
		return (struct kind_words){"UTF-16 text",
		    "iconv -f UTF-16LE -t UTF-8 ", " >new.pem"};
	if (is_wide(text, 0))
		return (struct kind_words){"UTF-16 text",
		    "iconv -f UTF-16BE -t UTF-8 ", " >new.pem"};
	return (struct kind_words){is_text(text) ? "text without a PEM block" :
	    "binary data of no known kind", NULL, NULL};
}

/* Past a byte order mark and blanks. */
static struct span
skip_blanks(struct span text)
{
	(void)text_skip_mark(&text);
	while (text.size > 0 && memchr(BLANKS, text.data[0],
	    strlen(BLANKS)) != NULL)
		text = (struct span){text.data + 1, text.size - 1};
	return text;
}

const struct kind_words *
kind_of_beginning(struct span file)
{
	const struct span text = skip_blanks(file);

	for (size_t i = 0; i < COUNT_OF(beginnings); i++) {
		const size_t size = strlen(beginnings[i].begin);

		if (text.size >= size && strncasecmp((const char *)text.data,
		    beginnings[i].begin, size) == 0)
			return &beginnings[i].words;
	}
	return NULL;
}

struct kind_words
kind_of_other(struct span file)
{
	const struct kind_words *words = kind_of_beginning(file);

	return words != NULL ? *words : name_text(skip_blanks(file));
}
