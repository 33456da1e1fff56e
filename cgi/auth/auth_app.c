#include "cgi/auth/auth_app.h"

#include "cgi/chrome.h"
#include "model/account.h"
#include "model/perm.h"

struct auth_conf auth_conf;

static const struct conf_row conf[] = {
	{ "BALCAO_SOCKETS", CONF_STR, offsetof(struct auth_conf, sockets), NULL, true, "folder of the programs' sockets, for the health page" },
	{ NULL, CONF_STR, 0, NULL, false, NULL },
};

/* With the text of a form whose session had ended (lib/http/kept.h). */
enum { LOGIN_BODY = 128 * 1024 };

static const struct route routes[] = {
	{ GET, "/", home, SIGNED_IN, TX_READ, NULL, .flags = R_PAGE },
	{ GET, "/login", login_page, PUBLIC, TX_NONE, "auth/login", .flags = R_PAGE | R_PRE },
	{ POST, "/login", login_post, PUBLIC, TX_NONE, NULL, R_PAGE | R_PRE, LOGIN_BODY, .again = login_page, .again_template = "auth/login" },
	{ POST, "/auth/login", login_api, PUBLIC, TX_NONE, NULL, R_API | R_NO_CSRF, .in = &login_api_type, .doc = "An access token (15 minutes) and a refresh token for e-mail and password" },
	{ POST, "/auth/refresh", refresh_api, PUBLIC, TX_NONE, NULL, R_API | R_NO_CSRF, .in = &refresh_type,
	    .doc = "A new pair for a refresh token; each is good for one use, a second use ends its family" },
	{ POST, "/auth/logout", logout_post, SIGNED_IN, TX_WRITE, NULL, R_API, .doc = "Ends the session of the token and its refresh tokens" },
	{ POST, "/logout", logout_post, SIGNED_IN, TX_WRITE, NULL, .flags = R_PAGE },
	{ GET, "/me", me_api, SIGNED_IN, TX_READ, NULL, R_API, .doc = "Who the caller is" },
	{ GET, "/sessions", sessions_api, SIGNED_IN, TX_READ, NULL, R_API | R_LIST, .out = &session_row_type, .doc = "The caller's sessions" },
	{ DELETE_, "/sessions/:id", session_end_post, SIGNED_IN, TX_WRITE, NULL, R_API, .doc = "Ends one of the caller's sessions" },
	{ GET, "/account", account_page, SIGNED_IN, TX_READ, "auth/account", .flags = R_PAGE },
	{ POST, "/account/password", password_post, SIGNED_IN, TX_WRITE, NULL, R_PAGE, .again = account_page, .again_template = "auth/account" },
	{ POST, "/account/preferences", preferences_post, SIGNED_IN, TX_WRITE, NULL, R_PAGE, .again = account_page, .again_template = "auth/account" },
	{ POST, "/account/sessions/end-others", others_end_post, SIGNED_IN, TX_WRITE, NULL, .flags = R_PAGE },
	{ POST, "/account/sessions/:id/end", session_end_post, SIGNED_IN, TX_WRITE, NULL, .flags = R_PAGE },
	{ GET, "/lang", language_get, PUBLIC, TX_NONE, NULL, .flags = R_PAGE },
	{ GET, "/health", health, PUBLIC, TX_NONE, NULL, .flags = R_PAGE | R_RAW },
	{ GET, "/saude", health, PUBLIC, TX_NONE, NULL, .flags = R_PAGE | R_RAW },
};

const struct app auth_app = { "auth", "balcao_auth", routes, nitems(routes), .perms = perms_of, .ahead = chrome_ahead, .chrome = chrome_fill, .conf = conf, .conf_out = &auth_conf };
