/* conf_fuzz.c: the settings of a file, written out again in quotes, are read as the same settings. */
#include "lib/base/base_internal.h"
#include "lib/base/buf.h"
#include "lib/base/text.h"
#include "tests/fuzz/fuzz.h"

struct seen {
	struct buf list; /* name, NUL, value, NUL ... */
	struct buf file; /* the same as a file */
	int line, settings, faults;
};

static bool name_ok(const char *s)
{
	return *s != '\0' &&
	    s[strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static void each(void *p, int line, const char *name, const char *value)
{
	struct seen *s = p;

	REQUIRE(line > s->line);
	REQUIRE(name_ok(name));
	REQUIRE(utf8_ok(value, strlen(value)) && strchr(value, '\n') == NULL);
	s->line = line;
	s->settings++;
	buf_add(&s->list, name, strlen(name) + 1);
	buf_add(&s->list, value, strlen(value) + 1);
	buf_fmt(&s->file, "%s=\"", name);
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			buf_char(&s->file, '\\');
		buf_char(&s->file, *value);
	}
	buf_str(&s->file, "\" # comment\n");
}

static void fault(void *p, int line, const char *what)
{
	struct seen *s = p;

	REQUIRE(line > s->line && *what != '\0');
	s->line = line;
	s->faults++;
}

static void drop(struct seen *s)
{
	buf_free(&s->list);
	buf_free(&s->file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen one = { .line = 0 }, two = { .line = 0 };
	struct conf_reader first = { each, fault, &one }, second = { each, fault, &two };

	REQUIRE(conf_read((const char *)data, size, &first) == (one.faults == 0));
	REQUIRE(conf_read(one.file.p != NULL ? one.file.p : "", one.file.n, &second));
	REQUIRE(one.settings == two.settings && one.list.n == two.list.n);
	REQUIRE(one.list.n == 0 || memcmp(one.list.p, two.list.p, one.list.n) == 0);
	drop(&one);
	drop(&two);
	return 0;
}
