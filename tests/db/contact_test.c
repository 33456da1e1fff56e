/* People: search, one owner per phone and e-mail, versions, blocking, tags, lists and the timeline. */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/contact.h"
#include "model/perm.h"
#include "tests/db/dbt.h"

#define VIEWER_MASK (1u << 29)

static int serial;

/* A phone that nobody else has. */
static const char *phone_new(void)
{
	return arena_fmt(T, "31 97%03d-%04d", (int)rnd(1000), ++serial);
}

static struct contact_input person(const char *name, const char *phone, const char *email)
{
	return (struct contact_input){ .name = name, .phone = phone, .email = email };
}

static enum err make(struct ctx *cx, const struct person *p, const char *lifecycle, struct contact_input in, struct holder *whose, const char **id)
{
	return UNIT(cx, p, DB_WRITE, contact_create(cx, lifecycle, &in, whose, id));
}

static const char *made(const struct person *p, const char *name, const char *phone)
{
	struct holder whose;
	const char *id = NULL;

	IS_INT(name, make(ctx_as("web"), p, "contact", person(name, phone, NULL), &whose, &id), OK);
	return arena_str(T, id);
}

static enum err save(struct ctx *cx, const struct person *p, const char *id, struct contact_input in)
{
	struct holder whose;

	return UNIT(cx, p, DB_WRITE, contact_save(cx, id, &in, &whose));
}

static struct contact look(const char *id)
{
	struct ctx *cx = ctx_as("web");
	struct contact c = { 0 };

	IS_INT("look", UNIT(cx, &alfa.admin, DB_READ, contact_get(cx, id, &c)), OK);
	return c;
}

/* How many of the list's first page q finds for p. */
static int64_t finds(const struct person *p, bool masked, const char *q)
{
	struct contact_filter f = { .q = q };
	struct contact_list l = { 0 };
	struct ctx *cx = ctx_as("web");

	cx->masked = masked;
	IS_INT(q, UNIT(cx, p, DB_READ, contact_list(cx, "contact", &f, &l)), OK);
	IS_INT(q, l.total, (int64_t)l.n);
	return (int64_t)l.n;
}

/* How many ids a search function itself gives, before any policy. */
static int64_t raw(const struct person *p, const char *function, const char *q)
{
	PGconn *c = as("web");
	int64_t n;

	must(c, "BEGIN");
	must(c, "SELECT app.enter('\\x%s', true)", token_hex(p->token));
	n = num(c, "SELECT cardinality(app.%s('%s'))", function, q);
	undo(c);
	return n;
}

static void search_words(void)
{
	static const struct { const char *q; int64_t n; } t[] = {
		{ "conceicao", 1 }, { "CONCEIÇÃO", 1 }, { "josé conceicao", 1 }, { "conceicao josé", 1 }, { "oncei", 1 }, { "jo conc", 1 }, { "onc jx", 0 }, { "zé", 0 },
		{ "%", 0 }, { "_", 0 }, { "\\", 0 }, { "conceic%", 0 },
	};
	const char *tag = arena_fmt(T, "q%s%d", run_tag, ++serial), *phone = phone_new();

	made(&alfa.admin, arena_fmt(T, "José da Conceição %s", tag), phone);
	made(&beta.admin, arena_fmt(T, "José da Conceição %s", tag), NULL);
	for (size_t i = 0; i < nitems(t); i++)
		IS_INT(t[i].q, finds(&alfa.admin, false, arena_fmt(T, "%s %s", t[i].q, tag)), t[i].n);
	IS_INT("other tenant", finds(&beta.admin, false, tag), 1);
	IS_INT("the function itself", raw(&alfa.admin, "contact_search", tag), 1);
	IS_INT("the function itself, of one tenant", raw(&beta.admin, "contact_search", tag), 1);
	IS_INT("blank", finds(&alfa.admin, false, "   "), 0);
}

static void search_phones(void)
{
	const char *tail = arena_fmt(T, "%04d", 1000 + (int)rnd(9000)), *mid = arena_fmt(T, "%04d", 6000 + (int)rnd(3000));
	const char *forms[] = { "(31) 9%s-%s", "31 %s %s", "+55 31 9%s-%s", "55319%s%s", "9%s-%s", "%s-%s" };

	made(&alfa.admin, "Com número", arena_fmt(T, "31 9%s-%s", mid, tail));
	for (size_t i = 0; i < nitems(forms); i++) {
		const char *at = strstr(forms[i], "%s");
		const char *q = arena_fmt(T, "%.*s%s%.*s%s", (int)(at - forms[i]), forms[i], mid, (int)(strrchr(forms[i], '%') - at - 2), at + 2, tail);

		IS_TRUE(q, finds(&alfa.admin, false, q) >= 1);
	}
	IS_INT("other area", finds(&alfa.admin, false, arena_fmt(T, "(11) 9%s-%s", mid, tail)), 0);
}

/* Who sees phones masked cannot find by them; and the database means the same roles as perm.c. */
static void search_masked(void)
{
	const char *tag = arena_fmt(T, "m%s%d", run_tag, ++serial), *phone = arena_fmt(T, "31 9%04d-%04d", 6000 + (int)rnd(3000), 1000 + (int)rnd(9000));
	struct ctx *cx = ctx_as("web");
	struct holder whose;
	const char *id;

	IS_INT("made", make(cx, &alfa.admin, "contact", person(arena_fmt(T, "Visível %s", tag), phone, arena_fmt(T, "segredo.%s@x.test", tag)), &whose, &id), OK);
	IS_INT("by name", finds(&alfa.viewer, true, "visivel"), finds(&alfa.admin, false, "visivel"));
	IS_TRUE("admin by phone", finds(&alfa.admin, false, phone) == 1);
	IS_INT("viewer by phone", finds(&alfa.viewer, true, phone), 0);
	IS_INT("viewer by digits", finds(&alfa.viewer, true, phone + 6), 0);
	IS_INT("admin by e-mail", finds(&alfa.admin, false, arena_fmt(T, "segredo.%s", tag)), 1);
	IS_INT("viewer by e-mail", finds(&alfa.viewer, true, "segredo"), 0);
	IS_INT("viewer by @", finds(&alfa.viewer, true, "@x.test"), 0);
	for (const struct role_row *r = role_perms; r->role != NULL; r++) {
		struct world *w = &alfa;
		struct person p;

		if (strcmp(r->role, "super") == 0)
			continue;
		p = person_new(w, r->role, "all");
		PGconn *c = inside(alfa.tenant, p.id, "all");
		IS_STR(r->role, get(c, "SELECT app.sees_masked()"), (perms_of(r->role) & VIEWER_MASK) != 0 ? "t" : "f");
		undo(c);
	}
}

static int64_t talks(const struct person *p, const char *q)
{
	struct conversation_filter f = { .q = q, .status = "any" };
	struct conversation_list l = { 0 };
	struct ctx *cx = ctx_as("web");

	IS_INT(q, UNIT(cx, p, DB_READ, conversation_list(cx, &f, &l)), OK);
	return (int64_t)l.n;
}

static void search_messages(void)
{
	char *word = arena_fmt(T, "jabuticabeira%s", run_tag);
	const char *conv, *other;

	/* Letters only: who sees masked cannot look for digits at all. */
	for (char *p = word; *p != '\0'; p++)
		*p = (char)(*p >= '0' && *p <= '9' ? *p - '0' + 'g' : *p);

	serial++;
	conv = conversation_of(arrives(alfa.wa, arena_fmt(T, "5531900%05d", serial), arena_fmt(T, "wamid.s%d%s", serial, run_tag),
	    arena_fmt(T, "\"text\": \"Ação: uma %s às 9h, fone 31 98765-4321\"", word)));
	other = conversation_of(arrives(beta.wa, arena_fmt(T, "5531900%05d", serial), arena_fmt(T, "wamid.s%d%s", serial, run_tag), arena_fmt(T, "\"text\": \"%s\"", word)));
	IS_TRUE("two", conv != NULL && other != NULL);
	IS_INT("whole word", talks(&alfa.admin, word), 1);
	IS_INT("beginning", talks(&alfa.admin, arena_fmt(T, "%.*s", (int)strlen(word) - 2, word)), 1);
	IS_INT("accents", talks(&alfa.admin, arena_fmt(T, "acao %s", word)), 1);
	IS_INT("all words", talks(&alfa.admin, arena_fmt(T, "%s cadeira", word)), 0);
	IS_INT("number in it", talks(&alfa.admin, arena_fmt(T, "%s 98765-4321", word)), 1);
	IS_INT("masked, number in it", talks(&alfa.viewer, arena_fmt(T, "%s 98765-4321", word)), 0);
	IS_INT("masked, word", talks(&alfa.viewer, word), 1);
	IS_INT("short", talks(&alfa.admin, "às 9h ix"), 0);
	IS_INT("quotes", talks(&alfa.admin, arena_fmt(T, "' & %s | !", word)), 1);
	IS_INT("its number", talks(&alfa.admin, arena_fmt(T, "#%" PRId64, num(as(NULL), "SELECT number FROM conversation WHERE id = '%s'", conv))), 1);
	IS_INT("the function itself", raw(&alfa.admin, "message_search", word), 1);
	IS_INT("the function itself, of one tenant", raw(&beta.admin, "conversation_search", word), 1);
	IS_INT("numbers of one tenant", raw(&alfa.admin, "conversation_search", "#1"), 1);
	/* Found, but not this user's to see. */
	change_in(alfa.tenant, "UPDATE conversation SET team_id = '%s', assignee_id = NULL WHERE id = '%s'", alfa.support, conv);
	IS_INT("another team's", talks(&alfa.ana, word), 0);
	IS_INT("own team's", talks(&alfa.bia, word), 1);
}

/* The role that looks past row-level security does so for nobody else. */
static void search_role(void)
{
	PGconn *c = as("web");

	IS_STR("no context", state(c, "SELECT app.contact_search('a')"), "42501");
	IS_STR("no context", state(c, "SELECT app.message_search('abc')"), "42501");
	IS_STR("nobody becomes it", state(c, "SET ROLE balcao_search"), "42501");
	IS_STR("only these", rows(as(NULL), "SELECT p.proname FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE r.rolname = 'balcao_search' ORDER BY 1"),
	    "contact_search\nconversation_search\nmessage_search");
	IS_STR("reads little", rows(as(NULL), "SELECT DISTINCT table_name FROM information_schema.column_privileges WHERE grantee = 'balcao_search' ORDER BY 1"),
	    "contact\ncontact_identity\nconversation\nmessage");
	IS_STR("writes nothing", get(as(NULL), "SELECT count(*) FROM information_schema.column_privileges WHERE grantee = 'balcao_search' AND privilege_type <> 'SELECT'"), "0");
}

static void create(void)
{
	struct ctx *cx = ctx_as("web");
	const char *phone = phone_new(), *mail = arena_fmt(T, "c%d.%s@x.test", ++serial, run_tag), *id = NULL, *again;
	struct holder whose = { 0 };
	int64_t before;

	IS_INT("nothing", make(cx, &alfa.admin, "lead", person(NULL, NULL, NULL), &whose, &id), E_INVALID);
	IS_STR("nothing", cx->errors->code, "reach");
	cx->errors = NULL;
	IS_INT("no area code", make(cx, &alfa.admin, "lead", person("x", "98765-4321", NULL), &whose, &id), E_INVALID);
	cx->errors = NULL;
	IS_INT("made", make(cx, &alfa.admin, "lead", person("Nilo", phone, mail), &whose, &id), OK);
	IS_STR("identities", rows(as(NULL), "SELECT kind FROM contact_identity WHERE contact_id = '%s' ORDER BY 1", id), "email\nphone");
	IS_STR("event", get(as(NULL), "SELECT kind FROM event WHERE subject_id = '%s'", id), "contact:created");
	IS_STR("audit", get(as(NULL), "SELECT actor_id FROM audit_log WHERE entity_id = '%s' AND action = 'insert'", id), alfa.admin.id);
	before = num(as(NULL), "SELECT count(*) FROM contact WHERE tenant_id = %" PRId64, alfa.tenant);
	/* Without the ninth digit it is the same phone. */
	IS_INT("same phone", make(cx, &alfa.admin, "contact", person("Outro", arena_fmt(T, "(31) %s", phone + 4), NULL), &whose, &again), E_CONFLICT);
	IS_STR("whose", whose.holder, id);
	IS_STR("named", whose.holder_name, "Nilo");
	IS_INT("same e-mail", make(cx, &alfa.admin, "contact", person("Outro", NULL, mail), &whose, &again), E_CONFLICT);
	IS_STR("whose", whose.kind, "email");
	IS_INT("no second person", num(as(NULL), "SELECT count(*) FROM contact WHERE tenant_id = %" PRId64, alfa.tenant), before);
	IS_INT("other tenant", make(cx, &beta.admin, "contact", person("Nilo", phone, mail), &whose, &again), OK);
	/* To somebody who does not see them, nothing is told but that. */
	change_in(alfa.tenant, "UPDATE contact SET owner_id = '%s' WHERE id = '%s'", alfa.admin.id, id);
	cx->errors = NULL;
	IS_INT("out of sight", make(cx, &alfa.own, "contact", person("Outro", phone, NULL), &whose, &again), E_CONFLICT);
	IS_TRUE("out of sight", whose.holder == NULL && whose.holder_name == NULL && strcmp(cx->errors->code, "belongs_hidden") == 0);
	IS_INT("own", make(cx, &alfa.own, "contact", person("Meu", NULL, NULL), &whose, &again), OK);
	IS_STR("own", look(again).owner_id, alfa.own.id);
}

/* Somebody is registered at the very moment at which they write. Two workers bring messages, two people type the same numbers. */
enum { RACERS = 4, NUMBERS = 40 };
struct race { pthread_barrier_t start; unsigned seed; const char *token, *key[NUMBERS]; int went[RACERS], taken[RACERS]; char failed[RACERS][300]; };

static const char *racer_sql(struct arena *a, const struct race *r, int i, int k)
{
	if (i % 2 == 0)
		return arena_fmt(a, "BEGIN; SELECT app.enter_connection('id', '%s'); SELECT app.message_in('%s', '{\"name\": \"Race\", \"ids\": [{\"kind\": \"phone\", \"value\": \"%s\"}]}',"
		    " '{\"external_id\": \"race%d-%d-%s\", \"kind\": \"text\", \"text\": \"oi\"}'); COMMIT", alfa.wa, alfa.wa, r->key[k], i, k, run_tag);
	return arena_fmt(a, "BEGIN; SELECT app.enter('\\x%s', false); WITH n AS (SELECT app.uuid7() AS id) INSERT INTO contact (id, name) SELECT id, 'Race' FROM n RETURNING set_config('race.id', id::text, true);"
	    " DO $$ BEGIN IF EXISTS (SELECT FROM app.identity_claim(current_setting('race.id')::uuid, '[{\"kind\": \"phone\", \"value\": \"%s\"}]')) THEN RAISE 'taken'; END IF; END $$; COMMIT",
	    r->token, r->key[k]);
}

static void racer(int i, void *p)
{
	struct race *r = p;
	struct arena *a = arena_new();
	unsigned seed = r->seed + (unsigned)i;
	PGconn *c = PQconnectdb(arena_fmt(a, "%s user=%s options='-c client_min_messages=error'", getenv("BALCAO_TEST_DB"), i % 2 == 0 ? "balcao_worker" : "balcao_web"));

	for (int k = 0; k < NUMBERS; k++) {
		const char *sql = racer_sql(a, r, i, k), *said;
		PGresult *res;

		/* All at once, and a message, which is quicker, at times later: nobody is always the first. */
		pthread_barrier_wait(&r->start);
		usleep((unsigned)rand_r(&seed) % 4 * (i % 2 == 0 ? 3000 : 100));
		res = PQexec(c, sql);
		said = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
		if (PQresultStatus(res) == PGRES_COMMAND_OK)
			r->went[i]++;
		else if (said != NULL && strcmp(said, "taken") == 0)
			r->taken[i]++;
		else
			snprintf(r->failed[i], sizeof(r->failed[i]), "%s", PQerrorMessage(c));
		PQclear(res);
		PQclear(PQexec(c, "ROLLBACK"));
	}
	PQfinish(c);
	arena_free(a);
}

static void create_race(void)
{
	struct race r = { .token = token_hex(alfa.admin.token), .seed = (unsigned)rnd(1u << 31) };

	for (int k = 0; k < NUMBERS; k++)
		r.key[k] = arena_fmt(T, "553188%06d", ++serial);
	pthread_barrier_init(&r.start, NULL, RACERS);
	threads(RACERS, racer, &r);
	pthread_barrier_destroy(&r.start);
	for (int i = 0; i < RACERS; i++) {
		IS_STR(i % 2 == 0 ? "worker" : "web", r.failed[i], "");
		IS_INT(i % 2 == 0 ? "a message is always taken in" : "registered, or told that it is taken", r.went[i] + (i % 2 == 0 ? 0 : r.taken[i]), NUMBERS);
	}
	IS_TRUE("people were registered", r.went[1] + r.went[3] > 0);
	for (int k = 0; k < NUMBERS; k++)
		IS_INT(r.key[k], num(as(NULL), "SELECT count(DISTINCT contact_id) FROM contact_identity WHERE tenant_id = %" PRId64 " AND value = '%s'", alfa.tenant, r.key[k]), 1);
	IS_INT("each number has one person", num(as(NULL), "SELECT count(*) FROM contact WHERE name = 'Race' AND tenant_id = %" PRId64, alfa.tenant), NUMBERS);
	IS_INT("nobody without an identity", num(as(NULL), "SELECT count(*) FROM contact c WHERE c.name = 'Race' AND c.tenant_id = %" PRId64
	    " AND NOT EXISTS (SELECT FROM contact_identity i WHERE i.contact_id = c.id)", alfa.tenant), 0);
}

static void change(void)
{
	struct ctx *cx = ctx_as("web");
	const char *phone = phone_new(), *second = phone_new(), *id = made(&alfa.admin, "Antes", phone);
	struct contact_input in = person("Depois", second, NULL);
	struct contact c;

	in.version = look(id).version;
	in.owner_id = alfa.ana.id;
	IS_INT("saved", save(cx, &alfa.admin, id, in), OK);
	c = look(id);
	IS_STR("saved", c.name, "Depois");
	IS_STR("owner", c.owner_id, alfa.ana.id);
	IS_INT("typed wrong, never used: gone", num(as(NULL), "SELECT count(*) FROM contact_identity WHERE contact_id = '%s'", id), 1);
	IS_INT("free again", make(cx, &alfa.admin, "contact", person("Dono novo", phone, NULL), &(struct holder){ 0 }, &(const char *){ NULL }), OK);
	IS_INT("stale", save(cx, &alfa.admin, id, in), E_CONFLICT);
	IS_TRUE("stale", strcmp(cx->errors->field, "version") == 0 && strcmp(cx->errors->code, "conflict") == 0);
	in.version = 0;
	in.owner_id = alfa.viewer.id;
	IS_INT("viewers own nobody", save(cx, &alfa.admin, id, in), E_INVALID);
	in.owner_id = beta.admin.id;
	IS_INT("nor another tenant's", save(cx, &alfa.admin, id, in), E_INVALID);
	IS_INT("out of sight", save(cx, &beta.admin, id, in), E_NOTFOUND);
	IS_STR("untouched", look(id).owner_id, alfa.ana.id);
}

static void change_used_phone(void)
{
	const char *conv = conversation_new(&alfa, alfa.wa), *id = get(as(NULL), "SELECT contact_id FROM conversation WHERE id = '%s'", conv);
	struct contact c = look(id);

	IS_INT("saved", save(ctx_as("web"), &alfa.admin, id, person(c.name, phone_new(), NULL)), OK);
	IS_INT("written from: stays", num(as(NULL), "SELECT count(*) FROM contact_identity WHERE contact_id = '%s' AND kind = 'phone'", id), 2);
}

static void version_and_messages(void)
{
	const char *phone = arena_fmt(T, "55318%07d", 5000000 + ++serial), *id;
	int32_t v;

	id = get(as(NULL), "SELECT contact_id FROM conversation WHERE id = '%s'", conversation_of(arrives(alfa.wa, phone, arena_fmt(T, "v1%s%d", run_tag, serial), NULL)));
	v = look(id).version;
	arrives(alfa.wa, phone, arena_fmt(T, "v2%s%d", run_tag, serial), NULL);
	IS_INT("writing is no change of the person", look(id).version, v);
	change_in(alfa.tenant, "UPDATE contact SET status = 'inactive' WHERE id = '%s'", id);
	arrives(alfa.wa, phone, arena_fmt(T, "v3%s%d", run_tag, serial), NULL);
	IS_STR("whoever writes is back", look(id).status, "active");
}

static const char *talk(const char *conv)
{
	return rows(as(NULL), "SELECT status, unread, waiting_since IS NULL FROM conversation WHERE id = '%s'", conv);
}

static void block(void)
{
	const char *phone = arena_fmt(T, "55318%07d", 6000000 + ++serial), *conv, *id;
	struct ctx *cx = ctx_as("web");

	conv = conversation_of(arrives(alfa.wa, phone, arena_fmt(T, "b1%s%d", run_tag, serial), NULL));
	id = get(as(NULL), "SELECT contact_id FROM conversation WHERE id = '%s'", conv);
	IS_STR("waits", talk(conv), "open|1|f");
	/* Also where the blocking user does not see the conversation. */
	change_in(alfa.tenant, "UPDATE conversation SET team_id = '%s' WHERE id = '%s'", alfa.support, conv);
	change_in(alfa.tenant, "UPDATE contact SET owner_id = '%s' WHERE id = '%s'", alfa.ana.id, id);
	IS_INT("blocked", UNIT(cx, &alfa.ana, DB_WRITE, contact_block(cx, id, true)), OK);
	IS_STR("waits for nobody", talk(conv), "open|0|t");
	arrives(alfa.wa, phone, arena_fmt(T, "b2%s%d", run_tag, serial), NULL);
	IS_STR("kept, quietly", talk(conv), "open|0|t");
	IS_INT("kept", num(as(NULL), "SELECT count(*) FROM message WHERE conversation_id = '%s' AND direction = 'in'", conv), 2);
	change_in(alfa.tenant, "UPDATE conversation SET status = 'resolved' WHERE id = '%s'", conv);
	arrives(alfa.wa, phone, arena_fmt(T, "b3%s%d", run_tag, serial), NULL);
	IS_STR("not opened again", talk(conv), "resolved|0|t");
	IS_STR("a new one is spam", talk(conversation_of(arrives(alfa.wa2, phone, arena_fmt(T, "b4%s%d", run_tag, serial), NULL))), "spam|0|t");
	IS_INT("not by who does not see", UNIT(cx, &alfa.own, DB_WRITE, contact_block(cx, id, false)), E_NOTFOUND);
	IS_INT("unblocked", UNIT(cx, &alfa.admin, DB_WRITE, contact_block(cx, id, false)), OK);
	arrives(alfa.wa, phone, arena_fmt(T, "b5%s%d", run_tag, serial), NULL);
	IS_STR("counts again", talk(conv), "open|1|f");
}

static void convert(void)
{
	const char *conv = conversation_new(&alfa, alfa.wa), *id = get(as(NULL), "SELECT contact_id FROM conversation WHERE id = '%s'", conv);
	struct ctx *cx = ctx_as("web");
	struct contact_input in = person("Convertida", NULL, NULL);
	struct holder whose;
	bool done = false;
	int32_t v;

	IS_INT("lost", UNIT(cx, &alfa.ana, DB_WRITE, contact_stage(cx, id, "lost", "caro")), OK);
	IS_STR("lost", look(id).lost_reason, "caro");
	in.phone = look(id).phone;
	IS_INT("once", UNIT(cx, &alfa.ana, DB_WRITE, contact_convert(cx, id, &in, &whose, &done)), OK);
	IS_TRUE("once", done && strcmp(look(id).lifecycle, "contact") == 0 && look(id).lost_reason == NULL && !utc_none(look(id).converted_at));
	v = look(id).version;
	in.name = "Outra";
	IS_INT("twice", UNIT(cx, &alfa.ana, DB_WRITE, contact_convert(cx, id, &in, &whose, &done)), OK);
	IS_TRUE("twice is once", !done && look(id).version == v);
	IS_INT("said in the conversation", num(as(NULL), "SELECT count(*) FROM message WHERE conversation_id = '%s' AND payload ->> 'what' = 'converted'", conv), 1);
	IS_INT("no lead", UNIT(cx, &alfa.ana, DB_WRITE, contact_stage(cx, id, "new", NULL)), E_CONFLICT);
	IS_INT("archive", UNIT(cx, &alfa.admin, DB_WRITE, contact_archive(cx, id, true)), OK);
	IS_STR("archive", look(id).status, "inactive");
}

static void assign(void)
{
	struct ctx *cx = ctx_as("web");
	const char *mine = made(&alfa.own, "Dele", NULL), *other = made(&alfa.admin, "De ninguém", NULL), *both[2] = { mine, other };
	struct contact c;
	int64_t n = 0;

	IS_INT("given away", UNIT(cx, &alfa.own, DB_WRITE, contact_assign(cx, (struct ids){ both, 2 }, alfa.ana.id, &n)), OK);
	IS_INT("only whom one sees", n, 1);
	IS_STR("given", look(mine).owner_id, alfa.ana.id);
	IS_STR("left", look(other).owner_id, NULL);
	IS_INT("out of sight", UNIT(cx, &alfa.own, DB_READ, contact_get(cx, mine, &c)), E_NOTFOUND);
	IS_STR("audit", get(as(NULL), "SELECT actor_id FROM audit_log WHERE entity_id = '%s' AND action = 'update'", mine), alfa.own.id);
	IS_STR("event", get(as(NULL), "SELECT kind FROM event WHERE subject_id = '%s' ORDER BY seq DESC LIMIT 1", mine), "contact:updated");
}

static void tags(void)
{
	struct ctx *cx = ctx_as("web");
	struct tag_input in = { .name = arena_fmt(T, "Ação %s", run_tag), .color = 3 }, same = { .name = arena_fmt(T, "acao %s", run_tag), .color = 1 };
	const char *id = made(&alfa.admin, "Com etiqueta", NULL), *tag = NULL, *foreign = NULL, *plus[2];
	struct ids none = { NULL, 0 };
	struct tag_of *of = NULL;
	struct tag t;
	int64_t changed = 0;
	size_t n = 0;

	IS_INT("added", UNIT(cx, &alfa.admin, DB_WRITE, tag_add(cx, &in, &tag)), OK);
	IS_INT("same name", UNIT(cx, &alfa.admin, DB_WRITE, tag_add(cx, &same, &foreign)), E_CONFLICT);
	IS_INT("other tenant", UNIT(cx, &beta.admin, DB_WRITE, tag_add(cx, &same, &foreign)), OK);
	IS_INT("found as typed", UNIT(cx, &alfa.admin, DB_READ, tag_find(cx, arena_fmt(T, "ACAO %s", run_tag), &t)), OK);
	IS_STR("found", t.id, tag);
	plus[0] = tag;
	plus[1] = foreign;
	IS_INT("put", UNIT(cx, &alfa.ana, DB_WRITE, tag_set_contacts(cx, (struct ids){ &id, 1 }, (struct ids){ plus, 2 }, none, &changed)), OK);
	IS_INT("put", changed, 1);
	IS_INT("read", UNIT(cx, &alfa.ana, DB_READ, tag_of_contacts(cx, (struct ids){ &id, 1 }, &of, &n)), OK);
	IS_TRUE("only the tenant's", n == 1 && strcmp(of[0].id, tag) == 0 && strcmp(of[0].owner, id) == 0);
	IS_INT("again", UNIT(cx, &alfa.ana, DB_WRITE, tag_set_contacts(cx, (struct ids){ &id, 1 }, (struct ids){ plus, 1 }, none, &changed)), OK);
	IS_INT("twice is once", changed, 0);
	IS_STR("audit", rows(as(NULL), "SELECT actor_id, changes #>> '{tags,1}' FROM audit_log WHERE entity_id = '%s' AND action = 'tag'", id), arena_fmt(T, "%s|%s", alfa.ana.id, in.name));
	IS_INT("out of sight", UNIT(cx, &beta.admin, DB_WRITE, tag_set_contacts(cx, (struct ids){ &id, 1 }, (struct ids){ &foreign, 1 }, none, &changed)), OK);
	IS_INT("out of sight", changed, 0);
	IS_INT("conversation", UNIT(cx, &alfa.admin, DB_WRITE, tag_set_conversation(cx, alfa.conversation, (struct ids){ &tag, 1 }, none)), OK);
	IS_INT("conversation", UNIT(cx, &alfa.admin, DB_READ, tag_of_conversations(cx, (struct ids){ &alfa.conversation, 1 }, &of, &n)), OK);
	IS_TRUE("conversation", n >= 1);
	in.version = 9;
	IS_INT("stale", UNIT(cx, &alfa.admin, DB_WRITE, tag_save(cx, tag, &in)), E_CONFLICT);
	IS_INT("taken away", UNIT(cx, &alfa.admin, DB_WRITE, tag_remove(cx, tag, 0)), OK);
	IS_INT("from everything", num(as(NULL), "SELECT count(*) FROM contact_tag WHERE tag_id = '%s'", tag), 0);
}

/* Every order walks through all pages without a gap or a repetition, in the same number of statements each. */
static void pages(void)
{
	struct tag_input in = { .name = arena_fmt(T, "Páginas %s", run_tag), .color = 2 };
	const char *ids[23], *tag = NULL;
	struct ctx *cx = ctx_as("web");

	for (int i = 0; i < 23; i++)
		ids[i] = made(&alfa.admin, i % 3 == 0 ? "Igual" : arena_fmt(T, "Ábaco %d", (int)rnd(5)), NULL);
	IS_INT("tag", UNIT(cx, &alfa.admin, DB_WRITE, tag_add(cx, &in, &tag)), OK);
	tag = arena_str(T, tag);
	IS_INT("tagged", UNIT(cx, &alfa.admin, DB_WRITE, tag_set_contacts(cx, (struct ids){ ids, 23 }, (struct ids){ &tag, 1 }, (struct ids){ NULL, 0 }, NULL)), OK);
	for (size_t s = 0; contact_sorts[s] != NULL; s++) {
		struct contact_filter f = { .tag = tag, .sort = contact_sorts[s], .limit = 5 };
		const char *seen = "", *last = "";
		int n = 0, rounds = 0;

		do {
			struct contact_list l = { 0 };
			int before = cx->statements;

			IS_INT(contact_sorts[s], UNIT(cx, &alfa.admin, DB_READ, contact_list(cx, "contact", &f, &l)), OK);
			IS_INT("statements", cx->statements - before, 3);
			IS_INT("total", l.total, 23);
			for (size_t i = 0; i < l.n; i++, n++) {
				IS_TRUE("once", strstr(seen, l.items[i].id) == NULL);
				seen = arena_fmt(T, "%s %s", seen, l.items[i].id);
				if (strstr(contact_sorts[s], "name") != NULL && *last != '\0')
					IS_TRUE("in order", contact_sorts[s][0] == '-' ? strcmp(last, l.items[i].name_key) >= 0 : strcmp(last, l.items[i].name_key) <= 0);
				last = arena_str(T, l.items[i].name_key);
			}
			f.cursor = l.next != NULL ? arena_str(T, l.next) : NULL;
		} while (f.cursor != NULL && ++rounds < 20);
		IS_INT(contact_sorts[s], n, 23);
	}
}

static void filters(void)
{
	static const char *const bad[] = { "", "x", "0-", "n-", "nzz-00000000-0000-7000-8000-000000000000", "nc3-00000000-0000-7000-8000-000000000000",
		"n00-00000000-0000-7000-8000-000000000000" };
	struct ctx *cx = ctx_as("web");
	struct contact_list l = { 0 };
	struct contact_filter f = { .owner = "me" };

	made(&alfa.own, "Meu mesmo", NULL);
	IS_INT("mine", UNIT(cx, &alfa.own, DB_READ, contact_list(cx, "contact", &f, &l)), OK);
	IS_TRUE("mine", l.n > 0);
	for (size_t i = 0; i < l.n; i++)
		IS_STR("mine", l.items[i].owner_id, alfa.own.id);
	f.owner = "somebody";
	IS_INT("no such owner", UNIT(cx, &alfa.own, DB_READ, contact_list(cx, "contact", &f, &l)), E_SYNTAX);
	for (size_t i = 0; i < nitems(bad); i++) {
		struct contact_filter g = { .cursor = bad[i], .sort = i % 2 == 0 ? "name" : "created_at" }, h = { .cursor = bad[i], .sort = "name" };

		IS_INT(bad[i], UNIT(cx, &alfa.own, DB_READ, contact_list(cx, "contact", &g, &l)), E_SYNTAX);
		IS_TRUE(bad[i], UNIT(cx, &alfa.own, DB_READ, contact_list(cx, "contact", &h, &l)) != E_INTERNAL);
	}
	f = (struct contact_filter){ .status = "inactive" };
	IS_INT("archive", UNIT(cx, &alfa.admin, DB_READ, contact_list(cx, "contact", &f, &l)), OK);
	for (size_t i = 0; i < l.n; i++)
		IS_STR("archive", l.items[i].status, "inactive");
}

static void timeline(void)
{
	const char *conv = conversation_new(&alfa, alfa.wa), *id = get(as(NULL), "SELECT contact_id FROM conversation WHERE id = '%s'", conv);
	struct contact_input in = person("Nome novo", look(id).phone, NULL);
	struct timeline_row *t = NULL;
	struct ctx *cx = ctx_as("web");
	int changes = 0, talk_rows = 0;
	size_t n = 0;

	IS_INT("saved", save(cx, &alfa.admin, id, in), OK);
	IS_INT("read", UNIT(cx, &alfa.admin, DB_READ, contact_timeline(cx, id, &t, &n)), OK);
	for (size_t i = 0; i < n; i++) {
		talk_rows += strcmp(t[i].kind, "conversation") == 0;
		if (t[i].field != NULL && strcmp(t[i].field, "name") == 0) {
			changes++;
			IS_STR("new", t[i].text, "Nome novo");
		}
		IS_TRUE("newest first", i == 0 || t[i].at.us <= t[i - 1].at.us);
	}
	IS_TRUE("both", changes == 1 && talk_rows == 1);
	cx->masked = true;
	IS_INT("masked", UNIT(cx, &alfa.viewer, DB_READ, contact_timeline(cx, id, &t, &n)), OK);
	for (size_t i = 0; i < n; i++)
		IS_TRUE("masked", t[i].field == NULL || (t[i].old == NULL && t[i].text == NULL));
	cx->masked = false;
	IS_INT("no audit for a team's agent", UNIT(cx, &alfa.ana, DB_READ, contact_timeline(cx, id, &t, &n)), OK);
	for (size_t i = 0; i < n; i++)
		IS_TRUE("no audit", t[i].field == NULL);
}

static void readers(void)
{
	static const char *const good[] = { "[]", " [ ] ", "[\"00000000-0000-7000-8000-000000000000\"]", "[\"00000000-0000-7000-8000-000000000000\" , \"00000000-0000-7000-8000-000000000001\"]" };
	static const char *const bad[] = { "", "x", "[", "[,]", "[1]", "[\"a\"]", "[\"00000000-0000-7000-8000-000000000000\",]", "[\"00000000-0000-7000-8000-000000000000\"", "[]x", "{}",
		"[\"00000000-0000-7000-8000-000000000000\"\"00000000-0000-7000-8000-000000000000\"]" };
	const char *key, *id;
	struct ids ids;

	for (size_t i = 0; i < nitems(good); i++)
		IS_TRUE(good[i], ids_read(T, good[i], &ids) && ids.n == (i < 2 ? 0 : i - 1));
	for (size_t i = 0; i < nitems(bad); i++)
		IS_TRUE(bad[i], !ids_read(T, bad[i], &ids));
	IS_TRUE("none", ids_read(T, NULL, &ids) && ids.n == 0);
	IS_TRUE("cursor", name_cursor_read(T, name_cursor_make(T, "ana é", alfa.id), &key, &id) && strcmp(key, "ana é") == 0 && strcmp(id, alfa.id) == 0);
}

CU_TestInfo contact_tests[] = {
	{ "search: words, accents, tenants", search_words },
	{ "search: phones in every spelling", search_phones },
	{ "search: no oracle for who sees masked", search_masked },
	{ "search: messages", search_messages },
	{ "search: the role that does it", search_role },
	{ "create: one owner per phone and e-mail", create },
	{ "create while they write", create_race },
	{ "change: versions, owners, old phones", change },
	{ "change: a phone written from stays", change_used_phone },
	{ "a message is no change", version_and_messages },
	{ "blocked people ask for nobody", block },
	{ "convert: twice is once", convert },
	{ "assign: also out of one's sight", assign },
	{ "tags", tags },
	{ "pages: every order, whole", pages },
	{ "filters", filters },
	{ "timeline", timeline },
	{ "readers of ids and cursors", readers },
	CU_TEST_INFO_NULL
};
