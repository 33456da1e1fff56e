-- Several people on one conversation: mentions, two conversations made one, the order of the list.

----------------------------------------------------------------------------------------------------
-- The order of the list as one number (microseconds): those that wait come first, the longest wait above; then the
-- others, the newest above. One key, so that pages go on over both groups by an index.
CREATE FUNCTION app.turn(waiting timestamptz, last timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN waiting IS NOT NULL THEN (extract(epoch FROM waiting - timestamptz '1970-01-01 00:00+00') * 1000000)::bigint
    ELSE 250000000000000000 - (extract(epoch FROM last - timestamptz '1970-01-01 00:00+00') * 1000000)::bigint END $$;
GRANT EXECUTE ON FUNCTION app.turn(timestamptz, timestamptz) TO balcao_web, balcao_worker, balcao_ingest, balcao_live, balcao_console;
CREATE INDEX conversation_turn ON conversation (tenant_id, app.turn(waiting_since, last_message_at), id) WHERE status IN ('open', 'in_progress', 'pending');

----------------------------------------------------------------------------------------------------
-- Tells people of the acting user's note. who: [{id, as}], as: how the text calls them (may be null). Kept in the note's
-- payload as {mentions: [{id, name, as, told}]}; told is false for who may not see the conversation: they hear nothing.
-- NULL: the note is not visible. 23503: somebody is unknown.
CREATE FUNCTION app.mention_tell(msg uuid, who jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE t bigint := app.tenant(); me uuid := app.user_id(); sc text := app.scope(); sid uuid := app.session_id();
  conv uuid; my text; w jsonb; u public.user_account; sees boolean; said jsonb := '[]';
BEGIN
  SELECT m.conversation_id INTO conv FROM public.message m WHERE m.id = msg AND m.internal AND m.author_id = me;
  IF NOT FOUND THEN RETURN NULL; END IF;
  SELECT x.name INTO my FROM public.user_account x WHERE x.id = me;
  FOR w IN SELECT * FROM jsonb_array_elements(who) LOOP
    SELECT * INTO u FROM public.user_account x WHERE x.id = (w ->> 'id')::uuid AND x.active;
    IF NOT FOUND THEN RAISE EXCEPTION 'no such user' USING ERRCODE = '23503'; END IF;
    PERFORM app.become(t, u.id, u.scope, NULL, NULL);
    sees := EXISTS (SELECT FROM public.conversation c WHERE c.id = conv);
    PERFORM app.become(t, me, sc, NULL, sid);
    IF sees AND u.id <> me THEN PERFORM app.notify(u.id, 'mention', conv, my); END IF;
    said := said || jsonb_build_object('id', u.id, 'name', u.name, 'as', w -> 'as', 'told', sees);
  END LOOP;
  UPDATE public.message m SET payload = coalesce(m.payload, '{}') || jsonb_build_object('mentions', said) WHERE m.id = msg;
  RETURN said;
END $$;
GRANT EXECUTE ON FUNCTION app.mention_tell(uuid, jsonb) TO balcao_web;

----------------------------------------------------------------------------------------------------
-- What was merged into another conversation stays as an empty, archived row that leads there. Nobody writes into it any
-- more; what a provider tells of it (said on the phone, a change of number) goes where it leads...
CREATE FUNCTION app.message_place() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE there uuid := (SELECT c.merged_into FROM public.conversation c WHERE c.tenant_id = NEW.tenant_id AND c.id = NEW.conversation_id);
BEGIN
  IF there IS NOT NULL AND NEW.external_id IS NULL THEN RAISE EXCEPTION 'merged' USING ERRCODE = 'P1004'; END IF;
  NEW.conversation_id := coalesce(there, NEW.conversation_id);
  RETURN NEW;
END $$;
CREATE TRIGGER place BEFORE INSERT ON message FOR EACH ROW WHEN (NEW.kind <> 'activity' AND (NEW.direction = 'out' OR NEW.kind = 'system')) EXECUTE FUNCTION app.message_place();
-- ... and when the person writes where it was, it is a conversation of its own again.
CREATE FUNCTION app.conversation_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.merged_into := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER apart BEFORE UPDATE OF status ON conversation FOR EACH ROW
  WHEN (OLD.merged_into IS NOT NULL AND NEW.status <> 'archived') EXECUTE FUNCTION app.conversation_apart();
GRANT EXECUTE ON FUNCTION app.message_place(), app.conversation_apart() TO balcao_web, balcao_worker, balcao_ingest, balcao_console;

-- Drafts of others move with their conversation: who acts for nobody sees them all, as with notifications.
ALTER POLICY sees ON draft USING (user_id = (SELECT app.user_id()) OR (SELECT app.user_id()) IS NULL);

-- Puts src into dst: messages with what hangs on them, tags, drafts, messages for later, notices, links of deals. Messages
-- keep the connection they came by, so that statuses, reactions and quotes still find them. src is archived and empty.
-- dst keeps its owner, team and tags; it opens again when src was open, and is awake when src waits.
-- expect: the versions that were seen, NULL for any (P1004 when they are others, or one was merged meanwhile). The two rows
-- are locked in the order of their ids: of two people who merge crosswise one is refused. False: one is not visible, or
-- they are not of one person and thread. 23505: dst would open again beside another open one.
CREATE FUNCTION app.conversation_merge(src uuid, dst uuid, expect_src int, expect_dst int) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE t bigint := app.tenant(); me uuid := app.user_id(); sc text := app.scope(); sid uuid := app.session_id();
  c public.conversation; s public.conversation; d public.conversation; newer boolean; opens boolean;
BEGIN
  IF src = dst OR sc = 'visitor' THEN RETURN false; END IF;
  FOR c IN SELECT * FROM public.conversation x WHERE x.id IN (src, dst) ORDER BY x.id FOR UPDATE LOOP
    IF c.id = src THEN s := c; ELSE d := c; END IF;
  END LOOP;
  IF s.id IS NULL OR d.id IS NULL OR s.contact_id <> d.contact_id OR s.thread_key <> d.thread_key THEN RETURN false; END IF;
  IF s.merged_into IS NOT NULL OR d.merged_into IS NOT NULL OR expect_src <> s.version OR expect_dst <> d.version THEN
    RAISE EXCEPTION 'version' USING ERRCODE = 'P1004';
  END IF;
  newer := s.last_message_at > d.last_message_at;
  opens := s.status IN ('open', 'in_progress', 'pending') AND d.status IN ('resolved', 'archived');

  PERFORM app.become(t, me, 'all', NULL, sid);
  UPDATE public.message m SET conversation_id = dst, token = CASE WHEN m.token IS NOT NULL AND EXISTS (
      SELECT FROM public.message o WHERE o.tenant_id = m.tenant_id AND o.conversation_id = dst AND o.token = m.token) THEN NULL ELSE m.token END
    WHERE m.conversation_id = src;
  UPDATE public.scheduled_message m SET conversation_id = dst, token = CASE WHEN m.token IS NOT NULL AND EXISTS (
      SELECT FROM public.scheduled_message o WHERE o.tenant_id = m.tenant_id AND o.conversation_id = dst AND o.token = m.token) THEN NULL ELSE m.token END
    WHERE m.conversation_id = src;
  INSERT INTO public.conversation_tag (conversation_id, tag_id) SELECT dst, x.tag_id FROM public.conversation_tag x WHERE x.conversation_id = src ON CONFLICT DO NOTHING;
  DELETE FROM public.conversation_tag x WHERE x.conversation_id = src;
  UPDATE public.deal x SET conversation_id = dst WHERE x.conversation_id = src;
  -- Of other people: nobody's eyes see them all.
  PERFORM app.become(t, NULL, 'all', NULL, NULL);
  INSERT INTO public.draft AS o (conversation_id, user_id, text, internal, updated_at)
    SELECT dst, x.user_id, x.text, x.internal, x.updated_at FROM public.draft x WHERE x.conversation_id = src
    ON CONFLICT (tenant_id, conversation_id, user_id) DO UPDATE SET text = left(o.text || E'\n\n' || excluded.text, 4096), internal = o.internal OR excluded.internal;
  DELETE FROM public.draft x WHERE x.conversation_id = src;
  UPDATE public.notification x SET conversation_id = dst WHERE x.conversation_id = src;
  PERFORM app.become(t, me, 'all', NULL, sid);

  -- The closed row's last message lies before the other's: who writes again is led to the newer one.
  UPDATE public.conversation x SET status = 'archived', merged_into = dst, resolved_at = now(), unread = 0, waiting_since = NULL, snoozed_until = NULL,
    preview = NULL, preview_kind = NULL, preview_out = false, last_message_at = least(s.created_at, greatest(s.last_message_at, d.last_message_at) - interval '1 second')
    WHERE x.id = src;
  UPDATE public.conversation x SET
    status = CASE WHEN opens THEN s.status ELSE x.status END, resolved_at = CASE WHEN opens THEN NULL ELSE x.resolved_at END,
    snoozed_until = CASE WHEN s.waiting_since IS NOT NULL AND s.snoozed_until IS NULL THEN NULL ELSE x.snoozed_until END,
    unread = d.unread + s.unread, waiting_since = least(d.waiting_since, s.waiting_since), last_inbound_at = greatest(d.last_inbound_at, s.last_inbound_at),
    last_message_at = greatest(d.last_message_at, s.last_message_at),
    preview = CASE WHEN newer THEN s.preview ELSE d.preview END, preview_kind = CASE WHEN newer THEN s.preview_kind ELSE d.preview_kind END,
    preview_out = CASE WHEN newer THEN s.preview_out ELSE d.preview_out END,
    window_until = CASE WHEN s.connection_id = d.connection_id THEN greatest(d.window_until, s.window_until) ELSE d.window_until END,
    away_sent_at = greatest(d.away_sent_at, s.away_sent_at)
    WHERE x.id = dst;
  PERFORM app.activity(src, 'merged_into', d.number::text), app.activity(dst, 'merged_from', s.number::text);
  PERFORM app.emit('conversation:updated', 'conversation', src, src, NULL, jsonb_build_object('merged_into', dst)),
    app.emit('conversation:updated', 'conversation', dst, dst, NULL, jsonb_build_object('merged_from', src));
  PERFORM app.become(t, me, sc, NULL, sid);
  RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION app.conversation_merge(uuid, uuid, int, int) TO balcao_web;
