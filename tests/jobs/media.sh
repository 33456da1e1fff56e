#!/usr/bin/env bash
# Files that come in and go out, with the stub as the provider; and what purge forgets.
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

# comes TYPE MEDIA-ID [MORE]: somebody sends a file.
comes() {
	say_in "\"contacts\":[{\"wa_id\":\"5531990000001\",\"profile\":{\"name\":\"P1\"}}],\"messages\":[{\"id\":\"m-$2\",\"from\":\"5531990000001\",\"timestamp\":\"$(date +%s)\",\"type\":\"$1\",\"$1\":{\"id\":\"$2\",\"mime_type\":\"text/html\"${3:-}}}]"
}
a() { is "$1" "SELECT a.state, a.mime FROM attachment a JOIN message m ON m.id = a.message_id WHERE m.external_id = 'm-$2'" "$3"; }
comes image test-png
comes document test-pdf ',"filename":"Orçamento.pdf"'
comes image test-jpeg
job media
a 'an image, by what it really is' test-png 'stored|image/png'
a 'a document' test-pdf 'stored|application/pdf'
is 'it keeps its name' "SELECT name FROM attachment a JOIN message m ON m.id = a.message_id WHERE m.external_id = 'm-test-pdf'" Orçamento.pdf
is 'the page is told' "SELECT count(*) FROM event WHERE kind = 'message:updated' AND data ? 'attachment'" 3
sql "SELECT sha256 || '  ' || '$BALCAO_FILES/' || file FROM attachment WHERE state = 'stored'" >"$JOBS_DIR/sums"
check 'the files are those announced' sha256sum -c --quiet "$JOBS_DIR/sums"
check 'nobody else may read them' test -z "$(find "$BALCAO_FILES" -mindepth 1 -perm /007)"
comes image test-png2-missing
for _ in 1 2 3 4 5; do
	soon
	job media
done
a 'one that is not there is gone after five tries' test-png2-missing 'gone|text/html'
comes image test-webp
BALCAO_MEDIA_MAX=10 job media
a 'one that is too large is left there' test-webp 'too_large|text/html'
comes sticker test-png3 ',"sha256":"'"$(printf 0%.0s $(seq 64))"'"'
stub '{"down":true}'
job media
is 'the provider is away: it waits' "SELECT a.state, j.state FROM attachment a JOIN priv.job j ON j.subject_id = a.id JOIN message m ON m.id = a.message_id WHERE m.external_id = 'm-test-png3'" 'wait|ready'
stub '{"down":false}'

# ---- out ----
sql "SET ROLE balcao_worker; DO \$\$ DECLARE v conversation; i uuid := app.uuid7(); BEGIN PERFORM app.enter_connection('whatsapp', '$NUMBER'); SELECT * INTO v FROM conversation;
	INSERT INTO message (id, conversation_id, connection_id, direction, kind, text, status) VALUES (i, v.id, v.connection_id, 'out', 'image', 'a foto', 'queued');
	INSERT INTO attachment (message_id, kind, name, mime, state, file) SELECT i, 'image', 'foto.png', a.mime, 'stored', a.file FROM attachment a JOIN message m ON m.id = a.message_id WHERE m.external_id = 'm-test-png';
	PERFORM app.job_add('send', i, v.id, NULL); END \$\$"
job send
is 'a file of ours goes up and out' "SELECT m.status, a.external_id IS NOT NULL FROM message m JOIN attachment a ON a.message_id = m.id WHERE m.text = 'a foto'" 'sent|t'
journal_load
is 'with its caption' "SELECT line -> 'body' -> 'image' ->> 'caption' FROM journal WHERE line ->> 'type' = 'image'" 'a foto'

# ---- purge ----
orphan=$BALCAO_FILES/00/$(printf 0%.0s $(seq 64))
known=$BALCAO_FILES/$(sql "SELECT file FROM attachment WHERE state = 'stored' LIMIT 1")
mkdir -p "${orphan%/*}"
echo x >"$orphan"
echo x >"${orphan%/*}/.temp"
touch -d '2 days ago' "$orphan" "${orphan%/*}/.temp" "$known"
psql -XqAtU "$RUN_AS" -v ON_ERROR_STOP=1 -c "BEGIN; SELECT app.become(tenant_id, NULL, 'all', NULL, NULL) FROM connection WHERE external_id = '$NUMBER';
	INSERT INTO pending_change (connection_id, external_id, change, created_at) SELECT id, 'x', '{}', now() - interval '9 days' FROM connection WHERE external_id = '$NUMBER';
	INSERT INTO event (kind, subject_kind, subject_id, at) VALUES ('x', 'x', app.uuid7(), now() - interval '31 days'); COMMIT" >/dev/null
psql -XqAtU "$RUN_AS" -c "UPDATE webhook_event SET received_at = now() - interval '366 days'" >/dev/null
before=$(sql 'SELECT count(*) FROM event')
job purge
is 'old webhooks, changes and events go' "SELECT (SELECT count(*) FROM webhook_event), (SELECT count(*) FROM pending_change), (SELECT count(*) FROM event)" "0|0|$((before - 1))"
job purge
is 'not twice in an hour' 'SELECT round FROM priv.purge' 1
for _ in $(seq 24); do
	sql "UPDATE priv.purge SET at = '-infinity'"
	job purge
done
check 'a day later orphans are gone' test ! -e "$orphan" -a ! -e "${orphan%/*}/.temp"
check 'and files with a row are not' test -e "$known"
checks_done
