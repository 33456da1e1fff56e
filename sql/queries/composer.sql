-- What helps to write: quick replies, drafts, messages for later. Programs: inbox, job.

-- name: quick_reply_list -> quick_reply
SELECT id, shortcut, title, content, category, file, file_kind, file_name, file_mime, file_sha256, coalesce(file_size, 0) AS file_size, version, created_at, updated_at FROM quick_reply ORDER BY shortcut LIMIT 500;

-- name: quick_reply_get -> quick_reply
SELECT id, shortcut, title, content, category, file, file_kind, file_name, file_mime, file_sha256, coalesce(file_size, 0) AS file_size, version, created_at, updated_at FROM quick_reply WHERE id = $1;

-- name: quick_reply_find -> quick_reply
SELECT id, shortcut, title, content, category, file, file_kind, file_name, file_mime, file_sha256, coalesce(file_size, 0) AS file_size, version, created_at, updated_at FROM quick_reply WHERE shortcut = $1;

-- Its file, when it has one: an array as app.files_attach takes it.
-- name: quick_reply_add
INSERT INTO quick_reply (shortcut, title, content, category, file, file_kind, file_name, file_mime, file_sha256, file_size)
SELECT $1, $2, $3, $4, f.file, f.kind, f.name, f.mime, f.sha256, f.size
FROM (VALUES (1)) AS one LEFT JOIN jsonb_to_recordset($5::jsonb) AS f (kind text, name text, mime text, size bigint, sha256 text, file text) ON true RETURNING id;

-- A new file takes the place of the old one; without one the old one stays, or goes ($8).
-- name: quick_reply_save
UPDATE quick_reply q SET shortcut = $2, title = $3, content = $4, category = $5,
  (file, file_kind, file_name, file_mime, file_sha256, file_size) = (
    SELECT f.file, f.kind, f.name, f.mime, f.sha256, f.size FROM jsonb_to_recordset($7::jsonb) AS f (kind text, name text, mime text, size bigint, sha256 text, file text)
    UNION ALL SELECT q.file, q.file_kind, q.file_name, q.file_mime, q.file_sha256, q.file_size WHERE $7 IS NULL AND NOT $8::boolean)
WHERE q.id = $1 AND ($6::int IS NULL OR q.version = $6);

-- name: quick_reply_remove
DELETE FROM quick_reply WHERE id = $1 AND ($2::int IS NULL OR version = $2);

-- name: draft_get -> draft
SELECT d.text, d.internal, d.updated_at, q.id AS quick_file, q.file_name FROM draft d
LEFT JOIN quick_reply q ON q.tenant_id = d.tenant_id AND q.id = d.quick_reply_id AND q.file IS NOT NULL
WHERE d.conversation_id = $1 AND d.user_id = app.user_id();

-- No row changed: the conversation is not visible.
-- name: draft_put
INSERT INTO draft (conversation_id, user_id, text, internal, quick_reply_id)
SELECT c.id, app.user_id(), coalesce($2, ''), $3, (SELECT q.id FROM quick_reply q WHERE q.id = $4) FROM conversation c WHERE c.id = $1
ON CONFLICT (tenant_id, conversation_id, user_id) DO UPDATE SET text = excluded.text, internal = excluded.internal, quick_reply_id = excluded.quick_reply_id, updated_at = now();

-- name: draft_drop
DELETE FROM draft WHERE conversation_id = $1 AND user_id = app.user_id();

-- The external id of a message that may be quoted in the conversation.
-- name: message_quotable
-- Of the connection that the answer goes out by: elsewhere nobody knows its id.
SELECT m.external_id FROM message m JOIN conversation c ON c.tenant_id = m.tenant_id AND c.id = m.conversation_id AND c.connection_id = m.connection_id
WHERE m.id = $1 AND m.conversation_id = $2 AND m.external_id IS NOT NULL AND NOT m.internal AND m.deleted_at IS NULL;

-- Pending ones and those that failed lately, the next one first.
-- name: scheduled_list -> scheduled
SELECT s.id, s.conversation_id, c.contact_name, c.contact_phone, s.author_id, u.name AS author_name, s.text, s.run_at, s.status, s.error, s.message_id, s.version, s.created_at, s.updated_at
FROM scheduled_message s JOIN conversation c ON c.id = s.conversation_id JOIN user_account u ON u.id = s.author_id
WHERE ($1::uuid IS NULL OR true)
  AND s.conversation_id = $1 --? conversation
  AND (s.status = 'pending' OR s.status = 'failed' AND s.run_at > now() - interval '7 days')
ORDER BY s.run_at, s.id LIMIT 500;

-- name: scheduled_get -> scheduled
SELECT s.id, s.conversation_id, c.contact_name, c.contact_phone, s.author_id, u.name AS author_name, s.text, s.run_at, s.status, s.error, s.message_id, s.version, s.created_at, s.updated_at
FROM scheduled_message s JOIN conversation c ON c.id = s.conversation_id JOIN user_account u ON u.id = s.author_id WHERE s.id = $1;

-- The order, and the job that carries it out. No row: the conversation is not visible, or the token was used before.
-- name: scheduled_add
WITH n AS (
  INSERT INTO scheduled_message (conversation_id, author_id, text, run_at, token)
  SELECT c.id, app.user_id(), $2, $3, $4 FROM conversation c WHERE c.id = $1
  ON CONFLICT (tenant_id, conversation_id, token) WHERE token IS NOT NULL DO NOTHING RETURNING id, conversation_id, run_at)
SELECT n.id, app.job_add('schedule', n.id, NULL, n.run_at), app.emit('scheduled:updated', 'scheduled_message', n.id, n.conversation_id, NULL, '{"status": "pending"}') FROM n;

-- name: scheduled_token
SELECT id FROM scheduled_message WHERE conversation_id = $1 AND token = $2;

-- A job of its own for the new hour: the older one finds nothing to do.
-- name: scheduled_save
WITH n AS (
  UPDATE scheduled_message SET text = $2, run_at = $3 WHERE id = $1 AND status = 'pending' AND ($4::int IS NULL OR version = $4) RETURNING id, conversation_id, run_at)
SELECT n.id, app.job_add('schedule', n.id, NULL, n.run_at), app.emit('scheduled:updated', 'scheduled_message', n.id, n.conversation_id, NULL, '{"status": "pending"}') FROM n;

-- name: scheduled_cancel
WITH n AS (
  UPDATE scheduled_message SET status = 'cancelled' WHERE id = $1 AND status IN ('pending', 'failed') AND ($2::int IS NULL OR version = $2) RETURNING id, conversation_id)
SELECT n.id, app.emit('scheduled:updated', 'scheduled_message', n.id, n.conversation_id, NULL, '{"status": "cancelled"}') FROM n;

-- name: scheduled_send
SELECT app.scheduled_send($1);

-- name: scheduled_fail
SELECT app.scheduled_fail($1);
