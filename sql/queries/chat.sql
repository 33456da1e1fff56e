-- The public web chat. Program: chat.

-- name: chat_enter -> chat_entered
SELECT connection_id, name, tenant_name, locale, zone, greeting, contact_id, contact_name, contact_email, conversation_id FROM app.enter_chat($1, $2, $3);

-- What the visitor may read: nothing internal (the policy of message says so too), newest first.
-- name: chat_messages -> chat_message
SELECT m.id, m.direction, m.kind, m.text, m.status, m.author_name, m.sent_at, m.deleted_at
FROM message m WHERE m.conversation_id = $1 AND NOT m.internal AND m.kind <> 'activity' ORDER BY m.sent_at DESC, m.id DESC LIMIT 100;

-- The files of those messages, and one of them.
-- name: chat_files -> attachment
SELECT a.id, a.message_id, a.kind, a.name, a.mime, coalesce(a.size, 0) AS size, a.state, a.voice, a.file
FROM attachment a JOIN message m ON m.tenant_id = a.tenant_id AND m.id = a.message_id
WHERE m.conversation_id = $1 AND NOT m.internal AND m.deleted_at IS NULL
  AND ($2::uuid IS NULL OR true)
  AND m.sent_at >= (SELECT min(x.sent_at) FROM (SELECT sent_at FROM message WHERE conversation_id = $1 AND NOT internal ORDER BY sent_at DESC, id DESC LIMIT 100) x) --? shown
  AND a.id = $2 --? one
ORDER BY a.id;

-- name: chat_say -> message_made
SELECT message_id, created FROM app.chat_say($1, $2, $3, $4, $5, $6, $7::jsonb);

-- name: chat_seen
SELECT app.chat_seen($1);
