/* SPDX-License-Identifier: ISC */
/* Who seals what lies on a medium, and when. */
#pragma once

#include "site/sealkeys.h"

/* All borrowed. */
struct seal_options {
	int64_t now_s;
	const char *who;	/* "user@host" */
	const struct sealkeys_secret *seals;
};
