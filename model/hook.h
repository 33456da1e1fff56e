/* hook.h: what arrives at the door. The bytes are kept before anything is answered; nothing is interpreted here. */
#ifndef MODEL_HOOK_H
#define MODEL_HOOK_H

#include "lib/db/db.h"

struct hook_connection { const char *tenant, *app_secret_sealed, *verify_token_sealed; };
extern const struct rec_type hook_connection_type;
/* The sealed keys of a tenant's own app; E_NOTFOUND when there is no such connection. */
CHECK enum err hook_connection(struct ctx *cx, const char *id, struct hook_connection *out);
/* Keeps the bytes (and orders their normalising, unless reason says why they are refused). *fresh false: the same bytes are there already. */
CHECK enum err hook_store(struct ctx *cx, const char *source, const char *connection, const void *body, size_t n, const char *reason, bool *fresh);
/* The associated data under which a connection's column is sealed. In a. */
char *connection_aad(struct arena *a, const char *connection, const char *column);

#endif
