/* check_template_new.c: the rules for a template being created. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "lib/base/text.h"
#include "tests/stub/stub.h"

#define KEYS(...) ((const char *const[]) { __VA_ARGS__, NULL })

static bool one_of(const char *s, const char *const *list)
{
	while (s && *list && strcmp(*list, s) != 0)
		list++;
	return s && *list;
}

static bool language_ok(const char *s)
{
	size_t n = s ? strspn(s, "abcdefghijklmnopqrstuvwxyz") : 0;

	if (n < 2 || n > 3)
		return false;
	return s[n] == 0 || (s[n] == '_' && strlen(s + n) == 3 && isupper((unsigned char)s[n + 1])
		&& isupper((unsigned char)s[n + 2]));
}

/* White space at the ends does not hide a variable at the ends. */
static bool ends_with_var(struct check *c, const char *text)
{
	const char *s = text_trim(c->a, text);
	size_t n = strlen(s);

	return text_starts(s, "{{") || (n >= 2 && !strcmp(s + n - 2, "}}"));
}

static bool adjacent_vars(const char *text)
{
	for (const char *p = strstr(text, "}}"); p; p = strstr(p + 2, "}}")) {
		const char *q = p + 2 + strspn(p + 2, " \t\n");

		if (text_starts(q, "{{"))
			return true;
	}
	return false;
}

static size_t count_of(const char *text, const char *needle)
{
	size_t n = 0;

	for (const char *p = strstr(text, needle); p; p = strstr(p + 2, needle))
		n++;
	return n;
}

/* Placeholders that are well formed, of one sort, and numbered 1, 2, 3 ... */
static bool check_vars(struct check *c, const char *text, const json_t *vars, bool named, const char *where)
{
	const char *format = jstr(c->root, "parameter_format");
	bool want_named = format && !strcasecmp(format, "named");
	size_t i, whole = 0;
	json_t *v;

	json_array_foreach(vars, i, v) {
		char *mark = arena_fmt(c->a, "{{%s}}", json_string_value(v));

		whole += count_of(text, mark);
		if (named != want_named)
			return refuse(
				&c->v, c->a, 100, "%s: the variables do not fit parameter_format.", where);
		if (!named && !strstr(text, arena_fmt(c->a, "{{%zu}}", i + 1)))
			return refuse(&c->v, c->a, 100,
				"%s: variables must be numbered from {{1}} without gaps.", where);
		if (named && isdigit((unsigned char)mark[2]))
			return refuse(
				&c->v, c->a, 100, "%s: variables must be all numbers or all names.", where);
	}
	if (count_of(text, "{{") != whole || count_of(text, "}}") != whole)
		return refuse(&c->v, c->a, 100, "%s: a variable is {{1}} or {{name}}.", where);
	return true;
}

static bool check_examples(struct check *c, const json_t *o, size_t vars, bool named, const char *key)
{
	const json_t *e = json_object_get(o, "example");
	json_t *list = json_object_get(e, named ? arena_fmt(c->a, "%s_named_params", key) : key), *x;
	size_t i;

	if (!vars)
		return true;
	if (!named && !strcmp(key, "body_text"))
		list = json_array_get(list, 0);
	if (json_array_size(list) != vars)
		return refuse(
			&c->v, c->a, 100, "An example for each variable is required in example['%s'].", key);
	json_array_foreach(list, i, x) {
		const char *s = named ? jstr(x, "example") : json_string_value(x);

		if (!s || !*s || (named && !jstr(x, "param_name")))
			return refuse(&c->v, c->a, 100,
				"An example for each variable is required in example['%s'].", key);
	}
	return true;
}

static bool check_text_vars(
	struct check *c, const json_t *o, const char *where, const char *key, size_t max_vars)
{
	const char *text = jstr(o, "text");
	bool named, ok;
	json_t *vars = template_vars(text, &named);
	size_t n = json_array_size(vars);

	ok = check_vars(c, text, vars, named, where);
	if (ok && n > max_vars)
		ok = refuse(&c->v, c->a, 100, "%s: at most %zu variables.", where, max_vars);
	ok = ok && check_examples(c, o, n, named, key);
	json_decref(vars);
	return ok;
}

static bool check_new_header(struct check *c, json_t *o)
{
	static const char *const formats[] = { "TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION", NULL };
	const char *format = jstr(o, "format");

	if (!one_of(format, formats))
		return refuse(&c->v, c->a, 100,
			"HEADER: format must be one of {TEXT, IMAGE, VIDEO, DOCUMENT, LOCATION}.");
	if (!check_keys(c, o, "HEADER", KEYS("type", "format", "text", "example")))
		return false;
	if (!strcmp(format, "TEXT"))
		return check_str(c, o, "HEADER", "text", 1, 60, true)
			&& check_text_vars(c, o, "HEADER", "header_text", 1);
	if (strcmp(format, "LOCATION") != 0
		&& json_array_size(json_object_get(json_object_get(o, "example"), "header_handle")) != 1)
		return refuse(&c->v, c->a, 100, "HEADER: example['header_handle'] is required for media.");
	return true;
}

static bool check_new_body(struct check *c, json_t *o)
{
	const char *category = jstr(c->root, "category"), *text;

	if (!strcmp(category, "AUTHENTICATION"))
		return check_keys(c, o, "BODY", KEYS("type", "add_security_recommendation"));
	if (!check_keys(c, o, "BODY", KEYS("type", "text", "example"))
		|| !check_str(c, o, "BODY", "text", 1, 1024, true)
		|| !check_text_vars(c, o, "BODY", "body_text", 100))
		return false;
	text = jstr(o, "text");
	if (ends_with_var(c, text)) {
		refuse(&c->v, c->a, 100, "BODY: variables can't be at the start or end of the template.");
		c->v.sub = 2388299;
		return false;
	}
	if (adjacent_vars(text))
		return refuse(&c->v, c->a, 100, "BODY: two variables may not stand next to each other.");
	return true;
}

static bool check_new_footer(struct check *c, json_t *o)
{
	if (!strcmp(jstr(c->root, "category"), "AUTHENTICATION"))
		return check_keys(c, o, "FOOTER", KEYS("type", "code_expiration_minutes"));
	if (!check_keys(c, o, "FOOTER", KEYS("type", "text"))
		|| !check_str(c, o, "FOOTER", "text", 1, 60, true))
		return false;
	if (strstr(jstr(o, "text"), "{{"))
		return refuse(&c->v, c->a, 100, "FOOTER: no variables here.");
	return true;
}

static bool check_new_button(struct check *c, json_t *b)
{
	static const char *const types[] = { "QUICK_REPLY", "URL", "PHONE_NUMBER", "COPY_CODE", "FLOW", "OTP",
		"MPM", "SPM", "CATALOG", NULL };
	const char *type = jstr(b, "type"), *url;

	if (!json_is_object(b) || !one_of(type, types))
		return refuse(&c->v, c->a, 100, "BUTTONS: type is not a known button type.");
	if (!check_str(c, b, "BUTTONS", "text", 1, 25,
			strcmp(type, "COPY_CODE") != 0 && strcmp(type, "OTP") != 0))
		return false;
	if (!strcmp(type, "PHONE_NUMBER"))
		return check_str(c, b, "BUTTONS", "phone_number", 5, 20, true);
	if (strcmp(type, "URL") != 0)
		return true;
	if (!check_str(c, b, "BUTTONS", "url", 9, 2000, true))
		return false;
	url = jstr(b, "url");
	if (!text_starts(url, "https://") && !text_starts(url, "http://"))
		return refuse(&c->v, c->a, 100, "BUTTONS: url must be a URL.");
	if (strstr(url, "{{") && json_array_size(json_object_get(b, "example")) != 1)
		return refuse(&c->v, c->a, 100, "BUTTONS: a url with a variable needs an example.");
	return true;
}

static bool check_new_buttons(struct check *c, json_t *o)
{
	json_t *list = json_object_get(o, "buttons"), *b;
	size_t i;

	if (json_array_size(list) < 1 || json_array_size(list) > 10)
		return refuse(&c->v, c->a, 100, "BUTTONS: 1 to 10 buttons.");
	json_array_foreach(list, i, b)
		if (!check_new_button(c, b))
			return false;
	return true;
}

static bool check_new_component(struct check *c, json_t *o, json_t *seen)
{
	const char *type = jstr(o, "type");

	if (!json_is_object(o) || !type)
		return refuse(&c->v, c->a, 100, "components: type is required.");
	if (json_object_get(seen, type))
		return refuse(&c->v, c->a, 100, "components: more than one %s.", type);
	json_object_set(seen, type, o);
	if (!strcmp(type, "HEADER"))
		return check_new_header(c, o);
	if (!strcmp(type, "BODY"))
		return check_new_body(c, o);
	if (!strcmp(type, "FOOTER"))
		return check_new_footer(c, o);
	if (!strcmp(type, "BUTTONS"))
		return check_new_buttons(c, o);
	return refuse(&c->v, c->a, 100, "components: type must be one of {HEADER, BODY, FOOTER, BUTTONS}.");
}

static bool check_components(struct check *c)
{
	json_t *parts = json_object_get(c->root, "components"), *o, *seen = must(json_object());
	bool ok = true;
	size_t i;

	if (!json_array_size(parts))
		ok = refuse(&c->v, c->a, 100, "The parameter components is required.");
	json_array_foreach(parts, i, o)
		ok = ok && check_new_component(c, o, seen);
	if (ok && !json_object_get(seen, "BODY"))
		ok = refuse(&c->v, c->a, 100, "components: a BODY is required.");
	json_decref(seen);
	return ok;
}

bool check_template_new(struct check *c)
{
	static const char *const categories[] = { "UTILITY", "MARKETING", "AUTHENTICATION", NULL };
	const char *format = jstr(c->root, "parameter_format");

	if (!check_keys(c, c->root, "message_templates",
			KEYS("name", "language", "category", "parameter_format", "components",
				"allow_category_change", "message_send_ttl_seconds")))
		return false;
	if (!name_ok(jstr(c->root, "name")))
		return refuse(&c->v, c->a, 100, "name: 1 to 512 of a-z, 0-9 and _.");
	if (!language_ok(jstr(c->root, "language")))
		return refuse(&c->v, c->a, 100, "language: a code such as pt_BR.");
	if (!one_of(jstr(c->root, "category"), categories))
		return refuse(&c->v, c->a, 100, "category: one of {UTILITY, MARKETING, AUTHENTICATION}.");
	if (json_object_get(c->root, "parameter_format")
		&& (!format || (strcasecmp(format, "named") != 0 && strcasecmp(format, "positional") != 0)))
		return refuse(&c->v, c->a, 100, "parameter_format: positional or named.");
	return check_components(c);
}
