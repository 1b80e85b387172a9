/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/array.h"
#include "sub/store/store.h"

static const struct store_type *const types[] = {
    &store_hashdir, &store_pem, &store_der, &store_nss, &store_ldap,
    &store_command, &store_url};

bool
store_is_read_only(const struct store *store)
{
	return store->type->install == NULL || store->config->is_replica;
}

const struct store_type *
store_type_find(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (strcmp(types[i]->name, name) == 0)
			return types[i];
	}
	return NULL;
}
