/* tag.h: tags: one list per tenant, put on people, conversations and deals. Who changes them is decided by the routes. */
#ifndef MODEL_TAG_H
#define MODEL_TAG_H

#include "lib/db/db.h"
#include "model/ids.h"

enum { TAG_COUNT_MAX = 1000 }; /* uses are counted to one more than this */

struct tag {
	const char *id, *name, *category;
	int32_t color, version; /* color: class k0..k8 */
	int64_t contacts, conversations, deals;
	utc_t created_at, updated_at;
};
extern const struct rec_type tag_type;
struct tag_input { const char *name, *category; int32_t color, version; };
extern const struct rec_type tag_input_type; /* API */
extern const struct rec_type tag_form_type;  /* page: with the version that was seen */

/* By name, 500 at most. counted: with the number of uses, else those are 0. */
CHECK enum err tag_list(struct ctx *cx, bool counted, struct tag **out, size_t *n);
CHECK enum err tag_get(struct ctx *cx, const char *id, struct tag *out);
/* By its name as people type it (case and accents do not matter). E_NOTFOUND when there is none. */
CHECK enum err tag_find(struct ctx *cx, const char *name, struct tag *out);
/* E_CONFLICT with a field error when the name is taken, or (save, remove) the version (0: any) is not the present one. */
CHECK enum err tag_add(struct ctx *cx, const struct tag_input *in, const char **id);
CHECK enum err tag_save(struct ctx *cx, const char *id, const struct tag_input *in);
/* Takes it off everything too. */
CHECK enum err tag_remove(struct ctx *cx, const char *id, int32_t version);


/* The tags of several owners, in one statement; ordered by owner and name. */
struct tag_of { const char *owner, *id, *name; int32_t color; };
extern const struct rec_type tag_of_type;
CHECK enum err tag_of_contacts(struct ctx *cx, struct ids contacts, struct tag_of **out, size_t *n);
CHECK enum err tag_of_conversations(struct ctx *cx, struct ids conversations, struct tag_of **out, size_t *n);

/* Adds tags to one or many and takes others away. Unknown tags, and owners the acting user does not see, are left out. *changed (may be NULL): how many owners changed. Audited, with an event each. */
CHECK enum err tag_set_contacts(struct ctx *cx, struct ids contacts, struct ids add, struct ids remove, int64_t *changed);
CHECK enum err tag_set_conversation(struct ctx *cx, const char *conversation, struct ids add, struct ids remove);
CHECK enum err tag_set_conversations(struct ctx *cx, struct ids conversations, struct ids add, struct ids remove, int64_t *changed);

#endif
