#include "cgi/inbox/inbox.h"

#include "cgi/chrome.h"
#include "cgi/files.h"
#include "cgi/inbox/compose.h"
#include "cgi/inbox/forms.h"
#include "cgi/inbox/template.h"
#include "model/composer.h"
#include "model/event.h"
#include "model/notification.h"
#include "model/perm.h"
#include "model/quick_reply.h"
#include "model/routing.h"
#include "model/template.h"

static const struct route routes[] = {
	{ GET, "/conversations", conversation_index, CONVERSATION_READ, TX_READ, "inbox/list", R_LIST, .query = &conversation_filter_type, .out = &conversation_type,
	    .doc = "Conversations that the caller may see" },
	{ GET, "/conversations/views", view_index, CONVERSATION_READ, TX_READ, NULL, R_API | R_LIST, .out = &saved_view_type, .doc = "Saved filters of the list: one's own and the shared ones" },
	{ POST, "/conversations/views", view_post, CONVERSATION_READ, TX_WRITE, NULL, .again = conversation_index, .again_template = "inbox/list", .in = &inbox_view_form_type, .out = &saved_view_type,
	    .doc = "Saves a filter; shared ones need a supervisor" },
	{ POST, "/conversations/views/:view_id/delete", view_drop, CONVERSATION_READ, TX_WRITE, NULL, R_PAGE, .doc = "Deletes a saved filter" },
	{ DELETE_, "/conversations/views/:view_id", view_drop, CONVERSATION_READ, TX_WRITE, NULL, R_API, .doc = "Deletes a saved filter" },
	{ POST, "/conversations/bulk", many_post, CONVERSATION_REPLY, TX_WRITE, NULL, .in = &inbox_many_type,
	    .doc = "One thing for many conversations; results tells what came of each" },
	{ GET, "/conversations/new", begin_page, CONVERSATION_REPLY, TX_READ, "inbox/template", R_PAGE },
	{ POST, "/conversations/new", begin_post, CONVERSATION_REPLY, TX_WRITE, NULL, R_PAGE, .again = begin_page, .again_template = "inbox/template" },
	{ POST, "/conversations", begin_create, CONVERSATION_REPLY, TX_WRITE, NULL, R_API, .in = &conversation_begin_type, .out = &message_type,
	    .doc = "Begins a conversation with an approved template, or sends it in the one that is open; answers the message" },
	{ GET, "/conversations/:id", conversation_show, CONVERSATION_READ, TX_READ, "inbox/conversation", .query = &thread_filter_type, .out = &conversation_type,
	    .doc = "One conversation" },
	{ PATCH, "/conversations/:id", conversation_patch, CONVERSATION_REPLY, TX_WRITE, NULL, R_API, .in = &conversation_patch_type, .out = &conversation_type,
	    .doc = "Changes status, assignee or team; If-Match with the ETag of the version seen" },
	{ POST, "/conversations/:id/snooze", snooze_post, CONVERSATION_REPLY, TX_WRITE, NULL, .again = snooze_edit, .again_template = "inbox/snooze", .in = &snooze_form_type,
	    .out = &conversation_type, .doc = "Puts it off until an hour, or (9999-01-01) until the person writes" },
	{ POST, "/conversations/:id/tags", conversation_tag_post, CONVERSATION_REPLY, TX_WRITE, NULL, .again = conversation_show, .again_template = "inbox/conversation", .in = &tag_put_form_type,
	    .doc = "Puts a tag on it; tags tells which it has" },
	{ POST, "/conversations/:id/tags/:tag_id/delete", conversation_tag_drop, CONVERSATION_REPLY, TX_WRITE, NULL, R_PAGE, .doc = "Takes a tag off" },
	{ DELETE_, "/conversations/:id/tags/:tag_id", conversation_tag_drop, CONVERSATION_REPLY, TX_WRITE, NULL, R_API, .doc = "Takes a tag off; tags tells which it has" },
	{ GET, "/conversations/:id/messages", conversation_messages, CONVERSATION_READ, TX_READ, NULL, R_API | R_LIST, .query = &thread_filter_type, .out = &message_type,
	    .doc = "Messages, oldest first; the cursor leads to older ones" },
	{ POST, "/messages", message_create, CONVERSATION_REPLY, TX_WRITE, NULL, R_API, .body_max = FILES_BODY_MAX, .in = &message_draft_type, .in_files = &message_files_type,
	    .out = &message_type, .doc = "Queues an answer, or notes it internally; attachments tells the files of all messages that it became" },
	{ GET, "/messages/:id", message_show, CONVERSATION_READ, TX_READ, NULL, R_API, .out = &message_type, .doc = "One message" },
	{ POST, "/conversations/:id/messages", message_post, CONVERSATION_REPLY, TX_WRITE, NULL, R_PAGE, .body_max = FILES_BODY_MAX, .in_files = &message_form_type, .again = conversation_show, .again_template = "inbox/conversation" },
	{ POST, "/conversations/:id/messages/:message_id/retry", message_again, CONVERSATION_REPLY, TX_WRITE, NULL, .again = conversation_show,
	    .again_template = "inbox/conversation", .doc = "Sends a failed or uncertain message again" },
	{ POST, "/conversations/:id/status", status_post, CONVERSATION_REPLY, TX_WRITE, NULL, R_PAGE, .again = conversation_show, .again_template = "inbox/conversation" },
	{ POST, "/conversations/:id/assign", assign_post, CONVERSATION_ASSIGN, TX_WRITE, NULL, R_PAGE, .again = conversation_show, .again_template = "inbox/conversation" },
	{ GET, "/conversations/:id/assign", assign_edit, CONVERSATION_ASSIGN, TX_READ, "inbox/assign", R_PAGE },
	{ GET, "/conversations/:id/snooze", snooze_edit, CONVERSATION_REPLY, TX_READ, "inbox/snooze", R_PAGE },
	{ GET, "/conversations/:id/merge", merge_edit, CONVERSATION_REPLY, TX_READ, "inbox/merge", R_PAGE, .query = &merge_query_type },
	{ POST, "/conversations/:id/merge", merge_post, CONVERSATION_REPLY, TX_WRITE, NULL, .again = merge_edit, .again_template = "inbox/merge", .in = &merge_form_type,
	    .out = &conversation_type, .doc = "Puts its messages into another conversation of the same person, which is answered; this one ends as archived with merged_into" },
	{ POST, "/conversations/:id/take", take_post, CONVERSATION_REPLY, TX_WRITE, NULL, .again = conversation_show, .again_template = "inbox/conversation",
	    .doc = "Takes the conversation" },
	{ POST, "/conversations/:id/typing", typing_post, CONVERSATION_REPLY, TX_WRITE, NULL, .in = &typing_form_type, .doc = "Tells the others that the caller is typing" },
	{ POST, "/conversations/:id/draft", draft_post, CONVERSATION_REPLY, TX_WRITE, NULL, .in = &draft_input_type, .doc = "Keeps what the caller has begun to write; an empty text takes it away" },
	{ POST, "/conversations/:id/quick-reply", quick_reply_insert, CONVERSATION_REPLY, TX_WRITE, NULL, R_PAGE, .again = conversation_show, .again_template = "inbox/conversation" },
	{ GET, "/conversations/:id/quick-replies/:quick_reply_id", quick_reply_filled, CONVERSATION_REPLY, TX_READ, NULL, R_API, .out = &quick_reply_type,
	    .doc = "A quick reply with its variables filled in for this conversation" },
	{ POST, "/conversations/:id/schedule", scheduled_post, CONVERSATION_REPLY, TX_WRITE, NULL, R_PAGE, .body_max = FILES_BODY_MAX, .in_files = &scheduled_form_type, .again = conversation_show, .again_template = "inbox/conversation" },
	{ GET, "/conversations/:id/template", template_page, CONVERSATION_REPLY, TX_READ, "inbox/template", R_PAGE },
	{ POST, "/conversations/:id/template", template_post, CONVERSATION_REPLY, TX_WRITE, NULL, R_PAGE, .again = template_page, .again_template = "inbox/template" },
	{ GET, "/templates", template_index, CONVERSATION_REPLY, TX_READ, "inbox/templates", R_LIST, .query = &template_filter_type, .out = &whatsapp_template_type,
	    .doc = "WhatsApp templates as the provider has them; unfit tells why one cannot be sent from here" },
	{ GET, "/templates/:id", template_show, CONVERSATION_REPLY, TX_READ, NULL, R_API, .out = &whatsapp_template_type, .doc = "One template" },
	{ POST, "/templates/sync", template_sync_post, SETTINGS_EDIT, TX_WRITE, NULL, .again = template_index, .again_template = "inbox/templates", .in = &template_sync_type,
	    .doc = "Has a connection's templates fetched from the provider now" },
	{ GET, "/quick-replies", quick_reply_index, CONVERSATION_REPLY, TX_READ, "inbox/quick", R_LIST, .out = &quick_reply_type, .doc = "Quick replies, by shortcut" },
	{ GET, "/quick-replies/new", quick_reply_edit, QUICK_REPLY_EDIT, TX_READ, "inbox/quick_edit", R_PAGE },
	{ POST, "/quick-replies", quick_reply_create, QUICK_REPLY_EDIT, TX_WRITE, NULL, .body_max = FILE_BODY_MAX, .again = quick_reply_edit, .again_template = "inbox/quick_edit",
	    .in = &quick_reply_input_type, .in_files = &quick_reply_input_type, .out = &quick_reply_type, .doc = "Adds a quick reply" },
	{ GET, "/quick-replies/:id", quick_reply_show, CONVERSATION_REPLY, TX_READ, NULL, R_API, .out = &quick_reply_type, .doc = "One quick reply" },
	{ PATCH, "/quick-replies/:id", quick_reply_patch, QUICK_REPLY_EDIT, TX_WRITE, NULL, R_API, .body_max = FILE_BODY_MAX, .in = &quick_reply_input_type, .in_files = &quick_reply_input_type,
	    .out = &quick_reply_type, .doc = "Changes a quick reply; needs If-Match" },
	{ DELETE_, "/quick-replies/:id", quick_reply_drop, QUICK_REPLY_EDIT, TX_WRITE, NULL, R_API, .doc = "Deletes a quick reply; needs If-Match" },
	{ GET, "/quick-replies/:id/edit", quick_reply_edit, QUICK_REPLY_EDIT, TX_READ, "inbox/quick_edit", R_PAGE },
	{ POST, "/quick-replies/:id", quick_reply_update, QUICK_REPLY_EDIT, TX_WRITE, NULL, R_PAGE, .body_max = FILE_BODY_MAX, .in_files = &quick_reply_form_type, .again = quick_reply_edit, .again_template = "inbox/quick_edit" },
	{ GET, "/quick-replies/:id/delete", quick_reply_ask, QUICK_REPLY_EDIT, TX_READ, "inbox/quick_delete", R_PAGE },
	{ POST, "/quick-replies/:id/delete", quick_reply_delete, QUICK_REPLY_EDIT, TX_WRITE, NULL, R_PAGE, .again = quick_reply_ask, .again_template = "inbox/quick_delete" },
	{ GET, "/scheduled", scheduled_index, CONVERSATION_READ, TX_READ, "inbox/later", R_PAGE },
	{ GET, "/scheduled/:id/edit", scheduled_edit, CONVERSATION_REPLY, TX_READ, "inbox/later_edit", R_PAGE },
	{ POST, "/scheduled/:id", scheduled_update, CONVERSATION_REPLY, TX_WRITE, NULL, R_PAGE, .again = scheduled_edit, .again_template = "inbox/later_edit" },
	{ POST, "/scheduled/:id/cancel", scheduled_delete, CONVERSATION_REPLY, TX_WRITE, NULL, R_PAGE, .again = scheduled_index, .again_template = "inbox/later" },
	{ GET, "/scheduled-messages", scheduled_index, CONVERSATION_READ, TX_READ, NULL, R_API | R_LIST, .query = &scheduled_filter_type, .out = &scheduled_type,
	    .doc = "Messages for later that are pending, or failed in the last week" },
	{ POST, "/scheduled-messages", scheduled_create, CONVERSATION_REPLY, TX_WRITE, NULL, R_API, .in = &scheduled_input_type, .out = &scheduled_type, .doc = "Orders a message for later" },
	{ GET, "/scheduled-messages/:id", scheduled_show, CONVERSATION_READ, TX_READ, NULL, R_API, .out = &scheduled_type, .doc = "One message for later" },
	{ PATCH, "/scheduled-messages/:id", scheduled_patch, CONVERSATION_REPLY, TX_WRITE, NULL, R_API, .in = &scheduled_patch_type, .out = &scheduled_type,
	    .doc = "Changes text or hour while it is pending; needs If-Match" },
	{ DELETE_, "/scheduled-messages/:id", scheduled_drop, CONVERSATION_REPLY, TX_WRITE, NULL, R_API, .doc = "Cancels it; needs If-Match" },
	{ GET, "/files/:id", file_show, CONVERSATION_READ, TX_READ, NULL, R_RAW, .doc = "The bytes of an attachment" },
	{ GET, "/events", event_index, SIGNED_IN, TX_READ, NULL, R_API | R_LIST, .query = &event_filter_type, .out = &event_type,
	    .doc = "What happened, in the order in which it was committed, as far as the caller may see it; cursor tells where to go on when next is null; 410 when the cursor is too old" },
	{ GET, "/notifications", notification_index, CONVERSATION_READ, TX_READ, "inbox/notifications", R_LIST, .query = &notification_filter_type, .out = &notification_type,
	    .doc = "What the caller was told" },
	{ POST, "/notifications/read", notification_read, CONVERSATION_READ, TX_WRITE, NULL, .in = &notification_read_type, .doc = "Marks one or all as read" },
};

static const char *const pieces[] = { "inbox/row", NULL };
const struct app inbox_app = { "inbox", "balcao_web", routes, nitems(routes), .perms = perms_of, .ahead = chrome_ahead, .chrome = chrome_fill, .pieces = pieces, .conf = files_rows, .conf_out = &files_conf };
