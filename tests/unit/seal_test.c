#include <stdlib.h>
#include <string.h>

#include "lib/crypto/crypto.h"
#include "tests/unit/unit.h"

#define HEX_A "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define HEX_B "f00102030405060708090A0B0C0D0E0F101112131415161718191a1b1c1d1e1f"
#define ROW "1/channel/42/token"

static void what_was_sealed_opens(void)
{
	struct arena *a = arena_new();
	struct seal_ring *r = seal_ring_new("k1:" HEX_A);
	char *one, *two;

	crypto_start();
	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	one = seal(a, r, ROW, "EAAG-segredo");
	two = seal(a, r, ROW, "EAAG-segredo");
	CU_ASSERT_EQUAL(strncmp(one, "v1.k1.", 6), 0);
	CU_ASSERT_PTR_NULL(strstr(one, "segredo"));
	CU_ASSERT_STRING_NOT_EQUAL(one, two);
	IS_STR("open", unseal(a, r, ROW, one), "EAAG-segredo");
	IS_STR("empty text", unseal(a, r, ROW, seal(a, r, ROW, "")), "");
	IS_STR("elsewhere", unseal(a, r, "2/channel/42/token", one), NULL);
	IS_STR("no aad", unseal(a, r, "", one), NULL);
	arena_free(a);
}

static void what_was_changed_does_not(void)
{
	struct arena *a = arena_new();
	struct seal_ring *r = seal_ring_new("k1:" HEX_A);
	char *box = seal(a, r, ROW, "segredo");
	size_t n = strlen(box);

	for (size_t i = 0; i < n; i++) {
		char *changed = arena_str(a, box);

		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		IS_STR("one character", unseal(a, r, ROW, changed), NULL);
		changed[i] = '\xFF';
		IS_STR("one byte", unseal(a, r, ROW, changed), NULL);
		IS_STR("cut", unseal(a, r, ROW, arena_strn(a, box, i)), NULL);
	}
	IS_STR("longer", unseal(a, r, ROW, arena_fmt(a, "%sA", box)), NULL);
	IS_STR("null", unseal(a, r, ROW, NULL), NULL);
	IS_STR("no box", unseal(a, r, ROW, "v1.k1."), NULL);
	IS_STR("no id", unseal(a, r, ROW, "v1."), NULL);
	arena_free(a);
}

static void keys_are_rotated(void)
{
	struct arena *a = arena_new();
	struct seal_ring *old = seal_ring_new("k1:" HEX_A), *both = seal_ring_new("k2:" HEX_B ",k1:" HEX_A);
	struct seal_ring *fresh = seal_ring_new("k2:" HEX_B), *wrong = seal_ring_new("k1:" HEX_B);
	char *box = seal(a, old, ROW, "segredo"), *newer;

	CU_ASSERT_PTR_NOT_NULL_FATAL(both);
	newer = seal(a, both, ROW, "segredo");
	CU_ASSERT_EQUAL(strncmp(newer, "v1.k2.", 6), 0);
	IS_STR("old box", unseal(a, both, ROW, box), "segredo");
	IS_STR("new box", unseal(a, fresh, ROW, newer), "segredo");
	IS_STR("key gone", unseal(a, fresh, ROW, box), NULL);
	IS_STR("key of that name, but another", unseal(a, wrong, ROW, box), NULL);
	arena_free(a);
}

static void rings(void)
{
	static const char *const bad[] = { "", ":", "k1", "k1:", ":" HEX_A, "k1:" HEX_A "0", "k1:" HEX_A ",",
		"," HEX_A,
		"k1:" HEX_A ",k1:" HEX_B, "k.1:" HEX_A,
		"k1:zz0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
		"k1:" HEX_A " ", "k1," HEX_A ":k2", "a2345678901234567890123456789012:" HEX_A };

	for (size_t i = 0; i < nitems(bad); i++)
		IS_TRUE(bad[i], seal_ring_new(bad[i]) == NULL);
	CU_ASSERT_PTR_NULL(seal_ring_new(NULL));
	CU_ASSERT_PTR_NOT_NULL(seal_ring_new("2026-11_a:" HEX_B));
}

CU_TestInfo seal_tests[] = {
	{ "what was sealed opens", what_was_sealed_opens },
	{ "what was changed does not", what_was_changed_does_not },
	{ "keys are rotated", keys_are_rotated },
	{ "rings", rings },
	CU_TEST_INFO_NULL
};
