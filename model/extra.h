/* extra.h: what a message says beyond its text, read from its payload for people to look at. */
#ifndef MODEL_EXTRA_H
#define MODEL_EXTRA_H

#include "lib/base/arena.h"

struct card { const char *name, *phone, *email; };
struct extra {
	const char *what, *arg;            /* activity: key of T.activity and its {0} */
	const char *place, *address, *map; /* location; map is an https link */
	struct card *cards;                /* contacts */
	size_t ncards;
	const char **lines;                /* order: "3 × HAMBURGER, 30 ILS" */
	size_t nlines;
	bool forwarded;
};

/* Never fails: what cannot be read is left out. payload NULL is fine. All in a. */
void extra_read(struct arena *a, const char *kind, const char *payload, struct extra *out);

#endif
