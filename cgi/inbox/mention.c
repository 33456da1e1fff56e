/* mention.c: the form's side of calling people in a note. */
#include "cgi/inbox/inbox.h"

#include <string.h>

#include "model/mention.h"

static struct ids ticked(struct req *rq)
{
	const char **v = arena_array(rq->cx->arena, IDS_MAX, sizeof(*v));
	size_t n = 0;

	for (const struct param *p = NULL; (p = req_field_next(rq, p, "mention")) != NULL && n < IDS_MAX; )
		if (p->value[0] != '\0')
			v[n++] = p->value;
	return (struct ids){ v, n };
}

const char *mentions_ticked(struct req *rq)
{
	struct ids ids = ticked(rq);
	struct buf b = { 0 };
	char *out;

	if (ids.n == 0)
		return NULL;
	for (size_t i = 0; i < ids.n; i++) {
		buf_char(&b, i == 0 ? '[' : ',');
		buf_json(&b, ids.v[i]);
	}
	buf_char(&b, ']');
	out = arena_str(rq->cx->arena, b.p);
	buf_free(&b);
	return out;
}

void mention_choices(struct req *rq, struct doc *out, const struct user_row *users, size_t n)
{
	const char *text = rq->reshown ? req_field(rq, "text") : NULL;
	struct ids ids = rq->reshown ? ticked(rq) : (struct ids){ NULL, 0 };
	struct mentions m = { 0 };

	if (text != NULL)
		mention_resolve(rq->cx->arena, text, users, n, (struct ids){ NULL, 0 }, &m);
	doc_list(out, "people");
	for (size_t i = 0; i < n; i++) {
		bool on = false;

		for (size_t k = 0; k < ids.n; k++)
			on = on || strcmp(ids.v[k], users[i].id) == 0;
		doc_item(out);
		doc_hint(out, "id", users[i].id);
		doc_hint(out, "name", users[i].name);
		doc_hint(out, "ticked", on ? "1" : NULL);
		doc_close(out);
	}
	doc_close(out);
	doc_list(out, "may");
	for (size_t i = 0; i < m.nmay; i++) {
		doc_item(out);
		doc_hint(out, "id", m.may[i]->id);
		doc_hint(out, "name", m.may[i]->name);
		doc_close(out);
	}
	doc_close(out);
}
