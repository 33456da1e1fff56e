/* text.h: UTF-8 and small text helpers over NUL-terminated strings. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "lib/base/arena.h"

/* True when the n bytes are valid UTF-8 (RFC 3629: no surrogates, no overlong forms, <= U+10FFFF) without NUL. */
bool utf8_ok(const char *s, size_t n);
/* Number of code points in s. */
size_t utf8_len(const char *s);
/* s cut to at most max code points, "…" replacing the last one when something was cut. In a. */
char *utf8_cut(struct arena *a, const char *s, size_t max);
/* s with bytes that are not valid UTF-8 replaced by U+FFFD and NULs and other C0 controls but \t \n dropped. In a. */
char *utf8_clean(struct arena *a, const char *s, size_t n);

/* s without leading and trailing white space (ASCII and U+00A0), \r\n made \n. In a. */
char *text_trim(struct arena *a, const char *s);
/* Lower case of ASCII letters only. In a. */
char *text_lower(struct arena *a, const char *s);
bool text_starts(const char *s, const char *prefix);
/* True for NULL and for "". */
bool text_empty(const char *s);
/* Equality that takes NULL as a value of its own. */
bool text_eq(const char *a, const char *b);

/* True when s is 36 characters of a UUID in its usual form, lower case only: what an id in a URL must be. */
bool id_ok(const char *s);

/* Decimal, the whole string, within [min, max]; false otherwise (and *out untouched). */
bool parse_i64(const char *s, int64_t min, int64_t max, int64_t *out);

/* s with phone-like runs (8 digits or more, with separators) and e-mail addresses masked: only the last two digits, or the first letter and the domain's last label, stay. In a; NULL gives NULL. */
char *mask_text(struct arena *a, const char *s);
/* "(31) *****-**42": all digits but the last two become '*'. In a; NULL gives NULL. */
char *mask_digits(struct arena *a, const char *s);
/* "p***@***.com". In a; NULL gives NULL. */
char *mask_email(struct arena *a, const char *s);

#endif
