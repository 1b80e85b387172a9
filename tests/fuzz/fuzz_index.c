/* SPDX-License-Identifier: ISC */
/* One line of OpenSSL's index.txt: no crash, and every refusal says why. */
#include <stdlib.h>

#include "ca/index_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct index_line line;
	struct error err = {0};

	if (index_line_parse((struct span){data, size}, &line, &err) !=
	    ERR_OK && err.what[0] == '\0')
		abort();
	return 0;
}
