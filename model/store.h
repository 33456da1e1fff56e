/*
 * store.h: the file store, a folder. Names are "<2 hex>/<64 hex>", random: nobody can guess one. A file is written
 * before the row that names it: what a cut leaves behind is a file without a row, which the purge finds.
 */
#ifndef MODEL_STORE_H
#define MODEL_STORE_H

#include "lib/base/arena.h"

/* Keeps n bytes below root; the name, in a, or NULL (errno says why). On disk when it returns. */
char *store_put(struct arena *a, const char *root, const void *p, size_t n);
void store_drop(const char *root, const char *name);
/* All of a file's bytes, in a; NULL when there is none or it is larger than max. */
void *store_get(struct arena *a, const char *root, const char *name, size_t max, size_t *n);
bool store_name_ok(const char *name);

#endif
