#include "lib/base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/base_internal.h"

void buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ 0 };
}

void buf_reset(struct buf *b)
{
	b->n = 0;
	if (b->p != NULL)
		b->p[0] = '\0';
}

void buf_reserve(struct buf *b, size_t more)
{
	size_t cap = b->cap < 64 ? 64 : b->cap;
	char *p;

	if (more >= SIZE_MAX / 2 - b->n)
		die("buf: %zu more bytes asked for", more);
	if (b->p != NULL && b->n + more + 1 <= b->cap)
		return;
	while (cap < b->n + more + 1)
		cap *= 2;
	p = realloc(b->p, cap);
	if (p == NULL)
		die("buf: out of memory (%zu bytes)", cap);
	b->p = p;
	b->cap = cap;
	b->p[b->n] = '\0';
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	buf_reserve(b, n);
	if (n > 0)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void buf_str(struct buf *b, const char *s)
{
	if (s != NULL)
		buf_add(b, s, strlen(s));
}

void buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_i64(struct buf *b, int64_t v)
{
	char digits[20];
	size_t i = sizeof(digits);
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	do {
		digits[--i] = (char)('0' + u % 10);
		u /= 10;
	} while (u > 0);
	if (v < 0)
		buf_char(b, '-');
	buf_add(b, digits + i, sizeof(digits) - i);
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		die("buf: format [%s] failed", fmt);
	buf_reserve(b, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->n += (size_t)n;
}

/* How one ASCII byte stands in a JSON string: 0 as it is, 'u' as \u00XX, else after a backslash. */
static char json_escape(unsigned char c)
{
	switch (c) {
	case '"': return '"';
	case '\\': return '\\';
	case '\b': return 'b';
	case '\f': return 'f';
	case '\n': return 'n';
	case '\r': return 'r';
	case '\t': return 't';
	case '<': case '>': case '&': return 'u';
	default: return c < 0x20 ? 'u' : 0;
	}
}

/* True when the byte needs a look: it is escaped, or not ASCII. */
static bool json_special(unsigned char c)
{
	return c >= 0x80 || json_escape(c) != 0;
}

static void json_ascii(struct buf *b, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char e = json_escape(c);

	if (e == 'u') {
		char out[6] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };

		buf_add(b, out, sizeof(out));
	} else {
		char out[2] = { '\\', e };

		buf_add(b, out, sizeof(out));
	}
}

void buf_json(struct buf *b, const char *s)
{
	uint32_t cp;

	if (s == NULL) {
		buf_str(b, "null");
		return;
	}
	buf_char(b, '"');
	while (*s != '\0') {
		size_t plain = 0;

		while (s[plain] != '\0' && !json_special((unsigned char)s[plain]))
			plain++;
		buf_add(b, s, plain);
		s += plain;
		if (*s == '\0')
			break;
		if ((unsigned char)*s < 0x80) {
			json_ascii(b, (unsigned char)*s++);
			continue;
		}
		size_t n = utf8_next(s, 4, &cp);

		if (cp == UTF8_BAD)
			buf_str(b, UTF8_REPLACEMENT);
		else if (cp == 0x2028 || cp == 0x2029)
			buf_str(b, cp == 0x2028 ? "\\u2028" : "\\u2029");
		else
			buf_add(b, s, n);
		s += n;
	}
	buf_char(b, '"');
}

void buf_html(struct buf *b, const char *s)
{
	if (s == NULL)
		return;
	for (;;) {
		size_t plain = strcspn(s, "&<>\"'");

		buf_add(b, s, plain);
		s += plain;
		switch (*s++) {
		case '&': buf_str(b, "&amp;"); break;
		case '<': buf_str(b, "&lt;"); break;
		case '>': buf_str(b, "&gt;"); break;
		case '"': buf_str(b, "&quot;"); break;
		case '\'': buf_str(b, "&#39;"); break;
		default: return; /* the end */
		}
	}
}

void buf_url(struct buf *b, const char *s)
{
	static const char hex[] = "0123456789ABCDEF";

	for (; s != NULL && *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    c == '-' || c == '.' || c == '_' || c == '~') {
			buf_char(b, *s);
		} else {
			char out[3] = { '%', hex[c >> 4], hex[c & 15] };

			buf_add(b, out, sizeof(out));
		}
	}
}

void buf_csv(struct buf *b, const char *s)
{
	bool quote;

	if (s == NULL)
		return;
	/* ';' too: it is the separator of spreadsheets in Portuguese. */
	quote = strpbrk(s, ",;\"\r\n") != NULL;
	if (quote)
		buf_char(b, '"');
	if (*s != '\0' && strchr("=+-@\t\r", *s) != NULL)
		buf_char(b, '\'');
	for (; *s != '\0'; s++) {
		if (*s == '"')
			buf_char(b, '"');
		buf_char(b, *s);
	}
	if (quote)
		buf_char(b, '"');
}
