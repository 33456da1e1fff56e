/* The list's order, people called in notes, two conversations made one. Through the model, as the web role. */
#include <string.h>

#include "model/composer.h"
#include "model/conversation.h"
#include "model/mention.h"
#include "tests/db/dbt.h"

/* ---- the list ---- */

/* Pages of three: who waits, longest first, then the others, newest first; back again the same. */
static void waiting_first(void)
{
	struct ctx *cx = ctx_as("web");
	const char *ids[10], *tag;
	struct conversation_list l;
	struct conversation_filter f = { .sort = "waiting_first", .limit = 3 };
	size_t n = 0;

	for (int i = 0; i < 10; i++)
		ids[i] = conversation_new(&alfa, alfa.wa2);
	for (int i = 0; i < 10; i++)
		change_in(alfa.tenant, "UPDATE conversation SET waiting_since = %s, last_message_at = now() - interval '%d hours' WHERE id = '%s'",
		    i < 5 ? arena_fmt(T, "now() - interval '%d minutes'", 100 - i * 10) : "NULL", i, ids[i]);
	f.tag = tag = tag_on(ids, 10);
	do {
		IS_INT("page", UNIT(cx, &alfa.admin, DB_READ, conversation_list(cx, &f, &l)), OK);
		for (size_t i = 0; i < l.n; i++, n++)
			IS_STR(arena_fmt(T, "place %zu", n), l.items[i].id, n < 10 ? ids[n] : NULL);
		f.cursor = l.next;
	} while (l.next != NULL && n < 20);
	IS_INT("all of them once", n, 10);
	f.cursor = l.prev;
	IS_INT("back", UNIT(cx, &alfa.admin, DB_READ, conversation_list(cx, &f, &l)), OK);
	IS_STR("the page before, from its start", l.n == 3 ? l.items[0].id : NULL, ids[6]);
	f.cursor = l.prev;
	IS_INT("back over both groups", UNIT(cx, &alfa.admin, DB_READ, conversation_list(cx, &f, &l)), OK);
	IS_STR("the last two that wait", l.n == 3 ? l.items[0].id : NULL, ids[3]);
	IS_STR("and the newest of the others", l.n == 3 ? l.items[2].id : NULL, ids[5]);
}

/* ---- mentions ---- */

static const struct user_row team[] = {
	{ "01", "Luana Prado", "agent", NULL, "luana" }, { "02", "Maria Clara Dias", "agent", NULL, "mclara" }, { "03", "Maria José", "agent", NULL, "mj.souza" },
	{ "04", "João", "agent", NULL, "joao" }, { "05", "Ana", "agent", NULL, "ana" },
};

static const char *called(const char *text, const char *const *ticked, size_t n)
{
	struct mentions m;
	struct buf b = { 0 };
	const char *out;

	mention_resolve(T, text, team, nitems(team), (struct ids){ ticked, n }, &m);
	for (size_t i = 0; i < m.n; i++)
		buf_fmt(&b, "%s%s=%s", i > 0 ? " " : "", m.items[i].id, m.items[i].as != NULL ? m.items[i].as : "-");
	if (m.vague != NULL)
		buf_fmt(&b, " ?%s/%zu", m.vague, m.nmay);
	if (m.unknown != NULL)
		buf_fmt(&b, " !%s", m.unknown);
	out = arena_str(T, b.n > 0 ? b.p : "");
	buf_free(&b);
	return out;
}

static void names(void)
{
	static const struct { const char *text, *want; } rows[] = {
		{ "@luana veja", "01=@luana" }, { "veja, @Luana Prado.", "01=@Luana Prado" }, { "@LUANA Pradinho", "01=@LUANA" }, { "(@luana)", "01=@luana" },
		{ "@joao e @João e @JOAO", "04=@joao" }, { "@jo\xc3\xa3o", "04=@jo\xc3\xa3o" }, { "@joa\xcc\x83o ok", "04=@joa\xcc\x83o" },
		{ "@maria jose", "03=@maria jose" }, { "@maria", " ?@maria/2" }, { "@Maria Clara, e a outra @Maria", "02=@Maria Clara ?@Maria/2" },
		{ "@mj.souza", "03=@mj.souza" }, { "@mj", "" }, { "luana@luana.com", "" }, { "@ana.banana", "" }, { "@ana.", "05=@ana" }, { "@ana-", "05=@ana" },
		{ "@anabela", "" }, { "@", "" }, { "@@ana", "05=@ana" }, { "@ luana", "" }, { "", "" }, { "@ana @ana @luana", "05=@ana 01=@luana" },
		{ "\xc3@luana", "" }, { "@\xf0\x9f\x98\x80", "" }, { "@luana\xf0\x9f", "" },
	};
	static const char *const one[] = { "03" }, *const nobody[] = { "99", "05", "05" };

	for (size_t i = 0; i < nitems(rows); i++)
		IS_STR(rows[i].text, called(rows[i].text, NULL, 0), rows[i].want);
	IS_STR("ticked: which", called("@maria", one, 1), "03=@maria");
	IS_STR("ticked alone", called("oi", one, 1), "03=-");
	IS_STR("ticked: nobody", called("oi", nobody, 3), "05=- !99");
}

static int64_t notices(const struct person *p, const char *conv)
{
	return num(as(NULL), "SELECT count(*) FROM notification WHERE user_id = '%s' AND conversation_id = '%s' AND kind = 'mention'", p->id, conv);
}

static void note(void)
{
	struct ctx *cx = ctx_as("web");
	const char *conv = conversation_new(&alfa, alfa.wa), *id = NULL;
	struct message_draft d = { .conversation_id = conv, .internal = true, .text = "vejam" };
	struct mention *who;
	size_t n;
	bool made;

	change_in(alfa.tenant, "UPDATE conversation SET team_id = '%s' WHERE id = '%s'", alfa.sales, conv);
	d.mentions = arena_fmt(T, "[\"%s\",\"%s\",\"%s\"]", alfa.ana.id, alfa.bia.id, alfa.admin.id);
	d.token = "mention-1";
	IS_INT("noted", UNIT(cx, &alfa.admin, DB_WRITE, message_send(cx, &d, &id, &made)), OK);
	IS_INT("ana is told", notices(&alfa.ana, conv), 1);
	IS_INT("bia may not see it: not told", notices(&alfa.bia, conv), 0);
	IS_INT("nobody tells themselves", notices(&alfa.admin, conv), 0);
	mention_read(T, get(as(NULL), "SELECT payload FROM message WHERE id = '%s'", id), &who, &n);
	IS_INT("kept", n, 3);
	IS_TRUE("with who was told", n == 3 && who[0].told && !who[1].told);
	IS_INT("the same form twice", UNIT(cx, &alfa.admin, DB_WRITE, message_send(cx, &d, &id, &made)), OK);
	IS_INT("tells once", notices(&alfa.ana, conv), 1);
	d.token = NULL;
	d.mentions = arena_fmt(T, "[\"%s\"]", beta.admin.id);
	IS_INT("another tenant's user", UNIT(cx, &alfa.admin, DB_WRITE, message_send(cx, &d, &id, &made)), E_INVALID);
	IS_STR("is unknown", cx->errors != NULL ? cx->errors->code : NULL, "unknown_user");
	cx->errors = NULL;
	d.mentions = "[1]";
	IS_INT("no ids", UNIT(cx, &alfa.admin, DB_WRITE, message_send(cx, &d, &id, &made)), E_INVALID);
	cx->errors = NULL;
	d.internal = false;
	d.mentions = arena_fmt(T, "[\"%s\"]", alfa.ana.id);
	IS_INT("an answer calls nobody", UNIT(cx, &alfa.admin, DB_WRITE, message_send(cx, &d, &id, &made)), E_INVALID);
	IS_STR("says so", cx->errors != NULL ? cx->errors->code : NULL, "note_only");
	IS_INT("and was not sent", num(as(NULL), "SELECT count(*) FROM message WHERE conversation_id = '%s' AND direction = 'out' AND NOT internal", conv), 0);
	IS_STR("not of others' notes", get(inside(alfa.tenant, alfa.ana.id, "all"), "SELECT app.mention_tell('%s', '[]')", id), NULL);
}

/* ---- merging ---- */

/* A second conversation of the person of conv, on another connection. */
static const char *beside(const char *conv, const char *conn)
{
	const char *phone = get(as(NULL), "SELECT i.value FROM contact_identity i JOIN conversation c ON c.contact_id = i.contact_id WHERE c.id = '%s' AND i.kind = 'phone'", conv);

	return conversation_of(arrives(conn, phone, arena_fmt(T, "wamid.beside%s%llu", run_tag, (unsigned long long)rnd(1000000000)), NULL));
}

static void merge(void)
{
	struct ctx *cx = ctx_as("web");
	const char *src = conversation_new(&alfa, alfa.wa), *dst = beside(src, alfa.wa2), *id = NULL, *again;
	struct message_draft d = { .conversation_id = src, .text = "oi", .token = "same" };
	struct draft_input half = { .text = "meia frase", .internal = true };
	struct conversation c, s;
	bool made;

	IS_TRUE("two", strcmp(src, dst) != 0);
	IS_INT("said", UNIT(cx, &alfa.admin, DB_WRITE, message_send(cx, &d, &id, &made)), OK);
	d.conversation_id = dst;
	IS_INT("the same key there", UNIT(cx, &alfa.admin, DB_WRITE, message_send(cx, &d, &id, &made)), OK);
	IS_INT("a draft of ana's", UNIT(cx, &alfa.ana, DB_WRITE, draft_put(cx, src, &half)), OK);
	IS_INT("and there", UNIT(cx, &alfa.ana, DB_WRITE, draft_put(cx, dst, &half)), OK);
	change_in(alfa.tenant, "UPDATE conversation SET unread = 3, waiting_since = now() - interval '1 hour' WHERE id = '%s'", src);
	tag_on((const char *const[]){ src, dst }, 2);
	IS_INT("src", UNIT(cx, &alfa.admin, DB_READ, conversation_get(cx, src, &s)), OK);
	IS_INT("dst", UNIT(cx, &alfa.admin, DB_READ, conversation_get(cx, dst, &c)), OK);
	IS_INT("stale", UNIT(cx, &alfa.admin, DB_WRITE, conversation_merge(cx, src, dst, s.version, c.version + 1)), E_CONFLICT);
	IS_INT("into itself", UNIT(cx, &alfa.admin, DB_WRITE, conversation_merge(cx, src, src, 0, 0)), E_INVALID);
	IS_INT("another person's", UNIT(cx, &alfa.admin, DB_WRITE, conversation_merge(cx, src, alfa.conversation, 0, 0)), E_INVALID);
	IS_INT("another tenant's", UNIT(cx, &alfa.admin, DB_WRITE, conversation_merge(cx, src, beta.conversation, 0, 0)), E_INVALID);
	IS_INT("by another tenant", UNIT(cx, &beta.admin, DB_WRITE, conversation_merge(cx, src, dst, 0, 0)), E_NOTFOUND);
	cx->errors = NULL;
	IS_INT("merged", UNIT(cx, &alfa.admin, DB_WRITE, conversation_merge(cx, src, dst, s.version, c.version)), OK);
	IS_INT("nothing stays but the line", num(as(NULL), "SELECT count(*) FROM message WHERE conversation_id = '%s' AND kind <> 'activity'", src), 0);
	IS_INT("all came", num(as(NULL), "SELECT count(*) FROM message WHERE conversation_id = '%s' AND kind <> 'activity'", dst), 4);
	IS_INT("each by its connection", num(as(NULL), "SELECT count(DISTINCT connection_id) FROM message WHERE conversation_id = '%s'", dst), 2);
	IS_INT("a draft for ana", num(as(NULL), "SELECT count(*) FROM draft WHERE conversation_id = '%s' AND text = E'meia frase\\n\\nmeia frase' AND internal", dst), 1);
	IS_INT("tagged once", num(as(NULL), "SELECT count(*) FROM conversation_tag WHERE conversation_id IN ('%s', '%s')", src, dst), 1);
	IS_STR("closed, and leads there", get(as(NULL), "SELECT concat_ws(' ', status, merged_into = '%s', unread, waiting_since, preview) FROM conversation WHERE id = '%s'", dst, src),
	    "archived t 0");
	IS_STR("waits as long as the one did", get(as(NULL), "SELECT concat_ws(' ', unread, now() - waiting_since > interval '59 minutes', preview, version) FROM conversation WHERE id = '%s'", dst),
	    arena_fmt(T, "3 t oi %d", c.version + 1));
	IS_INT("lines in both", num(as(NULL), "SELECT count(*) FROM message WHERE payload ->> 'what' IN ('merged_into', 'merged_from') AND conversation_id IN ('%s', '%s')", src, dst), 2);
	IS_INT("again: no", UNIT(cx, &alfa.admin, DB_WRITE, conversation_merge(cx, src, dst, 0, 0)), E_CONFLICT);
	IS_INT("back: no", UNIT(cx, &alfa.admin, DB_WRITE, conversation_merge(cx, dst, src, 0, 0)), E_CONFLICT);
	d = (struct message_draft){ .conversation_id = src, .text = "tarde" };
	IS_INT("nobody writes into it", UNIT(cx, &alfa.admin, DB_WRITE, message_send(cx, &d, &id, &made)), E_CONFLICT);
	again = beside(dst, alfa.wa);
	IS_TRUE("who writes there again does not come back to it", again != NULL && num(as(NULL), "SELECT count(*) FROM conversation WHERE id = '%s' AND merged_into IS NULL AND status = 'open'", again) == 1);
	IS_INT("and nothing is hidden", num(as(NULL), "SELECT count(*) FROM message m JOIN conversation c ON c.id = m.conversation_id WHERE c.id = '%s' AND c.merged_into IS NOT NULL AND m.kind <> 'activity'", src), 0);
}

static void merge_same(void)
{
	struct ctx *cx = ctx_as("web");
	const char *src = conversation_new(&alfa, alfa.wa), *dst, *third;

	change_in(alfa.tenant, "UPDATE conversation SET status = 'archived' WHERE id = '%s'", src);
	change_in(alfa.tenant, "UPDATE connection SET reopen = false WHERE id = '%s'", alfa.wa);
	dst = beside(src, alfa.wa);
	change_in(alfa.tenant, "UPDATE connection SET reopen = true WHERE id = '%s'", alfa.wa);
	IS_INT("an old one into the new", UNIT(cx, &alfa.admin, DB_WRITE, conversation_merge(cx, src, dst, 0, 0)), OK);
	change_in(alfa.tenant, "UPDATE conversation SET status = 'resolved' WHERE id = '%s'", dst);
	IS_STR("the person writes: into the one that is left", beside(dst, alfa.wa), dst);
	third = beside(dst, alfa.wa2);
	change_in(alfa.tenant, "UPDATE conversation SET status = 'resolved' WHERE id = '%s'", dst);
	IS_INT("an open one into a closed one", UNIT(cx, &alfa.admin, DB_WRITE, conversation_merge(cx, third, dst, 0, 0)), OK);
	IS_STR("opens it", get(as(NULL), "SELECT status FROM conversation WHERE id = '%s'", dst), "open");
}

struct cross { const char *a, *b; const struct person *who; enum err e[2]; };

static void cross_one(int i, void *p)
{
	struct cross *x = p;
	struct ctx cx = { .arena = arena_new(), .db = db_new(conninfo_as("web"), "db_test") };

	cx.now = utc_now();
	x->e[i] = UNIT(&cx, x->who, DB_WRITE, conversation_merge(&cx, i == 0 ? x->a : x->b, i == 0 ? x->b : x->a, 0, 0));
	db_free(cx.db);
	arena_free(cx.arena);
}

/* A into B and B into A at once: one of them, never both, and nothing is lost. */
static void crosswise(void)
{
	for (int i = 0; i < 20; i++) {
		const char *a = conversation_new(&alfa, alfa.wa);
		struct cross x = { a, beside(a, alfa.wa2), &alfa.admin, { OK, OK } };

		threads(2, cross_one, &x);
		IS_TRUE("one of them", (x.e[0] == OK && x.e[1] == E_CONFLICT) || (x.e[1] == OK && x.e[0] == E_CONFLICT));
		IS_INT("both messages are in the one that is left", num(as(NULL),
		    "SELECT count(*) FROM message m JOIN conversation c ON c.id = m.conversation_id WHERE c.id IN ('%s', '%s') AND c.merged_into IS NULL AND m.direction = 'in'", x.a, x.b), 2);
	}
}

CU_TestInfo together_tests[] = {
	{ "who waits first, then the others, over pages", waiting_first },
	{ "whom a note calls", names },
	{ "who is told of a note", note },
	{ "two conversations become one", merge },
	{ "two of one connection", merge_same },
	{ "two people merge crosswise", crosswise },
	CU_TEST_INFO_NULL
};
