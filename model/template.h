/* template.h: the approved templates that a tenant's WhatsApp connections have, and sending them. */
#ifndef MODEL_TEMPLATE_H
#define MODEL_TEMPLATE_H

#include "lib/db/db.h"
#include "model/conversation.h"
#include "model/whatsapp_template.h"

/* How a request names a template, for the OpenAPI document. */
#define TEMPLATE_SCHEMA "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\",\"format\":\"uuid\"},\"name\":{\"type\":\"string\"}," \
	"\"language\":{\"type\":\"string\"},\"variables\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}},\"additionalProperties\":false}"

struct whatsapp_template {
	const char *id, *connection_id, *connection_name, *name, *language, *category, *status, *header, *body, *footer, *components, *quality, *reason;
	int32_t variables;
	utc_t synced_at;         /* when it last changed here */
};
extern const struct rec_type whatsapp_template_type;
struct template_connection { const char *id, *name, *shown, *status, *error; utc_t synced_at; };
extern const struct rec_type template_connection_type;

struct template_filter { const char *connection_id, *status, *category, *q, *cursor; };
extern const struct rec_type template_filter_type;
struct template_list { struct whatsapp_template *items; size_t n; const char *next; };
/* A hundred, by name. E_SYNTAX for a cursor that is none of ours. */
CHECK enum err template_list(struct ctx *cx, const struct template_filter *f, struct template_list *out);
CHECK enum err template_get(struct ctx *cx, const char *id, struct whatsapp_template *out);
/* The tenant's WhatsApp connections, by name, with how their last fetch went. */
CHECK enum err template_connections(struct ctx *cx, struct template_connection **out, size_t *n);
/* Has a connection's templates fetched now. E_NOTFOUND: no WhatsApp connection of the tenant. */
CHECK enum err template_order(struct ctx *cx, const char *connection_id);
/* What the template wants to be told. In the context's arena. */
struct wt_template *template_parts(struct ctx *cx, const struct whatsapp_template *t);

/* Which template, and what goes into it: id, or name and language. */
struct template_use {
	const char *id, *name, *language;
	const char *const *values;
	size_t nvalues;
	bool json;               /* errors name members of the API's body, else fields of the form */
};
/* {"id", "variables": [...]} or {"name", "language", "variables"}. E_INVALID with a field error when it is none. */
CHECK enum err template_use_read(struct ctx *cx, const char *json, struct template_use *out);
/*
 * Sends it. E_INVALID with field errors: template/unknown (none such on this conversation's connection), template/unapproved,
 * template/unfit (media, codes ...), variables that are missing or refused. E_NOTFOUND: the conversation is not visible.
 * The same token again gives the message of the first time.
 */
CHECK enum err template_send(struct ctx *cx, const struct conversation *c, const struct template_use *u, const char *token, const char **message_id);

/* Who a new conversation is with: contact_id, or phone (and name, when they are new). */
struct conversation_begin { const char *connection_id, *contact_id, *phone, *name, *template; };
extern const struct rec_type conversation_begin_type; /* API: template is a JSON object */
extern const struct rec_type conversation_new_type;   /* page */
extern const struct rec_type conversation_started_type;
/* E_INVALID with a field error: there is no way to this person, they are blocked, or somebody else's conversation is open. */
CHECK enum err conversation_begin(struct ctx *cx, const struct conversation_begin *b, const char **id);

/* ---- the job ---- */

struct template_source { const char *id, *number, *token, *status, *account; };
extern const struct rec_type template_source_type;
CHECK enum err template_source(struct ctx *cx, const char *connection_id, struct template_source *out);
/* list: as wt_list_json makes it. */
CHECK enum err template_put(struct ctx *cx, const char *connection_id, const char *list, int64_t *changed);
/* account NULL: as known; why NULL: it went well. */
CHECK enum err template_synced(struct ctx *cx, const char *connection_id, const char *account, const char *why);
/* Orders the fetches that are due; *n of them. A unit of its own. */
CHECK enum err template_due(struct ctx *cx, int64_t *n);

#endif
