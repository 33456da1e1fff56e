-- Run by a superuser at every start; safe to repeat. The programs' roles own nothing and bypass nothing; one role that is no program's does.
DO $$
DECLARE r text;
BEGIN
  FOREACH r IN ARRAY ARRAY['balcao_owner', 'balcao_web', 'balcao_auth', 'balcao_ingest', 'balcao_worker', 'balcao_live', 'balcao_console'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION NOINHERIT', r);
    END IF;
  END LOOP;
  -- Owns the search functions and nothing else: they look past row-level security, naming the tenant themselves
  -- (sql/migrations/0008_people.sql). Nobody signs in as it; the owner is a member to be able to hand them over.
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'balcao_search') THEN
    CREATE ROLE balcao_search NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS NOREPLICATION NOINHERIT;
  END IF;
  IF NOT pg_has_role('balcao_owner', 'balcao_search', 'MEMBER') THEN GRANT balcao_search TO balcao_owner; END IF;
  EXECUTE format('ALTER DATABASE %I OWNER TO balcao_owner', current_database());
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO balcao_web, balcao_auth, balcao_ingest, balcao_worker, balcao_live, balcao_console', current_database());
END $$;
ALTER SCHEMA public OWNER TO balcao_owner;
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA public;
ALTER ROLE balcao_web SET statement_timeout = '5s';
ALTER ROLE balcao_auth SET statement_timeout = '5s';
ALTER ROLE balcao_ingest SET statement_timeout = '5s';
ALTER ROLE balcao_live SET statement_timeout = '5s';
ALTER ROLE balcao_worker SET statement_timeout = '60s';
-- A page's filters are statements of their own (lib/db), so that a plan fits whatever the values: none is made twice, which
-- was a quarter of a page's time in the database.
ALTER ROLE balcao_web SET plan_cache_mode = 'force_generic_plan';
ALTER ROLE balcao_web SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE balcao_auth SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE balcao_ingest SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE balcao_live SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE balcao_worker SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE balcao_web SET lock_timeout = '2s';
ALTER ROLE balcao_auth SET lock_timeout = '2s';
ALTER ROLE balcao_ingest SET lock_timeout = '2s';
