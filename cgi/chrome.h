/* chrome.h: what all signed-in pages share: the rail's counts, who is signed in, and how a conversation is shown in a list. */
#ifndef CGI_CHROME_H
#define CGI_CHROME_H

#include "lib/http/http.h"
#include "model/contact.h"
#include "model/conversation.h"
#include "model/ids.h"

/* struct app.ahead and struct app.chrome of every program with pages for users. */
void chrome_ahead(struct req *rq);
void chrome_fill(struct req *rq, struct doc *out);

/* Only a path of ours: nothing that a browser could take for another host. NULL is not. */
bool next_ok(const char *next);

/* What a person is called: name, else user name, else phone (masked for viewers), else "#number" or the text T.contact.unnamed. */
const char *person_title(struct req *rq, const char *name, const char *phone);
/* First letters of the first and the last word. */
const char *initials(struct arena *a, const char *name);
/* The same of what person_title gives: "#" for numbers. */
const char *title_initials(struct arena *a, const char *title);
/* The colour class of an id: 1..8. */
const char *color_of(struct arena *a, const char *id);

struct tag_of;
/* The tags of one owner among those of many, as a member of the open object. */
void tags_of(struct doc *out, const char *owner, const struct tag_of *t, size_t n);
/* The tag at that place of a piece's list, as "tags" or "li.tags". */
struct piece;
void piece_tag(struct piece *p, const char *list, size_t at, const char *name, int32_t color);
/* Seconds that somebody has waited for an answer; -1: nobody waits. */
int64_t waits(const struct req *rq, const struct conversation *c);
/* Conversations as the list "items": fields, and for pages the hints of their rows. */
void conversation_items(struct req *rq, struct doc *out, const struct conversation *c, size_t n);
/* What a row shows of the last message: its text, or the name of its kind, masked for viewers. */
const char *preview_text(struct req *rq, const struct conversation *c);
/* "next": the cursor and, for the API, the Link header (RFC 8288). */
void list_next(struct req *rq, struct doc *out, const char *cursor);
/* The values of all boxes of that name that are checked, IDS_MAX at most; nobody has looked at them yet. */
struct ids ids_of_form(struct req *rq, const char *name);
/* This page's query string with name set to value (NULL: removed); "" or "?a=b&c=d", in the arena. */
const char *query_with(struct req *rq, const char *name, const char *value);
/* Takes a parameter out of the query, so that no link of the page repeats it. */
void query_forget(struct req *rq, const char *name);
/* A query string as query_with writes it, or "": safe to lead back to. */
bool query_ok(const char *s);

#endif
