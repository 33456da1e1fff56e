#include "cgi/inbox/inbox.h"

#include "cgi/chrome.h"
#include "cgi/inbox/forms.h"
#include "lib/base/text.h"
#include "lib/view/tmpl.h"
#include "model/notification.h"

enum err notification_index(struct req *rq, struct doc *out)
{
	struct arena *a = rq->cx->arena;
	struct notification_filter f = { 0 };
	struct notification_list l;

	TRY(req_bind_query(rq, &notification_filter_type, &f));
	TRY(notification_list(rq->cx, f.cursor, &l));
	doc_list(out, "items");
	for (size_t i = 0; i < l.n; i++) {
		const struct notification *n = &l.items[i];

		doc_item(out);
		doc_fields(out, &notification_type, n);
		if (doc_html(out)) {
			doc_hint(out, "text", text_get(a, rq->cx->lang, arena_fmt(a, "notice.%s", n->kind), n->actor_name));
			doc_hint(out, "url", n->conversation_id != NULL ? arena_fmt(a, "/conversations/%s", n->conversation_id) : "/notifications");
		}
		doc_close(out);
	}
	doc_close(out);
	list_next(rq, out, l.next);
	rq->title = text_get(a, rq->cx->lang, "notifications.title", NULL);
	return OK;
}

enum err notification_read(struct req *rq, struct doc *out)
{
	struct notification_read_form in = { 0 };

	TRY(req_bind(rq, &notification_read_type, &in, false));
	TRY(notification_mark_read(rq->cx, in.id));
	doc_bool(out, "ok", true);
	return reply_to(rq, 200, rq->api ? NULL : "/notifications", NULL);
}
