#include "cgi/inbox/inbox.h"

#include <stdlib.h>
#include <string.h>

#include "cgi/chrome.h"
#include "cgi/files.h"
#include "lib/base/text.h"
#include "lib/view/tmpl.h"
#include "model/extra.h"
#include "model/mention.h"
#include "model/perm.h"

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static const char *who(const struct message *m)
{
	return is(m->kind, "activity") ? "activity" : is(m->kind, "system") ? "system" : m->internal ? "note" : is(m->direction, "out") ? "us" : "them";
}

void thread_files(struct req *rq, struct doc *out, const char *message, const struct attachment *f, size_t n)
{
	doc_list(out, "attachments");
	for (size_t i = 0; i < n; i++)
		if (message == NULL || is(f[i].message_id, message))
			file_item(rq, out, &f[i], "/files");
	doc_close(out);
}

static void reactions(struct doc *out, const struct message *m, const struct message_list *l)
{
	doc_list(out, "reactions");
	for (size_t i = 0; i < l->nreactions; i++) {
		if (!text_eq(l->reactions[i].target, m->external_id))
			continue;
		doc_item(out);
		doc_text(out, "emoji", l->reactions[i].emoji);
		doc_text(out, "actor", l->reactions[i].actor);
		doc_close(out);
	}
	doc_close(out);
}

static void quote(struct req *rq, struct doc *out, const struct message *m, const struct message_list *l)
{
	for (size_t i = 0; m->reply_to != NULL && i < l->nquoted; i++) {
		const struct quoted *q = &l->quoted[i];

		if (!is(q->external_id, m->reply_to))
			continue;
		doc_hint(out, "quoted_text", text_empty(q->text) ? text_get(rq->cx->arena, rq->cx->lang, arena_fmt(rq->cx->arena, "kind.%s", q->kind), NULL) :
		    rq->cx->masked ? mask_text(rq->cx->arena, q->text) : q->text);
		doc_hint(out, "quoted_author", q->author_name);
		return;
	}
}

/* Why it failed, in the reader's language: the provider's code, else what the provider said. */
static const char *fail_reason(struct req *rq, const struct message *m)
{
	struct arena *a = rq->cx->arena;
	char *key = arena_fmt(a, "provider.%d", m->error_code), *t = text_get(a, rq->cx->lang, key, NULL);

	if (m->error_code != 0 && strcmp(t, key) != 0)
		return t;
	return text_get(a, rq->cx->lang, is(m->status, "uncertain") ? "provider.uncertain" : "provider.default", m->error_text);
}

static void part(struct req *rq, struct doc *out, const char *text, bool who)
{
	doc_item(out);
	doc_hint(out, "text", rq->cx->masked && !who ? mask_text(rq->cx->arena, text) : text);
	doc_hint(out, "who", who ? "1" : NULL);
	doc_close(out);
}

/* A note's text with whom it calls set off. */
static void parts(struct req *rq, struct doc *out, const struct message *m, const struct mention *who, size_t n)
{
	struct arena *a = rq->cx->arena;
	const char *from = m->text, *at = from;

	doc_list(out, "parts");
	while ((at = strchr(at, '@')) != NULL) {
		const struct mention *w = mention_at(who, n, at);

		if (w == NULL) {
			at++;
			continue;
		}
		if (at > from)
			part(rq, out, arena_strn(a, from, (size_t)(at - from)), false);
		part(rq, out, arena_fmt(a, "@%s", w->name), true);
		from = at += strlen(w->as);
	}
	if (from != m->text && *from != '\0')
		part(rq, out, from, false);
	doc_close(out);
}

/* Whom a note told without calling them, or could not tell. */
static void told(struct req *rq, struct doc *out, const char *name, const struct mention *who, size_t n, bool yes)
{
	struct arena *a = rq->cx->arena;
	const char *names = NULL;

	for (size_t i = 0; i < n; i++)
		if (who[i].told == yes && (!yes || who[i].as == NULL))
			names = names == NULL ? who[i].name : arena_fmt(a, "%s, %s", names, who[i].name);
	doc_hint(out, name, names);
}

static void mentions(struct req *rq, struct doc *out, const struct message *m)
{
	struct mention *who;
	size_t n;

	if (!m->internal || m->text == NULL || m->payload == NULL)
		return;
	mention_read(rq->cx->arena, m->payload, &who, &n);
	parts(rq, out, m, who, n);
	told(rq, out, "told", who, n, true);
	told(rq, out, "untold", who, n, false);
}

static void extras(struct req *rq, struct doc *out, const struct message *m)
{
	struct arena *a = rq->cx->arena;
	bool masked = rq->cx->masked;
	struct extra x;

	extra_read(a, m->kind, m->payload, &x);
	if (x.what != NULL)
		doc_hint(out, "activity_text", text_get(a, rq->cx->lang, arena_fmt(a, "activity.%s", x.what), x.arg));
	if (x.forwarded)
		doc_hint(out, "forwarded", "1");
	doc_hint(out, "link", x.map);
	doc_hint(out, "place", x.place);
	doc_hint(out, "address", x.address);
	doc_list(out, "cards");
	for (size_t i = 0; i < x.ncards; i++) {
		doc_item(out);
		doc_hint(out, "name", masked ? mask_text(a, x.cards[i].name) : x.cards[i].name);
		doc_hint(out, "phone", masked ? mask_digits(a, x.cards[i].phone) : x.cards[i].phone);
		doc_hint(out, "email", masked ? mask_email(a, x.cards[i].email) : x.cards[i].email);
		doc_close(out);
	}
	doc_close(out);
	doc_list(out, "lines");
	for (size_t i = 0; i < x.nlines; i++) {
		doc_item(out);
		doc_hint(out, "text", x.lines[i]);
		doc_close(out);
	}
	doc_close(out);
}

static void hints(struct req *rq, struct doc *out, const struct message *m, const struct message *before, const struct message_list *l)
{
	struct arena *a = rq->cx->arena;
	const char *lang = rq->cx->lang, *label;
	bool out_sent = is(m->direction, "out") && !m->internal;
	struct civil c = zone_civil(rq->cx->zone, m->sent_at), p = { 0 };

	if (before != NULL)
		p = zone_civil(rq->cx->zone, before->sent_at);
	if (before == NULL || c.day != p.day || c.month != p.month || c.year != p.year)
		doc_hint(out, "day", date_day(a, lang, rq->cx->zone, rq->cx->now, m->sent_at));
	doc_hint(out, "who", who(m));
	doc_hint(out, "status_text", out_sent ? text_get(a, lang, arena_fmt(a, "tick.%s", m->status), NULL) : NULL);
	if (is(m->status, "failed") || is(m->status, "uncertain")) {
		doc_hint(out, "reason", fail_reason(rq, m));
		doc_hint(out, "can_retry", "1");
	}
	doc_hint(out, "quotable", m->external_id != NULL && !m->internal && utc_none(m->deleted_at) && req_may(rq, CONVERSATION_REPLY) ? "1" : NULL);
	label = (is(m->kind, "text") && m->text != NULL) || is(m->kind, "activity") ? NULL : text_get(a, lang, arena_fmt(a, "kind.%s", is(m->kind, "text") ? "unsupported" : m->kind), NULL);
	if (label != NULL && strncmp(label, "kind.", 5) == 0)
		label = text_get(a, lang, "kind.unsupported", NULL);
	doc_hint(out, "label", label);
	quote(rq, out, m, l);
	extras(rq, out, m);
	mentions(rq, out, m);
}

void thread_items(struct req *rq, struct doc *out, const struct message_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		doc_item(out);
		doc_fields(out, &message_type, &l->items[i]);
		thread_files(rq, out, l->items[i].id, l->files, l->nfiles);
		reactions(out, &l->items[i], l);
		if (doc_html(out))
			hints(rq, out, &l->items[i], i > 0 ? &l->items[i - 1] : NULL, l);
		doc_close(out);
	}
}
