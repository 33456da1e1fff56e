/*
 * pick.h: one statement with optional lines. In sql/queries a line that ends in "--? name" belongs to the
 * statement only when that name is picked (several names: "--? a|b", any of them). Nothing else varies, so
 * every text that can reach the database stands in the .sql file, line by line.
 */
#ifndef DB_PICK_H
#define DB_PICK_H

#include "lib/db/db.h"

/* The statement with the picked lines; names end with NULL, unknown names pick nothing. Made once per process and kept. */
const struct stmt *stmt_pick(const struct stmt *base, const char *const *names);
#define PICK(base, ...) stmt_pick((base), (const char *const[]){ __VA_ARGS__, NULL })

#endif
