/* templates.c: message templates: a few that exist from the start, listing, creating. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "tests/stub/stub.h"

enum { APPROVE_MS = 1500 };

/* Lists are parted by '|'; a parameter example may be "name=value". */
static const struct built_in {
	const char *name, *category, *status;
	const char *header; /* a text, or "=DOCUMENT" and the like */
	const char *body, *examples, *footer, *buttons;
} built_in[] = {
	{ "boas_vindas", "MARKETING", "APPROVED", NULL,
		"Oi {{1}}, que bom ter você com a gente! Se precisar de algo, é só responder esta mensagem.",
		"Ana", "Para não receber mais, responda SAIR", NULL },
	{ "confirmacao_agendamento", "UTILITY", "APPROVED", "Seu horário está marcado",
		"Olá {{1}}, confirmamos seu horário no dia {{2}} às {{3}}. Até lá!", "Ana|25/11|14:30", NULL,
		"Confirmar|Remarcar" },
	{ "retomar_conversa", "UTILITY", "APPROVED", NULL,
		"Oi {{1}}, ainda podemos ajudar com {{2}}? Responda aqui e continuamos.", "Ana|o orçamento",
		NULL, NULL },
	{ "pedido_enviado", "UTILITY", "APPROVED", NULL,
		"Olá {{nome}}, seu pedido {{pedido}} saiu para entrega.", "nome=Ana|pedido=1042", NULL,
		NULL },
	{ "segunda_via", "UTILITY", "APPROVED", "=DOCUMENT",
		"Olá {{1}}, segue a segunda via do boleto com vencimento em {{2}}. Obrigado!", "Ana|10/12",
		NULL, NULL },
	{ "aviso_simples", "UTILITY", "APPROVED", NULL, "Seu atendimento foi registrado.", NULL, NULL, NULL },
	{ "codigo_acesso", "AUTHENTICATION", "APPROVED", NULL, "{{1}} é seu código de verificação.", "123456",
		NULL, NULL },
	{ "pesquisa_satisfacao", "MARKETING", "PENDING", NULL,
		"Oi {{1}}, de 0 a 10, como foi o nosso atendimento?", "Ana", NULL, NULL },
	{ "promocao_relampago", "MARKETING", "REJECTED", NULL,
		"Corre {{1}}! Só hoje tudo com 50% de desconto.", "Ana", NULL, NULL },
	{ "aviso_antigo", "UTILITY", "PAUSED", NULL, "Olá {{1}}, temos um aviso para você.", "Ana", NULL,
		NULL },
};

static char *copy(const char *s)
{
	char *c = strdup(s);

	if (!c)
		die("out of memory");
	return c;
}

/* {"body_text": [[..]]}, or its form for named parameters. */
static json_t *examples_json(const char *list)
{
	char *words = copy(list), *rest = NULL;
	json_t *values = must(json_array());
	bool named = strchr(list, '=') != NULL;

	for (char *w = strtok_r(words, "|", &rest); w; w = strtok_r(NULL, "|", &rest)) {
		char *value = strchr(w, '=');

		if (value)
			*value++ = 0;
		json_array_append_new(values, must(value
			? json_pack("{s:s,s:s}", "param_name", w, "example", value) : json_string(w)));
	}
	free(words);
	return named ? must(json_pack("{s:o}", "body_text_named_params", values))
		: must(json_pack("{s:[o]}", "body_text", values));
}

static json_t *buttons_json(const char *list)
{
	char *words = copy(list), *rest = NULL;
	json_t *buttons = must(json_array());

	for (char *w = strtok_r(words, "|", &rest); w; w = strtok_r(NULL, "|", &rest))
		json_array_append_new(buttons,
			must(json_pack("{s:s,s:s}", "type", "QUICK_REPLY", "text", w)));
	free(words);
	return must(json_pack("{s:s,s:o}", "type", "BUTTONS", "buttons", buttons));
}

static json_t *header_json(const char *header)
{
	if (header[0] == '=')
		return must(json_pack("{s:s,s:s,s:{s:[s]}}", "type", "HEADER", "format", header + 1,
			"example", "header_handle", "4::YX"));
	return must(json_pack("{s:s,s:s,s:s}", "type", "HEADER", "format", "TEXT", "text", header));
}

static json_t *built_in_json(const struct built_in *t, size_t place)
{
	json_t *parts = must(json_array()), *body;
	bool named = t->examples && strchr(t->examples, '=');

	if (t->header)
		json_array_append_new(parts, header_json(t->header));
	body = must(json_pack("{s:s,s:s}", "type", "BODY", "text", t->body));
	if (t->examples)
		json_object_set_new(body, "example", examples_json(t->examples));
	json_array_append_new(parts, body);
	if (t->footer)
		json_array_append_new(parts,
			must(json_pack("{s:s,s:s}", "type", "FOOTER", "text", t->footer)));
	if (t->buttons)
		json_array_append_new(parts, buttons_json(t->buttons));
	return must(json_pack("{s:s,s:s,s:s,s:s,s:o,s:s,s:o}", "name", t->name, "parameter_format",
		named ? "NAMED" : "POSITIONAL", "language", "pt_BR", "status", t->status, "components", parts,
		"category", t->category, "id", must(json_sprintf("9%014zu", place + 1))));
}

void templates_load(struct stub *st)
{
	json_array_clear(st->templates);
	for (size_t i = 0; i < nitems(built_in); i++)
		json_array_append_new(st->templates, built_in_json(&built_in[i], i));
}

json_t *template_find(struct stub *st, const char *name, const char *language)
{
	json_t *t;
	size_t i;

	json_array_foreach(st->templates, i, t)
		if (!strcmp(jstr(t, "name"), name) && !strcmp(jstr(t, "language"), language))
			return t;
	return NULL;
}

const char *template_status(const json_t *t)
{
	const json_t *at = json_object_get(t, "_approve_at");

	return at && wall_ms() >= json_integer_value(at) ? jstr(t, "_becomes") : jstr(t, "status");
}

const json_t *template_component(const json_t *t, const char *type)
{
	const json_t *o;
	size_t i;

	json_array_foreach(json_object_get(t, "components"), i, o) {
		const char *s = jstr(o, "type");

		if (s && !strcasecmp(s, type))
			return o;
	}
	return NULL;
}

bool template_add(struct stub *st, const json_t *doc)
{
	const char *name = jstr(doc, "name"), *language = jstr(doc, "language");
	json_t *t, *old;
	size_t i;

	if (!name || !language || !json_is_array(json_object_get(doc, "components")))
		return false;
	t = must(json_deep_copy(doc));
	if (!jstr(t, "status"))
		json_object_set_new(t, "status", must(json_string("APPROVED")));
	if (!jstr(t, "category"))
		json_object_set_new(t, "category", must(json_string("UTILITY")));
	if (!jstr(t, "id"))
		json_object_set_new(t, "id", must(json_sprintf("9%014llu",
			(unsigned long long)(stub_random(st) % 100000000000000u))));
	old = template_find(st, name, language);
	json_array_foreach(st->templates, i, doc)
		if (doc == old)
			return json_array_set_new(st->templates, i, t) == 0;
	return json_array_append_new(st->templates, t) == 0;
}

static bool matches(struct req *r, const json_t *t, const char *waba)
{
	const char *name = query(r, "name"), *status = query(r, "status"), *language = query(r, "language");
	const char *category = query(r, "category"), *owner = jstr(t, "_waba");

	return (!owner || !strcmp(owner, waba)) && (!name || strstr(jstr(t, "name"), name))
		&& (!status || !strcmp(template_status(t), status))
		&& (!language || !strcmp(jstr(t, "language"), language))
		&& (!category || !strcmp(jstr(t, "category"), category));
}

static json_t *shown(const json_t *t)
{
	json_t *o = must(json_deep_copy(t));

	json_object_set_new(o, "status", must(json_string(template_status(t))));
	json_object_del(o, "_approve_at");
	json_object_del(o, "_becomes");
	json_object_del(o, "_waba");
	return o;
}

/* A cursor is the place in the list, in a dress; -1 when it is none of ours. */
static int64_t cursor_read(struct req *r, const char *s)
{
	int64_t at = -1;
	uint8_t *p;
	size_t n;

	if (!s)
		return 0;
	p = base64_decode(r->a, s, &n);
	if (!p || n < 2 || p[0] != 'T' || !parse_i64(arena_strn(r->a, (char *)p + 1, n - 1), 0, 1000000, &at))
		return -1;
	return at;
}

static char *cursor_text(struct req *r, size_t at)
{
	char *s = arena_fmt(r->a, "T%zu", at);

	return base64_text(r->a, s, strlen(s));
}

static json_t *paging(struct req *r, const char *waba, size_t from, size_t to, bool more, int64_t limit)
{
	json_t *p = must(json_pack("{s:{s:s,s:s}}", "cursors", "before", cursor_text(r, from), "after",
		cursor_text(r, to)));
	struct buf b = { 0 };

	if (more) {
		buf_url(&b, cursor_text(r, to));
		json_object_set_new(p, "next",
			must(json_sprintf("http://%s:%u/v25.0/%s/message_templates?limit=%d&after=%s",
				r->st->host, r->st->port, waba, (int)limit, b.p)));
	}
	buf_free(&b);
	return p;
}

void template_list(struct req *r, const char *waba)
{
	const char *limit_text = query(r, "limit");
	int64_t limit = 25, from = cursor_read(r, query(r, "after"));
	json_t *data, *t, *all;
	size_t i, place = 0, to = 0;
	bool more = false;

	if ((limit_text && !parse_i64(limit_text, 1, 1000, &limit)) || from < 0) {
		refuse(&r->v, r->a, 100, "limit must be 1 to 1000 and after a cursor of this list.");
		return;
	}
	if (fault_meant(r, "templates"))
		return;
	data = must(json_array());
	json_array_foreach(r->st->templates, i, t) {
		if (!matches(r, t, waba) || place++ < (size_t)from)
			continue;
		more = json_array_size(data) == (size_t)limit;
		if (more)
			break;
		json_array_append_new(data, shown(t));
		to = place;
	}
	all = must(json_pack("{s:o}", "data", data));
	if (json_array_size(data))
		json_object_set_new(all, "paging", paging(r, waba, (size_t)from, to, more, limit));
	out_json(r, all);
}

void template_create(struct req *r, const char *waba)
{
	json_error_t e;
	json_t *root = json_loadb(r->body.n ? r->body.p : "", r->body.n, JSON_REJECT_DUPLICATES, &e), *t;
	struct check c = { .st = r->st, .a = r->a, .root = root };
	bool ok = json_is_object(root) && check_template_new(&c);
	int64_t due = wall_ms() + APPROVE_MS;

	if (!json_is_object(root))
		refuse(&c.v, r->a, 100, "The body is not a JSON object.");
	if (ok && template_find(r->st, jstr(root, "name"), jstr(root, "language"))) {
		ok = refuse(&c.v, r->a, 100, "Content in this language already exists for this template.");
		c.v.sub = 2388024;
	}
	r->v = c.v;
	if (ok) {
		json_object_set_new(root, "status", must(json_string("PENDING")));
		json_object_set_new(root, "_approve_at", must(json_integer(due)));
		json_object_set_new(root, "_becomes",
			must(json_string(strstr(jstr(root, "name"), "recus") ? "REJECTED" : "APPROVED")));
		json_object_set_new(root, "_waba", must(json_string(waba)));
		template_add(r->st, root);
		t = template_find(r->st, jstr(root, "name"), jstr(root, "language"));
		event_template(r, t, due);
		out_json(r,
			must(json_pack("{s:s,s:s,s:s}", "id", jstr(t, "id"), "status", "PENDING", "category",
				jstr(t, "category"))));
	}
	json_decref(root);
}
