#include "lib/base/arena.h"

#include <string.h>

#include "tests/unit/unit.h"

static bool zeroed(const char *p, size_t n)
{
	while (n > 0 && p[n - 1] == 0)
		n--;
	return n == 0;
}

static void memory_is_zeroed_aligned_and_apart(void)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 100, 4096, 16384, 16385, 65536, 200000 };
	struct arena *a = arena_new();

	for (int round = 0; round < 3; round++) {
		for (int times = 0; times < 4; times++) {
			char *before = NULL;

			for (size_t i = 0; i < nitems(sizes); i++) {
				char *p = arena_alloc(a, sizes[i]);

				CU_ASSERT_EQUAL((uintptr_t)p % _Alignof(max_align_t), 0);
				CU_ASSERT(zeroed(p, sizes[i]));
				CU_ASSERT_PTR_NOT_EQUAL(p, before);
				memset(p, 0xA5, sizes[i]);
				before = p;
			}
		}
		arena_reset(a);
	}
	arena_free(a);
	arena_free(NULL);
}

static void many_small_ones_keep_their_bytes(void)
{
	struct arena *a = arena_new();
	int **all = arena_array(a, 20000, sizeof(*all));
	bool same = true;

	for (int i = 0; i < 20000; i++) {
		all[i] = ARENA_NEW(a, int);
		*all[i] = i;
	}
	for (int i = 0; i < 20000; i++)
		same = same && *all[i] == i;
	CU_ASSERT(same);
	arena_free(a);
}

static void copies(void)
{
	struct arena *a = arena_new();
	char source[] = "conversa";
	char *s = arena_str(a, source);

	source[0] = 'X';
	IS_STR("copy", s, "conversa");
	IS_STR("null", arena_str(a, NULL), NULL);
	IS_STR("null n", arena_strn(a, NULL, 3), NULL);
	IS_STR("part", arena_strn(a, "abcdef", 3), "abc");
	IS_STR("empty", arena_strn(a, "", 0), "");
	CU_ASSERT_EQUAL(memcmp(arena_strn(a, "a\0b", 3), "a\0b", 4), 0);
	IS_STR("format", arena_fmt(a, "%s-%d", "x", 42), "x-42");
	IS_INT("long format", strlen(arena_fmt(a, "%0*d", 70000, 1)), 70000);
	arena_free(a);
}

static char order[8];
static size_t calls;

static void note(void *p)
{
	order[calls++] = *(const char *)p;
}

static void defers_run_newest_first_and_once(void)
{
	static char names[] = "abc";
	struct arena *a = arena_new();

	calls = 0;
	memset(order, 0, sizeof(order));
	for (int i = 0; i < 3; i++)
		arena_defer(a, note, &names[i]);
	arena_reset(a);
	IS_STR("order", order, "cba");
	arena_reset(a);
	IS_INT("once", calls, 3);
	arena_defer(a, note, &names[0]);
	arena_free(a);
	IS_STR("free runs them too", order, "cbaa");
}

static void too_many(void *p)
{
	arena_array(p, SIZE_MAX / 4, 8);
}

static void too_large(void *p)
{
	arena_alloc(p, SIZE_MAX - 8);
}

static void overflows_end_the_process(void)
{
	struct arena *a = arena_new();

	CU_ASSERT(unit_dies(too_many, a));
	CU_ASSERT(unit_dies(too_large, a));
	arena_free(a);
}

CU_TestInfo arena_tests[] = {
	{ "memory is zeroed, aligned and apart", memory_is_zeroed_aligned_and_apart },
	{ "many small ones keep their bytes", many_small_ones_keep_their_bytes },
	{ "copies and formats", copies },
	{ "defers run newest first, once", defers_run_newest_first_and_once },
	{ "overflows end the process", overflows_end_the_process },
	CU_TEST_INFO_NULL
};
