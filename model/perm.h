/* perm.h: what may be done, and which role may do it: the one permission table. */
#ifndef MODEL_PERM_H
#define MODEL_PERM_H

#include "lib/base/base.h"

enum perm {
	CONVERSATION_READ = 1 << 0,
	CONVERSATION_REPLY = 1 << 1,   /* answer, note, take, change the status */
	CONVERSATION_ASSIGN = 1 << 2,  /* pass to somebody else */
	CONTACT_READ = 1 << 3,
	CONTACT_EDIT = 1 << 4,
	DEAL_READ = 1 << 5,
	DEAL_EDIT = 1 << 6,
	PIPELINE_EDIT = 1 << 7,
	REPORT_READ = 1 << 8,
	AUDIT_READ = 1 << 9,
	USER_EDIT = 1 << 10,
	SETTINGS_EDIT = 1 << 11,
	CONTACT_ADMIN = 1 << 13,       /* archive people, change the list of tags */
	QUICK_REPLY_EDIT = 1 << 14,    /* change the list of quick replies */
	TEAM_EDIT = 1 << 15,           /* teams and their queues, filters shared with everybody */
	CONNECTION_EDIT = 1 << 18,     /* numbers and web chats: their secrets, hours, teams */
	PLATFORM = 1 << 12,            /* tenants, plans, licences: super admins only, who read no conversation */
};

struct perm_row { enum perm perm; const char *name; };
struct role_row { const char *role; unsigned perms; };
extern const struct perm_row perm_names[]; /* ended by a NULL name */
extern const struct role_row role_perms[]; /* ended by a NULL role */

/* The permissions of a role, with SEES_MASKED (lib/http) for viewers; none for an unknown role. */
unsigned perms_of(const char *role);

#endif
