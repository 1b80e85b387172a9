/* SPDX-License-Identifier: ISC */
/* The schedules that are shipped, read from their files in SCHEDULES. */
#pragma once

#include <libconfig.h>

#include "instant.h"
#include "plan/schedule.h"
#include "test.h"

static const struct {
	const char *key;
	size_t at;
} schedule_keys[] = {
    {"every", offsetof(struct schedule_text, every)},
    {"on", offsetof(struct schedule_text, on)},
    {"at", offsetof(struct schedule_text, at)},
    {"from", offsetof(struct schedule_text, from)},
    {"remind", offsetof(struct schedule_text, remind)},
    {"validity", offsetof(struct schedule_text, validity)},
    {"cushion", offsetof(struct schedule_text, cushion)},
    {"critical", offsetof(struct schedule_text, critical)},
    {"early", offsetof(struct schedule_text, early)},
    {"grace", offsetof(struct schedule_text, grace)},
    {"renew", offsetof(struct schedule_text, renew)},
    {"renew_critical", offsetof(struct schedule_text, renew_critical)},
};

/* The words of a file; they live as long as config. */
static inline struct schedule_text
read_words(config_t *config, const char *name)
{
	const char *folder = getenv("SCHEDULES");
	struct schedule_text text = {0};
	config_setting_t *avoid;
	char path[4096];
	int version = 0;
	size_t i;

	snprintf(path, sizeof(path), "%s/%s.cfg",
	    folder != NULL ? folder : "schedules", name);
	if (config_read_file(config, path) != CONFIG_TRUE)
		fail_msg("%s:%d: %s", path, config_error_line(config),
		    config_error_text(config));
	config_lookup_int(config, "version", &version);
	assert_int_equal(version, 1);
	assert_string_equal(config_setting_name(config_setting_get_elem(
	    config_root_setting(config), 0)), "version");
	for (i = 0; i < COUNT_OF(schedule_keys); i++)
		assert_int_equal(config_lookup_string(config,
		    schedule_keys[i].key, (const char **)(void *)
		    ((char *)&text + schedule_keys[i].at)), CONFIG_TRUE);
	avoid = config_lookup(config, "avoid");
	assert_non_null(avoid);
	for (i = 0; i < (size_t)config_setting_length(avoid); i++)
		text.avoid[i] = config_setting_get_string_elem(avoid, (int)i);
	text.avoid_count = i;
	/* Nothing else stands in it. */
	assert_int_equal(config_setting_length(config_root_setting(config)),
	    COUNT_OF(schedule_keys) + 2);
	return text;
}

/* As it is shipped, or with another validity. */
static inline struct schedule
shipped(const char *name, const char *validity)
{
	struct schedule_text text;
	struct schedule schedule;
	struct error err = {0};
	config_t config;

	config_init(&config);
	text = read_words(&config, name);
	if (validity != NULL)
		text.validity = validity;
	FINE(schedule_parse(name, &text, &schedule, &err));
	config_destroy(&config);
	return schedule;
}
