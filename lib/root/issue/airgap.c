/* SPDX-License-Identifier: ISC */
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>

#include "base/file.h"
#include "root/issue/airgap.h"

enum err
airgap_find(const struct config_words *allowed, char *out, size_t capacity,
    bool *found, struct error *err)
{
	struct ifaddrs *list;
	const struct ifaddrs *at;

	if (getifaddrs(&list) != 0)
		return file_fail(err, "network interfaces", "list");
	*found = false;
	for (at = list; at != NULL && !*found; at = at->ifa_next) {
		if ((at->ifa_flags & IFF_UP) == 0 ||
		    (at->ifa_flags & IFF_LOOPBACK) != 0 ||
		    config_words_has(allowed, at->ifa_name))
			continue;
		snprintf(out, capacity, "%s", at->ifa_name);
		*found = true;
	}
	freeifaddrs(list);
	return ERR_OK;
}

enum err
airgap_check(const struct config *config, struct notices *notices,
    struct error *err)
{
	char name[64];
	bool found;

	if (config->air_gap == AIR_GAP_OFF)
		return ERR_OK;
	TRY(airgap_find(&config->air_gap_allow, name, sizeof(name), &found,
	    err));
	if (!found)
		return ERR_OK;
	if (config->air_gap == AIR_GAP_REQUIRE)
		return err_remedy(err, err_fail(err, ERR_NETWORK,
		    "network interface %s is up", name),
		    "take it down: ip link set %s down; or name it in "
		    "air_gap_allow of %s", name, config->path);
	notice_safety(notices, "network interface %s is up: a root's machine "
	    "should have none (air_gap = \"warn\")", name);
	return ERR_OK;
}
