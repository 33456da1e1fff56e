/* kept_test.c: a form whose session ended while it was filled in: the text comes back after the login, to the same person, and nothing is done unseen. */
#include <stdio.h>
#include <string.h>

#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "tests/e2e/samples.h"

static const char *const ours[] = { "Sec-Fetch-Site: same-origin", NULL };

static void end_sessions(const char *email)
{
	(void)sql("UPDATE priv.session s SET expires_at = now() - interval '1 second' FROM user_account u WHERE u.id = s.user_id AND u.email = '%s' RETURNING 1", email);
}

static long post_with(struct client *c, const char *path, const char *form, const char *const *headers)
{
	struct body b = { "application/x-www-form-urlencoded", form, strlen(form) };

	return http(c, "POST", path, &b, headers);
}

static const char *form_of(const struct client *c, const char *rest)
{
	return arena_fmt(mem, "csrf=%s&%s", c->csrf, rest);
}

/* Fills in the login page that stands in c. */
static long log_in(struct client *c, const char *email, const char *kept)
{
	const char *csrf = input_value(c, "csrf"), *next = input_value(c, "next");

	throttle_forget();
	return post_raw(c, "/login", arena_fmt(mem, "csrf=%s&email=%s&password=" PASSWORD "&kept=%s&next=%s", shown(csrf), url_text(email), shown(kept), url_text(next != NULL ? next : "")));
}

/* Luana's answer, typed when her session was over. The login page stands in c. */
static const char *typed(struct client *c, const char *conv, const char *text)
{
	sign_in(c, LUANA);
	get(c, arena_fmt(mem, "/conversations/%s", conv));
	IS_STATUS(c, 200);
	end_sessions(LUANA);
	post_with(c, arena_fmt(mem, "/conversations/%s/messages", conv), form_of(c, arena_fmt(mem, "text=%s&token=%s", url_text(text), token_new(mem))), ours);
	IS_STATUS(c, 401);
	return input_value(c, "kept");
}

static int64_t messages(const char *conv, const char *text)
{
	return sqln("SELECT count(*) FROM message WHERE conversation_id = '%s' AND text = '%s'", conv, text);
}

static void long_reply(void)
{
	struct client *c = client_new("luana");
	const char *conv = conversation_make("E2E Sessão"), *text = arena_fmt(mem, "Orçamento <b>á & é</b> %.6s", token_new(mem)), *kept, *to;

	kept = typed(c, conv, text);
	if (EXPECT(kept != NULL && *kept != '\0', "the login page holds nothing")) {
		EXPECT(!has(c, "Or\xc3\xa7" "amento") && !has(c, "Or%C3"), "the login page shows the text");
		HAS(c, "Sua sessão terminou");
		/* A slip of the password does not lose it. */
		post_raw(c, "/login", arena_fmt(mem, "csrf=%s&email=" LUANA "&password=errada&kept=%s", input_value(c, "csrf"), kept));
		IS_STATUS(c, 422);
		IS_TEXT(c, input_value(c, "kept"), kept);
		log_in(c, LUANA, kept);
		IS_STATUS(c, 303);
		to = header(c, "Location");
		EXPECT(to != NULL && text_starts(to, arena_fmt(mem, "/conversations/%s/messages?kept=", conv)), "goes to %s", shown(to));
		EXPECT(messages(conv, text) == 0, "it was sent unseen");
		get(c, to);
		IS_STATUS(c, 200);
		HAS(c, "Orçamento &lt;b&gt;á &amp; é&lt;/b&gt;");
		HAS(c, "Sua sessão tinha expirado");
		HAS_NOT(c, "kept=");
		EXPECT(messages(conv, text) == 0, "it was sent by looking at it");
		post_form(c, arena_fmt(mem, "/conversations/%s/messages", conv), "text", text, "token", shown(input_value(c, "token")), NULL);
		IS_STATUS(c, 303);
		EXPECT(messages(conv, text) == 1, "%lld messages", (long long)messages(conv, text));
	}
	client_free(c);
}

static void somebody_else(void)
{
	struct client *c = client_new("luana, then davi");
	const char *conv = conversation_make("E2E Outro"), *kept = typed(c, conv, "Segredo da Luana");
	int64_t before = sqln("SELECT count(*) FROM idempotency_key WHERE key LIKE 'kept %%'");

	log_in(c, DAVI, kept);
	IS_STATUS(c, 303);
	EXPECT(header(c, "Location") != NULL && strstr(header(c, "Location"), "kept=") == NULL, "another person goes to %s", shown(header(c, "Location")));
	EXPECT(sqln("SELECT count(*) FROM idempotency_key WHERE key LIKE 'kept %%'") == before, "another person's text was kept");
	client_free(c);
}

/* What is no form of this browser's is not held: the plain way to the login. */
static void not_held(void)
{
	static const char *const cross[] = { "Sec-Fetch-Site: cross-site", NULL }, *const foreign[] = { "Origin: https://evil.example", NULL };
	static const char *const script[] = { "Sec-Fetch-Site: same-origin", "Sec-Fetch-Dest: empty", NULL }, *const none[] = { NULL };
	static const char *const *const how[] = { cross, foreign, script, none };
	struct client *c = client_new("luana");
	const char *conv = conversation_make("E2E Nada"), *path = arena_fmt(mem, "/conversations/%s/messages", conv);

	sign_in(c, LUANA);
	get(c, arena_fmt(mem, "/conversations/%s", conv));
	end_sessions(LUANA);
	for (size_t i = 0; i < nitems(how); i++) {
		post_with(c, path, form_of(c, "text=Oi"), how[i]);
		EXPECT(c->status == 303 && header(c, "Location") != NULL && text_starts(header(c, "Location"), "/login"), "%s (%zu): %ld", c->call, i, c->status);
	}
	/* Of another session, and of nobody. */
	post_with(c, path, arena_fmt(mem, "csrf=%s%s&text=Oi", token_new(mem), strchr(c->csrf, '.')), ours);
	IS_STATUS(c, 303);
	post_with(c, path, "text=Oi", ours);
	IS_STATUS(c, 303);
	/* Passwords stay where they are. */
	post_with(c, "/account/password", form_of(c, "current=" PASSWORD "&password=segredo-novo-1&again=segredo-novo-1"), ours);
	IS_STATUS(c, 401);
	log_in(c, LUANA, input_value(c, "kept"));
	IS_STATUS(c, 303);
	EXPECT(sqln("SELECT count(*) FROM idempotency_key WHERE body LIKE '%%segredo-novo%%'") == 0, "a password was kept");
	client_free(c);
}

static void broken_seals(void)
{
	struct client *c = client_new("luana");
	const char *conv = conversation_make("E2E Selo"), *kept = typed(c, conv, "Selo"), *bad[5];
	char *turned = arena_str(mem, kept);

	turned[strlen(turned) / 2] ^= 1;
	bad[0] = turned;
	bad[1] = arena_strn(mem, kept, strlen(kept) / 2);
	bad[2] = "v1.pre.";
	bad[3] = "x";
	bad[4] = kept;
	for (size_t i = 0; i < nitems(bad); i++) {
		/* The whole seal in another browser; the broken ones in their own. */
		if (i == 4)
			cookies_clear(c);
		get(c, "/login");
		log_in(c, LUANA, bad[i]);
		EXPECT(c->status == 303 && header(c, "Location") != NULL && strstr(header(c, "Location"), "kept=") == NULL, "seal %zu: %ld to %s", i, c->status, shown(header(c, "Location")));
		cookie_set(c, "balcao", NULL);
	}
	client_free(c);
}

static const char *keep(const char *email, const char *path, const char *body)
{
	return sql("INSERT INTO idempotency_key (tenant_id, actor_id, key, request_hash, status, location, body) SELECT tenant_id, id, 'kept ' || app.uuid7(), '', 0, '%s', '%s' "
	           "FROM user_account WHERE email = '%s' RETURNING substr(key, 6)", path, body, email);
}

static void gone(void)
{
	struct client *c = client_new("luana");
	const char *ids[4];

	sign_in(c, LUANA);
	ids[0] = keep(DAVI, "/contacts", "name=Segredo");
	ids[1] = keep(LUANA, "/leads", "name=Segredo");
	ids[2] = keep(LUANA, "/contacts", "name=Segredo");
	ids[3] = "01970000-0000-7000-8000-0000000000ff";
	(void)sql("UPDATE idempotency_key SET created_at = now() - interval '61 minutes' WHERE key = 'kept %s' RETURNING 1", ids[2]);
	for (size_t i = 0; i < nitems(ids); i++) {
		get(c, arena_fmt(mem, "/contacts?kept=%s", ids[i]));
		EXPECT(c->status == 303 && same_text(header(c, "Location"), "/"), "%s (%zu): %ld", c->call, i, c->status);
	}
	get(c, "/contacts?kept=x");
	IS_STATUS(c, 200);
	get(c, "/conversations?kept=01970000-0000-7000-8000-0000000000ff");
	IS_STATUS(c, 200);
	/* Without a session: to the login, not in a circle. */
	cookies_clear(c);
	get(c, arena_fmt(mem, "/contacts?kept=%s", ids[1]));
	IS_STATUS(c, 303);
	client_free(c);
}

/* Every form that can be shown again can be shown so. */
static void every_form(void)
{
	struct client *c = client_new("rosana");
	size_t n = 0;

	jobs_pause();
	things_make();
	sign_in(c, ROSANA);
	for (size_t i = 0; i < napps; i++) {
		for (size_t k = 0; k < all_apps[i]->nroutes; k++) {
			const struct route *r = &all_apps[i]->routes[k];
			const struct sample *s = sample_of(r);
			const char *path, *id, *before;

			if (r->method != POST || r->again == NULL || r->need == PUBLIC || s == NULL || s->form == NULL)
				continue;
			path = path_of(r, "", OWN, ROSANA);
			id = keep(ROSANA, path, body_of(s->form, OWN, OWN));
			before = db_state(true);
			get(c, arena_fmt(mem, "%s?kept=%s", path, id));
			EXPECT(c->status == 200, "%s: %ld", c->call, c->status);
			before = db_changed(before, db_state(true));
			EXPECT(*before == '\0', "%s changed %s", c->call, before);
			n++;
		}
	}
	EXPECT(n > 20, "only %zu forms", n);
	things_forget();
	jobs_resume();
	client_free(c);
}

static void big(void)
{
	struct client *c = client_new("luana");
	const char *conv = conversation_make("E2E Grande"), *kept, *to;
	char *text = arena_alloc(mem, 60001);

	memset(text, 'a', 60000);
	kept = typed(c, conv, text);
	if (EXPECT(kept != NULL, "60,000 characters are not held")) {
		log_in(c, LUANA, kept);
		IS_STATUS(c, 303);
		to = header(c, "Location");
		EXPECT(to != NULL && strstr(to, "kept=") != NULL, "goes to %s", shown(to));
		get(c, to);
		IS_STATUS(c, 200);
		EXPECT(has(c, text), "60,000 characters are not all there");
	}
	client_free(c);
}

CU_TestInfo kept_tests[] = {
	{ "a long reply survives the end of the session", long_reply },
	{ "another person does not get it", somebody_else },
	{ "what is not held", not_held },
	{ "broken seals, another browser", broken_seals },
	{ "too old, another's, another form's", gone },
	{ "60,000 characters", big },
	{ "every form can come back", every_form },
	CU_TEST_INFO_NULL
};
