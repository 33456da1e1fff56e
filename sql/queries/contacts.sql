-- People and tags. Programs: contacts, inbox.

-- One page of people. status: a list. Few optional lines: each choice of them is a statement that a process keeps.
-- name: contact_list -> contact
SELECT c.id, c.lifecycle, c.kind, c.name, c.phone, c.email, c.username, c.company, c.city, c.source_channel, c.status, c.lead_status, c.lost_reason, c.owner_id, u.name AS owner_name,
  c.note, c.last_activity_at, c.converted_at, c.version, c.created_at, c.updated_at, left(app.plain(coalesce(c.name, '')), 40) AS name_key
FROM contact c LEFT JOIN user_account u ON u.tenant_id = c.tenant_id AND u.id = c.owner_id
WHERE c.merged_into IS NULL AND c.lifecycle = $1
  AND ($2::timestamptz IS NULL OR $3::uuid IS NULL OR $4::text IS NULL OR $5::uuid IS NULL OR $6::uuid IS NULL OR $7::text IS NULL OR $8::text[] IS NULL
    OR $9::text IS NULL OR true)
  AND c.status IN ('active', 'blocked') --? usual
  AND c.status = ANY ($8) --? statuses
  AND c.lead_status = $7 --? stage
  AND c.id = ANY ((SELECT app.contact_search($4, $1))::uuid[]) --? search
  AND EXISTS (SELECT FROM contact_tag x WHERE x.tenant_id = c.tenant_id AND x.contact_id = c.id AND x.tag_id = $5) --? tag
  AND c.owner_id = $6 --? owner
  AND c.owner_id IS NULL --? unowned
  AND (coalesce(c.last_activity_at, c.created_at), c.id) < ($2, $3) --? after_recent
  AND (coalesce(c.last_activity_at, c.created_at), c.id) > ($2, $3) --? after_recent_up
  AND (c.created_at, c.id) < ($2, $3) --? after_created
  AND (c.created_at, c.id) > ($2, $3) --? after_created_up
  AND (left(app.plain(coalesce(c.name, '')), 40) COLLATE "C", c.id) > ($9, $3) --? after_name
  AND (left(app.plain(coalesce(c.name, '')), 40) COLLATE "C", c.id) < ($9, $3) --? after_name_down
ORDER BY coalesce(c.last_activity_at, c.created_at) DESC, c.id DESC --? recent
ORDER BY coalesce(c.last_activity_at, c.created_at), c.id --? recent_up
ORDER BY c.created_at DESC, c.id DESC --? created
ORDER BY c.created_at, c.id --? created_up
ORDER BY left(app.plain(coalesce(c.name, '')), 40) COLLATE "C", c.id --? name
ORDER BY left(app.plain(coalesce(c.name, '')), 40) COLLATE "C" DESC, c.id DESC --? name_down
LIMIT 51 --? l50
LIMIT 501 --? l500
;

-- How many there are, counted to 1,001 only.
-- name: contact_count -> contact_count
SELECT count(*) AS n FROM (
SELECT 1 FROM contact c
WHERE c.merged_into IS NULL AND c.lifecycle = $1
  AND ($2::text IS NULL OR $3::uuid IS NULL OR $4::uuid IS NULL OR $5::text[] IS NULL OR $6::text IS NULL OR true)
  AND c.status IN ('active', 'blocked') --? usual
  AND c.status = ANY ($5) --? statuses
  AND c.lead_status = $6 --? stage
  AND c.id = ANY ((SELECT app.contact_search($2, $1))::uuid[]) --? search
  AND EXISTS (SELECT FROM contact_tag x WHERE x.tenant_id = c.tenant_id AND x.contact_id = c.id AND x.tag_id = $3) --? tag
  AND c.owner_id = $4 --? owner
  AND c.owner_id IS NULL --? unowned
LIMIT 1001) x;

-- name: contact_get -> contact
SELECT c.id, c.lifecycle, c.kind, c.name, c.phone, c.email, c.username, c.company, c.city, c.source_channel, c.status, c.lead_status, c.lost_reason, c.owner_id, u.name AS owner_name,
  c.note, c.last_activity_at, c.converted_at, c.version, c.created_at, c.updated_at, '' AS name_key
FROM contact c LEFT JOIN user_account u ON u.tenant_id = c.tenant_id AND u.id = c.owner_id WHERE c.id = $1;

-- name: identity_list -> identity
SELECT id, kind, value, shown, created_at FROM contact_identity WHERE contact_id = $1 ORDER BY created_at, id LIMIT 100;

-- name: contact_conversations -> conversation
SELECT id, number, contact_id, contact_name, contact_phone, contact_kind, connection_id, channel, status, assignee_id, assignee_name, team_id,
  preview, preview_kind, preview_out, unread, waiting_since, last_message_at, last_inbound_at, window_until, snoozed_until, merged_into, version, created_at, updated_at
FROM conversation WHERE contact_id = $1 ORDER BY last_message_at DESC, id DESC LIMIT 50;

-- name: contact_id
SELECT app.uuid7()::text;

-- Who sees only their own people begins as the owner.
-- name: contact_add
INSERT INTO contact (id, lifecycle, kind, name, phone, email, company, city, note, converted_at, owner_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CASE WHEN $2 = 'contact' THEN now() END, CASE WHEN app.scope() = 'own' THEN app.user_id() END);

-- name: contact_save
UPDATE contact SET kind = $2, name = $3, phone = $4, email = $5, company = $6, city = $7, note = $8
WHERE id = $1 AND merged_into IS NULL AND ($9::int IS NULL OR version = $9);

-- name: contact_made
SELECT app.emit('contact:created', 'contact', $1, NULL, NULL, NULL);

-- name: identity_claim -> identity_claim
SELECT of_kind AS kind, holder::text, holder_name FROM app.identity_claim($1, $2::jsonb);

-- Whose phone or e-mail it is, as far as the acting user sees them.
-- name: identity_holder -> identity_claim
SELECT i.kind, p.id::text AS holder, coalesce(p.name, p.username, p.phone, p.email) AS holder_name
FROM contact_identity i JOIN contact o ON o.tenant_id = i.tenant_id AND o.id = i.contact_id
JOIN contact p ON p.tenant_id = o.tenant_id AND p.id = coalesce(o.merged_into, o.id)
WHERE i.kind = $1 AND i.value = $2;

-- A phone or an e-mail that was typed wrong goes; one that was written from stays.
-- name: identity_drop
DELETE FROM contact_identity i WHERE i.contact_id = $1 AND i.kind = $2 AND i.value = $3
  AND NOT EXISTS (SELECT FROM conversation v WHERE v.tenant_id = i.tenant_id AND v.contact_id = i.contact_id AND v.channel = CASE $2 WHEN 'phone' THEN 'whatsapp' ELSE 'email' END);

-- name: contact_assign
SELECT app.contact_assign($1::uuid[], $2)::text;

-- name: contact_block
SELECT app.contact_block($1, $2)::text;

-- name: contact_archive
UPDATE contact SET status = CASE WHEN $2::boolean THEN 'inactive' ELSE 'active' END
WHERE id = $1 AND merged_into IS NULL AND status = CASE WHEN $2 THEN 'active' ELSE 'inactive' END;

-- name: contact_convert
UPDATE contact SET lifecycle = 'contact', converted_at = now(), lead_status = 'qualified', lost_reason = NULL, status = CASE status WHEN 'inactive' THEN 'active' ELSE status END
WHERE id = $1 AND lifecycle = 'lead' AND merged_into IS NULL;

-- The open conversations say so.
-- name: contact_converted
SELECT app.activity(v.id, 'converted', NULL), app.emit('conversation:updated', 'conversation', v.id, v.id, NULL, '{"converted": true}')
FROM conversation v WHERE v.contact_id = $1 AND v.status IN ('open', 'in_progress', 'pending');

-- name: contact_stage
UPDATE contact SET lead_status = $2, lost_reason = $3 WHERE id = $1 AND lifecycle = 'lead' AND merged_into IS NULL;

-- What happened with a person, newest first: conversations begun, notes in them, changes (one row a field).
-- name: contact_timeline -> timeline_row
SELECT * FROM (
  (SELECT v.created_at AS at, 'conversation' AS kind, v.id::text AS ref, NULL AS actor_name, NULL AS field, NULL AS old, v.preview AS text, v.id AS conversation_id, v.number, v.channel, v.status
   FROM conversation v WHERE v.contact_id = $1 ORDER BY v.last_message_at DESC LIMIT 50)
  UNION ALL
  (SELECT m.sent_at, 'note', m.id::text, m.author_name, NULL, NULL, m.text, v.id, v.number, v.channel, v.status
   FROM (SELECT x.* FROM conversation x WHERE x.contact_id = $1 ORDER BY x.last_message_at DESC LIMIT 20) v,
     LATERAL (SELECT y.* FROM message y WHERE y.tenant_id = v.tenant_id AND y.conversation_id = v.id AND y.internal AND y.kind = 'text' ORDER BY y.sent_at DESC LIMIT 10) m)
  UNION ALL
  (SELECT a.at, a.action, a.seq::text, u.name, e.key, e.value ->> 0, CASE WHEN e.key = 'owner_id' THEN n.name ELSE e.value ->> 1 END, NULL, 0, NULL, NULL
   FROM (SELECT * FROM audit_log l WHERE l.entity = 'contact' AND l.entity_id = $1 AND l.action IN ('insert', 'update', 'tag') ORDER BY l.seq DESC LIMIT 50) a
   LEFT JOIN user_account u ON u.tenant_id = a.tenant_id AND u.id = a.actor_id
   LEFT JOIN LATERAL jsonb_each(CASE a.action WHEN 'insert' THEN '{"lifecycle": [null, null]}'::jsonb ELSE a.changes END) e ON true
   LEFT JOIN user_account n ON e.key = 'owner_id' AND n.tenant_id = a.tenant_id AND n.id::text = e.value ->> 1
   WHERE e.key NOT IN ('converted_at', 'search'))) x
ORDER BY at DESC, ref DESC, field LIMIT 150;

----------------------------------------------------------------------------------------------------
-- name: tag_list -> tag
SELECT t.id, t.name, t.color, t.category, t.version, t.created_at, t.updated_at, 0::bigint AS contacts, 0::bigint AS conversations, 0::bigint AS deals
FROM tag t ORDER BY app.plain(t.name) LIMIT 500;

-- The same with how often each is used, counted to 1,001 only.
-- name: tag_counted -> tag
SELECT t.id, t.name, t.color, t.category, t.version, t.created_at, t.updated_at,
  (SELECT count(*) FROM (SELECT 1 FROM contact_tag x WHERE x.tag_id = t.id LIMIT 1001) n) AS contacts,
  (SELECT count(*) FROM (SELECT 1 FROM conversation_tag x WHERE x.tag_id = t.id LIMIT 1001) n) AS conversations,
  (SELECT count(*) FROM (SELECT 1 FROM deal_tag x WHERE x.tag_id = t.id LIMIT 1001) n) AS deals
FROM tag t ORDER BY app.plain(t.name) LIMIT 500;

-- name: tag_get -> tag
SELECT t.id, t.name, t.color, t.category, t.version, t.created_at, t.updated_at, 0::bigint AS contacts, 0::bigint AS conversations, 0::bigint AS deals FROM tag t WHERE t.id = $1;

-- By name, as people type it.
-- name: tag_find -> tag
SELECT t.id, t.name, t.color, t.category, t.version, t.created_at, t.updated_at, 0::bigint AS contacts, 0::bigint AS conversations, 0::bigint AS deals FROM tag t WHERE app.plain(t.name) = app.plain($1);

-- name: tag_add
INSERT INTO tag (name, color, category) VALUES ($1, $2, $3) RETURNING id::text;

-- name: tag_save
UPDATE tag SET name = $2, color = $3, category = $4 WHERE id = $1 AND ($5::int IS NULL OR version = $5);

-- name: tag_remove
DELETE FROM tag WHERE id = $1 AND ($2::int IS NULL OR version = $2);

-- MATERIALIZED: else the planner looks for each person under each tag of the tenant.
-- name: tag_of_contacts -> tag_of
WITH x AS MATERIALIZED (SELECT tenant_id, contact_id, tag_id FROM contact_tag WHERE contact_id = ANY ($1::uuid[]))
SELECT x.contact_id AS owner, t.id, t.name, t.color FROM x JOIN tag t ON t.tenant_id = x.tenant_id AND t.id = x.tag_id ORDER BY x.contact_id, app.plain(t.name);

-- name: tag_of_conversations -> tag_of
WITH x AS MATERIALIZED (SELECT tenant_id, conversation_id, tag_id FROM conversation_tag WHERE conversation_id = ANY ($1::uuid[]))
SELECT x.conversation_id AS owner, t.id, t.name, t.color FROM x JOIN tag t ON t.tenant_id = x.tenant_id AND t.id = x.tag_id ORDER BY x.conversation_id, app.plain(t.name);

-- name: tag_set_contacts
SELECT app.contact_tags($1::uuid[], $2::uuid[], $3::uuid[])::text;

-- name: tag_set_conversations
SELECT app.conversation_tags($1::uuid[], $2::uuid[], $3::uuid[])::text;
