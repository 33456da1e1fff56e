-- What every route shares: a request done once however often it is asked, the text of an expired session, the feed of events.

-- The answer of a POST is kept a day. A second request with the key waits for the first one's row (lock_timeout) and
-- then gets its answer. Nobody reads the answers that others got.
ALTER TABLE idempotency_key ADD COLUMN etag text;
CREATE POLICY sees ON idempotency_key AS RESTRICTIVE USING (actor_id = (SELECT app.user_id()) OR (SELECT app.user_id()) IS NULL);
GRANT UPDATE ON idempotency_key TO balcao_web;

-- Takes the key for the entered user. state: new, same (with the answer that was kept), other (the key is another
-- request's), busy (the first one is still under way). A row without an answer is as good as none.
CREATE FUNCTION app.once_begin(k text, hash bytea) RETURNS TABLE (state text, status int, location text, etag text, body text)
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE r public.idempotency_key;
BEGIN
  BEGIN
    INSERT INTO public.idempotency_key (actor_id, key, request_hash, status, body) VALUES (app.user_id(), k, hash, 0, '') ON CONFLICT DO NOTHING;
    IF FOUND THEN
      RETURN QUERY SELECT 'new', 0, NULL::text, NULL::text, NULL::text;
      RETURN;
    END IF;
    SELECT * INTO r FROM public.idempotency_key i WHERE i.actor_id = app.user_id() AND i.key = k FOR UPDATE;
  EXCEPTION WHEN lock_not_available THEN
    RETURN QUERY SELECT 'busy', 0, NULL::text, NULL::text, NULL::text;
    RETURN;
  END;
  RETURN QUERY SELECT CASE WHEN r.request_hash <> hash THEN 'other' WHEN r.status = 0 THEN 'new' ELSE 'same' END, r.status, r.location, r.etag, r.body;
END $$;
CREATE FUNCTION app.once_end(k text, s int, l text, e text, b text) RETURNS void LANGUAGE sql SET search_path = pg_catalog AS $$
  UPDATE public.idempotency_key i SET status = s, location = l, etag = e, body = b WHERE i.actor_id = app.user_id() AND i.key = k $$;
GRANT EXECUTE ON FUNCTION app.once_begin(text, bytea), app.once_end(text, int, text, text, text) TO balcao_web;

-- GET /api/events looks at the same events as live.
GRANT EXECUTE ON FUNCTION app.live_reset(text, bigint) TO balcao_web;

-- The program that signs people in has a role of its own, where it exists: it keeps what was typed when a session ended.
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'balcao_auth') THEN
    GRANT SELECT, INSERT, UPDATE ON idempotency_key TO balcao_auth;
    GRANT EXECUTE ON FUNCTION app.once_begin(text, bytea), app.once_end(text, int, text, text, text), app.uuid7() TO balcao_auth;
  END IF;
END $$;
