#include "lib/base/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/base_internal.h"

enum {
	LINE = 4096, /* PIPE_BUF: a line up to here is not torn apart by other writers of the same pipe */
	TAIL = 8     /* kept for "...", a closing quote and the line's end */
};

struct line {
	char p[LINE];
	size_t n;
	bool full; /* something did not fit; nothing more is added */
};

static struct {
	const char *program;
	enum log_level min;
	char request[65];
} state = { "?", LOG_INFO, "" };

static void put(struct line *l, const char *s, size_t n)
{
	if (l->full)
		return;
	if (l->n + n > LINE - TAIL) {
		memcpy(l->p + l->n, "...", 3);
		l->n += 3;
		l->full = true;
		return;
	}
	memcpy(l->p + l->n, s, n);
	l->n += n;
}

static void put_str(struct line *l, const char *s)
{
	put(l, s, strlen(s));
}

/* C0, C1, DEL and the Unicode line ends: what could start a new line somewhere. */
static bool control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029;
}

static bool plain(const char *s)
{
	uint32_t cp;

	if (*s == '\0')
		return false;
	while (*s != '\0') {
		s += utf8_next(s, 4, &cp);
		if (cp == UTF8_BAD || control(cp) || cp == ' ' || cp == '"' || cp == '=' || cp == '\\')
			return false;
	}
	return true;
}

/* One code point of a quoted value, as a whole or not at all. */
static void put_quoted(struct line *l, const char *s, size_t n, uint32_t cp)
{
	char out[16];
	size_t w = 0;

	if (cp == UTF8_BAD) {
		for (size_t i = 0; i < n; i++)
			w += (size_t)snprintf(out + w, sizeof(out) - w, "\\x%02x", (unsigned char)s[i]);
	} else if (cp == '\n' || cp == '\r' || cp == '\t') {
		w = (size_t)snprintf(out, sizeof(out), "\\%c", cp == '\n' ? 'n' : cp == '\r' ? 'r' : 't');
	} else if (control(cp)) {
		w = (size_t)snprintf(out, sizeof(out), "\\u%04x", (unsigned)cp);
	} else if (cp == '"' || cp == '\\') {
		w = (size_t)snprintf(out, sizeof(out), "\\%c", (char)cp);
	} else {
		put(l, s, n);
		return;
	}
	put(l, out, w);
}

static void put_value(struct line *l, const char *s)
{
	uint32_t cp;

	if (l->full)
		return;
	if (plain(s) && strlen(s) + l->n <= LINE - TAIL) {
		put_str(l, s);
		return;
	}
	put(l, "\"", 1);
	if (l->full)
		return;
	while (*s != '\0' && !l->full) {
		size_t n = utf8_next(s, 4, &cp);

		put_quoted(l, s, n, cp);
		s += n;
	}
	l->p[l->n++] = '"'; /* TAIL has room for it */
}

/* " key=value"; a key is a literal, but anything odd in it becomes '_'. */
static void put_pair(struct line *l, const char *key, const char *value)
{
	put(l, " ", 1);
	for (; *key != '\0'; key++) {
		bool ok = (*key >= 'a' && *key <= 'z') || (*key >= 'A' && *key <= 'Z') ||
		    (*key >= '0' && *key <= '9') || strchr("_.-", *key) != NULL;

		put(l, ok ? key : "_", 1);
	}
	put(l, "=", 1);
	put_value(l, value);
}

static void send_line(struct line *l)
{
	l->p[l->n++] = '\n';
	/* A log that cannot be written has nowhere to say so. */
	while (write(STDERR_FILENO, l->p, l->n) < 0 && errno == EINTR)
		;
}

void log_open(const char *program, enum log_level min)
{
	state.program = program;
	state.min = min;
}

void log_request(const char *id)
{
	snprintf(state.request, sizeof(state.request), "%s", id != NULL ? id : "");
}

void log_kv(enum log_level level, const char *event, ...)
{
	static const char *const names[] = { "debug", "info", "warn", "error" };
	struct line l = { .n = 0 };
	char ts[UTC_TEXT];
	int saved = errno;
	const char *key;
	va_list ap;

	if (level < state.min)
		return;
	utc_format(ts, utc_now(), 3);
	put_str(&l, "ts=");
	put_str(&l, ts);
	put_pair(&l, "level", names[level <= LOG_ERROR ? level : LOG_ERROR]);
	put_pair(&l, "prog", state.program);
	put_pair(&l, "ev", event);
	if (state.request[0] != '\0')
		put_pair(&l, "req", state.request);
	va_start(ap, event);
	while ((key = va_arg(ap, const char *)) != NULL) {
		const char *value = va_arg(ap, const char *);

		if (value != NULL)
			put_pair(&l, key, value);
	}
	va_end(ap);
	send_line(&l);
	errno = saved;
}

const char *log_i(int64_t v)
{
	static char bufs[8][24];
	static unsigned turn;
	char *p = bufs[turn++ % 8];

	snprintf(p, sizeof(bufs[0]), "%lld", (long long)v);
	return p;
}
