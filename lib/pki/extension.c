/* SPDX-License-Identifier: ISC */
#include "pki/der.h"
#include "pki/extension.h"

#define EXTENSIONS_MAX 32

struct extension {
	struct span oid;
	bool is_critical;
	struct span value;	/* content of extnValue */
};

/* Subidentifiers are minimal, and the last one ends (X.690 8.19.2). */
static enum err
check_oid(struct span oid, const char *what, struct error *err)
{
	bool is_first = true;

	if (oid.size == 0 || oid.data[oid.size - 1] >= 0x80)
		return err_fail(err, ERR_FORMAT,
		    "%s: no whole OID in %zu octet%s", what, oid.size,
		    oid.size == 1 ? "" : "s");
	for (size_t i = 0; i < oid.size; i++) {
		if (is_first && oid.data[i] == 0x80)
			return err_fail(err, ERR_FORMAT,
			    "%s: an OID padded with 80, which is not minimal",
			    what);
		is_first = oid.data[i] < 0x80;
	}
	return ERR_OK;
}

static enum err
take_critical(struct span *in, const char *what, bool *out, struct error *err)
{
	struct der_value value;

	*out = false;
	if (!der_is_next(*in, DER_BOOLEAN))
		return ERR_OK;
	TRY(der_next(in, what, &value, err));
	TRY(der_boolean(value.content, what, out, err));
	if (!*out)
		return err_fail(err, ERR_FORMAT,
		    "%s: critical spells out its default FALSE (X.690 11.5)",
		    what);
	return ERR_OK;
}

static enum err
extension_next(struct span *list, const char *what, struct extension *out,
    struct error *err)
{
	struct der_value value;
	struct span in;

	TRY(der_expect(list, DER_SEQUENCE, what, &value, err));
	in = value.content;
	TRY(der_expect(&in, DER_OID, what, &value, err));
	out->oid = value.content;
	TRY(check_oid(out->oid, what, err));
	TRY(take_critical(&in, what, &out->is_critical, err));
	TRY(der_expect(&in, DER_OCTET_STRING, what, &value, err));
	out->value = value.content;
	return der_end(in, what, err);
}

static enum err
check_new(const struct span *seen, size_t count, struct span oid,
    const char *what, struct error *err)
{
	char text[DER_OID_TEXT_SIZE];

	if (count == EXTENSIONS_MAX)
		return err_fail(err, ERR_FORMAT, "%s: more than %d extensions",
		    what, EXTENSIONS_MAX);
	for (size_t i = 0; i < count; i++) {
		if (!span_equals(seen[i], oid))
			continue;
		der_oid_text(oid, text);
		return err_fail(err, ERR_FORMAT,
		    "%s: the extension %s is there twice (RFC 5280 4.2)", what,
		    text);
	}
	return ERR_OK;
}

static enum err
extension_take(const struct extension_rules *rules,
    const struct extension *extension, void *target,
    const struct unknown_critical *unknown, struct error *err)
{
	for (size_t i = 0; i < rules->type_count; i++) {
		const struct extension_type *type = &rules->types[i];
		struct span oid = {type->oid, type->oid_size};

		if (span_equals(oid, extension->oid) &&
		    !(type->is_hint && extension->is_critical))
			return type->take(target, extension->is_critical,
			    extension->value, err);
	}
	if (extension->is_critical && !*unknown->is_set) {
		*unknown->is_set = true;
		der_oid_text(extension->oid, unknown->oid);
	}
	return ERR_OK;
}

enum err
extensions_read(const struct extension_rules *rules, struct span list,
    void *target, const struct unknown_critical *unknown, struct error *err)
{
	struct span seen[EXTENSIONS_MAX];
	struct extension extension;
	size_t count = 0;

	if (list.size == 0)
		return err_fail(err, ERR_FORMAT,
		    "%s: an empty list of extensions (RFC 5280 4.1)",
		    rules->what);
	while (list.size > 0) {
		TRY(extension_next(&list, rules->what, &extension, err));
		TRY(check_new(seen, count, extension.oid, rules->what, err));
		seen[count++] = extension.oid;
		TRY(extension_take(rules, &extension, target, unknown, err));
	}
	return ERR_OK;
}
