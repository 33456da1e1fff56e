/*
 * client.h: what the end-to-end tests share: a small HTTP client with a cookie jar of its own, JSON and page
 * accessors, and assertions that tell which request failed. Everything returned lives until the test ends
 * (arena mem) unless it says otherwise.
 */
#ifndef TESTS_E2E_CLIENT_H
#define TESTS_E2E_CLIENT_H

#include <CUnit/CUnit.h>
#include <jansson.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"

/* Memory of the running test; reset between tests. */
extern struct arena *mem;

struct cookie { char name[48], value[256]; };
struct client {
	void *curl;
	const char *name;        /* who this is, for the failures: "agent", "visitor B" */
	const char *bearer;      /* access token, NULL: cookies */
	struct cookie jar[12];
	size_t ncookies;
	char csrf[96];           /* of the last page, or set by sign_in */
	char call[300];          /* "agent POST /api/messages", for the failures */
	long status;
	double seconds;
	struct buf head, body;   /* of the last answer */
	json_t *json;            /* its body read, made on demand */
};

struct client *client_new(const char *name);
void client_free(struct client *c);

/* A request; type and data may be NULL. headers is NULL or ended by NULL. Returns the status, 0 when there is no answer. */
struct body { const char *type, *data; size_t n; };
long http(struct client *c, const char *method, const char *path, const struct body *b, const char *const *headers);
long get(struct client *c, const char *path);
/* A JSON body; data NULL: none. */
long send_json(struct client *c, const char *method, const char *path, const char *data);
/* The same with If-Match ("*", an ETag); match NULL: without. */
long send_if(struct client *c, const char *method, const char *path, const char *match, const char *data);
/* A form of name, value, ..., NULL with the csrf token of c added. */
long post_form(struct client *c, const char *path, ...);
/* A form given as it goes over the wire; nothing is added. */
long post_raw(struct client *c, const char *path, const char *form);

/* A multipart form, part by part; parts_post sends and empties it. boundary NULL: the usual one. */
struct parts { struct buf b; const char *boundary; };
void part(struct parts *p, const char *name, const char *value);
void part_file(struct parts *p, const char *name, const char *type, const char *data, size_t n);
long parts_post(struct client *c, const char *path, struct parts *p, const char *const *headers);

void cookie_set(struct client *c, const char *name, const char *value);
const char *cookie_of(const struct client *c, const char *name); /* NULL: not in the jar */
void cookies_clear(struct client *c);

/* Of the last answer. Paths are dotted: "items.0.id". */
const char *header(struct client *c, const char *name);   /* first value, NULL: absent */
json_t *jv(struct client *c, const char *path);           /* borrowed until the next request; NULL: absent */
const char *js(struct client *c, const char *path);       /* scalar as text; NULL: absent or null */
size_t jcount(struct client *c, const char *path);            /* length of an array */
bool has(const struct client *c, const char *text);       /* in the body */
size_t times(const struct client *c, const char *text);   /* how often */
const char *input_value(const struct client *c, const char *name); /* value of <input name=...>, entities undone; NULL */
/* Size of the body without the request's id, its own path's id and the time it took. */
size_t plain_size(struct client *c);

const char *url_text(const char *s);   /* percent-encoded */
const char *json_quoted(const char *s);

/* ---- assertions ---- */
bool expect_(bool cond, const char *file, unsigned line, const char *fmt, ...) PRINTF(4, 5);
/* The condition comes first: what it asks for is what the text shows. */
#define EXPECT(cond, ...) __extension__({ bool cond_ = (cond); expect_(cond_, __FILE__, __LINE__, __VA_ARGS__); })
#define IS_STATUS(c, want) \
	expect_((c)->status == (want), __FILE__, __LINE__, "%s: %ld, want %d: %.300s", (c)->call, (c)->status, (want), \
	    (c)->body.n > 0 ? (c)->body.p : "")
#define HAS(c, text) expect_(has((c), (text)), __FILE__, __LINE__, "%s (%ld): no \"%s\"", (c)->call, (c)->status, (text))
#define HAS_NOT(c, text) expect_(!has((c), (text)), __FILE__, __LINE__, "%s: shows \"%s\"", (c)->call, (text))
/* For a failure's text: NULL as "NULL". */
const char *shown(const char *s);
bool same_text(const char *a, const char *b);
#define IS_TEXT(c, got, want) is_text_((c), (got), (want), __FILE__, __LINE__)
bool is_text_(const struct client *c, const char *got, const char *want, const char *file, unsigned line);

/* Waits until expr is true, at most so many seconds; false when it did not become true. */
#define WAIT(secs, expr) __extension__({ int left_ = (int)((secs) * 10); while (!(expr) && left_-- > 0) nap(100); left_ >= 0; })
void nap(int ms);

#endif
