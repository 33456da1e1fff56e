#include "lib/rec/rec.h"

#include "tests/unit/unit.h"

struct thing {
	const char *name;
	int32_t count;
	int64_t big;
	bool on;
	utc_t at;
	money_t price;
};

#define REC struct thing
static const struct field fields[] = {
	F(name, .flags = REQ), F(count, .flags = RO), F(big, .flags = RO), F(on, .flags = 0), F(at,
	    .flags = 0),
	F(price, .flags = 0),
};
#undef REC
static const struct rec_type type = REC_TYPE("thing", struct thing, fields);

static void kinds_follow_the_types(void)
{
	IS_INT("text", rec_field(&type, "name")->kind, K_TEXT);
	IS_INT("i32", rec_field(&type, "count")->kind, K_I32);
	IS_INT("i64", rec_field(&type, "big")->kind, K_I64);
	IS_INT("bool", rec_field(&type, "on")->kind, K_BOOL);
	IS_INT("utc", rec_field(&type, "at")->kind, K_UTC);
	IS_INT("money", rec_field(&type, "price")->kind, K_MONEY);
	CU_ASSERT_PTR_NULL(rec_field(&type, "nome"));
	CU_ASSERT_PTR_NULL(rec_field(&type, NULL));
	IS_INT("fields", type.nfields, 6);
}

static void rows_are_decoded_and_written(void)
{
	static const struct { const char *field, *in, *out; } rows[] = {
		{ "name", "Ana", "Ana" }, { "name", "", "" }, { "name", NULL, NULL },
		{ "count", "-2147483648", "-2147483648" }, { "count", "2147483647", "2147483647" },
		{ "big", "9223372036854775807", "9223372036854775807" }, { "big", "0", "0" },
		{ "on", "t", "true" }, { "on", "f", "false" }, { "on", "true", "true" },
		{ "at", "2026-11-22 12:00:00+00", "2026-11-22T12:00:00Z" },
		{ "at", "2026-11-22 12:00:00.5+00", "2026-11-22T12:00:00.500Z" },
		{ "at", "2026-11-22 12:00:00.123456+00", "2026-11-22T12:00:00.123456Z" },
		{ "at", "1969-12-31 23:59:59.999999+00", "1969-12-31T23:59:59.999999Z" },
		{ "at", NULL, NULL }, { "price", "123450", "123450" }, { "price", "-1", "-1" },
	};
	struct arena *a = arena_new();
	struct thing t = { .name = "old" };

	for (size_t i = 0; i < nitems(rows); i++) {
		const struct field *f = rec_field(&type, rows[i].field);

		IS_TRUE(rows[i].field, rec_set_pg(a, f, &t, rows[i].in));
		IS_STR(rows[i].field, rec_text(a, f, &t), rows[i].out);
	}
	IS_INT("members", t.count, INT32_MAX);
	IS_INT("members", t.price.minor, -1);
	CU_ASSERT(utc_none(t.at));
	CU_ASSERT(t.on);
	arena_free(a);
}

static void what_does_not_fit_is_refused(void)
{
	static const struct { const char *field, *in; } rows[] = {
		{ "count", "2147483648" }, { "count", "-2147483649" }, { "count", "" }, { "count", "x" },
		{ "count", NULL },
		{ "big", "9223372036854775808" }, { "big", "1.5" }, { "big", NULL }, { "on", "" },
		{ "on", "yes" },
		{ "on", NULL }, { "at", "" }, { "at", "infinity" }, { "at", "2026-11-22" },
		{ "price", "12.50" },
		{ "price", NULL },
	};
	struct arena *a = arena_new();
	struct thing t = { .count = 5, .big = 6, .on = true, .at = { 7 }, .price = { 8 } };

	for (size_t i = 0; i < nitems(rows); i++)
		IS_TRUE(rows[i].field, !rec_set_pg(a, rec_field(&type, rows[i].field), &t, rows[i].in));
	CU_ASSERT(t.count == 5 && t.big == 6 && t.on && t.at.us == 7 && t.price.minor == 8);
	arena_free(a);
}

static void texts_are_copies(void)
{
	struct arena *a = arena_new();
	struct thing t = { 0 };
	char source[] = "Ana";

	CU_ASSERT(rec_set_pg(a, rec_field(&type, "name"), &t, source));
	source[0] = 'x';
	IS_STR("copy", t.name, "Ana");
	arena_free(a);
}

CU_TestInfo rec_tests[] = {
	{ "kinds follow the C types", kinds_follow_the_types },
	{ "rows are decoded and written", rows_are_decoded_and_written },
	{ "what does not fit is refused", what_does_not_fit_is_refused },
	{ "texts are copies", texts_are_copies },
	CU_TEST_INFO_NULL
};
