/* SPDX-License-Identifier: ISC */
/* Configuration files for tests. */
#pragma once

#include <sys/stat.h>

#include "base/file.h"
#include "rooms_fixture.h"
#include "site/config.h"
#include "test.h"

#define CONFIG_FILE "crlferry.cfg"

/* The shipped schedule of this name, as schedules/<as>.cfg in the folder. */
static inline void
copy_schedule(const char *folder, const char *name, const char *as)
{
	RELEASE_BUFFER struct buffer text = {0};
	const char *shipped = getenv("SCHEDULES");
	char file[64], path[PATH_SIZE];

	assert_non_null(shipped);
	snprintf(file, sizeof(file), "%s.cfg", name);
	fixture_read(shipped, file, &text);
	path_in(path, folder, "schedules");
	assert_int_equal(file_make_folder(path, 0755, NULL), ERR_OK);
	snprintf(file, sizeof(file), "schedules/%s.cfg", as);
	fixture_write(folder, file, span_of_buffer(&text));
}

/* Write folder/crlferry.cfg and load it. */
static inline enum err
load_text(const char *folder, const char *text, struct config **out,
    struct error *err)
{
	char path[PATH_SIZE];

	fixture_write_text(folder, CONFIG_FILE, text);
	path_in(path, folder, CONFIG_FILE);
	assert_int_equal(chmod(path, 0644), 0);
	return config_load(path, out, err);
}
