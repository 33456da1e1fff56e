/*
 * rec.h: field tables. A record is a plain struct plus one table of its fields; the table drives
 * decoding of rows, binding of forms and JSON, validation, output and the OpenAPI schema.
 *
 *   struct contact { const char *id; const char *name; int32_t version; utc_t created_at; };
 *   #define REC struct contact
 *   static const struct field contact_fields[] = {
 *           F(id, .flags = RO | ID), F(name, .flags = REQ, .max = 200), F(version, .flags = RO), F(created_at, .flags = RO) };
 *   #undef REC
 *   const struct rec_type contact_type = REC_TYPE("contact", struct contact, contact_fields);
 *
 * The C type chooses the kind, so a wrong type does not compile: const char * is text, int32_t,
 * int64_t, bool, utc_t (an instant). NULL and UTC_NONE are SQL NULL. Numbers have no NULL, unless
 * .null_zero is not wanted: make the column NOT NULL or coalesce in the statement.
 */
#ifndef REC_REC_H
#define REC_REC_H

#include "lib/base/arena.h"
#include "lib/base/clock.h"

enum kind { K_TEXT, K_I32, K_I64, K_BOOL, K_UTC, K_MONEY };

typedef struct { int64_t minor; } money_t; /* minor units (centavos); its currency is a field of its own */

enum field_flags {
	RO = 1 << 0,       /* never taken from input */
	REQ = 1 << 1,      /* must be given and not blank */
	ID = 1 << 2,       /* a UUID */
	PHONE = 1 << 3,    /* personal: masked for viewers as digits; in JSON +digits (E.164) */
	EMAIL = 1 << 4,    /* personal: checked and masked as an e-mail address */
	FREE = 1 << 5,     /* free text written by people: phones and e-mails inside it are masked for viewers */
	HIDE = 1 << 6,     /* internal: decoded, never output */
	MULTI = 1 << 7,    /* may hold line breaks */
	JSON = 1 << 8,     /* text that is a JSON value: output as it is in JSON, left out of HTML */
	SORT = 1 << 9,     /* allowed in ?sort= */
	FILTER = 1 << 10,  /* allowed as a filter parameter */
	SECRET = 1 << 11,  /* taken from input, never output */
};

struct field {
	const char *name;           /* column, JSON member, form field */
	enum kind kind;
	size_t offset;
	unsigned flags;
	int64_t min, max;           /* text: length in code points (max 0 = 200); numbers: range when max > min */
	const char *const *one_of;  /* NULL-ended list of allowed texts */
	const char *doc;            /* one line for the OpenAPI document */
	const char *schema;         /* of a JSON field: what it may hold, as JSON Schema; NULL: anything */
	char last;                  /* lets F() take a member alone; nothing reads it */
};

struct rec_type {
	const char *name;
	size_t size;
	const struct field *fields;
	size_t nfields;
};

#define KIND_OF(x) _Generic((x), const char *: K_TEXT, int32_t: K_I32, int64_t: K_I64, bool: K_BOOL, utc_t: K_UTC, money_t: K_MONEY)
#define F(...) FIELD_(__VA_ARGS__, .last = 0)
#define FIELD_(member, ...) { .name = #member, .kind = KIND_OF(((REC *)0)->member), .offset = offsetof(REC, member), __VA_ARGS__ }
#define REC_TYPE(n, type, fields_) { (n), sizeof(type), (fields_), nitems(fields_) }

/* A JSON field that is a list of ids. */
#define SCHEMA_IDS "{\"type\":\"array\",\"items\":{\"type\":\"string\",\"format\":\"uuid\"}}"
#define SCHEMA_OBJECT "{\"type\":[\"object\",\"null\"]}"

const struct field *rec_field(const struct rec_type *t, const char *name);

/* One refused field. pointer is the field's name; code one of required, too_long, too_short, range, choice, format, unknown, taken, ...: the text of "err.<code>" in templates/lang explains it. arg fills its {0}. */
struct field_error {
	const char *field;
	const char *code;
	const char *arg;
	struct field_error *next;
};

/* Where input comes from: returns the value's text or NULL when the field was not given at all. is_null tells a JSON null. */
typedef const char *rec_source(void *src, const char *name, bool *is_null);

/*
 * Takes every field that is not RO from src into rec, checks it, and appends what is wrong to *errs.
 * Text is trimmed (unless SECRET); blank text becomes NULL. partial: fields that were not given keep
 * their value and REQ does not fire for them (PATCH). Returns E_INVALID when *errs got longer.
 * K_MONEY takes "1234.50", "1234,50", "1.234,56"; K_UTC takes RFC 3339; K_BOOL true/false/1/0/on.
 */
CHECK enum err rec_bind(struct arena *a, const struct rec_type *t, void *rec, rec_source *src, void *ctx,
    bool partial, struct field_error **errs);
void field_error_add(struct arena *a, struct field_error **errs, const char *field, const char *code, const char *arg);

/* Sets one field from PostgreSQL's text form (NULL = SQL NULL). False when the text does not fit the kind. */
CHECK bool rec_set_pg(struct arena *a, const struct field *f, void *rec, const char *text);
/* The text of one field as PostgreSQL and JSON take it, NULL for NULL. In a. */
const char *rec_text(struct arena *a, const struct field *f, const void *rec);

bool email_ok(const char *s); /* one @, a dot in the domain, no space or control, <= 254 bytes */
/* "1.234,56", "1234,5", "1234.50", "R$ 10" -> minor units (two decimals). False when it is ambiguous or no amount. */
bool money_parse(const char *s, int64_t *minor);
/* "1234.50", the API's form. In a. */
char *money_text(struct arena *a, int64_t minor);

#endif
