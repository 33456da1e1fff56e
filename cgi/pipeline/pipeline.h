/* pipeline.h: the handlers of boards and deals, one file per page group. */
#ifndef CGI_PIPELINE_PIPELINE_H
#define CGI_PIPELINE_PIPELINE_H

#include "lib/http/http.h"
#include "model/deal.h"

extern const struct app pipeline_app;

/* board.c: the board as a page, saved filters */
handler board_home, board_show, board_view_post, board_view_remove;
/* many.c: what is done with all checked cards */
handler board_many, board_many_again, board_many_none;
/* settings.c: pipelines and stages as pages */
handler pipeline_new, pipeline_settings, pipeline_save, pipeline_remove, pipeline_removed, stage_save, stage_again, stage_remove, stage_removed;
/* api.c: pipelines and stages as JSON, and what pages and JSON share */
handler pipeline_index, pipeline_create, pipeline_show, pipeline_patch, pipeline_drop, stage_create, stage_patch, stage_drop;
/* deal.c: one deal, the list of them, its history */
handler deal_index, deal_show, deal_history, deal_note_post;
/* deal_api.c: deals as JSON */
handler deal_create_api, deal_patch, deal_drop;
/* deal_form.c: making and editing on a page */
handler deal_new, deal_create, deal_edit, deal_save;
/* deal_act.c: moving, winning, losing, opening again, taking away */
handler deal_move_page, deal_move_post, deal_lose_page, deal_lose_post, deal_win_post, deal_reopen_post, deal_remove, deal_removed;

struct move_form { const char *stage_id, *after, *note, *next_step, *next_step_on; int32_t version; };
extern const struct rec_type move_form_type;
struct outcome_form { const char *lost_reason; int32_t version; };
extern const struct rec_type outcome_form_type;
struct target_form { const char *move_to; int32_t version; };
extern const struct rec_type target_form_type, target_query_type;
struct view_form { const char *name; bool shared; };
extern const struct rec_type view_form_type;
struct many_form { const char *act, *stage_id, *owner_id, *tag_id, *lost_reason; bool asked; };
extern const struct rec_type many_form_type;
struct deal_form { struct deal_input in; const char *contact, *contact_was, *contact_choice; int32_t version; };
extern const struct rec_type deal_form_type;
struct start_query { const char *pipeline, *stage, *contact, *conversation; };
extern const struct rec_type start_query_type;

/* ---- shared by the pages ---- */

/* A day as people read it: hoje, amanhã, 25/11. NULL for NULL. */
const char *day_text(struct req *rq, const char *day);
/* Days from today until then; negative: gone. */
int64_t days_until(struct req *rq, const char *day);
/* The next step of a deal or card in words; *state: info, bad (late) or warn (none). */
const char *next_step(struct req *rq, const char *step, const char *on, const char **state);
/* The same as hints into the open document: next.state, next.text. */
void next_step_hints(struct req *rq, struct doc *out, const char *step, const char *on);
/* How long it stands in its stage, in words; true when that is too long. */
bool stands_long(struct req *rq, utc_t since, int32_t stale_days, const char **age);
/* initials, color and first name of the owner: owner.*; nothing without one. */
void owner_hints(struct req *rq, struct doc *out, const char *id, const char *name);
/* An amount without cents where there are none: "R$ 38.400". */
const char *money_short(struct req *rq, int64_t minor, const char *currency);
/* Text that people wrote, masked for viewers. */
const char *seen_text(struct req *rq, const char *s);
/* The stages as a list "stages" with the hints current and done beside the one with this id (NULL: none). */
void stage_items(struct doc *out, const char *name, const struct stage *s, size_t n, const char *current);
/* The tags of one deal out of many, as the list "tags". */
void tag_items(struct doc *out, const struct deal_tag_row *t, size_t n, const char *deal);
/* users with the hint current beside this id. */
CHECK enum err owner_items(struct req *rq, struct doc *out, const char *current);
/* One line of "Outra pessoa mudou isto": label (a key of T.deal.field), what was asked for, what is. */
void conflict_row(struct req *rq, struct doc *out, const char *field, const char *mine, const char *theirs);
/* The document of one deal: its fields and tags. */
CHECK enum err deal_doc(struct req *rq, struct doc *out, const struct deal *d);
/* A shown form was sent for an older version of this. */
bool form_stale(struct req *rq, int32_t version);
const char *deal_path(struct req *rq);
/* The board of the address, with its filter. */
const char *board_path(struct req *rq);
/* The pipeline of the address is one that there is. */
CHECK enum err board_named(struct req *rq);
/* All stages by pipeline, as the list "groups", but those of one pipeline or one of them (NULL: none left out). */
CHECK enum err stage_groups(struct req *rq, struct doc *out, const char *but_pipeline, const char *but_stage);

#endif
