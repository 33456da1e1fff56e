#include "lib/db/pick.h"

#include <stdlib.h>
#include <string.h>

struct picked { const struct stmt *base; uint64_t mask; struct stmt stmt; struct picked *next; };
enum { BUCKETS = 64 };

static bool named(const char *list, size_t n, const char *const *names)
{
	for (; *names != NULL; names++) {
		size_t len = strlen(*names);

		for (const char *s = list; s < list + n; ) {
			const char *bar = memchr(s, '|', (size_t)(list + n - s));
			size_t part = (size_t)((bar != NULL ? bar : list + n) - s);

			if (part == len && strncmp(s, *names, len) == 0)
				return true;
			s += part + 1;
		}
	}
	return false;
}

/* Bit i: the i-th optional line is in. What identifies a choice, whatever the order of names. */
static uint64_t mask_of(const struct stmt *base, const char *const *names, struct buf *sql)
{
	uint64_t mask = 0;
	int bit = 0;

	for (const char *line = base->sql; *line != '\0'; ) {
		size_t n = strcspn(line, "\n");
		const char *mark = memmem(line, n, "--? ", 4);
		bool in = true;

		if (mark != NULL) {
			in = named(mark + 4, n - (size_t)(mark - line) - 4, names);
			mask |= (uint64_t)in << bit++;
		}
		if (in && sql != NULL) {
			buf_add(sql, line, mark != NULL ? (size_t)(mark - line) : n);
			buf_char(sql, '\n');
		}
		line += n + (line[n] == '\n');
	}
	return mask;
}

static struct picked *make(const struct stmt *base, const char *const *names, uint64_t mask)
{
	struct picked *p = calloc(1, sizeof(*p));
	struct buf sql = { 0 }, name = { 0 };

	if (p == NULL)
		die("out of memory");
	mask_of(base, names, &sql);
	buf_fmt(&name, "%s_%llx", base->name, (unsigned long long)mask);
	p->base = base;
	p->mask = mask;
	p->stmt = (struct stmt){ name.p, sql.p, base->row, base->nargs };
	return p;
}

const struct stmt *stmt_pick(const struct stmt *base, const char *const *names)
{
	static struct picked *table[BUCKETS];
	uint64_t mask = mask_of(base, names, NULL);
	struct picked **slot = &table[(((uintptr_t)base >> 4) ^ mask) % BUCKETS];

	for (struct picked *p = *slot; p != NULL; p = p->next)
		if (p->base == base && p->mask == mask)
			return &p->stmt;
	struct picked *p = make(base, names, mask);
	p->next = *slot;
	*slot = p;
	return &p->stmt;
}
