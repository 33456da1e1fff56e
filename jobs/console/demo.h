/* demo.h: a demo company, as data. */
#ifndef CONSOLE_DEMO_H
#define CONSOLE_DEMO_H

#include "model/demo.h"
#include "model/setup.h"

/* Rows of a conversation. Minutes before now: 5 H + 20, 2 D; after the text come named members. */
#define H *60
#define D *1440
#define IN(ago_, ...) { .ago = (ago_), .who = CUSTOMER, .text = __VA_ARGS__ }
#define OUT(ago_, by_, ...) { .ago = (ago_), .who = TEAM, .by = by_, .text = __VA_ARGS__ }
#define NOTED(ago_, by_, text_) { .ago = (ago_), .who = NOTE, .by = by_, .text = text_ }
#define HAPPENED(ago_, by_, what_, arg_) { .ago = (ago_), .who = ACTIVITY, .by = by_, .kind = what_, .text = arg_ }
#define END { .text = NULL }

struct demo_user { const char *name, *email, *role, *scope; };
struct demo_team { const char *name, *description; const char *members[4]; };
struct demo_notice { int conversation; const char *user, *kind, *actor; int ago; };
struct demo_tenant {
	const char *name, *slug;
	const struct demo_user *users;                 /* ended by one without a name, as all of these */
	const struct demo_team *teams;
	const struct setup_connection *connections;
	const struct demo_conversation *conversations;
	const struct demo_notice *notices;             /* conversation: index above */
};
extern const struct demo_tenant demo_marcenaria, demo_clinica;

#endif
