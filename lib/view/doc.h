/*
 * doc.h: what a handler answers, before it is HTML, JSON or CSV. The handler fills it, the skeleton
 * renders it after the commit. Member names are C literals, or live as long as the arena; user data stands only in
 * values, which are copied.
 *
 *   doc_open(d, "contact"); doc_text(d, "name", name); doc_close(d);
 *   doc_list(d, "items"); for (...) { doc_item(d); doc_text(d, ...); doc_close(d); } doc_close(d);
 *
 * JSON gets raw values: RFC 3339, ids as text, money as "1234.50". HDF (HTML) gets the raw value and
 * beside it name.text in the reader's language and zone. CSV gets the items of the first list.
 */
#ifndef VIEW_DOC_H
#define VIEW_DOC_H

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/clock.h"
#include "lib/rec/rec.h"

enum doc_format { DOC_JSON, DOC_HTML, DOC_CSV };

struct doc;

/* masked: PHONE, EMAIL and FREE fields leave masked. lang is "pt_BR" or "en". In a. */
struct doc *doc_new(struct arena *a, enum doc_format f, const char *lang, const struct zone *z, utc_t now, bool masked);
enum doc_format doc_format(const struct doc *d);
static inline bool doc_html(const struct doc *d) { return doc_format(d) == DOC_HTML; }
const char *doc_lang(const struct doc *d);
bool doc_masked(const struct doc *d);
/* Changes what was not yet known at doc_new; call before the first value. */
void doc_reader(struct doc *d, const char *lang, const struct zone *z, bool masked);

void doc_open(struct doc *d, const char *name);  /* an object as a member */
void doc_list(struct doc *d, const char *name);  /* an array as a member */
void doc_item(struct doc *d);                    /* an object as the next element of the open list */
void doc_item_text(struct doc *d, const char *v);/* a text as the next element */
void doc_close(struct doc *d);                   /* object or list */

void doc_text(struct doc *d, const char *name, const char *v);  /* NULL: JSON null, HTML nothing */
void doc_i64(struct doc *d, const char *name, int64_t v);
void doc_bool(struct doc *d, const char *name, bool v);         /* HTML: "1" or nothing */
void doc_utc(struct doc *d, const char *name, utc_t v);         /* HTML: name, name.text (short), name.clock, name.long, name.ago */
void doc_money(struct doc *d, const char *name, int64_t minor, const char *currency);
void doc_json(struct doc *d, const char *name, const char *json); /* JSON text as it is; left out of HTML and CSV */
/* HTML only (ignored by JSON and CSV): chrome, labels, states that follow from the data. */
void doc_hint(struct doc *d, const char *name, const char *v);
/* All fields of a record that are not HIDE or SECRET, into the open object, masked as their flags say. */
void doc_fields(struct doc *d, const struct rec_type *t, const void *rec);
/* doc_open + doc_fields + doc_close; and the list of n records. */
void doc_rec(struct doc *d, const char *name, const struct rec_type *t, const void *rec);
void doc_recs(struct doc *d, const char *name, const struct rec_type *t, const void *recs, size_t n);

/* The finished bytes of a JSON or CSV document. The buffer belongs to d and lives as long as its arena. */
const struct buf *doc_bytes(struct doc *d);
/* The HDF tree of an HTML document, for tmpl_render. */
void *doc_hdf(struct doc *d);

/* "14:36" today, "seg." this week, "20/11" before; "há 12 min"; "22 de novembro de 2026, 14:05". In a. */
char *date_short(struct arena *a, const char *lang, const struct zone *z, utc_t now, utc_t t);
char *date_long(struct arena *a, const char *lang, const struct zone *z, utc_t t);
char *date_day(struct arena *a, const char *lang, const struct zone *z, utc_t now, utc_t t); /* "Hoje, terça-feira, 24 de novembro" */
char *duration_text(struct arena *a, const char *lang, int64_t seconds); /* "12 min", "2 h 08", "3 dias" */
char *money_local(struct arena *a, const char *lang, int64_t minor, const char *currency); /* "R$ 1.234,56" */

#endif
