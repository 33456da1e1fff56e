#include "model/hook.h"

#include "gen/sql_hooks.h"
#include "lib/base/text.h"
#include "lib/crypto/crypto.h"

#define REC struct hook_connection
static const struct field connection_fields[] = { F(tenant), F(app_secret_sealed), F(verify_token_sealed) };
#undef REC
const struct rec_type hook_connection_type = REC_TYPE("hook_connection", struct hook_connection, connection_fields);

enum err hook_connection(struct ctx *cx, const char *id, struct hook_connection *out)
{
	return db_row(cx, &sql_hook_connection, &hook_connection_type, out, ARGS(A(id)));
}

enum err hook_store(struct ctx *cx, const char *source, const char *connection, const void *body, size_t n, const char *reason, bool *fresh)
{
	const char *yes;
	uint8_t h[32];

	sha256(body, n, h);
	TRY(db_text(cx, &sql_hook_store, &yes, ARGS(A(source), A(connection), arg_bytes(body, n), arg_bytes(h, sizeof(h)), A(reason))));
	*fresh = text_eq(yes, "t");
	return OK;
}

char *connection_aad(struct arena *a, const char *connection, const char *column)
{
	return arena_fmt(a, "connection/%s/%s", connection, column);
}
