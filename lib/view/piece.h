/*
 * piece.h: HTML that is made of the same values again and again, as the cards of a board: the process keeps it under all
 * that it was made of (template, language, names and values, compared byte by byte), so what is found is what would be
 * rendered, whoever asks. A card that was not changed costs a look-up in place of its template.
 *
 *   struct piece p = { .tmpl = "pipeline/card" };
 *   piece_add(&p, "title", title);
 *   doc_item_piece(out, &p);          in the page: <?cs each:d = cards ?><?cs var:piece(d) ?><?cs /each ?>
 *
 * Its template sees these values and T, nothing of the page. Besides, only what never changes while the process lives.
 */
#ifndef VIEW_PIECE_H
#define VIEW_PIECE_H

#include "lib/view/doc.h"

enum { PIECE_VALUES = 48, PIECES_BYTES = 4 * 1024 * 1024 };

struct piece {
	const char *tmpl;
	size_t n;
	const char *names[PIECE_VALUES], *values[PIECE_VALUES]; /* borrowed until doc_item_piece */
};

/* name: a word, or a path as "tags.0.name". value NULL: the template does not see it. False: there is no room for more. */
bool piece_add(struct piece *p, const char *name, const char *value);
/* name, name.text (short) and name.long, as doc_utc gives them; nothing for UTC_NONE. */
bool piece_utc(struct piece *p, struct doc *d, const char *name, utc_t v);
/*
 * A member of the open object, or the next element of the open list: what piece() of templates gives the HTML for, until the page is rendered. HTML only.
 * Whatever PIECES_BYTES is exceeded by is dropped when the next page begins. Dies when the template is broken.
 */
void doc_piece(struct doc *d, const char *name, const struct piece *p);
void doc_item_piece(struct doc *d, const struct piece *p);
/* Bytes that are kept now. */
size_t pieces_bytes(void);
void pieces_drop(void);

#endif
