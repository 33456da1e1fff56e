/* forms.h: what the pages of people take from forms and queries beyond the model's own records. */
#ifndef CGI_CONTACTS_FORMS_H
#define CGI_CONTACTS_FORMS_H

#include "lib/rec/rec.h"

struct lose_form { const char *reason; };
extern const struct rec_type lose_form_type;
struct owner_form { const char *owner_id; };
extern const struct rec_type owner_form_type;
/* API: arrays of ids. Page: add is a name or an id, remove an id. */
struct tags_form { const char *add, *remove; };
extern const struct rec_type tags_form_type;
/* ids: an array, API only; a page repeats id. */
struct bulk_form { const char *action, *ids, *tag_id, *owner_id, *back; };
extern const struct rec_type bulk_form_type;

#endif
