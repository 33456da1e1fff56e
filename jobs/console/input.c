#include "jobs/console/console.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "lib/base/text.h"

enum { PASSWORD_MIN = 8, PASSWORD_MAX = 1024 };

static char *read_line(struct arena *a, FILE *f)
{
	char *line = NULL, *copy = NULL;
	size_t cap = 0;
	ssize_t n = getline(&line, &cap, f);

	if (n >= 0) {
		while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
			n--;
		copy = arena_strn(a, line, (size_t)n);
	}
	free(line);
	return copy;
}

/* Asks at the terminal without showing what is typed. */
static char *ask(struct arena *a, const char *what)
{
	FILE *tty = fopen("/dev/tty", "r+e");
	struct termios old, quiet;
	char *answer;

	if (tty == NULL)
		return NULL;
	fprintf(tty, "%s: ", what);
	fflush(tty);
	if (tcgetattr(fileno(tty), &old) != 0) {
		fclose(tty);
		return NULL;
	}
	quiet = old;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(fileno(tty), TCSAFLUSH, &quiet);
	answer = read_line(a, tty);
	tcsetattr(fileno(tty), TCSAFLUSH, &old);
	fputc('\n', tty);
	fclose(tty);
	return answer;
}

static const char *checked(const char *s)
{
	if (s == NULL || utf8_len(s) < PASSWORD_MIN || strlen(s) > PASSWORD_MAX || !utf8_ok(s, strlen(s))) {
		fprintf(stderr, "balcao-console: a password has %d characters at least\n", PASSWORD_MIN);
		return NULL;
	}
	return s;
}

const char *input_password(struct arena *a, bool from_stdin, bool *made)
{
	const char *first, *again;

	*made = false;
	if (from_stdin)
		return checked(read_line(a, stdin));
	if (isatty(STDIN_FILENO)) {
		first = ask(a, "Password (empty: one is made up)");
		if (first != NULL && *first != '\0') {
			again = ask(a, "Once more");
			if (text_eq(first, again))
				return checked(first);
			fputs("balcao-console: the two are not the same\n", stderr);
			return NULL;
		}
	}
	*made = true;
	return arena_strn(a, token_new(a), 20);
}

static bool take_line(struct arena *a, char *line, struct secret *s, size_t n)
{
	char *eq = strchr(line, '=');

	if (*line == '\0')
		return true;
	for (size_t i = 0; eq != NULL && i < n; i++) {
		if (strlen(s[i].name) == (size_t)(eq - line) &&
		    strncmp(line, s[i].name, (size_t)(eq - line)) == 0) {
			s[i].value = text_trim(a, eq + 1);
			return true;
		}
	}
	fputs("balcao-console: want lines NAME=VALUE on stdin, with", stderr);
	for (size_t i = 0; i < n; i++)
		fprintf(stderr, " %s", s[i].name);
	fputc('\n', stderr);
	return false;
}

bool input_secrets(struct arena *a, bool from_stdin, struct secret *s, size_t n)
{
	char *line;

	while (from_stdin && (line = read_line(a, stdin)) != NULL)
		if (!take_line(a, line, s, n))
			return false;
	for (size_t i = 0; i < n; i++) {
		if (text_empty(s[i].value) && !from_stdin && isatty(STDIN_FILENO))
			s[i].value = ask(a, s[i].name);
		if (text_empty(s[i].value)) {
			fprintf(stderr, "balcao-console: %s is needed (--secrets-stdin: lines NAME=VALUE)\n",
			    s[i].name);
			return false;
		}
	}
	return true;
}
