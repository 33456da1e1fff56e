-- Tags, quick replies, drafts, messages for later, templates, hours, routing; pipelines, stages, deals.

----------------------------------------------------------------------------------------------------
-- Tags: one list per tenant, for people, conversations and deals.
CREATE TABLE tag (
  tenant_id  bigint NOT NULL REFERENCES tenant,
  id         uuid NOT NULL DEFAULT app.uuid7(),
  name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 50),
  color      int NOT NULL DEFAULT 1 CHECK (color BETWEEN 0 AND 8),
  category   text CHECK (length(category) <= 50),
  version    int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name)
);
SELECT app.tenant_table('tag'), app.audited('tag');
CREATE TABLE contact_tag (
  tenant_id bigint NOT NULL REFERENCES tenant, contact_id uuid NOT NULL, tag_id uuid NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, contact_id, tag_id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact ON DELETE CASCADE, FOREIGN KEY (tenant_id, tag_id) REFERENCES tag ON DELETE CASCADE);
CREATE TABLE conversation_tag (
  tenant_id bigint NOT NULL REFERENCES tenant, conversation_id uuid NOT NULL, tag_id uuid NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, conversation_id, tag_id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation ON DELETE CASCADE, FOREIGN KEY (tenant_id, tag_id) REFERENCES tag ON DELETE CASCADE);
SELECT app.tenant_table('contact_tag'), app.tenant_table('conversation_tag');
CREATE INDEX contact_tag_tag ON contact_tag (tenant_id, tag_id, contact_id);
CREATE INDEX conversation_tag_tag ON conversation_tag (tenant_id, tag_id, conversation_id);
CREATE POLICY sees ON contact_tag AS RESTRICTIVE FOR SELECT USING (
  (SELECT app.scope()) = 'all' OR EXISTS (SELECT FROM contact p WHERE p.tenant_id = contact_tag.tenant_id AND p.id = contact_tag.contact_id));
CREATE POLICY sees ON conversation_tag AS RESTRICTIVE FOR SELECT USING (
  (SELECT app.scope()) = 'all' OR EXISTS (SELECT FROM conversation c WHERE c.tenant_id = conversation_tag.tenant_id AND c.id = conversation_tag.conversation_id));

----------------------------------------------------------------------------------------------------
-- Quick replies, drafts, messages for later, approved templates.
CREATE TABLE quick_reply (
  tenant_id  bigint NOT NULL REFERENCES tenant,
  id         uuid NOT NULL DEFAULT app.uuid7(),
  shortcut   text NOT NULL CHECK (shortcut ~ '^[a-z0-9_-]{1,40}$'),
  title      text NOT NULL CHECK (length(title) BETWEEN 1 AND 100),
  content    text NOT NULL CHECK (length(content) BETWEEN 1 AND 4096),
  category   text CHECK (length(category) <= 50),
  version    int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, shortcut)
);
SELECT app.tenant_table('quick_reply'), app.audited('quick_reply');

CREATE TABLE draft (
  tenant_id bigint NOT NULL REFERENCES tenant, conversation_id uuid NOT NULL, user_id uuid NOT NULL,
  text text NOT NULL CHECK (length(text) <= 4096), internal boolean NOT NULL DEFAULT false, updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, conversation_id, user_id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation ON DELETE CASCADE, FOREIGN KEY (tenant_id, user_id) REFERENCES user_account ON DELETE CASCADE);
SELECT app.tenant_table('draft');
CREATE POLICY sees ON draft AS RESTRICTIVE FOR SELECT USING (user_id = (SELECT app.user_id()));

CREATE TABLE scheduled_message (
  tenant_id  bigint NOT NULL REFERENCES tenant,
  id         uuid NOT NULL DEFAULT app.uuid7(),
  conversation_id uuid NOT NULL,
  author_id  uuid NOT NULL,
  text       text NOT NULL CHECK (length(text) BETWEEN 1 AND 4096),
  run_at     timestamptz NOT NULL,
  status     text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sent', 'cancelled', 'failed')),
  error      text,
  message_id uuid,
  token      text,
  version    int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation,
  FOREIGN KEY (tenant_id, author_id) REFERENCES user_account,
  FOREIGN KEY (tenant_id, message_id) REFERENCES message
);
SELECT app.tenant_table('scheduled_message'), app.audited('scheduled_message', 'token');
CREATE INDEX scheduled_status ON scheduled_message (tenant_id, status, run_at);
CREATE INDEX scheduled_conversation ON scheduled_message (tenant_id, conversation_id);
CREATE UNIQUE INDEX scheduled_token ON scheduled_message (tenant_id, conversation_id, token) WHERE token IS NOT NULL;
CREATE POLICY sees ON scheduled_message AS RESTRICTIVE FOR SELECT USING (
  (SELECT app.scope()) = 'all' OR EXISTS (SELECT FROM conversation c WHERE c.tenant_id = scheduled_message.tenant_id AND c.id = scheduled_message.conversation_id));

CREATE TABLE whatsapp_template (
  tenant_id     bigint NOT NULL REFERENCES tenant,
  id            uuid NOT NULL DEFAULT app.uuid7(),
  connection_id uuid NOT NULL,
  name          text NOT NULL CHECK (name ~ '^[a-z0-9_]+$' AND length(name) <= 512),
  language      text NOT NULL,
  category      text NOT NULL,
  status        text NOT NULL CHECK (status IN ('draft', 'pending', 'approved', 'rejected', 'paused', 'disabled')),
  header        text, body text NOT NULL, footer text,
  variables     int NOT NULL DEFAULT 0,
  components    jsonb NOT NULL,
  synced_at     timestamptz NOT NULL DEFAULT now(),
  version       int NOT NULL DEFAULT 1,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, connection_id, name, language),
  FOREIGN KEY (tenant_id, connection_id) REFERENCES connection ON DELETE CASCADE
);
SELECT app.tenant_table('whatsapp_template'), app.audited('whatsapp_template', 'synced_at');

----------------------------------------------------------------------------------------------------
-- Hours and routing.
-- A foreign key on an existing table is checked by a query of the owner: forced policies would hide the rows from it.
ALTER TABLE connection NO FORCE ROW LEVEL SECURITY;
ALTER TABLE conversation NO FORCE ROW LEVEL SECURITY;
ALTER TABLE team NO FORCE ROW LEVEL SECURITY;
ALTER TABLE connection ADD team_id uuid, ADD away_enabled boolean NOT NULL DEFAULT false, ADD away_message text CHECK (length(away_message) <= 1000),
  ADD FOREIGN KEY (tenant_id, team_id) REFERENCES team;
-- Open from, until (minutes after local midnight), per weekday (0 Sunday). No rows: always open.
CREATE TABLE business_hours (
  tenant_id bigint NOT NULL REFERENCES tenant, id uuid NOT NULL DEFAULT app.uuid7(), connection_id uuid NOT NULL,
  weekday int NOT NULL CHECK (weekday BETWEEN 0 AND 6), opens int NOT NULL CHECK (opens BETWEEN 0 AND 1439), closes int NOT NULL CHECK (closes BETWEEN 1 AND 1440),
  PRIMARY KEY (tenant_id, id), CHECK (opens < closes), FOREIGN KEY (tenant_id, connection_id) REFERENCES connection ON DELETE CASCADE);
SELECT app.tenant_table('business_hours');
CREATE INDEX business_hours_connection ON business_hours (tenant_id, connection_id, weekday);
CREATE TABLE holiday (
  tenant_id bigint NOT NULL REFERENCES tenant, day date NOT NULL, name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100), PRIMARY KEY (tenant_id, day));
SELECT app.tenant_table('holiday');
ALTER TABLE conversation ADD away_sent_at timestamptz, ADD merged_into uuid, ADD FOREIGN KEY (tenant_id, merged_into) REFERENCES conversation;
ALTER TABLE connection FORCE ROW LEVEL SECURITY;
ALTER TABLE conversation FORCE ROW LEVEL SECURITY;
ALTER TABLE team FORCE ROW LEVEL SECURITY;
-- A team's queue hands conversations to who is online and has room, in turn.
ALTER TABLE team ADD auto_assign boolean NOT NULL DEFAULT false;
ALTER TABLE user_account ADD capacity int NOT NULL DEFAULT 10 CHECK (capacity BETWEEN 0 AND 500), ADD last_assigned_at timestamptz;

----------------------------------------------------------------------------------------------------
-- Pipelines are boards; a card is a deal; money = false: a board without money.
CREATE TABLE pipeline (
  tenant_id  bigint NOT NULL REFERENCES tenant,
  id         uuid NOT NULL DEFAULT app.uuid7(),
  name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  description text CHECK (length(description) <= 1000),
  money      boolean NOT NULL DEFAULT true,
  is_default boolean NOT NULL DEFAULT false,
  position   int NOT NULL DEFAULT 0,
  version    int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name)
);
SELECT app.tenant_table('pipeline'), app.audited('pipeline');
CREATE UNIQUE INDEX pipeline_default ON pipeline (tenant_id) WHERE is_default;

CREATE TABLE stage (
  tenant_id  bigint NOT NULL REFERENCES tenant,
  id         uuid NOT NULL DEFAULT app.uuid7(),
  pipeline_id uuid NOT NULL,
  name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  color      int NOT NULL DEFAULT 1 CHECK (color BETWEEN 0 AND 8),
  position   int NOT NULL,
  chance     int NOT NULL DEFAULT 0 CHECK (chance BETWEEN 0 AND 100),
  stale_days int NOT NULL DEFAULT 14 CHECK (stale_days BETWEEN 0 AND 3650),   -- 0: never stale
  version    int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, pipeline_id, id),
  FOREIGN KEY (tenant_id, pipeline_id) REFERENCES pipeline
);
SELECT app.tenant_table('stage'), app.audited('stage');
CREATE INDEX stage_order ON stage (tenant_id, pipeline_id, position);

CREATE TABLE deal (
  tenant_id   bigint NOT NULL REFERENCES tenant,
  id          uuid NOT NULL DEFAULT app.uuid7(),
  pipeline_id uuid NOT NULL,
  stage_id    uuid NOT NULL,
  rank        text COLLATE "C" NOT NULL,
  title       text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  description text CHECK (length(description) <= 5000),
  value_minor bigint NOT NULL DEFAULT 0 CHECK (value_minor BETWEEN 0 AND 99999999999999),
  currency    text NOT NULL DEFAULT 'BRL' CHECK (currency ~ '^[A-Z]{3}$'),
  contact_id  uuid,
  company     text CHECK (length(company) <= 200),
  conversation_id uuid,
  owner_id    uuid,
  status      text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'won', 'lost')),
  lost_reason text CHECK (length(lost_reason) <= 500),
  closed_at   timestamptz,
  due_on      date,
  next_step   text CHECK (length(next_step) <= 200),
  next_step_on date,
  stage_since timestamptz NOT NULL DEFAULT now(),
  contact_name text,                        -- kept here because the board reads it
  owner_name  text,
  version     int NOT NULL DEFAULT 1,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, pipeline_id, stage_id) REFERENCES stage (tenant_id, pipeline_id, id),
  FOREIGN KEY (tenant_id, pipeline_id) REFERENCES pipeline,
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact,
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation,
  FOREIGN KEY (tenant_id, owner_id) REFERENCES user_account
);
SELECT app.tenant_table('deal'), app.audited('deal', 'rank', 'stage_since', 'contact_name', 'owner_name');
CREATE INDEX deal_board ON deal (tenant_id, stage_id, rank, id) WHERE status = 'open';
CREATE INDEX deal_recent ON deal (tenant_id, pipeline_id, updated_at DESC, id DESC);
CREATE INDEX deal_contact ON deal (tenant_id, contact_id);
CREATE INDEX deal_conversation ON deal (tenant_id, conversation_id);
CREATE INDEX deal_owner ON deal (tenant_id, owner_id);
CREATE POLICY sees ON deal AS RESTRICTIVE FOR SELECT USING (
  (SELECT app.scope()) = 'all'
  OR (SELECT app.scope()) = 'team' AND (owner_id IS NULL OR owner_id = (SELECT app.user_id())
    OR owner_id IN (SELECT m.user_id FROM team_member m WHERE m.team_id = ANY ((SELECT app.teams())::uuid[])))
  OR (SELECT app.scope()) = 'own' AND owner_id = (SELECT app.user_id()));
CREATE TABLE deal_tag (
  tenant_id bigint NOT NULL REFERENCES tenant, deal_id uuid NOT NULL, tag_id uuid NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, deal_id, tag_id),
  FOREIGN KEY (tenant_id, deal_id) REFERENCES deal ON DELETE CASCADE, FOREIGN KEY (tenant_id, tag_id) REFERENCES tag ON DELETE CASCADE);
SELECT app.tenant_table('deal_tag');
CREATE INDEX deal_tag_tag ON deal_tag (tenant_id, tag_id, deal_id);
CREATE POLICY sees ON deal_tag AS RESTRICTIVE FOR SELECT USING (
  (SELECT app.scope()) = 'all' OR EXISTS (SELECT FROM deal d WHERE d.tenant_id = deal_tag.tenant_id AND d.id = deal_tag.deal_id));
-- What happened to a deal, for its timeline: created, moved, value, owner, won, lost, reopened, note.
CREATE TABLE deal_activity (
  tenant_id  bigint NOT NULL REFERENCES tenant,
  id         uuid NOT NULL DEFAULT app.uuid7(),
  deal_id    uuid NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('created', 'moved', 'value', 'owner', 'won', 'lost', 'reopened', 'note', 'changed', 'linked')),
  actor_id   uuid,
  actor_name text,
  text       text CHECK (length(text) <= 5000),
  data       jsonb,
  at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, deal_id) REFERENCES deal ON DELETE CASCADE
);
SELECT app.tenant_table('deal_activity');
CREATE INDEX deal_activity_deal ON deal_activity (tenant_id, deal_id, id DESC);
CREATE POLICY sees ON deal_activity AS RESTRICTIVE FOR SELECT USING (
  (SELECT app.scope()) = 'all' OR EXISTS (SELECT FROM deal d WHERE d.tenant_id = deal_activity.tenant_id AND d.id = deal_activity.deal_id));

-- Filters with a name: of one user, or shared.
CREATE TABLE saved_view (
  tenant_id  bigint NOT NULL REFERENCES tenant,
  id         uuid NOT NULL DEFAULT app.uuid7(),
  user_id    uuid NOT NULL,
  shared     boolean NOT NULL DEFAULT false,
  page       text NOT NULL CHECK (page IN ('conversations', 'contacts', 'leads', 'pipeline')),
  name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  query      text NOT NULL CHECK (length(query) <= 1000),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES user_account ON DELETE CASCADE
);
SELECT app.tenant_table('saved_view');
CREATE INDEX saved_view_user ON saved_view (tenant_id, user_id, page);
CREATE POLICY sees ON saved_view AS RESTRICTIVE FOR SELECT USING (shared OR user_id = (SELECT app.user_id()));

GRANT SELECT, INSERT, UPDATE, DELETE ON tag, contact_tag, conversation_tag, deal_tag, quick_reply, draft, saved_view, business_hours, holiday TO balcao_web;
GRANT SELECT, INSERT, UPDATE ON scheduled_message, deal, deal_activity TO balcao_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON pipeline, stage TO balcao_web;
GRANT SELECT ON whatsapp_template TO balcao_web;
GRANT SELECT (team_id, away_enabled, away_message) ON connection TO balcao_web;
GRANT UPDATE (team_id, away_enabled, away_message, reopen, version, updated_at) ON connection TO balcao_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON team, team_member TO balcao_web;
GRANT UPDATE (capacity, presence, version, updated_at) ON user_account TO balcao_web;
GRANT UPDATE (last_assigned_at, version, updated_at) ON user_account TO balcao_worker;
GRANT SELECT, INSERT, UPDATE ON whatsapp_template, scheduled_message TO balcao_worker;
GRANT SELECT ON business_hours, holiday, tag, conversation_tag TO balcao_worker;
GRANT INSERT ON conversation_tag TO balcao_worker;
GRANT SELECT, INSERT, UPDATE ON tag, contact_tag, conversation_tag, deal_tag, quick_reply, whatsapp_template, business_hours, holiday, pipeline, stage, deal, deal_activity TO balcao_console;
GRANT UPDATE (team_id, away_enabled, away_message) ON connection TO balcao_console;
GRANT SELECT ON deal TO balcao_live;
