#include "model/phone.h"

#include "tests/unit/unit.h"

static struct arena *a;

static void digits(void)
{
	a = arena_new();
	IS_STR("", phone_digits(a, "+55 (31) 98765-4321"), "5531987654321");
	IS_STR("none", phone_digits(a, "nada"), NULL);
	IS_STR("null", phone_digits(a, NULL), NULL);
	IS_STR("20", phone_digits(a, "12345678901234567890"), "12345678901234567890");
	IS_STR("21", phone_digits(a, "123456789012345678901"), NULL);
	arena_free(a);
}

static void dialled(void)
{
	static const struct { const char *in, *ddd, *want; } rows[] = {
		{ "(11) 98765-4321", NULL, "5511987654321" },
		{ "11 98765 4321", NULL, "5511987654321" },
		{ "011 98765 4321", NULL, "5511987654321" },
		{ "0 15 11 98765-4321", NULL, "5511987654321" },
		{ "0 15 11 3456-7890", NULL, "551134567890" },
		{ "+55 11 8765-4321", NULL, "5511987654321" },
		{ "0055 11 98765-4321", NULL, "5511987654321" },
		{ "+55 (0) 11 98765-4321", NULL, "5511987654321" },
		{ "55 11 98765-4321", NULL, "5511987654321" },
		{ "551134567890", NULL, "551134567890" },
		{ "(31) 3456-7890", NULL, "553134567890" },
		{ "98765-4321", "31", "5531987654321" },
		{ "8765-4321", "31", "5531987654321" },
		{ "3456-7890", "31", "553134567890" },
		{ "3456-7890", NULL, NULL },
		{ "+1 650 555 1234", NULL, "16505551234" },
		{ "00 1 650 555 1234", NULL, "16505551234" },
		{ "+351 912 345 678", NULL, "351912345678" },
		{ "0800 123 4567", "31", NULL },
		{ "0300 123 4567", "31", NULL },
		{ "4004-1234", "31", NULL },
		{ "3003-1234", "31", NULL },
		{ "190", "31", NULL },
		{ "(20) 98765-4321", NULL, NULL },
		{ "(11) 12345-6789", NULL, NULL },
		{ "+55 20 98765-4321", NULL, NULL },
		{ "+", NULL, NULL },
		{ "", NULL, NULL },
		{ NULL, NULL, NULL },
	};

	a = arena_new();
	for (size_t i = 0; i < nitems(rows); i++)
		IS_STR(rows[i].in != NULL ? rows[i].in : "null", phone_e164(a, rows[i].in, rows[i].ddd), rows[i].want);
	arena_free(a);
}

static void keys(void)
{
	static const struct { const char *in, *want; } rows[] = {
		{ "5531987654321", "553187654321" }, { "553187654321", "553187654321" },
		{ "5531900000142", "553100000142" }, { "553100000142", "553100000142" },
		{ "5511941234567", "5511941234567" }, { "551141234567", "551141234567" }, /* a mobile and a fixed line */
		{ "5520987654321", "5520987654321" }, /* no such area code */
		{ "972987654321", "972987654321" }, { "16505551234", "16505551234" },
		{ "1234", NULL }, { "+5531987654321", NULL }, { "", NULL }, { NULL, NULL },
	};

	a = arena_new();
	for (size_t i = 0; i < nitems(rows); i++)
		IS_STR(rows[i].in != NULL ? rows[i].in : "null", phone_key(a, rows[i].in), rows[i].want);
	arena_free(a);
}

static void shown(void)
{
	a = arena_new();
	IS_STR("", phone_show(a, "5531987654321"), "+55 (31) 98765-4321");
	IS_STR("", phone_show(a, "553134567890"), "+55 (31) 3456-7890");
	IS_STR("", phone_show(a, "16505551234"), "+16505551234");
	IS_STR("", phone_show(a, "as written"), "as written");
	IS_STR("", phone_show(a, NULL), NULL);
	arena_free(a);
}

CU_TestInfo phone_tests[] = {
	{ "digits of a text", digits },
	{ "numbers as people write them", dialled },
	{ "both spellings of the ninth digit have one key", keys },
	{ "numbers for people", shown },
	CU_TEST_INFO_NULL
};
