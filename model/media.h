/* media.h: files of inbound messages that still lie with the provider. */
#ifndef MODEL_MEDIA_H
#define MODEL_MEDIA_H

#include "lib/db/db.h"

struct media_row {
	const char *id, *message_id, *conversation_id, *kind, *name, *mime, *sha256, *state;
	const char *external_id;       /* the provider's media id */
	const char *number, *connection_id, *channel, *token;
};
extern const struct rec_type media_row_type;

/* What became of it. file, mime, sha256 may be NULL: as they were. */
struct media_end {
	const char *state;             /* stored, too_large, gone or failed */
	const char *file, *mime, *sha256, *error;
	int64_t size;                  /* -1: unknown */
};

/* Within a unit in its tenant. */
CHECK enum err media_load(struct ctx *cx, const char *attachment_id, struct media_row *out);
CHECK enum err media_end(struct ctx *cx, const char *attachment_id, const struct media_end *m);

#endif
