/* conversation.h: conversations and their messages, as the team sees them. Who sees which is decided by the database. */
#ifndef MODEL_CONVERSATION_H
#define MODEL_CONVERSATION_H

#include "lib/db/db.h"

struct conversation {
	const char *id, *contact_id, *contact_name, *contact_phone, *contact_kind, *connection_id, *channel, *status, *assignee_id, *assignee_name, *team_id, *merged_into;
	const char *preview, *preview_kind;
	int64_t number;
	int32_t unread, version;
	bool preview_out;
	utc_t waiting_since, last_message_at, last_inbound_at, window_until, snoozed_until, created_at, updated_at;
};
extern const struct rec_type conversation_type;

/* What a list asks for; NULL and false leave a condition out. */
struct conversation_filter {
	const char *view;      /* mine, unassigned, team, all */
	const char *status;    /* one status, "active" (the three open ones, not snoozed), "snoozed" or "any" */
	const char *assignee;  /* a user's id, "me" or "none" */
	const char *channel, *q, *sort; /* -last_message_at (NULL), waiting_since or waiting_first */
	const char *tag, *team; /* ids */
	bool unread;
	const char *cursor;    /* from the list before */
	int64_t limit;         /* 1..500 */
};
extern const struct rec_type conversation_filter_type;

/* next, prev: cursors of the pages beside this one, NULL where there is none. */
struct conversation_list { struct conversation *items; size_t n; const char *next, *prev; };
/* One page. sort waiting_since gives only those that wait, longest first; waiting_first the others after them, newest first. E_SYNTAX for a cursor that is none of ours. */
CHECK enum err conversation_list(struct ctx *cx, const struct conversation_filter *f, struct conversation_list *out);

struct conversation_counts { int64_t mine, unassigned, team, everything; };
extern const struct rec_type conversation_counts_type;
CHECK enum err conversation_counts(struct ctx *cx, struct conversation_counts *out);

CHECK enum err conversation_get(struct ctx *cx, const char *id, struct conversation *out);
/* Its unread count and the acting user's notifications about it go to zero. */
CHECK enum err conversation_mark_read(struct ctx *cx, const char *id);

extern const char *const conversation_statuses[];
/* E_CONFLICT when version (0: any) is not the present one; E_NOTFOUND when it is not visible. A change leaves an activity line and an event. */
CHECK enum err conversation_set_status(struct ctx *cx, const char *id, const char *status, int32_t version);
/* user and team: NULL for nobody. E_CONFLICT as above; E_INVALID with a field error when user or team do not exist. */
CHECK enum err conversation_assign(struct ctx *cx, const char *id, const char *user, const char *team, int32_t version);
/*
 * Puts id into the conversation into, in one transaction: see app.conversation_merge. Versions 0: any. E_CONFLICT as above
 * and when one of them was merged meanwhile; E_NOTFOUND; E_INVALID with field into: not_same, has_open.
 */
CHECK enum err conversation_merge(struct ctx *cx, const char *id, const char *into, int32_t version, int32_t into_version);
/* Others of the same person, newest first, 50 at most. */
CHECK enum err conversation_beside(struct ctx *cx, const char *id, struct conversation **out, size_t *n);
/* Tells the others that the acting user is typing; of a note (internal) only the team. Stored as an event only. */
CHECK enum err conversation_typing(struct ctx *cx, const char *id, bool internal);

/* ---- messages ---- */

struct message {
	const char *id, *conversation_id, *direction, *kind, *text, *payload, *status, *external_id, *author_id, *author_name, *reply_to, *error_text;
	int32_t error_code;
	bool internal;
	utc_t sent_at, delivered_at, read_at, failed_at, edited_at, deleted_at, created_at;
};
extern const struct rec_type message_type;
struct attachment { const char *id, *message_id, *kind, *name, *mime, *state, *file; int64_t size; bool voice; };
extern const struct rec_type attachment_type;
struct reaction { const char *target, *emoji, *actor; };
extern const struct rec_type reaction_type;
struct quoted { const char *external_id, *text, *kind, *author_name, *direction; };
extern const struct rec_type quoted_type;
/* What queueing a message answers: its id, and whether it is new. */
struct message_made { const char *message_id; bool created; };
extern const struct rec_type message_made_type;

struct message_list {
	struct message *items;     /* oldest first */
	size_t n;
	const char *next;          /* cursor for older ones */
	struct attachment *files;
	size_t nfiles;
	struct reaction *reactions;
	size_t nreactions;
	struct quoted *quoted;
	size_t nquoted;
};
/* The newest limit messages (before the cursor), with what hangs on them. conv decides the connection. */
CHECK enum err message_list(struct ctx *cx, const struct conversation *conv, const char *cursor, int64_t limit, struct message_list *out);
CHECK enum err message_get(struct ctx *cx, const char *id, struct message *out);
CHECK enum err attachment_get(struct ctx *cx, const char *id, struct attachment *out);

struct message_draft { const char *conversation_id, *text, *token, *then, *reply_to, *quick_file, *mentions, *template; bool internal; }; /* reply_to: id of the message that is quoted, or NULL; quick_file: id of the quick reply whose file goes along */
extern const struct rec_type message_draft_type;   /* API: conversation_id, text, internal, reply_to, mentions (a JSON array of user ids), or template alone */
extern const struct rec_type message_files_type;   /* API, with files: the same, the text may be missing */
extern const struct rec_type message_form_type;    /* page: text, internal, reply_to, token, then, quick_file */
/*
 * Queues an answer or notes it internally. The same token again gives the message of the first time (*made false). E_INVALID
 * with field text/window_shut when the 24-hour window is shut; E_NOTFOUND when the conversation is not visible.
 */
CHECK enum err message_send(struct ctx *cx, const struct message_draft *d, const char **id, bool *made);
/*
 * The same with stored files. WhatsApp takes one file a message: the text is the caption of the first one, or (a sound,
 * a sticker, more than 1,024 characters) a message before it. Notes and the web chat have them all in one message.
 */
enum { MESSAGES_AT_ONCE = 8 };
struct file;
struct message_sent { const char *ids[MESSAGES_AT_ONCE]; size_t n; bool made; };
CHECK enum err message_send_files(struct ctx *cx, const struct message_draft *d, const char *channel, const struct file *files, size_t n, struct message_sent *out);
/* The attachments of n messages. */
CHECK enum err message_files(struct ctx *cx, const char *const *ids, size_t n, struct attachment **out, size_t *nout);
/* Sends a failed or uncertain message again. E_CONFLICT when it is neither. */
CHECK enum err message_retry(struct ctx *cx, const char *id);

/* Cursors over (instant, id): opaque text. False when s is not one. */
char *cursor_make(struct arena *a, utc_t at, const char *id);
CHECK bool cursor_read(struct arena *a, const char *s, utc_t *at, const char **id);
/* The LIMIT line of a statement that fits: "l25", "l50", "l100" or "l500". */
const char *limit_pick(int64_t limit);

#endif
