/* SPDX-License-Identifier: ISC */
/* The file of a configuration, whatever is in it. */
#include <sys/stat.h>

#include "config_fixture.h"
#include "test.h"

#define SHORTEST "state = \"s\";\n" \
	"roots = ( { name = \"r\"; certificate = \"c\"; } );\n"

static char folder[FIXTURE_PATH_SIZE];

static int
enter(void **state)
{
	fixture_make_folder(folder);
	copy_schedule(folder, "semiannual", "semiannual");
	return 0;
}

AROUND_EACH(enter, NULL)

TEST(loose_modes_are_refused)
{
	static const struct {
		mode_t mode;
		enum err want;
	} rows[] = {
		{ 0600, ERR_OK }, { 0644, ERR_OK }, { 0444, ERR_OK },
		{ 0664, ERR_PERMISSIONS }, { 0646, ERR_PERMISSIONS },
		{ 0602, ERR_PERMISSIONS }, { 0666, ERR_PERMISSIONS },
	};
	static const char *const files[] = {
		CONFIG_FILE, "schedules/semiannual.cfg",
	};
	char path[PATH_SIZE], config_path[PATH_SIZE];

	path_in(config_path, folder, CONFIG_FILE);
	for (size_t i = 0; i < COUNT_OF(rows) * COUNT_OF(files); i++) {
		const char *file = files[i % COUNT_OF(files)];
		FREE_CONFIG struct config *config = NULL;
		struct error err = {0};
		enum err code;

		fixture_write_text(folder, CONFIG_FILE, SHORTEST);
		path_in(path, folder, file);
		assert_int_equal(chmod(path, rows[i / 2].mode), 0);
		code = config_load(config_path, &config, &err);
		assert_int_equal(chmod(path, 0644), 0);
		if (rows[i / 2].want == ERR_OK)
			assert_fine(file, code, &err);
		else
			assert_refusal(file, rows[i / 2].want, file, code,
			    &err);
		assert_true((config == NULL) == (code != ERR_OK));
	}
}

TEST(what_is_no_file_is_refused)
{
	RELEASE_BUFFER struct buffer large = {0};
	struct config *config = NULL;
	struct error err = {0};
	char path[PATH_SIZE];

	path_in(path, folder, "none.cfg");
	assert_refusal("missing", ERR_MISSING, "none.cfg",
	    config_load(path, &config, &err), &err);
	err = (struct error){0};
	assert_refusal("folder", ERR_FORMAT, "folder",
	    config_load(folder, &config, &err), &err);
	err = (struct error){0};
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_refusal("FIFO", ERR_FORMAT, "regular file",
	    config_load(path, &config, &err), &err);
	FINE(buffer_reserve(&large, CONFIG_MAX_BYTES + 1, &err));
	memset(large.data, ' ', CONFIG_MAX_BYTES + 1);
	memcpy(large.data, SHORTEST, strlen(SHORTEST));
	path_in(path, folder, CONFIG_FILE);
	for (size_t more = 0; more < 2; more++) {
		FREE_CONFIG struct config *loaded = NULL;

		fixture_write(folder, CONFIG_FILE, (struct span){ large.data,
		    CONFIG_MAX_BYTES + more });
		err = (struct error){0};
		if (more == 0)
			FINE(config_load(path, &loaded, &err));
		else
			assert_refusal("too large", ERR_FORMAT, "at most",
			    config_load(path, &loaded, &err), &err);
	}
	assert_null(config);
}
