/* facts.h: what else is known of the person of a conversation, for the page beside it. */
#ifndef MODEL_FACTS_H
#define MODEL_FACTS_H

#include "model/conversation.h"

struct deal_line { const char *id, *title, *currency, *stage, *status; money_t value; bool money; }; /* money: of a pipeline with money */
extern const struct rec_type deal_line_type;
struct facts {
	struct conversation *others;     /* of the same person, newest first, 5 at most */
	struct deal_line *deals;         /* of the person, open ones first, 5 at most */
	size_t nothers, ndeals;
};
/* In one round trip; what the acting user does not see is left out. deals false: none are asked for. */
CHECK enum err facts_get(struct ctx *cx, const struct conversation *c, bool deals, struct facts *out);

#endif
