/* openapi.h: route and field tables as an OpenAPI 3.1 document. */
#ifndef TESTS_ROUTES_OPENAPI_H
#define TESTS_ROUTES_OPENAPI_H

#include <stdio.h>

#include "lib/http/http.h"

void openapi_write(FILE *to, const struct app *const *apps, size_t n);

#endif
