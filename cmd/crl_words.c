/* SPDX-License-Identifier: ISC */
#include "crl_words.h"

void
crl_words(const struct number *number, int64_t this_update_s,
    int64_t next_update_s, const uint8_t sha256[SHA256_SIZE],
    struct crl_words *out)
{
	number_format(number, 0, out->number);
	utc_format(this_update_s, out->this_update);
	utc_format(next_update_s, out->next_update);
	sha256_hex(sha256, out->sha256);
}
