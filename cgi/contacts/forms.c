#include "cgi/contacts/forms.h"

static const char *const actions[] = { "tag", "untag", "owner", NULL };

#define REC struct lose_form
static const struct field lose_fields[] = { F(reason, .flags = REQ, .max = 500) };
#undef REC
const struct rec_type lose_form_type = REC_TYPE("lose_form", struct lose_form, lose_fields);

#define REC struct owner_form
static const struct field owner_fields[] = { F(owner_id, .flags = ID) };
#undef REC
const struct rec_type owner_form_type = REC_TYPE("owner_form", struct owner_form, owner_fields);

#define REC struct tags_form
static const struct field tags_fields[] = { F(add, .flags = JSON | MULTI, .max = 25000, .schema = SCHEMA_IDS, .doc = "array of tag ids"), F(remove, .flags = JSON | MULTI, .max = 25000, .schema = SCHEMA_IDS, .doc = "array of tag ids") };
#undef REC
const struct rec_type tags_form_type = REC_TYPE("tags_form", struct tags_form, tags_fields);

#define REC struct bulk_form
static const struct field bulk_fields[] = {
	F(action, .flags = REQ, .one_of = actions), F(ids, .flags = JSON | MULTI, .max = 25000, .schema = SCHEMA_IDS, .doc = "array of the people's ids, 500 at most"), F(tag_id, .flags = ID), F(owner_id, .flags = ID),
	F(back, .max = 1000, .doc = "pages only"),
};
#undef REC
const struct rec_type bulk_form_type = REC_TYPE("bulk_form", struct bulk_form, bulk_fields);
