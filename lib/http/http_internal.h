/* http_internal.h: shared by the files of lib/http only. */
#ifndef HTTP_HTTP_INTERNAL_H
#define HTTP_HTTP_INTERNAL_H

#include "lib/http/http.h"

/* Settings that every program has. */
struct app_conf {
	const char *db, *share, *log_level, *base_url, *static_version;
};
extern struct app_conf app_conf;

const char *method_name(enum method m);
/* Writes status line, headers and body for what the handler left in rq and out. */
void reply_write(struct req *rq, enum err e, struct doc *out, struct buf *to);
/* Fills Page.* (what lib/http knows of it), form.* and Errors for a page. */
void page_fill(struct req *rq, struct doc *out, enum err e);
const char *pre_cookie_name(const struct req *rq);
/* Sets rq->pre: what forms hang on before there is a session. Gives the cookie where there is none. */
void pre_session(struct req *rq);
/* Origin and Fetch Metadata, where the browser sends them: a request of another site is not ours. */
bool same_origin(const struct req *rq);
/* The CSRF token of base, whatever stands behind its dot (whose page it was: kept.h). */
bool csrf_ok(const struct req *rq, const char *base, const char *given);
/* Whether a form's field may be shown again, or kept: only names that our own forms use, and no passwords. */
bool form_echo_ok(const char *name);

#endif
