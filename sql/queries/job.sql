-- The queue, for every kind of job. Program: job.

-- name: job_claim -> job
SELECT id::text, kind, subject_id::text, lease_no, attempt, age FROM app.job_claim($1, $2::int, $3::bigint * interval '1 millisecond');

-- name: job_enter
-- Enters the job's tenant; no row when the lease is gone.
SELECT app.job_enter($1, $2::bigint)::text;

-- name: job_sending
SELECT app.job_sending($1, $2::bigint, $3::bigint * interval '1 millisecond');

-- name: job_end
SELECT app.job_end($1, $2::bigint, $3, $4);

-- name: job_retry
SELECT app.job_retry($1, $2::bigint, $3::bigint * interval '1 millisecond', $4, $5::boolean);

-- name: job_rescue
SELECT app.job_rescue()::text;

-- name: worker_seen
SELECT app.worker_seen($1);
