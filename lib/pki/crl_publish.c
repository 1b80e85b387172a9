/* SPDX-License-Identifier: ISC */
#include "pki/crl_parts.h"

bool
crl_next_publish_time(const struct crl *crl, struct crl_time *out)
{
	struct span value = crl->next_publish;
	struct error why;

	return crl->has_next_publish && crl_time_next(&value,
	    "Next CRL Publish", out, &why) == ERR_OK && value.size == 0;
}

int64_t
crl_next_publish(const struct crl *crl)
{
	struct crl_time time;

	return crl_next_publish_time(crl, &time) &&
	    time.at_s > crl->this_update.at_s && (!crl->has_next_update ||
	    time.at_s <= crl->next_update.at_s) ? time.at_s : 0;
}
