/* mention.c: the form's side of calling people in a note. */
#include "cgi/inbox/inbox.h"

#include <string.h>

#include "cgi/chrome.h"
#include "model/mention.h"

const char *mentions_ticked(struct req *rq)
{
	struct ids ids = ids_of_form(rq, "mention");

	return ids.n > 0 ? ids_json(rq->cx->arena, ids) : NULL;
}

void mention_choices(struct req *rq, struct doc *out, const struct user_row *users, size_t n)
{
	const char *text = rq->reshown ? req_field(rq, "text") : NULL;
	struct ids ids = rq->reshown ? ids_of_form(rq, "mention") : (struct ids){ NULL, 0 };
	struct mentions m = { 0 };

	if (text != NULL)
		mention_resolve(rq->cx->arena, text, users, n, (struct ids){ NULL, 0 }, &m);
	doc_list(out, "people");
	for (size_t i = 0; i < n; i++) {
		doc_item(out);
		doc_hint(out, "id", users[i].id);
		doc_hint(out, "name", users[i].name);
		doc_hint(out, "ticked", ids_have(ids, users[i].id) ? "1" : NULL);
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
