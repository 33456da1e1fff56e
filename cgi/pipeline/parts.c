/* parts.c: what the pages of boards and deals share. */
#include "cgi/pipeline/pipeline.h"

#include <stdlib.h>
#include <string.h>

#include "cgi/chrome.h"
#include "lib/base/text.h"
#include "lib/view/tmpl.h"
#include "model/team.h"

static struct civil civil_of(const char *day)
{
	return (struct civil){ .year = atoi(day), .month = atoi(day + 5), .day = atoi(day + 8), .hour = 12 };
}

/* Days since 1970-01-01, in the Gregorian calendar. */
static int64_t day_number(const struct civil *c)
{
	int64_t y = c->month <= 2 ? c->year - 1 : c->year, era = y / 400, in = y % 400;

	return era * 146097 + in * 365 + in / 4 - in / 100 + (153 * (c->month + (c->month > 2 ? -3 : 9)) + 2) / 5 + c->day - 1 - 719468;
}

int64_t days_until(struct req *rq, const char *day)
{
	struct civil then = civil_of(day), now = zone_civil(rq->cx->zone, rq->cx->now);

	return day_number(&then) - day_number(&now);
}

const char *day_text(struct req *rq, const char *day)
{
	struct ctx *cx = rq->cx;
	int64_t left;
	utc_t at;

	if (day == NULL)
		return NULL;
	left = days_until(rq, day);
	if (left >= -1 && left <= 1)
		return text_get(cx->arena, cx->lang, left == 0 ? "pipeline.today" : left == 1 ? "pipeline.tomorrow" : "pipeline.yesterday", NULL);
	at = zone_utc(cx->zone, civil_of(day));
	/* In numbers, also in the week that was. */
	return date_short(cx->arena, cx->lang, cx->zone, left < 0 && left > -7 ? (utc_t){ at.us - 7 * (int64_t)86400000000 } : cx->now, at);
}

const char *seen_text(struct req *rq, const char *s)
{
	return rq->cx->masked ? mask_text(rq->cx->arena, s) : s;
}

const char *money_short(struct req *rq, int64_t minor, const char *currency)
{
	char *s = money_local(rq->cx->arena, rq->cx->lang, minor, currency);

	if (minor % 100 == 0)
		s[strlen(s) - 3] = '\0';
	return s;
}

const char *next_step(struct req *rq, const char *step, const char *on, const char **state)
{
	struct arena *a = rq->cx->arena;
	int64_t left = on != NULL ? days_until(rq, on) : 0;
	const char *what, *when;

	*state = step == NULL && on == NULL ? "warn" : left < 0 ? "bad" : "info";
	if (step == NULL && on == NULL)
		return text_get(a, rq->cx->lang, "pipeline.step_none", NULL);
	what = step != NULL ? seen_text(rq, step) : text_get(a, rq->cx->lang, "pipeline.step", NULL);
	if (on == NULL)
		return what;
	when = left < 0 ? text_get(a, rq->cx->lang, "pipeline.late", duration_text(a, rq->cx->lang, -left * 86400)) : day_text(rq, on);
	return arena_fmt(a, "%s, %s", what, when);
}

void next_step_hints(struct req *rq, struct doc *out, const char *step, const char *on)
{
	const char *state, *text = next_step(rq, step, on, &state);

	doc_open(out, "next");
	doc_hint(out, "state", state);
	doc_hint(out, "text", text);
	doc_close(out);
}

bool stands_long(struct req *rq, utc_t since, int32_t stale_days, const char **age)
{
	struct arena *a = rq->cx->arena;
	int64_t s = (rq->cx->now.us - since.us) / 1000000;
	bool old = stale_days > 0 && s > (int64_t)stale_days * 86400;

	*age = s < 86400 ? text_get(a, rq->cx->lang, "pipeline.today", NULL) : duration_text(a, rq->cx->lang, s);
	if (old)
		*age = text_get(a, rq->cx->lang, "pipeline.stale_for", *age);
	return old;
}

void owner_hints(struct req *rq, struct doc *out, const char *id, const char *name)
{
	struct arena *a = rq->cx->arena;

	if (id == NULL || name == NULL)
		return;
	doc_open(out, "owner");
	doc_hint(out, "name", name);
	doc_hint(out, "first", arena_strn(a, name, strcspn(name, " ")));
	doc_hint(out, "initials", initials(a, name));
	doc_hint(out, "color", color_of(a, id));
	doc_close(out);
}

void stage_items(struct doc *out, const char *name, const struct stage *s, size_t n, const char *current)
{
	bool done = current != NULL;

	doc_list(out, name);
	for (size_t i = 0; i < n; i++) {
		bool now = text_eq(s[i].id, current);

		done = done && !now;
		doc_item(out);
		doc_fields(out, &stage_type, &s[i]);
		doc_hint(out, "current", now ? "1" : NULL);
		doc_hint(out, "done", done ? "1" : NULL);
		doc_hint(out, "first", i == 0 ? "1" : NULL);
		doc_hint(out, "last", i == n - 1 ? "1" : NULL);
		doc_close(out);
	}
	doc_close(out);
}

void tag_items(struct doc *out, const struct deal_tag_row *t, size_t n, const char *deal)
{
	doc_list(out, "tags");
	for (size_t i = 0; i < n; i++) {
		if (strcmp(t[i].deal_id, deal) != 0)
			continue;
		doc_item(out);
		doc_fields(out, &deal_tag_row_type, &t[i]);
		doc_close(out);
	}
	doc_close(out);
}

enum err stage_groups(struct req *rq, struct doc *out, const char *but_pipeline, const char *but_stage)
{
	struct pipeline_list l;

	TRY(pipeline_list(rq->cx, &l));
	doc_list(out, "groups");
	for (size_t i = 0; i < l.n; i++) {
		if (text_eq(l.items[i].id, but_pipeline))
			continue;
		doc_item(out);
		doc_hint(out, "name", l.items[i].name);
		doc_list(out, "stages");
		for (size_t k = 0; k < l.nstages; k++) {
			if (strcmp(l.stages[k].pipeline_id, l.items[i].id) != 0 || text_eq(l.stages[k].id, but_stage))
				continue;
			doc_item(out);
			doc_hint(out, "id", l.stages[k].id);
			doc_hint(out, "name", l.stages[k].name);
			doc_close(out);
		}
		doc_close(out);
		doc_close(out);
	}
	doc_close(out);
	return OK;
}

enum err owner_items(struct req *rq, struct doc *out, const char *current)
{
	struct user_row *u;
	size_t n;

	TRY(user_list(rq->cx, &u, &n));
	doc_list(out, "users");
	for (size_t i = 0; i < n; i++) {
		doc_item(out);
		doc_hint(out, "id", u[i].id);
		doc_hint(out, "name", u[i].name);
		doc_hint(out, "current", text_eq(u[i].id, current) ? "1" : NULL);
		doc_close(out);
	}
	doc_close(out);
	return OK;
}

void conflict_row(struct req *rq, struct doc *out, const char *field, const char *mine, const char *theirs)
{
	struct arena *a = rq->cx->arena;
	const char *none = text_get(a, rq->cx->lang, "app.none", NULL);

	if (text_eq(text_empty(mine) ? NULL : mine, text_empty(theirs) ? NULL : theirs))
		return;
	doc_item(out);
	doc_hint(out, "label", text_get(a, rq->cx->lang, arena_fmt(a, "deal.field.%s", field), NULL));
	doc_hint(out, "mine", text_empty(mine) ? none : mine);
	doc_hint(out, "theirs", text_empty(theirs) ? none : theirs);
	doc_close(out);
}

enum err deal_doc(struct req *rq, struct doc *out, const struct deal *d)
{
	struct deal_tag_row *t;
	const char *ids[] = { d->id };
	size_t n;

	TRY(deal_tags(rq->cx, ids, 1, &t, &n));
	doc_fields(out, &deal_type, d);
	tag_items(out, t, n, d->id);
	reply_etag(rq, d->version);
	return OK;
}

bool form_stale(struct req *rq, int32_t version)
{
	int64_t v;

	return rq->reshown && req_field(rq, "version") != NULL && parse_i64(req_field(rq, "version"), 0, INT32_MAX, &v) && v != version;
}

const char *deal_path(struct req *rq)
{
	return arena_fmt(rq->cx->arena, "/deals/%s", req_capture(rq, "id"));
}
