/*
 * file.h: files that people send: what they really are (libmagic, whatever name and claim say), which may pass, under
 * what name, and as which kind of message. Ours: 5 MiB each, 5 at once. The provider's own limits stand in the table.
 */
#ifndef MODEL_FILE_H
#define MODEL_FILE_H

#include "lib/db/db.h"

enum { FILE_BYTES_MAX = 5 * 1024 * 1024, FILES_MAX = 5, FILE_NAME_MAX = 120 };

/* A file as it came; p is borrowed. */
struct file_in { const char *name; const void *p; size_t n; };
/* What is kept of it. kind: image, video, audio, document or sticker; file: its name in the store. */
struct file { const char *kind, *name, *mime, *sha256, *file; int64_t size; };

/* The type of the bytes. In a. */
char *file_type(struct arena *a, const void *p, size_t n);
/* As WhatsApp takes it: image/jpeg is an image, a webp of 512x512 a sticker, most are documents. type: of file_type; *mime: as the provider calls it. */
const char *file_kind(const char *type, const void *p, size_t n, const char **mime);
/* Programs, pages and drawings that run script are refused, by what they are and by what their name says. */
bool file_harmless(const char *type, const char *name);
/* The name without path, control and direction characters, at most FILE_NAME_MAX code points with its extension kept; NULL when nothing is left. In a. */
char *file_name(struct arena *a, const char *name);
/* True when a browser may show it within a page. */
bool file_shown(const char *mime);

/*
 * Checks all, then stores all below root; out has room for n. On E_INVALID (field "files": files_many, file_empty,
 * file_too_big, file_type, with the file's name) and when storing fails, nothing is kept. The rows come after.
 */
CHECK enum err files_keep(struct ctx *cx, const char *root, const struct file_in *in, size_t n, struct file *out);
/* The transaction that would have named them came to nothing. */
void files_drop(const char *root, const struct file *f, size_t n);
/* A JSON array of them, as the statements take it. In a. */
char *files_json(struct arena *a, const struct file *f, size_t n);

#endif
