-- Approved WhatsApp templates, conversations that we begin; two mends.

----------------------------------------------------------------------------------------------------
-- Templates. What the provider has is fetched per connection by the job "templates": every hour, when a connection is
-- new, when somebody asks, and when a webhook says that one changed.
ALTER TABLE whatsapp_template ADD quality text CHECK (length(quality) <= 20), ADD reason text CHECK (length(reason) <= 200);
CREATE INDEX whatsapp_template_name ON whatsapp_template (tenant_id, name, language);

-- account: the provider's business account (WABA) that the connection's number belongs to. error: why the last fetch failed.
CREATE TABLE priv.template_sync (
  connection_id uuid PRIMARY KEY,
  tenant_id     bigint NOT NULL,
  account       text CHECK (account ~ '^[0-9]{1,40}$'),
  ordered_at    timestamptz NOT NULL DEFAULT now(),
  synced_at     timestamptz,
  error         text
);
CREATE INDEX template_sync_account ON priv.template_sync (account) WHERE account IS NOT NULL;

-- Orders the fetch now, once however often it is asked for while it waits. False: no WhatsApp connection of the tenant.
CREATE FUNCTION app.template_order(conn uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE t bigint := app.tenant();
BEGIN
  IF app.scope() = 'visitor' OR NOT EXISTS (SELECT FROM public.connection c WHERE c.tenant_id = t AND c.id = conn AND c.channel = 'whatsapp') THEN RETURN false; END IF;
  INSERT INTO priv.template_sync AS s (connection_id, tenant_id) VALUES (conn, t) ON CONFLICT (connection_id) DO UPDATE SET ordered_at = clock_timestamp();
  UPDATE priv.job j SET run_at = least(j.run_at, now()) WHERE j.tenant_id = t AND j.subject_id = conn AND j.kind = 'templates' AND j.state = 'ready';
  IF NOT FOUND THEN PERFORM app.job_add('templates', conn, conn, NULL); END IF;
  RETURN true;
END $$;
-- Orders what was not ordered for an hour. How many.
CREATE FUNCTION app.template_due() RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE k record; n int := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(7002) THEN RETURN 0; END IF;
  FOR k IN SELECT x.tenant_id, x.connection_id FROM priv.connection_key x LEFT JOIN priv.template_sync s ON s.connection_id = x.connection_id
    WHERE x.kind = 'id' AND coalesce(s.ordered_at, '-infinity') < clock_timestamp() - interval '1 hour' LIMIT 200 LOOP
    PERFORM app.become(k.tenant_id, NULL, 'all', NULL, NULL);
    IF app.template_order(k.connection_id) THEN
      n := n + 1;
    ELSE -- another channel: never looked at again
      INSERT INTO priv.template_sync (connection_id, tenant_id, ordered_at) VALUES (k.connection_id, k.tenant_id, 'infinity') ON CONFLICT DO NOTHING;
    END IF;
  END LOOP;
  PERFORM set_config('app.ctx', '', true);
  RETURN n;
END $$;
-- The provider says that something changed in an account. sole: the connection whose own app said so, which speaks for
-- no other. The caller enters a tenant again afterwards. How many connections fetch anew.
CREATE FUNCTION app.template_changed(acc text, sole uuid) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE k record; n int := 0;
BEGIN
  FOR k IN SELECT s.tenant_id, s.connection_id FROM priv.template_sync s
    WHERE s.account = acc AND (sole IS NULL OR s.connection_id = sole) ORDER BY s.connection_id LIMIT 200 LOOP
    PERFORM app.become(k.tenant_id, NULL, 'all', NULL, NULL);
    IF app.template_order(k.connection_id) THEN n := n + 1; END IF;
  END LOOP;
  PERFORM set_config('app.ctx', '', true);
  RETURN n;
END $$;
-- The worker's notes: the account as the provider told it, and how a fetch ended (why NULL: well).
CREATE FUNCTION app.template_account(conn uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT s.account FROM priv.template_sync s WHERE s.tenant_id = app.tenant() AND s.connection_id = conn $$;
CREATE FUNCTION app.template_synced(conn uuid, acc text, why text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  UPDATE priv.template_sync s SET account = coalesce(acc, s.account), synced_at = CASE WHEN why IS NULL THEN clock_timestamp() ELSE s.synced_at END, error = left(why, 300)
  WHERE s.tenant_id = app.tenant() AND s.connection_id = conn $$;
CREATE FUNCTION app.template_syncs() RETURNS TABLE (connection_id uuid, synced_at timestamptz, error text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT s.connection_id, s.synced_at, s.error FROM priv.template_sync s WHERE s.tenant_id = app.tenant() AND app.scope() <> 'visitor' $$;
GRANT EXECUTE ON FUNCTION app.template_order(uuid), app.template_syncs() TO balcao_web;
GRANT EXECUTE ON FUNCTION app.template_order(uuid), app.template_due(), app.template_changed(text, uuid), app.template_account(uuid),
  app.template_synced(uuid, text, text) TO balcao_worker;

-- All templates of a connection as the provider has them; those it has no more are disabled. How many rows changed.
CREATE FUNCTION app.template_put(conn uuid, list jsonb) RETURNS int LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE n int; gone int;
BEGIN
  WITH fresh AS (
    SELECT DISTINCT ON (x.name, x.language) x.* FROM jsonb_to_recordset(list)
      AS x (name text, language text, category text, status text, header text, body text, footer text, variables int, components jsonb, quality text, reason text)
    ORDER BY x.name, x.language, x.status = 'approved' DESC)
  INSERT INTO public.whatsapp_template AS w (connection_id, name, language, category, status, header, body, footer, variables, components, quality, reason)
  SELECT conn, f.name, f.language, f.category, f.status, f.header, f.body, f.footer, f.variables, f.components, f.quality, f.reason FROM fresh f
  ON CONFLICT (tenant_id, connection_id, name, language) DO UPDATE SET category = excluded.category, status = excluded.status, header = excluded.header,
    body = excluded.body, footer = excluded.footer, variables = excluded.variables, components = excluded.components, quality = excluded.quality,
    reason = excluded.reason, synced_at = now()
  WHERE (w.category, w.status, w.header, w.body, w.footer, w.variables, w.components, w.quality, w.reason) IS DISTINCT FROM
    (excluded.category, excluded.status, excluded.header, excluded.body, excluded.footer, excluded.variables, excluded.components, excluded.quality, excluded.reason);
  GET DIAGNOSTICS n = ROW_COUNT;
  UPDATE public.whatsapp_template w SET status = 'disabled', synced_at = now()
  WHERE w.connection_id = conn AND w.status <> 'disabled'
    AND NOT EXISTS (SELECT FROM jsonb_to_recordset(list) AS x (name text, language text) WHERE x.name = w.name AND x.language = w.language);
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN n + gone;
END $$;
GRANT EXECUTE ON FUNCTION app.template_put(uuid, jsonb) TO balcao_worker, balcao_console;

-- A conversation that we begin: the open one with the person on this connection, or a new one, which is the acting user's.
-- who: somebody the acting user sees; NULL: whoever has person's ids (made when nobody has them). problem, and then nothing
-- of this may be kept: connection, contact, phone (there is no way to them), blocked, hidden (the acting user does not see
-- the conversation that there is).
CREATE FUNCTION app.conversation_start(conn uuid, who uuid, person jsonb, OUT conv uuid, OUT problem text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE c text := current_setting('app.ctx', true); t bigint := app.tenant(); me uuid := app.user_id(); p uuid := who; fresh boolean; v public.conversation; nm text;
BEGIN
  IF app.scope() NOT IN ('all', 'team', 'own') OR NOT EXISTS (SELECT FROM public.connection k WHERE k.id = conn AND k.channel = 'whatsapp') THEN
    problem := 'connection';
    RETURN;
  END IF;
  IF who IS NOT NULL AND NOT EXISTS (SELECT FROM public.contact x WHERE x.id = who AND x.merged_into IS NULL AND x.status <> 'anonymised') THEN
    problem := 'contact';
    RETURN;
  END IF;
  PERFORM app.become(t, me, 'all', NULL, app.session_id());
  IF p IS NULL THEN p := app.person_find(person); END IF;
  IF (SELECT x.status = 'blocked' FROM public.contact x WHERE x.id = p) THEN
    problem := 'blocked';
  ELSIF NOT EXISTS (SELECT FROM public.contact_identity i WHERE i.contact_id = p AND i.kind IN ('phone', 'bsuid')) THEN
    problem := 'phone';
  ELSE
    SELECT f.conv, f.fresh INTO conv, fresh FROM app.conversation_for(conn, p, '') f;
    SELECT * INTO v FROM public.conversation x WHERE x.id = conversation_start.conv FOR UPDATE;
    IF fresh AND v.assignee_id IS NULL THEN
      SELECT u.name INTO nm FROM public.user_account u WHERE u.id = me;
      UPDATE public.conversation x SET assignee_id = me, assignee_name = nm WHERE x.id = v.id;
      PERFORM app.activity(v.id, 'taken', nm);
    ELSIF v.status IN ('resolved', 'archived', 'spam') THEN
      UPDATE public.conversation x SET status = 'open', resolved_at = NULL, snoozed_until = NULL WHERE x.id = v.id;
      PERFORM app.activity(v.id, 'reopened', NULL);
      PERFORM app.emit('conversation:updated', 'conversation', v.id, v.id, NULL, '{"status": "open"}');
    END IF;
  END IF;
  PERFORM set_config('app.ctx', c, true);
  IF problem IS NULL AND NOT EXISTS (SELECT FROM public.conversation x WHERE x.id = conversation_start.conv) THEN problem := 'hidden'; END IF;
END $$;
GRANT EXECUTE ON FUNCTION app.conversation_start(uuid, uuid, jsonb) TO balcao_web;

----------------------------------------------------------------------------------------------------
-- A message for later whose worker died too often ends as failed, like one that was given up in order.
CREATE OR REPLACE FUNCTION app.job_rescue() RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE r record; n int := 0;
BEGIN
  FOR r IN
    UPDATE priv.job j SET state = CASE WHEN j.state = 'sending' THEN 'uncertain' WHEN x.tried >= j.max_attempt THEN 'dead' ELSE 'ready' END, attempt = x.tried,
      run_at = clock_timestamp() + random() * least(300, power(2, x.tried)) * interval '1 second', error = 'lease ran out', lease_until = NULL,
      done_at = CASE WHEN j.state = 'sending' OR x.tried >= j.max_attempt THEN clock_timestamp() END
    FROM (SELECT y.id, y.attempt - (y.state = 'run' AND EXISTS (SELECT FROM priv.job z WHERE z.claim = y.claim AND z.turn < y.turn AND z.state IN ('run', 'sending')))::int AS tried
      FROM priv.job y WHERE y.state IN ('run', 'sending') AND y.lease_until < clock_timestamp() ORDER BY y.lease_until LIMIT 100 FOR UPDATE SKIP LOCKED) x
    WHERE j.id = x.id
    RETURNING j.tenant_id, j.kind, j.subject_id, j.state
  LOOP
    n := n + 1;
    IF r.kind = 'send' AND r.state IN ('uncertain', 'dead') THEN
      PERFORM app.become(r.tenant_id, NULL, 'all', NULL, NULL);
      PERFORM app.send_result(r.subject_id, CASE r.state WHEN 'dead' THEN 'failed' ELSE r.state END, NULL, NULL, CASE r.state WHEN 'dead' THEN 'tried too often' END);
      -- A status may have told the outcome before the lease ran out.
      IF NOT EXISTS (SELECT FROM public.message m WHERE m.id = r.subject_id AND m.status = 'uncertain') THEN PERFORM app.job_settle(r.subject_id); END IF;
    ELSIF r.state = 'dead' AND r.kind = 'schedule' THEN
      PERFORM app.become(r.tenant_id, NULL, 'all', NULL, NULL);
      PERFORM app.scheduled_fail(r.subject_id);
    ELSIF r.state = 'dead' AND r.kind IN ('normalise', 'media') THEN
      PERFORM app.become(r.tenant_id, NULL, 'all', NULL, NULL);
      UPDATE public.webhook_event e SET state = 'dead', reason = 'tried too often', processed_at = now() WHERE r.kind = 'normalise' AND e.id = r.subject_id AND e.state = 'received';
      UPDATE public.attachment x SET state = 'failed', error = 'tried too often' WHERE r.kind = 'media' AND x.id = r.subject_id AND x.state = 'wait';
    END IF;
  END LOOP;
  PERFORM set_config('app.ctx', '', true);
  RETURN n;
END $$;

-- The name of a person follows into the rows that show it, also into those that the acting user does not see.
CREATE OR REPLACE FUNCTION app.contact_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE c text := coalesce(current_setting('app.ctx', true), '');
BEGIN
  PERFORM app.become(NEW.tenant_id, app.user_id(), 'all', NULL, app.session_id());
  UPDATE public.conversation v SET contact_name = coalesce(NEW.name, NEW.username), contact_phone = NEW.phone, contact_kind = NEW.kind WHERE v.contact_id = NEW.id;
  PERFORM set_config('app.ctx', c, true);
  RETURN NULL;
END $$;
