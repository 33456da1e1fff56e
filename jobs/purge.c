#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jobs/work.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "model/purge.h"
#include "model/store.h"

enum {
	EVENT_DAYS = 30,
	KEY_DAYS = 1,
	CHANGE_DAYS = 8,
	ORPHAN_AGE_S = 24 * 3600,
	FOLDERS_A_ROUND = 11,
	FILES_AT_ONCE = 200,
	PAUSE_US = 20000
};

static enum err purge_tenants(struct work *w, const volatile int *stop, int64_t *total)
{
	const struct purge_days days = { w->conf->keep_webhooks, EVENT_DAYS, KEY_DAYS, CHANGE_DAYS };
	int64_t tenant = 0, n;
	bool more;

	for (;;) {
		TRY(purge_next(w->cx, &tenant, &more));
		if (!more)
			return OK;
		do {
			TRY(purge_batch(w->cx, tenant, &days, &n));
			*total += n;
			if (n > 0)
				usleep(PAUSE_US);
		} while (n > 0 && !*stop);
		arena_reset(w->cx->arena);
		if (*stop)
			return OK;
	}
}

/* Removes those of the names that no attachment has. */
static enum err drop_unknown(struct work *w, const char *const *names, size_t n, int64_t *gone)
{
	struct file_row *known;
	size_t count;

	if (n == 0)
		return OK;
	TRY(purge_known(w->cx, names, n, &known, &count));
	for (size_t i = 0; i < n; i++) {
		bool found = false;

		for (size_t k = 0; k < count && !found; k++)
			found = strcmp(known[k].file, names[i]) == 0;
		if (found)
			continue;
		store_drop(w->conf->files, names[i]);
		(*gone)++;
	}
	return OK;
}

/* Files older than a day that no row names: left by a job that was cut between the file and its row. */
static enum err purge_folder(struct work *w, int folder, int64_t *gone)
{
	struct arena *a = w->cx->arena;
	char *path = arena_fmt(a, "%s/%02x", w->conf->files, (unsigned)folder);
	const char *names[FILES_AT_ONCE];
	struct dirent *d;
	struct stat st;
	size_t n = 0;
	enum err e = OK;
	DIR *dir = opendir(path);

	if (dir == NULL)
		return OK;
	while (e == OK && (d = readdir(dir)) != NULL) {
		const char *name = arena_fmt(a, "%02x/%s", (unsigned)folder, d->d_name);
		bool old = fstatat(dirfd(dir), d->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
		    utc_now().us / 1000000 - st.st_mtime > ORPHAN_AGE_S;

		if (old && d->d_name[0] == '.') {
			unlinkat(dirfd(dir), d->d_name, 0);
			continue;
		}
		if (!old || !store_name_ok(name))
			continue;
		names[n++] = name;
		if (n == FILES_AT_ONCE) {
			e = drop_unknown(w, names, n, gone);
			n = 0;
		}
	}
	closedir(dir);
	return e == OK ? drop_unknown(w, names, n, gone) : e;
}

enum err purge_run(struct work *w, const volatile int *stop)
{
	int64_t round, rows = 0, files = 0;
	enum err e;

	TRY(purge_begin(w->cx, &round));
	if (round == 0)
		return OK;
	e = purge_tenants(w, stop, &rows);
	if (e == OK)
		e = purge_private(w->cx);
	/* A part of the folders each hour: all of them in a day. */
	for (int i = 0; e == OK && !*stop && w->conf->files != NULL && i < FOLDERS_A_ROUND; i++) {
		e = purge_folder(w, (int)((round * FOLDERS_A_ROUND + i) % 256), &files);
		arena_reset(w->cx->arena);
	}
	log_kv(LOG_INFO, "purge", "rows", log_i(rows), "files", log_i(files), "err", e != OK ? err_name(e) : NULL, NULL);
	return e;
}
