/* control.c: /control: what tests tell the double to do, and what they ask it. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "tests/stub/stub.h"

static bool unknown_key(json_t *o, const char *const *keys)
{
	const char *key;
	json_t *v;
	bool found = true;

	json_object_foreach(o, key, v) {
		found = false;
		for (const char *const *k = keys; *k && !found; k++)
			found = !strcmp(*k, key);
		if (!found)
			break;
	}
	return !found;
}

static const char *fail_one(struct stub *st, json_t *f)
{
	static const char *const keys[] = { "count", "http", "code", "drop", "accept_then_drop", "delay_ms",
		"raw", "then_failed", "to", NULL };
	json_t *copy;

	if (!json_is_object(f) || unknown_key(f, keys))
		return "fail_next: count http code drop accept_then_drop delay_ms raw then_failed to";
	if (json_integer_value(json_object_get(f, "http"))
		&& (json_integer_value(json_object_get(f, "http")) < 200
			|| json_integer_value(json_object_get(f, "http")) > 599))
		return "fail_next: http must be 200 to 599";
	copy = must(json_deep_copy(f));
	if (!json_object_get(copy, "count"))
		json_object_set_new(copy, "count", must(json_integer(1)));
	json_array_append_new(st->faults, copy);
	return NULL;
}

static const char *set_fail(struct req *r, json_t *v)
{
	const char *why = NULL;
	json_t *f;
	size_t i;

	if (json_is_null(v))
		json_array_clear(r->st->faults);
	if (json_is_null(v))
		return NULL;
	if (!json_is_array(v))
		return fail_one(r->st, v);
	json_array_foreach(v, i, f)
		why = why ? why : fail_one(r->st, f);
	return why;
}

static const char *set_delay(struct req *r, json_t *v)
{
	if (!json_is_integer(v) || json_integer_value(v) < 0 || json_integer_value(v) > 600000)
		return "delay_ms must be 0 to 600000";
	r->st->delay_ms = json_integer_value(v);
	return NULL;
}

static const char *set_bool(bool *to, const json_t *v)
{
	if (!json_is_boolean(v))
		return "must be true or false";
	*to = json_is_true(v);
	return NULL;
}

static const char *set_sink(struct req *r, json_t *v)
{
	if (!json_is_integer(v) || json_integer_value(v) < 200 || json_integer_value(v) > 599)
		return "sink_http must be 200 to 599";
	r->st->sink_http = (int)json_integer_value(v);
	return NULL;
}

static const char *set_statuses(struct req *r, json_t *v) { return set_bool(&r->st->statuses, v); }
static const char *set_duplicates(struct req *r, json_t *v) { return set_bool(&r->st->duplicates, v); }
static const char *set_down(struct req *r, json_t *v) { return set_bool(&r->st->down, v); }

static const char *set_limits(struct req *r, json_t *v)
{
	json_object_clear(r->st->rates);
	return set_bool(&r->st->limits, v);
}

static const char *set_order(struct req *r, json_t *v)
{
	const char *s = json_string_value(v);

	if (!s || (strcmp(s, "shuffle") != 0 && strcmp(s, "time") != 0))
		return "status_order must be time or shuffle";
	r->st->shuffle = !strcmp(s, "shuffle");
	return NULL;
}

static const char *set_steps(struct req *r, json_t *v)
{
	json_t *x;
	size_t i;

	if (json_array_size(v) != STATUS_STEPS)
		return "status_delay_ms must be [sent, delivered, read]";
	json_array_foreach(v, i, x)
		if (!json_is_integer(x) || json_integer_value(x) < 0)
			return "status_delay_ms must hold milliseconds";
	json_array_foreach(v, i, x)
		r->st->step_ms[i] = json_integer_value(x);
	return NULL;
}

static const char *set_expire(struct req *r, json_t *v)
{
	if (!json_is_number(v) || json_number_value(v) < 0 || json_number_value(v) > 1e6)
		return "media_expire_s must be a number of seconds";
	r->st->media_expire_ms = (int64_t)(json_number_value(v) * 1000);
	return NULL;
}

/* {"number": "5531...", "fails": 131026}: accepted, then failed; 0 heals it. */
static const char *set_recipient(struct req *r, json_t *v)
{
	const char *number = number_digits(r->a, jstr(v, "number"));
	const char *who = number ? wa_id_of(r->st, r->a, number) : jstr(v, "user_id");
	const json_t *code = json_object_get(v, "fails");

	if (!who || !json_is_integer(code))
		return "recipient needs number (or user_id) and fails (an error code)";
	json_object_set_new(r->st->doomed, who, must(json_integer(json_integer_value(code))));
	return NULL;
}

static const char *set_old(struct req *r, json_t *v)
{
	json_t *x;
	size_t i;

	if (!json_is_array(v))
		return "old_wa_id must be a list of numbers with the ninth digit";
	json_array_foreach(v, i, x) {
		const char *s = number_digits(r->a, json_string_value(x));

		if (!s || strlen(s) != 13 || !text_starts(s, "55") || s[4] != '9')
			return "old_wa_id must be a list of Brazilian mobiles with the ninth digit";
		json_object_set_new(r->st->old_wa, s, json_true());
	}
	return NULL;
}

static const char *set_phone(struct req *r, json_t *v)
{
	return phone_add(r->st, jstr(v, "id"), jstr(v, "token"), jstr(v, "webhook"), jstr(v, "waba"));
}

static const char *set_media(struct req *r, json_t *v)
{
	const char *id = jstr(v, "id"), *mime = jstr(v, "mime_type"), *text = jstr(v, "text");
	const char *b64 = jstr(v, "base64");
	size_t n = text ? strlen(text) : 0;
	const void *p = text;

	if (!id || !mime || !*id || strlen(id) > 64)
		return "media needs id, mime_type, and base64 or text";
	if (!text)
		p = b64 ? base64_decode(r->a, b64, &n) : NULL;
	if (!p)
		return "media needs base64 or text";
	medium_add(r->st, id, mime, jstr(v, "phone_number_id"), p, n);
	return NULL;
}

static const char *set_template(struct req *r, json_t *v)
{
	return template_add(r->st, v) ? NULL : "template needs name, language and components";
}

/* {"phone_number_id"?, "body": object or text, "bad_signature"?}: sent as it is. */
static const char *set_webhook(struct req *r, json_t *v)
{
	const json_t *body = json_object_get(v, "body");
	const char *phone = jstr(v, "phone_number_id"),
		   *url = phone ? webhook_of(r->st, phone) : r->st->webhook;
	char *text;

	if (!url || !(json_is_object(body) || json_is_string(body)))
		return "webhook needs body (an object or text) and a number or --webhook that has an address";
	text = json_is_string(body) ? strdup(json_string_value(body)) : meta_json(body);
	hook_later(r, hook_raw(url, text ? text : "", json_is_true(json_object_get(v, "bad_signature"))));
	free(text);
	return NULL;
}

static const char *inbound_one(struct req *r, json_t *in, json_t *ids)
{
	const char *why = NULL, *id;

	if (!json_is_object(in))
		return "inbound must be an object";
	id = event_inbound(r, in, &why);
	if (id)
		json_array_append_new(ids, must(json_string(id)));
	return why;
}

static const char *set_inbound(struct req *r, json_t *v)
{
	json_t *ids = must(json_array()), *in;
	const char *why = NULL;
	size_t i;

	json_array_foreach(v, i, in)
		why = why ? why : inbound_one(r, in, ids);
	if (!json_is_array(v))
		why = inbound_one(r, v, ids);
	if (why)
		json_decref(ids);
	else
		out_json(r, must(json_pack("{s:b,s:o}", "ok", 1, "inbound", ids)));
	return why;
}

void control_reset(struct stub *st)
{
	json_array_clear(st->faults);
	json_object_clear(st->doomed);
	json_object_clear(st->rates);
	json_array_clear(st->sink);
	st->sink_http = 200;
	json_object_clear(st->old_wa);
	json_object_update(st->old_wa, st->config_old_wa);
	templates_load(st);
	st->delay_ms = 0;
	st->media_expire_ms = 300 * 1000;
	st->statuses = st->default_statuses;
	st->shuffle = st->duplicates = st->down = st->limits = false;
	memcpy(st->step_ms, st->config_step_ms, sizeof st->step_ms);
	if (st->hooks)
		hooks_drop(st->hooks);
}

static const char *set_reset(struct req *r, json_t *v)
{
	if (!json_is_true(v))
		return "reset must be true";
	control_reset(r->st);
	return NULL;
}

/* In the order in which they take effect. */
static const struct member {
	const char *name;
	const char *(*set)(struct req *r, json_t *v);
} members[] = {
	{ "reset", set_reset },
	{ "down", set_down },
	{ "delay_ms", set_delay },
	{ "fail_next", set_fail },
	{ "limits", set_limits },
	{ "statuses", set_statuses },
	{ "status_order", set_order },
	{ "status_delay_ms", set_steps },
	{ "duplicates", set_duplicates },
	{ "media_expire_s", set_expire },
	{ "sink_http", set_sink },
	{ "old_wa_id", set_old },
	{ "phone", set_phone },
	{ "media", set_media },
	{ "template", set_template },
	{ "recipient", set_recipient },
	{ "webhook", set_webhook },
	{ "inbound", set_inbound },
};

static void complain(struct req *r, int http, const char *what, const char *why)
{
	r->http = http;
	out_json(r, must(json_pack("{s:b,s:s,s:s}", "ok", 0, "member", what, "error", why)));
}

static void apply(struct req *r, json_t *root)
{
	for (size_t i = 0; i < nitems(members); i++) {
		json_t *v = json_object_get(root, members[i].name);
		const char *why = v ? members[i].set(r, v) : NULL;

		if (why) {
			complain(r, 400, members[i].name, why);
			return;
		}
	}
	if (!r->out.n)
		out_json(r, must(json_pack("{s:b}", "ok", 1)));
}

static void command(struct req *r)
{
	json_t *root = json_loadb(r->body.n ? r->body.p : "", r->body.n, JSON_REJECT_DUPLICATES, NULL);
	const char *keys[nitems(members) + 1] = { 0 };

	for (size_t i = 0; i < nitems(members); i++)
		keys[i] = members[i].name;
	if (r->too_big || !json_is_object(root))
		complain(r, 400, "", "the body must be a JSON object");
	else if (unknown_key(root, keys))
		complain(r, 400, "", "unknown member");
	else
		apply(r, root);
	json_decref(root);
}

static void stats(struct req *r)
{
	struct stub *st = r->st;
	json_int_t media = 0;

	for (const struct medium *m = st->media; m; m = m->next)
		media++;
	out_json(r,
		must(json_pack("{s:I,s:I,s:I,s:I,s:{s:I,s:I,s:I,s:I},s:I,s:I,s:I}", "requests",
			(json_int_t)st->requests, "accepted", (json_int_t)st->accepted, "refused",
			(json_int_t)st->refused, "dropped", (json_int_t)st->dropped, "webhooks", "pending",
			(json_int_t)st->pending, "delivered", (json_int_t)st->delivered, "retries",
			(json_int_t)st->retries, "given_up", (json_int_t)st->given_up, "media", media,
			"faults", (json_int_t)json_array_size(st->faults), "journal_lines",
			(json_int_t)journal_lines(st->journal))));
}

static bool from_here(struct req *r)
{
	const union MHD_ConnectionInfo *i =
		MHD_get_connection_info(r->conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct sockaddr_in a4;
	struct sockaddr_in6 a6;

	if (!i || !i->client_addr)
		return false;
	if (i->client_addr->sa_family == AF_INET) {
		memcpy(&a4, i->client_addr, sizeof a4);
		return ntohl(a4.sin_addr.s_addr) >> 24 == 127;
	}
	memcpy(&a6, i->client_addr, sizeof a6);
	return i->client_addr->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&a6.sin6_addr);
}

void control_request(struct req *r)
{
	const char *secret = header(r, "X-Control-Secret"), *from_text = query(r, "from");
	bool get = !strcmp(r->method, "GET");
	int64_t from = 0;

	/* a page in somebody's browser is not a test */
	if (!from_here(r) || header(r, "Origin")) {
		complain(r, 403, "", "not from here");
	} else if (r->st->control_secret && !secret_equal(r->st->control_secret, secret)) {
		complain(r, 401, "", "X-Control-Secret");
	} else if (get && !strcmp(r->path, "/control/stats")) {
		stats(r);
	} else if (get && !strcmp(r->path, "/control/journal")) {
		if (from_text && !parse_i64(from_text, 0, INT64_MAX, &from))
			complain(r, 400, "from", "must be a line number");
		else
			r->http = journal_read(r->st->journal, (uint64_t)from, &r->out) ? 200 : 500;
	} else if (!strcmp(r->path, "/control/sink")) {
		if (get)
			sink_show(r);
		else
			sink_take(r);
	} else if (!strcmp(r->method, "POST") && !strcmp(r->path, "/control")) {
		command(r);
	} else {
		complain(r, 404, "", "POST /control; GET /control/journal, /control/stats, /control/sink");
	}
}
