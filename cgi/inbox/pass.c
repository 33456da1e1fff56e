/* pass.c: passing a conversation on and putting it off, as pages of their own. */
#include "cgi/inbox/inbox.h"

#include "cgi/chrome.h"
#include "lib/base/text.h"
#include "lib/view/tmpl.h"
#include "model/team.h"

static enum err about(struct req *rq, struct doc *out, struct conversation *c, const char *title)
{
	TRY(conversation_get(rq->cx, req_capture(rq, "id"), c));
	doc_open(out, "conversation");
	doc_fields(out, &conversation_type, c);
	doc_hint(out, "title", person_title(rq, c->contact_name, c->contact_phone));
	doc_close(out);
	rq->title = text_get(rq->cx->arena, rq->cx->lang, title, NULL);
	return OK;
}

enum err assign_edit(struct req *rq, struct doc *out)
{
	struct conversation c;
	struct staff s;

	TRY(about(rq, out, &c, "thread.pass"));
	TRY(staff_get(rq->cx, &s));
	doc_recs(out, "users", &user_row_type, s.users, s.nusers);
	doc_recs(out, "teams", &team_row_type, s.teams, s.nteams);
	return OK;
}

enum err snooze_edit(struct req *rq, struct doc *out)
{
	struct conversation c;

	TRY(about(rq, out, &c, "routing.snooze"));
	snooze_hints(rq, out, &c);
	return OK;
}
