-- What helps to write: quick replies, drafts, messages for later. Programs: inbox, job.

-- name: quick_reply_list -> quick_reply
SELECT id, shortcut, title, content, category, version, created_at, updated_at FROM quick_reply ORDER BY shortcut LIMIT 500;

-- name: quick_reply_get -> quick_reply
SELECT id, shortcut, title, content, category, version, created_at, updated_at FROM quick_reply WHERE id = $1;

-- name: quick_reply_find -> quick_reply
SELECT id, shortcut, title, content, category, version, created_at, updated_at FROM quick_reply WHERE shortcut = $1;

-- name: quick_reply_add
INSERT INTO quick_reply (shortcut, title, content, category) VALUES ($1, $2, $3, $4) RETURNING id;

-- name: quick_reply_save
UPDATE quick_reply SET shortcut = $2, title = $3, content = $4, category = $5 WHERE id = $1 AND ($6::int IS NULL OR version = $6);

-- name: quick_reply_remove
DELETE FROM quick_reply WHERE id = $1 AND ($2::int IS NULL OR version = $2);

-- name: draft_get -> draft
SELECT text, internal, updated_at FROM draft WHERE conversation_id = $1 AND user_id = app.user_id();

-- No row changed: the conversation is not visible.
-- name: draft_put
INSERT INTO draft (conversation_id, user_id, text, internal) SELECT c.id, app.user_id(), $2, $3 FROM conversation c WHERE c.id = $1
ON CONFLICT (tenant_id, conversation_id, user_id) DO UPDATE SET text = excluded.text, internal = excluded.internal, updated_at = now();

-- name: draft_drop
DELETE FROM draft WHERE conversation_id = $1 AND user_id = app.user_id();

-- The external id of a message that may be quoted in the conversation.
-- name: message_quotable
SELECT external_id FROM message WHERE id = $1 AND conversation_id = $2 AND external_id IS NOT NULL AND NOT internal AND deleted_at IS NULL;

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
