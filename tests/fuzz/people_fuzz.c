/* What lists of people read from strangers: cursors over names, and arrays of ids. What is read was made by us, and reads the same again. */
#include "lib/base/text.h"
#include "model/contact.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new();
	char *s = arena_strn(a, (const char *)data, n);
	const char *key, *id, *key2, *id2;
	struct ids ids;

	if (name_cursor_read(a, s, &key, &id)) {
		REQUIRE(id_ok(id) && utf8_ok(key, strlen(key)));
		REQUIRE(name_cursor_read(a, name_cursor_make(a, key, id), &key2, &id2) && strcmp(key, key2) == 0 && strcmp(id, id2) == 0);
	}
	if (ids_read(a, s, &ids)) {
		REQUIRE(ids.n <= IDS_MAX);
		for (size_t i = 0; i < ids.n; i++)
			REQUIRE(id_ok(ids.v[i]));
		REQUIRE(strlen(ids_text(a, ids)) == 2 + ids.n * 37 - (ids.n > 0));
	}
	arena_free(a);
	return 0;
}
