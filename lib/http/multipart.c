/* multipart.c: multipart/form-data. What is taken and refused is told in http.h. */
#include "lib/http/http_internal.h"

#include <string.h>

#include "lib/base/text.h"

#define BCHARS "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? "
#define TOKEN "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!#$&'*+-.^_`|~%"
enum { BOUNDARY_MAX = 70, PARTS_MAX = 200, FILES_MAX = 20, LINES_MAX = 16, HEAD_MAX = 4096, FIELD_MAX = 100, VALUE_MAX = 64 * 1024 };

struct reader {
	struct arena *a;
	const char *delim;   /* CRLF "--boundary" */
	size_t ndelim;
	const char *s, *end; /* what is left of the body */
	int parts, files;
	const char *why;
};

struct part {
	const char *name, *file, *file8; /* NULL: not given; file8 is of filename*, and the better one */
	bool form_data;
	const char *p;
	size_t n;
};

static enum err bad(struct reader *r, enum err e, const char *why)
{
	r->why = why;
	return e;
}

/* ---- parameters of a header: ; name=token or name="quoted" ---- */

struct parameter { const char *name, *value; size_t nname; };

/* A quoted string from the quote on; only \" and \\ are escapes: browsers of Windows once sent paths. NULL: it does not end. */
static char *quoted(struct arena *a, const char **s)
{
	char *out = arena_alloc(a, strlen(*s) + 1), *w = out;
	const char *p = *s + 1;

	while (*p != '\0' && *p != '"') {
		if (p[0] == '\\' && (p[1] == '"' || p[1] == '\\'))
			p++;
		*w++ = *p++;
	}
	*s = p + 1;
	return *p == '"' ? out : NULL;
}

/* The next parameter at *s. 1: there was one; 0: the end; -1: something else. */
static int parameter(struct arena *a, const char **s, struct parameter *out)
{
	const char *p = *s + strspn(*s, " \t");
	size_t n;

	if (*p == '\0')
		return 0;
	if (*p++ != ';')
		return -1;
	p += strspn(p, " \t");
	out->name = p;
	out->nname = strspn(p, TOKEN);
	p += out->nname;
	if (out->nname == 0 || *p++ != '=')
		return -1;
	if (*p == '"') {
		out->value = quoted(a, &p);
		*s = p;
		return out->value != NULL ? 1 : -1;
	}
	n = strspn(p, TOKEN);
	out->value = arena_strn(a, p, n);
	*s = p + n;
	return n > 0 ? 1 : -1;
}

static bool called(const struct parameter *p, const char *name)
{
	return strlen(name) == p->nname && strncasecmp(p->name, name, p->nname) == 0;
}

static bool boundary(struct reader *r, const char *type)
{
	const char *s = type + strcspn(type, ";"), *b = NULL;
	struct parameter p;
	size_t n;
	int more;

	while ((more = parameter(r->a, &s, &p)) > 0) {
		if (!called(&p, "boundary"))
			continue;
		if (b != NULL)
			return false;
		b = p.value;
	}
	n = b != NULL ? strlen(b) : 0;
	if (more < 0 || n == 0 || n > BOUNDARY_MAX || strspn(b, BCHARS) != n || b[n - 1] == ' ')
		return false;
	r->delim = arena_fmt(r->a, "\r\n--%s", b);
	r->ndelim = n + 4;
	return true;
}

/* ---- names of files ---- */

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* %XX undone: all of them, or only the three that browsers write in a quoted string. */
static char *unescaped(struct arena *a, const char *s, bool all)
{
	char *out = arena_alloc(a, strlen(s) + 1), *w = out;

	for (; *s != '\0'; s++) {
		int h = *s == '%' ? hex(s[1]) : -1, l = h >= 0 ? hex(s[2]) : -1, c = h * 16 + l;

		if (l >= 0 && c != 0 && (all || c == '"' || c == '\r' || c == '\n')) {
			*w++ = (char)c;
			s += 2;
		} else {
			*w++ = *s;
		}
	}
	return out;
}

static const char *without_path(const char *s)
{
	const char *last = s;

	for (; *s != '\0'; s++)
		if (*s == '/' || *s == '\\')
			last = s + 1;
	return last;
}

/* filename*=UTF-8''caf%C3%A9.pdf; NULL for other character sets. */
static const char *extended(struct arena *a, const char *s)
{
	const char *text = strncasecmp(s, "utf-8'", 6) == 0 ? strchr(s + 6, '\'') : NULL;

	return text != NULL ? unescaped(a, text + 1, true) : NULL;
}

/* ---- one part ---- */

static enum err disposition(struct reader *r, const char *s, struct part *p)
{
	struct parameter m;
	int more;

	if (p->form_data || strncasecmp(s, "form-data", 9) != 0)
		return bad(r, E_SYNTAX, "Content-Disposition is not form-data, once");
	p->form_data = true;
	s += 9;
	while ((more = parameter(r->a, &s, &m)) > 0) {
		const char **to = called(&m, "name") ? &p->name : called(&m, "filename") ? &p->file : called(&m, "filename*") ? &p->file8 : NULL;

		if (to != NULL && *to != NULL)
			return bad(r, E_SYNTAX, "a parameter of Content-Disposition comes twice");
		if (to == &p->file8)
			*to = extended(r->a, m.value);
		else if (to == &p->file)
			*to = unescaped(r->a, m.value, false);
		else if (to != NULL)
			*to = m.value;
	}
	return more == 0 ? OK : bad(r, E_SYNTAX, "Content-Disposition cannot be read");
}

static enum err header(struct reader *r, const char *line, struct part *p)
{
	size_t n = strspn(line, TOKEN);
	const char *v = line + n + 1;

	if (n == 0 || line[n] != ':')
		return bad(r, E_SYNTAX, "a part's header cannot be read");
	v += strspn(v, " \t");
	if (n == 19 && strncasecmp(line, "Content-Disposition", n) == 0)
		return disposition(r, v, p);
	if (n == 25 && strncasecmp(line, "Content-Transfer-Encoding", n) == 0 && strcasecmp(v, "binary") != 0 && strcasecmp(v, "8bit") != 0 && strcasecmp(v, "7bit") != 0)
		return bad(r, E_SYNTAX, "a part is encoded");
	return OK;
}

/* The header lines up to the empty one. */
static enum err head(struct reader *r, struct part *p)
{
	const char *start = r->s;

	for (int lines = 0; ; lines++) {
		size_t left = (size_t)(r->end - r->s), most = HEAD_MAX - (size_t)(r->s - start);
		const char *nl = memmem(r->s, left < most ? left : most, "\r\n", 2), *line;

		if (nl == NULL || lines > LINES_MAX)
			return bad(r, left > most || lines > LINES_MAX ? E_TOOBIG : E_SYNTAX, "a part's headers do not end");
		if (nl == r->s)
			break;
		line = arena_strn(r->a, r->s, (size_t)(nl - r->s));
		if (strlen(line) != (size_t)(nl - r->s) || strpbrk(line, "\r\n") != NULL)
			return bad(r, E_SYNTAX, "a part's header holds what no header may");
		TRY(header(r, line, p));
		r->s = nl + 2;
	}
	r->s += 2;
	if (p->name == NULL || *p->name == '\0' || strlen(p->name) > FIELD_MAX || !utf8_ok(p->name, strlen(p->name)))
		return bad(r, E_SYNTAX, "a part has no name, or no good one");
	return OK;
}

/* The bytes up to the next delimiter; *last: it was the closing one. */
static enum err content(struct reader *r, struct part *p, bool *last)
{
	/* The delimiter's own CRLF may be the one that ended the headers: an empty part. */
	const char *from = r->s - 2, *at = memmem(from, (size_t)(r->end - from), r->delim, r->ndelim), *after;

	if (at == NULL)
		return bad(r, E_SYNTAX, "a part does not end");
	p->p = at < r->s ? at : r->s;
	p->n = at < r->s ? 0 : (size_t)(at - r->s);
	after = at + r->ndelim;
	if (r->end - after < 2 || (memcmp(after, "\r\n", 2) != 0 && memcmp(after, "--", 2) != 0))
		return bad(r, E_SYNTAX, "a delimiter is followed by something else");
	*last = *after == '-';
	r->s = after + 2;
	return OK;
}

static enum err keep_value(struct reader *r, const struct part *p, struct param ***tail)
{
	struct param *v;

	if (p->n > VALUE_MAX)
		return bad(r, E_TOOBIG, "a value is too long");
	if (!utf8_ok(p->p, p->n))
		return bad(r, E_SYNTAX, "a value is no clean UTF-8");
	v = ARENA_NEW(r->a, struct param);
	v->name = p->name;
	v->value = arena_strn(r->a, p->p, p->n);
	**tail = v;
	*tail = &v->next;
	return OK;
}

static enum err keep_file(struct reader *r, const struct part *p, struct upload ***tail)
{
	const char *name = p->file8 != NULL ? p->file8 : p->file != NULL ? p->file : "";
	struct upload *f;

	name = without_path(name);
	if (*name == '\0' && p->n == 0)
		return OK;
	if (++r->files > FILES_MAX)
		return bad(r, E_TOOBIG, "too many files");
	f = ARENA_NEW(r->a, struct upload);
	f->field = p->name;
	f->name = utf8_clean(r->a, name, strlen(name));
	f->p = p->p;
	f->n = p->n;
	**tail = f;
	*tail = &f->next;
	return OK;
}

enum err multipart_parse(struct arena *a, const char *type, const char *s, size_t n, struct param **form, struct upload **files, const char **why)
{
	struct reader r = { .a = a, .s = s, .end = s + n };
	struct param **values = form;
	struct upload **uploads = files;
	enum err e = OK;
	bool last = false;

	*form = NULL;
	*files = NULL;
	if (!boundary(&r, type))
		e = bad(&r, E_SYNTAX, "no boundary, or none that may be");
	/* The first delimiter stands at the very start, without its CRLF. */
	else if (n < r.ndelim || memcmp(s, r.delim + 2, r.ndelim - 2) != 0 || memcmp(s + r.ndelim - 2, "\r\n", 2) != 0)
		e = bad(&r, E_SYNTAX, "the body does not begin with the boundary");
	else
		r.s += r.ndelim;
	while (e == OK && !last) {
		struct part p = { 0 };

		e = ++r.parts > PARTS_MAX ? bad(&r, E_TOOBIG, "too many parts") : head(&r, &p);
		if (e == OK)
			e = content(&r, &p, &last);
		if (e == OK)
			e = p.file != NULL || p.file8 != NULL ? keep_file(&r, &p, &uploads) : keep_value(&r, &p, &values);
	}
	if (e == OK && r.s != r.end && (r.end - r.s != 2 || memcmp(r.s, "\r\n", 2) != 0))
		e = bad(&r, E_SYNTAX, "there is more after the end");
	if (e != OK) {
		*form = NULL;
		*files = NULL;
	}
	*why = r.why;
	return e;
}
