/* email_fuzz.c: an address that passes cannot break a mail header, survives binding, and is masked. */
#include "lib/base/text.h"
#include "lib/rec/rec.h"
#include "tests/fuzz/fuzz.h"

struct person {
	const char *email;
};

#define REC struct person
static const struct field fields[] = { F(email, .flags = EMAIL, .max = 254) };
#undef REC
static const struct rec_type type = REC_TYPE("person", struct person, fields);

static const char *source(void *ctx, const char *name, bool *is_null)
{
	(void)name;
	*is_null = false;
	return ctx;
}

static void check_shape(const char *s)
{
	const char *at = strchr(s, '@');

	REQUIRE(strlen(s) >= 3 && strlen(s) <= 254 && utf8_ok(s, strlen(s)));
	REQUIRE(at != NULL && at != s && strchr(at + 1, '@') == NULL);
	REQUIRE(strchr(at, '.') != NULL);
	for (; *s != '\0'; s++)
		REQUIRE((unsigned char)*s > ' ' && *s != 0x7F && strchr("<>,;:\"\\()[]", *s) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	char *s = arena_strn(a, (const char *)data, size);
	struct person p = { NULL };
	struct field_error *errs = NULL;
	bool ok = email_ok(s);
	enum err e = rec_bind(a, &type, &p, source, s, false, &errs);

	REQUIRE((e == OK) == (errs == NULL));
	if (ok)
		check_shape(s);
	/* What binding lets through is an address, and what is an address gets through as its lower case. */
	if (e == OK && p.email != NULL)
		REQUIRE(email_ok(p.email) && strcmp(p.email, text_lower(a, p.email)) == 0);
	if (ok)
		REQUIRE(e == OK && strcmp(p.email, text_lower(a, s)) == 0);
	if (ok && strlen(s) > 20)
		REQUIRE(strstr(mask_email(a, s), s) == NULL && strstr(mask_email(a, s), "***@***") != NULL);
	arena_free(a);
	return 0;
}
