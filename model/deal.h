/*
 * deal.h: deals, their history, and the board they stand on. Who sees which is decided by the database. A write whose
 * version is not the present one is E_CONFLICT and changes nothing; one about a deal that is not visible is E_NOTFOUND.
 */
#ifndef MODEL_DEAL_H
#define MODEL_DEAL_H

#include "model/pipeline.h"

struct deal {
	const char *id, *title, *description, *currency, *pipeline_id, *stage_id, *contact_id, *company, *conversation_id, *owner_id, *status, *lost_reason;
	const char *due_on, *next_step, *next_step_on; /* days: "2026-11-22" */
	const char *contact_name, *owner_name, *rank;
	money_t value;
	utc_t closed_at, stage_since, created_at, updated_at;
	int32_t version;
};
extern const struct rec_type deal_type;
struct deal_activity {
	const char *id, *kind, *actor_id, *actor_name, *text, *data;
	const char *before, *after, *before_currency, *after_currency, *fields; /* out of data, for pages */
	utc_t at;
};
extern const struct rec_type deal_activity_type;
struct deal_tag_row { const char *deal_id, *id, *name; int32_t color; };
extern const struct rec_type deal_tag_row_type;

/* ---- reading ---- */

/* What a list asks for; NULL leaves a condition out. sort: updated_at, created_at, value (with - in front: downwards), rank. */
struct deal_filter {
	const char *pipeline_id, *stage_id, *owner_id /* a user's id, me or none */, *contact_id, *conversation_id, *status, *q, *sort, *cursor;
	int64_t limit;
};
extern const struct rec_type deal_filter_type;
struct deal_list { struct deal *items; size_t n; const char *next; struct deal_tag_row *tags; size_t ntags; };
/* One page with the tags of its deals. E_SYNTAX for a cursor that is none of this order. */
CHECK enum err deal_list(struct ctx *cx, const struct deal_filter *f, struct deal_list *out);
CHECK enum err deal_get(struct ctx *cx, const char *id, struct deal *out);
/* The tags of n deals; and all tags there are. */
CHECK enum err deal_tags(struct ctx *cx, const char *const *ids, size_t n, struct deal_tag_row **out, size_t *nout);
CHECK enum err deal_tag_choices(struct ctx *cx, struct deal_tag_row **out, size_t *n);
/* Deals of a person or of a conversation, open ones first; 50 at most. */
CHECK enum err deal_of_contact(struct ctx *cx, const char *contact, struct deal **out, size_t *n);
CHECK enum err deal_of_conversation(struct ctx *cx, const char *conversation, struct deal **out, size_t *n);

struct deal_activity_filter { const char *cursor; int64_t limit; };
extern const struct rec_type deal_activity_filter_type;
struct deal_activity_list { struct deal_activity *items; size_t n; const char *next; };
/* Newest first. */
CHECK enum err deal_activity_list(struct ctx *cx, const char *deal, const struct deal_activity_filter *f, struct deal_activity_list *out);

struct deal_person { const char *id, *name, *phone, *company; };
extern const struct rec_type deal_person_type;
/* Whom a typed name, number or address may mean: 11 at most. */
CHECK enum err deal_people(struct ctx *cx, const char *q, struct deal_person **out, size_t *n);
CHECK enum err deal_person(struct ctx *cx, const char *id, struct deal_person *out);
struct deal_link { const char *id, *contact_id, *contact_name, *channel, *status; int64_t number; };
extern const struct rec_type deal_link_type;
/* The conversation a deal hangs on. */
CHECK enum err deal_conversation(struct ctx *cx, const char *id, struct deal_link *out);

/* ---- writing ---- */

struct deal_input {
	const char *title, *description, *currency, *pipeline_id, *stage_id, *after_id, *contact_id, *company, *conversation_id, *owner_id, *status, *lost_reason;
	const char *due_on, *next_step, *next_step_on, *tags; /* tags: a JSON array of ids */
	money_t value;
};
extern const struct rec_type deal_new_type;    /* API: a new one */
extern const struct rec_type deal_patch_type;  /* API: a change */
/* The input that changes nothing: what the deal says now. */
void deal_input_of(const struct deal *d, struct deal_input *in);
/* owner_id is taken as it is, NULL: nobody. stage_id NULL: the first stage of pipeline_id, or of the default pipeline. */
CHECK enum err deal_add(struct ctx *cx, const struct deal_input *in, const char **id);
/* The fields that people edit: neither stage nor outcome nor tags. version: what it must be, 0: any. */
CHECK enum err deal_change(struct ctx *cx, const char *id, const struct deal_input *in, int32_t version);
/* after: the deal it comes to stand after, NULL: above all, "end": below all. stage NULL: the first of pipeline. words: why, may be NULL. */
CHECK enum err deal_move(struct ctx *cx, const char *id, const char *pipeline, const char *stage, const char *after, int32_t version, const char *words);
struct deal_moved { int32_t moved, stayed; };
extern const struct rec_type deal_moved_type;
struct deal_pick { const char *id; int32_t version; };
struct deal_picked { const char *id, *title, *contact_name, *status, *stage_name, *owner_name, *currency; money_t value; int32_t version; };
extern const struct rec_type deal_picked_type;
/* Those of the picked deals that are in sight, as they stand now, in the order of the board. */
CHECK enum err deal_picked(struct ctx *cx, const struct deal_pick *picks, size_t n, struct deal_picked **out, size_t *nout);
/* Many, above all others of the stage; those that somebody else changed stay where they are. */
CHECK enum err deal_move_many(struct ctx *cx, const char *stage, const struct deal_pick *picks, size_t n, struct deal_moved *out);
/* Many won, lost or open again, to one owner (NULL: nobody), or with a tag put on or taken off. A version that is another: E_CONFLICT, and none is changed. */
CHECK enum err deal_close_many(struct ctx *cx, const char *status, const char *reason, const struct deal_pick *picks, size_t n);
CHECK enum err deal_owner_many(struct ctx *cx, const char *owner, const struct deal_pick *picks, size_t n);
CHECK enum err deal_tag_many(struct ctx *cx, const char *tag, bool on, const struct deal_pick *picks, size_t n);
/* status won, lost (with a reason) or open. */
CHECK enum err deal_close(struct ctx *cx, const char *id, const char *status, const char *reason, int32_t version);
CHECK enum err deal_delete(struct ctx *cx, const char *id, int32_t version);
CHECK enum err deal_note(struct ctx *cx, const char *deal, const char *text, const char **id);
/* ids: a JSON array of tag ids, NULL: none. */
CHECK enum err deal_tag_set(struct ctx *cx, const char *deal, const char *ids);

/* ---- the board ---- */

struct board_filter { const char *owner, *q, *tag, *next, *stage, *cursor; bool stale; };
extern const struct rec_type board_filter_type;
struct board_column {
	const char *id, *name, *currency;
	int32_t color, chance, stale_days, version;
	int64_t deals, foreign_deals;  /* foreign: in another currency than the tenant's, not in the totals */
	money_t total, weighted;
	int64_t every, mine, stepless, late, stale; /* what the views of the tabs hold of it, whatever the filter */
};
extern const struct rec_type board_column_type;
struct card {
	const char *id, *stage_id, *rank, *title, *contact_name, *company, *currency, *owner_id, *owner_name, *next_step, *next_step_on;
	const char *channel, *tag_ids; /* of its conversation; "{id,id}", NULL: none */
	money_t value;
	utc_t stage_since;
	int32_t version;
};
extern const struct rec_type card_type;
struct saved_view { const char *id, *name, *query; bool shared, own; };
extern const struct rec_type saved_view_type;

struct board {
	struct pipeline pipeline;
	struct board_column *columns;
	struct card *cards;            /* by column, at most 31 of each: the 31st says that there are more */
	struct pipeline *pipelines;
	struct saved_view *views;
	struct deal_tag_row *tags;     /* all there are */
	struct user_row *users;
	size_t ncolumns, ncards, npipelines, nviews, ntags, nusers;
};
enum { BOARD_CARDS = 30, BOARD_STATEMENTS = 6 };
/* The whole board in one round trip and BOARD_STATEMENTS statements, however many deals there are. */
CHECK enum err board_get(struct ctx *cx, const char *pipeline, const struct board_filter *f, struct board *out);
/* The cursor that goes on after a card; in cx's arena. */
const char *board_cursor(struct ctx *cx, const struct card *last);
/* 20 of each user at most: E_CONFLICT. */
CHECK enum err board_view_add(struct ctx *cx, const char *name, const char *query, bool shared);
CHECK enum err board_view_delete(struct ctx *cx, const char *id);

#endif
