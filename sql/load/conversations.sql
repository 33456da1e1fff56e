-- The conversations from..till of the tenant that tenant.sql made, with their messages. Message j of n stands gap * (n - j)
-- before the last; those that wait are the customer's, before them the two sides take turns.
INSERT INTO conversation (id, number, contact_id, connection_id, channel, status, assignee_id, assignee_name, team_id, contact_name, contact_phone,
  unread, waiting_since, last_message_at, last_inbound_at, window_until, snoozed_until, resolved_at, created_at, updated_at,
  preview, preview_kind, preview_out)
SELECT c.id, c.i, p.id, l.id, l.channel, c.status, a.id, a.name, t.id, p.name, p.phone,
  c.wait, CASE WHEN c.wait > 0 THEN c.last_at - c.gap * (c.wait - 1) END, c.last_at, x.heard, CASE WHEN l.channel = 'whatsapp' THEN x.heard + interval '24 hours' END,
  CASE WHEN c.status = 'pending' AND c.i % 4 = 0 THEN now() + interval '1 day' END, CASE WHEN c.status IN ('resolved', 'archived') THEN c.last_at + interval '5 minutes' END,
  c.last_at - c.gap * (c.n - 1), c.last_at,
  CASE WHEN c.wait > 0 THEN pg_temp.said(win.list, wth.list, pg_temp.dice('1', c.i * 1000 + c.n, 3000), pg_temp.dice('2', c.i * 1000 + c.n, 100000))
    ELSE pg_temp.said(wout.list, wth.list, pg_temp.dice('1', c.i * 1000 + c.n, 3000), pg_temp.dice('2', c.i * 1000 + c.n, 100000)) END, 'text', c.wait = 0
FROM plan c JOIN persons p ON p.i = c.who JOIN lines l ON l.n = c.line
CROSS JOIN LATERAL (SELECT CASE WHEN c.wait > 0 THEN c.last_at WHEN c.n > 1 THEN c.last_at - c.gap END AS heard) x
LEFT JOIN agents a ON c.status NOT IN ('open', 'spam') AND a.n = pg_temp.dice('i', c.i, 5) LEFT JOIN teams t ON c.i % 4 > 0 AND t.n = pg_temp.dice('m', c.i, 3)
JOIN words win ON win.kind = 'in' JOIN words wout ON wout.kind = 'out' JOIN words wth ON wth.kind = 'thing'
WHERE c.i BETWEEN :from AND :till;

INSERT INTO message (id, conversation_id, connection_id, direction, kind, text, status, external_id, author_id, author_name, sent_at, created_at, delivered_at, read_at)
SELECT pg_temp.id(:'slug' || 'm', m.key, m.at), m.conv, m.line, CASE WHEN m.heard THEN 'in' ELSE 'out' END, 'text',
  pg_temp.said(CASE WHEN m.heard THEN win.list ELSE wout.list END, wth.list, m.which, m.filled),
  CASE WHEN m.heard THEN 'delivered' ELSE m.status END, 'load-' || :'slug' || '-' || m.key,
  CASE WHEN NOT m.heard THEN a.id END, CASE WHEN NOT m.heard THEN a.name END, m.at, m.at,
  CASE WHEN m.status IN ('delivered', 'read') AND NOT m.heard THEN m.at + interval '2 seconds' END, CASE WHEN m.status = 'read' AND NOT m.heard THEN m.at + interval '3 minutes' END
FROM (
  SELECT c.i, c.i * 1000 + j AS key, c.id AS conv, l.id AS line, j > c.n - c.wait OR (c.n - c.wait - j) % 2 = 1 AS heard, c.last_at - c.gap * (c.n - j) AS at,
    pg_temp.of('{read,read,read,delivered,sent}', pg_temp.dice('3', c.i * 1000 + j, 5)) AS status,
    pg_temp.dice('1', c.i * 1000 + j, 3000) AS which, pg_temp.dice('2', c.i * 1000 + j, 100000) AS filled
  FROM plan c JOIN lines l ON l.n = c.line CROSS JOIN generate_series(1, c.n) j WHERE c.i BETWEEN :from AND :till ORDER BY c.i, j) m
JOIN agents a ON a.n = pg_temp.dice('i', m.i, 5)
JOIN words win ON win.kind = 'in' JOIN words wout ON wout.kind = 'out' JOIN words wth ON wth.kind = 'thing';

INSERT INTO message (id, conversation_id, connection_id, direction, kind, text, status, internal, author_id, author_name, sent_at, created_at)
SELECT pg_temp.id(:'slug' || 'n', c.i, c.last_at - interval '1 second'), c.id, l.id, 'out', 'text', pg_temp.word('note', c.i::int), 'sent', true, a.id, a.name,
  c.last_at - interval '1 second', c.last_at - interval '1 second'
FROM plan c JOIN lines l ON l.n = c.line JOIN agents a ON a.n = pg_temp.dice('i', c.i, 5) WHERE c.i BETWEEN :from AND :till AND c.i % 10 = 0;
INSERT INTO conversation_tag (conversation_id, tag_id)
SELECT c.id, t.id FROM plan c JOIN tags t ON t.n = pg_temp.dice('k', c.i, 12) WHERE c.i BETWEEN :from AND :till AND c.i % 3 = 0;
-- What happened in the last day, for those who ask for events after a cursor.
INSERT INTO event (kind, subject_kind, subject_id, conversation_id, data, at)
SELECT 'message:created', 'message', m.id, m.conversation_id, jsonb_build_object('direction', m.direction), m.sent_at
FROM message m JOIN plan c ON c.id = m.conversation_id
WHERE c.i BETWEEN :from AND :till AND c.last_at > now() - interval '1 day' AND m.sent_at > now() - interval '1 day' AND NOT m.internal ORDER BY m.sent_at;
