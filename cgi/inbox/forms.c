#include "cgi/inbox/forms.h"

#include "model/conversation.h"

static const char *const statuses[] = { "open", "in_progress", "pending", "resolved", "archived", "spam", NULL };

#define REC struct thread_filter
static const struct field thread_fields[] = {
	F(cursor, .max = 200), F(limit, .min = 1, .max = 500),
};
#undef REC
const struct rec_type thread_filter_type = REC_TYPE("thread_filter", struct thread_filter, thread_fields);

#define REC struct conversation_patch
static const struct field patch_fields[] = { F(status, .one_of = statuses), F(assignee_id, .flags = ID), F(team_id, .flags = ID) };
#undef REC
const struct rec_type conversation_patch_type = REC_TYPE("conversation_patch", struct conversation_patch, patch_fields);

#define REC struct status_form
static const struct field status_fields[] = { F(status, .flags = REQ, .one_of = statuses), F(version, .min = 0, .max = INT32_MAX) };
#undef REC
const struct rec_type status_form_type = REC_TYPE("status_form", struct status_form, status_fields);

#define REC struct assign_form
static const struct field assign_fields[] = { F(assignee_id, .flags = ID), F(team_id, .flags = ID), F(version, .min = 0, .max = INT32_MAX) };
#undef REC
const struct rec_type assign_form_type = REC_TYPE("assign_form", struct assign_form, assign_fields);

#define REC struct inbox_view_form
static const struct field view_fields[] = { F(name, .flags = REQ, .max = 60), F(query, .max = 1000, .doc = "query string of the list, with its ?"), F(shared) };
#undef REC
const struct rec_type inbox_view_form_type = REC_TYPE("inbox_view_form", struct inbox_view_form, view_fields);

#define REC struct inbox_many_form
static const struct field inbox_many_fields[] = {
	F(action, .flags = REQ, .doc = "resolve, reopen, spam, assign, team, tag or untag"), F(ids, .flags = MULTI, .max = 25000, .doc = "array of ids, 500 at most"),
	F(assignee_id, .flags = ID), F(team_id, .flags = ID), F(tag_id, .flags = ID),
};
#undef REC
const struct rec_type inbox_many_type = REC_TYPE("inbox_many_form", struct inbox_many_form, inbox_many_fields);

#define REC struct tag_put_form
static const struct field tag_put_fields[] = { F(tag_id, .flags = REQ | ID) };
#undef REC
const struct rec_type tag_put_form_type = REC_TYPE("tag_put_form", struct tag_put_form, tag_put_fields);

#define REC struct notification_read_form
static const struct field read_fields[] = { F(id, .flags = ID) };
#undef REC
const struct rec_type notification_read_type = REC_TYPE("notification_read", struct notification_read_form, read_fields);
