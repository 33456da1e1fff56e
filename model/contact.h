/* contact.h: people. One row, two faces: lead and contact. */
#ifndef MODEL_CONTACT_H
#define MODEL_CONTACT_H

#include "model/conversation.h"

struct contact {
	const char *id, *lifecycle, *kind, *name, *phone, *email, *username, *company, *city, *source_channel, *status, *lead_status, *lost_reason, *owner_id, *note;
	utc_t last_activity_at, converted_at, created_at, updated_at;
	int32_t version;
};
extern const struct rec_type contact_type;
struct identity { const char *id, *kind, *value, *shown; utc_t created_at; };
extern const struct rec_type identity_type;

struct contact_filter { const char *q, *cursor; int64_t limit; };
extern const struct rec_type contact_filter_type;
struct contact_list { struct contact *items; size_t n; const char *next; };

/* lifecycle: "lead" or "contact". */
CHECK enum err contact_list(struct ctx *cx, const char *lifecycle, const struct contact_filter *f, struct contact_list *out);
CHECK enum err contact_get(struct ctx *cx, const char *id, struct contact *out);
CHECK enum err contact_identities(struct ctx *cx, const char *id, struct identity **out, size_t *n);
CHECK enum err contact_conversations(struct ctx *cx, const char *id, struct conversation **out, size_t *n);

#endif
