-- What begin.sql put to rest works again.
DO $$ DECLARE d text; BEGIN FOR d IN SELECT def FROM built_later LOOP EXECUTE d; END LOOP; END $$;
ALTER TABLE contact ENABLE TRIGGER audit;
ALTER TABLE conversation ENABLE TRIGGER audit;
ALTER TABLE conversation ENABLE TRIGGER touch;
ALTER TABLE conversation ENABLE TRIGGER queue_new;
ALTER TABLE message ENABLE TRIGGER audit_out;
ALTER TABLE deal ENABLE TRIGGER audit;
