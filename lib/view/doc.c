/* doc.c: what all documents share: nesting, names, masks, records. */
#include <string.h>

#include "lib/base/text.h"
#include "lib/view/doc_internal.h"
#include "lib/view/tmpl.h"

static void free_out(void *p)
{
	buf_free(p);
}

struct doc *doc_new(struct arena *a, enum doc_format f, const char *lang, const struct zone *z, utc_t now,
    bool masked)
{
	static const struct doc_ops *const ops[] = {
		[DOC_JSON] = &doc_ops_json, [DOC_HTML] = &doc_ops_hdf, [DOC_CSV] = &doc_ops_csv
	};
	struct doc *d = ARENA_NEW(a, struct doc);

	d->a = a;
	d->format = f;
	d->ops = ops[f];
	d->now = now;
	doc_reader(d, lang, z, masked);
	arena_defer(a, free_out, &d->out);
	d->ops->begin(d);
	return d;
}

enum doc_format doc_format(const struct doc *d)
{
	return d->format;
}

const char *doc_lang(const struct doc *d)
{
	return d->lang;
}

bool doc_masked(const struct doc *d)
{
	return d->masked;
}

void doc_reader(struct doc *d, const char *lang, const struct zone *z, bool masked)
{
	d->lang = lang_en(lang) ? "en" : "pt_BR";
	d->zone = z != NULL ? z : zone_get("UTC");
	d->now_civil = zone_civil(d->zone, d->now);
	d->masked = masked;
}

/* Names reach JSON unescaped and HDF as paths: anything but a plain word is a bug of the caller. */
static void check_name(const char *name)
{
	const char *p = name;

	while ((*p >= 'a' && *p <= 'z') || *p == '_' || (*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z'))
		p++;
	if (*p != '\0' || p == name)
		die("doc: \"%s\" is no member name", name);
}

static struct doc_frame *object(struct doc *d, const char *name)
{
	struct doc_frame *f = &d->frames[d->depth];

	check_name(name);
	if (f->list)
		die("doc: member \"%s\" stands in a list", name);
	if (d->done)
		die("doc: member \"%s\" comes after the end", name);
	return f;
}

static struct doc_frame *list(struct doc *d)
{
	struct doc_frame *f = &d->frames[d->depth];

	if (!f->list)
		die("doc: an element stands outside a list");
	return f;
}

static void push(struct doc *d, bool is_list)
{
	struct doc_frame *f;

	d->frames[d->depth].n++;
	f = &d->frames[++d->depth];
	f->list = is_list;
	f->n = 0;
}

static void check_depth(const struct doc *d)
{
	if (d->depth >= DOC_DEPTH)
		die("doc: nested deeper than %d", DOC_DEPTH);
}

void doc_open(struct doc *d, const char *name)
{
	object(d, name);
	check_depth(d);
	d->ops->open(d, name);
	push(d, false);
}

void doc_list(struct doc *d, const char *name)
{
	object(d, name);
	check_depth(d);
	d->ops->list(d, name);
	push(d, true);
}

void doc_item(struct doc *d)
{
	list(d);
	check_depth(d);
	d->ops->item(d);
	push(d, false);
}

void doc_item_text(struct doc *d, const char *v)
{
	struct doc_frame *f = list(d);

	d->ops->item_text(d, v);
	f->n++;
}

void doc_close(struct doc *d)
{
	if (d->depth == 0)
		die("doc: closed more often than opened");
	d->ops->close(d);
	d->depth--;
}

void doc_text(struct doc *d, const char *name, const char *v)
{
	struct doc_frame *f = object(d, name);

	d->ops->text(d, name, v);
	f->n++;
}

void doc_i64(struct doc *d, const char *name, int64_t v)
{
	struct doc_frame *f = object(d, name);

	d->ops->i64(d, name, v);
	f->n++;
}

void doc_bool(struct doc *d, const char *name, bool v)
{
	struct doc_frame *f = object(d, name);

	d->ops->boolean(d, name, v);
	f->n++;
}

void doc_utc(struct doc *d, const char *name, utc_t v)
{
	struct doc_frame *f = object(d, name);

	d->ops->utc(d, name, v);
	f->n++;
}

void doc_money(struct doc *d, const char *name, int64_t minor, const char *currency)
{
	struct doc_frame *f = object(d, name);

	d->ops->money(d, name, minor, currency);
	f->n++;
}

void doc_json(struct doc *d, const char *name, const char *json)
{
	struct doc_frame *f = object(d, name);

	if (d->ops->json == NULL)
		return;
	d->ops->json(d, name, json);
	f->n++;
}

void doc_hint(struct doc *d, const char *name, const char *v)
{
	struct doc_frame *f = object(d, name);

	if (d->ops->hint == NULL)
		return;
	d->ops->hint(d, name, v);
	f->n++;
}

/* A program dials and compares: "+55 (31) 90000-0142" is "+5531900000142" to it (E.164). Anything else is left as it is. */
static const char *phone_json(struct arena *a, const char *v)
{
	char *out, *to;

	if (v == NULL || v[0] != '+' || v[strspn(v, "+0123456789 ()-")] != '\0')
		return v;
	out = to = arena_str(a, v);
	for (const char *s = v; *s != '\0'; s++) {
		if (*s == '+' || (*s >= '0' && *s <= '9'))
			*to++ = *s;
	}
	*to = '\0';
	return out;
}

static void text_field(struct doc *d, const struct field *f, const char *v)
{
	if ((f->flags & JSON) != 0) {
		doc_json(d, f->name, v);
		return;
	}
	if (d->masked && (f->flags & PHONE) != 0)
		v = mask_digits(d->a, v);
	else if (d->masked && (f->flags & EMAIL) != 0)
		v = mask_email(d->a, v);
	else if (d->masked && (f->flags & FREE) != 0)
		v = mask_text(d->a, v);
	else if ((f->flags & PHONE) != 0 && d->format == DOC_JSON)
		v = phone_json(d->a, v);
	doc_text(d, f->name, v);
}

/* The record's own "currency", else reais. */
static const char *currency_of(const struct rec_type *t, const void *rec)
{
	const struct field *f = rec_field(t, "currency");
	const void *p;

	if (f == NULL || f->kind != K_TEXT)
		return "BRL";
	p = (const char *)rec + f->offset;
	return *(const char *const *)p;
}

static void field_out(struct doc *d, const struct rec_type *t, const struct field *f, const void *rec)
{
	const void *p = (const char *)rec + f->offset;

	switch (f->kind) {
	case K_TEXT:
		text_field(d, f, *(const char *const *)p);
		break;
	case K_I32:
		doc_i64(d, f->name, *(const int32_t *)p);
		break;
	case K_I64:
		doc_i64(d, f->name, *(const int64_t *)p);
		break;
	case K_BOOL:
		doc_bool(d, f->name, *(const bool *)p);
		break;
	case K_UTC:
		doc_utc(d, f->name, *(const utc_t *)p);
		break;
	case K_MONEY:
		doc_money(d, f->name, ((const money_t *)p)->minor, currency_of(t, rec));
		break;
	}
}

/* A page's tree gets what its program's templates have a word for: most fields of most records are for JSON only. */
static bool is_shown(const struct doc *d, const struct field *f)
{
	return (f->flags & (HIDE | SECRET)) == 0 && (d->format != DOC_HTML || tmpl_names(f->name));
}

void doc_fields(struct doc *d, const struct rec_type *t, const void *rec)
{
	for (size_t i = 0; i < t->nfields; i++) {
		if (is_shown(d, &t->fields[i]))
			field_out(d, t, &t->fields[i], rec);
	}
}

void doc_rec(struct doc *d, const char *name, const struct rec_type *t, const void *rec)
{
	doc_open(d, name);
	doc_fields(d, t, rec);
	doc_close(d);
}

void doc_recs(struct doc *d, const char *name, const struct rec_type *t, const void *recs, size_t n)
{
	doc_list(d, name);
	for (size_t i = 0; i < n; i++) {
		doc_item(d);
		doc_fields(d, t, (const char *)recs + i * t->size);
		doc_close(d);
	}
	doc_close(d);
}

const struct buf *doc_bytes(struct doc *d)
{
	if (d->format == DOC_HTML)
		die("doc: an HTML document has no bytes of its own");
	if (d->depth != 0)
		die("doc: finished with %zu objects or lists open", d->depth);
	if (!d->done)
		d->ops->finish(d);
	d->done = true;
	return &d->out;
}
