#include <string.h>

#include "jobs/work.h"
#include "lib/base/text.h"
#include "model/outbound.h"
#include "model/store.h"

enum { UPLOAD_MAX = 16 << 20, UPLOAD_MS = 60000 };

/* RFC 7578. The boundary is random: a file cannot hold it. */
static void multipart(
    struct buf *b, const struct send_row *m, const char *mime, const char *boundary, const void *p, size_t n)
{
	buf_fmt(b, "--%s\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n", boundary);
	buf_fmt(b, "--%s\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\n%s\r\n", boundary, mime);
	buf_fmt(b, "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"", boundary);
	for (const char *s = m->file_name != NULL ? m->file_name : "file"; *s != '\0'; s++)
		buf_char(b, *s == '"' || *s == '\\' || (unsigned char)*s < 0x20 ? '_' : *s);
	buf_fmt(b, "\"\r\nContent-Type: %s\r\n\r\n", mime);
	buf_add(b, p, n);
	buf_fmt(b, "\r\n--%s--\r\n", boundary);
}

static bool mime_ok(const char *s)
{
	return s != NULL && strchr(s, '/') != NULL && strpbrk(s, "\r\n\"") == NULL && strlen(s) < 200;
}

/* Pictures, sounds and films that WhatsApp shows as such are few: the others go as documents, of no type at all. */
static const char *claimed(const struct send_row *m)
{
	bool medium = text_starts(m->file_mime != NULL ? m->file_mime : "", "image/") || text_starts(m->file_mime != NULL ? m->file_mime : "", "audio/") ||
	    text_starts(m->file_mime != NULL ? m->file_mime : "", "video/");

	return mime_ok(m->file_mime) && !(medium && strcmp(m->kind, "document") == 0) ? m->file_mime : "application/octet-stream";
}

bool upload_file(
    struct work *w, const struct send_row *m, const char *token, const char **media_id, struct wa_answer *why)
{
	struct arena *a = w->cx->arena;
	const char *boundary = token_new(a), *mime = claimed(m);
	struct net_request rq = { .method = "POST", .url = graph_url(w, m->number, "/media"), .bearer = token, .total_ms = UPLOAD_MS,
		.type = arena_fmt(a, "multipart/form-data; boundary=%s", boundary) };
	struct net_response rs;
	struct buf b = { 0 };
	enum net_result r;
	size_t n = 0;
	void *p = store_get(a, w->conf->files, m->file, UPLOAD_MAX, &n);

	if (p == NULL) {
		*why = (struct wa_answer){ .class = WA_NEVER, .code = 131053, .why = "the file is not there or too large" };
		return false;
	}
	multipart(&b, m, mime, boundary, p, n);
	rq.body = b.p;
	rq.nbody = b.n;
	r = net_fetch(a, &rq, &rs);
	buf_free(&b);
	if (r == NET_NOT_SENT || r == NET_REFUSED) {
		*why = (struct wa_answer){ .class = WA_AWAY, .why = rs.why };
		return false;
	}
	if (r == NET_OK && rs.status == 200 && (*media_id = wa_upload_read(a, rs.body, rs.n)) != NULL)
		return true;
	*why = (struct wa_answer){ .class = WA_AGAIN, .why = rs.why };
	if (r == NET_OK)
		wa_answer_read(a, rs.status, rs.body, rs.n, why);
	if (why->class == WA_UNSURE || why->class == WA_ACCEPTED)
		why->class = WA_AGAIN; /* a second copy of a file harms nobody */
	return false;
}
