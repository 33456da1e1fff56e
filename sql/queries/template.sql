-- Approved WhatsApp templates, conversations that we begin. Programs: inbox.

-- By name and language; after the one with id $5.
-- name: template_list -> whatsapp_template
SELECT w.id, w.connection_id, c.name AS connection_name, w.name, w.language, w.category, w.status, w.header, w.body, w.footer, w.components::text AS components, w.quality, w.reason,
  w.variables, w.synced_at
FROM whatsapp_template w JOIN connection c ON c.tenant_id = w.tenant_id AND c.id = w.connection_id
WHERE ($1::uuid IS NULL OR $2::text IS NULL OR $3::text IS NULL OR $4::text IS NULL OR $5::uuid IS NULL OR true)
  AND w.connection_id = $1 --? connection
  AND w.status = $2 --? status
  AND w.category = $3 --? category
  AND position(app.plain($4) IN app.plain(translate(w.name, '_', ' ') || ' ' || w.name || ' ' || w.body)) > 0 --? search
  AND (w.name, w.language, w.id) > (SELECT x.name, x.language, x.id FROM whatsapp_template x WHERE x.id = $5) --? after
ORDER BY w.name, w.language, w.id
LIMIT 101;

-- name: template_get -> whatsapp_template
SELECT w.id, w.connection_id, c.name AS connection_name, w.name, w.language, w.category, w.status, w.header, w.body, w.footer, w.components::text AS components, w.quality, w.reason,
  w.variables, w.synced_at
FROM whatsapp_template w JOIN connection c ON c.tenant_id = w.tenant_id AND c.id = w.connection_id WHERE w.id = $1;

-- name: template_named -> whatsapp_template
SELECT w.id, w.connection_id, c.name AS connection_name, w.name, w.language, w.category, w.status, w.header, w.body, w.footer, w.components::text AS components, w.quality, w.reason,
  w.variables, w.synced_at
FROM whatsapp_template w JOIN connection c ON c.tenant_id = w.tenant_id AND c.id = w.connection_id WHERE w.connection_id = $1 AND w.name = $2 AND w.language = $3;

-- name: template_connections -> template_connection
SELECT c.id, c.name, c.shown, c.status, s.synced_at, s.error
FROM connection c LEFT JOIN app.template_syncs() s ON s.connection_id = c.id WHERE c.channel = 'whatsapp' ORDER BY c.name;

-- name: template_order
SELECT app.template_order($1);

-- name: conversation_start -> conversation_started
SELECT conv AS id, problem FROM app.conversation_start($1, $2, $3);
