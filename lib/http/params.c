#include "lib/http/http.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/text.h"

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One decoded name or value, NULL when an escape is broken or the text is no clean UTF-8. */
static char *url_decode(struct arena *a, const char *s, size_t n)
{
	char *out = arena_alloc(a, n + 1), *w = out;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '%') {
			int h = n - i > 2 ? hex(s[i + 1]) : -1, l = n - i > 2 ? hex(s[i + 2]) : -1;

			if (h < 0 || l < 0)
				return NULL;
			*w++ = (char)(h * 16 + l);
			i += 2;
		} else {
			*w++ = s[i] == '+' ? ' ' : s[i];
		}
	}
	*w = '\0';
	return utf8_ok(out, (size_t)(w - out)) ? out : NULL;
}

static struct param *append(struct arena *a, struct param ***tail, const char *name, const char *value, bool null)
{
	struct param *p = ARENA_NEW(a, struct param);

	p->name = name;
	p->value = value;
	p->null = null;
	**tail = p;
	*tail = &p->next;
	return p;
}

struct param *params_parse(struct arena *a, const char *s, size_t n, bool *bad)
{
	struct param *first = NULL, **tail = &first;
	const char *end = s + n;
	int count = 0;

	*bad = false;
	while (s < end) {
		const char *amp = memchr(s, '&', (size_t)(end - s)), *stop = amp != NULL ? amp : end;
		const char *eq = memchr(s, '=', (size_t)(stop - s));
		const char *name, *value;

		if (stop > s) {
			name = url_decode(a, s, (size_t)((eq != NULL ? eq : stop) - s));
			value = eq != NULL ? url_decode(a, eq + 1, (size_t)(stop - eq - 1)) : "";
			if (name == NULL || value == NULL || ++count > 2000) {
				*bad = true;
				return NULL;
			}
			append(a, &tail, name, value, false);
		}
		s = stop + 1;
	}
	return first;
}

static void json_free(void *p)
{
	json_decref(p);
}

static void text_free(void *p)
{
	free(p);
}

/* Jansson's parser recurses: the depth is checked here, before it may use the stack. */
static bool deep(const char *s, size_t n)
{
	int depth = 0;
	bool text = false;

	for (size_t i = 0; i < n; i++) {
		if (text) {
			if (s[i] == '\\')
				i++;
			else if (s[i] == '"')
				text = false;
		} else if (s[i] == '"') {
			text = true;
		} else if (s[i] == '{' || s[i] == '[') {
			if (++depth > 32)
				return true;
		} else if (s[i] == '}' || s[i] == ']') {
			depth--;
		}
	}
	return false;
}

static const char *value_text(struct arena *a, const json_t *v)
{
	char *dump;

	switch (json_typeof(v)) {
	case JSON_STRING: return arena_str(a, json_string_value(v));
	case JSON_INTEGER: return arena_fmt(a, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	case JSON_TRUE: return "true";
	case JSON_FALSE: return "false";
	case JSON_NULL: return NULL;
	default: break;
	}
	dump = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
	if (dump == NULL)
		return NULL;
	arena_defer(a, text_free, dump);
	return dump;
}

static char type_letter(const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_STRING: return 's';
	case JSON_INTEGER: return 'i';
	case JSON_REAL: return 'r';
	case JSON_TRUE:
	case JSON_FALSE: return 'b';
	case JSON_NULL: return 'n';
	case JSON_ARRAY: return 'a';
	default: return 'o';
	}
}

struct param *params_json(struct arena *a, const char *s, size_t n, bool *bad, const char **why)
{
	struct param *first = NULL, **tail = &first;
	json_error_t err;
	json_t *root, *v;
	const char *k;

	*bad = true;
	*why = "nested too deeply";
	if (deep(s, n))
		return NULL;
	root = json_loadb(s, n, JSON_REJECT_DUPLICATES, &err);
	if (root == NULL) {
		*why = arena_fmt(a, "line %d: %s", err.line, err.text);
		return NULL;
	}
	arena_defer(a, json_free, root);
	if (!json_is_object(root)) {
		*why = "the body must be an object";
		return NULL;
	}
	*bad = false;
	json_object_foreach(root, k, v)
		append(a, &tail, arena_str(a, k), value_text(a, v), json_is_null(v))->json = type_letter(v);
	return first;
}

char *cookie_get(struct arena *a, const char *header, const char *name)
{
	size_t n = strlen(name);
	const char *s = header;

	while (s != NULL && *s != '\0') {
		const char *end;

		while (*s == ' ' || *s == ';')
			s++;
		end = strchr(s, ';');
		if (strncmp(s, name, n) == 0 && s[n] == '=')
			return arena_strn(a, s + n + 1, end != NULL ? (size_t)(end - s) - n - 1 : strlen(s + n + 1));
		s = end;
	}
	return NULL;
}
