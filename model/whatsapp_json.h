/* whatsapp_json.h: small readers over Jansson, shared by the files whatsapp*.c only. */
#ifndef MODEL_WHATSAPP_JSON_H
#define MODEL_WHATSAPP_JSON_H

#include <jansson.h>
#include "lib/base/buf.h"
#include "model/whatsapp.h"

/* Parses; NUL characters in texts are dropped. The tree lives as long as the arena. NULL: *why says what is wrong. */
json_t *wj_parse(struct arena *a, const char *body, size_t n, const char **why);
/* The member as text without control characters; NULL when it is absent, no text, or empty. In a. */
char *wj_text(struct arena *a, const json_t *o, const char *key);
/* The same, and NULL as well when it is longer than max bytes: for ids, which must not be cut. */
char *wj_id(struct arena *a, const json_t *o, const char *key, size_t max);
/* Whole number, also when written as text; def when it is neither or does not fit. */
int64_t wj_int(const json_t *o, const char *key, int64_t def);
bool wj_true(const json_t *o, const char *key);
/* Seconds since 1970 as number or text; UTC_NONE when absent or absurd. */
utc_t wj_time(const json_t *o, const char *key);
/* The member when it is an object or an array, else NULL. */
json_t *wj_object(const json_t *o, const char *key);
json_t *wj_array(const json_t *o, const char *key);
/* o as text, or NULL when it is NULL, empty or no object. In a. */
char *wj_dump(struct arena *a, const json_t *o);
/* An arena text or the end of the buffer as one: what a builder ends with. */
char *wj_done(struct arena *a, struct buf *b);
/* Adds ,"key":"value" (no comma behind a brace); nothing when value is NULL. wj_put_raw takes JSON. */
void wj_put(struct buf *b, const char *key, const char *value);
void wj_put_raw(struct buf *b, const char *key, const char *json);
/* Who, a text for people: title and details of a Graph error object. NULL when it says nothing. In a. */
char *wj_error_text(struct arena *a, const json_t *error);

/* whatsapp_message.c: kind, text, payload and media of one message object into the JSON that app.message_in takes. */
struct wa_message {
	const char *external_id, *author_name, *thread;
	bool echo;
	utc_t at;
	json_t *object;         /* the message */
	json_t *errors;         /* of the whole value, for a message that came without content; may be NULL */
};
char *wa_message_body(struct arena *a, const struct wa_message *m);
/* The text of a message's content (body, caption, title ...), NULL when it has none. In a. */
char *wa_message_text(struct arena *a, const char *type, const json_t *object);
bool wa_is_media(const char *type);
/* A call as a message of kind "call". */
char *wa_call_body(struct arena *a, const struct wa_message *m);

#endif
