/* app.c: the process around the requests: settings, start checks, the FastCGI loop, orderly end. */
#include "lib/http/http_internal.h"

#include <errno.h>
#include <fcgiapp.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "lib/view/tmpl.h"

struct app_conf app_conf;

static const struct conf_row base_rows[] = {
	{ "BALCAO_DB", CONF_STR, offsetof(struct app_conf, db), NULL, true, "PostgreSQL, as libpq takes it, without user: host=/run/postgresql dbname=balcao" },
	{ "BALCAO_SHARE", CONF_STR, offsetof(struct app_conf, share), ".", false, "folder with templates, static and sql" },
	{ "BALCAO_BASE_URL", CONF_STR, offsetof(struct app_conf, base_url), "http://localhost:8080", false, "how the outside reaches us; links in messages start with it" },
	{ "BALCAO_LOG_LEVEL", CONF_STR, offsetof(struct app_conf, log_level), "info", false, "debug, info, warn or error" },
	{ NULL, CONF_STR, 0, NULL, false, NULL },
};

static volatile sig_atomic_t ending;

static void on_term(int sig)
{
	(void)sig;
	ending = 1;
	FCGX_ShutdownPending();
}

static void signals(void)
{
	struct sigaction sa = { .sa_handler = on_term };

	/* No SA_RESTART: a waiting accept must return. A request under way is finished first. */
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* Part of every static URL, so that a changed file has a new one and the old may be cached for ever. */
static const char *static_version(struct arena *a, const char *share)
{
	static const char *const files[] = { "base.css", "app.js", "icons.svg" };
	struct buf all = { 0 };
	uint8_t h[32];

	for (size_t i = 0; i < nitems(files); i++) {
		FILE *f = fopen(arena_fmt(a, "%s/static/%s", share, files[i]), "r");
		char chunk[4096];
		size_t n;

		if (f == NULL)
			continue;
		while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
			buf_add(&all, chunk, n);
		fclose(f);
	}
	sha256(all.p != NULL ? all.p : "", all.n, h);
	buf_free(&all);
	return strdup(hex_encode(a, h, 5));
}

const char *app_static_version(void)
{
	return app_conf.static_version;
}

static void load_templates(struct arena *a, const struct app *app)
{
	const char *bad;

	tmpl_start(arena_fmt(a, "%s/templates", app_conf.share));
	bad = tmpl_load("lib/error");
	if (bad == NULL)
		bad = tmpl_load("auth/login");
	for (size_t i = 0; i < app->nroutes && bad == NULL; i++) {
		if (app->routes[i].template != NULL)
			bad = tmpl_load(app->routes[i].template);
		if (bad == NULL && app->routes[i].again_template != NULL)
			bad = tmpl_load(app->routes[i].again_template);
	}
	for (size_t i = 0; app->pieces != NULL && app->pieces[i] != NULL && bad == NULL; i++)
		bad = tmpl_load(app->pieces[i]);
	if (bad != NULL)
		die("template: %s", bad);
}

static enum log_level level(const char *s)
{
	return strcmp(s, "debug") == 0 ? LOG_DEBUG : strcmp(s, "warn") == 0 ? LOG_WARN : strcmp(s, "error") == 0 ? LOG_ERROR : LOG_INFO;
}

static void start(struct arena *a, const struct app *app)
{
	const char *bad;
	bool ok = conf_load(base_rows, &app_conf);

	if (app->conf != NULL)
		ok = conf_load(app->conf, app->conf_out) && ok;
	if (!ok)
		exit(78);
	log_open(app->name, level(app_conf.log_level));
	crypto_start();
	bad = route_check(a, app);
	if (bad != NULL)
		die("routes: %s", bad);
	app_conf.static_version = static_version(a, app_conf.share);
	load_templates(a, app);
	if (app->start != NULL)
		app->start();
}

static const char *param(const FCGX_Request *f, struct arena *a, const char *name)
{
	return arena_str(a, FCGX_GetParam(name, f->envp));
}

static bool method_of(const char *s, enum method *m)
{
	if (s == NULL)
		return false;
	if (strcmp(s, "HEAD") == 0)
		s = "GET";
	for (enum method i = GET; i < METHODS; i++) {
		if (strcmp(s, method_name(i)) == 0) {
			*m = i;
			return true;
		}
	}
	return false;
}

static const char *language(const FCGX_Request *f, struct req *rq)
{
	const char *c = req_cookie(rq, "balcao_lang"), *h = FCGX_GetParam("HTTP_ACCEPT_LANGUAGE", f->envp);

	if (c != NULL && lang_ok(c))
		return c;
	return h != NULL && strncasecmp(h, "en", 2) == 0 ? "en" : "pt_BR";
}

static void fill(struct req *rq, const FCGX_Request *f, struct arena *a)
{
	const char *uri = param(f, a, "DOCUMENT_URI"), *id = param(f, a, "REQUEST_ID");

	rq->path = uri != NULL ? uri : "/";
	rq->query_string = param(f, a, "QUERY_STRING");
	rq->host = param(f, a, "HTTP_HOST");
	rq->origin = param(f, a, "HTTP_ORIGIN");
	rq->fetch_site = param(f, a, "HTTP_SEC_FETCH_SITE");
	rq->fetch_dest = param(f, a, "HTTP_SEC_FETCH_DEST");
	rq->referer = param(f, a, "HTTP_REFERER");
	rq->ip = param(f, a, "REMOTE_ADDR");
	rq->agent = param(f, a, "HTTP_USER_AGENT");
	rq->content_type = param(f, a, "CONTENT_TYPE");
	rq->accept = param(f, a, "HTTP_ACCEPT");
	rq->if_match = param(f, a, "HTTP_IF_MATCH");
	rq->if_none_match = param(f, a, "HTTP_IF_NONE_MATCH");
	rq->idempotency_key = param(f, a, "HTTP_IDEMPOTENCY_KEY");
	rq->cookies = param(f, a, "HTTP_COOKIE");
	rq->authorization = param(f, a, "HTTP_AUTHORIZATION");
	rq->signature = param(f, a, "HTTP_X_HUB_SIGNATURE_256");
	rq->csrf_header = param(f, a, "HTTP_X_CSRF_TOKEN");
	rq->look = FCGX_GetParam("HTTP_X_LOOK", f->envp) != NULL;
	rq->https = text_eq(FCGX_GetParam("HTTPS", f->envp), "on");
	rq->id = id != NULL ? id : "-";
	rq->language = language(f, rq);
}

/* At most as much as any row takes plus one byte, so that the refusal of too much costs no memory. */
static bool body(struct req *rq, const FCGX_Request *f, struct arena *a, size_t most)
{
	int64_t n = 0;
	const char *len = FCGX_GetParam("CONTENT_LENGTH", f->envp);
	char *p;

	if (text_empty(len))
		return true;
	if (!parse_i64(len, 0, INT32_MAX, &n))
		return false;
	rq->nbody = (size_t)n;
	if (rq->nbody > most)
		return true;
	p = arena_alloc(a, rq->nbody + 1);
	rq->body = p;
	return FCGX_GetStr(p, (int)n, f->in) == (int)n;
}

static size_t most_body(const struct app *app)
{
	size_t m = 64 * 1024;

	for (size_t i = 0; i < app->nroutes; i++)
		if (app->routes[i].body_max > m)
			m = app->routes[i].body_max;
	return m;
}

/*
 * A reply as FCGI_STDOUT records as long as the protocol has them (FastCGI 1.0, 3.3: 65,535 bytes, a multiple of 8 is
 * advised). The library's stream writes records of 8 KB: each a system call and a wake of the server, which for a page of
 * 200 KB was a tenth of its time. FCGX_Finish_r ends the stream. A server that
 * is gone is no error: nobody is left to be told.
 */
static void put_records(const FCGX_Request *f, char *p, size_t n)
{
	enum { MOST = 65528 };

	while (n > 0) {
		size_t part = n < MOST ? n : MOST, done = 0;
		unsigned char id = (unsigned char)f->requestId, head[8] = { 1, 6, (unsigned char)(f->requestId >> 8), id, (unsigned char)(part >> 8), (unsigned char)part };

		while (done < sizeof(head) + part) {
			size_t h = done < sizeof(head) ? sizeof(head) - done : 0, from = done < sizeof(head) ? 0 : done - sizeof(head);
			struct iovec v[2] = { { head + sizeof(head) - h, h }, { p + from, part - from } };
			ssize_t sent = writev(f->ipcFd, v, 2);

			if (sent < 0 && errno != EINTR)
				return;
			done += sent > 0 ? (size_t)sent : 0;
		}
		p += part;
		n -= part;
	}
}

static void send(const FCGX_Request *f, const struct buf *out, bool no_body)
{
	size_t n = out->n;

	if (no_body) {
		char *end = strstr(out->p, "\r\n\r\n");

		n = end != NULL ? (size_t)(end - out->p) + 4 : n;
	}
	put_records(f, out->p, n);
}

static void serve(const struct app *app, FCGX_Request *f, struct arena *a, struct db *db, struct buf *out, size_t most)
{
	struct ctx cx = { .arena = a, .db = db };
	struct req rq = { .cx = &cx };
	const char *m = FCGX_GetParam("REQUEST_METHOD", f->envp);

	buf_reset(out);
	fill(&rq, f, a);
	if (!method_of(m, &rq.method)) {
		buf_str(out, "Status: 405 Method Not Allowed\r\nAllow: GET, HEAD, POST, PATCH, DELETE\r\nContent-Length: 0\r\n\r\n");
	} else if (!body(&rq, f, a, most)) {
		buf_str(out, "Status: 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
	} else {
		app_handle(app, &rq, out);
	}
	send(f, out, m != NULL && strcmp(m, "HEAD") == 0);
	FCGX_Finish_r(f);
	app_after(&rq);
	buf_free(&rq.headers);
}

static int usage(const struct app *app, int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--help-config") == 0) {
		conf_help(base_rows);
		if (app->conf != NULL)
			conf_help(app->conf);
		return 0;
	}
	fprintf(stderr, "usage: balcao-%s [--help-config]\nA FastCGI program: started with its listening socket as standard input.\n", app->name);
	return 64;
}

/* Keeps what a page took for the next page: given back to the kernel each time, its faults cost a tenth of a large page. */
static void keep_memory(void)
{
	enum { KEEP = 2 * 1024 * 1024, ONE = 1024 * 1024 };

	mallopt(M_TRIM_THRESHOLD, KEEP);
	mallopt(M_MMAP_THRESHOLD, ONE);
}

int app_main(int argc, char **argv, const struct app *app)
{
	struct arena *a = arena_new();
	struct buf out = { 0 };
	size_t most = most_body(app);
	FCGX_Request f;
	struct db *db;

	if (argc > 1)
		return usage(app, argc, argv);
	start(a, app);
	keep_memory();
	db = db_new(arena_fmt(a, "%s user=%s", app_conf.db, app->role), arena_fmt(a, "balcao-%s", app->name));
	signals();
	if (FCGX_Init() != 0 || FCGX_InitRequest(&f, 0, FCGI_FAIL_ACCEPT_ON_INTR) != 0)
		die("FastCGI cannot start");
	arena_reset(a);
	log_kv(LOG_INFO, "start", "pid", log_i(getpid()), NULL);
	while (!ending) {
		int rc = FCGX_Accept_r(&f);

		if (rc == -EINTR || rc == -EAGAIN || rc == -ECONNABORTED)
			continue;
		if (rc < 0)
			break;
		serve(app, &f, a, db, &out, most);
		arena_reset(a);
	}
	log_kv(LOG_INFO, "stop", "pid", log_i(getpid()), NULL);
	FCGX_Free(&f, 1);
	db_free(db);
	buf_free(&out);
	arena_free(a);
	return 0;
}
