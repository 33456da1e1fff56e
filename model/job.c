#include "model/job.h"

#include <string.h>
#include "gen/sql_job.h"
#include "lib/base/text.h"
#include "lib/crypto/crypto.h"

#define REC struct job
static const struct field job_fields[] = {
	F(id, .flags = RO | ID),
	F(kind, .flags = RO),
	F(subject_id, .flags = RO | ID),
	F(lease_no, .flags = RO),
	F(attempt, .flags = RO),
	F(age, .flags = RO),
};
#undef REC
const struct rec_type job_type = REC_TYPE("job", struct job, job_fields);

/* One statement as a unit of work without context. */
static enum err alone(struct ctx *cx, const struct stmt *s, const char **out, const struct arg *args, size_t nargs)
{
	enum err e = db_begin(cx, DB_WRITE, NULL, NULL, NULL, NOARGS, NULL, NULL);

	if (e == OK)
		e = db_text(cx, s, out, args, nargs);
	return db_end(cx, e);
}

enum err job_claim(struct ctx *cx, const char *kind, int n, struct job **jobs, size_t *count)
{
	int64_t now = mono_ms();
	enum err e = db_begin(cx, DB_WRITE, NULL, NULL, NULL, NOARGS, NULL, NULL);

	*count = 0;
	if (e == OK)
		e = db_rows(cx, &sql_job_claim, &job_type, jobs, count,
		    ARGS(A(kind), A(n), A((int64_t)JOB_LEASE_MS)));
	e = db_end(cx, e);
	if (e != OK)
		*count = 0;
	for (size_t i = 0; i < *count; i++)
		(*jobs)[i].claimed_ms = now;
	return e;
}

bool job_leased(const struct job *j, int64_t ms)
{
	return mono_ms() + ms < j->claimed_ms + JOB_LEASE_MS;
}

enum err job_begin(struct ctx *cx, const struct job *j)
{
	enum err e = db_begin(cx, DB_WRITE, &sql_job_enter, NULL, NULL, ARGS(A(j->id), A(j->lease_no)), NULL, NULL);

	return e == OK ? OK : db_end(cx, e);
}

/* The lease still stood when the statement gave something other than false. */
enum err job_take(struct ctx *cx)
{
	const char *said = NULL;

	TRY(db_take_text(cx, &said));
	return said != NULL && strcmp(said, "f") != 0 ? OK : fail(cx, E_CONFLICT, "the lease is gone");
}

static enum err held(struct ctx *cx, const struct stmt *s, const struct arg *args, size_t nargs)
{
	TRY(db_send(cx, s, args, nargs));
	return job_take(cx);
}

enum err job_back_send(struct ctx *cx, const struct job *j)
{
	return db_send(cx, &sql_job_enter, ARGS(A(j->id), A(j->lease_no)));
}

enum err job_end_send(struct ctx *cx, const struct job *j, const char *state, const char *why)
{
	return db_send(cx, &sql_job_end, ARGS(A(j->id), A(j->lease_no), A(state), A(why)));
}

enum err job_back(struct ctx *cx, const struct job *j)
{
	TRY(job_back_send(cx, j));
	return job_take(cx);
}

enum err job_sending(struct ctx *cx, const struct job *j, int64_t hold_ms)
{
	return held(cx, &sql_job_sending, ARGS(A(j->id), A(j->lease_no), A(hold_ms)));
}

enum err job_end(struct ctx *cx, const struct job *j, const char *state, const char *why)
{
	TRY(job_end_send(cx, j, state, why));
	return job_take(cx);
}

enum err job_again(struct ctx *cx, const struct job *j, int64_t delay_ms, const char *why, bool keep)
{
	return held(cx, &sql_job_retry, ARGS(A(j->id), A(j->lease_no), A(delay_ms), A(why), A(keep)));
}

enum err job_end_now(struct ctx *cx, const struct job *j, const char *state, const char *why)
{
	TRY(job_begin(cx, j));
	return db_end(cx, job_end(cx, j, state, why));
}

enum err job_again_now(struct ctx *cx, const struct job *j, int64_t delay_ms, const char *why, bool keep)
{
	TRY(job_begin(cx, j));
	return db_end(cx, job_again(cx, j, delay_ms, why, keep));
}

int64_t job_random(int64_t n)
{
	uint64_t r;

	random_bytes(&r, sizeof(r));
	return n > 0 ? (int64_t)(r % (uint64_t)n) : 0;
}

int64_t job_backoff(int attempt, int64_t base_ms, int64_t cap_ms)
{
	int64_t top = base_ms;

	for (int i = 1; i < attempt && top < cap_ms; i++)
		top *= 2;
	if (top > cap_ms)
		top = cap_ms;
	top = job_random(top + 1);
	return top < 100 ? 100 : top;
}

enum err job_rescue(struct ctx *cx, int64_t *n)
{
	const char *count = NULL;
	int64_t v = 0;

	TRY(alone(cx, &sql_job_rescue, &count, NOARGS));
	if (count != NULL && !parse_i64(count, 0, INT64_MAX, &v))
		v = 0;
	if (n != NULL)
		*n = v;
	return OK;
}

enum err job_seen(struct ctx *cx, const char *kind)
{
	const char *none;

	return alone(cx, &sql_worker_seen, &none, ARGS(A(kind)));
}
