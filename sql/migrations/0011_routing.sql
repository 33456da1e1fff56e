-- How work reaches people.

----------------------------------------------------------------------------------------------------
-- One thing done to many conversations, each for itself: what one refuses does not hold the others up. act: resolve,
-- reopen, spam, assign (usr, NULL: nobody), team (tm, NULL: none), tag, untag (tg). error: not_found, has_open (the person
-- has another one open on that channel), unknown (no such user, team or tag).
CREATE FUNCTION app.conversation_bulk(ids uuid[], act text, usr uuid, tm uuid, tg uuid) RETURNS TABLE (id uuid, status text, error text)
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE i uuid; v public.conversation; st text := CASE act WHEN 'resolve' THEN 'resolved' WHEN 'reopen' THEN 'open' WHEN 'spam' THEN 'spam' END;
BEGIN
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
GRANT EXECUTE ON FUNCTION app.conversation_bulk(uuid[], text, uuid, uuid, uuid) TO balcao_web;

----------------------------------------------------------------------------------------------------
-- Puts a conversation off until an instant, or until the person writes ('9999-12-31'); NULL brings it back. Whoever
-- writes wakes it (app.message_in), else a job at that hour. expect: the version that was seen (P1004 when it is another).
-- P1006: it is not open. NULL: not visible.
CREATE FUNCTION app.conversation_snooze(conv uuid, until timestamptz, expect int) RETURNS int LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE v public.conversation;
BEGIN
  SELECT * INTO v FROM public.conversation c WHERE c.id = conv FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF expect IS NOT NULL AND expect <> v.version THEN RAISE EXCEPTION 'version' USING ERRCODE = 'P1004'; END IF;
  IF until IS NOT NULL AND v.status NOT IN ('open', 'in_progress', 'pending') THEN RAISE EXCEPTION 'not open' USING ERRCODE = 'P1006'; END IF;
  IF v.snoozed_until IS NOT DISTINCT FROM until THEN RETURN v.version; END IF;
  UPDATE public.conversation c SET snoozed_until = until WHERE c.id = conv;
  PERFORM app.activity(conv, CASE WHEN until IS NULL THEN 'woken' ELSE 'snoozed' END, NULL);
  PERFORM app.emit('conversation:updated', 'conversation', conv, conv, NULL, jsonb_build_object('snoozed_until', until));
  IF until < '9999-01-01' THEN PERFORM app.job_add('wake', conv, NULL, until); END IF;
  RETURN v.version + 1;
END $$;
-- Its hour has come. False: it is awake, or was put off for longer meanwhile.
CREATE FUNCTION app.conversation_wake(conv uuid) RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE public.conversation c SET snoozed_until = NULL WHERE c.id = conv AND c.snoozed_until <= clock_timestamp();
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM app.activity(conv, 'woken', NULL);
  PERFORM app.emit('conversation:updated', 'conversation', conv, conv, NULL, '{"snoozed_until": null}');
  RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION app.conversation_snooze(uuid, timestamptz, int) TO balcao_web;
GRANT EXECUTE ON FUNCTION app.conversation_wake(uuid) TO balcao_worker;
