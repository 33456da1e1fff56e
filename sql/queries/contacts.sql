-- People. Programs: contacts, inbox.

-- name: contact_list -> contact
SELECT id, lifecycle, kind, name, phone, email, username, company, city, source_channel, status, lead_status, lost_reason, owner_id, note,
  last_activity_at, converted_at, version, created_at, updated_at
FROM contact
WHERE merged_into IS NULL AND lifecycle = $1 AND ($2::timestamptz IS NULL OR $3::uuid IS NULL OR $4::text IS NULL OR true)
  AND id = ANY ((SELECT app.contact_search($4))::uuid[]) --? search
  AND (coalesce(last_activity_at, created_at), id) < ($2, $3) --? after
ORDER BY coalesce(last_activity_at, created_at) DESC, id DESC
LIMIT 51 --? l50
LIMIT 501 --? l500
;

-- name: contact_get -> contact
SELECT id, lifecycle, kind, name, phone, email, username, company, city, source_channel, status, lead_status, lost_reason, owner_id, note,
  last_activity_at, converted_at, version, created_at, updated_at
FROM contact WHERE id = $1;

-- name: identity_list -> identity
SELECT id, kind, value, shown, created_at FROM contact_identity WHERE contact_id = $1 ORDER BY created_at, id LIMIT 100;

-- name: contact_conversations -> conversation
SELECT id, number, contact_id, contact_name, contact_phone, contact_kind, connection_id, channel, status, assignee_id, assignee_name, team_id,
  preview, preview_kind, preview_out, unread, waiting_since, last_message_at, last_inbound_at, window_until, snoozed_until, version, created_at, updated_at
FROM conversation WHERE contact_id = $1 ORDER BY last_message_at DESC, id DESC LIMIT 50;
