/* Files: in answers (one a message where the channel wants it, one token for all), in quick replies, from visitors. */
#include <string.h>

#include "model/chat.h"
#include "model/composer.h"
#include "model/conversation.h"
#include "model/file.h"
#include "model/purge.h"
#include "model/quick_reply.h"
#include "tests/db/dbt.h"

#define STORED "ab/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
static const struct file pieces[] = {
	{ "image", "foto.png", "image/png", "00ff", STORED, 100 }, { "document", "nota.pdf", "application/pdf", "11ff", STORED, 200 },
	{ "audio", NULL, "audio/ogg", "22ff", STORED, 300 },
};

static enum err answer(struct ctx *cx, const struct message_draft *d, const char *channel, const struct file *f, size_t n, struct message_sent *out)
{
	return UNIT(cx, &alfa.admin, DB_WRITE, message_send_files(cx, d, channel, f, n, out));
}

/* What became of a conversation's answers: kind, text, files. */
static const char *told(const char *conv)
{
	return rows(as(NULL), "SELECT m.kind, m.text, m.status, (SELECT string_agg(a.kind || ' ' || coalesce(a.name, '-') || ' ' || a.size || ' ' || a.state, ', ' ORDER BY a.id) "
	                      "FROM attachment a WHERE a.message_id = m.id) FROM message m WHERE m.conversation_id = '%s' AND m.direction = 'out' ORDER BY m.sent_at, m.id", conv);
}

static void one_a_message(void)
{
	struct ctx *cx = ctx_as("web");
	const char *conv = conversation_new(&alfa, alfa.wa);
	struct message_draft d = { .conversation_id = conv, .text = "Segue", .token = "tk" };
	struct message_sent one = { 0 }, two = { 0 };
	struct attachment *f;
	size_t n;

	IS_INT("three files", answer(cx, &d, "whatsapp", pieces, 3, &one), OK);
	IS_TRUE("three messages", one.made && one.n == 3);
	IS_STR("the text is the first one's caption", told(conv), "image|Segue|queued|image foto.png 100 stored\ndocument||queued|document nota.pdf 200 stored\naudio||queued|audio - 300 stored");
	IS_INT("the button pressed again", answer(cx, &d, "whatsapp", pieces, 3, &two), OK);
	IS_TRUE("nothing new", !two.made && two.n == 3);
	for (size_t i = 0; i < 3; i++)
		IS_STR("the same messages", two.ids[i], one.ids[i]);
	IS_INT("no file twice", num(as(NULL), "SELECT count(*) FROM attachment a JOIN message m ON m.id = a.message_id WHERE m.conversation_id = '%s'", conv), 3);
	IS_STR("orders in the same sequence", rows(as(NULL), "SELECT j.subject_id FROM priv.job j WHERE j.queue_key = '%s' AND j.kind = 'send' ORDER BY j.run_at, j.id", conv),
	    arena_fmt(T, "%s\n%s\n%s", one.ids[0], one.ids[1], one.ids[2]));
	IS_INT("all their files", UNIT(cx, &alfa.admin, DB_READ, message_files(cx, one.ids, one.n, &f, &n)), OK);
	IS_INT("three", n, 3);
	IS_STR("in their order", n == 3 ? f[2].message_id : NULL, one.ids[2]);
	IS_STR("the store's name stands in the row", n == 3 ? f[0].file : NULL, STORED);
}

static void captions(void)
{
	struct ctx *cx = ctx_as("web");
	const char *voice = conversation_new(&alfa, alfa.wa), *longer = conversation_new(&alfa, alfa.wa), *bare = conversation_new(&alfa, alfa.wa);
	char text[1026] = { 0 };
	struct message_draft d = { .conversation_id = voice, .text = "Ouça" };
	struct message_sent s = { 0 };

	IS_INT("a sound", answer(cx, &d, "whatsapp", &pieces[2], 1, &s), OK);
	IS_STR("its text goes before it", told(voice), "text|Ouça|queued|\naudio||queued|audio - 300 stored");
	memset(text, 'x', 1024);
	d = (struct message_draft){ .conversation_id = longer, .text = text };
	IS_INT("1,024 characters", answer(cx, &d, "whatsapp", &pieces[0], 1, &s), OK);
	IS_INT("are a caption", s.n, 1);
	text[1024] = 'x';
	IS_INT("one more", answer(cx, &d, "whatsapp", &pieces[0], 1, &s), OK);
	IS_INT("is a message", s.n, 2);
	d = (struct message_draft){ .conversation_id = bare };
	IS_INT("no text", answer(cx, &d, "whatsapp", &pieces[1], 1, &s), OK);
	IS_STR("is fine", told(bare), "document||queued|document nota.pdf 200 stored");
	IS_STR("the list tells the kind", get(as(NULL), "SELECT preview_kind FROM conversation WHERE id = '%s'", bare), "document");
}

static void all_in_one(void)
{
	struct ctx *cx = ctx_as("web");
	const char *conv = conversation_new(&alfa, alfa.wa);
	struct message_draft d = { .conversation_id = conv, .text = "Só para nós", .internal = true };
	struct message_sent s = { 0 };

	IS_INT("a note", answer(cx, &d, "whatsapp", pieces, 2, &s), OK);
	IS_STR("one message", told(conv), "image|Só para nós|sent|image foto.png 100 stored, document nota.pdf 200 stored");
	IS_INT("nothing to send", num(as(NULL), "SELECT count(*) FROM priv.job WHERE subject_id = '%s'", s.ids[0]), 0);
	d = (struct message_draft){ .conversation_id = alfa.conversation, .text = "No chat" };
	IS_INT("in the web chat", answer(cx, &d, "chat", pieces, 3, &s), OK);
	IS_INT("one message", s.n, 1);
}

static void refused(void)
{
	struct ctx *cx = ctx_as("web");
	const char *conv = conversation_new(&alfa, alfa.wa);
	struct message_draft d = { .conversation_id = conv, .text = "tarde" };
	struct message_sent s = { 0 };

	change_in(alfa.tenant, "UPDATE conversation SET window_until = now() - interval '1 second' WHERE id = '%s'", conv);
	IS_INT("the window is shut", answer(cx, &d, "whatsapp", pieces, 3, &s), E_INVALID);
	IS_STR("which field", cx->errors != NULL ? cx->errors->code : NULL, "window_shut");
	IS_STR("nothing was written", told(conv), "");
	d.conversation_id = beta.conversation;
	IS_INT("of another tenant: as missing", answer(cx, &d, "whatsapp", pieces, 2, &s), E_NOTFOUND);
	IS_INT("no text, no file", UNIT(cx, &alfa.admin, DB_WRITE, message_send(cx, &(struct message_draft){ .conversation_id = conv }, &s.ids[0], &s.made)), E_INVALID);
	IS_STR("attachments of theirs", state(as("web"), "BEGIN"), "00000");
	must(as("web"), "SELECT app.enter('\\x%s', false)", token_hex(alfa.admin.token));
	IS_STR("cannot be made", state(as("web"), "SELECT app.files_attach('%s', '[{\"kind\": \"image\", \"file\": \"x\"}]')", beta.message), "23503");
	undo(as("web"));
}

static void quick(void)
{
	struct ctx *cx = ctx_as("web");
	struct quick_reply_input in = { arena_fmt(T, "f%s", run_tag), "Tabela", "Segue a tabela", NULL, 0, false, &pieces[1] };
	struct quick_reply q;
	struct file_row *known;
	const char *id = NULL, *conv = conversation_new(&alfa, alfa.wa);
	struct draft_input put = { NULL, NULL, false };
	const char *names[] = { STORED, "cd/0000000000000000000000000000000000000000000000000000000000000000" };
	struct ctx *job = ctx_as("worker");
	struct draft d;
	size_t n;

	IS_INT("with a file", UNIT(cx, &alfa.admin, DB_WRITE, quick_reply_add(cx, &in, &id)), OK);
	IS_INT("is there", UNIT(cx, &alfa.admin, DB_READ, quick_reply_get(cx, id, &q)), OK);
	IS_STR("its file", q.file_name, "nota.pdf");
	IS_INT("its size", quick_reply_file(&q).size, 200);
	in.file = NULL;
	IS_INT("saved without another", UNIT(cx, &alfa.admin, DB_WRITE, quick_reply_save(cx, id, &in)), OK);
	IS_STR("the file stays", get(as(NULL), "SELECT file_name FROM quick_reply WHERE id = '%s'", id), "nota.pdf");
	in.file = &pieces[0];
	IS_INT("with another", UNIT(cx, &alfa.admin, DB_WRITE, quick_reply_save(cx, id, &in)), OK);
	IS_STR("it takes the place", get(as(NULL), "SELECT file_name || ' ' || file_kind FROM quick_reply WHERE id = '%s'", id), "foto.png image");
	put.quick_file = id;
	IS_INT("a draft of nothing but the file", UNIT(cx, &alfa.admin, DB_WRITE, draft_put(cx, conv, &put)), OK);
	IS_INT("is kept", UNIT(cx, &alfa.admin, DB_READ, draft_get(cx, conv, &d)), OK);
	IS_STR("with its name", d.file_name, "foto.png");
	IS_INT("the purge asks", purge_known(job, names, 2, &known, &n), OK);
	IS_TRUE("a quick reply's file is no orphan", n == 1 && strcmp(known[0].file, STORED) == 0);
	in.file = NULL;
	in.drop_file = true;
	IS_INT("taken away", UNIT(cx, &alfa.admin, DB_WRITE, quick_reply_save(cx, id, &in)), OK);
	IS_STR("nothing is left", get(as(NULL), "SELECT concat(file, file_name, file_kind, file_mime, file_size, file_sha256) FROM quick_reply WHERE id = '%s'", id), "");
	IS_INT("the draft forgets it", UNIT(cx, &alfa.admin, DB_READ, draft_get(cx, conv, &d)), OK);
	IS_STR("no file", d.quick_file, NULL);
	put.quick_file = alfa.conversation;
	put.text = "x";
	IS_INT("an id that is none", UNIT(cx, &alfa.admin, DB_WRITE, draft_put(cx, conv, &put)), OK);
	IS_INT("deleted", UNIT(cx, &alfa.admin, DB_WRITE, quick_reply_remove(cx, id, 0)), OK);
}

/* The visitor sees the own files and the team's, none of a note. */
static void visitors(void)
{
	struct ctx *cx = ctx_as("web"), *in = ctx_as("ingest");
	struct message_draft note = { .conversation_id = alfa.conversation, .text = "nota", .internal = true };
	struct chat_form form = { .text = NULL, .token = arena_fmt(T, "v%s", run_tag) };
	struct message_sent s = { 0 };
	struct attachment *f, one;
	struct chat c;
	bool made = false;
	const char *inner;
	size_t n;

	IS_INT("a note with a file", answer(cx, &note, "chat", &pieces[1], 1, &s), OK);
	inner = get(as(NULL), "SELECT id FROM attachment WHERE message_id = '%s'", s.ids[0]);
	for (int i = 0; i < 2; i++) {
		IS_INT("begin", db_begin(in, DB_WRITE, NULL, NULL, NULL, NOARGS, NULL, NULL), OK);
		IS_INT("two files and no text", db_end(in, chat_say(in, alfa.key, alfa.visitor, &form, pieces, 2, &made)), OK);
		IS_TRUE("new the first time only", made == (i == 0));
	}
	IS_INT("begin", db_begin(in, DB_WRITE, NULL, NULL, NULL, NOARGS, NULL, NULL), OK);
	IS_INT("is refused", db_end(in, chat_say(in, alfa.key, alfa.visitor, &form, NULL, 0, &made)), E_INVALID);
	IS_INT("begin", db_begin(in, DB_READ, NULL, NULL, NULL, NOARGS, NULL, NULL), OK);
	IS_INT("enter", chat_enter(in, alfa.key, alfa.visitor, true, &c), OK);
	IS_INT("files", chat_files(in, &c, &f, &n), OK);
	IS_TRUE("the own ones are there", n >= 2);
	for (size_t i = 0; i < n; i++)
		IS_TRUE("the note's is not", strcmp(f[i].id, inner) != 0);
	IS_INT("one of them", n > 0 ? chat_file(in, &c, f[n - 1].id, &one) : E_INTERNAL, OK);
	IS_INT("not the note's", db_end(in, chat_file(in, &c, inner, &one)), E_NOTFOUND);
	IS_INT("begin", db_begin(in, DB_READ, NULL, NULL, NULL, NOARGS, NULL, NULL), OK);
	IS_INT("enter as another", chat_enter(in, alfa.key, "0000000000000000000000000000000000000000000000000000000000000000", true, &c), OK);
	IS_INT("nothing for them", db_end(in, n > 0 ? chat_file(in, &c, f[n - 1].id, &one) : E_INTERNAL), E_NOTFOUND);
}

CU_TestInfo attach_tests[] = {
	{ "WhatsApp takes one file a message; a token sends them once", one_a_message },
	{ "captions", captions },
	{ "notes and the chat have them in one message", all_in_one },
	{ "nothing half done", refused },
	{ "files of quick replies and drafts", quick },
	{ "files from and for visitors", visitors },
	CU_TEST_INFO_NULL,
};
