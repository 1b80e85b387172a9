/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/shell_word.h"
#include "ferry/kind.h"
#include "ferry/kind_words.h"
#include "pki/cert.h"
#include "pki/crl.h"
#include "pki/name.h"
#include "pki/pem.h"

#define NAMED_MAX 3		/* of several blocks, how many by name */
#define BEGIN "-----BEGIN "
#define END "-----END "
#define AGAIN "it is damaged: get it again from its source"

/* A name, a label, and openssl's command for each that may be wanted. */
static const struct {
	const char *noun;
	const char *label;
	const char *command;
} kinds[] = {
    [KIND_CRL] = {"a CRL", PEM_CRL, "crl"},
    [KIND_CERTIFICATE] = {"a certificate", PEM_CERTIFICATE, "x509"},
    [KIND_EITHER] = {"a CRL or certificate", PEM_CRL, "crl"},
};

static bool
is_wanted(enum kind want, const char *noun)
{
	if (noun == NULL)
		return false;
	return want == KIND_EITHER ?
	    strcmp(noun, kinds[KIND_CRL].noun) == 0 ||
	    strcmp(noun, kinds[KIND_CERTIFICATE].noun) == 0 :
	    strcmp(noun, kinds[want].noun) == 0;
}

/*
 * The command around the file's name.  Without one, the file is the wrong one;
 * without its second part, the first is all that there is to say.
 */
static enum err
advise(const char *name, enum kind want, const char *before,
    const char *after, enum err code, struct error *err)
{
	const struct shell_word word = shell_word(name, strlen(name));

	if (before != NULL && after == NULL)
		return err_remedy(err, code, "%s", before);
	/* Half a command is worse than none. */
	if (before == NULL || strlen(before) + strlen(word.text) +
	    strlen(after) >= sizeof(err->remedy))
		return err_remedy(err, code, "name the file of %s",
		    kinds[want].noun);
	return err_remedy(err, code, "%s%s%s", before, word.text, after);
}

static enum err
refuse(const char *name, enum kind want, const char *noun,
    const char *before, const char *after, struct error *err)
{
	return advise(name, want, before, after, err_fail(err, ERR_FORMAT,
	    "%s is %s, not %s", name, noun, kinds[want].noun), err);
}

/* A CRL's number and issuer, a certificate's subject. */
static enum err
append_name(struct buffer *out, const struct pem_block *block,
    struct error *err)
{
	RELEASE_BUFFER struct buffer der = {0};
	FREE_CERT struct cert *cert = NULL;
	RELEASE_CRL struct crl crl = {0};
	char number[NUMBER_TEXT_SIZE] = "?", issuer[NAME_TEXT_SIZE];
	struct window window;

	if (pem_decode(block, &der, NULL) != ERR_OK)
		return buffer_append_text(out, "a damaged one", err);
	if (cert_parse(span_of_buffer(&der), &cert, NULL) == ERR_OK)
		return buffer_append_text(out, cert->subject_text, err);
	window_init_memory(&window, span_of_buffer(&der));
	if (crl_open(&window, &crl, NULL) != ERR_OK)
		return buffer_append_text(out, "a damaged one", err);
	name_text(crl.issuer, issuer);
	if (crl.has_number)
		number_format(&crl.number, 0, number);
	return buffer_appendf(out, err, "#%s of %s", number, issuer);
}

static enum err
refuse_several(const char *name, struct span file, enum kind want,
    size_t count, struct error *err)
{
	RELEASE_BUFFER struct buffer names = {0};
	struct pem_block block;
	size_t at = 0, named = 0;

	while (named < NAMED_MAX && pem_next(file, &at, &block)) {
		if (!pem_is_label(kinds[want].label, block.label))
			continue;
		TRY(buffer_append_text(&names, named++ == 0 ? "" : "; ",
		    err));
		TRY(append_name(&names, &block, err));
	}
	return advise(name, want, "take out the one that is meant, such as "
	    "the second: awk '/^-----BEGIN /{n++} n==2' ", " >new.pem",
	    err_fail(err, ERR_FORMAT, "%s holds %zu %ss, not one: %.*s%s",
	    name, count, kinds[want].noun + 2, (int)names.size,
	    (const char *)names.data, named < count ? "; ..." : ""), err);
}

/* If it is a container, openssl takes out what is there. */
static enum err
refuse_noun(const char *name, enum kind want, const char *noun, bool is_pem,
    struct error *err)
{
	const char *before = NULL;

	/* openssl reads no CRL in PKCS#12. */
	if (strstr(noun, "PKCS#12") != NULL && want != KIND_CRL)
		before = "openssl pkcs12 -nokeys -out new.pem -in ";
	else if (strstr(noun, "PKCS#7") != NULL)
		before = is_pem ? "openssl pkcs7 -print_certs -out new.pem "
		    "-in " : "openssl pkcs7 -inform DER -print_certs -out "
		    "new.pem -in ";
	return refuse(name, want, noun, before, "", err);
}

/* Of a label that is not the one for it, or with something else in it. */
static enum err
refuse_block(const char *name, const struct pem_block *block, enum kind want,
    struct error *err)
{
	RELEASE_BUFFER struct buffer der = {0};
	const bool is_key = strstr(block->label, "PRIVATE KEY") != NULL;
	char text[160];
	const char *noun = NULL;

	if (pem_decode(block, &der, NULL) == ERR_OK && !is_key)
		noun = kind_of_der(span_of_buffer(&der));
	if (is_wanted(want, noun)) {
		snprintf(text, sizeof(text), "sed 's/-----\\(BEGIN\\|END\\) "
		    ".*-----/-----\\1 %s-----/' ", kinds[want].label);
		return advise(name, want, text, " >new.pem", err_fail(err,
		    ERR_FORMAT, "%s is %s under the PEM label %s, not %s",
		    name, noun, block->label, kinds[want].label), err);
	}
	if (noun != NULL && pem_is_label(kinds[want].label, block->label))
		snprintf(text, sizeof(text), "%s under the PEM label %s",
		    noun, block->label);
	else
		snprintf(text, sizeof(text), "%s%s", noun != NULL ? noun :
		    is_key ? "a private key" : "a PEM block ",
		    noun != NULL || is_key ? "" : block->label);
	return refuse_noun(name, want, text, true, err);
}

/* How often a word is there, in all or at the beginning of a line. */
static size_t
count_word(struct span file, const char *word, bool is_of_line)
{
	const uint8_t *at = file.data, *end = file.data + file.size;
	size_t count = 0;

	while ((at = memmem(at, (size_t)(end - at), word, strlen(word))) !=
	    NULL) {
		count += !is_of_line || at == file.data || at[-1] == '\n';
		at++;
	}
	return count;
}

/* Something that begins as PEM, and no block of it that anybody can read. */
static enum err
refuse_broken(const char *name, struct span file, enum kind want,
    struct error *err)
{
	if (memchr(file.data, '\n', file.size) == NULL)
		return refuse(name, want, "PEM without line feeds",
		    "tr '\\r' '\\n' <", " >new.pem", err);
	if (!span_contains(file, BEGIN) || !span_contains(file, END))
		return refuse(name, want, span_contains(file, END) ?
		    "PEM without a BEGIN line" : "PEM without an END line, "
		    "cut off", AGAIN, NULL, err);
	if (count_word(file, BEGIN, false) > count_word(file, BEGIN, true) ||
	    count_word(file, END, false) > count_word(file, END, true))
		return refuse(name, want, "PEM with a BEGIN or END that does "
		    "not begin its line", "sed 's/^[[:blank:]>]*//; "
		    "s/\\(-----\\(BEGIN\\|END\\) \\)/\\n\\1/g' ",
		    " >new.pem", err);
	return refuse(name, want, "PEM without a BEGIN and an END line that "
	    "match", AGAIN, NULL, err);
}

/* DER that is too short or too long for the file, or broken. */
static enum err
refuse_der(const char *name, struct span file, enum kind want,
    const struct error *why, struct error *err)
{
	const char *noun = kind_of_der(file);
	struct span content = file;
	char before[64];
	uint64_t size = 0;

	if (noun != NULL && !is_wanted(want, noun))
		return refuse_noun(name, want, noun, false, err);
	if (!kind_enter(&content, &size) || size == content.size)
		return err_remedy(err, err_about(err, err_copy(err, why),
		    name), "%s", AGAIN);
	if (size > content.size)
		return err_remedy(err, err_fail(err, ERR_FORMAT, "%s is cut "
		    "off: %zu of its %llu octets are there", name, file.size,
		    (unsigned long long)(file.size - content.size + size)),
		    "%s", AGAIN);
	snprintf(before, sizeof(before), "openssl %s -inform DER -in ",
	    kinds[want].command);
	return advise(name, want, before, " -outform DER -out new.der",
	    err_fail(err, ERR_FORMAT, "%s is %s with %llu octet%s behind it",
	    name, noun == NULL ? "one" : noun,
	    (unsigned long long)(content.size - size),
	    content.size - size == 1 ? "" : "s"), err);
}

/* pem_or_der took nothing of it. */
static enum err
explain(const char *name, struct span file, enum kind want,
    const struct error *why, struct error *err)
{
	const char *label = kinds[want].label;
	struct pem_block block, first, ours;
	size_t at = 0, found = 0, count = 0;
	struct kind_words words;

	if (pem_is_der(file))
		return refuse_der(name, file, want, why, err);
	while (pem_next(file, &at, &block)) {
		if (found++ == 0)
			first = block;
		if (pem_is_label(label, block.label) && count++ == 0)
			ours = block;
	}
	if (count > 1)
		return refuse_several(name, file, want, count, err);
	if (count == 1 && span_contains(ours.body, ": "))
		return refuse(name, want, "PEM with headers in its block",
		    "sed '/: /d' ", " >new.pem", err);
	if (count == 1 && !span_contains(ours.body, "-----"))
		return err_remedy(err, err_about(err, err_copy(err, why),
		    name), "%s", AGAIN);
	if (count == 0 && found > 0)
		return refuse_block(name, &first, want, err);
	if (span_contains(file, BEGIN) || span_contains(file, END))
		return refuse_broken(name, file, want, err);
	words = kind_of_other(file);
	return refuse(name, want, words.noun, words.before, words.after, err);
}

/* Is there a BEGIN line to which no block belongs? */
static bool
is_torn(struct span file)
{
	size_t begun = count_word(file, BEGIN, true), at = 0;
	struct pem_block block;

	while (begun > 0 && pem_next(file, &at, &block))
		begun--;
	return begun > 0;
}

static bool
is_either(const char *label)
{
	return pem_is_label(PEM_CRL, label) ||
	    pem_is_label(PEM_CERTIFICATE, label);
}

enum kind
kind_of(struct span file)
{
	RELEASE_BUFFER struct buffer der = {0};
	struct pem_block block, first;
	const char *noun = NULL;
	size_t at = 0, found = 0;

	while (!pem_is_der(file) && pem_next(file, &at, &block)) {
		if (found++ == 0 || is_either(block.label))
			first = block;
		if (is_either(block.label))
			break;
	}
	if (found == 0)
		noun = kind_of_der(file);
	else if (pem_decode(&first, &der, NULL) == ERR_OK)
		noun = kind_of_der(span_of_buffer(&der));
	for (enum kind kind = KIND_CRL; kind < KIND_EITHER; kind++) {
		if (is_wanted(kind, noun))
			return kind;
	}
	for (enum kind kind = KIND_CRL; found > 0 && kind < KIND_EITHER;
	    kind++) {
		if (pem_is_label(kinds[kind].label, first.label))
			return kind;
	}
	return KIND_EITHER;
}

const char *
kind_name(struct span file)
{
	RELEASE_BUFFER struct buffer der = {0};
	const struct kind_words *words;
	struct pem_block block;
	size_t at = 0;

	if (pem_is_der(file))
		return kind_of_der(file);
	if (!pem_next(file, &at, &block)) {
		words = kind_of_beginning(file);
		return words == NULL ? NULL : words->noun;
	}
	if (strstr(block.label, "PRIVATE KEY") != NULL)
		return "a private key";
	return pem_decode(&block, &der, NULL) == ERR_OK ?
	    kind_of_der(span_of_buffer(&der)) : NULL;
}

enum err
kind_take(const char *name, struct span file, enum kind want,
    struct buffer *out, struct error *err)
{
	const size_t before = out->size;
	struct error why = {0};
	struct pem_block block;
	const char *noun;
	size_t at = 0;
	enum err code;

	code = pem_or_der(file, kinds[want].label, out, &why);
	if (code == ERR_FORMAT)
		return explain(name, file, want, &why, err);
	TRY(code == ERR_OK ? ERR_OK : err_copy(err, &why));
	noun = kind_of_der((struct span){out->data + before,
	    out->size - before});
	if (noun == NULL || is_wanted(want, noun)) {
		if (pem_is_der(file) || !is_torn(file))
			return ERR_OK;
		out->size = before;
		return refuse(name, want, "PEM in which a block has no END "
		    "line", AGAIN, NULL, err);
	}
	out->size = before;
	if (pem_is_der(file))
		return refuse_noun(name, want, noun, false, err);
	while (pem_next(file, &at, &block) &&
	    !pem_is_label(kinds[want].label, block.label))
		continue;
	return refuse_block(name, &block, want, err);
}
