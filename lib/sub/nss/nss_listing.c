/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/array.h"
#include "pki/name.h"
#include "sub/nss/nss_listing.h"

#define FIELDS 4

/* What softoken writes for an attribute that is there and empty. */
static const uint8_t nothing[] = {0xa5, 0x00, 0x5a};

/* What crlutil prints, and what that means. */
static const struct {
	const char *word;
	struct nss_reason reason;
} reasons[] = {
    {"Incorrect password", {"wrong password",
	"correct the file that password_file names"}},
    {"no data", {"the database has a password",
	"put it into a file of mode 0600, and name that as password_file of "
	"the store"}},
    {"SEC_ERROR_READ_ONLY", {"the database is read-only",
	"let this user write cert9.db, key4.db and their folder, or run it as "
	"their owner"}},
    {"SEC_ERROR_BAD_DATABASE", {"the database is locked by another program, "
	"or damaged",
	"end that program, or see what `certutil -L -d` says"}},
    {"SEC_ERROR_PKCS11_GENERAL_ERROR", {"the database cannot be written: "
	"another program may be writing to it",
	"wait until that is done, then run the same command again"}},
    {"SEC_ERROR_BAD_SIGNATURE", {"the CA's certificate in the database has "
	"another key",
	"see `certutil -L -d`, and delete the old certificate with "
	"`certutil -D`"}},
};

const struct nss_reason *
nss_find_reason(const char *output)
{
	for (size_t i = 0; i < COUNT_OF(reasons); i++) {
		if (strstr(output, reasons[i].word) != NULL)
			return &reasons[i].reason;
	}
	return NULL;
}

static const struct {
	const char *word;
	const char *remedy;
} sqlite_remedies[] = {
    {"locked", "another program has locked it: wait until that is done, then "
	"run this again"},
    {"unable to open", "see that this user can read it and its folder"},
    {"I/O error", "see what the kernel says: dmesg"},
    {"unknown option", "install sqlite3 3.37 or later"},
};

const char *
nss_sqlite_remedy(const char *output)
{
	for (size_t i = 0; i < COUNT_OF(sqlite_remedies); i++) {
		if (strstr(output, sqlite_remedies[i].word) != NULL)
			return sqlite_remedies[i].remedy;
	}
	return NULL;
}

void
nss_release(struct nss_database *database)
{
	buffer_release(&database->octets);
}

/* The next of the line's fields; false at its end. */
static bool
next_field(struct span *line, struct span *out)
{
	const uint8_t *end = line->size == 0 ? NULL :
	    memchr(line->data, '|', line->size);

	if (line->data == NULL)
		return false;
	*out = (struct span){line->data, end == NULL ? line->size :
	    (size_t)(end - line->data)};
	*line = end == NULL ? (struct span){NULL, 0} :
	    (struct span){end + 1, line->size - out->size - 1};
	return true;
}

/* Append what hexadecimal digits mean; room for it was made before. */
static bool
take_hex(struct span hex, struct buffer *octets, struct span *out)
{
	uint8_t *at = octets->data + octets->size;
	size_t size;

	if (!hex_decode(hex, at, octets->capacity - octets->size, &size))
		return false;
	octets->size += size;
	*out = (struct span){at, size};
	return true;
}

static bool
is_number(struct span text)
{
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	}
	return text.size > 0;
}

static size_t
count_fields(struct span line)
{
	struct span field;
	size_t count = 0;

	while (next_field(&line, &field))
		count++;
	return count;
}

/* What is wrong with a line of FIELDS fields, or NULL; octets go into out. */
static const char *
read_fields(struct span line, struct nss_object *object, struct span *nickname,
    struct buffer *octets)
{
	struct span fields[FIELDS] = {{0}};

	for (size_t i = 0; i < FIELDS; i++)
		(void)next_field(&line, &fields[i]);
	object->is_crl = span_starts_with(fields[0], "1");
	if (fields[1].size >= sizeof(object->id) || !is_number(fields[1]))
		return "the id is not a number";
	memcpy(object->id, fields[1].data, fields[1].size);
	if (!take_hex(fields[2], octets, &object->name))
		return "the name is not in hexadecimal";
	if (!take_hex(fields[3], octets, nickname))
		return "the nickname is not in hexadecimal";
	return NULL;
}

static enum err
advise(struct error *err, enum err code)
{
	return err_remedy(err, code, "see that sqlite3 is the real one, and "
	    "what `certutil -L -d` says of the database");
}

static enum err
parse_line(struct span line, size_t number, struct span name,
    struct nss_database *out, struct error *err)
{
	struct buffer *octets = &out->octets;
	const size_t count = count_fields(line);
	struct nss_object object = {0};
	struct span nickname;
	const char *fault;

	if (count != FIELDS)
		return advise(err, err_fail(err, ERR_FORMAT, "line %zu of what "
		    "sqlite3 lists has %zu field%s, not %d", number, count,
		    count == 1 ? "" : "s", FIELDS));
	fault = read_fields(line, &object, &nickname, octets);
	if (fault != NULL)
		return advise(err, err_fail(err, ERR_FORMAT, "line %zu of what "
		    "sqlite3 lists: %s", number, fault));
	if (!name_equals(object.name, name))
		return ERR_OK;
	if (out->count == NSS_OBJECTS_MAX)
		return err_remedy(err, err_fail(err, ERR_FORMAT, "more than "
		    "%d certificates and CRLs with the root's name",
		    NSS_OBJECTS_MAX), "delete those that nobody needs: "
		    "certutil -D, crlutil -D");
	octets->data[octets->size++] = '\0';
	if (!object.is_crl && nickname.size > 0 && !span_equals(nickname,
	    (struct span){nothing, sizeof(nothing)}))
		object.nickname = (const char *)nickname.data;
	out->objects[out->count++] = object;
	return ERR_OK;
}

enum err
nss_parse(struct span listing, struct span name, struct nss_database *out,
    struct error *err)
{
	/* Its digits are twice as long: nothing moves afterwards. */
	TRY(buffer_reserve(&out->octets, listing.size + 1, err));
	for (size_t number = 1; listing.size > 0; number++) {
		const uint8_t *end = memchr(listing.data, '\n', listing.size);
		const struct span line = {listing.data, end == NULL ?
		    listing.size : (size_t)(end - listing.data)};
		const size_t taken = line.size + (end != NULL);

		TRY(parse_line(line, number, name, out, err));
		listing.data += taken;
		listing.size -= taken;
	}
	return ERR_OK;
}

const struct nss_object *
nss_find(const struct nss_database *database, bool is_crl, struct span name)
{
	for (size_t i = 0; i < database->count; i++) {
		const struct nss_object *object = &database->objects[i];

		if (object->is_crl == is_crl &&
		    span_equals(object->name, name) &&
		    (is_crl || object->nickname != NULL))
			return object;
	}
	return NULL;
}
