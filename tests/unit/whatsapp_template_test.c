#include "model/whatsapp_template.h"

#include <string.h>

#include "tests/unit/unit.h"

static struct arena *a;

static void read(const char *category, const char *components, struct wt_template *t)
{
	*t = (struct wt_template){ .name = "t", .language = "pt_BR" };
	wt_components_read(a, category, components, t);
}

static void numbered(void)
{
	struct wt_template t;
	const char *values[] = { "Obra", "Ana", "25/11", NULL }, *arg = NULL;

	a = arena_new();
	read("UTILITY", "[{\"type\":\"HEADER\",\"format\":\"TEXT\",\"text\":\"Sobre {{1}}\",\"example\":{\"header_text\":[\"Reforma\"]}},"
	    "{\"type\":\"BODY\",\"text\":\"Dia {{2}}, {{1}}? Sim, {{2}}.\",\"example\":{\"body_text\":[[\"Bia\",\"1/1\"]]}},{\"type\":\"FOOTER\",\"text\":\"Até\"},"
	    "{\"type\":\"BUTTONS\",\"buttons\":[{\"type\":\"QUICK_REPLY\",\"text\":\"Sim\"},{\"type\":\"URL\",\"text\":\"Ver\",\"url\":\"https://x.test/{{1}}\",\"example\":[\"https://x.test/7\"]}]}]", &t);
	IS_STR("fit", t.unfit, NULL);
	IS_INT("header, two of the body in their order, the button's", t.nvariables, 4);
	IS_STR("header", t.variables[0].example, "Reforma");
	IS_STR("1 before 2", t.variables[1].name, "1");
	IS_STR("example", t.variables[2].example, "1/1");
	IS_INT("button", t.variables[3].button, 1);
	IS_STR("what is missing stays", wt_text(a, &t, (const char *const[]){ NULL, "Ana", NULL, NULL }), "Sobre {{1}}\n\nDia {{2}}, Ana? Sim, {{2}}.\n\nAté");
	IS_STR("missing", wt_refused(a, &t, 3, values, &arg), "required");
	values[3] = "a b";
	IS_STR("no blank in an address", wt_refused(a, &t, 3, values, &arg), "param_line");
	values[3] = "42";
	for (size_t i = 0; i < 4; i++)
		IS_STR("fine", wt_refused(a, &t, i, values, &arg), NULL);
	IS_STR("text", wt_text(a, &t, values), "Sobre Obra\n\nDia 25/11, Ana? Sim, 25/11.\n\nAté");
	IS_STR("payload", wt_payload(a, &t, values), "{\"template\":{\"name\":\"t\",\"language\":{\"code\":\"pt_BR\"},\"components\":["
	    "{\"type\":\"header\",\"parameters\":[{\"type\":\"text\",\"text\":\"Obra\"}]},{\"type\":\"body\",\"parameters\":[{\"type\":\"text\",\"text\":\"Ana\"},{\"type\":\"text\",\"text\":\"25/11\"}]},"
	    "{\"type\":\"button\",\"sub_type\":\"url\",\"index\":\"1\",\"parameters\":[{\"type\":\"text\",\"text\":\"42\"}]}]}}");
	arena_free(a);
}

static void named(void)
{
	struct wt_template t;
	const char *values[] = { "Ana \"A\"", "{{pedido}}" };

	a = arena_new();
	read("UTILITY", "[{\"type\":\"body\"},{\"type\":\"BODY\",\"text\":\"Olá {{nome}}, pedido {{ pedido }}.\",\"example\":{\"body_text_named_params\":[{\"param_name\":\"pedido\",\"example\":\"9\"}]}}]", &t);
	IS_STR("a component nobody knows", t.unfit, "kind");
	read("UTILITY", "[{\"type\":\"BODY\",\"text\":\"Olá {{nome}}, pedido {{ pedido }}.\",\"example\":{\"body_text_named_params\":[{\"param_name\":\"pedido\",\"example\":\"9\"}]}}]", &t);
	IS_STR("fit", t.unfit, NULL);
	IS_TRUE("named", t.named);
	IS_STR("by name", t.variables[1].example, "9");
	IS_STR("a value is no placeholder", wt_text(a, &t, values), "Olá Ana \"A\", pedido {{pedido}}.");
	IS_STR("payload", wt_payload(a, &t, values), "{\"template\":{\"name\":\"t\",\"language\":{\"code\":\"pt_BR\"},\"components\":[{\"type\":\"body\",\"parameters\":["
	    "{\"type\":\"text\",\"text\":\"Ana \\\"A\\\"\",\"parameter_name\":\"nome\"},{\"type\":\"text\",\"text\":\"{{pedido}}\",\"parameter_name\":\"pedido\"}]}]}}");
	arena_free(a);
}

static void refused(void)
{
	static const struct { const char *category, *components, *unfit; } table[] = {
		{ "UTILITY", "[{\"type\":\"HEADER\",\"format\":\"DOCUMENT\"},{\"type\":\"BODY\",\"text\":\"x\"}]", "media" },
		{ "AUTHENTICATION", "[{\"type\":\"BODY\",\"text\":\"{{1}}\"}]", "code" },
		{ "UTILITY", "[{\"type\":\"BODY\",\"text\":\"x\"},{\"type\":\"BUTTONS\",\"buttons\":[{\"type\":\"OTP\"}]}]", "code" },
		{ "MARKETING", "[{\"type\":\"BODY\",\"text\":\"x\"},{\"type\":\"CAROUSEL\"}]", "kind" },
		{ "MARKETING", "[{\"type\":\"BODY\",\"text\":\"x\"},{\"type\":\"BODY\",\"text\":\"y\"}]", "kind" },
		{ "MARKETING", "[{\"type\":\"BODY\",\"text\":\"{{1}} {{3}}\"}]", "kind" },
		{ "MARKETING", "[{\"type\":\"BODY\",\"text\":\"{{1}} {{nome}}\"}]", "kind" },
		{ "MARKETING", "[{\"type\":\"BODY\",\"text\":\"{{99999999999999999999}}\"}]", "kind" },
		{ "MARKETING", "[{\"type\":\"FOOTER\",\"text\":\"x\"}]", "kind" },
		{ "MARKETING", "{}", "kind" }, { "MARKETING", NULL, "kind" }, { "MARKETING", "[", "kind" },
	};
	static const struct { const char *value, *code; } values[] = {
		{ NULL, "required" }, { "", "required" }, { "  ", "required" }, { "a\nb", "param_line" }, { "a\tb", "param_line" }, { "a\rb", "param_line" }, { "a    b", "param_line" },
		{ "a   b", NULL }, { "É assim mesmo: {{1}}", NULL },
	};
	struct wt_template t;
	const char *arg = NULL, *v;

	a = arena_new();
	for (size_t i = 0; i < nitems(table); i++) {
		read(table[i].category, table[i].components, &t);
		IS_STR(table[i].components, t.unfit, table[i].unfit);
	}
	read("UTILITY", "[{\"type\":\"BODY\",\"text\":\"Oi {{1}}.\"}]", &t);
	for (size_t i = 0; i < nitems(values); i++)
		IS_STR(values[i].value != NULL ? values[i].value : "none", wt_refused(a, &t, 0, &values[i].value, &arg), values[i].code);
	v = arena_fmt(a, "%01021d", 0);
	IS_STR("too long with the rest", wt_refused(a, &t, 0, &v, &arg), "too_long");
	IS_STR("the most", arg, "1024");
	v++;
	IS_STR("as long as may be", wt_refused(a, &t, 0, &v, &arg), NULL);
	arena_free(a);
}

static void pages(void)
{
	static const char *const bad[] = { "", "null", "[]", "{}", "{\"data\":{}}", "{\"error\":{\"code\":190}}", "{\"data\":[" };
	const char *why = NULL, *body = "{\"data\":[{\"name\":\"a_1\",\"language\":\"pt_BR\",\"status\":\"APPROVED\",\"category\":\"UTILITY\",\"id\":\"7\",\"components\":[{\"type\":\"BODY\",\"text\":\"oi\\u0000\\ud800\"}],"
	    "\"quality_score\":{\"score\":\"GREEN\"},\"rejected_reason\":\"NONE\"},{\"name\":\"A\",\"language\":\"en\",\"components\":[{}]},{\"name\":\"b\",\"language\":\"en\"},7,"
	    "{\"name\":\"b\",\"language\":\"en\",\"status\":\"WHATEVER\",\"components\":[{\"type\":\"BODY\",\"text\":\"x\"}]}],"
	    "\"paging\":{\"cursors\":{\"after\":\"MTA\"},\"next\":\"https://x\"}}";
	struct wt_page p;

	a = arena_new();
	IS_TRUE("read", wt_page_read(a, body, strlen(body), &p, &why));
	IS_INT("two", p.n, 2);
	IS_INT("refused", p.refused, 3);
	IS_STR("more", p.after, "MTA");
	IS_STR("cleaned", wt_list_json(a, &p, 1), "[{\"name\":\"a_1\",\"language\":\"pt_BR\",\"category\":\"UTILITY\",\"status\":\"approved\",\"body\":\"oi\xef\xbf\xbd\",\"variables\":0,\"quality\":\"GREEN\","
	    "\"components\":[{\"type\":\"BODY\",\"text\":\"oi\xef\xbf\xbd\"}]},{\"name\":\"b\",\"language\":\"en\",\"category\":\"UTILITY\",\"status\":\"disabled\",\"body\":\"x\",\"variables\":0,"
	    "\"components\":[{\"type\":\"BODY\",\"text\":\"x\"}]}]");
	for (size_t i = 0; i < nitems(bad); i++)
		IS_TRUE(bad[i], !wt_page_read(a, bad[i], strlen(bad[i]), &p, &why) && why != NULL);
	body = "{\"health_status\":{\"entities\":[{\"entity_type\":\"PHONE_NUMBER\",\"id\":\"1\"},{\"entity_type\":\"WABA\",\"id\":\"x\"},{\"entity_type\":\"WABA\",\"id\":\"102\"}]}}";
	IS_STR("account", wt_account_read(a, body, strlen(body)), "102");
	IS_STR("none", wt_account_read(a, "{}", 2), NULL);
	arena_free(a);
}

CU_TestInfo whatsapp_template_tests[] = {
	{ "numbered variables, in every part", numbered },
	{ "named variables", named },
	{ "what cannot be sent", refused },
	{ "the provider's list", pages },
	CU_TEST_INFO_NULL
};
