#!/usr/bin/env bash
# Messages out through the job "send", with the stub as the provider and the only judge of what arrived.
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"
# shellcheck source=tests/jobs/lib.sh
. "$(dirname "$0")/lib.sh"
jobs_names
trap jobs_down EXIT
jobs_up "${JOBS_NAME:-balcao_jobs_test}"
stub_up --old-wa-id 5531990000002

people $NUMBER 3 >/dev/null
# one TAG: one message to P1 only.
one() {
	sql "SET ROLE balcao_worker; DO \$\$ BEGIN PERFORM app.enter_connection('whatsapp', '$NUMBER');
		PERFORM app.message_out(v.id, '$1', false, '$1', ${3:-NULL}, '${2:-text}', ${4:-NULL}) FROM conversation v WHERE v.contact_name = 'P1'; END \$\$" >/dev/null
}
# msg TAG: status, code and text of the error; job: state of its job.
m() { is "$1" "SELECT status, error_code FROM message WHERE text = '$2' AND direction = 'out'" "$3"; }
j() { is "$1" "SELECT j.state, j.attempt FROM priv.job j JOIN message m ON m.id = j.subject_id WHERE m.text = '$2' ORDER BY j.id DESC LIMIT 1" "$3"; }
# arrived TAG N: the stub accepted it so often.
arrived() {
	journal_load
	is "$1" "SELECT count(*) FROM journal WHERE line ->> 'outcome' = 'accepted' AND line -> 'body' -> 'text' ->> 'body' = '$2'" "$3"
}

order $NUMBER 2 a >/dev/null
job send
journal_load
is 'all are sent, in order' "SELECT string_agg(line -> 'body' -> 'text' ->> 'body', ',' ORDER BY (line ->> 'n')::int) FROM journal" 'a 1,a 1,a 1,a 2,a 2,a 2'
is 'the stub saw each once, with our id' "SELECT count(*), count(DISTINCT line ->> 'biz_opaque_callback_data'), count(m.id) FROM journal
	LEFT JOIN message m ON m.id::text = line ->> 'biz_opaque_callback_data' AND m.external_id = line ->> 'wamid' WHERE line ->> 'outcome' = 'accepted'" '6|6|6'
is 'the number as WhatsApp writes it is kept' "SELECT shown FROM contact_identity WHERE value = '553190000002'" 553190000002
one again && order $NUMBER 1 b >/dev/null && job send
journal_load
is 'and used from then on' "SELECT line -> 'body' ->> 'to' FROM journal WHERE line -> 'body' -> 'text' ->> 'body' = 'b 1' ORDER BY (line -> 'body' ->> 'to') COLLATE \"C\"" "$(printf '553190000002\n5531990000001\n5531990000003')"
one resposta text "'in-1'" && job send
journal_load
is 'an answer names the message' "SELECT line -> 'body' -> 'context' ->> 'message_id' FROM journal WHERE line -> 'body' -> 'text' ->> 'body' = 'resposta'" in-1
one modelo template NULL "'{\"template\":{\"name\":\"pedido_confirmado\",\"language\":{\"code\":\"pt_BR\"}}}'::jsonb" && job send
journal_load
is 'a template goes as it is' "SELECT line -> 'body' -> 'template' ->> 'name' FROM journal WHERE line ->> 'type' = 'template'" pedido_confirmado
one botões interactive NULL "'{\"interactive\":{\"type\":\"button\",\"body\":{\"text\":\"Confirma?\"},\"action\":{\"buttons\":[{\"type\":\"reply\",\"reply\":{\"id\":\"s\",\"title\":\"Sim\"}}]}}}'::jsonb" && job send
m 'buttons go' botões 'sent|'
one vazio image && job send
m 'nothing to send is said' vazio 'failed|100'
is 'and its author hears of it' "SELECT count(*) FROM notification WHERE kind = 'failed'" 0

# ---- what the provider answers ----
stub '{"fail_next":{"http":500,"code":131000}}'
one vez && job send
m 'a passing fault: it waits' vez 'queued|'
j 'and counts' vez 'ready|1'
soon && job send
m 'then it goes' vez 'sent|'
arrived 'once' vez 1
stub '{"fail_next":{"http":429,"code":130429}}'
one lento && job send
j 'too fast: the wait is not its fault' lento 'ready|0'
is 'and the connection rests' "SELECT status, paused_until > now() FROM connection WHERE external_id = '$NUMBER'" 'connected|t'
one atrás && job send
arrived 'nobody sends meanwhile' atrás 0
soon && job send && job send
m 'after the rest it goes' lento 'sent|'
m 'and so do the others' atrás 'sent|'
is 'the connection is well again' "SELECT status, status_text, paused_until FROM connection WHERE external_id = '$NUMBER'" 'connected||'
stub '{"fail_next":{"http":400,"code":131026}}'
one ninguém && job send
m 'no such recipient: it failed, with the code' ninguém 'failed|131026'
stub '{"fail_next":{"http":403,"code":131031}}'
one bloqueio && job send
j 'a blocked account: it waits' bloqueio 'ready|0'
is 'ten minutes' "SELECT paused_until > now() + interval '9 minutes' FROM connection WHERE external_id = '$NUMBER'" t
soon && job send
m 'and goes when it may' bloqueio 'sent|'
stub '{"fail_next":{"raw":"<h1>Bad Gateway</h1>","http":502}}'
one gateway && job send
m 'a 502 that is not the provider'"'"'s word: uncertain' gateway 'uncertain|'
j 'and its job' gateway 'uncertain|1'
stub '{"fail_next":{"drop":true}}'
one cortada && job send
m 'no answer: uncertain' cortada 'uncertain|'
stub '{"fail_next":{"accept_then_drop":true}}'
one aceita && job send
m 'accepted and no answer: uncertain too' aceita 'uncertain|'
soon && expire && job send && job send
arrived 'nothing uncertain is sent again (refused one)' cortada 0
arrived 'nothing uncertain is sent again (accepted one)' aceita 1
journal_load
read -r ID WAMID <<<"$(sql "SELECT line ->> 'biz_opaque_callback_data' || ' ' || (line ->> 'wamid') FROM journal WHERE line -> 'body' -> 'text' ->> 'body' = 'aceita'")"
say_in "\"statuses\":[{\"id\":\"$WAMID\",\"status\":\"delivered\",\"timestamp\":\"$(date +%s)\",\"biz_opaque_callback_data\":\"$ID\"}]"
m 'a status with our id settles it' aceita 'delivered|'
j 'and its job' aceita 'done|1'
sql "SET ROLE balcao_worker; DO \$\$ BEGIN PERFORM app.enter_connection('whatsapp', '$NUMBER'); PERFORM app.message_retry(id) FROM message WHERE text = 'cortada'; END \$\$" && job send
m 'a person may send an uncertain one again' cortada 'sent|'
arrived 'then it arrives' cortada 1
stub '{"fail_next":{"http":401,"code":190}}'
one senha && one depois && job send && job send
m 'a bad token: it failed' senha 'failed|190'
m 'the next fail at once' depois 'failed|190'
is 'and the connection says why' "SELECT status, status_text IS NOT NULL FROM connection WHERE external_id = '$NUMBER'" 'error|t'
is 'the page is told' "SELECT count(*) > 0 FROM event WHERE kind = 'connection:updated'" t
sql "SET ROLE balcao_worker; DO \$\$ DECLARE c uuid; BEGIN SELECT app.enter_connection('whatsapp', '$NUMBER') INTO c; PERFORM app.connection_state(c, 'connected', NULL, NULL); END \$\$"
is 'no job makes it well again' "SELECT status FROM connection WHERE external_id = '$NUMBER'" 'error'
sql "SELECT app.become(tenant_id, NULL, 'all', NULL, NULL) FROM connection WHERE external_id = '$NUMBER'; UPDATE connection SET status = 'connected', status_text = NULL" >/dev/null 2>&1 ||
	psql -XqAtU "$RUN_AS" -c "BEGIN; SELECT app.become(tenant_id, NULL, 'all', NULL, NULL) FROM connection WHERE external_id = '$NUMBER'; UPDATE connection SET status = 'connected', status_text = NULL WHERE status = 'error'; COMMIT" >/dev/null

# ---- the provider is away ----
stub_down
order $NUMBER 1 fora >/dev/null
job send && soon && job send && soon && job send
is 'away: messages wait' "SELECT string_agg(DISTINCT status, ',') FROM message WHERE text = 'fora 1'" queued
is 'and it is not counted against them' "SELECT max(j.attempt), count(*) FROM priv.job j JOIN message m ON m.id = j.subject_id WHERE m.text = 'fora 1' AND j.state = 'ready'" '0|3'
is 'the connection says so' "SELECT status, paused_until > now() FROM connection WHERE external_id = '$NUMBER'" 'reconnecting|t'
stub_up
soon && job send && job send
is 'back: they go' "SELECT string_agg(DISTINCT status, ',') FROM message WHERE text = 'fora 1'" sent
is 'and the connection is well' "SELECT status, status_text FROM connection WHERE external_id = '$NUMBER'" 'connected|'
arrived 'each once' 'fora 1' 3
stub_down
one velha && sql "UPDATE priv.job SET created_at = now() - interval '25 hours' WHERE state = 'ready'" && job send
m 'after a day it has failed' velha 'failed|'
stub_up
soon

# ---- limits ----
psql -XqAtU "$RUN_AS" -c "BEGIN; SELECT app.become(tenant_id, NULL, 'all', NULL, NULL) FROM connection WHERE external_id = '$NUMBER'; UPDATE conversation SET window_until = now() - interval '1 second' WHERE contact_name = 'P3'; COMMIT" >/dev/null
sql "SET ROLE balcao_worker; DO \$\$ BEGIN PERFORM app.enter_connection('whatsapp', '$NUMBER');
	INSERT INTO message (conversation_id, connection_id, direction, kind, text, status) SELECT id, connection_id, 'out', 'text', 'tarde', 'queued' FROM conversation WHERE contact_name = 'P3';
	PERFORM app.job_add('send', m.id, m.conversation_id, NULL) FROM message m WHERE m.text = 'tarde'; END \$\$"
job send
m 'the window shut meanwhile' tarde 'failed|131047'
sql 'DELETE FROM priv.rate'
stub '{"limits":true}'
for i in $(seq 1 25); do one "muitas $i"; done
"$BIN/balcao-job" send --for 3 2>>"$JOBS_DIR/job.log"
is 'twenty at once to one person, the others wait' "SELECT count(*) FILTER (WHERE status = 'sent') BETWEEN 20 AND 22, count(*) FILTER (WHERE status = 'queued') >= 3 FROM message WHERE text LIKE 'muitas%'" 't|t'
is 'no longer than they must' "SELECT max(run_at) < now() + interval '10 seconds' FROM priv.job WHERE state = 'ready'" t
sql 'DELETE FROM priv.rate' && soon && job send
people $NUMBER 150 >/dev/null
order $NUMBER 1 todos >/dev/null
"$BIN/balcao-job" send --for 8 --copies 4 2>>"$JOBS_DIR/job.log"
journal_load
is 'four workers, 149 people: none refused for speed' "SELECT count(*) FROM journal WHERE line -> 'body' -> 'text' ->> 'body' = 'todos 1' AND line ->> 'outcome' <> 'accepted'" 0
is 'all arrived once' "SELECT count(*), count(DISTINCT line ->> 'biz_opaque_callback_data') FROM journal WHERE line -> 'body' -> 'text' ->> 'body' = 'todos 1' AND line ->> 'outcome' = 'accepted'" '149|149' # not the one whose window is shut
is 'at most 80 in any second' "SELECT max(n) <= 80 FROM (SELECT count(*) OVER (ORDER BY (line ->> 'ts')::timestamptz RANGE BETWEEN interval '1 second' PRECEDING AND CURRENT ROW) n FROM journal WHERE line -> 'body' -> 'text' ->> 'body' = 'todos 1') t" t
checks_done
