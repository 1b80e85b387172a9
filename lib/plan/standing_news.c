/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "plan/standing_detail.h"

#define TIDING_SIZE 160

/* " #12"; nothing if it is not known */
static void
number_text(bool is_known, const struct number *number,
    char out[NUMBER_TEXT_SIZE + 2])
{
	out[0] = '\0';
	if (!is_known)
		return;
	out[0] = '#';
	number_format(number, 0, out + 1);
}

static void
tell_receipt(const struct standing_news *news, char out[TIDING_SIZE])
{
	char number[NUMBER_TEXT_SIZE + 2], date[UTC_TEXT_SIZE];
	const bool is_nowhere = news->stores_failed > 0 &&
	    news->stores_failed == news->stores;
	char places[48] = "";

	number_text(news->installed_has_number, &news->installed_number,
	    number);
	utc_format_date(news->installed_s, date);
	if (news->stores_failed > 0 && !is_nowhere)
		snprintf(places, sizeof(places), ", but not in %u of %u "
		    "stores", news->stores_failed, news->stores);
	snprintf(out, TIDING_SIZE, "%s %s on %s%s%s",
	    is_nowhere ? "failed to install" : "installed",
	    number[0] == '\0' ? "a CRL" : number, date, places,
	    news->is_installed_known ? "" : ", which the archive lacks");
}

static void
tell_request(const struct standing_news *news, char out[TIDING_SIZE])
{
	char number[NUMBER_TEXT_SIZE + 2], date[UTC_TEXT_SIZE];

	number_text(news->requested_has_number, &news->requested_number,
	    number);
	utc_format_date(news->requested_s, date);
	snprintf(out, TIDING_SIZE, "asked on %s%s%s", date,
	    number[0] == '\0' ? "" : " with ", number);
}

/* Is the newest of them about an older CRL than the current one? */
static bool
is_overtaken(const struct standing *standing, bool is_receipt_newest)
{
	const struct standing_news *news = &standing->facts->news;
	const struct number *number = is_receipt_newest ?
	    &news->installed_number : &news->requested_number;
	const int64_t at_s = is_receipt_newest ? news->installed_s :
	    news->requested_s;

	if (!standing->has_next_update)
		return false;
	if (standing->has_number && (is_receipt_newest ?
	    news->installed_has_number : news->requested_has_number))
		return number_compare(number, &standing->number) < 0;
	return at_s < standing->this_update_s;
}

void
standing_news_text(const struct standing *standing, char *out,
    size_t capacity)
{
	const struct standing_news *news = &standing->facts->news;
	char receipt[TIDING_SIZE] = "", request[TIDING_SIZE] = "";
	bool is_receipt_newest = news->has_receipt && (!news->has_request ||
	    news->installed_s >= news->requested_s);

	out[0] = '\0';
	if (!news->has_receipt && !news->has_request)
		return;
	if (news->has_receipt)
		tell_receipt(news, receipt);
	if (news->has_request)
		tell_request(news, request);
	snprintf(out, capacity, "%s%s%s%s",
	    is_receipt_newest ? request : receipt,
	    news->has_receipt && news->has_request ? ", " : "",
	    is_receipt_newest ? receipt : request,
	    is_overtaken(standing, is_receipt_newest) ?
	    ", not heard of since" : "");
}
