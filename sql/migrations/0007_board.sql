-- The board: ranks, what happens to deals, pipelines and their stages; a default pipeline for every tenant.
-- Errors: P1004 the version is another; P1006 a value is refused (constraint: the field); P1007 it still holds deals,
-- P1008 it is needed (the default pipeline, the last stage).

----------------------------------------------------------------------------------------------------
-- Ranks: a place between any two places. Digits 0-9 A-Z a-z in C order, never ending in 0. Places at either end
-- are counted in four digits, so that columns that only grow keep short ranks.
CREATE FUNCTION app.rank_digits(v bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
  SELECT rtrim(string_agg(substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', (v / p % 62)::int + 1, 1), '' ORDER BY p DESC), '0')
  FROM unnest('{238328,3844,62,1}'::bigint[]) p $$;
-- lo NULL: before all, hi NULL: after all. An error when lo is not before hi.
CREATE FUNCTION app.rank_between(lo text, hi text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  d CONSTANT text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  a text := coalesce(lo, ''); b text := coalesce(hi, ''); p text := ''; v bigint := 0; x int; y int;
BEGIN
  IF lo COLLATE "C" >= hi COLLATE "C" THEN RAISE EXCEPTION 'rank % is not before %', lo, hi USING ERRCODE = '22023'; END IF;
  IF lo IS NULL AND hi IS NULL THEN RETURN 'V'; END IF;
  IF lo IS NULL OR hi IS NULL THEN
    FOR i IN 1..4 LOOP v := v * 62 + strpos(d, substr(a || b, i, 1)) - 1; END LOOP;
    v := v + CASE WHEN hi IS NULL THEN 1 ELSE -1 END;
    IF v > 0 AND v < 14776336 THEN RETURN app.rank_digits(v); END IF;
  END IF;
  -- The middle; b empty is the end of the scale.
  LOOP
    x := strpos(d, left(a, 1)) - 1;
    y := CASE b WHEN '' THEN 62 ELSE strpos(d, left(b, 1)) - 1 END;
    IF y - x > 1 THEN RETURN p || substr(d, (x + y) / 2 + 1, 1); END IF;
    IF x = y THEN
      b := substr(b, 2);
    ELSIF length(b) > 1 THEN
      RETURN p || left(b, 1);
    ELSE
      b := '';
    END IF;
    p := p || substr(d, x + 1, 1);
    a := substr(a, 2);
  END LOOP;
END $$;

-- Only what people change makes a new version: not a rank that is written shorter, nor a name that follows.
DROP TRIGGER touch ON deal;
CREATE TRIGGER touch BEFORE UPDATE OF pipeline_id, stage_id, title, description, value_minor, currency, contact_id, company, conversation_id, owner_id,
  status, lost_reason, closed_at, due_on, next_step, next_step_on ON deal
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION app.touch();
CREATE INDEX deal_stage ON deal (tenant_id, stage_id, rank);
CREATE INDEX deal_latest ON deal (tenant_id, updated_at DESC, id DESC);

-- What a search in deals looks at, and the pattern it looks with.
CREATE FUNCTION app.deal_words(title text, contact_name text, company text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT app.plain(title || ' ' || coalesce(contact_name, '') || ' ' || coalesce(company, '')) $$;
CREATE FUNCTION app.like_any(q text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '%' || replace(replace(replace(app.plain(q), '\', '\\'), '%', '\%'), '_', '\_') || '%' $$;

----------------------------------------------------------------------------------------------------
-- The parts below are for the functions that follow: they want the whole tenant in sight, and the stage locked.
-- The lock order everywhere: stage, then deals by id.
CREATE FUNCTION app.rank_spread(p_stage uuid) RETURNS void LANGUAGE sql AS $$
  UPDATE public.deal d SET rank = x.rank
  FROM (SELECT i.id, app.rank_digits(7388168 - i.c / 2 + i.n) AS rank
    FROM (SELECT id, row_number() OVER (ORDER BY rank, id) AS n, count(*) OVER () AS c FROM public.deal WHERE stage_id = p_stage) i) x
  WHERE d.id = x.id AND d.rank <> x.rank $$;
-- The rank right after a deal of the stage; after NULL: above all.
CREATE FUNCTION app.deal_rank(p_deal uuid, p_stage uuid, p_after uuid) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE lo text; hi text; r text;
BEGIN
  FOR i IN 1..2 LOOP
    lo := NULL;
    IF p_after IS NOT NULL THEN
      SELECT d.rank INTO lo FROM public.deal d WHERE d.id = p_after AND d.stage_id = p_stage AND d.id <> p_deal;
      IF NOT FOUND THEN RAISE EXCEPTION 'no such place' USING ERRCODE = 'P1006', CONSTRAINT = 'after_id'; END IF;
    END IF;
    SELECT d.rank INTO hi FROM public.deal d
    WHERE d.stage_id = p_stage AND d.id <> p_deal AND (lo IS NULL OR d.rank > lo) ORDER BY d.rank LIMIT 1;
    r := app.rank_between(lo, hi);
    EXIT WHEN length(r) <= 60;
    PERFORM app.rank_spread(p_stage);
  END LOOP;
  RETURN r;
END $$;
CREATE FUNCTION app.deal_happened(p_deal uuid, k text, words text, d jsonb) RETURNS uuid LANGUAGE sql AS $$
  INSERT INTO public.deal_activity (deal_id, kind, actor_id, actor_name, text, data)
  SELECT p_deal, k, app.user_id(), (SELECT u.name FROM public.user_account u WHERE u.id = app.user_id()), words, d RETURNING id $$;
-- Locks the stage that is meant: the one named, else the first of the pipeline, else the first of the default one.
CREATE FUNCTION app.stage_for(p_pipeline uuid, p_stage uuid) RETURNS public.stage LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE s public.stage;
BEGIN
  SELECT x.* INTO s FROM public.stage x JOIN public.pipeline p ON p.tenant_id = x.tenant_id AND p.id = x.pipeline_id
  WHERE CASE WHEN p_stage IS NOT NULL THEN x.id = p_stage AND (p_pipeline IS NULL OR p.id = p_pipeline)
    WHEN p_pipeline IS NOT NULL THEN p.id = p_pipeline ELSE p.is_default END
  ORDER BY x.position, x.id LIMIT 1 FOR NO KEY UPDATE OF x;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such stage' USING ERRCODE = 'P1006', CONSTRAINT = CASE WHEN p_stage IS NULL THEN 'pipeline_id' ELSE 'stage_id' END;
  END IF;
  RETURN s;
END $$;
-- Who and what a deal may point at, as the acting user sees it.
CREATE FUNCTION app.deal_contact(p_contact uuid) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE n text;
BEGIN
  SELECT coalesce(c.name, c.username, c.phone, '') INTO n FROM public.contact c WHERE c.id = p_contact;
  IF NOT FOUND AND p_contact IS NOT NULL THEN RAISE EXCEPTION 'no such contact' USING ERRCODE = 'P1006', CONSTRAINT = 'contact_id'; END IF;
  RETURN nullif(n, '');
END $$;
CREATE FUNCTION app.deal_owner(p_owner uuid) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE n text;
BEGIN
  SELECT u.name INTO n FROM public.user_account u WHERE u.id = p_owner AND u.active AND u.role NOT IN ('viewer', 'super');
  IF NOT FOUND AND p_owner IS NOT NULL THEN RAISE EXCEPTION 'no such user' USING ERRCODE = 'P1006', CONSTRAINT = 'owner_id'; END IF;
  RETURN n;
END $$;
CREATE FUNCTION app.deal_conversation(p_conversation uuid) RETURNS uuid LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE who uuid;
BEGIN
  SELECT c.contact_id INTO who FROM public.conversation c WHERE c.id = p_conversation;
  IF NOT FOUND AND p_conversation IS NOT NULL THEN
    RAISE EXCEPTION 'no such conversation' USING ERRCODE = 'P1006', CONSTRAINT = 'conversation_id';
  END IF;
  RETURN who;
END $$;

----------------------------------------------------------------------------------------------------
-- Deals. d holds the fields by name, value in minor units; keys that are absent keep what is.
CREATE FUNCTION app.deal_add(d jsonb) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  c text := current_setting('app.ctx'); i uuid := app.uuid7(); s public.stage; conv uuid := (d ->> 'conversation_id')::uuid;
  who uuid := coalesce((d ->> 'contact_id')::uuid, app.deal_conversation(conv));
  own uuid := CASE WHEN d ? 'owner_id' THEN (d ->> 'owner_id')::uuid ELSE app.user_id() END;
  who_name text := app.deal_contact(who); own_name text := app.deal_owner(own);
BEGIN
  PERFORM app.deal_conversation(conv);
  PERFORM app.become(app.tenant(), app.user_id(), 'all', NULL, app.session_id());
  s := app.stage_for((d ->> 'pipeline_id')::uuid, (d ->> 'stage_id')::uuid);
  INSERT INTO public.deal (id, pipeline_id, stage_id, rank, title, description, value_minor, currency, contact_id, contact_name, company, conversation_id,
    owner_id, owner_name, due_on, next_step, next_step_on)
  VALUES (i, s.pipeline_id, s.id, app.deal_rank(i, s.id, NULL), d ->> 'title', d ->> 'description', coalesce((d ->> 'value')::bigint, 0),
    coalesce(d ->> 'currency', (SELECT t.currency FROM public.tenant t WHERE t.tenant_id = app.tenant())), who, who_name, d ->> 'company', conv, own, own_name,
    (d ->> 'due_on')::date, d ->> 'next_step', (d ->> 'next_step_on')::date);
  PERFORM app.deal_happened(i, 'created', NULL, jsonb_build_object('stage', s.name, 'conversation_id', conv));
  PERFORM app.emit('deal:created', 'deal', i, NULL, NULL, jsonb_build_object('pipeline_id', s.pipeline_id, 'stage_id', s.id));
  PERFORM set_config('app.ctx', c, true);
  RETURN i;
END $$;

-- Locks the deal as the acting user sees it and checks the version (expect NULL: any). Not visible: no id.
CREATE FUNCTION app.deal_lock(p_deal uuid, expect int) RETURNS public.deal LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE v public.deal;
BEGIN
  SELECT * INTO v FROM public.deal x WHERE x.id = p_deal FOR UPDATE;
  IF v.id IS NOT NULL AND expect <> v.version THEN RAISE EXCEPTION 'version' USING ERRCODE = 'P1004'; END IF;
  RETURN v;
END $$;

-- Gives the new version; no row: not visible.
CREATE FUNCTION app.deal_change(p_deal uuid, d jsonb, expect int) RETURNS SETOF int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE c text := current_setting('app.ctx'); v public.deal := app.deal_lock(p_deal, expect); n public.deal := v; other text[]; ver int;
BEGIN
  IF v.id IS NULL THEN RETURN; END IF;
  IF d ? 'title' THEN n.title := d ->> 'title'; END IF;
  IF d ? 'description' THEN n.description := d ->> 'description'; END IF;
  IF d ? 'value' THEN n.value_minor := coalesce((d ->> 'value')::bigint, 0); END IF;
  IF d ? 'currency' THEN n.currency := coalesce(d ->> 'currency', v.currency); END IF;
  IF d ? 'company' THEN n.company := d ->> 'company'; END IF;
  IF d ? 'due_on' THEN n.due_on := (d ->> 'due_on')::date; END IF;
  IF d ? 'next_step' THEN n.next_step := d ->> 'next_step'; END IF;
  IF d ? 'next_step_on' THEN n.next_step_on := (d ->> 'next_step_on')::date; END IF;
  IF d ? 'contact_id' AND (d ->> 'contact_id')::uuid IS DISTINCT FROM v.contact_id THEN
    n.contact_id := (d ->> 'contact_id')::uuid;
    n.contact_name := app.deal_contact(n.contact_id);
  END IF;
  IF d ? 'conversation_id' AND (d ->> 'conversation_id')::uuid IS DISTINCT FROM v.conversation_id THEN
    n.conversation_id := (d ->> 'conversation_id')::uuid;
    PERFORM app.deal_conversation(n.conversation_id);
  END IF;
  IF d ? 'owner_id' AND (d ->> 'owner_id')::uuid IS DISTINCT FROM v.owner_id THEN
    n.owner_id := (d ->> 'owner_id')::uuid;
    n.owner_name := app.deal_owner(n.owner_id);
  END IF;
  IF n IS NOT DISTINCT FROM v THEN RETURN NEXT v.version; RETURN; END IF;
  PERFORM app.become(app.tenant(), app.user_id(), 'all', NULL, app.session_id());
  UPDATE public.deal x SET title = n.title, description = n.description, value_minor = n.value_minor, currency = n.currency, company = n.company,
    due_on = n.due_on, next_step = n.next_step, next_step_on = n.next_step_on, contact_id = n.contact_id, contact_name = n.contact_name,
    conversation_id = n.conversation_id, owner_id = n.owner_id, owner_name = n.owner_name
  WHERE x.id = p_deal RETURNING x.version INTO ver;
  IF (n.value_minor, n.currency) IS DISTINCT FROM (v.value_minor, v.currency) THEN
    PERFORM app.deal_happened(p_deal, 'value', NULL, jsonb_build_object('from', v.value_minor, 'to', n.value_minor, 'from_currency', v.currency, 'to_currency', n.currency));
  END IF;
  IF n.owner_id IS DISTINCT FROM v.owner_id THEN
    PERFORM app.deal_happened(p_deal, 'owner', NULL, jsonb_build_object('from', v.owner_name, 'to', n.owner_name));
  END IF;
  IF n.conversation_id IS DISTINCT FROM v.conversation_id THEN
    PERFORM app.deal_happened(p_deal, 'linked', NULL, jsonb_build_object('conversation_id', n.conversation_id));
  END IF;
  SELECT array_agg(k.key ORDER BY k.key) INTO other FROM jsonb_each(to_jsonb(n)) k
  WHERE k.value IS DISTINCT FROM to_jsonb(v) -> k.key
    AND k.key IN ('title', 'description', 'company', 'due_on', 'next_step', 'next_step_on', 'contact_id');
  IF other IS NOT NULL THEN PERFORM app.deal_happened(p_deal, 'changed', NULL, jsonb_build_object('fields', other)); END IF;
  PERFORM app.emit('deal:updated', 'deal', p_deal, NULL, NULL, jsonb_build_object('pipeline_id', v.pipeline_id, 'stage_id', v.stage_id, 'version', ver));
  PERFORM set_config('app.ctx', c, true);
  RETURN NEXT ver;
END $$;

-- Moves a deal to a stage (NULL: the first of the pipeline), right after another deal (NULL: above all). words: why, for its history.
CREATE FUNCTION app.deal_move(p_deal uuid, p_pipeline uuid, p_stage uuid, p_after uuid, expect int, words text) RETURNS SETOF int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE c text := current_setting('app.ctx'); s public.stage := app.stage_for(p_pipeline, p_stage); o public.stage; v public.deal := app.deal_lock(p_deal, expect); ver int; r text;
BEGIN
  IF v.id IS NULL THEN RETURN; END IF;
  IF v.status <> 'open' THEN RAISE EXCEPTION 'closed' USING ERRCODE = 'P1006', CONSTRAINT = 'status'; END IF;
  PERFORM app.become(app.tenant(), app.user_id(), 'all', NULL, app.session_id());
  -- Before the statement: finding a rank may write this very row.
  r := app.deal_rank(p_deal, s.id, p_after);
  UPDATE public.deal x SET pipeline_id = s.pipeline_id, stage_id = s.id, rank = r,
    stage_since = CASE WHEN s.id = v.stage_id THEN x.stage_since ELSE now() END
  WHERE x.id = p_deal RETURNING x.version INTO ver;
  IF s.id <> v.stage_id THEN
    SELECT * INTO o FROM public.stage x WHERE x.id = v.stage_id;
    PERFORM app.deal_happened(p_deal, 'moved', words, jsonb_build_object('from', o.name, 'to', s.name, 'from_id', o.id, 'to_id', s.id));
  ELSIF words IS NOT NULL THEN
    PERFORM app.deal_happened(p_deal, 'note', words, NULL);
  END IF;
  PERFORM app.emit('deal:moved', 'deal', p_deal, NULL, NULL, jsonb_build_object('from', v.stage_id, 'to', s.id, 'pipeline_id', s.pipeline_id, 'version', ver));
  PERFORM set_config('app.ctx', c, true);
  RETURN NEXT ver;
END $$;

-- Many at once, above all others of the stage in the order they had; those whose version is another, that are closed or not visible stay.
CREATE FUNCTION app.deal_move_many(p_stage uuid, ids uuid[], versions int[], OUT moved int, OUT stayed int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE s public.stage := app.stage_for(NULL, p_stage); r record; last uuid; fine uuid[];
BEGIN
  -- All locks first, in one order for everybody; then one after the other, each below the one before.
  PERFORM 1 FROM public.deal x WHERE x.id = ANY (ids) ORDER BY x.id FOR UPDATE;
  SELECT array_agg(x.id ORDER BY t.position, t.id, x.rank, x.id) INTO fine
  FROM unnest(ids, versions) w (id, version) JOIN public.deal x ON x.id = w.id AND x.version = w.version AND x.status = 'open'
  JOIN public.stage t ON t.tenant_id = x.tenant_id AND t.id = x.stage_id;
  FOR r IN SELECT f.id FROM unnest(fine) WITH ORDINALITY f (id, n) ORDER BY f.n LOOP
    PERFORM app.deal_move(r.id, NULL, s.id, last, NULL, NULL);
    last := r.id;
  END LOOP;
  moved := coalesce(cardinality(fine), 0);
  stayed := cardinality(ids) - moved;
END $$;

-- won, lost (with a reason) or open again; the stage stays.
CREATE FUNCTION app.deal_close(p_deal uuid, p_status text, reason text, expect int) RETURNS SETOF int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE c text := current_setting('app.ctx'); v public.deal := app.deal_lock(p_deal, expect); ver int;
BEGIN
  IF v.id IS NULL THEN RETURN; END IF;
  IF p_status = 'lost' AND coalesce(reason, '') = '' THEN RAISE EXCEPTION 'no reason' USING ERRCODE = 'P1006', CONSTRAINT = 'lost_reason'; END IF;
  IF p_status = v.status AND (p_status <> 'lost' OR reason = v.lost_reason) THEN RETURN NEXT v.version; RETURN; END IF;
  PERFORM app.become(app.tenant(), app.user_id(), 'all', NULL, app.session_id());
  UPDATE public.deal x SET status = p_status, lost_reason = CASE WHEN p_status = 'lost' THEN reason END,
    closed_at = CASE WHEN p_status = 'open' THEN NULL WHEN p_status = v.status THEN x.closed_at ELSE now() END
  WHERE x.id = p_deal RETURNING x.version INTO ver;
  PERFORM app.deal_happened(p_deal, CASE p_status WHEN 'open' THEN 'reopened' ELSE p_status END, CASE WHEN p_status = 'lost' THEN reason END, NULL);
  PERFORM app.emit('deal:updated', 'deal', p_deal, NULL, NULL,
    jsonb_build_object('status', p_status, 'pipeline_id', v.pipeline_id, 'stage_id', v.stage_id, 'version', ver));
  PERFORM set_config('app.ctx', c, true);
  RETURN NEXT ver;
END $$;

-- Takes a deal away; the audit keeps it whole, with its history.
CREATE FUNCTION app.deal_delete(p_deal uuid, expect int) RETURNS SETOF int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE v public.deal := app.deal_lock(p_deal, expect);
BEGIN
  IF v.id IS NULL THEN RETURN; END IF;
  PERFORM app.audit_note('archive', 'deal', p_deal, (SELECT jsonb_build_object('deal', to_jsonb(v) - 'tenant_id', 'history',
    coalesce(jsonb_agg(to_jsonb(a) - 'tenant_id' - 'deal_id' ORDER BY a.id), '[]')) FROM public.deal_activity a WHERE a.deal_id = p_deal));
  DELETE FROM public.deal x WHERE x.id = p_deal;
  PERFORM app.emit('deal:deleted', 'deal', p_deal, NULL, NULL, jsonb_build_object('pipeline_id', v.pipeline_id, 'stage_id', v.stage_id));
  RETURN NEXT v.version;
END $$;

-- A note; no row: the deal is not visible.
CREATE FUNCTION app.deal_note(p_deal uuid, words text) RETURNS SETOF uuid LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE v public.deal;
BEGIN
  SELECT * INTO v FROM public.deal x WHERE x.id = p_deal;
  IF NOT FOUND THEN RETURN; END IF;
  RETURN NEXT app.deal_happened(p_deal, 'note', words, NULL);
  PERFORM app.emit('deal:updated', 'deal', p_deal, NULL, NULL, jsonb_build_object('note', true, 'pipeline_id', v.pipeline_id, 'stage_id', v.stage_id));
END $$;
-- The tags of a deal become these; ids of no tag are left out. True when the deal is visible.
CREATE FUNCTION app.deal_tag_set(p_deal uuid, ids uuid[]) RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE v public.deal; n int; k int;
BEGIN
  SELECT * INTO v FROM public.deal x WHERE x.id = p_deal;
  IF NOT FOUND THEN RETURN false; END IF;
  DELETE FROM public.deal_tag x WHERE x.deal_id = p_deal AND x.tag_id <> ALL (ids);
  GET DIAGNOSTICS n = ROW_COUNT;
  INSERT INTO public.deal_tag (deal_id, tag_id) SELECT p_deal, t.id FROM public.tag t WHERE t.id = ANY (ids) ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS k = ROW_COUNT;
  IF n + k > 0 THEN
    PERFORM app.emit('deal:updated', 'deal', p_deal, NULL, NULL, jsonb_build_object('tags', true, 'pipeline_id', v.pipeline_id, 'stage_id', v.stage_id));
  END IF;
  RETURN true;
END $$;

----------------------------------------------------------------------------------------------------
-- Pipelines and stages.
CREATE FUNCTION app.stage_add(p_pipeline uuid, p_name text, p_color int, p_chance int, p_stale int) RETURNS SETOF uuid LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE i uuid;
BEGIN
  PERFORM 1 FROM public.pipeline p WHERE p.id = p_pipeline FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  INSERT INTO public.stage (pipeline_id, name, color, chance, stale_days, position)
  SELECT p_pipeline, p_name, p_color, p_chance, p_stale, coalesce(max(s.position) + 1, 0) FROM public.stage s WHERE s.pipeline_id = p_pipeline RETURNING id INTO i;
  PERFORM app.emit('pipeline:updated', 'pipeline', p_pipeline, NULL, NULL, NULL);
  RETURN NEXT i;
END $$;
-- d: {name, description, money, is_default, stages: [{name, color, chance, stale_days}]}; without stages: the usual four.
CREATE FUNCTION app.pipeline_add(d jsonb) RETURNS uuid LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE i uuid := app.uuid7(); en boolean := (SELECT t.locale = 'en' FROM public.tenant t WHERE t.tenant_id = app.tenant()); list jsonb := d -> 'stages';
BEGIN
  IF coalesce(jsonb_array_length(nullif(list, 'null')), 0) = 0 THEN
    list := jsonb_build_array(
      jsonb_build_object('name', CASE WHEN en THEN 'New contact' ELSE 'Novo contato' END, 'color', 2, 'chance', 10),
      jsonb_build_object('name', CASE WHEN en THEN 'Qualified' ELSE 'Qualificado' END, 'color', 1, 'chance', 30),
      jsonb_build_object('name', CASE WHEN en THEN 'Proposal sent' ELSE 'Proposta enviada' END, 'color', 5, 'chance', 60),
      jsonb_build_object('name', CASE WHEN en THEN 'Negotiation' ELSE 'Negociação' END, 'color', 3, 'chance', 80));
  END IF;
  INSERT INTO public.pipeline (id, name, description, money, position)
  VALUES (i, d ->> 'name', d ->> 'description', coalesce((d ->> 'money')::boolean, true), (SELECT coalesce(max(p.position) + 1, 0) FROM public.pipeline p));
  INSERT INTO public.stage (pipeline_id, name, color, chance, stale_days, position)
  SELECT i, s.value ->> 'name', coalesce((s.value ->> 'color')::int, 1), coalesce((s.value ->> 'chance')::int, 0), coalesce((s.value ->> 'stale_days')::int, 14), s.n - 1
  FROM jsonb_array_elements(list) WITH ORDINALITY s (value, n);
  IF coalesce((d ->> 'is_default')::boolean, false) OR NOT EXISTS (SELECT FROM public.pipeline p WHERE p.is_default) THEN PERFORM app.pipeline_prefer(i); END IF;
  PERFORM app.emit('pipeline:created', 'pipeline', i, NULL, NULL, NULL);
  RETURN i;
END $$;
-- The one that new deals go to.
CREATE FUNCTION app.pipeline_prefer(p_pipeline uuid) RETURNS void LANGUAGE sql AS $$
  UPDATE public.pipeline p SET is_default = false WHERE p.is_default AND p.id <> p_pipeline;
  UPDATE public.pipeline p SET is_default = true WHERE p.id = p_pipeline AND NOT p.is_default $$;

-- All deals of some stages to the end of another one. Returns how many.
CREATE FUNCTION app.deals_carry(from_stages uuid[], s public.stage) RETURNS int LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE n int;
BEGIN
  INSERT INTO public.deal_activity (deal_id, kind, actor_id, actor_name, data)
  SELECT d.id, 'moved', app.user_id(), (SELECT u.name FROM public.user_account u WHERE u.id = app.user_id()),
    jsonb_build_object('from', o.name, 'to', s.name, 'from_id', o.id, 'to_id', s.id)
  FROM public.deal d JOIN public.stage o ON o.tenant_id = d.tenant_id AND o.id = d.stage_id WHERE d.stage_id = ANY (from_stages);
  -- Below everything for a moment: a rank has letters and digits only.
  UPDATE public.deal d SET pipeline_id = s.pipeline_id, stage_id = s.id, stage_since = now(), rank = '~' || lpad(o.position::text, 10, '0') || d.rank
  FROM public.stage o WHERE o.tenant_id = d.tenant_id AND o.id = d.stage_id AND d.stage_id = ANY (from_stages);
  GET DIAGNOSTICS n = ROW_COUNT;
  IF n > 0 THEN
    PERFORM app.rank_spread(s.id);
    PERFORM app.emit('pipeline:updated', 'pipeline', s.pipeline_id, NULL, NULL, jsonb_build_object('moved', n));
  END IF;
  RETURN n;
END $$;
-- Where the deals of what is taken away go: a stage, or the first one of a pipeline; none of those that go.
CREATE FUNCTION app.stage_refuge(target uuid, gone uuid[]) RETURNS public.stage LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE s public.stage;
BEGIN
  SELECT x.* INTO s FROM public.stage x WHERE (x.id = target OR x.pipeline_id = target) AND x.id <> ALL (gone) ORDER BY x.id = target DESC, x.position, x.id LIMIT 1 FOR NO KEY UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'no such stage' USING ERRCODE = 'P1006', CONSTRAINT = 'move_to'; END IF;
  RETURN s;
END $$;
CREATE FUNCTION app.stage_delete(p_stage uuid, target uuid, expect int) RETURNS SETOF int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE c text := current_setting('app.ctx'); v public.stage; n int := 0;
BEGIN
  PERFORM 1 FROM public.pipeline p WHERE p.id = (SELECT x.pipeline_id FROM public.stage x WHERE x.id = p_stage) FOR UPDATE;
  SELECT * INTO v FROM public.stage x WHERE x.id = p_stage FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  IF expect <> v.version THEN RAISE EXCEPTION 'version' USING ERRCODE = 'P1004'; END IF;
  IF NOT EXISTS (SELECT FROM public.stage x WHERE x.pipeline_id = v.pipeline_id AND x.id <> p_stage) THEN RAISE EXCEPTION 'the last stage' USING ERRCODE = 'P1008'; END IF;
  PERFORM app.become(app.tenant(), app.user_id(), 'all', NULL, app.session_id());
  IF EXISTS (SELECT FROM public.deal d WHERE d.stage_id = p_stage) THEN
    IF target IS NULL THEN RAISE EXCEPTION 'it holds deals' USING ERRCODE = 'P1007'; END IF;
    n := app.deals_carry(ARRAY[p_stage], app.stage_refuge(target, ARRAY[p_stage]));
  END IF;
  DELETE FROM public.stage x WHERE x.id = p_stage;
  PERFORM app.emit('pipeline:updated', 'pipeline', v.pipeline_id, NULL, NULL, NULL);
  PERFORM set_config('app.ctx', c, true);
  RETURN NEXT n;
END $$;
CREATE FUNCTION app.pipeline_delete(p_pipeline uuid, target uuid, expect int) RETURNS SETOF int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE c text := current_setting('app.ctx'); v public.pipeline; own uuid[]; n int := 0;
BEGIN
  SELECT * INTO v FROM public.pipeline x WHERE x.id = p_pipeline FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  IF expect <> v.version THEN RAISE EXCEPTION 'version' USING ERRCODE = 'P1004'; END IF;
  IF v.is_default THEN RAISE EXCEPTION 'the default pipeline' USING ERRCODE = 'P1008'; END IF;
  PERFORM 1 FROM public.stage x WHERE x.pipeline_id = p_pipeline ORDER BY x.id FOR UPDATE;
  own := ARRAY(SELECT x.id FROM public.stage x WHERE x.pipeline_id = p_pipeline);
  PERFORM app.become(app.tenant(), app.user_id(), 'all', NULL, app.session_id());
  IF EXISTS (SELECT FROM public.deal d WHERE d.stage_id = ANY (own)) THEN
    IF target IS NULL THEN RAISE EXCEPTION 'it holds deals' USING ERRCODE = 'P1007'; END IF;
    n := app.deals_carry(own, app.stage_refuge(target, own));
  END IF;
  DELETE FROM public.stage x WHERE x.id = ANY (own);
  DELETE FROM public.pipeline x WHERE x.id = p_pipeline;
  PERFORM app.emit('pipeline:deleted', 'pipeline', p_pipeline, NULL, NULL, NULL);
  PERFORM set_config('app.ctx', c, true);
  RETURN NEXT n;
END $$;
-- One place up (-1) or down (1). No row: no such stage.
CREATE FUNCTION app.stage_shift(p_stage uuid, by int) RETURNS SETOF uuid LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE pl uuid := (SELECT x.pipeline_id FROM public.stage x WHERE x.id = p_stage);
BEGIN
  IF pl IS NULL THEN RETURN; END IF;
  PERFORM 1 FROM public.pipeline p WHERE p.id = pl FOR NO KEY UPDATE;
  -- Counted anew in halves, so that the shifted one finds room between two others.
  UPDATE public.stage s SET position = o.n FROM (
    SELECT x.id, row_number() OVER (ORDER BY i.n + CASE WHEN x.id = p_stage THEN by * 1.5 ELSE 0 END) - 1 AS n
    FROM public.stage x JOIN (SELECT y.id, row_number() OVER (ORDER BY y.position, y.id) AS n FROM public.stage y WHERE y.pipeline_id = pl) i ON i.id = x.id) o
  WHERE s.id = o.id AND s.position <> o.n;
  PERFORM app.emit('pipeline:updated', 'pipeline', pl, NULL, NULL, NULL);
  RETURN NEXT pl;
END $$;

-- Every tenant has a pipeline from the first day, and one default for ever.
CREATE FUNCTION app.tenant_pipeline() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NEW.tenant_id <> 1 THEN
    PERFORM app.pipeline_add(jsonb_build_object('name', CASE NEW.locale WHEN 'en' THEN 'Sales' ELSE 'Vendas' END));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER pipeline AFTER INSERT ON tenant FOR EACH ROW EXECUTE FUNCTION app.tenant_pipeline();
CREATE FUNCTION app.pipeline_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE c text := coalesce(current_setting('app.ctx', true), ''); fine boolean;
BEGIN
  PERFORM app.become(OLD.tenant_id, NULL, 'all', NULL, NULL);
  fine := EXISTS (SELECT FROM public.pipeline p WHERE p.is_default) OR NOT EXISTS (SELECT FROM public.tenant);
  PERFORM set_config('app.ctx', c, true);
  IF NOT fine THEN RAISE EXCEPTION 'a default pipeline is needed' USING ERRCODE = '23514', CONSTRAINT = 'pipeline_kept'; END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER kept AFTER UPDATE OF is_default OR DELETE ON pipeline DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.is_default) EXECUTE FUNCTION app.pipeline_kept();
DO $$ DECLARE t record; BEGIN
  FOR t IN SELECT s.tenant_id, s.slug FROM priv.tenant_slug s WHERE s.tenant_id <> 1 LOOP
    PERFORM app.become(t.tenant_id, NULL, 'all', NULL, NULL);
    PERFORM app.pipeline_add(jsonb_build_object('name', (SELECT CASE x.locale WHEN 'en' THEN 'Sales' ELSE 'Vendas' END FROM tenant x)));
  END LOOP;
  PERFORM set_config('app.ctx', '', true);
END $$;

----------------------------------------------------------------------------------------------------
-- Names follow into the rows that show them, also into those that the acting user does not see.
CREATE FUNCTION app.deal_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE c text := coalesce(current_setting('app.ctx', true), '');
BEGIN
  PERFORM app.become(NEW.tenant_id, app.user_id(), 'all', NULL, app.session_id());
  IF TG_TABLE_NAME = 'contact' THEN
    UPDATE public.deal d SET contact_name = coalesce(NEW.name, to_jsonb(NEW) ->> 'username', to_jsonb(NEW) ->> 'phone') WHERE d.contact_id = NEW.id;
  ELSE
    UPDATE public.deal d SET owner_name = NEW.name WHERE d.owner_id = NEW.id;
  END IF;
  PERFORM set_config('app.ctx', c, true);
  RETURN NULL;
END $$;
CREATE TRIGGER deal_follow AFTER UPDATE OF name, username, phone ON contact FOR EACH ROW
  WHEN ((OLD.name, OLD.username, OLD.phone) IS DISTINCT FROM (NEW.name, NEW.username, NEW.phone)) EXECUTE FUNCTION app.deal_follow();
CREATE TRIGGER deal_follow AFTER UPDATE OF name ON user_account FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION app.deal_follow();

-- What happens to a deal is told to those who see it.
DROP POLICY sees ON event;
CREATE POLICY sees ON event AS RESTRICTIVE FOR SELECT USING (
  (user_id IS NULL OR user_id = (SELECT app.user_id()) OR (SELECT app.user_id()) IS NULL)
  AND ((SELECT app.scope()) = 'all'
    OR conversation_id IS NULL AND (SELECT app.scope()) <> 'visitor'
      AND (subject_kind <> 'deal' OR kind = 'deal:deleted' OR (SELECT true FROM deal d WHERE d.tenant_id = event.tenant_id AND d.id = event.subject_id))
    OR (SELECT true FROM conversation c WHERE c.tenant_id = event.tenant_id AND c.id = event.conversation_id)));
GRANT SELECT ON deal TO balcao_worker;

GRANT EXECUTE ON FUNCTION app.rank_digits(bigint), app.rank_between(text, text), app.deal_words(text, text, text), app.like_any(text) TO balcao_web, balcao_console;
GRANT EXECUTE ON FUNCTION app.deal_happened(uuid, text, text, jsonb), app.deal_add(jsonb), app.deal_change(uuid, jsonb, int),
  app.deal_move(uuid, uuid, uuid, uuid, int, text), app.deal_move_many(uuid, uuid[], int[]), app.deal_close(uuid, text, text, int), app.deal_delete(uuid, int),
  app.deal_note(uuid, text), app.deal_tag_set(uuid, uuid[]), app.stage_add(uuid, text, int, int, int), app.pipeline_add(jsonb), app.pipeline_prefer(uuid),
  app.stage_delete(uuid, uuid, int), app.pipeline_delete(uuid, uuid, int), app.stage_shift(uuid, int) TO balcao_web;
GRANT EXECUTE ON FUNCTION app.deal_add(jsonb), app.pipeline_add(jsonb), app.pipeline_prefer(uuid) TO balcao_console;
