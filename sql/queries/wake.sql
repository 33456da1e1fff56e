-- What was put off. Program: job.

-- name: conversation_wake
SELECT app.conversation_wake($1);
