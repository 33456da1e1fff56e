-- The WhatsApp adapter of the jobs. Program: job.

-- name: event_load -> event_row
SELECT e.id::text, e.source, e.connection_id::text, encode(e.body, 'hex') AS body, e.state FROM webhook_event e WHERE e.id = $1;

-- name: event_end
UPDATE webhook_event SET state = $2, reason = left($3, 200), processed_at = now() WHERE id = $1 AND state = 'received';

-- name: connection_enter
-- Enters the tenant of a connection; kind is "whatsapp" (value: the provider's number id) or "id". No row: nobody's.
SELECT app.enter_connection($1, $2)::text;

-- name: connection_number
SELECT external_id FROM connection WHERE id = $1 AND channel = 'whatsapp';

-- name: whatsapp_in
SELECT message_id::text FROM app.whatsapp_in($1, $2, $3, $4);

-- name: whatsapp_change
SELECT app.change_in($1, $2, $3, $4);

-- name: whatsapp_reaction
SELECT app.reaction_in($1, $2, $3, $4, $5);

-- name: whatsapp_system
SELECT app.whatsapp_system($1, $2, $3, $4, $5, $6);

-- name: connection_state
-- state NULL: as it is; text NULL: nothing is wrong; rest in milliseconds, NULL: none.
SELECT app.connection_state($1, $2, $3, $4::bigint * interval '1 millisecond');

-- name: send_load -> send_row
SELECT m.id::text, m.kind, m.text, m.payload::text AS payload, m.status, m.reply_to, m.deleted_at IS NOT NULL AS deleted,
  v.thread_key, coalesce(v.window_until > now(), false) AS window_open,
  c.id::text AS connection_id, c.channel, c.external_id AS number, c.access_token_sealed AS token, c.status AS connection_status, c.status_text,
  coalesce(greatest(0, extract(epoch FROM c.paused_until - clock_timestamp()) * 1000)::bigint, 0) AS rest_ms,
  p.id::text AS phone_id, p.value AS phone_key, coalesce(p.shown, p.value) AS phone, b.value AS user_id,
  f.id::text AS file_id, f.name AS file_name, f.mime AS file_mime, f.file, f.external_id AS media_id, coalesce(f.voice, false) AS voice
FROM message m
JOIN conversation v ON v.tenant_id = m.tenant_id AND v.id = m.conversation_id
JOIN connection c ON c.tenant_id = m.tenant_id AND c.id = m.connection_id
LEFT JOIN LATERAL (SELECT i.id, i.value, i.shown FROM contact_identity i WHERE i.tenant_id = v.tenant_id AND i.contact_id = v.contact_id AND i.kind = 'phone'
  ORDER BY ('phone:' || i.value) IS NOT DISTINCT FROM v.peer DESC, i.created_at DESC, i.id DESC LIMIT 1) p ON true
LEFT JOIN LATERAL (SELECT i.value FROM contact_identity i WHERE i.tenant_id = v.tenant_id AND i.contact_id = v.contact_id AND i.kind = 'bsuid'
  ORDER BY ('bsuid:' || i.value) IS NOT DISTINCT FROM v.peer DESC, i.created_at DESC, i.id DESC LIMIT 1) b ON true
LEFT JOIN LATERAL (SELECT a.id, a.name, a.mime, a.file, a.external_id, a.voice FROM attachment a WHERE a.tenant_id = m.tenant_id AND a.message_id = m.id
  ORDER BY a.id LIMIT 1) f ON true
WHERE m.id = $1 AND m.direction = 'out' AND NOT m.internal;

-- name: rate_take
SELECT app.rate_take($1, $2)::text;

-- name: send_result
SELECT app.send_result($1, $2, $3, $4::int, $5);

-- name: identity_form
-- The number as the provider writes it.
UPDATE contact_identity SET shown = $2 WHERE id = $1 AND shown IS DISTINCT FROM $2;

-- name: attachment_uploaded
UPDATE attachment SET external_id = $2 WHERE id = $1;

-- name: media_load -> media_row
SELECT a.id::text, a.message_id::text, m.conversation_id::text, a.kind, a.name, a.mime, a.sha256, a.state, a.external_id, c.external_id AS number,
  c.id::text AS connection_id, c.channel, c.access_token_sealed AS token
FROM attachment a
JOIN message m ON m.tenant_id = a.tenant_id AND m.id = a.message_id
JOIN connection c ON c.tenant_id = m.tenant_id AND c.id = m.connection_id
WHERE a.id = $1;

-- name: media_end
-- What became of the file: stored (file, mime, size, sha256), or too_large, gone, failed (error). The page hears of it.
WITH u AS (
  UPDATE attachment SET state = $2, file = $3, mime = coalesce($4, mime), size = coalesce($5::bigint, size), sha256 = coalesce($6, sha256), error = left($7, 200)
  WHERE id = $1 AND state = 'wait' RETURNING id, message_id)
SELECT app.emit('message:updated', 'message', m.id, m.conversation_id, NULL, jsonb_build_object('attachment', u.id, 'state', $2))
FROM u JOIN message m ON m.id = u.message_id;

-- name: template_changed
SELECT app.template_changed($1, $2);

-- name: template_due
SELECT app.template_due();

-- name: template_source -> template_source
SELECT c.id::text, c.external_id AS number, c.access_token_sealed AS token, c.status, app.template_account(c.id) AS account
FROM connection c WHERE c.id = $1 AND c.channel = 'whatsapp';

-- name: template_put
SELECT app.template_put($1, $2);

-- name: template_synced
SELECT app.template_synced($1, $2, $3);
