-- Sessions are opened by the program "auth" alone, as a role of its own. What is injected elsewhere finds no function
-- that opens another tenant's session; what is injected there finds no table worth it: the rail's two counts and the account.
GRANT USAGE ON SCHEMA app, public TO balcao_auth;
GRANT EXECUTE ON FUNCTION app.tenant(), app.user_id(), app.scope(), app.subject(), app.session_id(), app.teams(), app.uuid7(), app.enter(bytea, boolean), app.seen(bytea) TO balcao_auth;
GRANT EXECUTE ON FUNCTION app.login_find(text), app.throttle_wait(text[]), app.throttle_fail(text[], int[]), app.throttle_clear(text),
  app.session_start(bigint, uuid, text, bytea, interval, interval, uuid, inet, text), app.refresh_add(bytea, bigint, uuid, uuid, interval), app.refresh_use(bytea),
  app.sessions(), app.session_end(uuid), app.password_hash(), app.password_set(text), app.workers() TO balcao_auth;
REVOKE EXECUTE ON FUNCTION app.login_find(text), app.throttle_wait(text[]), app.throttle_fail(text[], int[]), app.throttle_clear(text),
  app.session_start(bigint, uuid, text, bytea, interval, interval, uuid, inet, text), app.refresh_add(bytea, bigint, uuid, uuid, interval), app.refresh_use(bytea),
  app.sessions(), app.session_end(uuid), app.password_hash(), app.password_set(text), app.workers() FROM balcao_web;
GRANT SELECT ON schema_migration, tenant, user_account, team, team_member TO balcao_auth;
GRANT UPDATE (locale) ON user_account TO balcao_auth;
REVOKE UPDATE (locale) ON user_account FROM balcao_web;
GRANT SELECT (tenant_id, id, status, assignee_id, team_id, contact_id, waiting_since, snoozed_until) ON conversation TO balcao_auth;
GRANT SELECT (tenant_id, id, user_id, read_at) ON notification TO balcao_auth;
GRANT SELECT, INSERT, UPDATE ON idempotency_key TO balcao_auth;
GRANT EXECUTE ON FUNCTION app.once_begin(text, bytea), app.once_end(text, int, text, text, text) TO balcao_auth;
