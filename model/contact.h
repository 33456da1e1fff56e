/*
 * contact.h: people. One row, two faces: a lead was first seen on a channel, a contact was registered by somebody.
 * What is matched are the identities (phone key, e-mail, ...): each belongs to one person of the tenant.
 */
#ifndef MODEL_CONTACT_H
#define MODEL_CONTACT_H

#include "model/conversation.h"
#include "model/tag.h"

struct contact {
	const char *id, *lifecycle, *kind, *name, *phone, *email, *username, *company, *city, *source_channel, *status, *lead_status, *lost_reason, *owner_id, *owner_name, *note;
	const char *name_key; /* of the order by name; not shown */
	utc_t last_activity_at, converted_at, created_at, updated_at;
	int32_t version;
};
extern const struct rec_type contact_type;
struct identity { const char *id, *kind, *value, *shown; utc_t created_at; };
extern const struct rec_type identity_type;

/* ---- lists ---- */

struct contact_filter {
	const char *q;
	const char *tag;         /* id */
	const char *owner;       /* a user's id, "me" or "none" */
	const char *sort;        /* one of contact_sorts; NULL: the first */
	const char *status;      /* active, blocked, inactive, any; NULL: active and blocked */
	const char *lead_status; /* new, qualified, lost; leads only */
	const char *cursor;
	int64_t limit;           /* 1..500 */
};
extern const struct rec_type contact_filter_type, contact_count_type;
extern const char *const contact_sorts[];   /* ends with NULL; the first is the usual one; "-": downwards */
struct contact_list {
	struct contact *items;
	size_t n;
	const char *next;
	int64_t total;           /* of all pages; TOTAL_MAX when there are more */
	bool more;               /* than TOTAL_MAX */
};
enum { TOTAL_MAX = 1000 };
/* One page and the total, in one round trip. lifecycle: "lead" or "contact". E_SYNTAX for a cursor that is none of ours. */
CHECK enum err contact_list(struct ctx *cx, const char *lifecycle, const struct contact_filter *f, struct contact_list *out);

CHECK enum err contact_get(struct ctx *cx, const char *id, struct contact *out);
CHECK enum err contact_identities(struct ctx *cx, const char *id, struct identity **out, size_t *n);
CHECK enum err contact_conversations(struct ctx *cx, const char *id, struct conversation **out, size_t *n);

/* A line of what happened with somebody. kind: conversation, note, or what the audit calls it: insert, update (one row a field), tag. */
struct timeline_row { const char *kind, *ref, *actor_name, *field, *old, *text, *conversation_id, *channel, *status; int64_t number; utc_t at; };
extern const struct rec_type timeline_row_type;
/* Newest first, 150 rows at most; changes only for those who may read the audit. Rows of one ref stand together. */
CHECK enum err contact_timeline(struct ctx *cx, const char *id, struct timeline_row **out, size_t *n);

/* ---- changes: contact_edit.c ---- */

struct contact_input { const char *name, *kind, *phone, *email, *company, *city, *owner_id, *note; int32_t version; };
extern const struct rec_type contact_input_type;   /* API: without the version */
extern const struct rec_type contact_form_type;    /* page: with it */
extern const char *const contact_kinds[];

/* Whose a phone or an e-mail is. holder and name are NULL when it is somebody the acting user does not see. */
struct holder { const char *kind, *holder, *holder_name; };
extern const struct rec_type holder_type;

/*
 * E_INVALID with field errors (phone/phone: not to be dialled; name/reach: none of name, phone, e-mail; owner_id/unknown_user),
 * E_CONFLICT when phone or e-mail belongs to somebody: field error "belongs" (its arg the name) or "belongs_hidden", and *whose.
 */
CHECK enum err contact_create(struct ctx *cx, const char *lifecycle, const struct contact_input *in, struct holder *whose, const char **id);
/* As contact_create; also E_CONFLICT with field error version/conflict when in->version (0: any) is not the present one. */
CHECK enum err contact_save(struct ctx *cx, const char *id, const struct contact_input *in, struct holder *whose);
/* Whose the phone or the e-mail of the input is; E_NOTFOUND when nobody's, or nobody's whom the acting user sees. */
CHECK enum err contact_holder(struct ctx *cx, const struct contact_input *in, struct holder *out);

/* Gives people to a user (NULL: nobody). E_INVALID with a field error for a user who does not exist or only looks on. *changed may be NULL. */
CHECK enum err contact_assign(struct ctx *cx, struct ids ids, const char *owner, int64_t *changed);
/* Makes a contact of a lead; twice is once: *made tells. The input's fields are saved too. */
CHECK enum err contact_convert(struct ctx *cx, const char *id, const struct contact_input *in, struct holder *whose, bool *made);
/* Of a lead: new, qualified, or lost with its reason. E_CONFLICT when it is none. */
CHECK enum err contact_stage(struct ctx *cx, const char *id, const char *lead_status, const char *reason);
/* What a blocked person writes is kept and asks for nobody. */
CHECK enum err contact_block(struct ctx *cx, const char *id, bool blocked);
/* Archived people leave the lists; everything about them stays. They come back by writing, or when taken back. */
CHECK enum err contact_archive(struct ctx *cx, const char *id, bool archived);

/* Cursors over (text, id), for orders by name. */
char *name_cursor_make(struct arena *a, const char *key, const char *id);
CHECK bool name_cursor_read(struct arena *a, const char *s, const char **key, const char **id);

#endif
