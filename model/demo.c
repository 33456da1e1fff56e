#include "model/demo.h"

#include <string.h>

#include "gen/sql_console.h"
#include "lib/crypto/crypto.h"
#include "lib/base/text.h"
#include "model/phone.h"

static utc_t before(const struct ctx *cx, int minutes)
{
	return (utc_t){ cx->now.us - (int64_t)minutes * 60000000 };
}

static enum err identities(struct ctx *cx, const struct demo_conversation *d, const char *contact, utc_t at)
{
	const struct demo_contact *p = &d->contact;
	const char *digits = phone_digits(cx->arena, p->phone != NULL ? p->phone : "");
	uint8_t hash[32];

	if (digits != NULL) {
		const char *full = arena_fmt(cx->arena, "55%s", digits);

		TRY(db_exec(cx, &sql_demo_identity_add, NULL, ARGS(A(contact), A("phone"),
		    A(phone_key(cx->arena, full)), A(full), A(at))));
	}
	if (p->bsuid != NULL)
		TRY(db_exec(cx, &sql_demo_identity_add, NULL, ARGS(A(contact), A("bsuid"), A(p->bsuid),
		    A(p->bsuid), A(at))));
	if (p->email != NULL)
		TRY(db_exec(cx, &sql_demo_identity_add, NULL, ARGS(A(contact), A("email"), A(p->email),
		    A(p->email), A(at))));
	if (strcmp(d->channel, "chat") != 0)
		return OK;
	/* A visitor is known by the digest of a cookie; nobody has this one's. */
	random_bytes(hash, sizeof(hash));
	return db_exec(cx, &sql_demo_identity_add, NULL,
	    ARGS(A(contact), A("visitor"), A(hex_encode(cx->arena, hash, sizeof(hash))),
	    A((const char *)NULL), A(at)));
}

static enum err contact_add(struct ctx *cx, const struct demo_conversation *d, utc_t at, const char **id)
{
	const struct demo_contact *p = &d->contact;

	TRY(db_text(cx, &sql_demo_contact_add, id, ARGS(A(p->is_contact ? "contact" : "lead"),
	    A(p->is_company ? "company" : "person"),
	    A(p->name), A(p->phone), A(p->email), A(p->username), A(p->company), A(p->city), A(d->channel),
	    A(p->lead_status != NULL ? p->lead_status : "new"), A(p->owner), A(p->note), A(at))));
	return identities(cx, d, *id, at);
}

/* The id the provider would have given; a label makes it known to replies. */
static const char *external(struct ctx *cx, const struct demo_conversation *d, int n, const char *label,
    int i)
{
	const char *prefix = strcmp(d->channel, "chat") == 0 ? "chat-demo-" : "wamid.DEMO";

	if (label != NULL)
		return arena_fmt(cx->arena, "%s%03d%s", prefix, n, label);
	return arena_fmt(cx->arena, "%s%03d-%d", prefix, n, i);
}

static enum err file_add(struct ctx *cx, const struct demo_file *f, const char *message, utc_t at)
{
	const char *id;

	if (f->kind == NULL)
		return OK;
	TRY(db_text(cx, &sql_demo_attachment_add, &id, ARGS(A(message), A(f->kind), A(f->name), A(f->mime),
	    A(f->size), A(f->state),
	    A(f->external_id), A(f->voice), A(at))));
	return strcmp(f->state, "wait") == 0 ? db_exec(cx, &sql_demo_media_job, NULL, ARGS(A(id))) : OK;
}

static enum err activity_add(struct ctx *cx, const struct demo_message *m, const char *conv, utc_t at)
{
	struct buf b = { 0 };
	const char *payload, *id;

	buf_str(&b, "{\"what\": ");
	buf_json(&b, m->kind);
	buf_str(&b, ", \"arg\": ");
	buf_json(&b, m->text);
	buf_char(&b, '}');
	payload = arena_str(cx->arena, b.p);
	buf_free(&b);
	return db_text(cx, &sql_demo_message_add, &id, ARGS(A(conv), A("out"), A("activity"),
	    A((const char *)NULL), A(payload), A("sent"),
	    A((const char *)NULL), A(true), A(m->by), A((const char *)NULL), A(at), A(0),
	    A((const char *)NULL), A((const char *)NULL)));
}

static enum err message_add(struct ctx *cx, const struct demo_conversation *d, int n, int i, const char *conv)
{
	const struct demo_message *m = &d->messages[i];
	static const char *const usual[] = { [CUSTOMER] = "delivered", [TEAM] = "read", [NOTE] = "sent" };
	const char *status = m->status != NULL || m->who == ACTIVITY ? m->status : usual[m->who];
	const char *ext = NULL, *id;
	const char *reply = m->reply != NULL ? external(cx, d, n, m->reply, 0) : NULL, *none = NULL;
	utc_t at = before(cx, m->ago);

	if (m->who == ACTIVITY)
		return activity_add(cx, m, conv, at);
	if (m->who != NOTE && strcmp(status, "failed") != 0)
		ext = external(cx, d, n, m->label, i);
	TRY(db_text(cx, &sql_demo_message_add, &id, ARGS(A(conv), A(m->who == CUSTOMER ? "in" : "out"),
	    A(m->kind != NULL ? m->kind : "text"),
	    A(m->text), A(m->payload), A(status), A(ext), A(m->who == NOTE), A(m->by), A(reply), A(at),
	    A(m->error_code), A(m->error), A(m->original))));
	TRY(file_add(cx, &m->file, id, at));
	if (m->reaction == NULL || ext == NULL)
		return OK;
	return db_exec(cx, &sql_demo_reaction_add, NULL,
	    ARGS(A(conv), A(ext), A(m->reaction), A(before(cx, m->ago > 2 ? m->ago - 2 : 0)),
	    A(m->who == CUSTOMER ? d->assignee : none)));
}

enum err demo_conversation_add(struct ctx *cx, const struct demo_conversation *d, int n, const char **id)
{
	utc_t begun = before(cx, d->messages[0].ago);
	utc_t snooze = d->snooze_hours > 0 ? before(cx, -60 * d->snooze_hours) : UTC_NONE;
	const char *contact;

	TRY(contact_add(cx, d, begun, &contact));
	TRY(db_text(cx, &sql_demo_conversation_add, id,
	    ARGS(A(contact), A(d->connection), A(d->status), A(d->assignee), A(d->team), A(snooze),
	    A(begun))));
	if (*id == NULL)
		return fail(cx, E_INTERNAL, "demo: no connection %s", d->connection);
	for (int i = 0; d->messages[i].text != NULL || d->messages[i].kind != NULL; i++)
		TRY(message_add(cx, d, n, i, *id));
	TRY(db_exec(cx, &sql_demo_conversation_settle, NULL, ARGS(A(*id))));
	return db_exec(cx, &sql_demo_contact_settle, NULL, ARGS(A(contact)));
}

enum err demo_notification_add(struct ctx *cx, const char *conversation, const char *user, const char *kind,
    const char *actor, int ago)
{
	return db_exec(cx, &sql_demo_notification_add, NULL, ARGS(A(user), A(conversation), A(kind), A(actor),
	    A(before(cx, ago))));
}
