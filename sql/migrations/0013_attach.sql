-- Files in replies.

-- A quick reply may carry a file. What is sent of it is an attachment of its own, over the same file of the store.
ALTER TABLE quick_reply ADD file text, ADD file_kind text, ADD file_name text, ADD file_mime text, ADD file_size bigint, ADD file_sha256 text,
  ADD CHECK ((file IS NULL) = (file_kind IS NULL));

-- The file that goes with a draft: that of a quick reply.
-- A foreign key on an existing table is checked by a query of the owner: forced policies would hide the rows from it.
ALTER TABLE draft NO FORCE ROW LEVEL SECURITY;
ALTER TABLE quick_reply NO FORCE ROW LEVEL SECURITY;
ALTER TABLE draft ADD quick_reply_id uuid, ADD FOREIGN KEY (tenant_id, quick_reply_id) REFERENCES quick_reply ON DELETE SET NULL (quick_reply_id);
ALTER TABLE draft FORCE ROW LEVEL SECURITY;
ALTER TABLE quick_reply FORCE ROW LEVEL SECURITY;
CREATE INDEX draft_quick_reply ON draft (tenant_id, quick_reply_id) WHERE quick_reply_id IS NOT NULL;
CREATE INDEX quick_reply_file ON quick_reply (tenant_id, file) WHERE file IS NOT NULL;

-- Which of the names in the file store belong to an attachment or a quick reply of any tenant.
CREATE OR REPLACE FUNCTION app.files_known(names text[]) RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE t bigint;
BEGIN
  FOR t IN SELECT s.tenant_id FROM priv.tenant_slug s LOOP
    PERFORM app.become(t, NULL, 'all', NULL, NULL);
    RETURN QUERY SELECT a.file FROM public.attachment a WHERE a.tenant_id = t AND a.file = ANY (names)
      UNION SELECT q.file FROM public.quick_reply q WHERE q.tenant_id = t AND q.file = ANY (names);
  END LOOP;
  PERFORM set_config('app.ctx', '', true);
END $$;

-- Stored files become attachments of a message: an array of kind, name, mime, size, sha256 and file (the name in the store).
CREATE FUNCTION app.files_attach(msg uuid, files jsonb) RETURNS boolean LANGUAGE sql SET search_path = pg_catalog AS $$
  INSERT INTO public.attachment (message_id, kind, name, mime, size, sha256, file, state)
  SELECT msg, f.kind, f.name, f.mime, f.size, f.sha256, f.file, 'stored'
  FROM jsonb_to_recordset(files) AS f (kind text, name text, mime text, size bigint, sha256 text, file text);
  SELECT true $$;
GRANT EXECUTE ON FUNCTION app.files_attach(uuid, jsonb) TO balcao_web;

-- The visitor says something, or sends files. Errors: P1005 too much in a minute, or too many files in an hour.
DROP FUNCTION app.chat_say(text, text, text, text, text, text);
CREATE FUNCTION app.chat_say(key text, visitor text, visitor_name text, visitor_email text, body text, token text, files jsonb DEFAULT NULL) RETURNS TABLE (message_id uuid, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE k priv.connection_key; m record; ids jsonb := jsonb_build_array(jsonb_build_object('kind', 'visitor', 'value', visitor));
BEGIN
  SELECT * INTO k FROM priv.connection_key x WHERE x.kind = 'key' AND x.value = key;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM app.become(k.tenant_id, NULL, 'all', NULL, NULL);
  IF (SELECT count(*) FROM public.message x JOIN public.conversation v ON v.id = x.conversation_id
      JOIN public.contact_identity i ON i.contact_id = v.contact_id AND i.kind = 'visitor' AND i.value = visitor
      WHERE x.direction = 'in' AND x.created_at > now() - interval '1 minute') >= 30
    OR files IS NOT NULL AND (SELECT count(*) FROM public.attachment f JOIN public.message x ON x.id = f.message_id JOIN public.conversation v ON v.id = x.conversation_id
      JOIN public.contact_identity i ON i.contact_id = v.contact_id AND i.kind = 'visitor' AND i.value = visitor
      WHERE x.direction = 'in' AND x.created_at > now() - interval '1 hour') >= 30 THEN
    RAISE EXCEPTION 'too much' USING ERRCODE = 'P1005';
  END IF;
  SELECT * INTO m FROM app.message_in(k.connection_id, jsonb_build_object('name', visitor_name, 'channel', 'chat', 'ids', ids),
    jsonb_build_object('external_id', 'chat-' || visitor || '-' || token, 'kind', coalesce(files -> 0 ->> 'kind', 'text'), 'text', body));
  IF m.created AND files IS NOT NULL THEN PERFORM app.files_attach(m.message_id, files); END IF;
  IF visitor_email IS NOT NULL THEN
    UPDATE public.contact p SET email = coalesce(p.email, lower(visitor_email)) WHERE p.id = m.contact_id;
  END IF;
  UPDATE public.contact p SET name = coalesce(p.name, left(visitor_name, 200)) WHERE p.id = m.contact_id AND visitor_name IS NOT NULL AND p.name IS NULL;
  PERFORM app.become(k.tenant_id, NULL, 'visitor', m.contact_id, NULL);
  message_id := m.message_id;
  created := m.created;
  RETURN NEXT;
END $$;
GRANT EXECUTE ON FUNCTION app.chat_say(text, text, text, text, text, text, jsonb) TO balcao_ingest;
