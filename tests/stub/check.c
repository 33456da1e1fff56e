/* check.c: what Meta documents about the body of POST /{phone}/messages. */
#include <string.h>

#include "lib/base/text.h"
#include "tests/stub/stub.h"

#define KEYS(...) ((const char *const[]) { __VA_ARGS__, NULL })

bool check_keys(struct check *c, json_t *o, const char *path, const char *const *keys)
{
	const char *key;
	json_t *v;

	json_object_foreach(o, key, v) {
		const char *const *k = keys;

		while (*k && strcmp(*k, key) != 0)
			k++;
		if (!*k)
			return refuse(&c->v, c->a, 100, "Unexpected key \"%s\" on param \"%s\".", key, path);
	}
	return true;
}

bool check_str(struct check *c, const json_t *o, const char *path, const char *key, size_t min, size_t max,
	bool need)
{
	const json_t *v = json_object_get(o, key);
	size_t n;

	if (!v && !need)
		return true;
	if (!v)
		return refuse(&c->v, c->a, 131008, "The parameter %s['%s'] is required.", path, key);
	if (!json_is_string(v))
		return refuse(&c->v, c->a, 100, "Param %s['%s'] must be a string.", path, key);
	n = utf8_len(json_string_value(v));
	if (n < min)
		return refuse(&c->v, c->a, 100, "Param %s['%s'] must be at least %zu characters long.", path,
			key, min);
	if (n > max)
		return refuse(&c->v, c->a, 100, "Param %s['%s'] must be at most %zu characters long.", path,
			key, max);
	return true;
}

static bool check_bool(struct check *c, const json_t *o, const char *path, const char *key)
{
	const json_t *v = json_object_get(o, key);

	if (v && !json_is_boolean(v))
		return refuse(&c->v, c->a, 100, "Param %s['%s'] must be a boolean.", path, key);
	return true;
}

static bool check_text(struct check *c, json_t *o)
{
	return check_keys(c, o, "text", KEYS("body", "preview_url"))
		&& check_str(c, o, "text", "body", 1, 4096, true)
		&& check_bool(c, o, "text", "preview_url");
}

static bool check_stored(struct check *c, const json_t *o, const char *kind)
{
	const char *id = jstr(o, "id");
	struct medium *m = id ? medium_find(c->st, id) : NULL;
	size_t max;

	if (!m)
		return refuse(&c->v, c->a, 100,
			"Param %s['id'] is not a valid whatsapp business account media attachment ID", kind);
	if (!media_kind_ok(kind, m->mime, &max))
		return refuse(
			&c->v, c->a, 131053, "The media is %s, which cannot be sent as %s", m->mime, kind);
	if (m->n > max)
		return refuse(
			&c->v, c->a, 131053, "The media has %zu bytes, %s may have %zu", m->n, kind, max);
	if (json_is_true(json_object_get(o, "voice")) && !text_starts(m->mime, "audio/ogg"))
		return refuse(&c->v, c->a, 131053, "A voice message must be audio/ogg with the OPUS codec");
	return true;
}

bool check_media(struct check *c, json_t *o, const char *kind)
{
	const json_t *id = json_object_get(o, "id"), *link = json_object_get(o, "link");
	bool image = !strcmp(kind, "image") || !strcmp(kind, "video"), document = !strcmp(kind, "document");
	bool audio = !strcmp(kind, "audio");

	if (!json_is_object(o))
		return refuse(&c->v, c->a, 100, "Param %s must be a JSON object.", kind);
	if (!check_keys(c, o, kind,
			document        ? KEYS("id", "link", "caption", "filename")
				: image ? KEYS("id", "link", "caption")
				: audio ? KEYS("id", "link", "voice")
					: KEYS("id", "link")))
		return false;
	if (!id == !link)
		return refuse(&c->v, c->a, 100, "Param %s must have exactly one of id and link.", kind);
	if (!check_str(c, o, kind, "caption", 0, 1024, false)
		|| !check_str(c, o, kind, "filename", 1, 240, false) || !check_bool(c, o, kind, "voice"))
		return false;
	if (id)
		return check_stored(c, o, kind);
	if (!check_str(c, o, kind, "link", 9, 2048, true))
		return false;
	if (!text_starts(json_string_value(link), "https://"))
		return refuse(&c->v, c->a, 100, "Param %s['link'] must be a https URL.", kind);
	return true;
}

static bool check_degrees(struct check *c, const json_t *o, const char *key, double limit)
{
	const json_t *v = json_object_get(o, key);
	double d = json_number_value(v);

	if (!v)
		return refuse(&c->v, c->a, 131008, "The parameter location['%s'] is required.", key);
	if (!json_is_number(v) || d < -limit || d > limit)
		return refuse(&c->v, c->a, 131009,
			"Param location['%s'] must be a number from -%.0f to %.0f.", key, limit, limit);
	return true;
}

static bool check_location(struct check *c, json_t *o)
{
	return check_keys(c, o, "location", KEYS("latitude", "longitude", "name", "address"))
		&& check_degrees(c, o, "latitude", 90) && check_degrees(c, o, "longitude", 180)
		&& check_str(c, o, "location", "name", 1, 1000, false)
		&& check_str(c, o, "location", "address", 1, 1000, false);
}

static bool check_contact(struct check *c, json_t *o)
{
	json_t *name = json_object_get(o, "name"), *phones = json_object_get(o, "phones"), *p;
	size_t i;

	if (!json_is_object(o))
		return refuse(&c->v, c->a, 100, "Param contacts must be a list of objects.");
	if (!check_keys(c, o, "contacts",
			KEYS("name", "phones", "emails", "addresses", "org", "urls", "birthday")))
		return false;
	if (!json_is_object(name))
		return refuse(&c->v, c->a, 131008, "The parameter contacts['name'] is required.");
	if (!check_keys(c, name, "contacts['name']", KEYS("formatted_name", "first_name", "last_name",
		"middle_name", "suffix", "prefix"))
		|| !check_str(c, name, "contacts['name']", "formatted_name", 1, 1000, true))
		return false;
	if (json_object_size(name) < 2)
		return refuse(&c->v, c->a, 131008,
			"contacts['name'] needs formatted_name and at least one other part of the name.");
	if (phones && !json_is_array(phones))
		return refuse(&c->v, c->a, 100, "Param contacts['phones'] must be a list.");
	json_array_foreach(phones, i, p) {
		if (!json_is_object(p))
			return refuse(
				&c->v, c->a, 100, "Param contacts['phones'] must be a list of objects.");
		if (!check_keys(c, p, "contacts['phones']", KEYS("phone", "type", "wa_id"))
			|| !check_str(c, p, "contacts['phones']", "phone", 1, 100, true))
			return false;
	}
	return true;
}

static bool check_contacts(struct check *c, json_t *o)
{
	json_t *one;
	size_t i;

	if (json_array_size(o) < 1 || json_array_size(o) > 257)
		return refuse(&c->v, c->a, 100, "Param contacts must be a list of 1 to 257 contacts.");
	json_array_foreach(o, i, one)
		if (!check_contact(c, one))
			return false;
	return true;
}

static bool check_reaction(struct check *c, json_t *o)
{
	if (!check_keys(c, o, "reaction", KEYS("message_id", "emoji"))
		|| !check_str(c, o, "reaction", "message_id", 1, 512, true)
		|| !check_str(c, o, "reaction", "emoji", 0, 16, true))
		return false;
	if (!wamid_ok(jstr(o, "message_id")))
		return refuse(&c->v, c->a, 131009, "Param reaction['message_id'] is not a message id.");
	return true;
}

static bool check_image(struct check *c, json_t *o) { return check_media(c, o, "image"); }
static bool check_video(struct check *c, json_t *o) { return check_media(c, o, "video"); }
static bool check_audio(struct check *c, json_t *o) { return check_media(c, o, "audio"); }
static bool check_document(struct check *c, json_t *o) { return check_media(c, o, "document"); }
static bool check_sticker(struct check *c, json_t *o) { return check_media(c, o, "sticker"); }

static const struct kind {
	const char *name;
	bool (*check)(struct check *c, json_t *o);
} kinds[] = {
	{ "text", check_text }, { "image", check_image }, { "video", check_video }, { "audio", check_audio },
	{ "document", check_document }, { "sticker", check_sticker }, { "location", check_location },
	{ "contacts", check_contacts }, { "reaction", check_reaction }, { "interactive", check_interactive },
	{ "template", check_template },
};

static const struct kind *kind_find(const char *name)
{
	for (size_t i = 0; i < nitems(kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

static bool check_product(struct check *c)
{
	const char *product = jstr(c->root, "messaging_product");

	if (!json_object_get(c->root, "messaging_product"))
		return refuse(&c->v, c->a, 100, "The parameter messaging_product is required.");
	if (!product || strcmp(product, "whatsapp") != 0)
		return refuse(&c->v, c->a, 100, "Param messaging_product must be one of {WHATSAPP}.");
	return true;
}

static bool group_ok(const char *s)
{
	size_t n = s ? strspn(s, "0123456789-") : 0;

	return n >= 7 && n <= 64 && !strcmp(s + n, "@g.us");
}

static bool check_recipient(struct check *c)
{
	const json_t *to = json_object_get(c->root, "to"), *bsuid = json_object_get(c->root, "recipient");
	const json_t *kind = json_object_get(c->root, "recipient_type");
	const char *k = kind ? json_string_value(kind) : "individual";

	if (!k || (strcmp(k, "individual") != 0 && strcmp(k, "group") != 0))
		return refuse(&c->v, c->a, 100, "Param recipient_type must be one of {individual, group}.");
	if (!to && !bsuid)
		return refuse(&c->v, c->a, 100, "The parameter to is required.");
	if (to && !strcmp(k, "group") && !group_ok(json_string_value(to)))
		return refuse(&c->v, c->a, 131009, "Param to is not a group id.");
	if (to && !strcmp(k, "individual") && !number_digits(c->a, json_string_value(to)))
		return refuse(&c->v, c->a, 131009,
			"Param to is not a phone number: digits, with an optional plus sign.");
	if (!to && !strcmp(k, "group"))
		return refuse(&c->v, c->a, 100, "The parameter to is required.");
	if (bsuid && !bsuid_ok(json_string_value(bsuid)))
		return refuse(&c->v, c->a, 131009, "Param recipient is not a business-scoped user id.");
	return true;
}

static bool check_context(struct check *c)
{
	json_t *o = json_object_get(c->root, "context");

	if (!o)
		return true;
	if (!json_is_object(o))
		return refuse(&c->v, c->a, 100, "Param context must be a JSON object.");
	if (!check_keys(c, o, "context", KEYS("message_id"))
		|| !check_str(c, o, "context", "message_id", 1, 512, true))
		return false;
	if (!wamid_ok(jstr(o, "message_id")))
		return refuse(&c->v, c->a, 131009, "Param context['message_id'] is not a message id.");
	if (!strcmp(c->type, "reaction"))
		return refuse(&c->v, c->a, 100, "Unexpected key \"context\" on a reaction.");
	return true;
}

bool check_message(struct check *c)
{
	const char *type = jstr(c->root, "type");
	const struct kind *k = type ? kind_find(type) : NULL;
	json_t *o;

	c->category = "service";
	if (!check_product(c) || !check_recipient(c))
		return false;
	if (!json_object_get(c->root, "type"))
		return refuse(&c->v, c->a, 131008, "The parameter type is required.");
	if (!k)
		return refuse(&c->v, c->a, 131009, "Param type is not a known message type.");
	c->type = k->name;
	if (!check_keys(c, c->root, "message",
			KEYS("messaging_product", "recipient_type", "to", "recipient", "type", "context",
				"biz_opaque_callback_data", k->name)))
		return false;
	if (!check_str(c, c->root, "message", "biz_opaque_callback_data", 1, 512, false) || !check_context(c))
		return false;
	o = json_object_get(c->root, k->name);
	if (!o)
		return refuse(&c->v, c->a, 131008, "The parameter %s is required.", k->name);
	if (strcmp(k->name, "contacts") != 0 && !json_is_object(o))
		return refuse(&c->v, c->a, 100, "Param %s must be a JSON object.", k->name);
	return k->check(c, o);
}

bool is_read_receipt(const json_t *root)
{
	return json_object_get(root, "status") && !json_object_get(root, "type");
}

bool check_read_receipt(struct check *c)
{
	json_t *t = json_object_get(c->root, "typing_indicator");
	const char *s = jstr(c->root, "status"), *kind;

	if (!check_product(c)
		|| !check_keys(c, c->root, "message",
			KEYS("messaging_product", "status", "message_id", "typing_indicator")))
		return false;
	if (!s || strcmp(s, "read") != 0)
		return refuse(&c->v, c->a, 131009, "Param status must be one of {read}.");
	if (!check_str(c, c->root, "message", "message_id", 1, 512, true))
		return false;
	if (!wamid_ok(jstr(c->root, "message_id")))
		return refuse(&c->v, c->a, 131009, "Param message_id is not a message id.");
	if (!t)
		return true;
	kind = jstr(t, "type");
	if (!json_is_object(t) || json_object_size(t) != 1 || !kind || strcmp(kind, "text") != 0)
		return refuse(&c->v, c->a, 131009, "Param typing_indicator['type'] must be one of {text}.");
	return true;
}
