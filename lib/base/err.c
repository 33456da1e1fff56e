#include "lib/base/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/base/log.h"

static const struct {
	int status;
	const char *name;
} errs[ERR_COUNT] = {
	[OK] = { 200, "ok" },
	[E_INVALID] = { 422, "invalid" },
	[E_SYNTAX] = { 400, "syntax" },
	[E_AUTH] = { 401, "auth" },
	[E_DENIED] = { 403, "denied" },
	[E_NOTFOUND] = { 404, "notfound" },
	[E_METHOD] = { 405, "method" },
	[E_CONFLICT] = { 409, "conflict" },
	[E_GONE] = { 410, "gone" },
	[E_PRECOND] = { 412, "precond" },
	[E_TOOBIG] = { 413, "toobig" },
	[E_TYPE] = { 415, "type" },
	[E_NEEDMATCH] = { 428, "needmatch" },
	[E_RATE] = { 429, "rate" },
	[E_BUSY] = { 503, "busy" },
	[E_INTERNAL] = { 500, "internal" },
	/* Reruns are used up: the client may try again. */
	[E_RETRY] = { 503, "retry" },
	[E_AHEAD] = { 500, "ahead" },
};

static size_t err_index(enum err e)
{
	size_t i = (size_t)e;

	return i < ERR_COUNT ? i : (size_t)E_INTERNAL;
}

int err_status(enum err e)
{
	return errs[err_index(e)].status;
}

const char *err_name(enum err e)
{
	return errs[err_index(e)].name;
}

void die(const char *fmt, ...)
{
	char why[512]; /* no heap: it may be what is missing */
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	log_kv(LOG_ERROR, "die", "why", why, NULL);
	abort();
}
