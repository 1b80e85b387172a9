/* SPDX-License-Identifier: ISC */
/* AD CS's own extensions: no CRL is refused for what is in them. */
#include "base/utc.h"
#include "pki/crl_parts.h"
#include "pki/lint/lint_report.h"
#include "pki/points.h"

static void
judge_next_publish(struct lint *lint, const struct crl *crl)
{
	char at[UTC_TEXT_SIZE], this_update[UTC_TEXT_SIZE];
	char next_update[UTC_TEXT_SIZE] = "never";
	struct crl_time time = {0};
	const bool is_time = crl_next_publish_time(crl, &time);

	utc_format(time.at_s, at);
	utc_format(crl->this_update.at_s, this_update);
	if (crl->has_next_update)
		utc_format(crl->next_update.at_s, next_update);
	if (crl_next_publish(crl) != 0)
		lint_report(lint, FOUND_NEXT_PUBLISH, "Next CRL Publish: the "
		    "CA means to publish again on %s", at);
	else if (is_time)
		lint_report(lint, FOUND_NEXT_PUBLISH_WRONG, "Next CRL Publish: "
		    "want after thisUpdate, %s, and by nextUpdate, %s, have "
		    "%s", this_update, next_update, at);
	else if (crl->has_next_publish)
		lint_report(lint, FOUND_NEXT_PUBLISH_WRONG, "Next CRL Publish "
		    "is not a Time in UTC with seconds, as thisUpdate is");
}

static void
judge_ca_version(struct lint *lint, const struct crl *crl)
{
	if (crl->has_ca_version && crl->ca_version >= 0)
		lint_report(lint, FOUND_CA_VERSION, "CA Version: V%d.%d, "
		    "which is the CA's certificate and its key, each from 0",
		    crl->ca_version & 0xffff, crl->ca_version >> 16);
	else if (crl->has_ca_version)
		lint_report(lint, FOUND_CA_VERSION_WRONG, "CA Version is not "
		    "a number from 0 to 2147483647");
}

/* `certutil -dspublish` reads it, and looks for nothing but LDAP there. */
static void
judge_locations(struct lint *lint, const struct crl *crl)
{
	static const char what[] = "Published CRL Locations";
	struct points points = {.count = 0};
	struct error why = {0};
	size_t found = 0;
	struct span url;

	if (!crl->has_locations)
		return;
	if (points_parse(crl->locations, what, crl->issuer, &points, &why) !=
	    ERR_OK) {
		lint_report(lint, FOUND_LOCATIONS_WRONG, "%s", why.what);
		return;
	}
	for (size_t i = 0; i < points.count; i++) {
		if (!point_url(points.names[i], "ldap:", &url))
			continue;
		found++;
		lint_report(lint, FOUND_LOCATIONS, "%s: %.*s", what,
		    (int)url.size, (const char *)url.data);
	}
	if (found == 0)
		lint_report(lint, FOUND_LOCATIONS_WRONG, "%s: holds no ldap: "
		    "URL, and certutil -dspublish takes no other", what);
}

void
lint_microsoft(struct lint *lint, const struct crl *crl)
{
	judge_next_publish(lint, crl);
	judge_ca_version(lint, crl);
	judge_locations(lint, crl);
}
