/* pipeline.h: pipelines and their stages. Everybody of the tenant sees them all. */
#ifndef MODEL_PIPELINE_H
#define MODEL_PIPELINE_H

#include "lib/db/db.h"

struct pipeline { const char *id, *name, *description; bool money, is_default; int32_t position, version; utc_t created_at, updated_at; };
extern const struct rec_type pipeline_type;
struct stage { const char *id, *pipeline_id, *name; int32_t color, position, chance, stale_days, version; };
extern const struct rec_type stage_type;
struct stage_load { const char *id; int64_t deals; };
extern const struct rec_type stage_load_type;

/* What people give: stages is a JSON array of {name, color, chance, stale_days}, for a new pipeline only. */
struct pipeline_input { const char *name, *description, *stages; bool money, is_default; int32_t version; };
extern const struct rec_type pipeline_new_type;    /* API and page: a new one */
extern const struct rec_type pipeline_patch_type;  /* API: a change */
extern const struct rec_type pipeline_form_type;   /* page: a change, with version */
struct stage_input { const char *name, *shift; int32_t color, chance, stale_days, position, version; };
extern const struct rec_type stage_input_type;     /* API */
extern const struct rec_type stage_form_type;      /* page, with version and shift (up, down) */

struct pipeline_list { struct pipeline *items; size_t n; struct stage *stages; size_t nstages; };
/* All, in order, with the stages of all: one round trip. */
CHECK enum err pipeline_list(struct ctx *cx, struct pipeline_list *out);
/* One with its stages. */
CHECK enum err pipeline_get(struct ctx *cx, const char *id, struct pipeline *out, struct stage **stages, size_t *n);
/* The id of the default one. */
CHECK enum err pipeline_default(struct ctx *cx, const char **id);
CHECK enum err stage_get(struct ctx *cx, const char *id, struct stage *out);
/* How many deals, open or closed, lie in each stage. */
CHECK enum err stage_loads(struct ctx *cx, const char *pipeline, struct stage_load **out, size_t *n);

/* E_INVALID with field name/taken when there is one of this name; stages NULL: the usual four. */
CHECK enum err pipeline_add(struct ctx *cx, const struct pipeline_input *in, const char **id);
/* E_CONFLICT when version is not the present one. is_default true makes it the default; false changes nothing, unless it is the default: E_INVALID. */
CHECK enum err pipeline_change(struct ctx *cx, const struct pipeline *now, const struct pipeline_input *in, int32_t version);
/* move_to: a stage, or a pipeline whose first stage is meant. E_CONFLICT for the default one, and with field move_to when it holds deals and there is no move_to. version 0: any. */
CHECK enum err pipeline_delete(struct ctx *cx, const char *id, const char *move_to, int32_t version);

CHECK enum err stage_add(struct ctx *cx, const char *pipeline, const struct stage_input *in, const char **id);
CHECK enum err stage_change(struct ctx *cx, const struct stage *now, const struct stage_input *in, int32_t version);
/* by: -1 up, 1 down. */
CHECK enum err stage_shift(struct ctx *cx, const char *id, int by);
/* As pipeline_delete; E_CONFLICT for the last stage of its pipeline. */
CHECK enum err stage_delete(struct ctx *cx, const char *id, const char *move_to, int32_t version);

/* What a refusal of the board's functions in SQL means: field errors for P1006 and P1007, E_CONFLICT for P1007 and P1008; others as they are. */
enum err board_err(struct ctx *cx, enum err e);

#endif
