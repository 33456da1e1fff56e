/* demo_board.h: tags, quick replies, pipelines and deals for a demo, written as they would stand had they happened. In the unit of work of setup.h, inside an entered tenant. */
#ifndef MODEL_DEMO_BOARD_H
#define MODEL_DEMO_BOARD_H

#include "lib/db/db.h"

struct demo_stage { const char *name; int color, chance, stale_days; };
struct demo_tag { const char *name; int color; };
enum { NO_DAY = 9999 };
struct demo_deal {
	int stage;                 /* its place in the pipeline */
	const char *title;
	int64_t value;             /* minor units */
	const char *contact;       /* a name; somebody of the tenant when there is one of it */
	const char *owner;         /* e-mail, NULL: nobody */
	const char *next_step;
	int next_in, due_in;       /* days from today, NO_DAY: none */
	int stage_hours, age_hours;/* before now */
	const char *tag, *company, *note;
	const char *status, *lost_reason; /* NULL: open */
};
struct demo_pipeline {
	const char *name, *description;
	bool money;
	const struct demo_stage *stages; /* ended by one without a name, as all of these */
	const struct demo_deal *deals;   /* top of the column first; ended by one without a title */
};
struct demo_reply { const char *shortcut, *title, *category, *content; };
struct demo_board { const char *slug; const struct demo_tag *tags; const struct demo_pipeline *pipelines; const struct demo_reply *replies; };
extern const struct demo_board demo_boards[]; /* ended by one without a slug */

/* Writes the board of the entered tenant; nothing when the tenant has deals already. The first pipeline takes over the tenant's default one. */
CHECK enum err demo_board_add(struct ctx *cx, const struct demo_board *b);

#endif
