#include "tests/db/world.h"

#include <inttypes.h>
#include <string.h>

#include "lib/crypto/crypto.h"
#include "model/tag.h"
#include "tests/db/dbt.h"

struct world alfa, beta;

/* A row in each table that is still empty: what must not be null is taken from the first allowed value, the first row
 * of the table that a key points to, or the type (numbers rise from column to column). So a new table is tested without
 * anybody remembering it; one that takes none of this stays empty, and isolation_test asks for a row of it here. */
static const char filler[] =
    "CREATE FUNCTION pg_temp.fill(t regclass) RETURNS void LANGUAGE plpgsql AS $$\n"
    "DECLARE c record; f record; v text; cols text[]; vals text[]; n bigint;\n"
    "BEGIN\n"
    "  EXECUTE format('SELECT count(*) FROM %s WHERE tenant_id = app.tenant()', t) INTO n;\n"
    "  IF n > 0 THEN RETURN; END IF;\n"
    "  FOR c IN SELECT a.attname, a.attnum, a.atttypid::regtype::text AS typ FROM pg_attribute a\n"
    "    WHERE a.attrelid = t AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''\n"
    "  LOOP\n"
    "    SELECT r.confrelid::regclass AS rel, r.confkey[array_position(r.conkey, c.attnum)] AS key INTO f FROM pg_constraint r\n"
    "      WHERE r.conrelid = t AND r.contype = 'f' AND c.attnum = ANY (r.conkey) LIMIT 1;\n"
    "    IF FOUND AND f.rel = 'user_account'::regclass THEN v := 'app.user_id()';\n"
    "    ELSIF FOUND THEN\n"
    "      v := format('(SELECT x.%I FROM %s x WHERE x.tenant_id = app.tenant() LIMIT 1)',\n"
    "        (SELECT attname FROM pg_attribute WHERE attrelid = f.rel AND attnum = f.key), f.rel);\n"
    "    ELSE\n"
    "      SELECT quote_literal(substring(pg_get_constraintdef(k.oid) FROM $re$ARRAY\\['([^']+)'$re$)) INTO v FROM pg_constraint k\n"
    "        WHERE k.conrelid = t AND k.contype = 'c' AND k.conkey = ARRAY[c.attnum] AND pg_get_constraintdef(k.oid) ~ 'ARRAY\\[''' LIMIT 1;\n"
    "      v := coalesce(v, CASE c.typ WHEN 'uuid' THEN 'app.uuid7()' WHEN 'jsonb' THEN '''{}''' WHEN 'bytea' THEN '''\\x00'''\n"
    "        WHEN 'boolean' THEN 'true' WHEN 'text' THEN '''x''' WHEN 'integer' THEN c.attnum::text WHEN 'bigint' THEN c.attnum::text WHEN 'date' THEN 'current_date' ELSE 'now()' END);\n"
    "    END IF;\n"
    "    cols := cols || quote_ident(c.attname); vals := vals || v;\n"
    "  END LOOP;\n"
    "  EXECUTE format('INSERT INTO %s (%s) VALUES (%s)', t, array_to_string(cols, ', '), array_to_string(vals, ', '));\n"
    "EXCEPTION WHEN check_violation OR not_null_violation THEN NULL;\n"
    "END $$";

const char *token_hex(const char *token)
{
	uint8_t h[32];

	sha256(token, strlen(token), h);
	return hex_encode(T, h, sizeof(h));
}

const char *session_for(const struct world *w, const char *user)
{
	const char *token = token_new(T);
	PGconn *c = as(NULL);

	if (get(c, "SELECT app.session_start(%" PRId64 ", '%s', 'cookie', '\\x%s', '1 hour', '1 hour', NULL, '10.0.0.1', 'db_test')",
	    w->tenant, user, token_hex(token)) == NULL)
		die("no session: %s", complaint(c));
	return token;
}

static struct person person_add(struct world *w, const char *name, const char *role, const char *scope)
{
	static int n;
	struct person p = { NULL, arena_fmt(T, "p%d-%s@%s.test", ++n, run_tag, w->slug), NULL };
	PGconn *c = as("console");

	must(c, "BEGIN");
	must(c, "SELECT app.console_enter('%s')", w->slug);
	p.id = get(c, "SELECT app.user_add('%s %s', '%s', '%s', '%s', NULL)", name, w->canary, p.email, role, scope);
	must(c, "COMMIT");
	if (p.id == NULL)
		die("no user: %s", complaint(c));
	p.token = session_for(w, p.id);
	return p;
}

struct person person_new(struct world *w, const char *role, const char *scope)
{
	return person_add(w, "Nova", role, scope);
}

static const char *team_add(const struct world *w, const char *name, const char *member)
{
	PGconn *c = as("console");
	const char *id;

	must(c, "BEGIN");
	must(c, "SELECT app.console_enter('%s')", w->slug);
	id = get(c, "INSERT INTO team (name, description) VALUES ('%s', '%s') RETURNING id", name, w->canary);
	must(c, "INSERT INTO team_member (team_id, user_id) VALUES ('%s', '%s')", id, member);
	must(c, "COMMIT");
	return id;
}

static const char *connection_add(const struct world *w, const char *name, const char *channel, const char *number, const char *key, bool own)
{
	PGconn *c = as("console");
	const char *id;

	must(c, "BEGIN");
	must(c, "SELECT app.console_enter('%s')", w->slug);
	id = get(c, "INSERT INTO connection (name, channel, external_id, public_key, own_app, access_token_sealed, app_secret_sealed, verify_token_sealed, greeting)"
	    " VALUES ('%s', '%s', nullif('%s', ''), nullif('%s', ''), %d::boolean, '%s', '%s', '%s', '%s') RETURNING id",
	    name, channel, number, key, own, w->canary, w->canary, w->canary, w->canary);
	must(c, "COMMIT");
	if (id == NULL)
		die("no connection: %s", complaint(c));
	return id;
}

const char *arrives(const char *conn, const char *phone, const char *external, const char *fields)
{
	const struct world *w = beta.wa != NULL && (strcmp(conn, beta.wa) == 0 || strcmp(conn, beta.wa2) == 0) ? &beta : &alfa;
	PGconn *c = as("worker");
	const char *id;

	must(c, "BEGIN");
	if (get(c, "SELECT app.enter_connection('id', '%s')", conn) == NULL)
		die("no connection %s", conn);
	id = get(c, "SELECT message_id FROM app.message_in('%s', '{\"name\": \"Pessoa %s %s\", \"channel\": \"whatsapp\", \"ids\": [{\"kind\": \"phone\", \"value\": \"%s\","
	    " \"shown\": \"%s\"}]}', '{\"external_id\": \"%s\", \"kind\": \"text\", \"text\": \"Bom dia, %s\"%s%s}')",
	    conn, phone, w->canary, phone, phone, external, w->canary, fields != NULL ? ", " : "", fields != NULL ? fields : "");
	must(c, "COMMIT");
	return id;
}

const char *conversation_of(const char *message)
{
	return get(as(NULL), "SELECT conversation_id FROM message WHERE id = '%s'", message);
}

const char *conversation_new(const struct world *w, const char *conn)
{
	static int n;
	const char *message;

	n++;
	message = arrives(conn, arena_fmt(T, "55318%07d", n), arena_fmt(T, "wamid.new%d%s", n, w->slug), NULL);
	return message != NULL ? conversation_of(message) : NULL;
}

const char *tag_new(void)
{
	PGconn *c = inside(alfa.tenant, NULL, "all");
	const char *id = get(c, "INSERT INTO tag (name) VALUES ('t%s%llu') RETURNING id", run_tag, (unsigned long long)rnd(1000000000));

	keep(c);
	return id;
}

const char *tag_on(const char *const *conversations, size_t n)
{
	struct ctx *cx = ctx_as("web");
	const char *tag = tag_new();
	int64_t put = 0;

	IS_INT("tagged", UNIT(cx, &alfa.admin, DB_WRITE, tag_set_conversations(cx, (struct ids){ conversations, n }, (struct ids){ &tag, 1 }, (struct ids){ NULL, 0 }, &put)), OK);
	IS_INT("all of them", put, (int64_t)n);
	return tag;
}

/* What a tenant's tables hold: through the programs' own functions, then the filler for what is left. */
static void contents(struct world *w)
{
	PGconn *c;

	w->message = arrives(w->wa, "553180000001", arena_fmt(T, "wamid.first%s", w->slug),
	    "\"media\": [{\"kind\": \"image\", \"external_id\": \"m1\", \"name\": \"foto.jpg\", \"mime\": \"image/jpeg\"}]");
	w->conversation = conversation_of(w->message);
	c = as("worker");
	must(c, "BEGIN");
	must(c, "SELECT app.enter_connection('id', '%s')", w->wa);
	must(c, "SELECT app.reaction_in('%s', NULL, 'wamid.first%s', 'x', now())", w->wa, w->slug);
	must(c, "SELECT app.change_in('%s', 'wamid.never', NULL, '{\"what\": \"status\", \"status\": \"read\", \"note\": \"%s\"}')", w->wa, w->canary);
	must(c, "SELECT app.conversation_assign('%s', '%s', '%s', NULL)", w->conversation, w->ana.id, w->sales);
	must(c, "COMMIT");
	c = as("ingest");
	must(c, "SELECT app.hook_store('whatsapp', '%s', convert_to('%s', 'UTF8'), sha256('%s'), NULL)", w->own_app, w->canary, w->canary);
	must(c, "SELECT app.chat_say('%s', '%s', 'Visita %s', NULL, 'Oi, %s', 't1')", w->key, w->visitor, w->canary, w->canary);
	c = as(NULL);
	must(c, "%s", filler);
	must(c, "BEGIN");
	must(c, "SELECT app.become(%" PRId64 ", '%s', 'all', NULL, NULL)", w->tenant, w->admin.id);
	must(c, "INSERT INTO notification (user_id, kind, title) VALUES ('%s', 'mention', '%s')", w->admin.id, w->canary);
	must(c, "INSERT INTO idempotency_key (actor_id, key, request_hash, status, body) VALUES ('%s', '%s', '', 201, '%s')", w->admin.id, w->canary, w->canary);
	must(c, "DO $$ DECLARE t record; BEGIN FOR t IN SELECT a.attrelid::regclass AS t FROM pg_attribute a JOIN pg_class k ON k.oid = a.attrelid"
	    " WHERE a.attname = 'tenant_id' AND k.relnamespace = 'public'::regnamespace AND k.relkind IN ('r', 'p') ORDER BY k.oid LOOP PERFORM pg_temp.fill(t.t); END LOOP; END $$");
	must(c, "COMMIT");
	must(c, "DROP FUNCTION pg_temp.fill(regclass)");
}

static void tenant_make(struct world *w, const char *name)
{
	PGconn *c = as("console");

	w->slug = arena_fmt(T, "%s-%s", name, run_tag);
	w->canary = arena_fmt(T, "canario-%s-%s", name, run_tag);
	must(c, "BEGIN");
	w->id = get(c, "SELECT app.tenant_add('%s', '%s', 'America/Sao_Paulo', 'pt_BR')", w->canary, w->slug);
	w->tenant = num(c, "SELECT split_part(current_setting('app.ctx'), '|', 1)");
	must(c, "COMMIT");
	w->admin = person_add(w, "Admin", "admin", "all");
	w->ana = person_add(w, "Ana", "agent", "team");
	w->bia = person_add(w, "Bia", "agent", "team");
	w->own = person_add(w, "Caio", "agent", "own");
	w->viewer = person_add(w, "Vera", "viewer", "all");
	w->sales = team_add(w, "Vendas", w->ana.id);
	w->support = team_add(w, "Suporte", w->bia.id);
	w->number = arena_fmt(T, "1%s%d", name, (int)w->tenant);
	w->number2 = arena_fmt(T, "2%s%d", name, (int)w->tenant);
	w->key = arena_fmt(T, "chave-%s-%s", name, run_tag);
	w->wa = connection_add(w, "WhatsApp", "whatsapp", w->number, "", false);
	w->wa2 = connection_add(w, "WhatsApp 2", "whatsapp", w->number2, "", false);
	w->chat = connection_add(w, "Site", "chat", "", w->key, false);
	w->own_app = connection_add(w, "Obra", "whatsapp", arena_fmt(T, "3%s%d", name, (int)w->tenant), "", true);
	w->visitor = token_hex(arena_fmt(T, "%s visitor", name));
	contents(w);
}

void world_make(void)
{
	tenant_make(&alfa, "alfa");
	tenant_make(&beta, "beta");
}
