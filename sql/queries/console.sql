-- Setting up: what balcao-console does. Every unit enters its tenant first (console_enter, console_tenant_add).

-- name: console_enter
-- Null when there is no tenant of this slug.
SELECT app.console_enter($1)::text;

-- name: console_next
-- Enters the tenant after this number; null when there is none.
SELECT app.enter_next($1)::text;

-- name: console_id
SELECT app.uuid7()::text;

-- name: console_tenant_add
SELECT app.tenant_add($1, $2, $3, $4)::text;

-- name: console_user_add
SELECT app.user_add($1, $2, $3, $4, $5)::text;

-- name: console_user_known
SELECT id::text FROM user_account WHERE email = lower($1);

-- name: console_team_add
INSERT INTO team (name, description) VALUES ($1, $2);

-- name: console_team_join
INSERT INTO team_member (team_id, user_id) SELECT t.id, u.id FROM team t, user_account u WHERE t.name = $1 AND u.email = $2;

-- name: console_connection_add
INSERT INTO connection (id, name, channel, external_id, public_key, shown, greeting, own_app, access_token_sealed, app_secret_sealed, verify_token_sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: console_connection_find
SELECT id::text FROM connection WHERE name = $1;

-- name: console_tenant_line -> setup_tenant
SELECT t.name, t.slug, t.status, t.plan, t.zone, t.locale,
  (SELECT count(*)::int FROM user_account WHERE active) AS users, (SELECT count(*)::int FROM conversation) AS conversations
FROM tenant t;

-- name: console_user_lines -> setup_user
SELECT name, email, role, scope, active FROM user_account ORDER BY created_at, id;

-- name: console_connection_lines -> setup_connection_line
SELECT id::text, name, channel, coalesce(external_id, public_key) AS key, own_app, status FROM connection ORDER BY created_at, id;

----------------------------------------------------------------------------------------------------
-- Demo data: a history, written as it would stand had it happened.

-- name: demo_contact_add
INSERT INTO contact (lifecycle, kind, name, phone, email, username, company, city, source_channel, lead_status, owner_id, note, created_at, converted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, (SELECT u.id FROM user_account u WHERE u.email = $11), $12, $13,
  CASE WHEN $1 = 'contact' THEN $13::timestamptz END)
RETURNING id::text;

-- name: demo_identity_add
INSERT INTO contact_identity (contact_id, kind, value, shown, created_at) VALUES ($1, $2, $3, $4, $5);

-- name: demo_conversation_add
WITH n AS (UPDATE tenant SET conversation_number = conversation_number + 1 RETURNING conversation_number)
INSERT INTO conversation (number, contact_id, connection_id, channel, status, assignee_id, assignee_name, team_id, contact_name, contact_phone, contact_kind, snoozed_until, created_at)
SELECT n.conversation_number, p.id, c.id, c.channel, $3, u.id, u.name, (SELECT t.id FROM team t WHERE t.name = $5), coalesce(p.name, p.username), p.phone, p.kind, $6, $7
FROM n CROSS JOIN contact p CROSS JOIN connection c LEFT JOIN user_account u ON u.email = $4
WHERE p.id = $1 AND c.name = $2
RETURNING id::text;

-- name: demo_message_add
INSERT INTO message (conversation_id, connection_id, direction, kind, text, payload, status, external_id, internal, author_id, author_name, reply_to,
  sent_at, created_at, delivered_at, read_at, failed_at, error_code, error_text, edited_at, original)
SELECT c.id, c.connection_id, $2, $3, $4, $5::jsonb, $6, $7, $8, u.id, u.name, $10,
  $11, $11, CASE WHEN $6 IN ('delivered', 'read') THEN $11::timestamptz + interval '2 seconds' END,
  CASE WHEN $6 = 'read' THEN $11::timestamptz + interval '3 minutes' END,
  CASE WHEN $6 = 'failed' THEN $11::timestamptz + interval '5 seconds' END, nullif($12, 0)::int, $13,
  CASE WHEN $14::text IS NOT NULL THEN $11::timestamptz + interval '1 minute' END, $14
FROM conversation c LEFT JOIN user_account u ON u.email = $9 WHERE c.id = $1
RETURNING id::text;

-- name: demo_attachment_add
INSERT INTO attachment (message_id, kind, name, mime, size, state, external_id, voice, created_at)
VALUES ($1, $2, $3, $4, nullif($5, 0), $6, $7, $8, $9) RETURNING id::text;

-- name: demo_media_job
SELECT app.job_add('media', $1, NULL, NULL);

-- name: demo_reaction_add
INSERT INTO reaction (connection_id, target, actor, emoji, at)
SELECT c.connection_id, $2, CASE WHEN $5::text IS NULL THEN 'contact:' || c.contact_id ELSE 'user:' || u.id END, $3, $4
FROM conversation c LEFT JOIN user_account u ON u.email = $5 WHERE c.id = $1;

-- name: demo_notification_add
INSERT INTO notification (user_id, kind, conversation_id, actor_name, title, created_at)
SELECT u.id, $3, c.id, $4, coalesce(c.contact_name, ''), $5 FROM user_account u, conversation c WHERE u.email = $1 AND c.id = $2;

-- name: demo_conversation_settle
-- What stands on the row of a conversation, from its messages.
UPDATE conversation c SET
  preview = l.preview, preview_kind = l.kind, preview_out = l.direction = 'out', last_message_at = l.sent_at, last_inbound_at = s.last_in,
  window_until = CASE WHEN c.channel = 'whatsapp' THEN s.last_in + interval '24 hours' END,
  waiting_since = CASE WHEN c.status IN ('open', 'in_progress', 'pending') THEN s.waiting END,
  unread = CASE WHEN c.status IN ('open', 'in_progress', 'pending', 'spam') THEN s.unread ELSE 0 END,
  resolved_at = CASE WHEN c.status = 'resolved' THEN l.sent_at + interval '5 minutes' END
FROM (SELECT left(text, 200) AS preview, kind, direction, sent_at FROM message WHERE conversation_id = $1 AND NOT internal ORDER BY sent_at DESC, id DESC LIMIT 1) l,
  (SELECT max(m.sent_at) FILTER (WHERE m.direction = 'in') AS last_in,
     min(m.sent_at) FILTER (WHERE m.direction = 'in' AND m.sent_at > o.at) AS waiting,
     (count(*) FILTER (WHERE m.direction = 'in' AND m.sent_at > o.at))::int AS unread
   FROM message m, (SELECT coalesce(max(sent_at), '-infinity') AS at FROM message WHERE conversation_id = $1 AND direction = 'out' AND NOT internal) o
   WHERE m.conversation_id = $1) s
WHERE c.id = $1;

-- name: demo_contact_settle
UPDATE contact p SET last_activity_at = (SELECT max(c.last_message_at) FROM conversation c WHERE c.contact_id = p.id) WHERE p.id = $1;
