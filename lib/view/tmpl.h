/*
 * tmpl.h: templates and texts. Templates are parsed once, at start: a broken one stops the start.
 * Texts live in templates/lang/<lang>.hdf under T; templates read them as T.inbox.title.
 */
#ifndef VIEW_TMPL_H
#define VIEW_TMPL_H

#include "lib/view/doc.h"

/* Reads the text files of dir/lang and remembers dir. Dies with the parser's message when a text file is broken. */
void tmpl_start(const char *dir);
/* Parses "inbox/list" (dir/inbox/list.cs) unless it is already; NULL or the message. */
const char *tmpl_load(const char *name);
/* False when no template that was loaded has this word in it: a value of that name is seen by nobody. True while none is loaded. */
bool tmpl_names(const char *name);
/* Renders into out. The texts of doc_lang(d) are visible as T. Returns NULL or the message. */
const char *tmpl_render(const char *name, struct doc *d, struct buf *out);

/* The text of a key such as "err.required" in lang, {0} replaced by arg; the key itself when it is missing. In a. */
char *text_get(struct arena *a, const char *lang, const char *key, const char *arg);
/* True when lang is one we speak. */
bool lang_ok(const char *lang);

#endif
