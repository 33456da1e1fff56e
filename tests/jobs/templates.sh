#!/usr/bin/env bash
# Approved templates: fetched per connection, kept as the provider has them; what is broken changes nothing.
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"
# shellcheck source=tests/jobs/lib.sh
. "$(dirname "$0")/lib.sh"
jobs_names
trap jobs_down EXIT
jobs_up "${JOBS_NAME:-balcao_jobs_test}"
# shellcheck disable=SC2119
stub_up

CONN=$(sql "SELECT id FROM connection WHERE external_id = '$NUMBER'")
waiting() { sql "SELECT count(*) FROM priv.job WHERE kind = 'templates' AND state = 'ready'"; }
# have NAME WANT: status, category, variables of a template of our connection.
have() { is "$1" "SELECT status, category, variables FROM whatsapp_template WHERE connection_id = '$CONN' AND name = '$2'" "$3"; }
again() {
	sql "SET ROLE balcao_worker; DO \$\$ BEGIN PERFORM app.enter_connection('id', '$CONN'); PERFORM app.template_order('$CONN'); END \$\$" >/dev/null
	job templates
}
# synced WHAT ERROR: the last fetch of our connection.
synced() { is "$1" "SELECT synced_at IS NOT NULL, error FROM priv.template_sync WHERE connection_id = '$CONN'" "$2"; }
all() { sql "SELECT md5(string_agg(x::text, '' ORDER BY id)) FROM whatsapp_template x"; }

stub '{"template":{"name":"so_agora","language":"pt_BR","category":"UTILITY","components":[{"type":"BODY","text":"Só agora, {{1}}."}]}}'
for i in $(seq 1 95); do stub "{\"template\":{\"name\":\"cheia_$i\",\"language\":\"pt_BR\",\"components\":[{\"type\":\"BODY\",\"text\":\"Cheia $i\"}]}}"; done
job templates
is 'new connections are fetched unasked' "SELECT count(*), count(account), count(synced_at) FROM priv.template_sync" '3|3|3'
is 'two pages of them, for each' "SELECT DISTINCT count(*) FROM whatsapp_template GROUP BY connection_id" 106
have 'approved, with its variables' confirmacao_agendamento 'approved|UTILITY|3'
have 'pending' pesquisa_satisfacao 'pending|MARKETING|1'
have 'rejected' promocao_relampago 'rejected|MARKETING|1'
is 'each in its tenant' "SELECT count(*) FROM whatsapp_template w JOIN connection c ON c.id = w.connection_id WHERE c.tenant_id <> w.tenant_id" 0
job templates
is 'not twice in an hour' "SELECT count(*) FROM priv.job WHERE kind = 'templates'" 3
sql "UPDATE priv.template_sync SET ordered_at = now() - interval '61 minutes'" >/dev/null
before=$(all)
job templates
is 'but every hour' "SELECT count(*), count(*) FILTER (WHERE state = 'done') FROM priv.job WHERE kind = 'templates'" '6|6'
check 'what did not change is not written' test "$before" = "$(all)"

stub '{"template":{"name":"aviso_simples","language":"pt_BR","category":"MARKETING","status":"PAUSED","components":[{"type":"BODY","text":"Olá {{nome}}!"}]}}'
again
have 'a change comes over' aviso_simples 'paused|MARKETING|1'
synced 'and all went well' 't|'

# ---- answers that are none ----
before=$(all)
for raw in '"{"' '"{\"data\":{}}"' '"{\"data\":[{\"name\":\"NO\"}]}"' '"<html>"' '"{\"data\":[],\"paging\":{\"next\":\"x\",\"cursors\":{\"after\":\"MTA=\"}}}"'; do
	stub "{\"fail_next\":{\"http\":200,\"raw\":$raw,\"count\":70,\"to\":\"templates\"}}"
	again
	stub '{"fail_next":null}'
	check "things stay as they were: $raw" test "$before" = "$(all)"
	is "and it is said: $raw" "SELECT error IS NOT NULL FROM priv.template_sync WHERE connection_id = '$CONN'" t
done
stub '{"fail_next":{"http":400,"code":200,"to":"templates"}}'
again
synced 'no right to read templates' 't|(#200) API Permission: API Permission'
is 'the connection is none the worse' "SELECT status FROM connection WHERE id = '$CONN'" connected
stub '{"fail_next":{"http":500,"code":2,"to":"templates"}}'
again
is 'a fault of theirs is tried again' "SELECT state, attempt FROM priv.job WHERE kind = 'templates' AND state = 'ready'" 'ready|1'
soon
job templates
synced 'until it goes' 't|'
stub '{"down":true}'
again
stub '{"down":false}'
check 'so is silence' test "$(waiting)" = 1
soon
job templates

# ---- removed ----
stub '{"reset":true}'
again
have 'what they have no more is disabled' so_agora 'disabled|UTILITY|1'
have 'and what came back is back' aviso_simples 'approved|UTILITY|0'

# ---- webhooks ----
news() { printf '{"object":"whatsapp_business_account","entry":[{"id":"%s","time":1751247548,"changes":[{"field":"%s","value":{"event":"PAUSED","message_template_id":1,"message_template_name":"x","message_template_language":"pt_BR"}}]}]}' "$1" "$2"; }
hook "$(news 102290129340398 message_template_status_update)"
job normalise
check 'news of an account: all its numbers fetch anew' test "$(waiting)" = 3
hook "$(news 102290129340398 message_template_quality_update)"
job normalise
check 'more news while they wait: once' test "$(waiting)" = 3
job templates
hook "$(news 102290129340398 template_category_update)" "$OWN_ID"
job normalise
is 'an app of its own speaks for its own number' "SELECT string_agg(DISTINCT subject_id::text, ' ') FROM priv.job WHERE kind = 'templates' AND state = 'ready'" "$OWN_ID"
hook "$(news 999 message_template_status_update)"
hook "$(news 'x999' message_template_status_update)"
job normalise
is 'an account nobody here has' "SELECT count(*) FROM webhook_event WHERE state = 'processed' AND reason = 'templates of an account nobody here has'" 1
is 'and one that is none' "SELECT reason FROM webhook_event ORDER BY received_at DESC LIMIT 1" 'field message_template_status_update not used'
checks_done
