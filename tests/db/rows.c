#include "tests/db/rows.h"

#include <string.h>

#include "lib/auth/auth.h"
#include "lib/db/schema.h"
#include "lib/http/once.h"
#include "model/account.h"
#include "model/chat.h"
#include "model/composer.h"
#include "model/connection.h"
#include "model/contact.h"
#include "model/conversation.h"
#include "model/deal.h"
#include "model/event.h"
#include "model/facts.h"
#include "model/holiday.h"
#include "model/hook.h"
#include "model/inbound.h"
#include "model/job.h"
#include "model/live.h"
#include "model/media.h"
#include "model/notification.h"
#include "model/outbound.h"
#include "model/pipeline.h"
#include "model/purge.h"
#include "model/quick_reply.h"
#include "model/routing.h"
#include "model/setup.h"
#include "model/tag.h"
#include "model/team.h"
#include "model/template.h"

static const struct rec_type *const types[] = {
	&entered_type, &once_type, &schema_row_type, &login_candidate_type, &session_row_type, &worker_row_type, &chrome_row_type,
	&chat_entered_type, &chat_message_type, &setup_tenant_type, &setup_user_type, &setup_connection_line_type,
	&contact_type, &identity_type, &hook_connection_type, &conversation_type, &conversation_counts_type, &message_type,
	&event_type, &attachment_type, &reaction_type, &quoted_type, &message_made_type, &user_row_type, &team_row_type,
	&connection_row_type, &notification_type, &job_type, &live_news_type, &live_start_type, &file_row_type,
	&event_row_type, &send_row_type, &media_row_type,
	&pipeline_type, &stage_type, &stage_load_type, &board_column_type, &card_type, &deal_tag_row_type, &saved_view_type,
	&contact_count_type, &timeline_row_type, &holder_type, &tag_type, &tag_of_type,
	&team_type, &team_member_row_type, &desk_type, &connection_type, &holiday_type,
	&quick_reply_type, &draft_type, &scheduled_type,
	&whatsapp_template_type, &template_connection_type, &template_source_type, &conversation_started_type,
	&bulk_row_type, &deal_type, &deal_moved_type, &deal_picked_type, &deal_activity_type, &deal_person_type, &deal_link_type, &deal_line_type,
};

const struct rec_type *row_type(const char *name)
{
	for (size_t i = 0; i < nitems(types); i++)
		if (strcmp(types[i]->name, name) == 0)
			return types[i];
	return NULL;
}
