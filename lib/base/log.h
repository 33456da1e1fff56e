/*
 * log.h: one logfmt line per event on stderr: ts=... level=info prog=inbox ev=request k=v ...
 * Values with spaces, quotes, '=' or control characters are quoted and escaped, so that no input can
 * start a new line. Never log secrets, message texts, phones, e-mails or documents.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdarg.h>
#include "lib/base/base.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* program is borrowed for ever (a literal). Lines under min are dropped. */
void log_open(const char *program, enum log_level min);
/* The request id printed as req= in every line until it is changed; NULL or "" prints none. Copied (64 bytes). */
void log_request(const char *id);

/*
 * log_kv(LOG_INFO, "job.done", "kind", kind, "ms", log_i(ms), NULL): pairs of strings, ended by NULL.
 * A NULL value skips its pair. log_i returns one of 8 rotating static buffers.
 */
void log_kv(enum log_level level, const char *event, ...) __attribute__((sentinel));
const char *log_i(int64_t v);

#endif
