/*
 * demo.h: history for a demo: conversations written as they would stand had they happened. Works in the
 * unit of work of setup.h, inside an entered tenant. Instants are minutes before now.
 */
#ifndef MODEL_DEMO_H
#define MODEL_DEMO_H

#include "lib/db/db.h"

struct demo_contact {
	const char *name;
	const char *phone;      /* as people write it; NULL: known by another identity only */
	const char *email, *username, *company, *city;
	const char *bsuid;      /* WhatsApp's id of somebody without a number */
	bool is_company, is_contact; /* is_contact: registered by somebody, else a lead */
	const char *lead_status; /* NULL: new */
	const char *owner;      /* e-mail */
	const char *note;
};

struct demo_file {
	const char *kind, *name, *mime, *state; /* state "wait" orders its fetching by external_id */
	const char *external_id;
	int64_t size;
	bool voice;
};

enum demo_who { CUSTOMER, TEAM, NOTE, ACTIVITY };
struct demo_message {
	int ago;
	enum demo_who who;
	const char *by;         /* e-mail of the author; NULL for the customer */
	const char *text;       /* of an activity: its argument */
	const char *kind;       /* NULL: text; of an activity: what happened */
	const char *status;     /* NULL: read for the team, delivered for the customer */
	const char *label;      /* a name for reply within the conversation */
	const char *reply;      /* the label this answers */
	/* an emoji: the customer's on the team's message, the other way the assignee's */
	const char *reaction;
	const char *payload;    /* JSON */
	const char *original;   /* set: the customer edited it, this was its first text */
	const char *error;
	int error_code;
	struct demo_file file;  /* kind NULL: none */
};

struct demo_conversation {
	const char *connection; /* its name */
	const char *channel;
	const char *status;
	const char *assignee;   /* e-mail, NULL: nobody */
	const char *team;       /* NULL: none */
	int snooze_hours;       /* 0: not adjourned */
	struct demo_contact contact;
	const struct demo_message *messages; /* oldest first, ended by one with neither text nor kind */
};

/*
 * Writes one conversation with its person. n makes the external ids unique; the conversation's id goes to
 * *id.
 */
CHECK enum err demo_conversation_add(struct ctx *cx, const struct demo_conversation *d, int n,
    const char **id);
CHECK enum err demo_notification_add(struct ctx *cx, const char *conversation, const char *user,
    const char *kind, const char *actor, int ago);

#endif
