/* The list's filters and pages, many at once, tags, saved views, snoozing. Through the model, as the web role. */
#include <string.h>

#include "model/conversation.h"
#include "model/routing.h"
#include "tests/db/dbt.h"

static enum err page(struct ctx *cx, const char *tag, const char *sort, const char *cursor, struct conversation_list *out)
{
	struct conversation_filter f = { .tag = tag, .sort = sort, .cursor = cursor, .status = "any", .limit = 2 };

	return UNIT(cx, &alfa.admin, DB_READ, conversation_list(cx, &f, out));
}

/* Forwards to the end and back to the beginning gives the same pages. */
static void there_and_back(const char *sort)
{
	struct ctx *cx = ctx_as("web");
	const char *tag = tag_new(), *ids[5], *seen[5];
	struct conversation_list l;
	int64_t n = 0;

	for (int i = 0; i < 5; i++)
		ids[i] = conversation_new(&alfa, alfa.wa2);
	IS_INT("tagged", UNIT(cx, &alfa.admin, DB_WRITE, tag_set_conversations(cx, (struct ids){ ids, 5 }, (struct ids){ &tag, 1 }, (struct ids){ NULL, 0 }, &n)), OK);
	IS_INT("all five", n, 5);
	IS_INT("first", page(cx, tag, sort, NULL, &l), OK);
	IS_TRUE("nothing before", l.n == 2 && l.prev == NULL && l.next != NULL);
	seen[0] = l.items[0].id;
	seen[1] = l.items[1].id;
	IS_INT("second", page(cx, tag, sort, l.next, &l), OK);
	IS_TRUE("between", l.n == 2 && l.prev != NULL && l.next != NULL);
	seen[2] = l.items[0].id;
	seen[3] = l.items[1].id;
	IS_INT("third", page(cx, tag, sort, l.next, &l), OK);
	IS_TRUE("the end", l.n == 1 && l.prev != NULL && l.next == NULL);
	IS_INT("back", page(cx, tag, sort, l.prev, &l), OK);
	IS_TRUE("two again", l.n == 2 && l.prev != NULL && l.next != NULL);
	IS_STR("the third", l.items[0].id, seen[2]);
	IS_STR("the fourth", l.items[1].id, seen[3]);
	IS_INT("back again", page(cx, tag, sort, l.prev, &l), OK);
	IS_TRUE("the beginning", l.n == 2 && l.prev == NULL && l.next != NULL);
	IS_STR("the first", l.items[0].id, seen[0]);
	IS_STR("the second", l.items[1].id, seen[1]);
	IS_INT("no cursor of ours", page(cx, tag, sort, "pzz", &l), E_SYNTAX);
}

static void pages(void)
{
	there_and_back("-last_message_at");
	there_and_back("waiting_since");
}

static const struct bulk_row *row_of(const struct bulk_row *r, size_t n, const char *id)
{
	static const struct bulk_row none = { 0 };

	for (size_t i = 0; i < n; i++)
		if (strcmp(r[i].id, id) == 0)
			return &r[i];
	return &none;
}

static void many(void)
{
	struct ctx *cx = ctx_as("web");
	const char *tag = tag_new(), *a = conversation_new(&alfa, alfa.wa), *b = conversation_new(&alfa, alfa.wa), *ids[] = { a, b, beta.conversation };
	struct bulk_row *r;
	size_t n;

	IS_INT("resolve", UNIT(cx, &alfa.admin, DB_WRITE, conversation_bulk(cx, (struct ids){ ids, 3 }, "resolve", NULL, NULL, NULL, &r, &n)), OK);
	IS_INT("a row each", (int64_t)n, 3);
	IS_STR("done", row_of(r, n, a)->status, "resolved");
	IS_STR("another tenant's is missing", row_of(r, n, beta.conversation)->error, "not_found");
	IS_STR("in the database", get(as(NULL), "SELECT string_agg(concat_ws(' ', status, waiting_since, resolved_at IS NOT NULL), ',') FROM conversation WHERE id IN ('%s', '%s')", a, b), "resolved t,resolved t");
	/* The person has a newer one open: this one cannot be reopened, the other can. */
	must(as(NULL), "INSERT INTO conversation (tenant_id, number, contact_id, connection_id, channel) SELECT tenant_id, number + 1000000, contact_id, connection_id, channel FROM conversation WHERE id = '%s'", a);
	IS_INT("reopen", UNIT(cx, &alfa.admin, DB_WRITE, conversation_bulk(cx, (struct ids){ ids, 2 }, "reopen", NULL, NULL, NULL, &r, &n)), OK);
	IS_STR("why not", row_of(r, n, a)->error, "has_open");
	IS_STR("the other", row_of(r, n, b)->status, "open");
	IS_STR("stays, opens", get(as(NULL), "SELECT (SELECT status FROM conversation WHERE id = '%s') || ' ' || (SELECT status FROM conversation WHERE id = '%s')", a, b), "resolved open");
	IS_INT("assign", UNIT(cx, &alfa.admin, DB_WRITE, conversation_bulk(cx, (struct ids){ ids, 2 }, "assign", alfa.ana.id, NULL, NULL, &r, &n)), OK);
	IS_INT("both hers", num(as(NULL), "SELECT count(*) FROM conversation WHERE id IN ('%s', '%s') AND assignee_id = '%s'", a, b, alfa.ana.id), 2);
	IS_INT("nobody of ours", UNIT(cx, &alfa.admin, DB_WRITE, conversation_bulk(cx, (struct ids){ ids, 1 }, "assign", beta.ana.id, NULL, NULL, &r, &n)), OK);
	IS_STR("unknown", row_of(r, n, a)->error, "unknown");
	IS_INT("tag", UNIT(cx, &alfa.admin, DB_WRITE, conversation_bulk(cx, (struct ids){ ids, 2 }, "tag", NULL, NULL, tag, &r, &n)), OK);
	IS_INT("tagged", num(as(NULL), "SELECT count(*) FROM conversation_tag WHERE tag_id = '%s'", tag), 2);
	IS_INT("untag", UNIT(cx, &alfa.admin, DB_WRITE, conversation_bulk(cx, (struct ids){ ids, 1 }, "untag", NULL, NULL, tag, &r, &n)), OK);
	IS_INT("one left", num(as(NULL), "SELECT count(*) FROM conversation_tag WHERE tag_id = '%s'", tag), 1);
}

static void views(void)
{
	struct ctx *cx = ctx_as("web");
	const char *own, *all;
	struct saved_view *v;
	size_t n;

	IS_INT("own", UNIT(cx, &alfa.admin, DB_WRITE, conversation_view_add(cx, "só minha", "?view=mine", false, &own)), OK);
	IS_INT("shared", UNIT(cx, &alfa.admin, DB_WRITE, conversation_view_add(cx, "de todos", "?unread=1", true, &all)), OK);
	IS_INT("ana's list", UNIT(cx, &alfa.ana, DB_READ, conversation_views(cx, &v, &n)), OK);
	for (size_t i = 0; i < n; i++)
		IS_TRUE("not another's", strcmp(v[i].id, own) != 0 && !v[i].own);
	IS_TRUE("the shared one", n >= 1);
	IS_INT("not hers", UNIT(cx, &alfa.ana, DB_WRITE, conversation_view_delete(cx, all, false)), E_NOTFOUND);
	IS_INT("another's own: not even as supervisor", UNIT(cx, &alfa.ana, DB_WRITE, conversation_view_delete(cx, own, true)), E_NOTFOUND);
	IS_INT("another tenant", UNIT(cx, &beta.admin, DB_WRITE, conversation_view_delete(cx, all, true)), E_NOTFOUND);
	IS_INT("deleted", UNIT(cx, &alfa.admin, DB_WRITE, conversation_view_delete(cx, own, false)), OK);
	IS_INT("deleted", UNIT(cx, &alfa.admin, DB_WRITE, conversation_view_delete(cx, all, true)), OK);
}

static enum err snooze(struct ctx *cx, const struct person *p, const char *id, utc_t until, int32_t version)
{
	return UNIT(cx, p, DB_WRITE, conversation_snooze(cx, id, until, version));
}

static const char *wakes(const char *id)
{
	PGconn *c = as("worker");
	const char *done;

	must(c, "BEGIN");
	must(c, "SELECT app.enter_connection('id', '%s')", alfa.wa);
	done = get(c, "SELECT app.conversation_wake('%s')", id);
	must(c, "COMMIT");
	return done;
}

static void snoozed(void)
{
	struct ctx *cx = ctx_as("web");
	const char *id = conversation_new(&alfa, alfa.wa), *phone;
	utc_t later;

	later.us = utc_now().us + (int64_t)3600 * 1000000;
	cx->now = utc_now();
	IS_INT("past", snooze(cx, &alfa.admin, id, (utc_t){ 1000000 }, 0), E_INVALID);
	IS_INT("an hour", snooze(cx, &alfa.admin, id, later, 0), OK);
	IS_INT("another tenant's", snooze(cx, &alfa.admin, beta.conversation, later, 0), E_NOTFOUND);
	IS_INT("stale", snooze(cx, &alfa.admin, id, SNOOZE_REPLY, 9999), E_CONFLICT);
	IS_INT("one job at its hour", num(as(NULL), "SELECT count(*) FROM priv.job WHERE kind = 'wake' AND subject_id = '%s' AND run_at > now() + interval '50 minutes'", id), 1);
	IS_STR("too early", wakes(id), "f");
	change_in(alfa.tenant, "UPDATE conversation SET snoozed_until = now() - interval '1 second' WHERE id = '%s'", id);
	IS_STR("its hour", wakes(id), "t");
	IS_STR("twice is once", wakes(id), "f");
	IS_STR("awake, with a line and an event", get(as(NULL), "SELECT concat_ws(' ', (SELECT snoozed_until FROM conversation WHERE id = '%s'), "
	    "(SELECT count(*) FROM message WHERE conversation_id = '%s' AND payload ->> 'what' = 'woken'), "
	    "(SELECT count(*) FROM event WHERE subject_id = '%s' AND data ? 'snoozed_until'))", id, id, id), "1 2");
	IS_INT("until they write", snooze(cx, &alfa.admin, id, SNOOZE_REPLY, 0), OK);
	IS_STR("no hour", wakes(id), "f");
	phone = get(as(NULL), "SELECT i.value FROM contact_identity i JOIN conversation v ON v.contact_id = i.contact_id WHERE v.id = '%s'", id);
	(void)arrives(alfa.wa, phone, arena_fmt(T, "wamid.snooze%s", id), NULL);
	IS_TRUE("they wrote", get(as(NULL), "SELECT snoozed_until FROM conversation WHERE id = '%s'", id) == NULL);
	IS_INT("resolved", UNIT(cx, &alfa.admin, DB_WRITE, conversation_set_status(cx, id, "resolved", 0)), OK);
	IS_INT("only open ones", snooze(cx, &alfa.admin, id, later, 0), E_INVALID);
}

static void preset(void)
{
	static const struct { const char *now, *preset, *want; } t[] = {
		{ "2026-11-23T12:00:00Z", "today", "2026-11-23T21:00:00Z" }, { "2026-11-23T21:00:00Z", "today", NULL },
		{ "2026-11-24T02:30:00Z", "tomorrow", "2026-11-24T12:00:00Z" }, { "2026-11-23T12:00:00Z", "monday", "2026-11-30T12:00:00Z" },
		{ "2026-11-22T12:00:00Z", "monday", "2026-11-23T12:00:00Z" }, { "2026-12-31T15:00:00Z", "tomorrow", "2027-01-01T12:00:00Z" },
		{ "2026-11-23T12:00:00Z", "never", NULL }, { "2026-11-23T12:00:00Z", "reply", "9999-01-01T00:00:00Z" },
	};
	struct ctx cx = { .arena = T, .zone = zone_get("America/Sao_Paulo") };

	for (size_t i = 0; i < nitems(t); i++) {
		IS_TRUE(t[i].now, utc_parse(t[i].now, &cx.now));
		IS_STR(arena_fmt(T, "%s %s", t[i].now, t[i].preset), utc_rfc3339(T, snooze_preset(&cx, t[i].preset)), t[i].want);
	}
}

CU_TestInfo routing_tests[] = {
	{ "pages there and back, by tag, in both orders", pages },
	{ "one thing for many, each for itself", many },
	{ "saved views are one's own or shared", views },
	{ "put off, and back", snoozed },
	{ "hours of the presets", preset },
	CU_TEST_INFO_NULL
};
