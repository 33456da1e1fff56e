#include "cgi/settings/settings.h"

#include <string.h>

#include "lib/base/text.h"
#include "model/connection.h"

static const char *const days[WEEKDAYS] = { "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday" };

enum err connection_index(struct req *rq, struct doc *out)
{
	struct connection *c;
	size_t n;

	TRY(connection_all(rq->cx, &c, &n));
	doc_recs(out, "items", &connection_type, c, n);
	if (!doc_html(out))
		doc_text(out, "next", NULL);
	rq->title = say(rq, "team.connections", NULL);
	return OK;
}

static enum err answer(struct req *rq, struct doc *out, const char *id)
{
	struct connection c;

	TRY(connection_one(rq->cx, id, &c));
	doc_fields(out, &connection_type, &c);
	reply_etag(rq, c.version);
	return OK;
}

/* ---- the page of one ---- */

/* The text of a field of c. */
static const char *stored(struct req *rq, const struct connection *c, const char *name)
{
	const struct field *f = rec_field(&connection_type, name);

	return f != NULL ? rec_text(rq->cx->arena, f, c) : NULL;
}

static void input(struct req *rq, struct doc *out, const struct connection *c)
{
	static const char *const texts[] = { "name", "team_id", "greeting", "away_message", "shown", "waba_id" };

	doc_open(out, "input");
	for (size_t i = 0; i < nitems(texts); i++)
		doc_hint(out, texts[i], rq->reshown ? req_field(rq, texts[i]) : stored(rq, c, texts[i]));
	doc_hint(out, "reopen", box(rq->reshown ? text_eq(req_field(rq, "reopen"), "1") : c->reopen));
	doc_hint(out, "away_enabled", box(rq->reshown ? req_field(rq, "away_enabled") != NULL : c->away_enabled));
	doc_close(out);
	doc_list(out, "week");
	for (int i = 1; i <= WEEKDAYS; i++) {
		const char *day = days[i % WEEKDAYS];

		doc_item(out);
		doc_hint(out, "day", day);
		doc_hint(out, "name", say(rq, arena_fmt(rq->cx->arena, "team.field.%s", day), NULL));
		doc_hint(out, "value", rq->reshown ? req_field(rq, day) : stored(rq, c, day));
		for (const struct field_error *e = rq->cx->errors; rq->reshown && e != NULL; e = e->next)
			if (strcmp(e->field, day) == 0)
				doc_hint(out, "error", say(rq, arena_fmt(rq->cx->arena, "err.%s", e->code), e->arg));
		doc_close(out);
	}
	doc_close(out);
}

static const char *team_name(struct req *rq, const char *id, const struct connection *c)
{
	return text_empty(id) ? NULL : text_eq(id, c->team_id) ? c->team_name : say(rq, "team.other", NULL);
}

static void conflict(struct req *rq, struct doc *out, const struct connection *c)
{
	static const char *const texts[] = { "name", "greeting", "away_message", "shown", "waba_id", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" };
	bool reopen = text_eq(req_field(rq, "reopen"), "1"), away = req_field(rq, "away_enabled") != NULL;

	doc_list(out, "conflict");
	for (size_t i = 0; i < nitems(texts); i++)
		settings_diff(rq, out, texts[i], req_field(rq, texts[i]), stored(rq, c, texts[i]));
	settings_diff(rq, out, "team_id", team_name(rq, req_field(rq, "team_id"), c), c->team_name);
	settings_diff(rq, out, "reopen", say(rq, reopen ? "team.reopen_yes" : "team.reopen_no", NULL), say(rq, c->reopen ? "team.reopen_yes" : "team.reopen_no", NULL));
	settings_diff(rq, out, "away_enabled", say(rq, away ? "team.yes" : "team.no", NULL), say(rq, c->away_enabled ? "team.yes" : "team.no", NULL));
	doc_close(out);
	doc_hint(out, "stale", "1");
}

/* Where messages come in: what has to be told to Meta, or put on the web site. */
static void addresses(struct req *rq, struct doc *out, const struct connection *c)
{
	const char *base = arena_fmt(rq->cx->arena, "%s://%s", rq->https ? "https" : "http", rq->host != NULL ? rq->host : "localhost");

	if (strcmp(c->channel, "chat") == 0) {
		const char *url = arena_fmt(rq->cx->arena, "%s/chat/%s", base, c->public_key);

		doc_hint(out, "chat_url", url);
		doc_hint(out, "snippet", arena_fmt(rq->cx->arena, "<a href=\"%s\" target=\"_blank\" rel=\"noopener\">%s</a>", url, say(rq, "team.snippet_text", NULL)));
	} else if (strcmp(c->channel, "whatsapp") == 0) {
		doc_hint(out, "hook_url", c->own_app ? arena_fmt(rq->cx->arena, "%s/hooks/whatsapp/%s", base, c->id) : arena_fmt(rq->cx->arena, "%s/hooks/whatsapp", base));
	}
}

enum err connection_show(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct connection c;

	if (!doc_html(out))
		return answer(rq, out, id);
	TRY(connection_one(rq->cx, id, &c));
	doc_rec(out, "connection", &connection_type, &c);
	input(rq, out, &c);
	addresses(rq, out, &c);
	if (settings_stale(rq, c.version))
		conflict(rq, out, &c);
	rq->title = c.name;
	return team_choices(rq, out);
}

enum err connection_update(struct req *rq, struct doc *out)
{
	struct connection_input in = { 0 };

	(void)out;
	TRY(req_bind(rq, &connection_form_type, &in, false));
	TRY(connection_save(rq->cx, settings_ring, req_capture(rq, "id"), &in));
	return reply_to(rq, 303, "/connections", "ok.connection_saved");
}

enum err connection_patch(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct connection_input in;
	struct connection c;

	TRY(connection_one(rq->cx, id, &c));
	TRY(req_if_match(rq, c.version));
	in = connection_input_of(&c);
	TRY(req_bind(rq, &connection_input_type, &in, true));
	in.version = c.version;
	TRY(connection_save(rq->cx, settings_ring, id, &in));
	return answer(rq, out, id);
}

/* ---- a new one ---- */

enum err connection_start(struct req *rq, struct doc *out)
{
	struct connection_start q = { 0 };
	const char *channel;

	if (!rq->reshown)
		TRY(req_bind_query(rq, &connection_start_type, &q));
	TRY(team_choices(rq, out));
	channel = rq->reshown ? req_field(rq, "channel") : q.channel;
	doc_hint(out, "channel", text_eq(channel, "chat") ? "chat" : "whatsapp");
	rq->title = say(rq, text_eq(channel, "chat") ? "team.new_chat" : "team.new_whatsapp", NULL);
	return OK;
}

enum err connection_create(struct req *rq, struct doc *out)
{
	struct connection_new in = { 0 };
	const char *id, *path;

	TRY(req_bind(rq, &connection_new_type, &in, false));
	TRY(connection_add(rq->cx, settings_ring, &in, &id));
	path = arena_fmt(rq->cx->arena, "/connections/%s", id);
	if (!rq->api)
		return reply_to(rq, 303, path, "ok.connection_added");
	TRY(answer(rq, out, id));
	return reply_to(rq, 201, path, NULL);
}
