/* graph.c: which Graph object and edge a request means, and whether its token may touch it. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "tests/stub/stub.h"

static bool wildcard(const struct stub *st, const char *token)
{
	bool found = false;
	const json_t *t;
	size_t i;

	json_array_foreach(st->tokens, i, t)
		found |= secret_equal(json_string_value(t), token);
	return found;
}

static bool token_for(const struct stub *st, const char *token, const char *phone)
{
	return wildcard(st, token) || secret_equal(jstr(json_object_get(st->phones, phone), "token"), token);
}

static bool token_known(const struct stub *st, const char *token)
{
	bool found = wildcard(st, token);
	const char *id;
	json_t *p;

	json_object_foreach(st->phones, id, p)
		found |= secret_equal(jstr(p, "token"), token);
	return found;
}

/* True when some number of the account may be used with the token. */
static bool token_for_waba(const struct stub *st, const char *token, const char *waba)
{
	const char *id;
	json_t *p;

	json_object_foreach(st->phones, id, p)
		if (!strcmp(jstr(p, "waba"), waba) && token_for(st, token, id))
			return true;
	return false;
}

static void unsupported(struct req *r, const char *id)
{
	refuse(&r->v, r->a, 100, "%s", "");
	r->v.message = arena_fmt(r->a,
		"Unsupported %s request. Object with ID '%s' does not exist, cannot be loaded due "
		"to missing permissions, or does not support this operation. Please read the Graph API "
		"documentation at "
		"https://developers.facebook.com/docs/graph-api",
		!strcmp(r->method, "GET") ? "get" : "post", id);
	r->v.sub = 33;
}

static bool json_body(struct req *r)
{
	const char *type = header(r, "Content-Type");
	size_t n = strlen("application/json");

	if (!type || strncasecmp(type, "application/json", n) != 0
		|| (type[n] && type[n] != ';' && type[n] != ' '))
		return refuse(&r->v, r->a, 100, "Content-Type must be application/json.");
	if (r->too_big) {
		refuse(&r->v, r->a, 100, "The body is too large.");
		r->v.http = 413;
		return false;
	}
	return true;
}

static void kind(struct req *r, const char *name)
{
	json_object_set_new(r->line, "kind", must(json_string(name)));
}

static void edge_messages(struct req *r, const char *phone, bool marketing)
{
	kind(r, "message");
	if (json_body(r))
		send_message(r, phone, marketing);
}

static void phone_request(struct req *r, const char *phone, const char *edge)
{
	bool post = !strcmp(r->method, "POST");

	json_object_set_new(r->line, "phone_number_id", must(json_string(phone)));
	if (post && (!strcmp(edge, "messages") || !strcmp(edge, "marketing_messages"))) {
		edge_messages(r, phone, *edge == 'm' && edge[1] == 'a');
	} else if (post && !strcmp(edge, "media")) {
		kind(r, "media_upload");
		media_upload(r, phone);
	} else if (!post && !*edge) {
		kind(r, "phone");
		phone_show(r, phone);
	} else {
		unsupported(r, phone);
	}
}

static void waba_request(struct req *r, const char *waba, const char *edge)
{
	bool post = !strcmp(r->method, "POST");

	if (strcmp(edge, "message_templates") != 0) {
		unsupported(r, waba);
	} else if (!post) {
		kind(r, "template_list");
		template_list(r, waba);
	} else {
		kind(r, "template_create");
		if (json_body(r))
			template_create(r, waba);
	}
}

static void media_request(struct req *r, struct medium *m, const char *token)
{
	kind(r, "media_url");
	json_object_set_new(r->line, "media_id", must(json_string(m->id)));
	if (m->phone && !token_for(r->st, token, m->phone))
		unsupported(r, m->id);
	else
		media_show(r, m);
}

/* "/v25.0/ID/edge": the parts in id and edge, "" for a missing edge. False when it is no such path. */
static bool split(struct req *r, char **id, char **edge)
{
	const char *p = r->path, *end;

	if (p[0] != '/' || p[1] != 'v' || !isdigit((unsigned char)p[2]) || !isdigit((unsigned char)p[3])
		|| strncmp(p + 4, ".0/", 3) != 0)
		return false;
	p += 7;
	end = p + strcspn(p, "/");
	*id = arena_strn(r->a, p, (size_t)(end - p));
	*edge = arena_str(r->a, *end ? end + 1 : "");
	return **id && strcmp(*id, "control") != 0;
}

static bool authorised(struct req *r, const char *token)
{
	if (token_known(r->st, token))
		return true;
	return refuse(&r->v, r->a, 190, "%s", *token ? error_title(190)
		: "An access token is required to request this resource.");
}

void graph_request(struct req *r)
{
	const char *token = bearer(r);
	bool get = !strcmp(r->method, "GET"), post = !strcmp(r->method, "POST");
	struct medium *m;
	char *id, *edge;

	if (text_starts(r->path, "/media/") && get) {
		kind(r, "media_download");
		if (authorised(r, token))
			media_download(r);
		return;
	}
	if (!split(r, &id, &edge)) {
		refuse(&r->v, r->a, 2500, "Unknown path components: %s", r->path);
		return;
	}
	if (!authorised(r, token))
		return;
	m = medium_find(r->st, id);
	if (!get && !post)
		unsupported(r, id);
	else if (json_object_get(r->st->phones, id) && token_for(r->st, token, id))
		phone_request(r, id, edge);
	else if (token_for_waba(r->st, token, id))
		waba_request(r, id, edge);
	else if (m && get && !*edge)
		media_request(r, m, token);
	else
		unsupported(r, id);
}
