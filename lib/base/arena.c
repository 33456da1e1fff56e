#include "lib/base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 64 * 1024, ALIGN = _Alignof(max_align_t) };

struct block {
	struct block *next;
	size_t cap, used;
	max_align_t data[];
};

struct defer {
	struct defer *next;
	void (*fn)(void *);
	void *p;
};

struct arena {
	struct block *chunks; /* the newest first; the first chunk stays for ever */
	struct block *bigs;   /* allocations with a block of their own */
	struct defer *defers; /* newest first */
};

static struct block *block_new(size_t cap)
{
	struct block *b;

	if (cap > SIZE_MAX / 2)
		die("arena: %zu bytes asked for", cap);
	b = calloc(1, sizeof(*b) + cap);
	if (b == NULL)
		die("arena: out of memory (%zu bytes)", cap);
	b->cap = cap;
	return b;
}

static void run_defers(struct arena *a)
{
	while (a->defers != NULL) {
		struct defer *d = a->defers;

		a->defers = d->next;
		d->fn(d->p);
	}
}

static void drop_all(struct block **list)
{
	while (*list != NULL) {
		struct block *b = *list;

		*list = b->next;
		free(b);
	}
}

static void *alloc_big(struct arena *a, size_t n)
{
	struct block *b = block_new(n);

	b->next = a->bigs;
	a->bigs = b;
	return b->data;
}

#ifdef ARENA_MALLOC

/* Each allocation ends where its malloc ends: an overflow by one byte is found. */
void *arena_alloc(struct arena *a, size_t n)
{
	return alloc_big(a, n);
}

#else

void *arena_alloc(struct arena *a, size_t n)
{
	struct block *b = a->chunks;
	void *p;

	if (n > CHUNK / 4)
		return alloc_big(a, n);
	n = n == 0 ? (size_t)ALIGN : (n + ALIGN - 1) / ALIGN * ALIGN;
	if (b == NULL || n > b->cap - b->used) {
		b = block_new(CHUNK);
		b->next = a->chunks;
		a->chunks = b;
	}
	p = (char *)b->data + b->used;
	b->used += n;
	return p;
}

#endif

struct arena *arena_new(void)
{
	struct arena *a = calloc(1, sizeof(*a));

	if (a == NULL)
		die("arena: out of memory");
	return a;
}

void arena_reset(struct arena *a)
{
	struct block *first;

	run_defers(a);
	drop_all(&a->bigs);
	if (a->chunks == NULL)
		return;
	while (a->chunks->next != NULL) {
		first = a->chunks->next;
		free(a->chunks);
		a->chunks = first;
	}
	/* Zeroed here, once: arena_alloc hands out zeroes without a memset. */
	first = a->chunks;
	memset(first->data, 0, first->used);
	first->used = 0;
}

void arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	arena_reset(a);
	free(a->chunks);
	free(a);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		die("arena: %zu elements of %zu bytes asked for", n, size);
	return arena_alloc(a, bytes);
}

char *arena_strn(struct arena *a, const char *s, size_t n)
{
	char *copy;

	if (s == NULL)
		return NULL;
	if (n == SIZE_MAX)
		die("arena: a text of SIZE_MAX bytes");
	copy = arena_alloc(a, n + 1);
	memcpy(copy, s, n);
	return copy;
}

char *arena_str(struct arena *a, const char *s)
{
	return s != NULL ? arena_strn(a, s, strlen(s)) : NULL;
}

char *arena_vfmt(struct arena *a, const char *fmt, va_list ap)
{
	char few[256], *s; /* most are short: formatted once */
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(few, sizeof(few), fmt, again);
	va_end(again);
	if (n < 0)
		die("arena: format [%s] failed", fmt);
	if ((size_t)n < sizeof(few))
		return arena_strn(a, few, (size_t)n);
	s = arena_alloc(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	return s;
}

char *arena_fmt(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = arena_vfmt(a, fmt, ap);
	va_end(ap);
	return s;
}

void arena_defer(struct arena *a, void (*fn)(void *), void *p)
{
	struct defer *d = ARENA_NEW(a, struct defer);

	d->fn = fn;
	d->p = p;
	d->next = a->defers;
	a->defers = d;
}
