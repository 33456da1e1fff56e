#include "tests/e2e/samples.h"

#include <string.h>

#include "cgi/apps.h"

const struct app *const all_apps[] = ALL_APPS;
const size_t napps = nitems(all_apps);
const char *const which_names[WHICH] = { "own id", "other tenant's id", "missing id" };

#define WRONG_LOGIN "\"email\":\"nobody@e2e.test\",\"password\":\"not the password\""
#define MESSAGE "{\"conversation_id\":\"@\",\"text\":\"Oi\"}"

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
	{ POST, "/conversations/:id/take", .form = "", .api = 200, .page = 303, .table = "conversation" },
	{ POST, "/conversations/:id/typing", .form = "", .api = 204, .page = 204, .table = "event" },
	{ GET, "/files/:id", .api = 200, .page = 200 },
	{ GET, "/notifications", .api = 200, .page = 200 },
	{ POST, "/notifications/read", .json = "{}", .form = "", .api = 200, .page = 303, .table = "notification" },

	{ GET, "/contacts", .api = 200, .page = 200 },
	{ GET, "/leads", .api = 200, .page = 200 },
	{ GET, "/contacts/:id", .api = 200, .page = 200 },
	{ GET, "/leads/:id", .api = 200, .page = 200 },

	{ GET, "/hooks/whatsapp", .page = 403 },
	{ POST, "/hooks/whatsapp", .form = "{}", .page = 401 },
	{ GET, "/hooks/whatsapp/:connection_id", .page = 403, .flags = NO_TENANT },
	{ POST, "/hooks/whatsapp/:connection_id", .form = "{}", .page = 401, .flags = NO_TENANT },

	{ GET, "/chat/:key", .page = 200, .flags = NO_TENANT },
	{ GET, "/chat/:key/messages", .page = 200, .flags = NO_TENANT },
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
static struct thing { char conversation[40], message[40], file[40], contact[40], connection[40], key[40]; } things[WHICH];

static void keep(char to[40], const char *id)
{
	EXPECT(strlen(id) == 36 || strlen(id) < 36, "no id: %s", id);
	memcpy(to, id, strnlen(id, 39));
	to[strnlen(id, 39)] = '\0';
}

static void fill_from(struct thing *t, const char *slug, const char *conversation, const char *key)
{
	const char *tenant = sql("SELECT tenant_id FROM tenant WHERE slug = '%s'", slug);

	keep(t->conversation, conversation);
	keep(t->contact, sql("SELECT contact_id FROM conversation WHERE id = '%s'", conversation));
	keep(t->message, sql("SELECT id FROM message WHERE conversation_id = '%s' ORDER BY id LIMIT 1", conversation));
	keep(t->file, sql("SELECT a.id FROM attachment a JOIN message m ON m.tenant_id = a.tenant_id AND m.id = a.message_id JOIN conversation c ON c.id = m.conversation_id "
	                  "WHERE a.tenant_id = %s AND a.state = 'stored' ORDER BY c.team_id IS NULL DESC, a.id LIMIT 1", tenant));
	keep(t->connection, sql("SELECT id FROM connection WHERE tenant_id = %s AND channel = 'whatsapp' ORDER BY own_app DESC LIMIT 1", tenant));
	keep(t->key, key);
}

void things_make(void)
{
	fill_from(&things[OWN], "marcenaria", conversation_make("E2E Matriz"), "chat-marcenaria-demo");
	fill_from(&things[FOREIGN], "clinica", sql("SELECT c.id FROM conversation c JOIN tenant t USING (tenant_id) WHERE slug = 'clinica' ORDER BY number LIMIT 1"),
	    "chat-clinica-demo");
	if (*things[FOREIGN].file == '\0')
		keep(things[FOREIGN].file, sql("INSERT INTO attachment (tenant_id, message_id, kind, state, file, mime, size) SELECT tenant_id, id, 'image', 'stored', 'e2e', "
		                               "'image/png', 1 FROM message WHERE id = '%s' RETURNING id", things[FOREIGN].message));
	for (char *id = (char *)&things[MISSING]; id < (char *)(&things[MISSING] + 1); id += 40)
		keep(id, NO_ID);
	keep(things[MISSING].key, "chat-nowhere-at-all");
	EXPECT(*things[OWN].file != '\0', "no attachment was fetched from the WhatsApp double");
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

static const char *capture(const struct route *r, const char *name, enum which w, const char *user)
{
	const struct thing *t = &things[w];

	if (strcmp(name, "message_id") == 0)
		return t->message;
	if (strcmp(name, "connection_id") == 0)
		return t->connection;
	if (strcmp(name, "key") == 0)
		return t->key;
	if (strstr(r->path, "sessions/") != NULL)
		return session_id(w, user);
	if (strncmp(r->path, "/files", 6) == 0)
		return t->file;
	if (strncmp(r->path, "/messages", 9) == 0)
		return t->message;
	if (strncmp(r->path, "/contacts", 9) == 0 || strncmp(r->path, "/leads", 6) == 0)
		return t->contact;
	if (strncmp(r->path, "/conversations", 14) == 0)
		return t->conversation;
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

const char *body_of(const char *text, enum which w)
{
	const char *at = text != NULL ? strchr(text, '@') : NULL;

	return at == NULL ? text : arena_fmt(mem, "%.*s%s%s", (int)(at - text), text, things[w].conversation, at + 1);
}

const char *method_text(enum method m)
{
	static const char *const names[METHODS] = { "GET", "POST", "PATCH", "DELETE" };

	return names[m];
}

bool has_id(const struct route *r)
{
	const struct sample *s = sample_of(r);

	return strchr(r->path, ':') != NULL || (s != NULL && s->json != NULL && strchr(s->json, '@') != NULL);
}
