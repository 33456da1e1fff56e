/*
 * A whole request against every program's table, without a database: match, cookies, tokens, body, reply. The
 * input is lines: method, path, query, cookie header, authorization, content type; the rest is the body.
 * Whatever comes, one well-formed reply leaves: a status line first, headers without stray line breaks, one blank line.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/log.h"
#include "lib/crypto/crypto.h"
#include "lib/http/http.h"
#include "lib/http/http_internal.h"
#include "lib/view/tmpl.h"
#include "tests/fuzz/fuzz.h"

static enum err echo(struct req *rq, struct doc *out)
{
	const struct param *p = NULL;

	doc_list(out, "items");
	while ((p = req_field_next(rq, p, "x")) != NULL) {
		doc_item(out);
		doc_text(out, "x", p->value);
		doc_close(out);
	}
	doc_close(out);
	doc_text(out, "q", req_query(rq, "q"));
	return req_query(rq, "fail") != NULL ? fail_field(rq->cx, "x", "required", req_query(rq, "fail")) : OK;
}

static const struct route routes[] = {
	{ GET, "/a/:id", echo, PUBLIC, TX_NONE, NULL, .flags = R_API },
	{ GET, "/b/:key/c", echo, PUBLIC, TX_NONE, NULL, .flags = R_API | R_RAW },
	{ POST, "/p", echo, PUBLIC, TX_NONE, NULL, .flags = R_API | R_NO_CSRF },
	{ POST, "/f", echo, PUBLIC, TX_NONE, NULL, .flags = R_PAGE | R_PRE },
	{ GET, "/s", echo, SIGNED_IN, TX_READ, NULL, .flags = R_API },
};
static unsigned none(const char *role) { (void)role; return 0; }
static const struct app app = { "fuzz", "none", routes, nitems(routes), .perms = none };

static const char *line(struct arena *a, const uint8_t **p, const uint8_t *end)
{
	const uint8_t *nl = memchr(*p, '\n', (size_t)(end - *p)), *stop = nl != NULL ? nl : end;
	char *s = arena_strn(a, (const char *)*p, (size_t)(stop - *p));

	*p = nl != NULL ? nl + 1 : end;
	return strpbrk(s, "\r") != NULL ? "" : s; /* nginx lets no line break through in a header */
}

static void check(const struct buf *out)
{
	const char *end = strstr(out->p, "\r\n\r\n");

	REQUIRE(strncmp(out->p, "Status: ", 8) == 0 && end != NULL);
	for (const char *s = out->p; s < end; s++)
		REQUIRE(*s != '\n' || s[-1] == '\r');
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	log_open("fuzz", LOG_ERROR + 1);
	crypto_start();
	app_conf.static_version = "0";
	tmpl_start("templates");
	return tmpl_load("lib/error") == NULL ? 0 : -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new();
	struct ctx cx = { .arena = a };
	struct req rq = { .cx = &cx, .id = "r", .language = "pt_BR", .host = "localhost" };
	const uint8_t *p = data, *end = data + n;
	struct buf out = { 0 };

	rq.method = n > 0 ? (enum method)(data[0] % METHODS) : GET;
	(void)line(a, &p, end);
	rq.path = line(a, &p, end);
	rq.query_string = line(a, &p, end);
	rq.cookies = line(a, &p, end);
	rq.authorization = line(a, &p, end);
	rq.content_type = line(a, &p, end);
	rq.body = (const char *)p;
	rq.nbody = (size_t)(end - p);
	app_handle(&app, &rq, &out);
	check(&out);
	buf_free(&rq.headers);
	buf_free(&out);
	arena_free(a);
	return 0;
}
