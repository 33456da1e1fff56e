/*
 * json_buf_fuzz.c: a JSON string read back by the plain rules of RFC 8259 is the cleaned text, and it
 * holds nothing that HTML or a script could take for its own; HTML, URL and CSV forms read back, too.
 */
#include "lib/base/base_internal.h"
#include "lib/base/buf.h"
#include "lib/base/text.h"
#include "tests/fuzz/fuzz.h"

static uint32_t hex4(const char *s)
{
	char part[5] = { 0 };

	memcpy(part, s, 4);
	REQUIRE(strspn(part, "0123456789abcdef") == 4);
	return (uint32_t)strtoul(part, NULL, 16);
}

static void put_escape(struct buf *b, char c)
{
	static const char from[] = "\"\\bfnrt", to[] = "\"\\\b\f\n\r\t";
	const char *at = strchr(from, c);

	REQUIRE(c != '\0' && at != NULL);
	buf_char(b, to[at - from]);
}

/* Reads s, a whole JSON string, into b. */
static void unjson(struct buf *b, const char *s)
{
	REQUIRE(*s++ == '"');
	for (; *s != '"'; s++) {
		REQUIRE((unsigned char)*s >= 0x20);
		if (*s != '\\') {
			buf_char(b, *s);
			continue;
		}
		if (*++s != 'u') {
			put_escape(b, *s);
			continue;
		}
		uint32_t cp = hex4(s + 1);

		REQUIRE(cp < 0x80 || cp == 0x2028 || cp == 0x2029);
		if (cp < 0x80)
			buf_char(b, (char)cp);
		else
			buf_str(b, cp == 0x2028 ? "\xE2\x80\xA8" : "\xE2\x80\xA9");
		s += 4;
	}
	REQUIRE(s[1] == '\0');
}

/* s with bytes that are not UTF-8 replaced, and nothing else. */
static void replace_bad(struct buf *b, const char *s)
{
	uint32_t cp;

	while (*s != '\0') {
		size_t n = utf8_next(s, 4, &cp);

		buf_add(b, cp == UTF8_BAD ? UTF8_REPLACEMENT : s, cp == UTF8_BAD ? 3 : n);
		s += n;
	}
}

static void json(const char *in)
{
	struct buf out = { 0 }, back = { 0 }, want = { 0 };

	buf_json(&out, in);
	REQUIRE(utf8_ok(out.p, out.n) && strlen(out.p) == out.n);
	REQUIRE(strpbrk(out.p, "<>&\n\r") == NULL);
	REQUIRE(strstr(out.p, "\xE2\x80\xA8") == NULL && strstr(out.p, "\xE2\x80\xA9") == NULL);
	buf_str(&back, "");
	buf_str(&want, "");
	unjson(&back, out.p);
	replace_bad(&want, in);
	REQUIRE(strcmp(back.p, want.p) == 0);
	buf_free(&out);
	buf_free(&back);
	buf_free(&want);
}

static void html(const char *in)
{
	static const struct { const char *name; char c; } all[] = {
		{ "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&#39;", '\'' },
	};
	struct buf out = { 0 };

	buf_str(&out, "");
	buf_html(&out, in);
	REQUIRE(strpbrk(out.p, "<>\"'") == NULL);
	for (const char *p = out.p; *p != '\0'; in++) {
		size_t n = 1;
		char c = *p;

		for (size_t i = 0; *p == '&' && i < nitems(all); i++) {
			if (text_starts(p, all[i].name)) {
				n = strlen(all[i].name);
				c = all[i].c;
			}
		}
		REQUIRE(c == *in && (*p != '&' || n > 1));
		p += n;
	}
	REQUIRE(*in == '\0');
	buf_free(&out);
}

static void url(const char *in)
{
	struct buf out = { 0 };

	buf_str(&out, "");
	buf_url(&out, in);
	for (const char *p = out.p; *p != '\0'; in++) {
		char part[3] = { p[0], 0, 0 };

		if (*p == '%') {
			memcpy(part, p + 1, 2);
			REQUIRE((unsigned char)*in == strtoul(part, NULL, 16) &&
			    strspn(part, "0123456789ABCDEF") == 2);
			p += 3;
		} else {
			REQUIRE(*p == *in && strpbrk(part, " /?&=+#<>\"'") == NULL &&
			    (unsigned char)*p < 0x80);
			p++;
		}
	}
	REQUIRE(*in == '\0');
	buf_free(&out);
}

static void csv(const char *in)
{
	struct buf out = { 0 };
	const char *p;
	bool quoted, runs = *in != '\0' && strchr("=+-@\t\r", *in) != NULL;

	buf_str(&out, "");
	buf_csv(&out, in);
	p = out.p;
	quoted = *p == '"';
	p += quoted;
	REQUIRE(!runs || *p++ == '\'');
	for (; *in != '\0'; in++) {
		REQUIRE(*p == *in && (quoted || strchr(",;\"\r\n", *p) == NULL));
		if (*p++ == '"')
			REQUIRE(*p++ == '"');
	}
	REQUIRE(strcmp(p, quoted ? "\"" : "") == 0);
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *in = malloc(size + 1);

	REQUIRE(in != NULL);
	if (size > 0)
		memcpy(in, data, size);
	in[size] = '\0';
	json(in);
	html(in);
	url(in);
	csv(in);
	free(in);
	return 0;
}
