-- Signing in, sessions, the own account. Programs: auth.

-- name: login_find -> login_candidate
SELECT tenant_id, user_id, password_hash FROM app.login_find($1);

-- name: throttle_wait
SELECT app.throttle_wait($1::text[]);

-- name: throttle_fail
SELECT app.throttle_fail($1::text[], $2::int[]);

-- name: throttle_clear
SELECT app.throttle_clear($1);

-- name: session_start
SELECT app.session_start($1, $2, $3, $4, $5::interval, $6::interval, $7, $8::inet, $9);

-- name: refresh_add
SELECT app.refresh_add($1, $2, $3, $4, $5::interval);

-- name: refresh_use -> login_candidate
SELECT tenant_id, user_id, family::text AS password_hash FROM app.refresh_use($1);

-- name: session_list -> session_row
SELECT id, kind, created_at, last_seen_at, ip, agent, current FROM app.sessions();

-- name: session_end
SELECT app.session_end($1);

-- name: password_hash
SELECT app.password_hash();

-- name: password_set
SELECT app.password_set($1);

-- name: user_locale
UPDATE user_account SET locale = $1 WHERE id = app.user_id();

-- name: worker_list -> worker_row
SELECT kind, age FROM app.workers();

-- What the rail counts, to 100: conversations that wait for an answer, and unread notifications. cursor: the
-- place in the stream of events that this page stands at.
-- name: chrome_counts -> chrome_row
SELECT (SELECT count(*) FROM (SELECT FROM conversation WHERE status IN ('open', 'in_progress', 'pending') AND waiting_since IS NOT NULL AND snoozed_until IS NULL LIMIT 100) w) AS waiting,
  (SELECT count(*) FROM (SELECT FROM notification WHERE user_id = app.user_id() AND read_at IS NULL LIMIT 100) n) AS notices,
  pg_snapshot_xmin(pg_current_snapshot())::text || '-0' AS cursor,
  (SELECT app.presence_of(u.presence, u.last_seen_at) FROM user_account u WHERE u.id = app.user_id()) AS presence;
