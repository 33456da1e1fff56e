/*
 * journal.c: one JSON line per judged request, on the disk before its answer leaves. Writers append
 * under one lock and share the flush: who finds its line already flushed by another does not wait twice.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/stub/stub.h"

struct journal {
	int fd;
	pthread_mutex_t write_lock, sync_lock;
	uint64_t lines, synced; /* written; known to be on the disk */
};

static bool write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t w = write(fd, p, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return false;
		p += w;
		n -= (size_t)w;
	}
	return true;
}

/* The whole file. False when it cannot be read. */
static bool read_all(int fd, struct buf *b)
{
	char chunk[65536];
	off_t at = 0;

	for (;;) {
		ssize_t n = pread(fd, chunk, sizeof chunk, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (!n)
			return true;
		buf_add(b, chunk, (size_t)n);
		at += n;
	}
}

struct journal *journal_open(const char *path)
{
	struct journal *j = calloc(1, sizeof *j);
	struct buf b = { 0 };

	if (!j)
		die("out of memory");
	j->fd = path ? open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640)
		     : memfd_create("journal", MFD_CLOEXEC);
	if (j->fd < 0 || !read_all(j->fd, &b))
		die("journal %s: %s", path ? path : "in memory", strerror(errno));
	for (size_t i = 0; i < b.n; i++)
		j->lines += b.p[i] == '\n';
	/* killed in the middle of a line: it was never answered; end it so that the next one stands alone */
	if (b.n && b.p[b.n - 1] != '\n') {
		if (!write_all(j->fd, "\n", 1))
			die("journal %s: %s", path, strerror(errno));
		j->lines++;
	}
	buf_free(&b);
	j->synced = j->lines;
	pthread_mutex_init(&j->write_lock, NULL);
	pthread_mutex_init(&j->sync_lock, NULL);
	return j;
}

void journal_close(struct journal *j)
{
	close(j->fd);
	pthread_mutex_destroy(&j->write_lock);
	pthread_mutex_destroy(&j->sync_lock);
	free(j);
}

uint64_t journal_lines(struct journal *j)
{
	uint64_t n;

	pthread_mutex_lock(&j->write_lock);
	n = j->lines;
	pthread_mutex_unlock(&j->write_lock);
	return n;
}

static bool journal_sync(struct journal *j, uint64_t mine)
{
	bool ok = true;

	pthread_mutex_lock(&j->sync_lock);
	if (j->synced < mine) {
		uint64_t upto = journal_lines(j);

		ok = fdatasync(j->fd) == 0;
		if (ok)
			j->synced = upto;
	}
	pthread_mutex_unlock(&j->sync_lock);
	return ok;
}

bool journal_write(struct journal *j, json_t *line)
{
	uint64_t mine;
	char *text;
	bool ok;
	struct buf b = { 0 };

	pthread_mutex_lock(&j->write_lock);
	mine = j->lines + 1;
	json_object_set_new(line, "n", must(json_integer((json_int_t)mine)));
	text = json_dumps(line, JSON_COMPACT);
	if (!text)
		die("out of memory");
	buf_str(&b, text);
	buf_char(&b, '\n');
	ok = write_all(j->fd, b.p, b.n);
	if (ok)
		j->lines = mine;
	pthread_mutex_unlock(&j->write_lock);
	free(text);
	buf_free(&b);
	if (ok)
		ok = journal_sync(j, mine);
	if (!ok)
		LOG(LOG_ERROR, "journal.write", "why", strerror(errno), NULL);
	return ok;
}

static bool line_ok(const char *p, size_t n)
{
	json_t *v = json_loadb(p, n, 0, NULL);
	bool ok = json_is_object(v);

	json_decref(v);
	return ok;
}

/* Calls nothing for a torn line: it belongs to a request that was never answered. */
static char *next_line(char **at, size_t *n)
{
	char *p = *at, *end = p ? strchr(p, '\n') : NULL;

	if (!end)
		return NULL;
	*n = (size_t)(end - p);
	*at = end + 1;
	return p;
}

bool journal_read(struct journal *j, uint64_t from, struct buf *out)
{
	struct buf b = { 0 };
	char *at, *p;
	size_t n;
	bool ok = read_all(j->fd, &b), first = true;

	buf_char(out, '[');
	at = b.p;
	for (uint64_t i = 1; (p = next_line(&at, &n)); i++) {
		if (i <= from || !line_ok(p, n))
			continue;
		if (!first)
			buf_char(out, ',');
		buf_add(out, p, n);
		first = false;
	}
	buf_char(out, ']');
	buf_free(&b);
	return ok;
}

void journal_replied(struct journal *j, json_t *replied)
{
	struct buf b = { 0 };
	char *at, *p;
	size_t n;

	if (!read_all(j->fd, &b))
		die("journal: %s", strerror(errno));
	at = b.p;
	while ((p = next_line(&at, &n))) {
		json_t *v = json_loadb(p, n, 0, NULL);
		const char *outcome = jstr(v, "outcome"), *type = jstr(v, "type");
		const char *who = jstr(v, "wa_id") ? jstr(v, "wa_id") : jstr(v, "user_id");

		if (outcome && type && who && !strcmp(outcome, "accepted") && !strcmp(type, "text"))
			json_object_set_new(replied, who, json_true());
		json_decref(v);
	}
	buf_free(&b);
}
