/* JSON bodies: never a crash however deep; every text that comes out is clean UTF-8. */
#include <string.h>

#include "lib/base/text.h"
#include "lib/http/http.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new();
	const char *why = NULL;
	bool bad;
	struct param *p = params_json(a, (const char *)data, n, &bad, &why);

	REQUIRE(!bad || (p == NULL && why != NULL));
	for (; p != NULL; p = p->next) {
		REQUIRE(utf8_ok(p->name, strlen(p->name)));
		REQUIRE(p->null || p->value == NULL || utf8_ok(p->value, strlen(p->value)));
	}
	arena_free(a);
	return 0;
}
