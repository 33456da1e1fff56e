#include "model/file.h"

#include <errno.h>
#include <magic.h>
#include <string.h>

#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "model/store.h"

char *file_type(struct arena *a, const void *p, size_t n)
{
	static magic_t cookie;
	const char *s;

	if (cookie == NULL) {
		cookie = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS);
		if (cookie == NULL || magic_load(cookie, NULL) != 0)
			die("libmagic does not start");
	}
	s = magic_buffer(cookie, p, n);
	return arena_str(a, s != NULL ? s : "application/octet-stream");
}

/* ---- kinds ---- */

static bool opus(const uint8_t *p, size_t n)
{
	return memmem(p, n < 256 ? n : 256, "OpusHead", 8) != NULL;
}

static unsigned le24(const uint8_t *p)
{
	return p[0] | (unsigned)p[1] << 8 | (unsigned)p[2] << 16;
}

/* 512 by 512, at most 100 KB, or 500 KB when it moves: all three forms of WebP say their size in the first 30 bytes. */
static bool sticker(const uint8_t *p, size_t n)
{
	unsigned w = 0, h = 0;
	bool moves = false;

	if (n < 30 || memcmp(p, "RIFF", 4) != 0 || memcmp(p + 8, "WEBP", 4) != 0)
		return false;
	if (memcmp(p + 12, "VP8X", 4) == 0) {
		moves = (p[20] & 2) != 0;
		w = le24(p + 24) + 1;
		h = le24(p + 27) + 1;
	} else if (memcmp(p + 12, "VP8L", 4) == 0) {
		unsigned bits = le24(p + 21) | (unsigned)p[24] << 24;

		w = (bits & 0x3fff) + 1;
		h = (bits >> 14 & 0x3fff) + 1;
	} else if (memcmp(p + 12, "VP8 ", 4) == 0) {
		w = (p[26] | (unsigned)p[27] << 8) & 0x3fff;
		h = (p[28] | (unsigned)p[29] << 8) & 0x3fff;
	}
	return w == 512 && h == 512 && n <= (moves ? 500u : 100u) * 1024;
}

/* What WhatsApp shows as more than a document. */
static const struct { const char *type, *mime, *kind; bool (*is)(const uint8_t *p, size_t n); } kinds[] = {
	{ "image/jpeg", "image/jpeg", "image" }, { "image/png", "image/png", "image" }, { "image/webp", "image/webp", "sticker", sticker },
	{ "video/mp4", "video/mp4", "video" }, { "video/3gpp", "video/3gpp", "video" },
	{ "audio/mpeg", "audio/mpeg", "audio" }, { "audio/mp4", "audio/mp4", "audio" }, { "audio/x-m4a", "audio/mp4", "audio" },
	{ "audio/aac", "audio/aac", "audio" }, { "audio/x-hx-aac-adts", "audio/aac", "audio" }, { "audio/amr", "audio/amr", "audio" },
	{ "audio/ogg", "audio/ogg", "audio", opus }, { "application/ogg", "audio/ogg", "audio", opus },
};

const char *file_kind(const char *type, const void *p, size_t n, const char **mime)
{
	*mime = type;
	for (size_t i = 0; i < nitems(kinds); i++) {
		if (strcasecmp(kinds[i].type, type) != 0 || (kinds[i].is != NULL && !kinds[i].is(p, n)))
			continue;
		*mime = kinds[i].mime;
		return kinds[i].kind;
	}
	return "document";
}

bool file_shown(const char *mime)
{
	static const char *const types[] = { "image/png", "image/jpeg", "image/webp", "image/gif", "audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/amr",
		"video/mp4", "video/3gpp" };

	for (size_t i = 0; i < nitems(types); i++)
		if (text_eq(mime, types[i]))
			return true;
	return false;
}

/* ---- what may pass ---- */

bool file_harmless(const char *type, const char *name)
{
	static const char *const types[] = {
		"text/html", "application/xhtml+xml", "image/svg+xml", "text/javascript", "application/javascript", "application/x-javascript", "text/x-shellscript",
		"text/x-msdos-batch", "text/vbscript", "text/x-php", "text/x-perl", "text/x-script.python", "application/x-executable", "application/x-pie-executable",
		"application/x-sharedlib", "application/x-object", "application/x-mach-binary", "application/x-dosexec", "application/vnd.microsoft.portable-executable",
		"application/x-msdownload", "application/x-msi", "application/x-ms-shortcut", "application/java-archive", "application/x-java-applet",
		"application/vnd.android.package-archive", "application/x-bytecode.python", "application/x-setupscript", "application/x-debian-package",
		"application/vnd.debian.binary-package", "application/x-rpm", "application/hta", "text/x-ms-regedit",
	};
	static const char *const ends[] = {
		"exe", "com", "scr", "pif", "bat", "cmd", "ps1", "psm1", "vbs", "vbe", "js", "jse", "mjs", "wsf", "wsh", "hta", "msi", "msp", "cpl", "dll", "sys", "lnk", "reg",
		"url", "inf", "jar", "apk", "ipa", "app", "dmg", "deb", "rpm", "sh", "bash", "run", "html", "htm", "xhtml", "xht", "shtml", "mhtml", "mht", "svg", "svgz", "swf",
	};
	const char *dot = name != NULL ? strrchr(name, '.') : NULL;

	for (size_t i = 0; i < nitems(types); i++)
		if (strcasecmp(type, types[i]) == 0)
			return false;
	for (size_t i = 0; dot != NULL && i < nitems(ends); i++)
		if (strcasecmp(dot + 1, ends[i]) == 0)
			return false;
	return true;
}

/* ---- names ---- */

/* Bytes of what no name may hold at s: controls, and what turns the direction of writing ("photo\u202Egpj.exe"). 0: nothing. */
static size_t unprintable(const char *s)
{
	static const char *const marks[] = { "\xE2\x80\x8B", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAA", "\xE2\x80\xAB", "\xE2\x80\xAC",
		"\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA7", "\xE2\x81\xA8", "\xE2\x81\xA9", "\xEF\xBB\xBF", "\xD8\x9C" };

	if ((unsigned char)*s < 0x20 || *s == 0x7f)
		return 1;
	if ((unsigned char)s[0] == 0xC2 && (unsigned char)s[1] >= 0x80 && (unsigned char)s[1] < 0xA0)
		return 2;
	for (size_t i = 0; i < nitems(marks); i++)
		if (strncmp(s, marks[i], strlen(marks[i])) == 0)
			return strlen(marks[i]);
	return 0;
}

char *file_name(struct arena *a, const char *name)
{
	char *clean = arena_alloc(a, strlen(name) + 1), *w = clean, *dot;
	size_t len, end;

	for (const char *s = name; *s != '\0'; ) {
		size_t skip = unprintable(s);

		if (skip == 0 && (*s == '/' || *s == '\\'))
			w = clean;
		else if (skip == 0)
			*w++ = *s;
		s += skip > 0 ? skip : 1;
	}
	*w = '\0';
	/* Windows drops dots and blanks at the end: "a.exe." is a program there. */
	while (w > clean && (w[-1] == '.' || w[-1] == ' '))
		*--w = '\0';
	clean = text_trim(a, clean);
	clean += strspn(clean, ". ");
	len = utf8_len(clean);
	if (len <= FILE_NAME_MAX)
		return *clean != '\0' ? clean : NULL;
	dot = strrchr(clean, '.');
	end = dot != NULL ? utf8_len(dot) : 0;
	if (end == 0 || end > 12)
		return utf8_cut(a, clean, FILE_NAME_MAX);
	return arena_fmt(a, "%s%s", utf8_cut(a, arena_strn(a, clean, (size_t)(dot - clean)), FILE_NAME_MAX - end), dot);
}

/* ---- keeping ---- */

static enum err check(struct ctx *cx, const struct file_in *in, struct file *out)
{
	struct arena *a = cx->arena;
	const char *type, *shown;
	uint8_t hash[32];

	*out = (struct file){ .name = file_name(a, in->name != NULL ? in->name : ""), .size = (int64_t)in->n };
	shown = out->name != NULL ? out->name : "?";
	if (in->n == 0)
		return fail_field(cx, "files", "file_empty", shown);
	if (in->n > FILE_BYTES_MAX)
		return fail_field(cx, "files", "file_too_big", shown);
	type = file_type(a, in->p, in->n);
	if (!file_harmless(type, out->name))
		return fail_field(cx, "files", "file_type", shown);
	out->kind = file_kind(type, in->p, in->n, &out->mime);
	sha256(in->p, in->n, hash);
	out->sha256 = hex_encode(a, hash, sizeof(hash));
	return OK;
}

enum err files_keep(struct ctx *cx, const char *root, const struct file_in *in, size_t n, struct file *out)
{
	enum err e = OK;

	if (n > FILES_MAX)
		return fail_field(cx, "files", "files_many", arena_fmt(cx->arena, "%d", FILES_MAX));
	for (size_t i = 0; i < n; i++)
		if (check(cx, &in[i], &out[i]) != OK)
			e = E_INVALID;
	TRY(e);
	for (size_t i = 0; i < n; i++) {
		out[i].file = store_put(cx->arena, root, in[i].p, in[i].n);
		if (out[i].file != NULL)
			continue;
		e = fail(cx, E_INTERNAL, "file store: %s", strerror(errno));
		files_drop(root, out, i);
		return e;
	}
	return OK;
}

void files_drop(const char *root, const struct file *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		store_drop(root, f[i].file);
}

char *files_json(struct arena *a, const struct file *f, size_t n)
{
	struct buf b = { 0 };
	char *out;

	buf_char(&b, '[');
	for (size_t i = 0; i < n; i++) {
		const struct { const char *name, *value; } texts[] = {
			{ "kind", f[i].kind }, { "name", f[i].name }, { "mime", f[i].mime }, { "sha256", f[i].sha256 }, { "file", f[i].file },
		};

		buf_str(&b, i > 0 ? ",{" : "{");
		for (size_t k = 0; k < nitems(texts); k++) {
			buf_fmt(&b, "\"%s\":", texts[k].name);
			buf_json(&b, texts[k].value);
			buf_char(&b, ',');
		}
		buf_fmt(&b, "\"size\":%lld}", (long long)f[i].size);
	}
	buf_char(&b, ']');
	out = arena_strn(a, b.p, b.n);
	buf_free(&b);
	return out;
}
