#include "cgi/inbox/inbox.h"

#include "cgi/chrome.h"
#include "cgi/inbox/forms.h"
#include "model/notification.h"
#include "model/perm.h"
#include "model/routing.h"

static const struct route routes[] = {
	{ GET, "/conversations", conversation_index, CONVERSATION_READ, TX_READ, "inbox/list", R_LIST, .query = &conversation_filter_type, .out = &conversation_type,
	    .doc = "Conversations that the caller may see" },
	{ GET, "/conversations/views", view_index, CONVERSATION_READ, TX_READ, NULL, R_API | R_LIST, .out = &saved_view_type, .doc = "Saved filters of the list: one's own and the shared ones" },
	{ POST, "/conversations/views", view_post, CONVERSATION_READ, TX_WRITE, NULL, .again = conversation_index, .again_template = "inbox/list", .in = &inbox_view_form_type, .out = &saved_view_type,
	    .doc = "Saves a filter; shared ones need a supervisor" },
	{ POST, "/conversations/views/:view_id/delete", view_drop, CONVERSATION_READ, TX_WRITE, NULL, R_PAGE, .doc = "Deletes a saved filter" },
	{ DELETE_, "/conversations/views/:view_id", view_drop, CONVERSATION_READ, TX_WRITE, NULL, R_API, .doc = "Deletes a saved filter" },
	{ POST, "/conversations/bulk", many_post, CONVERSATION_REPLY, TX_WRITE, NULL, .in = &inbox_many_type, .out = &bulk_row_type,
	    .doc = "One thing for many conversations; results tells what came of each" },
	{ GET, "/conversations/:id", conversation_show, CONVERSATION_READ, TX_READ, "inbox/conversation", .query = &thread_filter_type, .out = &conversation_type,
	    .doc = "One conversation" },
	{ PATCH, "/conversations/:id", conversation_patch, CONVERSATION_REPLY, TX_WRITE, NULL, R_API, .in = &conversation_patch_type, .out = &conversation_type,
	    .doc = "Changes status, assignee or team; If-Match with the ETag of the version seen" },
	{ POST, "/conversations/:id/tags", conversation_tag_post, CONVERSATION_REPLY, TX_WRITE, NULL, .again = conversation_show, .again_template = "inbox/conversation", .in = &tag_put_form_type,
	    .out = &tag_of_type, .doc = "Puts a tag on it" },
	{ POST, "/conversations/:id/tags/:tag_id/delete", conversation_tag_drop, CONVERSATION_REPLY, TX_WRITE, NULL, R_PAGE, .doc = "Takes a tag off" },
	{ DELETE_, "/conversations/:id/tags/:tag_id", conversation_tag_drop, CONVERSATION_REPLY, TX_WRITE, NULL, R_API, .out = &tag_of_type, .doc = "Takes a tag off" },
	{ GET, "/conversations/:id/messages", conversation_messages, CONVERSATION_READ, TX_READ, NULL, R_API | R_LIST, .query = &thread_filter_type, .out = &message_type,
	    .doc = "Messages, oldest first; the cursor leads to older ones" },
	{ POST, "/messages", message_create, CONVERSATION_REPLY, TX_WRITE, NULL, R_API, .in = &message_draft_type, .out = &message_type,
	    .doc = "Queues an answer, or notes it internally" },
	{ GET, "/messages/:id", message_show, CONVERSATION_READ, TX_READ, NULL, R_API, .out = &message_type, .doc = "One message" },
	{ POST, "/conversations/:id/messages", message_post, CONVERSATION_REPLY, TX_WRITE, NULL, R_PAGE, .again = conversation_show, .again_template = "inbox/conversation" },
	{ POST, "/conversations/:id/messages/:message_id/retry", message_again, CONVERSATION_REPLY, TX_WRITE, NULL, .again = conversation_show,
	    .again_template = "inbox/conversation", .doc = "Sends a failed or uncertain message again" },
	{ POST, "/conversations/:id/status", status_post, CONVERSATION_REPLY, TX_WRITE, NULL, R_PAGE, .again = conversation_show, .again_template = "inbox/conversation" },
	{ POST, "/conversations/:id/assign", assign_post, CONVERSATION_ASSIGN, TX_WRITE, NULL, R_PAGE, .again = conversation_show, .again_template = "inbox/conversation" },
	{ POST, "/conversations/:id/take", take_post, CONVERSATION_REPLY, TX_WRITE, NULL, .again = conversation_show, .again_template = "inbox/conversation",
	    .doc = "Takes the conversation" },
	{ POST, "/conversations/:id/typing", typing_post, CONVERSATION_REPLY, TX_WRITE, NULL, .doc = "Tells the others that the caller is typing" },
	{ GET, "/files/:id", file_show, CONVERSATION_READ, TX_READ, NULL, R_RAW, .doc = "The bytes of an attachment" },
	{ GET, "/notifications", notification_index, CONVERSATION_READ, TX_READ, "inbox/notifications", R_LIST, .query = &notification_filter_type, .out = &notification_type,
	    .doc = "What the caller was told" },
	{ POST, "/notifications/read", notification_read, CONVERSATION_READ, TX_WRITE, NULL, .in = &notification_read_type, .doc = "Marks one or all as read" },
};

const struct app inbox_app = { "inbox", "balcao_web", routes, nitems(routes), .perms = perms_of, .chrome = chrome_fill };
