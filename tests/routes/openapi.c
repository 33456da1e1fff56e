#include "tests/routes/openapi.h"

#include <string.h>

#include "tests/routes/nested.h"

static struct buf b;
static const char *sep;

static void str(const char *s)
{
	buf_json(&b, s);
}

/* ---- schemas ---- */

static void one_of(const struct field *f, bool null)
{
	buf_str(&b, ",\"enum\":[");
	for (const char *const *v = f->one_of; *v != NULL; v++) {
		if (v != f->one_of)
			buf_char(&b, ',');
		str(*v);
	}
	buf_str(&b, null ? ",null]" : "]");
}

static void text_schema(const struct field *f, bool null, bool input)
{
	if ((f->flags & JSON) != 0) {
		const char *schema = f->schema != NULL ? f->schema : "{}", *doc = f->doc != NULL ? f->doc : f->schema == NULL ? "any JSON value" : NULL;

		buf_add(&b, schema, strlen(schema) - 1);
		if (doc != NULL) {
			buf_str(&b, f->schema != NULL ? ",\"description\":" : "\"description\":");
			str(doc);
		}
		buf_char(&b, '}');
		return;
	}
	buf_str(&b, null ? "{\"type\":[\"string\",\"null\"]" : "{\"type\":\"string\"");
	if ((f->flags & ID) != 0)
		buf_str(&b, ",\"format\":\"uuid\"");
	else if ((f->flags & EMAIL) != 0)
		buf_str(&b, ",\"format\":\"email\"");
	if (f->one_of != NULL)
		one_of(f, null);
	else if (input && (f->flags & ID) == 0)
		buf_fmt(&b, ",\"maxLength\":%lld", (long long)(f->max > 0 ? f->max : 200));
	if (input && f->one_of == NULL && (f->flags & (REQ | ID)) == REQ)
		buf_fmt(&b, ",\"minLength\":%lld", (long long)(f->min > 0 ? f->min : 1));
	if (f->doc != NULL) {
		buf_str(&b, ",\"description\":");
		str(f->doc);
	}
	buf_char(&b, '}');
}

static void field_schema(const struct field *f, bool input)
{
	bool null = !(f->flags & REQ) && !((f->flags & ID) && strcmp(f->name, "id") == 0);

	switch (f->kind) {
	case K_TEXT: text_schema(f, null, input); break;
	case K_BOOL: buf_str(&b, "{\"type\":\"boolean\"}"); break;
	case K_UTC: buf_str(&b, null ? "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}" : "{\"type\":\"string\",\"format\":\"date-time\"}"); break;
	case K_MONEY: buf_str(&b, "{\"type\":\"string\",\"pattern\":\"^-?[0-9]+\\\\.[0-9]{2}$\"}"); break;
	case K_I32: case K_I64:
		buf_str(&b, "{\"type\":\"integer\"");
		if (input && f->max > f->min)
			buf_fmt(&b, ",\"minimum\":%lld,\"maximum\":%lld", (long long)f->min, (long long)f->max);
		buf_char(&b, '}');
		break;
	}
}

static void object_schema(const struct rec_type *t, bool input, const char *more);

/* What answers of the record, or the list of path, hold besides. s goes before the first. */
static void nested_schemas(const struct rec_type *in, const char *path, const char *s)
{
	for (const struct nested *n = nested_all; n->member != NULL; n++) {
		if (n->in != in || strcmp(n->path, path) != 0)
			continue;
		buf_fmt(&b, "%s\"%s\":", s, n->member);
		s = ",";
		if (n->items == NULL) {
			buf_str(&b, n->schema);
			continue;
		}
		buf_str(&b, "{\"type\":\"array\",\"items\":");
		object_schema(n->items, false, "");
		buf_char(&b, '}');
	}
}

static void object_schema(const struct rec_type *t, bool input, const char *more)
{
	const char *s = "";

	buf_str(&b, "{\"type\":\"object\",\"properties\":{");
	for (size_t i = 0; i < t->nfields; i++) {
		const struct field *f = &t->fields[i];

		if ((f->flags & HIDE) != 0 || (input && (f->flags & RO) != 0) || (!input && (f->flags & SECRET) != 0))
			continue;
		buf_str(&b, s);
		str(f->name);
		buf_char(&b, ':');
		field_schema(f, input);
		s = ",";
	}
	if (!input)
		nested_schemas(t, "", s);
	if (*more != '\0')
		buf_fmt(&b, "%s%s", s, more);
	buf_char(&b, '}');
	s = ",\"required\":[";
	for (size_t i = 0; i < t->nfields; i++) {
		if (input ? !(t->fields[i].flags & REQ) : (t->fields[i].flags & (HIDE | SECRET)) != 0)
			continue;
		buf_str(&b, s);
		str(t->fields[i].name);
		s = ",";
	}
	buf_str(&b, *s == ',' && s[1] == '\0' ? "]" : "");
	buf_str(&b, input ? ",\"additionalProperties\":false}" : "}");
}

/* ---- operations ---- */

static void path_of(const char *path)
{
	buf_str(&b, "/api");
	for (const char *s = path; *s != '\0'; s++) {
		if (*s != ':') {
			buf_char(&b, *s);
			continue;
		}
		buf_char(&b, '{');
		for (s++; *s != '/' && *s != '\0'; s++)
			buf_char(&b, *s);
		buf_char(&b, '}');
		s--;
	}
}

static void parameter(const char *name, const char *in, bool required)
{
	buf_fmt(&b, "%s{\"name\":", sep);
	str(name);
	buf_fmt(&b, ",\"in\":\"%s\",\"required\":%s,\"schema\":", in, required ? "true" : "false");
	sep = ",";
}

static void shared_parameter(const char *name)
{
	buf_fmt(&b, "%s{\"$ref\":\"#/components/parameters/%s\"}", sep, name);
	sep = ",";
}

static void parameters(const struct route *r)
{
	sep = "";
	buf_str(&b, ",\"parameters\":[");
	for (const char *s = strchr(r->path, ':'); s != NULL; s = strchr(s + 1, ':')) {
		size_t n = strcspn(s + 1, "/");
		char name[64];

		snprintf(name, sizeof(name), "%.*s", (int)n, s + 1);
		parameter(name, "path", true);
		buf_str(&b, n >= 2 && strncmp(s + n - 1, "id", 2) == 0 ? "{\"type\":\"string\",\"format\":\"uuid\"}}" : "{\"type\":\"string\"}}");
	}
	for (size_t i = 0; r->query != NULL && i < r->query->nfields; i++) {
		parameter(r->query->fields[i].name, "query", false);
		field_schema(&r->query->fields[i], true);
		buf_char(&b, '}');
	}
	if (r->method == PATCH || r->method == DELETE_)
		shared_parameter("IfMatch");
	if (r->method == POST && r->need != PUBLIC)
		shared_parameter("IdempotencyKey");
	buf_char(&b, ']');
}

static void answer(const struct route *r)
{
	if (r->out == NULL) {
		buf_str(&b, "{\"type\":\"object\"}");
		return;
	}
	if ((r->flags & R_LIST) == 0) {
		buf_fmt(&b, "{\"$ref\":\"#/components/schemas/%s\"}", r->out->name);
		return;
	}
	buf_fmt(&b, "{\"type\":\"object\",\"required\":[\"items\",\"next\"],\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/%s\"}},"
	    "\"next\":{\"type\":[\"string\",\"null\"]}", r->out->name);
	nested_schemas(NULL, r->path, ",");
	buf_str(&b, "}}");
}

/* What may come beside the body. */
static void answer_headers(const struct route *r)
{
	static const char *const names[] = { "Link", "IdempotentReplayed", "Location", "ETag" }, *const shown[] = { "Link", "Idempotent-Replayed", "Location", "ETag" };
	const bool has[] = { (r->flags & R_LIST) != 0, r->method == POST && r->need != PUBLIC, r->method == POST && r->out != NULL, r->out != NULL && (r->flags & R_LIST) == 0 };
	const char *s = ",\"headers\":{";

	for (size_t i = 0; i < nitems(names); i++) {
		if (!has[i])
			continue;
		buf_fmt(&b, "%s\"%s\":{\"$ref\":\"#/components/headers/%s\"}", s, shown[i], names[i]);
		s = ",";
	}
	buf_str(&b, *s == ',' && s[1] == '\0' ? "}" : "");
}

static void operation(const struct route *r)
{
	static const char *const names[METHODS] = { "get", "post", "patch", "delete" };

	buf_fmt(&b, "\"%s\":{\"operationId\":\"%s", names[r->method], names[r->method]);
	for (const char *s = r->path; *s != '\0'; s++)
		buf_char(&b, *s == '/' || *s == ':' || *s == '-' ? '_' : *s);
	buf_fmt(&b, "\",\"tags\":[\"%.*s\"],\"summary\":", (int)strcspn(r->path + 1, "/"), r->path + 1);
	str(r->doc != NULL ? r->doc : r->path);
	if (r->need == PUBLIC)
		buf_str(&b, ",\"security\":[]");
	parameters(r);
	if (r->in != NULL) {
		buf_str(&b, ",\"requestBody\":{\"required\":true,\"content\":{\"application/json\":{\"schema\":");
		object_schema(r->in, true, "");
		buf_char(&b, '}');
		if (r->in_files != NULL) {
			buf_str(&b, ",\"multipart/form-data\":{\"schema\":");
			object_schema(r->in_files, true, "\"files\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"contentMediaType\":\"application/octet-stream\"}}");
			buf_char(&b, '}');
		}
		buf_str(&b, "}}");
	}
	buf_str(&b, ",\"responses\":{\"2XX\":{\"description\":\"done\"");
	answer_headers(r);
	buf_str(&b, ",\"content\":{\"application/json\":{\"schema\":");
	answer(r);
	buf_str(&b, "}}},\"4XX\":{\"$ref\":\"#/components/responses/Problem\"},\"5XX\":{\"$ref\":\"#/components/responses/Problem\"}}}");
}

static bool in_api(const struct route *r)
{
	return (r->flags & R_PAGE) == 0;
}

/* All methods of a path stand together: at its first row over all programs. */
static void paths(const struct app *const *apps, size_t n)
{
	const char *outer = "";

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < apps[i]->nroutes; k++) {
			const struct route *r = &apps[i]->routes[k];
			bool seen = false;

			for (size_t j = 0; j < k; j++)
				seen = seen || (in_api(&apps[i]->routes[j]) && strcmp(apps[i]->routes[j].path, r->path) == 0);
			if (!in_api(r) || seen)
				continue;
			buf_fmt(&b, "%s\"", outer);
			path_of(r->path);
			buf_str(&b, "\":{");
			outer = ",";
			const char *inner = "";
			for (size_t j = k; j < apps[i]->nroutes; j++) {
				if (!in_api(&apps[i]->routes[j]) || strcmp(apps[i]->routes[j].path, r->path) != 0)
					continue;
				buf_str(&b, inner);
				operation(&apps[i]->routes[j]);
				inner = ",";
			}
			buf_char(&b, '}');
		}
	}
}

static void schemas(const struct app *const *apps, size_t n)
{
	const struct rec_type *done[256];
	size_t ndone = 0;

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < apps[i]->nroutes; k++) {
			const struct rec_type *t = apps[i]->routes[k].out;
			bool seen = t == NULL;

			for (size_t j = 0; j < ndone; j++)
				seen = seen || done[j] == t;
			if (seen || ndone == nitems(done))
				continue;
			buf_fmt(&b, "%s\"%s\":", ndone > 0 ? "," : "", t->name);
			object_schema(t, false, "");
			done[ndone++] = t;
		}
	}
}

void openapi_write(FILE *to, const struct app *const *apps, size_t n)
{
	buf_str(&b, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Balcão\",\"version\":\"1\",\"description\":\"The JSON face of every page. Lists answer items and next; errors are "
	    "application/problem+json (RFC 9457).\"},\"servers\":[{\"url\":\"/\"}],\"security\":[{\"bearer\":[]},{\"session\":[]}],\"paths\":{");
	paths(apps, n);
	buf_str(&b, "},\"components\":{\"securitySchemes\":{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"},\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"__Host-balcao\"}},"
	    "\"parameters\":{\"IfMatch\":{\"name\":\"If-Match\",\"in\":\"header\",\"required\":false,\"description\":\"the ETag that was read; what has a version needs it (428 without, 412 when it changed)\","
	    "\"schema\":{\"type\":\"string\"},\"example\":\"\\\"v1\\\"\"},\"IdempotencyKey\":{\"name\":\"Idempotency-Key\",\"in\":\"header\",\"required\":false,\"description\":\"done once: the same key with the same "
	    "request gets the first answer for 24 hours, with another request 422; 409 while the first takes long\",\"schema\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":200},"
	    "\"example\":\"8e03978e-40d5-43e8-bc93-6894a57f9324\"}},"
	    "\"headers\":{\"Link\":{\"description\":\"rel=next: the next page, where there is one\",\"schema\":{\"type\":\"string\"}},"
	    "\"IdempotentReplayed\":{\"description\":\"true: the answer of the first request with this key\",\"schema\":{\"type\":\"string\"}},"
	    "\"Location\":{\"description\":\"where the new thing is\",\"schema\":{\"type\":\"string\"}},\"ETag\":{\"description\":\"its version, for If-Match\",\"schema\":{\"type\":\"string\"}}},"
	    "\"responses\":{\"Problem\":{\"description\":\"what was wrong\",\"content\":{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/problem\"}}}}},"
	    "\"schemas\":{\"problem\":{\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\"],\"properties\":{\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
	    "\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},\"instance\":{\"type\":\"string\"},\"request_id\":{\"type\":\"string\"},\"errors\":{\"type\":\"array\",\"items\":"
	    "{\"type\":\"object\",\"properties\":{\"pointer\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"}}}}}},");
	schemas(apps, n);
	buf_str(&b, "}}}\n");
	fwrite(b.p, 1, b.n, to);
	buf_free(&b);
}
