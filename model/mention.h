/* mention.h: people of the team called in an internal note ("@luana", "@Luana Prado"), and told of it. */
#ifndef MODEL_MENTION_H
#define MODEL_MENTION_H

#include "model/tag.h"
#include "model/team.h"

/* as: how the text calls them, with its @; NULL: they were only ticked. told: false for who may not see the conversation. */
struct mention { const char *id, *name, *as; bool told; };
struct mentions {
	struct mention *items;
	size_t n;
	const char *vague;               /* the first call that may mean several and of whom none was ticked; NULL: none */
	const struct user_row **may;     /* those */
	size_t nmay;
	const char *unknown;             /* a ticked id that is nobody's; NULL: none */
};

/*
 * Whom text calls among users: by the first words of their name or by their handle, case and accents ignored, the longest
 * match. Of several with the same match those that are ticked. Everybody once. In a; texts borrowed from users.
 */
void mention_resolve(struct arena *a, const char *text, const struct user_row *users, size_t nusers, struct ids ticked, struct mentions *out);
/*
 * The same for the acting user's new note (text NULL: none, a file alone), and tells them. ticked: a JSON array of user ids, or NULL. E_INVALID with the
 * field mentions: vague (with what was written), unknown_user, format.
 */
CHECK enum err mention_tell(struct ctx *cx, const char *message, const char *text, const char *ticked);
/* What a note's payload keeps of it; never fails. In a. */
void mention_read(struct arena *a, const char *payload, struct mention **out, size_t *n);
/* The mention that the text at s (an @) is written as; NULL: none. */
const struct mention *mention_at(const struct mention *m, size_t n, const char *s);

#endif
