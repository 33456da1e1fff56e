#include "lib/base/log.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/text.h"
#include "tests/unit/unit.h"

static void one_value(void *p)
{
	log_kv(LOG_INFO, "x", "v", (const char *)p, NULL);
}

/* What follows " v=" when value is logged, without the line's end. */
static void value_is(const char *value, const char *want)
{
	char copy[64], *line, *v;

	memcpy(copy, value, strlen(value) + 1);
	line = unit_capture(STDERR_FILENO, one_value, copy);
	v = strstr(line, " v=");
	CU_ASSERT_PTR_NOT_NULL_FATAL(v);
	v[strlen(v) - 1] = '\0';
	IS_STR(value, v + 3, want);
	free(line);
}

static void values(void)
{
	log_open("unit", LOG_INFO);
	value_is("plain", "plain");
	value_is("a/b:c,d?", "a/b:c,d?");
	value_is("ação", "ação");
	value_is("", "\"\"");
	value_is("two words", "\"two words\"");
	value_is("a=b", "\"a=b\"");
	value_is("say \"oi\" \\", "\"say \\\"oi\\\" \\\\\"");
	value_is("x\nlevel=error", "\"x\\nlevel=error\"");
	value_is("\r\t\x01\x7f", "\"\\r\\t\\u0001\\u007f\"");
	value_is("a\xC2\x85" "b\xE2\x80\xA8", "\"a\\u0085b\\u2028\"");
	value_is("a\xFF\xE2\x82", "\"a\\xff\\xe2\\x82\"");
}

static void whole_line(void *p)
{
	(void)p;
	log_request("req-1");
	log_kv(LOG_WARN, "job.done", "kind", "send", "none", NULL, "ms", log_i(-12), "bad key\n", "1", NULL);
	log_request(NULL);
	log_kv(LOG_INFO, "next", NULL);
	log_kv(LOG_DEBUG, "dropped", NULL);
}

static void lines(void)
{
	char *said, *second;
	char ts[32] = "";
	utc_t t;

	log_open("unit", LOG_INFO);
	said = unit_capture(STDERR_FILENO, whole_line, NULL);
	CU_ASSERT_FATAL(strlen(said) > 30 && text_starts(said, "ts="));
	memcpy(ts, said + 3, 24);
	CU_ASSERT(utc_parse(ts, &t));
	second = strchr(said, '\n');
	CU_ASSERT_PTR_NOT_NULL_FATAL(second);
	*second++ = '\0';
	IS_STR("first", said + 27, " level=warn prog=unit ev=job.done req=req-1 kind=send ms=-12 bad_key_=1");
	IS_STR("second", second + 27, " level=info prog=unit ev=next\n");
	free(said);
}

static void long_value(void *p)
{
	log_kv(LOG_INFO, "x", "a", (const char *)p, "b", "never", NULL);
	log_kv(LOG_INFO, "y", "a", "1", NULL);
}

static void long_lines_are_cut(void)
{
	char *big = malloc(10001), *said, *eol;

	CU_ASSERT_PTR_NOT_NULL_FATAL(big);
	for (size_t i = 0; i < 10000; i++)
		big[i] = "\n\xC3\xA3 "[i % 4];
	big[10000] = '\0';
	log_open("unit", LOG_INFO);
	said = unit_capture(STDERR_FILENO, long_value, big);
	eol = strchr(said, '\n');
	CU_ASSERT_PTR_NOT_NULL_FATAL(eol);
	CU_ASSERT(eol - said < 4096);
	CU_ASSERT(eol - said > 4000);
	CU_ASSERT_EQUAL(memcmp(eol - 4, "...\"", 4), 0);
	CU_ASSERT(utf8_ok(said, strlen(said)));
	CU_ASSERT_PTR_NOT_NULL(strstr(eol, " ev=y a=1\n"));
	free(said);
	free(big);
}

static void numbers_rotate(void)
{
	const char *first = log_i(1), *seventh = NULL;

	for (int i = 2; i <= 8; i++)
		seventh = log_i(i);
	IS_STR("first", first, "1");
	IS_STR("eighth", seventh, "8");
	IS_STR("smallest", log_i(INT64_MIN), "-9223372036854775808");
}

static void long_id(void *p)
{
	log_request(p);
	log_kv(LOG_INFO, "x", NULL);
	log_request("");
	log_kv(LOG_INFO, "x", NULL);
}

static void request_ids_are_cut(void)
{
	char id[200], *said;

	memset(id, 'r', sizeof(id) - 1);
	id[sizeof(id) - 1] = '\0';
	said = unit_capture(STDERR_FILENO, long_id, id);
	CU_ASSERT_PTR_NOT_NULL_FATAL(strstr(said, " req="));
	IS_INT("bytes", strspn(strstr(said, " req=") + 5, "r"), 64);
	CU_ASSERT_PTR_NULL(strstr(strchr(said, '\n'), " req="));
	free(said);
}

CU_TestInfo log_tests[] = {
	{ "values cannot start a line", values },
	{ "lines", lines },
	{ "long lines are cut", long_lines_are_cut },
	{ "numbers rotate", numbers_rotate },
	{ "request ids are cut", request_ids_are_cut },
	CU_TEST_INFO_NULL
};
