/* tmpl.c: the template cache. The only file that knows ClearSilver's parser. */
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cs/cs.h>

#include "lib/base/text.h"
#include "lib/view/doc_internal.h"
#include "lib/view/tmpl.h"

struct tmpl {
	struct tmpl *next;
	CSPARSE *cs;
	char name[];
};

static const char *const langs[] = { "pt_BR", "en" };

/* The process's cache: texts by language, parsed templates by name, and the last message. */
static struct {
	char *dir;
	HDF *texts[nitems(langs)]; /* T and Config; cs_init reads the escape mode there */
	struct tmpl *all;
	struct hsearch_data words; /* of all templates; the table keeps room, a full one ends the start */
	struct arena *word_texts;
	char message[1024];
} cache;

static HDF *texts_of(const char *lang)
{
	return cache.texts[lang_en(lang) ? 1 : 0];
}

/* Puts the text of e into cache.message and frees e. NULL when there is no error. */
static const char *message(NEOERR *e, const char *where)
{
	STRING s;

	if (e == STATUS_OK)
		return NULL;
	string_init(&s);
	nerr_error_string(e, &s);
	nerr_ignore(&e);
	snprintf(cache.message, sizeof(cache.message), "%s: %s", where, s.buf != NULL ? s.buf : "out of memory");
	string_clear(&s);
	return cache.message;
}

static void must(NEOERR *e, const char *where)
{
	if (e != STATUS_OK)
		die("%s", message(e, where));
}

/* dir/name as a malloc'ed string, or NULL with errno. A NUL inside is refused: parsers would stop there. */
static char *file_text(const char *name)
{
	char path[4096];
	struct stat st;
	struct buf b = { 0 };
	ssize_t n = -1;
	int fd;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", cache.dir, name) >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		do {
			buf_reserve(&b, 16384);
			n = read(fd, b.p + b.n, 16384);
			b.n += n > 0 ? (size_t)n : 0;
		} while (n > 0 || (n < 0 && errno == EINTR));
	} else {
		errno = EISDIR;
	}
	close(fd);
	if (n < 0) {
		buf_free(&b);
		return NULL;
	}
	b.p[b.n] = '\0';
	if (strlen(b.p) == b.n)
		return b.p;
	buf_free(&b);
	errno = EILSEQ;
	return NULL;
}

static bool name_ok(const char *name)
{
	if (*name == '/' || *name == '\0' || strstr(name, "..") != NULL)
		return false;
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./")] == '\0';
}

enum { WORDS = 8192 };

static bool word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void note_word(const char *at, size_t n)
{
	char word[64];
	ENTRY *found;

	if (n >= sizeof(word))
		return;
	memcpy(word, at, n);
	word[n] = '\0';
	if (hsearch_r((ENTRY){ .key = word }, FIND, &found, &cache.words) == 0 &&
	    hsearch_r((ENTRY){ .key = arena_str(cache.word_texts, word) }, ENTER, &found, &cache.words) == 0)
		die("tmpl: more than %d words in templates", WORDS);
}

static void note_words(const char *text)
{
	if (cache.word_texts == NULL) {
		cache.word_texts = arena_new();
		if (hcreate_r(WORDS, &cache.words) == 0)
			die("tmpl: out of memory");
	}
	while (*text != '\0') {
		size_t n = 0;

		while (word_char(text[n]))
			n++;
		if (n > 0)
			note_word(text, n);
		text += n > 0 ? n : 1;
	}
}

static void forget_words(void)
{
	if (cache.word_texts == NULL)
		return;
	hdestroy_r(&cache.words);
	memset(&cache.words, 0, sizeof(cache.words));
	arena_free(cache.word_texts);
	cache.word_texts = NULL;
}

bool tmpl_names(const char *name)
{
	ENTRY want = { .key = NULL }, *found;

	if (cache.word_texts == NULL)
		return true;
	memcpy(&want.key, &name, sizeof(name)); /* hsearch_r reads it only */
	return hsearch_r(want, FIND, &found, &cache.words) != 0;
}

/* Every template and every include comes through here, so nothing outside dir is ever read. */
static NEOERR *load_file(void *ctx, HDF *hdf, const char *name, char **contents)
{
	(void)ctx;
	(void)hdf;
	*contents = name_ok(name) ? file_text(name) : NULL;
	if (*contents != NULL) {
		note_words(*contents);
		return STATUS_OK;
	}
	return nerr_raise(NERR_NOT_FOUND, "%s: %s", name, name_ok(name) ? strerror(errno) : "not a template name");
}

/*
 * True for a URL that a link may have: http, https, mailto, tel, a path of this site, a fragment or a
 * query. Browsers drop tabs and line breaks and read \ as /, so that "/\t/host" would leave the site.
 */
static bool url_ok(const char *s)
{
	static const char *const schemes[] = { "http://", "https://", "mailto:", "tel:" };

	for (const char *p = s; *p != '\0'; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7f || *p == '\\')
			return false;
	}
	if (*s == '#' || *s == '?')
		return true;
	if (*s == '/')
		return s[1] != '/';
	for (size_t i = 0; i < nitems(schemes); i++) {
		if (strncasecmp(s, schemes[i], strlen(schemes[i])) == 0)
			return s[strlen(schemes[i])] != '\0' && s[strlen(schemes[i])] != '/';
	}
	return false;
}

/* href(x) in templates: its result is escaped already, hence registered as an escaping function. */
static NEOERR *href(const char *in, char **out)
{
	const char *url = url_ok(in) ? in : "#";

	return nerr_pass(neos_html_escape(url, (int)strlen(url), out));
}

/* piece(x) in templates: HTML that a template made, found by its number, so that no value of a user's ever is it. */
static NEOERR *piece(const char *in, char **out)
{
	*out = strdup(piece_html(in));
	return *out != NULL ? STATUS_OK : nerr_raise(NERR_NOMEM, "out of memory");
}

static NEOERR *parse(CSPARSE *cs, const char *name)
{
	char href_name[] = "href", piece_name[] = "piece";
	char path[512], *text = NULL;
	NEOERR *e;

	cs_register_fileload(cs, NULL, load_file);
	e = cs_register_esc_strfunc(cs, href_name, href);
	if (e == STATUS_OK)
		e = cs_register_esc_strfunc(cs, piece_name, piece);
	if (e != STATUS_OK)
		return e;
	snprintf(path, sizeof(path), "%s.cs", name);
	e = load_file(NULL, NULL, path, &text);
	if (e != STATUS_OK)
		return e;
	cs->context = path;
	e = cs_parse_string(cs, text, strlen(text));
	cs->context = NULL;
	return e;
}

/* For a fault in an included file the parser gives "[-E- lib/x.cs:1234]", a byte offset: makes it a line. */
static void name_line(char *m, size_t size)
{
	char file[256], *text, *tail, *start = strstr(m, "[-E- ");
	struct buf b = { 0 };
	int offset, end = 0, line = 1;

	if (start == NULL || sscanf(start, "[-E- %255[^]:]:%d]%n", file, &offset, &end) != 2 || end == 0)
		return;
	text = name_ok(file) ? file_text(file) : NULL;
	if (text == NULL)
		return;
	for (int i = 0; i < offset && text[i] != '\0'; i++)
		line += text[i] == '\n';
	free(text);
	tail = start + end;
	buf_add(&b, m, (size_t)(start - m));
	buf_fmt(&b, "[%s:%d]%s", file, line, tail);
	snprintf(m, size, "%s", b.p);
	buf_free(&b);
}

static struct tmpl *find(const char *name)
{
	for (struct tmpl *t = cache.all; t != NULL; t = t->next) {
		if (strcmp(t->name, name) == 0)
			return t;
	}
	return NULL;
}

const char *tmpl_load(const char *name)
{
	CSPARSE *cs = NULL;
	struct tmpl *t;
	const char *fault;
	size_t n = strlen(name);

	if (cache.dir == NULL)
		die("tmpl: %s is wanted before tmpl_start", name);
	if (find(name) != NULL)
		return NULL;
	must(cs_init(&cs, cache.texts[0]), name);
	fault = message(parse(cs, name), name);
	if (fault != NULL) {
		cs_destroy(&cs);
		name_line(cache.message, sizeof(cache.message));
		return fault;
	}
	t = malloc(sizeof(*t) + n + 1);
	if (t == NULL)
		die("tmpl: out of memory");
	memcpy(t->name, name, n + 1);
	t->cs = cs;
	t->next = cache.all;
	cache.all = t;
	return NULL;
}

static NEOERR *emit(void *out, char *s)
{
	buf_str(out, s);
	return STATUS_OK;
}

static const char *render(const char *name, HDF *values, const char *lang, struct buf *out)
{
	const char *fault = tmpl_load(name);
	size_t mark = out->n;
	struct tmpl *t;
	HDF *own;

	if (fault != NULL)
		return fault;
	t = find(name);
	own = t->cs->hdf;
	t->cs->hdf = values;
	t->cs->global_hdf = texts_of(lang);
	fault = message(cs_render(t->cs, out, emit), name);
	t->cs->hdf = own;
	t->cs->global_hdf = NULL;
	t->cs->locals = NULL;
	if (fault != NULL && out->p != NULL) {
		out->n = mark;
		out->p[mark] = '\0';
	}
	return fault;
}

const char *tmpl_render(const char *name, struct doc *d, struct buf *out)
{
	return render(name, doc_hdf(d), doc_lang(d), out);
}

const char *tmpl_render_values(const char *name, const char *lang, const char *const *names, const char *const *values, size_t n, struct buf *out)
{
	HDF *h;
	const char *fault;

	must(hdf_init(&h), name);
	for (size_t i = 0; i < n; i++)
		must(hdf_set_value(h, names[i], values[i]), name);
	fault = render(name, h, lang, out);
	hdf_destroy(&h);
	return fault;
}

static const char *skip_space(const char *s, const char *end)
{
	while (s < end && (*s == ' ' || *s == '\t' || *s == '\r'))
		s++;
	return s;
}

/*
 * The parser of HDF drops what follows a { on its line, stops at a } too many and takes the end of the
 * file for a missing one, all in silence. Returns the first line with such a fault, 0 when there is none.
 */
static int unbalanced(const char *text)
{
	int depth = 0, line = 0;

	while (*text != '\0') {
		const char *end = strchrnul(text, '\n'), *s = skip_space(text, end);

		line++;
		text = *end == '\n' ? end + 1 : end;
		if (s == end || *s == '#')
			continue;
		if (*s == '}' && --depth < 0)
			return line;
		while (s < end && strchr("=<{}", *s) == NULL)
			s++;
		if (s < end && *s == '<')
			return line; /* text over several lines: not used, and not seen by the linter */
		if (s < end && *s == '{') {
			depth++;
			if (skip_space(s + 1, end) != end)
				return line;
		}
	}
	return depth == 0 ? 0 : line;
}

static HDF *read_texts(const char *lang)
{
	char name[64], *text;
	HDF *h = NULL, *top;
	int line;

	snprintf(name, sizeof(name), "lang/%s.hdf", lang);
	text = file_text(name);
	if (text == NULL)
		die("%s/%s: %s", cache.dir, name, strerror(errno));
	line = unbalanced(text);
	if (line > 0)
		die("%s/%s:%d: braces do not match, or text follows a {", cache.dir, name, line);
	must(hdf_init(&h), name);
	must(hdf_read_string(h, text), name);
	free(text);
	top = hdf_obj_child(h);
	if (top == NULL || strcmp(hdf_obj_name(top), "T") != 0 || hdf_obj_next(top) != NULL)
		die("%s/%s: everything must stand in one T { }", cache.dir, name);
	must(hdf_set_value(h, "Config.VarEscapeMode", "html"), name);
	return h;
}

void tmpl_start(const char *dir)
{
	while (cache.all != NULL) {
		struct tmpl *t = cache.all;

		cache.all = t->next;
		cs_destroy(&t->cs);
		free(t);
	}
	forget_words();
	free(cache.dir);
	cache.dir = strdup(dir);
	if (cache.dir == NULL)
		die("tmpl: out of memory");
	for (size_t i = 0; i < nitems(langs); i++) {
		hdf_destroy(&cache.texts[i]);
		cache.texts[i] = read_texts(langs[i]);
	}
}

/* t with every {0} replaced by arg. */
static char *fill(struct arena *a, const char *t, const char *arg)
{
	struct buf b = { 0 };
	const char *p;
	char *s;

	while ((p = strstr(t, "{0}")) != NULL) {
		buf_add(&b, t, (size_t)(p - t));
		buf_str(&b, arg != NULL ? arg : "");
		t = p + 3;
	}
	if (b.p == NULL)
		return arena_str(a, t);
	buf_str(&b, t);
	s = arena_strn(a, b.p, b.n);
	buf_free(&b);
	return s;
}

char *text_get(struct arena *a, const char *lang, const char *key, const char *arg)
{
	HDF *t = hdf_get_obj(texts_of(lang), "T");
	const char *text = t != NULL ? hdf_get_value(t, key, NULL) : NULL;

	return text != NULL ? fill(a, text, arg) : arena_str(a, key);
}
