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

#endif
