-- Demo data of the board. Program: console.

-- name: demo_board_known
SELECT p.id::text FROM pipeline p WHERE EXISTS (SELECT FROM deal d WHERE d.pipeline_id = p.id) LIMIT 1;

-- The pipeline that came with the tenant gets the name and stages of the demo's first one.
-- name: demo_pipeline_take
UPDATE pipeline SET name = $1, description = $2 WHERE is_default RETURNING id::text;

-- name: demo_stage_find
SELECT id::text FROM stage WHERE pipeline_id = $1 AND position = $2;

-- name: demo_stage_set
UPDATE stage SET name = $2, color = $3, chance = $4, stale_days = $5 WHERE id = $1;

-- name: demo_stage_add
INSERT INTO stage (pipeline_id, position, name, color, chance, stale_days) VALUES ($1, $2, $3, $4, $5, $6);

-- name: demo_tag_add
INSERT INTO tag (name, color) VALUES ($1, $2) ON CONFLICT (tenant_id, name) DO NOTHING;

-- name: demo_deal_tag
INSERT INTO deal_tag (deal_id, tag_id) SELECT $1, t.id FROM tag t WHERE t.name = $2 ON CONFLICT DO NOTHING;

-- The deal's conversation and person carry its tag too.
-- name: demo_conversation_tag
INSERT INTO conversation_tag (conversation_id, tag_id) SELECT d.conversation_id, t.id FROM deal d, tag t WHERE d.id = $1 AND d.conversation_id IS NOT NULL AND t.name = $2 ON CONFLICT DO NOTHING;

-- name: demo_contact_tag
INSERT INTO contact_tag (contact_id, tag_id) SELECT d.contact_id, t.id FROM deal d, tag t WHERE d.id = $1 AND d.contact_id IS NOT NULL AND t.name = $2 ON CONFLICT DO NOTHING;

-- name: demo_reply_add
INSERT INTO quick_reply (shortcut, title, content, category) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, shortcut) DO NOTHING;

-- Written as it would stand had it happened; days and hours before now.
-- name: demo_deal_add
INSERT INTO deal (pipeline_id, stage_id, rank, title, value_minor, contact_id, contact_name, conversation_id, company, owner_id, owner_name, status, lost_reason, closed_at,
  due_on, next_step, next_step_on, stage_since, created_at, updated_at, description)
SELECT s.pipeline_id, s.id, app.rank_between((SELECT max(d.rank) FROM deal d WHERE d.stage_id = s.id), NULL), $3, $4, p.id, coalesce(p.name, $5),
  (SELECT c.id FROM conversation c WHERE c.contact_id = p.id ORDER BY c.created_at DESC LIMIT 1), $14, u.id, u.name, $7, $8,
  CASE WHEN $7 <> 'open' THEN now() - $12 * interval '1 hour' END, current_date + $9::int, $10, current_date + $11::int,
  now() - $12 * interval '1 hour', now() - $13 * interval '1 hour', now() - $12 * interval '1 hour', $15
FROM stage s LEFT JOIN contact p ON p.name = $5 LEFT JOIN user_account u ON u.email = $6
WHERE s.pipeline_id = $1 AND s.position = $2 ORDER BY p.created_at LIMIT 1
RETURNING id::text;

-- name: demo_deal_activity
INSERT INTO deal_activity (deal_id, kind, actor_id, actor_name, text, data, at)
SELECT $1, $2, u.id, u.name, $4, $5::jsonb, now() - $6 * interval '1 hour' FROM user_account u WHERE u.email = $3;

-- A further pipeline: {name, description, money, stages}.
-- name: demo_pipeline_add
SELECT app.pipeline_add($1::jsonb)::text;
