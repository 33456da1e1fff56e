/* hours.h: when a connection is open: "08:00-12:00, 13:30-18:00" for a weekday. Pure: no database. */
#ifndef MODEL_HOURS_H
#define MODEL_HOURS_H

#include "lib/base/arena.h"

enum { SPANS_DAY = 6, DAY_MINUTES = 1440 };

/* Minutes after local midnight; weekday 0 is Sunday. */
struct span { int weekday, opens, closes; };

/*
 * The spans of one weekday as people write them: "8-12, 13h30-18h", "08:00 às 18:00", blank or NULL for a day that is
 * closed. They must rise and not overlap; 24:00 is an end. False when it is anything else. out: SPANS_DAY at least.
 */
CHECK bool hours_parse(const char *text, int weekday, struct span *out, size_t *n);
/* "08:00-12:00, 13:30-18:00"; NULL for none. In a. */
char *hours_text(struct arena *a, const struct span *s, size_t n);
/* [{"weekday":1,"opens":480,"closes":720},...], as app.hours_set takes it. In a. */
char *hours_json(struct arena *a, const struct span *s, size_t n);

#endif
