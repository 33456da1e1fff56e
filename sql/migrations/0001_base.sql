-- The base: ids, context, tenants, people who sign in, sessions, audit, events, jobs.
-- Run by balcao_owner, in one transaction. Schemas: public = tenant tables under row-level security;
-- app = functions that the programs' roles may call; priv = what only those functions may touch.

CREATE SCHEMA app;
CREATE SCHEMA priv;
GRANT USAGE ON SCHEMA app TO balcao_web, balcao_ingest, balcao_worker, balcao_live, balcao_console;
GRANT USAGE ON SCHEMA public TO balcao_web, balcao_ingest, balcao_worker, balcao_live, balcao_console;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- UUIDv7 (RFC 9562), the 12 bits after the version hold the microseconds: ids of one second sort by arrival.
CREATE FUNCTION app.uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT encode(int8send(((us / 1000) << 16) | 28672 | ((us % 1000) * 4096 / 1000))
    || substring(uuid_send(gen_random_uuid()) FROM 9 FOR 8), 'hex')::uuid
  FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS us) t $$;
GRANT EXECUTE ON FUNCTION app.uuid7() TO balcao_web, balcao_ingest, balcao_worker, balcao_console;

----------------------------------------------------------------------------------------------------
-- Context: who is acting in this transaction. "tenant|user|scope|subject|session" plus a keyed digest
-- over it and the backend's pid, in one setting local to the transaction. Only definer functions can
-- make the digest, so that injected SQL cannot forge another tenant (set_config is open to anyone).
CREATE TABLE priv.secret (name text PRIMARY KEY, value bytea NOT NULL);
INSERT INTO priv.secret VALUES ('context', uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

CREATE FUNCTION app.digest(ctx text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT left(encode(sha256(s.value || sha256(s.value || convert_to(ctx || '|' || pg_backend_pid(), 'UTF8'))), 'hex'), 32)
  FROM priv.secret s WHERE s.name = 'context' $$;

-- Sets the context for the rest of the transaction. For definer functions only.
CREATE FUNCTION app.become(tenant bigint, usr uuid, scope text, subject uuid, session uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE c text := tenant || '|' || coalesce(usr::text, '') || '|' || scope || '|' || coalesce(subject::text, '') || '|' || coalesce(session::text, '');
BEGIN
  PERFORM set_config('app.ctx', c || '|' || app.digest(c), true);
END $$;

-- The tenant of the context; an error when there is none or it was not made by app.become in this backend.
CREATE FUNCTION app.tenant() RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE c text := current_setting('app.ctx', true); n int := length(c) - 33;
BEGIN
  IF c IS NULL OR n < 1 OR app.digest(left(c, n)) IS DISTINCT FROM right(c, 32) THEN
    RAISE EXCEPTION 'no context' USING ERRCODE = '42501';
  END IF;
  RETURN split_part(c, '|', 1)::bigint;
END $$;
CREATE FUNCTION app.user_id() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(split_part(current_setting('app.ctx', true), '|', 2), '')::uuid $$;
CREATE FUNCTION app.scope() RETURNS text LANGUAGE sql STABLE AS $$ SELECT split_part(current_setting('app.ctx', true), '|', 3) $$;
CREATE FUNCTION app.subject() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(split_part(current_setting('app.ctx', true), '|', 4), '')::uuid $$;
CREATE FUNCTION app.session_id() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(split_part(current_setting('app.ctx', true), '|', 5), '')::uuid $$;
GRANT EXECUTE ON FUNCTION app.tenant(), app.user_id(), app.scope(), app.subject(), app.session_id()
  TO balcao_web, balcao_ingest, balcao_worker, balcao_live, balcao_console;

-- Gives a tenant table its column rules and its one permissive policy. Called once per table, by migrations.
CREATE FUNCTION app.tenant_table(t regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ALTER COLUMN tenant_id SET DEFAULT app.tenant()', t);
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t);
  EXECUTE format('CREATE POLICY tenant ON %s USING (tenant_id = (SELECT app.tenant())) WITH CHECK (tenant_id = (SELECT app.tenant()))', t);
END $$;

-- version + 1 and updated_at at each real change.
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version + 1;
  NEW.updated_at := now();
  RETURN NEW;
END $$;

----------------------------------------------------------------------------------------------------
-- Tenants. Tenant 1 is the platform itself: its users are the super admins, its events those that
-- belong to no tenant yet.
CREATE TABLE tenant (
  tenant_id  bigint PRIMARY KEY,
  id         uuid NOT NULL DEFAULT app.uuid7(),
  name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  slug       text NOT NULL CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,40}$'),
  email      text, phone text, document text, segment text, team_size text,
  plan       text NOT NULL DEFAULT 'free' CHECK (plan IN ('free', 'starter', 'pro', 'professional', 'enterprise')),
  status     text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
  locale     text NOT NULL DEFAULT 'pt_BR' CHECK (locale IN ('pt_BR', 'en')),
  zone       text NOT NULL DEFAULT 'America/Sao_Paulo',
  currency   text NOT NULL DEFAULT 'BRL' CHECK (currency ~ '^[A-Z]{3}$'),
  conversation_number bigint NOT NULL DEFAULT 0,
  version    int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, id)
);
SELECT app.tenant_table('tenant');
CREATE SEQUENCE priv.tenant_number START WITH 100;
-- Names of tenants are unique for the platform, without telling one tenant about another.
CREATE TABLE priv.tenant_slug (slug text PRIMARY KEY, tenant_id bigint NOT NULL);

CREATE TABLE user_account (
  tenant_id  bigint NOT NULL REFERENCES tenant,
  id         uuid NOT NULL DEFAULT app.uuid7(),
  name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  email      text NOT NULL CHECK (email = lower(email) AND length(email) <= 254),
  role       text NOT NULL CHECK (role IN ('super', 'admin', 'supervisor', 'agent', 'viewer')),
  scope      text NOT NULL DEFAULT 'team' CHECK (scope IN ('all', 'team', 'own')),
  active     boolean NOT NULL DEFAULT true,
  locale     text CHECK (locale IN ('pt_BR', 'en')),
  presence   text NOT NULL DEFAULT 'offline' CHECK (presence IN ('online', 'away', 'offline')),
  last_seen_at timestamptz,
  version    int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, email)
);
SELECT app.tenant_table('user_account');
ALTER TABLE user_account ADD CHECK ((role = 'super') = (tenant_id = 1));

CREATE TABLE team (
  tenant_id  bigint NOT NULL REFERENCES tenant,
  id         uuid NOT NULL DEFAULT app.uuid7(),
  name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  description text,
  version    int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name)
);
SELECT app.tenant_table('team');
CREATE TABLE team_member (
  tenant_id bigint NOT NULL REFERENCES tenant,
  team_id   uuid NOT NULL,
  user_id   uuid NOT NULL,
  PRIMARY KEY (tenant_id, team_id, user_id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES user_account ON DELETE CASCADE
);
SELECT app.tenant_table('team_member');
CREATE INDEX team_member_user ON team_member (tenant_id, user_id);
-- The teams of the acting user, for the visibility policies.
CREATE FUNCTION app.teams() RETURNS uuid[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(team_id), '{}') FROM public.team_member WHERE user_id = app.user_id() $$;
GRANT EXECUTE ON FUNCTION app.teams() TO balcao_web, balcao_ingest, balcao_worker, balcao_live, balcao_console;

----------------------------------------------------------------------------------------------------
-- Signing in. Credentials and sessions lie where no program's role can read them.
CREATE TABLE priv.credential (
  tenant_id     bigint NOT NULL,
  user_id       uuid NOT NULL,
  email         text NOT NULL,
  password_hash text,
  auth_epoch    int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, user_id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES user_account ON DELETE CASCADE
);
CREATE INDEX credential_email ON priv.credential (email);
CREATE FUNCTION app.credential_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO priv.credential (tenant_id, user_id, email) VALUES (NEW.tenant_id, NEW.id, NEW.email)
  ON CONFLICT (tenant_id, user_id) DO UPDATE SET email = excluded.email;
  IF TG_OP = 'UPDATE' AND NOT NEW.active AND OLD.active THEN
    UPDATE priv.session SET revoked_at = now() WHERE tenant_id = NEW.tenant_id AND user_id = NEW.id AND revoked_at IS NULL;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER credential_follow AFTER INSERT OR UPDATE OF email, active ON user_account FOR EACH ROW EXECUTE FUNCTION app.credential_follow();

CREATE TABLE priv.session (
  id           uuid PRIMARY KEY DEFAULT app.uuid7(),
  tenant_id    bigint NOT NULL,
  user_id      uuid NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('cookie', 'bearer')),
  token_hash   bytea NOT NULL UNIQUE,
  family       uuid,                 -- of refresh tokens, for bearer sessions
  idle         interval NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL,
  revoked_at   timestamptz,
  ip           inet,
  agent        text,
  FOREIGN KEY (tenant_id, user_id) REFERENCES user_account ON DELETE CASCADE
);
CREATE INDEX session_of_user ON priv.session (tenant_id, user_id);
CREATE INDEX session_expiry ON priv.session (expires_at);
CREATE TABLE priv.refresh_token (
  token_hash bytea PRIMARY KEY,
  tenant_id  bigint NOT NULL,
  user_id    uuid NOT NULL,
  family     uuid NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz,
  revoked_at timestamptz
);
CREATE INDEX refresh_family ON priv.refresh_token (family);
-- Failures per key ("mail:" digest, "net:" address): the count since the window began and when the next try is allowed.
CREATE TABLE priv.throttle (key text PRIMARY KEY, failures int NOT NULL, since timestamptz NOT NULL, until timestamptz NOT NULL);

-- Enters a session: sets the context, says who it is. No row: no such session. The row type is "entered".
-- readonly makes the transaction refuse writes, whatever the handler does.
CREATE FUNCTION app.enter(token bytea, readonly boolean) RETURNS TABLE (
  session_id uuid, tenant_name text, user_id uuid, user_name text, user_email text, role text, scope text,
  locale text, zone text, stale boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE s priv.session;
BEGIN
  SELECT * INTO s FROM priv.session x
  WHERE x.token_hash = token AND x.revoked_at IS NULL AND x.expires_at > now() AND x.last_seen_at + x.idle > now();
  IF NOT FOUND THEN RETURN; END IF;
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
GRANT EXECUTE ON FUNCTION app.enter(bytea, boolean) TO balcao_web, balcao_live;

-- Marks the session and its user as seen. Outside the request's own transaction, at most once a minute.
CREATE FUNCTION app.seen(token bytea) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE s priv.session;
BEGIN
  UPDATE priv.session x SET last_seen_at = now()
  WHERE x.token_hash = token AND x.last_seen_at < now() - interval '30 seconds' AND x.revoked_at IS NULL RETURNING * INTO s;
  IF FOUND THEN
    PERFORM app.become(s.tenant_id, s.user_id, 'all', NULL, s.id);
    UPDATE public.user_account u SET last_seen_at = now() WHERE u.tenant_id = s.tenant_id AND u.id = s.user_id;
  END IF;
END $$;
GRANT EXECUTE ON FUNCTION app.seen(bytea) TO balcao_web;

-- Who may be meant by an e-mail. The caller verifies the hash and then calls session_start.
CREATE FUNCTION app.login_find(mail text) RETURNS TABLE (tenant_id bigint, user_id uuid, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT c.tenant_id, c.user_id, c.password_hash FROM priv.credential c
  WHERE c.email = lower(mail) AND c.password_hash IS NOT NULL ORDER BY c.user_id LIMIT 4 $$;
GRANT EXECUTE ON FUNCTION app.login_find(text) TO balcao_web;

-- Seconds until the next try is allowed for any of the keys, 0 when at once.
CREATE FUNCTION app.throttle_wait(keys text[]) RETURNS int LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT coalesce(max(ceil(extract(epoch FROM until - now())))::int, 0) FROM priv.throttle WHERE key = ANY (keys) AND until > now() $$;
-- One failure more: from the fifth on in an hour each costs twice the wait of the one before, 15 minutes at most.
CREATE FUNCTION app.throttle_fail(keys text[], free int[]) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  INSERT INTO priv.throttle AS t SELECT k, 1, now(), now() FROM unnest(keys) k
  ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN t.since < now() - interval '1 hour' THEN 1 ELSE t.failures + 1 END,
    since = CASE WHEN t.since < now() - interval '1 hour' THEN now() ELSE t.since END,
    until = CASE WHEN t.since < now() - interval '1 hour' OR t.failures + 1 < free[array_position(keys, t.key)] THEN now()
      ELSE now() + least(900, 15 * power(2, least(t.failures + 1 - free[array_position(keys, t.key)], 10))) * interval '1 second' END $$;
CREATE FUNCTION app.throttle_clear(k text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$ DELETE FROM priv.throttle WHERE key = k $$;
GRANT EXECUTE ON FUNCTION app.throttle_wait(text[]), app.throttle_fail(text[], int[]), app.throttle_clear(text) TO balcao_web;

-- Starts a session after the password was verified, and enters it. No row when the user or the tenant is not active.
CREATE FUNCTION app.session_start(tenant bigint, usr uuid, kind text, token_hash bytea, life interval, idle interval, fam uuid, addr inet, agent text)
RETURNS SETOF uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE sid uuid;
BEGIN
  PERFORM app.become(tenant, usr, 'all', NULL, NULL);
  PERFORM 1 FROM public.user_account u JOIN public.tenant t ON t.tenant_id = u.tenant_id WHERE u.id = usr AND u.active AND t.status = 'active';
  IF NOT FOUND THEN RETURN; END IF;
  INSERT INTO priv.session (tenant_id, user_id, kind, token_hash, family, idle, expires_at, ip, agent)
  VALUES (tenant, usr, kind, token_hash, fam, idle, now() + life, addr, left(agent, 200)) RETURNING id INTO sid;
  PERFORM app.become(tenant, usr, 'all', NULL, sid);
  UPDATE public.user_account SET last_seen_at = now() WHERE id = usr;
  PERFORM app.audit_note('login', 'session', sid, jsonb_build_object('kind', kind));
  RETURN NEXT sid;
END $$;
GRANT EXECUTE ON FUNCTION app.session_start(bigint, uuid, text, bytea, interval, interval, uuid, inet, text) TO balcao_web;

CREATE FUNCTION app.refresh_add(hash bytea, tenant bigint, usr uuid, fam uuid, life interval) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  INSERT INTO priv.refresh_token (token_hash, tenant_id, user_id, family, expires_at) VALUES (hash, tenant, usr, fam, now() + life) $$;
-- Uses a refresh token once. A token used before, or revoked, ends its whole family (RFC 9700 §4.14.2); no row then.
CREATE FUNCTION app.refresh_use(hash bytea) RETURNS TABLE (tenant_id bigint, user_id uuid, family uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE r priv.refresh_token;
BEGIN
  SELECT * INTO r FROM priv.refresh_token x WHERE x.token_hash = hash FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  IF r.used_at IS NOT NULL OR r.revoked_at IS NOT NULL OR r.expires_at <= now() THEN
    UPDATE priv.refresh_token x SET revoked_at = now() WHERE x.family = r.family AND x.revoked_at IS NULL;
    UPDATE priv.session x SET revoked_at = now() WHERE x.family = r.family AND x.revoked_at IS NULL;
    RETURN;
  END IF;
  UPDATE priv.refresh_token x SET used_at = now() WHERE x.token_hash = hash;
  UPDATE priv.session x SET revoked_at = now() WHERE x.family = r.family AND x.revoked_at IS NULL;
  RETURN QUERY SELECT r.tenant_id, r.user_id, r.family;
END $$;
GRANT EXECUTE ON FUNCTION app.refresh_add(bytea, bigint, uuid, uuid, interval), app.refresh_use(bytea) TO balcao_web;

-- The acting user's sessions; ending one of them, all others, or the present one.
CREATE FUNCTION app.sessions() RETURNS TABLE (id uuid, kind text, created_at timestamptz, last_seen_at timestamptz, ip text, agent text, current boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT s.id, s.kind, s.created_at, s.last_seen_at, host(s.ip), s.agent, s.id = app.session_id() FROM priv.session s
  WHERE s.tenant_id = app.tenant() AND s.user_id = app.user_id() AND s.revoked_at IS NULL AND s.expires_at > now() AND s.last_seen_at + s.idle > now()
  ORDER BY s.last_seen_at DESC LIMIT 100 $$;
-- which: a session of the acting user, or NULL for all but the present one. Returns how many ended.
CREATE FUNCTION app.session_end(which uuid) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE n bigint;
BEGIN
  WITH gone AS (
    UPDATE priv.session s SET revoked_at = now()
    WHERE s.tenant_id = app.tenant() AND s.user_id = app.user_id() AND s.revoked_at IS NULL
      AND CASE WHEN which IS NULL THEN s.id IS DISTINCT FROM app.session_id() ELSE s.id = which END
    RETURNING s.id, s.family),
  fam AS (UPDATE priv.refresh_token r SET revoked_at = now() FROM gone WHERE r.family = gone.family AND r.revoked_at IS NULL)
  SELECT count(*) INTO n FROM gone;
  IF n > 0 THEN PERFORM app.audit_note('logout', 'session', coalesce(which, app.session_id()), jsonb_build_object('ended', n)); END IF;
  RETURN n;
END $$;
CREATE FUNCTION app.password_hash() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT c.password_hash FROM priv.credential c WHERE c.tenant_id = app.tenant() AND c.user_id = app.user_id() $$;
-- Sets the acting user's password and ends all other sessions.
CREATE FUNCTION app.password_set(hash text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  UPDATE priv.credential c SET password_hash = hash, auth_epoch = auth_epoch + 1 WHERE c.tenant_id = app.tenant() AND c.user_id = app.user_id();
  PERFORM app.session_end(NULL);
  PERFORM app.audit_note('password', 'user_account', app.user_id(), NULL);
END $$;
GRANT EXECUTE ON FUNCTION app.sessions(), app.session_end(uuid), app.password_hash(), app.password_set(text) TO balcao_web;

----------------------------------------------------------------------------------------------------
-- Audit: one row for each change, written by trigger in the same transaction. Only INSERT, only here.
CREATE TABLE audit_log (
  tenant_id  bigint NOT NULL REFERENCES tenant,
  seq        bigint GENERATED ALWAYS AS IDENTITY,
  at         timestamptz NOT NULL DEFAULT now(),
  actor_id   uuid,
  session_id uuid,
  scope      text,
  action     text NOT NULL,
  entity     text NOT NULL,
  entity_id  uuid,
  changes    jsonb,
  PRIMARY KEY (tenant_id, seq)
);
SELECT app.tenant_table('audit_log');
CREATE INDEX audit_entity ON audit_log (tenant_id, entity_id, seq DESC);

CREATE FUNCTION app.audit_note(action text, entity text, entity_id uuid, changes jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  INSERT INTO public.audit_log (tenant_id, actor_id, session_id, scope, action, entity, entity_id, changes)
  VALUES (app.tenant(), app.user_id(), app.session_id(), app.scope(), action, entity, entity_id, changes) $$;

-- {"field": [old, new]} of what changed. Sealed columns say only that they changed; the trigger's
-- arguments name columns that are bookkeeping and say nothing.
CREATE FUNCTION app.audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE o jsonb; n jsonb; d jsonb;
BEGIN
  IF TG_OP <> 'INSERT' THEN o := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN n := to_jsonb(NEW); END IF;
  SELECT jsonb_object_agg(k, CASE WHEN k LIKE '%\_sealed' OR k LIKE '%\_index' THEN '["***","***"]'::jsonb ELSE jsonb_build_array(o -> k, n -> k) END)
  INTO d FROM jsonb_object_keys(coalesce(n, o)) k
  WHERE (o -> k) IS DISTINCT FROM (n -> k) AND NOT (k = ANY (TG_ARGV)) AND k NOT IN ('tenant_id', 'id', 'version', 'created_at', 'updated_at')
    AND NOT (coalesce(o -> k, 'null') = 'null' AND coalesce(n -> k, 'null') = 'null');
  IF d IS NULL AND TG_OP = 'UPDATE' THEN RETURN NULL; END IF;
  INSERT INTO public.audit_log (tenant_id, actor_id, session_id, scope, action, entity, entity_id, changes)
  VALUES (coalesce((n ->> 'tenant_id')::bigint, (o ->> 'tenant_id')::bigint), app.user_id(), app.session_id(), app.scope(), lower(TG_OP), TG_TABLE_NAME,
    coalesce(n ->> 'id', o ->> 'id')::uuid, d);
  RETURN NULL;
END $$;
-- touch + audit for a table; skip: columns that the audit leaves out.
CREATE FUNCTION app.audited(t regclass, VARIADIC skip text[] DEFAULT '{}') RETURNS void LANGUAGE plpgsql AS $$
DECLARE a text := (SELECT string_agg(quote_literal(x), ', ') FROM unnest(skip) x);
BEGIN
  EXECUTE format('CREATE TRIGGER touch BEFORE UPDATE ON %s FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION app.touch()', t);
  EXECUTE format('CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION app.audit(%s)', t, coalesce(a, ''));
END $$;
SELECT app.audited('tenant', 'conversation_number'), app.audited('team'), app.audited('user_account', 'last_seen_at', 'presence');
CREATE TRIGGER audit AFTER INSERT OR DELETE ON team_member FOR EACH ROW EXECUTE FUNCTION app.audit();

----------------------------------------------------------------------------------------------------
-- Events: what happened, in the transaction in which it happened. Read in commit order: (xid, seq)
-- below the oldest running transaction, so that nothing can appear behind a cursor that passed it.
CREATE TABLE event (
  tenant_id    bigint NOT NULL REFERENCES tenant,
  xid          xid8 NOT NULL DEFAULT pg_current_xact_id(),
  seq          bigint GENERATED ALWAYS AS IDENTITY,
  kind         text NOT NULL,
  subject_kind text NOT NULL,
  subject_id   uuid NOT NULL,
  conversation_id uuid,
  user_id      uuid,        -- only for this user, when given
  actor_id     uuid,
  data         jsonb,
  at           timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, seq)
);
SELECT app.tenant_table('event');
CREATE INDEX event_order ON event (tenant_id, xid, seq);
CREATE INDEX event_at ON event (tenant_id, at);
-- Which tenants have news, for the one program that must know it of all.
CREATE TABLE priv.event_feed (xid xid8 NOT NULL, seq bigint NOT NULL, tenant_id bigint NOT NULL, at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (xid, seq));
CREATE FUNCTION app.event_feed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO priv.event_feed (xid, seq, tenant_id) VALUES (NEW.xid, NEW.seq, NEW.tenant_id);
  RETURN NULL;
END $$;
CREATE TRIGGER feed AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION app.event_feed();
-- An internal handle of each tenant with news after the cursor, and the cursor to go on from. One row at least.
CREATE FUNCTION app.feed(after_xid text, after_seq bigint) RETURNS TABLE (tenant_id bigint, xid text, seq bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH news AS (
    SELECT f.* FROM priv.event_feed f
    WHERE (f.xid, f.seq) > (after_xid::xid8, after_seq) AND f.xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY f.xid, f.seq LIMIT 5000),
  head AS (SELECT n.xid::text AS xid, n.seq FROM news n ORDER BY n.xid DESC, n.seq DESC LIMIT 1)
  SELECT DISTINCT n.tenant_id, h.xid, h.seq FROM news n, head h $$;
CREATE FUNCTION app.feed_head() RETURNS TABLE (xid text, seq bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT pg_snapshot_xmin(pg_current_snapshot())::text, 0::bigint $$;
GRANT EXECUTE ON FUNCTION app.feed(text, bigint), app.feed_head() TO balcao_live;

CREATE FUNCTION app.emit(kind text, subject_kind text, subject uuid, conversation uuid, target uuid, data jsonb) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO public.event (kind, subject_kind, subject_id, conversation_id, user_id, actor_id, data)
  VALUES (kind, subject_kind, subject, conversation, target, app.user_id(), data) $$;
GRANT EXECUTE ON FUNCTION app.emit(text, text, uuid, uuid, uuid, jsonb) TO balcao_web, balcao_ingest, balcao_worker;

----------------------------------------------------------------------------------------------------
-- Jobs: written in the transaction of the change that wants them; claimed under a lease; every later
-- word of the worker carries the lease's number, so that a worker that slept too long changes nothing.
CREATE TABLE priv.job (
  id          uuid PRIMARY KEY DEFAULT app.uuid7(),
  tenant_id   bigint NOT NULL REFERENCES tenant,
  kind        text NOT NULL,
  subject_id  uuid,
  queue_key   uuid,          -- jobs of one key run one after the other, oldest first
  state       text NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'run', 'sending', 'done', 'dead', 'uncertain')),
  run_at      timestamptz NOT NULL DEFAULT now(),
  lease_no    bigint NOT NULL DEFAULT 0,
  lease_until timestamptz,
  attempt     int NOT NULL DEFAULT 0,
  claim       uuid,          -- jobs claimed together, and their turn among them
  turn        int,
  max_attempt int NOT NULL DEFAULT 12,
  error       text,
  created_at  timestamptz NOT NULL DEFAULT now(),
  done_at     timestamptz
);
CREATE INDEX job_ready ON priv.job (kind, tenant_id, run_at, id) WHERE state = 'ready';
CREATE INDEX job_leased ON priv.job (lease_until) WHERE state IN ('run', 'sending');
CREATE INDEX job_together ON priv.job (claim) WHERE state IN ('run', 'sending');
CREATE INDEX job_queue ON priv.job (queue_key, id) WHERE state IN ('ready', 'run', 'sending') AND queue_key IS NOT NULL;
CREATE INDEX job_done ON priv.job (done_at) WHERE state = 'done';
CREATE INDEX job_subject ON priv.job (subject_id);

CREATE FUNCTION app.job_add(kind text, subject uuid, queue_key uuid, run_at timestamptz) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  INSERT INTO priv.job (tenant_id, kind, subject_id, queue_key, run_at)
  VALUES (app.tenant(), kind, subject, queue_key, coalesce(run_at, now())) RETURNING id $$;
GRANT EXECUTE ON FUNCTION app.job_add(text, uuid, uuid, timestamptz) TO balcao_web, balcao_ingest, balcao_worker;

-- Claims up to n jobs of a kind, taking turns between the tenants that have ready work (a loose index
-- scan finds them, so that a tenant with a million jobs costs as much as one with two). Within a
-- queue_key only the oldest unfinished job may run. The rows come in their turn, the least tried first: the
-- caller must keep to it. age: seconds since the job was ordered.
CREATE FUNCTION app.job_claim(want text, n int, lease interval) RETURNS TABLE (id uuid, kind text, subject_id uuid, lease_no bigint, attempt int, age int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE tenants bigint[]; share int; c uuid := gen_random_uuid();
BEGIN
  WITH RECURSIVE t AS (
    (SELECT j.tenant_id FROM priv.job j WHERE j.state = 'ready' AND j.kind = want ORDER BY j.tenant_id LIMIT 1)
    UNION ALL
    SELECT (SELECT j.tenant_id FROM priv.job j WHERE j.state = 'ready' AND j.kind = want AND j.tenant_id > t.tenant_id ORDER BY j.tenant_id LIMIT 1)
    FROM t WHERE t.tenant_id IS NOT NULL)
  SELECT array_agg(t.tenant_id ORDER BY random()) INTO tenants FROM t WHERE t.tenant_id IS NOT NULL;
  IF tenants IS NULL THEN RETURN; END IF;
  share := greatest(1, n / cardinality(tenants));
  RETURN QUERY
  WITH pick AS (
    SELECT p.* FROM unnest(tenants[1:n]) AS x (tenant_id), LATERAL (
      SELECT j.id, j.attempt, j.run_at FROM priv.job j
      WHERE j.state = 'ready' AND j.kind = want AND j.tenant_id = x.tenant_id AND j.run_at <= now()
        AND (j.queue_key IS NULL OR NOT EXISTS (
          SELECT FROM priv.job e WHERE e.queue_key = j.queue_key AND e.id < j.id AND e.state IN ('ready', 'run', 'sending')))
      ORDER BY j.run_at, j.id LIMIT share FOR UPDATE SKIP LOCKED) p),
  taken AS (
    UPDATE priv.job j SET state = 'run', lease_no = j.lease_no + 1, attempt = j.attempt + 1, lease_until = clock_timestamp() + lease, claim = c, turn = r.turn
    FROM (SELECT p.id, row_number() OVER (ORDER BY p.attempt, p.run_at, p.id) AS turn FROM pick p) r WHERE j.id = r.id AND j.state = 'ready'
    RETURNING j.*)
  SELECT t.id, t.kind, t.subject_id, t.lease_no, t.attempt, extract(epoch FROM clock_timestamp() - t.created_at)::int FROM taken t ORDER BY t.turn;
END $$;
-- Enters the tenant of a job that this worker holds. No row: the lease is gone.
CREATE FUNCTION app.job_enter(job uuid, lease bigint) RETURNS SETOF uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE t bigint;
BEGIN
  SELECT j.tenant_id INTO t FROM priv.job j WHERE j.id = job AND j.lease_no = lease AND j.state IN ('run', 'sending') FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM app.become(t, NULL, 'all', NULL, NULL);
  RETURN NEXT job;
END $$;
-- The worker's words about a job it holds: true when the lease still stood.
CREATE FUNCTION app.job_sending(job uuid, lease bigint, hold interval) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH u AS (UPDATE priv.job j SET state = 'sending', lease_until = clock_timestamp() + hold WHERE j.id = job AND j.lease_no = lease AND j.state = 'run' RETURNING 1)
  SELECT EXISTS (SELECT FROM u) $$;
CREATE FUNCTION app.job_end(job uuid, lease bigint, as_state text, why text) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH u AS (UPDATE priv.job j SET state = as_state, error = left(why, 500), done_at = clock_timestamp(), lease_until = NULL
    WHERE j.id = job AND j.lease_no = lease AND j.state IN ('run', 'sending') AND as_state IN ('done', 'dead', 'uncertain') RETURNING 1)
  SELECT EXISTS (SELECT FROM u) $$;
-- Back to ready after delay; keep_attempt: the wait was not the job's fault (a rate limit).
CREATE FUNCTION app.job_retry(job uuid, lease bigint, delay interval, why text, keep_attempt boolean) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH u AS (UPDATE priv.job j SET state = CASE WHEN j.attempt >= j.max_attempt AND NOT keep_attempt THEN 'dead' ELSE 'ready' END,
      run_at = clock_timestamp() + delay, error = left(why, 500), lease_until = NULL, attempt = j.attempt - keep_attempt::int
    WHERE j.id = job AND j.lease_no = lease AND j.state IN ('run', 'sending') RETURNING 1)
  SELECT EXISTS (SELECT FROM u) $$;
GRANT EXECUTE ON FUNCTION app.job_claim(text, int, interval), app.job_enter(uuid, bigint), app.job_sending(uuid, bigint, interval),
  app.job_end(uuid, bigint, text, text), app.job_retry(uuid, bigint, interval, text, boolean) TO balcao_worker;

-- A worker's sign of life, per kind; the health page reads it.
CREATE TABLE priv.worker (kind text PRIMARY KEY, seen_at timestamptz NOT NULL);
CREATE FUNCTION app.worker_seen(k text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  INSERT INTO priv.worker VALUES (k, clock_timestamp()) ON CONFLICT (kind) DO UPDATE SET seen_at = excluded.seen_at $$;
GRANT EXECUTE ON FUNCTION app.worker_seen(text) TO balcao_worker;
CREATE FUNCTION app.workers() RETURNS TABLE (kind text, age int) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT w.kind, extract(epoch FROM clock_timestamp() - w.seen_at)::int FROM priv.worker w ORDER BY 1 $$;
GRANT EXECUTE ON FUNCTION app.workers() TO balcao_web;

-- Idempotency-Key: the stored answer of a POST (draft-ietf-httpapi-idempotency-key-header).
CREATE TABLE idempotency_key (
  tenant_id    bigint NOT NULL REFERENCES tenant,
  actor_id     uuid NOT NULL,
  key          text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  request_hash bytea NOT NULL,
  status       int NOT NULL,
  location     text,
  body         text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, actor_id, key)
);
SELECT app.tenant_table('idempotency_key');
CREATE INDEX idempotency_age ON idempotency_key (tenant_id, created_at);

-- Which migrations stand. The programs refuse to serve a schema they do not know.
CREATE TABLE schema_migration (version int PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
GRANT SELECT ON schema_migration TO balcao_web, balcao_ingest, balcao_worker, balcao_live, balcao_console;

----------------------------------------------------------------------------------------------------
-- Tenants and users are made by the console.
CREATE FUNCTION app.tenant_add(p_name text, p_slug text, p_zone text, p_locale text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE t bigint := nextval('priv.tenant_number'); i uuid := app.uuid7();
BEGIN
  INSERT INTO priv.tenant_slug VALUES (p_slug, t);
  PERFORM app.become(t, NULL, 'all', NULL, NULL);
  INSERT INTO public.tenant (tenant_id, id, name, slug, zone, locale) VALUES (t, i, p_name, p_slug, p_zone, p_locale);
  RETURN i;
END $$;
-- Enters a tenant by its slug ('platform' is tenant 1). No row when there is none.
CREATE FUNCTION app.console_enter(p_slug text) RETURNS SETOF boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE t bigint;
BEGIN
  SELECT s.tenant_id INTO t FROM priv.tenant_slug s WHERE s.slug = p_slug;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM app.become(t, NULL, 'all', NULL, NULL);
  RETURN NEXT true;
END $$;
CREATE FUNCTION app.user_add(p_name text, p_email text, p_role text, p_scope text, p_hash text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE i uuid;
BEGIN
  INSERT INTO public.user_account (tenant_id, name, email, role, scope) VALUES (app.tenant(), p_name, lower(p_email), p_role, p_scope) RETURNING id INTO i;
  UPDATE priv.credential c SET password_hash = p_hash WHERE c.tenant_id = app.tenant() AND c.user_id = i;
  RETURN i;
END $$;
GRANT EXECUTE ON FUNCTION app.tenant_add(text, text, text, text), app.console_enter(text), app.user_add(text, text, text, text, text) TO balcao_console;

DO $$ BEGIN
  PERFORM app.become(1, NULL, 'all', NULL, NULL);
  INSERT INTO priv.tenant_slug VALUES ('platform', 1);
  INSERT INTO tenant (tenant_id, name, slug) VALUES (1, 'Balcão', 'platform');
END $$;

GRANT SELECT ON tenant, user_account, team, team_member TO balcao_web, balcao_worker, balcao_live, balcao_console, balcao_ingest;
GRANT UPDATE (presence, locale, last_seen_at) ON user_account TO balcao_web;
GRANT SELECT ON event TO balcao_web, balcao_live, balcao_worker;
GRANT INSERT ON event TO balcao_web, balcao_ingest, balcao_worker;
GRANT SELECT ON audit_log TO balcao_web;
GRANT SELECT, INSERT, DELETE ON idempotency_key TO balcao_web, balcao_worker;
GRANT INSERT, UPDATE ON team, team_member TO balcao_console;
