#include "cgi/pipeline/pipeline.h"

#include "cgi/chrome.h"
#include "model/perm.h"

static const struct route routes[] = {
	{ GET, "/pipelines", board_home, DEAL_READ, TX_READ, NULL, R_PAGE, .doc = NULL },
	{ GET, "/pipelines", pipeline_index, DEAL_READ, TX_READ, NULL, R_API | R_LIST, .out = &pipeline_type, .doc = "All pipelines with their stages" },
	{ POST, "/pipelines", pipeline_create, PIPELINE_EDIT, TX_WRITE, NULL, .again = pipeline_new, .again_template = "pipeline/new", .in = &pipeline_new_type,
	    .out = &pipeline_type, .doc = "A new pipeline" },
	{ GET, "/pipelines/new", pipeline_new, PIPELINE_EDIT, TX_READ, "pipeline/new", R_PAGE, .doc = NULL },
	{ GET, "/pipelines/:id", board_show, DEAL_READ, TX_READ, "pipeline/board", R_PAGE, .query = &board_filter_type },
	{ GET, "/pipelines/:id", pipeline_show, DEAL_READ, TX_READ, NULL, R_API, .out = &pipeline_type, .doc = "One pipeline with its stages" },
	{ PATCH, "/pipelines/:id", pipeline_patch, PIPELINE_EDIT, TX_WRITE, NULL, R_API, .in = &pipeline_patch_type, .out = &pipeline_type,
	    .doc = "Changes a pipeline; If-Match with the ETag of the version seen" },
	{ DELETE_, "/pipelines/:id", pipeline_drop, PIPELINE_EDIT, TX_WRITE, NULL, R_API, .query = &target_query_type,
	    .doc = "Takes a pipeline away; move_to (a stage or pipeline) where its deals go. Refused for the default one" },
	{ GET, "/pipelines/:id/settings", pipeline_settings, PIPELINE_EDIT, TX_READ, "pipeline/settings", R_PAGE, .doc = NULL },
	{ POST, "/pipelines/:id/settings", pipeline_save, PIPELINE_EDIT, TX_WRITE, NULL, R_PAGE, .again = pipeline_settings, .again_template = "pipeline/settings",
	    .in = &pipeline_form_type },
	{ GET, "/pipelines/:id/delete", pipeline_remove, PIPELINE_EDIT, TX_READ, "pipeline/delete", R_PAGE, .doc = NULL },
	{ POST, "/pipelines/:id/delete", pipeline_removed, PIPELINE_EDIT, TX_WRITE, NULL, R_PAGE, .again = pipeline_remove, .again_template = "pipeline/delete",
	    .in = &target_form_type },
	{ POST, "/pipelines/:id/stages", stage_create, PIPELINE_EDIT, TX_WRITE, NULL, .again = pipeline_settings, .again_template = "pipeline/settings",
	    .in = &stage_input_type, .out = &stage_type, .doc = "A new stage, at the end" },
	{ GET, "/pipelines/:id/many", board_many_none, DEAL_EDIT, TX_READ, NULL, R_PAGE, .query = &board_filter_type },
	{ POST, "/pipelines/:id/many", board_many, DEAL_EDIT, TX_WRITE, "pipeline/many", R_PAGE, .body_max = 256 * 1024, .again = board_many_again,
	    .again_template = "pipeline/many", .query = &board_filter_type, .in = &many_form_type },
	{ POST, "/pipelines/:id/views", board_view_post, DEAL_READ, TX_WRITE, NULL, R_PAGE, .again = board_show, .again_template = "pipeline/board", .in = &view_form_type },
	{ POST, "/pipelines/:id/views/:view_id/delete", board_view_remove, DEAL_READ, TX_WRITE, NULL, R_PAGE, .doc = NULL },
	{ POST, "/stages/:id", stage_save, PIPELINE_EDIT, TX_WRITE, NULL, R_PAGE, .again = stage_again, .again_template = "pipeline/settings", .in = &stage_form_type },
	{ PATCH, "/stages/:id", stage_patch, PIPELINE_EDIT, TX_WRITE, NULL, R_API, .in = &stage_input_type, .out = &stage_type,
	    .doc = "Changes a stage; If-Match with the ETag of the version seen" },
	{ DELETE_, "/stages/:id", stage_drop, PIPELINE_EDIT, TX_WRITE, NULL, R_API, .query = &target_query_type,
	    .doc = "Takes a stage away; move_to (a stage or pipeline) where its deals go" },
	{ GET, "/stages/:id/delete", stage_remove, PIPELINE_EDIT, TX_READ, "pipeline/delete", R_PAGE, .doc = NULL },
	{ POST, "/stages/:id/delete", stage_removed, PIPELINE_EDIT, TX_WRITE, NULL, R_PAGE, .again = stage_remove, .again_template = "pipeline/delete", .in = &target_form_type },

	{ GET, "/deals", deal_index, DEAL_READ, TX_READ, "pipeline/deals", R_LIST, .query = &deal_filter_type, .out = &deal_type, .doc = "Deals that the caller may see" },
	{ POST, "/deals", deal_create_api, DEAL_EDIT, TX_WRITE, NULL, R_API, .in = &deal_new_type, .out = &deal_type, .doc = "A new deal, above all others of its stage" },
	{ POST, "/deals", deal_create, DEAL_EDIT, TX_WRITE, NULL, R_PAGE, .again = deal_new, .again_template = "pipeline/edit", .in = &deal_form_type },
	{ GET, "/deals/new", deal_new, DEAL_EDIT, TX_READ, "pipeline/edit", R_PAGE, .query = &start_query_type },
	{ GET, "/deals/:id", deal_show, DEAL_READ, TX_READ, "pipeline/deal", .out = &deal_type, .doc = "One deal" },
	{ PATCH, "/deals/:id", deal_patch, DEAL_EDIT, TX_WRITE, NULL, R_API, .in = &deal_patch_type, .out = &deal_type,
	    .doc = "Changes, moves (stage_id, after_id) or closes (status) a deal; If-Match with the ETag of the version seen" },
	{ DELETE_, "/deals/:id", deal_drop, PIPELINE_EDIT, TX_WRITE, NULL, R_API, .doc = "Takes a deal away; the audit keeps it. If-Match as for PATCH" },
	{ POST, "/deals/:id", deal_save, DEAL_EDIT, TX_WRITE, NULL, R_PAGE, .again = deal_edit, .again_template = "pipeline/edit", .in = &deal_form_type },
	{ GET, "/deals/:id/edit", deal_edit, DEAL_EDIT, TX_READ, "pipeline/edit", R_PAGE, .doc = NULL },
	{ GET, "/deals/:id/move", deal_move_page, DEAL_EDIT, TX_READ, "pipeline/move", R_PAGE, .doc = NULL },
	{ POST, "/deals/:id/move", deal_move_post, DEAL_EDIT, TX_WRITE, NULL, R_PAGE, .again = deal_move_page, .again_template = "pipeline/move", .in = &move_form_type },
	{ GET, "/deals/:id/lose", deal_lose_page, DEAL_EDIT, TX_READ, "pipeline/lose", R_PAGE, .doc = NULL },
	{ POST, "/deals/:id/lose", deal_lose_post, DEAL_EDIT, TX_WRITE, NULL, R_PAGE, .again = deal_lose_page, .again_template = "pipeline/lose", .in = &outcome_form_type },
	{ POST, "/deals/:id/win", deal_win_post, DEAL_EDIT, TX_WRITE, NULL, R_PAGE, .again = deal_show, .again_template = "pipeline/deal", .in = &outcome_form_type },
	{ POST, "/deals/:id/reopen", deal_reopen_post, DEAL_EDIT, TX_WRITE, NULL, R_PAGE, .again = deal_show, .again_template = "pipeline/deal", .in = &outcome_form_type },
	{ GET, "/deals/:id/delete", deal_remove, PIPELINE_EDIT, TX_READ, "pipeline/delete", R_PAGE, .doc = NULL },
	{ POST, "/deals/:id/delete", deal_removed, PIPELINE_EDIT, TX_WRITE, NULL, R_PAGE, .again = deal_remove, .again_template = "pipeline/delete", .in = &target_form_type },
	{ GET, "/deals/:id/activities", deal_history, DEAL_READ, TX_READ, NULL, R_API | R_LIST, .query = &deal_activity_filter_type, .out = &deal_activity_type,
	    .doc = "What happened to a deal, newest first" },
	{ POST, "/deals/:id/activities", deal_note_post, DEAL_EDIT, TX_WRITE, NULL, .again = deal_show, .again_template = "pipeline/deal", .in = &deal_activity_type,
	    .out = &deal_activity_type, .doc = "A note" },
};

static const char *const pieces[] = { "pipeline/card", NULL };
const struct app pipeline_app = { "pipeline", "balcao_web", routes, nitems(routes), .perms = perms_of, .pieces = pieces, .ahead = chrome_ahead, .chrome = chrome_fill };

#define REC struct move_form
static const struct field move_fields[] = {
	F(stage_id, .flags = REQ | ID), F(after, .max = 36), F(note, .flags = MULTI, .max = 1000), F(next_step, .max = 200), F(next_step_on, .max = 10),
	F(version, .min = 0, .max = INT32_MAX),
};
#undef REC
const struct rec_type move_form_type = REC_TYPE("move_form", struct move_form, move_fields);

#define REC struct outcome_form
static const struct field outcome_fields[] = { F(lost_reason, .flags = MULTI, .max = 500), F(version, .min = 0, .max = INT32_MAX) };
#undef REC
const struct rec_type outcome_form_type = REC_TYPE("outcome_form", struct outcome_form, outcome_fields);

#define REC struct target_form
static const struct field target_fields[] = { F(move_to, .flags = ID), F(version, .min = 0, .max = INT32_MAX) };
static const struct field target_query_fields[] = { F(move_to, .flags = ID, .doc = "a stage, or a pipeline whose first stage is meant") };
#undef REC
const struct rec_type target_form_type = REC_TYPE("target_form", struct target_form, target_fields);
const struct rec_type target_query_type = REC_TYPE("target_query", struct target_form, target_query_fields);

#define REC struct view_form
static const struct field view_fields[] = { F(name, .flags = REQ, .max = 60), F(shared) };
#undef REC
const struct rec_type view_form_type = REC_TYPE("view_form", struct view_form, view_fields);

#define REC struct many_form
static const char *const acts[] = { "ask", "move", "win", "lose", "owner", "tag", "untag", NULL };
static const struct field many_fields[] = {
	F(act, .one_of = acts), F(stage_id, .flags = ID), F(owner_id, .flags = ID), F(tag_id, .flags = ID), F(lost_reason, .flags = MULTI, .max = 500), F(asked),
};
#undef REC
const struct rec_type many_form_type = REC_TYPE("many_form", struct many_form, many_fields);

#define REC struct start_query
static const struct field start_fields[] = { F(pipeline, .flags = ID), F(stage, .flags = ID), F(contact, .flags = ID), F(conversation, .flags = ID) };
#undef REC
const struct rec_type start_query_type = REC_TYPE("start_query", struct start_query, start_fields);
