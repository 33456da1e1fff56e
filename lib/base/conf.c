#include "lib/base/conf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/base_internal.h"
#include "lib/base/buf.h"
#include "lib/base/text.h"

enum { FILE_MAX = 1024 * 1024 };

const char *const conf_known_names[] = {
	"BALCAO_BASE_URL",
	"BALCAO_CONF",
	"BALCAO_DB",
	"BALCAO_EGRESS_ALLOW",
	"BALCAO_FILES",
	"BALCAO_GRAPH_URL",
	"BALCAO_GRAPH_VERSION",
	"BALCAO_LOG_LEVEL",
	"BALCAO_SEAL_KEYS",
	"BALCAO_SHARE",
	"BALCAO_SOCKETS",
	"BALCAO_WHATSAPP_APP_SECRET",
	"BALCAO_WHATSAPP_VERIFY_TOKEN",
	NULL
};

/* One conf_load under way. */
struct load {
	const struct conf_row *rows;
	const char **values; /* by row: the text that holds, NULL when there is none */
	const char *path;    /* of the file, for messages */
	struct arena *keep;
	bool ok;
};

static PRINTF(2, 3) void fault(struct load *l, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	l->ok = false;
}

static bool known(const char *name)
{
	for (const char *const *k = conf_known_names; *k != NULL; k++)
		if (strcmp(*k, name) == 0)
			return true;
	return false;
}

/* An empty value takes back what came before: the row's default holds again. */
static void give(struct load *l, size_t row, const char *value)
{
	l->values[row] = *value != '\0' ? arena_str(l->keep, value) : l->rows[row].def;
}

static void file_pair(void *p, int line, const char *name, const char *value)
{
	struct load *l = p;

	if (strcmp(name, "BALCAO_CONF") == 0) {
		fault(l, "%s:%d: BALCAO_CONF names this file and cannot stand in it", l->path, line);
		return;
	}
	for (size_t i = 0; l->rows[i].name != NULL; i++) {
		if (strcmp(l->rows[i].name, name) == 0) {
			give(l, i, value);
			return;
		}
	}
	if (text_starts(name, "BALCAO_") && !known(name))
		fault(l, "%s:%d: unknown setting %s", l->path, line, name);
}

static void file_fault(void *p, int line, const char *what)
{
	struct load *l = p;

	fault(l, "%s:%d: %s", l->path, line, what);
}

static void load_file(struct load *l)
{
	struct conf_reader reader = { file_pair, file_fault, l };
	struct buf text = { 0 };
	FILE *f = fopen(l->path, "re");
	bool bad;

	if (f == NULL) {
		fault(l, "%s: %s", l->path, strerror(errno));
		return;
	}
	for (size_t got = 1; got > 0 && text.n <= FILE_MAX; text.n += got) {
		buf_reserve(&text, 4096);
		got = fread(text.p + text.n, 1, 4096, f);
	}
	bad = ferror(f) != 0;
	fclose(f);
	if (bad)
		fault(l, "%s: cannot be read", l->path);
	else if (text.n > FILE_MAX)
		fault(l, "%s: too large for a settings file", l->path);
	else
		conf_read(text.p, text.n, &reader);
	buf_free(&text);
}

static bool parse_bool(const char *s, bool *out)
{
	static const char *const words[] = { "0", "1", "false", "true", "no", "yes", "off", "on" };

	for (size_t i = 0; i < nitems(words); i++) {
		if (strcmp(s, words[i]) == 0) {
			*out = i % 2 == 1;
			return true;
		}
	}
	return false;
}

static void store(struct load *l, const struct conf_row *row, const char *value, void *out)
{
	void *at = (char *)out + row->offset;
	int64_t i = 0;
	bool b = false;

	if (row->need && value == NULL)
		fault(l, "%s is needed: %s", row->name, row->help != NULL ? row->help : "");
	switch (row->kind) {
	case CONF_STR:
	case CONF_SECRET:
		memcpy(at, &value, sizeof(value));
		break;
	case CONF_INT:
		if (value != NULL && !parse_i64(value, INT64_MIN, INT64_MAX, &i))
			fault(l, "%s must be a number", row->name);
		memcpy(at, &i, sizeof(i));
		break;
	case CONF_BOOL:
		if (value != NULL && !parse_bool(value, &b))
			fault(l, "%s must be true or false", row->name);
		memcpy(at, &b, sizeof(b));
		break;
	}
}

bool conf_load(const struct conf_row *rows, void *out)
{
	static struct arena *keep; /* the strings handed out live here, as long as the process */
	struct load l = { .rows = rows, .path = getenv("BALCAO_CONF"), .ok = true };
	size_t n = 0;

	if (keep == NULL)
		keep = arena_new();
	l.keep = keep;
	while (rows[n].name != NULL)
		n++;
	l.values = arena_array(keep, n, sizeof(*l.values));
	for (size_t i = 0; i < n; i++)
		l.values[i] = rows[i].def;
	if (!text_empty(l.path))
		load_file(&l);
	for (size_t i = 0; i < n; i++) {
		const char *value = getenv(rows[i].name);

		if (value != NULL)
			give(&l, i, value);
	}
	for (size_t i = 0; i < n; i++)
		store(&l, &rows[i], l.values[i], out);
	return l.ok;
}

void conf_help(const struct conf_row *rows)
{
	static const char *const kinds[] = { "text", "number", "boolean", "secret" };

	for (; rows->name != NULL; rows++) {
		const char *def = rows->kind == CONF_SECRET && rows->def != NULL ? "***" : rows->def;

		printf("%-30s %-8s %-8s %s", rows->name, kinds[rows->kind],
		    rows->need ? "needed" : "optional", rows->help != NULL ? rows->help : "");
		if (def != NULL)
			printf(" (default: %s)", def);
		putchar('\n');
	}
}
