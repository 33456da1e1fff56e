/* hours_fuzz.c: hours that are read rise, do not overlap, stay within the day, and are read again from what they are written as. */
#include "model/hours.h"
#include "tests/fuzz/fuzz.h"

static void read_again(struct arena *a, const char *text)
{
	const char *again;
	struct span s[SPANS_DAY], t[SPANS_DAY];
	size_t k, j;
	int last = 0;

	if (!hours_parse(text, 3, s, &k))
		return;
	REQUIRE(k <= SPANS_DAY);
	for (size_t i = 0; i < k; i++) {
		REQUIRE(s[i].weekday == 3 && s[i].opens >= last && s[i].closes > s[i].opens && s[i].closes <= DAY_MINUTES);
		last = s[i].closes;
	}
	again = hours_text(a, s, k);
	REQUIRE((again == NULL) == (k == 0));
	REQUIRE(hours_parse(again, 3, t, &j) && j == k && memcmp(s, t, k * sizeof(*s)) == 0);
	REQUIRE(hours_json(a, s, k) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();

	read_again(a, arena_strn(a, (const char *)data, size));
	arena_free(a);
	return 0;
}
