/* SPDX-License-Identifier: ISC */
/* The configuration of a rehearsal's CA. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "root/ceremony/rehearsal.h"

enum err
rehearsal_path(char *out, size_t capacity, const char *folder,
    const char *root, const char *suffix, struct error *err)
{
	char name[128];

	snprintf(name, sizeof(name), "%s%s", root, suffix);
	return file_join(out, capacity, folder, name, err);
}

/* key = "text"; with what libconfig wants escaped. */
static enum err
put_text(struct buffer *out, const char *key, const char *text,
    struct error *err)
{
	TRY(buffer_appendf(out, err, "%s = \"", key));
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			TRY(buffer_append_text(out, "\\", err));
		TRY(buffer_append(out, text, 1, err));
	}
	return buffer_append_text(out, "\";\n", err);
}

/* "0 s + 7 months - 1 day - 3 s": no term exceeds a duration's limits. */
static enum err
put_duration(struct buffer *out, const char *key,
    const struct duration *duration, struct error *err)
{
	const struct {
		int64_t count;
		const char *unit;
	} terms[] = {{duration->months, "months"},
	    {duration->seconds / DAY_S, "days"},
	    {duration->seconds % DAY_S, "s"}};

	TRY(buffer_appendf(out, err, "%s = \"0 s", key));
	for (size_t i = 0; i < 3; i++)
		TRY(buffer_appendf(out, err, " %c %lld %s",
		    terms[i].count < 0 ? '-' : '+',
		    llabs((long long)terms[i].count), terms[i].unit));
	return buffer_append_text(out, "\";\n", err);
}

/* A count of up to 2^32-1, and a unit: it was written like this. */
static enum err
put_size(struct buffer *out, const char *key, uint64_t size,
    struct error *err)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB"};
	size_t unit = 0;

	for (; size > UINT32_MAX && unit < 3; unit++)
		size /= 1024;
	return buffer_appendf(out, err, "%s = \"%llu %s\";\n", key,
	    (unsigned long long)size, units[unit]);
}

static enum err
put_file(struct buffer *out, const char *key, const char *root,
    const char *suffix, struct error *err)
{
	return buffer_appendf(out, err, "%s = \"%s%s\";\n", key, root, suffix);
}

static enum err
put_signing(struct buffer *out, const struct config_root *root,
    struct error *err)
{
	const struct config_signing *signing = root->signing;

	TRY(buffer_append_text(out, "signing = {\n", err));
	TRY(put_file(out, "key", root->name, REHEARSAL_KEY, err));
	TRY(put_file(out, "index", root->name, REHEARSAL_INDEX, err));
	TRY(put_file(out, "crlnumber", root->name, REHEARSAL_CRLNUMBER, err));
	if (signing->digest != NULL)
		TRY(put_text(out, "digest", signing->digest, err));
	TRY(put_duration(out, "backdate", &signing->backdate, err));
	return buffer_append_text(out, "};\n", err);
}

static void
free_path(char **path)
{
	free(*path);
}

/* The certificate tells whether the rehearsed CRL stops this subordinate. */
static enum err
put_subordinate(struct buffer *out,
    const struct config_subordinate *subordinate, struct error *err)
{
	__attribute__((cleanup(free_path))) char *path =
	    subordinate->certificate == NULL ? NULL :
	    realpath(subordinate->certificate, NULL);

	/* `easyrsa revoke` moves it away. */
	if (subordinate->certificate != NULL && path == NULL &&
	    errno != ENOENT && errno != ENOTDIR)
		return file_fail(err, subordinate->certificate, "find");
	TRY(buffer_appendf(out, err, "\n{ name = \"%s\"; retired = %s;\n",
	    subordinate->name, subordinate->is_retired ? "true" : "false"));
	if (path != NULL)
		TRY(put_text(out, "certificate", path, err));
	return buffer_append_text(out, "}", err);
}

static enum err
put_subordinates(struct buffer *out, const struct config_root *root,
    struct error *err)
{
	TRY(buffer_append_text(out, "subordinates = (", err));
	for (size_t i = 0; i < root->subordinate_count; i++) {
		if (i > 0)
			TRY(buffer_append_text(out, ",", err));
		TRY(put_subordinate(out, &root->subordinates[i], err));
	}
	return buffer_append_text(out, " );\n", err);
}

static enum err
put_root(struct buffer *out, const struct config_root *root, bool is_first,
    struct error *err)
{
	TRY(buffer_append_text(out, is_first ? "{\n" : ",\n{\n", err));
	TRY(put_text(out, "name", root->name, err));
	TRY(put_file(out, "certificate", root->name, REHEARSAL_CERTIFICATE,
	    err));
	TRY(put_text(out, "schedule", root->schedule_name, err));
	TRY(put_text(out, "profile", root->profile, err));
	TRY(put_text(out, "published_as", root->published_as, err));
	TRY(buffer_appendf(out, err, "microsoft = %s;\n",
	    root->is_microsoft ? "true" : "false"));
	TRY(put_signing(out, root, err));
	TRY(put_subordinates(out, root, err));
	return buffer_append_text(out, "}", err);
}

enum err
rehearsal_configuration(const struct config *real, struct buffer *out,
    struct error *err)
{
	bool is_first = true;

	/* A rehearsal may be held at a desk, but should say what is up. */
	TRY(buffer_appendf(out, err, "# A rehearsal's.\nversion = %d;\n"
	    "state = \"state\";\nair_gap = \"%s\";\n"
	    "seal = { secret = \"" REHEARSAL_SEAL "\"; };\n", CONFIG_VERSION,
	    real->air_gap == AIR_GAP_OFF ? "off" : "warn"));
	TRY(put_size(out, "max_crl_bytes", real->max_crl_bytes, err));
	TRY(buffer_append_text(out, "roots = (\n", err));
	for (size_t i = 0; i < real->root_count; i++) {
		if (real->roots[i].signing == NULL)
			continue;
		TRY(put_root(out, &real->roots[i], is_first, err));
		is_first = false;
	}
	return buffer_append_text(out, " );\n", err);
}
