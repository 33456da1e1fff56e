-- What live reads. Cursors are (xid, seq): everything after them that is below the oldest running transaction.

-- name: live_head
SELECT xid FROM app.feed_head();

-- name: live_feed -> live_news
-- Tenants with news, and the cursor to go on from. Without context.
SELECT tenant_id, xid, seq FROM app.feed($1, $2);

-- name: live_enter
SELECT 1 FROM app.enter($1, true);

-- name: live_enter_chat
SELECT 1 FROM app.enter_chat($1, $2, true);

-- name: live_start -> live_start
-- The entered tenant, where "now" is, whether the cursor is too old; who that is, and whether they may see a conversation.
SELECT app.tenant() AS tenant, pg_snapshot_xmin(pg_current_snapshot())::text AS xid, coalesce(app.live_reset($1, $2), false) AS reset,
  app.user_id() AS user_id, (SELECT u.name FROM user_account u WHERE u.id = app.user_id()) AS user_name,
  coalesce((SELECT true FROM conversation c WHERE c.id = $3), false) AS sees;

-- name: live_events
-- What the entered user may see after the cursor; the last row, without a kind, says up to where it was looked.
WITH h AS MATERIALIZED (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xid),
e AS (
  SELECT v.xid, v.seq, v.kind, v.subject_id, v.conversation_id, v.actor_id, to_char(v.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, v.data
  FROM event v WHERE (v.xid, v.seq) > ($1::text::xid8, $2) AND v.xid < (SELECT h.xid FROM h) ORDER BY v.xid, v.seq LIMIT 200)
SELECT * FROM e UNION ALL SELECT h.xid, 0, NULL, NULL, NULL, NULL, NULL, NULL FROM h ORDER BY 1, 2;

-- name: live_events_visitor
-- The same for the visitor of a web chat: few kinds, nothing internal, and of the data only states. (By key: an EXISTS
-- beside OR would be a hash over all messages.)
WITH h AS MATERIALIZED (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xid),
e AS (
  SELECT v.xid, v.seq, v.kind, v.subject_id, v.conversation_id, NULL::uuid AS actor_id,
    to_char(v.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
    jsonb_strip_nulls(jsonb_build_object('direction', v.data -> 'direction', 'status', v.data -> 'status', 'edited', v.data -> 'edited', 'deleted', v.data -> 'deleted')) AS data
  FROM event v WHERE (v.xid, v.seq) > ($1::text::xid8, $2) AND v.xid < (SELECT h.xid FROM h)
    AND v.kind IN ('message:created', 'message:updated', 'typing') AND (v.data ->> 'internal') IS DISTINCT FROM 'true'
    AND (v.kind = 'typing' OR (SELECT true FROM message m WHERE m.id = v.subject_id))
  ORDER BY v.xid, v.seq LIMIT 200)
SELECT * FROM e UNION ALL SELECT h.xid, 0, NULL, NULL, NULL, NULL, NULL, NULL FROM h ORDER BY 1, 2;

-- name: live_gone
SELECT app.live_gone($1::text[]);

-- name: live_chat_gone
SELECT app.live_chat_gone($1::text[]);
