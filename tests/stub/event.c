/* event.c: the webhooks themselves: statuses, messages of simulated customers, template decisions. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "tests/stub/stub.h"

static const json_t *phone_of(const struct stub *st, const char *id)
{
	return json_object_get(st->phones, id);
}

const char *webhook_of(struct stub *st, const char *phone)
{
	const char *url = jstr(phone_of(st, phone), "webhook");

	return url ? url : st->webhook;
}

/* Meta drops the ninth digit of Brazilian numbers here, whatever was registered. */
static char *display_digits(struct arena *a, const char *display)
{
	struct buf b = { 0 };
	char *s;

	for (const char *p = display; *p; p++)
		if (*p >= '0' && *p <= '9')
			buf_char(&b, *p);
	s = arena_strn(a, b.n ? b.p : "", b.n);
	buf_free(&b);
	return strlen(s) == 13 && text_starts(s, "55") ? arena_fmt(a, "%.4s%s", s, s + 5) : s;
}

/* contact (taken over) may be NULL; items is taken over under the name key. */
static json_t *envelope(struct req *r, const char *phone, json_t *contact, const char *key, json_t *items)
{
	const json_t *p = phone_of(r->st, phone);
	json_t *value = must(json_pack("{s:s,s:{s:s,s:s}}", "messaging_product", "whatsapp", "metadata",
		"display_phone_number", display_digits(r->a, jstr(p, "display")), "phone_number_id", phone));

	if (contact)
		json_object_set_new(value, "contacts", must(json_pack("[o]", contact)));
	json_object_set_new(value, key, items);
	return must(json_pack("{s:s,s:[{s:s,s:[{s:o,s:s}]}]}", "object", "whatsapp_business_account", "entry",
		"id", jstr(p, "waba"), "changes", "value", value, "field", "messages"));
}

static json_t *contact_json(struct req *r, const char *wa_id, const char *user_id, const char *username)
{
	json_t *o = must(json_object());
	const char *name = wa_id ? jstr(r->st->names, wa_id) : NULL;

	if (!name && user_id)
		name = jstr(r->st->names, user_id);
	if (name)
		json_object_set_new(o, "profile", must(json_pack("{s:s}", "name", name)));
	if (name && username)
		json_object_set_new(json_object_get(o, "profile"), "username", must(json_string(username)));
	if (wa_id)
		json_object_set_new(o, "wa_id", must(json_string(wa_id)));
	if (user_id)
		json_object_set_new(o, "user_id", must(json_string(user_id)));
	return o;
}

static json_t *seconds(int64_t ms)
{
	return must(json_sprintf("%lld", (long long)(ms / 1000)));
}

static void set(json_t *o, const char *key, const char *value)
{
	if (value)
		json_object_set_new(o, key, must(json_string(value)));
}

/* The first thousand service messages of a number and month are free. */
static bool service_free(struct stub *st, const char *phone, int64_t now_ms)
{
	time_t s = (time_t)(now_ms / 1000);
	struct tm tm;
	char key[96];
	json_int_t n;

	gmtime_r(&s, &tm);
	snprintf(key, sizeof key, "%.64s/%d", phone, tm.tm_year * 12 + tm.tm_mon);
	n = json_integer_value(json_object_get(st->served, key));
	json_object_set_new(st->served, key, must(json_integer(n + 1)));
	return n < 1000;
}

static json_t *price(const char *category, bool free_service)
{
	char lower[40] = "";

	for (size_t i = 0; category[i] && i + 1 < sizeof lower; i++)
		lower[i] = (char)(category[i] >= 'A' && category[i] <= 'Z' ? category[i] + 32 : category[i]);
	return must(json_pack("{s:b,s:s,s:s,s:s}", "billable", !free_service, "pricing_model", "PMP", "type",
		free_service ? "free_customer_service" : "regular", "category", lower));
}

static json_t *failure(int code)
{
	return must(json_pack("[{s:i,s:s,s:s,s:{s:s},s:s}]", "code", code, "title", error_title(code),
		"message", error_title(code), "error_data", "details", error_title(code), "href",
		"https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"));
}

static json_t *status_json(const struct receipt *rc, const char *status, int64_t at_ms, bool free_service)
{
	json_t *s = must(json_object());

	set(s, "id", rc->wamid);
	set(s, "status", status);
	json_object_set_new(s, "timestamp", seconds(at_ms));
	set(s, "recipient_id", rc->group ? rc->group : rc->wa_id);
	set(s, "recipient_user_id", rc->user_id);
	if (rc->group)
		set(s, "recipient_type", "group");
	set(s, "biz_opaque_callback_data", rc->opaque);
	if (!strcmp(status, "failed"))
		json_object_set_new(s, "errors", failure(rc->fail));
	else
		json_object_set_new(s, "pricing", price(rc->category, free_service));
	return s;
}

static const char *lane_key(const struct receipt *rc)
{
	return rc->group ? rc->group : rc->wa_id ? rc->wa_id : rc->user_id;
}

static void push_status(struct req *r, const struct receipt *rc, const char *status, int64_t at_ms,
	int64_t due_ms, bool free_service)
{
	const char *url = webhook_of(r->st, rc->phone);
	json_t *e;

	if (!url)
		return;
	e = envelope(r, rc->phone, rc->group ? NULL : contact_json(r, rc->wa_id, rc->user_id, NULL),
		"statuses", must(json_pack("[o]", status_json(rc, status, at_ms, free_service))));
	hook_later(r, hook_new(url, e, lane_key(rc), due_ms));
	json_decref(e);
}

void event_statuses(struct req *r, const struct receipt *rc, int64_t now_ms)
{
	static const char *const names[STATUS_STEPS] = { "sent", "delivered", "read" };
	const int64_t *step = r->st->step_ms;
	int order[STATUS_STEPS] = { 0, 1, 2 };
	bool free_service = false;

	if (!r->st->statuses)
		return;
	if (rc->fail) {
		push_status(r, rc, "failed", now_ms + step[0], now_ms + step[0], false);
		return;
	}
	if (!strcmp(rc->category, "service"))
		free_service = service_free(r->st, rc->phone, now_ms);
	for (int i = STATUS_STEPS - 1; r->st->shuffle && i > 0; i--) {
		int k = (int)(stub_random(r->st) % (uint64_t)(i + 1)), t = order[i];

		order[i] = order[k];
		order[k] = t;
	}
	for (int i = 0; i < STATUS_STEPS; i++)
		push_status(r, rc, names[i], now_ms + step[i], now_ms + step[order[i]], free_service);
}

static const char *const media_types[] = { "image", "video", "audio", "document", "sticker", NULL };

static const char *media_default(const char *type)
{
	return !strcmp(type, "image") ? "test-jpg" : !strcmp(type, "audio") ? "test-ogg"
		: !strcmp(type, "document") ? "test-pdf" : !strcmp(type, "sticker") ? "test-webp" : NULL;
}

/* The object of a media message from the shortcut members; NULL when the media is unknown. */
static json_t *media_json(struct req *r, const json_t *in, const char *type)
{
	const char *id = jstr(in, "media_id") ? jstr(in, "media_id") : media_default(type);
	struct medium *m = id ? medium_find(r->st, id) : NULL;
	json_t *o;

	if (!m)
		return NULL;
	o = must(json_pack("{s:s,s:s,s:s}", "id", m->id, "mime_type", m->mime, "sha256",
		base64_text(r->a, m->sha256, sizeof m->sha256)));
	set(o, "caption", jstr(in, "caption"));
	if (!strcmp(type, "document"))
		set(o, "filename", jstr(in, "filename") ? jstr(in, "filename") : "documento.pdf");
	if (!strcmp(type, "audio"))
		json_object_set_new(o, "voice", json_boolean(!json_is_false(json_object_get(in, "voice"))));
	if (!strcmp(type, "sticker"))
		json_object_set_new(o, "animated", json_false());
	return o;
}

/* message from "message" or from the shortcuts; NULL with *why. */
static json_t *message_json(struct req *r, const json_t *in, const char **why)
{
	const char *type = jstr(in, "type"), *text = jstr(in, "text");
	json_t *given = json_object_get(in, "message"), *o, *m;

	if (json_is_object(given))
		return must(json_deep_copy(given));
	if (!type)
		type = "text";
	o = must(json_pack("{s:s}", "type", type));
	if (!strcmp(type, "text") && text) {
		json_object_set_new(o, "text", must(json_pack("{s:s}", "body", text)));
		return o;
	}
	for (const char *const *k = media_types; *k; k++) {
		if (strcmp(*k, type) != 0)
			continue;
		m = media_json(r, in, type);
		if (m)
			json_object_set_new(o, type, m);
		else
			*why = "media_id is not known";
		if (m)
			return o;
	}
	if (json_object_get(in, type)) {
		json_object_set(o, type, json_object_get(in, type));
		return o;
	}
	if (!*why)
		*why = "an inbound needs text, a media type, an object named by type, or message";
	json_decref(o);
	return NULL;
}

static void fill(json_t *o, const char *key, const char *value)
{
	if (value && !json_object_get(o, key))
		set(o, key, value);
}

static void inbound_context(struct req *r, const json_t *in, const char *phone, json_t *message)
{
	const char *id = jstr(in, "context");

	if (id)
		json_object_set_new(message, "context", must(json_pack("{s:s,s:s}", "from",
			display_digits(r->a, jstr(phone_of(r->st, phone), "display")), "id", id)));
}

static const char *first_phone(struct stub *st)
{
	return json_object_iter_key(json_object_iter(st->phones));
}

const char *event_inbound(struct req *r, json_t *in, const char **why)
{
	const char *phone = jstr(in, "phone_number_id") ? jstr(in, "phone_number_id") : first_phone(r->st);
	const char *from = number_digits(r->a, jstr(in, "from")), *name = jstr(in, "name"), *id;
	const char *user_id = jstr(in, "user_id"), *url = phone ? webhook_of(r->st, phone) : NULL;
	const char *wa_id = from ? wa_id_of(r->st, r->a, from) : NULL;
	int64_t now = wall_ms();
	json_t *m = NULL, *e;

	if (!phone || !phone_of(r->st, phone))
		*why = "phone_number_id is not known";
	else if (!url)
		*why = "this number has no webhook";
	else if (jstr(in, "from") && !from)
		*why = "from is not a number";
	else if (!from && !user_id)
		*why = "from or user_id is needed";
	else
		m = message_json(r, in, why);
	if (!m)
		return NULL;
	if (!user_id && !json_is_null(json_object_get(in, "user_id")))
		user_id = bsuid_of(r->a, from);
	if (name)
		json_object_set_new(r->st->names, wa_id ? wa_id : user_id, must(json_string(name)));
	if (wa_id)
		json_object_del(r->st->doomed, wa_id);
	id = jstr(in, "id") ? jstr(in, "id") : wamid_new(r->st, r->a, wa_id ? wa_id : user_id, true);
	fill(m, "from", wa_id);
	fill(m, "from_user_id", user_id);
	fill(m, "id", id);
	fill(m, "timestamp", jstr(in, "timestamp") ? jstr(in, "timestamp")
		: arena_fmt(r->a, "%lld", (long long)(now / 1000)));
	inbound_context(r, in, phone, m);
	id = arena_str(r->a, jstr(m, "id") ? jstr(m, "id") : id);
	e = envelope(r, phone, contact_json(r, wa_id, user_id, jstr(in, "username")), "messages",
		must(json_pack("[o]", m)));
	hook_later(r, hook_new(url, e, wa_id ? wa_id : user_id, now));
	json_decref(e);
	return id;
}

static bool mentions(const char *text, const char *const *words)
{
	while (*words && !strcasestr(text, *words))
		words++;
	return *words != NULL;
}

/* What a customer would plausibly say to it. */
static const char *demo_words(const char *text, uint64_t pick)
{
	static const char *const when[] = { "horário", "horario", "agend", "amanhã", "amanha", "visita",
		"consulta", "entrega", NULL };
	static const char *const cost[] = { "preço", "preco", "valor", "orçamento", "orcamento", "R$", "pix",
		"boleto", NULL };
	static const char *const thanks[] = { "obrigad", "agradec", "disposição", NULL };
	static const char *const when_say[] = { "Pode ser amanhã de manhã? À tarde eu trabalho 🙏",
		"Perfeito, fica combinado então!", "Consegue depois das 18h? Saio do serviço às 17h30." };
	static const char *const cost_say[] = { "Entendi! Dá pra parcelar no cartão?",
		"Show, e no Pix tem desconto? 😊", "Ok, vou falar com meu marido e já te respondo." };
	static const char *const thanks_say[] = { "Eu que agradeço! 😊",
		"Imagina, obrigada você pela atenção!", "Valeu! Qualquer coisa eu chamo." };
	static const char *const ask_say[] = { "Isso mesmo!", "Sim, por favor 🙏",
		"Acho que sim, deixa eu confirmar aqui e já te falo." };
	static const char *const say[] = { "Ótimo, muito obrigada pelo retorno!",
		"Opa, que bom! Pode me explicar melhor?", "Tá certo, vou aguardar então. Obrigado!",
		"Oi! Vi sua mensagem agora, já te respondo direitinho." };

	if (mentions(text, cost))
		return cost_say[pick % nitems(cost_say)];
	if (mentions(text, when))
		return when_say[pick % nitems(when_say)];
	if (mentions(text, thanks))
		return thanks_say[pick % nitems(thanks_say)];
	if (strchr(text, '?'))
		return ask_say[pick % nitems(ask_say)];
	return say[pick % nitems(say)];
}

void event_demo_reply(struct req *r, const struct receipt *rc, const char *text, int64_t now_ms)
{
	const char *who = lane_key(rc), *url = webhook_of(r->st, rc->phone);
	int64_t due = now_ms + 4000;
	json_t *m, *e;

	if (!url || rc->group || rc->fail || json_object_get(r->st->replied, who))
		return;
	json_object_set_new(r->st->replied, who, json_true());
	m = must(
		json_pack("{s:s,s:{s:s}}", "type", "text", "text", "body", demo_words(text, text_hash(who))));
	fill(m, "from", rc->wa_id);
	fill(m, "from_user_id", rc->user_id);
	fill(m, "id", wamid_new(r->st, r->a, who, true));
	json_object_set_new(m, "timestamp", seconds(due));
	e = envelope(r, rc->phone, contact_json(r, rc->wa_id, rc->user_id, NULL), "messages",
		must(json_pack("[o]", m)));
	hook_later(r, hook_new(url, e, who, due));
	json_decref(e);
}

void event_template(struct req *r, const json_t *t, int64_t due_ms)
{
	const char *waba = jstr(t, "_waba"), *becomes = jstr(t, "_becomes"), *url = r->st->webhook, *id;
	bool rejected = !strcmp(becomes, "REJECTED");
	json_t *e, *p, *value;

	json_object_foreach(r->st->phones, id, p)
		if (jstr(p, "webhook") && !strcmp(jstr(p, "waba"), waba))
			url = jstr(p, "webhook");
	if (!url)
		return;
	value = must(json_pack("{s:s,s:I,s:s,s:s,s:s,s:s}", "event", becomes, "message_template_id",
		(json_int_t)strtoll(jstr(t, "id"), NULL, 10), "message_template_name", jstr(t, "name"),
		"message_template_language", jstr(t, "language"), "reason",
		rejected ? "INVALID_FORMAT" : "NONE", "message_template_category", jstr(t, "category")));
	if (rejected)
		json_object_set_new(value, "rejection_info",
			must(json_pack("{s:s,s:s}", "reason",
				"Your template does not follow the format rules.", "recommendation",
				"Describe each variable.")));
	e = must(json_pack("{s:s,s:[{s:s,s:I,s:[{s:o,s:s}]}]}", "object", "whatsapp_business_account",
		"entry", "id", waba, "time", (json_int_t)(due_ms / 1000), "changes", "value", value, "field",
		"message_template_status_update"));
	hook_later(r, hook_new(url, e, waba, due_ms));
	json_decref(e);
}
