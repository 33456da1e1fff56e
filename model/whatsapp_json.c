#include "model/whatsapp_json.h"

#include <stdlib.h>
#include <string.h>
#include "lib/base/text.h"

static void drop_tree(void *p)
{
	json_decref(p);
}

/* PostgreSQL's jsonb cannot hold NUL characters; Jansson can. */
static void drop_nuls(struct arena *a, json_t *v)
{
	const char *key;
	json_t *x;
	size_t i;

	if (json_is_object(v)) {
		json_object_foreach(v, key, x)
			drop_nuls(a, x);
	} else if (json_is_array(v)) {
		json_array_foreach(v, i, x)
			drop_nuls(a, x);
	} else if (json_is_string(v) && strlen(json_string_value(v)) != json_string_length(v)) {
		json_string_set(v, utf8_clean(a, json_string_value(v), json_string_length(v)));
	}
}

/* The UTF-16 unit of the escape at s ("\\uXXXX"), -1 when there is none. */
static long escape(const char *s)
{
	char hex[5] = { 0 };

	if (s[0] != '\\' || s[1] != 'u')
		return -1;
	for (int i = 0; i < 4; i++) {
		if (s[2 + i] == '\0' || strchr("0123456789abcdefABCDEF", s[2 + i]) == NULL)
			return -1;
		hex[i] = s[2 + i];
	}
	return strtol(hex, NULL, 16);
}

/*
 * Names and texts cut by UTF-16 units end in half an emoji, which no JSON reader takes: such halves
 * become U+FFFD, as bytes that are not UTF-8 do.
 */
static char *mend(struct arena *a, const char *body, size_t n)
{
	const char *s = utf8_clean(a, body, n);
	struct buf b = { 0 };

	buf_reserve(&b, strlen(s));
	while (*s != '\0') {
		long unit = escape(s);
		size_t len = unit >= 0 ? 6 : s[0] == '\\' && s[1] != '\0' ? 2 : 1;

		if (unit >= 0xD800 && unit <= 0xDBFF) {
			long low = escape(s + 6);

			if (low >= 0xDC00 && low <= 0xDFFF)
				len = 12;
			else
				unit = 0xDC00;
		}
		if (unit >= 0xDC00 && unit <= 0xDFFF)
			buf_str(&b, "\\ufffd");
		else
			buf_add(&b, s, len);
		s += len;
	}
	return wj_done(a, &b);
}

json_t *wj_parse(struct arena *a, const char *body, size_t n, const char **why)
{
	const size_t flags = JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL;
	json_error_t e;
	json_t *root = json_loadb(body != NULL ? body : "", n, flags, &e);

	if (root == NULL && n > 0 &&
	    (json_error_code(&e) == json_error_invalid_utf8 || json_error_code(&e) == json_error_invalid_syntax)) {
		body = mend(a, body, n);
		n = strlen(body);
		root = json_loadb(body, n, flags, &e);
	}
	/* An integer beyond 64 bits somewhere must not cost us the rest. */
	if (root == NULL && json_error_code(&e) == json_error_numeric_overflow)
		root = json_loadb(body, n, flags | JSON_DECODE_INT_AS_REAL, &e);
	if (root == NULL) {
		*why = arena_fmt(a, "not JSON: %s (byte %d)", e.text, e.position);
		return NULL;
	}
	arena_defer(a, drop_tree, root);
	drop_nuls(a, root);
	return root;
}

char *wj_text(struct arena *a, const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);
	char *s;

	if (!json_is_string(v))
		return NULL;
	s = utf8_clean(a, json_string_value(v), json_string_length(v));
	return *s != '\0' ? s : NULL;
}

char *wj_id(struct arena *a, const json_t *o, const char *key, size_t max)
{
	const json_t *v = json_object_get(o, key);
	char *s = wj_text(a, o, key);

	if (s == NULL && json_is_integer(v))
		s = arena_fmt(a, "%lld", (long long)json_integer_value(v));
	return s != NULL && strlen(s) <= max ? s : NULL;
}

int64_t wj_int(const json_t *o, const char *key, int64_t def)
{
	const json_t *v = json_object_get(o, key);
	int64_t n;

	if (json_is_integer(v))
		return json_integer_value(v);
	if (json_is_real(v) && json_real_value(v) >= -9e15 && json_real_value(v) <= 9e15)
		return (int64_t)json_real_value(v);
	if (json_is_string(v) && parse_i64(json_string_value(v), INT64_MIN, INT64_MAX, &n))
		return n;
	return def;
}

bool wj_true(const json_t *o, const char *key)
{
	return json_is_true(json_object_get(o, key));
}

utc_t wj_time(const json_t *o, const char *key)
{
	const int64_t first = 1230768000, last = 4102444800; /* 2009 (WhatsApp's first year) to 2100 */
	int64_t t = wj_int(o, key, -1);

	if (t > 100000000000) /* milliseconds */
		t /= 1000;
	return t >= first && t < last ? (utc_t){ t * 1000000 } : UTC_NONE;
}

json_t *wj_object(const json_t *o, const char *key)
{
	json_t *v = json_object_get(o, key);

	return json_is_object(v) ? v : NULL;
}

json_t *wj_array(const json_t *o, const char *key)
{
	json_t *v = json_object_get(o, key);

	return json_is_array(v) ? v : NULL;
}

char *wj_dump(struct arena *a, const json_t *o)
{
	char *s, *out;

	if (json_object_size(o) == 0 && json_array_size(o) == 0)
		return NULL;
	s = json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(15));
	out = arena_str(a, s);
	free(s);
	return out;
}

char *wj_done(struct arena *a, struct buf *b)
{
	char *s = arena_strn(a, b->p, b->n);

	buf_free(b);
	return s;
}

void wj_put_raw(struct buf *b, const char *key, const char *json)
{
	if (json == NULL)
		return;
	if (b->n > 0 && b->p[b->n - 1] != '{')
		buf_char(b, ',');
	buf_json(b, key);
	buf_char(b, ':');
	buf_str(b, json);
}

void wj_put(struct buf *b, const char *key, const char *value)
{
	if (value == NULL)
		return;
	wj_put_raw(b, key, "");
	buf_json(b, value);
}

char *wj_error_text(struct arena *a, const json_t *error)
{
	const char *title = wj_text(a, error, "title"), *details = wj_text(a, wj_object(error, "error_data"), "details");

	if (title == NULL)
		title = wj_text(a, error, "message");
	if (details == NULL || text_eq(title, details))
		return arena_str(a, title);
	return title != NULL ? arena_fmt(a, "%s: %s", title, details) : arena_str(a, details);
}
