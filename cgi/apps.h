/* apps.h: every program that has routes, for tools and tests that walk them all. Only tests/ includes it: programs do not know each other. */
#ifndef CGI_APPS_H
#define CGI_APPS_H

#include "lib/http/http.h"

extern const struct app auth_app, inbox_app, contacts_app, hooks_app, chat_app, pipeline_app, settings_app;
#define ALL_APPS { &auth_app, &inbox_app, &contacts_app, &hooks_app, &chat_app, &pipeline_app, &settings_app }

#endif
