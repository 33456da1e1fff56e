#include "cgi/files.h"

#include <string.h>

#include "lib/base/text.h"
#include "lib/view/tmpl.h"

struct files_conf files_conf;
const struct conf_row files_rows[] = {
	{ "BALCAO_FILES", CONF_STR, offsetof(struct files_conf, root), NULL, true, "folder of the file store" },
	{ NULL, CONF_STR, 0, NULL, false, NULL },
};

enum err files_taken(struct req *rq, struct file **out, size_t *n)
{
	struct arena *a = rq->cx->arena;
	struct file_in *in;
	size_t k = 0;

	*n = 0;
	for (const struct upload *f = rq->files; f != NULL; f = f->next)
		++*n;
	in = arena_array(a, *n + 1, sizeof(*in));
	*out = arena_array(a, *n + 1, sizeof(**out));
	for (const struct upload *f = rq->files; f != NULL; f = f->next)
		in[k++] = (struct file_in){ f->name, f->p, f->n };
	return *n == 0 ? OK : files_keep(rq->cx, files_conf.root, in, *n, *out);
}

enum err file_reply(struct req *rq, const struct attachment *f)
{
	bool shown = file_shown(f->mime);

	if (strcmp(f->state, "stored") != 0 || f->file == NULL)
		return fail(rq->cx, E_NOTFOUND, "attachment is %s", f->state);
	return reply_file(rq, f->file, shown ? f->mime : "application/octet-stream", shown ? NULL : f->name != NULL ? f->name : "arquivo");
}

static const char *size_text(struct arena *a, int64_t n)
{
	return n >= 1048576 ? arena_fmt(a, "%.1f MB", (double)n / 1048576) : n >= 1024 ? arena_fmt(a, "%.0f KB", (double)n / 1024) : arena_fmt(a, "%lld B", (long long)n);
}

void file_item(struct req *rq, struct doc *out, const struct attachment *f, const char *base)
{
	struct arena *a = rq->cx->arena;
	bool stored = strcmp(f->state, "stored") == 0;

	doc_item(out);
	doc_fields(out, &attachment_type, f);
	doc_text(out, "url", stored ? arena_fmt(a, "%s/%s", base, f->id) : NULL);
	if (doc_html(out)) {
		doc_hint(out, "image", stored && f->mime != NULL && text_starts(f->mime, "image/") && file_shown(f->mime) ? "1" : NULL);
		doc_hint(out, "size_text", f->size > 0 ? size_text(a, f->size) : NULL);
		doc_hint(out, "state_text", stored ? NULL : text_get(a, rq->cx->lang, arena_fmt(a, "file.%s", f->state), NULL));
	}
	doc_close(out);
}
