/* Payloads of messages, as people see them: anything may stand in them. */
#include <string.h>

#include "model/extra.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const kinds[] = { "location", "contacts", "order", "activity", "text" };
	struct arena *a = arena_new();
	struct extra x;

	if (n > 0) {
		extra_read(a, kinds[data[0] % 5], arena_strn(a, (const char *)data + 1, n - 1), &x);
		REQUIRE(x.map == NULL || strncmp(x.map, "https://", 8) == 0);
		for (size_t i = 0; i < x.nlines; i++)
			REQUIRE(x.lines[i] != NULL);
	}
	arena_free(a);
	return 0;
}
