/* builtin.c: small real files, made from nothing: what the test media ids hold. */
#include <string.h>

#include "tests/stub/stub.h"

enum { SIDE = 64, STICKER_SIDE = 512 };

static void be32(struct buf *b, uint32_t v)
{
	for (int i = 24; i >= 0; i -= 8)
		buf_char(b, (char)(v >> i));
}

static void le(struct buf *b, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_char(b, (char)(v >> (8 * i)));
}

static uint32_t crc_png(const char *p, size_t n)
{
	uint32_t c = 0xffffffffu;

	for (size_t i = 0; i < n; i++) {
		c ^= (uint8_t)p[i];
		for (int k = 0; k < 8; k++)
			c = c & 1 ? 0xedb88320u ^ (c >> 1) : c >> 1;
	}
	return ~c;
}

static void chunk(struct buf *b, const char *type, const struct buf *data)
{
	size_t at;

	be32(b, (uint32_t)data->n);
	at = b->n;
	buf_add(b, type, 4);
	buf_add(b, data->p, data->n);
	be32(b, crc_png(b->p + at, b->n - at));
}

static void pixels(struct buf *raw)
{
	for (int y = 0; y < SIDE; y++) {
		buf_char(raw, 0);
		for (int x = 0; x < SIDE; x++) {
			buf_char(raw, (char)(20 + x * 2));
			buf_char(raw, (char)(110 + y));
			buf_char(raw, (char)(((x / 8) ^ (y / 8)) & 1 ? 200 : 150));
		}
	}
}

/* 64x64 RGB; the zlib stream is one stored block. */
void builtin_png(struct buf *b)
{
	struct buf raw = { 0 }, data = { 0 }, none = { 0 };
	uint32_t s1 = 1, s2 = 0;

	buf_add(b, "\x89PNG\r\n\x1a\n", 8);
	be32(&data, SIDE);
	be32(&data, SIDE);
	buf_add(&data, "\x08\x02\x00\x00\x00", 5);
	chunk(b, "IHDR", &data);
	pixels(&raw);
	for (size_t i = 0; i < raw.n; i++) {
		s1 = (s1 + (uint8_t)raw.p[i]) % 65521;
		s2 = (s2 + s1) % 65521;
	}
	buf_reset(&data);
	buf_add(&data, "\x78\x01\x01", 3);
	le(&data, raw.n, 2);
	le(&data, ~(uint64_t)raw.n & 0xffff, 2);
	buf_add(&data, raw.p, raw.n);
	be32(&data, s2 << 16 | s1);
	chunk(b, "IDAT", &data);
	buf_str(&none, "");
	chunk(b, "IEND", &none);
	buf_free(&raw);
	buf_free(&data);
	buf_free(&none);
}

struct bits {
	struct buf *b;
	uint32_t acc;
	int n;
};

static void jpeg_bits(struct bits *w, uint32_t v, int n)
{
	while (n-- > 0) {
		w->acc = w->acc << 1 | ((v >> n) & 1);
		if (++w->n < 8)
			continue;
		buf_char(w->b, (char)w->acc);
		if ((w->acc & 0xff) == 0xff)
			buf_char(w->b, 0);
		w->n = 0;
	}
}

/* One grey block: the difference of its mean to the one before, then "no more". */
static void jpeg_block(struct bits *w, int diff)
{
	int size = 0, magnitude = diff < 0 ? -diff : diff;

	while (magnitude >> size)
		size++;
	jpeg_bits(w, (uint32_t)size, 4);
	jpeg_bits(w, (uint32_t)(diff < 0 ? diff - 1 : diff) & ((1u << size) - 1), size);
	jpeg_bits(w, 0, 1);
}

/* 64x64 grey baseline JPEG: a gradient of flat 8x8 blocks. */
void builtin_jpeg(struct buf *b)
{
	struct bits w = { .b = b };
	int last = 0;

	buf_add(b, "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00", 20);
	buf_add(b, "\xff\xdb\x00\x43\x00", 5);
	for (int i = 0; i < 64; i++)
		buf_char(b, 8);
	buf_add(b, "\xff\xc0\x00\x0b\x08\x00\x40\x00\x40\x01\x01\x11\x00", 13);
	buf_add(b, "\xff\xc4\x00\x1f\x00\x00\x00\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
		21);
	for (int i = 0; i < 12; i++)
		buf_char(b, (char)i);
	buf_add(b, "\xff\xc4\x00\x14\x10\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
		22);
	buf_add(b, "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00", 10);
	for (int i = 0; i < 64; i++) {
		int level = (i % 8) * 12 + (i / 8) * 6 - 60;

		jpeg_block(&w, level - last);
		last = level;
	}
	jpeg_bits(&w, 0x7f, w.n ? 8 - w.n : 0);
	buf_add(b, "\xff\xd9", 2);
}

static void webp_bits(struct bits *w, uint32_t v, int n)
{
	for (int i = 0; i < n; i++) {
		w->acc |= ((v >> i) & 1) << w->n;
		if (++w->n < 8)
			continue;
		buf_char(w->b, (char)w->acc);
		w->acc = 0;
		w->n = 0;
	}
}

/* A prefix code with one symbol: its pixels cost no bits. */
static void webp_symbol(struct bits *w, uint32_t v)
{
	webp_bits(w, 1, 1);
	webp_bits(w, 0, 1);
	webp_bits(w, 1, 1);
	webp_bits(w, v, 8);
}

/* 512x512 lossless WebP of one colour, as a static sticker must be. */
void builtin_webp(struct buf *b)
{
	struct buf data = { 0 };
	struct bits w = { .b = &data };

	buf_char(&data, 0x2f);
	webp_bits(&w, STICKER_SIDE - 1, 14);
	webp_bits(&w, STICKER_SIDE - 1, 14);
	webp_bits(&w, 0, 1 + 3);         /* no alpha, version 0 */
	webp_bits(&w, 0, 1 + 1 + 1);     /* no transform, no colour cache, one set of codes */
	webp_symbol(&w, 160);            /* green */
	webp_symbol(&w, 40);             /* red */
	webp_symbol(&w, 110);            /* blue */
	webp_symbol(&w, 255);            /* alpha */
	webp_symbol(&w, 0);              /* distance */
	webp_bits(&w, 0, w.n ? 8 - w.n : 0);
	while (data.n < 24)
		buf_char(&data, 0);
	buf_add(b, "RIFF", 4);
	le(b, 4 + 8 + data.n, 4);
	buf_add(b, "WEBPVP8L", 8);
	le(b, data.n, 4);
	buf_add(b, data.p, data.n);
	buf_free(&data);
}

/* One A4 page with a line of text. */
void builtin_pdf(struct buf *b)
{
	static const char page[] = "BT /F1 24 Tf 72 760 Td (Documento de teste) Tj ET";
	size_t at[6], xref;

	buf_str(b, "%PDF-1.4\n");
	at[1] = b->n;
	buf_str(b, "1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
	at[2] = b->n;
	buf_str(b, "2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n");
	at[3] = b->n;
	buf_str(b, "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
		"/Resources << /Font << /F1 5 0 R >> >> >>\nendobj\n");
	at[4] = b->n;
	buf_fmt(b, "4 0 obj\n<< /Length %zu >>\nstream\n%s\nendstream\nendobj\n", sizeof page - 1, page);
	at[5] = b->n;
	buf_str(b, "5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n");
	xref = b->n;
	buf_str(b, "xref\n0 6\n0000000000 65535 f \n");
	for (int i = 1; i <= 5; i++)
		buf_fmt(b, "%010zu 00000 n \n", at[i]);
	buf_fmt(b, "trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n", xref);
}

static uint32_t crc_ogg(const char *p, size_t n)
{
	uint32_t c = 0;

	for (size_t i = 0; i < n; i++) {
		c ^= (uint32_t)(uint8_t)p[i] << 24;
		for (int k = 0; k < 8; k++)
			c = c & 0x80000000u ? c << 1 ^ 0x04c11db7u : c << 1;
	}
	return c;
}

/* One page of count packets of len bytes each (len < 255). */
static void ogg_page(
	struct buf *b, int flags, uint64_t granule, uint32_t serial, const char *p, size_t len, int count)
{
	size_t start = b->n;
	uint32_t crc;

	buf_add(b, "OggS", 5); /* with the version, 0 */
	buf_char(b, (char)flags);
	le(b, granule, 8);
	le(b, 0x42414c43, 4);
	le(b, serial, 4);
	le(b, 0, 4);
	buf_char(b, (char)count);
	for (int i = 0; i < count; i++)
		buf_char(b, (char)len);
	for (int i = 0; i < count; i++)
		buf_add(b, p, len);
	crc = crc_ogg(b->p + start, b->n - start);
	for (int i = 0; i < 4; i++)
		b->p[start + 22 + (size_t)i] = (char)(crc >> (8 * i));
}

/* One second of silence in Opus: 50 packets of 20 ms. */
void builtin_ogg(struct buf *b)
{
	ogg_page(b, 2, 0, 0, "OpusHead\x01\x01\x00\x00\x80\xbb\x00\x00\x00\x00\x00", 19, 1);
	ogg_page(b, 0, 0, 1, "OpusTags\x06\x00\x00\x00" "Balcao\x00\x00\x00\x00", 22, 1);
	ogg_page(b, 4, 48000, 2, "\xf8\xff\xfe", 3, 50);
}

/* One second of AMR-NB: 50 frames without data. */
void builtin_amr(struct buf *b)
{
	buf_str(b, "#!AMR\n");
	for (int i = 0; i < 50; i++)
		buf_char(b, 0x7c);
}
