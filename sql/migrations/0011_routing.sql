-- How work reaches people.

----------------------------------------------------------------------------------------------------
-- One thing done to many conversations, each for itself: what one refuses does not hold the others up. act: resolve,
-- reopen, spam, assign (usr, NULL: nobody), team (tm, NULL: none), tag, untag (tg). error: not_found, has_open (the person
-- has another one open on that channel), unknown (no such user, team or tag).
CREATE FUNCTION app.conversation_bulk(ids uuid[], act text, usr uuid, tm uuid, tg uuid) RETURNS TABLE (id uuid, status text, error text)
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
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
