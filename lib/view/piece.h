/*
 * piece.h: HTML that is made of the same values again and again, as the cards of a board: the process keeps it under all
 * that it was made of (template, language, names and values, compared byte by byte), so what is found is what would be
 * rendered, whoever asks. A card that was not changed costs a look-up in place of its template.
 *
 *   struct piece p = { .tmpl = "pipeline/card", .a = arena };
 *   piece_add(&p, "title", title);
 *   doc_item_piece(out, &p);          in the page: <?cs each:d = cards ?><?cs var:piece(d) ?><?cs /each ?>
 *
 * Its template sees these values and T, nothing of the page. Besides, only what never changes while the process lives.
 */
#ifndef VIEW_PIECE_H
#define VIEW_PIECE_H

#include "lib/view/doc.h"

enum { PIECES_BYTES = 4 * 1024 * 1024 };

struct piece {
	const char *tmpl;
	struct arena *a;
	size_t n, room;
	const char **names, **values; /* in a; what they point at is borrowed */
};

/* name: a word, or a path as "tags.0.name". value NULL: the template does not see it. */
void piece_add(struct piece *p, const char *name, const char *value);
/* name, name.text (short) and name.long, as doc_utc gives them; nothing for UTC_NONE. */
void piece_utc(struct piece *p, const struct doc *d, const char *name, utc_t v);
/*
 * A member of the open object, or the next element of the open list: what piece() of templates gives the HTML for, until
 * the page is rendered. HTML only. Dies when the template is broken. Once more than PIECES_BYTES are kept, the next page
 * begins with none.
 */
void doc_piece(struct doc *d, const char *name, const struct piece *p);
void doc_item_piece(struct doc *d, const struct piece *p);
/* Bytes that are kept now. */
size_t pieces_bytes(void);
void pieces_drop(void);

#endif
