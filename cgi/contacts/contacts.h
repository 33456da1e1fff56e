/* contacts.h: the handlers of people and tags, one file per page group. Every page of people stands under /contacts and under /leads. */
#ifndef CGI_CONTACTS_CONTACTS_H
#define CGI_CONTACTS_CONTACTS_H

#include "lib/http/http.h"
#include "model/contact.h"

extern const struct app contacts_app;

/* list.c */
handler contact_index, lead_index, contact_bulk;
/* show.c */
handler contact_show, contact_history;
/* edit.c */
handler contact_new, contact_post, contact_edit, contact_update, contact_patch, contact_drop;
/* convert.c */
handler convert_show, convert_post, lose_show, lose_post, qualify_post, reopen_post;
/* act.c */
handler block_post, unblock_post, archive_post, restore_post, owner_post, tags_post;
/* tags.c */
handler tag_index, tag_create, tag_show, tag_update, tag_patch, tag_drop, tag_delete;

/* "lead" or "contact", as the path says. */
const char *lifecycle_of(const struct req *rq);
/* This person's page below the list that the path names: "/leads/ID" and what. */
const char *person_url(struct req *rq, const char *id, const char *what);
/* What a page shows of somebody beyond the fields. */
void person_hints(struct req *rq, struct doc *out, const struct contact *c);
/* Those to choose from: users.N, tags.N with current. Pages only. */
CHECK enum err owner_choices(struct req *rq, struct doc *out, const char *current);
CHECK enum err tag_choices(struct req *rq, struct doc *out, const char *current);
/* The API's answer about one person: fields and tags, with the ETag. Somebody who has just gone out of sight is answered by their id. */
CHECK enum err person_answer(struct req *rq, struct doc *out, const char *id, int status);
/* What is stored, as the beginning of an input that may name only some fields. */
struct contact_input input_of(const struct contact *c);
/* What a page or the API answers after an action on the person of the path. */
CHECK enum err acted(struct req *rq, struct doc *out, const char *flash);
/* The phone or e-mail that was refused belongs to whose: the API is told where to find them. Returns e. */
enum err belongs(struct req *rq, const struct holder *whose, enum err e);
/* The fields of the form: what was typed, else what is stored, else what the link brought. */
void input_fill(struct req *rq, struct doc *out, const struct contact *c);
/* For a form that is shown again: whose the refused phone or e-mail is. */
CHECK enum err existing_fill(struct req *rq, struct doc *out);
/* True when the form is shown again because the version moved. */
bool version_moved(const struct req *rq);
/* The page that holds both values of what differs, to choose from; post is where the choice goes. */
CHECK enum err conflict_page(struct req *rq, struct doc *out, const struct contact *c, const char *post);

#endif
