/* List cursors: what is read was made by us, and reading what we make gives the same. */
#include <string.h>

#include "lib/base/text.h"
#include "model/conversation.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new();
	char *s = arena_strn(a, (const char *)data, n);
	const char *id, *id2;
	utc_t at, at2;

	if (cursor_read(a, s, &at, &id)) {
		REQUIRE(id_ok(id));
		REQUIRE(cursor_read(a, cursor_make(a, at, id), &at2, &id2) && at.us == at2.us && strcmp(id, id2) == 0);
	}
	arena_free(a);
	return 0;
}
