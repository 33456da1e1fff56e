/*
 * whatsapp.h: WhatsApp Cloud API in our own terms: what its webhooks say, what we ask of it and what it
 * answers. No network and no database here; JSON in, structs and JSON texts out, all in the arena.
 *
 * The reader is total: what it does not know becomes a message of kind "unsupported" or a note, and what
 * it gives can be stored as it is (lengths, control characters, instants and numbers are checked here).
 */
#ifndef MODEL_WHATSAPP_H
#define MODEL_WHATSAPP_H

#include "lib/base/arena.h"
#include "lib/base/clock.h"

enum wa_what {
	WA_MESSAGE,   /* person, body: arguments of app.whatsapp_in */
	WA_CHANGE,    /* external_id, opaque, body: arguments of app.change_in */
	WA_REACTION,  /* person, external_id (of the message meant), emoji ("" takes it back), at */
	WA_SYSTEM,    /* person (who must be known), links (new ids), body (a line, or NULL): app.whatsapp_system */
	WA_TEMPLATE,  /* text: the business account whose templates changed; number is NULL */
	WA_ACCOUNT,   /* text: the provider has something against the account; number is NULL */
};

struct wa_item {
	enum wa_what what;
	const char *number;      /* phone_number_id it came for */
	const char *unit;        /* items with the same number and unit belong into one transaction, in their order */
	const char *external_id;
	const char *opaque;      /* a message id of ours, or NULL */
	const char *person;      /* JSON; NULL: the business itself */
	const char *links;       /* JSON */
	const char *body;        /* JSON */
	const char *peer;        /* identity the person wrote from: "phone:<key>" or "bsuid:<id>", NULL in groups */
	const char *emoji;
	const char *text;
	utc_t at;                /* UTC_NONE: not said */
	size_t seq;              /* place in the body */
};

/* Things that were seen and not used, counted. */
struct wa_note { const char *text; int count; struct wa_note *next; };

struct wa_batch {
	struct wa_item *items;
	size_t n, cap;
	struct wa_note *notes;
	const char *fault;       /* why the whole body cannot be read; NULL: it could */
};

/* Reads the body of a webhook. Items come in the order in which they should be handled: by number and unit. */
void wa_read(struct arena *a, const char *body, size_t n, struct wa_batch *out);
/* "field x not used; 2 messages without sender" or NULL when there is nothing to say. In a. */
char *wa_notes(struct arena *a, const struct wa_batch *b);
void wa_note(struct arena *a, struct wa_batch *b, const char *text);

/* A message to be sent. */
struct wa_send {
	const char *id;          /* ours: comes back as biz_opaque_callback_data */
	const char *kind;        /* text, a medium, location, contacts, reaction, interactive or template */
	const char *text;        /* body or caption */
	const char *payload;     /* JSON object with a member named like the kind, where the kind needs one */
	const char *reply_to;    /* the provider's id of the message this answers */
	const char *to;          /* digits, or a group's id */
	const char *user_id;     /* BSUID, used when to is NULL */
	bool group;
	const char *media_id;    /* of an uploaded file */
	const char *media_name;
	bool voice;
};
/* The body of POST /messages; NULL when the kind needs something that is missing. In a. */
char *wa_send_body(struct arena *a, const struct wa_send *s);

/* What an answer means for the message. */
enum wa_class {
	WA_ACCEPTED,   /* external_id is its id there */
	WA_AGAIN,      /* refused for now: try again after a while */
	WA_SLOW,       /* too many or too fast: wait, the message is not to blame */
	WA_TOKEN,      /* no right to send: somebody must look after the connection */
	WA_ACCOUNT_STOP, /* the account is blocked or must pay: the connection rests */
	WA_NEVER,      /* this message will not be accepted */
	WA_UNSURE,     /* it may or may not have been accepted */
	WA_AWAY,       /* nothing reached the provider */
};
struct wa_answer {
	enum wa_class class;
	int code;                /* Graph's error code, 0: none */
	const char *why;         /* title and details, for people */
	const char *external_id;
	const char *wa_id;       /* the number as WhatsApp calls it, NULL when it does not say */
};
/* Reads the answer to a send: HTTP status and body. In a. */
void wa_answer_read(struct arena *a, int http, const char *body, size_t n, struct wa_answer *out);
/* The class of a Graph error code; transient: the answer said so. */
enum wa_class wa_class_of(int code, int http, bool transient);

/* What GET /{media id} said. */
struct wa_media { const char *url; const char *mime; const char *sha256; int64_t size; /* -1: not said */ };
/* False when the body is not such a document. */
bool wa_media_read(struct arena *a, const char *body, size_t n, struct wa_media *out);
/* The id in the answer to an upload; NULL when there is none. In a. */
char *wa_upload_read(struct arena *a, const char *body, size_t n);
/* A SHA-256 as hex or base64, as lower-case hex; NULL when it is neither. In a. */
char *wa_sha256(struct arena *a, const char *s);
/* True for a business-scoped user id ("BR.13491208655302741918"). */
bool wa_bsuid_ok(const char *s);

#endif
