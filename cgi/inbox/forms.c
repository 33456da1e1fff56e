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

#define REC struct version_form
static const struct field version_fields[] = { F(version, .flags = REQ, .min = 1, .max = INT32_MAX) };
#undef REC
const struct rec_type version_form_type = REC_TYPE("version_form", struct version_form, version_fields);

#define REC struct assign_form
static const struct field assign_fields[] = { F(assignee_id, .flags = ID), F(team_id, .flags = ID), F(note, .flags = MULTI, .max = 4096), F(version, .min = 0, .max = INT32_MAX) };
#undef REC
const struct rec_type assign_form_type = REC_TYPE("assign_form", struct assign_form, assign_fields);

#define REC struct inbox_view_form
static const struct field view_fields[] = { F(name, .flags = REQ, .max = 60), F(query, .max = 1000, .doc = "query string of the list, with its ?"), F(shared) };
#undef REC
const struct rec_type inbox_view_form_type = REC_TYPE("inbox_view_form", struct inbox_view_form, view_fields);

static const char *const actions[] = { "resolve", "reopen", "spam", "assign", "team", "tag", "untag", NULL };
#define REC struct inbox_many_form
static const struct field inbox_many_fields[] = {
	F(action, .flags = REQ, .one_of = actions), F(ids, .flags = JSON | MULTI, .max = 25000, .schema = SCHEMA_IDS, .doc = "array of ids, 500 at most"),
	F(assignee_id, .flags = ID), F(team_id, .flags = ID), F(tag_id, .flags = ID),
};
#undef REC
const struct rec_type inbox_many_type = REC_TYPE("inbox_many_form", struct inbox_many_form, inbox_many_fields);

#define REC struct snooze_form
static const char *const presets[] = { "today", "tomorrow", "monday", "reply", "at", "wake", NULL };
static const struct field snooze_fields[] = {
	F(preset, .one_of = presets, .doc = "until 18h today, 9h tomorrow, 9h on Monday, the person's next message; at: date and time; wake: no longer"),
	F(until, .doc = "instead of a preset"), F(date, .max = 10), F(time, .max = 5), F(version, .min = 0, .max = INT32_MAX),
};
#undef REC
const struct rec_type snooze_form_type = REC_TYPE("snooze_form", struct snooze_form, snooze_fields);

#define REC struct tag_put_form
static const struct field tag_put_fields[] = { F(tag_id, .flags = REQ | ID) };
#undef REC
const struct rec_type tag_put_form_type = REC_TYPE("tag_put_form", struct tag_put_form, tag_put_fields);

#define REC struct typing_form
static const struct field typing_fields[] = { F(internal, .doc = "a note: the team is told, visitors of a web chat are not") };
#undef REC
const struct rec_type typing_form_type = REC_TYPE("typing_form", struct typing_form, typing_fields);

#define REC struct merge_form
static const struct field merge_fields[] = {
	F(into, .flags = REQ | ID, .doc = "another conversation of the same person, which gets the messages"), F(version, .min = 0, .max = INT32_MAX),
	F(into_version, .min = 0, .max = INT32_MAX),
};
#undef REC
const struct rec_type merge_form_type = REC_TYPE("merge_form", struct merge_form, merge_fields);

#define REC struct merge_query
static const struct field merge_query_fields[] = { F(into, .flags = ID) };
#undef REC
const struct rec_type merge_query_type = REC_TYPE("merge_query", struct merge_query, merge_query_fields);

#define REC struct notification_read_form
static const struct field read_fields[] = { F(id, .flags = ID) };
#undef REC
const struct rec_type notification_read_type = REC_TYPE("notification_read", struct notification_read_form, read_fields);
