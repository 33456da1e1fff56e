#include "lib/base/text.h"

#include <string.h>

#include "lib/base/base_internal.h"
#include "tests/unit/unit.h"

static void utf8_validity(void)
{
	static const struct { const char *s; bool ok; } rows[] = {
		{ "", true }, { "a", true }, { "ção", true }, { "€", true }, { "😀", true },
		{ "\xF4\x8F\xBF\xBF", true }, { "\xEF\xBF\xBF", true }, { "\xEE\x80\x80", true },
		{ "\x7F", true },
		{ "\x80", false }, { "\xC0\x80", false }, { "\xC1\xBF", false }, { "\xC3", false },
		{ "\xE0\x9F\xBF", false }, { "\xED\xA0\x80", false }, { "\xED\xBF\xBF", false },
		{ "\xF0\x8F\xBF\xBF", false }, { "\xF4\x90\x80\x80", false }, { "\xF5\x80\x80\x80", false },
		{ "\xF0\x9F\x98", false }, { "a\xE2\x82", false }, { "\xFE", false }, { "\xFF", false },
	};

	for (size_t i = 0; i < nitems(rows); i++)
		IS_INT(rows[i].s, utf8_ok(rows[i].s, strlen(rows[i].s)), rows[i].ok);
	CU_ASSERT_FALSE(utf8_ok("a\0b", 3));
	CU_ASSERT(utf8_ok("\xC3\xA3", 2));
	CU_ASSERT_FALSE(utf8_ok("\xC3\xA3", 1));
	CU_ASSERT(utf8_ok(NULL, 0));
}

/* Each code point written by hand is read back, and no surrogate is. */
static void utf8_round_trip(void)
{
	bool same = true;

	for (uint32_t cp = 0x80; cp <= 0x10FFFF; cp++) {
		char s[5] = { 0 };
		uint32_t got;
		size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;

		for (size_t i = n - 1; i > 0; i--)
			s[i] = (char)(0x80 | (cp >> (6 * (n - 1 - i)) & 0x3F));
		s[0] = (char)((n == 2 ? 0xC0u : n == 3 ? 0xE0u : 0xF0u) | cp >> (6 * (n - 1)));
		if (cp >= 0xD800 && cp <= 0xDFFF)
			same = same && !utf8_ok(s, n);
		else
			same = same && utf8_next(s, n, &got) == n && got == cp && utf8_ok(s, n);
	}
	CU_ASSERT(same);
}

static void lengths_and_cuts(void)
{
	struct arena *a = arena_new();

	IS_INT("null", utf8_len(NULL), 0);
	IS_INT("accents", utf8_len("ação 😀"), 6);
	IS_INT("invalid", utf8_len("\xFF\xC3"), 2);
	IS_STR("fits", utf8_cut(a, "ação", 4), "ação");
	IS_STR("cut", utf8_cut(a, "ação!", 4), "açã…");
	IS_STR("one", utf8_cut(a, "ação", 1), "…");
	IS_STR("none", utf8_cut(a, "ação", 0), "");
	IS_STR("empty", utf8_cut(a, "", 0), "");
	IS_STR("null", utf8_cut(a, NULL, 3), NULL);
	arena_free(a);
}

static void cleaning(void)
{
	struct arena *a = arena_new();

	IS_STR("plain", utf8_clean(a, "olá\n\tx", 7), "olá\n\tx");
	IS_STR("controls", utf8_clean(a, "a\0b\x01\r\n\x1F" "c", 8), "ab\nc");
	IS_STR("bad", utf8_clean(a, "a\xFF\xC3", 3), "a\xEF\xBF\xBD\xEF\xBF\xBD");
	IS_STR("overlong", utf8_clean(a, "\xC0\x8A", 2), "\xEF\xBF\xBD\xEF\xBF\xBD");
	IS_STR("empty", utf8_clean(a, "", 0), "");
	arena_free(a);
}

static void trimming(void)
{
	struct arena *a = arena_new();

	IS_STR("null", text_trim(a, NULL), NULL);
	IS_STR("blank", text_trim(a, " \t\r\n\xC2\xA0 "), "");
	IS_STR("ends", text_trim(a, "\xC2\xA0 Ana Lima \xC2\xA0\n"), "Ana Lima");
	IS_STR("inside", text_trim(a, "a \xC2\xA0 b"), "a \xC2\xA0 b");
	IS_STR("lines", text_trim(a, "a\r\nb\rc\n"), "a\nb\rc");
	IS_STR("accent", text_trim(a, "à"), "à");
	arena_free(a);
}

static void small_helpers(void)
{
	struct arena *a = arena_new();

	IS_STR("lower", text_lower(a, "ABC-Ção-ÀZ"), "abc-Ção-Àz");
	IS_STR("lower null", text_lower(a, NULL), NULL);
	CU_ASSERT(text_starts("abc", "ab"));
	CU_ASSERT(text_starts("abc", ""));
	CU_ASSERT_FALSE(text_starts("a", "ab"));
	CU_ASSERT_FALSE(text_starts(NULL, "ab"));
	CU_ASSERT(text_empty(NULL));
	CU_ASSERT(text_empty(""));
	CU_ASSERT_FALSE(text_empty(" "));
	CU_ASSERT(text_eq(NULL, NULL));
	CU_ASSERT(text_eq("a", "a"));
	CU_ASSERT_FALSE(text_eq(NULL, ""));
	CU_ASSERT_FALSE(text_eq("a", NULL));
	CU_ASSERT_FALSE(text_eq("a", "b"));
	arena_free(a);
}

static void ids(void)
{
	static const struct { const char *s; bool ok; } rows[] = {
		{ "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", true },
		{ "0190A1B2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", false },
		{ "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5", false },
		{ "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5bc", false },
		{ "0190a1b2xc3d4-7e5f-8a9b-0c1d2e3f4a5b", false },
		{ "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5g", false },
		{ "--------------------------------------", false },
		{ "", false }, { NULL, false },
	};

	for (size_t i = 0; i < nitems(rows); i++)
		IS_INT(rows[i].s != NULL ? rows[i].s : "NULL", id_ok(rows[i].s), rows[i].ok);
}

static void integers(void)
{
	static const struct { const char *s; bool ok; int64_t v; } rows[] = {
		{ "0", true, 0 }, { "-0", true, 0 }, { "007", true, 7 }, { "-12", true, -12 },
		{ "9223372036854775807", true, INT64_MAX }, { "-9223372036854775808", true, INT64_MIN },
		{ "9223372036854775808", false, 0 }, { "-9223372036854775809", false, 0 },
		{ "99999999999999999999999", false, 0 }, { "", false, 0 }, { "-", false, 0 },
		{ "+1", false, 0 },
		{ " 1", false, 0 }, { "1 ", false, 0 }, { "1.0", false, 0 }, { "0x1", false, 0 },
		{ "--1", false, 0 },
		{ NULL, false, 0 },
	};

	for (size_t i = 0; i < nitems(rows); i++) {
		int64_t v = 77;

		IS_INT(rows[i].s != NULL ? rows[i].s : "NULL", parse_i64(rows[i].s, INT64_MIN, INT64_MAX, &v),
		    rows[i].ok);
		IS_INT("value", v, rows[i].ok ? rows[i].v : 77);
	}
	int64_t v = 77;

	CU_ASSERT_FALSE(parse_i64("11", 1, 10, &v));
	CU_ASSERT_FALSE(parse_i64("0", 1, 10, &v));
	IS_INT("untouched", v, 77);
	CU_ASSERT(parse_i64("10", 1, 10, &v));
	IS_INT("limit", v, 10);
}

CU_TestInfo text_tests[] = {
	{ "UTF-8 validity", utf8_validity },
	{ "every code point is read back", utf8_round_trip },
	{ "lengths and cuts", lengths_and_cuts },
	{ "cleaning", cleaning },
	{ "trimming", trimming },
	{ "small helpers", small_helpers },
	{ "ids", ids },
	{ "integers", integers },
	CU_TEST_INFO_NULL
};
