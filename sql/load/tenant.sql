-- One tenant with its users, teams, tags, connections and people, and the plan of its conversations.
-- Variables: slug, title, hash (of everybody's password), people, conversations, mean (messages of a conversation).
SELECT app.tenant_add(:'title', :'slug', 'America/Sao_Paulo', 'pt_BR') \g /dev/null
SELECT app.tenant() AS tenant \gset
SELECT app.user_add(u.name, u.mail || '@' || :'slug' || '.test', u.role, u.scope, :'hash')
FROM (VALUES ('Aurora Peixoto', 'admin', 'admin', 'all'), ('Breno Salgado', 'supervisor', 'supervisor', 'team'), ('Clara Moura', 'agente1', 'agent', 'team'),
  ('Dirceu Lobo', 'agente2', 'agent', 'team'), ('Elza Bandeira', 'agente3', 'agent', 'team'), ('Fausto Rangel', 'agente4', 'agent', 'team'),
  ('Gilda Furtado', 'agente5', 'agent', 'own'), ('Hugo Meireles', 'leitor', 'viewer', 'all')) u (name, mail, role, scope) \g /dev/null
INSERT INTO team (name, description) VALUES ('Vendas', 'Orçamentos e pedidos'), ('Suporte', 'Depois da venda'), ('Financeiro', NULL);
INSERT INTO team_member (team_id, user_id)
SELECT t.id, u.id FROM team t, user_account u WHERE (t.name, split_part(u.email, '@', 1)) IN
  (('Vendas', 'supervisor'), ('Vendas', 'agente1'), ('Vendas', 'agente2'), ('Suporte', 'agente3'), ('Suporte', 'agente5'), ('Financeiro', 'agente4'));
INSERT INTO tag (name, color) SELECT w, n % 8 + 1 FROM words, unnest(list) WITH ORDINALITY x (w, n) WHERE kind = 'tag';
INSERT INTO connection (name, channel, external_id, public_key, shown)
SELECT c.name, c.channel, CASE WHEN c.channel = 'whatsapp' THEN (700000000000000 + :tenant * 10 + c.n)::text END,
  CASE WHEN c.channel = 'chat' THEN 'chat-' || :'slug' END, CASE WHEN c.channel = 'whatsapp' THEN '+55 31 9000' || c.n || '-' || lpad((:tenant % 10000)::text, 4, '0') END
FROM (VALUES (1, 'WhatsApp Vendas', 'whatsapp'), (2, 'WhatsApp Suporte', 'whatsapp'), (3, 'Chat do site', 'chat')) c (n, name, channel);

-- Whom rows can point at, by number.
DROP TABLE IF EXISTS agents, teams, tags, lines, plan;
CREATE TEMP TABLE agents ON COMMIT DROP AS SELECT id, name, row_number() OVER (ORDER BY email) - 1 AS n FROM user_account WHERE role = 'agent';
CREATE TEMP TABLE teams ON COMMIT DROP AS SELECT id, row_number() OVER (ORDER BY name) - 1 AS n FROM team;
CREATE TEMP TABLE tags ON COMMIT DROP AS SELECT id, row_number() OVER (ORDER BY name) - 1 AS n FROM tag;
CREATE TEMP TABLE lines ON COMMIT DROP AS SELECT id, channel, row_number() OVER (ORDER BY name DESC) - 1 AS n FROM connection;

-- The course of each conversation: how many messages, how far apart, when the last, how many of the customer's at the end
-- wait for an answer. The first of a person may be open, the others are over.
CREATE TEMP TABLE plan ON COMMIT DROP AS
SELECT i, 1 + (i - 1) % :people AS who, p.line, p.wait, p.n, p.gap, p.last_at, p.status, pg_temp.id(:'slug' || 'v', i, p.last_at - p.gap * (p.n - 1)) AS id
FROM (
  SELECT i, s.status, s.n, s.gap, pg_temp.dice('l', i, 10) / 4 AS line,
    CASE WHEN s.status IN ('open', 'in_progress', 'pending') AND pg_temp.dice('w', i, 100) < 45 THEN least(s.n, 1 + pg_temp.dice('t', i, 3)) ELSE 0 END AS wait,
    date_trunc('minute', now()) - (CASE WHEN s.status IN ('open', 'in_progress', 'pending') THEN 1 + power(pg_temp.dice('a', i, 1000), 2) / 25 ELSE 2000 + pg_temp.dice('a', i, 570000) END
      + i::float / :conversations) * interval '1 minute' AS last_at
  FROM (
    SELECT i, 1 + ((i * 7) % (2 * :mean - 1))::int + CASE WHEN i % 1000 = 0 THEN 120 ELSE 0 END AS n, (20 + pg_temp.dice('g', i, 2400)) * interval '1 second' AS gap,
      CASE WHEN i > :people OR pg_temp.dice('s', i, 100) >= 30 THEN pg_temp.of('{resolved,resolved,resolved,resolved,resolved,archived,spam}', pg_temp.dice('z', i, 7))
        ELSE pg_temp.of('{open,open,in_progress,in_progress,pending}', pg_temp.dice('z', i, 5)) END AS status
    FROM generate_series(1, :conversations) i) s) p;
CREATE INDEX ON plan (who);
CREATE INDEX ON plan (i);
ANALYZE plan;

INSERT INTO contact (id, lifecycle, kind, name, phone, email, company, city, source_channel, lead_status, owner_id, last_activity_at, converted_at, created_at, updated_at)
SELECT pg_temp.id(:'slug' || 'p', p.i, p.born), CASE WHEN p.i % 5 < 3 THEN 'contact' ELSE 'lead' END, 'person',
  pg_temp.word('first', pg_temp.dice('f', p.i, 10000)) || ' ' || pg_temp.word('last', pg_temp.dice('m', p.i, 10000)) || ' ' || pg_temp.word('last', pg_temp.dice('n', p.i, 10000)),
  '(' || p.area || ') 9' || left(p.digits, 4) || '-' || right(p.digits, 4), CASE WHEN p.i % 3 = 0 THEN 'pessoa' || p.i || '@correio.example' END,
  CASE WHEN p.i % 4 = 0 THEN pg_temp.word('firm', pg_temp.dice('c', p.i, 1000)) || ' ' || pg_temp.word('last', pg_temp.dice('d', p.i, 1000)) END,
  pg_temp.word('place', pg_temp.dice('e', p.i, 1000)), CASE WHEN p.line = 2 THEN 'chat' ELSE 'whatsapp' END,
  pg_temp.of('{new,new,qualified,lost}', pg_temp.dice('q', p.i, 4)), CASE WHEN p.i % 2 = 0 THEN a.id END, p.last_at, CASE WHEN p.i % 5 < 3 THEN p.born END, p.born, p.born
FROM (
  SELECT p.i, pg_temp.word('area', pg_temp.dice('r', p.i, 1000)) AS area, lpad(((p.i * 7919 + :tenant * 13) % 100000000)::text, 8, '0') AS digits, v.*
  FROM generate_series(1, :people) p (i) CROSS JOIN LATERAL (
    SELECT coalesce(min(x.last_at - x.gap * (x.n - 1)), now() - p.i * interval '1 minute') AS born, max(x.last_at) AS last_at, (array_agg(x.line ORDER BY x.i))[1] AS line
    FROM plan x WHERE x.who = p.i) v) p
LEFT JOIN agents a ON a.n = p.i / 2 % 5;
CREATE TEMP TABLE IF NOT EXISTS persons (i bigint PRIMARY KEY, id uuid, name text, phone text) ON COMMIT DROP;
TRUNCATE persons;
INSERT INTO persons
SELECT n.i, c.id, c.name, c.phone FROM contact c JOIN (SELECT i, lpad(((i * 7919 + :tenant * 13) % 100000000)::text, 8, '0') AS digits FROM generate_series(1, :people) i) n
  ON n.digits = right(regexp_replace(c.phone, '\D', '', 'g'), 8);
ANALYZE persons;
INSERT INTO contact_identity (contact_id, kind, value, shown)
SELECT id, 'phone', '55' || substr(d, 1, 2) || right(d, 8), '55' || d FROM (SELECT id, regexp_replace(phone, '\D', '', 'g') AS d FROM persons) p;
INSERT INTO contact_identity (contact_id, kind, value, shown) SELECT id, 'email', email, email FROM contact WHERE email IS NOT NULL;
INSERT INTO contact_tag (contact_id, tag_id) SELECT p.id, t.id FROM persons p JOIN tags t ON t.n = pg_temp.dice('k', p.i, 12) WHERE p.i % 5 < 2;
UPDATE tenant SET conversation_number = :conversations;
