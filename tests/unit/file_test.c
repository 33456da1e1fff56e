/* file_test.c: what a file is, whether it may pass, what it is called. */
#include <string.h>

#include "lib/base/text.h"
#include "model/file.h"
#include "tests/unit/unit.h"

#define PNG "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\b\2\0\0\0"
#define WEBP(form) "RIFF\x24\0\0\0WEBP" form

struct sample { const char *what, *p; size_t n; const char *kind, *mime; };
#define S(what, bytes, kind, mime) { what, bytes, sizeof(bytes) - 1, kind, mime }

static void kinds(void)
{
	static const struct sample t[] = {
		S("png", PNG, "image", "image/png"),
		S("jpeg", "\xff\xd8\xff\xe0\0\20JFIF\0\1\1\0\0\1\0\1\0\0\xff\xdb", "image", "image/jpeg"),
		S("gif", "GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff;", "document", "image/gif"),
		S("pdf", "%PDF-1.4\n1 0 obj\n", "document", "application/pdf"),
		S("text", "Ol\xC3\xA1, tudo bem?\n", "document", "text/plain"),
		S("mp4", "\0\0\0\x18" "ftypmp42\0\0\0\0mp42isom", "video", "video/mp4"),
		S("m4a", "\0\0\0\x18" "ftypM4A \0\0\0\0M4A mp42", "audio", "audio/mp4"),
		S("opus", "OggS\0\2\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\1\23OpusHead\1\1\0\0\x80\xbb\0\0\0\0\0", "audio", "audio/ogg"),
		S("vorbis", "OggS\0\2\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\1\36\1vorbis\0\0\0\0\1\x44\xac\0\0", "document", "audio/ogg"),
		S("amr", "#!AMR\n\x3c\x91\x17\x16", "audio", "audio/amr"),
		S("a sticker", WEBP("VP8X\n\0\0\0\0\0\0\0\xff\1\0\xff\1\0"), "sticker", "image/webp"),
		S("a sticker, lossless", WEBP("VP8L\x10\0\0\0\x2f\xff\xc1\x7f\0\0\0\0\0\0"), "sticker", "image/webp"),
		S("a sticker, plain", WEBP("VP8 \x10\0\0\0\x30\1\0\x9d\1\x2a\0\2\0\2"), "sticker", "image/webp"),
		S("a webp of another size", WEBP("VP8X\n\0\0\0\0\0\0\0\xff\1\0\xfe\1\0"), "document", "image/webp"),
		S("bytes", "\1\2\3\4\xfe\xff\0\0", "document", "application/octet-stream"),
	};
	struct arena *a = arena_new();

	for (size_t i = 0; i < nitems(t); i++) {
		const char *mime;

		IS_STR(t[i].what, file_kind(file_type(a, t[i].p, t[i].n), t[i].p, t[i].n, &mime), t[i].kind);
		IS_STR(t[i].what, mime, t[i].mime);
	}
	arena_free(a);
}

/* What is said to be a sticker has room for its size. */
static void stickers_end(void)
{
	static const char whole[] = WEBP("VP8X\n\0\0\0\0\0\0\0\xff\1\0\xff\1\0");
	struct arena *a = arena_new();
	const char *mime;

	for (size_t n = 0; n < sizeof(whole) - 1; n++)
		IS_STR("cut", file_kind("image/webp", arena_strn(a, whole, n), n, &mime), "document");
	IS_STR("larger than stickers may be", file_kind("image/webp", memcpy(arena_alloc(a, 200 * 1024), whole, 30), 200 * 1024, &mime), "document");
	arena_free(a);
}

static void harmless(void)
{
	static const struct { const char *type, *name; bool want; } t[] = {
		{ "image/png", "foto.png", true }, { "image/png", NULL, true }, { "text/plain", "nota.txt", true }, { "application/zip", "fotos.zip", true },
		{ "application/octet-stream", "projeto.skp", true }, { "text/csv", "lista.csv", true }, { "text/plain", "semnome", true },
		{ "text/html", "foto.png", false }, { "image/svg+xml", "logo.svg", false }, { "application/x-dosexec", "nota.pdf", false },
		{ "application/x-pie-executable", NULL, false }, { "text/x-shellscript", "a.txt", false }, { "text/plain", "a.bat", false }, { "text/plain", "A.HTML", false },
		{ "text/plain", "nota.pdf.exe", false }, { "application/octet-stream", "a.js", false }, { "text/plain", "logo.SVG", false },
	};

	for (size_t i = 0; i < nitems(t); i++)
		IS_INT(t[i].name != NULL ? t[i].name : t[i].type, file_harmless(t[i].type, t[i].name), t[i].want);
}

/* Not what the name says, but what the bytes are. */
static void seen_through(void)
{
	static const struct { const char *what, *bytes; } t[] = {
		{ "html", "<!DOCTYPE html><html><body><script>alert(1)</script></body></html>" },
		{ "html without doctype", "<html><head><title>x</title></head></html>" },
		{ "svg", "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>" },
		{ "a shell script", "#!/bin/sh\nrm -rf /\n" },
	};
	static const char elf[] = "\x7f" "ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0>\0\1\0\0\0x\0@\0\0\0\0\0@\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0@\x008\0\1\0\0\0\0\0\0\0";
	struct arena *a = arena_new();

	for (size_t i = 0; i < nitems(t); i++)
		IS_TRUE(t[i].what, !file_harmless(file_type(a, t[i].bytes, strlen(t[i].bytes)), "foto.png"));
	IS_TRUE("a program", !file_harmless(file_type(a, elf, sizeof(elf)), "foto.png"));
	arena_free(a);
}

static void names(void)
{
	static const struct { const char *given, *want; } t[] = {
		{ "foto.png", "foto.png" }, { "  Or\xC3\xA7" "amento (2).pdf ", "Or\xC3\xA7" "amento (2).pdf" }, { "C:\\a\\b.txt", "b.txt" }, { "/etc/passwd", "passwd" },
		{ "a/..", NULL }, { "", NULL }, { "...", NULL }, { ".htaccess", "htaccess" }, { "a\r\nb\x01.txt", "ab.txt" }, { "foto\xE2\x80\xAEgpj.exe", "fotogpj.exe" },
		{ "\xEF\xBB\xBFx.txt", "x.txt" }, { "a.exe. . ", "a.exe" }, { "nota\x7f.pdf", "nota.pdf" }, { "\xE2\x80\x8B", NULL },
	};
	struct arena *a = arena_new();
	char longest[400];
	const char *cut;

	for (size_t i = 0; i < nitems(t); i++)
		IS_STR(t[i].given, file_name(a, t[i].given), t[i].want);
	memset(longest, 'x', sizeof(longest));
	memcpy(longest + 390, ".docx", 6);
	cut = file_name(a, longest);
	IS_TRUE("the extension stays", strcmp(cut + strlen(cut) - 5, ".docx") == 0);
	IS_INT("cut", utf8_len(cut), FILE_NAME_MAX);
	memset(longest, 'x', 390);
	longest[300] = '\0';
	IS_INT("cut without one", utf8_len(file_name(a, longest)), FILE_NAME_MAX);
	arena_free(a);
}

static void as_json(void)
{
	struct file f[2] = { { "image", "a\"b.png", "image/png", "00", "aa/bb", 5 }, { "document", NULL, "text/plain", "11", "cc/dd", 0 } };
	struct arena *a = arena_new();

	IS_STR("two", files_json(a, f, 2), "[{\"kind\":\"image\",\"name\":\"a\\\"b.png\",\"mime\":\"image/png\",\"sha256\":\"00\",\"file\":\"aa/bb\",\"size\":5},"
	    "{\"kind\":\"document\",\"name\":null,\"mime\":\"text/plain\",\"sha256\":\"11\",\"file\":\"cc/dd\",\"size\":0}]");
	IS_STR("none", files_json(a, f, 0), "[]");
	arena_free(a);
}

CU_TestInfo file_tests[] = {
	{ "kinds as WhatsApp has them", kinds },
	{ "stickers that end early", stickers_end },
	{ "what may pass", harmless },
	{ "disguises", seen_through },
	{ "names", names },
	{ "for the statements", as_json },
	CU_TEST_INFO_NULL,
};
