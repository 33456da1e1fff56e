#include "model/routing.h"

#include "gen/sql_routing.h"

const char *const bulk_actions[] = { "resolve", "reopen", "spam", "assign", "team", "tag", "untag", NULL };

#define REC struct bulk_row
static const struct field bulk_row_fields[] = { F(id, .flags = RO | ID), F(status, .flags = RO), F(error, .flags = RO, .doc = "not_found, has_open or unknown") };
#undef REC
const struct rec_type bulk_row_type = REC_TYPE("bulk_row", struct bulk_row, bulk_row_fields);

enum err conversation_views(struct ctx *cx, struct saved_view **out, size_t *n)
{
	return db_rows(cx, &sql_conversation_views, &saved_view_type, out, n, NOARGS);
}

enum err conversation_view_add(struct ctx *cx, const char *name, const char *query, bool shared, const char **id)
{
	TRY(db_text(cx, &sql_conversation_view_add, id, ARGS(A(name), A(query), A(shared))));
	if (*id != NULL)
		return OK;
	(void)fail_field(cx, "name", "too_many_views", NULL);
	return fail(cx, E_CONFLICT, "too many views");
}

enum err conversation_view_delete(struct ctx *cx, const char *id, bool all)
{
	int64_t n = 0;

	TRY(db_exec(cx, &sql_conversation_view_delete, &n, ARGS(A(id), A(all))));
	return n > 0 ? OK : fail(cx, E_NOTFOUND, "view %s", id);
}

enum err conversation_bulk(struct ctx *cx, struct ids ids, const char *action, const char *user, const char *team, const char *tag,
    struct bulk_row **out, size_t *n)
{
	return db_rows(cx, &sql_conversation_bulk, &bulk_row_type, out, n, ARGS(A(ids_text(cx->arena, ids)), A(action), A(user), A(team), A(tag)));
}
