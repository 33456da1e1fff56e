/* reference.h: route and field tables as a page for people: /api. */
#ifndef TESTS_ROUTES_REFERENCE_H
#define TESTS_ROUTES_REFERENCE_H

#include <stdio.h>

#include "lib/http/http.h"

/* lang: pt_BR or en. NULL, or what is wrong with the template. */
const char *reference_write(FILE *to, const struct app *const *apps, size_t n, const char *lang);

#endif
