#include "model/mention.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

#include "gen/sql_inbox.h"
#include "lib/base/text.h"

/* U+00C0..U+017F without their marks, in lower case; * is no letter. */
static const char latin[] =
    "aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo*ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(sizeof(latin) == 0x180 - 0xC0 + 1, "one for each");

/* The next letter of s as it is compared, 0 at the end; the combining marks after it are passed over. */
static unsigned plain(const char **s)
{
	const unsigned char *p = (const unsigned char *)*s;
	unsigned c = p[0];
	int n = c == 0 ? 0 : c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	for (int i = 1; i < n; i++)
		if (p[i] == 0)
			n = i;
		else
			c = c << 8 | p[i];
	if (n == 2)
		c = (c >> 2 & 0x7c0) | (c & 0x3f);
	for (p += n; p[0] == 0xCC || (p[0] == 0xCD && p[1] < 0xB0 && p[1] != 0); p += p[1] != 0 ? 2 : 1)
		;
	*s = (const char *)p;
	if (n == 2 && c >= 0xC0 && c < 0x180)
		return (unsigned char)latin[c - 0xC0];
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static bool letter(const char *s)
{
	unsigned char c = (unsigned char)*s;

	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

/* A word ends at s: what follows is no letter, nor a dot or dash within a handle. */
static bool ends(const char *s)
{
	return !letter(s) && !(*s != '\0' && strchr("._-", *s) != NULL && letter(s + 1));
}

/* The bytes of s that are the first words of name, as many as there are; 0: not even one. */
static size_t words(const char *s, const char *name)
{
	const char *at = s, *n = name;
	size_t best = 0;

	while (*n != '\0') {
		unsigned want = plain(&n);

		if (want == ' ' && ends(at))
			best = (size_t)(at - s);
		if (plain(&at) != want)
			return best;
	}
	return ends(at) ? (size_t)(at - s) : best;
}

/* The same for a handle, which is one word. */
static size_t match(const char *s, const struct user_row *u)
{
	size_t name = words(s, u->name), handle = u->handle != NULL ? words(s, u->handle) : 0;

	return name > handle ? name : handle;
}

static void add(struct mentions *out, const struct user_row *u, const char *as)
{
	for (size_t i = 0; i < out->n; i++)
		if (strcmp(out->items[i].id, u->id) == 0)
			return;
	out->items[out->n++] = (struct mention){ u->id, u->name, as, true };
}

/* What stands behind one @. */
static void call(struct arena *a, const char *at, const struct user_row *users, size_t nusers, struct ids ticked, struct mentions *out)
{
	const struct user_row **may = arena_array(a, nusers, sizeof(*may));
	size_t best = 0, n = 0, chosen = 0;

	for (size_t i = 0; i < nusers; i++) {
		size_t len = match(at + 1, &users[i]);

		if (len == 0 || len < best)
			continue;
		n = len > best ? 0 : n;
		best = len;
		may[n++] = &users[i];
	}
	for (size_t i = 0; i < n; i++)
		chosen += ids_have(ticked, may[i]->id);
	for (size_t i = 0; i < n; i++)
		if (n == 1 || ids_have(ticked, may[i]->id))
			add(out, may[i], arena_strn(a, at, best + 1));
	if (n < 2 || chosen > 0 || out->vague != NULL)
		return;
	out->vague = arena_strn(a, at, best + 1);
	out->may = may;
	out->nmay = n;
}

void mention_resolve(struct arena *a, const char *text, const struct user_row *users, size_t nusers, struct ids ticked, struct mentions *out)
{
	*out = (struct mentions){ .items = arena_array(a, nusers, sizeof(*out->items)) };
	for (const char *at = text; (at = strchr(at, '@')) != NULL; at++)
		if (at == text || ends(at - 1))
			call(a, at, users, nusers, ticked, out);
	for (size_t i = 0; i < ticked.n; i++) {
		const struct user_row *u = NULL;

		for (size_t k = 0; k < nusers && u == NULL; k++)
			u = strcmp(users[k].id, ticked.v[i]) == 0 ? &users[k] : NULL;
		if (u != NULL)
			add(out, u, NULL);
		else
			out->unknown = ticked.v[i];
	}
}

static const char *as_json(struct arena *a, const struct mentions *m)
{
	struct buf b = { 0 };
	char *out;

	for (size_t i = 0; i < m->n; i++) {
		buf_fmt(&b, "%s{\"id\":\"%s\",\"as\":", i == 0 ? "[" : ",", m->items[i].id);
		buf_json(&b, m->items[i].as);
		buf_char(&b, '}');
	}
	buf_char(&b, ']');
	out = arena_str(a, b.p);
	buf_free(&b);
	return out;
}

enum err mention_tell(struct ctx *cx, const char *message, const char *text, const char *ticked)
{
	struct ids ids = { NULL, 0 };
	struct user_row *users;
	struct mentions m;
	size_t n;

	text = text != NULL ? text : "";
	if (!ids_read(cx->arena, ticked, &ids))
		return fail_field(cx, "mentions", "format", NULL);
	if (ids.n == 0 && strchr(text, '@') == NULL)
		return OK;
	TRY(user_list(cx, &users, &n));
	mention_resolve(cx->arena, text, users, n, ids, &m);
	if (m.unknown != NULL)
		return fail_field(cx, "mentions", "unknown_user", NULL);
	if (m.vague != NULL)
		return fail_field(cx, "mentions", "vague", m.vague);
	return m.n == 0 ? OK : db_exec(cx, &sql_mention_tell, NULL, ARGS(A(message), A(as_json(cx->arena, &m))));
}

void mention_read(struct arena *a, const char *payload, struct mention **out, size_t *n)
{
	json_t *root = payload != NULL ? json_loads(payload, 0, NULL) : NULL, *list = json_object_get(root, "mentions"), *m;
	size_t i;

	*out = arena_array(a, json_array_size(list), sizeof(**out));
	*n = 0;
	json_array_foreach(list, i, m) {
		const char *name = json_string_value(json_object_get(m, "name")), *as = json_string_value(json_object_get(m, "as"));

		if (name != NULL)
			(*out)[(*n)++] = (struct mention){ NULL, arena_str(a, name), as != NULL ? arena_str(a, as) : NULL, json_is_true(json_object_get(m, "told")) };
	}
	json_decref(root);
}

const struct mention *mention_at(const struct mention *m, size_t n, const char *s)
{
	const struct mention *best = NULL;

	for (size_t i = 0; i < n; i++)
		if (m[i].as != NULL && text_starts(s, m[i].as) && ends(s + strlen(m[i].as)) && (best == NULL || strlen(m[i].as) > strlen(best->as)))
			best = &m[i];
	return best;
}
