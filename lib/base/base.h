/* base.h: what every file needs: attributes, result codes, small macros. Includes only libc. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHECK __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define NORETURN __attribute__((noreturn))
#define NONNULL __attribute__((nonnull))
#define nitems(a) (sizeof(a) / sizeof((a)[0]))

/*
 * The result of everything that can fail. The HTTP status it becomes stands beside it. Details for
 * humans are in the context (ctx.h: why, fields), never in the code itself.
 */
enum err {
	OK = 0,
	E_INVALID,   /* 422 the input was understood and refused; field errors say why */
	E_SYNTAX,    /* 400 the input could not be read (broken JSON, bad parameter) */
	E_AUTH,      /* 401 nobody is signed in */
	E_DENIED,    /* 403 signed in, not allowed */
	E_NOTFOUND,  /* 404 missing, or somebody else's: the two must look alike */
	E_METHOD,    /* 405 */
	E_CONFLICT,  /* 409 somebody else was faster */
	E_GONE,      /* 410 it was there, and is not kept any more */
	E_PRECOND,   /* 412 If-Match does not hold */
	E_TOOBIG,    /* 413 */
	E_TYPE,      /* 415 */
	E_NEEDMATCH, /* 428 If-Match is required */
	E_RATE,      /* 429 too many; ctx.retry_after seconds */
	E_BUSY,      /* 503 the database is away; Retry-After is sent */
	E_INTERNAL,  /* 500 a fault of ours; logged with its why */
	E_RETRY,     /* internal: serialization failure or deadlock; the skeleton reruns the request */
	E_AHEAD,     /* internal: only asked ahead (AHEAD of db.h); the same call later has the answer */
	ERR_COUNT
};

/* Returns the callers' error as it is. Arena memory makes the early return safe. */
#define TRY(x) do { enum err try_ = (x); if (try_ != OK) return try_; } while (0)

/* The HTTP status of e (OK is 200). */
int err_status(enum err e);
/* A stable lower-case name of e ("invalid", "notfound", ...), used in problem+json types and logs. */
const char *err_name(enum err e);

/* Ends the process with a logged line. For broken invariants and lack of memory only: the supervisor restarts us. */
NORETURN void die(const char *fmt, ...) PRINTF(1, 2);

#endif
