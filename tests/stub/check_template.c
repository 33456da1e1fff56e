/* check_template.c: a template being sent, compared with the stored one. */
#include <ctype.h>
#include <string.h>

#include "lib/base/text.h"
#include "tests/stub/stub.h"

#define KEYS(...) ((const char *const[]) { __VA_ARGS__, NULL })
#define COMPONENTS "template['components']"

bool name_ok(const char *s)
{
	size_t n = s ? strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_") : 0;

	return n >= 1 && n <= 512 && s[n] == 0;
}

json_t *template_vars(const char *text, bool *named)
{
	json_t *vars = must(json_array());

	*named = false;
	for (const char *p = text ? strstr(text, "{{") : NULL; p; p = strstr(p, "{{")) {
		size_t n = strspn(p += 2, "abcdefghijklmnopqrstuvwxyz0123456789_"), i;
		json_t *v, *name;

		if (!n || p[n] != '}' || p[n + 1] != '}')
			continue;
		*named = *named || !isdigit((unsigned char)*p);
		name = must(json_stringn(p, n));
		json_array_foreach(vars, i, v)
			if (json_equal(v, name))
				break;
		if (i == json_array_size(vars))
			json_array_append_new(vars, name);
		else
			json_decref(name);
	}
	return vars;
}

static bool check_fallback(struct check *c, const json_t *p, const char *type)
{
	json_t *o = json_object_get(p, type);

	if (!json_is_object(o))
		return refuse(&c->v, c->a, 131008, "The parameter parameters['%s'] is required.", type);
	return check_str(c, o, type, "fallback_value", 1, 1024, true);
}

static bool check_plain(struct check *c, const json_t *p)
{
	const char *s;

	if (!check_str(c, p, "parameters", "text", 1, 1024, true))
		return false;
	s = jstr(p, "text");
	if (strpbrk(s, "\n\t") || strstr(s, "     "))
		return refuse(&c->v, c->a, 100,
			"Param text cannot have new-line/tab characters or more than 4 consecutive spaces");
	return true;
}

static bool check_parameter(struct check *c, json_t *p)
{
	const char *type = jstr(p, "type");

	if (!json_is_object(p) || !type)
		return refuse(&c->v, c->a, 131008,
			"The parameter " COMPONENTS "['parameters']['type'] is required.");
	if (!strcmp(type, "text"))
		return check_keys(c, p, "parameters", KEYS("type", "text", "parameter_name"))
			&& check_plain(c, p);
	if (!strcmp(type, "currency") || !strcmp(type, "date_time"))
		return check_fallback(c, p, type);
	if (!strcmp(type, "image") || !strcmp(type, "video") || !strcmp(type, "document"))
		return check_media(c, json_object_get(p, type), type);
	if (!strcmp(type, "payload"))
		return check_str(c, p, "parameters", "payload", 1, 128, true);
	if (!strcmp(type, "coupon_code"))
		return check_str(c, p, "parameters", "coupon_code", 1, 20, true);
	if (!strcmp(type, "location") || !strcmp(type, "action"))
		return json_is_object(json_object_get(p, type)) ? true
			: refuse(&c->v, c->a, 131008, "The parameter parameters['%s'] is required.", type);
	return refuse(&c->v, c->a, 131009, "Param parameters['type'] is not a known parameter type.");
}

static bool check_button_ref(struct check *c, const json_t *o)
{
	static const char *const subs[] = { "quick_reply", "url", "copy_code", "flow", "catalog", "mpm",
		NULL };
	const char *const *k = subs, *sub = jstr(o, "sub_type");
	const json_t *index = json_object_get(o, "index");
	const char *digits = json_string_value(index);

	while (sub && *k && strcmp(*k, sub) != 0)
		k++;
	if (!sub || !*k)
		return refuse(
			&c->v, c->a, 131009, "Param " COMPONENTS "['sub_type'] is not a known button type.");
	if (json_is_integer(index) && json_integer_value(index) >= 0 && json_integer_value(index) <= 9)
		return true;
	if (!digits || !isdigit((unsigned char)digits[0]) || digits[1])
		return refuse(&c->v, c->a, 131009, "Param " COMPONENTS "['index'] must be 0 to 9.");
	return true;
}

static bool check_component(struct check *c, json_t *o, json_t *seen)
{
	const char *type = jstr(o, "type");
	json_t *ps = json_object_get(o, "parameters"), *p;
	bool button = type && !strcmp(type, "button");
	size_t i;

	if (!json_is_object(o) || !type)
		return refuse(&c->v, c->a, 131008, "The parameter " COMPONENTS "['type'] is required.");
	if (!button && strcmp(type, "header") != 0 && strcmp(type, "body") != 0)
		return refuse(&c->v, c->a, 131009,
			"Param " COMPONENTS "['type'] must be one of {header, body, button}.");
	if (!check_keys(c, o, COMPONENTS, button ? KEYS("type", "sub_type", "index", "parameters")
		: KEYS("type", "parameters")))
		return false;
	if (button && !check_button_ref(c, o))
		return false;
	if (!button && json_object_get(seen, type))
		return refuse(&c->v, c->a, 132012, "More than one component of the type %s.", type);
	json_object_set(seen, type, o);
	if (ps && !json_is_array(ps))
		return refuse(&c->v, c->a, 100, "Param " COMPONENTS "['parameters'] must be a list.");
	json_array_foreach(ps, i, p)
		if (!check_parameter(c, p))
			return false;
	return true;
}

static bool named_present(const json_t *ps, const char *name)
{
	const json_t *p;
	size_t i;

	json_array_foreach(ps, i, p) {
		const char *n = jstr(p, "parameter_name");

		if (n && !strcmp(n, name))
			return true;
	}
	return false;
}

/* The parameters of a header or body against the placeholders of its text. */
static bool compare_vars(struct check *c, const json_t *sent, const json_t *stored, const char *where)
{
	const json_t *ps = json_object_get(sent, "parameters");
	bool named, ok = true;
	json_t *vars = template_vars(jstr(stored, "text"), &named), *v;
	size_t i, want = json_array_size(vars), got = json_array_size(ps);

	if (got != want)
		ok = refuse(&c->v, c->a, 132000,
			"%s: number of localizable_params (%zu) does not match the expected "
			"number of params (%zu)",
			where, got, want);
	json_array_foreach(vars, i, v) if (ok && named && !named_present(ps, json_string_value(v))) ok =
		refuse(&c->v, c->a, 132000, "%s: the parameter_name %s is missing", where,
			json_string_value(v));
	json_decref(vars);
	return ok;
}

static bool compare_header(struct check *c, const json_t *sent, const json_t *stored)
{
	const char *format = stored ? jstr(stored, "format") : NULL, *type;
	json_t *ps = json_object_get(sent, "parameters");

	if (!format || !strcmp(format, "TEXT"))
		return compare_vars(c, sent, stored, "header");
	type = jstr(json_array_get(ps, 0), "type");
	if (json_array_size(ps) != 1 || !type || strcasecmp(type, format) != 0)
		return refuse(&c->v, c->a, 132012, "header: Format mismatch, expected %s, received %s",
			format, type ? type : "UNKNOWN");
	return true;
}

static bool compare_stored(struct check *c, const json_t *t, const json_t *seen)
{
	const json_t *header = template_component(t, "HEADER");
	const char *status = template_status(t);

	if (!strcmp(status, "PAUSED"))
		return refuse(&c->v, c->a, 132015, "The template is paused.");
	if (!strcmp(status, "DISABLED"))
		return refuse(&c->v, c->a, 132016, "The template is disabled.");
	if (strcmp(status, "APPROVED") != 0)
		return refuse(&c->v, c->a, 132001, "template name (%s) does not exist in %s", jstr(t, "name"),
			jstr(t, "language"));
	c->category = jstr(t, "category");
	return compare_header(c, json_object_get(seen, "header"), header)
		&& compare_vars(c, json_object_get(seen, "body"), template_component(t, "BODY"), "body");
}

bool check_template(struct check *c, json_t *o)
{
	json_t *language = json_object_get(o, "language"), *parts = json_object_get(o, "components"), *p, *t,
	       *seen;
	const char *policy;
	bool ok = true;
	size_t i;

	if (!check_keys(c, o, "template", KEYS("name", "language", "components"))
		|| !check_str(c, o, "template", "name", 1, 512, true))
		return false;
	if (!name_ok(jstr(o, "name")))
		return refuse(&c->v, c->a, 131009, "Param template['name'] may have a-z, 0-9 and _ only.");
	if (!json_is_object(language))
		return refuse(&c->v, c->a, 131008, "The parameter template['language'] is required.");
	if (!check_keys(c, language, "template['language']", KEYS("code", "policy"))
		|| !check_str(c, language, "template['language']", "code", 2, 15, true))
		return false;
	policy = jstr(language, "policy");
	if (json_object_get(language, "policy") && (!policy || strcmp(policy, "deterministic") != 0))
		return refuse(
			&c->v, c->a, 131009, "Param template['language']['policy'] must be deterministic.");
	if (parts && !json_is_array(parts))
		return refuse(&c->v, c->a, 100, "Param " COMPONENTS " must be a list.");
	seen = must(json_object());
	json_array_foreach(parts, i, p)
		ok = ok && check_component(c, p, seen);
	t = ok ? template_find(c->st, jstr(o, "name"), jstr(language, "code")) : NULL;
	if (ok && !t)
		ok = refuse(&c->v, c->a, 132001, "template name (%s) does not exist in %s", jstr(o, "name"),
			jstr(language, "code"));
	ok = ok && compare_stored(c, t, seen);
	json_decref(seen);
	return ok;
}
