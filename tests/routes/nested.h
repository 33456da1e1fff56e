/* nested.h: what answers hold beside the fields of their record: lists of other records, and what handlers add to them. */
#ifndef TESTS_ROUTES_NESTED_H
#define TESTS_ROUTES_NESTED_H

#include "lib/rec/rec.h"

struct nested {
	const struct rec_type *in;    /* the record, NULL: the list itself */
	const char *path;             /* of the list, "" for a record */
	const char *member;
	const struct rec_type *items; /* an array of these; NULL: as schema says */
	const char *schema;           /* JSON Schema */
	const char *type, *doc;       /* of a record's: the same for people */
};
extern const struct nested nested_all[]; /* ended by a row without a member */

#endif
