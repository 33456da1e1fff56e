-- Search. Under row-level security ILIKE and the like cannot use an index (their operators are not
-- leak-proof), so these functions look for themselves, with the tenant in the predicate, and return ids
-- only: the statement that shows the rows is under the policies again.

CREATE FUNCTION app.plain(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT lower(public.unaccent('public.unaccent', t)) $$;
GRANT EXECUTE ON FUNCTION app.plain(text) TO balcao_web, balcao_worker, balcao_console, balcao_ingest;

CREATE INDEX contact_search ON contact USING gin (app.plain(coalesce(name, '') || ' ' || coalesce(username, '') || ' ' || coalesce(company, '') || ' '
  || coalesce(email, '') || ' ' || regexp_replace(coalesce(phone, ''), '\D', '', 'g')) public.gin_trgm_ops);
CREATE INDEX contact_order ON contact (tenant_id, lifecycle, (coalesce(last_activity_at, created_at)) DESC, id DESC) WHERE merged_into IS NULL;

-- People by a fragment of name, user name, company, e-mail or phone; at most 1,000, the lately active first.
CREATE FUNCTION app.contact_search(q text) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE p text := '%' || replace(replace(replace(app.plain(q), '\', '\\'), '%', '\%'), '_', '\_') || '%'; d text := regexp_replace(q, '\D', '', 'g');
BEGIN
  RETURN (SELECT coalesce(array_agg(id), '{}') FROM (
    SELECT c.id FROM contact c
    WHERE app.plain(coalesce(c.name, '') || ' ' || coalesce(c.username, '') || ' ' || coalesce(c.company, '') || ' '
        || coalesce(c.email, '') || ' ' || regexp_replace(coalesce(c.phone, ''), '\D', '', 'g'))
      LIKE CASE WHEN length(d) >= 4 AND q !~ '[[:alpha:]@]' THEN '%' || d || '%' ELSE p END
    ORDER BY c.last_activity_at DESC NULLS LAST LIMIT 1000) x);
END $$;
-- Conversations by their number or their person.
CREATE FUNCTION app.conversation_search(q text) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT coalesce(array_agg(id), '{}') FROM (
    SELECT v.id FROM conversation v WHERE v.contact_id = ANY (app.contact_search(q)) OR (q ~ '^#?\d{1,15}$' AND v.number = ltrim(q, '#')::bigint)
    ORDER BY v.last_message_at DESC LIMIT 1000) x);
END $$;
GRANT EXECUTE ON FUNCTION app.contact_search(text), app.conversation_search(text) TO balcao_web;
