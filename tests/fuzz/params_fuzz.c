/* Query strings and forms: what comes out is clean UTF-8 without NUL, and encoding it again parses to the same. */
#include <string.h>

#include "lib/base/text.h"
#include "lib/http/http.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new();
	struct buf again = { 0 };
	bool bad;
	struct param *p = params_parse(a, (const char *)data, n, &bad), *q;

	REQUIRE(!bad || p == NULL);
	for (q = p; q != NULL; q = q->next) {
		REQUIRE(utf8_ok(q->name, strlen(q->name)) && utf8_ok(q->value, strlen(q->value)));
		buf_url(&again, q->name);
		buf_char(&again, '=');
		buf_url(&again, q->value);
		buf_char(&again, '&');
	}
	if (p != NULL) {
		q = params_parse(a, again.p, again.n, &bad);
		REQUIRE(!bad);
		for (; p != NULL && q != NULL; p = p->next, q = q->next)
			REQUIRE(strcmp(p->name, q->name) == 0 && strcmp(p->value, q->value) == 0);
		REQUIRE(p == NULL && q == NULL);
	}
	buf_free(&again);
	arena_free(a);
	return 0;
}
