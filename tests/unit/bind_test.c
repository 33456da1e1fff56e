#include "lib/rec/rec.h"

#include <string.h>

#include "lib/base/text.h"
#include "tests/unit/unit.h"

struct person {
	const char *id, *name, *email, *note, *stage, *owner, *password, *pem;
	int32_t age;
	int64_t total;
	bool active;
	utc_t due;
	money_t value;
};

static const char *const stages[] = { "lead", "contact", NULL };
#define REC struct person
static const struct field fields[] = {
	F(id, .flags = RO | ID),
	F(name, .flags = REQ, .min = 2, .max = 10),
	F(email, .flags = EMAIL, .max = 254),
	F(note, .flags = MULTI | FREE, .max = 50),
	F(stage, .flags = 0, .one_of = stages),
	F(owner, .flags = ID),
	F(password, .flags = SECRET, .min = 3, .max = 20),
	F(pem, .flags = SECRET | MULTI),
	F(age, .flags = 0, .min = 0, .max = 150),
	F(total, .flags = 0),
	F(active, .flags = 0),
	F(due, .flags = 0),
	F(value, .flags = 0, .min = 0, .max = 100000),
};
#undef REC
static const struct rec_type type = REC_TYPE("person", struct person, fields);

/* Pairs of names and texts, ended by NULL; the text "\1null" is a JSON null. */
static const char *pairs(void *src, const char *name, bool *is_null)
{
	for (const char *const *p = src; *p != NULL; p += 2) {
		if (strcmp(p[0], name) == 0) {
			*is_null = strcmp(p[1], "\1null") == 0;
			return *is_null ? NULL : p[1];
		}
	}
	return NULL;
}

static enum err bind(struct arena *a, struct person *p, const char *const *src, bool partial,
    struct field_error **errs)
{
	const char *copy[32] = { NULL };

	for (size_t i = 0; src[i] != NULL && i < nitems(copy) - 1; i++)
		copy[i] = src[i];
	*errs = NULL;
	return rec_bind(a, &type, p, pairs, copy, partial, errs);
}

/* Binds one field on top of a good record; the code it is refused with, or "". */
static const char *code_of(struct arena *a, struct person *p, const char *field, const char *text,
    const char **arg)
{
	const char *src[] = { field, text, NULL };
	struct field_error *errs;
	enum err e = bind(a, p, src, true, &errs);

	*arg = NULL;
	IS_INT(text, e, errs != NULL ? E_INVALID : OK);
	if (errs == NULL)
		return "";
	IS_STR(text, errs->field, field);
	CU_ASSERT_PTR_NULL(errs->next);
	*arg = errs->arg;
	return errs->code;
}

static void a_good_form(void)
{
	static const char *const src[] = { "id", "forged", "name", "  Ana Lima\r\n", "email",
		" Ana@Exemplo.COM ", "note",
		"a\r\nb\tc", "stage", "lead", "owner", "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "password",
		" senha ", "age", " 42 ",
		"total", "-7", "active", "on", "due", "2026-11-22T09:00:00-03:00", "value", "R$ 123,45",
		"unknown", "x", NULL };
	struct arena *a = arena_new();
	struct person p = { .id = "kept" };
	struct field_error *errs;

	IS_INT("result", bind(a, &p, src, false, &errs), OK);
	CU_ASSERT_PTR_NULL(errs);
	IS_STR("read only", p.id, "kept");
	IS_STR("trimmed", p.name, "Ana Lima");
	IS_STR("lower case", p.email, "ana@exemplo.com");
	IS_STR("lines", p.note, "a\nb\tc");
	IS_STR("choice", p.stage, "lead");
	IS_STR("secret as it is", p.password, " senha ");
	IS_STR("not given", p.pem, NULL);
	CU_ASSERT(p.age == 42 && p.total == -7 && p.active && p.due.us == 1795348800000000 &&
	    p.value.minor == 12345);
	arena_free(a);
}

static void what_is_not_given(void)
{
	static const char *const none[] = { NULL }, *const blank[] = { "name", " \t ", "email", "", "age", "",
		"active", "", "due",
		" ", "value", "\1null", "note", "\1null", NULL };
	const struct person full = { "id", "Ana", "a@b.co", "n", "lead", "o", "pw", "pem", 5, 6, true, { 7 },
		{ 8 } };
	struct arena *a = arena_new();
	struct person p = full;
	struct field_error *errs;

	IS_INT("partial: nothing", bind(a, &p, none, true, &errs), OK);
	IS_STR("kept", p.name, "Ana");
	CU_ASSERT(p.age == 5 && p.total == 6 && p.active && p.due.us == 7 && p.value.minor == 8);
	IS_INT("partial: blank", bind(a, &p, blank, true, &errs), E_INVALID);
	CU_ASSERT_PTR_NOT_NULL_FATAL(errs);
	IS_STR("code", errs->code, "required");
	CU_ASSERT_PTR_NULL(errs->next);
	CU_ASSERT(p.name == NULL && p.email == NULL && p.note == NULL && p.age == 0 && p.total == 6 &&
	    !p.active);
	CU_ASSERT(utc_none(p.due) && p.value.minor == 0);
	p = full;
	IS_INT("whole: nothing", bind(a, &p, none, false, &errs), E_INVALID);
	IS_STR("field", errs->field, "name");
	IS_STR("id stays", p.id, "id");
	CU_ASSERT(p.stage == NULL && p.password == NULL && p.total == 0 && !p.active && utc_none(p.due));
	arena_free(a);
}

static void codes(void)
{
	static const struct { const char *field, *text, *code, *arg; } rows[] = {
		{ "name", "Ana", "", NULL }, { "name", "", "required", NULL },
		{ "name", "A", "too_short", "2" },
		{ "name", "Maria João", "", NULL }, { "name", "Maria Joãoz", "too_long", "10" },
		{ "name", "ãããããããããã", "", NULL },
		{ "name", "a\nb", "control", NULL }, { "name", "a\rb", "control", NULL },
		{ "name", "a\tb", "control", NULL },
		{ "name", "a\x7f" "b", "control", NULL }, { "name", "a\xC2\x85" "b", "control", NULL },
		{ "name", "a\xE2\x80\xA8" "b", "control", NULL }, { "name", "a\xE2\x80\x93" "b", "", NULL },
		{ "name", "a\xC2\xA0" "b", "", NULL }, { "name", "ab\xFF", "format", NULL },
		{ "name", "a\xE2\x80", "format", NULL },
		{ "note", "a\nb\tc", "", NULL }, { "note", "a\x01", "control", NULL },
		{ "note", "a\rb", "control", NULL },
		{ "note", "a\xE2\x80\xA8" "b", "", NULL }, { "note", "a\x1b[0m", "control", NULL },
		{ "pem", "-----\r\nx\r\n", "", NULL }, { "email", "x", "format", NULL },
		{ "email", "A@B.CO", "", NULL },
		{ "stage", "contact", "", NULL }, { "stage", "Contact", "choice", NULL },
		{ "stage", "", "", NULL },
		{ "owner", "1", "format", NULL },
		{ "owner", "0190A1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "format", NULL },
		{ "password", "ab", "too_short", "3" },
		{ "password", "123456789012345678901", "too_long", "20" },
		{ "age", "0", "", NULL }, { "age", "150", "", NULL }, { "age", "151", "range", "0..150" },
		{ "age", "-1", "range", "0..150" }, { "age", "99999999999999999999", "range", "0..150" },
		{ "age", "x", "format", NULL },
		{ "age", "1.5", "format", NULL }, { "age", "-", "format", NULL },
		{ "total", "9223372036854775807", "", NULL },
		{ "total", "9223372036854775808", "range", "-9223372036854775808..9223372036854775807" },
		{ "active", "true", "", NULL }, { "active", "0", "", NULL },
		{ "active", "sim", "format", NULL },
		{ "due", "2026-11-22", "format", NULL }, { "due", "2026-11-22T12:00:00Z", "", NULL },
		{ "value", "1.000,00", "", NULL }, { "value", "1.000,01", "range", "0.00..1000.00" },
		{ "value", "-1", "range", "0.00..1000.00" },
		{ "value", "1.000", "format", NULL }, { "value", "x", "format", NULL },
	};
	struct arena *a = arena_new();

	for (size_t i = 0; i < nitems(rows); i++) {
		struct person p = { .name = "Ana", .age = 33 };
		const char *arg, *code = code_of(a, &p, rows[i].field, rows[i].text, &arg);

		IS_STR(rows[i].text, code, rows[i].code);
		IS_STR(rows[i].text, arg, rows[i].arg);
	}
	arena_free(a);
}

static void what_was_typed_is_shown_again(void)
{
	static const char *const src[] = { "name", "Ana Maria de Souza", "email", "Errado", "age", "x",
		"note", "\xFF", NULL };
	struct arena *a = arena_new();
	struct person p = { .age = 33, .note = "old" };
	struct field_error *errs;

	IS_INT("result", bind(a, &p, src, false, &errs), E_INVALID);
	IS_STR("name", p.name, "Ana Maria de Souza");
	IS_STR("email", p.email, "errado");
	IS_INT("number stays", p.age, 33);
	IS_STR("no bytes that are no text", p.note, "old");
	arena_free(a);
}

static void errors_come_in_order_behind_older_ones(void)
{
	static const char *const src[] = { "name", "", "email", "x", "age", "x", NULL };
	const char *copy[nitems(src)];
	struct arena *a = arena_new();
	struct person p = { 0 };
	struct field_error *errs = NULL, *e;

	memcpy(copy, src, sizeof(src));
	field_error_add(a, &errs, "phone", "taken", "x");
	IS_INT("result", rec_bind(a, &type, &p, pairs, copy, true, &errs), E_INVALID);
	e = errs;
	for (size_t i = 0; i < 4; i++, e = e->next) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(e);
		IS_STR("order", e->field, ((const char *[]){ "phone", "name", "email", "age" })[i]);
	}
	CU_ASSERT_PTR_NULL(e);
	/* Older errors alone are no failure of this binding. */
	copy[0] = NULL;
	IS_INT("result", rec_bind(a, &type, &p, pairs, copy, true, &errs), OK);
	arena_free(a);
}

static void email_addresses(void)
{
	static const char *const good[] = { "a@b.co", "ana.lima+x@mail.exemplo.com.br", "o'brien@exemplo.com",
		"joão@açaí.com", "1@2.3" };
	static const char *const bad[] = { "", "a", "@", "a@", "@b.co", "a@b", "a@b.", "a@.b", "a@b..co",
		"a@@b.co", "a@b@c.co",
		"a b@c.co", "a@b.co\n", "a@b.co,c", "<a@b.co>", "a@b.co;", "\"a\"@b.co", "a\xC2\xA0@b.co",
		"a\xFF@b.co", "a\x7f@b.co",
		"a\xE2\x80\xA9@b.co", "a@b\xE3\x80\x80.co" };
	struct arena *a = arena_new();
	char *big = arena_alloc(a, 300);

	for (size_t i = 0; i < nitems(good); i++)
		IS_TRUE(good[i], email_ok(good[i]));
	for (size_t i = 0; i < nitems(bad); i++)
		IS_TRUE(bad[i], !email_ok(bad[i]));
	CU_ASSERT_FALSE(email_ok(NULL));
	memset(big, 'a', 249);
	memcpy(big + 249, "@b.co", 6);
	CU_ASSERT(email_ok(big));
	memset(big, 'a', 250);
	memcpy(big + 250, "@b.co", 6);
	CU_ASSERT_FALSE(email_ok(big));
	arena_free(a);
}

CU_TestInfo bind_tests[] = {
	{ "a good form", a_good_form },
	{ "what is not given, blank or null", what_is_not_given },
	{ "codes", codes },
	{ "what was typed is shown again", what_was_typed_is_shown_again },
	{ "errors come in order, behind older ones", errors_come_in_order_behind_older_ones },
	{ "e-mail addresses", email_addresses },
	CU_TEST_INFO_NULL
};
