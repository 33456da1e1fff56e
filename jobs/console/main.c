/*
 * balcao-console: what an operator does by hand: tenants, people, connections, demo data. Connects as
 * balcao_console, enters one tenant at a time, and never shows a stored secret.
 */
#include "jobs/console/console.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/conf.h"
#include "lib/base/text.h"
#include "lib/db/schema.h"

struct settings { const char *db, *seal_keys, *base_url; };
static const struct conf_row rows[] = {
	{ "BALCAO_DB", CONF_STR, offsetof(struct settings, db), NULL, true,
	    "PostgreSQL, as libpq takes it, without a user" },
	{ "BALCAO_SEAL_KEYS", CONF_SECRET, offsetof(struct settings, seal_keys), NULL, false,
	    "id:hex64[,...]: seals what connections keep" },
	{ "BALCAO_BASE_URL", CONF_STR, offsetof(struct settings, base_url), "http://localhost:8080", false,
	    "where people reach Balcão" },
	{ NULL, CONF_STR, 0, NULL, false, NULL }
};

enum err console_unit(struct console *c, console_fn *fn, void *p)
{
	enum err e = db_begin(&c->cx, DB_WRITE, NULL, NULL, NULL, NOARGS, NULL, NULL);

	return db_end(&c->cx, e == OK ? fn(c, p) : e);
}

static enum err enter(struct console *c, const char *slug)
{
	enum err e = setup_enter(&c->cx, slug);

	if (e == E_NOTFOUND)
		fprintf(stderr, "balcao-console: there is no tenant %s\n", slug);
	return e;
}

static enum err refuse(const char *what)
{
	fprintf(stderr, "balcao-console: %s\n", what);
	return E_INVALID;
}

/* ---- commands ---- */

static enum err tenant_add_unit(struct console *c, void *p)
{
	const struct options *o = p;

	return setup_tenant_add(&c->cx, o->name, o->slug, o->zone, o->locale);
}

static enum err tenant_add(struct console *c, struct options *o)
{
	enum err e;

	if (o->zone == NULL)
		o->zone = "America/Sao_Paulo";
	if (o->locale == NULL)
		o->locale = "pt_BR";
	if (!zone_known(o->zone))
		return refuse("there is no such zone (want an IANA name, such as America/Sao_Paulo)");
	if (strcmp(o->locale, "pt_BR") != 0 && strcmp(o->locale, "en") != 0)
		return refuse("the locale is pt_BR or en");
	e = console_unit(c, tenant_add_unit, o);
	if (e == E_CONFLICT)
		return refuse("this slug is taken");
	if (e == E_INVALID)
		return refuse("a slug is 2 to 41 of a-z 0-9 -; a name has 200 characters at most");
	if (e == OK)
		printf("tenant %s\n", o->slug);
	return e;
}

struct user_job { const struct options *o; const char *password; };

static enum err user_add_unit(struct console *c, void *p)
{
	const struct user_job *j = p;

	TRY(enter(c, j->o->tenant));
	return setup_user_add(&c->cx, j->o->name, j->o->email, j->o->role, j->o->scope, j->password);
}

static enum err user_make(struct console *c, struct options *o)
{
	struct user_job job = { o, NULL };
	bool made;
	enum err e;

	if (!email_ok(o->email))
		return refuse("this is no e-mail address");
	job.password = input_password(c->cx.arena, o->password_stdin, &made);
	if (job.password == NULL)
		return E_INVALID;
	e = console_unit(c, user_add_unit, &job);
	if (e == E_CONFLICT)
		return refuse("this tenant has somebody with this e-mail already");
	if (e == E_INVALID)
		return refuse("refused: check name, role and scope");
	if (e == OK)
		printf("user %s (%s, sees %s)\n", o->email, o->role, o->scope);
	if (e == OK && made)
		printf("password %s\n", job.password);
	return e;
}

static enum err user_add(struct console *c, struct options *o)
{
	static const char *const roles[] = { "admin", "supervisor", "agent", "viewer" };
	static const char *const scopes[] = { "all", "team", "own" };
	bool role = false, scope = false;

	if (o->scope == NULL)
		o->scope = strcmp(o->role, "agent") == 0 ? "team" : "all";
	for (size_t i = 0; i < nitems(roles); i++)
		role = role || strcmp(o->role, roles[i]) == 0;
	for (size_t i = 0; i < nitems(scopes); i++)
		scope = scope || strcmp(o->scope, scopes[i]) == 0;
	if (!role)
		return refuse("the role is admin, supervisor, agent or viewer");
	if (!scope)
		return refuse("the scope is all, team or own");
	if (strcmp(o->tenant, "platform") == 0)
		return refuse("the platform has super administrators only: super-add");
	return user_make(c, o);
}

static enum err super_add(struct console *c, struct options *o)
{
	o->tenant = "platform";
	o->role = "super";
	o->scope = "all";
	return user_make(c, o);
}

struct connection_job { const struct options *o; struct setup_connection n; const char *id; };

static enum err connection_unit(struct console *c, void *p)
{
	struct connection_job *j = p;

	TRY(enter(c, j->o->tenant));
	return setup_connection_add(&c->cx, c->ring, &j->n, &j->id);
}

static enum err connection_make(struct console *c, struct connection_job *j)
{
	enum err e = console_unit(c, connection_unit, j);

	if (e == E_CONFLICT)
		return refuse("the name is taken in this tenant, or the number or key somewhere");
	if (e == OK)
		printf("connection %s\n", j->id);
	return e;
}

static enum err whatsapp_add(struct console *c, struct options *o)
{
	struct secret s[] = { { "access_token", NULL }, { "app_secret", NULL }, { "verify_token", NULL } };
	struct connection_job j = { .o = o, .n = { .name = o->name, .channel = "whatsapp",
	    .external_id = o->phone_number_id, .shown = o->shown, .own_app = o->own_app } };

	if (o->phone_number_id[strspn(o->phone_number_id, "0123456789")] != '\0' ||
	    *o->phone_number_id == '\0')
		return refuse("a phone number id is digits (Meta shows it beside the number)");
	if (c->ring == NULL)
		return refuse("BALCAO_SEAL_KEYS is needed to keep the token");
	if (!input_secrets(c->cx.arena, o->secrets_stdin, s, o->own_app ? 3 : 1))
		return E_INVALID;
	j.n.access_token = s[0].value;
	j.n.app_secret = s[1].value;
	j.n.verify_token = s[2].value;
	TRY(connection_make(c, &j));
	if (o->own_app)
		printf("webhook %s/hooks/whatsapp/%s\n", c->base_url, j.id);
	else
		printf("webhook %s/hooks/whatsapp\n", c->base_url);
	return OK;
}

static bool key_ok(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

	return n >= 8 && n <= 64 && s[n] == '\0';
}

static enum err chat_add(struct console *c, struct options *o)
{
	struct connection_job j = { .o = o, .n = { .name = o->name, .channel = "chat", .public_key = o->key,
	    .greeting = o->greeting } };

	if (o->key == NULL)
		j.n.public_key = arena_strn(c->cx.arena, token_new(c->cx.arena), 22);
	if (!key_ok(j.n.public_key))
		return refuse("a key is 8 to 64 of A-Z a-z 0-9 - _");
	TRY(connection_make(c, &j));
	printf("page %s/chat/%s\n", c->base_url, j.n.public_key);
	return OK;
}

static enum err list_one(struct console *c, void *p)
{
	struct setup_overview v;

	TRY(setup_enter_next(&c->cx, p));
	TRY(setup_overview(&c->cx, &v));
	printf("%s: %s (%s, %s, %s, %s), %d people, %d conversations\n", v.tenant.slug, v.tenant.name,
	    v.tenant.status, v.tenant.plan, v.tenant.zone, v.tenant.locale, v.tenant.users, v.tenant.conversations);
	for (size_t i = 0; i < v.nusers; i++)
		printf("  user %s, %s, %s, sees %s%s\n", v.users[i].email, v.users[i].name, v.users[i].role,
		    v.users[i].scope, v.users[i].active ? "" : ", not active");
	for (size_t i = 0; i < v.nconnections; i++) {
		const struct setup_connection_line *k = &v.connections[i];

		printf("  connection %s, %s, %s %s%s, %s\n", k->id, k->name, k->channel, k->key != NULL ? k->key : "",
		    k->own_app ? ", own app" : "", k->status);
	}
	return OK;
}

static enum err list(struct console *c, struct options *o)
{
	int64_t number = 0;
	enum err e = OK;

	(void)o;
	while (e == OK)
		e = console_unit(c, list_one, &number);
	return e == E_NOTFOUND ? OK : e;
}

static enum err demo(struct console *c, struct options *o)
{
	(void)o;
	if (c->ring == NULL)
		return refuse("BALCAO_SEAL_KEYS is needed to keep the demo's tokens");
	return console_demo(c);
}

/* ---- the command line ---- */

static const struct { const char *name; size_t offset; } texts[] = {
	{ "tenant", offsetof(struct options, tenant) }, { "name", offsetof(struct options, name) },
	{ "slug", offsetof(struct options, slug) }, { "zone", offsetof(struct options, zone) },
	{ "locale", offsetof(struct options, locale) }, { "email", offsetof(struct options, email) },
	{ "role", offsetof(struct options, role) }, { "scope", offsetof(struct options, scope) },
	{ "phone-number-id", offsetof(struct options, phone_number_id) },
	{ "key", offsetof(struct options, key) },
	{ "shown", offsetof(struct options, shown) }, { "greeting", offsetof(struct options, greeting) },
};
static const struct { const char *name; size_t offset; } switches[] = {
	{ "own-app", offsetof(struct options, own_app) },
	{ "password-stdin", offsetof(struct options, password_stdin) },
	{ "secrets-stdin", offsetof(struct options, secrets_stdin) },
};

/* needs and takes: names of options, one space around each. */
static const struct command {
	const char *name;
	enum err (*run)(struct console *, struct options *);
	const char *needs, *takes, *help;
} commands[] = {
	{ "tenant-add", tenant_add, " name slug ", " zone locale ",
	    "a company: its name and a short one for the console" },
	{ "user-add", user_add, " tenant name email role ", " scope password-stdin ",
	    "somebody who signs in: admin, supervisor, agent, viewer; sees all, team, own" },
	{ "super-add", super_add, " name email ", " password-stdin ", "an administrator of the platform" },
	{ "whatsapp-add", whatsapp_add, " tenant name phone-number-id ", " shown own-app secrets-stdin ",
	    "a WhatsApp number; access_token (with --own-app also app_secret, verify_token) is asked for" },
	{ "chat-add", chat_add, " tenant name ", " key greeting ", "a web chat" },
	{ "list", list, " ", " ", "tenants, people and connections" },
	{ "demo", demo, " ", " ",
	    "two companies with people and conversations; does nothing where they exist" },
};

static void usage_of(FILE *out, const struct command *k)
{
	fprintf(out, "balcao-console %s", k->name);
	for (size_t pass = 0; pass < 2; pass++) {
		const char *list_of = pass == 0 ? k->needs : k->takes;

		for (const char *p = list_of + 1; *p != '\0'; p += strcspn(p, " ") + 1) {
			int n = (int)strcspn(p, " ");
			bool plain = n > 6 && strncmp(p + n - 6, "-stdin", 6) == 0;

			plain = plain || strncmp(p, "own-app ", 8) == 0;
			fprintf(out, pass == 0 ? " --%.*s%s" : " [--%.*s%s]", n, p, plain ? "" : " ...");
		}
	}
	fprintf(out, "\n    %s\n", k->help);
}

static int usage(FILE *out, int code)
{
	for (size_t i = 0; i < nitems(commands); i++)
		usage_of(out, &commands[i]);
	fputs("--help-config lists the settings.\n", out);
	return code;
}

static bool named(const char *names, const char *name)
{
	for (const char *p = names + 1; *p != '\0'; p += strcspn(p, " ") + 1)
		if (strlen(name) == strcspn(p, " ") && strncmp(p, name, strlen(name)) == 0)
			return true;
	return false;
}

/* Reads the options of k into o. -1, or the exit code. */
static int parse(int argc, char **argv, const struct command *k, struct options *o)
{
	enum { NTEXT = nitems(texts), NSWITCH = nitems(switches) };
	struct option longs[NTEXT + NSWITCH + 2] = { { 0 } };
	int i, n = 0;

	for (size_t t = 0; t < NTEXT; t++)
		if (named(k->needs, texts[t].name) || named(k->takes, texts[t].name))
			longs[n++] = (struct option){ texts[t].name, required_argument, NULL, 1000 + (int)t };
	for (size_t t = 0; t < NSWITCH; t++)
		if (named(k->takes, switches[t].name))
			longs[n++] = (struct option){ switches[t].name, no_argument, NULL, 2000 + (int)t };
	longs[n] = (struct option){ "help", no_argument, NULL, 'h' };
	while ((i = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (i == 'h' || i == '?') {
			usage_of(i == 'h' ? stdout : stderr, k);
			return i == 'h' ? 0 : 2;
		}
		if (i >= 2000)
			*(bool *)((char *)o + switches[i - 2000].offset) = true;
		else
			*(const char **)((char *)o + texts[i - 1000].offset) = optarg;
	}
	for (size_t t = 0; t < NTEXT; t++) {
		const char *v = *(const char **)((char *)o + texts[t].offset);

		if ((named(k->needs, texts[t].name) && text_empty(v)) || optind < argc ||
		    (v != NULL && !utf8_ok(v, strlen(v)))) {
			usage_of(stderr, k);
			return 2;
		}
	}
	return -1;
}

static int run(const struct command *k, struct options *o, const struct settings *conf)
{
	struct console c = { .base_url = conf->base_url };
	const char *bad;
	enum err e;

	crypto_start();
	if (conf->seal_keys != NULL && (c.ring = seal_ring_new(conf->seal_keys)) == NULL) {
		fputs("balcao-console: BALCAO_SEAL_KEYS is malformed\n", stderr);
		return 2;
	}
	c.cx.arena = arena_new();
	c.cx.db = db_new(arena_fmt(c.cx.arena, "%s user=balcao_console", conf->db), "balcao-console");
	bad = db_schema_check(&c.cx);
	if (bad != NULL)
		fprintf(stderr, "balcao-console: %s\n", bad);
	e = bad == NULL ? k->run(&c, o) : E_INTERNAL;
	if (bad == NULL && e != OK && e != E_INVALID && e != E_NOTFOUND)
		fprintf(stderr, "balcao-console: %s\n", c.cx.why != NULL ? c.cx.why : err_name(e));
	db_free(c.cx.db);
	arena_free(c.cx.arena);
	return e == OK ? 0 : 1;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct command *k = NULL;
	struct options o = { 0 };
	struct settings conf = { 0 };
	int code;

	if (strcmp(name, "--help-config") == 0) {
		conf_help(rows);
		return 0;
	}
	for (size_t i = 0; i < nitems(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			k = &commands[i];
	if (k == NULL)
		return strcmp(name, "--help") == 0 ? usage(stdout, 0) : usage(stderr, 2);
	code = parse(argc - 1, argv + 1, k, &o);
	if (code >= 0)
		return code;
	if (!conf_load(rows, &conf))
		return 2;
	return run(k, &o, &conf);
}
