#include "cgi/settings/settings.h"

#include <string.h>

#include "cgi/chrome.h"
#include "lib/base/text.h"
#include "model/perm.h"
#include "model/team.h"

/* The first page of the settings that a role changes. */
enum err settings_home(struct req *rq, struct doc *out)
{
	(void)out;
	TRY(db_entered(rq->cx));
	return reply_to(rq, 303, req_may(rq, CONNECTION_EDIT) ? "/connections" : "/teams", NULL);
}

/* ---- the list ---- */

/* API: the ids; pages: names and colours too. */
static void members(struct req *rq, struct doc *out, const struct team_member_row *m, size_t n, const char *team)
{
	doc_list(out, "members");
	for (size_t i = 0; i < n; i++) {
		if (strcmp(m[i].team_id, team) != 0)
			continue;
		if (!doc_html(out)) {
			doc_item_text(out, m[i].user_id);
			continue;
		}
		doc_item(out);
		doc_hint(out, "name", m[i].name);
		doc_hint(out, "initials", initials(rq->cx->arena, m[i].name));
		doc_hint(out, "color", color_of(rq->cx->arena, m[i].user_id));
		doc_close(out);
	}
	doc_close(out);
}

static enum err desks(struct req *rq, struct doc *out)
{
	const char *wrong = rq->reshown && rq->captures != NULL ? rq->captures->value : NULL;
	struct arena *a = rq->cx->arena;
	struct desk *d;
	size_t n;

	TRY(desk_list(rq->cx, &d, &n));
	doc_list(out, "desks");
	for (size_t i = 0; i < n; i++) {
		doc_item(out);
		doc_fields(out, &desk_type, &d[i]);
		doc_hint(out, "initials", initials(a, d[i].name));
		doc_hint(out, "color", color_of(a, d[i].id));
		doc_hint(out, "wrong", box(text_eq(wrong, d[i].id)));
		doc_close(out);
	}
	doc_close(out);
	return OK;
}

enum err team_index(struct req *rq, struct doc *out)
{
	struct team *t;
	struct team_member_row *m;
	size_t n, k;

	TRY(team_all(rq->cx, &t, &n));
	TRY(team_members(rq->cx, &m, &k));
	doc_list(out, "items");
	for (size_t i = 0; i < n; i++) {
		doc_item(out);
		doc_fields(out, &team_type, &t[i]);
		members(rq, out, m, k, t[i].id);
		doc_close(out);
	}
	doc_close(out);
	if (!doc_html(out)) {
		doc_text(out, "next", NULL);
		return OK;
	}
	rq->title = say(rq, "team.title", NULL);
	return desks(rq, out);
}

/* ---- JSON ---- */

static enum err answer(struct req *rq, struct doc *out, const char *id)
{
	struct team t;
	struct team_member_row *m;
	size_t n;

	TRY(team_get(rq->cx, id, &t));
	TRY(team_members(rq->cx, &m, &n));
	doc_fields(out, &team_type, &t);
	members(rq, out, m, n, id);
	reply_etag(rq, t.version);
	return OK;
}

enum err team_show(struct req *rq, struct doc *out)
{
	return answer(rq, out, req_capture(rq, "id"));
}

/* The members that were asked for: a JSON array, or the boxes of the page; *given false: none were. */
static enum err asked(struct req *rq, const struct team_input *in, struct ids *out, bool *given)
{
	*given = !rq->api || in->members != NULL;
	if (rq->api)
		return ids_read(rq->cx->arena, in->members, out) ? OK : fail_field(rq->cx, "members", "format", NULL);
	*out = ids_of_form(rq, "member");
	return OK;
}

enum err team_create(struct req *rq, struct doc *out)
{
	struct team_input in = { 0 };
	struct ids who;
	const char *id;
	bool given;

	TRY(req_bind(rq, rq->api ? &team_input_type : &team_form_type, &in, false));
	TRY(asked(rq, &in, &who, &given));
	TRY(team_add(rq->cx, &in, given ? &who : NULL, &id));
	if (!rq->api)
		return reply_to(rq, 303, "/teams", "ok.team_saved");
	TRY(answer(rq, out, id));
	return reply_to(rq, 201, arena_fmt(rq->cx->arena, "/teams/%s", id), NULL);
}

enum err team_patch(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct team_input in;
	struct team t;
	struct ids who;
	bool given;

	TRY(team_get(rq->cx, id, &t));
	TRY(req_if_match(rq, t.version));
	in = (struct team_input){ .name = t.name, .description = t.description, .auto_assign = t.auto_assign };
	TRY(req_bind(rq, &team_input_type, &in, true));
	TRY(asked(rq, &in, &who, &given));
	in.version = t.version;
	TRY(team_save(rq->cx, id, &in, given ? &who : NULL));
	return answer(rq, out, id);
}

enum err team_drop(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct team t;

	(void)out;
	TRY(team_get(rq->cx, id, &t));
	TRY(req_if_match(rq, t.version));
	TRY(team_remove(rq->cx, id, t.version));
	return reply_raw(rq, 204, NULL, "", 0);
}

/* ---- pages ---- */

static bool is_member(const struct team_member_row *m, size_t n, const char *team, const char *user)
{
	for (size_t i = 0; i < n; i++)
		if (text_eq(m[i].team_id, team) && strcmp(m[i].user_id, user) == 0)
			return true;
	return false;
}

/* A box for everybody who answers. *now: the names of the members. */
static enum err boxes(struct req *rq, struct doc *out, const char *team, const char **mine, const char **now)
{
	struct arena *a = rq->cx->arena;
	struct ids asked_for = ids_of_form(rq, "member");
	struct team_member_row *m;
	struct desk *d;
	size_t n, k;

	*mine = *now = NULL;
	TRY(team_members(rq->cx, &m, &k));
	TRY(desk_list(rq->cx, &d, &n));
	doc_list(out, "people");
	for (size_t i = 0; i < n; i++) {
		bool is = is_member(m, k, team, d[i].id), wants = rq->reshown ? ids_have(asked_for, d[i].id) : is;

		doc_item(out);
		doc_fields(out, &desk_type, &d[i]);
		doc_hint(out, "initials", initials(a, d[i].name));
		doc_hint(out, "color", color_of(a, d[i].id));
		doc_hint(out, "on", box(wants));
		doc_close(out);
		*now = !is ? *now : *now == NULL ? d[i].name : arena_fmt(a, "%s, %s", *now, d[i].name);
		*mine = !wants ? *mine : *mine == NULL ? d[i].name : arena_fmt(a, "%s, %s", *mine, d[i].name);
	}
	doc_close(out);
	return OK;
}

static void conflict(struct req *rq, struct doc *out, const struct team *t, const char *mine, const char *now)
{
	bool auto_mine = req_field(rq, "auto_assign") != NULL;

	doc_list(out, "conflict");
	settings_diff(rq, out, "name", req_field(rq, "name"), t->name);
	settings_diff(rq, out, "description", req_field(rq, "description"), t->description);
	settings_diff(rq, out, "auto_assign", say(rq, auto_mine ? "team.yes" : "team.no", NULL), say(rq, t->auto_assign ? "team.yes" : "team.no", NULL));
	settings_diff(rq, out, "members", mine, now);
	doc_close(out);
	doc_hint(out, "stale", "1");
}

static void input(struct req *rq, struct doc *out, const struct team *t)
{
	doc_open(out, "input");
	doc_hint(out, "name", rq->reshown ? req_field(rq, "name") : t->name);
	doc_hint(out, "description", rq->reshown ? req_field(rq, "description") : t->description);
	doc_hint(out, "auto_assign", box(rq->reshown ? req_field(rq, "auto_assign") != NULL : t->auto_assign));
	doc_close(out);
}

/* The form: of a new team where the path names none. */
enum err team_edit(struct req *rq, struct doc *out)
{
	const char *id = rq->captures != NULL ? rq->captures->value : NULL, *mine, *now;
	struct team t = { 0 };

	if (id != NULL)
		TRY(team_get(rq->cx, id, &t));
	TRY(boxes(rq, out, id, &mine, &now));
	doc_open(out, "team");
	doc_hint(out, "id", id);
	doc_hint(out, "name", t.name);
	doc_i64(out, "version", t.version);
	doc_close(out);
	input(rq, out, &t);
	if (id != NULL && settings_stale(rq, t.version))
		conflict(rq, out, &t, mine, now);
	rq->title = id != NULL ? t.name : say(rq, "team.new", NULL);
	return OK;
}

enum err team_update(struct req *rq, struct doc *out)
{
	struct team_input in = { 0 };
	struct ids who;
	bool given;

	(void)out;
	TRY(req_bind(rq, &team_form_type, &in, false));
	TRY(asked(rq, &in, &who, &given));
	TRY(team_save(rq->cx, req_capture(rq, "id"), &in, &who));
	return reply_to(rq, 303, "/teams", "ok.team_saved");
}

enum err team_gone(struct req *rq, struct doc *out)
{
	struct team t;

	TRY(team_get(rq->cx, req_capture(rq, "id"), &t));
	doc_rec(out, "team", &team_type, &t);
	if (settings_stale(rq, t.version))
		doc_hint(out, "stale", "1");
	rq->title = say(rq, "team.delete_title", t.name);
	return OK;
}

enum err team_delete(struct req *rq, struct doc *out)
{
	int64_t version;

	(void)out;
	TRY(db_entered(rq->cx));
	if (req_field(rq, "version") == NULL || !parse_i64(req_field(rq, "version"), 1, INT32_MAX, &version))
		return fail_field(rq->cx, "version", "required", NULL);
	TRY(team_remove(rq->cx, req_capture(rq, "id"), (int32_t)version));
	return reply_to(rq, 303, "/teams", "ok.team_gone");
}
