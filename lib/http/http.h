/*
 * http.h: programs, routes, requests, replies.
 *
 * A program is a table: struct app. Its main is app_main(argc, argv, &app). One row of the route table
 * serves both faces: GET /contacts is a page, GET /api/contacts the same document as JSON. The row
 * says what the request needs (permission, transaction, CSRF, body size); the skeleton sees to it
 * before the handler runs, so that no handler can forget it.
 *
 * Order: match -> read body -> enter the session (in the request's transaction) -> CSRF, permission ->
 * handler fills the document -> COMMIT -> render from memory -> one log line -> arena reset.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "lib/base/conf.h"
#include "lib/db/db.h"
#include "lib/view/doc.h"

enum method { GET, POST, PATCH, DELETE_, METHODS };
enum tx { TX_NONE, TX_READ, TX_WRITE };

enum route_flags {
	R_API = 1 << 0,      /* only under /api */
	R_PAGE = 1 << 1,     /* only as a page */
	R_NO_CSRF = 1 << 2,  /* no cookie is trusted here: API login, webhooks, health */
	R_PRE = 1 << 3,      /* public form: CSRF against the pre-session (or the app's own) cookie */
	R_RAW = 1 << 4,      /* the body is left as bytes */
	R_FRAME = 1 << 5,    /* may be framed by our own pages */
	R_LIST = 1 << 6,     /* answers {"items": [...], "next": cursor}: for the OpenAPI document */
};

/* Permissions are opaque bits to lib/; model/perm.h names them. PUBLIC must be written: 0 is no permission at all and refused at start. */
#define PUBLIC (1u << 31)
#define SIGNED_IN (1u << 30)
/* Set by app.perms for roles that see personal fields masked. */
#define SEES_MASKED (1u << 29)

struct req;
typedef enum err handler(struct req *rq, struct doc *out);

struct route {
	enum method method;
	const char *path;            /* "/conversations/:id"; :names are captured; every segment after : that ends in id must be a UUID */
	handler *run;
	unsigned need;               /* one permission, PUBLIC or SIGNED_IN */
	enum tx tx;
	const char *template;        /* NULL: no HTML face of its own (a redirect, or API only) */
	unsigned flags;
	size_t body_max;             /* bytes; 0: 64 KiB */
	handler *again;              /* page forms: fills the page that is shown again with the errors (422, 409) */
	const char *again_template;
	const struct rec_type *query;/* accepted query parameters; NULL: none (unknown ones are 400 under /api) */
	const struct rec_type *in;   /* accepted body fields */
	const struct rec_type *in_files; /* not NULL: multipart/form-data is taken as well, with these fields and files under the name "files" */
	const struct rec_type *out;  /* what is answered, for the OpenAPI document */
	const char *doc;             /* one line for people */
};

struct app {
	const char *name;            /* "inbox": program, log prefix, socket */
	const char *role;            /* database role */
	const struct route *routes;
	size_t nroutes;
	unsigned (*perms)(const char *role);         /* what a role may do */
	void (*ahead)(struct req *rq);                   /* asks ahead (AHEAD of lib/db) for what chrome will need */
	void (*chrome)(struct req *rq, struct doc *out); /* fills Page.* beyond what lib/http knows; pages only, before COMMIT, may query */
	const struct conf_row *conf; /* more settings, ended by a NULL name; may be NULL */
	void *conf_out;
	void (*start)(void);         /* once, after the settings are read; may be NULL */
	const char *const *pieces;   /* templates of pieces (lib/view/piece.h), ended by NULL; may be NULL */
	const char *csp;             /* NULL: the strict default */
	const char *visitor_cookie;  /* R_PRE routes: name of the cookie CSRF hangs on; NULL: "balcao_pre" */
};

/* The process: settings, connection, supervisor contract (listening socket is fd 0). Returns the exit status. */
int app_main(int argc, char **argv, const struct app *app);

/* What stands in the paths of static files (Page.static_version), for templates that see no page. */
const char *app_static_version(void);

/* ---- the request, as handlers see it ---- */

/* json: what a JSON member was: s text, i whole number, r other number, b boolean, n null, o object, a array; 0 for forms and queries. */
struct param { const char *name, *value; bool null; char json; struct param *next; };

/* A file of a multipart body. p is borrowed from the body; name is as it was sent, without its path, or "". */
struct upload { const char *field, *name; const char *p; size_t n; struct upload *next; };

struct req {
	struct ctx *cx;
	const struct app *app;
	const struct route *route;
	enum method method;
	const char *path, *query_string;     /* path without /api */
	const char *host, *origin, *fetch_site, *fetch_dest, *referer, *ip, *agent, *id, *content_type, *accept, *language;
	const char *if_match, *if_none_match, *idempotency_key; /* the key without its quotes, once the body was read */
	const char *once;                    /* the key under which this POST is done once (once.h), NULL: none */
	const uint8_t *once_hash;            /* of what was asked, 32 bytes */
	bool https, api;
	struct param *captures, *query, *form;
	struct upload *files;                /* of a multipart body, in their order */
	bool multipart;                      /* the body came as multipart/form-data */
	const char *body;
	size_t nbody;
	const char *cookies;
	const char *authorization;
	const char *signature;               /* X-Hub-Signature-256 */
	const char *csrf_header;
	bool look;               /* x-look: the page is asked for by itself, to see what is new; the flash waits for the answer it belongs to */
	/* who */
	const char *token;                   /* session token, NULL: none came */
	bool bearer;
	const char *pre;                     /* the cookie R_PRE hangs on */
	struct { const char *session_id, *tenant_name, *email, *scope, *locale; bool stale; } who;
	/* reply */
	int status;                          /* 0: as the error says */
	const char *location;
	const char *flash, *etag;            /* as reply_to and reply_etag set them */
	struct buf headers;
	const char *type;                    /* with raw: content type */
	const char *raw;                     /* a body that is no document */
	size_t nraw;
	const char *template;                /* instead of the row's */
	const char *title;                   /* page title */
	bool reshown;                        /* a form is shown again with its errors, or after its session had ended */
	const char *kept;                    /* the id of what was typed before it ended (kept.h) */
	enum err (*after)(struct req *rq);   /* run in a writing unit of its own once the answer is out; its failure is only logged */
	int64_t started_ms;
};

/* Captured part of the path ("id"); never NULL for names of the row. */
const char *req_capture(const struct req *rq, const char *name);
/* First value of a query parameter or form field; NULL when it was not given. */
const char *req_query(const struct req *rq, const char *name);
const char *req_field(const struct req *rq, const char *name);
/* The next parameter of the same name after p (repeated boxes); p NULL: the first. */
const struct param *req_field_next(const struct req *rq, const struct param *p, const char *name);
/* Whole number in range, def when absent. E_SYNTAX when it is no such number. */
CHECK enum err req_query_int(struct req *rq, const char *name, int64_t min, int64_t max, int64_t def, int64_t *out);
/* Binds the body (form or JSON) or the query into rec, as rec_bind. */
CHECK enum err req_bind(struct req *rq, const struct rec_type *t, void *rec, bool partial);
CHECK enum err req_bind_query(struct req *rq, const struct rec_type *t, void *rec);
const char *req_cookie(struct req *rq, const char *name);
bool req_may(const struct req *rq, unsigned perm);

/* ---- the reply ---- */

/* Pages: 303 to path (percent-encoded by the caller) with a flash text; API: the document with status (201 for a creation, with Location when path is not NULL). flash: key under T.flash, "kind.key" e.g. "ok.sent", or "kind.key:arg" where arg (a-z, 0-9, _ for a blank) fills {0}; NULL: none. */
enum err reply_to(struct req *rq, int status, const char *path, const char *flash);
/* A body of bytes that is no document (challenge, XML). Borrowed until the request's end. */
enum err reply_raw(struct req *rq, int status, const char *type, const char *body, size_t n);
/* A file of the store through nginx (X-Accel-Redirect): name below the store, type, download name (NULL: inline). */
enum err reply_file(struct req *rq, const char *file, const char *type, const char *download);
void reply_header(struct req *rq, const char *name, const char *value);
/* age_s: 0 = session cookie, < 0 = delete. Adds __Host- and Secure on https; HttpOnly, SameSite=Lax always. name without prefix. */
void reply_cookie(struct req *rq, const char *name, const char *value, int64_t age_s);
/* ETag "v<version>", and E_PRECOND / E_NEEDMATCH for a write whose If-Match does not hold. */
void reply_etag(struct req *rq, int32_t version);
CHECK enum err req_if_match(struct req *rq, int32_t version);
/* The root of a document about one thing: JSON members at the root, HTML under name. End with doc_self_end. */
void doc_self(struct doc *d, const char *name);
void doc_self_end(struct doc *d);

/* ---- parts with tests of their own ---- */

/* application/x-www-form-urlencoded (also query strings). Bad escapes, NUL or bad UTF-8: NULL and *bad. */
struct param *params_parse(struct arena *a, const char *s, size_t n, bool *bad);
/* A JSON object's members: text, numbers and booleans as text, null marked, arrays and objects as JSON text. NULL and *bad with a message in *why. Depth <= 32, no duplicate keys. */
struct param *params_json(struct arena *a, const char *s, size_t n, bool *bad, const char **why);
/*
 * multipart/form-data (RFC 7578, RFC 2046 §5.1), the whole body in memory. type is the Content-Type with its boundary.
 * Strict: a boundary of 1 to 70 bchars that does not end in a blank; the body begins with "--boundary" CRLF, its parts
 * end at CRLF "--boundary" followed by CRLF or "--", nothing but one CRLF comes after the last. A part has at most 16
 * header lines and 4 KiB of them, not folded, with exactly one Content-Disposition: form-data; its name is 1 to 100
 * bytes of clean UTF-8. Content-Transfer-Encoding may only say 7bit, 8bit or binary; what the part claims as its type
 * is not looked at. A part with a filename is a file, or nothing when both name and bytes are empty (no file chosen);
 * others become parameters as those of params_parse. Filenames: quoted string, in it \" \\ and, as browsers write
 * them, %22 %0D %0A; or filename* in UTF-8 (RFC 8187); the path before the last / or \ goes.
 * Limits: 200 parts, 20 files, 64 KiB a value, beyond which it is E_TOOBIG. Anything else that is wrong is E_SYNTAX
 * with *why. Files are borrowed from s, the rest is in a.
 */
CHECK enum err multipart_parse(struct arena *a, const char *type, const char *s, size_t n, struct param **form, struct upload **files, const char **why);
/* The value of a cookie in a Cookie header; NULL when absent. */
char *cookie_get(struct arena *a, const char *header, const char *name);
/* 0: no route has the path; -1: some has, not with this method. Else index + 1. Captures in *cap. */
int route_match(struct arena *a, const struct app *app, enum method m, const char *path, bool api, struct param **cap);
/* NULL, or what is wrong with the table (a permission missing, a GET that writes, a shadowed path, ...). */
const char *route_check(struct arena *a, const struct app *app);
/* Handles one request on an open app: everything but FastCGI itself. The response's bytes (CGI form: Status, headers, blank line, body) go to out. */
void app_handle(const struct app *app, struct req *rq, struct buf *out);
/* What is done once the answer is on its way: the session is marked as seen, rq->after runs. */
void app_after(struct req *rq);

#endif
