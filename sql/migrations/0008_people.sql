-- People: search with its own role, names in order, one owner per phone and e-mail, blocking, tags, the timeline.

----------------------------------------------------------------------------------------------------
-- A person's version moves when somebody changes them, not when they write.
DROP TRIGGER touch ON contact;
CREATE TRIGGER touch BEFORE UPDATE ON contact FOR EACH ROW
  WHEN ((OLD.lifecycle, OLD.kind, OLD.name, OLD.phone, OLD.email, OLD.username, OLD.company, OLD.city, OLD.status, OLD.lead_status, OLD.lost_reason, OLD.owner_id, OLD.note, OLD.merged_into)
    IS DISTINCT FROM (NEW.lifecycle, NEW.kind, NEW.name, NEW.phone, NEW.email, NEW.username, NEW.company, NEW.city, NEW.status, NEW.lead_status, NEW.lost_reason, NEW.owner_id, NEW.note, NEW.merged_into))
  EXECUTE FUNCTION app.touch();
CREATE FUNCTION app.contact_event() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  PERFORM app.emit('contact:updated', 'contact', NEW.id, NULL, NULL, jsonb_build_object('version', NEW.version));
  RETURN NULL;
END $$;
CREATE TRIGGER event AFTER UPDATE ON contact FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION app.contact_event();

----------------------------------------------------------------------------------------------------
-- What people are found by stands in the row: ready to be compared, so that a candidate costs no work.
-- It begins with a blank, and so does every word.
CREATE FUNCTION app.contact_words(name text, username text, company text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT app.plain(' ' || coalesce(name, '') || ' ' || coalesce(username, '') || ' ' || coalesce(company, '')) $$;
CREATE FUNCTION app.contact_found_by() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  NEW.search := app.contact_words(NEW.name, NEW.username, NEW.company) || ' ' || app.plain(coalesce(NEW.email, '')) || ' ' || regexp_replace(coalesce(NEW.phone, ''), '\D', '', 'g');
  RETURN NEW;
END $$;
GRANT EXECUTE ON FUNCTION app.contact_words(text, text, text), app.contact_found_by(), app.contact_event() TO balcao_web, balcao_worker, balcao_console;

DROP TRIGGER audit ON contact;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON contact FOR EACH ROW EXECUTE FUNCTION app.audit('last_activity_at', 'search');
DROP INDEX contact_search;
ALTER TABLE contact NO FORCE ROW LEVEL SECURITY;
ALTER TABLE contact ADD search text NOT NULL DEFAULT '';
UPDATE contact SET search = app.contact_words(name, username, company) || ' ' || app.plain(coalesce(email, '')) || ' ' || regexp_replace(coalesce(phone, ''), '\D', '', 'g');
ALTER TABLE contact FORCE ROW LEVEL SECURITY;
CREATE TRIGGER found_by BEFORE INSERT OR UPDATE OF name, username, company, email, phone ON contact FOR EACH ROW EXECUTE FUNCTION app.contact_found_by();
CREATE INDEX contact_search ON contact USING gin (tenant_id, search public.gin_trgm_ops) WITH (gin_pending_list_limit = 256);

-- Whichever is less work finds them: the words, or the lately active read until there are enough.
CREATE INDEX contact_active ON contact (tenant_id, (coalesce(last_activity_at, created_at)) DESC) WHERE merged_into IS NULL;
DROP INDEX contact_recent;
-- The other orders of the lists.
CREATE INDEX contact_name_order ON contact (tenant_id, lifecycle, (left(app.plain(coalesce(name, '')), 40) COLLATE "C"), id) WHERE merged_into IS NULL;
CREATE INDEX contact_created ON contact (tenant_id, lifecycle, created_at DESC, id DESC) WHERE merged_into IS NULL;

-- Messages are found by whole words, or by how a word begins. Every word carries its tenant, so that a search
-- looks only at words of its own tenant; the week lets it begin with the newest. (Trigrams were measured too:
-- four times the size, and every message that may have the word must be read and compared.)
CREATE FUNCTION app.message_words(tenant bigint, t text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_to_tsvector(coalesce(array_agg(DISTINCT tenant || '.' || left(w, 30)), '{}'))
  FROM regexp_split_to_table(app.plain(left(t, 4000)), '[^[:alnum:]]+') w WHERE length(w) > 1 $$;
CREATE FUNCTION app.week(t timestamptz) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT floor(extract(epoch FROM t) / 604800)::int $$;
GRANT EXECUTE ON FUNCTION app.message_words(bigint, text), app.week(timestamptz) TO balcao_web, balcao_worker, balcao_console, balcao_ingest;
CREATE INDEX message_search ON message USING gin (app.week(sent_at), app.message_words(tenant_id, text))
  WITH (gin_pending_list_limit = 512) WHERE text IS NOT NULL;
CREATE INDEX message_note ON message (tenant_id, conversation_id, sent_at DESC) WHERE internal AND kind = 'text';

-- True for roles that see phones and e-mails masked: they must not find people by them either, digit by digit.
-- (model/perm.c says which roles; a test holds the two together.)
CREATE FUNCTION app.sees_masked() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT coalesce((SELECT u.role = 'viewer' FROM public.user_account u WHERE u.id = app.user_id()), false) $$;

----------------------------------------------------------------------------------------------------
-- Search. Under row-level security LIKE and @@ cannot use an index (their operators are not leak-proof), so these
-- functions belong to a role that stands outside of it: balcao_search, which nobody can sign in as, owns nothing
-- else and reads the few columns below. They name the tenant themselves and return ids only; the statement that
-- shows the rows is under the policies.
DROP FUNCTION app.conversation_search(text);
DROP FUNCTION app.contact_search(text);

-- The words of a query as patterns, the longest first. Digits alone are a phone: of a long one the last eight
-- must follow the area code, with or without the ninth digit before them.
CREATE FUNCTION app.search_patterns(q text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE d text := regexp_replace(q, '\D', '', 'g'); pre text;
BEGIN
  IF length(d) >= 4 AND q !~ '[^-0-9 ()+./]' THEN
    IF length(d) < 8 THEN RETURN ARRAY['%' || d || '%']; END IF;
    pre := left(d, -8);
    IF length(pre) IN (1, 3, 5) AND right(pre, 1) = '9' THEN pre := left(pre, -1); END IF;
    RETURN ARRAY['%' || CASE WHEN pre <> '' THEN pre || '%' ELSE '' END || right(d, 8) || '%'];
  END IF;
  RETURN (SELECT array_agg(CASE WHEN length(w) < 3 THEN '% ' ELSE '%' END || replace(replace(replace(w, '\', '\\'), '%', '\%'), '_', '\_') || '%' ORDER BY length(w) DESC, w)
    FROM (SELECT w FROM regexp_split_to_table(app.plain(left(q, 100)), '\s+') w WHERE w <> '' LIMIT 6) x);
END $$;

-- People by words of name, user name, company, e-mail or by phone; at most 1,000, the lately active first.
-- life: lead, contact, or NULL for both.
CREATE FUNCTION app.contact_search(q text, life text DEFAULT NULL) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan SET enable_seqscan = off SET work_mem = '16MB' AS $$
DECLARE t bigint := app.tenant(); masked boolean := app.sees_masked(); p text[] := app.search_patterns(q); k text := regexp_replace(q, '\D', '', 'g');
BEGIN
  IF p IS NULL OR masked AND (q ~ '@' OR length(k) >= 3) THEN RETURN '{}'; END IF;
  -- A whole number also finds whom it belongs to as one number of several.
  k := CASE WHEN masked OR q ~ '[^-0-9 ()+./]' THEN NULL WHEN length(k) IN (10, 11) THEN '55' || left(k, 2) || right(k, 8) WHEN length(k) IN (12, 13) AND k LIKE '55%' THEN left(k, 4) || right(k, 8)
    WHEN length(k) > 7 THEN k END;
  RETURN (
    SELECT coalesce(array_agg(x.id), '{}') FROM (
      SELECT c.id FROM contact c
      WHERE c.tenant_id = t AND c.merged_into IS NULL AND (life IS NULL OR c.lifecycle = life)
        AND c.search LIKE p[1] AND c.search LIKE coalesce(p[2], p[1]) AND c.search LIKE ALL (p)
        AND (NOT masked OR app.contact_words(c.name, c.username, c.company) LIKE ALL (p))
      ORDER BY coalesce(c.last_activity_at, c.created_at) DESC LIMIT 1000) x)
    || (SELECT coalesce(array_agg(c.id), '{}') FROM contact_identity i JOIN contact c ON c.tenant_id = i.tenant_id AND c.id = i.contact_id
      WHERE k IS NOT NULL AND i.tenant_id = t AND i.kind = 'phone' AND i.value = k AND c.merged_into IS NULL AND (life IS NULL OR c.lifecycle = life));
END $$;

-- Conversations that hold a message with all these words: a quarter, the newest weeks first, then all. About 1,000
-- at most and never more than some 15,000 rows read: of a word in every second message the newest are enough.
CREATE FUNCTION app.message_search(q text) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_indexscan = off SET work_mem = '32MB' SET effective_io_concurrency = 100 AS $$
DECLARE t bigint := app.tenant(); words text[]; query tsquery; found uuid[] := '{}'; part uuid[]; week int := app.week(now()); n int; seen int := 0; last boolean;
BEGIN
  SELECT array_agg(left(w, 30) ORDER BY no) INTO words
  FROM regexp_split_to_table(app.plain(left(q, 100)), '[^[:alnum:]]+') WITH ORDINALITY s (w, no) WHERE length(w) > 1;
  IF words IS NULL OR (SELECT max(length(w)) FROM unnest(words) w) < 3 OR app.sees_masked() AND (q ~ '@' OR length(regexp_replace(q, '\D', '', 'g')) >= 3) THEN RETURN '{}'; END IF;
  -- First as whole words; when that is not much, the last word as a beginning.
  FOREACH last IN ARRAY ARRAY[false, true] LOOP
    EXIT WHEN last AND (cardinality(found) >= 50 OR length(words[cardinality(words)]) < 4);
    SELECT string_agg('''' || t || '.' || w || '''' || CASE WHEN last AND no = cardinality(words) THEN ':*' ELSE '' END, ' & ')::tsquery INTO query
    FROM unnest(words) WITH ORDINALITY x (w, no);
    FOR i IN 0 .. CASE WHEN last THEN 3 ELSE 12 END LOOP
      SELECT array_agg(DISTINCT m.conversation_id), count(*) INTO part, n FROM (
        SELECT x.conversation_id FROM message x
        WHERE app.week(x.sent_at) = week - i AND app.message_words(x.tenant_id, x.text) @@ query AND x.text IS NOT NULL LIMIT 2000) m;
      found := found || part;
      seen := seen + n;
      EXIT WHEN cardinality(found) >= 1000 OR seen >= 8000;
    END LOOP;
    EXIT WHEN cardinality(found) >= 1000;
    SELECT array_agg(DISTINCT m.conversation_id) INTO part FROM (
      SELECT y.conversation_id FROM message y WHERE app.message_words(y.tenant_id, y.text) @@ query AND y.text IS NOT NULL LIMIT 3000) m;
    found := found || part;
  END LOOP;
  RETURN (SELECT coalesce(array_agg(DISTINCT u), '{}') FROM unnest(found) u);
END $$;

-- Conversations by their number, their person, or what was written in them; the newest 1,000.
CREATE FUNCTION app.conversation_search(q text) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
DECLARE t bigint := app.tenant(); people uuid[] := app.contact_search(q, NULL); said uuid[] := app.message_search(q);
  num bigint := CASE WHEN q ~ '^\s*#?\d{1,15}\s*$' THEN ltrim(btrim(q), '#')::bigint END;
BEGIN
  RETURN (SELECT coalesce(array_agg(x.id), '{}') FROM (
    SELECT u.id FROM (
      SELECT v.id, v.last_message_at FROM conversation v WHERE v.tenant_id = t AND v.contact_id = ANY (people)
      UNION SELECT v.id, v.last_message_at FROM conversation v WHERE v.tenant_id = t AND v.id = ANY (said)
      UNION SELECT v.id, v.last_message_at FROM conversation v WHERE v.tenant_id = t AND v.number = num) u
    ORDER BY u.last_message_at DESC LIMIT 1000) x);
END $$;
GRANT EXECUTE ON FUNCTION app.contact_search(text, text), app.message_search(text), app.conversation_search(text) TO balcao_web;

GRANT USAGE ON SCHEMA app, public TO balcao_search;
GRANT SELECT (tenant_id, id, lifecycle, name, username, company, search, merged_into, last_activity_at, created_at) ON contact TO balcao_search;
GRANT SELECT (tenant_id, contact_id, kind, value) ON contact_identity TO balcao_search;
GRANT SELECT (tenant_id, id, number, contact_id, last_message_at) ON conversation TO balcao_search;
GRANT SELECT (tenant_id, conversation_id, sent_at, text) ON message TO balcao_search;
GRANT EXECUTE ON FUNCTION app.tenant(), app.plain(text), app.contact_words(text, text, text), app.message_words(bigint, text), app.week(timestamptz), app.sees_masked(), app.search_patterns(text)
  TO balcao_search;
-- To give a function away the receiver must be allowed to have it there. Later migrations replace these three
-- under SET LOCAL ROLE balcao_search, with the same grant for its time.
GRANT CREATE ON SCHEMA app TO balcao_search;
ALTER FUNCTION app.contact_search(text, text) OWNER TO balcao_search;
ALTER FUNCTION app.message_search(text) OWNER TO balcao_search;
ALTER FUNCTION app.conversation_search(text) OWNER TO balcao_search;
REVOKE CREATE ON SCHEMA app FROM balcao_search;

----------------------------------------------------------------------------------------------------
-- A phone or an e-mail belongs to one person. ids: [{kind, value, shown}]. Gives those they do not have yet to who;
-- a row for each that is somebody else's: whose, or NULL when the acting user does not see them.
CREATE FUNCTION app.identity_claim(who uuid, ids jsonb) RETURNS TABLE (of_kind text, holder uuid, holder_name text) LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE x jsonb;
BEGIN
  -- The same locks in the same order as app.person_find: a message of this very person may be on its way.
  PERFORM pg_advisory_xact_lock(l.k) FROM (
    SELECT DISTINCT hashtextextended(app.tenant() || ':' || (i ->> 'kind') || ':' || (i ->> 'value'), 7) AS k FROM jsonb_array_elements(ids) i ORDER BY 1) l;
  FOR x IN SELECT * FROM jsonb_array_elements(ids) LOOP
    CONTINUE WHEN EXISTS (SELECT FROM public.contact_identity i WHERE i.contact_id = who AND i.kind = x ->> 'kind' AND i.value = x ->> 'value');
    INSERT INTO public.contact_identity (contact_id, kind, value, shown) VALUES (who, x ->> 'kind', x ->> 'value', x ->> 'shown')
    ON CONFLICT (tenant_id, kind, value) DO NOTHING;
    IF NOT FOUND THEN
      of_kind := x ->> 'kind'; holder := NULL; holder_name := NULL;
      SELECT p.id, coalesce(p.name, p.username, p.phone, p.email) INTO holder, holder_name
      FROM public.contact_identity i JOIN public.contact o ON o.tenant_id = i.tenant_id AND o.id = i.contact_id
      JOIN public.contact p ON p.tenant_id = o.tenant_id AND p.id = coalesce(o.merged_into, o.id)
      WHERE i.kind = x ->> 'kind' AND i.value = x ->> 'value';
      RETURN NEXT;
    END IF;
  END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION app.identity_claim(uuid, jsonb) TO balcao_web;
GRANT DELETE ON contact_identity TO balcao_web;

-- Gives people to a user (NULL: nobody). Whom the acting user does not see is left out; who is passed on may be out
-- of the acting user's sight afterwards. Returns how many changed.
CREATE FUNCTION app.contact_assign(ids uuid[], usr uuid) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE t bigint := app.tenant(); me uuid := app.user_id(); sc text := app.scope(); sid uuid := app.session_id(); mine uuid[]; n int;
BEGIN
  IF sc = 'visitor' THEN RETURN 0; END IF;
  IF usr IS NOT NULL AND NOT EXISTS (SELECT FROM public.user_account u WHERE u.id = usr AND u.active AND u.role NOT IN ('viewer', 'super')) THEN
    RAISE EXCEPTION 'no such user' USING ERRCODE = '23503';
  END IF;
  SELECT array_agg(c.id) INTO mine FROM public.contact c WHERE c.id = ANY (ids) AND c.merged_into IS NULL;
  PERFORM app.become(t, me, 'all', NULL, sid);
  UPDATE public.contact c SET owner_id = usr WHERE c.id = ANY (mine) AND c.owner_id IS DISTINCT FROM usr;
  GET DIAGNOSTICS n = ROW_COUNT;
  PERFORM app.become(t, me, sc, NULL, sid);
  RETURN n;
END $$;
-- Blocks or unblocks. The conversations of a blocked person wait for nobody. False when the acting user does not see them.
CREATE FUNCTION app.contact_block(who uuid, blocked boolean) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE t bigint := app.tenant(); me uuid := app.user_id(); sc text := app.scope(); sid uuid := app.session_id(); v uuid;
BEGIN
  IF sc = 'visitor' OR NOT EXISTS (SELECT FROM public.contact c WHERE c.id = who AND c.merged_into IS NULL AND c.status <> 'anonymised') THEN RETURN false; END IF;
  PERFORM app.become(t, me, 'all', NULL, sid);
  UPDATE public.contact c SET status = CASE WHEN blocked THEN 'blocked' ELSE 'active' END
  WHERE c.id = who AND CASE WHEN blocked THEN c.status <> 'blocked' ELSE c.status = 'blocked' END;
  IF blocked THEN
    FOR v IN UPDATE public.conversation x SET unread = 0, waiting_since = NULL WHERE x.contact_id = who AND (x.unread > 0 OR x.waiting_since IS NOT NULL) RETURNING x.id LOOP
      PERFORM app.emit('conversation:updated', 'conversation', v, v, NULL, '{"blocked": true}');
    END LOOP;
  END IF;
  PERFORM app.become(t, me, sc, NULL, sid);
  RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION app.contact_assign(uuid[], uuid), app.contact_block(uuid, boolean) TO balcao_web;

-- What a blocked person writes is kept, but asks for nobody: no unread count, no waiting, nothing opens again, and
-- where a new conversation is needed it is spam from the start.
CREATE OR REPLACE FUNCTION app.conversation_for(conn uuid, who uuid, thread text, OUT conv uuid, OUT fresh boolean) LANGUAGE plpgsql AS $$
DECLARE last conversation; c connection; n bigint; blocked boolean := (SELECT p.status = 'blocked' FROM contact p WHERE p.id = who);
BEGIN
  fresh := false;
  SELECT * INTO c FROM connection WHERE id = conn;
  SELECT * INTO last FROM conversation v WHERE v.connection_id = conn AND v.contact_id = who AND v.thread_key = thread
    ORDER BY v.status IN ('open', 'in_progress', 'pending') DESC, v.last_message_at DESC LIMIT 1 FOR UPDATE;
  IF FOUND AND (last.status NOT IN ('resolved', 'archived') OR c.reopen OR blocked) THEN
    conv := last.id;
    RETURN;
  END IF;
  UPDATE tenant SET conversation_number = conversation_number + 1 RETURNING conversation_number INTO n;
  INSERT INTO conversation (number, contact_id, connection_id, channel, thread_key, status, contact_name, contact_phone, contact_kind)
  SELECT n, p.id, conn, c.channel, thread, CASE WHEN blocked THEN 'spam' ELSE 'open' END, coalesce(p.name, p.username), p.phone, p.kind FROM contact p WHERE p.id = who
  RETURNING id INTO conv;
  fresh := true;
  PERFORM app.emit('conversation:created', 'conversation', conv, conv, NULL, NULL);
END $$;
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
  IF ext IS NOT NULL THEN PERFORM app.changes_apply(conn, ext); END IF;
END $$;

----------------------------------------------------------------------------------------------------
-- Tags. Names that differ in case or accents only are one name.
CREATE UNIQUE INDEX tag_plain ON tag (tenant_id, app.plain(name));

-- Adds tags to people and takes others away; unknown tags and people out of sight are left out. Returns how many
-- people changed. Each change is one line of the audit, with the names that the tags had.
CREATE FUNCTION app.contact_tags(ids uuid[], plus uuid[], minus uuid[]) RETURNS int LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE who uuid; added text[]; gone text[]; n int := 0;
BEGIN
  FOR who IN SELECT c.id FROM public.contact c WHERE c.id = ANY (ids) AND c.merged_into IS NULL ORDER BY c.id LOOP
    WITH d AS (DELETE FROM public.contact_tag x WHERE x.contact_id = who AND x.tag_id = ANY (minus) RETURNING x.tag_id)
    SELECT array_agg(t.name ORDER BY t.name) INTO gone FROM d JOIN public.tag t ON t.id = d.tag_id;
    WITH i AS (INSERT INTO public.contact_tag (contact_id, tag_id) SELECT who, t.id FROM public.tag t WHERE t.id = ANY (plus) ON CONFLICT DO NOTHING RETURNING contact_tag.tag_id)
    SELECT array_agg(t.name ORDER BY t.name) INTO added FROM i JOIN public.tag t ON t.id = i.tag_id;
    IF added IS NOT NULL OR gone IS NOT NULL THEN
      n := n + 1;
      PERFORM app.audit_note('tag', 'contact', who, jsonb_build_object('tags', jsonb_build_array(array_to_string(gone, ', '), array_to_string(added, ', '))));
      PERFORM app.emit('contact:updated', 'contact', who, NULL, NULL, '{"tags": true}');
    END IF;
  END LOOP;
  RETURN n;
END $$;
-- The same for conversations.
CREATE FUNCTION app.conversation_tags(ids uuid[], plus uuid[], minus uuid[]) RETURNS int LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE conv uuid; added text[]; gone text[]; n int := 0;
BEGIN
  FOR conv IN SELECT c.id FROM public.conversation c WHERE c.id = ANY (ids) ORDER BY c.id LOOP
    WITH d AS (DELETE FROM public.conversation_tag x WHERE x.conversation_id = conv AND x.tag_id = ANY (minus) RETURNING x.tag_id)
    SELECT array_agg(t.name ORDER BY t.name) INTO gone FROM d JOIN public.tag t ON t.id = d.tag_id;
    WITH i AS (INSERT INTO public.conversation_tag (conversation_id, tag_id) SELECT conv, t.id FROM public.tag t WHERE t.id = ANY (plus) ON CONFLICT DO NOTHING RETURNING conversation_tag.tag_id)
    SELECT array_agg(t.name ORDER BY t.name) INTO added FROM i JOIN public.tag t ON t.id = i.tag_id;
    IF added IS NOT NULL OR gone IS NOT NULL THEN
      n := n + 1;
      PERFORM app.audit_note('tag', 'conversation', conv, jsonb_build_object('tags', jsonb_build_array(array_to_string(gone, ', '), array_to_string(added, ', '))));
      PERFORM app.emit('conversation:updated', 'conversation', conv, conv, NULL, '{"tags": true}');
    END IF;
  END LOOP;
  RETURN n;
END $$;
GRANT EXECUTE ON FUNCTION app.contact_tags(uuid[], uuid[], uuid[]), app.conversation_tags(uuid[], uuid[], uuid[]) TO balcao_web;
