/*
 * buf.h: a growing byte buffer, always NUL-terminated after its n bytes. Growth failure ends the process.
 * A zeroed struct buf is a valid empty one. buf_free returns it to that state.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include "lib/base/base.h"

struct buf {
	char *p;    /* NULL until the first write; else p[n] == 0 */
	size_t n;   /* bytes used */
	size_t cap; /* bytes allocated */
};

void buf_free(struct buf *b);
void buf_reset(struct buf *b); /* n = 0, memory kept */
void buf_reserve(struct buf *b, size_t more);
void buf_add(struct buf *b, const void *p, size_t n);
void buf_str(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_i64(struct buf *b, int64_t v);
void buf_fmt(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
/* s as a JSON string with its quotes (RFC 8259); also escapes < > & U+2028 U+2029 so that the text is safe inside HTML. NULL writes null. */
void buf_json(struct buf *b, const char *s);
/* s with & < > " ' as entities. */
void buf_html(struct buf *b, const char *s);
/* s with everything but RFC 3986 unreserved characters percent-encoded. */
void buf_url(struct buf *b, const char *s);
/* s as one CSV cell (RFC 4180), quoted when needed; a cell that a spreadsheet would run (= + - @ TAB CR first) gets a leading ' . */
void buf_csv(struct buf *b, const char *s);

#endif
