/*
 * multipart/form-data: the first line is the Content-Type, the rest the body. What comes out is clean: names and values
 * UTF-8, files within the body; a refusal leaves nothing; and what came out, written anew, parses to the same. Files go
 * on to what is told of them: kind, harmlessness, name.
 */
#include "lib/base/text.h"
#include "lib/http/http.h"
#include "model/file.h"
#include "tests/fuzz/fuzz.h"

#define AGAIN "----balcao-fuzz-again-0123456789"

static void write_again(struct buf *b, const struct param *p, const struct upload *f)
{
	for (; p != NULL; p = p->next)
		buf_fmt(b, "--" AGAIN "\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", p->name, p->value);
	for (; f != NULL; f = f->next) {
		buf_str(b, "--" AGAIN "\r\nContent-Disposition: form-data; name=\"files\"; filename*=UTF-8''");
		buf_url(b, f->name);
		buf_str(b, "\r\n\r\n");
		buf_add(b, f->p, f->n);
		buf_str(b, "\r\n");
	}
	buf_str(b, "--" AGAIN "--");
}

/* Nothing that would need more than the plainest way of writing it, no name that grows beyond a header when escaped, and not our own boundary. */
static bool plain(const struct param *p, const struct upload *f)
{
	for (; p != NULL; p = p->next)
		if (strpbrk(p->name, "\"\\\r\n") != NULL || strstr(p->value, AGAIN) != NULL)
			return false;
	for (; f != NULL; f = f->next)
		if (strlen(f->name) > 1000 || memmem(f->p, f->n, AGAIN, strlen(AGAIN)) != NULL)
			return false;
	return true;
}

static void same(struct arena *a, const struct param *p, const struct upload *f)
{
	struct param *q;
	struct upload *g;
	struct buf b = { 0 };
	const char *why;

	if ((p == NULL && f == NULL) || !plain(p, f))
		return;
	write_again(&b, p, f);
	REQUIRE(multipart_parse(a, "multipart/form-data; boundary=" AGAIN, b.p, b.n, &q, &g, &why) == OK);
	for (; p != NULL && q != NULL; p = p->next, q = q->next)
		REQUIRE(strcmp(p->name, q->name) == 0 && strcmp(p->value, q->value) == 0);
	for (; f != NULL && g != NULL; f = f->next, g = g->next)
		REQUIRE(strcmp(f->name, g->name) == 0 && f->n == g->n && memcmp(f->p, g->p, f->n) == 0);
	REQUIRE(p == NULL && q == NULL && f == NULL && g == NULL);
	buf_free(&b);
}

static void look(struct arena *a, const struct upload *f)
{
	const char *name = file_name(a, f->name), *mime;

	REQUIRE(name == NULL || (utf8_ok(name, strlen(name)) && utf8_len(name) <= FILE_NAME_MAX && strpbrk(name, "/\\\r\n") == NULL && *name != '.'));
	REQUIRE(file_kind("image/webp", f->p, f->n, &mime) != NULL && file_kind("audio/ogg", f->p, f->n, &mime) != NULL);
	(void)file_harmless("text/plain", name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const uint8_t *nl = n > 0 ? memchr(data, '\n', n) : NULL;
	size_t head = nl != NULL ? (size_t)(nl - data) : n, left = nl != NULL ? n - head - 1 : 0;
	struct arena *a = arena_new();
	const char *type = arena_strn(a, n > 0 ? (const char *)data : "", head), *why = NULL;
	/* A block of its own, without anything after it. */
	char *body = memcpy(arena_alloc(a, left + 1), nl != NULL ? nl + 1 : data, left);
	struct param *form;
	struct upload *files;
	enum err e = multipart_parse(a, type, body, left, &form, &files, &why);

	REQUIRE(e == OK || ((e == E_SYNTAX || e == E_TOOBIG) && why != NULL && form == NULL && files == NULL));
	for (struct param *p = form; p != NULL; p = p->next)
		REQUIRE(*p->name != '\0' && utf8_ok(p->name, strlen(p->name)) && utf8_ok(p->value, strlen(p->value)));
	for (struct upload *f = files; f != NULL; f = f->next) {
		REQUIRE(f->p >= body && f->p + f->n <= body + left && utf8_ok(f->name, strlen(f->name)));
		look(a, f);
	}
	same(a, form, files);
	arena_free(a);
	return 0;
}
