/* doc_internal.h: shared by the files of lib/view only. */
#ifndef VIEW_DOC_INTERNAL_H
#define VIEW_DOC_INTERNAL_H

#include "lib/view/doc.h"

enum { DOC_DEPTH = 32, DATE_MAX = 128 };

/* An open object or list; n members or elements were written. node is the HDF node of HTML documents. */
struct doc_frame {
	bool list;
	size_t n;
	void *node;
};

/*
 * One way to write a document. doc.c has checked names and nesting before it calls; frames[depth] is
 * the open object or list. open, list and item write at frames[depth] and may set node of
 * frames[depth + 1]; close is called while the closing frame is still frames[depth].
 */
struct doc_ops {
	void (*begin)(struct doc *d);
	void (*open)(struct doc *d, const char *name);
	void (*list)(struct doc *d, const char *name);
	void (*item)(struct doc *d);
	void (*item_text)(struct doc *d, const char *v);
	void (*close)(struct doc *d);
	void (*text)(struct doc *d, const char *name, const char *v);
	void (*i64)(struct doc *d, const char *name, int64_t v);
	void (*boolean)(struct doc *d, const char *name, bool v);
	void (*utc)(struct doc *d, const char *name, utc_t v);
	void (*money)(struct doc *d, const char *name, int64_t minor, const char *currency);
	void (*json)(struct doc *d, const char *name, const char *json); /* NULL: left out */
	void (*hint)(struct doc *d, const char *name, const char *v);    /* NULL: left out */
	void (*finish)(struct doc *d);
};

extern const struct doc_ops doc_ops_json, doc_ops_hdf, doc_ops_csv;

struct doc {
	struct arena *a;
	const struct doc_ops *ops;
	enum doc_format format;
	const char *lang;
	const struct zone *zone;
	utc_t now;
	struct civil now_civil;
	bool masked, done, pieces;              /* pieces: it has some */
	size_t depth;
	struct doc_frame frames[DOC_DEPTH + 1]; /* [0] is the document itself */
	struct buf out;                         /* JSON and CSV */
	void *state;                            /* of the CSV writer */
};

/* format.c without an arena: p has room for DATE_MAX bytes; returns the place of the ending NUL. */
char *date_short_put(char *p, bool en, const struct civil *now, const struct civil *t);
char *date_long_put(char *p, bool en, const struct civil *t);
/* "há 12 min", "em 2 h 08", "agora"; seconds since the instant, negative when it lies ahead. */
char *ago_put(char *p, bool en, int64_t seconds);
/* 1234567 with the language's thousands separator. */
char *number_put(char *p, bool en, int64_t v);
/* What utc_rfc3339 and money_text give, without printf: those two took most of the time of a JSON list. */
char *instant_put(char *p, utc_t t);
char *amount_put(char *p, int64_t minor);
bool lang_en(const char *lang);
/* Renders with nothing but these values; a name may be a path, as "tags.0.name". NULL or the message. */
const char *tmpl_render_values(const char *name, const char *lang, const char *const *names, const char *const *values, size_t n, struct buf *out);
/* The HTML of a piece by what stands in the document; "" for anything else. */
const char *piece_html(const char *number);

#endif
