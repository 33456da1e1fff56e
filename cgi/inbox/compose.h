/* compose.h: what the composer shows and takes beyond the text itself. */
#ifndef CGI_INBOX_COMPOSE_H
#define CGI_INBOX_COMPOSE_H

#include "cgi/inbox/inbox.h"

/* quick.c */
handler quick_reply_index, quick_reply_show, quick_reply_filled, quick_reply_edit, quick_reply_create, quick_reply_update, quick_reply_patch, quick_reply_drop, quick_reply_ask, quick_reply_delete;
handler quick_reply_insert, draft_post;
/* A text that begins with /shortcut, with the quick reply in its place, and its file (quick: whose); others as they are. */
CHECK enum err quick_reply_expand(struct req *rq, const struct conversation *c, const char **text, const char **quick);
/* later.c */
handler scheduled_index, scheduled_show, scheduled_create, scheduled_patch, scheduled_drop, scheduled_post, scheduled_edit, scheduled_update, scheduled_delete;
/* Items of a list of messages for later, into the open document. */
struct scheduled;
void scheduled_items(struct req *rq, struct doc *out, const struct scheduled *s, size_t n);

/* Draft, quick replies, quoted message and messages for later of a conversation's page. */
void compose_ahead(struct req *rq, const char *id); /* asks ahead for them */
CHECK enum err compose_fill(struct req *rq, struct doc *out, const struct conversation *c);

#endif
