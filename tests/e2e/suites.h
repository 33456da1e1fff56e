/* suites.h: the suites in the order in which they run; those that break things come last. */
SUITE(api)
SUITE(reach)
SUITE(page)
SUITE(hook)
SUITE(chat)
SUITE(openapi)
SUITE(matrix)
SUITE(fault)
