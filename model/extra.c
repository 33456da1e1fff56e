#include "model/extra.h"

#include <jansson.h>
#include <string.h>

static const char *text(struct arena *a, const json_t *o, const char *name)
{
	const json_t *v = json_object_get(o, name);

	return json_is_string(v) ? arena_str(a, json_string_value(v)) : NULL;
}

static void location(struct arena *a, const json_t *l, struct extra *out)
{
	const json_t *lat = json_object_get(l, "latitude"), *lon = json_object_get(l, "longitude");

	out->place = text(a, l, "name");
	out->address = text(a, l, "address");
	if (json_is_number(lat) && json_is_number(lon))
		out->map = arena_fmt(a, "https://www.openstreetmap.org/?mlat=%.6f&mlon=%.6f#map=17/%.6f/%.6f", json_number_value(lat), json_number_value(lon),
		    json_number_value(lat), json_number_value(lon));
}

static void cards(struct arena *a, const json_t *list, struct extra *out)
{
	size_t n = json_array_size(list);

	out->cards = arena_array(a, n, sizeof(*out->cards));
	for (size_t i = 0; i < n; i++) {
		const json_t *c = json_array_get(list, i);

		out->cards[out->ncards++] = (struct card){ text(a, json_object_get(c, "name"), "formatted_name"),
			text(a, json_array_get(json_object_get(c, "phones"), 0), "phone"), text(a, json_array_get(json_object_get(c, "emails"), 0), "email") };
	}
}

static void order(struct arena *a, const json_t *items, struct extra *out)
{
	size_t n = json_array_size(items);

	out->lines = arena_array(a, n, sizeof(*out->lines));
	for (size_t i = 0; i < n; i++) {
		const json_t *p = json_array_get(items, i);
		const char *id = text(a, p, "product_retailer_id"), *cur = text(a, p, "currency");

		out->lines[out->nlines++] = arena_fmt(a, "%.0f × %s, %.2f %s", json_number_value(json_object_get(p, "quantity")), id != NULL ? id : "?",
		    json_number_value(json_object_get(p, "item_price")), cur != NULL ? cur : "");
	}
}

void extra_read(struct arena *a, const char *kind, const char *payload, struct extra *out)
{
	json_t *root = payload != NULL ? json_loads(payload, 0, NULL) : NULL;
	const json_t *o = json_object_get(root, kind);

	memset(out, 0, sizeof(*out));
	if (root == NULL)
		return;
	out->forwarded = json_is_true(json_object_get(json_object_get(root, "context"), "forwarded")) ||
	    json_is_true(json_object_get(json_object_get(root, "context"), "frequently_forwarded"));
	if (strcmp(kind, "activity") == 0) {
		out->what = text(a, root, "what");
		out->arg = text(a, root, "arg");
	} else if (strcmp(kind, "location") == 0) {
		location(a, o, out);
	} else if (strcmp(kind, "contacts") == 0) {
		cards(a, o, out);
	} else if (strcmp(kind, "order") == 0) {
		order(a, json_object_get(o, "product_items"), out);
	}
	json_decref(root);
}
