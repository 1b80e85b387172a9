/* SPDX-License-Identifier: ISC */
/* The key ids of some keys as minisign shows them, divided by spaces. */
#pragma once

#include "site/sealkeys.h"

#define KEY_IDS_SIZE (SEALKEYS_MAX * MINISIGN_KEY_ID_HEX_SIZE)

/* Of those trusted keys that have sealed; empty where none has. */
void key_ids_trusted(const struct sealkeys_trusted *trusted,
    const bool has_sealed[SEALKEYS_MAX], char out[KEY_IDS_SIZE]);
void key_ids_secret(const struct sealkeys_secret *secrets,
    char out[KEY_IDS_SIZE]);
