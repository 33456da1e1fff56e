#include "jobs/work.h"
#include "model/routing.h"

/* A conversation that was put off comes back at its hour. */
static enum err step(struct work *w, const struct job *j, const char *state, const char *why)
{
	struct ctx *cx = w->cx;
	enum err e = job_begin(cx, j);

	if (e == E_NOTFOUND)
		return fail(cx, E_CONFLICT, "the lease is gone");
	if (e == OK)
		e = conversation_wake(cx, j->subject_id);
	if (e == OK)
		e = job_end(cx, j, state, why);
	return db_end(cx, e);
}

enum err wake_run(struct work *w, const struct job *j)
{
	return step(w, j, "done", NULL);
}

enum err wake_give_up(struct work *w, const struct job *j, const char *why)
{
	return step(w, j, "dead", why);
}
