/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "ca/signer_uri.h"

/* The URI itself is not shown: it may hold what must not be. */
static enum err
fail_uri(const char *have, struct error *err)
{
	return err_fail(err, ERR_KEY, "pkcs11 URI: want one of a private key "
	    "(RFC 7512), have %s", have);
}

static enum err
check_pin_free(P11KitUri *uri, struct error *err)
{
	if (p11_kit_uri_get_pin_value(uri) != NULL)
		return fail_uri("a PIN in it, where it is no secret: remove "
		    "pin-value and change the PIN", err);
	if (p11_kit_uri_get_pin_source(uri) != NULL)
		return fail_uri("pin-source, which is not read: remove it, "
		    "and use the terminal or --passphrase-fd", err);
	return ERR_OK;
}

/* Say which keys of a token are meant: private ones. */
static enum err
ask_for_private(P11KitUri *uri, struct error *err)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE private = {CKA_CLASS, &class, sizeof(class)};
	const CK_ATTRIBUTE *own = p11_kit_uri_get_attribute(uri, CKA_CLASS);

	if (own != NULL && (own->ulValueLen != sizeof(class) ||
	    memcmp(own->pValue, &class, sizeof(class)) != 0))
		return fail_uri("another type than private", err);
	if (p11_kit_uri_set_attribute(uri, &private) != P11_KIT_URI_OK)
		return err_no_memory(err);
	return ERR_OK;
}

static void
free_uri(P11KitUri **uri)
{
	p11_kit_uri_free(*uri);
}

enum err
signer_uri_parse(const char *text, P11KitUri **out, struct error *err)
{
	__attribute__((cleanup(free_uri))) P11KitUri *uri = p11_kit_uri_new();
	const char *module;

	if (uri == NULL)
		return err_no_memory(err);
	if (p11_kit_uri_parse(text, P11_KIT_URI_FOR_ANY, uri) !=
	    P11_KIT_URI_OK)
		return fail_uri("something else", err);
	TRY(check_pin_free(uri, err));
	if (p11_kit_uri_any_unrecognized(uri) != 0 ||
	    p11_kit_uri_get_module_name(uri) != NULL)
		return fail_uri("an attribute that is not known here", err);
	module = p11_kit_uri_get_module_path(uri);
	if (module != NULL && module[0] != '/')
		return fail_uri("a module-path that is not absolute", err);
	TRY(ask_for_private(uri, err));
	*out = uri;
	uri = NULL;
	return ERR_OK;
}
