-- The composer: messages for later.

-- Brings a message for later onto its way when its hour has come, as its author and with what the author may see: once,
-- whatever happens, since the message and the end of the order are one transaction. False: there was nothing to do (sent,
-- cancelled, or put off meanwhile). What cannot be sent ends as failed, with a reason, and its author hears of it.
CREATE FUNCTION app.scheduled_send(sid uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE t bigint := app.tenant(); s public.scheduled_message; sc text; why text; made uuid;
BEGIN
  SELECT * INTO s FROM public.scheduled_message x WHERE x.id = sid FOR UPDATE;
  IF NOT FOUND OR s.status <> 'pending' OR s.run_at > clock_timestamp() THEN RETURN false; END IF;
  SELECT u.scope INTO sc FROM public.user_account u WHERE u.id = s.author_id AND u.active AND u.role <> 'viewer';
  IF sc IS NULL THEN
    why := 'author';
  ELSE
    PERFORM app.become(t, s.author_id, sc, NULL, NULL);
    BEGIN
      SELECT m.message_id INTO made FROM app.message_out(s.conversation_id, s.text, false, 'later-' || sid, NULL, 'text', NULL) m;
      IF made IS NULL THEN why := 'hidden'; END IF;
    EXCEPTION WHEN SQLSTATE 'P1001' THEN
      why := 'window_shut';
    END;
    PERFORM app.become(t, NULL, 'all', NULL, NULL);
  END IF;
  UPDATE public.scheduled_message x SET status = CASE WHEN why IS NULL THEN 'sent' ELSE 'failed' END, error = why, message_id = made WHERE x.id = sid;
  IF why IS NOT NULL THEN PERFORM app.notify(s.author_id, 'failed', s.conversation_id, NULL); END IF;
  PERFORM app.emit('scheduled:updated', 'scheduled_message', sid, s.conversation_id, NULL, jsonb_build_object('status', CASE WHEN why IS NULL THEN 'sent' ELSE 'failed' END));
  RETURN true;
END $$;
-- It could not be done at all (tried too often).
CREATE FUNCTION app.scheduled_fail(sid uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE s public.scheduled_message;
BEGIN
  UPDATE public.scheduled_message x SET status = 'failed', error = 'fault' WHERE x.id = sid AND x.status = 'pending' RETURNING * INTO s;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM app.notify(s.author_id, 'failed', s.conversation_id, NULL);
  PERFORM app.emit('scheduled:updated', 'scheduled_message', sid, s.conversation_id, NULL, '{"status": "failed"}');
END $$;
GRANT EXECUTE ON FUNCTION app.scheduled_send(uuid), app.scheduled_fail(uuid) TO balcao_worker;
