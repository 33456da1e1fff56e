/* quick_reply.h: texts that are written once and used often, called by a shortcut. Who changes them is decided by the routes. */
#ifndef MODEL_QUICK_REPLY_H
#define MODEL_QUICK_REPLY_H

#include "lib/db/db.h"
#include "model/file.h"

struct quick_reply {
	const char *id, *shortcut, *title, *content, *category;
	const char *file, *file_kind, *file_name, *file_mime, *file_sha256; /* what goes along; file NULL: nothing */
	int64_t file_size;
	int32_t version;
	utc_t created_at, updated_at;
};
extern const struct rec_type quick_reply_type;
/* file: a stored file takes the place of what there is; drop_file: there is none any more. */
struct quick_reply_input { const char *shortcut, *title, *content, *category; int32_t version; bool drop_file; const struct file *file; };
extern const struct rec_type quick_reply_input_type; /* API */
extern const struct rec_type quick_reply_form_type;  /* page: with the version that was seen */
/* Its file, to be sent. */
struct file quick_reply_file(const struct quick_reply *q);

/* By shortcut, 500 at most. */
CHECK enum err quick_reply_list(struct ctx *cx, struct quick_reply **out, size_t *n);
CHECK enum err quick_reply_get(struct ctx *cx, const char *id, struct quick_reply *out);
CHECK enum err quick_reply_find(struct ctx *cx, const char *shortcut, struct quick_reply *out);
/* Trims what people type: "/Pix" is "pix". E_INVALID with a field error when it is no shortcut. */
CHECK enum err quick_reply_clean(struct ctx *cx, struct quick_reply_input *in);
/* E_CONFLICT with a field error when the shortcut is taken, or (save, remove) the version (0: any) is not the present one. */
CHECK enum err quick_reply_add(struct ctx *cx, const struct quick_reply_input *in, const char **id);
CHECK enum err quick_reply_save(struct ctx *cx, const char *id, const struct quick_reply_input *in);
CHECK enum err quick_reply_remove(struct ctx *cx, const char *id, int32_t version);

/* What the variables stand for; NULL: nothing. */
struct quick_reply_words { const char *person, *agent, *company; };
/* content with {nome}, {primeiro_nome}, {atendente} and {empresa} filled in, 4,096 characters at most. A variable without a value takes the blank (and comma) before it along. */
char *quick_reply_fill(struct arena *a, const char *content, const struct quick_reply_words *w);
/* The shortcut at the start of text ("/pix, obrigado": "pix"), and what follows; NULL when there is none. */
char *quick_reply_called(struct arena *a, const char *text, const char **rest);

#endif
