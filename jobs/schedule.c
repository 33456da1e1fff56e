#include "jobs/work.h"
#include "lib/base/log.h"
#include "model/composer.h"

/* A message for later: one transaction, so that it goes out once however often this is tried. */
static enum err step(struct work *w, const struct job *j, const char *state, const char *why, enum err (*what)(struct ctx *cx, const char *id))
{
	struct ctx *cx = w->cx;
	enum err e = job_begin(cx, j);

	if (e == E_NOTFOUND)
		return fail(cx, E_CONFLICT, "the lease is gone");
	if (e == OK)
		e = what(cx, j->subject_id);
	if (e == OK)
		e = job_end(cx, j, state, why);
	return db_end(cx, e);
}

enum err schedule_run(struct work *w, const struct job *j)
{
	enum err e = step(w, j, "done", NULL, scheduled_send);

	if (e == OK)
		log_kv(LOG_INFO, "schedule", "scheduled", j->subject_id, NULL);
	return e;
}

enum err schedule_give_up(struct work *w, const struct job *j, const char *why)
{
	return step(w, j, "dead", why, scheduled_fail);
}
