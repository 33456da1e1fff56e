-- Conversations and messages. Programs: inbox.

-- One page of conversations. Orders: recent (last message first), waiting (only those that wait, longest wait first), turn
-- (those that wait, then the others; app.turn); _back: the page before. rest: turn from among the others on, by columns, since the
-- policies let no condition on app.turn, which is not leakproof, down to the index.
-- name: conversation_list -> conversation
SELECT id, number, contact_id, contact_name, contact_phone, contact_kind, connection_id, channel, status, assignee_id, assignee_name, team_id,
  preview, preview_kind, preview_out, unread, waiting_since, last_message_at, last_inbound_at, window_until, snoozed_until, merged_into, version, created_at, updated_at
FROM conversation
WHERE ($1::text IS NULL OR $2::text IS NULL OR $3::uuid IS NULL OR $4::timestamptz IS NULL OR $5::uuid IS NULL OR $6::text IS NULL
    OR $7::uuid IS NULL OR $8::uuid IS NULL OR $9::bigint IS NULL OR true)
  AND status IN ('open', 'in_progress', 'pending') --? active
  AND snoozed_until IS NULL --? awake
  AND snoozed_until IS NOT NULL --? snoozed
  AND status = $1 --? status
  AND channel = $2 --? channel
  AND assignee_id = app.user_id() --? mine
  AND assignee_id = $3 --? assignee
  AND assignee_id IS NULL --? unassigned
  AND team_id = ANY ((SELECT app.teams())::uuid[]) --? team
  AND unread > 0 --? unread
  AND waiting_since IS NOT NULL --? waiting|waiting_back
  AND id = ANY ((SELECT app.conversation_search($6))::uuid[]) --? search
  AND EXISTS (SELECT FROM conversation_tag x WHERE x.conversation_id = conversation.id AND x.tag_id = $7) --? tag
  AND team_id = $8 --? team_id
  AND (last_message_at, id) < ($4, $5) --? after
  AND (last_message_at, id) > ($4, $5) --? before
  AND (waiting_since, id) > ($4, $5) --? waiting_after
  AND (waiting_since, id) < ($4, $5) --? waiting_before
  AND (app.turn(waiting_since, last_message_at), id) > ($9, $5) --? turn_after
  AND (app.turn(waiting_since, last_message_at), id) < ($9, $5) --? turn_before
  AND waiting_since IS NULL AND last_message_at <= $4 AND (last_message_at < $4 OR id > $5) --? rest
ORDER BY waiting_since, id --? waiting
ORDER BY waiting_since DESC, id DESC --? waiting_back
ORDER BY app.turn(waiting_since, last_message_at), id --? turn
ORDER BY last_message_at DESC, id --? rest
ORDER BY app.turn(waiting_since, last_message_at) DESC, id DESC --? turn_back
ORDER BY last_message_at DESC, id DESC --? recent
ORDER BY last_message_at, id --? recent_back
LIMIT 26 --? l25
LIMIT 51 --? l50
LIMIT 101 --? l100
LIMIT 501 --? l500
;

-- name: conversation_counts -> conversation_counts
SELECT count(*) FILTER (WHERE assignee_id = (SELECT app.user_id())) AS mine, count(*) FILTER (WHERE assignee_id IS NULL) AS unassigned,
  count(*) FILTER (WHERE team_id = ANY ((SELECT app.teams())::uuid[])) AS team, count(*) AS everything
FROM (SELECT assignee_id, team_id FROM conversation WHERE status IN ('open', 'in_progress', 'pending') AND snoozed_until IS NULL LIMIT 10000) c;

-- name: conversation_get -> conversation
SELECT id, number, contact_id, contact_name, contact_phone, contact_kind, connection_id, channel, status, assignee_id, assignee_name, team_id,
  preview, preview_kind, preview_out, unread, waiting_since, last_message_at, last_inbound_at, window_until, snoozed_until, merged_into, version, created_at, updated_at
FROM conversation WHERE id = $1;

-- name: conversation_read
UPDATE conversation SET unread = 0 WHERE id = $1 AND unread > 0;

-- name: conversation_status
UPDATE conversation SET status = $2, snoozed_until = NULL, resolved_at = CASE WHEN $2 IN ('resolved', 'archived') THEN now() END,
  waiting_since = CASE WHEN $2 IN ('resolved', 'archived', 'spam') THEN NULL ELSE waiting_since END
WHERE id = $1 AND ($3::int IS NULL OR version = $3) AND status <> $2;

-- name: conversation_merge
SELECT app.conversation_merge($1, $2, $3, $4);

-- Others of the same person, the newest first; threads of groups stay apart.
-- name: conversation_beside -> conversation
SELECT v.id, v.number, v.contact_id, v.contact_name, v.contact_phone, v.contact_kind, v.connection_id, v.channel, v.status, v.assignee_id, v.assignee_name, v.team_id,
  v.preview, v.preview_kind, v.preview_out, v.unread, v.waiting_since, v.last_message_at, v.last_inbound_at, v.window_until, v.snoozed_until, v.merged_into, v.version,
  v.created_at, v.updated_at
FROM conversation v JOIN conversation me ON me.tenant_id = v.tenant_id AND me.contact_id = v.contact_id AND me.thread_key = v.thread_key
WHERE me.id = $1 AND v.id <> me.id AND v.merged_into IS NULL ORDER BY v.last_message_at DESC, v.id DESC
LIMIT 5 --? few
LIMIT 50 --? many
;

-- Deals of a person, open ones first.
-- name: deal_lines -> deal_line
SELECT d.id, d.title, d.currency, s.name AS stage, d.status, d.value_minor AS value, p.money
FROM deal d JOIN stage s ON s.tenant_id = d.tenant_id AND s.id = d.stage_id JOIN pipeline p ON p.tenant_id = d.tenant_id AND p.id = d.pipeline_id
WHERE d.contact_id = $1 ORDER BY d.status = 'open' DESC, d.updated_at DESC, d.id DESC LIMIT 5;

-- name: conversation_activity
SELECT app.activity($1, $2, $3);

-- name: event_emit
SELECT app.emit($1, $2, $3, $4, $5, $6::jsonb);

-- name: conversation_assign
SELECT app.conversation_assign($1, $2, $3, $4);

-- Newest first; the page turns them round.
-- name: message_list -> message
SELECT id, conversation_id, direction, kind, text, payload::text, status, external_id, internal, author_id, author_name, reply_to, sent_at,
  delivered_at, read_at, failed_at, coalesce(error_code, 0) AS error_code, error_text, edited_at, deleted_at, created_at
FROM message
WHERE conversation_id = $1 AND ($2::timestamptz IS NULL OR $3::uuid IS NULL OR true)
  AND NOT internal --? public
  AND (sent_at, id) < ($2, $3) --? before
  AND (sent_at, id) > ($2, $3) --? after
ORDER BY sent_at DESC, id DESC --? newest
ORDER BY sent_at, id --? oldest
LIMIT 51 --? l50
LIMIT 101 --? l100
LIMIT 501 --? l500
;

-- name: message_get -> message
SELECT id, conversation_id, direction, kind, text, payload::text, status, external_id, internal, author_id, author_name, reply_to, sent_at,
  delivered_at, read_at, failed_at, coalesce(error_code, 0) AS error_code, error_text, edited_at, deleted_at, created_at
FROM message WHERE id = $1;

-- Files of the messages shown: those of the conversation at or after the oldest one.
-- name: attachment_list -> attachment
SELECT a.id, a.message_id, a.kind, a.name, a.mime, coalesce(a.size, 0) AS size, a.state, a.voice, a.file
FROM attachment a JOIN message m ON m.tenant_id = a.tenant_id AND m.id = a.message_id
WHERE m.conversation_id = $1 AND m.sent_at BETWEEN $2 AND $3 ORDER BY a.id;

-- name: attachment_get -> attachment
SELECT id, message_id, kind, name, mime, coalesce(size, 0) AS size, state, voice, file FROM attachment WHERE id = $1;

-- What hangs on the messages shown, by their external ids: each by the connection it came by.
-- name: reaction_list -> reaction
SELECT r.target, r.emoji, r.actor FROM message m JOIN reaction r ON r.tenant_id = m.tenant_id AND r.connection_id = m.connection_id AND r.target = m.external_id
WHERE m.conversation_id = $1 AND m.sent_at BETWEEN $2 AND $3 ORDER BY r.at;

-- name: message_quoted -> quoted
SELECT q.external_id, q.text, q.kind, q.author_name, q.direction
FROM message m JOIN message q ON q.tenant_id = m.tenant_id AND q.connection_id = m.connection_id AND q.external_id = m.reply_to
WHERE m.conversation_id = $1 AND m.sent_at BETWEEN $2 AND $3 AND m.reply_to IS NOT NULL;

-- name: message_out -> message_made
SELECT message_id, created FROM app.message_out($1, $2, $3, $4, $5, $6, $7::jsonb);

-- The same with stored files, which are its attachments when it is new.
-- name: message_out_files -> message_made
WITH m AS MATERIALIZED (SELECT message_id, created FROM app.message_out($1, $2, $3, $4, $5, $6, NULL))
SELECT message_id, created FROM m WHERE CASE WHEN created THEN app.files_attach(message_id, $7::jsonb) ELSE true END;

-- name: message_files -> attachment
SELECT id, message_id, kind, name, mime, coalesce(size, 0) AS size, state, voice, file FROM attachment WHERE message_id = ANY ($1::uuid[]) ORDER BY id;

-- name: mention_tell
SELECT app.mention_tell($1, $2::jsonb);

-- Its file goes up again: the provider forgets what it was given after 30 days.
-- name: message_retry
WITH a AS (UPDATE attachment SET external_id = NULL WHERE message_id = $1 AND file IS NOT NULL)
SELECT app.message_retry($1);

-- name: user_list -> user_row
SELECT id, name, role, app.presence_of(presence, last_seen_at) AS presence, split_part(email, '@', 1) AS handle FROM user_account WHERE active AND role NOT IN ('viewer', 'super') ORDER BY name, id LIMIT 500;

-- name: team_list -> team_row
SELECT id, name FROM team ORDER BY name, id LIMIT 500;

-- name: connection_get -> connection_row
SELECT id, name, channel, shown, status, status_text, paused_until FROM connection WHERE id = $1;

-- name: notification_list -> notification
SELECT id, kind, conversation_id, actor_name, title, read_at, created_at FROM notification
WHERE user_id = app.user_id() AND ($1::uuid IS NULL OR true)
  AND id < $1 --? before
ORDER BY id DESC LIMIT 51;

-- name: notification_read
UPDATE notification SET read_at = now() WHERE user_id = app.user_id() AND read_at IS NULL AND ($1::uuid IS NULL OR id = $1);

-- Somebody opened the conversation: what is said about it to them has been seen.
-- name: notification_seen
UPDATE notification SET read_at = now() WHERE user_id = app.user_id() AND conversation_id = $1 AND read_at IS NULL;
