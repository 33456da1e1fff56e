#include "lib/rec/rec.h"

#include "tests/unit/unit.h"

static void amounts(void)
{
	static const struct { const char *s; int64_t minor; } rows[] = {
		{ "0", 0 }, { "10", 1000 }, { "1234", 123400 }, { "1234.50", 123450 }, { "1234,5", 123450 },
		{ "1.234,56", 123456 }, { "1,234.56", 123456 }, { "1.234.567", 123456700 },
		{ "1.234.567,8", 123456780 },
		{ "1,234,567.89", 123456789 }, { "R$ 10", 1000 }, { "R$10,00", 1000 },
		{ "R$\xC2\xA0" "1.234,56", 123456 },
		{ " 5 ", 500 }, { "-5", -500 }, { "- 5,25", -525 }, { "R$ -5", -500 }, { "-R$ 5", -500 },
		{ "0,01", 1 },
		{ "-0,01", -1 }, { "007", 700 }, { "12345,67", 1234567 },
		{ "92233720368547758.07", INT64_MAX },
		{ "-92233720368547758.08", INT64_MIN },
	};

	for (size_t i = 0; i < nitems(rows); i++) {
		int64_t v = -77;

		IS_TRUE(rows[i].s, money_parse(rows[i].s, &v));
		IS_INT(rows[i].s, v, rows[i].minor);
	}
}

static void no_amounts(void)
{
	static const char *const rows[] = {
		"", " ", "R$", "-", "abc", "1.234", "1,234", "10.000", "1234.567", "0.123", "12.34.56",
		"1.23,45", "1.2345,67",
		"1234.567,89", "1.234,567", "1,234.567", "1.234,56,78", "1.234.56", ".5", ",5", "5.", "5,",
		"1..2", "1e3", "0x10",
		"1 000", "--5", "-R$ -5", "+5", "10 reais", "US$ 10", "R$ R$ 1", "0.123,45", "1.2,3.45",
		"NaN", "1.234,56-",
		"92233720368547758.08", "-92233720368547758.09", "999999999999999999999",
		"1.111.111.111.111.111.111.111.111.111.111.111.111.111.111.111.111.111",
	};
	int64_t v = -77;

	for (size_t i = 0; i < nitems(rows); i++)
		IS_TRUE(rows[i], !money_parse(rows[i], &v));
	CU_ASSERT_FALSE(money_parse(NULL, &v));
	IS_INT("untouched", v, -77);
}

static void written_amounts_are_read_back(void)
{
	static const int64_t all[] = { 0, 1, -1, 9, 10, 99, 100, -100, 123450, 999999999999, INT64_MAX,
		INT64_MIN };
	struct arena *a = arena_new();

	IS_STR("form", money_text(a, 123450), "1234.50");
	IS_STR("small", money_text(a, -5), "-0.05");
	for (size_t i = 0; i < nitems(all); i++) {
		int64_t v = -77;

		CU_ASSERT(money_parse(money_text(a, all[i]), &v));
		IS_INT("", v, all[i]);
	}
	arena_free(a);
}

CU_TestInfo money_tests[] = {
	{ "amounts", amounts },
	{ "what is no amount, or could be two", no_amounts },
	{ "written amounts are read back", written_amounts_are_read_back },
	CU_TEST_INFO_NULL
};
