/* SPDX-License-Identifier: ISC */
/* The extensions of AD CS, which are the same to every profile. */
#include "crl_fixture.h"
#include "lint_fixture.h"
#include "test.h"

#define MICROSOFT(n) "06092b06010401823715" n
/* Next CRL Publish; ext_hex counts 13 and the value */
#define PUBLISH(ext_hex, octets_hex, value) AKI NUMBER_5 \
	"30" ext_hex MICROSOFT("04") "04" octets_hex value
#define LOCATIONS(ext_hex, octets_hex, value) AKI NUMBER_5 \
	"30" ext_hex MICROSOFT("0e") "04" octets_hex value

static const struct {
	const char *name;
	struct crafted parts;
	const char *want;
} rows[] = {
	{ "Next CRL Publish", { .extensions = PUBLISH("1c", "0f",
	    "170d3236303630313030303030305a") }, "next-publish" },
	{ "Next CRL Publish at nextUpdate", { .extensions = PUBLISH("1c", "0f",
	    TIME_2026_07) }, "next-publish" },
	{ "Next CRL Publish as GeneralizedTime", { .extensions =
	    PUBLISH("1e", "11", "180f32303236303630313030303030305a") },
	    "next-publish" },
	{ "Next CRL Publish after nextUpdate", { .extensions = PUBLISH("1c",
	    "0f", "170d3236303730313030303030315a") }, "next-publish-wrong" },
	{ "Next CRL Publish at thisUpdate", { .extensions = PUBLISH("1c", "0f",
	    TIME_2026) }, "next-publish-wrong" },
	{ "Next CRL Publish without nextUpdate", { .times = TIME_2026,
	    .extensions = PUBLISH("1c", "0f",
	    "170d3236303630313030303030305a") },
	    "next-update-missing next-publish" },
	{ "Next CRL Publish with a fraction", { .extensions = PUBLISH("20",
	    "13", "181132303236303630313030303030302e355a") },
	    "next-publish-wrong" },
	{ "Next CRL Publish without seconds", { .extensions = PUBLISH("1a",
	    "0d", "170b323630363031303030305a") }, "next-publish-wrong" },
	{ "Next CRL Publish with an offset", { .extensions = PUBLISH("20",
	    "13", "17113236303630313030303030302b30303030") },
	    "next-publish-wrong" },
	{ "Next CRL Publish on no day", { .extensions = PUBLISH("1c", "0f",
	    "170d3236303233303030303030305a") }, "next-publish-wrong" },
	{ "Next CRL Publish with more behind it", { .extensions =
	    PUBLISH("1e", "11", "170d3236303630313030303030305a0500") },
	    "next-publish-wrong" },
	{ "Next CRL Publish is a number", { .extensions = PUBLISH("10", "03",
	    "020105") }, "next-publish-wrong" },
	{ "Next CRL Publish cut off", { .extensions = PUBLISH("0f", "02",
	    "170d") }, "next-publish-wrong" },
	{ "Next CRL Publish empty", { .extensions = PUBLISH("0d", "00", "") },
	    "next-publish-wrong" },
	{ "Next CRL Publish critical", { .extensions = AKI NUMBER_5 "301f"
	    MICROSOFT("04") "0101ff040f" "170d3236303630313030303030305a" },
	    "unknown-critical" },
	{ "Next CRL Publish critical and empty", { .extensions = AKI NUMBER_5
	    "3010" MICROSOFT("04") "0101ff0400" }, "unknown-critical" },
	{ "Next CRL Publish twice", { .extensions = PUBLISH("10", "03",
	    "020105") "3010" MICROSOFT("04") "0403020105" }, "format" },
	{ "CA Version", { .extensions = AKI NUMBER_5 "3012" MICROSOFT("01")
	    "0405" "0203020003" }, "ca-version" },
	{ "CA Version negative", { .extensions = AKI NUMBER_5 "3010"
	    MICROSOFT("01") "0403" "0201ff" }, "ca-version-wrong" },
	{ "CA Version too large", { .extensions = AKI NUMBER_5 "3014"
	    MICROSOFT("01") "0407" "02050102030405" }, "ca-version-wrong" },
	{ "CA Version is no number", { .extensions = AKI NUMBER_5 "300d"
	    MICROSOFT("01") "0400" }, "ca-version-wrong" },
	{ "CA Version critical", { .extensions = AKI NUMBER_5 "3013"
	    MICROSOFT("01") "0101ff0403" "020100" }, "unknown-critical" },
	{ "CA Version with more behind it", { .extensions = AKI NUMBER_5
	    "3012" MICROSOFT("01") "0405" "0201000500" }, "ca-version-wrong" },
	{ "Published CRL Locations", { .extensions = LOCATIONS("1b", "0e",
	    "300c300aa008a0068604" "6c646170") },
	    "published-locations-wrong" },
	{ "Published CRL Locations, ldap", { .extensions = LOCATIONS("1c",
	    "0f", "300d300ba009a0078605" "6c6461703a") },
	    "published-locations" },
	{ "Published CRL Locations, LDAP and http", { .extensions =
	    LOCATIONS("23", "16", "30143012a010a00e8605" "4c4441503a"
	    "8605" "687474703a") }, "published-locations" },
	{ "Published CRL Locations, two of ldap", { .extensions =
	    LOCATIONS("29", "1c", "301a300ba009a0078605" "6c6461703a"
	    "300ba009a0078605" "6c6461703a") },
	    "published-locations published-locations" },
	{ "Published CRL Locations, http alone", { .extensions =
	    LOCATIONS("1c", "0f", "300d300ba009a0078605" "687474703a") },
	    "published-locations-wrong" },
	{ "Published CRL Locations with a line end", { .extensions =
	    LOCATIONS("1d", "10", "300e300ca00aa0088606" "6c6461703a0a") },
	    "published-locations-wrong" },
	{ "Published CRL Locations, no point", { .extensions =
	    LOCATIONS("0f", "02", "3000") }, "published-locations-wrong" },
	{ "Published CRL Locations, a URL alone", { .extensions =
	    LOCATIONS("14", "07", "8605" "6c6461703a") },
	    "published-locations-wrong" },
	{ "Published CRL Locations cut off", { .extensions =
	    LOCATIONS("1b", "0e", "300d300ba009a0078605" "6c646170") },
	    "published-locations-wrong" },
	{ "Published CRL Locations with more behind it", { .extensions =
	    LOCATIONS("1e", "11", "300d300ba009a0078605" "6c6461703a"
	    "0500") }, "published-locations-wrong" },
	{ "Published CRL Locations empty", { .extensions =
	    LOCATIONS("0d", "00", "") }, "published-locations-wrong" },
	{ "Published CRL Locations critical", { .extensions = AKI NUMBER_5
	    "301f" MICROSOFT("0e") "0101ff040f" "300d300ba009a0078605"
	    "6c6461703a" }, "unknown-critical" },
};

TEST(test_crafted)
{
	for (size_t i = 0; i < COUNT_OF(rows) * 2; i++) {
		RELEASE_BUFFER struct buffer der = { 0 };
		struct findings have;
		struct lint lint = lint_into(&have,
		    i % 2 != 0 ? LINT_BR : LINT_RFC5280);
		struct error err = { 0 };
		struct window window;

		craft(&rows[i / 2].parts, &der);
		window_init_memory(&window, span_of_buffer(&der));
		FINE(lint_crl(&lint, &window, NULL, &err));
		assert_found(rows[i / 2].name, rows[i / 2].want, &lint, &have);
	}
}
