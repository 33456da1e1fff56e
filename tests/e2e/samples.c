#include "tests/e2e/samples.h"

#include <stdio.h>
#include <string.h>

#include "cgi/apps.h"

const struct app *const all_apps[] = ALL_APPS;
const size_t napps = nitems(all_apps);
const char *const which_names[WHICH] = { "own id", "other tenant's id", "missing id" };

#define WRONG_LOGIN "\"email\":\"nobody@e2e.test\",\"password\":\"not the password\""
#define MESSAGE "{\"conversation_id\":\"@{conversation}\",\"text\":\"Oi\"}"

/* Both faces of people: /contacts and /leads. */
#define PEOPLE(p) \
	{ GET, p, .api = 200, .page = 200 }, \
	{ POST, p, .json = "{\"name\":\"E2E ${new}\",\"owner_id\":\"${user}\"}", .form = "name=E2E+${new}&kind=person&owner_id=${user}", .api = 201, .page = 303, .table = "contact" }, \
	{ GET, p "/new", .page = 200 }, \
	{ POST, p "/bulk", .json = "{\"action\":\"tag\",\"ids\":[\"${contact}\"],\"tag_id\":\"${tag}\"}", .form = "action=tag&id=${contact}&tag_id=${tag}", .api = 200, .page = 303, \
	    .table = "contact", .flags = MANY }, \
	{ GET, p "/:id", .api = 200, .page = 200 }, \
	{ PATCH, p "/:id", .json = "{\"city\":\"Natal\",\"owner_id\":\"${user}\"}", .api = 200, .table = "contact" }, \
	{ DELETE_, p "/:id", .api = 204, .table = "contact" }, \
	{ POST, p "/:id", .form = "name=E2E+${new}&owner_id=${user}&version=1", .page = 303 }, \
	{ GET, p "/:id/edit", .page = 200 }, \
	{ GET, p "/:id/timeline", .api = 200 }, \
	{ GET, p "/:id/convert", .page = 200 }, \
	{ POST, p "/:id/convert", .json = "{\"name\":\"E2E ${new}\",\"owner_id\":\"${user}\"}", .form = "name=E2E+${new}&owner_id=${user}", .api = 200, .page = 303, .table = "contact" }, \
	{ GET, p "/:id/lose", .page = 200 }, \
	{ POST, p "/:id/lose", .json = "{\"reason\":\"caro\"}", .form = "reason=caro", .api = 200, .page = 303, .table = "contact" }, \
	{ POST, p "/:id/qualify", .form = "", .api = 200, .page = 303, .table = "contact" }, \
	{ POST, p "/:id/reopen", .form = "", .api = 200, .page = 303, .table = "contact" }, \
	{ POST, p "/:id/block", .form = "", .api = 200, .page = 303, .table = "contact" }, \
	{ POST, p "/:id/unblock", .form = "", .api = 200, .page = 303, .table = "contact" }, \
	{ POST, p "/:id/archive", .form = "", .page = 303 }, \
	{ POST, p "/:id/restore", .form = "", .api = 200, .page = 303, .table = "contact" }, \
	{ POST, p "/:id/owner", .json = "{\"owner_id\":\"${user}\"}", .form = "owner_id=${user}", .api = 200, .page = 303, .table = "contact" }, \
	{ POST, p "/:id/tags", .json = "{\"add\":[\"${tag}\"],\"remove\":[]}", .form = "remove=${tag}", .api = 200, .page = 303, .table = "contact_tag", \
	    .flags = MANY }

static const struct sample samples[] = {
	{ GET, "/", .page = 303 },
	{ GET, "/login", .page = 200 },
	{ POST, "/login", .form = "email=nobody%40e2e.test&password=not+the+password", .page = 422, .also = 429 },
	{ POST, "/auth/login", .json = "{" WRONG_LOGIN "}", .api = 401, .also = 429, .table = "user_account" },
	{ POST, "/auth/refresh", .json = "{\"refresh_token\":\"none\"}", .api = 401, .table = "priv.refresh_token" },
	{ POST, "/auth/logout", .api = 204, .table = "priv.session", .flags = ENDS },
	{ POST, "/logout", .form = "", .page = 303, .flags = ENDS },
	{ GET, "/me", .api = 200 },
	{ GET, "/sessions", .api = 200 },
	{ DELETE_, "/sessions/:id", .api = 204, .table = "priv.session", .flags = ENDS },
	{ GET, "/account", .page = 200 },
	{ POST, "/account/password", .form = "current=wrong&password=another+password&again=another+password", .page = 422 },
	{ POST, "/account/preferences", .form = "locale=pt_BR&theme=auto", .page = 303 },
	{ POST, "/account/sessions/end-others", .form = "", .page = 303, .flags = ENDS },
	{ POST, "/account/sessions/:id/end", .form = "", .page = 303, .flags = ENDS },
	{ GET, "/lang", .query = "to=pt_BR&next=/login", .page = 303 },
	{ GET, "/health", .page = 200, .also = 503 },
	{ GET, "/saude", .page = 200, .also = 503 },

	{ GET, "/conversations", .api = 200, .page = 200 },
	{ GET, "/conversations/:id", .api = 200, .page = 200 },
	{ PATCH, "/conversations/:id", .json = "{\"status\":\"pending\"}", .api = 200, .table = "conversation" },
	{ GET, "/conversations/:id/messages", .api = 200 },
	{ POST, "/messages", .json = MESSAGE, .api = 201, .table = "message" },
	{ GET, "/messages/:id", .api = 200 },
	{ POST, "/conversations/:id/messages", .form = "text=Oi&internal=1&token=", .page = 303 },
	{ POST, "/conversations/:id/messages/:message_id/retry", .form = "", .api = 409, .page = 409, .table = "message" },
	{ POST, "/conversations/:id/status", .form = "status=in_progress&version=0", .page = 303 },
	{ POST, "/conversations/:id/assign", .form = "assignee_id=&team_id=&version=0", .page = 303 },
	{ GET, "/conversations/:id/assign", .page = 200 },
	{ GET, "/conversations/:id/snooze", .page = 200 },
	{ GET, "/conversations/:id/merge", .page = 200 },
	{ POST, "/conversations/:id/merge", .json = "{\"into\":\"${conversation}\"}", .form = "into=${conversation}", .api = 422, .page = 422, .table = "conversation" },
	{ POST, "/conversations/:id/take", .form = "", .api = 200, .page = 303, .table = "conversation" },
	{ POST, "/conversations/:id/typing", .form = "", .api = 204, .page = 204, .table = "event" },
	{ GET, "/files/:id", .api = 200, .page = 200 },
	{ GET, "/events", .api = 200 },
	{ GET, "/notifications", .api = 200, .page = 200 },
	{ POST, "/notifications/read", .json = "{}", .form = "", .api = 200, .page = 303, .table = "notification" },

	{ GET, "/conversations/views", .api = 200 },
	{ POST, "/conversations/views", .json = "{\"name\":\"E2E ${new}\",\"query\":\"?status=open\"}", .form = "name=E2E+${new}&query=%3Fstatus%3Dopen", .api = 201, .page = 303, .table = "saved_view" },
	{ POST, "/conversations/views/:view_id/delete", .form = "", .page = 303 },
	{ DELETE_, "/conversations/views/:view_id", .api = 204, .table = "saved_view" },
	{ POST, "/conversations/bulk", .json = "{\"action\":\"tag\",\"ids\":[\"${conversation}\"],\"tag_id\":\"${tag}\"}", .form = "action=tag&id=${conversation}&tag_id=${tag}",
	    .api = 200, .page = 303, .table = "conversation", .flags = MANY },
	{ POST, "/conversations/:id/tags", .json = "{\"tag_id\":\"${tag}\"}", .form = "tag_id=${tag}", .api = 200, .page = 303, .table = "conversation_tag" },
	{ POST, "/conversations/:id/tags/:tag_id/delete", .form = "", .page = 303 },
	{ DELETE_, "/conversations/:id/tags/:tag_id", .api = 200, .table = "conversation_tag" },
	{ POST, "/conversations/:id/snooze", .json = "{\"preset\":\"tomorrow\"}", .form = "preset=tomorrow&version=0", .api = 200, .page = 303, .table = "conversation" },
	{ POST, "/conversations/:id/draft", .json = "{\"text\":\"E2E\"}", .form = "text=E2E", .api = 204, .page = 204, .table = "draft" },
	{ POST, "/conversations/:id/quick-reply", .form = "quick=${quick_reply}&text=", .page = 303 },
	{ GET, "/conversations/:id/quick-replies/:quick_reply_id", .api = 200 },
	{ POST, "/conversations/:id/schedule", .form = "text=E2E&date=${date}&time=12%3A00&token=${new}", .page = 303 },
	{ GET, "/conversations/new", .page = 200 },
	{ POST, "/conversations/new", .form = "connection_id=${connection}&contact_id=${contact}&template=${template}&v1=Ana", .page = 422 },
	{ POST, "/conversations", .json = "{\"connection_id\":\"${connection}\",\"contact_id\":\"${contact}\",\"template\":{\"id\":\"${template}\",\"variables\":[\"Ana\"]}}", .api = 422, .table = "conversation" },
	{ GET, "/conversations/:id/template", .page = 200 },
	{ POST, "/conversations/:id/template", .form = "template=${template}&v1=Ana", .page = 422 },
	{ GET, "/templates", .api = 200, .page = 200 },
	{ GET, "/templates/:id", .api = 200 },
	{ POST, "/templates/sync", .json = "{\"connection_id\":\"@{connection}\"}", .form = "connection_id=@{connection}", .api = 202, .page = 303, .table = "whatsapp_template" },
	{ GET, "/quick-replies", .api = 200, .page = 200 },
	{ GET, "/quick-replies/new", .page = 200 },
	{ POST, "/quick-replies", .json = "{\"shortcut\":\"e2e-${new}\",\"title\":\"E2E\",\"content\":\"Oi\"}", .form = "shortcut=e2e-${new}&title=E2E&content=Oi", .api = 201, .page = 303, .table = "quick_reply" },
	{ GET, "/quick-replies/:id", .api = 200 },
	{ PATCH, "/quick-replies/:id", .json = "{\"title\":\"E2E dois\"}", .api = 200, .table = "quick_reply" },
	{ DELETE_, "/quick-replies/:id", .api = 204, .table = "quick_reply" },
	{ GET, "/quick-replies/:id/edit", .page = 200 },
	{ POST, "/quick-replies/:id", .form = "shortcut=e2e-${new}&title=E2E&content=Oi&version=1", .page = 303 },
	{ GET, "/quick-replies/:id/delete", .page = 200 },
	{ POST, "/quick-replies/:id/delete", .form = "version=1", .page = 303 },
	{ GET, "/scheduled", .page = 200 },
	{ GET, "/scheduled/:id/edit", .page = 200 },
	{ POST, "/scheduled/:id", .form = "text=E2E+dois&date=${date}&time=12%3A00&version=1", .page = 303 },
	{ POST, "/scheduled/:id/cancel", .form = "", .page = 303 },
	{ GET, "/scheduled-messages", .api = 200 },
	{ POST, "/scheduled-messages", .json = "{\"conversation_id\":\"@{conversation}\",\"text\":\"E2E\",\"run_at\":\"${date}T12:00:00Z\"}", .api = 201, .table = "scheduled_message" },
	{ GET, "/scheduled-messages/:id", .api = 200 },
	{ PATCH, "/scheduled-messages/:id", .json = "{\"text\":\"E2E dois\"}", .api = 200, .table = "scheduled_message" },
	{ DELETE_, "/scheduled-messages/:id", .api = 204, .table = "scheduled_message" },

	PEOPLE("/contacts"),
	PEOPLE("/leads"),
	{ GET, "/tags", .api = 200, .page = 200 },
	{ POST, "/tags", .json = "{\"name\":\"E2E ${new}\"}", .form = "name=E2E+${new}&color=2", .api = 201, .page = 303, .table = "tag" },
	{ GET, "/tags/:id", .api = 200 },
	{ PATCH, "/tags/:id", .json = "{\"color\":2}", .api = 200, .table = "tag" },
	{ DELETE_, "/tags/:id", .api = 204, .table = "tag" },
	{ POST, "/tags/:id", .form = "name=E2E+${new}&color=2&version=1", .page = 303 },
	{ POST, "/tags/:id/delete", .form = "", .page = 303 },

	{ GET, "/pipelines", .api = 200, .page = 303 },
	{ POST, "/pipelines", .json = "{\"name\":\"E2E ${new}\"}", .form = "name=E2E+${new}", .api = 201, .page = 303, .table = "pipeline" },
	{ GET, "/pipelines/new", .page = 200 },
	{ GET, "/pipelines/:id", .api = 200, .page = 200 },
	{ PATCH, "/pipelines/:id", .json = "{\"description\":\"E2E\"}", .api = 200, .table = "pipeline" },
	{ DELETE_, "/pipelines/:id", .api = 204, .table = "pipeline" },
	{ GET, "/pipelines/:id/settings", .page = 200 },
	{ POST, "/pipelines/:id/settings", .form = "name=E2E+${new}&description=&money=1&version=1", .page = 303 },
	{ GET, "/pipelines/:id/delete", .page = 200 },
	{ POST, "/pipelines/:id/delete", .form = "version=1", .page = 303 },
	{ POST, "/pipelines/:id/stages", .json = "{\"name\":\"E2E etapa\"}", .form = "name=E2E+etapa&color=1&chance=0&stale_days=14", .api = 201, .page = 303, .table = "stage" },
	{ GET, "/pipelines/:id/many", .page = 303 },
	{ POST, "/pipelines/:id/many", .form = "act=tag&tag_id=${tag}&id=${deal}%3A1", .page = 303, .flags = MANY },
	{ POST, "/pipelines/:id/views", .form = "name=E2E+${new}", .page = 303 },
	{ POST, "/pipelines/:id/views/:view_id/delete", .form = "", .page = 303 },
	{ POST, "/stages/:id", .form = "name=E2E+etapa&color=1&chance=5&stale_days=3&version=1", .page = 303 },
	{ PATCH, "/stages/:id", .json = "{\"chance\":10}", .api = 200, .table = "stage" },
	{ DELETE_, "/stages/:id", .api = 204, .table = "stage" },
	{ GET, "/stages/:id/delete", .page = 200 },
	{ POST, "/stages/:id/delete", .form = "version=1", .page = 303 },
	{ GET, "/deals", .api = 200, .page = 200 },
	{ POST, "/deals", .json = "{\"title\":\"E2E\",\"stage_id\":\"${stage}\",\"pipeline_id\":\"${pipeline}\",\"contact_id\":\"${contact}\",\"conversation_id\":\"${conversation}\","
	    "\"owner_id\":\"${user}\",\"tags\":[\"${tag}\"]}", .form = "title=E2E&stage_id=${stage}&contact_id=${contact}&owner_id=${user}", .api = 201, .page = 303, .table = "deal" },
	{ GET, "/deals/new", .page = 200 },
	{ GET, "/deals/:id", .api = 200, .page = 200 },
	{ PATCH, "/deals/:id", .json = "{\"stage_id\":\"${stage}\",\"contact_id\":\"${contact}\",\"owner_id\":\"${user}\",\"tags\":[\"${tag}\"]}", .api = 200, .table = "deal" },
	{ DELETE_, "/deals/:id", .api = 204, .table = "deal" },
	{ POST, "/deals/:id", .form = "title=E2E+dois&value=10&contact_id=${contact}&owner_id=${user}&version=1", .page = 303 },
	{ GET, "/deals/:id/edit", .page = 200 },
	{ GET, "/deals/:id/move", .page = 200 },
	{ POST, "/deals/:id/move", .form = "stage_id=${stage}&version=1", .page = 303 },
	{ GET, "/deals/:id/lose", .page = 200 },
	{ POST, "/deals/:id/lose", .form = "lost_reason=caro&version=1", .page = 303 },
	{ POST, "/deals/:id/win", .form = "version=1", .page = 303 },
	{ POST, "/deals/:id/reopen", .form = "version=1", .page = 303 },
	{ GET, "/deals/:id/delete", .page = 200 },
	{ POST, "/deals/:id/delete", .form = "version=1", .page = 303 },
	{ GET, "/deals/:id/activities", .api = 200 },
	{ POST, "/deals/:id/activities", .json = "{\"text\":\"E2E nota\"}", .form = "text=E2E+nota", .api = 201, .page = 303, .table = "deal_activity" },

	{ GET, "/settings", .page = 303 },
	{ GET, "/teams", .api = 200, .page = 200 },
	{ POST, "/teams", .json = "{\"name\":\"E2E ${new}\",\"members\":[\"${user}\"]}", .form = "name=E2E+${new}&member=${user}", .api = 201, .page = 303, .table = "team" },
	{ GET, "/teams/new", .page = 200 },
	{ GET, "/teams/:id", .api = 200 },
	{ PATCH, "/teams/:id", .json = "{\"description\":\"E2E\",\"members\":[\"${user}\"]}", .api = 200, .table = "team" },
	{ DELETE_, "/teams/:id", .api = 204, .table = "team" },
	{ GET, "/teams/:id/edit", .page = 200 },
	{ POST, "/teams/:id", .form = "name=E2E+${new}&version=1", .page = 303 },
	{ GET, "/teams/:id/delete", .page = 200 },
	{ POST, "/teams/:id/delete", .form = "version=1", .page = 303 },
	{ GET, "/users", .api = 200 },
	{ POST, "/users/:id/capacity", .json = "{\"capacity\":10}", .form = "capacity=10", .api = 200, .page = 303, .table = "user_account" },
	{ GET, "/presence", .api = 200 },
	{ POST, "/presence", .json = "{\"presence\":\"online\"}", .form = "presence=online&next=%2Fteams", .api = 200, .page = 303, .table = "user_account" },
	{ GET, "/connections", .api = 200, .page = 200 },
	{ GET, "/connections/new", .page = 200 },
	{ POST, "/connections", .json = "{\"channel\":\"chat\",\"name\":\"E2E ${new}\",\"team_id\":\"${team}\"}", .form = "channel=chat&name=E2E+${new}&team_id=${team}", .api = 201, .page = 303,
	    .table = "connection" },
	{ GET, "/connections/:id", .api = 200, .page = 200 },
	{ PATCH, "/connections/:id", .json = "{\"greeting\":\"E2E\",\"team_id\":\"${team}\"}", .api = 200, .table = "connection" },
	{ POST, "/connections/:id", .form = "name=E2E+${new}&reopen=1&team_id=${team}&monday=8-18&version=1", .page = 303 },
	{ GET, "/holidays", .api = 200, .page = 200 },
	{ POST, "/holidays", .json = "{\"day\":\"${day}\",\"name\":\"E2E\"}", .form = "day=${day}&name=E2E", .api = 201, .page = 303, .table = "holiday" },
	{ POST, "/holidays/national", .json = "{\"year\":2040}", .form = "year=2040", .api = 200, .page = 303, .table = "holiday" },
	{ POST, "/holidays/:id/delete", .form = "", .page = 303 },
	{ DELETE_, "/holidays/:id", .api = 204, .table = "holiday" },

	{ GET, "/hooks/whatsapp", .page = 403 },
	{ POST, "/hooks/whatsapp", .form = "{}", .page = 401 },
	{ GET, "/hooks/whatsapp/:connection_id", .page = 403, .flags = NO_TENANT },
	{ POST, "/hooks/whatsapp/:connection_id", .form = "{}", .page = 401, .flags = NO_TENANT },

	{ GET, "/chat/:key", .page = 200, .flags = NO_TENANT },
	{ GET, "/chat/:key/messages", .page = 200, .flags = NO_TENANT },
	{ GET, "/chat/:key/files/:id", .page = 404, .flags = NO_TENANT },
	{ POST, "/chat/:key", .form = "text=Oi&name=Visita&email=&token=matrix", .page = 303, .flags = NO_TENANT },
};
static bool used[nitems(samples)];

const struct sample *sample_of(const struct route *r)
{
	for (size_t i = 0; i < nitems(samples); i++) {
		if (samples[i].method == r->method && strcmp(samples[i].path, r->path) == 0) {
			used[i] = true;
			return &samples[i];
		}
	}
	return NULL;
}

const struct sample *sample_unused(void)
{
	for (size_t i = 0; i < nitems(samples); i++)
		if (!used[i])
			return &samples[i];
	return NULL;
}

/* ---- ids ---- */

#define NO_ID "01970000-0000-7000-8000-0000000000aa"
#define FREE_DAY "(SELECT coalesce(max(day), '2041-01-01') + 1 FROM holiday WHERE day >= '2041-01-01')"
#define E2E_NAME "'E2E ' || left(gen_random_uuid()::text, 8)"
#define IN_TENANT "FROM tenant t JOIN user_account u USING (tenant_id) WHERE t.slug = '${slug}' AND u.email = '${owner}'"

/* What ids name. make: a new one in the tenant ${slug} that belongs to ${owner}, when asking for it could use it up. */
static const struct thing_kind { const char *name, *prefix, *make; } kinds[] = {
	{ "conversation", "/conversations", NULL },
	{ "message", "/messages", NULL },
	{ "file", "/files", NULL },
	{ "connection", "/connections", "WITH c AS (INSERT INTO connection (tenant_id, name, channel, external_id, own_app) SELECT t.tenant_id, " E2E_NAME ", 'whatsapp', gen_random_uuid()::text, true "
	    IN_TENANT " RETURNING tenant_id, id), k AS (INSERT INTO priv.connection_key SELECT 'id', id::text, tenant_id, id FROM c) SELECT id FROM c" },
	{ "key", "/chat", NULL },
	{ "user", "/users", NULL },
	{ "pipeline", "/pipelines", "WITH p AS (INSERT INTO pipeline (tenant_id, name, position) SELECT t.tenant_id, " E2E_NAME ", 99 " IN_TENANT " RETURNING tenant_id, id), "
	    "s AS (INSERT INTO stage (tenant_id, pipeline_id, name, position) SELECT tenant_id, id, 'E2E etapa', n FROM p, generate_series(1, 2) n) SELECT id FROM p" },
	{ "stage", "/stages", "WITH p AS (INSERT INTO pipeline (tenant_id, name, position) SELECT t.tenant_id, " E2E_NAME ", 99 " IN_TENANT " RETURNING tenant_id, id), "
	    "s AS (INSERT INTO stage (tenant_id, pipeline_id, name, position) SELECT tenant_id, id, 'E2E etapa', n FROM p, generate_series(1, 2) n RETURNING id) SELECT id FROM s LIMIT 1" },
	{ "deal", "/deals", "INSERT INTO deal (tenant_id, pipeline_id, stage_id, rank, title, owner_id, owner_name) SELECT t.tenant_id, s.pipeline_id, s.id, 'a0', 'E2E', u.id, u.name "
	    "FROM tenant t JOIN user_account u USING (tenant_id) JOIN stage s USING (tenant_id) WHERE t.slug = '${slug}' AND u.email = '${owner}' AND s.id = '${stage}' RETURNING id" },
	{ "tag", "/tags", "INSERT INTO tag (tenant_id, name) SELECT t.tenant_id, " E2E_NAME " " IN_TENANT " RETURNING id" },
	{ "contact", "/contacts", "INSERT INTO contact (tenant_id, name, owner_id) SELECT t.tenant_id, " E2E_NAME ", u.id " IN_TENANT " RETURNING id" },
	{ "contact", "/leads", NULL },
	{ "view", "", "INSERT INTO saved_view (tenant_id, user_id, page, name, query) SELECT t.tenant_id, u.id, '${page}', " E2E_NAME ", '' " IN_TENANT " RETURNING id" },
	{ "quick_reply", "/quick-replies", "INSERT INTO quick_reply (tenant_id, shortcut, title, content) SELECT t.tenant_id, 'e2e-' || left(gen_random_uuid()::text, 8), 'E2E', 'Oi {nome}' "
	    IN_TENANT " RETURNING id" },
	{ "scheduled", "/scheduled", "INSERT INTO scheduled_message (tenant_id, conversation_id, author_id, text, run_at) SELECT t.tenant_id, '${conversation}', u.id, 'E2E', "
	    "now() + interval '2 days' " IN_TENANT " RETURNING id" },
	{ "holiday", "/holidays", "INSERT INTO holiday (tenant_id, day, name) SELECT t.tenant_id, " FREE_DAY ", " E2E_NAME " " IN_TENANT " RETURNING id" },
	{ "template", "/templates", "INSERT INTO whatsapp_template (tenant_id, connection_id, name, language, category, status, body, variables, components) "
	    "SELECT t.tenant_id, '${connection}', 'e2e_' || left(gen_random_uuid()::text, 8), 'pt_BR', 'UTILITY', 'approved', 'Oi {{1}}.', 1, '[{\"type\":\"BODY\",\"text\":\"Oi {{1}}.\"}]' "
	    IN_TENANT " RETURNING id" },
	{ "team", "/teams", "INSERT INTO team (tenant_id, name) SELECT t.tenant_id, " E2E_NAME " " IN_TENANT " RETURNING id" },
};
static char things[WHICH][nitems(kinds)][40];

static size_t kind_of(const char *name, size_t n)
{
	for (size_t i = 0; i < nitems(kinds); i++)
		if (strlen(kinds[i].name) == n && strncmp(kinds[i].name, name, n) == 0)
			return i;
	EXPECT(false, "no kind of thing is called %.*s", (int)n, name);
	return 0;
}

static void keep(enum which w, const char *kind, const char *id)
{
	EXPECT(*id != '\0' && strlen(id) < 40, "no %s: %s", kind, id);
	snprintf(things[w][kind_of(kind, strlen(kind))], sizeof(things[0][0]), "%s", id);
}

/* @{kind} is an id as w says, ${kind} an own one, or the one that body says; ${new} something new. */
struct filling { enum which w, body; const char *slug, *owner, *page; };

static const char *word(const struct filling *f, bool own, const char *name, size_t n)
{
	if (n == 3 && strncmp(name, "new", 3) == 0)
		return sql("SELECT left(gen_random_uuid()::text, 8)");
	if (n == 4 && strncmp(name, "date", 4) == 0)
		return sql("SELECT (now() + interval '2 days')::date::text");
	if (n == 3 && strncmp(name, "day", 3) == 0)
		return sql("SELECT " FREE_DAY);
	if (n == 4 && strncmp(name, "slug", 4) == 0)
		return f->slug;
	if (n == 5 && strncmp(name, "owner", 5) == 0)
		return f->owner;
	if (n == 4 && strncmp(name, "page", 4) == 0)
		return f->page;
	return things[own ? f->body : f->w][kind_of(name, n)];
}

static const char *filled(const char *text, const struct filling *f)
{
	struct buf b = { 0 };
	const char *out;

	while (*text != '\0') {
		size_t n = strcspn(text, "$@");

		buf_add(&b, text, n);
		text += n;
		if (*text != '\0' && text[1] == '{') {
			n = strcspn(text, "}");
			buf_str(&b, word(f, *text == '$', text + 2, n - 2));
			text += n + 1;
		} else if (*text != '\0') {
			buf_char(&b, *text++);
		}
	}
	out = arena_strn(mem, b.n > 0 ? b.p : "", b.n);
	buf_free(&b);
	return out;
}

/* A new thing of marcenaria that belongs to owner, or one of the clinic. */
static const char *made(size_t kind, enum which w, const char *owner, const char *page)
{
	struct filling f = { w, w, w == OWN ? "marcenaria" : "clinica", w == OWN ? owner : MIRELA, page };

	return sql("%s", filled(kinds[kind].make, &f));
}

static void fill_from(enum which w, const char *conversation, const char *key)
{
	keep(w, "conversation", conversation);
	keep(w, "message", sql("SELECT id FROM message WHERE conversation_id = '%s' ORDER BY id LIMIT 1", conversation));
	keep(w, "user", user_id(w == OWN ? LUANA : ANA));
	keep(w, "key", key);
	for (size_t i = 0; i < nitems(kinds); i++)
		if (kinds[i].make != NULL)
			keep(w, kinds[i].name, made(i, w, LUANA, "conversations"));
	/* The stage that others name is one of the pipeline that they name. */
	keep(w, "stage", sql("SELECT id FROM stage WHERE pipeline_id = '%s' LIMIT 1", things[w][kind_of("pipeline", 8)]));
	keep(w, "deal", made(kind_of("deal", 4), w, LUANA, ""));
}

void things_make(void)
{
	const char *file = "SELECT a.id FROM attachment a JOIN message m ON m.tenant_id = a.tenant_id AND m.id = a.message_id JOIN conversation c ON c.id = m.conversation_id "
	                   "JOIN tenant t ON t.tenant_id = a.tenant_id WHERE t.slug = '${slug}' AND a.state = 'stored' ORDER BY c.team_id IS NULL DESC, a.id LIMIT 1";
	struct filling f = { OWN, OWN, "marcenaria", "", "" };
	const char *id;

	fill_from(OWN, conversation_make("E2E Matriz"), "chat-marcenaria-demo");
	fill_from(FOREIGN, sql("SELECT c.id FROM conversation c JOIN tenant t USING (tenant_id) WHERE slug = 'clinica' ORDER BY number LIMIT 1"), "chat-clinica-demo");
	keep(OWN, "file", sql("%s", filled(file, &f)));
	f.slug = "clinica";
	id = sql("%s", filled(file, &f));
	if (*id == '\0')
		id = sql("INSERT INTO attachment (tenant_id, message_id, kind, state, file, mime, size) SELECT tenant_id, id, 'image', 'stored', 'e2e', "
		         "'image/png', 1 FROM message WHERE id = '%s' RETURNING id", things[FOREIGN][kind_of("message", 7)]);
	keep(FOREIGN, "file", id);
	for (size_t i = 0; i < nitems(kinds); i++)
		keep(MISSING, kinds[i].name, NO_ID);
	keep(MISSING, "key", "chat-nowhere-at-all");
}

void things_forget(void)
{
	(void)sql("DELETE FROM deal_tag USING deal d WHERE d.id = deal_id AND title ILIKE 'E2E%%'; DELETE FROM deal_activity USING deal d WHERE d.id = deal_id AND title ILIKE 'E2E%%'; "
	          "DELETE FROM deal WHERE title ILIKE 'E2E%%'; DELETE FROM stage USING pipeline p WHERE p.id = pipeline_id AND p.name ILIKE 'E2E%%'; "
	          "DELETE FROM pipeline WHERE name ILIKE 'E2E%%'; DELETE FROM saved_view WHERE name ILIKE 'E2E%%'; "
	          "DELETE FROM contact_tag USING tag t WHERE t.id = tag_id AND t.name ILIKE 'E2E%%'; DELETE FROM conversation_tag USING tag t WHERE t.id = tag_id AND t.name ILIKE 'E2E%%'; "
	          "DELETE FROM whatsapp_template WHERE name LIKE 'e2e\\_%%'; DELETE FROM tag WHERE name ILIKE 'E2E%%'; DELETE FROM quick_reply WHERE shortcut ILIKE 'e2e-%%'; DELETE FROM scheduled_message WHERE text ILIKE 'E2E%%'; "
	          "DELETE FROM priv.connection_key USING connection c WHERE c.id = connection_id AND c.name ILIKE 'E2E%%'; DELETE FROM connection WHERE name ILIKE 'E2E%%'; DELETE FROM holiday WHERE name ILIKE 'E2E%%' OR day >= '2040-01-01'; "
	          "DELETE FROM team_member USING team t WHERE t.id = team_id AND t.name ILIKE 'E2E%%'; DELETE FROM team WHERE name ILIKE 'E2E%%'; "
	          /* Those who wrote stay with their conversations. */
	          "DELETE FROM contact_identity i USING contact p WHERE p.id = i.contact_id AND p.name ILIKE 'E2E%%' AND NOT EXISTS (SELECT FROM conversation c WHERE c.contact_id = p.id); "
	          "DELETE FROM contact p WHERE p.name ILIKE 'E2E%%' AND NOT EXISTS (SELECT FROM conversation c WHERE c.contact_id = p.id) "
	          "AND NOT EXISTS (SELECT FROM deal d WHERE d.contact_id = p.id)");
}

/* A second session of the user; of somebody else; none. */
static const char *session_id(enum which w, const char *user)
{
	const char *token;

	if (w == MISSING)
		return NO_ID;
	token = session_make(w == OWN && user != NULL ? user : strcmp(user != NULL ? user : "", MIRELA) == 0 ? ROSANA : MIRELA, "cookie");
	return sql("SELECT id FROM priv.session WHERE token_hash = sha256('%s')", token);
}

/* Reading leaves a thing as it is; for anything else there is a new one each time. */
static const char *thing(const struct route *r, const char *kind, enum which w)
{
	size_t i = kind_of(kind, strlen(kind));

	return w == OWN && r->method != GET && kinds[i].make != NULL ? made(i, OWN, LUANA, "") : things[w][i];
}

static const char *capture(const struct route *r, const char *name, enum which w, const char *user)
{
	if (strcmp(name, "view_id") == 0)
		return w == OWN ? made(kind_of("view", 4), OWN, sqln("SELECT count(*) FROM user_account u JOIN tenant t USING (tenant_id) WHERE u.email = '%s' AND slug = 'marcenaria'", user != NULL ? user : "") > 0 ? user : LUANA, strncmp(r->path, "/pipelines", 10) == 0 ? "pipeline" : "conversations")
		                : things[w][kind_of("view", 4)];
	if (strstr(r->path, "sessions/") != NULL)
		return session_id(w, user);
	if (strcmp(name, "id") != 0 && strlen(name) > 3 && strcmp(name + strlen(name) - 3, "_id") == 0)
		return things[w][kind_of(name, strlen(name) - 3)];
	if (strcmp(name, "key") == 0)
		return things[w][kind_of("key", 3)];
	if (strstr(r->path, "/files/:id") != NULL)
		return things[w][kind_of("file", 4)];
	for (size_t i = 0; i < nitems(kinds); i++)
		if (*kinds[i].prefix != '\0' && strncmp(r->path, kinds[i].prefix, strlen(kinds[i].prefix)) == 0)
			return thing(r, kinds[i].name, w);
	EXPECT(false, "%s: nothing for :%s", r->path, name);
	return NO_ID;
}

const char *path_of(const struct route *r, const char *face, enum which w, const char *user)
{
	const struct sample *s = sample_of(r);
	struct buf b = { 0 };
	const char *p = r->path, *out;

	buf_str(&b, face);
	while (*p != '\0') {
		size_t n = strcspn(p + 1, "/") + 1;

		if (p[1] == ':')
			buf_fmt(&b, "/%s", capture(r, arena_strn(mem, p + 2, n - 2), w, user));
		else
			buf_add(&b, p, n);
		p += n;
	}
	if (s != NULL && s->query != NULL)
		buf_fmt(&b, "?%s", s->query);
	out = arena_strn(mem, b.p, b.n);
	buf_free(&b);
	return out;
}

const char *body_of(const char *text, enum which w, enum which body)
{
	struct filling f = { w, body, "", "", "" };

	return text != NULL ? filled(text, &f) : NULL;
}

bool names_others(const char *text)
{
	static const char *const nothing[] = { "${new}", "${date}", "${day}" };

	for (const char *s = text != NULL ? strstr(text, "${") : NULL; s != NULL; s = strstr(s + 2, "${")) {
		bool thing = true;

		for (size_t i = 0; i < nitems(nothing); i++)
			thing = thing && strncmp(s, nothing[i], strlen(nothing[i])) != 0;
		if (thing)
			return true;
	}
	return false;
}

const char *method_text(enum method m)
{
	static const char *const names[METHODS] = { "GET", "POST", "PATCH", "DELETE" };

	return names[m];
}

bool has_id(const struct route *r)
{
	const struct sample *s = sample_of(r);

	return strchr(r->path, ':') != NULL || (s != NULL && s->json != NULL && strstr(s->json, "@{") != NULL);
}
