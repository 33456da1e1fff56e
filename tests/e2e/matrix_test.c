/*
 * matrix_test.c: every row of every route table, asked by every role, on both faces, with ids of one's own, of
 * another tenant and of nobody. What is denied leaves the database as it was.
 */
#include <stdio.h>
#include <string.h>

#include "lib/auth/auth.h"
#include "lib/crypto/crypto.h"
#include "model/perm.h"
#include "tests/e2e/samples.h"

#define GONE "e2e.fora@marcenaria.test"

static const struct role { const char *name, *email, *role; } roles[] = {
	{ "anonymous", NULL, NULL }, { "viewer", VERA, "viewer" }, { "agent", LUANA, "agent" }, { "supervisor", DAVI, "supervisor" },
	{ "admin", ROSANA, "admin" }, { "super", SUPER, "super" }, { "agent of another tenant", ANA, "agent" }, { "disabled user", GONE, NULL },
};
enum { ANONYMOUS = 0, AGENT_ROLE = 2, SUPERVISOR_ROLE = 3, ADMIN_ROLE = 4, OUTSIDER = 6 };

/* For each row of all tables and each of its faces. */
typedef void visit(const struct route *r, const struct sample *s, bool api);

static void each_route(visit *fn)
{
	for (size_t i = 0; i < napps; i++) {
		for (size_t k = 0; k < all_apps[i]->nroutes; k++) {
			const struct route *r = &all_apps[i]->routes[k];
			const struct sample *s = sample_of(r);

			if (!EXPECT(s != NULL, "%s %s has no row in samples.c", method_text(r->method), r->path))
				continue;
			if ((r->flags & R_PAGE) == 0)
				fn(r, s, true);
			if ((r->flags & R_API) == 0)
				fn(r, s, false);
		}
	}
}

/* ---- asking ---- */

static void become(struct client *c, const struct role *role, bool api)
{
	const char *token;

	c->name = role->name;
	c->bearer = NULL;
	cookies_clear(c);
	c->csrf[0] = '\0';
	if (role->email == NULL)
		return;
	token = session_make(role->email, api ? "bearer" : "cookie");
	if (api) {
		c->bearer = token;
	} else {
		cookie_set(c, "balcao", token);
		snprintf(c->csrf, sizeof(c->csrf), "%s", auth_csrf(mem, token));
	}
}

/* The cookie that public forms hang on, with its token. */
static void pre_cookie(struct client *c, const struct route *r)
{
	const char *token = token_new(mem);

	if ((r->flags & R_PRE) == 0)
		return;
	cookie_set(c, strncmp(r->path, "/chat", 5) == 0 ? "balcao_visitor" : "balcao_pre", token);
	snprintf(c->csrf, sizeof(c->csrf), "%s", auth_csrf(mem, token));
}

static const char *form_of(const struct client *c, const struct route *r, const struct sample *s)
{
	if ((r->flags & R_NO_CSRF) != 0 || c->csrf[0] == '\0')
		return s->form;
	return arena_fmt(mem, "%s%scsrf=%s", s->form, *s->form != '\0' ? "&" : "", c->csrf);
}

/* A change of whatever version there is; body: whose things the body names. */
static long ask_with(struct client *c, const struct route *r, const struct sample *s, bool api, enum which w, enum which body, const char *path)
{
	if (r->method == GET)
		return http(c, "GET", path, NULL, NULL);
	if (!api)
		return post_raw(c, path, body_of(form_of(c, r, s), w, body));
	return send_if(c, method_text(r->method), path, r->method == POST ? NULL : "*", body_of(s->json, w, body));
}

static long ask(struct client *c, const struct route *r, const struct sample *s, bool api, enum which w, const char *path)
{
	return ask_with(c, r, s, api, w, OWN, path);
}

static bool denied_by_role(const struct route *r, const struct role *role)
{
	return r->need != PUBLIC && (role->role == NULL || (r->need != SIGNED_IN && (perms_of(role->role) & r->need) == 0));
}

/* What the table of permissions and the three ids say. */
static int wanted(const struct route *r, const struct sample *s, bool api, const struct role *role, enum which w)
{
	if (r->need != PUBLIC && role->role == NULL)
		return api || (r->flags & R_RAW) != 0 ? 401 : 303;
	if (denied_by_role(r, role))
		return 403;
	if (has_id(r) && (s->flags & NO_TENANT) == 0 && (w != OWN || (role == &roles[OUTSIDER] && strstr(r->path, "sessions/") == NULL)))
		return 404;
	if ((s->flags & NO_TENANT) != 0 && w == MISSING)
		return 404;
	return api ? s->api : s->page;
}

/* What a body names in marcenaria is nothing to somebody from elsewhere: passed over or refused. */
static bool passed_over(const struct client *c, const struct sample *s, bool api)
{
	return strcmp(c->name, roles[OUTSIDER].name) == 0 && names_others(api ? s->json : s->form) && (c->status == 422 || c->status == 404);
}

static bool is_wanted(struct client *c, const struct sample *s, bool api, int want, enum which w)
{
	bool ok = c->status == want || (want == (api ? s->api : s->page) && s->also != 0 && c->status == s->also) || passed_over(c, s, api);
	const char *location = header(c, "Location");

	EXPECT(ok, "%s, %s: %ld, want %d", c->call, which_names[w], c->status, want);
	if (ok && want == 303 && c->status == 303 && s->page != 303)
		EXPECT(location != NULL && strncmp(location, "/login", 6) == 0, "%s: goes to %s, not to the login", c->call, shown(location));
	EXPECT(c->status < 500 || c->status == s->also, "%s: %ld", c->call, c->status);
	return ok;
}

/* ---- 1: roles and ids ---- */

static void alike(const struct route *r, const struct client *c, enum which w, const size_t *size, const long *status)
{
	EXPECT(status[w] == status[MISSING], "%s %s: another tenant's id is %ld, a missing one %ld", c->name, r->path, status[w], status[MISSING]);
	EXPECT(size[w] == size[MISSING], "%s %s: another tenant's id has %zu bytes, a missing one %zu", c->name, r->path, size[w], size[MISSING]);
}

/* Whether this id is asked: those that role must not get at, and all where it is denied. What is ours is foreign to an outsider. */
static bool is_asked(const struct route *r, const struct role *role, enum which w)
{
	if (denied_by_role(r, role))
		return has_id(r) || w == OWN;
	if (!has_id(r))
		return false;
	return w == MISSING || w == (role == &roles[OUTSIDER] && strstr(r->path, "sessions/") == NULL ? OWN : FOREIGN);
}

struct asker { struct client *c; const char *path[WHICH]; };

/* One role: all three ids where it is denied, else those that are not its own. */
static void refuse_role(struct asker *k, const struct route *r, const struct sample *s, bool api, const struct role *role)
{
	size_t size[WHICH] = { 0 };
	long status[WHICH] = { 0 };

	for (enum which w = OWN; w < WHICH; w++) {
		if (!is_asked(r, role, w))
			continue;
		status[w] = ask(k->c, r, s, api, w, k->path[w]);
		size[w] = plain_size(k->c);
		is_wanted(k->c, s, api, wanted(r, s, api, role, w), w);
	}
	if (has_id(r) && (s->flags & NO_TENANT) == 0)
		alike(r, k->c, is_asked(r, role, FOREIGN) ? FOREIGN : OWN, size, status);
}

/* All roles, with one look at the database before and one after. */
static void refuse_all(const struct route *r, const struct sample *s, bool api)
{
	struct asker k[nitems(roles)];
	const char *before;

	if (r->need == PUBLIC)
		return;
	for (size_t i = 0; i < nitems(roles); i++) {
		k[i].c = client_new("");
		become(k[i].c, &roles[i], api);
		for (enum which w = OWN; w < WHICH; w++)
			k[i].path[w] = path_of(r, api ? "/api" : "", w, roles[i].email);
	}
	before = db_state(r->method == GET);
	for (size_t i = 0; i < nitems(roles); i++)
		refuse_role(&k[i], r, s, api, &roles[i]);
	before = db_changed(before, db_state(r->method == GET));
	EXPECT(*before == '\0', "%s %s%s was refused and changed %s", method_text(r->method), api ? "/api" : "", r->path, before);
	for (size_t i = 0; i < nitems(roles); i++)
		client_free(k[i].c);
}

static void roles_and_ids(void)
{
	each_route(refuse_all);
	EXPECT(sample_unused() == NULL, "samples.c has %s, which no route has", sample_unused() != NULL ? sample_unused()->path : "");
}

static void allow_all(const struct route *r, const struct sample *s, bool api)
{
	struct client *c = client_new("");

	for (size_t i = 0; i < nitems(roles); i++) {
		if (denied_by_role(r, &roles[i]) || (r->need == PUBLIC && i != ANONYMOUS && i != AGENT_ROLE))
			continue;
		become(c, &roles[i], api);
		pre_cookie(c, r);
		ask(c, r, s, api, OWN, path_of(r, api ? "/api" : "", OWN, roles[i].email));
		is_wanted(c, s, api, wanted(r, s, api, &roles[i], OWN), OWN);
		if (s->flags & NO_TENANT) {
			ask(c, r, s, api, MISSING, path_of(r, api ? "/api" : "", MISSING, roles[i].email));
			is_wanted(c, s, api, 404, MISSING);
		}
	}
	/* Assigning to nobody, pending, ...: the next row finds it as it was. */
	(void)sql("UPDATE conversation c SET assignee_id = u.id, assignee_name = u.name, status = 'open' FROM user_account u "
	          "WHERE u.email = '" LUANA "' AND c.contact_name LIKE 'E2E Matriz%%' AND c.tenant_id = u.tenant_id");
	client_free(c);
}

static void allowed_works(void)
{
	each_route(allow_all);
	throttle_forget();
}

/* ---- 2: forged requests ---- */

static const char *const forged[][2] = {
	{ "no token", NULL }, { "a token of another session", NULL },
	{ "a foreign Origin", "Origin: https://evil.example" }, { "Origin null", "Origin: null" },
	{ "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: cross-site" }, { "Sec-Fetch-Site: same-site", "Sec-Fetch-Site: same-site" },
};

static void forge_one(struct client *c, const struct route *r, const struct sample *s, bool api, const char *path, size_t how)
{
	const char *headers[4] = { NULL, NULL, NULL, NULL }, *good = arena_str(mem, c->csrf);
	struct body b = { api ? "application/json" : "application/x-www-form-urlencoded", api ? body_of(s->json, OWN, OWN) : body_of(s->form, OWN, OWN), 0 };
	const char *token = how == 0 ? NULL : how == 1 ? auth_csrf(mem, token_new(mem)) : good;
	size_t n = 0;

	b.n = b.data != NULL ? strlen(b.data) : 0;
	if (b.data == NULL)
		b.type = NULL;
	if (forged[how][1] != NULL)
		headers[n++] = forged[how][1];
	if (token != NULL)
		headers[n] = arena_fmt(mem, "X-CSRF-Token: %s", token);
	http(c, method_text(r->method), path, &b, headers);
	EXPECT(c->status == 403, "%s with %s: %ld, want 403", c->call, forged[how][0], c->status);
	if (!api && token != NULL && headers[0] == NULL) {
		post_raw(c, path, arena_fmt(mem, "%s%scsrf=%s", b.data, *s->form != '\0' ? "&" : "", token));
		EXPECT(c->status == 403, "%s with %s in the form: %ld, want 403", c->call, forged[how][0], c->status);
	}
}

/* Cookies are what browsers send by themselves: both faces, as somebody who may. */
static void forge_all(const struct route *r, const struct sample *s, bool api)
{
	const char *path, *before;
	struct client *c;

	if (r->method == GET || (r->flags & R_NO_CSRF) != 0 || (r->need == PUBLIC && (r->flags & R_PRE) == 0))
		return;
	c = client_new("");
	become(c, r->need == PUBLIC ? &roles[ANONYMOUS] : &roles[ADMIN_ROLE], false);
	pre_cookie(c, r);
	path = path_of(r, api ? "/api" : "", OWN, ROSANA);
	before = db_state(false);
	for (size_t i = 0; i < nitems(forged); i++)
		forge_one(c, r, s, api, path, i);
	before = db_changed(before, db_state(false));
	EXPECT(*before == '\0', "%s forged changed %s", c->call, before);
	client_free(c);
}

static void forged_requests(void)
{
	each_route(forge_all);
}

/* ---- 3: reading changes nothing ---- */

static void crawl_one(const struct route *r, const struct sample *s, bool api)
{
	struct client *c;

	if (r->method != GET)
		return;
	c = client_new("");
	for (size_t i = 0; i < nitems(roles); i++) {
		const char *path = path_of(r, api ? "/api" : "", OWN, roles[i].email);

		become(c, &roles[i], api);
		http(c, "GET", path, NULL, NULL);
		http(c, "HEAD", path, NULL, NULL);
		EXPECT(c->status < 500 || c->status == s->also, "%s: %ld", c->call, c->status);
		EXPECT(c->body.n == 0, "%s has a body", c->call);
	}
	client_free(c);
}

static void sessions_forgotten(void)
{
	(void)sql("DELETE FROM priv.session WHERE agent = 'e2e'");
}

static void reading_changes_nothing(void)
{
	const char *before, *changed;

	sessions_forgotten();
	before = db_state(true);
	each_route(crawl_one);
	sessions_forgotten();
	changed = db_changed(before, db_state(true));
	EXPECT(*changed == '\0', "GET requests changed %s", changed);
}

/* ---- 4: mass assignment ---- */

static const char *const extras[] = { "tenant_id", "role", "owner_id", "is_admin", "plan", "created_at", "id", "version", "author_id", "scope", "__proto__", "tenant", "user_id" };

static void assign_one(struct client *c, const struct route *r, const struct sample *s, const char *path, const char *name)
{
	const char *json = body_of(s->json, OWN, OWN);
	const char *rest = json != NULL && strcmp(json, "{}") != 0 ? arena_fmt(mem, ",%s", json + 1) : "}";
	const struct field *f = r->in != NULL ? rec_field(r->in, name) : NULL;

	if (f != NULL && (f->flags & RO) == 0)
		return;
	send_json(c, method_text(r->method), path, arena_fmt(mem, "{\"%s\":\"1\"%s", name, rest));
	EXPECT(c->status == 422, "%s with %s: %ld, want 422", c->call, name, c->status);
	EXPECT(same_text(js(c, "errors.0.pointer"), arena_fmt(mem, "/%s", name)), "%s with %s: pointer %s", c->call, name, shown(js(c, "errors.0.pointer")));
}

static void assign_all(const struct route *r, const struct sample *s, bool api)
{
	const char *columns, *schema, *table, *before, *path;
	struct client *c;

	if (!api || r->method == GET)
		return;
	if (!EXPECT(s->table != NULL, "%s %s: samples.c names no table", method_text(r->method), r->path))
		return;
	c = client_new("");
	become(c, &roles[SUPERVISOR_ROLE], true);
	schema = strchr(s->table, '.') != NULL ? "priv" : "public";
	table = strchr(s->table, '.') != NULL ? strchr(s->table, '.') + 1 : s->table;
	columns = sql("SELECT string_agg(column_name, ' ') FROM information_schema.columns WHERE table_schema = '%s' AND table_name = '%s'", schema, table);
	EXPECT(*columns != '\0', "no columns of %s", s->table);
	path = path_of(r, "/api", OWN, DAVI);
	before = db_state(false);
	for (const char *p = columns; *p != '\0'; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");

		assign_one(c, r, s, path, arena_strn(mem, p, n));
		p += n;
	}
	for (size_t i = 0; i < nitems(extras); i++)
		assign_one(c, r, s, path, extras[i]);
	before = db_changed(before, db_state(false));
	EXPECT(*before == '\0', "%s with undeclared fields changed %s", c->call, before);
	client_free(c);
}

static void mass_assignment(void)
{
	each_route(assign_all);
}

/* Forms take unknown fields without a word: what they name must not move. */
static void form_extras(const struct route *r, const struct sample *s, bool api)
{
	const struct role *role = &roles[denied_by_role(r, &roles[AGENT_ROLE]) ? ADMIN_ROLE : AGENT_ROLE];
	struct buf b = { 0 };
	struct client *c;

	if (api || r->method == GET || (r->flags & R_RAW) != 0 || (s->flags & ENDS) != 0 || r->need == PUBLIC)
		return;
	c = client_new("");
	become(c, role, false);
	buf_str(&b, body_of(form_of(c, r, s), OWN, OWN));
	for (size_t i = 0; i < nitems(extras); i++)
		if (strstr(s->form, extras[i]) == NULL && (r->in == NULL || rec_field(r->in, extras[i]) == NULL))
			buf_fmt(&b, "&%s=1", extras[i]);
	post_raw(c, path_of(r, "", OWN, role->email), b.p);
	EXPECT(c->status == s->page, "%s with more fields: %ld, want %d", c->call, c->status, s->page);
	buf_free(&b);
	client_free(c);
}

static const char *ownership(void)
{
	return sql("SELECT md5(string_agg(x, '/' ORDER BY x)) FROM ("
	           "SELECT concat_ws(' ', tenant_id, id, role, scope, active, email) FROM user_account UNION ALL SELECT concat_ws(' ', tenant_id, id, plan, status) FROM tenant UNION ALL "
	           "SELECT concat_ws(' ', tenant_id, id, contact_id, connection_id, created_at) FROM conversation UNION ALL "
	           "SELECT concat_ws(' ', tenant_id, id, owner_id, created_at) FROM contact WHERE coalesce(name, '') NOT LIKE 'E2E%%'"
	           ") t (x)");
}

static void mass_assignment_forms(void)
{
	const char *before = ownership();

	each_route(form_extras);
	EXPECT(same_text(before, ownership()), "more form fields moved a tenant, role, owner, id or date");
	EXPECT(sqln("SELECT count(*) FROM message WHERE author_id IS NULL AND direction = 'out' AND text = 'Oi'") == 0, "a message lost its author");
	EXPECT(sqln("SELECT count(*) FROM contact p JOIN tenant t USING (tenant_id) WHERE p.name LIKE 'E2E%%' AND (slug NOT IN ('marcenaria', 'clinica') OR p.created_at < t.created_at)") == 0,
	    "a person got another tenant or date");
}

/* ---- 5: ids inside bodies ---- */

/* Another tenant's thing named in a body is as good as none: refused alike, or passed over where many are named. */
static void named_one(const struct route *r, const struct sample *s, bool api)
{
	const char *text = api ? s->json : s->form, *before, *path;
	size_t size[WHICH] = { 0 };
	long status[WHICH] = { 0 };
	struct client *c;

	if (!names_others(text) || r->method == GET)
		return;
	c = client_new("");
	become(c, &roles[ADMIN_ROLE], api);
	path = path_of(r, api ? "/api" : "", OWN, ROSANA);
	/* A page that is shown again has been read then. */
	before = db_state(true);
	ask_with(c, r, s, api, OWN, MISSING, path);
	for (enum which w = FOREIGN; w < WHICH; w++) {
		ask_with(c, r, s, api, OWN, w, path);
		size[w] = plain_size(c);
		status[w] = c->status;
		EXPECT((c->status >= 400 && c->status < 500) || (s->flags & MANY) != 0, "%s naming %s in its body: %ld", c->call, which_names[w], c->status);
	}
	before = db_changed(before, db_state(true));
	EXPECT(*before == '\0', "%s naming what is not there in its body changed %s", c->call, before);
	alike(r, c, FOREIGN, size, status);
	client_free(c);
}

static void named_in_bodies(void)
{
	each_route(named_one);
}

/* ---- the frame ---- */

static void rest(void)
{
	jobs_pause();
	throttle_forget();
	user_need(GONE, "Fora da Casa", "agent", "all");
	(void)sql("UPDATE user_account SET active = false WHERE email = '" GONE "'");
	things_make();
}

static void go_on(void)
{
	throttle_forget();
	things_forget();
	jobs_resume();
}

#define RESTING(name) static void name##_resting(void) { rest(); name(); go_on(); }
RESTING(roles_and_ids)
RESTING(allowed_works)
RESTING(forged_requests)
RESTING(reading_changes_nothing)
RESTING(mass_assignment)
RESTING(mass_assignment_forms)
RESTING(named_in_bodies)

CU_TestInfo matrix_tests[] = {
	{ "every route, role and id: refused as declared, nothing changed", roles_and_ids_resting },
	{ "every route works for those who may", allowed_works_resting },
	{ "forged requests change nothing", forged_requests_resting },
	{ "reading changes nothing but marks", reading_changes_nothing_resting },
	{ "mass assignment through the API", mass_assignment_resting },
	{ "mass assignment through forms", mass_assignment_forms_resting },
	{ "another tenant's ids inside bodies", named_in_bodies_resting },
	CU_TEST_INFO_NULL
};
