/* whatsapp_fuzz.c: whatever a webhook holds, what the reader gives can be stored as it is. */
#include <jansson.h>

#include "lib/base/text.h"
#include "model/whatsapp.h"
#include "tests/fuzz/fuzz.h"

/* No NUL, no control character, no bad UTF-8 in any text of the tree: jsonb takes it. */
static void check_tree(const json_t *v)
{
	const char *key;
	json_t *x;
	size_t i;

	if (json_is_object(v)) {
		json_object_foreach((json_t *)(uintptr_t)v, key, x)
			check_tree(x);
	} else if (json_is_array(v)) {
		json_array_foreach((json_t *)(uintptr_t)v, i, x)
			check_tree(x);
	} else if (json_is_string(v)) {
		REQUIRE(strlen(json_string_value(v)) == json_string_length(v));
		REQUIRE(utf8_ok(json_string_value(v), json_string_length(v)));
	}
}

static void check_json(const char *s, bool array)
{
	json_t *v;

	if (s == NULL)
		return;
	v = json_loads(s, JSON_REJECT_DUPLICATES, NULL);
	REQUIRE(array ? json_is_array(v) : json_is_object(v));
	check_tree(v);
	json_decref(v);
}

static void check_id(const char *s)
{
	REQUIRE(s != NULL && *s != '\0' && strlen(s) <= 512 && utf8_ok(s, strlen(s)));
	for (; *s != '\0'; s++)
		REQUIRE((unsigned char)*s >= 0x20 || *s == '\t' || *s == '\n');
}

static void check_person(const char *person)
{
	json_t *v = json_loads(person, 0, NULL), *ids = json_object_get(v, "ids"), *x;
	size_t i;

	REQUIRE(json_array_size(ids) > 0);
	json_array_foreach(ids, i, x) {
		const char *kind = json_string_value(json_object_get(x, "kind")), *value = json_string_value(json_object_get(x, "value"));

		REQUIRE(text_eq(kind, "phone") || text_eq(kind, "bsuid") || text_eq(kind, "group"));
		REQUIRE(!text_empty(value) && strlen(value) <= 254);
	}
	json_decref(v);
}

static void check_item(const struct wa_item *i)
{
	check_json(i->person, false);
	check_json(i->body, false);
	check_json(i->links, true);
	REQUIRE(i->unit != NULL);
	if (i->person != NULL)
		check_person(i->person);
	if (i->what == WA_MESSAGE)
		REQUIRE(i->person != NULL && i->body != NULL);
	if (i->what == WA_SYSTEM)
		REQUIRE(i->person != NULL && i->links != NULL);
	if (i->what == WA_CHANGE)
		REQUIRE(i->body != NULL && (i->opaque == NULL || id_ok(i->opaque)));
	if (i->what == WA_REACTION)
		REQUIRE(i->emoji != NULL && utf8_len(i->emoji) <= 32);
	if (i->what == WA_ACCOUNT || i->what == WA_TEMPLATE)
		REQUIRE(i->text != NULL);
	else
		REQUIRE(i->number != NULL);
	if (i->what == WA_MESSAGE || i->what == WA_CHANGE || i->what == WA_REACTION)
		check_id(i->external_id);
}

static void read_body(const char *body, size_t n)
{
	struct arena *a = arena_new();
	struct wa_batch b;

	wa_read(a, body, n, &b);
	for (size_t i = 0; i < b.n; i++)
		check_item(&b.items[i]);
	REQUIRE(b.fault != NULL || b.n > 0 || b.notes != NULL);
	arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const before = "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"changes\":[{\"field\":\"messages\",\"value\":{"
	    "\"metadata\":{\"phone_number_id\":\"1\"},\"contacts\":[{\"wa_id\":\"5531987654321\",\"profile\":{\"name\":\"x\"}}],";
	struct arena *a = arena_new();
	char *s = arena_strn(a, (const char *)data, size), *whole;
	struct wa_answer answer;
	struct wa_media media;

	read_body(s, size);
	whole = arena_fmt(a, "%s%s}}]}]}", before, s); /* the input as members of a value */
	read_body(whole, strlen(whole));
	whole = arena_fmt(a, "%s\"messages\":[{\"id\":\"1\",\"from\":\"5531987654321\",%s}]}}]}]}", before, s); /* and of a message */
	read_body(whole, strlen(whole));
	wa_answer_read(a, 200 + (int)(size % 400), s, size, &answer);
	REQUIRE((answer.class == WA_ACCEPTED) == (answer.external_id != NULL));
	wa_media_read(a, s, size, &media);
	wa_send_body(a, &(struct wa_send){ .id = "x", .kind = "interactive", .to = "1", .payload = s });
	arena_free(a);
	return 0;
}
