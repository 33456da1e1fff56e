/*
 * schema.h: which migrations stand in the database. Programs compare the number they were built for
 * (BALCAO_SCHEMA, the highest of sql/migrations) with it at their start; balcao-migrate applies what is
 * missing.
 */
#ifndef DB_SCHEMA_H
#define DB_SCHEMA_H

#include "lib/db/db.h"

/*
 * NULL when the database has exactly the schema this program was built for; else a line for the log, in the
 * context's arena. Makes and ends a unit of its own.
 */
const char *db_schema_check(struct ctx *cx);

/* A row of schema_migration. */
struct schema_row {
	int32_t version;
	const char *name;   /* of the file, without ".sql" */
	const char *sha256; /* of its bytes, hex */
};
extern const struct rec_type schema_row_type;

/*
 * What stands, by version; *n = 0 for an empty database. Makes and ends a unit of its own. In the context's
 * arena.
 */
CHECK enum err schema_applied(struct ctx *cx, struct schema_row **rows, size_t *n);

/*
 * Runs text and records m, both in one transaction, after waiting for whoever else is applying. The text must
 * not hold transaction commands. name must be [a-z0-9_]+ and sha256 hex. NULL, or the server's message: then
 * nothing of it stands, unless somebody else applied m meanwhile (look again with schema_applied).
 */
const char *schema_apply(struct ctx *cx, const struct schema_row *m, const char *text);

#endif
