/* outbound.h: a message on its way out, as the sending job sees it. */
#ifndef MODEL_OUTBOUND_H
#define MODEL_OUTBOUND_H

#include "lib/db/db.h"
#include "model/whatsapp.h"

/* The message with all that is needed to send it. */
struct send_row {
	const char *id, *kind, *text, *payload, *status, *reply_to;
	bool deleted;
	const char *thread_key;        /* of a group; "" for one person */
	bool window_open;
	const char *connection_id, *channel, *number, *token, *connection_status, *status_text;
	int64_t rest_ms;               /* the connection rests for so long */
	const char *phone_id, *phone_key, *phone, *user_id;
	const char *file_id, *file_name, *file_mime, *file, *media_id;
	bool voice;
};
extern const struct rec_type send_row_type;

/* All within a unit in the message's tenant. */
CHECK enum err send_load(struct ctx *cx, const char *message_id, struct send_row *out);
/* Milliseconds until the rates allow one more message to this recipient; 0: it counts as sent now. */
CHECK enum err send_rate(struct ctx *cx, const char *connection_id, const char *to, int64_t *wait_ms);
/* result: sent, failed or uncertain. */
CHECK enum err send_result(
    struct ctx *cx, const char *message_id, const char *result, const char *external_id, int code, const char *why);
/* Keeps the number as the provider writes it, when it is the same number. */
CHECK enum err send_learn(struct ctx *cx, const struct send_row *m, const char *wa_id);
CHECK enum err send_uploaded(struct ctx *cx, const char *attachment_id, const char *media_id);
/* status NULL: as it is; why NULL: nothing is wrong; rest_ms 0: no rest. */
CHECK enum err connection_state(
    struct ctx *cx, const char *connection_id, const char *status, const char *why, int64_t rest_ms);

/*
 * Who the message goes to: digits as the provider knows them, else in E.164 (a Brazilian mobile with its ninth
 * digit); a group's id; or a user id. False when there is no way to this person. In the context's arena.
 */
bool send_recipient(struct ctx *cx, const struct send_row *m, struct wa_send *out);
/* The connection's token in clear; NULL when it has none or it does not open. In the context's arena. */
struct seal_ring;
char *connection_token(struct ctx *cx, const struct seal_ring *ring, const char *connection_id, const char *sealed);

#endif
