/* rows.h: every type that a statement's rows may decode to, by the name in sql/queries. */
#ifndef TESTS_ROWS_H
#define TESTS_ROWS_H

#include "lib/rec/rec.h"

/* NULL for an unknown name. */
const struct rec_type *row_type(const char *name);

#endif
