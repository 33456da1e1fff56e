/* ids.h: several ids at once, as forms, JSON and statements have them. */
#ifndef MODEL_IDS_H
#define MODEL_IDS_H

#include "lib/base/arena.h"
#include "lib/base/base.h"

enum { IDS_MAX = 500 };
struct ids { const char *const *v; size_t n; };

/* As an array of PostgreSQL, without those that are no ids. In a. */
const char *ids_text(struct arena *a, struct ids ids);
/* As a JSON array. In a. */
const char *ids_json(struct arena *a, struct ids ids);
/* A JSON array of ids, IDS_MAX at most; NULL gives none. False when it is anything else. */
CHECK bool ids_read(struct arena *a, const char *json, struct ids *out);
bool ids_have(struct ids ids, const char *id);

#endif
