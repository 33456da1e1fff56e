-- The public web chat. Program: chat.

-- name: chat_enter -> chat_entered
SELECT connection_id, name, tenant_name, locale, zone, greeting, contact_id, contact_name, contact_email, conversation_id FROM app.enter_chat($1, $2, $3);

-- What the visitor may read: nothing internal (the policy of message says so too), newest first.
-- name: chat_messages -> chat_message
SELECT m.id, m.direction, m.kind, m.text, m.status, m.author_name, m.sent_at, m.deleted_at
FROM message m WHERE m.conversation_id = $1 AND NOT m.internal AND m.kind <> 'activity' ORDER BY m.sent_at DESC, m.id DESC LIMIT 100;

-- name: chat_say
SELECT app.chat_say($1, $2, $3, $4, $5, $6);

-- name: chat_seen
SELECT app.chat_seen($1);
