#include "cgi/settings/settings.h"

#include <string.h>

#include "cgi/chrome.h"
#include "lib/base/text.h"
#include "model/team.h"

static enum err presence_answer(struct req *rq, struct doc *out)
{
	const char *now;

	TRY(presence_get(rq->cx, &now));
	doc_text(out, "presence", now);
	return OK;
}

enum err presence_show(struct req *rq, struct doc *out)
{
	return presence_answer(rq, out);
}

enum err presence_post(struct req *rq, struct doc *out)
{
	struct presence_input in = { 0 };

	TRY(req_bind(rq, &presence_input_type, &in, false));
	TRY(presence_set(rq->cx, in.presence));
	if (rq->api)
		return presence_answer(rq, out);
	return reply_to(rq, 303, next_ok(in.next) ? in.next : "/", strcmp(in.presence, "online") == 0 ? "ok.presence_online" : "ok.presence_away");
}

enum err user_index(struct req *rq, struct doc *out)
{
	struct user_row *u;
	size_t n;

	TRY(user_list(rq->cx, &u, &n));
	doc_recs(out, "items", &user_row_type, u, n);
	doc_text(out, "next", NULL);
	return OK;
}

enum err capacity_post(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct capacity_input in = { 0 };
	struct desk *d;
	size_t n;

	TRY(req_bind(rq, &capacity_input_type, &in, false));
	TRY(capacity_set(rq->cx, id, in.capacity));
	if (!rq->api)
		return reply_to(rq, 303, "/teams#desks", "ok.capacity_saved");
	TRY(desk_list(rq->cx, &d, &n));
	for (size_t i = 0; i < n; i++)
		if (strcmp(d[i].id, id) == 0)
			doc_fields(out, &desk_type, &d[i]);
	return OK;
}
