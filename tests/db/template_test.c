/* Approved templates: kept per connection and tenant, fetched once, sent checked; conversations that we begin. */
#include <inttypes.h>
#include <string.h>

#include "model/template.h"
#include "tests/db/dbt.h"


/* A list put as the job does; gives how many rows changed. */
static int64_t put(const char *conn, const char *list)
{
	PGconn *c = as("worker");
	int64_t n;

	must(c, "BEGIN");
	must(c, "SELECT app.enter_connection('id', '%s')", conn);
	n = num(c, "SELECT app.template_put('%s', '%s')", conn, list);
	must(c, "COMMIT");
	return n;
}

static const char *one(const char *name, const char *status, const char *text)
{
	return arena_fmt(T, "{\"name\":\"%s\",\"language\":\"pt_BR\",\"category\":\"UTILITY\",\"status\":\"%s\",\"body\":\"%s\",\"variables\":1,\"components\":[{\"type\":\"BODY\",\"text\":\"%s\"}]}", name, status, text, text);
}

static const char *states(const char *conn)
{
	return rows(as(NULL), "SELECT name, status FROM whatsapp_template WHERE connection_id = '%s' AND name LIKE 't_%%' ORDER BY name", conn);
}

static void kept(void)
{
	const char *a = one("t_a", "approved", "Oi {{1}}."), *b = one("t_b", "pending", "Tchau {{1}}.");

	IS_INT("two", put(alfa.wa, arena_fmt(T, "[%s,%s]", a, b)) >= 2, 1);
	IS_INT("the same again", put(alfa.wa, arena_fmt(T, "[%s,%s]", a, b)), 0);
	IS_INT("twice in one list: once", put(alfa.wa, arena_fmt(T, "[%s,%s,%s]", a, b, one("t_b", "approved", "Tchau {{1}}."))), 1);
	IS_STR("the approved one counts", states(alfa.wa), "t_a|approved\nt_b|approved");
	IS_INT("one is gone", put(alfa.wa, arena_fmt(T, "[%s]", a)), 1);
	IS_STR("and disabled", states(alfa.wa), "t_a|approved\nt_b|disabled");
	IS_STR("no other connection's", states(alfa.wa2), "");
	IS_STR("nor another tenant's", rows(as(NULL), "SELECT 1 FROM whatsapp_template WHERE tenant_id = %" PRId64 " AND name LIKE 't_%%'", beta.tenant), "");
}

static int64_t ordered(const char *conn)
{
	return num(as(NULL), "SELECT count(*) FROM priv.job WHERE kind = 'templates' AND subject_id = '%s' AND state = 'ready'", conn);
}

static void fetched(void)
{
	struct ctx *cx = ctx_as("web");
	struct template_connection *c;
	size_t n;

	must(as(NULL), "DELETE FROM priv.job WHERE kind = 'templates'");
	IS_INT("order", UNIT(cx, &alfa.admin, DB_WRITE, template_order(cx, alfa.wa)), OK);
	IS_INT("again", UNIT(cx, &alfa.admin, DB_WRITE, template_order(cx, alfa.wa)), OK);
	IS_INT("once", ordered(alfa.wa), 1);
	IS_INT("no chat", UNIT(cx, &alfa.admin, DB_WRITE, template_order(cx, alfa.chat)), E_NOTFOUND);
	IS_INT("of another tenant", UNIT(cx, &alfa.admin, DB_WRITE, template_order(cx, beta.wa)), E_NOTFOUND);
	IS_INT("nothing there", ordered(beta.wa), 0);
	must(as("worker"), "SELECT app.template_due()");
	IS_INT("the others were due", ordered(alfa.wa2), 1);
	IS_INT("this one not", ordered(alfa.wa), 1);
	IS_INT("nobody is due twice", num(as("worker"), "SELECT app.template_due()"), 0);
	must(as(NULL), "UPDATE priv.template_sync SET account = '77' WHERE connection_id IN ('%s', '%s', '%s')", alfa.wa, alfa.own_app, beta.wa);
	must(as(NULL), "DELETE FROM priv.job WHERE kind = 'templates'");
	IS_INT("news of an account, whoever has it", num(as("worker"), "SELECT app.template_changed('77', NULL)"), 3);
	must(as(NULL), "DELETE FROM priv.job WHERE kind = 'templates'");
	IS_INT("an app of its own", num(as("worker"), "SELECT app.template_changed('77', '%s')", alfa.own_app), 1);
	IS_INT("speaks for its own", ordered(alfa.own_app) + ordered(alfa.wa) + ordered(beta.wa), 1);
	IS_INT("an account it does not have", num(as("worker"), "SELECT app.template_changed('78', '%s')", alfa.own_app), 0);
	IS_INT("connections", UNIT(cx, &alfa.admin, DB_READ, template_connections(cx, &c, &n)), OK);
	IS_INT("of alfa", n, num(as(NULL), "SELECT count(*) FROM connection WHERE tenant_id = %" PRId64 " AND channel = 'whatsapp'", alfa.tenant));
}

static void send_checked(void)
{
	const char *conv = conversation_new(&alfa, alfa.wa), *values[] = { "Ana", NULL }, *id = NULL, *two = NULL, *payload;
	struct template_use u = { .name = "t_send", .language = "pt_BR", .values = values, .nvalues = 1 };
	struct ctx *cx = ctx_as("web");
	struct conversation c;
	PGconn *p;

	(void)put(alfa.wa, arena_fmt(T, "[%s]", one("t_send", "approved", "Oi {{1}}, tudo bem?")));
	(void)put(alfa.wa2, arena_fmt(T, "[%s]", one("t_other", "approved", "Oi {{1}}, tudo bem?")));
	p = inside(alfa.tenant, NULL, "all");
	must(p, "UPDATE conversation SET window_until = now() - interval '1 hour' WHERE id = '%s'", conv);
	keep(p);
	IS_INT("conversation", UNIT(cx, &alfa.admin, DB_READ, conversation_get(cx, conv, &c)), OK);
	IS_INT("sent", UNIT(cx, &alfa.admin, DB_WRITE, template_send(cx, &c, &u, "tk", &id)), OK);
	IS_INT("pressed twice", UNIT(cx, &alfa.admin, DB_WRITE, template_send(cx, &c, &u, "tk", &two)), OK);
	IS_STR("one", two, id);
	payload = get(as(NULL), "SELECT kind || ' ' || text || ' ' || (payload -> 'template' -> 'components' -> 0 -> 'parameters' -> 0 ->> 'text') FROM message WHERE id = '%s'", id);
	IS_STR("as it reads, and as it is sent", payload, "template Oi Ana, tudo bem? Ana");
	u.nvalues = 0;
	cx->errors = NULL;
	IS_INT("a value is missing", UNIT(cx, &alfa.admin, DB_WRITE, template_send(cx, &c, &u, NULL, &id)), E_INVALID);
	IS_STR("which", cx->errors != NULL ? cx->errors->field : NULL, "v1");
	u.nvalues = 1;
	u.name = "t_other";
	cx->errors = NULL;
	IS_INT("of another connection", UNIT(cx, &alfa.admin, DB_WRITE, template_send(cx, &c, &u, NULL, &id)), E_INVALID);
	(void)put(alfa.wa, "[]");
	u.name = "t_send";
	cx->errors = NULL;
	IS_INT("disabled", UNIT(cx, &alfa.admin, DB_WRITE, template_send(cx, &c, &u, NULL, &id)), E_INVALID);
	IS_STR("says so", cx->errors != NULL ? cx->errors->code : NULL, "template_unapproved");
}

/* What problem an attempt to begin ends with, "" when it goes well; *id is the conversation. */
static const char *begin(const struct person *p, const struct conversation_begin *b, const char **id)
{
	struct ctx *cx = ctx_as("web");
	enum err e = UNIT(cx, p, DB_WRITE, conversation_begin(cx, b, id));

	return e == OK ? "" : cx->errors != NULL ? cx->errors->code : err_name(e);
}

static void begun(void)
{
	const char *phone = arena_fmt(T, "+55 31 9%04" PRIu64 "-%04" PRIu64, 1000 + rnd(8999), 1000 + rnd(8999)), *id = NULL, *two = NULL, *who;
	struct conversation_begin b = { .connection_id = alfa.wa, .phone = phone, .name = "Lia Começo" }, again = { .connection_id = alfa.wa };
	PGconn *c;

	IS_STR("begins", begin(&alfa.own, &b, &id), "");
	IS_STR("is whose it was", get(as(NULL), "SELECT assignee_id FROM conversation WHERE id = '%s'", id), alfa.own.id);
	IS_STR("again", begin(&alfa.own, &b, &two), "");
	IS_STR("the same one", two, id);
	IS_STR("nobody of another tenant", begin(&alfa.own, &(struct conversation_begin){ .connection_id = alfa.wa, .contact_id = get(as(NULL), "SELECT contact_id FROM conversation WHERE id = '%s'", beta.conversation) }, &two),
	    "begin_contact");
	again.contact_id = who = get(as(NULL), "SELECT contact_id FROM conversation WHERE id = '%s'", id);
	change_in(alfa.tenant, "UPDATE conversation SET status = 'resolved', resolved_at = now(), assignee_id = '%s', assignee_name = 'x' WHERE id = '%s'", alfa.bia.id, id);
	IS_STR("somebody else's is not shown", begin(&alfa.own, &b, &two), "begin_hidden");
	IS_STR("and stays as it was", get(as(NULL), "SELECT status FROM conversation WHERE id = '%s'", id), "resolved");
	IS_STR("who sees it opens it", begin(&alfa.admin, &again, &two), "");
	IS_STR("open", get(as(NULL), "SELECT status FROM conversation WHERE id = '%s'", id), "open");
	change_in(alfa.tenant, "UPDATE contact SET status = 'blocked' WHERE id = '%s'", who);
	IS_STR("blocked", begin(&alfa.admin, &again, &two), "begin_blocked");
	again.connection_id = beta.wa;
	IS_STR("no connection of another tenant", begin(&alfa.admin, &again, &two), "template_connection");
	again.connection_id = alfa.chat;
	IS_STR("nor a chat", begin(&alfa.admin, &again, &two), "template_connection");
	b.phone = "190";
	IS_STR("no number", begin(&alfa.admin, &b, &two), "phone");
	c = inside(alfa.tenant, NULL, "all");
	again = (struct conversation_begin){ .connection_id = alfa.wa, .contact_id = get(c, "INSERT INTO contact (name) VALUES ('Sem Telefone') RETURNING id") };
	keep(c);
	IS_STR("no way to them", begin(&alfa.admin, &again, &two), "begin_phone");
}

CU_TestInfo template_tests[] = {
	{ "templates are kept as the provider has them", kept },
	{ "fetches are ordered once", fetched },
	{ "what is sent is checked", send_checked },
	{ "conversations that we begin", begun },
	CU_TEST_INFO_NULL
};
