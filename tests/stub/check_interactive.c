/* check_interactive.c: buttons, lists and the other interactive messages. */
#include <string.h>

#include "lib/base/text.h"
#include "tests/stub/stub.h"

#define KEYS(...) ((const char *const[]) { __VA_ARGS__, NULL })

/* A member that must be an object; NULL with the verdict set when it is not. */
static json_t *object_of(struct check *c, const json_t *o, const char *path, const char *key)
{
	json_t *v = json_object_get(o, key);

	if (!v)
		refuse(&c->v, c->a, 131008, "The parameter %s['%s'] is required.", path, key);
	else if (!json_is_object(v))
		refuse(&c->v, c->a, 100, "Param %s['%s'] must be a JSON object.", path, key);
	return json_is_object(v) ? v : NULL;
}

static bool seen_before(json_t *seen, const char *s)
{
	if (json_object_get(seen, s))
		return true;
	json_object_set_new(seen, s, json_true());
	return false;
}

static bool check_button(struct check *c, json_t *b, json_t *ids, json_t *titles)
{
	json_t *reply;
	const char *type = jstr(b, "type");

	if (!json_is_object(b) || !type || strcmp(type, "reply") != 0)
		return refuse(&c->v, c->a, 131009,
			"Param interactive['action']['buttons'] must have the type reply.");
	if (!check_keys(c, b, "interactive['action']['buttons']", KEYS("type", "reply")))
		return false;
	reply = object_of(c, b, "interactive['action']['buttons']", "reply");
	if (!reply || !check_keys(c, reply, "reply", KEYS("id", "title"))
		|| !check_str(c, reply, "reply", "id", 1, 256, true)
		|| !check_str(c, reply, "reply", "title", 1, 20, true))
		return false;
	if (seen_before(ids, jstr(reply, "id")) || seen_before(titles, jstr(reply, "title")))
		return refuse(&c->v, c->a, 131009, "Button ids and titles must be unique.");
	return true;
}

static bool check_buttons(struct check *c, json_t *action)
{
	json_t *buttons = json_object_get(action, "buttons"), *b, *ids, *titles;
	bool ok = true;
	size_t i;

	if (!check_keys(c, action, "interactive['action']", KEYS("buttons")))
		return false;
	if (json_array_size(buttons) < 1 || json_array_size(buttons) > 3)
		return refuse(&c->v, c->a, 131009,
			"Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3");
	ids = must(json_object());
	titles = must(json_object());
	json_array_foreach(buttons, i, b)
		ok = ok && check_button(c, b, ids, titles);
	json_decref(ids);
	json_decref(titles);
	return ok;
}

static bool check_row(struct check *c, json_t *row, json_t *ids)
{
	if (!json_is_object(row))
		return refuse(&c->v, c->a, 100, "Param rows must be a list of objects.");
	if (!check_keys(c, row, "rows", KEYS("id", "title", "description"))
		|| !check_str(c, row, "rows", "id", 1, 200, true)
		|| !check_str(c, row, "rows", "title", 1, 24, true)
		|| !check_str(c, row, "rows", "description", 0, 72, false))
		return false;
	if (seen_before(ids, jstr(row, "id")))
		return refuse(&c->v, c->a, 131009, "Row ids must be unique.");
	return true;
}

static bool check_section(struct check *c, json_t *section, bool need_title, json_t *ids, size_t *total)
{
	json_t *rows = json_object_get(section, "rows"), *row;
	size_t i;

	if (!json_is_object(section))
		return refuse(&c->v, c->a, 100, "Param sections must be a list of objects.");
	if (!check_keys(c, section, "sections", KEYS("title", "rows"))
		|| !check_str(c, section, "sections", "title", 1, 24, need_title))
		return false;
	if (json_array_size(rows) < 1)
		return refuse(&c->v, c->a, 131009, "A section needs at least one row.");
	*total += json_array_size(rows);
	if (*total > 10)
		return refuse(&c->v, c->a, 131009, "Total row count exceed max allowed count: 10");
	json_array_foreach(rows, i, row)
		if (!check_row(c, row, ids))
			return false;
	return true;
}

static bool check_list(struct check *c, json_t *action)
{
	json_t *sections = json_object_get(action, "sections"), *s, *ids;
	size_t i, total = 0, n = json_array_size(sections);
	bool ok = true;

	if (!check_keys(c, action, "interactive['action']", KEYS("button", "sections"))
		|| !check_str(c, action, "interactive['action']", "button", 1, 20, true))
		return false;
	if (n < 1 || n > 10)
		return refuse(&c->v, c->a, 131009, "A list needs 1 to 10 sections.");
	ids = must(json_object());
	json_array_foreach(sections, i, s)
		ok = ok && check_section(c, s, n > 1, ids, &total);
	json_decref(ids);
	return ok;
}

static bool check_named(struct check *c, const json_t *action, const char *type)
{
	const char *name = jstr(action, "name");

	if (!name || strcmp(name, type) != 0)
		return refuse(&c->v, c->a, 131009, "Param interactive['action']['name'] must be %s.", type);
	return true;
}

static bool check_cta(struct check *c, json_t *action)
{
	json_t *p;
	const char *url;

	if (!check_keys(c, action, "interactive['action']", KEYS("name", "parameters"))
		|| !check_named(c, action, "cta_url"))
		return false;
	p = object_of(c, action, "interactive['action']", "parameters");
	if (!p || !check_keys(c, p, "parameters", KEYS("display_text", "url"))
		|| !check_str(c, p, "parameters", "display_text", 1, 20, true)
		|| !check_str(c, p, "parameters", "url", 9, 2000, true))
		return false;
	url = jstr(p, "url");
	if (!text_starts(url, "https://") && !text_starts(url, "http://"))
		return refuse(&c->v, c->a, 131009, "Param parameters['url'] must be a URL.");
	return true;
}

static bool check_header(struct check *c, json_t *root, const char *type)
{
	json_t *h = json_object_get(root, "header"), *m;
	const char *kind;

	if (!h)
		return true;
	kind = jstr(h, "type");
	if (!json_is_object(h) || !kind)
		return refuse(
			&c->v, c->a, 131008, "The parameter interactive['header']['type'] is required.");
	if (!check_keys(c, h, "interactive['header']", KEYS("type", kind)))
		return false;
	if (!strcmp(kind, "text"))
		return check_str(c, h, "interactive['header']", "text", 1, 60, true);
	if (strcmp(kind, "image") != 0 && strcmp(kind, "video") != 0 && strcmp(kind, "document") != 0)
		return refuse(&c->v, c->a, 131009,
			"Param interactive['header']['type'] must be one of {text, image, video, document}.");
	if (!strcmp(type, "list"))
		return refuse(&c->v, c->a, 131009, "The header of a list must be text.");
	m = object_of(c, h, "interactive['header']", kind);
	return m && check_media(c, m, kind);
}

/* body and footer; the body may be missing where Meta makes one up. */
static bool check_words(struct check *c, json_t *o, const char *key, size_t max, bool need)
{
	json_t *v;

	if (!need && !json_object_get(o, key))
		return true;
	v = object_of(c, o, "interactive", key);
	return v && check_keys(c, v, key, KEYS("text")) && check_str(c, v, key, "text", 1, max, true);
}

static const char *const others[] = { "location_request_message", "flow", "product", "product_list",
	"catalog_message", "call_permission_request", "request_contact_info", "carousel", NULL };

static bool check_action(struct check *c, json_t *o, const char *type)
{
	json_t *action = object_of(c, o, "interactive", "action");

	if (!action)
		return false;
	if (!strcmp(type, "button"))
		return check_buttons(c, action);
	if (!strcmp(type, "list"))
		return check_list(c, action);
	if (!strcmp(type, "cta_url"))
		return check_cta(c, action);
	if (!strcmp(type, "location_request_message"))
		return check_named(c, action, "send_location");
	if (!strcmp(type, "flow") || !strcmp(type, "catalog_message"))
		return check_named(c, action, type);
	return true;
}

bool check_interactive(struct check *c, json_t *o)
{
	const char *type = jstr(o, "type");
	const char *const *k = others;

	if (!type)
		return refuse(&c->v, c->a, 131008, "The parameter interactive['type'] is required.");
	while (*k && strcmp(*k, type) != 0)
		k++;
	if (!*k && strcmp(type, "button") != 0 && strcmp(type, "list") != 0 && strcmp(type, "cta_url") != 0)
		return refuse(
			&c->v, c->a, 131009, "Param interactive['type'] is not a known interactive type.");
	return check_keys(c, o, "interactive", KEYS("type", "header", "body", "footer", "action"))
		&& check_header(c, o, type)
		&& check_words(
			c, o, "body", !strcmp(type, "list") ? 4096 : 1024, strcmp(type, "product") != 0)
		&& check_words(c, o, "footer", 60, false) && check_action(c, o, type);
}
