-- Webhooks. Program: hooks.

-- name: hook_connection -> hook_connection
SELECT tenant::text, app_secret_sealed, verify_token_sealed FROM app.hook_connection($1);

-- name: hook_store
SELECT app.hook_store($1, $2, $3, $4, $5);
