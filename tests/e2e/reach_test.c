/* reach_test.c: what may reach whom: personal data and viewers, notes, the other tenant; and what the OpenAPI document says. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cgi/apps.h"
#include "tests/e2e/samples.h"

/* ---- viewers ---- */

/* What must not be seen: phones (their last eight digits, however they are written) and e-mail addresses of the tenant's people. */
struct secrets { char text[400][80]; size_t n; };

static void secrets_of(struct secrets *s, const char *list, bool digits)
{
	for (const char *p = list; *p != '\0' && s->n < nitems(s->text); p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");

		if (n < 70 && (!digits || n >= 8))
			snprintf(s->text[s->n++], sizeof(s->text[0]), "%.*s", (int)n, p);
		p += n;
	}
}

static void secrets_read(struct secrets *s)
{
	s->n = 0;
	secrets_of(s, sql("SELECT string_agg(DISTINCT right(regexp_replace(x, '[^0-9]', '', 'g'), 8), ' ') FROM ("
	                  "SELECT phone FROM contact UNION ALL SELECT contact_phone FROM conversation UNION ALL SELECT shown FROM contact_identity WHERE kind = 'phone' "
	                  "UNION ALL SELECT value FROM contact_identity WHERE kind = 'phone') t (x)"), true);
	secrets_of(s, sql("SELECT string_agg(DISTINCT lower(email), ' ') FROM contact WHERE email IS NOT NULL"), false);
}

/* The body with everything but digits taken out between digits of one run: "(31) 90000-0142" becomes "31900000142". */
static char *squeezed(const struct client *c)
{
	char *out = arena_alloc(mem, c->body.n + 1), *w = out;

	for (size_t i = 0; i < c->body.n; i++) {
		size_t gap = 0;

		*w++ = (char)tolower((unsigned char)c->body.p[i]);
		if (!isdigit((unsigned char)c->body.p[i]))
			continue;
		while (i + gap + 1 < c->body.n && strchr(" ()-.+", c->body.p[i + gap + 1]) != NULL)
			gap++;
		if (gap > 0 && i + gap + 1 < c->body.n && isdigit((unsigned char)c->body.p[i + gap + 1]))
			i += gap;
	}
	return out;
}

static size_t shows_secret(struct client *c, const struct secrets *s)
{
	const char *body = squeezed(c);
	size_t found = 0;

	for (size_t i = 0; i < s->n; i++) {
		const char *at = strstr(body, s->text[i]);

		/* Digits inside a longer run or an id are no phone: ids are hex with dashes, their runs are cut by letters. */
		if (at == NULL)
			continue;
		found++;
		EXPECT(false, "%s shows %s: ...%.60s", c->call, s->text[i], at > body + 20 ? at - 20 : body);
	}
	return found;
}

static const char *every_path(size_t i)
{
	static const char *const fixed[] = {
		"/api/conversations?status=any&limit=100", "/api/contacts?limit=100", "/api/leads?limit=100", "/api/notifications", "/conversations?status=any", "/contacts", "/leads",
		"/notifications", "/conversations", "/api/conversations?q=90000", "/contacts?q=90000",
		"/deals", "/api/deals?limit=100", "/pipelines", "/api/pipelines", "/tags", "/api/tags", "/scheduled", "/api/scheduled-messages", "/api/conversations/views",
	};
	const char *ids;

	if (i < nitems(fixed))
		return fixed[i];
	i -= nitems(fixed);
	ids = sql("SELECT coalesce((SELECT x FROM ("
	          "SELECT 1, number, format('/api/conversations/%%s', id) FROM conversation JOIN tenant t USING (tenant_id, id) WHERE false "
	          "UNION ALL SELECT n, number, format(f, c.id) FROM conversation c, (VALUES (1, '/api/conversations/%%s'), (2, '/api/conversations/%%s/messages?limit=100'), (3, '/conversations/%%s')) v (n, f) "
	          "WHERE c.tenant_id = (SELECT tenant_id FROM tenant WHERE slug = 'marcenaria') AND c.number <= 16 "
	          "UNION ALL SELECT n, 0, format(f, p.id) FROM contact p, (VALUES (4, '/api/contacts/%%s'), (5, '/contacts/%%s'), (6, '/api/contacts/%%s/timeline')) v (n, f) "
	          "WHERE p.tenant_id = (SELECT tenant_id FROM tenant WHERE slug = 'marcenaria') AND p.phone LIKE '%%(31) 90000%%' "
	          "UNION ALL SELECT n, 0, format(f, d.id) FROM deal d, (VALUES (7, '/api/deals/%%s'), (8, '/deals/%%s'), (9, '/api/deals/%%s/activities')) v (n, f) "
	          "WHERE d.tenant_id = (SELECT tenant_id FROM tenant WHERE slug = 'marcenaria') "
	          "UNION ALL SELECT 10, 0, format('/pipelines/%%s', l.id) FROM pipeline l WHERE l.tenant_id = (SELECT tenant_id FROM tenant WHERE slug = 'marcenaria')) t (n, number, x) ORDER BY n, number, x OFFSET %zu LIMIT 1), '')", i);
	return *ids != '\0' ? ids : NULL;
}

/* Somebody's phone and address change and change back: the timeline keeps both. */
static void change_person(void)
{
	struct client *c = client_new("supervisor");
	const char *path = arena_fmt(mem, "/api/contacts/%s", sql("SELECT p.id FROM contact p JOIN tenant t USING (tenant_id) WHERE slug = 'marcenaria' AND p.phone LIKE '%%(31) 90000%%' "
	                             "AND p.email IS NOT NULL ORDER BY p.id LIMIT 1"));
	const char *phone, *email;

	bearer(c, DAVI);
	http(c, "GET", path, NULL, NULL);
	phone = js(c, "phone");
	email = js(c, "email");
	send_if(c, "PATCH", path, "*", "{\"phone\":\"(31) 98765-4321\",\"email\":\"antes@correio.example\"}");
	IS_STATUS(c, 200);
	send_if(c, "PATCH", path, "*", arena_fmt(mem, "{\"phone\":\"%s\",\"email\":\"%s\"}", phone, email));
	IS_STATUS(c, 200);
	client_free(c);
}

static void masked_for_viewers(void)
{
	struct secrets *s = arena_alloc(mem, sizeof(*s));
	struct client *c = client_new("viewer"), *seer = client_new("agent");
	size_t asked = 0, seen = 0;
	const char *path;

	secrets_read(s);
	/* What was a phone or an address once, and what people wrote beside things, is as personal. */
	(void)sql("UPDATE deal d SET description = 'Ligar para (31) 90000-0142 ou jessica@correio.example', next_step = 'Falar com 31 90000-0142' FROM tenant t "
	          "WHERE t.tenant_id = d.tenant_id AND slug = 'marcenaria' AND d.id = (SELECT id FROM deal x WHERE x.tenant_id = t.tenant_id AND x.status = 'open' ORDER BY x.id LIMIT 1)");
	change_person();
	EXPECT(s->n > 20, "only %zu phones and addresses to look for", s->n);
	sign_in(c, VERA);
	sign_in(seer, DAVI);
	for (; (path = every_path(asked)) != NULL && asked < 300; asked++) {
		http(c, "GET", path, NULL, NULL);
		EXPECT(c->status == 200 || (c->status == 303 && strcmp(path, "/pipelines") == 0), "%s: %ld", c->call, c->status);
		shows_secret(c, s);
		if (asked < 11 || strncmp(path, "/api/contacts/", 14) == 0) {
			http(seer, "GET", path, NULL, NULL);
			seen += has(seer, "90000-") || has(seer, "correio.example");
		}
	}
	EXPECT(asked > 60 && seen > 10, "%zu answers looked at, %zu had something to mask", asked, seen);
	client_free(c);
	client_free(seer);
}

/* Nothing of the other tenant anywhere, whoever looks. */
static void other_tenant_unseen(void)
{
	static const char *const names[] = { "Iracema Fonseca", "Yasmin Couto", "Geraldo Pimenta", "Helena Brandão", "clinica.test", "Bem-Viver" };
	struct client *c = client_new("admin");
	const char *path;

	sign_in(c, ROSANA);
	for (size_t i = 0; (path = every_path(i)) != NULL && i < 300; i++) {
		http(c, "GET", path, NULL, NULL);
		for (size_t k = 0; k < nitems(names); k++)
			HAS_NOT(c, names[k]);
	}
	get(c, "/api/conversations?status=any&q=Geraldo");
	EXPECT(jcount(c, "items") == 0, "the search finds the other tenant's people");
	get(c, "/api/leads?q=Geraldo");
	EXPECT(jcount(c, "items") == 0, "the search finds the other tenant's people");
	client_free(c);
}

/* ---- the OpenAPI document ---- */

static json_t *at_ref(json_t *root, const char *ref)
{
	json_t *v = strncmp(ref, "#/", 2) == 0 ? root : NULL;

	for (ref += 2; v != NULL && *ref != '\0'; ) {
		size_t n = strcspn(ref, "/");

		v = json_object_get(v, arena_strn(mem, ref, n));
		ref += n + (ref[n] == '/');
	}
	return v;
}

static size_t check_refs(json_t *root, json_t *v)
{
	size_t n = 0, i;
	const char *k;
	json_t *m;

	if (json_is_array(v))
		json_array_foreach(v, i, m)
			n += check_refs(root, m);
	if (!json_is_object(v))
		return n;
	json_object_foreach(v, k, m) {
		if (strcmp(k, "$ref") == 0) {
			n++;
			EXPECT(json_is_string(m) && at_ref(root, json_string_value(m)) != NULL, "$ref to nothing: %s", json_string_value(m));
		}
		n += check_refs(root, m);
	}
	return n;
}

/* "/conversations/:id" as OpenAPI writes it. */
static const char *templated(const char *path)
{
	struct buf b = { 0 };
	const char *out;

	buf_str(&b, "/api");
	while (*path != '\0') {
		size_t n = strcspn(path + 1, "/") + 1;

		if (path[1] == ':')
			buf_fmt(&b, "/{%.*s}", (int)n - 2, path + 2);
		else
			buf_add(&b, path, n);
		path += n;
	}
	out = arena_str(mem, b.p);
	buf_free(&b);
	return out;
}

static void openapi(void)
{
	static const char *const methods[METHODS] = { "get", "post", "patch", "delete" };
	struct client *c = client_new("developer");
	json_t *root, *paths;
	size_t listed = 0, rows = 0;
	const char *k;
	json_t *v;

	get(c, "/api/openapi.json");
	IS_STATUS(c, 200);
	EXPECT(same_text(header(c, "Content-Type"), "application/json"), "openapi.json is %s", shown(header(c, "Content-Type")));
	root = jv(c, "");
	paths = json_object_get(root, "paths");
	EXPECT(json_is_object(paths), "no paths");
	EXPECT(check_refs(root, root) > 0, "no $ref at all");
	for (size_t i = 0; i < napps; i++) {
		for (size_t r = 0; r < all_apps[i]->nroutes; r++) {
			const struct route *row = &all_apps[i]->routes[r];

			if (row->flags & R_PAGE)
				continue;
			rows++;
			v = json_object_get(json_object_get(paths, templated(row->path)), methods[row->method]);
			if (v == NULL && json_object_get(json_object_get(paths, templated(row->path) + 4), methods[row->method]) != NULL)
				v = json_object_get(json_object_get(paths, templated(row->path) + 4), methods[row->method]);
			EXPECT(v != NULL, "%s %s is not listed", methods[row->method], templated(row->path));
			EXPECT(v == NULL || json_object_get(v, "responses") != NULL, "%s %s has no responses", methods[row->method], row->path);
		}
	}
	json_object_foreach(paths, k, v)
		for (enum method m = GET; m < METHODS; m++)
			listed += json_object_get(v, methods[m]) != NULL;
	EXPECT(listed == rows, "%zu operations listed, the tables have %zu", listed, rows);
	client_free(c);
}

CU_TestInfo reach_tests[] = {
	{ "viewers see no phone and no e-mail address anywhere", masked_for_viewers },
	{ "nothing of another tenant anywhere", other_tenant_unseen },
	{ "openapi.json lists what there is", openapi },
	CU_TEST_INFO_NULL
};
