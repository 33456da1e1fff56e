#include "lib/base/buf.h"

#include <string.h>

#include "tests/unit/unit.h"

typedef void put(struct buf *b, const char *s);

struct row {
	const char *in, *want;
};

static void table(put *fn, const struct row *rows, size_t n)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < n; i++) {
		buf_reset(&b);
		buf_str(&b, "");
		fn(&b, rows[i].in);
		IS_STR(rows[i].in != NULL ? rows[i].in : "NULL", b.p, rows[i].want);
		IS_INT("length", strlen(b.p), b.n);
	}
	buf_free(&b);
}

static void grows_and_stays_terminated(void)
{
	struct buf b = { 0 };

	buf_reset(&b);
	CU_ASSERT_PTR_NULL(b.p);
	buf_add(&b, NULL, 0);
	IS_STR("empty write", b.p, "");
	for (int i = 0; i < 10000; i++) {
		buf_fmt(&b, "%d,", i % 10);
		CU_ASSERT_EQUAL(b.p[b.n], 0);
	}
	IS_INT("bytes", b.n, 20000);
	buf_reset(&b);
	IS_STR("reset", b.p, "");
	buf_str(&b, NULL);
	buf_char(&b, 'x');
	buf_add(&b, "a\0b", 3);
	IS_INT("with NUL", b.n, 4);
	CU_ASSERT_EQUAL(memcmp(b.p, "xa\0b", 5), 0);
	buf_free(&b);
	CU_ASSERT_PTR_NULL(b.p);
	IS_INT("freed", b.n + b.cap, 0);
	buf_reserve(&b, 1000);
	CU_ASSERT(b.cap > 1000);
	buf_free(&b);
}

static void numbers(void)
{
	struct buf b = { 0 };

	buf_i64(&b, 0);
	buf_char(&b, ' ');
	buf_i64(&b, -7);
	buf_char(&b, ' ');
	buf_i64(&b, INT64_MAX);
	buf_char(&b, ' ');
	buf_i64(&b, INT64_MIN);
	IS_STR("", b.p, "0 -7 9223372036854775807 -9223372036854775808");
	buf_free(&b);
}

static void json(void)
{
	static const struct row rows[] = {
		{ NULL, "null" },
		{ "", "\"\"" },
		{ "João", "\"João\"" },
		{ "a\"b\\c/d", "\"a\\\"b\\\\c/d\"" },
		{ "\b\f\n\r\t\x01\x1f\x7f", "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"" },
		{ "</script>&", "\"\\u003c/script\\u003e\\u0026\"" },
		{ "a\xE2\x80\xA8" "b\xE2\x80\xA9\xE2\x80\xAA", "\"a\\u2028b\\u2029\xE2\x80\xAA\"" },
		{ "😀", "\"😀\"" },
		{ "a\xFF" "b", "\"a\xEF\xBF\xBD" "b\"" },
		{ "\xC3", "\"\xEF\xBF\xBD\"" },
		{ "\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"" },
		{ "\xF0\x9F\x98", "\"\xEF\xBF\xBD\"" },
		{ "\xC0\xAF\"", "\"\xEF\xBF\xBD\xEF\xBF\xBD\\\"\"" },
	};

	table(buf_json, rows, nitems(rows));
}

static void html(void)
{
	static const struct row rows[] = {
		{ NULL, "" },
		{ "plain", "plain" },
		{ "<a href=\"x\" title='y'>&amp;",
		    "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;" },
	};

	table(buf_html, rows, nitems(rows));
}

static void url(void)
{
	static const struct row rows[] = {
		{ NULL, "" },
		{ "aZ09-._~", "aZ09-._~" },
		{ "a b/c?d=e&f+g%", "a%20b%2Fc%3Fd%3De%26f%2Bg%25" },
		{ "ã\n", "%C3%A3%0A" },
	};

	table(buf_url, rows, nitems(rows));
}

static void csv(void)
{
	static const struct row rows[] = {
		{ NULL, "" },
		{ "", "" },
		{ "plain text", "plain text" },
		{ "a,b", "\"a,b\"" },
		{ "a;b", "\"a;b\"" },
		{ "say \"oi\"", "\"say \"\"oi\"\"\"" },
		{ "two\nlines", "\"two\nlines\"" },
		{ "=1+2", "'=1+2" },
		{ "+55", "'+55" },
		{ "-5", "'-5" },
		{ "@SUM(A1,A2)", "\"'@SUM(A1,A2)\"" },
		{ "\tx", "'\tx" },
		{ "\rx", "\"'\rx\"" },
		{ "=\"a\"", "\"'=\"\"a\"\"\"" },
		{ "a=b", "a=b" },
	};

	table(buf_csv, rows, nitems(rows));
}

CU_TestInfo buf_tests[] = {
	{ "grows and stays terminated", grows_and_stays_terminated },
	{ "numbers", numbers },
	{ "JSON strings", json },
	{ "HTML", html },
	{ "URL", url },
	{ "CSV cells", csv },
	CU_TEST_INFO_NULL
};
