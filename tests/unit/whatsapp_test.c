#include "model/whatsapp.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/buf.h"
#include "tests/unit/unit.h"

static struct arena *a;
static struct wa_batch batch;

/* Reads the lists of one change for the number 1. */
static void read_value(const char *lists)
{
	char *body = arena_fmt(a, "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"changes\":[{\"field\":\"messages\",\"value\":{"
	    "\"metadata\":{\"phone_number_id\":\"1\"},%s}}]}]}", lists);

	wa_read(a, body, strlen(body), &batch);
}

/* A member of a JSON text, as text; path "a.b.0.c". */
static const char *at(const char *json, const char *path)
{
	json_t *root = json_loads(json != NULL ? json : "null", 0, NULL), *v = root;
	char key[64];
	const char *out = NULL;

	while (v != NULL && *path != '\0') {
		size_t n = strcspn(path, ".");

		snprintf(key, sizeof(key), "%.*s", (int)n, path);
		v = json_is_array(v) ? json_array_get(v, (size_t)(key[0] - '0')) : json_object_get(v, key);
		path += n + (path[n] == '.');
	}
	if (json_is_string(v))
		out = arena_str(a, json_string_value(v));
	else if (json_is_integer(v))
		out = arena_fmt(a, "%lld", (long long)json_integer_value(v));
	else if (json_is_boolean(v))
		out = json_is_true(v) ? "true" : "false";
	json_decref(root);
	return out;
}

static void one_text(void)
{
	a = arena_new();
	read_value("\"contacts\":[{\"wa_id\":\"5511\",\"profile\":{\"name\":\"Outro\"}},{\"wa_id\":\"553187654321\",\"user_id\":\"BR.7\",\"profile\":{\"name\":\"Rui\",\"username\":\"@rui\"}}],"
	    "\"messages\":[{\"id\":\"m1\",\"from\":\"5531987654321\",\"timestamp\":\"1697043223\",\"type\":\"text\",\"text\":{\"body\":\"oi\\u0007\"},\"context\":{\"id\":\"q\",\"forwarded\":true}}]");
	IS_INT("", batch.n, 1);
	IS_INT("", batch.items[0].what, WA_MESSAGE);
	IS_STR("", batch.items[0].number, "1");
	IS_STR("found by number", at(batch.items[0].person, "name"), "Rui");
	IS_STR("", at(batch.items[0].person, "username"), "@rui");
	IS_STR("", at(batch.items[0].person, "ids.0.value"), "553187654321");
	IS_STR("as received", at(batch.items[0].person, "ids.0.shown"), "5531987654321");
	IS_STR("", at(batch.items[0].person, "ids.1.kind"), "bsuid");
	IS_STR("", batch.items[0].peer, "phone:553187654321");
	IS_STR("", at(batch.items[0].body, "text"), "oi");
	IS_STR("", at(batch.items[0].body, "at"), "2023-10-11T16:53:43Z");
	IS_STR("", at(batch.items[0].body, "reply_to"), "q");
	IS_STR("", at(batch.items[0].body, "payload.context.forwarded"), "true");
	IS_STR("", at(batch.items[0].body, "payload.text"), NULL);
	arena_free(a);
}

static void media_and_group(void)
{
	a = arena_new();
	read_value("\"contacts\":[{\"user_id\":\"BR.7\",\"profile\":{\"name\":\"Bia\"}}],\"messages\":[{\"id\":\"m\",\"from_user_id\":\"BR.7\",\"group_id\":\"12036@g.us\",\"type\":\"document\","
	    "\"document\":{\"id\":77,\"mime_type\":\"application/pdf\",\"filename\":\"a.pdf\",\"caption\":\"veja\",\"sha256\":\"OmT4nhjUhCMIPNmj7eeOZeCYjTXkLxoOv85OMCFwSuc=\",\"url\":\"https://x\"}}]");
	IS_INT("", batch.n, 1);
	IS_STR("", at(batch.items[0].person, "kind"), "group");
	IS_STR("", at(batch.items[0].person, "ids.0.value"), "12036@g.us");
	IS_STR("", at(batch.items[0].person, "name"), "Grupo 2036");
	IS_STR("", at(batch.items[0].body, "author_name"), "Bia");
	IS_STR("", at(batch.items[0].body, "thread"), "12036@g.us");
	IS_STR("", at(batch.items[0].body, "text"), "veja");
	IS_STR("", at(batch.items[0].body, "media.0.external_id"), "77");
	IS_STR("", at(batch.items[0].body, "media.0.name"), "a.pdf");
	IS_STR("", at(batch.items[0].body, "media.0.sha256"), "3a64f89e18d48423083cd9a3ede78e65e0988d35e42f1a0ebfce4e3021704ae7");
	IS_STR("nothing is left over", at(batch.items[0].body, "payload.document.url"), NULL);
	IS_STR("", batch.items[0].peer, NULL);
	arena_free(a);
}

static void changes(void)
{
	a = arena_new();
	read_value("\"statuses\":[{\"id\":\"w2\",\"status\":\"played\",\"timestamp\":1697043223,\"biz_opaque_callback_data\":\"01a204a6-dc4d-76bc-a837-290c1926f343\"},"
	    "{\"id\":\"w1\",\"status\":\"failed\",\"biz_opaque_callback_data\":\"some data\",\"errors\":[{\"code\":130472,\"title\":\"T\",\"error_data\":{\"details\":\"D\"}}]},"
	    "{\"id\":\"w0\",\"status\":\"new\"}],\"messages\":[{\"id\":\"x\",\"from\":\"16505551234\",\"timestamp\":\"1\",\"type\":\"edit\",\"edit\":{\"original_message_id\":\"o\",\"message\":{\"type\":\"image\",\"image\":{\"caption\":\"novo\"}}}},"
	    "{\"id\":\"y\",\"from\":\"16505551234\",\"type\":\"reaction\",\"reaction\":{\"message_id\":\"o\"}}]");
	IS_INT("", batch.n, 4);
	IS_INT("people first", batch.items[0].what, WA_REACTION);
	IS_STR("taken back", batch.items[0].emoji, "");
	IS_STR("by message", batch.items[1].external_id, "o");
	IS_STR("", at(batch.items[1].body, "text"), "novo");
	IS_STR("absurd instants are left out", at(batch.items[1].body, "at"), NULL);
	IS_STR("", batch.items[2].external_id, "w1");
	IS_STR("not ours", batch.items[2].opaque, NULL);
	IS_STR("", at(batch.items[2].body, "error_code"), "130472");
	IS_STR("", at(batch.items[2].body, "error_text"), "T: D");
	IS_STR("", at(batch.items[3].body, "status"), "read");
	IS_STR("ours", batch.items[3].opaque, "01a204a6-dc4d-76bc-a837-290c1926f343");
	IS_STR("", wa_notes(a, &batch), "status new not used");
	arena_free(a);
}

static void system_messages(void)
{
	a = arena_new();
	read_value("\"messages\":[{\"id\":\"s\",\"timestamp\":\"1697043223\",\"type\":\"system\",\"system\":{\"type\":\"user_changed_user_id\",\"user_id\":\"BR.2\","
	    "\"body\":\"User Eva changed from BR.9 to BR.2 changed from BR.1 to BR.2\"}}]");
	IS_INT("", batch.n, 1);
	IS_STR("the last words count, not the name", at(batch.items[0].person, "ids.0.value"), "BR.1");
	IS_STR("", at(batch.items[0].links, "0.value"), "BR.2");
	IS_STR("no line", batch.items[0].body, NULL);
	read_value("\"messages\":[{\"id\":\"s\",\"type\":\"system\",\"system\":{\"type\":\"user_changed_user_id\",\"user_id\":\"BR.2\",\"body\":\"who knows\"}}]");
	IS_INT("", batch.n, 0);
	arena_free(a);
}

static void broken(void)
{
	static const char *const bodies[] = { "", "x", "[]", "{}", "null", "{\"object\":1}", "{\"object\":\"page\"}",
		"{\"object\":\"whatsapp_business_account\",\"object\":2}" };

	a = arena_new();
	for (size_t i = 0; i < nitems(bodies); i++) {
		wa_read(a, bodies[i], strlen(bodies[i]), &batch);
		IS_TRUE(bodies[i], batch.fault != NULL);
		IS_INT(bodies[i], batch.n, 0);
	}
	wa_read(a, "{\"object\":\"whatsapp_business_account\"}", 38, &batch);
	IS_STR("", batch.fault, NULL);
	IS_STR("", wa_notes(a, &batch), "nothing in it");
	read_value("\"messages\":[{\"id\":\"u\",\"from\":\"5531987654321\",\"type\":\"text\",\"text\":{\"body\":\"\\ud83d \\ude00 \\ud83d\\ude00 \\\\ud83d\"}}]");
	IS_STR("half an emoji", at(batch.items[0].body, "text"), "\xEF\xBF\xBD \xEF\xBF\xBD \xF0\x9F\x98\x80 \\ud83d");
	read_value("\"messages\":[{\"from\":\"5531987654321\",\"type\":\"new\",\"new\":{\"title\":\"T\",\"n\":123456789012345678901234567890}}]");
	IS_STR("a number too large", at(batch.items[0].body, "kind"), "unsupported");
	IS_STR("", at(batch.items[0].body, "text"), "T");
	IS_INT("an id of its own", strncmp(batch.items[0].external_id, "sha256:", 7), 0);
	arena_free(a);
}

static void bodies_out(void)
{
	struct wa_send s = { .id = "ID", .kind = "text", .text = "veja https://x", .to = "5531987654321", .reply_to = "w" };
	char *body;

	a = arena_new();
	body = wa_send_body(a, &s);
	IS_STR("", at(body, "messaging_product"), "whatsapp");
	IS_STR("", at(body, "to"), "5531987654321");
	IS_STR("", at(body, "text.body"), "veja https://x");
	IS_STR("", at(body, "text.preview_url"), "true");
	IS_STR("", at(body, "context.message_id"), "w");
	IS_STR("", at(body, "biz_opaque_callback_data"), "ID");
	s = (struct wa_send){ .id = "ID", .kind = "document", .text = "c", .user_id = "BR.1", .media_id = "9", .media_name = "a.pdf" };
	body = wa_send_body(a, &s);
	IS_STR("", at(body, "recipient"), "BR.1");
	IS_STR("", at(body, "document.filename"), "a.pdf");
	IS_STR("", at(body, "document.caption"), "c");
	s = (struct wa_send){ .id = "ID", .kind = "template", .to = "1", .payload = "{\"template\":{\"name\":\"x\"}}" };
	IS_STR("", at(wa_send_body(a, &s), "template.name"), "x");
	s.payload = "{}";
	IS_STR("", wa_send_body(a, &s), NULL);
	s = (struct wa_send){ .id = "ID", .kind = "text", .to = "1" };
	IS_STR("", wa_send_body(a, &s), NULL);
	s.text = "x";
	s.to = NULL;
	IS_STR("", wa_send_body(a, &s), NULL);
	arena_free(a);
}

static void answers(void)
{
#define ERROR(code) "{\"error\":{\"message\":\"m\",\"code\":" #code ",\"error_data\":{\"details\":\"d\"}}}"
	static const struct { int http; const char *body; enum wa_class class; int code; } rows[] = {
		{ 200, "{\"contacts\":[{\"input\":\"1\",\"wa_id\":\"553187654321\"}],\"messages\":[{\"id\":\"w\"}]}", WA_ACCEPTED, 0 },
		{ 200, "{}", WA_UNSURE, 0 }, { 200, "", WA_UNSURE, 0 }, { 202, "<html>", WA_UNSURE, 0 },
		{ 400, ERROR(131026), WA_NEVER, 131026 }, { 400, ERROR(131047), WA_NEVER, 131047 }, { 404, ERROR(132001), WA_NEVER, 132001 },
		{ 400, ERROR(100), WA_NEVER, 100 }, { 401, ERROR(190), WA_TOKEN, 190 }, { 403, ERROR(10), WA_TOKEN, 10 }, { 403, ERROR(200), WA_TOKEN, 200 },
		{ 401, ERROR(0), WA_TOKEN, 0 }, { 403, ERROR(131031), WA_ACCOUNT_STOP, 131031 }, { 400, ERROR(131042), WA_ACCOUNT_STOP, 131042 },
		{ 500, ERROR(131000), WA_AGAIN, 131000 }, { 503, ERROR(2), WA_AGAIN, 2 }, { 500, ERROR(999999), WA_AGAIN, 999999 }, { 400, ERROR(999999), WA_NEVER, 999999 },
		{ 429, ERROR(130429), WA_SLOW, 130429 }, { 400, ERROR(131056), WA_SLOW, 131056 }, { 400, ERROR(4), WA_SLOW, 4 }, { 429, "", WA_SLOW, 0 },
		{ 502, "<html>", WA_UNSURE, 0 }, { 500, "", WA_UNSURE, 0 }, { 408, "", WA_UNSURE, 0 }, { 404, "<html>", WA_AGAIN, 0 }, { 302, "", WA_AGAIN, 0 },
		{ 400, "{\"error\":{\"message\":\"m\"}}", WA_NEVER, 0 }, { 400, "{\"error\":{\"code\":999,\"is_transient\":true}}", WA_AGAIN, 999 },
	};
	struct wa_answer out;

	a = arena_new();
	for (size_t i = 0; i < nitems(rows); i++) {
		const char *label = arena_fmt(a, "%d %s", rows[i].http, rows[i].body);

		wa_answer_read(a, rows[i].http, rows[i].body, strlen(rows[i].body), &out);
		IS_INT(label, out.class, rows[i].class);
		IS_INT(label, out.code, rows[i].code);
		IS_TRUE(label, (out.class == WA_ACCEPTED) == (out.why == NULL));
	}
	wa_answer_read(a, 200, rows[0].body, strlen(rows[0].body), &out);
	IS_STR("", out.external_id, "w");
	IS_STR("", out.wa_id, "553187654321");
	wa_answer_read(a, 400, rows[4].body, strlen(rows[4].body), &out);
	IS_STR("", out.why, "m: d");
	arena_free(a);
}

static void hashes(void)
{
	const char *hex = "3a64f89e18d48423083cd9a3ede78e65e0988d35e42f1a0ebfce4e3021704ae7";

	a = arena_new();
	IS_STR("", wa_sha256(a, "OmT4nhjUhCMIPNmj7eeOZeCYjTXkLxoOv85OMCFwSuc="), hex);
	IS_STR("", wa_sha256(a, "3A64F89E18D48423083CD9A3EDE78E65E0988D35E42F1A0EBFCE4E3021704AE7"), hex);
	IS_STR("", wa_sha256(a, "4654+8g="), NULL);
	IS_STR("", wa_sha256(a, ""), NULL);
	IS_STR("", wa_sha256(a, NULL), NULL);
	CU_ASSERT(wa_bsuid_ok("BR.13491208655302741918"));
	CU_ASSERT(wa_bsuid_ok("BR.ENT.118"));
	CU_ASSERT_FALSE(wa_bsuid_ok("<BSUID>"));
	CU_ASSERT_FALSE(wa_bsuid_ok("br.1"));
	CU_ASSERT_FALSE(wa_bsuid_ok("BR."));
	CU_ASSERT_FALSE(wa_bsuid_ok("BR.1 2"));
	CU_ASSERT_FALSE(wa_bsuid_ok(NULL));
	arena_free(a);
}

CU_TestInfo whatsapp_tests[] = {
	{ "a text and who wrote it", one_text },
	{ "a file in a group", media_and_group },
	{ "statuses, edits, reactions", changes },
	{ "new numbers and ids", system_messages },
	{ "what is broken or new", broken },
	{ "bodies to send", bodies_out },
	{ "what answers mean", answers },
	{ "hashes and user ids", hashes },
	CU_TEST_INFO_NULL
};
