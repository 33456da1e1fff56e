-- Functions in SQL that cannot be inlined are planned anew by every statement that calls them, and in a PL/pgSQL
-- statement at every call: 150 microseconds each (measured), several times a page. In PL/pgSQL a plan is made once a
-- connection. Same results, same rights.

CREATE OR REPLACE FUNCTION app.uuid7() RETURNS uuid LANGUAGE plpgsql VOLATILE PARALLEL SAFE AS $$
DECLARE us bigint := extract(epoch FROM clock_timestamp()) * 1000000;
BEGIN
  RETURN encode(int8send(((us / 1000) << 16) | 28672 | ((us % 1000) * 4096 / 1000)) || substring(uuid_send(gen_random_uuid()) FROM 9 FOR 8), 'hex')::uuid;
END $$;

----------------------------------------------------------------------------------------------------
-- The context. app.tenant() runs once for each table of each statement: it makes the digest itself.
CREATE OR REPLACE FUNCTION app.digest(ctx text) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE k bytea;
BEGIN
  SELECT s.value INTO k FROM priv.secret s WHERE s.name = 'context';
  RETURN left(encode(sha256(k || sha256(k || convert_to(ctx || '|' || pg_backend_pid(), 'UTF8'))), 'hex'), 32);
END $$;
CREATE OR REPLACE FUNCTION app.tenant() RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE c text := current_setting('app.ctx', true); n int := length(c) - 33; k bytea;
BEGIN
  SELECT s.value INTO k FROM priv.secret s WHERE s.name = 'context';
  IF c IS NULL OR n < 1 OR substr(c, n + 1, 1) <> '|' -- as app.digest:
    OR left(encode(sha256(k || sha256(k || convert_to(left(c, n) || '|' || pg_backend_pid(), 'UTF8'))), 'hex'), 32) IS DISTINCT FROM right(c, 32) THEN
    RAISE EXCEPTION 'no context' USING ERRCODE = '42501';
  END IF;
  RETURN split_part(c, '|', 1)::bigint;
END $$;
CREATE OR REPLACE FUNCTION app.teams() RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE t uuid[];
BEGIN
  SELECT coalesce(array_agg(m.team_id), '{}') INTO t FROM public.team_member m WHERE m.user_id = app.user_id();
  RETURN t;
END $$;

----------------------------------------------------------------------------------------------------
-- What every change calls.
CREATE OR REPLACE FUNCTION app.emit(kind text, subject_kind text, subject uuid, conversation uuid, target uuid, data jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.event (kind, subject_kind, subject_id, conversation_id, user_id, actor_id, data)
  VALUES (kind, subject_kind, subject, conversation, target, app.user_id(), data);
END $$;
CREATE OR REPLACE FUNCTION app.audit_note(action text, entity text, entity_id uuid, changes jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO public.audit_log (tenant_id, actor_id, session_id, scope, action, entity, entity_id, changes)
  VALUES (app.tenant(), app.user_id(), app.session_id(), app.scope(), action, entity, entity_id, changes);
END $$;
CREATE OR REPLACE FUNCTION app.job_add(kind text, subject uuid, queue_key uuid, run_at timestamptz) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE i uuid;
BEGIN
  INSERT INTO priv.job (tenant_id, kind, subject_id, queue_key, run_at) VALUES (app.tenant(), kind, subject, queue_key, coalesce(run_at, now())) RETURNING id INTO i;
  RETURN i;
END $$;
CREATE OR REPLACE FUNCTION app.activity(conv uuid, what text, arg text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.message (conversation_id, connection_id, direction, kind, text, payload, status, internal, author_id, author_name)
  SELECT c.id, c.connection_id, 'out', 'activity', NULL, jsonb_build_object('what', what, 'arg', arg), 'sent', true, app.user_id(), u.name
  FROM public.conversation c LEFT JOIN public.user_account u ON u.id = app.user_id() WHERE c.id = conv;
END $$;
CREATE OR REPLACE FUNCTION app.deal_happened(p_deal uuid, k text, words text, d jsonb) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE i uuid;
BEGIN
  INSERT INTO public.deal_activity (deal_id, kind, actor_id, actor_name, text, data)
  SELECT p_deal, k, app.user_id(), (SELECT u.name FROM public.user_account u WHERE u.id = app.user_id()), words, d RETURNING id INTO i;
  RETURN i;
END $$;

----------------------------------------------------------------------------------------------------
-- What indexes and searches compare. (unaccent and extract are only STABLE: nothing that calls them is inlined.)
CREATE OR REPLACE FUNCTION app.plain(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN lower(public.unaccent('public.unaccent', t));
END $$;
CREATE OR REPLACE FUNCTION app.message_words(tenant bigint, t text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE v text[];
BEGIN
  SELECT array_agg(DISTINCT tenant || '.' || left(w, 30)) INTO v FROM regexp_split_to_table(app.plain(left(t, 4000)), '[^[:alnum:]]+') w WHERE length(w) > 1;
  RETURN array_to_tsvector(coalesce(v, '{}'));
END $$;
CREATE OR REPLACE FUNCTION app.week(t timestamptz) RETURNS int LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN floor(extract(epoch FROM t) / 604800);
END $$;
CREATE OR REPLACE FUNCTION app.sees_masked() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE m boolean;
BEGIN
  SELECT u.role = 'viewer' INTO m FROM public.user_account u WHERE u.id = app.user_id();
  RETURN coalesce(m, false);
END $$;

----------------------------------------------------------------------------------------------------
-- The counts on every page read this index alone: with all that the policy asks for in it, no row.
DROP INDEX conversation_todo;
CREATE INDEX conversation_todo ON conversation (tenant_id, assignee_id) INCLUDE (team_id, waiting_since, snoozed_until, contact_id)
  WHERE status IN ('open', 'in_progress', 'pending');
