#!/bin/sh
# Checks the double of the WhatsApp Cloud API against what it promises: selftest.sh [BINARY]
# Needs curl and openssl. Ends with "passed=N failed=N".
set -u
bin=${1:-build/release/bin/balcao-graph-stub}
dir=$(mktemp -d)
passed=0 failed=0 pid='' out='' code=''
trap 'stop; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM

start() { # options...
	# What an earlier one said is not its word; the child empties the file when it gets to it.
	: >"$dir/log"
	"$bin" --listen 127.0.0.1:0 --secret s3cret --seed 7 "$@" 2>"$dir/log" &
	pid=$!
	port=''
	for _ in $(seq 100); do
		port=$(sed -n 's/.*ev=listening.* port=\([0-9]*\).*/\1/p' "$dir/log")
		[ -n "$port" ] && break
		sleep 0.05
	done
	base=http://127.0.0.1:$port
}

stop() {
	[ -n "$pid" ] || return 0
	kill -TERM "$pid" 2>/dev/null
	wait "$pid"
	stopped=$?
	pid=''
}

pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "FAILED: $*"; }
is() { # name want got
	if [ "$2" = "$3" ]; then pass; else fail "$1: wanted '$2', got '$3'"; fi
}
has() { # name text: the last answer holds it
	case $out in *"$2"*) pass ;; *) fail "$1: no '$2' in: $out" ;; esac
}
hasnt() {
	case $out in *"$2"*) fail "$1: '$2' in: $out" ;; *) pass ;; esac
}
get() { # curl arguments: body to $out, status to $code
	code=$(curl -s -m 20 -o "$dir/out" -w '%{http_code}' "$@") || code="x$code"
	out=$(tr -d '\0' <"$dir/out" 2>/dev/null)
	: >"$dir/out"
}
auth='Authorization: Bearer T1'
phone=106540352242922
post() { get -H "$auth" -H 'Content-Type: application/json' -d "$1" "$base/v25.0/$phone/messages"; }
control() { get -d "$1" "$base/control"; }
ok() { post "$2"; is "$1" 200 "$code"; }
no() { # name http code body
	post "$4"
	is "$1" "$2" "$code"
	has "$1" "\"code\":$3"
}
to='"messaging_product":"whatsapp","to":"+5531900000142"'
text() { printf '{%s,"type":"text","text":{"body":"%s"}}' "$to" "$1"; }
rep() { awk -v n="$1" -v s="$2" 'BEGIN { while (n--) printf "%s", s }'; }
wait_for() { # text count: until the sink holds it so often
	for _ in $(seq 150); do
		get "$base/control/sink"
		[ "$(printf %s "$out" | grep -oF -- "$1" | wc -l)" -ge "$2" ] && return 0
		sleep 0.1
	done
	return 1
}
comes() { if wait_for "$2" "$3"; then pass; else fail "$1: $out"; fi; }
# One quote of JSON inside the JSON string of the sink.
status() { printf '\\"status\\":\\"%s\\"' "$1"; }

# The sink is the double itself, so its address must be known before it starts.
start --token T1 --journal "$dir/none"
free=$port
stop
is 'ends with 0' 0 "$stopped"

"$bin" --secret x --token T --webhook http://example.com/ 2>/dev/null
is 'webhook off loopback refused' 2 $?
"$bin" --secret x --token T --listen 0.0.0.0:0 2>/dev/null
is 'listening off loopback refused' 2 $?
"$bin" --token T 2>/dev/null
is 'no secret' 2 $?

start --listen "127.0.0.1:$free" --phone "$phone:T1" --phone "555000111:T2:http://127.0.0.1:$free/control/sink" \
	--webhook "http://127.0.0.1:$free/control/sink" --journal "$dir/journal" --status-delay-ms 50,150,300 \
	--old-wa-id 5531912345678 --media-dir "$dir"

echo '== tokens and paths'
get -d '{}' "$base/v25.0/$phone/messages"
is 'no token' 401 "$code"; has 'no token' '"code":190'
get -H 'Authorization: Bearer wrong' -d '{}' "$base/v25.0/$phone/messages"
is 'wrong token' 401 "$code"; has 'wrong token' OAuthException
get -H "$auth" -H 'Content-Type: application/json' -d '{}' "$base/v25.0/999999999/messages"
is 'unknown phone' 400 "$code"; has 'unknown phone' '"error_subcode":33'
get -H "$auth" -H 'Content-Type: application/json' -d "$(text hi)" "$base/v25.0/555000111/messages"
has "another tenant's phone" '"error_subcode":33'
get -H "$auth" -d "$(text hi)" "$base/v25.0/$phone/messages"
is 'form content type' 400 "$code"; has 'form content type' application
get -H "$auth" "$base/$phone/messages"; has 'no version' '"code":2500'
get -H "$auth" -X DELETE "$base/v25.0/$phone"; is 'DELETE' 400 "$code"

echo '== messages'
ok 'text' "$(text 'Olá!')"
has 'answer' '"contacts":[{"input":"+5531900000142","wa_id":"5531900000142"}]'
has 'answer' '"messages":[{"id":"wamid.'
one=$(printf %s "$out" | sed 's/.*"id":"\(wamid[^"]*\)".*/\1/')
ok 'the same again' "$(text 'Olá!')"
hasnt 'no deduplication' "$one"
no 'no JSON' 400 100 '{"messaging'
no 'array' 400 100 '[]'
no 'duplicate member' 400 100 '{"to":"1","to":"2"}'
no 'empty' 400 100 ''
no 'product' 400 100 '{"to":"5531900000142","type":"text","text":{"body":"a"}}'
no 'no to' 400 100 '{"messaging_product":"whatsapp","type":"text","text":{"body":"a"}}'
no 'letters in to' 400 131009 '{"messaging_product":"whatsapp","to":"55 31 9","type":"text","text":{"body":"a"}}'
no 'recipient_type' 400 100 "{$to,\"recipient_type\":\"both\",\"type\":\"text\",\"text\":{\"body\":\"a\"}}"
no 'no type' 400 131008 "{$to,\"text\":{\"body\":\"a\"}}"
no 'unknown type' 400 131009 "{$to,\"type\":\"poll\",\"poll\":{}}"
no 'no object' 400 131008 "{$to,\"type\":\"text\"}"
no 'two objects' 400 100 "{$to,\"type\":\"text\",\"text\":{\"body\":\"a\"},\"image\":{\"id\":\"test-png\"}}"
no 'unknown member' 400 100 "{$to,\"type\":\"text\",\"text\":{\"body\":\"a\"},\"foo\":1}"
no 'unknown member of text' 400 100 "{$to,\"type\":\"text\",\"text\":{\"body\":\"a\",\"x\":1}}"
no 'empty body' 400 100 "$(text '')"
ok '4096 code points' "$(text "$(rep 4096 é)")"
no '4097 code points' 400 100 "$(text "$(rep 4097 é)")"
no 'opaque 513' 400 100 "{$to,\"type\":\"text\",\"text\":{\"body\":\"a\"},\"biz_opaque_callback_data\":\"$(rep 513 x)\"}"
ok 'context' "{$to,\"type\":\"text\",\"text\":{\"body\":\"a\"},\"context\":{\"message_id\":\"$one\"}}"
no 'bad context' 400 131009 "{$to,\"type\":\"text\",\"text\":{\"body\":\"a\"},\"context\":{\"message_id\":\"x\"}}"
ok 'bsuid' '{"messaging_product":"whatsapp","recipient":"BR.13491208655302741918","type":"text","text":{"body":"a"}}'
has 'bsuid' '"contacts":[{"input":"BR.13491208655302741918","user_id":"BR.13491208655302741918"}]'
no 'bad bsuid' 400 131009 '{"messaging_product":"whatsapp","recipient":"br-1","type":"text","text":{"body":"a"}}'
ok 'both: the phone wins' "{$to,\"recipient\":\"BR.134\",\"type\":\"text\",\"text\":{\"body\":\"a\"}}"
has 'both: the phone wins' '"wa_id":"5531900000142"'
ok 'old number' '{"messaging_product":"whatsapp","to":"5531912345678","type":"text","text":{"body":"a"}}'
has 'old number' '"input":"5531912345678","wa_id":"553112345678"'
ok 'group' '{"messaging_product":"whatsapp","recipient_type":"group","to":"120363418770915618@g.us","type":"text","text":{"body":"a"}}'
has 'group' '"contacts":[{"input":"120363418770915618@g.us"}]'
ok 'image' "{$to,\"type\":\"image\",\"image\":{\"id\":\"test-png\",\"caption\":\"oi\"}}"
no 'unknown media' 400 100 "{$to,\"type\":\"image\",\"image\":{\"id\":\"1\"}}"
no 'pdf as image' 400 131053 "{$to,\"type\":\"image\",\"image\":{\"id\":\"test-pdf\"}}"
no 'id and link' 400 100 "{$to,\"type\":\"image\",\"image\":{\"id\":\"test-png\",\"link\":\"https://a.b/c\"}}"
no 'http link' 400 100 "{$to,\"type\":\"image\",\"image\":{\"link\":\"http://a.b/c\"}}"
no 'caption of audio' 400 100 "{$to,\"type\":\"audio\",\"audio\":{\"id\":\"test-ogg\",\"caption\":\"x\"}}"
ok 'voice' "{$to,\"type\":\"audio\",\"audio\":{\"id\":\"test-ogg\",\"voice\":true}}"
no 'voice in amr' 400 131053 "{$to,\"type\":\"audio\",\"audio\":{\"id\":\"test-amr\",\"voice\":true}}"
no 'caption 1025' 400 100 "{$to,\"type\":\"image\",\"image\":{\"id\":\"test-png\",\"caption\":\"$(rep 1025 x)\"}}"
ok 'document' "{$to,\"type\":\"document\",\"document\":{\"id\":\"test-pdf\",\"filename\":\"a.pdf\"}}"
ok 'location' "{$to,\"type\":\"location\",\"location\":{\"latitude\":-19.9,\"longitude\":-43.9,\"name\":\"BH\"}}"
no 'latitude' 400 131009 "{$to,\"type\":\"location\",\"location\":{\"latitude\":-91,\"longitude\":-43.9}}"
ok 'contacts' "{$to,\"type\":\"contacts\",\"contacts\":[{\"name\":{\"formatted_name\":\"Ana\",\"first_name\":\"Ana\"},\"phones\":[{\"phone\":\"+5531900000142\"}]}]}"
no 'contacts' 400 131008 "{$to,\"type\":\"contacts\",\"contacts\":[{\"name\":{\"formatted_name\":\"Ana\"}}]}"
ok 'reaction' "{$to,\"type\":\"reaction\",\"reaction\":{\"message_id\":\"$one\",\"emoji\":\"\"}}"

echo '== interactive'
button() { printf '{%s,"type":"interactive","interactive":{"type":"button","body":{"text":"x"},"action":{"buttons":[%s]}}}' "$to" "$1"; }
b() { printf '{"type":"reply","reply":{"id":"%s","title":"%s"}}' "$1" "$2"; }
ok '3 buttons' "$(button "$(b a A),$(b b B),$(b c C)")"
no '4 buttons' 400 131009 "$(button "$(b a A),$(b b B),$(b c C),$(b d D)")"
no 'no buttons' 400 131009 "$(button '')"
no 'title 21' 400 100 "$(button "$(b a "$(rep 21 é)")")"
no 'same id' 400 131009 "$(button "$(b a A),$(b a B)")"
list() { printf '{%s,"type":"interactive","interactive":{"type":"list","body":{"text":"x"},"action":{"button":"Ver","sections":[{"title":"S","rows":[%s]}]}}}' "$to" "$1"; }
rows() { awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) printf "%s{\"id\":\"r%d\",\"title\":\"Linha\"}", (i > 1 ? "," : ""), i }'; }
ok '10 rows' "$(list "$(rows 10)")"
no '11 rows' 400 131009 "$(list "$(rows 11)")"
ok 'cta' "{$to,\"type\":\"interactive\",\"interactive\":{\"type\":\"cta_url\",\"body\":{\"text\":\"x\"},\"action\":{\"name\":\"cta_url\",\"parameters\":{\"display_text\":\"Abrir\",\"url\":\"https://a.b\"}}}}"
no 'unknown interactive' 400 131009 "{$to,\"type\":\"interactive\",\"interactive\":{\"type\":\"menu\"}}"

echo '== templates sent'
tmpl() { printf '{%s,"type":"template","template":{"name":"%s","language":{"code":"pt_BR"},"components":[%s]}}' "$to" "$1" "$2"; }
p() { printf '{"type":"text","text":"%s"}' "$1"; }
ok 'template' "$(tmpl boas_vindas "{\"type\":\"body\",\"parameters\":[$(p Ana)]}")"
has 'template' '"message_status":"accepted"'
no 'parameter count' 400 132000 "$(tmpl boas_vindas '')"
no 'unknown template' 404 132001 "$(tmpl nada '')"
no 'rejected template' 404 132001 "$(tmpl promocao_relampago "{\"type\":\"body\",\"parameters\":[$(p Ana)]}")"
no 'paused template' 400 132015 "$(tmpl aviso_antigo "{\"type\":\"body\",\"parameters\":[$(p Ana)]}")"
no 'template name' 400 131009 "$(tmpl Boas-Vindas '')"
no 'line break in a parameter' 400 100 "$(tmpl boas_vindas "{\"type\":\"body\",\"parameters\":[$(p 'a\nb')]}")"
ok 'named' "$(tmpl pedido_enviado '{"type":"body","parameters":[{"type":"text","parameter_name":"nome","text":"Ana"},{"type":"text","parameter_name":"pedido","text":"7"}]}')"
no 'named' 400 132000 "$(tmpl pedido_enviado "{\"type\":\"body\",\"parameters\":[$(p Ana),$(p 7)]}")"
doc='{"type":"header","parameters":[{"type":"document","document":{"id":"test-pdf"}}]}'
ok 'header' "$(tmpl segunda_via "$doc,{\"type\":\"body\",\"parameters\":[$(p Ana),$(p 1/1)]}")"
no 'header missing' 400 132012 "$(tmpl segunda_via "{\"type\":\"body\",\"parameters\":[$(p Ana),$(p 1/1)]}")"
get -H "$auth" -H 'Content-Type: application/json' -d "$(text a)" "$base/v25.0/$phone/marketing_messages"
is 'marketing_messages takes templates' 400 "$code"

echo '== read receipts'
ok 'mark read' "{\"messaging_product\":\"whatsapp\",\"status\":\"read\",\"message_id\":\"$one\",\"typing_indicator\":{\"type\":\"text\"}}"
is 'mark read' '{"success":true}' "$out"
no 'mark read' 400 131009 '{"messaging_product":"whatsapp","status":"read","message_id":"x"}'

echo '== media'
upload() { get -H "$auth" "$@" "$base/v25.0/$phone/media"; }
printf '%%PDF-1.4 x' >"$dir/a.pdf"
upload -F messaging_product=whatsapp -F type=application/pdf -F "file=@$dir/a.pdf;type=application/pdf"
is 'upload' 200 "$code"; has 'upload' '{"id":"'
id=$(printf %s "$out" | sed 's/.*"id":"\([0-9]*\)".*/\1/')
upload -F type=application/pdf -F "file=@$dir/a.pdf;type=application/pdf"; is 'upload without product' 400 "$code"
upload -F messaging_product=whatsapp -F type=image/png -F "file=@$dir/a.pdf;type=application/pdf"; is 'type differs' 400 "$code"
upload -F messaging_product=whatsapp -F type=image/png -F "file=@$dir/a.pdf;type=image/png"; has 'no PNG' '"code":131053'
upload -F messaging_product=whatsapp -F type=image/gif -F "file=@$dir/a.pdf;type=image/gif"; has 'gif' '"code":100'
upload -d x=1; is 'no multipart' 400 "$code"
{ printf '\377\330\377'; head -c 5300000 /dev/zero; } >"$dir/big"
upload -F messaging_product=whatsapp -F type=image/jpeg -F "file=@$dir/big;type=image/jpeg"; has 'image over 5 MB' '"code":131053'
get -H "$auth" "$base/v25.0/$id?phone_number_id=$phone"
is 'media' 200 "$code"; has 'media' '"mime_type":"application\/pdf"'; has 'media' '"file_size":10'
has 'media' "$(openssl dgst -sha256 -r "$dir/a.pdf" | cut -c1-64)"
url=$(printf %s "$out" | sed 's/.*"url":"\([^"]*\)".*/\1/; s,\\/,/,g')
get -H "$auth" "$base/v25.0/$id?phone_number_id=555000111"; is 'media of another number' 400 "$code"
get -H 'Authorization: Bearer T2' "$base/v25.0/$id"; has 'media of another tenant' '"error_subcode":33'
get -H "$auth" "$url"; is 'download' 200 "$code"; is 'download' "$(cat "$dir/a.pdf")" "$out"
get "$url"; is 'download without token' 401 "$code"
get -H "$auth" -A '' "$url"; is 'download without user agent' 403 "$code"
get -H "$auth" "${url}0"; is 'download with a changed address' 404 "$code"
control '{"media_expire_s":0}'
get -H "$auth" "$base/v25.0/test-png"
url=$(printf %s "$out" | sed 's/.*"url":"\([^"]*\)".*/\1/; s,\\/,/,g')
get -H "$auth" "$url"; is 'expired' 404 "$code"
control '{"media_expire_s":300,"media":{"id":"mine","mime_type":"text/plain","text":"oi"}}'; is 'media by control' 200 "$code"
for m in png jpg webp pdf ogg amr txt; do
	get -H "$auth" "$base/v25.0/test-$m"
	url=$(printf %s "$out" | sed 's/.*"url":"\([^"]*\)".*/\1/; s,\\/,/,g')
	is "test-$m" 200 "$(curl -s -H "$auth" -o "$dir/test.$m" -w '%{http_code}' "$url")"
done
is 'PNG' 89504e47 "$(od -An -tx1 -N4 "$dir/test.png" | tr -d ' ')"

echo '== number and templates'
get -H "$auth" "$base/v25.0/$phone"; has 'phone' '"quality_rating":"GREEN"'; hasnt 'phone' name_status
get -H "$auth" "$base/v25.0/$phone?fields=name_status,throughput%7Blevel%7D,whatsapp_business_manager_messaging_limit"
has 'fields' '"name_status":"APPROVED"'; has 'fields' '"level":"STANDARD"'; has 'fields' TIER_2K
get -H "$auth" "$base/v25.0/$phone?fields=messaging_limit_tier"; is 'gone field' 400 "$code"
waba=102290129340398
get -H "$auth" "$base/v25.0/$waba/message_templates?limit=4"; is 'templates' 200 "$code"; has 'templates' boas_vindas
after=$(printf %s "$out" | sed 's/.*"after":"\([^"]*\)".*/\1/')
get -H "$auth" "$base/v25.0/$waba/message_templates?limit=4&after=$after"
hasnt 'second page' boas_vindas; has 'second page' segunda_via; has 'second page' '"next"'
get -H "$auth" "$base/v25.0/$waba/message_templates?status=REJECTED"; has 'filter' promocao_relampago; hasnt 'filter' segunda_via
create() { get -H "$auth" -H 'Content-Type: application/json' -d "$1" "$base/v25.0/$waba/message_templates"; }
tpl() { printf '{"name":"%s","language":"pt_BR","category":"UTILITY","components":[{"type":"BODY","text":"%s","example":{"body_text":[[%s]]}}]}' "$1" "$2" "$3"; }
create "$(tpl novo 'Oi {{1}}, tudo certo.' '"Ana"')"; is 'create' 200 "$code"; has 'create' '"status":"PENDING"'
create "$(tpl novo 'Oi {{1}}, tudo certo.' '"Ana"')"; has 'create twice' 2388024
create "$(tpl novo2 'Oi {{1}}' '"Ana"')"; has 'variable at the end' 2388299
create "$(tpl novo2 'Oi {{1}} {{2}}, certo' '"a","b"')"; is 'adjacent' 400 "$code"
create "$(tpl novo2 'Oi {{2}}, certo' '"a"')"; is 'numbering' 400 "$code"
create "$(tpl novo2 'Oi {{1}}, certo' '')"; is 'no example' 400 "$code"
create "$(tpl Novo 'Oi.' '')"; is 'name' 400 "$code"
create "$(tpl novo2 "$(rep 1025 x)" '')"; is 'too long' 400 "$code"

echo '== statuses'
control '{"reset":true}'
ok 'message' "{$to,\"type\":\"text\",\"text\":{\"body\":\"ç/\"},\"biz_opaque_callback_data\":\"minha-42\"}"
comes 'statuses came' "$(status read)" 1
has 'statuses' "$(status sent)"; has 'statuses' "$(status delivered)"; has 'statuses' 'minha-42'
has 'statuses' 'PMP'; has 'statuses' '\"recipient_user_id\"'; hasnt 'signatures' '"signed":false'
is 'time order' 'sent delivered read' "$(printf %s "$out" | grep -oE '\\"status\\":\\"[a-z]+' | sed 's/.*"//' | tr '\n' ' ' | sed 's/ $//')"
control '{"reset":true,"sink_http":500}'
ok 'message' "$(text a)"
sleep 0.6
control '{"sink_http":200}'
comes 'retried until accepted' '"http":200' 3
control '{"reset":true,"statuses":false}'
ok 'message' "$(text a)"; sleep 0.5; get "$base/control/sink"; is 'statuses off' '[]' "$out"
control '{"reset":true,"duplicates":true}'
ok 'message' "$(text a)"; comes 'duplicates' "$(status read)" 2
control '{"reset":true,"status_order":"shuffle","status_delay_ms":[10,20,30]}'
ok 'message' "$(text a)"; comes 'shuffled' '"signed":true' 3
control '{"reset":true,"recipient":{"number":"5531900000142","fails":131026}}'
ok 'message' "$(text a)"; comes 'failed status' "$(status failed)" 1
has 'failed status' 131026

echo '== faults'
control '{"reset":true,"fail_next":{"count":2,"http":500,"code":131000}}'
no 'fault 1' 500 131000 "$(text a)"; no 'fault 2' 500 131000 "$(text a)"; ok 'over' "$(text a)"
control '{"fail_next":{"http":429,"code":130429}}'; no '429' 429 130429 "$(text a)"
before=$(wc -l <"$dir/journal")
control '{"fail_next":{"drop":true}}'; post "$(text drop)"; is 'drop' x000 "$code"
has_line() { tail -n 1 "$dir/journal"; }
out=$(has_line); has 'drop journaled' '"outcome":"dropped"'
control '{"fail_next":{"accept_then_drop":true}}'; post "$(text cut)"; is 'accept_then_drop' x000 "$code"
out=$(has_line); has 'accepted journaled' '"outcome":"accepted"'; has 'accepted journaled' '"answered":false'
is 'lines' $((before + 2)) "$(wc -l <"$dir/journal")"
control '{"fail_next":{"raw":"<html>","http":502}}'; post "$(text a)"; is 'raw' 502 "$code"; is 'raw' '<html>' "$out"
control '{"fail_next":{"then_failed":131049}}'; ok 'then failed' "$(text a)"; comes 'then_failed' 131049 1
control '{"fail_next":{"to":"5531955555555","code":131026}}'; ok 'another recipient' "$(text a)"
no 'this recipient' 400 131026 '{"messaging_product":"whatsapp","to":"5531955555555","type":"text","text":{"body":"a"}}'
control '{"delay_ms":400}'
begun=$(date +%s%N); ok 'slow' "$(text a)"
is 'delay' 1 $(($(date +%s%N) - begun >= 400000000))
control '{"reset":true,"down":true}'; post "$(text a)"; is 'down' x000 "$code"
control '{"down":false}'; ok 'up' "$(text a)"
control '{"limits":true}'
for _ in $(seq 45); do post "$(text a)"; done
is 'pair burst' 200 "$code"; no 'pair rate' 400 131056 "$(text a)"
control '{"nonsense":1}'; is 'unknown control member' 400 "$code"
get -H 'Origin: http://x' -d '{}' "$base/control"; is 'control from a page' 403 "$code"

echo '== inbound'
control '{"reset":true,"inbound":{"from":"5531912345678","name":"José Ção","text":"Olá, é/foi"}}'
is 'inbound' 200 "$code"; has 'inbound' '"inbound":["wamid.'
comes 'inbound came, escaped in lower case' 'Jos\\u00e9' 1
has 'inbound' '\\/'; has 'inbound' '\"wa_id\":\"553112345678\"'; has 'inbound' '\"from\":\"553112345678\"'
sig=$(printf %s "$out" | sed 's/.*"signature":"sha256=\([0-9a-f]*\)".*/\1/')
raw=$(printf %s "$out" | sed 's/.*"body":"\(.*\)"}\]$/\1/; s/\\\(.\)/\1/g')
is 'HMAC by openssl' "$(printf %s "$raw" | openssl dgst -sha256 -hmac s3cret -r | cut -c1-64)" "$sig"
control '{"reset":true,"inbound":[{"from":"5531900000142","type":"audio"},{"user_id":"BR.99","type":"image","caption":"c"},{"from":"5531900000142","phone_number_id":"555000111","message":{"type":"reaction","reaction":{"message_id":"wamid.x","emoji":"👍"}}}]}'
is 'three inbound' 200 "$code"; comes 'three came' '"signed":true' 3
has 'voice' '\"voice\":true'; has 'no phone' '\"from_user_id\":\"BR.99\"'; has 'other number' 555000111
control '{"inbound":{"from":"x","text":"a"}}'; is 'bad inbound' 400 "$code"
control '{"reset":true,"webhook":{"body":{"object":"x"},"bad_signature":true}}'
comes 'bad signature on demand' '"signed":false' 1

echo '== journal, many at once, rubbish'
get "$base/control/journal?from=0"; has 'journal' '"biz_opaque_callback_data":"minha-42"'; has 'journal' '"outcome":"refused"'
control '{"reset":true,"statuses":false}'
lines=$(wc -l <"$dir/journal")
seq 200 | xargs -P 40 -I{} curl -s -m 20 -o /dev/null -H "$auth" -H 'Content-Type: application/json' \
	-d '{"messaging_product":"whatsapp","to":"55319000001{}","type":"text","text":{"body":"{}"}}' "$base/v25.0/$phone/messages"
is '200 at once' $((lines + 200)) "$(wc -l <"$dir/journal")"
is 'ids are unique' 200 "$(tail -n 200 "$dir/journal" | grep -o '"wamid":"[^"]*"' | sort -u | wc -l)"
head -c 70000 /dev/urandom >"$dir/noise"
get -H "$auth" -H 'Content-Type: application/json' --data-binary "@$dir/noise" "$base/v25.0/$phone/messages"; is 'noise' 400 "$code"
upload -H 'Content-Type: multipart/form-data; boundary=x' --data-binary "@$dir/noise"; is 'noise upload' 400 "$code"
upload -H 'Content-Type: multipart/form-data' --data-binary "@$dir/noise"; is 'no boundary' 400 "$code"
get -H "$auth" "$base/v25.0/%ff%fe%00x?fields=%ff"; is 'noise path' 400 "$code"
get -H "$auth" "$base/v25.0/$phone?fields=%ff%7b"; is 'noise fields' 400 "$code"
get -H 'Authorization: Bearer '"$(printf '\377')" "$base/v25.0/$phone"; is 'noise token' 401 "$code"
get -H "$auth" -H 'Content-Type: application/json' -d "$(rep 30000 '[')" "$base/v25.0/$phone/messages"; is 'deep' 400 "$code"
get -H "$auth" -H 'Content-Type: application/json' --data-binary "@$dir/big" "$base/v25.0/$phone/messages"; is 'large' 413 "$code"
ok 'still there' "$(text a)"
stop
is 'ends with 0' 0 "$stopped"
is 'no sanitizer report' 0 "$(grep -c -e Sanitizer -e 'runtime error' "$dir/log")"

echo '== demo'
start --listen "127.0.0.1:$free" --token T1 --webhook "http://127.0.0.1:$free/control/sink" --journal "$dir/journal2" --demo
ok 'text' "$(text 'Qual horário fica bom?')"; ok 'text' "$(text 'Oi?')"
comes 'demo answer' '\"messages\":' 1
sleep 1; get "$base/control/sink"
is 'one answer' 1 "$(printf %s "$out" | grep -oF '\"messages\":' | wc -l)"
first=$(sed -n 's/.*"wamid":"\([^"]*\)".*/\1/p' "$dir/journal2" | head -n 1)
stop
printf '{"torn' >>"$dir/journal2"
start --listen "127.0.0.1:$free" --token T1 --webhook "http://127.0.0.1:$free/control/sink" --journal "$dir/journal2" --demo
ok 'after a restart' "$(text 'Oi?')"; hasnt 'new ids' "$first"
get "$base/control/journal"; is 'torn line left out' 3 "$(printf %s "$out" | grep -o '"n":' | wc -l)"
sleep 5; get "$base/control/sink"; hasnt 'answered before' '\"messages\":'
stop

echo "passed=$passed failed=$failed"
[ "$failed" = 0 ]
