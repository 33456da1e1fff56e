-- The board in one round trip: what a card shows of its tags and of its conversation stands in the deal itself.

ALTER TABLE deal ADD tag_ids uuid[] NOT NULL DEFAULT '{}', ADD channel text;
DROP TRIGGER audit ON deal;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON deal FOR EACH ROW
  EXECUTE FUNCTION app.audit('rank', 'stage_since', 'contact_name', 'owner_name', 'tag_ids', 'channel');

-- Both tables were written by nobody meanwhile: the migration holds them. Without FORCE the owner sees all tenants.
ALTER TABLE deal NO FORCE ROW LEVEL SECURITY;
ALTER TABLE deal_tag NO FORCE ROW LEVEL SECURITY;
ALTER TABLE conversation NO FORCE ROW LEVEL SECURITY;
ALTER TABLE deal DISABLE TRIGGER USER;
UPDATE deal d SET tag_ids = x.ids FROM (SELECT tenant_id, deal_id, array_agg(tag_id) AS ids FROM deal_tag GROUP BY tenant_id, deal_id) x
WHERE x.tenant_id = d.tenant_id AND x.deal_id = d.id;
UPDATE deal d SET channel = c.channel FROM conversation c WHERE c.tenant_id = d.tenant_id AND c.id = d.conversation_id;
ALTER TABLE deal ENABLE TRIGGER USER;
ALTER TABLE deal FORCE ROW LEVEL SECURITY;
ALTER TABLE deal_tag FORCE ROW LEVEL SECURITY;
ALTER TABLE conversation FORCE ROW LEVEL SECURITY;

-- The row itself is the lock: two who tag one deal at once both find their tag in it. A tag that is gone may leave its
-- id behind where the one who took it away sees less than the whole tenant; nothing shows an id without its tag.
CREATE FUNCTION app.deal_tagged() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE public.deal d SET tag_ids = d.tag_ids || NEW.tag_id WHERE d.tenant_id = NEW.tenant_id AND d.id = NEW.deal_id AND NEW.tag_id <> ALL (d.tag_ids);
  ELSE
    UPDATE public.deal d SET tag_ids = array_remove(d.tag_ids, OLD.tag_id) WHERE d.tenant_id = OLD.tenant_id AND d.id = OLD.deal_id AND OLD.tag_id = ANY (d.tag_ids);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER tagged AFTER INSERT OR DELETE ON deal_tag FOR EACH ROW EXECUTE FUNCTION app.deal_tagged();

CREATE FUNCTION app.deal_channel() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  NEW.channel := (SELECT c.channel FROM public.conversation c WHERE c.tenant_id = NEW.tenant_id AND c.id = NEW.conversation_id);
  RETURN NEW;
END $$;
CREATE TRIGGER channel BEFORE INSERT ON deal FOR EACH ROW WHEN (NEW.conversation_id IS NOT NULL) EXECUTE FUNCTION app.deal_channel();
CREATE TRIGGER channel_again BEFORE UPDATE OF conversation_id ON deal FOR EACH ROW
  WHEN (NEW.conversation_id IS DISTINCT FROM OLD.conversation_id) EXECUTE FUNCTION app.deal_channel();
