/*
 * suites.h: every suite, one line each: SUITE(x) is the table x_tests of tests/db/x_test.c. Read several times with
 * different meanings of SUITE (see dbt.h and main.c), so it has no guard.
 */
#ifndef SUITE
#define SUITE(name)
#endif
SUITE(catalog)
SUITE(stmt)
SUITE(lib)
SUITE(isolation)
SUITE(hostile)
SUITE(visibility)
SUITE(model)
SUITE(outbound)
SUITE(status)
SUITE(event)
SUITE(queue)
SUITE(account)
SUITE(deal)
SUITE(board)
SUITE(contact)
SUITE(routing)
SUITE(team)
SUITE(composer)
SUITE(attach)
SUITE(together)
SUITE(template)
