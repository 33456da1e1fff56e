/* The JSON, HDF and CSV faces of a document (lib/view/doc*.c). */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include <util/neo_hdf.h>

#include "lib/base/text.h"
#include "lib/view/doc.h"
#include "tests/unit/unit.h"

#define NBSP "\xc2\xa0"
#define BOM "\xef\xbb\xbf"

struct person {
	const char *id, *name, *phone, *email, *note, *raw, *secret, *hidden, *currency;
	money_t amount;
	int32_t version;
	int64_t big;
	bool active;
	utc_t seen_at;
};

#define REC struct person
static const struct field person_fields[] = {
	F(id, .flags = RO | ID), F(name, .flags = REQ), F(phone, .flags = PHONE), F(email, .flags = EMAIL),
	F(note, .flags = FREE), F(raw, .flags = JSON), F(secret, .flags = SECRET), F(hidden, .flags = HIDE),
	F(currency, .flags = RO), F(amount, .min = 0), F(version, .flags = RO), F(big, .flags = RO),
	F(active, .flags = 0), F(seen_at, .flags = RO),
};
#undef REC
static const struct rec_type person_type = REC_TYPE("person", struct person, person_fields);

static const struct person ana = {
	.id = "018f0000-0000-7000-8000-000000000001", .name = "Ana \"<Sá>\"", .phone = "+55 (31) 90000-0142",
	.email = "ana@exemplo.com.br", .note = "ligar 31 90000-0142", .raw = "{\"a\":[1]}", .secret = "s3",
	.hidden = "h1", .currency = "USD", .amount = { 123450 }, .version = 7, .big = INT64_C(9007199254740993),
	.active = true, .seen_at = { INT64_C(1795368960000000) } /* 2026-11-22T17:36:00Z */
};
static const struct person nobody = { .seen_at = { INT64_MIN } };

static struct doc *make(struct arena *a, enum doc_format f, const char *lang, bool masked)
{
	return doc_new(a, f, lang, zone_get("America/Sao_Paulo"), (utc_t){ INT64_C(1795369680000000) }, masked);
}

static void test_json_shape(void)
{
	struct arena *a = arena_new();
	struct doc *d = make(a, DOC_JSON, "pt_BR", false);

	IS_TRUE("format", doc_format(d) == DOC_JSON && !doc_html(d) && !doc_masked(d));
	doc_text(d, "a", "x");
	doc_text(d, "none", NULL);
	doc_hint(d, "hint", "never");
	doc_open(d, "empty");
	doc_close(d);
	doc_list(d, "items");
	doc_item(d);
	doc_i64(d, "n", INT64_MIN);
	doc_bool(d, "t", true);
	doc_bool(d, "f", false);
	doc_close(d);
	doc_item(d);
	doc_close(d);
	doc_item_text(d, "x\ny");
	doc_item_text(d, NULL);
	doc_close(d);
	doc_list(d, "none_yet");
	doc_close(d);
	doc_json(d, "raw", "[1,2]");
	doc_json(d, "rawnull", NULL);
	doc_utc(d, "at", (utc_t){ 0 });
	doc_utc(d, "never", UTC_NONE);
	doc_money(d, "m", -5, "BRL");
	IS_STR("shape", doc_bytes(d)->p, "{\"a\":\"x\",\"none\":null,\"empty\":{},\"items\":["
	    "{\"n\":-9223372036854775808,\"t\":true,\"f\":false},{},\"x\\ny\",null],\"none_yet\":[],"
	    "\"raw\":[1,2],\"rawnull\":null,\"at\":\"1970-01-01T00:00:00Z\",\"never\":null,\"m\":\"-0.05\"}");
	IS_STR("again", doc_bytes(d)->p + doc_bytes(d)->n - 1, "}");
	arena_free(a);
}

static void test_json_texts(void)
{
	static const struct { const char *in, *want; } rows[] = {
		{ "", "\"\"" }, { "São João, às 14 h: R$ 10 (50%)", "\"São João, às 14 h: R$ 10 (50%)\"" },
		{ "a\"b", "\"a\\\"b\"" }, { "a\\b", "\"a\\\\b\"" },
		{ "<é>", "\"\\u003cé\\u003e\"" }, { "a&b", "\"a\\u0026b\"" },
		{ "\x7f", "\"\x7f\"" }, { "\x1f", "\"\\u001f\"" },
		{ "😀", "\"😀\"" }, { "\xe2\x80\xa8", "\"\\u2028\"" },
		{ "\xc3", "\"\xef\xbf\xbd\"" }, { "\xc3(", "\"\xef\xbf\xbd(\"" }, { "\xc0\x80", NULL },
		{ "\xff", "\"\xef\xbf\xbd\"" },
	};
	struct arena *a = arena_new();

	for (size_t i = 0; i < nitems(rows); i++) {
		struct doc *d = make(a, DOC_JSON, "pt_BR", false);
		struct buf b = { 0 };

		doc_text(d, "v", rows[i].in);
		buf_json(&b, rows[i].in);
		IS_STR("as buf_json", doc_bytes(d)->p, arena_fmt(a, "{\"v\":%s}", b.p));
		if (rows[i].want != NULL)
			IS_STR(rows[i].in, b.p, rows[i].want);
		buf_free(&b);
	}
	arena_free(a);
}

static void test_json_hint_first(void)
{
	struct arena *a = arena_new();
	struct doc *d = make(a, DOC_JSON, "pt_BR", false);

	doc_hint(d, "hint", "x");
	doc_text(d, "a", "y");
	IS_STR("no comma", doc_bytes(d)->p, "{\"a\":\"y\"}");
	d = make(a, DOC_JSON, "pt_BR", false);
	IS_STR("empty", doc_bytes(d)->p, "{}");
	arena_free(a);
}

static void test_json_record(void)
{
	struct arena *a = arena_new();
	struct doc *d = make(a, DOC_JSON, "pt_BR", false);
	struct person two[2] = { ana, nobody };
	json_t *j, *p;

	doc_recs(d, "people", &person_type, two, 2);
	j = json_loadb(doc_bytes(d)->p, doc_bytes(d)->n, JSON_REJECT_DUPLICATES, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(j);
	p = json_array_get(json_object_get(j, "people"), 0);
	IS_STR("name", json_string_value(json_object_get(p, "name")), ana.name);
	IS_STR("phone", json_string_value(json_object_get(p, "phone")), "+5531900000142");
	IS_STR("amount", json_string_value(json_object_get(p, "amount")), "1234.50");
	IS_STR("seen_at", json_string_value(json_object_get(p, "seen_at")), "2026-11-22T17:36:00Z");
	IS_INT("version", json_integer_value(json_object_get(p, "version")), 7);
	IS_INT("big", json_integer_value(json_object_get(p, "big")), ana.big);
	IS_TRUE("active", json_is_true(json_object_get(p, "active")));
	IS_TRUE("raw", json_is_array(json_object_get(json_object_get(p, "raw"), "a")));
	IS_TRUE("secrets", json_object_get(p, "secret") == NULL && json_object_get(p, "hidden") == NULL);
	p = json_array_get(json_object_get(j, "people"), 1);
	IS_TRUE("nulls", json_is_null(json_object_get(p, "name")) && json_is_null(json_object_get(p, "raw")) &&
	    json_is_null(json_object_get(p, "seen_at")));
	json_decref(j);
	arena_free(a);
}

static void test_masks(void)
{
	static const enum doc_format formats[] = { DOC_JSON, DOC_CSV };
	struct arena *a = arena_new();

	for (size_t i = 0; i < nitems(formats); i++) {
		struct doc *d = make(a, formats[i], "pt_BR", true);
		const char *s;

		doc_recs(d, "people", &person_type, &ana, 1);
		s = doc_bytes(d)->p;
		IS_TRUE("phone", strstr(s, "90000") == NULL);
		IS_TRUE("email", strstr(s, "ana@exemplo") == NULL);
		IS_TRUE("name", strstr(s, "Ana") != NULL);
	}
	struct doc *d = make(a, DOC_HTML, "pt_BR", false);

	doc_reader(d, "en", NULL, true);
	IS_TRUE("masked", doc_masked(d));
	IS_STR("lang", doc_lang(d), "en");
	doc_rec(d, "p", &person_type, &ana);
	IS_STR("phone", hdf_get_value(doc_hdf(d), "p.phone", NULL), mask_digits(a, ana.phone));
	IS_STR("email", hdf_get_value(doc_hdf(d), "p.email", NULL), mask_email(a, ana.email));
	IS_STR("note", hdf_get_value(doc_hdf(d), "p.note", NULL), mask_text(a, ana.note));
	arena_free(a);
}

static void test_hdf(void)
{
	static const struct { const char *path, *pt, *en; } rows[] = {
		{ "p.name", "Ana \"<Sá>\"", "Ana \"<Sá>\"" },
		{ "p.amount", "1234.50", "1234.50" },
		{ "p.amount.text", "USD" NBSP "1.234,50", "USD" NBSP "1,234.50" },
		{ "p.seen_at", "2026-11-22T17:36:00Z", "2026-11-22T17:36:00Z" },
		{ "p.seen_at.text", "14:36", "2:36 pm" },
		{ "p.seen_at.long", "22 de novembro de 2026, 14:36", "22 Nov 2026, 2:36 pm" },
		{ "p.seen_at.ago", "há 12 min", "12 min ago" },
		{ "p.big", "9007199254740993", "9007199254740993" },
		{ "p.big.text", "9.007.199.254.740.993", "9,007,199,254,740,993" },
		{ "p.active", "1", "1" }, { "p.raw", NULL, NULL }, { "p.secret", NULL, NULL }, { "p.hidden", NULL, NULL },
		{ "n.name", NULL, NULL }, { "n.active", NULL, NULL }, { "n.seen_at", NULL, NULL },
		{ "n.version", "0", "0" },
		{ "soon.ago", "em 2 h 08", "in 2 h 08" }, { "just.ago", "agora", "now" },
		{ "hint", "h", "h" }, { "list.0", "a", "a" }, { "list.1", "", "" }, { "list.2.x", "y", "y" },
	};
	struct arena *a = arena_new();

	for (int en = 0; en < 2; en++) {
		struct doc *d = make(a, DOC_HTML, en ? "en" : "pt_BR", false);

		doc_rec(d, "p", &person_type, &ana);
		doc_rec(d, "n", &person_type, &nobody);
		doc_utc(d, "soon", (utc_t){ INT64_C(1795369680000000) + INT64_C(7680000000) });
		doc_utc(d, "just", (utc_t){ INT64_C(1795369650000000) });
		doc_hint(d, "hint", "h");
		doc_list(d, "list");
		doc_item_text(d, "a");
		doc_item_text(d, NULL);
		doc_item(d);
		doc_text(d, "x", "y");
		doc_close(d);
		doc_close(d);
		for (size_t i = 0; i < nitems(rows); i++)
			IS_STR(rows[i].path, hdf_get_value(doc_hdf(d), rows[i].path, NULL), en ? rows[i].en : rows[i].pt);
	}
	arena_free(a);
}

/* A member that is written again has the last value, at the root (ClearSilver's nodes) and below it (ours). */
static void test_hdf_again(void)
{
	struct arena *a = arena_new();
	struct doc *d = make(a, DOC_HTML, "pt_BR", false);

	for (int i = 0; i < 2; i++) {
		char v[8];

		snprintf(v, sizeof(v), "v%d", i);
		doc_text(d, "top", v);
		doc_open(d, "o");
		doc_text(d, "v", v);
		doc_i64(d, "n", 1000 + i);
		doc_text(d, i == 0 ? "first" : "second", v);
		doc_close(d);
		memset(v, 'x', sizeof(v) - 1);
	}
	IS_STR("root", hdf_get_value(doc_hdf(d), "top", NULL), "v1");
	IS_STR("member", hdf_get_value(doc_hdf(d), "o.v", NULL), "v1");
	IS_STR("number", hdf_get_value(doc_hdf(d), "o.n.text", NULL), "1.001");
	IS_STR("kept", hdf_get_value(doc_hdf(d), "o.first", NULL), "v0");
	IS_STR("added", hdf_get_value(doc_hdf(d), "o.second", NULL), "v1");
	IS_STR("no other", hdf_get_value(doc_hdf(d), "o.firs", NULL), NULL);
	arena_free(a);
}

static void test_hdf_order(void)
{
	struct arena *a = arena_new();
	struct doc *d = make(a, DOC_HTML, "pt_BR", false);
	char want[24];
	HDF *h;
	int n = 0;

	doc_list(d, "items");
	for (int i = 0; i < 1000; i++) {
		doc_item(d);
		doc_i64(d, "n", i);
		doc_close(d);
	}
	doc_close(d);
	for (h = hdf_get_child(doc_hdf(d), "items"); h != NULL; h = hdf_obj_next(h), n++) {
		snprintf(want, sizeof(want), "%d", n);
		if (strcmp(hdf_obj_name(h), want) != 0 || strcmp(hdf_get_value(h, "n", ""), want) != 0)
			CU_FAIL("an element is out of order");
	}
	IS_INT("elements", n, 1000);
	arena_free(a);
}

static void fill_table(struct doc *d)
{
	doc_text(d, "before", "left out");
	doc_list(d, "items");
	doc_item(d);
	doc_text(d, "name", "a;b,\"c\"");
	doc_open(d, "owner");
	doc_text(d, "name", "=1+1");
	doc_open(d, "team");
	doc_i64(d, "id", -3);
	doc_close(d);
	doc_close(d);
	doc_list(d, "tags");
	doc_item_text(d, "no");
	doc_item(d);
	doc_text(d, "no", "no");
	doc_close(d);
	doc_close(d);
	doc_money(d, "amount", -1250, "BRL");
	doc_utc(d, "at", (utc_t){ INT64_C(1795368960000000) });
	doc_bool(d, "ok", true);
	doc_json(d, "raw", "{}");
	doc_hint(d, "hint", "no");
	doc_close(d);
	doc_item(d);
	doc_utc(d, "at", UTC_NONE);
	doc_text(d, "name", NULL);
	doc_text(d, "late", "not a column");
	doc_bool(d, "ok", false);
	doc_close(d);
	doc_close(d);
	doc_list(d, "other");
	doc_item(d);
	doc_text(d, "name", "left out");
	doc_close(d);
	doc_close(d);
}

static void test_csv(void)
{
	struct arena *a = arena_new();
	struct doc *d = make(a, DOC_CSV, "pt_BR", false);

	fill_table(d);
	IS_STR("pt", doc_bytes(d)->p, BOM "name;owner.name;owner.team.id;amount;at;ok\r\n"
	    "\"a;b,\"\"c\"\"\";'=1+1;-3;-12,50;2026-11-22 14:36:00;true\r\n;;;;;false\r\n");
	d = make(a, DOC_CSV, "en", false);
	fill_table(d);
	IS_STR("en", doc_bytes(d)->p, BOM "name,owner.name,owner.team.id,amount,at,ok\r\n"
	    "\"a;b,\"\"c\"\"\",'=1+1,-3,-12.50,2026-11-22 14:36:00,true\r\n,,,,,false\r\n");
	arena_free(a);
}

static void test_csv_texts(void)
{
	struct arena *a = arena_new();
	struct doc *d = make(a, DOC_CSV, "pt_BR", false);
	struct person many[40];

	IS_STR("nothing", doc_bytes(d)->p, BOM);
	d = make(a, DOC_CSV, "pt_BR", false);
	doc_list(d, "tags");
	doc_item_text(d, "um;dois");
	doc_item_text(d, "três\nlinhas");
	doc_close(d);
	IS_STR("texts", doc_bytes(d)->p, BOM "tags\r\n\"um;dois\"\r\n\"três\nlinhas\"\r\n");
	for (size_t i = 0; i < nitems(many); i++)
		many[i] = ana;
	d = make(a, DOC_CSV, "en", false);
	doc_open(d, "data");
	doc_recs(d, "people", &person_type, many, nitems(many));
	doc_close(d);
	int rows = 0;
	for (const char *p = doc_bytes(d)->p; (p = strstr(p, "\r\n")) != NULL; p += 2)
		rows++;
	IS_INT("rows", rows, 41);
	arena_free(a);
}

static void wide(void *p)
{
	struct arena *a = arena_new();
	struct doc *d = make(a, DOC_CSV, "en", false);
	char name[16];

	doc_list(d, "items");
	for (int row = 0; row < 2; row++) {
		doc_item(d);
		for (int i = 0; i < 100; i++) {
			snprintf(name, sizeof(name), "c%d", row == 0 ? i : 99 - i);
			doc_i64(d, name, i);
		}
		doc_close(d);
	}
	doc_close(d);
	*(bool *)p = strstr(doc_bytes(d)->p, "\r\n99,98,97,") != NULL && strstr(doc_bytes(d)->p, ",1,0\r\n") != NULL;
	arena_free(a);
}

static void test_csv_wide(void)
{
	bool ok = false;

	wide(&ok);
	IS_TRUE("columns by name", ok);
}

/* Each bug of a caller ends the process; p is the number of the bug. */
static void bug(void *p)
{
	struct doc *d = make(arena_new(), DOC_JSON, "pt_BR", false);

	switch (*(int *)p) {
	case 0: doc_text(d, "a.b", "x"); break;
	case 1: doc_text(d, "", "x"); break;
	case 2: doc_text(d, "a\"b", "x"); break;
	case 3: doc_close(d); break;
	case 4: doc_item(d); break;
	case 5: doc_item_text(d, "x"); break;
	case 6: doc_list(d, "a"); doc_text(d, "b", "x"); break;
	case 7: doc_open(d, "a"); doc_bytes(d); break;
	case 8: doc_bytes(d); doc_text(d, "a", "x"); break;
	case 9: doc_hdf(d); break;
	case 10: doc_bytes(make(arena_new(), DOC_HTML, "en", false)); break;
	case 11: for (int i = 0; i < 33; i++) doc_open(d, "a"); break;
	}
}

static void no_bug(void *p)
{
	struct doc *d = make(arena_new(), DOC_JSON, "pt_BR", false);

	(void)p;
	for (int i = 0; i < 32; i++)
		doc_open(d, "a");
	for (int i = 0; i < 32; i++)
		doc_close(d);
	doc_bytes(d);
}

static void test_bugs(void)
{
	char label[16];

	for (int i = 0; i < 12; i++) {
		snprintf(label, sizeof(label), "bug %d", i);
		IS_TRUE(label, unit_dies(bug, &i));
	}
	IS_TRUE("32 levels", !unit_dies(no_bug, NULL));
}

CU_TestInfo view_doc_tests[] = {
	{ "JSON: commas, nesting, nulls", test_json_shape },
	{ "JSON: texts", test_json_texts },
	{ "JSON: a hint leaves no comma", test_json_hint_first },
	{ "JSON: records with raw values", test_json_record },
	{ "masks in all formats", test_masks },
	{ "HDF: raw values and texts in two languages", test_hdf },
	{ "HDF: a member written again", test_hdf_again },
	{ "HDF: a thousand elements in order", test_hdf_order },
	{ "CSV: columns, separators, quoting", test_csv },
	{ "CSV: nothing, texts, records", test_csv_texts },
	{ "CSV: many columns in another order", test_csv_wide },
	{ "misuse ends the process", test_bugs },
	CU_TEST_INFO_NULL
};
