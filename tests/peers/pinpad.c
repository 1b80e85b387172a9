/* SPDX-License-Identifier: ISC */
/*
 * SoftHSM as a token with a pinpad of its own: a PKCS#11 module that passes
 * everything on, but for two calls.  For tests only.
 *
 * TOKEN_FLAGS  is added to the flags of every token, as strtoul(3) reads it
 * TOKEN_PIN    is typed into the pinpad, where C_Login is given no PIN
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include <p11-kit/pkcs11.h>

#define REAL_MODULE "/usr/lib/softhsm/libsofthsm2.so"

static CK_FUNCTION_LIST own;
static CK_FUNCTION_LIST *real;

static CK_RV
get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	const char *flags = getenv("TOKEN_FLAGS");
	CK_RV code = real->C_GetTokenInfo(slot, info);

	if (code == CKR_OK && flags != NULL)
		info->flags |= strtoul(flags, NULL, 0);
	return code;
}

static CK_RV
log_in(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin,
    CK_ULONG size)
{
	char *typed = getenv("TOKEN_PIN");

	if (typed == NULL)
		return real->C_Login(session, user, pin, size);
	/* Who has a pinpad takes no PIN from elsewhere. */
	if (pin != NULL)
		return CKR_ARGUMENTS_BAD;
	return real->C_Login(session, user, (CK_UTF8CHAR *)typed,
	    strlen(typed));
}

CK_RV
C_GetFunctionList(CK_FUNCTION_LIST **list)
{
	CK_RV (*get_list)(CK_FUNCTION_LIST **) = NULL;
	void *library = dlopen(REAL_MODULE, RTLD_NOW);
	void *symbol = library == NULL ? NULL :
	    dlsym(library, "C_GetFunctionList");

	memcpy(&get_list, &symbol, sizeof(get_list));
	if (get_list == NULL || get_list(&real) != CKR_OK)
		return CKR_GENERAL_ERROR;
	own = *real;
	own.C_GetFunctionList = C_GetFunctionList;
	own.C_GetTokenInfo = get_token_info;
	own.C_Login = log_in;
	*list = &own;
	return CKR_OK;
}
