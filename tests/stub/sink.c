/* sink.c: a receiver of webhooks inside the double: tests point --webhook at it and read what came. */
#include <string.h>

#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "tests/stub/stub.h"

enum { SINK_MAX = 20000 };

void sink_take(struct req *r)
{
	const char *given = header(r, "X-Hub-Signature-256"), *body = r->body.n ? r->body.p : "";
	uint8_t mac[32];
	bool right;

	hmac_sha256(r->st->secret, strlen(r->st->secret), body, r->body.n, mac);
	right = given && secret_equal(given, arena_fmt(r->a, "sha256=%s", hex_encode(r->a, mac, sizeof mac)));
	if (json_array_size(r->st->sink) >= SINK_MAX)
		json_array_remove(r->st->sink, 0);
	json_array_append_new(r->st->sink,
		must(json_pack("{s:s?,s:b,s:i,s:s}", "signature", given, "signed", right, "http",
			r->st->sink_http, "body", utf8_clean(r->a, body, r->body.n))));
	r->http = r->st->sink_http;
	out_json(r, must(json_object()));
}

void sink_show(struct req *r)
{
	out_json(r, must(json_incref(r->st->sink)));
}
