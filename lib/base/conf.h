/*
 * conf.h: settings from the environment and one file, through one table.
 *
 * Order: the default of the row, then the file named by BALCAO_CONF (lines NAME=value, # comments,
 * values may be quoted with "), then the environment. An empty value means the row's default again.
 * An unknown BALCAO_* name in the file refuses the start; a needed one that is missing is named, all
 * of them at once.
 */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include "lib/base/base.h"

enum conf_kind { CONF_STR, CONF_INT, CONF_BOOL, CONF_SECRET /* printed as *** */ };

struct conf_row {
	const char *name;   /* "BALCAO_DB" */
	enum conf_kind kind;
	size_t offset;      /* in the struct that conf_load fills: const char *, int64_t or bool */
	const char *def;    /* NULL: none */
	bool need;          /* a start without it fails */
	const char *help;   /* one line */
};

/* Fills out from the table (ended by a row with name NULL). On trouble prints every fault to stderr, one per line, and returns false. Strings live as long as the process. */
CHECK bool conf_load(const struct conf_row *rows, void *out);
/*
 * Every setting of every program, sorted, ended by NULL: a settings file is shared by all programs,
 * so a name of the file is unknown only when it stands neither in the rows nor here.
 */
extern const char *const conf_known_names[];
/* --help-config: name, kind, default and help of each row, to stdout. */
void conf_help(const struct conf_row *rows);

#endif
