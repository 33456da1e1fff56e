/* files.h: files in requests and answers, for all programs that take or show them. */
#ifndef CGI_FILES_H
#define CGI_FILES_H

#include "lib/http/http.h"
#include "model/conversation.h"
#include "model/file.h"

/* Bytes of a form with as many files as may be sent at once, and its texts; and of one with a single file. */
enum { FILES_BODY_MAX = FILES_MAX * FILE_BYTES_MAX + 256 * 1024, FILE_BODY_MAX = FILE_BYTES_MAX + 256 * 1024 };

/* For struct app: the folder of the store. */
struct files_conf { const char *root; };
extern struct files_conf files_conf;
extern const struct conf_row files_rows[];

/* The request's files, checked and stored; *out has room for one more. Errors as files_keep. */
CHECK enum err files_taken(struct req *rq, struct file **out, size_t *n);
/* The bytes of a stored file: within the page when that is safe, else as a download. */
enum err file_reply(struct req *rq, const struct attachment *f);
/* What pages show of a file, into the open document; base: path before its id. */
void file_item(struct req *rq, struct doc *out, const struct attachment *f, const char *base);

#endif
