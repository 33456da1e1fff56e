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

# Answers as the composer makes them: the message, and its stored file in the same transaction.
# answer KIND MIME NAME FILE [TEXT]
answer() {
	local text=NULL
	[ -z "${5:-}" ] || text="'$5'"
	sql "SET ROLE balcao_worker; DO \$\$ DECLARE i uuid; BEGIN PERFORM app.enter_connection('whatsapp', '$NUMBER');
		SELECT o.message_id INTO i FROM conversation v, app.message_out(v.id, $text, false, NULL, NULL, '$1', NULL) o; RESET ROLE;
		PERFORM app.files_attach(i, '[{\"kind\": \"$1\", \"name\": \"$3\", \"mime\": \"$2\", \"size\": 1, \"sha256\": \"00\", \"file\": \"$4\"}]'); END \$\$" >/dev/null
}
# put FILE: the store's name of a file with these bytes.
put() {
	local name
	name=$(printf '%s' "$1" | sha256sum | cut -c1-64)
	mkdir -p "$BALCAO_FILES/${name:0:2}"
	printf '%b' "$1" >"$BALCAO_FILES/${name:0:2}/$name"
	echo "${name:0:2}/$name"
}
# sent KIND EXPRESSION WANT: of the last message of the kind that the provider took.
sent() {
	journal_load
	is "$1" "SELECT $3 FROM journal WHERE line ->> 'type' = '$2' AND line ->> 'outcome' = 'accepted' ORDER BY (line ->> 'n')::int DESC LIMIT 1" "$4"
}
png=$(sql "SELECT a.file FROM attachment a JOIN message m ON m.id = a.message_id WHERE m.external_id = 'm-test-png'")
answer image image/png mesa.png "$png" 'Ficou assim' && job send
sent 'an image of an answer, with its caption' image "line -> 'body' -> 'image' ->> 'caption'" 'Ficou assim'
answer document application/pdf 'Orçamento nº 7.pdf' "$(put '%PDF-1.4\n')" 'Segue' && job send
sent 'a document keeps its name' document "concat_ws('|', line -> 'body' -> 'document' ->> 'filename', line -> 'body' -> 'document' ->> 'caption')" 'Orçamento nº 7.pdf|Segue'
answer document image/gif anima.gif "$(put 'GIF89a\001\0\001\0')" && job send
sent 'what WhatsApp cannot show goes as a document' document "line -> 'body' -> 'document' ->> 'filename'" anima.gif
answer audio audio/ogg '' "$(put 'OggS\0\002\0\0OpusHead')" && job send
sent 'a sound' audio "line -> 'body' -> 'audio' ? 'id'" t
answer video video/mp4 v.mp4 "$(put '\0\0\0\030ftypmp42')" Filme && job send
sent 'a film' video "line -> 'body' -> 'video' ->> 'caption'" Filme
answer sticker image/webp s.webp "$(put 'RIFF$\0\0\0WEBPVP8X')" && job send
sent 'a sticker' sticker "line -> 'body' -> 'sticker' ? 'id'" t
stub '{"down":true}'
answer image image/png outra.png "$png" 'Mais uma' && job send
is 'an upload that fails waits, and nothing was sent' "SELECT m.status, a.external_id IS NULL FROM message m JOIN attachment a ON a.message_id = m.id WHERE m.text = 'Mais uma'" 'queued|t'
stub '{"down":false}'
soon && job send
sent 'and goes with the next try' image "line -> 'body' -> 'image' ->> 'caption'" 'Mais uma'
answer document application/pdf sumiu.pdf "00/$(printf 1%.0s $(seq 64))" Sumiu && job send
is 'a file that is gone from the store is said' "SELECT status, error_code FROM message WHERE text = 'Sumiu'" 'failed|131053'
sql "UPDATE attachment SET file = '$png', mime = 'image/png' WHERE name = 'sumiu.pdf'; SET ROLE balcao_worker; DO \$\$ BEGIN PERFORM app.enter_connection('whatsapp', '$NUMBER');
	PERFORM app.message_retry(id) FROM message WHERE text = 'Sumiu'; END \$\$" && job send
is 'the button sends it again' "SELECT status FROM message WHERE text = 'Sumiu'" sent
journal_load
is 'each message once' "SELECT count(*) = count(DISTINCT line ->> 'biz_opaque_callback_data') FROM journal WHERE line ->> 'outcome' = 'accepted' AND line ->> 'biz_opaque_callback_data' IS NOT NULL" t

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
