#include "lib/db/schema.h"

#include <string.h>

#ifndef BALCAO_SCHEMA
#error "BALCAO_SCHEMA must be the highest number of sql/migrations"
#endif

#define REC struct schema_row
static const struct field fields[] = { F(version), F(name), F(sha256) };
#undef REC
const struct rec_type schema_row_type = REC_TYPE("schema_row", struct schema_row, fields);

static const struct stmt exists = { "schema_exists", "SELECT to_regclass('public.schema_migration')::text",
    NULL, 0 };
static const struct stmt list = { "schema_list",
	"SELECT version, name, sha256 FROM public.schema_migration ORDER BY version", "schema_row", 0 };

static enum err read_applied(struct ctx *cx, struct schema_row **rows, size_t *n)
{
	const char *table;

	*rows = NULL;
	*n = 0;
	TRY(db_text(cx, &exists, &table, NOARGS));
	return table != NULL ? db_rows(cx, &list, &schema_row_type, rows, n, NOARGS) : OK;
}

enum err schema_applied(struct ctx *cx, struct schema_row **rows, size_t *n)
{
	enum err e = db_begin(cx, DB_READ, NULL, NULL, NULL, NOARGS, NULL, NULL);

	return db_end(cx, e == OK ? read_applied(cx, rows, n) : e);
}

const char *db_schema_check(struct ctx *cx)
{
	struct schema_row *rows;
	size_t n;
	int stands;

	if (schema_applied(cx, &rows, &n) != OK)
		return arena_fmt(cx->arena, "cannot read the schema version: %s", cx->why);
	stands = n > 0 ? rows[n - 1].version : 0;
	if (stands == BALCAO_SCHEMA)
		return NULL;
	return arena_fmt(cx->arena, "the database has schema %d, this program was built for %d: %s", stands,
	    BALCAO_SCHEMA,
	    stands < BALCAO_SCHEMA ? "run balcao-migrate" : "install the newer programs");
}

/*
 * One simple query is one transaction. The lock comes first: whoever waited for it finds the work done, and
 * stops.
 */
static const char head[] =
    "DO $migrate$ BEGIN PERFORM pg_advisory_xact_lock(72616389423); "
    "IF to_regclass('public.schema_migration') IS NOT NULL THEN "
    "IF EXISTS (SELECT FROM public.schema_migration WHERE version >= %d) THEN "
    "RAISE EXCEPTION 'schema %d was applied meanwhile'; END IF; END IF; END $migrate$; ";

const char *schema_apply(struct ctx *cx, const struct schema_row *m, const char *text)
{
	if (m->name[strspn(m->name, "abcdefghijklmnopqrstuvwxyz0123456789_")] != '\0' ||
	    m->sha256[strspn(m->sha256, "0123456789abcdef")] != '\0')
		return "the name of a migration is lower case letters, digits and _";
	return db_script(cx, arena_fmt(cx->arena,
	    "%s%s\n;INSERT INTO public.schema_migration (version, name, sha256) VALUES (%d, '%s', '%s');",
	    arena_fmt(cx->arena, head, m->version, m->version), text, m->version, m->name, m->sha256));
}
