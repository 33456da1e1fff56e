#include <stdlib.h>
#include <string.h>

#include "lib/base/text.h"
#include "model/whatsapp_json.h"

enum { ID_MAX = 512, TEXT_JOIN_MAX = 4000 };

bool wa_is_media(const char *type)
{
	return text_eq(type, "image") || text_eq(type, "video") || text_eq(type, "audio") || text_eq(type, "document") ||
	    text_eq(type, "sticker");
}

/* ---- the text of each type ---- */

static char *text_of_contacts(struct arena *a, const json_t *cards)
{
	struct buf b = { 0 };
	json_t *c;
	size_t i;

	json_array_foreach(cards, i, c) {
		const json_t *name = wj_object(c, "name");
		const json_t *phone = json_array_get(wj_array(c, "phones"), 0);
		const char *s = wj_text(a, name, "formatted_name");

		if (s == NULL)
			s = wj_text(a, name, "first_name");
		if (s == NULL)
			s = wj_text(a, phone, "phone");
		if (s == NULL || b.n > TEXT_JOIN_MAX)
			continue;
		buf_str(&b, b.n > 0 ? ", " : "");
		buf_str(&b, s);
	}
	return b.n > 0 ? wj_done(a, &b) : NULL;
}

static char *text_of_location(struct arena *a, const json_t *l)
{
	const char *name = wj_text(a, l, "name"), *address = wj_text(a, l, "address");
	const json_t *lat = json_object_get(l, "latitude"), *lon = json_object_get(l, "longitude");

	if (name != NULL && address != NULL && !text_eq(name, address))
		return arena_fmt(a, "%s, %s", name, address);
	if (name != NULL || address != NULL)
		return arena_str(a, name != NULL ? name : address);
	if (json_is_number(lat) && json_is_number(lon))
		return arena_fmt(a, "%.6f, %.6f", json_number_value(lat), json_number_value(lon));
	return NULL;
}

static char *text_of_order(struct arena *a, const json_t *o)
{
	char *text = wj_text(a, o, "text");
	struct buf b = { 0 };
	json_t *item;
	size_t i;

	if (text != NULL)
		return text;
	json_array_foreach(wj_array(o, "product_items"), i, item) {
		const char *what = wj_text(a, item, "product_retailer_id");

		if (what == NULL || b.n > TEXT_JOIN_MAX)
			continue;
		buf_fmt(&b, "%s%lld x %s", b.n > 0 ? ", " : "", (long long)wj_int(item, "quantity", 1), what);
	}
	return b.n > 0 ? wj_done(a, &b) : NULL;
}

static char *text_of_interactive(struct arena *a, const json_t *o)
{
	const char *type = wj_text(a, o, "type");
	const json_t *reply = type != NULL ? wj_object(o, type) : NULL;
	static const char *const keys[] = { "title", "body", "name" };

	for (size_t i = 0; i < nitems(keys); i++) {
		char *s = wj_text(a, reply, keys[i]);

		if (s != NULL)
			return s;
	}
	return NULL;
}

char *wa_message_text(struct arena *a, const char *type, const json_t *object)
{
	const json_t *o = type != NULL ? json_object_get(object, type) : NULL;
	static const char *const keys[] = { "body", "text", "caption", "title", "name" };

	if (text_eq(type, "contacts"))
		return text_of_contacts(a, o);
	if (text_eq(type, "location"))
		return text_of_location(a, o);
	if (text_eq(type, "order"))
		return text_of_order(a, o);
	if (text_eq(type, "interactive"))
		return text_of_interactive(a, o);
	for (size_t i = wa_is_media(type) ? 2 : 0; i < (wa_is_media(type) ? 3 : nitems(keys)); i++) {
		char *s = wj_text(a, o, keys[i]);

		if (s != NULL)
			return s;
	}
	return NULL;
}

/* ---- payload and media ---- */

static void drop_value(void *p)
{
	json_decref(p);
}

/* What of the message has no column of its own. Members of the content that were lifted out go, empty objects too. */
static char *payload_of(struct arena *a, const struct wa_message *m, const char *type, bool known, bool media)
{
	static const char *const common[] = { "id", "from", "from_user_id", "from_parent_user_id", "to", "to_user_id",
		"to_parent_user_id", "timestamp", "group_id" };
	static const char *const lifted[] = { "id", "mime_type", "sha256", "caption", "filename", "url", "voice" };
	json_t *copy = json_copy(m->object);
	json_t *content;

	arena_defer(a, drop_value, copy);
	for (size_t i = 0; i < nitems(common); i++)
		json_object_del(copy, common[i]);
	if (known)
		json_object_del(copy, "type");
	if (known && text_eq(type, "text"))
		json_object_del(copy, "text");
	if (media) {
		content = json_copy(json_object_get(copy, type));
		for (size_t i = 0; i < nitems(lifted); i++)
			json_object_del(content, lifted[i]);
		if (json_object_size(content) > 0)
			json_object_set(copy, type, content);
		else
			json_object_del(copy, type);
		json_decref(content);
	}
	if (!known && m->errors != NULL && json_object_get(copy, "errors") == NULL)
		json_object_set(copy, "errors", m->errors);
	return wj_dump(a, copy);
}

/* The one file of a media message; NULL when it names none. */
static char *media_of(struct arena *a, const char *type, const json_t *o)
{
	const char *id = wj_id(a, o, "id", 200), *name = wj_text(a, o, "filename");
	struct buf b = { 0 };

	if (id == NULL)
		return NULL;
	buf_str(&b, "[{");
	wj_put(&b, "kind", type);
	wj_put(&b, "external_id", id);
	wj_put(&b, "name", name != NULL ? utf8_cut(a, name, 200) : NULL);
	wj_put(&b, "mime", wj_id(a, o, "mime_type", 200));
	wj_put(&b, "sha256", wa_sha256(a, wj_text(a, o, "sha256")));
	if (wj_true(o, "voice"))
		wj_put_raw(&b, "voice", "true");
	buf_str(&b, "}]");
	return wj_done(a, &b);
}

/* The kinds that messages of ours may have; all others are "unsupported", with their payload. */
static bool kind_known(const char *type)
{
	static const char *const kinds[] = { "text", "location", "contacts", "interactive", "button", "order" };

	for (size_t i = 0; i < nitems(kinds); i++)
		if (text_eq(type, kinds[i]))
			return true;
	return wa_is_media(type);
}

static char *body_of(struct arena *a, const struct wa_message *m, const char *kind, const char *text,
    const char *payload, const char *media)
{
	const char *reply = wj_id(a, wj_object(m->object, "context"), "id", ID_MAX);
	struct buf b = { 0 };

	buf_char(&b, '{');
	wj_put(&b, "external_id", m->external_id);
	wj_put(&b, "kind", kind);
	wj_put(&b, "text", text);
	wj_put_raw(&b, "payload", payload);
	wj_put(&b, "at", utc_rfc3339(a, m->at));
	wj_put(&b, "reply_to", reply);
	wj_put(&b, "thread", m->thread);
	wj_put(&b, "author_name", m->author_name);
	if (m->echo)
		wj_put_raw(&b, "echo", "true");
	wj_put_raw(&b, "media", media);
	buf_char(&b, '}');
	return wj_done(a, &b);
}

char *wa_message_body(struct arena *a, const struct wa_message *m)
{
	const char *type = wj_text(a, m->object, "type");
	const json_t *content = type != NULL ? json_object_get(m->object, type) : NULL;
	bool known = kind_known(type) && (json_is_object(content) || json_is_array(content));
	const char *text = wa_message_text(a, type, m->object);
	bool media = known && wa_is_media(type);
	const char *file = media ? media_of(a, type, content) : NULL;

	if (known && text_eq(type, "text") && text == NULL)
		known = json_is_string(json_object_get(content, "body"));
	return body_of(a, m, known ? type : "unsupported", text, payload_of(a, m, type, known, file != NULL), file);
}

/* The session's keys are of no use to anybody later, and large. */
char *wa_call_body(struct arena *a, const struct wa_message *m)
{
	json_t *copy = json_copy(m->object);

	arena_defer(a, drop_value, copy);
	json_object_del(copy, "session");
	json_object_del(copy, "id");
	json_object_del(copy, "from");
	json_object_del(copy, "to");
	return body_of(a, m, "call", NULL, wj_dump(a, copy), NULL);
}
