/* phone.c: GET /{phone}: what Meta tells about a number. */
#include <string.h>

#include "lib/base/text.h"
#include "tests/stub/stub.h"

static const char *const usual[] = { "verified_name", "code_verification_status", "display_phone_number",
	"quality_rating", "platform_type", "throughput", "id", NULL };

static json_t *document(const char *id, const json_t *p)
{
	json_t *entities = must(json_pack("[{s:s,s:s,s:s},{s:s,s:s,s:s}]", "entity_type", "PHONE_NUMBER",
		"id", id, "can_send_message", "AVAILABLE", "entity_type", "WABA", "id", jstr(p, "waba"),
		"can_send_message", "AVAILABLE"));
	json_t *o = must(json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:{s:s},s:s,s:s,s:s,s:{s:s},s:s,s:{s:s,s:o}}",
		"verified_name", "Balcão Demonstração", "code_verification_status", "VERIFIED",
		"display_phone_number", jstr(p, "display"), "quality_rating", "GREEN", "platform_type",
		"CLOUD_API", "account_mode", "LIVE", "throughput", "level", "STANDARD", "status", "CONNECTED",
		"name_status", "APPROVED", "new_name_status", "NONE", "quality_score", "score", "GREEN",
		"whatsapp_business_manager_messaging_limit", "TIER_2K", "health_status", "can_send_message",
		"AVAILABLE", "entities", entities));

	json_object_set_new(o, "is_official_business_account", json_false());
	json_object_set_new(o, "is_on_biz_app", json_false());
	json_object_set_new(o, "is_pin_enabled", json_true());
	json_object_set_new(o, "is_preverified_number", json_false());
	json_object_set_new(o, "certificate", must(json_string("certificate")));
	json_object_set_new(o, "eligibility_for_api_business_global_search",
		must(json_string("NON_ELIGIBLE_NUMBER_OUTSIDE_ROLLOUT_COUNTRIES")));
	json_object_set_new(o, "last_onboarded_time", must(json_string("2026-02-04T17:40:07+0000")));
	json_object_set_new(o, "search_visibility", must(json_string("NON_VISIBLE")));
	json_object_set_new(
		o, "conversational_automation", must(json_pack("{s:b}", "enable_welcome_message", 0)));
	json_object_set_new(
		o, "webhook_configuration", must(json_pack("{s:s?}", "application", jstr(p, "webhook"))));
	json_object_set_new(o, "id", must(json_string(id)));
	return o;
}

static void copy_field(json_t *to, const json_t *from, const char *key)
{
	json_object_set(to, key, json_object_get(from, key));
}

/* One name of the list, without its {sub,fields}; *at moves behind it. */
static char *next_field(struct arena *a, const char **at)
{
	size_t n = 0, depth = 0, end = 0;

	while ((*at)[n] && (depth || (*at)[n] != ',')) {
		if ((*at)[n] == '{')
			depth++;
		else if ((*at)[n] == '}' && depth)
			depth--;
		else if (!depth)
			end = n + 1;
		n++;
	}
	if ((*at)[n] == ',')
		n++;
	*at += n;
	return text_trim(a, arena_strn(a, *at - n, end));
}

void phone_show(struct req *r, const char *phone)
{
	const char *fields = query(r, "fields");
	json_t *all = document(phone, json_object_get(r->st->phones, phone)), *some = must(json_object());

	if (!fields || !*fields) {
		for (const char *const *k = usual; *k; k++)
			copy_field(some, all, *k);
	}
	while (fields && *fields && !r->v.code) {
		char *name = next_field(r->a, &fields);

		if (json_object_get(all, name))
			copy_field(some, all, name);
		else
			refuse(&r->v, r->a, 100, "Tried accessing nonexistent field (%s)", name);
	}
	copy_field(some, all, "id");
	json_decref(all);
	if (r->v.code)
		json_decref(some);
	else
		out_json(r, some);
}
