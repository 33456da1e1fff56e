#include "lib/crypto/crypto.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

static void hashes(void)
{
	struct arena *a = arena_new();
	uint8_t out[32], key[131];

	crypto_start();
	sha256("abc", 3, out);
	IS_STR("sha256", hex_encode(a, out, 32),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	sha256("", 0, out);
	IS_STR("empty", hex_encode(a, out, 32),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	/* RFC 4231, cases 2 and 6 */
	hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28, out);
	IS_STR("hmac", hex_encode(a, out, 32),
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xAA, sizeof(key));
	hmac_sha256(key, sizeof(key), "Test Using Larger Than Block-Size Key - Hash Key First", 54, out);
	IS_STR("long key", hex_encode(a, out, 32),
	    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	arena_free(a);
}

static void tokens(void)
{
	struct arena *a = arena_new();
	char *one = token_new(a), *two = token_new(a);

	IS_INT("characters", strlen(one), 43);
	CU_ASSERT(token_ok(one));
	CU_ASSERT_STRING_NOT_EQUAL(one, two);
	CU_ASSERT_FALSE(token_ok(NULL));
	CU_ASSERT_FALSE(token_ok(""));
	CU_ASSERT_FALSE(token_ok(one + 1));
	CU_ASSERT_FALSE(token_ok(arena_fmt(a, "%sA", one)));
	one[7] = '+';
	CU_ASSERT_FALSE(token_ok(one));
	arena_free(a);
}

static void equality(void)
{
	CU_ASSERT(crypto_equal("abc", "abd", 2));
	CU_ASSERT_FALSE(crypto_equal("abc", "abd", 3));
	CU_ASSERT(crypto_equal(NULL, NULL, 0));
	CU_ASSERT(secret_equal("s", "s"));
	CU_ASSERT(secret_equal("", ""));
	CU_ASSERT_FALSE(secret_equal("s", "t"));
	CU_ASSERT_FALSE(secret_equal("s", "ss"));
	CU_ASSERT_FALSE(secret_equal(NULL, "s"));
	CU_ASSERT_FALSE(secret_equal("s", NULL));
	CU_ASSERT_FALSE(secret_equal(NULL, NULL));
}

static void hex(void)
{
	struct arena *a = arena_new();
	uint8_t out[4] = { 0 };

	IS_STR("encode", hex_encode(a, "\x00\xFF\x10", 3), "00ff10");
	IS_STR("none", hex_encode(a, "", 0), "");
	CU_ASSERT(hex_decode("00fF10aB", out, 4));
	CU_ASSERT_EQUAL(memcmp(out, "\x00\xFF\x10\xAB", 4), 0);
	CU_ASSERT_FALSE(hex_decode("00ff10a", out, 4));
	CU_ASSERT_FALSE(hex_decode("00ff10abc", out, 4));
	CU_ASSERT_FALSE(hex_decode("00ff10abcd", out, 4));
	CU_ASSERT_FALSE(hex_decode("00ff10ag", out, 4));
	CU_ASSERT_FALSE(hex_decode("00:f10ab", out, 4));
	CU_ASSERT_FALSE(hex_decode("", out, 4));
	CU_ASSERT_FALSE(hex_decode(NULL, out, 4));
	arena_free(a);
}

static void base64(void)
{
	static const struct { const char *text; const char *want; } good[] = {
		{ "", "" }, { "Zg==", "f" }, { "Zm8=", "fo" }, { "Zm9v", "foo" }, { "Zm9vYmFy", "foobar" },
		{ "+/+/", "\xFB\xFF\xBF" },
	};
	static const char *const bad[] = { "Zg", "Zg=", "Zg===", "Z", "Zh==", "Zm9v=", "Zm9v\n", " Zm9v",
		"-_-_", "Zm=v", "=", "Zm9v Zm9v",
		"Zm9\xAF", "\x95\x94\xF5\xF5" };
	struct arena *a = arena_new();
	size_t n = 77;

	for (size_t i = 0; i < nitems(good); i++) {
		uint8_t *out = base64_decode(a, good[i].text, &n);

		CU_ASSERT_PTR_NOT_NULL_FATAL(out);
		IS_INT(good[i].text, n, strlen(good[i].want));
		CU_ASSERT_EQUAL(memcmp(out, good[i].want, n), 0);
	}
	for (size_t i = 0; i < nitems(bad); i++)
		IS_TRUE(bad[i], base64_decode(a, bad[i], &n) == NULL);
	CU_ASSERT_PTR_NULL(base64_decode(a, NULL, &n));
	IS_STR("url", base64url_encode(a, "\xFB\xFF\xBF\x01", 4), "-_-_AQ");
	IS_STR("none", base64url_encode(a, "", 0), "");
	arena_free(a);
}

static void passwords(void)
{
	struct arena *a = arena_new();
	char *hash = password_hash(a, "correta cavalo"), *limit = arena_alloc(a, 1026);

	CU_ASSERT_PTR_NOT_NULL_FATAL(hash);
	CU_ASSERT_EQUAL(strncmp(hash, "$argon2id$v=19$m=65536,t=2,p=1$", 31), 0);
	CU_ASSERT(password_verify(hash, "correta cavalo"));
	CU_ASSERT_FALSE(password_verify(hash, "correta cavalO"));
	CU_ASSERT_FALSE(password_verify(hash, ""));
	CU_ASSERT_FALSE(password_verify(hash, NULL));
	CU_ASSERT_FALSE(password_verify(NULL, "correta cavalo"));
	CU_ASSERT_FALSE(password_verify("", "correta cavalo"));
	CU_ASSERT_FALSE(password_verify("$argon2id$broken", "correta cavalo"));
	memset(limit, 'x', 1024);
	CU_ASSERT(password_verify(password_hash(a, limit), limit));
	limit[1024] = 'x';
	CU_ASSERT_PTR_NULL(password_hash(a, limit));
	CU_ASSERT_FALSE(password_verify(hash, limit));
	arena_free(a);
}

CU_TestInfo crypto_tests[] = {
	{ "SHA-256 and HMAC", hashes },
	{ "tokens", tokens },
	{ "equality", equality },
	{ "hex", hex },
	{ "base64", base64 },
	{ "passwords", passwords },
	CU_TEST_INFO_NULL
};
