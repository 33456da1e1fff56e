-- The deals of a tenant whose conversations stand (variables: deals, board: deals in a second pipeline, 0: none).
-- A pipeline of eight stages that is the tenant's usual one; in some a second, long one.
SELECT app.pipeline_add(jsonb_build_object('name', 'Projetos', 'description', 'Do primeiro contato à entrega', 'is_default', true, 'stages',
  (SELECT jsonb_agg(jsonb_build_object('name', s.name, 'color', s.n, 'chance', s.n * 11) ORDER BY s.n)
   FROM unnest('{Novo,Qualificado,Visita,Medição,Proposta enviada,Negociação,Contrato,Produção}'::text[]) WITH ORDINALITY s (name, n)))) AS board1 \gset
SELECT coalesce(CASE WHEN :board > 0 THEN app.pipeline_add('{"name": "Licitações"}')::text END, '') AS board2 \gset
DROP TABLE IF EXISTS cards;
CREATE TEMP TABLE cards ON COMMIT DROP AS
SELECT x.*, row_number() OVER (PARTITION BY x.stage_id ORDER BY x.i) AS place, count(*) OVER (PARTITION BY x.stage_id) AS mates,
  pg_temp.id(:'slug' || 'd', x.i, x.born) AS id, pg_temp.of('{open,open,open,open,open,open,open,won,won,lost}', pg_temp.dice('o', x.i, 10)) AS status
FROM (
  SELECT d.i, s.pipeline_id, s.id AS stage_id, s.name AS stage, now() - pg_temp.dice('b', d.i, 200000) * interval '1 minute' AS born
  FROM generate_series(1, :deals + :board) d (i)
  JOIN (SELECT *, row_number() OVER (PARTITION BY pipeline_id ORDER BY position) - 1 AS n, count(*) OVER (PARTITION BY pipeline_id) AS c FROM stage) s
    ON s.pipeline_id = CASE WHEN d.i <= :deals THEN :'board1' ELSE nullif(:'board2', '') END::uuid AND s.n = pg_temp.dice('x', d.i, 1000) % s.c) x;
INSERT INTO deal (id, pipeline_id, stage_id, rank, title, value_minor, contact_id, contact_name, conversation_id, owner_id, owner_name, status, lost_reason, closed_at,
  due_on, next_step, next_step_on, stage_since, created_at, updated_at)
SELECT d.id, d.pipeline_id, d.stage_id, app.rank_digits(7388168 - d.mates / 2 + d.place),
  initcap(left(t.w, 1)) || substr(t.w, 2) || ' · ' || p.name, (pg_temp.dice('y', d.i, 20000) + 100) * 1000, p.id, p.name,
  v.id, a.id, a.name, d.status, CASE d.status WHEN 'lost' THEN pg_temp.word('reason', d.i::int) END,
  CASE WHEN d.status <> 'open' THEN least(d.born + interval '9 days', now()) END,
  CASE WHEN d.i % 2 = 0 THEN current_date + pg_temp.dice('u', d.i, 60) - 10 END, CASE WHEN d.i % 3 < 2 THEN pg_temp.word('step', d.i::int) END,
  CASE WHEN d.i % 3 < 2 THEN current_date + pg_temp.dice('h', d.i, 30) - 8 END, d.born, d.born, d.born
FROM cards d CROSS JOIN LATERAL (SELECT pg_temp.word('thing', pg_temp.dice('j', d.i, 1000)) AS w) t
JOIN persons p ON p.i = 1 + (d.i * 3) % :people LEFT JOIN agents a ON a.n = pg_temp.dice('i', d.i, 6) LEFT JOIN plan v ON v.i = p.i AND d.i % 3 = 0;
INSERT INTO deal_activity (id, deal_id, kind, data, at)
SELECT pg_temp.id(:'slug' || 'h', i, born), id, 'created', jsonb_build_object('stage', stage, 'conversation_id', NULL), born FROM cards;
INSERT INTO deal_activity (id, deal_id, kind, text, at)
SELECT pg_temp.id(:'slug' || 'e', c.i, d.closed_at), d.id, d.status, d.lost_reason, d.closed_at FROM cards c JOIN deal d ON d.id = c.id WHERE d.status <> 'open';
INSERT INTO deal_tag (deal_id, tag_id) SELECT d.id, t.id FROM cards d JOIN tags t ON t.n = pg_temp.dice('k', d.i, 12) WHERE d.i % 10 < 3;
