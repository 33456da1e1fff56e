-- Connections, people, conversations, messages.

----------------------------------------------------------------------------------------------------
-- A connection is one number, page, mailbox or web chat of a tenant. Secrets are sealed by the
-- programs; no role but the two that need them can read those columns.
CREATE TABLE connection (
  tenant_id   bigint NOT NULL REFERENCES tenant,
  id          uuid NOT NULL DEFAULT app.uuid7(),
  name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  channel     text NOT NULL CHECK (channel IN ('whatsapp', 'chat', 'instagram', 'messenger', 'email')),
  external_id text,                       -- WhatsApp: phone_number_id
  public_key  text,                       -- web chat: the key in its URL
  shown       text,                       -- the number or address as people know it
  own_app     boolean NOT NULL DEFAULT false,  -- webhooks come to /hooks/<channel>/<id>, signed by the tenant's own app
  access_token_sealed text,
  app_secret_sealed   text,
  verify_token_sealed text,
  status      text NOT NULL DEFAULT 'connected' CHECK (status IN ('connected', 'disconnected', 'reconnecting', 'error')),
  status_text text,
  status_at   timestamptz NOT NULL DEFAULT now(),
  paused_until timestamptz,               -- the provider asked for a rest
  reopen      boolean NOT NULL DEFAULT true,   -- a resolved conversation opens again; false: a new one
  greeting    text,
  version     int NOT NULL DEFAULT 1,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name)
);
SELECT app.tenant_table('connection'), app.audited('connection', 'status_at', 'paused_until', 'public_key');
-- From a provider's id to its connection, whoever the tenant is. Only definer functions read it.
CREATE TABLE priv.connection_key (
  kind text NOT NULL, value text NOT NULL, tenant_id bigint NOT NULL, connection_id uuid NOT NULL,
  PRIMARY KEY (kind, value), FOREIGN KEY (tenant_id, connection_id) REFERENCES connection ON DELETE CASCADE);
CREATE INDEX connection_key_connection ON priv.connection_key (tenant_id, connection_id);
CREATE FUNCTION app.connection_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  DELETE FROM priv.connection_key WHERE tenant_id = NEW.tenant_id AND connection_id = NEW.id;
  INSERT INTO priv.connection_key VALUES ('id', NEW.id::text, NEW.tenant_id, NEW.id);
  IF NEW.external_id IS NOT NULL AND NOT NEW.own_app THEN
    INSERT INTO priv.connection_key VALUES (NEW.channel, NEW.external_id, NEW.tenant_id, NEW.id);
  END IF;
  IF NEW.public_key IS NOT NULL THEN
    INSERT INTO priv.connection_key VALUES ('key', NEW.public_key, NEW.tenant_id, NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER follow AFTER INSERT OR UPDATE OF external_id, public_key, own_app, channel ON connection FOR EACH ROW EXECUTE FUNCTION app.connection_follow();

----------------------------------------------------------------------------------------------------
-- People. One row, two faces: a lead was first seen on a channel, a contact was registered by somebody.
CREATE TABLE contact (
  tenant_id  bigint NOT NULL REFERENCES tenant,
  id         uuid NOT NULL DEFAULT app.uuid7(),
  lifecycle  text NOT NULL DEFAULT 'lead' CHECK (lifecycle IN ('lead', 'contact')),
  kind       text NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'company', 'group')),
  name       text CHECK (length(name) <= 200),
  phone      text CHECK (length(phone) <= 40),   -- as shown; the identities are what is matched
  email      text CHECK (length(email) <= 254),
  username   text CHECK (length(username) <= 100),
  company    text CHECK (length(company) <= 200),
  city       text CHECK (length(city) <= 120),
  source_channel text,
  status     text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'blocked', 'anonymised')),
  lead_status text NOT NULL DEFAULT 'new' CHECK (lead_status IN ('new', 'qualified', 'lost')),
  lost_reason text CHECK (length(lost_reason) <= 500),
  owner_id   uuid,
  note       text CHECK (length(note) <= 5000),
  merged_into uuid,
  last_activity_at timestamptz,
  converted_at timestamptz,
  version    int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, owner_id) REFERENCES user_account,
  FOREIGN KEY (tenant_id, merged_into) REFERENCES contact
);
SELECT app.tenant_table('contact');
CREATE INDEX contact_recent ON contact (tenant_id, lifecycle, last_activity_at DESC NULLS LAST, id DESC) WHERE merged_into IS NULL;
CREATE INDEX contact_owner ON contact (tenant_id, owner_id);
CREATE TRIGGER touch BEFORE UPDATE OF lifecycle, kind, name, phone, email, company, city, status, lead_status, lost_reason, owner_id, note, merged_into ON contact
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION app.touch();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON contact FOR EACH ROW EXECUTE FUNCTION app.audit('last_activity_at');

-- Who they are on each channel. value is the canonical key (a Brazilian mobile: 55 + area code + last
-- 8 digits, so that both spellings of the ninth digit meet); shown is what was received.
CREATE TABLE contact_identity (
  tenant_id  bigint NOT NULL REFERENCES tenant,
  id         uuid NOT NULL DEFAULT app.uuid7(),
  contact_id uuid NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('phone', 'bsuid', 'instagram', 'messenger', 'email', 'visitor', 'group')),
  value      text NOT NULL CHECK (length(value) BETWEEN 1 AND 254),
  shown      text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, kind, value),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact
);
SELECT app.tenant_table('contact_identity');
CREATE INDEX identity_contact ON contact_identity (tenant_id, contact_id);
CREATE TRIGGER audit AFTER UPDATE OR DELETE ON contact_identity FOR EACH ROW EXECUTE FUNCTION app.audit();

----------------------------------------------------------------------------------------------------
-- Conversations. What the list shows stands in the row.
CREATE TABLE conversation (
  tenant_id     bigint NOT NULL REFERENCES tenant,
  id            uuid NOT NULL DEFAULT app.uuid7(),
  number        bigint NOT NULL,
  contact_id    uuid NOT NULL,
  connection_id uuid NOT NULL,
  channel       text NOT NULL,
  thread_key    text NOT NULL DEFAULT '',   -- a group's id; '' for a conversation with one person
  status        text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'in_progress', 'pending', 'resolved', 'archived', 'spam')),
  assignee_id   uuid,
  assignee_name text,
  team_id       uuid,
  contact_name  text,
  contact_phone text,
  contact_kind  text NOT NULL DEFAULT 'person',
  preview       text,
  preview_kind  text,
  preview_out   boolean NOT NULL DEFAULT false,
  unread        int NOT NULL DEFAULT 0,
  waiting_since timestamptz,                -- the customer's oldest unanswered message
  last_message_at timestamptz NOT NULL DEFAULT now(),
  last_inbound_at timestamptz,
  window_until  timestamptz,                -- WhatsApp: until when free text may be sent
  snoozed_until timestamptz,
  human_mode    boolean NOT NULL DEFAULT true,
  resolved_at   timestamptz,
  version       int NOT NULL DEFAULT 1,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, number),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact,
  FOREIGN KEY (tenant_id, connection_id) REFERENCES connection,
  FOREIGN KEY (tenant_id, assignee_id) REFERENCES user_account,
  FOREIGN KEY (tenant_id, team_id) REFERENCES team
);
SELECT app.tenant_table('conversation');
-- One open conversation per person (or group) and connection: the album that arrives in six requests at once lands in one.
CREATE UNIQUE INDEX conversation_open ON conversation (tenant_id, connection_id, contact_id, thread_key) WHERE status IN ('open', 'in_progress', 'pending');
CREATE INDEX conversation_active ON conversation (tenant_id, last_message_at DESC, id DESC) WHERE status IN ('open', 'in_progress', 'pending');
CREATE INDEX conversation_todo ON conversation (tenant_id, assignee_id) INCLUDE (team_id, waiting_since, snoozed_until) WHERE status IN ('open', 'in_progress', 'pending');
CREATE INDEX conversation_recent ON conversation (tenant_id, last_message_at DESC, id DESC);
CREATE INDEX conversation_status ON conversation (tenant_id, status, last_message_at DESC, id DESC);
CREATE INDEX conversation_waiting ON conversation (tenant_id, waiting_since, id) WHERE waiting_since IS NOT NULL AND status IN ('open', 'in_progress', 'pending');
CREATE INDEX conversation_assignee ON conversation (tenant_id, assignee_id, last_message_at DESC, id DESC);
CREATE INDEX conversation_contact ON conversation (tenant_id, contact_id, last_message_at DESC);
CREATE TRIGGER touch BEFORE UPDATE OF status, assignee_id, team_id, snoozed_until, contact_id ON conversation
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION app.touch();
CREATE TRIGGER audit AFTER UPDATE OF status, assignee_id, team_id, snoozed_until, contact_id ON conversation
  FOR EACH ROW EXECUTE FUNCTION app.audit('preview', 'preview_kind', 'preview_out', 'unread', 'waiting_since', 'last_message_at', 'last_inbound_at', 'window_until', 'assignee_name', 'resolved_at', 'contact_name', 'contact_phone', 'contact_kind');
CREATE TRIGGER audit_gone AFTER DELETE ON conversation FOR EACH ROW EXECUTE FUNCTION app.audit();

CREATE TABLE message (
  tenant_id     bigint NOT NULL REFERENCES tenant,
  id            uuid NOT NULL DEFAULT app.uuid7(),
  conversation_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  direction     text NOT NULL CHECK (direction IN ('in', 'out')),
  kind          text NOT NULL,              -- text image video audio document sticker location contacts interactive button order system unsupported activity ...
  text          text,
  payload       jsonb,                      -- what the kind needs beyond text; for unknown kinds the whole message
  status        text NOT NULL CHECK (status IN ('queued', 'sent', 'delivered', 'read', 'failed', 'uncertain')),
  external_id   text,
  internal      boolean NOT NULL DEFAULT false,
  author_id     uuid,
  author_name   text,
  reply_to      text,                       -- external id of the message this answers
  token         text,                       -- one-time form token: the same form twice is one message
  sent_at       timestamptz NOT NULL DEFAULT now(),   -- the provider's time
  delivered_at  timestamptz,
  read_at       timestamptz,
  failed_at     timestamptz,
  error_code    int,
  error_text    text,
  edited_at     timestamptz,
  deleted_at    timestamptz,
  original      text,                       -- the first text, for auditors, once edited or deleted
  created_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation,
  FOREIGN KEY (tenant_id, connection_id) REFERENCES connection,
  FOREIGN KEY (tenant_id, author_id) REFERENCES user_account
);
SELECT app.tenant_table('message');
CREATE UNIQUE INDEX message_external ON message (tenant_id, connection_id, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX message_token ON message (tenant_id, conversation_id, token) WHERE token IS NOT NULL;
CREATE INDEX message_order ON message (tenant_id, conversation_id, sent_at DESC, id DESC);
CREATE TRIGGER audit_out AFTER INSERT ON message FOR EACH ROW WHEN (NEW.author_id IS NOT NULL) EXECUTE FUNCTION app.audit('text', 'payload', 'token');
CREATE TRIGGER audit_change AFTER UPDATE OF text, deleted_at ON message FOR EACH ROW EXECUTE FUNCTION app.audit('payload', 'token', 'status', 'external_id');
CREATE TRIGGER audit_gone AFTER DELETE ON message FOR EACH ROW EXECUTE FUNCTION app.audit('payload', 'token');

CREATE TABLE attachment (
  tenant_id  bigint NOT NULL REFERENCES tenant,
  id         uuid NOT NULL DEFAULT app.uuid7(),
  message_id uuid NOT NULL,
  kind       text NOT NULL,                 -- image video audio document sticker
  name       text,
  mime       text,                          -- what it really is, once stored; what was claimed, before
  size       bigint,
  sha256     text,                          -- hex, as claimed; checked when fetched
  state      text NOT NULL DEFAULT 'wait' CHECK (state IN ('wait', 'stored', 'too_large', 'gone', 'failed')),
  error      text,
  external_id text,                         -- the provider's media id
  file       text,                          -- name in the file store
  voice      boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, message_id) REFERENCES message ON DELETE CASCADE
);
SELECT app.tenant_table('attachment');
CREATE INDEX attachment_message ON attachment (tenant_id, message_id);

-- Reactions stand by the external id they point at: a reaction may arrive before its message.
CREATE TABLE reaction (
  tenant_id     bigint NOT NULL REFERENCES tenant,
  connection_id uuid NOT NULL,
  target        text NOT NULL,
  actor         text NOT NULL,              -- 'contact:<id>' or 'user:<id>'
  emoji         text NOT NULL CHECK (length(emoji) BETWEEN 1 AND 32),
  at            timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, connection_id, target, actor),
  FOREIGN KEY (tenant_id, connection_id) REFERENCES connection
);
SELECT app.tenant_table('reaction');

-- Statuses, edits and deletions of messages we do not know yet; applied when the message appears.
CREATE TABLE pending_change (
  tenant_id     bigint NOT NULL REFERENCES tenant,
  id            uuid NOT NULL DEFAULT app.uuid7(),
  connection_id uuid NOT NULL,
  external_id   text NOT NULL,
  change        jsonb NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, connection_id) REFERENCES connection
);
SELECT app.tenant_table('pending_change');
CREATE INDEX pending_change_key ON pending_change (tenant_id, connection_id, external_id);

CREATE TABLE notification (
  tenant_id  bigint NOT NULL REFERENCES tenant,
  id         uuid NOT NULL DEFAULT app.uuid7(),
  user_id    uuid NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('assigned', 'mention', 'message', 'failed', 'deal', 'task')),
  conversation_id uuid,
  actor_name text,
  title      text NOT NULL,
  read_at    timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES user_account ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation ON DELETE CASCADE
);
SELECT app.tenant_table('notification');
CREATE INDEX notification_user ON notification (tenant_id, user_id, id DESC);

-- What providers sent, byte for byte. Committed before the 200; kept for the retention time.
CREATE TABLE webhook_event (
  tenant_id     bigint NOT NULL REFERENCES tenant,
  id            uuid NOT NULL DEFAULT app.uuid7(),
  source        text NOT NULL,
  connection_id uuid,
  body          bytea NOT NULL,
  sha256        bytea NOT NULL,
  state         text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'processed', 'rejected', 'dead')),
  reason        text,
  received_at   timestamptz NOT NULL DEFAULT now(),
  processed_at  timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, source, sha256)
);
SELECT app.tenant_table('webhook_event');
CREATE INDEX webhook_age ON webhook_event (tenant_id, received_at);
CREATE INDEX webhook_open ON webhook_event (tenant_id, state) WHERE state <> 'processed';

----------------------------------------------------------------------------------------------------
-- Who sees which rows: one predicate below list, count, search, report and stream.
-- all: everything of the tenant. team: conversations of no team, of the own teams, and the own ones.
-- own: the own ones. visitor: the web chat's visitor, nothing but the own conversation.
CREATE POLICY sees ON conversation AS RESTRICTIVE FOR SELECT USING (
  (SELECT app.scope()) = 'all'
  OR (SELECT app.scope()) = 'team' AND (team_id IS NULL OR assignee_id = (SELECT app.user_id()) OR team_id = ANY ((SELECT app.teams())::uuid[]))
  OR (SELECT app.scope()) = 'own' AND assignee_id = (SELECT app.user_id())
  OR (SELECT app.scope()) = 'visitor' AND contact_id = (SELECT app.subject()));
CREATE POLICY sees ON message AS RESTRICTIVE FOR SELECT USING (
  (SELECT app.scope()) = 'all'
  OR ((SELECT app.scope()) <> 'visitor' OR NOT internal)
    AND EXISTS (SELECT FROM conversation c WHERE c.tenant_id = message.tenant_id AND c.id = message.conversation_id));
CREATE POLICY sees ON attachment AS RESTRICTIVE FOR SELECT USING (
  (SELECT app.scope()) = 'all' OR EXISTS (SELECT FROM message m WHERE m.tenant_id = attachment.tenant_id AND m.id = attachment.message_id));
CREATE POLICY sees ON contact AS RESTRICTIVE FOR SELECT USING (
  (SELECT app.scope()) = 'all'
  OR (SELECT app.scope()) IN ('team', 'own') AND owner_id = (SELECT app.user_id())
  OR (SELECT app.scope()) = 'team' AND owner_id IS NULL
  OR (SELECT app.scope()) = 'visitor' AND id = (SELECT app.subject())
  OR EXISTS (SELECT FROM conversation c WHERE c.tenant_id = contact.tenant_id AND c.contact_id = contact.id));
CREATE POLICY sees ON contact_identity AS RESTRICTIVE FOR SELECT USING (
  (SELECT app.scope()) = 'all' OR EXISTS (SELECT FROM contact p WHERE p.tenant_id = contact_identity.tenant_id AND p.id = contact_identity.contact_id));
CREATE POLICY sees ON event AS RESTRICTIVE FOR SELECT USING (
  (user_id IS NULL OR user_id = (SELECT app.user_id()) OR (SELECT app.user_id()) IS NULL)
  AND ((SELECT app.scope()) = 'all' OR conversation_id IS NULL AND (SELECT app.scope()) <> 'visitor'
    OR EXISTS (SELECT FROM conversation c WHERE c.tenant_id = event.tenant_id AND c.id = event.conversation_id)));
CREATE POLICY sees ON notification AS RESTRICTIVE FOR SELECT USING (user_id = (SELECT app.user_id()) OR (SELECT app.user_id()) IS NULL);
CREATE POLICY sees ON audit_log AS RESTRICTIVE FOR SELECT USING ((SELECT app.scope()) = 'all');

----------------------------------------------------------------------------------------------------
-- The oldest person who has one of the ids. Id by id: a join would read all people of the tenant.
CREATE FUNCTION app.person_known(ids jsonb) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE who uuid; since timestamptz; i record; p record;
BEGIN
  FOR i IN SELECT x ->> 'kind' AS kind, x ->> 'value' AS value FROM jsonb_array_elements(ids) x LOOP
    SELECT coalesce(c.merged_into, c.id) AS id, c.created_at INTO p
    FROM contact_identity ci JOIN contact c ON c.tenant_id = ci.tenant_id AND c.id = ci.contact_id WHERE ci.kind = i.kind AND ci.value = i.value;
    IF FOUND AND (who IS NULL OR (p.created_at, p.id) < (since, who)) THEN
      who := p.id;
      since := p.created_at;
    END IF;
  END LOOP;
  RETURN who;
END $$;
GRANT EXECUTE ON FUNCTION app.person_known(jsonb) TO balcao_worker, balcao_console;

-- Inbound. person: {name, username, kind, channel, ids: [{kind, value, shown}]}; the oldest known
-- person among the ids wins, ids not yet known are linked to it, none is ever moved.
CREATE FUNCTION app.person_find(person jsonb) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE who uuid; number text;
BEGIN
  -- Two messages of one new person may be handled at once: the second waits for the first's commit.
  PERFORM pg_advisory_xact_lock(k) FROM (
    SELECT DISTINCT hashtextextended(app.tenant() || ':' || (x ->> 'kind') || ':' || (x ->> 'value'), 7) AS k
    FROM jsonb_array_elements(person -> 'ids') x ORDER BY 1) l;
  who := app.person_known(person -> 'ids');
  IF who IS NULL THEN
    INSERT INTO contact (kind, name, username, source_channel, last_activity_at, phone, email)
    VALUES (coalesce(person ->> 'kind', 'person'), left(person ->> 'name', 200), left(person ->> 'username', 100), person ->> 'channel', now(),
      (SELECT coalesce(x ->> 'shown', x ->> 'value') FROM jsonb_array_elements(person -> 'ids') x WHERE x ->> 'kind' = 'phone' LIMIT 1),
      (SELECT x ->> 'value' FROM jsonb_array_elements(person -> 'ids') x WHERE x ->> 'kind' = 'email' LIMIT 1))
    RETURNING id INTO who;
    PERFORM app.emit('contact:created', 'contact', who, NULL, NULL, NULL);
  ELSE
    -- Once a minute is enough: the column is in indexes, and with it each change writes them all, the search's too.
    UPDATE contact SET last_activity_at = now() WHERE id = who AND (last_activity_at IS NULL OR last_activity_at < now() - interval '1 minute');
    SELECT coalesce(x ->> 'shown', x ->> 'value') INTO number FROM jsonb_array_elements(person -> 'ids') x WHERE x ->> 'kind' = 'phone' LIMIT 1;
    UPDATE contact c SET name = coalesce(c.name, left(person ->> 'name', 200)), username = coalesce(left(person ->> 'username', 100), c.username), phone = coalesce(c.phone, number)
    WHERE c.id = who AND (c.name IS NULL AND person ->> 'name' IS NOT NULL OR c.phone IS NULL AND number IS NOT NULL
      OR c.username IS DISTINCT FROM coalesce(left(person ->> 'username', 100), c.username));
  END IF;
  INSERT INTO contact_identity (contact_id, kind, value, shown)
  SELECT who, x ->> 'kind', x ->> 'value', x ->> 'shown' FROM jsonb_array_elements(person -> 'ids') x
  ON CONFLICT (tenant_id, kind, value) DO UPDATE SET shown = coalesce(excluded.shown, contact_identity.shown)
    WHERE contact_identity.shown IS DISTINCT FROM coalesce(excluded.shown, contact_identity.shown);
  RETURN who;
END $$;

-- The conversation a message of this person on this connection belongs to: the open one, the spam one,
-- the resolved one (when the connection reopens), or a new one. Locked.
CREATE FUNCTION app.conversation_for(conn uuid, who uuid, thread text, OUT conv uuid, OUT fresh boolean) LANGUAGE plpgsql AS $$
DECLARE last conversation; c connection; n bigint;
BEGIN
  fresh := false;
  SELECT * INTO c FROM connection WHERE id = conn;
  SELECT * INTO last FROM conversation v WHERE v.connection_id = conn AND v.contact_id = who AND v.thread_key = thread
    ORDER BY v.status IN ('open', 'in_progress', 'pending') DESC, v.last_message_at DESC LIMIT 1 FOR UPDATE;
  IF FOUND AND (last.status NOT IN ('resolved', 'archived') OR c.reopen) THEN
    conv := last.id;
    RETURN;
  END IF;
  UPDATE tenant SET conversation_number = conversation_number + 1 RETURNING conversation_number INTO n;
  INSERT INTO conversation (number, contact_id, connection_id, channel, thread_key, contact_name, contact_phone, contact_kind)
  SELECT n, p.id, conn, c.channel, thread, coalesce(p.name, p.username), p.phone, p.kind FROM contact p WHERE p.id = who
  RETURNING id INTO conv;
  fresh := true;
  PERFORM app.emit('conversation:created', 'conversation', conv, conv, NULL, NULL);
END $$;

-- One change that a provider reported about a message: {what: status|edit|revoke, ...}. False when the message is unknown.
CREATE FUNCTION app.message_change(conn uuid, ext text, opaque uuid, change jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE m message; s text := change ->> 'status'; at timestamptz := coalesce((change ->> 'at')::timestamptz, now());
BEGIN
  IF opaque IS NOT NULL THEN
    SELECT * INTO m FROM message x WHERE x.id = opaque AND x.connection_id = conn AND x.direction = 'out' FOR UPDATE;
  END IF;
  IF m.id IS NULL THEN
    SELECT * INTO m FROM message x WHERE x.connection_id = conn AND x.external_id = ext FOR UPDATE;
  END IF;
  IF m.id IS NULL THEN RETURN false; END IF;
  CASE change ->> 'what'
  WHEN 'status' THEN
    IF m.direction <> 'out' THEN RETURN true; END IF;
    IF m.external_id IS NULL AND m.status IN ('queued', 'uncertain') AND ext IS NOT NULL THEN
      UPDATE message SET external_id = ext WHERE id = m.id;
    ELSIF m.external_id IS DISTINCT FROM ext AND ext IS NOT NULL THEN
      RETURN true;  -- about an attempt that was given up and sent anew
    END IF;
    IF m.status = 'uncertain' THEN PERFORM app.job_settle(m.id); END IF;
    -- Status only rises; failed ends, and cannot follow delivered.
    IF s = 'failed' AND m.status IN ('queued', 'uncertain', 'sent')
      OR s <> 'failed' AND m.status <> 'failed' AND app.status_rank(s) > app.status_rank(m.status) THEN
      UPDATE message SET status = s, failed_at = CASE WHEN s = 'failed' THEN at END,
        error_code = (change ->> 'error_code')::int, error_text = left(change ->> 'error_text', 500),
        delivered_at = CASE WHEN s IN ('delivered', 'read') THEN coalesce(delivered_at, at) ELSE delivered_at END,
        read_at = CASE WHEN s = 'read' THEN at ELSE read_at END,
        payload = CASE WHEN change ? 'pricing' THEN coalesce(payload, '{}') || jsonb_build_object('pricing', change -> 'pricing') ELSE payload END
      WHERE id = m.id;
      PERFORM app.emit('message:updated', 'message', m.id, m.conversation_id, NULL, jsonb_build_object('status', s));
    END IF;
  WHEN 'edit' THEN
    IF m.deleted_at IS NULL AND (m.edited_at IS NULL OR m.edited_at < at) THEN
      UPDATE message SET original = coalesce(original, text), text = left(change ->> 'text', 65536), edited_at = at WHERE id = m.id;
      UPDATE conversation v SET preview = left(change ->> 'text', 200) WHERE v.id = m.conversation_id AND v.last_message_at = m.sent_at AND m.deleted_at IS NULL;
      PERFORM app.emit('message:updated', 'message', m.id, m.conversation_id, NULL, jsonb_build_object('edited', true));
    END IF;
  WHEN 'revoke' THEN
    IF m.deleted_at IS NULL THEN
      UPDATE message SET original = coalesce(original, text), text = NULL, deleted_at = at WHERE id = m.id;
      UPDATE conversation v SET preview = NULL, preview_kind = 'deleted' WHERE v.id = m.conversation_id AND v.last_message_at = m.sent_at;
      PERFORM app.emit('message:updated', 'message', m.id, m.conversation_id, NULL, jsonb_build_object('deleted', true));
    END IF;
  END CASE;
  RETURN true;
END $$;
CREATE FUNCTION app.status_rank(s text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE s WHEN 'queued' THEN 0 WHEN 'uncertain' THEN 1 WHEN 'sent' THEN 2 WHEN 'delivered' THEN 3 WHEN 'read' THEN 4 ELSE 0 END $$;
-- Applies the change, or parks it until its message appears (statuses come before their message).
CREATE FUNCTION app.change_in(conn uuid, ext text, opaque uuid, change jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  -- Against the message appearing between the look-up and the parking: both sides take this lock.
  PERFORM pg_advisory_xact_lock(hashtextextended(conn::text || ':' || coalesce(ext, ''), 11));
  IF app.message_change(conn, ext, opaque, change) THEN RETURN true; END IF;
  INSERT INTO pending_change (connection_id, external_id, change) VALUES (conn, coalesce(ext, ''), change);
  RETURN false;
END $$;
CREATE FUNCTION app.changes_apply(conn uuid, ext text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE c jsonb;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(conn::text || ':' || ext, 11));
  FOR c IN WITH gone AS (DELETE FROM pending_change p WHERE p.connection_id = conn AND p.external_id = ext RETURNING p.change, p.id)
    SELECT g.change FROM gone g ORDER BY g.id LOOP
    PERFORM app.message_change(conn, ext, NULL, c);
  END LOOP;
END $$;

-- A message from outside: message = {external_id, kind, text, payload, at, reply_to, thread, author_name, echo,
-- media: [{kind, external_id, name, mime, sha256, voice}]}. echo: the business wrote it elsewhere (phone app).
-- The same external id twice is one message (created false).
CREATE FUNCTION app.message_in(conn uuid, person jsonb, msg jsonb, OUT message_id uuid, OUT conversation_id uuid, OUT contact_id uuid, OUT created boolean)
LANGUAGE plpgsql AS $$
DECLARE
  ext text := msg ->> 'external_id'; k text := msg ->> 'kind'; body text := left(msg ->> 'text', 65536);
  at timestamptz := least(coalesce((msg ->> 'at')::timestamptz, now()), now() + interval '1 minute');
  echo boolean := coalesce((msg ->> 'echo')::boolean, false); fresh boolean; v conversation; att uuid; m jsonb;
BEGIN
  created := false;
  PERFORM pg_advisory_xact_lock(hashtextextended(conn::text || ':' || coalesce(ext, ''), 11));
  SELECT x.id, x.conversation_id, c.contact_id INTO message_id, conversation_id, contact_id
  FROM message x JOIN conversation c ON c.id = x.conversation_id WHERE x.connection_id = conn AND x.external_id = ext;
  IF FOUND THEN RETURN; END IF;
  contact_id := app.person_find(person);
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
    unread = CASE WHEN echo OR k = 'system' THEN v.unread ELSE v.unread + 1 END,
    waiting_since = CASE WHEN echo THEN NULL WHEN k = 'system' THEN v.waiting_since ELSE coalesce(v.waiting_since, at) END,
    last_inbound_at = CASE WHEN echo OR k = 'system' THEN v.last_inbound_at ELSE greatest(v.last_inbound_at, at) END,
    window_until = CASE WHEN echo OR k = 'system' OR v.channel <> 'whatsapp' THEN v.window_until ELSE greatest(v.window_until, at + interval '24 hours') END
  WHERE c.id = conversation_id;
  IF NOT echo AND k <> 'system' AND (v.status IN ('resolved', 'archived') OR v.snoozed_until IS NOT NULL) THEN
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

-- A line of what happened, among the messages: what is a key of the texts (assigned, resolved, ...), arg its {0}.
CREATE FUNCTION app.activity(conv uuid, what text, arg text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO message (conversation_id, connection_id, direction, kind, text, payload, status, internal, author_id, author_name)
  SELECT c.id, c.connection_id, 'out', 'activity', NULL, jsonb_build_object('what', what, 'arg', arg), 'sent', true, app.user_id(), u.name
  FROM conversation c LEFT JOIN user_account u ON u.id = app.user_id() WHERE c.id = conv $$;

----------------------------------------------------------------------------------------------------
-- Outbound. Errors: P1001 the 24-hour window is shut; P1002 the connection is not connected; P1003 nothing to retry.
-- token: the same token in the same conversation gives the message of the first time.
CREATE FUNCTION app.message_out(conv uuid, body text, note boolean, token text, answers text, k text, extra jsonb, OUT message_id uuid, OUT created boolean)
LANGUAGE plpgsql AS $$
DECLARE v conversation; author text;
BEGIN
  created := false;
  SELECT * INTO v FROM conversation c WHERE c.id = conv FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  IF message_out.token IS NOT NULL THEN
    SELECT m.id INTO message_id FROM message m WHERE m.conversation_id = conv AND m.token = message_out.token;
    IF FOUND THEN RETURN; END IF;
  END IF;
  IF NOT note AND v.channel = 'whatsapp' AND k <> 'template' AND (v.window_until IS NULL OR v.window_until <= now()) THEN
    RAISE EXCEPTION 'window shut' USING ERRCODE = 'P1001';
  END IF;
  SELECT u.name INTO author FROM user_account u WHERE u.id = app.user_id();
  message_id := app.uuid7();
  INSERT INTO message (id, conversation_id, connection_id, direction, kind, text, payload, status, internal, author_id, author_name, token, reply_to)
  VALUES (message_id, conv, v.connection_id, 'out', k, body, extra, CASE WHEN note OR v.channel = 'chat' THEN 'sent' ELSE 'queued' END, note, app.user_id(), author, message_out.token, answers);
  created := true;
  IF NOT note THEN
    UPDATE conversation c SET preview = left(body, 200), preview_kind = k, preview_out = true, last_message_at = now(), waiting_since = NULL, unread = 0 WHERE c.id = conv;
    IF v.channel <> 'chat' THEN PERFORM app.job_add('send', message_id, conv, NULL); END IF;
  END IF;
  PERFORM app.emit('message:created', 'message', message_id, conv, NULL, jsonb_build_object('direction', 'out', 'internal', note));
END $$;
-- Sends a failed or uncertain message again: a person's decision, audited. False when it is neither.
CREATE FUNCTION app.message_retry(msg uuid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE m message; v conversation;
BEGIN
  SELECT * INTO m FROM message x WHERE x.id = msg FOR UPDATE;
  IF NOT FOUND OR m.direction <> 'out' OR m.internal OR m.status NOT IN ('failed', 'uncertain') THEN RETURN false; END IF;
  SELECT * INTO v FROM conversation c WHERE c.id = m.conversation_id;
  IF v.channel = 'whatsapp' AND m.kind <> 'template' AND (v.window_until IS NULL OR v.window_until <= now()) THEN
    RAISE EXCEPTION 'window shut' USING ERRCODE = 'P1001';
  END IF;
  PERFORM app.job_settle(msg);
  UPDATE message SET status = 'queued', external_id = NULL, failed_at = NULL, error_code = NULL, error_text = NULL WHERE id = msg;
  PERFORM app.job_add('send', msg, m.conversation_id, NULL);
  PERFORM app.audit_note('retry', 'message', msg, jsonb_build_object('status', jsonb_build_array(m.status, 'queued')));
  PERFORM app.emit('message:updated', 'message', msg, m.conversation_id, NULL, jsonb_build_object('status', 'queued'));
  RETURN true;
END $$;
-- The send whose outcome was open has one now.
CREATE FUNCTION app.job_settle(subject uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  UPDATE priv.job j SET state = 'done', done_at = clock_timestamp(), error = NULL WHERE j.subject_id = subject AND j.tenant_id = app.tenant() AND j.state = 'uncertain' $$;

-- Jobs whose lease ran out: a send that was cut in the middle is uncertain (never sent again blindly) and
-- so is its message; the others are tried again, or dead when they tried too often. Of jobs claimed together
-- only the one whose turn it was has tried: the attempt is not counted against those behind it.
CREATE FUNCTION app.job_rescue() RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE r record; n int := 0;
BEGIN
  FOR r IN
    UPDATE priv.job j SET state = CASE WHEN j.state = 'sending' THEN 'uncertain' WHEN x.tried >= j.max_attempt THEN 'dead' ELSE 'ready' END, attempt = x.tried,
      run_at = clock_timestamp() + random() * least(300, power(2, x.tried)) * interval '1 second', error = 'lease ran out', lease_until = NULL,
      done_at = CASE WHEN j.state = 'sending' OR x.tried >= j.max_attempt THEN clock_timestamp() END
    FROM (SELECT y.id, y.attempt - (y.state = 'run' AND EXISTS (SELECT FROM priv.job z WHERE z.claim = y.claim AND z.turn < y.turn AND z.state IN ('run', 'sending')))::int AS tried
      FROM priv.job y WHERE y.state IN ('run', 'sending') AND y.lease_until < clock_timestamp() ORDER BY y.lease_until LIMIT 100 FOR UPDATE SKIP LOCKED) x
    WHERE j.id = x.id
    RETURNING j.tenant_id, j.kind, j.subject_id, j.state
  LOOP
    n := n + 1;
    IF r.kind = 'send' AND r.state IN ('uncertain', 'dead') THEN
      PERFORM app.become(r.tenant_id, NULL, 'all', NULL, NULL);
      PERFORM app.send_result(r.subject_id, CASE r.state WHEN 'dead' THEN 'failed' ELSE r.state END, NULL, NULL, CASE r.state WHEN 'dead' THEN 'tried too often' END);
      -- A status may have told the outcome before the lease ran out.
      IF NOT EXISTS (SELECT FROM public.message m WHERE m.id = r.subject_id AND m.status = 'uncertain') THEN PERFORM app.job_settle(r.subject_id); END IF;
    ELSIF r.state = 'dead' AND r.kind IN ('normalise', 'media') THEN
      PERFORM app.become(r.tenant_id, NULL, 'all', NULL, NULL);
      UPDATE public.webhook_event e SET state = 'dead', reason = 'tried too often', processed_at = now() WHERE r.kind = 'normalise' AND e.id = r.subject_id AND e.state = 'received';
      UPDATE public.attachment x SET state = 'failed', error = 'tried too often' WHERE r.kind = 'media' AND x.id = r.subject_id AND x.state = 'wait';
    END IF;
  END LOOP;
  PERFORM set_config('app.ctx', '', true);
  RETURN n;
END $$;
-- What a send attempt came to: sent with its external id, failed with code and text, or uncertain.
CREATE FUNCTION app.send_result(msg uuid, result text, ext text, code int, why text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE m public.message;
BEGIN
  -- In change_in's order (the id over there, then the row): the first status comes while this runs.
  IF ext IS NOT NULL THEN
    PERFORM pg_advisory_xact_lock(hashtextextended(x.connection_id::text || ':' || ext, 11)) FROM public.message x WHERE x.id = msg;
  END IF;
  SELECT * INTO m FROM public.message x WHERE x.id = msg FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  IF ext IS NOT NULL THEN
    UPDATE public.message x SET external_id = ext WHERE x.id = msg AND x.external_id IS NULL;
  END IF;
  IF m.status = 'queued' OR m.status = 'uncertain' AND result <> 'uncertain' THEN
    UPDATE public.message x SET status = result, error_code = code, error_text = left(why, 500),
      sent_at = CASE WHEN result = 'sent' THEN x.sent_at ELSE x.sent_at END, failed_at = CASE WHEN result = 'failed' THEN now() END WHERE x.id = msg;
    PERFORM app.emit('message:updated', 'message', msg, m.conversation_id, NULL, jsonb_build_object('status', result));
    IF result IN ('failed', 'uncertain') AND m.author_id IS NOT NULL THEN
      PERFORM app.notify(m.author_id, 'failed', m.conversation_id, NULL);
    END IF;
  END IF;
  IF ext IS NOT NULL THEN PERFORM app.changes_apply(m.connection_id, ext); END IF;
END $$;

CREATE FUNCTION app.notify(target uuid, k text, conv uuid, actor text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE i uuid := app.uuid7();
BEGIN
  INSERT INTO public.notification (id, user_id, kind, conversation_id, actor_name, title)
  SELECT i, target, k, conv, actor, coalesce((SELECT c.contact_name FROM public.conversation c WHERE c.id = conv), '');
  PERFORM app.emit('notification:new', 'notification', i, NULL, target, jsonb_build_object('kind', k));
END $$;

-- Passes a conversation to a user and/or team (NULL: nobody). The acting user must see it before; who
-- takes it may be somebody the acting user does not see afterwards. No row: not visible; the version
-- is checked when given (P1004 when it is another).
CREATE FUNCTION app.conversation_assign(conv uuid, usr uuid, tm uuid, expect int) RETURNS SETOF int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE t bigint := app.tenant(); me uuid := app.user_id(); sc text := app.scope(); sid uuid := app.session_id(); v public.conversation; nm text; tn text; my text;
BEGIN
  SELECT * INTO v FROM public.conversation c WHERE c.id = conv FOR UPDATE;
  IF NOT FOUND OR sc = 'visitor' THEN RETURN; END IF;
  IF expect IS NOT NULL AND expect <> v.version THEN RAISE EXCEPTION 'version' USING ERRCODE = 'P1004'; END IF;
  SELECT u.name INTO nm FROM public.user_account u WHERE u.id = usr AND u.active AND u.role <> 'viewer';
  IF usr IS NOT NULL AND nm IS NULL THEN RAISE EXCEPTION 'no such user' USING ERRCODE = '23503'; END IF;
  SELECT x.name INTO tn FROM public.team x WHERE x.id = tm;
  IF tm IS NOT NULL AND tn IS NULL THEN RAISE EXCEPTION 'no such team' USING ERRCODE = '23503'; END IF;
  SELECT u.name INTO my FROM public.user_account u WHERE u.id = me;
  IF v.assignee_id IS DISTINCT FROM usr OR v.team_id IS DISTINCT FROM tm THEN
    PERFORM app.become(t, me, 'all', NULL, sid);
    UPDATE public.conversation c SET assignee_id = usr, assignee_name = nm, team_id = tm WHERE c.id = conv;
    IF v.assignee_id IS DISTINCT FROM usr THEN
      PERFORM app.activity(conv, CASE WHEN usr IS NULL THEN 'released' WHEN usr = me THEN 'taken' ELSE 'assigned' END, nm);
      IF usr IS NOT NULL AND usr IS DISTINCT FROM me THEN PERFORM app.notify(usr, 'assigned', conv, my); END IF;
    END IF;
    IF v.team_id IS DISTINCT FROM tm THEN PERFORM app.activity(conv, CASE WHEN tm IS NULL THEN 'team_none' ELSE 'team' END, tn); END IF;
    PERFORM app.emit('conversation:updated', 'conversation', conv, conv, NULL, jsonb_build_object('assignee_id', usr, 'team_id', tm));
    PERFORM app.become(t, me, sc, NULL, sid);
  END IF;
  RETURN NEXT (SELECT version FROM public.conversation c WHERE c.id = conv);
END $$;

-- The name of a person follows into the rows that show it.
CREATE FUNCTION app.contact_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE conversation SET contact_name = coalesce(NEW.name, NEW.username), contact_phone = NEW.phone, contact_kind = NEW.kind WHERE contact_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER follow AFTER UPDATE OF name, username, phone, kind ON contact FOR EACH ROW
  WHEN ((OLD.name, OLD.username, OLD.phone, OLD.kind) IS DISTINCT FROM (NEW.name, NEW.username, NEW.phone, NEW.kind)) EXECUTE FUNCTION app.contact_follow();

----------------------------------------------------------------------------------------------------
-- What the program at the door (ingest) may do: no reading of anybody's data.
-- A webhook's keys by the connection in its path. No row: no such connection.
CREATE FUNCTION app.hook_connection(conn uuid) RETURNS TABLE (tenant uuid, app_secret_sealed text, verify_token_sealed text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE k priv.connection_key;
BEGIN
  SELECT * INTO k FROM priv.connection_key x WHERE x.kind = 'id' AND x.value = conn::text;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM app.become(k.tenant_id, NULL, 'none', NULL, NULL);
  RETURN QUERY SELECT t.id, c.app_secret_sealed, c.verify_token_sealed FROM public.connection c JOIN public.tenant t ON t.tenant_id = c.tenant_id
    WHERE c.id = conn AND c.own_app AND t.status = 'active';
END $$;
-- Keeps the bytes and orders their normalising. True when they are new; the same bytes twice are one event.
-- reason given: they are kept as rejected and nothing is ordered.
CREATE FUNCTION app.hook_store(src text, conn uuid, bytes bytea, hash bytea, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE t bigint := 1; e uuid;
BEGIN
  IF conn IS NOT NULL THEN
    SELECT x.tenant_id INTO t FROM priv.connection_key x WHERE x.kind = 'id' AND x.value = conn::text;
    IF NOT FOUND THEN RAISE EXCEPTION 'no such connection' USING ERRCODE = '23503'; END IF;
  END IF;
  PERFORM app.become(t, NULL, 'none', NULL, NULL);
  INSERT INTO public.webhook_event (source, connection_id, body, sha256, state, reason, processed_at)
  VALUES (src, conn, bytes, hash, CASE WHEN why IS NULL THEN 'received' ELSE 'rejected' END, left(why, 200), CASE WHEN why IS NOT NULL THEN now() END)
  ON CONFLICT (tenant_id, source, sha256) DO NOTHING RETURNING id INTO e;
  IF e IS NOT NULL AND why IS NULL THEN PERFORM app.job_add('normalise', e, NULL, NULL); END IF;
  RETURN e IS NOT NULL;
END $$;
-- The web chat: enters as the visitor whose cookie this is (its digest), seeing only the own conversation.
CREATE FUNCTION app.enter_chat(key text, visitor text, readonly boolean) RETURNS TABLE (
  connection_id uuid, name text, tenant_name text, locale text, zone text, greeting text, contact_id uuid, contact_name text, contact_email text, conversation_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE k priv.connection_key;
BEGIN
  SELECT * INTO k FROM priv.connection_key x WHERE x.kind = 'key' AND x.value = key;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM app.become(k.tenant_id, NULL, 'all', NULL, NULL);
  SELECT c.id, c.name, t.name, t.locale, t.zone, c.greeting INTO connection_id, name, tenant_name, locale, zone, greeting
  FROM public.connection c JOIN public.tenant t ON t.tenant_id = c.tenant_id
  WHERE c.id = k.connection_id AND c.channel = 'chat' AND c.status = 'connected' AND t.status = 'active';
  IF NOT FOUND THEN
    PERFORM set_config('app.ctx', '', true);
    RETURN;
  END IF;
  SELECT p.id, p.name, p.email INTO contact_id, contact_name, contact_email
  FROM public.contact_identity i JOIN public.contact p ON p.tenant_id = i.tenant_id AND p.id = i.contact_id WHERE i.kind = 'visitor' AND i.value = visitor;
  SELECT v.id INTO conversation_id FROM public.conversation v WHERE v.contact_id = enter_chat.contact_id AND v.connection_id = enter_chat.connection_id
    ORDER BY v.last_message_at DESC LIMIT 1;
  PERFORM app.become(k.tenant_id, NULL, 'visitor', contact_id, NULL);
  IF readonly THEN PERFORM set_config('transaction_read_only', 'on', true); END IF;
  RETURN NEXT;
END $$;
-- The visitor says something. Errors: P1005 too much in a minute.
CREATE FUNCTION app.chat_say(key text, visitor text, visitor_name text, visitor_email text, body text, token text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE k priv.connection_key; m record; ids jsonb := jsonb_build_array(jsonb_build_object('kind', 'visitor', 'value', visitor));
BEGIN
  SELECT * INTO k FROM priv.connection_key x WHERE x.kind = 'key' AND x.value = key;
  IF NOT FOUND THEN RETURN NULL; END IF;
  PERFORM app.become(k.tenant_id, NULL, 'all', NULL, NULL);
  IF (SELECT count(*) FROM public.message x JOIN public.conversation v ON v.id = x.conversation_id
      JOIN public.contact_identity i ON i.contact_id = v.contact_id AND i.kind = 'visitor' AND i.value = visitor
      WHERE x.direction = 'in' AND x.created_at > now() - interval '1 minute') >= 30 THEN
    RAISE EXCEPTION 'too much' USING ERRCODE = 'P1005';
  END IF;
  SELECT * INTO m FROM app.message_in(k.connection_id, jsonb_build_object('name', visitor_name, 'channel', 'chat', 'ids', ids),
    jsonb_build_object('external_id', 'chat-' || visitor || '-' || token, 'kind', 'text', 'text', body));
  IF visitor_email IS NOT NULL THEN
    UPDATE public.contact p SET email = coalesce(p.email, lower(visitor_email)) WHERE p.id = m.contact_id;
  END IF;
  UPDATE public.contact p SET name = coalesce(p.name, left(visitor_name, 200)) WHERE p.id = m.contact_id AND visitor_name IS NOT NULL AND p.name IS NULL;
  PERFORM app.become(k.tenant_id, NULL, 'visitor', m.contact_id, NULL);
  RETURN m.message_id;
END $$;
-- The visitor has seen what the team wrote.
CREATE FUNCTION app.chat_seen(conv uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE r record; t bigint := app.tenant(); who uuid := app.subject();
BEGIN
  IF app.scope() <> 'visitor' OR NOT EXISTS (SELECT FROM public.conversation c WHERE c.id = conv) THEN RETURN; END IF;
  PERFORM app.become(t, NULL, 'all', NULL, NULL);
  FOR r IN UPDATE public.message m SET status = 'read', delivered_at = coalesce(delivered_at, now()), read_at = now()
    WHERE m.conversation_id = conv AND m.direction = 'out' AND NOT m.internal AND m.status IN ('sent', 'delivered') RETURNING m.id LOOP
    PERFORM app.emit('message:updated', 'message', r.id, conv, NULL, '{"status": "read"}');
  END LOOP;
  PERFORM app.become(t, NULL, 'visitor', who, NULL);
END $$;
GRANT EXECUTE ON FUNCTION app.hook_connection(uuid), app.hook_store(text, uuid, bytea, bytea, text), app.enter_chat(text, text, boolean),
  app.chat_say(text, text, text, text, text, text), app.chat_seen(uuid) TO balcao_ingest;
GRANT EXECUTE ON FUNCTION app.enter_chat(text, text, boolean) TO balcao_live;

-- The worker: from a provider's id to its connection, entering its tenant.
CREATE FUNCTION app.enter_connection(k text, v text) RETURNS SETOF uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE c priv.connection_key;
BEGIN
  SELECT * INTO c FROM priv.connection_key x WHERE x.kind = k AND x.value = v;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM app.become(c.tenant_id, NULL, 'all', NULL, NULL);
  RETURN NEXT c.connection_id;
END $$;
-- Every tenant in turn, for the jobs that look after all of them.
CREATE FUNCTION app.enter_next(after bigint) RETURNS SETOF bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE t bigint;
BEGIN
  SELECT min(s.tenant_id) INTO t FROM priv.tenant_slug s WHERE s.tenant_id > after;
  IF t IS NULL THEN RETURN; END IF;
  PERFORM app.become(t, NULL, 'all', NULL, NULL);
  RETURN NEXT t;
END $$;
-- Housekeeping below the tenants: expired sessions and tokens, old throttles, finished jobs, the feed.
CREATE FUNCTION app.purge_private() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE n bigint := 0; k bigint;
BEGIN
  DELETE FROM priv.session s WHERE s.expires_at < now() - interval '7 days' OR s.revoked_at < now() - interval '7 days'; GET DIAGNOSTICS k = ROW_COUNT; n := n + k;
  DELETE FROM priv.refresh_token r WHERE r.expires_at < now() - interval '7 days'; GET DIAGNOSTICS k = ROW_COUNT; n := n + k;
  DELETE FROM priv.throttle t WHERE t.since < now() - interval '1 day' AND t.until < now(); GET DIAGNOSTICS k = ROW_COUNT; n := n + k;
  DELETE FROM priv.job j WHERE j.state = 'done' AND j.done_at < now() - interval '1 day'; GET DIAGNOSTICS k = ROW_COUNT; n := n + k;
  DELETE FROM priv.event_feed f WHERE f.at < now() - interval '10 minutes'; GET DIAGNOSTICS k = ROW_COUNT; n := n + k;
  RETURN n;
END $$;
GRANT EXECUTE ON FUNCTION app.enter_connection(text, text), app.enter_next(bigint), app.purge_private(), app.job_rescue() TO balcao_worker;

GRANT EXECUTE ON FUNCTION app.person_find(jsonb), app.conversation_for(uuid, uuid, text), app.message_in(uuid, jsonb, jsonb), app.change_in(uuid, text, uuid, jsonb),
  app.changes_apply(uuid, text), app.message_change(uuid, text, uuid, jsonb), app.send_result(uuid, text, text, int, text) TO balcao_worker;
GRANT EXECUTE ON FUNCTION app.activity(uuid, text, text), app.notify(uuid, text, uuid, text), app.job_settle(uuid), app.status_rank(text) TO balcao_web, balcao_worker;
GRANT EXECUTE ON FUNCTION app.message_out(uuid, text, boolean, text, text, text, jsonb), app.message_retry(uuid), app.conversation_assign(uuid, uuid, uuid, int) TO balcao_web, balcao_worker;
GRANT EXECUTE ON FUNCTION app.audit_note(text, text, uuid, jsonb) TO balcao_web, balcao_worker;

GRANT SELECT (tenant_id, id, name, channel, external_id, public_key, shown, own_app, status, status_text, status_at, paused_until, reopen, greeting, version, created_at, updated_at) ON connection TO balcao_web, balcao_ingest;
GRANT SELECT ON connection TO balcao_worker;
GRANT UPDATE (status, status_text, status_at, paused_until, version, updated_at) ON connection TO balcao_worker;
GRANT SELECT, INSERT, UPDATE ON contact TO balcao_web, balcao_worker;
GRANT SELECT, INSERT, UPDATE ON contact_identity TO balcao_web, balcao_worker;
GRANT SELECT, INSERT, UPDATE ON conversation, message TO balcao_web, balcao_worker;
GRANT SELECT, INSERT, UPDATE ON attachment TO balcao_web, balcao_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON reaction TO balcao_web, balcao_worker;
GRANT SELECT, INSERT, DELETE ON pending_change TO balcao_worker;
GRANT SELECT, INSERT, UPDATE ON notification TO balcao_web;
GRANT INSERT ON notification TO balcao_worker;
GRANT SELECT ON conversation, message, attachment, contact TO balcao_ingest;
GRANT SELECT ON conversation, notification TO balcao_live;
GRANT SELECT, UPDATE, DELETE ON webhook_event TO balcao_worker;
GRANT UPDATE (conversation_number, version, updated_at) ON tenant TO balcao_web, balcao_worker;
GRANT DELETE ON event TO balcao_worker;
GRANT SELECT ON user_account TO balcao_worker;
-- Demo data and set-up.
GRANT SELECT, INSERT, UPDATE ON connection, contact, contact_identity, conversation, message, attachment, reaction, notification TO balcao_console;
GRANT UPDATE (conversation_number, version, updated_at) ON tenant TO balcao_console;
GRANT INSERT ON event TO balcao_console;
GRANT SELECT, UPDATE, DELETE ON webhook_event TO balcao_console;
GRANT EXECUTE ON FUNCTION app.person_find(jsonb), app.conversation_for(uuid, uuid, text), app.message_in(uuid, jsonb, jsonb), app.emit(text, text, uuid, uuid, uuid, jsonb),
  app.activity(uuid, text, text), app.message_out(uuid, text, boolean, text, text, text, jsonb), app.job_add(text, uuid, uuid, timestamptz),
  app.changes_apply(uuid, text), app.message_change(uuid, text, uuid, jsonb), app.status_rank(text), app.job_settle(uuid) TO balcao_console;
