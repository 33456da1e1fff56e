#include "cgi/settings/settings.h"

#include <stdlib.h>

#include "lib/base/text.h"
#include "model/holiday.h"

/* "quarta-feira, 7 de setembro" is for a calendar; here the weekday says whether the day matters. */
static void day_hints(struct req *rq, struct doc *out, const char *day)
{
	struct civil c = { .year = atoi(day), .month = atoi(day + 5), .day = atoi(day + 8), .hour = 12 };

	c = zone_civil(rq->cx->zone, zone_utc(rq->cx->zone, c));
	doc_hint(out, "weekday", say(rq, arena_fmt(rq->cx->arena, "team.weekday.%d", c.weekday), NULL));
	doc_hint(out, "shown", text_eq(rq->cx->lang, "en") ? day : arena_fmt(rq->cx->arena, "%02d/%02d/%04d", c.day, c.month, c.year));
}

enum err holiday_index(struct req *rq, struct doc *out)
{
	struct holiday *h;
	struct civil now;
	size_t n;

	TRY(holiday_list(rq->cx, &h, &n));
	now = zone_civil(rq->cx->zone, rq->cx->now);
	doc_list(out, "items");
	for (size_t i = 0; i < n; i++) {
		doc_item(out);
		doc_fields(out, &holiday_type, &h[i]);
		if (doc_html(out)) {
			day_hints(rq, out, h[i].day);
			doc_hint(out, "year", i == 0 || atoi(h[i].day) != atoi(h[i - 1].day) ? arena_fmt(rq->cx->arena, "%d", atoi(h[i].day)) : NULL);
		}
		doc_close(out);
	}
	doc_close(out);
	if (!doc_html(out))
		doc_text(out, "next", NULL);
	doc_hint(out, "this_year", arena_fmt(rq->cx->arena, "%d", now.year));
	doc_hint(out, "next_year", arena_fmt(rq->cx->arena, "%d", now.year + 1));
	rq->title = say(rq, "team.holidays", NULL);
	return OK;
}

enum err holiday_create(struct req *rq, struct doc *out)
{
	struct holiday_input in = { 0 };
	struct holiday h;
	const char *id;

	TRY(req_bind(rq, &holiday_input_type, &in, false));
	TRY(holiday_add(rq->cx, &in, &id));
	if (!rq->api)
		return reply_to(rq, 303, "/holidays", "ok.holiday_added");
	TRY(holiday_get(rq->cx, id, &h));
	doc_fields(out, &holiday_type, &h);
	return reply_to(rq, 201, NULL, NULL);
}

enum err holiday_fill(struct req *rq, struct doc *out)
{
	struct holiday_year in = { 0 };
	struct national n[NATIONAL];
	struct holiday_input all[NATIONAL];
	int64_t added;

	TRY(req_bind(rq, &holiday_year_type, &in, false));
	holiday_national(in.year, n);
	for (size_t i = 0; i < NATIONAL; i++)
		all[i] = (struct holiday_input){ arena_fmt(rq->cx->arena, "%04d-%02d-%02d", in.year, n[i].month, n[i].day), say(rq, arena_fmt(rq->cx->arena, "team.national.%s", n[i].key), NULL) };
	TRY(holiday_add_all(rq->cx, all, NATIONAL, &added));
	doc_i64(out, "added", added);
	return rq->api ? reply_to(rq, 200, NULL, NULL) : reply_to(rq, 303, "/holidays", added > 0 ? arena_fmt(rq->cx->arena, "ok.holidays_added:%lld", (long long)added) : "info.holidays_there");
}

enum err holiday_drop(struct req *rq, struct doc *out)
{
	(void)out;
	TRY(holiday_remove(rq->cx, req_capture(rq, "id")));
	return rq->api ? reply_raw(rq, 204, NULL, "", 0) : reply_to(rq, 303, "/holidays", "ok.holiday_gone");
}
