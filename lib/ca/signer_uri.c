/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "ca/signer_token.h"

/* The URI itself is not shown: it may hold what must not be. */
static enum err
fail_uri(const char *what, const char *remedy, struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_KEY, "pkcs11 URI: %s", what),
	    "%s", remedy);
}

static enum err
check_pin_free(P11KitUri *uri, struct error *err)
{
	if (p11_kit_uri_get_pin_value(uri) != NULL)
		return fail_uri("it holds a PIN (pin-value), which is no "
		    "secret there", "remove pin-value and change the PIN", err);
	if (p11_kit_uri_get_pin_source(uri) != NULL)
		return fail_uri("it has pin-source, which is not read",
		    "remove pin-source: the PIN comes from the terminal or "
		    "--passphrase-fd", err);
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
		return fail_uri("its type is not private",
		    "write type=private, or no type", err);
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
		return fail_uri("it cannot be read (RFC 7512)",
		    "write pkcs11:token=TOKEN;object=KEY", err);
	TRY(check_pin_free(uri, err));
	if (p11_kit_uri_any_unrecognized(uri) != 0 ||
	    p11_kit_uri_get_module_name(uri) != NULL)
		return fail_uri("it has an attribute that is not known here",
		    "remove all but token, serial, object, id, slot-id, type "
		    "and module-path", err);
	module = p11_kit_uri_get_module_path(uri);
	if (module != NULL && module[0] != '/')
		return fail_uri("its module-path is not absolute",
		    "write the whole path of the module", err);
	TRY(ask_for_private(uri, err));
	*out = uri;
	uri = NULL;
	return ERR_OK;
}
