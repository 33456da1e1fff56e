/*
 * arena.h: memory that lives as long as a request, a job or a test.
 *
 * Allocation never fails: lack of memory ends the process. Memory is zeroed. Nothing is freed
 * singly; arena_reset frees all and runs the deferred calls, newest first. The first chunk (64 KiB)
 * stays for the next round. In ASan builds (-DARENA_MALLOC) every allocation is a malloc of its own,
 * so that overflows and use after reset are found. Not thread-safe.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include "lib/base/base.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a); /* resets, then frees; NULL is fine */
void arena_reset(struct arena *a);

/* n zeroed bytes, aligned for any type; n may be 0 (a valid pointer all the same). */
void *arena_alloc(struct arena *a, size_t n);
/* n elements of size; an overflow of the product ends the process. */
void *arena_array(struct arena *a, size_t n, size_t size);
#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))

/* Copies; s == NULL gives NULL. arena_strn copies exactly n bytes and adds the NUL. */
char *arena_str(struct arena *a, const char *s);
char *arena_strn(struct arena *a, const char *s, size_t n);
char *arena_fmt(struct arena *a, const char *fmt, ...) PRINTF(2, 3);
char *arena_vfmt(struct arena *a, const char *fmt, va_list ap) PRINTF(2, 0);

/* Has fn(p) called at arena_reset: the way to hold a foreign resource (a result set, a JSON tree). */
void arena_defer(struct arena *a, void (*fn)(void *), void *p);

#endif
