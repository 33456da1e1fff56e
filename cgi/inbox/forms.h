/* forms.h: what the inbox takes from forms and queries beyond the model's own records. */
#ifndef CGI_INBOX_FORMS_H
#define CGI_INBOX_FORMS_H

#include "lib/rec/rec.h"

struct thread_filter { const char *cursor, *view, *status, *order, *channel, *q; int64_t limit; };
extern const struct rec_type thread_filter_type;
struct conversation_patch { const char *status, *assignee_id, *team_id; };
extern const struct rec_type conversation_patch_type;
struct status_form { const char *status; int32_t version; };
extern const struct rec_type status_form_type;
struct version_form { int32_t version; };
extern const struct rec_type version_form_type;
struct assign_form { const char *assignee_id, *team_id, *note; int32_t version; };
extern const struct rec_type assign_form_type;
struct inbox_view_form { const char *name, *query; bool shared; };
extern const struct rec_type inbox_view_form_type;
struct inbox_many_form { const char *action, *ids, *assignee_id, *team_id, *tag_id; };
extern const struct rec_type inbox_many_type;
struct snooze_form { const char *preset, *date, *time; utc_t until; int32_t version; };
extern const struct rec_type snooze_form_type;
struct tag_put_form { const char *tag_id; };
extern const struct rec_type tag_put_form_type;
struct notification_read_form { const char *id; };
extern const struct rec_type notification_read_type;

struct typing_form { bool internal; };
extern const struct rec_type typing_form_type;
struct merge_form { const char *into; int32_t version, into_version; };
extern const struct rec_type merge_form_type;
struct merge_query { const char *into; };
extern const struct rec_type merge_query_type;

#endif
