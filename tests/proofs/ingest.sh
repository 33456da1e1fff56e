#!/usr/bin/env bash
# REL-1: acknowledged webhooks are never lost and never doubled, whatever is killed meanwhile.
#   tests/proofs/ingest.sh COUNT KILLS SEED      in a running instance (BALCAO_DIR, BALCAO_HTTP_PORT)
# Kills -9 at random: FastCGI processes, their watcher, jobs, nginx workers, PostgreSQL's backends and its postmaster.
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"
cd "$ROOT"
count=${1:-2000} kills=${2:-10} seed=${3:-$RANDOM}
RANDOM=$seed
say "ingest: count=$count kills=$kills seed=$seed"
become_ready
passed=0 failed=0
check() { # what, got, wanted
	if [ "$2" = "$3" ]; then passed=$((passed + 1)); say "ok   $1: $2"; else failed=$((failed + 1)); say "FAIL $1: got $2, want $3"; fi
}
sql() { "${AS[@]}" psql -h "$SOCK" -d balcao -XAtqc "$1"; }
ours() { # pids of this instance whose command matches
	local p
	for p in $(pgrep -f "$1"); do
		if { tr "\0" "\n" <"/proc/$p/environ"; } 2>/dev/null | grep -qxF "BALCAO_DIR=$DIR"; then echo "$p"; fi
	done
}
postmaster() { head -n 1 "$DIR/pg/postmaster.pid" 2>/dev/null || true; }
victim() {
	local list=() pm
	pm=$(postmaster)
	case $((RANDOM % 8)) in
	0 | 1) mapfile -t list < <(ours '/balcao-hooks$') ;;
	2) mapfile -t list < <(ours '/balcao-job ') ;;
	3) mapfile -t list < <(ours 'nginx: worker') ;;
	4) mapfile -t list < <(ours 'multiwatch.*balcao-hooks') ;;
	5 | 6) if [ -n "$pm" ]; then mapfile -t list < <(pgrep -P "$pm" || true); fi ;;
	7) if [ -n "$pm" ]; then list=("$pm"); fi ;;
	esac
	[ ${#list[@]} -gt 0 ] && echo "${list[RANDOM % ${#list[@]}]}"
}
tag=P$seed.$$
secret=$(sed -n 's/^BALCAO_WHATSAPP_APP_SECRET=//p' "$DIR/balcao.conf")
out=$(mktemp)
"$BIN/ingest_load" "$HTTP_PORT" "$secret" 100000000000001 "$count" "$seed" "$tag" >"$out" &
load=$!
done_kills=0
while kill -0 "$load" 2>/dev/null; do
	if ((done_kills < kills)); then
		v=$(victim || true)
		if [ -n "$v" ] && kill -9 "$v" 2>/dev/null; then done_kills=$((done_kills + 1)); fi
	fi
	sleep "0.$((RANDOM % 40 + 5))"
done
wait "$load" || { cat "$out"; say 'passed=0 failed=1'; exit 1; }
cat "$out"
say "killed $done_kills processes"
check 'half of the kills at least' "$((done_kills * 2 >= kills))" 1
limit=$((SECONDS + 60))
until curl -fs --noproxy '*' "http://127.0.0.1:$HTTP_PORT/health" >/dev/null; do ((SECONDS < limit)) || { say 'FAIL not healthy again after 60 s'; failed=1; break; }; sleep 0.3; done
limit=$((SECONDS + 240))
until [ "$(sql "SELECT count(*) FROM webhook_event WHERE state = 'received'")" = 0 ]; do ((SECONDS < limit)) || break; sleep 0.5; done
has="position('wamid.$tag-'::bytea IN body) > 0"
check 'events stored' "$(sql "SELECT count(*) FROM webhook_event WHERE $has")" "$count"
check 'different events' "$(sql "SELECT count(DISTINCT substring(encode(body, 'escape') FROM 'wamid\.$tag-\d+')) FROM webhook_event WHERE $has")" "$count"
check 'events processed' "$(sql "SELECT count(*) FROM webhook_event WHERE state = 'processed' AND $has")" "$count"
check 'messages' "$(sql "SELECT count(*) FROM message WHERE external_id LIKE 'wamid.$tag-%'")" "$count"
check 'different messages' "$(sql "SELECT count(DISTINCT external_id) FROM message WHERE external_id LIKE 'wamid.$tag-%'")" "$count"
check 'open conversations per person above one' "$(sql "SELECT count(*) FROM (SELECT FROM conversation WHERE status IN ('open', 'in_progress', 'pending') GROUP BY tenant_id, contact_id, connection_id, thread_key HAVING count(*) > 1) d")" 0
people=$((count < 200 ? count : 200))
check 'people' "$(sql "SELECT count(DISTINCT c.contact_id) FROM message m JOIN conversation c USING (tenant_id) WHERE c.id = m.conversation_id AND m.external_id LIKE 'wamid.$tag-%'")" "$people"
check 'jobs given up' "$(sql "SELECT count(*) FROM priv.job WHERE state = 'dead' AND kind = 'normalise'")" 0
rm -f "$out"
say "passed=$passed failed=$failed"
[ "$failed" = 0 ]
