/* rec_internal.h: shared by the files of lib/rec only. */
#ifndef REC_REC_INTERNAL_H
#define REC_REC_INTERNAL_H

#include "lib/rec/rec.h"

/* Store a value in its member, whatever its C type; numbers must fit the kind. */
void rec_put_text(const struct field *f, void *rec, const char *v);
void rec_put_number(const struct field *f, void *rec, int64_t v); /* K_I32, K_I64, K_BOOL, K_MONEY, K_UTC */

#endif
