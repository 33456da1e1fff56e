/*
 * count_test.c: how many statements and round trips each GET takes: no more than its row below says, and as many with
 * forty times the rows as with one. What grows with the rows asks once per row. The figures are those of the log line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/samples.h"

/* The most statements and round trips that each route takes: of its page, of its API. None: it has no such face. */
struct most { int statements, trips; };
static const struct { const char *path; struct most page, api; } most[] = {
	{ "/me", { 0, 0 }, { 1, 1 } },
	{ "/sessions", { 0, 0 }, { 2, 1 } },
	{ "/account", { 3, 1 }, { 0, 0 } },
	{ "/conversations", { 9, 2 }, { 3, 2 } },
	{ "/conversations/views", { 0, 0 }, { 2, 1 } },
	{ "/conversations/new", { 3, 1 }, { 0, 0 } },
	{ "/conversations/:id", { 23, 5 }, { 3, 2 } },
	{ "/conversations/:id/messages", { 0, 0 }, { 6, 3 } },
	{ "/messages/:id", { 0, 0 }, { 3, 2 } },
	{ "/conversations/:id/assign", { 5, 2 }, { 0, 0 } },
	{ "/conversations/:id/snooze", { 3, 1 }, { 0, 0 } },
	{ "/conversations/:id/merge", { 4, 2 }, { 0, 0 } },
	{ "/conversations/:id/quick-replies/:quick_reply_id", { 0, 0 }, { 3, 2 } },
	{ "/conversations/:id/template", { 4, 2 }, { 0, 0 } },
	{ "/templates", { 4, 2 }, { 2, 1 } },
	{ "/templates/:id", { 0, 0 }, { 2, 1 } },
	{ "/quick-replies", { 3, 1 }, { 2, 1 } },
	{ "/quick-replies/new", { 2, 1 }, { 0, 0 } },
	{ "/quick-replies/:id", { 0, 0 }, { 2, 1 } },
	{ "/quick-replies/:id/edit", { 3, 1 }, { 0, 0 } },
	{ "/quick-replies/:id/delete", { 3, 1 }, { 0, 0 } },
	{ "/scheduled", { 3, 1 }, { 0, 0 } },
	{ "/scheduled/:id/edit", { 3, 1 }, { 0, 0 } },
	{ "/scheduled-messages", { 0, 0 }, { 2, 1 } },
	{ "/scheduled-messages/:id", { 0, 0 }, { 2, 1 } },
	{ "/files/:id", { 2, 1 }, { 2, 1 } },
	{ "/events", { 0, 0 }, { 3, 1 } },
	{ "/notifications", { 3, 1 }, { 2, 1 } },
	{ "/contacts", { 7, 2 }, { 4, 2 } },
	{ "/contacts/new", { 3, 2 }, { 0, 0 } },
	{ "/contacts/:id", { 10, 1 }, { 4, 3 } },
	{ "/contacts/:id/edit", { 4, 2 }, { 0, 0 } },
	{ "/contacts/:id/timeline", { 0, 0 }, { 3, 2 } },
	{ "/contacts/:id/convert", { 5, 3 }, { 0, 0 } },
	{ "/contacts/:id/lose", { 3, 1 }, { 0, 0 } },
	{ "/leads", { 7, 2 }, { 4, 2 } },
	{ "/leads/new", { 3, 2 }, { 0, 0 } },
	{ "/leads/:id", { 10, 1 }, { 4, 3 } },
	{ "/leads/:id/edit", { 4, 2 }, { 0, 0 } },
	{ "/leads/:id/timeline", { 0, 0 }, { 3, 2 } },
	{ "/leads/:id/convert", { 5, 3 }, { 0, 0 } },
	{ "/leads/:id/lose", { 3, 1 }, { 0, 0 } },
	{ "/tags", { 3, 1 }, { 2, 1 } },
	{ "/tags/:id", { 0, 0 }, { 2, 1 } },
	{ "/pipelines", { 0, 0 }, { 3, 1 } },
	{ "/pipelines/new", { 2, 1 }, { 0, 0 } },
	{ "/pipelines/:id", { 8, 1 }, { 3, 1 } },
	{ "/pipelines/:id/settings", { 7, 3 }, { 0, 0 } },
	{ "/pipelines/:id/delete", { 7, 3 }, { 0, 0 } },
	{ "/stages/:id/delete", { 8, 4 }, { 0, 0 } },
	{ "/deals", { 7, 4 }, { 3, 2 } },
	{ "/deals/new", { 9, 5 }, { 0, 0 } },
	{ "/deals/:id", { 7, 4 }, { 3, 2 } },
	{ "/deals/:id/edit", { 6, 4 }, { 0, 0 } },
	{ "/deals/:id/move", { 5, 2 }, { 0, 0 } },
	{ "/deals/:id/lose", { 5, 2 }, { 0, 0 } },
	{ "/deals/:id/delete", { 3, 1 }, { 0, 0 } },
	{ "/deals/:id/activities", { 0, 0 }, { 3, 2 } },
	{ "/teams", { 5, 3 }, { 3, 2 } },
	{ "/teams/new", { 4, 2 }, { 0, 0 } },
	{ "/teams/:id", { 0, 0 }, { 3, 2 } },
	{ "/teams/:id/edit", { 5, 3 }, { 0, 0 } },
	{ "/teams/:id/delete", { 3, 1 }, { 0, 0 } },
	{ "/users", { 0, 0 }, { 2, 1 } },
	{ "/presence", { 0, 0 }, { 2, 1 } },
	{ "/connections", { 3, 1 }, { 2, 1 } },
	{ "/connections/new", { 3, 1 }, { 0, 0 } },
	{ "/connections/:id", { 4, 2 }, { 2, 1 } },
	{ "/holidays", { 3, 1 }, { 2, 1 } },
};
enum { MOST_ROUTES = 400 };
static struct count { const struct app *app; const struct route *route; bool api; int statements, trips; } counts[MOST_ROUTES];
static size_t ncounts;

/* " sql=7" of the request's line, -1: no such line. */
static int figure(const char *line, const char *name)
{
	const char *at = line != NULL ? strstr(line, name) : NULL;

	return at != NULL ? atoi(at + strlen(name)) : -1;
}

/* The line that app wrote for the request that c made last. */
static const char *log_line(const struct client *c, const char *id, const struct app *app)
{
	FILE *f = fopen(arena_fmt(mem, "%s/log/%s.log", world.dir, app->name), "r");
	const char *want = arena_fmt(mem, "req=%s ", id), *found = NULL;
	char line[4096];

	EXPECT(f != NULL, "%s: no log of %s", c->call, app->name);
	if (f == NULL)
		return NULL;
	while (found == NULL && fgets(line, sizeof(line), f) != NULL)
		if (strstr(line, want) != NULL && strstr(line, " ev=request ") != NULL)
			found = arena_str(mem, line);
	fclose(f);
	return found;
}

static void ask(struct client *c, struct count *n)
{
	const char *line, *id;

	get(c, path_of(n->route, n->api ? "/api" : "", OWN, ROSANA));
	IS_STATUS(c, 200);
	id = header(c, "X-Request-Id");
	line = log_line(c, id != NULL ? id : "-", n->app);
	n->statements = figure(line, " sql=");
	n->trips = figure(line, " trips=");
	EXPECT(n->statements >= 0 && n->trips >= 0, "%s: its line in the log tells no statements: %s", c->call, shown(line));
}

static void add(const struct app *app, const struct route *r, bool api)
{
	if (EXPECT(ncounts < MOST_ROUTES, "more than %d GET routes", MOST_ROUTES))
		counts[ncounts++] = (struct count){ app, r, api, 0, 0 };
}

static void list_routes(void)
{
	ncounts = 0;
	for (size_t i = 0; i < napps; i++) {
		for (size_t k = 0; k < all_apps[i]->nroutes; k++) {
			const struct route *r = &all_apps[i]->routes[k];

			if (r->method != GET || r->need == PUBLIC || sample_of(r) == NULL)
				continue;
			if ((r->flags & R_PAGE) == 0 && sample_of(r)->api == 200)
				add(all_apps[i], r, true);
			if ((r->flags & R_API) == 0 && sample_of(r)->page == 200)
				add(all_apps[i], r, false);
		}
	}
}

/* What the pages show, forty of each, beside the things of samples.c. Found again by their name. */
#define TENANT "(SELECT tenant_id FROM tenant WHERE slug = 'marcenaria')"
#define ASKER "(SELECT id FROM user_account WHERE email = '" ROSANA "')"
#define FORTY "generate_series(1, 40) i"
static const char *const more[] = {
	"INSERT INTO user_account (tenant_id, name, email, role) SELECT " TENANT ", 'E2E many ' || i, 'e2e.many' || i || '@marcenaria.test', 'agent' FROM " FORTY,
	"INSERT INTO team (tenant_id, name) SELECT " TENANT ", 'E2E many ' || i FROM " FORTY,
	"INSERT INTO team_member (tenant_id, team_id, user_id) SELECT t.tenant_id, t.id, u.id FROM team t JOIN user_account u ON u.name = t.name WHERE t.name LIKE 'E2E many%'",
	"INSERT INTO tag (tenant_id, name) SELECT " TENANT ", 'E2E many ' || i FROM " FORTY,
	"INSERT INTO contact (tenant_id, name, phone, lifecycle, owner_id, last_activity_at, search) SELECT " TENANT ", 'E2E many ' || i, '(31) 90000-' || 8000 + i, "
	    "(ARRAY['lead', 'contact'])[1 + i % 2], " ASKER ", now(), ' e2e many' FROM generate_series(1, 80) i",
	"INSERT INTO contact_identity (tenant_id, contact_id, kind, value) SELECT tenant_id, id, 'phone', 'e2e-many-' || id FROM contact WHERE name LIKE 'E2E many%'",
	"INSERT INTO contact_identity (tenant_id, contact_id, kind, value) SELECT " TENANT ", '${contact}', 'email', 'e2e-many-' || i FROM " FORTY,
	"INSERT INTO conversation (tenant_id, number, contact_id, connection_id, channel, contact_name, preview, preview_kind, unread, waiting_since, assignee_id, assignee_name) "
	    "SELECT p.tenant_id, 900000 + row_number() OVER (), p.id, '${connection}', 'whatsapp', p.name, 'Oi', 'text', 1, CASE WHEN p.lifecycle = 'lead' THEN now() END, " ASKER ", 'x' "
	    "FROM contact p WHERE p.name LIKE 'E2E many%'",
	"INSERT INTO conversation (tenant_id, number, contact_id, connection_id, channel, status, contact_name, preview, preview_kind) "
	    "SELECT " TENANT ", 800000 + i, '${contact}', '${connection}', 'whatsapp', 'resolved', 'E2E many', 'Oi', 'text' FROM " FORTY,
	"INSERT INTO conversation (tenant_id, number, contact_id, connection_id, channel, status, contact_name, preview, preview_kind) "
	    "SELECT tenant_id, 700000 + i, contact_id, connection_id, channel, 'resolved', 'E2E many', 'Oi', 'text' FROM conversation, " FORTY " WHERE id = '${conversation}'",
	"INSERT INTO message (tenant_id, conversation_id, connection_id, direction, kind, text, status, external_id, reply_to, author_name) "
	    "SELECT tenant_id, id, connection_id, (ARRAY['in', 'out'])[1 + i % 2], 'text', 'E2E many ' || i, 'read', 'e2e-many-' || i, 'e2e-many-' || i - 1, 'x' "
	    "FROM conversation, " FORTY " WHERE id = '${conversation}'",
	"INSERT INTO message (tenant_id, conversation_id, connection_id, direction, kind, text, status, internal) "
	    "SELECT tenant_id, id, connection_id, 'in', 'text', 'E2E many', 'delivered', id = '${conversation}' FROM conversation WHERE contact_name LIKE 'E2E many%' OR id = '${conversation}'",
	"INSERT INTO attachment (tenant_id, message_id, kind, name, state, file, mime, size) SELECT tenant_id, id, 'document', 'E2E many', 'stored', 'e2e-many', 'application/pdf', 1 "
	    "FROM message WHERE external_id LIKE 'e2e-many-%'",
	"INSERT INTO reaction (tenant_id, connection_id, target, actor, emoji, at) SELECT tenant_id, connection_id, external_id, 'e2e-many', 'x', now() FROM message "
	    "WHERE external_id LIKE 'e2e-many-%'",
	"INSERT INTO contact_tag (tenant_id, contact_id, tag_id) SELECT t.tenant_id, p.id, t.id FROM tag t, contact p "
	    "WHERE t.name LIKE 'E2E many%' AND p.tenant_id = t.tenant_id AND (p.name LIKE 'E2E many%' OR p.id = '${contact}')",
	"INSERT INTO conversation_tag (tenant_id, conversation_id, tag_id) SELECT t.tenant_id, c.id, t.id FROM tag t, conversation c "
	    "WHERE t.name LIKE 'E2E many%' AND c.tenant_id = t.tenant_id AND (c.contact_name LIKE 'E2E many%' OR c.id = '${conversation}')",
	"INSERT INTO quick_reply (tenant_id, shortcut, title, content) SELECT " TENANT ", 'e2e-many-' || i, 'E2E many', 'Oi {nome}' FROM " FORTY,
	"INSERT INTO scheduled_message (tenant_id, conversation_id, author_id, text, run_at) SELECT " TENANT ", '${conversation}', " ASKER ", 'E2E many', now() + interval '2 days' FROM " FORTY,
	"INSERT INTO notification (tenant_id, user_id, kind, conversation_id, title) SELECT " TENANT ", " ASKER ", 'assigned', '${conversation}', 'E2E many' FROM " FORTY,
	"INSERT INTO saved_view (tenant_id, user_id, page, name, query) SELECT " TENANT ", " ASKER ", p, 'E2E many ' || i, '?q=' || i FROM " FORTY
	    ", unnest('{conversations,contacts,leads,pipeline}'::text[]) p",
	"INSERT INTO pipeline (tenant_id, name, position) SELECT " TENANT ", 'E2E many ' || i, i FROM " FORTY,
	"INSERT INTO stage (tenant_id, pipeline_id, name, position) SELECT tenant_id, id, 'E2E many', 1 FROM pipeline WHERE name LIKE 'E2E many%'",
	"INSERT INTO stage (tenant_id, pipeline_id, name, position) SELECT " TENANT ", '${pipeline}', 'E2E many ' || i, 10 + i FROM " FORTY,
	"INSERT INTO deal (tenant_id, pipeline_id, stage_id, rank, title, contact_id, conversation_id, owner_id, owner_name) SELECT tenant_id, pipeline_id, id, 'b' || i, 'E2E many', '${contact}', "
	    "'${conversation}', " ASKER ", 'x' FROM stage, " FORTY " WHERE pipeline_id = '${pipeline}'",
	"INSERT INTO deal_tag (tenant_id, deal_id, tag_id) SELECT t.tenant_id, d.id, t.id FROM tag t, deal d WHERE t.name LIKE 'E2E many%' AND (d.title = 'E2E many' OR d.id = '${deal}')",
	"INSERT INTO deal_activity (tenant_id, deal_id, kind, text) SELECT " TENANT ", '${deal}', 'note', 'E2E many' FROM " FORTY,
};
static const char *const forget[] = {
	"DELETE FROM deal_activity WHERE text = 'E2E many'", "DELETE FROM deal_tag USING tag t WHERE t.id = tag_id AND t.name LIKE 'E2E many%'", "DELETE FROM deal WHERE title = 'E2E many'",
	"DELETE FROM stage WHERE name LIKE 'E2E many%'", "DELETE FROM pipeline WHERE name LIKE 'E2E many%'", "DELETE FROM saved_view WHERE name LIKE 'E2E many%'",
	"DELETE FROM notification WHERE title = 'E2E many'", "DELETE FROM scheduled_message WHERE text = 'E2E many'", "DELETE FROM quick_reply WHERE title = 'E2E many'",
	"DELETE FROM conversation_tag USING tag t WHERE t.id = tag_id AND t.name LIKE 'E2E many%'", "DELETE FROM contact_tag USING tag t WHERE t.id = tag_id AND t.name LIKE 'E2E many%'",
	"DELETE FROM reaction WHERE actor = 'e2e-many'", "DELETE FROM attachment WHERE name = 'E2E many'", "DELETE FROM message WHERE text LIKE 'E2E many%'",
	"DELETE FROM conversation WHERE contact_name LIKE 'E2E many%'", "DELETE FROM contact_identity WHERE value LIKE 'e2e-many-%'", "DELETE FROM contact WHERE name LIKE 'E2E many%'",
	"DELETE FROM tag WHERE name LIKE 'E2E many%'", "DELETE FROM team_member USING team t WHERE t.id = team_id AND t.name LIKE 'E2E many%'", "DELETE FROM team WHERE name LIKE 'E2E many%'",
	"DELETE FROM priv.credential WHERE email LIKE 'e2e.many%'", "DELETE FROM user_account WHERE name LIKE 'E2E many%'",
};

static void run_all(const char *const *statements, size_t n)
{
	for (size_t i = 0; i < n; i++)
		(void)sql("%s", body_of(statements[i], OWN, OWN));
}

static bool asked[nitems(most)];

static void within_its_row(const struct count *n)
{
	const struct most *m;
	size_t i = 0;

	while (i < nitems(most) && strcmp(n->route->path, most[i].path) != 0)
		i++;
	if (!EXPECT(i < nitems(most), "%s%s has no row here: %d statements, %d round trips", n->api ? "/api" : "", n->route->path, n->statements, n->trips))
		return;
	asked[i] = true;
	m = n->api ? &most[i].api : &most[i].page;
	EXPECT(n->statements <= m->statements, "%s%s: %d statements, at most %d", n->api ? "/api" : "", n->route->path, n->statements, m->statements);
	EXPECT(n->trips <= m->trips, "%s%s: %d round trips, at most %d", n->api ? "/api" : "", n->route->path, n->trips, m->trips);
}

static void same_with_more_rows(void)
{
	struct client *c[2] = { client_new("page"), client_new("api") };
	struct count now;

	jobs_pause();
	things_make();
	/* With one of each: some pages ask for tags only of what is there. */
	run_all(forget, nitems(forget));
	(void)sql("%s", body_of("INSERT INTO notification (tenant_id, user_id, kind, conversation_id, title) SELECT " TENANT ", " ASKER ", 'assigned', '${conversation}', 'E2E many'", OWN, OWN));
	sign_in(c[0], ROSANA);
	bearer(c[1], ROSANA);
	list_routes();
	for (size_t i = 0; i < ncounts; i++) {
		ask(c[counts[i].api], &counts[i]);
		within_its_row(&counts[i]);
	}
	for (size_t i = 0; i < nitems(most); i++)
		EXPECT(asked[i], "%s has a row here and is no page", most[i].path);
	run_all(more, nitems(more));
	for (size_t i = 0; i < ncounts; i++) {
		now = counts[i];
		ask(c[now.api], &now);
		EXPECT(now.statements == counts[i].statements && now.trips == counts[i].trips, "%s: %d statements in %d round trips, and %d in %d with forty times the rows",
		    c[now.api]->call, counts[i].statements, counts[i].trips, now.statements, now.trips);
	}
	run_all(forget, nitems(forget));
	things_forget();
	jobs_resume();
	client_free(c[0]);
	client_free(c[1]);
}

CU_TestInfo count_tests[] = { { "statements and round trips, whatever the rows", same_with_more_rows }, CU_TEST_INFO_NULL };
