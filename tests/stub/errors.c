/* errors.c: Meta's error codes, and the body that carries one. */
#include "lib/crypto/crypto.h"
#include "tests/stub/stub.h"

static const struct known {
	int code, http;
	const char *title;
} known[] = {
	{ 0, 401, "AuthException" },
	{ 1, 400, "API Unknown" },
	{ 2, 503, "API Service" },
	{ 3, 500, "API Method" },
	{ 4, 400, "Application request limit reached" },
	{ 10, 403, "Permission Denied" },
	{ 33, 400, "Parameter value is not valid" },
	{ 100, 400, "Invalid parameter" },
	{ 190, 401, "Invalid OAuth access token - Cannot parse access token" },
	{ 200, 403, "API Permission" },
	{ 368, 403, "Temporarily blocked for policies violations" },
	{ 2500, 400, "Unknown path components" },
	{ 80007, 400, "Rate limit hit" },
	{ 130429, 400, "Rate limit hit" },
	{ 130472, 400, "User's number is part of an experiment" },
	{ 130497, 403, "Business account is restricted from messaging users in this country" },
	{ 131000, 500, "Something went wrong" },
	{ 131005, 403, "Access denied" },
	{ 131008, 400, "Required parameter is missing" },
	{ 131009, 400, "Parameter value is not valid" },
	{ 131016, 503, "Service unavailable" },
	{ 131021, 400, "Recipient cannot be sender" },
	{ 131026, 400, "Message undeliverable" },
	{ 131030, 400, "Recipient phone number not in allowed list" },
	{ 131031, 403, "Account has been locked" },
	{ 131037, 400, "Display name approval is required" },
	{ 131042, 400, "Business eligibility payment issue" },
	{ 131045, 500, "Message failed to send because of a certificate or registration error" },
	{ 131047, 400, "Re-engagement message" },
	{ 131048, 400, "Spam rate limit hit" },
	{ 131049, 400, "This message was not delivered to maintain healthy ecosystem engagement" },
	{ 131050, 400, "User has stopped receiving marketing messages" },
	{ 131051, 400, "Unsupported message type" },
	{ 131052, 400, "Media download error" },
	{ 131053, 400, "Media upload error" },
	{ 131056, 400, "(Business Account, Consumer Account) pair rate limit hit" },
	{ 131057, 500, "Account in maintenance mode" },
	{ 131062, 400, "Business-scoped User ID (BSUID) recipients are not supported for this message" },
	{ 132000, 400, "Number of parameters does not match the expected number of params" },
	{ 132001, 404, "Template name does not exist in the translation" },
	{ 132005, 400, "Translated text too long" },
	{ 132007, 400, "Template content violates policy" },
	{ 132008, 400, "Parameters have incorrect format" },
	{ 132012, 400, "Parameter format does not match format in the created template" },
	{ 132015, 400, "Template is Paused" },
	{ 132016, 400, "Template is Disabled" },
	{ 133004, 503, "Server Temporarily Unavailable" },
	{ 133010, 400, "Phone number not registered" },
	{ 135000, 400, "Generic user error" },
	{ 137000, 400, "Recipient identity key hash mismatch" },
};

static const struct known *find(int code)
{
	for (size_t i = 0; i < nitems(known); i++)
		if (known[i].code == code)
			return &known[i];
	return NULL;
}

const char *error_title(int code)
{
	const struct known *k = find(code);

	return k ? k->title : "Unknown error";
}

int error_http(int code)
{
	const struct known *k = find(code);

	return k ? k->http : 400;
}

bool refuse(struct verdict *v, struct arena *a, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	v->details = arena_vfmt(a, fmt, ap);
	va_end(ap);
	v->code = code;
	v->http = error_http(code);
	return false;
}

void error_body(struct req *r)
{
	const struct verdict *v = &r->v;
	bool graph = v->code == 190 || v->code == 2500 || v->sub == 33;
	json_t *e = must(json_object());
	uint8_t id[16];
	uint64_t x = stub_random(r->st), y = stub_random(r->st);

	for (int i = 0; i < 8; i++) {
		id[i] = (uint8_t)(x >> (8 * i));
		id[8 + i] = (uint8_t)(y >> (8 * i));
	}
	if (v->message || graph)
		json_object_set_new(e, "message", must(json_string(v->message ? v->message : v->details)));
	else
		json_object_set_new(
			e, "message", must(json_sprintf("(#%d) %s", v->code, error_title(v->code))));
	json_object_set_new(
		e, "type", must(json_string(v->sub == 33 ? "GraphMethodException" : "OAuthException")));
	json_object_set_new(e, "code", must(json_integer(v->code)));
	if (v->sub)
		json_object_set_new(e, "error_subcode", must(json_integer(v->sub)));
	if (v->details && !graph)
		json_object_set_new(e, "error_data",
			must(json_pack("{s:s,s:s}", "messaging_product", "whatsapp", "details", v->details)));
	json_object_set_new(
		e, "fbtrace_id", must(json_sprintf("A%s", base64url_encode(r->a, id, sizeof id))));
	r->http = v->http;
	out_json(r, must(json_pack("{s:o}", "error", e)));
}
