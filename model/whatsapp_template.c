#include "model/whatsapp_template.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/text.h"
#include "model/whatsapp_json.h"

enum { TEMPLATE_NAME_MAX = 512, LANGUAGE_MAX = 15, VARIABLE_MAX = 64, EXAMPLE_MAX = 200, BUTTON_TEXT_MAX = 100 };

static bool chars_of(const char *s, const char *set)
{
	return !text_empty(s) && s[strspn(s, set)] == '\0';
}

static bool is(const char *s, const char *other)
{
	return s != NULL && strcmp(s, other) == 0;
}

/* ---- placeholders ---- */

/* The next "{{name}}" in s: its length, *name; 0 when there is none, else *at is where it begins. */
static size_t placeholder(struct arena *a, const char *s, const char **at, const char **name)
{
	for (const char *p = s; (p = strstr(p, "{{")) != NULL; p++) {
		size_t pad = strspn(p + 2, " "), n = strspn(p + 2 + pad, "abcdefghijklmnopqrstuvwxyz0123456789_"), end = 2 + pad + n;

		end += strspn(p + end, " ");
		if (n == 0 || n > VARIABLE_MAX || strncmp(p + end, "}}", 2) != 0)
			continue;
		*at = p;
		*name = arena_strn(a, p + 2 + pad, n);
		return end + 2;
	}
	return 0;
}

static size_t find(const struct wt_template *t, enum wt_part part, int button, const char *name)
{
	size_t i = 0;

	while (i < t->nvariables && (t->variables[i].part != part || t->variables[i].button != button || strcmp(t->variables[i].name, name) != 0))
		i++;
	return i;
}

static void add(struct wt_template *t, enum wt_part part, int button, const char *name, const char *example)
{
	if (find(t, part, button, name) < t->nvariables)
		return;
	if (t->nvariables == WT_VARIABLES) {
		t->unfit = "kind";
		return;
	}
	t->variables[t->nvariables++] = (struct wt_variable){ part, button, name, example };
}

/* The place a name such as "2" stands for; 0 when it is no number we take. */
static int64_t number_of(const char *name)
{
	int64_t n = 0;

	return parse_i64(name, 1, WT_VARIABLES, &n) ? n : 0;
}

static int by_number(const void *x, const void *y)
{
	return (int)(number_of(((const struct wt_variable *)x)->name) - number_of(((const struct wt_variable *)y)->name));
}

/* Numbers are sent by their place: they must be 1 to n. */
static void order(struct wt_template *t, size_t first)
{
	size_t digits = 0;

	for (size_t i = first; i < t->nvariables; i++)
		digits += isdigit((unsigned char)t->variables[i].name[0]) != 0;
	if (digits == 0) {
		t->named = t->named || t->nvariables > first;
		return;
	}
	qsort(&t->variables[first], t->nvariables - first, sizeof(t->variables[0]), by_number);
	for (size_t i = first; i < t->nvariables; i++)
		if (number_of(t->variables[i].name) != (int64_t)(i - first) + 1)
			t->unfit = "kind";
}

/* ---- components ---- */

static const char *clean(struct arena *a, const char *s, size_t max)
{
	return s != NULL ? utf8_cut(a, s, max) : NULL;
}

static const char *text_at(struct arena *a, const json_t *list, size_t i)
{
	const json_t *v = json_array_get(list, i);

	return json_is_string(v) ? clean(a, utf8_clean(a, json_string_value(v), json_string_length(v)), EXAMPLE_MAX) : NULL;
}

/* example.body_text [["Ana", ...]], header_text ["Ana"], body_text_named_params [{param_name, example}]. */
static const char *example_of(struct arena *a, const json_t *component, const char *key, const char *name)
{
	const json_t *example = wj_object(component, "example"), *list = wj_array(example, key), *o;
	size_t i;

	if (isdigit((unsigned char)name[0])) {
		if (json_is_array(json_array_get(list, 0)))
			list = json_array_get(list, 0);
		return number_of(name) > 0 ? text_at(a, list, (size_t)number_of(name) - 1) : NULL;
	}
	json_array_foreach(wj_array(example, arena_fmt(a, "%s_named_params", key)), i, o)
		if (is(wj_text(a, o, "param_name"), name))
			return clean(a, wj_text(a, o, "example"), EXAMPLE_MAX);
	return NULL;
}

static void variables(struct arena *a, struct wt_template *t, enum wt_part part, const json_t *component, const char *text)
{
	const char *key = part == WT_HEADER ? "header_text" : "body_text", *at, *name;
	size_t n, first = t->nvariables;

	for (const char *p = text; (n = placeholder(a, p, &at, &name)) > 0; p = at + n)
		add(t, part, -1, name, example_of(a, component, key, name));
	order(t, first);
}

static void header(struct arena *a, struct wt_template *t, const json_t *o)
{
	const char *format = wj_text(a, o, "format");

	if (format == NULL || strcmp(format, "TEXT") == 0) {
		t->header = clean(a, wj_text(a, o, "text"), 4 * WT_HEADER_MAX);
		variables(a, t, WT_HEADER, o, t->header != NULL ? t->header : "");
		return;
	}
	t->media = is(format, "IMAGE") ? "image" : is(format, "VIDEO") ? "video" : is(format, "DOCUMENT") ? "document" : is(format, "LOCATION") ? "location" : "other";
	t->unfit = "media";
}

static void button(struct arena *a, struct wt_template *t, const json_t *o)
{
	const json_t *example = json_object_get(o, "example");
	const char *type = wj_text(a, o, "type"), *at, *name, *shown;
	struct wt_button *b = &t->buttons[t->nbuttons];
	int place = (int)t->nbuttons;

	if (type == NULL || t->nbuttons == WT_BUTTONS) {
		t->unfit = "kind";
		return;
	}
	shown = json_is_array(example) ? text_at(a, example, 0) : clean(a, wj_text(a, o, "example"), EXAMPLE_MAX);
	*b = (struct wt_button){ clean(a, type, 40), clean(a, wj_text(a, o, "text"), BUTTON_TEXT_MAX), wj_id(a, o, "url", WT_URL_MAX), wj_id(a, o, "phone_number", 40) };
	t->nbuttons++;
	if (is(type, "URL") && b->url != NULL && placeholder(a, b->url, &at, &name) > 0)
		add(t, WT_URL, place, name, shown);
	else if (is(type, "COPY_CODE"))
		add(t, WT_CODE, place, "code", shown);
	else if (!is(type, "QUICK_REPLY") && !is(type, "PHONE_NUMBER") && !is(type, "URL") && !is(type, "VOICE_CALL"))
		t->unfit = is(type, "OTP") ? "code" : "kind";
}

static void components(struct arena *a, const char *category, const json_t *list, struct wt_template *t)
{
	static const char *const types[] = { "HEADER", "BODY", "FOOTER", "BUTTONS" };
	const json_t *found[nitems(types)] = { NULL }, *o;
	size_t i, k;

	t->body = "";
	json_array_foreach(list, i, o) {
		const char *type = wj_text(a, o, "type");

		for (k = 0; k < nitems(types) && !is(type, types[k]); k++)
			;
		if (k == nitems(types) || found[k] != NULL)
			t->unfit = "kind"; /* a carousel, a limited offer, or what comes next year */
		else
			found[k] = o;
	}
	if (found[0] != NULL)
		header(a, t, found[0]);
	if (found[1] != NULL && wj_text(a, found[1], "text") != NULL)
		t->body = clean(a, wj_text(a, found[1], "text"), 4 * WT_BODY_MAX);
	variables(a, t, WT_BODY, found[1], t->body);
	t->footer = clean(a, wj_text(a, found[2], "text"), 4 * WT_HEADER_MAX);
	json_array_foreach(wj_array(found[3], "buttons"), i, o)
		button(a, t, o);
	/* Codes are for programs: no person types them into a picker. */
	if (is(category, "AUTHENTICATION"))
		t->unfit = "code";
	if (t->unfit == NULL && t->body[0] == '\0')
		t->unfit = "kind";
}

void wt_components_read(struct arena *a, const char *category, const char *json, struct wt_template *out)
{
	const char *why = NULL;
	json_t *list = json != NULL ? wj_parse(a, json, strlen(json), &why) : NULL;

	out->nvariables = out->nbuttons = 0;
	out->header = out->footer = out->media = out->unfit = NULL;
	out->named = false;
	out->components = json;
	components(a, category, list, out);
}

/* ---- the provider's list ---- */

/* Its words for a state, and ours. What we do not know cannot be sent. */
static const char *status_of(const char *s)
{
	static const char *const map[][2] = { { "APPROVED", "approved" }, { "PENDING", "pending" }, { "IN_APPEAL", "pending" }, { "REJECTED", "rejected" }, { "PAUSED", "paused" },
		{ "LIMIT_EXCEEDED", "paused" }, { "FLAGGED", "paused" }, { "DRAFT", "draft" } };

	for (size_t i = 0; i < nitems(map); i++)
		if (is(s, map[i][0]))
			return map[i][1];
	return "disabled";
}

static bool read_one(struct arena *a, const json_t *o, struct wt_template *t)
{
	const json_t *list = wj_array(o, "components");
	const char *reason = wj_id(a, o, "rejected_reason", 200);

	*t = (struct wt_template){ .id = wj_id(a, o, "id", 64), .name = wj_id(a, o, "name", TEMPLATE_NAME_MAX), .language = wj_id(a, o, "language", LANGUAGE_MAX),
		.category = wj_id(a, o, "category", 40), .status = status_of(wj_text(a, o, "status")), .quality = wj_id(a, wj_object(o, "quality_score"), "score", 20),
		.reason = is(reason, "NONE") ? NULL : reason, .components = wj_dump(a, list) };
	if (!chars_of(t->name, "abcdefghijklmnopqrstuvwxyz0123456789_") || !chars_of(t->language, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ||
	    t->components == NULL || strlen(t->components) > WT_COMPONENTS_MAX)
		return false;
	if (t->category == NULL)
		t->category = "UTILITY";
	components(a, t->category, list, t);
	return true;
}

bool wt_page_read(struct arena *a, const char *body, size_t n, struct wt_page *out, const char **why)
{
	const json_t *root, *data, *paging, *o;
	size_t i;

	*out = (struct wt_page){ 0 };
	*why = NULL;
	root = wj_parse(a, body, n, why);
	data = wj_array(root, "data");
	if (data == NULL) {
		if (*why == NULL)
			*why = "no list of templates";
		return false;
	}
	out->items = arena_array(a, json_array_size(data), sizeof(*out->items));
	json_array_foreach(data, i, o) {
		if (read_one(a, o, &out->items[out->n]))
			out->n++;
		else
			out->refused++;
	}
	paging = wj_object(root, "paging");
	if (wj_text(a, paging, "next") != NULL)
		out->after = wj_id(a, wj_object(paging, "cursors"), "after", 1000);
	return true;
}

char *wt_list_json(struct arena *a, const struct wt_page *pages, size_t npages)
{
	struct buf b = { 0 };

	buf_char(&b, '[');
	for (size_t p = 0; p < npages; p++) {
		for (size_t i = 0; i < pages[p].n; i++) {
			const struct wt_template *t = &pages[p].items[i];

			buf_str(&b, b.n > 1 ? ",{" : "{");
			wj_put(&b, "name", t->name);
			wj_put(&b, "language", t->language);
			wj_put(&b, "category", t->category);
			wj_put(&b, "status", t->status);
			wj_put(&b, "header", t->header);
			wj_put(&b, "body", t->body);
			wj_put(&b, "footer", t->footer);
			wj_put_raw(&b, "variables", arena_fmt(a, "%zu", t->nvariables));
			wj_put(&b, "quality", t->quality);
			wj_put(&b, "reason", t->reason);
			wj_put_raw(&b, "components", t->components);
			buf_char(&b, '}');
		}
	}
	buf_char(&b, ']');
	return wj_done(a, &b);
}

char *wt_account_read(struct arena *a, const char *body, size_t n)
{
	const char *why = NULL;
	json_t *o, *list = wj_array(wj_object(wj_parse(a, body, n, &why), "health_status"), "entities");
	size_t i;

	json_array_foreach(list, i, o) {
		char *id = wj_id(a, o, "id", 40);

		if (is(wj_text(a, o, "entity_type"), "WABA") && chars_of(id, "0123456789"))
			return id;
	}
	return NULL;
}

/* ---- sending ---- */

static char *fill(struct arena *a, const struct wt_template *t, enum wt_part part, int button_place, const char *text, const char *const *values)
{
	const char *at, *name, *p = text;
	struct buf b = { 0 };
	size_t n;

	buf_reserve(&b, strlen(text));
	for (; (n = placeholder(a, p, &at, &name)) > 0; p = at + n) {
		size_t i = find(t, part, button_place, name);

		buf_add(&b, p, (size_t)(at - p));
		if (i < t->nvariables && values[i] != NULL)
			buf_str(&b, values[i]);
		else
			buf_add(&b, at, n);
	}
	buf_str(&b, p);
	return wj_done(a, &b);
}

char *wt_fill(struct arena *a, const struct wt_template *t, enum wt_part part, const char *text, const char *const *values)
{
	return fill(a, t, part, -1, text, values);
}

char *wt_text(struct arena *a, const struct wt_template *t, const char *const *values)
{
	const char *head = t->header != NULL ? wt_fill(a, t, WT_HEADER, t->header, values) : NULL;

	return arena_fmt(a, "%s%s%s%s%s", head != NULL ? head : "", head != NULL ? "\n\n" : "", wt_fill(a, t, WT_BODY, t->body, values),
	    t->footer != NULL ? "\n\n" : "", t->footer != NULL ? t->footer : "");
}

/* The length of what the value ends up in, and the most it may have. */
static size_t length_with(struct arena *a, const struct wt_template *t, const struct wt_variable *v, const char *const *values, size_t *max)
{
	size_t i = (size_t)(v - t->variables);

	switch (v->part) {
	case WT_HEADER:
		*max = WT_HEADER_MAX;
		return utf8_len(wt_fill(a, t, WT_HEADER, t->header, values));
	case WT_BODY:
		*max = WT_BODY_MAX;
		return utf8_len(wt_fill(a, t, WT_BODY, t->body, values));
	case WT_URL:
		*max = WT_URL_MAX;
		return utf8_len(fill(a, t, WT_URL, v->button, t->buttons[v->button].url, values));
	case WT_CODE:
		*max = WT_CODE_MAX;
		return utf8_len(values[i]);
	}
	*max = 0;
	return 1;
}

const char *wt_refused(struct arena *a, const struct wt_template *t, size_t i, const char *const *values, const char **arg)
{
	const struct wt_variable *v = &t->variables[i];
	const char *s = values[i];
	size_t max;

	if (s == NULL || s[strspn(s, " ")] == '\0')
		return "required";
	if (strpbrk(s, "\r\n\t") != NULL || strstr(s, "    ") != NULL || (v->part >= WT_URL && strchr(s, ' ') != NULL))
		return "param_line";
	if (length_with(a, t, v, values, &max) > max) {
		*arg = arena_fmt(a, "%zu", max);
		return "too_long";
	}
	return NULL;
}

static void parameter(struct buf *b, const struct wt_template *t, size_t i, const char *const *values)
{
	const struct wt_variable *v = &t->variables[i];

	if (b->p[b->n - 1] != '[')
		buf_char(b, ',');
	buf_char(b, '{');
	wj_put(b, "type", v->part == WT_CODE ? "coupon_code" : "text");
	wj_put(b, v->part == WT_CODE ? "coupon_code" : "text", values[i]);
	if (v->part <= WT_BODY && !isdigit((unsigned char)v->name[0]))
		wj_put(b, "parameter_name", v->name);
	buf_char(b, '}');
}

/* One component with the parameters of its part; nothing when it has none. */
static void component(struct buf *b, const struct wt_template *t, enum wt_part part, const char *const *values)
{
	bool any = false;

	for (size_t i = 0; i < t->nvariables; i++) {
		if (t->variables[i].part != part)
			continue;
		if (!any || part >= WT_URL) {
			buf_str(b, b->p[b->n - 1] == '[' ? "{" : ",{");
			wj_put(b, "type", part == WT_HEADER ? "header" : part == WT_BODY ? "body" : "button");
			if (part >= WT_URL) {
				wj_put(b, "sub_type", part == WT_URL ? "url" : "copy_code");
				buf_fmt(b, ",\"index\":\"%d\"", t->variables[i].button);
			}
			buf_str(b, ",\"parameters\":[");
		}
		any = true;
		parameter(b, t, i, values);
		if (part >= WT_URL)
			buf_str(b, "]}");
	}
	if (any && part < WT_URL)
		buf_str(b, "]}");
}

char *wt_payload(struct arena *a, const struct wt_template *t, const char *const *values)
{
	struct buf b = { 0 };

	buf_str(&b, "{\"template\":{");
	wj_put(&b, "name", t->name);
	buf_str(&b, ",\"language\":{");
	wj_put(&b, "code", t->language);
	buf_char(&b, '}');
	if (t->nvariables > 0) {
		buf_str(&b, ",\"components\":[");
		for (enum wt_part p = WT_HEADER; p <= WT_CODE; p++)
			component(&b, t, p, values);
		buf_char(&b, ']');
	}
	buf_str(&b, "}}");
	return wj_done(a, &b);
}

bool wt_values_read(struct arena *a, const char *json, size_t max, const char **values, size_t *n)
{
	const char *why = NULL;
	json_t *v, *list = json != NULL ? wj_parse(a, json, strlen(json), &why) : NULL;
	size_t i;

	*n = 0;
	if (!json_is_array(list) || json_array_size(list) > max)
		return false;
	json_array_foreach(list, i, v) {
		if (!json_is_string(v))
			return false;
		values[(*n)++] = utf8_clean(a, json_string_value(v), json_string_length(v));
	}
	return true;
}
