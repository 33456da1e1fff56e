/*
 * stub.h: the local double of Meta's WhatsApp Cloud API (program balcao-graph-stub).
 *
 * One thread per connection (libmicrohttpd), a few webhook threads (hook.c). Everything that changes
 * is in struct stub under its lock; the journal and the webhook queue have locks of their own. A
 * request is judged under the lock and only fills its struct req; http.c then writes the journal,
 * queues the webhooks and answers, in this order. Registries are Jansson objects: small, and a double
 * need not be fast.
 */
#ifndef STUB_STUB_H
#define STUB_STUB_H

#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/log.h"

enum { STATUS_STEPS = 3, LANES = 4, MESSAGE_MAX = 1 << 20, CONTROL_MAX = 32 << 20, FILE_MAX = 100 << 20 };

struct journal;
struct hooks;

struct stub {
	/* settings: fixed once the threads run */
	char host[64];      /* "127.0.0.1" or "[::1]" */
	unsigned port;
	const char *secret; /* app secret: signs webhooks */
	const char *webhook;
	const char *control_secret;
	const char *media_dir;
	bool demo;
	bool default_statuses;
	int64_t config_step_ms[STATUS_STEPS];
	uint8_t url_key[32]; /* signs media addresses */

	pthread_mutex_t lock; /* all below, to the counters */
	json_t *tokens;    /* [token]: good for every number */
	json_t *phones;    /* {id: {token?, webhook?, waba, display}} */
	json_t *config_old_wa; /* {digits: true} from the command line; survives a reset */
	json_t *old_wa;    /* {digits with 9: true} */
	json_t *names;     /* {wa_id or user id: profile name} */
	json_t *replied;   /* {recipient: true}: demo answers given */
	json_t *doomed;    /* {recipient: code}: accepted, then failed */
	json_t *rates;     /* {key: {n, at}}: only with limits */
	json_t *served;    /* {phone/month: count of service messages} */
	json_t *templates; /* [{waba, approve_at?, doc...}] */
	json_t *faults;    /* [fail_next] */
	json_t *sink;      /* webhooks that came to /control/sink */
	int sink_http;     /* what they are answered with */
	struct medium *media;
	int64_t delay_ms;
	int64_t media_expire_ms;
	int64_t step_ms[STATUS_STEPS]; /* after acceptance: sent, delivered, read */
	bool statuses, shuffle, duplicates, down, limits;
	uint64_t seed, serial;
	bool stopping;
	pthread_cond_t stop_cond;

	struct journal *journal;
	struct hooks *hooks;
	atomic_ullong requests, accepted, refused, dropped, pending, delivered, retries, given_up;
};

/* Why a request is refused; code 0: it is not. Strings in the request's arena. */
struct verdict {
	int http, code, sub;
	const char *message; /* NULL: from the table of errors.c */
	const char *details; /* goes to error_data.details */
};

struct upload; /* http.c: a multipart body while it comes in */

struct req {
	struct stub *st;
	struct arena *a;
	struct MHD_Connection *conn;
	const char *method, *path;
	struct buf body;
	size_t body_max;
	bool too_big, broken;
	struct upload *up;
	/* the outcome */
	struct verdict v;
	int http;
	const char *type;  /* content type; NULL: JSON */
	struct buf out;
	bool drop;         /* close the connection instead of answering */
	int64_t delay_ms;
	json_t *line;      /* journal line; NULL: none */
	struct hook *hooks; /* to be queued after the journal is on disk */
};

/* Locks around log_kv, which is made for one thread. */
void log_lock(void);
void log_unlock(void);
#define LOG(...) do { log_lock(); log_kv(__VA_ARGS__); log_unlock(); } while (0)

/* ids.c */
uint64_t stub_random(struct stub *st);                   /* under the lock */
/* A message id in Meta's form for the given number; inbound: true for a message of the customer. In a. */
char *wamid_new(struct stub *st, struct arena *a, const char *who, bool inbound);
bool wamid_ok(const char *s);
char *digits_new(struct stub *st, struct arena *a, unsigned n);
/* The business-scoped user id that belongs to a number: always the same. In a. */
char *bsuid_of(struct arena *a, const char *wa_id);
bool bsuid_ok(const char *s);
/* Standard base64 with padding. In a. */
char *base64_text(struct arena *a, const void *p, size_t n);
/* Digits of s without a leading '+'; NULL when it is no number of 7 to 15 digits. In a. */
char *number_digits(struct arena *a, const char *s);
/* What WhatsApp calls the number: without the ninth digit when it is registered as old. In a. */
const char *wa_id_of(struct stub *st, struct arena *a, const char *digits);
int64_t wall_ms(void);
uint64_t text_hash(const char *s);
/* x, or the end of the process: Jansson gives NULL only for lack of memory or bad UTF-8. */
json_t *must(json_t *x);
const char *jstr(const json_t *o, const char *key); /* NULL when absent or no string */

/* errors.c */
const char *error_title(int code);
int error_http(int code);
/* Turns v into Graph's error body. Under the lock. */
void error_body(struct req *r);
/* Sets the verdict and returns false. http 0: that of the code. */
bool refuse(struct verdict *v, struct arena *a, int code, const char *fmt, ...) PRINTF(4, 5);

/* check.c, check_interactive.c, check_template.c: what Meta documents about a message */
struct check {
	struct stub *st;
	struct arena *a;
	json_t *root;
	const char *type;      /* set by check_message */
	const char *category;  /* price category of a template, else "service" */
	struct verdict v;
};
/* False with v filled when the body of POST /messages is refused. */
bool check_message(struct check *c);
/* True when the body is a read receipt rather than a message. */
bool is_read_receipt(const json_t *root);
bool check_read_receipt(struct check *c);
bool check_keys(struct check *c, json_t *o, const char *path, const char *const *keys);
/* The member as a string of min..max code points; absent is fine unless need. */
bool check_str(struct check *c, const json_t *o, const char *path, const char *key, size_t min, size_t max,
	bool need);
bool check_media(struct check *c, json_t *o, const char *kind);
bool check_interactive(struct check *c, json_t *o);
bool check_template(struct check *c, json_t *o);
bool check_template_new(struct check *c);
bool name_ok(const char *s);
/* The placeholders of a template text: numbers or names in order, without repeats (new reference). */
json_t *template_vars(const char *text, bool *named);

/* send.c */
/* marketing: through /marketing_messages, which takes templates only. */
void send_message(struct req *r, const char *phone, bool marketing);
/* phone.c */
void phone_show(struct req *r, const char *phone);
/* templates.c */
void templates_load(struct stub *st);
/* The stored template of this name and language, or NULL. Borrowed, under the lock. */
json_t *template_find(struct stub *st, const char *name, const char *language);
/* The status it has now ("PENDING" becomes "APPROVED" by itself after a while). */
const char *template_status(const json_t *t);
const json_t *template_component(const json_t *t, const char *type);
/* A fault of fail_next that names who ("to"); true when it ends the request. */
bool fault_meant(struct req *r, const char *who);
void template_list(struct req *r, const char *waba);
void template_create(struct req *r, const char *waba);
bool template_add(struct stub *st, const json_t *doc);

/* media.c, builtin.c */
struct medium {
	struct medium *next;
	char *id, *mime, *phone; /* phone NULL: every number's */
	uint8_t *p;
	size_t n;
	uint8_t sha256[32];
	int64_t at_ms;
};
/* Takes the bytes over by copy; replaces an id that exists. Under the lock (or before the threads). */
struct medium *medium_add(struct stub *st, const char *id, const char *mime, const char *phone,
	const void *p, size_t n);
struct medium *medium_find(struct stub *st, const char *id);
void media_builtin(struct stub *st);
void media_read_dir(struct stub *st);
void media_reset(struct stub *st);
/* True when a file of this content type may be sent as kind ("image", "audio" ...); size limit in *max. */
bool media_kind_ok(const char *kind, const char *mime, size_t *max);
void media_upload(struct req *r, const char *phone);
void media_show(struct req *r, struct medium *m);
void media_download(struct req *r);
void builtin_png(struct buf *b);
void builtin_jpeg(struct buf *b);
void builtin_webp(struct buf *b);
void builtin_pdf(struct buf *b);
void builtin_ogg(struct buf *b);
void builtin_amr(struct buf *b);

/* upload parts (http.c) */
struct upload {
	struct buf product, type, file;
	char *file_type;
	bool has_file, unknown, too_big;
};

/* hook.c */
struct hook;
struct hooks *hooks_start(struct stub *st);
void hooks_stop(struct hooks *h);
void hooks_drop(struct hooks *h); /* forgets what is waiting */
/* A webhook with this envelope (borrowed) to url at wall time due_ms; same lane: in order. */
struct hook *hook_new(const char *url, json_t *envelope, const char *lane, int64_t due_ms);
struct hook *hook_raw(const char *url, const char *body, bool bad_signature);
void hook_later(struct req *r, struct hook *h);
void hook_push_all(struct stub *st, struct hook *list);
/* j as Meta writes JSON: ASCII only, \u in lower case, \/ for a slash. malloc'ed. */
char *meta_json(const json_t *j);

/* event.c */
struct receipt {
	const char *phone, *wamid, *wa_id, *user_id, *group, *opaque, *category;
	int fail; /* code of an asynchronous failure, or 0 */
};
const char *webhook_of(struct stub *st, const char *phone);
void event_statuses(struct req *r, const struct receipt *rc, int64_t now_ms);
/* The simulated customer writes: in is the control object. Returns the message id (arena) or NULL with *why.
 */
const char *event_inbound(struct req *r, json_t *in, const char **why);
void event_demo_reply(struct req *r, const struct receipt *rc, const char *text, int64_t now_ms);
void event_template(struct req *r, const json_t *t, int64_t due_ms);

/* journal.c */
struct journal *journal_open(const char *path); /* NULL path: memory only */
void journal_close(struct journal *j);
/* Appends one line and waits until it is on the disk. False when that failed. */
bool journal_write(struct journal *j, json_t *line);
/* The lines after number from, as a JSON array. False when the file cannot be read. */
bool journal_read(struct journal *j, uint64_t from, struct buf *out);
uint64_t journal_lines(struct journal *j);
void journal_replied(struct journal *j, json_t *replied);

/* graph.c, control.c, http.c */
void graph_request(struct req *r);
void control_request(struct req *r);
void control_reset(struct stub *st);
/* sink.c: /control/sink, a receiver of webhooks for tests that have no other */
void sink_take(struct req *r);
void sink_show(struct req *r);
const char *phone_add(struct stub *st, const char *id, const char *token, const char *webhook,
	const char *waba); /* NULL, or what is wrong */
/* The bearer token of the request, "" when there is none. Borrowed. */
const char *bearer(struct req *r);
const char *query(struct req *r, const char *key);
const char *header(struct req *r, const char *key);
void out_json(struct req *r, json_t *j); /* takes j over */
struct MHD_Daemon *http_start(struct stub *st);
void stub_sleep(struct stub *st, int64_t ms);

#endif
