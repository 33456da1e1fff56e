/* ids.c: identifiers, numbers, small helpers. */
#include <ctype.h>
#include <string.h>

#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "tests/stub/stub.h"

static pthread_mutex_t log_mutex = PTHREAD_MUTEX_INITIALIZER;

void log_lock(void)
{
	pthread_mutex_lock(&log_mutex);
}

void log_unlock(void)
{
	pthread_mutex_unlock(&log_mutex);
}

/* splitmix64: repeatable with --seed. */
uint64_t stub_random(struct stub *st)
{
	uint64_t z = st->seed += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

char *base64_text(struct arena *a, const void *p, size_t n)
{
	struct buf b = { 0 };
	char *s = base64url_encode(a, p, n);

	for (char *c = s; *c; c++)
		buf_char(&b, *c == '-' ? '+' : *c == '_' ? '/' : *c);
	while (b.n % 4)
		buf_char(&b, '=');
	s = arena_strn(a, b.n ? b.p : "", b.n);
	buf_free(&b);
	return s;
}

/* The bytes that Meta's ids hold: a length-tagged number, a direction, 20 hex digits. */
char *wamid_new(struct stub *st, struct arena *a, const char *who, bool inbound)
{
	uint8_t raw[80], serial[10];
	size_t n = 0, len = strlen(who) > 32 ? 32 : strlen(who);
	uint64_t r = stub_random(st), s = ++st->serial;
	const char *hex;

	for (int i = 0; i < 6; i++)
		serial[i] = (uint8_t)(r >> (8 * i));
	for (int i = 0; i < 4; i++)
		serial[9 - i] = (uint8_t)(s >> (8 * i));
	raw[n++] = 0x1c;
	raw[n++] = 0x18;
	raw[n++] = (uint8_t)len;
	memcpy(raw + n, who, len);
	n += len;
	memcpy(raw + n, "\x15\x02\x00", 3);
	n += 3;
	raw[n++] = inbound ? 0x12 : 0x11;
	raw[n++] = 0x18;
	raw[n++] = 20;
	hex = hex_encode(a, serial, sizeof serial);
	for (int i = 0; i < 20; i++)
		raw[n++] = (uint8_t)toupper((unsigned char)hex[i]);
	raw[n++] = 0;
	return arena_fmt(a, "wamid.%s", base64_text(a, raw, n));
}

bool wamid_ok(const char *s)
{
	return s && text_starts(s, "wamid.") && strlen(s) > 6 && strlen(s) <= 512;
}

char *digits_new(struct stub *st, struct arena *a, unsigned n)
{
	char *s = arena_alloc(a, n + 1);

	for (unsigned i = 0; i < n; i++)
		s[i] = (char)('0' + stub_random(st) % (i ? 10 : 9) + (i ? 0 : 1));
	return s;
}

char *bsuid_of(struct arena *a, const char *wa_id)
{
	uint64_t h = text_hash(wa_id);

	return arena_fmt(a, "%s.%010llu%010llu", text_starts(wa_id, "55") ? "BR" : "US",
		(unsigned long long)(h >> 32), (unsigned long long)(h & 0xffffffffu));
}

bool bsuid_ok(const char *s)
{
	size_t n = 0;

	if (!s || !isupper((unsigned char)s[0]) || !isupper((unsigned char)s[1]) || s[2] != '.')
		return false;
	s += 3;
	if (text_starts(s, "ENT."))
		s += 4;
	while (isalnum((unsigned char)s[n]))
		n++;
	return n >= 1 && n <= 128 && s[n] == 0;
}

char *number_digits(struct arena *a, const char *s)
{
	size_t n;

	if (!s)
		return NULL;
	if (*s == '+')
		s++;
	n = strspn(s, "0123456789");
	return s[n] == 0 && n >= 7 && n <= 15 ? arena_str(a, s) : NULL;
}

const char *wa_id_of(struct stub *st, struct arena *a, const char *digits)
{
	if (json_object_get(st->old_wa, digits) && strlen(digits) == 13)
		return arena_fmt(a, "%.4s%s", digits, digits + 5);
	return digits;
}

int64_t wall_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

uint64_t text_hash(const char *s)
{
	uint8_t h[32];
	uint64_t v = 0;

	sha256(s, strlen(s), h);
	for (int i = 0; i < 8; i++)
		v = v << 8 | h[i];
	return v;
}

json_t *must(json_t *x)
{
	if (!x)
		die("out of memory, or text that is not UTF-8");
	return x;
}

const char *jstr(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}
