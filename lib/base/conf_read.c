/* conf_read.c: the syntax of a settings file. NAME=value; blank lines; lines that start with '#'. */
#include <string.h>

#include "lib/base/base_internal.h"
#include "lib/base/buf.h"
#include "lib/base/text.h"

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool name_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/*
 * A value in quotes, s after the first: \" and \\ stand for themselves. After the closing quote only
 * blanks and a comment may follow. What is wrong, or NULL.
 */
static const char *quoted(const char *s, const char *end, struct buf *value)
{
	for (; s < end && *s != '"'; s++) {
		if (*s == '\\' && s + 1 < end && (s[1] == '"' || s[1] == '\\'))
			s++;
		buf_char(value, *s);
	}
	if (s == end)
		return "a quoted value does not end";
	for (s++; s < end && blank(*s); s++)
		;
	return s == end || *s == '#' ? NULL : "text after a quoted value";
}

/* Reads one line; name stays empty when it holds no setting. What is wrong, or NULL. */
static const char *read_line(const char *s, const char *end, struct buf *name, struct buf *value)
{
	const char *from;

	while (s < end && blank(*s))
		s++;
	while (end > s && blank(end[-1]))
		end--;
	if (s == end || *s == '#')
		return NULL;
	if (!utf8_ok(s, (size_t)(end - s)))
		return "not UTF-8 text";
	for (from = s; s < end && name_char(*s); s++)
		;
	if (s == from || s == end || *s != '=')
		return "want NAME=value";
	buf_add(name, from, (size_t)(s - from));
	for (s++; s < end && blank(*s); s++)
		;
	if (s < end && *s == '"')
		return quoted(s + 1, end, value);
	buf_add(value, s, (size_t)(end - s));
	return NULL;
}

bool conf_read(const char *text, size_t n, const struct conf_reader *r)
{
	struct buf name = { 0 }, value = { 0 };
	const char *end = text + n;
	bool ok = true;

	for (int line = 1; text < end; line++) {
		const char *eol = memchr(text, '\n', (size_t)(end - text)), *what;

		if (eol == NULL)
			eol = end;
		buf_reset(&name);
		buf_reset(&value);
		buf_reserve(&value, 0);
		what = read_line(text, eol, &name, &value);
		if (what != NULL) {
			r->fault(r->p, line, what);
			ok = false;
		} else if (name.n > 0) {
			r->each(r->p, line, name.p, value.p);
		}
		text = eol < end ? eol + 1 : end;
	}
	buf_free(&name);
	buf_free(&value);
	return ok;
}
