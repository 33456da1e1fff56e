#include <stdlib.h>
#include <string.h>

#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "model/whatsapp_json.h"

/* {"body": ...} */
static char *text_object(struct arena *a, const struct wa_send *s)
{
	struct buf b = { 0 };

	if (text_empty(s->text))
		return NULL;
	buf_char(&b, '{');
	wj_put(&b, "body", s->text);
	wj_put_raw(&b, "preview_url", strstr(s->text, "https://") != NULL ? "true" : "false");
	buf_char(&b, '}');
	return wj_done(a, &b);
}

static char *media_object(struct arena *a, const struct wa_send *s)
{
	bool caption = strcmp(s->kind, "audio") != 0 && strcmp(s->kind, "sticker") != 0;
	struct buf b = { 0 };

	if (text_empty(s->media_id))
		return NULL;
	buf_char(&b, '{');
	wj_put(&b, "id", s->media_id);
	if (caption && !text_empty(s->text))
		wj_put(&b, "caption", s->text);
	if (strcmp(s->kind, "document") == 0)
		wj_put(&b, "filename", s->media_name);
	if (strcmp(s->kind, "audio") == 0 && s->voice)
		wj_put_raw(&b, "voice", "true");
	buf_char(&b, '}');
	return wj_done(a, &b);
}

/* The member of the payload that is named like the kind, as it is. */
static char *given_object(struct arena *a, const struct wa_send *s)
{
	const char *why = NULL;
	json_t *root;

	if (s->payload == NULL)
		return NULL;
	root = wj_parse(a, s->payload, strlen(s->payload), &why);
	return root != NULL ? wj_dump(a, json_object_get(root, s->kind)) : NULL;
}

char *wa_send_body(struct arena *a, const struct wa_send *s)
{
	const char *object = NULL;
	struct buf b = { 0 };

	if (s->to == NULL && s->user_id == NULL)
		return NULL;
	if (strcmp(s->kind, "text") == 0)
		object = text_object(a, s);
	else if (wa_is_media(s->kind))
		object = media_object(a, s);
	if (object == NULL && strcmp(s->kind, "text") != 0)
		object = given_object(a, s);
	if (object == NULL)
		return NULL;
	buf_str(&b, "{\"messaging_product\":\"whatsapp\"");
	wj_put(&b, "recipient_type", s->group ? "group" : "individual");
	wj_put(&b, s->to != NULL ? "to" : "recipient", s->to != NULL ? s->to : s->user_id);
	wj_put(&b, "type", s->kind);
	wj_put_raw(&b, s->kind, object);
	if (s->reply_to != NULL && strcmp(s->kind, "reaction") != 0) {
		buf_str(&b, ",\"context\":{");
		wj_put(&b, "message_id", s->reply_to);
		buf_char(&b, '}');
	}
	wj_put(&b, "biz_opaque_callback_data", s->id);
	buf_char(&b, '}');
	return wj_done(a, &b);
}

/* ---- answers ---- */

static bool among(int code, const int *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == code)
			return true;
	return false;
}

enum wa_class wa_class_of(int code, int http, bool transient)
{
	static const int again[] = { 1, 2, 131000, 131016, 131057, 133004, 133016 };
	static const int slow[] = { 4, 80007, 130429, 131048, 131056 };
	static const int token[] = { 0, 3, 10, 190, 131005, 131045, 133010 };
	static const int stop[] = { 368, 131031, 131037, 131042, 130497, 131063, 131064 };

	if (among(code, slow, nitems(slow)) || http == 429)
		return WA_SLOW;
	if (among(code, again, nitems(again)))
		return WA_AGAIN;
	if (among(code, token, nitems(token)) || (code >= 200 && code <= 299))
		return WA_TOKEN;
	if (among(code, stop, nitems(stop)))
		return WA_ACCOUNT_STOP;
	return transient || http >= 500 ? WA_AGAIN : WA_NEVER;
}

static void accepted(struct arena *a, const json_t *root, struct wa_answer *out)
{
	out->external_id = wj_id(a, json_array_get(wj_array(root, "messages"), 0), "id", 512);
	out->wa_id = wj_id(a, json_array_get(wj_array(root, "contacts"), 0), "wa_id", 20);
	if (out->wa_id != NULL && strspn(out->wa_id, "0123456789") != strlen(out->wa_id))
		out->wa_id = NULL;
	out->class = out->external_id != NULL ? WA_ACCEPTED : WA_UNSURE;
	out->why = out->external_id != NULL ? NULL : "accepted, but the answer names no message";
}

void wa_answer_read(struct arena *a, int http, const char *body, size_t n, struct wa_answer *out)
{
	const char *why = NULL;
	json_t *root = wj_parse(a, body, n, &why);
	const json_t *error = wj_object(root, "error");

	*out = (struct wa_answer){ 0 };
	if (error != NULL && http >= 400) {
		int64_t code = wj_int(error, "code", -1);

		if (code < 0 || code > INT32_MAX)
			code = -1;
		out->code = code > 0 ? (int)code : 0;
		out->class = wa_class_of((int)code, http, wj_true(error, "is_transient"));
		out->why = wj_error_text(a, error);
	} else if (http >= 200 && http <= 299) {
		accepted(a, root, out);
	} else {
		/* Not Graph's words: from 500 on, and at 408, somebody between us may have passed it on. */
		out->class = http == 429 ? WA_SLOW : http >= 500 || http == 408 ? WA_UNSURE : WA_AGAIN;
	}
	if (out->why == NULL && out->class != WA_ACCEPTED)
		out->why = arena_fmt(a, "HTTP %d", http);
}

/* ---- media ---- */

bool wa_media_read(struct arena *a, const char *body, size_t n, struct wa_media *out)
{
	const char *why = NULL;
	json_t *root = wj_parse(a, body, n, &why);

	*out = (struct wa_media){ .url = wj_id(a, root, "url", 4000), .mime = wj_id(a, root, "mime_type", 200),
		.sha256 = wa_sha256(a, wj_text(a, root, "sha256")), .size = wj_int(root, "file_size", -1) };
	return out->url != NULL;
}

char *wa_upload_read(struct arena *a, const char *body, size_t n)
{
	const char *why = NULL;

	return wj_id(a, wj_parse(a, body, n, &why), "id", 200);
}

char *wa_sha256(struct arena *a, const char *s)
{
	uint8_t hash[32], *raw;
	size_t n;

	if (s == NULL)
		return NULL;
	if (hex_decode(s, hash, sizeof(hash)))
		return hex_encode(a, hash, sizeof(hash));
	raw = strlen(s) <= 64 ? base64_decode(a, s, &n) : NULL;
	return raw != NULL && n == sizeof(hash) ? hex_encode(a, raw, n) : NULL;
}
