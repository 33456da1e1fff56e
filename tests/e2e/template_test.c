/* template_test.c: approved templates over HTTP: the only way when the window is shut, and the way to begin. The double judges what is sent. */
#include <stdio.h>
#include <string.h>

#include "tests/e2e/world.h"

/* A conversation of somebody new with the number; shut: their window is over. Its id. */
static const char *talk(bool shut)
{
	struct client *c = client_new("provider");
	const char *phone = arena_fmt(mem, "55319%08lld", (long long)(sqln("SELECT (random() * 89999999)::int + 10000000"))), *wamid = wamid_new(), *body, *id;

	body = hook_text(LOJA, phone, "Beatriz Modelo", wamid, "Oi");
	(void)hook_post(c, "/hooks/whatsapp", world.secret, body, strlen(body));
	IS_STATUS(c, 200);
	(void)WAIT(30, sqln("SELECT count(*) FROM message WHERE external_id = '%s'", wamid) > 0);
	id = sql("SELECT conversation_id FROM message WHERE external_id = '%s'", wamid);
	EXPECT(*id != '\0', "the message did not arrive");
	if (shut)
		(void)sql("UPDATE conversation SET window_until = now() - interval '1 hour' WHERE id = '%s'", id);
	client_free(c);
	return id;
}

static const char *template_id(const char *number, const char *name)
{
	return sql("SELECT w.id FROM whatsapp_template w JOIN connection c ON c.tenant_id = w.tenant_id AND c.id = w.connection_id WHERE c.external_id = '%s' AND w.name = '%s'", number, name);
}

static void ready(void)
{
	EXPECT(WAIT(40, sqln("SELECT count(*) FROM whatsapp_template w JOIN connection c ON c.id = w.connection_id WHERE c.external_id IN ('%s', '%s') AND w.name = 'retomar_conversa'", LOJA, OBRA) == 2),
	    "templates were not fetched");
}

static int64_t sent(const char *conv)
{
	return sqln("SELECT count(*) FROM message WHERE conversation_id = '%s' AND direction = 'out' AND kind = 'template'", conv);
}

static void post(struct client *c, const char *conv, const char *template)
{
	send_json(c, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"template\":%s}", conv, template));
}

static void only_way(void)
{
	struct client *c = client_new("luana"), *page = client_new("luana");
	const char *conv, *id;

	ready();
	conv = talk(true);
	bearer(c, LUANA);
	sign_in(page, LUANA);
	send_json(c, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"Oi\"}", conv));
	IS_STATUS(c, 422);
	HAS(c, "modelo aprovado");
	get(page, arena_fmt(mem, "/conversations/%s", conv));
	IS_STATUS(page, 200);
	HAS(page, arena_fmt(mem, "/conversations/%s/template", conv));
	post(c, conv, "{\"name\":\"confirmacao_agendamento\",\"language\":\"pt_BR\",\"variables\":[\"Bia\",\"25/11\",\"14:30\"]}");
	IS_STATUS(c, 201);
	IS_TEXT(c, js(c, "kind"), "template");
	IS_TEXT(c, js(c, "text"), "Seu horário está marcado\n\nOlá Bia, confirmamos seu horário no dia 25/11 às 14:30. Até lá!");
	id = js(c, "id");
	EXPECT(WAIT(30, sqln("SELECT count(*) FROM message WHERE id = '%s' AND external_id IS NOT NULL", id) == 1), "the double did not take it: %s",
	    sql("SELECT status || ' ' || coalesce(error_text, '') FROM message WHERE id = '%s'", id));
	post(c, conv, "{\"name\":\"pedido_enviado\",\"language\":\"pt_BR\",\"variables\":[\"Bia \\\"B\\\"\",\"{{1}}\"]}");
	IS_STATUS(c, 201);
	id = js(c, "id");
	EXPECT(WAIT(30, sqln("SELECT count(*) FROM message WHERE id = '%s' AND external_id IS NOT NULL", id) == 1), "named ones are not taken");
	client_free(c);
	client_free(page);
}

static void refused(void)
{
	const char *conv = talk(true), *ours, *theirs;
	struct client *c = client_new("luana"), *viewer = client_new("vera"), *other = client_new("ana");
	int64_t before;

	ready();
	ours = template_id(LOJA, "retomar_conversa");
	theirs = template_id(OBRA, "retomar_conversa");
	const struct { const char *template, *code; } bad[] = {
		{ "{\"name\":\"retomar_conversa\",\"language\":\"pt_BR\",\"variables\":[\"Ana\"]}", "/template/variables/1" },
		{ "{\"name\":\"retomar_conversa\",\"language\":\"pt_BR\"}", "/template/variables/0" },
		{ "{\"name\":\"retomar_conversa\",\"language\":\"pt_BR\",\"variables\":[\"Ana\",\" \"]}", "/template/variables/1" },
		{ "{\"name\":\"retomar_conversa\",\"language\":\"pt_BR\",\"variables\":[\"Ana\",\"a\\nb\"]}", "/template/variables/1" },
		{ "{\"name\":\"retomar_conversa\",\"language\":\"pt_BR\",\"variables\":[\"Ana\",\"a\\tb\"]}", "/template/variables/1" },
		{ "{\"name\":\"retomar_conversa\",\"language\":\"pt_BR\",\"variables\":[\"Ana\",\"a    b\"]}", "/template/variables/1" },
		{ "{\"name\":\"retomar_conversa\",\"language\":\"pt_BR\",\"variables\":[\"Ana\",\"b\",\"c\"]}", "/template/variables\"" },
		{ "{\"name\":\"retomar_conversa\",\"language\":\"pt_BR\",\"variables\":[1,2]}", "/template/variables\"" },
		{ "{\"name\":\"retomar_conversa\",\"language\":\"pt_BR\",\"variables\":\"x\"}", "/template/variables\"" },
		{ "{\"name\":\"retomar_conversa\",\"language\":\"en\",\"variables\":[\"Ana\",\"b\"]}", "\"/template\"" },
		{ "{\"name\":\"retomar_conversa\"}", "\"/template\"" }, { "{\"id\":\"x\"}", "\"/template\"" }, { "{}", "\"/template\"" }, { "[]", "\"/template\"" }, { "7", "\"/template\"" },
		{ "{\"name\":\"aviso_antigo\",\"language\":\"pt_BR\",\"variables\":[\"Ana\"]}", "\"/template\"" }, /* paused */
		{ "{\"name\":\"segunda_via\",\"language\":\"pt_BR\",\"variables\":[\"Ana\",\"1/1\"]}", "\"/template\"" }, /* with a file */
		{ "{\"name\":\"codigo_acesso\",\"language\":\"pt_BR\",\"variables\":[\"123456\"]}", "\"/template\"" },
		{ "{\"name\":\"aviso_simples\",\"language\":\"pt_BR\",\"extra\":\"x\"}", "/template/extra" },
	};

	bearer(c, LUANA);
	before = sent(conv);
	for (size_t i = 0; i < nitems(bad); i++) {
		post(c, conv, bad[i].template);
		IS_STATUS(c, 422);
		EXPECT(has(c, bad[i].code), "%s: no %s in %.300s", bad[i].template, bad[i].code, c->body.p);
	}
	post(c, conv, arena_fmt(mem, "{\"id\":\"%s\",\"variables\":[\"Ana\",\"x\"]}", theirs));
	IS_STATUS(c, 422);
	send_json(c, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"x\",\"template\":{\"name\":\"aviso_simples\",\"language\":\"pt_BR\"}}", conv));
	IS_STATUS(c, 422);
	send_json(c, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"internal\":true,\"template\":{\"name\":\"aviso_simples\",\"language\":\"pt_BR\"}}", conv));
	IS_STATUS(c, 422);
	send_json(c, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\"}", conv));
	IS_STATUS(c, 422);
	post(c, conv, arena_fmt(mem, "{\"name\":\"retomar_conversa\",\"language\":\"pt_BR\",\"variables\":[\"Ana\",\"%01100d\"]}", 0));
	IS_STATUS(c, 422);
	bearer(viewer, VERA);
	post(viewer, conv, arena_fmt(mem, "{\"id\":\"%s\",\"variables\":[\"Ana\",\"x\"]}", ours));
	IS_STATUS(viewer, 403);
	bearer(other, ANA);
	post(other, conv, arena_fmt(mem, "{\"id\":\"%s\",\"variables\":[\"Ana\",\"x\"]}", ours));
	IS_STATUS(other, 404);
	get(other, arena_fmt(mem, "/api/templates/%s", ours));
	IS_STATUS(other, 404);
	EXPECT(sent(conv) == before, "something was sent");
	client_free(c);
	client_free(viewer);
	client_free(other);
}

static void picker(void)
{
	const char *conv = talk(true), *id, *path, *once;
	struct client *c = client_new("luana");

	ready();
	id = template_id(LOJA, "retomar_conversa");
	path = arena_fmt(mem, "/conversations/%s/template", conv);
	sign_in(c, LUANA);
	get(c, path);
	IS_STATUS(c, 200);
	HAS(c, "retomar_conversa");
	HAS(c, "segunda_via");
	HAS_NOT(c, "promocao_relampago");
	get(c, arena_fmt(mem, "%s?q=pedido", path));
	HAS(c, "pedido_enviado");
	HAS_NOT(c, "boas_vindas");
	get(c, arena_fmt(mem, "%s?template=%s", path, id));
	IS_STATUS(c, 200);
	IS_TEXT(c, input_value(c, "v1"), "Beatriz");
	once = input_value(c, "once");
	post_form(c, path, "template", id, "v1", "Beatriz", "v2", "a <obra>", "preview", "1", "once", once, NULL);
	IS_STATUS(c, 200);
	HAS(c, "ainda podemos ajudar com a &lt;obra&gt;?");
	post_form(c, path, "template", id, "v1", "Beatriz & filhos", "v2", "", "once", once, NULL);
	IS_STATUS(c, 422);
	IS_TEXT(c, input_value(c, "v1"), "Beatriz & filhos");
	HAS(c, "e-v2");
	EXPECT(sent(conv) == 0, "something was sent");
	for (int i = 0; i < 2; i++) {
		post_form(c, path, "template", id, "v1", "Beatriz", "v2", "o armário", "once", once, NULL);
		IS_STATUS(c, 303);
	}
	EXPECT(sent(conv) == 1, "pressed twice: %lld", (long long)sent(conv));
	get(c, arena_fmt(mem, "/conversations/%s", conv));
	HAS(c, "ainda podemos ajudar com o armário?");
	post_form(c, path, "template", "x", NULL);
	IS_STATUS(c, 422);
	client_free(c);
}

static void begins(void)
{
	struct client *c = client_new("luana"), *page = client_new("luana"), *viewer = client_new("vera");
	const char *loja = sql("SELECT id FROM connection WHERE external_id = '%s'", LOJA), *other = sql("SELECT c.id FROM connection c JOIN tenant t USING (tenant_id) WHERE slug = 'clinica' LIMIT 1"), *conv, *id;
	const char *phone = arena_fmt(mem, "(31) 9%04lld-%04lld", (long long)sqln("SELECT (random() * 8999)::int + 1000"), (long long)sqln("SELECT (random() * 8999)::int + 1000"));
	const char *good = "{\"name\":\"retomar_conversa\",\"language\":\"pt_BR\",\"variables\":[\"Lia\",\"o orçamento\"]}";

	ready();
	bearer(c, LUANA);
	for (int i = 0; i < 2; i++) {
		send_json(c, "POST", "/api/conversations", arena_fmt(mem, "{\"connection_id\":\"%s\",\"phone\":\"%s\",\"name\":\"Lia Nova\",\"template\":%s}", loja, phone, good));
		IS_STATUS(c, 201);
	}
	conv = js(c, "conversation_id");
	EXPECT(sent(conv) == 2, "one conversation with both: %lld", (long long)sent(conv));
	IS_TEXT(c, sql("SELECT u.email || ' ' || v.status || ' ' || v.contact_name FROM conversation v JOIN user_account u ON u.id = v.assignee_id WHERE v.id = '%s'", conv), LUANA " open Lia Nova");
	(void)sql("UPDATE conversation SET status = 'resolved' WHERE id = '%s'", conv);
	send_json(c, "POST", "/api/conversations", arena_fmt(mem, "{\"connection_id\":\"%s\",\"contact_id\":\"%s\",\"template\":%s}", loja, sql("SELECT contact_id FROM conversation WHERE id = '%s'", conv), good));
	IS_STATUS(c, 201);
	IS_TEXT(c, js(c, "conversation_id"), conv);
	IS_TEXT(c, sql("SELECT status FROM conversation WHERE id = '%s'", conv), "open");
	(void)sql("UPDATE contact SET status = 'blocked' WHERE id = (SELECT contact_id FROM conversation WHERE id = '%s')", conv);
	send_json(c, "POST", "/api/conversations", arena_fmt(mem, "{\"connection_id\":\"%s\",\"phone\":\"%s\",\"template\":%s}", loja, phone, good));
	IS_STATUS(c, 422);
	send_json(c, "POST", "/api/conversations", arena_fmt(mem, "{\"connection_id\":\"%s\",\"phone\":\"190\",\"template\":%s}", loja, good));
	IS_STATUS(c, 422);
	send_json(c, "POST", "/api/conversations", arena_fmt(mem, "{\"connection_id\":\"%s\",\"template\":%s}", loja, good));
	IS_STATUS(c, 422);
	send_json(c, "POST", "/api/conversations", arena_fmt(mem, "{\"connection_id\":\"%s\",\"phone\":\"31 98888-1212\",\"template\":%s}", other, good));
	IS_STATUS(c, 422);
	/* A template that is refused leaves nobody behind. */
	send_json(c, "POST", "/api/conversations", arena_fmt(mem, "{\"connection_id\":\"%s\",\"phone\":\"31 97777-1313\",\"name\":\"E2E Ninguém\",\"template\":{\"name\":\"nao_ha\",\"language\":\"pt_BR\"}}", loja));
	IS_STATUS(c, 422);
	EXPECT(sqln("SELECT count(*) FROM contact WHERE name = 'E2E Ninguém'") == 0, "a person was made");
	bearer(viewer, VERA);
	send_json(viewer, "POST", "/api/conversations", arena_fmt(mem, "{\"connection_id\":\"%s\",\"phone\":\"%s\",\"template\":%s}", loja, phone, good));
	IS_STATUS(viewer, 403);

	sign_in(page, LUANA);
	get(page, "/conversations");
	HAS(page, "/conversations/new");
	get(page, "/conversations/new");
	IS_STATUS(page, 200);
	id = template_id(LOJA, "boas_vindas");
	get(page, arena_fmt(mem, "/conversations/new?phone=31970001414&name=Rui+Barbosa&connection_id=%s&template=%s", loja, id));
	IS_STATUS(page, 200);
	IS_TEXT(page, input_value(page, "v1"), "Rui");
	post_form(page, "/conversations/new", "phone", "31970001414", "name", "Rui Barbosa", "connection_id", loja, "template", id, "v1", "Rui", NULL);
	IS_STATUS(page, 303);
	EXPECT(header(page, "Location") != NULL && strncmp(header(page, "Location"), "/conversations/", 15) == 0, "where to: %s", shown(header(page, "Location")));
	post_form(page, "/conversations/new", "phone", "12", "connection_id", loja, "template", id, "v1", "Rui", NULL);
	IS_STATUS(page, 422);
	client_free(c);
	client_free(page);
	client_free(viewer);
}

static void listed(void)
{
	struct client *c = client_new("rosana"), *agent = client_new("luana");
	const char *loja = sql("SELECT id FROM connection WHERE external_id = '%s'", LOJA);

	ready();
	bearer(c, ROSANA);
	bearer(agent, LUANA);
	get(agent, arena_fmt(mem, "/api/templates?connection_id=%s&status=approved&q=orcamento", loja));
	IS_STATUS(agent, 200);
	get(agent, arena_fmt(mem, "/api/templates?connection_id=%s&status=approved&q=AGENDAMENTO", loja));
	IS_TEXT(agent, js(agent, "items.0.name"), "confirmacao_agendamento");
	IS_TEXT(agent, js(agent, "items.0.components.1.type"), "BODY");
	EXPECT(jcount(agent, "items") == 1, "%zu", jcount(agent, "items"));
	get(agent, "/api/templates?cursor=x");
	IS_STATUS(agent, 400);
	get(agent, "/api/templates?what=x");
	IS_STATUS(agent, 400);
	send_json(agent, "POST", "/api/templates/sync", arena_fmt(mem, "{\"connection_id\":\"%s\"}", loja));
	IS_STATUS(agent, 403);
	send_json(c, "POST", "/api/templates/sync", arena_fmt(mem, "{\"connection_id\":\"%s\"}", sql("SELECT c.id FROM connection c JOIN tenant t USING (tenant_id) WHERE slug = 'clinica' AND channel = 'whatsapp' LIMIT 1")));
	IS_STATUS(c, 404);
	EXPECT(stub_control("{\"template\":{\"name\":\"e2e_so_agora\",\"language\":\"pt_BR\",\"category\":\"UTILITY\",\"components\":[{\"type\":\"BODY\",\"text\":\"Só agora.\"}]}}"), "the double");
	send_json(c, "POST", "/api/templates/sync", arena_fmt(mem, "{\"connection_id\":\"%s\"}", loja));
	IS_STATUS(c, 202);
	EXPECT(WAIT(30, *template_id(LOJA, "e2e_so_agora") != '\0'), "it was not fetched");
	client_free(c);
	client_free(agent);
}

CU_TestInfo template_tests[] = {
	{ "the only way when the window is shut", only_way },
	{ "what is refused", refused },
	{ "the picker", picker },
	{ "a conversation that we begin", begins },
	{ "the list, and fetching it now", listed },
	CU_TEST_INFO_NULL
};
