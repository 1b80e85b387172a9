/* SPDX-License-Identifier: ISC */
/*
 * Each test has a state folder of its own, and a ledger in it.  For tests
 * only; include after the other fixtures.
 */
#pragma once

#include "own_folder_fixture.h"
#include "root/history/ledger.h"

#define LEDGER "ledger.jsonl"
#define ZEROS "00000000000000000000000000000000" \
	"00000000000000000000000000000000"

static const struct config config = { .path = "x.cfg", .state = folder };
