-- What the tests of the schema found.

-- What a deletion takes along is found by an index.
CREATE INDEX notification_conversation ON notification (tenant_id, conversation_id);
CREATE INDEX draft_user ON draft (tenant_id, user_id);

-- A trigger without arguments has no list of columns to leave out (TG_ARGV is null then): all of them count.
CREATE OR REPLACE FUNCTION app.audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE o jsonb; n jsonb; d jsonb;
BEGIN
  IF TG_OP <> 'INSERT' THEN o := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN n := to_jsonb(NEW); END IF;
  SELECT jsonb_object_agg(k, CASE WHEN k LIKE '%\_sealed' OR k LIKE '%\_index' THEN '["***","***"]'::jsonb ELSE jsonb_build_array(o -> k, n -> k) END)
  INTO d FROM jsonb_object_keys(coalesce(n, o)) k
  WHERE (o -> k) IS DISTINCT FROM (n -> k) AND NOT (k = ANY (coalesce(TG_ARGV, '{}'))) AND k NOT IN ('tenant_id', 'id', 'version', 'created_at', 'updated_at')
    AND NOT (coalesce(o -> k, 'null') = 'null' AND coalesce(n -> k, 'null') = 'null');
  IF d IS NULL AND TG_OP = 'UPDATE' THEN RETURN NULL; END IF;
  INSERT INTO public.audit_log (tenant_id, actor_id, session_id, scope, action, entity, entity_id, changes)
  VALUES (coalesce((n ->> 'tenant_id')::bigint, (o ->> 'tenant_id')::bigint), app.user_id(), app.session_id(), app.scope(), lower(TG_OP), TG_TABLE_NAME,
    coalesce(n ->> 'id', o ->> 'id')::uuid, d);
  RETURN NULL;
END $$;

-- The sign before the digest counts like every other.
CREATE OR REPLACE FUNCTION app.tenant() RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE c text := current_setting('app.ctx', true); n int := length(c) - 33;
BEGIN
  IF c IS NULL OR n < 1 OR substr(c, n + 1, 1) <> '|' OR app.digest(left(c, n)) IS DISTINCT FROM right(c, 32) THEN
    RAISE EXCEPTION 'no context' USING ERRCODE = '42501';
  END IF;
  RETURN split_part(c, '|', 1)::bigint;
END $$;

-- Who is not let in has no context, even where injected SQL left one behind for the whole session.
CREATE OR REPLACE FUNCTION app.enter(token bytea, readonly boolean) RETURNS TABLE (
  session_id uuid, tenant_name text, user_id uuid, user_name text, user_email text, role text, scope text,
  locale text, zone text, stale boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE s priv.session;
BEGIN
  SELECT * INTO s FROM priv.session x
  WHERE x.token_hash = token AND x.revoked_at IS NULL AND x.expires_at > now() AND x.last_seen_at + x.idle > now();
  IF NOT FOUND THEN
    PERFORM set_config('app.ctx', '', true);
    RETURN;
  END IF;
  PERFORM app.become(s.tenant_id, s.user_id, 'all', NULL, s.id);
  SELECT s.id, t.name, u.id, u.name, u.email, u.role, u.scope, coalesce(u.locale, t.locale), t.zone, s.last_seen_at < now() - interval '1 minute'
  INTO session_id, tenant_name, user_id, user_name, user_email, role, scope, locale, zone, stale
  FROM public.user_account u JOIN public.tenant t ON t.tenant_id = u.tenant_id
  WHERE u.tenant_id = s.tenant_id AND u.id = s.user_id AND u.active AND t.status = 'active';
  IF NOT FOUND THEN
    PERFORM set_config('app.ctx', '', true);
    RETURN;
  END IF;
  IF scope <> 'all' THEN PERFORM app.become(s.tenant_id, s.user_id, scope, NULL, s.id); END IF;
  IF readonly THEN PERFORM set_config('transaction_read_only', 'on', true); END IF;
  RETURN NEXT;
END $$;
CREATE OR REPLACE FUNCTION app.enter_chat(key text, visitor text, readonly boolean) RETURNS TABLE (
  connection_id uuid, name text, tenant_name text, locale text, zone text, greeting text, contact_id uuid, contact_name text, contact_email text, conversation_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE k priv.connection_key;
BEGIN
  SELECT * INTO k FROM priv.connection_key x WHERE x.kind = 'key' AND x.value = key;
  IF NOT FOUND THEN
    PERFORM set_config('app.ctx', '', true);
    RETURN;
  END IF;
  PERFORM app.become(k.tenant_id, NULL, 'all', NULL, NULL);
  SELECT c.id, c.name, t.name, t.locale, t.zone, c.greeting INTO connection_id, name, tenant_name, locale, zone, greeting
  FROM public.connection c JOIN public.tenant t ON t.tenant_id = c.tenant_id
  WHERE c.id = k.connection_id AND c.channel = 'chat' AND c.status = 'connected' AND t.status = 'active';
  IF NOT FOUND THEN
    PERFORM set_config('app.ctx', '', true);
    RETURN;
  END IF;
  SELECT p.id, p.name, p.email INTO contact_id, contact_name, contact_email
  FROM public.contact_identity i JOIN public.contact p ON p.tenant_id = i.tenant_id AND p.id = i.contact_id WHERE i.kind = 'visitor' AND i.value = visitor;
  SELECT v.id INTO conversation_id FROM public.conversation v WHERE v.contact_id = enter_chat.contact_id AND v.connection_id = enter_chat.connection_id
    ORDER BY v.last_message_at DESC LIMIT 1;
  PERFORM app.become(k.tenant_id, NULL, 'visitor', contact_id, NULL);
  IF readonly THEN PERFORM set_config('transaction_read_only', 'on', true); END IF;
  RETURN NEXT;
END $$;

-- A session that was idle too long stays over, whoever calls.
CREATE OR REPLACE FUNCTION app.seen(token bytea) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE s priv.session;
BEGIN
  UPDATE priv.session x SET last_seen_at = now()
  WHERE x.token_hash = token AND x.last_seen_at < now() - interval '30 seconds' AND x.revoked_at IS NULL
    AND x.expires_at > now() AND x.last_seen_at + x.idle > now() RETURNING * INTO s;
  IF FOUND THEN
    PERFORM app.become(s.tenant_id, s.user_id, 'all', NULL, s.id);
    UPDATE public.user_account u SET last_seen_at = now() WHERE u.tenant_id = s.tenant_id AND u.id = s.user_id;
  END IF;
END $$;
