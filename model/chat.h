/* chat.h: the public web chat: a visitor, known by a cookie, and the own conversation. */
#ifndef MODEL_CHAT_H
#define MODEL_CHAT_H

#include "lib/db/db.h"

struct chat { const char *connection_id, *name, *tenant_name, *locale, *zone, *greeting, *contact_id, *contact_name, *contact_email, *conversation_id; };
extern const struct rec_type chat_entered_type;
struct chat_message { const char *id, *direction, *kind, *text, *status, *author_name; utc_t sent_at, deleted_at; };
extern const struct rec_type chat_message_type;
struct chat_form { const char *text, *name, *email, *token; };
extern const struct rec_type chat_form_type;

/* What stands in the database for a visitor's cookie: the digest of its token, hex. In a. */
char *chat_visitor(struct arena *a, const char *token);
/* Enters as the visitor. E_NOTFOUND when there is no such chat. */
CHECK enum err chat_enter(struct ctx *cx, const char *key, const char *visitor, bool readonly, struct chat *out);
/* Oldest first, the last 100. */
CHECK enum err chat_messages(struct ctx *cx, const struct chat *c, struct chat_message **out, size_t *n);
/* The files of those messages. */
struct attachment;
CHECK enum err chat_files(struct ctx *cx, const struct chat *c, struct attachment **out, size_t *n);
/* One of them; E_NOTFOUND when it is nothing that the visitor sees. */
CHECK enum err chat_file(struct ctx *cx, const struct chat *c, const char *id, struct attachment *out);
/* Text, stored files, or both. E_RATE when the visitor says too much in a minute. The same token twice is one message: *made false. */
struct file;
CHECK enum err chat_say(struct ctx *cx, const char *key, const char *visitor, const struct chat_form *f, const struct file *files, size_t nfiles, bool *made);
/* The visitor has the team's answers on the screen. */
CHECK enum err chat_seen(struct ctx *cx, const struct chat *c);

#endif
