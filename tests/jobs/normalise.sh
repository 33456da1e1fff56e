#!/usr/bin/env bash
# Webhooks through the job "normalise": every sample, twice and in any order, and what they cannot show.
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"
# shellcheck source=tests/jobs/lib.sh
. "$(dirname "$0")/lib.sh"
jobs_names
trap jobs_down EXIT
SAMPLES=$ROOT/tests/samples/whatsapp

# sample FILE TAG: the sample for our number, with ids of its own.
sample() {
	tr -d '\n' <"$SAMPLES/$1.json" | sed -E \
		-e "s/\"phone_number_id\": *\"[^\"]*\"/\"phone_number_id\":\"$NUMBER\"/g" \
		-e "s/(\"(id|message_id|original_message_id)\": *\")(wamid|wacid|<[A-Z_]*WHATSAPP)[^\"]*\"/\1$2\"/g" \
		-e "s/\"timestamp\": *\"?[0-9]+\"?/\"timestamp\":\"${AT:-1730000000}\"/g"
}

# ---- each sample -------------------------------------------------------------------------------------------------
jobs_up "${JOBS_NAME:-balcao_jobs_test}"
for f in "$SAMPLES"/*.json; do
	f=${f##*/}
	f=${f%.json}
	case $f in restfb-message-response*) continue ;; esac
	hook "$(sample "$f" "$f")"
done
job normalise

EVENTS=$(sql 'SELECT count(*) FROM webhook_event')
is 'every sample is processed' "SELECT count(*) FROM webhook_event WHERE state = 'processed'" "$EVENTS"
is 'every job is done' "SELECT string_agg(DISTINCT state, ',') FROM priv.job WHERE kind = 'normalise'" 'done'
# row SAMPLE WANT: kind|text|reply|attachment of the sample's message.
row() {
	is "sample $1" "SELECT m.kind, m.text, m.reply_to, (SELECT string_agg(concat_ws('/', a.kind, a.mime, a.name, a.external_id, CASE WHEN a.voice THEN 'voice' END), ',')
		FROM attachment a WHERE a.message_id = m.id) FROM message m WHERE m.external_id = '$1'" "$2"
}
row in-text 'text|Body Text||'
row in-image 'image|||image/image/jpeg/65463453'
row in-media-with-url 'image|||image/image/jpeg/65463453'
row in-video 'video|caption||video/video/mp4/765756756'
row in-document 'document|caption||document/application/pdf/filename.pdf/1234567890987654321'
row in-voice 'audio|||audio/audio/ogg; codecs=opus/1234567890987654321/voice'
row in-static-sticker 'sticker|||sticker/image/webp/1234567890987654321'
row in-chosen-location 'location|Facebook HQ, 1 Hacker Way, Menlo Park, CA 94025||'
row in-contacts 'contacts|Chandler Bing, Monica, Rachel Green||'
row in-order 'order|3 x HAMBURGER, 2 x FRENCH_FRIES, 2 x SODA||'
row in-unsupported 'unsupported|||'
row in-reply 'text|replied text|in-reply|'
row in-forwarded 'text|forwarded text||'
row in-interactive-message-with-err 'unsupported||in-interactive-message-with-err|'
row in-interactive-button-reply 'interactive|title|in-interactive-button-reply|'
row in-interactive-list-reply 'interactive|title|in-interactive-list-reply|'
row in-interactive-nfm-reply 'interactive|Sent|in-interactive-nfm-reply|'
row in-button-quick-reply 'button|title|in-button-quick-reply|'
row in-referral 'text|BODY||'
row in-system-identity-change 'system|User identity changed||'
row in-system-number-change 'activity|||'
row smb-echo-text 'text|Test message||'
row call-connect-user-initiated 'call|||'
row restfb-webhook-incoming-message-text-bsuid 'text|Does it come in another color?||'
row restfb-webhook-incoming-message-contacts-request-bsuid 'contacts|15551234567||'
is 'the echo is ours' "SELECT direction FROM message WHERE external_id = 'smb-echo-text'" out
is 'the ad is kept' "SELECT payload -> 'referral' ->> 'ctwa_clid' FROM message WHERE external_id = 'in-referral'" CTWA_CLID
is 'forwarded is kept' "SELECT payload -> 'context' ->> 'forwarded' FROM message WHERE external_id = 'in-forwarded'" true
is 'the claimed hash is hex' "SELECT sha256 FROM attachment a JOIN message m ON m.id = a.message_id WHERE m.external_id = 'in-static-sticker'" 3a64f89e18d48423083cd9a3ede78e65e0988d35e42f1a0ebfce4e3021704ae7
is 'why it came empty is kept' "SELECT payload -> 'errors' -> 0 ->> 'code' FROM message WHERE external_id = 'in-interactive-message-with-err'" 131000
is 'the group has its own conversation' "SELECT v.contact_kind, v.thread_key, m.author_name FROM message m JOIN conversation v ON v.id = m.conversation_id
	WHERE m.external_id = 'restfb-webhook-incoming-message-text-bsuid'" 'group|120363418770915618@g.us|Sheena Nelson'
is 'nothing went to the other tenant' "SELECT count(*) FROM message m JOIN tenant t USING (tenant_id) WHERE t.slug = 'loja-b'" 0
is 'each media message ordered its file' "SELECT count(*) = (SELECT count(*) FROM attachment) FROM priv.job WHERE kind = 'media'" t

# Everything that may be compared between runs, whatever order things came in.
STATE="SELECT md5(string_agg(x, '|' ORDER BY x)) FROM (
	SELECT concat_ws('~', 'm', external_id, kind, direction, text, status, reply_to, payload - 'context', edited_at, deleted_at) FROM message UNION ALL
	SELECT concat_ws('~', 'r', target, emoji) FROM reaction UNION ALL
	SELECT concat_ws('~', 'i', i.kind, i.value) FROM contact_identity i UNION ALL
	SELECT concat_ws('~', 'p', external_id, change) FROM pending_change UNION ALL
	SELECT concat_ws('~', 'v', thread_key, count(*)) FROM conversation GROUP BY thread_key UNION ALL
	SELECT concat_ws('~', 'a', kind, external_id, count(*)) FROM attachment GROUP BY kind, external_id) t (x)"
COUNTS="SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM conversation), (SELECT count(*) FROM contact), (SELECT count(*) FROM contact_identity),
	(SELECT count(*) FROM attachment), (SELECT count(*) FROM reaction), (SELECT sum(unread) FROM conversation)"
ONCE=$(sql "$COUNTS")
for f in "$SAMPLES"/*.json; do
	f=${f##*/}
	f=${f%.json}
	case $f in restfb-message-response* | status-* | in-edit* | in-revoke* | *-status-*) continue ;; esac
	hook "$(sample "$f" "$f") " # other bytes, the same content
done
job normalise
is 'the same once more changes nothing' "$COUNTS" "$ONCE"

# ---- in any order ------------------------------------------------------------------------------------------------
# The samples that do not speak of one another in ways that depend on who came first.
for seed in 1 2 3 4 5; do
	jobs_up "${JOBS_NAME:-balcao_jobs_test}"
	for f in $(find "$SAMPLES" -name '*.json' -printf '%f\n' | grep -v -e response -e system -e unreaction | LC_ALL=C sort |
		shuf --random-source=<(yes $seed)); do
		f=${f%.json}
		hook "$(sample "$f" "$f")"
	done
	three normalise
	got=$(sql "$STATE")
	[ -n "${first:-}" ] || first=$got
	check "order $seed, three workers: the same end" test "$got" = "$first"
done

# ---- one by one --------------------------------------------------------------------------------------------------
jobs_up "${JOBS_NAME:-balcao_jobs_test}"
C() { printf '"contacts":[{"wa_id":"%s","profile":{"name":"%s"}%s}],' "$1" "$2" "${3:+,\"user_id\":\"$3\"}"; }

say_in "$(C 553187654321 Rui)\"messages\":[$(text n1 553187654321 oi)]"
say_in "$(C 5531987654321 Rui)\"messages\":[$(text n2 5531987654321 oi)]"
is 'both spellings of the ninth digit are one person' "SELECT count(*), max(unread) FROM conversation" '1|2'
is 'the number is kept as it came' "SELECT value, shown FROM contact_identity" '553187654321|5531987654321'
say_in "$(C 551141234567 Fixo)\"messages\":[$(text n3 551141234567 oi)]"
say_in "$(C 5511941234567 Celular)\"messages\":[$(text n4 5511941234567 oi)]"
is 'a fixed line is not the mobile that ends like it' "SELECT count(*) FROM contact WHERE name IN ('Fixo', 'Celular')" 2

say_in "\"contacts\":[{\"user_id\":\"BR.1001\",\"profile\":{\"name\":\"Bia\",\"username\":\"@bia\"}}],\"messages\":[{\"id\":\"b1\",\"from_user_id\":\"BR.1001\",\"timestamp\":\"$(date +%s)\",\"type\":\"text\",\"text\":{\"body\":\"sem número\"}}]"
is 'somebody without a number' "SELECT p.name, p.phone, p.username, v.peer FROM contact p JOIN conversation v ON v.contact_id = p.id WHERE p.name = 'Bia'" 'Bia||@bia|bsuid:BR.1001'
say_in "$(C 5531912340000 Bia BR.1001)\"messages\":[$(text b2 5531912340000 'com número')]"
is 'the number joins the same person' "SELECT count(*), string_agg(i.kind, ',' ORDER BY i.kind) FROM contact_identity i JOIN contact p ON p.id = i.contact_id WHERE p.name = 'Bia'" '2|bsuid,phone'
is 'in the same conversation' "SELECT count(DISTINCT conversation_id) FROM message WHERE external_id IN ('b1', 'b2')" 1

say_in "\"messages\":[{\"id\":\"s1\",\"from\":\"5531912340000\",\"timestamp\":\"$(date +%s)\",\"type\":\"system\",\"system\":{\"type\":\"user_changed_number\",\"wa_id\":\"5521988887777\",\"body\":\"Bia changed from 5531912340000 to 5521988887777\"}}]"
is 'a new number is a line of the conversation' "SELECT m.kind, m.payload FROM message m WHERE external_id = 's1'" 'activity|{"arg": "+55 (21) 98888-7777", "what": "number_changed"}'
say_in "$(C 5521988887777 Bia)\"messages\":[$(text b3 5521988887777 'novo número')]"
is 'and the same person' "SELECT count(DISTINCT conversation_id) FROM message WHERE external_id IN ('b1', 'b2', 'b3')" 1
is 'answers go to the new number' "SELECT v.peer, p.phone FROM conversation v JOIN contact p ON p.id = v.contact_id WHERE p.name = 'Bia'" 'phone:552188887777|5521988887777'
say_in "\"messages\":[{\"id\":\"s2\",\"timestamp\":\"1\",\"type\":\"system\",\"system\":{\"type\":\"user_changed_user_id\",\"user_id\":\"BR.2002\",\"body\":\"User X from BR.9 to BR.8 changed from BR.1001 to BR.2002\"}}]"
is 'a new user id is linked to the one it follows' "SELECT p.name FROM contact_identity i JOIN contact p ON p.id = i.contact_id WHERE i.value = 'BR.2002'" Bia
say_in '"user_id_update":[{"wa_id":"5521988887777","user_id":{"previous":"BR.2002","current":"BR.3003"},"timestamp":"1749416383"}]'
is 'the same by the other way' "SELECT p.name FROM contact_identity i JOIN contact p ON p.id = i.contact_id WHERE i.value = 'BR.3003'" Bia
say_in '"messages":[{"id":"s3","from":"5599999990000","timestamp":"1","type":"system","system":{"type":"user_changed_number","wa_id":"5599999990001"}}]'
is 'news about strangers make nobody' "SELECT count(*) FROM contact_identity WHERE value LIKE '5599%'" 0

# An album: six webhooks at once, three workers.
for i in 1 2 3 4 5 6; do
	hook "$(body "$(C 5511955550000 Álbum)\"messages\":[{\"id\":\"a$i\",\"from\":\"5511955550000\",\"timestamp\":\"$(date +%s)\",\"type\":\"image\",\"image\":{\"id\":\"88$i\",\"mime_type\":\"image/jpeg\"}}]")"
done
three normalise
is 'an album is one person, one conversation, six messages' "SELECT count(DISTINCT v.contact_id), count(DISTINCT v.id), count(*), max(v.unread) FROM message m JOIN conversation v ON v.id = m.conversation_id
	WHERE m.external_id LIKE 'a_'" '1|1|6|6'

# Statuses before and after, in any order.
people $NUMBER 1 >/dev/null
order $NUMBER 1 st >/dev/null
MSG=$(sql "SELECT id FROM message WHERE text = 'st 1'")
S() { printf '"statuses":[{"id":"%s","status":"%s","timestamp":"%s","recipient_id":"5531990000001"%s}]' "$1" "$2" "$3" "${4:-}"; }
say_in "$(S w1 read 1730000300)"
is 'a status of a message we do not know waits' "SELECT external_id, change ->> 'status' FROM pending_change" 'w1|read'
say_in "$(S w1 delivered 1730000200 ",\"biz_opaque_callback_data\":\"$MSG\"")"
is 'our id in it finds the message' "SELECT status, external_id FROM message WHERE id = '$MSG'" 'delivered|w1'
say_in "$(S w1 sent 1730000100)"
is 'a status never goes back' "SELECT status FROM message WHERE id = '$MSG'" delivered
say_in "$(S w1 played 1730000400 ',"pricing":{"billable":true,"pricing_model":"PMP","category":"service"}')"
is 'played is read; the price is kept' "SELECT status, payload -> 'pricing' ->> 'category' FROM message WHERE id = '$MSG'" 'read|service'
say_in "$(S w1 failed 1730000500 ',"errors":[{"code":131026,"title":"x"}]')"
is 'failed cannot follow read' "SELECT status, error_code FROM message WHERE id = '$MSG'" 'read|'
say_in "$(S w1 held_for_review 1730000600)"
is 'unknown statuses are noted' "SELECT reason FROM webhook_event WHERE reason LIKE 'status%'" 'status held_for_review not used'

# Edits, deletions, reactions.
T() { printf '"messages":[{"id":"%s","from":"5511955550000","timestamp":"%s","type":"%s","%s":%s}]' "$1" "$2" "$3" "$3" "$4"; }
say_in "$(T e0 1730000700 edit '{"original_message_id":"e1","message":{"type":"text","text":{"body":"melhor"}}}')"
say_in "\"messages\":[$(AT=1730000600 text e1 5511955550000 pior)]"
is 'an edit before its message' "SELECT text, original FROM message WHERE external_id = 'e1'" 'melhor|pior'
say_in "$(T e2 1730000650 edit '{"original_message_id":"e1","message":{"type":"text","text":{"body":"velho"}}}')"
is 'an older edit changes nothing' "SELECT text FROM message WHERE external_id = 'e1'" melhor
say_in "$(T e3 1730000800 revoke '{"original_message_id":"e1"}')"
say_in "$(T e4 1730000900 edit '{"original_message_id":"e1","message":{"type":"text","text":{"body":"de volta"}}}')"
is 'deleted stays deleted' "SELECT text, original, deleted_at IS NOT NULL FROM message WHERE external_id = 'e1'" '|pior|t'
say_in "$(T r1 1730000700 reaction '{"message_id":"a1","emoji":"❤"}')"
say_in "$(T r2 1730000800 reaction '{"message_id":"a1","emoji":"👍"}')"
is 'the last reaction holds' "SELECT emoji FROM reaction WHERE target = 'a1'" 👍
say_in "$(T r4 1730001000 reaction '{"message_id":"a1"}')"
say_in "$(T r3 1730000900 reaction '{"message_id":"a1","emoji":"😮"}')"
is 'one taken back stays taken back' "SELECT count(*) FROM reaction WHERE target = 'a1'" 0

# Whose number is it.
say_in "\"messages\":[$(text o1 5511900000001 oi)]" 999
is 'a number that nobody has' "SELECT state, reason FROM webhook_event WHERE reason LIKE 'item%'" 'processed|item for a number nobody here has'
say_in "\"messages\":[$(text o2 5511900000001 oi)]" $NUMBER_OWN
is 'a number with its own app is not served by the shared one' "SELECT count(*) FROM message WHERE external_id = 'o2'" 0
hook "$(body "\"messages\":[$(text o3 5511900000001 oi)]" $NUMBER_OWN)" "$OWN_ID"
hook "$(body "\"messages\":[$(text o4 5511900000001 oi)]" $NUMBER)" "$OWN_ID"
hook "$(body "\"messages\":[$(text o5 5511900000001 oi)]" $NUMBER_B)" "$OWN_ID"
job normalise
is 'its own app speaks for that number only' "SELECT string_agg(external_id, ',') FROM message WHERE external_id IN ('o3', 'o4', 'o5')" o3
hook '{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"account_update","value":{"event":"ACCOUNT_VIOLATION","violation_info":{"violation_type":"SCAM"}}}]}]}' "$OWN_ID"
job normalise
is 'trouble with the account is shown' "SELECT status_text FROM connection WHERE id = '$OWN_ID'" 'ACCOUNT_VIOLATION: SCAM'

# What is no proper webhook, and what is odd but must not be lost.
hook 'not json'
hook '{"object":"page","entry":[]}'
hook '{"object":"whatsapp_business_account","object":"x"}'
job normalise
is 'what cannot be read is kept as rejected' "SELECT count(*), count(reason) FROM webhook_event WHERE state = 'rejected'" '3|3'
say_in '"messages":[{"id":"u1","from":"5511955550000","timestamp":1730000000,"type":"text","text":{"body":"meio \ud83d emoji"}},{"id":"u2","from":"5511955550000","timestamp":"ontem","type":"text","text":{"body":"a\u0000b\u0007c"}},
 {"id":"u3","from":"5511955550000","timestamp":"99999999999999999999","type":"poll","poll":{"name":"Qual?","n":99999999999999999999999}},{"id":"u4","from":"5511955550000","type":7},
 {"from":"5511955550000","type":"text","text":{"body":"sem id"}},{"id":"u5","from":"5511955550000","type":"text","text":"solto"},17,{"id":"u6","type":"text","text":{"body":"de quem?"}}]'
is 'odd messages' "SELECT external_id, kind, text FROM message WHERE external_id LIKE 'u_' ORDER BY 1" "$(printf 'u1|text|meio \xef\xbf\xbd emoji\nu2|text|abc\nu3|unsupported|Qual?\nu4|unsupported|\nu5|unsupported|')"
is 'without an id it is kept once' "SELECT count(*) FROM message WHERE text = 'sem id'" 1
is 'what is unknown is in the payload' "SELECT payload ->> 'type' FROM message WHERE external_id = 'u3'" poll
is 'what was not used is said' "SELECT reason FROM webhook_event WHERE reason LIKE '%without sender%'" 'message that is no object; message without sender'

# A large batch: people and statuses of two tenants in one body.
{
	printf '{"object":"whatsapp_business_account","entry":['
	for n in $NUMBER $NUMBER_B; do
		[ "$n" = $NUMBER ] || printf ','
		printf '{"id":"1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"%s"},"messages":[' "$n"
		for i in $(seq 1 500); do
			[ "$i" = 1 ] || printf ','
			printf '{"id":"L%s","from":"55219%08d","timestamp":"1730000000","type":"text","text":{"body":"%0500d"}}' "$i" "$((i % 200 + 70000000))" "$i"
		done
		printf ']}},{"field":"messages","value":{"metadata":{"phone_number_id":"%s"},"statuses":[' "$n"
		for i in $(seq 1 500); do
			[ "$i" = 1 ] || printf ','
			printf '{"id":"LS%s","status":"sent","timestamp":"1730000000"}' "$i"
		done
		printf ']}}]}'
	done
	printf ']}'
} >"$JOBS_DIR/large"
hook "$(cat "$JOBS_DIR/large")"
start=$(date +%s%N)
job normalise
say "       $(wc -c <"$JOBS_DIR/large") bytes, 1000 messages, 1000 statuses: $((($(date +%s%N) - start) / 1000000)) ms"
is 'a large batch goes where it belongs' "SELECT t.slug, count(*), count(DISTINCT m.conversation_id) FROM message m JOIN tenant t USING (tenant_id) WHERE m.external_id ~ '^L[0-9]' GROUP BY 1 ORDER BY 1" \
	"$(printf 'loja-a|500|200\nloja-b|500|200')"
is 'no job is left' "SELECT count(*) FROM priv.job WHERE kind = 'normalise' AND state <> 'done'" 0
checks_done
