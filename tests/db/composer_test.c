/* Quick replies, drafts, quoted messages, messages for later. Through the model, as the web and worker roles. */
#include <string.h>

#include "model/composer.h"
#include "model/conversation.h"
#include "model/quick_reply.h"
#include "tests/db/dbt.h"

static void filled(void)
{
	struct quick_reply_words w = { "Luana Dias", "Rosana", "Marcenaria" }, none = { NULL, "Rosana", "Marcenaria" };
	const char *rest = NULL;

	IS_STR("all", quick_reply_fill(T, "{nome}, {primeiro_nome}: {atendente} da {empresa} {outra} {", &w), "Luana Dias, Luana: Rosana da Marcenaria {outra} {");
	IS_STR("nobody's name", quick_reply_fill(T, "Olá, {primeiro_nome}! Tudo bem, {nome}?", &none), "Olá! Tudo bem?");
	IS_STR("nothing", quick_reply_fill(T, "", &w), "");
	IS_STR("called", quick_reply_called(T, "/Pix, obrigado", &rest), "pix");
	IS_STR("the rest", rest, ", obrigado");
	IS_STR("not called", quick_reply_called(T, "a /pix", &rest), NULL);
	IS_STR("a slash alone", quick_reply_called(T, "/ ", &rest), NULL);
}

static void quick(void)
{
	struct ctx *cx = ctx_as("web");
	struct quick_reply_input in = { arena_fmt(T, "/P%s", run_tag), "Chave", "Pix: {nome}", NULL, 0 };
	struct quick_reply q;
	const char *id = NULL, *again = NULL;

	IS_INT("clean", quick_reply_clean(cx, &in), OK);
	IS_TRUE("without slash, lower", in.shortcut[0] == 'p');
	IS_INT("add", UNIT(cx, &alfa.admin, DB_WRITE, quick_reply_add(cx, &in, &id)), OK);
	IS_INT("taken", UNIT(cx, &alfa.admin, DB_WRITE, quick_reply_add(cx, &in, &again)), E_CONFLICT);
	IS_STR("says so", cx->errors != NULL ? cx->errors->code : NULL, "taken");
	cx->errors = NULL;
	IS_INT("free in another tenant", UNIT(cx, &beta.admin, DB_WRITE, quick_reply_add(cx, &in, &again)), OK);
	IS_INT("not seen from there", UNIT(cx, &beta.admin, DB_READ, quick_reply_get(cx, id, &q)), E_NOTFOUND);
	IS_INT("found", UNIT(cx, &alfa.admin, DB_READ, quick_reply_find(cx, in.shortcut, &q)), OK);
	in.version = q.version;
	in.title = "Outra";
	IS_INT("save", UNIT(cx, &alfa.admin, DB_WRITE, quick_reply_save(cx, id, &in)), OK);
	IS_INT("stale", UNIT(cx, &alfa.admin, DB_WRITE, quick_reply_save(cx, id, &in)), E_CONFLICT);
	IS_INT("stale removal", UNIT(cx, &alfa.admin, DB_WRITE, quick_reply_remove(cx, id, q.version)), E_CONFLICT);
	IS_INT("remove", UNIT(cx, &alfa.admin, DB_WRITE, quick_reply_remove(cx, id, 0)), OK);
	in.shortcut = "ação";
	IS_INT("no shortcut", quick_reply_clean(cx, &in), E_INVALID);
}

static void drafts(void)
{
	struct ctx *cx = ctx_as("web");
	const char *conv = conversation_new(&alfa, alfa.wa);
	struct draft_input in = { "meia frase", NULL, true }, empty = { NULL, NULL, false };
	struct draft d;

	IS_INT("put", UNIT(cx, &alfa.admin, DB_WRITE, draft_put(cx, conv, &in)), OK);
	in.text = "frase";
	IS_INT("again", UNIT(cx, &alfa.admin, DB_WRITE, draft_put(cx, conv, &in)), OK);
	IS_INT("get", UNIT(cx, &alfa.admin, DB_READ, draft_get(cx, conv, &d)), OK);
	IS_STR("as last written", d.text, "frase");
	IS_TRUE("a note", d.internal);
	IS_INT("of another", UNIT(cx, &alfa.ana, DB_READ, draft_get(cx, conv, &d)), OK);
	IS_STR("none", d.text, NULL);
	IS_INT("another tenant's conversation", UNIT(cx, &alfa.admin, DB_WRITE, draft_put(cx, beta.conversation, &in)), E_NOTFOUND);
	IS_INT("emptied", UNIT(cx, &alfa.admin, DB_WRITE, draft_put(cx, conv, &empty)), OK);
	IS_INT("gone", num(as(NULL), "SELECT count(*) FROM draft WHERE conversation_id = '%s'", conv), 0);
}

static void quotes(void)
{
	struct ctx *cx = ctx_as("web");
	const char *conv = conversation_new(&alfa, alfa.wa), *id = NULL;
	struct message_draft d = { .conversation_id = conv, .text = "sim" };
	bool made;

	d.reply_to = get(as(NULL), "SELECT id FROM message WHERE conversation_id = '%s' AND direction = 'in'", conv);
	IS_INT("answer", UNIT(cx, &alfa.admin, DB_WRITE, message_send(cx, &d, &id, &made)), OK);
	IS_INT("quotes it", num(as(NULL), "SELECT count(*) FROM message m JOIN message q ON q.external_id = m.reply_to WHERE m.id = '%s' AND q.id = '%s'", id, d.reply_to), 1);
	d.reply_to = alfa.message;
	IS_INT("of another conversation: no", UNIT(cx, &alfa.admin, DB_WRITE, message_send(cx, &d, &id, &made)), E_INVALID);
	d.reply_to = beta.message;
	IS_INT("of another tenant: no", UNIT(cx, &alfa.admin, DB_WRITE, message_send(cx, &d, &id, &made)), E_INVALID);
}

/* Its hour, set behind the model's back. */
static void hour(const char *id, const char *when)
{
	change_in(alfa.tenant, "UPDATE scheduled_message SET run_at = %s WHERE id = '%s'", when, id);
}

static const char *due(struct ctx *cx, const char *conv, const struct person *p, const char *text)
{
	struct scheduled_input in = { .conversation_id = conv, .text = text, .run_at = { utc_now().us + 3600000000 } };
	const char *id = NULL;

	IS_INT("scheduled", UNIT(cx, p, DB_WRITE, scheduled_add(cx, &in, &id)), OK);
	hour(id, "now() - interval '1 second'");
	return id;
}

static const char *run(const char *id)
{
	PGconn *c = as("worker");
	const char *did;

	must(c, "BEGIN");
	must(c, "SELECT app.enter_connection('id', '%s')", alfa.wa);
	did = get(c, "SELECT app.scheduled_send('%s')", id);
	must(c, "COMMIT");
	return did;
}

static const char *ended(const char *id)
{
	return get(as(NULL), "SELECT concat_ws(' ', status, error, message_id IS NOT NULL) FROM scheduled_message WHERE id = '%s'", id);
}

static void later(void)
{
	struct ctx *cx = ctx_as("web");
	const char *conv = conversation_new(&alfa, alfa.wa), *id = NULL, *two = NULL;
	struct scheduled_input in = { .conversation_id = conv, .text = "amanhã", .token = "tk", .run_at = { utc_now().us - 1000000 } };
	struct scheduled s;

	IS_INT("past", UNIT(cx, &alfa.admin, DB_WRITE, scheduled_add(cx, &in, &id)), E_INVALID);
	IS_STR("says so", cx->errors != NULL ? cx->errors->code : NULL, "past");
	cx->errors = NULL;
	in.run_at.us = utc_now().us + 3600000000;
	IS_INT("add", UNIT(cx, &alfa.admin, DB_WRITE, scheduled_add(cx, &in, &id)), OK);
	IS_INT("pressed twice", UNIT(cx, &alfa.admin, DB_WRITE, scheduled_add(cx, &in, &two)), OK);
	IS_STR("one", two, id);
	IS_STR("too early", run(id), "f");
	in.version = 1;
	in.run_at.us += 3600000000;
	IS_INT("save", UNIT(cx, &alfa.admin, DB_WRITE, scheduled_save(cx, id, &in)), OK);
	IS_INT("stale", UNIT(cx, &alfa.admin, DB_WRITE, scheduled_save(cx, id, &in)), E_CONFLICT);
	IS_INT("of another tenant", UNIT(cx, &beta.admin, DB_READ, scheduled_get(cx, id, &s)), E_NOTFOUND);
	IS_INT("cancel", UNIT(cx, &alfa.admin, DB_WRITE, scheduled_cancel(cx, id, 0)), OK);
	IS_INT("twice: no", UNIT(cx, &alfa.admin, DB_WRITE, scheduled_cancel(cx, id, 0)), E_CONFLICT);
	hour(id, "now()");
	IS_STR("cancelled: nothing", run(id), "f");

	id = due(cx, conv, &alfa.admin, "agora");
	IS_STR("goes", run(id), "t");
	IS_STR("sent", ended(id), "sent t");
	IS_STR("once", run(id), "f");
	IS_STR("as its author", get(as(NULL), "SELECT count(*) || ' ' || bool_and(author_id = '%s' AND status = 'queued') FROM message WHERE conversation_id = '%s' AND text = 'agora'", alfa.admin.id, conv), "1 true");

	id = due(cx, conv, &alfa.admin, "tarde");
	change_in(alfa.tenant, "UPDATE conversation SET window_until = now() - interval '1 second' WHERE id = '%s'", conv);
	IS_STR("window shut", run(id), "t");
	IS_STR("failed", ended(id), "failed window_shut f");
	IS_INT("told", num(as(NULL), "SELECT count(*) FROM notification WHERE user_id = '%s' AND kind = 'failed' AND conversation_id = '%s'", alfa.admin.id, conv), 1);
}

CU_TestInfo composer_tests[] = {
	{ "variables of quick replies", filled },
	{ "quick replies", quick },
	{ "drafts", drafts },
	{ "quoted messages", quotes },
	{ "messages for later", later },
	CU_TEST_INFO_NULL
};
