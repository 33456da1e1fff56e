-- How work reaches people: saved views, many at once, later, teams. Programs: inbox.

-- name: conversation_views -> saved_view
SELECT id, name, query, shared, user_id = app.user_id() AS own FROM saved_view WHERE page = 'conversations' ORDER BY name, id LIMIT 50;

-- name: conversation_view_add
INSERT INTO saved_view (user_id, page, name, query, shared) SELECT app.user_id(), 'conversations', $1, $2, $3
WHERE (SELECT count(*) FROM saved_view WHERE page = 'conversations' AND user_id = app.user_id()) < 20 RETURNING id;

-- Shared ones also by those who may share ($2).
-- name: conversation_view_delete
DELETE FROM saved_view WHERE id = $1 AND page = 'conversations' AND (user_id = app.user_id() OR shared AND $2);

-- One row for each conversation: its status then, or why nothing was done.
-- name: conversation_bulk -> bulk_row
SELECT id, status, error FROM app.conversation_bulk($1::uuid[], $2, $3, $4, $5);

-- Puts it off until then (NULL: wakes it). Its version now; no row: not visible.
-- name: conversation_snooze
SELECT app.conversation_snooze($1, $2, $3)::text;
