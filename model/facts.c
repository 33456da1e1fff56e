#include "model/facts.h"

#include "gen/sql_inbox.h"
#include "lib/db/pick.h"

#define REC struct deal_line
static const struct field deal_line_fields[] = { F(id, .flags = RO | ID), F(title, .flags = FREE), F(currency), F(stage), F(status), F(value), F(money) };
#undef REC
const struct rec_type deal_line_type = REC_TYPE("deal_line", struct deal_line, deal_line_fields);

enum err facts_get(struct ctx *cx, const struct conversation *c, bool deals, struct facts *out)
{
	*out = (struct facts){ 0 };
	TRY(db_send(cx, PICK(&sql_conversation_beside, "few"), ARGS(A(c->id))));
	if (deals)
		TRY(db_send(cx, &sql_deal_lines, ARGS(A(c->contact_id))));
	TRY(db_take_rows(cx, &conversation_type, &out->others, &out->nothers));
	return deals ? db_take_rows(cx, &deal_line_type, &out->deals, &out->ndeals) : OK;
}
