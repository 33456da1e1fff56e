-- What the jobs need beyond 0001 and 0002: where people wrote from, reactions in any order, number
-- changes, rate limits shared by all workers, the state of a connection, housekeeping.

-- The identity the person last wrote from on this connection ("phone:<key>", "bsuid:<id>"): answers go there.
ALTER TABLE conversation ADD COLUMN peer text;

-- Reactions that were taken back: an older one that comes late must not bring them back.
CREATE TABLE reaction_gone (
  tenant_id     bigint NOT NULL REFERENCES tenant,
  connection_id uuid NOT NULL,
  target        text NOT NULL,
  actor         text NOT NULL,
  at            timestamptz NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, connection_id, target, actor),
  FOREIGN KEY (tenant_id, connection_id) REFERENCES connection
);
SELECT app.tenant_table('reaction_gone');

CREATE INDEX attachment_file ON attachment (tenant_id, file) WHERE file IS NOT NULL;

----------------------------------------------------------------------------------------------------
-- Inbound.
-- message_in, and where the person wrote from.
CREATE FUNCTION app.whatsapp_in(conn uuid, person jsonb, msg jsonb, wrote_from text, OUT message_id uuid, OUT created boolean) LANGUAGE plpgsql AS $$
DECLARE conv uuid;
BEGIN
  SELECT m.message_id, m.created, m.conversation_id INTO message_id, created, conv FROM app.message_in(conn, person, msg) m;
  IF created AND wrote_from IS NOT NULL THEN
    UPDATE conversation v SET peer = wrote_from WHERE v.id = conv AND v.peer IS DISTINCT FROM wrote_from;
  END IF;
END $$;

-- A reaction to the message with the external id target; emoji '' takes it back. person NULL: the business,
-- from its phone. The last word by the provider's clock holds. False when a later one is known.
CREATE FUNCTION app.reaction_in(conn uuid, person jsonb, target text, emoji text, at timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE who text := 'business'; t timestamptz := least(coalesce(reaction_in.at, now()), now() + interval '1 minute');
BEGIN
  IF person IS NOT NULL THEN who := 'contact:' || app.person_find(person); END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(conn::text || ':' || reaction_in.target || ':' || who, 13));
  IF EXISTS (SELECT FROM reaction r WHERE r.connection_id = conn AND r.target = reaction_in.target AND r.actor = who AND r.at > t)
    OR EXISTS (SELECT FROM reaction_gone g WHERE g.connection_id = conn AND g.target = reaction_in.target AND g.actor = who AND g.at > t) THEN
    RETURN false;
  END IF;
  IF reaction_in.emoji = '' THEN
    DELETE FROM reaction r WHERE r.connection_id = conn AND r.target = reaction_in.target AND r.actor = who;
    INSERT INTO reaction_gone (connection_id, target, actor, at) VALUES (conn, reaction_in.target, who, t)
    ON CONFLICT (tenant_id, connection_id, target, actor) DO UPDATE SET at = excluded.at, created_at = now();
  ELSE
    INSERT INTO reaction (connection_id, target, actor, emoji, at) VALUES (conn, reaction_in.target, who, reaction_in.emoji, t)
    ON CONFLICT (tenant_id, connection_id, target, actor) DO UPDATE SET emoji = excluded.emoji, at = excluded.at;
  END IF;
  PERFORM app.emit('message:updated', 'message', m.id, m.conversation_id, NULL, '{"reaction": true}')
  FROM message m WHERE m.connection_id = conn AND m.external_id = reaction_in.target;
  RETURN true;
END $$;

-- What a provider says about a person we know (by any of person's ids): new ids of theirs, and perhaps a
-- line for the conversation. Ids that belong to somebody else stay there. phone, wrote_from: their new number.
-- False when we know nobody of that kind.
CREATE FUNCTION app.whatsapp_system(conn uuid, person jsonb, links jsonb, msg jsonb, new_phone text, wrote_from text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE who uuid; conv uuid; line uuid; linked boolean; at timestamptz := least(coalesce((msg ->> 'at')::timestamptz, now()), now() + interval '1 minute');
BEGIN
  PERFORM pg_advisory_xact_lock(k) FROM (
    SELECT DISTINCT hashtextextended(app.tenant() || ':' || (x ->> 'kind') || ':' || (x ->> 'value'), 7) AS k
    FROM jsonb_array_elements((person -> 'ids') || links) x ORDER BY 1) l;
  who := app.person_known(person -> 'ids');
  IF who IS NULL THEN RETURN false; END IF;
  WITH fresh AS (
    INSERT INTO contact_identity (contact_id, kind, value, shown)
    SELECT who, x ->> 'kind', x ->> 'value', x ->> 'shown' FROM jsonb_array_elements(links) x
    ON CONFLICT (tenant_id, kind, value) DO NOTHING RETURNING kind)
  SELECT coalesce(bool_or(f.kind = 'phone'), false) INTO linked FROM fresh f;
  SELECT v.id INTO conv FROM conversation v WHERE v.connection_id = conn AND v.contact_id = who AND v.thread_key = ''
    ORDER BY v.status IN ('open', 'in_progress', 'pending') DESC, v.last_message_at DESC LIMIT 1;
  IF linked THEN
    UPDATE contact c SET phone = new_phone WHERE c.id = who AND new_phone IS NOT NULL;
    UPDATE conversation v SET peer = wrote_from WHERE v.id = conv AND wrote_from IS NOT NULL;
  END IF;
  IF conv IS NOT NULL AND msg IS NOT NULL THEN
    INSERT INTO message (conversation_id, connection_id, direction, kind, text, payload, status, internal, external_id, sent_at)
    VALUES (conv, conn, 'in', msg ->> 'kind', left(msg ->> 'text', 65536), msg -> 'payload', 'delivered', true, msg ->> 'external_id', at)
    ON CONFLICT (tenant_id, connection_id, external_id) WHERE external_id IS NOT NULL DO NOTHING RETURNING id INTO line;
    IF line IS NOT NULL THEN PERFORM app.emit('message:created', 'message', line, conv, NULL, '{"direction": "in", "internal": true}'); END IF;
  END IF;
  RETURN true;
END $$;

----------------------------------------------------------------------------------------------------
-- Outbound.
-- Rates, by the generic cell rate algorithm: one instant per key, the earliest at which the next would be
-- on time. who '' is the number itself: 70 a second and 10 at once stay below WhatsApp's 80 in any second;
-- a pair: one in 6 s, 20 at once (WhatsApp lends about 45).
CREATE TABLE priv.rate (connection_id uuid NOT NULL, who text NOT NULL, due timestamptz NOT NULL, PRIMARY KEY (connection_id, who));
CREATE INDEX rate_due ON priv.rate (due);
-- Milliseconds to wait; 0: may be sent now, and counts as sent.
CREATE FUNCTION app.rate_take(conn uuid, pair text) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE n timestamptz; pair_due timestamptz; own_due timestamptz; wait interval;
BEGIN
  INSERT INTO priv.rate VALUES (conn, pair, '-infinity') ON CONFLICT DO NOTHING;
  INSERT INTO priv.rate VALUES (conn, '', '-infinity') ON CONFLICT DO NOTHING;
  SELECT r.due INTO pair_due FROM priv.rate r WHERE r.connection_id = conn AND r.who = pair FOR UPDATE;
  SELECT r.due INTO own_due FROM priv.rate r WHERE r.connection_id = conn AND r.who = '' FOR UPDATE;
  n := clock_timestamp();
  wait := greatest(CASE WHEN pair_due > n THEN pair_due - interval '114 seconds' - n END, CASE WHEN own_due > n THEN own_due - interval '129 milliseconds' - n END);
  IF wait > interval '0' THEN RETURN ceil(extract(epoch FROM wait) * 1000); END IF;
  UPDATE priv.rate r SET due = greatest(r.due, n) + interval '6 seconds' WHERE r.connection_id = conn AND r.who = pair;
  UPDATE priv.rate r SET due = greatest(r.due, n) + interval '14286 microseconds' WHERE r.connection_id = conn AND r.who = '';
  RETURN 0;
END $$;
GRANT EXECUTE ON FUNCTION app.rate_take(uuid, text) TO balcao_worker;

-- How a connection fares: its state (NULL: unchanged), what is wrong, and how long it should rest.
CREATE FUNCTION app.connection_state(conn uuid, st text, why text, rest interval) RETURNS void LANGUAGE plpgsql AS $$
DECLARE c connection;
BEGIN
  SELECT * INTO c FROM connection x WHERE x.id = conn FOR UPDATE;
  -- What a person switched off, or must mend, no job switches on again.
  IF NOT FOUND OR c.status = 'disconnected' OR c.status = 'error' AND st IS DISTINCT FROM 'error' THEN RETURN; END IF;
  UPDATE connection x SET status = coalesce(st, c.status), status_text = left(why, 500),
    status_at = CASE WHEN c.status IS DISTINCT FROM coalesce(st, c.status) THEN now() ELSE c.status_at END,
    paused_until = CASE WHEN rest IS NOT NULL THEN greatest(c.paused_until, clock_timestamp() + rest) END
  WHERE x.id = conn;
  IF (c.status, c.status_text) IS DISTINCT FROM (coalesce(st, c.status), left(why, 500)) THEN
    PERFORM app.emit('connection:updated', 'connection', conn, NULL, NULL, jsonb_build_object('status', coalesce(st, c.status)));
  END IF;
END $$;

----------------------------------------------------------------------------------------------------
-- Housekeeping.
CREATE TABLE priv.purge (one boolean PRIMARY KEY DEFAULT true CHECK (one), at timestamptz NOT NULL, round bigint NOT NULL);
INSERT INTO priv.purge VALUES (true, '-infinity', 0);
-- A number that rises with each round when the last one is an hour ago (it then counts as begun), else no row.
CREATE FUNCTION app.purge_begin() RETURNS SETOF bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  UPDATE priv.purge SET at = clock_timestamp(), round = round + 1
  WHERE at < clock_timestamp() - interval '1 hour' AND pg_try_advisory_xact_lock(7001) RETURNING round $$;
-- Which of the names in the file store belong to an attachment of any tenant.
CREATE FUNCTION app.files_known(names text[]) RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE t bigint;
BEGIN
  FOR t IN SELECT s.tenant_id FROM priv.tenant_slug s LOOP
    PERFORM app.become(t, NULL, 'all', NULL, NULL);
    RETURN QUERY SELECT a.file FROM public.attachment a WHERE a.tenant_id = t AND a.file = ANY (names);
  END LOOP;
  PERFORM set_config('app.ctx', '', true);
END $$;
-- Buckets that are full again say nothing.
CREATE FUNCTION app.rate_purge() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE n bigint;
BEGIN
  DELETE FROM priv.rate r WHERE r.due < now() - interval '1 hour';
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n;
END $$;
GRANT EXECUTE ON FUNCTION app.purge_begin(), app.files_known(text[]), app.rate_purge() TO balcao_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON reaction_gone TO balcao_worker;
GRANT EXECUTE ON FUNCTION app.whatsapp_in(uuid, jsonb, jsonb, text), app.reaction_in(uuid, jsonb, text, text, timestamptz),
  app.whatsapp_system(uuid, jsonb, jsonb, jsonb, text, text), app.connection_state(uuid, text, text, interval) TO balcao_worker;
