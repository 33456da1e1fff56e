/* openapi_test.c: every operation of /api/openapi.json, asked as the document says and held against what it promises. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/samples.h"

static json_t *root;

static json_t *resolved(json_t *schema)
{
	const char *ref = json_string_value(json_object_get(schema, "$ref"));
	json_t *v = root;

	if (ref == NULL)
		return schema;
	for (ref += 2; v != NULL && *ref != '\0'; ) {
		size_t n = strcspn(ref, "/");

		v = json_object_get(v, arena_strn(mem, ref, n));
		ref += n + (ref[n] == '/');
	}
	EXPECT(v != NULL, "$ref to nothing");
	return v;
}

/* ---- a request from its schema ---- */

static bool says(json_t *schema, const char *member, const char *text)
{
	const char *s = json_string_value(json_object_get(schema, member));

	return s != NULL && strstr(s, text) != NULL;
}

static bool is_type(json_t *schema, const char *name)
{
	json_t *t = json_object_get(schema, "type"), *one;
	size_t i;

	if (json_is_string(t))
		return strcmp(json_string_value(t), name) == 0;
	json_array_foreach(t, i, one)
		if (same_text(json_string_value(one), name))
			return true;
	return false;
}

/* "owner_id" is a user; "stage_id" and the like are called as the things are. */
static const char *id_for(const char *name)
{
	static const char *const people[] = { "owner_id", "assignee_id", "user_id" };
	size_t n = strlen(name);

	for (size_t i = 0; i < nitems(people); i++)
		if (strcmp(name, people[i]) == 0)
			return body_of("${user}", OWN, OWN);
	if (strcmp(name, "after_id") == 0)
		return body_of("${deal}", OWN, OWN);
	if (n > 3 && strcmp(name + n - 3, "_id") == 0)
		return body_of(arena_fmt(mem, "${%.*s}", (int)n - 3, name), OWN, OWN);
	return NULL;
}

static json_t *text_for(const char *name, json_t *schema)
{
	static const char *const words[][2] = {
		{ "currency", "BRL" }, { "query", "?status=open" }, { "time", "12:00" }, { "sunday", "" }, { "monday", "8-18" }, { "tuesday", "8-18" }, { "wednesday", "8-18" },
		{ "thursday", "8-18" }, { "friday", "8-18" }, { "saturday", "9-13" },
	};
	json_int_t max = json_integer_value(json_object_get(schema, "maxLength"));
	const char *text = body_of("e2e-${new}", OWN, OWN);

	if (says(schema, "format", "uuid"))
		return id_for(name) != NULL ? json_string(id_for(name)) : NULL;
	if (says(schema, "format", "date-time"))
		return json_string(body_of("${date}T12:00:00Z", OWN, OWN));
	if (says(schema, "format", "email"))
		return json_string(body_of("e2e-${new}@correio.example", OWN, OWN));
	if (says(schema, "description", "YYYY-MM-DD") || strcmp(name, "date") == 0)
		return json_string(body_of("${date}", OWN, OWN));
	if (json_object_get(schema, "pattern") != NULL)
		return json_string("10.00");
	/* What no schema can say. */
	for (size_t i = 0; i < nitems(words); i++)
		if (strcmp(name, words[i][0]) == 0)
			return json_string(words[i][1]);
	if (strcmp(name, "phone") == 0)
		return json_string(sql("SELECT '(31) 9' || lpad((random() * 89999999 + 10000000)::int::text, 8, '9')"));
	if (strcmp(name, "external_id") == 0 || strcmp(name, "waba_id") == 0)
		return json_string(sql("SELECT (random() * 1e14 + 2e14)::bigint"));
	return json_stringn(text, max > 0 && (size_t)max < strlen(text) ? (size_t)max : strlen(text));
}

static json_t *value_for(const char *name, json_t *schema)
{
	json_t *one_of = json_object_get(schema, "enum"), *list;

	if (one_of != NULL)
		return json_incref(json_array_get(one_of, 0));
	if (is_type(schema, "string"))
		return text_for(name, schema);
	if (is_type(schema, "integer"))
		return json_integer(json_integer_value(json_object_get(schema, "minimum")));
	if (is_type(schema, "boolean"))
		return json_false();
	/* A template that may be sent now is another test's. */
	if (is_type(schema, "object"))
		return NULL;
	list = json_array();
	if (strcmp(name, "tags") == 0 || strcmp(name, "add") == 0 || strcmp(name, "remove") == 0)
		json_array_append_new(list, json_string(body_of("${tag}", OWN, OWN)));
	return strcmp(name, "stages") == 0 ? (json_decref(list), NULL) : list;
}

/* The ids that a bulk operation of path takes. */
static void put_ids(json_t *body, const char *path)
{
	json_t *ids = json_object_get(body, "ids");

	if (json_is_array(ids))
		json_array_append_new(ids, json_string(body_of(strstr(path, "conversations") != NULL ? "${conversation}" : "${contact}", OWN, OWN)));
}

/* The schema of its body, NULL: it takes none. */
static json_t *body_schema(json_t *op)
{
	json_t *schema = json_object_get(json_object_get(json_object_get(json_object_get(op, "requestBody"), "content"), "application/json"), "schema");

	return schema != NULL ? resolved(schema) : NULL;
}

/* Which members a body gets beside those that it must have. */
static const char every_one[] = "*", none[] = "";

/* more: every_one, none, or the name of one. */
static const char *body_for(json_t *op, const char *path, const char *more)
{
	json_t *schema = body_schema(op);
	json_t *body, *member, *must, *v;
	const char *name, *out;
	char *text;
	size_t i;

	if (schema == NULL)
		return NULL;
	body = json_object();
	must = json_object_get(schema, "required");
	json_object_foreach(json_object_get(schema, "properties"), name, member) {
		bool needed = more == every_one || strcmp(name, more) == 0;

		json_array_foreach(must, i, v)
			needed = needed || strcmp(json_string_value(v), name) == 0;
		v = needed ? value_for(name, resolved(member)) : NULL;
		if (v != NULL)
			json_object_set_new(body, name, v);
	}
	put_ids(body, path);
	text = json_dumps(body, JSON_COMPACT);
	out = arena_str(mem, text);
	free(text);
	json_decref(body);
	return out;
}

/* "/api/deals/{id}" is the row "/deals/:id". */
static const char *path_for(enum method m, const char *path)
{
	struct route r = { .method = m };
	struct buf b = { 0 };
	const char *out;

	for (const char *s = path + 4; *s != '\0'; s++)
		if (*s != '}')
			buf_char(&b, *s == '{' ? ':' : *s);
	r.path = arena_str(mem, b.p);
	buf_free(&b);
	out = path_of(&r, "/api", OWN, ROSANA);
	return out;
}

/* ---- an answer against its schema ---- */

static bool fits_type(json_t *schema, json_t *v)
{
	return json_object_get(schema, "type") == NULL || (is_type(schema, "null") && json_is_null(v)) || (is_type(schema, "string") && json_is_string(v)) ||
	    (is_type(schema, "boolean") && json_is_boolean(v)) || (is_type(schema, "integer") && json_is_integer(v)) || (is_type(schema, "array") && json_is_array(v)) ||
	    (is_type(schema, "object") && json_is_object(v));
}

static void conform(const struct client *c, const char *where, json_t *schema, json_t *v)
{
	json_t *m, *properties, *one_of;
	const char *name;
	bool found = false;
	size_t i;

	schema = resolved(schema);
	if (!EXPECT(fits_type(schema, v), "%s: %s is of another type than the document says", c->call, where))
		return;
	one_of = json_object_get(schema, "enum");
	json_array_foreach(one_of, i, m)
		found = found || json_equal(m, v) == 1;
	EXPECT(one_of == NULL || found, "%s: %s is none of what the document lists", c->call, where);
	json_array_foreach(json_object_get(schema, "required"), i, m)
		EXPECT(json_object_get(v, json_string_value(m)) != NULL, "%s: %s has no %s", c->call, where, json_string_value(m));
	properties = json_object_get(schema, "properties");
	if (properties != NULL)
		json_object_foreach(v, name, m)
			if (EXPECT(json_object_get(properties, name) != NULL, "%s: %s has %s, which the document does not declare", c->call, where, name))
				conform(c, name, json_object_get(properties, name), m);
	if (json_is_array(v) && json_object_get(schema, "items") != NULL)
		json_array_foreach(v, i, m)
			conform(c, where, json_object_get(schema, "items"), m);
}

static bool answered_as_told(struct client *c, json_t *op)
{
	const char *type = header(c, "Content-Type");
	json_t *answers = json_object_get(op, "responses"), *r;
	bool good = c->status >= 200 && c->status < 300;

	EXPECT(good || (c->status >= 400 && c->status < 500), "%s: %ld %.200s", c->call, c->status, c->body.n > 0 ? c->body.p : "");
	r = json_object_get(answers, good ? "2XX" : "4XX");
	if (!EXPECT(r != NULL, "%s: %ld is not declared", c->call, c->status))
		return good;
	if (!good)
		EXPECT(same_text(type, "application/problem+json"), "%s: %ld is %s", c->call, c->status, shown(type));
	if (c->body.n == 0 || type == NULL || (good && strncmp(type, "application/json", 16) != 0))
		return good;
	r = json_object_get(json_object_get(resolved(r), "content"), good ? "application/json" : "application/problem+json");
	conform(c, "the answer", json_object_get(r, "schema"), jv(c, ""));
	return good;
}

/* ---- all of them ---- */

/* What no request that is built from the document alone can do, and why. All others must take one. */
static const struct { enum method method; const char *path, *why; } never[] = {
	{ POST, "/api/auth/login", "nobody has this password" },
	{ POST, "/api/auth/refresh", "no such token was given out" },
	{ POST, "/api/conversations", "wants a template with its words: template_test" },
	{ POST, "/api/conversations/{id}/merge", "wants another conversation of the same person: together_test" },
	{ POST, "/api/conversations/{id}/messages/{message_id}/retry", "wants a message that failed: fault_test" },
};
static bool called_for[nitems(never)];

static bool is_never(enum method m, const char *path)
{
	for (size_t i = 0; i < nitems(never); i++)
		if (never[i].method == m && strcmp(never[i].path, path) == 0)
			return called_for[i] = true;
	return false;
}

static const char *const methods[METHODS] = { "get", "post", "patch", "delete" };

/* Why the last one was refused. */
static const char *why;

static bool operate(json_t *op, enum method m, const char *path, const char *more)
{
	struct client *c = client_new("developer");
	const char *data = body_for(op, path, more);
	bool open = json_array_size(json_object_get(op, "security")) == 0 && json_object_get(op, "security") != NULL, good;

	if (!open)
		bearer(c, ROSANA);
	send_if(c, method_text(m), path_for(m, path), m == PATCH || m == DELETE_ ? "*" : NULL, data);
	good = answered_as_told(c, op);
	if (!good)
		why = arena_fmt(mem, "%ld, %s is %s, to %.900s", c->status, shown(js(c, "errors.0.pointer")), shown(js(c, "errors.0.code")), data != NULL ? data : "no body");
	EXPECT(good || m != GET, "%s: %ld", c->call, c->status);
	client_free(c);
	return good;
}

/* With the least, with everything, else with one member more than it must have: some exclude each other. A change is given everything: an empty one is none. */
static bool one_is_taken(json_t *op, enum method m, const char *path)
{
	bool good = m != PATCH && operate(op, m, path, none);
	const char *name;
	json_t *member;

	if (m != GET && operate(op, m, path, every_one))
		good = true;
	if (m == POST)
		json_object_foreach(json_object_get(body_schema(op), "properties"), name, member)
			good = good || operate(op, m, path, name);
	return good;
}

static bool declares(json_t *op, const char *name, const char *in)
{
	json_t *p;
	size_t i;

	json_array_foreach(json_object_get(op, "parameters"), i, p)
		if (same_text(json_string_value(json_object_get(resolved(p), "name")), name) && same_text(json_string_value(json_object_get(resolved(p), "in")), in))
			return true;
	return false;
}

/* Names of operations are unique; every {part} of a path is a parameter; what is sent once or by version says so. */
static void unique_names(void)
{
	json_t *seen = json_object(), *operations, *op;
	const char *path, *method;

	json_object_foreach(json_object_get(root, "paths"), path, operations) {
		json_object_foreach(operations, method, op) {
			const char *id = json_string_value(json_object_get(op, "operationId"));
			bool open = json_object_get(op, "security") != NULL;

			EXPECT(id != NULL && json_object_get(seen, id) == NULL, "%s %s: operationId %s is not unique", method, path, shown(id));
			json_object_set_new(seen, id, json_true());
			for (const char *s = strchr(path, '{'); s != NULL; s = strchr(s + 1, '{'))
				EXPECT(declares(op, arena_strn(mem, s + 1, strcspn(s + 1, "}")), "path"), "%s %s: a part of the path is no parameter", method, path);
			EXPECT(declares(op, "Idempotency-Key", "header") == (strcmp(method, "post") == 0 && !open), "%s %s: Idempotency-Key", method, path);
			EXPECT(declares(op, "If-Match", "header") == (strcmp(method, "patch") == 0 || strcmp(method, "delete") == 0), "%s %s: If-Match", method, path);
			EXPECT(json_string_length(json_object_get(op, "summary")) > 0 && json_array_size(json_object_get(op, "tags")) == 1, "%s %s: no summary or tag", method, path);
			EXPECT(json_object_get(json_object_get(op, "responses"), "4XX") != NULL, "%s %s: no answer for what is wrong", method, path);
		}
	}
	json_decref(seen);
}

static void every_operation(void)
{
	struct client *c = client_new("developer");
	json_t *operations, *op;
	const char *path;
	size_t n = 0;
	bool good;

	throttle_forget();
	jobs_pause();
	things_make();
	get(c, "/api/openapi.json");
	IS_STATUS(c, 200);
	root = jv(c, "");
	unique_names();
	json_object_foreach(json_object_get(root, "paths"), path, operations) {
		for (enum method m = GET; m < METHODS; m++) {
			op = json_object_get(operations, methods[m]);
			if (op == NULL)
				continue;
			n++;
			good = one_is_taken(op, m, path);
			EXPECT(good != is_never(m, path), "%s %s: %s", method_text(m), path, good ? "does what the table says it never does" : why);
		}
	}
	EXPECT(n > 80, "only %zu operations", n);
	for (size_t i = 0; i < nitems(never); i++)
		EXPECT(called_for[i], "%s %s is no operation", method_text(never[i].method), never[i].path);
	things_forget();
	throttle_forget();
	jobs_resume();
	client_free(c);
}

CU_TestInfo openapi_tests[] = {
	{ "every operation of openapi.json does what the document says", every_operation },
	CU_TEST_INFO_NULL
};
