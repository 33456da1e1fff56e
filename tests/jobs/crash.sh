#!/usr/bin/env bash
# The worker is killed with SIGKILL at each named crash point, at random moments, stopped beyond its lease and raced by
# the rescuer. The stub's journal is the only judge of what arrived: no message is lost, none arrives twice, and those
# that were cut in the middle are uncertain until a status settles them. Needs a build with -DCRASH_POINTS.
# CRASH_MESSAGES and CRASH_KILLS say how much (240 messages; 56 kills of a sender, and as many webhooks); CRASH_SEED repeats a run.
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"
# shellcheck source=tests/jobs/lib.sh
. "$(dirname "$0")/lib.sh"
jobs_names
MESSAGES=${CRASH_MESSAGES:-240}
KILLS=${CRASH_KILLS:-56}
SEED=${CRASH_SEED:-$RANDOM}
RANDOM=$SEED
trap jobs_down EXIT
say "seed $SEED"

POINTS=(claim after_claim before_send mid_send after_send before_commit after_commit)
if ! grep -q BALCAO_CRASH "$BIN/balcao-job"; then fail "$BIN/balcao-job was built without -DCRASH_POINTS"; fi

# cut_at KIND POINT:N: a worker that is killed there, or ends.
cut_at() {
	BALCAO_CRASH=$2 "$BIN/balcao-job" "$1" --once 2>>"$JOBS_DIR/job.log" &
	wait $!
} 2>/dev/null
said() { say "       $kills kills:$(for p in "${!killed[@]}"; do printf ' %s %s' "$p" "${killed[$p]}"; done)"; }
# hit NAME POINT...: at least half of the kills that were wanted took place, and one at each of these points.
hit() {
	local name=$1 p
	shift
	check "$name: half of $KILLS kills at least" test "$kills" -ge $((KILLS / 2))
	for p; do check "$name: killed at $p" test "${killed[$p]:-0}" -gt 0; done
}
ended_wrong() {
	check "the worker ends with 0 or by SIGKILL, not with $rc" false
	tail -n 5 "$JOBS_DIR/job.log"
}
# left: jobs that are not at their end.
left() { sql "SELECT count(*) FROM priv.job WHERE state IN ('ready', 'run', 'sending')"; }
rescue() { sql 'SET ROLE balcao_worker; SELECT app.job_rescue()' >/dev/null; }
statuses() { # every accepted message is reported as delivered, 50 in a webhook
	sql "SELECT count(app.hook_store('whatsapp', NULL, convert_to(b, 'UTF8'), sha256(convert_to(b, 'UTF8')), NULL)) FROM (
		SELECT json_build_object('object', 'whatsapp_business_account', 'entry', json_build_array(json_build_object('changes', json_build_array(json_build_object('field', 'messages',
			'value', json_build_object('metadata', json_build_object('phone_number_id', '$NUMBER'), 'statuses', json_agg(json_build_object('id', line ->> 'wamid', 'status', 'delivered',
			'timestamp', '1730000000', 'biz_opaque_callback_data', line ->> 'biz_opaque_callback_data')))))))) ::text AS b
		FROM journal WHERE line ->> 'outcome' = 'accepted' GROUP BY (line ->> 'n')::int / 50) t" >/dev/null
	job normalise
}
judge() { # judge NAME CUT: what must hold at the end; CUT messages were cut while they were sent ("" when unknown)
	journal_load
	is "$1: nothing is left undone" "SELECT count(*) FROM priv.job WHERE kind = 'send' AND state IN ('ready', 'run', 'sending', 'dead')" 0
	is "$1: every message is sent or uncertain" "SELECT count(*) FROM message WHERE direction = 'out' AND status NOT IN ('sent', 'uncertain')" 0
	is "$1: none arrived twice" "SELECT count(*) FROM (SELECT 1 FROM journal WHERE line ->> 'outcome' = 'accepted' GROUP BY line ->> 'biz_opaque_callback_data' HAVING count(*) > 1) t" 0
	is "$1: every sent one arrived" "SELECT count(*) FROM message m WHERE m.direction = 'out' AND m.status = 'sent' AND NOT EXISTS (
		SELECT FROM journal WHERE line ->> 'outcome' = 'accepted' AND line ->> 'biz_opaque_callback_data' = m.id::text AND line ->> 'wamid' = m.external_id)" 0
	is "$1: everything that arrived is sent or uncertain" "SELECT count(*) FROM journal j LEFT JOIN message m ON m.id::text = j.line ->> 'biz_opaque_callback_data'
		WHERE j.line ->> 'outcome' = 'accepted' AND coalesce(m.status, '') NOT IN ('sent', 'uncertain')" 0
	[ -z "$2" ] || is "$1: uncertain are just those that were cut" "SELECT count(*) FROM message WHERE status = 'uncertain'" "$2"
	say "       $(sql "SELECT count(*) FILTER (WHERE status = 'sent') || ' sent, ' || count(*) FILTER (WHERE status = 'uncertain') || ' uncertain, ' ||
		(SELECT count(*) FROM journal WHERE line ->> 'outcome' = 'accepted') || ' arrived' FROM message WHERE direction = 'out'")"
	statuses
	is "$1: statuses settle all that arrived" "SELECT count(*) FROM message m JOIN journal ON line ->> 'biz_opaque_callback_data' = m.id::text AND line ->> 'outcome' = 'accepted'
		WHERE m.status <> 'delivered'" 0
	is "$1: only what never arrived stays uncertain" "SELECT count(*) FROM message m WHERE m.status = 'uncertain' AND EXISTS (SELECT FROM journal WHERE line ->> 'outcome' = 'accepted' AND line ->> 'biz_opaque_callback_data' = m.id::text)" 0
	is "$1: and so do their jobs" "SELECT count(*) FROM priv.job j WHERE j.kind = 'send' AND (j.state = 'uncertain') <> (SELECT m.status = 'uncertain' FROM message m WHERE m.id = j.subject_id)" 0
}
fresh() { # fresh PEOPLE EACH
	stub_down
	jobs_up "${JOBS_NAME:-balcao_jobs_test}"
	rm -f "$JOBS_DIR/journal"
	# shellcheck disable=SC2119
	stub_up
	people $NUMBER "$1" >/dev/null
	order $NUMBER "$2" c >/dev/null
}

# ---- at each crash point ----
fresh $(((MESSAGES + 3) / 4)) 4
each=$((MESSAGES / KILLS + 1))
kills=0
cut=0
declare -A killed
while [ "$(left)" != 0 ]; do
	point=${POINTS[$((kills % ${#POINTS[@]}))]}
	# A claim takes sixteen at once: the first or the second, or there would be too few kills.
	case $point in claim | after_claim) n=$((RANDOM % 2 + 1)) ;; *) n=$((RANDOM % each + 1)) ;; esac
	[ $kills -lt $((KILLS * 3)) ] || point=none
	rc=0
	cut_at send "$point:$n" || rc=$?
	if [ $rc = 137 ]; then
		kills=$((kills + 1))
		killed[$point]=$((${killed[$point]:-0} + 1))
		case $point in before_send | mid_send | after_send | before_commit) cut=$((cut + 1)) ;; esac
		expire
	elif [ $rc != 0 ]; then
		ended_wrong
		break
	fi
	rescue
	soon
done
said
hit 'killed at crash points' "${POINTS[@]}"
judge 'killed at crash points' $cut

# ---- at any moment ----
fresh $(((MESSAGES + 3) / 4)) 4
stub '{"delay_ms":5}'
kills=0
while [ "$(left)" != 0 ]; do
	"$BIN/balcao-job" send --once 2>>"$JOBS_DIR/job.log" &
	pid=$!
	sleep "0.$(printf %03d $((RANDOM % 400 + 60)))"
	if kill -KILL $pid 2>/dev/null; then kills=$((kills + 1)); fi
	wait $pid 2>/dev/null || true
	expire
	rescue
	soon
done
say "       $kills kills"
check 'killed at any moment: three kills at least' test "$kills" -ge 3
judge 'killed at any moment' ''

# ---- the rescuer takes jobs from four workers that live ----
fresh $(((MESSAGES + 3) / 4)) 4
stub '{"delay_ms":150}'
"$BIN/balcao-job" send --for 3600 --copies 4 2>>"$JOBS_DIR/job.log" &
pid=$!
n=0
while [ "$(left)" != 0 ] && [ $n -lt $((MESSAGES * 3)) ]; do
	[ $((n % 3)) != 0 ] || expire
	rescue
	soon
	n=$((n + 1))
done
kill -TERM $pid
wait $pid || true
judge 'the rescuer races four workers' ''

# ---- stopped beyond the lease ----
fresh 1 1
stub '{"delay_ms":4000}'
"$BIN/balcao-job" send --once 2>>"$JOBS_DIR/job.log" &
pid=$!
until [ "$(sql "SELECT state FROM priv.job WHERE kind = 'send'")" = sending ]; do sleep 0.05; done
sleep 0.5
kill -STOP $pid
expire
rescue
is 'a worker that sleeps loses its job as uncertain' "SELECT m.status, j.state FROM message m JOIN priv.job j ON j.subject_id = m.id WHERE m.direction = 'out'" 'uncertain|uncertain'
sleep 4
kill -CONT $pid
wait $pid || true
is 'and changes nothing when it wakes' "SELECT m.status, j.state, m.external_id IS NULL FROM message m JOIN priv.job j ON j.subject_id = m.id WHERE m.direction = 'out'" 'uncertain|uncertain|t'
judge 'stopped' 1

# ---- webhooks, the worker killed while it reads them ----
jobs_up "${JOBS_NAME:-balcao_jobs_test}"
for i in $(seq 1 "$KILLS"); do
	hook "$(body "\"messages\":[$(text "k$i" "553199000000$((i % 4))" "oi $i"),$(text "l$i" "553199000001$((i % 4))" "oi $i")],\"statuses\":[{\"id\":\"z$i\",\"status\":\"sent\",\"timestamp\":\"1730000000\"}]")"
done
# The points of sending are none of reading.
READS=(claim after_claim before_commit after_commit)
kills=0
killed=()
while [ "$(left)" != 0 ]; do
	point=${READS[$((kills % ${#READS[@]}))]}
	[ $kills -lt "$KILLS" ] || point=none
	# A claim takes many at once.
	case $point in claim | after_claim) n=1 ;; *) n=$((RANDOM % 3 + 1)) ;; esac
	rc=0
	cut_at normalise "$point:$n" || rc=$?
	if [ $rc = 137 ]; then
		kills=$((kills + 1))
		killed[$point]=$((${killed[$point]:-0} + 1))
	elif [ $rc != 0 ]; then
		ended_wrong
		break
	fi
	expire
	rescue
	soon
done
said
hit 'killed while it reads' "${READS[@]}"
is 'every message stands once' "SELECT count(*), count(DISTINCT external_id), count(DISTINCT conversation_id) FROM message WHERE direction = 'in'" "$((KILLS * 2))|$((KILLS * 2))|8"
is 'every event is processed' "SELECT count(*) FROM webhook_event WHERE state = 'processed'" "$KILLS"
is 'every status waits for its message' "SELECT count(DISTINCT external_id) FROM pending_change" "$KILLS"
checks_done
