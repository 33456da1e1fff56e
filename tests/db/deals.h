/* deals.h: boards and deals of alfa, for the tests of both. */
#ifndef TESTS_DEALS_H
#define TESTS_DEALS_H

#include "model/deal.h"
#include "tests/db/dbt.h"

/* A pipeline of its own with the usual four stages; its id. */
const char *pipeline_make(struct ctx *cx, const char *name, const char *stages[4]);
/* A deal of who's at the top of the stage; minor: hundredths. Its id. */
const char *deal_make(struct ctx *cx, const struct person *who, const char *stage, const char *title, int64_t minor);
struct deal deal_now(struct ctx *cx, const char *id);
/* Titles of a stage from the top. */
const char *column_of(const char *stage);

#endif
