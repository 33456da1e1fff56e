#include "cgi/settings/settings.h"

#include <string.h>

#include "cgi/chrome.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/view/tmpl.h"
#include "model/connection.h"
#include "model/holiday.h"
#include "model/perm.h"
#include "model/team.h"

static struct { const char *seal_keys; } conf;
struct seal_ring *settings_ring;

static const struct conf_row rows[] = {
	{ "BALCAO_SEAL_KEYS", CONF_SECRET, 0, NULL, false, "master keys, id:64 hex digits, comma-separated, the newest first: seals what connections keep" },
	{ NULL, CONF_STR, 0, NULL, false, NULL },
};

static void start(void)
{
	if (text_empty(conf.seal_keys))
		return;
	settings_ring = seal_ring_new(conf.seal_keys);
	if (settings_ring == NULL)
		die("BALCAO_SEAL_KEYS: want id:64 hex digits");
}

static const struct route routes[] = {
	{ GET, "/settings", settings_home, TEAM_EDIT, TX_READ, NULL, R_PAGE },
	{ GET, "/teams", team_index, CONVERSATION_READ, TX_READ, "settings/teams", R_LIST, .out = &team_type, .doc = "All teams with their members, and how much their queues hold" },
	{ POST, "/teams", team_create, TEAM_EDIT, TX_WRITE, NULL, .again = team_edit, .again_template = "settings/team", .in = &team_input_type, .out = &team_type, .doc = "A new team" },
	{ GET, "/teams/new", team_edit, TEAM_EDIT, TX_READ, "settings/team", R_PAGE },
	{ GET, "/teams/:id", team_show, CONVERSATION_READ, TX_READ, NULL, R_API, .out = &team_type, .doc = "One team with its members" },
	{ PATCH, "/teams/:id", team_patch, TEAM_EDIT, TX_WRITE, NULL, R_API, .in = &team_input_type, .out = &team_type,
	    .doc = "Changes a team; members replaces all of them. If-Match with the ETag of the version seen" },
	{ DELETE_, "/teams/:id", team_drop, TEAM_EDIT, TX_WRITE, NULL, R_API, .doc = "Takes a team away; its conversations stay, of no team. If-Match as for PATCH" },
	{ GET, "/teams/:id/edit", team_edit, TEAM_EDIT, TX_READ, "settings/team", R_PAGE },
	{ POST, "/teams/:id", team_update, TEAM_EDIT, TX_WRITE, NULL, R_PAGE, .again = team_edit, .again_template = "settings/team", .in = &team_form_type },
	{ GET, "/teams/:id/delete", team_gone, TEAM_EDIT, TX_READ, "settings/team_delete", R_PAGE },
	{ POST, "/teams/:id/delete", team_delete, TEAM_EDIT, TX_WRITE, NULL, R_PAGE, .again = team_gone, .again_template = "settings/team_delete" },

	{ GET, "/users", user_index, CONVERSATION_READ, TX_READ, NULL, R_API | R_LIST, .out = &user_row_type, .doc = "Who may be given conversations, people and deals, and who of them is there" },
	{ POST, "/users/:id/capacity", capacity_post, TEAM_EDIT, TX_WRITE, NULL, .again = team_index, .again_template = "settings/teams", .in = &capacity_input_type, .out = &desk_type,
	    .doc = "To how many open conversations the queues fill somebody up" },
	{ GET, "/presence", presence_show, SIGNED_IN, TX_READ, NULL, R_API, .out = &presence_type,
	    .doc = "Whether the caller is online, away or offline: away also after 15 minutes without a sign of life" },
	{ POST, "/presence", presence_post, SIGNED_IN, TX_WRITE, NULL, .again = team_index, .again_template = "settings/teams", .in = &presence_input_type, .out = &presence_type,
	    .doc = "The caller is there (online) or not (away); online, the queues of their teams hand out what they have room for" },

	{ GET, "/connections", connection_index, CONNECTION_EDIT, TX_READ, "settings/connections", R_LIST, .out = &connection_type, .doc = "The tenant's numbers and web chats" },
	{ GET, "/connections/new", connection_start, CONNECTION_EDIT, TX_READ, "settings/connection_new", R_PAGE, .query = &connection_start_type },
	{ POST, "/connections", connection_create, CONNECTION_EDIT, TX_WRITE, NULL, .again = connection_start, .again_template = "settings/connection_new", .in = &connection_new_type,
	    .out = &connection_type, .doc = "Connects a WhatsApp number or a web chat" },
	{ GET, "/connections/:id", connection_show, CONNECTION_EDIT, TX_READ, "settings/connection", .out = &connection_type, .doc = "One connection; secrets never come out" },
	{ PATCH, "/connections/:id", connection_patch, CONNECTION_EDIT, TX_WRITE, NULL, R_API, .in = &connection_input_type, .out = &connection_type,
	    .doc = "Changes a connection; If-Match with the ETag of the version seen" },
	{ POST, "/connections/:id", connection_update, CONNECTION_EDIT, TX_WRITE, NULL, R_PAGE, .again = connection_show, .again_template = "settings/connection", .in = &connection_form_type },

	{ GET, "/holidays", holiday_index, TEAM_EDIT, TX_READ, "settings/holidays", R_LIST, .out = &holiday_type, .doc = "Days on which every connection with hours is closed" },
	{ POST, "/holidays", holiday_create, SETTINGS_EDIT, TX_WRITE, NULL, .again = holiday_index, .again_template = "settings/holidays", .in = &holiday_input_type, .out = &holiday_type,
	    .doc = "A new holiday" },
	{ POST, "/holidays/national", holiday_fill, SETTINGS_EDIT, TX_WRITE, NULL, .again = holiday_index, .again_template = "settings/holidays", .in = &holiday_year_type,
	    .doc = "Adds Brazil's national holidays of a year; added tells how many were not there" },
	{ POST, "/holidays/:id/delete", holiday_drop, SETTINGS_EDIT, TX_WRITE, NULL, R_PAGE },
	{ DELETE_, "/holidays/:id", holiday_drop, SETTINGS_EDIT, TX_WRITE, NULL, R_API, .doc = "Takes a holiday away" },
};

const struct app settings_app = { "settings", "balcao_web", routes, nitems(routes), .perms = perms_of, .ahead = chrome_ahead, .chrome = chrome_fill, .conf = rows, .conf_out = &conf, .start = start };

#define REC struct holiday_year
static const struct field year_fields[] = { F(year, .flags = REQ, .min = 2000, .max = 2099) };
#undef REC
const struct rec_type holiday_year_type = REC_TYPE("holiday_year", struct holiday_year, year_fields);

static const char *const channels[] = { "whatsapp", "chat", NULL };
#define REC struct connection_start
static const struct field start_fields[] = { F(channel, .one_of = channels) };
#undef REC
const struct rec_type connection_start_type = REC_TYPE("connection_start", struct connection_start, start_fields);

const char *say(struct req *rq, const char *key, const char *arg)
{
	return text_get(rq->cx->arena, rq->cx->lang, key, arg);
}

bool settings_stale(struct req *rq, int32_t version)
{
	int64_t v;

	return rq->reshown && req_field(rq, "version") != NULL && parse_i64(req_field(rq, "version"), 0, INT32_MAX, &v) && v != version;
}

void settings_diff(struct req *rq, struct doc *out, const char *field, const char *mine, const char *theirs)
{
	struct arena *a = rq->cx->arena;

	if (text_eq(text_empty(mine) ? NULL : mine, text_empty(theirs) ? NULL : theirs))
		return;
	doc_item(out);
	doc_hint(out, "label", say(rq, arena_fmt(a, "team.field.%s", field), NULL));
	doc_hint(out, "mine", text_empty(mine) ? say(rq, "app.none", NULL) : mine);
	doc_hint(out, "theirs", text_empty(theirs) ? say(rq, "app.none", NULL) : theirs);
	doc_close(out);
}

const char *box(bool on)
{
	return on ? "1" : NULL;
}

enum err team_choices(struct req *rq, struct doc *out)
{
	struct team_row *t;
	size_t n;

	TRY(team_list(rq->cx, &t, &n));
	doc_list(out, "choices");
	for (size_t i = 0; i < n; i++) {
		doc_item(out);
		doc_hint(out, "id", t[i].id);
		doc_hint(out, "name", t[i].name);
		doc_close(out);
	}
	doc_close(out);
	return OK;
}
