/* work.h: shared by the files of balcao-job only. */
#ifndef JOBS_WORK_H
#define JOBS_WORK_H

#include "lib/base/buf.h"
#include "lib/crypto/crypto.h"
#include "lib/net/net.h"
#include "model/job.h"

struct settings {
	const char *db, *files, *seal_keys, *graph_url, *graph_version, *egress_allow, *log_level;
	int64_t media_max;       /* bytes */
	int64_t keep_webhooks;   /* days */
};

/* One worker process. cx->arena is reset after each job. */
struct work {
	struct ctx *cx;
	const struct settings *conf;
	const struct seal_ring *ring; /* NULL: no keys, so no tokens can be opened */
};

/*
 * Does one job and says its last word about it. Errors: E_CONFLICT, the lease is gone and nothing was
 * changed; E_BUSY, the database is away; others: the caller has it tried again.
 */
typedef enum err job_run(struct work *w, const struct job *j);
/* The last word about a job that was tried too often. */
typedef enum err job_give_up(struct work *w, const struct job *j, const char *why);

enum err normalise_run(struct work *w, const struct job *j);
enum err send_run(struct work *w, const struct job *j);
enum err media_run(struct work *w, const struct job *j);
enum err schedule_run(struct work *w, const struct job *j);
enum err wake_run(struct work *w, const struct job *j);
enum err templates_run(struct work *w, const struct job *j);
enum err normalise_give_up(struct work *w, const struct job *j, const char *why);
enum err send_give_up(struct work *w, const struct job *j, const char *why);
enum err media_give_up(struct work *w, const struct job *j, const char *why);
enum err schedule_give_up(struct work *w, const struct job *j, const char *why);
enum err wake_give_up(struct work *w, const struct job *j, const char *why);
enum err templates_give_up(struct work *w, const struct job *j, const char *why);
/* Orders the fetches of templates that are due. */
enum err templates_due(struct work *w);
/* Housekeeping, when it is due. stop is looked at between batches. */
enum err purge_run(struct work *w, const volatile int *stop);

/* "<graph>/<version>/<path>" with path's parts percent-encoded. In a. */
char *graph_url(struct work *w, const char *part, const char *more);
/* upload.c: brings the message's file to the provider; *media_id is its id there. False: *why says what to make of it. */
struct send_row;
struct wa_answer;
bool upload_file(
    struct work *w, const struct send_row *m, const char *token, const char **media_id, struct wa_answer *why);

#endif
