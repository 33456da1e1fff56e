/* holiday.h: the days on which a tenant is closed everywhere. */
#ifndef MODEL_HOLIDAY_H
#define MODEL_HOLIDAY_H

#include "lib/db/db.h"

struct holiday { const char *id, *day, *name; };
extern const struct rec_type holiday_type;
struct holiday_input { const char *day, *name; };
extern const struct rec_type holiday_input_type;

/* By day, from the beginning of last year on. */
CHECK enum err holiday_list(struct ctx *cx, struct holiday **out, size_t *n);
CHECK enum err holiday_get(struct ctx *cx, const char *id, struct holiday *out);
/* E_INVALID with the field error day/format; E_CONFLICT with day/taken. */
CHECK enum err holiday_add(struct ctx *cx, const struct holiday_input *in, const char **id);
CHECK enum err holiday_remove(struct ctx *cx, const char *id);
/* Adds many; days that are there already stay. *added: how many were not. */
CHECK enum err holiday_add_all(struct ctx *cx, const struct holiday_input *in, size_t n, int64_t *added);

/* Brazil's national holidays, and the days before and after Easter on which hardly anybody works: NATIONAL of them. key: of the texts holiday.<key>. year 1583 to 9999. */
enum { NATIONAL = 13 };
struct national { const char *key; int month, day; };
void holiday_national(int year, struct national out[NATIONAL]);

#endif
