/*
 * job.h: the queue as a worker sees it. A claim gives a lease; every later word carries the lease's
 * number, and a worker whose lease is gone changes nothing: its unit of work is undone (E_CONFLICT).
 */
#ifndef MODEL_JOB_H
#define MODEL_JOB_H

#include "lib/db/db.h"

enum { JOB_LEASE_MS = 60000, JOB_ATTEMPTS = 12 };

struct job {
	const char *id, *kind, *subject_id;
	int64_t lease_no;
	int32_t attempt;         /* this is the n-th, from 1 */
	int32_t age;             /* seconds since it was ordered */
	int64_t claimed_ms;      /* mono_ms() of the claim */
};
extern const struct rec_type job_type;

/* Claims up to n jobs of a kind, to be done in the order they come (the least tried first). A unit of its own. In the context's arena. */
CHECK enum err job_claim(struct ctx *cx, const char *kind, int n, struct job **jobs, size_t *count);
/* True while enough of the lease is left for work of ms milliseconds. */
bool job_leased(const struct job *j, int64_t ms);
/* Begins a unit of work in the tenant of the job. E_NOTFOUND: the lease is gone (nothing is begun then). */
CHECK enum err job_begin(struct ctx *cx, const struct job *j);
/* Back into the job's tenant, within a unit that entered another one. E_CONFLICT: the lease is gone. */
CHECK enum err job_back(struct ctx *cx, const struct job *j);
/* Within the unit: from here on the job is never repeated blindly; hold_ms until it counts as uncertain. */
CHECK enum err job_sending(struct ctx *cx, const struct job *j, int64_t hold_ms);
/* Within the unit that holds its effect: state is done, dead or uncertain. */
CHECK enum err job_end(struct ctx *cx, const struct job *j, const char *state, const char *why);
/* Within a unit: again after delay_ms. keep: the wait is not the job's fault and does not count as an attempt. */
CHECK enum err job_again(struct ctx *cx, const struct job *j, int64_t delay_ms, const char *why, bool keep);
/* Halves of job_back and job_end, for callers that put more into one round trip: send, and take the answer in its turn. */
CHECK enum err job_back_send(struct ctx *cx, const struct job *j);
CHECK enum err job_end_send(struct ctx *cx, const struct job *j, const char *state, const char *why);
CHECK enum err job_take(struct ctx *cx);
/* job_end and job_again with a unit of their own. */
CHECK enum err job_end_now(struct ctx *cx, const struct job *j, const char *state, const char *why);
CHECK enum err job_again_now(struct ctx *cx, const struct job *j, int64_t delay_ms, const char *why, bool keep);

/* Full jitter: a random wait up to base_ms * 2^(attempt - 1), cap_ms at most; never under 100 ms. */
int64_t job_backoff(int attempt, int64_t base_ms, int64_t cap_ms);
/* Evenly in [0, n). */
int64_t job_random(int64_t n);

/* Takes back what dead workers held; *n jobs (may be NULL). A unit of its own. */
CHECK enum err job_rescue(struct ctx *cx, int64_t *n);
/* Says that somebody works on this kind. A unit of its own. */
CHECK enum err job_seen(struct ctx *cx, const char *kind);

#endif
