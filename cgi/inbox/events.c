#include "cgi/inbox/inbox.h"

#include "cgi/chrome.h"
#include "model/event.h"

/* next is null at the end of what there is; cursor tells where to go on later. */
enum err event_index(struct req *rq, struct doc *out)
{
	struct event_filter f = { 0 };
	struct event_list l;

	TRY(req_bind_query(rq, &event_filter_type, &f));
	TRY(event_list(rq->cx, &f, &l));
	doc_recs(out, "items", &event_type, l.items, l.n);
	doc_text(out, "next", l.more ? l.cursor : NULL);
	doc_text(out, "cursor", l.cursor);
	if (l.more)
		reply_header(rq, "Link", arena_fmt(rq->cx->arena, "</api%s%s>; rel=\"next\"", rq->path, query_with(rq, "after", l.cursor)));
	return OK;
}
