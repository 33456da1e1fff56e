#include "model/whatsapp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "model/phone.h"
#include "model/whatsapp_json.h"

enum { ID_MAX = 512, NUMBER_MAX = 64, IDENTITY_MAX = 254, NOTES_MAX = 12 };

/* One change of a webhook while it is read. */
struct reader {
	struct arena *a;
	struct wa_batch *out;
	const char *number;
	const char *account;     /* the business account of the entry */
	const json_t *contacts;
	json_t *errors;
};

/* Who a message is from, or to. */
struct party { const char *phone, *key, *bsuid, *name, *username; };

static struct wa_item *item(struct reader *r, enum wa_what what, const char *unit)
{
	struct wa_batch *b = r->out;
	struct wa_item *i;

	if (b->n == b->cap) {
		struct wa_item *more = arena_array(r->a, b->cap > 0 ? b->cap * 2 : 16, sizeof(*more));

		if (b->n > 0)
			memcpy(more, b->items, b->n * sizeof(*more));
		b->cap = b->cap > 0 ? b->cap * 2 : 16;
		b->items = more;
	}
	i = &b->items[b->n++];
	i->what = what;
	i->number = r->number;
	i->unit = unit;
	i->at = UTC_NONE;
	return i;
}

void wa_note(struct arena *a, struct wa_batch *b, const char *text)
{
	struct wa_note **p = &b->notes;
	int n = 0;

	for (; *p != NULL; p = &(*p)->next, n++) {
		if (strcmp((*p)->text, text) == 0 || n == NOTES_MAX) {
			(*p)->count++;
			return;
		}
	}
	*p = ARENA_NEW(a, struct wa_note);
	(*p)->text = n == NOTES_MAX ? "and more" : arena_str(a, text);
	(*p)->count = 1;
}

char *wa_notes(struct arena *a, const struct wa_batch *b)
{
	struct buf out = { 0 };

	for (const struct wa_note *n = b->notes; n != NULL; n = n->next) {
		buf_str(&out, out.n > 0 ? "; " : "");
		if (n->count > 1)
			buf_fmt(&out, "%d x ", n->count);
		buf_str(&out, n->text);
	}
	return out.n > 0 ? wj_done(a, &out) : NULL;
}

/* ---- people ---- */

bool wa_bsuid_ok(const char *s)
{
	size_t n = s != NULL ? strlen(s) : 0;

	if (n < 4 || n > IDENTITY_MAX || s[0] < 'A' || s[0] > 'Z' || s[1] < 'A' || s[1] > 'Z' || s[2] != '.')
		return false;
	for (size_t i = 3; i < n; i++) {
		char c = s[i];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
			c == '_' || c == '-'))
			return false;
	}
	return true;
}

/* The member when it is a telephone number: digits, perhaps with signs people put between them. */
static char *number_of(struct arena *a, const json_t *o, const char *key)
{
	const char *s = wj_id(a, o, key, 40);
	char *digits;

	if (s == NULL || strspn(s, "0123456789 +-().") != strlen(s))
		return NULL;
	digits = phone_digits(a, s);
	return phone_key(a, digits) != NULL ? digits : NULL;
}

static char *bsuid_of(struct arena *a, const json_t *o, const char *key)
{
	char *s = wj_id(a, o, key, IDENTITY_MAX);

	return wa_bsuid_ok(s) ? s : NULL;
}

/* The entry of contacts[] for the party: by number or user id, never by position; the only one when the message names nobody. */
static const json_t *contact_of(const struct reader *r, const struct party *p)
{
	const json_t *c;
	size_t i;

	json_array_foreach(r->contacts, i, c) {
		const char *key = phone_key(r->a, number_of(r->a, c, "wa_id"));

		if ((p->key != NULL && text_eq(key, p->key)) || (p->bsuid != NULL && text_eq(bsuid_of(r->a, c, "user_id"), p->bsuid)))
			return c;
	}
	if (json_array_size(r->contacts) == 1 && p->key == NULL && p->bsuid == NULL)
		return json_array_get(r->contacts, 0);
	return NULL;
}

/* role is "from" or "to". False when nothing says who it is. */
static bool party_of(const struct reader *r, const json_t *m, const char *role, struct party *p)
{
	char uid[32];
	const json_t *c;

	snprintf(uid, sizeof(uid), "%s_user_id", role);
	*p = (struct party){ .phone = number_of(r->a, m, role), .bsuid = bsuid_of(r->a, m, uid) };
	if (p->bsuid == NULL)
		p->bsuid = bsuid_of(r->a, m, role);
	p->key = phone_key(r->a, p->phone);
	c = contact_of(r, p);
	if (p->phone == NULL) {
		p->phone = number_of(r->a, c, "wa_id");
		p->key = phone_key(r->a, p->phone);
	}
	if (p->bsuid == NULL)
		p->bsuid = bsuid_of(r->a, c, "user_id");
	p->name = wj_text(r->a, wj_object(c, "profile"), "name");
	p->username = wj_text(r->a, wj_object(c, "profile"), "username");
	return p->key != NULL || p->bsuid != NULL;
}

static void put_id(struct buf *b, const char *kind, const char *value, const char *shown)
{
	if (value == NULL)
		return;
	if (b->p[b->n - 1] == '}')
		buf_char(b, ',');
	buf_char(b, '{');
	wj_put(b, "kind", kind);
	wj_put(b, "value", value);
	wj_put(b, "shown", shown);
	buf_char(b, '}');
}

static char *ids_json(struct arena *a, const char *key, const char *phone, const char *bsuid)
{
	struct buf b = { 0 };

	buf_char(&b, '[');
	put_id(&b, "phone", key, phone);
	put_id(&b, "bsuid", bsuid, NULL);
	buf_char(&b, ']');
	return wj_done(a, &b);
}

static char *person_json(struct arena *a, const struct party *p)
{
	struct buf b = { 0 };

	buf_char(&b, '{');
	wj_put(&b, "channel", "whatsapp");
	wj_put(&b, "name", p->name);
	wj_put(&b, "username", p->username);
	wj_put_raw(&b, "ids", ids_json(a, p->key, p->phone, p->bsuid));
	buf_char(&b, '}');
	return wj_done(a, &b);
}

static char *group_json(struct arena *a, const char *id)
{
	size_t digits = strspn(id, "0123456789-");
	const char *tail = id;
	struct buf b = { 0 };

	buf_char(&b, '{');
	wj_put(&b, "channel", "whatsapp");
	wj_put(&b, "kind", "group");
	if (digits > 4) {
		tail += digits - 4;
		digits = 4;
	}
	wj_put(&b, "name", arena_fmt(a, "Grupo %.*s", (int)digits, tail));
	buf_str(&b, ",\"ids\":[");
	put_id(&b, "group", id, NULL);
	buf_str(&b, "]}");
	return wj_done(a, &b);
}

static const char *unit_of(struct arena *a, const struct party *p)
{
	return arena_fmt(a, "1%s", p->key != NULL ? p->key : p->bsuid);
}

static const char *peer_of(struct arena *a, const struct party *p)
{
	return p->key != NULL ? arena_fmt(a, "phone:%s", p->key) : arena_fmt(a, "bsuid:%s", p->bsuid);
}

/* ---- messages ---- */

/* The message's id, or one made of its content: the same message read again must be the same. */
static const char *message_id(struct arena *a, json_t *m)
{
	const char *id = wj_id(a, m, "id", ID_MAX);
	uint8_t hash[32];
	char *text;

	if (id != NULL)
		return id;
	text = json_dumps(m, JSON_COMPACT | JSON_SORT_KEYS);
	sha256(text, text != NULL ? strlen(text) : 0, hash);
	free(text);
	return arena_fmt(a, "sha256:%s", hex_encode(a, hash, sizeof(hash)));
}

static void read_reaction(struct reader *r, const json_t *m, const struct party *p, bool echo)
{
	const json_t *x = wj_object(m, "reaction");
	const char *target = wj_id(r->a, x, "message_id", ID_MAX), *emoji = wj_text(r->a, x, "emoji");
	struct wa_item *i;

	if (target == NULL) {
		wa_note(r->a, r->out, "reaction to nothing");
		return;
	}
	i = item(r, WA_REACTION, unit_of(r->a, p));
	i->person = echo ? NULL : person_json(r->a, p);
	i->external_id = target;
	i->emoji = emoji != NULL ? utf8_cut(r->a, emoji, 32) : "";
	i->at = wj_time(m, "timestamp");
}

/* what: "edit" or "revoke". */
static void read_change(struct reader *r, const json_t *m, const char *what)
{
	const json_t *x = wj_object(m, what), *inner = wj_object(x, "message");
	const char *target = wj_id(r->a, x, "original_message_id", ID_MAX), *type = wj_text(r->a, inner, "type"), *text;
	struct buf b = { 0 };
	struct wa_item *i;

	text = wa_message_text(r->a, type, inner);
	if (target == NULL || (strcmp(what, "edit") == 0 && text == NULL && !wa_is_media(type))) {
		wa_note(r->a, r->out, arena_fmt(r->a, "%s without content", what));
		return;
	}
	buf_char(&b, '{');
	wj_put(&b, "what", what);
	wj_put(&b, "at", utc_rfc3339(r->a, wj_time(m, "timestamp")));
	wj_put(&b, "text", text);
	buf_char(&b, '}');
	i = item(r, WA_CHANGE, "2");
	i->external_id = target;
	i->body = wj_done(r->a, &b);
}

/* The old user id is only told in the sentence "... changed from OLD to NEW", whose start the user chose. */
static char *old_user_id(struct arena *a, const char *body, const char *fresh)
{
	char *s = arena_str(a, body), *from = NULL, *to, *end;

	if (s == NULL || fresh == NULL)
		return NULL;
	for (char *p = s; (p = strstr(p, " from ")) != NULL; p++)
		from = p + 6;
	to = from != NULL ? strstr(from, " to ") : NULL;
	if (to == NULL)
		return NULL;
	*to = '\0';
	end = to + 4 + strlen(to + 4);
	if (end > to + 4 && end[-1] == '.')
		*--end = '\0';
	return strcmp(to + 4, fresh) == 0 && wa_bsuid_ok(from) ? from : NULL;
}

static char *system_line(
    struct arena *a, const char *id, const char *kind, const char *text, const char *payload, utc_t at)
{
	struct buf b = { 0 };

	buf_char(&b, '{');
	wj_put(&b, "external_id", id);
	wj_put(&b, "kind", kind);
	wj_put(&b, "text", text);
	wj_put_raw(&b, "payload", payload);
	wj_put(&b, "at", utc_rfc3339(a, at));
	buf_char(&b, '}');
	return wj_done(a, &b);
}

static char *number_changed(struct arena *a, const char *phone)
{
	struct buf b = { 0 };

	buf_char(&b, '{');
	wj_put(&b, "what", "number_changed");
	wj_put(&b, "arg", phone_show(a, phone));
	buf_char(&b, '}');
	return wj_done(a, &b);
}

static void read_system(struct reader *r, json_t *m)
{
	struct arena *a = r->a;
	const json_t *s = wj_object(m, "system");
	const char *type = wj_text(a, s, "type"), *body = wj_text(a, s, "body"), *id = message_id(a, m);
	const char *fresh_id = bsuid_of(a, s, "user_id"), *fresh = number_of(a, s, "wa_id");
	struct party p;
	struct wa_item *i;

	if (fresh == NULL)
		fresh = number_of(a, s, "new_wa_id");
	party_of(r, m, "from", &p);
	if (p.bsuid == NULL || text_eq(p.bsuid, fresh_id))
		p.bsuid = old_user_id(a, body, fresh_id);
	if (p.key == NULL && p.bsuid == NULL) {
		wa_note(a, r->out, arena_fmt(a, "system message (%.40s) about nobody", type != NULL ? type : "?"));
		return;
	}
	i = item(r, WA_SYSTEM, unit_of(a, &p));
	i->person = person_json(a, &p);
	i->links = ids_json(a, phone_key(a, fresh), fresh, fresh_id);
	if (fresh != NULL && !text_eq(phone_key(a, fresh), p.key)) {
		i->peer = arena_fmt(a, "phone:%s", phone_key(a, fresh));
		i->text = fresh;
		i->body = system_line(a, id, "activity", NULL, number_changed(a, fresh), wj_time(m, "timestamp"));
	} else if (fresh_id == NULL) {
		i->body = system_line(a, id, "system", body, wj_dump(a, json_object_get(m, "system")), wj_time(m, "timestamp"));
	}
}

static void add_message(struct reader *r, json_t *m, const struct party *p, bool echo, bool call)
{
	const char *group = wj_id(r->a, m, "group_id", IDENTITY_MAX);
	struct wa_message msg = { .external_id = message_id(r->a, m), .echo = echo, .at = wj_time(m, "timestamp"), .object = m,
		.errors = r->errors, .thread = group };
	struct wa_item *i;

	if (group != NULL)
		msg.author_name = p->name != NULL ? p->name : p->username;
	if (group != NULL && msg.author_name == NULL)
		msg.author_name = phone_show(r->a, p->phone);
	i = item(r, WA_MESSAGE, group != NULL ? arena_fmt(r->a, "1%s", group) : unit_of(r->a, p));
	i->external_id = msg.external_id;
	i->person = group != NULL ? group_json(r->a, group) : person_json(r->a, p);
	i->peer = group != NULL || echo ? NULL : peer_of(r->a, p);
	i->body = call ? wa_call_body(r->a, &msg) : wa_message_body(r->a, &msg);
}

static void read_message(struct reader *r, json_t *m, bool echo)
{
	const char *type = wj_text(r->a, m, "type");
	struct party p;

	if (!json_is_object(m))
		wa_note(r->a, r->out, "message that is no object");
	else if (text_eq(type, "system") && wj_object(m, "system") != NULL)
		read_system(r, m);
	else if (text_eq(type, "edit") || text_eq(type, "revoke"))
		read_change(r, m, type);
	else if (!party_of(r, m, echo ? "to" : "from", &p) && wj_id(r->a, m, "group_id", IDENTITY_MAX) == NULL)
		wa_note(r->a, r->out, "message without sender");
	else if (text_eq(type, "reaction") && (p.key != NULL || p.bsuid != NULL))
		read_reaction(r, m, &p, echo);
	else
		add_message(r, m, &p, echo, false);
}

static void read_call(struct reader *r, json_t *m)
{
	bool ours = text_eq(wj_text(r->a, m, "direction"), "BUSINESS_INITIATED");
	struct party p;

	if (!json_is_object(m) || !party_of(r, m, ours ? "to" : "from", &p))
		wa_note(r->a, r->out, "call without caller");
	else
		add_message(r, m, &p, ours, true);
}

/* ---- statuses and the rest ---- */

static const char *status_known(const char *s)
{
	static const char *const known[] = { "sent", "delivered", "read", "failed" };

	for (size_t i = 0; i < nitems(known); i++)
		if (text_eq(s, known[i]))
			return known[i];
	return text_eq(s, "played") ? "read" : NULL;
}

static void read_status(struct reader *r, const json_t *s)
{
	const char *id = wj_id(r->a, s, "id", ID_MAX), *said = wj_text(r->a, s, "status"), *status = status_known(said);
	const char *opaque = wj_id(r->a, s, "biz_opaque_callback_data", ID_MAX);
	const json_t *error = json_array_get(wj_array(s, "errors"), 0);
	int64_t code = wj_int(error, "code", 0);
	struct buf b = { 0 };
	struct wa_item *i;

	if (id == NULL || status == NULL || text_eq(wj_text(r->a, s, "type"), "call")) {
		wa_note(r->a, r->out, arena_fmt(r->a, "status %.40s not used", said != NULL ? said : "?"));
		return;
	}
	buf_char(&b, '{');
	wj_put(&b, "what", "status");
	wj_put(&b, "status", status);
	wj_put(&b, "at", utc_rfc3339(r->a, wj_time(s, "timestamp")));
	if (error != NULL && code > 0 && code <= INT32_MAX)
		wj_put_raw(&b, "error_code", arena_fmt(r->a, "%lld", (long long)code));
	wj_put(&b, "error_text", wj_error_text(r->a, error));
	wj_put_raw(&b, "pricing", wj_dump(r->a, wj_object(s, "pricing")));
	buf_char(&b, '}');
	i = item(r, WA_CHANGE, "2");
	i->external_id = id;
	i->opaque = opaque != NULL && id_ok(opaque) ? opaque : NULL;
	i->body = wj_done(r->a, &b);
}

static void read_user_id(struct reader *r, const json_t *u)
{
	const json_t *ids = wj_object(u, "user_id");
	const char *old = bsuid_of(r->a, ids, "previous"), *fresh = bsuid_of(r->a, ids, "current");
	struct party p = { .phone = number_of(r->a, u, "wa_id"), .bsuid = old };
	struct wa_item *i;

	p.key = phone_key(r->a, p.phone);
	if (fresh == NULL || (p.key == NULL && old == NULL)) {
		wa_note(r->a, r->out, "user id update about nobody");
		return;
	}
	i = item(r, WA_SYSTEM, unit_of(r->a, &p));
	i->person = person_json(r->a, &p);
	i->links = ids_json(r->a, NULL, NULL, fresh);
}

/* What may stop messages altogether; the rest of the account's news is kept with the event only. */
static bool read_account(struct reader *r, const char *field, const json_t *v)
{
	const char *event = wj_text(r->a, v, "event"), *more;
	struct wa_item *i;

	if (text_eq(field, "account_review_update") && text_eq(wj_text(r->a, v, "decision"), "REJECTED"))
		event = "REVIEW_REJECTED";
	else if (!text_eq(field, "account_update") || event == NULL ||
	    (strcmp(event, "ACCOUNT_VIOLATION") != 0 && strcmp(event, "ACCOUNT_RESTRICTION") != 0 &&
	    strcmp(event, "DISABLED_UPDATE") != 0 && strcmp(event, "ACCOUNT_OFFBOARDED") != 0))
		return false;
	more = wj_text(r->a, wj_object(v, "violation_info"), "violation_type");
	i = item(r, WA_ACCOUNT, "3");
	i->number = NULL;
	i->text = more != NULL ? arena_fmt(r->a, "%s: %s", event, more) : event;
	return true;
}

/* Whatever was said of a template: its account's list is fetched anew. */
static bool read_template(struct reader *r, const char *field)
{
	struct wa_item *i;

	if (field == NULL || (strncmp(field, "message_template_", 17) != 0 && strcmp(field, "template_category_update") != 0) ||
	    r->account == NULL || r->account[strspn(r->account, "0123456789")] != '\0')
		return false;
	i = item(r, WA_TEMPLATE, arena_fmt(r->a, "4:%s", r->account));
	i->number = NULL;
	i->text = r->account;
	return true;
}

static void read_value(struct reader *r, const char *field, const json_t *v)
{
	static const char *const lists[] = { "messages", "message_echoes", "statuses", "calls", "user_id_update" };
	bool used = false;
	json_t *x;
	size_t i;

	r->number = wj_id(r->a, wj_object(v, "metadata"), "phone_number_id", NUMBER_MAX);
	r->contacts = wj_array(v, "contacts");
	r->errors = wj_array(v, "errors");
	for (size_t l = 0; l < nitems(lists); l++) {
		const json_t *list = wj_array(v, lists[l]);

		used = used || list != NULL;
		if (list != NULL && r->number == NULL) {
			wa_note(r->a, r->out, arena_fmt(r->a, "%s without phone_number_id", lists[l]));
			continue;
		}
		json_array_foreach(list, i, x) {
			switch (l) {
			case 0: read_message(r, x, false); break;
			case 1: read_message(r, x, true); break;
			case 2: read_status(r, x); break;
			case 3: read_call(r, x); break;
			default: read_user_id(r, x); break;
			}
		}
	}
	if (!used && !read_account(r, field, v) && !read_template(r, field))
		wa_note(r->a, r->out, arena_fmt(r->a, "field %.40s not used", field != NULL ? field : "?"));
}

/* By number, unit and (for changes) the message meant: transactions that run side by side lock in one order. */
static int compare(const void *x, const void *y)
{
	const struct wa_item *p = x, *q = y;
	int c = strcmp(p->number != NULL ? p->number : "", q->number != NULL ? q->number : "");

	if (c == 0)
		c = strcmp(p->unit, q->unit);
	if (c == 0 && p->what == WA_CHANGE && q->what == WA_CHANGE)
		c = strcmp(p->external_id, q->external_id);
	if (c == 0)
		c = p->seq < q->seq ? -1 : 1;
	return c;
}

void wa_read(struct arena *a, const char *body, size_t n, struct wa_batch *out)
{
	struct reader r = { .a = a, .out = out };
	json_t *root, *entry, *change;
	size_t i, k;

	*out = (struct wa_batch){ 0 };
	root = wj_parse(a, body, n, &out->fault);
	if (root == NULL)
		return;
	if (!text_eq(wj_text(a, root, "object"), "whatsapp_business_account")) {
		out->fault = "not a WhatsApp webhook";
		return;
	}
	json_array_foreach(wj_array(root, "entry"), i, entry) {
		r.account = wj_id(a, entry, "id", 40);
		json_array_foreach(wj_array(entry, "changes"), k, change)
			read_value(&r, wj_text(a, change, "field"), wj_object(change, "value"));
	}
	for (size_t j = 0; j < out->n; j++)
		out->items[j].seq = j;
	if (out->n > 1)
		qsort(out->items, out->n, sizeof(*out->items), compare);
	if (out->n == 0 && out->notes == NULL)
		wa_note(a, out, "nothing in it");
}
