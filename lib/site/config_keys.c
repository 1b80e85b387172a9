/* SPDX-License-Identifier: ISC */
#include "base/array.h"
#include "site/config_keys.h"

#define TABLE(words, keys, type) \
	{words, keys, COUNT_OF(keys), sizeof(type), NULL}
#define TABLE_WITH_LINE(words, keys, type) \
	{words, keys, COUNT_OF(keys), sizeof(type), NULL, true, \
	    offsetof(type, line)}

static const char *const air_gaps[] = {"require", "warn", "off", NULL};
static const char *const sandboxes[] = {"try", "require", "off", NULL};
static const char *const profiles[] = {"rfc5280", "br", NULL};
static const char *const digests[] = {"sha256", "sha384", "sha512", NULL};
static const char *const mechanisms[] = {"external", "gssapi", NULL};
const char *const config_store_types[] = {"hashdir", "pem", "der", "nss",
    "ldap", "command", "url", NULL};

#define AT(field) offsetof(struct config_store, field)
static const struct key store_keys[] = {
    {"type", KEY_ONE_OF, AT(type), true, config_store_types},
    {"path", KEY_PLACE, AT(path)},
    {"reload", KEY_ARGV, AT(reload)},
    {"verify", KEY_ARGV, AT(verify)},
    {"timeout", KEY_DURATION, AT(timeout)},
    {"password_file", KEY_PATH, AT(password_file)},
    {"url", KEY_TEXT, AT(url)},
    {"ca", KEY_PATH, AT(ca)},
    {"entry", KEY_TEXT, AT(entry)},
    {"bind", KEY_TEXT, AT(bind)},
    {"sasl", KEY_ONE_OF, AT(sasl), false, mechanisms},
    {"tls_certificate", KEY_PATH, AT(tls_certificate)},
    {"tls_key", KEY_PATH, AT(tls_key)},
    {"starttls", KEY_FLAG, AT(has_starttls)},
    {"create", KEY_FLAG, AT(is_created)},
    {"read_back", KEY_WORDS, AT(read_back)},
    {"install", KEY_ARGV, AT(install)},
    {"read", KEY_ARGV, AT(read)},
};
#undef AT
const struct key_table store_table = {"store", store_keys,
    COUNT_OF(store_keys), sizeof(struct config_store), NULL, true,
    offsetof(struct config_store, line), offsetof(struct config_store, given)};

#define AT(field) offsetof(struct config_subordinate, field)
static const struct key subordinate_keys[] = {
    {"name", KEY_NAME, AT(name), true},
    {"retired", KEY_FLAG, AT(is_retired)},
    {"certificate", KEY_PATH, AT(certificate)},
    {"note_key", KEY_KEY, AT(note_key)},
    {"note_secret", KEY_PATH, AT(note_secret)},
    {"stores", KEY_LIST, AT(stores), .table = &store_table,
	.count_offset = AT(store_count)},
};
#undef AT
static const struct key_table subordinate_table =
    TABLE_WITH_LINE("subordinate", subordinate_keys,
    struct config_subordinate);

#define AT(field) offsetof(struct config_signing, field)
static const struct key signing_keys[] = {
    {"key", KEY_PATH, AT(key), true},
    {"index", KEY_PATH, AT(index), true},
    {"crlnumber", KEY_PATH, AT(crlnumber), true,
	.line_offset = AT(crlnumber_line)},
    {"digest", KEY_ONE_OF, AT(digest), false, digests},
    {"backdate", KEY_DURATION, AT(backdate)},
};
#undef AT
static const struct config_signing signing_defaults = {
    .backdate = {.seconds = 600}};
static const struct key_table signing_table = {"signing", signing_keys,
    COUNT_OF(signing_keys), sizeof(struct config_signing), &signing_defaults};

#define AT(field) offsetof(struct config_root, field)
static const struct key root_keys[] = {
    {"name", KEY_NAME, AT(name), true},
    {"certificate", KEY_PATH, AT(certificate), true},
    {"schedule", KEY_NAME, AT(schedule_name),
	.line_offset = AT(schedule_line)},
    {"profile", KEY_ONE_OF, AT(profile), false, profiles},
    {"published_as", KEY_TEXT, AT(published_as)},
    {"microsoft", KEY_FLAG, AT(is_microsoft)},
    {"bare", KEY_FLAG, AT(is_bare_allowed)},
    {"max_number_jump", KEY_NUMBER, AT(max_number_jump)},
    {"signing", KEY_OPTIONAL, AT(signing), .table = &signing_table},
    {"subordinates", KEY_LIST, AT(subordinates),
	.table = &subordinate_table, .count_offset = AT(subordinate_count)},
};
#undef AT
static const struct key_table root_table =
    TABLE_WITH_LINE("root", root_keys, struct config_root);

#define AT(field) offsetof(struct config_seal, field)
static const struct key seal_keys[] = {
    {"secret", KEY_PATHS, AT(secret)},
    {"trusted", KEY_KEYS, AT(trusted)},
    {"required", KEY_COUNT, AT(required),
	.line_offset = AT(required_line)},
};
#undef AT
static const struct key_table seal_table =
    TABLE_WITH_LINE("seal", seal_keys, struct config_seal);

#define AT(field) offsetof(struct config, field)
static const struct key file_keys[] = {
    {"version", KEY_VERSION, 0},
    {"state", KEY_PATH, AT(state), true},
    {"air_gap", KEY_CHOICE, AT(air_gap), false, air_gaps},
    {"air_gap_allow", KEY_WORDS, AT(air_gap_allow)},
    {"sandbox", KEY_CHOICE, AT(sandbox), false, sandboxes},
    {"max_crl_bytes", KEY_SIZE, AT(max_crl_bytes)},
    {"seal", KEY_GROUP, AT(seal), .table = &seal_table},
    {"roots", KEY_LIST, AT(roots), true, .table = &root_table,
	.count_offset = AT(root_count)},
};
#undef AT
const struct key_table config_keys =
    TABLE("configuration", file_keys, struct config);

#define AT(field) offsetof(struct schedule_words, field)
static const struct key schedule_file_keys[] = {
    {"version", KEY_VERSION, 0},
    {"every", KEY_TEXT, AT(text.every), true},
    {"on", KEY_TEXT, AT(text.on)},
    {"at", KEY_TEXT, AT(text.at)},
    {"from", KEY_TEXT, AT(text.from), true},
    {"remind", KEY_TEXT, AT(text.remind)},
    {"validity", KEY_TEXT, AT(text.validity), true},
    {"cushion", KEY_TEXT, AT(text.cushion), true},
    {"critical", KEY_TEXT, AT(text.critical)},
    {"early", KEY_TEXT, AT(text.early)},
    {"grace", KEY_TEXT, AT(text.grace)},
    {"renew", KEY_TEXT, AT(text.renew)},
    {"renew_critical", KEY_TEXT, AT(text.renew_critical)},
    {"avoid", KEY_WORDS, AT(avoid)},
};
#undef AT
const struct key_table schedule_keys =
    TABLE("schedule", schedule_file_keys, struct schedule_words);
