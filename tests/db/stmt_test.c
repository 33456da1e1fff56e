/* Every statement of sql/queries: prepares and runs as the role of the program that uses it, and fits its row type. */
#include <dirent.h>
#include <inttypes.h>
#include <string.h>

#include "gen/sql_auth.h"
#include "gen/sql_chat.h"
#include "gen/sql_composer.h"
#include "gen/sql_console.h"
#include "gen/sql_contacts.h"
#include "gen/sql_demo_board.h"
#include "gen/sql_event.h"
#include "gen/sql_hooks.h"
#include "gen/sql_inbox.h"
#include "gen/sql_job.h"
#include "gen/sql_live.h"
#include "gen/sql_pipeline.h"
#include "gen/sql_purge.h"
#include "gen/sql_routing.h"
#include "gen/sql_settings.h"
#include "gen/sql_template.h"
#include "gen/sql_wake.h"
#include "gen/sql_whatsapp.h"
#include "lib/auth/auth.h"
#include "lib/db/pick.h"
#include "lib/http/kept.h"
#include "lib/http/once.h"
#include "model/conversation.h"
#include "tests/db/dbt.h"
#include "tests/db/rows.h"

/* A file of sql/queries and who runs it. */
static const struct { const char *file, *role; const struct stmt *const *all; } files[] = {
	{ "auth", "auth", sql_auth_all }, { "chat", "ingest", sql_chat_all }, { "composer", "web", sql_composer_all },
	{ "console", "console", sql_console_all }, { "contacts", "web", sql_contacts_all },
	{ "demo_board", "console", sql_demo_board_all }, { "event", "web", sql_event_all }, { "hooks", "ingest", sql_hooks_all }, { "inbox", "web", sql_inbox_all },
	{ "job", "worker", sql_job_all }, { "live", "live", sql_live_all }, { "pipeline", "web", sql_pipeline_all },
	{ "purge", "worker", sql_purge_all }, { "routing", "web", sql_routing_all }, { "settings", "web", sql_settings_all }, { "template", "web", sql_template_all }, { "wake", "worker", sql_wake_all }, { "whatsapp", "worker", sql_whatsapp_all },
};
/* Statements that another program than that of their file runs. */
static const struct { const struct stmt *stmt; const char *role; } others[] = {
	{ &sql_scheduled_send, "worker" }, { &sql_scheduled_fail, "worker" },
};

/* Statements of every program with pages for users, whatever their file. */
static const struct { const struct stmt *stmt; const char *role; } shared[] = {
	{ &auth_enter_sql, "web" }, { &auth_seen_sql, "web" }, { &auth_enter_sql, "auth" }, { &auth_seen_sql, "auth" }, { &sql_chrome_counts, "web" },
	{ &once_begin_sql, "web" }, { &once_end_sql, "web" }, { &once_begin_sql, "auth" }, { &once_end_sql, "auth" },
	{ &kept_put_sql, "web" }, { &kept_get_sql, "web" }, { &kept_put_sql, "auth" }, { &kept_get_sql, "auth" },
};

static const char *role_of(size_t file, const struct stmt *s)
{
	for (size_t i = 0; i < nitems(others); i++)
		if (others[i].stmt == s)
			return others[i].role;
	return files[file].role;
}

enum { NAMES_MAX = 64 };

/* The names after "--? " in a statement, without repetition; NULL-ended. */
static size_t optional(const struct stmt *s, const char *names[NAMES_MAX])
{
	size_t n = 0;

	for (const char *p = s->sql; (p = strstr(p, "--? ")) != NULL; ) {
		p += 4;
		while (*p != '\n' && *p != '\0') {
			size_t len = strcspn(p, "|\n"), i = 0;
			const char *name = arena_strn(T, p, len);

			while (i < n && strcmp(names[i], name) != 0)
				i++;
			if (i == n && n < NAMES_MAX - 1)
				names[n++] = name;
			p += len + (p[len] == '|');
		}
	}
	names[n] = NULL;
	return n;
}

static void check(struct ctx *cx, const struct stmt *s)
{
	const struct rec_type *t = s->row != NULL ? row_type(s->row) : NULL;
	const char *bad;

	if (s->row != NULL && t == NULL) {
		FAILS("%s: no type %s in rows.c", s->name, s->row);
		return;
	}
	bad = db_check(cx, s, t);
	IS_TRUE(arena_fmt(T, "%s: %s", s->name, bad != NULL ? bad : "fits"), bad == NULL);
}

static void may_run(PGconn *c, const char *role, const struct stmt *s);
static int checked;

static void check_all(struct ctx *cx, const struct stmt *s)
{
	const char *names[NAMES_MAX];
	size_t n = optional(s, names);

	if (n == 0) {
		check(cx, s);
		checked++;
		return;
	}
	check(cx, PICK(s, "-"));
	for (size_t i = 0; i < n; i++)
		check(cx, PICK(s, names[i]));
	checked += 1 + (int)n;
}

static void prepare_and_fit(void)
{
	for (size_t i = 0; i < nitems(files); i++) {
		struct ctx *cx = ctx_as(files[i].role);

		for (const struct stmt *const *s = files[i].all; *s != NULL; s++)
			check_all(cx, *s);
	}
	for (size_t i = 0; i < nitems(shared); i++) {
		check(ctx_as(shared[i].role), shared[i].stmt);
		may_run(as(shared[i].role), shared[i].role, shared[i].stmt);
	}
	IS_TRUE("there are many", checked > 100);
}

/* A file that nobody listed would be tested by nobody. */
static void all_files(void)
{
	DIR *d = opendir("sql/queries");
	struct dirent *e;

	if (!IS_TRUE("run from the root of the repository", d != NULL))
		return;
	while ((e = readdir(d)) != NULL) {
		size_t i = 0, n = strcspn(e->d_name, ".");

		if (strcmp(e->d_name + n, ".sql") != 0)
			continue;
		while (i < nitems(files) && (strlen(files[i].file) != n || strncmp(files[i].file, e->d_name, n) != 0))
			i++;
		IS_TRUE(arena_str(T, e->d_name), i < nitems(files));
	}
	closedir(d);
}

/* Enters alfa as the role's program does. */
static void enter(PGconn *c, const char *role)
{
	must(c, "BEGIN");
	if (strcmp(role, "web") == 0 || strcmp(role, "auth") == 0 || strcmp(role, "live") == 0)
		must(c, "SELECT app.enter('\\x%s', false)", token_hex(alfa.admin.token));
	else if (strcmp(role, "worker") == 0)
		must(c, "SELECT app.enter_connection('id', '%s')", alfa.wa);
	else if (strcmp(role, "console") == 0)
		must(c, "SELECT app.console_enter('%s')", alfa.slug);
	else
		must(c, "SELECT app.enter_chat('%s', '%s', false)", alfa.key, alfa.visitor);
}

/* PREPARE looks at no privilege; starting the plan does, of tables, columns and functions. */
static void may_run(PGconn *c, const char *role, const struct stmt *s)
{
	struct buf b = { 0 };
	const char *st;

	enter(c, role);
	must(c, "SET LOCAL plan_cache_mode = force_generic_plan");
	must(c, "PREPARE t AS %s", s->sql);
	buf_str(&b, "EXPLAIN EXECUTE t");
	for (int i = 0; i < s->nargs; i++)
		buf_str(&b, i == 0 ? "(NULL" : ", NULL");
	buf_str(&b, s->nargs > 0 ? ")" : "");
	st = state(c, "%s", b.p);
	IS_STR(arena_fmt(T, "%s as %s: %s", s->name, role, complaint(c)), st, "00000");
	must(c, "ROLLBACK");
	must(c, "DEALLOCATE ALL");
	buf_free(&b);
}

static void granted(void)
{
	for (size_t i = 0; i < nitems(files); i++) {
		for (const struct stmt *const *s = files[i].all; *s != NULL; s++) {
			const char *names[NAMES_MAX], *role = role_of(i, *s);
			size_t n = optional(*s, names);

			may_run(as(role), role, n > 0 ? PICK(*s, "-") : *s);
			for (size_t k = 0; k < n; k++)
				may_run(as(role), role, PICK(*s, names[k]));
		}
	}
}

/* Whatever a filter may ask for, in every combination, run through the model: what it picks is its own choice. */
static void lists(void)
{
	static const char *const views[] = { NULL, "mine", "unassigned", "team" };
	static const char *const statuses[] = { NULL, "resolved", "snoozed" };
	static const char *const assignees[] = { NULL, "me", "none" };
	static const char *const sorts[] = { NULL, "-last_message_at", "waiting_since", "waiting_first" };
	const char *cursor = cursor_make(T, utc_now(), alfa.conversation);
	struct ctx *cx = ctx_as("web");
	int n = 0;

	for (unsigned v = 0; v < nitems(views); v++)
		for (unsigned s = 0; s < nitems(statuses); s++)
			for (unsigned w = 0; w < nitems(assignees); w++)
				for (unsigned bits = 0; bits < 64; bits++) {
					struct conversation_filter f = { .view = views[v], .status = statuses[s], .assignee = assignees[w],
						.channel = bits & 1 ? "whatsapp" : NULL, .q = bits & 2 ? "Pessoa" : NULL, .unread = bits & 4,
						.sort = sorts[bits >> 3 & 3], .cursor = bits & 32 ? cursor : NULL, .limit = (int64_t)(n % 4 * 150 + 1) };
					struct conversation_list out;
					enum err e = UNIT(cx, &alfa.admin, DB_READ, conversation_list(cx, &f, &out));

					if (e != OK)
						FAILS("view %u status %u assignee %u bits %u: %s", v, s, w, bits, cx->why);
					arena_reset(cx->arena);
					if (n++ % 300 == 0) { /* a connection knows 512 statements */
						db_free(cx->db);
						cx->db = db_new(conninfo_as("web"), "db_test");
					}
				}
	IS_INT("all of them", n, 4 * 3 * 3 * 64);
}

/* The checks see what they are for. */
static void checks_fire(void)
{
	static const struct stmt missing = { "t_missing", "SELECT id FROM team", "team_row", 0 },
		more = { "t_more", "SELECT id, name, version FROM team", "team_row", 0 },
		wrong = { "t_wrong", "SELECT id, 'x'::text AS name, name AS version FROM team", "t", 0 },
		args = { "t_args", "SELECT id, name FROM team WHERE id = $1", "team_row", 0 },
		broken = { "t_broken", "SELECT id FROM no_such", NULL, 0 },
		secret = { "t_secret", "SELECT access_token_sealed FROM connection", NULL, 0 },
		closed = { "t_closed", "SELECT app.become(1, NULL, 'all', NULL, NULL)", NULL, 0 };
	struct { const char *name; int32_t version; } t;
	struct field fields[] = { { .name = "name", .kind = K_TEXT, .offset = 0 }, { .name = "id", .kind = K_TEXT, .offset = 0 },
		{ .name = "version", .kind = K_I32, .offset = 8 } };
	struct rec_type type = { "t", sizeof(t), fields, 3 };
	struct ctx *cx = ctx_as("web");
	PGconn *c = as("web");

	IS_TRUE("a column is missing", db_check(cx, &missing, row_type("team_row")) != NULL);
	IS_TRUE("a column too many", db_check(cx, &more, row_type("team_row")) != NULL);
	IS_TRUE("another type", db_check(cx, &wrong, &type) != NULL);
	IS_TRUE("arguments", db_check(cx, &args, row_type("team_row")) != NULL);
	IS_TRUE("no table", db_check(cx, &broken, NULL) != NULL);
	enter(c, "web");
	IS_STR("column", state(c, "EXPLAIN %s", secret.sql), "42501");
	must(c, "ROLLBACK");
	enter(c, "web");
	IS_STR("function", state(c, "EXPLAIN %s", closed.sql), "42501");
	must(c, "ROLLBACK");
}

CU_TestInfo stmt_tests[] = {
	{ "every file of sql/queries has a role", all_files },
	{ "every statement prepares and fits its row type", prepare_and_fit },
	{ "every statement may be run by its role", granted },
	{ "every list that can be asked for runs", lists },
	{ "the checks find what they are for", checks_fire },
	CU_TEST_INFO_NULL
};
