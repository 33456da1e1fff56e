-- Pipelines, stages, deals and the board. Program: pipeline; deals of a person or a conversation also: inbox, contacts.

-- name: pipeline_list -> pipeline
SELECT id, name, description, money, is_default, position, version, created_at, updated_at FROM pipeline ORDER BY position, id LIMIT 500;

-- name: pipeline_get -> pipeline
SELECT id, name, description, money, is_default, position, version, created_at, updated_at FROM pipeline WHERE id = $1;

-- name: pipeline_default
SELECT id::text FROM pipeline WHERE is_default;

-- name: pipeline_add
SELECT app.pipeline_add($1::jsonb)::text;

-- name: pipeline_change
UPDATE pipeline SET name = $2, description = $3, money = $4 WHERE id = $1 AND version = $5;

-- name: pipeline_prefer
SELECT app.pipeline_prefer($1);

-- name: pipeline_delete
SELECT app.pipeline_delete($1, $2, $3);

-- Of one pipeline, or of all.
-- name: stage_list -> stage
SELECT id, pipeline_id, name, color, position, chance, stale_days, version FROM stage
WHERE ($1::uuid IS NULL OR true)
  AND pipeline_id = $1 --? pipeline
ORDER BY pipeline_id, position, id LIMIT 2000;

-- name: stage_get -> stage
SELECT id, pipeline_id, name, color, position, chance, stale_days, version FROM stage WHERE id = $1;

-- name: stage_add
SELECT app.stage_add($1, $2, $3, $4, $5)::text;

-- name: stage_change
UPDATE stage SET name = $2, color = $3, chance = $4, stale_days = $5 WHERE id = $1 AND version = $6;

-- name: stage_shift
SELECT app.stage_shift($1, $2);

-- name: stage_delete
SELECT app.stage_delete($1, $2, $3);

-- How many deals, whatever their outcome, lie in each stage of a pipeline.
-- name: stage_loads -> stage_load
SELECT s.id, count(d.id) AS deals FROM stage s LEFT JOIN deal d ON d.tenant_id = s.tenant_id AND d.stage_id = s.id
WHERE s.pipeline_id = $1 GROUP BY s.tenant_id, s.id;

-- name: pipeline_emit
SELECT app.emit($1, 'pipeline', $2, NULL, NULL, NULL);

----------------------------------------------------------------------------------------------------
-- The board: every stage with its totals over all open deals of the filter, and the first 30 cards of each (31 tell
-- that there are more). Filters: $2 owner, $3 tag, $4 words. Beside them what each view of the tabs would hold.

-- name: board_columns -> board_column
SELECT s.id, s.name, s.color, s.chance, s.stale_days, s.version, d.deals, d.total, (d.total::numeric * s.chance / 100)::bigint AS weighted, d.foreign_deals, t.currency,
  d.every, d.mine, d.stepless, d.late, d.stale
FROM tenant t CROSS JOIN stage s CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE x.fits) AS deals, coalesce(sum(x.value_minor) FILTER (WHERE x.fits AND x.currency = t.currency), 0)::bigint AS total,
    count(*) FILTER (WHERE x.fits AND x.currency <> t.currency) AS foreign_deals, count(*) AS every, count(*) FILTER (WHERE x.mine) AS mine,
    count(*) FILTER (WHERE x.stepless) AS stepless, count(*) FILTER (WHERE x.late) AS late, count(*) FILTER (WHERE x.stale) AS stale
  FROM (SELECT d.value_minor, d.currency, d.owner_id = (SELECT app.user_id()) AS mine, d.next_step IS NULL AND d.next_step_on IS NULL AS stepless,
      d.next_step_on < (SELECT (now() AT TIME ZONE z.zone)::date FROM tenant z) AS late,
      s.stale_days > 0 AND d.stage_since < now() - s.stale_days * interval '1 day' AS stale, true
        AND d.owner_id = $2 --? owner
        AND d.owner_id = (SELECT app.user_id()) --? mine
        AND d.owner_id IS NULL --? unowned
        AND $3 = ANY (d.tag_ids) --? tag
        AND d.next_step_on < (SELECT (now() AT TIME ZONE z.zone)::date FROM tenant z) --? late
        AND d.next_step IS NULL AND d.next_step_on IS NULL --? none
        AND (d.next_step IS NOT NULL OR d.next_step_on IS NOT NULL) AND (d.next_step_on IS NULL OR d.next_step_on >= (SELECT (now() AT TIME ZONE z.zone)::date FROM tenant z)) --? ok
        AND s.stale_days > 0 AND d.stage_since < now() - s.stale_days * interval '1 day' --? stale
        AND app.deal_words(d.title, d.contact_name, d.company) LIKE (SELECT app.like_any($4)) --? search
      AS fits
    FROM deal d WHERE d.tenant_id = s.tenant_id AND d.stage_id = s.id AND d.status = 'open') x
) d
WHERE s.pipeline_id = $1 AND ($2::uuid IS NULL OR $3::uuid IS NULL OR $4::text IS NULL OR true)
ORDER BY s.position, s.id;

-- $5 a stage whose cards go on after the rank $6 and the deal $7.
-- name: board_cards -> card
SELECT d.id, d.stage_id, d.rank, d.title, d.contact_name, d.company, d.value, d.currency, d.owner_id, d.owner_name, d.next_step, d.next_step_on, d.stage_since, d.version,
  d.channel, d.tag_ids
FROM stage s CROSS JOIN LATERAL (
  SELECT d.id, d.stage_id, d.rank, d.title, d.contact_name, d.company, d.value_minor AS value, d.currency, d.owner_id, d.owner_name, d.next_step,
    d.next_step_on::text AS next_step_on, d.stage_since, d.version, d.channel, nullif(d.tag_ids, '{}')::text AS tag_ids
  FROM deal d WHERE d.tenant_id = s.tenant_id AND d.stage_id = s.id AND d.status = 'open'
    AND d.owner_id = $2 --? owner
    AND d.owner_id = (SELECT app.user_id()) --? mine
    AND d.owner_id IS NULL --? unowned
    AND $3 = ANY (d.tag_ids) --? tag
    AND d.next_step_on < (SELECT (now() AT TIME ZONE z.zone)::date FROM tenant z) --? late
    AND d.next_step IS NULL AND d.next_step_on IS NULL --? none
    AND (d.next_step IS NOT NULL OR d.next_step_on IS NOT NULL) AND (d.next_step_on IS NULL OR d.next_step_on >= (SELECT (now() AT TIME ZONE z.zone)::date FROM tenant z)) --? ok
    AND s.stale_days > 0 AND d.stage_since < now() - s.stale_days * interval '1 day' --? stale
    AND app.deal_words(d.title, d.contact_name, d.company) LIKE (SELECT app.like_any($4)) --? search
    AND (s.id <> $5 OR (d.rank, d.id) > ($6, $7)) --? after
  ORDER BY d.rank, d.id LIMIT 31) d
WHERE s.pipeline_id = $1 AND ($2::uuid IS NULL OR $3::uuid IS NULL OR $4::text IS NULL OR $5::uuid IS NULL OR $6::text IS NULL OR $7::uuid IS NULL OR true)
ORDER BY s.position, s.id, d.rank, d.id;

-- The tags of some deals.
-- name: deal_tags -> deal_tag_row
SELECT x.deal_id, t.id, t.name, t.color FROM deal_tag x JOIN tag t ON t.tenant_id = x.tenant_id AND t.id = x.tag_id
WHERE x.deal_id = ANY ($1::uuid[]) ORDER BY t.name, t.id;

-- name: deal_tag_choices -> deal_tag_row
SELECT NULL::text AS deal_id, id, name, color FROM tag ORDER BY name, id LIMIT 500;

-- name: deal_tag_set
SELECT app.deal_tag_set($1, $2::uuid[])::text;

-- name: board_views -> saved_view
SELECT id, name, query, shared, user_id = app.user_id() AS own FROM saved_view WHERE page = 'pipeline' ORDER BY name, id LIMIT 50;

-- name: board_view_add
INSERT INTO saved_view (user_id, page, name, query, shared) SELECT app.user_id(), 'pipeline', $1, $2, $3
WHERE (SELECT count(*) FROM saved_view WHERE page = 'pipeline' AND user_id = app.user_id()) < 20;

-- name: board_view_delete
DELETE FROM saved_view WHERE id = $1 AND user_id = app.user_id() AND page = 'pipeline';

----------------------------------------------------------------------------------------------------
-- Deals. Orders with their cursors: $8 the deal; $7 the value or the instant (microseconds), $9 the rank.

-- name: deal_list -> deal
SELECT id, title, description, value_minor AS value, currency, pipeline_id, stage_id, contact_id, company, conversation_id, owner_id, status, lost_reason,
  closed_at, due_on::text, next_step, next_step_on::text, stage_since, contact_name, owner_name, rank, version, created_at, updated_at
FROM deal
WHERE ($1::uuid IS NULL OR $2::uuid IS NULL OR $3::uuid IS NULL OR $4::uuid IS NULL OR $5::text IS NULL OR $6::text IS NULL OR $7::bigint IS NULL
    OR $8::uuid IS NULL OR $9::text IS NULL OR $10::uuid IS NULL OR true)
  AND pipeline_id = $1 --? pipeline
  AND stage_id = $2 --? stage
  AND owner_id = $3 --? owner
  AND owner_id = (SELECT app.user_id()) --? mine
  AND owner_id IS NULL --? unowned
  AND contact_id = $4 --? contact
  AND status = $5 --? status
  AND app.deal_words(title, contact_name, company) LIKE (SELECT app.like_any($6)) --? search
  AND conversation_id = $10 --? conversation
  AND (updated_at, id) < (timestamptz 'epoch' + $7 * interval '1 microsecond', $8) --? after_updated_down
  AND (updated_at, id) > (timestamptz 'epoch' + $7 * interval '1 microsecond', $8) --? after_updated_up
  AND (created_at, id) < (timestamptz 'epoch' + $7 * interval '1 microsecond', $8) --? after_created_down
  AND (created_at, id) > (timestamptz 'epoch' + $7 * interval '1 microsecond', $8) --? after_created_up
  AND (value_minor, id) < ($7, $8) --? after_value_down
  AND (value_minor, id) > ($7, $8) --? after_value_up
  AND (rank, id) > ($9, $8) --? after_rank
ORDER BY updated_at DESC, id DESC --? by_updated_down
ORDER BY updated_at, id --? by_updated_up
ORDER BY created_at DESC, id DESC --? by_created_down
ORDER BY created_at, id --? by_created_up
ORDER BY value_minor DESC, id DESC --? by_value_down
ORDER BY value_minor, id --? by_value_up
ORDER BY rank, id --? by_rank
LIMIT 26 --? l25
LIMIT 51 --? l50
LIMIT 101 --? l100
LIMIT 501 --? l500
;

-- name: deal_get -> deal
SELECT id, title, description, value_minor AS value, currency, pipeline_id, stage_id, contact_id, company, conversation_id, owner_id, status, lost_reason,
  closed_at, due_on::text, next_step, next_step_on::text, stage_since, contact_name, owner_name, rank, version, created_at, updated_at
FROM deal WHERE id = $1;

-- name: deal_of_contact -> deal
SELECT id, title, description, value_minor AS value, currency, pipeline_id, stage_id, contact_id, company, conversation_id, owner_id, status, lost_reason,
  closed_at, due_on::text, next_step, next_step_on::text, stage_since, contact_name, owner_name, rank, version, created_at, updated_at
FROM deal WHERE contact_id = $1 ORDER BY status = 'open' DESC, updated_at DESC, id DESC LIMIT 50;

-- name: deal_of_conversation -> deal
SELECT id, title, description, value_minor AS value, currency, pipeline_id, stage_id, contact_id, company, conversation_id, owner_id, status, lost_reason,
  closed_at, due_on::text, next_step, next_step_on::text, stage_since, contact_name, owner_name, rank, version, created_at, updated_at
FROM deal WHERE conversation_id = $1 ORDER BY status = 'open' DESC, updated_at DESC, id DESC LIMIT 50;

-- name: deal_add
SELECT app.deal_add($1::jsonb)::text;

-- name: deal_change
SELECT app.deal_change($1, $2::jsonb, $3);

-- name: deal_move
SELECT app.deal_move($1, $2, $3, $4, $5, $6);

-- At the end of the stage, as the acting user sees it.
-- name: deal_move_end
SELECT app.deal_move($1, NULL, $2, (SELECT d.id FROM deal d WHERE d.stage_id = $2 AND d.status = 'open' AND d.id <> $1 ORDER BY d.rank DESC, d.id DESC LIMIT 1), $3, $4);

-- name: deal_move_many -> deal_moved
SELECT moved, stayed FROM app.deal_move_many($1, $2::uuid[], $3::int[]);

-- Many at once, each in the version given: one that is another fails them all. In one order for everybody.
-- name: deal_close_many
SELECT x FROM (SELECT id, version FROM unnest($1::uuid[], $2::int[]) w (id, version) ORDER BY id) w, LATERAL app.deal_close(w.id, $3, $4, w.version) x;

-- name: deal_owner_many
SELECT x FROM (SELECT id, version FROM unnest($1::uuid[], $2::int[]) w (id, version) ORDER BY id) w,
  LATERAL app.deal_change(w.id, jsonb_build_object('owner_id', $3::uuid), w.version) x;

-- name: deal_tag_many
WITH done AS (INSERT INTO deal_tag (deal_id, tag_id) SELECT d.id, t.id FROM deal d CROSS JOIN tag t WHERE d.id = ANY ($1::uuid[]) AND t.id = $2
  ON CONFLICT DO NOTHING RETURNING deal_id)
SELECT app.emit('deal:updated', 'deal', d.id, NULL, NULL, jsonb_build_object('tags', true, 'pipeline_id', d.pipeline_id, 'stage_id', d.stage_id))
FROM done JOIN deal d ON d.id = done.deal_id;

-- name: deal_untag_many
WITH done AS (DELETE FROM deal_tag x WHERE x.deal_id = ANY ($1::uuid[]) AND x.tag_id = $2 RETURNING deal_id)
SELECT app.emit('deal:updated', 'deal', d.id, NULL, NULL, jsonb_build_object('tags', true, 'pipeline_id', d.pipeline_id, 'stage_id', d.stage_id))
FROM done JOIN deal d ON d.id = done.deal_id;

-- Those of some deals that are in sight, as they stand.
-- name: deal_picked -> deal_picked
SELECT d.id, d.title, d.contact_name, d.status, s.name AS stage_name, d.owner_name, d.value_minor AS value, d.currency, d.version
FROM deal d JOIN stage s ON s.tenant_id = d.tenant_id AND s.id = d.stage_id WHERE d.id = ANY ($1::uuid[]) ORDER BY s.position, s.id, d.rank, d.id;

-- name: deal_close
SELECT app.deal_close($1, $2, $3, $4);

-- name: deal_delete
SELECT app.deal_delete($1, $2);

-- name: deal_note
SELECT app.deal_note($1, $2)::text;

-- name: deal_activity_list -> deal_activity
SELECT id, kind, actor_id, actor_name, text, data::text, data ->> 'from' AS before, data ->> 'to' AS after, data ->> 'from_currency' AS before_currency,
  data ->> 'to_currency' AS after_currency, data ->> 'fields' AS fields, at
FROM deal_activity WHERE deal_id = $1 AND ($2::uuid IS NULL OR true)
  AND id < $2 --? after
ORDER BY id DESC
LIMIT 51 --? l50
LIMIT 101 --? l100
LIMIT 501 --? l500
;

-- Whom a typed name, number or address may mean.
-- name: deal_people -> deal_person
SELECT id, coalesce(name, username) AS name, phone, company FROM contact
WHERE merged_into IS NULL AND id = ANY ((SELECT app.contact_search($1))::uuid[]) ORDER BY coalesce(last_activity_at, created_at) DESC, id DESC LIMIT 11;

-- name: deal_person -> deal_person
SELECT id, coalesce(name, username) AS name, phone, company FROM contact WHERE id = $1;

-- name: deal_conversation -> deal_link
SELECT id, number, contact_id, contact_name, channel, status FROM conversation WHERE id = $1;
