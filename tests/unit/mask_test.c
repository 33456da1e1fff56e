#include "lib/base/text.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "tests/unit/unit.h"

struct row {
	const char *in, *want;
};

static void texts(const struct row *rows, size_t n)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < n; i++) {
		IS_STR(rows[i].in, mask_text(a, rows[i].in),
		    rows[i].want != NULL ? rows[i].want : rows[i].in);
		IS_STR("again", mask_text(a, mask_text(a, rows[i].in)), mask_text(a, rows[i].in));
	}
	arena_free(a);
}

static void phones_in_text(void)
{
	static const struct row rows[] = {
		{ "+55 (31) 90000-0142", "+** (**) *****-**42" },
		{ "31900000142", "*********42" },
		{ "ligue 31 90000 0142, por favor", "ligue ** ***** **42, por favor" },
		{ "(31)90000.0142.", "(**)*****.**42." },
		{ "3190-0001", "****-**01" },
		{ "tel:31900000142;", "tel:*********42;" },
		{ "ramal 12, 31900000142", "ramal 12, *********42" },
		/* As it is copied from a phone: direction marks and a hyphen that does not break. */
		{ "\xE2\x80\xAA+55 31 90000\xE2\x80\x91" "0142\xE2\x80\xAC",
		    "\xE2\x80\xAA+** ** *****\xE2\x80\x91**42\xE2\x80\xAC" },
		{ "31\xC2\xA0" "90000\xE2\x80\x93" "0142", "**\xC2\xA0*****\xE2\x80\x93**42" },
		{ "CPF 123.456.789-09", "CPF ***.***.***-09" },
		{ "dia 22/11/2024 no 31900000142", "dia 22/11/2024 no *********42" },
		{ "22/11/2024 31 90000-0142", "22/11/2024 ** *****-**42" },
		{ "2024-11-22 31900000142", "2024-11-22 *********42" },
		{ "12:30 31900000142", "12:30 *********42" },
		{ "R$ 50 31 90000-0142", "R$ 50 ** *****-**42" },
		{ "R$ 31900000142", "R$ *********42" },
	};

	texts(rows, nitems(rows));
}

static void what_is_no_phone(void)
{
	static const struct row rows[] = {
		{ "", NULL }, { "Oi, tudo bem?", NULL }, { "ção 😀 \xFF", NULL },
		{ "a 2024-11-22 12:30", NULL }, { "2024-11-22T12:30:45.123Z", NULL },
		{ "2024-11-22 12:30:45+00", NULL },
		{ "de 2024-11-22 a 2024-12-01", NULL }, { "pago 100 2024-11-22", NULL },
		{ "22/11/2024 12:30", NULL }, { "22.11.2024", NULL }, { "22-11-2024", NULL },
		{ "das 08:00 12:00", NULL },
		{ "R$ 1.234,56", NULL }, { "R$ 12.345.678,90", NULL }, { "12.345.678,90", NULL },
		{ "R$\xC2\xA0" "1.234.567", NULL }, { "US$ 1,234,567.89", NULL }, { "€ 123456,78", NULL },
		{ "pedido 1234567", NULL }, { "1234567 x 7654321", NULL }, { "nota 123     4567890", NULL },
		{ "12\n345678", NULL }, { "@ana", NULL }, { "a@b", NULL }, { "@", NULL },
		{ "a @ b.com", NULL },
	};

	texts(rows, nitems(rows));
}

static void mail_in_text(void)
{
	static const struct row rows[] = {
		{ "paula@exemplo.com", "p***@***.com" },
		{ "veja paula.silva+x@mail.exemplo.com.br.", "veja p***@***.br." },
		{ "<paula@exemplo.com>, (ana@exemplo.org)", "<p***@***.com>, (a***@***.org)" },
		{ "email:paula@exemplo.com", "email:p***@***.com" },
		{ "31900000142@exemplo.com", "***@***.com" },
		{ "1234567 8@exemplo.com", "1234567 ***@***.com" },
		{ "31 9999 +1@exemplo.com", "31 9999 ***@***.com" },
		{ "12:30@exemplo.com", "12:***@***.com" },
		{ "12:30ana@exemplo.com", "12:30a***@***.com" },
		{ "a@b.com_ana@exemplo.com", "a***@***.com***@***.com" },
		{ "a@b.com@c.com", "a***@***.com" },
		{ "a@b.com.@c.com", "a***@***.com" },
		{ "a@b@c.com", "a@b***@***.com" },
		{ "a@b.31900000142", "a***@***" },
		{ "joão@açaí.com.br", "j***@***.br" },
		{ "órgão@exemplo.com", "ó***@***.com" },
		{ "ana@exemplo.com…", "a***@***.com…" },
		{ "ana@exemplo.com 31900000142", "a***@***.com *********42" },
	};

	texts(rows, nitems(rows));
}

static void whole_values(void)
{
	struct arena *a = arena_new();

	IS_STR("phone", mask_digits(a, "(31) 90000-0142"), "(**) *****-**42");
	IS_STR("e164", mask_digits(a, "+5531900000142"), "+***********42");
	IS_STR("short", mask_digits(a, "42"), "42");
	IS_STR("three", mask_digits(a, "142"), "*42");
	IS_STR("none", mask_digits(a, "sem"), "sem");
	IS_STR("empty", mask_digits(a, ""), "");
	IS_STR("null", mask_digits(a, NULL), NULL);
	IS_STR("mail", mask_email(a, "paula@exemplo.com"), "p***@***.com");
	IS_STR("br", mask_email(a, "paula@exemplo.com.br"), "p***@***.br");
	IS_STR("digit first", mask_email(a, "9ana@exemplo.com"), "***@***.com");
	IS_STR("no dot", mask_email(a, "paula@local"), "p***@***");
	IS_STR("no at", mask_email(a, "paula"), "***");
	IS_STR("empty", mask_email(a, ""), "");
	IS_STR("null", mask_email(a, NULL), NULL);
	IS_STR("text null", mask_text(a, NULL), NULL);
	arena_free(a);
}

/* Texts made to be read again and again are read in a moment all the same. */
static void time_is_linear(void)
{
	static const char *const units[] = { "1-", "1.111.", "a.", "1@", "a@b", "1 +", "12:",
		"1 \xE2\x80\x91", "2024-11-" };
	struct arena *a = arena_new();

	for (size_t i = 0; i < nitems(units); i++) {
		size_t n = strlen(units[i]), total = 400000 / n * n;
		char *s = arena_alloc(a, total + 1);
		int64_t from = mono_ms();

		for (size_t at = 0; at < total; at += n)
			memcpy(s + at, units[i], n);
		CU_ASSERT_PTR_NOT_NULL(mask_text(a, s));
		IS_TRUE(units[i], mono_ms() - from < 10000);
	}
	arena_free(a);
}

CU_TestInfo mask_tests[] = {
	{ "phones in text", phones_in_text },
	{ "dates, times, money and short numbers stay", what_is_no_phone },
	{ "e-mail addresses in text", mail_in_text },
	{ "whole values", whole_values },
	{ "time is linear", time_is_linear },
	CU_TEST_INFO_NULL
};
