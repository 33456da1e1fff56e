/*
 * balcao-migrate: brings the database to the schema of this version. Applies sql/migrations/NNNN_name.sql in
 * order, each in one transaction together with its row in schema_migration, so that it may be killed at any
 * moment and run again. Two at once wait for each other. Refuses when an applied file was changed or is
 * missing, when a file with a lower number appeared later, and when the database is newer than the files.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/conf.h"
#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "lib/db/schema.h"

struct settings { const char *db, *share; };
static const struct conf_row rows[] = {
	{ "BALCAO_DB", CONF_STR, offsetof(struct settings, db), NULL, true,
	    "PostgreSQL, as libpq takes it, without a user" },
	{ "BALCAO_SHARE", CONF_STR, offsetof(struct settings, share), ".", false,
	    "where sql/migrations lies" },
	{ NULL, CONF_STR, 0, NULL, false, NULL }
};

struct file { struct schema_row row; const char *text; };
struct files { struct file *f; size_t n; };

static PRINTF(1, 2) bool complain(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("balcao-migrate: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	return false;
}

static char *slurp(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "re");
	struct buf b = { 0 };
	char *text = NULL;
	size_t got = 1;

	if (f == NULL)
		return NULL;
	while (got > 0) {
		buf_reserve(&b, 65536);
		got = fread(b.p + b.n, 1, 65536, f);
		b.n += got;
	}
	if (!ferror(f) && memchr(b.p, '\0', b.n) == NULL)
		text = arena_strn(a, b.p, b.n);
	fclose(f);
	buf_free(&b);
	return text;
}

/* "0001_base.sql": four digits, an underscore, a name. */
static bool name_ok(const char *s)
{
	size_t n = strlen(s);

	for (int i = 0; i < 4; i++)
		if (!isdigit((unsigned char)s[i]))
			return false;
	return n > 9 && s[4] == '_' && strcmp(s + n - 4, ".sql") == 0 &&
	    strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == n - 4;
}

static int is_sql(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return d->d_name[0] != '.' && n > 4 && strcmp(d->d_name + n - 4, ".sql") == 0;
}

static bool load_one(struct arena *a, const char *dir, const char *name, struct files *out)
{
	struct file *f = &out->f[out->n];
	uint8_t hash[32];

	if (!name_ok(name))
		return complain("%s/%s: want NNNN_name.sql", dir, name);
	f->text = slurp(a, arena_fmt(a, "%s/%s", dir, name));
	if (f->text == NULL)
		return complain("%s/%s cannot be read", dir, name);
	f->row.version = (int32_t)strtol(name, NULL, 10);
	f->row.name = arena_strn(a, name, strlen(name) - 4);
	if (out->n > 0 && f[-1].row.version == f->row.version)
		return complain("two files have the number %d", f->row.version);
	sha256(f->text, strlen(f->text), hash);
	f->row.sha256 = hex_encode(a, hash, sizeof(hash));
	out->n++;
	return true;
}

static bool load(struct arena *a, const char *share, struct files *out)
{
	const char *dir = arena_fmt(a, "%s/sql/migrations", share);
	struct dirent **names = NULL;
	int n = scandir(dir, &names, is_sql, alphasort);
	bool ok = n > 0;

	if (n < 0)
		return complain("%s: %s", dir, strerror(errno));
	out->f = arena_array(a, (size_t)n, sizeof(*out->f));
	for (int i = 0; i < n; i++) {
		ok = ok && load_one(a, dir, names[i]->d_name, out);
		free(names[i]);
	}
	free(names);
	return n > 0 ? ok : complain("%s: no migrations", dir);
}

/* True when what stands is a beginning of the files, unchanged. */
static bool agree(const struct schema_row *stands, size_t n, const struct files *f)
{
	for (size_t i = 0; i < n; i++) {
		const struct schema_row *s = &stands[i], *w = i < f->n ? &f->f[i].row : NULL;

		if (s->version > f->f[f->n - 1].row.version)
			return complain("the database has schema %d, newer than this program's %d",
			    s->version, f->f[f->n - 1].row.version);
		if (w == NULL || w->version > s->version)
			return complain("%s was applied, but its file is missing", s->name);
		if (w->version < s->version)
			return complain("%s comes too late: %s is already applied", w->name, s->name);
		if (strcmp(w->name, s->name) != 0)
			return complain("%s was applied as %s", w->name, s->name);
		if (strcmp(w->sha256, s->sha256) != 0)
			return complain("%s was changed after it was applied", w->name);
	}
	return true;
}

/*
 * Applies the next one; *done when there is none. Sees first what stands, and after a failure whether
 * somebody else was faster.
 */
static bool step(struct ctx *cx, const struct files *f, bool status, bool *done)
{
	struct schema_row *stands;
	const struct file *next;
	const char *bad;
	int64_t t = mono_ms();
	size_t n, before;

	if (schema_applied(cx, &stands, &n) != OK)
		return complain("%s", cx->why);
	if (!agree(stands, n, f))
		return false;
	*done = n == f->n || status;
	if (status)
		for (size_t i = 0; i < f->n; i++)
			printf("%s %s\n", f->f[i].row.name, i < n ? "applied" : "to be applied");
	if (*done)
		return true;
	next = &f->f[n];
	before = n;
	bad = schema_apply(cx, &next->row, next->text);
	if (bad == NULL) {
		printf("%s applied in %lld ms\n", next->row.name, (long long)(mono_ms() - t));
		fflush(stdout);
		return true;
	}
	if (schema_applied(cx, &stands, &n) == OK && n > before)
		return true;
	return complain("%s: %s", next->row.name, bad);
}

static bool migrate(struct ctx *cx, const char *share, bool status)
{
	struct files f = { 0 };
	bool done = false;

	if (!load(cx->arena, share, &f))
		return false;
	while (!done)
		if (!step(cx, &f, status, &done))
			return false;
	if (!status)
		printf("schema %d stands\n", f.f[f.n - 1].row.version);
	return true;
}

int main(int argc, char **argv)
{
	struct settings conf = { 0 };
	struct ctx cx = { 0 };
	const char *mode = argc > 1 ? argv[1] : "";
	bool ok;

	if (strcmp(mode, "--help-config") == 0) {
		conf_help(rows);
		return 0;
	}
	if (argc > 2 || (*mode != '\0' && strcmp(mode, "--status") != 0)) {
		fputs("balcao-migrate [--status | --help-config]\n"
		    "Applies what is missing of $BALCAO_SHARE/sql/migrations. --status only says what would be applied.\n",
		    strcmp(mode, "--help") == 0 ? stdout : stderr);
		return strcmp(mode, "--help") == 0 ? 0 : 2;
	}
	if (!conf_load(rows, &conf))
		return 2;
	crypto_start();
	cx.arena = arena_new();
	cx.db = db_new(arena_fmt(cx.arena, "%s user=balcao_owner", conf.db), "balcao-migrate");
	ok = migrate(&cx, conf.share, *mode != '\0');
	db_free(cx.db);
	arena_free(cx.arena);
	return ok ? 0 : 1;
}
