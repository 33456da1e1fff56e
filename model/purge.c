#include "model/purge.h"

#include "gen/sql_purge.h"
#include "lib/base/text.h"

#define REC struct file_row
static const struct field file_row_fields[] = { F(file) };
#undef REC
const struct rec_type file_row_type = REC_TYPE("file_row", struct file_row, file_row_fields);

static enum err begin(struct ctx *cx)
{
	return db_begin(cx, DB_WRITE, NULL, NULL, NULL, NOARGS, NULL, NULL);
}

/* One statement that gives a number or nothing; *v is then 0. A unit of its own. */
static enum err number(struct ctx *cx, const struct stmt *s, int64_t *v, const struct arg *args, size_t nargs)
{
	const char *text = NULL;
	enum err e = begin(cx);

	*v = 0;
	if (e == OK)
		e = db_text(cx, s, &text, args, nargs);
	e = db_end(cx, e);
	if (e == OK && text != NULL && !parse_i64(text, 0, INT64_MAX, v))
		return E_INTERNAL;
	return e;
}

enum err purge_begin(struct ctx *cx, int64_t *round)
{
	return number(cx, &sql_purge_begin, round, NOARGS);
}

enum err purge_next(struct ctx *cx, int64_t *tenant, bool *more)
{
	int64_t next;

	TRY(number(cx, &sql_purge_enter, &next, ARGS(A(*tenant))));
	*more = next > 0;
	if (*more)
		*tenant = next;
	return OK;
}

enum err purge_batch(struct ctx *cx, int64_t tenant, const struct purge_days *days, int64_t *n)
{
	const struct { const struct stmt *s; int64_t days; } all[] = {
		{ &sql_purge_webhooks, days->webhooks },
		{ &sql_purge_events, days->events },
		{ &sql_purge_keys, days->keys },
		{ &sql_purge_changes, days->changes },
		{ &sql_purge_reactions, days->changes },
	};

	*n = 0;
	for (size_t i = 0; i < nitems(all); i++) {
		int64_t gone = 0;
		enum err e = db_begin(cx, DB_WRITE, &sql_purge_enter, NULL, NULL, ARGS(A(tenant - 1)), NULL, NULL);

		if (e == OK)
			e = db_exec(cx, all[i].s, &gone, ARGS(A(all[i].days)));
		TRY(db_end(cx, e));
		*n += gone;
	}
	return OK;
}

enum err purge_private(struct ctx *cx)
{
	int64_t n;

	return number(cx, &sql_purge_private, &n, NOARGS);
}

/* A PostgreSQL array of names; they hold no character that needs a sign before it. */
static const char *array(struct arena *a, const char *const *names, size_t n)
{
	struct buf b = { 0 };
	char *s;

	buf_char(&b, '{');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(&b, ',');
		buf_char(&b, '"');
		buf_str(&b, names[i]);
		buf_char(&b, '"');
	}
	buf_char(&b, '}');
	s = arena_strn(a, b.p, b.n);
	buf_free(&b);
	return s;
}

enum err purge_known(struct ctx *cx, const char *const *names, size_t n, struct file_row **known, size_t *count)
{
	enum err e = begin(cx);

	*count = 0;
	if (e == OK)
		e = db_rows(cx, &sql_files_known, &file_row_type, known, count, ARGS(A(array(cx->arena, names, n))));
	return db_end(cx, e);
}
