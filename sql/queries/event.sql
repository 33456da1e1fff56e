-- The feed of events for API clients. Program: inbox. (live reads its own: sql/queries/live.sql.)

-- Up to where nothing is missing any more; asked before the list, so that the list is not older.
-- name: event_head
SELECT pg_snapshot_xmin(pg_current_snapshot())::text || '-0';

-- name: event_list -> event
WITH h AS MATERIALIZED (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xid)
SELECT v.xid::text || '-' || v.seq AS id, v.kind, v.subject_kind, v.subject_id, v.conversation_id, v.actor_id, v.at, v.data
FROM event v
WHERE (v.xid, v.seq) > ($1::text::xid8, $2::bigint) AND v.xid < (SELECT h.xid FROM h) AND ($3::text IS NULL OR true)
  AND v.kind = ANY (string_to_array($3, ',')) --? kind
ORDER BY v.xid, v.seq
LIMIT 26 --? l25
LIMIT 51 --? l50
LIMIT 101 --? l100
LIMIT 501 --? l500
;

-- Whether something behind the cursor is gone; asked after the list, so that what went meanwhile is told.
-- name: event_gone
SELECT coalesce(app.live_reset($1, $2), false)::text;
