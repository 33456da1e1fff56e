-- Housekeeping, tenant by tenant, in small batches. Program: job.

-- name: purge_begin
-- No row: the last round is less than an hour ago, or somebody else has just begun one.
SELECT app.purge_begin()::text;

-- name: purge_enter
-- Enters the next tenant after this number; no row when there is none.
SELECT app.enter_next($1::bigint)::text;

-- name: purge_webhooks
DELETE FROM webhook_event WHERE id IN (SELECT id FROM webhook_event WHERE received_at < now() - $1::int * interval '1 day' AND state <> 'received' ORDER BY received_at LIMIT 200);

-- name: purge_events
DELETE FROM event WHERE seq IN (SELECT seq FROM event WHERE at < now() - $1::int * interval '1 day' ORDER BY at LIMIT 2000);

-- name: purge_keys
DELETE FROM idempotency_key WHERE (actor_id, key) IN (SELECT actor_id, key FROM idempotency_key WHERE created_at < now() - $1::int * interval '1 day' LIMIT 2000);

-- name: purge_changes
DELETE FROM pending_change WHERE id IN (SELECT id FROM pending_change WHERE created_at < now() - $1::int * interval '1 day' LIMIT 2000);

-- name: purge_reactions
DELETE FROM reaction_gone WHERE (connection_id, target, actor) IN (
  SELECT connection_id, target, actor FROM reaction_gone WHERE created_at < now() - $1::int * interval '1 day' LIMIT 2000);

-- name: purge_private
SELECT (app.purge_private() + app.rate_purge())::text;

-- name: files_known -> file_row
SELECT files_known AS file FROM app.files_known($1::text[]);
