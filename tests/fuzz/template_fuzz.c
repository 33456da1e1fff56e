/* template_fuzz.c: a provider's list of templates: what is read can be stored, filled and sent, and reads the same again. */
#include <jansson.h>

#include "lib/base/text.h"
#include "model/whatsapp_template.h"
#include "tests/fuzz/fuzz.h"

static void fill(struct arena *a, struct wt_template *t)
{
	const char *values[WT_VARIABLES] = { NULL }, *arg = NULL;
	json_t *v;

	REQUIRE(t->nvariables <= WT_VARIABLES && t->nbuttons <= WT_BUTTONS);
	(void)wt_text(a, t, values);
	for (size_t i = 0; i < t->nvariables; i++) {
		REQUIRE(text_eq(wt_refused(a, t, i, values, &arg), "required"));
		values[i] = "{{1}} \"x\"";
	}
	for (size_t i = 0; i < t->nvariables; i++)
		(void)wt_refused(a, t, i, values, &arg);
	v = json_loads(wt_payload(a, t, values), JSON_REJECT_DUPLICATES, NULL);
	REQUIRE(json_is_object(v));
	json_decref(v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new();
	const char *why = NULL, *values[4];
	struct wt_template again = { 0 };
	struct wt_page p;
	size_t count;
	json_t *v;

	(void)wt_account_read(a, (const char *)data, n);
	if (wt_values_read(a, arena_strn(a, (const char *)data, n), 4, values, &count))
		REQUIRE(count <= 4);
	if (!wt_page_read(a, (const char *)data, n, &p, &why)) {
		REQUIRE(why != NULL);
		arena_free(a);
		return 0;
	}
	v = json_loads(wt_list_json(a, &p, 1), JSON_REJECT_DUPLICATES, NULL);
	REQUIRE(json_array_size(v) == p.n);
	json_decref(v);
	for (size_t i = 0; i < p.n; i++) {
		struct wt_template *t = &p.items[i];

		REQUIRE(utf8_ok(t->components, strlen(t->components)) && strlen(t->components) <= WT_COMPONENTS_MAX);
		fill(a, t);
		wt_components_read(a, t->category, t->components, &again);
		REQUIRE(again.nvariables == t->nvariables && again.nbuttons == t->nbuttons && text_eq(again.unfit, t->unfit) && text_eq(again.body, t->body));
	}
	arena_free(a);
	return 0;
}
