/* media.c: the media store: upload, address, download. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "tests/stub/stub.h"

enum { MB = 1 << 20, STICKER_STATIC = 100 << 10, STICKER_MOVING = 500 << 10 };

static const struct media_type {
	const char *mime, *kind, *ext;
	size_t max;
	const char *magic; /* what the bytes must hold at magic_at; NULL: not checked */
	size_t magic_at;
} types[] = {
	{ "image/jpeg", "image", "jpg", 5 * MB, "\xff\xd8\xff", 0 },
	{ "image/png", "image", "png", 5 * MB, "\x89PNG\r\n\x1a\n", 0 },
	{ "image/webp", "sticker", "webp", STICKER_MOVING, "WEBP", 8 },
	{ "video/mp4", "video", "mp4", 16 * MB, "ftyp", 4 },
	{ "video/3gpp", "video", "3gp", 16 * MB, "ftyp", 4 },
	{ "audio/aac", "audio", "aac", 16 * MB, NULL, 0 },
	{ "audio/amr", "audio", "amr", 16 * MB, "#!AMR", 0 },
	{ "audio/mpeg", "audio", "mp3", 16 * MB, NULL, 0 },
	{ "audio/mp4", "audio", "m4a", 16 * MB, "ftyp", 4 },
	{ "audio/ogg", "audio", "ogg", 16 * MB, "OggS", 0 },
	{ "audio/opus", "audio", "opus", 16 * MB, "OggS", 0 },
	{ "application/pdf", "document", "pdf", 100 * MB, "%PDF-", 0 },
	{ "text/plain", "document", "txt", 100 * MB, NULL, 0 },
	{ "application/octet-stream", "document", "bin", 100 * MB, NULL, 0 },
};

/* "audio/ogg; codecs=opus" is audio/ogg here. */
static bool same_mime(const char *mime, const char *known)
{
	size_t n = strlen(known);

	return !strncasecmp(mime, known, n) && (mime[n] == 0 || mime[n] == ';' || mime[n] == ' ');
}

static const struct media_type *type_find(const char *mime)
{
	for (size_t i = 0; i < nitems(types); i++)
		if (same_mime(mime, types[i].mime))
			return &types[i];
	return NULL;
}

static bool mime_ok(const char *s)
{
	static const char *const chars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-_";
	size_t a = s ? strspn(s, chars) : 0, b = a && s[a] == '/' ? strspn(s + a + 1, chars) : 0;
	char end = b ? s[a + 1 + b] : 'x';

	return b && (end == 0 || end == ';' || end == ' ') && strlen(s) <= 100;
}

bool media_kind_ok(const char *kind, const char *mime, size_t *max)
{
	const struct media_type *t = type_find(mime);

	*max = 100 * MB;
	if (!strcmp(kind, "document"))
		return true;
	if (t)
		*max = t->max;
	return t && !strcmp(t->kind, kind);
}

struct medium *medium_find(struct stub *st, const char *id)
{
	struct medium *m = st->media;

	while (m && strcmp(m->id, id) != 0)
		m = m->next;
	return m;
}

static void medium_free(struct medium *m)
{
	free(m->id);
	free(m->mime);
	free(m->phone);
	free(m->p);
	free(m);
}

static void medium_remove(struct stub *st, const char *id)
{
	for (struct medium **p = &st->media; *p; p = &(*p)->next) {
		struct medium *m = *p;

		if (strcmp(m->id, id) != 0)
			continue;
		*p = m->next;
		medium_free(m);
		return;
	}
}

struct medium *medium_add(struct stub *st, const char *id, const char *mime, const char *phone,
	const void *p, size_t n)
{
	struct medium *m = calloc(1, sizeof *m);

	if (!m || !(m->id = strdup(id)) || !(m->mime = strdup(mime)) || !(m->p = malloc(n + 1))
		|| (phone && !(m->phone = strdup(phone))))
		die("out of memory");
	medium_remove(st, id);
	if (n)
		memcpy(m->p, p, n);
	m->n = n;
	m->at_ms = wall_ms();
	sha256(m->p, n, m->sha256);
	m->next = st->media;
	st->media = m;
	return m;
}

void media_builtin(struct stub *st)
{
	static const struct {
		const char *id, *mime;
		void (*make)(struct buf *b);
	} made[] = {
		{ "test-png", "image/png", builtin_png },
		{ "test-jpg", "image/jpeg", builtin_jpeg },
		{ "test-jpeg", "image/jpeg", builtin_jpeg },
		{ "test-webp", "image/webp", builtin_webp },
		{ "test-pdf", "application/pdf", builtin_pdf },
		{ "test-ogg", "audio/ogg; codecs=opus", builtin_ogg },
		{ "test-amr", "audio/amr", builtin_amr },
	};
	static const char text[] = "Arquivo de teste do Balcão.\n";

	for (size_t i = 0; i < nitems(made); i++) {
		struct buf b = { 0 };

		made[i].make(&b);
		medium_add(st, made[i].id, made[i].mime, NULL, b.p, b.n);
		buf_free(&b);
	}
	medium_add(st, "test-txt", "text/plain", NULL, text, sizeof text - 1);
}

void media_reset(struct stub *st)
{
	while (st->media)
		medium_remove(st, st->media->id);
}

static bool id_name_ok(const char *s, size_t n)
{
	return n >= 1 && n <= 64
		&& strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") >= n;
}

static void read_one(struct stub *st, const char *name)
{
	const char *dot = strrchr(name, '.');
	struct arena *a = arena_new();
	struct buf b = { 0 };
	char chunk[65536];
	size_t n;
	FILE *f;

	for (size_t i = 0; dot && i < nitems(types); i++) {
		if (strcmp(types[i].ext, dot + 1) != 0 || !id_name_ok(name, (size_t)(dot - name)))
			continue;
		f = fopen(arena_fmt(a, "%s/%s", st->media_dir, name), "rbe");
		while (f && (n = fread(chunk, 1, sizeof chunk, f)) > 0)
			buf_add(&b, chunk, n);
		if (f && !ferror(f))
			medium_add(
				st, arena_strn(a, name, (size_t)(dot - name)), types[i].mime, NULL, b.p, b.n);
		if (f)
			fclose(f);
		break;
	}
	buf_free(&b);
	arena_free(a);
}

void media_read_dir(struct stub *st)
{
	DIR *d = st->media_dir ? opendir(st->media_dir) : NULL;
	struct dirent *e;

	if (st->media_dir && !d)
		die("--media-dir %s: %s", st->media_dir, strerror(errno));
	while (d && (e = readdir(d)))
		read_one(st, e->d_name);
	if (d)
		closedir(d);
}

/* Kept for the next start; a failure only costs that. */
static void save(struct req *r, const struct medium *m)
{
	const struct media_type *t = type_find(m->mime);
	char *path;
	FILE *f;

	if (!r->st->media_dir)
		return;
	path = arena_fmt(r->a, "%s/%s.%s", r->st->media_dir, m->id, t ? t->ext : "bin");
	f = fopen(path, "wbe");
	if (!f || fwrite(m->p, 1, m->n, f) != m->n)
		LOG(LOG_WARN, "media.save", "why", strerror(errno), NULL);
	if (f)
		fclose(f);
}

/* A moving sticker says so in its VP8X header. */
static size_t sticker_max(const struct buf *f)
{
	return f->n > 20 && !memcmp(f->p + 12, "VP8X", 4) && (f->p[20] & 2) ? STICKER_MOVING : STICKER_STATIC;
}

static bool judge_file(struct req *r, const char *mime)
{
	const struct media_type *t = type_find(mime);
	const struct buf *f = &r->up->file;
	size_t max = t ? t->max : (size_t)100 * MB;

	if (!t && (text_starts(mime, "image/") || text_starts(mime, "video/") || text_starts(mime, "audio/")))
		return refuse(&r->v, r->a, 100,
			"Param file must be a file with one of the supported types. Received file of "
			"type '%s'.",
			mime);
	if (t && !strcmp(t->kind, "sticker"))
		max = sticker_max(f);
	if (r->up->too_big || f->n > max)
		return refuse(&r->v, r->a, 131053, "The file is larger than the %zu bytes allowed for %s.",
			max, mime);
	if (t && t->magic && (f->n < t->magic_at + strlen(t->magic)
		|| memcmp(f->p + t->magic_at, t->magic, strlen(t->magic)) != 0))
		return refuse(&r->v, r->a, 131053, "The file is not a %s.", mime);
	return true;
}

static bool judge_upload(struct req *r)
{
	struct upload *u = r->up;

	if (!u)
		return refuse(&r->v, r->a, 100, "The body must be multipart/form-data.");
	if (r->broken)
		return refuse(&r->v, r->a, 100, "The multipart body is malformed.");
	if (u->unknown)
		return refuse(&r->v, r->a, 100, "Unexpected form field.");
	if (!u->product.n || strcmp(u->product.p, "whatsapp") != 0)
		return refuse(&r->v, r->a, 100, "The parameter messaging_product is required.");
	if (!u->type.n)
		return refuse(&r->v, r->a, 100, "The parameter type is required.");
	if (!u->has_file || !u->file.n)
		return refuse(&r->v, r->a, 100, "The parameter file is required.");
	if (!mime_ok(u->type.p) || !u->file_type || !mime_ok(u->file_type))
		return refuse(&r->v, r->a, 100, "type and the content type of file must be MIME types.");
	if (strncasecmp(u->type.p, u->file_type, strcspn(u->type.p, "; ")) != 0
		|| strcspn(u->type.p, "; ") != strcspn(u->file_type, "; "))
		return refuse(&r->v, r->a, 100, "type is %s, but the file's content type is %s.", u->type.p,
			u->file_type);
	return judge_file(r, u->file_type);
}

void media_upload(struct req *r, const char *phone)
{
	struct medium *m;
	char *id;

	if (!judge_upload(r))
		return;
	do
		id = digits_new(r->st, r->a, 16);
	while (medium_find(r->st, id));
	m = medium_add(r->st, id, r->up->file_type, phone, r->up->file.p, r->up->file.n);
	save(r, m);
	json_object_set_new(r->line, "media_id", must(json_string(id)));
	out_json(r, must(json_pack("{s:s}", "id", id)));
}

static char *url_hash(struct req *r, const char *id, int64_t until_ms)
{
	char *text = arena_fmt(r->a, "%s/%lld", id, (long long)until_ms);
	uint8_t mac[32];

	hmac_sha256(r->st->url_key, sizeof r->st->url_key, text, strlen(text), mac);
	return hex_encode(r->a, mac, 16);
}

void media_show(struct req *r, struct medium *m)
{
	const char *phone = query(r, "phone_number_id");
	int64_t until = wall_ms() + r->st->media_expire_ms;

	if (phone && m->phone && strcmp(phone, m->phone) != 0) {
		refuse(&r->v, r->a, 100, "The media was not uploaded on this phone number.");
		return;
	}
	out_json(r, must(json_pack("{s:s,s:o,s:s,s:s,s:I,s:s}", "messaging_product", "whatsapp", "url",
		must(json_sprintf("http://%s:%u/media/%s?ext=%lld&hash=%s", r->st->host, r->st->port, m->id,
		(long long)until, url_hash(r, m->id, until))), "mime_type", m->mime, "sha256",
		hex_encode(r->a, m->sha256, sizeof m->sha256), "file_size", (json_int_t)m->n, "id", m->id)));
}

void media_download(struct req *r)
{
	const char *id = r->path + strlen("/media/"), *agent = header(r, "User-Agent"),
		   *hash = query(r, "hash");
	struct medium *m = medium_find(r->st, id);
	int64_t until;

	if (!agent || !*agent) {
		refuse(&r->v, r->a, 10, "A User-Agent is required.");
		return;
	}
	if (!m || !hash || !query(r, "ext") || !parse_i64(query(r, "ext"), 0, INT64_MAX, &until)
		|| !secret_equal(hash, url_hash(r, id, until)) || until <= wall_ms()) {
		refuse(&r->v, r->a, 100, "The address has expired or never existed.");
		r->v.http = 404;
		return;
	}
	buf_add(&r->out, m->p, m->n);
	r->type = arena_str(r->a, m->mime);
	r->http = 200;
}
