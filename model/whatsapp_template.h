/*
 * whatsapp_template.h: approved message templates of WhatsApp: what the provider's list says, what a template
 * wants to be told, the text it becomes and the JSON that is sent. No network and no database. Everything lives
 * in the arena. What is read is hostile: texts are cleaned and bounded here, and what does not fit is left out.
 */
#ifndef MODEL_WHATSAPP_TEMPLATE_H
#define MODEL_WHATSAPP_TEMPLATE_H

#include "lib/base/arena.h"

enum { WT_VARIABLES = 40, WT_BUTTONS = 10, WT_BODY_MAX = 1024, WT_HEADER_MAX = 60, WT_URL_MAX = 2000, WT_CODE_MAX = 15, WT_COMPONENTS_MAX = 60000 };

enum wt_part { WT_HEADER, WT_BODY, WT_URL, WT_CODE };

/* What has to be told, in the order of asking: header, body, buttons. */
struct wt_variable {
	enum wt_part part;
	int button;              /* place among the buttons, for WT_URL and WT_CODE */
	const char *name;        /* "1", or a name where the template has named ones */
	const char *example;     /* as approved; NULL: none */
};

struct wt_button { const char *type, *text, *url, *phone; }; /* type as the provider writes it, upper case */

struct wt_template {
	const char *id, *name, *language, *category, *status, *quality, *reason; /* category as given; status is one of ours */
	const char *header, *body, *footer; /* with their placeholders; body is "" at least */
	const char *media;       /* format of a header that is no text: "image", "video", "document", "location" */
	const char *components;  /* JSON array, as given */
	bool named;
	struct wt_variable variables[WT_VARIABLES];
	size_t nvariables;
	struct wt_button buttons[WT_BUTTONS];
	size_t nbuttons;
	const char *unfit;       /* why it cannot be sent from here: "media", "code" (authentication), "kind"; NULL: it can */
};

/* One page of GET /{account}/message_templates. */
struct wt_page { struct wt_template *items; size_t n; int refused; const char *after; };
/* False, and *why, when the body is no such list. refused: entries that are no templates we could store. */
bool wt_page_read(struct arena *a, const char *body, size_t n, struct wt_page *out, const char **why);
/* The JSON array that app.template_put takes, of all pages' items. */
char *wt_list_json(struct arena *a, const struct wt_page *pages, size_t npages);
/* The account in the answer to GET /{number}?fields=health_status; NULL when it names none. */
char *wt_account_read(struct arena *a, const char *body, size_t n);

/* A stored template's components, as struct wt_template has them. */
void wt_components_read(struct arena *a, const char *category, const char *components, struct wt_template *out);

/* A text of the template with the values in place of its placeholders. values: one per variable; where one is NULL the placeholder stays. */
char *wt_fill(struct arena *a, const struct wt_template *t, enum wt_part part, const char *text, const char *const *values);
/* The whole as people read it: header, body, footer, with a blank line between. */
char *wt_text(struct arena *a, const struct wt_template *t, const char *const *values);
/* NULL when value i may be sent, else required, too_long (*arg: the most) or param_line. */
const char *wt_refused(struct arena *a, const struct wt_template *t, size_t i, const char *const *values, const char **arg);
/* {"template": {...}}: the payload of the message. Every value was checked. */
char *wt_payload(struct arena *a, const struct wt_template *t, const char *const *values);
/* The texts of a JSON array of texts; false when it is none or longer than max. */
bool wt_values_read(struct arena *a, const char *json, size_t max, const char **values, size_t *n);

#endif
