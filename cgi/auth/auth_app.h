/* auth_app.h: signing in and out, the own account, health. */
#ifndef CGI_AUTH_AUTH_APP_H
#define CGI_AUTH_AUTH_APP_H

#include "lib/http/http.h"

extern const struct app auth_app;
struct auth_conf { const char *sockets; };
extern struct auth_conf auth_conf;

/* login.c */
handler login_page, login_post, login_api, refresh_api, logout_post, home;
/* account.c */
handler account_page, password_post, session_end_post, others_end_post, preferences_post, sessions_api, me_api, language_get;
/* health.c */
handler health;

#endif
