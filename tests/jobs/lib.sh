# shellcheck shell=bash
# lib.sh: a database, a stub of the provider and a worker, for the scripts in tests/jobs. Sourced after scripts/lib.sh.
# Wants PGHOST, a server's socket directory. Its superuser is SUPER, or the user that runs instances; the programs are
# those of JOBS_BIN, or of the build.
# shellcheck disable=SC2034  # the scripts that source this file use the names

JOBS_DIR=
STUB_PID=
NUMBER=1122334455667    # of the tenant loja-a
NUMBER_B=2000000000001  # of loja-b
NUMBER_OWN=2000000000002 # of loja-b, with an app of its own
export BALCAO_SEAL_KEYS=t1:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f

jobs_names() {
	if [ -n "${SUPER:-}" ]; then RUN_AS=$SUPER; else become_ready; fi
	BIN=${JOBS_BIN:-$BIN}
}

# jobs_up DATABASE: makes it anew, with two tenants and their numbers. jobs_down removes what was made.
jobs_up() {
	JOBS_DB=$1
	[ -n "$JOBS_DIR" ] || JOBS_DIR=$(mktemp -d /tmp/balcao-jobs.XXXXXX)
	export BALCAO_DB="host=$PGHOST dbname=$JOBS_DB" BALCAO_FILES=$JOBS_DIR/files BALCAO_SHARE=${BALCAO_SHARE:-$ROOT} PGDATABASE=$JOBS_DB
	mkdir -p "$BALCAO_FILES"
	export PGOPTIONS='-c client_min_messages=warning'
	psql -XqU "$RUN_AS" -d postgres -v ON_ERROR_STOP=1 -c "DROP DATABASE IF EXISTS $JOBS_DB WITH (FORCE)" -c "CREATE DATABASE $JOBS_DB"
	psql -XqU "$RUN_AS" -v ON_ERROR_STOP=1 -f "$ROOT/sql/roles.sql"
	unset PGOPTIONS
	"$BIN/balcao-migrate" >/dev/null
	"$BIN/balcao-console" tenant-add --name 'Loja A' --slug loja-a >/dev/null
	"$BIN/balcao-console" tenant-add --name 'Loja B' --slug loja-b >/dev/null
	jobs_number loja-a WhatsApp $NUMBER
	jobs_number loja-b WhatsApp $NUMBER_B
	jobs_number loja-b 'WhatsApp próprio' $NUMBER_OWN --own-app
	OWN_ID=$(sql "SELECT id FROM connection WHERE external_id = '$NUMBER_OWN'")
}
jobs_number() {
	printf '%s\n' "access_token=token-$1" ${4:+app_secret=s verify_token=v} |
		"$BIN/balcao-console" whatsapp-add --tenant "$1" --name "$2" --phone-number-id "$3" ${4:+"$4"} --secrets-stdin >/dev/null
}
jobs_down() {
	stub_down
	[ -z "$JOBS_DIR" ] || rm -rf "$JOBS_DIR"
	[ -z "${JOBS_DB:-}" ] || psql -XqU "$RUN_AS" -d postgres -c "DROP DATABASE IF EXISTS $JOBS_DB WITH (FORCE)" 2>/dev/null || true
}

# stub_up [options]: the provider; the worker's settings follow it. stub CONTROL-JSON commands it.
# shellcheck disable=SC2120  # options are optional
stub_up() {
	local n=0
	[ -n "${STUB_PORT_JOBS:-}" ] || STUB_PORT_JOBS=$(free_port)
	JOURNAL=$JOBS_DIR/journal
	"$BIN/balcao-graph-stub" --listen "127.0.0.1:$STUB_PORT_JOBS" --phone "$NUMBER:token-loja-a" --phone "$NUMBER_B:token-loja-b" \
		--phone "$NUMBER_OWN:token-loja-b" --secret s --journal "$JOURNAL" --seed 1 --no-statuses "$@" 2>>"$JOBS_DIR/stub.log" &
	STUB_PID=$!
	export BALCAO_GRAPH_URL=http://127.0.0.1:$STUB_PORT_JOBS BALCAO_EGRESS_ALLOW=127.0.0.1:$STUB_PORT_JOBS
	until port_taken "$STUB_PORT_JOBS"; do
		n=$((n + 1))
		[ $n -lt 100 ] || fail "the stub does not start: $(tail -n 2 "$JOBS_DIR/stub.log")"
		# Somebody else took the port between the look and the start: another one.
		if ! kill -0 "$STUB_PID" 2>/dev/null && [ $n -lt 60 ]; then
			STUB_PORT_JOBS=
			STUB_TRY=$((${STUB_TRY:-0} + 1))
			[ "$STUB_TRY" -lt 5 ] || fail "the stub does not start: $(tail -n 2 "$JOBS_DIR/stub.log")"
			stub_up "$@"
			return
		fi
		sleep 0.05
	done
}
stub_down() {
	[ -z "$STUB_PID" ] || kill "$STUB_PID" 2>/dev/null || true
	[ -z "$STUB_PID" ] || wait "$STUB_PID" 2>/dev/null || true
	STUB_PID=
}
stub() { curl -fsS --noproxy '*' --max-time 10 -d "$1" "$BALCAO_GRAPH_URL/control" >/dev/null; }

# sql TEXT: as superuser, who sees every tenant; one value a line, columns split by |.
sql() { psql -XqAtU "$RUN_AS" -v ON_ERROR_STOP=1 -c "$1"; }
# is NAME SQL WANT: the statement gives this.
is() { check "$1" same "$2" "$3"; }
same() {
	local got
	got=$(sql "$1")
	[ "$got" = "$2" ] || {
		printf 'got:\n%s\nwant:\n%s\n' "$got" "$2"
		return 1
	}
}

# hook BODY [CONNECTION]: a webhook as the door keeps it.
hook() {
	local hex conn=NULL
	hex=$(printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n')
	[ -z "${2:-}" ] || conn="'$2'"
	printf "SET ROLE balcao_ingest; SELECT app.hook_store('whatsapp', %s, decode('%s', 'hex'), sha256(decode('%s', 'hex')), NULL);\n" "$conn" "$hex" "$hex" |
		psql -XqAtU "$RUN_AS" -v ON_ERROR_STOP=1 >/dev/null
}
# body LISTS [NUMBER]: a webhook of one change with these members, e.g. '"messages":[...]'.
body() {
	printf '{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp",'
	printf '"metadata":{"phone_number_id":"%s"},%s}}]}]}' "${2:-$NUMBER}" "$1"
}
# text ID FROM TEXT [MORE]: a message object.
text() {
	printf '{"id":"%s","from":"%s","timestamp":"%s","type":"text","text":{"body":"%s"}%s}' "$1" "$2" "${AT:-$(date +%s)}" "$3" "${4:-}"
}
# job KIND: what is ready now. A worker's complaints are shown when a check fails.
job() { "$BIN/balcao-job" "$@" --once 2>>"$JOBS_DIR/job.log"; }
# three KIND: three workers side by side.
three() {
	local pids=()
	for _ in 1 2 3; do
		job "$1" &
		pids+=($!)
	done
	wait "${pids[@]}"
}
say_in() { # say_in WEBHOOK-LISTS [NUMBER]: stored and normalised
	hook "$(body "$@")"
	job normalise
}

# order NUMBER N TAG: N messages "TAG 1", "TAG 2" ... to each of the people of people().
order() {
	sql "SET ROLE balcao_worker; DO \$\$ BEGIN PERFORM app.enter_connection('whatsapp', '$1');
		PERFORM app.message_out(v.id, '$3 ' || k, false, '$3' || k, NULL, 'text', NULL)
		FROM generate_series(1, $2) k, conversation v JOIN connection c ON c.id = v.connection_id
		WHERE c.external_id = '$1' AND v.contact_name LIKE 'P%' AND v.window_until > now(); END \$\$"
}
# people NUMBER N: so many write to us.
people() {
	sql "SET ROLE balcao_worker; DO \$\$ DECLARE c uuid; BEGIN SELECT app.enter_connection('whatsapp', '$1') INTO c;
		PERFORM app.message_in(c, jsonb_build_object('name', 'P' || i, 'channel', 'whatsapp', 'ids', jsonb_build_array(
			jsonb_build_object('kind', 'phone', 'value', '5531' || (90000000 + i), 'shown', '55319' || (90000000 + i)))),
			jsonb_build_object('external_id', 'in-' || i, 'kind', 'text', 'text', 'oi'))
		FROM generate_series(1, $2) i; END \$\$"
}
# journal_load: the stub's journal as table journal(n, outcome, message) of what was sent.
journal_load() {
	PGOPTIONS='-c client_min_messages=warning' psql -XqU "$RUN_AS" -v ON_ERROR_STOP=1 -c 'CREATE TABLE IF NOT EXISTS public.journal (line jsonb)' -c 'TRUNCATE public.journal' \
		-c "\\copy public.journal FROM '$JOURNAL' WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"
}
# soon: time passes: all waits are over. expire: all leases are.
soon() { sql "UPDATE priv.job SET run_at = now() WHERE state = 'ready'; DELETE FROM priv.rate;
	UPDATE connection SET paused_until = NULL WHERE paused_until IS NOT NULL" >/dev/null; }
expire() { sql "UPDATE priv.job SET lease_until = now() - interval '1 second' WHERE state IN ('run', 'sending')" >/dev/null; }
