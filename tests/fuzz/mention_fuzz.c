/*
 * mention_fuzz.c: whom a note calls. Everybody at most once, and as the text has it.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "model/mention.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct user_row team[] = {
		{ .id = "1", .name = "Luana Prado", .handle = "luana" }, { .id = "2", .name = "Maria Clara", .handle = "m.clara" },
		{ .id = "3", .name = "Maria Jos\xc3\xa9", .handle = "" }, { .id = "4", .name = "\xc3\x81", .handle = NULL }, { .id = "5", .name = "", .handle = "_" },
	};
	static const char *const ticked[] = { "3", "9" };
	struct arena *a = arena_new();
	const char *text = arena_strn(a, (const char *)data, strnlen((const char *)data, size));
	struct mentions m;

	for (size_t k = 0; k < 3; k++) {
		mention_resolve(a, text, team, nitems(team), (struct ids){ ticked, k }, &m);
		REQUIRE(m.n <= nitems(team) && m.nmay <= nitems(team) && (k == 2) == (m.unknown != NULL));
		for (size_t i = 0; i < m.n; i++) {
			REQUIRE(m.items[i].as == NULL || (m.items[i].as[0] == '@' && strstr(text, m.items[i].as) != NULL));
			for (size_t j = 0; j < i; j++)
				REQUIRE(strcmp(m.items[i].id, m.items[j].id) != 0);
		}
	}
	arena_free(a);
	return 0;
}
