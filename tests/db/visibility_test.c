/* Who sees what: scope all, team, own and the visitor of a chat; lists and counts agree. */
#include <inttypes.h>
#include <string.h>

#include "model/chat.h"
#include "model/contact.h"
#include "model/conversation.h"
#include "model/notification.h"
#include "tests/db/dbt.h"

/* Conversations of alfa by team and assignee, for the matrix below. */
struct convs { const char *sales, *support, *free, *anas, *bias, *owns; };

static const char *conv(const char *user, const char *team)
{
	const char *id = conversation_new(&alfa, alfa.wa);
	PGconn *c = inside(alfa.tenant, NULL, "all");

	must(c, "UPDATE conversation SET assignee_id = %s%s%s, team_id = %s%s%s WHERE id = '%s'", user != NULL ? "'" : "", user != NULL ? user : "NULL", user != NULL ? "'" : "",
	    team != NULL ? "'" : "", team != NULL ? team : "NULL", team != NULL ? "'" : "", id);
	must(c, "INSERT INTO attachment (message_id, kind) SELECT id, 'image' FROM message WHERE conversation_id = '%s'", id);
	keep(c);
	return id;
}

static struct convs make(void)
{
	return (struct convs){ conv(NULL, alfa.sales), conv(NULL, alfa.support), conv(NULL, NULL), conv(alfa.ana.id, alfa.support), conv(alfa.bia.id, alfa.sales), conv(alfa.own.id, alfa.support) };
}

static PGconn *acting(const struct person *p)
{
	PGconn *c = as("web");

	must(c, "BEGIN");
	must(c, "SELECT app.enter('\\x%s', true)", token_hex(p->token));
	return c;
}

/* Row, messages, attachments, person, identities and events of one conversation go together. */
static void sees(const struct person *p, const char *who, const char *what, const char *id, bool want)
{
	const char *contact = get(as(NULL), "SELECT contact_id FROM conversation WHERE id = '%s'", id);
	PGconn *c = acting(p);
	const char *label = arena_fmt(T, "%s %s", who, what);

	IS_INT(label, num(c, "SELECT count(*) FROM conversation WHERE id = '%s'", id), want);
	IS_TRUE(label, (num(c, "SELECT count(*) FROM message WHERE conversation_id = '%s'", id) > 0) == want);
	IS_TRUE(label, (num(c, "SELECT count(*) FROM attachment a JOIN message m ON m.id = a.message_id WHERE m.conversation_id = '%s'", id) > 0) == want);
	IS_TRUE(label, (num(c, "SELECT count(*) FROM event WHERE conversation_id = '%s'", id) > 0) == want);
	/* A person without owner is everybody's in scope team; in scope own only those of the own conversations. */
	if (want || p == &alfa.own) {
		IS_INT(label, num(c, "SELECT count(*) FROM contact WHERE id = '%s'", contact), want);
		IS_INT(label, num(c, "SELECT count(*) FROM contact_identity WHERE contact_id = '%s'", contact), want);
	}
	undo(c);
}

static void matrix(void)
{
	struct convs v = make();
	const struct { const char *what, *id; bool admin, ana, bia, own; } table[] = {
		{ "of sales", v.sales, true, true, false, false }, { "of support", v.support, true, false, true, false },
		{ "of nobody", v.free, true, true, true, false }, { "of ana in support", v.anas, true, true, true, false },
		{ "of bia in sales", v.bias, true, true, true, false }, { "of own in support", v.owns, true, false, true, true },
	};

	for (size_t i = 0; i < nitems(table); i++) {
		sees(&alfa.admin, "admin", table[i].what, table[i].id, table[i].admin);
		sees(&alfa.viewer, "viewer", table[i].what, table[i].id, table[i].admin);
		sees(&alfa.ana, "ana", table[i].what, table[i].id, table[i].ana);
		sees(&alfa.bia, "bia", table[i].what, table[i].id, table[i].bia);
		sees(&alfa.own, "own", table[i].what, table[i].id, table[i].own);
		sees(&beta.admin, "beta", table[i].what, table[i].id, false);
	}
}

static void owned_contacts(void)
{
	PGconn *c = inside(alfa.tenant, NULL, "all");
	const char *free = get(c, "INSERT INTO contact (name) VALUES ('Sem dono') RETURNING id");
	const char *anas = get(c, "INSERT INTO contact (name, owner_id) VALUES ('Da Ana', '%s') RETURNING id", alfa.ana.id);
	const char *owns = get(c, "INSERT INTO contact (name, owner_id) VALUES ('Do Caio', '%s') RETURNING id", alfa.own.id);
	const struct { const struct person *p; int free, anas, owns; } table[] = { { &alfa.admin, 1, 1, 1 }, { &alfa.ana, 1, 1, 0 }, { &alfa.bia, 1, 0, 0 }, { &alfa.own, 0, 0, 1 } };

	keep(c);
	for (size_t i = 0; i < nitems(table); i++) {
		c = acting(table[i].p);
		IS_INT("nobody's", num(c, "SELECT count(*) FROM contact WHERE id = '%s'", free), table[i].free);
		IS_INT("ana's", num(c, "SELECT count(*) FROM contact WHERE id = '%s'", anas), table[i].anas);
		IS_INT("own's", num(c, "SELECT count(*) FROM contact WHERE id = '%s'", owns), table[i].owns);
		undo(c);
	}
}

/* What the lists give, the counts count, and the direct look shows. */
static void lists_and_counts(void)
{
	const struct person *who[] = { &alfa.admin, &alfa.ana, &alfa.bia, &alfa.own, &alfa.viewer };
	struct ctx *cx = ctx_as("web");

	(void)make();
	for (size_t i = 0; i < nitems(who); i++) {
		struct conversation_filter f = { .limit = 500 }, mine = { .view = "mine", .limit = 500 }, none = { .view = "unassigned", .limit = 500 }, team = { .view = "team", .limit = 500 };
		struct conversation_list all, m, u, t;
		struct conversation_counts n = { 0 };
		PGconn *c;
		enum err e = begin_as(cx, DB_READ, who[i]);

		if (e == OK && (e = conversation_list(cx, &f, &all)) == OK && (e = conversation_list(cx, &mine, &m)) == OK && (e = conversation_list(cx, &none, &u)) == OK &&
		    (e = conversation_list(cx, &team, &t)) == OK)
			e = conversation_counts(cx, &n);
		IS_INT("lists", db_end(cx, e), OK);
		if (e != OK)
			continue;
		IS_INT("everything", n.everything, all.n);
		IS_INT("mine", n.mine, m.n);
		IS_INT("unassigned", n.unassigned, u.n);
		IS_INT("team", n.team, t.n);
		c = acting(who[i]);
		IS_INT("the table", num(c, "SELECT count(*) FROM conversation WHERE status IN ('open', 'in_progress', 'pending') AND snoozed_until IS NULL"), all.n);
		undo(c);
	}
}

/* Pages of one after the other give what one page gives. */
static void pages(void)
{
	struct ctx *cx = ctx_as("web");
	struct conversation_filter f = { .limit = 500, .status = "any" }, page = { .limit = 3, .status = "any" };
	struct conversation_list all = { 0 }, p = { 0 };
	size_t n = 0;
	enum err e = begin_as(cx, DB_READ, &alfa.ana);

	if (e == OK)
		e = conversation_list(cx, &f, &all);
	do {
		if (e == OK)
			e = conversation_list(cx, &page, &p);
		for (size_t i = 0; e == OK && i < p.n && n < all.n; i++, n++)
			IS_STR("in order", p.items[i].id, all.items[n].id);
		page.cursor = p.next;
	} while (e == OK && p.next != NULL);
	IS_INT("pages", db_end(cx, e), OK);
	IS_TRUE("more than one", all.n > 3);
	IS_INT("all of them", n, all.n);
}

static void moved_out_of_team(void)
{
	struct person p = person_new(&alfa, "agent", "team");
	const char *id = conv(NULL, alfa.sales);

	sees(&p, "new", "of sales", id, false);
	change_in(alfa.tenant, "INSERT INTO team_member (team_id, user_id) VALUES ('%s', '%s')", alfa.sales, p.id);
	sees(&p, "member", "of sales", id, true);
	change_in(alfa.tenant, "DELETE FROM team_member WHERE user_id = '%s'", p.id);
	sees(&p, "moved out", "of sales", id, false);
	change_in(alfa.tenant, "UPDATE user_account SET scope = 'all' WHERE id = '%s'", p.id);
	sees(&p, "with scope all", "of sales", id, true);
}

/* Passing on what one then does not see any more. */
static void assign_away(void)
{
	const char *id = conv(alfa.own.id, alfa.support), *other = conv(alfa.bia.id, alfa.support);
	struct ctx *cx = ctx_as("web");
	struct conversation c;

	IS_INT("not visible: as missing", UNIT(cx, &alfa.own, DB_WRITE, conversation_assign(cx, other, alfa.own.id, NULL, 0)), E_NOTFOUND);
	IS_INT("of another tenant: as missing", UNIT(cx, &alfa.own, DB_WRITE, conversation_assign(cx, beta.conversation, alfa.own.id, NULL, 0)), E_NOTFOUND);
	IS_INT("to nobody of ours", UNIT(cx, &alfa.own, DB_WRITE, conversation_assign(cx, id, beta.ana.id, NULL, 0)), E_INVALID);
	IS_INT("to a viewer", UNIT(cx, &alfa.own, DB_WRITE, conversation_assign(cx, id, alfa.viewer.id, NULL, 0)), E_INVALID);
	IS_INT("to no team of ours", UNIT(cx, &alfa.own, DB_WRITE, conversation_assign(cx, id, NULL, beta.sales, 0)), E_INVALID);
	IS_INT("another version", UNIT(cx, &alfa.own, DB_WRITE, conversation_assign(cx, id, alfa.ana.id, NULL, 99)), E_CONFLICT);
	IS_INT("before", UNIT(cx, &alfa.own, DB_READ, conversation_get(cx, id, &c)), OK);
	IS_INT("away", UNIT(cx, &alfa.own, DB_WRITE, conversation_assign(cx, id, alfa.ana.id, alfa.sales, c.version)), OK);
	IS_INT("is gone", UNIT(cx, &alfa.own, DB_READ, conversation_get(cx, id, &c)), E_NOTFOUND);
	IS_INT("is ana's", UNIT(cx, &alfa.ana, DB_READ, conversation_get(cx, id, &c)), OK);
	IS_STR("is ana's", c.assignee_id, alfa.ana.id);
	IS_INT("told ana", num(as(NULL), "SELECT count(*) FROM notification WHERE user_id = '%s' AND conversation_id = '%s' AND kind = 'assigned'", alfa.ana.id, id), 1);
	IS_INT("audited", num(as(NULL), "SELECT count(*) FROM audit_log WHERE entity_id = '%s' AND actor_id = '%s' AND changes ? 'assignee_id'", id, alfa.own.id), 1);
	/* The scope of the acting user is as it was for the rest of the unit. */
	must(as("web"), "BEGIN");
	must(as("web"), "SELECT app.enter('\\x%s', false)", token_hex(alfa.ana.token));
	must(as("web"), "SELECT app.conversation_assign('%s', '%s', '%s', NULL)", id, alfa.bia.id, alfa.support);
	IS_STR("scope", get(as("web"), "SELECT app.scope()"), "team");
	IS_INT("and blind", num(as("web"), "SELECT count(*) FROM conversation WHERE id = '%s'", id), 0);
	undo(as("web"));
}

static void notifications(void)
{
	PGconn *c = inside(alfa.tenant, NULL, "all");
	const char *id = get(c, "INSERT INTO notification (user_id, kind, title) VALUES ('%s', 'mention', 'x') RETURNING id", alfa.ana.id);
	struct ctx *cx = ctx_as("web");
	struct notification_list l;
	struct chrome_counts n, m;

	must(c, "INSERT INTO event (kind, subject_kind, subject_id, user_id) VALUES ('notification:new', 'notification', '%s', '%s')", id, alfa.ana.id);
	keep(c);
	IS_INT("ana", UNIT(cx, &alfa.ana, DB_READ, notification_list(cx, NULL, &l)), OK);
	IS_STR("the newest", l.n > 0 ? l.items[0].id : NULL, id);
	IS_INT("ana", UNIT(cx, &alfa.ana, DB_READ, chrome_counts(cx, &n)), OK);
	IS_INT("admin cannot", UNIT(cx, &alfa.admin, DB_WRITE, notification_mark_read(cx, id)), OK);
	IS_INT("ana", UNIT(cx, &alfa.ana, DB_READ, chrome_counts(cx, &m)), OK);
	IS_INT("still unread", m.notices, n.notices);
	c = acting(&alfa.admin);
	IS_INT("nobody else's", num(c, "SELECT count(*) FROM notification WHERE id = '%s'", id), 0);
	IS_INT("nor its event", num(c, "SELECT count(*) FROM event WHERE subject_id = '%s'", id), 0);
	undo(c);
	c = acting(&alfa.ana);
	IS_INT("ana's event", num(c, "SELECT count(*) FROM event WHERE subject_id = '%s'", id), 1);
	undo(c);
	IS_INT("ana reads", UNIT(cx, &alfa.ana, DB_WRITE, notification_mark_read(cx, id)), OK);
	IS_INT("ana", UNIT(cx, &alfa.ana, DB_READ, chrome_counts(cx, &m)), OK);
	IS_INT("one less", m.notices, n.notices - 1);
}

static void visitor(void)
{
	struct ctx *cx = ctx_as("ingest");
	struct chat chat = { 0 }, other = { 0 };
	struct chat_message *list = NULL;
	size_t n = 0;
	PGconn *c = as("ingest");
	enum err e = db_begin(cx, DB_READ, NULL, NULL, NULL, NOARGS, NULL, NULL);

	if (e == OK)
		e = chat_enter(cx, alfa.key, alfa.visitor, true, &chat);
	IS_INT("enter", db_end(cx, e), OK);
	must(as("web"), "BEGIN");
	must(as("web"), "SELECT app.enter('\\x%s', false)", token_hex(alfa.admin.token));
	must(as("web"), "SELECT app.message_out('%s', 'so para nos', true, NULL, NULL, 'text', NULL), app.message_out('%s', 'Pois nao?', false, NULL, NULL, 'text', NULL)",
	    chat.conversation_id, chat.conversation_id);
	must(as("web"), "COMMIT");
	e = db_begin(cx, DB_READ, NULL, NULL, NULL, NOARGS, NULL, NULL);
	if (e == OK && (e = chat_enter(cx, alfa.key, alfa.visitor, true, &chat)) == OK)
		e = chat_messages(cx, &chat, &list, &n);
	IS_INT("messages", db_end(cx, e), OK);
	IS_INT("no note among them", n, 2);
	must(c, "BEGIN");
	must(c, "SELECT app.enter_chat('%s', '%s', true)", alfa.key, alfa.visitor);
	IS_STR("scope", get(c, "SELECT app.scope()"), "visitor");
	IS_STR("the own conversation only", rows(c, "SELECT id FROM conversation"), chat.conversation_id);
	IS_STR("the own person only", rows(c, "SELECT id FROM contact"), chat.contact_id);
	IS_INT("no note", num(c, "SELECT count(*) FROM message WHERE internal"), 0);
	IS_INT("no other's message", num(c, "SELECT count(*) FROM message WHERE conversation_id <> '%s'", chat.conversation_id), 0);
	must(c, "ROLLBACK");
	e = db_begin(cx, DB_READ, NULL, NULL, NULL, NOARGS, NULL, NULL);
	if (e == OK && (e = chat_enter(cx, alfa.key, "somebody new", true, &other)) == OK)
		IS_STR("somebody new has none", other.conversation_id, NULL);
	IS_INT("enter", db_end(cx, e), OK);
	must(c, "BEGIN");
	must(c, "SELECT app.enter_chat('%s', 'somebody new', true)", alfa.key);
	IS_INT("and sees nothing", num(c, "SELECT (SELECT count(*) FROM conversation) + (SELECT count(*) FROM message) + (SELECT count(*) FROM contact) + (SELECT count(*) FROM attachment)"), 0);
	must(c, "ROLLBACK");
	/* The live role looks through the same eyes. */
	c = as("live");
	must(c, "BEGIN");
	must(c, "SELECT app.enter_chat('%s', '%s', true)", alfa.key, alfa.visitor);
	IS_INT("events of the own only", num(c, "SELECT count(*) FROM event WHERE conversation_id IS DISTINCT FROM '%s'", chat.conversation_id), 0);
	IS_TRUE("some", num(c, "SELECT count(*) FROM event") > 0);
	must(c, "ROLLBACK");
}

/* A name follows into the conversations that the one who changed it does not see. */
static void name_follows(void)
{
	const char *id = conv(alfa.bia.id, alfa.support), *who = get(as(NULL), "SELECT contact_id FROM conversation WHERE id = '%s'", id), *name = arena_fmt(T, "Outro Nome %s", run_tag);
	PGconn *c = as("web");

	change_in(alfa.tenant, "UPDATE contact SET owner_id = '%s' WHERE id = '%s'", alfa.own.id, who);
	must(c, "BEGIN");
	must(c, "SELECT app.enter('\\x%s', false)", token_hex(alfa.own.token));
	IS_INT("not in sight", num(c, "SELECT count(*) FROM conversation WHERE id = '%s'", id), 0);
	must(c, "UPDATE contact SET name = '%s' WHERE id = '%s'", name, who);
	IS_STR("back in one's own scope", get(c, "SELECT app.scope()"), "own");
	must(c, "COMMIT");
	IS_STR("follows", get(as(NULL), "SELECT contact_name FROM conversation WHERE id = '%s'", id), name);
}

CU_TestInfo visibility_tests[] = {
	{ "conversations and what hangs on them, by scope", matrix },
	{ "contacts by their owner", owned_contacts },
	{ "lists and counts agree", lists_and_counts },
	{ "pages give what one list gives", pages },
	{ "teams and scopes act at once", moved_out_of_team },
	{ "passing a conversation out of one's sight", assign_away },
	{ "notifications are their user's", notifications },
	{ "names follow out of one's sight", name_follows },
	{ "a visitor sees the own conversation", visitor },
	CU_TEST_INFO_NULL
};
