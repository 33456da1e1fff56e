/* samples.h: one row for each row of every route table: what a good request to it looks like. A route without a row here fails the matrix. */
#ifndef TESTS_E2E_SAMPLES_H
#define TESTS_E2E_SAMPLES_H

#include "lib/http/http.h"
#include "tests/e2e/world.h"

enum which { OWN, FOREIGN, MISSING, WHICH };
extern const char *const which_names[WHICH];

enum sample_flags {
	ENDS = 1 << 0,       /* ends the session that asks, or others of the user */
	MANY = 1 << 2,       /* of several things those that are there: ids of others are passed over, not refused */
	NO_TENANT = 1 << 1,  /* its id is no row of a tenant: the three ids need not look alike */
};

struct sample {
	enum method method;
	const char *path;
	const char *query;   /* of a GET that needs one */
	const char *json;    /* body of the API face; @{kind} is the id of the thing, ${kind} of another one that it names, ${new} something new */
	const char *form;    /* body of the page face, without csrf */
	int api, page;       /* what an allowed request is answered, 0: no such face */
	int also;            /* another answer that is as good (health while the jobs rest, a throttled login) */
	const char *table;   /* what the API face writes, for mass assignment */
	unsigned flags;
};

/* NULL when there is none. */
const struct sample *sample_of(const struct route *r);
/* Rows of the table that no route has. */
const struct sample *sample_unused(void);

extern const struct app *const all_apps[];
extern const size_t napps;

/* Makes the things that ids name: own is a fresh web chat conversation of marcenaria given to Luana, and things of hers. */
void things_make(void);
/* Takes them away again, with what requests made of the samples; conversations and their people stay. */
void things_forget(void);
/* The path of r with its captures filled in, of new things where the request could use them up; user is who asks (their own sessions). face: "" or "/api". */
const char *path_of(const struct route *r, const char *face, enum which w, const char *user);
/* A body filled in: @{kind} as w says, ${kind} as body says; NULL stays NULL. */
const char *body_of(const char *text, enum which w, enum which body);
/* It names other things by id. */
bool names_others(const char *text);
const char *method_text(enum method m);
bool has_id(const struct route *r);

#endif
