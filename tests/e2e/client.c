#include "tests/e2e/client.h"

#include <curl/curl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "lib/base/text.h"
#include "tests/e2e/world.h"

struct arena *mem;

void nap(int ms)
{
	struct timespec t = { ms / 1000, (long)(ms % 1000) * 1000000 };

	nanosleep(&t, NULL);
}

struct client *client_new(const char *name)
{
	struct client *c = calloc(1, sizeof(*c));

	if (c == NULL)
		abort();
	c->curl = curl_easy_init();
	c->name = name;
	return c;
}

void client_free(struct client *c)
{
	curl_easy_cleanup(c->curl);
	buf_free(&c->head);
	buf_free(&c->body);
	json_decref(c->json);
	free(c);
}

/* ---- cookies ---- */

void cookie_set(struct client *c, const char *name, const char *value)
{
	size_t i = 0;

	while (i < c->ncookies && strcmp(c->jar[i].name, name) != 0)
		i++;
	if (value == NULL) {
		if (i < c->ncookies)
			c->jar[i] = c->jar[--c->ncookies];
		return;
	}
	if (i == nitems(c->jar))
		abort();
	snprintf(c->jar[i].name, sizeof(c->jar[i].name), "%s", name);
	snprintf(c->jar[i].value, sizeof(c->jar[i].value), "%s", value);
	c->ncookies += i == c->ncookies;
}

const char *cookie_of(const struct client *c, const char *name)
{
	for (size_t i = 0; i < c->ncookies; i++)
		if (strcmp(c->jar[i].name, name) == 0)
			return c->jar[i].value;
	return NULL;
}

void cookies_clear(struct client *c)
{
	c->ncookies = 0;
}

/* "name=value; Max-Age=0; ...": into the jar, or out of it. */
static void cookie_take(struct client *c, const char *line, size_t n)
{
	char *s = arena_strn(mem, line, n), *eq = strchr(s, '='), *end = strchr(s, ';');
	bool gone = strstr(s, "Max-Age=0") != NULL;

	if (eq == NULL || (end != NULL && eq > end))
		return;
	*eq = '\0';
	if (end != NULL)
		*end = '\0';
	cookie_set(c, s, gone ? NULL : eq + 1);
}

/* ---- requests ---- */

static size_t take(char *p, size_t size, size_t n, void *to)
{
	buf_add(to, p, size * n);
	return size * n;
}

static size_t take_head(char *p, size_t size, size_t n, void *to)
{
	struct client *c = to;
	size_t len = size * n;

	if (len > 5 && strncmp(p, "HTTP/", 5) == 0)
		buf_reset(&c->head);
	if (len > 12 && strncasecmp(p, "Set-Cookie: ", 12) == 0)
		cookie_take(c, p + 12, strcspn(p + 12, "\r\n"));
	buf_add(&c->head, p, len);
	return len;
}

static struct curl_slist *headers_of(const struct client *c, const struct body *b, const char *const *more)
{
	struct curl_slist *l = curl_slist_append(NULL, "Expect:");
	struct buf jar = { 0 };

	if (b != NULL && b->type != NULL)
		l = curl_slist_append(l, arena_fmt(mem, "Content-Type: %s", b->type));
	else
		l = curl_slist_append(l, "Content-Type:");
	if (c->bearer != NULL)
		l = curl_slist_append(l, arena_fmt(mem, "Authorization: Bearer %s", c->bearer));
	for (size_t i = 0; i < c->ncookies; i++)
		buf_fmt(&jar, "%s%s=%s", i > 0 ? "; " : "", c->jar[i].name, c->jar[i].value);
	if (jar.n > 0)
		l = curl_slist_append(l, arena_fmt(mem, "Cookie: %s", jar.p));
	buf_free(&jar);
	for (; more != NULL && *more != NULL; more++)
		l = curl_slist_append(l, *more);
	return l;
}

long http(struct client *c, const char *method, const char *path, const struct body *b, const char *const *headers)
{
	struct curl_slist *l = headers_of(c, b, headers);
	bool head = strcmp(method, "HEAD") == 0;

	snprintf(c->call, sizeof(c->call), "%s %s %.200s", c->name, method, path);
	buf_reset(&c->head);
	buf_reset(&c->body);
	json_decref(c->json);
	c->json = NULL;
	curl_easy_reset(c->curl);
	curl_easy_setopt(c->curl, CURLOPT_URL, arena_fmt(mem, "%s%s", world.base, path));
	curl_easy_setopt(c->curl, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(c->curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(c->curl, CURLOPT_NOBODY, head ? 1L : 0L);
	curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, l);
	curl_easy_setopt(c->curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(c->curl, CURLOPT_TIMEOUT, 30L);
	curl_easy_setopt(c->curl, CURLOPT_USERAGENT, "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0 e2e");
	curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, (void *)&c->body);
	curl_easy_setopt(c->curl, CURLOPT_HEADERFUNCTION, take_head);
	curl_easy_setopt(c->curl, CURLOPT_HEADERDATA, (void *)c);
	if (strcmp(method, "GET") != 0 && !head) {
		curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)(b != NULL && b->data != NULL ? b->n : 0));
		curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, b != NULL && b->data != NULL ? b->data : "");
	}
	c->status = 0;
	if (curl_easy_perform(c->curl) == CURLE_OK)
		curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &c->status);
	curl_easy_getinfo(c->curl, CURLINFO_TOTAL_TIME, &c->seconds);
	curl_slist_free_all(l);
	return c->status;
}

/* A page that was read gives its token to the forms that follow. */
long get(struct client *c, const char *path)
{
	const char *csrf;

	http(c, "GET", path, NULL, NULL);
	csrf = c->status == 200 ? input_value(c, "csrf") : NULL;
	if (csrf != NULL)
		snprintf(c->csrf, sizeof(c->csrf), "%s", csrf);
	return c->status;
}

long send_json(struct client *c, const char *method, const char *path, const char *data)
{
	return send_if(c, method, path, NULL, data);
}

long send_if(struct client *c, const char *method, const char *path, const char *match, const char *data)
{
	struct body b = { data != NULL ? "application/json" : NULL, data, data != NULL ? strlen(data) : 0 };
	const char *const headers[] = { match != NULL ? arena_fmt(mem, "If-Match: %s", match) : NULL, NULL };

	return http(c, method, path, &b, headers);
}

/* ---- multipart ---- */

static const char *boundary_of(const struct parts *p)
{
	return p->boundary != NULL ? p->boundary : "e2e0boundary0e2e";
}

void part(struct parts *p, const char *name, const char *value)
{
	buf_fmt(&p->b, "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", boundary_of(p), name, value);
}

void part_file(struct parts *p, const char *name, const char *type, const char *data, size_t n)
{
	buf_fmt(&p->b, "--%s\r\nContent-Disposition: form-data; name=\"files\"; filename=\"%s\"\r\nContent-Type: %s\r\n\r\n", boundary_of(p), name, type);
	buf_add(&p->b, data, n);
	buf_str(&p->b, "\r\n");
}

long parts_post(struct client *c, const char *path, struct parts *p, const char *const *headers)
{
	struct body sent = { arena_fmt(mem, "multipart/form-data; boundary=%s", boundary_of(p)), NULL, 0 };

	buf_fmt(&p->b, "--%s--\r\n", boundary_of(p));
	sent.data = p->b.p;
	sent.n = p->b.n;
	http(c, "POST", path, &sent, headers);
	buf_free(&p->b);
	return c->status;
}

long post_raw(struct client *c, const char *path, const char *form)
{
	struct body b = { "application/x-www-form-urlencoded", form, strlen(form) };

	return http(c, "POST", path, &b, NULL);
}

long post_form(struct client *c, const char *path, ...)
{
	struct buf b = { 0 };
	const char *name;
	va_list ap;

	buf_fmt(&b, "csrf=%s", url_text(c->csrf));
	va_start(ap, path);
	while ((name = va_arg(ap, const char *)) != NULL)
		buf_fmt(&b, "&%s=%s", name, url_text(va_arg(ap, const char *)));
	va_end(ap);
	post_raw(c, path, b.p);
	buf_free(&b);
	return c->status;
}

const char *url_text(const char *s)
{
	struct buf b = { 0 };
	char *out;

	buf_url(&b, s);
	out = arena_str(mem, b.n > 0 ? b.p : "");
	buf_free(&b);
	return out;
}

const char *json_quoted(const char *s)
{
	struct buf b = { 0 };
	char *out;

	buf_json(&b, s);
	out = arena_str(mem, b.p);
	buf_free(&b);
	return out;
}

/* ---- answers ---- */

const char *header(struct client *c, const char *name)
{
	size_t n = strlen(name);

	for (const char *s = c->head.n > 0 ? c->head.p : NULL; s != NULL && *s != '\0'; s = strchr(s, '\n')) {
		s += *s == '\n';
		if (strncasecmp(s, name, n) == 0 && s[n] == ':') {
			s += n + 1;
			s += strspn(s, " ");
			return arena_strn(mem, s, strcspn(s, "\r\n"));
		}
	}
	return NULL;
}

json_t *jv(struct client *c, const char *path)
{
	json_t *v;

	if (c->json == NULL)
		c->json = json_loadb(c->body.n > 0 ? c->body.p : "", c->body.n, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
	v = c->json;
	while (v != NULL && *path != '\0') {
		size_t n = strcspn(path, ".");
		char *key = arena_strn(mem, path, n);

		v = json_is_array(v) ? json_array_get(v, (size_t)strtoul(key, NULL, 10)) : json_object_get(v, key);
		path += n + (path[n] == '.');
	}
	return v;
}

const char *js(struct client *c, const char *path)
{
	json_t *v = jv(c, path);

	if (json_is_string(v))
		return arena_str(mem, json_string_value(v));
	if (json_is_integer(v))
		return arena_fmt(mem, "%lld", (long long)json_integer_value(v));
	if (json_is_boolean(v))
		return json_is_true(v) ? "true" : "false";
	return NULL;
}

size_t jcount(struct client *c, const char *path)
{
	return json_array_size(jv(c, path));
}

bool has(const struct client *c, const char *text)
{
	return c->body.n > 0 && memmem(c->body.p, c->body.n, text, strlen(text)) != NULL;
}

size_t times(const struct client *c, const char *text)
{
	size_t n = 0;

	for (const char *s = c->body.n > 0 ? strstr(c->body.p, text) : NULL; s != NULL; s = strstr(s + 1, text))
		n++;
	return n;
}

static char *unescape(const char *s, size_t n)
{
	static const char *const names[][2] = { { "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" }, { "&quot;", "\"" }, { "&#39;", "'" } };
	char *out = arena_alloc(mem, n + 1), *w = out;

	while (n > 0) {
		size_t step = 1, i = 0;

		while (i < nitems(names) && (strlen(names[i][0]) > n || strncmp(s, names[i][0], strlen(names[i][0])) != 0))
			i++;
		*w++ = i < nitems(names) ? *names[i][1] : *s;
		if (i < nitems(names))
			step = strlen(names[i][0]);
		s += step;
		n -= step;
	}
	return out;
}

const char *input_value(const struct client *c, const char *name)
{
	const char *want = arena_fmt(mem, "name=\"%s\"", name), *s = c->body.n > 0 ? c->body.p : "";

	for (; (s = strstr(s, "<input")) != NULL; s++) {
		const char *tag = arena_strn(mem, s, strcspn(s, ">")), *v = strstr(tag, " value=\"");

		if (strstr(tag, want) == NULL)
			continue;
		return v != NULL ? unescape(v + 8, strcspn(v + 8, "\"")) : "";
	}
	return NULL;
}

size_t plain_size(struct client *c)
{
	const char *id = header(c, "X-Request-Id");

	return c->body.n - (id != NULL ? times(c, id) * strlen(id) : 0);
}

/* ---- assertions ---- */

bool expect_(bool cond, const char *file, unsigned line, const char *fmt, ...)
{
	char text[1000];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	CU_assertImplementation(cond ? CU_TRUE : CU_FALSE, line, text, file, "", CU_FALSE);
	return cond;
}

const char *shown(const char *s)
{
	return s != NULL ? s : "NULL";
}

bool same_text(const char *a, const char *b)
{
	return a != NULL && b != NULL ? strcmp(a, b) == 0 : a == b;
}

bool is_text_(const struct client *c, const char *got, const char *want, const char *file, unsigned line)
{
	return expect_(same_text(got, want), file, line, "%s (%ld): got [%.300s], want [%.300s]", c->call, c->status, got != NULL ? got : "NULL",
	    want != NULL ? want : "NULL");
}
