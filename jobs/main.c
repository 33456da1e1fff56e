/*
 * balcao-job KIND... [--for SECONDS] [--copies N] [--once]: does the jobs of the given kinds (normalise, send,
 * media, schedule, wake, templates, purge) until its time is up, then leaves the floor to the next one that cron starts; any number may run
 * side by side. The work is done in child processes: one that a job brings down is replaced at once.
 * --once does what is ready now, in this process, and ends.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jobs/work.h"
#include "lib/base/conf.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/db/schema.h"
#include "lib/net/crash.h"

enum {
	BATCH = 16,
	IDLE_MS = 200,
	RESCUE_MS = 4000,
	SEEN_MS = 5000,
	PURGE_LOOK_MS = 20000,
	DUE_LOOK_MS = 20000,
	COPIES_MAX = 64,
	KINDS_MAX = 8,
	JOB_SECONDS = 150, /* a job that takes longer is stuck: its process ends */
	GRACE_MS = 60000, /* after its time is up a child may finish its job */
	BUSY_MS = 50000, /* how long the database is waited for to give a job back */
};

/* due orders the kind's jobs that recur, looked at now and then. */
struct job_kind { const char *name; job_run *run; job_give_up *give_up; enum err (*due)(struct work *w); };
static const struct job_kind kinds[] = {
	{ "normalise", normalise_run, normalise_give_up, NULL },
	{ "send", send_run, send_give_up, NULL },
	{ "media", media_run, media_give_up, NULL },
	{ "schedule", schedule_run, schedule_give_up, NULL },
	{ "wake", wake_run, wake_give_up, NULL },
	{ "templates", templates_run, templates_give_up, templates_due },
	{ "purge", NULL, NULL, NULL },
};

static const struct conf_row rows[] = {
	{ "BALCAO_DB", CONF_STR, offsetof(struct settings, db), NULL, true, "PostgreSQL, as libpq takes it, without a user" },
	{ "BALCAO_FILES", CONF_STR, offsetof(struct settings, files), NULL, true, "folder of the file store" },
	{ "BALCAO_SEAL_KEYS", CONF_SECRET, offsetof(struct settings, seal_keys), NULL, false, "id:hex64[,...]: opens what connections keep" },
	{ "BALCAO_GRAPH_URL", CONF_STR, offsetof(struct settings, graph_url), "https://graph.facebook.com", false, "where WhatsApp is called" },
	{ "BALCAO_GRAPH_VERSION", CONF_STR, offsetof(struct settings, graph_version), "v25.0", false, "version of the Graph API" },
	{ "BALCAO_EGRESS_ALLOW", CONF_STR, offsetof(struct settings, egress_allow), NULL, false, "host:port,... that may be called although they are private or plain http" },
	{ "BALCAO_MEDIA_MAX", CONF_INT, offsetof(struct settings, media_max), "5242880", false, "largest file that is fetched, in bytes" },
	{ "BALCAO_KEEP_WEBHOOKS", CONF_INT, offsetof(struct settings, keep_webhooks), "365", false, "days that webhooks' raw bodies are kept" },
	{ "BALCAO_LOG_LEVEL", CONF_STR, offsetof(struct settings, log_level), "info", false, "debug, info, warn or error" },
	{ NULL, CONF_STR, 0, NULL, false, NULL }
};

struct options { const struct job_kind *kinds[KINDS_MAX]; int nkinds; int64_t seconds, copies; bool once; };

static volatile sig_atomic_t stop;

static void on_signal(int n)
{
	(void)n;
	stop = 1;
}

/* ---- one worker ---- */

struct loop {
	struct work w;
	const struct options *o;
	struct arena *claims, *each;
	int64_t end, next_rescue, next_seen, next_purge, next_due;
};

static bool over(const struct loop *l)
{
	return stop || mono_ms() >= l->end;
}

static void nap(int64_t ms)
{
	if (!stop)
		usleep((useconds_t)(ms * 1000));
}

/* The unit of work starts clean; what it allocates goes with the arena. */
static struct ctx *fresh(struct loop *l, struct arena *a)
{
	struct ctx *cx = l->w.cx;
	struct db *db = cx->db;

	arena_reset(a);
	*cx = (struct ctx){ .arena = a, .db = db };
	return cx;
}

/* Gives the job back when the database can hear it: it was not the job's fault. */
static void give_back(struct loop *l, const struct job *j, const char *why)
{
	while (mono_ms() < j->claimed_ms + BUSY_MS) {
		enum err e = job_again_now(l->w.cx, j, job_random(400), why, true);

		if (e == OK || e == E_NOTFOUND || e == E_CONFLICT)
			return;
		usleep(300000);
	}
}

static void trouble(struct loop *l, const struct job_kind *k, const struct job *j, enum err e)
{
	struct ctx *cx = l->w.cx;
	const char *why = arena_str(cx->arena, cx->why != NULL ? cx->why : err_name(e));
	bool refused = db_sqlstate(cx)[0] != '\0';

	log_kv(e == E_CONFLICT && !refused ? LOG_INFO : LOG_WARN, "job.trouble", "kind", k->name, "job", j->id, "attempt", log_i(j->attempt),
	    "err", err_name(e), "why", why, NULL);
	if (e == E_CONFLICT && !refused)
		return; /* somebody else has it */
	if ((e == E_BUSY && !refused) || e == E_RETRY)
		give_back(l, j, why);
	else if (j->attempt >= JOB_ATTEMPTS)
		e = k->give_up(&l->w, j, why);
	else
		e = job_again_now(cx, j, job_backoff(j->attempt, 2000, 300000), why, false);
}

static int run_batch(struct loop *l, const struct job_kind *k)
{
	struct ctx *cx = fresh(l, l->claims);
	struct job *jobs;
	size_t n;
	enum err e;

	crash_point("claim");
	e = job_claim(cx, k->name, BATCH, &jobs, &n);
	if (e != OK) {
		log_kv(LOG_WARN, "job.claim", "kind", k->name, "err", err_name(e), "why", cx->why, NULL);
		nap(500 + job_random(1000));
		return 0;
	}
	if (n > 0)
		crash_point("after_claim");
	for (size_t i = 0; i < n; i++) {
		cx = fresh(l, l->each);
		if (stop) {
			give_back(l, &jobs[i], "stopping");
			continue;
		}
		alarm(JOB_SECONDS);
		e = k->run(&l->w, &jobs[i]);
		if (e != OK)
			trouble(l, k, &jobs[i], e);
		alarm(0);
	}
	return (int)n;
}

/* What is done now and then, whatever the jobs are. */
static void look_around(struct loop *l)
{
	int64_t now = mono_ms(), n = 0;

	if (now >= l->next_rescue) {
		l->next_rescue = now + RESCUE_MS + job_random(RESCUE_MS / 2);
		if (job_rescue(fresh(l, l->each), &n) == OK && n > 0)
			log_kv(LOG_WARN, "job.rescue", "jobs", log_i(n), NULL);
	}
	if (now >= l->next_due) {
		l->next_due = now + DUE_LOOK_MS;
		for (int i = 0; i < l->o->nkinds; i++)
			if (l->o->kinds[i]->due != NULL && l->o->kinds[i]->due((fresh(l, l->each), &l->w)) != OK)
				log_kv(LOG_WARN, "job.due", "kind", l->o->kinds[i]->name, "why", l->w.cx->why, NULL);
	}
	if (now >= l->next_seen) {
		l->next_seen = now + SEEN_MS;
		for (int i = 0; i < l->o->nkinds; i++)
			if (job_seen(fresh(l, l->each), l->o->kinds[i]->name) != OK)
				break;
	}
}

static int run_kind(struct loop *l, const struct job_kind *k)
{
	enum err e;

	if (k->run != NULL)
		return run_batch(l, k);
	if (mono_ms() < l->next_purge)
		return 0;
	l->next_purge = mono_ms() + PURGE_LOOK_MS;
	e = purge_run((fresh(l, l->each), &l->w), &stop);
	if (e != OK)
		log_kv(LOG_WARN, "purge", "err", err_name(e), "why", l->w.cx->why, NULL);
	return 0;
}

static int work(const struct settings *conf, const struct options *o, int64_t end)
{
	struct arena *each = arena_new();
	struct ctx cx = { .arena = each, .db = db_new(arena_fmt(each, "%s user=balcao_worker", conf->db), "balcao-job") };
	struct loop l = { .w = { .cx = &cx, .conf = conf }, .o = o, .claims = arena_new(), .each = each, .end = end };
	const char *bad;
	int status;

	crypto_start();
	net_start(conf->egress_allow, "balcao/1");
	if (conf->seal_keys != NULL && (l.w.ring = seal_ring_new(conf->seal_keys)) == NULL)
		die("BALCAO_SEAL_KEYS cannot be read");
	db_limits(cx.db, 2000, 30000);
	bad = db_schema_check(&cx);
	if (bad != NULL)
		log_kv(LOG_ERROR, "start", "why", bad, NULL);
	if (!o->once)
		l.next_rescue = mono_ms() + job_random(1000);
	while (bad == NULL && !over(&l)) {
		int did = 0;

		look_around(&l);
		for (int i = 0; i < o->nkinds && !stop; i++)
			did += run_kind(&l, o->kinds[i]);
		if (did == 0 && o->once)
			break;
		if (did == 0)
			nap(IDLE_MS * 3 / 4 + job_random(IDLE_MS / 2));
	}
	db_free(cx.db);
	net_stop();
	status = bad != NULL;
	arena_free(l.claims);
	arena_free(each);
	return status;
}

/* ---- the children ---- */

static pid_t start_child(const struct settings *conf, const struct options *o, int64_t end)
{
	struct rlimit memory = { 1ul << 30, 1ul << 30 };
	pid_t parent = getpid(), pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(0);
#ifndef ARENA_MALLOC /* address sanitizer wants terabytes */
	setrlimit(RLIMIT_AS, &memory);
#else
	(void)memory;
#endif
	exit(work(conf, o, end));
}

/* True when the child went as it should. */
static bool reap(pid_t pid, int status)
{
	bool fine = WIFEXITED(status) && WEXITSTATUS(status) == 0;

	if (!fine)
		log_kv(LOG_ERROR, "worker.died", "pid", log_i(pid), WIFSIGNALED(status) ? "signal" : "status",
		    log_i(WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)), NULL);
	return fine;
}

static void signal_all(const pid_t *pids, int64_t n, int sig)
{
	for (int64_t i = 0; i < n; i++)
		if (pids[i] > 0)
			kill(pids[i], sig);
}

static int watch(const struct settings *conf, const struct options *o)
{
	int64_t end = mono_ms() + o->seconds * 1000, killed = 0, again[COPIES_MAX] = { 0 };
	pid_t pids[COPIES_MAX] = { 0 }, pid;
	bool told = false;
	int live, status;

	do {
		bool open = !stop && mono_ms() < end;

		while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
			for (int64_t i = 0; i < o->copies; i++) {
				if (pids[i] != pid)
					continue;
				pids[i] = 0;
				again[i] = mono_ms() + (reap(pid, status) ? 0 : 500);
			}
		}
		live = 0;
		for (int64_t i = 0; i < o->copies; i++) {
			if (pids[i] == 0 && open && mono_ms() >= again[i])
				pids[i] = start_child(conf, o, end);
			live += pids[i] > 0;
		}
		if (stop && !told)
			signal_all(pids, o->copies, SIGTERM);
		told = stop;
		if (!open && killed == 0)
			killed = mono_ms() + GRACE_MS;
		if (killed > 0 && mono_ms() > killed)
			signal_all(pids, o->copies, SIGKILL);
		if (live > 0 || open)
			usleep(100000);
		else
			return 0;
	} while (true);
}

/* ---- arguments ---- */

static int usage(void)
{
	fputs("usage: balcao-job KIND... [--for SECONDS] [--copies N] [--once]\n"
	    "kinds: normalise send media schedule wake templates purge\n       balcao-job --help-config\n", stderr);
	return 2;
}

static bool add_kind(struct options *o, const char *name)
{
	for (size_t i = 0; i < nitems(kinds); i++) {
		if (strcmp(kinds[i].name, name) != 0)
			continue;
		if (o->nkinds < KINDS_MAX)
			o->kinds[o->nkinds++] = &kinds[i];
		return true;
	}
	return false;
}

static bool parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "for", required_argument, NULL, 'f' }, { "copies", required_argument, NULL, 'n' }, { "once", no_argument, NULL, '1' },
		{ "help-config", no_argument, NULL, 'c' }, { NULL, 0, NULL, 0 }
	};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (c == 'c') {
			conf_help(rows);
			exit(0);
		}
		if (c == '1')
			o->once = true;
		else if (c == 'f' && !parse_i64(optarg, 1, 86400, &o->seconds))
			return false;
		else if (c == 'n' && !parse_i64(optarg, 1, COPIES_MAX, &o->copies))
			return false;
		else if (c == '?')
			return false;
	}
	for (; optind < argc; optind++)
		if (!add_kind(o, argv[optind]))
			return false;
	return o->nkinds > 0;
}

static enum log_level level(const char *name)
{
	static const char *const names[] = { "debug", "info", "warn", "error" };

	for (size_t i = 0; i < nitems(names); i++)
		if (strcmp(names[i], name) == 0)
			return (enum log_level)i;
	return LOG_INFO;
}

int main(int argc, char **argv)
{
	struct options o = { .seconds = 60, .copies = 1 };
	struct sigaction sa = { .sa_handler = on_signal };
	struct settings conf;

	if (!parse(argc, argv, &o))
		return usage();
	if (!conf_load(rows, &conf))
		return 2;
	log_open("job", level(conf.log_level));
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
	if (o.once)
		return work(&conf, &o, INT64_MAX);
	return watch(&conf, &o);
}
