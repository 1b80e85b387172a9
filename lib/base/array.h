/* SPDX-License-Identifier: ISC */
#pragma once

/* How many elements an array, not a pointer, has. */
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
