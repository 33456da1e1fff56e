-- Teams and their queues, who is there, connections, holidays. Programs: settings.

-- Counts are of the conversations that the caller sees.
-- name: team_all -> team
SELECT t.id, t.name, t.description, t.auto_assign, t.version, t.created_at, t.updated_at,
  (SELECT count(*)::int FROM team_member m WHERE m.team_id = t.id) AS people,
  coalesce(c.open, 0) AS open, coalesce(c.queued, 0) AS queued, coalesce(c.waiting, 0) AS waiting
FROM team t LEFT JOIN (
  SELECT team_id, count(*)::int AS open, (count(*) FILTER (WHERE assignee_id IS NULL))::int AS queued, count(waiting_since)::int AS waiting
  FROM conversation WHERE status IN ('open', 'in_progress', 'pending') AND team_id IS NOT NULL GROUP BY team_id) c ON c.team_id = t.id
WHERE $1::uuid IS NULL OR t.id = $1
ORDER BY t.name, t.id LIMIT 500;

-- name: team_members -> team_member_row
SELECT m.team_id, m.user_id, u.name FROM team_member m JOIN user_account u ON u.tenant_id = m.tenant_id AND u.id = m.user_id AND u.active
ORDER BY u.name, u.id LIMIT 5000;

-- name: team_add
INSERT INTO team (name, description, auto_assign) VALUES ($1, $2, $3) RETURNING id;

-- name: team_save
UPDATE team SET name = $2, description = $3, auto_assign = $4, updated_at = now() WHERE id = $1 AND ($5::int IS NULL OR version = $5);

-- name: team_members_set
SELECT app.team_members_set($1, $2::uuid[]);

-- name: queue_drain
SELECT app.queue_drain($1)::text;

-- Null: no such team; false: it has another version.
-- name: team_remove
SELECT app.team_delete($1, $2)::text;

-- Everybody who answers: whether they are there, and how much they have to do.
-- name: desk_list -> desk
SELECT u.id, u.name, u.role, app.presence_of(u.presence, u.last_seen_at) AS presence, u.last_seen_at, u.capacity,
  (SELECT count(*)::int FROM conversation c WHERE c.assignee_id = u.id AND c.status IN ('open', 'in_progress', 'pending') AND c.snoozed_until IS NULL) AS open
FROM user_account u WHERE u.active AND u.role NOT IN ('viewer', 'super') ORDER BY u.name, u.id LIMIT 500;

-- name: capacity_set
SELECT app.capacity_set($1, $2)::text;

-- name: presence_get
SELECT app.presence_of(presence, last_seen_at) FROM user_account WHERE id = app.user_id();

-- name: presence_set
SELECT app.presence_set($1);

-- name: connection_all -> connection
SELECT c.id, c.name, c.channel, c.external_id, c.public_key, app.template_account(c.id) AS waba_id, c.shown, c.own_app, c.status, c.status_text, c.status_at, c.team_id, t.name AS team_name,
  c.reopen, c.greeting, c.away_enabled, c.away_message, app.hours_text(c.id, 0) AS sunday, app.hours_text(c.id, 1) AS monday, app.hours_text(c.id, 2) AS tuesday,
  app.hours_text(c.id, 3) AS wednesday, app.hours_text(c.id, 4) AS thursday, app.hours_text(c.id, 5) AS friday, app.hours_text(c.id, 6) AS saturday,
  app.closed_since(c.id, now()) AS closed_since, s.token AS has_token, s.secret AS has_secret, c.version, c.created_at, c.updated_at
FROM connection c LEFT JOIN team t ON t.tenant_id = c.tenant_id AND t.id = c.team_id, LATERAL app.connection_secrets(c.id) s
WHERE $1::uuid IS NULL OR c.id = $1
ORDER BY c.name, c.id LIMIT 200;

-- name: connection_new_id
SELECT app.uuid7()::text;

-- name: connection_add
INSERT INTO connection (id, name, channel, external_id, public_key, shown, greeting, own_app, access_token_sealed, app_secret_sealed, verify_token_sealed, team_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- Fetches its templates, of this business account when one is named.
-- name: connection_account
SELECT app.connection_account($1, $2);

-- name: connection_save
UPDATE connection SET name = $2, team_id = $3, reopen = $4, greeting = $5, away_enabled = $6, away_message = $7, shown = $8, updated_at = now()
WHERE id = $1 AND ($9::int IS NULL OR version = $9);

-- A new token puts an end to what the old one had come to.
-- name: connection_token
UPDATE connection SET access_token_sealed = $2, status = 'connected', status_text = NULL, status_at = now(), paused_until = NULL WHERE id = $1;

-- name: connection_secret
UPDATE connection SET app_secret_sealed = $2 WHERE id = $1;

-- name: connection_verify
UPDATE connection SET verify_token_sealed = $2 WHERE id = $1;

-- name: hours_set
SELECT app.hours_set($1, $2::jsonb);

-- From the beginning of the year before.
-- name: holiday_list -> holiday
SELECT id, day::text AS day, name FROM holiday WHERE day >= date_trunc('year', now() - interval '1 year')::date ORDER BY day LIMIT 500;

-- name: holiday_get -> holiday
SELECT id, day::text AS day, name FROM holiday WHERE id = $1;

-- name: holiday_add
INSERT INTO holiday (day, name) VALUES ($1::date, $2) RETURNING id;

-- Days that are there already stay as they are.
-- name: holiday_add_all
INSERT INTO holiday (day, name) SELECT x.day, x.name FROM jsonb_to_recordset($1::jsonb) x (day date, name text) ON CONFLICT (tenant_id, day) DO NOTHING;

-- name: holiday_remove
DELETE FROM holiday WHERE id = $1;
