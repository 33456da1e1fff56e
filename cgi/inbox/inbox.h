/* inbox.h: the handlers of the inbox, one file per page group. */
#ifndef CGI_INBOX_INBOX_H
#define CGI_INBOX_INBOX_H

#include "lib/http/http.h"
#include "model/conversation.h"

extern const struct app inbox_app;

/* list.c */
handler conversation_index;
/* Fills the list pane (tabs, filter, items) of a page; current: the open conversation or NULL. */
struct staff;
CHECK enum err list_pane(struct req *rq, struct doc *out, const char *current, const struct staff *staff);
/* Asks ahead for it. */
void list_pane_ahead(struct req *rq, const char *current);
/* conversation.c */
handler conversation_show, conversation_messages, conversation_patch;
/* act.c */
handler message_create, message_post, message_again, status_post, assign_post, take_post, typing_post, message_show, file_show;
/* A message as it stands: the answer to whoever made it. */
CHECK enum err message_answer(struct req *rq, struct doc *out, const char *id, int status);
/* many.c */
handler snooze_post;
/* What the form for putting it off offers. */
void snooze_hints(struct req *rq, struct doc *out, const struct conversation *c);
handler view_index, view_post, view_drop, many_post, conversation_tag_post, conversation_tag_drop;
/* "tags": those of a conversation. */
CHECK enum err conversation_tags_shown(struct req *rq, struct doc *out, const char *id);
/* notification.c */
handler notification_index, notification_read;
/* events.c */
handler event_index;
/* merge.c */
handler merge_edit, merge_post;
/* pass.c: what the menus of a conversation do, as pages */
handler assign_edit, snooze_edit;
/* mention.c: the ticked people of a form as a JSON array of ids, NULL: none; the people that may be called, for the composer */
const char *mentions_ticked(struct req *rq);
struct user_row;
void mention_choices(struct req *rq, struct doc *out, const struct user_row *users, size_t n);
/* thread.c: the messages of a conversation as a document */
void thread_items(struct req *rq, struct doc *out, const struct message_list *l);
/* "attachments": those of one message, or (NULL) all n. */
void thread_files(struct req *rq, struct doc *out, const char *message, const struct attachment *f, size_t n);

#endif
