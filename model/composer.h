/* composer.h: what somebody has begun to write, and what is to be sent later. */
#ifndef MODEL_COMPOSER_H
#define MODEL_COMPOSER_H

#include "lib/db/db.h"

/* ---- drafts: one per person and conversation ---- */

/* quick_file: the quick reply whose file goes along, file_name: its name. */
struct draft { const char *text, *quick_file, *file_name; bool internal; utc_t updated_at; };
extern const struct rec_type draft_type;
struct draft_input { const char *text, *quick_file; bool internal; };
extern const struct rec_type draft_input_type;
/* text is NULL when there is none. */
CHECK enum err draft_get(struct ctx *cx, const char *conversation, struct draft *out);
/* Without text and file it goes. E_NOTFOUND when the conversation is not visible. */
CHECK enum err draft_put(struct ctx *cx, const char *conversation, const struct draft_input *in);
CHECK enum err draft_drop(struct ctx *cx, const char *conversation);

/* ---- messages for later ---- */

struct scheduled {
	const char *id, *conversation_id, *contact_name, *contact_phone, *author_id, *author_name, *text, *status, *error, *message_id;
	int32_t version;
	utc_t run_at, created_at, updated_at;
};
extern const struct rec_type scheduled_type;
struct scheduled_input { const char *conversation_id, *text, *token; utc_t run_at; int32_t version; };
extern const struct rec_type scheduled_input_type;  /* API: POST */
extern const struct rec_type scheduled_patch_type;  /* API: PATCH */
/* Page: a day and an hour of the reader's zone. */
struct scheduled_form { const char *text, *date, *time, *token; int32_t version; };
extern const struct rec_type scheduled_form_type;
struct scheduled_filter { const char *conversation_id; };
extern const struct rec_type scheduled_filter_type;

/* "2026-11-24" and "09:30" in cx->zone. E_INVALID with field errors. */
CHECK enum err scheduled_when(struct ctx *cx, const char *date, const char *time, utc_t *out);
/* Pending, and failed in the last week; conversation NULL: of all that the acting user sees. 500 at most. */
CHECK enum err scheduled_list(struct ctx *cx, const char *conversation, struct scheduled **out, size_t *n);
CHECK enum err scheduled_get(struct ctx *cx, const char *id, struct scheduled *out);
/* Orders one. The same token again gives the first. E_INVALID with a field error: run_at in the past or too far off; E_NOTFOUND: not visible. */
CHECK enum err scheduled_add(struct ctx *cx, const struct scheduled_input *in, const char **id);
/* E_CONFLICT: not pending any more, or the version (0: any) is not the present one. */
CHECK enum err scheduled_save(struct ctx *cx, const char *id, const struct scheduled_input *in);
CHECK enum err scheduled_cancel(struct ctx *cx, const char *id, int32_t version);
/* Jobs, within a unit in the tenant: its hour has come; it was tried too often. */
CHECK enum err scheduled_send(struct ctx *cx, const char *id);
CHECK enum err scheduled_fail(struct ctx *cx, const char *id);

#endif
