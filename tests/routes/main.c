/*
 * balcao-routes openapi: the OpenAPI 3.1 document of /api, written from the route and field tables.
 * balcao-routes reference LANG: the same as a page for people; run from the root of the repository.
 * balcao-routes list:    every route, one a line, tab-separated: program method path faces need tx flags body_max.
 */
#include <stdio.h>
#include <string.h>

#include "cgi/apps.h"
#include "model/perm.h"
#include "tests/routes/openapi.h"
#include "tests/routes/reference.h"

static const struct app *const apps[] = ALL_APPS;

static const char *need_name(unsigned need)
{
	if (need == PUBLIC)
		return "public";
	if (need == SIGNED_IN)
		return "signed_in";
	for (const struct perm_row *p = perm_names; p->name != NULL; p++)
		if ((unsigned)p->perm == need)
			return p->name;
	return "?";
}

static void list(void)
{
	static const char *const methods[METHODS] = { "GET", "POST", "PATCH", "DELETE" }, *const txs[] = { "none", "read", "write" };

	for (size_t i = 0; i < nitems(apps); i++) {
		for (size_t k = 0; k < apps[i]->nroutes; k++) {
			const struct route *r = &apps[i]->routes[k];

			printf("%s\t%s\t%s\t%s\t%s\t%s\t%u\t%zu\n", apps[i]->name, methods[r->method], r->path,
			    (r->flags & R_API) ? "api" : (r->flags & R_PAGE) ? "page" : "both", need_name(r->need), txs[r->tx], r->flags, r->body_max);
		}
	}
}

int main(int argc, char **argv)
{
	struct arena *a = arena_new();
	const char *bad = NULL;

	for (size_t i = 0; i < nitems(apps) && bad == NULL; i++)
		bad = route_check(a, apps[i]);
	if (bad != NULL) {
		fprintf(stderr, "routes: %s\n", bad);
		return 1;
	}
	if (argc == 2 && strcmp(argv[1], "openapi") == 0)
		openapi_write(stdout, apps, nitems(apps));
	else if (argc == 2 && strcmp(argv[1], "list") == 0)
		list();
	else if (argc == 3 && strcmp(argv[1], "reference") == 0)
		bad = reference_write(stdout, apps, nitems(apps), argv[2]);
	else
		return 64;
	if (bad != NULL)
		fprintf(stderr, "reference: %s\n", bad);
	arena_free(a);
	return bad != NULL;
}
