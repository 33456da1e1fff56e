-- Teams' queues, who is there, hours, the away message.

----------------------------------------------------------------------------------------------------
-- Who is there. user_account.presence is what they chose; signing in makes offline online, ending the last session
-- makes it offline. Who was not heard of for 15 minutes is away, whatever they chose.
CREATE FUNCTION app.presence_of(choice text, heard timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN choice = 'online' AND (heard IS NULL OR heard < now() - interval '15 minutes') THEN 'away' ELSE choice END $$;
GRANT EXECUTE ON FUNCTION app.presence_of(text, timestamptz) TO balcao_web, balcao_auth, balcao_worker;

-- The version of a person counts what people change, not that they were seen.
DROP TRIGGER touch ON user_account;
CREATE TRIGGER touch BEFORE UPDATE OF name, email, role, scope, active, locale, capacity ON user_account
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION app.touch();
DROP TRIGGER audit ON user_account;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON user_account FOR EACH ROW
  EXECUTE FUNCTION app.audit('last_seen_at', 'presence', 'last_assigned_at');

----------------------------------------------------------------------------------------------------
-- Queues. A conversation that is open, of a team with auto_assign and nobody's, is in that team's queue. It is handed to
-- the member who is online and has room (fewer open, not snoozed conversations than capacity) and whose last turn is
-- longest ago; who waits longest comes first.
--
-- Locks: all handing out of a tenant happens under one advisory lock, taken last: at the end of a transaction (the
-- triggers below are deferred), or by functions that lock nothing afterwards that another holder could have. Rows of the queue
-- that others hold are passed over; whoever holds them hands out at their own commit. Who changes a row of user_account
-- and hands out takes the lock before the row. So two messages at once never go beyond a capacity, and nobody waits in a ring.
ALTER TABLE conversation NO FORCE ROW LEVEL SECURITY;
ALTER TABLE conversation ADD released_by uuid;   -- who gave it back last: not the one to get it by turn
ALTER TABLE conversation FORCE ROW LEVEL SECURITY;
CREATE INDEX conversation_queue ON conversation (tenant_id, team_id, waiting_since, id)
  WHERE assignee_id IS NULL AND team_id IS NOT NULL AND status IN ('open', 'in_progress', 'pending');
-- Deleting a team finds what is its.
CREATE INDEX conversation_team ON conversation (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX connection_team ON connection (tenant_id, team_id) WHERE team_id IS NOT NULL;

CREATE FUNCTION app.queue_lock() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT pg_advisory_xact_lock(hashtextextended('queue:' || app.tenant(), 15)) $$;

-- Hands out of a team's queue what can be, 20 at most. Returns how many.
CREATE FUNCTION app.queue_drain(tm uuid) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE context text := current_setting('app.ctx', true); t bigint := app.tenant(); v record; u record; n int := 0;
BEGIN
  PERFORM app.become(t, NULL, 'all', NULL, NULL);
  IF EXISTS (SELECT FROM public.team x WHERE x.tenant_id = t AND x.id = tm AND x.auto_assign) THEN
    PERFORM app.queue_lock();
    FOR v IN SELECT c.id, c.released_by FROM public.conversation c
      WHERE c.tenant_id = t AND c.team_id = tm AND c.assignee_id IS NULL AND c.status IN ('open', 'in_progress', 'pending') AND c.snoozed_until IS NULL
      ORDER BY c.waiting_since, c.id LIMIT 20 FOR UPDATE SKIP LOCKED
    LOOP
      SELECT a.id, a.name INTO u FROM public.team_member m JOIN public.user_account a ON a.tenant_id = m.tenant_id AND a.id = m.user_id
      WHERE m.tenant_id = t AND m.team_id = tm AND a.active AND a.role NOT IN ('viewer', 'super') AND app.presence_of(a.presence, a.last_seen_at) = 'online'
        AND a.id IS DISTINCT FROM v.released_by
        AND (SELECT count(*) FROM public.conversation o WHERE o.tenant_id = t AND o.assignee_id = a.id AND o.status IN ('open', 'in_progress', 'pending')
          AND o.snoozed_until IS NULL) < a.capacity
      ORDER BY a.last_assigned_at NULLS FIRST, a.id LIMIT 1;
      IF NOT FOUND THEN
        EXIT WHEN v.released_by IS NULL;
        CONTINUE;
      END IF;
      UPDATE public.conversation c SET assignee_id = u.id, assignee_name = u.name, released_by = NULL WHERE c.tenant_id = t AND c.id = v.id;
      UPDATE public.user_account a SET last_assigned_at = clock_timestamp() WHERE a.tenant_id = t AND a.id = u.id;
      PERFORM app.activity(v.id, 'auto_assigned', u.name);
      PERFORM app.notify(u.id, 'assigned', v.id, NULL);
      PERFORM app.emit('conversation:updated', 'conversation', v.id, v.id, NULL, jsonb_build_object('assignee_id', u.id, 'team_id', tm));
      n := n + 1;
    END LOOP;
  END IF;
  PERFORM set_config('app.ctx', context, true);
  RETURN n;
END $$;
-- The same for every team of one person, who has room or is there now.
CREATE FUNCTION app.queue_drain_for(usr uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  PERFORM app.queue_drain(m.team_id) FROM public.team_member m JOIN public.team x ON x.tenant_id = m.tenant_id AND x.id = m.team_id
  WHERE m.tenant_id = app.tenant() AND m.user_id = usr AND x.auto_assign;
END $$;
GRANT EXECUTE ON FUNCTION app.queue_drain(uuid) TO balcao_web;

-- At the end of the transaction, whichever way it came about: something came into a queue (or wrote again while it waits
-- there), or somebody has room.
CREATE FUNCTION app.queue_came() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE context text := current_setting('app.ctx', true);
BEGIN
  PERFORM app.become(NEW.tenant_id, NULL, 'all', NULL, NULL);
  PERFORM app.queue_drain(NEW.team_id);
  PERFORM set_config('app.ctx', context, true);
  RETURN NULL;
END $$;
CREATE FUNCTION app.queue_room() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE context text := current_setting('app.ctx', true);
BEGIN
  PERFORM app.become(OLD.tenant_id, NULL, 'all', NULL, NULL);
  PERFORM app.queue_drain_for(OLD.assignee_id);
  PERFORM set_config('app.ctx', context, true);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER queue_new AFTER INSERT ON conversation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.team_id IS NOT NULL AND NEW.assignee_id IS NULL AND NEW.status IN ('open', 'in_progress', 'pending')) EXECUTE FUNCTION app.queue_came();
CREATE CONSTRAINT TRIGGER queue_again AFTER UPDATE OF team_id, status, snoozed_until, last_inbound_at ON conversation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.team_id IS NOT NULL AND NEW.assignee_id IS NULL AND NEW.status IN ('open', 'in_progress', 'pending') AND NEW.snoozed_until IS NULL
    AND (OLD.team_id, OLD.status, OLD.snoozed_until, OLD.last_inbound_at) IS DISTINCT FROM (NEW.team_id, NEW.status, NEW.snoozed_until, NEW.last_inbound_at))
  EXECUTE FUNCTION app.queue_came();
CREATE CONSTRAINT TRIGGER queue_room AFTER UPDATE OF assignee_id, status, snoozed_until ON conversation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.assignee_id IS NOT NULL AND OLD.status IN ('open', 'in_progress', 'pending') AND OLD.snoozed_until IS NULL
    AND (NEW.assignee_id IS DISTINCT FROM OLD.assignee_id OR NEW.status NOT IN ('open', 'in_progress', 'pending') OR NEW.snoozed_until IS NOT NULL))
  EXECUTE FUNCTION app.queue_room();

-- The acting user is there (online) or not (away): their choice.
CREATE FUNCTION app.presence_set(choice text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  PERFORM app.queue_lock();
  UPDATE public.user_account u SET presence = choice, last_seen_at = now() WHERE u.tenant_id = app.tenant() AND u.id = app.user_id();
  IF choice = 'online' THEN PERFORM app.queue_drain_for(app.user_id()); END IF;
END $$;
-- How many open conversations somebody gets by turn. False: no such person, or one who does not answer.
CREATE FUNCTION app.capacity_set(usr uuid, most int) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  PERFORM app.queue_lock();
  UPDATE public.user_account u SET capacity = most WHERE u.tenant_id = app.tenant() AND u.id = usr AND u.active AND u.role NOT IN ('viewer', 'super');
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app.queue_drain_for(usr);
  RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION app.presence_set(text), app.capacity_set(uuid, int) TO balcao_web;

-- Signing in in a browser, and the end of the last session.
CREATE FUNCTION app.session_presence() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE context text := current_setting('app.ctx', true); now_is text;
BEGIN
  PERFORM app.become(NEW.tenant_id, NULL, 'all', NULL, NULL);
  SELECT u.presence INTO now_is FROM public.user_account u WHERE u.tenant_id = NEW.tenant_id AND u.id = NEW.user_id;
  IF TG_OP = 'INSERT' AND now_is = 'offline' THEN
    PERFORM app.queue_lock();
    UPDATE public.user_account u SET presence = 'online', last_seen_at = now() WHERE u.tenant_id = NEW.tenant_id AND u.id = NEW.user_id;
    PERFORM app.queue_drain_for(NEW.user_id);
  ELSIF TG_OP = 'UPDATE' AND now_is <> 'offline' AND NOT EXISTS (SELECT FROM priv.session s WHERE s.tenant_id = NEW.tenant_id AND s.user_id = NEW.user_id
      AND s.revoked_at IS NULL AND s.expires_at > now() AND s.last_seen_at + s.idle > now()) THEN
    UPDATE public.user_account u SET presence = 'offline' WHERE u.tenant_id = NEW.tenant_id AND u.id = NEW.user_id;
  END IF;
  PERFORM set_config('app.ctx', coalesce(context, ''), true);
  RETURN NULL;
END $$;
CREATE TRIGGER presence_start AFTER INSERT ON priv.session FOR EACH ROW WHEN (NEW.kind = 'cookie') EXECUTE FUNCTION app.session_presence();
CREATE TRIGGER presence_end AFTER UPDATE OF revoked_at ON priv.session FOR EACH ROW
  WHEN (NEW.kind = 'cookie' AND OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION app.session_presence();

-- Who comes back from having been silent is there again.
CREATE OR REPLACE FUNCTION app.seen(token bytea) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE s priv.session; back boolean;
BEGIN
  UPDATE priv.session x SET last_seen_at = now()
  WHERE x.token_hash = token AND x.last_seen_at < now() - interval '30 seconds' AND x.revoked_at IS NULL
    AND x.expires_at > now() AND x.last_seen_at + x.idle > now() RETURNING * INTO s;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM app.become(s.tenant_id, s.user_id, 'all', NULL, s.id);
  SELECT u.presence = 'online' AND app.presence_of(u.presence, u.last_seen_at) = 'away' INTO back FROM public.user_account u WHERE u.tenant_id = s.tenant_id AND u.id = s.user_id;
  IF back THEN PERFORM app.queue_lock(); END IF;
  UPDATE public.user_account u SET last_seen_at = now() WHERE u.tenant_id = s.tenant_id AND u.id = s.user_id;
  IF back THEN PERFORM app.queue_drain_for(s.user_id); END IF;
END $$;

-- The streams that are open: which of their sessions are over, as before. Whoever holds one of the others is there:
-- noted once in five minutes, and not at all where the row is held by somebody else just now.
CREATE OR REPLACE FUNCTION app.live_gone(tokens text[]) RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE r record; entered bigint; fine boolean; heard timestamptz;
BEGIN
  FOR r IN SELECT k.token, s.tenant_id, s.user_id FROM unnest(tokens) k (token)
    LEFT JOIN priv.session s ON s.token_hash = decode(k.token, 'hex') AND s.revoked_at IS NULL AND s.expires_at > now() AND s.last_seen_at + s.idle > now()
    ORDER BY s.tenant_id
  LOOP
    IF r.tenant_id IS NULL THEN
      RETURN NEXT r.token;
      CONTINUE;
    END IF;
    IF entered IS DISTINCT FROM r.tenant_id THEN
      entered := r.tenant_id;
      PERFORM app.become(entered, NULL, 'none', NULL, NULL);
      fine := EXISTS (SELECT FROM public.tenant t WHERE t.tenant_id = entered AND t.status = 'active');
    END IF;
    SELECT coalesce(u.last_seen_at, '-infinity') INTO heard FROM public.user_account u WHERE u.tenant_id = entered AND u.id = r.user_id AND u.active;
    IF NOT fine OR NOT FOUND THEN
      RETURN NEXT r.token;
    ELSIF heard < now() - interval '5 minutes' THEN
      UPDATE public.user_account u SET last_seen_at = now()
      WHERE u.tenant_id = entered AND u.id = (SELECT y.id FROM public.user_account y WHERE y.tenant_id = entered AND y.id = r.user_id FOR NO KEY UPDATE SKIP LOCKED);
    END IF;
  END LOOP;
  PERFORM set_config('app.ctx', '', true);
END $$;

-- The newest of 0002. A team without a person: its queue hands it on at once. Who gives it back does not get it again.
CREATE OR REPLACE FUNCTION app.conversation_assign(conv uuid, usr uuid, tm uuid, expect int) RETURNS SETOF int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE t bigint := app.tenant(); me uuid := app.user_id(); sc text := app.scope(); sid uuid := app.session_id(); v public.conversation; nm text; tn text; my text;
BEGIN
  SELECT * INTO v FROM public.conversation c WHERE c.id = conv FOR UPDATE;
  IF NOT FOUND OR sc = 'visitor' THEN RETURN; END IF;
  IF expect IS NOT NULL AND expect <> v.version THEN RAISE EXCEPTION 'version' USING ERRCODE = 'P1004'; END IF;
  SELECT u.name INTO nm FROM public.user_account u WHERE u.id = usr AND u.active AND u.role <> 'viewer';
  IF usr IS NOT NULL AND nm IS NULL THEN RAISE EXCEPTION 'no such user' USING ERRCODE = '23503'; END IF;
  SELECT x.name INTO tn FROM public.team x WHERE x.id = tm;
  IF tm IS NOT NULL AND tn IS NULL THEN RAISE EXCEPTION 'no such team' USING ERRCODE = '23503'; END IF;
  SELECT u.name INTO my FROM public.user_account u WHERE u.id = me;
  IF v.assignee_id IS DISTINCT FROM usr OR v.team_id IS DISTINCT FROM tm THEN
    PERFORM app.become(t, me, 'all', NULL, sid);
    UPDATE public.conversation c SET assignee_id = usr, assignee_name = nm, team_id = tm,
      released_by = CASE WHEN usr IS NULL AND v.team_id IS NOT DISTINCT FROM tm THEN v.assignee_id END WHERE c.id = conv;
    IF v.assignee_id IS DISTINCT FROM usr THEN
      PERFORM app.activity(conv, CASE WHEN usr IS NULL THEN 'released' WHEN usr = me THEN 'taken' ELSE 'assigned' END, nm);
      IF usr IS NOT NULL AND usr IS DISTINCT FROM me THEN PERFORM app.notify(usr, 'assigned', conv, my); END IF;
    END IF;
    IF v.team_id IS DISTINCT FROM tm THEN PERFORM app.activity(conv, CASE WHEN tm IS NULL THEN 'team_none' ELSE 'team' END, tn); END IF;
    PERFORM app.emit('conversation:updated', 'conversation', conv, conv, NULL, jsonb_build_object('assignee_id', usr, 'team_id', tm));
    IF usr IS NULL AND tm IS NOT NULL AND v.status IN ('open', 'in_progress', 'pending') THEN PERFORM app.queue_drain(tm); END IF;
    PERFORM app.become(t, me, sc, NULL, sid);
  END IF;
  RETURN NEXT (SELECT version FROM public.conversation c WHERE c.id = conv);
END $$;

-- The newest of 0011, which assigns one after the other: all rows are locked before the first queue is.
CREATE OR REPLACE FUNCTION app.conversation_bulk(ids uuid[], act text, usr uuid, tm uuid, tg uuid) RETURNS TABLE (id uuid, status text, error text)
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE i uuid; v public.conversation; st text := CASE act WHEN 'resolve' THEN 'resolved' WHEN 'reopen' THEN 'open' WHEN 'spam' THEN 'spam' END;
BEGIN
  PERFORM FROM public.conversation c WHERE c.id = ANY (ids) ORDER BY c.id FOR UPDATE;
  FOR i IN SELECT DISTINCT u FROM unnest(ids) u ORDER BY u LOOP
    id := i; status := NULL; error := NULL;
    BEGIN
      SELECT * INTO v FROM public.conversation c WHERE c.id = i FOR UPDATE;
      status := v.status;
      IF v.id IS NULL THEN
        error := 'not_found';
      ELSIF st IS NOT NULL THEN
        status := st;
        IF act = 'reopen' AND v.status IN ('open', 'in_progress', 'pending') THEN
          status := v.status;
        ELSIF v.status <> st THEN
          UPDATE public.conversation c SET status = st, snoozed_until = NULL, resolved_at = CASE WHEN st = 'resolved' THEN now() END,
            waiting_since = CASE WHEN st = 'open' THEN c.waiting_since END WHERE c.id = i;
          PERFORM app.activity(i, CASE st WHEN 'open' THEN 'reopened' ELSE st END, NULL);
          PERFORM app.emit('conversation:updated', 'conversation', i, i, NULL, jsonb_build_object('status', st));
        END IF;
      ELSIF act = 'assign' THEN
        PERFORM app.conversation_assign(i, usr, v.team_id, NULL);
      ELSIF act = 'team' THEN
        PERFORM app.conversation_assign(i, v.assignee_id, tm, NULL);
      ELSIF NOT EXISTS (SELECT FROM public.tag t WHERE t.id = tg) THEN
        error := 'unknown';
      ELSE
        PERFORM app.conversation_tags(ARRAY[i], CASE act WHEN 'tag' THEN ARRAY[tg] ELSE '{}' END, CASE act WHEN 'untag' THEN ARRAY[tg] ELSE '{}' END);
      END IF;
    EXCEPTION
      WHEN unique_violation THEN status := v.status; error := 'has_open';
      WHEN foreign_key_violation THEN error := 'unknown';
    END;
    RETURN NEXT;
  END LOOP;
END $$;

-- Makes the members of a team these; those who do not exist or do not answer: 23503. What waits is handed out.
CREATE FUNCTION app.team_members_set(tm uuid, users uuid[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF EXISTS (SELECT FROM unnest(users) x WHERE x NOT IN (SELECT u.id FROM public.user_account u WHERE u.active AND u.role <> 'super')) THEN
    RAISE EXCEPTION 'no such user' USING ERRCODE = '23503';
  END IF;
  DELETE FROM public.team_member m WHERE m.team_id = tm AND NOT m.user_id = ANY (users);
  INSERT INTO public.team_member (team_id, user_id) SELECT tm, x FROM unnest(users) x ON CONFLICT DO NOTHING;
END $$;
-- Takes a team away: its conversations and connections stay, of no team. expect: the version that was seen (NULL: any).
-- NULL: no such team; false: it has another version.
CREATE FUNCTION app.team_delete(tm uuid, expect int) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE t bigint := app.tenant(); me uuid := app.user_id(); sc text := app.scope(); sid uuid := app.session_id(); x public.team;
BEGIN
  IF sc NOT IN ('all', 'team', 'own') THEN RETURN NULL; END IF;
  SELECT * INTO x FROM public.team y WHERE y.tenant_id = t AND y.id = tm FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF expect IS NOT NULL AND expect <> x.version THEN RETURN false; END IF;
  PERFORM app.become(t, me, 'all', NULL, sid);
  UPDATE public.conversation c SET team_id = NULL WHERE c.tenant_id = t AND c.team_id = tm;
  UPDATE public.connection c SET team_id = NULL WHERE c.tenant_id = t AND c.team_id = tm;
  DELETE FROM public.team y WHERE y.tenant_id = t AND y.id = tm;
  PERFORM app.become(t, me, sc, NULL, sid);
  RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION app.team_members_set(uuid, uuid[]), app.team_delete(uuid, int) TO balcao_web;

----------------------------------------------------------------------------------------------------
-- Connections: what the page shows and changes. Secrets are written, never read, by the web.
-- The business account (WABA) that somebody names saves asking the provider for it; its templates are fetched.
CREATE FUNCTION app.connection_account(conn uuid, acc text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF app.template_order(conn) THEN
    UPDATE priv.template_sync s SET account = acc WHERE s.tenant_id = app.tenant() AND s.connection_id = conn;
  END IF;
END $$;
GRANT EXECUTE ON FUNCTION app.connection_account(uuid, text), app.template_account(uuid) TO balcao_web;
GRANT INSERT (id, name, channel, external_id, public_key, shown, greeting, own_app, access_token_sealed, app_secret_sealed, verify_token_sealed, team_id) ON connection TO balcao_web;
GRANT UPDATE (name, shown, greeting, access_token_sealed, app_secret_sealed, verify_token_sealed, status, status_text, status_at, paused_until) ON connection TO balcao_web;
-- Which secrets are kept.
CREATE FUNCTION app.connection_secrets(conn uuid) RETURNS TABLE (token boolean, secret boolean, verify boolean) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT c.access_token_sealed IS NOT NULL, c.app_secret_sealed IS NOT NULL, c.verify_token_sealed IS NOT NULL FROM public.connection c WHERE c.tenant_id = app.tenant() AND c.id = conn $$;
GRANT EXECUTE ON FUNCTION app.connection_secrets(uuid) TO balcao_web;

-- "09:00-12:00, 13:30-18:00": the open spans of a weekday (0 Sunday), NULL for none.
CREATE FUNCTION app.clock(minutes int) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT lpad((minutes / 60)::text, 2, '0') || ':' || lpad((minutes % 60)::text, 2, '0') $$;
CREATE FUNCTION app.hours_text(conn uuid, day int) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT string_agg(app.clock(h.opens) || '-' || app.clock(h.closes), ', ' ORDER BY h.opens) FROM public.business_hours h WHERE h.connection_id = conn AND h.weekday = day $$;
-- Makes the hours of a connection these: [{"weekday", "opens", "closes"}, ...]. One line of the audit when they differ.
CREATE FUNCTION app.hours_set(conn uuid, spans jsonb) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE old jsonb; new jsonb;
BEGIN
  SELECT coalesce(jsonb_agg(jsonb_build_array(h.weekday, app.clock(h.opens) || '-' || app.clock(h.closes)) ORDER BY h.weekday, h.opens), '[]') INTO old
  FROM public.business_hours h WHERE h.connection_id = conn;
  SELECT coalesce(jsonb_agg(jsonb_build_array(s.weekday, app.clock(s.opens) || '-' || app.clock(s.closes)) ORDER BY s.weekday, s.opens), '[]') INTO new
  FROM jsonb_to_recordset(spans) s (weekday int, opens int, closes int);
  IF old = new THEN RETURN; END IF;
  DELETE FROM public.business_hours h WHERE h.connection_id = conn;
  INSERT INTO public.business_hours (connection_id, weekday, opens, closes)
  SELECT conn, s.weekday, s.opens, s.closes FROM jsonb_to_recordset(spans) s (weekday int, opens int, closes int);
  PERFORM app.audit_note('hours', 'connection', conn, jsonb_build_object('hours', jsonb_build_array(old, new)));
END $$;
GRANT EXECUTE ON FUNCTION app.clock(int), app.hours_text(uuid, int), app.hours_set(uuid, jsonb) TO balcao_web;
CREATE TRIGGER audit AFTER INSERT OR DELETE ON holiday FOR EACH ROW EXECUTE FUNCTION app.audit();

-- Since when a connection is closed at an instant, in the tenant's zone; NULL while it is open. No hours: always open.
-- Holidays are closed all day. Nothing open in the last 31 days: '-infinity'.
CREATE FUNCTION app.closed_since(conn uuid, at timestamptz) RETURNS timestamptz LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public AS $$
DECLARE z text; local timestamp; minute int; d date; c int;
BEGIN
  IF NOT EXISTS (SELECT FROM public.business_hours h WHERE h.connection_id = conn) THEN RETURN NULL; END IF;
  SELECT t.zone INTO z FROM public.tenant t WHERE t.tenant_id = app.tenant();
  local := at AT TIME ZONE z;
  minute := extract(hour FROM local)::int * 60 + extract(minute FROM local)::int;
  FOR back IN 0..31 LOOP
    d := local::date - back;
    CONTINUE WHEN EXISTS (SELECT FROM public.holiday y WHERE y.day = d);
    IF back = 0 AND EXISTS (SELECT FROM public.business_hours h WHERE h.connection_id = conn AND h.weekday = extract(dow FROM d)::int AND minute >= h.opens AND minute < h.closes) THEN
      RETURN NULL;
    END IF;
    SELECT max(h.closes) INTO c FROM public.business_hours h WHERE h.connection_id = conn AND h.weekday = extract(dow FROM d)::int AND (back > 0 OR h.closes <= minute);
    IF c IS NOT NULL THEN RETURN (d + c * interval '1 minute') AT TIME ZONE z; END IF;
  END LOOP;
  RETURN '-infinity';
END $$;
GRANT EXECUTE ON FUNCTION app.closed_since(uuid, timestamptz) TO balcao_web, balcao_worker, balcao_console;

-- Says that nobody is here, when that is so: once while it is closed. Not a person's answer: the conversation goes on
-- waiting, and its preview stays what the customer wrote.
CREATE FUNCTION app.away_answer(conv uuid) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE v public.conversation; body text; since timestamptz; i uuid := app.uuid7();
BEGIN
  SELECT * INTO v FROM public.conversation c WHERE c.id = conv;
  SELECT c.away_message INTO body FROM public.connection c WHERE c.id = v.connection_id AND c.away_enabled;
  IF coalesce(body, '') = '' THEN RETURN; END IF;
  since := app.closed_since(v.connection_id, now());
  IF since IS NULL OR v.away_sent_at >= since THEN RETURN; END IF;
  UPDATE public.conversation c SET away_sent_at = now() WHERE c.id = conv;
  INSERT INTO public.message (id, conversation_id, connection_id, direction, kind, text, payload, status)
  VALUES (i, conv, v.connection_id, 'out', 'text', body, '{"auto": "away"}', CASE WHEN v.channel = 'chat' THEN 'sent' ELSE 'queued' END);
  IF v.channel <> 'chat' THEN PERFORM app.job_add('send', i, conv, NULL); END IF;
  PERFORM app.emit('message:created', 'message', i, conv, NULL, '{"direction": "out"}');
END $$;
GRANT EXECUTE ON FUNCTION app.away_answer(uuid) TO balcao_worker, balcao_console;

-- The newest of 0008. A new conversation is of its connection's team; one that was merged away is not opened again.
CREATE OR REPLACE FUNCTION app.conversation_for(conn uuid, who uuid, thread text, OUT conv uuid, OUT fresh boolean) LANGUAGE plpgsql AS $$
DECLARE last conversation; c connection; n bigint; blocked boolean := (SELECT p.status = 'blocked' FROM contact p WHERE p.id = who);
BEGIN
  fresh := false;
  SELECT * INTO c FROM connection WHERE id = conn;
  SELECT * INTO last FROM conversation v WHERE v.connection_id = conn AND v.contact_id = who AND v.thread_key = thread AND v.merged_into IS NULL
    ORDER BY v.status IN ('open', 'in_progress', 'pending') DESC, v.last_message_at DESC LIMIT 1 FOR UPDATE;
  IF FOUND AND (last.status NOT IN ('resolved', 'archived') OR c.reopen OR blocked) THEN
    conv := last.id;
    RETURN;
  END IF;
  UPDATE tenant SET conversation_number = conversation_number + 1 RETURNING conversation_number INTO n;
  INSERT INTO conversation (number, contact_id, connection_id, channel, thread_key, status, team_id, contact_name, contact_phone, contact_kind)
  SELECT n, p.id, conn, c.channel, thread, CASE WHEN blocked THEN 'spam' ELSE 'open' END, c.team_id, coalesce(p.name, p.username), p.phone, p.kind FROM contact p WHERE p.id = who
  RETURNING id INTO conv;
  fresh := true;
  PERFORM app.emit('conversation:created', 'conversation', conv, conv, NULL, NULL);
END $$;

-- The newest of 0008. What comes while it is closed is answered by the away message: not to blocked people, groups, or
-- what is older than an hour (brought in late, or a history).
CREATE OR REPLACE FUNCTION app.message_in(conn uuid, person jsonb, msg jsonb, OUT message_id uuid, OUT conversation_id uuid, OUT contact_id uuid, OUT created boolean)
LANGUAGE plpgsql AS $$
DECLARE
  ext text := msg ->> 'external_id'; k text := msg ->> 'kind'; body text := left(msg ->> 'text', 65536);
  at timestamptz := least(coalesce((msg ->> 'at')::timestamptz, now()), now() + interval '1 minute');
  echo boolean := coalesce((msg ->> 'echo')::boolean, false); fresh boolean; v conversation; att uuid; m jsonb;
  quiet boolean := echo OR k = 'system';
BEGIN
  created := false;
  PERFORM pg_advisory_xact_lock(hashtextextended(conn::text || ':' || coalesce(ext, ''), 11));
  SELECT x.id, x.conversation_id, c.contact_id INTO message_id, conversation_id, contact_id
  FROM message x JOIN conversation c ON c.id = x.conversation_id WHERE x.connection_id = conn AND x.external_id = ext;
  IF FOUND THEN RETURN; END IF;
  contact_id := app.person_find(person);
  quiet := quiet OR (SELECT p.status = 'blocked' FROM contact p WHERE p.id = message_in.contact_id);
  -- Whoever writes is back.
  IF NOT quiet THEN UPDATE contact p SET status = 'active' WHERE p.id = message_in.contact_id AND p.status = 'inactive'; END IF;
  SELECT f.conv, f.fresh INTO conversation_id, fresh FROM app.conversation_for(conn, contact_id, coalesce(msg ->> 'thread', '')) f;
  message_id := app.uuid7();
  INSERT INTO message (id, conversation_id, connection_id, direction, kind, text, payload, status, external_id, author_name, reply_to, sent_at)
  VALUES (message_id, conversation_id, conn, CASE WHEN echo THEN 'out' ELSE 'in' END, k, body, msg -> 'payload', CASE WHEN echo THEN 'sent' ELSE 'delivered' END,
    ext, msg ->> 'author_name', msg ->> 'reply_to', at);
  created := true;
  SELECT * INTO v FROM conversation c WHERE c.id = conversation_id;
  UPDATE conversation c SET
    preview = CASE WHEN at >= v.last_message_at OR fresh THEN left(body, 200) ELSE v.preview END,
    preview_kind = CASE WHEN at >= v.last_message_at OR fresh THEN k ELSE v.preview_kind END,
    preview_out = CASE WHEN at >= v.last_message_at OR fresh THEN echo ELSE v.preview_out END,
    last_message_at = CASE WHEN fresh THEN at ELSE greatest(v.last_message_at, at) END,
    unread = CASE WHEN quiet THEN v.unread ELSE v.unread + 1 END,
    waiting_since = CASE WHEN echo THEN NULL WHEN quiet THEN v.waiting_since ELSE coalesce(v.waiting_since, at) END,
    last_inbound_at = CASE WHEN echo OR k = 'system' THEN v.last_inbound_at ELSE greatest(v.last_inbound_at, at) END,
    window_until = CASE WHEN echo OR k = 'system' OR v.channel <> 'whatsapp' THEN v.window_until ELSE greatest(v.window_until, at + interval '24 hours') END
  WHERE c.id = conversation_id;
  IF NOT quiet AND (v.status IN ('resolved', 'archived') OR v.snoozed_until IS NOT NULL) THEN
    UPDATE conversation c SET status = CASE WHEN v.status IN ('resolved', 'archived') THEN 'open' ELSE v.status END, snoozed_until = NULL, resolved_at = NULL
    WHERE c.id = conversation_id;
    IF v.status IN ('resolved', 'archived') THEN PERFORM app.activity(conversation_id, 'reopened', NULL); END IF;
  END IF;
  FOR m IN SELECT * FROM jsonb_array_elements(coalesce(msg -> 'media', '[]')) LOOP
    INSERT INTO attachment (message_id, kind, name, mime, sha256, external_id, voice)
    VALUES (message_in.message_id, m ->> 'kind', left(m ->> 'name', 200), m ->> 'mime', m ->> 'sha256', m ->> 'external_id', coalesce((m ->> 'voice')::boolean, false))
    RETURNING id INTO att;
    PERFORM app.job_add('media', att, NULL, NULL);
  END LOOP;
  PERFORM app.emit('message:created', 'message', message_id, conversation_id, NULL, jsonb_build_object('direction', CASE WHEN echo THEN 'out' ELSE 'in' END));
  IF NOT quiet AND v.thread_key = '' AND v.contact_kind <> 'group' AND v.status <> 'spam' AND at > now() - interval '1 hour' THEN PERFORM app.away_answer(conversation_id); END IF;
  IF ext IS NOT NULL THEN PERFORM app.changes_apply(conn, ext); END IF;
END $$;

-- A holiday has an id like everything else that is deleted by one.
ALTER TABLE holiday ADD id uuid NOT NULL DEFAULT app.uuid7();
ALTER TABLE holiday ADD UNIQUE (tenant_id, id);
