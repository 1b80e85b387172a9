/* SPDX-License-Identifier: ISC */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "base/text.h"
#include "ca/signer_token.h"

#define PROXY_MODULE "p11-kit-proxy.so"
#define SLOTS_MAX 256

/* How a token refuses a PIN. */
static const struct {
	CK_RV code;
	const char *what;
} refusals[] = {
	{CKR_PIN_INCORRECT, "wrong PIN"},
	{CKR_PIN_INVALID, "it does not take such a PIN"},
	{CKR_PIN_LEN_RANGE, "the PIN is too short or too long"},
	{CKR_PIN_LOCKED, "its PIN is locked"},
	{CKR_PIN_EXPIRED, "its PIN has expired"},
	{CKR_USER_PIN_NOT_INITIALIZED, "no PIN is set"},
	{CKR_FUNCTION_CANCELED, "the entry of the PIN was cancelled"},
};

static enum err
fail_call(const struct token *token, const char *what, CK_RV code,
    struct error *err)
{
	return err_fail(err, ERR_KEY, "%s: cannot %s: %s (0x%lx)",
	    token->label[0] != '\0' ? token->label : token->module, what,
	    p11_kit_strerror(code), code);
}

static enum err
load_module(struct token *token, struct error *err)
{
	const char *path = p11_kit_uri_get_module_path(token->uri);
	const bool is_proxy = path == NULL;
	CLOSE_FD int fd = -1;

	token->module = strdup(is_proxy ? PROXY_MODULE : path);
	if (token->module == NULL)
		return err_no_memory(err);
	/* It is code that we run: nobody else may be able to write it. */
	if (!is_proxy)
		TRY(file_open(token->module, FILE_OURS, &fd, err));
	token->library = dlopen(token->module, RTLD_NOW | RTLD_LOCAL);
	if (token->library == NULL)
		return err_remedy(err, err_fail(err, ERR_MISSING,
		    "cannot load the PKCS#11 module %s: %s", token->module,
		    dlerror()), is_proxy ? "install Debian's p11-kit-modules, "
		    "or add module-path to the URI" :
		    "correct module-path in the URI");
	return ERR_OK;
}

static enum err
start_module(struct token *token, struct error *err)
{
	CK_C_INITIALIZE_ARGS arguments = {.flags = CKF_OS_LOCKING_OK};
	CK_RV (*get_list)(CK_FUNCTION_LIST **list) = NULL;
	CK_FUNCTION_LIST *functions = NULL;
	void *symbol;
	CK_RV code;

	symbol = dlsym(token->library, "C_GetFunctionList");
	memcpy(&get_list, &symbol, sizeof(get_list));
	if (get_list == NULL || get_list(&functions) != CKR_OK ||
	    functions == NULL)
		return err_remedy(err, err_fail(err, ERR_KEY,
		    "%s is no PKCS#11 module", token->module),
		    "correct module-path in the URI");
	code = functions->C_Initialize(&arguments);
	if (code != CKR_OK && code != CKR_CRYPTOKI_ALREADY_INITIALIZED)
		return fail_call(token, "start the module", code, err);
	token->functions = functions;
	return ERR_OK;
}

/* A token that was set up. */
static bool
is_ready(const struct token *token, CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	return token->functions->C_GetTokenInfo(slot, info) == CKR_OK &&
	    (info->flags & CKF_TOKEN_INITIALIZED) != 0;
}

static bool
is_meant(struct token *token, CK_SLOT_ID slot, const CK_TOKEN_INFO *info)
{
	CK_SLOT_ID wanted = p11_kit_uri_get_slot_id(token->uri);
	CK_SLOT_INFO about;

	return (wanted == (CK_SLOT_ID)-1 || wanted == slot) &&
	    token->functions->C_GetSlotInfo(slot, &about) == CKR_OK &&
	    p11_kit_uri_match_slot_info(token->uri, &about) != 0 &&
	    p11_kit_uri_match_token_info(token->uri, info) != 0;
}

/* Adopt a token that was found: from now on the URI means it alone. */
static void
adopt_token(struct token *token, CK_SLOT_ID slot, const CK_TOKEN_INFO *info)
{
	size_t size = p11_kit_space_strlen(info->label,
	    sizeof(info->label));

	token->slot = slot;
	token->info = *info;
	memcpy(token->label, info->label, size);
	/* It is shown on terminals. */
	text_make_printable(token->label, '?');
	*p11_kit_uri_get_token_info(token->uri) = *info;
	/* The engine takes no module-path in a URI. */
	p11_kit_uri_set_module_path(token->uri, NULL);
}

/* No token is the one that the URI means: say which are there. */
static enum err
fail_missing(const struct token *token, const char *others, struct error *err)
{
	const CK_TOKEN_INFO *wanted = p11_kit_uri_get_token_info(token->uri);
	char name[sizeof(token->label) + 20] = "no token fits the URI";
	const size_t size = p11_kit_space_strlen(wanted->label,
	    sizeof(wanted->label));

	/* p11-kit leaves a label that the URI does not have empty. */
	if (size > 0 && wanted->label[0] != '\0')
		snprintf(name, sizeof(name), "token \"%.*s\" not found",
		    (int)size, (const char *)wanted->label);
	if (others[0] != '\0')
		return err_remedy(err, err_fail(err, ERR_MISSING,
		    "%s; present: %s", name, others),
		    "insert the token, or correct the URI");
	return err_remedy(err, err_fail(err, ERR_MISSING,
	    "%s; %s has no token at all", name, token->module),
	    "insert the token; SoftHSM's are where SOFTHSM2_CONF says (now: "
	    "%s)", getenv("SOFTHSM2_CONF") == NULL ? "not set" :
	    getenv("SOFTHSM2_CONF"));
}

static enum err
find_token(struct token *token, struct error *err)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG count = SLOTS_MAX;
	CK_TOKEN_INFO info, meant = {0};
	char others[256] = "";
	CK_SLOT_ID slot = 0;
	size_t found = 0;
	CK_RV code;

	code = token->functions->C_GetSlotList(CK_TRUE, slots, &count);
	if (code != CKR_OK)
		return fail_call(token, "list its slots", code, err);
	for (CK_ULONG i = 0; i < count; i++) {
		const size_t used = strlen(others);

		if (!is_ready(token, slots[i], &info))
			continue;
		if (is_meant(token, slots[i], &info)) {
			slot = slots[i];
			meant = info;
			found++;
		} else {
			snprintf(others + used, sizeof(others) - used,
			    "%s\"%.*s\"", used == 0 ? "" : ", ",
			    (int)p11_kit_space_strlen(info.label,
			    sizeof(info.label)), (const char *)info.label);
		}
	}
	if (found == 0)
		return fail_missing(token, others, err);
	if (found > 1)
		return err_remedy(err, err_fail(err, ERR_KEY,
		    "%s: %zu tokens fit the URI", token->module, found),
		    "add token= or serial= to the URI");
	adopt_token(token, slot, &meant);
	return ERR_OK;
}

/* A PIN that cannot work is not asked for. */
static enum err
check_pin_state(const struct token *token, struct error *err)
{
	if ((token->info.flags & CKF_LOGIN_REQUIRED) == 0)
		return ERR_OK;
	if ((token->info.flags & CKF_USER_PIN_LOCKED) != 0)
		return err_remedy(err, err_fail(err, ERR_KEY,
		    "token \"%s\": its PIN is locked", token->label),
		    "unlock it with the tools of the token's maker");
	if ((token->info.flags & CKF_USER_PIN_INITIALIZED) == 0)
		return err_remedy(err, err_fail(err, ERR_KEY,
		    "token \"%s\": no PIN is set", token->label),
		    "set it with the tools of the token's maker");
	return ERR_OK;
}

enum err
token_check_module(const char *uri, struct error *err)
{
	FREE_TOKEN struct token *token = calloc(1, sizeof(*token));

	if (token == NULL)
		return err_no_memory(err);
	TRY(signer_uri_parse(uri, &token->uri, err));
	return load_module(token, err);
}

enum err
token_open(const char *uri, struct token **out, struct error *err)
{
	FREE_TOKEN struct token *token = calloc(1, sizeof(*token));

	if (token == NULL)
		return err_no_memory(err);
	TRY(signer_uri_parse(uri, &token->uri, err));
	TRY(load_module(token, err));
	TRY(start_module(token, err));
	TRY(find_token(token, err));
	TRY(check_pin_state(token, err));
	*out = token;
	token = NULL;
	return ERR_OK;
}

/* What is asked for. */
static void
name_pin(const struct token *token, char *out, size_t capacity)
{
	snprintf(out, capacity, "PIN of token %s%s", token->label,
	    (token->info.flags & CKF_USER_PIN_FINAL_TRY) != 0 ?
	    " (the last try)" :
	    (token->info.flags & CKF_USER_PIN_COUNT_LOW) != 0 ?
	    " (a wrong one was entered before)" : "");
}

static enum err
obtain_pin(struct token *token, const struct passphrase_source *passphrases,
    struct error *err)
{
	char what[256];

	name_pin(token, what, sizeof(what));
	TRY(passphrase_obtain(passphrases, what, &token->pin, err));
	if (token->pin.size == 0)
		return err_fail(err, ERR_KEY, "token \"%s\": no PIN was "
		    "entered, and none tried", token->label);
	return ERR_OK;
}

/*
 * Here and not through the engine, which copies the PIN into its own memory:
 * the login holds for all sessions of this process.
 */
static enum err
log_in(struct token *token, const struct passphrase_source *passphrases,
    struct error *err)
{
	const bool has_pinpad =
	    (token->info.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
	char what[256];
	CK_RV result;

	if ((token->info.flags & CKF_LOGIN_REQUIRED) == 0)
		return ERR_OK;
	name_pin(token, what, sizeof(what));
	if (!has_pinpad)
		TRY(obtain_pin(token, passphrases, err));
	result = token->functions->C_Login(token->session, CKU_USER,
	    token->pin.data, token->pin.size);
	if (result == CKR_OK || result == CKR_USER_ALREADY_LOGGED_IN) {
		token->is_logged_in = true;
		if (!has_pinpad)
			passphrase_keep(passphrases, what, &token->pin);
		return ERR_OK;
	}
	for (size_t i = 0; i < COUNT_OF(refusals); i++) {
		if (refusals[i].code == result)
			return err_remedy(err, err_fail(err, ERR_KEY,
			    "token \"%s\": %s; it was tried once, and nothing "
			    "was signed", token->label, refusals[i].what),
			    "run the same command again with the right PIN; "
			    "a few wrong ones lock the token");
	}
	return fail_call(token, "log in", result, err);
}

/* Count the keys, up to two, and keep the PIN only if it is wanted again. */
static enum err
find_key(struct token *token, struct error *err)
{
	CK_OBJECT_HANDLE keys[2] = {0};
	CK_BBOOL is_asking = CK_FALSE;
	CK_ATTRIBUTE always = {CKA_ALWAYS_AUTHENTICATE, &is_asking,
	    sizeof(is_asking)};
	CK_ULONG wanted_count = 0;
	CK_ULONG count = 0;
	CK_ATTRIBUTE *wanted = p11_kit_uri_get_attributes(token->uri,
	    &wanted_count);
	CK_RV code;

	code = token->functions->C_FindObjectsInit(token->session, wanted,
	    wanted_count);
	if (code == CKR_OK) {
		code = token->functions->C_FindObjects(token->session, keys,
		    2, &count);
		token->functions->C_FindObjectsFinal(token->session);
	}
	if (code != CKR_OK)
		return fail_call(token, "find the key", code, err);
	if (count == 0)
		return err_remedy(err, err_fail(err, ERR_MISSING,
		    "token \"%s\" has no private key that fits the URI",
		    token->label), "correct object= or id= in the URI");
	if (count > 1)
		return err_remedy(err, err_fail(err, ERR_KEY,
		    "token \"%s\": several keys fit the URI", token->label),
		    "add object= or id= to the URI");
	if (token->functions->C_GetAttributeValue(token->session, keys[0],
	    &always, 1) != CKR_OK || is_asking == CK_FALSE)
		secret_release(&token->pin);
	return ERR_OK;
}

enum err
token_log_in(struct token *token, const struct passphrase_source *passphrases,
    struct error *err)
{
	CK_RV result;

	result = token->functions->C_OpenSession(token->slot,
	    CKF_SERIAL_SESSION, NULL, NULL, &token->session);
	if (result != CKR_OK)
		return fail_call(token, "open a session", result, err);
	token->has_session = true;
	TRY(log_in(token, passphrases, err));
	return find_key(token, err);
}

void
token_log_out(struct token *token)
{
	secret_release(&token->pin);
	if (token->is_logged_in)
		token->functions->C_Logout(token->session);
	if (token->has_session)
		token->functions->C_CloseSession(token->session);
	token->is_logged_in = token->has_session = false;
}

void
token_free(struct token **at)
{
	struct token *token = *at;

	if (token == NULL)
		return;
	if (token->functions != NULL) {
		token_log_out(token);
		/* If the engine has done so already, nothing happens. */
		token->functions->C_Finalize(NULL);
	}
	secret_release(&token->pin);
	if (token->library != NULL)
		dlclose(token->library);
	p11_kit_uri_free(token->uri);
	free(token->module);
	free(token);
}

enum err
token_uri(const struct token *token, char **out, struct error *err)
{
	if (p11_kit_uri_format(token->uri, P11_KIT_URI_FOR_OBJECT_ON_TOKEN,
	    out) != P11_KIT_URI_OK)
		return err_fail(err, ERR_KEY, "token \"%s\" has names that no "
		    "URI can hold", token->label);
	return ERR_OK;
}

enum err
token_fail_kind(const struct token *token, struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_KEY,
	    "token \"%s\": the key is neither RSA nor EC", token->label),
	    "name an RSA or EC key");
}

enum err
token_fail_half(const struct token *token, struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_KEY,
	    "token \"%s\" lacks the key's public half", token->label),
	    "write the public key to the token, under the id of the private "
	    "one");
}
