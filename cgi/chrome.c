#include "cgi/chrome.h"

#include <ctype.h>
#include <string.h>

#include "lib/base/text.h"
#include "lib/view/piece.h"
#include "lib/view/tmpl.h"
#include "model/notification.h"
#include "model/perm.h"
#include "model/tag.h"

/* Links to programs that exist; the rail shows nothing else. */
static const struct { const char *name; unsigned need; } nav[] = {
	{ "conversations", CONVERSATION_READ }, { "pipeline", DEAL_READ }, { "contacts", CONTACT_READ }, { "leads", CONTACT_READ }, { "notifications", CONVERSATION_READ },
	{ "settings", TEAM_EDIT },
};

static void chrome_user(struct req *rq, struct doc *out, const char *presence)
{
	struct arena *a = rq->cx->arena;
	const char *name = rq->cx->user_name;

	doc_open(out, "user");
	doc_hint(out, "id", rq->cx->user_id);
	doc_hint(out, "name", name);
	doc_hint(out, "first", arena_strn(a, name, strcspn(name, " ")));
	doc_hint(out, "initials", initials(a, name));
	doc_hint(out, "color", color_of(a, rq->cx->user_id));
	doc_hint(out, "role", rq->cx->role);
	doc_hint(out, "role_text", text_get(a, rq->cx->lang, arena_fmt(a, "role.%s", rq->cx->role), NULL));
	doc_hint(out, "email", rq->who.email);
	doc_hint(out, "presence", presence);
	doc_close(out);
}

void chrome_ahead(struct req *rq)
{
	struct chrome_counts n;

	AHEAD(rq->cx, chrome_counts(rq->cx, &n));
}

/* A number beside a place of the rail. They are counted to 100. */
static const char *badge(struct arena *a, int64_t n)
{
	return n < 1 ? NULL : n > 99 ? "99+" : arena_fmt(a, "%lld", (long long)n);
}

void chrome_fill(struct req *rq, struct doc *out)
{
	struct arena *a = rq->cx->arena;
	struct chrome_counts n = { 0 };

	if (req_may(rq, CONVERSATION_READ) && chrome_counts(rq->cx, &n) != OK)
		return;
	doc_open(out, "Page");
	doc_hint(out, "section", rq->app->name);
	doc_hint(out, "after", n.cursor);
	chrome_user(rq, out, n.presence);
	doc_open(out, "tenant");
	doc_hint(out, "name", rq->who.tenant_name);
	doc_close(out);
	doc_hint(out, "waiting", badge(a, n.waiting));
	doc_hint(out, "notices", badge(a, n.notices));
	doc_open(out, "perm");
	for (const struct perm_row *p = perm_names; p->name != NULL; p++)
		if (req_may(rq, p->perm))
			doc_hint(out, p->name, "1");
	doc_close(out);
	doc_open(out, "nav");
	for (size_t i = 0; i < nitems(nav); i++)
		if (req_may(rq, nav[i].need))
			doc_hint(out, nav[i].name, "1");
	doc_close(out);
	doc_close(out);
}

bool next_ok(const char *next)
{
	if (text_empty(next) || next[0] != '/' || next[1] == '/')
		return false;
	for (const char *s = next; *s != '\0'; s++)
		if ((unsigned char)*s <= 0x20 || (unsigned char)*s >= 0x7f || *s == '\\')
			return false;
	return true;
}

const char *person_title(struct req *rq, const char *name, const char *phone)
{
	struct arena *a = rq->cx->arena;

	if (!text_empty(name))
		return rq->cx->masked ? mask_text(a, name) : name;
	if (!text_empty(phone))
		return rq->cx->masked ? mask_digits(a, phone) : phone;
	return text_get(a, rq->cx->lang, "contact.unnamed", NULL);
}

/* The bytes of the code point at s. */
static size_t point(const char *s)
{
	unsigned char c = (unsigned char)*s;

	return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

const char *initials(struct arena *a, const char *name)
{
	const char *last = NULL, *s = name;
	char *out;

	if (text_empty(name))
		return "?";
	for (const char *p = name; (p = strchr(p, ' ')) != NULL; )
		if (*++p != ' ' && *p != '\0')
			last = p;
	out = arena_fmt(a, "%.*s%.*s", (int)point(s), s, last != NULL ? (int)point(last) : 0, last != NULL ? last : "");
	for (char *p = out; *p != '\0'; p++)
		*p = (char)((unsigned char)*p < 0x80 ? toupper((unsigned char)*p) : *p);
	return out;
}

const char *color_of(struct arena *a, const char *id)
{
	unsigned h = 5381;

	for (const char *s = id; s != NULL && *s != '\0'; s++)
		h = h * 33 + (unsigned char)*s;
	return arena_fmt(a, "%u", h % 8 + 1);
}

const char *preview_text(struct req *rq, const struct conversation *c)
{
	struct arena *a = rq->cx->arena;
	const char *kind = c->preview_kind != NULL ? c->preview_kind : "text";
	const char *label = strcmp(kind, "text") == 0 || strcmp(kind, "button") == 0 ? NULL : text_get(a, rq->cx->lang, arena_fmt(a, "kind.%s", kind), NULL);
	const char *text = rq->cx->masked ? mask_text(a, c->preview) : c->preview;

	if (label != NULL && strncmp(label, "kind.", 5) == 0)
		label = text_get(a, rq->cx->lang, "kind.unsupported", NULL);
	if (text_empty(text))
		return label;
	return label == NULL ? text : arena_fmt(a, "%s: %s", label, text);
}

const char *title_initials(struct arena *a, const char *title)
{
	return isalpha((unsigned char)*title) || (unsigned char)*title >= 0x80 ? initials(a, title) : "#";
}

int64_t waits(const struct req *rq, const struct conversation *c)
{
	return utc_none(c->waiting_since) ? -1 : (rq->cx->now.us - c->waiting_since.us) / 1000000;
}

static void item_hints(struct req *rq, struct doc *out, const struct conversation *c)
{
	struct arena *a = rq->cx->arena;
	const char *title = person_title(rq, c->contact_name, c->contact_phone);
	int64_t wait = waits(rq, c);

	doc_hint(out, "title", title);
	doc_hint(out, "initials", title_initials(a, title));
	doc_hint(out, "color", color_of(a, c->contact_id));
	doc_hint(out, "preview_text", preview_text(rq, c));
	doc_hint(out, "url", arena_fmt(a, "/conversations/%s", c->id));
	if (wait >= 0) {
		doc_hint(out, "wait_text", duration_text(a, rq->cx->lang, wait));
		doc_hint(out, "wait_level", wait >= 3600 ? "bad" : "warn");
	}
}

void conversation_items(struct req *rq, struct doc *out, const struct conversation *c, size_t n)
{
	doc_list(out, "items");
	for (size_t i = 0; i < n; i++) {
		doc_item(out);
		doc_fields(out, &conversation_type, &c[i]);
		if (doc_html(out))
			item_hints(rq, out, &c[i]);
		doc_close(out);
	}
	doc_close(out);
}

void tags_of(struct doc *out, const char *owner, const struct tag_of *t, size_t n)
{
	doc_list(out, "tags");
	for (size_t i = 0; i < n; i++) {
		if (strcmp(t[i].owner, owner) != 0)
			continue;
		doc_item(out);
		doc_fields(out, &tag_of_type, &t[i]);
		doc_close(out);
	}
	doc_close(out);
}

void piece_tag(struct piece *p, const char *list, size_t at, const char *name, int32_t color)
{
	piece_add(p, arena_fmt(p->a, "%s.%zu.name", list, at), name);
	piece_add(p, arena_fmt(p->a, "%s.%zu.color", list, at), arena_fmt(p->a, "%d", color));
}

struct ids ids_of_form(struct req *rq, const char *name)
{
	const char **v = arena_array(rq->cx->arena, IDS_MAX, sizeof(*v));
	size_t n = 0;

	for (const struct param *p = NULL; (p = req_field_next(rq, p, name)) != NULL && n < IDS_MAX; )
		if (!text_empty(p->value))
			v[n++] = p->value;
	return (struct ids){ v, n };
}

const char *query_with(struct req *rq, const char *name, const char *value)
{
	struct buf b = { 0 };
	char *out;

	for (const struct param *p = rq->query; p != NULL; p = p->next) {
		if (strcmp(p->name, name) == 0 || text_empty(p->value))
			continue;
		buf_char(&b, b.n == 0 ? '?' : '&');
		buf_url(&b, p->name);
		buf_char(&b, '=');
		buf_url(&b, p->value);
	}
	if (value != NULL) {
		buf_char(&b, b.n == 0 ? '?' : '&');
		buf_url(&b, name);
		buf_char(&b, '=');
		buf_url(&b, value);
	}
	out = arena_str(rq->cx->arena, b.n > 0 ? b.p : "");
	buf_free(&b);
	return out;
}

void query_forget(struct req *rq, const char *name)
{
	struct param **p = &rq->query;

	while (*p != NULL) {
		if (strcmp((*p)->name, name) == 0)
			*p = (*p)->next;
		else
			p = &(*p)->next;
	}
}

bool query_ok(const char *s)
{
	return s[0] == '\0' || (s[0] == '?' && s[strspn(s, "?&=%+._-~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")] == '\0');
}

void list_next(struct req *rq, struct doc *out, const char *cursor)
{
	struct arena *a = rq->cx->arena;

	doc_text(out, "next", cursor);
	if (cursor == NULL)
		return;
	if (rq->api)
		reply_header(rq, "Link", arena_fmt(a, "</api%s%s>; rel=\"next\"", rq->path, query_with(rq, "cursor", cursor)));
	else
		doc_hint(out, "next_url", arena_fmt(a, "%s%s", rq->path, query_with(rq, "cursor", cursor)));
}
