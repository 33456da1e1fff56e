#include "model/account.h"

#include <string.h>

#include "gen/sql_auth.h"
#include "lib/base/text.h"
#include "lib/auth/auth.h"
#include "lib/crypto/crypto.h"

#define REC struct login
static const struct field login_fields[] = {
	F(email, .flags = REQ, .max = 254), F(password, .flags = REQ | SECRET, .max = 1024), F(remember), F(next, .max = 1000),
};
static const struct field login_api_fields[] = { F(email, .flags = REQ, .max = 254), F(password, .flags = REQ | SECRET, .max = 1024) };
#undef REC
const struct rec_type login_type = REC_TYPE("login", struct login, login_fields);
const struct rec_type login_api_type = REC_TYPE("login_api", struct login, login_api_fields);

#define REC struct refresh
static const struct field refresh_fields[] = { F(refresh_token, .flags = REQ | SECRET, .max = 100) };
#undef REC
const struct rec_type refresh_type = REC_TYPE("refresh", struct refresh, refresh_fields);

#define REC struct password_change
static const struct field password_fields[] = {
	F(current, .flags = REQ | SECRET, .max = 1024), F(password, .flags = REQ | SECRET, .min = 10, .max = 1024), F(again, .flags = REQ | SECRET, .max = 1024),
};
#undef REC
const struct rec_type password_change_type = REC_TYPE("password_change", struct password_change, password_fields);

static const char *const locales[] = { "pt_BR", "en", NULL };
static const char *const themes[] = { "auto", "light", "dark", NULL };
#define REC struct preferences
static const struct field preference_fields[] = { F(locale, .flags = REQ, .one_of = locales), F(theme, .flags = REQ, .one_of = themes) };
#undef REC
const struct rec_type preferences_type = REC_TYPE("preferences", struct preferences, preference_fields);

#define REC struct session_row
static const struct field session_fields[] = { F(id, .flags = RO | ID), F(kind), F(created_at), F(last_seen_at), F(ip), F(agent), F(current) };
#undef REC
const struct rec_type session_row_type = REC_TYPE("session_row", struct session_row, session_fields);

#define REC struct worker_row
static const struct field worker_fields[] = { F(kind), F(age) };
#undef REC
const struct rec_type worker_row_type = REC_TYPE("worker_row", struct worker_row, worker_fields);

struct candidate { int64_t tenant_id; const char *user_id, *password_hash; };
#define REC struct candidate
static const struct field candidate_fields[] = { F(tenant_id), F(user_id), F(password_hash) };
#undef REC
const struct rec_type login_candidate_type = REC_TYPE("login_candidate", struct candidate, candidate_fields);

/* Keys of the throttle: the e-mail only as a digest, so that the table is no list of who tried. */
static const char *throttle_keys(struct ctx *cx, const char *email, const char *ip)
{
	const char *mail = text_lower(cx->arena, email);
	uint8_t h[32];

	sha256(mail, strlen(mail), h);
	return arena_fmt(cx->arena, "{\"mail:%s\",\"net:%s\"}", hex_encode(cx->arena, h, 16), ip != NULL && strpbrk(ip, "\"\\{},") == NULL ? ip : "");
}

enum err account_login_failed(struct ctx *cx, const char *email, const char *ip)
{
	/* An e-mail has 5 tries before it slows down, an address 20: many people share one. */
	return db_exec(cx, &sql_throttle_fail, NULL, ARGS(A(throttle_keys(cx, email, ip)), A("{5,20}")));
}

/* The candidate whose password this is; its tenant_id is 0 when there is none. One hash is computed at least, four at most. */
static enum err verify(struct ctx *cx, const struct login *in, const char *ip, struct candidate *who)
{
	const char *wait;
	struct candidate *c;
	size_t n;
	bool any = false;

	TRY(db_send(cx, &sql_throttle_wait, ARGS(A(throttle_keys(cx, in->email, ip)))));
	TRY(db_send(cx, &sql_login_find, ARGS(A(in->email))));
	TRY(db_take_text(cx, &wait));
	TRY(db_take_rows(cx, &login_candidate_type, &c, &n));
	if (wait != NULL && strcmp(wait, "0") != 0) {
		int64_t s = 0;

		(void)parse_i64(wait, 0, 86400, &s);
		cx->retry_after = (int)s;
		(void)fail_field(cx, "email", "throttled", wait);
		return fail(cx, E_RATE, "login throttled");
	}
	memset(who, 0, sizeof(*who));
	for (size_t i = 0; i < n || !any; i++) {
		any = true;
		if (password_verify(n > 0 ? c[i].password_hash : NULL, in->password)) {
			*who = c[i];
			return OK;
		}
	}
	return fail_field(cx, "email", "login", NULL);
}

static enum err session_start(struct ctx *cx, const struct candidate *c, const char *kind, const char *token, const char *life, const char *idle, const char *family,
    const char *ip, const char *agent)
{
	const char *sid;

	TRY(db_text(cx, &sql_session_start, &sid, ARGS(A(c->tenant_id), A(c->user_id), A(kind), arg_bytes(auth_hash(cx->arena, token), 32), A(life), A(idle), A(family), A(ip), A(agent))));
	return sid != NULL ? OK : fail_field(cx, "email", "login", NULL);
}

static enum err clear_throttle(struct ctx *cx, const char *email)
{
	const char *mail = text_lower(cx->arena, email);
	uint8_t h[32];

	sha256(mail, strlen(mail), h);
	return db_exec(cx, &sql_throttle_clear, NULL, ARGS(A(arena_fmt(cx->arena, "mail:%s", hex_encode(cx->arena, h, 16)))));
}

enum err account_login(struct ctx *cx, const struct login *in, const char *ip, const char *agent, const char **token)
{
	struct candidate c;

	TRY(verify(cx, in, ip, &c));
	*token = token_new(cx->arena);
	TRY(session_start(cx, &c, "cookie", *token, in->remember ? "30 days" : "12 hours", in->remember ? "30 days" : "4 hours", NULL, ip, agent));
	return clear_throttle(cx, in->email);
}

static enum err bearer_pair(struct ctx *cx, const struct candidate *c, const char *family, const char *ip, const char *agent, struct tokens *out)
{
	out->access = token_new(cx->arena);
	out->refresh = token_new(cx->arena);
	out->expires_in = ACCESS_S;
	TRY(session_start(cx, c, "bearer", out->access, "15 minutes", "15 minutes", family, ip, agent));
	return db_exec(cx, &sql_refresh_add, NULL, ARGS(arg_bytes(auth_hash(cx->arena, out->refresh), 32), A(c->tenant_id), A(c->user_id), A(family), A("30 days")));
}

/* A family is named by 122 random bits, as a UUIDv4. */
static const char *family_new(struct ctx *cx)
{
	uint8_t b[16];
	const char *h;

	random_bytes(b, sizeof(b));
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
	h = hex_encode(cx->arena, b, sizeof(b));
	return arena_fmt(cx->arena, "%.8s-%.4s-%.4s-%.4s-%.12s", h, h + 8, h + 12, h + 16, h + 20);
}

enum err account_login_bearer(struct ctx *cx, const struct login *in, const char *ip, const char *agent, struct tokens *out)
{
	struct candidate c;

	TRY(verify(cx, in, ip, &c));
	TRY(bearer_pair(cx, &c, family_new(cx), ip, agent, out));
	return clear_throttle(cx, in->email);
}

enum err account_refresh(struct ctx *cx, const char *token, const char *ip, const char *agent, struct tokens *out, bool *ok)
{
	struct candidate *c;
	size_t n;

	*ok = false;
	TRY(db_rows(cx, &sql_refresh_use, &login_candidate_type, &c, &n, ARGS(arg_bytes(auth_hash(cx->arena, token), 32))));
	if (n == 0)
		return OK;
	*ok = true;
	/* The statement gives the family in the column of the hash: a refreshed session needs no password. */
	return bearer_pair(cx, &c[0], c[0].password_hash, ip, agent, out);
}

enum err account_sessions(struct ctx *cx, struct session_row **out, size_t *n)
{
	return db_rows(cx, &sql_session_list, &session_row_type, out, n, NOARGS);
}

enum err account_session_end(struct ctx *cx, const char *id)
{
	const char *n;

	TRY(db_text(cx, &sql_session_end, &n, ARGS(A(id))));
	return id == NULL || !text_eq(n, "0") ? OK : fail(cx, E_NOTFOUND, "session %s", id);
}

enum err account_password(struct ctx *cx, const struct password_change *in)
{
	const char *hash;

	if (strcmp(in->password, in->again) != 0)
		return fail_field(cx, "again", "again", NULL);
	TRY(db_text(cx, &sql_password_hash, &hash, NOARGS));
	if (!password_verify(hash, in->current))
		return fail_field(cx, "current", "current", NULL);
	return db_exec(cx, &sql_password_set, NULL, ARGS(A(password_hash(cx->arena, in->password))));
}

enum err account_locale(struct ctx *cx, const char *locale)
{
	return db_exec(cx, &sql_user_locale, NULL, ARGS(A(locale)));
}

enum err worker_list(struct ctx *cx, struct worker_row **out, size_t *n)
{
	return db_rows(cx, &sql_worker_list, &worker_row_type, out, n, NOARGS);
}
