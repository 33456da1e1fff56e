#include "model/perm.h"

#include <string.h>

#define SEES_MASKED (1u << 29) /* as lib/http/http.h has it; a test holds the two together */

#define VIEWER (CONVERSATION_READ | CONTACT_READ | DEAL_READ | REPORT_READ)
#define AGENT (VIEWER | CONVERSATION_REPLY | CONVERSATION_ASSIGN | CONTACT_EDIT | DEAL_EDIT)
#define SUPERVISOR (AGENT | PIPELINE_EDIT | TEAM_EDIT | CONTACT_ADMIN | QUICK_REPLY_EDIT)
#define ADMIN (SUPERVISOR | AUDIT_READ | USER_EDIT | SETTINGS_EDIT | CONNECTION_EDIT)

const struct perm_row perm_names[] = {
	{ CONVERSATION_READ, "conversation_read" }, { CONVERSATION_REPLY, "conversation_reply" }, { CONVERSATION_ASSIGN, "conversation_assign" },
	{ CONTACT_READ, "contact_read" }, { CONTACT_EDIT, "contact_edit" }, { CONTACT_ADMIN, "contact_admin" }, { TEAM_EDIT, "team_edit" }, { DEAL_READ, "deal_read" }, { DEAL_EDIT, "deal_edit" },
	{ PIPELINE_EDIT, "pipeline_edit" }, { REPORT_READ, "report_read" }, { AUDIT_READ, "audit_read" }, { USER_EDIT, "user_edit" },
	{ SETTINGS_EDIT, "settings_edit" }, { CONNECTION_EDIT, "connection_edit" }, { QUICK_REPLY_EDIT, "quick_reply_edit" }, { PLATFORM, "platform" }, { 0, NULL },
};

const struct role_row role_perms[] = {
	{ "super", PLATFORM }, { "admin", ADMIN }, { "supervisor", SUPERVISOR }, { "agent", AGENT }, { "viewer", VIEWER | SEES_MASKED }, { NULL, 0 },
};

unsigned perms_of(const char *role)
{
	for (const struct role_row *r = role_perms; r->role != NULL; r++)
		if (strcmp(r->role, role) == 0)
			return r->perms;
	return 0;
}
