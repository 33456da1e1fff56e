/* Signing in, sessions, tokens; what ends them. */
#include <inttypes.h>
#include <string.h>

#include "lib/auth/auth.h"
#include "lib/crypto/crypto.h"
#include "model/account.h"
#include "model/live.h"
#include "tests/db/dbt.h"

static const char good[] = "uma senha boa 1";

/* Somebody with a password, and an address of their own, so that throttles do not meet. */
static struct person login_person(const char **ip)
{
	struct person p = person_new(&alfa, "agent", "team");

	must(as(NULL), "UPDATE priv.credential SET password_hash = '%s' WHERE user_id = '%s'", password_hash(T, good), p.id);
	*ip = arena_fmt(T, "10.%u.%u.%u", (unsigned)rnd(255), (unsigned)rnd(255), (unsigned)rnd(255));
	return p;
}

static enum err begin(struct ctx *cx)
{
	cx->errors = NULL;
	return db_begin(cx, DB_WRITE, NULL, NULL, NULL, NOARGS, NULL, NULL);
}

static enum err login(struct ctx *cx, const char *email, const char *password, const char *ip, const char **token)
{
	struct login in = { .email = email, .password = password };
	enum err e = begin(cx);

	e = db_end(cx, e == OK ? account_login(cx, &in, ip, "db_test", token) : e);
	if (e == E_INVALID) {
		enum err f = begin(cx);

		IS_INT("counted", db_end(cx, f == OK ? account_login_failed(cx, email, ip) : f), OK);
	}
	return e;
}

static enum err bearer(struct ctx *cx, const char *email, const char *ip, struct tokens *out)
{
	struct login in = { .email = email, .password = good };
	enum err e = begin(cx);

	return db_end(cx, e == OK ? account_login_bearer(cx, &in, ip, "db_test", out) : e);
}

static enum err renew(struct ctx *cx, const char *token, struct tokens *out, bool *ok)
{
	enum err e = begin(cx);

	return db_end(cx, e == OK ? account_refresh(cx, token, NULL, NULL, out, ok) : e);
}

/* Whether the token lets in. */
static bool enters(struct ctx *cx, const char *token)
{
	struct person p = { .token = token };
	enum err e = UNIT(cx, &p, DB_READ, OK);

	IS_TRUE(err_name(e), e == OK || e == E_NOTFOUND);
	return e == OK;
}

static void entering(void)
{
	struct ctx *cx = ctx_as("auth");
	struct entered e;
	const char *token = session_for(&alfa, alfa.ana.id), *h = token_hex(token);

	IS_INT("begin", db_begin(cx, DB_READ, &auth_enter_sql, &entered_type, &e, ARGS(arg_bytes(auth_hash(T, token), 32), A(true)), NULL, NULL), OK);
	IS_INT("enter", db_entered(cx), OK);
	IS_STR("user", e.user_id, alfa.ana.id);
	IS_STR("e-mail", e.user_email, alfa.ana.email);
	IS_STR("role", e.role, "agent");
	IS_STR("scope", e.scope, "team");
	IS_STR("tenant", e.tenant_name, alfa.canary);
	IS_STR("locale and zone of the tenant", arena_fmt(T, "%s %s", e.locale, e.zone), "pt_BR America/Sao_Paulo");
	IS_TRUE("fresh", !e.stale);
	IS_INT("end", db_end(cx, OK), OK);
	IS_TRUE("unknown", !enters(cx, "unknown"));
	must(as(NULL), "UPDATE priv.session SET last_seen_at = now() - interval '2 minutes' WHERE token_hash = '\\x%s'", h);
	IS_STR("stale", get(as("web"), "SELECT stale FROM app.enter('\\x%s', true)", h), "t");
	must(as("web"), "SELECT app.seen('\\x%s')", h);
	IS_STR("seen", get(as("web"), "SELECT stale FROM app.enter('\\x%s', true)", h), "f");
	IS_STR("the user too", get(as(NULL), "SELECT last_seen_at > now() - interval '5 seconds' FROM user_account WHERE id = '%s'", alfa.ana.id), "t");
}

static void ends(void)
{
	static const struct { const char *what, *set; } table[] = {
		{ "idle", "last_seen_at = now() - interval '61 minutes'" }, { "expired", "expires_at = now() - interval '1 second'" }, { "revoked", "revoked_at = now()" },
	};
	struct ctx *cx = ctx_as("auth"), *live = ctx_as("live");

	for (size_t i = 0; i < nitems(table); i++) {
		const char *token = session_for(&alfa, alfa.ana.id), **gone = NULL;
		size_t n = 0;

		IS_TRUE(table[i].what, enters(cx, token));
		must(as(NULL), "UPDATE priv.session SET %s WHERE token_hash = '\\x%s'", table[i].set, token_hex(token));
		IS_TRUE(table[i].what, !enters(cx, token));
		IS_INT("live", live_gone(live, false, arena_fmt(T, "{%s,%s}", token_hex(alfa.ana.token), token_hex(token)), &gone, &n), OK);
		IS_INT("live hears of it", n, 1);
		IS_STR("of this one", n == 1 ? gone[0] : NULL, token_hex(token));
	}
}

static void seen_does_not_revive(void)
{
	const char *token = session_for(&alfa, alfa.ana.id);
	struct ctx *cx = ctx_as("auth");

	must(as(NULL), "UPDATE priv.session SET last_seen_at = now() - interval '61 minutes' WHERE token_hash = '\\x%s'", token_hex(token));
	must(as("web"), "SELECT app.seen('\\x%s')", token_hex(token));
	IS_TRUE("an idle session stays over", !enters(cx, token));
}

static void passwords(void)
{
	struct ctx *cx = ctx_as("auth");
	const char *ip, *token = NULL;
	struct person p = login_person(&ip);

	IS_INT("right", login(cx, p.email, good, ip, &token), OK);
	IS_TRUE("enters", enters(cx, token));
	IS_INT("capitals in the address", login(cx, arena_fmt(T, "P%s", p.email + 1), good, ip, &token), OK);
	IS_INT("wrong", login(cx, p.email, "uma senha boa 2", ip, &token), E_INVALID);
	IS_INT("nobody", login(cx, "nobody@nowhere.test", good, ip, &token), E_INVALID);
	IS_INT("no password set", login(cx, alfa.ana.email, "", ip, &token), E_INVALID);
	IS_INT("audited", num(as(NULL), "SELECT count(*) FROM audit_log WHERE actor_id = '%s' AND action = 'login'", p.id), 3);
	IS_INT("no password, no hash, no token in the audit", num(as(NULL), "SELECT count(*) FROM audit_log WHERE changes::text LIKE '%%argon%%' OR changes::text LIKE '%%senha%%'"), 0);
}

static void throttled(void)
{
	struct ctx *cx = ctx_as("auth");
	const char *ip, *token = NULL, *h;
	struct person p = login_person(&ip);
	int64_t last = 0;

	for (int i = 0; i < 5; i++)
		IS_INT("free", login(cx, p.email, "wrong password", ip, &token), E_INVALID);
	IS_INT("slowed, also with the right one", login(cx, p.email, good, ip, &token), E_RATE);
	IS_TRUE("told how long", cx->retry_after > 0 && cx->retry_after <= 15);
	IS_INT("others from the same address are not", login(cx, alfa.own.email, "x", ip, &token), E_INVALID);
	/* Each failure more doubles the wait, up to 15 minutes. */
	for (int i = 0; i < 12; i++) {
		int64_t wait = num(as(NULL), "SELECT extract(epoch FROM until - now())::int FROM priv.throttle WHERE failures >= 5 AND key LIKE 'mail:%%' ORDER BY since DESC LIMIT 1");

		IS_TRUE(arena_fmt(T, "wait %d after %d", (int)wait, (int)last), wait <= 900 && (wait >= last * 2 - 4 || wait >= 898));
		last = wait;
		h = get(as(NULL), "SELECT key FROM priv.throttle WHERE failures >= 5 AND key LIKE 'mail:%%' ORDER BY since DESC LIMIT 1");
		must(as("auth"), "SELECT app.throttle_fail(ARRAY['%s'], ARRAY[5])", h);
	}
	IS_TRUE("to 15 minutes", last >= 898);
	must(as(NULL), "UPDATE priv.throttle SET until = now() - interval '1 second' WHERE key = '%s'", get(as(NULL), "SELECT key FROM priv.throttle WHERE key LIKE 'mail:%%' ORDER BY failures DESC LIMIT 1"));
	IS_INT("when it is over", login(cx, p.email, good, ip, &token), OK);
	for (int i = 0; i < 4; i++)
		IS_INT("and forgotten", login(cx, p.email, "wrong password", ip, &token), E_INVALID);
	IS_INT("four are free again", login(cx, p.email, good, ip, &token), OK);
	IS_INT("no address stands there", num(as(NULL), "SELECT count(*) FROM priv.throttle WHERE key LIKE '%%@%%'"), 0);
	for (int i = 0; i < 20; i++)
		must(as("auth"), "SELECT app.throttle_fail(ARRAY['net:%s'], ARRAY[20])", ip);
	IS_INT("an address with too many", login(cx, p.email, good, ip, &token), E_RATE);
}

static void rotation(void)
{
	struct ctx *cx = ctx_as("auth");
	const char *ip;
	struct person p = login_person(&ip);
	struct tokens a, b, c, other;
	bool ok = false;

	IS_INT("bearer", bearer(cx, p.email, ip, &a), OK);
	IS_INT("another family", bearer(cx, p.email, ip, &other), OK);
	IS_TRUE("enters", enters(cx, a.access));
	IS_TRUE("a refresh token is no access", !enters(cx, a.refresh));
	IS_INT("renew", renew(cx, a.refresh, &b, &ok), OK);
	IS_TRUE("renewed", ok && enters(cx, b.access));
	IS_TRUE("the old access is over", !enters(cx, a.access));
	IS_INT("renew", renew(cx, b.refresh, &c, &ok), OK);
	IS_TRUE("renewed", ok && enters(cx, c.access));
	IS_INT("used before", renew(cx, a.refresh, &b, &ok), OK);
	IS_TRUE("refused, and the family has ended", !ok && !enters(cx, c.access));
	IS_INT("its last token too", renew(cx, c.refresh, &b, &ok), OK);
	IS_TRUE("refused", !ok);
	IS_TRUE("the other family lives", enters(cx, other.access));
	IS_INT("unknown", renew(cx, "unknown", &b, &ok), OK);
	IS_TRUE("refused", !ok);
	must(as(NULL), "UPDATE priv.refresh_token SET expires_at = now() WHERE token_hash = '\\x%s'", token_hex(other.refresh));
	IS_INT("too old", renew(cx, other.refresh, &b, &ok), OK);
	IS_TRUE("refused", !ok);
}

static void password_change(void)
{
	struct ctx *cx = ctx_as("auth");
	const char *ip, *one = NULL, *two = NULL;
	struct person p = login_person(&ip), other = login_person(&ip);
	struct password_change change = { good, "outra senha 22", "outra senha 22" }, wrong = { "x", "outra senha 22", "outra senha 22" }, differs = { good, "outra senha 22", "outra senha 23" };
	struct tokens api, more;
	bool ok = true;

	IS_INT("login", login(cx, p.email, good, ip, &one), OK);
	IS_INT("login", login(cx, p.email, good, ip, &two), OK);
	IS_INT("bearer", bearer(cx, p.email, ip, &api), OK);
	p.token = one;
	IS_INT("wrong", UNIT(cx, &p, DB_WRITE, account_password(cx, &wrong)), E_INVALID);
	IS_INT("differs", UNIT(cx, &p, DB_WRITE, account_password(cx, &differs)), E_INVALID);
	IS_TRUE("nothing happened", enters(cx, two));
	IS_INT("changed", UNIT(cx, &p, DB_WRITE, account_password(cx, &change)), OK);
	IS_TRUE("this one goes on", enters(cx, one));
	IS_TRUE("the others do not", !enters(cx, two) && !enters(cx, api.access));
	IS_INT("renew", renew(cx, api.refresh, &more, &ok), OK);
	IS_TRUE("nor may they be renewed", !ok);
	IS_TRUE("other people's do", enters(cx, other.token));
	IS_INT("old password", login(cx, p.email, good, ip, &two), E_INVALID);
	IS_INT("new password", login(cx, p.email, "outra senha 22", ip, &two), OK);
}

static void own_sessions(void)
{
	struct ctx *cx = ctx_as("auth");
	struct person p = person_new(&alfa, "agent", "own"), other = person_new(&alfa, "agent", "own");
	const char *second = session_for(&alfa, p.id);
	struct session_row *s = NULL, *o = NULL;
	size_t n = 0, m = 0;

	IS_INT("list", UNIT(cx, &p, DB_READ, account_sessions(cx, &s, &n)), OK);
	IS_INT("two", n, 2);
	IS_INT("one is this one", n == 2 ? s[0].current + s[1].current : 0, 1);
	IS_INT("list", UNIT(cx, &other, DB_READ, account_sessions(cx, &o, &m)), OK);
	IS_INT("somebody else's", m == 1 ? UNIT(cx, &p, DB_WRITE, account_session_end(cx, o[0].id)) : OK, E_NOTFOUND);
	IS_TRUE("goes on", enters(cx, other.token));
	IS_INT("the other own one", n == 2 ? UNIT(cx, &p, DB_WRITE, account_session_end(cx, s[s[0].current ? 1 : 0].id)) : OK, OK);
	IS_TRUE("is over", !enters(cx, second));
	IS_TRUE("this one goes on", enters(cx, p.token));
	second = session_for(&alfa, p.id);
	IS_INT("all but this one", UNIT(cx, &p, DB_WRITE, account_session_end(cx, NULL)), OK);
	IS_TRUE("so it is", enters(cx, p.token) && !enters(cx, second));
}

static void role_changes(void)
{
	struct ctx *cx = ctx_as("auth");
	struct person p = person_new(&alfa, "admin", "all");

	IS_INT("enter", UNIT(cx, &p, DB_READ, OK), OK);
	IS_STR("admin", cx->role, "admin");
	change_in(alfa.tenant, "UPDATE user_account SET role = 'viewer', scope = 'own' WHERE id = '%s'", p.id);
	IS_INT("enter", UNIT(cx, &p, DB_READ, OK), OK);
	IS_STR("with the next request", cx->role, "viewer");
	must(as("web"), "BEGIN");
	must(as("web"), "SELECT app.enter('\\x%s', true)", token_hex(p.token));
	IS_STR("the scope too", get(as("web"), "SELECT app.scope()"), "own");
	undo(as("web"));
	IS_STR("nobody becomes a super admin of a tenant", state(inside(alfa.tenant, NULL, "all"), "UPDATE user_account SET role = 'super' WHERE id = '%s'", p.id), "23514");
	undo(as(NULL));
	change_in(alfa.tenant, "UPDATE user_account SET active = false WHERE id = '%s'", p.id);
	IS_TRUE("not active: out", !enters(cx, p.token));
	change_in(alfa.tenant, "UPDATE user_account SET active = true WHERE id = '%s'", p.id);
	IS_TRUE("active again: sessions stay over", !enters(cx, p.token));
}

static void suspended(void)
{
	struct ctx *cx = ctx_as("auth");
	const char *ip, *token = NULL;
	struct person p = login_person(&ip);
	struct tokens api, more;
	bool ok;

	IS_INT("bearer", bearer(cx, p.email, ip, &api), OK);
	change_in(alfa.tenant, "UPDATE tenant SET status = 'suspended'");
	IS_TRUE("nobody enters", !enters(cx, alfa.admin.token) && !enters(cx, api.access));
	IS_INT("nor signs in", login(cx, p.email, good, ip, &token), E_INVALID);
	IS_INT("nor renews", renew(cx, api.refresh, &more, &ok), E_INVALID);
	IS_INT("nor a visitor", num(as("ingest"), "SELECT count(*) FROM app.enter_chat('%s', '%s', true)", alfa.key, alfa.visitor), 0);
	IS_INT("nor its webhooks", num(as("ingest"), "SELECT count(*) FROM app.hook_connection('%s')", alfa.own_app), 0);
	IS_TRUE("others do", enters(cx, beta.admin.token));
	change_in(alfa.tenant, "UPDATE tenant SET status = 'active'");
	IS_TRUE("again", enters(cx, alfa.admin.token));
}

CU_TestInfo account_tests[] = {
	{ "entering, and being seen", entering },
	{ "what ends a session", ends },
	{ "a late sign of life does not bring back an idle session", seen_does_not_revive },
	{ "signing in", passwords },
	{ "failures slow down", throttled },
	{ "refresh tokens rotate; one used twice ends its family", rotation },
	{ "a new password ends the other sessions", password_change },
	{ "the own sessions", own_sessions },
	{ "roles act with the next request", role_changes },
	{ "a suspended tenant", suspended },
	CU_TEST_INFO_NULL
};
