#include "model/ids.h"

#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/text.h"

const char *ids_text(struct arena *a, struct ids ids)
{
	struct buf b = { 0 };
	const char *out;

	buf_char(&b, '{');
	for (size_t i = 0; i < ids.n; i++)
		if (id_ok(ids.v[i]))
			buf_fmt(&b, "%s%s", b.n > 1 ? "," : "", ids.v[i]);
	buf_char(&b, '}');
	out = arena_str(a, b.p);
	buf_free(&b);
	return out;
}

static const char *blanks(const char *s)
{
	return s + strspn(s, " \t\r\n");
}

bool ids_read(struct arena *a, const char *json, struct ids *out)
{
	const char **v = arena_array(a, IDS_MAX, sizeof(*v)), *s = blanks(json != NULL ? json : "[]");
	size_t n = 0;

	if (*s++ != '[')
		return false;
	s = blanks(s);
	for (bool more = *s == '"'; more && n < IDS_MAX; n++) {
		const char *end = *s == '"' ? strchr(++s, '"') : NULL;

		if (end == NULL || end - s != 36 || !id_ok(v[n] = arena_strn(a, s, 36)))
			return false;
		s = blanks(end + 1);
		more = *s == ',';
		s = more ? blanks(s + 1) : s;
	}
	*out = (struct ids){ v, n };
	return *s == ']' && *blanks(s + 1) == '\0';
}

const char *ids_json(struct arena *a, struct ids ids)
{
	struct buf b = { 0 };
	const char *out;

	buf_char(&b, '[');
	for (size_t i = 0; i < ids.n; i++) {
		if (i > 0)
			buf_char(&b, ',');
		buf_json(&b, ids.v[i]);
	}
	buf_char(&b, ']');
	out = arena_str(a, b.p);
	buf_free(&b);
	return out;
}

bool ids_have(struct ids ids, const char *id)
{
	for (size_t i = 0; i < ids.n; i++)
		if (strcmp(ids.v[i], id) == 0)
			return true;
	return false;
}
