/* send.c: POST /{phone}/messages after its body could be read: judge, accept, plan the statuses. */
#include <string.h>

#include "lib/base/text.h"
#include "tests/stub/stub.h"

/* A bucket of max tokens that gains one every ms; false when it is empty. */
static bool take_token(struct stub *st, const char *key, double max, double every_ms)
{
	json_t *b = json_object_get(st->rates, key);
	double now = (double)wall_ms(), n = max;

	if (b) {
		n = json_real_value(json_object_get(b, "n"))
			+ (now - json_real_value(json_object_get(b, "at"))) / every_ms;
		n = n > max ? max : n;
	}
	if (n < 1)
		return false;
	json_object_set_new(st->rates, key, must(json_pack("{s:f,s:f}", "n", n - 1, "at", now)));
	return true;
}

/* 80 messages a second for the number, a burst of 45 and then one in 6 s for the pair. */
static bool within_limits(struct check *c, const char *phone, const char *who)
{
	if (!c->st->limits)
		return true;
	if (!take_token(c->st, phone, 80, 1000.0 / 80))
		return refuse(&c->v, c->a, 130429,
			"Message failed to send because there were too many messages sent "
			"from this phone number in a short period of time");
	if (!take_token(c->st, arena_fmt(c->a, "%s/%s", phone, who), 45, 6000))
		return refuse(&c->v, c->a, 131056,
			"Message failed to send because there were too many messages sent "
			"from this phone number to the same phone number in a short period of time");
	return true;
}

static void line_set(struct req *r, const char *key, const char *value)
{
	if (value)
		json_object_set_new(r->line, key, must(json_string(value)));
}

/* The first fault that is meant for this recipient (strict: by its name), used once; a new reference or NULL. */
static json_t *fault_take(struct stub *st, const char *who, bool strict)
{
	json_t *f;
	size_t i;

	json_array_foreach(st->faults, i, f) {
		const char *to = jstr(f, "to");
		json_int_t left = json_integer_value(json_object_get(f, "count"));

		if (to ? strcmp(to, who) != 0 : strict)
			continue;
		json_incref(f);
		if (left <= 1)
			json_array_remove(st->faults, i);
		else
			json_object_set_new(f, "count", must(json_integer(left - 1)));
		return f;
	}
	return NULL;
}

/* True when the fault ends the request: it is not accepted. */
static bool fault_refuses(struct req *r, const json_t *f)
{
	const char *raw = jstr(f, "raw");
	int code = (int)json_integer_value(json_object_get(f, "code"));
	int http = (int)json_integer_value(json_object_get(f, "http"));

	r->delay_ms += json_integer_value(json_object_get(f, "delay_ms"));
	if (json_is_true(json_object_get(f, "drop"))) {
		r->drop = true;
		return true;
	}
	if (raw) {
		buf_str(&r->out, raw);
		r->type = "text/html; charset=utf-8";
		r->http = http ? http : 502;
		r->v.code = -1;
		return true;
	}
	if (!code && !http)
		return false;
	refuse(&r->v, r->a, code ? code : 131000, "%s", error_title(code ? code : 131000));
	if (http)
		r->v.http = http;
	return true;
}

bool fault_meant(struct req *r, const char *who)
{
	json_t *f = fault_take(r->st, who, true);
	bool refused = f && fault_refuses(r, f);

	json_decref(f);
	return refused;
}

static json_t *contact_out(const json_t *root, const struct receipt *rc)
{
	const char *to = jstr(root, "to");
	json_t *o = must(json_pack("{s:s}", "input", to ? to : jstr(root, "recipient")));

	if (rc->group)
		return o;
	if (rc->wa_id)
		json_object_set_new(o, "wa_id", must(json_string(rc->wa_id)));
	else
		json_object_set_new(o, "user_id", must(json_string(rc->user_id)));
	return o;
}

static void accept_message(struct req *r, struct check *c, struct receipt *rc)
{
	json_t *message = must(json_pack("{s:s}", "id", rc->wamid));
	int64_t now = wall_ms();

	if (!strcmp(c->type, "template"))
		json_object_set_new(message, "message_status", must(json_string("accepted")));
	line_set(r, "wamid", rc->wamid);
	event_statuses(r, rc, now);
	if (r->st->demo && !strcmp(c->type, "text"))
		event_demo_reply(r, rc, jstr(json_object_get(c->root, "text"), "body"), now);
	out_json(r, must(json_pack("{s:s,s:[o],s:[o]}", "messaging_product", "whatsapp", "contacts",
		contact_out(c->root, rc), "messages", message)));
}

/* Who it goes to: with both forms the phone wins. */
static void find_recipient(struct req *r, const json_t *root, struct receipt *rc)
{
	const char *kind = jstr(root, "recipient_type"), *to = jstr(root, "to");

	if (kind && !strcmp(kind, "group")) {
		rc->group = arena_str(r->a, to);
	} else if (to) {
		rc->wa_id = wa_id_of(r->st, r->a, number_digits(r->a, to));
		rc->user_id = bsuid_of(r->a, rc->wa_id);
	} else {
		rc->user_id = arena_str(r->a, jstr(root, "recipient"));
	}
	line_set(r, "to", rc->group ? rc->group : number_digits(r->a, to));
	line_set(r, "wa_id", rc->wa_id);
	line_set(r, "user_id", rc->user_id);
}

/* 131047 (window closed) does not concern templates. */
static int doom_of(const struct stub *st, const struct check *c, const char *who)
{
	int code = (int)json_integer_value(json_object_get(st->doomed, who));

	return code == 131047 && !strcmp(c->type, "template") ? 0 : code;
}

static void judge(struct req *r, struct check *c, const char *phone)
{
	struct receipt rc = { .phone = phone };
	const char *who, *digits = number_digits(r->a, jstr(c->root, "to"));
	json_t *fault;
	bool accept_then_drop;

	find_recipient(r, c->root, &rc);
	rc.opaque = jstr(c->root, "biz_opaque_callback_data");
	rc.category = c->category;
	who = rc.group ? rc.group : rc.wa_id ? rc.wa_id : rc.user_id;
	if (!within_limits(c, phone, who)) {
		r->v = c->v;
		return;
	}
	fault = fault_take(r->st, digits ? digits : who, false);
	if (fault)
		json_object_set(r->line, "fault", fault);
	if (!fault || !fault_refuses(r, fault)) {
		accept_then_drop = json_is_true(json_object_get(fault, "accept_then_drop"));
		rc.fail = (int)json_integer_value(json_object_get(fault, "then_failed"));
		if (!rc.fail)
			rc.fail = doom_of(r->st, c, who);
		rc.wamid = wamid_new(r->st, r->a, who, false);
		accept_message(r, c, &rc);
		r->drop = accept_then_drop;
	}
	json_decref(fault);
}

void send_message(struct req *r, const char *phone, bool marketing)
{
	json_error_t e;
	json_t *root = json_loadb(r->body.n ? r->body.p : "", r->body.n, JSON_REJECT_DUPLICATES, &e);
	struct check c = { .st = r->st, .a = r->a, .root = root };
	bool receipt = is_read_receipt(root);

	if (!root) {
		refuse(&r->v, r->a, 100, "The body is not JSON: %s", e.text);
		line_set(r, "raw",
			utf8_clean(r->a, r->body.n ? r->body.p : "", r->body.n > 2000 ? 2000 : r->body.n));
		return;
	}
	json_object_set(r->line, "body", root);
	if (!json_is_object(root))
		refuse(&c.v, r->a, 100, "The body is not a JSON object.");
	else if (receipt)
		check_read_receipt(&c);
	else if (check_message(&c) && marketing && strcmp(c.type, "template") != 0)
		refuse(&c.v, r->a, 100, "Only templates may go to marketing_messages.");
	line_set(r, "kind", receipt ? "mark_read" : "message");
	line_set(r, "type", c.type);
	line_set(r, "biz_opaque_callback_data", jstr(root, "biz_opaque_callback_data"));
	r->v = c.v;
	if (!c.v.code && receipt)
		out_json(r, must(json_pack("{s:b}", "success", 1)));
	else if (!c.v.code)
		judge(r, &c, phone);
	json_decref(root);
}
