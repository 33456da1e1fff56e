/*
 * balcao-live: what happens, as it happens. Speaks HTTP/1.1 on a unix socket behind nginx: /events
 * (EventSource), /ws (WebSocket), /health. Reads the database as balcao_live, which can write nothing.
 */
#include "cgi/live/live.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/base/conf.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/crypto/crypto.h"

enum { BACKLOG = 1024, GOODBYE_MS = 700, CLOSE_RESTART = 1012, HEADERS_MAX = 16384, HEADERS_AT_ONCE = 64 };

struct settings { const char *db, *sockets, *level; };
static const struct conf_row rows[] = {
	{ "BALCAO_DB", CONF_STR, offsetof(struct settings, db), NULL, true,
	    "PostgreSQL, as libpq takes it, without a user" },
	{ "BALCAO_SOCKETS", CONF_STR, offsetof(struct settings, sockets), NULL, false,
	    "directory of the sockets: live.sock unless --socket says otherwise" },
	{ "BALCAO_LOG_LEVEL", CONF_STR, offsetof(struct settings, level), "info", false,
	    "debug, info, warn, error" },
	{ NULL, CONF_STR, 0, NULL, false, NULL }
};

static volatile sig_atomic_t told_to_stop;
static struct lws_context *to_wake; /* for the signal handler only */

static void on_signal(int sig)
{
	(void)sig;
	told_to_stop = 1;
	if (to_wake != NULL)
		lws_cancel_service(to_wake);
}

static void from_lws(int level, const char *line)
{
	log_kv(level == LLL_ERR ? LOG_ERROR : LOG_WARN, "lws", "text", line, NULL);
}

/*
 * Bound beside its place and moved there: whoever connects finds the old socket or the new one, and a
 * stale one never stands in the way.
 */
static int listen_at(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int n = snprintf(to.sun_path, sizeof(to.sun_path), "%s.new", path);

	if (fd < 0 || n < 0 || (size_t)n >= sizeof(to.sun_path)) {
		fprintf(stderr, "balcao-live: %s: %s\n", path, fd < 0 ? strerror(errno) : "too long for a socket");
		return -1;
	}
	unlink(to.sun_path);
	if (bind(fd, (const struct sockaddr *)&to, sizeof(to)) != 0 || chmod(to.sun_path, 0660) != 0 ||
	    listen(fd, BACKLOG) != 0 || rename(to.sun_path, path) != 0) {
		fprintf(stderr, "balcao-live: %s: %s\n", path, strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

static void more_files(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur < SOCKETS_MAX + 100) {
		r.rlim_cur = r.rlim_max < SOCKETS_MAX + 100 ? r.rlim_max : SOCKETS_MAX + 100;
		if (setrlimit(RLIMIT_NOFILE, &r) != 0 || r.rlim_cur < SOCKETS_MAX + 100)
			log_kv(LOG_WARN, "files", "limit", log_i((int64_t)r.rlim_cur), NULL);
	}
}

static bool make_context(struct live *l)
{
	/* A ping after 15 s without a sign of life, the end after 45 s. */
	static const lws_retry_bo_t alive = { .secs_since_valid_ping = BEAT_MS / 1000,
	    .secs_since_valid_hangup = 3 * BEAT_MS / 1000 };
	struct lws_context_creation_info info = {
		.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS, .user = l, .fd_limit_per_thread = SOCKETS_MAX + 50,
		.max_http_header_data2 = HEADERS_MAX, .max_http_header_pool2 = HEADERS_AT_ONCE,
		.timeout_secs = 10,
		.retry_and_idle_policy = &alive,
	};

	l->lws = lws_create_context(&info);
	if (l->lws == NULL)
		return false;
	info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
	info.protocols = live_protocols;
	info.vhost_name = "live";
	info.keepalive_timeout = 5;
	l->vhost = lws_create_vhost(l->lws, &info);
	return l->vhost != NULL;
}

static void wake(lws_sorted_usec_list_t *sul)
{
	(void)sul;
}

/* Streams end in an orderly way, so that browsers come back at once: to whoever listens then. */
static void goodbye(struct live *l)
{
	int64_t until = mono_ms() + GOODBYE_MS;

	log_kv(LOG_INFO, "stop", "clients", log_i(l->clients), NULL);
	lws_sul_cancel(&l->tick);
	for (struct who *o = l->ring.ring; o != &l->ring; o = o->ring)
		for (struct client *c = o->clients; c != NULL; c = c->next)
			client_end(c, CLOSE_RESTART);
	while (l->clients > 0 && mono_ms() < until) {
		lws_sul_schedule(l->lws, 0, &l->tick, wake, 50000);
		if (lws_service(l->lws, 0) < 0)
			break;
	}
}

static struct lws *adopt(struct live *l, int file)
{
	lws_sock_file_fd_type fd = { .filefd = file };

	if (file < 0)
		return NULL;
	return lws_adopt_descriptor_vhost(l->vhost, LWS_ADOPT_RAW_FILE_DESC, fd, "file", NULL);
}

static int serve(struct live *l, const char *path)
{
	struct lws *door;

	more_files();
	lws_set_log_level(LLL_ERR | LLL_WARN, from_lws);
	if (!make_context(l))
		return 1;
	to_wake = l->lws;
	l->watch = epoll_create1(EPOLL_CLOEXEC);
	door = adopt(l, listen_at(path));
	if (door == NULL || adopt(l, l->watch) == NULL)
		return 1;
	log_kv(LOG_INFO, "start", "socket", path, NULL);
	feed_start(l);
	while (!told_to_stop && !l->broken)
		if (lws_service(l->lws, 0) < 0)
			break;
	l->stopping = true;
	lws_set_timeout(door, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
	goodbye(l);
	to_wake = NULL;
	lws_context_destroy(l->lws);
	return l->broken ? 1 : 0;
}

static enum log_level level_of(const char *s)
{
	static const char *const names[] = { "debug", "info", "warn", "error" };

	for (size_t i = 0; i < nitems(names); i++)
		if (text_eq(s, names[i]))
			return (enum log_level)i;
	return LOG_INFO;
}

static int usage(void)
{
	fputs("balcao-live [--socket PATH | --help-config]\n"
	    "    PATH: $BALCAO_SOCKETS/live.sock when it is not given\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	static struct live l;
	struct sigaction sa = { .sa_handler = on_signal };
	struct settings conf = { 0 };
	const char *path = NULL;
	int rc;

	if (argc == 2 && strcmp(argv[1], "--help-config") == 0) {
		conf_help(rows);
		return 0;
	}
	if (argc == 3 && strcmp(argv[1], "--socket") == 0)
		path = argv[2];
	if (argc != 1 && path == NULL)
		return usage();
	if (!conf_load(rows, &conf))
		return 2;
	if (path == NULL && conf.sockets == NULL)
		return usage();
	log_open("live", level_of(conf.level));
	crypto_start();
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
	l.cx.arena = arena_new();
	l.cx.db = db_new(arena_fmt(l.cx.arena, "%s user=balcao_live", conf.db), "balcao-live");
	db_limits(l.cx.db, 1000, 3000);
	if (path == NULL)
		path = strdup(arena_fmt(l.cx.arena, "%s/live.sock", conf.sockets));
	rc = path != NULL ? serve(&l, path) : 1;
	db_free(l.cx.db);
	arena_free(l.cx.arena);
	return rc;
}
